//! From a saved web page, as HTML or plain text, or from a Markdown file, to an article of the book.
//!
//! A saved page holds more than its article: menus, share buttons, a comment form, the title twice,
//! the text once more. What is certainly not the article's is left out, and every line that was
//! left out is listed with its reason. In doubt a line is kept: an author can strike a line that
//! should not be there, but does not miss one that never came.
//!
//! The steps for plain text, each in its own module; `html` has its own before them, and `markdown` none of them:
//!
//! 1. `layout`: lines become passages (paragraphs, list items); hard-wrapped lines are joined.
//! 2. `furniture`: page furniture, hashtags, lone punctuation, the page's date.
//! 3. `echo`: the whole text once more, run together or printed twice.
//! 4. `address` and `byline`: a line that is only the page's address becomes `url`, one that is only
//!    `By NAME` becomes `author`, above the text or at the page's end.
//! 5. `title`: the first line that is left, if it reads as a title; lines that repeat it go.
//! 6. `page`: front matter and Markdown, escaped so that its plain text is the passages' text.
//!
//! Text comes in, text goes out: no files, no clock, and nothing here panics. Time grows with the
//! text's length.

mod address;
mod byline;
mod date;
mod echo;
mod escape;
mod furniture;
mod html;
mod key;
mod layout;
mod lines;
mod markdown;
mod page;
mod phrases;
#[cfg(test)]
mod tests;
mod text;
mod title;

use std::fmt::{self, Display};

use sha2::{Digest, Sha256};

use date::Told;
pub use key::of_title as key_of_title;
use layout::Passage;
use page::FrontMatter;

use crate::reference::is_key;

pub use date::written as written_date;
pub use html::{SavedPage, import_page, is_page};
pub use markdown::import_markdown;

/// A saved text as it came from the disk.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a> {
    /// The file's name, for the record in the front matter and, if the title gives none, for the
    /// id.
    pub file_name: &'a str,
    /// The file's text, byte for byte.
    pub text: &'a str,
}

/// What the author said on the command line. An empty text is as good as none.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The article's id.
    pub id: Option<String>,
    /// The title, in place of the page's own.
    pub title: Option<String>,
    /// When the article appeared, an EDTF date.
    pub date: Option<String>,
    /// Where the article appeared.
    pub publication: Option<String>,
}

/// An article made of a saved page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The citation key: the file belongs at `content/articles/ID.md`.
    pub id: String,
    /// The title, as plain text.
    pub title: String,
    /// The SHA-256 of the saved file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The whole file: front matter and body.
    pub markdown: String,
    /// What of the saved text is not in the body, in its order. The title's own line is listed only
    /// where it words the title differently.
    pub left_out: Vec<LeftOut>,
    /// The pictures that the article shows.
    pub pictures: Vec<Picture>,
    /// The page's date in its own words, where it can be read in several ways and so was not taken.
    pub date_in_doubt: Option<String>,
    /// Whether some of the page's bytes are no text in its encoding; � stands for them.
    pub broken: bool,
}

/// A picture of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where it belongs, below the book's `content`.
    pub path: String,
    /// Where it comes from.
    pub source: PictureSource,
}

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureSource {
    /// A file below the saved page's folder.
    Beside(String),
    /// The page itself.
    Bytes(Vec<u8>),
}

/// A line of the saved page that is not in the article's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number in the saved file, from 1.
    pub line: usize,
    /// Its text, without the white space around it.
    pub text: String,
    /// Why it was left out.
    pub reason: Reason,
}

/// Why a line was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Menus, buttons, the comment form, notices.
    PageFurniture,
    /// Hashtags and nothing else.
    Hashtags,
    /// Not one letter or digit.
    LonePunctuation,
    /// The date of the page, with its year.
    PageDate,
    /// Says the title again.
    RepeatsTitle,
    /// All paragraphs, or many, in one line.
    RunTogetherCopy,
    /// All paragraphs again, one by one.
    SecondPrinting,
    /// The cut-off beginning of a paragraph that follows.
    Teaser,
    /// A byline, whose names are in the front matter.
    MovedToAuthor,
    /// The date that is in the front matter.
    MovedToDate,
    /// The page's address, which is in the front matter.
    MovedToUrl,
    /// Outside the article by the page's markup: menus, boxes, the page's head and foot.
    AroundArticle,
    /// What stands under a picture.
    Caption,
    /// Buttons to pass the article on.
    ShareLinks,
    /// Asks the reader to subscribe.
    Newsletter,
    /// Other articles of the site.
    RelatedLinks,
    /// Nothing but links, in the middle of the article.
    Links,
    /// A field of a Markdown file's front matter that articles do not have.
    UnknownField,
    /// The heading that became the title.
    MovedToTitle,
}

impl Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PageFurniture => "page furniture",
            Self::Hashtags => "hashtags",
            Self::LonePunctuation => "lone punctuation",
            Self::PageDate => "the page's date, which --date records",
            Self::RepeatsTitle => "repeats the title",
            Self::RunTogetherCopy => "the whole text once more, run together",
            Self::SecondPrinting => "the whole text once more",
            Self::Teaser => "the beginning of a later paragraph, cut off",
            Self::MovedToAuthor => "moved to the front matter as author",
            Self::MovedToDate => "moved to the front matter as date",
            Self::MovedToUrl => "moved to the front matter as url",
            Self::AroundArticle => "around the article",
            Self::Caption => "a caption",
            Self::ShareLinks => "share links",
            Self::Newsletter => "a newsletter box",
            Self::RelatedLinks => "related links",
            Self::Links => "links to elsewhere",
            Self::UnknownField => "a field that articles do not have",
            Self::MovedToTitle => "moved to the front matter as title",
        })
    }
}

