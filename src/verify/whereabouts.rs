//! Where a quotation has gone that does not stand where it is cited, by what the lock has of its source.
//!
//! The same words in another paragraph prove nothing: they may be denied there, or be said of something else.

use std::ops::Range;

use super::Verifier;
use super::baseline::Within;
use super::drift::Passage;
use super::fold::Folded;
use super::follow::Former;
use super::located::{Located, locate};
use super::revision::{Fate, sentences_are_left, sentences_stand};
use super::wanted::Wanted;
use crate::lock::{Id, Locked};
use crate::reference::Locator;
use crate::source::small;

/// What is known of a quotation whose words stand in other paragraphs than the cited ones.
pub(super) enum Whereabouts {
    /// It has gone there, or its number was never right.
    There(Vec<u32>),
    /// It stands nearly where it is cited, where its source was edited.
    Nearly(Passage),
    /// The paragraph that it stood in has changed, and nothing says that its words have gone to one of the others.
    Unknown,
    /// That paragraph is gone, and nothing says so either.
    Lost,
}

/// A paragraph of the lock in which a quotation stood, the place of its words there, and what became of it.
struct Stood<'v> {
    id: Id,
    words: &'v str,
    range: Range<usize>,
    fate: &'v Fate,
}

impl Verifier {
    /// Where a quotation has gone that stands in some `places` and not where it is cited.
    pub(super) fn whereabouts(
        &self,
        index: usize,
        locator: Option<&Locator>,
        (quotation, wanted): (&str, &Wanted),
        located: &Located,
        places: &[u32],
    ) -> Whereabouts {
        let nearly = || self.nearest_in(index, quotation, located);
        if let Some(passage) = nearly().filter(|near| near.near && self.is_edited(index)) {
            return Whereabouts::Nearly(passage);
        }
        let stood = self.stood(index, locator, wanted);
        let came = self.among_new(index, &stood, places);
        let is_gone = |one: &Stood<'_>| matches!(one.fate, Fate::Gone);
        if !came.is_empty() {
            Whereabouts::There(came)
        } else if !stood.is_empty() && stood.iter().all(is_gone) {
            Whereabouts::Lost
        } else {
            Whereabouts::Unknown
        }
    }

    /// The one paragraph that a quotation is known to have gone to since its source was edited.
    pub(super) fn came_to(
        &self,
        index: usize,
        locator: &Locator,
        (quotation, wanted): (&str, &Wanted),
        located: &Located,
    ) -> Option<u32> {
        let never_there = || self.stood(index, Some(locator), wanted).is_empty();
        let stands = || self.stands_in(index, located, wanted).is_some();
        if !self.is_edited(index) || stands() || never_there() {
            return None;
        }
        let places = self.paragraphs_with(index, wanted);
        let locator = Some(locator);
        match self.whereabouts(index, locator, (quotation, wanted), located, &places) {
            Whereabouts::There(came) => Some(came).filter(|came| came.len() == 1)?.pop(),
            Whereabouts::Nearly(_) | Whereabouts::Unknown | Whereabouts::Lost => None,
        }
    }

