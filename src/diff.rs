//! What changed between two states of a book: its texts, its claims and definitions, and what became of its citations.

mod align;
mod citations;
mod entries;
mod fields;
mod unread;
mod words;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::annotation::{Bearing, Claim};
use crate::book::{Book, Home};
use crate::diagnostic::Diagnostic;
use crate::manuscript::FrontMatter;
use crate::markdown::Document;
use crate::reference::When;
use crate::source::Sources;
use crate::verify::Cited;

use align::Pair;
use fields::{Cites, Values, cited};
use unread::Files;
pub use words::{Kind, Piece};
pub use write::{Medium, marked, text};

/// One state of a book.
#[derive(Clone, Copy)]
pub struct Side<'b> {
    /// The book.
    pub book: &'b Book,
    /// What it was made from.
    pub sources: &'b Sources,
    /// What is wrong with it.
    pub diagnostics: &'b [Diagnostic],
}

/// What changed between two states of a book.
#[derive(Debug, Default, Serialize)]
pub struct Changes {
    /// Files that could not be read; nothing is told of what they lack.
    pub unread: Vec<Unread>,
    /// Claims that a source which is no longer there bore on.
    pub withdrawn: Vec<Withdrawn>,
    /// Citations that hold no longer, hold again, or lead to other words.
    pub citations: Vec<Citation>,
    /// Articles and chapters.
    pub texts: Vec<Text>,
    /// Claims, definitions, notes and events.
    pub entries: Vec<Entry>,
}

/// A file that could not be read, or of which something could not.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Unread {
    /// `old` or `new`: the state that has the file so.
    pub state: &'static str,
    /// The file.
    pub file: String,
}

/// What became of something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Edited,
    /// It says the same in another place.
    Moved,
}

/// An article or a chapter.
#[derive(Debug, Serialize)]
pub struct Text {
    /// `article` or `chapter`.
    pub kind: &'static str,
    /// Its ID; the present one, if it has one.
    pub id: String,
    /// The ID that it had before, where that was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub change: Change,
    /// What its front matter says otherwise.
    pub fields: Vec<Field>,
    /// The paragraphs that changed, in the order of the page.
    pub paragraphs: Vec<Paragraph>,
}

/// A field that says something else; of several values, those that are gone and those that are new.
#[derive(PartialEq, Debug, Serialize)]
pub struct Field {
    /// Its name; `cites` has what the words cite as well, and `headings` those of a text.
    pub name: &'static str,
    /// What it said.
    pub old: String,
    /// What it says.
    pub new: String,
}

/// A paragraph that changed.
#[derive(Debug, Serialize)]
pub struct Paragraph {
    /// What became of it.
    pub change: Change,
    /// Its former number.
    pub old: Option<u32>,
    /// Its present number.
    pub new: Option<u32>,
    /// Its words.
    pub words: Vec<Piece>,
}

/// A claim, a definition, a note or an event.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// `claim`, `term`, `note` or `event`.
    pub kind: &'static str,
    /// Its key; of a note or an event that has no ID, its words.
    pub id: String,
    /// What became of it.
    pub change: Change,
    /// What its fields say otherwise.
    pub fields: Vec<Field>,
    /// Its words; empty where they are the same.
    pub words: Vec<Piece>,
}

/// What became of a citation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds no longer.
    Broken,
    /// It quotes nothing, and the paragraph that it points at has other words now.
    Elsewhere,
    /// It quotes nothing, and its author made it point at another place.
    Repointed,
    /// It holds again.
    Healed,
}

/// A citation of which something became.
#[derive(Debug, Serialize)]
pub struct Citation {
    /// What became of it.
    pub outcome: Outcome,
    /// What cites: `chapter`, `claim`, ….
    pub kind: &'static str,
    /// Its ID, if it has one.
    pub id: Option<String>,
    /// What is cited, as the author writes it now.
    pub source: String,
    /// The place in it as the author writes it now.
    pub at: Option<String>,
    /// The place as the author wrote it before.
    pub formerly_at: Option<String>,
    /// The quoted words.
    pub quotation: Option<String>,
    /// Its former state.
    pub old: &'static str,
    /// Its present state.
    pub new: &'static str,
    /// The author's file, now.
    pub file: String,
    /// The line, from one.
    pub line: usize,
}

/// A claim that a withdrawn source bore on.
#[derive(PartialEq, Debug, Serialize)]
pub struct Withdrawn {
    /// The claim's key.
    pub claim: String,
    /// The source that is no longer there.
    pub source: String,
    /// How it bore on the claim.
    pub bearing: &'static str,
    /// How many sources support the claim now.
    pub supports_left: usize,
}

