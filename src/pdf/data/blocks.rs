//! Blocks as data.

use serde_json::{Value, json};

use super::Data;
use crate::book::Home;
use crate::edition::{Address, Flow, Matter, Page, Paragraph, Rich};
use crate::markdown::Alignment;
use crate::pdf::text::{breakable, direction, length, plain};

impl Data<'_, '_> {
    pub(super) fn blocks(&mut self, flow: &[Flow<'_>]) -> Value {
        Value::from(
            flow.iter()
                .map(|block| self.block(block))
                .collect::<Vec<_>>(),
        )
    }

    fn block(&mut self, block: &Flow<'_>) -> Value {
        match block {
            Flow::Heading {
                level,
                slug,
                content,
            } => {
                let page = self.page();
                let label = page.map(|page| self.label(&Address::at(page, slug.as_str())));
                let mut content = self.inlines(content);
                if plain(&content).trim().is_empty() {
                    content = json!(["…"]);
                }
                let dir = self.turned(&content);
                json!({"kind": "heading", "level": level, "label": label, "dir": dir, "content": content})
            }
            Flow::Paragraph(paragraph) => self.paragraph(paragraph),
            Flow::Text(content) => {
                let content = self.inlines(content);
                json!({
                    "kind": "paragraph", "number": null, "label": null,
                    "length": length(&content), "notes": notes_in(&content),
                    "dir": self.turned(&content),
                    "content": content, "cited_by": [], "remarks": [],
                })
            }
            Flow::Quote(blocks) => json!({"kind": "quote", "blocks": self.blocks(blocks)}),
            Flow::List { start, items } => {
                let items: Vec<Value> = items.iter().map(|item| self.blocks(item)).collect();
                json!({"kind": "list", "start": start, "items": items})
            }
            Flow::Definitions(items) => {
                let items: Vec<Value> = items
                    .iter()
                    .map(|(term, blocks)| json!({"term": self.inlines(term), "blocks": self.blocks(blocks)}))
                    .collect();
                json!({"kind": "definitions", "items": items})
            }
            Flow::Rule => json!({"kind": "rule"}),
            Flow::Omitted(range) => {
                json!({"kind": "omitted", "text": self.edition.omission(range)})
            }
        }
    }

    /// The direction of a text's first letter, where it is not that of the document.
    fn turned(&self, content: &Value) -> Option<&'static str> {
        let own = direction(content)?;
        (own != self.direction).then_some(own.name())
    }

    /// The page that a paragraph's own anchor stands on; an entry's paragraphs have none.
    pub(super) fn page(&self) -> Option<Page> {
        match self.home? {
            home @ (Home::Chapter(_) | Home::Article(_)) => Some(self.edition.page_of(home)),
            Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => None,
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'_>) -> Value {
        let remarks = self.remarks(&paragraph.remarks);
        let mut value = match &paragraph.matter {
            Matter::Running(content) => {
                let content = self.inlines(content);
                json!({
                    "kind": "paragraph", "notes": notes_in(&content),
                    "dir": self.turned(&content), "content": content,
                })
            }
            Matter::Table {
                alignments,
                head,
                rows,
            } => {
                let row = |data: &mut Self, cells: &[Vec<Rich<'_>>]| {
                    Value::from(
                        cells
                            .iter()
                            .map(|cell| data.inlines(cell))
                            .collect::<Vec<_>>(),
                    )
                };
                let rows: Vec<Value> = rows.iter().map(|cells| row(self, cells)).collect();
                json!({
                    "kind": "table",
                    "align": alignments.iter().map(|a| alignment(*a)).collect::<Vec<_>>(),
                    "head": row(self, head),
                    "rows": rows,
                })
            }
            Matter::Code { language, text } => {
                json!({"kind": "code", "lang": language, "text": breakable(text)})
            }
            Matter::Image(image) => {
                json!({"kind": "image", "path": self.image(image.path), "alt": image.alt})
            }
        };
        let place = self.page().zip(paragraph.number);
        let label =
            place.map(|(page, number)| self.label(&Address::at(page, format!("p{number}"))));
        let letters = length(&value);
        value["length"] = letters.into();
        value["number"] = paragraph.number.into();
        value["label"] = label.into();
        value["cited_by"] = self.citing(&paragraph.cited_by);
        if paragraph.number.is_some() {
            self.margin.pass(letters);
        }
        value["remarks"] = self.beside(remarks).into();
        value
    }

    /// An image's path in Typst's world; what Typst cannot show is told by its text.
    pub(super) fn image(&mut self, path: Option<&str>) -> Option<String> {
        let path = path?;
        if self.broken.contains(path) {
            return None;
        }
        self.images.insert(path.to_owned());
        Some(format!("/{path}"))
    }
}

fn alignment(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::None => None,
        Alignment::Left => Some("left"),
        Alignment::Center => Some("center"),
        Alignment::Right => Some("right"),
    }
}

/// How many notes stand in inline content.
pub(super) fn notes_in(content: &Value) -> usize {
    let nodes = content.as_array().into_iter().flatten();
    let is_note = |node: &&Value| node["kind"] == "note" || node["kind"] == "comment";
    nodes.filter(is_note).count()
}
