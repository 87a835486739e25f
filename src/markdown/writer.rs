//! Writes a block's plain text and remembers where each piece of it came from.

use std::ops::Range;

use super::{FootnoteMark, Group, Inline, Marks, Prose};
use crate::reference::{Citation, Link, is_key};
use crate::source::{Origin, Text, small};

/// `@a [¶3]` as the group that it means.
pub(super) fn in_text(text: &Text) -> Text {
    let Some(bracket) = text.text.find(" [") else {
        return text.clone();
    };
    let mut bare = text.slice(0..text.text.trim_end_matches(']').len());
    // The bracket becomes a space, so that key and locator stand as in `@a  ¶3`.
    let mut words = bare.text.to_string();
    words.replace_range(bracket + 1..bracket + 2, " ");
    bare.text = words.into();
    bare
}

/// A marked range with each line end and container prefix in it as one space.
pub(super) fn unwrapped(text: &Text, range: Range<usize>) -> Text {
    let raw = &text.text[range.clone()];
    if !raw.contains('\n') {
        return text.slice(range);
    }
    let mut writer = Writer::new(text);
    let mut at = range.start;
    for line in raw.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let skipped = if at == range.start {
            0
        } else {
            content.len() - content.trim_start_matches([' ', '\t', '>']).len()
        };
        writer.verbatim(at + skipped..at + content.len());
        if line.len() > content.len() {
            writer.replaced(" ", at + content.len()..at + line.len());
        }
        at += line.len();
    }
    writer.text()
}

/// The range of `name` in a text that ends in ` ^name`.
pub(super) fn trailing_name(text: &str) -> Option<Range<usize>> {
    let at = text.rfind('^')?;
    let name = &text[at + 1..];
    let apart = at == 0 || text[..at].ends_with([' ', '\n']);
    (apart && is_key(name)).then_some(at + 1..text.len())
}

/// Cuts a prose's text at `end`, and the inlines with it.
pub(super) fn truncate(prose: &mut Prose, end: usize) {
    let end = prose.text.text[..end].trim_end().len();
    prose.text.truncate(end);
    cut(&mut prose.inlines, small(end));
}

fn cut(inlines: &mut Box<[Inline]>, end: u32) {
    for inline in inlines.iter_mut() {
        match inline {
            Inline::Text(range) | Inline::Code(range) | Inline::Reference { words: range, .. } => {
                range.end = range.end.min(end);
                range.start = range.start.min(end);
            }
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                cut(content, end);
            }
            Inline::Link(link) => cut(&mut link.content, end),
            Inline::Image(_) | Inline::Break | Inline::Citation(_) | Inline::Footnote(_) => {}
        }
    }
    let is_empty = |inline: &Inline| matches!(inline, Inline::Text(range) if range.is_empty());
    if inlines.iter().any(is_empty) || matches!(inlines.last(), Some(Inline::Break)) {
        let mut kept = std::mem::take(inlines).into_vec();
        kept.retain(|inline| !is_empty(inline));
        while matches!(kept.last(), Some(Inline::Break)) {
            kept.pop();
        }
        *inlines = kept.into();
    }
}

pub(super) fn push_words(inlines: &mut Vec<Inline>, words: Range<u32>) {
    if words.is_empty() {
        return;
    }
    if let Some(Inline::Text(last)) = inlines.last_mut()
        && last.end == words.start
    {
        last.end = words.end;
        return;
    }
    inlines.push(Inline::Text(words));
}

/// Writes a prose's plain text and remembers where each piece came from.
pub(super) struct Writer<'t> {
    source: &'t Text,
    pub(super) words: String,
    origin: Origin,
    pub(super) citations: Vec<Group>,
    pub(super) links: Vec<Link>,
    pub(super) files: Vec<Citation>,
    pub(super) footnotes: Vec<FootnoteMark>,
}

