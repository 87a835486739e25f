//! Which paragraphs of two states of a text are the same.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::verify::{Fate, fates};

/// A paragraph of the former text and one of the present text, by index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pair {
    /// Both are the same, in the same order.
    Same(usize, usize),
    /// Both say nearly the same.
    Edited(usize, usize),
    /// Both say the same in another order.
    Moved(usize, usize),
    /// The former is gone.
    Removed(usize),
    /// The present one is new.
    Added(usize),
}

/// The pairs of two texts in the order of the page: the order of the present text, where what is gone stands where it
/// was. A paragraph that was split goes on in its first piece, and of those that were joined the first goes on.
pub(super) fn pairs(old: &[String], new: &[String]) -> Vec<Pair> {
    let [then, now] = [old, new].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    let (present, former) = partners(&fates(&then, &now), new.len());
    let pair = |from: usize, at: usize, equal: Pair| {
        if old[from] == new[at] {
            equal
        } else {
            Pair::Edited(from, at)
        }
    };
    // What has become of what is the same thing in both lists; what is gone stands in the former alone.
    let then: Vec<Result<usize, usize>> = (0..old.len())
        .map(|index| present[index].ok_or(index))
        .collect();
    let now: Vec<Result<usize, usize>> = (0..new.len()).map(Ok).collect();
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &then, &now) {
        let (then, now) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            pairs.extend(
                then.zip(now)
                    .map(|(from, at)| pair(from, at, Pair::Same(from, at))),
            );
            continue;
        }
        pairs.extend(
            then.filter(|from| present[*from].is_none())
                .map(Pair::Removed),
        );
        pairs.extend(now.map(|at| match former[at] {
            Some(from) => pair(from, at, Pair::Moved(from, at)),
            None => Pair::Added(at),
        }));
    }
    pairs
}

/// The present paragraph of each former one, and the former one of each of the `count` present ones.
fn partners(fates: &[Fate], count: usize) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let (mut present, mut former) = (vec![None; fates.len()], vec![None; count]);
    for (from, fate) in fates.iter().enumerate() {
        let at = match fate {
            Fate::Same(range) => range.start,
            Fate::Changed(at) => *at,
            // Few words that have left what they stood beside: for a reader they have moved.
            Fate::Several(places) if places.len() == 1 => places[0],
            Fate::Several(_) | Fate::Gone => continue,
        };
        if former[at].is_none() {
            (present[from], former[at]) = (Some(at), Some(from));
        }
    }
    (present, former)
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
                .filter(|pair| !matches!(pair, Pair::Same(..)))
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
