//! Several of the book's files rewritten as one: all of them or, after an interruption, the rest of them later.
//!
//! What is to be written of several files is brought to the disk first, in a journal beside them. While there is a journal, the
//! book is not read: some of its files may be from before and some from after.

use std::fs;
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{amend, replace, write};
use crate::lock;
use crate::source::{Blame, Fault};

/// The journal, from the book's folder.
const PATH: &str = ".pincite-journal.json";

/// What is said of a book that has one.
pub(super) fn interrupted() -> Fault {
    Fault {
        message: "the program was interrupted while it wrote the book's files".to_owned(),
        help: "run `pincite heal`: it finishes what was begun".to_owned(),
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

/// Whether files have been left half rewritten.
pub(super) fn is_open(root: &Path) -> bool {
    super::exists(&root.join(PATH))
}

/// Rewrites files, each in one step.
///
/// # Errors
///
/// Fails where a file no longer has its old text, is write-protected, or the system refuses; nothing is written then,
/// unless the machine fails half-way: then `finish` does the rest.
pub fn rewrite(root: &Path, files: &[Rewrite]) -> Result<(), (String, io::Error)> {
    match unwritten(root, files)?.as_slice() {
        [] => Ok(()),
        [only] => put(root, only),
        several => {
            let journal =
                serde_json::to_vec(several).map_err(|error| (PATH.to_owned(), error.into()))?;
            write(&root.join(PATH), journal).map_err(|error| (PATH.to_owned(), error))?;
            carry_out(root, several)
        }
    }
}

/// Finishes what an interruption has left half done; tells whether there was anything.
///
/// # Errors
///
/// Fails where a file is neither as it was nor as it was to be, and where the system refuses.
pub fn finish(root: &Path) -> Result<bool, (String, io::Error)> {
    if !is_open(root) {
        return Ok(false);
    }
    let of_journal = |error| (PATH.to_owned(), error);
    let journal = fs::read(root.join(PATH)).map_err(of_journal)?;
    let files: Vec<Rewrite> =
        serde_json::from_slice(&journal).map_err(|error| of_journal(error.into()))?;
    if let Some(file) = files.iter().find(|file| !is_ours(root, file)) {
        let message = "the journal of an interrupted run names it, and it is none of the book's files; take out the journal";
        return Err((file.path.clone(), io::Error::other(message)));
    }
    let rest = unwritten(root, &files)?;
    carry_out(root, &rest)?;
    Ok(true)
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
    if file.old.as_deref() == Some(unmarked(&text)) {
        Ok(())
    } else {
        Err(changed())
    }
}

fn changed() -> io::Error {
    io::Error::other("the file has changed meanwhile")
}

fn unmarked(text: &str) -> &str {
    text.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(text)
}
