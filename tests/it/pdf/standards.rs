//! What kind of PDF it is: tagged, reproducible, in a standard where one is asked for.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::{PRINTED, Sample, run};
use crate::book::{TestBook, pincite, sample};
use crate::tags::Objects;

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
fn the_same_book_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again.pdf");
    let status = pincite()
        .args(["pdf", "-q", "--book"])
        .arg(sample())
        .arg("--out")
        .arg(&again)
        .status();
    assert!(status.unwrap().success());
    assert!(std::fs::read(&PRINTED.1).unwrap() == std::fs::read(&again).unwrap());
}

/// The sample book's PDF in a standard.
fn in_standard(standard: &str) -> (TestBook, PathBuf) {
    let book = TestBook::empty();
    let toml = std::fs::read_to_string(sample().join("book.toml")).unwrap();
    let toml = toml.replace(
        "[output.pdf]",
        &format!("[output.pdf]\nstandard = \"{standard}\""),
    );
    book.write("book.toml", toml.as_bytes());
    let content = sample().join("content");
    for entry in walkdir::WalkDir::new(&content) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(sample()).unwrap();
            book.write(
                path.to_str().unwrap(),
                &std::fs::read(entry.path()).unwrap(),
            );
        }
    }
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let pdf = book.path("out.pdf");
    (book, pdf)
}

#[test]
fn the_sample_book_keeps_both_standards() {
    for (standard, claims) in [
        ("ua-1", &["<pdfuaid:part>1</pdfuaid:part>"][..]),
        (
            "a-2a",
            &[
                "<pdfaid:part>2</pdfaid:part>",
                "<pdfaid:conformance>A</pdfaid:conformance>",
            ],
        ),
    ] {
        let (_book, pdf) = in_standard(standard);
        let metadata = Objects::metadata(&pdf);
        for claim in claims {
            assert!(
                metadata.contains(claim),
                "{standard}: no {claim} in {metadata}"
            );
        }
        let objects = Objects::of(&pdf);
        assert_eq!(objects.root()["/Lang"], "u:en");
        assert_eq!(objects.root()["/MarkInfo"]["/Marked"], true);
        let checked = Command::new("qpdf")
            .arg("--check")
            .arg(&pdf)
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stdout)
        );
    }
}

/// Headings skip no level, tables have heads, notes their marks, links their annotations, images their words.
#[test]
fn the_tag_tree_tells_the_books_structure() {
    let objects = Objects::of(&PRINTED.1);
    let roles = objects.roles();
    let sample = Sample::read();
    let count = |role: &str| roles.get(role).copied().unwrap_or(0);
    assert_eq!(count("/Document"), 1, "{roles:?}");
    assert_eq!(count("/Note"), sample.notes(), "{roles:?}");
    for role in [
        "/P",
        "/L",
        "/LI",
        "/BlockQuote",
        "/Table",
        "/TH",
        "/TD",
        "/TOC",
        "/Reference",
    ] {
        assert!(count(role) > 0, "no {role} in {roles:?}");
    }
    let mut before = 0;
    for tag in objects.tags() {
        if let Some(level) = tag
            .role
            .strip_prefix("/H")
            .and_then(|level| level.parse().ok())
        {
            assert!(level <= before + 1, "H{level} behind H{before}");
            before = level;
        }
        if tag.role == "/Figure" {
            assert!(tag.node["/Alt"].is_string(), "{}", tag.node);
        }
        if tag.role == "/Link" {
            let annotates = |kid: &Value| objects.get(kid)["/Type"] == "/OBJR";
            let kids = objects.get(&tag.node["/K"]);
            let kids = kids
                .as_array()
                .map_or(std::slice::from_ref(kids), Vec::as_slice);
            assert!(kids.iter().any(annotates), "{}", tag.node);
        }
    }
    assert!(objects.tags().iter().all(|tag| tag.depth < 40));
}
