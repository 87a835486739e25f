//! The live preview: serves the book from memory on this machine, and follows every change of its files.
//!
//! One thread builds; hyper's answer. What is served is always the last good state of the book; what is wrong with the
//! newest one is shown over it. Nothing is written.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the floor of the network, the clock, and the author's editor"
)]

mod answer;
mod board;
mod change;
mod door;
mod editor;
mod generation;
mod page;
mod places;
mod range;
mod watch;
mod wire;

pub use editor::Editor;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::compile::{Compilation, compile};
use crate::config::{self, Config};
use crate::diagnostic::{self, Diagnostic, Level, Lint};
use crate::disk;
use crate::source::Sources;
use answer::Server;
use board::Board;
use change::Change;
use generation::Generation;
use watch::{Batch, Watch};

/// What is served, and how.
pub struct Options {
    /// The book's folder.
    pub root: PathBuf,
    /// The port that is wanted; the next free one is taken.
    pub port: u16,
    /// The author's editor, if pages are to lead to it.
    pub editor: Option<Editor>,
}

/// What there is to tell.
pub enum News<'n> {
    /// The server listens.
    Listening {
        /// `http://127.0.0.1:4000/`
        address: &'n str,
        /// The port that was wanted and is in use.
        taken: Option<u16>,
    },
    /// The book was built.
    Built(Built<'n>),
    /// The system does not tell of changes, so the folders are looked at now and then.
    Polling,
    /// The book's folder could not be read.
    Unreadable(&'n io::Error),
}

/// What came of a build.
pub struct Built<'n> {
    /// The files that changed; none at first.
    pub changed: &'n BTreeSet<String>,
    /// What is wrong.
    pub diagnostics: &'n [Diagnostic],
    /// What of it was not wrong after the build before.
    pub news: &'n [Diagnostic],
    /// The texts that the diagnostics speak of.
    pub sources: &'n Sources,
    /// What was verified.
    pub summary: String,
    /// Whether there are pages to show, these or earlier ones.
    pub shown: bool,
    /// How long it took, from the last change on.
    pub time: Duration,
}

/// Serves a book until the process is ended.
///
/// # Errors
///
/// Fails where the book's folder cannot be reached or watched, or no port is free.
pub fn serve(options: Options, tell: &mut dyn FnMut(&News<'_>)) -> io::Result<()> {
    let root = options.root.canonicalize()?;
    let listener = wire::listen(options.port)?;
    let port = listener.local_addr()?.port();
    let board = Arc::new(Board::new(random()?[..8].to_owned()));
    let mut builder = Builder {
        watch: Watch::new(&root).map_err(io::Error::other)?,
        root: root.clone(),
        board: Arc::clone(&board),
        newest: Arc::default(),
        good: None,
        compiled: None,
        last: BTreeSet::new(),
        tell,
    };
    builder.start()?;
    let server = Server {
        root,
        port,
        board,
        editor: options.editor,
        token: random()?,
    };
    thread::Builder::new().spawn(move || wire::run(listener, &Arc::new(server)))?;
    let address = format!("http://127.0.0.1:{port}/");
    let taken = (port != options.port && options.port != 0).then_some(options.port);
    (builder.tell)(&News::Listening {
        address: &address,
        taken,
    });
    builder.follow();
    Ok(())
}

/// A word that nobody guesses.
fn random() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// What a diagnostic is about, wherever it has moved.
type Subject = (Lint, Level, String, Option<(String, String)>);

/// Builds the book at every change.
struct Builder<'t> {
    root: PathBuf,
    board: Arc<Board>,
    watch: Watch,
    /// The newest state of the files.
    newest: Arc<Sources>,
    /// The state of the files that is shown.
    good: Option<Arc<Sources>>,
    /// What was compiled last, and from how many files.
    compiled: Option<(usize, Arc<Compilation>)>,
    /// What was wrong after the last build.
    last: BTreeSet<Subject>,
    tell: &'t mut dyn FnMut(&News<'_>),
}

