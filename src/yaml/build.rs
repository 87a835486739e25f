//! From the parser's events to the tree.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Span as Mark, StructureStyle};

use super::fault::Fault;
use super::line::Line;
use super::{CITING, Entry, Form, Node, Scalar, Value, layout, origin, outside, trap};
use crate::diagnostic::{Diagnostic, Lint};
use crate::schema::Shape;
use crate::source::{FileId, Span, Text};

/// More nodes than this repeated by aliases are taken for a bomb; what is written out is as long as its file.
const MAX_REPEATED: usize = 100_000;

pub(super) struct Builder<'t> {
    file: FileId,
    text: &'t str,
    offset: usize,
    shape: Option<&'static Shape>,
    anchors: HashMap<usize, (Node, usize)>,
    /// The names of anchors above, where the text is a part of a file.
    above: Option<&'t BTreeSet<&'t str>>,
    /// The anchors of texts that no alias has named yet, and where their texts begin.
    unused: BTreeMap<usize, usize>,
    nodes: usize,
    repeated: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

type Events<'t> = Parser<'t, serde_yaml::granit_parser::StrInput<'t>>;

impl<'t> Builder<'t> {
    /// A builder of a text that has this shape, if any is known.
    pub(super) fn new(
        file: FileId,
        text: &'t str,
        offset: usize,
        shape: Option<&'static Shape>,
    ) -> Self {
        Builder {
            file,
            text,
            offset,
            shape,
            anchors: HashMap::new(),
            above: None,
            unused: BTreeMap::new(),
            nodes: 0,
            repeated: 0,
            diagnostics: Vec::new(),
        }
    }

    /// The builder of a part of a file, in which aliases may name anchors that stand above it.
    pub(super) fn below(self, anchors: &'t BTreeSet<&'t str>) -> Self {
        Builder {
            above: Some(anchors),
            ..self
        }
    }

