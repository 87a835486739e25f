//! Words that fail in their source and stand in another one: said, and never followed unasked.

use std::sync::Arc;

use super::Verifier;
use super::follow::Lost;
use super::matching::is_unspaced;
use super::report::{place_of, stands_elsewhere, stands_in, word_count};
use super::wanted::Wanted;
use crate::diagnostic::{Diagnostic, Lint};
use crate::lock::Hash;
use crate::manuscript::Article;
use crate::source::Text;

/// Fewer words stand in another article by chance.
const LEAST_WORDS: usize = 3;

/// Words that more articles than these have together are not looked for in them.
const MOST_ASKED: usize = 16;

/// The articles in which each word stands: the word's hash, and the article's index in the lower half, in order.
pub(super) type Bearers = Vec<u64>;

impl Verifier {
    /// Says of a quotation that fails in its source that it stands in another one, where exactly one has it.
    pub(super) fn name_elsewhere(
        &self,
        index: usize,
        quotation: &Text,
        mut diagnostic: Diagnostic,
    ) -> Diagnostic {
        let place = diagnostic.at.as_ref().map(|at| at.span);
        if !diagnostic.lint.is_of_missing_words() || place != Some(quotation.whole()) {
            return diagnostic;
        }
        if let Some((article, places)) = self.sole_quoted(Some(index), quotation) {
            let place = place_of(article, &places);
            let near = diagnostic
                .help
                .filter(|_| diagnostic.lint != Lint::LostQuotation);
            let words = near.map_or("these very words".to_owned(), |near| near + "; yours");
            let help = format!("{words} stand in {place}: cite that, if it is meant");
            diagnostic.help = Some(help);
        }
        diagnostic
    }

    /// Says of a quotation without a source which it is, where exactly one article has the words.
    pub(super) fn name_source(&self, quotation: &Text, mut diagnostic: Diagnostic) -> Diagnostic {
        if let Some((article, places)) = self.sole_quoted(None, quotation) {
            diagnostic.help = Some(stands_in(article, &places));
        }
        diagnostic
    }

    /// The paragraphs of an article, by index, whose words have a hash.
    pub(super) fn numbers_of(&self, article: usize, hash: Hash) -> Vec<u32> {
        let numbered = (1..).zip(self.hashes(article));
        let same = numbered
            .filter(|(number, found)| **found == hash && !self.articles[article].omits(*number));
        same.map(|(number, _)| number).collect()
    }

    /// The one article, other than one by index, that has a quotation's words, and the paragraphs in which it has them.
    pub(super) fn sole_quoted(
        &self,
        index: Option<usize>,
        quotation: &Text,
    ) -> Option<(&Article, Vec<u32>)> {
        let wanted = Wanted::plain(&quotation.text);
        let places = |article| self.paragraphs_with(article, &wanted);
        let (article, places) = self.sole_place(index, &quotation.text, places)?;
        Some((&self.articles[article], places))
    }

    /// Says of paragraphs that are gone which of them stand in another article now; others are `left` where they were.
    pub(super) fn name_where_they_went(
        &self,
        index: usize,
        lost: &[Lost],
        left: &[u32],
        mut diagnostic: Diagnostic,
    ) -> Diagnostic {
        let went = lost.iter().filter_map(|one| {
            let hash = Hash::of(&one.words);
            let held = |article| self.numbers_of(article, hash);
            let place = self.sole_place(Some(index), &one.words, held)?;
            Some((one.name.as_str(), place))
        });
        let went: Vec<(&str, (usize, Vec<u32>))> = went.collect();
        if !went.is_empty() {
            let all = went.len() == lost.len() && left.is_empty();
            let others = diagnostic.help.take().filter(|_| !all);
            let places = went
                .iter()
                .map(|(_, (article, places))| (*article, places.as_slice()));
            let cite = self.how_to_cite(places);
            let named =
                |(article, places): &(usize, Vec<u32>)| place_of(&self.articles[*article], places);
            let told: Vec<(&str, String)> = went
                .iter()
                .map(|(name, place)| (*name, named(place)))
                .collect();
            diagnostic.help = Some(stands_elsewhere(&told, cite, others));
        }
        diagnostic
    }

