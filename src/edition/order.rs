//! The order in which a book is read: parts, pages, and the bibliography.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Edition, Page};
use crate::book::Book;
use crate::csl;
use crate::manuscript::without_order;
use crate::reference::{Person, When};
use crate::verify::Cited;

/// A chapter's place in the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part<'b> {
    /// The part's title; none for chapters outside parts.
    pub title: Option<&'b str>,
    /// The chapters, by index, in order.
    pub chapters: Range<usize>,
}

impl<'b> Edition<'b> {
    /// A chapter's number; none for a part's opening.
    pub fn chapter_number(&self, chapter: usize) -> Option<u32> {
        self.numbers[chapter]
    }

    /// The parts with their chapters in reading order.
    pub fn parts(&self) -> &[Part<'b>] {
        &self.parts
    }

    /// The part that a chapter stands in, by index.
    pub fn part_of(&self, chapter: usize) -> usize {
        self.parts
            .partition_point(|part| part.chapters.end <= chapter)
    }

    /// All pages in reading order.
    pub fn pages(&self) -> Vec<Page> {
        let book = self.book;
        let mut pages = vec![Page::Index];
        pages.extend((0..book.chapters.len()).map(Page::Chapter));
        let [claims, timeline, glossary, sources] = self.lists();
        pages.extend(claims.into_iter().chain(timeline));
        pages.extend(self.order.iter().copied().map(Page::Article));
        pages.extend(glossary.into_iter().chain(sources));
        pages
    }

    /// The pages in reading order that list what the whole book has, as far as it has any.
    pub fn lists(&self) -> [Option<Page>; 4] {
        let book = self.book;
        [
            (!book.claims.is_empty()).then_some(Page::Claims),
            (!book.events.is_empty()).then_some(Page::Timeline),
            (!book.terms.is_empty()).then_some(Page::Glossary),
            (!book.articles.is_empty()).then_some(Page::Sources),
        ]
    }

    /// The pages that lead on to others and stand in no order: tags, and all places of a frequent term.
    pub fn registers(&self) -> impl Iterator<Item = Page> + use<> {
        let terms = (0..self.book.terms.len()).filter(|term| self.has_page(*term));
        let terms: Vec<Page> = terms.map(Page::Term).collect();
        terms
            .into_iter()
            .chain((0..self.book.tags.len()).map(Page::Tag))
    }

    /// The sources in the order of the bibliography, which they have wherever they stand one after the other.
    pub fn sources(&self) -> Vec<usize> {
        self.order.clone()
    }
}

/// What a part without an opening is called: its folder, without the number that orders it.
fn part_name(folder: &str) -> &str {
    without_order(folder.rsplit('/').next().unwrap_or(folder))
}

/// The parts with their chapters in reading order.
pub(super) fn parts(book: &Book) -> Vec<Part<'_>> {
    let by_folder = book.chapters.chunk_by(|one, next| one.part == next.part);
    let mut first = 0;
    let parts = by_folder.map(|chapters| {
        let all = first..first + chapters.len();
        first = all.end;
        let folder = book.chapters[all.start].part.as_str();
        let opening = chapters.iter().rfind(|chapter| chapter.opens_part);
        Part {
            title: opening
                .map(|opening| opening.front.title.as_str())
                .or_else(|| (!folder.is_empty()).then(|| part_name(folder))),
            chapters: all,
        }
    });
    parts.collect()
}

/// The order of the bibliography: by authors, then title; where sources are told apart by author and year, by the
/// date before the title; where they are numbered as they are cited, by that.
pub(super) fn bibliography(book: &Book) -> Vec<usize> {
    let style = book.style.as_ref();
    let by_citation = style.is_some_and(csl::Style::is_in_order_of_citation);
    let by_date = style.is_some_and(csl::Style::has_year_suffixes);
    let mut cited: BTreeMap<usize, usize> = BTreeMap::new();
    if by_citation {
        let all = book.notes.iter().flat_map(|note| &note.cited);
        for source in all.filter_map(Cited::source) {
            let next = cited.len();
            cited.entry(source).or_insert(next);
        }
    }
    let mut sources: Vec<usize> = (0..book.articles.len()).collect();
    sources.sort_by_cached_key(|index| {
        let front = &book.articles[*index].front;
        let title = front.title.to_lowercase();
        let name = |person: &Person| (person.family.to_lowercase(), person.given.clone());
        let names: Vec<_> = match front.names.as_slice() {
            [] => vec![(title.clone(), None)],
            names => names.iter().map(name).collect(),
        };
        let date = front.date.filter(|_| by_date).and_then(When::first_day);
        (
            cited.get(index).copied().unwrap_or(usize::MAX),
            names,
            date,
            title,
        )
    });
    sources
}
