//! All file access: reading a book, publishing a site, writing a file.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the floor where files are touched"
)]

mod publish;

pub use publish::{Published, Refusal, publish};

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::config::Config;
use crate::source::{Asset, Fault, File, Sources};

/// Larger texts are refused: positions are 32 bits wide, and no article is that long.
const LONGEST_TEXT: u64 = 256 * 1024 * 1024;

/// The nearest folder from `start` upward that holds a `book.toml`.
pub fn find_book(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    start
        .ancestors()
        .find(|folder| folder.join("book.toml").is_file())
        .map(Path::to_path_buf)
}

/// What a file is to the book.
enum Role {
    Text,
    Asset,
}

/// Reads everything that a book is made from. What cannot be read is there with its fault.
///
/// # Errors
///
/// Fails where the folder itself cannot be reached.
pub fn read(root: &Path) -> io::Result<Sources> {
    let root = root.canonicalize()?;
    let first = Sources::new(vec![text(&root, "book.toml")]);
    let config = first
        .find("book.toml")
        .map(|id| Config::parse(id, &first.file(id).text).0)
        .unwrap_or_default();
    let mut found = Vec::new();
    let src = config.book.src.as_str();
    for folder in ["articles", "chapters", "annotations", "assets"] {
        walk(&root, &format!("{src}/{folder}"), &mut found);
    }
    walk(&root, &format!("themes/{}", config.theme), &mut found);
    let read: Vec<Entry> = found
        .into_par_iter()
        .map(|entry| entry.read(&root))
        .collect();
    let mut files: Vec<File> = first.files().map(|(_, file)| file.clone()).collect();
    let mut assets = BTreeMap::new();
    for entry in read {
        match entry {
            Entry::Text(file) => files.push(file),
            Entry::Asset(path, asset) => {
                assets.insert(path, asset);
            }
        }
    }
    Ok(Sources::new(files).with_assets(assets))
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
            Found::File(path, Role::Asset) => match asset(&root.join(&path)) {
                Ok(asset) => Entry::Asset(path, asset),
                Err(error) => Entry::Text(faulty(path, &refusal(&error))),
            },
        }
    }
}

fn walk(root: &Path, folder: &str, found: &mut Vec<Found>) {
    let start = root.join(folder);
    if !start.exists() {
        return;
    }
    if !leads_inside(root, &start) {
        let message = "a symbolic link leads out of the book's folder";
        found.push(Found::Faulty(faulty(folder.to_owned(), message)));
        return;
    }
    let mut outside = Vec::new();
    let entries = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let inside = !entry.path_is_symlink() || leads_inside(root, entry.path());
            if !inside {
                let path = relative(root, entry.path());
                let message = "a symbolic link leads out of the book's folder";
                outside.push(Found::Faulty(faulty(path, message)));
            }
            inside && (entry.depth() == 0 || !is_passed_over(entry))
        });
    for entry in entries {
        match entry {
            Ok(entry) => found.extend(sort_in(root, &entry)),
            Err(error) => {
                let path = error
                    .path()
                    .map_or(folder.to_owned(), |path| relative(root, path));
                let message = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => "a symbolic link leads back to its own folder".to_owned(),
                    (None, Some(error)) => refusal(error),
                    (None, None) => "the file cannot be read".to_owned(),
                };
                found.push(Found::Faulty(faulty(path, &message)));
            }
        }
    }
    found.append(&mut outside);
}

/// Hidden files and what editors leave behind.
fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

fn sort_in(root: &Path, entry: &DirEntry) -> Option<Found> {
    let path = relative(root, entry.path());
    let role = role(&path, entry.file_type().is_dir())?;
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
fn role(path: &str, is_folder: bool) -> Option<Role> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let in_theme = path.starts_with("themes/");
    let is_asset = path.contains("/assets/");
    match ending {
        "html" | "css" | "typ" | "txt" | "js" if in_theme => Some(Role::Text),
        "md" | "yaml" | "yml" if !is_asset => Some(Role::Text),
        _ if !is_folder && (is_asset || in_theme) => Some(Role::Asset),
        _ => None,
    }
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

fn leads_inside(root: &Path, link: &Path) -> bool {
    link.canonicalize()
        .is_ok_and(|target| target.starts_with(root))
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

fn faulty(path: String, message: &str) -> File {
    File {
        path,
        text: "".into(),
        fault: Some(Fault {
            message: message.to_owned(),
            help: "move it out of the book's folder, or mend it".into(),
            at: 0..0,
        }),
    }
}

/// A system's refusal in plain words.
fn refusal(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "the file may not be read: permission denied".into(),
        io::ErrorKind::NotFound => "the file has vanished".into(),
        _ => format!("the file cannot be read: {error}"),
    }
}

fn text(root: &Path, path: &str) -> File {
    let full = root.join(path);
    let bytes = fs::metadata(&full).and_then(|metadata| {
        if metadata.len() > LONGEST_TEXT {
            return Err(io::Error::other("it is larger than 256 MiB"));
        }
        fs::read(&full)
    });
    match bytes {
        Ok(bytes) => decoded(path.to_owned(), bytes),
        Err(error) => faulty(path.to_owned(), &refusal(&error)),
    }
}

/// A text file's characters; where it is none, what could be read and the place where it ends.
fn decoded(path: String, bytes: Vec<u8>) -> File {
    let (text, fault) = match String::from_utf8(bytes) {
        Ok(text) => {
            let nul = text.find('\0');
            let fault = nul.map(|at| Fault {
                message: "the file holds a NUL byte, so it is not a text".into(),
                help: "save it as a text in UTF-8".into(),
                at: at..at + 1,
            });
            (text, fault)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bad = error.as_bytes()[at];
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let fault = Fault {
                message: format!("the file is not UTF-8: byte 0x{bad:02X}"),
                help: "save it in UTF-8; it may be in Windows-1252 or Shift JIS".into(),
                at: at..at + '\u{fffd}'.len_utf8(),
            };
            (text, Some(fault))
        }
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(bare) => bare.into(),
        None => text.into(),
    };
    File { path, text, fault }
}

fn asset(path: &Path) -> io::Result<Asset> {
    let mut hasher = blake3::Hasher::new();
    let length = io::copy(&mut fs::File::open(path)?, &mut hasher)?;
    Ok(Asset {
        length,
        hash: *hasher.finalize().as_bytes(),
    })
}

/// The bytes of one of the book's files, if they can be read.
pub fn read_asset(root: &Path, file: &str) -> Option<Vec<u8>> {
    fs::read(root.join(file)).ok()
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

/// Reads a file that the user named, as text, or says why it is none.
///
/// # Errors
///
/// Fails where the system refuses the file.
pub fn read_named(path: &Path) -> io::Result<Result<String, String>> {
    let bytes = fs::read(path)?;
    let file = decoded(path.display().to_string(), bytes);
    Ok(match file.fault {
        Some(fault) => Err(fault.message),
        None => Ok(file.text.to_string()),
    })
}

/// Writes a new file and its folders; an existing one is replaced in one step, so that no half of it is ever
/// seen.
///
/// # Errors
///
/// Fails where the system refuses; the former file is then as it was.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.pincite-{}", std::process::id()));
    let mut file = fs::File::create(&draft)?;
    let written = file
        .write_all(content.as_ref())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}
