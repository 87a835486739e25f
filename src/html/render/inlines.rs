//! Running text.

use super::Renderer;
use crate::annotation::CommentKind;
use crate::edition::{Picture, Rich};
use crate::html::markup::Markup;
use crate::source::Size;

impl Renderer<'_> {
    pub(super) fn rich(&self, content: &[Rich<'_>], out: &mut Markup) {
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
                Rich::Link { url, content } => self.link(url, content, out),
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
                Rich::Noted { kinds, content } => self.noted(kinds, content, out),
                Rich::Mark { label, to, anchor } => self.mark(label, to, anchor.as_deref(), out),
                Rich::Original(url) => self.original(url, out),
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

    /// A link to another site, or to a heading of this page.
    fn link(&self, url: &str, content: &[Rich<'_>], out: &mut Markup) {
        out.raw("<a href=\"");
        match url.strip_prefix('#') {
            Some(slug) => out.raw("#").text(self.here.prefix()).text(slug).raw("\">"),
            None => out.text(url).raw("\" rel=\"external noreferrer\">"),
        };
        self.wrapped("", content, "</a>", out);
    }

    /// Words that comments are on; several of one kind may meet here.
    fn noted(&self, kinds: &[Option<CommentKind>], content: &[Rich<'_>], out: &mut Markup) {
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

    fn mark(&self, label: &str, to: &str, anchor: Option<&str>, out: &mut Markup) {
        out.raw("<sup class=\"mark\"");
        if let Some(anchor) = anchor {
            out.raw(" id=\"").text(self.here.prefix());
            out.text(anchor).raw("\"");
        }
        out.raw("><a href=\"#").text(self.here.prefix());
        out.text(to).raw("\">");
        out.text(label).raw("</a></sup>");
    }

    fn original(&self, url: &str, out: &mut Markup) {
        let words = self.edition.words.get("in_original");
        out.raw("\u{a0}<a class=\"original\" href=\"").text(url);
        out.raw("\" rel=\"external noreferrer\" title=\"")
            .text(words);
        out.raw("\" aria-label=\"")
            .text(words)
            .raw("\">↗\u{fe0e}</a>");
    }

    pub(super) fn image(&self, image: &Picture<'_>, out: &mut Markup) {
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
}

pub(super) fn kind_class(kind: Option<CommentKind>) -> &'static str {
    kind.map_or("note", CommentKind::name)
}

/// The words alone.
pub(in crate::html) fn plain(content: &[Rich<'_>]) -> String {
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
