//! Where words stand in an article, exactly or nearly.

use std::ops::Range;

use super::drift::{Haystack, Passage};
use super::fold::Folded;
use super::located::Located;
use super::pattern::Found;
use super::tokens::Index;
use super::wanted::Wanted;
use super::{Cited, State, Verifier};
use crate::source::small;

/// So many runs of a locator's paragraphs are searched for a passage that is nearly quoted, before the whole article is.
const MOST_RUNS: usize = 16;

impl Verifier {
    /// The passages that a citation's quotations cover: paragraph numbers and ranges of their plain text, in order.
    ///
    /// Every place in the cited paragraphs is one, gaps and brackets included. A quotation that runs over a
    /// paragraph's end has a range in each of its paragraphs; a drifted one has what it nearly is.
    pub fn passages(&self, cited: &Cited) -> Vec<(u32, Range<usize>)> {
        let Some(index) = cited.source else {
            return Vec::new();
        };
        if cited.state == State::Drifted {
            return cited.near.clone();
        }
        let located = Located {
            paragraphs: cited.paragraphs.clone(),
            of_title: false,
        };
        let places = cited.quotations().flat_map(|quotation| {
            let wanted = Wanted::new(quotation, &cited.beside);
            let places = self.places(index, &located, &wanted);
            if places.is_empty() {
                return self.places_over_ends(index, &located, &wanted);
            }
            places
        });
        self.unfolded(index, places.collect())
    }

    /// Ranges of folded texts as ranges of the paragraphs' plain texts.
    pub(super) fn unfolded(
        &self,
        index: usize,
        places: Vec<(u32, Range<usize>)>,
    ) -> Vec<(u32, Range<usize>)> {
        let folded = self.folded(index);
        let document = &self.articles[index].document;
        places
            .into_iter()
            .filter_map(|(number, range)| {
                let text = &document.paragraph(number)?.prose.text.text;
                Some((number, folded[number as usize - 1].original(text, range)))
            })
            .collect()
    }

    /// Where words stand in some paragraphs, each by itself.
    pub(super) fn places(
        &self,
        index: usize,
        located: &Located,
        wanted: &Wanted,
    ) -> Vec<(u32, Range<usize>)> {
        let folded = self.folded(index);
        let numbers = located.paragraphs.iter().copied();
        numbers
            .flat_map(|number| {
                let places = wanted.places(&folded[number as usize - 1]).into_iter();
                places.map(move |range| (number, range))
            })
            .collect()
    }

    /// Where words run from one of some consecutive paragraphs into the next: a range in each.
    pub(super) fn places_over_ends(
        &self,
        index: usize,
        located: &Located,
        wanted: &Wanted,
    ) -> Vec<(u32, Range<usize>)> {
        let folded = self.folded(index);
        let of_run = |run: &[u32]| -> Vec<(u32, Range<usize>)> {
            let texts = run.iter().map(|number| &folded[*number as usize - 1]);
            let (joined, starts) = Folded::joined(texts.clone());
            let parts = || run.iter().zip(&starts).zip(texts.clone());
            let mut places = Vec::new();
            for range in wanted.places(&joined) {
                places.extend(parts().filter_map(|((number, start), text)| {
                    let own = |at: usize| at.saturating_sub(*start).min(text.text.len());
                    let part = own(range.start)..own(range.end);
                    (!part.is_empty()).then_some((*number, part))
                }));
            }
            places
        };
        located.runs().flat_map(of_run).collect()
    }

    /// Whether a quotation stands in the located paragraphs, or runs from one of them into the next.
    pub(super) fn stands_in(
        &self,
        index: usize,
        located: &Located,
        wanted: &Wanted,
    ) -> Option<Found> {
        if located.of_title {
            return wanted.find(&Folded::new(&self.articles[index].front.title));
        }
        let folded = self.folded(index);
        let text = |number: &u32| &folded[*number as usize - 1];
        let mut altered = None;
        for found in located
            .paragraphs
            .iter()
            .filter_map(|n| wanted.find(text(n)))
        {
            if found.altered.is_none() {
                return Some(found);
            }
            altered.get_or_insert(found);
        }
        altered.or_else(|| {
            let mut runs = located.runs().filter(|run| run.len() > 1);
            runs.find_map(|run| wanted.find(&Folded::joined(run.iter().map(text)).0))
        })
    }

