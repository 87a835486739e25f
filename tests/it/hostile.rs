//! Bad input: a clear error with place and remedy, in at most a second; never a panic, and nothing written outside
//! the output folder.

mod files;
mod floods;
mod markup;
mod names;
mod nesting;
mod texts;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::book::{Ran, TestBook, pincite};

/// The most that a run on bad input may take of the processor.
const LONGEST: Duration = Duration::from_secs(1);

/// Whether a run ends well, and what it says.
const SOUND: i32 = 0;
const BOOKS_FAULT: i32 = 1;
const WRONG_USAGE: i32 = 2;
const MACHINES_FAULT: i32 = 3;

/// One bad book: the small book of the tests with these files put in, built.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    status: i32,
    says: &'static [&'static str],
}

fn case(
    name: &'static str,
    files: &[(&'static str, &[u8])],
    status: i32,
    says: &'static [&'static str],
) -> Case {
    let files = files.iter().map(|(path, bytes)| (*path, bytes.to_vec()));
    Case {
        name,
        files: files.collect(),
        status,
        says,
    }
}

/// A case with one long text.
fn long(
    name: &'static str,
    path: &'static str,
    text: String,
    status: i32,
    says: &'static [&'static str],
) -> Case {
    Case {
        name,
        files: vec![(path, text.into_bytes())],
        status,
        says,
    }
}

/// A book in a folder of its own, so that what is written beside it is seen.
struct Sandbox {
    outer: TestBook,
}

impl Sandbox {
    fn new() -> Self {
        let outer = TestBook::empty().file("outside.txt", "precious");
        let sandbox = Sandbox { outer };
        for path in [
            "book.toml",
            "content/articles/report.md",
            "content/chapters/01-view.md",
            "content/annotations/a.yaml",
        ] {
            let bytes = TestBook::small().read(path);
            sandbox.write(path, bytes.as_bytes());
        }
        sandbox
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        self.outer.write(&format!("inner/{path}"), bytes);
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.outer.path(&format!("inner/{path}"))
    }

    /// Runs a verb on the book; tells too whether it panics, takes too long, or writes outside the output folder.
    fn run(&self, arguments: &[&str]) -> (Ran, Vec<String>) {
        let before = contents(&self.outer.path(""));
        let (ran, mut time) = timed(&self.path(""), arguments);
        if time > LONGEST {
            // Other tests run beside it: the better of two runs counts.
            time = time.min(timed(&self.path(""), arguments).1);
        }
        let mut problems = Vec::new();
        if !(0..=3).contains(&ran.status) || ran.err.contains("panicked") {
            problems.push(format!("status {}", ran.status));
        }
        if time > LONGEST {
            problems.push(format!("{time:?} of the processor"));
        }
        if ran.err.len() > 200_000 {
            problems.push(format!("{} bytes of messages", ran.err.len()));
        }
        if before != contents(&self.outer.path("")) {
            problems.push("something outside the output folder has changed".into());
        }
        (ran, problems)
    }
}

/// Runs the program; gives what it said and how much of the processor it took.
fn timed(folder: &Path, arguments: &[&str]) -> (Ran, Duration) {
    let said = tempfile::NamedTempFile::new().unwrap();
    let printed = tempfile::NamedTempFile::new().unwrap();
    let mut child = pincite()
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::from(printed.reopen().unwrap()))
        .stderr(Stdio::from(said.reopen().unwrap()))
        .spawn()
        .unwrap();
    let stat = format!("/proc/{}/stat", child.id());
    let mut waited = Duration::ZERO;
    // The times of a process that has ended can be read until it is waited for.
    let ticks = loop {
        let line = fs::read_to_string(&stat).unwrap();
        let fields: Vec<&str> = line.rsplit_once(") ").unwrap().1.split(' ').collect();
        if matches!(fields[0], "Z" | "X") || waited > 60 * LONGEST {
            break fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        }
        let pause = Duration::from_millis(2);
        std::thread::sleep(pause);
        waited += pause;
    };
    let _ = child.kill();
    let status = child.wait().unwrap().code().unwrap_or(-1);
    let text = |file: &tempfile::NamedTempFile| fs::read_to_string(file.path()).unwrap();
    let ran = Ran {
        status,
        out: text(&printed),
        err: text(&said),
    };
    // Linux counts a hundred ticks a second.
    (ran, Duration::from_millis(ticks * 10))
}

/// Every file below a folder but the built site's, and what is in it.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    // The site, and the lock beside `book.toml`.
    let ours = ["inner/book", "inner/citations.lock"].map(|path| folder.join(path));
    let kept = entries.filter(|entry| !ours.iter().any(|path| entry.path().starts_with(path)));
    kept.map(|entry| {
        let is_file = entry.file_type().is_file();
        let bytes = is_file.then(|| fs::read(entry.path()).unwrap_or_default());
        (
            entry.path().display().to_string(),
            bytes.unwrap_or_default(),
        )
    })
    .collect()
}

fn check(cases: &[Case]) {
    let failures: Vec<String> = cases.iter().filter_map(Case::failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

impl Case {
    /// What the program does otherwise than it should.
    fn failure(&self) -> Option<String> {
        let sandbox = Sandbox::new();
        for (path, bytes) in &self.files {
            sandbox.write(path, bytes);
        }
        self.failure_in(&sandbox)
    }

    fn failure_in(&self, sandbox: &Sandbox) -> Option<String> {
        let (ran, mut problems) = sandbox.run(&["build"]);
        if ran.status != self.status {
            problems.push(format!("status {}, not {}", ran.status, self.status));
        }
        let missing = self.says.iter().filter(|words| !ran.err.contains(**words));
        problems.extend(missing.map(|words| format!("no {words:?}")));
        let said: String = ran.err.chars().take(1000).collect();
        (!problems.is_empty()).then(|| format!("── {}: {}\n{said}", self.name, problems.join(", ")))
    }
}

const CHAPTER: &str = "content/chapters/02-bad.md";
const ARTICLE: &str = "content/articles/bad.md";
const YAML: &str = "content/annotations/b.yaml";

/// A piece over and over, its `N` counted up.
fn numbered(times: usize, piece: &str) -> String {
    let pieces: Vec<String> = (0..times)
        .map(|n| piece.replace('N', &n.to_string()))
        .collect();
    pieces.concat()
}
