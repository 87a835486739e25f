//! Markdown as a small immutable tree: blocks, inlines, numbered paragraphs, each with its place.
//!
//! The parser is pulldown-cmark. What CommonMark would eat of our own syntax (a pipe or an asterisk inside a
//! citation in a table) is masked with as many bytes before it runs and put back from the author's text.

mod build;
mod front;
mod inline;
mod mask;
mod ours;
mod writer;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::reference::{Citation, Link};
use crate::source::{Span, Text};

pub use front::{Parts, split};
pub use inline::{Code, Hyperlink, Image, Inline, is_external, visit};

/// Whose words a text is, and so what is marked up in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Voice {
    /// A source's: `@x`, `[[x]]` and quotation marks are its own.
    Source,
    /// The book's authors': citations and links are read.
    Author,
}

/// A parsed text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// The citable blocks; ¶N is at index N − 1.
    pub paragraphs: Vec<Paragraph>,
    /// The footnotes in the order of their definitions.
    pub footnotes: Vec<Footnote>,
    /// Whether it has links or images of any kind; most sources have none.
    pub links: bool,
    /// The paragraphs that have names; most texts have none.
    bearers: Bearers,
}

/// What a text is made of.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading.
    Heading(Box<Heading>),
    /// A numbered paragraph, by index into [`Document::paragraphs`].
    Paragraph(usize),
    /// A text that has no number: a footnote's, or the citation that a block quote ends with.
    Unnumbered(Box<Prose>),
    /// A block quote.
    Quote(Box<Quote>),
    /// A list.
    List(Box<List>),
    /// A definition list.
    Definitions(Box<DefinitionList>),
    /// A thematic break.
    Rule,
    /// `![[…]]` on a line of its own: what another document says, shown here. The prose has no words, one link, and one
    /// group that cites what the link names.
    Transclusion(Box<Prose>),
}

/// A heading.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The id that the author gave it.
    pub id: Option<String>,
    /// Its words.
    pub prose: Prose,
}

/// A block quote.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A list; numbered from `start`, or with bullets.
#[derive(Clone, Debug)]
pub struct List {
    /// The first number.
    pub start: Option<u64>,
    /// The items.
    pub items: Vec<Vec<Block>>,
}

/// A definition list.
#[derive(Clone, Debug)]
pub struct DefinitionList {
    /// Its words in order.
    pub definitions: Vec<Definition>,
}

/// A defined word and what is said of it.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The word.
    pub term: Prose,
    /// What is said of it.
    pub blocks: Vec<Block>,
}

/// A footnote.
#[derive(Clone, Debug)]
pub struct Footnote {
    /// What `[^label]` calls it.
    pub label: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// The place of its label.
    pub span: Span,
}

/// A citable block.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Its number.
    pub number: u32,
    /// The `^name` that its author gave it.
    pub name: Option<Box<(String, Span)>>,
    /// Its plain text.
    pub prose: Prose,
    /// Its form.
    pub content: Content,
    /// Where its block stands in the file, from its first sign to its last, a line `^name` included.
    pub block: Range<u32>,
}

/// The form of a citable block.
#[derive(Clone, Debug)]
pub enum Content {
    /// Running text: the inlines of its prose.
    Running,
    /// A table, whose cells hold ranges of its prose.
    Table(Box<Table>),
    /// A code block.
    Code(Box<CodeBlock>),
    /// An image that stands alone.
    Image(Box<Image>),
}

/// A code block.
#[derive(Clone, Debug)]
pub struct CodeBlock {
    /// The first word of the fence's info string.
    pub language: Option<Box<str>>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The alignment of each column.
    pub alignments: Vec<Alignment>,
    /// The head's cells.
    pub head: Vec<Box<[Inline]>>,
    /// The rows' cells.
    pub rows: Vec<Vec<Box<[Inline]>>>,
}

/// The alignment of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alignment {
    /// As the medium does it.
    None,
    /// Left.
    Left,
    /// Centred.
    Center,
    /// Right.
    Right,
}

/// The plain text of a block, and its inlines as ranges of it.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The plain text, each character with its place.
    pub text: Text,
    /// The inlines.
    pub inlines: Box<[Inline]>,
    /// Its citations, links and footnotes; most texts have none.
    marks: Option<Box<Marks>>,
}

/// The mark of a footnote in running text.
#[derive(Clone, Debug)]
pub struct FootnoteMark {
    /// The footnote, by index into [`Document::footnotes`].
    pub footnote: usize,
    /// How many groups of citations stand before it.
    pub citations: usize,
    /// Its place.
    pub span: Span,
}

