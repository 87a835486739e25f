//! `timeline`: what happened, and what was planned.

use super::{CITES, PROVENANCE, Provenance, choice, citations, cited_in, document, provenance};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Document;
use crate::reference::{Citation, When, date_help, pattern};
use crate::schema::{Kind, Shape, field, words};
use crate::source::{Span, Text};
use crate::yaml::{Node, Reader};

pub(super) const SHAPE: Shape = Shape {
    what: "an event",
    doc: "Something that happened, or was planned, at a date.",
    fields: &[
        &[
            field(
                "id",
                Kind::Like(pattern::key),
                "A name that gives the event an address that stays.",
            )
            .such_as(&["tokyo-talks"]),
            field("date", Kind::Like(pattern::date), "When: EDTF level 1.").such_as(&[
                "2024-07-28",
                "2024-07",
                "2024",
                "2024-22",
                "2023-01-11/2023-01-13",
                "2027~",
            ]),
            field(
                "status",
                Kind::OneOf(|| words(&Status::ALL)),
                "Whether it is said to have happened; `reported` if nothing is said.",
            ),
            field(
                "text",
                Kind::Text,
                "What: Markdown with citations, links and terms.",
            )
            .such_as(&["The ministers meet in Tokyo."]),
            CITES,
        ],
        PROVENANCE,
    ],
    needs: &[&["date"], &["text"]],
};

/// Something with a date.
#[derive(Clone, Debug)]
pub struct Event {
    /// The name by which it can be found again.
    pub id: Option<Text>,
    /// When.
    pub date: When,
    /// Whether it is said to have happened.
    pub status: Status,
    /// What.
    pub text: Document,
    /// What it rests on.
    pub cites: Vec<Citation>,
    /// Who wrote it, when, and its tags.
    pub provenance: Provenance,
    /// Its place.
    pub span: Span,
}

impl Event {
    /// What a comment in an article's file calls it.
    pub fn place(&self) -> String {
        let id = self.id.as_ref().map(|id| id.text.to_string());
        format!("event {}", id.unwrap_or_else(|| self.date.edtf()))
    }
}

/// Whether an event is said to have happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It is.
    Reported,
    /// It is to happen.
    Planned,
}

impl Status {
    const ALL: [(&'static str, Status); 2] =
        [("planned", Status::Planned), ("reported", Status::Reported)];
}

/// Reads an event; none where it has no date.
pub(super) fn read(
    node: &Node,
    unshown: &mut Vec<Citation>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Event> {
    let mut reader =
        Reader::new(node, &SHAPE, diagnostics)?.keyed_by(|key| When::parse(&key.text).is_some());
    let id = reader.text("id").cloned();
    let date = reader.required("date").cloned();
    let status = choice(&mut reader, "status", &Status::ALL);
    let text = reader.required("text").cloned();
    let cites = citations(&mut reader, "cites");
    let provenance = provenance(&mut reader);
    reader.finish_entry();
    let date = date.and_then(|date| {
        let when = When::parse(&date.text);
        if when.is_none() {
            let message = format!("`{}` is no date", date.text);
            diagnostics.push(
                Diagnostic::new(Lint::InvalidValue, date.whole(), message)
                    .help(date_help(&date.text)),
            );
        }
        if when.is_some_and(When::runs_backwards) {
            let message = format!("`{}` ends before it begins", date.text);
            diagnostics.push(
                Diagnostic::new(Lint::InvalidValue, date.whole(), message)
                    .help("write the earlier date first"),
            );
        }
        when
    });
    let text = text.map(|text| document(&text, diagnostics));
    let (date, text) = match (date, text) {
        (Some(date), Some(text)) => (date, text),
        (_, text) => {
            unshown.extend(cites);
            unshown.extend(text.iter().flat_map(cited_in));
            return None;
        }
    };
    Some(Event {
        id,
        date,
        status: status.unwrap_or(Status::Reported),
        text,
        cites,
        provenance,
        span: node.span,
    })
}
