//! Puts our own syntax back where it was masked: citations, links, transclusions.

use std::ops::Range;

use super::build::Builder;
use super::mask::{Kind, Mark};
use super::writer::{Writer, in_text, push_words, unwrapped};
use super::{Block, Group, Inline};
use crate::diagnostic::{Diagnostic, Lint};
use crate::reference::{self, Citation, Link};
use crate::source::{Span, Text, small};

impl Builder<'_, '_> {
    /// Plain words, cut where our own syntax stands.
    pub(super) fn words(
        &mut self,
        text: &str,
        range: Range<usize>,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        if text.starts_with('^') && self.text.text[..range.start].ends_with('\\') {
            self.literal_caret = Some(writer.words.len());
        }
        // Marks in a link's address or title stand in no text.
        while self
            .marks
            .get(self.next_mark)
            .is_some_and(|mark| mark.range.end <= range.start)
        {
            self.next_mark += 1;
        }
        let mut at = range.start;
        while let Some(mark) = self.marks.get(self.next_mark).cloned() {
            if mark.range.start >= range.end {
                break;
            }
            if mark.range.start >= at {
                if at < mark.range.start {
                    let words = writer.verbatim_words(at..mark.range.start);
                    push_words(inlines, words);
                }
                self.mark(&mark, writer, inlines);
            }
            at = mark.range.end;
            if at >= range.end {
                // The rest of a mark that runs over a line end comes as further events.
                if at == range.end {
                    self.next_mark += 1;
                }
                return;
            }
            self.next_mark += 1;
        }
        if at >= range.end {
            return;
        }
        let words = if at == range.start && text.len() != range.len() {
            writer.put(text, range)
        } else {
            writer.verbatim_words(at..range.end)
        };
        push_words(inlines, words);
    }

    /// Whether a paragraph is nothing but `![[…]]`, and stands where something may be shown.
    pub(super) fn is_transclusion(&self, range: &Range<usize>) -> bool {
        if self.in_footnote {
            return false;
        }
        let text = &self.text.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let own = start..start + text.trim().len();
        let mut marks = self.marks[self.next_mark..].iter();
        let mark = marks.find(|mark| mark.range.start >= range.start);
        mark.is_some_and(|mark| mark.kind == Kind::Transclusion && mark.range == own)
    }

    /// Whether a mark is a `![[…]]` with which a text begins, where something may be shown.
    pub(super) fn is_shown_at(&self, mark: usize, start: usize) -> bool {
        let mark = self.marks.get(mark).filter(|_| !self.in_footnote);
        mark.is_some_and(|mark| mark.kind == Kind::Transclusion && mark.range.start == start)
    }

    /// The block that a `![[…]]` is.
    pub(super) fn transclusion(&mut self) -> Option<Block> {
        let rest = self.marks[self.next_mark..].iter();
        let skipped = rest
            .take_while(|mark| mark.kind != Kind::Transclusion)
            .count();
        let mark = self.marks.get(self.next_mark + skipped)?.clone();
        self.next_mark += skipped + 1;
        self.links = true;
        let span = self.span(mark.range.clone());
        let inner = unwrapped(self.text, mark.range.start + 3..mark.range.end - 2);
        let (link, mut found) = Link::parse(&inner);
        self.diagnostics.append(&mut found);
        let link = Link { span, ..link };
        let mut writer = Writer::new(self.text);
        writer.citations.push(Group {
            citations: vec![Citation::of(&link)],
            in_text: false,
            shown: true,
            at: 0,
            span,
        });
        writer.links.push(link);
        Some(Block::Transclusion(Box::new(writer.finish(Box::default()))))
    }

    fn misplaced_transclusion(&mut self, span: Span) {
        let (message, help) = if self.in_footnote {
            (
                "a footnote has no room for what is shown",
                "quote it there, `[@article, ¶1 \"…\"]`, or link it: `[[…]]` without the `!`",
            )
        } else {
            (
                "what is shown stands on a line of its own",
                "put empty lines round it, or link it: `[[…]]` without the `!`",
            )
        };
        let diagnostic = Diagnostic::new(Lint::InvalidTransclusion, span, message);
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Whether a range lies inside the mark that is being read.
    pub(super) fn in_mark(&self, range: &Range<usize>) -> bool {
        self.marks
            .get(self.next_mark)
            .is_some_and(|mark| mark.range.start < range.start && range.start < mark.range.end)
    }

    /// Passes over marks before `end`, which stand in code.
    pub(super) fn pass_marks(&mut self, end: usize) {
        while self
            .marks
            .get(self.next_mark)
            .is_some_and(|mark| mark.range.start < end)
        {
            self.next_mark += 1;
        }
    }

    pub(super) fn mark(&mut self, mark: &Mark, writer: &mut Writer<'_>, inlines: &mut Vec<Inline>) {
        let span = self.span(mark.range.clone());
        let inner = |start: usize, end: usize| {
            unwrapped(self.text, mark.range.start + start..mark.range.end - end)
        };
        match mark.kind {
            Kind::Group => self.group(&inner(1, 1), false, span, writer, inlines),
            Kind::InText => {
                let bare = in_text(&inner(0, 0));
                self.group(&bare, true, span, writer, inlines);
            }
            Kind::Link => {
                self.links = true;
                let (link, mut found) = Link::parse(&inner(2, 2));
                self.diagnostics.append(&mut found);
                let shown = link.words.as_ref().unwrap_or(&link.target);
                let words = writer.from(shown);
                inlines.push(Inline::Reference {
                    link: small(writer.links.len()),
                    words,
                });
                writer.links.push(Link { span, ..link });
            }
            Kind::Transclusion => self.misplaced_transclusion(span),
            Kind::Swallowed => self.diagnostics.push(
                Diagnostic::new(
                    Lint::SwallowedCitation,
                    span,
                    "this line would vanish as a link definition",
                )
                .help("put a word before the citation, or leave the colon out"),
            ),
            Kind::Unclosed => {
                self.diagnostics.push(
                    Diagnostic::new(
                        Lint::InvalidCitation,
                        span,
                        "the citation's bracket is not closed",
                    )
                    .help("end the citation with `]`"),
                );
                // The words before it are not another citation's.
                inlines.push(Inline::Citation(small(writer.citations.len())));
                writer.citations.push(Group {
                    citations: Vec::new(),
                    in_text: false,
                    shown: false,
                    at: small(writer.words.len()),
                    span,
                });
            }
        }
    }

    pub(super) fn group(
        &mut self,
        inner: &Text,
        in_text: bool,
        span: Span,
        writer: &mut Writer<'_>,
        inlines: &mut Vec<Inline>,
    ) {
        let (citations, mut found) = reference::group(inner);
        self.diagnostics.append(&mut found);
        if let (false, Some(Inline::Text(last))) = (in_text, inlines.last_mut()) {
            // The space before a mark belongs to the syntax, not to the text.
            writer.trim_end(last.start as usize);
            last.end = small(writer.words.len());
            if last.start == last.end {
                inlines.pop();
            }
        }
        inlines.push(Inline::Citation(small(writer.citations.len())));
        writer.citations.push(Group {
            citations,
            in_text,
            shown: false,
            at: small(writer.words.len()),
            span,
        });
    }
}
