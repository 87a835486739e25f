//! The JSON Schema for editors says of each key what the readers say.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

use pincite::annotation;
use pincite::compile::compile;
use pincite::diagnostic::Lint;
use pincite::manuscript;
use pincite::reference::{When, is_key, language_problem, pattern};
use pincite::schema::{self, Shape};
use pincite::source::Sources;
use pincite::yaml;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::book::{Ran, pincite, sample};

#[test]
fn the_yaml_reader_knows_every_field_by_name() {
    fn names(shape: &Shape, all: &mut BTreeSet<&str>) {
        for field in shape.fields() {
            all.insert(field.name);
            match field.kind {
                schema::Kind::Citations(_, inner)
                | schema::Kind::Map(inner)
                | schema::Kind::List(inner)
                | schema::Kind::Entries(_, inner) => names(inner, all),
                schema::Kind::Text
                | schema::Kind::Like(_)
                | schema::Kind::OneOf(_)
                | schema::Kind::Texts
                | schema::Kind::SomeOf(_)
                | schema::Kind::Count(..)
                | schema::Kind::Flag => {}
            }
        }
    }
    let mut all = BTreeSet::new();
    for shape in [
        &annotation::FILE,
        &manuscript::ARTICLE,
        &manuscript::CHAPTER,
    ] {
        names(shape, &mut all);
    }
    assert_eq!(BTreeSet::from(yaml::FIELDS), all);
}

/// A JSON Schema in the hands of a validator that editors use too, a process of its own.
struct Validator {
    process: Child,
    values: ChildStdin,
    faults: BufReader<ChildStdout>,
}

impl Validator {
    fn of(schema: &Value) -> Self {
        let mut process = Command::new("node")
            .arg(sample().join("tests/browser/schema.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut values = process.stdin.take().unwrap();
        writeln!(values, "{schema}").unwrap();
        let faults = BufReader::new(process.stdout.take().unwrap());
        Validator {
            process,
            values,
            faults,
        }
    }

    fn faults(&mut self, value: &Value) -> Vec<String> {
        writeln!(self.values, "{value}").expect("a sound schema");
        let mut line = String::new();
        self.faults.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect("a sound schema")
    }
}

impl Drop for Validator {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A kind of file, its schema, and how the book reads it.
struct Kind {
    name: &'static str,
    schema: Value,
    validator: Mutex<Validator>,
}

impl Kind {
    fn named(name: &'static str) -> Self {
        let ran = Ran::of(pincite().args(["schema", name])).expect(0);
        let schema: Value = serde_json::from_str(&ran.out).unwrap();
        Kind {
            name,
            validator: Mutex::new(Validator::of(&schema)),
            schema,
        }
    }

    fn all() -> Vec<Self> {
        ["annotations", "article", "chapter", "book"]
            .map(Kind::named)
            .into()
    }

    /// What an editor finds wrong with a file of this value.
    fn faults(&self, value: &Value) -> Vec<String> {
        self.validator.lock().unwrap().faults(value)
    }

    /// What the readers find wrong with a file of this value.
    fn problems(&self, value: &Value) -> Vec<String> {
        let book = "[book]\ntitle = \"A\"\n";
        let (path, text) = match self.name {
            "annotations" => ("content/annotations/a.yaml", format!("{value:#}")),
            "article" => (
                "content/articles/b.md",
                format!("---\n{value:#}\n---\n\nText.\n"),
            ),
            "chapter" => (
                "content/chapters/01-c.md",
                format!("---\n{value:#}\n---\n\nText.\n"),
            ),
            _ => ("book.toml", toml::to_string(value).expect("TOML")),
        };
        let mut texts = vec![(path, text.as_str())];
        if path != "book.toml" {
            texts.push(("book.toml", book));
        }
        let compilation = compile(&Sources::from_texts(texts), None);
        let of_form = compilation.diagnostics.iter().filter(|problem| {
            matches!(
                problem.lint,
                Lint::InvalidYaml
                    | Lint::YamlTrap
                    | Lint::UnknownKey
                    | Lint::MissingField
                    | Lint::InvalidValue
                    | Lint::InvalidId
                    | Lint::InvalidCitation
                    | Lint::InvalidLocator
            ) || (problem.lint == Lint::MissingTitle && self.name != "chapter")
        });
        of_form.map(|problem| problem.message.clone()).collect()
    }

    #[track_caller]
    fn takes(&self, value: &Value) {
        assert_eq!(self.problems(value), Vec::<String>::new(), "{value:#}");
        assert_eq!(self.faults(value), Vec::<String>::new(), "{value:#}");
    }

    #[track_caller]
    fn refuses(&self, value: &Value) {
        assert_ne!(
            self.problems(value),
            Vec::<String>::new(),
            "the reader takes {value:#}"
        );
        assert_ne!(
            self.faults(value),
            Vec::<String>::new(),
            "the schema takes {value:#}"
        );
    }
}

/// A map of the file: the value with the least that it needs, and where it stands in the file.
struct Place<'s> {
    schema: &'s Value,
    around: Box<dyn Fn(Value) -> Value + 's>,
}

/// The least that a schema takes, of its examples.
fn least(schema: &Value) -> Value {
    if let Some(example) = schema["examples"].get(0).or(schema["enum"].get(0)) {
        return example.clone();
    }
    match schema["type"].as_str() {
        Some("boolean") => json!(true),
        Some("integer") => schema["minimum"].clone(),
        Some("array") => json!([least(&schema["items"])]),
        _ => least_map(schema).into(),
    }
}

fn least_map(schema: &Value) -> Map<String, Value> {
    let choice = &schema["anyOf"][0]["required"];
    let needed = [&schema["required"], choice]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten();
    let names = needed.filter_map(Value::as_str);
    names
        .map(|name| (name.to_owned(), least(&schema["properties"][name])))
        .collect()
}

/// Every map that a schema knows: its own, those of its properties, of a list's items, of entries, of the long form.
fn maps<'s>(place: Place<'s>, found: &mut Vec<Place<'s>>) {
    let schema = place.schema;
    let around = std::rc::Rc::new(place.around);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let outer = around.clone();
        let whole = move |inner: Value| {
            let mut map = least_map(schema);
            map.insert(name.clone(), inner);
            outer(map.into())
        };
        let inner: Box<dyn Fn(Value) -> Value> = Box::new(whole);
        match &property["additionalProperties"] {
            Value::Object(_) => maps(
                Place {
                    schema: &property["additionalProperties"],
                    around: Box::new(move |entry| inner(json!({ "x-1": entry }))),
                },
                found,
            ),
            _ if property["properties"].is_object() => maps(
                Place {
                    schema: property,
                    around: inner,
                },
                found,
            ),
            _ if property["items"]["properties"].is_object() => maps(
                Place {
                    schema: &property["items"],
                    around: Box::new(move |item| inner(json!([item]))),
                },
                found,
            ),
            _ => {}
        }
    }
    found.push(Place {
        schema,
        around: Box::new(move |value| around(value)),
    });
}

