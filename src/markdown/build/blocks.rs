//! Blocks: what holds paragraphs, and what is a paragraph of another form.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::inlines::is_inline;
use super::{Builder, MAX_DEPTH, exact};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::writer::Writer;
use crate::markdown::{
    Block, CodeBlock, Content, Definition, DefinitionList, Footnote, Heading, Inline, List, Prose,
    Quote, Voice,
};
use crate::reference::is_key;
use crate::source::{Span, small};

impl<'m> Builder<'_, 'm> {
    /// The blocks up to the end of the container that they stand in.
    pub(super) fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Containers too deep to be shown: they end without ending this one.
        let mut flattened = 0;
        while let Some((event, range)) = self.events.peek() {
            if is_inline(event) {
                let start = range.start;
                self.tight(start, &mut blocks);
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

    /// What stands in an item without being a paragraph, because no empty lines part the items.
    fn tight(&mut self, start: usize, blocks: &mut Vec<Block>) {
        let (mark, found) = (self.next_mark, self.diagnostics.len());
        let prose = self.prose(0);
        let alone = prose.inlines.is_empty() && self.next_mark == mark + 1;
        if alone && self.is_shown_at(mark, start) {
            self.next_mark = mark;
            self.diagnostics.truncate(found);
            blocks.extend(self.transclusion());
        } else {
            self.place(prose, start, blocks);
        }
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
                self.underlined(&prose, &range);
                let id = id.map(|id| id.to_string()).filter(|id| is_key(id));
                let level = level as u8;
                let heading = Heading { level, id, prose };
                blocks.push(Block::Heading(Box::new(heading)));
            }
            Tag::CodeBlock(kind) => self.code_block(&kind, range, blocks),
            Tag::Table(alignments) if !self.in_footnote => {
                self.table(&alignments, range.start, blocks);
            }
            Tag::Table(_) => {
                let rows = self.rows();
                blocks.push(Block::Unnumbered(Box::new(rows)));
            }
            Tag::BlockQuote(_) => {
                let mut quoted = self.blocks(depth + 1);
                self.take_attribution(&mut quoted);
                blocks.push(Block::Quote(Box::new(Quote { blocks: quoted })));
            }
            Tag::List(start) => {
                let mut items = Vec::new();
                while let Some((Event::Start(Tag::Item), _)) = self.next() {
                    items.push(self.blocks(depth + 1));
                }
                blocks.push(Block::List(Box::new(List { start, items })));
            }
            Tag::DefinitionList => blocks.push(self.definitions(depth)),
            Tag::FootnoteDefinition(label) => self.footnote_definition(&label, range.start, depth),
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

    fn footnote_definition(&mut self, label: &str, start: usize, depth: usize) {
        let in_footnote = std::mem::replace(&mut self.in_footnote, true);
        let blocks = self.blocks(depth + 1);
        self.in_footnote = in_footnote;
        let span = self.span(start..start + "[^]:".len() + label.len());
        let index = self.footnote(label);
        let footnote = &mut self.footnotes[index];
        if footnote.blocks.is_empty() {
            footnote.blocks = blocks;
            footnote.span = span;
        } else {
            let first = footnote.span;
            self.diagnostics.push(second_footnote(label, first, span));
        }
    }

    /// The footnote of a label, by index; one whose definition comes later is empty until then.
    pub(super) fn footnote(&mut self, label: &str) -> usize {
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
            Some(Block::Paragraph(_) | Block::List(_) | Block::Quote(_))
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
        Block::Definitions(Box::new(DefinitionList { definitions }))
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
        let mut prose = prose.finish(Box::default());
        let end = prose.text.text.trim_end_matches(['\n', '\r']).len();
        prose.text.truncate(end);
        if self.in_footnote {
            prose.inlines = lines_of_code(&prose.text.text).into();
            blocks.push(Block::Unnumbered(Box::new(prose)));
        } else {
            let content = Content::Code(Box::new(CodeBlock { language }));
            self.number(prose, None, content, range.start, blocks);
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
        let fence = if length <= LONGEST_FENCE {
            block[..length].to_owned()
        } else {
            format!("{length} of them")
        };
        let place = self.span(range.start..range.start + length);
        let message = "this code has no end, and takes all that follows";
        self.diagnostics.push(
            Diagnostic::new(self.of_endless(Lint::LooksLikeMarkup), place, message)
                .help(format!("end it with a line of the same signs: {fence}")),
        );
    }

    /// How it is told that something takes the rest of the text: a source that cannot be read further is none.
    pub(super) fn of_endless(&self, in_own_text: Lint) -> Lint {
        match self.voice {
            Voice::Source => Lint::UnreadableFile,
            Voice::Author => in_own_text,
        }
    }
}

/// A longer fence is not written out.
const LONGEST_FENCE: usize = 20;

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
            inlines.push(Inline::Code(small(at)..small(end)));
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

fn is_only_citation(prose: &Prose) -> bool {
    let dash = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-' | '.');
    !prose.citations().is_empty() && prose.text.text.trim_matches(dash).is_empty()
}
