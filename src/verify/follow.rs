//! Locators, followed from the revision of a source that the lock has to the present one.

use super::Verifier;
use super::changes::Changes;
use super::fold::Folded;
use super::located::{Located, locate, present};
use super::report::shown;
use super::revision::Fate;
use super::wanted::Wanted;
use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::lock::{Id, Locked};
use crate::reference::Locator;
use crate::source::small;

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
    /// A name stands at another one, by its number, and what bore it stands unchanged in these.
    Renamed(String, u32, Vec<u32>),
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
    /// Where the same words stand now, as those of other paragraphs.
    pub(super) stands: Vec<u32>,
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
            Trail::Changed(_, changes) if changes.sense.is_none() => 3,
            Trail::Changed(..) | Trail::Renamed(..) => 4,
            Trail::Several(_) => 5,
            Trail::Gone(_) => 6,
        }
    }

    /// Whether it is not known where all paragraphs are.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Trail::Several(_) | Trail::Gone(_) => true,
            Trail::Here
            | Trail::Unsettled
            | Trail::Moved
            | Trail::Changed(..)
            | Trail::Renamed(..) => false,
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
        Ok(lead.unwrap_or_else(|| Lead {
            located: Located::default(),
            trail: Trail::Here,
        }))
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
    pub(super) fn stands_any(
        &self,
        index: usize,
        located: &Located,
        quotations: &[Wanted],
    ) -> bool {
        let mut quotations = quotations.iter();
        quotations.any(|wanted| self.stands_unaltered(index, located, wanted))
    }

    /// Whether there are quotations, and all stand in the located paragraphs.
    fn stand_all(&self, index: usize, located: &Located, quotations: &[Wanted]) -> bool {
        let mut all = quotations.iter();
        !quotations.is_empty() && all.all(|wanted| self.stands_unaltered(index, located, wanted))
    }

    /// Whether a quotation stands in the located paragraphs as it is.
    pub(super) fn stands_unaltered(
        &self,
        index: usize,
        located: &Located,
        wanted: &Wanted,
    ) -> bool {
        let found = self.stands_in(index, located, wanted);
        found.is_some_and(|found| found.altered.is_none())
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
            return self.named(index, locator, literal?, quotations);
        };
        if let Former::Unknown { in_doubt } = former {
            let trail = if in_doubt {
                Trail::Unsettled
            } else {
                Trail::Here
            };
            return literal.map(|located| Lead { located, trail });
        }
        let lead = self.followed(index, &former, locator)?;
        let stands = |located: &Located| self.stands_any(index, located, quotations);
        let same = literal
            .as_ref()
            .is_ok_and(|literal| literal.numbers() == lead.located.numbers());
        // Words of one paragraph say nothing of another one that is gone.
        if !lead.trail.is_lost() && stands(&lead.located) {
            let by_id = matches!(former, Former::ById(..));
            let trail = if same || by_id {
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
    ) -> Result<Lead, Box<Diagnostic>> {
        let here = |located| Lead {
            located,
            trail: Trail::Here,
        };
        let Locator::Name(name, _) = locator else {
            return Ok(here(located));
        };
        let split = self.split_bearer(index, name);
        if let Some((locked, fate)) = split.filter(|_| !self.stand_all(index, &located, quotations))
        {
            return self.followed(index, &Former::ByName(locked, fate), locator);
        }
        if self.stands_any(index, &located, quotations) {
            return Ok(here(located));
        }
        let trail = match self.former_bearer(index, name) {
            Some((_, Fate::Same(range), number)) => Trail::Renamed(
                name.clone(),
                number,
                range.clone().map(|at| small(at + 1)).collect(),
            ),
            Some((locked, _, number)) => {
                Trail::Changed(number, self.changes_of(index, locked, number))
            }
            None => Trail::Here,
        };
        Ok(Lead { located, trail })
    }

    /// Whether a name is that of a paragraph of the lock, and no present one bears it.
    pub fn is_lost_name(&self, index: usize, name: &str) -> bool {
        let settled = self.settled(index);
        settled.is_some_and(|settled| settled.names.contains_key(name))
            && self.articles[index].document.named(name).is_none()
    }

    /// Where the paragraphs of a locator are now.
    fn followed(
        &self,
        index: usize,
        former: &Former<'_>,
        locator: &Locator,
    ) -> Result<Lead, Box<Diagnostic>> {
        let article = &self.articles[index];
        let span = locator.span();
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
                    let number = number(*at);
                    let changes = self.changes_of(index, locked, number);
                    worst = worst.or_worse(Trail::Changed(number, changes));
                }
                Fate::Several(places) => {
                    let places = places.iter().copied().map(number).collect();
                    worst = worst.or_worse(Trail::Several(places));
                }
                Fate::Gone => {
                    let lost = Lost {
                        name: written.map_or_else(|| shown(locator), |at| format!("¶{}", at + 1)),
                        words: locked.words().unwrap_or_default().to_owned(),
                        stands: self.numbers_of(index, locked.hash),
                    };
                    worst = worst.or_worse(Trail::Gone(vec![lost]));
                }
            }
        }
        let mut now = BTreeSet::new();
        paragraphs.retain(|number| now.insert(*number));
        if matches!(worst, Trail::Here) && former.is_outdated(&now) {
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
                if resolves {
                    return None;
                }
                let lost = self.is_lost_name(index, name);
                let bore = settled.names.get(name).filter(|_| lost);
                let id = bore.copied().or_else(|| Id::parse(name))?;
                let (locked, fate) = self.fate(index, id)?;
                Some(match bore {
                    Some(_) => Former::ByName(locked, fate),
                    None => Former::ById(locked, fate),
                })
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
                let known = |at| locked(at).is_some_and(Locked::is_cited);
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
}

