//! Publishing when the machine fails: an error, a full disk or the process's end at each of its system calls.
//!
//! strace injects the faults. A run without one tells which calls publishing makes; then each of them fails once.
//! After every fault the former site or the new one stands whole, and the next build leaves nothing beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::book::{Ran, TestBook, pincite};

/// A site's files by path; none where there is no site.
type Snapshot = Option<BTreeMap<String, Vec<u8>>>;

/// The n-th call of a name in its thread.
type Call = (String, usize);

/// Calls that touch neither files nor descriptors of files, or that only look at what a folder's handle is.
const HARMLESS: [&str; 6] = [
    "mmap",
    "epoll_ctl",
    "epoll_wait",
    "epoll_create1",
    "poll",
    "ppoll",
];

/// What is done to one call.
const FAULTS: [&str; 3] = ["error=EIO", "error=ENOSPC", "signal=KILL"];

/// The chapter that is published in turn, now so, now so.
const CHAPTERS: [&str; 2] = [
    "# View\n\nThere are many troops [@report, ¶2 \"50,000 troops\"].\n",
    "# View\n\nThere are 50,000 of them [@report, ¶2 \"50,000 troops\"].\n",
];

/// How a site is published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// For the first time.
    First,
    /// In the place of a former one.
    Again,
    /// In the place of a former one, where the file system cannot exchange two folders.
    WithoutExchange,
    /// After a crash between the two renames that stand for the exchange.
    AfterCrash,
}

/// A book that is published over and over, with faults.
struct Trial {
    book: TestBook,
    way: Way,
    /// What each chapter makes.
    sites: [Snapshot; 2],
    /// Which chapter is published next.
    turn: usize,
}

#[test]
fn no_fault_leaves_half_a_first_site() {
    Trial::new(Way::First).run();
}

#[test]
fn no_fault_leaves_half_of_two_sites() {
    Trial::new(Way::Again).run();
}

#[test]
fn no_fault_leaves_half_of_two_sites_where_folders_cannot_change_places() {
    Trial::new(Way::WithoutExchange).run();
}

#[test]
fn no_fault_loses_the_only_site_after_a_crash() {
    Trial::new(Way::AfterCrash).run();
}

#[test]
fn two_books_take_turns_at_one_folder() {
    let books = [TestBook::small(), TestBook::small()];
    books[1].write("content/chapters/01-view.md", CHAPTERS[1].as_bytes());
    let out = TestBook::empty();
    let site = out.path("site").display().to_string();
    let runs: Vec<_> = (0..10)
        .map(|turn| {
            let mut command = pincite();
            command.args(["build", "--out", &site]);
            command
                .arg("-q")
                .current_dir(books[turn % 2].path(""))
                .spawn()
                .unwrap()
        })
        .collect();
    let ended = runs
        .into_iter()
        .map(|mut run| run.wait().unwrap().code().unwrap());
    let ended: Vec<i32> = ended.collect();
    // A second build of the same book is refused.
    assert!(
        ended.iter().all(|status| matches!(status, 0 | 3)),
        "{ended:?}"
    );
    assert!(ended.contains(&0), "{ended:?}");
    assert_eq!(names(&out.path("")), ["site"]);
    let chapter = out.read("site/chapters/view.html");
    let index = usize::from(chapter.contains("50,000 of them"));
    books[index]
        .run(&["build", "--out", &site])
        .expect(0)
        .says("(nothing changed)");
}

impl Trial {
    fn new(way: Way) -> Self {
        let book = TestBook::small().file("content/assets/a.bin", "an asset");
        let mut trial = Trial {
            book,
            way,
            sites: [None, None],
            turn: 1,
        };
        for turn in [0, 1] {
            trial.write_chapter(turn);
            trial.book.run(&["build"]).expect(0);
            trial.sites[turn] = trial.site("book");
        }
        assert_ne!(trial.sites[0], trial.sites[1]);
        trial
    }

    fn run(&mut self) {
        let calls = self.calls();
        assert!(
            calls.len() > 10,
            "publishing makes more calls than {calls:?}"
        );
        for (name, nth) in calls {
            for fault in FAULTS.iter().filter(|fault| applies(fault, &name)) {
                self.fail(&name, nth, fault);
            }
        }
    }

    fn write_chapter(&self, turn: usize) {
        let chapter = CHAPTERS[turn].as_bytes();
        self.book.write("content/chapters/01-view.md", chapter);
    }

    /// Makes ready for the next site, and gives the one before it.
    fn next(&mut self) -> Snapshot {
        let former = self.turn;
        self.turn = 1 - former;
        self.write_chapter(self.turn);
        match self.way {
            Way::First => {
                fs::remove_dir_all(self.book.path("book")).unwrap();
                None
            }
            Way::Again | Way::WithoutExchange => self.sites[former].clone(),
            Way::AfterCrash => {
                fs::rename(self.book.path("book"), self.book.path(".book.pincite-old")).unwrap();
                self.book.write(".book.pincite-new/index.html", b"half");
                self.sites[former].clone()
            }
        }
    }

