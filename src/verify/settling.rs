//! What a citation means for the lock of its source, and what its locator becomes there.

use super::Verifier;
use super::carried::LEAST_CARRIED;
use super::follow::{Former, Lead, Trail};
use super::located::locate;
use super::report::{is_single, word_count, written};
use super::revision::Fate;
use super::wanted::Wanted;
use crate::lock::Id;
use crate::manuscript::Article;
use crate::reference::{Citation, Locator};
use crate::source::{Text, small};

/// What a locator becomes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rewriting {
    /// The present numbers of its paragraphs.
    pub paragraphs: Vec<u32>,
    /// Names behind them: durable ids of paragraphs that are gone or in doubt, so that it never means others.
    pub names: Vec<String>,
}

/// What a citation means for the lock of its source.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settling {
    /// What becomes of its locator; none where it stays as it is.
    pub rewriting: Option<Rewriting>,
    /// What is left of it where some of its paragraphs are gone or in doubt: its author must say whether that will do.
    pub remaining: Option<Rewriting>,
    /// The present paragraphs that it rests on.
    pub paragraphs: Vec<u32>,
    /// Those of them that have changed and that nothing of it verifies.
    pub drifted: Vec<u32>,
    /// Whether it quotes words, or its sentence has quoted some of them, which say more than its paragraphs.
    quotes: bool,
    /// Where it has no locator: the paragraphs of the lock that its quotation has left, which nothing else holds.
    pub kept: Vec<Id>,
    /// The names that it has now.
    names: Vec<String>,
}

impl Settling {
    /// Of a locator of these paragraphs, which nothing verifies; where it is rewritten, to others.
    pub fn of_numbers(paragraphs: Vec<u32>, rewritten: Option<Vec<u32>>) -> Self {
        let rewriting = |paragraphs| Rewriting {
            paragraphs,
            names: Vec::new(),
        };
        Settling {
            rewriting: rewritten.map(rewriting),
            paragraphs,
            ..Settling::default()
        }
    }

    /// Lets it lead to the first of its paragraphs alone.
    pub fn lead_to_first(&mut self) {
        self.paragraphs.truncate(1);
        if let Some(Rewriting { paragraphs, names }) = &mut self.rewriting {
            paragraphs.truncate(1);
            names.truncate(1 - paragraphs.len());
        }
    }

    /// Whether it holds as soon as a paragraph that has changed is accepted.
    pub fn is_accepted_with(&self, paragraph: u32) -> bool {
        !self.quotes && self.drifted.contains(&paragraph)
    }

    /// Whether it quotes words that a paragraph which has changed had: these would be forgotten with what it was.
    pub fn quotes_former(&self, paragraph: u32) -> bool {
        self.quotes && self.drifted.contains(&paragraph)
    }

    /// The names that it has now.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The paragraphs that it will name by their durable ids, or that the lock must keep for it.
    pub fn held(&self) -> impl Iterator<Item = Id> {
        let rewritten = self.rewriting.as_ref();
        let names = rewritten.map_or(&self.names, |rewriting| &rewriting.names);
        let named = names.iter().filter_map(|name| Id::parse(name));
        named.chain(self.kept.iter().copied())
    }
}

impl Verifier {
    /// What a citation means for the lock, none of a source as a whole; `quoted` are the quotations of its sentence or block
    /// quote, which it may carry `alone`.
    pub fn settling(
        &self,
        citation: &Citation,
        quoted: &[Text],
        alone: bool,
    ) -> Option<(usize, Settling)> {
        let (index, mut settling) = self.settling_of(citation, quoted, alone)?;
        if let Some(locator) = citation.locator.as_ref() {
            let own = Rewriting {
                paragraphs: written(locator),
                names: settling.names.clone(),
            };
            settling.rewriting = settling.rewriting.filter(|rewriting| *rewriting != own);
        }
        Some((index, settling))
    }

