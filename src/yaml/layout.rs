//! A line that stands too far left or right, or has lost its hyphen.
//!
//! The parser notices it at another line, often a sound one. So small edits are tried around the place where it
//! stopped: the first one that gives the entries the shape of the file is what the author has missed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::build::Builder;
use super::fault::Fault;
use super::line::{Line, lines};
use super::{Entry, FIELDS, Node, Value};
use crate::diagnostic::Lint;
use crate::schema::{Kind, Shape};
use crate::source::FileId;

/// How many lines up from where the parser stopped may be the one.
const MOST_LINES: usize = 12;

/// More of a file than this is not tried out.
const LONGEST: usize = 1 << 13;

/// The line around `at`, where the parser stopped, whose place is a slip, in a file of this shape.
pub(super) fn misplaced(
    file: FileId,
    text: &str,
    at: usize,
    shape: &'static Shape,
) -> Option<Fault> {
    let stretch = Stretch::around(file, text, at, shape)?;
    let mut fitting = stretch.edits().into_iter().filter_map(|edit| {
        let edited = stretch.edited(&edit);
        stretch.fits(&edited).then_some((edit, edited))
    });
    let first = fitting.next()?;
    // Of several lines that could be moved, the one that alone stands apart is.
    let moved = fitting.take_while(|(edit, _)| edit.moves().is_some());
    let (edit, edited) = match first.0.moves() {
        None => first,
        Some(_) => std::iter::once(first)
            .chain(moved)
            .min_by_key(|(edit, _)| (edit.moves(), stretch.parts(edit)))?,
    };
    let line = &stretch.lines[edit.line];
    let (message, help) = edit.told(line, &edited);
    Some(Fault {
        broken: Some(stretch.entry(edit.line, &edited)),
        ..Fault::new(Lint::InvalidYaml, line.at + line.indent(), message, help)
    })
}

/// A section's head and those of its lines that stand around the place where the parser stopped.
struct Stretch<'t> {
    file: FileId,
    shape: &'static Shape,
    head: &'t str,
    /// Whether the lines are those right below the head.
    begins_section: bool,
    /// All of them, with blank ones and those of block texts.
    lines: Vec<Line<'t>>,
    end: usize,
    /// How far the line below them is indented.
    next: Option<usize>,
    /// How many of them, and of the head, have a key.
    keys: usize,
    /// The lines that may be the slip, the nearest first.
    near: Vec<usize>,
}

/// What is done to a line, and with it to those below it.
struct Edit {
    line: usize,
    change: Change,
}

enum Change {
    /// Moves this many lines so that the first is indented so far.
    Indent { to: usize, count: usize },
    /// Puts a hyphen in the two columns before the words.
    HyphenBefore,
    /// Puts a hyphen where the words begin, and moves them and what belongs to them.
    Hyphen { count: usize },
    /// Puts a text that stands behind an entry's name behind `text:`.
    Text { indent: usize },
    /// Puts quotation marks round a name that holds a colon.
    Quote,
    /// Puts the first line of an entry above its others.
    Head { indent: usize },
}

