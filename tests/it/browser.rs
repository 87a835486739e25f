//! The sample site, and a live preview, in a real browser; `tests/browser/*.mjs` say what is looked at.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
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

#[test]
fn the_sample_site_is_light() {
    let folder = built_site();
    run(Command::new("node")
        .arg(sample().join("tests/browser/weight.mjs"))
        .arg(folder.path().join("site")));
}

/// A title as long as a page's head is wide, with a word that no line holds, an emoji and a mark that turns the writing.
fn long_title() -> String {
    "A title that does not end ".repeat(10)
        + &"Donaudampfschifffahrt".repeat(2)
        + " 🗾 \u{202e}txet"
}

/// A book with too much of everything on one page, and so many terms.
fn crowded(terms: usize) -> TestBook {
    let words: Vec<String> = (0..terms).map(|n| format!("term{n}")).collect();
    let title = long_title();
    let config = format!(
        "[book]\ntitle = \"{title}\"\nsubtitle = \"{title}\"\nauthors = [\"{title}\"]\nbanner = \"🗾 UNCLASSIFIED\"\n[output.html]\n"
    );
    let book = TestBook::empty()
        .file("book.toml", &config)
        .file(
            "content/articles/crowd.md",
            &crowded_article(&title, &words),
        )
        .file("content/chapters/01-crowd2.md", &crowded_chapter(&title))
        .file("content/annotations/terms.yaml", &crowded_terms(&words))
        .file("content/annotations/notes.yaml", &crowded_notes(&title));
    let ferry = sample().join("tests/import/newspaper_files/ferry.png");
    book.write("content/assets/ferry.png", &fs::read(ferry).unwrap());
    book.file(
        "content/assets/wide.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4000 400\"/>",
    )
}

fn crowded_terms(words: &[String]) -> String {
    let long = format!("  {}: x\n", "W".repeat(200));
    words
        .iter()
        .fold("glossary:\n".to_owned() + &long, |yaml, word| {
            yaml + &format!("  {word}: x\n")
        })
}

fn crowded_article(title: &str, words: &[String]) -> String {
    let sentence = "One sentence about the northern channel bears twenty notes and one more.";
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(30));
    let table = row("a column with a head") + &row("---") + &row("some words");
    format!(
        "---\ntitle: \"{title}\"\nauthor: \"{title}\"\npublication: \"{title}\"\nurl: https://example.org/{}\n---\n\n\
         {sentence}\n\n{}\n\n{table}\n```\n{}\n```\n\n- {sentence}\n\n> {} {}\n\n\
         👩‍👩‍👧‍👦 emoji, \u{202e}reversed\u{202c} and \u{2067}isolated.\n",
        "x".repeat(300),
        words.join(" "),
        "code ".repeat(100),
        "W".repeat(200),
        "Donaudampfschifffahrt".repeat(10),
    )
}

fn crowded_chapter(title: &str) -> String {
    let cites = format!(
        " The notes are many [@crowd, ¶1 {:?}].",
        "bears twenty notes"
    )
    .repeat(30);
    let long = "Donaudampfschifffahrt".repeat(10);
    format!(
        "# {title}\n\n{cites}\n\n![{title}](assets/no.png)\n\n![A wide one](assets/wide.svg)\n\n\
         Words ![a ferry](assets/ferry.png) around.\n\n## {title}\n\n## {long}\n\n`{long}`\n"
    )
}

fn crowded_notes(title: &str) -> String {
    let kinds = ["context", "dispute", "question", "assessment"];
    let mut notes = "notes:\n".to_owned();
    for n in 0..20 {
        let kind = kinds[n % kinds.len()];
        writeln!(notes, "  - {{at: 'crowd ¶1 \"northern channel bears twenty notes\"', kind: {kind}, text: Note {n} says something.}}").unwrap();
    }
    notes += "  - {at: crowd ¶1, text: This one is on the whole paragraph.}\n";
    notes += "  - {at: 'crowd ¶1 \"One\"', text: This one is on a word.}\n";
    let row = |cell: &str| format!("      |{}\n", format!(" {cell} |").repeat(8));
    let table = row("column") + &row("---") + &row("words");
    write!(notes, "  - at: crowd ¶5\n    text: |\n{table}").unwrap();
    let title = format!("text: \"{title}\"");
    write!(
        notes,
        "claims:\n  one: {{{title}, supports: crowd ¶1, confidence: low}}\n  two: {{{title}, disputes: crowd ¶1}}\n"
    )
    .unwrap();
    notes + &format!("timeline:\n  - {{date: 2024-01-01, {title}, cites: crowd ¶1}}\n")
}

