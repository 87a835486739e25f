//! Lints over the whole book.

use std::collections::BTreeSet;

use super::{Book, Destination, Home, likelihood, lookalikes};
use crate::diagnostic::{Diagnostic, Lint};
use crate::glossary::{self, Occurrence};
use crate::manuscript::PLACEHOLDER;
use crate::markdown::{Document, Paragraph};
use crate::source::Sources;

impl Book {
    /// What is said of one of the authors' own texts, whatever it cites.
    pub(super) fn lints_of(&self, home: Home, sources: &Sources) -> Vec<Diagnostic> {
        let document = self.document(home);
        let mut diagnostics = lookalikes::in_document(document, &self.verifier, sources);
        if likelihood::is_in_english(self) {
            diagnostics.extend(likelihood::in_document(document));
        }
        diagnostics.extend(unwritten(document));
        diagnostics
    }

    /// The terms that occur nowhere and that no link leads to, by index.
    pub fn unused_terms(&self) -> Vec<usize> {
        let linked = self
            .links
            .values()
            .filter_map(|destination| match destination {
                Destination::Term(term) => Some(*term),
                Destination::Document(..)
                | Destination::Heading(..)
                | Destination::Asset { .. } => None,
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

/// Says so where nothing but a placeholder stands in a document.
fn unwritten(document: &Document) -> Option<Diagnostic> {
    let [only] = document.paragraphs.as_slice() else {
        return None;
    };
    let text = &only.prose.text;
    (text.text.trim() == PLACEHOLDER).then(|| {
        Diagnostic::new(
            Lint::UnwrittenText,
            text.whole(),
            "this text is yet to be written",
        )
        .help("write it in the place of the `…`")
    })
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

/// Words in capitals in one of the authors' own texts that no glossary entry explains, each once.
pub(super) fn undefined_acronyms<'o>(
    paragraphs: &[Paragraph],
    occurrences: impl Fn(u32) -> &'o [Occurrence],
    forms: &BTreeSet<String>,
) -> Box<[Diagnostic]> {
    let mut diagnostics = Vec::new();
    let mut seen = BTreeSet::new();
    for paragraph in paragraphs {
        let text = paragraph.prose.text.text.as_str();
        let explained = occurrences(paragraph.number);
        for range in glossary::acronyms(paragraph) {
            let word = &text[range.clone()];
            let known = forms.contains(word)
                || explained
                    .iter()
                    .any(|hit| (hit.start as usize) < range.end && range.start < hit.end as usize);
            // `[!NOTE]` is told as what it is.
            let is_box = text[..range.start].ends_with("[!");
            if !known && !is_box && seen.insert(word) {
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
    diagnostics.into()
}
