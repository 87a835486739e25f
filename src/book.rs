//! The book: everything resolved against everything else.

mod lints;
mod resolve;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::annotation::Term;
use crate::config::Config;
use crate::csl;
use crate::diagnostic::{Diagnostic, Lint};
use crate::glossary::{Matcher, Occurrence};
use crate::manuscript::{Article, Chapter};
use crate::markdown::Document;
use crate::reference::Slugs;
use crate::source::{Sources, Span};
use crate::verify::{Cited, Quoted, State, Verifier, ends_in_abbreviation};

pub use resolve::Destination;

/// A book whose every reference has been looked up.
#[derive(Debug, Default)]
pub struct Book {
    /// What `book.toml` says.
    pub config: Config,
    /// The citation style; none for `plain`.
    pub style: Option<csl::Style>,
    /// The sources in the order of their paths.
    pub articles: Vec<Article>,
    /// The chapters in reading order.
    pub chapters: Vec<Chapter>,
    /// The glossary in the order of its terms.
    pub terms: Vec<Term>,
    /// The slug of each term.
    pub slugs: Vec<String>,
    /// The notes: every place that cites, in reading order.
    pub notes: Vec<Note>,
    notes_by_span: HashMap<Span, usize>,
    links: BTreeMap<Span, Destination>,
    files: HashMap<Span, Destination>,
    cited_by: BTreeMap<(usize, u32), Vec<usize>>,
    citing_sources: Vec<Vec<usize>>,
    occurrences: HashMap<(Home, u32), Vec<Occurrence>>,
    places: Vec<Vec<(Home, u32)>>,
}

/// Where something of the book stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Home {
    /// A chapter, by index.
    Chapter(usize),
    /// An article, by index.
    Article(usize),
    /// A glossary entry, by index.
    Term(usize),
}

/// One place that cites: a pair of brackets in a text, or a line of `cites`.
#[derive(Debug)]
pub struct Note {
    /// Where it stands.
    pub home: Home,
    /// Its number on its page.
    pub number: u32,
    /// The paragraph in which it stands.
    pub paragraph: Option<u32>,
    /// What it cites.
    pub cited: Vec<Cited>,
    /// Whether it stands in running text (`@key`), whose source is named there.
    pub in_text: bool,
    /// The words that lead up to it.
    pub around: String,
}

/// How many citations ended in each state.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By state.
    pub states: BTreeMap<State, usize>,
}

impl Tally {
    /// All citations.
    pub fn total(&self) -> usize {
        self.states.values().sum()
    }
}

impl Book {
    /// Resolves everything. Whatever leads nowhere is reported and left out.
    pub fn new(
        config: Config,
        articles: Vec<Article>,
        chapters: Vec<Chapter>,
        mut terms: Vec<Term>,
        sources: &Sources,
    ) -> (Self, Vec<Diagnostic>) {
        terms.sort_by_cached_key(|term| {
            (
                crate::reference::slug(&term.key.text),
                term.key.text.clone(),
            )
        });
        let mut slugs = Slugs::default();
        let (matcher, mut diagnostics) = Matcher::new(&terms);
        let mut book = Book {
            config,
            slugs: terms
                .iter()
                .map(|term| slugs.give(&term.key.text))
                .collect(),
            citing_sources: vec![Vec::new(); articles.len()],
            places: vec![Vec::new(); terms.len()],
            articles,
            chapters,
            terms,
            ..Book::default()
        };
        diagnostics.extend(book.same_ids());
        diagnostics.extend(book.verify());
        diagnostics.extend(book.find_terms(&matcher));
        diagnostics.extend(resolve::links(&mut book, sources));
        diagnostics.extend(book.see_also());
        diagnostics.extend(lints::unused_terms(&book));
        diagnostics.extend(lints::undefined_acronyms(&book));
        (book, diagnostics)
    }

    /// The document that stands somewhere.
    pub fn document(&self, home: Home) -> &Document {
        match home {
            Home::Chapter(index) => &self.chapters[index].document,
            Home::Article(index) => &self.articles[index].document,
            Home::Term(index) => &self.terms[index].text,
        }
    }

