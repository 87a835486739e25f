//! What becomes of edited quotations, over made-up sources.

use std::sync::Arc;

use proptest::prelude::*;

use super::{State, Verifier};
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::article;
use crate::reference::{Citation, single};
use crate::source::{Sources, Text};

const ARTICLE: &str = "\
---
title: The ministers agree on a larger headquarters
---

Officials in Tokyo said on Monday that the new command will not control the 3,400 Marines on the island. \
The plan may be reviewed in March 2026, Mr. Harada told reporters, and it could cost $1.7 billion.

The governor called the plan a serious burden for the small harbor towns, and he asked for more time.

The new command will take over the planning of joint exercises, and it will report to the headquarters in Hawaii.

These are the first words of a thought that

goes on behind a figure and ends there.

Local officials asked for more time. The governor called the plan a heavy burden for the towns.
";

/// An article `a`, and a file for what cites it.
fn book(text: &str) -> (Sources, Verifier) {
    let sources = Sources::from_texts([("a.md", text), ("citing", "")]);
    let file = sources.find("a.md").expect("a file");
    let (article, diagnostics) = article("a".to_owned(), file, &text.into());
    assert_eq!(diagnostics, []);
    (sources, Verifier::new(vec![Arc::new(article)], "en", None))
}

fn citation(sources: &Sources, words: &str) -> Citation {
    let file = sources.find("citing").expect("a file");
    let (citation, diagnostics) = single(&Text::verbatim(file, words, 0));
    assert_eq!(diagnostics, [], "{words}");
    citation.expect("a citation")
}

fn verify(article: &str, words: &str) -> (Option<State>, Vec<Diagnostic>) {
    let (sources, verifier) = book(article);
    let (cited, diagnostics) = verifier.verify(&citation(&sources, words));
    (cited.map(|cited| cited.state()), diagnostics)
}

/// The state, or the lint of what was not accepted.
fn outcome(article: &str, words: &str) -> &'static str {
    let (state, diagnostics) = verify(article, words);
    match (state, diagnostics.first()) {
        (_, Some(diagnostic)) => diagnostic.lint.name(),
        (Some(State::Verified), None) => "verified",
        (state, None) => panic!("{state:?} of {words}"),
    }
}

/// Citations with edited quotations, and what they deserve: `verified`, or the lint that is reported.
const EDITS: &[(&str, &str)] = &[
    // Word for word.
    ("a ¶1 \"the new command will not control\"", "verified"),
    (
        "a \"The governor called the plan a serious burden\"",
        "verified",
    ),
    (
        "a ¶¶4-5 \"words of a thought that goes on behind a figure\"",
        "verified",
    ),
    (
        "a \"words of a thought that goes on behind a figure\"",
        "verified",
    ),
    ("a ^title \"agree on a larger headquarters\"", "verified"),
    // In another place.
    (
        "a ¶2 \"the new command will not control\"",
        "moved-quotation",
    ),
    (
        "a ¶2 \"words of a thought that goes on behind a figure\"",
        "moved-quotation",
    ),
    ("a \"asked for more time\"", "ambiguous-quotation"),
    // A slip of the hand.
    (
        "a ¶2 \"a serious burdens for the small harbor towns\"",
        "drifted-quotation",
    ),
    (
        "a ¶2 \"a seriuos burden for the small harbor towns\"",
        "drifted-quotation",
    ),
    (
        "a ¶2 \"a serious burden for small harbor towns\"",
        "drifted-quotation",
    ),
    (
        "a ¶2 \"a serious burden on the small harbor towns\"",
        "drifted-quotation",
    ),
    (
        "a ¶2 \"called the plan a very serious burden\"",
        "drifted-quotation",
    ),
    (
        "a ¶2 \"small harbor towns and he asked\"",
        "drifted-quotation",
    ),
    ("a ¶2 \"the Small Harbor towns\"", "drifted-quotation"),
    (
        "a ¶2 \"small harbor towns ,and he asked\"",
        "drifted-quotation",
    ),
    (
        "a ¶3 \"take over the … of large exercises\"",
        "drifted-quotation",
    ),
    (
        "a ^title \"agree on a bigger headquarters\"",
        "drifted-quotation",
    ),
    (
        "a ¶5 \"a serious burden for the little harbor towns\"",
        "drifted-quotation",
    ),
    // What may never differ.
    (
        "a ¶1 \"the new command will control the 3,400 Marines\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"the new command will not control the 4,300 Marines\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"the new command will not control the 400 Marines\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"the new command would not control\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"The plan must be reviewed in March 2026\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"The plan may be reviewed in March 2025\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"The plan may be reviewed in April 2026\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"Officials in Tokyo said on Tuesday\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"Officials in Osaka said on Monday\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"in March 2026, Mr. Harata told reporters\"",
        "drifted-sense",
    ),
    ("a ¶1 \"it could cost €1.7 billion\"", "drifted-sense"),
    ("a ¶1 \"it could cost $1.7 million\"", "drifted-sense"),
    ("a ¶1 \"it could cost 1.7 billion\"", "drifted-sense"),
    (
        "a ¶2 \"not a serious burden for the small harbor towns\"",
        "drifted-sense",
    ),
    (
        "a ¶1 \"the new command will … the 3,400 Marines on that island\"",
        "drifted-sense",
    ),
    (
        "a ¶3 \"and it will report to the headquarters in Guam\"",
        "drifted-sense",
    ),
    (
        "a ^title \"The two ministers agree on a larger headquarters\"",
        "drifted-sense",
    ),
    // Nothing like it.
    (
        "a ¶1 \"a wholly other sentence about something else\"",
        "lost-quotation",
    ),
    ("a ¶1 \"the command of the towns\"", "lost-quotation"),
    ("a ¶1 \"heavy harbor\"", "lost-quotation"),
    ("a ¶1 \"400 Marines\"", "lost-quotation"),
    ("a ¶1 \"zzz\"", "lost-quotation"),
    ("a ¶1 \"…?\"", "lost-quotation"),
];

