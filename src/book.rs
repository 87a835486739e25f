//! The book: everything resolved against everything else.

mod anchors;
mod comments;
mod evidence;
mod ids;
mod likelihood;
mod lints;
mod located;
mod lookalikes;
mod markup;
mod names;
mod notes;
mod renumbered;
mod resettle;
mod resolve;
mod settle;
mod shown;
mod tags;
mod terms;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::annotation::{Annotations, Claim, Comment, Event, Provenance, Term, Withheld};
use crate::config::Config;
use crate::csl;
use crate::diagnostic::Diagnostic;
use crate::glossary::{Matcher, Occurrence};
use crate::lock::{Id, Lock};
use crate::manuscript::{Article, Chapter, FrontMatter};
use crate::markdown::Document;
use crate::reference::Slugs;
use crate::source::{Sources, Span};
use crate::verify::{Finder, State, Verifier};
use names::Names;

pub use comments::{Commented, Passage};
pub use evidence::Coverage;
pub use located::Located;
use notes::Check;
pub use notes::{Footnoted, Note};
pub use resettle::Drifted;
pub use resolve::Destination;
pub use tags::Tag;
use terms::{Exception, Occurrences};

/// A book whose every reference has been looked up.
#[derive(Debug, Default)]
pub struct Book {
    /// What `book.toml` says.
    pub config: Config,
    /// The citation style; none for `plain`.
    pub style: Option<csl::Style>,
    /// The sources in the order of their paths.
    pub articles: Vec<Arc<Article>>,
    /// The chapters in reading order.
    pub chapters: Vec<Arc<Chapter>>,
    /// The glossary in the order of its terms.
    pub terms: Vec<Arc<Term>>,
    /// The slug of each term.
    pub slugs: Vec<String>,
    /// The comments in the order of their passages.
    pub comments: Vec<Commented>,
    /// The comments whose passages are nowhere, in the order of the files; they are not shown.
    pub lost_comments: Vec<Arc<Comment>>,
    /// The claims in the order of the files.
    pub claims: Vec<Arc<Claim>>,
    /// The events by earliest bound, then precision.
    pub events: Vec<Arc<Event>>,
    /// The tags in the order of their slugs.
    pub tags: Vec<Tag>,
    /// The notes: every place that cites, in reading order.
    pub notes: Vec<Arc<Note>>,
    /// What the citations were settled against.
    pub lock: Arc<Lock>,
    /// The lock as a build of this book leaves it.
    pub settled: Lock,
    /// The durable ids of the paragraphs of edited articles.
    edited: BTreeMap<usize, Vec<Option<Id>>>,
    withheld: Withheld,
    /// The articles that are left out, with what is left out and cites them: a book of its own, which nobody reads.
    of_withheld: Option<Box<Book>>,
    checks: BTreeMap<Home, Arc<Check>>,
    notes_by_span: HashMap<Span, usize>,
    notes_by_home: BTreeMap<Home, Range<usize>>,
    footnotes: BTreeMap<Home, Vec<Footnoted>>,
    /// How many notes stand on a document's page before its own.
    numbered_before: BTreeMap<Home, u32>,
    comments_by_place: BTreeMap<(Home, Option<u32>), Vec<usize>>,
    links: BTreeMap<Span, Destination>,
    files: HashMap<Span, Destination>,
    cited_by: BTreeMap<(usize, u32), Vec<usize>>,
    citing_sources: Vec<Vec<usize>>,
    occurrences: HashMap<Home, Arc<Occurrences>>,
    exceptions: Vec<Exception>,
    /// Every word that the glossary explains.
    forms: Arc<BTreeSet<String>>,
    verifier: Verifier,
    /// The chapters as texts that passages are looked for in, made when they are first asked for.
    passable: Vec<OnceLock<Box<Verifier>>>,
    /// For each term the places where it occurs: a document, by index into what `homes` gives, and a paragraph.
    places: Vec<Vec<(u32, u32)>>,
    homes: Vec<Home>,
    /// Made when the first link asks for it.
    names: OnceLock<Names>,
}

/// What a book is made from, read file by file.
pub struct Material {
    /// What `book.toml` says.
    pub config: Config,
    /// The sources in the order of their paths.
    pub articles: Vec<Arc<Article>>,
    /// The chapters in reading order.
    pub chapters: Vec<Arc<Chapter>>,
    /// The annotations of all files.
    pub annotations: Annotations,
    /// What the citations were settled against.
    pub lock: Arc<Lock>,
}

