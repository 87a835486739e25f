//! Publishing in one step: the former site or the new one, never a mixture.
//!
//! The new site is written into a sibling folder, unchanged files as hard links to the old ones, and brought to the
//! disk; then the two folders change places in one system call. A manifest in the site lists every file that Pincite
//! wrote. Whatever fails, and wherever the process ends, the former site or the new one stands whole, and the next
//! build clears what was left beside it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::bring_names_to_disk;
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::site::{Page, Site};
use crate::source::SitePath;

/// The list of the files that Pincite wrote into a site.
const MANIFEST: &str = ".pincite-manifest";

/// The manifest's first line; a folder with another one is not ours.
const HEADLINE: &str = "pincite site 1";

/// What publishing did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Published {
    /// How many files were written.
    pub written: usize,
    /// How many were there already as they are.
    pub unchanged: usize,
    /// How many of the former site's are gone.
    pub removed: usize,
    /// How many of the unchanged are costly ones that were not made again.
    pub spared: usize,
}

/// Why nothing was published.
#[derive(Debug)]
pub enum Refusal {
    /// The output folder is no place for a site: why, and what to do.
    Folder(String),
    /// Another build of this book is running.
    Busy,
    /// A theme's template is wrong.
    Theme(Vec<Diagnostic>),
    /// The machine failed, and at which path.
    Machine(PathBuf, io::Error),
}

type Manifest = BTreeMap<SitePath, String>;

/// Publishes a site at `target`; `root` is the book's folder, `kept` are folders of it that no site may cover.
///
/// # Errors
///
/// Refuses dangerous folders, foreign files, a second build at once; fails where a template or the machine does.
/// The former site is then as it was.
pub fn publish(
    site: &Site<'_>,
    root: &Path,
    target: &Path,
    kept: &[&str],
) -> Result<Published, Refusal> {
    let root = root.canonicalize().map_err(at(root))?;
    let target = absolute(target).map_err(at(target))?;
    refuse_dangerous(&root, &target, kept)?;
    let _lock = lock(&root)?;
    let parent = target.parent().unwrap_or(&root).to_path_buf();
    fs::create_dir_all(&parent).map_err(at(&parent))?;
    let _queue = queue(&parent)?;
    recover(&target)?;
    let old = manifest(&target)?;
    refuse_foreign(&target, old.as_ref())?;
    let old = old.unwrap_or_default();
    let draft = Draft::new(&target)?;
    let (new, published) = draw_up(site, &root, &draft.folder, &target, &old)?;
    if published.written == 0 && published.removed == 0 && stands(&target).map_err(at(&target))? {
        draft.clear()?;
        return Ok(published);
    }
    link_unchanged(&old, &new, &target, &draft.folder)?;
    write_manifest(&new, &draft.folder)?;
    bring_to_disk(&draft.folder)?;
    // Someone may have put a file there since.
    refuse_foreign(&target, Some(&old))?;
    exchange(&draft.folder, &target)?;
    // Should that fail, both sites are whole, and either may stand after a crash.
    bring_names_to_disk(&parent);
    // What stands in the draft's place now is the former site.
    draft.clear()?;
    Ok(published)
}

/// Whether a site could be published at `target`, as far as that can be seen without touching anything.
///
/// # Errors
///
/// Refuses the folders that [`publish`] refuses.
pub fn may_publish(root: &Path, target: &Path, kept: &[&str]) -> Result<(), Refusal> {
    let root = root.canonicalize().map_err(at(root))?;
    let target = absolute(target).map_err(at(target))?;
    refuse_dangerous(&root, &target, kept)?;
    refuse_foreign(&target, manifest(&target)?.as_ref())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Refusal {
    let path = path.to_path_buf();
    move |error| Refusal::Machine(path, error)
}

fn absolute(path: &Path) -> io::Result<PathBuf> {
    let path = plain(&std::path::absolute(path)?);
    // The folder itself may not exist yet; what leads to it is resolved as far as it does.
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    while !existing.exists() {
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
            break;
        };
        missing.push(name.to_owned());
        existing = parent;
    }
    let is_link = path.is_symlink();
    let mut resolved = if is_link {
        path.clone()
    } else {
        existing.canonicalize()?
    };
    if !is_link {
        resolved.extend(missing.iter().rev());
    }
    Ok(resolved)
}

