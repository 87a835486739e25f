//! What fields say otherwise, those among them that have several values.

use std::collections::BTreeMap;

use super::Field;
use crate::annotation::Bearing;
use crate::book::{Book, Home};

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
pub(super) struct Cites(BTreeMap<Home, Vec<(&'static str, String)>>);

impl Cites {
    /// What one of them cites, by the field.
    pub(super) fn of(&self, home: Home) -> Vec<Values> {
        let bearings = Bearing::ALL.into_iter().map(Bearing::name);
        let all = self.0.get(&home).map_or(&[][..], Vec::as_slice);
        let in_field = |field| {
            let values = all.iter().filter(|(name, _)| *name == field);
            (field, values.map(|(_, value)| value.clone()).collect())
        };
        std::iter::once("cites")
            .chain(bearings)
            .map(in_field)
            .collect()
    }
}

pub(super) fn cited(book: &Book, renamed: &BTreeMap<&str, &str>) -> Cites {
    let evidence = book.claims.iter().flat_map(|claim| &claim.evidence);
    let evidence = evidence.map(|(bearing, citation)| (citation.span, bearing.name()));
    let bearings: BTreeMap<_, &'static str> = evidence.collect();
    let mut cites: BTreeMap<Home, Vec<(&'static str, String)>> = BTreeMap::new();
    for (home, citation) in book.citations() {
        let key = citation.key.text.as_str();
        let key = renamed.get(key).copied().unwrap_or(key);
        let words = citation.quotation.as_ref().map(|words| words.text.trim());
        let cited = words.map_or_else(|| key.to_owned(), |words| format!("{key} \"{words}\""));
        let field = bearings.get(&citation.span).copied().unwrap_or("cites");
        cites.entry(home).or_default().push((field, cited));
    }
    Cites(cites)
}
