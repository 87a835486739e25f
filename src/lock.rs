//! `citations.lock`: what each cited article was when its citations were last settled.
//!
//! The lock is one of the book's files, read and written like any other; nothing of it is guessed.

mod id;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::reference::numbers;
use crate::source::Shared;

pub use id::{Hash, Id, Ids};

/// Where the lock stands, from the book's folder.
pub const PATH: &str = "citations.lock";

/// What is done about a lock that cannot be read.
pub const REBUILD: &str = "restore the file from version control; or delete it, and the next build settles every citation as it stands then";

/// The only version that there is.
const VERSION: &str = "1";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
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
