//! From pulldown-cmark's events to the tree.

use std::collections::HashMap;
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::mask::{self, Mark};
use super::writer::{Writer, position, push_words, trailing_name, truncate};
use super::{
    Alignment, Block, Content, Definition, Document, Footnote, FootnoteMark, Group, Heading, Image,
    Inline, Paragraph, Prose, Table, Target, Voice,
};
use crate::diagnostic::{Diagnostic, Lint};
use crate::reference::is_key;
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
    let mut builder = Builder {
        events: Parser::new_ext(&masked, options())
            .into_offset_iter()
            .peekable(),
        text,
        marks,
        next_mark: 0,
        end: 0,
        numbering: true,
        literal_caret: None,
        paragraphs: Vec::new(),
        footnotes: Vec::new(),
        labels: HashMap::new(),
        opened: HashMap::new(),
        links: false,
        diagnostics: Vec::new(),
    };
    let blocks = builder.blocks(0);
    let document = Document {
        blocks,
        paragraphs: exact(builder.paragraphs),
        footnotes: builder.footnotes,
        links: builder.links,
    };
    let mut diagnostics = builder.diagnostics;
    diagnostics.extend(duplicate_names(&document.paragraphs));
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

fn duplicate_names(paragraphs: &[Paragraph]) -> Vec<Diagnostic> {
    let mut seen = std::collections::BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (name, span) in paragraphs.iter().filter_map(|p| p.name.as_deref()) {
        if name == "title" {
            let message = "`^title` is the title of the whole text";
            diagnostics.push(
                Diagnostic::new(Lint::DuplicateName, *span, message)
                    .help("give the paragraph another name"),
            );
        }
        if let Some(first) = seen.insert(name, *span) {
            diagnostics.push(
                Diagnostic::new(
                    Lint::DuplicateName,
                    *span,
                    format!("`^{name}` names two paragraphs"),
                )
                .related(first, "first here")
                .help("give one of them another name"),
            );
        }
    }
    diagnostics
}

pub(super) struct Builder<'t, 'm> {
    pub(super) events: Peekable<OffsetIter<'m>>,
    pub(super) text: &'t Text,
    pub(super) marks: Vec<Mark>,
    pub(super) next_mark: usize,
    /// Where the event that was read last ends.
    pub(super) end: usize,
    pub(super) numbering: bool,
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

