//! The manual's examples hold: a reader who does what a page says gets what it shows.
//!
//! A block with a file's name is written to that file. In a block `console`, each line after `$ ` is run; what stands below it
//! must stand in its output, in this order.

use std::fs;
use std::process::Command;

use crate::book::{Ran, TestBook, pincite, sample};

/// A fenced block: what stands after its fence, and its lines.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body = lines.by_ref().take_while(|line| *line != "```");
            let body: String = body.flat_map(|line| [line, "\n"]).collect();
            blocks.push((info.to_owned(), body));
        }
    }
    blocks
}

/// Does what a page says, in this book's folder.
fn follow(page: &str, book: &TestBook) {
    let text = fs::read_to_string(sample().join("docs").join(page)).unwrap();
    for (info, body) in blocks(&text) {
        match info.split_once(' ') {
            Some((_, file)) => book.write(file, body.as_bytes()),
            None if info == "console" => console(&body, book, page),
            None => {}
        }
    }
}

fn console(block: &str, book: &TestBook, page: &str) {
    for command in block.split("$ ").skip(1) {
        let (command, expected) = command.split_once('\n').unwrap();
        let folder = pincite().get_program().to_os_string();
        let program = std::path::Path::new(&folder).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .env("PATH", path)
            .env("NO_COLOR", "1");
        let ran = Ran::of(shell.current_dir(book.path("")));
        let found = ran.out + &ran.err;
        let mut rest = found.as_str();
        for line in expected.lines().filter(|line| !line.is_empty()) {
            let Some(at) = rest.find(line) else {
                panic!("{page}: `{command}` does not say {line:?} but:\n{found}");
            };
            rest = &rest[at + line.len()..];
        }
    }
}

#[test]
fn the_quick_start_leads_to_a_verified_citation() {
    let book = TestBook::empty();
    follow("quick-start.md", &book);
    book.run(&["build", "--strict"]).expect(0);
    assert!(
        book.read("book/chapters/harbour.html")
            .contains("14 metres")
    );
}

#[test]
fn the_annotations_of_the_manual_are_sound() {
    let book = TestBook::empty();
    follow("quick-start.md", &book);
    fs::remove_dir_all(book.path("content/annotations")).unwrap();
    follow("writing-annotations.md", &book);
    book.run(&["check", "--strict"]).expect(0);
}

#[test]
fn every_link_of_the_manual_leads_somewhere() {
    let docs = sample().join("docs");
    let pages = fs::read_dir(&docs)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut links = 0;
    for page in pages.filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let text = outside_examples(&fs::read_to_string(&page).unwrap());
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if link.contains("://") || file.starts_with('/') || link.contains([' ', '\n']) {
                continue;
            }
            links += 1;
            let target = if file.is_empty() {
                page.clone()
            } else {
                docs.join(file)
            };
            assert!(target.exists(), "{}: {link}", page.display());
            assert!(
                anchor.is_empty() || has_heading(&target, anchor),
                "{}: {link}",
                page.display()
            );
        }
    }
    assert!(links > 20, "only {links} links were found");
}

/// A page without its code, whose links are those of books.
fn outside_examples(page: &str) -> String {
    let mut inside = false;
    let mut lines = page.lines().collect::<Vec<_>>();
    lines.retain(|line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    lines.join("\n").split('`').step_by(2).collect()
}

fn has_heading(page: &std::path::Path, anchor: &str) -> bool {
    let text = fs::read_to_string(page).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let mut anchors = headings.map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().replace(' ', "-")
    });
    anchors.any(|found| found == anchor)
}