    /// Whether a paragraph is left out.
    pub fn omits(&self, home: Home, paragraph: u32) -> bool {
        match home {
            Home::Chapter(index) => self.chapters[index].front.omits(paragraph),
            Home::Article(index) => self.articles[index].omits(paragraph),
            Home::Term(_) => false,
        }
    }

    /// All documents, chapters first.
    pub fn homes(&self) -> Vec<Home> {
        let chapters = (0..self.chapters.len()).map(Home::Chapter);
        let articles = (0..self.articles.len()).map(Home::Article);
        let terms = (0..self.terms.len()).map(Home::Term);
        chapters.chain(articles).chain(terms).collect()
    }

    /// The note that a group of citations makes, if any of them leads somewhere.
    pub fn note(&self, group: Span) -> Option<&Note> {
        self.notes_by_span
            .get(&group)
            .map(|index| &self.notes[*index])
    }

    /// Where a `[[link]]` leads.
    pub fn destination(&self, link: Span) -> Option<&Destination> {
        self.links.get(&link)
    }

    /// Where a link to a file of the book leads, and what an image shows.
    pub fn file(&self, link: Span) -> Option<&Destination> {
        self.files.get(&link)
    }

    /// The notes that rest on a paragraph of an article.
    pub fn cited_by(&self, article: usize, paragraph: u32) -> impl Iterator<Item = &Note> {
        let notes = self.cited_by.get(&(article, paragraph));
        notes.into_iter().flatten().map(|index| &self.notes[*index])
    }

    /// The notes that cite an article anywhere.
    pub fn citing(&self, article: usize) -> impl Iterator<Item = &Note> {
        self.citing_sources[article]
            .iter()
            .map(|index| &self.notes[*index])
    }

    /// The terms that occur in a paragraph.
    pub fn occurrences(&self, home: Home, paragraph: u32) -> &[Occurrence] {
        self.occurrences
            .get(&(home, paragraph))
            .map_or(&[], Vec::as_slice)
    }

    /// The paragraphs in which a term occurs, chapters first.
    pub fn places(&self, term: usize) -> &[(Home, u32)] {
        &self.places[term]
    }

    /// The term that a word means.
    pub fn term(&self, word: &str) -> Option<usize> {
        let exact = self
            .terms
            .iter()
            .position(|term| term.forms().any(|form| form.text == word));
        let folded = word.to_lowercase();
        exact.or_else(|| {
            let means = |term: &Term| term.forms().any(|form| form.text.to_lowercase() == folded);
            self.terms.iter().position(means)
        })
    }

