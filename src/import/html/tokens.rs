//! A page's tags, before they are a tree: told where they stand, and made harmless.
//!
//! Browsers survive what no author would write: a hundred thousand nested elements, bold text that is opened
//! again in every paragraph. Here tags beyond a depth are dropped and their text kept, and the elements
//! that HTML opens again carry no attributes, of which it then keeps three at most. So the tree that comes of
//! the tags is not deeper than `DEEPEST` and not much larger than the page.

use std::cell::RefCell;
use std::fmt::Write as _;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// How many elements may be open.
const DEEPEST: usize = 256;

/// The attribute with the number of an element in the page's order.
pub(super) const NUMBER: &str = "data-pincite";

/// A page as harmless tags.
#[derive(Default)]
pub(super) struct Tamed {
    /// The page, with a number on most elements.
    pub(super) html: String,
    /// The line on which each numbered element begins.
    pub(super) lines: Vec<usize>,
    /// The texts of `<script type="application/ld+json">`.
    pub(super) json_ld: Vec<String>,
    /// The address that the browser noted where it saved the page.
    pub(super) saved_from: Option<String>,
    open: Vec<String>,
    /// How many elements beyond the depth are open.
    beyond: usize,
    raw: Option<Raw>,
}

/// An element whose text is not HTML.
struct Raw {
    name: String,
    keeps: Keeps,
}

#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    Nothing,
    Title,
    JsonLd,
}

/// Makes a page's tags harmless.
pub(super) fn tame(page: &str) -> Tamed {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    // Returns before the end of the input only for what the sink asks for: scripts, encodings.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct Sink(RefCell<Tamed>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return page.tag(&tag, usize::try_from(line).unwrap_or(0)),
            Token::CharacterTokens(text) => page.text(&text),
            Token::CommentToken(text) => page.comment(&text),
            Token::DoctypeToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Tamed {
    fn tag(&mut self, tag: &Tag, line: usize) -> TokenSinkResult<()> {
        match tag.kind {
            TagKind::StartTag => return self.start(tag, line),
            TagKind::EndTag => self.end(&tag.name),
        }
        TokenSinkResult::Continue
    }

    fn start(&mut self, tag: &Tag, line: usize) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if let Some((raw, keeps)) = raw(tag) {
            self.raw = Some(Raw {
                name: name.to_owned(),
                keeps,
            });
            match keeps {
                Keeps::Nothing => {}
                Keeps::Title => self.html.push_str("<title>"),
                Keeps::JsonLd => self.json_ld.push(String::new()),
            }
            return TokenSinkResult::RawData(raw);
        }
        if !CLOSED_BY_OTHERS.contains(&name) && !tag.self_closing {
            if self.open.len() >= DEEPEST {
                self.beyond += 1;
                return TokenSinkResult::Continue;
            }
            self.open.push(name.to_owned());
        }
        self.write(tag, line);
        TokenSinkResult::Continue
    }

    fn write(&mut self, tag: &Tag, line: usize) {
        let name = &*tag.name;
        self.html.push('<');
        self.html.push_str(name);
        if !OPENED_AGAIN.contains(&name) {
            let _ = write!(self.html, " {NUMBER}={}", self.lines.len());
            self.lines.push(line);
            for attribute in &tag.attrs {
                let key = &*attribute.name.local;
                if KEPT.contains(&key) {
                    let _ = write!(self.html, " {key}=\"{}\"", escaped(&attribute.value));
                }
            }
        }
        self.html.push('>');
    }

    fn end(&mut self, name: &str) {
        if self.raw.as_ref().is_some_and(|raw| raw.name == name) {
            if self.raw.take().is_some_and(|raw| raw.keeps == Keeps::Title) {
                self.html.push_str("</title>");
            }
            return;
        }
        let counted = !CLOSED_BY_OTHERS.contains(&name);
        if counted && self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if let Some(at) = self.open.iter().rposition(|open| counted && open == name) {
            self.open.truncate(at);
        }
        let _ = write!(self.html, "</{name}>");
    }

    fn text(&mut self, text: &str) {
        match self.raw.as_ref().map(|raw| raw.keeps) {
            None | Some(Keeps::Title) => self.html.push_str(&escaped(text)),
            Some(Keeps::JsonLd) => {
                if let Some(json) = self.json_ld.last_mut() {
                    json.push_str(text);
                }
            }
            Some(Keeps::Nothing) => {}
        }
    }

    /// `saved from url=(0026)https://example.org/a.html`, `Page saved with SingleFile … url: https://example.org/a.html`.
    fn comment(&mut self, text: &str) {
        let chrome = text.trim_start().strip_prefix("saved from url=(");
        let chrome = chrome.and_then(|rest| rest.split_once(')'));
        let single = text
            .contains("SingleFile")
            .then(|| text.split_once("url:"))
            .flatten();
        let address = chrome.or(single).map(|(_, rest)| rest.trim_start());
        let address = address.and_then(|rest| rest.split_whitespace().next());
        if self.saved_from.is_none() {
            self.saved_from = address.map(str::to_owned);
        }
    }
}

/// How the text of an element is read that is not HTML.
fn raw(tag: &Tag) -> Option<(RawKind, Keeps)> {
    let is_json = |value: &str| value.trim().eq_ignore_ascii_case("application/ld+json");
    match &*tag.name {
        "title" => Some((RawKind::Rcdata, Keeps::Title)),
        "textarea" => Some((RawKind::Rcdata, Keeps::Nothing)),
        "style" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp" | "plaintext" => {
            Some((RawKind::Rawtext, Keeps::Nothing))
        }
        "script" => {
            let json = tag
                .attrs
                .iter()
                .any(|a| &*a.name.local == "type" && is_json(&a.value));
            let keeps = if json { Keeps::JsonLd } else { Keeps::Nothing };
            Some((RawKind::ScriptData, keeps))
        }
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// Elements without content, and those that another's beginning closes: they are not counted.
const CLOSED_BY_OTHERS: [&str; 33] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "html", "head", "body", "p", "li", "dt", "dd", "td", "th", "tr", "tbody",
    "thead", "tfoot", "colgroup", "caption", "option", "optgroup", "rt", "rp",
];

/// The formatting elements, which HTML opens again in each paragraph until they are closed (`a` but once).
const OPENED_AGAIN: [&str; 13] = [
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The attributes that anything is read from.
const KEPT: [&str; 25] = [
    "id",
    "class",
    "href",
    "src",
    "data-src",
    "data-original",
    "alt",
    "datetime",
    "content",
    "property",
    "name",
    "itemprop",
    "rel",
    "lang",
    "dir",
    "hidden",
    "aria-hidden",
    "role",
    "style",
    "colspan",
    "rowspan",
    "start",
    "pubdate",
    "itemtype",
    "width",
];