/// A path without `..`, which leads up from where links lead, or from a folder that is still to be made.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain = plain.canonicalize().unwrap_or(plain);
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// Refuses folders that a mistake would make dangerous to publish into.
fn refuse_dangerous(root: &Path, target: &Path, kept: &[&str]) -> Result<(), Refusal> {
    let shown = target.display();
    let refuse = |why: &str| {
        Err(Refusal::Folder(format!(
            "the output folder `{shown}` {why}"
        )))
    };
    let is_folder = match target.symlink_metadata() {
        Ok(there) if there.is_symlink() => {
            return refuse("is a symbolic link: name the folder itself");
        }
        Ok(there) => there.is_dir(),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => true,
            _ => return Err(Refusal::Machine(target.to_path_buf(), error)),
        },
    };
    if root.starts_with(target) {
        return refuse("holds the book itself: choose a folder of its own, such as `book`");
    }
    for folder in kept {
        let folder = root.join(folder);
        if target.starts_with(&folder) || folder.starts_with(target) {
            return refuse(
                "belongs to the book's own texts: choose a folder of its own, such as `book`",
            );
        }
    }
    if !is_folder {
        return refuse("is a file: choose another name");
    }
    Ok(())
}

/// Refuses a folder that holds what Pincite did not write.
fn refuse_foreign(target: &Path, manifest: Option<&Manifest>) -> Result<(), Refusal> {
    if !stands(target).map_err(at(target))? {
        return Ok(());
    }
    let mut foreign = Vec::new();
    for entry in walkdir::WalkDir::new(target).sort_by_file_name() {
        let entry = entry.map_err(|error| Refusal::Machine(target.to_path_buf(), error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = super::relative(target, entry.path());
        let ours = SitePath::new(path.clone()).is_some_and(|path| {
            manifest.is_some_and(|known| path.as_str() == MANIFEST || known.contains_key(&path))
        });
        if !ours {
            foreign.push(path);
        }
        if foreign.len() > 3 {
            break;
        }
    }
    let Some(first) = foreign.first() else {
        return Ok(());
    };
    let more = if foreign.len() > 1 { " and more" } else { "" };
    Err(Refusal::Folder(format!(
        "the output folder `{}` holds `{first}`{more}, which Pincite did not write: move that away, or choose another folder",
        target.display()
    )))
}

/// Holds the book for one build at a time; the lock ends with the process.
fn lock(root: &Path) -> Result<fs::File, Refusal> {
    let path = root.join(config::PATH);
    let file = fs::File::open(&path).map_err(at(&path))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(Refusal::Busy),
        // Some file systems have no locks; there the last build wins, each of them whole.
        Err(_) => Ok(file),
    }
}

/// Waits until no other build writes beside `target`, be it another book's; the lock ends with the process.
fn queue(parent: &Path) -> Result<fs::File, Refusal> {
    let folder = fs::File::open(parent).map_err(at(parent))?;
    while rustix::fs::flock(&folder, rustix::fs::FlockOperation::LockExclusive)
        == Err(rustix::io::Errno::INTR)
    {}
    Ok(folder)
}

/// The folder beside the site in which the new one is drawn up; it goes, whatever happens.
struct Draft {
    folder: PathBuf,
}

impl Draft {
    /// An empty draft; what a crash left of another is cleared.
    fn new(target: &Path) -> Result<Self, Refusal> {
        let folder = sibling(target, "new");
        clear(&folder)?;
        fs::create_dir(&folder).map_err(at(&folder))?;
        Ok(Draft { folder })
    }

    /// Removes what stands in the draft's place, and says where that fails.
    fn clear(&self) -> Result<(), Refusal> {
        clear(&self.folder)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // The next build clears what cannot be removed now.
        let _ = clear(&self.folder);
    }
}

fn sibling(target: &Path, purpose: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.pincite-{purpose}"))
}

fn clear(folder: &Path) -> Result<(), Refusal> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Refusal::Machine(folder.to_path_buf(), error)),
    }
}

/// Where two renames stood in for the exchange and only the first was made, makes it undone.
fn recover(target: &Path) -> Result<(), Refusal> {
    let former = sibling(target, "old");
    // It may be the only site that there is: an answer that fails is no answer.
    if !stands(&former).map_err(at(&former))? {
        return Ok(());
    }
    if stands(target).map_err(at(target))? {
        return clear(&former);
    }
    fs::rename(&former, target).map_err(at(target))
}