    /// What is to be done to cite some present paragraphs of articles, by index: a number that meant another one when its
    /// article was settled is read in that text until `heal` has run, with words that stand in both or with none.
    pub(super) fn how_to_cite<'n>(
        &self,
        mut places: impl Iterator<Item = (usize, &'n [u32])>,
    ) -> &'static str {
        let is_read_otherwise = |index: usize, number: u32| {
            self.is_edited(index)
                && (self.was_another(index, number)
                    || self.waits(index) && !self.is_in_place(index, number))
        };
        let is_pending =
            places.any(|(index, numbers)| numbers.iter().any(|one| is_read_otherwise(index, *one)));
        if is_pending {
            "run `pincite heal`, then cite"
        } else {
            "cite"
        }
    }

    /// The one article, by index, other than another one, that has some words, and the paragraphs in which it has them.
    fn sole_place(
        &self,
        index: Option<usize>,
        words: &str,
        places: impl Fn(usize) -> Vec<u32>,
    ) -> Option<(usize, Vec<u32>)> {
        if word_count(words) < LEAST_WORDS {
            return None;
        }
        let bearers = self.bearers.get_or_init(|| bearers(&self.articles));
        let mut others = with_all(bearers, words);
        others.retain(|other| Some(*other) != index && self.articles[*other].sound);
        if others.len() > MOST_ASKED {
            return None;
        }
        let mut found = others
            .into_iter()
            .map(|other| (other, places(other)))
            .filter(|(_, places)| !places.is_empty());
        found.next().filter(|_| found.next().is_none())
    }
}

/// Reads all articles once.
fn bearers(articles: &[Arc<Article>]) -> Bearers {
    let mut bearers = Bearers::new();
    for (index, article) in (0..).zip(articles) {
        let paragraphs = article.document.paragraphs.iter();
        let words = paragraphs.flat_map(|paragraph| hashes(&paragraph.prose.text.text));
        let mut entries: Vec<u64> = words.map(|hash| entry(hash, index)).collect();
        entries.sort_unstable();
        entries.dedup();
        bearers.append(&mut entries);
    }
    bearers.sort_unstable();
    bearers
}

fn entry(hash: u32, article: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(article)
}

/// The articles that have all of some words, in whatever order.
fn with_all(bearers: &Bearers, words: &str) -> Vec<usize> {
    let mut lists: Vec<&[u64]> = hashes(words)
        .into_iter()
        .map(|hash| {
            let from = bearers.partition_point(|one| *one < entry(hash, 0));
            let length = bearers[from..].partition_point(|one| *one <= entry(hash, u32::MAX));
            &bearers[from..from + length]
        })
        .collect();
    lists.sort_by_key(|list| list.len());
    let Some((rarest, others)) = lists.split_first() else {
        return Vec::new();
    };
    let article = |one: &u64| u32::try_from(one & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    let has = |list: &[u64], wanted: u32| list.binary_search_by_key(&wanted, article).is_ok();
    let all = rarest.iter().map(article);
    let all = all.filter(|wanted| others.iter().all(|list| has(list, *wanted)));
    all.map(|article| article as usize).collect()
}

/// The hashes of a text's words (FNV-1a), whatever their case; of scripts without spaces, of each sign.
fn hashes(text: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    let mut word = NO_WORD;
    for character in text.chars() {
        let alone = is_unspaced(character);
        if (alone || !character.is_alphanumeric()) && word != NO_WORD {
            hashes.push(word);
            word = NO_WORD;
        }
        if alone {
            hashes.push(with(NO_WORD, character));
        } else if character.is_ascii_alphanumeric() {
            word = with(word, character.to_ascii_lowercase());
        } else if character.is_alphanumeric() {
            word = character.to_lowercase().fold(word, with);
        }
    }
    hashes.extend((word != NO_WORD).then_some(word));
    hashes
}

/// The hash of nothing.
const NO_WORD: u32 = 0x811c_9dc5;

fn with(hash: u32, character: char) -> u32 {
    (hash ^ u32::from(character)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], words: &str, expected: &[usize]) {
        let mut bearers: Bearers = (0..)
            .zip(texts)
            .flat_map(|(index, text)| {
                let hashes = hashes(text).into_iter();
                hashes.map(move |hash| entry(hash, index))
            })
            .collect();
        bearers.sort_unstable();
        bearers.dedup();
        assert_eq!(with_all(&bearers, words), expected, "{words}");
    }

    #[test]
    fn articles_are_known_by_their_words() {
        let texts = ["One, two three.", "Two three four", "在日米軍の司令部"];
        check(&texts, "two three", &[0, 1]);
        check(&texts, "one two", &[0]);
        check(&texts, "two five", &[]);
        check(&texts, "“…”", &[]);
        check(&texts, "米軍の", &[2]);
    }
}
