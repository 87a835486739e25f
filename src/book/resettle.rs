//! What `heal` asks about an edited source, and what it settles of it.

use std::collections::{BTreeMap, BTreeSet};

use super::settle::as_it_is;
use super::{Book, Located};
use crate::lock::{Id, Settled};
use crate::verify::{Omission, Settling, Verifier};

/// A cited paragraph that has changed.
#[derive(Clone, Debug)]
pub struct Drifted {
    /// The article, by index.
    pub article: usize,
    /// Its present number.
    pub paragraph: u32,
    /// Its words as they were, folded.
    pub before: String,
    /// Its words as they are, folded.
    pub now: String,
}

impl Book {
    /// The articles that some locators lead into and that were edited since their citations were settled; but those
    /// whose text has come to stand elsewhere, those in which it stands, and those of which something that is left out is
    /// gone wait for their author.
    pub fn edited(&self, located: &[Located]) -> BTreeSet<usize> {
        let verifier = self.verifier();
        let cited: BTreeSet<usize> = located.iter().map(|one| one.article).collect();
        let displaced = self.with_displaced(cited.iter().copied());
        let waits = |article: &usize| match verifier.omission(*article) {
            Some(Omission::Followed { gone, .. }) => !gone.is_empty(),
            Some(Omission::Unsettled) | None => false,
        };
        // Names are lost without an edit of the text.
        let rewritten = located
            .iter()
            .filter(|one| one.settling.rewriting.is_some());
        let rewritten: BTreeSet<usize> = rewritten.map(|one| one.article).collect();
        let is_to_heal =
            |article: &usize| verifier.is_edited(*article) || rewritten.contains(article);
        let edited = cited.difference(&displaced).copied();
        edited
            .filter(|article| is_to_heal(article) && !waits(article))
            .collect()
    }

    /// The paragraphs of edited articles that have changed and that citations rest on without quoting them; none that others
    /// quote as they were.
    pub fn drifted(&self, located: &[Located]) -> Vec<Drifted> {
        let verifier = self.verifier();
        let those = |is_so: fn(&Settling, u32) -> bool| -> BTreeSet<(usize, u32)> {
            let all = located.iter().flat_map(|one| {
                let drifted = one.settling.drifted.iter().copied();
                let drifted = drifted.filter(move |number| is_so(&one.settling, *number));
                drifted.map(|number| (one.article, number))
            });
            all.collect()
        };
        let quoted = those(Settling::quotes_former);
        let places = those(Settling::is_accepted_with).into_iter();
        let places = places.filter(|place| !quoted.contains(place));
        let drifted = places.filter_map(|(article, paragraph)| {
            let changed = verifier.before_change(article, paragraph);
            let before = changed.or_else(|| verifier.before_naming(article, paragraph))?;
            Some(Drifted {
                article,
                paragraph,
                before: before.words().unwrap_or_default().to_owned(),
                now: verifier.words(article, paragraph).to_string(),
            })
        });
        drifted.collect()
    }

    /// Edited articles, settled as they are now, each with its changed paragraphs that are accepted.
    pub fn resettled(
        &self,
        articles: &[(usize, &BTreeSet<u32>)],
        located: &[Located],
    ) -> Vec<(usize, Settled)> {
        let verifier = self.verifier();
        let mut rested = self.rested_on(verifier);
        let mut of: BTreeMap<usize, Vec<&Located>> = BTreeMap::new();
        for one in located {
            of.entry(one.article).or_default().push(one);
        }
        let settled = articles.iter().map(|(article, accepted)| {
            let cited = rested.remove(article).unwrap_or_default();
            let of_article = of.remove(article).unwrap_or_default();
            let settled = self.settled_now(verifier, *article, cited, &of_article, accepted);
            (*article, settled)
        });
        settled.collect()
    }

    /// An edited article, settled as it is now: what rests on it, which paragraphs have drifted and are not accepted,
    /// and which are gone and still cited by their ids.
    fn settled_now(
        &self,
        verifier: &Verifier,
        article: usize,
        mut cited: BTreeSet<u32>,
        of_article: &[&Located],
        accepted: &BTreeSet<u32>,
    ) -> Settled {
        let mut drifted = BTreeSet::new();
        let (mut held, mut kept): (BTreeSet<Id>, BTreeSet<Id>) = Default::default();
        for one in of_article {
            cited.extend(&one.settling.paragraphs);
            drifted.extend(
                one.settling
                    .drifted
                    .iter()
                    .filter(|number| !accepted.contains(number))
                    .copied(),
            );
            held.extend(one.settling.held());
            kept.extend(&one.settling.kept);
        }
        let names = self.names_kept(article, &drifted);
        held.extend(names.values());
        let numbered = (1..).zip(verifier.ids(article));
        let with_id = numbered.filter_map(|(number, id)| Some((number, id?)));
        for (number, id) in with_id {
            if held.contains(&id) {
                cited.insert(number);
            }
            if kept.contains(&id) {
                drifted.insert(number);
            }
        }
        let mut settled = as_it_is(self, article, (&cited, &BTreeMap::new()), verifier);
        for number in drifted {
            if let Some(before) = verifier.before_change(article, number) {
                settled.paragraphs[number as usize - 1] = before.clone();
            }
        }
        settled.names.extend(names);
        let standing = settled.paragraphs.iter().map(|locked| locked.id);
        let standing: BTreeSet<Id> = standing.collect();
        let former = verifier.settled(article).into_iter();
        let gone = former.flat_map(|former| former.paragraphs.iter().chain(&former.gone));
        let gone =
            gone.filter(|locked| held.contains(&locked.id) && !standing.contains(&locked.id));
        settled.gone = gone.cloned().collect();
        settled
    }

    /// The names that have come to other words, which are not accepted: each stands for the paragraph that bore it.
    fn names_kept(&self, article: usize, drifted: &BTreeSet<u32>) -> BTreeMap<String, Id> {
        let former = self.verifier().settled(article).into_iter();
        let names = former.flat_map(|former| former.names.keys());
        let kept = names.filter_map(|name| {
            let (locked, _, number) = self.verifier().former_bearer(article, name)?;
            drifted.contains(&number).then(|| (name.clone(), locked.id))
        });
        kept.collect()
    }
}
