//! The edition as the data that `print.typ` reads.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::labels;
use super::margin::{Margin, is_prose, place_of};
use super::text::{breakable, direction, is_right_to_left, length, plain, shown};

use crate::annotation::{CommentKind, Confidence, Status};
use crate::book::Home;
use crate::config::{Annex, Columns, Family, Folio, NotePlace, Paper, Part, PdfConfig};
use crate::edition::{
    self, Address, Citing, Direction, Edition, Endnote, Flow, Matter, Page, Paragraph, Remark, Rich,
};
use crate::markdown::Alignment;
use crate::reference::When;
use crate::verify::Cited;

/// `/book.json`, and the images that it names.
///
/// Images in `broken` are told by their text.
pub(super) fn book(
    edition: &Edition<'_>,
    config: &PdfConfig,
    broken: &BTreeSet<String>,
) -> (String, BTreeSet<String>) {
    let mut data = Data {
        edition,
        config,
        annex: annex(edition, config),
        home: None,
        is_running: true,
        direction: edition::direction(&edition.book.config.book.language),
        is_mixed: is_mixed(edition),
        margin: Margin::default(),
        footnotes: BTreeMap::new(),
        occurring: BTreeSet::new(),
        broken,
        images: BTreeSet::new(),
    };
    let book = data.book();
    (book.to_string(), data.images)
}

/// The articles that are printed.
fn annex(edition: &Edition<'_>, config: &PdfConfig) -> BTreeSet<usize> {
    if !config.parts.contains(&Part::Articles) {
        return BTreeSet::new();
    }
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
    config: &'d PdfConfig,
    annex: BTreeSet<usize>,
    home: Option<Home>,
    /// Whether it is running text that is read, and no note.
    is_running: bool,
    /// The direction of the document that is read, by its language.
    direction: Direction,
    /// Whether sources or book are written from right to left: what is told of them is kept apart.
    is_mixed: bool,
    margin: Margin,
    /// The comments that stand at the foot of the page, by label, until the text has come to their first mark.
    footnotes: BTreeMap<String, Option<Value>>,
    /// The labels of the terms that occur in what is printed.
    occurring: BTreeSet<String>,
    broken: &'d BTreeSet<String>,
    images: BTreeSet<String>,
}

impl Data<'_, '_> {
    fn book(&mut self) -> Value {
        let edition = self.edition;
        let book = edition.book;
        let config = &book.config.book;
        let articles: Vec<usize> = self.annex.iter().copied().collect();
        let chapters = self.each(0..book.chapters.len(), Self::chapter);
        let claims = self.part(Part::Claims, 0..book.claims.len(), Self::claim);
        let timeline = self.part(Part::Timeline, 0..book.events.len(), Self::event);
        let articles = self.each(articles, Self::article);
        let glossary = self.each(0..book.terms.len(), Self::term);
        let sources = self.part(Part::Sources, edition.sources(), Self::source);
        let mut data = json!({
            "record": {
                "title": config.title,
                "authors": config.authors,
                "description": config.description,
                "date": config.date.as_deref().and_then(When::parse).and_then(When::first_day),
            },
            "book": {
                "title": shown(&config.title),
                "subtitle": config.subtitle.as_deref().map(shown),
                "authors": config.authors.iter().map(|author| shown(author)).collect::<Vec<_>>(),
                "language": config.language,
                "dir": edition::direction(&config.language).name(),
                "date": config.date.as_deref().and_then(When::parse).map(When::in_words),
                "banner": config.banner.as_deref().map(shown),
                "logo": self.logo(),
            },
            "setting": self.setting(),
            "verified": shown(&edition.summary()),
            "program": concat!("Pincite ", env!("CARGO_PKG_VERSION")),
            "chapters": chapters,
            "articles": articles,
            "claims": claims,
            "timeline": timeline,
            "glossary": glossary,
            "sources": sources,
        });
        labels::settle(&mut data);
        // On paper the sources are an annex.
        let mut words = edition.words.all().clone();
        words.insert("articles", edition.words.get("annex"));
        data["words"] = json!(words);
        data
    }

    /// How `book.toml` has the book set; lengths are in points.
    fn setting(&self) -> Value {
        let config = self.config;
        let names = |families: &[Family]| {
            let names = families.iter().map(|family| family.name.clone());
            names.collect::<Vec<_>>()
        };
        json!({
            "paper": match config.paper { Paper::A4 => "a4", Paper::UsLetter => "us-letter" },
            "margins": {
                "top": config.margins.top,
                "bottom": config.margins.bottom,
                "inside": config.margins.inside,
                "outside": config.margins.outside,
            },
            "columns": match config.columns { Columns::One => 1, Columns::Two => 2 },
            "fonts": {
                "text": names(&config.fonts.text),
                "heading": names(&config.fonts.heading),
                "code": names(&config.fonts.code),
            },
            "two_sided": config.two_sided,
            "recto": config.recto && config.two_sided,
            "folio_of": config.folio == Folio::PageOfPages,
            "glossary": config.parts.contains(&Part::Glossary),
            "index": config.parts.contains(&Part::Index),
        })
    }

