//! The lines of a saved file.
//!
//! A line separator (U+2028) does not end a paragraph, a paragraph separator (U+2029) or a page
//! break does.

use super::text;

/// A line of the saved file that holds anything.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// The columns before its text.
    pub(super) indent: usize,
    /// Its text, tidied.
    pub(super) text: String,
    /// A blank line or a page break stands before this line.
    pub(super) gap: bool,
    /// Only a line separator (U+2028 and its like) stands before it: the paragraph goes on.
    pub(super) soft: bool,
}

impl Line {
    /// Its width, with the indent.
    pub(super) fn columns(&self) -> usize {
        self.indent + text::columns(&self.text)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Line,
    Soft,
    Page,
}

/// The lines that hold anything. Numbers count what an editor counts: `\n`, `\r\n` and `\r`.
pub(super) fn lines(saved: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut rest, mut number, mut gap, mut before) = (saved, 1, false, Ending::Line);
    while !rest.is_empty() {
        let (raw, ending, after) = cut(rest);
        let text = text::tidy(raw);
        let soft = before == Ending::Soft;
        if text.is_empty() {
            gap |= !soft;
        } else {
            lines.push(Line {
                number,
                indent: indent(raw),
                text,
                gap,
                soft,
            });
            gap = false;
        }
        gap |= ending == Ending::Page;
        number += usize::from(ending == Ending::Line);
        (rest, before) = (after, ending);
    }
    lines
}

fn cut(rest: &str) -> (&str, Ending, &str) {
    let Some((at, c)) = rest.char_indices().find(|(_, c)| is_ending(*c)) else {
        return (rest, Ending::Line, "");
    };
    let width = if rest[at..].starts_with("\r\n") {
        2
    } else {
        c.len_utf8()
    };
    (&rest[..at], ending(c), &rest[at + width..])
}

fn is_ending(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn ending(c: char) -> Ending {
    match c {
        '\u{b}' | '\u{85}' | '\u{2028}' => Ending::Soft,
        '\u{c}' | '\u{2029}' => Ending::Page,
        _ => Ending::Line,
    }
}

fn indent(raw: &str) -> usize {
    let blank = raw.len() - raw.trim_start().len();
    raw[..blank]
        .chars()
        .map(|c| {
            if c == '\t' {
                4
            } else {
                text::columns(c.encode_utf8(&mut [0; 4]))
            }
        })
        .sum()
}
