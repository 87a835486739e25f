//! Where the paragraphs of a former revision are in the present one.
//!
//! First by equal words, which decide wherever they stand once on both sides; then, for equal words that stand
//! several times, by their neighbours; then, for cited paragraphs alone, by likeness with a margin over the
//! runner-up. What is in doubt stays in doubt: a wrong match is worse than none.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::{Locked, hash};

/// The least likeness of a changed paragraph between the same neighbours.
const LIKE_IN_PLACE: f64 = 0.5;
/// The least likeness of a changed paragraph that has gone elsewhere as well.
const LIKE_ELSEWHERE: f64 = 0.75;
/// How much more alike the best must be than the next best.
const MARGIN: f64 = 0.15;
/// Fewer words than these say nothing by standing inside another paragraph.
const FEWEST_CONTAINED: usize = 8;

/// What became of a paragraph; indexes are those of the present revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It stands there, unchanged.
    Same(usize),
    /// It stands there, changed.
    Changed(usize),
    /// Its words stand in several places, and nothing decides.
    Several(Vec<usize>),
    /// It is gone, or, where its words are not known, changed.
    Gone,
}

/// The fate of each paragraph of a former revision; `present` are the folded words of the paragraphs of today.
pub fn align(former: &[Locked], present: &[&str]) -> Vec<Fate> {
    let hashes: Vec<String> = present.iter().map(|words| hash(words)).collect();
    let same = former.len() == hashes.len()
        && former
            .iter()
            .zip(&hashes)
            .all(|(locked, hash)| locked.hash == *hash);
    if same {
        return (0..former.len()).map(Fate::Same).collect();
    }
    let mut alignment = Alignment {
        former,
        present,
        hashes: &hashes,
        of: vec![None; former.len()],
        taken: vec![false; present.len()],
    };
    alignment.unique_words();
    alignment.neighbours();
    alignment.repeated_in_gaps();
    let changed = alignment.alike();
    let Alignment {
        of: same, taken, ..
    } = alignment;
    let free = |places: &Vec<usize>| -> Vec<usize> {
        places.iter().copied().filter(|at| !taken[*at]).collect()
    };
    let places = places(&hashes);
    (0..former.len())
        .map(|index| match (same[index], changed.get(&index)) {
            (Some(at), _) => Fate::Same(at),
            (None, Some(at)) => Fate::Changed(*at),
            (None, None) => match places.get(former[index].hash.as_str()) {
                Some(several) if !free(several).is_empty() => Fate::Several(free(several)),
                Some(_) | None => Fate::Gone,
            },
        })
        .collect()
}

/// The indexes of each hash.
fn places(hashes: &[String]) -> HashMap<&str, Vec<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, hash) in hashes.iter().enumerate() {
        places.entry(hash).or_default().push(index);
    }
    places
}

struct Alignment<'a> {
    former: &'a [Locked],
    present: &'a [&'a str],
    hashes: &'a [String],
    /// Where each former paragraph stands unchanged.
    of: Vec<Option<usize>>,
    /// Whether a present paragraph is one of those.
    taken: Vec<bool>,
}

