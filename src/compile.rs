//! From sources to a resolved book: a pure function.

mod cascade;
mod fault;
mod follow_on;
mod lost;
mod misnamed;
mod stray;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use crate::annotation::{self, Annotations, LeftOut};
use crate::book::{Book, Material};
use crate::config::{self, Config};
use crate::csl;
use crate::diagnostic::{self, Diagnostic, Level, Lint};
use crate::lock::{self, Lock};
use crate::manuscript::{self, Article, Chapter, Role, role_of};
use crate::source::{Fault, File, FileId, Sources, Span};
use crate::yaml::{self, Misread};
use fault::fault;

/// A compiled book: always there, with everything that is wrong with it.
pub struct Compilation {
    /// The book, as far as it could be read.
    pub book: Book,
    /// What is wrong, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    read: Vec<Arc<Reading>>,
}

impl Compilation {
    /// Whether the book may be published: nothing is an error.
    pub fn publishable(&self) -> bool {
        self.errors() == 0
    }

    /// The compilation that no other will follow, without what each file was read as.
    #[must_use]
    pub fn without_readings(mut self) -> Self {
        self.read.clear();
        self
    }

    /// Whether the lock after a build differs from what it is.
    pub fn changes_lock(&self, sources: &Sources) -> bool {
        let settled = &self.book.settled;
        let exists = sources.find(lock::PATH).is_some();
        *settled != *self.book.lock || (!exists && !settled.is_empty())
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        let denied = |diagnostic: &&Diagnostic| diagnostic.level == Level::Deny;
        self.diagnostics.iter().filter(denied).count()
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }
}

/// What a file was read as, by itself.
struct Reading {
    file: File,
    src: Arc<str>,
    part: Option<Part>,
    diagnostics: Vec<Diagnostic>,
}

/// One file of the book, read.
#[derive(Clone)]
enum Part {
    Article(Arc<Article>),
    Chapter(Arc<Chapter>),
    Annotations(Annotations),
    Lock(Arc<Lock>),
}

/// Compiles a book. What `previous` has read and found is used again wherever it cannot have changed; the result is
/// the same with it and without.
pub fn compile(sources: &Sources, previous: Option<&Compilation>) -> Compilation {
    let (config, mut diagnostics) = config(sources);
    let src: Arc<str> = config.book.src.as_str().into();
    let files: Vec<(FileId, &File)> = sources.files().collect();
    let read: Vec<Arc<Reading>> = files
        .par_iter()
        .enumerate()
        .map(|(index, (id, file))| {
            let known = previous.and_then(|previous| previous.read.get(index));
            let known = known.filter(|known| known.file == **file && known.src == src);
            known.map_or_else(|| Arc::new(reading(*id, file, &src)), Arc::clone)
        })
        .collect();
    let is_text = |reading: &Arc<Reading>| !matches!(reading.part, None | Some(Part::Lock(_)));
    if !read.iter().any(is_text) && sources.find(config::PATH).is_some() {
        let message = format!("the folder `{src}` has no articles, chapters or annotations");
        diagnostics.push(
            Diagnostic::maybe_at(Lint::MissingFile, config.places.src, message)
                .help("put them below it, or name their folder in book.toml: `src = \"…\"`"),
        );
    }
    diagnostics.extend(same_assets(sources));
    let strays = stray::Strays::new(&src, sources);
    let (mut articles, mut chapters) = (Vec::new(), Vec::new());
    let mut withheld_articles = Vec::new();
    let mut annotations = Annotations::default();
    let mut lock = Arc::default();
    for reading in &read {
        diagnostics.extend_from_slice(&reading.diagnostics);
        match reading.part.clone() {
            Some(Part::Article(article)) if !article.front.restricted => articles.push(article),
            Some(Part::Chapter(chapter)) if !chapter.front.restricted => chapters.push(chapter),
            Some(Part::Annotations(mut more)) => annotations.append(&mut more),
            Some(Part::Lock(read)) => lock = read,
            Some(Part::Chapter(chapter)) => {
                annotations.withheld.names.push(chapter.key.clone());
                annotations.withheld.citations.extend(left_out(&chapter));
            }
            Some(Part::Article(article)) => {
                annotations.withheld.names.push(article.key.clone());
                withheld_articles.push(article);
            }
            None => {}
        }
    }
    chapters.sort_by_cached_key(|chapter| reading_order(&sources.file(chapter.file).path));
    let levels = config.lints.clone();
    let (style, problem) = csl::Style::load(&config.style, &config.book.language, sources);
    diagnostics.extend(problem);
    diagnostics.extend(unreadable_style(&config, sources));
    let previous = previous.map(|previous| &previous.book);
    let withheld = annotations.withheld.clone();
    let (of_withheld, lock) = divided(lock, &withheld_articles);
    let material = Material {
        config,
        articles,
        chapters,
        annotations,
        lock,
    };
    let (mut book, mut found) = Book::new(material, sources, previous);
    if !withheld_articles.is_empty() {
        let previous = previous.and_then(Book::withheld);
        book.settle_withheld(withheld_articles, of_withheld, sources, previous);
    }
    book.style = style;
    diagnostics.append(&mut found);
    diagnostics.extend(book.mistakes_in(&withheld));
    // What is allowed explains nothing.
    diagnostics.retain(|d| levels.get(&d.lint) != Some(&Level::Allow));
    let every_error = denied(&diagnostics, &levels);
    misnamed::name_renamed(&mut diagnostics, &book, sources);
    misnamed::name_mistyped(&mut diagnostics, &book, sources);
    follow_on::drop(&mut diagnostics, sources, &levels);
    strays.tell(&mut diagnostics, sources);
    stray::name_others(&mut diagnostics, &book, sources);
    stray::name_chapters(&mut diagnostics, &book, sources);
    name_what_is_withheld(&mut diagnostics, &withheld.names, sources);
    take_back_misread_words(&mut diagnostics, sources);
    // What only follows from something else is an error where that is none.
    if denied(&diagnostics, &levels).is_empty() {
        diagnostics.extend(every_error);
    }
    Compilation {
        book,
        diagnostics: diagnostic::settle(diagnostics, &levels),
        read,
    }
}

