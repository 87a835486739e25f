//! One spelling for what a reader does not tell apart: kinds of spaces, hyphens and apostrophes, composed letters.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text in one spelling, and where its bytes stood before.
pub(super) struct Spelling<'t> {
    text: Cow<'t, str>,
    /// Pairs of a byte of `text` and the byte of the original at which the same character begins; empty where both are
    /// the same.
    places: Vec<(usize, usize)>,
    /// The original's length.
    length: usize,
}

impl<'t> Spelling<'t> {
    /// The spelling of a text; nearly always the text itself.
    pub(super) fn of(original: &'t str) -> Self {
        if is_usual(original) {
            return Spelling {
                text: Cow::Borrowed(original),
                places: Vec::new(),
                length: original.len(),
            };
        }
        let mut text = String::with_capacity(original.len());
        let mut places = Vec::new();
        let mut rest = original.char_indices().peekable();
        while let Some((at, first)) = rest.next() {
            let mut cluster = String::from(first);
            while let Some((_, mark)) = rest.next_if(|(_, c)| is_mark(*c)) {
                cluster.push(mark);
            }
            for character in cluster.nfc() {
                let Some(usual) = usual(character) else {
                    continue;
                };
                if usual == ' ' && text.ends_with(' ') {
                    continue;
                }
                places.push((text.len(), at));
                text.push(usual);
            }
        }
        Spelling {
            text: Cow::Owned(text),
            places,
            length: original.len(),
        }
    }

    /// The text in that spelling.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a character's beginning, or the end, stood before.
    pub(super) fn original(&self, at: usize) -> usize {
        if let Cow::Borrowed(_) = self.text {
            return at;
        }
        let index = self.places.partition_point(|(place, _)| *place < at);
        self.places
            .get(index)
            .map_or(self.length, |(_, original)| *original)
    }
}

/// Whether a text has the one spelling already.
fn is_usual(text: &str) -> bool {
    if text.is_ascii() {
        return !text.contains("  ");
    }
    !text.contains("  ")
        && text.chars().all(|c| usual(c) == Some(c))
        && is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// The usual character; none for one that is not seen.
fn usual(character: char) -> Option<char> {
    Some(match character {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        '‐' | '‑' => '-',
        '’' | 'ʼ' | '＇' => '\'',
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => return None,
        other => other,
    })
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
        || matches!(character, '\u{1160}'..='\u{11ff}' | '\u{3099}' | '\u{309a}')
}
