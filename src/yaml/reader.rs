//! Reads the fields of a map, collecting every error.

mod texts;

use rapidfuzz::distance::osa;

pub use texts::marked_key;
use texts::{
    ended_by_mark, in_printers_marks, joined_items, list_in_one_text, lone_item, several_in_item,
    swallowed, with_lone_mark,
};

use super::trap::ODD_SPACES;
use super::{Entry, Form, Node, SPEAKING, Value};
use crate::diagnostic::{Diagnostic, Lint, Trust, nearest, trust_in};
use crate::schema::{Kind, Shape};
use crate::source::{Span, Text};

/// Takes the fields of one map; what its shape does not know is reported in the end.
pub struct Reader<'n, 'd> {
    shape: &'static Shape,
    span: Span,
    entries: &'n [Entry],
    in_braces: bool,
    /// Whether a key reads as the value of the first field.
    is_first_value: fn(&Text) -> bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'n, 'd> Reader<'n, 'd> {
    /// A reader of `node`, which has this shape; none, with a diagnostic, unless it is a map.
    pub fn new(
        node: &'n Node,
        shape: &'static Shape,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let Some(entries) = node.entries() else {
            diagnostics.push(expected(
                &format!("{} is a map of fields", shape.what),
                node,
            ));
            return None;
        };
        Some(Reader {
            shape,
            span: node.span,
            entries,
            in_braces: matches!(node.value, Value::Map(_, Form::Flow)),
            is_first_value: |_| false,
            diagnostics,
        })
    }

    /// The reader of a map that may have the value of its first field for a key: `2024-07: They met.`
    #[must_use]
    pub fn keyed_by(self, is_first_value: fn(&Text) -> bool) -> Self {
        Reader {
            is_first_value,
            ..self
        }
    }

