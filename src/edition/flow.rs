//! A document as a flow of blocks, ready for a medium.

use std::collections::BTreeSet;

use super::segments::{self, Layers, Marked};
use super::{Address, Citing, Edition, Flow, Matter, Page, Paragraph, Rich};
use crate::book::Home;
use crate::config::LinkPolicy;
use crate::glossary::Occurrence;
use crate::lock::Id;
use crate::markdown::{Block, Content, Document, Inline, Prose};
use crate::reference::Slugs;
use crate::verify::is_quoted;

/// Walks one document in reading order.
pub(super) struct Walk<'e, 'b> {
    edition: &'e Edition<'b>,
    home: Home,
    document: &'b Document,
    ids: Vec<Option<Id>>,
    slugs: Slugs,
    linked: BTreeSet<usize>,
    /// The terms whose long form has been shown or written.
    spelt_out: BTreeSet<usize>,
    /// Whether another document shows a part of this one: without what stands beside it.
    quoted: bool,
    /// Whether the blocks stand in a block quote.
    in_quote: bool,
    /// Whether occurrences that are not linked are marked, too.
    marks_every_term: bool,
}

impl<'b> Edition<'b> {
    /// The blocks of a document.
    pub fn flow(&self, home: Home) -> Vec<Flow<'b>> {
        self.walk(home, false)
    }

    /// The blocks of a document, in which every occurrence of a term is marked: an index needs them all.
    pub fn print_flow(&self, home: Home) -> Vec<Flow<'b>> {
        self.walk(home, true)
    }

    fn walk(&self, home: Home, marks_every_term: bool) -> Vec<Flow<'b>> {
        let document = self.book.document(home);
        let mut walk = Walk::through(self, home);
        walk.marks_every_term = marks_every_term;
        walk.blocks(&document.blocks)
    }

    /// The text of an entry, whose paragraphs are addressed through it.
    pub fn entry_text(&self, home: Home) -> Vec<Flow<'b>> {
        let mut flow = self.flow(home);
        unnumber(&mut flow);
        flow
    }

    /// The text of an entry, in which every occurrence of a term is marked.
    pub fn print_entry(&self, home: Home) -> Vec<Flow<'b>> {
        let mut flow = self.print_flow(home);
        unnumber(&mut flow);
        flow
    }
}

impl<'e, 'b> Walk<'e, 'b> {
    fn through(edition: &'e Edition<'b>, home: Home) -> Self {
        Walk {
            edition,
            home,
            document: edition.book.document(home),
            ids: edition.book.durable_ids(home),
            slugs: Slugs::default(),
            linked: BTreeSet::new(),
            spelt_out: BTreeSet::new(),
            quoted: false,
            in_quote: false,
            marks_every_term: false,
        }
    }

    /// Walks what another document shows.
    pub(super) fn quoting(edition: &'e Edition<'b>, home: Home) -> Self {
        Walk {
            quoted: true,
            ..Walk::through(edition, home)
        }
    }
}

