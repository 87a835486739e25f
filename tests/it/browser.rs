//! The sample site, and a live preview, in a real browser; `tests/browser/*.mjs` say what is looked at.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::book::{TestBook, sample};
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

fn run(command: &mut Command) {
    let output = command.output().expect("node is installed");
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
}
