//! What fields say otherwise, those among them that have several values.

use std::collections::BTreeMap;

use super::Field;
use crate::annotation::{Bearing, Comment, cited_in};
use crate::book::{Book, Home};
use crate::reference::Citation;
use crate::source::Span;

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
    /// Of the comments whose passages are nowhere.
    by_lost_comment: Vec<Vec<Value>>,
    /// What comments are on, by these.
    at: BTreeMap<Span, Vec<String>>,
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

    /// What a comment cites whose passage is nowhere.
    pub(super) fn of_lost_comment(&self, index: usize) -> Vec<Values> {
        in_fields(&self.by_lost_comment[index])
    }

    /// What a comment is on.
    pub(super) fn at(&self, comment: &Comment) -> Values {
        let at = self.at.get(&comment.span).cloned();
        ("at", at.unwrap_or_default())
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

/// A source by its present ID, and what is quoted.
fn named(citation: &Citation, renamed: &BTreeMap<&str, &str>) -> String {
    let key = citation.key.text.as_str();
    let key = renamed.get(key).copied().unwrap_or(key);
    let words = citation.quotation.as_ref().map(|words| words.text.trim());
    words.map_or_else(|| key.to_owned(), |words| format!("{key} \"{words}\""))
}

pub(super) fn cited(book: &Book, renamed: &BTreeMap<&str, &str>) -> Cites {
    let evidence = book.claims.iter().flat_map(|claim| &claim.evidence);
    let evidence = evidence.map(|(bearing, citation)| (citation.span, bearing.name()));
    let bearings: BTreeMap<_, &'static str> = evidence.collect();
    let value = |citation: &Citation| {
        let field = bearings.get(&citation.span).copied().unwrap_or("cites");
        (field, named(citation, renamed))
    };
    let mut by_home: BTreeMap<Home, Vec<Value>> = BTreeMap::new();
    for (home, citation) in book.citations() {
        by_home.entry(home).or_default().push(value(citation));
    }
    let lost = book.lost_comments.iter();
    let by_lost_comment = lost.clone().map(|comment| {
        let in_text = cited_in(&comment.text);
        in_text.iter().chain(&comment.cites).map(value).collect()
    });
    let comments = book.comments.iter().map(|note| &*note.comment);
    let comments = comments.chain(lost.map(|comment| &**comment));
    let at = comments.map(|comment| {
        let values = comment.at.iter().map(|place| named(place, renamed));
        (comment.span, values.collect())
    });
    Cites {
        at: at.collect(),
        by_home,
        by_lost_comment: by_lost_comment.collect(),
    }
}
