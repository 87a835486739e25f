//! YAML as a tree in which everything knows its place.
//!
//! The parser is serde-saphyr's (`granit_parser`), read event by event; serde would stop at the first error
//! and lose the places. Every scalar is text: `no`, `1e3` and `12:30` are words.

mod origin;
mod reader;
mod trap;
mod writer;

pub use reader::Reader;
pub use writer::{block, quoted, scalar};

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Span as Mark, StructureStyle};

use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{FileId, Span, Text};

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

impl Node {
    /// Whether nothing is written where a value could stand.
    pub fn is_empty(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar)
            if scalar.text.text.is_empty() && scalar.style == ScalarStyle::Plain)
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

/// More nodes than this repeated by aliases are taken for a bomb; what is written out is as long as its file.
const MAX_REPEATED: usize = 100_000;

/// How many broken entries of one file are reported before the rest is given up.
const MAX_FAULTS: usize = 50;

/// Reads `text`, which stands in `file` from `offset` on.
///
/// A broken entry is reported and passed over; the sound ones around it are returned.
pub fn parse(file: FileId, text: &str, offset: usize) -> (Option<Node>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut remaining = std::borrow::Cow::Borrowed(text);
    let mut swept = false;
    for _ in 0..MAX_FAULTS {
        let mut builder = Builder::new(file, &remaining, offset);
        let fault = match builder.document() {
            Ok(node) => {
                diagnostics.append(&mut builder.diagnostics);
                return (node, diagnostics);
            }
            Err(fault) => fault,
        };
        let broken = entry_around(&remaining, fault.at);
        diagnostics.push(fault.diagnostic(file, offset));
        let mut blanked = remaining.into_owned();
        if !blank(&mut blanked, broken) {
            return (None, diagnostics);
        }
        if text.len() > LONG && !swept {
            swept = true;
            let faults = sweep(file, &mut blanked, offset);
            diagnostics.extend(
                faults
                    .into_iter()
                    .map(|fault| fault.diagnostic(file, offset)),
            );
        }
        remaining = std::borrow::Cow::Owned(blanked);
    }
    (None, diagnostics)
}

const CLOSE_IT: &str =
    "end the text with the same mark, or put it on the next lines after `|` without marks";

/// A longer file is not read again for each of its broken entries.
const LONG: usize = 1 << 18;

/// Reads each entry by itself and overwrites the broken ones, so that a long file is read a few times and no more.
fn sweep(file: FileId, text: &mut String, offset: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    for range in entries(text) {
        let entry = &text[range.clone()];
        let Err(mut fault) = Builder::new(file, entry, offset).document() else {
            continue;
        };
        // An alias of another entry is sound where the whole file is read.
        if entry.contains('*') && fault.lint == Lint::InvalidYaml {
            continue;
        }
        fault.at += range.start;
        fault.quotable = fault
            .quotable
            .map(|text| text.start + range.start..text.end + range.start);
        blank(text, range);
        faults.push(fault);
        if faults.len() >= MAX_FAULTS {
            break;
        }
    }
    faults
}

/// The entries of a file: from each line that is indented by one or two columns to the next line that is no more.
fn entries(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut entries: Vec<std::ops::Range<usize>> = Vec::new();
    let mut is_open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_blank = line.trim().is_empty();
        match indent {
            _ if is_blank => {}
            0 => is_open = false,
            1 | 2 => {
                is_open = true;
                entries.push(at..at);
            }
            _ => {}
        }
        at += line.len();
        if let Some(last) = entries.last_mut().filter(|_| is_open) {
            last.end = at;
        }
    }
    entries
}

/// Why the parser stopped, and where.
struct Fault {
    lint: Lint,
    at: usize,
    message: String,
    help: Option<&'static str>,
    /// A text that quotation marks mend.
    quotable: Option<std::ops::Range<usize>>,
}