/// The citations of one pair of brackets, or one in running text.
#[derive(Clone, Debug)]
pub struct Group {
    /// The citations.
    pub citations: Vec<Citation>,
    /// Whether it is `@key` in running text, whose source is named there.
    pub in_text: bool,
    /// Whether it is `![[…]]`, which shows what it cites.
    pub shown: bool,
    /// Where in the plain text it stands.
    pub at: u32,
    /// Its place.
    pub span: Span,
}

impl Document {
    /// Reads a text.
    pub fn parse(text: &Text, voice: Voice) -> (Self, Vec<Diagnostic>) {
        build::document(text, voice)
    }

    /// The paragraph with this number.
    pub fn paragraph(&self, number: u32) -> Option<&Paragraph> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.paragraphs.get(index)
    }

    /// The paragraph with this name.
    pub fn named(&self, name: &str) -> Option<&Paragraph> {
        let name_of = |at: usize| self.paragraphs[at].name();
        let by_name = &self.bearers.by_name;
        let first = by_name.partition_point(|at| name_of(*at) < Some(name));
        let found = by_name.get(first).filter(|at| name_of(**at) == Some(name));
        found.map(|at| &self.paragraphs[*at])
    }

    /// The names of its paragraphs in reading order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let bearers = self.bearers.in_order.iter();
        bearers.filter_map(|at| self.paragraphs[*at].name())
    }

    /// Every prose in reading order, with the number of the paragraph that it is; footnotes last.
    pub fn proses(&self) -> Vec<(Option<u32>, &Prose)> {
        let mut proses = self.proses_in(&self.blocks);
        for footnote in &self.footnotes {
            self.collect(&footnote.blocks, &mut proses);
        }
        proses
    }

    /// Everything that it cites, and the paragraphs that its links name, each with the number of its own paragraph.
    pub fn citations(&self) -> Vec<(Option<u32>, Citation)> {
        let mut citations = Vec::new();
        for (number, prose) in self.proses() {
            let cited = prose.citations().iter().flat_map(|group| &group.citations);
            let linked = prose.links().iter().filter(|link| link.locator.is_some());
            let linked = linked
                .map(Citation::of)
                .chain(prose.files().iter().cloned());
            let all = cited.cloned().chain(linked);
            citations.extend(all.map(|citation| (number, citation)));
        }
        citations
    }

    /// Every prose of some of its blocks in reading order, with the number of the paragraph that it is.
    pub fn proses_in<'d>(&'d self, blocks: &'d [Block]) -> Vec<(Option<u32>, &'d Prose)> {
        let mut proses = Vec::with_capacity(self.paragraphs.len());
        self.collect(blocks, &mut proses);
        proses
    }

    fn collect<'d>(&'d self, blocks: &'d [Block], proses: &mut Vec<(Option<u32>, &'d Prose)>) {
        for block in blocks {
            match block {
                Block::Heading(heading) => proses.push((None, &heading.prose)),
                Block::Paragraph(index) => {
                    let paragraph = &self.paragraphs[*index];
                    proses.push((Some(paragraph.number), &paragraph.prose));
                }
                Block::Unnumbered(prose) => proses.push((None, prose)),
                Block::Quote(quote) => self.collect(&quote.blocks, proses),
                Block::List(list) => {
                    for item in &list.items {
                        self.collect(item, proses);
                    }
                }
                Block::Definitions(list) => {
                    for definition in &list.definitions {
                        proses.push((None, &definition.term));
                        self.collect(&definition.blocks, proses);
                    }
                }
                Block::Transclusion(prose) => proses.push((None, prose)),
                Block::Rule => {}
            }
        }
    }

    /// The headings in reading order.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Heading(heading) => Some(heading.as_ref()),
            Block::Paragraph(_)
            | Block::Unnumbered(_)
            | Block::Quote(_)
            | Block::List(_)
            | Block::Definitions(_)
            | Block::Transclusion(_)
            | Block::Rule => None,
        })
    }
}

/// Paragraphs that have names, by index.
#[derive(Clone, Debug, Default)]
struct Bearers {
    in_order: Box<[usize]>,
    /// By name; those of the same one in order.
    by_name: Box<[usize]>,
}

