//! The text once more: what a page holds a second time, in another form.

use std::collections::BTreeSet;

use super::layout::Passage;
use super::phrases::ANYWHERE;
use super::text::{ends_sentence, letters};
use super::{LeftOut, Reason};

// All lengths are bytes of letters and digits.

/// Shorter pieces are headings, bylines, furniture: what may or may not stand in a copy.
const SHORT: usize = 30;
/// Shorter texts are no text that could stand twice.
const WHOLE: usize = 200;
/// So much of short pieces may stand between two paragraphs of a copy.
const GAP: usize = 300;
/// So many of the longest passages are looked at: a copy is among them, since it holds at least two
/// others.
const CANDIDATES: usize = 4;
/// So many of the first passages that are not short may be teasers.
const TEASERS: usize = 5;

/// Takes the copies of the text out of the passages.
///
/// A passage is a **run-together copy** when all its letters and digits are those of two or more
/// other paragraphs, in their order; between them only known furniture and short pieces that stand
/// elsewhere; the last paragraph may be cut off. One letter that stands nowhere else, and the
/// passage stays. A **second printing** is three or more paragraphs in a row that all stand once
/// more, in the same order, directly behind. A **teaser** is one of the first lines, ends in an
/// ellipsis, and is the beginning of a later paragraph.
pub(super) fn take_out(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>) {
    let texts: Vec<String> = passages
        .iter()
        .map(|passage| {
            if passage.is_figure() {
                String::new()
            } else {
                letters(&passage.text)
            }
        })
        .collect();
    let pieces = Pieces::new(&texts, left_out);
    let mut verdicts = vec![None; passages.len()];
    mark_copies(passages, &texts, &pieces, &mut verdicts);
    mark_teasers(passages, &texts, &mut verdicts);
    mark_second_printing(&texts, &mut verdicts);
    let mut verdicts = verdicts.into_iter();
    super::leave_out(passages, left_out, |_| verdicts.next().flatten());
}

fn mark_copies(
    passages: &[Passage],
    texts: &[String],
    pieces: &Pieces,
    verdicts: &mut [Option<Reason>],
) {
    let mut longest: Vec<usize> = (0..texts.len())
        .filter(|at| texts[*at].len() >= WHOLE)
        .collect();
    longest.sort_by_key(|at| std::cmp::Reverse(texts[*at].len()));
    for at in longest.into_iter().take(CANDIDATES) {
        let others = (0..texts.len()).filter(|other| *other != at && verdicts[*other].is_none());
        let others: Vec<&str> = others.map(|other| texts[other].as_str()).collect();
        let may_be_cut = !ends_sentence(&passages[at].text) || ends_in_ellipsis(&passages[at].text);
        if is_copy(&texts[at], &others, may_be_cut, pieces) {
            verdicts[at] = Some(Reason::RunTogetherCopy);
        }
    }
}

fn is_copy(text: &str, others: &[&str], may_be_cut: bool, pieces: &Pieces) -> bool {
    let mut reading = Reading {
        text,
        pieces,
        places: pieces.places(text, 0),
        taken: 0,
        next: 0,
    };
    for (at, other) in others.iter().enumerate() {
        // A second copy of nearly the same length is no paragraph of this one.
        if other.len() >= SHORT && other.len() * 10 <= text.len() * 9 && reading.take(other) {
            reading.next = at + 1;
        }
    }
    let whole = reading.taken >= 2 && reading.is_at_end();
    whole || (may_be_cut && reading.taken >= 1 && reading.is_cut_off(&others[reading.next..]))
}

/// A copy as it is read, paragraph by paragraph.
struct Reading<'a> {
    text: &'a str,
    pieces: &'a Pieces<'a>,
    /// The byte offsets at which the next paragraph may begin: behind the last one, and behind each
    /// short piece after it.
    places: BTreeSet<usize>,
    /// How many paragraphs have been found.
    taken: usize,
    /// The index of the paragraph after the last one found.
    next: usize,
}

impl Reading<'_> {
    /// Reads on behind a paragraph, if it stands here.
    fn take(&mut self, paragraph: &str) -> bool {
        let stands = |at: &usize| self.text[*at..].starts_with(paragraph);
        let Some(at) = self.places.iter().copied().find(stands) else {
            return false;
        };
        self.places = self.pieces.places(self.text, at + paragraph.len());
        self.taken += 1;
        true
    }

    fn is_at_end(&self) -> bool {
        self.places.contains(&self.text.len())
    }

    /// Whether the rest is the beginning of one of the next paragraphs, but for a short piece at
    /// the very end (`Read more`).
    fn is_cut_off(&self, others: &[&str]) -> bool {
        let ends = self.pieces.ends(self.text);
        let rests = self
            .places
            .iter()
            .flat_map(|at| ends.iter().filter_map(|end| self.text.get(*at..*end)));
        let begins = |rest: &str| {
            others
                .iter()
                .take(3)
                .any(|other| rest.len() < other.len() && other.starts_with(rest))
        };
        rests.into_iter().any(begins)
    }
}

