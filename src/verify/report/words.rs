//! The words of a text: counted, cut, shown round a place.

use std::borrow::Cow;

use crate::verify::Folded;
use crate::verify::matching::is_unspaced;

pub(in crate::verify) fn words(text: &str) -> Vec<String> {
    Folded::new(text)
        .text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// How many words a text has of its source: a bracket changes one or stands for none. Three signs of a script without
/// spaces count as one.
pub(in crate::verify) fn word_count(text: &str) -> usize {
    let count = |word: &String| {
        let unspaced = word.chars().filter(|c| is_unspaced(*c)).count();
        let spaced = word.chars().any(|c| !is_unspaced(c));
        unspaced.div_ceil(3) + usize::from(spaced)
    };
    words(&without_insertions(text)).iter().map(count).sum()
}

/// A text without what stands in brackets.
fn without_insertions(text: &str) -> Cow<'_, str> {
    if !text.contains('[') {
        return text.into();
    }
    let mut pieces = text.split('[');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once(']').map_or(piece, |(_, rest)| rest));
    rest.fold(first, |text, rest| text + rest).into()
}

/// Some hundred characters of a text round a position.
pub(in crate::verify) fn excerpt(text: &str, at: usize) -> String {
    excerpt_of(text, at, 92)
}

/// So many characters of a text round a position, a quarter of them before it.
pub(in crate::verify) fn excerpt_of(text: &str, at: usize, length: usize) -> String {
    let at = text.floor_char_boundary(at.min(text.len()));
    let before = text[..at].char_indices().rev();
    let lead = length / 4 + 1;
    let start = before.take(lead).last().map_or(at, |(start, _)| start);
    let start = match text[start..at].find(' ') {
        Some(space) if start > 0 => start + space + 1,
        _ => start,
    };
    let end = text[at..]
        .char_indices()
        .nth(length - length / 4 - 1)
        .map_or(text.len(), |(end, _)| at + end);
    let (before, after) = (
        if start > 0 { "…" } else { "" },
        if end < text.len() { "…" } else { "" },
    );
    let words: Vec<&str> = text[start..end].split_whitespace().collect();
    format!("“{before}{}{after}”", words.join(" "))
}

/// A text cut in its middle where it is long.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let characters = text.chars().count();
    if characters <= longest {
        return text.to_owned();
    }
    let half = longest / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(characters - half).collect();
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_stands_round_its_place() {
        let check = |text: &str, at, expected: &str| assert_eq!(excerpt(text, at), expected);
        check("One two three.", 4, "“One two three.”");
        check("", 0, "“”");
        check(
            "They said in the morning that the plan holds, and they said it again at noon and in the evening.",
            30,
            "“…in the morning that the plan holds, and they said it again at noon and in the evening.”",
        );
        check("在日米軍の司令部", 6, "“在日米軍の司令部”");
    }

    #[test]
    fn long_texts_are_cut_in_their_middle() {
        assert_eq!(shortened("one two three", 20), "one two three");
        assert_eq!(shortened("one two three four", 10), "one t … four");
    }
}
