//! What words that came, went or took the place of others change of the sense: in quotations and in paragraphs alike.

use super::denial::Language;
use super::matching::is_unspaced;
use super::sense::{AUXILIARIES, Sense};
use super::tokens::is_word;

/// Of words that took the place of others, those so far apart are laid beside each other.
const APART: usize = 2;

/// A word where it stands.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    /// What stands right behind it, without a gap.
    pub(super) joined: Option<&'t str>,
    /// Whether it is a name there.
    pub(super) is_name: bool,
}

impl Word<'_> {
    /// The sense that it carries.
    pub(super) fn sense(self, language: Language) -> Option<Sense> {
        Sense::of(self.text, language)
            .or_else(|| self.is_in_number().then_some(Sense::Number))
            .or_else(|| self.is_name.then_some(Sense::Name))
    }

    /// Whether it is a mark that belongs to the number behind it: `10:30`, `-5`.
    fn is_in_number(self) -> bool {
        let number = self
            .joined
            .is_some_and(|next| next.starts_with(char::is_numeric));
        number && !is_word(self.text) && self.text.contains(['-', '/', ':', '.', ','])
    }

    /// Whether two words differ only in their case or a possessive; capitals alone make a name of their own (`IT`,
    /// `it`).
    fn is_same_name(self, other: Word<'_>) -> bool {
        let bare = |word: &str| word.strip_suffix("'s").unwrap_or(word).to_lowercase();
        let capitals = |word: &str| word.chars().count() > 1 && !word.contains(char::is_lowercase);
        bare(self.text) == bare(other.text) && capitals(self.text) == capitals(other.text)
    }
}

/// What of the sense differs where some words stand in the place of others; the gravest of it.
pub(super) fn exchanged(
    ours: &[Word<'_>],
    theirs: &[Word<'_>],
    language: Language,
) -> Option<Sense> {
    let pairs = ours.iter().enumerate().flat_map(|(at, word)| {
        let others = beside(at, theirs).iter();
        others.filter_map(|other| Sense::of_pair(word.text, other.text))
    });
    let each = carried(ours, theirs, language).chain(carried(theirs, ours, language));
    each.chain(pairs).min()
}

/// The sense that words carry for which nothing but themselves stands on the other side.
fn carried(
    words: &[Word<'_>],
    others: &[Word<'_>],
    language: Language,
) -> impl Iterator<Item = Sense> {
    let words = words.iter().enumerate().filter(|(at, word)| {
        let mut others = beside(*at, others).iter();
        !others.any(|other| word.is_same_name(*other) || is_same_denial(word.text, other.text))
    });
    words.filter_map(move |(_, word)| word.sense(language))
}

/// Whether one word is the short form of the other, which denies with a verb beside it: `didn't`, `[did] not`; a verb that
/// is a modal one counts for itself.
fn is_same_denial(one: &str, other: &str) -> bool {
    let is_short = |word: &str| {
        let verb = word.strip_suffix("n't");
        verb.is_some_and(|verb| AUXILIARIES.contains(&verb.to_lowercase().as_str()))
    };
    let is_whole = |word: &str| word.eq_ignore_ascii_case("not");
    (is_short(one) && is_whole(other)) || (is_whole(one) && is_short(other))
}

fn beside<'w, 't>(at: usize, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let end = (at + APART + 1).min(words.len());
    words.get(at.saturating_sub(APART)..end).unwrap_or_default()
}

/// Whether a run of a script without spaces denies in one text and not in the other.
pub(super) fn denies_otherwise(one: &str, other: &str, language: Language) -> Option<Sense> {
    let denials = |text| language.denials_in(text).collect::<Vec<_>>();
    let unspaced = one.contains(is_unspaced) || other.contains(is_unspaced);
    (unspaced && denials(one) != denials(other)).then_some(Sense::Negation)
}
