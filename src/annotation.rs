//! The hand-written annotations, typed, their texts parsed.

mod append;
mod cites;
mod claim;
mod comment;
mod event;
mod term;

pub use append::{Appended, Draft, Refusal, append, entries_in, entry_shape};
pub use claim::{Bearing, Claim, Confidence, LIKELIHOODS};
pub use comment::{Comment, CommentKind};
pub use event::{Event, Status};
pub use term::Term;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::markdown::{Document, Voice};
use crate::reference::{Citation, When, date_help, pattern};
use crate::schema::{Field, Kind, Shape, field};
use crate::source::{Span, Text};
use crate::yaml::{Entry, Node, Reader, SECTIONS, Value, marked_key};
use cites::{CITATIONS, CITES, citations};

/// The annotations of one file or of a whole book.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// The glossary's entries in the order of the files.
    pub terms: Vec<Arc<Term>>,
    /// The notes on passages.
    pub comments: Vec<Arc<Comment>>,
    /// The claims.
    pub claims: Vec<Arc<Claim>>,
    /// The events of the timeline.
    pub events: Vec<Arc<Event>>,
    /// What is left out.
    pub withheld: Withheld,
    /// What entries cite that lack something, so that they are not shown: it is looked up with the rest.
    pub unshown: Vec<Citation>,
}

/// What is left out, for it is for named audiences alone or a note without a place; its sources are settled with the others.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    /// The names of articles, chapters, terms and claims.
    pub names: Vec<String>,
    /// What chapters and entries cite, and what notes are on.
    pub citations: Vec<LeftOut>,
}

/// A citation in something that is left out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// What cites: `command ¶14`, `claim strength`.
    pub place: String,
    /// What is cited.
    pub citation: Citation,
}

impl Withheld {
    fn append(&mut self, other: &mut Withheld) {
        self.names.append(&mut other.names);
        self.citations.append(&mut other.citations);
    }
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

/// An annotation file.
pub const FILE: Shape = Shape {
    what: "an annotation file",
    doc: "Annotations of a Pincite book: a glossary, notes, claims and a timeline, in any number of files.",
    fields: &[&[
        field(
            "glossary",
            Kind::Entries(None, &term::SHAPE),
            "The terms that the book explains, each with its definition: `USFJ: The U.S. headquarters in Japan.`",
        ),
        field(
            "notes",
            Kind::List(&comment::SHAPE),
            "Comments on passages of articles and chapters.",
        ),
        field(
            "claims",
            Kind::Entries(Some(pattern::key), &claim::SHAPE),
            "Statements, and what the sources say of them.",
        ),
        field(
            "timeline",
            Kind::List(&event::SHAPE),
            "What happened, and what was planned.",
        ),
    ]],
    needs: &[],
};

/// What every entry may say besides what is shown.
const PROVENANCE: &[Field] = &[
    field("tags", Kind::Texts, "Tags, each of which has a page.").such_as(&["command"]),
    field("by", Kind::Texts, "Who wrote it.").such_as(&["M. Yamada"]),
    field("written", Kind::Like(pattern::date), "When it was written.").such_as(&["2024-08-01"]),
    field(
        "audience",
        Kind::Texts,
        "Whom it is meant for; what is not meant for everybody is left out of what is built.",
    )
    .such_as(&["internal"]),
];

impl Annotations {
    /// Reads the annotations of one file from its tree.
    pub fn read(root: &Node) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut annotations = Annotations::default();
        if let Some(diagnostic) = without_section(root) {
            return (annotations, vec![diagnostic]);
        }
        let Some(mut reader) = Reader::new(root, &FILE, &mut diagnostics) else {
            return (annotations, diagnostics);
        };
        let glossary = reader.node("glossary");
        let notes = reader.node("notes");
        let claims = reader.node("claims");
        let timeline = reader.node("timeline");
        reader.finish();
        let found = &mut diagnostics;
        let unshown = &mut annotations.unshown;
        annotations.terms = entries(
            glossary,
            ("glossary", &term::SHAPE),
            "terms",
            "USFJ:",
            found,
        )
        .into_iter()
        .filter_map(|entry| term::read(entry, found).map(Arc::new))
        .collect();
        annotations.comments = items(notes, ("notes", &comment::SHAPE), "at: …", found)
            .into_iter()
            .filter_map(|item| comment::read(item, unshown, found).map(Arc::new))
            .collect();
        let section = ("claims", &claim::SHAPE);
        annotations.claims = entries(claims, section, "claims", "regiment-strength:", found)
            .into_iter()
            .filter_map(|entry| claim::read(entry, unshown, found).map(Arc::new))
            .collect();
        annotations.events = items(timeline, ("timeline", &event::SHAPE), "date: …", found)
            .into_iter()
            .filter_map(|item| event::read(item, unshown, found).map(Arc::new))
            .collect();
        if diagnostics.is_empty()
            && [glossary, notes, claims, timeline]
                .iter()
                .all(Option::is_none)
        {
            diagnostics.push(empty(root.span));
        }
        annotations.withhold();
        (annotations, diagnostics)
    }