/// The short pieces of a page: furniture, headings, bylines.
struct Pieces<'a> {
    texts: BTreeSet<&'a str>,
    furniture: BTreeSet<String>,
    widths: BTreeSet<usize>,
}

impl<'a> Pieces<'a> {
    fn new(texts: &'a [String], left_out: &[LeftOut]) -> Self {
        let furniture = ANYWHERE
            .iter()
            .copied()
            .chain(left_out.iter().map(|line| line.text.as_str()));
        let furniture: BTreeSet<String> = furniture
            .map(letters)
            .filter(|piece| (1..=GAP).contains(&piece.len()))
            .collect();
        let texts: BTreeSet<&str> = texts
            .iter()
            .map(String::as_str)
            .filter(|text| (1..SHORT).contains(&text.len()))
            .collect();
        let widths = furniture
            .iter()
            .map(String::len)
            .chain(texts.iter().map(|text| text.len()))
            .collect();
        Self {
            texts,
            furniture,
            widths,
        }
    }

    fn contains(&self, piece: &str) -> bool {
        self.texts.contains(piece) || self.furniture.contains(piece)
    }

    /// All places that can be reached from here over short pieces.
    fn places(&self, text: &str, from: usize) -> BTreeSet<usize> {
        let mut places = BTreeSet::from([from]);
        let mut next = Some(from);
        while let Some(at) = next {
            let ends = self
                .widths
                .iter()
                .map(|width| at + width)
                .take_while(|end| *end <= from + GAP);
            places.extend(
                ends.filter(|end| text.get(at..*end).is_some_and(|piece| self.contains(piece))),
            );
            next = places.range(at + 1..).next().copied();
        }
        places
    }

    /// The places where the text may end: its end, and before one short piece at its end.
    fn ends(&self, text: &str) -> Vec<usize> {
        let starts = self
            .widths
            .iter()
            .filter_map(|width| text.len().checked_sub(*width));
        let starts = starts.filter(|at| text.get(*at..).is_some_and(|piece| self.contains(piece)));
        std::iter::once(text.len()).chain(starts).collect()
    }
}

fn mark_teasers(passages: &[Passage], texts: &[String], verdicts: &mut [Option<Reason>]) {
    let long = (0..texts.len()).filter(|at| texts[*at].len() >= SHORT);
    let cut = long
        .take(TEASERS)
        .filter(|at| ends_in_ellipsis(&passages[*at].text));
    for at in cut {
        let mut later = passages[at + 1..].iter().zip(&texts[at + 1..]);
        if later.any(|(passage, text)| {
            begins(text, &texts[at]) || begins(&behind_dateline(&passage.text), &texts[at])
        }) {
            verdicts[at] = Some(Reason::Teaser);
        }
    }
}

/// Whether a paragraph begins with the teaser and goes on behind it.
fn begins(paragraph: &str, teaser: &str) -> bool {
    paragraph.len() > teaser.len() && paragraph.starts_with(teaser)
}

/// The letters behind `OLD HARBOR —`; none if there is no such beginning.
fn behind_dateline(text: &str) -> String {
    let dateline = text
        .split_once(['—', '–'])
        .filter(|(place, _)| place.len() <= 60);
    dateline.map(|(_, text)| letters(text)).unwrap_or_default()
}

fn ends_in_ellipsis(text: &str) -> bool {
    let text = text.trim_end_matches([']', ')']);
    text.ends_with('…') || text.ends_with("...")
}

/// One of the first paragraphs stands twice, and everything between is repeated from there on.
fn mark_second_printing(texts: &[String], verdicts: &mut [Option<Reason>]) {
    let long = |at: &usize| verdicts[*at].is_none() && texts[*at].len() >= SHORT;
    let long: Vec<usize> = (0..texts.len()).filter(long).collect();
    let found =
        (0..long.len().min(3)).find_map(|start| Some((start, printing(texts, &long[start..])?)));
    let Some((start, paragraphs)) = found else {
        return;
    };
    let (first, second) = (long[start], long[start + paragraphs]);
    // Short passages behind the last paragraph belong to the second printing as well.
    let end = long
        .get(start + 2 * paragraphs)
        .copied()
        .unwrap_or(texts.len());
    let printed: BTreeSet<&str> = texts[first..second].iter().map(String::as_str).collect();
    for at in (second..end).filter(|at| printed.contains(texts[*at].as_str())) {
        verdicts[at] = Some(Reason::SecondPrinting);
    }
}

/// How many paragraphs are printed twice, one printing directly behind the other.
fn printing(texts: &[String], long: &[usize]) -> Option<usize> {
    let paragraphs = (1..long.len()).find(|at| texts[long[*at]] == texts[long[0]])?;
    let (first, rest) = long.split_at(paragraphs);
    let second = rest.get(..paragraphs)?;
    let same = first
        .iter()
        .zip(second)
        .all(|(one, other)| texts[*one] == texts[*other]);
    let length: usize = first.iter().map(|at| texts[*at].len()).sum();
    (same && paragraphs >= 3 && length >= WHOLE).then_some(paragraphs)
}
