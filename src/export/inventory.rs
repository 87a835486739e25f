//! `inventory.json`: every address of the book, for links from other books.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::lines::Object;
use super::place::{Named, below_root};
use crate::book::Home;
use crate::edition::{Address, Edition};
use crate::lock::Id;

/// A chapter or an article; ¶N has the address `url#pN`, a paragraph `^name` `url#^name` as well, and so has one of a
/// durable id.
#[derive(Serialize)]
struct Text<'b> {
    #[serde(flatten)]
    named: Named<'b>,
    title: &'b str,
    url: String,
    paragraphs: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<&'b str, u32>,
    /// The durable ids of all paragraphs, none where one is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<Option<Id>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headings: Vec<Heading<'b>>,
}

#[derive(Serialize)]
struct Heading<'b> {
    title: &'b str,
    url: String,
}

/// A glossary entry, claim, note or event.
#[derive(Serialize)]
struct Entry<'b> {
    #[serde(flatten)]
    named: Named<'b>,
    /// What it is called for readers; of a glossary entry, all its words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    url: String,
}

pub(super) fn write(edition: &Edition<'_>, to: &mut dyn io::Write) -> io::Result<()> {
    let book = edition.book;
    let config = &book.config;
    let mut object = Object::new(to);
    let texts =
        |home: fn(usize) -> Home, count| (0..count).map(move |at| document(edition, home(at)));
    let entries =
        |home: fn(usize) -> Home, count| (0..count).map(move |at| entry(edition, home(at)));
    object
        .field("format", &"pincite-inventory-1")
        .field("title", &config.book.title)
        .field("date", &config.book.date)
        .field("language", &config.book.language)
        .field("url", &config.site.url)
        .list("chapters", texts(Home::Chapter, book.chapters.len()))
        .list("articles", texts(Home::Article, book.articles.len()))
        .list("terms", entries(Home::Term, book.terms.len()))
        .list("claims", entries(Home::Claim, book.claims.len()))
        .list("notes", entries(Home::Comment, book.comments.len()))
        .list("events", entries(Home::Event, book.events.len()));
    object.close()
}

fn document<'b>(edition: &Edition<'b>, home: Home) -> Text<'b> {
    let book = edition.book;
    let page = edition.page_of(home);
    let document = book.document(home);
    let numbers = document.paragraphs.iter().map(|paragraph| paragraph.number);
    let names = document.paragraphs.iter().filter_map(|paragraph| {
        let (name, _) = paragraph.name.as_deref()?;
        (!book.omits(home, paragraph.number)).then_some((name.as_str(), paragraph.number))
    });
    let ids = numbers.clone().zip(book.durable_ids(home));
    let ids = ids.map(|(number, id)| id.filter(|_| !book.omits(home, number)));
    let headings = book
        .headings(home)
        .into_iter()
        .map(|(slug, title)| Heading {
            title,
            url: below_root(edition, &Address::at(page, slug)),
        });
    Text {
        named: Named::of(edition, home),
        title: book.front(home).map_or("", |front| &front.title),
        url: below_root(edition, &Address::of(page)),
        paragraphs: document.paragraphs.len(),
        omitted: numbers.filter(|number| book.omits(home, *number)).collect(),
        names: names.collect(),
        ids: ids.collect(),
        headings: headings.collect(),
    }
}

fn entry<'b>(edition: &Edition<'b>, home: Home) -> Entry<'b> {
    let book = edition.book;
    let words: Vec<&str> = match home {
        Home::Term(index) => book.terms[index]
            .forms()
            .map(|form| form.text.trim())
            .collect(),
        Home::Claim(_)
        | Home::Comment(_)
        | Home::Event(_)
        | Home::Chapter(_)
        | Home::Article(_) => {
            let first = book.document(home).paragraphs.first();
            first
                .map(|paragraph| paragraph.prose.text.text.trim())
                .into_iter()
                .collect()
        }
    };
    Entry {
        named: Named::of(edition, home),
        words,
        date: match home {
            Home::Event(index) => Some(book.events[index].date.edtf()),
            Home::Claim(_)
            | Home::Comment(_)
            | Home::Term(_)
            | Home::Chapter(_)
            | Home::Article(_) => None,
        },
        url: below_root(edition, &edition.address(home)),
    }
}
