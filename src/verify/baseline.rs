//! What the lock has of an article, and what became of its paragraphs since.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::Verifier;
use super::changes::{Changes, changes};
use super::fold::Folded;
use super::folds::FoldedArticle;
use super::revision::{self, Fate, Present, align, returned};
use super::tokens::Index;
use super::wanted::Wanted;
use crate::lock::{Hash, Id, Locked, Settled};
use crate::source::{Shared, small};

/// What an article was when its citations were settled, looked up when it is first asked for and kept as long as the
/// article and the lock are the same.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    settled: OnceLock<Option<Arc<Settled>>>,
    is_settled: OnceLock<bool>,
    /// Where each paragraph of the lock stands among all of them, those that are gone last.
    places: OnceLock<Box<Places>>,
    revision: OnceLock<Option<Box<Revision>>>,
    unsteady: OnceLock<Box<Unsteady>>,
}

/// Boxed where most are never asked for.
#[derive(Debug)]
struct Places(HashMap<Id, usize>);

/// The words of the cited paragraphs of the lock that do not stand unchanged, to be looked through.
#[derive(Debug)]
struct Unsteady {
    /// Each folded, with its id; ¶N of the index is at index N − 1.
    texts: Vec<(Id, Folded)>,
    index: Index,
}

/// A paragraph of the lock, what became of it, and where some words stand in its own.
pub(super) type Within<'v> = (&'v Locked, &'v Fate, Range<usize>);

/// A source that has changed since its citations were settled.
#[derive(Debug)]
pub(super) struct Revision {
    /// What became of each of its paragraphs.
    pub(super) fates: Vec<Fate>,
    /// What became of those that were gone already.
    pub(super) gone: Vec<Fate>,
    /// Whether something that is cited has gone, changed, moved or come back, which `heal` has to settle.
    pub(super) waits: bool,
    /// What each present paragraph comes from.
    origins: Vec<Origin>,
}

/// What a present paragraph comes from.
#[derive(Clone, Copy, Debug, Default)]
struct Origin {
    /// Whether it, or part of it, stood in the source as it is.
    known: bool,
    /// Whether that was cited.
    rested: bool,
    /// The paragraph as it was that has become it, changed; by index.
    changed: Option<usize>,
}

impl Verifier {
    /// What the lock has of an article, under its present ID or a former one.
    pub fn settled(&self, index: usize) -> Option<&Arc<Settled>> {
        let settled = self.baselines[index].settled.get_or_init(|| {
            let settled = self.settled_as(index);
            settled.or_else(|| self.inherited(index)).map(Arc::clone)
        });
        settled.as_ref()
    }

    /// Whether an article is as the lock has it.
    pub fn is_settled(&self, index: usize) -> bool {
        *self.baselines[index].is_settled.get_or_init(|| {
            self.settled(index).is_some_and(|settled| {
                settled.is(self.hashes(index)) && self.bears_its_names(index, settled)
            })
        })
    }

    /// The hashes of an article's folded paragraphs.
    pub fn hashes(&self, index: usize) -> &[Hash] {
        self.folded(index).hashes()
    }

    /// The folded words of a paragraph; its own where folding changes nothing.
    pub fn words(&self, index: usize, paragraph: u32) -> Shared {
        let folded = self.folded(index).words(paragraph as usize - 1);
        let own = self.articles[index].document.paragraph(paragraph);
        let own = own.map(|paragraph| &paragraph.prose.text.text);
        own.filter(|own| own.as_ref() == folded)
            .map_or_else(|| folded.into_owned().into(), Shared::clone)
    }

