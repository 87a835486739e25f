//! What a `![[…]]` shows: the blocks of another document, quoted with their source.

use super::flow::Walk;
use super::{Edition, Flow, Matter, Rich};
use crate::book::{Destination, Home, Note};
use crate::markdown::Prose;

impl<'b> Edition<'b> {
    /// A block quote of what a transclusion names; nothing where it leads nowhere.
    pub(super) fn shown(&self, prose: &'b Prose) -> Option<Flow<'b>> {
        let book = self.book;
        let link = prose.shown()?;
        if let Some(note) = book.note(link.span) {
            return Some(Flow::Quote(self.passage(note)));
        }
        let home = match book.destination(link.span)? {
            Destination::Term(index) => Home::Term(*index),
            Destination::Document(home, _) => *home,
            Destination::Heading(..) | Destination::Asset { .. } => return None,
        };
        let mut blocks = self.entry_text(home);
        without_notes(&mut blocks);
        blocks.push(Flow::Text(vec![Rich::Reference {
            to: self.address(home),
            content: vec![Rich::text(self.name(home, None))],
        }]));
        Some(Flow::Quote(blocks))
    }

    /// The paragraphs that a note cites, and its mark.
    fn passage(&self, note: &'b Note) -> Vec<Flow<'b>> {
        let mut blocks = Vec::new();
        for cited in &note.cited {
            let Some(article) = cited.source() else {
                continue;
            };
            let mut walk = Walk::quoting(self, Home::Article(article));
            for number in cited.paragraphs() {
                walk.paragraph(*number as usize - 1, &mut blocks);
            }
        }
        super::flow::unnumber(&mut blocks);
        let mark = Rich::Note {
            number: note.number,
            content: self.note_content(note),
        };
        match blocks.last_mut() {
            Some(Flow::Text(content)) => content.push(mark),
            _ => blocks.push(Flow::Text(vec![mark])),
        }
        blocks
    }
}

/// Takes citations' marks out: their notes stand where the entry does.
fn without_notes(flow: &mut [Flow<'_>]) {
    for block in flow {
        match block {
            Flow::Text(content) | Flow::Heading { content, .. } => marks_out(content),
            Flow::Paragraph(paragraph) => match &mut paragraph.matter {
                Matter::Running(content) => marks_out(content),
                Matter::Table { head, rows, .. } => {
                    let cells = head.iter_mut().chain(rows.iter_mut().flatten());
                    cells.for_each(marks_out);
                }
                Matter::Code { .. } | Matter::Image(_) => {}
            },
            Flow::Quote(blocks) => without_notes(blocks),
            Flow::List { items, .. } => items.iter_mut().for_each(|item| without_notes(item)),
            Flow::Definitions(items) => {
                for (term, blocks) in items {
                    marks_out(term);
                    without_notes(blocks);
                }
            }
            Flow::Rule | Flow::Omitted(_) => {}
        }
    }
}

fn marks_out(content: &mut Vec<Rich<'_>>) {
    content.retain(|piece| !matches!(piece, Rich::Note { .. } | Rich::Mark { .. }));
}
