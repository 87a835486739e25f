//! One citation, read from left to right: prefix, key, locator, quotation, and what is left over.

mod place;

use std::ops::Range;

use super::super::QUOTATION_MARKS;
use super::super::locator::DASHES;
use super::super::name::key_length;
use super::{Citation, Locator};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{Span, Text};

/// Reads one citation from a range of a text.
pub(super) struct Item<'t> {
    text: &'t Text,
    at: usize,
    end: usize,
    prefix: String,
    pub(super) lead_span: Span,
    pub(super) suffix_span: Span,
    /// Whether something stands right behind the numbers that is no part of a locator: `¶2/3`, `¶1a`.
    pub(super) is_glued: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'t> Item<'t> {
    pub(super) fn new(text: &'t Text, range: Range<usize>) -> Self {
        Item {
            text,
            at: range.start,
            end: range.end,
            prefix: String::new(),
            lead_span: text.span(range.end..range.end),
            suffix_span: text.span(range.end..range.end),
            is_glued: false,
            diagnostics: Vec::new(),
        }
    }

    fn rest(&self) -> &'t str {
        &self.text.text[self.at..self.end]
    }

    /// Whether all of the range is read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.end
    }

    fn skip(&mut self, characters: &[char]) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(characters).len();
    }

    /// `[@a, ¶3]` pasted into YAML is read like `a ¶3`.
    pub(super) fn strip_brackets(&mut self) {
        let rest = self.rest();
        if rest.starts_with("[@") && rest.ends_with(']') {
            self.at += 1;
            self.end -= 1;
        }
    }

    pub(super) fn read_prefix(&mut self) {
        let rest = self.rest();
        if let Some(sign) = rest.find('@') {
            let prefix = rest[..sign].trim_end_matches('-').trim();
            if !prefix.is_empty() && prefix.chars().all(|c| DASHES.contains(&c)) {
                self.refuse_dash(self.at..self.at + sign);
            } else {
                prefix.clone_into(&mut self.prefix);
            }
            self.at += sign;
        }
    }

    /// Reports `- @key` and `–@key`, which would print the dash and the author.
    fn refuse_dash(&mut self, range: Range<usize>) {
        let place = self.text.span(range);
        let message = "this dash would be printed";
        self.diagnostics.push(
            Diagnostic::new(Lint::InvalidCitation, place, message)
                .help("write `-@`, the two signs side by side, to leave the author out; or take it out")
                .fix(place, "-"),
        );
    }

    pub(super) fn read(&mut self) -> Option<Citation> {
        self.skip(&[' ', '\t', '\n']);
        let start = self.at;
        if self.rest().starts_with('@') {
            self.at += 1;
        }
        let key = self.read_key()?;
        self.skip(&BETWEEN);
        self.refuse_unseen();
        let locator = self.read_locator();
        self.is_glued = match locator {
            Some(Locator::Paragraphs(..) | Locator::Several(..)) => self.goes_on(),
            Some(Locator::Name(..)) | None => false,
        };
        self.skip(&BETWEEN);
        let lead = self.read_lead();
        let quotation = self.read_quotation();
        let rest = self.rest().trim_end();
        let suffix = rest.trim_start().trim_start_matches([',', ' ']);
        let end = self.at + rest.len();
        self.suffix_span = self.text.span(end - suffix.len()..end);
        Some(Citation {
            prefix: std::mem::take(&mut self.prefix),
            key,
            locator,
            lead,
            quotation: quotation.map(Box::new),
            before: None,
            after: None,
            suffix: suffix.to_owned(),
            span: self
                .text
                .span(start..self.text.text[..self.end].trim_end().len().max(start)),
        })
    }

    /// Whether a letter or figure follows without a gap, behind whatever signs, or a range that has no end.
    fn goes_on(&self) -> bool {
        let rest = self.rest();
        let behind_dash = rest.trim_start().strip_prefix(DASHES).map(str::trim_start);
        if behind_dash.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ';', '}'])) {
            return true;
        }
        let signs = rest.trim_start_matches(['.', '/', '-', '–', '+', '&', '#', '\\', '~', '_']);
        signs.starts_with(char::is_alphanumeric)
    }

    fn read_key(&mut self) -> Option<Text> {
        let length = meant_key_length(self.rest());
        let key = self.rest()[..length].trim_end_matches(['.', '-', '_']);
        if key.is_empty() {
            let span = self.text.span(self.at..self.end);
            let message = "a citation begins with the key of a source";
            let help = if self.rest().starts_with('#') {
                "in a `|` block `#` makes no comment: take the line out".to_owned()
            } else if self.rest().starts_with("- ") {
                "in a `|` block each line is a citation: take the `- ` out".to_owned()
            } else if let Some(meant) = unwrapped(self.rest()) {
                format!("write `{meant}`")
            } else {
                "the form is `key ¶N \"words\"`".to_owned()
            };
            self.diagnostics
                .push(Diagnostic::new(Lint::InvalidCitation, span, message).help(help));
            return None;
        }
        let range = self.at..self.at + key.len();
        if !key.is_ascii() {
            let meant = meant_key(key);
            let span = self.text.span(range);
            let message = "an ID has plain hyphens, and no signs that cannot be seen";
            self.diagnostics.push(
                Diagnostic::new(Lint::InvalidCitation, span, message)
                    .help(format!("write `{meant}`"))
                    .fix(span, meant),
            );
            return None;
        }
        self.at = range.end;
        Some(self.text.slice(range))
    }

    /// Reports signs before the locator that cannot be seen, and reads on behind them.
    fn refuse_unseen(&mut self) {
        let rest = self.rest();
        let behind = rest.trim_start_matches(UNSEEN);
        let length = rest.len() - behind.len();
        if length == 0 {
            return;
        }
        let span = self.text.span(self.at..self.at + length);
        let message = "a sign that cannot be seen stands here";
        self.diagnostics.push(
            Diagnostic::new(Lint::InvalidCitation, span, message)
                .help("take it out")
                .fix(span, "")
                .trusted(Trust::Safe),
        );
        self.at += length;
        self.skip(&BETWEEN);
    }

    /// Words before a quotation that follows later: what is quoted is verified wherever it stands.
    fn read_lead(&mut self) -> String {
        let rest = self.rest();
        let Some(open) = rest.find(QUOTATION_MARKS) else {
            return String::new();
        };
        let mark = rest[open..].chars().next().map_or(1, char::len_utf8);
        let closes = rest[open + mark..].contains(QUOTATION_MARKS);
        let lead = rest[..open].trim_end_matches([' ', '\t', '\n', '–', '—', ':', '(']);
        if !closes || lead.contains(['¶', '@']) {
            return String::new();
        }
        self.lead_span = self.text.span(self.at..self.at + lead.len());
        self.at += open;
        lead.to_owned()
    }

    fn read_quotation(&mut self) -> Option<Text> {
        let rest = self.rest();
        let open = rest
            .chars()
            .next()
            .filter(|c| QUOTATION_MARKS.contains(c))?;
        let inner = self.at + open.len_utf8();
        let body = &self.text.text[inner..self.end];
        let Some(close) = body.rfind(QUOTATION_MARKS) else {
            let span = self.text.span(self.at..self.end);
            self.diagnostics.push(
                Diagnostic::new(Lint::InvalidCitation, span, "the quotation is not closed")
                    .help("end it with a quotation mark"),
            );
            self.at = self.end;
            return None;
        };
        let mark = body[close..].chars().next().unwrap_or(open);
        let end = inner + close + mark.len_utf8();
        if mark == '„' || (open == '“' && mark == '“') {
            let place = self.text.span(inner + close..end);
            let message = "this quotation mark is the one for the other end of a quotation";
            self.diagnostics.push(
                Diagnostic::new(Lint::UnpairedMark, place, message)
                    .help("a quotation stands between `“` and `”`")
                    .fix(place, "”")
                    .trusted(Trust::Safe),
            );
        }
        self.at = end;
        if open == '"' && body[..close].matches('"').count() == 1 {
            let second = inner + body.find('"').unwrap_or(0);
            let place = self.text.span(second..second + 1);
            let message = "this quotation mark has no other";
            self.diagnostics.push(
                Diagnostic::new(Lint::UnpairedMark, place, message).help(
                    "take it out; a quotation within the quotation stands between `“` and `”`",
                ),
            );
        }
        Some(self.text.slice(inner..inner + close))
    }
}

