//! Texts that nest without end.

use super::{ARTICLE, BOOKS_FAULT, CHAPTER, SOUND, YAML, check, long, numbered};

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn nesting_without_end_is_survived() {
    let n = 100_000;
    let toml = |value: String| format!("[book]\ntitle = {value}\n");
    let yaml = |value: String| format!("glossary:\n  A: {value}\n");
    let mut cases = vec![
        long(
            "toml lists",
            "book.toml",
            toml("[".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "toml tables",
            "book.toml",
            toml("{a=".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "toml keys",
            "book.toml",
            format!("{}b = 1\n", "a.".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "yaml lists",
            YAML,
            yaml("[".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml closed lists",
            YAML,
            yaml("[".repeat(n) + &"]".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml maps",
            YAML,
            yaml("{a: ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml dashes",
            YAML,
            format!("glossary:\n  {}a\n", "- ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml questions",
            YAML,
            format!("{}a\n", "? ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:1:"],
        ),
        long(
            "yaml indentation",
            YAML,
            (0..2_000).fold(String::new(), |text, depth| {
                text + &" ".repeat(depth) + "a:\n"
            }),
            BOOKS_FAULT,
            &["b.yaml:"],
        ),
        long(
            "yaml anchors",
            YAML,
            yaml("&a ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "front matter",
            ARTICLE,
            format!("---\ntitle: {}\n---\n\nText.\n", "[".repeat(n)),
            BOOKS_FAULT,
            &["bad.md:2:"],
        ),
        long(
            "citations in citations",
            CHAPTER,
            format!("# Bad\n\n{}\n", "[@a ".repeat(n)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "open citations",
            CHAPTER,
            format!("# Bad\n\n{}\n", "[@a\n".repeat(n)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
    ];
    for (name, text) in nested(n) {
        // What takes the rest of an article leaves nobody to know its paragraphs.
        let is_endless = matches!(name, "tildes" | "comments");
        let status = if is_endless { BOOKS_FAULT } else { SOUND };
        cases.push(long(
            name,
            ARTICLE,
            format!("---\ntitle: Bad\n---\n\n{text} end\n"),
            status,
            if is_endless { &["bad.md:5:"] } else { &[] },
        ));
        cases.push(long(
            name,
            CHAPTER,
            format!("# Bad\n\n{text} end\n"),
            SOUND,
            &[],
        ));
        let indented = text.replace('\n', "\n      ");
        cases.push(long(
            name,
            YAML,
            format!("glossary:\n  Bad:\n    text: |\n      {indented} end\n"),
            SOUND,
            &[],
        ));
    }
    check(&cases);
}

/// Markdown that nests `n` deep, or looks as if it did.
fn nested(n: usize) -> Vec<(&'static str, String)> {
    vec![
        ("quotes", ">".repeat(n)),
        ("quotes with spaces", "> ".repeat(n)),
        ("lists", "- ".repeat(n)),
        ("numbered lists", "1. ".repeat(n)),
        ("quotes and lists", "> - ".repeat(n)),
        ("stars", format!("{}word{}", "*".repeat(n), "*".repeat(n))),
        ("stars apart", "*a ".repeat(n)),
        ("stars and underscores", "*a _b ".repeat(n)),
        (
            "tildes",
            format!("{}word{}", "~~".repeat(n), "~~".repeat(n)),
        ),
        ("brackets", "[".repeat(n)),
        (
            "pairs of brackets",
            format!("{}x{}", "[ ".repeat(n), "]".repeat(n)),
        ),
        ("our brackets", "[[".repeat(n)),
        ("closing brackets", "]".repeat(n)),
        (
            "images",
            format!("{}x{}", "![".repeat(5_000), "](y)".repeat(5_000)),
        ),
        (
            "links",
            format!("{}x{}", "[".repeat(5_000), "](y)".repeat(5_000)),
        ),
        (
            "backticks",
            (1..400).map(|ticks| "`".repeat(ticks) + " ").collect(),
        ),
        ("angle brackets", "<".repeat(n)),
        ("tags", "<a ".repeat(n)),
        ("comments", "<!-- ".repeat(n)),
        ("entities", "&amp".repeat(n)),
        ("backslashes", "\\".repeat(n)),
        ("quotation marks", "\"".repeat(n)),
        ("curly quotation marks", "“".repeat(n)),
        ("gaps", "“a … b” ".repeat(n / 4)),
        (
            "table",
            format!("|{}\n|{}\n", "a|".repeat(2_000), "-|".repeat(2_000)),
        ),
        ("bars", "|".repeat(n)),
        ("names", " ^a".repeat(n)),
        ("headings", "## a\n".repeat(n / 4)),
        ("definitions", "a\n: b\n\n".repeat(n / 10)),
        ("link definitions", numbered(n / 10, "[N]: x\n")),
    ]
}
