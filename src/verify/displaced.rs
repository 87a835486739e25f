//! Sources whose text has come to stand in another file: two that were swapped, or one that was put in another's place.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Verifier;
use crate::lock::Hash;

/// A paragraph that more articles have than these says nothing of where a text has gone.
const MOST_ARTICLES: usize = 8;

/// The articles that have a paragraph of each hash.
pub(super) type Holders = HashMap<Hash, Vec<usize>>;

impl Verifier<'_> {
    /// The article in which most of a source stands that has lost it since its citations were settled. No citation of
    /// it is followed then, and none is healed: its author has to put the texts in their places.
    pub fn displaced(&self, index: usize) -> Option<usize> {
        let displaced = self.displaced.get(index)?;
        *displaced.get_or_init(|| self.holder_of_most(index))
    }

    /// Whether most of what a source had when its citations were settled has gone from it: then what the other
    /// articles have decides about them, too.
    pub fn is_replaced(&self, index: usize) -> bool {
        self.share_left(index)
            .is_some_and(|(left, all)| 2 * left < all)
    }

    /// How many paragraphs of an edited source stand in it still, and how many it had.
    fn share_left(&self, index: usize) -> Option<(usize, usize)> {
        let settled = self.settled(index).filter(|_| !self.is_settled(index))?;
        let now: HashSet<Hash> = self.hashes(index).iter().copied().collect();
        let former = settled.paragraphs.iter();
        let left = former.filter(|former| now.contains(&former.hash)).count();
        Some((left, settled.paragraphs.len()))
    }

    fn holder_of_most(&self, index: usize) -> Option<usize> {
        let (left, all) = self.share_left(index).filter(|_| self.is_replaced(index))?;
        let settled = self.settled(index)?;
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        for former in &settled.paragraphs {
            let holders = self.holders().get(&former.hash).into_iter().flatten();
            let came = holders.filter(|other| self.came(**other, former.hash, left));
            came.for_each(|other| *held.entry(*other).or_default() += 1);
        }
        let (other, most) = held.into_iter().max_by_key(|(_, count)| *count)?;
        (2 * most > all).then_some(other)
    }

    /// Whether a paragraph has come to stand in an article, of whose former text it was no part. Where that text is not
    /// known, it is taken to have come if nothing is `left` of the source that had it.
    fn came(&self, article: usize, hash: Hash, left: usize) -> bool {
        match self.settled(article) {
            Some(settled) => settled.paragraphs.iter().all(|former| former.hash != hash),
            None => left == 0,
        }
    }

    fn holders(&self) -> &Holders {
        self.holders.get_or_init(|| {
            let mut holders = Holders::new();
            for article in 0..self.articles.len() {
                for hash in self.hashes(article) {
                    let holders = holders.entry(*hash).or_default();
                    if holders.last() != Some(&article) {
                        holders.push(article);
                    }
                }
            }
            holders.retain(|_, articles| articles.len() <= MOST_ARTICLES);
            holders
        })
    }
}