    /// What became of an article's former paragraphs.
    pub(super) fn revision(&self, index: usize) -> Option<&Revision> {
        let revision = self.baselines[index].revision.get_or_init(|| {
            let settled = self.settled(index)?;
            let folded = self.folded(index);
            let all = 0..self.articles[index].document.paragraphs.len();
            let words: Vec<Cow<'_, str>> = all.map(|index| folded.words(index)).collect();
            let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
            let hashes = hashes_as_in(settled, folded);
            let present = Present {
                hashes: &hashes,
                words: &words,
            };
            let namesakes = self.namesakes(index, settled);
            let former = settled.paragraphs.iter().map(|locked| {
                let namesake = namesakes.get(&locked.id).copied();
                revision::Former::from(locked).with_namesake(namesake)
            });
            let former: Vec<revision::Former<'_>> = former.collect();
            let fates = align(&former, present);
            let origins = origins(settled, &fates, words.len());
            let known: Vec<bool> = origins.iter().map(|origin| origin.known).collect();
            let gone = returned(&settled.gone, present, &known);
            let cited = (0..).zip(settled.paragraphs.iter().zip(&fates));
            let mut cited = cited.filter(|(_, (locked, _))| locked.is_cited());
            let waits = cited.any(|(at, (_, fate))| !is_in_place(fate, at))
                || gone.iter().any(|fate| *fate != Fate::Gone)
                || !self.bears_its_names(index, settled);
            Some(Box::new(Revision {
                fates,
                gone,
                waits,
                origins,
            }))
        });
        revision.as_deref()
    }

    /// The present paragraphs that bear the names of the lock, by the ids of those that bore them.
    fn namesakes(&self, index: usize, settled: &Settled) -> HashMap<Id, usize> {
        let document = &self.articles[index].document;
        let namesakes = settled.names.iter();
        let namesakes = namesakes
            .filter_map(|(name, id)| Some((*id, document.named(name)?.number as usize - 1)));
        namesakes.collect()
    }

    /// The same, where the article is not as the lock has it.
    pub(super) fn edited(&self, index: usize) -> Option<&Revision> {
        let edited = !self.is_settled(index);
        edited.then(|| self.revision(index)).flatten()
    }

    /// Whether an article is not as the lock has it.
    pub fn is_edited(&self, index: usize) -> bool {
        self.settled(index).is_some() && !self.is_settled(index)
    }

    /// Whether citations of an edited article wait for `heal`; else a build may settle it as it is now.
    pub fn waits(&self, index: usize) -> bool {
        self.edited(index).is_some_and(|revision| revision.waits)
    }

    /// Whether a paragraph stands unchanged under the number that it had.
    pub fn is_in_place(&self, index: usize, number: u32) -> bool {
        let at = number as usize - 1;
        let fate = self
            .revision(index)
            .and_then(|revision| revision.fates.get(at));
        fate.is_some_and(|fate| is_in_place(fate, at))
    }

    /// Whether a number meant another paragraph when the citations of its article were settled.
    pub fn was_another(&self, index: usize, number: u32) -> bool {
        let settled = self.settled(index);
        settled.is_some_and(|settled| number as usize <= settled.paragraphs.len())
            && !self.is_in_place(index, number)
    }

    /// The cited paragraphs of an edited article that stand elsewhere now: the number of each, and the present one.
    pub fn moved(&self, index: usize) -> Vec<(u32, u32)> {
        let Some((settled, revision)) = self.settled(index).zip(self.edited(index)) else {
            return Vec::new();
        };
        let cited = (0..).zip(settled.paragraphs.iter().zip(&revision.fates));
        let cited = cited.filter(|(_, (locked, _))| locked.is_cited());
        let places = cited.filter_map(|(then, (_, fate))| match fate {
            Fate::Same(range) => Some((then, range.start)),
            Fate::Changed(at) => Some((then, *at)),
            Fate::Several(_) | Fate::Gone => None,
        });
        let moved = places.filter(|(then, now)| then != now);
        moved
            .map(|(then, now)| (small(then + 1), small(now + 1)))
            .collect()
    }

    /// Whether a paragraph of an article was cited when the lock was written.
    pub fn was_cited(&self, index: usize, number: u32) -> bool {
        let at = (number as usize).checked_sub(1);
        let locked = at
            .zip(self.settled(index))
            .and_then(|(at, settled)| settled.paragraphs.get(at));
        locked.is_some_and(Locked::is_cited)
    }

    /// What became of a paragraph of the lock.
    pub(super) fn fate(&self, index: usize, id: Id) -> Option<(&Locked, &Fate)> {
        let settled = self.settled(index)?;
        let places = self.baselines[index].places.get_or_init(|| {
            let ids = settled.all().map(|locked| locked.id);
            Box::new(Places(ids.zip(0..).collect()))
        });
        let at = *places.0.get(&id)?;
        let (revision, count) = (self.revision(index)?, settled.paragraphs.len());
        Some(match at.checked_sub(count) {
            None => (&settled.paragraphs[at], &revision.fates[at]),
            Some(gone) => (&settled.gone[gone], &revision.gone[gone]),
        })
    }

