//! The explanations of the lints: every example is run, and `docs/lints.md` is written from them.
//!
//! An explanation (`src/diagnostic/explanations/NAME.md`) is Markdown. Below `Wrong:` stand the files of a small book
//! that raises this lint and no other, and a block `message` with what is printed; below `Right:` the files of one that
//! raises none. A block's info string is its language and a path, which may be followed by the encoding `latin1`, or
//! by `before`: then it is what stood there when the citations of the book were settled.
//! The files come on top of the book in `BASE`.
//!
//! `BLESS=1` writes the messages and the manual's page anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pincite::compile::compile;
use pincite::diagnostic::{self, Diagnostic, Level, Lint};
use pincite::edition::Edition;
use pincite::site::Page;
use pincite::source::Sources;
use pincite::{disk, html, lock};

use crate::book::{TestBook, pincite};

/// The book that every example adds to.
const BASE: &[(&str, &str)] = &[
    ("book.toml", "[book]\ntitle = \"Harbours\"\n"),
    (
        "content/articles/harbour.md",
        "---\ntitle: Harbour report\n---\n\nThe harbour has two piers.\n\n\
         Ferries use the north pier. Large ships do not use the north pier.\n\n\
         The port authority counted 4,200 ships in 2023.\n",
    ),
];

/// Only the print edition raises them, which most tests are built without.
const WITHOUT_EXAMPLE: [Lint; 3] = [Lint::MissingFont, Lint::MissingGlyph, Lint::PrintError];

/// What ends the info string of a file as it was when its citations were settled.
const BEFORE: &str = " before";

/// A piece of an explanation.
enum Piece {
    Words(String),
    Block { info: String, text: String },
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// The explanation as its file has it now.
fn source(lint: Lint) -> (PathBuf, String) {
    let path = root().join(format!("src/diagnostic/explanations/{}.md", lint.name()));
    let text = fs::read_to_string(&path).unwrap();
    (path, text)
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut lines = text.lines();
    let mut words = String::new();
    while let Some(line) = lines.next() {
        let fence = &line[..line.len() - line.trim_start_matches('`').len()];
        if fence.len() < 3 {
            words += line;
            words += "\n";
            continue;
        }
        pieces.push(Piece::Words(std::mem::take(&mut words)));
        let mut text = String::new();
        for line in lines.by_ref().take_while(|line| *line != fence) {
            text += line;
            text += "\n";
        }
        let info = line[fence.len()..].to_owned();
        pieces.push(Piece::Block { info, text });
    }
    pieces.push(Piece::Words(words));
    pieces
}

/// The file that a block's info string names, from the book's folder.
fn path_of(info: &str) -> Option<String> {
    let (_, path) = info.split_once(' ')?;
    let path = path.trim_end_matches(" latin1").trim_end_matches(BEFORE);
    Some(
        if matches!(path, "book.toml" | "house.csl" | "citations.lock")
            || path.starts_with("themes/")
        {
            path.to_owned()
        } else {
            format!("content/{path}")
        },
    )
}

/// The files of one of the two books of an explanation.
fn book<'p>(pieces: impl Iterator<Item = &'p Piece>) -> TestBook {
    let mut book = TestBook::empty();
    for (path, text) in BASE {
        book = book.file(path, text);
    }
    let files = pieces.filter_map(|piece| match piece {
        Piece::Block { info, text } => Some((info, path_of(info)?, text)),
        Piece::Words(_) => None,
    });
    let files: Vec<_> = files.collect();
    let (before, now): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.0.ends_with(BEFORE));
    if !before.is_empty() {
        for (_, path, text) in now.iter().chain(&before) {
            book.write(path, text.as_bytes());
        }
        let settled = compile(&disk::read(&book.path("")).unwrap(), None)
            .book
            .settled;
        book.write(lock::PATH, settled.text().as_bytes());
    }
    for (info, path, text) in now {
        if info.ends_with(" latin1") {
            let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
            book.write(path, &bytes);
        } else {
            book.write(path, text.as_bytes());
        }
    }
    book
}

/// Everything that `check` would find.
fn problems(book: &TestBook) -> (Sources, Vec<Diagnostic>) {
    let sources = disk::read(&book.path("")).unwrap();
    let compilation = compile(&sources, None);
    let edition = Edition::new(&compilation.book);
    let (site, mut problems) = html::site(&edition, &sources);
    problems.extend(site.pages().values().filter_map(|page| match page {
        Page::Rendered(render) => render().err().map(|mistake| *mistake),
        Page::Bytes(_) | Page::Costly(..) | Page::Written(_) | Page::Asset(_) => None,
    }));
    problems.dedup();
    problems.extend(compilation.diagnostics.iter().cloned());
    drop(site);
    (sources.clone(), problems)
}

