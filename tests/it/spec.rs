//! The specification pages in `tests/spec/`, run.
//!
//! A page is Markdown. Each heading is a case; the fenced blocks below it are the files of a small book and what
//! is expected of it. A block's info string is its language and a path:
//!
//! - `md articles/a.md`, `yaml annotations/a.yaml`, `toml book.toml`: a file, below `content/` but for `book.toml`;
//! - `csl house.csl`: a citation style beside `book.toml`;
//! - `diagnostics`: everything that is printed, exactly; without such a block nothing may be printed;
//! - `html chapters/x.html`: lines that stand in the page, in this order, its arrows to original pages left out;
//! - `md articles/a.md before` and the like: what stood there when the book's citations were settled;
//! - `healed chapters/x.md`: the file after `heal`; `accepted chapters/x.md`: after `heal --accept-drift --yes`;
//! - `writeback articles/a.md`: the file with the citations written into it;
//! - `numbers articles/a.md`: the numbered paragraphs' plain texts, one a line.
//!
//! `BLESS=1` writes what was found into the blocks `diagnostics`, `healed`, `accepted`,
//! `writeback` and `numbers`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pincite::book::Book;
use pincite::compile::compile;
use pincite::diagnostic::{self, Diagnostic, Lint};
use pincite::edition::Edition;
use pincite::heal::heal;
use pincite::html;
use pincite::site::Page;
use pincite::source::{SitePath, Sources};
use pincite::writeback::{self, Comments};

/// One fenced block of a page.
struct Block {
    info: String,
    text: String,
}

/// A case: its heading and its blocks.
struct Case {
    heading: String,
    blocks: Vec<Block>,
}

#[test]
fn the_specification_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let mut pages: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    let mut failures = String::new();
    let mut cases = 0;
    for page in pages
        .iter()
        .filter(|page| page.extension().is_some_and(|ending| ending == "md"))
    {
        let text = fs::read_to_string(page).unwrap();
        let found = run_page(&text, |case, problem| {
            let name = page.file_name().unwrap().to_string_lossy();
            write!(failures, "\n── {name}: {case}\n{problem}\n").unwrap();
        });
        cases += found.1;
        if std::env::var_os("BLESS").is_some() && found.0 != text {
            fs::write(page, found.0).unwrap();
        }
    }
    assert!(cases > 0, "no cases in {}", folder.display());
    assert!(failures.is_empty(), "{failures}");
}

/// Runs a page's cases; returns the page as it would be right, and how many cases it has.
fn run_page(page: &str, mut fail: impl FnMut(&str, &str)) -> (String, usize) {
    let mut right = String::new();
    let mut case = Case {
        heading: String::new(),
        blocks: Vec::new(),
    };
    let mut cases = 0;
    let mut pending = String::new();
    let mut lines = page.split_inclusive('\n');
    let mut finish = |case: &mut Case, pending: &mut String, right: &mut String| {
        if case.blocks.is_empty() {
            right.push_str(pending);
        } else {
            cases += 1;
            right.push_str(&run_case(case, pending, &mut fail));
        }
        pending.clear();
        case.blocks.clear();
    };
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            finish(&mut case, &mut pending, &mut right);
            heading
                .trim_start_matches('#')
                .trim()
                .clone_into(&mut case.heading);
        }
        pending.push_str(line);
        let Some(fence) = fence(line) else { continue };
        let info = line.trim_end()[fence.len()..].trim().to_owned();
        let mut text = String::new();
        for line in lines.by_ref() {
            if line.trim_end() == fence {
                let _ = write!(pending, "\u{0}{}\u{0}{line}", case.blocks.len());
                break;
            }
            text.push_str(line);
        }
        case.blocks.push(Block { info, text });
    }
    finish(&mut case, &mut pending, &mut right);
    (right, cases)
}

/// The fence that a line opens: three or more backticks.
fn fence(line: &str) -> Option<&str> {
    let length = line.len() - line.trim_start_matches('`').len();
    (length >= 3).then(|| &line[..length])
}

