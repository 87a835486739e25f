//! The edition as the data that `print.typ` reads.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::annotation::{CommentKind, Confidence, Status};
use crate::book::Home;
use crate::config::{Annex, Folio, Paper, PdfConfig};
use crate::edition::{
    Address, Citing, Edition, Flow, Matter, Page, Paragraph, Remark, Rich, byline,
};
use crate::markdown::Alignment;
use crate::reference::When;
use crate::verify::Cited;

/// `/book.json`, and the images that it names.
///
/// Images in `broken` are told by their text.
pub(super) fn book(
    edition: &Edition<'_>,
    config: PdfConfig,
    broken: &BTreeSet<String>,
) -> (String, BTreeSet<String>) {
    let mut data = Data {
        edition,
        annex: annex(edition, config),
        home: None,
        occurring: BTreeSet::new(),
        broken,
        images: BTreeSet::new(),
    };
    let book = data.book(config);
    (book.to_string(), data.images)
}

/// The articles that are printed.
fn annex(edition: &Edition<'_>, config: PdfConfig) -> BTreeSet<usize> {
    (0..edition.book.articles.len())
        .filter(|index| match config.annex {
            Annex::All => true,
            Annex::None => false,
            Annex::Cited => edition.book.citing(*index).next().is_some(),
        })
        .collect()
}

struct Data<'d, 'b> {
    edition: &'d Edition<'b>,
    annex: BTreeSet<usize>,
    home: Option<Home>,
    /// The labels of the terms that occur in what is printed.
    occurring: BTreeSet<String>,
    broken: &'d BTreeSet<String>,
    images: BTreeSet<String>,
}

impl Data<'_, '_> {
    fn book(&mut self, config: PdfConfig) -> Value {
        let edition = self.edition;
        let book = &edition.book.config.book;
        let chapters: Vec<Value> = (0..edition.book.chapters.len())
            .map(|i| self.chapter(i))
            .collect();
        let claims: Vec<Value> = (0..edition.book.claims.len())
            .map(|i| self.claim(i))
            .collect();
        let timeline: Vec<Value> = (0..edition.book.events.len())
            .map(|i| self.event(i))
            .collect();
        let printed: Vec<usize> = self.annex.iter().copied().collect();
        let articles: Vec<Value> = printed
            .into_iter()
            .map(|index| self.article(index))
            .collect();
        let glossary: Vec<Value> = (0..edition.book.terms.len())
            .map(|i| self.term(i))
            .collect();
        let sources: Vec<Value> = edition
            .sources()
            .into_iter()
            .map(|i| self.source(i))
            .collect();
        let date = book
            .date
            .as_deref()
            .and_then(When::parse)
            .map(When::in_words);
        // On paper the sources are an annex.
        let mut words = edition.words.all().clone();
        words.insert("articles", edition.words.get("annex"));
        json!({
            "book": {
                "title": book.title,
                "subtitle": book.subtitle,
                "authors": book.authors,
                "description": book.description,
                "language": book.language,
                "date": date,
                "issued": book.date.as_deref().and_then(When::parse).and_then(When::first_day),
                "banner": book.banner,
                "paper": match config.paper { Paper::A4 => "a4", Paper::UsLetter => "us-letter" },
                "two_sided": config.two_sided,
                "folio_of": config.folio == Folio::PageOfPages,
            },
            "words": words,
            "verified": edition.summary(),
            "program": concat!("Pincite ", env!("CARGO_PKG_VERSION")),
            "chapters": chapters,
            "articles": articles,
            "claims": claims,
            "timeline": timeline,
            "glossary": glossary,
            "sources": sources,
        })
    }

    fn chapter(&mut self, index: usize) -> Value {
        self.home = Some(Home::Chapter(index));
        let number = self
            .edition
            .chapter_number(index)
            .map(|number| number.to_string());
        json!({
            "label": self.label(&Address::of(Page::Chapter(index))),
            "number": number,
            "title": [self.edition.title(Page::Chapter(index))],
            "remarks": self.remarks(&self.edition.remarks(Home::Chapter(index), None)),
            "blocks": self.blocks(&self.edition.print_flow(Home::Chapter(index))),
        })
    }

    fn article(&mut self, index: usize) -> Value {
        self.home = Some(Home::Article(index));
        let front = &self.edition.book.articles[index].front;
        let mut head = Vec::new();
        if !front.author.is_empty() {
            head.push(json!([front.author.join(", ")]));
        }
        let mut place = Vec::new();
        if let Some(publication) = &front.publication {
            place.push(json!({"kind": "emphasis", "content": [publication]}));
        }
        if let Some(date) = front.date {
            let comma = if place.is_empty() { "" } else { ", " };
            place.push(json!(format!("{comma}{}", date.in_words())));
        }
        if !place.is_empty() {
            head.push(Value::from(place));
        }
        if let Some(url) = &front.url {
            head.push(json!([{"kind": "link", "url": url, "content": [url]}]));
        }
        json!({
            "label": self.label(&Address::of(Page::Article(index))),
            "title": [front.title],
            "head": head,
            "remarks": self.remarks(&self.edition.remarks(Home::Article(index), None)),
            "blocks": self.blocks(&self.edition.print_flow(Home::Article(index))),
        })
    }

