//! What the book's texts, terms and claims are called.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Book, Home};
use crate::diagnostic::Known;
use crate::reference::LinkKind;
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
    /// What a link may have been meant for, by its kind.
    known: [OnceLock<Known>; LinkKind::ALL.len()],
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
            known: Default::default(),
        }
    }

    /// Whether something has this name, of the kind that is wanted.
    pub(super) fn has(&self, name: &str, kind: Option<LinkKind>) -> bool {
        kinds(kind).any(|kind| self.of_kind(kind).contains_key(name))
    }

    /// The name nearest to a mistyped one, of the kind that is wanted.
    pub(super) fn nearest(&self, book: &Book, wrong: &str, kind: Option<LinkKind>) -> Option<&str> {
        let near = kinds(kind).filter_map(|kind| {
            let known = &self.known[kind as usize];
            known.get_or_init(|| known_of(kind, book)).nearest(wrong)
        });
        near.min().map(|(_, name)| name)
    }

    fn of_kind(&self, kind: LinkKind) -> &Named {
        match kind {
            LinkKind::Term => &self.terms,
            LinkKind::Chapter => &self.chapters,
            LinkKind::Article => &self.articles,
            LinkKind::Claim => &self.claims,
        }
    }
}

fn known_of(kind: LinkKind, book: &Book) -> Known {
    let forms = || book.terms.iter().flat_map(|term| term.forms());
    match kind {
        LinkKind::Term => Known::new(forms().map(|form| form.text.to_string())),
        LinkKind::Chapter => Known::new(book.chapters.iter().map(|chapter| chapter.key.clone())),
        LinkKind::Article => Known::new(book.articles.iter().map(|article| article.key.clone())),
        LinkKind::Claim => Known::new(book.claims.iter().map(|claim| claim.key.text.to_string())),
    }
}

/// The one kind that is wanted, or all.
fn kinds(wanted: Option<LinkKind>) -> impl Iterator<Item = LinkKind> {
    let all = LinkKind::ALL.into_iter();
    all.filter(move |kind| wanted.is_none_or(|wanted| wanted == *kind))
}

fn named(all: impl Iterator<Item = (usize, String)>) -> Named {
    let mut named = Named::new();
    for (at, name) in all {
        named.entry(name).or_insert(at);
    }
    named
}
