//! Citations written back into the article files: one comment behind each cited paragraph, `<!-- cited by: … -->`.
//!
//! The comments are the program's own: they are put in, kept current and taken out, and no other byte of a file
//! changes. They never number as paragraphs, reach the site or change a hash.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::book::{Book, Home};
use crate::manuscript::{self, Article};
use crate::markdown::{self, Content, Paragraph};
use crate::source::{FileId, Sources, Span};

/// What a comment begins with.
const OPEN: &str = "<!-- cited by: ";

/// What it ends with.
const CLOSE: &str = " -->";

/// What is done with the comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comments {
    /// They are as the citations are now.
    Current,
    /// They are taken out.
    Removed,
}

/// What is to be written.
#[derive(Default)]
pub struct WrittenBack {
    /// The article files that change, and their new texts.
    pub files: BTreeMap<FileId, String>,
    /// The comments that cannot be written or taken out.
    pub refused: Vec<Refused>,
}

/// A comment that would change what its article says.
pub struct Refused {
    /// The paragraph that has none, or the comment that stays.
    pub span: Span,
    /// What its author can do about it.
    pub why: &'static str,
}

/// The comments of all articles, those that are left out included.
pub fn written_back(book: &Book, sources: &Sources, wanted: Comments) -> WrittenBack {
    let mut all = WrittenBack::default();
    for book in book.with_withheld() {
        write_back(book, sources, wanted, &mut all);
    }
    all
}

fn write_back(book: &Book, sources: &Sources, wanted: Comments, all: &mut WrittenBack) {
    let withheld = book.withheld_by();
    for (index, article) in book.articles.iter().enumerate() {
        if !article.sound {
            continue;
        }
        let comments = match wanted {
            Comments::Current => comments(book, index, &withheld),
            Comments::Removed => BTreeMap::new(),
        };
        let old = &sources.file(article.file).text;
        let edits = edits(article, old, &comments);
        let sound = sound(article, old, &edits, Vec::new(), &mut all.refused);
        let new = edited(old, &sound);
        if new != **old {
            all.files.insert(article.file, new);
        }
    }
}

/// What cites each paragraph of an article, what is left out of the book included.
fn comments(
    book: &Book,
    article: usize,
    withheld: &BTreeMap<(usize, u32), Vec<&str>>,
) -> BTreeMap<u32, String> {
    let count = book.articles[article].document.paragraphs.len();
    let mut comments = BTreeMap::new();
    for number in (1..).take(count) {
        let notes = book.cited_by(article, number);
        let shown = notes.map(|note| place(book, note.home, note.paragraph));
        let withheld = withheld.get(&(article, number)).into_iter().flatten();
        let mut places: Vec<String> = Vec::new();
        for place in shown.chain(withheld.map(|place| (*place).to_owned())) {
            let place = in_comment(&place);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if !places.is_empty() {
            comments.insert(number, format!("{OPEN}{}{CLOSE}", places.join("; ")));
        }
    }
    comments
}

/// `command ¶14`, `glossary USFJ`, `claim strength`, `event 2024-07-28`, `note on tokyo ¶3`
fn place(book: &Book, home: Home, paragraph: Option<u32>) -> String {
    match home {
        Home::Chapter(_) | Home::Article(_) => manuscript::place(key(book, home), paragraph),
        Home::Comment(index) => {
            let comment = &book.comments[index];
            let first = comment.passages.first().map(|passage| passage.paragraph);
            comment.comment.place(key(book, comment.on), first)
        }
        Home::Claim(index) => book.claims[index].place(),
        Home::Event(index) => book.events[index].place(),
        Home::Term(index) => book.terms[index].place(),
    }
}

fn key(book: &Book, home: Home) -> &str {
    match home {
        Home::Chapter(index) => &book.chapters[index].key,
        Home::Article(index) => &book.articles[index].key,
        Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => "",
    }
}

/// A place in such words that nothing in it ends the comment, or the place.
fn in_comment(place: &str) -> String {
    let words: Vec<&str> = place.split_whitespace().collect();
    words
        .join(" ")
        .replace("--", "‐‐")
        .replace(['<', '>', ';'], " ")
}

/// One comment put in, replaced or taken out.
struct Edit {
    /// What it takes the place of: a former comment with the line end before it, or nothing.
    range: Range<usize>,
    /// The comment with the line end before it; nothing where it is taken out.
    text: String,
    /// The paragraph behind which it stands, or the comment that is taken out.
    at: Span,
}

/// What gives an article these comments behind its paragraphs and no others, in the order of the places.
fn edits(article: &Article, old: &str, comments: &BTreeMap<u32, String>) -> Vec<Edit> {
    let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
    for range in written(article.file, old) {
        let removal = Edit {
            range: range.clone(),
            text: String::new(),
            at: Span::new(article.file, range.end - 1..range.end),
        };
        edits.insert(range.start, removal);
    }
    for paragraph in &article.document.paragraphs {
        let Some(comment) = comments.get(&paragraph.number) else {
            continue;
        };
        let block = paragraph.block.start as usize..paragraph.block.end as usize;
        let end = block.start + old[block.clone()].trim_end().len();
        let line_end = old[end..]
            .find('\n')
            .map_or(old.len(), |newline| end + newline);
        let body_end = end + old[end..line_end].trim_end_matches('\r').len();
        let newline = if old[body_end..].starts_with("\r\n")
            || (body_end == old.len() && old.contains("\r\n"))
        {
            "\r\n"
        } else {
            "\n"
        };
        let replaced = edits.get(&body_end).map(|edit| edit.range.clone());
        let comment = Edit {
            range: replaced.unwrap_or(body_end..body_end),
            text: format!("{newline}{}{comment}", prefix(old, paragraph)),
            at: Span::new(article.file, block),
        };
        edits.insert(body_end, comment);
    }
    edits.into_values().collect()
}

/// A file's text with some edits made, which are in the order of their places.
fn edited(old: &str, edits: &[&Edit]) -> String {
    let mut new = String::with_capacity(old.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(&old[at..edit.range.start]);
        new.push_str(&edit.text);
        at = edit.range.end;
    }
    new.push_str(&old[at..]);
    new
}

/// The edits that do not change what an article says, in the order of their places; the others are refused: where a
/// comment would be read as code, or where one that is taken out has held two paragraphs apart.
fn sound<'e>(
    article: &Article,
    old: &str,
    edits: &'e [Edit],
    kept: Vec<&'e Edit>,
    refused: &mut Vec<Refused>,
) -> Vec<&'e Edit> {
    let all: Vec<&Edit> = kept.iter().copied().chain(edits).collect();
    let new = edited(old, &all);
    if new == old || means_the_same(article, &new) {
        return all;
    }
    if let [edit] = edits {
        refused.push(Refused {
            span: edit.at,
            why: remedy(edit),
        });
        return kept;
    }
    // Found by halves: a text has few of them, if any.
    let (first, second) = edits.split_at(edits.len() / 2);
    let kept = sound(article, old, first, kept, refused);
    sound(article, old, second, kept, refused)
}

