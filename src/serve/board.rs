//! What is shown at the moment: the last good state of the book, and what is wrong with the newest one.

use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::change::Change;
use super::generation::Generation;
use crate::diagnostic::{self, Diagnostic, Level};
use crate::source::Sources;

/// More errors than this are counted, not shown over the page.
const MOST_PROBLEMS: usize = 20;

/// Columns of a diagnostic over the page.
const WIDTH: usize = 100;

/// What is shown at the moment, for everyone to read; only the builder writes on it.
pub(super) struct Board {
    /// Tells this run of the server from earlier ones at the same address.
    run: String,
    standing: RwLock<Standing>,
    news: watch::Sender<Arc<str>>,
}

#[derive(Default)]
struct Standing {
    good: Option<Arc<Generation>>,
    /// The newest state of the texts, good or not.
    newest: Arc<Sources>,
    /// How often anything was written here.
    number: u64,
    /// How often the pages, the style sheets, other files changed.
    pages: u64,
    styles: u64,
    assets: u64,
    problems: Vec<Value>,
    errors: usize,
}

impl Board {
    /// An empty board.
    pub(super) fn new(run: String) -> Self {
        let board = Board {
            run,
            standing: RwLock::default(),
            news: watch::channel("".into()).0,
        };
        board.announce();
        board
    }

    /// Shows a good state of the book.
    pub(super) fn show(&self, good: Generation, newest: Arc<Sources>, change: Change) {
        let mut standing = self.write();
        standing.good = Some(Arc::new(good));
        standing.newest = newest;
        standing.pages += u64::from(change.pages || change.assets);
        standing.styles += u64::from(change.styles);
        standing.assets += u64::from(change.assets);
        standing.problems.clear();
        standing.errors = 0;
        drop(standing);
        self.announce();
    }

    /// Shows what is wrong, over the last good state.
    pub(super) fn complain(&self, diagnostics: &[Diagnostic], newest: Arc<Sources>) {
        let errors = || diagnostics.iter().filter(|d| d.level == Level::Deny);
        let problems = errors().take(MOST_PROBLEMS);
        let mut standing = self.write();
        standing.problems = problems.map(|error| problem(error, &newest)).collect();
        standing.errors = errors().count();
        standing.newest = newest;
        drop(standing);
        self.announce();
    }

    /// The last good state of the book.
    pub(super) fn good(&self) -> Option<Arc<Generation>> {
        self.read().good.clone()
    }

    /// The newest state of the texts, good or not.
    pub(super) fn newest(&self) -> Arc<Sources> {
        Arc::clone(&self.read().newest)
    }

    /// What is wrong, as printed.
    pub(super) fn problems(&self) -> String {
        let mut text = String::new();
        for problem in &self.read().problems {
            let _ = writeln!(text, "{}\n", problem["text"].as_str().unwrap_or_default());
        }
        text
    }

    /// Tells a page's bytes from others, and from the same ones beside other images.
    pub(super) fn tag(&self, page: &[u8]) -> String {
        let assets = self.read().assets.to_le_bytes();
        let hash = blake3::Hasher::new()
            .update(page)
            .update(&assets)
            .update(self.run.as_bytes())
            .finalize();
        hash.to_hex()[..20].to_owned()
    }

    /// The names of the present pages and style sheets.
    pub(super) fn names(&self) -> (String, String) {
        let standing = self.read();
        let name = |count: u64| format!("{}-{count}", self.run);
        (name(standing.pages), name(standing.styles))
    }

    /// What stands here, as the client script gets it.
    pub(super) fn state(&self) -> Arc<str> {
        Arc::clone(&self.news.borrow())
    }

    /// Gives every new state, the present one first.
    pub(super) fn follow(&self) -> watch::Receiver<Arc<str>> {
        let mut news = self.news.subscribe();
        news.mark_changed();
        news
    }

    fn announce(&self) {
        let (pages, styles) = self.names();
        let mut standing = self.write();
        standing.number += 1;
        let state = json!({
            "run": self.run,
            "number": standing.number,
            "pages": pages,
            "styles": styles,
            "errors": standing.errors,
            "problems": standing.problems,
        });
        self.news.send_replace(state.to_string().into());
    }

    fn read(&self) -> RwLockReadGuard<'_, Standing> {
        self.standing.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Standing> {
        let standing = self.standing.write();
        standing.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A diagnostic as `check` prints it.
pub(super) fn printed(diagnostic: &Diagnostic, sources: &Sources) -> String {
    diagnostic::text(diagnostic, sources, false, WIDTH)
}

/// `{level, code, message, file, line, …, text}`: as for programs, and as printed.
fn problem(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let object = serde_json::from_str(&diagnostic::json(diagnostic, sources));
    let mut object: Value = object.unwrap_or_default();
    object["text"] = printed(diagnostic, sources).into();
    object
}
