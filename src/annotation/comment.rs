//! `notes`: comments on passages of articles and chapters.

use super::{
    CITATIONS, CITES, LeftOut, PROVENANCE, Provenance, choice, citations, cited_in, document,
    provenance,
};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Document;
use crate::reference::{self, Citation, Locator, pattern};
use crate::schema::{Kind, Shape, field, words};
use crate::source::{Span, Text};
use crate::yaml::{Node, Reader};

pub(super) const SHAPE: Shape = Shape {
    what: "a note",
    doc: "A comment on a passage, which is shown beside it.",
    fields: &[
        &[
            field("id", Kind::Like(pattern::key), "A name that gives the note an address that stays.").such_as(&["regiment-history"]),
            field("at", CITATIONS, "The passage: a citation of an article or chapter. Its quoted words are marked; without them it is the paragraph.").such_as(&["marines-okinawa ¶8 \"Marine Littoral Regiment\""]),
            field("kind", Kind::OneOf(|| words(&CommentKind::ALL)), "What the note is for."),
            field("read", Kind::Text, "A correction's right wording.").such_as(&["condemning Moscow"]),
            field("text", Kind::Text, "What it says: Markdown with citations, links and terms.").such_as(&["Its predecessor had been there since the war."]),
            CITES,
        ],
        PROVENANCE,
    ],
    needs: &[&["at"], &["text", "read"]],
};

/// A comment on a passage.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The name by which it can be found again.
    pub id: Option<Text>,
    /// The passages that it is on.
    pub at: Vec<Citation>,
    /// What it is for.
    pub kind: Option<CommentKind>,
    /// A correction's right wording.
    pub read: Option<Text>,
    /// What it says; empty where a correction says it all.
    pub text: Document,
    /// What it rests on.
    pub cites: Vec<Citation>,
    /// Who wrote it, when, and its tags.
    pub provenance: Provenance,
    /// Its place.
    pub span: Span,
}

impl Comment {
    /// What it is on and what it cites, for when it is left out.
    pub fn cited(&self) -> Vec<LeftOut> {
        let first = |locator: &Locator| match &locator.parts()[0] {
            Locator::Paragraphs(ranges, _) => ranges.first().map(|range| *range.start()),
            Locator::Name(..) | Locator::Several(..) => None,
        };
        let on = self.at.first();
        let key = on.map_or("", |at| at.key.text.as_str());
        let place = self.place(key, on.and_then(|at| at.locator.as_ref()).and_then(first));
        LeftOut::all(&place, self.at.iter().chain(&self.cites), &self.text)
    }

    /// What a comment in an article's file calls it, by the text and paragraph that it is on where it has no name.
    pub fn place(&self, on: &str, paragraph: Option<u32>) -> String {
        match (&self.id, paragraph) {
            (Some(id), _) => format!("note {}", id.text),
            (None, Some(number)) => format!("note on {on} ¶{number}"),
            (None, None) => format!("note on {on}"),
        }
    }
}

/// What a comment is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CommentKind {
    /// What a reader has to know as well.
    Context,
    /// What should stand there instead.
    Correction,
    /// Another source, or the authors, say otherwise.
    Dispute,
    /// What is open.
    Question,
    /// What the authors make of it.
    Assessment,
}

impl CommentKind {
    /// Every kind, with the word that stands for it in annotations.
    pub const ALL: [(&'static str, CommentKind); 5] = [
        ("context", CommentKind::Context),
        ("correction", CommentKind::Correction),
        ("dispute", CommentKind::Dispute),
        ("question", CommentKind::Question),
        ("assessment", CommentKind::Assessment),
    ];

    /// The word that stands for it in annotations.
    pub fn name(self) -> &'static str {
        match self {
            CommentKind::Context => "context",
            CommentKind::Correction => "correction",
            CommentKind::Dispute => "dispute",
            CommentKind::Question => "question",
            CommentKind::Assessment => "assessment",
        }
    }
}

/// Whether words are a citation of a place in a source.
fn names_place(words: &Text) -> bool {
    let (citation, problems) = reference::single(words);
    problems.is_empty()
        && citation.is_some_and(|one| one.locator.is_some() || one.quotation.is_some())
}

/// Reads a comment; none where it is on nothing.
pub(super) fn read(
    node: &Node,
    unshown: &mut Vec<Citation>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Comment> {
    let mut reader = Reader::new(node, &SHAPE, diagnostics)?.keyed_by(names_place);
    let id = reader.text("id").cloned();
    let known = reader.diagnostics().len();
    let at = citations(&mut reader, "at");
    if reader.node("at").is_none() {
        reader.required("at");
    } else if at.is_empty() && reader.diagnostics().len() == known {
        let missing = reader.missing("at");
        reader.diagnostics().extend(missing);
    }
    let kind = choice(&mut reader, "kind", &CommentKind::ALL);
    let read = reader.text("read").cloned();
    // A correction may say all that it has to say in `read`.
    let text = match &read {
        Some(_) => reader.text("text"),
        None => reader.required("text"),
    }
    .cloned();
    let cites = citations(&mut reader, "cites");
    let provenance = provenance(&mut reader);
    if let Some(read) = &read
        && kind.is_some_and(|kind| kind != CommentKind::Correction)
    {
        reader.diagnostics().push(
            Diagnostic::new(
                Lint::InvalidValue,
                read.whole(),
                "`read` is the right wording of a correction",
            )
            .help("write `kind: correction`, or take `read` out"),
        );
    }
    reader.finish_entry();
    let text = text.map_or_else(Document::default, |text| document(&text, diagnostics));
    if at.is_empty() {
        unshown.extend(cites);
        unshown.extend(cited_in(&text));
        return None;
    }
    Some(Comment {
        id,
        at,
        kind: kind.or(read.is_some().then_some(CommentKind::Correction)),
        read,
        text,
        cites,
        provenance,
        span: node.span,
    })
}
