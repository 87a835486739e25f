//! Citations: `key ¶N "words of the source"`, one grammar for YAML and Markdown.

use std::ops::{Range, RangeInclusive};

use super::name::key_length;
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{Span, Text};

/// Ranges of paragraph numbers in the order in which they are written.
pub type Paragraphs = Vec<RangeInclusive<u32>>;

/// The place in a source that a citation points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Locator {
    /// `¶3`, `¶¶3-5, 9`
    Paragraphs(Paragraphs, Span),
    /// `^name`
    Name(String, Span),
}

impl Locator {
    /// The place of the locator itself.
    pub fn span(&self) -> Span {
        match self {
            Locator::Paragraphs(_, span) | Locator::Name(_, span) => *span,
        }
    }
}

/// A citation as it is written; nothing of it is checked against the sources yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Citation {
    /// Words before it (`see`).
    pub prefix: String,
    /// The key of the source.
    pub key: Text,
    /// The place in the source.
    pub locator: Option<Locator>,
    /// Words between the locator and the quotation (`on “…”`).
    pub lead: String,
    /// The quoted words, without the marks round them.
    pub quotation: Option<Box<Text>>,
    /// The source's words right before the quotation, which decide between several places.
    pub before: Option<Box<Text>>,
    /// The source's words right after it.
    pub after: Option<Box<Text>>,
    /// Words after it.
    pub suffix: String,
    /// The place of the citation.
    pub span: Span,
}

impl Citation {
    /// Whether it marks the authors' own judgement (`@self`), for which there is no source.
    pub fn is_own_judgement(&self) -> bool {
        self.key.text == "self"
    }

    /// The citation of what a link names.
    pub fn of(link: &super::Link) -> Self {
        Citation {
            prefix: String::new(),
            key: link.target.clone(),
            locator: link.locator.clone(),
            lead: String::new(),
            quotation: None,
            before: None,
            after: None,
            suffix: String::new(),
            span: link.span,
        }
    }
}

/// Reads one citation, as YAML has it.
pub fn single(text: &Text) -> (Option<Citation>, Vec<Diagnostic>) {
    let mut item = Item::new(text, 0..text.text.len());
    item.strip_brackets();
    let citation = item.read();
    if let Some(citation) = &citation
        && !(citation.suffix.is_empty() && citation.lead.is_empty())
    {
        item.diagnostics.push(leftover(citation, item.suffix_span));
    }
    (citation, item.diagnostics)
}

fn leftover(citation: &Citation, span: Span) -> Diagnostic {
    let (words, span) = if citation.suffix.is_empty() {
        (&citation.lead, citation.span)
    } else {
        (&citation.suffix, span)
    };
    let message = format!("`{words}` is neither a locator nor a quotation");
    let diagnostic = Diagnostic::new(Lint::InvalidCitation, span, message);
    if citation.suffix.contains(['¶', '@']) || begins_like_locator(&citation.suffix) {
        return diagnostic.help(match lone_number(&citation.suffix) {
            Some(number) => format!("a place in a source is a paragraph: `¶{number}`"),
            None => {
                "several paragraphs are `¶¶1, 4-6`, several sources `@a, ¶1; @b, ¶2`".to_owned()
            }
        });
    }
    if citation.suffix.contains(super::QUOTATION_MARKS) {
        return diagnostic.help(
            "the form is `key ¶N \"words\"`, with `;` between citations in brackets, or one a line",
        );
    }
    diagnostic.help("put quoted words in quotation marks: `key ¶N \"words\"`")
}

/// Reads a block with one citation a line.
pub fn block(text: &Text) -> (Vec<Citation>, Vec<Diagnostic>) {
    let mut citations = Vec::new();
    let mut diagnostics = Vec::new();
    let mut at = 0;
    for line in text.text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let part = start..(start + line.trim().len());
        at += line.len();
        if part.is_empty() {
            continue;
        }
        let (citation, mut found) = single(&text.slice(part));
        citations.extend(citation);
        diagnostics.append(&mut found);
    }
    (citations, diagnostics)
}

