//! From pulldown-cmark's events to the tree.

mod blocks;
mod files;
mod inlines;
mod naming;
mod raw;
mod slips;
mod tables;

use std::collections::HashMap;
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{Event, OffsetIter, Options, Parser, Tag};

use super::mask::{self, Mark};
use super::{Bearers, Document, Footnote, Paragraph, Voice};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Text};

/// Containers nested deeper than this lose their container and keep their text.
const MAX_DEPTH: usize = 12;

pub(super) fn document(text: &Text, voice: Voice) -> (Document, Vec<Diagnostic>) {
    let marks = match voice {
        Voice::Source => Vec::new(),
        Voice::Author if !mask::may_have_marks(&text.text) => Vec::new(),
        Voice::Author => mask::marks(&text.text, &code_ranges(&text.text)),
    };
    let masked = mask::mask(&text.text, &marks);
    let parser = Parser::new_ext(&masked, options());
    let definitions = files::definitions(parser.reference_definitions());
    let mut builder = Builder {
        events: parser.into_offset_iter().peekable(),
        definitions,
        text,
        voice,
        marks,
        next_mark: 0,
        end: 0,
        in_footnote: false,
        literal_caret: None,
        paragraphs: Vec::new(),
        footnotes: Vec::new(),
        labels: HashMap::new(),
        opened: HashMap::new(),
        links: false,
        diagnostics: Vec::new(),
    };
    let blocks = builder.blocks(0);
    let paragraphs = exact(builder.paragraphs);
    let document = Document {
        blocks,
        bearers: Bearers::among(&paragraphs),
        paragraphs,
        footnotes: builder.footnotes,
        links: builder.links,
    };
    let mut diagnostics = builder.diagnostics;
    diagnostics.extend(naming::duplicate_names(&document.paragraphs));
    (document, diagnostics)
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
}

/// Where CommonMark sees code or HTML, in which nothing is our syntax.
pub(super) fn code_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        let is_code = matches!(
            event,
            Event::Code(_)
                | Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::CodeBlock(_))
        );
        if is_code && ranges.last().is_none_or(|last| last.end <= range.start) {
            ranges.push(range);
        }
    }
    ranges
}

/// Where the blocks of HTML of a source's text begin, comments among them.
pub(super) fn html_blocks(text: &str) -> Vec<usize> {
    let events = Parser::new_ext(text, options()).into_offset_iter();
    let blocks = events.filter(|(event, _)| matches!(event, Event::Start(Tag::HtmlBlock)));
    blocks.map(|(_, range)| range.start).collect()
}

pub(super) struct Builder<'t, 'm> {
    pub(super) events: Peekable<OffsetIter<'m>>,
    /// Where the links' labels are defined, by the labels in lower case.
    definitions: HashMap<String, Range<usize>>,
    pub(super) text: &'t Text,
    voice: Voice,
    pub(super) marks: Vec<Mark>,
    pub(super) next_mark: usize,
    /// Where the event that was read last ends.
    pub(super) end: usize,
    /// Whether what is read belongs to a footnote, whose paragraphs have no numbers.
    pub(super) in_footnote: bool,
    /// Where the last prose has a `^` that a backslash makes a sign like any other.
    pub(super) literal_caret: Option<usize>,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) footnotes: Vec<Footnote>,
    labels: HashMap<String, usize>,
    /// How many elements of HTML have begun and not ended, by their names.
    opened: HashMap<String, usize>,
    pub(super) links: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'m> Builder<'_, 'm> {
    fn next(&mut self) -> Option<(Event<'m>, Range<usize>)> {
        let next = self.events.next();
        if let Some((_, range)) = &next {
            self.end = range.end;
        }
        next
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.text.span(range)
    }
}

/// The items in memory of their own length: shrunk in place, they would keep up to twice as much.
fn exact<T>(mut items: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(items.len());
    exact.append(&mut items);
    exact
}
