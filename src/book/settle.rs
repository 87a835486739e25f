//! The lock as a build leaves it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Book, Home, Located};
use crate::annotation::Comment;
use crate::diagnostic::{Diagnostic, Lint};
use crate::lock::{Id, Ids, Lock, Locked, Settled};
use crate::manuscript::Article;
use crate::reference::numbers;
use crate::source::Span;
use crate::verify::{Cited, Omission, Verifier};

/// The cited paragraphs of each cited article.
type Rested = BTreeMap<usize, BTreeSet<u32>>;

/// By article, the names that citations have and no paragraph any more, each with the id of its former paragraph.
type LostNames = BTreeMap<usize, BTreeMap<String, Id>>;

impl Book {
    /// The lock with new entries added and dead ones dropped. An article that differs from what its citations were settled
    /// against waits for `heal`; where nothing that is cited of it has changed or moved, it stays as it is until it is
    /// cited otherwise, and is settled then. With it the durable ids of the paragraphs of those that differ.
    pub(super) fn settle(
        &self,
        previous: Option<&Book>,
    ) -> (Lock, BTreeMap<usize, Vec<Option<Id>>>) {
        let verifier = self.verifier();
        let mut lock = Lock::default();
        let mut edited = BTreeMap::new();
        for key in &self.cited_though_gone() {
            if let Some(settled) = self.lock.article(key) {
                lock.settle(key, Arc::clone(settled));
            }
        }
        let mut rested = self.rested_on(verifier);
        let mut lost_names = LostNames::new();
        for one in self.cited_in_vain(&rested, verifier) {
            let paragraphs = rested.entry(one.article).or_default();
            paragraphs.extend(&one.settling.paragraphs);
            let names = one.settling.names().filter_map(|name| {
                let id = verifier.settled(one.article)?.names.get(name)?;
                verifier
                    .is_lost_name(one.article, name)
                    .then(|| (name.to_owned(), *id))
            });
            lost_names.entry(one.article).or_default().extend(names);
        }
        let none = BTreeMap::new();
        let lost_of = |index| lost_names.get(&index).unwrap_or(&none);
        let displaced = self.with_displaced(rested.keys().copied());
        let waits = |index, cited: &BTreeSet<u32>| {
            let mut cited = cited.iter();
            let edited = verifier.is_edited(index);
            edited && (verifier.waits(index) || cited.any(|one| verifier.was_another(index, *one)))
                || verifier.omission(index) == Some(&Omission::Unsettled)
                || displaced.contains(&index)
        };
        let settle = |(index, cited): (usize, BTreeSet<u32>)| {
            let settled = if waits(index, &cited) {
                let settled = verifier.settled(index);
                settled.map(|settled| self.with_newly_cited(settled, index, &cited))
            } else {
                None
            };
            let settled = settled
                .unwrap_or_else(|| self.settled_as_cited(previous, index, &cited, lost_of(index)));
            let differs = !settled.is(verifier.hashes(index));
            (index, settled, differs.then(|| verifier.ids(index)))
        };
        let rested: Vec<(usize, BTreeSet<u32>)> = rested.into_iter().collect();
        let settled: Vec<_> = rested.into_par_iter().map(settle).collect();
        for (index, settled, ids) in settled {
            lock.settle(&self.articles[index].key, settled);
            edited.extend(ids.map(|ids| (index, ids)));
        }
        (lock, edited)
    }

    /// An article of which nothing waits for `heal`: as the lock has it while it is cited no otherwise, else as it is.
    fn settled_as_cited(
        &self,
        previous: Option<&Book>,
        index: usize,
        cited: &BTreeSet<u32>,
        lost: &BTreeMap<String, Id>,
    ) -> Arc<Settled> {
        let verifier = self.verifier();
        let edited = verifier.is_edited(index);
        match verifier.settled(index) {
            Some(settled) if settled.is_cited_as(cited) && edited => Arc::clone(settled),
            Some(settled) if self.is_cited_so(settled, index, cited, lost) => Arc::clone(settled),
            former => {
                let known = previous.and_then(|book| book.settled_before(self, index, former));
                let known = known.filter(|known| self.is_cited_so(known, index, cited, lost));
                known.map_or_else(
                    || Arc::new(as_it_is(self, index, (cited, lost), verifier)),
                    Arc::clone,
                )
            }
        }
    }

