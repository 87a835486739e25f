//! Quotations with gaps and brackets, as patterns over a folded text.

use std::ops::Range;

use super::fold::Folded;
use super::matching::{exact_starts, is_edge};

/// A bracketed word stands for at most this many words of the source.
const MOST_REPLACED: usize = 12;

/// One element of a quotation. Words are folded.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Element {
    /// Words that stand in the source as they are.
    Words(String),
    /// `…`: left-out words.
    Gap,
    /// `[word]`: a word of the author's in the place of the source's.
    Insertion(String),
    /// `[t]he`: a changed first letter.
    Letter,
    /// `prohibit[s]`: a changed ending.
    Ending,
}

/// A quotation that has gaps or brackets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    elements: Vec<Element>,
}

/// Where a pattern stands, and whether its gaps and brackets leave the sense alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The bytes of the folded text.
    pub(super) range: Range<usize>,
    /// A negation or number that a gap or bracket hides, adds or replaces.
    pub(super) altered: Option<String>,
}

impl Pattern {
    /// The pattern of a quotation; none where it has neither gap nor bracket.
    pub(super) fn parse(quotation: &str) -> Option<Self> {
        let mut elements = Vec::new();
        let mut rest = quotation;
        let mut words = String::new();
        while let Some(next) = rest.chars().next() {
            if let Some(length) = gap_length(rest) {
                flush(&mut words, &mut elements, true);
                elements.push(Element::Gap);
                rest = &rest[length..];
            } else if next == '['
                && let Some(close) = rest.find(']')
            {
                let inner = &rest[1..close];
                let after = &rest[close + 1..];
                bracket(inner, after, &mut words, &mut elements);
                rest = after;
            } else {
                words.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        let plain = elements.is_empty() && !quotation.contains('[');
        flush(&mut words, &mut elements, false);
        // Left-out words at either end stand for nothing.
        while elements.first() == Some(&Element::Gap) {
            elements.remove(0);
        }
        while elements.last() == Some(&Element::Gap) {
            elements.pop();
        }
        let has_words = elements
            .iter()
            .any(|element| matches!(element, Element::Words(_)));
        (!plain && has_words).then_some(Pattern { elements })
    }

    /// Where the pattern stands in a folded text.
    pub(super) fn find(&self, text: &str) -> Option<Found> {
        let anchor = self
            .elements
            .iter()
            .position(|element| matches!(element, Element::Words(_)))?;
        let Element::Words(first) = &self.elements[anchor] else {
            return None;
        };
        let letter = anchor > 0 && self.elements[anchor - 1] == Element::Letter;
        let mut best: Option<Found> = None;
        for at in exact_starts(text, first) {
            let start = if letter {
                let Some(before) = text[..at].chars().next_back() else {
                    continue;
                };
                at - before.len_utf8()
            } else {
                at
            };
            if !is_edge(text, start) {
                continue;
            }
            let mut hidden = Vec::new();
            let Some(end) = continued(
                text,
                at + first.len(),
                &self.elements[anchor + 1..],
                &mut hidden,
            ) else {
                continue;
            };
            let found = Found {
                range: start..end,
                altered: self.altered(text, &hidden),
            };
            if found.altered.is_none() {
                return Some(found);
            }
            best.get_or_insert(found);
        }
        best
    }

    /// What the gaps and brackets do to negations and numbers.
    fn altered(&self, text: &str, hidden: &[Range<usize>]) -> Option<String> {
        let leading = self
            .elements
            .iter()
            .take_while(|e| !matches!(e, Element::Words(_)));
        let leading: Vec<&Element> = leading
            .filter(|e| matches!(e, Element::Insertion(_)))
            .collect();
        let inner = self
            .elements
            .iter()
            .filter(|e| matches!(e, Element::Gap | Element::Insertion(_)));
        let inner = inner.skip(leading.len());
        let replaced = hidden.iter().map(|range| &text[range.clone()]);
        let bare = leading.into_iter().map(|element| (element, ""));
        bare.chain(inner.zip(replaced))
            .find_map(|(element, replaced)| {
                let own = match element {
                    Element::Insertion(own) => weighty(own),
                    Element::Words(_) | Element::Gap | Element::Letter | Element::Ending => {
                        Vec::new()
                    }
                };
                let theirs = weighty(replaced);
                let lost = theirs.iter().find(|word| !own.contains(word));
                let added = own.iter().find(|word| !theirs.contains(word));
                lost.or(added).map(|word| (*word).to_owned())
            })
    }
}

/// The length of an ellipsis at the start of a text: `…`, `...`, `. . .`
fn gap_length(text: &str) -> Option<usize> {
    ["…", "...", ". . ."]
        .iter()
        .find(|gap| text.starts_with(**gap))
        .map(|gap| gap.len())
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
        flush(words, elements, true);
        elements.push(Element::Gap);
        return;
    }
    let attached_before = words.chars().next_back().is_some_and(char::is_alphanumeric);
    let attached_after = after.chars().next().is_some_and(char::is_alphanumeric);
    let letters = inner.chars().all(char::is_alphabetic);
    flush(words, elements, !attached_before);
    elements.push(match (attached_before, attached_after) {
        (true, _) if letters || inner.is_empty() => Element::Ending,
        (false, true) if letters && inner.chars().count() == 1 => Element::Letter,
        _ => Element::Insertion(Folded::new(inner).text),
    });
}

/// Ends a run of words. Beside an ending or a letter the space counts, beside a gap it does not.
fn flush(words: &mut String, elements: &mut Vec<Element>, trim_end: bool) {
    let tight = matches!(elements.last(), Some(Element::Ending | Element::Letter));
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

/// Matches the elements that follow; gives the end, and what gaps and insertions stand for.
fn continued(
    text: &str,
    at: usize,
    elements: &[Element],
    hidden: &mut Vec<Range<usize>>,
) -> Option<usize> {
    let Some((element, rest)) = elements.split_first() else {
        return is_edge(text, at).then_some(at);
    };
    match element {
        Element::Words(words) => {
            let follows = text[at..].starts_with(words.as_str());
            follows
                .then(|| continued(text, at + words.len(), rest, hidden))
                .flatten()
        }
        Element::Ending => {
            let letters = text[at..]
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(text.len() - at);
            continued(text, at + letters, rest, hidden)
        }
        Element::Letter => {
            let space = text[at..].len() - text[at..].trim_start().len();
            let letter = text[at + space..].chars().next()?;
            continued(text, at + space + letter.len_utf8(), rest, hidden)
        }
        Element::Gap | Element::Insertion(_) => skipped(text, at, element, rest, hidden),
    }
}

/// Matches what follows a gap or an insertion, the nearest place first.
fn skipped(
    text: &str,
    at: usize,
    element: &Element,
    rest: &[Element],
    hidden: &mut Vec<Range<usize>>,
) -> Option<usize> {
    if !is_edge(text, at) {
        return None;
    }
    let Some((next, after)) = rest.split_first() else {
        hidden.push(at..at);
        return Some(at);
    };
    let (words, letter) = match (next, after.first()) {
        (Element::Words(words), _) => (words, false),
        (Element::Letter, Some(Element::Words(words))) => (words, true),
        _ => {
            hidden.push(at..at);
            return continued(text, at, rest, hidden);
        }
    };
    for start in exact_starts(&text[at..], words).map(|start| at + start) {
        let begin = if letter {
            start - text[..start].chars().next_back().map_or(0, char::len_utf8)
        } else {
            start
        };
        if begin < at || !is_edge(text, begin) {
            continue;
        }
        let skipped = &text[at..begin];
        if matches!(element, Element::Insertion(_))
            && skipped.split_whitespace().count() > MOST_REPLACED
        {
            return None;
        }
        let depth = hidden.len();
        hidden.push(at..begin);
        let following = if letter { &after[1..] } else { after };
        if let Some(end) = continued(text, start + words.len(), following, hidden) {
            return Some(end);
        }
        hidden.truncate(depth);
    }
    None
}

/// The negations and numbers of a text, which no gap or bracket may touch; `one` is more often a pronoun.
fn weighty(text: &str) -> Vec<&str> {
    const WORDS: [&str; 33] = [
        "not", "no", "never", "none", "nor", "neither", "cannot", "without", "nobody", "nothing",
        "nowhere", "hardly", "barely", "scarcely", "two", "three", "four", "five", "six", "seven",
        "eight", "nine", "ten", "eleven", "twelve", "dozen", "hundred", "thousand", "million",
        "billion", "trillion", "half", "twice",
    ];
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | ',' | '.' | '%')))
        .map(|word| word.trim_matches([',', '.', '\'']))
        .filter(|word| {
            let lower = word.to_lowercase();
            word.contains(|c: char| c.is_ascii_digit())
                || lower.ends_with("n't")
                || WORDS.contains(&lower.as_str())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `verified`, `lost`, or the word whose sense is altered.
    fn check(text: &str, quotation: &str, expected: &str) {
        let pattern = Pattern::parse(quotation).expect("a gap or a bracket");
        let found = match pattern.find(&Folded::new(text).text) {
            None => "lost".to_owned(),
            Some(Found { altered: None, .. }) => "verified".to_owned(),
            Some(Found {
                altered: Some(word),
                ..
            }) => word,
        };
        assert_eq!(found, expected, "{quotation} in {text}");
    }

    #[test]
    fn gaps_stand_for_left_out_words_in_order() {
        let text = "The plan gives the headquarters much more capability, officials said, while it still reports.";
        check(text, "The plan … more capability", "verified");
        check(text, "The plan... still reports", "verified");
        check(text, "The plan [...] while it", "verified");
        check(text, "more capability … The plan", "lost");
        check(text, "The plan … capab", "lost");
        check(text, "…more capability …", "verified");
        check(
            "it will not, he said, send 400 men",
            "it will … send",
            "not",
        );
        check("it will, he said, send 400 men", "it will … men", "400");
        check("a b c, a d", "a … d", "verified");
    }

    #[test]
    fn brackets_stand_for_few_words() {
        check("The new one will go.", "The [regiment] will go", "verified");
        check("The one will go.", "[t]he one will go", "verified");
        check(
            "They prohibited the sale.",
            "prohibit[s] the sale",
            "verified",
        );
        check(
            "They prohibit the sale.",
            "prohibit[ed] the sale",
            "verified",
        );
        check("It is so.", "It is [not] so", "not");
        check("It is so, they sayed.", "they sayed [sic]", "verified");
        check("a b c d e f g h i j k l m n o p", "a [x] p", "lost");
        check("He met 12 men there.", "He met [some] men", "12");
    }
}