    /// The blocks up to the end of the container that they stand in.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Containers too deep to be shown: they end without ending this one.
        let mut flattened = 0;
        while let Some((event, range)) = self.events.peek() {
            if is_inline(event) {
                let start = range.start;
                let prose = self.prose(0);
                self.place(prose, start, &mut blocks);
                continue;
            }
            let Some((event, range)) = self.next() else {
                break;
            };
            match event {
                Event::End(_) if flattened == 0 => break,
                Event::End(_) => flattened -= 1,
                Event::Start(tag) if depth >= MAX_DEPTH && is_container(&tag) => flattened += 1,
                Event::Start(tag) => self.block(tag, range, depth, &mut blocks),
                Event::Rule => blocks.push(Block::Rule),
                _ => {}
            }
        }
        exact(blocks)
    }

    fn block(&mut self, tag: Tag<'m>, range: Range<usize>, depth: usize, blocks: &mut Vec<Block>) {
        match tag {
            Tag::Paragraph if self.is_transclusion(&range) => {
                blocks.extend(self.transclusion());
                while !matches!(self.next(), None | Some((Event::End(TagEnd::Paragraph), _))) {}
            }
            Tag::Paragraph => {
                let prose = self.prose(range.len());
                self.next();
                self.place(prose, range.start, blocks);
            }
            Tag::Heading { level, id, .. } => {
                let prose = self.prose(range.len());
                self.next();
                let id = id.map(|id| id.to_string()).filter(|id| is_key(id));
                let level = level as u8;
                let heading = Heading { level, id, prose };
                blocks.push(Block::Heading(Box::new(heading)));
            }
            Tag::CodeBlock(kind) => self.code_block(&kind, range, blocks),
            Tag::Table(alignments) if self.numbering => {
                self.table(&alignments, range.start, blocks);
            }
            Tag::Table(_) => {
                let rows = self.rows();
                blocks.push(Block::Unnumbered(Box::new(rows)));
            }
            Tag::BlockQuote(_) => {
                let mut quoted = self.blocks(depth + 1);
                self.take_attribution(&mut quoted);
                blocks.push(Block::Quote(quoted));
            }
            Tag::List(start) => {
                let mut items = Vec::new();
                while let Some((Event::Start(Tag::Item), _)) = self.next() {
                    items.push(self.blocks(depth + 1));
                }
                blocks.push(Block::List { start, items });
            }
            Tag::DefinitionList => blocks.push(self.definitions(depth)),
            Tag::FootnoteDefinition(label) => {
                let numbering = std::mem::replace(&mut self.numbering, false);
                let blocks = self.blocks(depth + 1);
                self.numbering = numbering;
                let span = self.span(range.start..range.start + "[^]:".len() + label.len());
                let index = self.footnote(&label);
                let footnote = &mut self.footnotes[index];
                if footnote.blocks.is_empty() {
                    footnote.blocks = blocks;
                    footnote.span = span;
                } else {
                    let first = footnote.span;
                    self.diagnostics.push(second_footnote(&label, first, span));
                }
            }
            Tag::HtmlBlock => {
                let mut html = String::new();
                while let Some((Event::Html(line) | Event::Text(line), _)) = self.next() {
                    html.push_str(&line);
                }
                self.html(&html, range);
            }
            _ => {
                let mut inner = self.blocks(depth + 1);
                blocks.append(&mut inner);
            }
        }
    }

    /// The footnote of a label, by index; one whose definition comes later is empty until then.
    fn footnote(&mut self, label: &str) -> usize {
        if let Some(known) = self.labels.get(label) {
            return *known;
        }
        let index = self.footnotes.len();
        self.labels.insert(label.to_owned(), index);
        self.footnotes.push(Footnote {
            label: label.to_owned(),
            blocks: Vec::new(),
            span: self.span(0..0),
        });
        index
    }

    /// Puts running text where it belongs: a numbered paragraph, an image, a name for the block before it.
    fn place(&mut self, mut prose: Prose, start: usize, blocks: &mut Vec<Block>) {
        if let Some(Block::Paragraph(index)) = blocks.last()
            && self.name_block(*index, &prose)
        {
            return;
        }
        if !self.numbering {
            blocks.push(Block::Unnumbered(Box::new(prose)));
            return;
        }
        let literal = self.literal_caret;
        let name = trailing_name(&prose.text.text).filter(|name| Some(name.start - 1) != literal);
        if name.is_none() {
            self.diagnostics.extend(misnamed(&prose.text, literal));
        }
        let name = name.map(|range| {
            let name = prose.text.text[range.clone()].to_owned();
            let span = prose.text.span(range.start - 1..range.end);
            truncate(&mut prose, range.start - 1);
            Box::new((name, span))
        });
        let content = match lone_image(&prose) {
            Some(image) => Content::Image(image),
            None if prose.inlines.is_empty() => {
                self.diagnostics
                    .extend(name.map(|name| names_nothing(name.1)));
                return;
            }
            None => Content::Running,
        };
        self.number(prose, name, content, start, blocks);
    }

    fn number(
        &mut self,
        prose: Prose,
        name: Option<Box<(String, Span)>>,
        content: Content,
        start: usize,
        blocks: &mut Vec<Block>,
    ) {
        let index = self.paragraphs.len();
        let block = self.span(start..self.end.max(start));
        self.paragraphs.push(Paragraph {
            number: u32::try_from(index + 1).unwrap_or(u32::MAX),
            name,
            prose,
            content,
            block: block.start..block.end,
        });
        blocks.push(Block::Paragraph(index));
    }

    /// A line `^name` right after a table or a code block names it.
    fn name_block(&mut self, index: usize, prose: &Prose) -> bool {
        let text = prose.text.text.as_str();
        let Some(name) = text.strip_prefix('^').filter(|name| is_key(name)) else {
            return false;
        };
        let paragraph = &mut self.paragraphs[index];
        let nameable = match paragraph.content {
            Content::Table(_) | Content::Code { .. } | Content::Image(_) | Content::Running => {
                paragraph.name.is_none()
            }
        };
        if nameable {
            paragraph.block.end = self.text.span(self.end..self.end).end;
            paragraph.name = Some(Box::new((name.to_owned(), prose.text.whole())));
        }
        nameable
    }

    /// A block quote's last paragraph that is only a citation has no number.
    fn take_attribution(&mut self, quoted: &mut [Block]) {
        let (before, last) = match quoted {
            [before @ .., last] if !before.is_empty() => (before, last),
            _ => return,
        };
        let Block::Paragraph(index) = *last else {
            return;
        };
        let follows = matches!(
            before.last(),
            Some(Block::Paragraph(_) | Block::List { .. } | Block::Quote(_))
        );
        let is_newest = index + 1 == self.paragraphs.len();
        if !(follows && is_newest && is_only_citation(&self.paragraphs[index].prose)) {
            return;
        }
        if let Some(paragraph) = self.paragraphs.pop() {
            *last = Block::Unnumbered(Box::new(paragraph.prose));
        }
    }

    fn definitions(&mut self, depth: usize) -> Block {
        let mut definitions: Vec<Definition> = Vec::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::DefinitionListTitle) => {
                    let term = self.prose(0);
                    self.next();
                    definitions.push(Definition {
                        term,
                        blocks: Vec::new(),
                    });
                }
                Event::Start(Tag::DefinitionListDefinition) => {
                    let mut blocks = self.blocks(depth + 1);
                    if let Some(definition) = definitions.last_mut() {
                        definition.blocks.append(&mut blocks);
                    }
                }
                Event::End(TagEnd::DefinitionList) => break,
                _ => {}
            }
        }
        Block::Definitions(definitions)
    }

    fn code_block(
        &mut self,
        kind: &CodeBlockKind<'_>,
        range: Range<usize>,
        blocks: &mut Vec<Block>,
    ) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => {
                self.unclosed_fence(&range);
                info.split_whitespace().next().map(Box::from)
            }
            CodeBlockKind::Indented => None,
        };
        let mut prose = Writer::new(self.text);
        while let Some((event, range)) = self.next() {
            match event {
                Event::Text(text) if text.len() == range.len() => prose.verbatim(range),
                Event::Text(text) => prose.replaced(&text, range),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        self.pass_marks(range.end);
        let mut prose = prose.finish(Vec::new());
        let end = prose.text.text.trim_end_matches(['\n', '\r']).len();
        prose.text.truncate(end);
        if self.numbering {
            let content = Content::Code { language };
            self.number(prose, None, content, range.start, blocks);
        } else {
            prose.inlines = lines_of_code(&prose.text.text);
            blocks.push(Block::Unnumbered(Box::new(prose)));
        }
    }

    /// Reports a fence that takes the rest of the text.
    fn unclosed_fence(&mut self, range: &Range<usize>) {
        if !self.text.text[range.end..].trim().is_empty() {
            return;
        }
        let block = self.text.text[range.clone()].trim_end();
        let sign = block.chars().next().unwrap_or('`');
        let length = block.len() - block.trim_start_matches(sign).len();
        let (_, last) = block.rsplit_once('\n').unwrap_or_default();
        let last = last.trim_start_matches([' ', '>', '\t']);
        if last.len() >= length && last.chars().all(|c| c == sign) {
            return;
        }
        let fence = &block[..length];
        let place = self.span(range.start..range.start + length);
        let message = "this code has no end, and takes all that follows";
        self.diagnostics.push(
            Diagnostic::new(Lint::LooksLikeMarkup, place, message)
                .help(format!("end it with a line of the same signs: {fence}")),
        );
    }

    fn table(
        &mut self,
        alignments: &[pulldown_cmark::Alignment],
        start: usize,
        blocks: &mut Vec<Block>,
    ) {
        let mut writer = Writer::new(self.text);
        let mut head = Vec::new();
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        let mut row = Vec::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    row.push(self.inlines(&mut writer, 0));
                    self.next();
                    writer.synthetic("\t");
                }
                Event::End(TagEnd::TableHead) => {
                    head = std::mem::take(&mut row);
                    writer.end_line();
                }
                Event::End(TagEnd::TableRow) => {
                    rows.push(std::mem::take(&mut row));
                    writer.end_line();
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let mut prose = writer.finish(Vec::new());
        let name = name_row(&rows, &prose);
        if let Some((_, _, start)) = &name {
            rows.pop();
            prose.text.truncate(*start);
        }
        let content = Content::Table(Box::new(Table {
            alignments: alignments.iter().map(|a| alignment(*a)).collect(),
            head,
            rows,
        }));
        let name = name.map(|(name, span, _)| Box::new((name, span)));
        self.number(prose, name, content, start, blocks);
    }

    /// A footnote's table: a line of running text for each row.
    fn rows(&mut self) -> Prose {
        let mut writer = Writer::new(self.text);
        let mut inlines = Vec::new();
        let mut begins_row = true;
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    if !begins_row {
                        push_words(&mut inlines, writer.synthetic(" | "));
                    }
                    begins_row = false;
                    inlines.append(&mut self.inlines(&mut writer, 0));
                    self.next();
                }
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                    writer.synthetic("\n");
                    inlines.push(Inline::Break);
                    begins_row = true;
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let mut prose = writer.finish(inlines);
        let end = prose.text.text.len();
        truncate(&mut prose, end);
        prose
    }

    /// Running text up to the end of what holds it, which is not consumed; some `length` bytes of the file.
    fn prose(&mut self, length: usize) -> Prose {
        let mut writer = Writer::new(self.text);
        writer.words.reserve_exact(length);
        self.literal_caret = None;
        let inlines = self.inlines(&mut writer, 0);
        let mut prose = writer.finish(inlines);
        let end = prose.text.text.trim_end().len();
        truncate(&mut prose, end);
        prose
    }

    fn inlines(&mut self, writer: &mut Writer<'_>, depth: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        // Spans too deep to be shown: their words stay.
        let mut flattened = 0;
        while let Some((event, _)) = self.events.peek() {
            let ends_flattened = flattened > 0 && matches!(event, Event::End(_));
            if !is_inline(event) && !ends_flattened {
                break;
            }
            match self.next() {
                Some((Event::End(_), _)) => flattened -= 1,
                Some((Event::Start(_), _)) if depth >= MAX_DEPTH => flattened += 1,
                Some((event, range)) => self.inline(event, range, depth, writer, &mut inlines),
                None => break,
            }
        }
        exact(inlines)
    }

    fn inline(
        &mut self,
        event: Event<'m>,
        range: Range<usize>,
        depth: usize,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        match event {
            Event::Text(text) => self.words(&text, range, writer, inlines),
            Event::Code(code) => {
                self.pass_marks(range.end);
                let words = writer.code(&code, range);
                inlines.push(Inline::Code(words));
            }
            Event::SoftBreak | Event::HardBreak if self.in_mark(&range) => {}
            Event::SoftBreak => {
                let words = writer.put(" ", range);
                push_words(inlines, words);
            }
            Event::HardBreak => {
                writer.put(" ", range);
                inlines.push(Inline::Break);
            }
            Event::InlineHtml(html) if is_line_break(&html) => {
                writer.put(" ", range);
                inlines.push(Inline::Break);
            }
            Event::InlineHtml(html) => self.html(&html, range),
            // A footnote has none of its own.
            Event::FootnoteReference(_) if !self.numbering => {
                let words = writer.verbatim_words(range);
                push_words(inlines, words);
            }
            Event::FootnoteReference(label) => {
                inlines.push(Inline::Footnote(writer.footnotes.len()));
                writer.footnotes.push(FootnoteMark {
                    footnote: self.footnote(&label),
                    citations: writer.citations.len(),
                    span: self.span(range),
                });
            }
            Event::Start(tag) => self.span_tag(tag, range, depth, writer, inlines),
            _ => {}
        }
    }

    fn span_tag(
        &mut self,
        tag: Tag<'m>,
        range: Range<usize>,
        depth: usize,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        if let Tag::Image { dest_url, .. } = tag {
            let mut alt = Writer::new(self.text);
            self.inlines(&mut alt, depth + 1);
            self.next();
            self.diagnostics
                .extend(alt.citations.iter().filter_map(cited_in_image));
            self.links = true;
            let image = Image {
                url: dest_url.to_string(),
                alt: alt.words,
                span: self.span(range),
            };
            if image.alt.trim().is_empty() {
                self.diagnostics.push(without_alt(&image));
            }
            inlines.push(Inline::Image(Box::new(image)));
            return;
        }
        let mut content = self.inlines(writer, depth + 1);
        self.next();
        match tag {
            Tag::Emphasis => inlines.push(Inline::Emphasis(content)),
            Tag::Strong => inlines.push(Inline::Strong(content)),
            Tag::Strikethrough => inlines.push(Inline::Strike(content)),
            Tag::Link {
                link_type: LinkType::Email,
                dest_url,
                ..
            } => {
                self.link(&format!("mailto:{dest_url}"), range, content, inlines);
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url, range, content, inlines),
            _ => inlines.append(&mut content),
        }
    }

    fn link(
        &mut self,
        url: &str,
        range: Range<usize>,
        mut content: Vec<Inline>,
        inlines: &mut Vec<Inline>,
    ) {
        let span = self.span(range);
        if is_safe(url) {
            self.links = true;
            let url = url.to_owned();
            let target = Box::new(Target { url, span });
            inlines.push(Inline::Link { target, content });
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(
                Lint::UnsafeLink,
                span,
                "a link with this scheme is left out",
            )
            .help("links lead to http:, https:, mailto: or a file of the book"),
        );
        inlines.append(&mut content);
    }

    /// HTML is left out; comments silently, all else with a warning.
    fn html(&mut self, html: &str, range: Range<usize>) {
        if let Some(start) = html.rfind("<!--").filter(|at| !html[*at..].contains("-->")) {
            let at = (range.start + start).min(range.end);
            let place = self.span(at..(at + "<!--".len()).min(range.end));
            let message = "this comment has no end, and all that follows is left out";
            self.diagnostics
                .push(Diagnostic::new(Lint::RawHtml, place, message).help("end it with `-->`"));
        }
        let rest = without_comments(html);
        if rest.trim().is_empty() || self.only_ends(&rest) {
            return;
        }
        let first_line = html.trim_end().lines().next().map_or(0, str::len);
        let span = self.span(range.start..(range.start + first_line).min(range.end));
        let message = if rest.trim().starts_with('<') {
            "HTML is left out"
        } else {
            "a line that begins with HTML is left out, and its text with it"
        };
        self.diagnostics.push(
            Diagnostic::new(Lint::RawHtml, span, message).help(
                "write Markdown, or put a backslash before `<` where the sign itself is meant",
            ),
        );
    }

    /// Whether this is nothing but ends of elements whose beginnings were told.
    fn only_ends(&mut self, html: &str) -> bool {
        let mut pieces = html.split('<');
        let mut only_ends = pieces.next().is_none_or(|before| before.trim().is_empty());
        for piece in pieces {
            let (tag, behind) = piece.split_once('>').unwrap_or((piece, ""));
            let end = tag.strip_prefix('/');
            let name = end.unwrap_or(tag);
            let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
            let name = name.unwrap_or_default().to_ascii_lowercase();
            let opened = self.opened.entry(name).or_default();
            only_ends &= end.is_some() && *opened > 0 && behind.trim().is_empty();
            *opened = match end {
                Some(_) => opened.saturating_sub(1),
                None => *opened + 1,
            };
        }
        only_ends
    }
}

