//! Words of a `|` text that are not indented, and so stand outside it.

use std::ops::Range;

use super::fault::Fault;
use super::line::{Line, lines, lines_with_blank_ones};
use super::recover::Entries;
use super::{FIELDS, SPEAKING};
use crate::diagnostic::{Lint, nearest};

/// The words below a block text that has none, whose mark is at `mark`.
pub(super) fn words_below(text: &str, mark: usize) -> Option<Fault> {
    let opener = Line::around(text, mark);
    let words: Vec<Line<'_>> = lines(&text[opener.at..])
        .skip(1)
        .take_while(|line| is_words(*line, opener))
        .collect();
    let (first, last) = (words.first()?, words.last()?);
    if first.text.starts_with('\t') {
        return None;
    }
    let words_at = opener.at + first.at..opener.at + last.at + last.text.len();
    if first.has_hyphen() && opener.key().is_some_and(|key| !SPEAKING.contains(&key)) {
        let message = "a list stands below its key without a `|`";
        let help = "take the mark behind the colon out";
        return Some(Fault::new(Lint::InvalidYaml, mark, message, help));
    }
    let indent = words.iter().map(|line| line.indent()).min()?;
    let wanted = opener.least_indent() + 2;
    let missing = wanted.checked_sub(indent).filter(|missing| *missing > 0)?;
    let is_sound = |line: &Line<'_>| line.indent() == wanted;
    let outside = words.iter().filter(|line| line.indent() < wanted).count();
    // Where the others stand as they should, they stay.
    let others_are_sound = words
        .iter()
        .all(|line| line.indent() < wanted || is_sound(line));
    let stays = |line: &Line<'_>| others_are_sound && is_sound(line);
    let each = if outside > 1 || !others_are_sound {
        "each of its lines"
    } else {
        "it"
    };
    let are_bare = words.iter().all(|line| line.key().is_none());
    let moved = lines_with_blank_ones(&text[words_at.clone()])
        .filter(|line| are_bare && !line.text.trim().is_empty() && !stays(line))
        .map(|line| {
            let start = words_at.start + line.at;
            let blank = line.text.len() - line.text.trim_start().len();
            if blank == line.indent() {
                (start..start, " ".repeat(missing).into())
            } else {
                // Other spaces than plain ones indent nothing.
                (start..start + blank, " ".repeat(wanted).into())
            }
        });
    Some(Fault {
        fix: moved.collect(),
        broken: Some(entry_without(text, &words_at, opener.at)),
        ..Fault::new(
            Lint::InvalidYaml,
            words_at.start + first.indent(),
            "the text of a block is indented more than its key",
            if first.text.trim_start().len() + first.indent() < first.text.len() {
                format!("write {wanted} plain spaces before it: what stands there is none to YAML")
            } else {
                format!("add {missing} spaces before {each}")
            },
        )
    })
}

/// Whether a line at the column of a block's key, or further left, is none of the fields and entries that stand there.
fn is_words(line: Line<'_>, opener: Line<'_>) -> bool {
    if line.has_hyphen() {
        return line.indent() > 0 && line.indent() == opener.column();
    }
    let Some(key) = line.key() else {
        return true;
    };
    let is_field_above = opener.key().is_some_and(|key| FIELDS.contains(&key));
    let stands_among_fields = line.indent() == opener.column() && is_field_above;
    let stands_among_sections = line.indent() == 0 && opener.column() > 0;
    (stands_among_fields || stands_among_sections) && nearest(key, FIELDS).is_none()
}

/// The entry that the line at `at` belongs to, were these words, which may stand left of it, indented.
fn entry_without(text: &str, words: &Range<usize>, at: usize) -> Range<usize> {
    let mut without = text.to_owned();
    without.replace_range(words.clone(), &"\n".repeat(words.len()));
    Entries::of(&without).around(at)
}
