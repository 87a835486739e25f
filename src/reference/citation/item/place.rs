//! The place in a source that a citation names, and what was meant for one.

use std::ops::RangeInclusive;

use super::{Item, escaped};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::reference::locator::{DASHES, locator_word, page_word};
use crate::reference::{Locator, QUOTATION_MARKS, key_length};
use crate::source::Span;

impl Item<'_> {
    pub(in crate::reference::citation) fn read_locator(&mut self) -> Option<Locator> {
        let start = self.at;
        let braced = self.rest().starts_with('{');
        if braced {
            self.at += 1;
        }
        self.refuse_page();
        let first = self.name_locator().or_else(|| self.number_locator());
        let locator = first.map(|first| self.with_more(first));
        if braced && locator.is_some() && !self.rest().trim_start().starts_with('}') {
            let place = self.text.span(start..self.at);
            let written = &self.text.text[start + 1..self.at];
            self.diagnostics.push(
                Diagnostic::new(Lint::InvalidLocator, place, "this brace is not closed")
                    .help(format!("write `{{{written}}}`"))
                    .fix(place, format!("{{{written}}}"))
                    .trusted(Trust::Safe),
            );
        }
        if braced {
            self.skip(&[' ', '}']);
        }
        if locator.is_none() && self.diagnostics.is_empty() {
            self.at = start;
            self.refuse_near_locator();
        }
        locator
    }

    /// `¶¶3-4, ^name`
    fn with_more(&mut self, first: Locator) -> Locator {
        let start = first.span().start;
        let mut parts = vec![first];
        while let Some(next) = self.next_part() {
            parts.push(next);
        }
        let end = parts[parts.len() - 1].span();
        match parts.as_slice() {
            [_] => parts.remove(0),
            _ => Locator::Several(parts, Span { start, ..end }),
        }
    }

    fn next_part(&mut self) -> Option<Locator> {
        let start = self.at;
        self.skip(&[',', ' ', '\t', '\n', '\u{a0}', '\u{2009}', '\u{202f}']);
        let signs = self.text.text[start..self.at].matches(',').count();
        let part = (signs == 1).then(|| match self.rest().chars().next() {
            Some('^') => self.name_locator(),
            Some('¶') => self.number_locator(),
            Some(_) | None => None,
        });
        let part = part.flatten();
        if part.is_none() {
            self.at = start;
        }
        part
    }

    /// Reports `p. 9`, and reads it as the paragraph that it may stand for.
    fn refuse_page(&mut self) {
        let rest = self.rest();
        let Some(word) = page_word(rest) else {
            return;
        };
        let number = &rest[word..];
        let digits =
            |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut length = digits(number);
        if length == 0 {
            return;
        }
        let mut meant = format!("¶{}", &number[..length]);
        if let Some(last) = number[length..].strip_prefix(['-', '–']) {
            let last = &last[page_word(last).unwrap_or(0)..];
            let to = &last[..digits(last)];
            if !to.is_empty() {
                meant = format!("¶¶{}-{to}", &number[..length]);
                length = number.len() - last.len() + to.len();
            }
        }
        let start = self.at;
        self.at += word;
        let place = self.text.span(start..self.at + length);
        let message = "a source has numbered paragraphs, and this names a page";
        self.diagnostics.push(
            Diagnostic::new(Lint::InvalidLocator, place, message)
                .help(format!("write `{meant}` if that paragraph is meant"))
                .fix(place, meant),
        );
        self.at += length;
    }

    /// `^name`
    fn name_locator(&mut self) -> Option<Locator> {
        let name = self.rest().strip_prefix('^')?;
        let length = key_length(name);
        if length == 0 {
            return None;
        }
        let span = self.text.span(self.at..self.at + 1 + length);
        self.at += 1 + length;
        Some(Locator::Name(name[..length].to_owned(), span))
    }

    /// `¶3`, `¶¶3-5, 9`, `p3`, `pp3-5`, `para. 3`, `paras. 3-5`
    fn number_locator(&mut self) -> Option<Locator> {
        let start = self.at;
        self.at += locator_word(self.rest())?;
        let mut ranges = Vec::new();
        while let Some(range) = self.number_range(ranges.is_empty()) {
            ranges.push(range);
        }
        let span = self.text.span(start..self.at);
        let wrong = ranges
            .iter()
            .find(|range| range.is_empty() || *range.start() == 0 || *range.end() == u32::MAX);
        if let Some(range) = wrong {
            let fact = if *range.start() == 0 {
                "paragraphs are counted from 1".to_owned()
            } else if *range.end() == u32::MAX {
                "no source has so many paragraphs".to_owned()
            } else {
                format!("¶¶{}-{} runs backwards", range.start(), range.end())
            };
            let (from, to) = (range.start(), range.end());
            self.diagnostics
                .push(
                    Diagnostic::new(Lint::InvalidLocator, span, fact).help(match from {
                        0 => "the first paragraph is ¶1; `^title` is the title".to_owned(),
                        _ if *to == u32::MAX => "write the paragraph's number: `¶3`".to_owned(),
                        _ => format!("write `¶¶{to}-{from}`"),
                    }),
                );
            return None;
        }
        (!ranges.is_empty()).then_some(Locator::Paragraphs(ranges, span))
    }

    fn number_range(&mut self, first: bool) -> Option<RangeInclusive<u32>> {
        let rest = self.rest();
        let mut at = 0;
        if !first {
            let list = rest.strip_prefix(',')?.trim_start();
            at = rest.len() - list.len();
            at += locator_word(list).unwrap_or(0);
        }
        let (from, length) = number(&rest[at..])?;
        at += length;
        let mut to = from;
        if let Some((dash, number_length, last)) = range_end(&rest[at..]) {
            at += dash + number_length;
            to = last;
        }
        let next = rest[at..].chars().next();
        if !first && next.is_some_and(|c| !matches!(c, ',' | ';' | ']' | '}' | '"' | '“' | ' ')) {
            return None;
        }
        // `¶3, 400 Marines` has words after the comma, not a second number.
        if !first && rest[at..].trim_start().starts_with(char::is_alphabetic) {
            return None;
        }
        self.at += at;
        Some(from..=to)
    }

    /// Reports what is nearly a locator.
    fn refuse_near_locator(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().map(|first| (first, first.len_utf8()));
        let Some((first, sign)) = escaped(rest).or(first) else {
            return;
        };
        if !matches!(first, '¶' | '⁋' | '#' | '§' | '^') {
            return;
        }
        // `# 9` as well as `#9`
        let bare = rest[sign..].trim_start_matches(' ');
        let start = if bare.starts_with(|c: char| c.is_ascii_digit()) {
            rest.len() - bare.len()
        } else {
            0
        };
        let length = rest[start..]
            .find([' ', ',', ']'])
            .map_or(rest.len(), |length| start + length);
        let span = self.text.span(self.at..self.at + length);
        let diagnostic = Diagnostic::new(
            Lint::InvalidLocator,
            span,
            format!("`{}` is not a locator", &rest[..length]),
        );
        self.diagnostics
            .push(match meant_locator(first, &rest[sign..length]) {
                None => diagnostic.help("a locator is `¶3`, `¶¶3-5` or `^name`"),
                Some(meant) => diagnostic
                    .help(format!("write `{meant}`"))
                    .fix(span, meant)
                    .trusted(if rest.starts_with('#') {
                        Trust::Safe
                    } else {
                        Trust::Suggested
                    }),
            });
        self.at += length;
    }

    /// Reports what stands behind the place that a link's target ends with: nobody would see it.
    pub(in crate::reference::citation) fn refuse_more_in_link(&mut self, target: &str) {
        let words = self.rest().trim_start_matches([' ', ',', '\n', '\t']);
        let span = self.text.span(self.end - words.len()..self.end);
        let Some(first) = words.find(char::is_alphanumeric) else {
            return;
        };
        if !self.diagnostics.is_empty() {
            return;
        }
        let diagnostic = if words.starts_with(QUOTATION_MARKS) {
            let message = "a link names paragraphs, and quotes nothing";
            Diagnostic::new(Lint::InvalidCitation, span, message)
                .help("quote in a citation, `[@key, ¶3 \"…\"]`; words to show stand behind `|`")
        } else {
            let (place, shown) = (target[..self.at].trim_end(), &words[first..]);
            let message = format!("`{words}` is no part of a place");
            Diagnostic::new(Lint::InvalidLocator, span, message).help(format!(
                "words to show stand behind `|`: `[[{place}|{shown}]]`"
            ))
        };
        self.diagnostics.push(diagnostic);
    }
}

