//! What `heal` says, to people and to programs.

use pincite::compile::compile;
use pincite::diagnostic::{Trust, mend};
use pincite::heal::heal;
use pincite::lock;
use pincite::source::Sources;
use serde_json::Value;

use super::edited;
use crate::book::TestBook;

#[test]
fn what_one_edit_has_moved_is_one_problem_for_programs_too() {
    let book = edited().file(
        "content/chapters/02-y.md",
        "# Y\n\nOnce [@a, ¶1]. Twice [@a, ¶2].\n",
    );
    let told = book
        .run(&["check", "--message-format", "json"])
        .expect(0)
        .out;
    let told: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    let one = &told[0];
    assert_eq!(
        one["message"],
        "4 citations of `a` have old paragraph numbers since the source was edited"
    );
    assert_eq!(one["file"], "content/annotations/a.yaml");
    let related: Vec<(&str, u64, &str)> = one["related"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| {
            let text = |key: &str| place[key].as_str().unwrap();
            (
                text("file"),
                place["column"].as_u64().unwrap(),
                text("message"),
            )
        })
        .collect();
    assert_eq!(
        related,
        [
            ("content/chapters/01-x.md", 15, "now ¶2"),
            ("content/chapters/02-y.md", 11, "now ¶2"),
            ("content/chapters/02-y.md", 27, "now ¶3"),
        ]
    );
}

#[test]
fn an_article_that_seems_renamed_is_followed_once_it_says_so() {
    let chapter = "# X\n\nIt has soldiers [@old, ¶2].\n";
    let book = |key: &str, text: &str, lock: &str| {
        Sources::from_texts([
            ("book.toml", "[book]\ntitle = \"B\"\n"),
            (&format!("content/articles/{key}.md"), text),
            ("content/chapters/01-x.md", chapter),
            (lock::PATH, lock),
        ])
    };
    let settled = compile(&book("old", SIX, "version = 1\n# end\n"), None);
    assert!(settled.publishable(), "{:#?}", settled.diagnostics);
    let now = SIX
        .replace("title: A", "title: \"A, again\" # mine")
        .replace("The ministers", "Corrected.\n\nThe ministers")
        .replace("useful", "useless");
    let mut sources = book("new", &now, &settled.book.settled.text());
    for (trust, message) in [
        (Trust::Suggested, "`old` seems to be `new` now"),
        (Trust::Safe, "the book has no article `old`"),
    ] {
        let told = compile(&sources, None).diagnostics;
        let [only] = told.as_slice() else {
            panic!("{told:#?}");
        };
        assert_eq!((only.trust, only.message.as_str()), (trust, message));
        let safe = [only.clone().trusted(Trust::Safe)];
        for (file, mended) in mend(&safe, &sources) {
            let path = sources.file(file).path.clone();
            sources = sources.clone().with_text(&path, &mended.text);
        }
    }
    let healed = heal(&sources, &mut |_| false).ok().unwrap().sources;
    let text = |path: &str| healed.file(healed.find(path).unwrap()).text.to_string();
    let front = "title: \"A, again\"\naliases: [old] # mine\n";
    assert!(text("content/articles/new.md").contains(front));
    assert!(text("content/chapters/01-x.md").contains("[@new, ¶3]"));
}

const SIX: &str = "---\ntitle: A\n---\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n\nThe talks were useful.\n\nNo decision was taken.\n";

/// A book of a text that was edited after it was built, and a chapter.
fn six(chapter: &str, now: &str) -> TestBook {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", SIX)
        .file("content/chapters/01-x.md", chapter);
    book.run(&["build", "--format", "html"]).expect(0);
    book.file("content/articles/a.md", now)
}

#[test]
fn the_healed_lines_are_told_where_one_of_them_has_gone() {
    let lost = SIX.replace("The talks were useful.\n\n", "");
    let filler = "\nWords.\n".repeat(9);
    let chapter = format!("# X\n\nOne [@a,\n¶¶2-4,\n¶1].\n{filler}\nTwo [@a, ¶4].\n");
    let book = six(&chapter, &lost);
    let told = book.run(&["heal"]).expect(1);
    assert_eq!(told.err.matches(" → ").count(), 2, "{}", told.err);
    told.says("content/chapters/01-x.md:24: Two [@a, ¶4]. → Two [@a, ¶3].")
        .says("healed 3 lines in 1 file");
}

#[test]
fn only_what_cannot_be_written_is_named_as_waiting() {
    let now = SIX.replace("The regiment", "New.\n\nThe regiment");
    let yaml = "claims:\n  c: {text: T., supports: [a ¶¶1-2, a ¶2]}\nnotes:\n  - at: a ¶¶1-2\n    text: N.\n";
    let book = six("# X\n\nOne [@a, ¶2].\n", SIX).file("content/annotations/a.yaml", yaml);
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &now);
    let told = book.run(&["heal"]).expect(1);
    assert_eq!(
        told.err.matches("would be misread").count(),
        1,
        "{}",
        told.err
    );
    assert!(!told.err.contains("run `pincite heal`"), "{}", told.err);
    told.says("content/annotations/a.yaml:2:30: what ¶¶1-2 of `a` becomes would be misread here");
}

#[test]
fn heal_ends_as_a_book_with_errors_does() {
    let lost = SIX.replace("The talks were useful.\n\n", "");
    let book = six("# X\n\nOne [@a, ¶3].\n", &lost);
    book.run(&["heal"]).expect(1).says("[lost-paragraph]");
    book.run(&["check"]).expect(1);
    let told = book.run(&["heal", "--message-format", "json"]).expect(1);
    let line: Value = serde_json::from_str(told.out.lines().next().unwrap()).unwrap();
    assert_eq!(line["code"], "lost-paragraph");
    book.run(&["heal", "--dry-run"]).expect(1);
}

