//! The print edition: the edition as data, laid out by the theme's `print.typ` through embedded Typst.
//!
//! Content reaches Typst as `/book.json` alone, never as source, so nothing in an article can become markup or
//! code. Typst's world serves memory only.

mod data;
mod labels;
mod links;
mod margin;
mod script;
mod text;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;
use typst::diag::{SourceDiagnostic, SourceResult};
use typst::foundations::{Bytes, Smart};
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::config::{Family, PdfConfig, Standard};
use crate::diagnostic::{Diagnostic, Lint};
use crate::edition::Edition;
use crate::source::{FileId, Sources, Span};
use world::{Fonts, PrintWorld};

/// The built-in theme's layout.
const BUILT_IN: &str = include_str!("../themes/brief/print.typ");

/// Reads the bytes of a file: one of the book's, by path from the book's folder, or one of the system's fonts.
pub type ReadAsset<'r> = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'r;

/// The files that a print edition is made with.
pub struct Files<'r> {
    /// Reads one.
    pub read: Box<ReadAsset<'r>>,
    /// The system's fonts, the preferred ones first.
    pub system_fonts: Vec<String>,
}

/// A print edition before it is laid out: all that it is made of.
pub struct Print<'e> {
    config: PdfConfig,
    page_word: &'static str,
    sources: &'e Sources,
    /// The folder of the texts.
    src: String,
    /// The theme's layout, if it is a file of the book.
    theme: Option<FileId>,
    path: String,
    book: Bytes,
    images: Vec<(String, Bytes)>,
    broken: BTreeSet<String>,
    fonts: Fonts,
    missing: BTreeSet<char>,
}

impl<'e> Print<'e> {
    /// Gathers what an edition is printed with.
    pub fn new(edition: &Edition<'_>, sources: &'e Sources, files: &Files<'_>) -> Self {
        let config = edition.book.config.pdf.clone().unwrap_or_default();
        let path = format!("themes/{}/print.typ", edition.book.config.theme);
        let (mut book, named) = data::book(edition, &config, &BTreeSet::new());
        let (images, broken) = images(edition, named, files);
        if !broken.is_empty() {
            book = data::book(edition, &config, &broken).0;
        }
        let fonts = fonts(edition, &config, sources, files, &book);
        Print {
            page_word: edition.words.get("page_in_full"),
            sources,
            src: edition.book.config.book.src.clone(),
            theme: sources.find(&path),
            path,
            missing: fonts.missing(&book),
            book: Bytes::from_string(book),
            images,
            broken,
            fonts,
            config,
        }
    }

    /// What will not print as it should: characters that no font has, images that cannot be read.
    pub fn problems(&self) -> Vec<Diagnostic> {
        // One that is not there, or without a size, was told with the book.
        let whole = |path: &&String| {
            let asset = self.sources.assets().get(&format!("{}/{path}", self.src));
            asset.is_some_and(|asset| asset.size.is_some())
        };
        let broken = self.broken.iter().filter(whole);
        let mut problems: Vec<Diagnostic> =
            broken.map(|path| unreadable(path, self.sources)).collect();
        let mut by_script: BTreeMap<(String, &str), BTreeSet<char>> = BTreeMap::new();
        for character in &self.missing {
            let script = script::of(*character);
            by_script.entry(script).or_default().insert(*character);
        }
        let lacking = by_script.iter();
        problems.extend(
            lacking.filter_map(|(script, missing)| unprintable(script, missing, self.sources)),
        );
        let families = self.config.fonts.families();
        problems.extend(
            families
                .filter(|family| !self.fonts.have(&family.name))
                .map(|family| unknown_family(family, &self.config)),
        );
        problems
    }

    /// Whether a PDF was made of just this, by this version of the program.
    pub fn stands(&self, pdf: &[u8]) -> bool {
        let creator = format!("/Creator({})", self.creator());
        let is_whole = pdf.trim_ascii_end().ends_with(b"%%EOF");
        is_whole && memchr::memmem::rfind(pdf, creator.as_bytes()).is_some()
    }