/// What the lock has of a locator.
pub(super) enum Former<'v> {
    /// The paragraphs that it led to, by index, and what became of them.
    ByNumber(Vec<(usize, &'v Locked, &'v Fate)>),
    /// The paragraph of a durable id.
    ById(&'v Locked, &'v Fate),
    /// The paragraph that bore a name which none bears now.
    ByName(&'v Locked, &'v Fate),
    /// Nothing; whether that leaves it open which revision of the source the numbers were written for.
    Unknown { in_doubt: bool },
}

impl<'v> Former<'v> {
    /// The numbers that are written; none where a name is.
    fn numbers(&self) -> Option<BTreeSet<u32>> {
        match self {
            Former::ByNumber(all) => Some(all.iter().map(|(at, ..)| small(at + 1)).collect()),
            Former::ById(..) | Former::ByName(..) | Former::Unknown { .. } => None,
        }
    }

    /// Whether the locator must be written otherwise where its paragraphs are these now.
    fn is_outdated(&self, now: &BTreeSet<u32>) -> bool {
        matches!(self, Former::ByName(..)) || self.numbers().is_some_and(|then| then != *now)
    }

    /// Each paragraph: the index that is written, its words as they were, and its fate.
    pub(super) fn paragraphs(&self) -> Vec<(Option<usize>, &'v Locked, &'v Fate)> {
        match self {
            Former::ByNumber(all) => {
                let all = all.iter();
                all.map(|(at, locked, fate)| (Some(*at), *locked, *fate))
                    .collect()
            }
            Former::ById(locked, fate) | Former::ByName(locked, fate) => vec![(None, locked, fate)],
            Former::Unknown { .. } => Vec::new(),
        }
    }

    /// Whether one of some quotations stood in one of them.
    fn has_any(&self, quotations: &[Wanted]) -> bool {
        let words = self.paragraphs().into_iter();
        let mut words = words.filter_map(|(_, locked, _)| locked.words());
        words.any(|words| {
            let folded = Folded::new(words);
            quotations
                .iter()
                .any(|wanted| wanted.find(&folded).is_some())
        })
    }
}
