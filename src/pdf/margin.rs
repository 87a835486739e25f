//! Where the notes on passages stand, and how many of them the margin holds.

use serde_json::Value;

use crate::annotation::CommentKind;
use crate::config::{NotePlace, NotePlaces};

/// Where notes of a kind are to stand.
pub(super) fn place_of(kind: Option<CommentKind>, places: NotePlaces) -> NotePlace {
    match kind {
        Some(CommentKind::Context) => places.context,
        Some(CommentKind::Correction) => places.correction,
        Some(CommentKind::Dispute) => places.dispute,
        Some(CommentKind::Question) => places.question,
        Some(CommentKind::Assessment) => places.assessment,
        None => places.other,
    }
}

/// Whether blocks are paragraphs alone: tables, lists and images need the measure of the text.
pub(super) fn is_prose(blocks: &Value) -> bool {
    let mut blocks = blocks.as_array().into_iter().flatten();
    blocks.all(|block| block["kind"] == "paragraph")
}

/// The margin beside a text: how many letters of that text have no note beside them yet.
///
/// What a page's notes need can then not outgrow what the page has by much, wherever it ends.
#[derive(Default)]
pub(super) struct Margin {
    free: usize,
}

impl Margin {
    /// What a block takes besides its letters: its last line, which is not full, and the space behind it.
    const BLOCK: usize = 60;

    /// The most that notes may lag behind: a quarter of a page.
    const MOST: usize = 800;

    /// What a note takes besides its letters: the line that tells its kind, and the space behind it.
    const NOTE: usize = 120;

    /// A line of a note holds fewer letters than one of the text, and is lower.
    const NARROW: usize = 2;

    /// Goes on by a block of the text.
    pub(super) fn pass(&mut self, letters: usize) {
        self.free = (self.free + letters + Self::BLOCK).min(Self::MOST);
    }

    /// Whether a note has room beside what was passed; it then takes it.
    pub(super) fn take(&mut self, letters: usize) -> bool {
        let needed = Self::NARROW * letters + Self::NOTE;
        let has_room = needed <= self.free;
        if has_room {
            self.free -= needed;
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_needs_text_to_stand_beside() {
        let mut margin = Margin::default();
        margin.pass(400);
        assert!(margin.take(150));
        assert!(!margin.take(20), "the paragraph is used up");
        margin.pass(100);
        assert!(margin.take(40));
        margin.pass(100_000);
        assert!(!margin.take(400), "longer than any margin takes");
    }
}
