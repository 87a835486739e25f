//! The name that a mistyped one was meant for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rapidfuzz::distance::osa::{self, BatchComparator};

use super::Trust;

/// The known name nearest to a mistyped one, if any is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = Wrong::new(wrong);
    let mut best = None;
    for name in known {
        if wrong.may_mean(name.chars().count()) {
            wrong.compare(&Folded::new(name), name, &mut best);
        }
    }
    best.map(|(_, name)| name)
}

/// The names of a book, for the many mistyped ones that it may have: each is folded once, and what was sought once is
/// known.
#[derive(Debug, Default)]
pub struct Known {
    names: Vec<(String, Folded)>,
    found: Mutex<HashMap<String, Option<Near<usize>>>>,
}

/// How far a known name is from the wrong one, and the name.
type Near<N> = (usize, N);

impl Known {
    /// These names, among which wrong ones are looked up.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        let folded = names.into_iter().map(|name| {
            let folded = Folded::new(&name);
            (name, folded)
        });
        Known {
            names: folded.collect(),
            found: Mutex::default(),
        }
    }

    /// The name nearest to a mistyped one, if any is near enough to be meant, and how far it is.
    pub fn nearest(&self, wrong: &str) -> Option<Near<&str>> {
        let found = || self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let known = found().get(wrong).copied();
        let near = known.unwrap_or_else(|| {
            let near = self.seek(&Wrong::new(wrong));
            found().insert(wrong.to_owned(), near);
            near
        });
        near.map(|(distance, index)| (distance, self.names[index].0.as_str()))
    }

    /// The nearest name by its index, which is the names' own order.
    fn seek(&self, wrong: &Wrong) -> Option<Near<usize>> {
        let mut best = None;
        for (index, (_, folded)) in self.names.iter().enumerate() {
            wrong.compare(folded, index, &mut best);
        }
        best
    }
}

/// A name in lower case.
#[derive(Debug)]
struct Folded {
    text: String,
    length: usize,
    /// A bit for each letter that it has; several letters share one.
    letters: u64,
}

impl Folded {
    fn new(name: &str) -> Self {
        let text = name.to_lowercase();
        Folded {
            length: text.chars().count(),
            letters: text
                .chars()
                .fold(0, |all, c| all | 1 << (u32::from(c) % 64)),
            text,
        }
    }

    /// What the distance to another name is at least: a letter that the other lacks costs an edit.
    fn least_distance(&self, other: &Folded) -> usize {
        let lacks = |one: u64, other: u64| (one & !other).count_ones() as usize;
        let letters = lacks(self.letters, other.letters).max(lacks(other.letters, self.letters));
        letters.max(self.length.abs_diff(other.length))
    }
}

/// A mistyped name, to be compared with many.
struct Wrong {
    folded: Folded,
    comparator: BatchComparator<char>,
}

impl Wrong {
    fn new(name: &str) -> Self {
        let folded = Folded::new(name);
        Wrong {
            comparator: BatchComparator::new(folded.text.chars()),
            folded,
        }
    }

    /// How far a name of this length may be.
    fn tolerance(&self, length: usize) -> usize {
        (length.max(self.folded.length) / 3).max(1)
    }

    /// Whether a name of this length may begin with it.
    fn may_begin(&self, length: usize) -> bool {
        self.folded.text.len() >= 4 && length > self.folded.length
    }

    /// Whether a name may be meant, by its length alone, in which most differ too much.
    fn may_mean(&self, length: usize) -> bool {
        self.may_begin(length) || length.abs_diff(self.folded.length) <= self.tolerance(length)
    }

    /// Keeps a name if it is nearer than the best one.
    fn compare<N: Ord>(&self, known: &Folded, name: N, best: &mut Option<Near<N>>) {
        let begins = || known.text.starts_with(&self.folded.text);
        let distance = if self.may_begin(known.length) && begins() {
            Some(0)
        } else {
            let most = self.tolerance(known.length);
            let most = best.as_ref().map_or(most, |best| most.min(best.0));
            let may_be_near = self.folded.least_distance(known) <= most;
            may_be_near.then(|| self.distance(known, most)).flatten()
        };
        let near = distance.map(|distance| (distance, name));
        if near.is_some() && (best.is_none() || near < *best) {
            *best = near;
        }
    }

    fn distance(&self, known: &Folded, most: usize) -> Option<usize> {
        let args = osa::Args::default().score_cutoff(most);
        self.comparator
            .distance_with_args(known.text.chars(), &args)
    }
}

/// How far a mistyped name may be taken for `right` unasked: only where the two differ in case, in `_` for `-`, or
/// in one letter, and no other known name is nearly as near.
pub fn trust_in<'a>(wrong: &str, right: &str, known: impl IntoIterator<Item = &'a str>) -> Trust {
    const SHORTEST: usize = 4;
    let fold = |name: &str| name.to_lowercase().replace('_', "-");
    let wrong = BatchComparator::new(fold(wrong).chars());
    let within = |most: usize, name: &str| {
        let args = osa::Args::default().score_cutoff(most);
        wrong.distance_with_args(fold(name).chars(), &args)
    };
    let alone = || {
        known
            .into_iter()
            .all(|name| name == right || within(2, name).is_none())
    };
    let near = match within(1, right) {
        Some(0) => true,
        Some(_) => right.chars().count() >= SHORTEST && alone(),
        None => false,
    };
    if near { Trust::Safe } else { Trust::Suggested }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_of_the_hand_is_mended_unasked() {
        let known = ["title", "date", "language", "text", "tags", "at"];
        let check = |wrong, right, expected| {
            assert_eq!(trust_in(wrong, right, known), expected, "{wrong}");
        };
        check("titel", "title", Trust::Safe);
        check("Title", "title", Trust::Safe);
        check("langauge", "language", Trust::Safe);
        check("lang", "language", Trust::Suggested);
        check("ttiel", "title", Trust::Suggested);
        // `date` and `tags` are as near.
        check("tate", "date", Trust::Suggested);
        check("a", "at", Trust::Suggested);
    }

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["yokota-upgrade", "marines-okinawa", "space"];
        let check = |wrong, expected| assert_eq!(nearest(wrong, known), expected, "{wrong}");
        check("yokota-upgarde", Some("yokota-upgrade"));
        check("Yokota-Upgrade", Some("yokota-upgrade"));
        check("yokota", Some("yokota-upgrade"));
        check("entirely-other", None);
        check("", None);
    }

    #[test]
    fn of_equally_near_names_the_first_is_meant() {
        let known = ["port-b", "port-a", "port", "PORTAL", "ferry-of-the-harbour"];
        let names = Known::new(known.map(str::to_owned));
        let check = |wrong, expected: Option<(usize, &str)>| {
            assert_eq!(names.nearest(wrong), expected, "{wrong}");
            assert_eq!(names.nearest(wrong), expected, "{wrong}, again");
            assert_eq!(
                nearest(wrong, known),
                expected.map(|near| near.1),
                "{wrong}"
            );
        };
        check("port-c", Some((1, "port-a")));
        check("prot", Some((1, "port")));
        check("portal", Some((0, "PORTAL")));
        check("ferry-of-teh-harbuor", Some((2, "ferry-of-the-harbour")));
        check("harbour", None);
    }
}