#[test]
fn every_verb_that_compiles_prints_for_programs() {
    let book = TestBook::small().file("content/chapters/09-y.md", "# Y\n\nSo [@nobody, ¶1].\n");
    for verb in [&["export", "json"][..], &["writeback"], &["heal"]] {
        let told = book.run(&[verb, &["--message-format", "github"]].concat());
        let both = format!("{}{}", told.out, told.err);
        assert_eq!(told.status, 1, "{verb:?} {both}");
        assert!(both.contains("::error "), "{verb:?} {both}");
    }
    // What a program reads from standard output has no problems in it.
    let book = book.file(
        "content/chapters/09-y.md",
        "# Y\n\nSaid “by nobody at all” so.\n",
    );
    let told = book
        .run(&["export", "json", "--message-format", "json"])
        .expect(0);
    assert!(
        serde_json::from_str::<Value>(&told.out).is_ok(),
        "{}",
        told.out
    );
    told.says("unattributed-quotation");
}

/// Whoever is asked, or accepts all, reads which words differ and what is said of them.
#[test]
fn what_is_accepted_is_shown_with_what_rests_on_it() {
    let source =
        |ships: &str| format!("---\ntitle: A\n---\n\nThe port counted {ships} ships in 2023.\n");
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", &source("4,200"))
        .file(
            "content/chapters/01-x.md",
            "# X\n\nIn 2023 it had 4,200 ships [@a, ¶1]. It “counted 4,200 ships” [@a, ¶1].\n",
        )
        .file(
            "content/annotations/a.yaml",
            "notes:\n  - {at: a ¶1, text: By hand.}\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &source("4,300"));
    let told = book.run(&["heal", "--accept-drift", "--yes"]).expect(0).err;
    let quotation = "  counted [-4,200-]{+4,300+} ships\n  cited at content/chapters/01-x.md:3:42: It “counted 4,200 ships”\naccepted";
    assert!(told.contains(quotation), "{told}");
    let paragraph = "accepted: ¶1 of `a` has changed\n  The port counted [-4,200-]{+4,300+} ships in 2023.\n  \
        cited at content/annotations/a.yaml:2:12: By hand.\n  \
        cited at content/chapters/01-x.md:3:33: In 2023 it had 4,200 ships\n    \
        your own words have “4,200”, which the source has no more\n";
    assert!(told.contains(paragraph), "{told}");
}

/// A program that other people's machines may lack.
fn has(program: &str) -> bool {
    std::process::Command::new(program)
        .arg("--version")
        .output()
        .is_ok()
}

#[test]
fn the_printed_diff_can_be_applied() {
    let now = SIX.replace("The ministers", "New.\n\nThe ministers");
    let book = six("# X\n", &now)
        .file("content/articles/a.md", SIX)
        .file(
            "content/annotations/two words.yaml",
            "notes:\n  - {at: a ¶1, text: N.}\n",
        )
        .file(
            "content/annotations/a.yaml",
            "\u{feff}claims:\n  c: {text: T., supports: a ¶2}\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &now);
    let diff = book.run(&["heal", "--dry-run"]).expect(0).out;
    assert!(diff.contains("\n \u{feff}claims:\n"), "{diff}");
    assert!(
        diff.contains("--- a/content/annotations/two words.yaml\t\n"),
        "{diff}"
    );
    book.write("heal.patch", diff.as_bytes());
    for patch in [
        &["git", "apply", "--check"][..],
        &["patch", "-p1", "--dry-run", "-i"],
    ] {
        if !has(patch[0]) {
            continue;
        }
        let applied = std::process::Command::new(patch[0])
            .args(&patch[1..])
            .arg("heal.patch")
            .current_dir(book.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&applied.stderr);
        assert!(applied.status.success(), "{patch:?} {said}");
    }
}

/// Each line that was a neighbour's is told as what it was itself.
#[test]
fn lines_that_become_their_neighbours_are_told_one_by_one() {
    let paragraphs = ["One is here.", "Two is there.", "Three is far."];
    let article = |first: &[&str]| super::article(first.iter().chain(&paragraphs).copied());
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", &article(&[]))
        .file(
            "content/annotations/x.yaml",
            "claims:\n  k:\n    text: It is.\n    supports: |\n      a ¶1\n      a ¶2\n  j:\n    text: So.\n    supports: a ¶3\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let edited = book.file(
        "content/articles/a.md",
        &article(&["The board will dredge."]),
    );
    edited
        .run(&["heal"])
        .expect(0)
        .says("content/annotations/x.yaml:5: a ¶1 → a ¶2")
        .says("content/annotations/x.yaml:6: a ¶2 → a ¶3")
        .says("content/annotations/x.yaml:9: supports: a ¶3 → supports: a ¶4")
        .says("healed 3 lines in 1 file");
}

#[test]
fn what_is_accepted_is_told_once_at_its_place_in_the_file() {
    let article = |depth: &str, year: &str| {
        format!(
            "---\ntitle: A\n---\n\nThe board will dredge the channel to a depth of {depth} metres.\n\nNobody has counted them since {year}.\n"
        )
    };
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", &article("fourteen", "2011"))
        .file(
            "content/chapters/01-x.md",
            "# X\n\nDeep [@a, ¶1 \"a depth of fourteen\"], not counted [@a, ¶2].\n\n![[a ¶2]]\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &article("ten", "2012"));
    let told = book.run(&["heal", "--accept-drift", "--yes"]).expect(0).err;
    let places: Vec<&str> = told
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("cited at content/chapters/01-x.md:")
        })
        .collect();
    let expected = ["3:15: Deep", "3:55: Deep, not counted", "5:6"];
    assert_eq!(places, expected, "{told}");
}
