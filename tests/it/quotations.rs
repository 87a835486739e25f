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

/// A bracket is looked through to its end, however far that is; one without an end is told so.
#[test]
fn a_citation_of_any_length_is_read() {
    let sentences: Vec<String> = ["harbour", "weather", "railway"]
        .map(|word| format!("The {word} is old; so they say. "))
        .to_vec();
    let long = sentences.concat().repeat(200);
    let long = long.trim_end().trim_end_matches('.');
    assert!(long.len() > 4 * 4096);
    let whole = article(&["The first paragraph.", &format!("{long}.")]);
    let told = |chapter: &str| told(&book(&whole, chapter));
    for citation in [
        format!("So [@a, ¶2 \"{long}\"]."),
        format!("So [@a, ¶2 \"{long}\"; see @a, ¶1]. Yes [@a, ¶1]."),
        format!("@a [¶2 \"{long}\"] says so."),
    ] {
        let (names, states) = told(&citation);
        assert_eq!((names, states[0]), (vec![], State::Verified));
    }
    let open = format!("So [@a, ¶2 \"{long}\". Nothing closes it.");
    assert_eq!(told(&open).0[0], "invalid-citation");
    let wrong = format!("So [@a, ¶1 \"{long}\"].");
    assert_eq!(told(&wrong).0, ["moved-quotation"]);
}

#[test]
fn a_quotation_of_a_hundred_kilobytes_is_followed() {
    let letter = |n: usize| char::from(b"abcdefghij"[n % 10]);
    let named = |n: usize| {
        format!(
            "word{}{}{}{}",
            letter(n / 1000),
            letter(n / 100),
            letter(n / 10),
            letter(n)
        )
    };
    // Words of which some stand often, and some in one place alone.
    let word = |n: usize| match n % 3 {
        0 => named(n % 90),
        1 => named(n * n % 7919),
        _ => named(n % 5000),
    };
    let words: Vec<String> = (0..14_000).map(word).collect();
    let long = words.join(" ");
    assert!(long.len() > 100_000);
    let in_brackets = format!("So it is [@a, ¶2 \"{}\"].", words[20..460].join(" "));
    let in_a_block = format!("> {long}\n>\n> [@a, ¶2]");
    let periodic: Vec<String> = (0..14_000).map(|n| named(n % 5000)).collect();
    let periodic_block = format!("> {}\n>\n> [@a, ¶2]", periodic.join(" "));
    let with = |words: &[String], at: usize, word: &str| {
        let mut changed = words.to_vec();
        word.clone_into(&mut changed[at]);
        changed.join(" ")
    };
    for (paragraph, chapter, at) in [
        (&words, &in_brackets, 300),
        (&words, &in_brackets, 20),
        (&words, &in_brackets, 459),
        (&words, &in_a_block, 7000),
        (&words, &in_a_block, 0),
        (&words, &in_a_block, 13_999),
        (&periodic, &periodic_block, 4999),
    ] {
        let changed = with(paragraph, at, "otherwise");
        check(
            &paragraph.join(" "),
            chapter,
            &changed,
            &["drifted-quotation"],
        );
        let changed = with(paragraph, at, "never");
        check(&paragraph.join(" "), chapter, &changed, &["drifted-sense"]);
    }
    let other: Vec<String> = words
        .iter()
        .map(|word| word.replace("word", "other"))
        .collect();
    check(&long, &in_brackets, &other.join(" "), &["lost-quotation"]);
}