    /// Whether an article's names stand where those of the lock stood, by their numbers.
    fn bears_its_names(&self, index: usize, settled: &Settled) -> bool {
        settled.names.iter().all(|(name, id)| {
            let bearer = self.articles[index].document.named(name);
            let locked = |number: u32| settled.paragraphs.get(number as usize - 1);
            bearer.is_none_or(|now| locked(now.number).is_some_and(|locked| locked.id == *id))
        })
    }

    /// The paragraph of the lock that bore a name, and what became of it, if the one that bears it now has other words; with
    /// the number of that.
    pub fn former_bearer(&self, index: usize, name: &str) -> Option<(&Locked, &Fate, u32)> {
        let id = self.settled(index)?.names.get(name)?;
        self.edited(index)?;
        let number = self.articles[index].document.named(name)?.number;
        let (locked, fate) = self.fate(index, *id)?;
        let at = number as usize - 1;
        let stays = matches!(fate, Fate::Same(range) if range.contains(&at));
        (!stays && self.hashes(index)[at] != locked.hash).then_some((locked, fate, number))
    }

    /// The paragraph of the lock that bore a name, if it was split and one of its pieces bears it now.
    pub(super) fn split_bearer(&self, index: usize, name: &str) -> Option<(&Locked, &Fate)> {
        let id = self.settled(index)?.names.get(name)?;
        self.edited(index)?;
        let at = self.articles[index].document.named(name)?.number as usize - 1;
        let (locked, fate) = self.fate(index, *id)?;
        let is_split = |range: &Range<usize>| range.len() > 1 && range.contains(&at);
        matches!(fate, Fate::Same(range) if is_split(range)).then_some((locked, fate))
    }

    /// What has changed of the words of a paragraph of the lock that has become a present one.
    pub(super) fn changes_of(&self, index: usize, locked: &Locked, number: u32) -> Changes {
        let words = locked.words().unwrap_or_default();
        let (folded, at) = (self.folded(index), number as usize - 1);
        let is_name = |word: &str| self.is_name_in(index, word);
        changes(words, &folded.words(at), folded[at].language, &is_name)
    }

    /// Whether the lock has a cited paragraph that stands unchanged in a present one.
    pub(super) fn rested_on(&self, index: usize, paragraph: u32) -> bool {
        let edited = self.edited(index);
        edited.is_some_and(|revision| revision.origins[paragraph as usize - 1].rested)
    }