impl<'t> Stretch<'t> {
    fn around(file: FileId, text: &'t str, at: usize, shape: &'static Shape) -> Option<Self> {
        let stop = Line::around(text, at.min(text.trim_end().len()));
        let section = |line: &Line<'_>| {
            line.indent() == 0 && line.key().is_some_and(|key| shape.field(key).is_some())
        };
        let read: Vec<Line<'_>> = lines(text).collect();
        let until = read.partition_point(|line| line.at <= stop.at);
        let head_at = read[..until].iter().rposition(section)?;
        let head = read[head_at];
        let is_list = matches!(shape.field(head.key()?)?.kind, Kind::List(_));
        let body = &read[head_at + 1..];
        let until = until - head_at - 1;
        let column = body.first()?.indent();
        let begins = |line: &Line<'_>| line.indent() <= column && (!is_list || line.has_hyphen());
        let mut heads = body[..until]
            .iter()
            .enumerate()
            .filter(|(_, line)| begins(line))
            .rev();
        let start = heads.nth(2).map_or(0, |(index, _)| index);
        let first = body[start].at;
        let below = body[until..]
            .iter()
            .find(|line| begins(line) || section(line));
        let end = below.map_or(text.len(), |line| line.at);
        let next = below.map(|line| line.indent());
        if end < first || end - first > LONGEST {
            return None;
        }
        let mut at = first;
        let lines: Vec<Line<'_>> = text[first..end]
            .split_inclusive('\n')
            .map(|line| {
                let start = at;
                at += line.len();
                Line {
                    at: start,
                    text: line.trim_end_matches(['\n', '\r']),
                }
            })
            .collect();
        let read = body[start..until].iter().rev().take(MOST_LINES);
        let near = read
            .filter_map(|line| lines.iter().position(|one| one.at == line.at))
            .collect();
        Some(Stretch {
            file,
            shape,
            head: head.text,
            begins_section: start == 0,
            keys: lines_with_keys(&format!("{}\n{}", head.text, &text[first..end])),
            lines,
            end,
            next,
            near,
        })
    }

    /// What may mend it: a line is rather indented wrongly than without its hyphen.
    fn edits(&self) -> Vec<Edit> {
        let columns: BTreeSet<usize> = self
            .near
            .iter()
            .flat_map(|&line| [self.lines[line].indent(), self.lines[line].column()])
            .collect();
        let mut edits = Vec::new();
        for &line in self
            .near
            .iter()
            .filter(|&&line| self.lines[line].key().is_some())
        {
            let own = self.lines[line].indent();
            let counts: BTreeSet<usize> = [1, self.below(line), self.beside(line)].into();
            for count in counts {
                let others = columns.iter().filter(|&&to| to != own);
                edits.extend(others.map(|&to| Edit {
                    line,
                    change: Change::Indent { to, count },
                }));
            }
        }
        for &line in &self.near {
            edits.push(Edit {
                line,
                change: Change::HyphenBefore,
            });
            edits.push(Edit {
                line,
                change: Change::Hyphen {
                    count: self.beside(line),
                },
            });
            edits.push(Edit {
                line,
                change: Change::Quote,
            });
            if line == 0 && self.begins_section {
                let shallower = columns.iter().filter(|&&to| to < self.lines[line].indent());
                edits.extend(shallower.map(|&indent| Edit {
                    line,
                    change: Change::Head { indent },
                }));
            }
            let below = self.lines.get(line + 1);
            edits.extend(below.map(|below| Edit {
                line,
                change: Change::Text {
                    indent: below.indent(),
                },
            }));
        }
        // An entry of a list without fields.
        let is_bare = |line: &&usize| {
            let line = self.lines[**line];
            line.key().is_none() && line.has_hyphen()
        };
        for &line in self.near.iter().filter(is_bare) {
            let own = self.lines[line].indent();
            let others = columns.iter().filter(|&&to| to != own);
            edits.extend(others.map(|&to| Edit {
                line,
                change: Change::Indent { to, count: 1 },
            }));
        }
        edits.retain(|edit| edit.is_possible(self.lines[edit.line]));
        edits
    }

    /// A line, and those below it that are indented more.
    fn below(&self, line: usize) -> usize {
        let own = self.lines[line].indent();
        let deeper = |below: &&Line<'_>| below.text.trim().is_empty() || below.indent() > own;
        1 + self.lines[line + 1..].iter().take_while(deeper).count()
    }

    /// A line, and those below it that go with it: no other entry of a list begins there.
    fn beside(&self, line: usize) -> usize {
        let own = self.lines[line].indent();
        let goes_on = |below: &&Line<'_>| {
            below.text.trim().is_empty()
                || below.indent() > own
                || (below.indent() == own && !below.has_hyphen())
        };
        1 + self.lines[line + 1..].iter().take_while(goes_on).count()
    }

    /// The lines as an edit makes them.
    fn edited(&self, edit: &Edit) -> Vec<String> {
        let mut edited: Vec<String> = self.lines.iter().map(|line| line.text.to_owned()).collect();
        let line = self.lines[edit.line];
        let (indent, bare) = (line.indent(), line.text.trim());
        let spaces = |count: usize| " ".repeat(count);
        match edit.change {
            Change::Indent { to, count } => {
                for text in &mut edited[edit.line..edit.line + count] {
                    move_by(text, indent, to);
                }
            }
            Change::HyphenBefore => edited[edit.line] = format!("{}- {bare}", spaces(indent - 2)),
            Change::Hyphen { count } => {
                for text in &mut edited[edit.line + 1..edit.line + count] {
                    move_by(text, indent, indent + 2);
                }
                edited[edit.line] = format!("{}- {bare}", spaces(indent));
            }
            Change::Text { indent: to } => {
                let (key, value) = bare.split_once(": ").unwrap_or((bare, ""));
                edited[edit.line] =
                    format!("{}{key}:\n{}text: {value}", spaces(indent), spaces(to));
            }
            Change::Quote => {
                edited[edit.line] = format!("{}\"{}\":", spaces(indent), &bare[..bare.len() - 1]);
            }
            Change::Head { indent: to } => {
                let head = self.entry_head();
                edited[edit.line] = format!("{}{head}\n{}", spaces(to), line.text);
            }
        }
        edited
    }

    /// The first line of an entry of the section.
    fn entry_head(&self) -> &'static str {
        let section = Line {
            at: 0,
            text: self.head,
        }
        .key()
        .unwrap_or_default();
        match self.shape.field(section).map(|field| field.kind) {
            Some(Kind::List(shape)) if shape.field("date").is_some() => "- date: …",
            Some(Kind::List(_)) => "- at: …",
            _ => "…:",
        }
    }

    /// Whether the lines are of the file's shape.
    fn fits(&self, lines: &[String]) -> bool {
        let text = format!("{}\n{}\n", self.head, lines.join("\n"));
        let mut builder = Builder::new(self.file, &text, 0, None);
        let Ok(Some(root)) = builder.document() else {
            return false;
        };
        // A line that would become a part of a block text above it is no slip of its own.
        if lines_with_keys(&text) < self.keys {
            return false;
        }
        let repeats = builder
            .diagnostics
            .iter()
            .any(|told| told.lint == Lint::DuplicateKey);
        !repeats && is_of(&root, self.shape)
    }

    /// Whether an edit moves a line out of the column in which the next entry stands as well.
    fn parts(&self, edit: &Edit) -> bool {
        let Change::Indent { to, .. } = edit.change else {
            return false;
        };
        self.next
            .is_some_and(|next| self.lines[edit.line].indent() == next && to != next)
    }

    /// The entry that a line belongs to where the lines are as they should be.
    fn entry(&self, line: usize, edited: &[String]) -> Range<usize> {
        let indent = |text: &String| text.len() - text.trim_start_matches(' ').len();
        let is_words = |text: &&String| !text.trim().is_empty() && !text.trim().starts_with('#');
        let least = edited
            .iter()
            .filter(is_words)
            .map(indent)
            .min()
            .unwrap_or(0);
        let begins = |index: &usize| is_words(&&edited[*index]) && indent(&edited[*index]) == least;
        let start = (0..=line).rev().find(begins).unwrap_or(0);
        let end = (line + 1..edited.len()).find(begins);
        self.lines[start].at..end.map_or(self.end, |end| self.lines[end].at)
    }
}

