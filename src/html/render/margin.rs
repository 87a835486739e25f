//! What stands beside the text: who cites it, comments, and what those rest on.

use super::Renderer;
use super::inlines::{kind_class, plain};
use crate::annotation::{Bearing, CommentKind};
use crate::edition::{Citing, Endnote, Remark, Rich};
use crate::html::markup::Markup;

/// Longer lists of who cites a paragraph are folded.
const MOST_PLACES_OPEN: usize = 3;
/// And so many characters of the margin, which are four lines, whatever the paragraph's length.
const ROOM: usize = 160;

impl Renderer<'_> {
    /// Who cites a paragraph; folded where it is longer than there is room beside the paragraph.
    pub(super) fn cited_by(
        &self,
        number: Option<u32>,
        citing: &[Citing<'_>],
        room: usize,
        out: &mut Markup,
    ) {
        if citing.is_empty() {
            return;
        }
        let words = &self.edition.words;
        let label = words.get("cited_by");
        out.raw("\n<div class=\"cited-by\" role=\"note\" aria-label=\"")
            .text(label)
            .raw(": ");
        out.text(words.get("paragraph"))
            .raw(" ")
            .number(number.unwrap_or_default());
        let length =
            |place: &Citing<'_>| place.title.chars().count() + place.around.chars().count();
        let is_long = citing.iter().map(length).sum::<usize>() > room;
        let folded = citing.len() > MOST_PLACES_OPEN || (citing.len() > 1 && is_long);
        out.raw("\">")
            .raw(if folded { "<details><summary>" } else { "" });
        out.raw("<span class=\"label\"><span class=\"of\">¶\u{a0}")
            .number(number.unwrap_or_default());
        out.raw(" · </span>").text(label);
        if folded {
            out.raw(" ").text(&citing.len().to_string());
            out.raw(" ").text(words.get("places"));
        }
        out.raw("</span>")
            .raw(if folded { "</summary>" } else { "" });
        for place in citing {
            out.raw(" <a href=\"");
            self.here.write_href(&place.to, out);
            out.raw("\">").text(&place.title).raw("</a>");
            if let Some(bearing) = place.bearing {
                out.raw(" <span class=\"bearing\">")
                    .text(words.get(match bearing {
                        Bearing::Supports => "bears_supports",
                        Bearing::Disputes => "bears_disputes",
                        Bearing::Qualifies => "bears_qualifies",
                    }));
                out.raw("</span>");
            }
            if !place.around.is_empty() {
                out.raw(" <q class=\"around\">")
                    .text(place.around)
                    .raw("</q>");
            }
        }
        out.raw(if folded { "</details></div>" } else { "</div>" });
    }

    /// Comments, each beside the passage that it is on.
    pub(in crate::html) fn remarks(&self, remarks: &[Remark<'_>], out: &mut Markup) {
        for remark in remarks {
            out.raw("\n");
            self.remark(remark, out);
        }
    }

    fn remark(&self, remark: &Remark<'_>, out: &mut Markup) {
        let words = &self.edition.words;
        let kind = words.get(kind_word(remark.kind));
        out.raw("<div role=\"note\" class=\"comment ")
            .raw(kind_class(remark.kind));
        out.raw("\" id=\"")
            .text(self.here.prefix())
            .text(&remark.anchor);
        out.raw("\" aria-label=\"").text(words.get("comment"));
        out.raw(" ")
            .text(remark.label)
            .raw("\">\n<p class=\"kind\">");
        match &remark.mark {
            Some(mark) => {
                out.raw("<a class=\"back\" href=\"#")
                    .text(self.here.prefix())
                    .text(mark)
                    .raw("\">");
                out.text(remark.label).raw("</a> ");
            }
            None => {
                out.raw("<span class=\"back\">")
                    .text(remark.label)
                    .raw("</span> ");
            }
        }
        out.raw("<span class=\"label\">")
            .text(kind)
            .raw("</span></p>\n");
        if let Some(read) = remark.read {
            out.raw("<p class=\"read\"><span class=\"label\">")
                .text(words.get("read_as"));
            out.raw("</span> <q>").text(read).raw("</q></p>\n");
        }
        let inner = Renderer {
            sidenotes: false,
            ..*self
        };
        inner.blocks(&remark.blocks, out);
        inner.rests(&remark.notes, out);
        if let Some(byline) = &remark.byline {
            out.raw("<p class=\"byline\">").text(byline).raw("</p>\n");
        }
        out.raw("</div>");
    }

    /// What an entry rests on, by number.
    pub(in crate::html) fn rests(&self, notes: &[Endnote<'_>], out: &mut Markup) {
        if notes.is_empty() {
            return;
        }
        out.raw("<ul class=\"rests\" role=\"list\" aria-label=\"");
        out.text(self.edition.words.get("sources")).raw("\">\n");
        for note in notes {
            out.raw("<li id=\"")
                .text(self.here.prefix())
                .raw("n")
                .number(note.number)
                .raw("\">");
            self.rich(&note.content, out);
            out.raw("</li>\n");
        }
        out.raw("</ul>\n");
    }
}

/// How many characters stand in the margin beside a paragraph: its lines are three quarters of the text's, and it is
/// narrower by more than that. A comment takes all the room there is.
pub(super) fn room(content: &[Rich<'_>], remarks: &[Remark<'_>]) -> usize {
    if !remarks.is_empty() {
        return 0;
    }
    (plain(content).chars().count() * 3 / 4).max(ROOM)
}

/// The word of the interface for a kind of comments.
fn kind_word(kind: Option<CommentKind>) -> &'static str {
    match kind {
        None => "comment",
        Some(CommentKind::Context) => "kind_context",
        Some(CommentKind::Correction) => "kind_correction",
        Some(CommentKind::Dispute) => "kind_dispute",
        Some(CommentKind::Question) => "kind_question",
        Some(CommentKind::Assessment) => "kind_assessment",
    }
}
