//! Markdown files as they are: the body byte for byte, the front matter's own fields line for line.
//!
//! What is added is what an article must have: a title, which may stand as the first heading, what the author gave on the command
//! line, and where the article came from. A field that articles do not have is left out and reported.

use super::{Given, Imported, LeftOut, Problem, Reason, Saved, escape, id, page, said, sha256};
use crate::manuscript;

/// Turns a Markdown file into an article.
///
/// # Errors
///
/// When the file has no text, or no title and none was given, or when the given id cannot be a key.
pub fn import_markdown(saved: &Saved<'_>, given: &Given) -> Result<Imported, Problem> {
    let sha256 = sha256(saved.text.as_bytes());
    let (front, body) = split(saved.text);
    let mut left_out = Vec::new();
    let mut fields = fields(front, &mut left_out);
    let first_line = 1 + saved.text[..saved.text.len() - body.len()].lines().count();
    let (heading, body) = if fields.iter().any(|field| field.key == "title") {
        (None, body)
    } else {
        heading(body, first_line, &mut left_out)
    };
    if body.trim().is_empty() {
        return Err(if saved.text.trim().is_empty() {
            Problem::Empty
        } else {
            Problem::NoText
        });
    }
    give(
        &mut fields,
        "title",
        said(given.title.as_deref()).or(heading),
    );
    give(
        &mut fields,
        "publication",
        said(given.publication.as_deref()),
    );
    give(&mut fields, "date", said(given.date.as_deref()));
    let Some(title) = fields
        .iter()
        .find(|field| field.key == "title")
        .map(Field::value)
    else {
        let first = body
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        return Err(Problem::NoTitle {
            first_line: first.trim().to_owned(),
        });
    };
    let id = id(given, &title, saved.file_name, &sha256)?;
    fields.push(Field {
        key: "imported".into(),
        text: format!("imported: {}\n", page::imported(saved.file_name, &sha256)),
    });
    let front: String = fields.into_iter().map(|field| field.text).collect();
    let markdown = format!(
        "---\n{front}---\n\n{}",
        body.trim_start_matches(['\n', '\r'])
    );
    Ok(Imported {
        id,
        title,
        sha256,
        markdown,
        left_out,
        pictures: Vec::new(),
        date_in_doubt: None,
        broken: false,
    })
}

/// A field of the front matter with all its lines.
struct Field {
    key: String,
    text: String,
}

impl Field {
    /// The value's own words, as a YAML scalar on one line says them.
    fn value(&self) -> String {
        let raw = self
            .text
            .split_once(':')
            .map_or("", |(_, value)| value)
            .trim();
        serde_yaml::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned())
    }
}

/// The front matter between its marks, and what follows.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let Some(front) = text
        .strip_prefix("---\n")
        .or_else(|| text.strip_prefix("---\r\n"))
    else {
        return ("", text);
    };
    let mut at = 0;
    for line in front.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return (&front[..at], &front[at + line.len()..]);
        }
        at += line.len();
    }
    ("", text)
}

/// The fields that articles have; a field's lines go on to the next line that begins one.
fn fields(front: &str, left_out: &mut Vec<LeftOut>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (number, line) in front.split_inclusive('\n').enumerate() {
        let begins = line.starts_with(|c: char| c.is_alphabetic() || c == '"' || c == '\'');
        let key = line
            .split_once(':')
            .map(|(key, _)| key.trim().trim_matches(['"', '\'']));
        match key.filter(|_| begins) {
            Some(key) => fields.push(Field {
                key: key.to_owned(),
                text: line.to_owned(),
            }),
            None => {
                if let Some(field) = fields.last_mut() {
                    field.text.push_str(line);
                }
            }
        }
        if let Some(key) = key.filter(|key| begins && !is_field(key)) {
            let text = format!(
                "{key}: {}",
                fields.last().map(Field::value).unwrap_or_default()
            );
            left_out.push(LeftOut {
                line: number + 2,
                text,
                reason: Reason::UnknownField,
            });
        }
    }
    fields.retain(|field| is_field(&field.key) && field.key != "imported");
    fields
}

/// Puts what the author gave in a field's place.
fn give(fields: &mut Vec<Field>, key: &str, value: Option<String>) {
    let Some(value) = value else { return };
    let text = format!("{key}: {}\n", escape::yaml(&value));
    match fields.iter_mut().find(|field| field.key == key) {
        Some(field) => field.text = text,
        None => fields.push(Field {
            key: key.to_owned(),
            text,
        }),
    }
}

/// The first heading of the first level, if the text begins with it, and the text after it.
fn heading<'a>(
    body: &'a str,
    first_line: usize,
    left_out: &mut Vec<LeftOut>,
) -> (Option<String>, &'a str) {
    let start = body.trim_start_matches(['\n', '\r']);
    let (line, rest) = start.split_once('\n').unwrap_or((start, ""));
    let title = line
        .trim_end()
        .strip_prefix("# ")
        .map(|title| title.trim().trim_end_matches('#').trim_end());
    let Some(title) = title.filter(|title| !title.is_empty()) else {
        return (None, body);
    };
    let above = body[..body.len() - start.len()].matches('\n').count();
    left_out.push(LeftOut {
        line: first_line + above,
        text: line.trim().to_owned(),
        reason: Reason::MovedToTitle,
    });
    (Some(plain(title)), rest)
}

/// A heading's words without the marks of Markdown.
fn plain(markdown: &str) -> String {
    use pulldown_cmark::{Event, Parser};
    let text = Parser::new(markdown).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        _ => None,
    });
    text.collect()
}

/// Whether the front matter of an article may say that.
fn is_field(key: &str) -> bool {
    let tables = manuscript::ARTICLE.fields.iter().copied();
    tables.flatten().any(|field| field.name == key)
}
