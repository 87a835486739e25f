//! The book on one page, to be read and printed at once: the chapters, and the articles that something cites.

use tera::{Context, Value};

use super::markup::Markup;
use super::path::Here;
use super::render::Renderer;
use super::view::{Viewer, foreign, note, view};
use crate::book::Home;
use crate::edition::{Edition, Page, direction};
use crate::reference::When;

/// A book of more texts would be a page that no browser likes.
const MOST_TEXTS: usize = 200;

/// Whether there is such a page.
pub(super) fn is_made(edition: &Edition<'_>) -> bool {
    (1..=MOST_TEXTS).contains(&texts(edition).count())
}

/// What stands before the ids of a page's text there; none for pages that are not part of it.
pub(super) fn prefix(edition: &Edition<'_>, page: Page) -> Option<String> {
    let book = edition.book;
    match page {
        Page::Chapter(index) => Some(format!("_chapter.{}.", book.chapters[index].key)),
        Page::Article(index) if book.citing(index).next().is_some() => {
            Some(format!("_article.{}.", book.articles[index].key))
        }
        Page::Index
        | Page::Article(_)
        | Page::Timeline
        | Page::Claims
        | Page::Glossary
        | Page::Term(_)
        | Page::Tag(_)
        | Page::Sources
        | Page::NotFound => None,
    }
}

/// The texts, each with the prefix of its ids.
fn texts(edition: &Edition<'_>) -> impl Iterator<Item = (Home, Page, String)> {
    let book = edition.book;
    let chapters = (0..book.chapters.len()).map(|i| (Home::Chapter(i), Page::Chapter(i)));
    let articles = edition.sources().into_iter();
    let articles = articles.map(|i| (Home::Article(i), Page::Article(i)));
    chapters
        .chain(articles)
        .filter_map(|(home, page)| Some((home, page, prefix(edition, page)?)))
}

/// What the page's template gets.
pub(super) fn context(edition: &Edition<'_>) -> Context {
    let mut context = Context::new();
    let texts: Vec<Value> = texts(edition)
        .map(|(home, page, prefix)| text(edition, home, page, &prefix))
        .collect();
    context.insert_value("texts", texts.into());
    context.insert_value("verified", edition.summary().into());
    context.insert_value(
        "page",
        view([
            ("kind", "print".into()),
            ("title", edition.words.get("whole").into()),
            ("path", "print.html".into()),
            ("root", "".into()),
            ("prev", Value::none()),
            ("next", Value::none()),
            ("toc", Vec::<Value>::new().into()),
            ("address", Value::none()),
            ("description", Value::none()),
            ("crumbs", Vec::<Value>::new().into()),
        ]),
    );
    let lists = Viewer::new(edition, Page::NotFound).lists();
    context.insert_value("nav", view([("lists", lists.into())]));
    context
}

/// `{id, kind, number, title, lang, dir, facts, html, remarks, notes}`
fn text(edition: &Edition<'_>, home: Home, page: Page, prefix: &str) -> Value {
    let language = foreign(edition, home);
    let mut renderer = Renderer::new(edition, Here::in_whole(edition, page, prefix));
    renderer.foreign = language.is_some();
    let mut remarks = Markup::new();
    renderer.remarks(&edition.remarks(home, None), &mut remarks);
    let notes = match home {
        Home::Chapter(_) | Home::Article(_) => edition.notes(home),
        Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => Vec::new(),
    };
    let notes: Vec<Value> = notes.iter().map(|own| note(own, &renderer)).collect();
    let (kind, number) = match home {
        Home::Chapter(index) => ("chapter", edition.chapter_number(index)),
        Home::Article(_) | Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => {
            ("article", None)
        }
    };
    view([
        ("id", prefix.into()),
        ("kind", kind.into()),
        ("number", number.map(|number| number.to_string()).into()),
        ("title", edition.title(page).into()),
        ("lang", language.into()),
        (
            "dir",
            language.map(|language| direction(language).name()).into(),
        ),
        ("facts", facts(edition, home).into()),
        ("html", renderer.flow(&edition.flow(home)).into()),
        ("remarks", remarks.into()),
        ("notes", notes.into()),
    ])
}

/// Who wrote a text, where and when.
fn facts(edition: &Edition<'_>, home: Home) -> Option<String> {
    let front = edition.book.front(home)?;
    let author = (!front.author.is_empty()).then(|| front.author.join(", "));
    let facts = [
        author,
        front.publication.clone(),
        front.date.map(When::in_words),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    (!facts.is_empty()).then(|| facts.join(" · "))
}