#[test]
fn edits_end_in_the_state_that_they_deserve() {
    for (words, expected) in EDITS {
        assert_eq!(outcome(ARTICLE, words), *expected, "{words}");
    }
}

#[test]
fn scripts_without_spaces_and_capitals_are_compared_sign_by_sign() {
    let article = "---\ntitle: A\n---\n\n新しい司令部は部隊を直接には指揮しないと大臣は述べた。\n";
    let check =
        |words: &str, expected: &str| assert_eq!(outcome(article, words), expected, "{words}");
    check("a \"司令部は部隊を直接には指揮しない\"", "verified");
    check("a \"司令部は部隊を直接に指揮しない\"", "drifted-quotation");
    check("a \"司令部は部隊を直接には指揮する\"", "drifted-sense");
    check("a \"司令部は軍隊を直接には指揮しない\"", "drifted-sense");
    let article = "---\ntitle: A\nlanguage: ja\n---\n\n静かな部隊はその港に参加しません。\n";
    let check =
        |words: &str, expected: &str| assert_eq!(outcome(article, words), expected, "{words}");
    check("a \"部隊はその港に参加します\"", "drifted-sense");
    check(
        "a \"静かに部隊はその港に参加しません\"",
        "drifted-quotation",
    );
    check("a \"静かな部隊は…参加しません\"", "verified");
}

#[test]
fn a_source_denies_in_its_own_language() {
    let check = |language: &str, text: &str, words: &str, expected: &str| {
        let article = format!("---\ntitle: A\nlanguage: {language}\n---\n\n{text}\n");
        assert_eq!(outcome(&article, words), expected, "{words}");
    };
    let german = "Die Regierung hat den alten Plan nicht geändert.";
    check(
        "de",
        german,
        "a \"Die Regierung hat den alten Plan geändert\"",
        "drifted-sense",
    );
    check(
        "de",
        german,
        "a ¶1 \"Die Regierung hat … geändert\"",
        "altered-sense",
    );
    check(
        "en",
        german,
        "a ¶1 \"Die Regierung hat … geändert\"",
        "verified",
    );
    let french = "Le ministre n'a pas signé le nouveau traité.";
    check(
        "fr-CA",
        french,
        "a \"Le ministre a signé le nouveau traité\"",
        "drifted-sense",
    );
    check(
        "es",
        "El ministro no firmó el nuevo tratado.",
        "a ¶1 \"El ministro … firmó\"",
        "altered-sense",
    );
    check(
        "zh",
        "部队不会离开这个大港口。",
        "a \"部队会离开这个大港口\"",
        "drifted-sense",
    );
    check(
        "zh",
        "部队特别喜欢这个大港口。",
        "a \"部队…喜欢这个大港口\"",
        "verified",
    );
}

