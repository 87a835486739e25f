//! Where the glossary's terms occur.

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::comments::Passage;
use super::{Book, HANDFUL, Home, lints};
use crate::annotation::Term;
use crate::diagnostic::{Diagnostic, Known, Lint};
use crate::glossary::{Matcher, Occurrence};
use crate::source::{Span, small};

/// The terms of one document, by paragraph.
#[derive(Debug)]
pub(super) struct Occurrences {
    hits: Box<[Occurrence]>,
    /// For each paragraph, the number of hits in it and before it.
    ends: Box<[u32]>,
    /// What is said of short forms that none of them explains.
    unexplained: Box<[Diagnostic]>,
}

impl Occurrences {
    pub(super) fn of(&self, paragraph: u32) -> &[Occurrence] {
        let index = paragraph as usize;
        let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
        let start = index.checked_sub(2).map_or(0, end);
        let end = index.checked_sub(1).map_or(0, end);
        self.hits.get(start..end).unwrap_or_default()
    }

    fn by_paragraph(&self) -> impl Iterator<Item = (u32, &[Occurrence])> {
        (1..)
            .zip(&self.ends)
            .map(|(number, _)| (number, self.of(number)))
    }
}

impl Book {
    /// Finds the glossary's terms in all texts; in those that `previous` has searched for the same words, again what
    /// it found.
    pub(super) fn find_terms(
        &mut self,
        matcher: &Matcher,
        previous: Option<&Book>,
    ) -> Vec<Diagnostic> {
        let (exceptions, mut diagnostics) = self.exceptions(matcher);
        self.exceptions = exceptions;
        let known = previous.filter(|book| self.seeks_what(book));
        let homes = self.homes();
        let found: Vec<Arc<Occurrences>> = homes
            .par_iter()
            .with_max_len(HANDFUL)
            .map(|home| {
                let known = known.and_then(|book| self.known_terms(*home, book));
                known.unwrap_or_else(|| Arc::new(self.terms_of(*home, matcher)))
            })
            .collect();
        for occurrences in &found {
            diagnostics.extend_from_slice(&occurrences.unexplained);
        }
        self.places = places(&found, self.terms.len());
        self.occurrences = homes.iter().copied().zip(found).collect();
        self.homes = homes;
        diagnostics
    }

    /// Whether another book seeks the same words in the same articles, and passes over the same places.
    fn seeks_what(&self, other: &Book) -> bool {
        self.exceptions == other.exceptions
            && self.sought() == other.sought()
            && self.has_the_sources_of(other)
    }

    /// The words of each term; where two terms claim one, the first in the files has it.
    fn sought(&self) -> Vec<(usize, Vec<&str>)> {
        let mut terms: Vec<(usize, &Arc<Term>)> = self.terms.iter().enumerate().collect();
        terms.sort_by_cached_key(|(_, term)| term.key.whole());
        terms
            .into_iter()
            .map(|(index, term)| (index, term.forms().map(|form| form.text.as_str()).collect()))
            .collect()
    }

    /// What another book found in a document, if it is still the same.
    fn known_terms(&self, home: Home, other: &Book) -> Option<Arc<Occurrences>> {
        let known = other.occurrences.get(&home);
        known
            .filter(|_| self.is_unchanged(home, other))
            .map(Arc::clone)
    }

    fn terms_of(&self, home: Home, matcher: &Matcher) -> Occurrences {
        let paragraphs = &self.document(home).paragraphs;
        let mut hits = Vec::new();
        let mut ends = Vec::with_capacity(paragraphs.len());
        for paragraph in paragraphs {
            if !self.omits(home, paragraph.number) {
                let found = matcher.occurrences(paragraph).into_iter();
                hits.extend(found.filter(|hit| {
                    home != Home::Term(hit.term())
                        && !self
                            .exceptions
                            .iter()
                            .any(|exception| exception.covers(home, paragraph.number, *hit))
                }));
            }
            ends.push(small(hits.len()));
        }
        let mut found = Occurrences {
            hits: hits.into(),
            ends: ends.into(),
            unexplained: Box::default(),
        };
        if !matches!(home, Home::Article(_)) {
            let explained = |paragraph| found.of(paragraph);
            found.unexplained = lints::undefined_acronyms(paragraphs, explained, &self.forms);
        }
        found
    }

    fn exceptions(&self, matcher: &Matcher) -> (Vec<Exception>, Vec<Diagnostic>) {
        let mut exceptions = Vec::new();
        let mut diagnostics = Vec::new();
        for (term, entry) in self.terms.iter().enumerate() {
            for citation in &entry.except {
                let (place, mut found) = self.passages(citation);
                let sound = found.is_empty();
                diagnostics.append(&mut found);
                let Some((home, passages)) = place else {
                    continue;
                };
                let places = self.excepted(term, home, &passages);
                if sound && !places.iter().any(|place| self.excepts(place, matcher)) {
                    diagnostics.push(excepts_nothing(&entry.key.text, citation.span));
                }
                exceptions.extend(places);
            }
        }
        (exceptions, diagnostics)
    }

