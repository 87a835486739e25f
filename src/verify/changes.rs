//! How a paragraph has changed, word by word.

use std::collections::BTreeMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::denial::Language;
use super::sense::{Sense, may_be_name};
use super::tokens::tokens;

/// Longer paragraphs are not laid side by side, whose cost may grow with the square.
const LONGEST_COMPARED: usize = 4000;

/// What differs between two versions of a paragraph.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Changes {
    /// Words as they were, and what stands in their place; empty on one side where words came or went. None where
    /// the paragraph is too long to be compared.
    pub(super) words: Vec<(String, String)>,
    /// What of the sense differs.
    pub(super) sense: Option<Sense>,
}

/// Compares the folded words of a paragraph as they were and as they are; what begins a sentence is a name if it
/// `is_name` elsewhere.
pub(super) fn changes(
    before: &str,
    now: &str,
    language: Language,
    is_name: &dyn Fn(&str) -> bool,
) -> Changes {
    let tokens = |text| Tokens::of(text, language, is_name);
    let (old, new) = (tokens(before), tokens(now));
    if old.ranges.len().max(new.ranges.len()) > LONGEST_COMPARED {
        return Changes {
            words: Vec::new(),
            sense: weighed(&old, &new),
        };
    }
    let mut found = Changes::default();
    for op in capture_diff_slices(Algorithm::Myers, &old.words(), &new.words()) {
        let (old_range, new_range) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let sense = old
            .senses(old_range.clone())
            .chain(new.senses(new_range.clone()));
        found.sense = sense.min().into_iter().chain(found.sense).min();
        found.words.push((old.text(old_range), new.text(new_range)));
    }
    found
}

/// What of the sense differs between texts that are too long to be laid side by side.
fn weighed(old: &Tokens<'_>, new: &Tokens<'_>) -> Option<Sense> {
    let mut balance: BTreeMap<(Sense, &str), i64> = BTreeMap::new();
    for (tokens, weight) in [(old, 1), (new, -1)] {
        for index in 0..tokens.ranges.len() {
            if let Some(sense) = tokens.sense(index) {
                *balance.entry((sense, tokens.word(index))).or_default() += weight;
            }
        }
    }
    let uneven = balance.into_iter().find(|(_, count)| *count != 0);
    uneven.map(|((sense, _), _)| sense)
}

struct Tokens<'t> {
    text: &'t str,
    language: Language,
    is_name: &'t dyn Fn(&str) -> bool,
    ranges: Vec<Range<usize>>,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str, language: Language, is_name: &'t dyn Fn(&str) -> bool) -> Self {
        Tokens {
            text,
            language,
            is_name,
            ranges: tokens(text).collect(),
        }
    }

    fn word(&self, index: usize) -> &'t str {
        &self.text[self.ranges[index].clone()]
    }

    fn words(&self) -> Vec<&'t str> {
        (0..self.ranges.len())
            .map(|index| self.word(index))
            .collect()
    }

    /// The words of some tokens as they stand.
    fn text(&self, tokens: Range<usize>) -> String {
        match self.ranges.get(tokens) {
            Some([first, .., last]) => self.text[first.start..last.end].to_owned(),
            Some([only]) => self.text[only.clone()].to_owned(),
            Some([]) | None => String::new(),
        }
    }

    fn senses(&self, tokens: Range<usize>) -> impl Iterator<Item = Sense> {
        tokens.filter_map(|index| self.sense(index))
    }

    /// The sense that a word carries, names by their capitals within a sentence, here or elsewhere.
    fn sense(&self, index: usize) -> Option<Sense> {
        let word = self.word(index);
        let begins = index == 0 || self.word(index - 1).ends_with(['.', '!', '?', ':', '。']);
        Sense::of(word, self.language).or_else(|| {
            let named = may_be_name(word) && (!begins || (self.is_name)(word));
            named.then_some(Sense::Name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(before: &str, now: &str) -> Changes {
        changes(before, now, Language::default(), &|word| word == "Guam")
    }

    fn check(before: &str, now: &str, words: &[(&str, &str)], sense: Option<Sense>) {
        let found = compared(before, now);
        let shown: Vec<(&str, &str)> = found
            .words
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        assert_eq!((shown.as_slice(), found.sense), (words, sense), "{now}");
    }

    #[test]
    fn changes_are_told_with_their_gravity() {
        let before = "The command will move 400 soldiers to Guam in May.";
        check(before, before, &[], None);
        let now = "The command will transfer 400 soldiers to Guam in May.";
        check(before, now, &[("move", "transfer")], None);
        let now = "The command will not move 400 soldiers to Guam in May.";
        check(before, now, &[("", "not")], Some(Sense::Negation));
        let now = "The command may move 500 soldiers to Guam in May.";
        let words = [("will", "may"), ("400", "500")];
        check(before, now, &words, Some(Sense::Number));
        let now = "The command will move 400 soldiers to Palau in May.";
        check(before, now, &[("Guam", "Palau")], Some(Sense::Name));
        let now = "The command will move 400 soldiers to Guam in May. Nobody said so.";
        check(
            before,
            now,
            &[("", "Nobody said so.")],
            Some(Sense::Negation),
        );
    }

    #[test]
    fn what_begins_a_sentence_is_a_name_if_it_is_one_elsewhere() {
        let words = [("Guam", "Here")];
        check(
            "Guam is far. So it is.",
            "Here is far. So it is.",
            &words,
            Some(Sense::Name),
        );
        let words = [("There", "Here")];
        check(
            "There is more. So it is.",
            "Here is more. So it is.",
            &words,
            None,
        );
    }

    #[test]
    fn long_paragraphs_are_weighed() {
        let before = "word ".repeat(LONGEST_COMPARED + 1);
        assert_eq!(compared(&before, &format!("{before} more")).sense, None);
        let negated = compared(&before, &format!("not {before}"));
        assert_eq!(negated.sense, Some(Sense::Negation));
    }
}