    /// The same, with what its locator becomes where that is what it is, too.
    fn settling_of(
        &self,
        citation: &Citation,
        quoted: &[Text],
        alone: bool,
    ) -> Option<(usize, Settling)> {
        let index = self.source_of(citation)?;
        let carried = self.sole_carried(quoted).filter(|_| alone);
        let (own, quoted) = (Self::own(citation), self.claimed(quoted));
        let quotations = own.as_ref().map_or(quoted.as_slice(), std::slice::from_ref);
        let mut settling = Settling {
            quotes: own.is_some(),
            ..Settling::default()
        };
        let Some(locator) = citation.locator.as_ref() else {
            let left = quotations
                .iter()
                .flat_map(|wanted| self.ids_left(index, wanted));
            settling.kept = left.collect();
            return (!quotations.is_empty()).then_some((index, settling));
        };
        settling.names = locator.names().map(str::to_owned).collect();
        let Ok(lead) = self.lead(index, locator, quotations) else {
            let known = self.left_out(index, locator)?;
            settling.paragraphs.clone_from(&known.paragraphs);
            settling.drifted = self.changed_among(index, &known.paragraphs);
            settling.rewriting = Some(known);
            return Some((index, settling));
        };
        let located = lead.located;
        settling.paragraphs.clone_from(&located.paragraphs);
        let is_named = matches!(locator, Locator::Name(name, _) if !self.is_lost_name(index, name));
        let sole = citation.quotation.as_deref().or(carried);
        let came_to = |(quotation, wanted): (&Text, &Wanted)| {
            self.came_to(index, locator, (&quotation.text, wanted), &located)
        };
        let sole = sole.zip(quotations.first()).filter(|_| !is_named);
        if let Some(number) = sole.and_then(came_to) {
            let rewriting = if is_single(locator) {
                Rewriting {
                    paragraphs: vec![number],
                    names: Vec::new(),
                }
            } else {
                // The others are cited, too, and nothing was quoted of them.
                let leads = self.leads(index, locator, quotations).ok()?;
                let mut held = self.held(index, locator, &leads);
                held.paragraphs.push(number);
                held
            };
            settling.paragraphs.clone_from(&rewriting.paragraphs);
            settling.rewriting = Some(rewriting);
            return Some((index, settling));
        }
        let is_as_it_was = matches!(lead.trail, Trail::Here | Trail::Moved | Trail::Unsettled);
        if !is_as_it_was && !self.stands_any(index, &located, quotations) {
            settling.drifted = self.changed_among(index, &settling.paragraphs);
            // What its sentence quoted from there is to be accepted or mended first.
            let mut quotations = quotations.iter();
            settling.quotes |= quotations.any(|one| !self.was_never_there(index, locator, one));
        }
        if is_named && !matches!(lead.trail, Trail::Moved) {
            return Some((index, settling));
        }
        let leads = self.leads(index, locator, quotations).ok()?;
        let rewriting = || self.remaining(index, locator, &leads);
        settling.rewriting = match lead.trail {
            Trail::Here | Trail::Unsettled => None,
            Trail::Moved | Trail::Changed(..) | Trail::Renamed(..) => Some(rewriting()),
            Trail::Several(_) | Trail::Gone(_) => {
                // Words of what is gone would be sought in the rest.
                let is_orphan = |one: &Wanted| {
                    !self.stands_unaltered(index, &located, one)
                        && self.stood_there(index, locator, one)
                };
                let left = |left: &Rewriting| {
                    *left != Rewriting::default() && !quotations.iter().any(is_orphan)
                };
                settling.remaining = Some(rewriting()).filter(left);
                Some(self.held(index, locator, &leads))
            }
        };
        Some((index, settling))
    }

