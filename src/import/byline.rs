//! Bylines: who wrote the article.
//!
//! A byline is a line that is only `By NAME` (`Von`, `Par`, `Por`), `By NAME and NAME`, `By NAME,
//! NAME and NAME`, each name of two to five words with capitals; an agency or a role may follow
//! (`By NAME, Associated Press`) or stand alone (`By The Associated Press`). It counts above the
//! article's first sentence and as the page's last line. Credits (`NAME contributed reporting.`)
//! are sentences and stay.

use std::collections::BTreeSet;

use super::date::{self, Told};
use super::furniture::is_page_date;
use super::layout::Passage;
use super::phrases::OFFICES;
use super::text::fold;
use super::title::opening;
use super::{LeftOut, Reason};

/// Takes the bylines out of the passages and returns their names, each once, and their dates.
pub(super) fn take_out(
    passages: &mut Vec<Passage>,
    left_out: &mut Vec<LeftOut>,
) -> (Vec<String>, Vec<Told>) {
    let opening = opening(passages);
    let last = passages.len().saturating_sub(1);
    let (mut authors, mut dates, mut at) = (Vec::new(), Vec::new(), 0);
    super::leave_out(passages, left_out, |passage| {
        let placed = at < opening || at == last;
        at += 1;
        let (names, date) = signed(&passage.text).filter(|_| placed && passage.item().is_none())?;
        authors.extend(names);
        dates.extend(date);
        Some(Reason::MovedToAuthor)
    });
    (once_each(authors), dates)
}

/// The names of a byline, and the date that may stand behind or before them: `By NAME, March 5, 2024`.
pub(super) fn signed(line: &str) -> Option<(Vec<String>, Option<Told>)> {
    signed_as(line, names)
}

/// The same, where a byline of these names is wanted, be there a `By` or none.
pub(super) fn signed_by(line: &str, authors: &[String]) -> Option<(Vec<String>, Option<Told>)> {
    signed_as(line, |part| {
        let found = names(part).or_else(|| names(&format!("By {part}")));
        found.filter(|found| found.iter().all(|name| authors.contains(name)))
    })
}

fn signed_as(
    line: &str,
    names: impl Fn(&str) -> Option<Vec<String>>,
) -> Option<(Vec<String>, Option<Told>)> {
    if let Some(names) = names(line) {
        return Some((names, None));
    }
    let cuts = line.match_indices([' ', ',', '|', '•', '·', '—', '–', '/']);
    let cuts = cuts
        .filter(|_| line.len() < 200)
        .map(|(at, _)| line.split_at(at));
    let trimmed = |part: &'_ str| {
        part.trim_matches([' ', ',', '|', '•', '·', '—', '–', '/'])
            .to_owned()
    };
    let mut sides = cuts.flat_map(|(before, after)| {
        let (before, after) = (trimmed(before), trimmed(after));
        [(before.clone(), after.clone()), (after, before)]
    });
    sides.find_map(|(by, date)| {
        let names = names(&by).filter(|_| is_page_date(&date))?;
        Some((names, date::told(&date)))
    })
}

pub(super) fn once_each(names: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    names
        .into_iter()
        .filter(|name| known.insert(fold(name)))
        .collect()
}

/// The names of a byline; none if the line is anything more or less than one.
pub(super) fn names(line: &str) -> Option<Vec<String>> {
    if line.len() > 300 {
        return None;
    }
    let (by, rest) = line.split_once([' ', ':'])?;
    let rest = if by == "Written" {
        rest.strip_prefix("by ")?
    } else {
        rest
    };
    if !BY.contains(&by) {
        return None;
    }
    let (offices, people): (Vec<&str>, Vec<&str>) =
        parts(rest).into_iter().partition(|part| is_office(part));
    let authors = if people.is_empty() {
        offices.get(..1)?
    } else {
        &people
    };
    people
        .iter()
        .all(|part| is_name(part))
        .then(|| authors.iter().map(|&name| name.to_owned()).collect())
}

/// What stands between commas, bars and `and`.
fn parts(names: &str) -> Vec<&str> {
    let mut parts = vec![names];
    for mark in [
        ",", "|", "/", "•", ";", " and ", " AND ", " & ", " und ", " et ", " y ",
    ] {
        parts = parts
            .into_iter()
            .flat_map(|part| part.split(mark))
            .collect();
    }
    let trimmed = parts
        .into_iter()
        .map(|part| part.trim().trim_start_matches("and ").trim());
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// An agency, a paper or a role.
fn is_office(part: &str) -> bool {
    let folded = fold(part);
    let last = folded.rsplit(' ').next().unwrap_or_default();
    OFFICES.contains(last)
        && part.chars().all(|c| !c.is_ascii_digit())
        && folded.split(' ').count() <= 5
}

/// Two to five words, each with a capital or none to have, but for the small words of names.
fn is_name(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let [first, .., last] = words.as_slice() else {
        return false;
    };
    let named = words
        .iter()
        .all(|word| is_name_word(word) || PARTICLES.contains(word));
    let phrase = [first, last]
        .iter()
        .any(|word| NO_NAMES.contains(&fold(word).as_str()));
    words.len() <= 5 && named && is_name_word(last) && !phrase
}

fn is_name_word(word: &str) -> bool {
    let word = word.trim_start_matches("d’").trim_start_matches("d'");
    let capital = word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    capital
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
}

const BY: &[&str] = &[
    "By", "BY", "by", "Written", "Von", "VON", "Par", "PAR", "Por", "POR",
];

const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "dos", "du", "la", "le", "van", "von", "der", "den", "ter",
    "zu", "bin", "ibn", "al", "el", "y", "e",
];

/// Words that begin or end a phrase such as `By Any Means`, not a name.
const NO_NAMES: &[&str] = &[
    "the", "a", "an", "any", "all", "no", "one", "two", "our", "his", "her", "my", "their", "this",
    "that", "means", "numbers", "day", "night", "land", "sea", "air",
];
