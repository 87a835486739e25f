//! `annotations.jsonld`: comments and citations as annotations of the sources' pages (W3C Web Annotation Data Model).

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use serde::Serialize;

use super::lines::Object;
use super::place::{Named, iri};
use super::quote::{Fragment, Quote};
use crate::annotation::{Bearing, CommentKind, Provenance};
use crate::book::{Commented, Home, Note};
use crate::edition::{self, Address, Edition};
use crate::markdown::Document;
use crate::reference::{Ends, Point};
use crate::verify::{Cited, Verifier};

const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";

/// An annotation, which stands for itself: it has its own context.
#[derive(Serialize)]
struct Annotation<'b> {
    #[serde(rename = "@context")]
    context: &'static str,
    id: String,
    r#type: &'static str,
    motivation: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Creator<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<String>,
    body: Vec<Body<'b>>,
    target: Vec<Target>,
}

#[derive(Serialize)]
struct Creator<'b> {
    name: &'b str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'b> {
    Words {
        r#type: &'static str,
        purpose: &'static str,
        format: &'static str,
        language: &'b str,
        value: String,
    },
    /// The place of the book that cites.
    Place(Page),
}

/// A page of the site, or a place of it.
#[derive(Serialize)]
struct Page {
    id: String,
    r#type: &'static str,
    format: &'static str,
}