impl Fault {
    fn diagnostic(self, file: FileId, offset: usize) -> Diagnostic {
        let at = offset + self.at;
        let diagnostic =
            Diagnostic::new(self.lint, Span::new(file, at..at + 1), self.message.clone());
        let diagnostic = match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let Some(text) = self.quotable else {
            return diagnostic;
        };
        let mark = |at: usize| Span::new(file, offset + at..offset + at);
        diagnostic
            .fix(mark(text.start), "\"")
            .fix(mark(text.end), "\"")
            .trusted(Trust::Safe)
    }
}

/// The bytes of the entry that holds `at`: from a line indented by at most two columns to the next such line.
fn entry_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let is_head = |line: &str| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        indent <= 2
            && !line.trim().is_empty()
            && !line.trim_start().starts_with(['#', '\t'])
            && !line.contains('\t')
    };
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut start = line_start;
    let mut indent = 0;
    for (line_at, line) in lines_backward(text, line_start) {
        start = line_at;
        if is_head(line) {
            indent = line.len() - line.trim_start().len();
            break;
        }
    }
    let line_end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
    let is_section = text[start..].lines().next().is_some_and(|line| {
        indent == 0 && line.trim_end().ends_with(':') && !line.starts_with('-')
    });
    if is_section {
        return line_start..line_end;
    }
    let mut end = line_end;
    for line in text[line_end..].split_inclusive('\n') {
        if is_head(line) && line.len() - line.trim_start().len() <= indent {
            break;
        }
        end += line.len();
    }
    start..end
}

/// The line that starts at `from` and the ones before it, nearest first, with their offsets.
fn lines_backward(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let first = text[from..].lines().next().unwrap_or_default();
    let mut end = from;
    std::iter::once((from, first)).chain(std::iter::from_fn(move || {
        if end == 0 {
            return None;
        }
        let line_end = end - 1;
        end = text[..line_end]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        Some((end, &text[end..line_end]))
    }))
}

/// Overwrites a range with line ends, so that nothing of it joins the texts around it and every byte stays where it
/// was; false if nothing was left to overwrite.
fn blank(text: &mut String, range: std::ops::Range<usize>) -> bool {
    let blanked = "\n".repeat(range.len());
    if blanked == text[range.clone()] {
        return false;
    }
    text.replace_range(range, &blanked);
    true
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    offset: usize,
    anchors: Vec<(usize, Node, usize)>,
    nodes: usize,
    repeated: usize,
    diagnostics: Vec<Diagnostic>,
}

