//! Pages and the places on them: where each thing stands, what it is called, and who leads there.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Citing, Edition};
use crate::book::{Home, Note};

/// A page of the book, whatever the medium.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Page {
    /// Cover and contents.
    Index,
    /// A chapter, by index.
    Chapter(usize),
    /// An article, by index.
    Article(usize),
    /// The chronology.
    Timeline,
    /// The claims and what the sources say of them.
    Claims,
    /// The glossary.
    Glossary,
    /// All places of a glossary entry, by index.
    Term(usize),
    /// The bibliography.
    Sources,
    /// What bears a tag, by index.
    Tag(usize),
    /// What is shown where nothing is.
    NotFound,
}

/// An entry of the glossary shows so many of its term's places.
pub const PLACES_IN_ENTRY: usize = 5;

/// A place that can be led to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Address<'b> {
    /// The page.
    pub page: Page,
    /// The place on it; none for its beginning.
    pub anchor: Option<Cow<'b, str>>,
}

impl<'b> Address<'b> {
    /// The beginning of a page.
    pub fn of(page: Page) -> Self {
        Address { page, anchor: None }
    }

    /// A place on a page.
    pub fn at(page: Page, anchor: impl Into<Cow<'b, str>>) -> Self {
        Address {
            page,
            anchor: Some(anchor.into()),
        }
    }
}

impl<'b> Edition<'b> {
    /// Whether a term occurs so often that its entry shows the first places alone and a page of its own has them all.
    pub fn has_page(&self, term: usize) -> bool {
        self.book.places(term).len() > PLACES_IN_ENTRY
    }

    /// A paragraph of a document; a paragraph of an entry is addressed through the entry.
    pub fn paragraph_address(&self, home: Home, number: u32) -> Address<'b> {
        match home {
            Home::Chapter(_) | Home::Article(_) => {
                Address::at(self.page_of(home), format!("p{number}"))
            }
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => {
                self.address(home)
            }
        }
    }

    /// The beginning of a document, or an entry.
    pub fn address(&self, home: Home) -> Address<'b> {
        match home {
            Home::Chapter(_) | Home::Article(_) => Address::of(self.page_of(home)),
            Home::Comment(index) => self.remark_address(index),
            Home::Claim(index) => Address::at(Page::Claims, self.claim_slugs[index].clone()),
            Home::Event(index) => {
                let id = self.book.events[index].id.as_ref();
                let id = id.map_or_else(|| (index + 1).to_string(), |id| id.text.to_string());
                Address::at(Page::Timeline, format!("_event-{id}"))
            }
            Home::Term(index) => self.term_address(index),
        }
    }

    /// A glossary entry.
    pub fn term_address(&self, term: usize) -> Address<'b> {
        Address::at(Page::Glossary, self.book.slugs[term].as_str())
    }

    /// What a place is called: a document's title and ¶, or an entry's kind and name.
    pub fn name(&self, home: Home, paragraph: Option<u32>) -> Cow<'b, str> {
        let book = self.book;
        let titled = |title: &'b str| match paragraph {
            Some(number) => format!("{title} ¶\u{a0}{number}").into(),
            None => title.into(),
        };
        let entry =
            |kind: &'static str, name: &str| format!("{}: {name}", self.words.get(kind)).into();
        match home {
            Home::Chapter(index) => titled(&book.chapters[index].front.title),
            Home::Article(index) => titled(&book.articles[index].front.title),
            Home::Comment(index) => {
                let one = &book.comments[index];
                let first = one.passages.first().map(|passage| passage.paragraph);
                entry("comment_on", &self.name(one.on, first))
            }
            Home::Claim(index) => entry("claim", &book.claims[index].key.text),
            Home::Event(index) => entry("timeline", &book.events[index].date.in_words()),
            Home::Term(index) => entry("glossary", &book.terms[index].key.text),
        }
    }

    /// What cites: a chapter's citation, or the entry that a citation belongs to.
    pub fn citing(&self, note: &'b Note) -> Citing<'b> {
        let to = match note.home {
            Home::Chapter(_) | Home::Article(_) => {
                Address::at(self.page_of(note.home), format!("c{}", note.number))
            }
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => {
                self.address(note.home)
            }
        };
        let (paragraph, behind) = match note.home {
            Home::Chapter(_) | Home::Article(_) => (note.paragraph, note.behind),
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => (None, None),
        };
        let title = self.name(note.home, paragraph);
        Citing {
            title: match behind {
                Some(number) => {
                    let after = self.words.get("after");
                    format!("{title}, {after} {}", Self::numbers_of(&(number..=number)))
                }
                None => title.into_owned(),
            },
            to,
            bearing: note.bearing,
            around: &note.around,
        }
    }

    /// Who rests on an article anywhere.
    pub fn citing_article(&self, article: usize) -> Vec<Citing<'b>> {
        let notes = self.book.citing(article);
        let mut citing: Vec<Citing<'b>> = notes.map(|note| self.citing(note)).collect();
        let mut seen = BTreeSet::new();
        citing.retain(|place| seen.insert((place.to.page, place.title.clone())));
        citing
    }

    /// The places where a term occurs, each with what it is called.
    pub fn places(&self, term: usize) -> impl Iterator<Item = Citing<'b>> {
        let places = self.book.places(term);
        places.map(|(home, number)| Citing {
            title: self.name(home, Some(number)).into_owned(),
            to: self.paragraph_address(home, number),
            bearing: None,
            around: "",
        })
    }
}