    fn term(&mut self, index: usize) -> Value {
        self.home = Some(Home::Term(index));
        let edition = self.edition;
        let term = &edition.book.terms[index];
        let citations = self.citations(&edition.notes(Home::Term(index)));
        let see: Vec<Value> = term
            .see
            .iter()
            .filter_map(|word| edition.book.term(&word.text))
            .map(|seen| {
                let to = self.label(&edition.term_address(seen));
                json!([{"kind": "term", "to": to, "linked": true, "content": [edition.book.terms[seen].key.text.as_str()]}])
            })
            .collect();
        let label = self.label(&edition.term_address(index));
        let spot = self.occurring.get(&label).map(|label| spot(label));
        json!({
            "label": label,
            "term": term.key.text.as_str(),
            "kind": term.kind,
            "spot": spot,
            "name": term.name.as_ref().map(|name| name.text.as_str()),
            "aliases": term.aliases.iter().map(|alias| alias.text.as_str()).collect::<Vec<_>>(),
            "blocks": self.blocks(&edition.entry_text(Home::Term(index))),
            "citations": citations,
            "see": see,
        })
    }

    /// What marks an occurrence of a term; the glossary's own words are none.
    fn spot(&mut self, term: &str) -> Option<String> {
        if matches!(self.home, None | Some(Home::Term(_))) {
            return None;
        }
        self.occurring.insert(term.to_owned());
        Some(spot(term))
    }

    fn source(&mut self, index: usize) -> Value {
        let citing = self.edition.citing_article(index);
        json!({
            "label": format!("sources#{}", self.edition.book.articles[index].key),
            "index": index,
            "title": self.edition.book.articles[index].front.title,
            "entry": self.inlines(&self.edition.entry(index)),
            "cited_by": self.citing(&citing),
        })
    }

    /// What a place is called in the print edition.
    fn label(&self, address: &Address) -> String {
        let book = self.edition.book;
        let page = match address.page {
            Page::Index => "index".to_owned(),
            Page::Chapter(index) => format!("chapters/{}", book.chapters[index].key),
            Page::Article(index) => format!("articles/{}", book.articles[index].key),
            Page::Timeline => "timeline".to_owned(),
            Page::Claims => "claims".to_owned(),
            Page::Glossary => "glossary".to_owned(),
            Page::Term(index) => return self.label(&self.edition.term_address(index)),
            Page::Tag(index) => format!("tags/{}", book.tags[index].slug),
            Page::Sources => "sources".to_owned(),
            Page::NotFound => "404".to_owned(),
        };
        match &address.anchor {
            Some(anchor) => format!("{page}#{anchor}"),
            None => page,
        }
    }

    /// A place's label, if it is printed.
    fn printed(&self, address: &Address) -> Option<String> {
        match address.page {
            Page::Article(index) if !self.annex.contains(&index) => {
                Some(format!("sources#{}", self.edition.book.articles[index].key))
            }
            Page::Index | Page::NotFound | Page::Tag(_) => None,
            Page::Article(_)
            | Page::Chapter(_)
            | Page::Timeline
            | Page::Claims
            | Page::Glossary
            | Page::Term(_)
            | Page::Sources => Some(self.label(address)),
        }
    }

