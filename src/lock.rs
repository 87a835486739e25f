//! `citations.lock`: what each cited article was when its citations were last settled.
//!
//! The lock is one of the book's files, read and written like any other; nothing of it is guessed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

use crate::diagnostic::{Diagnostic, Lint};
use crate::reference::numbers;
use crate::source::{FileId, Shared, Span};

/// Where the lock stands, from the book's folder.
pub const PATH: &str = "citations.lock";

/// What is done about a lock that cannot be read.
pub const REBUILD: &str = "restore the file from version control; or delete it, and the next build settles every citation as it stands then";

/// The only version that there is.
const VERSION: &str = "1";

/// What is said of a lock in which a merge is not decided.
const CONFLICT: &str = "the lock holds a merge conflict";

/// What is done about it.
const SETTLE_MERGE: &str = "take the lock of either side whole, then run `pincite heal`, which settles what the other side has cited";

/// How the report of a lock that another program wrote begins.
const OTHER_VERSION: &str = "the lock is of version ";

/// The last line, by which a file that was cut short is known.
const END: &str = "# end";

/// The cited articles as they were, by key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lock {
    articles: BTreeMap<String, Arc<Settled>>,
}

/// An article as it was when its citations were settled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settled {
    /// Its paragraphs in order; ¶N is at index N − 1.
    pub paragraphs: Vec<Locked>,
    /// Paragraphs that are no longer in it and are still cited, by their ids.
    pub gone: Vec<Locked>,
    /// The numbers of those that its `omit` left out.
    pub omitted: Vec<u32>,
    /// The names that its cited paragraphs bore, each with its paragraph's id.
    pub names: BTreeMap<String, Id>,
}

/// A paragraph as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked {
    /// Its durable id, which follows it wherever it goes.
    pub id: Id,
    /// The hash of its folded words.
    pub hash: Hash,
    /// Its folded words, where it is cited.
    words: Option<Box<Shared>>,
}

/// A paragraph's durable id: six letters and digits, unlike those of all other paragraphs of its article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id(u32);

/// Crockford's base 32 has no letter that is taken for a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many of them an id has.
const ID_LENGTH: usize = 6;

impl Id {
    /// One of the ids that are made from a paragraph's article and words.
    fn attempt(key: &str, hash: Hash, attempt: u32) -> Self {
        let seed = blake3::hash(format!("{key}\n{hash}\n{attempt}").as_bytes());
        Id(first_bytes(&seed) >> (32 - 5 * ID_LENGTH))
    }

    /// The id that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
        let number = text.bytes().try_fold(0, |number: u32, byte| {
            Some(number << 5 | u32::try_from(digit(byte)?).ok()?)
        });
        number.filter(|_| text.len() == ID_LENGTH).map(Id)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..ID_LENGTH).rev().try_for_each(|place| {
            let digit = DIGITS[(self.0 >> (5 * place)) as usize % DIGITS.len()];
            f.write_char(char::from(digit))
        })
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The ids of an article, as they are given one after the other.
pub struct Ids<'k> {
    key: &'k str,
    taken: BTreeSet<Id>,
    /// The first attempt at an id that may be free, for words that have had one: what is taken stays taken.
    next: HashMap<Hash, u32>,
}

impl<'k> Ids<'k> {
    /// Those of an article of which some are taken.
    pub fn new(key: &'k str, taken: BTreeSet<Id>) -> Self {
        Ids {
            key,
            taken,
            next: HashMap::new(),
        }
    }

    /// The first id made from the article and a paragraph's words that is unlike any that is taken; it is taken then.
    pub fn give(&mut self, hash: Hash) -> Id {
        let next = self.next.entry(hash).or_default();
        loop {
            let id = Id::attempt(self.key, hash, *next);
            *next = next.wrapping_add(1);
            if self.taken.insert(id) {
                return id;
            }
        }
    }
}

/// The hash of a paragraph's folded words: the first 64 bits of their BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Hash(u64);

