//! Where folded words stand in a folded text: from a word's or number's edge to another.

use std::ops::Range;

use memchr::memmem::Finder;

use super::Folded;
use super::sense::is_number_word;
pub(super) use crate::reference::is_unspaced;

/// Folded words to be looked for. The first letter's case and a closing `,` or `.` do not count.
pub(super) struct Needle {
    /// The first letter as it is written and in the other case.
    heads: Vec<String>,
    /// All between the first letter and the closing marks.
    body: Finder<'static>,
    close: String,
    /// The words without the closing marks.
    bare: String,
}

impl Needle {
    pub(super) fn new(words: &str) -> Self {
        let bare = words.trim_end_matches([',', '.']);
        let bare = if bare.is_empty() { words } else { bare };
        let head = bare.chars().next().map_or(0, char::len_utf8);
        let mut heads = vec![bare[..head].to_owned()];
        heads.extend(other_case(&bare[..head]));
        Needle {
            heads,
            body: Finder::new(&bare[head..]).into_owned(),
            close: words[bare.len()..].to_owned(),
            bare: bare.to_owned(),
        }
    }

    /// What stands in every text that has the words, but for the case of the first letter.
    pub(super) fn bare(&self) -> &str {
        &self.bare
    }

    /// Every place where the words stand, from left to right, none overlapping another.
    pub(super) fn places<'a>(&'a self, text: &'a Folded) -> impl Iterator<Item = Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            while let Some(rest) = text.text.as_bytes().get(from..) {
                let body = from + self.body.find(rest)?;
                if let Some(place) = self.place(text, body) {
                    // The next place's first letter stands behind this one.
                    from = place.end + 1;
                    return Some(place);
                }
                // The next place begins at an edge, and no earlier than where this one went on.
                from = next_edge(text, body) + 1;
            }
            None
        })
    }

    fn place(&self, text: &Folded, body: usize) -> Option<Range<usize>> {
        let before = text.text.get(..body)?;
        let head = self.heads.iter().find(|head| before.ends_with(*head))?;
        let start = body - head.len();
        let end = body + self.body.needle().len();
        let closed = end + self.close.len();
        let ends_closed = text.text[end..].starts_with(&self.close) && is_edge(text, closed);
        let end = if ends_closed { closed } else { end };
        (is_edge(text, start) && (ends_closed || is_edge(text, end))).then_some(start..end)
    }
}

/// The next edge; a position within a character counts as none, so that it is passed over by one byte.
fn next_edge(text: &Folded, from: usize) -> usize {
    if !text.text.is_char_boundary(from) {
        return from;
    }
    let edge = |at: &usize| text.text.is_char_boundary(*at) && is_edge(text, *at);
    (from..text.text.len())
        .find(edge)
        .unwrap_or(text.text.len())
}

/// The words with their first letter's case changed.
pub(super) fn other_case(words: &str) -> Option<String> {
    let first = words.chars().next()?;
    let rest = &words[first.len_utf8()..];
    let upper: String = first.to_uppercase().collect();
    let lower: String = first.to_lowercase().collect();
    let other = if first.is_lowercase() { upper } else { lower };
    (!other.starts_with(first)).then(|| other + rest)
}

/// Whether a position lies outside words and numbers.
pub(super) fn is_edge(folded: &Folded, at: usize) -> bool {
    let text = folded.text.as_str();
    let mut before = text[..at].chars().rev();
    let mut after = text[at..].chars();
    let (Some(left), Some(right)) = (before.next(), after.next()) else {
        return true;
    };
    let (before, after) = (before.next(), after.next());
    if left.is_alphanumeric() && right.is_alphanumeric() {
        return (is_unspaced(left) || is_unspaced(right))
            && !(is_numeral(left) && is_numeral(right));
    }
    // "400" does not stand in "3,400", nor "3" in "3.5".
    let point = |c: char| matches!(c, ',' | '.' | '，' | '．');
    let numeral = |c: Option<char>| c.is_some_and(is_numeral);
    let splits_number = (point(left) && numeral(Some(right)) && numeral(before))
        || (point(right) && numeral(Some(left)) && numeral(after));
    // "can" does not stand in "can't"; a possessive `'s` may follow a word.
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let possessive = right == '\'' && after == Some('s') && !letter(text[at..].chars().nth(2));
    let splits_word = (left == '\'' && letter(Some(right)) && letter(before))
        || (right == '\'' && letter(Some(left)) && letter(after) && !possessive);
    // "U.S." does not stand in "U.S.A."
    let capital = |c: Option<char>| c.is_some_and(char::is_uppercase);
    let initial = (left == '.' && right.is_uppercase() && capital(before))
        || (right == '.' && left.is_uppercase() && capital(after));
    let splits_compound = (left == '-' && letter(before)) || (right == '-' && letter(after));
    let splits_compound = splits_compound && parts_at_hyphen(text, at, left == '-');
    !(splits_number || splits_word || initial || splits_compound || folded.splits_number(at))
}

