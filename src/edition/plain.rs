//! The citation style `plain`: author, “title”, *publication*, date, ¶.

use super::{Address, Edition, Page, Rich};
use crate::book::Note;
use crate::manuscript::Article;
use crate::verify::{Cited, State};

impl<'b> Edition<'b> {
    /// The bibliography's entry of a source.
    pub fn entry(&self, article: usize) -> Vec<Rich<'b>> {
        let source = &self.book.articles[article];
        let mut entry = reference(source, &mut |title| title);
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

    /// The note that a citing place stands for; a source that the page has cited before is named by its title
    /// alone.
    pub fn note_content(&self, note: &'b Note, seen: &mut Vec<usize>) -> Vec<Rich<'b>> {
        let mut content = Vec::new();
        for (index, cited) in note.cited.iter().enumerate() {
            if index > 0 {
                content.push(Rich::text("; "));
            }
            let again = index > 0 && note.cited[index - 1].source() == cited.source();
            self.cited(
                cited,
                again && cited.prefix().is_empty(),
                seen,
                &mut content,
            );
        }
        if !ends_in_stop(&content) {
            content.push(Rich::text("."));
        }
        content
    }

    /// One citation of a note; `again` where the one before it named the same source.
    fn cited(
        &self,
        cited: &'b Cited,
        again: bool,
        seen: &mut Vec<usize>,
        content: &mut Vec<Rich<'b>>,
    ) {
        if !cited.prefix().is_empty() {
            let prefix = if content.is_empty() {
                capitalised(cited.prefix())
            } else {
                cited.prefix().to_owned()
            };
            content.push(Rich::text(format!("{prefix} ")));
        }
        match cited.source() {
            None => content.push(Rich::text(self.words.get("own_judgement"))),
            Some(article) => {
                let source = &self.book.articles[article];
                let to = Address::of(Page::Article(article));
                let mut linked = |title| Rich::Reference {
                    to: to.clone(),
                    content: vec![title],
                };
                if again && !cited.paragraphs().is_empty() {
                    // “A”, ¶ 5; ¶ 7
                } else if seen.contains(&article) {
                    content.push(Rich::text("“"));
                    content.push(linked(Rich::text(source.front.title.as_str())));
                    content.push(Rich::text("”"));
                } else {
                    seen.push(article);
                    content.append(&mut reference(source, &mut linked));
                }
                self.locator(article, cited, content);
            }
        }
        if let Some(words) = cited.quotation() {
            let lead = match cited.lead() {
                "" => ":".to_owned(),
                lead => format!(", {lead}"),
            };
            content.push(Rich::text(format!("{lead} “{}”", words.trim())));
        }
        if !cited.suffix().is_empty() {
            content.push(Rich::text(format!(", {}", cited.suffix())));
        }
        if matches!(
            cited.state(),
            State::Moved | State::Ambiguous | State::Drifted
        ) {
            content.push(Rich::text(format!(
                " ({})",
                super::state_name(cited.state())
            )));
        }
    }

    /// `, ¶¶ 3–5, 9, p. 27`
    fn locator(&self, article: usize, cited: &Cited, content: &mut Vec<Rich<'b>>) {
        if cited.of_title() {
            content.push(Rich::text(format!(", {}", self.words.get("title"))));
        }
        let runs = runs(cited.paragraphs());
        for (index, (from, to)) in runs.iter().enumerate() {
            let plural = runs.len() > 1 || from < to;
            let sign = match (index, plural) {
                (0, true) => "¶¶\u{a0}",
                (0, false) => "¶\u{a0}",
                _ => "",
            };
            let numbers = if from == to {
                format!("{sign}{from}")
            } else {
                format!("{sign}{from}–{to}")
            };
            if !content.last().is_none_or(|last| *last == Rich::text("; ")) {
                content.push(Rich::text(", "));
            }
            content.push(Rich::Reference {
                to: Address::at(Page::Article(article), format!("p{from}")),
                content: vec![Rich::text(numbers)],
            });
            let place = Address::at(Page::Article(article), format!("p{from}"));
            content.push(Rich::PageOf(place));
        }
    }
}

/// Author, “title”, *publication*, date; `link` may make a link of the title.
fn reference<'b>(source: &'b Article, link: &mut dyn FnMut(Rich<'b>) -> Rich<'b>) -> Vec<Rich<'b>> {
    let front = &source.front;
    let mut words = Vec::new();
    if !front.author.is_empty() {
        words.push(Rich::text(format!("{}, ", names(&front.author))));
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

/// A note begins with a capital.
fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// Consecutive numbers as ranges.
fn runs(paragraphs: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in paragraphs {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

fn ends_in_stop(content: &[Rich<'_>]) -> bool {
    let last = content.iter().rev().find_map(|rich| match rich {
        Rich::Text(text) => Some(
            text.trim_end_matches(['”', '"', ')'])
                .ends_with(['.', '?', '!']),
        ),
        Rich::PageOf(_) => None,
        _ => Some(false),
    });
    last.unwrap_or(false)
}