/// What its author can do about an edit that would change the text.
fn remedy(edit: &Edit) -> &'static str {
    if edit.text.is_empty() {
        "without this comment two paragraphs would be one: put an empty line under it"
    } else {
        "a comment behind this paragraph would be read as part of it: close its code with a fence of its own"
    }
}

/// The comments that were written before, each with the line end before it. A line of code or of a longer comment is
/// none, whatever it looks like.
fn written(file: FileId, text: &str) -> Vec<Range<usize>> {
    if !text.contains(OPEN) {
        return Vec::new();
    }
    let (markdown::Parts { body_at, .. }, _) = markdown::split(file, text);
    let blocks = markdown::html_blocks(&text[body_at..]);
    let blocks = blocks.into_iter().map(|at| body_at + at);
    let ours = blocks.filter_map(|block| {
        let line = text[..block].rfind('\n')?;
        let block = block + text[block..].len() - text[block..].trim_start().len();
        let end = block + text[block..].lines().next()?.trim_end_matches('\r').len();
        let body = &text[block..end];
        // One line end, not the empty lines above.
        let before = text[..line].strip_suffix('\r').map_or(line, str::len);
        (body.starts_with(OPEN) && body.ends_with(CLOSE)).then_some(before..end)
    });
    ours.collect()
}

/// What stands before a block on each of its lines: the signs of quotes, and spaces as wide as those of list items.
fn prefix(text: &str, paragraph: &Paragraph) -> String {
    let block = paragraph.block.start as usize;
    let line = text[..block].rfind('\n').map_or(0, |newline| newline + 1);
    let sign = |c: char| if c == '>' || c == '\t' { c } else { ' ' };
    let prefix: String = text[line..block].chars().map(sign).collect();
    let is_fenced = FENCES.iter().any(|fence| text[block..].starts_with(fence));
    match paragraph.content {
        Content::Code(_) if !is_fenced => outdented(&prefix),
        Content::Code(_) | Content::Running | Content::Table(_) | Content::Image(_) => prefix,
    }
}

/// What code blocks begin with that are not indented.
const FENCES: [&str; 2] = ["```", "~~~"];

/// What stands before an indented block of code, without the four columns that make it one.
fn outdented(prefix: &str) -> String {
    const COLUMNS: usize = 4;
    let mut wide = String::new();
    for sign in prefix.chars() {
        match sign {
            '\t' => wide.push_str(&" ".repeat(COLUMNS - wide.len() % COLUMNS)),
            sign => wide.push(sign),
        }
    }
    let container = wide.strip_suffix(&" ".repeat(COLUMNS));
    container.map_or_else(|| wide.clone(), str::to_owned)
}

/// Whether a text has the paragraphs of an article, by number, name and words.
fn means_the_same(article: &Article, new: &str) -> bool {
    let (read, _) = manuscript::article(article.key.clone(), article.file, &new.into());
    let (old, new) = (&article.document.paragraphs, &read.document.paragraphs);
    let name = |paragraph: &Paragraph| paragraph.name.as_ref().map(|name| name.0.clone());
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.prose.text.text == new.prose.text.text && name(old) == name(new))
}
