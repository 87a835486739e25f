//! The views of the pages that list what the book has: claims, timeline, glossary, tags.

use std::sync::Arc;

use tera::{Context, Value};

use super::{Viewer, link, note, view};
use crate::annotation::{Bearing, Confidence, Status};
use crate::book::{Home, Note};
use crate::edition::{Address, Citing, Edition, Endnote, PLACES_IN_ENTRY, Page, byline};
use crate::html::markup::Markup;
use crate::html::render::Renderer;

/// A matrix of more sources cannot be read across: the claims are then a list alone.
const WIDEST_MATRIX: usize = 20;

impl Viewer<'_> {
    pub(super) fn claims(&self, context: &mut Context) {
        let book = self.edition.book;
        let claims: Vec<Value> = (0..book.claims.len()).map(|i| self.claim(i)).collect();
        context.insert_value("claims", claims.into());
        context.insert_value("matrix", self.matrix().into());
    }

    /// `{id, key, html, confidence, likelihood, byline, tags, supports, disputes, qualifies, notes}`
    fn claim(&self, index: usize) -> Value {
        let edition = self.edition;
        let renderer = self.entry_renderer();
        let home = Home::Claim(index);
        let claim = &edition.book.claims[index];
        let contents = edition.notes(home);
        let citations = |bearing: Option<Bearing>| -> Vec<Value> {
            let bears = |own: &&Endnote<'_>| own.note.and_then(|note| note.bearing) == bearing;
            let notes = contents.iter().filter(bears);
            notes.map(|own| note(own, &renderer)).collect()
        };
        view([
            ("id", edition.address(home).anchor.into()),
            ("key", claim.key.text.as_str().into()),
            ("html", renderer.flow(&edition.entry_text(home)).into()),
            ("confidence", claim.confidence.map(Confidence::name).into()),
            ("likelihood", claim.likelihood.into()),
            ("byline", byline(&claim.provenance).into()),
            ("tags", self.tags(home).into()),
            ("supports", citations(Some(Bearing::Supports)).into()),
            ("disputes", citations(Some(Bearing::Disputes)).into()),
            ("qualifies", citations(Some(Bearing::Qualifies)).into()),
            ("notes", citations(None).into()),
        ])
    }

    /// `{sources: [{title, href}], rows: [{html, href, cells: [[{bearing, word, locator, href, quotation}]]}]}`: the
    /// claims and the sources that they cite as evidence.
    fn matrix(&self) -> Option<Value> {
        let edition = self.edition;
        let evidence = |claim: usize| {
            let notes = edition.book.notes_of(Home::Claim(claim)).iter();
            notes.filter(|note| note.bearing.is_some())
        };
        let claims = 0..edition.book.claims.len();
        let cited: std::collections::BTreeSet<usize> = claims
            .clone()
            .flat_map(evidence)
            .flat_map(|note| note.cited.iter().filter_map(crate::verify::Cited::source))
            .collect();
        if cited.is_empty() || cited.len() > WIDEST_MATRIX {
            return None;
        }
        let order = edition.sources();
        let columns: Vec<usize> = order.into_iter().filter(|i| cited.contains(i)).collect();
        let rows: Vec<Value> = claims
            .map(|claim| {
                let cells: Vec<Value> = columns
                    .iter()
                    .map(|source| Value::from(self.cell(*source, evidence(claim))))
                    .collect();
                let home = Home::Claim(claim);
                view([
                    ("html", self.statement(home).into()),
                    ("href", self.here.href(&edition.address(home)).into()),
                    ("cells", cells.into()),
                ])
            })
            .collect();
        let sources: Vec<Value> = columns
            .into_iter()
            .map(|source| self.link_to(Page::Article(source)))
            .collect();
        Some(view([("sources", sources.into()), ("rows", rows.into())]))
    }

    /// An entry's text in one line, without its citations.
    fn statement(&self, home: Home) -> String {
        let paragraphs = self.edition.book.document(home).paragraphs.iter();
        let texts: Vec<&str> = paragraphs.map(|p| p.prose.text.text.trim()).collect();
        texts.join(" ")
    }

    fn cell<'n>(&self, source: usize, evidence: impl Iterator<Item = &'n Arc<Note>>) -> Vec<Value> {
        let cited = evidence.flat_map(|note| note.cited.iter().map(|cited| (note.bearing, cited)));
        cited
            .filter(|(_, cited)| cited.source() == Some(source))
            .filter_map(|(bearing, cited)| {
                let anchor = cited
                    .paragraphs()
                    .first()
                    .map(|number| format!("p{number}").into());
                let page = Page::Article(source);
                let to = Address { page, anchor };
                Some(view([
                    ("bearing", bearing?.name().into()),
                    ("word", self.edition.words.get(bearing?.name()).into()),
                    ("locator", Edition::locator_of(cited).into()),
                    ("href", self.here.href(&to).into()),
                    ("quotation", cited.quotation().map(str::trim).into()),
                ]))
            })
            .collect()
    }

    pub(super) fn timeline(&self, context: &mut Context) {
        let mut years: Vec<(String, Vec<Value>)> = Vec::new();
        for (index, event) in self.edition.book.events.iter().enumerate() {
            let year = event.date.year();
            if years.last().is_none_or(|(last, _)| *last != year) {
                years.push((year, Vec::new()));
            }
            if let Some((_, events)) = years.last_mut() {
                events.push(self.event(index));
            }
        }
        let years: Vec<Value> = years
            .into_iter()
            .map(|(year, events)| view([("year", year.into()), ("events", events.into())]))
            .collect();
        context.insert_value("years", years.into());
    }

    /// `{id, date, first_day, planned, html, citations, byline, tags}`
    fn event(&self, index: usize) -> Value {
        let edition = self.edition;
        let home = Home::Event(index);
        let event = &edition.book.events[index];
        let renderer = self.entry_renderer();
        view([
            ("id", edition.address(home).anchor.into()),
            ("date", event.date.in_words().into()),
            ("first_day", event.date.first_day().into()),
            ("planned", (event.status == Status::Planned).into()),
            ("html", renderer.flow(&edition.entry_text(home)).into()),
            ("citations", self.citations(home).into()),
            ("byline", byline(&event.provenance).into()),
            ("tags", self.tags(home).into()),
        ])
    }

    pub(super) fn glossary(&self, context: &mut Context) {
        let edition = self.edition;
        let mut letters: Vec<Value> = Vec::new();
        let mut last_letter = None;
        for (index, term) in edition.book.terms.iter().enumerate() {
            let first = term.order().chars().next();
            let letter = first.map(|c| c.to_uppercase().to_string());
            if letter != last_letter {
                let href = self.here.href(&edition.term_address(index));
                letters.push(view([
                    ("letter", letter.clone().unwrap_or_default().into()),
                    ("href", href.into()),
                ]));
                last_letter = letter;
            }
        }
        let entries: Vec<Value> = (0..edition.book.terms.len())
            .map(|index| self.entry(index))
            .collect();
        context.insert_value("entries", entries.into());
        context.insert_value("letters", letters.into());
    }

    /// `{id, term, name, aliases, html, kind, see, citations, count, places, more, byline, tags}`
    fn entry(&self, index: usize) -> Value {
        let edition = self.edition;
        let term = &edition.book.terms[index];
        let home = Home::Term(index);
        let see = term
            .see
            .iter()
            .filter_map(|word| edition.book.term(&word.text))
            .map(|seen| {
                let title = &edition.book.terms[seen].key.text;
                link(title, self.here.href(&edition.term_address(seen)))
            });
        let aliases: Vec<String> = term.aliases.iter().map(|a| a.text.to_string()).collect();
        let html = self.entry_renderer().flow(&edition.entry_text(home));
        let all = || self.here.href(&Address::of(Page::Term(index)));
        let places: Vec<Citing<'_>> = edition.places(index).take(PLACES_IN_ENTRY).collect();
        view([
            ("id", edition.book.slugs[index].as_str().into()),
            ("term", term.key.text.as_str().into()),
            (
                "name",
                term.name.as_ref().map(|name| name.text.as_str()).into(),
            ),
            ("aliases", aliases.into()),
            ("html", html.into()),
            ("kind", term.kind.into()),
            ("see", see.collect::<Vec<_>>().into()),
            ("citations", self.citations(home).into()),
            ("count", edition.book.places(index).len().into()),
            ("places", self.in_line(&places).into()),
            ("more", edition.has_page(index).then(all).into()),
            ("byline", byline(&term.provenance).into()),
            ("tags", self.tags(home).into()),
        ])
    }

    /// A term and every place where it occurs, by document.
    pub(super) fn term(&self, index: usize, context: &mut Context) {
        let edition = self.edition;
        let mut occurrences = Markup::new();
        let places: Vec<(Home, u32)> = edition.book.places(index).collect();
        for places in places.chunk_by(|(one, _), (next, _)| one == next) {
            self.occurrence(places, &mut occurrences);
        }
        context.insert_value("entry", self.entry(index));
        context.insert_value("occurrences", occurrences.into());
    }

    /// A document and the paragraphs of it in which a term occurs; a large book has too many of them for a template.
    fn occurrence(&self, places: &[(Home, u32)], out: &mut Markup) {
        let edition = self.edition;
        let home = places[0].0;
        let mut document = Markup::new();
        self.here.write_href(&edition.address(home), &mut document);
        out.raw("<li><a href=\"").markup(&document);
        out.raw("\">").text(&edition.name(home, None)).raw("</a>");
        let numbered = matches!(home, Home::Chapter(_) | Home::Article(_));
        for (index, (_, number)) in places.iter().filter(|_| numbered).enumerate() {
            out.raw(if index > 0 { " · " } else { " " });
            out.raw("<a href=\"").markup(&document);
            out.raw("#p").number(*number);
            out.raw("\">¶\u{a0}").number(*number).raw("</a>");
        }
        out.raw("</li>\n");
    }

    /// What bears a tag, by kind.
    pub(super) fn tag(&self, index: usize, context: &mut Context) {
        let edition = self.edition;
        let mut groups: Vec<(&str, Vec<Value>)> = Vec::new();
        for home in &edition.book.tags[index].homes {
            let kind = edition.words.get(kind_of(*home));
            if groups.last().is_none_or(|(last, _)| *last != kind) {
                groups.push((kind, Vec::new()));
            }
            let text = edition
                .book
                .front(*home)
                .is_none()
                .then(|| self.statement(*home));
            if let Some((_, items)) = groups.last_mut() {
                items.push(view([
                    ("title", edition.name(*home, None).as_ref().into()),
                    ("href", self.here.href(&edition.address(*home)).into()),
                    ("text", text.into()),
                ]));
            }
        }
        let groups: Vec<Value> = groups
            .into_iter()
            .map(|(title, items)| view([("title", title.into()), ("items", items.into())]))
            .collect();
        context.insert_value("groups", groups.into());
    }

    /// What an entry rests on: `[{number, id, back, html}]`.
    fn citations(&self, home: Home) -> Vec<Value> {
        let renderer = self.entry_renderer();
        let notes = self.edition.notes(home);
        notes.iter().map(|own| note(own, &renderer)).collect()
    }

    /// Entries have their notes below them, and none beside them.
    fn entry_renderer(&self) -> Renderer<'_> {
        let mut renderer = Renderer::new(self.edition, self.here);
        renderer.sidenotes = false;
        renderer
    }
}

/// The word of the interface for a kind of documents.
fn kind_of(home: Home) -> &'static str {
    match home {
        Home::Chapter(_) => "chapters",
        Home::Article(_) => "articles",
        Home::Comment(_) => "comments",
        Home::Claim(_) => "claims",
        Home::Event(_) => "timeline",
        Home::Term(_) => "glossary",
    }
}
