//! Places behind a citation that are not read.

use super::Passage;
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Group;
use crate::reference::{announces_numbers, locator_word};
use crate::source::Span;

impl<'b> Passage<'b> {
    /// A place behind `@key` that is not read: `(@key, ¶9)`.
    pub(super) fn loose_locators(self) -> impl Iterator<Item = Diagnostic> + 'b {
        /// How many bytes behind a bracket are looked at.
        const NEAR: usize = 60;
        let groups = self.prose.citations().iter();
        let mut told = 0;
        groups.filter_map(move |group| {
            let [citation] = group.citations.as_slice() else {
                return None;
            };
            let start = group.at as usize;
            let behind = self.text().get(start..).filter(|_| start >= told)?;
            let place = behind.trim_start_matches([',', ' ', '\u{a0}']);
            if !(group.in_text || begins_place(place)) {
                return None;
            }
            if behind.starts_with(']')
                && let Some((bracket, closed)) = self.half_open(group, behind)
            {
                told = start + closed;
                return Some(bracket);
            }
            if let Some(other) = self.other_place(group, behind) {
                return Some(other);
            }
            // `@key (¶9)`, `@key [see ¶9]`, `@key [¶9`
            let place = match place.strip_prefix(['(', '[']) {
                Some(inner) => {
                    let near = &inner[..inner.floor_char_boundary(NEAR)];
                    let near = &near[..near.find([')', ']', '.']).unwrap_or(near.len())];
                    let at = near.find('¶').or_else(|| begins_place(near).then_some(0))?;
                    &inner[at..]
                }
                None => place,
            };
            if citation.locator.is_some() || !begins_place(place) {
                return None;
            }
            if let Some((bracket, closed)) = self.half_open(group, behind) {
                told = start + closed;
                return Some(bracket);
            }
            match self.opened_before(group) {
                Some(words) if !is_closed(behind) && !words.contains(['¶', '.']) => {
                    // The others that it holds are none for the same reason.
                    told = start + behind.find([']', '\n']).unwrap_or(behind.len());
                    return Some(unclosed(group));
                }
                // What makes the brackets none is told of the first citation in them.
                Some(words) if is_closed(behind) && words.contains('@') => return None,
                Some(_) | None => {}
            }
            let word = locator_word(place).filter(|_| !place.starts_with('¶'));
            let word = word.unwrap_or_default();
            let length = word + locator_length(&place[word..]);
            let at = group.at as usize + behind.len() - place.len();
            let (key, locator) = (&citation.key.text, &place[..length]);
            let message = "this place does not belong to the citation before it";
            let span = self.prose.text.span(at..at + length);
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, span, message).help(format!(
                    "write `[@{key}, {locator}]`, or in a sentence `@{key} [{locator}]`"
                )),
            )
        })
    }

    /// What stands between a citation and the bracket before it.
    fn opened_before(self, group: &Group) -> Option<&'b str> {
        let file = &self.sources.file(group.span.file).text;
        let before = &file[..group.span.start as usize];
        let (_, words) = before[before.rfind(['[', ']', '\n'])?..].split_once('[')?;
        Some(words)
    }

    /// `@key [§3]`, `@key [p. 3]`: a place in brackets behind a citation in the text that is written otherwise.
    fn other_place(self, group: &Group, behind: &str) -> Option<Diagnostic> {
        let inner = behind.strip_prefix(" [").filter(|_| group.in_text)?;
        let inner = &inner[..inner.find(']')?];
        let numbers = inner.trim_start_matches(|c: char| c.is_alphabetic() || "§#. ".contains(c));
        let sign = inner[..inner.len() - numbers.len()].trim();
        let is_place = matches!(sign, "§" | "#") || announces_numbers(sign);
        let is_number = numbers.starts_with(|c: char| c.is_ascii_digit());
        (is_place && is_number).then(|| {
            let start = group.at as usize + 2;
            let span = self.prose.text.span(start..start + inner.len());
            let message = "this is no place in a source, but text";
            Diagnostic::new(Lint::LooksLikeCitation, span, message)
                .help(format!("write `¶{numbers}` if that paragraph is meant"))
                .fix(span, format!("¶{numbers}"))
        })
    }

    /// `@key, ¶1; @other, ¶2]` and `[[@key, ¶1]`: where a bracket ends that does not begin, or begins twice, and how far
    /// behind the citation.
    fn half_open(self, group: &Group, behind: &str) -> Option<(Diagnostic, usize)> {
        let closed = behind.find(['[', ']']).filter(|_| group.in_text)?;
        if !behind[closed..].starts_with(']') || behind[..closed].contains('\n') {
            return None;
        }
        let span = group.span;
        let before = &self.sources.file(span.file).text[..span.start as usize];
        let signs = |from: u32, to: u32| Span {
            start: from,
            end: to,
            ..span
        };
        let diagnostic = if before.ends_with("[[") {
            let brackets = signs(span.start - 2, span.start);
            let message = "two brackets begin a link, and this is a citation";
            Diagnostic::new(Lint::LooksLikeCitation, brackets, message)
                .help("write one bracket, `[@`")
                .fix(brackets, "[")
        } else if before[before.rfind(['[', ']', '\n'])?..].starts_with('[') {
            return None;
        } else {
            let message = "the bracket behind this citation closes nothing";
            Diagnostic::new(Lint::LooksLikeCitation, span, message)
                .help("write the bracket before it as well, `[@`")
                .fix(signs(span.start, span.start), "[")
        };
        Some((diagnostic, closed))
    }
}

/// `[see @key, ¶3.`
fn unclosed(group: &Group) -> Diagnostic {
    let message = "the bracket before this citation is not closed";
    Diagnostic::new(Lint::LooksLikeCitation, group.span, message)
        .help("write a `]` behind its place")
}

/// Whether a bracket is closed before another is opened.
fn is_closed(behind: &str) -> bool {
    let sign = behind.find(['[', ']', '\n']);
    sign.is_some_and(|at| behind[at..].starts_with(']'))
}

/// Whether a text begins with `¶`, or `p3`, `para. 3`; `p. 3` is a page of some other book; or with a `^name`.
fn begins_place(text: &str) -> bool {
    let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_page = text.starts_with("p.") || text.starts_with("pp.");
    text.starts_with('¶')
        || text.strip_prefix('^').is_some_and(is_name)
        || locator_word(text).is_some() && !is_page
}

/// The length of `¶¶1, 4-6, ^name` at the beginning of a text.
pub(super) fn locator_length(text: &str) -> usize {
    let in_part = |c: char| c.is_alphanumeric() || "¶^-–_".contains(c);
    let mut rest = text;
    loop {
        rest = rest
            .trim_start_matches('¶')
            .trim_start_matches([' ', '\u{a0}']);
        rest = rest.trim_start_matches(in_part);
        let next = rest.strip_prefix(',').map(str::trim_start);
        let goes_on =
            |next: &&str| next.starts_with(|c: char| c.is_ascii_digit() || c == '¶' || c == '^');
        match next.filter(goes_on) {
            Some(next) => rest = next,
            None => return text.len() - rest.len(),
        }
    }
}