/// Why a saved page could not become an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file holds nothing, or white space alone.
    Empty,
    /// Nothing but a title and page furniture is left.
    NoText,
    /// The page does not begin with a title, and none was given.
    NoTitle {
        /// The line that stands where a title would.
        first_line: String,
    },
    /// The given id cannot be a citation key.
    BadId {
        /// The id as it was given.
        id: String,
    },
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::NoText => {
                f.write_str("the file holds no text besides a title and page furniture")
            }
            Self::NoTitle { first_line } => {
                let words: Vec<&str> = first_line.split(' ').take(8).collect();
                write!(
                    f,
                    "the page has no title: it begins with text (“{} …”); name one with --title",
                    words.join(" ")
                )
            }
            Self::BadId { id } => write!(
                f,
                "`{id}` cannot be an id: it takes letters from A to Z, digits, and `.`, `_`, `-` after the first, 100 at most"
            ),
        }
    }
}

impl std::error::Error for Problem {}

/// Turns a saved page into an article.
///
/// # Errors
///
/// When the page has no text, or no title and none was given, or when the given id cannot be a key.
pub fn import(saved: &Saved<'_>, given: &Given) -> Result<Imported, Problem> {
    let sha256 = sha256(saved.text.as_bytes());
    let mut passages = layout::passages(saved.text);
    if passages.is_empty() {
        return Err(Problem::Empty);
    }
    let mut left_out = Vec::new();
    furniture::take_out_within(&mut passages, &mut left_out);
    echo::take_out(&mut passages, &mut left_out);
    furniture::take_out_at_edges(&mut passages, &mut left_out);
    let url = address::take_out(&mut passages, &mut left_out);
    let (authors, dates) = byline::take_out(&mut passages, &mut left_out);
    let headline = title::take_out(&mut passages, &mut left_out, said(given.title.as_deref()))?;
    if passages.is_empty() {
        return Err(Problem::NoText);
    }
    left_out.sort_by_key(|line| line.line);
    let (date, date_in_doubt) = date(given, dates, &mut left_out, passages[0].line);
    let front_matter = FrontMatter {
        title: &headline.title,
        authors: &authors,
        publication: said(given.publication.as_deref()),
        date,
        url,
        language: None,
        file_name: saved.file_name,
        sha256: &sha256,
    };
    let markdown = front_matter.yaml() + &page::body(&passages, headline.keeps_own);
    let id = id(given, &headline.title, saved.file_name, &sha256)?;
    Ok(Imported {
        id,
        title: headline.title,
        sha256,
        markdown,
        left_out,
        pictures: Vec::new(),
        date_in_doubt,
        broken: false,
    })
}

/// The SHA-256 of a file's bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(digit)
        .collect()
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

/// The article's date, or a date that is in doubt: as it was given, as the page tells it, or as the lines above the text
/// do, which then are not lost but moved.
fn date(
    given: &Given,
    told: impl IntoIterator<Item = Told>,
    left_out: &mut [LeftOut],
    text: usize,
) -> (Option<String>, Option<String>) {
    let dated = left_out
        .iter_mut()
        .filter(|left| left.reason == Reason::PageDate && left.line < text);
    let mut dated: Vec<(Told, &mut LeftOut)> = dated
        .filter_map(|left| Some((date::told(&left.text)?, left)))
        .collect();
    let lines = dated.iter().map(|(told, _)| told.clone());
    let (date, doubt) = match date::surest(told.into_iter().chain(lines)) {
        Some(Told::Date(date)) => (Some(date), None),
        Some(Told::InDoubt(words)) => (None, Some(words)),
        None => (None, None),
    };
    if let Some(given) = said(given.date.as_deref()) {
        return (Some(given), None);
    }
    for (told, left) in &mut dated {
        if matches!(told, Told::Date(told) if date.as_ref() == Some(told)) {
            left.reason = Reason::MovedToDate;
        }
    }
    (date, doubt)
}

/// What the author said, as one clean line; nothing if that is empty.
fn said(words: Option<&str>) -> Option<String> {
    words.map(text::tidy).filter(|words| !words.is_empty())
}

fn id(given: &Given, title: &str, file_name: &str, sha256: &str) -> Result<String, Problem> {
    match given
        .id
        .as_deref()
        .map(str::trim)
        .filter(|id| !id.is_empty())
    {
        Some(id) if is_key(id) => Ok(id.to_owned()),
        Some(id) => Err(Problem::BadId { id: id.to_owned() }),
        None => Ok(key::key(title, file_name, sha256)),
    }
}

/// Moves the passages with a verdict over to what was left out.
fn leave_out(
    passages: &mut Vec<Passage>,
    left_out: &mut Vec<LeftOut>,
    mut verdict: impl FnMut(&Passage) -> Option<Reason>,
) {
    passages.retain(|passage| {
        let reason = verdict(passage);
        left_out.extend(reason.map(|reason| LeftOut {
            line: passage.line,
            text: passage.text.clone(),
            reason,
        }));
        reason.is_none()
    });
}