    /// The paragraphs of an article in which a quotation stands.
    pub(super) fn paragraphs_with(&self, index: usize, wanted: &Wanted) -> Vec<u32> {
        self.search(index, wanted).collect()
    }

    /// The same, one after the other.
    pub(super) fn search(&self, index: usize, wanted: &Wanted) -> impl Iterator<Item = u32> {
        let found = self.found_in(index, wanted);
        let sound = found.filter(|(_, found)| found.altered.is_none());
        sound.map(|(number, _)| number)
    }

    /// The paragraphs in which words stand, and where they stand there first.
    fn found_in(&self, index: usize, wanted: &Wanted) -> impl Iterator<Item = (u32, Found)> {
        let (article, folded) = (&self.articles[index], self.folded(index));
        let words = folded.index_for_search();
        let some = words.and_then(|words| wanted.may_stand_in(words));
        let all = some
            .is_none()
            .then(|| 1..=article.document.paragraphs.len());
        let all = all.into_iter().flatten().map(small);
        let numbers = some.into_iter().flatten().chain(all);
        let shown = numbers.filter(|number| !article.omits(*number));
        shown.filter_map(move |number| Some((number, wanted.find(&folded[number as usize - 1])?)))
    }

    /// What the gaps and brackets of a quotation alter wherever in an article its words stand.
    pub(super) fn altered_in(&self, index: usize, wanted: &Wanted) -> Option<String> {
        let mut found = self.found_in(index, wanted);
        let bent = wanted.is_bent();
        bent.then(|| found.find_map(|(_, found)| found.altered))?
    }

    /// The passage that a quotation is nearest to, and whether that is in another paragraph than the cited ones.
    pub(super) fn nearest(
        &self,
        index: usize,
        quotation: &str,
        located: Option<&Located>,
    ) -> Option<(Passage, bool)> {
        let cited = located.and_then(|located| self.nearest_in(index, quotation, located));
        if located.is_some_and(|located| located.of_title) && cited.is_some() {
            return cited.map(|passage| (passage, false));
        }
        let texts: Vec<&Folded> = self.folded(index).iter().collect();
        let anywhere = self
            .haystack(index, &texts)
            .nearest(quotation, 1..=u32::MAX);
        match (cited, anywhere) {
            (Some(cited), Some(other)) if other.is_rather_meant_than(&cited) => Some((other, true)),
            (Some(cited), _) => Some((cited, false)),
            (None, Some(other)) => Some((other, located.is_some())),
            (None, None) => None,
        }
    }

    /// The passage of some paragraphs, or of the title, that a quotation is nearest to.
    pub(super) fn nearest_in(
        &self,
        index: usize,
        quotation: &str,
        located: &Located,
    ) -> Option<Passage> {
        if located.of_title
            && let Some(passage) = self.nearest_in_title(index, quotation)
        {
            return Some(passage);
        }
        let texts: Vec<&Folded> = self.folded(index).iter().collect();
        let haystack = self.haystack(index, &texts);
        let passages = located
            .runs()
            .take(MOST_RUNS)
            .filter_map(|run| haystack.nearest(quotation, run[0]..=run[run.len() - 1]));
        passages.reduce(|best, next| {
            if next.is_nearer_than(&best) {
                next
            } else {
                best
            }
        })
    }

    fn haystack<'h>(&'h self, index: usize, texts: &'h [&'h Folded]) -> Haystack<'h> {
        Haystack {
            texts,
            index: self.index(index),
        }
    }

    /// Whether a word is a name by some other place in an article.
    pub(super) fn is_name_in(&self, index: usize, word: &str) -> bool {
        let texts: Vec<&Folded> = self.folded(index).iter().collect();
        self.haystack(index, &texts).is_name(word, false)
    }

    fn nearest_in_title(&self, index: usize, quotation: &str) -> Option<Passage> {
        let title = [Folded::new(&self.articles[index].front.title)];
        let haystack = Haystack {
            texts: &[&title[0]],
            index: &Index::new(title.iter().map(|text| (1, text))),
        };
        haystack
            .nearest(quotation, 1..=1)
            .filter(|passage| passage.near)
    }
}
