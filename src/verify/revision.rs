//! Where the paragraphs of an article's locked revision are in the present one.
//!
//! First by equal words, which decide wherever they stand once on both sides; then, for equal words that stand
//! several times, by their neighbours; then, for cited paragraphs alone, as a whole inside others, in pieces, and
//! by likeness with a margin over the runner-up. What is in doubt stays in doubt: a wrong match is worse than none.

mod likeness;
mod reworked;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::fold::Folded;
use super::tokens::tokens;
use crate::lock::{Hash, Locked};

pub(super) use likeness::{sentences_are_left, sentences_stand};
use reworked::Reworked;

/// The least likeness of a changed paragraph between the same neighbours, and of a changed sentence in such a paragraph.
const LIKE_IN_PLACE: f64 = 0.5;
/// The least likeness of a changed paragraph that has gone elsewhere as well.
const LIKE_ELSEWHERE: f64 = 0.75;
/// How much more alike the best must be than the next best.
const MARGIN: f64 = 0.15;
/// Fewer tokens than these say nothing by standing inside another paragraph, or beside each other; nor does a quotation's
/// sentence.
const FEWEST_CONTAINED: usize = 8;
/// So many paragraphs are compared with one that has changed.
const MOST_COMPARED: usize = 12;
/// A text that was joined of several is taken apart at the ends of so many sentences.
const MOST_SENTENCES: usize = 64;
/// A word that stands in more paragraphs than these says nothing of which of them is meant.
const MOST_PLACES: usize = 64;

/// What the words below it answer ends in one of these.
const QUESTION_MARKS: [char; 4] = ['?', ':', '？', '：'];

/// What became of a paragraph; indexes are those of the present revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Its words stand there, unchanged: as a paragraph, inside one, or as several in a row.
    Same(Range<usize>),
    /// It stands there, changed.
    Changed(usize),
    /// Its words stand in several places, and nothing decides.
    Several(Vec<usize>),
    /// It is gone, or, where its words are not known, changed.
    Gone,
}

/// The present paragraphs of an article: the hashes of their folded words, and the words.
#[derive(Clone, Copy)]
pub(super) struct Present<'p> {
    pub(super) hashes: &'p [Hash],
    pub(super) words: &'p [&'p str],
}

/// A paragraph of a former revision: the hash of its folded words, and the words where they are known.
#[derive(Clone, Copy)]
pub(super) struct Former<'f> {
    hash: Hash,
    words: Option<&'f str>,
    /// The present paragraph that bears its name, by index.
    namesake: Option<usize>,
}

impl Former<'_> {
    /// The same, with the present paragraph that bears its name.
    pub(super) fn with_namesake(self, namesake: Option<usize>) -> Self {
        Former { namesake, ..self }
    }
}

impl<'f> From<&'f Locked> for Former<'f> {
    fn from(locked: &'f Locked) -> Self {
        Former {
            hash: locked.hash,
            words: locked.words(),
            namesake: None,
        }
    }
}

/// The fate of each paragraph of a text whose present paragraphs are others; both are plain texts.
pub fn fates(then: &[&str], now: &[&str]) -> Vec<Fate> {
    let [then, now] = [then, now].map(|paragraphs| {
        let folded = paragraphs.iter().map(|text| Folded::new(text).text);
        folded.collect::<Vec<String>>()
    });
    let former: Vec<Former<'_>> = then
        .iter()
        .map(|words| Former {
            hash: Hash::of(words),
            words: Some(words),
            namesake: None,
        })
        .collect();
    let hashes: Vec<Hash> = now.iter().map(|words| Hash::of(words)).collect();
    let words: Vec<&str> = now.iter().map(String::as_str).collect();
    align(
        &former,
        Present {
            hashes: &hashes,
            words: &words,
        },
    )
}