impl Changes {
    /// What changed from the one state to the other.
    pub fn between(old: Side<'_>, new: Side<'_>) -> Self {
        let renamed = renamed(new.book);
        let unread = Files::unread(old, new);
        let (then, now) = (cited(old.book, &renamed), cited(new.book, &renamed));
        let (before, after) = (articles(old, &unread), articles(new, &unread));
        let mut texts = texts("article", &before, &after, &renamed);
        let (before, after) = (chapters(old, &then, &unread), chapters(new, &now, &unread));
        texts.extend(self::texts("chapter", &before, &after, &renamed));
        Changes {
            withdrawn: withdrawn(old, new.book, &renamed, &unread),
            citations: citations::changed(old, new, &renamed, &unread),
            texts,
            entries: entries::changed((old, &then), (new, &now), &unread),
            unread: unread.told(),
        }
    }

    /// Whether nothing changed that readers or authors would see.
    pub fn is_empty(&self) -> bool {
        self.unread.is_empty()
            && self.withdrawn.is_empty()
            && self.citations.is_empty()
            && self.texts.is_empty()
            && self.entries.is_empty()
    }
}

/// The present IDs of texts by those that they had before.
fn renamed(book: &Book) -> BTreeMap<&str, &str> {
    let chapters = book.chapters.iter().map(|one| (&one.front, &one.key));
    let articles = book.articles.iter().map(|one| (&one.front, &one.key));
    let texts = chapters.chain(articles);
    let aliases = texts.flat_map(|(front, key)| {
        front
            .aliases
            .iter()
            .map(|alias| (alias.text.as_str(), key.as_str()))
    });
    aliases.collect()
}

/// An article or a chapter as one state has it.
struct Version<'b> {
    front: &'b FrontMatter,
    document: &'b Document,
    fields: Vec<Values>,
}

impl<'b> Version<'b> {
    fn new(front: &'b FrontMatter, document: &'b Document, cited: Vec<Values>) -> Self {
        let headings = document.headings();
        let headings = headings.map(|heading| words::normal(&heading.prose.text.text));
        let mut fields = front_fields(front);
        fields.push(("headings", headings.collect()));
        fields.extend(cited);
        Version {
            front,
            document,
            fields,
        }
    }
}

/// Texts by ID.
type Texts<'b> = BTreeMap<&'b str, Version<'b>>;

/// The articles of a state whose files both could be read.
fn articles<'b>(side: Side<'b>, unread: &Files<'_>) -> Texts<'b> {
    let articles = side.book.articles.iter();
    let articles = articles.filter(|one| !unread.has(side, one.file));
    let versions = articles.map(|one| {
        let version = Version::new(&one.front, &one.document, Vec::new());
        (one.key.as_str(), version)
    });
    versions.collect()
}

/// The chapters of a state whose files both could be read.
fn chapters<'b>(side: Side<'b>, cited: &Cites, unread: &Files<'_>) -> Texts<'b> {
    let chapters = side.book.chapters.iter().enumerate();
    let chapters = chapters.filter(|(_, one)| !unread.has(side, one.file));
    let versions = chapters.map(|(index, one)| {
        let cited = cited.of(Home::Chapter(index));
        let version = Version::new(&one.front, &one.document, cited);
        (one.key.as_str(), version)
    });
    versions.collect()
}

fn texts(
    kind: &'static str,
    old: &Texts<'_>,
    new: &Texts<'_>,
    renamed: &BTreeMap<&str, &str>,
) -> Vec<Text> {
    let mut changed = Vec::new();
    let mut seen = BTreeSet::new();
    let whole = |id: &str, change, front: &FrontMatter| Text {
        kind,
        id: id.to_owned(),
        renamed_from: None,
        title: front.title.clone(),
        change,
        fields: Vec::new(),
        paragraphs: Vec::new(),
    };
    for (id, then) in old {
        let now = new
            .get_key_value(id)
            .or_else(|| new.get_key_value(renamed.get(id)?));
        let Some((present, now)) = now else {
            changed.push(whole(id, Change::Removed, then.front));
            continue;
        };
        seen.insert(*present);
        let (before, after) = (words_of(then.document), words_of(now.document));
        let pairs = align::pairs(&before, &after);
        let mut fields = fields::changed(&then.fields, &now.fields);
        if leave_out_the_same((then.front, now.front), &pairs) {
            fields.retain(|field| field.name != "omit");
        }
        let text = Text {
            kind,
            id: (*present).to_owned(),
            renamed_from: (present != id).then(|| (*id).to_owned()),
            title: now.front.title.clone(),
            change: Change::Edited,
            fields,
            paragraphs: paragraphs((&before, &after), &pairs),
        };
        if text.renamed_from.is_some() || !text.fields.is_empty() || !text.paragraphs.is_empty() {
            changed.push(text);
        }
    }
    let added = new.iter().filter(|(id, _)| !seen.contains(*id));
    changed.extend(added.map(|(id, one)| whole(id, Change::Added, one.front)));
    changed
}

fn front_fields(front: &FrontMatter) -> Vec<Values> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let date = |date: Option<When>| date.map_or(String::new(), When::edtf);
    let fields = [
        ("title", front.title.clone()),
        ("author", front.author.join(", ")),
        ("publication", text(&front.publication)),
        ("date", date(front.date)),
        ("url", text(&front.url)),
        ("accessed", date(front.accessed)),
        ("language", text(&front.language)),
        ("translated-from", text(&front.translated_from)),
        ("origin", text(&front.origin)),
        ("rating", text(&front.rating)),
        ("omit", left_out(front)),
    ];
    let fields = fields.into_iter();
    fields.map(|(name, value)| (name, vec![value])).collect()
}