    fn blocks(&mut self, flow: &[Flow<'_>]) -> Value {
        Value::from(
            flow.iter()
                .map(|block| self.block(block))
                .collect::<Vec<_>>(),
        )
    }

    fn block(&mut self, block: &Flow<'_>) -> Value {
        match block {
            Flow::Heading {
                level,
                slug,
                content,
            } => {
                let page = self.page();
                let label = page.map(|page| self.label(&Address::at(page, slug.as_str())));
                json!({"kind": "heading", "level": level, "label": label, "content": self.inlines(content)})
            }
            Flow::Paragraph(paragraph) => self.paragraph(paragraph),
            Flow::Text(content) => json!({
                "kind": "paragraph", "number": null, "label": null,
                "content": self.inlines(content), "cited_by": [],
            }),
            Flow::Quote(blocks) => json!({"kind": "quote", "blocks": self.blocks(blocks)}),
            Flow::List { start, items } => {
                let items: Vec<Value> = items.iter().map(|item| self.blocks(item)).collect();
                json!({"kind": "list", "start": start, "items": items})
            }
            Flow::Definitions(items) => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|(term, blocks)| json!({"term": self.inlines(term), "blocks": self.blocks(blocks)}))
                    .collect();
                json!({"kind": "definitions", "items": items})
            }
            Flow::Rule => json!({"kind": "rule"}),
            Flow::Omitted(range) => {
                json!({"kind": "omitted", "text": self.edition.omission(range)})
            }
        }
    }

    /// The page that a paragraph's own anchor stands on; an entry's paragraphs have none.
    fn page(&self) -> Option<Page> {
        match self.home? {
            home @ (Home::Chapter(_) | Home::Article(_)) => Some(self.edition.page_of(home)),
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => None,
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'_>) -> Value {
        let mut value = match &paragraph.matter {
            Matter::Running(content) => {
                json!({"kind": "paragraph", "content": self.inlines(content)})
            }
            Matter::Table {
                alignments,
                head,
                rows,
            } => {
                let row = |data: &mut Self, cells: &[Vec<Rich<'_>>]| {
                    Value::from(
                        cells
                            .iter()
                            .map(|cell| data.inlines(cell))
                            .collect::<Vec<_>>(),
                    )
                };
                let rows: Vec<Value> = rows.iter().map(|cells| row(self, cells)).collect();
                json!({
                    "kind": "table",
                    "align": alignments.iter().map(|a| alignment(*a)).collect::<Vec<_>>(),
                    "head": row(self, head),
                    "rows": rows,
                })
            }
            Matter::Code { language, text } => {
                json!({"kind": "code", "lang": language, "text": text})
            }
            Matter::Image { path, alt } => {
                json!({"kind": "image", "path": self.image(*path), "alt": alt})
            }
        };
        let place = self.page().zip(paragraph.number);
        let label =
            place.map(|(page, number)| self.label(&Address::at(page, format!("p{number}"))));
        value["number"] = paragraph.number.into();
        value["label"] = label.into();
        value["cited_by"] = self.citing(&paragraph.cited_by);
        value["remarks"] = self.remarks(&paragraph.remarks);
        value
    }

    /// Comments: `{letter, label, kind, read, blocks, citations, byline}`.
    fn remarks(&mut self, remarks: &[Remark<'_>]) -> Value {
        let remarks: Vec<Value> = remarks
            .iter()
            .map(|remark| {
                let page = self.home.map(|home| self.edition.page_of(home));
                let label = page.map(|page| self.label(&Address::at(page, remark.anchor.as_str())));
                json!({
                    "letter": remark.label,
                    "label": label,
                    "kind": remark.kind.map(CommentKind::name),
                    "read": remark.read,
                    "blocks": self.blocks(&self.edition.print_entry(remark.home)),
                    "citations": self.citations(&remark.notes),
                    "byline": remark.byline,
                })
            })
            .collect();
        Value::from(remarks)
    }

    /// What an entry rests on, each without its full stop.
    fn citations(&mut self, notes: &[(u32, Vec<Rich<'_>>)]) -> Value {
        let notes: Vec<Value> = notes
            .iter()
            .map(|(_, content)| self.inlines(without_stop(content)))
            .collect();
        Value::from(notes)
    }

    /// A claim: `{label, key, blocks, confidence, likelihood, evidence: [{bearing, word, content}], citations, byline}`.
    fn claim(&mut self, index: usize) -> Value {
        let home = Home::Claim(index);
        self.home = Some(home);
        let edition = self.edition;
        let claim = &edition.book.claims[index];
        let contents = edition.notes(home);
        let mut evidence = Vec::new();
        let mut citations = Vec::new();
        for (note, (number, content)) in edition.book.notes_of(home).iter().zip(contents) {
            match note.bearing {
                None => citations.push((number, content)),
                Some(bearing) => evidence.push(json!({
                    "bearing": bearing.name(),
                    "word": edition.words.get(bearing.name()),
                    "sources": note.cited.iter().filter_map(Cited::source).collect::<Vec<_>>(),
                    "locators": note.cited.iter().filter_map(Edition::locator_of).collect::<Vec<_>>(),
                    "content": self.inlines(without_stop(&content)),
                })),
            }
        }
        json!({
            "label": self.label(&edition.address(home)),
            "key": claim.key.text.as_str(),
            "blocks": self.blocks(&edition.print_entry(home)),
            "confidence": claim.confidence.map(Confidence::name),
            "likelihood": claim.likelihood,
            "evidence": evidence,
            "citations": self.citations(&citations),
            "byline": byline(&claim.provenance),
        })
    }

    /// An event: `{label, year, date, planned, blocks, citations, byline}`.
    fn event(&mut self, index: usize) -> Value {
        let home = Home::Event(index);
        self.home = Some(home);
        let edition = self.edition;
        let event = &edition.book.events[index];
        json!({
            "label": self.label(&edition.address(home)),
            "year": event.date.year(),
            "date": event.date.in_words(),
            "planned": event.status == Status::Planned,
            "blocks": self.blocks(&edition.print_entry(home)),
            "citations": self.citations(&edition.notes(home)),
            "byline": byline(&event.provenance),
        })
    }

    /// An image's path in Typst's world; what Typst cannot show is told by its text.
    fn image(&mut self, path: Option<&str>) -> Option<String> {
        let path = path?;
        let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
        if !matches!(
            ending.as_str(),
            "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp"
        ) || self.broken.contains(path)
        {
            return None;
        }
        self.images.insert(path.to_owned());
        Some(format!("/{path}"))
    }

    fn citing(&self, citing: &[Citing<'_>]) -> Value {
        let mut named: Vec<&Citing<'_>> = Vec::new();
        for place in citing {
            if !named.iter().any(|known| known.title == place.title) {
                named.push(place);
            }
        }
        let refs = named
            .into_iter()
            .map(|place| json!({"text": place.title, "to": self.printed(&place.to)}));
        Value::from(refs.collect::<Vec<_>>())
    }

    fn inlines(&mut self, content: &[Rich<'_>]) -> Value {
        Value::from(
            content
                .iter()
                .filter_map(|piece| self.inline(piece))
                .collect::<Vec<_>>(),
        )
    }

    fn inline(&mut self, piece: &Rich<'_>) -> Option<Value> {
        Some(match piece {
            Rich::Text(text) => json!(text),
            Rich::Emphasis(content) => {
                json!({"kind": "emphasis", "content": self.inlines(content)})
            }
            Rich::Strong(content) => json!({"kind": "strong", "content": self.inlines(content)}),
            Rich::Strike(content) => json!({"kind": "strike", "content": self.inlines(content)}),
            Rich::Code(text) => json!({"kind": "code", "text": text}),
            Rich::Break => json!({"kind": "break"}),
            Rich::Link { url, content } if url.starts_with('#') => {
                let to = self
                    .page()
                    .map(|page| self.label(&Address::at(page, &url[1..])));
                json!({"kind": "ref", "to": to, "content": self.inlines(content)})
            }
            Rich::Link { url, content } => {
                json!({"kind": "link", "url": url, "content": self.inlines(content)})
            }
            Rich::Reference { to, content } => {
                json!({"kind": "ref", "to": self.printed(to), "content": self.inlines(content)})
            }
            // A file cannot be opened on paper; its name is in the text.
            Rich::File { content, .. } => {
                json!({"kind": "ref", "to": null, "content": self.inlines(content)})
            }
            Rich::Term {
                to,
                linked,
                content,
            } => {
                let to = self.label(to);
                let spot = self.spot(&to);
                json!({"kind": "term", "to": to, "linked": linked, "spot": spot, "content": self.inlines(content)})
            }
            Rich::Note { number, content } => {
                let page = self.page();
                let label = page.map(|page| self.label(&Address::at(page, format!("c{number}"))));
                json!({"kind": "note", "label": label, "content": self.inlines(content)})
            }
            Rich::Noted { kinds, content } => {
                let kinds: Vec<_> = kinds
                    .iter()
                    .map(|kind| kind.map(CommentKind::name))
                    .collect();
                json!({"kind": "noted", "kinds": kinds, "content": self.inlines(content)})
            }
            Rich::Mark { label, to, .. } => {
                let page = self.page();
                let to = page.map(|page| self.label(&Address::at(page, to.as_str())));
                json!({"kind": "mark", "letter": label, "to": to})
            }
            Rich::PageOf(address) => {
                let Page::Article(index) = address.page else {
                    return None;
                };
                if !self.annex.contains(&index) {
                    return None;
                }
                let page = json!({"kind": "page", "of": self.label(address)});
                json!({"kind": "ref", "to": null, "content": [", ", page]})
            }
            Rich::Image { path, alt } => {
                json!({"kind": "image", "path": self.image(*path), "alt": alt})
            }
        })
    }
}

/// The label of all occurrences of a term, whose entry has the label `term`.
fn spot(term: &str) -> String {
    format!("{term}@")
}

/// A note among others in one line ends without its full stop.
fn without_stop<'c, 'b>(content: &'c [Rich<'b>]) -> &'c [Rich<'b>] {
    match content {
        [rest @ .., Rich::Text(stop)] if stop == "." => rest,
        content => content,
    }
}

fn alignment(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::None => None,
        Alignment::Left => Some("left"),
        Alignment::Center => Some("center"),
        Alignment::Right => Some("right"),
    }
}