impl Page {
    fn of(edition: &Edition<'_>, to: &Address<'_>) -> Self {
        Page {
            id: iri(edition, to),
            r#type: "Text",
            format: "text/html",
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Target {
    Page(Page),
    Passage { source: String, selector: Fragment },
}

pub(super) fn write(edition: &Edition<'_>, to: &mut dyn io::Write) -> io::Result<()> {
    let book = edition.book;
    let (mut comment_ids, mut citation_ids) = (Ids::of(edition), Ids::of(edition));
    let comments = book.comments.iter().map(|one| {
        let id = comment_ids.give(&comment_basis(edition, one));
        comment(edition, one, id)
    });
    let verifier = book.verifier();
    let cited = book.notes.iter().flat_map(|note| {
        let sources = note.cited.iter().filter(|cited| cited.source().is_some());
        sources.map(|cited| (&**note, cited))
    });
    let citations = cited.clone().map(|(note, cited)| {
        let id = citation_ids.give(&citation_basis(edition, note, cited));
        citation(edition, verifier, note, cited, id)
    });
    let total = book.comments.len() + cited.count();
    let (collection, only_page) = (
        Ids::of(edition).give("collection"),
        Ids::of(edition).give("page"),
    );
    let mut object = Object::new(to);
    object
        .field("@context", &CONTEXT)
        .field("id", &collection)
        .field("type", &"AnnotationCollection")
        .field("label", &book.config.book.title)
        .field("total", &total)
        .field("last", &only_page)
        .object("first", |page| {
            page.field("id", &only_page)
                .field("type", &"AnnotationPage")
                .field("partOf", &collection)
                .field("startIndex", &0)
                .list("items", comments.chain(citations));
        });
    object.close()
}

/// A comment on its passages.
fn comment<'b>(edition: &Edition<'b>, one: &'b Commented, id: String) -> Annotation<'b> {
    let Commented {
        comment,
        on,
        passages,
        ..
    } = one;
    let language = edition.book.config.book.language.as_str();
    let words = |purpose, value| Body::Words {
        r#type: "TextualBody",
        purpose,
        format: "text/plain",
        language,
        value,
    };
    let motivation = motivation(comment.kind);
    let said = plain(&comment.text);
    let read = comment
        .read
        .as_ref()
        .map(|read| read.text.trim().to_owned());
    let body = [
        (!said.is_empty()).then(|| words(motivation, said)),
        read.map(|read| words("editing", read)),
    ];
    let page = Address::of(edition.page_of(*on));
    let document = edition.book.document(*on);
    let passages = passages.iter().map(|passage| {
        let range = passage.range.start as usize..passage.range.end as usize;
        passage_of(edition, &page, document, passage.paragraph, Some(range))
    });
    Annotation {
        motivation,
        creator: creators(&comment.provenance),
        created: created(&comment.provenance),
        ..annotation(
            id,
            body.into_iter().flatten().collect(),
            or_whole(edition, &page, passages.collect()),
        )
    }
}

/// A place of the book, linked to what it cites.
fn citation<'b>(
    edition: &Edition<'b>,
    verifier: &Verifier,
    note: &'b Note,
    cited: &Cited,
    id: String,
) -> Annotation<'b> {
    let body = Body::Place(Page::of(edition, &edition.citing(note).to));
    let targets = cited.source().map_or_else(Vec::new, |source| {
        let page = Address::of(edition::Page::Article(source));
        let document = &edition.book.articles[source].document;
        let words = verifier.passages(cited).into_iter();
        let mut places: Vec<_> = words.map(|(number, range)| (number, Some(range))).collect();
        if places.is_empty() {
            places = cited
                .paragraphs()
                .iter()
                .map(|number| (*number, None))
                .collect();
        }
        let passages = places
            .into_iter()
            .map(|(number, range)| passage_of(edition, &page, document, number, range));
        or_whole(edition, &page, passages.collect())
    });
    annotation(id, vec![body], targets)
}

fn annotation(id: String, body: Vec<Body<'_>>, target: Vec<Target>) -> Annotation<'_> {
    Annotation {
        context: CONTEXT,
        id,
        r#type: "Annotation",
        motivation: "linking",
        creator: Vec::new(),
        created: None,
        body,
        target,
    }
}

/// Words of a paragraph, or the whole paragraph.
fn passage_of(
    edition: &Edition<'_>,
    page: &Address<'_>,
    document: &Document,
    number: u32,
    range: Option<Range<usize>>,
) -> Target {
    let text = document
        .paragraph(number)
        .map(|paragraph| &paragraph.prose.text.text);
    let quote = text
        .zip(range)
        .and_then(|(text, range)| Quote::of(text, range));
    Target::Passage {
        source: iri(edition, page),
        selector: Fragment::of(number, quote),
    }
}

fn or_whole(edition: &Edition<'_>, page: &Address<'_>, passages: Vec<Target>) -> Vec<Target> {
    if passages.is_empty() {
        return vec![Target::Page(Page::of(edition, page))];
    }
    passages
}

/// The motivation that a comment's kind comes nearest to (§3.3.5).
fn motivation(kind: Option<CommentKind>) -> &'static str {
    match kind {
        None | Some(CommentKind::Context) => "commenting",
        Some(CommentKind::Correction) => "editing",
        Some(CommentKind::Dispute) => "replying",
        Some(CommentKind::Question) => "questioning",
        Some(CommentKind::Assessment) => "assessing",
    }
}

/// The words of a comment, without marks.
fn plain(document: &Document) -> String {
    let proses = document.proses().into_iter();
    let texts = proses.map(|(_, prose)| prose.text.text.trim());
    texts
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn creators(provenance: &Provenance) -> Vec<Creator<'_>> {
    let names = provenance.by.iter();
    names.map(|name| Creator { name }).collect()
}

/// The model wants a point in time: a day's beginning stands for the day, and what is less exact is left out.
fn created(provenance: &Provenance) -> Option<String> {
    match provenance.written?.ends()? {
        Ends::At(
            day @ Point {
                day: Some(_),
                about: false,
                ..
            },
        ) => Some(format!("{}T00:00:00Z", day.iso())),
        Ends::At(_) | Ends::Between(..) | Ends::From { .. } | Ends::Until { .. } => None,
    }
}

/// What makes a comment the one that it is: its ID, or else what it says and of what.
fn comment_basis(edition: &Edition<'_>, one: &Commented) -> String {
    let comment = &one.comment;
    if let Some(id) = &comment.id {
        return format!("note {}", id.text);
    }
    let passages = one.passages.iter().map(|passage| {
        let range = passage.range.start as usize..passage.range.end as usize;
        passage_basis(edition, one.on, passage.paragraph, range)
    });
    format!(
        "note on {} {} {}",
        name(edition, one.on),
        passages.collect::<Vec<_>>().join(" "),
        plain(&comment.text)
    )
}

/// What makes a citation the one that it is: who cites which words of what, and for what.
fn citation_basis(edition: &Edition<'_>, note: &Note, cited: &Cited) -> String {
    let Some(source) = cited.source() else {
        return String::new();
    };
    let paragraphs = cited.paragraphs().iter();
    let paragraphs =
        paragraphs.map(|number| passage_basis(edition, Home::Article(source), *number, 0..0));
    let said = paragraphs.chain(cited.quotations().map(str::to_owned));
    format!(
        "citation in {} of {} {} {}",
        name(edition, note.home),
        edition.book.articles[source].key,
        note.bearing.map_or("", Bearing::name),
        said.collect::<Vec<_>>().join(" ")
    )
}

/// Words of a paragraph by its durable id. One that has none, as all of chapters, is known by these words, or its own.
fn passage_basis(edition: &Edition<'_>, home: Home, number: u32, range: Range<usize>) -> String {
    let book = edition.book;
    let id = match home {
        Home::Article(article) => book.durable_id(article, number),
        Home::Chapter(_) | Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => {
            None
        }
    };
    let paragraph = book.document(home).paragraph(number);
    let text = paragraph.map_or("", |paragraph| paragraph.prose.text.text.as_str());
    let words = text.get(range).unwrap_or_default();
    match id {
        Some(id) => format!("{id} {words}"),
        None if words.is_empty() => text.to_owned(),
        None => words.to_owned(),
    }
}

/// What something is called; a note or an event without a name, by what it says.
fn name(edition: &Edition<'_>, home: Home) -> String {
    let Named { kind, id } = Named::of(edition, home);
    match (id, home) {
        (Some(id), _) => format!("{kind} {id}"),
        (None, Home::Comment(index)) => comment_basis(edition, &edition.book.comments[index]),
        (None, Home::Event(index)) => {
            let event = &edition.book.events[index];
            format!("{kind} {} {}", event.date.edtf(), plain(&event.text))
        }
        (None, Home::Chapter(_) | Home::Article(_) | Home::Claim(_) | Home::Term(_)) => {
            kind.to_owned()
        }
    }
}

/// Gives names that stay while a book is written: they depend on what is named alone.
struct Ids {
    book: String,
    given: BTreeMap<[u8; 32], u32>,
}

impl Ids {
    fn of(edition: &Edition<'_>) -> Self {
        let config = &edition.book.config;
        Ids {
            book: config
                .site
                .url
                .clone()
                .unwrap_or_else(|| config.book.title.clone()),
            given: BTreeMap::new(),
        }
    }

    /// A UUID of version 8 (RFC 9562) of the hash of what is named; the second of the same has another.
    fn give(&mut self, basis: &str) -> String {
        let count = self
            .given
            .entry(blake3::hash(basis.as_bytes()).into())
            .or_default();
        *count += 1;
        let hash = blake3::hash(format!("{}\0{basis}\0{count}", self.book).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        let version = 0x8000_u128 << 64;
        let variant = 0x8000_0000_0000_0000_u128;
        let number = u128::from_be_bytes(bytes);
        let number = number & !(0xf000 << 64) & !(0xc000_0000_0000_0000) | version | variant;
        let hex = format!("{number:032x}");
        format!(
            "urn:uuid:{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}