/// The items in memory of their own length: shrunk in place, they would keep up to twice as much.
fn exact<T>(mut items: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(items.len());
    exact.append(&mut items);
    exact
}

fn without_comments(html: &str) -> String {
    let mut rest = String::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<!--") {
        let start = at + start;
        rest.push_str(&html[at..start]);
        let end = html[start..].find("-->");
        at = end.map_or(html.len(), |end| start + end + "-->".len());
    }
    rest + &html[at..]
}

/// Code in running text, a line of it as one.
fn lines_of_code(text: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        if at > 0 {
            inlines.push(Inline::Break);
        }
        let end = at + line.trim_end_matches('\r').len();
        if at < end {
            inlines.push(Inline::Code(position(at)..position(end)));
        }
        at += line.len() + 1;
    }
    inlines
}

fn second_footnote(label: &str, first: Span, second: Span) -> Diagnostic {
    let message = format!("a second footnote is called `[^{label}]`, and is not shown");
    Diagnostic::new(Lint::UnmatchedFootnote, second, message)
        .related(first, "first here")
        .help("give it another label, here and at its mark")
}

/// What would otherwise nest without end.
fn is_container(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::FootnoteDefinition(_)
    )
}

fn is_line_break(html: &str) -> bool {
    let tag = html
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    tag.trim().eq_ignore_ascii_case("br")
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Superscript
                | Tag::Subscript
        ),
        Event::End(_) | Event::Html(_) | Event::Rule => false,
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