    /// The root of the text's only document.
    pub(super) fn document(&mut self) -> Result<Option<Node>, Fault> {
        let mut options = serde_yaml::granit_parser::Options::default();
        options.set_emit_comments(false);
        options.emit_unresolved_aliases = true;
        let mut events = Parser::new_from_str_with_options(self.text, options);
        let mut root = None;
        while let Some((event, mark)) = self.next(&mut events)? {
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    let at = mark.start.byte_offset().unwrap_or(0);
                    return Err(Fault::second_document(self.text, at));
                }
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                event => root = Some(self.node(event, mark, &mut events)?),
            }
        }
        for (_, start) in std::mem::take(&mut self.unused) {
            self.tell(trap::hidden_word(self.text, start, '&'));
        }
        Ok(root.filter(|node| !node.is_empty()))
    }

    fn next(&mut self, events: &mut Events<'t>) -> Result<Option<(Event<'t>, Mark)>, Fault> {
        match events.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.text.len());
                Err(self.fault(at, &error.to_string()))
            }
        }
    }

    /// What an author did where the parser stopped at `at` with these `words`.
    fn fault(&self, at: usize, words: &str) -> Fault {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let slipped = || layout::misplaced(self.file, self.text, at, self.shape?);
        Fault::of_signs(self.text, at)
            .or_else(slipped)
            .unwrap_or_else(|| Fault::of(self.text, at, words))
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
            Event::Scalar(value, style, anchor, tag) => {
                let node = self.text_node(&value, style, range, tag.is_some())?;
                if anchor > 0 {
                    let start = node.span.start as usize - self.offset;
                    self.unused.insert(anchor, start);
                }
                // A long text costs as much as many short ones when an alias repeats it.
                self.remember(anchor, &node, 1 + value.len() / 16);
                Ok(node)
            }
            Event::SequenceStart(structure, anchor, _) => {
                let before = self.nodes;
                let (items, end) = self.items(events)?;
                let node = Node {
                    span: self.collection(range.start..end),
                    value: Value::List(items, form(structure)),
                };
                self.remember(anchor, &node, self.nodes - before);
                Ok(node)
            }
            Event::MappingStart(structure, anchor, _) => {
                let before = self.nodes;
                let (entries, end) = self.entries(events)?;
                let node = Node {
                    span: self.collection(range.start..end),
                    value: Value::Map(entries, form(structure)),
                };
                self.remember(anchor, &node, self.nodes - before);
                Ok(node)
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => match self.above {
                Some(above) if above.contains(name.as_ref()) => {
                    Ok(self.scalar("", ScalarStyle::Plain, range))
                }
                _ => Err(self.fault(range.start, "unknown anchor")),
            },
            _ => Ok(self.scalar("", ScalarStyle::Plain, range)),
        }
    }

    /// Refuses a plain text that was meant for a name, `C #: …`, where no other entry makes the parser stop.
    fn is_no_name(&self, range: &Range<usize>) -> Result<(), Fault> {
        let cut = self.text[range.end..].strip_prefix(" #");
        if !cut.is_some_and(|rest| rest.starts_with(|c: char| c == ':' || c.is_alphanumeric())) {
            return Ok(());
        }
        let line = Line::around(self.text, range.end);
        let begins_line = range.start == line.at + line.column();
        match trap::name_cut_by_comment(line).filter(|_| begins_line) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn text_node(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        has_tag: bool,
    ) -> Result<Node, Fault> {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let range = if is_block && value.trim().is_empty() {
            self.block_without_words(range.start)?
        } else {
            range
        };
        if style == ScalarStyle::Plain {
            self.is_no_name(&range)?;
        }
        let start = range.start;
        let node = self.scalar(value, style, range);
        if has_tag {
            self.tell(trap::hidden_word(self.text, start, '!'));
        }
        Ok(node)
    }

    /// The place of a block text that has no words, which is its mark.
    fn block_without_words(&self, behind: usize) -> Result<Range<usize>, Fault> {
        let mark = self.text[..behind].rfind(['|', '>']).unwrap_or(behind);
        match outside::words_below(self.text, mark) {
            Some(fault) => Err(fault),
            None => Ok(mark..mark + 1),
        }
    }

    /// The place of a list or a map: one on indented lines ends, to the parser, where the next thing begins.
    fn collection(&self, range: Range<usize>) -> Span {
        let start = range.start;
        let text = self.text.get(range).unwrap_or_default();
        self.span(start..start + text.trim_end().len())
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

    /// The entries of a map; of several with one key the first. Fields that stand twice are one slip: the head of
    /// another entry is lost, whose fields they are.
    fn entries(&mut self, events: &mut Events<'t>) -> Result<(Vec<Entry>, usize), Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = HashMap::new();
        let mut repeated = 0;
        let mut own = 0;
        while let Some((event, mark)) = self.next(events)? {
            if matches!(event, Event::MappingEnd) {
                if repeated > 1 {
                    entries.truncate(own);
                }
                return Ok((entries, mark.end.byte_offset().unwrap_or(0)));
            }
            let key = self.node(event, mark, events)?;
            if let Some(fault) = self.unsound_key(&key) {
                return Err(fault);
            }
            let Some((event, mark)) = self.next(events)? else {
                break;
            };
            let known = self.diagnostics.len();
            if matches!(event, Event::Alias(_)) && is_citing(&key) {
                let range = mark.byte_range().unwrap_or(0..0);
                self.diagnostics.push(repeated_citation(self.span(range)));
            }
            let value = self.node(event, mark, events)?;
            let Some(key) = self.key(key) else {
                // What is said of its value only follows.
                self.diagnostics.drain(known..self.diagnostics.len() - 1);
                continue;
            };
            if value.is_empty() {
                let end = key.whole().end as usize - self.offset;
                self.tell(trap::all_comment(self.text, end));
            }
            if let Some(&first) = seen.get(key.text.as_str()) {
                let begins_item = entries
                    .first()
                    .is_some_and(|entry| entry.key.text == key.text)
                    && self.stands_behind_hyphen(first);
                let is_entry = matches!(value.value, Value::Map(_, Form::Block));
                if repeated == 0 || is_entry {
                    self.diagnostics.push(duplicate(&key, first, begins_item));
                }
                if !is_entry {
                    own = if repeated == 0 { entries.len() } else { own };
                    repeated += 1;
                }
            } else {
                seen.insert(key.text.to_string(), key.whole());
                entries.push(Entry { key, value });
            }
        }
        Ok((entries, self.text.len()))
    }

    /// What keeps a key from being one, and its entry from being read.
    fn unsound_key(&self, key: &Node) -> Option<Fault> {
        let Value::Scalar(Scalar { text, .. }) = &key.value else {
            return None;
        };
        let at = key.span.start as usize - self.offset;
        if text.text == "<<" {
            let help = "write the entry's fields out";
            return Some(Fault::new(
                Lint::InvalidYaml,
                at,
                "merge keys are not used here",
                help,
            ));
        }
        let line = Line::around(self.text, at);
        let is_odd = text.text.starts_with(trap::ODD_SPACES);
        is_odd.then(|| trap::odd_indentation(self.text, line))?
    }

    /// The text of a key.
    fn key(&mut self, key: Node) -> Option<Text> {
        let span = key.span;
        if let Value::Scalar(Scalar { text, .. }) = key.value {
            return Some(text);
        }
        let message = "a key is a single text";
        let help = "put quotation marks round a key that begins with `[` or `{`";
        let told = Diagnostic::new(Lint::InvalidValue, span, message).help(help);
        self.diagnostics.push(told);
        None
    }

    fn stands_behind_hyphen(&self, span: Span) -> bool {
        let at = span.start as usize - self.offset;
        self.text[..at].trim_end_matches(' ').ends_with('-')
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, range: Range<usize>) -> Node {
        if style == ScalarStyle::Plain {
            self.tell(trap::cut_by_comment(self.text, range.end));
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

    fn tell(&mut self, fault: Option<Fault>) {
        let told = fault.map(|fault| fault.diagnostic(self.file, self.offset));
        self.diagnostics.extend(told);
    }

    fn alias(&mut self, id: usize, range: Range<usize>) -> Result<Node, Fault> {
        self.unused.remove(&id);
        let Some((node, size)) = self.anchors.get(&id) else {
            return Err(Fault::new(
                Lint::InvalidYaml,
                range.start,
                "an alias inside the entry that it names",
                "write the text out",
            ));
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
            return Err(Fault::new(
                Lint::InvalidYaml,
                range.start,
                "the file repeats itself through aliases beyond any use",
                "write the repeated entries out, or split the file",
            ));
        }
        Ok(node.clone())
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size + 1));
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        let end = range.end.max(range.start);
        Span::new(self.file, self.offset + range.start..self.offset + end)
    }
}

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

/// `begins_item` where the key is the one with which its list's entry begins.
fn duplicate(key: &Text, first: Span, begins_item: bool) -> Diagnostic {
    let message = format!("`{}` stands here for the second time", key.text);
    let diagnostic =
        Diagnostic::new(Lint::DuplicateKey, key.whole(), message).related(first, "first here");
    if begins_item {
        let help = format!(
            "if another entry begins here, write `- {}:`, the hyphen two columns further left",
            key.text
        );
        return diagnostic.help(help);
    }
    diagnostic.help(
        "keep one of the two; where another entry was to begin, its first line is missing above",
    )
}

fn is_citing(key: &Node) -> bool {
    matches!(&key.value, Value::Scalar(scalar) if CITING.contains(&scalar.text.text.as_str()))
}
