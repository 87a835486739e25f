//! `stats`: the book in numbers.

use serde_json::{Value, json};

use crate::book::{Ran, TestBook, pincite, sample};

/// A book with something of everything.
fn book() -> TestBook {
    TestBook::small()
        .file(
            "content/articles/other.md",
            "---\ntitle: Other\nomit: ¶2\n---\n\nOne two three.\n\nLeft out here.\n\n在日米軍 is a word.\n",
        )
        .file("content/articles/unused.md", "---\ntitle: Unused\n---\n\nText.\n")
        .file(
            "content/chapters/02-more.md",
            "# More words\n\nWithout a source.\n\nOne “two three” [@other, ¶1]. So it is [@self].\n\nMany [@report].\n",
        )
        .file(
            "content/annotations/b.yaml",
            "glossary:\n  zebra: An animal.\nclaims:\n  a:\n    text: It is so.\n    supports: report ¶2\n    disputes: other ¶1\n  b: It is not.\n\
             notes:\n  - at: report ¶1\n    text: A note.\ntimeline:\n  - date: 2024\n    text: An event.\n",
        )
}

fn stats(book: &TestBook) -> Value {
    let ran = book.run(&["stats", "--json"]).expect(0);
    serde_json::from_str(&ran.out).expect("JSON")
}

#[test]
fn everything_is_counted() {
    let stats = stats(&book());
    let chapters = json!([
        { "key": "view", "title": "View", "words": 4, "paragraphs": 1, "citing_paragraphs": 1 },
        { "key": "more", "title": "More words", "words": 10, "paragraphs": 3, "citing_paragraphs": 2 },
    ]);
    assert_eq!(stats["chapters"], chapters);
    let figures = |source: &Value| {
        ["paragraphs", "cited_paragraphs", "citing_places"]
            .map(|name| source[name].as_u64().unwrap())
    };
    let sources: Vec<_> = stats["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| (source["key"].as_str().unwrap(), figures(source)))
        .collect();
    assert_eq!(
        sources,
        [
            ("other", [2, 1, 2]),
            ("report", [2, 1, 3]),
            ("unused", [1, 0, 0])
        ]
    );
    let count = |number: u32, words: u32| json!({ "number": number, "words": words });
    let annotations = json!({
        "terms": count(2, 4), "notes": count(1, 2), "claims": count(2, 6), "events": count(1, 2), "supported_claims": 1, "disputed_claims": 1,
    });
    assert_eq!(stats["annotations"], annotations);
    let states = json!({
        "verified": 2, "pinned": 2, "whole-source": 1, "own judgement": 1, "moved": 0, "ambiguous": 0, "drifted": 0, "lost": 0
    });
    assert_eq!(stats["citations"], states);
    assert_eq!(stats["unused_sources"], json!(["unused"]));
    assert_eq!(stats["unused_terms"], json!(["zebra"]));
}

#[test]
fn the_tables_are_neat() {
    let ran = book().run(&["stats"]).expect(0);
    let expected = "\
texts     number  words  paragraphs
chapters       2     14           4
sources        3     18           5
glossary       2      4
notes          1      2
claims         2      6
timeline       1      2

citations      number  share
pinned              2   33 %
verified            2   33 %
own judgement       1   17 %
whole-source        1   17 %

chapters    words  paragraphs  citing  share
View            4           1       1  100 %
More words     10           3       2   67 %

sources  cited by  paragraphs  cited  share
other           2           2      1   50 %
report          3           2      1   50 %
unused          0           1      0    0 %

claims: 1 of 2 supported, 1 disputed
sources that nothing cites: 1
  unused
terms that occur nowhere: 1
  zebra
";
    assert_eq!(ran.out, expected);
    assert_eq!(ran.err, "");
}

#[test]
fn a_book_with_nothing_in_it_has_numbers_too() {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"A\"\n")
        .file("content/annotations/a.yaml", "glossary:\n  A: a\n");
    let ran = book.run(&["stats"]).expect(0);
    assert!(
        ran.out
            .contains("claims: 0 of 0 supported, 0 disputed\nsources that nothing cites: none\n"),
        "{}",
        ran.out
    );
    assert_eq!(stats(&book)["sources"], json!([]));
    TestBook::empty().run(&["stats"]).expect(2);
}

#[test]
fn what_is_wrong_is_said_not_to_count() {
    let book = TestBook::small().file("content/chapters/02-x.md", "# X\n\nWrong [@nobody, ¶1].\n");
    let ran = book.run(&["stats"]).expect(0);
    ran.says("the book has 1 error, and what is wrong is not counted: see `pincite check`");
}

#[test]
fn long_tables_are_cut_and_long_names_fit() {
    let mut book = TestBook::small().file(
        "content/chapters/03-long.md",
        &format!("# {}\n\nText.\n", "A very long title ".repeat(20)),
    );
    for number in 0..50 {
        book = book.file(
            &format!("content/articles/a{number}.md"),
            "---\ntitle: A\n---\n\nText.\n",
        );
    }
    let ran = book.run(&["stats"]).expect(0);
    assert!(
        ran.out.contains("… and 11 more (`-v` prints them all)"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.lines().all(|line| line.chars().count() <= 140),
        "{}",
        ran.out
    );
    assert!(!book.run(&["stats", "-v"]).expect(0).out.contains("… and"));
}

#[test]
fn the_sample_agrees_with_what_a_build_says() {
    let ran = Ran::of(pincite().args(["stats", "--json", "--book"]).arg(sample())).expect(0);
    let stats: Value = serde_json::from_str(&ran.out).unwrap();
    let states = stats["citations"].as_object().unwrap();
    let cited: u64 = states
        .iter()
        .filter(|(state, _)| *state != "own judgement")
        .map(|(_, count)| count.as_u64().unwrap())
        .sum();
    let check = Ran::of(pincite().args(["check", "--book"]).arg(sample())).expect(0);
    check.says(&format!(
        "{} chapters, {cited} citations",
        stats["chapters"].as_array().unwrap().len()
    ));
}
