//! A built site in memory: named pages, each rendered when it is asked for.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::SitePath;

/// Renders one page; fails only where a theme is at fault.
type Render<'a> = Box<dyn Fn() -> Result<Vec<u8>, Box<Diagnostic>> + Send + Sync + 'a>;

/// Whether bytes are what rendering would give.
type Stands<'a> = Box<dyn Fn(&[u8]) -> bool + Send + Sync + 'a>;

/// Writes a long file piece by piece, so that it never is in memory as a whole.
type Write<'a> = Box<dyn Fn(&mut dyn io::Write) -> io::Result<()> + Send + Sync + 'a>;

/// What stands at one path.
pub enum Page<'a> {
    /// Bytes that are there already.
    Bytes(Arc<[u8]>),
    /// Rendered on demand; pure, so rendering twice gives the same bytes.
    Rendered(Render<'a>),
    /// Rendered on demand, at such a cost that a former file which stands is taken instead.
    Costly(Stands<'a>, Render<'a>),
    /// Written on demand; pure as well.
    Written(Write<'a>),
    /// A copy of the book's file at this path.
    Asset(String),
}

/// Pages by path.
#[derive(Default)]
pub struct Site<'a> {
    pages: BTreeMap<SitePath, Page<'a>>,
}

impl<'a> Site<'a> {
    /// Puts bytes at a path.
    pub fn bytes(&mut self, path: SitePath, bytes: impl Into<Arc<[u8]>>) {
        self.pages.insert(path, Page::Bytes(bytes.into()));
    }

    /// Puts a page at a path that `render` makes when it is asked for.
    pub fn page(
        &mut self,
        path: SitePath,
        render: impl Fn() -> Result<Vec<u8>, Box<Diagnostic>> + Send + Sync + 'a,
    ) {
        self.pages.insert(path, Page::Rendered(Box::new(render)));
    }

    /// Puts a page at a path that `render` makes unless the former site has one that `stands`.
    pub fn costly_page(
        &mut self,
        path: SitePath,
        stands: impl Fn(&[u8]) -> bool + Send + Sync + 'a,
        render: impl Fn() -> Result<Vec<u8>, Box<Diagnostic>> + Send + Sync + 'a,
    ) {
        let page = Page::Costly(Box::new(stands), Box::new(render));
        self.pages.insert(path, page);
    }

    /// Puts a file at a path that `write` writes when it is asked for.
    pub fn written(
        &mut self,
        path: SitePath,
        write: impl Fn(&mut dyn io::Write) -> io::Result<()> + Send + Sync + 'a,
    ) {
        self.pages.insert(path, Page::Written(Box::new(write)));
    }

    /// Puts a copy of one of the book's files at a path.
    pub fn asset(&mut self, path: SitePath, file: String) {
        self.pages.insert(path, Page::Asset(file));
    }

    /// All pages in the order of their paths.
    pub fn pages(&self) -> &BTreeMap<SitePath, Page<'a>> {
        &self.pages
    }
}
