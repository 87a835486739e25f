//! Which of Debian's packages has a font for a character.

use unicode_script::{Script, UnicodeScript};

/// A character's script, and the package that has a font for it.
pub(super) fn of(character: char) -> (&'static str, &'static str) {
    let script = character.script();
    match script {
        Script::Han => ("Chinese or Japanese", "fonts-noto-cjk"),
        Script::Bopomofo | Script::Hangul | Script::Hiragana | Script::Katakana => {
            (script.full_name(), "fonts-noto-cjk")
        }
        // What several scripts share: their marks, and symbols.
        Script::Common | Script::Inherited | Script::Unknown => common(character),
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
        | Script::Tibetan => (script.full_name(), "fonts-noto-core"),
        _ => (script.full_name(), "fonts-noto-extra"),
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
        let check = |character, expected| assert_eq!(of(character), expected, "{character}");
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