/// Those of some problems that keep the book from being published.
fn denied(diagnostics: &[Diagnostic], levels: &BTreeMap<Lint, Level>) -> Vec<Diagnostic> {
    let denied = diagnostics
        .iter()
        .filter(|d| follow_on::stops_the_build(d, levels));
    denied.cloned().collect()
}

/// What the lock has of articles that are left out, and the rest of it.
fn divided(lock: Arc<Lock>, withheld: &[Arc<Article>]) -> (Arc<Lock>, Arc<Lock>) {
    if withheld.is_empty() {
        return (Arc::default(), lock);
    }
    let aliases = withheld.iter().flat_map(|article| &article.front.aliases);
    let aliases = aliases.map(|alias| alias.text.as_str());
    let keys = withheld.iter().map(|article| article.key.as_str());
    let keys: BTreeSet<&str> = keys.chain(aliases).collect();
    let (mut of_withheld, mut rest) = (Lock::default(), Lock::default());
    for (key, settled) in lock.articles() {
        let part = if keys.contains(key) {
            &mut of_withheld
        } else {
            &mut rest
        };
        part.settle(key, Arc::clone(settled));
    }
    (Arc::new(of_withheld), Arc::new(rest))
}

/// What a chapter that is left out cites.
fn left_out(chapter: &Chapter) -> Vec<LeftOut> {
    let cited = chapter.document.citations().into_iter();
    let left_out = cited.map(|(paragraph, citation)| LeftOut {
        place: manuscript::place(&chapter.key, paragraph),
        citation,
    });
    left_out.collect()
}

/// Says of what leads to something withheld that it is, instead of that there is no such thing.
fn name_what_is_withheld(diagnostics: &mut [Diagnostic], withheld: &[String], sources: &Sources) {
    let withheld: BTreeSet<&str> = withheld.iter().map(String::as_str).collect();
    for diagnostic in diagnostics {
        let place = diagnostic.at.as_ref().map(|label| label.span);
        let words = place.map_or("", |span| sources.slice(span));
        let named = match diagnostic.lint {
            Lint::UnresolvedSource | Lint::UnresolvedLink => Some(words),
            Lint::MissingFile => stray::ids_in(words).find(|id| withheld.contains(id)),
            _ => None,
        };
        if let Some(name) = named.filter(|name| withheld.contains(name)) {
            *diagnostic = Diagnostic {
                level: Level::Deny,
                ..Diagnostic::maybe_at(
                    diagnostic.lint,
                    place,
                    format!("`{name}` has an `audience`, so it is left out of what is built"),
                )
            }
            .help(format!(
                "take this out, give it the same `audience`, or take that of `{name}` out"
            ));
        }
    }
}

/// Offers a quotation no words of its source that would be read otherwise where it is written.
fn take_back_misread_words(diagnostics: &mut [Diagnostic], sources: &Sources) {
    let mut misread = Misread::new(sources);
    let drifted =
        |d: &&mut Diagnostic| matches!(d.lint, Lint::DriftedQuotation | Lint::DriftedSense);
    for diagnostic in diagnostics.iter_mut().filter(drifted) {
        let mut edits = diagnostic.fix.iter();
        if edits.any(|edit| misread.would_be(edit.span, &edit.replacement)) {
            diagnostic.fix.clear();
        }
    }
}

/// Chapters are read by the numbers of their names, `2-` before `10-`; a part's opening before its chapters.
fn reading_order(path: &str) -> Vec<(bool, u64, String)> {
    path.split('/')
        .map(|part| {
            let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = part[..digits].parse().unwrap_or(u64::MAX);
            (part != "index.md", number, part.to_owned())
        })
        .collect()
}

