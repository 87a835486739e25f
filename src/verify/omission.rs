//! What an article's `omit` leaves out, followed to where it stands now.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Verifier;
use super::report::word_count;
use super::revision::Fate;
use crate::source::small;

/// So many words more are of another paragraph.
const LEAST_JOINED: usize = 8;

/// An `omit` of an article that was edited since its citations were settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Omission {
    /// The lock knows it: its numbers are read in the text that they were written for.
    Followed {
        /// The numbers that it names.
        written: Vec<u32>,
        /// Where these paragraphs stand now; each of the places where it is in doubt, so that none is shown.
        now: Vec<u32>,
        /// The named ones that stand nowhere any more.
        gone: Vec<u32>,
    },
    /// The lock has another, and its numbers mean other paragraphs than they did: they are read in the new text, and may
    /// be meant in the old.
    Unsettled,
}

impl Verifier {
    /// The `omit` of an article, where the article was edited since its citations were settled.
    pub fn omission(&self, index: usize) -> Option<&Omission> {
        self.omissions.get(&index)
    }

    /// The same; what is left out of edited articles is so where it stands now.
    pub(super) fn following_omissions(mut self) -> Self {
        for index in 0..self.articles.len() {
            let Some(omission) = self.find_omission(index) else {
                continue;
            };
            if let Omission::Followed { now, .. } = &omission {
                let article = Arc::make_mut(&mut self.articles[index]);
                let runs = now.chunk_by(|one, next| one + 1 == *next);
                article.front.omit = runs.map(|run| run[0]..=run[run.len() - 1]).collect();
            }
            self.omissions.insert(index, omission);
        }
        self
    }

    fn find_omission(&self, index: usize) -> Option<Omission> {
        let written = self.articles[index].omitted();
        let settled = self.settled(index).filter(|_| !written.is_empty())?;
        if self.is_settled(index) || self.displaced(index).is_some() {
            return None;
        }
        let fates = &self.revision(index)?.fates;
        if settled.omitted != written {
            let elsewhere = |at: usize| {
                fates
                    .get(at)
                    .is_some_and(|fate| *fate != Fate::Same(at..at + 1))
            };
            let moved = written.iter().any(|number| elsewhere(*number as usize - 1));
            return moved.then_some(Omission::Unsettled);
        }
        // What was joined with others is not to leave them out as well.
        let folded = self.folded(index);
        let is_joined = |number: u32, at: usize| {
            let before = settled.paragraphs.get(number as usize - 1);
            let before = before.and_then(|locked| locked.words());
            let count = before.map_or(0, word_count);
            word_count(&folded[at].text) >= count + LEAST_JOINED
        };
        let (mut now, mut gone) = (BTreeSet::new(), Vec::new());
        for number in &written {
            match fates.get(*number as usize - 1).unwrap_or(&Fate::Gone) {
                Fate::Changed(at) if is_joined(*number, *at) => gone.push(*number),
                Fate::Same(range) if is_joined(*number, range.start) => gone.push(*number),
                Fate::Same(range) => now.extend(range.clone()),
                Fate::Changed(at) => now.extend([*at]),
                Fate::Several(places) => now.extend(places.iter().copied()),
                Fate::Gone => gone.push(*number),
            }
        }
        let now = now.into_iter().map(|at| small(at + 1)).collect();
        Some(Omission::Followed { written, now, gone })
    }
}
