//! Quotations with gaps and brackets, as patterns over a folded text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fold::Folded;
use super::matching::{is_edge, other_case};
use super::sense::weighty;

/// A bracketed word stands for at most this many words of the source.
pub(super) const MOST_REPLACED: usize = 12;

/// Nor for more bytes than this, where words have no spaces between them.
const LONGEST_REPLACED: usize = 400;

/// So many places that alter the sense are passed over in search of one that does not; more would cost a long
/// text's square.
const MOST_PASSED_OVER: usize = 50;

/// One element of a quotation. Words are folded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Element {
    /// Words that stand in the source as they are.
    Words(String),
    /// `…`: left-out words.
    Gap,
    /// `[word]`: a word of the author's in the place of the source's.
    Insertion(String),
    /// `[t]he`: a changed first letter.
    Letter,
    /// `prohibit[s]`: a changed ending.
    Ending,
}

/// A quotation that has gaps or brackets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    /// What stands between the gaps, in order.
    chunks: Vec<Chunk>,
    /// Bracketed words at the end, behind a gap.
    closing: String,
}

/// Words and brackets without a gap between them.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Chunk {
    /// Bracketed words before the first of the source's.
    own: String,
    /// Whether a changed letter stands before the first words.
    letter: bool,
    first: String,
    rest: Vec<Element>,
}

/// Where a pattern stands, and whether its gaps and brackets leave the sense alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The bytes of the folded text.
    pub(super) range: Range<usize>,
    /// A negation or number that a gap or bracket hides, adds or replaces.
    pub(super) altered: Option<String>,
}

impl Pattern {
    /// The pattern of a quotation; none where it has neither gap nor bracket.
    pub(super) fn parse(quotation: &str) -> Option<Self> {
        if !quotation.contains('[') && !GAPS.iter().any(|gap| quotation.contains(gap)) {
            return None;
        }
        let elements = elements(quotation);
        let mut own = String::new();
        let chunks = elements.split(|element| *element == Element::Gap);
        let mut chunks: Vec<Chunk> = chunks
            .filter_map(|chunk| Chunk::new(chunk, &mut own))
            .collect();
        chunks.last_mut()?.drop_closing_mark();
        Some(Pattern {
            chunks,
            closing: own,
        })
    }

    /// Where the pattern stands in a folded text, from a position on; a place that leaves the sense alone is
    /// preferred.
    pub(super) fn find(&self, text: &Folded, from: usize) -> Option<Found> {
        let first = self.chunks.first()?;
        let written = self.find_begun(text, from, &first.first);
        let sound = |found: &Found| found.altered.is_none();
        if first.letter || written.as_ref().is_some_and(sound) {
            return written;
        }
        let other = other_case(&first.first).and_then(|words| self.find_begun(text, from, &words));
        other.clone().filter(sound).or(written).or(other)
    }

    fn find_begun(&self, text: &Folded, from: usize, words: &str) -> Option<Found> {
        let (first, later) = self.chunks.split_first()?;
        let mut altered: Vec<Found> = Vec::new();
        let mut reading = Reading::new(text);
        for (begin, after) in starts(text, from, words, first.letter) {
            reading.hidden.clear();
            reading.chunk = 0;
            reading.hide(&first.own, begin..begin);
            let Some(end) = reading.follow(after, &first.rest) else {
                continue;
            };
            // What does not follow this place follows no later one either.
            let Some(end) = reading.behind(end, later) else {
                break;
            };
            reading.hide(&self.closing, end..end);
            let found = Found {
                range: begin..end,
                altered: reading.altered(),
            };
            if found.altered.is_none() {
                return Some(found);
            }
            altered.push(found);
            if altered.len() == MOST_PASSED_OVER {
                break;
            }
        }
        altered.into_iter().next()
    }
}

impl Chunk {
    /// A chunk of elements without a gap. Where it has bracketed words alone they go to the next one.
    fn new(elements: &[Element], own: &mut String) -> Option<Self> {
        let words = elements
            .iter()
            .position(|element| matches!(element, Element::Words(_)));
        for element in &elements[..words.unwrap_or(elements.len())] {
            if let Element::Insertion(inserted) = element {
                own.push(' ');
                own.push_str(inserted);
            }
        }
        let at = words?;
        let Element::Words(first) = &elements[at] else {
            return None;
        };
        Some(Chunk {
            own: std::mem::take(own),
            letter: at > 0 && elements[at - 1] == Element::Letter,
            first: first.clone(),
            rest: elements[at + 1..].to_vec(),
        })
    }

    /// A `,` or `.` before the closing mark does not count.
    fn drop_closing_mark(&mut self) {
        let last = match self.rest.last_mut() {
            None => &mut self.first,
            Some(Element::Words(words)) => words,
            Some(Element::Gap | Element::Insertion(_) | Element::Letter | Element::Ending) => {
                return;
            }
        };
        let bare = last.trim_end_matches([',', '.']).len();
        if bare > 0 {
            last.truncate(bare);
        }
    }
}

