//! Which of Debian's packages has a font for a character.

/// Blocks of Unicode, by first and last character, with the name of their script and the package.
const SCRIPTS: &[(char, char, &str, &str)] = &[
    ('\u{590}', '\u{5ff}', "Hebrew", "fonts-noto-core"),
    ('\u{600}', '\u{6ff}', "Arabic", "fonts-noto-core"),
    ('\u{700}', '\u{8ff}', "Syriac or Arabic", "fonts-noto-core"),
    ('\u{900}', '\u{dff}', "Indic", "fonts-noto-core"),
    ('\u{e00}', '\u{eff}', "Thai or Lao", "fonts-noto-core"),
    ('\u{f00}', '\u{fff}', "Tibetan", "fonts-noto-core"),
    ('\u{1000}', '\u{109f}', "Myanmar", "fonts-noto-core"),
    ('\u{10a0}', '\u{10ff}', "Georgian", "fonts-noto-core"),
    ('\u{1100}', '\u{11ff}', "Korean", "fonts-noto-cjk"),
    ('\u{2190}', '\u{2bff}', "symbols", "fonts-noto-core"),
    (
        '\u{2e80}',
        '\u{303f}',
        "Chinese or Japanese",
        "fonts-noto-cjk",
    ),
    ('\u{3040}', '\u{30ff}', "Japanese", "fonts-noto-cjk"),
    ('\u{3100}', '\u{312f}', "Chinese", "fonts-noto-cjk"),
    ('\u{3130}', '\u{318f}', "Korean", "fonts-noto-cjk"),
    (
        '\u{3190}',
        '\u{9fff}',
        "Chinese or Japanese",
        "fonts-noto-cjk",
    ),
    ('\u{ac00}', '\u{d7ff}', "Korean", "fonts-noto-cjk"),
    (
        '\u{f900}',
        '\u{faff}',
        "Chinese or Japanese",
        "fonts-noto-cjk",
    ),
    ('\u{fb1d}', '\u{fb4f}', "Hebrew", "fonts-noto-core"),
    ('\u{fb50}', '\u{fdff}', "Arabic", "fonts-noto-core"),
    ('\u{fe70}', '\u{fefe}', "Arabic", "fonts-noto-core"),
    (
        '\u{ff00}',
        '\u{ffef}',
        "Chinese or Japanese",
        "fonts-noto-cjk",
    ),
    ('\u{1f000}', '\u{1faff}', "emoji", "fonts-noto-color-emoji"),
    (
        '\u{20000}',
        '\u{3ffff}',
        "Chinese or Japanese",
        "fonts-noto-cjk",
    ),
];

/// A character's script, and the package that has a font for it.
pub(super) fn of(character: char) -> (&'static str, &'static str) {
    let known = SCRIPTS
        .iter()
        .find(|(first, last, ..)| (*first..=*last).contains(&character));
    known.map_or(
        ("a rare script", "fonts-noto-extra"),
        |(_, _, script, package)| (script, package),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_its_package() {
        let check = |character, expected| assert_eq!(of(character), expected, "{character}");
        check('語', ("Chinese or Japanese", "fonts-noto-cjk"));
        check('の', ("Japanese", "fonts-noto-cjk"));
        check('한', ("Korean", "fonts-noto-cjk"));
        check('ש', ("Hebrew", "fonts-noto-core"));
        check('\u{13000}', ("a rare script", "fonts-noto-extra"));
    }
}
