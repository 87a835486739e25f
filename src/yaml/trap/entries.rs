//! Entries of one section among those of another, or on the line of a section's head.

use crate::diagnostic::Lint;
use crate::yaml::fault::Fault;
use crate::yaml::line::{Line, lines};
use crate::yaml::{FIELDS, SECTIONS};

/// A line with a hyphen among entries that have names.
pub(super) fn named_item(text: &str, line: Line<'_>) -> Option<Fault> {
    let mut above = line;
    let mut deeper = false;
    while line.has_hyphen() && above.at > 0 {
        above = above.above(text);
        if above.indent() > line.indent() {
            deeper = true;
            continue;
        }
        let sibling = above.indent() == line.indent() && !above.has_hyphen() && deeper;
        return (sibling && above.key().is_some()).then(|| {
            if let Some(section) = section_of_items(text, line) {
                return without_section(text, line, section);
            }
            Fault::new(
                Lint::InvalidYaml,
                line.at + line.indent(),
                "the entries here have names and no hyphens",
                "take the hyphen out, and write the entry's name before a colon",
            )
        });
    }
    None
}

/// The section to which several entries with hyphens belong, by the field that the first begins with.
fn section_of_items(text: &str, line: Line<'_>) -> Option<&'static str> {
    let mut below = lines(&text[line.at..]).skip(1);
    let next = below.find(|below| below.indent() <= line.indent())?;
    let is_list = next.indent() == line.indent() && next.has_hyphen();
    let first = line.text[line.column()..].trim_start_matches(['{', ' ']);
    match first.split(':').next()? {
        "at" if is_list => Some("notes"),
        "date" if is_list => Some("timeline"),
        _ => None,
    }
}

/// The section of an entry with a name that stands among others with hyphens.
fn section_of_names(text: &str, line: Line<'_>) -> Option<&'static str> {
    let name = line.text.trim().strip_suffix(':')?;
    let own = lines(&text[line.at..]).skip(1);
    let own = own.take_while(|below| below.indent() > line.indent());
    let keys: Vec<&str> = own.filter_map(Line::key).collect();
    let is_claim =
        |key: &&str| matches!(*key, "supports" | "disputes" | "confidence" | "likelihood");
    if FIELDS.contains(&name) || !keys.contains(&"text") {
        return None;
    }
    Some(if keys.iter().any(is_claim) {
        "claims"
    } else {
        "glossary"
    })
}

/// Entries of a section below those of another one.
fn without_section(text: &str, line: Line<'_>, section: &str) -> Fault {
    let mut below = lines(&text[line.at..]).skip(1);
    let end = below.find(|below| below.indent() < line.indent());
    let end = end.map_or(text.len(), |below| line.at + below.at);
    Fault {
        broken: Some(line.at..end),
        ..Fault::new(
            Lint::InvalidYaml,
            line.at + line.indent(),
            "the line that says what these entries are is missing",
            format!("write a line `{section}:` above them"),
        )
    }
}

/// A line with a key among entries that begin with hyphens: one of the two is a slip, by what the section takes.
pub(super) fn item_among_names(text: &str, line: Line<'_>) -> Option<Fault> {
    let bare = line.text.trim();
    let mut above = line;
    let mut item = None;
    while !line.has_hyphen()
        && line.key().is_some()
        && above.at > 0
        && above.indent() >= line.indent()
    {
        above = above.above(text);
        if above.indent() == line.indent() {
            item = Some(above).filter(|item| item.has_hyphen());
        }
    }
    let item = item?;
    match above.key() {
        Some("glossary" | "claims") => Some(Fault::new(
            Lint::InvalidYaml,
            item.at + item.indent(),
            "the entries here have names and no hyphens",
            "take the hyphen out, and write the entry's name before a colon",
        )),
        Some("notes" | "timeline") if section_of_names(text, line).is_some() => {
            let section = section_of_names(text, line)?;
            Some(without_section(text, line, section))
        }
        Some("notes" | "timeline") => Some(Fault::new(
            Lint::InvalidYaml,
            line.at + line.indent(),
            "an entry of a list begins with a hyphen",
            format!("write `- {bare}`"),
        )),
        _ => None,
    }
}

/// `claims: first:`, `tags: one claims:`: a section's head and what stood on the line below or above it.
pub(super) fn joined_lines(text: &str, line: Line<'_>) -> Option<Fault> {
    let (at, value) = line.value()?;
    let value = value.trim_end();
    let name = value.strip_suffix(':')?;
    let (_, last) = name.rsplit_once(' ').unwrap_or(("", name));
    let is_head = |key: &str| SECTIONS.contains(&key);
    let (start, help) = if is_head(last) {
        let start = at + value.len() - last.len() - 1;
        (
            start,
            format!("write `{last}:` at the beginning of a line of its own"),
        )
    } else {
        line.key()
            .filter(|key| line.indent() == 0 && is_head(key))?;
        (
            at,
            format!("write `{value}` on a line of its own, two spaces before it"),
        )
    };
    let below = lines(&text[line.at..]).skip(1);
    let next = below
        .into_iter()
        .find(|below| below.indent() == 0 && below.key().is_some());
    let end = next.map_or(text.len(), |next| line.at + next.at);
    Some(Fault {
        broken: Some(line.at..end),
        ..Fault::new(
            Lint::InvalidYaml,
            start,
            "two lines have become one here",
            help,
        )
    })
}