/// Whether something stands at a path.
fn stands(path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn manifest(target: &Path) -> Result<Option<Manifest>, Refusal> {
    let path = target.join(MANIFEST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidData
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(Refusal::Machine(path, error)),
    };
    let mut lines = text.lines();
    if lines.next() != Some(HEADLINE) {
        return Ok(None);
    }
    let entries = lines.filter_map(|line| {
        let (hash, path) = line.split_once("  ")?;
        Some((SitePath::new(path)?, hash.to_owned()))
    });
    Ok(Some(entries.collect()))
}

fn write_manifest(manifest: &Manifest, draft: &Path) -> Result<(), Refusal> {
    let mut text = format!("{HEADLINE}\n");
    for (path, hash) in manifest {
        text.push_str(hash);
        text.push_str("  ");
        text.push_str(path.as_str());
        text.push('\n');
    }
    let path = draft.join(MANIFEST);
    fs::write(&path, text).map_err(at(&path))
}

/// Renders every page and writes the changed ones into the draft.
fn draw_up(
    site: &Site<'_>,
    root: &Path,
    draft: &Path,
    target: &Path,
    old: &Manifest,
) -> Result<(Manifest, Published), Refusal> {
    // What is longest first, so that what it needs is free again for the others: the lists, each beside an export, which
    // needs little, and the articles, of which there are most, at the end.
    let (lists, others): (Vec<_>, Vec<_>) = site
        .pages()
        .iter()
        .rev()
        .partition(|(path, _)| !path.as_str().contains('/'));
    let (exports, others): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|(path, _)| path.as_str().starts_with("data/"));
    let mut lists = lists.into_iter();
    let mut longest = Vec::with_capacity(2 * exports.len());
    for export in exports {
        longest.push(export);
        longest.extend(lists.next());
    }
    let pages = longest.into_iter().chain(lists).chain(others).par_bridge();
    let drawn = pages.map(|(path, page)| {
        let hash = old.get(path);
        (path, draw(page, path, hash, root, draft, target))
    });
    let mut drawn: Vec<(&SitePath, Result<_, Refusal>)> = drawn.collect();
    drawn.sort_unstable_by_key(|(path, _)| *path);
    let mut manifest = Manifest::new();
    let mut published = Published {
        written: 0,
        unchanged: 0,
        removed: old
            .keys()
            .filter(|path| !site.pages().contains_key(path))
            .count(),
        spared: 0,
    };
    let mut mistakes = Vec::new();
    for (path, page) in drawn {
        match page {
            Ok((hash, drawn)) => {
                manifest.insert(path.clone(), hash);
                match drawn {
                    Drawn::Changed => published.written += 1,
                    Drawn::Unchanged => published.unchanged += 1,
                    Drawn::Spared => {
                        published.unchanged += 1;
                        published.spared += 1;
                    }
                }
            }
            Err(Refusal::Theme(found)) => mistakes.extend(found),
            Err(refusal) => return Err(refusal),
        }
    }
    // One template is at fault on many pages: it is said once.
    mistakes.dedup();
    if mistakes.is_empty() {
        return Ok((manifest, published));
    }
    Err(Refusal::Theme(mistakes))
}

/// Renders a page and writes it into the draft, unless it is what it was; gives the hash of its bytes.
fn draw(
    page: &Page<'_>,
    path: &SitePath,
    old: Option<&String>,
    root: &Path,
    draft: &Path,
    target: &Path,
) -> Result<(String, Drawn), Refusal> {
    let former = target.join(path.as_str());
    if let Some(hash) = old.filter(|hash| still_stands(page, &former, hash)) {
        return Ok((hash.clone(), Drawn::Spared));
    }
    let stands =
        |length: usize| fs::metadata(&former).is_ok_and(|there| there.len() == length as u64);
    let bytes: Cow<'_, [u8]> = match page {
        Page::Bytes(bytes) => Cow::Borrowed(bytes),
        Page::Rendered(render) | Page::Costly(_, render) => {
            Cow::Owned(render().map_err(|mistake| Refusal::Theme(vec![*mistake]))?)
        }
        Page::Written(write) => {
            return pass(write, old, &former, &draft.join(path.as_str()));
        }
        Page::Asset(file) => {
            return copy(&root.join(file), old, &former, &draft.join(path.as_str()));
        }
    };
    let hash = blake3::hash(&bytes).to_hex().to_string();
    if old == Some(&hash) && stands(bytes.len()) {
        return Ok((hash, Drawn::Unchanged));
    }
    put(&draft.join(path.as_str()), &bytes)?;
    Ok((hash, Drawn::Changed))
}

