//! The edition: what every medium needs, once. Screen, no-JavaScript and paper render the same tree.

mod addresses;
mod flow;
mod note;
mod order;
mod original;
mod path;
mod plain;
mod position;
mod remarks;
mod segments;
mod shown;
mod stats;
mod style;
mod tree;
mod words;

use std::ops::RangeInclusive;
use std::sync::OnceLock;

pub use addresses::{Address, PLACES_IN_ENTRY, Page};
pub use note::Endnote;
pub use order::Part;
use original::Searched;
pub use path::ENDING;
use position::Positions;
pub use remarks::{Remark, byline};
pub use stats::{AnnotationStats, ChapterStats, Count, SourceStats, Stats};
use style::Style;
pub use style::source_kind;
pub use tree::{Citing, Flow, Matter, Paragraph, Picture, Rich};
pub use words::{Direction, Words, direction};

use crate::book::{Book, Coverage, Home};
use crate::reference::Slugs;
use crate::verify::{State, Verifier};

/// A book in reading order, with its numbers, labels and words.
pub struct Edition<'b> {
    /// The book.
    pub book: &'b Book,
    /// The words of the interface.
    pub words: Words,
    /// Whether the site leads to a print edition beside it.
    pub pdf: bool,
    numbers: Vec<Option<u32>>,
    claim_slugs: Vec<String>,
    parts: Vec<Part<'b>>,
    order: Vec<usize>,
    positions: Positions,
    style: Style<'b>,
    verifier: &'b Verifier,
    /// The articles as texts in which words of an original page are looked for, made when they are first asked for.
    searched: Vec<OnceLock<Searched>>,
}

impl<'b> Edition<'b> {
    /// The edition of a book.
    pub fn new(book: &'b Book) -> Self {
        let mut number = 0;
        let numbers = book.chapters.iter().map(|chapter| {
            (!chapter.opens_part).then(|| {
                number += 1;
                number
            })
        });
        let mut slugs = Slugs::default();
        let claims = book.claims.iter();
        let order = order::bibliography(book);
        Edition {
            claim_slugs: claims.map(|claim| slugs.give(&claim.key.text)).collect(),
            numbers: numbers.collect(),
            positions: Positions::of(book),
            style: Style::of(book, &order),
            parts: order::parts(book),
            order,
            book,
            verifier: book.verifier(),
            searched: book.articles.iter().map(|_| OnceLock::new()).collect(),
            words: Words::english(),
            pdf: false,
        }
    }

    /// What a page is called.
    pub fn title(&self, page: Page) -> &str {
        match page {
            Page::Index => &self.book.config.book.title,
            Page::Chapter(index) => &self.book.chapters[index].front.title,
            Page::Article(index) => &self.book.articles[index].front.title,
            Page::Timeline => self.words.get("timeline"),
            Page::Claims => self.words.get("claims"),
            Page::Glossary => self.words.get("glossary"),
            Page::Term(index) => &self.book.terms[index].key.text,
            Page::Tag(index) => &self.book.tags[index].name,
            Page::Sources => self.words.get("sources"),
            Page::NotFound => self.words.get("not_found"),
        }
    }

    /// `¶ 3` or `¶¶ 3–5`
    pub fn numbers_of(range: &RangeInclusive<u32>) -> String {
        let (from, to) = (range.start(), range.end());
        if from == to {
            format!("¶\u{a0}{from}")
        } else {
            format!("¶¶\u{a0}{from}–{to}")
        }
    }

    /// What stands in the place of paragraphs that are left out.
    pub fn omission(&self, range: &RangeInclusive<u32>) -> String {
        let words = if range.start() == range.end() {
            "omitted_one"
        } else {
            "omitted_several"
        };
        format!("{} {}", Self::numbers_of(range), self.words.get(words))
    }

    /// One line of what was verified.
    pub fn summary(&self) -> String {
        let tally = self.book.tally();
        let states: Vec<String> = tally
            .states
            .iter()
            .map(|(state, count)| format!("{count} {}", state_name(*state)))
            .collect();
        let citations = match states.as_slice() {
            [] => String::new(),
            states => format!(": {}", states.join(", ")),
        };
        format!(
            "{}, {}, {}{citations}",
            counted(self.book.articles.len(), "article"),
            counted(self.book.chapters.len(), "chapter"),
            counted(tally.total(), "citation"),
        )
    }

    /// One line of how much rests on the sources; none where there is nothing to count.
    pub fn coverage(&self) -> Option<String> {
        let Coverage {
            paragraphs,
            claims,
            unused,
        } = self.book.coverage();
        let figures = [
            (paragraphs, "paragraph", "cited"),
            (claims, "claim", "supported"),
            (unused, "source", "unused"),
        ];
        let figures = figures.into_iter().filter(|((_, all), ..)| *all > 0);
        let said: Vec<String> = figures
            .map(|((count, all), noun, state)| format!("{count} of {} {state}", counted(all, noun)))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// The words that a chapter or an article begins with, in one line.
    pub fn opening(&self, page: Page) -> Option<String> {
        const LONGEST: usize = 200;
        let home = match page {
            Page::Chapter(index) => Home::Chapter(index),
            Page::Article(index) => Home::Article(index),
            Page::Index
            | Page::Timeline
            | Page::Claims
            | Page::Glossary
            | Page::Term(_)
            | Page::Tag(_)
            | Page::Sources
            | Page::NotFound => return None,
        };
        let shown = |number| !self.book.omits(home, number);
        let mut paragraphs = self.book.document(home).paragraphs.iter();
        let first = paragraphs.find(|paragraph| shown(paragraph.number))?;
        Some(first.prose.opening(LONGEST))
    }

    /// The file name of the print edition.
    pub fn pdf_name(&self) -> String {
        let slug = crate::reference::slug(&self.book.config.book.title);
        // File systems take names of 255 bytes.
        let slug = &slug[..slug.floor_char_boundary(120)];
        let slug = if slug.is_empty() { "book" } else { slug };
        format!("{slug}.pdf")
    }
}

/// What a state is called.
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Verified => "verified",
        State::Pinned => "pinned",
        State::WholeSource => "whole-source",
        State::OwnJudgement => "own judgement",
        State::Moved => "moved",
        State::Ambiguous => "ambiguous",
        State::Drifted => "drifted",
        State::Lost => "lost",
    }
}

/// `1 article`, `2 articles`
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
