//! What fields say otherwise, those among them that have several values.

use std::collections::BTreeMap;

use super::{Field, words};
use crate::annotation::{Bearing, cited_in};
use crate::book::{Book, Commented, Home};
use crate::lock::Id;
use crate::reference::Citation;

/// A field and its values.
pub(super) type Values = (&'static str, Vec<String>);

/// The fields that differ; both lists have the same names in the same order.
pub(super) fn changed(old: &[Values], new: &[Values]) -> Vec<Field> {
    let both = old.iter().zip(new);
    let fields = both.map(|((name, old), (_, new))| Field {
        name,
        old: without(old, new),
        new: without(new, old),
    });
    fields.filter(|field| field.old != field.new).collect()
}

/// The values that are not among others, each as often as it is missing there.
fn without(values: &[String], others: &[String]) -> String {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for other in others {
        *known.entry(other).or_default() += 1;
    }
    let is_missing = |value: &&String| match known.get_mut(value.as_str()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        Some(_) | None => true,
    };
    let missing: Vec<&str> = values
        .iter()
        .filter(is_missing)
        .map(String::as_str)
        .collect();
    missing.join("; ")
}

/// What everything that cites cites: sources by their present IDs and quotations. Numbers, which change with the
/// sources, are compared by what they lead to.
pub(super) struct Cites {
    by_home: BTreeMap<Home, Vec<Value>>,
    /// Where each comment is.
    places: Vec<Vec<String>>,
    /// Of the comments whose passages are nowhere.
    by_lost_comment: Vec<Vec<Value>>,
}

/// A value, and the field that has it.
type Value = (&'static str, String);

impl Cites {
    /// What one of them cites, by the field.
    pub(super) fn of(&self, home: Home) -> Vec<Values> {
        self.by_home
            .get(&home)
            .map_or_else(|| in_fields(&[]), |all| in_fields(all))
    }

    /// The words that a comment is on, by index.
    pub(super) fn place_of(&self, comment: usize) -> &[String] {
        &self.places[comment]
    }

    /// What a comment cites whose passage is nowhere.
    pub(super) fn of_lost_comment(&self, index: usize) -> Vec<Values> {
        in_fields(&self.by_lost_comment[index])
    }
}

fn in_fields(all: &[Value]) -> Vec<Values> {
    let bearings = Bearing::ALL.into_iter().map(Bearing::name);
    let in_field = |field| {
        let values = all.iter().filter(|(name, _)| *name == field);
        (field, values.map(|(_, value)| value.clone()).collect())
    };
    std::iter::once("cites")
        .chain(bearings)
        .map(in_field)
        .collect()
}

/// The words of whole paragraphs that comments are on, by the text's present ID and the paragraph's durable one.
pub(super) type Noted<'b> = BTreeMap<(&'b str, Id), String>;

/// Those of a state.
pub(super) fn noted<'b>(book: &'b Book, renamed: &BTreeMap<&'b str, &'b str>) -> Noted<'b> {
    let passages = book.comments.iter().flat_map(|note| {
        let whole = note.passages.iter().filter(|one| one.range.is_empty());
        whole.map(|passage| (note.on, passage.paragraph))
    });
    let noted = passages.filter_map(|(on, number)| {
        let text = &book.document(on).paragraph(number)?.prose.text.text;
        Some((durable(book, on, number, renamed)?, words::normal(text)))
    });
    noted.collect()
}

fn durable<'b>(
    book: &'b Book,
    home: Home,
    number: u32,
    renamed: &BTreeMap<&'b str, &'b str>,
) -> Option<(&'b str, Id)> {
    let id = *book.durable_ids(home).get(number as usize - 1)?;
    let (_, key) = book.kind_and_id(home);
    let key = key.map(|key| renamed.get(key).copied().unwrap_or(key));
    key.zip(id)
}

/// The words that a note is on, as its author quotes them, or the name of the text. A whole paragraph goes by the words
/// that it had, which are not the author's.
fn commented(
    book: &Book,
    note: &Commented,
    renamed: &BTreeMap<&str, &str>,
    former: &Noted<'_>,
) -> Vec<String> {
    let (_, id) = book.kind_and_id(note.on);
    let id = id.map_or("", |id| renamed.get(id).copied().unwrap_or(id));
    let document = book.document(note.on);
    let whole = note.passages.iter().filter(|one| one.range.is_empty());
    let of_whole = whole.filter_map(|passage| {
        let known = durable(book, note.on, passage.paragraph, renamed);
        let known = known.and_then(|paragraph| former.get(&paragraph)).cloned();
        let now = || {
            let paragraph = document.paragraph(passage.paragraph)?;
            Some(words::normal(&paragraph.prose.text.text))
        };
        known.or_else(now)
    });
    let quoted = note
        .comment
        .at
        .iter()
        .filter_map(|at| at.quotation.as_ref());
    let quoted = quoted.map(|quotation| words::normal(&quotation.text));
    let all = quoted.chain(of_whole);
    let mut places: Vec<String> = all.map(|words| format!("{id} \"{words}\"")).collect();
    if places.is_empty() {
        places.push(id.to_owned());
    }
    places
}

pub(super) fn cited(book: &Book, renamed: &BTreeMap<&str, &str>, former: &Noted<'_>) -> Cites {
    let evidence = book.claims.iter().flat_map(|claim| &claim.evidence);
    let evidence = evidence.map(|(bearing, citation)| (citation.span, bearing.name()));
    let bearings: BTreeMap<_, &'static str> = evidence.collect();
    let value = |citation: &Citation| {
        let key = citation.key.text.as_str();
        let key = renamed.get(key).copied().unwrap_or(key);
        let words = citation.quotation.as_ref().map(|words| words.text.trim());
        let cited = words.map_or_else(|| key.to_owned(), |words| format!("{key} \"{words}\""));
        let field = bearings.get(&citation.span).copied().unwrap_or("cites");
        (field, cited)
    };
    let mut by_home: BTreeMap<Home, Vec<Value>> = BTreeMap::new();
    for (home, citation) in book.citations() {
        by_home.entry(home).or_default().push(value(citation));
    }
    let lost = book.lost_comments.iter();
    let by_lost_comment = lost.map(|comment| {
        let in_text = cited_in(&comment.text);
        in_text.iter().chain(&comment.cites).map(value).collect()
    });
    let comments = book.comments.iter();
    Cites {
        by_home,
        places: comments
            .map(|note| commented(book, note, renamed, former))
            .collect(),
        by_lost_comment: by_lost_comment.collect(),
    }
}
