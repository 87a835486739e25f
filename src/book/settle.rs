//! The lock as a build leaves it, and what `heal` makes of the citations of an edited source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Book, Destination, Home, resolve};
use crate::annotation::Comment;
use crate::diagnostic::{Diagnostic, Lint};
use crate::lock::{Id, Lock, Locked, Settled};
use crate::manuscript::Article;
use crate::markdown::Prose;
use crate::reference::{Citation, Link, Locator, numbers};
use crate::source::{Span, Text};
use crate::verify::{Cited, Omission, Quoted, Settling, Verifier};

/// The cited paragraphs of each cited article.
type Rested = BTreeMap<usize, BTreeSet<u32>>;

/// A locator of the book that leads into an article, or a citation that finds its paragraph by its quotation.
#[derive(Clone, Debug)]
pub struct Located {
    /// Its place.
    pub span: Span,
    /// The article that it leads to, by index.
    pub article: usize,
    /// What it means for the lock.
    pub settling: Settling,
}

impl Located {
    /// The present paragraphs that it leads to.
    pub fn paragraphs(&self) -> BTreeSet<u32> {
        self.settling.paragraphs.iter().copied().collect()
    }
}

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
        for article in self.cited_in_vain(&rested, verifier) {
            rested.insert(article, BTreeSet::new());
        }
        let displaced = self.with_displaced(rested.keys().copied());
        let waits = |index, cited: &BTreeSet<u32>| {
            let mut cited = cited.iter();
            let edited = verifier.is_edited(index);
            edited && (verifier.waits(index) || cited.any(|one| verifier.was_another(index, *one)))
                || verifier.omission(index) == Some(&Omission::Unsettled)
                || displaced.contains(&index)
        };
        let settle = |(index, cited): (usize, BTreeSet<u32>)| {
            let edited = verifier.is_edited(index);
            let settled = match verifier.settled(index) {
                Some(settled) if waits(index, &cited) => {
                    self.with_newly_cited(settled, index, &cited)
                }
                Some(settled) if settled.is_cited_as(&cited) && edited => Arc::clone(settled),
                Some(settled) if self.is_cited_so(settled, index, &cited) => Arc::clone(settled),
                former => {
                    let known = previous.and_then(|book| book.settled_before(self, index, former));
                    let known = known.filter(|known| self.is_cited_so(known, index, &cited));
                    known.map_or_else(
                        || Arc::new(as_it_is(self, index, &cited, verifier)),
                        Arc::clone,
                    )
                }
            };
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
            locked.is_some_and(|locked| locked.words.is_none())
                && self.verifier().is_in_place(article, **number)
        };
        let new: Vec<u32> = cited.iter().filter(is_new).copied().collect();
        if new.is_empty() {
            return Arc::clone(settled);
        }
        let mut extended = Settled::clone(settled);
        for number in new {
            let words = self.verifier().words(article, number);
            extended.paragraphs[number as usize - 1].words = Some(words);
        }
        Arc::new(extended)
    }

    /// Whether an article that is as the lock has it is cited so as well, its `omit` and the names of its paragraphs included.
    fn is_cited_so(&self, settled: &Settled, article: usize, cited: &BTreeSet<u32>) -> bool {
        let locked = |number: u32| Some(settled.paragraphs.get(number as usize - 1)?.id);
        settled.is_cited_as(cited)
            && settled.omitted == self.articles[article].omitted()
            && settled.names == names(&self.articles[article], cited, locked)
    }

    /// Those of some articles whose text has come to stand in others, and these.
    fn with_displaced(&self, articles: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        let displaced = articles.filter_map(|article| {
            let holder = self.verifier().displaced(article)?;
            Some([article, holder])
        });
        displaced.flatten().collect()
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

    /// Articles that are still cited, though nothing that is cited of them is found: they were edited, or the lock
    /// holds what is gone from them.
    fn cited_in_vain(&self, rested: &Rested, verifier: &Verifier) -> BTreeSet<usize> {
        let holds = |article| {
            verifier
                .settled(article)
                .is_some_and(|one| !one.gone.is_empty())
        };
        let missing = (0..self.articles.len()).filter(|article| {
            !rested.contains_key(article) && (holds(*article) || verifier.is_edited(*article))
        });
        let missing: BTreeSet<usize> = missing.collect();
        if missing.is_empty() {
            return missing;
        }
        let cited = self.located().into_iter().map(|one| one.article);
        cited.filter(|article| missing.contains(article)).collect()
    }

    /// The paragraphs of articles that anything of the book rests on, or that are left out of it.
    fn rested_on(&self, verifier: &Verifier) -> Rested {
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

    /// The paragraphs of articles that links lead to.
    fn linked_paragraphs(&self, verifier: &Verifier) -> Vec<(usize, u32)> {
        let mut found = Vec::new();
        let homes = self.homes().into_iter();
        let documents = homes.map(|home| self.document(home));
        for document in documents.filter(|document| document.links) {
            for (_, prose) in document.proses() {
                for citation in self.cited_by_links(prose) {
                    let article = verifier.source_of(&citation);
                    let Some((article, locator)) = article.zip(citation.locator.as_ref()) else {
                        continue;
                    };
                    let (cited, _) = verifier.pinpoint(article, locator);
                    let paragraphs = cited.iter().flat_map(Cited::paragraphs);
                    found.extend(paragraphs.map(|paragraph| (article, *paragraph)));
                }
            }
        }
        found
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
        let edited = cited.difference(&displaced).copied();
        edited
            .filter(|article| verifier.is_edited(*article) && !waits(article))
            .collect()
    }

    /// Reports the cited articles whose text has come to stand in another one.
    pub(super) fn displaced(&self) -> Vec<Diagnostic> {
        let verifier = self.verifier();
        let cited = (0..self.articles.len()).filter(|index| {
            let key = &self.articles[*index].key;
            self.settled.article(key).is_some() && verifier.is_edited(*index)
        });
        let displaced = cited.filter_map(|index| {
            let other = verifier.displaced(index)?;
            let both_are = verifier.displaced(other).is_some();
            Some(displaced(
                &self.articles[index],
                &self.articles[other],
                both_are,
            ))
        });
        displaced.collect()
    }

    /// Every locator that leads into an article, in YAML and Markdown, by its place, and every quotation without one.
    pub fn located(&self) -> Vec<Located> {
        let verifier = self.verifier();
        let mut found = Vec::new();
        let mut look = |citation: &Citation, quoted: &[Text]| {
            let span = citation.locator.as_ref().map(Locator::span);
            let span = span.unwrap_or(citation.span);
            if let Some((article, settling)) = verifier.settling(citation, quoted) {
                found.push(Located {
                    span,
                    article,
                    settling,
                });
            }
        };
        for home in self.writing() {
            let quoted = Quoted::of(self.document(home), &self.verifier);
            for (_, prose) in self.document(home).proses() {
                for group in prose.citations() {
                    let quoted = quoted
                        .by_group
                        .get(&group.span)
                        .map_or(&[][..], Vec::as_slice);
                    group
                        .citations
                        .iter()
                        .for_each(|citation| look(citation, quoted));
                }
                let linked = self.cited_by_links(prose);
                linked.for_each(|citation| look(&citation, &[]));
            }
            let own = self.evidence(home).into_iter();
            own.for_each(|(_, citation)| look(citation, &[]));
        }
        let at = self.comments.iter().flat_map(|comment| &comment.comment.at);
        let except = self.terms.iter().flat_map(|term| &term.except);
        let withheld = self.withheld.citations.iter().map(|one| &one.citation);
        let rest = at.chain(except).chain(withheld);
        rest.for_each(|citation| look(citation, &[]));
        found.extend(self.omitted());
        found.sort_by_key(|one| one.span);
        found
    }

    /// The `omit` of each article that has one, which leads to what it leaves out.
    fn omitted(&self) -> impl Iterator<Item = Located> {
        let articles = self.articles.iter().enumerate();
        articles.filter_map(|(index, article)| {
            let paragraphs = article.omitted();
            let omission = self.verifier.omission(index);
            if paragraphs.is_empty() && omission.is_none() {
                return None;
            }
            let rewriting = match omission {
                Some(Omission::Followed { written, now, .. }) => {
                    (written != now).then(|| now.clone())
                }
                Some(Omission::Unsettled) | None => None,
            };
            Some(Located {
                span: article.front.omit_at?,
                article: index,
                settling: Settling::of_numbers(paragraphs, rewriting),
            })
        })
    }

    /// Reports what is left out by numbers that mean other paragraphs since their article was edited.
    pub(super) fn omissions(&self) -> Vec<Diagnostic> {
        let articles = self.articles.iter().enumerate();
        let told = articles
            .filter_map(|(index, article)| omission(article, self.verifier.omission(index)?));
        told.collect()
    }

    /// The paragraphs of edited articles that have changed and that citations rest on.
    pub fn drifted(&self, located: &[Located]) -> Vec<Drifted> {
        let verifier = self.verifier();
        let places: BTreeSet<(usize, u32)> = located
            .iter()
            .flat_map(|one| {
                one.settling
                    .drifted
                    .iter()
                    .map(|number| (one.article, *number))
            })
            .collect();
        let drifted = places.into_iter().filter_map(|(article, paragraph)| {
            let changed = verifier.before_change(article, paragraph);
            let before = changed.or_else(|| verifier.before_naming(article, paragraph))?;
            Some(Drifted {
                article,
                paragraph,
                before: before.words.as_deref().unwrap_or_default().to_owned(),
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
        let mut settled = as_it_is(self, article, &cited, verifier);
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
            let (locked, number) = self.verifier().former_bearer(article, name)?;
            drifted.contains(&number).then(|| (name.clone(), locked.id))
        });
        kept.collect()
    }

    /// What the links of a text stand for that lead to paragraphs of articles.
    fn cited_by_links(&self, prose: &Prose) -> impl Iterator<Item = Citation> {
        let links = prose.links().iter().filter(|link| link.locator.is_some());
        let linked = links.filter_map(|link| self.cited_by_link(link));
        linked.chain(prose.files().iter().cloned())
    }

    /// The citation that a link stands for which leads into an article, be it named by its key or its title.
    fn cited_by_link(&self, link: &Link) -> Option<Citation> {
        let Ok(Destination::Document(Home::Article(article), _)) = resolve::wiki(self, link) else {
            return None;
        };
        let mut citation = Citation::of(link);
        citation.key.text = self.articles[article].key.as_str().into();
        Some(citation)
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
        format!("put it back, or cite `{other}` in the place of `{key}`")
    };
    Diagnostic::new(Lint::DisplacedSource, place, message).help(help)
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
fn as_it_is(book: &Book, article: usize, cited: &BTreeSet<u32>, verifier: &Verifier) -> Settled {
    let key = &book.articles[article].key;
    let former = verifier.settled(article);
    let mut taken: BTreeSet<Id> = former.map_or_else(BTreeSet::new, |former| former.ids());
    let numbered = (1..)
        .zip(verifier.hashes(article))
        .zip(verifier.ids(article));
    let paragraphs = numbered.map(|((number, hash), known)| {
        let id = known.unwrap_or_else(|| Id::new(key, *hash, &taken));
        taken.insert(id);
        let words = cited
            .contains(&number)
            .then(|| verifier.words(article, number));
        Locked {
            id,
            hash: *hash,
            words,
        }
    });
    let paragraphs: Vec<Locked> = paragraphs.collect();
    let id = |number: u32| Some(paragraphs.get(number as usize - 1)?.id);
    Settled {
        names: names(&book.articles[article], cited, id),
        paragraphs,
        omitted: book.articles[article].omitted(),
        gone: former.map_or_else(Vec::new, |former| former.gone.clone()),
    }
}

/// The names of an article's cited paragraphs, each with its paragraph's id.
fn names(
    article: &Article,
    cited: &BTreeSet<u32>,
    id: impl Fn(u32) -> Option<Id>,
) -> BTreeMap<String, Id> {
    let paragraphs = article.document.paragraphs.iter();
    let cited = paragraphs.filter(|paragraph| cited.contains(&paragraph.number));
    let named = cited.filter_map(|paragraph| {
        let (name, _) = paragraph.name.as_deref()?;
        Some((name.clone(), id(paragraph.number)?))
    });
    named.collect()
}