/// Reads what stands between the brackets of `[see @a, ¶4; @b "words", for the figures]`.
pub fn group(text: &Text) -> (Vec<Citation>, Vec<Diagnostic>) {
    let mut citations = Vec::new();
    let mut diagnostics = Vec::new();
    for part in parts(&text.text) {
        let mut item = Item::new(text, part);
        item.read_prefix();
        if let Some(citation) = item.read() {
            // What looks like a locator or quotation and is none would go unchecked.
            let unread = citation.suffix.contains(super::QUOTATION_MARKS)
                || citation.suffix.contains(['¶', '@'])
                || begins_like_locator(&citation.suffix);
            if unread && item.diagnostics.is_empty() {
                item.diagnostics.push(leftover(&citation, item.suffix_span));
            }
            citations.push(citation);
        }
        diagnostics.append(&mut item.diagnostics);
    }
    // Most groups have one, and a book has many groups.
    citations.shrink_to_fit();
    (citations, diagnostics)
}

/// The number of `9`, `line 9`.
fn lone_number(suffix: &str) -> Option<&str> {
    let number = suffix.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let joins = ["and ", "to ", "through "]
        .iter()
        .any(|word| suffix.starts_with(word));
    (is_number && !joins).then_some(number)
}

/// `9`, `line 2`, `at ¶2`, `and 4`: a place that would not be looked up.
fn begins_like_locator(suffix: &str) -> bool {
    let bare = |c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | ',' | ' ');
    if suffix.starts_with(|c: char| c.is_ascii_digit()) && suffix.chars().all(bare) {
        return true;
    }
    let joined = ["and ", "& ", "to ", "through "]
        .iter()
        .find_map(|word| suffix.strip_prefix(word));
    if joined.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(bare)
    }) {
        return true;
    }
    let mut words = suffix.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let place = matches!(first.as_str(), "line" | "lines" | "at" | "section" | "§");
    place
        && words
            .next()
            .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The citations of a group: cut at each `;` outside quotation marks.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut straight = false;
    let mut depth = 0_i32;
    for (at, character) in text.char_indices() {
        match character {
            '"' => straight = !straight,
            '“' | '«' | '「' => depth += 1,
            '”' | '»' | '」' => depth -= 1,
            ';' if !straight && depth <= 0 && text[at..].contains('@') => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(start..text.len());
    parts
}

/// Reads what a `[[link]]` points at: any words, and a locator where one stands at the end.
pub(super) fn target(text: &Text) -> (Text, Option<Locator>, Vec<Diagnostic>) {
    let words = text.text.as_str();
    let at = words.rfind(" ¶").or_else(|| words.rfind(" ^"));
    let Some(at) = at else {
        return (text.clone(), None, Vec::new());
    };
    let first = words[at..]
        .find('¶')
        .map_or(at, |_| words[..at].trim_end_matches('¶').len().min(at));
    let mut item = Item::new(text, at + 1..words.len());
    let locator = item.read_locator();
    let name = text.slice(0..words[..first].trim_end().len());
    (name, locator, item.diagnostics)
}

/// Reads one citation from a range of a text.
struct Item<'t> {
    text: &'t Text,
    at: usize,
    end: usize,
    prefix: String,
    suffix_span: Span,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Item<'t> {
    fn new(text: &'t Text, range: Range<usize>) -> Self {
        Item {
            text,
            at: range.start,
            end: range.end,
            prefix: String::new(),
            suffix_span: text.span(range.end..range.end),
            diagnostics: Vec::new(),
        }
    }

    fn rest(&self) -> &'t str {
        &self.text.text[self.at..self.end]
    }

    fn skip(&mut self, characters: &[char]) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(characters).len();
    }

    /// `[@a, ¶3]` pasted into YAML is read like `a ¶3`.
    fn strip_brackets(&mut self) {
        let rest = self.rest();
        if rest.starts_with("[@") && rest.ends_with(']') {
            self.at += 1;
            self.end -= 1;
        }
    }

    fn read_prefix(&mut self) {
        let rest = self.rest();
        if let Some(sign) = rest.find('@') {
            let prefix = rest[..sign].trim_end_matches('-').trim();
            prefix.clone_into(&mut self.prefix);
            self.at += sign;
        }
    }

    fn read(&mut self) -> Option<Citation> {
        self.skip(&[' ', '\t', '\n']);
        let start = self.at;
        if self.rest().starts_with('@') {
            self.at += 1;
        }
        let key = self.read_key()?;
        self.skip(&[' ', '\u{a0}', '\u{202f}', ',', ':', '\n']);
        let locator = self.read_locator();
        self.skip(&[' ', '\u{a0}', '\u{202f}', ',', ':', '\n']);
        let lead = self.read_lead();
        let quotation = self.read_quotation();
        let suffix_start = self.at;
        let suffix = self.rest().trim().trim_start_matches([',', ' ']);
        self.suffix_span = self.text.span(suffix_start..self.end);
        Some(Citation {
            prefix: std::mem::take(&mut self.prefix),
            key,
            locator,
            lead,
            quotation: quotation.map(Box::new),
            before: None,
            after: None,
            suffix: suffix.to_owned(),
            span: self
                .text
                .span(start..self.text.text[..self.end].trim_end().len().max(start)),
        })
    }

    fn read_key(&mut self) -> Option<Text> {
        let length = key_length(self.rest());
        let key = self.rest()[..length].trim_end_matches(['.', '-', '_']);
        if key.is_empty() {
            let span = self.text.span(self.at..self.end);
            self.diagnostics.push(
                Diagnostic::new(
                    Lint::InvalidCitation,
                    span,
                    "a citation begins with the key of a source",
                )
                .help("the form is `key ¶N \"words\"`"),
            );
            return None;
        }
        let range = self.at..self.at + key.len();
        self.at = range.end;
        Some(self.text.slice(range))
    }

    fn read_locator(&mut self) -> Option<Locator> {
        let start = self.at;
        let braced = self.rest().starts_with('{');
        if braced {
            self.at += 1;
        }
        self.refuse_page();
        let locator = self.name_locator().or_else(|| self.number_locator());
        if braced {
            self.skip(&[' ', '}']);
        }
        if locator.is_none() && self.diagnostics.is_empty() {
            self.at = start;
            self.refuse_near_locator();
        }
        locator
    }

    /// Reports `p. 9`, and reads it as the paragraph that it may stand for.
    fn refuse_page(&mut self) {
        let rest = self.rest();
        let Some(word) = PAGES.iter().find(|word| rest.starts_with(**word)) else {
            return;
        };
        let number = rest[word.len()..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let length = number
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '–')))
            .unwrap_or(number.len());
        if length == 0 {
            return;
        }
        let sign = if number[..length].contains(['-', '–']) {
            "¶¶"
        } else {
            "¶"
        };
        let start = self.at;
        self.at += rest.len() - number.len();
        let place = self.text.span(start..self.at + length);
        let message = "a source has numbered paragraphs, and this names a page";
        let meant = format!("{sign}{}", &number[..length]);
        self.diagnostics.push(
            Diagnostic::new(Lint::InvalidLocator, place, message)
                .help(format!("write `{meant}` if that paragraph is meant"))
                .fix(place, meant),
        );
        self.at += length;
    }

    /// `^name`
    fn name_locator(&mut self) -> Option<Locator> {
        let name = self.rest().strip_prefix('^')?;
        let length = key_length(name);
        if length == 0 {
            return None;
        }
        let span = self.text.span(self.at..self.at + 1 + length);
        self.at += 1 + length;
        Some(Locator::Name(name[..length].to_owned(), span))
    }

    /// `¶3`, `¶¶3-5, 9`, `p3`, `pp3-5`, `para. 3`, `paras. 3-5`
    fn number_locator(&mut self) -> Option<Locator> {
        let start = self.at;
        self.at += locator_word(self.rest())?;
        let mut ranges = Vec::new();
        while let Some(range) = self.number_range(ranges.is_empty()) {
            ranges.push(range);
        }
        let span = self.text.span(start..self.at);
        let wrong = ranges
            .iter()
            .find(|range| range.is_empty() || *range.start() == 0);
        if let Some(range) = wrong {
            let fact = if *range.start() == 0 {
                "paragraphs are counted from 1".to_owned()
            } else {
                format!("¶¶{}-{} runs backwards", range.start(), range.end())
            };
            let (from, to) = (range.start(), range.end());
            self.diagnostics
                .push(
                    Diagnostic::new(Lint::InvalidLocator, span, fact).help(match from {
                        0 => "the first paragraph is ¶1; `^title` is the title".to_owned(),
                        _ => format!("write `¶¶{to}-{from}`"),
                    }),
                );
            return None;
        }
        (!ranges.is_empty()).then_some(Locator::Paragraphs(ranges, span))
    }

    fn number_range(&mut self, first: bool) -> Option<RangeInclusive<u32>> {
        let rest = self.rest();
        let mut at = 0;
        if !first {
            let list = rest.strip_prefix(',')?.trim_start();
            at = rest.len() - list.len();
            at += locator_word(list).unwrap_or(0);
        }
        let (from, length) = number(&rest[at..])?;
        at += length;
        let mut to = from;
        if let Some((dash, number_length, last)) = range_end(&rest[at..]) {
            at += dash + number_length;
            to = last;
        }
        let next = rest[at..].chars().next();
        if !first && next.is_some_and(|c| !matches!(c, ',' | ';' | ']' | '}' | '"' | '“' | ' ')) {
            return None;
        }
        // `¶3, 400 Marines` has words after the comma, not a second number.
        if !first && rest[at..].trim_start().starts_with(char::is_alphabetic) {
            return None;
        }
        self.at += at;
        Some(from..=to)
    }

    /// Reports what is nearly a locator.
    fn refuse_near_locator(&mut self) {
        let rest = self.rest();
        let near = rest.starts_with(['¶', '#', '§']) || rest.starts_with('^');
        if !near {
            return;
        }
        let sign = rest.chars().next().map_or(0, char::len_utf8);
        // `# 9` as well as `#9`
        let bare = rest[sign..].trim_start_matches(' ');
        let start = if bare.starts_with(|c: char| c.is_ascii_digit()) {
            rest.len() - bare.len()
        } else {
            0
        };
        let length = rest[start..]
            .find([' ', ',', ']'])
            .map_or(rest.len(), |length| start + length);
        let span = self.text.span(self.at..self.at + length);
        let diagnostic = Diagnostic::new(
            Lint::InvalidLocator,
            span,
            format!("`{}` is not a locator", &rest[..length]),
        );
        self.diagnostics.push(match meant_locator(&rest[..length]) {
            None => diagnostic.help("a locator is `¶3`, `¶¶3-5` or `^name`"),
            Some(meant) => diagnostic
                .help(format!("write `{meant}`"))
                .fix(span, meant)
                .trusted(if rest.starts_with('#') {
                    Trust::Safe
                } else {
                    Trust::Suggested
                }),
        });
        self.at += length;
    }

    /// Words before a quotation that follows later: what is quoted is verified wherever it stands.
    fn read_lead(&mut self) -> String {
        let rest = self.rest();
        let Some(open) = rest.find(super::QUOTATION_MARKS) else {
            return String::new();
        };
        let mark = rest[open..].chars().next().map_or(1, char::len_utf8);
        let closes = rest[open + mark..].contains(super::QUOTATION_MARKS);
        let lead = rest[..open].trim();
        if !closes || lead.contains(['¶', '@']) {
            return String::new();
        }
        self.at += open;
        lead.trim_end_matches(['–', '—', ':', '('])
            .trim()
            .to_owned()
    }

    fn read_quotation(&mut self) -> Option<Text> {
        let rest = self.rest();
        let open = rest
            .chars()
            .next()
            .filter(|c| super::QUOTATION_MARKS.contains(c))?;
        let inner = self.at + open.len_utf8();
        let body = &self.text.text[inner..self.end];
        let Some(close) = body.rfind(super::QUOTATION_MARKS) else {
            let span = self.text.span(self.at..self.end);
            self.diagnostics.push(
                Diagnostic::new(Lint::InvalidCitation, span, "the quotation is not closed")
                    .help("end it with a quotation mark"),
            );
            self.at = self.end;
            return None;
        };
        let mark = body[close..].chars().next().map_or(0, char::len_utf8);
        self.at = inner + close + mark;
        Some(self.text.slice(inner..inner + close))
    }
}

