//! What is asked before something that has drifted is settled.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::source::{Sources, Span};

/// What is asked before something that has drifted is settled.
pub struct Question<'s> {
    /// The book that the places are in.
    pub sources: &'s Sources,
    /// What it compiles to: the book, and what is left out of it.
    pub(super) books: Vec<&'s Book>,
    /// What has happened.
    pub message: String,
    /// The places that cite it.
    pub places: Vec<Span>,
    /// The words as they were cited; none where the message says it all.
    pub before: String,
    /// The words as they are.
    pub now: String,
}

/// A place that cites what has drifted.
pub struct Resting {
    /// The place.
    pub at: Span,
    /// What its author says there; empty where that is not known.
    pub words: String,
    /// The figures among them that the source had and has no more.
    pub outdated: Vec<String>,
}

impl Question<'_> {
    /// The places that cite it, and what is said there.
    pub fn resting(&self) -> impl Iterator<Item = Resting> {
        let differing = (self.before.as_str(), self.now.as_str());
        self.places.iter().map(move |at| {
            let books = self.books.iter();
            let words = books.map(|book| words_at(book, *at, &self.before));
            let words = words.max_by_key(String::len).unwrap_or_default();
            Resting::new(*at, words, differing)
        })
    }
}

/// How much of a note's words is shown, in characters.
const LONGEST: usize = 140;

impl Resting {
    /// A place that cites words which were others `before`.
    fn new(at: Span, words: String, (before, now): (&str, &str)) -> Self {
        let own = words.replace(before, "");
        let (own, kept) = (figures(&own), figures(now));
        let outdated = figures(before).into_iter();
        let outdated = outdated.filter(|figure| own.contains(figure) && !kept.contains(figure));
        Resting {
            at,
            outdated: outdated.map(str::to_owned).collect(),
            words,
        }
    }
}

/// The words that lead up to a citation, `quoted` among them where the quotation is not its own, or those of the note whose place it is.
fn words_at(book: &Book, at: Span, quoted: &str) -> String {
    let holds =
        |whole: Span| whole.file == at.file && whole.start <= at.start && at.start < whole.end;
    let citing = book.notes.iter().find(|note| holds(note.span));
    let behind = || {
        let mut notes = book.notes.iter();
        notes.find(|note| {
            let is_behind = note.span.file == at.file && note.span.start >= at.end;
            is_behind && note.around.contains(quoted)
        })
    };
    if let Some(note) = citing.or_else(behind) {
        // What shows a paragraph says nothing beside it.
        if note.behind.is_some() {
            return String::new();
        }
        let words: Vec<&str> = note.around.split_whitespace().collect();
        return words.join(" ");
    }
    let on = book.comments.iter().find(|one| {
        let places = &one.comment.at;
        places.iter().any(|place| holds(place.span))
    });
    let first = on.and_then(|on| on.comment.text.paragraphs.first());
    first.map_or_else(String::new, |first| first.prose.opening(LONGEST))
}

/// The figures of a text: `4,200`, `2.5`, `14`.
fn figures(text: &str) -> BTreeSet<&str> {
    let within = |sign: char| sign.is_numeric() || matches!(sign, '.' | ',' | ':');
    let runs = text.split(|sign| !within(sign));
    let figures = runs.map(|run| run.trim_matches(|sign: char| !sign.is_numeric()));
    figures.filter(|figure| !figure.is_empty()).collect()
}