    /// What the lock has of an edited article that waits for `heal`, and the words of paragraphs that are newly cited and
    /// stand as they stood then: so their numbers mean the same in both revisions.
    fn with_newly_cited(
        &self,
        settled: &Arc<Settled>,
        article: usize,
        cited: &BTreeSet<u32>,
    ) -> Arc<Settled> {
        let is_new = |number: &&u32| {
            let locked = settled.paragraphs.get(**number as usize - 1);
            locked.is_some_and(|locked| !locked.is_cited())
                && self.verifier().is_in_place(article, **number)
        };
        let new: Vec<u32> = cited.iter().filter(is_new).copied().collect();
        if new.is_empty() {
            return Arc::clone(settled);
        }
        let mut extended = Settled::clone(settled);
        for number in new {
            let words = self.verifier().words(article, number);
            extended.paragraphs[number as usize - 1].cite(words);
        }
        Arc::new(extended)
    }

    /// Whether an article that is as the lock has it is cited so as well, its `omit` and the names of its paragraphs included.
    fn is_cited_so(
        &self,
        settled: &Settled,
        article: usize,
        cited: &BTreeSet<u32>,
        lost: &BTreeMap<String, Id>,
    ) -> bool {
        let locked = |number: u32| Some(settled.paragraphs.get(number as usize - 1)?.id);
        settled.is_cited_as(cited)
            && settled.omitted == self.articles[article].omitted()
            && settled.names == names(&self.articles[article], (cited, lost), locked)
    }

    /// Those of some articles whose text has come to stand in others, and these.
    pub(super) fn with_displaced(&self, articles: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        for article in articles {
            if let Some(displaced) = self.verifier().displaced(article) {
                all.insert(article);
                all.extend(displaced.holder());
            }
        }
        all
    }

    /// What an article of a later book was settled as in this one, if it is the same since and had the same `former`
    /// entry in the lock.
    fn settled_before(
        &self,
        later: &Book,
        index: usize,
        former: Option<&Arc<Settled>>,
    ) -> Option<&Arc<Settled>> {
        let (article, now) = (self.articles.get(index)?, &later.articles[index]);
        let same = Arc::ptr_eq(article, now)
            && match (self.lock.article(&article.key), former) {
                (None, None) => true,
                (Some(before), Some(former)) => Arc::ptr_eq(before, former),
                (Some(_), None) | (None, Some(_)) => false,
            };
        same.then(|| self.settled.article(&article.key)).flatten()
    }

    /// The articles of the lock that are in the book no more and cited still: what they were tells what is meant.
    fn cited_though_gone(&self) -> BTreeSet<String> {
        let locked = self.lock.articles().map(|(key, _)| key);
        let gone = locked.filter(|key| self.verifier.article(key).is_none());
        let gone: BTreeSet<&str> = gone.collect();
        if gone.is_empty() {
            return BTreeSet::new();
        }
        let comments = self.comments.iter().map(|one| Arc::clone(&one.comment));
        let comments: Vec<Arc<Comment>> = comments.collect();
        let cited = self.all_citations(&comments).into_iter();
        let keys = cited.map(|citation| citation.key.text.to_string());
        keys.filter(|key| gone.contains(key.as_str())).collect()
    }

    /// The citations of articles of which not all that the lock has is rested on: they were edited, or it holds what is
    /// gone from them, or citations fail.
    fn cited_in_vain(&self, rested: &Rested, verifier: &Verifier) -> Vec<Located> {
        let of = |article: usize| rested.get(&article).map_or(0, BTreeSet::len);
        let has_more = |article: &usize| {
            verifier.settled(*article).is_some_and(|settled| {
                let mut names = settled.names.keys();
                !settled.gone.is_empty()
                    || settled.is_cited_more(of(*article))
                    || verifier.is_edited(*article) && of(*article) == 0
                    || names.any(|name| verifier.is_lost_name(*article, name))
            })
        };
        let missing: BTreeSet<usize> = (0..self.articles.len()).filter(has_more).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        self.located_in(|article| missing.contains(&article))
    }

