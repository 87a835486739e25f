//! Finds our own syntax in a text before CommonMark sees it.

use std::borrow::Cow;
use std::ops::Range;

use crate::reference::{QUOTATION_MARKS, key_length};

/// What a marked range is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `[see @a, ¶3]`
    Group,
    /// `@a [¶3]` in running text
    InText,
    /// `[[x]]`
    Link,
    /// `![[x]]`
    Transclusion,
    /// `[@a]: …` at the start of a line
    Swallowed,
    /// `[@a` without an end
    Unclosed,
}

/// A range of the text that is ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    /// The bytes, brackets included.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

/// Our syntax in `text`, in order, without overlaps.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    if !text.contains('@') && !text.contains("[[") {
        return Vec::new();
    }
    let mut scan = Scan {
        text,
        at: 0,
        marks: Vec::new(),
    };
    scan.run();
    scan.marks
}

/// The text with every mark's bytes replaced by an inert sign, line ends and container prefixes kept.
pub(super) fn mask<'t>(text: &'t str, marks: &[Mark]) -> Cow<'t, str> {
    if marks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for mark in marks {
        masked.push_str(&text[at..mark.range.start]);
        let mut line_start = false;
        for byte in text[mark.range.clone()].bytes() {
            let keep = match byte {
                b'\n' | b'\r' => true,
                b' ' | b'\t' | b'>' => line_start,
                _ => false,
            };
            line_start = keep && (line_start || byte == b'\n');
            // A percent sign means nothing to CommonMark and counts as punctuation, as the bracket does.
            masked.push(if keep { char::from(byte) } else { '%' });
        }
        at = mark.range.end;
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    marks: Vec<Mark>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn run(&mut self) {
        let mut line_start = true;
        while self.at < self.text.len() {
            if line_start && self.skip_fence() {
                continue;
            }
            line_start = false;
            match self.text.as_bytes()[self.at] {
                b'\n' => {
                    line_start = true;
                    self.at += 1;
                }
                b'\\' => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                b'`' => self.skip_code(),
                b'[' => self.bracket(),
                b'@' => self.in_text(),
                _ => {
                    let next = self.rest().as_bytes()[1..]
                        .iter()
                        .position(|byte| matches!(byte, b'\n' | b'\\' | b'`' | b'[' | b'@'));
                    self.at = next.map_or(self.text.len(), |next| self.at + 1 + next);
                }
            }
        }
    }

    /// Passes over a fenced code block.
    fn skip_fence(&mut self) -> bool {
        let line = line_of(self.rest());
        let Some(fence) = fence_of(line) else {
            return false;
        };
        self.at += line.len();
        while self.at < self.text.len() {
            let line = line_of(self.rest());
            self.at += line.len();
            let closing =
                fence_of(line).is_some_and(|(sign, length)| sign == fence.0 && length >= fence.1);
            if closing && line.trim_end().ends_with(fence.0) {
                break;
            }
        }
        true
    }

    /// Passes over a code span, or over backticks that open none.
    fn skip_code(&mut self) {
        let ticks = run_of(self.rest(), b'`');
        let block = block_rest(&self.text[self.at + ticks..]);
        let mut at = 0;
        while let Some(next) = block[at..].find('`') {
            let length = run_of(&block[at + next..], b'`');
            if length == ticks {
                self.at += ticks + at + next + length;
                return;
            }
            at += next + length;
        }
        self.at += ticks;
    }

    fn bracket(&mut self) {
        if self.rest().starts_with("[[") {
            return self.link();
        }
        let block = block_rest(self.rest());
        if !opens_citation(&block[1..]) {
            self.at += 1;
            return;
        }
        let Some(length) = closing(block) else {
            if block[1..].starts_with(['@', '-']) {
                let length = line_of(block).trim_end().len();
                self.mark(Kind::Unclosed, length);
            } else {
                self.at += 1;
            }
            return;
        };
        let line_before =
            &self.text[self.text[..self.at].rfind('\n').map_or(0, |n| n + 1)..self.at];
        let at_line_start = line_before.trim_matches([' ', '>']).is_empty();
        if at_line_start && block[length..].starts_with(':') {
            self.mark(Kind::Swallowed, length + 1);
        } else {
            self.mark(Kind::Group, length);
        }
    }

    fn link(&mut self) {
        let block = block_rest(self.rest());
        match block.find("]]") {
            Some(end) if end > 2 && !block[2..end].contains('[') => {
                if self.text[..self.at].ends_with('!') {
                    self.at -= 1;
                    self.mark(Kind::Transclusion, end + 3);
                } else {
                    self.mark(Kind::Link, end + 2);
                }
            }
            _ => self.at += 2,
        }
    }

    fn in_text(&mut self) {
        let before = self.text[..self.at].chars().next_back();
        let inside_word =
            before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '@'));
        let key = &self.rest()[1..];
        let length = key[..key_length(key)]
            .trim_end_matches(['.', '-', '_'])
            .len();
        if inside_word || length == 0 {
            self.at += 1;
            return;
        }
        let after = &self.rest()[1 + length..];
        let locator = after
            .strip_prefix(" [")
            .filter(|inner| opens_locator(inner))
            .and_then(|_| closing(block_rest(&after[1..])));
        self.mark(
            Kind::InText,
            1 + length + locator.map_or(0, |bracket| bracket + 1),
        );
    }

    fn mark(&mut self, kind: Kind, length: usize) {
        self.marks.push(Mark {
            range: self.at..self.at + length,
            kind,
        });
        self.at += length;
    }
}

