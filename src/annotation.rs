//! The hand-written annotations, typed, their texts parsed.

mod cites;
mod claim;
mod comment;
mod event;

pub use claim::{Bearing, Claim, Confidence};
pub use comment::{Comment, CommentKind};
pub use event::{Event, Status};

use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::{Document, Voice};
use crate::reference::{Citation, When, date_help};
use crate::source::Text;
use crate::yaml::{Entry, Node, Reader, Value};
use cites::citations;

/// The annotations of one file or of a whole book.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// The glossary's entries in the order of the files.
    pub terms: Vec<Term>,
    /// The notes on passages.
    pub comments: Vec<Comment>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The events of the timeline.
    pub events: Vec<Event>,
    /// The names of the terms and claims that are meant for named audiences alone.
    pub withheld: Vec<String>,
}

/// What every entry may say besides what is shown.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Tags.
    pub tags: Vec<String>,
    /// Who wrote it.
    pub by: Vec<String>,
    /// When it was written.
    pub written: Option<When>,
    /// Whether it is meant for named audiences alone.
    pub restricted: bool,
}

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
    /// Every text that means this entry: the term, its name, its aliases.
    pub fn forms(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.key)
            .chain(&self.name)
            .chain(&self.aliases)
    }
}

const KINDS: [(&str, &str); 7] = [
    ("person", "person"),
    ("organization", "organization"),
    ("place", "place"),
    ("system", "system"),
    ("document", "document"),
    ("event", "event"),
    ("concept", "concept"),
];

impl Annotations {
    /// Reads the annotations of one file from its tree.
    pub fn read(root: &Node) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut annotations = Annotations::default();
        let Some(mut reader) = Reader::new(root, "an annotation file", &mut diagnostics) else {
            return (annotations, diagnostics);
        };
        let glossary = reader.node("glossary");
        let notes = reader.node("notes");
        let claims = reader.node("claims");
        let timeline = reader.node("timeline");
        reader.finish();
        let named = [glossary, claims].into_iter().flatten();
        let named = named.filter_map(Node::entries).flatten();
        let withheld = named.filter(|entry| has_audience(&entry.value));
        annotations.withheld = withheld.map(|entry| entry.key.text.clone()).collect();
        let found = &mut diagnostics;
        annotations.terms = entries(glossary, "glossary", "terms", "USFJ:", found)
            .iter()
            .filter_map(|entry| term(entry, found))
            .collect();
        annotations.comments = items(notes, "notes", "at: …", found)
            .iter()
            .filter_map(|item| comment::read(item, found))
            .collect();
        annotations.claims = entries(claims, "claims", "claims", "regiment-strength:", found)
            .iter()
            .filter_map(|entry| claim::read(entry, found))
            .collect();
        annotations.events = items(timeline, "timeline", "date: …", found)
            .iter()
            .filter_map(|item| event::read(item, found))
            .collect();
        (annotations, diagnostics)
    }

    /// Adds another file's annotations.
    pub fn append(&mut self, other: &mut Annotations) {
        self.terms.append(&mut other.terms);
        self.comments.append(&mut other.comments);
        self.claims.append(&mut other.claims);
        self.events.append(&mut other.events);
        self.withheld.append(&mut other.withheld);
    }
}

fn has_audience(entry: &Node) -> bool {
    let mut fields = entry.entries().into_iter().flatten();
    fields.any(|field| field.key.text == "audience" && !field.value.is_empty())
}

/// The entries of a section that is a map, by key.
fn entries<'n>(
    node: Option<&'n Node>,
    section: &str,
    of: &str,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'n [Entry] {
    let Some(node) = node else { return &[] };
    node.entries().unwrap_or_else(|| {
        let message = format!("`{section}` is a map of {of}, not {}", node.kind());
        diagnostics.push(
            Diagnostic::new(Lint::InvalidValue, node.span, message).help(format!(
                "write each as a key, `{example}`, its fields indented below it"
            )),
        );
        &[]
    })
}

