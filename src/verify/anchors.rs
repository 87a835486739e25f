//! The alignment of a long quotation: three words in a row that stand in it as often as in the source hold both
//! together, and only what is between them is compared word by word. The cost grows with the length alone.

use std::collections::HashMap;
use std::ops::Range;

use super::Folded;
use super::align::{Alignment, Ends, Item, Step, align_between, is_same, item_weight};
use super::tokens::{Index, weight};

/// Longer runs between two anchors are other words altogether.
const LONGEST_BETWEEN: usize = 400;

/// A place of a quotation and its place in the source: an item and a token.
type Anchor = (usize, usize);

/// Lays a long quotation beside a stretch of a source; none where nothing holds them together.
pub(super) fn align_long(
    items: &[Item],
    index: &Index,
    texts: &[&Folded],
    stretch: Range<usize>,
) -> Option<Alignment> {
    let mut shared = shared_triples(items, index, &stretch);
    let same = |(item, token): &Anchor| is_same(&items[*item], index, texts, *token);
    shared.retain(same);
    let anchors = longest_increasing(&shared);
    let (first, last) = (*anchors.first()?, *anchors.last()?);
    let mut joined = Joined {
        items,
        index,
        texts,
        steps: Vec::with_capacity(items.len()),
        cost: 0,
    };
    let head = first
        .1
        .saturating_sub(reach(&items[..first.0]))
        .max(stretch.start);
    joined.compare(
        0..first.0,
        head..first.1,
        Ends {
            start: true,
            end: false,
        },
    );
    for pair in anchors.windows(2) {
        let [(item, token), (next_item, next_token)] = [pair[0], pair[1]];
        joined.steps.push(Step::Same(item, token));
        let bound = Ends {
            start: false,
            end: false,
        };
        joined.compare(item + 1..next_item, token + 1..next_token, bound);
    }
    joined.steps.push(Step::Same(last.0, last.1));
    let tail = (last.1 + 1 + reach(&items[last.0 + 1..])).min(stretch.end);
    joined.compare(
        last.0 + 1..items.len(),
        last.1 + 1..tail,
        Ends {
            start: false,
            end: true,
        },
    );
    Some(Alignment {
        steps: joined.steps,
        cost: joined.cost,
    })
}

/// How far items may reach in the source.
fn reach(items: &[Item]) -> usize {
    items.len() + items.len() / 4 + 4
}

/// The steps of the parts, one after another.
struct Joined<'a> {
    items: &'a [Item],
    index: &'a Index,
    texts: &'a [&'a Folded],
    steps: Vec<Step>,
    cost: u32,
}

impl Joined<'_> {
    fn compare(&mut self, items: Range<usize>, tokens: Range<usize>, ends: Ends) {
        if items.len() > LONGEST_BETWEEN || tokens.len() > 2 * LONGEST_BETWEEN {
            return self.exchange(items, tokens);
        }
        let part = &self.items[items.clone()];
        let between = align_between(part, self.index, self.texts, tokens, ends);
        self.cost += between.cost;
        self.steps.extend(
            between
                .steps
                .into_iter()
                .map(|step| step.behind(items.start)),
        );
    }

    /// Other words, all of them, in the place of those of the source.
    fn exchange(&mut self, items: Range<usize>, tokens: Range<usize>) {
        self.cost += self.items[items.clone()]
            .iter()
            .map(item_weight)
            .sum::<u32>();
        self.steps.extend(items.map(Step::Added));
        for at in tokens {
            let token = self.index.tokens[at];
            self.cost += weight(&self.texts[token.paragraph as usize - 1].text[token.range()]);
            self.steps.push(Step::Missing(at));
        }
    }
}

/// Where three words in a row stand as often in the quotation as in the stretch: the first with the first, and so on.
fn shared_triples(items: &[Item], index: &Index, stretch: &Range<usize>) -> Vec<Anchor> {
    let word = |item: &Item| match item {
        Item::Token(quoted) => quoted.word(),
        Item::Gap(_) => None,
    };
    let quoted = items
        .windows(3)
        .map(|triple| Some([word(&triple[0])?, word(&triple[1])?, word(&triple[2])?]));
    let source = index.tokens[stretch.clone()].windows(3);
    let source = source.map(|triple| Some([triple[0].word, triple[1].word, triple[2].word]));
    let in_source = places(source);
    let mut shared: Vec<Anchor> = places(quoted)
        .into_iter()
        .filter_map(|(triple, items)| Some((items, in_source.get(&triple)?)))
        .filter(|(items, tokens)| items.len() == tokens.len())
        .flat_map(|(items, tokens)| items.into_iter().zip(tokens.iter().copied()))
        .map(|(item, token)| (item, stretch.start + token))
        .collect();
    shared.sort_unstable();
    shared
}

/// The places of each triple.
fn places(triples: impl Iterator<Item = Option<[u32; 3]>>) -> HashMap<[u32; 3], Vec<usize>> {
    let mut places: HashMap<[u32; 3], Vec<usize>> = HashMap::new();
    for (at, triple) in triples.enumerate() {
        if let Some(triple) = triple {
            places.entry(triple).or_default().push(at);
        }
    }
    places
}

/// The most of the anchors that stand in the same order on both sides.
fn longest_increasing(anchors: &[Anchor]) -> Vec<Anchor> {
    // The last anchor of the best run of each length, and which one stands before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    for (at, (_, token)) in anchors.iter().enumerate() {
        let length = ends.partition_point(|end| anchors[*end].1 < *token);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run: Vec<Anchor> = std::iter::successors(ends.last().copied(), |at| before[*at])
        .map(|at| anchors[at])
        .collect();
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_in_order_is_kept() {
        let check = |tokens: &[usize], expected: &[usize]| {
            let anchors: Vec<Anchor> = tokens.iter().copied().enumerate().collect();
            let run: Vec<usize> = longest_increasing(&anchors)
                .into_iter()
                .map(|(_, token)| token)
                .collect();
            assert_eq!(run, expected);
        };
        check(&[], &[]);
        check(&[4, 1, 2, 9, 3, 5], &[1, 2, 3, 5]);
        check(&[3, 2, 1], &[1]);
    }
}