    /// The one quotation of some words in quotation marks, if it is long enough not to be the author's own words.
    fn sole_carried<'t>(&self, quoted: &'t [Text]) -> Option<&'t Text> {
        let mut claimed = quoted.iter().filter(|one| self.is_claimed(one));
        let only = claimed.next().filter(|_| claimed.next().is_none())?;
        (word_count(&only.text) >= LEAST_CARRIED).then_some(only)
    }

    /// The same, and behind them all names that it has and the durable ids of what is gone or in doubt.
    fn held(&self, index: usize, locator: &Locator, leads: &[Lead]) -> Rewriting {
        let mut held = self.remaining(index, locator, leads);
        let kept = locator.names();
        let kept = kept.filter(|name| !self.is_lost_name(index, name));
        held.names = kept.map(str::to_owned).collect();
        for part in locator.parts() {
            let resolves = matches!(part, Locator::Paragraphs(..));
            let former = self.former(index, part, resolves);
            let Some(former @ (Former::ByNumber(_) | Former::ByName(..))) = former else {
                continue;
            };
            let all = former.paragraphs().into_iter();
            let lost = all.filter(|(_, _, fate)| match fate {
                Fate::Several(_) | Fate::Gone => true,
                Fate::Same(_) | Fate::Changed(_) => false,
            });
            held.names
                .extend(lost.map(|(_, locked, _)| locked.id.to_string()));
        }
        held
    }

    /// The numbers of the paragraphs of a locator that leads to some which are left out of the source now, and the durable
    /// names of these; none where the lock does not know them.
    fn left_out(&self, index: usize, locator: &Locator) -> Option<Rewriting> {
        let article = &self.articles[index];
        let mut held = Rewriting::default();
        for part in locator.parts() {
            match (self.former(index, part, false), part) {
                (Some(Former::ByNumber(all)), _) => {
                    for (_, locked, fate) in all {
                        match shown_at(article, fate) {
                            Some(places) => held.paragraphs.extend(places),
                            None => held.names.push(locked.id.to_string()),
                        }
                    }
                }
                (Some(Former::ById(..)), Locator::Name(name, _)) => held.names.push(name.clone()),
                (Some(Former::ByName(locked, _)), _) => held.names.push(locked.id.to_string()),
                (None, Locator::Paragraphs(..)) => {
                    held.paragraphs
                        .extend(locate(article, part).ok()?.paragraphs);
                }
                (None | Some(Former::ById(..) | Former::Unknown { .. }), _) => return None,
            }
        }
        Some(held)
    }

    fn changed_among(&self, index: usize, paragraphs: &[u32]) -> Vec<u32> {
        let other = |number: &u32| {
            self.before_change(index, *number).is_some()
                || self.before_naming(index, *number).is_some()
        };
        paragraphs.iter().copied().filter(other).collect()
    }

    /// The numbers and names of a locator under which its paragraphs stand now, each part with where it leads.
    fn remaining(&self, index: usize, locator: &Locator, leads: &[Lead]) -> Rewriting {
        let mut remaining = Rewriting::default();
        for (part, lead) in locator.parts().iter().zip(leads) {
            match part {
                Locator::Name(name, _) if !self.is_lost_name(index, name) => match lead.trail {
                    // Only one of the pieces bears the name.
                    Trail::Moved => remaining.paragraphs.extend(&lead.located.paragraphs),
                    Trail::Several(_) | Trail::Gone(_) => {}
                    Trail::Here | Trail::Changed(..) | Trail::Renamed(..) | Trail::Unsettled => {
                        remaining.names.push(name.clone());
                    }
                },
                Locator::Name(..) => self.renamed_paragraphs(index, lead, &mut remaining),
                Locator::Paragraphs(..) | Locator::Several(..) => {
                    remaining.paragraphs.extend(&lead.located.paragraphs);
                }
            }
        }
        remaining
    }

    /// Adds the paragraphs to which a lost name leads: by the names that they bear now, or by their numbers.
    fn renamed_paragraphs(&self, index: usize, lead: &Lead, to: &mut Rewriting) {
        for number in &lead.located.paragraphs {
            let paragraph = self.articles[index].document.paragraph(*number);
            match paragraph.and_then(|paragraph| paragraph.name.as_deref()) {
                Some((name, _)) => to.names.push(name.clone()),
                None => to.paragraphs.push(*number),
            }
        }
    }
}

/// Where a paragraph stands that an article shows, by its number.
fn shown_at(article: &Article, fate: &Fate) -> Option<Vec<u32>> {
    let places = match fate {
        Fate::Same(range) => range.clone(),
        Fate::Changed(at) => *at..*at + 1,
        Fate::Several(_) | Fate::Gone => return None,
    };
    let numbers: Vec<u32> = places.map(|at| small(at + 1)).collect();
    let are_shown = !numbers.iter().any(|number| article.omits(*number));
    are_shown.then_some(numbers)
}
