//! Sources whose text has gone from their files: two that were swapped, one that was put in another's place or emptied, or
//! one whose file has another name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Verifier;
use crate::diagnostic::{Diagnostic, Trust};
use crate::lock::{Hash, Settled};
use crate::manuscript::Article;
use crate::source::{Span, Text};

/// A paragraph that more articles have than these says nothing of where a text has gone.
const MOST_ARTICLES: usize = 8;

/// The articles that have a paragraph of each hash.
pub(super) type Holders = HashMap<Hash, Vec<usize>>;

/// What has become of a source that has lost most of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loss {
    /// The article in which most of it stands now.
    holder: Option<usize>,
}

/// Where the text has gone that a source's citations lead into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Displaced {
    /// Most of it stands in another article, by its index.
    To(usize),
    /// Nowhere that is known, and its file has no text now.
    Away,
}

impl Displaced {
    /// The article in which most of it stands.
    pub fn holder(self) -> Option<usize> {
        match self {
            Displaced::To(holder) => Some(holder),
            Displaced::Away => None,
        }
    }
}

/// The articles that have the whole text of a source which is in the book no more, and nothing of their own in the
/// lock: its file was given another name.
#[derive(Debug, Default)]
pub(super) struct Heirs {
    /// What each has inherited, by its index.
    settled: HashMap<usize, Arc<Settled>>,
    /// The first of them by the ID of the source.
    by_key: BTreeMap<String, usize>,
}

impl Verifier {
    /// What has become of the text of a source that has lost it since its citations were settled. No citation of it is
    /// followed then, and none is healed: its author has to put the texts in their places.
    pub fn displaced(&self, index: usize) -> Option<Displaced> {
        let is_empty = self.articles[index].document.paragraphs.is_empty();
        let emptied = || is_empty.then_some(Displaced::Away);
        let Loss { holder } = self.loss(index)?;
        holder.map(Displaced::To).or_else(emptied)
    }

    /// Whether most of what a source had when its citations were settled has gone from it: then what the other
    /// articles have decides about them, too.
    pub fn is_replaced(&self, index: usize) -> bool {
        self.loss(index).is_some()
    }

    fn loss(&self, index: usize) -> Option<Loss> {
        *self.losses[index].get_or_init(|| self.find_loss(index))
    }

    fn find_loss(&self, index: usize) -> Option<Loss> {
        let settled = self.settled(index).filter(|_| !self.is_settled(index))?;
        let now: HashSet<Hash> = self.hashes(index).iter().copied().collect();
        let former = settled.paragraphs.iter();
        let left = former.filter(|former| now.contains(&former.hash)).count();
        (2 * left < settled.paragraphs.len()).then(|| Loss {
            holder: self.holder(settled, left),
        })
    }

    /// The article in which most of a former text has come to stand, of which so many paragraphs are `left` elsewhere.
    fn holder(&self, settled: &Settled, left: usize) -> Option<usize> {
        let held = self.share_of(settled, left);
        let (other, most) = held.into_iter().max_by_key(|(_, count)| *count)?;
        (2 * most > settled.paragraphs.len()).then_some(other)
    }

    /// How many paragraphs of a former text have come to stand in each article.
    fn share_of(&self, settled: &Settled, left: usize) -> BTreeMap<usize, usize> {
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        for former in &settled.paragraphs {
            let holders = self.holders().get(&former.hash).into_iter().flatten();
            let came = holders.filter(|other| self.came(**other, former.hash, left));
            came.for_each(|other| *held.entry(*other).or_default() += 1);
        }
        held
    }

    /// Says what an article or chapter is called now. It is renamed unasked only where numbers are read in the revision
    /// that they were written for: a text that was put into another one has other numbers there.
    pub fn renamed(&self, diagnostic: Diagnostic, span: Span, old: &str, new: &str) -> Diagnostic {
        let diagnostic = diagnostic.renamed(span, old, new);
        let index = self.by_key.get(new);
        let settled = index.and_then(|index| self.settled(*index));
        let is_other = |settled: &Arc<Settled>| {
            let former = self.lock.article(old);
            former.is_some_and(|former| !Arc::ptr_eq(former, settled))
        };
        if !settled.is_some_and(is_other) {
            return diagnostic;
        }
        diagnostic
            .help(format!(
                "`{old}` is in `{new}` now, where its paragraphs have other numbers: cite the one there that you mean, quoting some words of it"
            ))
            .trusted(Trust::Suggested)
    }