/// Where words stand in a text from a position on, a letter of any kind before them if one was changed: the places
/// where they begin and end. They begin at an edge.
fn starts(
    text: &Folded,
    from: usize,
    words: &str,
    letter: bool,
) -> impl Iterator<Item = (usize, usize)> {
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let found = at + text.text.get(at..)?.find(words)?;
            at = found + text.text[found..].chars().next().map_or(1, char::len_utf8);
            let changed = text.text[..found].chars().next_back();
            let begin = if letter {
                found - changed.map_or(0, char::len_utf8)
            } else {
                found
            };
            let whole = !letter || changed.is_some();
            if whole && begin >= from && is_edge(text, begin) {
                return Some((begin, found + words.len()));
            }
        }
    })
}

/// A pattern being read in a text.
struct Reading<'p, 't> {
    text: &'t Folded,
    /// Which chunk is being read.
    chunk: usize,
    /// Each of the author's own words, and what they stand for.
    hidden: Vec<(&'p str, Range<usize>)>,
    /// Of which chunk how many last elements cannot be read where, whatever stands before them.
    failed: BTreeSet<(usize, usize, usize)>,
}

impl<'p, 't> Reading<'p, 't> {
    fn new(text: &'t Folded) -> Self {
        Reading {
            text,
            chunk: 0,
            hidden: Vec::new(),
            failed: BTreeSet::new(),
        }
    }

    fn hide(&mut self, own: &'p str, range: Range<usize>) {
        self.hidden.push((own, range));
    }

    /// Reads the chunks behind their gaps, each at the nearest place; gives the end.
    fn behind(&mut self, mut at: usize, chunks: &'p [Chunk]) -> Option<usize> {
        for chunk in chunks {
            let mut places = starts(self.text, at, &chunk.first, chunk.letter);
            let depth = self.hidden.len();
            self.chunk += 1;
            at = places.find_map(|(begin, after)| {
                self.hidden.truncate(depth);
                self.hide(&chunk.own, at..begin);
                self.follow(after, &chunk.rest)
            })?;
        }
        Some(at)
    }

    /// Reads the elements that follow; gives the end, which is an edge.
    fn follow(&mut self, at: usize, elements: &'p [Element]) -> Option<usize> {
        let rest = &self.text.text[at..];
        let Some((element, following)) = elements.split_first() else {
            return is_edge(self.text, at).then_some(at);
        };
        match element {
            Element::Words(words) => {
                let follows = rest.starts_with(words.as_str());
                follows
                    .then(|| self.follow(at + words.len(), following))
                    .flatten()
            }
            Element::Ending => {
                let end = rest.find(|c: char| !c.is_alphanumeric());
                self.follow(at + end.unwrap_or(rest.len()), following)
            }
            Element::Letter => {
                let space = rest.len() - rest.trim_start().len();
                let letter = rest[space..].chars().next()?;
                self.follow(at + space + letter.len_utf8(), following)
            }
            Element::Gap => None,
            Element::Insertion(own) => {
                let here = (self.chunk, elements.len(), at);
                if !is_edge(self.text, at) || self.failed.contains(&here) {
                    return None;
                }
                let end = self.replaced(at, own, following);
                if end.is_none() {
                    self.failed.insert(here);
                }
                end
            }
        }
    }

    /// Reads what follows bracketed words, the nearest place first.
    fn replaced(&mut self, at: usize, own: &'p str, following: &'p [Element]) -> Option<usize> {
        let (words, letter, after) = match following {
            [Element::Words(words), after @ ..] => (words, false, after),
            [Element::Letter, Element::Words(words), after @ ..] => (words, true, after),
            _ => {
                self.hide(own, at..at);
                return self.follow(at, following);
            }
        };
        let depth = self.hidden.len();
        for (begin, end) in starts(self.text, at, words, letter) {
            let replaced = &self.text.text[at..begin];
            let few = replaced.split_whitespace().take(MOST_REPLACED + 1).count() <= MOST_REPLACED;
            if !few || replaced.len() > LONGEST_REPLACED {
                return None;
            }
            self.hidden.truncate(depth);
            self.hide(own, at..begin);
            if let Some(end) = self.follow(end, after) {
                return Some(end);
            }
        }
        None
    }

