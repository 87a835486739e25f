//! Texts that nearly are our own syntax, and would be printed as they stand.

mod brackets;
mod citations;
mod footnotes;
mod foreign;
mod links;
mod places;

use std::cell::OnceCell;

use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::{Code, Content, Document, Prose};
use crate::source::Sources;
use crate::verify::Verifier;
use brackets::Brackets;
use footnotes::unmatched_footnotes;

/// What a document has of it.
pub(super) fn in_document(
    document: &Document,
    verifier: &Verifier,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let is_code = |number: Option<u32>| {
        let paragraph = number.and_then(|number| document.paragraph(number));
        paragraph.is_some_and(|p| matches!(p.content, Content::Code(_)))
    };
    let mut footnotes = Vec::new();
    let proses = document.proses();
    let signs: Vec<Signs> = proses.iter().map(|_| Signs::default()).collect();
    for ((number, prose), signs) in proses.into_iter().zip(&signs) {
        let passage = Passage {
            prose,
            verifier,
            sources,
            signs,
        };
        if is_code(number) {
            diagnostics.extend(passage.indented());
            continue;
        }
        diagnostics.extend(passage.citations());
        diagnostics.extend(passage.around_signs());
        diagnostics.extend(passage.in_parentheses());
        diagnostics.extend(passage.bare());
        diagnostics.extend(passage.wide_citations());
        diagnostics.extend(passage.names_without_sign());
        diagnostics.extend(passage.words_without_marks());
        diagnostics.extend(passage.open_links());
        diagnostics.extend(passage.unopened_links());
        diagnostics.extend(passage.further_brackets());
        diagnostics.extend(passage.bracketed_links());
        diagnostics.extend(passage.loose_locators());
        diagnostics.extend(passage.markup());
        diagnostics.extend(passage.further_items());
        diagnostics.extend(passage.foreign());
        footnotes.extend(passage.footnotes());
    }
    diagnostics.extend(unmatched_footnotes(document, &footnotes, sources));
    diagnostics
}

/// Running text and what it was read from.
#[derive(Clone, Copy)]
pub(super) struct Passage<'b> {
    pub(super) prose: &'b Prose,
    verifier: &'b Verifier,
    sources: &'b Sources,
    signs: &'b Signs,
}

/// What is looked for in a text once, when it is first asked for.
#[derive(Default)]
struct Signs {
    code: OnceCell<Code>,
    brackets: OnceCell<Brackets>,
}

impl<'b> Passage<'b> {
    pub(super) fn text(self) -> &'b str {
        &self.prose.text.text
    }

    /// The text as it stands in its file.
    pub(super) fn written(self) -> &'b str {
        self.sources.slice(self.prose.text.whole())
    }

    /// Where `signs` stand, neither behind a backslash nor in code.
    pub(super) fn places(self, signs: &'b str) -> impl Iterator<Item = usize> + 'b {
        let places = self.text().match_indices(signs).map(|(at, _)| at);
        places.filter(move |at| self.is_sign(*at))
    }

    /// Whether a sign stands neither behind a backslash, which `\\[[` has for both brackets, nor in code.
    pub(super) fn is_sign(self, at: usize) -> bool {
        let start = self.prose.text.span(at..at + 1);
        let before = &self.sources.file(start.file).text[..start.start as usize];
        let is_second = self.text()[at..].starts_with('[') && before.ends_with("\\[");
        !before.ends_with('\\') && !is_second && !self.is_code(at)
    }

    /// Whether a sign stands in code.
    fn is_code(self, at: usize) -> bool {
        let code = || self.signs.code.get_or_init(|| self.prose.code());
        code().covers(at)
    }

    fn brackets(self) -> &'b Brackets {
        let brackets = || Brackets::of(self.text());
        self.signs.brackets.get_or_init(brackets)
    }

    /// Citations, links or quotations in what the first spaces of its lines make code.
    fn indented(self) -> Option<Diagnostic> {
        let span = self.prose.text.whole();
        let file = &self.sources.file(span.file).text;
        let line = file[..span.start as usize]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let before = &file[line..span.start as usize];
        let is_indented = before.ends_with('\t') || before.ends_with("    ");
        let above = file[..line].lines().next_back().unwrap_or_default();
        let is_fenced = above.contains("```") || above.contains("~~~");
        let ours = ["[@", "[[", "“", "”"];
        let speaks = ours.iter().any(|sign| self.text().contains(sign));
        (is_indented && !is_fenced && speaks).then(|| {
            let first = self.text().lines().next().map_or(0, str::len);
            let message = "four spaces or a tab before a line make code of it";
            Diagnostic::new(
                Lint::LooksLikeMarkup,
                self.prose.text.span(0..first),
                message,
            )
            .help("take them out; code with such signs stands between two lines of three backticks")
        })
    }
}
