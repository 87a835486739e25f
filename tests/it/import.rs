//! `import` on saved pages: `tests/import` holds each page and, below the same name, what must come of it.
//!
//! `BLESS=1 cargo test --test it import` writes what came of each page into its `.expected` file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pincite::import::{Given, Imported, Problem, SavedPage, import_page};

use crate::book::{TestBook, sample};

fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(sample().join("tests/import")).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| {
        path.extension()
            .is_some_and(|ending| ending == "html" || ending == "md")
    });
    pages.sort();
    assert!(pages.len() >= 9, "{pages:?}");
    pages
}

fn name(page: &Path) -> &str {
    page.file_name().unwrap().to_str().unwrap()
}

/// A fresh book with all saved pages beside it.
fn fresh() -> TestBook {
    let book = TestBook::empty();
    book.run(&["init", "book"]).expect(0);
    for page in pages() {
        book.write(name(&page), &fs::read(&page).unwrap());
    }
    let picture = "newspaper_files/ferry.png";
    book.write(
        picture,
        &fs::read(sample().join("tests/import").join(picture)).unwrap(),
    );
    book
}

#[test]
fn saved_pages_become_articles() {
    let book = fresh();
    for page in pages() {
        let ran = book
            .run(&["import", "--book", "book", "--dry-run", name(&page)])
            .expect(0);
        let found = format!("{}\n{}", ran.err, ran.out);
        let expected = page.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(
            found,
            fs::read_to_string(&expected).unwrap_or_default(),
            "{}",
            name(&page)
        );
    }
}