    /// The cited paragraphs of the lock that do not stand unchanged and in which a quotation stood, and where.
    pub(super) fn changed_with(&self, index: usize, wanted: &Wanted) -> Vec<Within<'_>> {
        let unsteady = self.unsteady(index);
        let texts = &unsteady.texts;
        let some = wanted.may_stand_in(&unsteady.index);
        let numbers = some.unwrap_or_else(|| (1..).take(texts.len()).collect());
        let all = numbers.into_iter().filter_map(|number| {
            let (id, text) = &texts[number as usize - 1];
            let (locked, fate) = self.fate(index, *id)?;
            Some((locked, fate, wanted.find(text)?.range))
        });
        all.collect()
    }

    fn unsteady(&self, index: usize) -> &Unsteady {
        self.baselines[index].unsteady.get_or_init(|| {
            let changed = self.changed_paragraphs(index).into_iter();
            let texts =
                changed.filter_map(|(locked, _)| Some((locked.id, Folded::new(locked.words()?))));
            let texts: Vec<(Id, Folded)> = texts.collect();
            let numbered = (1..).zip(texts.iter().map(|(_, text)| text));
            Box::new(Unsteady {
                index: Index::new(numbered),
                texts,
            })
        })
    }

    /// The paragraphs of the lock that do not stand unchanged, and what became of them.
    fn changed_paragraphs(&self, index: usize) -> Vec<(&Locked, &Fate)> {
        let Some(settled) = self.settled(index) else {
            return Vec::new();
        };
        if self.is_settled(index) && settled.gone.is_empty() {
            return Vec::new();
        }
        let Some(revision) = self.revision(index) else {
            return Vec::new();
        };
        let paragraphs = settled.paragraphs.iter().zip(&revision.fates);
        let all = paragraphs.chain(settled.gone.iter().zip(&revision.gone));
        all.filter(|(_, fate)| !matches!(fate, Fate::Same(_)))
            .collect()
    }

    /// Whether a paragraph stood in the source as it is when its citations were settled, and the source has changed
    /// since: then words in it have not come from elsewhere.
    pub(super) fn stood_before(&self, index: usize, paragraph: u32) -> bool {
        self.is_edited(index) && self.is_known(index, paragraph)
    }

    /// Whether the lock has a paragraph as it is.
    pub(super) fn is_known(&self, index: usize, paragraph: u32) -> bool {
        let revision = self.revision(index);
        revision.is_some_and(|revision| revision.origins[paragraph as usize - 1].known)
    }

    /// The durable id that each present paragraph of an article has had.
    pub fn ids(&self, index: usize) -> Vec<Option<Id>> {
        let mut ids = vec![None; self.hashes(index).len()];
        let (Some(settled), Some(revision)) = (self.settled(index), self.revision(index)) else {
            return ids;
        };
        let mut give = |at: usize, id: Id| {
            if ids[at].is_none() {
                ids[at] = Some(id);
            }
        };
        let all = || {
            settled
                .paragraphs
                .iter()
                .zip(&revision.fates)
                .chain(settled.gone.iter().zip(&revision.gone))
        };
        // Who stands there unchanged comes before who has changed.
        for (locked, fate) in all() {
            if let Fate::Same(range) = fate {
                give(range.start, locked.id);
            }
        }
        for (locked, fate) in all() {
            if let Fate::Changed(at) = fate {
                give(*at, locked.id);
            }
        }
        ids
    }

    /// The paragraph as it was that has become a changed one.
    pub fn before_change(&self, index: usize, paragraph: u32) -> Option<&Locked> {
        let (settled, revision) = (self.settled(index)?, self.revision(index)?);
        let origin = revision.origins.get(paragraph as usize - 1)?;
        settled.paragraphs.get(origin.changed?)
    }

    /// The paragraph as it was that had a name which a present one bears.
    pub fn before_naming(&self, index: usize, paragraph: u32) -> Option<&Locked> {
        let bearer = self.articles[index].document.paragraph(paragraph)?;
        let (locked, _, number) = self.former_bearer(index, bearer.name()?)?;
        (number == paragraph).then_some(locked)
    }
}

/// Whether a paragraph stands unchanged where it stood.
fn is_in_place(fate: &Fate, at: usize) -> bool {
    *fate == Fate::Same(at..at + 1)
}

/// What each of so many present paragraphs comes from.
fn origins(settled: &Settled, fates: &[Fate], count: usize) -> Vec<Origin> {
    let mut origins = vec![Origin::default(); count];
    for (then, (locked, fate)) in settled.paragraphs.iter().zip(fates).enumerate() {
        match fate {
            Fate::Same(range) => {
                for origin in &mut origins[range.clone()] {
                    origin.known = true;
                    origin.rested |= locked.is_cited();
                }
            }
            Fate::Several(places) if places.len() == 1 => origins[places[0]].known = true,
            Fate::Changed(at) => origins[*at].changed = Some(then),
            Fate::Several(_) | Fate::Gone => {}
        }
    }
    origins
}

/// The hashes of an article's paragraphs, or those of their words alone where the lock has these: an older one knows
/// nothing of images and of the depth of code, and is not disturbed by them.
fn hashes_as_in<'v>(settled: &Settled, folded: FoldedArticle<'v>) -> Cow<'v, [Hash]> {
    let own = folded.hashes();
    let alone: Vec<(usize, Hash)> = folded.hashes_of_words().collect();
    let known: HashSet<Hash> = settled.paragraphs.iter().map(|one| one.hash).collect();
    let is_older = alone.iter().any(|(_, hash)| known.contains(hash))
        && !alone.iter().any(|(at, _)| known.contains(&own[*at]));
    let mut hashes = Cow::Borrowed(own);
    if is_older {
        for (at, hash) in alone {
            hashes.to_mut()[at] = hash;
        }
    }
    hashes
}
