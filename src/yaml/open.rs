//! Brackets and quotation marks that open a value and are never closed.
//!
//! The parser notices them far below, at whatever it cannot take for a part of the open value.

use super::line::{Line, lines};

/// The first mark up to `until` that opens a value and is closed neither on its line nor on those below it that are
/// indented more.
pub(super) fn unclosed(text: &str, until: usize) -> Option<(usize, char)> {
    lines(text)
        .take_while(|line| line.at <= until)
        .find_map(|line| {
            line.value()
                .filter(|(_, value)| value.starts_with(['[', '{', '"', '\'']))?;
            let range = line.value_range(text)?;
            let (at, mark) = open_in(&text[range.clone()])?;
            Some((range.start + at, mark))
        })
}

/// The first mark up to `until` that stands before a key and has no other behind it: `"pier:`.
pub(super) fn before_key(text: &str, until: usize) -> Option<usize> {
    let mut read = lines(text).take_while(|line| line.at <= until);
    read.find_map(|line| lone_mark(line).map(|_| line.at + line.column()))
}

fn lone_mark(line: Line<'_>) -> Option<char> {
    let bare = line.text[line.column()..].trim_end();
    let mark = bare.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let words = &bare[1..];
    let is_key = words.ends_with(':') || words.contains(": ");
    (is_key && words.starts_with(char::is_alphanumeric) && !words.contains(mark)).then_some(mark)
}

/// The mark of a value that nothing closes.
fn open_in(value: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    // Only where a text could begin is a quotation mark one of YAML's.
    let mut fresh = true;
    while let Some(sign) = value[at..].chars().next() {
        match sign {
            '"' | '\'' if fresh => match quoted(&value[at..], sign) {
                Some(length) => at += length - sign.len_utf8(),
                None => return Some((at, sign)),
            },
            '[' | '{' if fresh || !open.is_empty() => open.push((at, sign)),
            ']' | '}' => {
                let (opened, mark) = open.pop()?;
                if (mark == '[') != (sign == ']') {
                    return Some((opened, mark));
                }
            }
            '#' if value[..at].ends_with([' ', '\n']) => {
                at += value[at..].find('\n').unwrap_or(value.len() - at) - 1;
            }
            _ => {}
        }
        if open.is_empty() {
            return None;
        }
        fresh = matches!(sign, '[' | '{' | ',' | ':') || (fresh && sign.is_whitespace());
        at += sign.len_utf8();
    }
    open.pop()
}

/// The length of a text in quotation marks, them included.
fn quoted(text: &str, mark: char) -> Option<usize> {
    let mut signs = text.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' if mark == '"' => {
                signs.next();
            }
            '\'' if mark == '\'' && signs.peek().is_some_and(|(_, next)| *next == '\'') => {
                signs.next();
            }
            _ if sign == mark => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_that_is_never_closed_is_found() {
        let check = |text: &str, expected: Option<&str>| {
            let found = unclosed(text, text.len()).map(|(at, _)| &text[at..]);
            let found = found.map(|rest| rest.lines().next().unwrap_or_default());
            assert_eq!(found, expected, "{text}");
        };
        check("a: [b, c\nd: [e]\n", Some("[b, c"));
        check(
            "a:\n  - x: [b,\n    c]\n  - y: {z: \"1\"\n",
            Some("{z: \"1\""),
        );
        check("a: [b, {c: d]\n", Some("{c: d]"));
        check("a: [b \"c, d]\n", None);
        check("a: [b, \"c, d]\ne: f\n", Some("\"c, d]"));
        check("a: \"b\nc: \"d\"\n", Some("\"b"));
        check("a: 'it''s\nb: c\n", Some("'it''s"));
        check("a: \"b \\\" c\"\nd: \"2\n  3\"\n", None);
        check("a: |\n  b: [\nc: [d # ]\ne: f\n", Some("[d # ]"));
        check("a: [\n  b,\n]\n", None);
        check("\"2+2\": x\n- [a, b]\n", None);
    }
}