impl Hash {
    /// The hash of folded words.
    pub fn of(folded: &str) -> Self {
        let hash = blake3::hash(folded.as_bytes());
        let (first, _) = hash
            .as_bytes()
            .split_first_chunk()
            .unwrap_or((&[0; 8], &[]));
        Hash(u64::from_be_bytes(*first))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

fn first_bytes(hash: &blake3::Hash) -> u32 {
    let (first, _) = hash
        .as_bytes()
        .split_first_chunk()
        .unwrap_or((&[0; 4], &[]));
    u32::from_be_bytes(*first)
}

impl Locked {
    /// A paragraph with these folded words, where it is cited.
    pub fn new(id: Id, hash: Hash, words: Option<Shared>) -> Self {
        let words = words.map(Box::new);
        Locked { id, hash, words }
    }

    /// Its folded words, where it is cited.
    pub fn words(&self) -> Option<&str> {
        self.words.as_ref().map(|words| words.as_str())
    }

    /// Keeps its folded words, because it is cited now.
    pub fn cite(&mut self, words: Shared) {
        self.words = Some(Box::new(words));
    }

    /// Whether something rests on it.
    pub fn is_cited(&self) -> bool {
        self.words.is_some()
    }

    /// Whether its words, where it has them, are those that were hashed.
    fn fits(&self) -> bool {
        self.words()
            .is_none_or(|words| Hash::of(words) == self.hash)
    }
}

impl Settled {
    /// All paragraphs, those that are gone last.
    pub fn all(&self) -> impl Iterator<Item = &Locked> {
        self.paragraphs.iter().chain(&self.gone)
    }

    /// The hash of all but the words, by which a lost line is known. Words have hashes of their own, so that two branches
    /// that cite other paragraphs can be merged.
    fn checksum(&self) -> Hash {
        let mut lines = String::new();
        for Locked { id, hash, .. } in self.all() {
            let _ = writeln!(lines, "{id} {hash}");
        }
        for number in &self.omitted {
            let _ = writeln!(lines, "{number}");
        }
        for (name, id) in &self.names {
            let _ = writeln!(lines, "{name} {id}");
        }
        Hash::of(&lines)
    }

    /// All ids that are taken.
    pub fn ids(&self) -> BTreeSet<Id> {
        self.all().map(|locked| locked.id).collect()
    }

    /// Adds the words, the paragraphs that are gone and the names that an earlier state of the same paragraphs has besides.
    fn keep(&mut self, before: &Settled) {
        let known: BTreeMap<Id, &Locked> = before.all().map(|one| (one.id, one)).collect();
        for locked in &mut self.paragraphs {
            let same = known.get(&locked.id).filter(|one| one.hash == locked.hash);
            locked.words = locked.words.take().or_else(|| same?.words.clone());
        }
        let taken = self.ids();
        let gone = before.gone.iter().filter(|one| !taken.contains(&one.id));
        self.gone.extend(gone.cloned());
        let taken = self.ids();
        let names = before.names.iter().filter(|(_, id)| taken.contains(id));
        for (name, id) in names {
            self.names.entry(name.clone()).or_insert(*id);
        }
    }

    /// Whether these are the numbers of its paragraphs that something rests on.
    pub fn is_cited_as(&self, cited: &BTreeSet<u32>) -> bool {
        self.cited().eq(cited.iter().copied())
    }

    /// Whether something rests on more of its paragraphs than so many.
    pub fn is_cited_more(&self, count: usize) -> bool {
        self.cited().nth(count).is_some()
    }

    /// The numbers of its paragraphs that something rests on.
    fn cited(&self) -> impl Iterator<Item = u32> {
        let numbered = (1..).zip(&self.paragraphs);
        let cited = numbered.filter(|(_, locked)| locked.is_cited());
        cited.map(|(number, _)| number)
    }

    /// Whether these are the hashes of its paragraphs.
    pub fn is(&self, hashes: &[Hash]) -> bool {
        let own = self.paragraphs.iter().map(|locked| locked.hash);
        own.eq(hashes.iter().copied())
    }
}

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

    /// An article as it was.
    pub fn article(&self, key: &str) -> Option<&Arc<Settled>> {
        self.articles.get(key)
    }

    /// All articles as they were, by key.
    pub fn articles(&self) -> impl Iterator<Item = (&str, &Arc<Settled>)> {
        let articles = self.articles.iter();
        articles.map(|(key, settled)| (key.as_str(), settled))
    }

    /// Whether it has no article.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Records an article.
    pub fn settle(&mut self, key: &str, settled: impl Into<Arc<Settled>>) {
        self.articles.insert(key.to_owned(), settled.into());
    }

    /// The same with all that an earlier lock has besides.
    #[must_use]
    pub fn keeping(mut self, before: &Lock) -> Self {
        for (key, before) in &before.articles {
            match self.articles.get_mut(key) {
                Some(settled) if settled == before => {}
                Some(settled) => Arc::make_mut(settled).keep(before),
                None => self.settle(key, Arc::clone(before)),
            }
        }
        self
    }

    /// How a later lock differs: what is cited now and is cited no more, article by article.
    pub fn changes(&self, later: &Lock) -> Vec<String> {
        let keys: BTreeSet<&String> = self.articles.keys().chain(later.articles.keys()).collect();
        let changes = keys.into_iter().filter_map(|key| {
            let both = [self, later].map(|lock| lock.articles.get(key));
            (both[0] != both[1]).then(|| change(key, both))
        });
        changes.collect()
    }

    /// About as many bytes as the file has: that of a large book has many megabytes, which no growing has to copy.
    fn length(&self) -> usize {
        let words = |locked: &Locked| locked.words.as_ref().map_or(0, |words| words.len() + 4);
        let articles = self.articles.iter().map(|(key, settled)| {
            64 + key.len()
                + 8 * settled.omitted.len()
                + settled.all().map(|one| 34 + words(one)).sum::<usize>()
        });
        256 + articles.sum::<usize>()
    }

    /// The file's text: sorted, one paragraph a line.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.length());
        let _ = writeln!(
            text,
            "# What each cited article was when its citations were last settled. Written by `pincite build` and\n\
             # `pincite heal`: keep it in version control and do not edit it.\n\
             version = {VERSION}"
        );
        for (key, settled) in &self.articles {
            let _ = writeln!(text, "\n[articles.{}]", quoted(key));
            let _ = writeln!(text, "checksum = \"{}\"", settled.checksum());
            if !settled.omitted.is_empty() {
                let _ = writeln!(text, "omitted = {:?}", settled.omitted);
            }
            list(&mut text, "paragraphs", &settled.paragraphs);
            if !settled.gone.is_empty() {
                list(&mut text, "gone", &settled.gone);
            }
            if !settled.names.is_empty() {
                let names = settled.names.iter();
                let names = names.map(|(name, id)| format!("{} = \"{id}\"", quoted(name)));
                let names: Vec<String> = names.collect();
                let _ = writeln!(text, "names = {{ {} }}", names.join(", "));
            }
        }
        let _ = writeln!(text, "\n{END}");
        text
    }
}

