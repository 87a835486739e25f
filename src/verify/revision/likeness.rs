//! How alike two paragraphs are, and whether sentences are left of one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{LIKE_ELSEWHERE, LIKE_IN_PLACE, MARGIN, says_something};
use crate::verify::sentences::sentences;
use crate::verify::tokens::tokens;

/// The most alike, if it is enough so and nothing else is nearly as much; `gap` is where it is expected.
pub(super) fn best(mut scored: Vec<(f64, usize)>, gap: &Range<usize>) -> Option<usize> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (score, at) = *scored.first()?;
    let next = scored.get(1).map_or(0.0, |(score, _)| *score);
    let least = if gap.contains(&at) {
        LIKE_IN_PLACE
    } else {
        LIKE_ELSEWHERE
    };
    (score >= least && score - next >= MARGIN).then_some(at)
}

/// The tokens of a paragraph and its pairs of neighbouring ones.
pub(super) struct Bag<'t> {
    counts: BTreeMap<(&'t str, &'t str), u32>,
    total: u32,
}

impl<'t> Bag<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut counts = BTreeMap::new();
        let mut total = 0;
        let mut before = "";
        for range in tokens(text) {
            let token = &text[range];
            *counts.entry(("", token)).or_insert(0) += 1;
            *counts.entry((before, token)).or_insert(0) += 1;
            total += 2;
            before = token;
        }
        Bag { counts, total }
    }

    /// Dice's coefficient over tokens and pairs: 0 to 1.
    pub(super) fn likeness(&self, other: &Bag<'_>) -> f64 {
        let count = |key: &(&str, &str)| other.counts.get(key).copied().unwrap_or(0);
        let shared = self.counts.iter().map(|(key, own)| *own.min(&count(key)));
        let shared: u32 = shared.sum();
        f64::from(2 * shared) / f64::from((self.total + other.total).max(1))
    }
}

/// Whether the sentences of a former paragraph in which some words stood stand in a present one as they were, one after
/// the other, and are long enough to tell them from others. Within a longer sentence they may be denied.
pub(in crate::verify) fn sentences_stand(former: &str, words: &Range<usize>, now: &str) -> bool {
    let own = sentences_of(former, words);
    let now = sentences_of(now, &(0..now.len()));
    says_something(&own.join(" ")) && now.windows(own.len()).any(|run| run == own)
}

/// Whether the sentences of a former paragraph in which some words stood are in a present one still, as they were or
/// changed.
pub(in crate::verify) fn sentences_are_left(former: &str, words: &Range<usize>, now: &str) -> bool {
    let own = sentences_of(former, words).join(" ");
    let now = sentences_of(now, &(0..now.len()));
    let mut likeness = now
        .iter()
        .map(|sentence| Bag::of(&own).likeness(&Bag::of(sentence)));
    likeness.any(|likeness| likeness >= LIKE_IN_PLACE)
}

/// The sentences of a text in which some of its words stand.
fn sentences_of<'t>(text: &'t str, words: &Range<usize>) -> Vec<&'t str> {
    let all = sentences(text, false, &[]).into_iter();
    let own = all.filter(|one| one.start < words.end && words.start < one.end);
    own.map(|range| text[range].trim()).collect()
}