/// `#3`, `#p3`, `#p3-5` and `§3` as a locator.
fn meant_locator(wrong: &str) -> Option<String> {
    let number = wrong.trim_start_matches(['¶', '#', '§', ' ']);
    let number = number.strip_prefix('p').unwrap_or(number);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match number.split_once(['-', '–']) {
        Some((from, to)) => {
            let to = to.strip_prefix('p').unwrap_or(to);
            (is_number(from) && is_number(to)).then(|| format!("¶¶{from}-{to}"))
        }
        None => is_number(number).then(|| format!("¶{number}")),
    }
}

/// What announces pages.
const PAGES: [&str; 4] = ["p.", "pp.", "pages", "page"];

/// The length of what announces paragraph numbers, if a number follows.
fn locator_word(rest: &str) -> Option<usize> {
    const WORDS: [&str; 9] = [
        "¶",
        "paragraphs",
        "paragraph",
        "paras",
        "para",
        "pars",
        "par",
        "pp",
        "p",
    ];
    let lower = rest
        .get(..rest.floor_char_boundary(12))
        .unwrap_or(rest)
        .to_ascii_lowercase();
    let word = WORDS.iter().find(|word| lower.starts_with(**word))?;
    let after = if *word == "¶" {
        rest.trim_start_matches('¶')
    } else {
        rest[word.len()..].trim_start_matches('.')
    };
    let after = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    after
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some(rest.len() - after.len())
}

