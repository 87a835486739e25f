//! The book's text in memory: files, places in them, and text that knows where it came from.
//!
//! Everything downstream works on [`Sources`]; only `disk` knows a file system.

mod files;
mod places;
mod site_path;
mod text;

use std::ops::Range;

pub use files::{Asset, Blame, Fault, File, Size, Sources};
pub use places::{Cursor, Place};
pub use site_path::SitePath;
pub use text::{Origin, Shared, Text};

/// The line that parts the two versions of a merge which nobody has decided.
pub const LINE_OF_MERGE: &str = "=======";

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

/// A place in a text, or a number of things in it; 32 bits are enough, since `disk` refuses files of 4 GiB and more.
pub(crate) fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