fn config(sources: &Sources) -> (Config, Vec<Diagnostic>) {
    let Some(id) = sources.find(config::PATH) else {
        let missing = Diagnostic::of_book(Lint::UnreadableFile, "the folder has no `book.toml`")
            .help("run `pincite init` to make a book here");
        return (Config::default(), vec![missing]);
    };
    let file = sources.file(id);
    match fault(file, false) {
        Some(fault) => (Config::default(), vec![unreadable(id, &fault)]),
        None => Config::parse(id, &file.text),
    }
}

/// The book's own style is no part of the folders that are read.
fn unreadable_style(config: &Config, sources: &Sources) -> Option<Diagnostic> {
    let id = sources.find(config.style.file()?)?;
    let fault = sources.file(id).fault.as_ref()?;
    Some(unreadable(id, fault))
}

fn unreadable(id: FileId, fault: &Fault) -> Diagnostic {
    let span = Span::new(id, fault.at.clone());
    Diagnostic::new(Lint::UnreadableFile, span, fault.message.clone()).help(fault.help.clone())
}

/// Assets whose names some file systems take for one, so that one would hide the other.
fn same_assets(sources: &Sources) -> Vec<Diagnostic> {
    let mut seen = BTreeMap::new();
    let twice = sources.assets().keys().filter_map(|path| {
        let folded: String = path.nfc().collect::<String>().to_lowercase();
        Some((seen.insert(folded, path)?, path))
    });
    let said = |(first, path): (&String, &String)| {
        let message =
            format!("the files `{first}` and `{path}` differ only in case or in Unicode form");
        Diagnostic::of_book(Lint::DuplicateId, message).help("rename one of the files")
    };
    twice.map(said).collect()
}

fn reading(id: FileId, file: &File, src: &Arc<str>) -> Reading {
    let (part, diagnostics) = part(id, file, src);
    Reading {
        file: file.clone(),
        src: Arc::clone(src),
        part,
        diagnostics,
    }
}

/// Reads one file by the folder that it stands in.
fn part(id: FileId, file: &File, src: &str) -> (Option<Part>, Vec<Diagnostic>) {
    let path = file.path.as_str();
    let role = role_of(path, src);
    let fault = if stray::is_stray(path, src) {
        file.fault.clone()
    } else {
        fault(file, matches!(role, Some(Role::Article(_))))
    };
    if let Some(Role::Article(key)) = role {
        let problem = manuscript::check_key(key, id);
        let (mut article, mut diagnostics) = manuscript::article(key.to_owned(), id, &file.text);
        diagnostics.extend(problem);
        if let Some(fault) = &fault {
            article.sound = false;
            diagnostics = vec![unreadable(id, fault)];
        }
        return (Some(Part::Article(Arc::new(article))), diagnostics);
    }
    if let Some(fault) = &fault {
        return (None, vec![unreadable(id, fault)]);
    }
    if path == lock::PATH {
        return match Lock::parse(id, &file.text) {
            Ok(lock) => (Some(Part::Lock(Arc::new(lock))), Vec::new()),
            Err(diagnostic) => (None, vec![*diagnostic]),
        };
    }
    if let Some(Role::Chapter {
        key,
        part,
        opens_part,
    }) = role
    {
        let problem = manuscript::check_key(key, id);
        let (chapter, mut diagnostics) =
            manuscript::chapter(key.to_owned(), part.to_owned(), opens_part, id, &file.text);
        diagnostics.extend(problem);
        return (Some(Part::Chapter(Arc::new(chapter))), diagnostics);
    }
    if role != Some(Role::Annotations) {
        return (None, Vec::new());
    }
    let (root, mut diagnostics) = yaml::parse_as(&annotation::FILE, id, &file.text);
    let Some(root) = root else {
        if file.text.trim().is_empty() {
            diagnostics.push(annotation::empty(Span::new(id, 0..0)));
        }
        return (None, diagnostics);
    };
    let (annotations, mut found) = Annotations::read(&root);
    // Its own errors say what has become of its entries.
    found.retain(|d| d.lint != Lint::StrayFile || diagnostics.is_empty());
    // A line that a trap has cut is not reported again for what it lacks.
    let line = |diagnostic: &Diagnostic| {
        let at = diagnostic.at.as_ref();
        file.line(at.map_or(0, |label| label.span.start as usize))
    };
    let cut: BTreeSet<usize> = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::YamlTrap)
        .map(line)
        .collect();
    let follows = |d: &Diagnostic| {
        matches!(d.lint, Lint::InvalidCitation | Lint::MissingField) && cut.contains(&line(d))
    };
    diagnostics.extend(found.into_iter().filter(|d| cut.is_empty() || !follows(d)));
    (Some(Part::Annotations(annotations)), diagnostics)
}
