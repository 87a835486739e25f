//! The edition's tree as HTML.

use super::code;
use super::markup::Markup;
use super::path::Here;
use crate::annotation::{Bearing, CommentKind};
use crate::edition::{
    Citing, Edition, Endnote, Flow, Matter, Paragraph, Picture, Remark, Rich, direction,
};
use crate::lock::Id;
use crate::markdown::Alignment;
use crate::source::Size;

/// Longer lists of who cites a paragraph are folded.
const MOST_PLACES_OPEN: usize = 3;
/// And so many characters of the margin, which are four lines, whatever the paragraph's length.
const ROOM: usize = 160;

/// Renders blocks and running text for one page.
#[derive(Clone, Copy)]
pub(super) struct Renderer<'r> {
    edition: &'r Edition<'r>,
    here: Here<'r>,
    /// The word for a paragraph.
    paragraph: &'r str,
    /// Whether notes stand beside the text as well as at the page's end.
    pub(super) sidenotes: bool,
    /// Whether the text is in another language than the book; what stands beside it is not.
    pub(super) foreign: bool,
}

impl<'r> Renderer<'r> {
    pub(super) fn new(edition: &'r Edition<'r>, here: Here<'r>) -> Self {
        Renderer {
            edition,
            here,
            paragraph: edition.words.get("paragraph"),
            sidenotes: true,
            foreign: false,
        }
    }

