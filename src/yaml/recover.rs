//! Reads a text of which some entries are broken.

use std::borrow::Cow;
use std::ops::Range;

use super::Node;
use super::build::Builder;
use super::fault::Fault;
use super::line::Line;
use super::trap::ODD_SPACES;
use crate::diagnostic::{Diagnostic, Lint};
use crate::schema::Shape;
use crate::source::FileId;

/// How often a file is read again before the rest of it is given up.
const MOST_ROUNDS: usize = 50;

/// So many broken entries are found one after the other, each with a view of the whole file; then all at once.
const MOST_APART: usize = 25;

/// Reads `text`, which stands in `file` from `offset` on.
///
/// A broken entry is reported and passed over; the sound ones around it are returned.
pub fn parse(file: FileId, text: &str, offset: usize) -> (Option<Node>, Vec<Diagnostic>) {
    read(file, text, offset, None)
}

/// Reads a whole file of this shape, which tells where a line has slipped.
pub fn parse_as(
    shape: &'static Shape,
    file: FileId,
    text: &str,
) -> (Option<Node>, Vec<Diagnostic>) {
    read(file, text, 0, Some(shape))
}

fn read(
    file: FileId,
    text: &str,
    offset: usize,
    shape: Option<&'static Shape>,
) -> (Option<Node>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut remaining = Cow::Borrowed(text);
    let mut swept = false;
    for round in 0..MOST_ROUNDS {
        let mut builder = Builder::new(file, &remaining, offset, shape);
        let fault = match builder.document() {
            Ok(node) => {
                diagnostics.append(&mut builder.diagnostics);
                return (node, diagnostics);
            }
            Err(fault) => fault,
        };
        let broken = fault.broken.clone();
        let broken = broken.unwrap_or_else(|| Entries::of(&remaining).around(fault.at));
        diagnostics.push(fault.diagnostic(file, offset));
        let mut blanked = remaining.into_owned();
        if !blank(&mut blanked, broken) {
            return (None, diagnostics);
        }
        if !swept && (text.len() > LONG || round + 1 >= MOST_APART) {
            swept = true;
            let faults = sweep(file, &mut blanked, offset);
            diagnostics.extend(
                faults
                    .into_iter()
                    .map(|fault| fault.diagnostic(file, offset)),
            );
        }
        remaining = Cow::Owned(blanked);
    }
    (None, diagnostics)
}

/// A longer file is not read again for each of its broken entries.
const LONG: usize = 1 << 18;

/// Reads each entry by itself and overwrites the broken ones, so that a long file is read a few times and no more.
fn sweep(file: FileId, text: &mut String, offset: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    for range in entries(text) {
        let entry = &text[range.clone()];
        let Err(mut fault) = Builder::new(file, entry, offset, None).document() else {
            continue;
        };
        // An alias of another entry is sound where the whole file is read.
        if entry.contains('*') && fault.lint == Lint::InvalidYaml {
            continue;
        }
        fault.at += range.start;
        for (edited, _) in &mut fault.fix {
            *edited = edited.start + range.start..edited.end + range.start;
        }
        blank(text, range);
        faults.push(fault);
    }
    faults
}

/// The entries of a file: what is indented as much as the first line below a section's head, each with the lines below
/// it that are indented more; and the fields that are no sections.
fn entries(text: &str) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    // How far the entries of the section are indented.
    let mut column: Option<usize> = None;
    let mut is_open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let bare = line.trim();
        let in_section = indent > 0 || bare.starts_with("- ");
        let odd = line.contains('\t') || line.starts_with(ODD_SPACES);
        if bare.is_empty() || bare.starts_with('#') || odd {
            // It goes with what stands above it.
        } else if in_section {
            let column = *column.get_or_insert(indent);
            if indent <= column {
                entries.push(at..at);
            }
            is_open = true;
        } else {
            column = None;
            is_open = !bare.ends_with(':');
            if is_open {
                entries.push(at..at);
                column = Some(0);
            }
        }
        at += line.len();
        if let Some(last) = entries.last_mut().filter(|_| is_open) {
            last.end = at;
        }
    }
    entries
}

/// The entries of a file, in which places are looked up.
pub struct Entries<'t> {
    text: &'t str,
    ranges: Vec<Range<usize>>,
}

impl<'t> Entries<'t> {
    /// Those of this text.
    pub fn of(text: &'t str) -> Self {
        Entries {
            text,
            ranges: entries(text),
        }
    }

    /// The bytes of the entry that holds `at`; of a section's head its line.
    pub(super) fn around(&self, at: usize) -> Range<usize> {
        let text = self.text;
        let at = text.floor_char_boundary(at.min(text.len()));
        // At the end of a text the last entry is broken.
        let at = if text[at..].trim().is_empty() {
            text[..at].trim_end().len()
        } else {
            at
        };
        let begun = self.ranges.partition_point(|entry| entry.start <= at);
        let last = self.ranges[..begun].last();
        if let Some(entry) = last.filter(|entry| at <= entry.end) {
            return entry.clone();
        }
        let line = Line::around(text, at);
        line.at..(line.at + line.text.len() + 1).min(text.len())
    }

    /// The lines of the entry that holds `at`; of a section's head those of the whole section.
    pub fn lines_around(&self, at: usize) -> Range<usize> {
        let entry = self.around(at);
        let head = Line::around(self.text, entry.start);
        if head.indent() > 0 || !head.text.trim_end().ends_with(':') {
            return entry;
        }
        let is_indented = |line: &str| line.trim().is_empty() || line.starts_with([' ', '-', '#']);
        let below = self.text[entry.end..].split_inclusive('\n');
        let length: usize = below
            .take_while(|line| is_indented(line))
            .map(str::len)
            .sum();
        entry.start..entry.end + length
    }
}

/// Overwrites a range with line ends, so that nothing of it joins the texts around it and every byte stays where it
/// was; false if nothing was left to overwrite.
fn blank(text: &mut String, range: Range<usize>) -> bool {
    let blanked = "\n".repeat(range.len());
    if blanked == text[range.clone()] {
        return false;
    }
    text.replace_range(range, &blanked);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn sound_entries_stay_among_hundreds_that_are_broken() {
        let entry = |number: usize| {
            let sign = if number.is_multiple_of(2) { ":" } else { "" };
            format!("  t{number}:\n    name: One\n    text{sign} Words.\n")
        };
        let entries: String = (0..400).map(entry).collect();
        let text = format!("glossary:\n{entries}");
        let sources = Sources::from_texts([("a.yaml", text.as_str())]);
        let file = sources.find("a.yaml").expect("just made");
        let (node, diagnostics) = parse(file, &text, 0);
        assert_eq!(diagnostics.len(), 200);
        let read = format!("{:?}", node.expect("the sound ones"));
        assert_eq!(read.matches("Words.").count(), 200);
    }
}
