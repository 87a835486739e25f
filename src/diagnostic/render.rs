//! Writers of diagnostics: for people, for programs, for GitHub's annotations.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Tone, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Label, Level, Trust};
use crate::source::Sources;

/// The width of a line where no terminal says otherwise.
pub const USUAL_WIDTH: usize = 140;

/// So many related places are shown to people.
const MOST_RELATED: usize = 4;

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
        Some(_) => Group::with_title(title).elements(snippets(diagnostic, sources, width)),
        None => Group::with_title(title),
    };
    let more = diagnostic.related.len().saturating_sub(MOST_RELATED);
    if more > 0 {
        let places = if more == 1 { "place" } else { "places" };
        group = group.element(Tone::NOTE.message(format!("and in {more} more {places}")));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Tone::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// One snippet for each file that the diagnostic speaks of, the primary one first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
    width: usize,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut files = Vec::new();
    let related = || diagnostic.related.iter().take(MOST_RELATED);
    let labels = || diagnostic.at.iter().chain(related());
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
            let own = || labels().filter(|label| label.span.file == id);
            let lines = lines_of(own(), &file.text);
            let mut snippet = Snippet::source(&file.text[lines.clone()])
                .line_start(sources.place(id, lines.start).line)
                .path(printable(&file.path));
            for label in own() {
                let kind = if primary.is_some_and(|at| std::ptr::eq(at, label)) {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                snippet = snippet.annotation(
                    kind.span(within(label, &file.text, lines.start, width))
                        .label((!label.text.is_empty()).then_some(label.text.as_str())),
                );
            }
            snippet
        })
        .collect()
}

/// A path, the signs in it that steer a terminal written out.
fn printable(path: &str) -> Cow<'_, str> {
    if !path.contains(char::is_control) {
        return Cow::Borrowed(path);
    }
    let plain = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    Cow::Owned(path.chars().map(plain).collect())
}

/// The lines that hold all of the labels, so that a long file costs no more than a short one.
fn lines_of<'l>(labels: impl Iterator<Item = &'l Label>, text: &str) -> Range<usize> {
    let joined =
        |one: Range<usize>, other: Range<usize>| one.start.min(other.start)..one.end.max(other.end);
    let ranges = labels.map(|label| in_text(label, text));
    let covered = ranges.reduce(joined).unwrap_or_default();
    let from = text[..covered.start].rfind('\n');
    let rest = text[covered.end..].find('\n');
    from.map_or(0, |newline| newline + 1)
        ..rest.map_or(text.len(), |newline| covered.end + newline + 1)
}

/// The label's range, cut to the text and to character boundaries.
fn in_text(label: &Label, text: &str) -> Range<usize> {
    let range = label.span.range();
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.min(text.len()));
    start..end.max(start)
}

/// The label's range from `start` on; what is longer than the line that shows it ends where that does.
fn within(label: &Label, text: &str, start: usize, width: usize) -> Range<usize> {
    /// For the line's number, the marks of what is cut, and some words before.
    const MARGIN: usize = 24;
    /// From here on most characters fill two columns.
    const WIDE: char = '\u{1100}';
    let range = in_text(label, text);
    let words = &text[range.clone()];
    let mut columns = 0;
    let overflows = |(_, character): &(usize, char)| {
        columns += if *character < WIDE { 1 } else { 2 };
        columns + MARGIN > width
    };
    let cut = if words.contains('\n') {
        None
    } else {
        words.char_indices().find(overflows).map(|(at, _)| at)
    };
    let end = cut.map_or(range.end, |at| range.start + at);
    range.start - start..end - start
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
        "fix": (!diagnostic.fix.is_empty()).then(|| json!({
            "safe": diagnostic.trust == Trust::Safe,
            "edits": diagnostic.fix.iter().map(|edit| {
                let file = sources.file(edit.span.file);
                json!({
                    "file": file.path,
                    "start": file.on_disk(edit.span.start),
                    "end": file.on_disk(edit.span.end),
                    "replacement": edit.replacement,
                })
            }).collect::<Vec<_>>(),
        })),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::source::Span;

    #[test]
    fn a_path_steers_no_terminal() {
        let path = "articles/e\u{1b}[31m\n.md";
        assert_eq!(printable(path), "articles/e\\u{1b}[31m\\n.md");
        assert_eq!(printable("articles/日本.md"), "articles/日本.md");
    }

    /// The widest line of a diagnostic at `words` of a text, in columns of characters that fill one.
    fn widest(text: &str, words: &str, width: usize) -> usize {
        let sources = Sources::from_texts([("a.md", text)]);
        let file = sources.find("a.md").expect("just made");
        let at = text.find(words).expect("in the text");
        let span = Span::new(file, at..at + words.len());
        let problem = Diagnostic::new(Lint::LostQuotation, span, "lost");
        let printed = super::text(&problem, &sources, false, width);
        printed
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = "some words of a long quotation ".repeat(40);
        let text = format!("before {long} after");
        for width in [60, 80, 140] {
            assert!(widest(&text, &long, width) <= width, "{width}");
            assert!(widest(&text, "after", width) <= width, "{width}");
        }
    }

    #[test]
    fn a_place_in_a_long_file_keeps_its_line_and_column() {
        let text = "line\n".repeat(9_999) + "\there 日本 it is\n";
        let sources = Sources::from_texts([("a.md", &*text)]);
        let file = sources.find("a.md").expect("just made");
        let at = text.find("日本").expect("in the text");
        let problem = Diagnostic::new(Lint::LostQuotation, Span::new(file, at..at + 6), "lost");
        let printed = super::text(&problem, &sources, false, 80);
        assert!(printed.contains("a.md:10000:7"), "{printed}");
        assert!(printed.contains("10000 |     here 日本 it is"), "{printed}");
    }
}