    /// The calls that publishing makes, from taking the book's lock on.
    fn calls(&mut self) -> BTreeSet<Call> {
        let log = self.book.path("log");
        self.next();
        let ran = self.traced("%file,%desc", &["-o", &log.display().to_string()]);
        assert_eq!(
            ran.status, 0,
            "strace cannot trace here, so that publishing cannot be tested: {}",
            ran.err
        );
        let text = fs::read_to_string(&log).unwrap();
        fs::remove_file(log).unwrap();
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut calls = BTreeSet::new();
        let mut publishing = false;
        for line in text.lines() {
            let Some((thread, call)) = line.split_once(' ') else {
                continue;
            };
            let Some((name, arguments)) = call.trim_start().split_once('(') else {
                continue;
            };
            if name.contains(['<', '+', '-', ' ']) {
                continue;
            }
            let count = counts.entry((thread, name)).or_default();
            *count += 1;
            publishing |= match self.way {
                // What comes before is tried with the exchange.
                Way::WithoutExchange => name == "renameat2",
                Way::First | Way::Again | Way::AfterCrash => name == "flock",
            };
            // From here on all is as it is without a crash before.
            if self.way == Way::AfterCrash && name == "write" {
                break;
            }
            let spoken = name == "write" && arguments.starts_with("2,");
            if publishing && !HARMLESS.contains(&name) && !spoken {
                calls.insert((name.to_owned(), *count));
            }
        }
        calls
    }

    fn fail(&mut self, name: &str, nth: usize, fault: &str) {
        let former = self.next();
        let new = &self.sites[self.turn];
        let what = format!("{:?}: {name} no. {nth}, {fault}", self.way);
        // A full disk stays full.
        let and_later = if fault == "error=ENOSPC" { "+" } else { "" };
        let inject = format!("inject={name}:{fault}:when={nth}{and_later}");
        let ran = self.traced(name, &["-o", "/dev/null", "-e", &inject]);
        let killed = fault.starts_with("signal");
        // The standard library panics where a folder that was read cannot be closed.
        let panicked = ran.status == 101 && name == "close" && ran.err.contains("closedir");
        assert!(
            killed || panicked || matches!(ran.status, 0 | 3),
            "{what}: {ran:?}"
        );
        let site = self.site("book");
        let set_aside = site.is_none()
            && match self.way {
                Way::First | Way::Again => false,
                Way::WithoutExchange => killed,
                Way::AfterCrash => true,
            };
        if set_aside {
            assert_eq!(self.site(".book.pincite-old"), former, "{what}");
        } else {
            assert!(site == former || site == *new, "{what}: a mixture\n{ran:?}");
        }
        assert!(
            killed || ran.status != 0 || site == *new,
            "{what}: nothing was said"
        );
        self.book.run(&["build"]).expect(0);
        assert!(
            self.site("book") == *new,
            "{what}: the next build does not mend it"
        );
        let beside = names(&self.book.path(""));
        assert_eq!(
            beside,
            ["book", "book.toml", "citations.lock", "content"],
            "{what}"
        );
    }

    /// Builds under strace with one worker thread, so that the calls come in the same order every time.
    fn traced(&self, calls: &str, arguments: &[&str]) -> Ran {
        let mut command = strace();
        let traced = format!("trace={calls},renameat2");
        command.args(["-f", "--seccomp-bpf", "-qq", "-e", &traced]);
        if self.way == Way::WithoutExchange {
            command.args(["-e", "inject=renameat2:error=EINVAL"]);
        }
        command.args(arguments);
        command
            .args([env!("CARGO_BIN_EXE_pincite"), "build"])
            .env("RAYON_NUM_THREADS", "1")
            .current_dir(self.book.path(""));
        Ran::of(&mut command)
    }

    fn site(&self, folder: &str) -> Snapshot {
        let folder = self.book.path(folder);
        let files = |folder: &Path| {
            walkdir::WalkDir::new(folder)
                .into_iter()
                .map(Result::unwrap)
                .filter(|entry| entry.file_type().is_file())
                .map(|entry| {
                    (
                        entry
                            .path()
                            .strip_prefix(folder)
                            .unwrap()
                            .display()
                            .to_string(),
                        fs::read(entry.path()).unwrap(),
                    )
                })
                .collect()
        };
        folder.is_dir().then(|| files(&folder))
    }
}

/// Calls that change what stands on the disk; the process's end at any other call leaves what it leaves at the next
/// one of these.
const CHANGING: [&str; 11] = [
    "openat",
    "write",
    "mkdir",
    "linkat",
    "link",
    "unlink",
    "unlinkat",
    "rmdir",
    "rename",
    "renameat2",
    "syncfs",
];

fn applies(fault: &str, name: &str) -> bool {
    match fault {
        "error=ENOSPC" => name == "write",
        "signal=KILL" => CHANGING.contains(&name),
        _ => true,
    }
}

fn strace() -> Command {
    let there = Command::new("strace").arg("-V").output().is_ok();
    assert!(
        there,
        "`strace` is missing, which these tests fail system calls with: `./test` installs it"
    );
    Command::new("strace")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
