//! Several of the book's files rewritten as one: all of them or, after an interruption, the rest of them later; none where
//! somebody has written in one of them since.
//!
//! What is to be written of several files is brought to the disk first, in a journal beside them. While there is a journal, the
//! book is not read: some of its files may be from before and some from after.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{amend, replace, takes_drafts, write};
use crate::lock;
use crate::source::{Blame, Fault};

/// The journal, from the book's folder.
const PATH: &str = ".pincite-journal.json";

/// What is said of a book that has one.
pub(super) fn interrupted() -> Fault {
    Fault {
        message: "the program was interrupted while it wrote the book's files".to_owned(),
        help: "run `pincite heal`: it finishes what was begun, or undoes it".to_owned(),
        at: 0..0,
        blame: Blame::Book,
    }
}

/// One file and its new text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rewrite {
    /// The path from the book's folder.
    pub path: String,
    /// Its text until now; none where there is no such file yet.
    pub old: Option<String>,
    /// Its text from now on.
    pub new: String,
}

/// What has become of an interrupted run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finished {
    /// There was none.
    Nothing,
    /// The rest is written.
    Done,
    /// Somebody has written in its files since, and they are as they would be without it.
    Undone,
}

impl Rewrite {
    /// A text of this file in which somebody has written, as it would be without the rewriting; none where that cannot be
    /// told.
    fn undone(&self, now: &str) -> Option<String> {
        let old = self.old.as_deref()?;
        if now == self.new {
            return Some(old.to_owned());
        }
        let lines = |text: &'_ str| text.split_inclusive('\n').count();
        if self.path == lock::PATH || lines(old) != lines(&self.new) {
            return (now == old || self.path != lock::PATH).then(|| now.to_owned());
        }
        let former: HashSet<&str> = old.split_inclusive('\n').collect();
        let pairs = self
            .new
            .split_inclusive('\n')
            .zip(old.split_inclusive('\n'));
        let rewritten: HashMap<&str, &str> = pairs
            .filter(|(new, old)| new != old && !former.contains(new))
            .collect();
        let lines = now.split_inclusive('\n');
        Some(
            lines
                .map(|line| *rewritten.get(line).unwrap_or(&line))
                .collect(),
        )
    }
}

/// Whether files have been left half rewritten.
pub(super) fn is_open(root: &Path) -> bool {
    super::exists(&root.join(PATH))
}

/// Rewrites files, each in one step.
///
/// # Errors
///
/// Fails where a file no longer has its old text, is write-protected, or the system refuses; nothing is written then, or
/// what was written is undone, unless the machine fails half-way: then `finish` does the rest.
pub fn rewrite(root: &Path, files: &[Rewrite]) -> Result<(), (String, io::Error)> {
    match unwritten(root, files)?.as_slice() {
        [] => Ok(()),
        [only] => put(root, only),
        several => {
            let journal =
                serde_json::to_vec(several).map_err(|error| (PATH.to_owned(), error.into()))?;
            write(&root.join(PATH), journal).map_err(|error| (PATH.to_owned(), error))?;
            let carried = carry_out(root, several);
            if carried.is_err() && several.iter().any(|file| has_changed(root, file)) {
                undo(root, several)?;
            }
            carried
        }
    }
}

/// Finishes what an interruption has left half done, or undoes it where somebody has written in its files since.
///
/// # Errors
///
/// Fails where nobody can tell how a file would be without it, and where the system refuses.
pub fn finish(root: &Path) -> Result<Finished, (String, io::Error)> {
    if !is_open(root) {
        return Ok(Finished::Nothing);
    }
    let of_journal = |error| (PATH.to_owned(), error);
    let journal = fs::read(root.join(PATH)).map_err(of_journal)?;
    let files: Vec<Rewrite> =
        serde_json::from_slice(&journal).map_err(|error| of_journal(error.into()))?;
    if let Some(file) = files.iter().find(|file| !is_ours(root, file)) {
        let message = "the journal of an interrupted run names it, and it is none of the book's files; take out the journal";
        return Err((file.path.clone(), io::Error::other(message)));
    }
    let all: Vec<&Rewrite> = files.iter().collect();
    if all.iter().any(|file| has_changed(root, file)) {
        undo(root, &all)?;
        return Ok(Finished::Undone);
    }
    carry_out(root, &unwritten(root, &files)?)?;
    Ok(Finished::Done)
}

