//! The book's text in memory: files, places in them, and text that knows where it came from.
//!
//! Everything downstream works on [`Sources`]; only `disk` knows a file system.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

/// Names one file of a [`Sources`]. Ids are given in the order of the paths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span of `range` in `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Span {
            file,
            start: small(range.start),
            end: small(range.end),
        }
    }

    /// The byte range, for slicing the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Offsets are 32 bits wide: `disk` refuses files of 4 GiB and more.
fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

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

/// Finds lines and columns of many places; quick where they are asked for in their order.
pub struct Cursor<'s> {
    sources: &'s Sources,
    file: Option<FileId>,
    at: usize,
    place: Place,
}

impl<'s> Cursor<'s> {
    /// A cursor before the first file.
    pub fn new(sources: &'s Sources) -> Self {
        Cursor {
            sources,
            file: None,
            at: 0,
            place: Place { line: 1, column: 1 },
        }
    }

    /// The path of a span's file.
    pub fn path(&self, span: Span) -> &'s str {
        &self.sources.file(span.file).path
    }

    /// Line and column of a span's start.
    pub fn place(&mut self, span: Span) -> Place {
        let text = &self.sources.file(span.file).text;
        let offset = text.floor_char_boundary(span.start as usize);
        if self.file != Some(span.file) || offset < self.at {
            self.file = Some(span.file);
            self.at = 0;
            self.place = Place { line: 1, column: 1 };
        }
        for character in text[self.at..offset].chars() {
            if character == '\n' {
                self.place.line += 1;
                self.place.column = 1;
            } else {
                self.place.column += 1;
            }
        }
        self.at = offset;
        self.place
    }
}

/// Where the characters of a text came from: runs that begin at `text` here and at `file` there.
///
/// A run of equal length on both sides maps byte for byte; the others (an escape, a folded line end, an
/// entity) map as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Origin {
    /// Nearly always a single one.
    runs: SmallVec<[Run; 1]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    text: u32,
    text_length: u32,
    file: u32,
    file_length: u32,
}

impl Origin {
    /// The origin of a text that stands in the file as it is, from `offset` on.
    pub fn verbatim(offset: usize, length: usize) -> Self {
        let mut origin = Origin::default();
        origin.push(0, length, offset..offset + length);
        origin
    }

    /// Says that the next `length` bytes of the text, from `text` on, came from `file`.
    pub fn push(&mut self, text: usize, length: usize, file: Range<usize>) {
        let run = Run {
            text: small(text),
            text_length: small(length),
            file: small(file.start),
            file_length: small(file.len()),
        };
        if let Some(last) = self.runs.last_mut()
            && last.is_verbatim()
            && run.is_verbatim()
            && last.text + last.text_length == run.text
            && last.file + last.file_length == run.file
        {
            last.text_length += run.text_length;
            last.file_length += run.file_length;
            return;
        }
        self.runs.push(run);
    }

    /// Says that the next bytes of the text, from `text` on, came from `range` of another text.
    pub fn push_from(&mut self, text: usize, other: &Text, range: Range<usize>) {
        if let [run] = other.origin.runs.as_slice()
            && run.is_verbatim()
        {
            let file = run.locate(range.start)..run.locate(range.end);
            return self.push(text, range.len(), file);
        }
        for run in other.slice(range).origin.runs {
            let file = run.file as usize..(run.file + run.file_length) as usize;
            self.push(text + run.text as usize, run.text_length as usize, file);
        }
    }

    /// Forgets where the text from `length` on came from.
    pub fn truncate(&mut self, length: usize) {
        let length = small(length);
        let kept = self.runs.partition_point(|run| run.text < length);
        self.runs.truncate(kept);
        if let Some(last) = self.runs.last_mut()
            && last.text + last.text_length > length
        {
            let cut = last.text + last.text_length - length;
            if last.is_verbatim() {
                last.file_length -= cut;
            }
            last.text_length -= cut;
        }
    }

    /// The bytes of the file that carry `range` of the text.
    pub fn of(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.start_of(range.start);
            return at..at;
        }
        let start = self.start_of(range.start);
        start..self.end_of(range.end).max(start)
    }

    fn start_of(&self, offset: usize) -> usize {
        let index = self
            .runs
            .partition_point(|run| run.text as usize + run.text_length as usize <= offset);
        match self.runs.get(index) {
            Some(run) => run.locate(offset),
            None => self.runs.last().map_or(0, |run| run.locate(offset)),
        }
    }

    fn end_of(&self, offset: usize) -> usize {
        let index = self
            .runs
            .partition_point(|run| (run.text as usize) < offset);
        match index.checked_sub(1).and_then(|last| self.runs.get(last)) {
            Some(run) if run.is_verbatim() => run.locate(offset),
            Some(run) => (run.file + run.file_length) as usize,
            None => 0,
        }
    }
}

impl Run {
    fn is_verbatim(self) -> bool {
        self.text_length == self.file_length
    }

    fn locate(self, offset: usize) -> usize {
        let into = offset.saturating_sub(self.text as usize);
        let end = (self.file + self.file_length) as usize;
        if self.is_verbatim() {
            (self.file as usize + into).min(end)
        } else if into >= self.text_length as usize {
            end
        } else {
            self.file as usize
        }
    }
}

