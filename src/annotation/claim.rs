//! `claims`: statements, and what the sources say of them.

use super::{CITATIONS, PROVENANCE, Provenance, choice, citations, document, provenance};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Document;
use crate::reference::{Citation, is_key, slug};
use crate::schema::{Kind, Shape, field, words};
use crate::source::Text;
use crate::yaml::{Entry, Reader, Value};

pub(super) const SHAPE: Shape = Shape {
    what: "a claim",
    doc: "A statement, and what the sources say of it.",
    fields: &[
        &[
            field(
                "text",
                Kind::Text,
                "The statement: Markdown with citations, links and terms.",
            )
            .such_as(&["The new regiment will be smaller."]),
            field(
                "confidence",
                Kind::OneOf(|| words(&Confidence::ALL)),
                "How sure the authors are.",
            ),
            field(
                "likelihood",
                Kind::OneOf(|| words(&LIKELIHOODS)),
                "How likely it is, in one of ICD 203's terms.",
            ),
            field(
                "supports",
                CITATIONS,
                "Where a source says so: one citation a line, after `|`.",
            )
            .such_as(&["marines-okinawa ¶9"]),
            field("disputes", CITATIONS, "Where a source says otherwise.").such_as(&["space ¶8"]),
            field(
                "qualifies",
                CITATIONS,
                "Where a source says so within limits.",
            )
            .such_as(&["tokyo ¶12"]),
        ],
        PROVENANCE,
    ],
    needs: &[&["text"]],
};

/// A statement, and what the sources say of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its key.
    pub key: Text,
    /// The statement.
    pub text: Document,
    /// How sure the authors are.
    pub confidence: Option<Confidence>,
    /// How likely it is: one of ICD 203's terms.
    pub likelihood: Option<&'static str>,
    /// The citations, each with how it bears on the statement.
    pub evidence: Vec<(Bearing, Citation)>,
    /// Who wrote it, when, and its tags.
    pub provenance: Provenance,
}

impl Claim {
    /// What a comment in an article's file calls it.
    pub fn place(&self) -> String {
        format!("claim {}", self.key.text)
    }
}

/// How sure the authors are of a claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// Low.
    Low,
    /// Moderate.
    Moderate,
    /// High.
    High,
}

impl Confidence {
    const ALL: [(&'static str, Confidence); 3] = [
        ("low", Confidence::Low),
        ("moderate", Confidence::Moderate),
        ("high", Confidence::High),
    ];

    /// The word that stands for it in annotations.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Moderate => "moderate",
            Confidence::High => "high",
        }
    }
}

/// How a source bears on a claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Bearing {
    /// It says so.
    Supports,
    /// It says otherwise.
    Disputes,
    /// It says so within limits.
    Qualifies,
}

impl Bearing {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Bearing; 3] = [Bearing::Supports, Bearing::Disputes, Bearing::Qualifies];

    /// The field that holds its citations.
    pub fn name(self) -> &'static str {
        match self {
            Bearing::Supports => "supports",
            Bearing::Disputes => "disputes",
            Bearing::Qualifies => "qualifies",
        }
    }
}

/// The terms of ICD 203 (Analytic Standards, §D.6.e.2), a row of seven bands after the other.
pub const LIKELIHOODS: [(&str, &str); 14] = [
    ("almost no chance", "almost no chance"),
    ("very unlikely", "very unlikely"),
    ("unlikely", "unlikely"),
    ("roughly even chance", "roughly even chance"),
    ("likely", "likely"),
    ("very likely", "very likely"),
    ("almost certain", "almost certain"),
    ("remote", "remote"),
    ("highly improbable", "highly improbable"),
    ("improbable", "improbable"),
    ("roughly even odds", "roughly even odds"),
    ("probable", "probable"),
    ("highly probable", "highly probable"),
    ("nearly certain", "nearly certain"),
];

/// Reads a claim; none where it is nothing.
pub(super) fn read(
    entry: &Entry,
    unshown: &mut Vec<Citation>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Claim> {
    let key = entry.key.clone();
    if !is_key(&key.text) {
        let message = format!("`{}` cannot be a claim's key", key.text);
        let nearly = slug(&key.text);
        let example = if is_key(&nearly) {
            &nearly
        } else {
            "regiment-strength"
        };
        let help = format!(
            "a key is one to a hundred letters A–Z, digits, `.`, `_` and `-`, such as `{example}`"
        );
        diagnostics.push(Diagnostic::new(Lint::InvalidId, key.whole(), message).help(help));
        return None;
    }
    if let Value::Scalar(scalar) = &entry.value.value
        && !entry.value.is_empty()
    {
        diagnostics.extend(SHAPE.field_in(&scalar.text));
        return Some(Claim {
            key,
            text: document(&scalar.text, diagnostics),
            confidence: None,
            likelihood: None,
            evidence: Vec::new(),
            provenance: Provenance::default(),
        });
    }
    if entry.value.is_empty() {
        let message = format!("the claim `{}` says nothing", key.text);
        diagnostics.push(
            Diagnostic::new(Lint::MissingField, key.whole(), message)
                .help("write its fields indented below it: `text: …`, `supports: |`"),
        );
        return None;
    }
    let mut reader = Reader::new(&entry.value, &SHAPE, diagnostics)?;
    let text = reader.required("text").cloned();
    let confidence = choice(&mut reader, "confidence", &Confidence::ALL);
    let likelihood = choice(&mut reader, "likelihood", &LIKELIHOODS);
    let evidence: Vec<(Bearing, Citation)> = Bearing::ALL
        .into_iter()
        .flat_map(|bearing| {
            let cited = citations(&mut reader, bearing.name());
            cited.into_iter().map(move |citation| (bearing, citation))
        })
        .collect();
    let provenance = provenance(&mut reader);
    reader.finish_entry();
    let Some(text) = text else {
        unshown.extend(evidence.into_iter().map(|(_, citation)| citation));
        return None;
    };
    let text = document(&text, diagnostics);
    Some(Claim {
        key,
        text,
        confidence,
        likelihood,
        evidence,
        provenance,
    })
}
