//! Paragraph numbers as locators write them.

use std::ops::Range;

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

/// A locator of other paragraphs and names, the numbers written as they were.
pub fn relocated(written: &str, paragraphs: &[u32], names: &[String]) -> String {
    let numbers = written.split(['^']).next().unwrap_or_default();
    let numbers = numbers.trim_end_matches([',', ' ', '\n']);
    let numbers = (!paragraphs.is_empty()).then(|| renumbered(numbers, paragraphs));
    let names = names.iter().map(|name| format!("^{name}"));
    numbers
        .into_iter()
        .chain(names)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A locator with other numbers, written as its author wrote it (`p3`, `paras. 3-5`) where it has the same parts.
fn renumbered(written: &str, paragraphs: &[u32]) -> String {
    let digits = digits(written);
    let mut renumbered = String::with_capacity(written.len());
    let (mut at, mut rest) = (0, paragraphs);
    let mut parts = digits.as_slice();
    while let [first, after @ ..] = parts {
        let is_range = |last: &Range<usize>| written[first.end..last.start].contains(DASHES);
        let last = after.first().filter(|last| is_range(last));
        let number = |range: &Range<usize>| written[range.clone()].parse::<usize>().unwrap_or(0);
        let length = last.map_or(1, |last| (number(last) + 1).saturating_sub(number(first)));
        let Some((run, more)) = rest.split_at_checked(length).filter(|(run, _)| is_run(run)) else {
            return in_order(paragraphs);
        };
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
    if digits.is_empty() || !rest.is_empty() {
        return in_order(paragraphs);
    }
    renumbered.push_str(&written[at..]);
    renumbered
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

/// Where numbers stand in a text.
fn digits(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end += 1,
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
            assert_eq!(renumbered(written, paragraphs), expected);
        };
        check("¶9", &[10], "¶10");
        check("p3", &[4], "p4");
        check("paras. 3–5", &[6, 7, 8], "paras. 6–8");
        check("pp. 3-5, 9", &[4, 5, 6, 2], "pp. 4-6, 2");
        check("¶¶3-5", &[3, 5, 6], "¶¶3, 5-6");
        check("¶¶3-4", &[4, 3], "¶¶3-4");
        check("¶3", &[3, 4], "¶¶3-4");
        check("^name", &[3], "¶3");
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
    }
}