fn lines_with_keys(text: &str) -> usize {
    lines(text).filter(|line| line.key().is_some()).count()
}

/// Moves a line that is indented at least as far as one that is moved.
fn move_by(text: &mut String, from: usize, to: usize) {
    let indent = text.len() - text.trim_start_matches(' ').len();
    if !text.trim().is_empty() {
        let indent = (indent + to).saturating_sub(from);
        *text = " ".repeat(indent) + text.trim_start_matches(' ');
    }
}

impl Edit {
    /// How many lines it moves, if it does nothing else.
    fn moves(&self) -> Option<usize> {
        if let Change::Indent { count, .. } = self.change {
            return Some(count);
        }
        None
    }

    fn is_possible(&self, line: Line<'_>) -> bool {
        let bare = line.text.trim();
        match self.change {
            Change::Indent { .. } => true,
            Change::HyphenBefore => !line.has_hyphen() && line.indent() >= 2,
            Change::Hyphen { .. } => !line.has_hyphen(),
            Change::Text { indent } => {
                indent > line.indent()
                    && !line.has_hyphen()
                    && line.value().is_some_and(|(_, value)| !value.is_empty())
            }
            Change::Head { .. } => line.key().is_some_and(|key| FIELDS.contains(&key)),
            Change::Quote => {
                bare.ends_with(':') && bare.contains(": ") && !bare.starts_with(['-', '"'])
            }
        }
    }

