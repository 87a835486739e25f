//! The sample book's PDF, read with poppler and qpdf.

mod completeness;
mod pages;
mod standards;

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use pincite::book::Home;

use crate::book::{TestBook, pincite, sample};
use crate::paper::running_pages;

/// The sample book's print edition, made once.
static PRINTED: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let status = pincite()
        .args(["build", "-q", "--book"])
        .arg(sample())
        .arg("--out")
        .arg(&out)
        .status()
        .unwrap();
    assert!(status.success());
    (folder, out.join("the-alliance-brief.pdf"))
});

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .arg(&PRINTED.1)
        .args(if program == "pdftotext" {
            &["-"][..]
        } else {
            &[]
        })
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; `./test` installs it"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a text, one blank between two.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sample book, read through the library.
struct Sample {
    notes: Vec<(Home, usize)>,
}

impl Sample {
    fn book() -> pincite::book::Book {
        let sources = pincite::disk::read(sample()).unwrap();
        pincite::compile::compile(&sources, None).book
    }

    fn read() -> Self {
        let book = Sample::book();
        let chapters = (0..book.chapters.len()).map(Home::Chapter);
        let events = (0..book.events.len()).map(Home::Event);
        let comments = (0..book.comments.len()).map(Home::Comment);
        let claims = (0..book.claims.len()).map(Home::Claim);
        let homes = chapters.chain(events).chain(comments).chain(claims);
        // What bears on a claim stands in its table, not at the foot of the page.
        let own = |home| {
            book.notes_of(home)
                .iter()
                .filter(|note| note.bearing.is_none())
        };
        let notes = homes.map(|home| (home, own(home).count()));
        Sample {
            notes: notes.collect(),
        }
    }

    /// How many notes are printed at the foot of a page.
    fn notes(&self) -> usize {
        self.notes.iter().map(|(_, notes)| notes).sum()
    }
}

/// A PDF that would be made of the same is left as it is; one that someone changed is not.
#[test]
fn an_unchanged_pdf_is_not_made_again() {
    let book = TestBook::small();
    book.write(
        "book.toml",
        b"[book]\ntitle = \"Small\"\n[output.html]\n[output.pdf]\n",
    );
    let unchanged = "the PDF (unchanged)";
    let first = book.run(&["build"]).expect(0);
    assert!(!first.err.contains(unchanged), "{}", first.err);
    book.run(&["build"]).expect(0).says(unchanged);
    let pdf = book.path("book/small.pdf");
    let sound = std::fs::read(&pdf).unwrap();
    std::fs::write(
        &pdf,
        [sound.as_slice(), b"% changed by hand\n%%EOF\n"].concat(),
    )
    .unwrap();
    let mended = book.run(&["build"]).expect(0);
    assert!(!mended.err.contains(unchanged), "{}", mended.err);
    assert!(std::fs::read(&pdf).unwrap() == sound);
    book.write("content/chapters/02-more.md", b"# More\n\nMore words.\n");
    let changed = book.run(&["build"]).expect(0);
    assert!(!changed.err.contains(unchanged), "{}", changed.err);

    book.run(&["pdf"]).expect(0);
    book.run(&["pdf"]).expect(0).says("small.pdf (unchanged)");
    std::fs::write(book.path("small.pdf"), &sound[..sound.len() / 2]).unwrap();
    let made = book.run(&["pdf"]).expect(0);
    assert!(!made.err.contains("unchanged"), "{}", made.err);
}

