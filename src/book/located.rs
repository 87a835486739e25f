//! The locators of the book that lead into articles, each with its place.

use std::collections::BTreeSet;

use super::{Book, Destination, Home, resolve};
use crate::markdown::Prose;
use crate::reference::{Citation, Link, Locator};
use crate::source::{Span, Text};
use crate::verify::{Cited, Omission, Quoted, Settling, Verifier};

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

impl Book {
    /// Every locator that leads into an article, in YAML and Markdown, by its place, and every quotation without one.
    pub fn located(&self) -> Vec<Located> {
        self.located_in(|_| true)
    }

    /// Those of them that lead into some articles, by index.
    pub(super) fn located_in(&self, is_asked: impl Fn(usize) -> bool) -> Vec<Located> {
        let verifier = self.verifier();
        let mut found = Vec::new();
        let mut fragments = BTreeSet::new();
        let mut look = |citation: &Citation, quoted: &[Text], alone: bool| {
            if !verifier.source_of(citation).is_some_and(&is_asked) {
                return;
            }
            let span = citation.locator.as_ref().map(Locator::span);
            let span = span.unwrap_or(citation.span);
            if let Some((article, settling)) = verifier.settling(citation, quoted, alone) {
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
                    let alone = group.citations.len() == 1;
                    group
                        .citations
                        .iter()
                        .for_each(|citation| look(citation, quoted, alone));
                }
                let linked = self.cited_by_links(prose);
                linked.for_each(|citation| look(&citation, &[], false));
                let files = prose.files().iter();
                fragments.extend(files.filter_map(|file| Some(file.locator.as_ref()?.span())));
            }
            let own = self.evidence(home).into_iter();
            own.for_each(|(_, citation)| look(citation, &[], false));
        }
        let at = self.comments.iter().flat_map(|comment| &comment.comment.at);
        let except = self.terms.iter().flat_map(|term| &term.except);
        let withheld = self.withheld.citations.iter().map(|one| &one.citation);
        let rest = at.chain(except).chain(withheld);
        rest.for_each(|citation| look(citation, &[], false));
        found.extend(self.omitted().filter(|one| is_asked(one.article)));
        found.sort_by_key(|one| one.span);
        // What shows a paragraph is a link to it, too.
        found.dedup_by(|one, other| (one.span, one.article) == (other.span, other.article));
        for one in &mut found {
            // `#p2` has one place to lead to.
            if fragments.contains(&one.span) {
                one.settling.lead_to_first();
            }
        }
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

    /// The paragraphs of articles that links lead to.
    pub(super) fn linked_paragraphs(&self, verifier: &Verifier) -> Vec<(usize, u32)> {
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
