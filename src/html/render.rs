//! The edition's tree as HTML.

mod blocks;
mod inlines;
mod margin;

pub(super) use inlines::plain;

use super::markup::Markup;
use super::path::Here;
use crate::edition::{Edition, Flow, Rich};

/// Renders blocks and running text for one page.
#[derive(Clone, Copy)]
pub(super) struct Renderer<'r> {
    edition: &'r Edition<'r>,
    here: Here<'r>,
    /// The word for a paragraph.
    paragraph: &'r str,
    /// Whether notes stand beside the text as well as at the page's end.
    pub(super) sidenotes: bool,
    /// Whether the text is in another language than the book; what stands beside it is not.
    pub(super) foreign: bool,
}

impl<'r> Renderer<'r> {
    pub(super) fn new(edition: &'r Edition<'r>, here: Here<'r>) -> Self {
        Renderer {
            edition,
            here,
            paragraph: edition.words.get("paragraph"),
            sidenotes: true,
            foreign: false,
        }
    }

    /// What stands before every id.
    pub(super) fn prefix(&self) -> &'r str {
        self.here.prefix()
    }

    pub(super) fn flow(&self, flow: &[Flow<'_>]) -> Markup {
        let mut out = Markup::new();
        self.blocks(flow, &mut out);
        out
    }

    pub(super) fn inline(&self, content: &[Rich<'_>]) -> Markup {
        let mut out = Markup::new();
        self.rich(content, &mut out);
        out
    }
}