/// A number and its length; one beyond all paragraphs saturates.
fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then(|| (text[..length].parse().unwrap_or(u32::MAX), length))
}

/// The dash, its length, and the last number of a range.
fn range_end(text: &str) -> Option<(usize, usize, u32)> {
    let after = text
        .trim_start()
        .strip_prefix(['-', '–', '—', '‑'])?
        .trim_start();
    let after = after.trim_start_matches('¶');
    let (last, length) = number(after)?;
    Some((text.len() - after.len(), length, last))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::Sources;

    fn show(citation: &Citation) -> String {
        let mut out = format!("{}|{}", citation.prefix, citation.key.text);
        match &citation.locator {
            Some(Locator::Paragraphs(ranges, _)) => {
                for range in ranges {
                    write!(out, " {}-{}", range.start(), range.end()).unwrap();
                }
            }
            Some(Locator::Name(name, _)) => write!(out, " ^{name}").unwrap(),
            None => {}
        }
        if let Some(quotation) = &citation.quotation {
            write!(out, " “{}”", quotation.text).unwrap();
        }
        if !citation.suffix.is_empty() {
            write!(out, " +{}", citation.suffix).unwrap();
        }
        out
    }

    fn text(words: &str) -> Text {
        let sources = Sources::from_texts([("a", words)]);
        Text::verbatim(sources.find("a").expect("just made"), words, 0)
    }

    fn check(words: &str, expected: &str) {
        let (citations, diagnostics) = group(&text(words));
        let mut found: Vec<String> = citations.iter().map(show).collect();
        found.extend(
            diagnostics
                .iter()
                .map(|d| format!("{}: {}", d.lint.name(), d.message)),
        );
        assert_eq!(found.join("; "), expected, "{words}");
    }

    #[test]
    fn groups() {
        check("@a, ¶3", "|a 3-3");
        check("@a", "|a");
        check("@a ¶¶3-5, 9", "|a 3-5 9-9");
        check("@a, p3", "|a 3-3");
        check("@a, paras. 3–5", "|a 3-5");
        check("@a, ^name \"x; y\"", "|a ^name “x; y”");
        check(
            "see @a, ¶4; @b, ¶¶7-9, for the figures",
            "see|a 4-4; |b 7-9 +for the figures",
        );
        check("@a, ¶3 “said \"no\" twice”", "|a 3-3 “said \"no\" twice”");
        check("@a, ¶3, 400 Marines", "|a 3-3 +400 Marines");
        check("-@a", "|a");
        check("@a {¶3}", "|a 3-3");
        check("@a, ¶5-3", "|a; invalid-locator: ¶¶5-3 runs backwards");
        check(
            "@a, ¶0",
            "|a; invalid-locator: paragraphs are counted from 1",
        );
        check("@a, #p3", "|a; invalid-locator: `#p3` is not a locator");
        check("@a, #p3-5", "|a; invalid-locator: `#p3-5` is not a locator");
        check(
            "@a, \"open",
            "|a; invalid-citation: the quotation is not closed",
        );
    }

    #[test]
    fn nearly_a_locator_is_told_what_it_would_be() {
        let check = |wrong, expected: Option<&str>| {
            assert_eq!(meant_locator(wrong).as_deref(), expected, "{wrong}");
        };
        check("#p3", Some("¶3"));
        check("#3", Some("¶3"));
        check("§12", Some("¶12"));
        check("#p3-5", Some("¶¶3-5"));
        check("#p3-p5", Some("¶¶3-5"));
        check("#intro2", None);
        check("¶three", None);
    }

    #[test]
    fn blocks_have_one_citation_a_line() {
        let (citations, diagnostics) = block(&text("a ¶3 \"x, y\"\n\n  b \"z\"\n[@c, ¶4]\n"));
        assert_eq!(diagnostics, []);
        let shown: Vec<String> = citations.iter().map(show).collect();
        assert_eq!(shown, ["|a 3-3 “x, y”", "|b “z”", "|c 4-4"]);
        let (_, diagnostics) = block(&text("a ¶3 has no authority\n"));
        assert_eq!(diagnostics.len(), 1);
    }
}