#[test]
fn the_message_has_the_words_that_differ() {
    let check = |words: &str, message: &str, help: &str, fix: Option<&str>| {
        let (_, diagnostics) = verify(ARTICLE, words);
        assert_eq!(diagnostics[0].message, message);
        assert_eq!(diagnostics[0].help.as_deref(), Some(help));
        let mut fixed = words.to_owned();
        for edit in diagnostics[0].fix.iter().rev() {
            fixed.replace_range(edit.span.range(), &edit.replacement);
        }
        let fixed = (fixed != words).then(|| fixed.split('"').nth(1).unwrap().to_owned());
        assert_eq!(fixed.as_deref(), fix, "{words}");
    };
    check(
        "a ¶2 \"a heavy burden for the small harbor towns\"",
        "the source has “serious” where you have “heavy”",
        "¶2 of `a` has: “a serious burden for the small harbor towns”",
        Some("a serious burden for the small harbor towns"),
    );
    check(
        "a ¶1 \"the new command will control the 3,400 Marines\"",
        "a negation differs: the source has “will not control” where you have “will control”",
        "¶1 of `a` has: “the new command will not control the 3,400 Marines”",
        Some("the new command will not control the 3,400 Marines"),
    );
    check(
        "a ¶1 \"a serious burden for little harbor towns\"",
        "the source has “the small” where you have “little” (in ¶2, not in the cited paragraph)",
        "¶2 of `a` has: “a serious burden for the small harbor towns”",
        Some("a serious burden for the small harbor towns"),
    );
    check(
        "a ¶1 \"will … the 3,400 Marines on that island\"",
        "a negation differs: the source has “not” where you have “…”, \
         and “the” where you have “that”",
        "¶1 of `a` has: “will not control the 3,400 Marines on the island”",
        None,
    );
}

/// An article of numbered made-up words, each once, of which none can be taken for another.
fn unlike_words(count: usize) -> Vec<String> {
    const SYLLABLES: [&str; 12] = [
        "bra", "cle", "dri", "flo", "gru", "hap", "jit", "kem", "lon", "mup", "sta", "tev",
    ];
    let syllable = |index: usize| SYLLABLES[index % SYLLABLES.len()];
    (0..count)
        .map(|index| {
            format!(
                "{}{}{}",
                syllable(index),
                syllable(index / 12),
                syllable(index * 7 + 3)
            )
        })
        .collect()
}

/// Words with every seventh a number, in paragraphs of sentences.
fn text_of(words: &[String]) -> (String, Vec<String>) {
    let numbered = words.iter().enumerate().map(|(index, word)| {
        if index % 7 == 3 {
            (1000 + index * 3).to_string()
        } else {
            word.clone()
        }
    });
    let words: Vec<String> = numbered.collect();
    let paragraphs: Vec<String> = words
        .chunks(23)
        .map(|chunk| chunk.join(" ") + ".")
        .collect();
    let article = format!("---\ntitle: A\n---\n\n{}\n", paragraphs.join("\n\n"));
    (article, words)
}

/// A paragraph, and where in it a quotation begins and how many words it has.
fn cut() -> impl Strategy<Value = (usize, usize, usize)> {
    (0..4_usize, 0..12_usize, 4..12_usize)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_cut_from_a_text_are_verified((paragraph, from, length) in cut()) {
        let (article, words) = text_of(&unlike_words(92));
        let start = paragraph * 23 + from;
        let quotation = words[start..(start + length).min(paragraph * 23 + 23)].join(" ");
        for locator in ["", "¶1-4 ", &format!("¶{} ", paragraph + 1)] {
            let found = outcome(&article, &format!("a {locator}\"{quotation}\""));
            prop_assert_eq!(found, "verified", "{} {}", locator, quotation);
        }
    }

    #[test]
    fn another_number_is_never_verified_and_always_an_error(
        (paragraph, from, length) in cut(),
        other in 5000..9000_u32,
    ) {
        let (article, words) = text_of(&unlike_words(92));
        let start = paragraph * 23 + from;
        let mut quoted = words[start..(start + length).min(paragraph * 23 + 23)].to_vec();
        let Some(number) = quoted.iter().position(|word| word.starts_with(char::is_numeric)) else {
            return Ok(());
        };
        quoted[number] = other.to_string();
        let (_, diagnostics) = verify(&article, &format!("a ¶{} \"{}\"", paragraph + 1, quoted.join(" ")));
        prop_assert!(diagnostics.iter().any(|d| d.lint.usual_level() == crate::diagnostic::Level::Deny));
    }

    #[test]
    fn an_inserted_or_left_out_not_is_never_verified_and_always_an_error(
        (paragraph, from, length) in cut(),
        at in 0..12_usize,
    ) {
        let (article, words) = text_of(&unlike_words(92));
        let start = paragraph * 23 + from;
        let plain = words[start..(start + length).min(paragraph * 23 + 23)].join(" ");
        let at = start + 1 + at % (length - 2).max(1);
        let mut denied = words.clone();
        denied.insert(at, "not".to_owned());
        let quotation = denied[start..(start + length + 1).min(denied.len())].join(" ");
        prop_assert_ne!(&plain, &quotation);
        let locator = format!("a ¶{}", paragraph + 1);
        let error = |found: &'static str| {
            ["drifted-sense", "lost-quotation"].contains(&found)
        };
        prop_assert!(error(outcome(&article, &format!("{locator} \"{quotation}\""))), "{}", quotation);
        let denied_article = article.replacen(&plain, &quotation, 1);
        if denied_article != article && quotation.ends_with(plain.rsplit(' ').next().unwrap_or_default()) {
            prop_assert!(error(outcome(&denied_article, &format!("{locator} \"{plain}\""))), "{}", plain);
        }
    }

    #[test]
    fn one_other_word_drifts_and_never_verifies((paragraph, from, length) in cut(), at in 0..12_usize) {
        let (article, words) = text_of(&unlike_words(92));
        let start = paragraph * 23 + from;
        let mut quoted = words[start..(start + length).min(paragraph * 23 + 23)].to_vec();
        let at = at % quoted.len();
        if quoted[at].starts_with(char::is_numeric) {
            return Ok(());
        }
        quoted[at] = "otherwise".to_owned();
        let found = verify(&article, &format!("a \"{}\"", quoted.join(" ")));
        prop_assert_eq!(found.0, Some(State::Drifted));
        prop_assert_eq!(found.1[0].lint, Lint::DriftedQuotation);
    }
}

