//! JSON with one element of each long list a line.

use std::io;

use serde::Serialize;

/// A JSON object that is written field by field.
pub(super) struct Object<'w> {
    to: &'w mut dyn io::Write,
    /// What is not written yet.
    text: Vec<u8>,
    /// What came of writing the rest.
    written: io::Result<()>,
    empty: bool,
}

/// So many bytes are written at once.
const PIECE: usize = 1 << 16;

impl<'w> Object<'w> {
    pub(super) fn new(to: &'w mut dyn io::Write) -> Self {
        Object {
            to,
            text: b"{".to_vec(),
            written: Ok(()),
            empty: true,
        }
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
        self.text.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            element(&mut self.text, index, &item);
            if self.text.len() > PIECE {
                self.pass_on();
            }
        }
        self.text.extend(b"\n]");
        self
    }

    /// A field that is an object.
    pub(super) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.name(name);
        self.text.push(b'{');
        self.empty = true;
        fill(self);
        self.empty = false;
        self.text.extend(b"\n}");
        self
    }

    /// Writes what is left of the object.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.text.extend(b"\n}\n");
        self.pass_on();
        self.written
    }

    fn pass_on(&mut self) {
        if self.written.is_ok() {
            self.written = self.to.write_all(&self.text);
        }
        self.text.clear();
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
        element(text, index, &item);
    }
    text.extend(b"\n]");
}

fn element(text: &mut Vec<u8>, index: usize, item: &impl Serialize) {
    text.extend(if index > 0 { ",\n" } else { "\n" }.bytes());
    json(text, item);
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
        let mut written = Vec::new();
        let mut object = Object::new(&mut written);
        object
            .field("a", &"<\"")
            .list("b", [1, 2])
            .object("c", |inner| {
                inner.field("n", &1);
            });
        object.close().unwrap();
        let text = String::from_utf8(written).unwrap();
        assert_eq!(
            text,
            "{\n\"a\":\"<\\\"\",\n\"b\":[\n1,\n2\n],\n\"c\":{\n\"n\":1\n}\n}\n"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
