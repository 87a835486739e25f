//! All file access: reading a book, publishing a site, writing a file.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the floor where files are touched"
)]

mod form;
mod image;
mod journal;
mod publish;

pub use journal::{Finished, Rewrite, finish, rewrite};
pub use publish::{Published, Refusal, may_publish, publish};

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use memchr::memchr;
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::config::{self, Config};
use crate::lock;
use crate::manuscript;
use crate::source::{Asset, Blame, Fault, File, Sources};

/// Larger texts are refused: positions are 32 bits wide, and no article is that long.
const LONGEST_TEXT: u64 = 256 * 1024 * 1024;

/// The nearest folder from `start` upward that holds a `book.toml`.
pub fn find_book(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    start
        .ancestors()
        .find(|folder| folder.join(config::PATH).is_file())
        .map(Path::to_path_buf)
}

/// What a file is to the book.
enum Role {
    Text,
    Asset,
    /// One that was meant for the book and is not read where it stands.
    Stray,
}

/// Reads everything that a book is made from. What cannot be read is there with its fault.
///
/// # Errors
///
/// Fails where the folder itself cannot be reached.
pub fn read(root: &Path) -> io::Result<Sources> {
    let root = root.canonicalize()?;
    let first = Sources::new(vec![own_text(&root, config::PATH)]);
    let config = first
        .find(config::PATH)
        .map(|id| Config::parse(id, &first.file(id).text).0)
        .unwrap_or_default();
    // The lock of a large book is by far its longest file.
    let (lock, found) = rayon::join(|| lock(&root), || found(&root, &config));
    let mut files: Vec<File> = first.files().map(|(_, file)| file.clone()).collect();
    files.extend(lock);
    let mut assets = BTreeMap::new();
    for entry in found {
        match entry {
            Entry::Text(file) => files.push(file),
            Entry::Asset(path, asset) => {
                assets.insert(path, asset);
            }
        }
    }
    Ok(Sources::new(files).with_assets(assets))
}

fn lock(root: &Path) -> Option<File> {
    if journal::is_open(root) {
        return Some(File::faulty(lock::PATH, journal::interrupted()));
    }
    let path = root.join(lock::PATH);
    let mut file = exists(&path).then(|| {
        if path.is_dir() {
            faulty(lock::PATH.to_owned(), "this is a folder, not the lock")
        } else {
            own_text(root, lock::PATH)
        }
    });
    // Nobody has written it, so nobody can mend it: it is made anew.
    if let Some(fault) = file.as_mut().and_then(|file| file.fault.as_mut())
        && fault.blame == Blame::Book
    {
        lock::REBUILD.clone_into(&mut fault.help);
    }
    file
}

/// Reads what the walks find.
fn found(root: &Path, config: &Config) -> Vec<Entry> {
    let mut found = Vec::new();
    let src = config.book.src.as_str();
    walk(root, src, src, &mut found);
    walk(root, &format!("themes/{}", config.theme), src, &mut found);
    found.extend(config.style.file().and_then(|path| style(root, path)));
    beside(root, src, &mut found);
    let read = found.into_par_iter().map(|entry| entry.read(root));
    read.collect()
}

/// Reads a book again after changes: only the changed files where they are texts that `before` knows, all else where
/// files may have come, gone or moved.
///
/// # Errors
///
/// Fails where the folder itself cannot be reached.
pub fn read_again(
    root: &Path,
    before: &Sources,
    changed: &BTreeSet<PathBuf>,
) -> io::Result<Sources> {
    let known: Option<BTreeSet<String>> = changed
        .iter()
        .map(|path| known_text(root, before, path))
        .collect();
    let Some(known) = known else {
        return read(root);
    };
    let files = before.files().map(|(_, file)| {
        if known.contains(&file.path) {
            text(root, &file.path)
        } else {
            file.clone()
        }
    });
    Ok(Sources::new(files.collect()).with_assets(before.assets().clone()))
}

/// The path in the book of a text that was readable before and is a plain file now. `book.toml` decides which files
/// there are, so it is never enough to read it alone.
fn known_text(root: &Path, before: &Sources, path: &Path) -> Option<String> {
    let relative = relative(root, path);
    let file = before.file(before.find(&relative)?);
    let plain = path.symlink_metadata().is_ok_and(|found| found.is_file());
    // A file that the book does not read is empty where it is no text.
    let is_text = file.fault.is_none() && !file.text.is_empty();
    (plain && is_text && relative != config::PATH).then_some(relative)
}

/// A file that the walk found, or a fault in its place.
enum Found {
    File(String, Role),
    Faulty(File),
}

enum Entry {
    Text(File),
    Asset(String, Asset),
}