/// How many documents one core works on before it looks whether another has nothing to do: chapters, articles and
/// entries stand together in their order and differ much in length.
const HANDFUL: usize = 8;

/// Where something of the book stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Home {
    /// A chapter, by index.
    Chapter(usize),
    /// An article, by index.
    Article(usize),
    /// A comment on a passage, by index.
    Comment(usize),
    /// A claim, by index.
    Claim(usize),
    /// An event of the timeline, by index.
    Event(usize),
    /// A glossary entry, by index.
    Term(usize),
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
    ///
    /// What `previous` has found out about texts that are still the same is taken from it.
    pub fn new(
        material: Material,
        sources: &Sources,
        previous: Option<&Book>,
    ) -> (Self, Vec<Diagnostic>) {
        let Material {
            config,
            articles,
            chapters,
            annotations,
            lock,
        } = material;
        let Annotations {
            mut terms,
            comments,
            claims,
            mut events,
            withheld,
            unshown,
        } = annotations;
        events.sort_by_key(|event| event.date.order());
        terms.sort_by_cached_key(|term| {
            (
                crate::reference::slug(term.order()),
                term.key.text.to_string(),
            )
        });
        let mut slugs = Slugs::default();
        // With a previous book few texts are searched again.
        let length = match previous {
            Some(_) => 0,
            None => sources.files().map(|(_, file)| file.text.len()).sum(),
        };
        let forms = forms_of(&terms);
        let known = previous.map(|book| &book.verifier);
        let verifier = Verifier::new(articles, &config.book.language, known)
            .besides(Arc::clone(&forms))
            .with_lock(Arc::clone(&lock), known);
        let articles = verifier.articles().to_vec();
        let mut book = Book {
            config,
            slugs: terms
                .iter()
                .map(|term| slugs.give(&term.key.text))
                .collect(),
            citing_sources: vec![Vec::new(); articles.len()],
            forms,
            verifier,
            passable: chapters.iter().map(|_| OnceLock::new()).collect(),
            articles,
            chapters,
            terms,
            claims,
            events,
            lock,
            withheld,
            ..Book::default()
        };
        let renumbered = book.renumbered(&comments);
        book.verifier.read_in_text_of_today(renumbered);
        let sought = book.terms.clone();
        let verified = || {
            let mut diagnostics = book.place_comments(comments, previous);
            diagnostics.extend(book.look_up(&unshown));
            book.collect_tags();
            diagnostics.extend(book.verify(sources, previous));
            diagnostics
        };
        let ((matcher, mut diagnostics), verified) =
            rayon::join(|| Matcher::new(&sought, length), verified);
        diagnostics.extend(verified);
        diagnostics.extend(book.find_terms(&matcher, previous));
        diagnostics.extend(resolve::links(&mut book, sources));
        (book.settled, book.edited) = book.settle(previous);
        diagnostics.extend(book.lints());
        (book, diagnostics)
    }

    /// Settles the citations of articles that are left out with the others.
    pub fn settle_withheld(
        &mut self,
        articles: Vec<Arc<Article>>,
        lock: Arc<Lock>,
        sources: &Sources,
        previous: Option<&Book>,
    ) {
        let withheld = Withheld {
            names: Vec::new(),
            citations: self.withheld.citations.clone(),
        };
        let material = Material {
            config: self.config.clone(),
            articles,
            chapters: Vec::new(),
            annotations: Annotations {
                withheld,
                ..Annotations::default()
            },
            lock,
        };
        let (book, _) = Book::new(material, sources, previous);
        for (key, settled) in book.settled.articles() {
            self.settled.settle(key, Arc::clone(settled));
        }
        self.of_withheld = Some(Box::new(book));
    }

    /// The articles that are left out, with what is left out and cites them.
    pub fn withheld(&self) -> Option<&Book> {
        self.of_withheld.as_deref()
    }

    /// This book, and the one of what is left out of it.
    pub fn with_withheld(&self) -> impl Iterator<Item = &Book> {
        std::iter::once(self).chain(self.withheld())
    }

    /// What is wrong with the book as a whole, each kind sought beside the others.
    fn lints(&self) -> Vec<Diagnostic> {
        let lints: [&(dyn Fn() -> Vec<Diagnostic> + Sync); 13] = [
            &|| self.check_ids(),
            &|| self.check_copies(),
            &|| self.displaced(),
            &|| self.omissions(),
            &|| self.see_also(),
            &|| lints::unused_terms(self),
            &|| evidence::uncited_paragraphs(self),
            &|| evidence::single_sources(self),
            &|| evidence::circular_sources(self),
            &|| evidence::own_origins(self),
            &|| evidence::stale_sources(self),
            &|| likelihood::mixed_rows(self),
            &|| likelihood::contradicted(self),
        ];
        let found = lints.par_iter().flat_map_iter(|lint| lint());
        found.collect()
    }

    /// The document that stands somewhere.
    pub fn document(&self, home: Home) -> &Document {
        match home {
            Home::Chapter(index) => &self.chapters[index].document,
            Home::Article(index) => &self.articles[index].document,
            Home::Comment(index) => &self.comments[index].comment.text,
            Home::Claim(index) => &self.claims[index].text,
            Home::Event(index) => &self.events[index].text,
            Home::Term(index) => &self.terms[index].text,
        }
    }

    /// What something is to other programs, and its ID or its term; a note or an event may have none.
    pub fn kind_and_id(&self, home: Home) -> (&'static str, Option<&str>) {
        match home {
            Home::Chapter(index) => ("chapter", Some(&self.chapters[index].key)),
            Home::Article(index) => ("article", Some(&self.articles[index].key)),
            Home::Claim(index) => ("claim", Some(&self.claims[index].key.text)),
            Home::Term(index) => ("term", Some(&self.terms[index].key.text)),
            Home::Comment(index) => {
                let id = self.comments[index].comment.id.as_ref();
                ("note", id.map(|id| id.text.as_str()))
            }
            Home::Event(index) => {
                let id = self.events[index].id.as_ref();
                ("event", id.map(|id| id.text.as_str()))
            }
        }
    }

    /// The front matter of a chapter or article.
    pub fn front(&self, home: Home) -> Option<&FrontMatter> {
        match home {
            Home::Chapter(index) => Some(&self.chapters[index].front),
            Home::Article(index) => Some(&self.articles[index].front),
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => None,
        }
    }

    /// Who wrote an annotation, when, and its tags.
    pub fn provenance(&self, home: Home) -> Option<&Provenance> {
        match home {
            Home::Chapter(_) | Home::Article(_) => None,
            Home::Comment(index) => Some(&self.comments[index].comment.provenance),
            Home::Claim(index) => Some(&self.claims[index].provenance),
            Home::Event(index) => Some(&self.events[index].provenance),
            Home::Term(index) => Some(&self.terms[index].provenance),
        }
    }

    /// Whether a paragraph is left out.
    pub fn omits(&self, home: Home, paragraph: u32) -> bool {
        self.front(home).is_some_and(|front| front.omits(paragraph))
    }

    /// All documents in reading order, the authors' own and the sources.
    pub fn homes(&self) -> Vec<Home> {
        let articles = (0..self.articles.len()).map(Home::Article);
        let mut homes: Vec<Home> = self.writing().chain(articles).collect();
        homes.sort_unstable();
        homes
    }

    /// The authors' own documents in reading order.
    fn writing(&self) -> impl Iterator<Item = Home> + use<> {
        let chapters = (0..self.chapters.len()).map(Home::Chapter);
        let comments = (0..self.comments.len()).map(Home::Comment);
        let claims = (0..self.claims.len()).map(Home::Claim);
        let events = (0..self.events.len()).map(Home::Event);
        let terms = (0..self.terms.len()).map(Home::Term);
        chapters
            .chain(comments)
            .chain(claims)
            .chain(events)
            .chain(terms)
    }

    /// The note that a group of citations makes, if any of them leads somewhere.
    pub fn note(&self, group: Span) -> Option<&Note> {
        self.notes_by_span
            .get(&group)
            .map(|index| self.notes[*index].as_ref())
    }

    /// The footnotes of one document in the order of their numbers.
    pub fn footnotes_of(&self, home: Home) -> &[Footnoted] {
        self.footnotes.get(&home).map_or(&[], Vec::as_slice)
    }

    /// The notes of one document in the order of their numbers.
    pub fn notes_of(&self, home: Home) -> &[Arc<Note>] {
        let range = self.notes_by_home.get(&home).cloned();
        &self.notes[range.unwrap_or_default()]
    }

    /// The comments that have a passage in a paragraph; with none, those on the document as a whole.
    pub fn comments_on(&self, home: Home, paragraph: Option<u32>) -> &[usize] {
        self.comments_by_place
            .get(&(home, paragraph))
            .map_or(&[], Vec::as_slice)
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
        notes
            .into_iter()
            .flatten()
            .map(|index| self.notes[*index].as_ref())
    }

    /// The notes that cite an article anywhere.
    pub fn citing(&self, article: usize) -> impl Iterator<Item = &Note> {
        self.citing_sources[article]
            .iter()
            .map(|index| self.notes[*index].as_ref())
    }

    /// The terms that occur in a paragraph.
    pub fn occurrences(&self, home: Home, paragraph: u32) -> &[Occurrence] {
        self.occurrences
            .get(&home)
            .map_or(&[], |document| document.of(paragraph))
    }

    /// The durable ids of a cited article's paragraphs in order; none for other documents.
    pub fn durable_ids(&self, home: Home) -> Vec<Option<Id>> {
        let Home::Article(article) = home else {
            return Vec::new();
        };
        if let Some(ids) = self.edited.get(&article) {
            return ids.clone();
        }
        let settled = self.settled.article(&self.articles[article].key);
        let paragraphs = settled.map_or(&[][..], |settled| &settled.paragraphs);
        paragraphs.iter().map(|locked| Some(locked.id)).collect()
    }

    /// The durable id of a cited article's paragraph.
    pub fn durable_id(&self, article: usize, paragraph: u32) -> Option<Id> {
        let index = (paragraph as usize).checked_sub(1)?;
        if let Some(ids) = self.edited.get(&article) {
            return *ids.get(index)?;
        }
        let settled = self.settled.article(&self.articles[article].key)?;
        settled.paragraphs.get(index).map(|locked| locked.id)
    }

    /// The paragraphs in which a term occurs, chapters first.
    pub fn places(&self, term: usize) -> impl ExactSizeIterator<Item = (Home, u32)> {
        let places = self.places[term].iter();
        places.map(|(home, paragraph)| (self.homes[*home as usize], *paragraph))
    }

    /// Whether a term occurs anywhere.
    pub fn occurs(&self, term: usize) -> bool {
        !self.places[term].is_empty()
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(self))
    }

    /// The term that a word means.
    pub fn term(&self, word: &str) -> Option<usize> {
        let exact = self.names().terms.get(word);
        let in_any_case = || self.names().terms_in_lower_case.get(&word.to_lowercase());
        exact.or_else(in_any_case).copied()
    }

    /// The headings of a document in the order of its page, each with its address there and its words.
    pub fn headings(&self, home: Home) -> Vec<(String, &str)> {
        anchors::headings(self.document(home))
    }

    /// Finds what citations quote.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// What looks for words in the articles.
    pub fn finder(&self) -> Finder<'_> {
        Finder::new(&self.verifier)
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

    /// Whether another book of the same language has the same sources and glossary, and its citations were settled
    /// against the same ones.
    fn is_settled_as(&self, other: &Book) -> bool {
        self.config.book.language == other.config.book.language
            && self.forms == other.forms
            && self.lock == other.lock
            && self.verifier.reads_as(&other.verifier)
            && self.has_the_sources_of(other)
    }

    /// Whether another book has an article of the same key in the same file at each place.
    fn has_the_sources_of(&self, other: &Book) -> bool {
        let same = |(own, other): (&Arc<Article>, &Arc<Article>)| {
            Arc::ptr_eq(own, other) || (own.file == other.file && own.key == other.key)
        };
        self.articles.len() == other.articles.len()
            && self.articles.iter().zip(&other.articles).all(same)
    }

    /// Whether a document is still the same in another book, at the same place.
    fn is_unchanged(&self, home: Home, other: &Book) -> bool {
        match home {
            Home::Article(index) => same(&self.articles, &other.articles, index),
            Home::Chapter(index) => same(&self.chapters, &other.chapters, index),
            Home::Claim(index) => same(&self.claims, &other.claims, index),
            Home::Event(index) => same(&self.events, &other.events, index),
            Home::Term(index) => same(&self.terms, &other.terms, index),
            Home::Comment(index) => {
                let known = other.comments.get(index);
                known
                    .is_some_and(|known| Arc::ptr_eq(&self.comments[index].comment, &known.comment))
            }
        }
    }
}

/// All forms under which the glossary knows its terms.
fn forms_of(terms: &[Arc<Term>]) -> Arc<BTreeSet<String>> {
    let forms = terms.iter().flat_map(|term| term.forms());
    Arc::new(forms.map(|form| form.text.trim().to_owned()).collect())
}

/// Whether two books have one and the same thing at a place.
fn same<T>(own: &[Arc<T>], others: &[Arc<T>], index: usize) -> bool {
    let both = own.get(index).zip(others.get(index));
    both.is_some_and(|(own, other)| Arc::ptr_eq(own, other))
}