#[test]
fn passages_are_the_exact_places_of_a_quotation() {
    let article = "---\ntitle: A\n---\n\nThe *aim* — “the aim” — is an aim.\n\nThe aim, again. It begins\n\nhere and ends.\n";
    let (sources, verifier) = book(article);
    let check = |words: &str, expected: &[(u32, &str)]| {
        let (cited, _) = verifier.verify(&citation(&sources, words));
        let passages = verifier.passages(&cited.expect("a source"));
        let shown: Vec<(u32, &str)> = passages
            .iter()
            .map(|(number, range)| {
                let paragraph = verifier.articles[0].document.paragraph(*number);
                (
                    *number,
                    &paragraph.expect("cited").prose.text.text[range.clone()],
                )
            })
            .collect();
        assert_eq!(shown, expected, "{words}");
    };
    check("a ¶1 \"the aim\"", &[(1, "The aim"), (1, "the aim”")]);
    check(
        "a ¶¶1-2 \"the aim\"",
        &[(1, "The aim"), (1, "the aim”"), (2, "The aim")],
    );
    check("a ¶2 \"aim … begins\"", &[(2, "aim, again. It begins")]);
    check(
        "a ¶¶2-3 \"It begins here\"",
        &[(2, "It begins"), (3, "here")],
    );
    check(
        "a \"again. It begins here\"",
        &[(2, "again. It begins"), (3, "here")],
    );
    check(
        "a ¶2 \"The aim, again. It begun\"",
        &[(2, "The aim, again. It begins")],
    );
    check("a ¶2", &[]);
}

/// What a citation is counted as whose sentence quotes some words.
#[test]
fn quotations_of_a_sentence_count_as_those_of_a_citation() {
    let check = |words: &[&str], cited: &str, expected| {
        let (sources, verifier) = book(ARTICLE);
        let file = sources.find("citing").expect("a file");
        let quoted: Vec<Text> = words
            .iter()
            .map(|words| Text::verbatim(file, *words, 0))
            .collect();
        let (group, _) = verifier.group(&[citation(&sources, cited)], &quoted, false);
        assert_eq!(group[0].state(), expected, "{words:?} {cited}");
    };
    let (right, altered) = ("a serious burden", "[half] the plan a serious burden");
    check(&[right], "a ¶2", State::Verified);
    check(&[right], "a", State::Verified);
    check(&[right], "a ¶3", State::Moved);
    check(&["a thought that goes on behind"], "a ¶4", State::Moved);
    check(&["a serious burdens for the small"], "a ¶2", State::Drifted);
    check(&["nothing of the kind"], "a ¶2", State::Lost);
    check(&["nothing of the kind"], "a", State::Lost);
    check(&[altered], "a ¶2", State::Lost);
    check(&[altered], "a", State::Lost);
    check(&["nothing of the kind", right], "a ¶2", State::Lost);
    check(&["its own", right], "a ¶3", State::Moved);
    check(&["its own"], "a ¶3", State::Pinned);
}
