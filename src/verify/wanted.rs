//! Quoted words, ready to be looked for, and the words that must stand beside them.

use std::ops::Range;

use super::Folded;
use super::matching::{Needle, is_edge, other_case};
use super::pattern::{Found, Pattern};
use super::sieve::{with_parts, with_words};
use super::tokens::Index;
use crate::reference::Citation;
use crate::source::Text;

/// The words before and after a quotation (`before:`, `after:`), which decide between several places.
#[derive(Clone, PartialEq, Default, Debug)]
pub(super) struct Beside {
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Beside {
    /// What a citation says.
    pub(super) fn of(citation: &Citation) -> Self {
        let words = |text: &Option<Box<Text>>| text.as_ref().map(|text| text.text.to_string());
        Beside {
            before: words(&citation.before),
            after: words(&citation.after),
        }
    }
}

/// A quotation, ready to be looked for.
pub(super) struct Wanted {
    needle: Option<Needle>,
    pattern: Option<Pattern>,
    before: String,
    after: String,
}

impl Wanted {
    pub(super) fn new(quotation: &str, beside: &Beside) -> Self {
        let folded = Folded::new(quotation).text;
        let words = folded.trim();
        let inner = |words: &Option<String>| {
            let folded = Folded::new(words.as_deref().unwrap_or_default()).text;
            folded
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_owned()
        };
        Wanted {
            needle: (!words.is_empty()).then(|| Needle::new(words)),
            pattern: Pattern::parse(quotation),
            before: inner(&beside.before),
            after: inner(&beside.after),
        }
    }

    /// A quotation without words beside it.
    pub(super) fn plain(quotation: &str) -> Self {
        Wanted::new(quotation, &Beside::default())
    }

    /// Whether there are no words at all.
    pub(super) fn is_empty(&self) -> bool {
        self.needle.is_none()
    }

    /// Whether it has gaps or brackets.
    pub(super) fn is_bent(&self) -> bool {
        self.pattern.is_some()
    }

    /// The numbers, in order, of the indexed texts in which the words may stand; none where that may be any.
    pub(super) fn may_stand_in(&self, index: &Index) -> Option<Vec<u32>> {
        let Some(needle) = &self.needle else {
            return Some(Vec::new());
        };
        let mut numbers = with_words(needle.bare(), index)?;
        if let Some(pattern) = &self.pattern {
            numbers.extend(with_parts(pattern.words(), index)?);
            numbers.sort_unstable();
            numbers.dedup();
        }
        Some(numbers)
    }

    /// Where the words stand in a folded text: as they are, or with their gaps and brackets.
    pub(super) fn find(&self, text: &Folded) -> Option<Found> {
        let range = self.literal(text).next();
        let literal = range.map(|range| Found {
            range,
            altered: None,
        });
        literal.or_else(|| {
            let mut altered = None;
            for found in self.bent(text) {
                if found.altered.is_none() {
                    return Some(found);
                }
                altered.get_or_insert(found);
            }
            altered
        })
    }

    /// Every place where the words stand with their sense, from left to right.
    pub(super) fn places(&self, text: &Folded) -> Vec<Range<usize>> {
        let literal: Vec<Range<usize>> = self.literal(text).collect();
        if !literal.is_empty() {
            return literal;
        }
        let sound = self.bent(text).filter(|found| found.altered.is_none());
        sound.map(|found| found.range).collect()
    }

    fn literal<'a>(&'a self, text: &'a Folded) -> impl Iterator<Item = Range<usize>> {
        let places = self.needle.iter().flat_map(|needle| needle.places(text));
        places.filter(|range| self.stands_beside(text, range))
    }

    fn bent<'a>(&'a self, text: &'a Folded) -> impl Iterator<Item = Found> {
        let mut from = 0;
        let places = std::iter::from_fn(move || {
            let found = self.pattern.as_ref()?.find(text, from)?;
            from = found.range.end.max(from + 1);
            Some(found)
        });
        places.filter(|found| self.stands_beside(text, &found.range))
    }

    /// Whether the words before and after are those that were asked for.
    fn stands_beside(&self, text: &Folded, range: &Range<usize>) -> bool {
        self.stands_before(text, range.start) && self.stands_after(text, range.end)
    }

    fn stands_before(&self, text: &Folded, at: usize) -> bool {
        let head = text.text[..at].trim_end_matches(|c: char| !c.is_alphanumeric());
        let ends = |words: &str| head.ends_with(words) && is_edge(text, head.len() - words.len());
        in_either_case(&self.before, ends)
    }

    fn stands_after(&self, text: &Folded, at: usize) -> bool {
        let tail = text.text[at..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let start = text.text.len() - tail.len();
        let begins = |words: &str| tail.starts_with(words) && is_edge(text, start + words.len());
        in_either_case(&self.after, begins)
    }
}

/// Whether something holds of words, whatever their first letter's case; of none it does.
fn in_either_case(words: &str, holds: impl Fn(&str) -> bool) -> bool {
    words.is_empty() || holds(words) || other_case(words).is_some_and(|words| holds(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &[usize]) {
        let text =
            Folded::new("He said, “the plan holds,” and the plan holds. Unsaid: the plan holds");
        let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        let beside = Beside {
            before: some(before),
            after: some(after),
        };
        let found = Wanted::new("the plan holds", &beside).places(&text);
        let starts: Vec<usize> = found.into_iter().map(|range| range.start).collect();
        assert_eq!(starts, expected, "{before} … {after}");
    }

    #[test]
    fn words_beside_a_quotation_decide_between_its_places() {
        check("", "", &[9, 29, 53]);
        check("He said", "", &[9]);
        check("said", "", &[9]);
        check("and", "", &[29]);
        check("", "and the plan", &[9]);
        check("holds, and", "Unsaid:", &[29]);
        check("He", "", &[]);
        check("", "an", &[]);
    }

    #[test]
    fn gaps_are_found_everywhere_too() {
        let text = Folded::new("the old plan holds, the new plan holds, the 2 plans, a plan holds");
        let wanted = Wanted::new("the … holds", &Beside::default());
        assert_eq!(wanted.places(&text), [0..18, 20..38]);
    }
}
