//! The article's id, which is its citation key and its file's stem.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::reference::is_key;

/// An id made of a title has at most so many characters.
const LONGEST: usize = 40;

/// The id for a title, or for the file's name where the title has no Latin letter, or for the hash
/// where that has none either.
pub(super) fn key(title: &str, file_name: &str, sha256: &str) -> String {
    if let Some(key) = of_title(title) {
        return key;
    }
    let stem = stem(file_name);
    if is_key(&stem) {
        stem
    } else {
        format!("article-{}", &sha256[..sha256.len().min(8)])
    }
}

/// The id for a title, if that has a Latin letter.
pub fn of_title(title: &str) -> Option<String> {
    let words = slug(title);
    let latin = words.contains(|c: char| c.is_ascii_lowercase());
    latin.then(|| shorten(&words))
}

/// Lower-case ASCII words with one hyphen between them; accents fall away, `U.S.` is `us`, `2+2` is
/// `2-2`.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut former = ' ';
    for c in title.nfkd().filter(|c| !is_combining_mark(*c)) {
        let written = spell(c);
        if !written.is_empty() {
            slug.push_str(&written);
        } else if !is_inner(former, c) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        former = c;
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// An apostrophe, or a full stop after a letter, does not part a word.
fn is_inner(former: char, c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ') || (c == '.' && former.is_alphabetic())
}

fn spell(c: char) -> String {
    match c {
        'ß' | 'ẞ' => "ss".to_owned(),
        'æ' | 'Æ' => "ae".to_owned(),
        'œ' | 'Œ' => "oe".to_owned(),
        'ø' | 'Ø' => "o".to_owned(),
        'đ' | 'Đ' | 'ð' | 'Ð' => "d".to_owned(),
        'ł' | 'Ł' => "l".to_owned(),
        'þ' | 'Þ' => "th".to_owned(),
        'ı' => "i".to_owned(),
        _ if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
        _ => String::new(),
    }
}

/// Cuts at a word's end and drops the small words that are left there.
fn shorten(slug: &str) -> String {
    let mut short = slug;
    while short.len() > LONGEST {
        let Some((words, _)) = short.rsplit_once('-') else {
            return short[..LONGEST].to_owned();
        };
        short = words;
    }
    while let Some((words, _)) = short
        .rsplit_once('-')
        .filter(|(_, last)| short.len() < slug.len() && SMALL.contains(last))
    {
        short = words;
    }
    short.to_owned()
}

const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "be", "but", "by", "for", "from", "in", "into", "is", "its",
    "of", "on", "or", "over", "s", "than", "that", "the", "their", "to", "toward", "towards",
    "under", "via", "vs", "will", "with",
];

/// The file's name without its folder and ending, with a hyphen for every run of what a key may not
/// hold.
pub(super) fn stem(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut key = String::new();
    for c in stem.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
            key.push(c);
        } else if !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_matches(['-', '.', '_']);
    key[..key.len().min(100)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, expected: &str) {
        assert_eq!(
            key(title, "saved/001 ferry.txt", "0123456789abcdef"),
            expected
        );
    }

    #[test]
    fn ids_from_titles() {
        check("Ferries Return", "ferries-return");
        check(
            "U.S. and D.C.’s 2+2 – the U.S.–Ferry pact",
            "us-and-dcs-2-2-the-us-ferry-pact",
        );
        check(
            "Growth of 3.5% in São Tomé, No. 2",
            "growth-of-3-5-in-sao-tome-no-2",
        );
        check("Straße über Ærø", "strasse-uber-aero");
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        check(
            "Harbor Master Says the Ferries Will Go Into the Old Docks",
            "harbor-master-says-the-ferries-will-go",
        );
        check(
            "Harbor Master Says Both Ferries Will Be Of Use",
            "harbor-master-says-both-ferries",
        );
        check(&"x".repeat(60), &"x".repeat(40));
        check("What the Ferries Are For", "what-the-ferries-are-for");
    }

    #[test]
    fn titles_without_latin_letters() {
        check("水門が開いた 2+2", "001-ferry");
        assert_eq!(
            key("水門", "水門.txt", "0123456789abcdef"),
            "article-01234567"
        );
        assert_eq!(key("水門", "..", ""), "article-");
    }
}
