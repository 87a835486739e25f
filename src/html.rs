//! The site: the only place that writes HTML.

mod about;
mod beacon;
mod code;
mod markup;
mod path;
mod render;
mod theme;
mod view;
mod whole;

pub use markup::Markup;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::edition::{Edition, Page};
use crate::export;
use crate::site::Site;
use crate::source::{SitePath, Sources};
use theme::{Static, Theme};
use view::Viewer;

/// The site of an edition, its pages rendered when they are asked for.
pub fn site<'e>(edition: &'e Edition<'e>, sources: &'e Sources) -> (Site<'e>, Vec<Diagnostic>) {
    let (theme, mut diagnostics) = Theme::load(&edition.book.config, sources);
    let mut site = Site::default();
    for (path, file) in theme.statics() {
        match file {
            Static::Bytes(bytes) => site.bytes(path, bytes),
            Static::File(file) => site.asset(path, file),
        }
    }
    let prefix = format!("{}/assets/", edition.book.config.book.src);
    for file in sources.assets().keys() {
        let below = file
            .strip_prefix(&prefix)
            .map(|name| format!("assets/{name}"));
        if let Some(path) = below.and_then(SitePath::new) {
            site.asset(path, file.clone());
        }
    }
    diagnostics.extend(beacon::missing(edition, sources));
    let shared = Arc::new((theme, view::shared(edition)));
    let pages = edition.pages();
    for (index, page) in pages.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| pages[before]);
        let after = pages.get(index + 1).copied();
        add(&mut site, edition, &shared, *page, before, after);
    }
    for page in edition.registers().chain([Page::NotFound]) {
        add(&mut site, edition, &shared, page, None, None);
    }
    redirects(&mut site, edition, &shared);
    if whole::is_made(edition) {
        add_file(&mut site, &shared, "print.html", move || {
            whole::context(edition)
        });
    }
    beacon::add(&mut site, edition, &shared);
    export::add(&mut site, edition, sources);
    (site, diagnostics)
}

/// The page that stands at a path of the site.
pub fn page_at(edition: &Edition<'_>, path: &SitePath) -> Option<Page> {
    let mut pages = edition.pages().into_iter();
    pages.find(|page| edition.path(*page) == path.as_str())
}

fn add<'e>(
    site: &mut Site<'e>,
    edition: &'e Edition<'e>,
    shared: &Arc<(Theme<'e>, tera::Context)>,
    page: Page,
    before: Option<Page>,
    after: Option<Page>,
) {
    let Some(path) = SitePath::new(edition.path(page)) else {
        return;
    };
    let shared = Arc::clone(shared);
    site.page(path, move || {
        let (theme, context) = &*shared;
        let own = Viewer::new(edition, page).context(before, after);
        theme.render(template(page), context, own)
    });
}

/// Adds what is not one of the edition's pages; its template has the same name.
fn add_file<'e>(
    site: &mut Site<'e>,
    shared: &Arc<(Theme<'e>, tera::Context)>,
    name: &'static str,
    own: impl Fn() -> tera::Context + Send + Sync + 'e,
) {
    let Some(path) = SitePath::new(name) else {
        return;
    };
    let shared = Arc::clone(shared);
    site.page(path, move || {
        let (theme, context) = &*shared;
        theme.render(name, context, own())
    });
}

/// Adds what leads on from the addresses that chapters and articles had before.
fn redirects<'e>(
    site: &mut Site<'e>,
    edition: &'e Edition<'e>,
    shared: &Arc<(Theme<'e>, tera::Context)>,
) {
    let book = edition.book;
    let chapters = book
        .chapters
        .iter()
        .map(|one| ("chapters", &one.key, &one.front));
    let articles = book
        .articles
        .iter()
        .map(|one| ("articles", &one.key, &one.front));
    for (folder, key, front) in chapters.chain(articles) {
        for alias in &front.aliases {
            let Some(path) = SitePath::new(format!("{folder}/{}.html", alias.text)) else {
                continue;
            };
            let shared = Arc::clone(shared);
            site.page(path, move || {
                let (theme, context) = &*shared;
                let root = book.config.site.url.as_ref();
                let to = view::view([
                    ("title", front.title.as_str().into()),
                    ("href", format!("{key}.html").into()),
                    (
                        "address",
                        root.map(|root| format!("{root}{folder}/{key}.html")).into(),
                    ),
                ]);
                let mut own = tera::Context::new();
                own.insert_value("to", to);
                theme.render("redirect.html", context, own)
            });
        }
    }
}

fn template(page: Page) -> &'static str {
    match page {
        Page::Index => "index.html",
        Page::Chapter(_) => "chapter.html",
        Page::Article(_) => "article.html",
        Page::Timeline => "timeline.html",
        Page::Claims => "claims.html",
        Page::Glossary => "glossary.html",
        Page::Term(_) => "term.html",
        Page::Tag(_) => "tag.html",
        Page::Sources => "sources.html",
        Page::NotFound => "404.html",
    }
}
