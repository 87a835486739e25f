//! Quotations that stand nearly so in their source: the best passage, and what differs in it.
//!
//! Only what is not found word for word comes here, and nothing here makes a quotation verified.

mod comparison;

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use comparison::Comparison;

use super::Folded;
use super::align::{Alignment, Item, Step, align, items, total};
use super::anchors::align_long;
use super::denial::Language;
use super::matching::is_edge;
use super::sense::{Sense, is_auxiliary, is_hiragana, may_be_name};
use super::sentences::ends_in_abbreviation;
use super::tokens::{Index, is_word};

/// A quotation has drifted while no more than this part of its weight differs: one word of three long ones. With
/// half of it, words that every report shares (`officials said that the`) would do.
const MOST_DIFFERENT: (u32, u32) = (1, 3);

/// And while two long words or four short ones are left of it: fewer are met by chance.
const LEAST_SHARED: u32 = 8;

/// A hint is worth giving while no more than half of the weight differs.
const HINT_DIFFERENT: (u32, u32) = (1, 2);

/// A passage is looked for where at least this part of a quotation's weight stands: words with a slip count as
/// half, so below it no alignment is near enough.
const LEAST_GATHERED: (u32, u32) = (1, 3);

/// Longer quotations are not compared word by word throughout, whose cost grows with the square.
const LONGEST_COMPARED: usize = 400;

/// So many passages are compared word by word.
const MOST_COMPARED: usize = 3;

/// So many places of a quotation's words are looked at, the rarest words first: in a text of any length the common
/// ones say little. Of a quotation with more words, twice as many as it has.
const MOST_PLACES: usize = 8192;

/// A gap of a quotation that has drifted leaves out at most so many tokens of the source.
const LONGEST_GAP: usize = 150;

/// All gaps together.
const LONGEST_GAPS: usize = 1500;

/// So many other places of a word are asked whether it is a name.
const MOST_ASKED: usize = 200;

/// What has come in before the last word of a quotation, or behind its first, has at most so many tokens.
const LONGEST_INSERTED: usize = 6;

/// A Japanese verb ends in at most so many signs.
const LONGEST_ENDING: usize = 10;

/// A passage of a source that a quotation nearly is.
pub(super) struct Passage {
    /// Where it stands: numbers of paragraphs, and ranges of their folded texts.
    pub(super) places: Vec<(u32, Range<usize>)>,
    /// What differs, the gravest first.
    pub(super) differences: Vec<Difference>,
    /// Whether it is near enough to be what was meant.
    pub(super) near: bool,
    /// Whether no other passage is as near.
    pub(super) unique: bool,
    /// Whether the quotation has gaps or brackets.
    pub(super) bent: bool,
    cost: u32,
}

impl Passage {
    /// Its paragraphs.
    pub(super) fn paragraphs(&self) -> Vec<u32> {
        self.places.iter().map(|(number, _)| *number).collect()
    }

    /// What of the sense differs.
    pub(super) fn sense(&self) -> Option<Sense> {
        self.differences.first()?.sense
    }

    /// The weight of all that differs in it.
    pub(super) fn cost(&self) -> u32 {
        self.cost
    }

    /// Whether it is nearer than another one.
    pub(super) fn is_nearer_than(&self, other: &Passage) -> bool {
        self.cost < other.cost
    }

    /// Whether it is meant rather than one of the cited paragraphs: where that is near enough, only what is much nearer.
    pub(super) fn is_rather_meant_than(&self, cited: &Passage) -> bool {
        const MUCH_NEARER: u32 = 3;
        let factor = if cited.near { MUCH_NEARER } else { 1 };
        self.cost * factor < cited.cost
    }
}

/// Words of the source, and the quotation's in their place; a neighbour stands with them where one side has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Difference {
    pub(super) source: String,
    pub(super) quotation: String,
    pub(super) sense: Option<Sense>,
}

/// A source whose words have been indexed.
#[derive(Clone, Copy)]
pub(super) struct Haystack<'s> {
    /// The folded texts of all paragraphs.
    pub(super) texts: &'s [&'s Folded],
    /// The index of those that may be quoted.
    pub(super) index: &'s Index,
}