    /// What the file's own record says of its making: the program and a hash over all that the edition is made of.
    fn creator(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        format!("Pincite {version}, made from {}", self.hash())
    }

    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &[u8]| {
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part);
        };
        add(format!("{:?}", self.config.standard).as_bytes());
        add(self.layout().as_bytes());
        add(&self.book);
        for (path, image) in &self.images {
            add(path.as_bytes());
            add(image);
        }
        self.fonts.data().for_each(add);
        hasher.finalize()
    }

    fn layout(&self) -> &str {
        self.theme
            .map_or(BUILT_IN, |id| &self.sources.file(id).text)
    }

    /// The print edition as a PDF.
    ///
    /// # Errors
    ///
    /// Fails where the layout is wrong, or the configured standard cannot be kept.
    pub fn make(&self) -> Result<Vec<u8>, Box<Diagnostic>> {
        let images = self.images.iter().cloned();
        let world = PrintWorld::new(self.layout(), self.book.clone(), images, self.fonts.clone());
        let compiled = typst::compile::<PagedDocument>(&world);
        // What the layout remembered takes more room than the book.
        typst::comemo::evict(0);
        let made = match restless(&compiled.warnings) {
            Some(problem) => Err(vec![problem]),
            None => self.exported(compiled.output),
        };
        made.map_err(|problems| Box::new(problem(&problems, &world, self.theme, &self.path)))
    }

    fn exported(
        &self,
        document: SourceResult<PagedDocument>,
    ) -> Result<Vec<u8>, Vec<SourceDiagnostic>> {
        let document = links::resolved(
            &document.map_err(|problems| problems.to_vec())?,
            self.page_word,
        );
        let pdf = export(&document, self.config.standard, self.creator());
        pdf.map_err(|problems| problems.to_vec())
    }
}

/// The first thing that moved from one layout to the next until Typst gave up, if it did.
fn restless(warnings: &[SourceDiagnostic]) -> Option<SourceDiagnostic> {
    let at = warnings
        .iter()
        .position(|warning| warning.message.starts_with("document did not converge"))?;
    let moving = warnings.get(at + 1).or(warnings.get(at))?;
    let message = format!("the layout does not come to rest: {}", moving.message);
    let hint = "what is shown here depends on where it stands, and moves that place: show it at one width, or let it not depend on its place";
    Some(SourceDiagnostic::error(moving.span, message).with_hint(hint))
}

/// The fonts that an edition is set in.
fn fonts(
    edition: &Edition<'_>,
    config: &PdfConfig,
    sources: &Sources,
    files: &Files<'_>,
    book: &str,
) -> Fonts {
    let folders = [
        format!("themes/{}/fonts/", edition.book.config.theme),
        format!("{}/assets/fonts/", edition.book.config.book.src),
    ];
    let own = folders.iter().flat_map(|folder| {
        let assets = sources.assets().keys();
        assets.filter(move |path| path.starts_with(folder.as_str()) && is_font(path))
    });
    let fonts = Fonts::new(own.filter_map(|path| (files.read)(path)));
    if !config.system_fonts {
        return fonts;
    }
    let system = || {
        files
            .system_fonts
            .iter()
            .filter_map(|path| (files.read)(path))
    };
    let named = config.fonts.families().map(|family| family.name.as_str());
    fonts
        .with_families(named, system())
        .complete(book, system())
}

/// A family that no font has, at the place that names it.
fn unknown_family(family: &Family, config: &PdfConfig) -> Diagnostic {
    let message = format!(
        "no font has the family `{}`, so the theme's face stands in for it",
        family.name
    );
    let help = if config.system_fonts {
        "put its files into content/assets/fonts; the system has none"
    } else {
        "put its files into content/assets/fonts, or set `system-fonts = true` below [output.pdf]"
    };
    Diagnostic::new(Lint::MissingFont, family.place, message).help(help)
}

/// Whether a file's name is that of a font that can be set.
fn is_font(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        let known = ["otf", "ttf", "otc", "ttc"];
        known.iter().any(|font| ending.eq_ignore_ascii_case(font))
    })
}