fn places(schema: &Value) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    maps(
        Place {
            schema,
            around: Box::new(|value| value),
        },
        &mut found,
    );
    found
}

#[test]
fn readers_and_schema_know_the_same_keys() {
    for kind in Kind::all() {
        let mut fields = 0;
        for place in places(&kind.schema) {
            let with = |name: &str, value: Value| {
                let mut map = least_map(place.schema);
                map.insert(name.to_owned(), value);
                if matches!(name, "before" | "after") {
                    map.insert("quote".into(), json!("x"));
                }
                let mut whole = (place.around)(map.into());
                // A PDF/A needs the book's date.
                if whole["book"]["title"].is_string() && whole["book"]["date"].is_null() {
                    whole["book"]["date"] = json!("2024-08-01");
                }
                whole
            };
            for (name, field) in place.schema["properties"].as_object().unwrap() {
                fields += 1;
                let values = field["enum"].as_array().or(field["examples"].as_array());
                for value in values.cloned().unwrap_or_else(|| vec![least(field)]) {
                    kind.takes(&with(name, value));
                }
                // No field takes a list in a list: a reader that lets it pass does not read the field at all.
                kind.refuses(&with(name, json!([["x"]])));
            }
            kind.refuses(&with("unknown-key", json!("x")));
            for needed in least_map(place.schema).keys() {
                let mut map = least_map(place.schema);
                map.remove(needed);
                map.insert("tags".into(), json!("x"));
                kind.refuses(&(place.around)(map.into()));
            }
        }
        assert!(fields > 10, "{}: {fields}", kind.name);
    }
}

#[test]
fn wrong_values_are_refused_by_both() {
    let annotations = Kind::named("annotations");
    let refuses = |value| annotations.refuses(&value);
    refuses(json!({ "glossary": { "A": { "text": "x", "kind": "persons" } } }));
    refuses(json!({ "glossary": { "A": { "text": "x", "cites": "\"two words\"" } } }));
    refuses(json!({ "glossary": { "A": { "text": "x", "cites": ["a ¶1", "¶3"] } } }));
    refuses(json!({ "glossary": { "A": { "text": "x", "cites": { "at": "¶1" } } } }));
    refuses(json!({ "claims": { "two words": "x" } }));
    refuses(json!({ "timeline": [{ "date": "July", "text": "x" }] }));
    refuses(json!({ "timeline": { "date": "2024", "text": "x" } }));
    let article = Kind::named("article");
    let refuses = |name: &str, value: &str| article.refuses(&json!({ "title": "A", name: value }));
    refuses("url", "example.org");
    refuses("language", "english");
    refuses("rating", "G7");
    refuses("omit", "six to nine");
    refuses("date", "2024-7-28");
    let book = Kind::named("book");
    book.refuses(&json!({ "book": { "title": "A" }, "output": { "pdf": { "paper": "a5" } } }));
    book.refuses(&json!({ "book": { "title": "A" }, "output": { "pdf": { "two-sided": "yes" } } }));
    book.refuses(&json!({ "book": { "title": "A" }, "lints": { "unknown-key": "loud" } }));
    book.refuses(&json!({ "book": { "title": 3 } }));
}

