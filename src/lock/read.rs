//! Reads a lock: every line of it, or nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;

use super::{END, Hash, Id, Lock, Locked, REBUILD, Settled, VERSION};
use crate::diagnostic::{Diagnostic, Lint};
use crate::source::{FileId, Shared, Span};

/// What is said of a lock in which a merge is not decided.
const CONFLICT: &str = "the lock holds a merge conflict";

/// What is done about it.
const SETTLE_MERGE: &str = "take whole the lock of the side whose articles stand in the book now, run `pincite heal`, and look at each place that the other side has cited: its numbers are those of its own articles";

/// How the report of a lock that another program wrote begins.
const OTHER_VERSION: &str = "the lock is of version ";

impl Lock {
    /// Reads a lock; what is damaged is reported, and then nothing of it is used.
    ///
    /// # Errors
    ///
    /// Fails on everything that is no whole lock of this version.
    pub fn parse(file: FileId, text: &Arc<str>) -> Result<Self, Box<Diagnostic>> {
        read(text).map_err(|(message, at)| {
            let help = match message.as_str() {
                CONFLICT => SETTLE_MERGE.to_owned(),
                newer if newer.starts_with(OTHER_VERSION) => {
                    format!("use the Pincite that wrote it; or {REBUILD}")
                }
                _ => REBUILD.to_owned(),
            };
            Box::new(Diagnostic::new(Lint::DamagedLock, Span::new(file, at), message).help(help))
        })
    }
}

/// What is wrong with a lock, and where.
type Damage = (String, Range<usize>);

/// What stands before the first article.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(rename = "version")]
    _version: toml::Value,
}

/// An article's table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block<'t> {
    #[serde(borrow)]
    articles: BTreeMap<String, Written<'t>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'t> {
    /// Of locks as they were written first, articles have none.
    #[serde(borrow, default)]
    checksum: Option<Piece<'t>>,
    #[serde(borrow)]
    paragraphs: Vec<Entry<'t>>,
    #[serde(borrow, default)]
    gone: Vec<Entry<'t>>,
    #[serde(default)]
    omitted: Vec<u32>,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// A paragraph's id, hash and words.
type Entry<'t> = Vec<Piece<'t>>;

/// A string of the file; a piece of its text where nothing in it is escaped.
#[derive(Deserialize)]
struct Piece<'t>(#[serde(borrow)] Cow<'t, str>);

fn read(text: &Arc<str>) -> Result<Lock, Damage> {
    let lines = || {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let line = |start: usize| start..text[start..].find('\n').map_or(text.len(), |n| start + n);
        std::iter::once(0).chain(starts).map(line)
    };
    if let Some(at) = lines().find(|line| text[line.clone()].starts_with("<<<<<<<")) {
        return Err((CONFLICT.to_owned(), at));
    }
    let version = lines().find_map(|line| {
        let version = text[line.clone()].strip_prefix("version =")?.trim();
        Some((version, line))
    });
    match version {
        Some((VERSION, _)) => {}
        Some((other, at)) => {
            let message = format!("{OTHER_VERSION}{other}, and this program knows {VERSION}");
            return Err((message, at));
        }
        None => return Err(("this is no lock: it has no version".to_owned(), 0..0)),
    }
    // Each article's table is TOML by itself, so that they can be read side by side.
    let starts = text.match_indices("\n[articles.").map(|(at, _)| at + 1);
    let starts: Vec<usize> = starts.chain([text.len()]).collect();
    let blocks = starts
        .par_windows(2)
        .map(|ends| block(text, ends[0]..ends[1]));
    let _: Head = toml_of(text, 0..starts[0])?;
    let blocks = blocks.collect::<Result<Vec<_>, Damage>>()?;
    if text.trim_end().lines().next_back() != Some(END) {
        let end = text.len()..text.len();
        return Err(("the lock was cut short".to_owned(), end));
    }
    let mut lock = Lock::default();
    for (key, settled, at) in blocks.into_iter().flatten() {
        if lock.articles.contains_key(&key) {
            return Err((format!("the lock is damaged: `{key}` is in it twice"), at));
        }
        lock.settle(&key, settled);
    }
    Ok(lock)
}

/// An article with its table's place.
type Placed = (String, Settled, Range<usize>);

/// The article of a table; TOML knows ways to write several.
fn block(text: &Arc<str>, at: Range<usize>) -> Result<Vec<Placed>, Damage> {
    let start = at.start;
    let header = start..start + text[at.clone()].find('\n').unwrap_or(at.len());
    let block: Block<'_> = toml_of(text, at)?;
    let articles = block.articles.into_iter().map(|(key, written)| {
        let damage = |what| {
            (
                format!("the lock is damaged: {what} of `{key}`"),
                header.clone(),
            )
        };
        let settled = settled(&written, &text.clone().into()).map_err(damage)?;
        if !settled.all().all(Locked::fits) {
            return Err(damage("words that do not fit their hash, in a paragraph"));
        }
        let checksum = written.checksum.as_ref();
        if checksum.is_some_and(|Piece(written)| *written != settled.checksum().to_string()) {
            return Err(damage("a line is lost or out of its place, in the part"));
        }
        Ok((key, settled, header.clone()))
    });
    articles.collect()
}

fn toml_of<'t, T: Deserialize<'t>>(text: &'t str, range: Range<usize>) -> Result<T, Damage> {
    toml::from_str(&text[range.clone()]).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        let at = range.start + at.start..range.start + at.end;
        (format!("the lock is damaged: {}", error.message()), at)
    })
}

/// An article as it was, or what is wrong with its part.
fn settled(written: &Written<'_>, text: &Shared) -> Result<Settled, &'static str> {
    let all = |entries: &[Entry<'_>]| {
        let read: Option<Vec<Locked>> = entries.iter().map(|entry| locked(entry, text)).collect();
        read.ok_or("a line is no paragraph, in the part")
    };
    let names = written.names.iter();
    let names: Option<BTreeMap<String, Id>> = names
        .map(|(name, id)| Some((name.clone(), Id::parse(id)?)))
        .collect();
    let settled = Settled {
        paragraphs: all(&written.paragraphs)?,
        gone: all(&written.gone)?,
        omitted: written.omitted.clone(),
        names: names.ok_or("a name is that of no paragraph, in the part")?,
    };
    let (ids, count) = (settled.ids(), settled.paragraphs.len() + settled.gone.len());
    if ids.len() < count {
        return Err("a line stands twice, in the part");
    }
    let named = settled.names.values().all(|id| ids.contains(id));
    named
        .then_some(settled)
        .ok_or("a name is that of no paragraph, in the part")
}

fn locked(entry: &Entry<'_>, text: &Shared) -> Option<Locked> {
    let (id, hash, words) = match entry.as_slice() {
        [id, hash] => (id, hash, None),
        [id, hash, words] => (id, hash, Some(words)),
        _ => return None,
    };
    let hash = Hash::parse(&hash.0)?;
    let words = words.map(|Piece(words)| shared(words, text));
    Some(Locked::new(Id::parse(&id.0)?, hash, words))
}

/// Words as a piece of the lock's text, where they stand there as they are.
fn shared(words: &str, text: &Shared) -> Shared {
    let start = (words.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let within = start..start.saturating_add(words.len());
    match text.get(within.clone()) {
        Some(same) if same == words => text.slice(within),
        Some(_) | None => words.into(),
    }
}