    /// What the gaps and brackets do to negations and numbers.
    fn altered(&self) -> Option<String> {
        let language = self.text.language;
        self.hidden.iter().find_map(|(own, range)| {
            let theirs = weighty(&self.text.text[range.clone()], language);
            let own = weighty(own, language);
            let lost = theirs.iter().find(|word| !own.contains(word));
            let added = own.iter().find(|word| !theirs.contains(word));
            lost.or(added).map(|word| (*word).to_owned())
        })
    }
}

/// The elements of a quotation, without gaps at either end; one without gaps and brackets is one run of words.
pub(super) fn elements(quotation: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut rest = quotation;
    let mut words = String::new();
    while let Some(next) = rest.chars().next() {
        if let Some(length) = gap_length(rest) {
            flush(&mut words, &mut elements, true);
            elements.push(Element::Gap);
            rest = &rest[length..];
        } else if next == '['
            && let Some(close) = rest.find(']')
        {
            let inner = &rest[1..close];
            let after = &rest[close + 1..];
            bracket(inner, after, &mut words, &mut elements);
            rest = after;
        } else {
            words.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    flush(&mut words, &mut elements, true);
    // Left-out words at either end stand for nothing.
    let gaps = elements
        .iter()
        .take_while(|element| **element == Element::Gap)
        .count();
    elements.drain(..gaps);
    while elements.last() == Some(&Element::Gap) {
        elements.pop();
    }
    elements
}

/// What stands for left-out words.
const GAPS: [&str; 3] = ["…", "...", ". . ."];

/// The length of an ellipsis at the start of a text.
fn gap_length(text: &str) -> Option<usize> {
    let gap = GAPS.iter().find(|gap| text.starts_with(**gap))?;
    Some(gap.len())
}

fn bracket(inner: &str, after: &str, words: &mut String, elements: &mut Vec<Element>) {
    let silent = matches!(
        inner.trim(),
        "sic" | "emphasis added" | "emphasis in original" | "emphasis mine"
    );
    if silent {
        // The bracket and one of the spaces round it go.
        words.truncate(words.trim_end().len());
        return;
    }
    if gap_length(inner.trim()) == Some(inner.trim().len()) {
        flush(words, elements, true);
        elements.push(Element::Gap);
        return;
    }
    let attached_before = words.chars().next_back().is_some_and(char::is_alphanumeric);
    let attached_after = after.chars().next().is_some_and(char::is_alphanumeric);
    let letters = inner.chars().all(char::is_alphabetic);
    flush(words, elements, !attached_before);
    elements.push(match (attached_before, attached_after) {
        (true, _) if letters || inner.is_empty() => Element::Ending,
        (false, true) if letters && inner.chars().count() == 1 => Element::Letter,
        _ => Element::Insertion(Folded::new(inner).text),
    });
}

/// Ends a run of words. Beside an ending or a letter the space counts, beside a gap it does not.
fn flush(words: &mut String, elements: &mut Vec<Element>, trim_end: bool) {
    let tight = matches!(elements.last(), Some(Element::Ending | Element::Letter));
    let leading = tight && words.starts_with(char::is_whitespace);
    let mut folded = Folded::new(words).text;
    if leading && !folded.is_empty() {
        folded.insert(0, ' ');
    }
    if trim_end {
        folded.truncate(folded.trim_end().len());
    }
    words.clear();
    if !folded.is_empty() {
        elements.push(Element::Words(folded));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `verified`, `lost`, or the word whose sense is altered.
    fn check(text: &str, quotation: &str, expected: &str) {
        let pattern = Pattern::parse(quotation).expect("a gap or a bracket");
        let found = match pattern.find(&Folded::new(text), 0) {
            None => "lost".to_owned(),
            Some(Found { altered: None, .. }) => "verified".to_owned(),
            Some(Found {
                altered: Some(word),
                ..
            }) => word,
        };
        assert_eq!(found, expected, "{quotation} in {text}");
    }

    #[test]
    fn gaps_stand_for_left_out_words_in_order() {
        let text = "The plan gives the headquarters much more capability, officials said, while it still reports.";
        check(text, "The plan … more capability", "verified");
        check(text, "The plan... still reports", "verified");
        check(text, "The plan [...] while it", "verified");
        check(text, "more capability … The plan", "lost");
        check(text, "The plan … capab", "lost");
        check(text, "…more capability …", "verified");
        check(
            "it will not, he said, send 400 men",
            "it will … send",
            "not",
        );
        check("it will, he said, send 400 men", "it will … men", "400");
        check("a b c, a d", "a … d", "verified");
        check(
            "He said that the plan now holds.",
            "The plan … holds,",
            "verified",
        );
        check(
            "it will not go, but it will now go",
            "it will … go",
            "verified",
        );
        check(
            "they met the chief there",
            "they … [he said] the chief",
            "verified",
        );
        check("they met the chief there", "they … [not] the chief", "not");
        check("they met the chief there", "they met … [no one]", "no");
        check("a b. A c", "b. . . c", "verified");
    }

    #[test]
    fn a_long_text_of_one_word_costs_no_more_than_its_length() {
        let text = Folded::new(&"a not b ".repeat(20_000));
        let check = |quotation: &str, expected: Option<&str>| {
            let pattern = Pattern::parse(quotation).expect("a gap or a bracket");
            let found = pattern.find(&text, 0).and_then(|found| found.altered);
            assert_eq!(found.as_deref(), expected, "{quotation}");
        };
        check("a … a … a … a … a … a … z", None);
        check("a [x] a [x] a [x] a [x] a [x] a [x] a [x] a [x] z", None);
        check("a … b", Some("not"));
    }
}
