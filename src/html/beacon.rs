//! What tells other programs of the site: canonical addresses, a site map and a feed. All of it needs `site-url`.

use std::sync::Arc;

use tera::{Context, Value};
use url::Url;

use super::add_file;
use super::theme::Theme;
use super::view::view;
use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::edition::{Edition, Page};
use crate::reference::When;
use crate::site::Site;
use crate::source::Sources;

/// The address that a page has where the site will stand.
pub(super) fn address(edition: &Edition<'_>, page: Page) -> Option<String> {
    let root = edition.book.config.site.url.as_ref()?;
    match page {
        Page::NotFound => None,
        Page::Index => Some(root.clone()),
        Page::Chapter(_)
        | Page::Article(_)
        | Page::Timeline
        | Page::Claims
        | Page::Glossary
        | Page::Term(_)
        | Page::Tag(_)
        | Page::Sources => Some(format!("{root}{}", edition.path(page))),
    }
}

/// Where the links of a page begin that is served at addresses of every depth: at the site's root, which is the server's
/// unless `site-url` says otherwise.
pub(super) fn base(edition: &Edition<'_>, page: Page) -> Option<String> {
    let root = edition.book.config.site.url.as_deref();
    let path = root.and_then(|root| Some(Url::parse(root).ok()?.path().to_owned()));
    (page == Page::NotFound).then(|| path.unwrap_or_else(|| "/".to_owned()))
}

/// Adds the site map, and the feed where anything has a date.
pub(super) fn add<'e>(
    site: &mut Site<'e>,
    edition: &'e Edition<'e>,
    shared: &Arc<(Theme<'e>, Context)>,
) {
    if edition.book.config.site.url.is_none() {
        return;
    }
    add_file(site, shared, "sitemap.xml", move || {
        let pages = edition.pages().into_iter().chain(edition.registers());
        let addresses: Vec<Value> = pages
            .filter_map(|page| address(edition, page))
            .map(Value::from)
            .collect();
        context([("addresses", addresses.into())])
    });
    if has_feed(edition) {
        add_file(site, shared, "feed.xml", move || feed(edition));
    }
}

/// Whether the site has a feed.
pub(super) fn has_feed(edition: &Edition<'_>) -> bool {
    edition.book.config.site.url.is_some() && !dated(edition).is_empty()
}

/// The chapters that have a date, the newest first: their own, or else the book's.
fn dated(edition: &Edition<'_>) -> Vec<(String, usize)> {
    let book = edition.book;
    let of_book = book.config.book.date.as_deref().and_then(When::parse);
    let mut dated: Vec<(String, usize)> = (0..book.chapters.len())
        .filter_map(|index| {
            let date = book.chapters[index].front.date.or(of_book)?;
            Some((date.first_day()?, index))
        })
        .collect();
    dated.sort_by(|(one, _), (other, _)| other.cmp(one));
    dated
}

fn feed(edition: &Edition<'_>) -> Context {
    let dated = dated(edition);
    let updated = dated.first().map(|(date, _)| date.clone());
    let entries: Vec<Value> = dated
        .into_iter()
        .map(|(date, index)| {
            let page = Page::Chapter(index);
            view([
                ("title", edition.title(page).into()),
                ("address", address(edition, page).into()),
                ("date", date.into()),
                ("summary", edition.opening(page).into()),
                (
                    "authors",
                    edition.book.chapters[index].front.author.clone().into(),
                ),
            ])
        })
        .collect();
    context([("updated", updated.into()), ("entries", entries.into())])
}

fn context<const N: usize>(fields: [(&'static str, Value); N]) -> Context {
    let mut context = Context::new();
    for (name, value) in fields {
        context.insert_value(name, value);
    }
    context
}

/// The pictures that `book.toml` names and the book does not have.
pub(super) fn missing(edition: &Edition<'_>, sources: &Sources) -> Vec<Diagnostic> {
    let config = &edition.book.config;
    let named = [&config.site.logo, &config.site.favicon];
    named
        .into_iter()
        .flatten()
        .filter_map(|(name, place)| {
            let file = format!("{}/assets/{name}", config.book.src);
            let message = format!("there is no file `{file}`");
            let folder = format!("{}/assets/", config.book.src);
            let names = sources
                .assets()
                .keys()
                .filter_map(|path| path.strip_prefix(&folder));
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("put it below `{folder}`, or take the line out"),
            };
            (!sources.assets().contains_key(&file))
                .then(|| Diagnostic::new(Lint::MissingFile, *place, message).help(help))
        })
        .collect()
}