impl Found {
    fn read(self, root: &Path) -> Entry {
        match self {
            Found::Faulty(file) => Entry::Text(file),
            Found::File(path, Role::Text) => Entry::Text(text(root, &path)),
            Found::File(path, Role::Stray) => Entry::Text(stray(root, path)),
            Found::File(path, Role::Asset) => match asset(&root.join(&path)) {
                Ok(asset) => Entry::Asset(path, asset),
                Err(error) => Entry::Text(refused(path, &error)),
            },
        }
    }
}

/// Finds what the book has in `folder`; its texts stand in `src`.
fn walk(root: &Path, folder: &str, src: &str, found: &mut Vec<Found>) {
    let start = root.join(folder);
    if !start.is_symlink() && !start.exists() {
        return;
    }
    if let Some(fault) = astray(root, &start) {
        found.push(Found::Faulty(faulty(folder.to_owned(), fault)));
        return;
    }
    let mut outside = Vec::new();
    let entries = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            if entry.depth() > 0 && is_passed_over(entry) {
                return false;
            }
            let linked = entry.path_is_symlink();
            let fault = linked.then(|| astray(root, entry.path())).flatten();
            if let Some(fault) = fault {
                let path = relative(root, entry.path());
                outside.push(Found::Faulty(faulty(path, fault)));
            }
            fault.is_none()
        });
    for entry in entries {
        match entry {
            Ok(entry) => found.extend(sort_in(root, src, &entry)),
            Err(error) => found.push(Found::Faulty(unreached(root, folder, &error))),
        }
    }
    found.append(&mut outside);
}

/// What may have been meant for the folder of texts and stands beside it: annotations, and what is in folders that have
/// the names of its own.
fn beside(root: &Path, src: &str, found: &mut Vec<Found>) {
    let top = src.split('/').next().unwrap_or(src);
    let is_meant = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_folder = entry.file_type().is_dir();
        entry.depth() == 0
            || !is_passed_over(entry)
                && (!is_folder || name != top && manuscript::FOLDERS.contains(&&*name))
    };
    let entries = WalkDir::new(root).max_depth(2).sort_by_file_name();
    let entries = entries.into_iter().filter_entry(is_meant).flatten();
    for entry in entries.filter(|entry| entry.file_type().is_file()) {
        let path = relative(root, entry.path());
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_text = ending == "md" && entry.depth() > 1;
        if is_text || matches!(ending, "yaml" | "yml") {
            found.push(Found::File(path, Role::Stray));
        }
    }
}

/// The book's own citation style, wherever in the book it stands.
fn style(root: &Path, path: &str) -> Option<Found> {
    let full = root.join(path);
    let metadata = fs::metadata(&full).ok()?;
    if let Some(fault) = astray(root, &full) {
        return Some(Found::Faulty(faulty(path.to_owned(), fault)));
    }
    if !metadata.is_file() {
        return Some(Found::Faulty(faulty(
            path.to_owned(),
            "this is not a regular file",
        )));
    }
    Some(Found::File(path.to_owned(), Role::Text))
}

/// What the walk could not follow.
fn unreached(root: &Path, folder: &str, error: &walkdir::Error) -> File {
    let path = error
        .path()
        .map_or(folder.to_owned(), |path| relative(root, path));
    match (error.loop_ancestor(), error.io_error()) {
        (Some(_), _) => faulty(path, "a symbolic link leads back to its own folder"),
        (None, Some(_)) if root.join(&path).is_symlink() => faulty(path, NOWHERE),
        (None, Some(error)) => refused(path, error),
        (None, None) => faulty(path, "the file cannot be read"),
    }
}

/// Hidden files and what editors leave behind.
fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

fn sort_in(root: &Path, src: &str, entry: &DirEntry) -> Option<Found> {
    let path = relative(root, entry.path());
    let role = role(&path, src, entry.file_type().is_dir())?;
    if entry.file_type().is_dir() {
        let message = "this is a folder with the name of a text file";
        return Some(Found::Faulty(faulty(path, message)));
    }
    if !entry.file_type().is_file() {
        return Some(Found::Faulty(faulty(path, "this is not a regular file")));
    }
    if entry.path().to_str().is_none() {
        return Some(Found::Faulty(faulty(path, "the file's name is not UTF-8")));
    }
    Some(Found::File(path, role))
}

