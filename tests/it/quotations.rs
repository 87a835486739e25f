//! Quotations of unusual texts: each stands, is found elsewhere after an edit, and is told when it has changed.

use pincite::compile::compile;
use pincite::lock;
use pincite::source::Sources;
use pincite::verify::{Cited, State};

/// A book whose one chapter cites an article's second paragraph for what it quotes.
fn book(article: &str, chapter: &str) -> Sources {
    Sources::from_texts([
        ("book.toml", "[book]\ntitle = \"B\"\n"),
        ("content/articles/a.md", article),
        ("content/chapters/01-x.md", &format!("# X\n\n{chapter}\n")),
    ])
}

fn article(paragraphs: &[&str]) -> String {
    format!("---\ntitle: A\n---\n\n{}\n", paragraphs.join("\n\n"))
}

/// The names of what is reported, and the one citation's state.
fn told(sources: &Sources) -> (Vec<&'static str>, Vec<State>) {
    let compilation = compile(sources, None);
    let names = compilation.diagnostics.iter().map(|one| one.lint.name());
    let cited = compilation.book.notes.iter().flat_map(|note| &note.cited);
    (names.collect(), cited.map(Cited::state).collect())
}

fn cited(words: &str) -> String {
    format!("So it is [@a, ¶2 \"{words}\"].")
}

/// Words that stand in ¶2, and the same paragraph after somebody has changed them.
fn check(paragraph: &str, chapter: &str, changed: &str, told_of_change: &[&str]) {
    let name: String = chapter.chars().take(40).collect();
    let whole = article(&["The first paragraph.", paragraph]);
    let before = book(&whole, chapter);
    assert_eq!(told(&before), (vec![], vec![State::Verified]), "{name}");
    let settled = compile(&before, None).book.settled.text();
    let before = before.with_text(lock::PATH, &settled);
    let moved = article(&["A correction.", "The first paragraph.", paragraph]);
    let moved = before.clone().with_text("content/articles/a.md", &moved);
    assert_eq!(
        told(&moved),
        (vec!["moved-paragraph"], vec![State::Moved]),
        "{name}"
    );
    let changed = article(&["The first paragraph.", changed]);
    let changed = before.with_text("content/articles/a.md", &changed);
    assert_eq!(told(&changed).0, told_of_change, "{name}");
}

#[test]
fn quotations_of_all_lengths_and_scripts_are_followed() {
    check(
        "Plan B is ready.",
        &cited("B"),
        "Plan C is ready.",
        &["lost-quotation"],
    );
    check(
        "Он сказал: и\u{306} — краткое, как в сло\u{301}ве.",
        &cited("й — краткое, как в сло\u{301}ве"),
        "Он сказал: й — краткое, как в слове.",
        &["drifted-quotation"],
    );
    check(
        "قال الوزير إن القوات ستبقى في الجزيرة حتى نهاية العام.",
        &cited("القوات ستبقى في الجزيرة"),
        "قال الوزير إن القوات ستغادر في الجزيرة حتى نهاية العام.",
        &["drifted-sense"],
    );
    check(
        "השר אמר כי 400 חיילים יישארו בבסיס.",
        &cited("400 חיילים יישארו"),
        "השר אמר כי 500 חיילים יישארו בבסיס.",
        &["drifted-sense"],
    );
}

#[test]
fn a_quotation_of_a_hundred_kilobytes_is_followed() {
    let words: Vec<String> = (0..14_000).map(|n| format!("word{}", n % 5000)).collect();
    let long = words.join(" ");
    assert!(long.len() > 100_000);
    let changed = long.replacen("word4999 word0", "word4999 never word0", 1);
    let quoted = format!("> {long}\n>\n> [@a, ¶2]");
    check(
        &long,
        &quoted,
        &changed,
        &["lost-quotation", "drifted-sense"],
    );
}
