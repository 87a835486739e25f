//! Places in a source: the words and signs that announce them, and paragraph numbers as locators write them.

use std::ops::Range;

use super::name::key_length;
use crate::diagnostic::nearest;

/// The name of a document's title.
pub const TITLE: &str = "title";

/// Words that speak of paragraphs wherever they stand.
const PARAGRAPHS: [&str; 4] = ["paragraphs", "paragraph", "paras", "para"];

/// What announces paragraphs only where a number follows.
const BEFORE_NUMBERS: [&str; 5] = ["¶", "pars", "par", "pp", "p"];

/// What announces pages.
const PAGES: [&str; 4] = ["p.", "pp.", "pages", "page"];

/// What announces a place that is neither.
const ELSEWHERE: [&str; 5] = ["line", "lines", "at", "section", "§"];

/// What joins another number to a place.
const JOINING: [&str; 4] = ["and ", "& ", "to ", "through "];

/// Spaces between such a word and its number.
const GAPS: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// The length of what announces paragraph numbers, if a number follows.
pub fn locator_word(rest: &str) -> Option<usize> {
    let longest = rest.floor_char_boundary(12);
    let lower = rest[..longest].to_ascii_lowercase();
    let words = PARAGRAPHS.iter().chain(&BEFORE_NUMBERS);
    let word = words.copied().find(|word| lower.starts_with(word))?;
    let after = if word == "¶" {
        rest.trim_start_matches('¶')
    } else {
        rest[word.len()..].trim_start_matches('.')
    };
    let after = after.trim_start_matches(GAPS);
    begins_with_digit(after).then_some(rest.len() - after.len())
}

/// The length of what announces pages.
pub(super) fn page_word(rest: &str) -> Option<usize> {
    let word = PAGES.iter().find(|word| rest.starts_with(**word))?;
    let after = rest[word.len()..].trim_start_matches(GAPS);
    Some(rest.len() - after.len())
}

/// Whether a word announces numbers of paragraphs or pages.
pub fn announces_numbers(word: &str) -> bool {
    let bare = word.strip_suffix('.').unwrap_or(word);
    PAGES.contains(&word) || PARAGRAPHS.contains(&bare) || BEFORE_NUMBERS.contains(&bare)
}

/// `9`, `9, for the figure`, `line 2`, `at ¶2`, `and 4`, `paragrahp 3`: a place that would not be looked up.
pub(super) fn begins_like_locator(words: &str) -> bool {
    let words = words.trim_start_matches([';', ' ']);
    let is_number = |text: &str| {
        let bare = |c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | ',' | ' ');
        begins_with_digit(text) && text.chars().all(bare)
    };
    if is_number(words.trim_start_matches(['-', '–', ' ']))
        || behind_joining(words).is_some_and(is_number)
    {
        return true;
    }
    // A number of four digits is a year.
    let before_comma = words.split_once(',').map(|(before, _)| before.trim_end());
    if before_comma.is_some_and(|number| number.len() <= 3 && is_number(number)) {
        return true;
    }
    let mut words = words.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let bare = first.strip_suffix('.').unwrap_or(&first);
    if PARAGRAPHS.contains(&bare) {
        return true;
    }
    let number = words.next().unwrap_or_default();
    if ELSEWHERE.contains(&first.as_str()) {
        return begins_with_digit(number);
    }
    // Without a full stop a short word may be any: `Paris 2024`.
    let mistyped = PARAGRAPHS.into_iter();
    let mistyped = mistyped.filter(|word| first.ends_with('.') || word.len() > 5);
    let is_few = number.chars().take_while(char::is_ascii_digit).count() <= 3;
    is_few && begins_with_digit(number) && nearest(bare, mistyped).is_some()
}

