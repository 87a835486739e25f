//! The edition as the data that `print.typ` reads.

mod blocks;
mod comments;
mod entries;
mod inlines;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::labels;
use super::margin::Margin;
use super::text::{is_right_to_left, shown};
use crate::book::Home;
use crate::config::{Annex, Columns, Family, Folio, Paper, Part, PdfConfig};
use crate::edition::{self, Address, Citing, Direction, Edition, Page};
use crate::reference::When;
use inlines::link;

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
        let mut articles = edition.sources();
        articles.retain(|index| self.annex.contains(index));
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
        if let Some(rating) = &front.rating {
            let dot = if place.is_empty() { "" } else { " · " };
            let word = self.edition.words.get("rating");
            place.push(json!(format!("{dot}{word}: {rating}")));
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
    fn label(&self, address: &Address<'_>) -> String {
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
    fn printed(&self, address: &Address<'_>) -> Option<String> {
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

    fn citing(&self, citing: &[Citing<'_>]) -> Value {
        let places = citing.iter();
        let places = places.map(|place| json!({"to": self.printed(&place.to)}));
        Value::from(places.collect::<Vec<_>>())
    }
}

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

fn list(value: Value) -> Vec<Value> {
    if let Value::Array(values) = value {
        return values;
    }
    Vec::new()
}
