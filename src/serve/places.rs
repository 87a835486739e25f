//! Where the paragraphs and entries of a page stand in the author's files.

use std::collections::BTreeMap;

use super::generation::View;
use crate::book::Home;
use crate::edition::Page;
use crate::html;
use crate::markdown::Document;
use crate::source::{SitePath, Sources, Span};

/// A file of the book and a line in it.
pub(super) type Place = (String, usize);

/// The places of what a page shows, by the ids of its elements.
pub(super) fn places(view: &View<'_>, path: &SitePath) -> BTreeMap<String, Place> {
    let book = view.edition.book;
    match html::page_at(view.edition, path) {
        Some(Page::Chapter(index)) => document(Home::Chapter(index), view),
        Some(Page::Article(index)) => document(Home::Article(index), view),
        Some(Page::Claims) => entries((0..book.claims.len()).map(Home::Claim), view),
        Some(Page::Timeline) => entries((0..book.events.len()).map(Home::Event), view),
        Some(Page::Glossary) => entries((0..book.terms.len()).map(Home::Term), view),
        Some(Page::Index | Page::Term(_) | Page::Tag(_) | Page::Sources | Page::NotFound)
        | None => BTreeMap::new(),
    }
}

/// The paragraphs of a text, and the comments on it.
fn document(home: Home, view: &View<'_>) -> BTreeMap<String, Place> {
    let book = view.edition.book;
    let comments = (0..book.comments.len()).filter(|index| book.comments[*index].on == home);
    let mut places = paragraphs(book.document(home), view.sources);
    places.append(&mut entries(comments.map(Home::Comment), view));
    places
}

/// Entries, by the anchors that they have on their page.
fn entries(homes: impl Iterator<Item = Home>, view: &View<'_>) -> BTreeMap<String, Place> {
    let book = view.edition.book;
    let span = |home| match home {
        Home::Chapter(_) | Home::Article(_) => None,
        Home::Comment(index) => Some(book.comments[index].comment.span),
        Home::Claim(index) => Some(book.claims[index].key.whole()),
        Home::Event(index) => Some(book.events[index].span),
        Home::Term(index) => Some(book.terms[index].key.whole()),
    };
    homes
        .filter_map(|home| {
            let anchor = view.edition.address(home).anchor?.into_owned();
            Some((anchor, place(span(home)?, view.sources)))
        })
        .collect()
}

fn paragraphs(document: &Document, sources: &Sources) -> BTreeMap<String, Place> {
    let paragraphs = document.paragraphs.iter();
    let places = paragraphs.map(|paragraph| {
        let span = paragraph.prose.text.whole();
        (format!("p{}", paragraph.number), place(span, sources))
    });
    places.collect()
}

fn place(span: Span, sources: &Sources) -> Place {
    let file = sources.file(span.file);
    (file.path.clone(), file.line(span.start as usize))
}
