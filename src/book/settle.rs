//! The lock as a build leaves it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Book, Destination, Home};
use crate::lock::{Id, Lock, Locked, Settled};
use crate::verify::Verifier;

/// The cited paragraphs of each cited article.
pub(super) type Rested = BTreeMap<usize, BTreeSet<u32>>;

impl Book {
    /// The lock with new entries added and dead ones dropped; none is changed: an article that differs from what its
    /// citations were settled against waits for `heal`.
    pub(super) fn settle(&self) -> Lock {
        let terms = BTreeSet::new();
        let verifier = self.verifier(&terms);
        let mut lock = Lock::default();
        for (index, cited) in self.rested_on() {
            let key = &self.articles[index].key;
            let settled = match verifier.settled(index) {
                Some(settled) if !verifier.is_settled(index) => Arc::clone(settled),
                Some(settled) if settled.is_cited_as(&cited) => Arc::clone(settled),
                Some(_) | None => Arc::new(settled(key, index, &cited, &verifier)),
            };
            lock.settle(key, settled);
        }
        lock
    }

    /// The paragraphs of articles that anything of the book rests on.
    fn rested_on(&self) -> Rested {
        let mut rested = Rested::new();
        let mut rest = |article: usize, paragraph: u32| {
            rested.entry(article).or_default().insert(paragraph);
        };
        for cited in self.notes.iter().flat_map(|note| &note.cited) {
            for paragraph in cited.paragraphs() {
                cited
                    .source()
                    .into_iter()
                    .for_each(|article| rest(article, *paragraph));
            }
        }
        for comment in &self.comments {
            if let Home::Article(article) = comment.on {
                comment
                    .passages
                    .iter()
                    .for_each(|passage| rest(article, passage.paragraph));
            }
        }
        for (article, paragraph) in self.excepted() {
            rest(article, paragraph);
        }
        for destination in self.links.values() {
            if let Destination::Document(Home::Article(article), Some(paragraph)) = destination {
                rest(*article, *paragraph);
            }
        }
        rested
    }
}

/// An article as it is, its paragraphs with the ids that they have had.
fn settled(key: &str, index: usize, cited: &BTreeSet<u32>, verifier: &Verifier<'_>) -> Settled {
    let former = verifier.settled(index);
    let mut taken: BTreeSet<Id> = former.map_or_else(BTreeSet::new, |former| former.ids());
    let numbered = (1..).zip(verifier.hashes(index)).zip(verifier.ids(index));
    let paragraphs = numbered.map(|((number, hash), known)| {
        let id = known.unwrap_or_else(|| Id::new(key, *hash, &taken));
        taken.insert(id);
        Locked {
            id,
            hash: *hash,
            words: cited
                .contains(&number)
                .then(|| verifier.words(index, number)),
        }
    });
    Settled {
        paragraphs: paragraphs.collect(),
        gone: former.map_or_else(Vec::new, |former| former.gone.clone()),
    }
}