    /// The data of some of the book's things, in order.
    fn each(
        &mut self,
        indices: impl IntoIterator<Item = usize>,
        mut data: impl FnMut(&mut Self, usize) -> Value,
    ) -> Vec<Value> {
        let indices = indices.into_iter();
        indices.map(|index| data(self, index)).collect()
    }

    /// The data of one of the parts behind the chapters, if it is printed.
    fn part(
        &mut self,
        part: Part,
        indices: impl IntoIterator<Item = usize>,
        data: impl FnMut(&mut Self, usize) -> Value,
    ) -> Vec<Value> {
        if self.config.parts.contains(&part) {
            self.each(indices, data)
        } else {
            Vec::new()
        }
    }

    /// The book's logo, for the cover.
    fn logo(&mut self) -> Option<String> {
        let (name, _) = self.edition.book.config.site.logo.as_ref()?;
        self.image(Some(&format!("assets/{name}")))
    }

    fn chapter(&mut self, index: usize) -> Value {
        self.open(Home::Chapter(index));
        let number = self
            .edition
            .chapter_number(index)
            .map(|number| number.to_string());
        json!({
            "label": self.label(&Address::of(Page::Chapter(index))),
            "number": number,
            "title": shown(self.edition.title(Page::Chapter(index))),
            "remarks": self.opening(Home::Chapter(index)),
            "blocks": self.blocks(&self.edition.print_flow(Home::Chapter(index))),
        })
    }

    /// Begins a document, beside which no note stands yet.
    fn open(&mut self, home: Home) {
        self.home = Some(home);
        let book = self.edition.book;
        let own = match home {
            Home::Article(index) => book.articles[index].front.language.as_deref(),
            Home::Chapter(_)
            | Home::Comment(_)
            | Home::Claim(_)
            | Home::Event(_)
            | Home::Term(_) => None,
        };
        self.direction = edition::direction(own.unwrap_or(&book.config.book.language));
        self.margin = Margin::default();
        self.footnotes.clear();
    }

    /// The comments on a document as a whole, which stand at its head.
    fn opening(&mut self, home: Home) -> Vec<Value> {
        let remarks = self.remarks(&self.edition.remarks(home, None));
        self.beside(remarks)
    }

    fn article(&mut self, index: usize) -> Value {
        self.open(Home::Article(index));
        let front = &self.edition.book.articles[index].front;
        let mut head = Vec::new();
        if !front.author.is_empty() {
            head.push(json!([shown(&front.author.join(", "))]));
        }
        let mut place = Vec::new();
        if let Some(publication) = &front.publication {
            place.push(json!({"kind": "emphasis", "content": [shown(publication)]}));
        }
        if let Some(date) = front.date {
            let comma = if place.is_empty() { "" } else { ", " };
            place.push(json!(format!("{comma}{}", date.in_words())));
        }
        if !place.is_empty() {
            head.push(Value::from(place));
        }
        if let Some(url) = &front.url {
            head.push(json!([link(url, json!([shown(url)]))]));
        }
        json!({
            "label": self.label(&Address::of(Page::Article(index))),
            "title": shown(&front.title),
            "language": front.language,
            "dir": self.direction.name(),
            "head": head,
            "remarks": self.opening(Home::Article(index)),
            "blocks": self.blocks(&self.edition.print_flow(Home::Article(index))),
        })
    }

