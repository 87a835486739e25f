//! Citations: `key ¶N "words of the source"`, one grammar for YAML and Markdown.

mod item;

use std::num::NonZeroU32;
use std::ops::{Range, RangeInclusive};

use super::locator::{begins_like_locator, meant_paragraphs};
use crate::diagnostic::{Diagnostic, Lint};
use crate::source::{Span, Text, small};
use item::Item;

pub use item::UNSEEN;

/// Ranges of paragraph numbers in the order in which they are written.
pub type Paragraphs = Vec<RangeInclusive<u32>>;

/// The place in a source that a citation points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Locator {
    /// `¶3`, `¶¶3-5, 9`
    Paragraphs(Paragraphs, Span),
    /// `^name`
    Name(String, Span),
    /// Several of these: `¶¶3-4, ^name`
    Several(Vec<Locator>, Span),
}

impl Locator {
    /// The place of the locator itself.
    pub fn span(&self) -> Span {
        match self {
            Locator::Paragraphs(_, span) | Locator::Name(_, span) | Locator::Several(_, span) => {
                *span
            }
        }
    }

    /// What stands behind the `#` of a paragraph's address: `p3`, `^name`.
    pub fn of_anchor(anchor: &Text) -> Option<Self> {
        let (words, span) = (anchor.text.as_str(), anchor.whole());
        if let Some(name) = words.strip_prefix('^') {
            return Some(Locator::Name(name.to_owned(), span));
        }
        let number: NonZeroU32 = words.strip_prefix('p')?.parse().ok()?;
        let number = number.get();
        Some(Locator::Paragraphs(vec![number..=number], span))
    }

    /// The numbers and names that it is made of.
    pub fn parts(&self) -> &[Locator] {
        match self {
            Locator::Several(parts, _) => parts,
            Locator::Paragraphs(..) | Locator::Name(..) => std::slice::from_ref(self),
        }
    }

    /// The names among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts().iter().filter_map(|part| match part {
            Locator::Name(name, _) => Some(name.as_str()),
            Locator::Paragraphs(..) | Locator::Several(..) => None,
        })
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

    /// What stands where its key should: the key, or a path such as `articles/harbour.md`.
    pub fn path(&self) -> (String, Span) {
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
        let rest = self.suffix.split(ends).next().unwrap_or_default();
        let rest = if rest.starts_with('/') { rest } else { "" };
        let key = self.key.whole();
        let end = key.end + small(rest.len());
        (format!("{}{rest}", self.key.text), Span { end, ..key })
    }

    /// The citation of what a link names.
    pub fn of(link: &super::Link) -> Self {
        Self::bare(link.target.clone(), link.locator.clone(), link.span)
    }

    /// A citation of a paragraph, without any words.
    pub fn of_paragraph(key: Text, locator: Locator, span: Span) -> Self {
        Self::bare(key, Some(locator), span)
    }

    fn bare(key: Text, locator: Option<Locator>, span: Span) -> Self {
        Citation {
            prefix: String::new(),
            key,
            locator,
            lead: String::new(),
            quotation: None,
            before: None,
            after: None,
            suffix: String::new(),
            span,
        }
    }
}

/// Reads one citation, as YAML has it.
pub fn single(text: &Text) -> (Option<Citation>, Vec<Diagnostic>) {
    let mut item = Item::new(text, 0..text.text.len());
    item.strip_brackets();
    let citation = item.read();
    if let Some(several) = citation.as_ref().and_then(several_in_one) {
        let help = "write each on a line of its own, below `|`";
        return (None, vec![several.help(help)]);
    }
    if let Some(citation) = &citation {
        let several =
            "several paragraphs are `¶¶1, 4-6`; several citations stand below `|`, one a line";
        let unread = match (citation.lead.is_empty(), citation.suffix.is_empty()) {
            (false, _) => Some(misplaced_words(&citation.lead, item.lead_span)),
            (true, false) => Some(leftover(citation, item.suffix_span, item.is_glued, several)),
            (true, true) => None,
        };
        item.diagnostics.extend(unread);
    }
    (citation, item.diagnostics)
}

