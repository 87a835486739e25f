//! Blocks, numbered paragraphs with what stands beside them.

use super::Renderer;
use super::margin::room;
use crate::edition::{Flow, Matter, Paragraph, Rich, direction};
use crate::html::code;
use crate::html::markup::Markup;
use crate::lock::Id;
use crate::markdown::Alignment;

impl Renderer<'_> {
    pub(super) fn blocks(&self, flow: &[Flow<'_>], out: &mut Markup) {
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
}

fn aligned(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Left) => " class=\"left\">",
        Some(Alignment::Center) => " class=\"center\">",
        Some(Alignment::Right) => " class=\"right\">",
        Some(Alignment::None) | None => ">",
    }
}
