//! Locators, followed from the revision of a source that the lock has to the present one.

use super::Verifier;
use super::changes::{Changes, changes};
use super::fold::Folded;
use super::folds::FoldedArticle;
use super::located::{Located, locate, present};
use super::revision::{self, Fate, Present, align, returned};
use super::wanted::Wanted;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, OnceLock};

use crate::diagnostic::Diagnostic;
use crate::lock::{Hash, Id, Locked, Settled};
use crate::reference::Locator;
use crate::source::{Shared, Span, small};

/// What an article was when its citations were settled, looked up when it is first asked for and kept as long as the
/// article and the lock are the same.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    settled: OnceLock<Option<Arc<Settled>>>,
    is_settled: OnceLock<bool>,
    revision: OnceLock<Option<Box<Revision>>>,
}

/// A source that has changed since its citations were settled.
#[derive(Debug)]
pub(super) struct Revision {
    /// What became of each of its paragraphs.
    pub(super) fates: Vec<Fate>,
    /// What became of those that were gone already.
    pub(super) gone: Vec<Fate>,
    /// Whether something that is cited has gone, changed, moved or come back, which `heal` has to settle.
    waits: bool,
    /// Whether each present paragraph stood in it unchanged.
    known: Vec<bool>,
}

/// Where a locator leads.
pub(super) struct Lead {
    pub(super) located: Located,
    pub(super) trail: Trail,
}

/// What became of the paragraphs that a locator led to.
#[derive(Debug)]
pub(super) enum Trail {
    /// They are where it says.
    Here,
    /// They stand elsewhere, unchanged.
    Moved,
    /// One has changed, and this is how; its number is the present one.
    Changed(u32, Changes),
    /// The words of one stand in several others.
    Several(Vec<u32>),
    /// Some are gone.
    Gone(Vec<Lost>),
    /// The source has changed, and the lock does not know which of its revisions the locator means.
    Unsettled,
}

/// A paragraph that is gone.
#[derive(Debug)]
pub(super) struct Lost {
    /// What the locator calls it: `¶2`, or its durable id.
    pub(super) name: String,
    /// Its words as they were.
    pub(super) words: String,
}

impl Trail {
    /// This or another, whichever is worse; all that is gone together.
    fn or_worse(self, other: Trail) -> Trail {
        match (self, other) {
            (Trail::Gone(mut lost), Trail::Gone(more)) => {
                lost.extend(more);
                Trail::Gone(lost)
            }
            (one, other) if other.gravity() > one.gravity() => other,
            (one, _) => one,
        }
    }

    fn gravity(&self) -> u8 {
        match self {
            Trail::Here => 0,
            Trail::Unsettled => 1,
            Trail::Moved => 2,
            Trail::Changed(..) => 3,
            Trail::Several(_) => 4,
            Trail::Gone(_) => 5,
        }
    }

    /// Whether it is not known where all paragraphs are.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Trail::Several(_) | Trail::Gone(_) => true,
            Trail::Here | Trail::Unsettled | Trail::Moved | Trail::Changed(..) => false,
        }
    }
}

impl Lead {
    /// Where this and another lead together.
    fn with(self, other: Lead) -> Lead {
        Lead {
            located: self.located.with(other.located),
            trail: self.trail.or_worse(other.trail),
        }
    }
}

impl Verifier {
    /// Where a locator leads; the quotations that belong to it help to decide.
    pub(super) fn lead(
        &self,
        index: usize,
        locator: &Locator,
        quotations: &[Wanted],
    ) -> Result<Lead, Box<Diagnostic>> {
        let leads = self.leads(index, locator, quotations)?;
        let lead = leads.into_iter().reduce(Lead::with);
        let mut lead = lead.unwrap_or_else(|| Lead {
            located: Located::default(),
            trail: Trail::Here,
        });
        if lead.trail.is_lost() && self.stands_any(index, &lead.located, quotations) {
            lead.trail = Trail::Moved;
        }
        Ok(lead)
    }

    /// Where each part of a locator leads.
    pub(super) fn leads(
        &self,
        index: usize,
        locator: &Locator,
        quotations: &[Wanted],
    ) -> Result<Vec<Lead>, Box<Diagnostic>> {
        let parts = locator.parts().iter();
        parts
            .map(|part| self.lead_of_part(index, part, quotations))
            .collect()
    }