fn line_of(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// The text up to the next blank line, which ends every paragraph.
fn block_rest(text: &str) -> &str {
    let mut at = 0;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if line_of(&text[at..])
            .trim_matches([' ', '\t', '>', '\r', '\n'])
            .is_empty()
        {
            return &text[..at];
        }
    }
    text
}

fn run_of(text: &str, sign: u8) -> usize {
    text.bytes().take_while(|&byte| byte == sign).count()
}

/// The sign and length of the fence that a line opens or closes.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(sign).len();
    let info = &line[length..];
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length))
}

/// Whether what follows `[` is a citation: words, then `@key`.
fn opens_citation(inner: &str) -> bool {
    let Some(sign) = inner
        .find(['@', ']', '['])
        .filter(|&at| inner[at..].starts_with('@'))
    else {
        return false;
    };
    let before = inner[..sign].chars().next_back();
    before.is_none_or(|c| matches!(c, ' ' | '-' | '\n' | ';' | '('))
        && inner[sign + 1..].starts_with(|c: char| c.is_ascii_alphanumeric())
        && sign < 100
}

fn opens_locator(inner: &str) -> bool {
    let digit = |rest: &str| {
        rest.trim_start_matches(['p', '.', ' '])
            .starts_with(|c: char| c.is_ascii_digit())
    };
    inner.starts_with(['¶', '^', '{'])
        || inner.starts_with(QUOTATION_MARKS)
        || (inner.starts_with('p') && digit(inner))
}

/// The length of a bracketed text, brackets in quotations and pairs inside it passed over.
fn closing(block: &str) -> Option<usize> {
    let quoted = closing_outside(block, true);
    quoted.or_else(|| closing_outside(block, false))
}

fn closing_outside(block: &str, quotations: bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut straight = false;
    let mut curly = 0_i32;
    for (at, character) in block.char_indices() {
        match character {
            '"' if quotations => straight = !straight,
            '“' | '«' | '「' if quotations => curly += 1,
            '”' | '»' | '」' if quotations => curly -= 1,
            _ if straight || curly > 0 => {}
            '[' => depth += 1,
            ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Kind)]) {
        let marks = marks(text);
        let found: Vec<(&str, Kind)> = marks
            .iter()
            .map(|m| (&text[m.range.clone()], m.kind))
            .collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(mask(text, &marks).len(), text.len());
    }

    #[test]
    fn finds_our_syntax_and_nothing_else() {
        check("x [@a, ¶3].", &[("[@a, ¶3]", Kind::Group)]);
        check(
            "[see @a \"x [y] z\"; @b]",
            &[("[see @a \"x [y] z\"; @b]", Kind::Group)],
        );
        check(
            "[@a \"[…] x\"] and [b](c)",
            &[("[@a \"[…] x\"]", Kind::Group)],
        );
        check("`[@a]` ``[@b] ` ``", &[]);
        check("```\n[@a]\n```\n[@b]", &[("[@b]", Kind::Group)]);
        check("> ~~~\n> @a\n> ~~~\n", &[]);
        check("mail me@example.org or \\@a", &[]);
        check(
            "@a [¶3] says; @b.",
            &[("@a [¶3]", Kind::InText), ("@b", Kind::InText)],
        );
        check(
            "[[2+2]] ![[a ¶3]] \\[[x]]",
            &[("[[2+2]]", Kind::Link), ("![[a ¶3]]", Kind::Transclusion)],
        );
        check("[@a]: https://x", &[("[@a]:", Kind::Swallowed)]);
        check("so [@a, ¶3\n\nnext", &[("[@a, ¶3", Kind::Unclosed)]);
        check("[@a \"x]", &[("[@a \"x]", Kind::Group)]);
        check("[link](http://x/@y)", &[]);
    }
}