/// The fate of each paragraph of a former revision.
pub(super) fn align(former: &[Former<'_>], present: Present<'_>) -> Vec<Fate> {
    let twins = with_words_of_twins(former);
    let mut alignment = Alignment {
        former: &twins,
        present,
        of: vec![None; former.len()],
        taken: vec![false; present.hashes.len()],
        doubtful: BTreeMap::new(),
    };
    alignment.unique_words();
    alignment.doubt_strays();
    alignment.neighbours();
    alignment.same_names();
    alignment.repeated_in_gaps();
    alignment.last_places();
    alignment.trust_neighbours();
    alignment.doubt_answers();
    let mut uncertain = alignment.uncertain();
    uncertain.retain(|index, _| former[*index].words.is_some());
    let of = alignment.of.iter().enumerate();
    of.map(|(index, at)| match at {
        Some(at) => Fate::Same(*at..*at + 1),
        None => uncertain.get(&index).cloned().unwrap_or(Fate::Gone),
    })
    .collect()
}

/// The same paragraphs; those that are not cited with the words of one that is, where they are the same: what either has
/// become, the other has not.
fn with_words_of_twins<'f>(former: &[Former<'f>]) -> Vec<Former<'f>> {
    let known = former.iter().filter_map(|one| Some((one.hash, one.words?)));
    let known: HashMap<Hash, &str> = known.collect();
    let twins = former.iter().map(|one| Former {
        words: one.words.or_else(|| known.get(&one.hash).copied()),
        ..*one
    });
    twins.collect()
}

/// The fate of paragraphs that were gone already: they are back where their words have come to stand, or still gone.
/// Words that are `known` as another paragraph's are not theirs.
pub(super) fn returned(gone: &[Locked], present: Present<'_>, known: &[bool]) -> Vec<Fate> {
    let now = places(present.hashes.iter().copied());
    let fate = |locked: &Locked| match now.get(&locked.hash).map(Vec::as_slice) {
        // “Yes.” answers another question there, and 14 counts something else.
        Some([only]) if !known[*only] && tokens(present.words[*only]).nth(2).is_none() => {
            Fate::Several(vec![*only])
        }
        Some([only]) if !known[*only] => Fate::Same(*only..*only + 1),
        Some([_]) | None => Fate::Gone,
        Some(several) => Fate::Several(several.to_vec()),
    };
    gone.iter().map(fate).collect()
}

/// The indexes of each hash.
fn places(hashes: impl Iterator<Item = Hash>) -> HashMap<Hash, Vec<usize>> {
    let mut places: HashMap<Hash, Vec<usize>> = HashMap::new();
    for (index, hash) in hashes.enumerate() {
        places.entry(hash).or_default().push(index);
    }
    places
}

/// Those of some ascending indexes that are within a range.
fn within<'i>(indexes: &'i [usize], range: &Range<usize>) -> &'i [usize] {
    let start = indexes.partition_point(|at| *at < range.start);
    let end = indexes.partition_point(|at| *at < range.end);
    &indexes[start..end]
}

struct Alignment<'a> {
    former: &'a [Former<'a>],
    present: Present<'a>,
    /// Where each former paragraph stands unchanged.
    of: Vec<Option<usize>>,
    /// Whether a present paragraph is one of those.
    taken: Vec<bool>,
    /// Where the words of a former paragraph stand now that may answer another question there.
    doubtful: BTreeMap<usize, usize>,
}

