//! The book for other programs: its citations, annotations, sources and addresses as data.
//!
//! Everything is sorted and written element by element, one a line, so that versions of a file can be compared and no
//! tree of the whole book is ever made.

mod annotations;
mod bibtex;
mod citations;
mod csl_json;
mod inventory;
mod lines;
mod place;
mod quote;

use std::io;

use crate::book::Book;
use crate::edition::Edition;
use crate::manuscript::Article;
use crate::site::Site;
use crate::source::{SitePath, Sources};

/// A form in which the book is exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// The sources as BibTeX.
    Bibtex,
    /// The sources as CSL-JSON.
    CslJson,
    /// Comments and citations as W3C Web Annotations.
    WebAnnotation,
    /// The citations.
    Citations,
    /// The addresses.
    Inventory,
}

impl Format {
    /// Every form.
    pub const ALL: [Format; 5] = [
        Format::Bibtex,
        Format::CslJson,
        Format::WebAnnotation,
        Format::Citations,
        Format::Inventory,
    ];

    /// Where the site has it.
    pub fn path(self) -> &'static str {
        match self {
            Format::Bibtex => "data/sources.bib",
            Format::CslJson => "data/sources.csl.json",
            Format::WebAnnotation => "data/annotations.jsonld",
            Format::Citations => "data/citations.json",
            Format::Inventory => "data/inventory.json",
        }
    }

    /// The text of the export.
    pub fn text(self, edition: &Edition<'_>, sources: &Sources) -> Vec<u8> {
        let mut text = Vec::new();
        // Memory takes all bytes.
        let _ = self.write(edition, sources, &mut text);
        text
    }

    /// Writes the export.
    ///
    /// # Errors
    ///
    /// Fails where `to` does.
    pub fn write(
        self,
        edition: &Edition<'_>,
        sources: &Sources,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        match self {
            Format::Bibtex => to.write_all(&bibtex::text(edition)),
            Format::CslJson => to.write_all(&csl_json::text(edition)),
            Format::WebAnnotation => annotations::write(edition, to),
            Format::Citations => citations::write(edition, sources, to),
            Format::Inventory => inventory::write(edition, to),
        }
    }
}

/// Adds every export to the site.
pub fn add<'e>(site: &mut Site<'e>, edition: &'e Edition<'e>, sources: &'e Sources) {
    for format in Format::ALL {
        if let Some(path) = SitePath::new(format.path()) {
            site.written(path, move |to| format.write(edition, sources, to));
        }
    }
}

/// The sources in the order of their IDs.
fn by_key(book: &Book) -> Vec<&Article> {
    let mut articles: Vec<&Article> = book.articles.iter().map(|article| &**article).collect();
    articles.sort_by(|one, other| one.key.cmp(&other.key));
    articles
}