impl<'t> Writer<'t> {
    pub(super) fn new(source: &'t Text) -> Self {
        Writer {
            source,
            words: String::new(),
            origin: Origin::default(),
            citations: Vec::new(),
            links: Vec::new(),
            files: Vec::new(),
            footnotes: Vec::new(),
        }
    }

    pub(super) fn finish(mut self, inlines: Box<[Inline]>) -> Prose {
        let marks = Marks {
            citations: std::mem::take(&mut self.citations).into(),
            links: std::mem::take(&mut self.links).into(),
            files: std::mem::take(&mut self.files).into(),
            footnotes: std::mem::take(&mut self.footnotes).into(),
        };
        let has_any = !(marks.citations.is_empty()
            && marks.links.is_empty()
            && marks.files.is_empty()
            && marks.footnotes.is_empty());
        Prose {
            marks: has_any.then(|| Box::new(marks)),
            text: self.text(),
            inlines,
        }
    }

    /// The text; its characters are the source's own where they stand there as they are.
    fn text(self) -> Text {
        let place = self.source.place_of(&self.words, &self.origin);
        Text {
            text: place.map_or_else(|| self.words.into(), |place| self.source.text.slice(place)),
            file: self.source.file,
            origin: self.origin,
        }
    }

    /// Adds a range of the source as it is.
    pub(super) fn verbatim(&mut self, range: Range<usize>) {
        let at = self.words.len();
        self.words.push_str(&self.source.text[range.clone()]);
        self.origin.push_from(at, self.source, range);
    }

    /// Adds words that stand for a range of the source.
    pub(super) fn replaced(&mut self, words: &str, range: Range<usize>) {
        let at = self.words.len();
        self.words.push_str(words);
        let file = self.source.origin.of(range);
        self.origin.push(at, words.len(), file);
    }

    /// Adds words that stand nowhere in the source.
    pub(super) fn synthetic(&mut self, words: &str) -> Range<u32> {
        let start = self.words.len();
        self.words.push_str(words);
        self.since(start)
    }

    /// Ends a table's row: a line of its own in the plain text.
    pub(super) fn end_line(&mut self) {
        if self.words.ends_with('\t') {
            self.words.pop();
        }
        self.words.push('\n');
    }

    /// Cuts spaces at the end, as far as `start`.
    pub(super) fn trim_end(&mut self, start: usize) {
        let end = self.words.trim_end_matches(' ').len();
        let end = end.max(start);
        self.words.truncate(end);
        self.origin.truncate(end);
    }

    pub(super) fn since(&self, start: usize) -> Range<u32> {
        small(start)..small(self.words.len())
    }

    pub(super) fn verbatim_words(&mut self, range: Range<usize>) -> Range<u32> {
        let start = self.words.len();
        self.verbatim(range);
        self.since(start)
    }

    pub(super) fn put(&mut self, words: &str, range: Range<usize>) -> Range<u32> {
        let start = self.words.len();
        self.replaced(words, range);
        self.since(start)
    }

    /// Adds a text that knows its own origin.
    pub(super) fn from(&mut self, text: &Text) -> Range<u32> {
        let start = self.words.len();
        self.words.push_str(&text.text);
        self.origin.push_from(start, text, 0..text.text.len());
        self.since(start)
    }

    /// Adds a code span, whose content the parser may have trimmed.
    pub(super) fn code(&mut self, code: &str, range: Range<usize>) -> Range<u32> {
        let raw = &self.source.text[range.clone()];
        let ticks = raw.len() - raw.trim_start_matches('`').len();
        let inner = range.start + ticks..range.end.saturating_sub(ticks).max(range.start + ticks);
        let content = &self.source.text[inner.clone()];
        let padded = usize::from(content.len() == code.len() + 2);
        let exact = inner.start + padded..inner.end - padded;
        if exact.len() == code.len() && !content.contains('\n') {
            self.verbatim_words(exact)
        } else {
            self.put(code, inner)
        }
    }
}