/// Writes a long file into the draft, unless the former one is the same: what it would be is hashed first.
fn pass(
    write: &dyn Fn(&mut dyn io::Write) -> io::Result<()>,
    old: Option<&String>,
    former: &Path,
    draft: &Path,
) -> Result<(String, Drawn), Refusal> {
    if let Some(old) = old {
        let mut hasher = blake3::Hasher::new();
        write(&mut hasher).map_err(at(draft))?;
        let stands = fs::metadata(former).is_ok_and(|there| there.len() == hasher.count());
        let hash = hasher.finalize().to_hex().to_string();
        if hash == *old && stands {
            return Ok((hash, Drawn::Unchanged));
        }
    }
    if let Some(folder) = draft.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    let mut both = Hashed {
        file: fs::File::create(draft).map_err(at(draft))?,
        hasher: blake3::Hasher::new(),
    };
    write(&mut both).map_err(at(draft))?;
    Ok((both.hasher.finalize().to_hex().to_string(), Drawn::Changed))
}

/// A file whose bytes are hashed as they are written.
struct Hashed {
    file: fs::File,
    hasher: blake3::Hasher,
}

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.hasher.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Copies a file into the draft, unless the former copy is the same. It may be longer than the memory.
fn copy(
    file: &Path,
    old: Option<&String>,
    former: &Path,
    draft: &Path,
) -> Result<(String, Drawn), Refusal> {
    let hash_of = |path: &Path| -> io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(path)?)?;
        Ok(hasher.finalize().to_hex().to_string())
    };
    if let Some(old) = old {
        let length = |path| fs::metadata(path).map(|there| there.len()).ok();
        let hash = hash_of(file).map_err(at(file))?;
        if hash == *old && length(former) == length(file) {
            return Ok((hash, Drawn::Unchanged));
        }
    }
    if let Some(folder) = draft.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    let mut from = fs::File::open(file).map_err(at(file))?;
    let mut to = fs::File::create(draft).map_err(at(draft))?;
    io::copy(&mut from, &mut to).map_err(at(draft))?;
    Ok((hash_of(draft).map_err(at(draft))?, Drawn::Changed))
}

/// What came of drawing up one page.
enum Drawn {
    Changed,
    Unchanged,
    /// It was not even rendered.
    Spared,
}

/// Whether a costly page's file is the one that was written, and what rendering would give.
fn still_stands(page: &Page<'_>, file: &Path, hash: &str) -> bool {
    match page {
        Page::Costly(stands, _) => fs::read(file)
            .is_ok_and(|former| blake3::hash(&former).to_hex().as_str() == hash && stands(&former)),
        Page::Bytes(_) | Page::Rendered(_) | Page::Written(_) | Page::Asset(_) => false,
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(path);
            fs::create_dir_all(folder).map_err(at(folder))?;
            fs::write(path, bytes).map_err(at(path))
        }
        other => other.map_err(at(path)),
    }
}

/// Links what has not changed from the former site into the draft.
fn link_unchanged(
    old: &Manifest,
    new: &Manifest,
    target: &Path,
    draft: &Path,
) -> Result<(), Refusal> {
    for (path, hash) in new {
        if old.get(path) != Some(hash) || draft.join(path.as_str()).exists() {
            continue;
        }
        let (from, to) = (target.join(path.as_str()), draft.join(path.as_str()));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to).map_err(at(&from))?;
        }
    }
    Ok(())
}

/// Waits until the draft's files are on the disk, so that no crash leaves names without contents. One call for the
/// whole file system: a call for each of ten thousand files takes a hundred times as long.
fn bring_to_disk(draft: &Path) -> Result<(), Refusal> {
    let folder = fs::File::open(draft).map_err(at(draft))?;
    match rustix::fs::syncfs(&folder) {
        Ok(()) | Err(rustix::io::Errno::NOSYS) => Ok(()),
        Err(error) => Err(Refusal::Machine(draft.to_path_buf(), error.into())),
    }
}

/// Lets the draft and the former site change places.
fn exchange(draft: &Path, target: &Path) -> Result<(), Refusal> {
    if !stands(target).map_err(at(target))? {
        return fs::rename(draft, target).map_err(at(target));
    }
    let here = rustix::fs::CWD;
    match rustix::fs::renameat_with(here, draft, here, target, rustix::fs::RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // The file system knows no exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => rename_twice(draft, target),
        Err(error) => Err(Refusal::Machine(target.to_path_buf(), error.into())),
    }
}

/// Two renames for an exchange; `recover` undoes the first where a crash came between them.
fn rename_twice(draft: &Path, target: &Path) -> Result<(), Refusal> {
    let former = sibling(target, "old");
    fs::rename(target, &former).map_err(at(target))?;
    if let Err(error) = fs::rename(draft, target) {
        let _ = fs::rename(&former, target);
        return Err(Refusal::Machine(target.to_path_buf(), error));
    }
    clear(&former)
}