    /// What stands before every id.
    pub(super) fn prefix(&self) -> &'r str {
        self.here.prefix()
    }

    pub(super) fn flow(&self, flow: &[Flow<'_>]) -> Markup {
        let mut out = Markup::new();
        self.blocks(flow, &mut out);
        out
    }

    pub(super) fn inline(&self, content: &[Rich<'_>]) -> Markup {
        let mut out = Markup::new();
        self.rich(content, &mut out);
        out
    }

    fn blocks(&self, flow: &[Flow<'_>], out: &mut Markup) {
        for block in flow {
            self.block(block, out);
            out.raw("\n");
        }
    }

    fn block(&self, block: &Flow<'_>, out: &mut Markup) {
        match block {
            Flow::Heading {
                level,
                slug,
                content,
            } => self.heading(*level, slug, content, out),
            Flow::Paragraph(paragraph) => self.paragraph(paragraph, out),
            Flow::Text(content) => {
                out.raw("<p>");
                self.rich(content, out);
                out.raw("</p>");
            }
            Flow::Quote(blocks) => {
                out.raw("<blockquote>\n");
                self.blocks(blocks, out);
                out.raw("</blockquote>");
            }
            Flow::List { start, items } => self.list(*start, items, out),
            Flow::Definitions(items) => {
                out.raw("<dl>\n");
                for (term, blocks) in items {
                    out.raw("<dt>");
                    self.rich(term, out);
                    out.raw("</dt>\n<dd>\n");
                    self.blocks(blocks, out);
                    out.raw("</dd>\n");
                }
                out.raw("</dl>");
            }
            Flow::Rule => {
                out.raw("<hr>");
            }
            Flow::Omitted(range) => {
                out.raw("<p class=\"omitted\">");
                out.text(&self.edition.omission(range)).raw("</p>");
            }
        }
    }

    fn heading(&self, level: u8, slug: &str, content: &[Rich<'_>], out: &mut Markup) {
        let (open, close) = match level {
            2 => ("<h2 id=\"", "</h2>"),
            3 => ("<h3 id=\"", "</h3>"),
            4 => ("<h4 id=\"", "</h4>"),
            5 => ("<h5 id=\"", "</h5>"),
            _ => ("<h6 id=\"", "</h6>"),
        };
        out.raw(open).text(self.here.prefix()).text(slug).raw("\">");
        self.rich(content, out);
        out.raw(close);
    }

    fn list(&self, start: Option<u64>, items: &[Vec<Flow<'_>>], out: &mut Markup) {
        match start {
            None => out.raw("<ul>\n"),
            Some(1) => out.raw("<ol>\n"),
            Some(start) => out.raw("<ol start=\"").number(start).raw("\">\n"),
        };
        for item in items {
            match item.as_slice() {
                [
                    Flow::Paragraph(Paragraph {
                        number,
                        name,
                        id,
                        matter: Matter::Running(content),
                        cited_by,
                        remarks,
                    }),
                ] => {
                    out.raw("<li");
                    self.paragraph_number(*number, *name, *id, out);
                    self.rich(content, out);
                    let apart = self.foreign && !(remarks.is_empty() && cited_by.is_empty());
                    if apart {
                        self.open_aside(out);
                    }
                    self.remarks(remarks, out);
                    let room = room(content, remarks);
                    self.cited_by(*number, cited_by, room, out);
                    if apart {
                        out.raw("</div>");
                    }
                }
                blocks => {
                    out.raw("<li>\n");
                    self.blocks(blocks, out);
                }
            }
            out.raw("</li>\n");
        }
        out.raw(if start.is_some() { "</ol>" } else { "</ul>" });
    }

    fn paragraph(&self, paragraph: &Paragraph<'_>, out: &mut Markup) {
        let Paragraph {
            number,
            name,
            id,
            matter,
            cited_by,
            remarks,
        } = paragraph;
        let beside = !(remarks.is_empty() && cited_by.is_empty());
        if beside {
            // Ahead of the text, so that it can begin at the text's first line without holding the next text back.
            out.raw("<div class=\"beside\">\n");
            self.open_aside(out);
            self.remarks(remarks, out);
            let room = match matter {
                Matter::Running(content) => room(content, remarks),
                Matter::Table { .. } | Matter::Code { .. } | Matter::Image(_) => usize::MAX,
            };
            self.cited_by(*number, cited_by, room, out);
            out.raw("\n</div>\n");
        }
        out.raw(match matter {
            Matter::Running(_) => "<p",
            Matter::Table { .. } | Matter::Code { .. } | Matter::Image(_) => "<div",
        });
        self.paragraph_number(*number, *name, *id, out);
        match matter {
            Matter::Running(content) => {
                self.rich(content, out);
                out.raw("</p>");
            }
            Matter::Table {
                alignments,
                head,
                rows,
            } => {
                self.table(alignments, head, rows, out);
                out.raw("</div>");
            }
            Matter::Code { language, text } => {
                out.raw("<pre tabindex=\"0\"><code>");
                code::highlight(text, *language, out);
                out.raw("</code></pre></div>");
            }
            Matter::Image(image) => {
                self.image(image, out);
                out.raw("</div>");
            }
        }
        if beside {
            out.raw("\n</div>");
        }
    }

    /// Opens what holds the things beside a paragraph.
    fn open_aside(&self, out: &mut Markup) {
        out.raw("<div class=\"aside\"");
        if self.foreign {
            let language = &self.edition.book.config.book.language;
            out.raw(" lang=\"").text(language);
            out.raw("\" dir=\"")
                .raw(direction(language).name())
                .raw("\"");
        }
        out.raw(">");
    }

    /// The rest of a numbered element's tag, and its number as a link to itself.
    fn paragraph_number(
        &self,
        number: Option<u32>,
        name: Option<&str>,
        id: Option<Id>,
        out: &mut Markup,
    ) {
        let Some(number) = number else {
            out.raw(">");
            return;
        };
        let prefix = self.here.prefix();
        out.raw(" id=\"")
            .text(prefix)
            .raw("p")
            .number(number)
            .raw("\" class=\"numbered\">");
        let id = id.map(|id| id.to_string());
        for name in name.into_iter().chain(id.as_deref()) {
            out.raw("<a id=\"")
                .text(prefix)
                .raw("^")
                .text(name)
                .raw("\"></a>");
        }
        out.raw("<a class=\"pn\" href=\"#")
            .text(prefix)
            .raw("p")
            .number(number);
        out.raw("\" aria-label=\"").text(self.paragraph).raw(" ");
        out.number(number).raw("\">").number(number).raw("</a>");
    }

    fn table(
        &self,
        alignments: &[Alignment],
        head: &[Vec<Rich<'_>>],
        rows: &[Vec<Vec<Rich<'_>>>],
        out: &mut Markup,
    ) {
        out.raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
        out.text(self.edition.words.get("table"))
            .raw("\">\n<table>\n<thead><tr>");
        for (index, cell) in head.iter().enumerate() {
            out.raw("<th scope=\"col\"")
                .raw(aligned(alignments.get(index)));
            self.rich(cell, out);
            out.raw("</th>");
        }
        out.raw("</tr></thead>\n<tbody>\n");
        for row in rows {
            out.raw("<tr>");
            for (index, cell) in row.iter().enumerate() {
                out.raw("<td").raw(aligned(alignments.get(index)));
                self.rich(cell, out);
                out.raw("</td>");
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody>\n</table></div>");
    }

    /// Who cites a paragraph; folded where it is longer than there is room beside the paragraph.
    fn cited_by(&self, number: Option<u32>, citing: &[Citing<'_>], room: usize, out: &mut Markup) {
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
    pub(super) fn remarks(&self, remarks: &[Remark<'_>], out: &mut Markup) {
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
    pub(super) fn rests(&self, notes: &[Endnote<'_>], out: &mut Markup) {
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

    fn image(&self, image: &Picture<'_>, out: &mut Markup) {
        let Some(path) = image.path else {
            out.raw("<span class=\"missing\">[")
                .text(image.alt)
                .raw("]</span>");
            return;
        };
        out.raw("<img loading=\"lazy\" src=\"")
            .text(&self.here.file(path));
        // The page keeps room for what is still to come.
        if let Some(Size { width, height }) = image.size {
            out.raw("\" width=\"").number(width);
            out.raw("\" height=\"").number(height);
        }
        out.raw("\" alt=\"").text(image.alt).raw("\">");
    }

    fn rich(&self, content: &[Rich<'_>], out: &mut Markup) {
        for piece in content {
            match piece {
                Rich::Text(text) => {
                    out.text(text);
                }
                Rich::Emphasis(content) => self.wrapped("<em>", content, "</em>", out),
                Rich::Strong(content) => self.wrapped("<strong>", content, "</strong>", out),
                Rich::Strike(content) => self.wrapped("<s>", content, "</s>", out),
                Rich::Code(text) => {
                    out.raw("<code>").text(text).raw("</code>");
                }
                Rich::Break => {
                    out.raw("<br>");
                }
                Rich::Link { url, content } => {
                    out.raw("<a href=\"");
                    match url.strip_prefix('#') {
                        Some(slug) => out.raw("#").text(self.here.prefix()).text(slug),
                        None => out.text(url),
                    };
                    out.raw(if url.starts_with('#') {
                        "\">"
                    } else {
                        "\" rel=\"external noreferrer\">"
                    });
                    self.wrapped("", content, "</a>", out);
                }
                Rich::Reference { to, content } => {
                    out.raw("<a class=\"ref\" href=\"");
                    self.here.write_href(to, out);
                    self.wrapped("\">", content, "</a>", out);
                }
                Rich::File { path, content } => {
                    out.raw("<a href=\"").text(&self.here.file(path)).raw("\">");
                    self.wrapped("", content, "</a>", out);
                }
                Rich::Term { to, content, .. } => {
                    out.raw("<a class=\"term\" href=\"");
                    self.here.write_href(to, out);
                    self.wrapped("\">", content, "</a>", out);
                }
                Rich::Note { number, content } => self.note(*number, content, out),
                Rich::Noted { kinds, content } => {
                    // Several notes of one kind may meet here.
                    let mut classes: Vec<&str> = Vec::new();
                    for class in kinds.iter().map(|kind| kind_class(*kind)) {
                        if !classes.contains(&class) {
                            classes.push(class);
                        }
                    }
                    out.raw("<mark class=\"");
                    for (index, class) in classes.into_iter().enumerate() {
                        out.raw(if index > 0 { " " } else { "" }).raw(class);
                    }
                    out.raw("\">");
                    self.wrapped("", content, "</mark>", out);
                }
                Rich::Mark { label, to, anchor } => {
                    out.raw("<sup class=\"mark\"");
                    if let Some(anchor) = anchor {
                        out.raw(" id=\"").text(self.here.prefix());
                        out.text(anchor).raw("\"");
                    }
                    out.raw("><a href=\"#").text(self.here.prefix());
                    out.text(to).raw("\">");
                    out.text(label).raw("</a></sup>");
                }
                Rich::Original(url) => {
                    let words = self.edition.words.get("in_original");
                    out.raw("\u{a0}<a class=\"original\" href=\"").text(url);
                    out.raw("\" rel=\"external noreferrer\" title=\"")
                        .text(words);
                    out.raw("\" aria-label=\"")
                        .text(words)
                        .raw("\">↗\u{fe0e}</a>");
                }
                // On the screen the link itself leads there.
                Rich::PageOf(_) => {}
                Rich::Image(image) => self.image(image, out),
            }
        }
    }

    fn wrapped(
        &self,
        open: &'static str,
        content: &[Rich<'_>],
        close: &'static str,
        out: &mut Markup,
    ) {
        out.raw(open);
        self.rich(content, out);
        out.raw(close);
    }

    fn note(&self, number: u32, content: &[Rich<'_>], out: &mut Markup) {
        let prefix = self.here.prefix();
        out.raw("<sup class=\"cite\"");
        // A mark that repeats an earlier one has neither its place nor its words.
        let first = !content.is_empty();
        if first {
            out.raw(" id=\"").text(prefix).raw("c").number(number);
            out.raw("\"");
        }
        out.raw("><a href=\"#").text(prefix).raw("n").number(number);
        out.raw("\" role=\"doc-noteref\">")
            .number(number)
            .raw("</a></sup>");
        if self.sidenotes && first {
            out.raw("<span class=\"sidenote\" id=\"")
                .text(prefix)
                .raw("s")
                .number(number);
            out.raw("\"><span class=\"sidenote-number\">")
                .number(number)
                .raw("</span> ");
            self.rich(content, out);
            out.raw("</span>");
        }
    }
}

fn kind_class(kind: Option<CommentKind>) -> &'static str {
    kind.map_or("note", CommentKind::name)
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

fn aligned(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Left) => " class=\"left\">",
        Some(Alignment::Center) => " class=\"center\">",
        Some(Alignment::Right) => " class=\"right\">",
        Some(Alignment::None) | None => ">",
    }
}

/// How many characters stand in the margin beside a paragraph: its lines are three quarters of the text's, and it is
/// narrower by more than that. A comment takes all the room there is.
fn room(content: &[Rich<'_>], remarks: &[Remark<'_>]) -> usize {
    if !remarks.is_empty() {
        return 0;
    }
    (plain(content).chars().count() * 3 / 4).max(ROOM)
}

/// The words alone.
pub(super) fn plain(content: &[Rich<'_>]) -> String {
    let mut words = String::new();
    for piece in content {
        match piece {
            Rich::Text(text) => words.push_str(text),
            Rich::Code(text) => words.push_str(text),
            Rich::Emphasis(inner)
            | Rich::Strong(inner)
            | Rich::Strike(inner)
            | Rich::Link { content: inner, .. }
            | Rich::Reference { content: inner, .. }
            | Rich::File { content: inner, .. }
            | Rich::Term { content: inner, .. }
            | Rich::Noted { content: inner, .. } => words.push_str(&plain(inner)),
            Rich::Break => words.push(' '),
            Rich::Note { .. }
            | Rich::Mark { .. }
            | Rich::Original(_)
            | Rich::PageOf(_)
            | Rich::Image(_) => {}
        }
    }
    words
}
