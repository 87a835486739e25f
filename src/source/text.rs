//! Text that knows which bytes of a file it came from, and shares the file's characters where it can.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use smallvec::SmallVec;

use super::{FileId, Span, small};

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
        let runs = self.origin.runs.as_slice();
        let first =
            runs.partition_point(|run| (run.text + run.text_length) as usize <= range.start);
        let within = |run: &&Run| (run.text as usize) < range.end;
        for run in runs[first..].iter().take_while(within) {
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
}
