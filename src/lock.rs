//! `citations.lock`: what each cited article was when its citations were last settled.
//!
//! The lock is one of the book's files, read and written like any other; nothing of it is guessed.

mod align;

pub use align::{Fate, align};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Lint};
use crate::source::{FileId, Span};

/// Where the lock stands, from the book's folder.
pub const PATH: &str = "citations.lock";

/// The only version that there is.
const VERSION: i64 = 1;

/// The paragraphs of the cited articles.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lock {
    articles: BTreeMap<String, Vec<Locked>>,
}

/// A paragraph as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked {
    /// Its durable id, which follows it wherever it goes.
    pub id: String,
    /// The hash of its folded words.
    pub hash: String,
    /// Its folded words, where it is cited.
    pub words: Option<String>,
}

/// The hash of a paragraph's folded words: half of a BLAKE3 hash's first half, in hexadecimal.
pub fn hash(folded: &str) -> String {
    blake3::hash(folded.as_bytes()).to_hex()[..16].to_owned()
}

impl Lock {
    /// Reads a lock; what is damaged is reported, and then nothing of it is used.
    pub fn parse(file: FileId, text: &str) -> (Option<Self>, Option<Diagnostic>) {
        match read(text) {
            Ok(lock) => (Some(lock), None),
            Err((message, at)) => {
                let span = Span::new(file, at);
                let diagnostic = Diagnostic::new(Lint::DamagedLock, span, message).help(
                    "restore the file from version control, or delete it and build: every citation is then settled as it stands",
                );
                (None, Some(diagnostic))
            }
        }
    }

    /// The paragraphs of an article as they were, in order.
    pub fn article(&self, key: &str) -> Option<&[Locked]> {
        self.articles.get(key).map(Vec::as_slice)
    }

    /// The keys of the articles that it knows.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.articles.keys().map(String::as_str)
    }

    /// Settles an article: its paragraphs' folded words as they are now, and which of them are cited (by index).
    ///
    /// Paragraphs that the former lock knew keep their ids.
    pub fn settle(&mut self, key: &str, present: &[&str], cited: &BTreeSet<usize>) {
        let former = self.articles.remove(key).unwrap_or_default();
        let mut ids: Vec<Option<String>> = vec![None; present.len()];
        for (locked, fate) in former.iter().zip(align(&former, present)) {
            if let Fate::Same(index) | Fate::Changed(index) = fate
                && ids[index].is_none()
            {
                ids[index] = Some(locked.id.clone());
            }
        }
        let mut taken: BTreeSet<String> = former.into_iter().map(|locked| locked.id).collect();
        let paragraphs = present.iter().zip(ids).enumerate();
        let paragraphs = paragraphs.map(|(index, (words, id))| {
            let hash = hash(words);
            let id = id.unwrap_or_else(|| new_id(key, &hash, &taken));
            taken.insert(id.clone());
            Locked {
                id,
                hash,
                words: cited.contains(&index).then(|| (*words).to_owned()),
            }
        });
        let paragraphs = paragraphs.collect();
        self.articles.insert(key.to_owned(), paragraphs);
    }

    /// Forgets the articles that are not among these.
    pub fn retain(&mut self, keep: &BTreeSet<&str>) {
        self.articles.retain(|key, _| keep.contains(key.as_str()));
    }

    /// The file's text: sorted, one paragraph a line.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# What each cited article was when its citations were last settled. Written by `pincite build` and\n\
             # `pincite heal`; keep it in version control and do not edit it.\n",
        );
        let _ = writeln!(text, "version = {VERSION}");
        for (key, paragraphs) in &self.articles {
            let _ = writeln!(text, "\n[articles.{}]\nparagraphs = [", quoted(key));
            for Locked { id, hash, words } in paragraphs {
                let _ = match words {
                    Some(words) => writeln!(text, "  [\"{id}\", \"{hash}\", {}],", quoted(words)),
                    None => writeln!(text, "  [\"{id}\", \"{hash}\"],"),
                };
            }
            text.push_str("]\n");
        }
        text
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// An id of five letters and digits made from the paragraph's words, unlike any that is taken.
fn new_id(key: &str, hash: &str, taken: &BTreeSet<String>) -> String {
    // Crockford's base 32, without letters that are taken for digits.
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let named = |attempt: u32| {
        let seed = blake3::hash(format!("{key}\n{hash}\n{attempt}").as_bytes());
        let letters = seed.as_bytes().iter().take(5);
        letters
            .map(|byte| char::from(DIGITS[usize::from(byte % 32)]))
            .collect::<String>()
    };
    (0..)
        .map(named)
        .find(|id| !taken.contains(id))
        .unwrap_or_default()
}

