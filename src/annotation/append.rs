//! A new entry in an annotation file, every other byte of which stays.

use std::ops::Range;

use super::FILE;
use crate::diagnostic::Diagnostic;
use crate::schema::{Field, Kind, Shape};
use crate::source::{FileId, Span};
use crate::yaml::{self, Node, Value};

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The key of its section: `glossary`.
    pub section: &'static str,
    /// Its own key; none in a section that is a list.
    pub key: Option<String>,
    /// The fields that it has, each with a value or several.
    pub values: Vec<(&'static Field, Vec<String>)>,
}

/// A file with a new entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The file's text.
    pub text: String,
    /// Where the entry stands in it.
    pub entry: Range<usize>,
}

/// Why an entry cannot be added to a file.
#[derive(Debug)]
pub enum Refusal {
    /// The file is not sound YAML as it is.
    Broken(Vec<Diagnostic>),
    /// Its section has an entry of this key, at this place.
    Taken(Span),
    /// With the entry the file would read as something else than the entry and all that it held.
    Unreadable,
}

/// What an entry of a section is like, if there is such a section.
pub fn entry_shape(section: &str) -> Option<&'static Shape> {
    match FILE.field(section)?.kind {
        Kind::Entries(_, shape) | Kind::List(shape) => Some(shape),
        Kind::Text | Kind::Like(_) | Kind::OneOf(_) | Kind::Texts | Kind::Flag => None,
        Kind::Citations(..) | Kind::Map(_) | Kind::SomeOf(_) | Kind::Count(..) => None,
    }
}

/// How many entries a file's section has; none where it has no such section.
pub fn entries_in(file: FileId, text: &str, section: &str) -> Option<usize> {
    let (root, _) = yaml::parse(file, text, 0);
    Some(parts(member(&root?, section)?).len())
}

/// Adds an entry at the end of its section, which is begun at the file's end if it is not there.
///
/// # Errors
///
/// Fails where the result would not read as the entry and everything that the file held before.
pub fn append(file: FileId, text: &str, draft: &Draft) -> Result<Appended, Refusal> {
    let (root, problems) = yaml::parse(file, text, 0);
    if !problems.is_empty() {
        return Err(Refusal::Broken(problems));
    }
    let section = root.as_ref().and_then(|root| member(root, draft.section));
    let mut entries = section.and_then(Node::entries).into_iter().flatten();
    if let Some(taken) = entries.find(|entry| Some(entry.key.text.as_str()) == draft.key.as_deref())
    {
        return Err(Refusal::Taken(taken.key.whole()));
    }
    let place = Place::in_file(text, root.as_ref(), draft.section);
    let appended = place.with(text, draft);
    let (read, problems) = yaml::parse(file, &appended.text, 0);
    let holds = read.is_some_and(|read| holds(&read, root.as_ref(), draft));
    if holds && problems.is_empty() {
        Ok(appended)
    } else {
        Err(Refusal::Unreadable)
    }
}

/// Where an entry goes, and how it is set there.
struct Place {
    at: usize,
    /// What comes before it.
    lead: String,
    indent: usize,
    newline: &'static str,
}

impl Place {
    fn in_file(text: &str, root: Option<&Node>, section: &str) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let Some(node) = root.and_then(|root| member(root, section)) else {
            let gap = if root.is_some() { newline } else { "" };
            return Place {
                at: text.len(),
                lead: format!("{}{gap}{section}:{newline}", line_end(text, newline)),
                indent: 2,
                newline,
            };
        };
        let entries = parts(node);
        let end = match entries.last() {
            Some(last) => text[..last.end].trim_end().len(),
            None => node.span.range().start,
        };
        let at = text[end..]
            .find('\n')
            .map_or(text.len(), |length| end + length + 1);
        let gap = match entries.as_slice() {
            [.., one, other] => {
                text[one.start..other.start].contains("\n\n")
                    || text[one.start..other.start].contains("\n\r\n")
            }
            [_] => true,
            [] => false,
        };
        Place {
            at,
            lead: line_end(&text[..at], newline).to_owned() + if gap { newline } else { "" },
            indent: entries
                .first()
                .map_or(2, |first| indent_at(text, first.start)),
            newline,
        }
    }

    fn with(&self, text: &str, draft: &Draft) -> Appended {
        let entry = draft.written(self.indent).replace('\n', self.newline);
        let (before, after) = text.split_at(self.at);
        let start = before.len() + self.lead.len();
        Appended {
            entry: start..start + entry.len(),
            text: [before, &self.lead, &entry, after].concat(),
        }
    }
}

/// What ends the last line of a text that has not ended.
fn line_end<'n>(text: &str, newline: &'n str) -> &'n str {
    if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        newline
    }
}

/// The columns before the first sign of a line.
fn indent_at(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line..].len() - text[line..].trim_start_matches(' ').len()
}