    /// The place of the whole map.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where further problems go.
    pub fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        self.diagnostics
    }

    /// A field's value, unless it is absent or empty.
    pub fn node(&mut self, field: &'static str) -> Option<&'n Node> {
        debug_assert!(
            self.shape.field(field).is_some(),
            "`{field}` is in the shape"
        );
        self.entries
            .iter()
            .find(|entry| entry.key.text == field)
            .map(|entry| &entry.value)
            .filter(|node| !node.is_empty())
    }

    /// A field that is a text.
    pub fn text(&mut self, field: &'static str) -> Option<&'n Text> {
        let node = self.node(field)?;
        if let Some(several) = self.several_for_one(node, field) {
            self.diagnostics.push(several);
            return None;
        }
        if let Value::Scalar(scalar) = &node.value {
            let slip = swallowed(scalar, field, self.shape);
            let is_free = self
                .shape
                .field(field)
                .is_some_and(|known| matches!(known.kind, Kind::Text));
            let is_unread = slip.is_some() && (field == "text" || !is_free);
            self.diagnostics.extend(slip);
            self.diagnostics.extend(ended_by_mark(scalar, field));
            if is_unread {
                return None;
            }
        }
        as_text(node, field, self.diagnostics)
    }

    /// `kind: [place, event]`: a list of words where one stands.
    fn several_for_one(&self, node: &Node, field: &str) -> Option<Diagnostic> {
        let Value::List(items, _) = &node.value else {
            return None;
        };
        let takes_one = matches!(self.shape.field(field)?.kind, Kind::OneOf(_));
        (takes_one && items.len() > 1).then(|| {
            let message = format!("`{field}` is one word, and no list");
            Diagnostic::new(Lint::InvalidValue, node.span, message)
                .help(format!("keep one of them: `{field}: …`"))
        })
    }

    /// Where a field's value stands, or its key if it is empty.
    pub fn place(&self, field: &str) -> Option<Span> {
        let entry = self.entries.iter().find(|entry| entry.key.text == field)?;
        let is_empty = entry.value.is_empty();
        Some(if is_empty {
            entry.key.whole()
        } else {
            entry.value.span
        })
    }

    /// A field that is a text and must be there.
    pub fn required(&mut self, field: &'static str) -> Option<&'n Text> {
        if self.node(field).is_none_or(Node::is_blank) {
            let missing = self.missing(field);
            self.diagnostics.extend(missing);
            return None;
        }
        self.text(field)
    }

    /// Says that a field is not there, or empty.
    pub fn missing(&self, field: &str) -> Option<Diagnostic> {
        if let Some(empty) = self.entries.iter().find(|entry| entry.key.text == field) {
            let message = format!("`{field}` is empty, and {} needs one", self.shape.what);
            return Some(
                Diagnostic::new(Lint::MissingField, empty.key.whole(), message)
                    .help(format!("write it behind the colon: `{field}: …`")),
            );
        }
        // A mistyped key is reported as such, and mends this as well.
        let mistyped = |entry: &Entry| {
            let key = entry.key.text.as_str();
            let unseparated = self.unseparated(entry);
            let is_unknown = self.shape.field(key).is_none();
            (is_unknown && may_mean(key, field))
                || unseparated.is_some_and(|(name, _)| name == field)
        };
        let misnamed = self.misnamed().is_some_and(|(_, meant)| meant == field);
        let in_one = self.two_in_one().is_some_and(|both| both.contains(&field));
        if misnamed || in_one || self.entries.iter().any(mistyped) {
            return None;
        }
        let message = format!("{} needs `{field}`", self.shape.what);
        let help = if self.in_braces {
            format!("add `{field}: …` in the braces, and a comma between the fields")
        } else {
            format!("add a line `{field}: …`")
        };
        Some(Diagnostic::new(Lint::MissingField, self.head(), message).help(help))
    }

    /// The field that an entry needs and lacks, and the unknown key that may have been meant for it: the only one, or the
    /// first of all.
    fn misnamed(&self) -> Option<(&Entry, &'static str)> {
        let [field] = self.lacking()[..] else {
            return None;
        };
        let mut unknown = self.unknown();
        let entry = unknown.next()?;
        let is_first = self
            .entries
            .first()
            .is_some_and(|first| first.key == entry.key);
        (is_first || unknown.next().is_none()).then_some((entry, field))
    }

    /// The two fields that an entry needs, where it has one that the value of the first is the name of.
    fn two_in_one(&self) -> Option<[&'static str; 2]> {
        let both = self.lacking().try_into().ok()?;
        let mut unknown = self.unknown();
        let only = unknown.next().filter(|_| unknown.next().is_none())?;
        (!self.in_braces && (self.is_first_value)(&only.key)).then_some(both)
    }

    /// The fields that have a text and no name that is known here.
    fn unknown(&self) -> impl Iterator<Item = &Entry> {
        let is_unknown = |entry: &&Entry| self.shape.field(&entry.key.text).is_none();
        let unknown = self.entries.iter().filter(is_unknown);
        unknown.filter(|entry| !entry.value.is_empty())
    }

    /// The fields that an entry needs and lacks; of those that stand for each other, the first.
    fn lacking(&self) -> Vec<&'static str> {
        let has = |field: &&str| self.entries.iter().any(|own| own.key.text == **field);
        let lacks = |group: &&&[&'static str]| !group.iter().any(&has);
        let lacking = self.shape.needs.iter().filter(lacks);
        lacking.filter_map(|group| group.first().copied()).collect()
    }

    /// A field that is a name: quotation marks round it would be a part of it.
    pub fn name(&mut self, field: &'static str) -> Option<&'n Text> {
        let name = self.text(field)?;
        self.diagnostics.extend(in_printers_marks(&[name]));
        Some(name)
    }

    /// A field that is one text or a list of texts.
    pub fn texts(&mut self, field: &'static str) -> Vec<&'n Text> {
        let Some(node) = self.node(field) else {
            return Vec::new();
        };
        match &node.value {
            Value::List(items, _) => {
                let slips = |item: &Node| match &item.value {
                    Value::Scalar(scalar) => {
                        joined_items(scalar).or_else(|| several_in_item(scalar))
                    }
                    Value::List(..) | Value::Map(..) => None,
                };
                self.diagnostics.extend(items.iter().filter_map(slips));
                let texts: Vec<&Text> = items
                    .iter()
                    .filter_map(|item| as_text(item, field, self.diagnostics))
                    .collect();
                self.diagnostics.extend(in_printers_marks(&texts));
                let marked = texts.iter().filter_map(|text| with_lone_mark(text));
                self.diagnostics.extend(marked);
                texts
            }
            Value::Scalar(scalar) => {
                let slip = lone_item(scalar)
                    .or_else(|| swallowed(scalar, field, self.shape))
                    .or_else(|| joined_items(scalar))
                    .or_else(|| list_in_one_text(scalar, field))
                    .or_else(|| in_printers_marks(&[&scalar.text]));
                self.diagnostics.extend(slip);
                vec![&scalar.text]
            }
            Value::Map(..) => as_text(node, field, self.diagnostics).into_iter().collect(),
        }
    }

    /// Reports every field that nobody asked for, and every one that has nothing.
    pub fn finish_entry(mut self) {
        for entry in self.entries {
            if self.shape.field(entry.key.text.as_str()).is_some() {
                self.empty(entry);
            }
        }
        self.finish();
    }

    /// Reports every field that nobody asked for.
    pub fn finish(mut self) {
        for (index, entry) in self.entries.iter().enumerate() {
            let key = entry.key.text.as_str();
            if self.shape.field(key).is_some() {
                continue;
            }
            if let Some((name, value)) = self.unseparated(entry) {
                let message = "a field has a colon and a space behind its name";
                let told = Diagnostic::new(Lint::YamlTrap, entry.key.whole(), message);
                let right = format!("{name}: {value}");
                let is_cut = value.matches('"').count() % 2 == 1;
                self.diagnostics.push(if is_cut {
                    told.help(format!("write `{name}: \"…\"`"))
                } else {
                    told.help(format!("write `{right}`"))
                        .fix(entry.key.whole(), right)
                });
                continue;
            }
            if self.in_braces && index > 0 && entry.value.is_empty() {
                let before = &self.entries[index - 1];
                // A text that begins in a key is told there.
                if self.unseparated(before).is_none() {
                    self.cut_by_comma(before, entry);
                }
                continue;
            }
            let diagnostic = Diagnostic::new(
                Lint::UnknownKey,
                entry.key.whole(),
                format!("{} has no field `{key}`", self.shape.what),
            );
            let diagnostic = if let Some(name) = nearest(key, self.names()) {
                diagnostic
                    .help(format!("did you mean `{name}`?"))
                    .fix(entry.key.whole(), name)
                    .trusted(self.trust(key, name))
            } else {
                let names: Vec<&str> = self.names().collect();
                let names = names.join(", ");
                let meant = self.misnamed();
                let meant = meant.filter(|(misnamed, _)| misnamed.key == entry.key);
                diagnostic.help(match (meant, self.two_in_one()) {
                    (Some((_, field)), _) => {
                        format!("write `{field}`, which it needs; its fields are {names}")
                    }
                    (None, Some([first, second])) => {
                        format!("write `{first}: {key}`, and below it `{second}: …`")
                    }
                    (None, None) => format!("its fields are {names}"),
                })
            };
            self.diagnostics.push(diagnostic);
        }
    }

    /// Says that a field has nothing, or an entry of its list; of one that must have something it is said already.
    fn empty(&mut self, entry: &Entry) {
        let key = entry.key.text.as_str();
        if self.shape.needs.iter().any(|group| group.contains(&key)) {
            return;
        }
        let told = |place: Span, what: &str, help: &str| {
            let message = format!("{what} is empty");
            Diagnostic::new(Lint::UnwrittenText, place, message).help(help)
        };
        match &entry.value.value {
            Value::Scalar(_) if entry.value.is_blank() => {
                let help = "write what belongs there, or take the line out";
                let empty = told(entry.key.whole(), &format!("`{key}`"), help);
                self.diagnostics.push(empty);
            }
            Value::List(items, Form::Block) => {
                let help = "write it behind the hyphen, or take the line out";
                let empty = items.iter().filter(|item| item.is_blank());
                let what = format!("this entry of `{key}`");
                let empty = empty.map(|item| told(item.span, &what, help));
                self.diagnostics.extend(empty);
            }
            Value::Scalar(_) | Value::List(..) | Value::Map(..) => {}
        }
    }

    /// `{source:a}`, `{source a}`: the field that a key begins with, and its value.
    fn unseparated<'e>(&self, entry: &'e Entry) -> Option<(&'static str, &'e str)> {
        let key = entry.key.text.as_str();
        let (name, value) = key.split_once([':', ' '])?;
        let name = self.shape.field(name)?.name;
        let stands_alone = self.in_braces && entry.value.is_empty();
        stands_alone.then(|| (name, value.trim_start()))
    }

    /// `{text: One, and two}`: what was said of the first piece only follows.
    fn cut_by_comma(&mut self, field: &Entry, rest: &Entry) {
        let text = field.value.span;
        let of_piece =
            |at: Span| at.file == text.file && text.start <= at.start && at.end <= text.end;
        self.diagnostics
            .retain(|d| !d.at.as_ref().is_some_and(|label| of_piece(label.span)));
        let message = format!("in braces a comma ends the text of `{}`", field.key.text);
        self.diagnostics.push(
            Diagnostic::new(Lint::YamlTrap, rest.key.whole(), message)
                .help("put that text in quotation marks, or write the fields one a line"),
        );
    }

    /// A field that is there already, or is meant by two keys, is not given a second time unasked.
    fn trust(&self, key: &str, name: &str) -> Trust {
        let is_too = |other: &Entry| {
            let other = other.key.text.as_str();
            other == name
                || (other != key
                    && self.shape.field(other).is_none()
                    && nearest(other, self.names()) == Some(name))
        };
        if self.entries.iter().any(is_too) {
            return Trust::Suggested;
        }
        trust_in(key, name, self.names())
    }

    /// The names of the known fields.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.shape.fields().map(|field| field.name)
    }

    /// The first field's key, which stands for the whole map in messages.
    fn head(&self) -> Span {
        self.entries
            .first()
            .map_or(self.span, |entry| entry.key.whole())
    }
}

impl Shape {
    /// The field that an entry's short form is, which its sign keeps from being one: `text：…`, `text:…`, `text = …`.
    pub fn field_in(&self, text: &Text) -> Option<Diagnostic> {
        let (name, value) = text.text.split_once([':', '：', '='])?;
        let name = self.field(name.trim_end())?.name;
        let length = text.text.len() - value.len();
        let message = format!("this is a text, not the field `{name}`");
        let told = Diagnostic::new(Lint::YamlTrap, text.span(0..length), message);
        let bare = value.trim_start_matches(ODD_SPACES);
        if bare.len() == value.len() {
            let value = first_words(value.trim());
            return Some(told.help(format!("write `{name}: {value}`")));
        }
        let space = text.span(length..text.text.len() - bare.len());
        let told =
            told.help("write a plain space behind the colon: a no-break space is none to YAML");
        Some(told.fix(space, " ").trusted(Trust::Safe))
    }
}

/// Whether a key that is none may stand for this field, `tekst` for `text`: not near enough to say so, but to say no more.
fn may_mean(key: &str, field: &str) -> bool {
    let distance = osa::distance(key.to_lowercase().chars(), field.chars());
    nearest(key, [field]).is_some() || distance * 2 <= field.chars().count()
}

/// The first words of a text, for a message.
fn first_words(text: &str) -> String {
    const MOST: usize = 30;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn as_text<'n>(node: &'n Node, field: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<&'n Text> {
    if let Value::Scalar(scalar) = &node.value {
        return Some(&scalar.text);
    }
    diagnostics.push(
        bracketed(node, field).unwrap_or_else(|| expected(&format!("`{field}` is a text"), node)),
    );
    None
}

/// `omit: [¶1, ¶2]`: brackets round what is no text of many words.
fn bracketed(node: &Node, field: &str) -> Option<Diagnostic> {
    let Value::List(items, Form::Flow) = &node.value else {
        return None;
    };
    let word = |item: &Node| match &item.value {
        Value::Scalar(scalar) => Some(scalar.text.text.to_string()),
        Value::List(..) | Value::Map(..) => None,
    };
    let words: Vec<String> = items.iter().map(word).collect::<Option<_>>()?;
    let are_paragraphs =
        matches!(field, "at" | "omit") && words.iter().all(|word| word.parse::<u32>().is_ok());
    let sign = match (are_paragraphs, words.as_slice()) {
        (true, [_]) => "¶",
        (true, _) => "¶¶",
        (false, _) => "",
    };
    // Between braces a comma would end the text.
    let mark = if words.len() > 1 { "\"" } else { "" };
    let words = format!("{mark}{sign}{}{mark}", words.join(", "));
    let message = format!("`{field}` is one text, and no list");
    (!SPEAKING.contains(&field)).then(|| {
        Diagnostic::new(Lint::YamlTrap, node.span, message)
            .help(format!("write it without brackets: `{field}: {words}`"))
    })
}

/// Says that a value is of another kind than its field takes, and names the trap where YAML set one.
fn expected(fact: &str, node: &Node) -> Diagnostic {
    match &node.value {
        Value::List(_, Form::Flow) | Value::Map(_, Form::Flow) => Diagnostic::new(
            Lint::YamlTrap,
            node.span,
            format!(
                "{fact}, and YAML reads one that begins with a bracket as {}",
                node.kind()
            ),
        )
        .help("put the text in quotation marks, or on the next lines after `|`"),
        Value::Map(_, Form::Block) => Diagnostic::new(
            Lint::InvalidValue,
            node.span,
            format!("{fact}, not {}", node.kind()),
        )
        .help("a text that holds `: ` needs quotation marks round it, or a `|` block"),
        Value::List(_, Form::Block) | Value::Scalar(_) => {
            let message = format!("{fact}, not {}", node.kind());
            let diagnostic = Diagnostic::new(Lint::InvalidValue, node.span, message);
            diagnostic.help(if fact.ends_with("a map of fields") {
                "write one field a line, its name first: `name: text`"
            } else {
                "write it behind the colon, without hyphens"
            })
        }
    }
}
