//! Quotations with gaps and brackets, as patterns over a folded text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::brackets::{Edit, Place};
use super::elements::{Element, elements, is_edited};
use super::fold::Folded;
use super::matching::{is_edge, other_case};

/// A bracketed word stands for at most this many words of the source.
pub(super) const MOST_REPLACED: usize = 12;

/// Nor for more bytes than this, where words have no spaces between them.
const LONGEST_REPLACED: usize = 400;

/// So many places that alter the sense are passed over in search of one that does not; more would cost a long
/// text's square.
const MOST_PASSED_OVER: usize = 50;

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
    /// Whether they begin the first of the source's.
    begins: bool,
    /// The changed letter before the first words.
    letter: Option<String>,
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
        if !is_edited(quotation) {
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

    /// The source's words in it, which stand as they are in every text that has it, but for the case of the first letter.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.chunks.iter().flat_map(|chunk| {
            let rest = chunk.rest.iter().filter_map(|element| match element {
                Element::Words(words) => Some(words.as_str()),
                Element::Gap
                | Element::Insertion { .. }
                | Element::Letter(_)
                | Element::Ending(_) => None,
            });
            std::iter::once(chunk.first.as_str()).chain(rest)
        })
    }

    /// Where the pattern stands in a folded text, from a position on; a place that leaves the sense alone is
    /// preferred.
    pub(super) fn find(&self, text: &Folded, from: usize) -> Option<Found> {
        let first = self.chunks.first()?;
        let written = self.find_begun(text, from, &first.first);
        let sound = |found: &Found| found.altered.is_none();
        if first.letter.is_some() || written.as_ref().is_some_and(sound) {
            return written;
        }
        let other = other_case(&first.first).and_then(|words| self.find_begun(text, from, &words));
        other.clone().filter(sound).or(written).or(other)
    }

    fn find_begun(&self, text: &Folded, from: usize, words: &str) -> Option<Found> {
        let (first, later) = self.chunks.split_first()?;
        let mut altered: Vec<Found> = Vec::new();
        let mut reading = Reading::new(text);
        for (begin, after) in starts(text, from, words, first.letter.is_some()) {
            reading.edits.clear();
            reading.chunk = 0;
            if !first.own.is_empty() {
                let place = first.place(Place::First);
                reading.edit(&first.own, begin..begin, place);
            }
            reading.letter(first.letter.as_deref(), begin);
            let Some(end) = reading.follow(after, &first.rest) else {
                continue;
            };
            // What does not follow this place follows no later one either.
            let Some(end) = reading.behind(end, later) else {
                break;
            };
            reading.edit(&self.closing, end..end, Place::Between);
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
            if let Element::Insertion { own: inserted, .. } = element {
                own.push(' ');
                own.push_str(inserted);
            }
        }
        let at = words?;
        let before = elements[..at].last();
        let Element::Words(first) = &elements[at] else {
            return None;
        };
        Some(Chunk {
            own: std::mem::take(own),
            begins: matches!(before, Some(Element::Insertion { begins: true, .. })),
            letter: before.and_then(Element::letter),
            first: first.clone(),
            rest: elements[at + 1..].to_vec(),
        })
    }

    /// Where the bracketed words stand, if they are not the beginning of one of the source's.
    fn place(&self, apart: Place) -> Place {
        if self.begins { Place::Beginning } else { apart }
    }

    /// A `,` or `.` before the closing mark does not count.
    fn drop_closing_mark(&mut self) {
        let last = match self.rest.last_mut() {
            None => &mut self.first,
            Some(Element::Words(words)) => words,
            Some(
                Element::Gap | Element::Insertion { .. } | Element::Letter(_) | Element::Ending(_),
            ) => return,
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
    edits: Vec<Edit<'p>>,
    /// Of which chunk how many last elements cannot be read where, whatever stands before them.
    failed: BTreeSet<(usize, usize, usize)>,
}

impl<'p, 't> Reading<'p, 't> {
    fn new(text: &'t Folded) -> Self {
        Reading {
            text,
            chunk: 0,
            edits: Vec::new(),
            failed: BTreeSet::new(),
        }
    }

    fn edit(&mut self, own: &'p str, source: Range<usize>, place: Place) {
        self.edits.push(Edit { own, source, place });
    }

    /// A changed letter in the place of the one at a position.
    fn letter(&mut self, own: Option<&'p str>, at: usize) {
        let length = self.text.text[at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        if let Some(own) = own {
            self.edit(own, at..at + length, Place::Beginning);
        }
    }

    /// Reads the chunks behind their gaps, each at the nearest place; gives the end.
    fn behind(&mut self, mut at: usize, chunks: &'p [Chunk]) -> Option<usize> {
        for chunk in chunks {
            let mut places = starts(self.text, at, &chunk.first, chunk.letter.is_some());
            let depth = self.edits.len();
            self.chunk += 1;
            at = places.find_map(|(begin, after)| {
                self.edits.truncate(depth);
                self.edit(&chunk.own, at..begin, chunk.place(Place::Between));
                self.letter(chunk.letter.as_deref(), begin);
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
            Element::Ending(own) => {
                let end = rest.find(|c: char| !c.is_alphanumeric());
                let end = at + end.unwrap_or(rest.len());
                self.edit(own, at..end, Place::Ending);
                self.follow(end, following)
            }
            Element::Letter(own) => {
                let space = rest.len() - rest.trim_start().len();
                let letter = rest[space..].chars().next()?;
                self.letter(Some(own), at + space);
                self.follow(at + space + letter.len_utf8(), following)
            }
            Element::Gap => None,
            Element::Insertion { own, begins } => {
                let here = (self.chunk, elements.len(), at);
                if !is_edge(self.text, at) || self.failed.contains(&here) {
                    return None;
                }
                let end = self.replaced(at, (own, *begins), following);
                if end.is_none() {
                    self.failed.insert(here);
                }
                end
            }
        }
    }

    /// Reads what follows bracketed words, the nearest place first.
    fn replaced(
        &mut self,
        at: usize,
        (own, begins): (&'p str, bool),
        following: &'p [Element],
    ) -> Option<usize> {
        let (words, letter, after) = match following {
            [Element::Words(words), after @ ..] => (words, None, after),
            [Element::Letter(letter), Element::Words(words), after @ ..] => {
                (words, Some(letter.as_str()), after)
            }
            [] => {
                self.edit(own, at..at, Place::Last);
                return self.follow(at, following);
            }
            [
                Element::Gap | Element::Insertion { .. } | Element::Letter(_) | Element::Ending(_),
                ..,
            ] => {
                self.edit(own, at..at, Place::Between);
                return self.follow(at, following);
            }
        };
        let place = if begins {
            Place::Beginning
        } else {
            Place::Between
        };
        let depth = self.edits.len();
        for (begin, end) in starts(self.text, at, words, letter.is_some()) {
            let replaced = &self.text.text[at..begin];
            let few = replaced.split_whitespace().take(MOST_REPLACED + 1).count() <= MOST_REPLACED;
            if !few || replaced.len() > LONGEST_REPLACED {
                return None;
            }
            self.edits.truncate(depth);
            self.edit(own, at..begin, place);
            self.letter(letter, begin);
            if let Some(end) = self.follow(end, after) {
                return Some(end);
            }
        }
        None
    }

    /// What the gaps and brackets do to negations and numbers.
    fn altered(&self) -> Option<String> {
        self.edits.iter().find_map(|edit| edit.altered(self.text))
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
    fn brackets_that_turn_a_word_round_are_found() {
        let text = "The agreement will not increase the number of Marines. It is likely to cost $1.7 billion. \
                    The men agreed to stay. They are able to sell. The rule is harmless. They cannot agree. \
                    It has fifty ships. Everyone left without a word. Five of the missiles landed. \
                    Nothing changed. Seven of nine were seen. It brought peace and stability to a more \
                    capable force with lethal arms. The plan will not succeed.";
        check(text, "[The agreement will] increase the number", "not");
        check(text, "The plan will [work]", "not");
        check(text, "They can[] agree", "cannot");
        check(text, "rule is harm[ful].", "harmless");
        check(text, "Everyone left with[in] a word", "without");
        check(text, "No[] changed", "Nothing");
        check(text, "[un]likely to cost", "likely");
        check(text, "The men [dis]agreed to stay", "agreed");
        check(text, "They are [un]able to sell", "able");
        check(text, "peace and [in]stability", "stability");
        check(text, "brought … and [in]stability", "stability");
        check(text, "brought … [in]stability", "stability");
        check(text, "more [in]capable", "capable");
        check(text, "with [non]lethal", "lethal");
        check(text, "with [non-]lethal", "lethal");
        check(text, "cost $1.7 [m]illion", "billion");
        check(text, "cost … [m]illion", "1.7");
        check(text, "cost [€]1.7 billion", "$");
        check(text, "[€]1.7 billion", "$");
        check(text, "It has fif[teen] ships", "fifty");
        check(text, "Seven[teen] of nine", "Seven");
        check(text, "[All] of the missiles landed", "Five");
        check(text, "is [un]likely to cost", "likely");
        check(text, "They can[not] be", "lost");
        check(text, "are able[n't] to sell", "n't");
    }

    #[test]
    fn brackets_that_leave_the_sense_alone_are_welcome() {
        let text = "In 2024, the plan was not Japan's alone. They agree with the chief, who said that Marine Corps \
                    and F-35 pilots will stay. Asked whether it is not true, he said so. Three of them, 12 in all, \
                    went to the 17 century town for $3 million. It likely holds. He visited the base twice.";
        let check = |quotation| check(text, quotation, "verified");
        check("[i]n 2024, the");
        check("[the] plan was");
        check("[Tokyo's new] plan was");
        check("The[y] agree with");
        check("agree[d] with the chief");
        check("[Austin] said that Marine[s]");
        check("and F-35[s] pilots");
        check("[Secretary of Defense Lloyd Austin] said so");
        check("[t]hree of them");
        check("Three of them [and others]");
        check("the 17[th] century town");
        check("for [US$]3 million");
        check("went [in]to the 17");
        check("It [most] likely holds");
        check("[It] likely holds");
        check("He [has] visited the base");
        check("visited the base [at Yokota] twice");
        check("the chief, who [has] said");
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
