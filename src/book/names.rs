//! What the book's texts, terms and claims are called.

use std::collections::HashMap;

use super::{Book, Home};
use crate::source::FileId;

/// What bears a name, by index; of several, the first.
type Named = HashMap<String, usize>;

/// All names, so that a link costs the same in a book of any size.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) terms: Named,
    pub(super) terms_in_lower_case: Named,
    pub(super) chapters: Named,
    pub(super) articles: Named,
    pub(super) claims: Named,
    pub(super) titled_chapters: Named,
    pub(super) titled_articles: Named,
    pub(super) files: HashMap<FileId, Home>,
}

impl Names {
    pub(super) fn of(book: &Book) -> Self {
        let terms = || book.terms.iter().enumerate();
        let forms = || terms().flat_map(|(at, term)| term.forms().map(move |form| (at, form)));
        let chapters = || book.chapters.iter().enumerate();
        let articles = || book.articles.iter().enumerate();
        let claims = book.claims.iter().enumerate();
        let of_articles = articles().map(|(at, article)| (article.file, Home::Article(at)));
        let of_chapters = chapters().map(|(at, chapter)| (chapter.file, Home::Chapter(at)));
        Names {
            terms: named(forms().map(|(at, form)| (at, form.text.to_string()))),
            terms_in_lower_case: named(forms().map(|(at, form)| (at, form.text.to_lowercase()))),
            chapters: named(chapters().map(|(at, chapter)| (at, chapter.key.clone()))),
            articles: named(articles().map(|(at, article)| (at, article.key.clone()))),
            claims: named(claims.map(|(at, claim)| (at, claim.key.text.to_string()))),
            titled_chapters: named(chapters().map(|(at, c)| (at, c.front.title.clone()))),
            titled_articles: named(articles().map(|(at, a)| (at, a.front.title.clone()))),
            files: of_articles.chain(of_chapters).collect(),
        }
    }
}

fn named(all: impl Iterator<Item = (usize, String)>) -> Named {
    let mut named = Named::new();
    for (at, name) in all {
        named.entry(name).or_insert(at);
    }
    named
}