    /// The paragraphs of articles in which a term's words mean something else.
    pub(super) fn excepted_paragraphs(&self) -> impl Iterator<Item = (usize, u32)> {
        let all = self.exceptions.iter();
        all.filter_map(|exception| match exception.home {
            Home::Article(article) => Some((article, exception.paragraph)),
            Home::Chapter(_)
            | Home::Comment(_)
            | Home::Claim(_)
            | Home::Event(_)
            | Home::Term(_) => None,
        })
    }

    /// The places that are excepted: the passages, their whole paragraphs, or the whole text.
    fn excepted(&self, term: usize, home: Home, passages: &[Passage]) -> Vec<Exception> {
        let exception = |paragraph: u32, range| Exception {
            term,
            home,
            paragraph,
            range,
        };
        if passages.is_empty() {
            let all = self.document(home).paragraphs.iter();
            return all.map(|p| exception(p.number, 0..u32::MAX)).collect();
        }
        let place = |passage: &Passage| {
            let range = Some(passage.range.clone()).filter(|range| !range.is_empty());
            exception(passage.paragraph, range.unwrap_or(0..u32::MAX))
        };
        passages.iter().map(place).collect()
    }

    /// Whether the term stands where it is excepted.
    fn excepts(&self, exception: &Exception, matcher: &Matcher) -> bool {
        let Exception {
            home, paragraph, ..
        } = *exception;
        let Some(text) = self.document(home).paragraph(paragraph) else {
            return false;
        };
        let hits = matcher.occurrences(text);
        hits.into_iter()
            .any(|hit| exception.covers(home, paragraph, hit))
    }

    pub(super) fn see_also(&self) -> Vec<Diagnostic> {
        let keys = || self.terms.iter().map(|term| term.key.text.to_string());
        let known = LazyCell::new(|| Known::new(keys()));
        let wrong = self.terms.iter().flat_map(|term| &term.see);
        wrong
            .filter(|word| {
                // A list in one text has its own report.
                let mut words = word.text.split([',', ';']).map(str::trim);
                self.term(&word.text).is_none() && !words.all(|word| self.term(word).is_some())
            })
            .map(|word| {
                let message = format!("the glossary has no term `{}`", word.text);
                let diagnostic = Diagnostic::new(Lint::UnresolvedLink, word.whole(), message);
                match known.nearest(&word.text) {
                    Some((_, near)) => diagnostic
                        .help(format!("did you mean `{near}`?"))
                        .fix(word.whole(), near),
                    None => diagnostic.help("add the entry, or take the word out of `see`"),
                }
            })
            .collect()
    }
}

/// Where each of so many terms occurs: the document, by its place in the list, and the paragraph.
fn places(found: &[Arc<Occurrences>], terms: usize) -> Vec<Vec<(u32, u32)>> {
    /// So many documents at once: a list for each term is worth it.
    const PART: usize = 2000;
    let of_part = |(part, found): (usize, &[Arc<Occurrences>])| {
        let mut places = vec![Vec::new(); terms];
        let first = small(part * PART);
        for (home, occurrences) in (first..).zip(found) {
            for (number, hits) in occurrences.by_paragraph() {
                for hit in hits {
                    let places = &mut places[hit.term()];
                    if places.last() != Some(&(home, number)) {
                        places.push((home, number));
                    }
                }
            }
        }
        places
    };
    let parts: Vec<Vec<Vec<(u32, u32)>>> =
        found.par_chunks(PART).enumerate().map(of_part).collect();
    let of_term = |term: usize| {
        let own = parts.iter().map(|part| part[term].as_slice());
        own.collect::<Vec<_>>().concat()
    };
    (0..terms).into_par_iter().map(of_term).collect()
}

fn excepts_nothing(term: &str, place: Span) -> Diagnostic {
    let message = format!("`{term}` does not stand there, so nothing is excepted");
    Diagnostic::new(Lint::UnusedException, place, message)
        .help("name the paragraph where the words mean something else, or take the place out")
}

/// A place where a term's words mean something else.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Exception {
    term: usize,
    home: Home,
    paragraph: u32,
    range: Range<u32>,
}

impl Exception {
    fn covers(&self, home: Home, paragraph: u32, hit: Occurrence) -> bool {
        self.term == hit.term()
            && self.home == home
            && self.paragraph == paragraph
            && self.range.start < hit.end
            && hit.start < self.range.end
    }
}
