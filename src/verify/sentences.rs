//! Where the sentences of a text end.

use std::ops::Range;

/// The sentences of a text: each ends with its stop and the marks that close behind it. With `cut` they end with
/// abbreviations too. A sentence may begin where a source is `named`, of which nothing stands in the text.
pub(super) fn sentences(text: &str, cut: bool, named: &[usize]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['.', '!', '?', '。', '！', '？', '\n']) {
        let stop = at + found;
        let sign = text[stop..].chars().next().map_or(1, char::len_utf8);
        let end = stop + sign + closing_length(&text[stop + sign..]);
        at = end;
        if ends_sentence(text, stop, end, cut, named) {
            sentences.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

/// The length of what closes a sentence behind its stop, marks of notes among it: `.”[1]`, `.(^cost)`.
fn closing_length(text: &str) -> usize {
    const CLOSING: [char; 16] = [
        '"', '”', '’', '‘', ')', ']', '»', '›', '」', '』', '｣', '❞', '〟', '.', '!', '?',
    ];
    let mut rest = text.trim_start_matches(CLOSING);
    while let Some(length) = note_length(rest) {
        rest = rest[length..].trim_start_matches(CLOSING);
    }
    text.len() - rest.len()
}

/// The length of the mark of a note at the start of a text: a word in brackets.
fn note_length(text: &str) -> Option<usize> {
    const LONGEST: usize = 40;
    text.strip_prefix(['[', '('])?;
    let mut characters = text.char_indices().take(LONGEST);
    let (at, end) = characters.find(|(_, c)| matches!(c, ']' | ')') || c.is_whitespace())?;
    matches!(end, ']' | ')').then_some(at + 1)
}

/// Whether a stop ends a sentence, rather than an abbreviation or a number.
fn ends_sentence(text: &str, stop: usize, end: usize, cut: bool, named: &[usize]) -> bool {
    let rest = &text[end..];
    let next = rest.trim_start();
    if !text[stop..].starts_with('.') {
        // “Shall we go?” he asked. 「行く。」と言った。
        let asks = text[stop..].starts_with(['!', '?']);
        let is_said = text[stop..end].ends_with('」') && !next.starts_with('「');
        let goes_on = asks && next.starts_with(char::is_lowercase) || is_said && !next.is_empty();
        return text[stop..].starts_with('\n') || !goes_on;
    }
    let apart = rest.is_empty() || rest.len() > next.len();
    let source = named.get(named.partition_point(|at| *at < end));
    let begins = next.is_empty()
        || source.is_some_and(|at| *at <= text.len() - next.len())
        || next.starts_with(|c: char| {
            !c.is_lowercase() && (c.is_alphanumeric() || "“„«「\"(‘『‚‹❝〝".contains(c))
        });
    apart && begins && (cut || next.is_empty() || !ends_in_abbreviation(&text[..=stop]))
}

/// Whether a full stop ends an abbreviation (`U.S.`, `Mr.`) rather than a sentence.
pub fn ends_in_abbreviation(text: &str) -> bool {
    const TITLES: [&str; 14] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Gen", "Adm", "Lt", "Col", "Sen", "Rep", "Gov", "No",
    ];
    let word = text
        .rsplit([' ', '\u{a0}', '\n', '(', '“', '"'])
        .next()
        .unwrap_or_default();
    let word = word.trim_end_matches('.');
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    // `U.S.`, and not `1.7.`
    let initials = word.contains('.') && (1..=4).contains(&letters);
    initials || (letters == 1 && word.starts_with(char::is_uppercase)) || TITLES.contains(&word)
}

/// All sentences that a quotation runs through.
pub(super) fn around(
    sentences: &[Range<usize>],
    quotation: &Range<usize>,
    end: usize,
) -> Range<usize> {
    let first = sentences.partition_point(|sentence| sentence.end <= quotation.start);
    let last = sentences.partition_point(|sentence| sentence.end < quotation.end);
    let start = sentences.get(first).map_or(0, |sentence| sentence.start);
    start..sentences.get(last).map_or(end, |sentence| sentence.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = sentences(text, false, &[])
                .into_iter()
                .map(|range| text[range].trim())
                .collect();
            assert_eq!(found, expected);
        };
        check("One. Two! Three?", &["One.", "Two!", "Three?"]);
        check(
            "The U.S. Navy and Mr. Austin met. They spoke.",
            &["The U.S. Navy and Mr. Austin met.", "They spoke."],
        );
        check("He said “no.” She left.", &["He said “no.”", "She left."]);
        check("“Go?” he said. “Go!”", &["“Go?” he said.", "“Go!”"]);
        check(
            "It cost 1.7 billion. So it did.",
            &["It cost 1.7 billion.", "So it did."],
        );
        check("It cost 1.7. So it did.", &["It cost 1.7.", "So it did."]);
        check("一つ。二つ。", &["一つ。", "二つ。"]);
        check(
            "One.[^x] Two.”[1][2] Three.(^c) Four",
            &["One.[^x]", "Two.”[1][2]", "Three.(^c)", "Four"],
        );
        check(
            "「行く。」と言った。「行く。」",
            &["「行く。」と言った。", "「行く。」"],
        );
    }
}