/// The files of a case's book; with ` before`, those of the time when its citations were settled.
fn files<'c>(case: &'c Case, when: &str) -> Vec<(String, &'c str)> {
    let file = |block: &'c Block| {
        let (language, path) = block.info.split_once(' ')?;
        let is_before = path.ends_with(BEFORE);
        let path = path.trim_end_matches(BEFORE);
        let is_file = matches!(language, "md" | "yaml" | "toml" | "csl");
        let path = if path == "book.toml" || language == "csl" {
            path.to_owned()
        } else {
            format!("content/{path}")
        };
        let wanted = is_file && is_before == (when == BEFORE);
        wanted.then_some((path, block.text.as_str()))
    };
    case.blocks.iter().filter_map(file).collect()
}

/// What ends the info string of a file as it was when the book's citations were settled.
const BEFORE: &str = " before";

/// The book with its lock, where the case says what stood there before.
fn settled_before(case: &Case, sources: Sources) -> Sources {
    let before = files(case, BEFORE);
    if before.is_empty() {
        return sources;
    }
    let former = before.iter().fold(sources.clone(), |all, (path, text)| {
        all.with_text(path, text)
    });
    let settled = compile(&former, None).book.settled;
    sources.with_text(pincite::lock::PATH, &settled.text())
}

/// An article with the citations written into it. Writing them again changes nothing, and they can be taken out.
fn written_back(book: &Book, sources: &Sources, path: &str) -> String {
    let write = |book: &Book, sources: &Sources, comments| {
        let written = writeback::written_back(book, sources, comments);
        written
            .files
            .into_iter()
            .fold(sources.clone(), |all, (file, text)| {
                all.with_text(&sources.file(file).path, &text)
            })
    };
    let with = write(book, sources, Comments::Current);
    let again = compile(&with, None);
    let settled = |book: &Book| book.settled.text();
    assert_eq!(
        settled(&again.book),
        settled(book),
        "a comment changes a hash"
    );
    let same = |one: &Sources, other: &Sources| {
        let texts = |sources: &Sources| sources.files().map(|(_, f)| f.text.to_string()).collect();
        let (one, other): (Vec<String>, Vec<String>) = (texts(one), texts(other));
        assert_eq!(one, other);
    };
    same(&write(&again.book, &with, Comments::Current), &with);
    same(&write(&again.book, &with, Comments::Removed), sources);
    let file = with
        .find(&format!("content/{path}"))
        .expect("a file of the book");
    with.file(file).text.to_string()
}

/// A file after `heal`, everything that has drifted accepted or nothing; healing again changes nothing.
fn healed(sources: &Sources, path: &str, accept: bool) -> String {
    let heal = |sources: &Sources| match heal(sources, &mut |_| accept) {
        Ok(healed) => {
            let unknown = |d: &&Diagnostic| {
                d.lint == Lint::UnresolvedParagraph && d.message.contains("named")
            };
            let unknown: Vec<_> = healed.diagnostics.iter().filter(unknown).collect();
            assert!(unknown.is_empty(), "names that heal has lost: {unknown:#?}");
            healed.sources
        }
        Err(unread) => panic!("{unread:#?}"),
    };
    let (once, path) = (heal(sources), format!("content/{path}"));
    let twice = heal(&once);
    for (id, file) in once.files() {
        assert_eq!(
            *twice.file(id).text,
            *file.text,
            "heal does not come to rest"
        );
    }
    let file = once.find(&path).expect("a file of the book");
    once.file(file).text.to_string()
}