impl<'s> Haystack<'s> {
    /// The passage of some paragraphs that a quotation is nearest to, if it has something of it.
    pub(super) fn nearest(
        self,
        quotation: &str,
        paragraphs: RangeInclusive<u32>,
    ) -> Option<Passage> {
        let items = items(quotation, self.index);
        let within = self
            .index
            .of_paragraphs(*paragraphs.start(), *paragraphs.end());
        let mut found: Vec<(Alignment, Range<usize>)> = self
            .stretches(&items, within.clone())
            .into_iter()
            .filter_map(|stretch| {
                let alignment = self.aligned(&items, stretch)?;
                let alignment = self.with_whole_ends(alignment, &items, &within);
                let alignment = self.with_whole_verbs(alignment, &items, &within);
                let tokens = alignment.tokens()?;
                Some((alignment, tokens))
            })
            .collect();
        found.sort_by_key(|(alignment, tokens)| (alignment.cost, tokens.start));
        let (best, tokens) = found.first()?;
        let apart = |other: &Range<usize>| other.end <= tokens.start || tokens.end <= other.start;
        let rival = found
            .iter()
            .any(|(other, place)| other.cost == best.cost && apart(place));
        let total = total(&items);
        let part = |(numerator, denominator)| total * numerator / denominator;
        let near =
            best.cost <= part(MOST_DIFFERENT) && total.saturating_sub(best.cost) >= LEAST_SHARED;
        let hint = best.cost <= part(HINT_DIFFERENT);
        (near || hint).then(|| Passage {
            places: self.widened(self.places(tokens)),
            differences: Comparison {
                haystack: self,
                items: &items,
                steps: &best.steps,
            }
            .differences(tokens),
            near,
            unique: !rival,
            bent: items.iter().any(|item| match item {
                Item::Token(quoted) => quoted.is_bent(),
                Item::Gap(_) => true,
            }),
            cost: best.cost,
        })
    }

    fn aligned(self, items: &[Item], stretch: Range<usize>) -> Option<Alignment> {
        if items.len() > LONGEST_COMPARED {
            return align_long(items, self.index, self.texts, stretch);
        }
        Some(align(items, self.index, self.texts, stretch))
    }

    /// An alignment that goes on to the quotation's first and last words where these stand a few words further out, though
    /// it costs more: what came in before them is no other word in their place.
    fn with_whole_ends(
        self,
        mut alignment: Alignment,
        items: &[Item],
        within: &Range<usize>,
    ) -> Alignment {
        let Some(tokens) = alignment.tokens() else {
            return alignment;
        };
        // A short word of a text with spaces, such as `the`, stands near by chance.
        let tells = |word: &str| is_word(word) && (word.len() > 3 || !word.is_ascii());
        let stands = |item: usize, at: &usize| match &items[item] {
            Item::Token(quoted) => tells(&quoted.text) && quoted.text == self.text(*at),
            Item::Gap(_) => false,
        };
        // The word that stands otherwise, and the one of the source in its place.
        let lost = |step: Option<&Step>| match step {
            Some(Step::Other(item, at)) => Some((*item, Some(*at))),
            Some(Step::Added(item)) => Some((*item, None)),
            _ => None,
        };
        if let Some((item, instead)) = lost(alignment.steps.last()) {
            let mut further = tokens.end..within.end.min(tokens.end + LONGEST_INSERTED);
            let inside = |at: &usize| self.is_inside_sentence(*at);
            if let Some(found) = further
                .clone()
                .take_while(inside)
                .find(|at| stands(item, at))
            {
                further.end = found;
                alignment.steps.pop();
                let missing = instead.into_iter().chain(further);
                alignment.steps.extend(missing.map(Step::Missing));
                alignment.steps.push(Step::Same(item, found));
            }
        }
        if let Some((item, instead)) = lost(alignment.steps.first()) {
            let mut further = tokens
                .start
                .saturating_sub(LONGEST_INSERTED)
                .max(within.start)..tokens.start;
            let inside = |at: &usize| self.is_inside_sentence(*at + 1);
            let outwards = further.clone().rev().take_while(inside);
            if let Some(found) = outwards.into_iter().find(|at| stands(item, at)) {
                further.start = found + 1;
                let missing = further.chain(instead).map(Step::Missing);
                let steps = std::iter::once(Step::Same(item, found)).chain(missing);
                alignment.steps.splice(0..1, steps.collect::<Vec<_>>());
            }
        }
        alignment
    }