    /// Whether one of some quotations stands in the located paragraphs.
    fn stands_any(&self, index: usize, located: &Located, quotations: &[Wanted]) -> bool {
        let found = |wanted| self.stands_in(index, located, wanted);
        quotations
            .iter()
            .any(|wanted| found(wanted).is_some_and(|found| found.altered.is_none()))
    }

    fn lead_of_part(
        &self,
        index: usize,
        locator: &Locator,
        quotations: &[Wanted],
    ) -> Result<Lead, Box<Diagnostic>> {
        let literal = locate(&self.articles[index], locator);
        let here = |located| Lead {
            located,
            trail: Trail::Here,
        };
        let Some(former) = self.former(index, locator, literal.is_ok()) else {
            return literal.map(|located| self.named(index, locator, located, quotations));
        };
        if let Former::Unknown { in_doubt } = former {
            let trail = if in_doubt {
                Trail::Unsettled
            } else {
                Trail::Here
            };
            return literal.map(|located| Lead { located, trail });
        }
        let lead = self.followed(index, &former, locator.span())?;
        let stands = |located: &Located| self.stands_any(index, located, quotations);
        let same = literal
            .as_ref()
            .is_ok_and(|literal| literal.numbers() == lead.located.numbers());
        if stands(&lead.located) {
            let by_name = matches!(locator, Locator::Name(..));
            let trail = if same || by_name {
                Trail::Here
            } else {
                Trail::Moved
            };
            return Ok(Lead { trail, ..lead });
        }
        match literal {
            // Words that stood in the former paragraph were cited from there, whatever stands under its number now.
            Ok(literal) if stands(&literal) && !former.has_any(quotations) => Ok(here(literal)),
            Ok(_) | Err(_) => Ok(lead),
        }
    }

    /// Where a name leads, or a locator of which the lock knows nothing.
    fn named(
        &self,
        index: usize,
        locator: &Locator,
        located: Located,
        quotations: &[Wanted],
    ) -> Lead {
        let former = match locator {
            Locator::Name(name, _) => self.former_bearer(index, name),
            Locator::Paragraphs(..) | Locator::Several(..) => None,
        };
        let trail = match former {
            Some((locked, number)) if !self.stands_any(index, &located, quotations) => {
                Trail::Changed(number, self.changes_of(index, locked, number))
            }
            Some(_) | None => Trail::Here,
        };
        Lead { located, trail }
    }

    /// Where the paragraphs of a locator are now.
    fn followed(
        &self,
        index: usize,
        former: &Former<'_>,
        span: Span,
    ) -> Result<Lead, Box<Diagnostic>> {
        let article = &self.articles[index];
        let mut paragraphs = Vec::new();
        let mut worst = Trail::Here;
        let number = |at: usize| small(at + 1);
        for (written, locked, fate) in former.paragraphs() {
            match fate {
                Fate::Same(range) => {
                    for at in range.clone() {
                        paragraphs.push(present(article, number(at), span)?);
                    }
                }
                Fate::Changed(at) => {
                    paragraphs.push(present(article, number(*at), span)?);
                    if matches!(worst, Trail::Here) {
                        let number = number(*at);
                        worst = Trail::Changed(number, self.changes_of(index, locked, number));
                    }
                }
                Fate::Several(places) => {
                    let places = places.iter().copied().map(number).collect();
                    worst = worst.or_worse(Trail::Several(places));
                }
                Fate::Gone => {
                    let by_id = || format!("`^{}`", locked.id);
                    let lost = Lost {
                        name: written.map_or_else(by_id, |at| format!("¶{}", at + 1)),
                        words: locked.words.as_deref().unwrap_or_default().to_owned(),
                    };
                    worst = worst.or_worse(Trail::Gone(vec![lost]));
                }
            }
        }
        let mut now = BTreeSet::new();
        paragraphs.retain(|number| now.insert(*number));
        if matches!(worst, Trail::Here) && former.numbers().is_some_and(|then| then != now) {
            worst = Trail::Moved;
        }
        Ok(Lead {
            located: Located {
                paragraphs,
                of_title: false,
            },
            trail: worst,
        })
    }

