//! Escaping is a type: text becomes [`Markup`] only by being escaped.

use std::fmt::Write as _;

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
        while let Some(at) = first_escaped(rest.as_bytes()) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&quot;",
            });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        let _ = write!(self.0, "{}", number.into());
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

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the first byte stands that has to be escaped.
fn first_escaped(text: &[u8]) -> Option<usize> {
    let escaped = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
    // Whole chunks without an early exit: the compiler compares many bytes at once.
    let sound = |chunk: &&[u8]| !chunk.iter().fold(false, |any, byte| any | escaped(*byte));
    let plain = text.chunks_exact(32).take_while(sound).count() * 32;
    let rest = text[plain..].iter().position(|byte| escaped(*byte));
    rest.map(|at| plain + at)
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
