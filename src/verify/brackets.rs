//! What the gaps and brackets of a quotation do to the sense of its source.

use std::borrow::Cow;
use std::ops::Range;

use super::denial::Language;
use super::fold::Folded;
use super::sense::{SIGNS, Sense, modal, weighty};
use super::tokens::{is_word, tokens};

/// So many words further back than a bracket has is a word of the source's looked for that it repeats.
const MOST_BETWEEN: usize = 3;

/// Nor so many bytes away.
const FARTHEST: usize = 200;

/// Words or letters of the author's, and what they stand for; a gap has none.
pub(super) struct Edit<'p> {
    pub(super) own: &'p str,
    /// The bytes of the folded text in whose place they stand.
    pub(super) source: Range<usize>,
    pub(super) place: Place,
}

/// Where in a quotation the author's own stand.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Between words of the source.
    Between,
    /// Before all of them.
    First,
    /// Behind all of them.
    Last,
    /// As the beginning of a word of the source: `[un]likely`.
    Beginning,
    /// As the end of one: `harm[ful]`.
    Ending,
}

impl Edit<'_> {
    /// The word whose change alters what the source says.
    pub(super) fn altered(&self, text: &Folded) -> Option<String> {
        let (own, source) = self.sides(&text.text);
        let weighed = changes_weight(&own, source, text.language);
        let of_words = match self.place {
            Place::Beginning | Place::Ending => last_word,
            Place::Between | Place::First | Place::Last => only_word,
        };
        let turned = || {
            let (own, source) = (of_words(&own)?, of_words(source)?);
            Sense::of_pair(own, source).map(|_| source.to_owned())
        };
        weighed
            .or_else(turned)
            .or_else(|| replaced_modal(&own, source))
    }

    /// The author's words and the source's, whole ones where the bracket stands within a word.
    fn sides<'t>(&'t self, text: &'t str) -> (Cow<'t, str>, &'t str) {
        let Range { start, end } = self.source;
        let (before, behind) = (&text[..start], &text[end..]);
        match self.place {
            Place::Between => (self.own.into(), &text[start..end]),
            Place::First => {
                let near = before.char_indices().rev().take(FARTHEST).last();
                let near = near.map_or(0, |(at, _)| at);
                let words: Vec<Range<usize>> = tokens(&before[near..]).collect();
                let first = self.replaced(&before[near..], words.into_iter().rev());
                let start = first.map_or(start, |first| near + first.start);
                (self.own.into(), &text[start..end])
            }
            Place::Last => {
                let last = self.replaced(behind, tokens(behind));
                let length = last.map_or(0, |last| last.end);
                (self.own.into(), &text[start..end + length])
            }
            Place::Beginning => {
                let start = before.trim_end_matches(CURRENCIES).len();
                let rest = &behind[..behind.len() - behind.trim_start_matches(in_word).len()];
                let own = format!("{}{rest}", self.own);
                (own.into(), &text[start..end + rest.len()])
            }
            Place::Ending => {
                let word = before.trim_end_matches(in_word).len();
                let own = format!("{}{}", &before[word..], self.own);
                (own.into(), &text[word..end])
            }
        }
    }
    /// The last of the words beside a quotation, the nearest first, that a bracket at its end stands for: the nearest
    /// that it repeats, or else the one right beside it. None of another clause.
    fn replaced(
        &self,
        text: &str,
        words: impl Iterator<Item = Range<usize>>,
    ) -> Option<Range<usize>> {
        let in_clause = |word: &Range<usize>| {
            let word = &text[word.clone()];
            is_word(word) || word.contains(SIGNS)
        };
        let own: Vec<String> = tokens(self.own)
            .map(|word| self.own[word].to_lowercase())
            .collect();
        let near: Vec<Range<usize>> = words
            .take_while(in_clause)
            .take(own.len() + MOST_BETWEEN)
            .collect();
        let repeats = |word: &Range<usize>| own.contains(&text[word.clone()].to_lowercase());
        near.get(near.iter().position(repeats).unwrap_or(0))
            .cloned()
    }
}

/// Part of the sense of the number behind them.
const CURRENCIES: [char; 7] = ['$', '€', '£', '¥', '₩', '₽', '₹'];

/// The negation or number that one text has and the other has not.
fn changes_weight(own: &str, source: &str, language: Language) -> Option<String> {
    let weights = |text: &str| -> Vec<String> {
        let words = weighty(text, language).into_iter();
        let signs = text.matches(CURRENCIES);
        words.chain(signs).map(str::to_owned).collect()
    };
    let (own, source) = (weights(own), weights(source));
    let in_one = |words: &[String], others: &[String]| {
        let lacks = |word: &&String| !others.iter().any(|other| weighs_as(word, other));
        words.iter().find(lacks).cloned()
    };
    in_one(&source, &own).or_else(|| in_one(&own, &source))
}

/// The modal verb of the source's that stands right where the author's words do, and is another than theirs or missing
/// there. A longer stretch is told in the author's words, not replaced.
fn replaced_modal(own: &str, source: &str) -> Option<String> {
    let replaced = source.split_whitespace();
    let stretch = replaced.clone().count();
    let word = replaced.clone().find(|word| modal(word).is_some())?;
    let others = own.split_whitespace().find_map(modal);
    let is_replaced = match others {
        Some(other) => modal(word) != Some(other),
        None => stretch <= 2,
    };
    (is_replaced && !own.trim().is_empty()).then(|| word.to_owned())
}

/// Whether two weighty words are one, whatever their case and, of a number in digits, the ending: `F-35[s]`, `17[th]`.
fn weighs_as(one: &str, other: &str) -> bool {
    let bare = |word: &str| {
        let word = word.to_lowercase();
        let endings = ["s", "th", "st", "nd", "rd"];
        let numbers = endings
            .iter()
            .filter_map(|ending| word.strip_suffix(ending));
        let number = numbers
            .map(str::to_owned)
            .find(|number| number.ends_with(|c: char| c.is_ascii_digit()));
        number.unwrap_or(word)
    };
    bare(one) == bare(other)
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric() || character == '\''
}

fn last_word(text: &str) -> Option<&str> {
    let words = text.split_whitespace();
    words
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .rfind(|word| !word.is_empty())
}

fn only_word(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    words.next().filter(|_| words.next().is_none())?;
    last_word(text)
}
