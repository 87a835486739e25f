//! Comments, ready for a medium: beside the passages that they are on.

use super::segments::Wash;
use super::{Address, Edition, Endnote, Flow, Page};
use crate::annotation::{CommentKind, Provenance};
use crate::book::{Commented, Home};
use crate::markdown::Content;
use crate::reference::When;

/// A comment, ready for a medium.
#[derive(Clone, PartialEq, Debug)]
pub struct Remark<'b> {
    /// The comment.
    pub home: Home,
    /// What it is called on its page.
    pub label: &'b str,
    /// Its place on its page.
    pub anchor: String,
    /// The place of its mark in the text; none where the text has no mark of it.
    pub mark: Option<String>,
    /// What it is for.
    pub kind: Option<CommentKind>,
    /// A correction's right wording.
    pub read: Option<&'b str>,
    /// What it says.
    pub blocks: Vec<Flow<'b>>,
    /// What it rests on, by number.
    pub notes: Vec<Endnote<'b>>,
    /// Who wrote it and when.
    pub byline: Option<String>,
}

impl<'b> Edition<'b> {
    /// The comments whose first passage is in a paragraph; with none, those on the document as a whole.
    pub fn remarks(&self, home: Home, paragraph: Option<u32>) -> Vec<Remark<'b>> {
        let on = self.book.comments_on(home, paragraph).iter();
        let first = |index: &&usize| {
            let first = self.book.comments[**index].passages.first();
            first.map(|passage| passage.paragraph) == paragraph
        };
        on.filter(first).map(|index| self.remark(*index)).collect()
    }

    fn remark(&self, index: usize) -> Remark<'b> {
        let book = self.book;
        let Commented {
            comment,
            passages,
            label,
            ..
        } = &book.comments[index];
        Remark {
            home: Home::Comment(index),
            label,
            anchor: remark_anchor(&book.comments[index]),
            mark: passages
                .first()
                .filter(|passage| self.has_words(book.comments[index].on, passage.paragraph))
                .map(|_| mark_anchor(label)),
            kind: comment.kind,
            read: comment.read.as_ref().map(|read| read.text.trim()),
            blocks: self.entry_text(Home::Comment(index)),
            notes: self.notes(Home::Comment(index)),
            byline: byline(&comment.provenance),
        }
    }

    /// Whether a paragraph has words among which a mark can stand.
    fn has_words(&self, home: Home, paragraph: u32) -> bool {
        let paragraph = self.book.document(home).paragraph(paragraph);
        paragraph.is_some_and(|paragraph| match paragraph.content {
            Content::Running | Content::Table(_) => true,
            Content::Code(_) | Content::Image(_) => false,
        })
    }

    /// A comment's place.
    pub fn remark_address(&self, index: usize) -> Address<'b> {
        let one = &self.book.comments[index];
        Address::at(self.page_of(one.on), remark_anchor(one))
    }

    /// The passages of a paragraph that comments are on.
    pub(super) fn washes(&self, home: Home, paragraph: u32) -> Vec<Wash<'b>> {
        let book = self.book;
        let on = book.comments_on(home, Some(paragraph)).iter();
        let mut washes: Vec<Wash<'b>> = on
            .flat_map(|index| {
                let one = &book.comments[*index];
                let own = one.passages.iter().enumerate();
                own.filter(|(_, passage)| passage.paragraph == paragraph)
                    .map(|(order, passage)| Wash {
                        range: passage.range.clone(),
                        label: &one.label,
                        kind: one.comment.kind,
                        to: remark_anchor(one),
                        anchor: (order == 0).then(|| mark_anchor(&one.label)),
                    })
            })
            .collect();
        washes.sort_by_key(|wash| (wash.range.end, wash.range.start));
        washes
    }

    /// The page that shows a document.
    pub fn page_of(&self, home: Home) -> Page {
        match home {
            Home::Chapter(index) => Page::Chapter(index),
            Home::Article(index) => Page::Article(index),
            Home::Comment(index) => self.page_of(self.book.comments[index].on),
            Home::Claim(_) => Page::Claims,
            Home::Event(_) => Page::Timeline,
            Home::Term(_) => Page::Glossary,
        }
    }
}

fn remark_anchor(one: &Commented) -> String {
    let id = one.comment.id.as_ref().map(|id| id.text.as_str());
    format!("_note-{}", id.unwrap_or(&one.label))
}

fn mark_anchor(label: &str) -> String {
    format!("_at-{label}")
}

/// Who wrote an annotation and when: `A. Analyst, 3 March 2024`.
pub fn byline(provenance: &Provenance) -> Option<String> {
    let mut said = provenance.by.clone();
    said.extend(provenance.written.map(When::in_words));
    (!said.is_empty()).then(|| said.join(", "))
}
