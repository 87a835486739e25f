//! Durable ids of paragraphs, and hashes of their words.

use std::collections::{BTreeSet, HashMap};
use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

/// A paragraph's durable id: six letters and digits, unlike those of all other paragraphs of its article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id(u32);

/// Crockford's base 32 has no letter that is taken for a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many of them an id has.
const ID_LENGTH: usize = 6;

impl Id {
    /// One of the ids that are made from a paragraph's article and words.
    pub(super) fn attempt(key: &str, hash: Hash, attempt: u32) -> Self {
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

    /// The hash that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Hash)
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