/// The site of a crowded book.
fn crowded_site(book: &TestBook) -> PathBuf {
    book.run(&["build"])
        .expect(0)
        .says("content/chapters/01-crowd2.md:5:")
        .says("the book has no file `assets/no.png`");
    book.path("book")
}

#[test]
fn a_crowded_book_is_valid_html() {
    let book = crowded(200);
    run(Command::new("node")
        .arg(sample().join("tests/browser/validate.mjs"))
        .arg(crowded_site(&book)));
}

/// Two thousand terms on a page, twenty notes on a sentence, titles and tables wider than the window: nothing overlaps, and
/// nothing scrolls sideways but what is meant to.
#[test]
fn a_crowded_book_holds_in_a_browser() {
    let book = crowded(2000);
    let site = crowded_site(&book);
    // It has the same texts once more.
    fs::remove_file(site.join("print.html")).unwrap();
    run(Command::new("node")
        .arg(sample().join("tests/browser/run.mjs"))
        .arg(site));
}

#[test]
fn small_books_are_valid_and_hold_in_a_browser() {
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
        for script in ["validate.mjs", "run.mjs"] {
            run(Command::new("node")
                .arg(sample().join("tests/browser").join(script))
                .arg(book.path("book")));
        }
    }
}

#[test]
fn an_old_address_leads_to_the_same_paragraph() {
    let article = "---\ntitle: A\naliases: old\n---\n\nOne.\n\nTwo.\n";
    let book = TestBook::small().file("content/articles/new.md", article);
    book.run(&["build"]).expect(0);
    let followed = Command::new("node")
        .arg(sample().join("tests/browser/moved.mjs"))
        .arg(book.path("book"))
        .arg("articles/old.html#p2")
        .output()
        .unwrap();
    assert!(followed.status.success(), "{followed:?}");
    // Without scripts it is the page at least.
    let [script, none] = ["articles/new.html#p2\n", "articles/new.html\n"].map(|way| way.repeat(2));
    assert_eq!(String::from_utf8(followed.stdout).unwrap(), script + &none);
}

/// Sources from right to left and in Japanese, imported into a book in English: each text runs as its language does, and
/// what stands beside it as the book's.
#[test]
fn sources_in_other_languages_hold_in_a_browser() {
    let notes = "notes:\n  - {at: 'hebrew ¶1 \"ברציף הישן\"', text: The old quay.}\n  - {at: arabic ¶4, text: On an item.}\n  - {at: hebrew ¶2, text: On a quotation.}\n";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"Ferries\"\n[output.html]\n")
        .file(
            "content/chapters/01-ferries.md",
            "# Ferries\n\nBack [@hebrew, ¶1; @arabic, ¶4; @gazette, ¶1].\n",
        )
        .file("content/annotations/notes.yaml", notes);
    for name in ["hebrew", "arabic", "gazette"] {
        let page = sample().join(format!("tests/import/{name}.html"));
        book.run(&["import", page.to_str().unwrap(), "--id", name])
            .expect(0);
    }
    book.run(&["build", "--strict"]).expect(0);
    let hebrew = book.read("book/articles/hebrew.html");
    assert!(hebrew.contains("<div class=\"text source\" lang=\"he\" dir=\"rtl\">"));
    assert!(hebrew.contains("<div class=\"aside\" lang=\"en\" dir=\"ltr\">"));
    for script in ["validate.mjs", "run.mjs"] {
        run(Command::new("node")
            .arg(sample().join("tests/browser").join(script))
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
