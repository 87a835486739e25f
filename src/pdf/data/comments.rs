//! Comments on passages as data: in the margin, at the foot, below.

use serde_json::{Value, json};

use super::entries::{ending, resting};
use super::{Data, list};
use crate::annotation::CommentKind;
use crate::book::Home;
use crate::config::NotePlace;
use crate::edition::{self, Address, Remark};
use crate::pdf::margin::{is_prose, place_of};
use crate::pdf::text::{length, shown};

impl Data<'_, '_> {
    /// The comments on a document as a whole, which stand at its head.
    pub(super) fn opening(&mut self, home: Home) -> Vec<Value> {
        let remarks = self.remarks(&self.edition.remarks(home, None));
        self.beside(remarks)
    }

    /// Comments, those apart that stand at the foot of the page: they wait for their marks.
    pub(super) fn remarks(&mut self, remarks: &[Remark<'_>]) -> Vec<Value> {
        let mut others = Vec::new();
        for remark in remarks {
            let (place, label, data) = self.remark(remark);
            match label.filter(|_| place == NotePlace::Footnote) {
                Some(label) => drop(self.footnotes.insert(label, Some(data))),
                None => others.push(data),
            }
        }
        others
    }

    /// A comment, where it stands and its label: `{letter, label, kind, in_margin, read, length, blocks, byline}`.
    fn remark(&mut self, remark: &Remark<'_>) -> (NotePlace, Option<String>, Value) {
        let page = self.home.map(|home| self.edition.page_of(home));
        let label = page.map(|page| self.label(&Address::at(page, remark.anchor.as_str())));
        // The authors write in the book's language, whatever the source's is.
        let own = edition::direction(&self.edition.book.config.book.language);
        let around = std::mem::replace(&mut self.direction, own);
        let blocks = self.blocks(&self.edition.print_entry(remark.home));
        let citations = self.citations(&remark.notes, &blocks);
        self.direction = around;
        let read = remark.read.map(shown);
        let place = match place_of(remark.kind, self.config.notes) {
            NotePlace::Margin | NotePlace::Footnote if !is_prose(&blocks) => NotePlace::Below,
            // What has no mark in the text cannot be called by one.
            NotePlace::Footnote if remark.mark.is_none() => NotePlace::Below,
            place @ (NotePlace::Margin | NotePlace::Footnote | NotePlace::Below) => place,
        };
        let blocks = match place {
            NotePlace::Margin | NotePlace::Below => resting(blocks, citations),
            NotePlace::Footnote => resting_within(blocks, citations),
        };
        let letters = read.as_ref().map_or(0, |read| read.chars().count());
        let data = json!({
            "letter": remark.label,
            "label": label,
            "kind": remark.kind.map(CommentKind::name),
            "in_margin": place == NotePlace::Margin,
            "read": read,
            "length": length(&blocks) + letters,
            "blocks": blocks,
            "byline": remark.byline.as_deref().map(shown),
        });
        (place, label, data)
    }

    /// Comments beside what was passed last: where the margin is full, they stand below.
    pub(super) fn beside(&mut self, mut remarks: Vec<Value>) -> Vec<Value> {
        for remark in &mut remarks {
            let length = remark["length"]
                .as_u64()
                .and_then(|length| usize::try_from(length).ok());
            let in_margin = remark["in_margin"] == true;
            remark["in_margin"] =
                (in_margin && length.is_some_and(|length| self.margin.take(length))).into();
        }
        remarks
    }
}

/// The blocks of a footnote: what they rest on stands among their words, in parentheses.
fn resting_within(mut blocks: Value, citations: Vec<Value>) -> Value {
    bring_in(&mut blocks);
    let mut end = Vec::new();
    for (index, citation) in citations.into_iter().enumerate() {
        end.push(if index == 0 { " (" } else { "; " }.into());
        end.push(json!({"kind": "aside", "content": citation}));
    }
    if !end.is_empty() {
        end.push(")".into());
    }
    ending(blocks, end)
}

/// Makes the notes in a text stretches of it.
fn bring_in(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(bring_in),
        Value::Object(node) if node.get("kind").is_some_and(|kind| kind == "note") => {
            let mut told = list(node.get_mut("content").map(Value::take).unwrap_or_default());
            if told.last().is_some_and(|stop| stop == ".") {
                told.pop();
            }
            told.insert(0, " (".into());
            told.push(")".into());
            *value = json!({"kind": "aside", "content": told});
        }
        // The note that it repeats is in parentheses before it.
        Value::Object(node) if node.get("kind").is_some_and(|kind| kind == "again") => {
            *value = "".into();
        }
        Value::Object(node) => node.values_mut().for_each(bring_in),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
