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

/// The embedded fonts and their catalogue, parsed once.
static FONTS: LazyLock<(LazyHash<FontBook>, Vec<Font>)> = LazyLock::new(|| {
    let fonts: Vec<Font> = EMBEDDED
        .iter()
        .flat_map(|data| Font::iter(Bytes::new(*data)))
        .collect();
    (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
});

/// The characters of a text that no embedded font has.
pub(super) fn missing(text: &str) -> BTreeSet<char> {
    let characters: BTreeSet<char> = text
        .chars()
        .filter(|c| !c.is_ascii() && !is_invisible(*c))
        .collect();
    let has = |character: char| {
        FONTS
            .1
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(character)))
    };
    characters
        .into_iter()
        .filter(|character| !has(*character))
        .collect()
}

/// Joiners, marks of direction and spaces, which print nothing.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

pub(super) struct PrintWorld {
    library: LazyHash<Library>,
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl PrintWorld {
    /// A world of a layout, the book's data, and files by absolute path.
    pub(super) fn new(layout: &str, book: String, files: Vec<(String, Vec<u8>)>) -> Self {
        let mut known: HashMap<FileId, Bytes> = HashMap::new();
        known.extend(id("/book.json").map(|id| (id, Bytes::from_string(book))));
        for (path, bytes) in files {
            known.extend(id(&path).map(|id| (id, Bytes::new(bytes))));
        }
        PrintWorld {
            library: LazyHash::new(Library::default()),
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
        &FONTS.0
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
        FONTS.1.get(index).cloned()
    }

    /// No clock: the same book gives the same bytes.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
