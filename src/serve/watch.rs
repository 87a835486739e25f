//! Notices changes in the book's folder and gathers those that come together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::config::{self, Config};
use crate::lock;
use crate::manuscript;

/// A save is over when nothing more has come for so long: longer than an editor takes from a file's emptying to its
/// filling, and too short to be felt.
const QUIET: Duration = Duration::from_millis(10);

/// Many files at once are a branch switch or a copy, which pauses for longer.
const QUIET_OF_MANY: Duration = Duration::from_millis(80);

const MANY: usize = 16;

/// Whoever writes without a pause is not waited for longer.
const LONGEST: Duration = Duration::from_secs(5);

/// How often folders are looked at where the system does not tell.
const POLL: Duration = Duration::from_millis(500);

type Told = notify::Result<Event>;

/// Changes that came together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The files.
    pub(super) paths: BTreeSet<PathBuf>,
    /// Whether other files may have changed, too: the system lost count, or folders came or went.
    pub(super) more: bool,
}

/// Watches the folders that a book is made from, and no other: not the built site, not `target/`.
pub(super) struct Watch {
    root: PathBuf,
    watcher: Box<dyn Watcher>,
    told: Receiver<Told>,
    tell: Sender<Told>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    /// The files and folders of the book, be they there or not.
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    polls: bool,
}

impl Watch {
    /// Watches nothing yet but the book's own folder.
    pub(super) fn new(root: &Path) -> notify::Result<Self> {
        let (tell, told) = mpsc::channel();
        let (watcher, polls) =
            match RecommendedWatcher::new(tell.clone(), notify::Config::default()) {
                Ok(watcher) => (Box::new(watcher) as Box<dyn Watcher>, false),
                Err(_) => (polling(tell.clone())?, true),
            };
        Ok(Watch {
            root: root.to_owned(),
            watcher,
            told,
            tell,
            watched: BTreeMap::new(),
            files: Vec::new(),
            folders: Vec::new(),
            polls,
        })
    }

    /// Watches the folders of a book with this configuration; tells whether there is a new one among them, in which
    /// something may have happened before.
    pub(super) fn follow(&mut self, config: &Config) -> notify::Result<bool> {
        let src = self.root.join(&config.book.src);
        let style = config.style.file();
        let own = [config::PATH, lock::PATH].into_iter().chain(style);
        self.files = own.map(|file| self.root.join(file)).collect();
        self.folders = vec![self.root.join("themes").join(&config.theme)];
        let below = manuscript::FOLDERS.map(|folder| src.join(folder));
        self.folders.extend(below);
        let folders = self.watchable();
        let gone: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(path, mode)| folders.get(*path) != Some(mode))
            .map(|(path, _)| path.clone())
            .collect();
        for path in gone {
            self.forget(&path);
        }
        let mut new = false;
        for (path, mode) in folders {
            if self.watched.contains_key(&path) {
                continue;
            }
            new = true;
            if let Err(error) = self.watcher.watch(&path, mode) {
                return self.poll(config, error);
            }
            self.watched.insert(path, mode);
        }
        Ok(new)
    }

    /// Whether folders are looked at now and then because the system does not tell of changes in them.
    pub(super) fn polls(&self) -> bool {
        self.polls
    }

    /// Waits for changes and for the quiet after them.
    pub(super) fn wait(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        while batch.paths.is_empty() && !batch.more {
            let told = self.told.recv().ok()?;
            self.take(told, &mut batch);
        }
        let started = Instant::now();
        while started.elapsed() < LONGEST {
            let quiet = if batch.paths.len() < MANY {
                QUIET
            } else {
                QUIET_OF_MANY
            };
            match self.told.recv_timeout(quiet) {
                Ok(told) => self.take(told, &mut batch),
                Err(_) => break,
            }
        }
        Some(batch)
    }

    fn take(&mut self, told: Told, batch: &mut Batch) {
        let Ok(event) = told else {
            batch.more = true;
            return;
        };
        batch.more |= event.need_rescan();
        if is_reading(event.kind) {
            return;
        }
        let moved = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        for path in event.paths {
            if moved && path != self.root {
                batch.more |= self.forget_below(&path);
            }
            if self.belongs(&path) {
                batch.paths.insert(path);
            }
        }
    }

    /// A folder that came anew or went is watched anew, and those in it; tells whether it was watched.
    fn forget_below(&mut self, path: &Path) -> bool {
        let below = self
            .watched
            .keys()
            .filter(|watched| watched.starts_with(path));
        let lost: Vec<PathBuf> = below.cloned().collect();
        for path in &lost {
            self.forget(path);
        }
        !lost.is_empty()
    }

    fn forget(&mut self, path: &Path) {
        // The system has forgotten a folder that is gone.
        let _ = self.watcher.unwatch(path);
        self.watched.remove(path);
    }

    /// Whether a path is a part of the book, or a folder above one.
    fn belongs(&self, path: &Path) -> bool {
        let near = |place: &PathBuf| path.starts_with(place) || place.starts_with(path);
        let below = path.strip_prefix(&self.root).unwrap_or(Path::new(""));
        let passed_over = below.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            name.starts_with('.') || name.ends_with('~') || name.starts_with('#')
        });
        !passed_over && self.files.iter().chain(&self.folders).any(near)
    }

    /// The folders to watch: those of the book with all that is in them, and those above, in which they come and go.
    fn watchable(&self) -> BTreeMap<PathBuf, RecursiveMode> {
        let own = self.files.iter().chain(&self.folders);
        let above = own.flat_map(|place| place.ancestors().skip(1));
        let above = above.filter(|above| above.starts_with(&self.root));
        let mut folders: BTreeMap<PathBuf, RecursiveMode> = above
            .map(|above| (above.to_owned(), RecursiveMode::NonRecursive))
            .collect();
        let whole = self.folders.iter().cloned();
        folders.extend(whole.map(|folder| (folder, RecursiveMode::Recursive)));
        folders.retain(|folder, _| folder.is_dir());
        folders
    }

    /// Goes on without the system's help, which has an end (`fs.inotify.max_user_watches`).
    fn poll(&mut self, config: &Config, error: notify::Error) -> notify::Result<bool> {
        if self.polls {
            return Err(error);
        }
        self.watcher = polling(self.tell.clone())?;
        self.polls = true;
        self.watched.clear();
        self.follow(config)
    }
}

fn polling(tell: Sender<Told>) -> notify::Result<Box<dyn Watcher>> {
    let config = notify::Config::default().with_poll_interval(POLL);
    Ok(Box::new(PollWatcher::new(tell, config)?))
}

/// What we do ourselves when we read the book.
fn is_reading(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => false,
    }
}