    /// The paragraphs of articles that anything of the book rests on, or that are left out of it.
    pub(super) fn rested_on(&self, verifier: &Verifier) -> Rested {
        let mut rested = Rested::new();
        let mut rest = |article: usize, paragraph: u32| {
            rested.entry(article).or_default().insert(paragraph);
        };
        let withheld: Vec<Cited> = self.left_out(verifier).map(|(_, cited)| cited).collect();
        let cited = self.notes.iter().flat_map(|note| &note.cited);
        for cited in cited.chain(&withheld) {
            if let Some(article) = cited.source() {
                let paragraphs = cited.paragraphs().iter();
                paragraphs.for_each(|paragraph| rest(article, *paragraph));
            }
        }
        for comment in &self.comments {
            if let Home::Article(article) = comment.on {
                let passages = comment.passages.iter();
                passages.for_each(|passage| rest(article, passage.paragraph));
            }
        }
        for (article, paragraph) in self.excepted_paragraphs() {
            rest(article, paragraph);
        }
        for (index, article) in self.articles.iter().enumerate() {
            let omitted = article.omitted().into_iter();
            omitted.for_each(|paragraph| rest(index, paragraph));
        }
        for (article, paragraph) in self.linked_paragraphs(verifier) {
            rest(article, paragraph);
        }
        rested
    }

    /// What is cited by what is left out, each with the place that cites it.
    fn left_out(&self, verifier: &Verifier) -> impl Iterator<Item = (&str, Cited)> {
        let all = self.withheld.citations.iter();
        all.filter_map(|one| Some((one.place.as_str(), verifier.verify(&one.citation).0?)))
    }

    /// The places left out of the book that rest on paragraphs of articles, by article and paragraph.
    pub fn withheld_by(&self) -> BTreeMap<(usize, u32), Vec<&str>> {
        let mut by: BTreeMap<(usize, u32), Vec<&str>> = BTreeMap::new();
        for (place, cited) in self.left_out(&self.verifier) {
            if let Some(article) = cited.source() {
                for number in cited.paragraphs() {
                    by.entry((article, *number)).or_default().push(place);
                }
            }
        }
        by
    }

    /// Reports the cited articles whose text has come to stand in another one, or is gone.
    pub(super) fn displaced(&self) -> Vec<Diagnostic> {
        let verifier = self.verifier();
        let cited = (0..self.articles.len()).filter(|index| {
            let key = &self.articles[*index].key;
            self.settled.article(key).is_some() && verifier.is_edited(*index)
        });
        let displaced = cited.filter_map(|index| {
            let article = &self.articles[index];
            let Some(other) = verifier.displaced(index)?.holder() else {
                return Some(emptied(article));
            };
            let both_are = verifier.displaced(other).is_some();
            Some(displaced(article, &self.articles[other], both_are))
        });
        displaced.collect()
    }

    /// Reports what is left out by numbers that mean other paragraphs since their article was edited.
    pub(super) fn omissions(&self) -> Vec<Diagnostic> {
        let articles = self.articles.iter().enumerate();
        let told = articles
            .filter_map(|(index, article)| omission(article, self.verifier.omission(index)?));
        told.collect()
    }
}

fn displaced(article: &Article, other: &Article, both_are: bool) -> Diagnostic {
    let (key, other) = (&article.key, &other.key);
    let message =
        format!("the text that the citations of `{key}` lead into stands in `{other}` now");
    let place = Span::new(article.file, 0..0);
    let help = if both_are {
        format!("the files were swapped: give `{other}.md` the name `{key}.md` back")
    } else {
        format!(
            "put it back, or cite `{other}` in the place of `{key}`, quoting some words of each paragraph: its number may be another there"
        )
    };
    Diagnostic::new(Lint::DisplacedSource, place, message).help(help)
}