impl Alignment<'_> {
    fn pair(&mut self, former: usize, present: usize) {
        self.of[former] = Some(present);
        self.taken[present] = true;
    }

    /// Words that stand once on both sides are the same paragraph, wherever it has gone.
    fn unique_words(&mut self) {
        let now = places(self.hashes);
        let mut then: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, locked) in self.former.iter().enumerate() {
            then.entry(&locked.hash).or_default().push(index);
        }
        for (index, locked) in self.former.iter().enumerate() {
            let once = then
                .get(locked.hash.as_str())
                .is_some_and(|all| all.len() == 1);
            if let Some([at]) = now.get(locked.hash.as_str()).map(Vec::as_slice)
                && once
            {
                self.pair(index, *at);
            }
        }
    }

    /// Repeated words follow a neighbour that is known.
    fn neighbours(&mut self) {
        for former in 1..self.former.len() {
            if let Some(before) = self.of[former - 1] {
                self.follow(former, before + 1);
            }
        }
        for former in (0..self.former.len().saturating_sub(1)).rev() {
            if let Some(at) = self.of[former + 1].and_then(|after| after.checked_sub(1)) {
                self.follow(former, at);
            }
        }
    }

    fn follow(&mut self, former: usize, at: usize) {
        let free = self.of[former].is_none() && self.taken.get(at) == Some(&false);
        if free && self.hashes[at] == self.former[former].hash {
            self.pair(former, at);
        }
    }

    /// Between two known neighbours, repeated words that stand as often as before are paired in order.
    fn repeated_in_gaps(&mut self) {
        for (former, present) in self.gaps() {
            let mut here: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
            for index in former {
                here.entry(&self.former[index].hash)
                    .or_default()
                    .0
                    .push(index);
            }
            for index in present.filter(|index| !self.taken[*index]) {
                here.entry(&self.hashes[index]).or_default().1.push(index);
            }
            let pairs: Vec<(usize, usize)> = here
                .into_values()
                .filter(|(then, now)| then.len() == now.len())
                .flat_map(|(then, now)| then.into_iter().zip(now))
                .collect();
            for (then, now) in pairs {
                self.pair(then, now);
            }
        }
    }

    /// Runs of former paragraphs without a match, and the present ones between the same neighbours.
    fn gaps(&self) -> Vec<(Range<usize>, Range<usize>)> {
        let mut gaps = Vec::new();
        let mut index = 0;
        while index < self.of.len() {
            if self.of[index].is_some() {
                index += 1;
                continue;
            }
            let start = index;
            while index < self.of.len() && self.of[index].is_none() {
                index += 1;
            }
            let from = start.checked_sub(1).and_then(|before| self.of[before]);
            let from = from.map_or(0, |before| before + 1);
            let to = self
                .of
                .get(index)
                .copied()
                .flatten()
                .unwrap_or(self.present.len());
            gaps.push((start..index, from..to.max(from)));
        }
        gaps
    }

    /// Where cited paragraphs stand changed.
    fn alike(&self) -> BTreeMap<usize, usize> {
        let free: Vec<usize> = (0..self.present.len())
            .filter(|at| !self.taken[*at])
            .collect();
        let bags: Vec<Bag<'_>> = free.iter().map(|at| Bag::of(self.present[*at])).collect();
        let mut changed = BTreeMap::new();
        for (former, gap) in self.gaps() {
            for index in former {
                let Some(words) = &self.former[index].words else {
                    continue;
                };
                let own = Bag::of(words);
                let scored = free
                    .iter()
                    .zip(&bags)
                    .map(|(at, bag)| (own.likeness(bag), *at));
                let found = best(scored.collect(), &gap);
                let found = found.or_else(|| self.contained(words, &free));
                changed.extend(found.map(|at| (index, at)));
            }
        }
        self.without_rivals(changed)
    }

    /// The one paragraph that holds all the words in a row: it was merged with others.
    fn contained(&self, words: &str, free: &[usize]) -> Option<usize> {
        if words.split(' ').count() < FEWEST_CONTAINED {
            return None;
        }
        let mut holding = free.iter().filter(|at| self.present[**at].contains(words));
        match (holding.next(), holding.next()) {
            (Some(at), None) => Some(*at),
            _ => None,
        }
    }

    /// Several former paragraphs may be one of today only where it holds their words.
    fn without_rivals(&self, changed: BTreeMap<usize, usize>) -> BTreeMap<usize, usize> {
        let mut claims: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (former, at) in &changed {
            claims.entry(*at).or_default().push(*former);
        }
        let holds = |former: usize, at: usize| {
            let words = self.former[former].words.as_deref();
            words.is_some_and(|words| self.present[at].contains(words))
        };
        changed
            .into_iter()
            .filter(|(former, at)| claims[at].len() == 1 || holds(*former, *at))
            .collect()
    }
}

