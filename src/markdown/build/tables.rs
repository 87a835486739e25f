//! Tables: numbered ones with their cells, a footnote's as lines of text.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Builder;
use crate::markdown::writer::{Writer, push_words, truncate};
use crate::markdown::{Alignment, Block, Content, Inline, Prose, Table};
use crate::reference::is_key;
use crate::source::Span;

impl Builder<'_, '_> {
    pub(super) fn table(
        &mut self,
        alignments: &[pulldown_cmark::Alignment],
        start: usize,
        blocks: &mut Vec<Block>,
    ) {
        let mut writer = Writer::new(self.text);
        let mut head = Vec::new();
        let mut rows: Vec<Vec<Box<[Inline]>>> = Vec::new();
        let mut row = Vec::new();
        let mut last_cell = 0;
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    row.push(self.inlines(&mut writer, 0));
                    self.next();
                    last_cell = range.end;
                    writer.synthetic("\t");
                }
                Event::End(TagEnd::TableHead) => {
                    head = std::mem::take(&mut row);
                    writer.end_line();
                }
                Event::End(TagEnd::TableRow) => {
                    rows.push(std::mem::take(&mut row));
                    self.further_cells(&range, last_cell);
                    writer.end_line();
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let mut prose = writer.finish(Box::default());
        let name = name_row(&rows, &prose);
        if let Some((_, _, start)) = &name {
            rows.pop();
            prose.text.truncate(*start);
        }
        let content = Content::Table(Box::new(Table {
            alignments: alignments.iter().map(|a| alignment(*a)).collect(),
            head,
            rows,
        }));
        let name = name.map(|(name, span, _)| Box::new((name, span)));
        self.number(prose, name, content, start, blocks);
    }

    /// A footnote's table: a line of running text for each row.
    pub(super) fn rows(&mut self) -> Prose {
        let mut writer = Writer::new(self.text);
        let mut inlines = Vec::new();
        let mut begins_row = true;
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    if !begins_row {
                        push_words(&mut inlines, writer.synthetic(" | "));
                    }
                    begins_row = false;
                    inlines.extend(self.inlines(&mut writer, 0));
                    self.next();
                }
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                    writer.synthetic("\n");
                    inlines.push(Inline::Break);
                    begins_row = true;
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let mut prose = writer.finish(inlines.into());
        let end = prose.text.text.len();
        truncate(&mut prose, end);
        prose
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

/// The name that a table's last row is, when it is `^name` alone.
fn name_row(rows: &[Vec<Box<[Inline]>>], prose: &Prose) -> Option<(String, Span, usize)> {
    let (first, others) = rows.last()?.split_first()?;
    let [Inline::Text(range)] = &**first else {
        return None;
    };
    let range = range.start as usize..range.end as usize;
    let name = prose.text.text[range.clone()].strip_prefix('^')?;
    let alone = others.iter().all(|cell| cell.is_empty()) && is_key(name);
    alone.then(|| (name.to_owned(), prose.text.span(range.clone()), range.start))
}
