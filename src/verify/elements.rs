//! What a quotation consists of: the source's words, gaps and brackets.

use super::fold::Folded;

/// One element of a quotation. Words are folded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Element {
    /// Words that stand in the source as they are.
    Words(String),
    /// `…`: left-out words.
    Gap,
    /// `[word]`: a word of the author's in the place of the source's; or the beginning of one that goes on with the
    /// source's letters: `[un]likely`.
    Insertion { own: String, begins: bool },
    /// `[t]he`: a changed first letter.
    Letter(String),
    /// `prohibit[s]`: a changed ending.
    Ending(String),
}

impl Element {
    pub(super) fn letter(&self) -> Option<String> {
        if let Element::Letter(own) = self {
            return Some(own.clone());
        }
        None
    }
}

/// The elements of a quotation, without gaps at either end; one without gaps and brackets is one run of words.
pub(super) fn elements(quotation: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut rest = quotation;
    let mut words = String::new();
    while let Some(next) = rest.chars().next() {
        if let Some(length) = gap_length(rest) {
            gap(&mut words, &mut elements);
            rest = &rest[length..];
        } else if next == '['
            && let Some(close) = rest.find(']')
        {
            let inner = &rest[1..close];
            let after = &rest[close + 1..];
            bracket(inner, after, &mut words, &mut elements);
            rest = after;
        } else {
            // `core. . . .` ends a sentence with the last of four full stops.
            let fourth =
                next == '.' && words.trim().is_empty() && elements.last() == Some(&Element::Gap);
            if !fourth {
                words.push(next);
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    flush(&mut words, &mut elements, true);
    // Left-out words at either end stand for nothing.
    let gaps = elements
        .iter()
        .take_while(|element| **element == Element::Gap)
        .count();
    elements.drain(..gaps);
    while elements.last() == Some(&Element::Gap) {
        elements.pop();
    }
    elements
}

/// What stands for left-out words.
const GAPS: [&str; 3] = ["…", "...", ". . ."];

/// Whether a quotation has gaps or brackets.
pub(super) fn is_edited(quotation: &str) -> bool {
    quotation.contains('[') || GAPS.iter().any(|gap| quotation.contains(gap))
}

/// The length of an ellipsis at the start of a text.
fn gap_length(text: &str) -> Option<usize> {
    let gap = GAPS.iter().find(|gap| text.starts_with(**gap))?;
    Some(gap.len())
}

fn bracket(inner: &str, after: &str, words: &mut String, elements: &mut Vec<Element>) {
    let silent = matches!(
        inner.trim(),
        "sic" | "emphasis added" | "emphasis in original" | "emphasis mine"
    );
    if silent {
        // The bracket and one of the spaces round it go.
        words.truncate(words.trim_end().len());
        return;
    }
    if gap_length(inner.trim()) == Some(inner.trim().len()) {
        gap(words, elements);
        return;
    }
    let attached_before = words.chars().next_back().is_some_and(char::is_alphanumeric);
    let attached_after = after.chars().next().is_some_and(char::is_alphanumeric);
    let letters = inner.chars().all(char::is_alphabetic);
    flush(words, elements, !attached_before);
    let own = Folded::new(inner).text;
    elements.push(match (attached_before, attached_after) {
        (true, _) if letters || inner.is_empty() => Element::Ending(own),
        (false, true) if letters && inner.chars().count() == 1 => Element::Letter(own),
        (_, begins) => Element::Insertion { own, begins },
    });
}

/// Ends a run of words with a gap. A mark before it is the author's, as it is before the closing quotation mark.
fn gap(words: &mut String, elements: &mut Vec<Element>) {
    words.truncate(words.trim_end_matches([' ', '.', ',', ';', ':']).len());
    flush(words, elements, true);
    elements.push(Element::Gap);
}

/// Ends a run of words. Beside an ending or a letter the space counts, beside a gap it does not.
fn flush(words: &mut String, elements: &mut Vec<Element>, trim_end: bool) {
    let tight = matches!(
        elements.last(),
        Some(Element::Ending(_) | Element::Letter(_))
    );
    let leading = tight && words.starts_with(char::is_whitespace);
    let mut folded = Folded::new(words).text;
    if leading && !folded.is_empty() {
        folded.insert(0, ' ');
    }
    if trim_end {
        folded.truncate(folded.trim_end().len());
    }
    words.clear();
    if !folded.is_empty() {
        elements.push(Element::Words(folded));
    }
}