/// Whether a link may be followed: no scheme, or one that only leads somewhere.
fn is_safe(url: &str) -> bool {
    // Browsers read a backslash as a slash.
    let visible = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace());
    let visible: String = visible.map(|c| if c == '\\' { '/' } else { c }).collect();
    let scheme = visible.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        None => !visible.starts_with("//"),
        Some((scheme, _)) => {
            matches!(
                scheme.to_ascii_lowercase().as_str(),
                "http" | "https" | "mailto"
            )
        }
    }
}

/// The name that a table's last row is, when it is `^name` alone.
fn name_row(rows: &[Vec<Vec<Inline>>], prose: &Prose) -> Option<(String, Span, usize)> {
    let (first, others) = rows.last()?.split_first()?;
    let [Inline::Text(range)] = first.as_slice() else {
        return None;
    };
    let range = range.start as usize..range.end as usize;
    let name = prose.text.text[range.clone()].strip_prefix('^')?;
    let alone = others.iter().all(Vec::is_empty) && is_key(name);
    alone.then(|| (name.to_owned(), prose.text.span(range.clone()), range.start))
}

/// `Words. ^結論`
fn misnamed(text: &Text, literal: Option<usize>) -> Option<Diagnostic> {
    let caret = text.text.rfind(' ')? + 1;
    let name = text.text[caret..].strip_prefix('^')?;
    let is_meant = name.starts_with(char::is_alphabetic) && !is_key(name) && Some(caret) != literal;
    is_meant.then(|| {
        let message = "this names no paragraph";
        Diagnostic::new(
            Lint::LooksLikeMarkup,
            text.span(caret..text.text.len()),
            message,
        )
        .help("a name is letters A–Z, digits, `.`, `_` and `-`, a letter or digit first")
    })
}

fn names_nothing(name: Span) -> Diagnostic {
    let message = "this names no paragraph";
    Diagnostic::new(Lint::LooksLikeMarkup, name, message)
        .help("write it behind the paragraph's last word, or on the line below a table or code")
}

fn without_alt(image: &Image) -> Diagnostic {
    let message = format!("nothing says what the image `{}` shows", image.url);
    Diagnostic::new(Lint::MissingAlt, image.span, message)
        .help("say it in the brackets: `![Ships at the north pier](…)`")
}

fn cited_in_image(group: &Group) -> Option<Diagnostic> {
    let message = "a citation cannot stand in an image's text";
    // One without an end has its own error.
    (!group.citations.is_empty()).then(|| {
        Diagnostic::new(Lint::InvalidCitation, group.span, message)
            .help("put it behind the image, or in the words below it")
    })
}

fn lone_image(prose: &Prose) -> Option<Box<Image>> {
    match prose.inlines.as_slice() {
        [Inline::Image(image)] => Some(image.clone()),
        _ => None,
    }
}

fn is_only_citation(prose: &Prose) -> bool {
    let dash = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-' | '.');
    !prose.citations().is_empty() && prose.text.text.trim_matches(dash).is_empty()
}
