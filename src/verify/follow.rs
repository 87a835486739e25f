//! Locators, followed from the revision of a source that the lock has to the present one.

use super::Verifier;
use super::changes::{Changes, changes};
use super::located::{Located, locate, present};
use super::revision::{self, Fate, Present, align, returned};
use super::wanted::Wanted;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lock::{Hash, Id, Locked, Settled};
use crate::reference::{Citation, Locator};
use crate::source::{Shared, Span, Text};

/// A source that has changed since its citations were settled.
pub(super) struct Revision {
    /// What became of each of its paragraphs.
    fates: Vec<Fate>,
    /// What became of those that were gone already.
    gone: Vec<Fate>,
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
    /// One is gone: its number and words as they were.
    Gone(Option<u32>, String),
    /// The source has changed, and the lock does not know which of its revisions the locator means.
    Unsettled,
}

/// What `heal` makes of a locator whose source has changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Healing {
    /// It stays as it is.
    Keep,
    /// It takes the present numbers of its paragraphs.
    Renumber(Vec<u32>),
    /// Its one paragraph is gone or in doubt: it takes that paragraph's durable id, so that it never means another.
    Hold(Id),
    /// Some of its paragraphs are gone or in doubt: its author must say what it means.
    Wait,
}

/// What a citation means for the lock of its source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settling {
    /// What becomes of its locator.
    pub healing: Healing,
    /// The present paragraphs that it rests on.
    pub paragraphs: Vec<u32>,
    /// Those of them that have changed and that nothing of it verifies.
    pub drifted: Vec<u32>,
    /// The paragraph that it names by its durable id.
    pub held: Option<Id>,
}