/// What a file at this path is to the book; none for one that has no part in it.
fn role(path: &str, src: &str, is_folder: bool) -> Option<Role> {
    if manuscript::role_of(path, src).is_some() {
        return Some(Role::Text);
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let below = path
        .strip_prefix(src)
        .and_then(|below| below.strip_prefix('/'));
    let Some(below) = below else {
        return match ending {
            "html" | "css" | "typ" | "txt" | "js" => Some(Role::Text),
            _ => (!is_folder).then_some(Role::Asset),
        };
    };
    let (folder, _) = below.split_once('/').unwrap_or(("", below));
    if folder == "assets" {
        return (!is_folder).then_some(Role::Asset);
    }
    // What stands among the texts was meant for one, whatever its name; elsewhere the ending says so.
    let among_texts = manuscript::FOLDERS.contains(&folder);
    let meant = ["md", "markdown", "yaml", "yml"].contains(&ending.to_lowercase().as_str());
    ((among_texts || meant) && !is_folder).then_some(Role::Stray)
}

/// Whether a folder named in the book's configuration leads out of the book, as far as it exists.
pub fn leads_out(root: &Path, folder: &str) -> bool {
    let Ok(root) = root.canonicalize() else {
        return false;
    };
    let path = root.join(folder);
    let existing = path
        .ancestors()
        .find_map(|ancestor| ancestor.canonicalize().ok());
    existing.is_some_and(|existing| !existing.starts_with(&root))
}

/// Why a path is not followed: its symbolic link leads nowhere, or out of the book.
fn astray(root: &Path, path: &Path) -> Option<&'static str> {
    match path.canonicalize() {
        Ok(target) if target.starts_with(root) => None,
        Ok(_) => Some("a symbolic link leads out of the book's folder"),
        Err(_) => path.is_symlink().then_some(NOWHERE),
    }
}

const NOWHERE: &str = "a symbolic link leads nowhere";

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// A file that is no part of a book as it stands.
fn faulty(path: String, message: &str) -> File {
    let fault = Fault {
        message: message.to_owned(),
        help: "move it out of the book's folder, or mend it".into(),
        at: 0..0,
        blame: Blame::Book,
    };
    File::faulty(path, fault)
}

/// A file that the system refused, in plain words.
fn refused(path: String, error: &io::Error) -> File {
    let (message, help) = match error.kind() {
        io::ErrorKind::PermissionDenied => (
            "the file may not be read: permission denied".into(),
            "let it be read by the user who runs the program",
        ),
        io::ErrorKind::NotFound => (
            "the file has vanished".into(),
            "run the program again when nothing else changes the book",
        ),
        _ => (
            format!("the file cannot be read: {error}"),
            "see whether the disk is sound",
        ),
    };
    let fault = Fault {
        message,
        help: help.into(),
        at: 0..0,
        blame: Blame::Machine,
    };
    File::faulty(path, fault)
}

/// The text of a file that no walk found.
fn own_text(root: &Path, path: &str) -> File {
    match astray(root, &root.join(path)) {
        Some(fault) => faulty(path.to_owned(), fault),
        None => text(root, path),
    }
}

fn text(root: &Path, path: &str) -> File {
    let full = root.join(path);
    let bytes = match fs::metadata(&full) {
        Ok(metadata) if metadata.len() > LONGEST_TEXT => {
            return faulty(path.to_owned(), "the file is larger than 256 MiB");
        }
        Ok(_) => fs::read(&full),
        Err(error) => Err(error),
    };
    match bytes {
        Ok(bytes) => decoded(path.to_owned(), bytes),
        Err(error) => refused(path.to_owned(), &error),
    }
}

/// A file that the book does not read: its words, if it is a text, tell what is missed for it.
fn stray(root: &Path, path: String) -> File {
    let file = text(root, &path);
    if file.fault.is_none() {
        file
    } else {
        File::new(path, "")
    }
}

/// What the first bytes of a text that is not UTF-8 tell.
fn encoding_help(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        "save it in UTF-8; it is in UTF-16"
    } else {
        "save it in UTF-8; it may be in Windows-1252 or Shift JIS"
    }
}

/// A text file's characters; where it is none, what could be read and the place where it ends.
fn decoded(path: String, bytes: Vec<u8>) -> File {
    if let Some(form) = form::of(&bytes) {
        let fault = Fault {
            message: format!("this is {}, and no text", form.name),
            help: form.help.into(),
            at: 0..0,
            blame: Blame::Book,
        };
        return File::faulty(path, fault);
    }
    let (text, fault) = match String::from_utf8(bytes) {
        Ok(text) => {
            let nul = memchr(b'\0', text.as_bytes());
            let fault = nul.map(|at| Fault {
                message: "the file holds a NUL byte, so it is not a text".into(),
                help: "save it as a text in UTF-8".into(),
                at: at..at + 1,
                blame: Blame::Book,
            });
            (text, fault)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bad = error.as_bytes()[at];
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let fault = Fault {
                message: format!("the file is not UTF-8: byte 0x{bad:02X}"),
                help: encoding_help(error.as_bytes()).into(),
                at: at..at + '\u{fffd}'.len_utf8(),
                blame: Blame::Book,
            };
            (text, Some(fault))
        }
    };
    let bare = text.strip_prefix(BYTE_ORDER_MARK);
    let mark = text.len() - bare.unwrap_or(&text).len();
    let fault = fault.map(|fault| Fault {
        at: fault.at.start.saturating_sub(mark)..fault.at.end.saturating_sub(mark),
        ..fault
    });
    let mut file = File::new(path, bare.unwrap_or(&text));
    file.marked = mark > 0;
    file.fault = fault;
    file
}