impl<'b> Walk<'_, 'b> {
    fn blocks(&mut self, blocks: &'b [Block]) -> Vec<Flow<'b>> {
        let mut flow = Vec::with_capacity(blocks.len());
        for block in blocks {
            match block {
                Block::Heading(heading) => {
                    if self.edition.book.config.link == LinkPolicy::FirstInSection {
                        self.linked.clear();
                    }
                    let text = &heading.prose.text.text;
                    flow.push(Flow::Heading {
                        level: heading.level.max(2),
                        slug: self.slugs.give(heading.id.as_deref().unwrap_or(text)),
                        content: self.rich(
                            &heading.prose,
                            &heading.prose.inlines,
                            &Layers::default(),
                        ),
                    });
                }
                Block::Paragraph(index) => self.paragraph(*index, &mut flow),
                Block::Unnumbered(prose) => {
                    flow.push(Flow::Text(self.rich(
                        prose,
                        &prose.inlines,
                        &Layers::default(),
                    )));
                }
                Block::Quote(quote) => {
                    let around = std::mem::replace(&mut self.in_quote, true);
                    flow.push(Flow::Quote(attributed(self.blocks(&quote.blocks))));
                    self.in_quote = around;
                }
                Block::List(list) => flow.push(Flow::List {
                    start: list.start,
                    items: list.items.iter().map(|item| self.blocks(item)).collect(),
                }),
                Block::Definitions(list) => {
                    let items = list.definitions.iter().map(|definition| {
                        let term = self.rich(
                            &definition.term,
                            &definition.term.inlines,
                            &Layers::default(),
                        );
                        (term, self.blocks(&definition.blocks))
                    });
                    flow.push(Flow::Definitions(items.collect()));
                }
                Block::Rule => flow.push(Flow::Rule),
                Block::Transclusion(prose) => flow.extend(self.edition.shown(prose)),
            }
        }
        flow
    }

    pub(super) fn paragraph(&mut self, index: usize, flow: &mut Vec<Flow<'b>>) {
        let paragraph = &self.document.paragraphs[index];
        let number = paragraph.number;
        if self.edition.book.omits(self.home, number) {
            if let Some(Flow::Omitted(range)) = flow.last_mut()
                && *range.end() + 1 == number
            {
                *range = *range.start()..=number;
            } else {
                flow.push(Flow::Omitted(number..=number));
            }
            return;
        }
        let prose = &paragraph.prose;
        let layers = Layers {
            terms: self.terms_to_mark(number),
            washes: if self.quoted {
                Vec::new()
            } else {
                self.edition.washes(self.home, number)
            },
            in_cell: matches!(paragraph.content, Content::Table(_)),
        };
        let matter = match &paragraph.content {
            Content::Running => Matter::Running(self.rich(prose, &prose.inlines, &layers)),
            Content::Table(table) => Matter::Table {
                alignments: &table.alignments,
                head: table
                    .head
                    .iter()
                    .map(|cell| self.rich(prose, cell, &layers))
                    .collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| {
                        row.iter()
                            .map(|cell| self.rich(prose, cell, &layers))
                            .collect()
                    })
                    .collect(),
            },
            Content::Code(code) => Matter::Code {
                language: code.language.as_deref(),
                text: &prose.text.text,
            },
            Content::Image(image) => Matter::Image(self.edition.image(image)),
        };
        flow.push(Flow::Paragraph(Paragraph {
            number: Some(number),
            name: paragraph.name.as_deref().map(|(name, _)| name.as_str()),
            id: self.ids.get(index).copied().flatten(),
            matter,
            cited_by: self.cited_by(number),
            remarks: if self.quoted {
                Vec::new()
            } else {
                self.edition.remarks(self.home, Some(number))
            },
        }));
    }

    fn cited_by(&self, number: u32) -> Vec<Citing<'b>> {
        let (Home::Article(article), false) = (self.home, self.quoted) else {
            return Vec::new();
        };
        let notes = self.edition.book.cited_by(article, number);
        let mut seen = BTreeSet::new();
        let places = notes.map(|note| self.edition.citing(note));
        places
            .filter(|place| seen.insert(place.to.clone()))
            .collect()
    }

    /// The occurrences that the book's policy links, in this paragraph, or all of them.
    fn terms_to_mark(&mut self, number: u32) -> Vec<Marked<'b>> {
        let book = self.edition.book;
        let mut marked = Vec::new();
        for hit in book.occurrences(self.home, number).iter().copied() {
            let long_form = self.long_form(hit, number);
            let linked = book.terms[hit.term()].linked
                && match book.config.link {
                    LinkPolicy::None => false,
                    LinkPolicy::Every => true,
                    LinkPolicy::FirstInSection | LinkPolicy::FirstInPage => {
                        self.linked.insert(hit.term()) || long_form.is_some()
                    }
                };
            if linked || self.marks_every_term {
                marked.push(Marked {
                    hit,
                    linked,
                    long_form: long_form.filter(|_| linked),
                });
            }
        }
        marked
    }

    /// What a short form stands for, where a chapter uses it for the first time.
    fn long_form(&mut self, hit: Occurrence, number: u32) -> Option<&'b str> {
        let Home::Chapter(_) = self.home else {
            return None;
        };
        let term = &self.edition.book.terms[hit.term()];
        let name = term.name.as_ref()?;
        let text = &self.document.paragraph(number)?.prose.text.text;
        if self.spelt_out.contains(&hit.term()) || self.keeps_its_words(text, hit) {
            return None;
        }
        self.spelt_out.insert(hit.term());
        let written = text.get(hit.start as usize..hit.end as usize)?;
        // `U.S. Forces Japan (USFJ)` says it itself.
        let said =
            text[..hit.start as usize].ends_with('(') || text[hit.end as usize..].starts_with(" (");
        (term.key.text == written && !said).then_some(name.text.as_str())
    }

    /// Whether nothing is put behind an occurrence: what is quoted has its source's words, and `USFJ’s` goes on.
    fn keeps_its_words(&self, text: &str, hit: Occurrence) -> bool {
        let goes_on = text[hit.end as usize..].starts_with(['\'', '’']);
        self.in_quote || goes_on || is_quoted(text, hit.start as usize)
    }

    fn rich(
        &mut self,
        prose: &'b Prose,
        inlines: &'b [Inline],
        layers: &Layers<'b>,
    ) -> Vec<Rich<'b>> {
        let mut note = |index: usize| self.note(prose, index);
        let mut footnote = |index: usize| self.footnote(prose, index).into_iter().collect();
        segments::rich(
            self.edition,
            prose,
            inlines,
            layers,
            &mut note,
            &mut footnote,
        )
    }

    /// What stands for a group of citations: its mark, and in running text the source's name before it.
    fn note(&self, prose: &'b Prose, index: usize) -> Vec<Rich<'b>> {
        let Some(note) = self.edition.book.note(prose.citations()[index].span) else {
            return Vec::new();
        };
        let mark = Rich::Note {
            number: note.number,
            content: self.edition.note_content(note),
        };
        match note.cited.first().and_then(crate::verify::Cited::source) {
            Some(article) if note.in_text => vec![self.edition.named_source(article), mark],
            _ => vec![mark],
        }
    }

    /// The mark of a footnote; its words stand at its first mark alone.
    fn footnote(&self, prose: &'b Prose, index: usize) -> Option<Rich<'b>> {
        let mark = &prose.footnotes()[index];
        let footnotes = self.edition.book.footnotes_of(self.home).iter();
        let known = footnotes
            .filter(|_| !self.quoted)
            .find(|known| known.footnote == mark.footnote)?;
        let content = if known.mark == mark.span {
            self.edition.footnote(self.home, mark.footnote)
        } else {
            Vec::new()
        };
        Some(Rich::Note {
            number: known.number,
            content,
        })
    }
}

/// A quote's last line that is only a citation: its mark stands at the end of the words that it carries.
fn attributed(mut blocks: Vec<Flow<'_>>) -> Vec<Flow<'_>> {
    let is_mark = |piece: &Rich<'_>| match piece {
        Rich::Note { .. } => true,
        Rich::Text(text) => !text.contains(char::is_alphanumeric),
        _ => false,
    };
    if let [
        ..,
        Flow::Paragraph(Paragraph {
            matter: Matter::Running(words),
            ..
        }),
        Flow::Text(line),
    ] = blocks.as_mut_slice()
        && line.iter().all(is_mark)
    {
        words.extend(
            line.drain(..)
                .filter(|piece| matches!(piece, Rich::Note { .. })),
        );
        blocks.pop();
    }
    blocks
}

impl<'b> Edition<'b> {
    /// A source as running text names it: its authors, or else its title.
    pub(super) fn named_source(&self, article: usize) -> Rich<'b> {
        let front = &self.book.articles[article].front;
        let name = match front.author.as_slice() {
            [] => format!("“{}”", front.title),
            [only] => only.clone(),
            [first, second] => format!("{first} and {second}"),
            [first, ..] => format!("{first} et al."),
        };
        Rich::Reference {
            to: Address::of(Page::Article(article)),
            content: vec![Rich::text(name)],
        }
    }
}

/// A definition is addressed through its entry: its paragraphs show no numbers of their own.
pub(super) fn unnumber(flow: &mut [Flow<'_>]) {
    for block in flow {
        match block {
            Flow::Paragraph(paragraph) => {
                paragraph.number = None;
                paragraph.name = None;
                if let Matter::Running(content) = &mut paragraph.matter {
                    *block = Flow::Text(std::mem::take(content));
                }
            }
            // A heading's anchor would not be its own on a page of many entries.
            Flow::Heading { content, .. } => {
                *block = Flow::Text(vec![Rich::Strong(std::mem::take(content))]);
            }
            Flow::Quote(blocks) => unnumber(blocks),
            Flow::List { items, .. } => items.iter_mut().for_each(|item| unnumber(item)),
            Flow::Definitions(items) => {
                for (_, blocks) in items {
                    unnumber(blocks);
                }
            }
            Flow::Text(_) | Flow::Rule | Flow::Omitted(_) => {}
        }
    }
}