/// `¶¶3, 6-9`
fn left_out(front: &FrontMatter) -> String {
    let numbers = front
        .omit
        .iter()
        .map(|range| match (range.start(), range.end()) {
            (from, to) if from == to => from.to_string(),
            (from, to) => format!("{from}-{to}"),
        });
    let numbers: Vec<String> = numbers.collect();
    match numbers.join(", ") {
        none if none.is_empty() => none,
        one if one.bytes().all(|byte| byte.is_ascii_digit()) => format!("¶{one}"),
        several => format!("¶¶{several}"),
    }
}

/// Whether two states leave out the same paragraphs, whatever their numbers are.
fn leave_out_the_same((old, new): (&FrontMatter, &FrontMatter), pairs: &[Pair]) -> bool {
    let omits = |front: &FrontMatter, index| number(index).is_some_and(|one| front.omits(one));
    pairs.iter().all(|pair| match *pair {
        Pair::Same(from, at) | Pair::Edited(from, at) | Pair::Moved(from, at) => {
            omits(old, from) == omits(new, at)
        }
        Pair::Removed(from) => !omits(old, from),
        Pair::Added(at) => !omits(new, at),
    })
}

/// The number of a paragraph, by index.
fn number(index: usize) -> Option<u32> {
    u32::try_from(index + 1).ok()
}

/// The words of each paragraph.
fn words_of(document: &Document) -> Vec<String> {
    let paragraphs = document.paragraphs.iter();
    paragraphs
        .map(|paragraph| words::normal(&paragraph.prose.text.text))
        .collect()
}

fn paragraphs((then, now): (&[String], &[String]), pairs: &[Pair]) -> Vec<Paragraph> {
    let changed = pairs.iter().filter_map(|pair| {
        let (change, old, new) = match *pair {
            Pair::Same(..) => return None,
            Pair::Edited(old, new) => (Change::Edited, Some(old), Some(new)),
            Pair::Moved(old, new) => (Change::Moved, Some(old), Some(new)),
            Pair::Removed(old) => (Change::Removed, Some(old), None),
            Pair::Added(new) => (Change::Added, None, Some(new)),
        };
        let words = |index: Option<usize>, all: &[String]| {
            index.map_or(String::new(), |index| all[index].clone())
        };
        Some(Paragraph {
            change,
            old: old.and_then(number),
            new: new.and_then(number),
            words: words::pieces(&words(old, then), &words(new, now)),
        })
    });
    changed.collect()
}

/// Claims that a source bore on which is gone, or has no text any more.
fn withdrawn(
    before: Side<'_>,
    new: &Book,
    renamed: &BTreeMap<&str, &str>,
    unread: &Files<'_>,
) -> Vec<Withdrawn> {
    let old = before.book;
    let there: BTreeSet<&str> = new.articles.iter().map(|one| one.key.as_str()).collect();
    let empty = new
        .articles
        .iter()
        .filter(|one| one.sound && one.is_record());
    let empty: BTreeSet<&str> = empty.map(|one| one.key.as_str()).collect();
    let had_text = |index: usize| !old.articles[index].is_record();
    let mut hits = Vec::new();
    let claims = old.claims.iter().enumerate();
    let compared = |claim: &Claim| !unread.has(before, claim.key.whole().file);
    for (index, claim) in claims.filter(|(_, claim)| compared(claim)) {
        for (bearing, source) in evidence(old, index) {
            let key = old.articles[source].key.as_str();
            let present = renamed.get(key).copied().unwrap_or(key);
            if there.contains(present) && !(empty.contains(present) && had_text(source)) {
                continue;
            }
            hits.push(Withdrawn {
                claim: claim.key.text.to_string(),
                source: key.to_owned(),
                bearing: bearing.name(),
                supports_left: supports_now(new, &claim.key.text),
            });
        }
    }
    hits
}

/// How each source that a claim cites bears on it, each once.
fn evidence(book: &Book, claim: usize) -> BTreeSet<(Bearing, usize)> {
    let notes = book.notes_of(Home::Claim(claim)).iter();
    let bearing = notes.filter_map(|note| Some((note.bearing?, &note.cited)));
    let sources = bearing.flat_map(|(bearing, cited)| {
        let sources = cited.iter().filter_map(Cited::source);
        sources.map(move |source| (bearing, source))
    });
    sources.collect()
}

fn supports_now(book: &Book, claim: &str) -> usize {
    let index = book.claims.iter().position(|one| one.key.text == claim);
    let evidence = index.map_or_else(BTreeSet::new, |index| evidence(book, index));
    evidence
        .iter()
        .filter(|(bearing, _)| *bearing == Bearing::Supports)
        .count()
}