    /// What is wrong with the line, and what mends it.
    fn told(&self, line: &Line<'_>, edited: &[String]) -> (&'static str, String) {
        let right = edited[self.line].trim();
        let indent = line.indent();
        match self.change {
            Change::Indent { to, count } => {
                let with = if count > 1 {
                    ", and move the lines below it that belong to it as far"
                } else {
                    ""
                };
                let instead = if indent > 0 {
                    format!(", not {indent}")
                } else {
                    String::new()
                };
                let help = format!("write {} before it{instead}{with}", spaces(to));
                (
                    "this line is indented otherwise than those that it stands among",
                    help,
                )
            }
            Change::HyphenBefore => {
                let help = format!("write `{right}`, {} before the hyphen", spaces(indent - 2));
                (NO_HYPHEN, help)
            }
            Change::Hyphen { count } => {
                let with = if count > 1 {
                    ", and indent the lines of the entry below it by two spaces more"
                } else {
                    ""
                };
                (NO_HYPHEN, format!("write `{right}`{with}"))
            }
            Change::Text { .. } => {
                let text = right
                    .rsplit_once('\n')
                    .map_or(right, |(_, text)| text)
                    .trim();
                let help =
                    format!("write its text on a line of its own among its fields: `{text}`");
                ("an entry with fields has no text behind its name", help)
            }
            Change::Quote => ("a `: ` in a name ends it", format!("write `{right}`")),
            Change::Head { indent } => {
                let help = match right.lines().next() {
                    Some(head) if head.starts_with('-') => {
                        format!(
                            "write `{head}` on a line above it, {} before the hyphen",
                            spaces(indent)
                        )
                    }
                    _ => format!(
                        "write its key and a colon on a line above it, {} before the key",
                        spaces(indent)
                    ),
                };
                ("the first line of this entry is missing", help)
            }
        }
    }
}

const NO_HYPHEN: &str = "an entry of a list begins with a hyphen";

fn spaces(count: usize) -> String {
    match count {
        0 => "no space".to_owned(),
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}

/// Whether a map has this shape, down to the fields of its entries.
fn is_of(node: &Node, shape: &Shape) -> bool {
    let Some(entries) = node.entries() else {
        return false;
    };
    let has = |field: &&str| entries.iter().any(|entry| entry.key.text == **field);
    let has_needs = shape.needs.iter().all(|group| group.iter().any(&has));
    has_needs
        && entries.iter().all(|entry| {
            shape
                .field(&entry.key.text)
                .is_some_and(|field| takes(field.kind, &entry.value))
        })
}

/// Whether a field of this kind takes such a value.
fn takes(kind: Kind, node: &Node) -> bool {
    let is_text = |node: &Node| matches!(node.value, Value::Scalar(_));
    let named = |entry: &Entry, shape: &Shape| {
        !FIELDS.contains(&entry.key.text.as_str())
            && (is_text(&entry.value) || is_of(&entry.value, shape))
    };
    match (kind, &node.value) {
        (Kind::Text | Kind::Like(_) | Kind::OneOf(_) | Kind::Count(..) | Kind::Flag, _) => {
            is_text(node)
        }
        (Kind::Texts | Kind::SomeOf(_), Value::List(items, _)) => items.iter().all(is_text),
        (Kind::Citations(_, long), Value::List(items, _)) => {
            items.iter().all(|item| is_text(item) || is_of(item, long))
        }
        (Kind::Citations(_, long), Value::Map(..)) => is_of(node, long),
        (Kind::Texts | Kind::SomeOf(_) | Kind::Citations(..), _) => is_text(node),
        (Kind::Map(shape), _) => is_of(node, shape),
        (Kind::List(shape), Value::List(items, _)) => items.iter().all(|item| is_of(item, shape)),
        (Kind::Entries(_, shape), Value::Map(entries, _)) => {
            entries.iter().all(|entry| named(entry, shape))
        }
        (Kind::List(_) | Kind::Entries(..), _) => false,
    }
}