    /// Whether a quotation has drifted from a passage: near enough; or further, where the lock has it, its paragraph has
    /// changed, and a number, a name or a like word tells what has become of it. From what stands as it stood beside its
    /// own paragraph it has not.
    pub(super) fn has_drifted_from(
        &self,
        index: usize,
        locator: Option<&Locator>,
        wanted: &Wanted,
        passage: &Passage,
    ) -> bool {
        let is_there = |one: &Stood<'_>| match one.fate {
            Fate::Changed(at) => passage.paragraphs() == [small(at + 1)],
            Fate::Same(_) | Fate::Several(_) | Fate::Gone => false,
        };
        let stood = self.stood(index, locator, wanted);
        let is_untouched = |number: &u32| self.is_known(index, *number);
        if !stood.is_empty() && passage.paragraphs().iter().all(is_untouched) {
            return false;
        }
        let is_told = passage.unique && passage.sense().is_some();
        passage.near || (is_told && self.is_edited(index) && stood.iter().any(is_there))
    }

    /// Where the paragraphs are now in which a quotation without a locator stood, if it stands in none of them any more
    /// and is not known to have gone to any of the `places` where its words stand.
    pub(super) fn left(&self, index: usize, wanted: &Wanted, places: &[u32]) -> Option<Located> {
        let stood = self.left_behind(index, wanted, places);
        (!stood.is_empty()).then(|| self.present_of(index, &stood))
    }

    /// The durable ids of those paragraphs.
    pub(super) fn ids_left(&self, index: usize, wanted: &Wanted) -> Vec<Id> {
        let places = self.paragraphs_with(index, wanted);
        let stood = self.left_behind(index, wanted, &places).into_iter();
        stood.map(|one| one.id).collect()
    }

    /// Whether a quotation stood in one of the paragraphs of the lock to which a locator led.
    pub(super) fn stood_there(&self, index: usize, locator: &Locator, wanted: &Wanted) -> bool {
        !self.stood(index, Some(locator), wanted).is_empty()
    }

    /// Whether the lock has the paragraphs that a quotation is cited from, and it stood in none of them.
    pub(super) fn was_never_there(&self, index: usize, locator: &Locator, wanted: &Wanted) -> bool {
        self.is_edited(index)
            && !self.former_paragraphs(index, locator).is_empty()
            && !self.stood_there(index, locator, wanted)
    }

    fn left_behind(&self, index: usize, wanted: &Wanted, places: &[u32]) -> Vec<Stood<'_>> {
        if places.iter().any(|place| self.rested_on(index, *place)) {
            return Vec::new();
        }
        let stood = self.stood(index, None, wanted);
        let located = self.present_of(index, &stood);
        let is_left = self.stands_in(index, &located, wanted).is_none()
            && self.among_new(index, &stood, places).is_empty();
        if is_left { stood } else { Vec::new() }
    }

    /// The paragraphs of the lock in which a quotation stood: those of its locator, or all that do not stand unchanged.
    fn stood(&self, index: usize, locator: Option<&Locator>, wanted: &Wanted) -> Vec<Stood<'_>> {
        let former = match locator {
            Some(locator) => self.former_with(index, locator, wanted),
            None => self.changed_with(index, wanted),
        };
        let stood = former.into_iter().filter_map(|(locked, fate, range)| {
            Some(Stood {
                id: locked.id,
                words: locked.words()?,
                range,
                fate,
            })
        });
        stood.collect()
    }

    /// The paragraphs of the lock to which a locator led and in which a quotation stood, and where.
    fn former_with(&self, index: usize, locator: &Locator, wanted: &Wanted) -> Vec<Within<'_>> {
        let former = self.former_paragraphs(index, locator).into_iter();
        let with = former.filter_map(|(locked, fate)| {
            let words = Folded::new(locked.words()?);
            Some((locked, fate, wanted.find(&words)?.range))
        });
        with.collect()
    }

    /// Whether nothing but a quotation has changed in the only paragraph of a locator that has; none where it did not stand
    /// in that one.
    pub(super) fn is_all_of_change(
        &self,
        index: usize,
        locator: &Locator,
        wanted: &Wanted,
    ) -> Option<bool> {
        let former = self.former_paragraphs(index, locator).into_iter();
        let mut changed = former.filter_map(|(locked, fate)| match fate {
            Fate::Changed(at) => Some((locked.words()?, *at)),
            Fate::Same(_) | Fate::Several(_) | Fate::Gone => None,
        });
        let (words, at) = changed.next().filter(|_| changed.next().is_none())?;
        let range = wanted.find(&Folded::new(words))?.range;
        let (before, behind) = (&words[..range.start], &words[range.end..]);
        let folded = self.folded(index);
        let rest = folded[at].text.strip_prefix(before);
        Some(rest.is_some_and(|rest| rest.ends_with(behind)))
    }

    fn former_paragraphs(&self, index: usize, locator: &Locator) -> Vec<(&Locked, &Fate)> {
        let parts = locator.parts().iter();
        let former = parts.filter_map(|part| {
            let resolves = locate(&self.articles[index], part).is_ok();
            self.former(index, part, resolves)
        });
        let paragraphs = former.flat_map(|former: Former<'_>| former.paragraphs());
        paragraphs.map(|(_, locked, fate)| (locked, fate)).collect()
    }

    /// Those of some places whose paragraph is new, and has the sentence in which a quotation stood, if that is known, and
    /// that is not in its own paragraph still.
    fn among_new(&self, index: usize, stood: &[Stood<'_>], places: &[u32]) -> Vec<u32> {
        let folded = self.folded(index);
        let is_left = |one: &Stood<'_>| match one.fate {
            Fate::Changed(at) => sentences_are_left(one.words, &one.range, &folded[*at].text),
            Fate::Same(_) | Fate::Several(_) | Fate::Gone => false,
        };
        let goes_on = |number: u32| {
            let now = &folded[number as usize - 1].text;
            let mut stood = stood.iter();
            stood.any(|one| sentences_stand(one.words, &one.range, now) && !is_left(one))
        };
        // What the lock has of a quotation may be gone from the source longer than since its last edit.
        let is_new = |number: u32| match stood {
            [] => !self.stood_before(index, number),
            _ => !self.is_known(index, number) && goes_on(number),
        };
        let came = places.iter().copied().filter(|number| is_new(*number));
        came.collect()
    }

    fn present_of(&self, index: usize, stood: &[Stood<'_>]) -> Located {
        let places = stood.iter().flat_map(|one| match one.fate {
            Fate::Same(range) => range.clone(),
            Fate::Changed(at) => *at..*at + 1,
            Fate::Several(_) | Fate::Gone => 0..0,
        });
        let numbers = places.map(|at| small(at + 1));
        let mut paragraphs: Vec<u32> = numbers
            .filter(|number| !self.articles[index].omits(*number))
            .collect();
        paragraphs.sort_unstable();
        paragraphs.dedup();
        Located {
            paragraphs,
            of_title: false,
        }
    }
}