/// Content is data: nothing in it becomes markup or code.
#[test]
fn content_cannot_run_code() {
    let evil = "#read(\"/etc/passwd\") $x$ @y <z> *a* \\ // ]";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = '#read(\"/etc/passwd\")'\nbanner = '$x$ *b*'\n[output.pdf]\nannex = \"all\"\n")
        .file("content/articles/a.md", &format!("---\ntitle: '{evil}'\nauthor: '{evil}'\n---\n\n{}\n", evil.replace('<', "\\<").replace('*', "\\*")));
    book.run(&["build"]).expect(0);
    let pdf = std::fs::read_dir(book.path("book"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let pdf = pdf.filter(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    let pdf = pdf.last().unwrap();
    let output = Command::new("pdftotext")
        .arg(pdf)
        .arg("-")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("#read(\"/etc/passwd\") $x$ @y <z> *a*"),
        "{text}"
    );
    assert!(!text.contains("root:"), "{text}");
}

/// The text of a book's PDF.
fn printed(book: &TestBook, name: &str) -> String {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(book.path("book").join(name))
        .arg("-")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// People stand in the index under their family names where the author says so, and in the glossary as they are called.
#[test]
fn people_stand_under_their_family_names() {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"Small\"\n[output.pdf]\nannex = \"all\"\n")
        .file("content/articles/report.md", "---\ntitle: Report\nrating: B2\n---\n\nJohn Adams met Mary Zeller and Bert Miller.\n")
        .file(
            "content/annotations/a.yaml",
            "glossary:\n  John Adams:\n    kind: person\n    text: One.\n  Mary Zeller:\n    kind: person\n    sort: Zeller, Mary\n    aliases: [Zeller]\n    text: Two.\n  Bert Miller:\n    kind: person\n    sort: Miller, Bert\n    text: Three.\n",
        );
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let pages = running_pages(&book.path("out.pdf"));
    let index = flat(pages.iter().rfind(|page| page.contains("People")).unwrap());
    let at = |words: &str| {
        index
            .find(words)
            .unwrap_or_else(|| panic!("no {words} in {index}"))
    };
    assert!(at("John Adams, ") < at("Miller, Bert, "), "{index}");
    assert!(at("Miller, Bert, ") < at("Zeller, Mary, "), "{index}");
    assert!(!index.contains("Zeller, see"), "{index}");
    let all = flat(&pages.concat());
    assert!(all.contains("Mary Zeller, also called Zeller"), "{all}");
    assert!(all.contains("Rating: B2"), "{all}");
}

#[test]
fn comments_claims_timeline_and_colophon_are_printed() {
    let all = flat(&running_pages(&PRINTED.1).concat().replace("\u{ad}\n", ""));
    for words in [
        "The headquarters at Yokota directs no operations today",
        "The claims and what the sources say of them",
        "Five Chinese missiles fall",
        "Set against the total given in 2024",
        "209 verified",
    ] {
        assert!(all.contains(words), "no {words:?}");
    }
    let sideways = run("pdfinfo", &["-f", "1", "-l", "999"]);
    assert!(sideways.contains("841.89 x 595.276"), "{sideways}");
}

#[test]
fn folios_tell_the_number_of_pages_where_configured() {
    let book = TestBook::small();
    let config =
        "[book]\ntitle = \"Small\"\n[output.pdf]\nfolio = \"page-of-pages\"\ntwo-sided = false\n";
    book.write("book.toml", config.as_bytes());
    book.run(&["build"]).expect(0);
    let text = printed(&book, "small.pdf");
    let pages = text.trim_end_matches('\u{c}').split('\u{c}').count();
    assert!(text.contains(&format!("3 of {pages}")), "{text}");
}

/// The sample book's Japanese names are set in a Japanese face, in the glossary and in the index.
#[test]
fn the_sample_books_japanese_is_printed() {
    let pages = running_pages(&PRINTED.1).concat();
    for name in [
        "岸田文雄",
        "木原稔",
        "上川陽子",
        "林芳正",
        "浜田靖一",
        "読売新聞",
    ] {
        assert_eq!(
            pages.matches(name).count(),
            2,
            "{name}; `./test` installs fonts-noto-cjk"
        );
    }
    let fonts = run("pdffonts", &[]);
    assert!(fonts.contains("NotoSerifCJKjp"), "{fonts}");
}

/// A character without a font is named with its place and package; the system's fonts print it.
#[test]
fn japanese_prints_with_the_systems_fonts() {
    let book = TestBook::small();
    book.write(
        "content/chapters/02-name.md",
        "# Name\n\nHis name is written 岸田文雄.\n".as_bytes(),
    );
    let config = "[book]\ntitle = \"Small\"\n[output.pdf]\n";
    book.write("book.toml", config.as_bytes());
    book.run(&["build"])
        .expect(0)
        .says("the PDF's fonts lack `岸` (U+5CB8, Chinese or Japanese) and 3 others")
        .says("content/chapters/02-name.md:3:21")
        .says("fonts-noto-cjk");
    let font = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";
    assert!(
        std::path::Path::new(font).exists(),
        "fonts-noto-cjk is missing; `./test` installs it"
    );
    book.write(
        "book.toml",
        format!("{config}system-fonts = true\n").as_bytes(),
    );
    let ran = book.run(&["build"]).expect(0);
    assert!(!ran.err.contains("missing-glyph"), "{}", ran.err);
    assert!(printed(&book, "small.pdf").contains("岸田文雄"));
}

#[test]
fn a_broken_image_is_told_where_it_is_named() {
    let book = TestBook::small();
    book.write("content/assets/map.png", b"no image");
    book.write(
        "content/chapters/02-map.md",
        b"# Map\n\n![The islands](../assets/map.png)\n",
    );
    book.write("book.toml", b"[book]\ntitle = \"Small\"\n[output.pdf]\n");
    book.run(&["build"])
        .expect(0)
        .says("unreadable-image")
        .says("content/chapters/02-map.md:3");
    assert!(printed(&book, "small.pdf").contains("The islands"));
}

/// `pdf` writes its file and leaves a site as it is.
#[test]
fn the_pdf_alone_leaves_the_site() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    book.run(&["pdf"]).expect(0).says("small.pdf");
    assert!(book.path("book/index.html").exists());
    assert!(
        std::fs::read(book.path("small.pdf"))
            .unwrap()
            .starts_with(b"%PDF")
    );
    book.run(&["pdf", "--out", "out/other.pdf"]).expect(0);
    assert!(book.path("out/other.pdf").exists());
}
