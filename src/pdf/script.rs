//! Which of Debian's packages has a font for a character.

use unicode_script::{Script, UnicodeScript};

/// A character's script, and the package that has a font for it.
pub(super) fn of(character: char) -> (String, &'static str) {
    let script = character.script();
    let name = script.full_name().replace('_', " ");
    match script {
        Script::Han => ("Chinese or Japanese".to_owned(), "fonts-noto-cjk"),
        Script::Bopomofo | Script::Hangul | Script::Hiragana | Script::Katakana => {
            (name, "fonts-noto-cjk")
        }
        // What several scripts share: their marks, and symbols.
        Script::Common | Script::Inherited | Script::Unknown => {
            let (name, package) = common(character);
            (name.to_owned(), package)
        }
        Script::Arabic
        | Script::Armenian
        | Script::Bengali
        | Script::Cyrillic
        | Script::Devanagari
        | Script::Ethiopic
        | Script::Georgian
        | Script::Greek
        | Script::Gujarati
        | Script::Gurmukhi
        | Script::Hebrew
        | Script::Kannada
        | Script::Khmer
        | Script::Lao
        | Script::Latin
        | Script::Malayalam
        | Script::Myanmar
        | Script::Sinhala
        | Script::Tamil
        | Script::Telugu
        | Script::Thai
        | Script::Tibetan => (name, "fonts-noto-core"),
        _ => (name, "fonts-noto-extra"),
    }
}

fn common(character: char) -> (&'static str, &'static str) {
    match character {
        '\u{2e80}'..='\u{33ff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' => {
            ("Chinese or Japanese", "fonts-noto-cjk")
        }
        '\u{1f000}'..='\u{1faff}' => ("emoji", "fonts-noto-color-emoji"),
        '\u{e000}'..='\u{f8ff}' => ("private use", "fonts-noto-extra"),
        _ => ("symbols", "fonts-noto-core"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_its_package() {
        let check = |character, expected| {
            let (script, package) = of(character);
            assert_eq!((script.as_str(), package), expected, "{character}");
        };
        check('語', ("Chinese or Japanese", "fonts-noto-cjk"));
        check('の', ("Hiragana", "fonts-noto-cjk"));
        check('。', ("Chinese or Japanese", "fonts-noto-cjk"));
        check('한', ("Hangul", "fonts-noto-cjk"));
        check('ש', ("Hebrew", "fonts-noto-core"));
        check('→', ("symbols", "fonts-noto-core"));
        check('😀', ("emoji", "fonts-noto-color-emoji"));
        check('\u{13000}', ("Egyptian Hieroglyphs", "fonts-noto-extra"));
    }
}
