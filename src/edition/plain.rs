//! The citation style `plain`: author, “title”, *publication*, date, ¶.

use super::position::Mention;
use super::{Address, Page, Rich};
use crate::csl::Position;
use crate::manuscript::Article;
use crate::reference::Person;

/// The bibliography's entry of a source: the first author's family name comes first, as the entries are sorted by it.
pub(super) fn entry(source: &Article) -> Vec<Rich<'_>> {
    let mut entry = reference(source, &inverted(&source.front.names), &mut |title| title);
    entry.push(Rich::text("."));
    if let Some(url) = &source.front.url {
        entry.push(Rich::text(" "));
        entry.push(Rich::Link {
            url,
            content: vec![Rich::text(url.as_str())],
        });
        entry.push(Rich::text("."));
    }
    entry
}

/// A source in a note: in full the first time, by its title alone afterwards.
pub(super) fn mention<'b>(
    source: &'b Article,
    index: usize,
    mention: Mention,
    locator: Vec<Rich<'b>>,
) -> Vec<Rich<'b>> {
    let mut linked = |title| Rich::Reference {
        to: Address::of(Page::Article(index)),
        content: vec![title],
    };
    let mut words = match mention.position {
        Position::First => reference(source, &names(&source.front.author), &mut linked),
        Position::Subsequent | Position::Ibid | Position::IbidWithLocator => vec![
            Rich::text("“"),
            linked(Rich::text(source.front.title.as_str())),
            Rich::text("”"),
        ],
    };
    if !locator.is_empty() {
        words.push(Rich::text(", "));
        words.extend(locator);
    }
    words
}

/// Author, “title”, *publication*, date; `link` may make a link of the title.
fn reference<'b>(
    source: &'b Article,
    authors: &str,
    link: &mut dyn FnMut(Rich<'b>) -> Rich<'b>,
) -> Vec<Rich<'b>> {
    let front = &source.front;
    let mut words = Vec::new();
    if !authors.is_empty() {
        words.push(Rich::text(format!("{authors}, ")));
    }
    words.push(Rich::text("“"));
    words.push(link(Rich::text(front.title.as_str())));
    words.push(Rich::text("”"));
    if let Some(publication) = &front.publication {
        words.push(Rich::text(", "));
        words.push(Rich::Emphasis(vec![Rich::text(publication.as_str())]));
    }
    if let Some(date) = front.date {
        words.push(Rich::text(format!(", {}", date.in_words())));
    }
    words
}

/// `A`, `A and B`, `A, B and C`
fn names(authors: &[String]) -> String {
    match authors {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `Family, Given and Given Family`
fn inverted(authors: &[Person]) -> String {
    let in_order = authors
        .iter()
        .enumerate()
        .map(|(index, person)| match index {
            0 => person.family_first(),
            _ => person.in_words(),
        });
    names(&in_order.collect::<Vec<_>>())
}
