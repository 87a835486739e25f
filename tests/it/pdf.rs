//! The sample book's PDF, read with poppler and qpdf.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::book::{TestBook, pincite, sample};

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

/// The text of each page.
fn pages() -> Vec<String> {
    let text = run("pdftotext", &["-layout"]);
    text.trim_end_matches('\u{c}')
        .split('\u{c}')
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_pdf_is_sound_tagged_and_titled() {
    let info = run("pdfinfo", &[]);
    assert!(
        info.contains("Title:           The Alliance Brief"),
        "{info}"
    );
    assert!(
        info.lines()
            .any(|line| line.starts_with("Tagged:") && line.ends_with("yes")),
        "{info}"
    );
    let checked = run("qpdf", &["--check"]);
    assert!(
        checked.contains("No syntax or stream encoding errors found"),
        "{checked}"
    );
    let fonts = run("pdffonts", &[]);
    for font in fonts.lines().skip(2) {
        assert!(font.contains(" yes yes "), "not embedded: {font}");
    }
}

#[test]
fn the_contents_name_the_pages_where_chapters_begin() {
    let pages = pages();
    let contents = &pages[1];
    let mut checked = 0;
    for line in contents.lines().filter(|line| line.contains(" . . ")) {
        let (title, number) = line.split_once(" . .").unwrap();
        let number: usize = number.trim_matches(['.', ' ']).parse().unwrap();
        let title = title
            .trim()
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim();
        let page: Vec<&str> = pages[number - 1].split_whitespace().collect();
        assert!(
            page.join(" ").contains(title),
            "`{title}` is not on page {number}"
        );
        checked += 1;
    }
    assert!(checked >= 10, "{checked} lines in:\n{contents}");
}

/// Every `, ¶ N, p. M` of a footnote names the page on which that paragraph's number stands in the margin.
#[test]
fn footnotes_name_the_page_of_the_cited_paragraph() {
    let pages = pages();
    let mut by_page: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for page in &pages {
        let words: Vec<&str> = page.split_whitespace().collect();
        for window in words.windows(5) {
            let [before, "¶" | "¶¶", paragraph, "p.", number] = window else {
                continue;
            };
            if !before.ends_with([',', ';']) {
                continue;
            }
            let first = paragraph.split(['–', ',']).next().unwrap();
            let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            if let (Ok(paragraph), Ok(number)) = (first.parse(), number.parse()) {
                by_page.entry(number).or_default().push(paragraph);
            }
        }
    }
    let references: usize = by_page.values().map(Vec::len).sum();
    assert!(references > 40, "{references}");
    for (number, paragraphs) in by_page {
        let words: Vec<&str> = pages[number - 1].split_whitespace().collect();
        for paragraph in paragraphs {
            assert!(
                words.contains(&paragraph.to_string().as_str()),
                "¶ {paragraph} is not on page {number}"
            );
        }
    }
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let book = TestBook::small();
    let build = |out: &str| {
        book.run(&["build", "--format", "pdf", "--out", out])
            .expect(0);
        std::fs::read(book.path(out).join("small.pdf")).unwrap()
    };
    assert!(build("a") == build("b"));
}

#[test]
fn both_standards_can_be_kept() {
    for standard in ["ua-1", "a-2a"] {
        let book = TestBook::small();
        let config = format!(
            "[book]\ntitle = \"Small\"\ndate = 2024-08-01\n[output.pdf]\nstandard = \"{standard}\"\nannex = \"all\"\n"
        );
        book.write("book.toml", config.as_bytes());
        book.run(&["build"]).expect(0);
    }
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

/// Every page that the index names after a person has one of that person's names on it.
#[test]
fn the_index_names_true_pages() {
    let pages = pages();
    let index = pages
        .iter()
        .rposition(|page| page.contains("Index") && page.contains("People"))
        .expect("there is an index");
    let mut checked = 0;
    for (entry, name) in [
        ("Antony Blinken", "Blinken"),
        ("Fumio Kishida", "Kishida"),
        ("Samuel Paparo", "Paparo"),
    ] {
        let after = pages[index].split_once(&format!("{entry}, ")).unwrap().1;
        let numbers = after.split("  ").next().unwrap().lines().next().unwrap();
        for range in numbers.split(", ").filter(|range| !range.is_empty()) {
            let (first, last) = range.split_once('–').unwrap_or((range, range));
            let (first, last): (usize, usize) =
                (first.trim().parse().unwrap(), last.trim().parse().unwrap());
            for page in first..=last {
                assert!(
                    pages[page - 1].contains(name),
                    "{name} is not on page {page}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 6, "{checked}");
}

#[test]
fn comments_claims_timeline_and_colophon_are_printed() {
    let pages = pages();
    let all = pages.join("\n");
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
