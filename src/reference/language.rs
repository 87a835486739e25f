//! Language tags (BCP 47).

use oxilangtag::LanguageTag;

/// What is often written in the place of a tag: a language's name, a country's code.
const OFTEN_WRITTEN: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("cn", "zh"),
    ("cz", "cs"),
    ("czech", "cs"),
    ("danish", "da"),
    ("deutsch", "de"),
    ("dk", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("español", "es"),
    ("finnish", "fi"),
    ("français", "fr"),
    ("french", "fr"),
    ("german", "de"),
    ("gr", "el"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("jp", "ja"),
    ("korean", "ko"),
    ("kr", "ko"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("turkish", "tr"),
    ("ua", "uk"),
    ("ukrainian", "uk"),
    ("日本語", "ja"),
];

/// What is to be said of a text that is no language tag: how to mend it. None for a sound one.
pub fn language_problem(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some((_, tag)) = OFTEN_WRITTEN.iter().find(|(name, _)| *name == lower) {
        return Some(format!("write `{tag}`"));
    }
    // Longer primary subtags are well-formed, and none is registered.
    let is_tag = |text: &str| {
        LanguageTag::parse(text).is_ok_and(|tag| matches!(tag.primary_language().len(), 2 | 3))
    };
    if is_tag(text) {
        return None;
    }
    let hyphened = text.replace('_', "-");
    Some(if is_tag(&hyphened) {
        format!("write `{hyphened}`")
    } else {
        "write its tag: `en`, `en-GB`, `ja`, `zh-Hant`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_names() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(language_problem(text).as_deref(), expected, "{text}");
        };
        check("en", None);
        check("en-GB", None);
        check("zh-Hant-TW", None);
        check("haw", None);
        check("english", Some("write `en`"));
        check("Japanese", Some("write `ja`"));
        check("jp", Some("write `ja`"));
        check("en_US", Some("write `en-US`"));
        let tags = Some("write its tag: `en`, `en-GB`, `ja`, `zh-Hant`");
        check("klingon", tags);
        check("", tags);
        check("e", tags);
    }
}