/// Whether the halves of a word with a hyphen mean something else apart: `non-nuclear`, `nuclear-free`, `twenty-five`.
fn parts_at_hyphen(text: &str, at: usize, is_behind: bool) -> bool {
    const BEGINNINGS: [&str; 10] = [
        "non", "un", "in", "anti", "counter", "de", "dis", "mis", "pre", "ex",
    ];
    const ENDINGS: [&str; 2] = ["free", "less"];
    let hyphen = if is_behind { at - 1 } else { at };
    let in_word = |c: char| c.is_alphanumeric();
    let first = &text[..hyphen];
    let first = &first[first.trim_end_matches(in_word).len()..];
    let second = &text[hyphen + 1..];
    let second = &second[..second.len() - second.trim_start_matches(in_word).len()];
    let (first, second) = (first.to_lowercase(), second.to_lowercase());
    BEGINNINGS.contains(&first.as_str())
        || ENDINGS.contains(&second.as_str())
        || (is_number_word(&first) && is_number_word(&second))
}

/// Digits of any width, and the numerals of Chinese and Japanese.
pub(super) fn is_numeral(character: char) -> bool {
    character.is_numeric() || "〇一二三四五六七八九十百千万億兆".contains(character)
}

/// A text without its spaces and hyphens, and where each byte of it stands in the text.
pub(super) fn squeezed(text: &str) -> (String, Vec<usize>) {
    let signs = text.char_indices();
    let kept = signs.filter(|(_, sign)| !sign.is_whitespace() && *sign != '-');
    let mut places = Vec::new();
    let squeezed = kept
        .map(|(at, sign)| {
            places.extend(at..at + sign.len_utf8());
            sign
        })
        .collect();
    (squeezed, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, quotation: &str) -> usize {
        let needle = Needle::new(&Folded::new(quotation).text);
        needle.places(&Folded::new(text)).count()
    }

    fn check(text: &str, quotation: &str, stands: bool) {
        assert_eq!(
            places(text, quotation) > 0,
            stands,
            "{quotation:?} in {text:?}"
        );
    }

    #[test]
    fn every_place_is_found_and_none_overlaps_another() {
        let check =
            |text, quotation, count| assert_eq!(places(text, quotation), count, "{quotation}");
        check("The aim is the aim, the aim.", "the aim", 3);
        check("a a a a", "a a", 2);
        check("xa a a", "a a", 1);
        check("aaaa aaa aaaa", "aaa", 1);
        check("é É e", "é", 2);
        check("米軍は米軍の", "米軍", 2);
        check("", "a", 0);
    }

    #[test]
    fn a_quotation_begins_and_ends_at_a_words_and_a_numbers_edge() {
        check("about 3,400 Marines", "400 Marines", false);
        check("about 3,400 Marines", "3,400 Marines", true);
        check("it is unlikely", "likely", false);
        check("it is likely.", "likely,", true);
        check("cost $1.7 billion", "7 billion", false);
        check("cost 3.5 percent", "cost 3", false);
        check("He said so.", "he said so", true);
        check("he said so", "He said so.", true);
        check("he said so", "he Said so", false);
        check("在日米軍の司令部", "米軍", true);
        check("unlikely, but likely", "likely", true);
        check("We can't move", "We can", false);
        check("They don’t know", "They don", false);
        check("the alliance’s aim", "the alliance", true);
        check("in the U.S.A. today", "in the U.S.", false);
        check("三千人の海兵隊", "千人の海兵隊", false);
        check("３，４００人", "４００人", false);
        check("some 3\u{a0}400 men", "400 men", false);
        check("some 3\u{202f}400 men", "some 3", false);
        check("some 3\u{202f}400 men", "3 400 men", true);
        check("some 3\u{2009}400\u{2009}000 men", "400 000 men", false);
        check("in 2023\u{a0}400 men", "400 men", true);
        check("on 3\u{a0}May", "May", true);
        check("mutual-defense clause", "mutual - defense clause", true);
    }
}
