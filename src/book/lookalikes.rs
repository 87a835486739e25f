//! Texts that nearly are our own syntax, and would be printed as they stand.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Book;
use crate::diagnostic::{Diagnostic, Lint, Trust, nearest};
use crate::markdown::{Content, Document, Footnote, Inline, Prose};
use crate::reference::{QUOTATION_MARKS, key_length};
use crate::source::{Sources, Span};

/// What the authors' own texts have of it.
pub(super) fn lookalikes(book: &Book, sources: &Sources) -> Vec<Diagnostic> {
    let keys: BTreeSet<&str> = book.articles.iter().map(|a| a.key.as_str()).collect();
    let mut diagnostics = Vec::new();
    for home in book.writing() {
        let document = book.document(home);
        let is_code = |number: Option<u32>| {
            let paragraph = number.and_then(|number| document.paragraph(number));
            paragraph.is_some_and(|p| matches!(p.content, Content::Code { .. }))
        };
        let mut footnotes = Vec::new();
        for (number, prose) in document.proses() {
            if is_code(number) {
                continue;
            }
            let passage = Passage { prose, sources };
            diagnostics.extend(passage.citations(&keys));
            diagnostics.extend(passage.open_links());
            diagnostics.extend(passage.further_brackets());
            diagnostics.extend(passage.loose_locators());
            diagnostics.extend(passage.markup());
            footnotes.extend(passage.footnotes());
        }
        diagnostics.extend(unmatched_footnotes(document, &footnotes));
    }
    diagnostics
}

/// Running text and what it was read from.
#[derive(Clone, Copy)]
pub(super) struct Passage<'b> {
    pub(super) prose: &'b Prose,
    sources: &'b Sources,
}

impl<'b> Passage<'b> {
    pub(super) fn text(self) -> &'b str {
        &self.prose.text.text
    }

    /// Where `signs` stand, neither behind a backslash nor in code.
    pub(super) fn places(self, signs: &'b str) -> impl Iterator<Item = usize> + 'b {
        let places = self.text().match_indices(signs).map(|(at, _)| at);
        places.filter(move |at| {
            let start = self.prose.text.span(*at..at + 1);
            let before = &self.sources.file(start.file).text[..start.start as usize];
            !before.ends_with('\\') && !in_code(&self.prose.inlines, *at)
        })
    }

    /// Brackets that begin with an article's key and lack the `@`, or have a space behind it.
    fn citations(self, keys: &'b BTreeSet<&str>) -> impl Iterator<Item = Diagnostic> + 'b {
        self.places("[").filter_map(move |at| {
            let inner = &self.text()[at + 1..];
            let bare = inner.strip_prefix('@').unwrap_or(inner).trim_start();
            let (key, trust) = citation_at(bare, keys)?;
            let close = at + self.text()[at..].find(']')?;
            let message = format!("this looks like a citation of `{key}`, and is plain text");
            let sign = at + 1..at + 1 + inner.len() - bare.len();
            let place = self.prose.text.span(at..close + 1);
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, place, message)
                    .help(format!("write `[@{key}`; `\\[` is the bracket itself"))
                    .fix(self.prose.text.span(sign), "@")
                    .trusted(trust),
            )
        })
    }

    /// `[[` before words, which would be a link if `]]` followed.
    fn open_links(self) -> impl Iterator<Item = Diagnostic> + 'b {
        self.places("[[").filter_map(move |at| {
            let inner = &self.text()[at + 2..];
            let words = inner.starts_with(char::is_alphanumeric);
            let place = self.prose.text.span(at..at + 2);
            let message = "the brackets of this link are not closed";
            words.then(|| {
                Diagnostic::new(Lint::UnresolvedLink, place, message)
                    .help("end it with `]]`; `\\[[` is the brackets themselves")
            })
        })
    }

    /// A `]` right behind a citation that ends with one.
    fn further_brackets(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations.iter().filter(|group| !group.in_text);
        groups.filter_map(move |group| {
            let at = group.at as usize;
            let (before, behind) = self.text().split_at_checked(at)?;
            if let Some(address) = link_address(behind) {
                let place = self.prose.text.span(at..at + address);
                let message = "a citation is no link: this is printed behind it";
                return Some(
                    Diagnostic::new(Lint::InvalidCitation, place, message)
                        .help("take it out: a citation leads to its source by itself"),
                );
            }
            if !behind.starts_with(']') {
                return None;
            }
            let opened = before.chars().fold(0_u32, |depth, sign| match sign {
                '[' => depth + 1,
                ']' => depth.saturating_sub(1),
                _ => depth,
            });
            (opened == 0).then(|| {
                let place = self.prose.text.span(at..at + 1);
                let message = "this bracket closes nothing";
                Diagnostic::new(Lint::LooksLikeMarkup, place, message)
                    .help("take it out: the citation ends before it")
                    .fix(place, "")
                    .trusted(Trust::Safe)
            })
        })
    }

    /// A place behind `@key` that is not read: `(@key, ¶9)`.
    fn loose_locators(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations.iter().filter(|group| group.in_text);
        groups.filter_map(move |group| {
            let [citation] = group.citations.as_slice() else {
                return None;
            };
            let behind = self.text().get(group.at as usize..)?;
            let place = behind.trim_start_matches([',', ' ', '\u{a0}']);
            if citation.locator.is_some() || !place.starts_with('¶') {
                return None;
            }
            let length = place
                .find([')', ']', '}', ' ', ';', '.'])
                .unwrap_or(place.len());
            let at = group.at as usize + behind.len() - place.len();
            let (key, locator) = (&citation.key.text, &place[..length]);
            let message = "this place does not belong to the citation before it";
            let span = self.prose.text.span(at..at + length);
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, span, message).help(format!(
                    "write `[@{key}, {locator}]`, or in a sentence `@{key} [{locator}]`"
                )),
            )
        })
    }

    /// What looks like a footnote's mark and is plain text: its label and its place.
    fn footnotes(self) -> impl Iterator<Item = (&'b str, Span)> + 'b {
        self.places("[^").filter_map(move |at| {
            let label = &self.text()[at + 2..];
            let label = &label[..label.find([']', ' ', '[', '^'])?];
            let closed = self.text()[at + 2 + label.len()..].starts_with(']');
            let place = self.prose.text.span(at..at + label.len() + 3);
            (closed && !label.is_empty()).then_some((label, place))
        })
    }
}