    /// What the lock knows of a locator; none where that changes nothing.
    pub(super) fn former(
        &self,
        index: usize,
        locator: &Locator,
        resolves: bool,
    ) -> Option<Former<'_>> {
        let settled = self.settled(index)?;
        match locator {
            // Each of its parts is followed by itself.
            Locator::Several(..) => None,
            Locator::Name(name, _) => {
                let id = Id::parse(name).filter(|_| !resolves)?;
                let (number, locked) = settled.find(id)?;
                let revision = self.revision(index)?;
                let fate = if let Some(number) = number {
                    &revision.fates[number - 1]
                } else {
                    let gone = settled.gone.iter().position(|gone| gone.id == id)?;
                    &revision.gone[gone]
                };
                Some(Former::ById(locked, fate))
            }
            Locator::Paragraphs(ranges, _) => {
                let revision = self.edited(index)?;
                let count = settled.paragraphs.len();
                let numbers = ranges.iter().flat_map(Clone::clone);
                let indexes: Vec<usize> = numbers
                    .take(count + 1)
                    .map(|number| number as usize - 1)
                    .collect();
                let locked = |at: &usize| settled.paragraphs.get(*at);
                let known = |at| locked(at).is_some_and(|locked| locked.words.is_some());
                let is_read_today = self.read_today.contains(&index);
                if is_read_today || !indexes.iter().all(known) {
                    let number = |at: &usize| small(at + 1);
                    let in_place = |at: &usize| self.is_in_place(index, number(at));
                    let other = |at: &usize| self.was_another(index, number(at));
                    // What is new and does not wait for `heal` is settled by the build itself.
                    let in_doubt = indexes.iter().any(other)
                        || revision.waits && !indexes.iter().all(in_place);
                    return Some(Former::Unknown { in_doubt });
                }
                let known = indexes.into_iter();
                Some(Former::ByNumber(
                    known
                        .map(|at| (at, &settled.paragraphs[at], &revision.fates[at]))
                        .collect(),
                ))
            }
        }
    }

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
            let former = settled.paragraphs.iter().map(revision::Former::from);
            let former: Vec<revision::Former<'_>> = former.collect();
            let fates = align(&former, present);
            let mut known = vec![false; words.len()];
            for fate in &fates {
                match fate {
                    Fate::Same(range) => known[range.clone()].fill(true),
                    Fate::Several(places) if places.len() == 1 => known[places[0]] = true,
                    Fate::Changed(_) | Fate::Several(_) | Fate::Gone => {}
                }
            }
            let gone = returned(&settled.gone, present, &known);
            let cited = (0..).zip(settled.paragraphs.iter().zip(&fates));
            let mut cited = cited.filter(|(_, (locked, _))| locked.words.is_some());
            let waits = cited.any(|(at, (_, fate))| !is_in_place(fate, at))
                || gone.iter().any(|fate| *fate != Fate::Gone)
                || !self.bears_its_names(index, settled);
            Some(Box::new(Revision {
                fates,
                gone,
                waits,
                known,
            }))
        });
        revision.as_deref()
    }

    /// The same, where the article is not as the lock has it.
    fn edited(&self, index: usize) -> Option<&Revision> {
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
        let cited = cited.filter(|(_, (locked, _))| locked.words.is_some());
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

    /// What became of a paragraph of the lock.
    fn fate(&self, index: usize, id: Id) -> Option<(&Locked, &Fate)> {
        let (settled, revision) = (self.settled(index)?, self.revision(index)?);
        let paragraphs = settled.paragraphs.iter().zip(&revision.fates);
        let mut all = paragraphs.chain(settled.gone.iter().zip(&revision.gone));
        all.find(|(locked, _)| locked.id == id)
    }

    /// Whether an article's names stand where those of the lock stood, by their numbers.
    fn bears_its_names(&self, index: usize, settled: &Settled) -> bool {
        settled.names.iter().all(|(name, id)| {
            let bearer = self.articles[index].document.named(name);
            let locked = |number: u32| settled.paragraphs.get(number as usize - 1);
            bearer.is_none_or(|now| locked(now.number).is_some_and(|locked| locked.id == *id))
        })
    }

    /// The paragraph of the lock that bore a name, if the one that bears it now has other words; with its number.
    pub fn former_bearer(&self, index: usize, name: &str) -> Option<(&Locked, u32)> {
        let id = self.settled(index)?.names.get(name)?;
        self.edited(index)?;
        let number = self.articles[index].document.named(name)?.number;
        let (locked, fate) = self.fate(index, *id)?;
        let at = number as usize - 1;
        let stays = matches!(fate, Fate::Same(range) if range.contains(&at));
        (!stays && self.hashes(index)[at] != locked.hash).then_some((locked, number))
    }

    /// What has changed of the words of a paragraph of the lock that has become a present one.
    fn changes_of(&self, index: usize, locked: &Locked, number: u32) -> Changes {
        let words = locked.words.as_deref().unwrap_or_default();
        let (folded, at) = (self.folded(index), number as usize - 1);
        let is_name = |word: &str| self.is_name_in(index, word);
        changes(words, &folded.words(at), folded[at].language, &is_name)
    }

    /// Whether the lock has a cited paragraph that stands unchanged in a present one.
    pub(super) fn rested_on(&self, index: usize, paragraph: u32) -> bool {
        let (Some(settled), Some(revision)) = (self.settled(index), self.edited(index)) else {
            return false;
        };
        let at = paragraph as usize - 1;
        let mut all = settled.paragraphs.iter().zip(&revision.fates);
        all.any(|(locked, fate)| {
            locked.words.is_some() && matches!(fate, Fate::Same(range) if range.contains(&at))
        })
    }

    /// The cited paragraphs of the lock that do not stand unchanged, and what became of them.
    pub(super) fn changed_paragraphs(&self, index: usize) -> Vec<(&Locked, &Fate)> {
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
        let edited = self.edited(index);
        edited.is_some_and(|revision| revision.known[paragraph as usize - 1])
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
        let here = Fate::Changed(paragraph as usize - 1);
        let paragraphs = settled.paragraphs.iter().zip(&revision.fates);
        let mut all = paragraphs.chain(settled.gone.iter().zip(&revision.gone));
        all.find(|(_, fate)| **fate == here)
            .map(|(locked, _)| locked)
    }

    /// The paragraph as it was that had a name which a present one bears.
    pub fn before_naming(&self, index: usize, paragraph: u32) -> Option<&Locked> {
        let mut names = self.settled(index)?.names.keys();
        names.find_map(|name| {
            let (locked, number) = self.former_bearer(index, name)?;
            (number == paragraph).then_some(locked)
        })
    }
}

