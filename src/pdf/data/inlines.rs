//! Running text as data.

use serde_json::{Value, json};

use super::{Data, list};
use crate::book::Home;
use crate::config::Part;
use crate::edition::{Address, Page, Rich};
use crate::pdf::text::{breakable, plain, shown};

impl Data<'_, '_> {
    pub(super) fn inlines(&mut self, content: &[Rich<'_>]) -> Value {
        let mut inlines: Vec<Value> = Vec::with_capacity(content.len());
        for piece in content {
            let Some(inline) = self.inline(piece) else {
                continue;
            };
            // A note right behind a reference tells the page.
            if inline["kind"] == "note"
                && let Some(before) = inlines.last_mut()
                && before["kind"] == "ref"
            {
                before["paged"] = false.into();
            }
            inlines.push(inline);
        }
        inlines.into()
    }

    /// What is told of a source: it names the pages itself where its references lead.
    pub(super) fn told(&mut self, content: &[Rich<'_>]) -> Value {
        self.is_running = false;
        let told = self.inlines(content);
        self.is_running = true;
        told
    }

    fn inline(&mut self, piece: &Rich<'_>) -> Option<Value> {
        Some(match piece {
            Rich::Text(text) => json!(shown(text)),
            Rich::Emphasis(content) => {
                json!({"kind": "emphasis", "content": self.inlines(content)})
            }
            Rich::Strong(content) => json!({"kind": "strong", "content": self.inlines(content)}),
            Rich::Strike(content) => json!({"kind": "strike", "content": self.inlines(content)}),
            Rich::Code(text) => json!({"kind": "code", "text": breakable(text)}),
            Rich::Break => json!({"kind": "break"}),
            Rich::Link { url, content } if url.starts_with('#') => {
                let to = self
                    .page()
                    .map(|page| self.label(&Address::at(page, &url[1..])));
                json!({"kind": "ref", "to": to, "content": self.inlines(content)})
            }
            Rich::Link { url, content } => link(url, self.inlines(content)),
            Rich::Reference { to, content } => {
                let mut content = list(self.inlines(content));
                if self.is_mixed {
                    content.insert(0, ISOLATE.into());
                    content.push(END_OF_ISOLATE.into());
                }
                json!({"kind": "ref", "to": self.printed(to), "paged": self.is_running, "content": content})
            }
            // A file cannot be opened on paper; its name is in the text.
            Rich::File { content, .. } => {
                json!({"kind": "ref", "to": null, "content": self.inlines(content)})
            }
            Rich::Term {
                to,
                linked,
                content,
            } => {
                let to = self.label(to);
                let spot = self.spot(&to);
                json!({"kind": "term", "to": to, "linked": linked, "spot": spot, "content": self.inlines(content)})
            }
            Rich::Note { number, content } => {
                let page = self.page();
                let label = page.map(|page| self.label(&Address::at(page, format!("c{number}"))));
                if content.is_empty() {
                    return Some(json!({"kind": "again", "note": label}));
                }
                json!({"kind": "note", "number": number, "label": label, "content": self.told(content)})
            }
            Rich::Noted { kinds, content } => {
                // Where several comments are on the same words, the first gives them its ground.
                let of = kinds.iter().flatten().next().map(|kind| kind.name());
                json!({"kind": "noted", "comment": of, "content": self.inlines(content)})
            }
            Rich::Mark { label, to, .. } => {
                let page = self.page();
                let to = page.map(|page| self.label(&Address::at(page, to.as_str())));
                match to.as_ref().and_then(|to| self.footnotes.get_mut(to)) {
                    Some(first) => match first.take() {
                        Some(remark) => json!({"kind": "comment", "label": to, "remark": remark}),
                        None => json!({"kind": "again", "note": to}),
                    },
                    None => json!({"kind": "mark", "letter": label, "to": to}),
                }
            }
            // Paper leads nowhere else; the bibliography has the address.
            Rich::Original(_) => return None,
            Rich::PageOf(address) => {
                let Page::Article(index) = address.page else {
                    return None;
                };
                if !self.annex.contains(&index) {
                    return None;
                }
                let page = json!({"kind": "page", "to": self.label(address)});
                json!({"kind": "ref", "to": null, "content": [", ", page]})
            }
            Rich::Image(image) => {
                json!({"kind": "image", "path": self.image(image.path), "alt": image.alt})
            }
        })
    }

    /// What marks an occurrence of a term; the glossary's own words are none.
    fn spot(&mut self, term: &str) -> Option<String> {
        let is_listed = [Part::Glossary, Part::Index];
        if matches!(self.home, None | Some(Home::Term(_)))
            || !is_listed
                .iter()
                .any(|part| self.config.parts.contains(part))
        {
            return None;
        }
        self.occurring.insert(term.to_owned());
        Some(spot(term))
    }
}

/// A link out of the book, whether its words are an address, and what to show where there are none.
pub(super) fn link(url: &str, content: Value) -> Value {
    let words = plain(&content);
    let content = if words.is_empty() {
        json!([breakable(url)])
    } else {
        content
    };
    let is_address = words.is_empty() || words.contains('/');
    json!({"kind": "link", "url": url, "address": is_address, "content": content})
}

/// Begins a stretch with a direction of its own, which turns nothing round it (UAX #9).
const ISOLATE: &str = "\u{2068}";

const END_OF_ISOLATE: &str = "\u{2069}";

/// The label of all occurrences of a term, whose entry has the label `term`.
pub(super) fn spot(term: &str) -> String {
    format!("{term}@")
}