/// Whether a file is neither as it was nor as it was to be.
fn has_changed(root: &Path, file: &Rewrite) -> bool {
    let now = fs::read_to_string(root.join(&file.path)).ok();
    let now = now.as_deref().map(unmarked);
    now != file.old.as_deref() && now != Some(&file.new)
}

/// Takes back what was written of some files, whatever else somebody has written in them since.
fn undo(root: &Path, files: &[&Rewrite]) -> Result<(), (String, io::Error)> {
    let mut former = Vec::new();
    for file in files {
        let path = root.join(&file.path);
        let Ok(now) = fs::read_to_string(&path) else {
            // Whoever took it away wants it so.
            continue;
        };
        let now = unmarked(&now).to_owned();
        let Some(new) = file.undone(&now) else {
            if file.old.is_none() && now == file.new {
                fs::remove_file(&path).map_err(|error| (file.path.clone(), error))?;
                continue;
            }
            return Err((file.path.clone(), changed()));
        };
        former.push(Rewrite {
            path: file.path.clone(),
            old: Some(now),
            new,
        });
    }
    let former: Vec<&Rewrite> = former.iter().collect();
    carry_out(root, &former)
}

/// Whether a file is the book's to write. A journal is a file like others, and may have come with somebody's book.
fn is_ours(root: &Path, file: &Rewrite) -> bool {
    let mut parts = Path::new(&file.path).components();
    let visible = parts.all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            false
        }
    });
    let known = file.old.is_some() || file.path == lock::PATH;
    visible && known && !super::leads_out(root, &file.path)
}

/// The files that do not have their new text yet, each of which can be given it: another build may have come first.
fn unwritten<'f>(
    root: &Path,
    files: &'f [Rewrite],
) -> Result<Vec<&'f Rewrite>, (String, io::Error)> {
    let mut rest = Vec::new();
    for file in files {
        let now = fs::read_to_string(root.join(&file.path)).ok();
        if now.as_deref().map(unmarked) != Some(&file.new) {
            ready(root, file).map_err(|error| (file.path.clone(), error))?;
            rest.push(file);
        }
    }
    Ok(rest)
}

fn carry_out(root: &Path, files: &[&Rewrite]) -> Result<(), (String, io::Error)> {
    files.iter().try_for_each(|file| put(root, file))?;
    fs::remove_file(root.join(PATH)).map_err(|error| (PATH.to_owned(), error))
}

fn put(root: &Path, file: &Rewrite) -> Result<(), (String, io::Error)> {
    // Of two links to one file the first has brought it about.
    let now = fs::read_to_string(root.join(&file.path)).ok();
    if now.as_deref().map(unmarked) == Some(&file.new) {
        return Ok(());
    }
    let written = match &file.old {
        Some(old) => amend(root, &file.path, old, &file.new),
        None => replace(&root.join(&file.path), file.new.as_bytes(), None),
    };
    written.map_err(|error| (file.path.clone(), error))
}

/// Whether a file can be rewritten.
fn ready(root: &Path, file: &Rewrite) -> io::Result<()> {
    let path = root.join(&file.path);
    match (&file.old, super::exists(&path)) {
        (None, false) => return Ok(()),
        (None, true) | (Some(_), false) => return Err(changed()),
        (Some(_), true) => {}
    }
    if fs::metadata(&path)?.permissions().readonly() {
        return Err(io::Error::other("the file is write-protected"));
    }
    let text = fs::read_to_string(&path)?;
    if file.old.as_deref() != Some(unmarked(&text)) {
        return Err(changed());
    }
    takes_drafts(&path)
}

fn changed() -> io::Error {
    io::Error::other("the file has changed meanwhile")
}

fn unmarked(text: &str) -> &str {
    text.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(text)
}
