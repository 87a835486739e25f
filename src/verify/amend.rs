//! The edits that give a quotation its source's words: only those that differ are touched.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Folded;
use crate::diagnostic::Edit;
use crate::source::Text;

/// Signs that mean nothing more than themselves wherever a quotation is written. An apostrophe or a comma may end a
/// text of YAML: such edits are taken back when the file is known.
const PLAIN: &str = " .,;-–—'’()?!%$€£¥";

/// The edits that make a quotation's words those of its source; none where they cannot be made.
pub(super) fn amended(quotation: &Text, words: &str) -> Vec<Edit> {
    let amendment = Amendment {
        quotation,
        ours: words_of(&quotation.text),
        theirs: words.split_whitespace().collect(),
    };
    amendment.edits().unwrap_or_default()
}

struct Amendment<'t> {
    quotation: &'t Text,
    ours: Vec<Range<usize>>,
    theirs: Vec<&'t str>,
}

impl Amendment<'_> {
    fn edits(&self) -> Option<Vec<Edit>> {
        let ours: Vec<&str> = self.ours.iter().map(|word| self.written(word)).collect();
        let mut edits = Vec::new();
        for op in capture_diff_slices(Algorithm::Myers, &compared(&ours), &compared(&self.theirs)) {
            let (ours, theirs) = (op.old_range(), op.new_range());
            match op {
                DiffOp::Equal { .. } => {}
                DiffOp::Delete { .. } => edits.push(self.taken_out(ours)?),
                DiffOp::Insert { .. } => edits.push(self.put_in(ours.start, theirs)?),
                DiffOp::Replace { .. } => edits.append(&mut self.replaced(ours, theirs)?),
            }
        }
        Some(edits)
    }

    fn written(&self, range: &Range<usize>) -> &str {
        &self.quotation.text[range.clone()]
    }

    /// Each word takes the place of one, so that line ends stay; the last those of all that are left.
    fn replaced(&self, ours: Range<usize>, theirs: Range<usize>) -> Option<Vec<Edit>> {
        let pairs = ours.len().min(theirs.len());
        let pair = |index: usize| {
            let is_last = index + 1 == pairs;
            let of = |range: &Range<usize>| {
                let end = if is_last {
                    range.end
                } else {
                    range.start + index + 1
                };
                range.start + index..end
            };
            let (ours, theirs) = (of(&ours), of(&theirs));
            let range = self.ours[ours.start].start..self.ours[ours.end - 1].end;
            self.edit(range, &self.theirs[theirs].join(" "))
        };
        (0..pairs).map(pair).collect()
    }

    /// New words stand with the word before them, or with the first.
    fn put_in(&self, at: usize, theirs: Range<usize>) -> Option<Edit> {
        let words = self.theirs[theirs].join(" ");
        if let Some(before) = at.checked_sub(1).and_then(|before| self.ours.get(before)) {
            return self.edit(before.clone(), &format!("{} {words}", self.written(before)));
        }
        let first = self.ours.first()?;
        self.edit(first.clone(), &format!("{words} {}", self.written(first)))
    }

    /// Words go with the gap before them, or behind them where that is a line's end.
    fn taken_out(&self, ours: Range<usize>) -> Option<Edit> {
        let words = self.ours[ours.start].start..self.ours[ours.end - 1].end;
        let before = ours
            .start
            .checked_sub(1)
            .map(|at| self.ours[at].end..words.end);
        let behind = self.ours.get(ours.end).map(|next| words.start..next.start);
        let one_line = |range: &Range<usize>| !self.written(range).contains('\n');
        let gaps = || before.iter().chain(&behind);
        let range = gaps()
            .find(|range| one_line(range))
            .or_else(|| gaps().next())?;
        self.edit(range.clone(), "")
    }

    /// An edit of words that stand in the file as they are, by words that mean nothing else there.
    fn edit(&self, range: Range<usize>, words: &str) -> Option<Edit> {
        let span = self.quotation.span(range.clone());
        let verbatim = span.range().len() == range.len();
        let plain = |c: char| c.is_alphanumeric() || PLAIN.contains(c);
        let begins = range.start > 0
            || words.is_empty()
            || words.starts_with(|c: char| !PLAIN.contains(c) || "$€£¥".contains(c));
        let sound = verbatim && begins && words.chars().all(plain);
        sound.then(|| Edit {
            span,
            replacement: words.to_owned(),
        })
    }
}

/// The words of a text: what white space parts.
fn words_of(text: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let words = text.split_whitespace();
    words
        .map(|word| start(word)..start(word) + word.len())
        .collect()
}

/// Words as they are compared: typography, the first letter's case, and a stop at the end are the author's.
fn compared(words: &[&str]) -> Vec<String> {
    let mut compared: Vec<String> = words.iter().map(|word| Folded::new(word).text).collect();
    if let Some(first) = compared.first_mut() {
        let mut rest = first.chars();
        let begins = rest.next().into_iter().flat_map(char::to_lowercase);
        *first = begins.chain(rest).collect();
    }
    if let Some(last) = compared.last_mut() {
        let length = last.trim_end_matches(['.', ',']).len();
        last.truncate(length);
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn check(quotation: &str, words: &str, expected: Option<&str>) {
        let sources = Sources::from_texts([("a", quotation)]);
        let text = Text::verbatim(sources.find("a").expect("just made"), quotation, 0);
        let edits = amended(&text, words);
        let mut amended = quotation.to_owned();
        for edit in edits.iter().rev() {
            amended.replace_range(edit.span.range(), &edit.replacement);
        }
        let amended = (!edits.is_empty()).then_some(amended);
        assert_eq!(amended.as_deref(), expected, "{words}");
    }

    #[test]
    fn only_what_differs_is_touched() {
        check(
            "useful for\nall who came.",
            "useful for all, who came",
            Some("useful for\nall, who came."),
        );
        check(
            "Useful for all",
            "in truth useful for all",
            Some("in truth Useful for all"),
        );
        check(
            "useful\nfor them all",
            "useful for all",
            Some("useful\nfor all"),
        );
        check(
            "useful for\nthem all",
            "useful for all",
            Some("useful for\nall"),
        );
        check("so they were", "they were", Some("they were"));
        check(
            "one two\nthree four",
            "one 2\n3 four",
            Some("one 2\n3 four"),
        );
        check(
            "one two\nthree four",
            "one x y z four",
            Some("one x\ny z four"),
        );
        check(
            "it’s a “big” plan",
            "it's a \"big\" scheme",
            Some("it’s a “big” scheme"),
        );
        check("one two three", "one two: three", None);
        check("one two three", "- two three", None);
        check("one two", "one two", None);
    }
}
