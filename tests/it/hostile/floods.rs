//! Too much of everything.

use super::{ARTICLE, BOOKS_FAULT, CHAPTER, Case, SOUND, YAML, check, long, numbered};

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn floods_are_survived() {
    let words = |bytes: usize| "some words of USFJ and more ".repeat(bytes / 28);
    let megabytes = 4 << 20;
    let bomb = "glossary:\n  a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &"bcdefghij".chars().zip("abcdefghi".chars()).fold(
            String::new(),
            |text, (own, before)| {
                text + &format!(
                    "  {own}: &{own} [{}]\n",
                    vec![format!("*{before}"); 9].join(",")
                )
            },
        );
    let long_texts = (0..30).fold(
        "glossary:\n  a:\n    text: &a ".to_owned() + &words(1 << 20) + "\n",
        |text, index| text + &format!("  b{index}: {{text: *a, aliases: [*a, *a, *a]}}\n"),
    );
    let wrong = |line: usize| format!("# Bad\n\n{}[@nope]\n", words(line));
    let broken = (0..10_000).fold("glossary:\n".to_owned(), |text, index| {
        text + &if index % 200 == 5 {
            format!("  t{index}: a: b\n")
        } else {
            format!("  t{index}:\n    text: {}\n", words(336))
        }
    });
    let terms = (0..20_000).fold("glossary:\n".to_owned(), |text, index| {
        text + &format!("  T{index}: x\n")
    });
    let traps =
        "glossary:\n".to_owned() + &numbered(20_000, "  \"Term N\": Words of it #N are here\n");
    check(&[
        Case {
            name: "a yaml bomb",
            files: vec![(YAML, bomb.into_bytes())],
            status: BOOKS_FAULT,
            says: &["repeats itself through aliases", "b.yaml:"],
        },
        Case {
            name: "a yaml bomb of long texts",
            files: vec![(YAML, long_texts.into_bytes())],
            status: BOOKS_FAULT,
            says: &["repeats itself through aliases", "b.yaml:"],
        },
        Case {
            name: "an alias of itself",
            files: vec![(YAML, b"glossary: &a\n  A: *a\n".to_vec())],
            status: BOOKS_FAULT,
            says: &["b.yaml:2:6"],
        },
        long(
            "a long line in an article",
            ARTICLE,
            format!("---\ntitle: Bad\n---\n\n{}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in a chapter",
            CHAPTER,
            format!("# Bad\n\n{}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in an annotation",
            YAML,
            format!("glossary:\n  A: {}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in book.toml",
            "book.toml",
            format!("[book]\ntitle = \"{}\"\n", words(1 << 20)),
            SOUND,
            &[],
        ),
        long(
            "an error at the end of a long line",
            CHAPTER,
            wrong(megabytes),
            BOOKS_FAULT,
            &["the book has no article `nope`", "02-bad.md:3:"],
        ),
        long(
            "a hundred errors in long lines",
            CHAPTER,
            format!("# Bad\n\n{}", wrong(40_000).repeat(100)),
            BOOKS_FAULT,
            &["the book has no article `nope`"],
        ),
        long(
            "one long word",
            CHAPTER,
            format!("# Bad\n\n{}\n", "x".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "line ends alone",
            CHAPTER,
            format!("# Bad\n{}x\n", "\n".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "spaces alone",
            CHAPTER,
            format!("# Bad\n\n{}x\n", " ".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "fifty broken entries in a long file",
            YAML,
            broken,
            BOOKS_FAULT,
            &["error[yaml-trap]", "b.yaml:12:8", "t9805: a: b"],
        ),
        long(
            "many brackets behind sources that are named in the text",
            CHAPTER,
            format!("# Bad\n\n{}\n", "@report [ ".repeat(20_000)),
            SOUND,
            &[],
        ),
        long(
            "many citations in a paragraph",
            CHAPTER,
            format!(
                "# Bad\n\n{}.\n",
                "a [@report, ¶2 \"50,000 troops\"] ".repeat(20_000)
            ),
            SOUND,
            &["20001 verified"],
        ),
        long(
            "many quotations for one citation",
            CHAPTER,
            format!(
                "# Bad\n\n{} [@report].\n",
                "“50,000 troops” ".repeat(20_000)
            ),
            SOUND,
            &[],
        ),
        long(
            "many footnotes",
            CHAPTER,
            format!(
                "# Bad\n\n{}\n\n{}",
                "a[^1] ".repeat(20_000) + &numbered(5_000, "a[^N] "),
                numbered(5_000, "[^N]: x\n\n")
            ),
            SOUND,
            &[],
        ),
        long("many terms", YAML, terms, SOUND, &["more"]),
        long("many traps", YAML, traps, BOOKS_FAULT, &["yaml-trap"]),
        mistyped(
            "many mistyped sources",
            "[@harbour-survey-N]",
            "did you mean `harbour-survey-",
        ),
        mistyped(
            "many mistyped names",
            "[[harbour-survey-N]]",
            "did you mean `[[harbour-survey-",
        ),
        mistyped(
            "many mistyped files",
            "[x](../articles/harbour-survey-N.md)",
            "did you mean `../articles/harbour-survey-",
        ),
        long(
            "many locators",
            CHAPTER,
            format!("# Bad\n\n[@report, ¶¶{}1]\n", "1-2, ".repeat(50_000)),
            SOUND,
            &["1 pinned"],
        ),
        long(
            "a locator without end",
            CHAPTER,
            "# Bad\n\n[@report, ¶¶1-4294967295]\n".into(),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "a number too large",
            CHAPTER,
            format!("# Bad\n\n[@report, ¶{}]\n", "9".repeat(1_000)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "an omission without end",
            ARTICLE,
            "---\ntitle: Bad\nomit: ¶¶1-4294967295\n---\n\nText.\n".into(),
            BOOKS_FAULT,
            &["bad.md"],
        ),
        long(
            "a date without end",
            ARTICLE,
            format!(
                "---\ntitle: Bad\ndate: {}\n---\n\nText.\n",
                "2024-".repeat(20_000)
            ),
            BOOKS_FAULT,
            &["bad.md:3:7"],
        ),
    ]);
}

/// A book of many sources and of as many links that miss them by a letter; it has an error, so that nothing is built.
fn mistyped(name: &'static str, link: &str, says: &'static str) -> Case {
    const MANY: usize = 1_500;
    let links = numbered(MANY, &format!("{link}\n\n"));
    let chapter = format!("# Bad\n\n[@nope].\n\n{links}");
    let wrong = chapter.replace("survey", "survay");
    let article = |number| {
        let path = format!("content/articles/harbour-survey-{number}.md");
        let path: &'static str = path.leak();
        (path, b"---\ntitle: Bad\n---\n\nText.\n".to_vec())
    };
    let mut files: Vec<_> = (0..MANY).map(article).collect();
    files.push((CHAPTER, wrong.into_bytes()));
    Case {
        name,
        files,
        status: BOOKS_FAULT,
        says: vec![says].leak(),
    }
}

#[test]
fn floods_of_slips_are_told_in_time() {
    let many = 20_000;
    let chapter = |name, text: String, status| {
        let text = format!("# Bad\n\n{text}\n");
        long(name, CHAPTER, text, status, &[])
    };
    let of_yaml = |name, text: String| long(name, YAML, text, BOOKS_FAULT, &["b.yaml:"]);
    let claim = "claims:\n  a:\n    text: So.\n    supports:\n";
    check(&[
        chapter(
            "footnotes and marks of other names",
            numbered(many, "[^aN]: x [^bN]\n\n"),
            BOOKS_FAULT,
        ),
        chapter(
            "footnotes without a colon",
            numbered(many, "[^aN] x\n\n"),
            BOOKS_FAULT,
        ),
        chapter("full-width signs", "＠a ".repeat(many) + "]", SOUND),
        chapter(
            "sources named beside citations",
            "@a [¶1] said “one two three”. [see@a ¶1] ".repeat(many),
            BOOKS_FAULT,
        ),
        chapter(
            "words struck out beside quotations",
            "~~He~~ said “one two three”. ".repeat(many),
            SOUND,
        ),
        chapter(
            "lines of a merge",
            ">>>>>>> a\n\n".repeat(many),
            BOOKS_FAULT,
        ),
        of_yaml(
            "aliases of many anchors",
            numbered(many, "xN: &xN y\n") + "notes: [" + &"*x0, ".repeat(many) + "]\n",
        ),
        of_yaml(
            "numbers behind signs",
            claim.to_owned() + &"      - a #3\n".repeat(many),
        ),
        of_yaml(
            "lists in one text",
            "glossary:\n".to_owned() + &numbered(many / 4, "  aN:\n    text: x\n    see: bN, cN\n"),
        ),
        of_yaml(
            "one event many times",
            "timeline:\n".to_owned() + &"  - date: 2024\n    text: So it was.\n".repeat(many),
        ),
        Case {
            name: "lines of settings without a sign",
            files: vec![(
                "book.toml",
                ("[book]\ntitle = \"A\"\n".to_owned() + &numbered(many, "a b N\n")).into_bytes(),
            )],
            status: BOOKS_FAULT,
            says: &["book.toml:3:"],
        },
    ]);
}