    /// Adds another file's annotations.
    pub fn append(&mut self, other: &mut Annotations) {
        self.terms.append(&mut other.terms);
        self.comments.append(&mut other.comments);
        self.claims.append(&mut other.claims);
        self.events.append(&mut other.events);
        self.withheld.append(&mut other.withheld);
        self.unshown.append(&mut other.unshown);
    }

    /// Takes out the entries for named audiences alone, and keeps what they cite.
    fn withhold(&mut self) {
        type Cites<'c> = &'c dyn Fn() -> Vec<LeftOut>;
        let withheld = &mut self.withheld;
        let mut keep = |provenance: &Provenance, name: Option<&Text>, cited: Cites<'_>| {
            if provenance.restricted {
                withheld
                    .names
                    .extend(name.map(|name| name.text.to_string()));
                withheld.citations.extend(cited());
            }
            !provenance.restricted
        };
        self.terms.retain(|term| {
            let own = || term.cites.iter().chain(&term.except);
            let cited = || LeftOut::all(&term.place(), own(), &term.text);
            keep(&term.provenance, Some(&term.key), &cited)
        });
        self.comments
            .retain(|comment| keep(&comment.provenance, None, &|| comment.cited()));
        self.claims.retain(|claim| {
            let own = || claim.evidence.iter().map(|(_, citation)| citation);
            let cited = || LeftOut::all(&claim.place(), own(), &claim.text);
            keep(&claim.provenance, Some(&claim.key), &cited)
        });
        self.events.retain(|event| {
            let cited = || LeftOut::all(&event.place(), &event.cites, &event.text);
            keep(&event.provenance, None, &cited)
        });
    }
}

/// Says of an annotation file that nothing is in it.
pub fn empty(file: Span) -> Diagnostic {
    Diagnostic::new(Lint::StrayFile, file, "this file has no entries")
        .help("put them back, or take the file away")
}

/// Entries at the top of a file, without the line that says what they are.
fn without_section(root: &Node) -> Option<Diagnostic> {
    let has = |entry: &Node, field: &str| {
        let fields = entry.entries().unwrap_or_default();
        fields.iter().any(|own| own.key.text == field)
    };
    let (first, section) = match &root.value {
        Value::List(items, _) => {
            let any = |field| items.iter().any(|item| has(item, field));
            let of_notes = any("at").then_some("notes");
            let section = of_notes.or_else(|| any("date").then_some("timeline"))?;
            (items.first()?.span, section)
        }
        Value::Map(entries, _) => {
            let is_own = |entry: &Entry| {
                let key = &entry.key.text;
                FILE.field(key).is_some() || nearest(key, SECTIONS).is_some()
            };
            let is_list = |entry: &Entry| matches!(entry.value.value, Value::List(..));
            if entries.len() < 2 || entries.iter().any(|one| is_own(one) || is_list(one)) {
                return None;
            }
            let any = |field| entries.iter().any(|entry| has(&entry.value, field));
            let of_claims = ["supports", "disputes", "confidence", "likelihood"];
            let is_claims = of_claims.into_iter().any(any);
            let is_glossary = ["text", "name", "aliases"].into_iter().any(any);
            let section = match (is_claims, is_glossary) {
                (true, _) => "claims",
                (false, true) => "glossary",
                (false, false) => return None,
            };
            (entries.first()?.key.whole(), section)
        }
        Value::Scalar(_) => return None,
    };
    let message = "the file does not say what its entries are";
    let help = format!("write a line `{section}:` above the first one, and indent them below it");
    Some(Diagnostic::new(Lint::InvalidYaml, first, message).help(help))
}

/// Whether a text has a line that says what the entries below it are.
pub fn has_section(text: &str) -> bool {
    let mut keys = text
        .lines()
        .filter_map(|line| line.trim_end().strip_suffix(':'));
    keys.any(|key| SECTIONS.contains(&key))
}

/// What a text cites.
pub fn cited_in(text: &Document) -> Vec<Citation> {
    let proses = text.proses().into_iter();
    let groups = proses.flat_map(|(_, prose)| prose.citations());
    groups.flat_map(|group| group.citations.clone()).collect()
}

impl LeftOut {
    /// What an entry cites by its fields and in its text.
    fn all<'c>(
        place: &str,
        own: impl IntoIterator<Item = &'c Citation>,
        text: &Document,
    ) -> Vec<Self> {
        let said = text.citations().into_iter();
        let all = own
            .into_iter()
            .cloned()
            .chain(said.map(|(_, citation)| citation));
        let left_out = all.map(|citation| LeftOut {
            place: place.to_owned(),
            citation,
        });
        left_out.collect()
    }
}