/// Every sound file of the sample book, of a new one, and of the specification.
#[test]
fn every_sound_file_is_sound_to_an_editor() {
    let [annotations, article, chapter, book] = Kind::all().try_into().ok().unwrap();
    let mut checked = 0;
    let mut check = |path: &str, text: &str| {
        let kind = match path {
            path if path.contains("annotations/") => &annotations,
            path if path.contains("articles/") => &article,
            path if path.contains("chapters/") => &chapter,
            _ => &book,
        };
        let yaml = if matches!(kind.name, "article" | "chapter") {
            let Some(front) = text
                .strip_prefix("---\n")
                .and_then(|rest| rest.split("\n---\n").next())
            else {
                return;
            };
            front
        } else {
            text
        };
        let value: Value = if path == "book.toml" {
            dates_as_texts(toml::from_str(yaml).unwrap())
        } else {
            // What a merge has left undecided is no YAML.
            let Ok(value) = serde_yaml::from_str(yaml) else {
                return;
            };
            value
        };
        if value.is_null() {
            return;
        }
        checked += 1;
        assert_eq!(kind.faults(&value), Vec::<String>::new(), "{path}:\n{text}");
    };
    for folder in [sample().to_owned(), sample().join("src/cli/starter")] {
        for file in pincite::disk::read(&folder)
            .unwrap()
            .files()
            .map(|(_, file)| file)
        {
            if file.path == "book.toml" || file.path.starts_with("content/") {
                check(&file.path, &file.text);
            }
        }
    }
    for page in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec")).unwrap() {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        for case in cases(&text)
            .iter()
            .filter(|case| !case.contains("```diagnostics"))
        {
            for block in case.split("\n```").skip(1) {
                let (info, text) = block.split_once('\n').unwrap_or((block, ""));
                if let Some(path) = info
                    .strip_prefix("yaml ")
                    .or(info.strip_prefix("md "))
                    .or(info.strip_prefix("toml "))
                {
                    check(path, &format!("{text}\n"));
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The parts of a specification page that its headings begin, which are not those of its examples.
fn cases(page: &str) -> Vec<String> {
    let mut cases = vec![String::new()];
    let mut fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced && line.starts_with('#') {
            cases.push(String::new());
        }
        let case = cases.last_mut().unwrap();
        *case += line;
        *case += "\n";
    }
    cases
}

fn dates_as_texts(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, dates_as_texts(value)))
            .collect(),
        toml::Value::Array(items) => items.into_iter().map(dates_as_texts).collect(),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// Texts under the names of the patterns that they are held to.
static PATTERNS: LazyLock<Mutex<Validator>> = LazyLock::new(|| {
    Mutex::new(Validator::of(&json!({
        "type": "object",
        "properties": {
            "key": { "type": "string", "pattern": pattern::key() },
            "date": { "type": "string", "pattern": pattern::date() },
            "language": { "type": "string", "pattern": pattern::language() },
            "citations": { "type": "string", "pattern": pattern::citations() },
        },
    })))
});

fn fits(pattern: &str, text: &str) -> bool {
    let mut patterns = PATTERNS.lock().unwrap();
    patterns.faults(&json!({ pattern: text })).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_editor_refuses_nothing_that_is_sound(
        date in "( ?(Y|-|[12]9?)[0-9]{0,3}|[0-9X]{4})(-[0-9X]{1,2}){0,2}[~?%]?(/(\\.\\.)?([0-9]{4})?(-[0-9]{2})?)?",
        key in "[A-Za-z0-9._-]{0,4}|[a-z]{99,101}",
        tag in "[a-z]{1,3}(-[A-Za-z0-9]{1,9}){0,2}",
        citation in "(\\[?@?a-b[.,:]? ?)?((¶+|p|pp|para\\.|Paragraphs|\\^|\\{)? ?[0-9a]{0,2}[-–, ]{0,2}¶?[0-9]{0,2}\\}?[ ,:]?)?(on )?(\"a ]b;\"|“a “b” c”|\"a)?[,.\\]]?\n?(a ¶1)?",
    ) {
        prop_assert!(When::parse(&date).is_none() || fits("date", &date), "{date}");
        prop_assert_eq!(is_key(&key), fits("key", &key), "{}", key);
        prop_assert!(language_problem(&tag).is_some() || fits("language", &tag), "{tag}");
        let sources = Sources::from_texts([("a", "")]);
        let text = pincite::source::Text::verbatim(sources.find("a").unwrap(), citation.as_str(), 0);
        let (_, problems) = pincite::reference::block(&text);
        prop_assert!(!problems.is_empty() || fits("citations", &citation), "{citation:?}");
    }
}
