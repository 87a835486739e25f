//! The files of a book, each with its text or with what is wrong with it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{FileId, Place, Span, small};

/// Everything that a book is made from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<File>,
    assets: BTreeMap<String, Asset>,
}

impl Sources {
    /// Sources of these files, which are sorted by path.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Sources {
            files,
            assets: BTreeMap::new(),
        }
    }

    /// Sources of texts by path; how tests make books.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Sources::new(
            texts
                .into_iter()
                .map(|(path, text)| File::new(path, text))
                .collect(),
        )
    }

    /// Adds what is copied as it is, by path from the book's folder.
    #[must_use]
    pub fn with_assets(mut self, assets: BTreeMap<String, Asset>) -> Self {
        self.assets = assets;
        self
    }

    /// The same with another text in one file, which may be new.
    #[must_use]
    pub fn with_text(mut self, path: &str, text: &str) -> Self {
        if let Some(file) = self.find(path) {
            let file = &mut self.files[file.0 as usize];
            file.text = text.into();
            file.lines = OnceLock::new();
        } else {
            self.files.push(File::new(path, text));
            self.files.sort_by(|a, b| a.path.cmp(&b.path));
        }
        self
    }

    /// All text files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(small(index)), file))
    }

    /// The file of an id that these sources gave.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The file with this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()?;
        Some(FileId(small(index)))
    }

    /// What is copied as it is, by path from the book's folder.
    pub fn assets(&self) -> &BTreeMap<String, Asset> {
        &self.assets
    }

    /// Whether the machine, not the author, kept a text from being read.
    pub fn machine_failed(&self) -> bool {
        let faults = self.files.iter().filter_map(|file| file.fault.as_ref());
        faults
            .into_iter()
            .any(|fault| fault.blame == Blame::Machine)
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file)
            .text
            .get(span.range())
            .unwrap_or_default()
    }

    /// Line and column of a span's start.
    pub fn place(&self, file: FileId, offset: usize) -> Place {
        let file = self.file(file);
        let offset = file.text.floor_char_boundary(offset.min(file.text.len()));
        let line = file.line(offset);
        let start = file.lines()[line - 1] as usize;
        Place {
            line,
            column: file.text[start..offset].chars().count() + 1,
        }
    }
}

/// One text file of the book.
#[derive(Clone, Eq, Debug)]
pub struct File {
    /// The path from the book's folder, with `/`.
    pub path: String,
    /// The text, without a byte order mark.
    pub text: Arc<str>,
    /// Whether a byte order mark stands before the text on the disk.
    pub marked: bool,
    /// Set when the text must not be read further.
    pub fault: Option<Fault>,
    /// Where the lines begin, once somebody has asked for one.
    lines: OnceLock<Vec<u32>>,
}

impl PartialEq for File {
    /// Most files of a book are the same since it was compiled last, and so are their texts.
    fn eq(&self, other: &Self) -> bool {
        (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
            && self.path == other.path
            && self.marked == other.marked
            && self.fault == other.fault
    }
}

impl File {
    /// A file with this text and nothing wrong with it.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        File {
            path: path.into(),
            text: text.into(),
            marked: false,
            fault: None,
            lines: OnceLock::new(),
        }
    }

    /// A file whose text cannot be used.
    pub fn faulty(path: impl Into<String>, fault: Fault) -> Self {
        File {
            fault: Some(fault),
            ..File::new(path, "")
        }
    }

    /// The line of a byte, counted from one.
    pub fn line(&self, offset: usize) -> usize {
        let offset = small(offset);
        self.lines().partition_point(|start| *start <= offset)
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let starts = ends.map(|newline| small(newline + 1));
            std::iter::once(0).chain(starts).collect()
        })
    }

    /// Where a byte of the text stands in the file on the disk.
    pub fn on_disk(&self, offset: u32) -> u32 {
        offset + if self.marked { MARK_LENGTH } else { 0 }
    }
}

/// The length of a byte order mark in UTF-8.
const MARK_LENGTH: u32 = 3;

/// Why a file's text cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// One sentence: the fact.
    pub message: String,
    /// What mends it.
    pub help: String,
    /// Where in the text as it was read (replacement characters stand for what is not text).
    pub at: Range<usize>,
    /// Who is to mend it.
    pub blame: Blame,
}

/// Whose fault it is that a text cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The book's: its author can mend the file.
    Book,
    /// The machine's: it refused a file that may be sound.
    Machine,
}

/// A file that is copied as it is; its bytes stay on the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// Length in bytes.
    pub length: u64,
    /// The hash of the bytes (BLAKE3), which tells whether the asset has changed.
    pub hash: [u8; 32],
    /// How large an image is shown, if its file says so.
    pub size: Option<Size>,
}

/// The size of an image in CSS pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let sources = Sources::from_texts([("a.md", "日本\n\téx\n")]);
        let place = |offset| {
            let place = sources.place(FileId(0), offset);
            (place.line, place.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (1, 2));
        assert_eq!(place(10), (2, 3));
        assert_eq!(place(999), (3, 1));
    }

    #[test]
    fn another_text_has_other_lines() {
        let sources = Sources::from_texts([("a.md", "one\ntwo\n")]);
        let line = |sources: &Sources| sources.place(FileId(0), 4).line;
        assert_eq!(line(&sources), 2);
        let edited = sources.clone().with_text("a.md", "one and two\n");
        assert_eq!((line(&edited), line(&sources)), (1, 2));
    }
}