type Events<'t> = Parser<'t, serde_yaml::granit_parser::StrInput<'t>>;

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str, offset: usize) -> Self {
        Builder {
            file,
            text,
            offset,
            anchors: Vec::new(),
            nodes: 0,
            repeated: 0,
            diagnostics: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Fault> {
        let mut options = serde_yaml::granit_parser::Options::default();
        options.set_emit_comments(false);
        let mut events = Parser::new_from_str_with_options(self.text, options);
        let mut root = None;
        while let Some((event, mark)) = self.next(&mut events)? {
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    self.diagnostics.push(self.second_document(&mark));
                    break;
                }
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                event => root = Some(self.node(event, mark, &mut events)?),
            }
        }
        Ok(root.filter(|node| !node.is_empty()))
    }

    fn second_document(&self, mark: &Mark) -> Diagnostic {
        let start = mark.start.byte_offset().unwrap_or(0);
        let message = "a second YAML document begins here, which is not read";
        Diagnostic::new(Lint::InvalidYaml, self.span(start..start + 3), message)
            .help("one file holds one document: take the `---` line out")
    }

    fn next(&mut self, events: &mut Events<'t>) -> Result<Option<(Event<'t>, Mark)>, Fault> {
        match events.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => Err(self.fault(&error)),
        }
    }

    /// Why the parser stopped, by the trap's name where it has one.
    fn fault(&self, error: &serde_yaml::granit_parser::ScanError) -> Fault {
        let words = error.to_string();
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let at = if words.contains("quoted scalar") {
            opening_quote(&self.text[..at.min(self.text.len())]).unwrap_or(at)
        } else {
            at
        };
        match trap::at(self.text, at) {
            Some(trap) => Fault {
                lint: trap.lint,
                at: trap.at,
                message: trap.message,
                help: Some(trap.help),
                quotable: trap.quotable,
            },
            None => Fault {
                lint: Lint::InvalidYaml,
                at,
                message: explain(&words),
                help: words.contains("quoted scalar").then_some(CLOSE_IT),
                quotable: None,
            },
        }
    }

    fn node(
        &mut self,
        event: Event<'t>,
        mark: Mark,
        events: &mut Events<'t>,
    ) -> Result<Node, Fault> {
        self.nodes += 1;
        let range = mark.byte_range().unwrap_or(0..0);
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let node = self.scalar(&value, style, range);
                // A long text costs as much as many short ones when an alias repeats it.
                self.remember(anchor, &node, 1 + value.len() / 16);
                Ok(node)
            }
            Event::SequenceStart(structure, anchor, _) => {
                let before = self.nodes;
                let (items, end) = self.items(events)?;
                let node = Node {
                    span: self.span(range.start..end),
                    value: Value::List(items, form(structure)),
                };
                self.remember(anchor, &node, self.nodes - before);
                Ok(node)
            }
            Event::MappingStart(structure, anchor, _) => {
                let before = self.nodes;
                let (entries, end) = self.entries(events)?;
                let node = Node {
                    span: self.span(range.start..end),
                    value: Value::Map(entries, form(structure)),
                };
                self.remember(anchor, &node, self.nodes - before);
                Ok(node)
            }
            Event::Alias(id) => self.alias(id, range),
            _ => Ok(self.scalar("", ScalarStyle::Plain, range)),
        }
    }

    fn items(&mut self, events: &mut Events<'t>) -> Result<(Vec<Node>, usize), Fault> {
        let mut items = Vec::new();
        while let Some((event, mark)) = self.next(events)? {
            if matches!(event, Event::SequenceEnd) {
                return Ok((items, mark.end.byte_offset().unwrap_or(0)));
            }
            items.push(self.node(event, mark, events)?);
        }
        Ok((items, self.text.len()))
    }

    fn entries(&mut self, events: &mut Events<'t>) -> Result<(Vec<Entry>, usize), Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        while let Some((event, mark)) = self.next(events)? {
            if matches!(event, Event::MappingEnd) {
                return Ok((entries, mark.end.byte_offset().unwrap_or(0)));
            }
            let key = self.node(event, mark, events)?;
            let Some((event, mark)) = self.next(events)? else {
                break;
            };
            let is_alias = matches!(event, Event::Alias(_));
            if is_alias
                && matches!(&key.value, Value::Scalar(scalar) if CITING.contains(&scalar.text.text.as_str()))
            {
                self.diagnostics.push(repeated_citation(
                    self.span(mark.byte_range().unwrap_or(0..0)),
                ));
            }
            let value = self.node(event, mark, events)?;
            let Value::Scalar(Scalar { text: key, .. }) = key.value else {
                self.diagnostics.push(
                    Diagnostic::new(Lint::InvalidValue, key.span, "a key is a single text")
                        .help("put quotation marks round a key that begins with `[` or `{`"),
                );
                continue;
            };
            if key.text == "<<" {
                self.diagnostics.push(
                    Diagnostic::new(
                        Lint::InvalidYaml,
                        key.whole(),
                        "merge keys are not used here",
                    )
                    .help("write the entry's fields out"),
                );
                continue;
            }
            if let Some(&first) = seen.get(key.text.as_str()) {
                self.diagnostics.push(duplicate(&key, first));
            } else {
                seen.insert(key.text.to_string(), key.whole());
                entries.push(Entry { key, value });
            }
        }
        Ok((entries, self.text.len()))
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, range: std::ops::Range<usize>) -> Node {
        if style == ScalarStyle::Plain && trap::cut_by_comment(self.text, range.end) {
            let span = self.span(range.end + 1..range.end + 2);
            self.diagnostics.push(
                Diagnostic::new(Lint::YamlTrap, span, "YAML takes what follows ` #` for a comment and cuts the text")
                    .help("put the text in quotation marks, or on the next lines after `|`; a comment has a space behind its `#`"),
            );
        }
        // The parser's range of a block scalar begins behind the first line's indentation.
        let indent = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let before = &self.text[..range.start];
                before.len() - before.trim_end_matches(' ').len()
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 0,
        };
        let start = range.start - indent;
        let raw = self.text.get(start..range.end).unwrap_or_default();
        // The parser writes `~` where nothing stands.
        let value = if raw.is_empty() { "" } else { value };
        let origin = origin::trace(raw, value, style, self.offset + start);
        Node {
            span: self.span(range),
            value: Value::Scalar(Scalar {
                text: Text {
                    text: value.into(),
                    file: self.file,
                    origin,
                },
                style,
            }),
        }
    }

    fn alias(&mut self, id: usize, range: std::ops::Range<usize>) -> Result<Node, Fault> {
        let found = self.anchors.iter().rposition(|(anchor, ..)| *anchor == id);
        let Some((_, node, size)) = found.map(|index| &self.anchors[index]) else {
            return Err(Fault {
                lint: Lint::InvalidYaml,
                at: range.start,
                message: "an alias inside the entry that it names".into(),
                help: None,
                quotable: None,
            });
        };
        if cites(node) {
            let span = Span::new(
                self.file,
                self.offset + range.start..self.offset + range.end,
            );
            self.diagnostics.push(repeated_citation(span));
        }
        self.nodes += size;
        self.repeated += size;
        if self.repeated > MAX_REPEATED {
            return Err(Fault {
                lint: Lint::InvalidYaml,
                at: range.start,
                message: "the file repeats itself through aliases beyond any use".into(),
                help: Some("write the repeated entries out, or split the file"),
                quotable: None,
            });
        }
        Ok(node.clone())
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor > 0 {
            self.anchors.push((anchor, node.clone(), size + 1));
        }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let end = range.end.max(range.start);
        Span::new(self.file, self.offset + range.start..self.offset + end)
    }
}