/// A citation without what stands round it: `(see [@a, ¶3])`, `@ a`, `＠a`, `[a, ¶3]`.
fn unwrapped(text: &str) -> Option<&str> {
    let begins = text.find(QUOTATION_MARKS).unwrap_or(text.len());
    let signs = ['@', '＠', '[', '［', '(', '（', '【', ' '];
    let sign = text[..begins].rfind(&signs[..7]).unwrap_or(0);
    let inner = text[sign..].trim_start_matches(signs);
    let meant = inner.trim_end_matches([' ', ']', '］', ')', '）', '】', '.']);
    (key_length(meant) > 0).then_some(meant)
}

/// The key that is meant by one with signs that no key has.
fn meant_key(key: &str) -> String {
    let plain = |c: char| match c {
        c if DASHES.contains(&c) => Some('-'),
        c => Some(c).filter(char::is_ascii),
    };
    key.chars().filter_map(plain).collect()
}

/// The length of a key in which a hyphen may have become a dash, or a sign without width have crept in.
fn meant_key_length(text: &str) -> usize {
    let odd = |c: char| (DASHES.contains(&c) && c != '—') || UNSEEN.contains(&c);
    let mut length = key_length(text);
    while length > 0
        && let Some(sign) = text[length..].chars().next().filter(|c| odd(*c))
    {
        let rest = &text[length + sign.len_utf8()..];
        let hyphens = rest.len() - rest.trim_start_matches('-').len();
        match key_length(&rest[hyphens..]) {
            0 => break,
            more => length += sign.len_utf8() + hyphens + more,
        }
    }
    length
}

