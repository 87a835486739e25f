//! `glossary`: the terms that the book explains.

use super::{CITATIONS, CITES, PROVENANCE, Provenance, choice, citations, document, provenance};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::markdown::Document;
use crate::reference::Citation;
use crate::schema::{Kind, Shape, field, words};
use crate::source::Text;
use crate::yaml::{Entry, Reader, Value};

pub(super) const SHAPE: Shape = Shape {
    what: "a glossary entry",
    doc: "A glossary entry: its definition alone, or its fields. Its words are found and linked throughout the book.",
    fields: &[
        &[
            field("name", Kind::Text, "What the short form stands for.")
                .such_as(&["U.S. Forces Japan"]),
            field(
                "aliases",
                Kind::Texts,
                "Other words for it, found and linked as well.",
            )
            .such_as(&["United States Forces Japan"]),
            field(
                "kind",
                Kind::OneOf(|| words(&KINDS)),
                "What it is. People and organizations are sorted in the printed index.",
            ),
            field(
                "sort",
                Kind::Text,
                "The words by which it is sorted; a person stands under them in the printed index: the family name first.",
            )
            .such_as(&["Austin, Lloyd"]),
            field("see", Kind::Texts, "Related terms of the glossary.").such_as(&["INDOPACOM"]),
            field(
                "text",
                Kind::Text,
                "The definition: Markdown with citations, links and other terms.",
            )
            .such_as(&["The U.S. headquarters in Japan."]),
            CITES,
            field(
                "except",
                CITATIONS,
                "Places where the words mean something else, which are not linked.",
            )
            .such_as(&["tokyo ¶12 \"mutual-defense clause\""]),
            field(
                "link",
                Kind::OneOf(|| words(&LINKS)),
                "`never` links none of its places.",
            ),
        ],
        PROVENANCE,
    ],
    needs: &[&["text", "name"]],
};

const LINKS: [(&str, ()); 1] = [("never", ())];

const KINDS: [(&str, &str); 7] = [
    ("person", "person"),
    ("organization", "organization"),
    ("place", "place"),
    ("system", "system"),
    ("document", "document"),
    ("event", "event"),
    ("concept", "concept"),
];

/// A glossary entry.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term itself.
    pub key: Text,
    /// What a short form stands for.
    pub name: Option<Text>,
    /// Other words for it.
    pub aliases: Vec<Text>,
    /// What it is.
    pub kind: Option<&'static str>,
    /// The words by which it is sorted, where they are not the term itself.
    pub sort: Option<Text>,
    /// Related terms.
    pub see: Vec<Text>,
    /// The definition.
    pub text: Document,
    /// What the definition rests on.
    pub cites: Vec<Citation>,
    /// Places where the words mean something else.
    pub except: Vec<Citation>,
    /// Whether its occurrences are linked.
    pub linked: bool,
    /// Who wrote it, when, and its tags.
    pub provenance: Provenance,
}

impl Term {
    /// What a comment in an article's file calls it.
    pub fn place(&self) -> String {
        format!("glossary {}", self.key.text)
    }

    /// Every text that means this entry: the term, its name, its aliases.
    pub fn forms(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.key)
            .chain(&self.name)
            .chain(&self.aliases)
    }

    /// What the entry stands under in an index: a person under the words by which it is sorted, where these have the
    /// whole name.
    pub fn listed(&self) -> &str {
        let order = self.order();
        let mut name = self.key.text.split_whitespace();
        let is_whole = name.all(|word| order.contains(word));
        if self.kind == Some("person") && is_whole {
            order
        } else {
            &self.key.text
        }
    }

    /// The words by which the entry is sorted.
    pub fn order(&self) -> &str {
        &self.sort.as_ref().unwrap_or(&self.key).text
    }
}

/// Reads a glossary entry; none where it is nothing.
pub(super) fn read(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Term> {
    let bare = |text: Document| Term {
        key: entry.key.clone(),
        name: None,
        aliases: Vec::new(),
        kind: None,
        sort: None,
        see: Vec::new(),
        text,
        cites: Vec::new(),
        except: Vec::new(),
        linked: true,
        provenance: Provenance::default(),
    };
    if entry.key.text.trim().is_empty() {
        diagnostics.push(
            Diagnostic::new(Lint::InvalidValue, entry.key.whole(), "a term has a name")
                .help("write the term before the colon, or take the entry out"),
        );
        return None;
    }
    if entry.key.text.ends_with(':') {
        let at = entry.key.text.len() - 1;
        let second = entry.key.span(at..at + 1);
        let message = "one colon ends a term, and this is another one";
        diagnostics.push(
            Diagnostic::new(Lint::InvalidYaml, second, message)
                .help("take it out; a term that ends with a colon stands in quotation marks")
                .fix(second, "")
                .trusted(Trust::Safe),
        );
    }
    if let Value::Scalar(scalar) = &entry.value.value
        && !entry.value.is_blank()
    {
        diagnostics.extend(SHAPE.field_in(&scalar.text));
        return Some(bare(document(&scalar.text, diagnostics)));
    }
    if entry.value.is_blank() {
        let message = format!("the term `{}` has no text", entry.key.text);
        diagnostics.push(
            Diagnostic::new(Lint::MissingField, entry.key.whole(), message)
                .help("write its definition behind the colon, or its fields indented below it"),
        );
        return None;
    }
    let mut reader = Reader::new(&entry.value, &SHAPE, diagnostics)?;
    let name = reader.name("name").cloned();
    let aliases = reader.texts("aliases").into_iter().cloned().collect();
    let kind = choice(&mut reader, "kind", &KINDS);
    let sort = reader
        .text("sort")
        .filter(|sort| !sort.text.trim().is_empty())
        .cloned();
    let see = reader.texts("see").into_iter().cloned().collect();
    let text = match &name {
        Some(_) => reader.text("text"),
        None => reader.required("text"),
    }
    .cloned();
    let cites = citations(&mut reader, "cites");
    let except = citations(&mut reader, "except");
    let linked = choice(&mut reader, "link", &LINKS).is_none();
    let provenance = provenance(&mut reader);
    let text = text.map_or_else(Document::default, |text| {
        document(&text, reader.diagnostics())
    });
    reader.finish_entry();
    Some(Term {
        name,
        aliases,
        kind,
        sort,
        see,
        cites,
        except,
        linked,
        provenance,
        ..bare(text)
    })
}