/// Another citation between the first mark of a quotation and its last one: `key ¶1 "words"; other ¶2 "words"`.
fn several_in_one(citation: &Citation) -> Option<Diagnostic> {
    let quotation = citation.quotation.as_deref()?;
    let mut pieces = quotation.text.split(super::QUOTATION_MARKS);
    let between = pieces.nth(1)?;
    let is_apart = between.starts_with([' ', ';', ',']) && between.ends_with(' ');
    if !(is_apart && between.contains('¶')) {
        return None;
    }
    let start = quotation.text.find(super::QUOTATION_MARKS)?;
    let start = start + quotation.text[start..].chars().next()?.len_utf8();
    let words = between.trim_start_matches([';', ',', ' ', '\n', '[', '@']);
    let end = start + between.trim_end().len();
    let start = start + between.len() - words.len();
    let place = quotation.span(start..end);
    let message = "a second citation begins here";
    Some(Diagnostic::new(Lint::InvalidCitation, place, message))
}

/// Words between a place and a quotation, or in its stead.
fn misplaced_words(lead: &str, span: Span) -> Diagnostic {
    let message = format!("`{lead}` is neither a locator nor a quotation");
    let help = match meant_paragraphs(lead) {
        _ if !begins_like_locator(lead) => {
            "nothing but the place stands before the quoted words: take it out".to_owned()
        }
        Some(meant) => format!("a place in a source is a paragraph: `{meant}`"),
        None => "the place stands before the quoted words: `key ¶N \"words\"`".to_owned(),
    };
    Diagnostic::new(Lint::InvalidCitation, span, message).help(help)
}

/// What stands behind a citation and is none of its parts; `several` is how more than one is written.
fn leftover(citation: &Citation, span: Span, is_glued: bool, several: &str) -> Diagnostic {
    let words = &citation.suffix;
    let message = format!("`{words}` is neither a locator nor a quotation");
    let diagnostic = Diagnostic::new(Lint::InvalidCitation, span, message);
    if citation.quotation.is_some() && citation.suffix.starts_with('¶') {
        return diagnostic.help("the place stands before the quoted words: `key ¶N \"words\"`");
    }
    let behind = citation.suffix.trim_start_matches(['.', ' ']);
    if behind.is_empty() {
        return diagnostic.help("take it out");
    }
    if citation.suffix.starts_with('.') && behind.starts_with(['¶', '^']) {
        return diagnostic.help(format!("write `{}, {behind}`", citation.key.text));
    }
    let is_number = words.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && matches!(citation.locator, Some(Locator::Paragraphs(..))) {
        return diagnostic.help(format!("a comma stands between paragraphs: `¶¶N, {words}`"));
    }
    if citation.suffix.starts_with('{') {
        return diagnostic.help("in braces stands a locator: `{¶3}`, `{^name}`");
    }
    if citation.suffix.contains(['¶', '@']) || begins_like_locator(&citation.suffix) || is_glued {
        return diagnostic.help(match meant_paragraphs(&citation.suffix) {
            Some(meant) => format!("a place in a source is a paragraph: `{meant}`"),
            None => match in_parentheses(&citation.suffix) {
                Some(place) => format!("write `{place}` without the parentheses"),
                None => several.to_owned(),
            },
        });
    }
    if citation.suffix.contains(super::QUOTATION_MARKS) {
        return diagnostic.help(
            "the form is `key ¶N \"words\"`, with `;` between citations in brackets, or one a line",
        );
    }
    diagnostic.help(if citation.quotation.is_some() {
        "nothing stands behind the quoted words: take it out"
    } else if is_marked_otherwise(words) {
        "quoted words stand between `\"` and `\"`, or `“` and `”`"
    } else {
        "put quoted words in quotation marks: `key ¶N \"words\"`"
    })
}