/// Runs a case; returns its text with what was found in the place of what was expected.
fn run_case(case: &Case, pending: &str, fail: &mut impl FnMut(&str, &str)) -> String {
    let files: Vec<(String, &str)> = files(case, "");
    let default = (
        "book.toml".to_owned(),
        "[book]\ntitle = \"Spec\"\n\n[citations]\nstyle = \"plain\"\n",
    );
    let has_config = files.iter().any(|(path, _)| path == "book.toml");
    let all = files.iter().chain((!has_config).then_some(&default));
    let sources = Sources::from_texts(all.map(|(path, text)| (path.as_str(), *text)));
    let sources = settled_before(case, sources);
    let compilation = compile(&sources, None);
    let printed: Vec<String> = compilation
        .diagnostics
        .iter()
        .map(|diagnostic| {
            diagnostic::text(diagnostic, &sources, false, diagnostic::USUAL_WIDTH) + "\n"
        })
        .collect();
    let printed = printed.join("\n");
    let mut found: Vec<String> = case.blocks.iter().map(|block| block.text.clone()).collect();
    let mut expects_diagnostics = false;
    for (index, block) in case.blocks.iter().enumerate() {
        let (kind, path) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        match kind {
            "diagnostics" => {
                expects_diagnostics = true;
                found[index].clone_from(&printed);
            }
            "healed" => found[index] = healed(&sources, path, false),
            "accepted" => found[index] = healed(&sources, path, true),
            "writeback" => found[index] = written_back(&compilation.book, &sources, path),
            "numbers" => found[index] = numbers(&compilation.book, path),
            "html" => {
                if let Err(problem) = holds(&compilation.book, &sources, path, &block.text) {
                    fail(&case.heading, &problem);
                }
            }
            // What the book has.
            "md" | "yaml" | "toml" | "csl" => {}
            other => fail(&case.heading, &format!("no block is called `{other}`")),
        }
        if found[index] != block.text {
            fail(
                &case.heading,
                &format!("expected:\n{}\nfound:\n{}", block.text, found[index]),
            );
        }
    }
    if !expects_diagnostics && !printed.is_empty() {
        fail(
            &case.heading,
            &format!("expected no diagnostics, found:\n{printed}"),
        );
    }
    let mut pieces = pending.split('\u{0}');
    let mut right = pieces.next().unwrap_or_default().to_owned();
    while let (Some(index), Some(text)) = (pieces.next(), pieces.next()) {
        right.push_str(&found[index.parse::<usize>().unwrap()]);
        right.push_str(text);
    }
    right
}

/// `1 The first paragraph.` and so on; a name follows in brackets.
fn numbers(book: &pincite::book::Book, path: &str) -> String {
    let stem = path.rsplit('/').next().unwrap().trim_end_matches(".md");
    let article = book
        .articles
        .iter()
        .find(|article| article.key == stem)
        .map(|article| &article.document);
    let key = stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let chapter = book
        .chapters
        .iter()
        .find(|chapter| chapter.key == key)
        .map(|chapter| &chapter.document);
    let mut lines = String::new();
    for paragraph in &article.or(chapter).expect("the document").paragraphs {
        let text = paragraph.prose.text.text.replace('\n', " ⏎ ");
        let name = paragraph
            .name
            .as_deref()
            .map_or(String::new(), |(name, _)| format!(" [{name}]"));
        let line = format!(
            "{} {}{name}",
            paragraph.number,
            text.trim_end_matches(" ⏎ ")
        );
        writeln!(lines, "{}", line.trim_end()).unwrap();
    }
    lines
}

/// The page without the arrows that lead from notes to original pages; `exports.rs` looks at them.
fn without_originals(page: &str) -> String {
    let mut pieces = page.split("\u{a0}<a class=\"original\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |page, piece| {
        page + piece.split_once("</a>").map_or("", |(_, rest)| rest)
    })
}

/// Whether lines stand in a page of the site, in this order.
fn holds(
    book: &pincite::book::Book,
    sources: &Sources,
    path: &str,
    lines: &str,
) -> Result<(), String> {
    let edition = Edition::new(book);
    let (site, mistakes) = html::site(&edition, sources);
    assert_eq!(mistakes, []);
    let path = SitePath::new(path).expect("a path");
    let Some(Page::Rendered(render)) = site.pages().get(&path) else {
        return Err(format!("the site has no page {path}"));
    };
    let page = String::from_utf8(render().expect("a sound theme")).expect("UTF-8");
    let page = without_originals(&page).replace('\u{a0}', " ");
    let mut rest = page.as_str();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let Some(at) = rest.find(line.trim()) else {
            let main = page.find("<main").map_or(page.as_str(), |at| &page[at..]);
            return Err(format!(
                "{path} does not have, in this order:\n{line}\nIt is:\n{main}"
            ));
        };
        rest = &rest[at + line.trim().len()..];
    }
    Ok(())
}
