//! Blocks and running text, ready for a medium.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Address, Remark};
use crate::annotation::{Bearing, CommentKind};
use crate::lock::Id;
use crate::markdown::Alignment;
use crate::source::Size;

/// A block, ready for a medium.
#[derive(Clone, PartialEq, Debug)]
pub enum Flow<'b> {
    /// A heading.
    Heading {
        /// 2 to 6.
        level: u8,
        /// Its anchor.
        slug: String,
        /// Its words.
        content: Vec<Rich<'b>>,
    },
    /// A numbered paragraph.
    Paragraph(Paragraph<'b>),
    /// Text without a number.
    Text(Vec<Rich<'b>>),
    /// A block quote.
    Quote(Vec<Flow<'b>>),
    /// A list.
    List {
        /// The first number; none for bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Flow<'b>>>,
    },
    /// A definition list.
    Definitions(Vec<(Vec<Rich<'b>>, Vec<Flow<'b>>)>),
    /// A thematic break.
    Rule,
    /// Paragraphs that are left out.
    Omitted(RangeInclusive<u32>),
}

/// A numbered paragraph, ready for a medium.
#[derive(Clone, PartialEq, Debug)]
pub struct Paragraph<'b> {
    /// Its number; none in a definition, which is addressed through its entry.
    pub number: Option<u32>,
    /// Its durable name.
    pub name: Option<&'b str>,
    /// Its durable id, which the lock knows it by.
    pub id: Option<Id>,
    /// Its form.
    pub matter: Matter<'b>,
    /// Who rests on it.
    pub cited_by: Vec<Citing<'b>>,
    /// The comments that begin in it.
    pub remarks: Vec<Remark<'b>>,
}

/// The form of a numbered paragraph.
#[derive(Clone, PartialEq, Debug)]
pub enum Matter<'b> {
    /// Running text.
    Running(Vec<Rich<'b>>),
    /// A table.
    Table {
        /// The alignment of each column.
        alignments: &'b [Alignment],
        /// The head's cells.
        head: Vec<Vec<Rich<'b>>>,
        /// The rows' cells.
        rows: Vec<Vec<Vec<Rich<'b>>>>,
    },
    /// A code block.
    Code {
        /// Its language.
        language: Option<&'b str>,
        /// Its text.
        text: &'b str,
    },
    /// An image that stands alone.
    Image(Picture<'b>),
}

/// Running text, ready for a medium: everything resolved, well nested.
#[derive(Clone, PartialEq, Debug)]
pub enum Rich<'b> {
    /// Words.
    Text(Cow<'b, str>),
    /// Emphasis.
    Emphasis(Vec<Rich<'b>>),
    /// Strong emphasis.
    Strong(Vec<Rich<'b>>),
    /// Struck-out words.
    Strike(Vec<Rich<'b>>),
    /// Code.
    Code(&'b str),
    /// A line break.
    Break,
    /// A link to another site.
    Link {
        /// The address.
        url: &'b str,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A link inside the book.
    Reference {
        /// Where it leads.
        to: Address<'b>,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A link to a file that is copied.
    File {
        /// Its path in the site.
        path: &'b str,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A glossary term.
    Term {
        /// Its entry.
        to: Address<'b>,
        /// Whether these words lead there; always in a flow that marks no more than that.
        linked: bool,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// The mark of a citation or a footnote, and the note that it stands for.
    Note {
        /// Its number on the page.
        number: u32,
        /// The note; empty where an earlier mark has it.
        content: Vec<Rich<'b>>,
    },
    /// Words that comments are on.
    Noted {
        /// The kinds of the comments.
        kinds: Vec<Option<CommentKind>>,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// The mark of a comment, at the end of its passage.
    Mark {
        /// What the comment is called.
        label: &'b str,
        /// The comment's place on this page.
        to: String,
        /// The mark's own place, at the first passage.
        anchor: Option<String>,
    },
    /// On the screen: where the cited words stand in the page that the source was taken from.
    Original(String),
    /// On paper: the page of a place.
    PageOf(Address<'b>),
    /// An image among words.
    Image(Picture<'b>),
}

impl<'b> Rich<'b> {
    /// Words.
    pub fn text(text: impl Into<Cow<'b, str>>) -> Self {
        Rich::Text(text.into())
    }
}

/// An image; without a path only its text is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Picture<'b> {
    /// Its path in the site.
    pub path: Option<&'b str>,
    /// Its size, if its file says so.
    pub size: Option<Size>,
    /// What it shows.
    pub alt: &'b str,
}

/// A place that rests on a source.
#[derive(Clone, PartialEq, Debug)]
pub struct Citing<'b> {
    /// What the place is called.
    pub title: String,
    /// Where it is.
    pub to: Address<'b>,
    /// How it bears on the claim that it is evidence for.
    pub bearing: Option<Bearing>,
    /// The words that lead up to the citation.
    pub around: &'b str,
}
