//! Where the glossary's terms occur.

use rayon::prelude::*;

use super::{Book, Home};
use crate::diagnostic::{Diagnostic, Lint};
use crate::glossary::{Matcher, Occurrence};
use crate::verify::Verifier;

impl Book {
    pub(super) fn find_terms(&mut self, matcher: &Matcher) -> Vec<Diagnostic> {
        let (exceptions, diagnostics) = self.exceptions();
        let homes = self.homes();
        let found: Vec<Vec<(u32, Vec<Occurrence>)>> = homes
            .par_iter()
            .map(|home| {
                let paragraphs = self.document(*home).paragraphs.iter();
                let shown = paragraphs.filter(|paragraph| !self.omits(*home, paragraph.number));
                let terms = shown.map(|paragraph| {
                    let mut occurrences = matcher.occurrences(paragraph);
                    occurrences.retain(|hit| {
                        *home != Home::Term(hit.term)
                            && !exceptions
                                .iter()
                                .any(|exception| exception.covers(*home, paragraph.number, *hit))
                    });
                    (paragraph.number, occurrences)
                });
                terms
                    .filter(|(_, occurrences)| !occurrences.is_empty())
                    .collect()
            })
            .collect();
        for (home, paragraphs) in homes.into_iter().zip(found) {
            for (number, occurrences) in paragraphs {
                for hit in &occurrences {
                    let places = &mut self.places[hit.term];
                    if places.last() != Some(&(home, number)) {
                        places.push((home, number));
                    }
                }
                self.occurrences.insert((home, number), occurrences);
            }
        }
        for places in &mut self.places {
            places.sort_unstable();
            places.dedup();
        }
        diagnostics
    }

    fn exceptions(&self) -> (Vec<Exception>, Vec<Diagnostic>) {
        let forms = self.forms();
        let verifier = Verifier::new(&self.articles, &forms);
        let mut exceptions = Vec::new();
        let mut diagnostics = Vec::new();
        for (term, entry) in self.terms.iter().enumerate() {
            for citation in &entry.except {
                let (cited, mut found) = verifier.verify(citation);
                diagnostics.append(&mut found);
                let Some(cited) = cited else { continue };
                let Some(article) = cited.source() else {
                    continue;
                };
                if cited.quotation().is_none() {
                    let all = self.articles[article]
                        .document
                        .paragraphs
                        .iter()
                        .map(|p| p.number);
                    let named = cited.paragraphs().iter().copied();
                    let whole: Vec<u32> = if cited.paragraphs().is_empty() {
                        all.collect()
                    } else {
                        named.collect()
                    };
                    let whole = whole.into_iter().map(|p| (p, 0..usize::MAX));
                    exceptions.extend(whole.map(|(paragraph, range)| Exception {
                        term,
                        home: Home::Article(article),
                        paragraph,
                        range,
                    }));
                    continue;
                }
                exceptions.extend(verifier.passages(&cited).into_iter().map(
                    |(paragraph, range)| Exception {
                        term,
                        home: Home::Article(article),
                        paragraph,
                        range,
                    },
                ));
            }
        }
        (exceptions, diagnostics)
    }

    pub(super) fn see_also(&self) -> Vec<Diagnostic> {
        let known = || self.terms.iter().map(|term| term.key.text.as_str());
        let wrong = self.terms.iter().flat_map(|term| &term.see);
        wrong
            .filter(|word| self.term(&word.text).is_none())
            .map(|word| {
                let message = format!("the glossary has no term `{}`", word.text);
                let diagnostic = Diagnostic::new(Lint::UnresolvedLink, word.whole(), message);
                match crate::diagnostic::nearest(&word.text, known()) {
                    Some(near) => diagnostic
                        .help(format!("did you mean `{near}`?"))
                        .fix(word.whole(), near),
                    None => diagnostic.help("add the entry, or take the word out of `see`"),
                }
            })
            .collect()
    }
}
/// A place where a term's words mean something else.
struct Exception {
    term: usize,
    home: Home,
    paragraph: u32,
    range: std::ops::Range<usize>,
}

impl Exception {
    fn covers(&self, home: Home, paragraph: u32, hit: Occurrence) -> bool {
        self.term == hit.term
            && self.home == home
            && self.paragraph == paragraph
            && self.range.start < hit.end as usize
            && (hit.start as usize) < self.range.end
    }
}
