//! The print edition: the edition as data, laid out by the theme's `print.typ` through embedded Typst.
//!
//! Content reaches Typst as `/book.json` alone, never as source, so nothing in an article can become markup or
//! code. Typst's world serves memory only.

mod data;
mod world;

use typst::diag::{SourceDiagnostic, SourceResult};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::config::{PdfConfig, Standard};
use crate::diagnostic::{Diagnostic, Lint};
use crate::edition::Edition;
use crate::source::{Sources, Span};
use world::PrintWorld;

/// The built-in theme's layout.
const BUILT_IN: &str = include_str!("../themes/brief/print.typ");

/// Reads the bytes of one of the book's files, by path from the book's folder.
pub type ReadAsset<'r> = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'r;

/// The print edition as a PDF.
///
/// # Errors
///
/// Fails where the layout is wrong, or the configured standard cannot be kept.
pub fn print(
    edition: &Edition<'_>,
    sources: &Sources,
    read: &ReadAsset<'_>,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    let config = edition.book.config.pdf.unwrap_or_default();
    let path = format!("themes/{}/print.typ", edition.book.config.theme);
    let theme = sources.find(&path);
    let layout = theme.map_or(BUILT_IN, |id| &sources.file(id).text);
    let (book, images) = data::book(edition, config);
    let src = &edition.book.config.book.src;
    let files = images.into_iter().filter_map(|image| {
        let bytes = read(&format!("{src}/{image}"))?;
        Some((format!("/{image}"), bytes))
    });
    let world = PrintWorld::new(layout, book, files.collect());
    let document = typst::compile::<PagedDocument>(&world).output;
    let made = document.and_then(|document| export(&document, config));
    made.map_err(|problems| Box::new(problem(&problems, &world, theme, &path)))
}

/// Characters of the book that no font of the print edition has, said once at the first of them.
pub fn check(edition: &Edition<'_>, sources: &Sources) -> Option<Diagnostic> {
    let (book, _) = data::book(edition, edition.book.config.pdf.unwrap_or_default());
    let missing = world::missing(&book);
    let places = sources.files().filter_map(|(id, file)| {
        let at = file.text.find(|c| missing.contains(&c))?;
        let first = file.text[at..].chars().next()?;
        Some((Span::new(id, at..at + first.len_utf8()), first))
    });
    let (span, first) = places.into_iter().next()?;
    let others = match missing.len() - 1 {
        0 => String::new(),
        1 => ", nor 1 other character of this book".to_owned(),
        others => format!(", nor {others} other characters of this book"),
    };
    let message = format!("the PDF's fonts have no `{first}`{others}: they print as empty boxes");
    Some(
        Diagnostic::new(Lint::MissingGlyph, span, message)
            .help("the site shows them; `[lints] missing-glyph = \"allow\"` says that you know"),
    )
}

fn export(document: &PagedDocument, config: PdfConfig) -> SourceResult<Vec<u8>> {
    let standards: &[PdfStandard] = match config.standard {
        Standard::None => &[],
        Standard::Ua1 => &[PdfStandard::Ua_1],
        Standard::A2a => &[PdfStandard::A_2a],
    };
    let options = PdfOptions {
        creator: Smart::Custom(Some("Pincite".into())),
        standards: PdfStandards::new(standards).unwrap_or_default(),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
}

/// The first of Typst's errors, located where the layout is a file of the book.
fn problem(
    problems: &[SourceDiagnostic],
    world: &PrintWorld,
    theme: Option<crate::source::FileId>,
    path: &str,
) -> Diagnostic {
    let Some(first) = problems.first() else {
        return Diagnostic::of_book(Lint::PrintError, "the print edition could not be made");
    };
    let range = world.range(first);
    let diagnostic = match (theme, range) {
        (Some(file), Some(range)) => Diagnostic::new(
            Lint::PrintError,
            Span::new(file, range),
            first.message.as_str(),
        ),
        _ => Diagnostic::of_book(Lint::PrintError, format!("{path}: {}", first.message)),
    };
    match first.hints.first() {
        Some(hint) => diagnostic.help(hint.v.as_str()),
        None => diagnostic,
    }
}
