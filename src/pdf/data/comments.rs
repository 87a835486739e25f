//! Comments on passages as data: in the margin, at the foot, below.

use serde_json::{Value, json};

use super::Data;
use super::entries::resting;
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
        let blocks = resting(blocks, citations);
        self.direction = around;
        let read = remark.read.map(shown);
        let place = match place_of(remark.kind, &self.config.notes) {
            NotePlace::Margin | NotePlace::Footnote if !is_prose(&blocks) => NotePlace::Below,
            // What has no mark in the text cannot be called by one.
            NotePlace::Footnote if remark.mark.is_none() => NotePlace::Below,
            place @ (NotePlace::Margin | NotePlace::Footnote | NotePlace::Below) => place,
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