/// The locator that `9`, `line 9`, `parra. 3-4` and `9, for the figure` may have been meant for.
pub(super) fn meant_paragraphs(words: &str) -> Option<String> {
    let behind_words = words.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    let abbreviated = behind_words.strip_prefix(". ");
    let numbers = abbreviated.filter(|_| words.starts_with(char::is_alphabetic));
    let numbers = numbers
        .unwrap_or(behind_words)
        .split(',')
        .next()?
        .trim_end();
    let is_number =
        |text: &str| begins_with_digit(text) && text.bytes().all(|b| b.is_ascii_digit());
    let meant = match numbers.split_once(['-', '–']) {
        None => is_number(numbers).then(|| format!("¶{numbers}")),
        Some((from, to)) => (is_number(from) && is_number(to)).then(|| format!("¶¶{from}-{to}")),
    };
    meant.filter(|_| behind_joining(words).is_none())
}

fn behind_joining(words: &str) -> Option<&str> {
    JOINING.iter().find_map(|word| words.strip_prefix(word))
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `¶3` or `¶¶3-5, 9`: a locator of these paragraphs.
pub fn numbers(paragraphs: &[u32]) -> String {
    let runs = paragraphs.chunk_by(|one, next| one + 1 == *next);
    let runs: Vec<String> = runs
        .map(|run| match run {
            [first, .., last] => format!("{first}-{last}"),
            run => run.iter().map(u32::to_string).collect(),
        })
        .collect();
    let sign = if paragraphs.len() == 1 { "¶" } else { "¶¶" };
    format!("{sign}{}", runs.join(", "))
}

/// A locator of other paragraphs and names. Where it has the same parts as before, the digits alone change.
pub fn relocated(written: &str, paragraphs: &[u32], names: &[String]) -> String {
    let own: Vec<&str> = names_in(written).map(|name| &written[name][1..]).collect();
    let more = names.get(own.len()..);
    let more = more.filter(|_| names.iter().zip(&own).all(|(name, own)| name == own));
    let (first, names) = match more.zip(renumbered(written, paragraphs)) {
        Some((more, kept)) => (Some(kept), more),
        None => (numbers_alone(written, paragraphs), names),
    };
    let names = names.iter().map(|name| format!("^{name}"));
    let parts: Vec<String> = first.into_iter().chain(names).collect();
    parts.join(", ")
}

/// The numbers that stand before all names, written anew where there are other ones; none where none are left.
fn numbers_alone(written: &str, paragraphs: &[u32]) -> Option<String> {
    let numbers = written.split('^').next().unwrap_or_default();
    let numbers = numbers.trim_end_matches(|c: char| c.is_whitespace() || ",>".contains(c));
    let written = || renumbered(numbers, paragraphs).unwrap_or_else(|| in_order(paragraphs));
    (!paragraphs.is_empty()).then(written)
}

/// Where the names of a locator stand, each with its sign.
fn names_in(written: &str) -> impl Iterator<Item = Range<usize>> {
    let signs = written.match_indices('^').map(|(at, _)| at);
    signs.map(|at| at..at + 1 + key_length(&written[at + 1..]))
}

/// A locator with other numbers, written as its author wrote it (`p3`, `paras. 3-5`); none where it has other parts.
fn renumbered(written: &str, paragraphs: &[u32]) -> Option<String> {
    // In YAML an escape may stand for a dash, with digits that are none.
    if written.contains('\\') {
        return None;
    }
    let digits = digits(written);
    let mut renumbered = String::with_capacity(written.len());
    let (mut at, mut rest) = (0, paragraphs);
    let mut parts = digits.as_slice();
    while let [first, after @ ..] = parts {
        let is_range = |last: &Range<usize>| {
            let between = &written[first.end..last.start];
            between.contains(DASHES) && !between.contains('^')
        };
        let last = after.first().filter(|last| is_range(last));
        let number = |range: &Range<usize>| written[range.clone()].parse::<usize>().unwrap_or(0);
        let length = last.map_or(1, |last| (number(last) + 1).saturating_sub(number(first)));
        let (run, more) = rest
            .split_at_checked(length)
            .filter(|(run, _)| is_run(run))?;
        for (range, number) in std::iter::once(first)
            .chain(last)
            .zip([run[0], run[length - 1]])
        {
            renumbered.push_str(&written[at..range.start]);
            renumbered.push_str(&number.to_string());
            at = range.end;
        }
        rest = more;
        parts = &after[usize::from(last.is_some())..];
    }
    renumbered.push_str(&written[at..]);
    rest.is_empty().then_some(renumbered)
}

fn in_order(paragraphs: &[u32]) -> String {
    let mut paragraphs = paragraphs.to_vec();
    paragraphs.sort_unstable();
    numbers(&paragraphs)
}

pub(super) const DASHES: [char; 8] = ['-', '–', '—', '‑', '−', '－', '〜', '～'];

/// Whether these are one or more numbers in a row.
fn is_run(numbers: &[u32]) -> bool {
    !numbers.is_empty() && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

/// Where the numbers of a locator stand, not those in names.
fn digits(written: &str) -> Vec<Range<usize>> {
    let names: Vec<Range<usize>> = names_in(written).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in written.match_indices(|c: char| c.is_ascii_digit()) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            Some(_) | None if names.iter().any(|name| name.contains(&at)) => {}
            Some(_) | None => found.push(at..at + 1),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_gathered_in_ranges() {
        let check = |paragraphs: &[u32], expected: &str| assert_eq!(numbers(paragraphs), expected);
        check(&[3], "¶3");
        check(&[3, 4, 5, 9], "¶¶3-5, 9");
        check(&[9, 3], "¶¶9, 3");
    }

    #[test]
    fn a_locator_keeps_its_writing() {
        let check = |written: &str, paragraphs: &[u32], expected: &str| {
            assert_eq!(relocated(written, paragraphs, &[]), expected);
        };
        check("¶9", &[10], "¶10");
        check("p3", &[4], "p4");
        check("paras. 3–5", &[6, 7, 8], "paras. 6–8");
        check("pp. 3-5, 9", &[4, 5, 6, 2], "pp. 4-6, 2");
        check("¶¶3-5", &[3, 5, 6], "¶¶3, 5-6");
        check("¶¶3-4", &[4, 3], "¶¶3-4");
        check("¶3", &[3, 4], "¶¶3-4");
        check("^name", &[3], "¶3");
        check("¶¶3\\u20134", &[4, 5], "¶¶4-5");
    }

    #[test]
    fn names_stand_behind_numbers() {
        let check = |written: &str, paragraphs: &[u32], names: &[&str], expected: &str| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(relocated(written, paragraphs, &names), expected);
        };
        check("paras. 3-5", &[4, 5, 6], &[], "paras. 4-6");
        check("paras. 3-5", &[4, 5], &["k4d8rx"], "¶¶4-5, ^k4d8rx");
        check("pp4-5, ^k4d8rx", &[7, 8], &["k4d8rx"], "pp7-8, ^k4d8rx");
        check("¶¶4-5, ^k4d8rx", &[4, 5], &[], "¶¶4-5");
        check("¶¶3-4", &[], &["k4d8rx", "n11zpa"], "^k4d8rx, ^n11zpa");
        check("^one, ^two", &[], &["two"], "^two");
        check("¶¶3-4,\r\n  ^p2", &[4, 5], &["p2"], "¶¶4-5,\r\n  ^p2");
        check("¶¶3-4,\n> ^p2", &[4, 5], &["p2", "x"], "¶¶4-5,\n> ^p2, ^x");
        check("¶¶3-4,\n> ^p2", &[4], &["p2"], "¶4, ^p2");
        check("^p2-1, ¶3", &[4], &["p2-1"], "^p2-1, ¶4");
        check("¶3, ^p-2, ¶5", &[4, 6], &["p-2"], "¶4, ^p-2, ¶6");
        check("^one,\n^two", &[], &["one", "two"], "^one,\n^two");
    }
}