/// The items of a section that is a list.
fn items<'n>(
    node: Option<&'n Node>,
    section: &str,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'n [Node] {
    let Some(node) = node else { return &[] };
    if let Value::List(items, _) = &node.value {
        return items;
    }
    let message = format!("`{section}` is a list, not {}", node.kind());
    diagnostics.push(
        Diagnostic::new(Lint::InvalidValue, node.span, message).help(format!(
            "begin each entry with a hyphen: `- {example}`, its other fields below, indented as far"
        )),
    );
    &[]
}

/// Reads a glossary entry; none where it is meant for named audiences alone, or is nothing.
fn term(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Term> {
    let bare = |text: Document| Term {
        key: entry.key.clone(),
        name: None,
        aliases: Vec::new(),
        kind: None,
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
    if let Value::Scalar(scalar) = &entry.value.value
        && !entry.value.is_empty()
    {
        return Some(bare(document(&scalar.text, diagnostics)));
    }
    if entry.value.is_empty() {
        let message = format!("the term `{}` has no text", entry.key.text);
        diagnostics.push(
            Diagnostic::new(Lint::MissingField, entry.key.whole(), message)
                .help("write its definition behind the colon, or its fields indented below it"),
        );
        return None;
    }
    let mut reader = Reader::new(&entry.value, "a glossary entry", diagnostics)?;
    let name = reader.text("name").cloned();
    let aliases = reader.texts("aliases").into_iter().cloned().collect();
    let kind = choice(&mut reader, "kind", &KINDS);
    let see = reader.texts("see").into_iter().cloned().collect();
    let text = match &name {
        Some(_) => reader.text("text"),
        None => reader.required("text"),
    }
    .cloned();
    let cites = citations(&mut reader, "cites");
    let except = citations(&mut reader, "except");
    let linked = choice(&mut reader, "link", &[("never", ())]).is_none();
    let provenance = provenance(&mut reader);
    reader.finish();
    let text = text.map_or_else(Document::default, |text| document(&text, diagnostics));
    (!provenance.restricted).then(|| Term {
        name,
        aliases,
        kind,
        see,
        cites,
        except,
        linked,
        provenance,
        ..bare(text)
    })
}

/// What every entry may say besides what is shown.
fn provenance(reader: &mut Reader<'_, '_>) -> Provenance {
    let trimmed = |texts: Vec<&Text>| {
        let words = texts.iter().map(|text| text.text.trim().to_owned());
        words.filter(|word| !word.is_empty()).collect()
    };
    let tags = trimmed(reader.texts("tags"));
    let by = trimmed(reader.texts("by"));
    let written = reader.text("written").and_then(|text| {
        let when = When::parse(&text.text);
        if when.is_none() {
            let message = format!(
                "`written` is a date such as 2024-07-28, not `{}`",
                text.text
            );
            reader.diagnostics().push(
                Diagnostic::new(Lint::InvalidValue, text.whole(), message)
                    .help(date_help(&text.text)),
            );
        }
        when
    });
    Provenance {
        tags,
        by,
        written,
        restricted: !reader.texts("audience").is_empty(),
    }
}

/// A field that is one of a few words, and what the word stands for.
fn choice<T: Copy>(
    reader: &mut Reader<'_, '_>,
    field: &'static str,
    choices: &[(&'static str, T)],
) -> Option<T> {
    let text = reader.text(field)?;
    let word = text.text.trim();
    if let Some((_, meaning)) = choices.iter().find(|(name, _)| *name == word) {
        return Some(*meaning);
    }
    let diagnostic = Diagnostic::new(
        Lint::InvalidValue,
        text.whole(),
        format!("`{field}` cannot be `{word}`"),
    );
    let names = || choices.iter().map(|(name, _)| *name);
    let near = crate::diagnostic::nearest(word, names());
    reader.diagnostics().push(match near {
        Some(near) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .fix(text.whole(), near)
            .trusted(crate::diagnostic::trust_in(word, near, names())),
        None => diagnostic.help(format!(
            "it is one of: {}",
            names().collect::<Vec<_>>().join(", ")
        )),
    });
    None
}

fn document(text: &Text, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let (document, mut found) = Document::parse(text, Voice::Author);
    diagnostics.append(&mut found);
    document
}