/// Reads a block with one citation a line.
pub fn block(text: &Text) -> (Vec<Citation>, Vec<Diagnostic>) {
    let mut citations = Vec::new();
    let mut diagnostics = Vec::new();
    let mut at = 0;
    let mut lines = text.text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at + (line.len() - line.trim_start().len());
        let part = start..(start + line.trim().len());
        at += line.len();
        if part.is_empty() {
            continue;
        }
        if let Some(next) = lines.next_if(|next| goes_on(&text.text[part.clone()], next)) {
            at += next.len();
            let part = text.slice(start..at - (next.len() - next.trim_end().len()));
            let message = "a citation stands on one line";
            diagnostics.push(
                Diagnostic::new(Lint::InvalidCitation, part.whole(), message)
                    .help("join the two lines"),
            );
            citations.extend(single(&part).0);
            continue;
        }
        let (citation, mut found) = single(&text.slice(part));
        citations.extend(citation);
        diagnostics.append(&mut found);
    }
    (citations, diagnostics)
}

/// Whether a quotation that a line opens ends with the next one.
fn goes_on(line: &str, next: &str) -> bool {
    let marks = |text: &str| text.matches(super::QUOTATION_MARKS).count();
    let next = next.trim();
    marks(line) == 1 && marks(next) == 1 && next.ends_with(super::QUOTATION_MARKS)
}

/// Reads what stands between the brackets of `[see @a, ¶4; @b "words", for the figures]`.
pub fn group(text: &Text) -> (Vec<Citation>, Vec<Diagnostic>) {
    let mut citations = Vec::new();
    let mut diagnostics = Vec::new();
    for part in parts(&text.text) {
        // `;;` and a `;` at the end separate nothing.
        if part.start > 0 && text.text[part.clone()].trim().is_empty() {
            continue;
        }
        let mut item = Item::new(text, part);
        item.read_prefix();
        if let Some(citation) = item.read() {
            if let Some(several) = several_in_one(&citation) {
                diagnostics.push(
                    several.help("in brackets each has its `@`: `[@a, ¶1 \"…\"; @b, ¶2 \"…\"]`"),
                );
                continue;
            }
            if begins_like_locator(&citation.lead) && item.diagnostics.is_empty() {
                let misplaced = misplaced_words(&citation.lead, item.lead_span);
                item.diagnostics.push(misplaced);
            }
            // What looks like a locator or quotation and is none would go unchecked.
            let suffix = item::unescaped(&citation.suffix);
            let unread = item.is_glued
                || suffix.contains(super::QUOTATION_MARKS)
                || suffix.contains(['¶', '@'])
                || is_marked_otherwise(&suffix)
                || (citation.locator.is_none() && suffix.starts_with('{'))
                || begins_like_locator(&suffix);
            if unread && item.diagnostics.is_empty() {
                let several = "several paragraphs are `¶¶1, 4-6`, several sources `@a, ¶1; @b, ¶2`";
                let leftover = leftover(&citation, item.suffix_span, item.is_glued, several);
                item.diagnostics.push(leftover);
            }
            item.diagnostics.extend(place_in_oneself(&citation));
            citations.push(citation);
        }
        diagnostics.append(&mut item.diagnostics);
    }
    // Most groups have one, and a book has many groups.
    citations.shrink_to_fit();
    (citations, diagnostics)
}

/// `[@self, ¶3]`
fn place_in_oneself(citation: &Citation) -> Option<Diagnostic> {
    let place = citation.locator.as_ref()?.span();
    let message = "`@self` is the authors' own judgement, which has no paragraphs";
    citation.is_own_judgement().then(|| {
        Diagnostic::new(Lint::InvalidLocator, place, message)
            .help("write `[@self]`, or link the paragraph: `[[chapter ¶3]]`")
    })
}

/// Whether words stand between marks that begin no quotation in a citation: `‘so’`, `'so'`, `『so』`.
pub fn is_marked_otherwise(suffix: &str) -> bool {
    const PAIRS: [(&str, &str); 10] = [
        ("‘", "’"),
        ("'", "'"),
        ("‚", "‘"),
        ("‹", "›"),
        ("『", "』"),
        ("｢", "｣"),
        ("＂", "＂"),
        ("″", "″"),
        ("❝", "❞"),
        ("〝", "〟"),
    ];
    let stands_between = |(open, close): &(&str, &str)| {
        let words = suffix.strip_prefix(open).unwrap_or_default();
        let mut closes = words.match_indices(close);
        closes.any(|(at, _)| !words[at + close.len()..].starts_with(char::is_alphanumeric))
    };
    suffix.starts_with("``") || PAIRS.iter().any(stands_between)
}

