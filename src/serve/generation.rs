//! A good state of the book. It lives on the stack of a thread of its own, which answers questions about it.
//!
//! A site borrows its edition, which borrows its book and sources: a stack is where the four stand together without
//! unsafe code. The thread ends, and frees them off everyone's path, when nobody can ask any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use crate::compile::Compilation;
use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::html;
use crate::site::{Page, Site};
use crate::source::{SitePath, Sources};

/// What can be asked about.
pub(super) struct View<'v> {
    pub(super) sources: &'v Sources,
    pub(super) edition: &'v Edition<'v>,
    pub(super) site: &'v Site<'v>,
}

/// What stands at a path of the site.
#[derive(Clone)]
pub(super) enum Content {
    /// A page that a template made.
    Page(Arc<[u8]>),
    /// A file of the theme.
    Bytes(Arc<[u8]>),
    /// A copy of the book's file at this path.
    Asset(String),
}

/// Why there is nothing to show at a path.
pub(super) enum Lack {
    /// Nothing stands there.
    NoSuchPage,
    /// The theme cannot show it; as printed.
    Mistake(String),
    /// The question was not answered: a thread could not start, or panicked.
    Unanswered,
}

type Question = Box<dyn FnOnce(&View<'_>) + Send>;

/// A handle on a good state of the book.
pub(super) struct Generation {
    questions: mpsc::Sender<Question>,
    /// The pages that were asked for.
    rendered: Mutex<BTreeMap<SitePath, Arc<[u8]>>>,
}

impl Generation {
    /// Starts the thread; gives the theme's mistakes as well.
    pub(super) fn start(
        sources: Arc<Sources>,
        compilation: Arc<Compilation>,
    ) -> Option<(Self, Vec<Diagnostic>)> {
        let (questions, asked) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        thread::Builder::new()
            .name("generation".into())
            .spawn(move || live(&sources, &compilation, &tell, asked))
            .ok()?;
        let generation = Generation {
            questions,
            rendered: Mutex::default(),
        };
        Some((generation, told.recv().ok()?))
    }

    /// Asks a question and waits for its answer, while others ask theirs.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = mpsc::channel();
        let question: Question = Box::new(move |view| {
            // Whoever asked may be gone.
            let _ = tell.send(question(view));
        });
        self.questions.send(question).ok()?;
        told.recv().ok()
    }

    /// What stands at a path; a page is rendered once.
    pub(super) fn content(&self, path: &SitePath) -> Result<Content, Lack> {
        if let Some(page) = self.lock().get(path) {
            return Ok(Content::Page(Arc::clone(page)));
        }
        let asked = path.clone();
        let content = self
            .ask(move |view| content(view, &asked))
            .unwrap_or(Err(Lack::Unanswered))?;
        if let Content::Page(page) = &content {
            self.lock().insert(path.clone(), Arc::clone(page));
        }
        Ok(content)
    }

    /// The mistakes that one page of each kind shows when it is rendered.
    pub(super) fn probe(&self) -> Vec<Diagnostic> {
        self.ask(|view| {
            let mut folders = BTreeSet::new();
            let kind = |path: &SitePath| match path.as_str().rsplit_once('/') {
                Some((folder, _)) => folder.to_owned(),
                None => path.as_str().to_owned(),
            };
            let pages = view.site.pages().iter();
            pages
                .filter_map(|(path, page)| match page {
                    Page::Rendered(render) => folders.insert(kind(path)).then_some(render),
                    Page::Bytes(_) | Page::Costly(..) | Page::Written(_) | Page::Asset(_) => None,
                })
                .filter_map(|render| render().err().map(|mistake| *mistake))
                .collect()
        })
        .unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<SitePath, Arc<[u8]>>> {
        self.rendered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn live(
    sources: &Sources,
    compilation: &Compilation,
    tell: &mpsc::Sender<Vec<Diagnostic>>,
    asked: mpsc::Receiver<Question>,
) {
    let edition = Edition::new(&compilation.book);
    let (site, mistakes) = html::site(&edition, sources);
    let view = View {
        sources,
        edition: &edition,
        site: &site,
    };
    if tell.send(mistakes).is_err() {
        return;
    }
    thread::scope(|scope| {
        for question in asked {
            // Where no thread can start, the question is dropped, and whoever asked is told so.
            let _ = thread::Builder::new().spawn_scoped(scope, || question(&view));
        }
    });
}

/// Whether a path is a page's; the site map, the feed and the data are none.
fn is_page(path: &SitePath) -> bool {
    path.as_str()
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "html")
}

fn content(view: &View<'_>, path: &SitePath) -> Result<Content, Lack> {
    match view.site.pages().get(path).ok_or(Lack::NoSuchPage)? {
        Page::Bytes(bytes) => Ok(Content::Bytes(Arc::clone(bytes))),
        Page::Asset(file) => Ok(Content::Asset(file.clone())),
        Page::Written(write) => {
            let mut bytes = Vec::new();
            // Memory takes all bytes.
            let _ = write(&mut bytes);
            Ok(Content::Bytes(bytes.into()))
        }
        Page::Rendered(render) | Page::Costly(_, render) => match render() {
            Ok(page) if is_page(path) => Ok(Content::Page(page.into())),
            Ok(bytes) => Ok(Content::Bytes(bytes.into())),
            Err(mistake) => Err(Lack::Mistake(super::board::printed(&mistake, view.sources))),
        },
    }
}
