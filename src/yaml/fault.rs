//! Why the parser stopped, in an author's words.

use std::borrow::Cow;
use std::ops::Range;

use super::line::Line;
use super::open::{before_key, unclosed};
use super::trap;
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{FileId, Span};

/// What stopped the parser, where, and what mends it. Offsets are those of the text that it read.
pub(super) struct Fault {
    pub(super) lint: Lint,
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: Cow<'static, str>,
    /// Edits that mend it beyond doubt.
    pub(super) fix: Vec<(Range<usize>, Cow<'static, str>)>,
    /// What has to be passed over to read on, if it is less than the entry.
    pub(super) broken: Option<Range<usize>>,
}

impl Fault {
    pub(super) fn new(
        lint: Lint,
        at: usize,
        message: impl Into<String>,
        help: impl Into<Cow<'static, str>>,
    ) -> Self {
        Fault {
            lint,
            at,
            message: message.into(),
            help: help.into(),
            fix: Vec::new(),
            broken: None,
        }
    }

    /// A tab, or a mark that nothing closes, which made the parser stop at `at`.
    pub(super) fn of_signs(text: &str, at: usize) -> Option<Self> {
        let lone = |at| {
            let message = "a quotation mark before a name has its other before the colon";
            let help = "take the mark out, or write its other before the colon";
            Fault::new(Lint::InvalidYaml, at, message, help)
        };
        trap::tab(text, at)
            .or_else(|| before_key(text, at).map(lone))
            .or_else(|| unclosed(text, at).map(|(at, mark)| open(at, mark)))
    }

    /// What the lines tell where the parser stopped at `at` with these `words`.
    pub(super) fn of(text: &str, at: usize, words: &str) -> Self {
        trap::at(text, at).unwrap_or_else(|| {
            let plain = words.split(" at ").next().unwrap_or(words);
            let message = format!("this is not YAML: {}", plain.trim_end_matches('.'));
            Fault::new(Lint::InvalidYaml, at, message, trap::QUOTE_IT)
        })
    }

    /// A `---` or `...` line behind the first entries, at or above `at`.
    pub(super) fn second_document(text: &str, at: usize) -> Self {
        let mut line = Line::around(text, at);
        if !line.text.starts_with("---") {
            line = line.above(text);
        }
        let mark = line.text.get(..3).unwrap_or_default();
        let end = text[line.at..]
            .find('\n')
            .map_or(text.len(), |length| line.at + length);
        Fault {
            broken: Some(line.at..end),
            ..Fault::new(
                Lint::InvalidYaml,
                line.at,
                "a second YAML document begins here",
                format!("one file holds one document: take the `{mark}` line out"),
            )
        }
    }

    /// The fault as it is told, in a file where the text begins at `offset`.
    pub(super) fn diagnostic(self, file: FileId, offset: usize) -> Diagnostic {
        let at = offset + self.at;
        let diagnostic = Diagnostic::new(self.lint, Span::new(file, at..at + 1), self.message)
            .help(self.help)
            .trusted(Trust::Safe);
        self.fix.into_iter().fold(diagnostic, |told, (range, new)| {
            let range = offset + range.start..offset + range.end;
            told.fix(Span::new(file, range), new)
        })
    }
}

fn open(at: usize, mark: char) -> Fault {
    let (what, help) = match mark {
        '[' => (
            "bracket",
            "write a `]` where the list ends; a text that begins with a bracket stands in quotation marks",
        ),
        '{' => (
            "bracket",
            "write a `}` where the fields end; a text that begins with a bracket stands in quotation marks",
        ),
        _ => (
            "quotation mark",
            "end the text with the same mark, or put it on the next lines after `|` without marks",
        ),
    };
    let message = format!("a {what} is opened here and never closed");
    Fault::new(Lint::InvalidYaml, at, message, help)
}