/// A lock, or what is wrong with it and where.
fn read(text: &str) -> Result<Lock, (String, std::ops::Range<usize>)> {
    if let Some(at) = text
        .find("\n<<<<<<<")
        .or_else(|| text.starts_with("<<<<<<<").then_some(0))
    {
        let start = at + usize::from(text[at..].starts_with('\n'));
        let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        let message = "the lock holds a merge conflict".to_owned();
        return Err((message, start..end));
    }
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().unwrap_or(0..0);
        (format!("the lock is damaged: {}", error.message()), at)
    })?;
    let damaged = |what: &str| (format!("the lock is damaged: {what}"), 0..0);
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(VERSION) => {}
        Some(other) => {
            let message =
                format!("the lock is of version {other}, and this program knows {VERSION}");
            return Err((message, 0..0));
        }
        None => return Err(damaged("it has no version")),
    }
    let mut lock = Lock::default();
    let Some(articles) = table.get("articles") else {
        return Ok(lock);
    };
    let articles = articles
        .as_table()
        .ok_or_else(|| damaged("`articles` is no table"))?;
    for (key, article) in articles {
        let paragraphs = article.get("paragraphs").and_then(toml::Value::as_array);
        let paragraphs = paragraphs.and_then(|all| all.iter().map(locked).collect());
        let paragraphs: Vec<Locked> =
            paragraphs.ok_or_else(|| damaged(&format!("the paragraphs of `{key}`")))?;
        lock.articles.insert(key.clone(), paragraphs);
    }
    Ok(lock)
}

fn locked(value: &toml::Value) -> Option<Locked> {
    let fields: Option<Vec<&str>> = value.as_array()?.iter().map(toml::Value::as_str).collect();
    match fields?.as_slice() {
        [id, hash] => Some(Locked {
            id: (*id).to_owned(),
            hash: (*hash).to_owned(),
            words: None,
        }),
        [id, hash, words] => Some(Locked {
            id: (*id).to_owned(),
            hash: (*hash).to_owned(),
            words: Some((*words).to_owned()),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn file() -> FileId {
        let sources = Sources::from_texts([(PATH, "")]);
        sources.find(PATH).expect("just made")
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut lock = Lock::default();
        let words = ["one \"two\" \\ three", "在日\u{1}", "four"];
        lock.settle("a.b-c", &words, &BTreeSet::from([0, 1]));
        let (read, problem) = Lock::parse(file(), &lock.text());
        assert_eq!(problem, None);
        assert_eq!(read.as_ref(), Some(&lock));
        assert_eq!(read.expect("sound").text(), lock.text());
    }

    #[test]
    fn ids_follow_their_paragraphs_and_are_never_reused() {
        let mut lock = Lock::default();
        let all = BTreeSet::from([0, 1, 2]);
        lock.settle("a", &["one", "two", "three"], &all);
        let ids = |lock: &Lock| -> Vec<String> {
            let paragraphs = lock.article("a").expect("settled");
            paragraphs.iter().map(|locked| locked.id.clone()).collect()
        };
        let before = ids(&lock);
        lock.settle("a", &["new", "three", "one"], &all);
        let after = ids(&lock);
        assert_eq!(after[1], before[2]);
        assert_eq!(after[2], before[0]);
        assert!(!before.contains(&after[0]));
    }

    #[test]
    fn damage_is_said_and_nothing_is_guessed() {
        let check = |text: &str, expected: &str| {
            let (lock, problem) = Lock::parse(file(), text);
            assert_eq!(lock, None, "{text}");
            let message = problem.expect("a diagnostic").message;
            assert!(message.contains(expected), "{message}");
        };
        check("", "no version");
        check("version = 2\n", "version 2");
        check("version = 1\n<<<<<<< ours\n", "merge conflict");
        check("version = 1\narticles = 3\n", "no table");
        check(
            "version = 1\n[articles.a]\nparagraphs = [[1]]\n",
            "paragraphs of `a`",
        );
        check("version = ", "damaged");
    }
}
