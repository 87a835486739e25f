//! `citations.json`: every citation of the book, in the order of the authors' files.

use std::io;

use serde::Serialize;

use super::lines::Object;
use super::place::{Named, below_root};
use crate::book::{Book, Note};
use crate::edition::{Address, Edition, Page, state_name};
use crate::source::{Cursor, Sources};
use crate::verify::Cited;

#[derive(Serialize)]
struct Citation<'b> {
    file: &'b str,
    line: usize,
    column: usize,
    source: Option<&'b str>,
    paragraphs: &'b [u32],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quotations: Vec<&'b str>,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bearing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    citing: Citing<'b>,
}

#[derive(Serialize)]
struct Citing<'b> {
    #[serde(flatten)]
    named: Named<'b>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph: Option<u32>,
    url: String,
}

pub(super) fn write(
    edition: &Edition<'_>,
    sources: &Sources,
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let book = &edition.book.config.book;
    let mut cursor = Cursor::new(sources);
    let mut object = Object::new(to);
    let citations = in_order_of_files(edition.book).into_iter();
    let citations = citations.map(|(note, cited)| citation(edition, note, cited, &mut cursor));
    object
        .field("format", &"pincite-citations-1")
        .field("title", &book.title)
        .field("date", &book.date)
        .list("citations", citations);
    object.close()
}

fn in_order_of_files(book: &Book) -> Vec<(&Note, &Cited)> {
    let notes = book.notes.iter();
    let all = notes.flat_map(|note| note.cited.iter().map(|cited| (&**note, cited)));
    let mut citations: Vec<(&Note, &Cited)> = all.collect();
    citations.sort_by_key(|(_, cited)| cited.span());
    citations
}

fn citation<'b>(
    edition: &Edition<'b>,
    note: &'b Note,
    cited: &'b Cited,
    cursor: &mut Cursor<'b>,
) -> Citation<'b> {
    let span = cited.span();
    let place = cursor.place(span);
    let citing = edition.citing(note);
    Citation {
        file: cursor.path(span),
        line: place.line,
        column: place.column,
        source: cited
            .source()
            .map(|source| edition.book.articles[source].key.as_str()),
        paragraphs: cited.paragraphs(),
        quotations: cited.quotations().collect(),
        state: state_name(cited.state()).replace(' ', "-"),
        bearing: note.bearing.map(crate::annotation::Bearing::name),
        target: target(cited).map(|to| below_root(edition, &to)),
        citing: Citing {
            named: Named::of(edition, note.home),
            paragraph: note.paragraph,
            url: below_root(edition, &citing.to),
        },
    }
}

/// The place that a citation leads to.
pub(super) fn target(cited: &Cited) -> Option<Address<'static>> {
    let page = Page::Article(cited.source()?);
    Some(match cited.paragraphs().first() {
        Some(first) => Address::at(page, format!("p{first}")),
        None => Address::of(page),
    })
}
