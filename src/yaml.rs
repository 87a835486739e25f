//! YAML as a tree in which everything knows its place.
//!
//! The parser is serde-saphyr's (`granit_parser`), read event by event; serde would stop at the first error
//! and lose the places. Every scalar is text: `no`, `1e3` and `12:30` are words.

mod build;
mod ending;
mod fault;
mod layout;
mod line;
mod open;
mod origin;
mod outside;
mod reader;
mod recover;
mod requote;
mod trap;
mod writer;

pub use ending::Misread;
pub use reader::{Reader, marked_key};
pub use recover::{Entries, parse, parse_as};
pub use writer::{block, quoted, scalar};

use serde_yaml::granit_parser::ScalarStyle;

use crate::source::{Span, Text};

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The place of the whole value.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What YAML knows: text, lists, maps.
#[derive(Clone, Debug)]
pub enum Value {
    /// A scalar; empty where the file has nothing.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>, Form),
    /// A mapping in the order of the file, without duplicates.
    Map(Vec<Entry>, Form),
}

/// Whether a collection is written on indented lines or in brackets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// On indented lines.
    Block,
    /// In `[…]` or `{…}`.
    Flow,
}

/// A text and how it is written.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text, each character with its place.
    pub text: Text,
    /// How it is written.
    pub style: ScalarStyle,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: Node,
}

impl Scalar {
    /// The lines on which a text without line ends of its own is written.
    pub fn lines(&self) -> Vec<Text> {
        let text = self.text.text.as_str();
        // One space stands for a line's end and the indentation below it.
        let is_joint = |at: &usize| {
            let space = self.text.span(*at..at + 1);
            let behind = text[at + 1..].chars().next().map_or(0, char::len_utf8);
            let behind = self.text.span(at + 1..at + 1 + behind);
            space.range().len() > 1 || behind.start > space.end
        };
        let joints = text.match_indices(' ').map(|(at, _)| at).filter(is_joint);
        let mut lines = Vec::new();
        let mut start = 0;
        for joint in joints {
            lines.push(self.text.slice(start..joint));
            start = joint + 1;
        }
        lines.push(self.text.slice(start..text.len()));
        lines
    }
}

impl Node {
    /// Whether nothing is written where a value could stand.
    pub fn is_empty(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar)
            if scalar.text.text.is_empty() && scalar.style == ScalarStyle::Plain)
    }

    /// Whether it is a text of nothing but space, however it is written.
    pub fn is_blank(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.text.text.trim().is_empty())
    }

    /// The entries of a map.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries, _) => Some(entries),
            Value::Scalar(_) | Value::List(..) => None,
        }
    }

    /// What the value is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(_) if self.is_empty() => "nothing",
            Value::Scalar(_) => "a text",
            Value::List(..) => "a list",
            Value::Map(..) => "a map",
        }
    }
}

/// The sections of an annotation file.
pub const SECTIONS: [&str; 4] = ["glossary", "notes", "claims", "timeline"];

/// The fields that hold citations.
const CITING: [&str; 6] = ["cites", "supports", "disputes", "qualifies", "except", "at"];

/// The fields whose words stand on a page as they are written.
const SPEAKING: [&str; 4] = ["text", "title", "name", "read"];

/// The fields of annotations and front matter, which tell a line that lacks a space from words with a colon among them.
pub const FIELDS: [&str; 45] = [
    "accessed",
    "after",
    "aliases",
    "at",
    "audience",
    "author",
    "before",
    "by",
    "cites",
    "claims",
    "confidence",
    "date",
    "disputes",
    "except",
    "file",
    "glossary",
    "id",
    "imported",
    "kind",
    "language",
    "likelihood",
    "link",
    "name",
    "note",
    "notes",
    "omit",
    "origin",
    "publication",
    "qualifies",
    "quote",
    "rating",
    "read",
    "see",
    "sha256",
    "sort",
    "source",
    "status",
    "supports",
    "tags",
    "text",
    "timeline",
    "title",
    "translated-from",
    "url",
    "written",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::source::Sources;

    fn parse_text(text: &str) -> (Option<Node>, Vec<Diagnostic>, Sources) {
        let sources = Sources::from_texts([("a.yaml", text)]);
        let file = sources.find("a.yaml").expect("just made");
        let (node, diagnostics) = parse(file, text, 0);
        (node, diagnostics, sources)
    }

    /// Each scalar as `text⟵bytes`.
    fn scalars(node: &Node, sources: &Sources, out: &mut Vec<String>) {
        match &node.value {
            Value::Scalar(scalar) => {
                let text = &scalar.text;
                let words: Vec<String> = text
                    .text
                    .split_whitespace()
                    .map(|word| {
                        let at = word.as_ptr() as usize - text.text.as_ptr() as usize;
                        let span = text.span(at..at + word.len());
                        format!("{word}<{}", sources.slice(span))
                    })
                    .collect();
                out.push(words.join(" "));
            }
            Value::List(items, _) => items.iter().for_each(|item| scalars(item, sources, out)),
            Value::Map(entries, _) => {
                for entry in entries {
                    scalars(&entry.value, sources, out);
                }
            }
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let (node, diagnostics, sources) = parse_text(text);
        assert_eq!(diagnostics, [], "{text}");
        let mut found = Vec::new();
        scalars(&node.expect("a document"), &sources, &mut found);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_style_of_scalar_knows_its_bytes() {
        check("a: one two", &["one<one two<two"]);
        check("a: one\n  two", &["one<one two<two"]);
        check("a: 'it''s so'", &["it's<it''s so<so"]);
        check("a: \"caf\\u00e9 x\"", &["café<caf\\u00e9 x<x"]);
        check("a: \"one \\\n  two\"", &["one<one two<two"]);
        check(
            "a: |\n  one\n    two\n\n  日本 three\n",
            &["one<one two<two 日本<日本 three<three"],
        );
        check(
            "a: >-\n  one\n  two\n\n  three\n",
            &["one<one two<two three<three"],
        );
        check("a:\r\n  - one\r\n  - two\r\n", &["one<one", "two<two"]);
        check("a: |+\n\n  one\n\nb: two\n", &["one<one", "two<two"]);
    }

    #[test]
    fn a_broken_entry_leaves_the_others_alive() {
        let (node, diagnostics, _) =
            parse_text("glossary:\n  A: one\n  B: \"two: three\n  C: x: y\n  D: four\n");
        assert!(!diagnostics.is_empty());
        let node = node.expect("the sound entries");
        let inner = node.entries().expect("a map")[0]
            .value
            .entries()
            .expect("a map");
        let keys: Vec<&str> = inner.iter().map(|entry| entry.key.text.as_str()).collect();
        assert_eq!(keys, ["A", "D"]);
    }

    #[test]
    fn duplicates_show_both_places() {
        let (_, diagnostics, sources) = parse_text("a: 1\nb: 2\na: 3\n");
        assert_eq!(diagnostics.len(), 1);
        let at = diagnostics[0].at.as_ref().expect("a place").span;
        assert_eq!(sources.place(at.file, at.start as usize).line, 3);
        assert_eq!(diagnostics[0].related[0].span.start, 0);
    }
}
