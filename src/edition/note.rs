//! Notes and bibliography: what every citation style has in common.

use super::position::Mention;
use super::style::Style;
use super::{Address, Edition, Page, Rich, plain, state_name};
use crate::book::Note;
use crate::verify::{Cited, State};

impl<'b> Edition<'b> {
    /// The bibliography's entry of a source.
    pub fn entry(&self, article: usize) -> Vec<Rich<'b>> {
        match &self.style {
            Style::Plain => plain::entry(&self.book.articles[article]),
            Style::Csl(formatter) => formatter.entry(article),
        }
    }

    /// The note that a citing place stands for.
    pub fn note_content(&self, note: &'b Note) -> Vec<Rich<'b>> {
        let mut content = Vec::new();
        let mentions = self.positions.of_note(note);
        for (cited, mention) in note.cited.iter().zip(mentions) {
            if !content.is_empty() {
                content.push(Rich::text(self.style.delimiter().to_owned()));
            }
            self.cited(cited, *mention, &mut content);
        }
        if !ends_in_stop(&content) {
            content.push(Rich::text("."));
        }
        content
    }

    /// One citation of a note.
    fn cited(&self, cited: &'b Cited, mention: Mention, content: &mut Vec<Rich<'b>>) {
        let mut begins = content.is_empty();
        if !cited.prefix().is_empty() {
            let prefix = if begins {
                capitalised(cited.prefix())
            } else {
                cited.prefix().to_owned()
            };
            content.push(Rich::text(format!("{prefix} ")));
            begins = false;
        }
        match cited.source() {
            None => content.push(Rich::text(self.words.get("own_judgement"))),
            Some(article) => {
                let locator = self.locator(article, cited);
                content.extend(match &self.style {
                    _ if mention.again => locator,
                    Style::Plain => {
                        plain::mention(&self.book.articles[article], article, mention, locator)
                    }
                    Style::Csl(formatter) => formatter.mention(article, mention, begins, locator),
                });
            }
        }
        if let Some(words) = cited.quotation() {
            let lead = match cited.lead() {
                "" => ":".to_owned(),
                lead => format!(", {lead}"),
            };
            content.push(Rich::text(format!("{lead} “{}”", words.trim())));
        }
        content.extend(self.original(cited).map(Rich::Original));
        if !cited.suffix().is_empty() {
            content.push(Rich::text(format!(", {}", cited.suffix())));
        }
        if matches!(
            cited.state(),
            State::Moved | State::Ambiguous | State::Drifted
        ) {
            content.push(Rich::text(format!(" ({})", state_name(cited.state()))));
        }
    }

    /// The cited paragraphs: `¶¶ 3–5, 9`.
    pub fn locator_of(cited: &Cited) -> Option<String> {
        let runs = runs(cited.paragraphs());
        let said: Vec<String> = runs
            .iter()
            .map(|(from, to)| {
                if from == to {
                    from.to_string()
                } else {
                    format!("{from}–{to}")
                }
            })
            .collect();
        let several = runs.len() > 1 || runs.iter().any(|(from, to)| from < to);
        let sign = if several { "¶¶" } else { "¶" };
        (!said.is_empty()).then(|| format!("{sign}\u{a0}{}", said.join(", ")))
    }

    /// `¶¶ 3–5, p. 27, 9, p. 28`: each place a link, with its page on paper; empty for a whole source.
    fn locator(&self, article: usize, cited: &Cited) -> Vec<Rich<'b>> {
        let mut locator = Vec::new();
        if cited.of_title() {
            locator.push(Rich::text(self.words.get("title")));
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
            if !locator.is_empty() {
                locator.push(Rich::text(", "));
            }
            let place = Address::at(Page::Article(article), format!("p{from}"));
            locator.push(Rich::Reference {
                to: place.clone(),
                content: vec![Rich::text(numbers)],
            });
            locator.push(Rich::PageOf(place));
        }
        locator
    }
}

/// A note begins with a capital.
pub(super) fn capitalised(words: &str) -> String {
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
            text.trim_end_matches(['”', '’', '"', ')'])
                .ends_with(['.', '?', '!']),
        ),
        Rich::Emphasis(content)
        | Rich::Strong(content)
        | Rich::Link { content, .. }
        | Rich::Reference { content, .. } => Some(ends_in_stop(content)),
        Rich::PageOf(_) | Rich::Original(_) => None,
        _ => Some(false),
    });
    last.unwrap_or(false)
}
