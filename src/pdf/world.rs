//! Typst's view of the world: one layout, one file of data, the book's images, the embedded fonts.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

macro_rules! fonts {
    ($($file:literal),* $(,)?) => {
        &[$(include_bytes!(concat!("../../themes/brief/fonts/", $file)).as_slice()),*]
    };
}

/// The theme's fonts. Typst's own set would add New Computer Modern, of which one file is under the GPL.
const EMBEDDED: &[&[u8]] = fonts![
    "LibertinusSerif-Regular.otf",
    "LibertinusSerif-Italic.otf",
    "LibertinusSerif-Semibold.otf",
    "LibertinusSerif-SemiboldItalic.otf",
    "LibertinusSerif-Bold.otf",
    "LibertinusSerif-BoldItalic.otf",
    "DejaVuSansMono.ttf",
    "DejaVuSansMono-Bold.ttf",
    "DejaVuSansMono-Oblique.ttf",
];

/// The embedded fonts, parsed once.
static EMBEDDED_FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let data = EMBEDDED.iter();
    data.flat_map(|data| Font::iter(Bytes::new(*data)))
        .collect()
});

/// The fonts of one print edition: the embedded ones, then those that the book and the system add.
#[derive(Clone)]
pub(super) struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    /// The embedded fonts and the book's own.
    pub(super) fn new(own: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut fonts = EMBEDDED_FONTS.clone();
        fonts.extend(own.flat_map(|data| Font::iter(Bytes::new(data))));
        Fonts::of(fonts)
    }

    fn of(fonts: Vec<Font>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Fonts { book, fonts }
    }

    /// Adds, of some font files, those of the families that are named and not there.
    pub(super) fn with_families<'n>(
        self,
        named: impl Iterator<Item = &'n str>,
        files: impl Iterator<Item = Vec<u8>>,
    ) -> Self {
        let wanted: Vec<&str> = named.filter(|name| !self.have(name)).collect();
        if wanted.is_empty() {
            return self;
        }
        let is_wanted = |font: &Font| {
            let family = &font.info().family;
            wanted.iter().any(|name| family.eq_ignore_ascii_case(name))
        };
        let found = files.flat_map(|data| Font::iter(Bytes::new(data)).collect::<Vec<_>>());
        let mut fonts = self.fonts;
        fonts.extend(found.filter(is_wanted));
        Fonts::of(fonts)
    }

    /// Whether some font is of a family.
    pub(super) fn have(&self, family: &str) -> bool {
        self.book.contains_family(&family.to_lowercase())
    }

    /// The fonts' files.
    pub(super) fn data(&self) -> impl Iterator<Item = &[u8]> {
        self.fonts.iter().map(|font| font.data().as_slice())
    }

    /// Adds, of some font files, the first that has each character which is missing in a text.
    pub(super) fn complete(self, text: &str, files: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut missing = self.missing(text);
        let mut fonts = self.fonts;
        for data in files {
            if missing.is_empty() {
                break;
            }
            for font in Font::iter(Bytes::new(data)) {
                let before = missing.len();
                missing.retain(|character| !has(&font, *character));
                if missing.len() < before {
                    fonts.push(font);
                }
            }
        }
        Fonts::of(fonts)
    }

    /// The characters of a text that no font has.
    pub(super) fn missing(&self, text: &str) -> BTreeSet<char> {
        let seen: BTreeSet<char> = text
            .chars()
            .filter(|c| !c.is_ascii() && !is_invisible(*c))
            .collect();
        let lacking = |c: &char| !self.fonts.iter().any(|font| has(font, *c));
        seen.into_iter().filter(lacking).collect()
    }
}

fn has(font: &Font, character: char) -> bool {
    font.info().coverage.contains(u32::from(character))
}

/// Joiners, marks of direction and spaces, which print nothing.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

pub(super) struct PrintWorld {
    library: LazyHash<Library>,
    fonts: Fonts,
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl PrintWorld {
    /// A world of a layout, the book's data, and files by absolute path.
    pub(super) fn new(
        layout: &str,
        book: Bytes,
        files: impl Iterator<Item = (String, Bytes)>,
        fonts: Fonts,
    ) -> Self {
        let mut known: HashMap<FileId, Bytes> = HashMap::new();
        known.extend(id("/book.json").map(|id| (id, book)));
        for (path, bytes) in files {
            known.extend(id(&path).map(|id| (id, bytes)));
        }
        PrintWorld {
            library: LazyHash::new(Library::default()),
            fonts,
            main: match id("/print.typ") {
                Some(id) => Source::new(id, layout.to_owned()),
                None => Source::detached(layout),
            },
            files: known,
        }
    }

    /// Where in the layout a problem is.
    pub(super) fn range(&self, problem: &SourceDiagnostic) -> Option<Range<usize>> {
        let here = problem.span.id() == Some(self.main.id());
        here.then(|| WorldExt::range(self, problem.span)).flatten()
    }
}

fn id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for PrintWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    /// No clock: the same book gives the same bytes.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
