//! A book in a temporary folder, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The book that this repository is.
pub(crate) fn sample() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, ready to be given arguments.
pub(crate) fn pincite() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pincite"));
    command.env("NO_COLOR", "1");
    command
}

/// A book of its own for one test.
pub(crate) struct TestBook {
    folder: tempfile::TempDir,
}

impl TestBook {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        TestBook {
            // Editors pass over hidden folders.
            folder: tempfile::Builder::new().prefix("book-").tempdir().unwrap(),
        }
    }

    /// A small sound book: an article, a chapter that cites it, a term.
    pub(crate) fn small() -> Self {
        TestBook::empty()
            .file("book.toml", "[book]\ntitle = \"Small\"\n[output.html]\n")
            .file(
                "content/articles/report.md",
                "---\ntitle: Report\n---\n\nThe first paragraph.\n\nUSFJ has 50,000 troops.\n",
            )
            .file(
                "content/chapters/01-view.md",
                "# View\n\nThere are many troops [@report, ¶2 \"50,000 troops\"].\n",
            )
            .file(
                "content/annotations/a.yaml",
                "glossary:\n  USFJ: The headquarters.\n",
            )
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text.as_bytes());
        self
    }

    /// Writes bytes.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// A path in the book.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A file's text.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs the program in the book's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(pincite().args(arguments).current_dir(self.folder.path()))
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Runs a command to its end; one that a signal ended has the status −1.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output: Output = command.output().unwrap();
        Ran {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The run, if it ended with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        self
    }

    /// The run, if it said this on standard error.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no {words:?} in:\n{}", self.err);
        self
    }
}
