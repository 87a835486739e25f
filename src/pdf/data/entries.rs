//! Entries of annotations as data: terms, claims, events.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::blocks::notes_in;
use super::inlines::spot;
use super::{Data, list};
use crate::annotation::{Confidence, Status};
use crate::book::Home;
use crate::config::Part;
use crate::edition::{Edition, Endnote, Rich};
use crate::pdf::text::{length, plain, shown};
use crate::verify::Cited;

impl Data<'_, '_> {
    pub(super) fn term(&mut self, index: usize) -> Value {
        self.open(Home::Term(index));
        let edition = self.edition;
        let term = &edition.book.terms[index];
        let see: Vec<Value> = term
            .see
            .iter()
            .filter_map(|word| edition.book.term(&word.text))
            .map(|seen| {
                let to = self.label(&edition.term_address(seen));
                let words = shown(&edition.book.terms[seen].key.text);
                json!([{"kind": "ref", "to": to, "content": [words]}])
            })
            .collect();
        let label = self.label(&edition.term_address(index));
        let spot = self.occurring.get(&label).map(|label| spot(label));
        let is_printed = self.config.parts.contains(&Part::Glossary);
        let blocks = self.blocks(&edition.entry_text(Home::Term(index)));
        let citations = self.citations(&edition.notes(Home::Term(index)), &blocks);
        json!({
            "label": is_printed.then_some(label.as_str()),
            "to": label,
            "term": shown(&term.key.text),
            "listed": shown(term.listed()),
            "order": shown(term.order()),
            "kind": term.kind,
            "spot": spot,
            "name": term.name.as_ref().map(|name| shown(&name.text)),
            "aliases": term.aliases.iter().map(|alias| shown(&alias.text)).collect::<Vec<_>>(),
            "length": length(&blocks) + citations.iter().map(length).sum::<usize>(),
            "blocks": blocks,
            "citations": citations,
            "see": see,
        })
    }

    /// A claim: `{to, statement, blocks, confidence, likelihood, length, evidence: [{bearing, word, sources, locators, content}]}`.
    pub(super) fn claim(&mut self, index: usize) -> Value {
        let home = Home::Claim(index);
        self.open(home);
        let edition = self.edition;
        let claim = &edition.book.claims[index];
        let contents = edition.notes(home);
        let mut evidence = Vec::new();
        let mut citations = Vec::new();
        for own in contents {
            match own.note.and_then(|note| Some((note, note.bearing?))) {
                None => citations.push(own),
                Some((note, bearing)) => evidence.push(json!({
                    "bearing": bearing.name(),
                    "word": edition.words.get(bearing.name()),
                    "sources": note.cited.iter().filter_map(Cited::source).collect::<Vec<_>>(),
                    "locators": note.cited.iter().filter_map(Edition::locator_of).collect::<Vec<_>>(),
                    "content": self.told(without_stop(&own.content)),
                })),
            }
        }
        let blocks = self.blocks(&edition.print_entry(home));
        let statement = plain(&blocks);
        let label = self.label(&edition.address(home));
        let citations = self.citations(&citations, &blocks);
        let mut blocks = resting(blocks, citations);
        blocks[0]["number"] = (index + 1).into();
        blocks[0]["label"] = label.into();
        json!({
            "to": self.label(&edition.address(home)),
            "statement": statement,
            "blocks": blocks,
            "confidence": claim.confidence.map(Confidence::name),
            "likelihood": claim.likelihood,
            "length": evidence.iter().map(length).sum::<usize>(),
            "evidence": evidence,
        })
    }

    /// An event: `{label, year, date, planned, blocks}`.
    pub(super) fn event(&mut self, index: usize) -> Value {
        let home = Home::Event(index);
        self.open(home);
        let edition = self.edition;
        let event = &edition.book.events[index];
        let blocks = self.blocks(&edition.print_entry(home));
        let citations = self.citations(&edition.notes(home), &blocks);
        json!({
            "label": self.label(&edition.address(home)),
            "year": event.date.year(),
            "date": event.date.in_words(),
            "planned": event.status == Status::Planned,
            "blocks": resting(blocks, citations),
        })
    }

    /// What an entry rests on, each without its full stop; what its text cites itself is told there.
    pub(super) fn citations(&mut self, notes: &[Endnote<'_>], text: &Value) -> Vec<Value> {
        let told = numbers_of_notes(text);
        // A footnote stands at the foot of the page.
        let citations = notes
            .iter()
            .filter(|note| note.note.is_some() && !told.contains(&u64::from(note.number)));
        citations
            .map(|note| self.told(without_stop(&note.content)))
            .collect()
    }
}

/// The numbers of the notes that stand in a text.
fn numbers_of_notes(text: &Value) -> BTreeSet<u64> {
    match text {
        Value::Array(values) => values.iter().flat_map(numbers_of_notes).collect(),
        Value::Object(node) if node.get("kind").is_some_and(|kind| kind == "note") => node
            .get("number")
            .and_then(Value::as_u64)
            .into_iter()
            .collect(),
        Value::Object(node) => node.values().flat_map(numbers_of_notes).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

/// Blocks with what they rest on as notes at the end of their last paragraph.
pub(super) fn resting(blocks: Value, citations: Vec<Value>) -> Value {
    let notes = citations.into_iter().enumerate();
    let notes = notes.flat_map(|(index, citation)| {
        let comma = (index > 0).then(|| json!({"kind": "comma"}));
        let note = json!({"kind": "note", "label": null, "content": citation});
        comma.into_iter().chain([note])
    });
    ending(blocks, notes.collect())
}

/// Blocks with something at the end of their last paragraph.
pub(super) fn ending(blocks: Value, end: Vec<Value>) -> Value {
    let mut blocks = list(blocks);
    if blocks.last().is_none_or(|last| last["kind"] != "paragraph") {
        blocks.push(json!({
            "kind": "paragraph", "number": null, "label": null,
            "length": 0, "dir": null, "cited_by": [], "remarks": [],
        }));
    }
    if let Some(last) = blocks.last_mut() {
        let mut content = list(last["content"].take());
        content.extend(end);
        last["content"] = content.into();
        last["notes"] = notes_in(&last["content"]).into();
    }
    blocks.into()
}

/// A note among others in one line ends without its full stop.
fn without_stop<'c, 'b>(content: &'c [Rich<'b>]) -> &'c [Rich<'b>] {
    match content {
        [rest @ .., Rich::Text(stop)] if stop == "." => rest,
        content => content,
    }
}
