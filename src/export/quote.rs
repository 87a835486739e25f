//! Passages as the Web Annotation Data Model selects them (§4.2).

use std::ops::Range;

use serde::Serialize;

/// So many code points stand before and after a passage.
const AROUND: usize = 32;

/// A paragraph of a page, and the words of it (§4.2.1).
#[derive(Serialize)]
#[serde(tag = "type", rename = "FragmentSelector", rename_all = "camelCase")]
pub(super) struct Fragment {
    /// The syntax of fragments of HTML pages.
    conforms_to: &'static str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refined_by: Option<Quote>,
}

/// Words, and those round them (§4.2.4).
#[derive(Serialize, PartialEq, Debug)]
#[serde(tag = "type", rename = "TextQuoteSelector")]
pub(super) struct Quote {
    exact: String,
    prefix: String,
    suffix: String,
}

impl Fragment {
    pub(super) fn of(paragraph: u32, quote: Option<Quote>) -> Self {
        Fragment {
            conforms_to: "http://tools.ietf.org/rfc/rfc3236",
            value: format!("p{paragraph}"),
            refined_by: quote,
        }
    }
}

impl Quote {
    /// The words of a range, which index bytes of the paragraph's plain text; none where there are none.
    pub(super) fn of(text: &str, range: Range<usize>) -> Option<Self> {
        let exact = text.get(range.clone()).filter(|words| !words.is_empty())?;
        let before = text[..range.start].char_indices().rev().nth(AROUND - 1);
        let after = text[range.end..].char_indices().nth(AROUND);
        Some(Quote {
            exact: exact.to_owned(),
            prefix: text[before.map_or(0, |(at, _)| at)..range.start].to_owned(),
            suffix: text[range.end..after.map_or(text.len(), |(at, _)| range.end + at)].to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_two_code_points_stand_on_either_side() {
        let check = |before: &str, after: &str, prefix: usize, suffix: usize| {
            let text = format!("{before}words{after}");
            let quote = Quote::of(&text, before.len()..before.len() + 5).unwrap();
            assert_eq!(quote.exact, "words");
            assert_eq!(quote.prefix.chars().count(), prefix);
            assert!(before.ends_with(&quote.prefix));
            assert_eq!(quote.suffix.chars().count(), suffix);
            assert!(after.starts_with(&quote.suffix));
        };
        check("", "", 0, 0);
        check(&"a".repeat(32), &"b".repeat(31), 32, 31);
        check(&"米".repeat(40), &"👩‍🚀".repeat(40), 32, 32);
        assert_eq!(Quote::of("words", 5..5), None);
    }
}