/// The entries of a section that is a map, by key.
fn entries<'n>(
    node: Option<&'n Node>,
    (section, shape): (&str, &Shape),
    of: &str,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'n Entry> {
    let Some(node) = node else { return Vec::new() };
    let all = node.entries().unwrap_or_else(|| {
        let message = format!("`{section}` is a map of {of}, not {}", node.kind());
        diagnostics.push(
            Diagnostic::new(Lint::InvalidValue, node.span, message).help(format!(
                "write each as a key, `{example}`, its fields indented below it"
            )),
        );
        &[]
    });
    if let Some(first) = headless(all, shape) {
        let message = "the first line of this entry is missing";
        let help = format!("write its key above, `{example}`, and indent its fields below it");
        let told = Diagnostic::new(Lint::InvalidYaml, first, message).help(help);
        diagnostics.push(told);
        return Vec::new();
    }
    let mut entries: Vec<&Entry> = Vec::new();
    for entry in all {
        let key = &entry.key.text;
        let told = |message| Diagnostic::new(Lint::InvalidYaml, entry.key.whole(), message);
        let is_list = matches!(entry.value.value, Value::List(..));
        if let Some(marked) = marked_key(&entry.key) {
            diagnostics.push(marked);
        } else if is_list && FILE.field(key).is_some() {
            let message = format!("`{key}` stands below `{section}`, as one of the {of}");
            let help = format!("write `{key}:` at the beginning of its line");
            diagnostics.push(told(message).help(help));
        } else if let Some(owner) = entries.last().filter(|last| lacks(last, entry, shape)) {
            let owner = &owner.key.text;
            let message = format!("`{key}` is indented as if it were one of the {of}");
            let help = format!("indent it as far as the other fields of `{owner}`");
            diagnostics.push(told(message).help(help));
        } else {
            entries.push(entry);
        }
    }
    entries
}

/// The place of the first of a section's entries, where they are the fields of one that has lost its first line.
fn headless(entries: &[Entry], shape: &Shape) -> Option<Span> {
    let is_field = |entry: &Entry| {
        let has_fields = matches!(entry.value.value, Value::Map(..));
        shape.field(&entry.key.text).is_some() && !has_fields
    };
    let has_text = entries.iter().any(|entry| entry.key.text == "text");
    let first = entries.first().filter(|_| has_text && entries.len() > 1)?;
    entries.iter().all(is_field).then(|| first.key.whole())
}

/// Whether an entry is a field that the one before it does not have.
fn lacks(before: &Entry, entry: &Entry, shape: &Shape) -> bool {
    let is_field = shape.field(&entry.key.text).is_some();
    let is_value = matches!(entry.value.value, Value::Scalar(_) | Value::List(..));
    let mut fields = before.value.entries().unwrap_or_default().iter();
    let has = |field: &Entry| field.key.text == entry.key.text;
    is_field && is_value && fields.len() > 0 && !fields.any(has)
}

/// The items of a section that is a list.
fn items<'n>(
    node: Option<&'n Node>,
    (section, shape): (&str, &Shape),
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'n Node> {
    let Some(node) = node else { return Vec::new() };
    if let Value::List(items, _) = &node.value {
        let mut sound = Vec::new();
        let mut items = items.iter().peekable();
        while let Some(item) = items.next() {
            if let Some(second) = items.next_if(|second| are_one(item, second, shape)) {
                let message = "this hyphen begins another entry, and what it needs stands above";
                let place = Span {
                    end: second.span.start + 1,
                    ..second.span
                };
                diagnostics.push(
                    Diagnostic::new(Lint::InvalidYaml, place, message)
                        .help("write two spaces for `- `"),
                );
            } else {
                sound.push(item);
            }
        }
        return sound;
    }
    let message = format!("`{section}` is a list, not {}", node.kind());
    diagnostics.push(
        Diagnostic::new(Lint::InvalidValue, node.span, message).help(format!(
            "begin each entry with a hyphen: `- {example}`, its other fields below, indented as far"
        )),
    );
    Vec::new()
}

/// Whether two entries are the halves of one: each lacks what the other has.
fn are_one(first: &Node, second: &Node, shape: &Shape) -> bool {
    let (Some(first), Some(second)) = (first.entries(), second.entries()) else {
        return false;
    };
    let has = |entries: &[Entry], field: &str| entries.iter().any(|own| own.key.text == field);
    let meets = |entries: &[Entry], group: &[&str]| group.iter().any(|field| has(entries, field));
    let lacks = |entries: &[Entry]| shape.needs.iter().any(|group| !meets(entries, group));
    let either = |group: &&[&str]| meets(first, group) || meets(second, group);
    let are_apart = second.iter().all(|own| !has(first, &own.key.text));
    let are_known = second
        .iter()
        .all(|own| shape.field(&own.key.text).is_some());
    lacks(first) && lacks(second) && are_apart && are_known && shape.needs.iter().all(either)
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
        None => diagnostic.help(match choices {
            [(only, _)] => format!("write `{field}: {only}`, or take the line out"),
            _ => format!("it is one of: {}", names().collect::<Vec<_>>().join(", ")),
        }),
    });
    None
}

fn document(text: &Text, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let (document, mut found) = Document::parse(text, Voice::Author);
    diagnostics.append(&mut found);
    document
}
