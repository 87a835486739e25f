//! The words of a PDF's pages, as poppler reads them.

use std::path::Path;
use std::process::Command;

/// What `pdftotext` writes of a PDF.
fn read(pdf: &Path, option: &str) -> String {
    let output = Command::new("pdftotext")
        .arg(option)
        .arg(pdf)
        .arg("-")
        .output()
        .unwrap_or_else(|error| panic!("pdftotext: {error}; `./test` installs it"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of each page, set out as it is there.
pub(crate) fn pages(pdf: &Path) -> Vec<String> {
    split(&read(pdf, "-layout"))
}

/// The text of each page, one column after the other.
pub(crate) fn running_pages(pdf: &Path) -> Vec<String> {
    split(&read(pdf, "-raw"))
}

fn split(text: &str) -> Vec<String> {
    let pages = text.trim_end_matches('\u{c}').split('\u{c}');
    pages.map(str::to_owned).collect()
}

/// A word and where it stands on its page, in points from the page's upper left corner.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Word {
    pub(crate) page: usize,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) word: String,
}

pub(crate) fn words(pdf: &Path) -> Vec<Word> {
    let mut page = 0;
    let mut words = Vec::new();
    for line in read(pdf, "-bbox").lines() {
        page += usize::from(line.contains("<page "));
        let Some((_, rest)) = line.split_once("<word ") else {
            continue;
        };
        let (places, word) = rest.split_once('>').unwrap();
        let edge = |name: &str| {
            let (_, rest) = places.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        words.push(Word {
            page,
            left: edge("xMin"),
            top: edge("yMin"),
            right: edge("xMax"),
            bottom: edge("yMax"),
            word: word.trim_end_matches("</word>").to_owned(),
        });
    }
    words
}
