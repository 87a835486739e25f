//! Running text: words, code, emphasis, links, each a range of the plain text.

use std::ops::Range;

use crate::source::Span;

/// A piece of running text. Ranges index the prose's plain text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inline {
    /// Words.
    Text(Range<u32>),
    /// Code.
    Code(Range<u32>),
    /// Emphasis.
    Emphasis(Box<[Inline]>),
    /// Strong emphasis.
    Strong(Box<[Inline]>),
    /// Struck-out words.
    Strike(Box<[Inline]>),
    /// A link out of the text.
    Link(Box<Hyperlink>),
    /// An image among words.
    Image(Box<Image>),
    /// A line break that the author asked for; the plain text has a space there.
    Break,
    /// A citation, by index into [`Prose::citations`].
    Citation(u32),
    /// A `[[link]]`, by index into [`Prose::links`], and the words that it shows.
    Reference {
        /// The index.
        link: u32,
        /// The words.
        words: Range<u32>,
    },
    /// The mark of a footnote, by index into [`Prose::footnotes`].
    Footnote(u32),
}

/// An image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// The place of the whole image.
    pub span: Span,
}

/// A link out of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hyperlink {
    /// The address.
    pub url: String,
    /// Its words.
    pub content: Box<[Inline]>,
    /// The place of the whole link.
    pub span: Span,
}

/// Whether a link leads to another site: it has a scheme.
pub fn is_external(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// The code of running text.
#[derive(Debug)]
pub struct Code {
    /// In order.
    ranges: Vec<Range<usize>>,
}

impl Code {
    pub(super) fn of<'d>(texts: impl IntoIterator<Item = &'d [Inline]>) -> Self {
        let mut ranges = Vec::new();
        for inlines in texts {
            visit(inlines, &mut |inline| {
                if let Inline::Code(range) = inline {
                    ranges.push(in_bytes(range));
                }
            });
        }
        Code { ranges }
    }

    /// Whether a sign of the plain text stands in it.
    pub fn covers(&self, at: usize) -> bool {
        let next = self.ranges.partition_point(|range| range.end <= at);
        self.ranges.get(next).is_some_and(|range| range.start <= at)
    }
}

/// The ranges of the plain text that are struck out, in order.
pub(super) fn struck<'d>(texts: impl IntoIterator<Item = &'d [Inline]>) -> Vec<Range<usize>> {
    let mut struck = Vec::new();
    for inlines in texts {
        collect_struck(inlines, &mut struck);
    }
    struck
}

fn collect_struck(inlines: &[Inline], struck: &mut Vec<Range<usize>>) {
    for inline in inlines {
        match inline {
            Inline::Strike(content) => struck.extend(extent(content)),
            Inline::Emphasis(content) | Inline::Strong(content) => collect_struck(content, struck),
            Inline::Link(link) => collect_struck(&link.content, struck),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Reference { .. }
            | Inline::Image(_)
            | Inline::Break
            | Inline::Citation(_)
            | Inline::Footnote(_) => {}
        }
    }
}

/// Visits inlines, each before those inside it.
pub fn visit<'d>(inlines: &'d [Inline], see: &mut impl FnMut(&'d Inline)) {
    for inline in inlines {
        see(inline);
        match inline {
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                visit(content, see);
            }
            Inline::Link(link) => visit(&link.content, see),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Reference { .. }
            | Inline::Image(_)
            | Inline::Break
            | Inline::Citation(_)
            | Inline::Footnote(_) => {}
        }
    }
}

/// From the first word of some inlines to the last.
fn extent(inlines: &[Inline]) -> Option<Range<usize>> {
    let ranges = inlines.iter().filter_map(|inline| match inline {
        Inline::Text(range) | Inline::Code(range) | Inline::Reference { words: range, .. } => {
            Some(in_bytes(range))
        }
        Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
            extent(content)
        }
        Inline::Link(link) => extent(&link.content),
        Inline::Image(_) | Inline::Break | Inline::Citation(_) | Inline::Footnote(_) => None,
    });
    ranges.reduce(|all, one| all.start.min(one.start)..all.end.max(one.end))
}

fn in_bytes(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
