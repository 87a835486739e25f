//! A YAML text line by line, as its author sees it: what a mistake is told by where the parser has stopped.

use std::ops::Range;

/// One line, without its end.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    /// Where it begins.
    pub(super) at: usize,
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// The line that holds `at`.
    pub(super) fn around(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Line {
            at: start,
            text: line,
        }
    }

    /// The line before this one that is not blank.
    pub(super) fn above(self, text: &'t str) -> Self {
        let before = text[..self.at].trim_end();
        Line::around(text, before.len())
    }

    /// The columns of white space before its first sign.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Where its key begins, or what stands behind its hyphens.
    pub(super) fn column(self) -> usize {
        let mut column = self.indent();
        while let Some(rest) = self.text[column..].strip_prefix('-') {
            if !(rest.is_empty() || rest.starts_with(' ')) {
                break;
            }
            column = self.text.len() - rest.trim_start_matches(' ').len();
        }
        column
    }

    pub(super) fn has_hyphen(self) -> bool {
        self.column() > self.indent()
    }

    /// Its key, and where the value begins that stands behind it.
    fn field(self) -> Option<(&'t str, usize)> {
        let column = self.column();
        let rest = &self.text[column..];
        let quoted = rest.strip_prefix(['"', '\'']).and_then(|inner| {
            let mark = rest.chars().next()?;
            Some(2 + inner.find(mark)?)
        });
        let from = quoted.unwrap_or(0);
        if rest.starts_with(['[', '{', '#', '&', '*', '|', '>']) {
            return None;
        }
        let colon = rest[from..]
            .match_indices(':')
            .map(|(colon, _)| from + colon)
            .find(|colon| rest[colon + 1..].is_empty() || rest[colon + 1..].starts_with(' '))?;
        if quoted.is_some_and(|end| end != colon) {
            return None;
        }
        let value = rest[colon + 1..].trim_start();
        let key = rest[..colon].trim_matches(['"', '\'']);
        Some((key, self.text.len() - value.len()))
    }

    pub(super) fn key(self) -> Option<&'t str> {
        self.field().map(|(key, _)| key)
    }

    /// What stands behind its key or its hyphen, with its place in the text.
    pub(super) fn value(self) -> Option<(usize, &'t str)> {
        let column = self.column();
        let start = match self.field() {
            Some((_, value)) => value,
            None if self.has_hyphen() => column,
            None => return None,
        };
        Some((self.at + start, &self.text[start..]))
    }

    /// Whether a text on the lines below is its value.
    pub(super) fn opens_block(self) -> bool {
        self.value()
            .is_some_and(|(_, value)| is_block_mark(value.split(" #").next().unwrap_or_default()))
    }

    /// What goes on with its value on the lines below is indented more than this.
    pub(super) fn least_indent(self) -> usize {
        match self.field() {
            Some(_) => self.column(),
            None => self.indent(),
        }
    }

    /// The bytes from its value to the first line below that is not indented more than its key and has one of its own; so
    /// many of these belong to it if the brackets round it join them to the lines above them.
    pub(super) fn value_range(self, text: &str, mut joins: usize) -> Option<Range<usize>> {
        let (start, _) = self.value()?;
        let least = self.least_indent();
        let mut above = self;
        let mut below = lines_with_blank_ones(&text[self.at..]).skip(1);
        let end = below
            .find(|line| {
                let has_key = line.has_hyphen() || line.key().is_some();
                let is_other = line.indent() <= least && has_key;
                let is_joined = is_other && (line.ends_item() || above.goes_on_below());
                above = *line;
                if is_joined && joins > 0 {
                    joins -= 1;
                    return false;
                }
                is_other
            })
            .map_or(text.len(), |line| self.at + line.at);
        Some(start..end)
    }

    /// Whether it begins with a sign that in brackets ends what stands above it.
    pub(super) fn ends_item(self) -> bool {
        self.text.trim_start().starts_with(['}', ']', ','])
    }

    /// Whether something in brackets is to follow on the next line.
    fn goes_on_below(self) -> bool {
        self.text.trim_end().ends_with(['{', '[', ','])
    }

    /// The field that its value belongs to: its own, or in a list the one that holds the list.
    pub(super) fn field_in(self, text: &'t str) -> Option<&'t str> {
        if let Some(key) = self.key() {
            return Some(key);
        }
        let mut line = self;
        for _ in 0..LONGEST_LIST {
            if line.at == 0 {
                break;
            }
            line = line.above(text);
            if line.indent() <= self.indent() && !line.has_hyphen() {
                return line.key();
            }
        }
        None
    }
}

/// Farther below its field's name nobody asks what an item belongs to.
const LONGEST_LIST: usize = 500;

/// `|`, `>-`, `|2`
pub(super) fn is_block_mark(value: &str) -> bool {
    value
        .trim_end()
        .strip_prefix(['|', '>'])
        .is_some_and(|rest| rest.len() <= 2 && rest.chars().all(|c| "+-123456789".contains(c)))
}

/// All lines.
pub(super) fn lines_with_blank_ones(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        Line {
            at: start,
            text: line.trim_end_matches(['\n', '\r']),
        }
    })
}

/// The lines that YAML reads as such: not the blank ones, the comments, and those of block texts.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    // The column of a block text's key, and that of its first line.
    let mut block: Option<(usize, Option<usize>)> = None;
    lines_with_blank_ones(text).filter(move |line| {
        let bare = line.text.trim_start();
        if bare.is_empty() {
            return false;
        }
        if let Some((column, first)) = &mut block
            && line.indent() > *column
        {
            let first = *first.get_or_insert(line.indent());
            // A key further left than the text is none of it.
            if line.indent() >= first || line.key().is_none() {
                return false;
            }
        }
        block = line.opens_block().then(|| (line.least_indent(), None));
        !bare.starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_its_key_and_value() {
        let check = |text, key: Option<&str>, value: Option<&str>| {
            let line = Line { at: 0, text };
            assert_eq!(line.key(), key, "{text}");
            assert_eq!(line.value().map(|(_, value)| value), value, "{text}");
        };
        check("  text: Five: six", Some("text"), Some("Five: six"));
        check("  - date: 2024", Some("date"), Some("2024"));
        check("  - \"2+2\": talks", Some("2+2"), Some("talks"));
        check("  - {source: a}", None, Some("{source: a}"));
        check("  - a ¶3", None, Some("a ¶3"));
        check("claims:", Some("claims"), Some(""));
        check("  12:30", None, None);
        check("  -- x", None, None);
    }

    #[test]
    fn block_texts_have_no_lines() {
        let text = "a: |\n  x: [\n\n  y\nb: >- # so\n   z\n# c\nd: e\n";
        let found: Vec<&str> = lines(text).map(|line| line.text).collect();
        assert_eq!(found, ["a: |", "b: >- # so", "d: e"]);
        let found: Vec<&str> = lines("a: |\n    x: y\n   z\n  b: c\n")
            .map(|line| line.text)
            .collect();
        assert_eq!(found, ["a: |", "  b: c"]);
    }

    #[test]
    fn an_item_belongs_to_the_field_above() {
        let text = "x:\n  cites:\n    - a\n    - b\n";
        let line = Line::around(text, text.find("- b").unwrap());
        assert_eq!(line.field_in(text), Some("cites"));
    }
}
