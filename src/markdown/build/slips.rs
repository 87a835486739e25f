//! What Markdown takes otherwise than it was meant, and would say nothing of.

use std::ops::Range;

use super::Builder;
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::{Prose, Voice};
use crate::source::LINE_OF_MERGE;

impl Builder<'_, '_> {
    /// Reports the cells of a table's row that its head has no columns for: what stands in them is dropped.
    pub(super) fn further_cells(&mut self, row: &Range<usize>, last_cell: usize) {
        let behind = self.text.text[..row.end].get(last_cell..).unwrap_or("");
        let empty = |c: char| c.is_whitespace() || c == '|';
        let dropped = behind.trim_matches(empty);
        if dropped.is_empty() {
            return;
        }
        let start = last_cell + behind.len() - behind.trim_start_matches(empty).len();
        let place = self.span(start..start + dropped.len());
        let message = "this row has more cells than the table has columns, and these are left out";
        self.diagnostics
            .push(Diagnostic::new(Lint::LooksLikeMarkup, place, message).help(
            "give the table's first two lines a column more, or write `\\|` for the sign itself",
        ));
    }

    /// Reports a line `---`, or `===` in a source, that makes a heading of the paragraph above it, where that has what no
    /// heading has: citations, sentences, several lines. A chapter has one title, and says so of a second.
    pub(super) fn underlined(&mut self, prose: &Prose, heading: &Range<usize>) {
        let written = self.text.text[heading.clone()].trim_end();
        let Some((above, line)) = written.rsplit_once('\n') else {
            return;
        };
        let line = line.trim_start_matches([' ', '\t', '>']);
        let is_source = self.voice == Voice::Source;
        // One that is drawn as long as the words above underlines them.
        let is_rule = line.len() >= 3
            && (line.bytes().all(|byte| byte == b'-')
                || (is_source && line.bytes().all(|byte| byte == b'=')))
            && line.len() != above.chars().count();
        let words = prose.text.text.trim_end_matches(['”', '"', ')']);
        let is_paragraph =
            above.contains('\n') || words.ends_with(['.', '。']) || !prose.citations().is_empty();
        if !(is_rule && is_paragraph) {
            return;
        }
        let end = heading.start + written.len();
        let place = self.span(end - line.len()..end);
        let message = "this line makes a heading of the paragraph above it";
        let help = if line == LINE_OF_MERGE {
            "take it out, if a merge of two versions has left it; a heading is written `## Words`"
        } else {
            "put an empty line above it, or write a heading as `## Words`"
        };
        self.diagnostics
            .push(Diagnostic::new(Lint::LooksLikeMarkup, place, message).help(help));
    }
}
