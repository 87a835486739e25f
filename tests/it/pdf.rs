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
