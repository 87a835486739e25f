//! `citations.lock`: what it keeps through renames, and what is said of one that is damaged.

use std::fs;

use pincite::compile::{Compilation, compile};
use pincite::lock;
use pincite::source::Sources;

use crate::book::TestBook;

const PARAGRAPHS: [&str; 6] = [
    "The ministers met on Sunday to discuss the command of the forces.",
    "The regiment will have two thousand soldiers and sixty vehicles, an official said.",
    "A spokesman said that the talks were useful for all who took part.",
    "No decision was taken on the bases in the south of the country.",
    "The governor wants fewer aircraft over the town and its schools.",
    "A second meeting is planned for the spring in the other capital.",
];

/// A book with an article, cited so.
fn book(front: &str, paragraphs: &[&str], citing: &str) -> TestBook {
    let article = format!("---\ntitle: A\n{front}---\n\n{}\n", paragraphs.join("\n\n"));
    TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"T\"\ndate = 2024-08-01\n")
        .file("content/articles/a.md", &article)
        .file("content/chapters/01-x.md", &format!("# X\n\n{citing}\n"))
}

/// The durable ids of an article, as its page has them.
fn ids(book: &TestBook, key: &str) -> Vec<String> {
    let page = book.read(&format!("book/articles/{key}.html"));
    let ids = page.split("id=\"^").skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn durable_ids_outlive_a_file_s_name() {
    let book = book("", &PARAGRAPHS, "X [@a, ¶2].");
    book.run(&["build"]).expect(0);
    let before = ids(&book, "a");
    assert_eq!(before.len(), PARAGRAPHS.len());
    let book = book.file(
        "content/chapters/01-x.md",
        &format!("# X\n\nX [@a, ¶2]. Y [@a, ^{}].\n", before[4]),
    );
    book.run(&["build"]).expect(0);
    let articles = book.path("content/articles");
    fs::rename(articles.join("a.md"), articles.join("b.md")).unwrap();
    book.run(&["check", "--fix"]).expect(0);
    book.run(&["build"]).expect(0);
    assert_eq!(ids(&book, "b"), before);
    book.run(&["heal"]).expect(0).says("nothing to heal");
    book.run(&["build", "--locked"]).expect(0);
}

/// How a damaged lock is rebuilt.
const REBUILT: &str = "restore the file from version control; or delete it, and the next build settles every citation";

#[test]
fn words_that_were_changed_in_the_lock_are_damage() {
    let book = book("", &PARAGRAPHS, "X [@a, ¶2].");
    book.run(&["build"]).expect(0);
    let lock = book.read("citations.lock").replace("sixty", "seventy");
    book.write("citations.lock", lock.as_bytes());
    for command in [
        &["check"][..],
        &["build"],
        &["build", "--locked"],
        &["heal"],
    ] {
        book.run(command)
            .expect(1)
            .says("error[damaged-lock]: the lock is damaged: words that do not fit their hash, in a paragraph of `a`")
            .says(REBUILT);
    }
    assert_eq!(book.read("citations.lock"), lock);
}

#[test]
fn a_lock_that_is_no_text_is_damaged() {
    let book = book("", &PARAGRAPHS, "X [@a, ¶2].");
    book.run(&["build"]).expect(0);
    let check = |message: &str| {
        let ran = book.run(&["check"]).expect(1).says(message).says(REBUILT);
        assert!(!ran.err.contains("Windows"), "{}", ran.err);
    };
    book.write("citations.lock", b"version = 1\n\xff\n");
    check("error[unreadable-file]: the file is not UTF-8");
    book.write("citations.lock", b"version = 1\n\0\n");
    check("error[unreadable-file]: the file holds a NUL byte");
    fs::remove_file(book.path("citations.lock")).unwrap();
    fs::create_dir(book.path("citations.lock")).unwrap();
    check("error[unreadable-file]: this is a folder");
}

/// What another compilation has found does not hide that a file has another name, nor what is left out now.
#[test]
fn a_preview_keeps_them_as_a_build_does() {
    let article = |front: &str, new: &str| {
        let paragraphs = PARAGRAPHS.join("\n\n");
        format!("---\ntitle: A\n{front}---\n\n{new}{paragraphs}\n")
    };
    let (text, copy) = (article("omit: ¶3\n", ""), article("", ""));
    let edited = article("omit: ¶3\n", "A new one.\n\n");
    let book = ("book.toml", "[book]\ntitle = \"T\"\n");
    let cites_z = ("content/chapters/01-x.md", "# X\n\nX [@z, ¶2].\n");
    let cites_b = ("content/chapters/02-y.md", "# Y\n\nY [@b, ¶2].\n");
    // The one that goes stands last, so that the other is found where it was.
    let (z, b) = ("content/articles/z.md", "content/articles/b.md");
    let alone = Sources::from_texts([book, (z, &text), cites_z]);
    let lock = compile(&alone, None).book.settled.text();
    let compiled = |files: &[(&str, &str)], previous: Option<&Compilation>| {
        let files = files.iter().copied().chain([book, (lock::PATH, &lock)]);
        compile(&Sources::from_texts(files), previous)
    };
    let first = compiled(&[(z, &text), (b, &copy), cites_z, cites_b], None);
    let renamed = [(b, copy.as_str()), cites_b];
    let changed = [(b, copy.as_str()), (z, &edited), cites_z, cites_b];
    for files in [renamed.as_slice(), &changed] {
        let anew = compiled(files, None);
        let on = compiled(files, Some(&first));
        let again = compiled(files, Some(&on));
        for other in [on, again] {
            assert_eq!(other.book.settled, anew.book.settled);
            assert_eq!(other.diagnostics, anew.diagnostics);
            let left_out = |one: &Compilation| one.book.articles.last().unwrap().front.omit.clone();
            assert_eq!(left_out(&other), left_out(&anew));
        }
    }
    assert_eq!(
        compiled(&changed, None).book.articles[1].front.omit,
        [4..=4]
    );
}

#[test]
fn a_heal_drops_nothing_while_something_fails() {
    let book = book("", &PARAGRAPHS, "X [@a, ¶¶1-2].");
    book.run(&["build"]).expect(0);
    let article = "content/articles/a.md";
    let shorter = book
        .read(article)
        .replace(&format!("{}\n\n", PARAGRAPHS[1]), "");
    let book = book.file(article, &shorter);
    book.run(&["heal"]).expect(1).says("[lost-paragraph]");
    let lock = book.read("citations.lock");
    assert!(lock.contains(PARAGRAPHS[0]), "{lock}");
    // What is left of the citation is followed still.
    let last = PARAGRAPHS[5];
    let turned = shorter.replace(&format!("\n{last}\n"), "");
    let turned = turned.replace(PARAGRAPHS[0], &format!("{last}\n\n{}", PARAGRAPHS[0]));
    let book = book.file(article, &turned);
    book.run(&["heal"]).expect(1).says("→ X [@a, ¶2, ^");
}

#[test]
fn what_an_emptied_article_left_out_is_known_when_it_comes_back() {
    let book = book("omit: ¶2\n", &PARAGRAPHS, "X [@a].");
    book.run(&["build"]).expect(0);
    let article = "content/articles/a.md";
    let whole = book.read(article);
    let book = book.file(article, "---\ntitle: A\nomit: ¶2\n---\n");
    book.run(&["heal"])
        .expect(1)
        .says("and the article has none");
    let book = book.file(article, &whole.replace("---\n\n", "---\n\nA new one.\n\n"));
    book.run(&["check"])
        .expect(0)
        .says("which `omit` leaves out, is ¶3");
}

#[test]
fn a_lock_that_has_lost_a_line_is_damaged() {
    let named = format!("{} ^talks", PARAGRAPHS[2]);
    let mut paragraphs = PARAGRAPHS;
    paragraphs[2] = &named;
    let book = book("omit: ¶6\n", &paragraphs, "X [@a, ¶¶1-2, ^talks].");
    book.run(&["build"]).expect(0);
    let lock = book.read("citations.lock");
    let lines: Vec<&str> = lock.lines().collect();
    let is_of_article = |line: &&str| {
        line.starts_with("  [") || line.starts_with("names") || line.starts_with("omitted")
    };
    let entries = lines.iter().filter(|line| is_of_article(line));
    assert_eq!(entries.clone().count(), PARAGRAPHS.len() + 2, "{lock}");
    for lost in entries {
        book.write(
            "citations.lock",
            lock.replace(&format!("{lost}\n"), "").as_bytes(),
        );
        book.run(&["check"]).expect(1).says("[damaged-lock]");
    }
}

#[test]
fn a_name_that_was_given_up_can_be_given_again() {
    let named = |at: usize| {
        let mut paragraphs = PARAGRAPHS.map(str::to_owned);
        paragraphs[at] += " ^plan";
        format!("---\ntitle: A\n---\n\n{}\n", paragraphs.join("\n\n"))
    };
    let book = book("", &PARAGRAPHS, "X [@a, ^plan].").file("content/articles/a.md", &named(1));
    book.run(&["build"]).expect(0);
    let unnamed = named(1).replace(" ^plan", "");
    let book = book
        .file("content/articles/a.md", &unnamed)
        .file("content/chapters/01-x.md", "# X\n\nX [@a, ¶1].\n");
    book.run(&["build"]).expect(0);
    let book = book
        .file("content/articles/a.md", &named(3))
        .file("content/chapters/01-x.md", "# X\n\nX [@a, ^plan].\n");
    book.run(&["build"]).expect(0).says("0 warnings");
}