impl Builder<'_> {
    fn start(&mut self) -> io::Result<()> {
        let started = Instant::now();
        let sources = self.settled(disk::read(&self.root)?)?;
        if self.watch.polls() {
            (self.tell)(&News::Polling);
        }
        self.build(sources, &BTreeSet::new(), started);
        Ok(())
    }

    /// Builds after each batch of changes, for ever.
    fn follow(&mut self) {
        while let Some(batch) = self.watch.wait() {
            let started = Instant::now();
            match self.read(&batch) {
                Ok(sources) => {
                    let changed = change::changed(&self.newest, &sources);
                    if !changed.is_empty() {
                        self.build(sources, &changed, started);
                    }
                }
                Err(error) => (self.tell)(&News::Unreadable(&error)),
            }
        }
    }

    fn read(&mut self, batch: &Batch) -> io::Result<Sources> {
        let sources = if batch.more {
            disk::read(&self.root)?
        } else {
            disk::read_again(&self.root, &self.newest, &batch.paths)?
        };
        self.settled(sources)
    }

    /// The sources, every folder of which is watched; read again where one was not yet, or where a file went while they
    /// were read, as many do when a branch is switched.
    fn settled(&mut self, mut sources: Sources) -> io::Result<Sources> {
        for _ in 0..3 {
            let config = sources
                .find(config::PATH)
                .map(|id| Config::parse(id, &sources.file(id).text).0);
            let new = self.watch.follow(&config.unwrap_or_default());
            if !new.map_err(io::Error::other)? && !self.has_vanished(&sources) {
                break;
            }
            sources = disk::read(&self.root)?;
        }
        Ok(sources)
    }

    fn has_vanished(&self, sources: &Sources) -> bool {
        let mut faulty = sources.files().filter(|(_, file)| file.fault.is_some());
        faulty.any(|(_, file)| !disk::exists(&self.root.join(&file.path)))
    }

    fn build(&mut self, sources: Sources, changed: &BTreeSet<String>, started: Instant) {
        let sources = Arc::new(sources);
        self.newest = Arc::clone(&sources);
        let (change, new_theme) = self.change(&sources);
        let compilation = self.compiled(&sources, changed);
        let mut diagnostics = compilation.diagnostics.clone();
        let levels = compilation.book.config.lints.clone();
        let Some((generation, mistakes)) = start(&sources, compilation, new_theme) else {
            return;
        };
        let summary = generation.ask(|view| view.edition.summary());
        diagnostics.extend(diagnostic::settle(mistakes, &levels));
        if diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Deny)
        {
            self.board.complain(&diagnostics, Arc::clone(&sources));
        } else {
            self.board.show(generation, Arc::clone(&sources), change);
            self.good = Some(Arc::clone(&sources));
        }
        let news = self.news(&diagnostics, &sources);
        (self.tell)(&News::Built(Built {
            changed,
            diagnostics: &diagnostics,
            news: &news,
            sources: &sources,
            summary: summary.unwrap_or_default(),
            shown: self.good.is_some(),
            time: started.elapsed(),
        }));
    }

    /// The compiled book and what is wrong with it. A theme's files say nothing about the book, so after a change of
    /// them alone it is as it was.
    fn compiled(&mut self, sources: &Sources, changed: &BTreeSet<String>) -> Arc<Compilation> {
        let of_theme = |path: &String| {
            let file = sources.find(path).map(|id| sources.file(id));
            path.starts_with("themes/") && file.is_some_and(|file| file.fault.is_none())
        };
        if let Some((files, compiled)) = &self.compiled
            && *files == sources.files().count()
            && !compiled
                .diagnostics
                .iter()
                .any(|d| d.lint == Lint::UnreadableFile)
            && changed.iter().all(of_theme)
        {
            return Arc::clone(compiled);
        }
        let previous = self.compiled.as_ref().map(|(_, compiled)| &**compiled);
        let compiled = Arc::new(compile(sources, previous));
        self.compiled = Some((sources.files().count(), Arc::clone(&compiled)));
        compiled
    }

    /// What has changed since the state that is shown, and whether the theme has.
    fn change(&self, sources: &Sources) -> (Change, bool) {
        let Some(good) = &self.good else {
            return (Change::everything(), true);
        };
        let paths = change::changed(good, sources);
        let new_theme = change::touches_theme(&paths);
        (Change::of(&paths, good, sources), new_theme)
    }

    /// What was not wrong after the last build; what has only moved was.
    fn news(&mut self, diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Diagnostic> {
        let subject = |diagnostic: &Diagnostic| subject(diagnostic, sources);
        let is_new = |diagnostic: &&Diagnostic| !self.last.contains(&subject(diagnostic));
        let news = diagnostics.iter().filter(is_new).cloned().collect();
        self.last = diagnostics.iter().map(subject).collect();
        news
    }
}

/// Makes a state of the book that can be shown, and says what its theme gets wrong. Templates show their mistakes when
/// they are used, so after a change of the theme each is tried.
fn start(
    sources: &Arc<Sources>,
    compilation: Arc<Compilation>,
    new_theme: bool,
) -> Option<(Generation, Vec<Diagnostic>)> {
    let (generation, mut mistakes) = Generation::start(Arc::clone(sources), compilation)?;
    if new_theme && mistakes.is_empty() {
        mistakes.extend(generation.probe());
    }
    Some((generation, mistakes))
}

fn subject(diagnostic: &Diagnostic, sources: &Sources) -> Subject {
    let at = diagnostic.at.as_ref().map(|label| {
        let file = sources.file(label.span.file);
        (file.path.clone(), sources.slice(label.span).to_owned())
    });
    (
        diagnostic.lint,
        diagnostic.level,
        diagnostic.message.clone(),
        at,
    )
}
