//! Edited articles whose citations their authors renumbered by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Book;
use crate::annotation::Comment;
use crate::markdown::Document;
use crate::reference::{Citation, Locator};

impl Book {
    /// The edited articles of which whatever moved is cited by the number that it has now, and by its former one no
    /// more: these numbers were read in the text of today, and following them would move them a second time. One of them
    /// was not cited before: otherwise nobody may have written anything since, and what moved is cited without a number.
    pub(super) fn renumbered(&self, comments: &[Arc<Comment>]) -> BTreeSet<usize> {
        let articles = (0..self.articles.len()).into_par_iter();
        let moved = articles.map(|index| (index, self.verifier.moved(index)));
        let moved: BTreeMap<usize, Vec<(u32, u32)>> =
            moved.filter(|(_, moved)| !moved.is_empty()).collect();
        if moved.is_empty() {
            return BTreeSet::new();
        }
        let mut written: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        for citation in self.all_citations(comments) {
            let article = self.verifier.source_of(&citation);
            let locator = citation.locator.as_ref();
            if let Some((article, locator)) = article.zip(locator) {
                let parts = locator.parts().iter();
                let numbers = parts.flat_map(|part| match part {
                    Locator::Paragraphs(ranges, _) => ranges.as_slice(),
                    Locator::Name(..) | Locator::Several(..) => &[],
                });
                let count = self.articles[article].document.paragraphs.len();
                let numbers = numbers.flat_map(|range| range.clone().take(count));
                written.entry(article).or_default().extend(numbers);
            }
        }
        let by_hand = moved.into_iter().filter(|(article, moved)| {
            let now: BTreeSet<u32> = moved.iter().map(|(_, now)| *now).collect();
            let left = moved.iter().map(|(then, _)| *then);
            let mut left = left.filter(|then| !now.contains(then)).peekable();
            let is_new = |number: &u32| !self.verifier.was_cited(*article, *number);
            written.get(article).is_some_and(|written| {
                left.peek().is_some()
                    && now.iter().any(is_new)
                    && now.is_subset(written)
                    && left.all(|then| !written.contains(&then))
            })
        });
        by_hand.map(|(article, _)| article).collect()
    }

    /// Whatever the book cites, and the paragraphs that its links name; `comments` are not placed yet.
    pub(super) fn all_citations(&self, comments: &[Arc<Comment>]) -> Vec<Citation> {
        let chapters = self.chapters.iter().map(|chapter| &chapter.document);
        let articles = self.articles.iter().map(|article| &article.document);
        let claims = self.claims.iter().map(|claim| &claim.text);
        let events = self.events.iter().map(|event| &event.text);
        let terms = self.terms.iter().map(|term| &term.text);
        let documents = chapters
            .chain(articles)
            .chain(claims)
            .chain(events)
            .chain(terms)
            .chain(comments.iter().map(|comment| &comment.text));
        let in_texts = documents.flat_map(Document::citations);
        let in_texts = in_texts.map(|(_, citation)| citation);
        let evidence = self.claims.iter().flat_map(|claim| &claim.evidence);
        let own = evidence.map(|(_, citation)| citation);
        let own = own
            .chain(self.events.iter().flat_map(|event| &event.cites))
            .chain(self.terms.iter().flat_map(|term| &term.cites))
            .chain(self.terms.iter().flat_map(|term| &term.except))
            .chain(comments.iter().flat_map(|comment| &comment.cites))
            .chain(comments.iter().flat_map(|comment| &comment.at))
            .chain(self.withheld.citations.iter().map(|one| &one.citation));
        in_texts.chain(own.cloned()).collect()
    }
}