/// A number and its length; one beyond all paragraphs saturates.
fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then(|| (text[..length].parse().unwrap_or(u32::MAX), length))
}

/// The dash, its length, and the last number of a range.
fn range_end(text: &str) -> Option<(usize, usize, u32)> {
    let after = text.trim_start().strip_prefix(DASHES)?;
    // `3--5` is an en dash, as TeX has it.
    let after = after.trim_start_matches('-').trim_start();
    let after = &after[locator_word(after).unwrap_or(0)..];
    let (last, length) = number(after)?;
    Some((text.len() - after.len(), length, last))
}

/// `#3`, `#p3`, `#p3-5`, `§3` and `&para;3` as a locator: the first sign, and what stands behind it.
fn meant_locator(sign: char, wrong: &str) -> Option<String> {
    if sign == '^' {
        let is_name = !wrong.is_empty() && key_length(wrong) == wrong.len();
        return is_name.then(|| format!("^{wrong}"));
    }
    let number = wrong.trim_start_matches(['¶', '⁋', '#', '§', ' ']);
    let number = number.strip_prefix('p').unwrap_or(number);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match number.split_once(['-', '–']) {
        Some((from, to)) => {
            let to = to.strip_prefix('p').unwrap_or(to);
            (is_number(from) && is_number(to)).then(|| format!("¶¶{from}-{to}"))
        }
        None => is_number(number).then(|| format!("¶{number}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_a_locator_is_told_what_it_would_be() {
        let check = |wrong: &str, expected: Option<&str>| {
            let (sign, length) = escaped(wrong).unwrap_or_else(|| {
                let first = wrong.chars().next().expect("a sign");
                (first, first.len_utf8())
            });
            let meant = meant_locator(sign, &wrong[length..]);
            assert_eq!(meant.as_deref(), expected, "{wrong}");
        };
        check("#p3", Some("¶3"));
        check("#3", Some("¶3"));
        check("§12", Some("¶12"));
        check("#p3-5", Some("¶¶3-5"));
        check("#p3-p5", Some("¶¶3-5"));
        check("#intro2", None);
        check("¶three", None);
        check("&#182;3", Some("¶3"));
        check("&#xB6;3-4", Some("¶¶3-4"));
        check("\\^two", Some("^two"));
        check("^", None);
    }
}
