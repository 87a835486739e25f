//! Two states of a text word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// What became of some words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// They stayed.
    Same,
    /// They are gone.
    Removed,
    /// They are new.
    Added,
}

/// Some words, and what became of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Piece {
    /// What became of them.
    pub kind: Kind,
    /// The words.
    pub text: String,
}

/// Texts of more words are not compared word by word.
const MOST_WORDS: usize = 4000;

/// The text with single spaces.
pub(super) fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of both texts, each as what became of it.
pub(super) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let words = |text| str::split_word_bounds(text).collect::<Vec<&str>>();
    let (then, now) = (words(old), words(new));
    let mut pieces = Pieces::default();
    if then.len().max(now.len()) > MOST_WORDS && old != new {
        pieces.push(Kind::Removed, &[old]);
        pieces.push(Kind::Added, &[new]);
        return pieces.finish();
    }
    for op in capture_diff_slices(Algorithm::Myers, &then, &now) {
        let (gone, come) = (&then[op.old_range()], &now[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => pieces.push(Kind::Same, gone),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                pieces.push(Kind::Removed, gone);
                pieces.push(Kind::Added, come);
            }
        }
    }
    pieces.finish()
}

/// Collects pieces; a space between two changes is part of both.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    removed: String,
    added: String,
}

impl Pieces {
    fn push(&mut self, kind: Kind, words: &[&str]) {
        let text = words.concat();
        match kind {
            Kind::Removed => self.removed += &text,
            Kind::Added => self.added += &text,
            Kind::Same if text.trim().is_empty() && self.is_open() => {
                self.removed += &text;
                self.added += &text;
            }
            Kind::Same => {
                self.flush();
                self.put(Kind::Same, text);
            }
        }
    }

    fn is_open(&self) -> bool {
        !(self.removed.is_empty() && self.added.is_empty())
    }

    /// Ends a change; a space that both of its sides end with is none.
    fn flush(&mut self) {
        let (mut removed, mut added) = (
            std::mem::take(&mut self.removed),
            std::mem::take(&mut self.added),
        );
        let space = removed.ends_with(' ') && added.ends_with(' ');
        if space {
            removed.pop();
            added.pop();
        }
        self.put(Kind::Removed, removed);
        self.put(Kind::Added, added);
        self.put(Kind::Same, if space { " " } else { "" }.to_owned());
    }

    fn put(&mut self, kind: Kind, text: String) {
        if text.is_empty() {
            return;
        }
        match self.done.last_mut() {
            Some(last) if last.kind == kind => last.text += &text,
            _ => self.done.push(Piece { kind, text }),
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.flush();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_stand_together() {
        let check = |old, new, expected: &str| {
            let marked = pieces(old, new).into_iter().map(|piece| match piece.kind {
                Kind::Same => piece.text,
                Kind::Removed => format!("[-{}-]", piece.text),
                Kind::Added => format!("{{+{}+}}", piece.text),
            });
            assert_eq!(marked.collect::<String>(), expected);
        };
        check("a b c", "a b c", "a b c");
        check(
            "It will not rise.",
            "It may rise.",
            "It [-will not-]{+may+} rise.",
        );
        check(
            "He has 40 ships",
            "He has 400 ships",
            "He has [-40-]{+400+} ships",
        );
        check("a b", "a x b", "a {+x +}b");
        check("a b c d", "a x y d", "a [-b c-]{+x y+} d");
        check("", "new", "{+new+}");
        check("港は二つ", "港は三つ", "港は[-二-]{+三+}つ");
    }
}