/// Where the last quoted scalar of a text begins.
fn opening_quote(text: &str) -> Option<usize> {
    text.rmatch_indices(['"', '\''])
        .map(|(at, _)| at)
        .find(|at| text[..*at].ends_with([' ', '\n', '[', '{', ',']))
}

/// The fields that hold citations.
const CITING: [&str; 6] = ["cites", "supports", "disputes", "qualifies", "except", "at"];

/// Whether something in a value cites: a citation is one place, and has one note.
fn cites(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => {
            let text = scalar.text.text.as_str();
            text.starts_with('@') || [" @", "[@", "\n@"].iter().any(|sign| text.contains(sign))
        }
        Value::List(items, _) => items.iter().any(cites),
        Value::Map(entries, _) => entries
            .iter()
            .any(|entry| CITING.contains(&entry.key.text.as_str()) || cites(&entry.value)),
    }
}

fn repeated_citation(span: Span) -> Diagnostic {
    let message = "an alias repeats a citation, which can stand in one place only";
    Diagnostic::new(Lint::InvalidYaml, span, message).help("write the text out in both places")
}

fn form(structure: StructureStyle) -> Form {
    match structure {
        StructureStyle::Block => Form::Block,
        StructureStyle::Flow => Form::Flow,
    }
}

fn duplicate(key: &Text, first: Span) -> Diagnostic {
    Diagnostic::new(
        Lint::DuplicateKey,
        key.whole(),
        format!("`{}` stands twice in one map", key.text),
    )
    .related(first, "first here")
    .help("join the two, or rename one")
}

/// The parser's words in ours, where we know better ones.
fn explain(error: &str) -> String {
    if error.contains("quoted scalar") {
        return "a quotation mark is opened here and never closed".into();
    }
    let plain = error.split(" at ").next().unwrap_or(error);
    format!("this is not YAML: {}", plain.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(keys.first(), Some(&"A"));
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
