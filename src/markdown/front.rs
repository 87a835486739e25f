//! Front matter: the YAML between two lines `---` at the beginning of a file.

use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{FileId, Span};
use crate::yaml::{self, Node};

/// A file's front matter and body.
pub struct Parts {
    /// The front matter, if it is there and sound.
    pub front: Option<Node>,
    /// The bytes between the `---` lines.
    pub front_span: Option<Span>,
    /// Where the body begins.
    pub body_at: usize,
}

/// Cuts a file into front matter and body.
pub fn split(file: FileId, text: &str) -> (Parts, Vec<Diagnostic>) {
    let bare = Parts {
        front: None,
        front_span: None,
        body_at: 0,
    };
    if let Some((fault, body_at)) = odd_front(file, text) {
        return (Parts { body_at, ..bare }, vec![fault]);
    }
    let Some(first) = text
        .split_inclusive('\n')
        .next()
        .filter(|line| line.trim_end() == "---")
    else {
        return (bare, Vec::new());
    };
    let start = first.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let (front, diagnostics) = yaml::parse(file, &text[start..at], start);
            let body_at = at + line.len();
            let parts = Parts {
                front,
                front_span: Some(Span::new(file, start..at)),
                body_at,
            };
            return (parts, diagnostics);
        }
        at += line.len();
    }
    let (unclosed, body_at) = unclosed(file, text);
    (Parts { body_at, ..bare }, vec![unclosed])
}

/// Says that front matter does not end, and where the body may begin.
fn unclosed(file: FileId, text: &str) -> (Diagnostic, usize) {
    let mut at = 0;
    let meant = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let fence = line.trim_end();
        let is_indented = fence != "---" && fence.trim_start() == "---";
        let is_meant = is_indented || is_nearly_a_fence(fence);
        is_meant.then(|| (Span::new(file, start..start + fence.len()), at))
    });
    let message = "the front matter is not closed";
    let told = |place| Diagnostic::new(Lint::InvalidYaml, place, message);
    let Some((meant, body_at)) = meant else {
        let first = Span::new(file, 0.."---".len());
        return (told(first).help("end it with a line `---`"), 0);
    };
    let told = told(meant)
        .help("it ends with a line of three hyphens: write `---`")
        .fix(meant, "---")
        .trusted(Trust::Safe);
    (told, body_at)
}

/// Whether a line was meant for `---`: two or more than three hyphens, or the dash that a word processor makes of them.
fn is_nearly_a_fence(line: &str) -> bool {
    let hyphens = line.len() >= 2 && line.bytes().all(|byte| byte == b'-');
    line != "---" && (hyphens || matches!(line, "—" | "–" | "—-" | "-—" | "–-" | "-–"))
}

/// Front matter that is none: of another language, not on the first line, without its first line; and where the body
/// may begin.
fn odd_front(file: FileId, text: &str) -> Option<(Diagnostic, usize)> {
    let told = |at: usize, message: &str, help: &str| {
        let line = text[at..].lines().next().map_or(0, str::len);
        Diagnostic::new(Lint::InvalidYaml, Span::new(file, at..at + line), message).help(help)
    };
    let behind = |at: usize, fence: &str| {
        let closing = text[at..].find(&format!("\n{fence}"));
        let line = closing.map(|closing| at + closing + 1);
        let end = |line: usize| {
            text[line..]
                .find('\n')
                .map_or(text.len(), |end| line + end + 1)
        };
        line.map_or(0, end)
    };
    let is_field = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        line.contains(':') && is_name && !name.is_empty()
    };
    let at = text.len() - text.trim_start().len();
    let mut lines = text[at..].lines().map(str::trim_end);
    let first = lines.next()?;
    if first == "+++" {
        let message = "front matter is YAML here, between lines `---`";
        let help = "write `---` for `+++`, and each field as `name: text`";
        return Some((told(at, message, help), behind(at, "+++")));
    }
    let second = lines.next().unwrap_or_default();
    if is_nearly_a_fence(first) && is_field(second) {
        let message = "front matter begins with a line of three hyphens";
        return Some((told(at, message, "write `---`"), behind(at, "---")));
    }
    if first == "---" && at > 0 && is_field(second) {
        let message = "front matter begins on the first line, and at its first sign";
        let help = "take out what stands before the `---`";
        return Some((told(at, message, help), behind(at, "---")));
    }
    let is_open = first.starts_with("title:") && (is_field(second) || second == "---");
    if is_open && lines.chain([second]).any(|line| line == "---") {
        let message = "front matter begins with a line `---`";
        let help = "write `---` on a line above this one";
        return Some((told(at, message, help), behind(at, "---")));
    }
    None
}
