//! Finds our own syntax in a text before CommonMark sees it.

use std::borrow::Cow;
use std::ops::Range;

use crate::reference::{QUOTATION_MARKS, is_unspaced, key_length};

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

/// Our syntax in `text`, in order, without overlaps; `code` are the ranges in which nothing is ours.
pub(super) fn marks(text: &str, code: &[Range<usize>]) -> Vec<Mark> {
    let mut scan = Scan {
        text,
        at: 0,
        block_end: 0,
        far: MOST_FAR * text.len(),
        marks: Vec::new(),
    };
    scan.run(code);
    scan.marks
}

/// Whether a text can hold our syntax at all.
pub(super) fn may_have_marks(text: &str) -> bool {
    text.contains('@') || text.contains("[[")
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

/// Whether a sign right before `@key` makes it a part of something else: a word, an address (`me@example.org`,
/// `?by=@name`, `site.org/@name`), or a slip that is told as such: full-width brackets, a sign that cannot be seen.
fn goes_on(before: char) -> bool {
    let in_word = before.is_alphanumeric() && !is_unspaced(before);
    let in_address = matches!(before, '.' | '/' | '=' | '+' | '%' | '~' | ':' | '@' | '\\');
    let is_slip = matches!(
        before,
        '［' | '【' | '（' | '〔' | '−' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
    );
    in_word || in_address || is_slip
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Where the block that was looked at last ends.
    block_end: usize,
    /// How many more bytes may be read of citations that are longer than usual.
    far: usize,
    marks: Vec<Mark>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn run(&mut self, code: &[Range<usize>]) {
        let mut code = code.iter().peekable();
        while self.at < self.text.len() {
            while code.next_if(|range| range.end <= self.at).is_some() {}
            let stop = code.peek().map_or(self.text.len(), |range| range.start);
            if stop <= self.at {
                self.at = code.peek().map_or(self.text.len(), |range| range.end);
                continue;
            }
            match self.text.as_bytes()[self.at] {
                b'\\' => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                b'[' => self.bracket(),
                b'@' => self.in_text(),
                _ => {
                    let between = &self.text.as_bytes()[self.at + 1..stop.max(self.at + 1)];
                    let next = between
                        .iter()
                        .position(|byte| matches!(byte, b'\\' | b'[' | b'@'));
                    self.at = next.map_or(stop.max(self.at + 1), |next| self.at + 1 + next);
                }
            }
        }
    }

    /// The text from `at` up to the next blank line, which ends every paragraph; no longer than citations usually are.
    fn block(&mut self, at: usize) -> &'t str {
        let block = self.whole_block(at);
        &block[..block.floor_char_boundary(USUAL_LENGTH)]
    }

    fn whole_block(&mut self, at: usize) -> &'t str {
        if at >= self.block_end {
            self.block_end = at + block_length(&self.text[at..]);
        }
        &self.text[at..self.block_end]
    }

    /// The length of the bracketed text at `at`.
    fn closing(&mut self, at: usize) -> Option<usize> {
        let near = self.block(at);
        if let Some(length) = closing(near) {
            return Some(length);
        }
        let block = self.whole_block(at);
        if block.len() == near.len() {
            return None;
        }
        self.far = self.far.checked_sub(block.len())?;
        closing(block)
    }

    fn bracket(&mut self) {
        if self.rest().starts_with("[[") {
            return self.link();
        }
        let block = self.block(self.at);
        if !opens_citation(&block[1..]) {
            self.at += 1;
            return;
        }
        let Some(length) = self.closing(self.at) else {
            if block[1..].starts_with(['@', '-']) {
                self.mark(Kind::Unclosed, unclosed_length(block));
            } else {
                self.at += 1;
            }
            return;
        };
        if self.rest()[length..].starts_with(':') && self.is_at_line_start() {
            self.mark(Kind::Swallowed, length + 1);
        } else {
            self.mark(Kind::Group, length);
        }
    }

    /// Whether only the prefixes of containers stand before on the line.
    fn is_at_line_start(&self) -> bool {
        let before = self.text[..self.at].trim_end_matches([' ', '>']);
        before.is_empty() || before.ends_with('\n')
    }

    fn link(&mut self) {
        let block = self.block(self.at);
        match block.find("]]") {
            Some(end) if end > 2 && !block[2..end].contains('[') => {
                let before = &self.text[..self.at];
                if before.ends_with('!') && !before.ends_with("\\!") {
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
        let key = &self.rest()[1..];
        let length = key[..key_length(key)]
            .trim_end_matches(['.', '-', '_'])
            .len();
        if before.is_some_and(goes_on) || length == 0 {
            self.at += 1;
            return;
        }
        let after = &self.rest()[1 + length..];
        let locator = after
            .strip_prefix(" [")
            .is_some_and(opens_locator)
            .then(|| self.closing(self.at + 1 + length + 1))
            .flatten();
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

/// Few citations are longer, so that many open brackets cost little.
const USUAL_LENGTH: usize = 4096;

/// Longer ones are read as long as that costs no more than to read the whole text so many times.
const MOST_FAR: usize = 8;

/// The length of a text's first block.
fn block_length(text: &str) -> usize {
    let mut at = 0;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if line_of(&text[at..])
            .trim_matches([' ', '\t', '>', '\r', '\n'])
            .is_empty()
        {
            return at;
        }
    }
    text.len()
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

/// How much of a citation without an end is ours: what follows may be another one, a table's next cell, or quoted.
fn unclosed_length(block: &str) -> usize {
    let line = line_of(block);
    let next = line[1..].find(|c| matches!(c, '[' | '|') || QUOTATION_MARKS.contains(&c));
    let end = next.map_or(line.len(), |next| 1 + next);
    // An exclamation mark may begin the next one.
    line[..end].trim_end().trim_end_matches('!').len()
}

fn opens_locator(inner: &str) -> bool {
    let digit = |rest: &str| {
        let number =
            rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | ' '));
        number.starts_with(|c: char| c.is_ascii_digit())
    };
    inner.starts_with(['¶', '^', '{'])
        || inner.starts_with(QUOTATION_MARKS)
        || (inner.starts_with('p') && digit(inner))
}

/// The length of a bracketed text, brackets in quotations and pairs inside it passed over.
fn closing(block: &str) -> Option<usize> {
    // Where nothing closes, most of a hostile text need not be read.
    let block = &block[..=block.rfind(']')?];
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
        let code = super::super::build::code_ranges(text);
        let marks = marks(text, &code);
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
            "[[2+2]] ![[a ¶3]] \\[[x]] \\![[y]]",
            &[
                ("[[2+2]]", Kind::Link),
                ("![[a ¶3]]", Kind::Transclusion),
                ("[[y]]", Kind::Link),
            ],
        );
        check("[@a]: https://x", &[("[@a]:", Kind::Swallowed)]);
        check("so [@a, ¶3\n\nnext", &[("[@a, ¶3", Kind::Unclosed)]);
        check(
            "so [@a, ¶3 and “so” [@b].",
            &[("[@a, ¶3 and", Kind::Unclosed), ("[@b]", Kind::Group)],
        );
        check(
            "so [@a ![[b]]",
            &[("[@a ", Kind::Unclosed), ("![[b]]", Kind::Transclusion)],
        );
        check("[@a \"x]", &[("[@a \"x]", Kind::Group)]);
        check("@a [para. 7] says", &[("@a [para. 7]", Kind::InText)]);
        check("[link](http://x/@y)", &[]);
    }
}
