//! Lines and columns, as people count them.

use super::{FileId, Sources, Span};

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