/// What the lock has of a locator.
pub(super) enum Former<'v> {
    /// The paragraphs that it led to, by index, and what became of them.
    ByNumber(Vec<(usize, &'v Locked, &'v Fate)>),
    /// The paragraph of a durable id.
    ById(&'v Locked, &'v Fate),
    /// Nothing; whether that leaves it open which revision of the source the numbers were written for.
    Unknown { in_doubt: bool },
}

impl<'v> Former<'v> {
    /// The numbers that are written; none where a name is.
    fn numbers(&self) -> Option<BTreeSet<u32>> {
        match self {
            Former::ByNumber(all) => Some(all.iter().map(|(at, ..)| small(at + 1)).collect()),
            Former::ById(..) | Former::Unknown { .. } => None,
        }
    }

    /// Each paragraph: the index that is written, its words as they were, and its fate.
    pub(super) fn paragraphs(&self) -> Vec<(Option<usize>, &'v Locked, &'v Fate)> {
        match self {
            Former::ByNumber(all) => {
                let all = all.iter();
                all.map(|(at, locked, fate)| (Some(*at), *locked, *fate))
                    .collect()
            }
            Former::ById(locked, fate) => vec![(None, locked, fate)],
            Former::Unknown { .. } => Vec::new(),
        }
    }

    /// Whether one of some quotations stood in one of them.
    fn has_any(&self, quotations: &[Wanted]) -> bool {
        let words = self.paragraphs().into_iter();
        let mut words = words.filter_map(|(_, locked, _)| locked.words.as_deref());
        words.any(|words| {
            let folded = Folded::new(words);
            quotations
                .iter()
                .any(|wanted| wanted.find(&folded).is_some())
        })
    }
}

/// Whether a paragraph stands unchanged where it stood.
fn is_in_place(fate: &Fate, at: usize) -> bool {
    *fate == Fate::Same(at..at + 1)
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
