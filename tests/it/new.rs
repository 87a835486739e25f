//! `new`: entries that read back as they were given, in files whose other bytes stay.

use std::fs;

use pincite::annotation::{Appended, Draft, Refusal, append, entry_shape};
use pincite::source::Sources;
use proptest::prelude::*;
use serde_json::Value;

use crate::book::TestBook;

fn draft(section: &'static str, key: Option<&str>, values: &[(&str, &[&str])]) -> Draft {
    let shape = entry_shape(section).expect("a section");
    let value = |(name, values): &(&str, &[&str])| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        (shape.field(name).expect("a field"), values)
    };
    Draft {
        section,
        key: key.map(str::to_owned),
        values: values.iter().map(value).collect(),
    }
}

fn appended(text: &str, draft: &Draft) -> Result<Appended, Refusal> {
    let sources = Sources::from_texts([("a.yaml", text)]);
    append(sources.find("a.yaml").unwrap(), text, draft)
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let term = draft("glossary", Some("B"), &[("text", &["b"])]);
    let found = match appended(text, &term) {
        Ok(appended) => appended.text,
        Err(refusal) => format!("{refusal:?}").split('(').next().unwrap().to_owned(),
    };
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn an_entry_goes_behind_the_last_of_its_kind() {
    let b = "  B:\n    text: |\n      b\n";
    check("", &format!("glossary:\n{b}"));
    check("# A file.\n", &format!("# A file.\nglossary:\n{b}"));
    check("notes: []\n", &format!("notes: []\n\nglossary:\n{b}"));
    check("glossary:\n", &format!("glossary:\n{b}"));
    check("glossary:\n  A: a", &format!("glossary:\n  A: a\n\n{b}"));
    check(
        "glossary:\n  A: a\n  C: c\n",
        &format!("glossary:\n  A: a\n  C: c\n{b}"),
    );
    check(
        "glossary:\n  A: a # why\n\nnotes: []\n",
        &format!("glossary:\n  A: a # why\n\n{b}\nnotes: []\n"),
    );
    check(
        "glossary:\n  A: |\n    a\n\n    b\n# end\n",
        &format!("glossary:\n  A: |\n    a\n\n    b\n\n{b}# end\n"),
    );
    check(
        "glossary:\n    A: a\n    C: c\n",
        "glossary:\n    A: a\n    C: c\n    B:\n      text: |\n        b\n",
    );
    check(
        "glossary:\r\n  A: a\r\n  C: c\r\n",
        "glossary:\r\n  A: a\r\n  C: c\r\n  B:\r\n    text: |\r\n      b\r\n",
    );
}

#[test]
fn what_cannot_be_added_to_is_left_alone() {
    check("glossary:\n  B: a\n", "Taken");
    check("glossary: {A: a}\n", "Unreadable");
    check("glossary: a text\n", "Unreadable");
    check("- a list\n", "Unreadable");
    check("glossary:\n  A: \"a\n", "Broken");
    check("glossary:\n  A: a\n---\nnotes: []\n", "Broken");
}

#[test]
fn lists_are_gone_on_with_as_they_are_indented() {
    let event = draft(
        "timeline",
        None,
        &[
            ("date", &["2024"]),
            ("text", &["b"]),
            ("tags", &["x", "y, z"]),
        ],
    );
    let check = |text: &str, expected: &str| {
        assert_eq!(appended(text, &event).expect("an entry").text, expected);
    };
    check(
        "timeline:\n- date: 2023\n  text: a\n",
        "timeline:\n- date: 2023\n  text: a\n\n- date: 2024\n  text: |\n    b\n  tags: [x, \"y, z\"]\n",
    );
    assert!(matches!(
        appended("timeline: []\n", &event),
        Err(Refusal::Unreadable)
    ));
}

/// Annotation files in every form that authors give them.
const FILES: [&str; 10] = [
    "",
    "# A file.\n\n",
    "glossary:\n",
    "glossary:\n  A: a\n\n  C:\n    text: |\n      c\n\n      d\n\n\n# end\n",
    "notes:\n  - at: x\n    text: y\n\nglossary:\n  A: a\n  C: 'c'\ntimeline:\n- date: 2023\n  text: >-\n    a\n    b\n",
    "glossary:\r\n    A: a\r\n    C: |\r\n        c\r\nclaims:\r\n    a: b\r\n",
    "notes:\n- at: x\n  text: y",
    "glossary:\n  A: |+\n    a\n\n\nclaims:\n  a: \"b\n    c\"\n",
    "glossary:\n  A: &x a # why\n  C: *x # so\n\n  # D: d\n\ntimeline: []\n",
    "---\nglossary:\n  ? A\n  : a\n",
];

/// Texts that mean something to YAML.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z ]{1,8}",
        3 => prop::sample::select(vec![
            ": ", " #", "#", "- ", "-", "? ", "|", ">", "&a", "*a", "!", "%", "@", "`", "\"", "'", "[", "]", "{", "}", ",", "\n", "\n\n", "\n  ",
            "\r\n", "\t", "\\", "\\n", "~", "null", "2024-07-28", "1e3", "no", "---", "...", "\u{0}", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}",
            "\u{feff}", "\u{fffe}", "日本", "é", "🗾", "…",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let text =
        proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat().trim().to_owned());
    text.prop_filter("no text", |text| !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_as_given(
        file in 0..FILES.len(), term in any::<bool>(), key in nasty(), text in nasty(), alias in nasty(), other in nasty(),
    ) {
        let old = FILES[file];
        let (section, key) = if term { ("glossary", Some(key.as_str())) } else { ("timeline", None) };
        let draft = draft(section, key, &[("text", &[&text]), ("tags", &[&alias, &other])]);
        let Ok(Appended { text: new, entry }) = appended(old, &draft) else {
            // Keys on one line are short; and a list in brackets stays as it is.
            prop_assert!(key.is_some_and(|key| key.len() > 250) || file == 8 && !term || file == 9 && term, "{old:?}");
            return Ok(());
        };
        // serde-saphyr's own reading, not ours.
        let read: Value = serde_yaml::from_str(&new).expect("YAML");
        let last = match key {
            Some(key) => read[section][key].clone(),
            None => read[section].as_array().and_then(|events| events.last()).cloned().unwrap_or_default(),
        };
        let as_text = |value: &Value| value.as_str().map(|text| text.trim().to_owned()).or_else(|| Some(value.to_string()));
        prop_assert_eq!(as_text(&last["text"]), Some(text), "{}", &new[entry.clone()]);
        prop_assert_eq!(as_text(&last["tags"][0]), Some(alias), "{}", &new[entry.clone()]);
        prop_assert_eq!(as_text(&last["tags"][1]), Some(other), "{}", &new[entry]);
        let same = |pair: &(u8, u8)| pair.0 == pair.1;
        let before = old.bytes().zip(new.bytes()).take_while(same).count();
        let after = old.bytes().rev().zip(new.bytes().rev()).take_while(same).count();
        prop_assert!(before + after >= old.len(), "{old:?} became {new:?}");
    }
}

#[test]
fn the_program_says_where_it_wrote() {
    let book = TestBook::small();
    let new = |arguments: &[&str]| book.run(&[&["new"], arguments].concat());
    let ran = new(&[
        "term",
        "troops",
        "--name",
        "soldiers: all",
        "--cites",
        "report ¶2 \"50,000 troops\"",
        "--cites",
        "report",
    ])
    .expect(0);
    assert_eq!(ran.out, "content/annotations/a.yaml:4\n");
    let yaml = "glossary:\n  USFJ: The headquarters.\n\n  troops:\n    name: \"soldiers: all\"\n    cites: |\n      report ¶2 \"50,000 troops\"\n      report\n";
    assert_eq!(book.read("content/annotations/a.yaml"), yaml);
    let ran = new(&["note", "report ¶2 \"troops\"", "--kind", "context"]).expect(0);
    assert_eq!(ran.out, "content/annotations/notes.yaml:2\n");
    let note =
        "notes:\n  - at: |\n      report ¶2 \"troops\"\n    kind: context\n    text: |\n      …\n";
    assert_eq!(book.read("content/annotations/notes.yaml"), note);
    new(&[
        "claim",
        "many",
        "--supports",
        "report ¶2",
        "--likelihood",
        "very likely",
    ])
    .expect(0);
    new(&["event", "2024~", "--file", "content/annotations/more/b.yml"]).expect(0);
    assert!(
        book.read("content/annotations/more/b.yml")
            .starts_with("timeline:\n  - date: \"2024~\"\n    text: |\n")
    );
    let ran = new(&["chapter", "What  next?"]).expect(0);
    assert_eq!(ran.out, "content/chapters/02-what-next.md:1\n");
    assert_eq!(
        book.read("content/chapters/02-what-next.md"),
        "# What next?\n\n…\n"
    );
    new(&["chapter", "*[Mind]*: `x` @y", "--slug", "mind"]).expect(0);
    assert!(
        book.read("content/chapters/03-mind.md")
            .starts_with("---\ntitle: \"*[Mind]*: `x` @y\"\n")
    );
    book.run(&["check", "--strict"])
        .expect(1)
        .says("warning[unwritten-text]");
}

#[test]
fn a_chapter_stands_in_its_part() {
    let index = "# Ships\n\nOf ships.\n";
    let book = TestBook::small()
        .file("content/chapters/02-ships/index.md", index)
        .file(
            "content/chapters/02-ships/04-large.md",
            "# Large\n\nText.\n",
        )
        .file(
            "content/chapters/03-piers/01-north.md",
            "# North\n\nText.\n",
        );
    let new = |title: &str, part: &str| book.run(&["new", "chapter", title, "--part", part]);
    assert_eq!(
        new("Small", "ships").expect(0).out,
        "content/chapters/02-ships/05-small.md:1\n"
    );
    assert_eq!(
        new("South", "content/chapters/03-piers/").expect(0).out,
        "content/chapters/03-piers/02-south.md:1\n"
    );
    new("Odd", "shisp").expect(2).says("did you mean `ships`?");
    new("Odd", "../..").expect(2).says("the book has no part");
    new("View", "piers").expect(1).says("error[duplicate-id]");
    assert_eq!(
        book.run(&["new", "chapter", "Last"]).expect(0).out,
        "content/chapters/04-last.md:1\n"
    );
    book.run(&["check", "--strict"])
        .expect(1)
        .says("warning[unwritten-text]");
    book.run(&["build"]).expect(0);
}

/// Of every kind in a book of nothing but `book.toml`, and in one that `init` has made.
#[test]
fn what_is_new_builds() {
    let bare = TestBook::empty().file("book.toml", "[book]\ntitle = \"A\"\n[output.html]\n");
    let made = TestBook::empty();
    made.run(&["init"]).expect(0);
    for book in [bare, made] {
        let chapter = book.run(&["new", "chapter", "One word"]).expect(0).out;
        let folder = chapter.split(':').next().unwrap().trim_end_matches(".md");
        let slug = folder.rsplit('/').next().unwrap();
        let slug = slug.split_once('-').unwrap().1;
        for arguments in [
            ["term", "Quay"],
            ["note", slug],
            ["claim", "quays-are-long"],
            ["event", "2031-03"],
        ] {
            book.run(&[&["new"], &arguments[..]].concat()).expect(0);
            book.run(&["build"]).expect(0);
        }
    }
}

#[test]
fn texts_are_parted_by_commas_and_citations_are_not() {
    let book = TestBook::small();
    book.run(&[
        "new",
        "term",
        "quay",
        "--text",
        "Stone, and long.",
        "--aliases",
        "wharf, landing place",
        "--aliases",
        "jetty",
        "--cites",
        "report, ¶2",
    ])
    .expect(0);
    let term = "  quay:\n    aliases: [wharf, landing place, jetty]\n    text: |\n      Stone, and long.\n    cites: |\n      report, ¶2\n";
    let written = book.read("content/annotations/a.yaml");
    assert!(written.ends_with(term), "{written}");
}

#[test]
fn a_new_file_names_the_schema_that_the_book_has() {
    let book = TestBook::empty();
    book.run(&["init"]).expect(0);
    book.run(&[
        "new",
        "event",
        "2024",
        "--file",
        "content/annotations/more/b.yaml",
    ])
    .expect(0);
    let first = "# yaml-language-server: $schema=../../../.pincite/annotations.json\ntimeline:\n";
    assert!(
        book.read("content/annotations/more/b.yaml")
            .starts_with(first)
    );
}

#[test]
fn nothing_is_added_to_a_file_that_is_not_read() {
    let fuller = "glossary:\n  USFJ: The headquarters.\n  troops: Soldiers.\n";
    let book = TestBook::small().file("content/annotations/a.yaml.orig", fuller);
    let ran = book.run(&["new", "term", "Quay"]).expect(0);
    assert!(
        ran.out.starts_with("content/annotations/a.yaml:"),
        "{}",
        ran.out
    );
}

#[test]
fn what_would_be_an_error_is_not_written() {
    let book = TestBook::small();
    let before = book.read("content/annotations/a.yaml");
    let refuses = |arguments: &[&str], status: i32, said: &str| {
        book.run(&[&["new"], arguments].concat())
            .expect(status)
            .says(said);
    };
    refuses(
        &["term", "USFJ"],
        1,
        "`USFJ` is there already, at content/annotations/a.yaml:2; nothing was written",
    );
    refuses(
        &["term", "x", "--aliases", "USFJ"],
        1,
        "error[duplicate-term]",
    );
    refuses(
        &["term", "x", "--cites", "report ¶9"],
        1,
        "error[unresolved-paragraph]",
    );
    refuses(&["term", "x", "--kind", "persons"], 2, "possible values");
    refuses(&["term", " "], 1, "nothing was written");
    refuses(&["claim", "report"], 1, "error[duplicate-id]");
    refuses(&["claim", "two words"], 1, "error[invalid-id]");
    refuses(
        &["event", "soon"],
        1,
        "error[invalid-value]: `soon` is no date",
    );
    refuses(&["note", "nobody ¶1"], 1, "error[unresolved-source]");
    refuses(&["chapter", "View"], 1, "error[duplicate-id]");
    refuses(&["chapter", "日本"], 2, "name one with `--slug`");
    refuses(
        &["chapter", "A", "--slug", "../a"],
        2,
        "cannot be a chapter's name",
    );
    refuses(
        &["term", "x", "--file", "../x.yaml"],
        2,
        "no annotations are read from `../x.yaml`",
    );
    refuses(&["poem", "x"], 2, "unrecognized subcommand");
    assert_eq!(book.read("content/annotations/a.yaml"), before);
    assert_eq!(
        fs::read_dir(book.path("content/annotations"))
            .unwrap()
            .count(),
        1
    );
    assert_eq!(
        fs::read_dir(book.path("content/chapters")).unwrap().count(),
        1
    );
}
