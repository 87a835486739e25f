//! Running text: words, spans, links, images, marks of footnotes.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::{Builder, MAX_DEPTH, exact};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::writer::{Writer, push_words, truncate};
use crate::markdown::{FootnoteMark, Group, Hyperlink, Image, Inline, Prose};
use crate::source::small;

impl<'m> Builder<'_, 'm> {
    /// Running text up to the end of what holds it, which is not consumed; some `length` bytes of the file.
    pub(super) fn prose(&mut self, length: usize) -> Prose {
        let mut writer = Writer::new(self.text);
        writer.words.reserve_exact(length);
        self.literal_caret = None;
        let inlines = self.inlines(&mut writer, 0);
        let mut prose = writer.finish(inlines);
        let end = prose.text.text.trim_end().len();
        truncate(&mut prose, end);
        prose
    }

    pub(super) fn inlines(&mut self, writer: &mut Writer<'_>, depth: usize) -> Box<[Inline]> {
        let mut inlines = Vec::new();
        // Spans too deep to be shown: their words stay.
        let mut flattened = 0;
        while let Some((event, _)) = self.events.peek() {
            let ends_flattened = flattened > 0 && matches!(event, Event::End(_));
            if !is_inline(event) && !ends_flattened {
                break;
            }
            match self.next() {
                Some((Event::End(_), _)) => flattened -= 1,
                Some((Event::Start(_), _)) if depth >= MAX_DEPTH => flattened += 1,
                Some((event, range)) => self.inline(event, range, depth, writer, &mut inlines),
                None => break,
            }
        }
        exact(inlines).into()
    }

    fn inline(
        &mut self,
        event: Event<'m>,
        range: Range<usize>,
        depth: usize,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        match event {
            Event::Text(text) => self.words(&text, range, writer, inlines),
            Event::Code(code) => {
                self.pass_marks(range.end);
                let words = writer.code(&code, range);
                inlines.push(Inline::Code(words));
            }
            Event::SoftBreak | Event::HardBreak if self.in_mark(&range) => {}
            Event::SoftBreak => {
                let words = writer.put(" ", range);
                push_words(inlines, words);
            }
            Event::HardBreak => {
                writer.put(" ", range);
                inlines.push(Inline::Break);
            }
            Event::InlineHtml(html) if is_line_break(&html) => {
                writer.put(" ", range);
                inlines.push(Inline::Break);
            }
            Event::InlineHtml(html) => self.html(&html, range),
            // A footnote has none of its own.
            Event::FootnoteReference(_) if self.in_footnote => {
                let words = writer.verbatim_words(range);
                push_words(inlines, words);
            }
            Event::FootnoteReference(label) => {
                inlines.push(Inline::Footnote(small(writer.footnotes.len())));
                writer.footnotes.push(FootnoteMark {
                    footnote: self.footnote(&label),
                    citations: writer.citations.len(),
                    span: self.span(range),
                });
            }
            Event::Start(tag) => self.span_tag(tag, range, depth, writer, inlines),
            _ => {}
        }
    }

    fn span_tag(
        &mut self,
        tag: Tag<'m>,
        range: Range<usize>,
        depth: usize,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        if let Tag::Image { dest_url, .. } = tag {
            let mut alt = Writer::new(self.text);
            self.inlines(&mut alt, depth + 1);
            self.next();
            self.diagnostics
                .extend(alt.citations.iter().filter_map(cited_in_image));
            self.links = true;
            let image = Image {
                url: dest_url.to_string(),
                alt: alt.words,
                span: self.span(range),
            };
            if image.alt.trim().is_empty() {
                self.diagnostics.push(without_alt(&image));
            }
            inlines.push(Inline::Image(Box::new(image)));
            return;
        }
        let content = self.inlines(writer, depth + 1);
        // What was read last of one without words is its beginning, whose range is the whole of it.
        let is_wordless = self.end >= range.end;
        let after_words = if is_wordless { range.start } else { self.end };
        self.next();
        match tag {
            Tag::Emphasis => inlines.push(Inline::Emphasis(content)),
            Tag::Strong => inlines.push(Inline::Strong(content)),
            Tag::Strikethrough => inlines.push(Inline::Strike(content)),
            Tag::Link {
                link_type: LinkType::Email,
                dest_url,
                ..
            } => {
                self.link(&format!("mailto:{dest_url}"), range, content, inlines);
            }
            Tag::Link { dest_url, id, .. } => {
                let place = self.definition(&id);
                let place = place.unwrap_or(after_words..range.end);
                let span = self.span(range.clone());
                writer
                    .files
                    .extend(self.cited_by_file(&dest_url, place, span));
                self.link(&dest_url, range, content, inlines);
            }
            _ => inlines.extend(content),
        }
    }

    fn link(
        &mut self,
        url: &str,
        range: Range<usize>,
        content: Box<[Inline]>,
        inlines: &mut Vec<Inline>,
    ) {
        let span = self.span(range);
        if is_safe(url) {
            self.links = true;
            let url = url.to_owned();
            let link = Hyperlink { url, content, span };
            inlines.push(Inline::Link(Box::new(link)));
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(
                Lint::UnsafeLink,
                span,
                "a link with this scheme is left out",
            )
            .help("links lead to http:, https:, mailto: or a file of the book"),
        );
        inlines.extend(content);
    }
}

fn is_line_break(html: &str) -> bool {
    let tag = html
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    tag.trim().eq_ignore_ascii_case("br")
}

pub(super) fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Superscript
                | Tag::Subscript
        ),
        Event::End(_) | Event::Html(_) | Event::Rule => false,
    }
}

/// Whether a link may be followed: no scheme, or one that only leads somewhere.
fn is_safe(url: &str) -> bool {
    // Browsers read a backslash as a slash.
    let visible = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace());
    let visible: String = visible.map(|c| if c == '\\' { '/' } else { c }).collect();
    let scheme = visible.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        None => !visible.starts_with("//"),
        Some((scheme, _)) => {
            matches!(
                scheme.to_ascii_lowercase().as_str(),
                "http" | "https" | "mailto"
            )
        }
    }
}

fn without_alt(image: &Image) -> Diagnostic {
    let message = format!("nothing says what the image `{}` shows", image.url);
    Diagnostic::new(Lint::MissingAlt, image.span, message)
        .help("say it in the brackets: `![Ships at the north pier](…)`")
}

fn cited_in_image(group: &Group) -> Option<Diagnostic> {
    let message = "a citation cannot stand in an image's text";
    // One without an end has its own error.
    (!group.citations.is_empty()).then(|| {
        Diagnostic::new(Lint::InvalidCitation, group.span, message)
            .help("put it behind the image, or in the words below it")
    })
}
