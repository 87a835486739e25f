//! From a saved web page to an article of the book.
//!
//! 1. `charset`: the bytes become text.
//! 2. `tokens`: the tags are made harmless and told where they stand, and become a tree.
//! 3. `about`: what the page says of its article becomes the front matter.
//! 4. `blocks`: the tree becomes passages, `run` their Markdown, `address` the places of links and pictures.
//! 5. `region`: the passages that are not the article's are left out, each with its reason.
//! 6. The steps of plain text do the rest: furniture, copies, bylines, repeated titles.
//! 7. `write`: front matter and Markdown.

mod about;
mod address;
mod blocks;
mod charset;
mod region;
mod run;
#[cfg(test)]
mod tests;
mod tokens;
mod write;

use std::collections::BTreeSet;

use dom_query::Document;

use super::layout::{Form, Passage};
use super::page::FrontMatter;
use super::{
    Given, Imported, LeftOut, Picture, PictureSource, Problem, Reason, byline, echo, furniture, id,
    key, leave_out, said, sha256, title,
};
use address::Addresses;
use blocks::{Block, File, PLACE};

/// A saved web page as it came from the disk.
#[derive(Clone, Copy)]
pub struct SavedPage<'a> {
    /// The file's name.
    pub file_name: &'a str,
    /// The file's bytes.
    pub bytes: &'a [u8],
    /// Whether a picture lies beside the page, at a path below the page's folder.
    pub holds: &'a dyn Fn(&str) -> bool,
}

/// Whether a file is a web page, by its name or its beginning.
#[must_use]
pub fn is_page(file_name: &str, bytes: &[u8]) -> bool {
    let ending = file_name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    matches!(ending.as_str(), "html" | "htm" | "xhtml")
        || head.starts_with("<!doctype html")
        || head.starts_with("<html")
}

/// Turns a saved web page into an article.
///
/// # Errors
///
/// When the page has no text, or no title and none was given, or when the given id cannot be a key.
pub fn import_page(saved: &SavedPage<'_>, given: &Given) -> Result<Imported, Problem> {
    let sha256 = sha256(saved.bytes);
    let (text, broken) = charset::decode(saved.bytes);
    let tamed = tokens::tame(&text);
    let page = Document::from(tamed.html.as_str());
    let about = about::about(&page, &tamed);
    let addresses = Addresses::of(about.url.as_deref());
    let found = blocks::blocks(page.root(), &tamed.lines, &addresses, saved.holds);
    if found.is_empty() {
        return Err(Problem::Empty);
    }
    let headline = said(given.title.as_deref()).or(about.title);
    let headline = headline.ok_or_else(|| no_title(&found))?;
    let id = id(given, &headline, saved.file_name, &sha256)?;
    let verdicts = region::verdicts(&page, &tamed.html, &found);
    let mut left_out = Vec::new();
    let (mut passages, pictures) = parted(found, verdicts, &headline, &id, &mut left_out);
    furniture::take_out_within(&mut passages, &mut left_out);
    echo::take_out(&mut passages, &mut left_out);
    furniture::take_out_at_edges(&mut passages, &mut left_out);
    let (names, dates) = byline::take_out(&mut passages, &mut left_out);
    take_out_told(&mut passages, &mut left_out, &about.authors);
    title::take_out_known(&mut passages, &mut left_out, &headline);
    if passages.is_empty() {
        return Err(Problem::NoText);
    }
    left_out.sort_by_key(|line| line.line);
    let told = about.date.into_iter().chain(dates);
    let (date, date_in_doubt) = super::date(given, told, &mut left_out, passages[0].line);
    let front_matter = FrontMatter {
        title: &headline,
        authors: if about.authors.is_empty() {
            &names
        } else {
            &about.authors
        },
        publication: said(given.publication.as_deref()).or(about.publication),
        date,
        url: about.url,
        language: about.language,
        file_name: saved.file_name,
        sha256: &sha256,
    };
    let markdown = front_matter.yaml() + &write::body(&passages);
    Ok(Imported {
        id,
        title: headline,
        sha256,
        markdown,
        left_out,
        pictures,
        date_in_doubt,
        broken,
    })
}

/// Takes out the byline and the date above the text that the page's data say too.
fn take_out_told(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>, authors: &[String]) {
    let mut at = 0;
    leave_out(passages, left_out, |passage| {
        at += 1;
        let is_line = at <= HEAD
            && passage
                .set
                .as_ref()
                .is_some_and(|set| set.form == Form::Paragraph);
        let text = passage.text.as_str();
        let is_byline = byline::signed_by(text, authors).is_some();
        match is_line {
            true if is_byline => Some(Reason::MovedToAuthor),
            true if furniture::is_page_date(text) => Some(Reason::PageDate),
            true | false => None,
        }
    });
}

/// So many passages may be the head of an article.
const HEAD: usize = 6;

fn no_title(blocks: &[Block]) -> Problem {
    let first_line = blocks.first().map(|block| block.passage.text.clone());
    Problem::NoTitle {
        first_line: first_line.unwrap_or_default(),
    }
}

/// The passages of the article and its pictures, which lie below `assets/ID/`; the rest goes to what was left out.
fn parted(
    found: Vec<Block>,
    verdicts: Vec<Option<Reason>>,
    title: &str,
    id: &str,
    left_out: &mut Vec<LeftOut>,
) -> (Vec<Passage>, Vec<Picture>) {
    let (mut passages, mut pictures) = (Vec::new(), Vec::new());
    let mut taken = BTreeSet::new();
    for (block, verdict) in found.into_iter().zip(verdicts) {
        let Block {
            mut passage, file, ..
        } = block;
        if let Some(reason) = verdict {
            // The title's own line is no loss.
            if passage.text == title {
                continue;
            }
            left_out.push(LeftOut {
                line: passage.line,
                text: passage.text,
                reason,
            });
            continue;
        }
        if let (Some(file), Some(set)) = (file, &mut passage.set) {
            let picture = picture(file, id, &mut taken);
            set.markdown = set.markdown.replace(PLACE, &picture.path);
            pictures.push(picture);
        }
        passages.push(passage);
    }
    (passages, pictures)
}

fn picture(file: File, id: &str, taken: &mut BTreeSet<String>) -> Picture {
    let (name, ending) = match &file {
        File::Beside(path) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            name.rsplit_once('.').unwrap_or((name, "png"))
        }
        File::Within(ending, _) => ("picture", *ending),
    };
    let stem = key::stem(&format!("{name}.x"));
    let stem = if stem.is_empty() { "picture" } else { &stem };
    let names = (1..).map(|n| match n {
        1 => format!("{stem}.{}", ending.to_lowercase()),
        n => format!("{stem}-{n}.{}", ending.to_lowercase()),
    });
    let name = names
        .into_iter()
        .find(|name| taken.insert(name.to_lowercase()));
    let path = format!("assets/{id}/{}", name.unwrap_or_default());
    let source = match file {
        File::Beside(from) => PictureSource::Beside(from),
        File::Within(_, bytes) => PictureSource::Bytes(bytes),
    };
    Picture { path, source }
}