impl Alignment<'_> {
    fn pair(&mut self, former: usize, present: usize) {
        self.of[former] = Some(present);
        self.taken[present] = true;
    }

    /// Words that stand once on both sides are the same paragraph, wherever it has gone.
    fn unique_words(&mut self) {
        let now = places(self.present.hashes.iter().copied());
        let then = places(self.former.iter().map(|locked| locked.hash));
        for (index, locked) in self.former.iter().enumerate() {
            let [then, now] = [&then, &now].map(|places| places.get(&locked.hash));
            let (then, now) = (then.map(Vec::as_slice), now.map(Vec::as_slice));
            if let (Some([_]), Some([at])) = (then, now) {
                self.pair(index, *at);
            }
        }
    }

    /// Few words that left both neighbours are in doubt, unless they stand where they stood between the nearest
    /// paragraphs that tell: “Yes.” answers another question elsewhere, and 14 counts something else. So are those over
    /// which another paragraph of the text has come to stand.
    fn doubt_strays(&mut self) {
        let all = 0..self.of.len();
        let tells: Vec<bool> = all.clone().map(|index| self.tells(index)).collect();
        let before = self.shifts(&tells, all.clone(), 0);
        let behind = self.shifts(&tells, all.rev(), shift(self.of.len(), self.taken.len()));
        let places = self.of.iter().enumerate();
        let strays = places.filter_map(|(index, at)| Some((index, (*at)?)));
        let strays = strays.filter(|(index, at)| {
            let own = shift(*index, *at);
            let has_left = !tells[*index] && (before[*index] != own || behind[*index] != own);
            has_left || self.has_other_above(*index, *at)
        });
        self.doubtful = strays.collect();
        for index in self.doubtful.keys() {
            self.of[*index] = None;
        }
    }

    /// Whether a paragraph is known for certain: by its words, or by few of them beside a neighbour of then, or at an
    /// end of the text.
    fn tells(&self, former: usize) -> bool {
        let Some(at) = self.of[former] else {
            return false;
        };
        self.place(former) == Some(at)
            || self.place(former + 2) == Some(at + 2)
            || says_something(self.present.words[at])
    }

    /// Whether few words stand below another paragraph than before, which is no shorter, and is known or a question: they
    /// may answer that one.
    fn has_other_above(&self, former: usize, at: usize) -> bool {
        let stands = |index: usize| self.of[index].or_else(|| self.doubtful.get(&index).copied());
        let above = former.checked_sub(1).and_then(stands);
        let has_left = above.is_some_and(|above| above + 1 != at);
        let words = |at: usize| self.present.words[at];
        let is_asked = at.checked_sub(1).is_some_and(|now| {
            let is_question = || words(now).ends_with(QUESTION_MARKS);
            words(now).len() >= words(at).len() && (self.taken[now] || is_question())
        });
        has_left && is_asked && !says_something(words(at))
    }

    /// Few words in doubt are known where a neighbour of then, of which no more was known, stands beside them after all.
    fn trust_neighbours(&mut self) {
        for (index, at) in std::mem::take(&mut self.doubtful) {
            self.of[index] = Some(at);
            if !self.tells(index) {
                self.of[index] = None;
                self.doubtful.insert(index, at);
            }
        }
    }

    /// Few words that stand several times may have followed a neighbour under another question as well.
    fn doubt_answers(&mut self) {
        let places = self.of.iter().enumerate();
        let places = places.filter_map(|(index, at)| Some((index, (*at)?)));
        let answers = places.filter(|(index, at)| self.has_other_above(*index, *at));
        let answers: Vec<(usize, usize)> = answers.collect();
        for (index, at) in answers {
            self.of[index] = None;
            self.doubtful.insert(index, at);
        }
    }

    /// What number a paragraph has now; 0 and one more than there are stand for the ends of the text.
    fn place(&self, number: usize) -> Option<usize> {
        let last = self.of.len() + 1;
        match number.checked_sub(1) {
            None => Some(0),
            Some(_) if number == last => Some(self.taken.len() + 1),
            Some(index) => self.of[index].map(|at| at + 1),
        }
    }

    /// How far the last paragraph that tells was shifted, on the way to each; `end` is that of the text's own end.
    fn shifts(&self, tells: &[bool], way: impl Iterator<Item = usize>, end: usize) -> Vec<usize> {
        let mut shifts = vec![end; self.of.len()];
        let mut last = end;
        for index in way {
            shifts[index] = last;
            if let Some(at) = self.of[index].filter(|_| tells[index]) {
                last = shift(index, at);
            }
        }
        shifts
    }

    /// Repeated words follow a neighbour that is known.
    fn neighbours(&mut self) {
        for former in 1..self.former.len() {
            if let Some(before) = self.of[former - 1] {
                self.follow(former, before + 1);
            }
        }
        for former in (0..self.former.len().saturating_sub(1)).rev() {
            if let Some(at) = self.of[former + 1].and_then(|after| after.checked_sub(1)) {
                self.follow(former, at);
            }
        }
    }

    /// Where no neighbour tells which of the same words they are, the name does; and which are the only other ones.
    fn same_names(&mut self) {
        let is_left = |index: &usize| self.of[*index].is_none();
        let named = (0..self.former.len()).filter(is_left).filter_map(|index| {
            let at = self.former[index].namesake?;
            says_something(self.present.words[at]).then_some((index, at))
        });
        let named: Vec<(usize, usize)> = named.collect();
        if named.is_empty() {
            return;
        }
        let now = places(self.present.hashes.iter().copied());
        let then = places(self.former.iter().map(|locked| locked.hash));
        for (former, at) in named {
            self.follow(former, at);
            if self.of[former] != Some(at) {
                continue;
            }
            let hash = self.former[former].hash;
            let others = then[&hash].iter().copied();
            let other = only(others.filter(|index| self.of[*index].is_none()));
            let free = only(now[&hash].iter().copied().filter(|at| !self.taken[*at]));
            if let Some((other, free)) = other.zip(free) {
                self.pair(other, free);
            }
        }
    }

    fn follow(&mut self, former: usize, at: usize) {
        let free = self.of[former].is_none() && self.taken.get(at) == Some(&false);
        if free && self.present.hashes[at] == self.former[former].hash {
            self.pair(former, at);
        }
    }

    /// Between two known neighbours, repeated words that stand as often as before are paired in order.
    fn repeated_in_gaps(&mut self) {
        let now = places(self.present.hashes.iter().copied());
        for (former, present) in self.gaps() {
            let mut here: BTreeMap<Hash, Vec<usize>> = BTreeMap::new();
            for index in former {
                here.entry(self.former[index].hash).or_default().push(index);
            }
            for (hash, then) in here {
                let now = now.get(&hash).map_or(&[][..], |all| within(all, &present));
                let now = now.iter().copied().filter(|at| !self.taken[*at]);
                let now: Vec<usize> = now.collect();
                if then.len() == now.len() {
                    for (then, now) in then.into_iter().zip(now) {
                        self.pair(then, now);
                    }
                }
            }
        }
    }

    /// The one place that is left of repeated words is that of the former paragraph as far from the same neighbour.
    fn last_places(&mut self) {
        let mut left: HashMap<Hash, Option<usize>> = HashMap::new();
        for at in (0..self.taken.len()).filter(|at| !self.taken[*at]) {
            let only = left.entry(self.present.hashes[at]);
            only.and_modify(|only| *only = None).or_insert(Some(at));
        }
        for (former, present) in self.gaps() {
            for index in former.clone() {
                let hash = self.former[index].hash;
                let place = left.get(&hash).copied().flatten();
                let free = |at: &usize| present.contains(at) && !self.taken[*at];
                let Some(at) = place.filter(free) else {
                    continue;
                };
                let before = former.start + (at - present.start);
                let behind = former.end.checked_sub(present.end - at);
                let behind = behind.filter(|index| *index != before);
                let as_far = [Some(before), behind].into_iter().flatten();
                let is_it = |index: &usize| self.former[*index].hash == hash;
                let as_far = as_far.filter(|index| former.contains(index) && is_it(index));
                if let Some(index) = only(as_far) {
                    self.pair(index, at);
                }
            }
        }
    }

    /// Runs of former paragraphs without a match, and the present ones between the same neighbours.
    fn gaps(&self) -> Vec<(Range<usize>, Range<usize>)> {
        let mut gaps = Vec::new();
        let mut index = 0;
        while index < self.of.len() {
            if self.of[index].is_some() {
                index += 1;
                continue;
            }
            let start = index;
            while index < self.of.len() && self.of[index].is_none() {
                index += 1;
            }
            let before = start.checked_sub(1).and_then(|before| self.of[before]);
            let from = before.map_or(0, |before| before + 1);
            let after = self.of.get(index).copied().flatten();
            let to = after.unwrap_or(self.taken.len());
            gaps.push((start..index, from..to.max(from)));
        }
        gaps
    }

    /// Whether a former paragraph does not stand by itself any more.
    fn is_nowhere(&self, former: usize) -> bool {
        self.of[former].is_none() && !self.doubtful.contains_key(&former)
    }

    /// The fates of cited paragraphs that do not stand unchanged by themselves.
    fn uncertain(&self) -> BTreeMap<usize, Fate> {
        let now = places(self.present.hashes.iter().copied());
        let reworked = Reworked::new(self);
        let doubtful = self.doubtful.iter();
        let doubtful = doubtful.map(|(index, at)| (*index, Fate::Several(vec![*at])));
        let mut fates: BTreeMap<usize, Fate> = doubtful.collect();
        for (former, gap) in self.gaps() {
            fates.extend(self.changed_in_order(&reworked, &former, &gap));
            for index in former.filter(|index| !self.doubtful.contains_key(index)) {
                let Former { hash, words, .. } = &self.former[index];
                let Some(words) = words else {
                    continue;
                };
                let repeated = now.get(hash).map_or(&[][..], Vec::as_slice).iter().copied();
                let repeated: Vec<usize> = repeated.filter(|at| !self.taken[*at]).collect();
                let fate = if repeated.is_empty() {
                    reworked.fate(index, words, &gap)
                } else {
                    Some(Fate::Several(repeated))
                };
                fates.extend(fate.map(|fate| (index, fate)));
            }
        }
        without_rivals(fates)
    }

    /// Paragraphs so alike that likeness alone tells none apart, as a table's rows: between the same neighbours, as many as
    /// before and all of them cited, they have changed in their order where none is more like another one.
    fn changed_in_order(
        &self,
        reworked: &Reworked<'_>,
        former: &Range<usize>,
        gap: &Range<usize>,
    ) -> Vec<(usize, Fate)> {
        let is_free = |at: usize| !self.taken[at];
        let are_some = (2..=MOST_COMPARED).contains(&former.len());
        if !are_some || former.len() != gap.len() || !gap.clone().all(is_free) {
            return Vec::new();
        }
        let stays = |(then, now): (usize, usize)| {
            let words = self.former[then].words.filter(|_| self.is_nowhere(then));
            words.is_some_and(|words| reworked.is_likest(words, now, gap))
        };
        if !former.clone().zip(gap.clone()).all(stays) {
            return Vec::new();
        }
        let changed = former.clone().zip(gap.clone());
        changed
            .map(|(then, now)| (then, Fate::Changed(now)))
            .collect()
    }
}

/// Two former paragraphs cannot both have become one: then neither is known to have.
fn without_rivals(mut fates: BTreeMap<usize, Fate>) -> BTreeMap<usize, Fate> {
    let mut claims: BTreeMap<usize, usize> = BTreeMap::new();
    for fate in fates.values() {
        if let Fate::Changed(at) = fate {
            *claims.entry(*at).or_default() += 1;
        }
    }
    fates.retain(|_, fate| !matches!(fate, Fate::Changed(at) if claims[at] > 1));
    fates
}

/// How far a paragraph has gone down, around the end of all numbers where it went up.
fn shift(former: usize, present: usize) -> usize {
    present.wrapping_sub(former)
}

/// What is there alone.
fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    found.next().filter(|_| found.next().is_none())
}

/// Whether words are many enough to tell a paragraph from others by standing in it.
fn says_something(words: &str) -> bool {
    tokens(words).nth(FEWEST_CONTAINED - 1).is_some()
}
