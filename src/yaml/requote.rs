//! Texts in quotation marks that one of their own marks ends too early.

use super::fault::Fault;
use super::line::Line;
use super::{FIELDS, SPEAKING};
use crate::diagnostic::Lint;

/// A value that begins with a quotation mark and goes on behind its other, with the line as it can be written.
/// `goes_on` says that the lines below belong to it, `cites` that it is a citation.
pub(super) fn ended(
    line: Line<'_>,
    at: usize,
    value: &str,
    goes_on: bool,
    cites: bool,
) -> Option<Fault> {
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value.split_once(" #").map_or(value, |(text, _)| text);
    let value = value.trim_end();
    let is_whole = mark == '\'' && value.ends_with("''");
    if !value[1..].contains(mark) || is_whole || is_one_text(value, mark) {
        return None;
    }
    let message = match mark {
        '"' => "a text that begins with a quotation mark ends at the next one",
        _ => "an apostrophe ends this text before its end",
    };
    let told = |help: String| Fault::new(Lint::YamlTrap, at, message, help);
    let is_list = line
        .key()
        .is_some_and(|key| FIELDS.contains(&key) && !SPEAKING.contains(&key));
    let right = match list(value, mark).filter(|_| is_list) {
        Some(list) => Some(list),
        None if cites => cited(value, mark),
        None => quoted_anew(value, mark),
    };
    let Some(right) = right.filter(|_| !goes_on) else {
        return Some(told("put the text on the next lines after `|`".to_owned()));
    };
    let head = line.text[..at - line.at].trim_start();
    let fault = told(format!("write `{head}{right}`"));
    // Of an odd number, nobody knows which mark is the text's own.
    let is_certain = mark == '\'' || value.matches(mark).count() % 2 == 0;
    let fix = is_certain.then(|| (at..at + value.len(), right.into()));
    Some(Fault {
        fix: fix.into_iter().collect(),
        ..fault
    })
}

/// The text in brackets that begins with a mark and goes on behind its other, as it can be written.
pub(super) fn ended_in_brackets(rest: &str) -> Option<(&str, String)> {
    let mark = rest.chars().next()?;
    let ends_item = |at: &usize| rest[at + 1..].trim_start().starts_with([',', ']', '}']);
    let mut marks = rest.match_indices(mark).map(|(at, _)| at).skip(1);
    let item = match marks.find(ends_item) {
        Some(last) if !rest[1..last].contains(", ") || quotes_once(&rest[..=last]) => {
            &rest[..=last]
        }
        _ => rest[..rest.find([',', ']', '}'])?].trim_end(),
    };
    // A quotation that goes on behind the comma.
    let (before, behind) = item.rsplit_once(mark)?;
    if before.ends_with([' ', '(']) && !behind.is_empty() {
        return None;
    }
    Some((item, quoted_anew(item, mark)?))
}

/// `"port ¶3 "every day, rain or shine""`: a text in marks that quotes one other, up to its end.
fn quotes_once(text: &str) -> bool {
    text.ends_with("\"\"") && text.matches('"').count() == 4 && text.contains(" \"")
}

/// Whether only a backslash, and no second text, makes this none.
fn is_one_text(value: &str, mark: char) -> bool {
    value.matches(mark).count() == 2 && value.ends_with(mark)
}

/// `"A", "B"`
fn list(value: &str, mark: char) -> Option<String> {
    let is_text = |piece: &str| {
        let piece = piece.trim();
        piece.len() > 2 && is_one_text(piece, mark) && piece.starts_with(mark)
    };
    (value.contains(',') && value.split(',').all(is_text)).then(|| format!("[{value}]"))
}

/// A citation whose key, or all of it, stands in marks.
fn cited(value: &str, mark: char) -> Option<String> {
    let (key, place) = value[1..].split_once(mark)?;
    // `"words" key ¶3`
    let has_key = place.starts_with(' ') && !place.trim_start().starts_with('¶');
    if has_key && place.contains('¶') && !key.contains('¶') && !place.contains(mark) {
        return Some(format!("{} {mark}{key}{mark}", place.trim()));
    }
    let words = if key.contains(' ') {
        inner(value, mark)?
    } else {
        format!("{key}{place}")
    };
    let is_plain = words.starts_with(char::is_alphanumeric) && !words.contains(": ");
    Some(if is_plain { words } else { in_marks(&words) })
}

fn quoted_anew(value: &str, mark: char) -> Option<String> {
    Some(in_marks(&inner(value, mark)?))
}

/// The words of a text, without the marks in which the whole of it stands.
fn inner(value: &str, mark: char) -> Option<String> {
    if mark == '"' && value.contains('\\') {
        return None;
    }
    let second = 1 + value[1..].find(mark)?;
    let opens_there = match mark {
        '"' => value[..second].ends_with([' ', '(']),
        _ => {
            value[second + 1..].starts_with(|c: char| c == '\'' || c.is_alphabetic())
                || value.matches(mark).count() == 3
        }
    };
    Some(match value[1..].strip_suffix(mark) {
        Some(inner) if opens_there => inner.replace("''", "'"),
        _ => value.to_owned(),
    })
}

fn in_marks(words: &str) -> String {
    if words.contains(['"', '\\']) {
        format!("'{}'", words.replace('\'', "''"))
    } else {
        format!("\"{words}\"")
    }
}
