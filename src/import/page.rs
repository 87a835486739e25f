//! The article as a Markdown file.

use super::escape;
use super::layout::Passage;
use super::phrases::CAPTIONS;
use super::text::{columns, ends_open, ends_sentence, fold, is_sentence, word_count};

/// What the front matter says.
pub(super) struct FrontMatter<'a> {
    pub(super) title: &'a str,
    pub(super) authors: &'a [String],
    pub(super) publication: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
    pub(super) file_name: &'a str,
    pub(super) sha256: &'a str,
}

impl FrontMatter<'_> {
    /// YAML between its marks; every scalar is quoted, so that no title is ever anything but text.
    pub(super) fn yaml(&self) -> String {
        let names: Vec<String> = self.authors.iter().map(|name| escape::yaml(name)).collect();
        let authors = (!names.is_empty()).then(|| format!("[{}]", names.join(", ")));
        let entries = [
            ("title", Some(escape::yaml(self.title))),
            ("author", authors),
            ("publication", self.publication.as_deref().map(escape::yaml)),
            ("date", self.date.as_deref().map(escape::yaml)),
            ("url", self.url.as_deref().map(escape::yaml)),
            ("language", self.language.as_deref().map(escape::yaml)),
            ("imported", Some(imported(self.file_name, self.sha256))),
        ];
        let entries = entries
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}: {}\n", value?)));
        format!("---\n{}---\n", entries.collect::<String>())
    }
}

/// Where an article came from, as a YAML map.
pub(super) fn imported(file_name: &str, sha256: &str) -> String {
    let (file, hash) = (escape::yaml(file_name), escape::yaml(sha256));
    format!("{{file: {file}, sha256: {hash}}}")
}

enum Block<'a> {
    Heading(&'a str),
    Paragraph(&'a str),
    Item(&'a str),
}

/// The passages as Markdown blocks; the first is a heading where the caller says so.
pub(super) fn body(passages: &[Passage], first_is_heading: bool) -> String {
    let mut body = String::new();
    let mut in_list = false;
    for at in 0..passages.len() {
        let block = if at == 0 && first_is_heading {
            Block::Heading(&passages[0].text)
        } else {
            block(passages, at)
        };
        let item = matches!(block, Block::Item(_));
        body.push_str(if in_list && item { "" } else { "\n" });
        write(&mut body, &block);
        in_list = item;
    }
    body
}

fn write(body: &mut String, block: &Block) {
    match block {
        Block::Heading(text) => body.push_str(&escape::heading(text)),
        Block::Paragraph(text) => body.push_str(&escape::paragraph(text)),
        Block::Item(text) => {
            body.push_str("- ");
            body.push_str(&escape::paragraph(text));
        }
    }
    body.push('\n');
}

/// A heading is a short line without a mark at its end, between a sentence or list before it and
/// one after it.
fn block(passages: &[Passage], at: usize) -> Block<'_> {
    let passage = &passages[at];
    if let Some(item) = passage.item() {
        return Block::Item(item);
    }
    let text = passage.text.as_str();
    let before = at.checked_sub(1).and_then(|at| passages.get(at));
    let between = [before, passages.get(at + 1)]
        .iter()
        .all(|beside| beside.is_some_and(is_running_text));
    if between && before.is_some_and(closes) && reads_as_heading(text) {
        Block::Heading(text)
    } else {
        Block::Paragraph(text)
    }
}

fn is_running_text(passage: &Passage) -> bool {
    passage.item().is_some() || is_sentence(&passage.text)
}

/// Whether the passage before is at its end: where a sentence still runs, the line is its
/// continuation.
fn closes(passage: &Passage) -> bool {
    passage.item().is_some() || ends_sentence(&passage.text)
}

/// Short, begins as a heading begins, ends in no mark, and is no caption, signature or quotation.
fn reads_as_heading(text: &str) -> bool {
    let short = columns(text) <= 80 && word_count(text) <= 12;
    let opens = text
        .starts_with(|c: char| OPENINGS.contains(c) || (c.is_alphanumeric() && !c.is_lowercase()));
    let caption = CAPTIONS.contains(fold(text).split(' ').next().unwrap_or_default())
        || text.contains(['©', '|']);
    let quoted = text.starts_with(['“', '"', '「', '«']) && text.ends_with(['”', '"', '」', '»']);
    let ends = ends_sentence(text) || ends_open(text) || text.ends_with([':', '：']);
    short && opens && !ends && !caption && !quoted && text.contains(char::is_alphabetic)
}

/// The marks that a heading may begin with.
const OPENINGS: &str = "“‘\"「『【＜¿#■□◆◇▼●";