/// The most alike, if it is enough so and nothing else is nearly as much; `gap` is where it is expected.
fn best(mut scored: Vec<(f64, usize)>, gap: &Range<usize>) -> Option<usize> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (score, at) = *scored.first()?;
    let next = scored.get(1).map_or(0.0, |(score, _)| *score);
    let least = if gap.contains(&at) {
        LIKE_IN_PLACE
    } else {
        LIKE_ELSEWHERE
    };
    (score >= least && score - next >= MARGIN).then_some(at)
}

/// The words of a paragraph and its pairs of neighbouring words.
struct Bag<'t> {
    counts: HashMap<(&'t str, &'t str), u32>,
    total: u32,
}

impl<'t> Bag<'t> {
    fn of(text: &'t str) -> Self {
        let mut counts = HashMap::new();
        let mut total = 0;
        let mut before = "";
        for word in text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
        {
            *counts.entry(("", word)).or_insert(0) += 1;
            *counts.entry((before, word)).or_insert(0) += 1;
            total += 2;
            before = word;
        }
        Bag { counts, total }
    }

    /// Dice's coefficient over words and pairs: 0 to 1.
    fn likeness(&self, other: &Bag<'_>) -> f64 {
        let keys: HashSet<_> = self.counts.keys().collect();
        let shared: u32 = keys
            .into_iter()
            .map(|key| self.counts[key].min(other.counts.get(key).copied().unwrap_or(0)))
            .sum();
        f64::from(2 * shared) / f64::from((self.total + other.total).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TALE: [&str; 6] = [
        "the ministers met in the capital on sunday to discuss the command of the forces",
        "no decision was taken on the bases in the south of the country",
        "a spokesman said the talks were useful",
        "the new regiment will have two thousand soldiers and sixty vehicles",
        "the talks go on in march with the same ministers",
        "a spokesman said the talks were useful",
    ];

    /// `=N` unchanged at ¶N, `~N` changed, `?` in doubt, `-` gone; every paragraph is cited.
    fn check(present: &[&str], expected: &str) {
        let former: Vec<Locked> = TALE
            .iter()
            .enumerate()
            .map(|(index, words)| Locked {
                id: index.to_string(),
                hash: hash(words),
                words: Some((*words).to_owned()),
            })
            .collect();
        let fates: Vec<String> = align(&former, present)
            .into_iter()
            .map(|fate| match fate {
                Fate::Same(at) => format!("={}", at + 1),
                Fate::Changed(at) => format!("~{}", at + 1),
                Fate::Several(_) => "?".to_owned(),
                Fate::Gone => "-".to_owned(),
            })
            .collect();
        assert_eq!(fates.join(" "), expected, "{present:#?}");
    }

    #[test]
    fn paragraphs_are_followed() {
        let [a, b, c, d, e, f] = TALE;
        check(&TALE, "=1 =2 =3 =4 =5 =6");
        check(&["new words here", a, b, c, d, e, f], "=2 =3 =4 =5 =6 =7");
        check(&[a, c, d, e, f], "=1 - =2 =3 =4 =5");
        check(&[d, e, f, a, b, c], "=4 =5 =6 =1 =2 =3");
        let changed = "the new regiment will have two thousand soldiers and seventy vehicles";
        check(&[a, b, c, changed, e, f], "=1 =2 =3 ~4 =5 =6");
        let merged = format!("{a} {b}");
        check(&[&merged, c, d, e, f], "~1 ~1 =2 =3 =4 =5");
        // Which of the two equal paragraphs is gone is known by the neighbours.
        check(&[a, b, d, e, f], "=1 =2 - =3 =4 =5");
        check(&[c, c, c], "- - ? - - ?");
        check(&[], "- - - - - -");
    }
}
