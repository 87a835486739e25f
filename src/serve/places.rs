//! Where the paragraphs and entries of a page stand in the author's files.

use std::collections::BTreeMap;

use super::generation::View;
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
        Some(Page::Chapter(index)) => paragraphs(&book.chapters[index].document, view.sources),
        Some(Page::Article(index)) => paragraphs(&book.articles[index].document, view.sources),
        Some(Page::Glossary) => {
            let entries = book.slugs.iter().zip(&book.terms);
            let places =
                entries.map(|(slug, term)| (slug.clone(), place(term.key.whole(), view.sources)));
            places.collect()
        }
        Some(Page::Index | Page::Sources | Page::NotFound) | None => BTreeMap::new(),
    }
}

/// Lines are counted once through the file, not from its beginning for each paragraph.
fn paragraphs(document: &Document, sources: &Sources) -> BTreeMap<String, Place> {
    let (mut at, mut line) = (0, 1);
    let mut places = BTreeMap::new();
    for paragraph in &document.paragraphs {
        let span = paragraph.prose.text.whole();
        let file = sources.file(span.file);
        let start = file.text.floor_char_boundary(span.start as usize);
        if start < at {
            (at, line) = (0, 1);
        }
        line += file.text[at..start].matches('\n').count();
        at = start;
        places.insert(format!("p{}", paragraph.number), (file.path.clone(), line));
    }
    places
}

fn place(span: Span, sources: &Sources) -> Place {
    let line = sources.place(span.file, span.start as usize).line;
    (sources.file(span.file).path.clone(), line)
}
