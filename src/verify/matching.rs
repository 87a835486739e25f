//! Where folded words stand in a folded text: from a word's or number's edge to another.

/// Where a folded quotation stands in a folded text, from a word's or number's edge to another.
///
/// The first letter's case and a closing `,` or `.` do not count.
pub(super) fn find(text: &str, pattern: &str) -> Option<std::ops::Range<usize>> {
    let bare = pattern.trim_end_matches([',', '.']);
    let bare = if bare.is_empty() { pattern } else { bare };
    exact(text, pattern)
        .or_else(|| {
            (bare.len() < pattern.len())
                .then(|| exact(text, bare))
                .flatten()
        })
        .or_else(|| exact(text, &other_case(bare)?))
}

/// The pattern with its first letter's case changed.
pub(super) fn other_case(pattern: &str) -> Option<String> {
    let first = pattern.chars().next()?;
    let rest = &pattern[first.len_utf8()..];
    let upper: String = first.to_uppercase().collect();
    let lower: String = first.to_lowercase().collect();
    let other = if first.is_lowercase() { upper } else { lower };
    (!other.starts_with(first)).then(|| other + rest)
}

pub(super) fn exact(text: &str, pattern: &str) -> Option<std::ops::Range<usize>> {
    exact_starts(text, pattern)
        .map(|start| start..start + pattern.len())
        .find(|range| is_edge(text, range.start) && is_edge(text, range.end))
}

/// Every place where a pattern begins, overlapping ones too.
pub(super) fn exact_starts(text: &str, pattern: &str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(pattern)?;
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        Some(start)
    })
}

/// Whether a position lies outside words and numbers.
pub(super) fn is_edge(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let mut after = text[at..].chars();
    let (Some(left), Some(right)) = (before.next(), after.next()) else {
        return true;
    };
    let (before, after) = (before.next(), after.next());
    if left.is_alphanumeric() && right.is_alphanumeric() {
        return (is_unspaced(left) || is_unspaced(right))
            && !(is_numeral(left) && is_numeral(right));
    }
    // "400" does not stand in "3,400", nor "3" in "3.5".
    let point = |c: char| matches!(c, ',' | '.' | '，' | '．');
    let numeral = |c: Option<char>| c.is_some_and(is_numeral);
    let splits_number = (point(left) && numeral(Some(right)) && numeral(before))
        || (point(right) && numeral(Some(left)) && numeral(after));
    // "can" does not stand in "can't"; a possessive `'s` may follow a word.
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let possessive = right == '\'' && after == Some('s') && !letter(text[at..].chars().nth(2));
    let splits_word = (left == '\'' && letter(Some(right)) && letter(before))
        || (right == '\'' && letter(Some(left)) && letter(after) && !possessive);
    // "U.S." does not stand in "U.S.A."
    let capital = |c: Option<char>| c.is_some_and(char::is_uppercase);
    let initial = (left == '.' && right.is_uppercase() && capital(before))
        || (right == '.' && left.is_uppercase() && capital(after));
    !(splits_number || splits_word || initial)
}

/// Digits of any width, and the numerals of Chinese and Japanese.
pub(super) fn is_numeral(character: char) -> bool {
    character.is_numeric() || "〇一二三四五六七八九十百千万億兆".contains(character)
}

/// Scripts that are written without spaces between words.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::super::Folded;
    use super::*;

    fn check(text: &str, quotation: &str, stands: bool) {
        let found = find(&Folded::new(text).text, &Folded::new(quotation).text);
        assert_eq!(found.is_some(), stands, "{quotation:?} in {text:?}");
    }

    #[test]
    fn a_quotation_begins_and_ends_at_a_words_and_a_numbers_edge() {
        check("about 3,400 Marines", "400 Marines", false);
        check("about 3,400 Marines", "3,400 Marines", true);
        check("it is unlikely", "likely", false);
        check("it is likely.", "likely,", true);
        check("cost $1.7 billion", "7 billion", false);
        check("cost 3.5 percent", "cost 3", false);
        check("He said so.", "he said so", true);
        check("he said so", "He said so.", true);
        check("he said so", "he Said so", false);
        check("在日米軍の司令部", "米軍", true);
        check("unlikely, but likely", "likely", true);
        check("We can't move", "We can", false);
        check("They don’t know", "They don", false);
        check("the alliance’s aim", "the alliance", true);
        check("in the U.S.A. today", "in the U.S.", false);
        check("三千人の海兵隊", "千人の海兵隊", false);
        check("３，４００人", "４００人", false);
        check("mutual-defense clause", "mutual - defense clause", true);
    }
}
