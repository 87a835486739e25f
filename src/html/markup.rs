//! Escaping is a type: text becomes [`Markup`] only by being escaped.

use memchr::memmem;
use serde::Serialize;

/// HTML that is safe to send: our own tags, and text that was escaped.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Markup::default()
    }

    /// Adds a piece of our own source code.
    pub fn raw(&mut self, html: &'static str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Adds text, escaped for content and for double-quoted attributes.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some(at) = position(rest, is_sign) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(entity(rest.as_bytes()[at]));
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        self.0.push_str(itoa::Buffer::new().format(number.into()));
        self
    }

    /// Adds markup.
    pub fn markup(&mut self, markup: &Markup) -> &mut Self {
        self.0.push_str(&markup.0);
        self
    }

    /// Adds data for a `<script>` element, which it cannot close.
    pub(super) fn json(&mut self, data: &impl Serialize) -> &mut Self {
        // Data that has no JSON has no place either.
        let json = serde_json::to_string(data).unwrap_or_default();
        let escaped = json
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026");
        self.0.push_str(&escaped);
        self
    }

    /// Adds what syntect wrote, which escapes the text that it is given.
    pub(super) fn highlighted(&mut self, html: &str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Whether there is code in it whose words have classes.
    pub(super) fn is_highlighted(&self) -> bool {
        memmem::find(self.0.as_bytes(), b"<span class=\"hl-").is_some()
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a character is written that has a meaning of its own.
pub(super) fn entity(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "&#39;",
    }
}

/// Where the first byte of a kind stands. Tests without branches let the compiler look at sixteen bytes at once.
pub(super) fn position(text: &str, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    const CHUNK: usize = 16;
    let text = text.as_bytes();
    let has_none = |chunk: &[u8; CHUNK]| {
        let any = |any, byte: &u8| any | u8::from(wanted(*byte));
        chunk.iter().fold(0, any) == 0
    };
    let (chunks, _) = text.as_chunks();
    let passed = chunks.iter().take_while(|c| has_none(c)).count() * CHUNK;
    let rest = &text[passed..];
    // The last chunk overlaps the one before it.
    if rest.len() < CHUNK && text.last_chunk().is_some_and(has_none) {
        return None;
    }
    let at = rest.iter().position(|byte| wanted(*byte));
    at.map(|at| passed + at)
}

/// Whether a byte has a meaning in content or in double-quoted attributes.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches the compiler looks at many bytes at once"
)]
pub(super) fn is_sign(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"')
}

impl From<Markup> for tera::Value {
    fn from(markup: Markup) -> Self {
        tera::Value::safe_string(&markup.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_element() {
        let mut markup = Markup::new();
        markup.json(&"</script><!--&");
        assert_eq!(
            markup.as_str(),
            "\"\\u003c/script\\u003e\\u003c!--\\u0026\""
        );
    }

    #[test]
    fn text_cannot_become_markup() {
        let mut markup = Markup::new();
        markup.raw("<p>").text("\"><b>&</b>").raw("</p>");
        assert_eq!(markup.as_str(), "<p>&quot;&gt;&lt;b&gt;&amp;&lt;/b&gt;</p>");
    }
}