    /// How the citations ended.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for cited in self.notes.iter().flat_map(|note| &note.cited) {
            if cited.source().is_some() {
                *tally.states.entry(cited.state()).or_default() += 1;
            }
        }
        tally
    }

    /// Every word that the glossary explains.
    fn forms(&self) -> BTreeSet<&str> {
        self.terms
            .iter()
            .flat_map(Term::forms)
            .map(|form| form.text.trim())
            .collect()
    }

    fn same_ids(&self) -> Vec<Diagnostic> {
        let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
        let mut diagnostics = Vec::new();
        let articles = self
            .articles
            .iter()
            .map(|article| (article.key.as_str(), article.file));
        let chapters = self
            .chapters
            .iter()
            .map(|chapter| (chapter.key.as_str(), chapter.file));
        for (key, file) in articles.chain(chapters) {
            let span = Span::new(file, 0..0);
            let Some((first, place)) = seen.insert(key.to_lowercase(), (key, span)) else {
                continue;
            };
            let message = if first == key {
                format!("the ID `{key}` is taken twice")
            } else {
                format!("the IDs `{first}` and `{key}` differ only in case")
            };
            diagnostics.push(
                Diagnostic::new(Lint::DuplicateId, span, message)
                    .related(place, "the other one")
                    .help("rename one of the files"),
            );
        }
        diagnostics
    }

    fn verify(&mut self) -> Vec<Diagnostic> {
        let forms = self.forms();
        let verifier = Verifier::new(&self.articles, &forms);
        let writing = (0..self.chapters.len())
            .map(Home::Chapter)
            .chain((0..self.terms.len()).map(Home::Term));
        let homes: Vec<Home> = writing.collect();
        let checked: Vec<(Vec<Draft>, Vec<Diagnostic>)> = homes
            .par_iter()
            .map(|home| self.drafts(*home, &verifier))
            .collect();
        let mut diagnostics = Vec::new();
        let mut notes = Vec::new();
        let mut by_span = HashMap::new();
        let mut glossary_number = 0;
        for (home, (drafts, mut found)) in homes.iter().zip(checked) {
            diagnostics.append(&mut found);
            let mut number = if matches!(home, Home::Term(_)) {
                glossary_number
            } else {
                0
            };
            for draft in drafts {
                number += 1;
                by_span.insert(draft.span, notes.len());
                notes.push(Note {
                    number,
                    ..draft.note
                });
            }
            if matches!(home, Home::Term(_)) {
                glossary_number = number;
            }
        }
        drop(verifier);
        self.notes = notes;
        self.notes_by_span = by_span;
        self.turn_round();
        diagnostics
    }

    /// The notes of one document, not yet numbered.
    fn drafts(&self, home: Home, verifier: &Verifier<'_>) -> (Vec<Draft>, Vec<Diagnostic>) {
        let mut drafts = Vec::new();
        let mut diagnostics = Vec::new();
        let quoted = Quoted::of(self.document(home));
        diagnostics.extend(verifier.unattributed(&quoted.unattributed));
        let mut draft = |span: Span, citations: &[crate::reference::Citation], note: Note| {
            let carried = quoted.by_group.get(&span).map_or(&[][..], Vec::as_slice);
            let (cited, mut problems) = verifier.group(citations, carried);
            diagnostics.append(&mut problems);
            if !cited.is_empty() {
                drafts.push(Draft {
                    span,
                    note: Note { cited, ..note },
                });
            }
        };
        let blank = || Note {
            home,
            number: 0,
            paragraph: None,
            cited: Vec::new(),
            in_text: false,
            around: String::new(),
        };
        for (paragraph, prose) in self.document(home).proses() {
            for group in &prose.citations {
                let around = leading_words(&prose.text.text, group.at as usize);
                let note = Note {
                    paragraph,
                    in_text: group.in_text,
                    around,
                    ..blank()
                };
                draft(group.span, &group.citations, note);
            }
        }
        if let Home::Term(index) = home {
            for citation in &self.terms[index].cites {
                draft(citation.span, std::slice::from_ref(citation), blank());
            }
        }
        (drafts, diagnostics)
    }

    /// From the citing places to the cited ones.
    fn turn_round(&mut self) {
        for (index, note) in self.notes.iter().enumerate() {
            for cited in &note.cited {
                let Some(source) = cited.source() else {
                    continue;
                };
                if self.citing_sources[source].last() != Some(&index) {
                    self.citing_sources[source].push(index);
                }
                for paragraph in cited.paragraphs() {
                    let citing = self.cited_by.entry((source, *paragraph)).or_default();
                    if citing.last() != Some(&index) {
                        citing.push(index);
                    }
                }
            }
        }
    }

    fn find_terms(&mut self, matcher: &Matcher) -> Vec<Diagnostic> {
        let (exceptions, diagnostics) = self.exceptions();
        let homes = self.homes();
        let found: Vec<Vec<(u32, Vec<Occurrence>)>> = homes
            .par_iter()
            .map(|home| {
                let paragraphs = self.document(*home).paragraphs.iter();
                let shown = paragraphs.filter(|paragraph| !self.omits(*home, paragraph.number));
                let terms = shown.map(|paragraph| {
                    let mut occurrences = matcher.occurrences(paragraph);
                    occurrences.retain(|hit| {
                        *home != Home::Term(hit.term)
                            && !exceptions
                                .iter()
                                .any(|exception| exception.covers(*home, paragraph.number, *hit))
                    });
                    (paragraph.number, occurrences)
                });
                terms
                    .filter(|(_, occurrences)| !occurrences.is_empty())
                    .collect()
            })
            .collect();
        for (home, paragraphs) in homes.into_iter().zip(found) {
            for (number, occurrences) in paragraphs {
                for hit in &occurrences {
                    let places = &mut self.places[hit.term];
                    if places.last() != Some(&(home, number)) {
                        places.push((home, number));
                    }
                }
                self.occurrences.insert((home, number), occurrences);
            }
        }
        for places in &mut self.places {
            places.sort_unstable();
            places.dedup();
        }
        diagnostics
    }

    fn exceptions(&self) -> (Vec<Exception>, Vec<Diagnostic>) {
        let forms = self.forms();
        let verifier = Verifier::new(&self.articles, &forms);
        let mut exceptions = Vec::new();
        let mut diagnostics = Vec::new();
        for (term, entry) in self.terms.iter().enumerate() {
            for citation in &entry.except {
                let (cited, mut found) = verifier.verify(citation);
                diagnostics.append(&mut found);
                let Some(cited) = cited else { continue };
                let Some(article) = cited.source() else {
                    continue;
                };
                if cited.quotation().is_none() {
                    let all = self.articles[article]
                        .document
                        .paragraphs
                        .iter()
                        .map(|p| p.number);
                    let named = cited.paragraphs().iter().copied();
                    let whole: Vec<u32> = if cited.paragraphs().is_empty() {
                        all.collect()
                    } else {
                        named.collect()
                    };
                    let whole = whole.into_iter().map(|p| (p, 0..usize::MAX));
                    exceptions.extend(whole.map(|(paragraph, range)| Exception {
                        term,
                        home: Home::Article(article),
                        paragraph,
                        range,
                    }));
                    continue;
                }
                exceptions.extend(verifier.passages(&cited).into_iter().map(
                    |(paragraph, range)| Exception {
                        term,
                        home: Home::Article(article),
                        paragraph,
                        range,
                    },
                ));
            }
        }
        (exceptions, diagnostics)
    }

    fn see_also(&self) -> Vec<Diagnostic> {
        let known = || self.terms.iter().map(|term| term.key.text.as_str());
        let wrong = self.terms.iter().flat_map(|term| &term.see);
        wrong
            .filter(|word| self.term(&word.text).is_none())
            .map(|word| {
                let message = format!("the glossary has no term `{}`", word.text);
                let diagnostic = Diagnostic::new(Lint::UnresolvedLink, word.whole(), message);
                match crate::diagnostic::nearest(&word.text, known()) {
                    Some(near) => diagnostic
                        .help(format!("did you mean `{near}`?"))
                        .fix(word.whole(), near),
                    None => diagnostic.help("add the entry, or take the word out of `see`"),
                }
            })
            .collect()
    }
}

