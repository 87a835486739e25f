//! Folded texts cut into words, numbers and marks, and where in a source each word stands.

use std::collections::HashMap;
use std::ops::Range;

use super::Folded;
use super::matching::is_unspaced;
use crate::source::small;

/// The words, numbers and marks of a folded text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + (rest.len() - rest.trim_start().len());
        let first = text[start..].chars().next()?;
        let alone = is_unspaced(first) || !first.is_alphanumeric();
        at = if alone {
            start + first.len_utf8()
        } else {
            start + word_length(&text[start..])
        };
        Some(start..at)
    })
}

fn word_length(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    let mut before = None;
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        if !continues(before, character, after) {
            return at;
        }
        before = Some(character);
    }
    text.len()
}

/// Whether a character goes on with a word or number: `don't`, `3,400`, `U.S`.
fn continues(before: Option<char>, character: char, after: Option<char>) -> bool {
    if character.is_alphanumeric() {
        return !is_unspaced(character);
    }
    let between = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match character {
        '\'' => between(char::is_alphanumeric),
        ',' => between(char::is_numeric),
        '.' => between(char::is_numeric) || between(char::is_uppercase),
        _ => false,
    }
}

/// Whether a token is a word or number, not a mark.
pub(super) fn is_word(token: &str) -> bool {
    token.starts_with(char::is_alphanumeric)
}

/// How much a token counts: a long word most, a mark hardly.
pub(super) fn weight(token: &str) -> u32 {
    let short = || token.chars().take(4).count() <= 3 && !token.contains(char::is_numeric);
    if !is_word(token) {
        1
    } else if token.starts_with(is_unspaced) || short() {
        2
    } else {
        4
    }
}

/// A token of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// The number of its paragraph.
    pub(super) paragraph: u32,
    start: u32,
    end: u32,
    /// Its word, whatever the case.
    pub(super) word: u32,
}

impl Token {
    /// Its bytes in its paragraph's folded text.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The tokens of a source in their order, and where each word stands among them.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) tokens: Vec<Token>,
    vocabulary: HashMap<String, u32>,
    /// The words that have `'s`, in order.
    possessives: Vec<(String, u32)>,
    /// For each word the first of its places, and one more for the end.
    firsts: Vec<u32>,
    places: Vec<u32>,
}

impl Index {
    /// The index of numbered folded texts.
    pub(super) fn new<'t>(texts: impl Iterator<Item = (u32, &'t Folded)>) -> Self {
        let mut tokens_found = Vec::new();
        let mut vocabulary: HashMap<String, u32> = HashMap::new();
        let mut possessives = Vec::new();
        let mut lower = String::new();
        for (paragraph, folded) in texts {
            for range in tokens(&folded.text) {
                lower_case(&folded.text[range.clone()], &mut lower);
                let known = vocabulary.get(&lower).copied();
                let word = known.unwrap_or_else(|| {
                    let word = small(vocabulary.len());
                    vocabulary.insert(lower.clone(), word);
                    if lower.contains("'s") {
                        possessives.push((lower.clone(), word));
                    }
                    word
                });
                tokens_found.push(Token {
                    paragraph,
                    start: small(range.start),
                    end: small(range.end),
                    word,
                });
            }
        }
        let (firsts, places) = by_word(&tokens_found, vocabulary.len());
        possessives.sort_unstable();
        Index {
            tokens: tokens_found,
            vocabulary,
            possessives,
            firsts,
            places,
        }
    }

    /// A word's number, whatever its case.
    pub(super) fn word(&self, word: &str) -> Option<u32> {
        let mut lower = String::new();
        lower_case(word, &mut lower);
        self.vocabulary.get(&lower).copied()
    }

    /// The numbers of the words that begin with another one and `'s`.
    pub(super) fn possessives(&self, word: &str) -> impl Iterator<Item = u32> {
        let mut begins = String::new();
        lower_case(word, &mut begins);
        begins.push_str("'s");
        let all = &self.possessives;
        let first = all.partition_point(|(word, _)| *word < begins);
        let own = all[first..].iter();
        own.take_while(move |(word, _)| word.starts_with(&begins))
            .map(|(_, number)| *number)
    }

    /// Where a word stands: ascending indices of tokens.
    pub(super) fn places(&self, word: u32) -> &[u32] {
        let word = word as usize;
        &self.places[self.firsts[word] as usize..self.firsts[word + 1] as usize]
    }

    /// The tokens of a run of paragraphs.
    pub(super) fn of_paragraphs(&self, first: u32, last: u32) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.paragraph < first);
        let end = self.tokens.partition_point(|token| token.paragraph <= last);
        start..end
    }
}

/// The places of each word, word after word.
fn by_word(tokens: &[Token], words: usize) -> (Vec<u32>, Vec<u32>) {
    let mut firsts = vec![0_u32; words + 1];
    for token in tokens {
        firsts[token.word as usize + 1] += 1;
    }
    for word in 0..words {
        firsts[word + 1] += firsts[word];
    }
    let mut next = firsts.clone();
    let mut places = vec![0; tokens.len()];
    for (at, token) in tokens.iter().enumerate() {
        let slot = &mut next[token.word as usize];
        places[*slot as usize] = small(at);
        *slot += 1;
    }
    (firsts, places)
}

fn lower_case(word: &str, lower: &mut String) {
    lower.clear();
    lower.extend(word.chars().flat_map(char::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_words_numbers_and_marks() {
        let check = |text: &str, expected: &str| {
            let folded = Folded::new(text).text;
            let found: Vec<&str> = tokens(&folded).map(|range| &folded[range]).collect();
            assert_eq!(found.join(" "), expected);
        };
        check("They don’t, he said.", "They don't , he said .");
        check("$1.7 billion, 3,400 men", "$ 1.7 billion , 3,400 men");
        check("the U.S.–Japan talks", "the U.S . - Japan talks");
        check("end.Then a,b", "end . Then a , b");
        check("在日US軍", "在 日 US 軍");
        check("", "");
    }

    #[test]
    fn an_index_knows_where_each_word_stands() {
        let (one, two) = (Folded::new("The aim, the end."), Folded::new("An aim"));
        let index = Index::new([(1, &one), (3, &two)].into_iter());
        let places = |word: &str| index.word(word).map(|word| index.places(word).to_vec());
        assert_eq!(places("the"), Some(vec![0, 3]));
        assert_eq!(places("AIM"), Some(vec![1, 7]));
        assert_eq!(places("plan"), None);
        assert_eq!(index.of_paragraphs(1, 2), 0..6);
        assert_eq!(index.of_paragraphs(2, 3), 6..8);
    }
}
