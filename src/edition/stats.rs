//! What a book has, and how far it rests on its sources, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use super::state_name;
use crate::annotation::Bearing;
use crate::book::{Book, Home};
use crate::markdown::Document;
use crate::verify::State;

/// A book in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stats {
    /// The chapters in reading order.
    pub chapters: Vec<ChapterStats>,
    /// The sources in the order of their files.
    pub sources: Vec<SourceStats>,
    /// The annotations.
    pub annotations: AnnotationStats,
    /// How many citations ended in each state, by its name; the authors' own judgement (`@self`) is one.
    pub citations: BTreeMap<&'static str, usize>,
    /// The keys of the sources that nothing cites.
    pub unused_sources: Vec<String>,
    /// The terms that occur nowhere and that nothing leads to.
    pub unused_terms: Vec<String>,
}

/// A chapter in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChapterStats {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its words (UAX #29).
    pub words: usize,
    /// Its paragraphs.
    pub paragraphs: usize,
    /// Those of them with a citation.
    pub citing_paragraphs: usize,
}

/// A source in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SourceStats {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The words that it shows.
    pub words: usize,
    /// The paragraphs that it shows.
    pub paragraphs: usize,
    /// Those of them that something cites.
    pub cited_paragraphs: usize,
    /// The places that cite it.
    pub citing_places: usize,
}

/// The annotations in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AnnotationStats {
    /// Glossary entries.
    pub terms: Count,
    /// Notes.
    pub notes: Count,
    /// Claims.
    pub claims: Count,
    /// Events.
    pub events: Count,
    /// Claims that a source supports.
    pub supported_claims: usize,
    /// Claims that a source disputes.
    pub disputed_claims: usize,
}

/// How many there are, and the words of their texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// How many.
    pub number: usize,
    /// Their words (UAX #29).
    pub words: usize,
}

impl Stats {
    /// A book in numbers.
    pub fn of(book: &Book) -> Self {
        let sources: Vec<SourceStats> = (0..book.articles.len())
            .map(|index| source(book, index))
            .collect();
        let unused = sources.iter().filter(|source| source.citing_places == 0);
        let terms = book.unused_terms().into_iter();
        Stats {
            unused_sources: unused.map(|source| source.key.clone()).collect(),
            unused_terms: terms
                .map(|index| book.terms[index].key.text.to_string())
                .collect(),
            chapters: (0..book.chapters.len())
                .map(|index| chapter(book, index))
                .collect(),
            sources,
            annotations: annotations(book),
            citations: citations(book),
        }
    }
}

fn chapter(book: &Book, index: usize) -> ChapterStats {
    let chapter = &book.chapters[index];
    let notes = book.notes_of(Home::Chapter(index)).iter();
    let citing: BTreeSet<u32> = notes.filter_map(|note| note.paragraph).collect();
    ChapterStats {
        key: chapter.key.clone(),
        title: chapter.front.title.clone(),
        words: words(&chapter.document),
        paragraphs: chapter.document.paragraphs.len(),
        citing_paragraphs: citing.len(),
    }
}

fn source(book: &Book, index: usize) -> SourceStats {
    let article = &book.articles[index];
    let shown = || {
        article
            .document
            .paragraphs
            .iter()
            .filter(|paragraph| !article.omits(paragraph.number))
    };
    let is_cited = |number: u32| book.cited_by(index, number).next().is_some();
    SourceStats {
        key: article.key.clone(),
        title: article.front.title.clone(),
        words: shown()
            .map(|paragraph| count(&paragraph.prose.text.text))
            .sum(),
        paragraphs: shown().count(),
        cited_paragraphs: shown()
            .filter(|paragraph| is_cited(paragraph.number))
            .count(),
        citing_places: book.citing(index).count(),
    }
}

fn annotations(book: &Book) -> AnnotationStats {
    let counted = |number: usize, home: fn(usize) -> Home| Count {
        number,
        words: (0..number)
            .map(|index| words(book.document(home(index))))
            .sum(),
    };
    let borne = |bearing: Bearing| {
        let claims = 0..book.claims.len();
        let bears = |index: &usize| {
            let mut notes = book.notes_of(Home::Claim(*index)).iter();
            notes.any(|note| note.bearing == Some(bearing))
        };
        claims.filter(bears).count()
    };
    AnnotationStats {
        terms: counted(book.terms.len(), Home::Term),
        notes: counted(book.comments.len(), Home::Comment),
        claims: counted(book.claims.len(), Home::Claim),
        events: counted(book.events.len(), Home::Event),
        supported_claims: borne(Bearing::Supports),
        disputed_claims: borne(Bearing::Disputes),
    }
}

/// Every state, also one in which no citation ended.
fn citations(book: &Book) -> BTreeMap<&'static str, usize> {
    let mut citations: BTreeMap<&str, usize> = State::ALL
        .iter()
        .map(|state| (state_name(*state), 0))
        .collect();
    for cited in book.notes.iter().flat_map(|note| &note.cited) {
        *citations.entry(state_name(cited.state())).or_default() += 1;
    }
    citations
}

fn words(document: &Document) -> usize {
    let proses = document.proses().into_iter();
    proses.map(|(_, prose)| count(&prose.text.text)).sum()
}

fn count(text: &str) -> usize {
    text.unicode_words().count()
}
