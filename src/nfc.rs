//! Unicode's composed form, without work for the texts that have it already.

use std::iter;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// Whether a text surely is composed; most texts are, and few of their characters can tell.
pub fn is_composed(text: &str) -> bool {
    text.is_ascii() || is_nfc_quick(beyond_ascii(text)) == IsNormalized::Yes
}

/// A text's characters that are not ASCII.
pub fn beyond_ascii(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text;
    iter::from_fn(move || {
        // Whole chunks first: the compiler looks at all bytes of one at once.
        let chunks = rest.as_bytes().chunks_exact(16);
        let ascii = chunks.take_while(|chunk| chunk.is_ascii()).count() * 16;
        let mut characters = rest[ascii..].chars();
        let found = characters.find(|character| !character.is_ascii());
        rest = characters.as_str();
        found
    })
}

/// A text's first character, and the marks that combine with it.
pub fn first_cluster(text: &str) -> &str {
    let mut characters = text.char_indices().skip(1);
    let end = characters.find(|(_, character)| !is_combining(*character));
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Marks that combine with the character before them, Hangul vowels and finals among them.
pub fn is_combining(character: char) -> bool {
    is_combining_mark(character)
        || matches!(character, '\u{1160}'..='\u{11ff}' | '\u{3099}' | '\u{309a}')
}