/// Characters that several texts may share: a piece of a text that is kept once.
#[derive(Clone)]
pub struct Shared {
    whole: Arc<str>,
    start: u32,
    end: u32,
}

impl Shared {
    /// A piece of these characters, which is not copied.
    pub fn slice(&self, range: Range<usize>) -> Shared {
        debug_assert!(self.get(range.clone()).is_some());
        Shared {
            whole: Arc::clone(&self.whole),
            start: self.start + small(range.start),
            end: self.start + small(range.end),
        }
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.whole[self.start as usize..self.end as usize]
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<T: Into<Arc<str>>> From<T> for Shared {
    fn from(text: T) -> Self {
        let whole = text.into();
        Shared {
            start: 0,
            end: small(whole.len()),
            whole,
        }
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for Shared {
    fn eq(&self, other: &T) -> bool {
        self.as_str() == other.as_ref()
    }
}

impl Eq for Shared {}

impl AsRef<str> for Shared {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// A text that knows which bytes of which file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The characters.
    pub text: Shared,
    /// The file.
    pub file: FileId,
    /// Where the characters stand in it.
    pub origin: Origin,
}

impl Text {
    /// A text that stands in `file` as it is, from `offset` on.
    pub fn verbatim(file: FileId, text: impl Into<Shared>, offset: usize) -> Self {
        let text = text.into();
        Text {
            file,
            origin: Origin::verbatim(offset, text.len()),
            text,
        }
    }

    /// The place of a range of this text in its file.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, self.origin.of(range))
    }

    /// The place of the whole text.
    pub fn whole(&self) -> Span {
        self.span(0..self.text.len())
    }

    /// Adds a text, and before it words that stand nowhere.
    pub fn append(&mut self, between: &str, other: &Text) {
        let start = self.text.len() + between.len();
        self.text = format!("{}{between}{}", self.text, other.text).into();
        self.origin.push_from(start, other, 0..other.text.len());
    }

    /// Cuts the text to its first `length` bytes.
    pub fn truncate(&mut self, length: usize) {
        if length < self.text.len() {
            self.text = self.text.slice(0..length);
            self.origin.truncate(length);
        }
    }

    /// Where in this text words with this origin stand as they are.
    pub fn place_of(&self, words: &str, origin: &Origin) -> Option<Range<usize>> {
        let ([run], [own]) = (origin.runs.as_slice(), self.origin.runs.as_slice()) else {
            return None;
        };
        let start = run.file.checked_sub(own.file)? as usize;
        let place = start..start + words.len();
        (self.text.get(place.clone()) == Some(words)).then_some(place)
    }

    /// A part of this text, with its origin.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let mut origin = Origin::default();
        for run in &self.origin.runs {
            let (start, end) = (run.text as usize, (run.text + run.text_length) as usize);
            let cut = start.max(range.start)..end.min(range.end);
            if cut.is_empty() {
                continue;
            }
            let file = if run.is_verbatim() {
                run.locate(cut.start)..run.locate(cut.end)
            } else {
                run.file as usize..(run.file + run.file_length) as usize
            };
            origin.push(cut.start - range.start, cut.len(), file);
        }
        if origin.runs.is_empty() {
            origin = Origin::verbatim(self.origin.start_of(range.start), 0);
        }
        Text {
            text: self.text.slice(range),
            file: self.file,
            origin,
        }
    }
}

/// A path inside a site: relative, with `/`, no empty, `.` or `..` part, no backslash, no control character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SitePath(String);

impl SitePath {
    /// The path, if it is one.
    pub fn new(path: impl Into<String>) -> Option<Self> {
        let path = path.into();
        let sound = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.contains(|c: char| c == '\\' || c == ':' || c.is_control())
        };
        path.split('/').all(sound).then_some(SitePath(path))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What leads from a page at this path to the site's root: `""`, `"../"`, …
    pub fn to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_maps_verbatim_and_replaced_runs() {
        // "a&b" from "a&amp;b" at offset 10.
        let mut origin = Origin::default();
        origin.push(0, 1, 10..11);
        origin.push(1, 1, 11..16);
        origin.push(2, 1, 16..17);
        assert_eq!(origin.of(0..1), 10..11);
        assert_eq!(origin.of(1..2), 11..16);
        assert_eq!(origin.of(2..3), 16..17);
        assert_eq!(origin.of(0..3), 10..17);
    }

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

    #[test]
    fn a_cursor_finds_the_same_places() {
        let sources = Sources::from_texts([("a.md", "日本\n\téx\n"), ("b.md", "one\ntwo")]);
        let mut cursor = Cursor::new(&sources);
        for (file, start) in [(0, 0), (0, 3), (0, 10), (0, 999), (1, 5), (0, 3), (0, 4)] {
            let span = Span::new(FileId(file), start..start);
            assert_eq!(
                cursor.place(span),
                sources.place(span.file, start),
                "{span:?}"
            );
        }
    }

    #[test]
    fn site_paths_stay_inside() {
        for bad in ["", "/a", "a//b", "../a", "a/..", "a\\b", "c:/x", "a\0"] {
            assert_eq!(SitePath::new(bad), None, "{bad:?}");
        }
        assert!(SitePath::new("articles/在日米軍.html").is_some());
    }
}
