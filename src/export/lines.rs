//! JSON with one element of each long list a line.

use serde::Serialize;

/// A JSON object that is written field by field.
pub(super) struct Object {
    text: Vec<u8>,
    empty: bool,
}

/// Most entries of a list are shorter, in bytes. A text that grows is copied; room that is not used costs nothing.
const USUAL_ENTRY: usize = 1024;

impl Object {
    /// An object with lists of about so many entries.
    pub(super) fn new(entries: usize) -> Self {
        let mut text = Vec::with_capacity(entries * USUAL_ENTRY);
        text.push(b'{');
        Object { text, empty: true }
    }

    /// A field on one line.
    pub(super) fn field(&mut self, name: &str, value: &impl Serialize) -> &mut Self {
        self.name(name);
        json(&mut self.text, value);
        self
    }

    /// A field that is a list with one element a line.
    pub(super) fn list<T: Serialize>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.name(name);
        array(&mut self.text, items);
        self
    }

    /// A field that is an object.
    pub(super) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object)) -> &mut Self {
        self.name(name);
        self.text.push(b'{');
        let mut inner = Object {
            text: std::mem::take(&mut self.text),
            empty: true,
        };
        fill(&mut inner);
        self.text = inner.text;
        self.text.extend(b"\n}");
        self
    }

    /// The text of the whole object.
    pub(super) fn close(mut self) -> Vec<u8> {
        self.text.extend(b"\n}\n");
        self.text
    }

    fn name(&mut self, name: &str) {
        self.text
            .extend(if self.empty { "\n" } else { ",\n" }.bytes());
        json(&mut self.text, &name);
        self.text.push(b':');
        self.empty = false;
    }
}

/// A list with one element a line.
pub(super) fn array<T: Serialize>(text: &mut Vec<u8>, items: impl IntoIterator<Item = T>) {
    text.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        text.extend(if index > 0 { ",\n" } else { "\n" }.bytes());
        json(text, &item);
    }
    text.extend(b"\n]");
}

fn json(text: &mut Vec<u8>, value: &impl Serialize) {
    let written = serde_json::to_writer(text, value);
    debug_assert!(
        written.is_ok(),
        "records have named fields, and memory takes all bytes"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_an_element_a_line() {
        let mut object = Object::new(2);
        object
            .field("a", &"<\"")
            .list("b", [1, 2])
            .object("c", |inner| {
                inner.field("n", &1);
            });
        let text = String::from_utf8(object.close()).unwrap();
        assert_eq!(
            text,
            "{\n\"a\":\"<\\\"\",\n\"b\":[\n1,\n2\n],\n\"c\":{\n\"n\":1\n}\n}\n"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
