//! Citations written back into the article files: one comment behind each cited paragraph, `<!-- cited by: … -->`.
//!
//! The comments are the program's own: they are put in, kept current and taken out, and no other byte of a file
//! changes. They never number as paragraphs, reach the site or change a hash.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::book::{Book, Home};
use crate::manuscript::{self, Article};
use crate::source::{FileId, Sources};

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

/// The article files that change, and their new texts.
pub fn written_back(book: &Book, sources: &Sources, wanted: Comments) -> BTreeMap<FileId, String> {
    let articles = book.articles.iter().enumerate();
    let withheld = book.withheld_by();
    let rewritten = articles.filter_map(|(index, article)| {
        let old = &sources.file(article.file).text;
        let comments = match wanted {
            Comments::Current => comments(book, index, &withheld),
            Comments::Removed => BTreeMap::new(),
        };
        let new = rewritten(article, old, &comments);
        let sound = article.sound && new != **old && means_the_same(article, &new);
        sound.then_some((article.file, new))
    });
    rewritten.collect()
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

/// A file's text with these comments behind its paragraphs, and no others.
fn rewritten(article: &Article, old: &str, comments: &BTreeMap<u32, String>) -> String {
    let mut edits: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    for range in written(old) {
        edits.insert(range.start, (range, String::new()));
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
        let line = format!("{newline}{}{comment}", prefix(old, block.start));
        let replaced = edits
            .get(&body_end)
            .map_or(body_end..body_end, |(range, _)| range.clone());
        edits.insert(body_end, (replaced, line));
    }
    let mut new = String::with_capacity(old.len());
    let mut at = 0;
    for (range, text) in edits.into_values() {
        new.push_str(&old[at..range.start]);
        new.push_str(&text);
        at = range.end;
    }
    new.push_str(&old[at..]);
    new
}

/// The comments that were written before, each with the line end before it.
fn written(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        let body = line
            .trim_end_matches(['\n', '\r'])
            .trim_start_matches([' ', '\t', '>']);
        if start > 0 && body.starts_with(OPEN) && body.ends_with(CLOSE) {
            let before = text[..start]
                .trim_end_matches(['\n'])
                .trim_end_matches('\r')
                .len();
            // One line end, not the empty lines above.
            let before = before.max(
                start
                    - if text[..start].ends_with("\r\n") {
                        2
                    } else {
                        1
                    },
            );
            found.push(before..end);
        }
        start += line.len();
    }
    found
}

/// What stands before a block on each of its lines: the signs of quotes, and spaces as wide as those of list items.
fn prefix(text: &str, block: usize) -> String {
    let line = text[..block].rfind('\n').map_or(0, |newline| newline + 1);
    let sign = |c: char| if c == '>' || c == '\t' { c } else { ' ' };
    text[line..block].chars().map(sign).collect()
}

/// Whether a text has the paragraphs of an article, by number, name and words.
fn means_the_same(article: &Article, new: &str) -> bool {
    let (read, _) = manuscript::article(article.key.clone(), article.file, &new.into());
    let (old, new) = (&article.document.paragraphs, &read.document.paragraphs);
    let name =
        |paragraph: &crate::markdown::Paragraph| paragraph.name.as_ref().map(|name| name.0.clone());
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.prose.text.text == new.prose.text.text && name(old) == name(new))
}