    /// What is said of a citation whose source had a text when its citations were settled, and is in the book no more.
    pub(super) fn vanished(&self, key: &Text, diagnostic: Diagnostic) -> Option<Diagnostic> {
        let (old, settled) = (&key.text, self.lock.article(&key.text)?);
        if let Some(heir) = self.heirs().by_key.get(old.as_str()) {
            let new = &self.articles[*heir].key;
            return Some(self.renamed(diagnostic, key.whole(), old, new));
        }
        let of_all = format!("citations of `{old}`, which is in the book no more");
        let diagnostic = diagnostic.together(of_all, String::new());
        let mut held: Vec<(usize, usize)> = self.share_of(settled, 0).into_iter().collect();
        held.sort_by_key(|(_, count)| Reverse(*count));
        Some(match held.as_slice() {
            [(_, most), ..] if 2 * most <= settled.paragraphs.len() => put_back(diagnostic),
            [] => put_back(diagnostic),
            [(first, most), (second, next), ..] if 2 * next > *most => {
                let [first, second] = [first, second].map(|index| &self.articles[*index].key);
                diagnostic.help(format!(
                    "its text is in `{first}` and `{second}` now: cite the paragraphs there that you mean, quoting some words of each"
                ))
            }
            [(only, _), ..] => self.seems_renamed(*only, old, diagnostic),
        })
    }

    /// Says that an article has most of the text of a source that is in the book no more.
    fn seems_renamed(&self, index: usize, old: &str, diagnostic: Diagnostic) -> Diagnostic {
        let Article { key, front, .. } = &*self.articles[index];
        if self.settled(index).is_some() {
            return diagnostic.help(format!(
                "its text is in `{key}` now, which was cited already: cite the paragraphs there that you mean, quoting some words of each"
            ));
        }
        let diagnostic = Diagnostic {
            message: format!("`{old}` seems to be `{key}` now"),
            ..diagnostic
        };
        let diagnostic = diagnostic
            .together(format!("citations of `{old}`, which seems to be `{key}` now"), String::new())
            .help(format!(
                "its text is there, and was edited: with `aliases: [{old}]` in that file its citations are followed"
            ));
        Diagnostic {
            fix: front.with_alias(old).into_iter().collect(),
            ..diagnostic
        }
    }

    /// What the lock has of an article under its own ID or one that it says it had.
    pub(super) fn settled_as(&self, index: usize) -> Option<&Arc<Settled>> {
        let article = &self.articles[index];
        let aliases = article
            .front
            .aliases
            .iter()
            .map(|alias| alias.text.as_str());
        let mut keys = std::iter::once(article.key.as_str()).chain(aliases);
        keys.find_map(|key| self.lock.article(key))
    }

    /// What an article of which the lock has nothing has inherited from a source that is in the book no more: the
    /// paragraphs keep their durable ids under the new name.
    pub(super) fn inherited(&self, index: usize) -> Option<&Arc<Settled>> {
        self.heirs().settled.get(&index)
    }

    fn heirs(&self) -> &Heirs {
        self.heirs.get_or_init(|| {
            let vanished = self.lock.articles().filter(|(key, settled)| {
                !settled.paragraphs.is_empty() && !self.by_key.contains_key(*key)
            });
            let mut by_length: BTreeMap<usize, Vec<(&str, &Arc<Settled>)>> = BTreeMap::new();
            for (key, settled) in vanished {
                let length = settled.paragraphs.len();
                by_length.entry(length).or_default().push((key, settled));
            }
            let mut heirs = Heirs::default();
            for (index, article) in self.articles.iter().enumerate() {
                let as_long = by_length.get(&article.document.paragraphs.len());
                let as_long = as_long.filter(|_| self.settled_as(index).is_none());
                let mut as_long = as_long.into_iter().flatten();
                let found = as_long.find(|(_, settled)| settled.is(self.hashes(index)));
                if let Some((key, settled)) = found {
                    heirs.settled.insert(index, Arc::clone(settled));
                    heirs.by_key.entry((*key).to_owned()).or_insert(index);
                }
            }
            heirs
        })
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

fn put_back(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help(
        "its file was there when its citations were settled: put it back, or take the citations out",
    )
}
