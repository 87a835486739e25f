//! `[[links]]` inside the book.

use super::citation::{self, Locator};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Text};

/// What kind of thing a link names, where it says so (`[[claim:x]]`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkKind {
    /// A glossary entry.
    Term,
    /// A chapter.
    Chapter,
    /// An article.
    Article,
    /// A claim.
    Claim,
}

impl LinkKind {
    /// All kinds.
    pub const ALL: [LinkKind; 4] = [
        LinkKind::Term,
        LinkKind::Chapter,
        LinkKind::Article,
        LinkKind::Claim,
    ];

    /// What a link that says its kind begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            LinkKind::Term => "term:",
            LinkKind::Chapter => "chapter:",
            LinkKind::Article => "article:",
            LinkKind::Claim => "claim:",
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.prefix().trim_end_matches(':')
    }
}

/// A link as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The kind, if it is said.
    pub kind: Option<LinkKind>,
    /// What it names.
    pub target: Text,
    /// The paragraph of it.
    pub locator: Option<Locator>,
    /// The words to show instead.
    pub words: Option<Text>,
    /// The place of the whole link.
    pub span: Span,
}

impl Link {
    /// Reads what stands between `[[` and `]]`.
    pub fn parse(inner: &Text) -> (Self, Vec<Diagnostic>) {
        let text = inner.text.as_str();
        let bar = text.find('|');
        let (head, words) = match bar {
            // In a table the bar may have a backslash before it.
            Some(bar) => (
                trimmed(inner, 0..text[..bar].trim_end_matches('\\').len()),
                Some(trimmed(inner, bar + 1..text.len())),
            ),
            None => (trimmed(inner, 0..text.len()), None),
        };
        let (kind, head) = kind_of(&head);
        let (target, locator, diagnostics) = citation::target(&head);
        let link = Link {
            kind,
            target,
            locator,
            words: words.filter(|words| !words.text.is_empty()),
            span: inner.whole(),
        };
        (link, diagnostics)
    }
}

fn kind_of(head: &Text) -> (Option<LinkKind>, Text) {
    let kind = LinkKind::ALL
        .into_iter()
        .find(|kind| head.text.starts_with(kind.prefix()));
    let name = kind.map_or(0, |kind| kind.prefix().len());
    (kind, trimmed(head, name..head.text.len()))
}

/// A range of a text without the white space round it.
fn trimmed(text: &Text, range: std::ops::Range<usize>) -> Text {
    let part = &text.text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    text.slice(start..start + part.trim().len())
}