    /// An alignment with the rest of the source's verb or compound where it begins or ends in another word than the
    /// quotation: `may have [been]`, `転覆し[なかった]`, `[combat]-ready`.
    fn with_whole_verbs(
        self,
        mut alignment: Alignment,
        items: &[Item],
        within: &Range<usize>,
    ) -> Alignment {
        let Some(tokens) = alignment.tokens() else {
            return alignment;
        };
        let differs = |step: Option<&Step>| !matches!(step, None | Some(Step::Same(..)));
        let is_number = |step: &Step| match step {
            Step::Other(item, _) => {
                matches!(&items[*item], Item::Token(quoted) if quoted.text.starts_with(|c: char| c.is_ascii_digit()))
            }
            Step::Same(..) | Step::Added(_) | Step::Missing(_) | Step::Hidden(_) => false,
        };
        let first = alignment.steps.first();
        if differs(first) && !first.is_some_and(is_number) {
            let before = (within.start..tokens.start).rev();
            let verb: Vec<usize> = before
                .take_while(|at| self.is_inside_sentence(*at + 1))
                .take_while(|at| is_auxiliary(self.text(*at), self.language()))
                .collect();
            let alters = |at: &usize| Sense::of(self.text(*at), self.language()).is_some();
            if verb.iter().any(alters) {
                let missing = verb.into_iter().rev().map(Step::Missing);
                alignment.steps.splice(0..0, missing);
            }
        }
        if differs(alignment.steps.last()) {
            let ending = (tokens.end..within.end)
                .take(LONGEST_ENDING)
                .take_while(|at| self.is_inside_sentence(*at))
                .take_while(|at| self.text(*at).starts_with(is_hiragana));
            alignment.steps.extend(ending.map(Step::Missing));
            let mut end = tokens.end;
            while end + 1 < within.end && self.is_hyphen(end) {
                alignment.steps.extend([end, end + 1].map(Step::Missing));
                end += 2;
            }
        }
        alignment
    }

    /// Whether a token joins those on either side of it: `combat-ready`.
    fn is_hyphen(self, at: usize) -> bool {
        let [before, hyphen, behind] = [at - 1, at, at + 1].map(|at| self.index.tokens[at]);
        let is_one = before.paragraph == hyphen.paragraph && hyphen.paragraph == behind.paragraph;
        let meets = before.range().end == hyphen.range().start
            && hyphen.range().end == behind.range().start;
        self.text(at) == "-" && is_one && meets
    }

    /// The stretches of the source in which the most of a quotation's words stand together, the best first.
    fn stretches(self, items: &[Item], within: Range<usize>) -> Vec<Range<usize>> {
        let mut needed: BTreeMap<u32, Needed> = BTreeMap::new();
        let mut length = items.len() + items.len() / 4 + 4;
        let mut gaps = 0;
        for item in items {
            match item {
                Item::Token(quoted) => {
                    if let Some(word) = quoted.known_word() {
                        let needed = needed.entry(word).or_default();
                        needed.count += 1;
                        needed.weight = quoted.weight;
                    }
                }
                Item::Gap(_) => gaps += LONGEST_GAP,
            }
        }
        length += gaps.min(LONGEST_GAPS);
        let most = MOST_PLACES.max(2 * items.len());
        let hits = self.hits(needed.keys().copied(), &within, most);
        let gathered = gather(&hits, &needed, length);
        let least = total(items) * LEAST_GATHERED.0 / LEAST_GATHERED.1;
        best_apart(&gathered, least, length)
            .into_iter()
            .map(|(first, last)| {
                let start = first.saturating_sub(items.len()).max(within.start);
                start..(last + items.len() + 1).min(within.end)
            })
            .collect()
    }

    /// Where the words stand, in the order of the source: tokens and their words.
    fn hits(
        self,
        words: impl Iterator<Item = u32>,
        within: &Range<usize>,
        most: usize,
    ) -> Vec<(usize, u32)> {
        let mut lists: Vec<(&[u32], u32)> = words
            .map(|word| {
                let places = self.index.places(word);
                let from = places.partition_point(|at| (*at as usize) < within.start);
                let to = places.partition_point(|at| (*at as usize) < within.end);
                (&places[from..to], word)
            })
            .filter(|(places, _)| !places.is_empty())
            .collect();
        lists.sort_by_key(|(places, word)| (places.len(), *word));
        let mut hits: Vec<(usize, u32)> = Vec::new();
        for (places, word) in lists {
            if !hits.is_empty() && hits.len() + places.len() > most {
                break;
            }
            hits.extend(places.iter().map(|at| (*at as usize, word)));
        }
        hits.sort_unstable();
        hits
    }

    fn language(self) -> Language {
        let first = self.texts.first();
        first.map_or_else(Language::default, |text| text.language)
    }

