//! The keys of the files that authors write, each described once.
//!
//! A reader knows the keys of its [`Shape`] and no others, and the JSON Schema for editors is made from the same
//! tables, so that the two cannot differ.

use serde_json::{Map, Value, json};

/// The fields of a map.
#[derive(Debug)]
pub struct Shape {
    /// What the map is, for messages: `a glossary entry`.
    pub what: &'static str,
    /// What it is for, in a sentence.
    pub doc: &'static str,
    /// Its fields, those that it shares with other maps in a table of their own.
    pub fields: &'static [&'static [Field]],
    /// Of each of these groups one field must be there.
    pub needs: &'static [&'static [&'static str]],
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is for, in a sentence or two.
    pub doc: &'static str,
    /// Values that it may have.
    pub examples: &'static [&'static str],
}

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that a regular expression (ECMA 262) matches.
    Like(fn() -> String),
    /// One of a few words.
    OneOf(fn() -> Vec<&'static str>),
    /// A text or a list of texts.
    Texts,
    /// One of a few words or a list of them.
    SomeOf(fn() -> Vec<&'static str>),
    /// A whole number, from and to.
    Count(u32, u32),
    /// True or false.
    Flag,
    /// Citations: a text that the expression matches, the long form as a map, or a list of both.
    Citations(fn() -> String, &'static Shape),
    /// A map.
    Map(&'static Shape),
    /// A list of maps.
    List(&'static Shape),
    /// A map of entries, each a text or a map, their keys like the expression if there is one.
    Entries(Option<fn() -> String>, &'static Shape),
}

/// The language that a file is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Every scalar is a text, though editors take `2024` for a number.
    Yaml,
    /// Texts stand in quotation marks.
    Toml,
}

/// The words that a field may be, of a table of what they mean.
pub fn words<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(word, _)| *word).collect()
}

/// A field of this name.
pub const fn field(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field {
        name,
        kind,
        doc,
        examples: &[],
    }
}

impl Field {
    /// The field with examples.
    pub const fn such_as(self, examples: &'static [&'static str]) -> Self {
        Field { examples, ..self }
    }

    fn schema(&self, language: Language) -> Value {
        let mut schema = self.kind.schema(language);
        schema.insert("description".into(), self.doc.into());
        if !self.examples.is_empty() {
            schema.insert("examples".into(), self.examples.into());
        }
        schema.into()
    }
}

impl Shape {
    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().copied().flatten()
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    /// The JSON Schema (draft 7) of files of this shape.
    pub fn json_schema(&self, title: &str, language: Language) -> Value {
        let mut schema = Map::new();
        schema.insert(
            "$schema".into(),
            "http://json-schema.org/draft-07/schema#".into(),
        );
        schema.insert("title".into(), title.into());
        schema.insert("description".into(), self.doc.into());
        schema.append(&mut self.schema(language));
        schema.into()
    }

    /// What the map must be like. Keywords for maps say nothing of a text that stands in its place.
    fn schema(&self, language: Language) -> Map<String, Value> {
        let fields = self.fields();
        let properties = fields.map(|field| (field.name.to_owned(), field.schema(language)));
        let properties: Map<String, Value> = properties.collect();
        let mut schema = Map::new();
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), properties.into());
        schema.insert("additionalProperties".into(), false.into());
        let required = self.needs.iter().filter_map(|need| match need {
            [only] => Some(*only),
            _ => None,
        });
        schema.insert("required".into(), required.collect());
        for need in self.needs.iter().filter(|need| need.len() > 1) {
            let each = need.iter().map(|name| json!({ "required": [name] }));
            schema.insert("anyOf".into(), each.collect());
        }
        schema
    }
}

impl Kind {
    fn schema(self, language: Language) -> Map<String, Value> {
        let schema = match self {
            Kind::Text => json!({ "type": text(language) }),
            Kind::Like(pattern) => json!({ "type": text(language), "pattern": pattern() }),
            Kind::OneOf(words) => json!({ "type": "string", "enum": words() }),
            Kind::Texts => {
                json!({ "type": or(text(language), &["array"]), "items": { "type": text(language) } })
            }
            Kind::SomeOf(words) => {
                let words = json!(words());
                json!({ "type": ["string", "array"], "items": { "enum": words }, "anyOf": [{ "enum": words }, { "type": "array" }] })
            }
            Kind::Count(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Citations(pattern, long) => return citations(&pattern(), long, language),
            Kind::Map(shape) => return shape.schema(language),
            Kind::List(shape) => json!({ "type": "array", "items": described(shape, language) }),
            Kind::Entries(keys, shape) => {
                let mut entry = described(shape, language);
                entry.insert("type".into(), or(text(language), &["object"]));
                let mut entries = json!({ "type": "object", "additionalProperties": entry });
                if let Some(pattern) = keys {
                    entries["propertyNames"] = json!({ "pattern": pattern() });
                }
                entries
            }
        };
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }
}

fn described(shape: &Shape, language: Language) -> Map<String, Value> {
    let mut schema = shape.schema(language);
    schema.insert("description".into(), shape.doc.into());
    schema
}

/// One citation, or several: one schema for all forms, so that an editor knows the long form's fields in a list as well.
fn citations(pattern: &str, long: &Shape, language: Language) -> Map<String, Value> {
    let mut one = long.schema(language);
    one.insert("type".into(), or(text(language), &["object"]));
    one.insert("pattern".into(), pattern.into());
    let mut several = one.clone();
    several.insert("type".into(), or(text(language), &["object", "array"]));
    several.insert("items".into(), one.into());
    several
}

/// The types that JSON knows a text by.
fn text(language: Language) -> Value {
    match language {
        Language::Yaml => json!(["string", "number", "boolean"]),
        Language::Toml => json!(["string"]),
    }
}

fn or(types: Value, more: &[&str]) -> Value {
    let Value::Array(mut all) = types else {
        return types;
    };
    all.extend(more.iter().map(|name| (*name).into()));
    Value::Array(all)
}
