//! Paragraphs that do not stand by themselves any more: joined with their neighbours, split, or changed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::likeness::{Bag, best};
use super::{
    Alignment, Fate, LIKE_ELSEWHERE, MOST_COMPARED, MOST_PLACES, MOST_SENTENCES, Present, only,
    says_something,
};
use crate::lock::Hash;
use crate::verify::tokens::{is_word, tokens};

/// The present paragraphs that are no former one unchanged, and the words by which they are found.
pub(super) struct Reworked<'a> {
    present: Present<'a>,
    /// In ascending order.
    indexes: Vec<usize>,
    by_word: HashMap<&'a str, Vec<usize>>,
    /// The former paragraphs; of those that still stand by themselves nothing, for they were not joined with others.
    former: Vec<Option<Hash>>,
}

impl<'a> Reworked<'a> {
    pub(super) fn new(alignment: &Alignment<'a>) -> Self {
        let present = alignment.present;
        let indexes = (0..present.hashes.len()).filter(|at| !alignment.taken[*at]);
        let indexes: Vec<usize> = indexes.collect();
        let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in &indexes {
            for word in words_of(present.words[*at]) {
                by_word.entry(word).or_default().push(*at);
            }
        }
        by_word.retain(|_, places| places.len() <= MOST_PLACES);
        Reworked {
            present,
            indexes,
            by_word,
            former: alignment
                .former
                .iter()
                .enumerate()
                .map(|(index, former)| alignment.is_nowhere(index).then_some(former.hash))
                .collect(),
        }
    }

    /// Where the words of a former paragraph that stand nowhere by themselves have gone; `gap` is where they are expected.
    pub(super) fn fate(&self, former: usize, words: &str, gap: &Range<usize>) -> Option<Fate> {
        let candidates = self.candidates(words, gap);
        let tells = says_something(words);
        // Few words are no less so beside nothing but their neighbours, or in pieces where they stood.
        let is_expected = |range: &Range<usize>| {
            tells || gap.start <= range.start && range.end <= gap.end && !words.is_empty()
        };
        let held = self
            .containing(former, words, &candidates)
            .map(|at| at..at + 1);
        let unchanged = held.or_else(|| self.in_pieces(words, &candidates));
        if let Some(range) = unchanged.filter(is_expected) {
            return Some(Fate::Same(range));
        }
        let own = Bag::of(words);
        let like = |at: &usize| (own.likeness(&Bag::of(self.present.words[*at])), *at);
        let likest = best(candidates.iter().map(like).collect(), gap);
        let with_more_or_less = || self.with_more_or_less(words, &candidates).filter(|_| tells);
        likest.or_else(with_more_or_less).map(Fate::Changed)
    }

    /// Whether a former paragraph is like a present one, and no other more than that.
    pub(super) fn is_likest(&self, words: &str, at: usize, gap: &Range<usize>) -> bool {
        let own = Bag::of(words);
        let likeness = |at: usize| own.likeness(&Bag::of(self.present.words[at]));
        let most = likeness(at);
        let mut others = self.candidates(words, gap).into_iter();
        most >= LIKE_ELSEWHERE && others.all(|other| likeness(other) <= most)
    }

    /// The paragraphs that share the most of its rarer words, and the first of those where it is expected.
    fn candidates(&self, words: &str, gap: &Range<usize>) -> BTreeSet<usize> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        let known = words_of(words).into_iter();
        for at in known.filter_map(|word| self.by_word.get(word)).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        shared.sort_by_key(|(at, count)| (Reverse(*count), *at));
        let start = self.indexes.partition_point(|at| *at < gap.start);
        let near = self.indexes[start..].iter().copied();
        let near = near.take_while(|at| *at < gap.end).take(MOST_COMPARED);
        let shared = shared.into_iter().map(|(at, _)| at).take(MOST_COMPARED);
        near.chain(shared).collect()
    }

    /// The one paragraph that holds all the words and besides them nothing but the former neighbours, in their order: it
    /// was merged. Words that are new beside these may turn what they say into its opposite.
    fn containing(
        &self,
        former: usize,
        words: &str,
        candidates: &BTreeSet<usize>,
    ) -> Option<usize> {
        let holds = |at: &usize| {
            let text = self.present.words[*at];
            let mut places = text.match_indices(words);
            places.any(|(start, _)| {
                self.came_before(former, &text[..start])
                    && self.came_after(former, &text[start + words.len()..])
            })
        };
        only(candidates.iter().copied().filter(holds))
    }

    /// The one paragraph that holds all the words, or that they hold.
    fn with_more_or_less(&self, words: &str, candidates: &BTreeSet<usize>) -> Option<usize> {
        only(candidates.iter().copied().filter(|at| {
            let text = self.present.words[*at];
            text.contains(words) || says_something(text) && words.contains(text)
        }))
    }

    /// Whether words are nothing but the paragraphs that came before a former one.
    fn came_before(&self, former: usize, words: &str) -> bool {
        let mut rest = words.trim();
        for neighbour in self.former[..former].iter().rev() {
            if rest.is_empty() {
                break;
            }
            let starts = ends_of_sentences(rest).into_iter().rev();
            let mut starts = starts.chain([0]).filter(|start| *start < rest.len());
            let is_it = |start: &usize| Some(Hash::of(rest[*start..].trim())) == *neighbour;
            let Some(start) = starts.find(is_it) else {
                return false;
            };
            rest = rest[..start].trim();
        }
        rest.is_empty()
    }

    /// Whether words are nothing but the paragraphs that came after a former one.
    fn came_after(&self, former: usize, words: &str) -> bool {
        let mut rest = words.trim();
        for neighbour in &self.former[former + 1..] {
            if rest.is_empty() {
                break;
            }
            let mut ends = ends_of_sentences(rest).into_iter();
            let is_it = |end: &usize| Some(Hash::of(rest[..*end].trim())) == *neighbour;
            let Some(end) = ends.find(is_it) else {
                return false;
            };
            rest = rest[end..].trim();
        }
        rest.is_empty()
    }

    /// The paragraphs in a row that together are the words: it was split.
    fn in_pieces(&self, words: &str, candidates: &BTreeSet<usize>) -> Option<Range<usize>> {
        let run = |start: usize| {
            let mut rest = words;
            let mut at = start;
            while !rest.is_empty() {
                self.indexes.binary_search(&at).ok()?;
                let piece = self.present.words[at];
                rest = rest
                    .strip_prefix(piece)
                    .filter(|_| !piece.is_empty())?
                    .trim_start();
                at += 1;
            }
            Some(start..at)
        };
        candidates.iter().find_map(|start| run(*start))
    }
}

/// Where the first sentences of a text end, and the text itself. Paragraphs end with colons and semicolons, too.
fn ends_of_sentences(text: &str) -> Vec<usize> {
    let ends = text.char_indices().filter_map(|(at, sign)| {
        let end = at + sign.len_utf8();
        let is_end = match sign {
            '。' => true,
            '.' | '!' | '?' | ':' | ';' | '…' => text[end..].starts_with(' '),
            _ => false,
        };
        is_end.then_some(end)
    });
    ends.take(MOST_SENTENCES).chain([text.len()]).collect()
}

/// The different words of a text.
fn words_of(text: &str) -> BTreeSet<&str> {
    let words = tokens(text).map(|range| &text[range]);
    words.filter(|word| is_word(word)).collect()
}