impl Bearers {
    /// Those among some paragraphs.
    fn among(paragraphs: &[Paragraph]) -> Self {
        let all = 0..paragraphs.len();
        let in_order: Box<[usize]> = all.filter(|at| paragraphs[*at].name.is_some()).collect();
        let mut by_name = in_order.clone();
        by_name.sort_by_key(|at| paragraphs[*at].name());
        Bearers { in_order, by_name }
    }
}

/// What of a text is neither words nor markup of CommonMark.
#[derive(Clone, Debug)]
struct Marks {
    citations: Box<[Group]>,
    links: Box<[Link]>,
    files: Box<[Citation]>,
    footnotes: Box<[FootnoteMark]>,
}

impl Paragraph {
    /// Its name.
    pub fn name(&self) -> Option<&str> {
        let (name, _) = self.name.as_deref()?;
        Some(name)
    }

    /// The ranges of its text that are struck out, in order.
    pub fn struck(&self) -> Vec<Range<usize>> {
        match &self.content {
            Content::Table(table) => table.struck(),
            Content::Running | Content::Code(_) | Content::Image(_) => self.prose.struck(),
        }
    }

    /// Its images, in order.
    pub fn images<'d>(&'d self) -> Vec<&'d Image> {
        let mut images: Vec<&Image> = Vec::new();
        let mut collect = |inline: &'d Inline| {
            if let Inline::Image(image) = inline {
                images.push(image);
            }
        };
        match &self.content {
            Content::Table(table) => table.cells().for_each(|cell| visit(cell, &mut collect)),
            Content::Image(image) => images.push(&**image),
            Content::Running | Content::Code(_) => visit(&self.prose.inlines, &mut collect),
        }
        images
    }

    /// The words of a range of its text without those that are struck out.
    pub fn unstruck(&self, range: Range<usize>) -> String {
        let mut words = String::new();
        let mut at = range.start;
        for struck in self.struck() {
            let end = struck.start.clamp(at, range.end);
            words.push_str(&self.prose.text.text[at..end]);
            at = struck.end.clamp(end, range.end);
        }
        words.push_str(&self.prose.text.text[at..range.end]);
        words
    }
}

impl Table {
    /// The cells, the head's first.
    pub fn cells(&self) -> impl Iterator<Item = &[Inline]> {
        let cells = self.head.iter().chain(self.rows.iter().flatten());
        cells.map(|cell| &**cell)
    }

    /// The code in its cells.
    pub fn code(&self) -> Code {
        Code::of(self.cells())
    }

    /// The ranges of its text that are struck out, in order.
    pub fn struck(&self) -> Vec<Range<usize>> {
        inline::struck(self.cells())
    }
}

impl Prose {
    /// Its code; a table's is in its cells.
    pub fn code(&self) -> Code {
        Code::of([&*self.inlines])
    }

    /// The ranges of its text that are struck out, in order; a table's are in its cells.
    pub fn struck(&self) -> Vec<Range<usize>> {
        inline::struck([&*self.inlines])
    }

    /// The citations.
    pub fn citations(&self) -> &[Group] {
        self.marks.as_ref().map_or(&[], |marks| &marks.citations)
    }

    /// The `[[links]]`.
    pub fn links(&self) -> &[Link] {
        self.marks.as_ref().map_or(&[], |marks| &marks.links)
    }

    /// What its links to paragraphs of articles cite that name the articles' files; the place of each is the link's.
    pub fn files(&self) -> &[Citation] {
        self.marks.as_ref().map_or(&[], |marks| &marks.files)
    }

    /// The marks of footnotes.
    pub fn footnotes(&self) -> &[FootnoteMark] {
        self.marks.as_ref().map_or(&[], |marks| &marks.footnotes)
    }

    /// The words that it begins with, in one line; `longest` counts characters.
    pub fn opening(&self, longest: usize) -> String {
        let mut opening = String::new();
        let mut length = 0;
        for word in self.text.text.split_whitespace() {
            length += word.chars().count() + usize::from(length > 0);
            if length > longest {
                return match opening.as_str() {
                    "" => word.chars().take(longest).chain(" …".chars()).collect(),
                    _ => opening + " …",
                };
            }
            if !opening.is_empty() {
                opening.push(' ');
            }
            opening.push_str(word);
        }
        opening
    }

    /// What a `![[…]]` names.
    pub fn shown(&self) -> Option<&Link> {
        let shows = self.citations().first().is_some_and(|group| group.shown);
        self.links().first().filter(|_| shows)
    }
}

/// Where the blocks of HTML of a source's text begin, comments among them.
pub fn html_blocks(text: &str) -> Vec<usize> {
    build::html_blocks(text)
}
