//! Brackets and quotation marks that open a value and are never closed.
//!
//! The parser notices them far below, at whatever it cannot take for a part of the open value.

use super::line::{Line, lines};

/// An entry in braces has no more fields than these.
const MOST_FIELDS: usize = 16;

/// The first mark up to `until` that opens a value and is closed neither on its line nor on those below it that belong
/// to the value.
pub(super) fn unclosed(text: &str, until: usize) -> Option<(usize, char)> {
    lines(text)
        .take_while(|line| line.at <= until)
        .find_map(|line| {
            line.value()
                .filter(|(_, value)| value.starts_with(['[', '{', '"', '\'']))?;
            let (start, own) = value(text, line, 0)?;
            let (at, mark) = end(own).err()?;
            let is_bracket = own.starts_with(['[', '{']);
            (!is_bracket || !brackets(text, line)?.is_closed).then_some((start + at, mark))
        })
}

/// The brackets round a value.
pub(super) struct Brackets {
    pub(super) start: usize,
    /// Where they are closed, or what could close them ends.
    pub(super) end: usize,
    pub(super) is_closed: bool,
}

/// The brackets round a line's value, the fields in which may stand at the column of its key.
pub(super) fn brackets(text: &str, line: Line<'_>) -> Option<Brackets> {
    line.value()
        .filter(|(_, value)| value.starts_with(['[', '{']))?;
    let (start, own) = value(text, line, 0)?;
    let mut whole = own;
    if end(own).is_err() {
        (_, whole) = value(text, line, MOST_FIELDS)?;
    }
    let length = end(whole);
    Some(Brackets {
        start,
        end: start + length.unwrap_or(whole.len()),
        is_closed: length.is_ok(),
    })
}

/// A line's value and where it begins.
fn value<'t>(text: &'t str, line: Line<'_>, joins: usize) -> Option<(usize, &'t str)> {
    let range = line.value_range(text, joins)?;
    Some((range.start, &text[range]))
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

/// The length of a value in brackets or quotation marks, or the mark of it that nothing closes.
fn end(value: &str) -> Result<usize, (usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    // Only where a text could begin is a quotation mark one of YAML's.
    let mut fresh = true;
    while let Some(sign) = value[at..].chars().next() {
        match sign {
            '"' | '\'' if fresh => match quoted(&value[at..], sign) {
                Some(length) => at += length - sign.len_utf8(),
                None => return Err((at, sign)),
            },
            '[' | '{' if fresh || !open.is_empty() => open.push((at, sign)),
            ']' | '}' => match open.pop() {
                Some((opened, mark)) if (mark == '[') != (sign == ']') => {
                    return Err((opened, mark));
                }
                _ => {}
            },
            '#' if value[..at].ends_with([' ', '\n']) => {
                at += value[at..].find('\n').unwrap_or(value.len() - at) - 1;
            }
            _ => {}
        }
        at += sign.len_utf8();
        if open.is_empty() {
            break;
        }
        fresh = matches!(sign, '[' | '{' | ',' | ':') || (fresh && sign.is_whitespace());
    }
    open.pop().map_or(Ok(at), Err)
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