fn emptied(article: &Article) -> Diagnostic {
    let message = format!(
        "the text that the citations of `{}` lead into is gone from its file",
        article.key
    );
    let place = Span::new(article.file, 0..0);
    let told = Diagnostic::new(Lint::DisplacedSource, place, message)
        .help("put it back, or cite the source as a whole");
    Diagnostic {
        // Of a file that holds nothing at all its own problem says as much.
        cause: (!article.sound).then_some(place),
        ..told
    }
}

/// What is said of an `omit`; nothing where all that it names has its number still.
fn omission(article: &Article, omission: &Omission) -> Option<Diagnostic> {
    let (place, key) = (article.front.omit_at, &article.key);
    let (written, now, gone) = match omission {
        Omission::Followed { written, now, gone } => (written, now, gone),
        Omission::Unsettled => {
            let message = format!("`omit` was changed after `{key}` was edited");
            let help = "see whether the right paragraphs are left out; `pincite heal` settles them as they stand";
            return Some(Diagnostic::maybe_at(Lint::UnsettledSource, place, message).help(help));
        }
    };
    let are = |all: &[u32]| if all.len() == 1 { "is" } else { "are" };
    if !gone.is_empty() {
        let message = format!(
            "{} of `{key}`, which `omit` leaves out, {} gone since the source was edited",
            numbers(gone),
            are(gone)
        );
        let mend = if now.is_empty() || now == written {
            "take `omit` out, run `pincite heal`, and name what is to be left out then".to_owned()
        } else {
            format!("write `omit: {}`, and run `pincite heal`", numbers(now))
        };
        let help = format!("see whether their words stand elsewhere now; {mend}");
        return Some(Diagnostic::maybe_at(Lint::LostParagraph, place, message).help(help));
    }
    let message = format!(
        "{} of `{key}`, which `omit` leaves out, {} {} since the source was edited",
        numbers(written),
        are(written),
        numbers(now)
    );
    let help = "run `pincite heal`, which writes the new number and settles the source";
    let moved = Diagnostic::maybe_at(Lint::MovedParagraph, place, message).help(help);
    Some(moved).filter(|_| written != now)
}

/// An article as it is, its paragraphs with the ids that they have had.
pub(super) fn as_it_is(
    book: &Book,
    article: usize,
    (cited, lost): (&BTreeSet<u32>, &BTreeMap<String, Id>),
    verifier: &Verifier,
) -> Settled {
    let key = &book.articles[article].key;
    let former = verifier.settled(article);
    let taken = former.map_or_else(BTreeSet::new, |former| former.ids());
    let mut ids = Ids::new(key, taken);
    let numbered = (1..)
        .zip(verifier.hashes(article))
        .zip(verifier.ids(article));
    let paragraphs = numbered.map(|((number, hash), known)| {
        let id = known.unwrap_or_else(|| ids.give(*hash));
        let words = cited
            .contains(&number)
            .then(|| verifier.words(article, number));
        Locked::new(id, *hash, words)
    });
    let paragraphs: Vec<Locked> = paragraphs.collect();
    let id = |number: u32| Some(paragraphs.get(number as usize - 1)?.id);
    Settled {
        names: names(&book.articles[article], (cited, lost), id),
        paragraphs,
        omitted: book.articles[article].omitted(),
        gone: former.map_or_else(Vec::new, |former| former.gone.clone()),
    }
}

/// The names of an article's cited paragraphs, each with its paragraph's id, and those that none bears any more, by which
/// it is cited still.
fn names(
    article: &Article,
    (cited, lost): (&BTreeSet<u32>, &BTreeMap<String, Id>),
    id: impl Fn(u32) -> Option<Id>,
) -> BTreeMap<String, Id> {
    let lost = lost.iter().map(|(name, id)| (name.clone(), *id));
    let paragraphs = article.document.paragraphs.iter();
    let cited = paragraphs.filter(|paragraph| cited.contains(&paragraph.number));
    let named = cited.filter_map(|paragraph| {
        let (name, _) = paragraph.name.as_deref()?;
        Some((name.clone(), id(paragraph.number)?))
    });
    lost.chain(named).collect()
}