/// The length of an address in parentheses right behind a citation.
fn link_address(behind: &str) -> Option<usize> {
    let inner = behind.strip_prefix('(')?;
    let close = inner.find(')')?;
    let address = &inner[..close];
    let is_address = !address.contains(' ') && address.contains(['/', '.', '#']);
    is_address.then_some(close + 2)
}

/// Marks without a footnote, and footnotes without a mark; a mistyped label is one of both, and told once.
fn unmatched_footnotes(document: &Document, marks: &[(&str, Span)]) -> Vec<Diagnostic> {
    let proses = document.proses();
    let marked: BTreeSet<usize> = proses
        .iter()
        .flat_map(|(_, prose)| &prose.footnotes)
        .map(|mark| mark.footnote)
        .collect();
    let all = document.footnotes.iter().enumerate();
    let mut unread: Vec<&Footnote> = all
        .filter(|(index, _)| !marked.contains(index))
        .map(|(_, footnote)| footnote)
        .collect();
    let mut diagnostics = Vec::new();
    for (label, place) in marks {
        if document.footnotes.iter().any(|known| known.label == *label) {
            let message = "a footnote has no footnote of its own";
            let diagnostic = Diagnostic::new(Lint::UnmatchedFootnote, *place, message);
            diagnostics.push(diagnostic.help("say it in the footnote itself"));
            unread.retain(|footnote| footnote.label != *label);
            continue;
        }
        let message = format!("there is no footnote `[^{label}]:`");
        let diagnostic = Diagnostic::new(Lint::UnmatchedFootnote, *place, message);
        let labels = unread.iter().map(|footnote| footnote.label.as_str());
        diagnostics.push(match nearest(label, labels).or(unread.first().map(|f| f.label.as_str())) {
            Some(near) => {
                let near = near.to_owned();
                unread.retain(|footnote| footnote.label != near);
                diagnostic
                    .help(format!("did you mean `[^{near}]`?"))
                    .fix(*place, format!("[^{near}]"))
            }
            None => diagnostic.help(format!(
                "write the footnote on a line of its own, `[^{label}]: …`; `\\[^` is the sign itself"
            )),
        });
    }
    diagnostics.extend(unread.into_iter().map(|footnote| {
        let label = &footnote.label;
        let message =
            format!("nothing in the text has the mark `[^{label}]`, so this is not shown");
        Diagnostic::new(Lint::UnmatchedFootnote, footnote.span, message)
            .help(format!("write `[^{label}]` where the footnote belongs"))
    }));
    diagnostics
}

/// The key that a bracket begins with, if what follows it makes a citation of it. A key that is a plain word may be a
/// remark of the author's.
fn citation_at<'t>(inner: &'t str, keys: &BTreeSet<&str>) -> Option<(&'t str, Trust)> {
    let key = &inner[..key_length(inner)];
    if !keys.contains(key) {
        return None;
    }
    let rest = inner[key.len()..].trim_start_matches([',', ' ', '\u{a0}']);
    if rest.starts_with('¶') {
        return Some((key, Trust::Safe));
    }
    let numbered = rest
        .strip_prefix('p')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let cites = numbered || rest.starts_with('^') || rest.starts_with(QUOTATION_MARKS);
    let is_word = key.bytes().all(|byte| byte.is_ascii_alphabetic());
    (cites || (rest.starts_with(']') && !is_word)).then_some((key, Trust::Suggested))
}

fn in_code(inlines: &[Inline], at: usize) -> bool {
    let covers = |range: &Range<u32>| (range.start as usize..range.end as usize).contains(&at);
    inlines.iter().any(|inline| match inline {
        Inline::Code(range) => covers(range),
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => in_code(content, at),
        Inline::Text(_)
        | Inline::Image(_)
        | Inline::Break
        | Inline::Citation(_)
        | Inline::Reference { .. }
        | Inline::Footnote(_) => false,
    })
}
