//! Strings as the print edition shows them, and the bare words of its data.

use std::borrow::Cow;

use serde_json::Value;
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

use crate::edition::Direction;

/// A place where a line may end.
const BREAK: char = '\u{200b}';

/// Words longer than this get places to break behind their punctuation: addresses do not fit a line.
const LONG_WORD: usize = 30;

/// Runs of letters longer than this may break anywhere.
const LONG_RUN: usize = 44;

/// A string as text: on one line, a ¶ kept with its number, its longest words breakable.
pub(super) fn shown(text: &str) -> String {
    let text = text.replace('\n', " ").replace("¶ ", "¶\u{a0}");
    breakable(&text).into_owned()
}

/// A string with places to break in its longest words.
pub(super) fn breakable(text: &str) -> Cow<'_, str> {
    if text.len() <= LONG_WORD {
        return Cow::Borrowed(text);
    }
    let mut broken = String::with_capacity(text.len());
    for word in runs(text, is_of_a_word) {
        if word.chars().nth(LONG_WORD).is_some() && word.starts_with(is_of_a_word) {
            break_word(word, &mut broken);
        } else {
            broken.push_str(word);
        }
    }
    Cow::Owned(broken)
}

fn break_word(word: &str, broken: &mut String) {
    let is_mark = |c: char| "/.?&=_#%,:;+~–—-".contains(c);
    for run in runs(word, is_mark) {
        if run.starts_with(is_mark) {
            broken.push_str(run);
            broken.push(BREAK);
        } else if run.chars().nth(LONG_RUN).is_some() {
            for letter in run.graphemes(true) {
                broken.push_str(letter);
                broken.push(BREAK);
            }
        } else {
            broken.push_str(run);
        }
    }
}

/// The longest runs of characters that are all of a kind, or all not.
fn runs(text: &str, is_of_kind: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let kind = is_of_kind(rest.chars().next()?);
        let end = rest.find(|c| is_of_kind(c) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// Whether a character belongs to a word that a line's end may not part: other scripts break by rules of their own.
fn is_of_a_word(character: char) -> bool {
    let known = [
        Script::Latin,
        Script::Greek,
        Script::Cyrillic,
        Script::Common,
        Script::Inherited,
    ];
    !character.is_whitespace() && known.contains(&character.script())
}

/// The bare words of data: no notes, no marks.
pub(super) fn plain(value: &Value) -> String {
    let mut words = String::new();
    gather(value, &mut words);
    words
}

/// The direction of data's first letter (UAX #9, P2), if it has one.
pub(super) fn direction(value: &Value) -> Option<Direction> {
    let words = plain(value);
    let first = words.chars().find(|c| c.is_alphabetic())?;
    if is_right_to_left(first) {
        Some(Direction::RightToLeft)
    } else {
        Some(Direction::LeftToRight)
    }
}

/// Whether a letter belongs to a script that is written from right to left.
pub(super) fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter.script(),
        Script::Adlam
            | Script::Arabic
            | Script::Hebrew
            | Script::Mandaic
            | Script::Nko
            | Script::Samaritan
            | Script::Syriac
            | Script::Thaana
    )
}

/// How many letters data has, by which the theme tells what fits on a page.
pub(super) fn length(value: &Value) -> usize {
    plain(value).chars().count()
}

fn gather(value: &Value, words: &mut String) {
    match value {
        Value::String(text) => words.extend(text.chars().filter(|c| *c != BREAK)),
        Value::Array(values) => values.iter().for_each(|value| gather(value, words)),
        Value::Object(node) => match node.get("kind").and_then(Value::as_str) {
            Some("note" | "comment" | "page" | "mark" | "comma") => {}
            Some("break") => words.push(' '),
            _ => {
                let parts = [
                    "text", "alt", "term", "content", "head", "rows", "items", "blocks",
                ];
                let parts = parts.iter().filter_map(|part| node.get(*part));
                parts.for_each(|part| gather(part, words));
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_can_break() {
        let check = |text: &str, expected: &str| {
            assert_eq!(shown(text).replace(BREAK, "|"), expected, "{text}");
        };
        check("¶ 3\nand ¶¶ 4", "¶\u{a0}3 and ¶¶\u{a0}4");
        check("short/er", "short/er");
        check(
            "see https://example.org/reports/2024/command now",
            "see https://|example.|org/|reports/|2024/|command now",
        );
        check(&"語".repeat(40), &"語".repeat(40));
        check(&"a".repeat(45), &"a|".repeat(45));
        check(&"a".repeat(44), &"a".repeat(44));
    }

    #[test]
    fn the_first_letter_gives_the_direction() {
        let check = |text: &str, expected| {
            assert_eq!(direction(&serde_json::json!([text])), expected, "{text}");
        };
        check("English with سلام", Some(Direction::LeftToRight));
        check("(2024) سلام and English", Some(Direction::RightToLeft));
        check("שלום", Some(Direction::RightToLeft));
        check("2024", None);
    }

    #[test]
    fn notes_are_no_words() {
        let value = serde_json::json!([
            "A ",
            {"kind": "emphasis", "content": ["b"]},
            {"kind": "note", "label": "x", "content": ["not this"]},
            {"kind": "break"},
            {"kind": "code", "text": "c"},
        ]);
        assert_eq!(plain(&value), "A b c");
        assert_eq!(length(&value), 5);
    }
}