/// The images of an edition by path in Typst's world, and the paths of those that cannot be shown.
fn images(
    edition: &Edition<'_>,
    named: BTreeSet<String>,
    files: &Files<'_>,
) -> (Vec<(String, Bytes)>, BTreeSet<String>) {
    let src = &edition.book.config.book.src;
    let mut shown = Vec::new();
    let mut broken = BTreeSet::new();
    for image in named {
        let bytes = (files.read)(&format!("{src}/{image}")).map(Bytes::new);
        match bytes {
            Some(bytes) if can_be_shown(&image, bytes.clone()) => {
                shown.push((format!("/{image}"), bytes));
            }
            Some(_) | None => {
                broken.insert(image);
            }
        }
    }
    (shown, broken)
}

/// Whether a file is an image of the kind that its name says, and Typst knows that kind.
fn can_be_shown(path: &str, bytes: Bytes) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let format = match ending.to_ascii_lowercase().as_str() {
        "svg" => return !refers_to_a_file(&bytes) && SvgImage::new(bytes).is_ok(),
        "png" => ExchangeFormat::Png,
        "gif" => ExchangeFormat::Gif,
        "webp" => ExchangeFormat::Webp,
        "jpg" | "jpeg" => ExchangeFormat::Jpg,
        _ => return false,
    };
    RasterImage::plain(bytes, format).is_ok()
}

/// Whether an SVG shows another file: it stands alone, so that file would be missing.
fn refers_to_a_file(svg: &[u8]) -> bool {
    let mut reader = quick_xml::Reader::from_reader(svg);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let is_image = matches!(element.local_name().as_ref(), b"image" | b"feImage");
                if is_image
                    && element
                        .attributes()
                        .flatten()
                        .any(|attribute| is_foreign(&attribute))
                {
                    return true;
                }
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// Whether an attribute of an SVG's image leads out of the SVG.
fn is_foreign(attribute: &Attribute<'_>) -> bool {
    let value = attribute.value.trim_ascii();
    attribute.key.local_name().as_ref() == b"href"
        && !value.starts_with(b"data:")
        && !value.starts_with(b"#")
}

/// An image that cannot be shown, at the place that names it.
fn unreadable(path: &str, sources: &Sources) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut places = sources.files().filter_map(|(id, file)| {
        let at = file.text.find(name)?;
        Some(Span::new(id, at..at + name.len()))
    });
    let message = format!(
        "`{path}` is not printed: it is of a kind that cannot be, not of the one that its name says, or shows another file"
    );
    let diagnostic = match places.next() {
        Some(span) => Diagnostic::new(Lint::UnreadableImage, span, message),
        None => Diagnostic::of_book(Lint::UnreadableImage, message),
    };
    diagnostic.help("save it anew as PNG, JPEG, GIF, WebP or SVG; its text is printed in its place")
}

/// Characters of one script that no font has, said at the first of them.
fn unprintable(
    (script, package): &(String, &str),
    missing: &BTreeSet<char>,
    sources: &Sources,
) -> Option<Diagnostic> {
    let mut places = sources.files().filter_map(|(id, file)| {
        let at = file.text.find(|c| missing.contains(&c))?;
        let first = file.text[at..].chars().next()?;
        Some((Span::new(id, at..at + first.len_utf8()), first))
    });
    let (span, first) = places.next()?;
    let others = match missing.len() - 1 {
        0 => String::new(),
        1 => " and 1 other".to_owned(),
        others => format!(" and {others} others"),
    };
    let code = u32::from(first);
    let message = format!(
        "the PDF's fonts lack `{first}` (U+{code:04X}, {script}){others}, which print as empty boxes"
    );
    let help = format!(
        "put a font that has it into content/assets/fonts, or install Debian's {package} and set `system-fonts = true` below [output.pdf]"
    );
    Some(Diagnostic::new(Lint::MissingGlyph, span, message).help(help))
}

fn export(document: &PagedDocument, standard: Standard, creator: String) -> SourceResult<Vec<u8>> {
    let standards: &[PdfStandard] = match standard {
        Standard::None => &[],
        Standard::Ua1 => &[PdfStandard::Ua_1],
        Standard::A2a => &[PdfStandard::A_2a],
    };
    let options = PdfOptions {
        creator: Smart::Custom(Some(creator)),
        standards: PdfStandards::new(standards).unwrap_or_default(),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
}

/// The first of Typst's errors, located where the layout is a file of the book.
fn problem(
    problems: &[SourceDiagnostic],
    world: &PrintWorld,
    theme: Option<FileId>,
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