#[test]
fn saved_pages_are_sound_articles_of_a_fresh_book() {
    let book = fresh();
    let pages = pages();
    let mut arguments = vec!["import", "--book", "book"];
    arguments.extend(pages.iter().map(|page| name(page)));
    book.run(&arguments).expect(0);
    // The print edition's own fonts have no Japanese, which is said.
    let config = book.read("book/book.toml") + "\n[lints]\nmissing-glyph = \"allow\"\n";
    book.write("book/book.toml", config.as_bytes());
    book.run(&["check", "--book", "book", "--strict"]).expect(0);
    for picture in [
        "ferries-return-to-the-old-harbor/ferry.png",
        "ice-and-timetables-a-decade-of-small/picture.png",
    ] {
        let bytes = fs::read(book.path("book/content/assets").join(picture)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{picture}");
    }
    book.run(&arguments)
        .expect(0)
        .says("the same file is in the book as `the-ferry-bell`");
}

#[test]
fn what_is_said_on_the_command_line_counts() {
    let book = fresh();
    let arguments = [
        "import",
        "--book",
        "book",
        "blog.html",
        "--id",
        "bell",
        "--title",
        "The Bell",
        "--date",
        "2031-07-05",
        "--publication",
        "Pier Notes",
    ];
    book.run(&arguments).expect(0);
    let article = book.read("book/content/articles/bell.md");
    for line in [
        "title: \"The Bell\"",
        "publication: \"Pier Notes\"",
        "date: \"2031-07-05\"",
    ] {
        assert!(article.contains(line), "{article}");
    }
    book.run(&["import", "--book", "book", "clipping.md", "--id", "bell"])
        .expect(1)
        .says("is taken by");
    book.run(&[
        "import",
        "--book",
        "book",
        "clipping.md",
        "--id",
        "bell",
        "--force",
        "--title",
        "A: B",
    ])
    .expect(0);
    assert!(
        book.read("book/content/articles/bell.md")
            .contains("title: \"A: B\"\n")
    );
}

#[test]
fn a_date_may_be_given_in_words() {
    let book = TestBook::small().file("a.txt", "Harbour to be dredged\n\nThe board met.\n");
    let date = |words: &str| book.run(&["import", "a.txt", "--dry-run", "--date", words]);
    let told = date("5 July 2024").expect(0).out;
    assert!(told.contains("date: \"2024-07-05\"\n"), "{told}");
    date("03/05/2024")
        .expect(2)
        .says("`03/05/2024` is not a date");
}

#[test]
fn what_is_no_page_is_told() {
    let archive = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>";
    let book = TestBook::small()
        .file("a.mhtml", archive)
        .file("b.pdf", "%PDF-1.7")
        .file(
            "c.html",
            "<title>Nothing</title><body><nav><a href=/>Home</a></nav>",
        )
        .file("d.html", "");
    book.run(&["import", "a.mhtml"]).expect(1).says("MHTML");
    book.run(&["import", "b.pdf"]).expect(1).says("PDF");
    let rtf = "{\\rtf1\\ansi\n\\f0 Harbour\\\nThe board.}\n";
    let book = book.file("e.txt", rtf).file("content/articles/e.md", rtf);
    book.write("f.docx", b"PK\x03\x04\x14\0\xff");
    book.run(&["import", "e.txt"])
        .expect(1)
        .says("this is an RTF document")
        .says("save it as plain text");
    book.run(&["import", "f.docx"])
        .expect(1)
        .says("a word processor's document");
    book.run(&["check"])
        .expect(1)
        .says("[unreadable-file]: this is an RTF document");
    book.run(&["import", "c.html", "d.html"])
        .expect(1)
        .says("there is no article in this file");
}

#[test]
fn no_picture_comes_from_outside_the_pages_folder() {
    let body = format!(
        "<h1>Pictures</h1><p>{}</p>",
        "A sentence of the article stands here, and another one after it. ".repeat(9)
    );
    let page = format!(
        "{body}<p><img src=../secret.png><img src=/etc/hostname.png><img src=link.png><img src=%2e%2e/secret.png><img src=words.txt></p>"
    );
    let book = TestBook::small()
        .file("in/page.html", &page)
        .file("secret.png", "secret")
        .file("in/words.txt", "words");
    std::os::unix::fs::symlink(book.path("secret.png"), book.path("in/link.png")).unwrap();
    book.run(&["import", "in/page.html"]).expect(0);
    assert!(!book.path("content/assets").exists());
}

fn imported(page: &str) -> Result<Imported, Problem> {
    let saved = SavedPage {
        file_name: "page.html",
        bytes: page.as_bytes(),
        holds: &|_| false,
    };
    import_page(&saved, &Given::default())
}

/// Within this time the largest page is read, on a busy machine too.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 20 });

const SENTENCE: &str =
    "The first ferry in nine years tied up at the old pier, to the cheers of a crowd. ";

#[test]
fn hostile_pages_are_survived() {
    let size = if cfg!(debug_assertions) {
        1_000_000
    } else {
        10_000_000
    };
    let megabytes = |piece: &str| piece.repeat(size / piece.len());
    let text = format!("<p>{}</p>", SENTENCE.repeat(10));
    let pages = [
        (
            "nested elements",
            format!("<h1>T</h1>{}{text}", "<div>".repeat(100_000)),
        ),
        (
            "nested quotations",
            format!("<h1>T</h1>{}{text}", "<blockquote>".repeat(100_000)),
        ),
        (
            "nested lists",
            format!("<h1>T</h1>{}{text}", "<ul><li>".repeat(100_000)),
        ),
        (
            "nested tables",
            format!("<h1>T</h1>{}{text}", "<table><tr><td>".repeat(50_000)),
        ),
        (
            "emphasis in emphasis",
            format!("<h1>T</h1>{text}<p>{}", "<b><i class=x>a".repeat(50_000)),
        ),
        (
            "emphasis that is opened again",
            format!("<h1>T</h1>{text}{}", "<p><b class=x>a".repeat(50_000)),
        ),
        (
            "ten megabytes of paragraphs",
            format!("<h1>T</h1>{}", megabytes(&text)),
        ),
        (
            "ten megabytes of links",
            format!("<h1>T</h1>{text}{}", megabytes("<a href=x>y</a> ")),
        ),
        (
            "ten megabytes of breaks",
            format!("<h1>T</h1>{text}{}", megabytes("a<br>")),
        ),
        (
            "ten megabytes of cells",
            format!(
                "<h1>T</h1>{text}<table>{}",
                megabytes("<tr><td colspan=999>a<td>b")
            ),
        ),
        (
            "ten megabytes in one word",
            format!("<h1>T</h1><p>{}", megabytes("a")),
        ),
        (
            "ten megabytes of signs",
            format!("<h1>T</h1>{text}<p>{}", megabytes("*_[`<&")),
        ),
        (
            "ten megabytes of attributes",
            format!("<h1>T</h1>{text}<p {}>x", megabytes("a=b ")),
        ),
        (
            "an open comment",
            format!("<h1>T</h1>{text}<!-- {}", megabytes("x ")),
        ),
    ];
    for (name, page) in pages {
        let start = Instant::now();
        let imported = imported(&page).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(start.elapsed() < LONGEST, "{name}: {:?}", start.elapsed());
        assert_eq!(imported.title, "T", "{name}");
    }
}

#[test]
fn odd_pages_are_read() {
    let text = SENTENCE.repeat(8);
    let cases: &[(&str, String, &str)] = &[
        (
            "no body",
            format!("<title>T</title>{text}"),
            "The first ferry",
        ),
        (
            "unclosed tags",
            format!("<h1>T</h1><div><p>{text}<p><b>One<p><i>two<table><tr><td>a<td>b<tr><td>c"),
            "One",
        ),
        (
            "wrong nesting",
            format!("<h1>T</h1><p>{text}<b><p>one</b> two</p></i>"),
            "two",
        ),
        (
            "script",
            format!("<h1>T</h1><p>{text}<script>alert('</p>')</script><p onclick=x()>one"),
            "one",
        ),
        (
            "script in a text",
            format!("<h1>T</h1><p>{text}&lt;script>alert(1)&lt;/script>"),
            "\\<script>alert(1)\\</script>",
        ),
        (
            "links that run",
            format!(
                "<h1>T</h1><p>{text} <a href=' java\nscript:alert(1)'>one</a> <a href='data:text/html,x'>two</a>"
            ),
            " one two\n",
        ),
        (
            "direction marks",
            format!("<h1>\u{200f}T</h1><p>\u{202e}{text}\u{202c} one"),
            "one",
        ),
        ("NUL", format!("<h1>T</h1><p>{text}\0one"), "one"),
        (
            "frames",
            format!("<h1>T</h1><p>{text}<frameset><frame src=x></frameset>"),
            "The first ferry",
        ),
        (
            "a short last line",
            format!(
                "<h1>T</h1><div>{text}<br><br>{text}<br><br>Ada Brook contributed reporting.</div>"
            ),
            "\nAda Brook contributed reporting.",
        ),
        (
            "a name at a paragraph's end",
            format!("<h1>T</h1><p>{text} one ^name</p><p>{text}"),
            "one \\^name",
        ),
    ];
    for (name, page, part) in cases {
        let imported = imported(page).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(imported.title, "T", "{name}");
        assert!(
            imported.markdown.contains(part),
            "{name}: {}",
            imported.markdown
        );
        assert!(
            !imported.markdown.contains("javascript:"),
            "{name}: {}",
            imported.markdown
        );
    }
}
