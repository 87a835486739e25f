//! The sample site, and a live preview, in a real browser; `tests/browser/*.mjs` say what is looked at.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::book::{TestBook, pincite, sample};
use crate::links::built_site;
use crate::serve::Preview;

#[test]
fn the_sample_site_holds_in_a_browser() {
    let folder = built_site();
    let site = folder.path().join("site");
    run(Command::new("node")
        .arg(sample().join("tests/browser/run.mjs"))
        .arg(site));
}

#[test]
fn the_sample_site_is_valid_html() {
    let folder = built_site();
    run(Command::new("node")
        .arg(sample().join("tests/browser/validate.mjs"))
        .arg(folder.path().join("site")));
}

/// A book with too much of everything on one page.
fn crowded() -> TestBook {
    let title = "A title that does not end ".repeat(10)
        + &"Donaudampfschifffahrt".repeat(2)
        + " 🗾 \u{202e}txet";
    let words: Vec<String> = (0..200).map(|n| format!("term{n}")).collect();
    let terms = words.iter().fold("glossary:\n".to_owned(), |yaml, word| {
        yaml + &format!("  {word}: x\n")
    });
    let sentence = "One sentence about the northern channel bears twenty notes and one more.";
    let kinds = ["context", "dispute", "question", "assessment"];
    let mut notes = "notes:\n".to_owned();
    for n in 0..20 {
        let kind = kinds[n % kinds.len()];
        writeln!(notes, "  - {{at: 'crowd ¶1 \"northern channel bears twenty notes\"', kind: {kind}, text: Note {n} says something.}}").unwrap();
    }
    notes += "  - {at: crowd ¶1, text: This one is on the whole paragraph.}\n";
    notes += "  - {at: 'crowd ¶1 \"One\"', text: This one is on a word.}\n";
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(30));
    let table = row("a column with a head") + &row("---") + &row("some words");
    let article = format!(
        "---\ntitle: \"{title}\"\n---\n\n{sentence}\n\n{}\n\n{table}\n",
        words.join(" ")
    );
    let cites = format!(
        " The notes are many [@crowd, ¶1 {:?}].",
        "bears twenty notes"
    )
    .repeat(30);
    TestBook::empty()
        .file(
            "book.toml",
            &format!("[book]\ntitle = \"{title}\"\nbanner = \"{title}\"\n[output.html]\n"),
        )
        .file("content/articles/crowd.md", &article)
        .file(
            "content/chapters/01-crowd2.md",
            &format!("# {title}\n\n{cites}\n\n![{title}](assets/no.png)\n"),
        )
        .file("content/annotations/terms.yaml", &terms)
        .file("content/annotations/notes.yaml", &notes)
}

#[test]
fn a_crowded_book_is_valid_html() {
    let book = crowded();
    book.run(&["build"])
        .expect(0)
        .says("content/chapters/01-crowd2.md:5:")
        .says("the book has no file `assets/no.png`");
    let site = book.path("book");
    // The pages of two hundred terms are all alike.
    fs::remove_dir_all(site.join("terms")).unwrap();
    run(Command::new("node")
        .arg(sample().join("tests/browser/validate.mjs"))
        .arg(site));
}

#[test]
fn small_books_are_valid_html() {
    let config = "[book]\ntitle = \"A\"\n[output.html]\n";
    let article = ("content/articles/a.md", "---\ntitle: A\n---\n\nWord.\n");
    let chapter = ("content/chapters/b.md", "# B\n\nWord.\n");
    let annotation = ("content/annotations/a.yaml", "glossary:\n  Word: x\n");
    let books: [&[(&str, &str)]; 5] = [
        &[],
        &[article],
        &[chapter],
        &[article, annotation],
        &[article, chapter],
    ];
    for files in books {
        let book = files.iter().fold(
            TestBook::empty().file("book.toml", config),
            |book, (path, text)| book.file(path, text),
        );
        book.run(&["build"]).expect(0);
        run(Command::new("node")
            .arg(sample().join("tests/browser/validate.mjs"))
            .arg(book.path("book")));
    }
}

#[test]
fn pages_look_as_in_their_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let book = sample().join("tests/browser/book");
    run(pincite()
        .args(["build", "--strict", "--book"])
        .arg(book)
        .arg("--out")
        .arg(&site));
    run(Command::new("node")
        .arg(sample().join("tests/browser/pictures.mjs"))
        .arg(site));
}

#[test]
fn a_live_preview_follows_its_author() {
    let mut chapter = String::from("# Long\n");
    for number in 1..=80 {
        let words = "with words enough to fill a line or two of any window, and then some more";
        writeln!(chapter, "\nParagraph {number} {words}.").unwrap();
    }
    let style = fs::read_to_string(sample().join("themes/brief/static/style.css")).unwrap();
    let editor = "#!/bin/sh\nprintf '%s\\n' \"$@\" > opened.part && mv opened.part opened\n";
    let book = TestBook::small()
        .file("content/chapters/01-long.md", &chapter)
        .file("themes/brief/static/style.css", &style)
        .file("editor", editor);
    fs::set_permissions(book.path("editor"), fs::Permissions::from_mode(0o755)).unwrap();
    let preview = Preview::with(
        &book,
        &["--port", "0", "--editor", "./editor {file}:{line}"],
    );
    run(Command::new("node")
        .arg(sample().join("tests/browser/serve.mjs"))
        .arg(format!("http://127.0.0.1:{}/", preview.port))
        .arg(book.path("")));
}

pub(crate) fn run(command: &mut Command) {
    let output = command.output().expect("the program is installed");
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
}
