//! Markup of other programs, which is printed as it stands.

use std::ops::Range;

use super::Passage;
use crate::diagnostic::{Diagnostic, Lint};

const MESSAGE: &str = "this is markup of another program, and is printed as it stands";

/// What a box of another program is written as here.
const NO_BOX: &str =
    "take it out; what should stand apart has a heading, or is a note in the annotations";

/// What is done about anything else.
const LITERAL: &str =
    "take it out, or put it between backticks where the signs themselves are meant";

impl Passage<'_> {
    /// The first of it, by which an author knows the others.
    pub(super) fn foreign(self) -> Option<Diagnostic> {
        let text = self.text();
        if let Some(length) = box_at_start(text).filter(|_| self.is_sign(0)) {
            return Some(self.of_another_program(0..length, NO_BOX));
        }
        let signs = text.match_indices(['{', '\\', '=']).map(|(at, _)| at);
        let mut signs = signs.filter(|at| self.is_sign(*at));
        signs.find_map(|at| {
            let (length, help) = self.role(at).or_else(|| inside(&text[at..]))?;
            Some(self.of_another_program(at..at + length, help))
        })
    }

    /// ``{cite}`key` ``
    fn role(self, at: usize) -> Option<(usize, &'static str)> {
        let length = braced_word(&self.text()[at..])?;
        let behind = at + length;
        let has_code = behind < self.text().len() && self.is_code(behind);
        has_code.then_some((length, LITERAL))
    }

    fn of_another_program(self, range: Range<usize>, help: &str) -> Diagnostic {
        let place = self.prose.text.span(range);
        Diagnostic::new(Lint::LooksLikeMarkup, place, MESSAGE).help(help)
    }
}

/// `:::note`, `!!! note`, `[!NOTE]`
fn box_at_start(text: &str) -> Option<usize> {
    if text.starts_with(":::") {
        return Some(3);
    }
    if let Some(word) = text.strip_prefix("!!! ").or(text.strip_prefix("??? ")) {
        return word
            .starts_with(|c: char| c.is_ascii_lowercase())
            .then_some(3);
    }
    let word = text.strip_prefix("[!")?;
    let length = length_of(word, |c| c.is_ascii_uppercase());
    (length > 0 && word[length..].starts_with(']')).then_some(length + 3)
}

/// `{{< ref >}}`, `{% include %}`, `{#id}`, `\emph{`, `==words==`
fn inside(text: &str) -> Option<(usize, &'static str)> {
    for sign in ["{{<", "{{%", "{%", "{#", "{."] {
        let Some(behind) = text.strip_prefix(sign) else {
            continue;
        };
        let is_attribute = matches!(sign, "{#" | "{.");
        let sound = !is_attribute || behind.starts_with(|c: char| c.is_ascii_alphabetic());
        return sound.then_some((sign.len(), LITERAL));
    }
    if let Some(command) = text.strip_prefix('\\') {
        let length = length_of(command, |c| c.is_ascii_lowercase());
        return (length > 1 && command[length..].starts_with('{')).then_some((length + 1, LITERAL));
    }
    let words = text.strip_prefix("==")?;
    let (words, _) = words.split_once("==")?;
    let is_near = |c: char| !c.is_whitespace() && c != '=';
    (words.starts_with(is_near) && words.ends_with(is_near)).then_some((
        words.len() + 4,
        "write `*` before and behind words that stand out",
    ))
}

/// How long `{word}` is.
fn braced_word(text: &str) -> Option<usize> {
    let word = text.strip_prefix('{')?;
    let length = length_of(word, |c| c.is_ascii_lowercase() || matches!(c, ':' | '-'));
    (length > 0 && word[length..].starts_with('}')).then_some(length + 2)
}

fn length_of(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}
