//! What is said of a citation that does not hold.

use super::Folded;
use crate::diagnostic::{Diagnostic, Lint, Trust, nearest};
use crate::manuscript::Article;
use crate::reference::{Citation, Locator};
use crate::source::{Span, Text};

pub(super) fn no_name(article: &Article, name: &str, span: Span) -> Diagnostic {
    let message = format!("article `{}` has no paragraph named `^{name}`", article.key);
    let diagnostic = Diagnostic::new(Lint::UnresolvedParagraph, span, message);
    let names = article
        .document
        .paragraphs
        .iter()
        .filter_map(|p| p.name.as_ref());
    match nearest(name, names.map(|(name, _)| name.as_str())) {
        Some(near) => diagnostic
            .help(format!("did you mean `^{near}`?"))
            .fix(span, format!("^{near}")),
        None => diagnostic.help(format!("end the paragraph with ` ^{name}` to name it")),
    }
}

pub(super) fn unattributed(quotation: &Text) -> Diagnostic {
    Diagnostic::new(
        Lint::UnattributedQuotation,
        quotation.whole(),
        "a quotation without a source in its sentence",
    )
    .help("cite the source before the sentence's full stop: `[@key, ¶N]`")
}

pub(super) fn altered(quotation: &Text, word: &str) -> Diagnostic {
    let message = format!(
        "a gap or bracket of this quotation touches `{word}`, which changes what the source says"
    );
    Diagnostic::new(Lint::AlteredSense, quotation.whole(), message)
        .help("quote that word too, or end the quotation before it")
}

pub(super) fn ambiguous(article: &Article, quotation: &Text, places: &[u32]) -> Diagnostic {
    let message = format!(
        "these words stand in {} paragraphs of `{}`: {}",
        places.len(),
        article.key,
        list(places)
    );
    Diagnostic::new(Lint::AmbiguousQuotation, quotation.whole(), message).help(format!(
        "say which one, such as `¶{}`, or quote more words",
        places[0]
    ))
}

pub(super) fn moved(
    article: &Article,
    citation: &Citation,
    quotation: &Text,
    places: &[u32],
) -> Diagnostic {
    let message = format!(
        "these words stand in {} of `{}`, not in the cited paragraph",
        list(places),
        article.key
    );
    let diagnostic = Diagnostic::new(Lint::MovedQuotation, quotation.whole(), message);
    let span = citation
        .locator
        .as_ref()
        .map_or(citation.span, Locator::span);
    match places {
        [only] => diagnostic
            .help(format!("write `¶{only}`"))
            .fix(span, format!("¶{only}"))
            .trusted(trust_in_move(citation, quotation)),
        _ => diagnostic.help("say which paragraph is meant"),
    }
}

/// Words long enough not to stand elsewhere by chance take a single number with them; a range or a name was meant.
fn trust_in_move(citation: &Citation, quotation: &Text) -> Trust {
    let single = match &citation.locator {
        Some(Locator::Paragraphs(ranges, _)) => {
            matches!(ranges.as_slice(), [range] if range.start() == range.end())
        }
        Some(Locator::Name(..)) | None => false,
    };
    if single && quotation.text.split_whitespace().count() >= 3 {
        Trust::Safe
    } else {
        Trust::Suggested
    }
}

pub(super) fn list(places: &[u32]) -> String {
    let shown: Vec<String> = places
        .iter()
        .take(8)
        .map(|number| format!("¶{number}"))
        .collect();
    let more = if places.len() > 8 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

pub(super) fn words(text: &str) -> Vec<String> {
    Folded::new(text)
        .text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Some sixty characters of a text round the first of the wanted words.
pub(super) fn excerpt(text: &str, wanted: &[String]) -> String {
    let lower = text.to_lowercase();
    let first = wanted
        .iter()
        .filter(|word| word.chars().count() > 3)
        .find_map(|word| lower.find(word.as_str()))
        .unwrap_or(0);
    let at = text.floor_char_boundary(first.min(text.len()));
    let start = text[..at]
        .char_indices()
        .rev()
        .nth(12)
        .map_or(0, |(at, _)| at);
    let start = text[..start].rfind(' ').map_or(start, |space| space + 1);
    let end = text[start..]
        .char_indices()
        .nth(80)
        .map_or(text.len(), |(at, _)| start + at);
    let (before, after) = (
        if start > 0 { "…" } else { "" },
        if end < text.len() { "…" } else { "" },
    );
    format!("“{before}{}{after}”", text[start..end].trim())
}
