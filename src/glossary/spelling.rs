//! One spelling for what a reader does not tell apart: kinds of spaces, hyphens and apostrophes, composed letters.

use std::borrow::Cow;

use memchr::memmem;
use unicode_normalization::UnicodeNormalization as _;

use crate::nfc;

/// A text in one spelling, and where its bytes stood before.
pub(super) struct Spelling<'t> {
    text: Cow<'t, str>,
    /// Where characters that are as long as before begin: pairs of a byte of `text` and one of the original; none where
    /// both are the same.
    runs: Vec<(usize, usize)>,
    /// The original's length.
    length: usize,
}

impl<'t> Spelling<'t> {
    /// The spelling of a text; nearly always the text itself.
    pub(super) fn of(original: &'t str) -> Self {
        if is_usual(original) {
            return Spelling {
                text: Cow::Borrowed(original),
                runs: Vec::new(),
                length: original.len(),
            };
        }
        let mut respelt = Respelt {
            text: String::with_capacity(original.len()),
            runs: Vec::new(),
        };
        if nfc::is_composed(original) {
            for (at, character) in original.char_indices() {
                respelt.push(character, at);
            }
        } else {
            let mut at = 0;
            while at < original.len() {
                let cluster = nfc::first_cluster(&original[at..]);
                cluster
                    .nfc()
                    .for_each(|character| respelt.push(character, at));
                at += cluster.len();
            }
        }
        Spelling {
            text: Cow::Owned(respelt.text),
            runs: respelt.runs,
            length: original.len(),
        }
    }

    /// The text in that spelling.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a character's beginning, or the end, stood before.
    pub(super) fn original(&self, at: usize) -> usize {
        if at == self.text.len() {
            return self.length;
        }
        let after = self.runs.partition_point(|(start, _)| *start <= at);
        goes_on(&self.runs[..after], at)
    }
}

/// Where a byte of the text stood before, if it goes on as the last of these runs does.
fn goes_on(runs: &[(usize, usize)], at: usize) -> usize {
    runs.last()
        .map_or(at, |(start, original)| original + at - start)
}

/// A text that is brought to one spelling.
struct Respelt {
    text: String,
    runs: Vec<(usize, usize)>,
}

impl Respelt {
    /// Adds what a character of the original, from byte `at` on, becomes.
    fn push(&mut self, character: char, at: usize) {
        let Some(usual) = usual(character) else {
            return;
        };
        if usual == ' ' && self.text.ends_with(' ') {
            return;
        }
        if goes_on(&self.runs, self.text.len()) != at {
            self.runs.push((self.text.len(), at));
        }
        self.text.push(usual);
    }
}

/// Whether a text has the one spelling already.
fn is_usual(text: &str) -> bool {
    let unusual = |c| usual(c) != Some(c);
    let spaced = memmem::find(text.as_bytes(), b"  ").is_some();
    !spaced && !nfc::beyond_ascii(text).any(unusual) && nfc::is_composed(text)
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
