//! Escaping is a type: text becomes [`Markup`] only by being escaped.

use std::fmt::Write as _;

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
        let escaped = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
        while let Some(at) = rest.bytes().position(escaped) {
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

impl From<Markup> for tera::Value {
    fn from(markup: Markup) -> Self {
        tera::Value::safe_string(&markup.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let mut markup = Markup::new();
        markup.raw("<p>").text("\"><b>&</b>").raw("</p>");
        assert_eq!(markup.as_str(), "<p>&quot;&gt;&lt;b&gt;&amp;&lt;/b&gt;</p>");
    }
}
