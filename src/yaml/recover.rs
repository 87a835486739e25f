//! Reads a text of which some entries are broken.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::Node;
use super::build::Builder;
use super::fault::Fault;
use super::line::Line;
use super::open::{self, Brackets};
use super::trap::ODD_SPACES;
use crate::diagnostic::{Diagnostic, Lint};
use crate::schema::Shape;
use crate::source::{FileId, Span};

/// So many broken entries are told one after the other; then the rest of the file is given up.
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
    let mut unread = None;
    for round in 0.. {
        let mut builder = Builder::new(file, &remaining, offset, shape);
        let fault = match builder.document() {
            Ok(node) => {
                diagnostics.append(&mut builder.diagnostics);
                diagnostics.extend(unread);
                return (node, diagnostics);
            }
            Err(fault) => fault,
        };
        let broken = fault.broken.clone();
        let mut broken = broken.unwrap_or_else(|| Entries::of(&remaining).around(fault.at));
        if round < MOST_ROUNDS {
            diagnostics.push(fault.diagnostic(file, offset));
        } else {
            broken.end = broken.end.max(text.trim_end().len());
            unread = Some(rest_unread(file, offset, broken.clone()));
        }
        let mut blanked = remaining.into_owned();
        if !blank(&mut blanked, broken) {
            break;
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
    diagnostics.extend(unread);
    (None, diagnostics)
}

/// Says that what stands in `rest` is given up.
fn rest_unread(file: FileId, offset: usize, rest: Range<usize>) -> Diagnostic {
    let message = "so many entries of this file are broken that it is not read from here on";
    let span = Span::new(file, offset + rest.start..offset + rest.end);
    Diagnostic::new(Lint::UnreadableFile, span, message)
        .help("mend what is told of the file, and check it again")
}

/// A longer file is not read again for each of its broken entries.
const LONG: usize = 1 << 18;

/// Reads each entry by itself and overwrites the broken ones, so that a long file is read a few times and no more.
fn sweep(file: FileId, text: &mut String, offset: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut broken = Vec::new();
    let mut anchors = BTreeSet::new();
    for range in entries(text) {
        let entry = &text[range.clone()];
        let builder = Builder::new(file, entry, offset, None);
        let Err(mut fault) = builder.below(&anchors).document() else {
            let words = entry.split(|c: char| c.is_whitespace() || "[]{},".contains(c));
            anchors.extend(words.filter_map(|word| word.strip_prefix('&')));
            continue;
        };
        fault.at += range.start;
        for (edited, _) in &mut fault.fix {
            *edited = edited.start + range.start..edited.end + range.start;
        }
        faults.push(fault);
        broken.push(range);
    }
    for range in broken {
        blank(text, range);
    }
    faults
}

/// The entries of a file: what is indented as much as the first line below a section's head, each with the lines below
/// it that are indented more or stand in its brackets; and the fields that are no sections.
fn entries(text: &str) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    // How far the entries of the section are indented.
    let mut column: Option<usize> = None;
    let mut is_open = false;
    let mut brackets: Option<Brackets> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let bare = line.trim();
        let in_section = indent > 0 || bare.starts_with("- ");
        let odd = line.contains('\t') || line.trim_start_matches(' ').starts_with(ODD_SPACES);
        let own = Line {
            at,
            text: line.trim_end_matches(['\n', '\r']),
        };
        // Within brackets that nothing closes no others are looked for, so that each line is read a few times at most.
        brackets = brackets
            .filter(|brackets| at < brackets.end)
            .or_else(|| open::brackets(text, own));
        let in_brackets = brackets
            .as_ref()
            .is_some_and(|brackets| brackets.is_closed && brackets.start < at);
        let in_brackets = in_brackets || own.ends_item();
        if bare.is_empty() || bare.starts_with('#') || odd || in_brackets {
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

    /// Reads a glossary of 120 entries of which every second one has this line, and the others a sound one.
    fn read_with(line: &str) -> (Option<Node>, Vec<Diagnostic>) {
        let entry = |number: usize| {
            let text = match number % 2 {
                0 => line,
                _ => "text: Words.",
            };
            format!("  t{number}:\n    name: One\n    {text}\n")
        };
        let entries: String = (0..120).map(entry).collect();
        let text = format!("glossary:\n{entries}");
        let sources = Sources::from_texts([("a.yaml", text.as_str())]);
        parse(sources.find("a.yaml").expect("just made"), &text, 0)
    }

    #[test]
    fn sound_entries_stay_among_many_that_are_broken() {
        let check = |line| {
            let (node, diagnostics) = read_with(line);
            assert_eq!(diagnostics.len(), 60, "{line}");
            let read = format!("{:?}", node.expect("the sound ones"));
            assert_eq!(read.matches("Words.").count(), 60, "{line}");
        };
        check("text Words.");
        check("text Words *so* it is.");
        check("text: *so* it is.");
        check("text: \"Words");
    }

    #[test]
    fn an_alias_is_sound_below_its_anchor_and_not_below_a_broken_one() {
        let broken = |number| format!("  b{number}:\n    name: One\n    text Words.\n");
        let alias = |number| format!("  t{number}:\n    text: *one\n");
        let check = |first: &str, told, sound| {
            let broken: String = (0..30).map(broken).collect();
            let aliases: String = (0..30).map(alias).collect();
            let text = format!("glossary:\n{first}{broken}{aliases}");
            let sources = Sources::from_texts([("a.yaml", text.as_str())]);
            let file = sources.find("a.yaml").expect("just made");
            let (node, diagnostics) = parse(file, &text, 0);
            assert_eq!(diagnostics.len(), told, "{first}");
            let read = format!("{node:?}");
            assert_eq!(read.matches("Words.").count(), sound, "{first}");
        };
        check("  a:\n    text: &one Words.\n", 30, 31);
        check("  a:\n    name: One\n    text &one Words.\n", 61, 0);
    }

    #[test]
    fn a_file_that_is_given_up_is_read_as_far_as_it_is_told() {
        let entry = |number| format!("  - t{number}\n  u{number}: x\n");
        let entries: String = (0..80).map(entry).collect();
        let text = format!("claims:\n  first: Words.\nglossary:\n{entries}  last: y\n");
        let sources = Sources::from_texts([("a.yaml", text.as_str())]);
        let file = sources.find("a.yaml").expect("just made");
        let (node, diagnostics) = parse(file, &text, 0);
        assert_eq!(diagnostics.len(), MOST_ROUNDS + 1);
        let rest = diagnostics
            .last()
            .and_then(|d| d.at.as_ref())
            .expect("told");
        let expected = "  - t50\n  u50: x\n";
        assert!(sources.slice(rest.span).starts_with(expected));
        assert!(sources.slice(rest.span).ends_with("last: y"));
        let read = format!("{:?}", node.expect("what stands above"));
        assert!(read.contains("Words.") && read.contains("u49") && !read.contains("u51"));
    }

    #[test]
    fn what_stands_in_brackets_belongs_to_the_entry_that_opens_them() {
        let check = |entry: &str| {
            let text = format!("glossary:\n{entry}  next:\n    text: Words.\n");
            let found: Vec<&str> = entries(&text).into_iter().map(|one| &text[one]).collect();
            assert_eq!(found, [entry, "  next:\n    text: Words.\n"]);
        };
        check("  a: {\n    name: One,\n    text: It.\n  }\n");
        check("  a: {\n  name: One,\n  text: It.\n}\n");
        check("  a:\n    text: It.\n    aliases: [\n      one,\n  two\n  ]\n");
        check("  a: {\n    name: One\n  , text: It.\n  }\n");
        // What is never closed holds no other entry.
        check("  a: {\n    name: One,\n    text: It.\n");
        check("  a: {name: One,\n");
    }
}
