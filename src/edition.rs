//! The edition: what every medium needs, once. Screen, no-JavaScript and paper render the same tree.

mod flow;
mod note;
mod original;
mod path;
mod plain;
mod position;
mod remarks;
mod segments;
mod shown;
mod stats;
mod style;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

pub use note::Endnote;
pub use path::ENDING;
use position::Positions;
pub use remarks::{Remark, byline};
pub use stats::{AnnotationStats, ChapterStats, Count, SourceStats, Stats};
use style::Style;
pub use style::source_kind;
pub use words::{Direction, Words, direction};

use crate::annotation::{Bearing, CommentKind};
use crate::book::{Book, Coverage, Home, Note};
use crate::csl;
use crate::lock::Id;
use crate::manuscript::without_order;
use crate::markdown::Alignment;
use crate::reference::{Person, Slugs, When};
use crate::source::Size;
use crate::verify::{State, Verifier};

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

/// Running text, ready for a medium: everything resolved, well nested.
#[derive(Clone, PartialEq, Debug)]
pub enum Rich<'b> {
    /// Words.
    Text(Cow<'b, str>),
    /// Emphasis.
    Emphasis(Vec<Rich<'b>>),
    /// Strong emphasis.
    Strong(Vec<Rich<'b>>),
    /// Struck-out words.
    Strike(Vec<Rich<'b>>),
    /// Code.
    Code(&'b str),
    /// A line break.
    Break,
    /// A link to another site.
    Link {
        /// The address.
        url: &'b str,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A link inside the book.
    Reference {
        /// Where it leads.
        to: Address<'b>,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A link to a file that is copied.
    File {
        /// Its path in the site.
        path: &'b str,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// A glossary term.
    Term {
        /// Its entry.
        to: Address<'b>,
        /// Whether these words lead there; always in a flow that marks no more than that.
        linked: bool,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// The mark of a citation or a footnote, and the note that it stands for.
    Note {
        /// Its number on the page.
        number: u32,
        /// The note; empty where an earlier mark has it.
        content: Vec<Rich<'b>>,
    },
    /// Words that comments are on.
    Noted {
        /// The kinds of the comments.
        kinds: Vec<Option<CommentKind>>,
        /// The words.
        content: Vec<Rich<'b>>,
    },
    /// The mark of a comment, at the end of its passage.
    Mark {
        /// What the comment is called.
        label: &'b str,
        /// The comment's place on this page.
        to: String,
        /// The mark's own place, at the first passage.
        anchor: Option<String>,
    },
    /// On the screen: where the cited words stand in the page that the source was taken from.
    Original(String),
    /// On paper: the page of a place.
    PageOf(Address<'b>),
    /// An image among words.
    Image(Picture<'b>),
}

/// An image; without a path only its text is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Picture<'b> {
    /// Its path in the site.
    pub path: Option<&'b str>,
    /// Its size, if its file says so.
    pub size: Option<Size>,
    /// What it shows.
    pub alt: &'b str,
}

impl<'b> Rich<'b> {
    /// Words.
    pub fn text(text: impl Into<Cow<'b, str>>) -> Self {
        Rich::Text(text.into())
    }
}

/// A block, ready for a medium.
#[derive(Clone, PartialEq, Debug)]
pub enum Flow<'b> {
    /// A heading.
    Heading {
        /// 2 to 6.
        level: u8,
        /// Its anchor.
        slug: String,
        /// Its words.
        content: Vec<Rich<'b>>,
    },
    /// A numbered paragraph.
    Paragraph(Paragraph<'b>),
    /// Text without a number.
    Text(Vec<Rich<'b>>),
    /// A block quote.
    Quote(Vec<Flow<'b>>),
    /// A list.
    List {
        /// The first number; none for bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Flow<'b>>>,
    },
    /// A definition list.
    Definitions(Vec<(Vec<Rich<'b>>, Vec<Flow<'b>>)>),
    /// A thematic break.
    Rule,
    /// Paragraphs that are left out.
    Omitted(RangeInclusive<u32>),
}

/// A numbered paragraph, ready for a medium.
#[derive(Clone, PartialEq, Debug)]
pub struct Paragraph<'b> {
    /// Its number; none in a definition, which is addressed through its entry.
    pub number: Option<u32>,
    /// Its durable name.
    pub name: Option<&'b str>,
    /// Its durable id, which the lock knows it by.
    pub id: Option<Id>,
    /// Its form.
    pub matter: Matter<'b>,
    /// Who rests on it.
    pub cited_by: Vec<Citing<'b>>,
    /// The comments that begin in it.
    pub remarks: Vec<Remark<'b>>,
}

/// The form of a numbered paragraph.
#[derive(Clone, PartialEq, Debug)]
pub enum Matter<'b> {
    /// Running text.
    Running(Vec<Rich<'b>>),
    /// A table.
    Table {
        /// The alignment of each column.
        alignments: &'b [Alignment],
        /// The head's cells.
        head: Vec<Vec<Rich<'b>>>,
        /// The rows' cells.
        rows: Vec<Vec<Vec<Rich<'b>>>>,
    },
    /// A code block.
    Code {
        /// Its language.
        language: Option<&'b str>,
        /// Its text.
        text: &'b str,
    },
    /// An image that stands alone.
    Image(Picture<'b>),
}

/// A place that rests on a source.
#[derive(Clone, PartialEq, Debug)]
pub struct Citing<'b> {
    /// What the place is called.
    pub title: String,
    /// Where it is.
    pub to: Address<'b>,
    /// How it bears on the claim that it is evidence for.
    pub bearing: Option<Bearing>,
    /// The words that lead up to the citation.
    pub around: &'b str,
}

/// A chapter's place in the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part<'b> {
    /// The part's title; none for chapters outside parts.
    pub title: Option<&'b str>,
    /// The chapters, by index, in order.
    pub chapters: Vec<usize>,
}

/// A book in reading order, with its numbers, labels and words.
pub struct Edition<'b> {
    /// The book.
    pub book: &'b Book,
    /// The words of the interface in the book's language.
    pub words: Words,
    /// Whether the site leads to a print edition beside it.
    pub pdf: bool,
    numbers: Vec<Option<u32>>,
    claim_slugs: Vec<String>,
    order: Vec<usize>,
    positions: Positions,
    style: Style<'b>,
    verifier: &'b Verifier,
}

impl<'b> Edition<'b> {
    /// The edition of a book.
    pub fn new(book: &'b Book) -> Self {
        let mut number = 0;
        let numbers = book.chapters.iter().map(|chapter| {
            (!chapter.opens_part).then(|| {
                number += 1;
                number
            })
        });
        let mut slugs = Slugs::default();
        let claims = book.claims.iter();
        let order = bibliography(book);
        Edition {
            claim_slugs: claims.map(|claim| slugs.give(&claim.key.text)).collect(),
            numbers: numbers.collect(),
            positions: Positions::of(book),
            style: Style::of(book, &order),
            order,
            book,
            verifier: book.verifier(),
            words: Words::of(&book.config.book.language),
            pdf: false,
        }
    }

    /// A chapter's number; none for a part's opening.
    pub fn chapter_number(&self, chapter: usize) -> Option<u32> {
        self.numbers[chapter]
    }

    /// The parts with their chapters in reading order.
    pub fn parts(&self) -> Vec<Part<'b>> {
        let mut parts: Vec<(&str, Part<'b>)> = Vec::new();
        for (index, chapter) in self.book.chapters.iter().enumerate() {
            if parts
                .last()
                .is_none_or(|(folder, _)| *folder != chapter.part)
            {
                let part = Part {
                    title: (!chapter.part.is_empty()).then(|| part_name(&chapter.part)),
                    chapters: Vec::new(),
                };
                parts.push((&chapter.part, part));
            }
            let Some((_, part)) = parts.last_mut() else {
                continue;
            };
            if chapter.opens_part {
                part.title = Some(&chapter.front.title);
            }
            part.chapters.push(index);
        }
        parts.into_iter().map(|(_, part)| part).collect()
    }

    /// What a page is called.
    pub fn title(&self, page: Page) -> &str {
        match page {
            Page::Index => &self.book.config.book.title,
            Page::Chapter(index) => &self.book.chapters[index].front.title,
            Page::Article(index) => &self.book.articles[index].front.title,
            Page::Timeline => self.words.get("timeline"),
            Page::Claims => self.words.get("claims"),
            Page::Glossary => self.words.get("glossary"),
            Page::Term(index) => &self.book.terms[index].key.text,
            Page::Tag(index) => &self.book.tags[index].name,
            Page::Sources => self.words.get("sources"),
            Page::NotFound => self.words.get("not_found"),
        }
    }

    /// All pages in reading order.
    pub fn pages(&self) -> Vec<Page> {
        let book = self.book;
        let mut pages = vec![Page::Index];
        pages.extend((0..book.chapters.len()).map(Page::Chapter));
        let [claims, timeline, glossary, sources] = self.lists();
        pages.extend(claims.into_iter().chain(timeline));
        pages.extend((0..book.articles.len()).map(Page::Article));
        pages.extend(glossary.into_iter().chain(sources));
        pages
    }

    /// The pages in reading order that list what the whole book has, as far as it has any.
    pub fn lists(&self) -> [Option<Page>; 4] {
        let book = self.book;
        [
            (!book.claims.is_empty()).then_some(Page::Claims),
            (!book.events.is_empty()).then_some(Page::Timeline),
            (!book.terms.is_empty()).then_some(Page::Glossary),
            (!book.articles.is_empty()).then_some(Page::Sources),
        ]
    }

    /// Whether a term occurs so often that its entry shows the first places alone and a page of its own has them all.
    pub fn has_page(&self, term: usize) -> bool {
        self.book.places(term).len() > PLACES_IN_ENTRY
    }

    /// The pages that lead on to others and stand in no order: tags, and all places of a frequent term.
    pub fn registers(&self) -> impl Iterator<Item = Page> + use<> {
        let terms = (0..self.book.terms.len()).filter(|term| self.has_page(*term));
        let terms: Vec<Page> = terms.map(Page::Term).collect();
        terms
            .into_iter()
            .chain((0..self.book.tags.len()).map(Page::Tag))
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
    pub fn name(&self, home: Home, paragraph: Option<u32>) -> String {
        let book = self.book;
        let titled = |title: &str| match paragraph {
            Some(number) => format!("{title} ¶\u{a0}{number}"),
            None => title.to_owned(),
        };
        let entry = |kind: &'static str, name: &str| format!("{}: {name}", self.words.get(kind));
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
        let paragraph = match note.home {
            Home::Chapter(_) | Home::Article(_) => note.paragraph,
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => None,
        };
        Citing {
            title: self.name(note.home, paragraph),
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
            title: self.name(home, Some(number)),
            to: self.paragraph_address(home, number),
            bearing: None,
            around: "",
        })
    }

    /// The sources in the order of the bibliography.
    pub fn sources(&self) -> Vec<usize> {
        self.order.clone()
    }

    /// `¶ 3` or `¶¶ 3–5`
    pub fn numbers_of(range: &RangeInclusive<u32>) -> String {
        let (from, to) = (range.start(), range.end());
        if from == to {
            format!("¶\u{a0}{from}")
        } else {
            format!("¶¶\u{a0}{from}–{to}")
        }
    }

    /// What stands in the place of paragraphs that are left out.
    pub fn omission(&self, range: &RangeInclusive<u32>) -> String {
        let words = if range.start() == range.end() {
            "omitted_one"
        } else {
            "omitted_several"
        };
        format!("{} {}", Self::numbers_of(range), self.words.get(words))
    }

    /// One line of what was verified.
    pub fn summary(&self) -> String {
        let tally = self.book.tally();
        let states: Vec<String> = tally
            .states
            .iter()
            .map(|(state, count)| format!("{count} {}", state_name(*state)))
            .collect();
        let citations = match states.as_slice() {
            [] => String::new(),
            states => format!(": {}", states.join(", ")),
        };
        format!(
            "{}, {}, {}{citations}",
            counted(self.book.articles.len(), "article"),
            counted(self.book.chapters.len(), "chapter"),
            counted(tally.total(), "citation"),
        )
    }

    /// One line of how much rests on the sources; none where there is nothing to count.
    pub fn coverage(&self) -> Option<String> {
        let Coverage {
            paragraphs,
            claims,
            unused,
        } = self.book.coverage();
        let figures = [
            (paragraphs, "paragraph", "cited"),
            (claims, "claim", "supported"),
            (unused, "source", "unused"),
        ];
        let figures = figures.into_iter().filter(|((_, all), ..)| *all > 0);
        let said: Vec<String> = figures
            .map(|((count, all), noun, state)| format!("{count} of {} {state}", counted(all, noun)))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// The words that a chapter or an article begins with, in one line.
    pub fn opening(&self, page: Page) -> Option<String> {
        const LONGEST: usize = 200;
        let home = match page {
            Page::Chapter(index) => Home::Chapter(index),
            Page::Article(index) => Home::Article(index),
            Page::Index
            | Page::Timeline
            | Page::Claims
            | Page::Glossary
            | Page::Term(_)
            | Page::Tag(_)
            | Page::Sources
            | Page::NotFound => return None,
        };
        let shown = |number| !self.book.omits(home, number);
        let mut paragraphs = self.book.document(home).paragraphs.iter();
        let first = paragraphs.find(|paragraph| shown(paragraph.number))?;
        Some(first.prose.opening(LONGEST))
    }

    /// The file name of the print edition.
    pub fn pdf_name(&self) -> String {
        let slug = crate::reference::slug(&self.book.config.book.title);
        // File systems take names of 255 bytes.
        let slug = &slug[..slug.floor_char_boundary(120)];
        let slug = if slug.is_empty() { "book" } else { slug };
        format!("{slug}.pdf")
    }
}

/// What a part without an opening is called: its folder, without the number that orders it.
fn part_name(folder: &str) -> &str {
    without_order(folder.rsplit('/').next().unwrap_or(folder))
}

/// The order of the bibliography: by authors, then title; where sources are told apart by author and year, by the
/// date before the title; where they are numbered as they are cited, by that.
fn bibliography(book: &Book) -> Vec<usize> {
    let style = book.style.as_ref();
    let by_citation = style.is_some_and(csl::Style::is_in_order_of_citation);
    let by_date = style.is_some_and(csl::Style::has_year_suffixes);
    let mut cited: BTreeMap<usize, usize> = BTreeMap::new();
    if by_citation {
        let all = book.notes.iter().flat_map(|note| &note.cited);
        for source in all.filter_map(crate::verify::Cited::source) {
            let next = cited.len();
            cited.entry(source).or_insert(next);
        }
    }
    let mut sources: Vec<usize> = (0..book.articles.len()).collect();
    sources.sort_by_cached_key(|index| {
        let front = &book.articles[*index].front;
        let title = front.title.to_lowercase();
        let name = |person: &Person| (person.family.to_lowercase(), person.given.clone());
        let names: Vec<_> = match front.names.as_slice() {
            [] => vec![(title.clone(), None)],
            names => names.iter().map(name).collect(),
        };
        let date = front.date.filter(|_| by_date).and_then(When::first_day);
        (
            cited.get(index).copied().unwrap_or(usize::MAX),
            names,
            date,
            title,
        )
    });
    sources
}

/// What a state is called.
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Verified => "verified",
        State::Pinned => "pinned",
        State::WholeSource => "whole-source",
        State::OwnJudgement => "own judgement",
        State::Moved => "moved",
        State::Ambiguous => "ambiguous",
        State::Drifted => "drifted",
        State::Lost => "lost",
    }
}

/// `1 article`, `2 articles`
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