    fn term(&mut self, index: usize) -> Value {
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
            "term": shown(if term.kind == Some("person") { term.order() } else { &term.key.text }),
            "order": shown(term.order()),
            "kind": term.kind,
            "spot": spot,
            "name": term.name.as_ref().map(|name| shown(&name.text)),
            "aliases": term.aliases.iter().map(|alias| shown(&alias.text)).collect::<Vec<_>>(),
            "length": length(&blocks) + length(&citations),
            "blocks": blocks,
            "citations": citations,
            "see": see,
        })
    }

    /// What marks an occurrence of a term; the glossary's own words are none.
    fn spot(&mut self, term: &str) -> Option<String> {
        let is_listed = [Part::Glossary, Part::Index];
        if matches!(self.home, None | Some(Home::Term(_)))
            || !is_listed
                .iter()
                .any(|part| self.config.parts.contains(part))
        {
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
            "title": shown(&self.edition.book.articles[index].front.title),
            "entry": self.told(&self.edition.entry(index)),
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
                let mut content = self.inlines(content);
                if plain(&content).trim().is_empty() {
                    content = json!(["…"]);
                }
                let dir = self.turned(&content);
                json!({"kind": "heading", "level": level, "label": label, "dir": dir, "content": content})
            }
            Flow::Paragraph(paragraph) => self.paragraph(paragraph),
            Flow::Text(content) => {
                let content = self.inlines(content);
                json!({
                    "kind": "paragraph", "number": null, "label": null,
                    "length": length(&content), "notes": notes_in(&content),
                    "dir": self.turned(&content),
                    "content": content, "cited_by": [], "remarks": [],
                })
            }
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

    /// The direction of a text's first letter, where it is not that of the document.
    fn turned(&self, content: &Value) -> Option<&'static str> {
        let own = direction(content)?;
        (own != self.direction).then_some(own.name())
    }

    /// The page that a paragraph's own anchor stands on; an entry's paragraphs have none.
    fn page(&self) -> Option<Page> {
        match self.home? {
            home @ (Home::Chapter(_) | Home::Article(_)) => Some(self.edition.page_of(home)),
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => None,
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'_>) -> Value {
        let remarks = self.remarks(&paragraph.remarks);
        let mut value = match &paragraph.matter {
            Matter::Running(content) => {
                let content = self.inlines(content);
                json!({
                    "kind": "paragraph", "notes": notes_in(&content),
                    "dir": self.turned(&content), "content": content,
                })
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
                json!({"kind": "code", "lang": language, "text": breakable(text)})
            }
            Matter::Image(image) => {
                json!({"kind": "image", "path": self.image(image.path), "alt": image.alt})
            }
        };
        let place = self.page().zip(paragraph.number);
        let label =
            place.map(|(page, number)| self.label(&Address::at(page, format!("p{number}"))));
        let letters = length(&value);
        value["length"] = letters.into();
        value["number"] = paragraph.number.into();
        value["label"] = label.into();
        value["cited_by"] = self.citing(&paragraph.cited_by);
        if paragraph.number.is_some() {
            self.margin.pass(letters);
        }
        value["remarks"] = self.beside(remarks).into();
        value
    }

    /// Comments, those apart that stand at the foot of the page: they wait for their marks.
    fn remarks(&mut self, remarks: &[Remark<'_>]) -> Vec<Value> {
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
    fn beside(&mut self, mut remarks: Vec<Value>) -> Vec<Value> {
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

    /// What an entry rests on, each without its full stop; what its text cites itself is told there.
    fn citations(&mut self, notes: &[Endnote<'_>], text: &Value) -> Value {
        let told = numbers_of_notes(text);
        // A footnote stands at the foot of the page.
        let citations = notes
            .iter()
            .filter(|note| note.note.is_some() && !told.contains(&u64::from(note.number)));
        let notes: Vec<Value> = citations
            .map(|note| self.told(without_stop(&note.content)))
            .collect();
        Value::from(notes)
    }

    /// A claim: `{to, statement, blocks, confidence, likelihood, length, evidence: [{bearing, word, sources, locators, content}]}`.
    fn claim(&mut self, index: usize) -> Value {
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
    fn event(&mut self, index: usize) -> Value {
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
        let places = citing.iter();
        let places = places.map(|place| json!({"to": self.printed(&place.to)}));
        Value::from(places.collect::<Vec<_>>())
    }

    fn inlines(&mut self, content: &[Rich<'_>]) -> Value {
        let mut inlines: Vec<Value> = Vec::with_capacity(content.len());
        for piece in content {
            let Some(inline) = self.inline(piece) else {
                continue;
            };
            // A note right behind a reference tells the page.
            if inline["kind"] == "note"
                && let Some(before) = inlines.last_mut()
                && before["kind"] == "ref"
            {
                before["paged"] = false.into();
            }
            inlines.push(inline);
        }
        inlines.into()
    }

    /// What is told of a source: it names the pages itself where its references lead.
    fn told(&mut self, content: &[Rich<'_>]) -> Value {
        self.is_running = false;
        let told = self.inlines(content);
        self.is_running = true;
        told
    }

    fn inline(&mut self, piece: &Rich<'_>) -> Option<Value> {
        Some(match piece {
            Rich::Text(text) => json!(shown(text)),
            Rich::Emphasis(content) => {
                json!({"kind": "emphasis", "content": self.inlines(content)})
            }
            Rich::Strong(content) => json!({"kind": "strong", "content": self.inlines(content)}),
            Rich::Strike(content) => json!({"kind": "strike", "content": self.inlines(content)}),
            Rich::Code(text) => json!({"kind": "code", "text": breakable(text)}),
            Rich::Break => json!({"kind": "break"}),
            Rich::Link { url, content } if url.starts_with('#') => {
                let to = self
                    .page()
                    .map(|page| self.label(&Address::at(page, &url[1..])));
                json!({"kind": "ref", "to": to, "content": self.inlines(content)})
            }
            Rich::Link { url, content } => link(url, self.inlines(content)),
            Rich::Reference { to, content } => {
                let mut content = list(self.inlines(content));
                if self.is_mixed {
                    content.insert(0, ISOLATE.into());
                    content.push(END_OF_ISOLATE.into());
                }
                json!({"kind": "ref", "to": self.printed(to), "paged": self.is_running, "content": content})
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
                if content.is_empty() {
                    return Some(json!({"kind": "again", "note": label}));
                }
                json!({"kind": "note", "number": number, "label": label, "content": self.told(content)})
            }
            Rich::Noted { kinds, content } => {
                // Where several comments are on the same words, the first gives them its ground.
                let of = kinds.iter().flatten().next().map(|kind| kind.name());
                json!({"kind": "noted", "comment": of, "content": self.inlines(content)})
            }
            Rich::Mark { label, to, .. } => {
                let page = self.page();
                let to = page.map(|page| self.label(&Address::at(page, to.as_str())));
                match to.as_ref().and_then(|to| self.footnotes.get_mut(to)) {
                    Some(first) => match first.take() {
                        Some(remark) => json!({"kind": "comment", "label": to, "remark": remark}),
                        None => json!({"kind": "again", "note": to}),
                    },
                    None => json!({"kind": "mark", "letter": label, "to": to}),
                }
            }
            // Paper leads nowhere else; the bibliography has the address.
            Rich::Original(_) => return None,
            Rich::PageOf(address) => {
                let Page::Article(index) = address.page else {
                    return None;
                };
                if !self.annex.contains(&index) {
                    return None;
                }
                let page = json!({"kind": "page", "to": self.label(address)});
                json!({"kind": "ref", "to": null, "content": [", ", page]})
            }
            Rich::Image(image) => {
                json!({"kind": "image", "path": self.image(image.path), "alt": image.alt})
            }
        })
    }
}

/// A link out of the book, whether its words are an address, and what to show where there are none.
fn link(url: &str, content: Value) -> Value {
    let words = plain(&content);
    let content = if words.is_empty() {
        json!([breakable(url)])
    } else {
        content
    };
    let is_address = words.is_empty() || words.contains('/');
    json!({"kind": "link", "url": url, "address": is_address, "content": content})
}

/// Begins a stretch with a direction of its own, which turns nothing round it (UAX #9).
const ISOLATE: &str = "\u{2068}";
const END_OF_ISOLATE: &str = "\u{2069}";

/// Whether some of a book's sources, or the book, are written from right to left.
fn is_mixed(edition: &Edition<'_>) -> bool {
    let language = &edition.book.config.book.language;
    let mut titles = edition
        .book
        .articles
        .iter()
        .map(|article| &article.front.title);
    edition::direction(language) == Direction::RightToLeft
        || titles.any(|title| title.contains(is_right_to_left))
}

/// The label of all occurrences of a term, whose entry has the label `term`.
fn spot(term: &str) -> String {
    format!("{term}@")
}

/// How many notes stand in inline content.
fn notes_in(content: &Value) -> usize {
    let nodes = content.as_array().into_iter().flatten();
    let is_note = |node: &&Value| node["kind"] == "note" || node["kind"] == "comment";
    nodes.filter(is_note).count()
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
fn resting(blocks: Value, citations: Value) -> Value {
    let mut blocks = list(blocks);
    if blocks.last().is_none_or(|last| last["kind"] != "paragraph") {
        blocks.push(json!({
            "kind": "paragraph", "number": null, "label": null,
            "length": 0, "dir": null, "cited_by": [], "remarks": [],
        }));
    }
    if let Some(last) = blocks.last_mut() {
        let mut content = list(last["content"].take());
        for (index, citation) in list(citations).into_iter().enumerate() {
            if index > 0 {
                content.push(json!({"kind": "comma"}));
            }
            content.push(json!({"kind": "note", "label": null, "content": citation}));
        }
        last["content"] = content.into();
        last["notes"] = notes_in(&last["content"]).into();
    }
    blocks.into()
}

fn list(value: Value) -> Vec<Value> {
    if let Value::Array(values) = value {
        return values;
    }
    Vec::new()
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