    fn text(self, token: usize) -> &'s str {
        let token = self.index.tokens[token];
        &self.paragraph(token.paragraph).text[token.range()]
    }

    fn paragraph(self, number: u32) -> &'s Folded {
        self.texts[number as usize - 1]
    }

    /// The ranges of the paragraphs that a run of tokens covers.
    fn places(self, tokens: &Range<usize>) -> Vec<(u32, Range<usize>)> {
        let mut places: Vec<(u32, Range<usize>)> = Vec::new();
        for token in &self.index.tokens[tokens.clone()] {
            match places.last_mut() {
                Some((number, range)) if *number == token.paragraph => {
                    range.end = token.range().end;
                }
                _ => places.push((token.paragraph, token.range())),
            }
        }
        places
    }

    /// The ranges, out to where a quotation may begin and end: not within a number.
    fn widened(self, places: Vec<(u32, Range<usize>)>) -> Vec<(u32, Range<usize>)> {
        let widen = |(number, range): (u32, Range<usize>)| {
            let text = self.paragraph(number);
            let edge = |at: &usize| text.text.is_char_boundary(*at) && is_edge(text, *at);
            let start = (0..=range.start).rev().find(edge).unwrap_or(range.start);
            let end = (range.end..=text.text.len()).find(edge);
            (number, start..end.unwrap_or(range.end))
        };
        places.into_iter().map(widen).collect()
    }

    /// Whether a token follows another within a sentence.
    fn is_inside_sentence(self, at: usize) -> bool {
        let token = self.index.tokens[at];
        let Some(before) = at.checked_sub(1).map(|before| self.index.tokens[before]) else {
            return false;
        };
        if before.paragraph != token.paragraph {
            return false;
        }
        let text = &self.paragraph(token.paragraph).text;
        let head = &text[..before.range().end];
        !head.ends_with(ENDS) || (head.ends_with('.') && ends_in_abbreviation(head))
    }

    /// Whether a word is a name: where it stands, or by another place in the source.
    pub(super) fn is_name(self, word: &str, inside: bool) -> bool {
        let elsewhere = || {
            let places = self.index.word(word).map(|word| self.index.places(word));
            let mut places = places.unwrap_or_default().iter().take(MOST_ASKED);
            places.any(|at| {
                may_be_name(self.text(*at as usize)) && self.is_inside_sentence(*at as usize)
            })
        };
        may_be_name(word) && (inside || elsewhere())
    }
}

/// Marks that end a sentence.
const ENDS: [char; 7] = ['.', '!', '?', ':', '。', '！', '？'];

/// How often a quotation has a word, and what each counts.
#[derive(Clone, Copy, Default)]
struct Needed {
    count: u32,
    weight: u32,
}

/// For each hit the weight of the quotation's words that stand in the stretch which it ends, and where that begins.
fn gather(
    hits: &[(usize, u32)],
    needed: &BTreeMap<u32, Needed>,
    length: usize,
) -> Vec<(u32, usize, usize)> {
    let mut have: BTreeMap<u32, u32> = BTreeMap::new();
    let mut gathered = 0;
    let mut first = 0;
    hits.iter()
        .map(|&(last, word)| {
            while hits[first].0 + length <= last {
                let (_, gone) = hits[first];
                let count = have.entry(gone).or_default();
                if *count <= needed[&gone].count {
                    gathered -= needed[&gone].weight;
                }
                *count -= 1;
                first += 1;
            }
            let count = have.entry(word).or_default();
            *count += 1;
            if *count <= needed[&word].count {
                gathered += needed[&word].weight;
            }
            (gathered, hits[first].0, last)
        })
        .collect()
}

/// The best of the stretches that have enough, none overlapping another: their first and last hits.
fn best_apart(gathered: &[(u32, usize, usize)], least: u32, length: usize) -> Vec<(usize, usize)> {
    let mut best: Vec<(usize, usize)> = Vec::new();
    while best.len() < MOST_COMPARED {
        let free = gathered.iter().filter(|(_, _, last)| {
            best.iter()
                .all(|(_, other)| last.abs_diff(*other) >= length)
        });
        let next = free
            .filter(|(weight, ..)| *weight >= least.max(1))
            .max_by_key(|(weight, first, last)| {
                (*weight, std::cmp::Reverse((last - first, *first)))
            });
        let Some((_, first, last)) = next else { break };
        best.push((*first, *last));
    }
    best
}