/// The place of `(¶9)`.
fn in_parentheses(suffix: &str) -> Option<&str> {
    let place = suffix.strip_prefix('(')?.strip_suffix(')')?;
    place.starts_with('¶').then_some(place)
}

/// The citations of a group: cut at each `;` outside quotation marks.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut straight = false;
    let mut depth = 0_i32;
    let last_key = text.rfind('@').unwrap_or(0);
    for (at, character) in text.char_indices() {
        match character {
            '"' => straight = !straight,
            '“' | '«' | '「' => depth += 1,
            '”' | '»' | '」' => depth -= 1,
            ';' | '；' if !straight && depth <= 0 && at < last_key => {
                parts.push(start..at);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(start..text.len());
    parts
}

/// `key p3`, `key, paras. 3-5`: a key and a locator with the sign typed as letters, and nothing else.
fn typed_target(text: &Text) -> Option<(Text, Option<Locator>, Vec<Diagnostic>)> {
    let words = text.text.as_str();
    let key = &words[..super::key_length(words)];
    let place = words[key.len()..].trim_start_matches([' ', ',']);
    if key.is_empty() || words.len() == key.len() + place.len() || !place.starts_with('p') {
        return None;
    }
    let mut item = Item::new(text, words.len() - place.len()..words.len());
    let locator = item.read_locator();
    let is_place = locator.is_some() && item.is_at_end();
    is_place.then(|| (text.slice(0..key.len()), locator, item.diagnostics))
}

/// Reads what a `[[link]]` points at: any words, and a locator where one stands at the end.
pub(super) fn target(text: &Text) -> (Text, Option<Locator>, Vec<Diagnostic>) {
    let words = text.text.as_str();
    if let Some(typed) = typed_target(text) {
        return typed;
    }
    let part = |end: usize| words[..end].rfind(" ¶").max(words[..end].rfind(" ^"));
    let Some(mut at) = part(words.len()) else {
        return (text.clone(), None, Vec::new());
    };
    while words[..at].ends_with(',')
        && let Some(before) = part(at)
    {
        at = before;
    }
    let first = words[at..]
        .find('¶')
        .map_or(at, |_| words[..at].trim_end_matches('¶').len().min(at));
    let mut item = Item::new(text, at + 1..words.len());
    let locator = item.read_locator();
    if locator.is_some() {
        item.refuse_more_in_link(words);
    }
    let name = words[..first].trim_end().trim_end_matches(',');
    let name = text.slice(0..name.len());
    (name, locator, item.diagnostics)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::Sources;

    fn show(citation: &Citation) -> String {
        let mut out = format!("{}|{}", citation.prefix, citation.key.text);
        for part in citation.locator.iter().flat_map(Locator::parts) {
            match part {
                Locator::Paragraphs(ranges, _) => {
                    for range in ranges {
                        write!(out, " {}-{}", range.start(), range.end()).unwrap();
                    }
                }
                Locator::Name(name, _) => write!(out, " ^{name}").unwrap(),
                Locator::Several(..) => panic!("{part:?}"),
            }
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
        check("@a, ¶¶3-5, 9, ^name \"x\"", "|a 3-5 9-9 ^name “x”");
        check("@a, ^one, ^two, ¶3, so", "|a ^one ^two 3-3 +so");
        check("@a {¶3, ^name}, so", "|a 3-3 ^name +so");
        check("@a, ¶3, ^", "|a 3-3 +^");
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
    fn blocks_have_one_citation_a_line() {
        let (citations, diagnostics) = block(&text("a ¶3 \"x, y\"\n\n  b \"z\"\n[@c, ¶4]\n"));
        assert_eq!(diagnostics, []);
        let shown: Vec<String> = citations.iter().map(show).collect();
        assert_eq!(shown, ["|a 3-3 “x, y”", "|b “z”", "|c 4-4"]);
        let (_, diagnostics) = block(&text("a ¶3 has no authority\n"));
        assert_eq!(diagnostics.len(), 1);
    }
}
