//! Texts that nearly are our own syntax, and would be printed as they stand.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Book, Home};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::markdown::{Content, Inline, Prose};
use crate::reference::{QUOTATION_MARKS, key_length};
use crate::source::Sources;

/// Brackets in the authors' own texts that begin with an article's key and lack the `@`.
pub(super) fn citations(book: &Book, sources: &Sources) -> Vec<Diagnostic> {
    let keys: BTreeSet<&str> = book.articles.iter().map(|a| a.key.as_str()).collect();
    let mut diagnostics = Vec::new();
    for home in book.homes() {
        if matches!(home, Home::Article(_)) {
            continue;
        }
        let document = book.document(home);
        let is_code = |number: Option<u32>| {
            let paragraph = number.and_then(|number| document.paragraph(number));
            paragraph.is_some_and(|p| matches!(p.content, Content::Code { .. }))
        };
        for (number, prose) in document.proses() {
            if !is_code(number) {
                diagnostics.extend(in_prose(prose, &keys, sources));
            }
        }
    }
    diagnostics
}

fn in_prose<'p>(
    prose: &'p Prose,
    keys: &'p BTreeSet<&str>,
    sources: &'p Sources,
) -> impl Iterator<Item = Diagnostic> + 'p {
    let text = prose.text.text.as_str();
    let brackets = text.match_indices('[').map(|(at, _)| at);
    brackets.filter_map(move |at| {
        let (key, trust) = citation_at(&text[at + 1..], keys)?;
        let close = at + text[at..].find(']')?;
        let start = prose.text.span(at..at + 1);
        let before = &sources.file(start.file).text[..start.start as usize];
        if before.ends_with('\\') || in_code(&prose.inlines, at) {
            return None;
        }
        let message = format!("this looks like a citation of `{key}`, and is plain text");
        let sign = prose.text.span(at + 1..at + 1);
        Some(
            Diagnostic::new(
                Lint::LooksLikeCitation,
                prose.text.span(at..close + 1),
                message,
            )
            .help(format!("write `[@{key}`; `\\[` is the bracket itself"))
            .fix(sign, "@")
            .trusted(trust),
        )
    })
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