/// The sign of a citation that an entity or a backslash at the start of a text stands for in Markdown, and the length
/// of what stands for it.
fn escaped(text: &str) -> Option<(char, usize)> {
    if let Some(rest) = text.strip_prefix('\\') {
        let sign = rest.chars().next().filter(|c| !c.is_alphanumeric())?;
        return Some((sign, 1 + sign.len_utf8()));
    }
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let sign = match (name, name.strip_prefix('#')) {
        (_, Some(number)) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let (digits, radix) = hexadecimal.map_or((number, 10), |digits| (digits, 16));
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)?
        }
        ("para", None) => '¶',
        ("sect", None) => '§',
        ("num", None) => '#',
        ("Hat", None) => '^',
        ("commat", None) => '@',
        ("quot", None) => '"',
        ("ldquo", None) => '“',
        ("rdquo", None) => '”',
        ("ndash", None) => '–',
        (_, None) => return None,
    };
    Some((sign, name.len() + 2))
}

/// A text as Markdown would show it, as far as the signs of citations go.
pub(super) fn unescaped(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let (sign, length) = escaped(rest).unwrap_or((next, next.len_utf8()));
        unescaped.push(sign);
        rest = &rest[length..];
    }
    unescaped
}

/// What may stand between a key, its locator and its quotation.
const BETWEEN: [char; 11] = [
    ' ', '\t', '\u{a0}', '\u{2009}', '\u{202f}', '\u{3000}', ',', '、', '，', ':', '\n',
];

/// Signs without width, and marks of direction.
pub const UNSEEN: [char; 9] = [
    '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{2061}',
    '\u{feff}',
];