/// `¶5 of `a` is cited now, and ¶6 no more`
fn change(key: &str, both: [Option<&Arc<Settled>>; 2]) -> String {
    let [before, now] = both.map(|settled| -> BTreeSet<u32> {
        settled.into_iter().flat_map(|one| one.cited()).collect()
    });
    let [came, went]: [Vec<u32>; 2] = [
        now.difference(&before).copied().collect(),
        before.difference(&now).copied().collect(),
    ];
    let are = |paragraphs: &[u32]| if paragraphs.len() == 1 { "is" } else { "are" };
    match (came.as_slice(), went.as_slice()) {
        ([], []) => format!("`{key}` is settled otherwise"),
        ([], went) => format!("{} of `{key}` {} cited no more", numbers(went), are(went)),
        (came, []) => format!("{} of `{key}` {} cited now", numbers(came), are(came)),
        (came, went) => format!(
            "{} of `{key}` {} cited now, and {} no more",
            numbers(came),
            are(came),
            numbers(went)
        ),
    }
}

fn list(text: &mut String, name: &str, paragraphs: &[Locked]) {
    let _ = writeln!(text, "{name} = [");
    for locked in paragraphs {
        let Locked { id, hash, .. } = locked;
        let _ = match locked.words() {
            Some(words) => writeln!(text, "  [\"{id}\", \"{hash}\", {}],", quoted(words)),
            None => writeln!(text, "  [\"{id}\", \"{hash}\"],"),
        };
    }
    text.push_str("]\n");
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
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
    let hash = Hash(u64::from_str_radix(&hash.0, 16).ok()?);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn parse(text: &str) -> Result<Lock, Box<Diagnostic>> {
        let sources = Sources::from_texts([(PATH, "")]);
        Lock::parse(sources.find(PATH).expect("just made"), &text.into())
    }

    fn example() -> Lock {
        let mut settled = Settled::default();
        let mut ids = Ids::new("a", BTreeSet::new());
        for (words, cited) in [
            ("one \"two\" \\ 'three'", true),
            ("在日\u{1}", true),
            ("", false),
        ] {
            let hash = Hash::of(words);
            let words = cited.then(|| words.into());
            settled
                .paragraphs
                .push(Locked::new(ids.give(hash), hash, words));
        }
        settled.gone.extend(settled.paragraphs.pop());
        settled.omitted.push(2);
        let first = settled.paragraphs[0].id;
        settled.names.insert("first".to_owned(), first);
        let mut lock = Lock::default();
        lock.settle("a.b-c", settled);
        lock
    }

    #[test]
    fn what_is_written_can_be_read() {
        let read = parse(&example().text()).expect("sound");
        assert_eq!(read, example());
        assert_eq!(read.text(), example().text());
    }

    #[test]
    fn ids_are_never_given_twice() {
        let mut ids = Ids::new("a", BTreeSet::new());
        let mut given = BTreeSet::new();
        // So many that trying all for each would not end.
        for _ in 0..50_000 {
            let id = ids.give(Hash::of("words"));
            assert_eq!(Id::parse(&id.to_string()), Some(id));
            assert!(given.insert(id));
        }
        assert_eq!(Id::parse("12345"), None);
        assert_eq!(Id::parse("12345u"), None);
    }

    /// Ids are durable: what an article's next paragraph would be called must never change.
    #[test]
    fn an_id_is_the_first_attempt_that_is_free() {
        let hashes = ["Yes.", "No.", "Yes.", "Yes.", "No.", "Perhaps.", "Yes."].map(Hash::of);
        let first = |hash, taken: &BTreeSet<Id>| {
            let mut attempts = (0..).map(|attempt| Id::attempt("a", hash, attempt));
            attempts.find(|id| !taken.contains(id)).expect("a free one")
        };
        // Some are taken from the first, one of them by other words.
        let taken = [(0, 0), (0, 2), (1, 1), (5, 0)];
        let taken = taken.map(|(words, attempt)| Id::attempt("a", hashes[words], attempt));
        let mut taken = BTreeSet::from(taken);
        let mut ids = Ids::new("a", taken.clone());
        let given = hashes.map(|hash| {
            let id = ids.give(hash);
            assert_eq!(id, first(hash, &taken));
            taken.insert(id);
            id.to_string()
        });
        assert_eq!(
            given.join(" "),
            "nf5j3c ehjnse j95m83 d30230 tjct44 7zef06 mtdr7k"
        );
    }

    #[test]
    fn damage_is_said_and_nothing_is_guessed() {
        let check = |text: &str, expected: &str| {
            let message = parse(text).expect_err(text).message;
            assert!(message.contains(expected), "{message}");
        };
        let whole = example().text();
        check("", "no version");
        check("version = 2\n", "version 2");
        check("version = 1\n<<<<<<< ours\n", "merge conflict");
        check("version = 1\narticles = 3\n# end\n", "damaged");
        check("version = 1\nmore = 3\n# end\n", "unknown field");
        check(
            &whole.replace(END, "[articles.\"a.b-c\"]\nparagraphs = []\n# end"),
            "in it twice",
        );
        check(
            "version = 1\n[articles.a]\nparagraphs = [[1]]\n# end\n",
            "damaged",
        );
        check(
            "version = 1\n[articles.a]\nparagraphs = [[\"1\"]]\n# end\n",
            "a line is no paragraph, in the part of `a`",
        );
        check("version = ", "version");
        check(whole.trim_end().trim_end_matches(END), "cut short");
        check(&whole[..whole.len() / 2], "damaged");
        let twice = whole.replace("gone = [", "]\ngone = [");
        check(&twice, "damaged");
        let line = whole
            .lines()
            .find(|line| line.starts_with("  ["))
            .expect("a paragraph");
        check(
            &whole.replacen(line, &format!("{line}\n{line}"), 1),
            "a line stands twice, in the part of `a.b-c`",
        );
        let of_example = "a line is lost or out of its place, in the part of `a.b-c`";
        check(
            &whole
                .replacen(&format!("{line}\n"), "", 1)
                .replace("names", "# "),
            of_example,
        );
        let (first, rest) = whole.split_once(line).expect("just found");
        let (next, rest) = rest[1..].split_once('\n').expect("a next paragraph");
        check(&format!("{first}{next}\n{line}\n{rest}"), of_example);
        check(
            &whole.replace("two", "ten"),
            "words that do not fit their hash, in a paragraph of `a.b-c`",
        );
    }
}
