//! Lints over the whole book.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Book, Destination, HANDFUL, Home};
use crate::diagnostic::{Diagnostic, Lint};
use crate::glossary;

impl Book {
    /// The terms that occur nowhere and that no link leads to, by index.
    pub fn unused_terms(&self) -> Vec<usize> {
        let linked = self
            .links
            .values()
            .filter_map(|destination| match destination {
                Destination::Term(term) => Some(*term),
                Destination::Document(..) | Destination::Heading(..) | Destination::Asset(_) => {
                    None
                }
            });
        let seen = self
            .terms
            .iter()
            .flat_map(|term| &term.see)
            .filter_map(|word| self.term(&word.text));
        let pointed_at: BTreeSet<usize> = linked.chain(seen).collect();
        let terms = 0..self.terms.len();
        terms
            .filter(|index| !self.occurs(*index) && !pointed_at.contains(index))
            .collect()
    }
}

/// Glossary entries whose words occur nowhere, and that nothing else points at.
pub(super) fn unused_terms(book: &Book) -> Vec<Diagnostic> {
    let terms = book
        .unused_terms()
        .into_iter()
        .map(|index| &book.terms[index]);
    terms
        .map(|term| {
            let message = format!("`{}` occurs nowhere in the book", term.key.text);
            Diagnostic::new(Lint::UnusedTerm, term.key.whole(), message)
                .help("add an alias under which the texts know it, or take the entry out")
        })
        .collect()
}

/// Words in capitals in the authors' own texts that no glossary entry explains, once a text.
pub(super) fn undefined_acronyms(book: &Book) -> Vec<Diagnostic> {
    let forms = book.forms();
    let homes: Vec<Home> = book.writing().collect();
    let found = homes
        .par_iter()
        .with_max_len(HANDFUL)
        .map(|home| unexplained(*home, book, &forms));
    found.flatten_iter().collect()
}

fn unexplained(home: Home, book: &Book, forms: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut seen = BTreeSet::new();
    for paragraph in &book.document(home).paragraphs {
        let text = paragraph.prose.text.text.as_str();
        let explained = book.occurrences(home, paragraph.number);
        for range in glossary::acronyms(paragraph) {
            let word = &text[range.clone()];
            let known = forms.contains(word)
                || explained
                    .iter()
                    .any(|hit| (hit.start as usize) < range.end && range.start < hit.end as usize);
            if !known && seen.insert(word) {
                let span = paragraph.prose.text.span(range.clone());
                diagnostics.push(
                    Diagnostic::new(
                        Lint::UndefinedAcronym,
                        span,
                        format!("no glossary entry explains `{word}`"),
                    )
                    .help(format!("add `{word}:` to a glossary, or write it out")),
                );
            }
        }
    }
    diagnostics
}
