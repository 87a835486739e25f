//! The numbers and names of paragraphs.

use std::collections::BTreeMap;

use super::Builder;
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::writer::{trailing_name, truncate};
use crate::markdown::{Block, Content, Image, Inline, Paragraph, Prose};
use crate::reference::is_key;
use crate::source::{Span, Text, small};

impl Builder<'_, '_> {
    /// Puts running text where it belongs: a numbered paragraph, an image, a name for the block before it.
    pub(super) fn place(&mut self, mut prose: Prose, start: usize, blocks: &mut Vec<Block>) {
        if let Some(Block::Paragraph(index)) = blocks.last()
            && self.name_block(*index, &prose)
        {
            return;
        }
        if self.in_footnote {
            blocks.push(Block::Unnumbered(Box::new(prose)));
            return;
        }
        let literal = self.literal_caret;
        let name = trailing_name(&prose.text.text).filter(|name| Some(name.start - 1) != literal);
        if name.is_none() {
            self.diagnostics.extend(misnamed(&prose.text, literal));
        }
        let name = name.map(|range| {
            let name = prose.text.text[range.clone()].to_owned();
            let span = prose.text.span(range.start - 1..range.end);
            truncate(&mut prose, range.start - 1);
            Box::new((name, span))
        });
        let content = match lone_image(&prose) {
            Some(image) => Content::Image(image),
            None if prose.inlines.is_empty() => {
                self.diagnostics
                    .extend(name.map(|name| names_nothing(name.1)));
                return;
            }
            None => Content::Running,
        };
        self.number(prose, name, content, start, blocks);
    }

    pub(super) fn number(
        &mut self,
        prose: Prose,
        name: Option<Box<(String, Span)>>,
        content: Content,
        start: usize,
        blocks: &mut Vec<Block>,
    ) {
        let index = self.paragraphs.len();
        let block = self.span(start..self.end.max(start));
        self.paragraphs.push(Paragraph {
            number: small(index + 1),
            name,
            prose,
            content,
            block: block.start..block.end,
        });
        blocks.push(Block::Paragraph(index));
    }

    /// A line `^name` right after a table or a code block names it.
    fn name_block(&mut self, index: usize, prose: &Prose) -> bool {
        let text = prose.text.text.as_str();
        let Some(name) = text.strip_prefix('^').filter(|name| is_key(name)) else {
            return false;
        };
        let paragraph = &mut self.paragraphs[index];
        let nameable = match paragraph.content {
            Content::Table(_) | Content::Code(_) | Content::Image(_) | Content::Running => {
                paragraph.name.is_none()
            }
        };
        if nameable {
            paragraph.block.end = self.text.span(self.end..self.end).end;
            paragraph.name = Some(Box::new((name.to_owned(), prose.text.whole())));
        }
        nameable
    }
}

pub(super) fn duplicate_names(paragraphs: &[Paragraph]) -> Vec<Diagnostic> {
    let mut seen = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (name, span) in paragraphs.iter().filter_map(|p| p.name.as_deref()) {
        if name == "title" {
            let message = "`^title` is the title of the whole text";
            diagnostics.push(
                Diagnostic::new(Lint::DuplicateName, *span, message)
                    .help("give the paragraph another name"),
            );
        }
        if let Some(first) = seen.insert(name, *span) {
            diagnostics.push(
                Diagnostic::new(
                    Lint::DuplicateName,
                    *span,
                    format!("`^{name}` names two paragraphs"),
                )
                .related(first, "first here")
                .help("give one of them another name"),
            );
        }
    }
    diagnostics
}

/// `Words. ^結論`
fn misnamed(text: &Text, literal: Option<usize>) -> Option<Diagnostic> {
    let caret = text.text.rfind(' ')? + 1;
    let name = text.text[caret..].strip_prefix('^')?;
    let is_meant = name.starts_with(char::is_alphabetic) && !is_key(name) && Some(caret) != literal;
    is_meant.then(|| {
        let message = "this names no paragraph";
        Diagnostic::new(
            Lint::LooksLikeMarkup,
            text.span(caret..text.text.len()),
            message,
        )
        .help("a name is letters A–Z, digits, `.`, `_` and `-`, a letter or digit first")
    })
}

fn names_nothing(name: Span) -> Diagnostic {
    let message = "this names no paragraph";
    Diagnostic::new(Lint::LooksLikeMarkup, name, message)
        .help("write it behind the paragraph's last word, or on the line below a table or code")
}

fn lone_image(prose: &Prose) -> Option<Box<Image>> {
    match &*prose.inlines {
        [Inline::Image(image)] => Some(image.clone()),
        _ => None,
    }
}