impl Verifier<'_> {
    /// Where a locator leads; the quotations that belong to it help to decide.
    pub(super) fn lead(
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
            return literal.map(here);
        };
        if let Former::Unknown { moved } = former {
            let trail = if moved { Trail::Unsettled } else { Trail::Here };
            return literal.map(|located| Lead { located, trail });
        }
        let lead = self.followed(index, &former, locator.span())?;
        let stands = |located: &Located| {
            let found = |wanted| self.stands_in(index, located, wanted);
            quotations
                .iter()
                .any(|wanted| found(wanted).is_some_and(|found| found.altered.is_none()))
        };
        let same = literal
            .as_ref()
            .is_ok_and(|l| l.paragraphs == lead.located.paragraphs);
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
            Ok(literal) if stands(&literal) => Ok(here(literal)),
            Ok(_) | Err(_) => Ok(lead),
        }
    }

    /// Where the paragraphs of a locator are now.
    fn followed(
        &self,
        index: usize,
        former: &Former<'_>,
        span: Span,
    ) -> Result<Lead, Box<Diagnostic>> {
        let article = &self.articles[index];
        let mut paragraphs = BTreeSet::new();
        let mut worst = Trail::Here;
        let number = |at: usize| small(at + 1);
        for (written, locked, fate) in former.paragraphs() {
            match fate {
                Fate::Same(range) => {
                    for at in range.clone() {
                        paragraphs.insert(present(article, number(at), span)?);
                    }
                }
                Fate::Changed(at) => {
                    paragraphs.insert(present(article, number(*at), span)?);
                    if matches!(worst, Trail::Here) {
                        let words = locked.words.as_deref().unwrap_or_default();
                        let now = &self.folded(index)[*at];
                        let changes = changes(words, &now.text, now.language);
                        worst = Trail::Changed(number(*at), changes);
                    }
                }
                Fate::Several(places) if !matches!(worst, Trail::Gone(..)) => {
                    worst = Trail::Several(places.iter().copied().map(number).collect());
                }
                Fate::Several(_) => {}
                Fate::Gone => {
                    let words = locked.words.as_deref().unwrap_or_default();
                    worst = Trail::Gone(written.map(number), words.to_owned());
                }
            }
        }
        if matches!(worst, Trail::Here) && former.numbers().is_some_and(|then| then != paragraphs) {
            worst = Trail::Moved;
        }
        Ok(Lead {
            located: Located {
                paragraphs: paragraphs.into_iter().collect(),
                of_title: false,
            },
            trail: worst,
        })
    }

    /// What the lock knows of a locator; none where that changes nothing.
    fn former(&self, index: usize, locator: &Locator, resolves: bool) -> Option<Former<'_>> {
        let settled = self.settled(index)?;
        match locator {
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
                if !indexes.iter().all(known) {
                    let elsewhere = |at: &usize| {
                        locked(at).is_some() && revision.fates[*at] != Fate::Same(*at..*at + 1)
                    };
                    let moved = indexes.iter().any(elsewhere);
                    return Some(Former::Unknown { moved });
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

    /// What the lock has of an article.
    pub fn settled(&self, index: usize) -> Option<&Arc<Settled>> {
        self.lock?.article(&self.articles[index].key)
    }

    /// Whether an article is as the lock has it.
    pub fn is_settled(&self, index: usize) -> bool {
        self.settled(index)
            .is_some_and(|settled| settled.is(self.hashes(index)))
    }

    /// The hashes of an article's folded paragraphs.
    pub fn hashes(&self, index: usize) -> &[Hash] {
        self.folded(index).hashes()
    }

    /// The folded words of a paragraph; its own where folding changes nothing.
    pub fn words(&self, index: usize, paragraph: u32) -> Shared {
        let folded = self.folded(index).get(paragraph as usize - 1).text.as_str();
        let own = self.articles[index].document.paragraph(paragraph);
        let own = own.map(|paragraph| &paragraph.prose.text.text);
        own.filter(|own| *own == folded)
            .map_or_else(|| folded.into(), Shared::clone)
    }

    /// What became of an article's former paragraphs.
    fn revision(&self, index: usize) -> Option<&Revision> {
        let revision = self.revisions.get(index)?.get_or_init(|| {
            let settled = self.settled(index)?;
            let folded = self.folded(index);
            let words: Vec<&str> = folded.iter().map(|folded| folded.text.as_str()).collect();
            let present = Present {
                hashes: folded.hashes(),
                words: &words,
            };
            let former = settled.paragraphs.iter().map(revision::Former::from);
            let former: Vec<revision::Former<'_>> = former.collect();
            let fates = align(&former, present);
            let mut known = vec![false; words.len()];
            for fate in &fates {
                if let Fate::Same(range) = fate {
                    known[range.clone()].fill(true);
                }
            }
            Some(Box::new(Revision {
                gone: returned(&settled.gone, present, &known),
                fates,
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

    /// What a citation of paragraphs means for the lock; `quoted` are the quotations of its sentence or block quote.
    pub fn settling(&self, citation: &Citation, quoted: &[Text]) -> Option<(usize, Settling)> {
        let index = self.source_of(citation)?;
        let locator = citation.locator.as_ref()?;
        let (own, quoted) = (Self::own(citation), self.claimed(quoted));
        let quotations = own.as_ref().map_or(quoted.as_slice(), std::slice::from_ref);
        let lead = self.lead(index, locator, quotations).ok()?;
        let mut settling = Settling {
            healing: Healing::Keep,
            paragraphs: lead.located.paragraphs,
            drifted: Vec::new(),
            held: None,
        };
        if let Locator::Name(name, _) = locator {
            let settled = self.settled(index);
            let is_id = |id: &Id| settled.is_some_and(|settled| settled.find(*id).is_some());
            settling.held = Id::parse(name).filter(is_id);
            return Some((index, settling));
        }
        if let Some(paragraphs) = own.and_then(|own| self.came_to(index, &settling, &own)) {
            settling.healing = Healing::Renumber(paragraphs.clone());
            settling.paragraphs = paragraphs;
            return Some((index, settling));
        }
        settling.healing = match lead.trail {
            Trail::Here | Trail::Unsettled => Healing::Keep,
            Trail::Moved => Healing::Renumber(settling.paragraphs.clone()),
            Trail::Changed(..) => {
                settling.drifted = self.changed_among(index, &settling.paragraphs);
                Healing::Renumber(settling.paragraphs.clone())
            }
            Trail::Several(_) | Trail::Gone(..) => self.held(index, locator),
        };
        Some((index, settling))
    }

    /// The one paragraph that a quotation has come to since its source was edited.
    fn came_to(&self, index: usize, settling: &Settling, own: &Wanted) -> Option<Vec<u32>> {
        let located = Located {
            paragraphs: settling.paragraphs.clone(),
            of_title: false,
        };
        if self.is_settled(index) || self.stands_in(index, &located, own).is_some() {
            return None;
        }
        let places = self.paragraphs_with(index, own).into_iter();
        let mut came = places.filter(|number| !self.stood_before(index, *number));
        match (came.next(), came.next()) {
            (Some(only), None) => Some(vec![only]),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    fn changed_among(&self, index: usize, paragraphs: &[u32]) -> Vec<u32> {
        let Some(revision) = self.revision(index) else {
            return Vec::new();
        };
        let changed = revision.fates.iter().chain(&revision.gone);
        let changed = changed.filter_map(|fate| match fate {
            Fate::Changed(at) => Some(small(at + 1)),
            Fate::Same(_) | Fate::Several(_) | Fate::Gone => None,
        });
        changed
            .filter(|number| paragraphs.contains(number))
            .collect()
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

    fn held(&self, index: usize, locator: &Locator) -> Healing {
        match self.former(index, locator, true) {
            Some(Former::ByNumber(all)) if all.len() == 1 => Healing::Hold(all[0].1.id),
            Some(Former::ByNumber(_) | Former::ById(..) | Former::Unknown { .. }) | None => {
                Healing::Wait
            }
        }
    }
}

/// What the lock has of a locator.
enum Former<'v> {
    /// The paragraphs that it led to, by index, and what became of them.
    ByNumber(Vec<(usize, &'v Locked, &'v Fate)>),
    /// The paragraph of a durable id.
    ById(&'v Locked, &'v Fate),
    /// Nothing; whether the numbers mean other paragraphs now than they did.
    Unknown { moved: bool },
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
    fn paragraphs(&self) -> Vec<(Option<usize>, &'v Locked, &'v Fate)> {
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
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
