//! Where each citation stands among those of its page: first, later, or right after one of the same source.

use std::collections::{BTreeMap, HashMap};

use crate::book::{Book, Note};
use crate::csl::Position;
use crate::source::Span;
use crate::verify::Cited;

/// How a citation mentions its source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mention {
    /// Among the citations of the page.
    pub(super) position: Position,
    /// The number of the note in which the page cites the source first.
    pub(super) first: u32,
    /// Whether the citation before it in the same note names the source already: `A, ¶ 5; ¶ 7`.
    pub(super) again: bool,
}

/// The mentions of every note; each document begins anew, and so does each glossary entry, which is looked up alone.
pub(super) struct Positions {
    mentions: HashMap<Span, Vec<Mention>>,
}

/// A source and the place in it.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    source: usize,
    paragraphs: Vec<u32>,
    of_title: bool,
}

impl Place {
    fn of(cited: &Cited) -> Option<Self> {
        Some(Place {
            source: cited.source()?,
            paragraphs: cited.paragraphs().to_vec(),
            of_title: cited.of_title(),
        })
    }

    fn is_whole(&self) -> bool {
        self.paragraphs.is_empty() && !self.of_title
    }

    /// What a note has cited when the next one begins: all its places at once, if it cites one source alone.
    fn of_note(groups: &[&Note]) -> Option<Self> {
        let mut cited = groups.iter().flat_map(|group| &group.cited);
        let mut place = Place::of(cited.next()?)?;
        for cited in cited {
            let other = Place::of(cited).filter(|other| other.source == place.source)?;
            place.paragraphs.extend(other.paragraphs);
            place.of_title |= other.of_title;
        }
        Some(place)
    }
}

impl Positions {
    pub(super) fn of(book: &Book) -> Self {
        let mut mentions = HashMap::with_capacity(book.notes.len());
        let mut seen = BTreeMap::new();
        // The groups of the note before; those of one footnote share its number.
        let mut last: Vec<&Note> = Vec::new();
        for note in &book.notes {
            if last.last().is_some_and(|last| last.home != note.home) {
                seen.clear();
                last.clear();
            }
            let within = last.last().is_some_and(|last| last.number == note.number);
            let before = if note.paragraph.is_none() {
                // An entry's own citations are a list, in which nothing is right before another.
                None
            } else if within {
                last.last().and_then(|last| Place::of(last.cited.last()?))
            } else {
                Place::of_note(&last)
            };
            mentions.insert(note.span, mentions_of(note, before, &mut seen));
            if !within {
                last.clear();
            }
            last.push(note);
        }
        Positions { mentions }
    }

    /// The mentions of a note's citations.
    pub(super) fn of_note(&self, note: &Note) -> &[Mention] {
        self.mentions.get(&note.span).map_or(&[], Vec::as_slice)
    }
}

/// The mentions of a note's citations; `before` is what was cited right before it.
fn mentions_of(
    note: &Note,
    mut before: Option<Place>,
    seen: &mut BTreeMap<usize, u32>,
) -> Vec<Mention> {
    let mut mentions = Vec::with_capacity(note.cited.len());
    for (index, cited) in note.cited.iter().enumerate() {
        let place = Place::of(cited);
        let follows = index > 0 && before.as_ref().map(|b| b.source) == cited.source();
        let known = cited.source().and_then(|source| seen.get(&source)).copied();
        mentions.push(Mention {
            position: match (&place, known) {
                (Some(place), Some(_)) => position(before.as_ref(), place),
                _ => Position::First,
            },
            first: known.unwrap_or(note.number),
            again: follows && cited.prefix().is_empty() && !cited.paragraphs().is_empty(),
        });
        if let Some(source) = cited.source() {
            seen.entry(source).or_insert(note.number);
        }
        before = place;
    }
    mentions
}

/// The position of a citation whose source the page has cited already (CSL 1.0.2, “Choose”).
fn position(before: Option<&Place>, place: &Place) -> Position {
    match before {
        Some(before) if before.source == place.source => {
            if before == place {
                Position::Ibid
            } else if place.is_whole() {
                Position::Subsequent
            } else {
                Position::IbidWithLocator
            }
        }
        _ => Position::Subsequent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ibid_follows_the_same_source_alone() {
        let place = |source, paragraphs: &[u32]| Place {
            source,
            paragraphs: paragraphs.to_vec(),
            of_title: false,
        };
        let check = |before: Option<Place>, now: Place, expected| {
            assert_eq!(position(before.as_ref(), &now), expected);
        };
        check(None, place(1, &[]), Position::Subsequent);
        check(Some(place(2, &[3])), place(1, &[3]), Position::Subsequent);
        check(Some(place(1, &[3])), place(1, &[3]), Position::Ibid);
        check(Some(place(1, &[])), place(1, &[]), Position::Ibid);
        check(
            Some(place(1, &[3])),
            place(1, &[4]),
            Position::IbidWithLocator,
        );
        check(
            Some(place(1, &[])),
            place(1, &[4]),
            Position::IbidWithLocator,
        );
        check(Some(place(1, &[3])), place(1, &[]), Position::Subsequent);
    }
}
