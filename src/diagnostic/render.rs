//! Writers of diagnostics: for people, for programs, for GitHub's annotations.

use annotate_snippets::{AnnotationKind, Group, Level as Tone, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Label, Level};
use crate::source::Sources;

/// The width of a line where no terminal says otherwise.
pub const USUAL_WIDTH: usize = 140;

/// A diagnostic as a compiler would print it, without a line end; long lines are cut to `width` columns.
pub fn text(diagnostic: &Diagnostic, sources: &Sources, colour: bool, width: usize) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(width);
    let tone = match diagnostic.level {
        Level::Deny => Tone::ERROR,
        Level::Warn | Level::Allow => Tone::WARNING,
    };
    let title = tone
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.lint.name());
    let mut group = match &diagnostic.at {
        Some(_) => Group::with_title(title).elements(snippets(diagnostic, sources)),
        None => Group::with_title(title),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Tone::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// One snippet for each file that the diagnostic speaks of, the primary one first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut files = Vec::new();
    let labels = || diagnostic.at.iter().chain(&diagnostic.related);
    for label in labels() {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let primary = diagnostic.at.as_ref();
    files
        .into_iter()
        .map(|id| {
            let file = sources.file(id);
            let mut snippet = Snippet::source(&*file.text).path(file.path.as_str());
            for label in labels().filter(|label| label.span.file == id) {
                let kind = if primary.is_some_and(|at| std::ptr::eq(at, label)) {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                snippet = snippet.annotation(
                    kind.span(within(label, &file.text))
                        .label((!label.text.is_empty()).then_some(label.text.as_str())),
                );
            }
            snippet
        })
        .collect()
}

/// The label's range, cut to the text and to character boundaries.
fn within(label: &Label, text: &str) -> std::ops::Range<usize> {
    let range = label.span.range();
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.min(text.len()));
    start..end.max(start)
}

/// A diagnostic as one line of JSON.
pub fn json(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut object = json!({
        "level": level(diagnostic),
        "code": diagnostic.lint.name(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "related": diagnostic.related.iter().map(|label| {
            let mut place = place(label, sources);
            place["message"] = Value::from(label.text.as_str());
            place
        }).collect::<Vec<_>>(),
        "fix": (!diagnostic.fix.is_empty()).then(|| json!({"edits": diagnostic.fix.iter().map(|edit| {
            let file = sources.file(edit.span.file);
            json!({
                "file": file.path,
                "start": file.on_disk(edit.span.start),
                "end": file.on_disk(edit.span.end),
                "replacement": edit.replacement,
            })
        }).collect::<Vec<_>>()})),
    });
    let at = diagnostic.at.as_ref().map(|label| place(label, sources));
    for key in ["file", "line", "column", "end_line", "end_column"] {
        object[key] = at.as_ref().map_or(Value::Null, |at| at[key].clone());
    }
    object.to_string()
}

fn place(label: &Label, sources: &Sources) -> Value {
    let start = sources.place(label.span.file, label.span.start as usize);
    let end = sources.place(label.span.file, label.span.end as usize);
    json!({
        "file": sources.file(label.span.file).path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}

fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.level {
        Level::Deny => "error",
        Level::Warn | Level::Allow => "warning",
    }
}

/// A diagnostic as a workflow command, which GitHub shows beside the line.
pub fn github(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.at.as_ref().map_or(String::new(), |label| {
        let place = sources.place(label.span.file, label.span.start as usize);
        let file = property(&sources.file(label.span.file).path);
        format!("file={file},line={},col={},", place.line, place.column)
    });
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!(
        "::{} {place}title={}::{}",
        level(diagnostic),
        diagnostic.lint.name(),
        command_data(&message)
    )
}

/// Escapes the data of a workflow command.
fn command_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}