fn printed(sources: &Sources, problems: &[Diagnostic]) -> String {
    let text = |problem| diagnostic::text(problem, sources, false, 100) + "\n";
    problems.iter().map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_example_raises_its_lint_and_no_other() {
    let mut failures = String::new();
    for lint in Lint::ALL {
        if WITHOUT_EXAMPLE.contains(lint) {
            continue;
        }
        if let Err(problem) = check_example(*lint) {
            write!(failures, "\n── {}\n{problem}\n", lint.name()).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn check_example(lint: Lint) -> Result<(), String> {
    let (path, text) = source(lint);
    let pieces = pieces(&text);
    let is_message =
        |piece: &Piece| matches!(piece, Piece::Block { info, .. } if info == "message");
    let message = pieces
        .iter()
        .position(is_message)
        .ok_or("no block `message`")?;
    let (wrong, right) = pieces.split_at(message);
    let (sources, found) = problems(&book(wrong.iter()));
    let printed = printed(&sources, &found);
    if found.is_empty() || found.iter().any(|problem| problem.lint != lint) {
        return Err(format!("the wrong book raises:\n{printed}"));
    }
    if let Piece::Block { text: expected, .. } = &right[0]
        && *expected != printed
    {
        if blesses() {
            let new = text.replacen(
                &format!("```message\n{expected}```"),
                &format!("```message\n{printed}```"),
                1,
            );
            fs::write(path, new).unwrap();
        } else {
            return Err(format!("expected:\n{expected}\nfound:\n{printed}"));
        }
    }
    let (sources, found) = problems(&book(right.iter()));
    if !found.is_empty() {
        return Err(format!(
            "the right book raises:\n{}",
            self::printed(&sources, &found)
        ));
    }
    Ok(())
}

#[test]
fn the_manual_has_every_lint() {
    let page = manual();
    let path = root().join("docs/lints.md");
    if fs::read_to_string(&path).is_ok_and(|old| old == page) {
        return;
    }
    assert!(
        blesses(),
        "docs/lints.md is stale: run this test with BLESS=1"
    );
    fs::write(path, page).unwrap();
}

fn manual() -> String {
    let mut page = String::from(
        "# Problems by name\n\n\
         <!-- Written by `BLESS=1 cargo test --test it lints` from src/diagnostic.rs and src/diagnostic/explanations/. -->\n\n\
         Every message has a name in brackets, `error[lost-quotation]`. `pincite explain lost-quotation` prints what stands\n\
         here. An *error* keeps the book from being built, a *warning* does not; `book.toml` sets either, or silence, by name:\n\n\
         ```toml\n[lints]\nundefined-acronym = \"allow\"   # allow | warn | deny\n```\n\n\
         The examples add to this book:\n",
    );
    for (path, text) in BASE {
        write!(page, "\n`{path}`\n\n```text\n{text}```\n").unwrap();
    }
    for lint in Lint::ALL {
        let level = match lint.usual_level() {
            Level::Allow => "silent",
            Level::Warn => "a warning",
            Level::Deny => "an error",
        };
        let (name, meaning) = (lint.name(), lint.meaning());
        write!(page, "\n## `{name}`\n\n*{meaning}* Usually {level}.\n\n").unwrap();
        let (_, text) = source(*lint);
        for piece in pieces(&text) {
            match piece {
                Piece::Words(words) => page += &words,
                Piece::Block { info, text } => {
                    if let Some(path) = path_of(&info) {
                        let before = if info.ends_with(BEFORE) {
                            ", before"
                        } else {
                            ""
                        };
                        write!(page, "`{path}`{before}\n\n").unwrap();
                    }
                    let language = info.split(' ').next().unwrap().replace("message", "text");
                    write!(page, "```{language}\n{text}```\n").unwrap();
                }
            }
        }
    }
    page
}

#[test]
fn every_explanation_has_its_lint() {
    let names: BTreeSet<String> = Lint::ALL
        .iter()
        .map(|lint| lint.name().to_owned())
        .collect();
    let folder = root().join("src/diagnostic/explanations");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".md").to_owned())
        .collect();
    assert_eq!(names, files);
    for lint in Lint::ALL {
        assert!(lint.explanation().len() > 120, "{}", lint.name());
    }
}

#[test]
fn explain_prints_the_example_and_its_mend() {
    let output = pincite()
        .args(["explain", "lost-quotation"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "lost-quotation (an error)",
        "What stands in quotation marks must stand in the source",
        "Wrong:\n\n  content/chapters/01-port.md\n",
        "    Its officers “have never seen so many of them” [@harbour, ¶3].\n",
        "    error[lost-quotation]: these words do not stand",
        "Right:\n",
    ] {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
    assert!(!text.contains("```"), "{text}");
}
