//! Keys and slugs.

use std::collections::{BTreeMap, BTreeSet};

/// The longest key.
const MAX_KEY: usize = 100;

/// Whether a text is a key: `[A-Za-z0-9][A-Za-z0-9._-]{0,99}`.
pub fn is_key(text: &str) -> bool {
    text.len() <= MAX_KEY && !text.is_empty() && key_length(text) == text.len()
}

/// The length of the key that a text begins with, or zero.
pub fn key_length(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
        .unwrap_or(text.len())
}

/// Letters of the scripts that are written without spaces between words, or with particles at their words' ends.
pub fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Unicode lower case, letters and digits kept, every other run one `-`; may be empty.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Gives every name of a page a slug of its own.
#[derive(Clone, Debug, Default)]
pub struct Slugs {
    taken: BTreeSet<String>,
    /// The last number that a slug was given, so that many equal headings cost little.
    last: BTreeMap<String, u32>,
}

impl Slugs {
    /// The slug of `text`; one that is taken, empty, or reads like a paragraph's address gets `-2`, `-3`, ….
    pub fn give(&mut self, text: &str) -> String {
        let slug = slug(text);
        let base = if slug.is_empty() {
            "section".to_owned()
        } else {
            slug
        };
        if !reads_like_an_anchor(&base) && self.taken.insert(base.clone()) {
            return base;
        }
        let number = self.last.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let candidate = format!("{base}-{number}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

/// `p3`, `c3`, `n3` and `s3` are addresses of paragraphs, citations and notes.
fn reads_like_an_anchor(slug: &str) -> bool {
    let digits = slug.strip_prefix(['p', 'c', 'n', 's']);
    digits.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_unique_and_never_an_address() {
        let mut slugs = Slugs::default();
        let mut check = |text, expected| assert_eq!(slugs.give(text), expected, "{text}");
        check("2+2", "2-2");
        check("2 + 2", "2-2-2");
        check("在日米軍", "在日米軍");
        check("p3", "p3-2");
        check("  Command & Control! ", "command-control");
        check("…", "section");
        check("…", "section-2");
    }

    #[test]
    fn keys() {
        let check = |text: &str, expected| assert_eq!(is_key(text), expected, "{text:?}");
        check("yokota-upgrade", true);
        check("A.b_c-9", true);
        check("", false);
        check("-a", false);
        check("../../x", false);
        check("日本", false);
        check(&"a".repeat(100), true);
        check(&"a".repeat(101), false);
    }
}