/// A note before it has its number, and the place that it is found by.
struct Draft {
    span: Span,
    note: Note,
}

/// A place where a term's words mean something else.
struct Exception {
    term: usize,
    home: Home,
    paragraph: u32,
    range: std::ops::Range<usize>,
}

impl Exception {
    fn covers(&self, home: Home, paragraph: u32, hit: Occurrence) -> bool {
        self.term == hit.term
            && self.home == home
            && self.paragraph == paragraph
            && self.range.start < hit.end as usize
            && (hit.start as usize) < self.range.end
    }
}

/// The sentence that leads up to a position, shortened from its front.
fn leading_words(text: &str, at: usize) -> String {
    const LONGEST: usize = 140;
    let before = text[..text.floor_char_boundary(at)].trim_end();
    let before = before.rsplit('\n').next().unwrap_or(before);
    let body = before.trim_end_matches(['.', '?', '!', '。', ',', ';']);
    let sentence = body
        .rmatch_indices(['.', '?', '!', '。'])
        .map(|(at, stop)| at + stop.len())
        .find(|at| {
            body[*at..].starts_with(char::is_whitespace) && !ends_in_abbreviation(&body[..*at])
        })
        .unwrap_or(0);
    let words = before[sentence..].trim();
    let Some((cut, _)) = words.char_indices().rev().nth(LONGEST) else {
        return words.to_owned();
    };
    let cut = words[cut..].find(' ').map_or(cut, |space| cut + space + 1);
    words[cut..].to_owned()
}
