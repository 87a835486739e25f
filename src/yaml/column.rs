//! Lines in the wrong column: what their author meant is told by the lines round them.

use std::borrow::Cow;

use super::FIELDS;
use super::fault::Fault;
use super::line::{Line, lines};
use crate::diagnostic::Lint;

/// The sections of an annotation file.
const SECTIONS: [&str; 4] = ["claims", "glossary", "notes", "timeline"];

/// What stands in the wrong column at the line where the parser stopped, or above it.
pub(super) fn misplaced(text: &str, line: Line<'_>) -> Option<Fault> {
    let above: Vec<Line<'_>> = lines(text).take_while(|one| one.at < line.at).collect();
    let read = Read { text, above };
    let holder = read
        .upward(line.at)
        .find(|one| one.indent() < line.indent());
    read.field_outside(line, line)
        .or_else(|| read.field_outside(holder?, line))
        .or_else(|| read.entry_without_hyphen(line))
        .or_else(|| read.entry_in_other_column(line))
}

/// The lines down to where the parser stopped.
struct Read<'t> {
    text: &'t str,
    above: Vec<Line<'t>>,
}

impl<'t> Read<'t> {
    /// The lines above a place, from below.
    fn upward(&self, at: usize) -> impl Iterator<Item = Line<'t>> {
        self.above
            .iter()
            .rev()
            .filter(move |one| one.at < at)
            .copied()
    }

    /// The section that a line stands in: its head, and its first line.
    fn section(&self, line: Line<'_>) -> Option<(&'t str, Line<'t>)> {
        let is_head = |one: &Line<'_>| one.indent() == 0 && !one.has_hyphen();
        let head = self.upward(line.at).find(is_head)?;
        let key = head.key().filter(|key| SECTIONS.contains(key))?;
        let first = self.above.iter().find(|one| one.at > head.at)?;
        Some((key, *first))
    }

    /// A field that stands left of those of its entry; the parser stopped at it, or below it.
    fn field_outside(&self, field: Line<'t>, stopped: Line<'_>) -> Option<Fault> {
        let key = field.key().filter(|key| FIELDS.contains(key))?;
        let (_, value) = field.value().filter(|_| !field.has_hyphen())?;
        let (indent, entries) = (field.indent(), self.section(field)?.1.indent());
        let head = self
            .upward(field.at)
            .find(|one| one.indent() == entries && one.column() > 0)?;
        let mut own = self
            .above
            .iter()
            .filter(|one| head.at < one.at && one.at < field.at);
        let column = if head.has_hyphen() {
            head.column()
        } else {
            own.clone().next()?.indent()
        };
        let is_wrong = if field.at == stopped.at {
            indent == entries && head.has_hyphen() || (1..entries).contains(&indent)
        } else {
            !value.is_empty()
        };
        let is_there = |one: &&Line<'_>| one.column() == column && one.key() == Some(key);
        if !is_wrong || column <= indent || head.key() == Some(key) || own.any(|one| is_there(&one))
        {
            return None;
        }
        let fault = Fault::new(
            Lint::InvalidYaml,
            field.at + indent,
            format!("`{key}` stands left of the other fields of its entry"),
            format!(
                "put it below them, {} further right",
                columns(column - indent)
            ),
        );
        let below = self.text[field.at..].lines().nth(1).unwrap_or_default();
        let is_alone = below.len() - below.trim_start().len() <= column;
        let spaces = Cow::Owned(" ".repeat(column - indent));
        Some(Fault {
            fix: is_alone
                .then_some((field.at..field.at, spaces))
                .into_iter()
                .collect(),
            broken: Some(head.at..self.end(field, entries)),
            ..fault
        })
    }

    /// Where the next entry begins below a line.
    fn end(&self, line: Line<'_>, entries: usize) -> usize {
        let below = lines(&self.text[line.at..]).skip(1);
        let mut heads = below.filter(|one| one.indent() <= entries);
        heads.next().map_or(self.text.len(), |one| line.at + one.at)
    }

    /// The first entry of a list, whose hyphen is missing.
    fn entry_without_hyphen(&self, line: Line<'_>) -> Option<Fault> {
        let (head, first) = self.section(line).filter(|_| line.has_hyphen())?;
        let (indent, own) = (line.indent(), first.indent());
        let is_deeper = own > indent || (own == indent && has_list(head));
        let mut others = self.upward(line.at).take_while(|one| one.at > first.at);
        if first.has_hyphen() || !is_deeper || !others.all(|one| one.indent() >= own) {
            return None;
        }
        let mark = first.at + indent..first.at + indent + 2;
        let fits = own >= indent + 2;
        let words = first.text.trim();
        let help = if fits {
            format!("write `- {words}`")
        } else {
            format!("write `- {words}`, with its other lines two spaces further right")
        };
        let fault = Fault::new(
            Lint::InvalidYaml,
            first.at + own,
            "an entry of a list begins with a hyphen",
            help,
        );
        Some(Fault {
            fix: fits
                .then_some((mark, Cow::Borrowed("- ")))
                .into_iter()
                .collect(),
            broken: Some(first.at..line.at),
            ..fault
        })
    }

    /// An entry of a list that stands left of the others.
    fn entry_in_other_column(&self, line: Line<'_>) -> Option<Fault> {
        let (head, first) = self.section(line).filter(|_| line.has_hyphen())?;
        let (indent, own) = (line.indent(), first.indent());
        if !first.has_hyphen() || indent >= own || !has_list(head) {
            return None;
        }
        let is_next =
            |one: &Line<'_>| one.has_hyphen() && one.indent() <= own || one.indent() <= indent;
        let next = lines(&self.text[line.at..]).skip(1).find(is_next);
        let end = next.map_or(self.text.len(), |one| line.at + one.at);
        let fault = Fault::new(
            Lint::InvalidYaml,
            line.at + indent,
            "this entry stands left of those above it",
            format!(
                "put its hyphen below theirs, {} further right",
                columns(own - indent)
            ),
        );
        Some(Fault {
            broken: Some(line.at..end),
            ..fault
        })
    }
}

fn columns(count: usize) -> String {
    if count == 1 {
        "one column".to_owned()
    } else {
        format!("{count} columns")
    }
}

/// Whether the entries of a section are a list.
fn has_list(section: &str) -> bool {
    matches!(section, "notes" | "timeline")
}