impl Draft {
    /// The entry as YAML, each of its lines indented.
    fn written(&self, indent: usize) -> String {
        let key = self.key.as_deref().map(yaml::scalar);
        let head = key.map(|key| format!("{:indent$}{key}:\n", ""));
        let fields = self
            .values
            .iter()
            .enumerate()
            .map(|(index, (field, values))| {
                let is_first = index == 0 && self.key.is_none();
                let lead = if is_first { "- " } else { "  " };
                let value = value(field, values, indent + 4);
                format!("{:indent$}{lead}{}: {value}", "", field.name)
            });
        head.into_iter().chain(fields).collect()
    }
}

/// Longer texts stand in a block.
const LONGEST_IN_LINE: usize = 60;

/// A field's value and the end of its line.
fn value(field: &Field, values: &[String], indent: usize) -> String {
    let in_block = |text: &str| yaml::block(text, indent);
    match (field.kind, values) {
        (Kind::Citations(..), values) => {
            let block = in_block(&values.join("\n"));
            block.unwrap_or_else(|| yaml::quoted(&values.join("\n")) + "\n")
        }
        (Kind::Texts, [_, _, ..]) => {
            let items: Vec<String> = values.iter().map(|value| yaml::scalar(value)).collect();
            format!("[{}]\n", items.join(", "))
        }
        (_, values) => {
            let text = values.join("\n");
            let long = field.name == "text" || text.contains('\n') || text.len() > LONGEST_IN_LINE;
            let block = in_block(&text).filter(|_| long);
            block.unwrap_or_else(|| yaml::scalar(&text) + "\n")
        }
    }
}

/// Whether a file holds an entry at the end of its section, and else what another one holds.
fn holds(read: &Node, before: Option<&Node>, draft: &Draft) -> bool {
    let Some(entries) = read.entries() else {
        return false;
    };
    let others = entries
        .iter()
        .filter(|entry| entry.key.text != draft.section);
    let untouched = others.clone().all(|entry| {
        let old = before.and_then(|before| member(before, &entry.key.text));
        old.is_some_and(|old| same(old, &entry.value))
    });
    let old = before.and_then(|before| member(before, draft.section));
    let count = before.and_then(Node::entries).map_or(0, <[_]>::len);
    let is_whole = others.count() + usize::from(old.is_some()) == count;
    let new = member(read, draft.section);
    untouched && is_whole && new.is_some_and(|new| ends_with(new, old, draft))
}

/// Whether a section has an entry behind all that it had.
fn ends_with(section: &Node, before: Option<&Node>, draft: &Draft) -> bool {
    let (old, new) = (before.map_or(Vec::new(), members), members(section));
    let Some(((key, last), others)) = new.split_last() else {
        return false;
    };
    all_same(others, &old) && *key == draft.key.as_deref() && draft.is(last)
}

impl Draft {
    /// Whether a node says what the draft says.
    fn is(&self, node: &Node) -> bool {
        let fields = node.entries().unwrap_or_default();
        let says = |(field, values): &(&Field, Vec<String>)| {
            member(node, field.name).is_some_and(|node| match &node.value {
                Value::Scalar(scalar) => scalar.text.text.trim() == values.join("\n").trim(),
                Value::List(items, _) => {
                    items.len() == values.len()
                        && items
                            .iter()
                            .zip(values)
                            .all(|(item, value)| is_text(item, value))
                }
                Value::Map(..) => false,
            })
        };
        fields.len() == self.values.len() && self.values.iter().all(says)
    }
}

fn is_text(node: &Node, text: &str) -> bool {
    matches!(&node.value, Value::Scalar(scalar) if scalar.text.text == text)
}

/// Whether two nodes hold the same texts; line ends after a text do not count.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text.text.trim_end() == other.text.text.trim_end()
        }
        _ => one.kind() == other.kind() && all_same(&members(one), &members(other)),
    }
}

fn all_same(some: &[Member<'_>], others: &[Member<'_>]) -> bool {
    let pair = |((key, one), (other_key, other)): (&Member<'_>, &Member<'_>)| {
        key == other_key && same(one, other)
    };
    some.len() == others.len() && some.iter().zip(others).all(pair)
}

/// What a map or a list holds: a key, if there are keys, and the value.
type Member<'n> = (Option<&'n str>, &'n Node);

fn members(node: &Node) -> Vec<Member<'_>> {
    match &node.value {
        Value::Map(entries, _) => {
            let entries = entries.iter();
            entries
                .map(|entry| (Some(entry.key.text.as_str()), &entry.value))
                .collect()
        }
        Value::List(items, _) => items.iter().map(|item| (None, item)).collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

fn member<'n>(map: &'n Node, key: &str) -> Option<&'n Node> {
    let entry = map.entries()?.iter().find(|entry| entry.key.text == key)?;
    Some(&entry.value)
}

/// Where the entries of a section stand.
fn parts(section: &Node) -> Vec<Range<usize>> {
    match &section.value {
        Value::Map(entries, _) => {
            let part = |entry: &yaml::Entry| {
                entry.key.whole().range().start
                    ..entry
                        .value
                        .span
                        .range()
                        .end
                        .max(entry.key.whole().range().end)
            };
            entries.iter().map(part).collect()
        }
        Value::List(items, _) => items.iter().map(|item| item.span.range()).collect(),
        Value::Scalar(_) => Vec::new(),
    }
}