fn asset(path: &Path) -> io::Result<Asset> {
    let mut hasher = blake3::Hasher::new();
    let length = io::copy(&mut fs::File::open(path)?, &mut hasher)?;
    Ok(Asset {
        length,
        hash: *hasher.finalize().as_bytes(),
        size: image::size(path),
    })
}

/// The bytes of one of the book's files, if they can be read.
pub fn read_asset(root: &Path, file: &str) -> Option<Vec<u8>> {
    read_file(&root.join(file))
}

/// The bytes of a file, if they can be read.
pub fn read_file(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).ok()
}

/// Opens one of the book's files and says how long it is.
///
/// # Errors
///
/// Fails where the system refuses the file, it is none, or a link has taken it out of the book's folder.
pub fn open_asset(root: &Path, file: &str) -> io::Result<(fs::File, u64)> {
    let path = root.join(file);
    if astray(root, &path).is_some() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let file = fs::File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok((file, metadata.len()))
}

/// The system's font files, serif and regular ones first.
pub fn system_fonts() -> Vec<String> {
    let folders = ["/usr/share/fonts", "/usr/local/share/fonts"];
    let found = folders
        .iter()
        .flat_map(|folder| WalkDir::new(folder).sort_by_file_name());
    let mut fonts: Vec<String> = found
        .filter_map(|entry| Some(entry.ok()?.path().to_str()?.to_owned()))
        .filter(|path| {
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            matches!(ending, "otf" | "ttf" | "otc" | "ttc")
        })
        .collect();
    fonts.sort_by_key(|path| (!path.contains("Serif"), !path.contains("Regular")));
    fonts
}

/// Whether something stands at a path.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Reads a file that the user named.
///
/// # Errors
///
/// Fails where the system refuses the file.
pub fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// The characters of a text file that the user named, or why it is none.
///
/// # Errors
///
/// Says what the file is not.
pub fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, Fault> {
    let file = decoded(path.display().to_string(), bytes);
    match file.fault {
        Some(fault) => Err(fault),
        None => Ok(file.text.to_string()),
    }
}

/// Whether a file lies at a path below a folder, and no link has led out of it.
pub fn holds(folder: &Path, below: &str) -> bool {
    let folder = folder.canonicalize();
    folder.is_ok_and(|folder| open_asset(&folder, below).is_ok())
}

/// Puts `new` in the place of `old` in one of the book's files, in one step. A byte order mark and the file's
/// permissions stay; a symbolic link stays one.
///
/// # Errors
///
/// Fails where the system refuses, where the file is write-protected, and where it no longer holds `old`; it is then
/// as it was.
pub fn amend(root: &Path, path: &str, old: &str, new: &str) -> io::Result<()> {
    let path = root.join(path).canonicalize()?;
    let permissions = fs::metadata(&path)?.permissions();
    // The folder may allow what the file does not: a new file in its place.
    if permissions.readonly() {
        return Err(io::Error::other("the file is write-protected"));
    }
    let bytes = fs::read(&path)?;
    let mark = if bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) {
        BYTE_ORDER_MARK
    } else {
        ""
    };
    if bytes[mark.len()..] != *old.as_bytes() {
        return Err(io::Error::other("the file has changed meanwhile"));
    }
    replace(&path, format!("{mark}{new}").as_bytes(), Some(permissions))
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes a new file and its folders; an existing one is replaced in one step, so that no half of it is ever
/// seen.
///
/// # Errors
///
/// Fails where the system refuses; the former file is then as it was.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    replace(path, content.as_ref(), None)
}

/// Where the new text of a file stands until it takes the file's place.
fn draft_of(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!(".{name}.pincite-{}", std::process::id()))
}

/// Whether the folder of a file takes new ones.
fn takes_drafts(path: &Path) -> io::Result<()> {
    let draft = draft_of(&path.canonicalize()?);
    fs::File::create(&draft)?;
    fs::remove_file(draft)
}

fn replace(path: &Path, content: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let draft = draft_of(path);
    let mut file = fs::File::create(&draft)?;
    let written = file
        .write_all(content)
        .and_then(|()| permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions)))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    } else {
        bring_names_to_disk(folder);
    }
    written
}

/// Brings to the disk which files a folder has, so that no later step outlives an earlier one in a crash. Some systems
/// cannot; then each step is whole by itself.
fn bring_names_to_disk(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
