//! `check --fix` as its users run it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::book::TestBook;

const ARTICLE: &str =
    "---\ntitle: Report\n---\n\nThe first paragraph.\n\nThe base has 50,000 troops.\n";

#[test]
fn a_slip_is_mended_and_nothing_else_is_touched() {
    let book = TestBook::small().file(
        "content/annotations/a.yaml",
        "# ours\nglossary:\n  USFJ:\n    txet:   The headquarters.   # a remark\n",
    );
    let ran = book.run(&["check", "--fix"]).expect(0);
    let ran = ran.says("fixed[unknown-key] content/annotations/a.yaml:4:5: `txet` → `text`\n");
    ran.says("fixed 1 problem in 1 file\n").says("0 warnings");
    assert_eq!(
        book.read("content/annotations/a.yaml"),
        "# ours\nglossary:\n  USFJ:\n    text:   The headquarters.   # a remark\n"
    );
    let ran = book.run(&["check", "--fix"]).expect(0);
    assert!(!ran.err.contains("fixed"), "{}", ran.err);
}

#[test]
fn line_ends_byte_order_mark_and_permissions_stay() {
    let book = TestBook::small().file(
        "content/articles/report.md",
        "\u{feff}---\r\ntitel: 報告 🗾\r\n---\r\n\r\nThe first paragraph.\r\n\r\nUSFJ has 50,000 troops.\r\n",
    );
    let path = book.path("content/articles/report.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    book.run(&["check", "--fix"])
        .expect(0)
        .says("content/articles/report.md:2:1: `titel` → `title`");
    assert_eq!(
        book.read("content/articles/report.md"),
        "\u{feff}---\r\ntitle: 報告 🗾\r\n---\r\n\r\nThe first paragraph.\r\n\r\nUSFJ has 50,000 troops.\r\n",
    );
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_moved_quotation_is_mended_inside_a_block_behind_japanese_words() {
    let book = TestBook::small()
        .file("content/articles/report.md", ARTICLE)
        .file(
            "content/annotations/a.yaml",
            "glossary:\n  troops:\n    text: |\n      在日米軍、“The base has 50,000 troops” [@report, ¶1 \"base has 50,000 troops\"].\n    cites: |\n      report ¶1 \"base has 50,000 troops\"\n      report #p2 \"50,000\"\n",
        );
    book.run(&["check", "--fix"])
        .expect(0)
        .says("fixed[moved-quotation] content/annotations/a.yaml:4:51: `¶1` → `¶2`")
        .says("fixed[moved-quotation] content/annotations/a.yaml:6:14: `¶1` → `¶2`")
        .says("fixed[invalid-locator] content/annotations/a.yaml:7:14: `#p2` → `¶2`");
    assert_eq!(
        book.read("content/annotations/a.yaml"),
        "glossary:\n  troops:\n    text: |\n      在日米軍、“The base has 50,000 troops” [@report, ¶2 \"base has 50,000 troops\"].\n    cites: |\n      report ¶2 \"base has 50,000 troops\"\n      report ¶2 \"50,000\"\n",
    );
}

#[test]
fn a_gap_that_leaves_its_paragraph_is_not_mended_unasked() {
    let chapter = "# View\n\nIt says “first paragraph … 50,000 troops” [@report, ¶1].\n";
    let book = TestBook::small()
        .file("content/articles/report.md", ARTICLE)
        .file("content/chapters/01-view.md", chapter);
    let ran = book.run(&["check", "--fix"]);
    assert!(!ran.err.contains("fixed"), "{}", ran.err);
    ran.says("warning[moved-quotation]")
        .says("help: write `¶¶1-2`");
    assert_eq!(book.read("content/chapters/01-view.md"), chapter);
}

#[test]
fn an_article_beside_the_texts_is_told_where_it_is_missed() {
    let book = TestBook::small()
        .file("articles/other.md", "---\ntitle: Other\n---\n\nOne.\n")
        .file(
            "content/chapters/01-view.md",
            "# View\n\nIt is so [@other, ¶1], see [it](../../articles/other.md).\n",
        );
    let ran = book.run(&["check"]).expect(1);
    let ran = ran.says("the book has no file `../../articles/other.md`");
    let ran = ran
        .says("error[unresolved-source]: `other` is not found, because this file is not read")
        .says("help: move the files of `articles` into `content/articles`");
    ran.says("the book has 1 error and 1 warning");
}

#[test]
fn what_is_missed_is_told_at_the_file_that_is_not_read() {
    let book = TestBook::small()
        .file(
            "content/annotations/terms.YAML",
            "glossary:\n  pier: A platform.\n",
        )
        .file("content/annotations/picture.png", "\u{0}")
        .file(
            "content/chapters/01-view.md",
            "# View\n\nThe [[pier]] is old [@self].\n",
        );
    let ran = book.run(&["check"]).expect(1);
    let ran = ran
        .says("error[unresolved-link]: this file and 1 more of `content/annotations` are not read");
    let ran = ran.says("the book has 1 error\n");
    assert!(!ran.err.contains("unreadable"), "{}", ran.err);
}

#[test]
fn two_slips_on_one_line_and_one_behind_another() {
    let book = TestBook::small().file(
        "content/chapters/01-view.md",
        "# View\n\nMany [report, #p2] and more [report, ¶2] and [@report, #2; @report, #p1].\n",
    );
    book.run(&["check", "--fix"])
        .expect(0)
        .says("fixed 3 problems in 1 file");
    assert_eq!(
        book.read("content/chapters/01-view.md"),
        "# View\n\nMany [report, #p2] and more [@report, ¶2] and [@report, ¶2; @report, ¶1].\n",
    );
    // The colon hides the title, whose mend brings the mistyped field to light.
    let book = TestBook::small().file(
        "content/articles/report.md",
        "---\ntitle: Report: Troops\npublicaton: Daily\n---\n\nThe first paragraph.\n\nUSFJ has 50,000 troops.\n",
    );
    book.run(&["check", "--fix"])
        .expect(0)
        .says("fixed 2 problems in 1 file");
    assert!(
        book.read("content/articles/report.md")
            .starts_with("---\ntitle: \"Report: Troops\"\npublication: Daily\n---\n")
    );
}

#[test]
fn what_is_only_likely_is_left_to_the_author() {
    let texts = [
        (
            "content/chapters/01-view.md",
            "# View\n\nMany [@reprot, ¶2].\n",
        ),
        (
            "content/chapters/01-view.md",
            "# View\n\nMany [@report, ¶1 \"50,000 troops\"].\n",
        ),
        (
            "content/chapters/01-view.md",
            "# View\n\nSee [[reprot]] [@report, ¶2].\n",
        ),
        (
            "content/annotations/a.yaml",
            "glossary:\n  USFJ:\n    text: It.\n    aliases: forces, troops\n",
        ),
        (
            "content/annotations/a.yaml",
            "glossary:\n  USFJ:\n    text: It.\n    txet: It again.\n",
        ),
    ];
    for (path, text) in texts {
        let book = TestBook::small().file(path, text);
        let ran = book.run(&["check", "--fix"]);
        assert!(!ran.err.contains("fixed"), "{text}\n{}", ran.err);
        assert!(ran.err.contains("help"), "{text}\n{}", ran.err);
        assert_eq!(book.read(path), text);
    }
}

#[test]
fn another_source_is_put_in_where_its_words_bear_it_out() {
    let book = TestBook::small().file(
        "content/chapters/01-view.md",
        "# View\n\nMany [@reprot, ¶2 \"has 50,000 troops\"].\n",
    );
    book.run(&["check", "--fix"])
        .expect(0)
        .says("`reprot` → `report`");
}

#[test]
fn a_write_protected_file_is_said_and_left() {
    let book = TestBook::small()
        .file("book.toml", "[book]\ntitel = \"Small\"\n")
        .file(
            "content/annotations/a.yaml",
            "glosary:\n  USFJ: The headquarters.\n",
        );
    let path = book.path("content/annotations/a.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    book.run(&["check", "--fix"])
        .expect(1)
        .says(
            "error: `content/annotations/a.yaml` could not be mended: the file is write-protected",
        )
        .says("fixed[unknown-key] book.toml:2:1: `titel` → `title`")
        .says("fixed 1 problem in 1 file")
        .says("an annotation file has no field `glosary`");
    assert_eq!(
        book.read("content/annotations/a.yaml"),
        "glosary:\n  USFJ: The headquarters.\n"
    );
    assert_eq!(book.read("book.toml"), "[book]\ntitle = \"Small\"\n");
}

#[test]
fn json_tells_a_safe_fix_from_a_suggested_one() {
    let book = TestBook::small().file(
        "content/chapters/01-view.md",
        "# View\n\nMany [@reprot, #p2].\n",
    );
    let ran = book.run(&["check", "--message-format", "json"]).expect(1);
    let fixes: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["fix"].clone())
        .collect();
    let edit = |start: u32, end: u32, new: &str| serde_json::json!([{"file": "content/chapters/01-view.md", "start": start, "end": end, "replacement": new}]);
    assert_eq!(
        fixes,
        [
            serde_json::json!({"safe": false, "edits": edit(15, 21, "report")}),
            serde_json::json!({"safe": true, "edits": edit(23, 26, "¶2")}),
        ]
    );
}

#[test]
fn marks_are_put_round_a_whole_text_alone() {
    let check = |text: &str, expected: &str| {
        let book = TestBook::small().file("content/annotations/a.yaml", text);
        book.run(&["check", "--fix"]);
        assert_eq!(book.read("content/annotations/a.yaml"), expected, "{text}");
    };
    check(
        "glossary:\n  USFJ: It: the headquarters.\r\n",
        "glossary:\n  USFJ: \"It: the headquarters.\"\r\n",
    );
    check(
        "glossary:\n  USFJ:\n    text: @home, 在日米軍\n    kind: place\n",
        "glossary:\n  USFJ:\n    text: \"@home, 在日米軍\"\n    kind: place\n",
    );
    for left in [
        "glossary:\n  USFJ:\n    text: It: the\n      headquarters.\n",
        "glossary:\n  USFJ: It: the \"headquarters\".\n",
        "glossary:\n  USFJ:\n    text: It.\n    cites:\n      - report: a: b\n",
        "glossary:\n  USFJ:\n    text: It.\n    cites: {source: report, at: a: b}\n",
        "glossary:\n  USFJ: It: one # two\n",
    ] {
        check(left, left);
    }
}

#[test]
fn words_that_nobody_can_tell_from_a_field_stay() {
    let text = "timeline:\n  - date: 2024\n    text: They met at\n    12:30 and left\n  - date: 2025\n    text: See\n    Note:this\n  - date: 2026\n    Text: One.\n    TEXT: two\n  - date: 2027\n    text:Three.\n";
    let book = TestBook::small().file("content/annotations/a.yaml", text);
    book.run(&["check", "--fix"]).expect(1);
    assert_eq!(
        book.read("content/annotations/a.yaml"),
        text.replace("text:Three", "text: Three")
    );
}
