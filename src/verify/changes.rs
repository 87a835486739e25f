//! How a paragraph has changed, word by word.

use std::collections::BTreeMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::denial::Language;
use super::exchange::{Word, denies_otherwise, exchanged};
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
    /// Whether the words are the same, and only what stands between them is not.
    pub(super) only_spaces: bool,
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
            only_spaces: false,
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
        let (ours, theirs) = (old.in_place(&old_range), new.in_place(&new_range));
        let denied = denies_otherwise(old.round(&old_range), new.round(&new_range), language);
        let sense = exchanged(&ours, &theirs, language);
        found.sense = [sense, denied, found.sense].into_iter().flatten().min();
        let told = [old.text(old_range), new.text(new_range)].map(str::to_owned);
        found.words.push(told.into());
    }
    found.only_spaces = found.words.is_empty();
    found
}

/// What of the sense differs between texts that are too long to be laid side by side.
fn weighed(old: &Tokens<'_>, new: &Tokens<'_>) -> Option<Sense> {
    let mut balance: BTreeMap<(Sense, &str), i64> = BTreeMap::new();
    for (tokens, weight) in [(old, 1), (new, -1)] {
        for index in 0..tokens.ranges.len() {
            let word = tokens.word_at(index);
            if let Some(sense) = word.sense(tokens.language) {
                *balance.entry((sense, word.text)).or_default() += weight;
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
    fn text(&self, tokens: Range<usize>) -> &'t str {
        match self.ranges.get(tokens) {
            Some([first, .., last]) => &self.text[first.start..last.end],
            Some([only]) => &self.text[only.clone()],
            Some([]) | None => "",
        }
    }

    /// The same with a few tokens on either side: what denies may be longer than what differs of it.
    fn round(&self, tokens: &Range<usize>) -> &'t str {
        const NEIGHBOURS: usize = 2;
        let end = (tokens.end + NEIGHBOURS).min(self.ranges.len());
        self.text(tokens.start.saturating_sub(NEIGHBOURS)..end)
    }

    fn in_place(&self, tokens: &Range<usize>) -> Vec<Word<'t>> {
        tokens.clone().map(|index| self.word_at(index)).collect()
    }

    /// A word where it stands; a name by its capitals within a sentence, here or elsewhere.
    fn word_at(&self, index: usize) -> Word<'t> {
        let (text, end) = (self.word(index), self.ranges[index].end);
        let begins = index == 0 || self.word(index - 1).ends_with(['.', '!', '?', ':', '。']);
        let next = self.ranges.get(index + 1).filter(|next| next.start == end);
        Word {
            text,
            joined: next.map(|_| self.word(index + 1)),
            is_name: may_be_name(text) && (!begins || (self.is_name)(text)),
        }
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
    fn a_word_in_the_place_of_another_may_turn_it_round() {
        let check = |before, now, sense| assert_eq!(compared(before, now).sense, sense, "{now}");
        check("It rose to -5.", "It rose to 5.", Some(Sense::Number));
        check(
            "It is 5 km long.",
            "It is 5 miles long.",
            Some(Sense::Number),
        );
        check(
            "It is nobody's.",
            "It is somebody's.",
            Some(Sense::Negation),
        );
        check("At 10 a.m. so.", "At 10 p.m. so.", Some(Sense::Date));
        check(
            "It came before noon.",
            "It came right after noon.",
            Some(Sense::Direction),
        );
        check(
            "It is likely so.",
            "It is unlikely so.",
            Some(Sense::Negation),
        );
        check(
            "計画は変わらない。",
            "計画は変わる。",
            Some(Sense::Negation),
        );
        check("計画は本当に変わる。", "計画は変わる。", Some(Sense::Name));
        check("It is Guam so.", "It is Guam's so.", None);
        check("It is small.", "It is little.", None);
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
