//! Which paragraphs of two states of a text are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words;

/// A paragraph of the former text and one of the present text, by index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pair {
    /// Both are the same, in the same order.
    Same,
    /// Both say nearly the same in the same place.
    Edited(usize, usize),
    /// Both say the same in another order.
    Moved(usize, usize),
    /// The former is gone.
    Removed(usize),
    /// The present one is new.
    Added(usize),
}

/// The least likeness of an edited paragraph.
const LIKE: f64 = 0.4;

/// An edited paragraph is looked for among so many.
const NEAREST: usize = 8;

/// The pairs of two texts in the order of the page: the order of the present text, where what is gone stands where it was.
pub(super) fn pairs(old: &[String], new: &[String]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        match op {
            DiffOp::Equal { len, .. } => pairs.extend(std::iter::repeat_n(Pair::Same, len)),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                edited((old, op.old_range()), (new, op.new_range()), &mut pairs);
            }
        }
    }
    moved(pairs, old, new)
}

/// Pairs former paragraphs with the likest of the next few present ones, in order.
fn edited(
    (old, gone): (&[String], Range<usize>),
    (new, come): (&[String], Range<usize>),
    pairs: &mut Vec<Pair>,
) {
    let mut next = come.start;
    for index in gone {
        let nearest = (next..come.end.min(next + NEAREST))
            .map(|other| (words::likeness(&old[index], &new[other]), other))
            .filter(|(like, _)| *like >= LIKE)
            .max_by(|(one, a), (other, b)| one.total_cmp(other).then(b.cmp(a)));
        match nearest {
            Some((_, other)) => {
                pairs.extend((next..other).map(Pair::Added));
                pairs.push(Pair::Edited(index, other));
                next = other + 1;
            }
            None => pairs.push(Pair::Removed(index)),
        }
    }
    pairs.extend((next..come.end).map(Pair::Added));
}

/// Puts together what is gone in one place and new in another with the same words.
fn moved(pairs: Vec<Pair>, old: &[String], new: &[String]) -> Vec<Pair> {
    let mut gone: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for pair in pairs.iter().rev() {
        if let Pair::Removed(index) = pair {
            gone.entry(&old[*index]).or_default().push(*index);
        }
    }
    let mut came_back = BTreeSet::new();
    let mut found = Vec::with_capacity(pairs.len());
    for pair in pairs {
        found.push(match pair {
            Pair::Added(index) => match gone.get_mut(new[index].as_str()).and_then(Vec::pop) {
                Some(from) => {
                    came_back.insert(from);
                    Pair::Moved(from, index)
                }
                None => pair,
            },
            Pair::Same | Pair::Edited(..) | Pair::Moved(..) | Pair::Removed(_) => pair,
        });
    }
    found.retain(|pair| !matches!(pair, Pair::Removed(index) if came_back.contains(index)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_followed() {
        let check = |old: &str, new: &str, expected: &[Pair]| {
            let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
            let found: Vec<Pair> = pairs(&lines(old), &lines(new));
            let changed: Vec<Pair> = found
                .into_iter()
                .filter(|pair| *pair != Pair::Same)
                .collect();
            assert_eq!(changed, expected, "{old} → {new}");
        };
        check("a b c|d e f", "a b c|d e f", &[]);
        check("a b c|d e f", "a b c|x y z|d e f", &[Pair::Added(1)]);
        check("a b c|d e f", "d e f", &[Pair::Removed(0)]);
        check("a b c|d e f|g", "a b c|d e x|g", &[Pair::Edited(1, 1)]);
        check("a b c|d e f|g", "d e f|g|a b c", &[Pair::Moved(0, 2)]);
        check(
            "one two three|four five six",
            "zero|one two 3|four 5 six",
            &[Pair::Added(0), Pair::Edited(0, 1), Pair::Edited(1, 2)],
        );
        check("a b c", "x y z", &[Pair::Removed(0), Pair::Added(0)]);
    }
}
