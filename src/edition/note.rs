//! Notes and bibliography: what every citation style has in common.

use super::position::Mention;
use super::segments::{self, Layers};
use super::style::Style;
use super::{Address, Edition, Page, Rich, plain, state_name};
use crate::book::{Home, Note};
use crate::markdown::Prose;
use crate::verify::{Cited, State};

/// A note at the end of a page, or among what an entry rests on.
#[derive(Clone, PartialEq, Debug)]
pub struct Endnote<'b> {
    /// Its number on the page.
    pub number: u32,
    /// What it cites; none for a footnote, which cites among its words.
    pub note: Option<&'b Note>,
    /// What it says.
    pub content: Vec<Rich<'b>>,
}

impl<'b> Edition<'b> {
    /// The bibliography's entry of a source.
    pub fn entry(&self, article: usize) -> Vec<Rich<'b>> {
        match &self.style {
            Style::Plain => plain::entry(&self.book.articles[article]),
            Style::Csl(formatter) => formatter.entry(article),
        }
    }

    /// The notes of a page in the order of their numbers.
    pub fn notes(&self, home: Home) -> Vec<Endnote<'b>> {
        let book = self.book;
        let citations = book.notes_of(home).iter();
        let citations = citations
            .filter(|note| note.footnote.is_none())
            .map(|note| Endnote {
                number: note.number,
                note: Some(note),
                content: self.note_content(note),
            });
        let footnotes = book.footnotes_of(home).iter();
        let footnotes = footnotes.map(|own| Endnote {
            number: own.number,
            note: None,
            content: self.footnote(home, own.footnote),
        });
        let mut notes: Vec<Endnote<'b>> = citations.chain(footnotes).collect();
        notes.sort_by_key(|note| note.number);
        notes
    }

    /// The note that a citing place stands for.
    pub fn note_content(&self, note: &'b Note) -> Vec<Rich<'b>> {
        let mut content = self.citations(note, true);
        if !ends_in_stop(&content) {
            content.push(Rich::text("."));
        }
        content
    }

    /// What a footnote says, what it cites among its words.
    pub(super) fn footnote(&self, home: Home, index: usize) -> Vec<Rich<'b>> {
        let document = self.book.document(home);
        let mut content = Vec::new();
        for (_, prose) in document.proses_in(&document.footnotes[index].blocks) {
            if !content.is_empty() {
                content.push(Rich::Break);
            }
            content.extend(segments::rich(
                self,
                prose,
                &prose.inlines,
                &Layers::default(),
                &mut |group| self.cited_in_footnote(prose, group),
                &mut |_| Vec::new(),
            ));
        }
        content
    }

    /// A footnote's citation: behind a full stop a sentence of its own, behind a word or two the rest of theirs, else
    /// in parentheses.
    fn cited_in_footnote(&self, prose: &'b Prose, index: usize) -> Vec<Rich<'b>> {
        let group = &prose.citations()[index];
        let Some(note) = self.book.note(group.span) else {
            return Vec::new();
        };
        let text = prose.text.text.as_str();
        let (before, behind) = text.split_at(text.floor_char_boundary(group.at as usize));
        let named = note.cited.first().and_then(Cited::source);
        let named = named.filter(|_| note.in_text);
        let mut content: Vec<Rich<'b>> = named
            .map(|article| self.named_source(article))
            .into_iter()
            .collect();
        let sentence = before.trim_end().rsplit(['.', '?', '!']).next();
        let led_by = sentence.map_or(0, |words| words.split_whitespace().count());
        let begins = led_by == 0;
        if (1..=2).contains(&led_by) && content.is_empty() {
            // `See [@a].`
            content.push(Rich::text(" "));
            content.extend(self.citations(note, false));
        } else if begins && content.is_empty() {
            if !before.is_empty() {
                content.push(Rich::text(" "));
            }
            content.extend(self.citations(note, true));
            if !behind.starts_with('.') && !ends_in_stop(&content) {
                content.push(Rich::text("."));
            }
        } else {
            content.push(Rich::text(" ("));
            content.extend(self.citations(note, false));
            content.push(Rich::text(")"));
        }
        content
    }

    /// What a note cites, which may begin a sentence.
    fn citations(&self, note: &'b Note, begins: bool) -> Vec<Rich<'b>> {
        let mut content = Vec::new();
        let mentions = self.positions.of_note(note);
        for (cited, mention) in note.cited.iter().zip(mentions) {
            let begins = begins && content.is_empty();
            if !content.is_empty() {
                content.push(Rich::text(self.style.delimiter().to_owned()));
            }
            self.cited(cited, *mention, begins, &mut content);
        }
        content
    }

    /// One citation of a note.
    fn cited(
        &self,
        cited: &'b Cited,
        mention: Mention,
        mut begins: bool,
        content: &mut Vec<Rich<'b>>,
    ) {
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
            State::Moved | State::Ambiguous | State::Drifted | State::Lost
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
