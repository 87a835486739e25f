//! A quotation beside the passage that it nearly is: what differs, and how grave that is.

use std::ops::Range;

use super::{Difference, ENDS, Haystack};
use crate::verify::align::{Item, Quoted, Step};
use crate::verify::exchange::{Word, denies_otherwise, exchanged};
use crate::verify::matching::squeezed;
use crate::verify::sense::{Sense, weighty};

/// A quotation beside its passage.
pub(super) struct Comparison<'c> {
    pub(super) haystack: Haystack<'c>,
    pub(super) items: &'c [Item],
    pub(super) steps: &'c [Step],
}

impl Comparison<'_> {
    /// What differs, the gravest first; where no word or mark does, the whole.
    pub(super) fn differences(&self, tokens: &Range<usize>) -> Vec<Difference> {
        let mut differences: Vec<Difference> = self
            .runs()
            .into_iter()
            .map(|run| self.difference(run))
            .collect();
        differences.extend(self.hidden());
        differences.extend(self.cut(tokens));
        if differences.is_empty() {
            differences.push(self.difference(0..self.steps.len()));
        }
        differences
            .sort_by_key(|difference| difference.sense.map_or((1, None), |sense| (0, Some(sense))));
        differences
    }

    /// The runs of steps that differ.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            match (step, runs.last_mut()) {
                (Step::Same(..) | Step::Hidden(_), _) => {}
                (_, Some(last)) if last.end == at => last.end += 1,
                (_, _) => runs.push(at..at + 1),
            }
        }
        runs
    }

    fn difference(&self, run: Range<usize>) -> Difference {
        let sense = run.clone().filter_map(|at| self.sense(at)).min();
        // `may-day` for `mayday` has no modal verb, and `ina` for `in a` no negation.
        let is_parted = sense.is_some() && self.is_parted_otherwise(&run);
        let sense = sense.filter(|sense| match sense {
            Sense::Modal => !is_parted,
            Sense::Negation => !is_parted || self.denies_by_a_word(&run),
            Sense::Number | Sense::Date | Sense::Direction | Sense::Name => true,
        });
        let sense = self.denies_otherwise(&run).or(sense);
        let run = self.with_neighbours(run);
        Difference {
            source: self.source(&run),
            quotation: self.quotation(&run),
            sense,
        }
    }

    /// Whether a word of either text denies by itself.
    fn denies_by_a_word(&self, run: &Range<usize>) -> bool {
        let language = self.haystack.language();
        let texts = [self.source(run), self.quotation(run)];
        let mut words = texts.iter().flat_map(|text| text.split_whitespace());
        words.any(|word| Sense::of(word, language) == Some(Sense::Negation))
    }

    fn is_parted_otherwise(&self, run: &Range<usize>) -> bool {
        squeezed(&self.source(run)).0 == squeezed(&self.quotation(run)).0
    }

    /// Whether a run of a script without spaces denies in one text and not in the other; what denies may be longer than
    /// what differs of it.
    fn denies_otherwise(&self, run: &Range<usize>) -> Option<Sense> {
        const NEIGHBOURS: usize = 2;
        let wide =
            run.start.saturating_sub(NEIGHBOURS)..(run.end + NEIGHBOURS).min(self.steps.len());
        let source = self.source(&wide) + self.behind(&wide);
        let quotation = self.quotation(&wide);
        denies_otherwise(&source, &quotation, self.haystack.language())
    }

    /// The signs of the source behind the last steps: a passage may end within what denies.
    fn behind(&self, steps: &Range<usize>) -> &str {
        const SIGNS: usize = 3;
        let last = self.steps.iter().rev().find_map(|step| match step {
            Step::Same(_, token) | Step::Other(_, token) => Some(*token),
            Step::Missing(token) | Step::Hidden(token) => Some(*token),
            Step::Added(_) => None,
        });
        let Some(last) = last.filter(|_| steps.end == self.steps.len()) else {
            return "";
        };
        let token = self.haystack.index.tokens[last];
        let rest = &self.haystack.paragraph(token.paragraph).text[token.range().end..];
        let end = rest.char_indices().nth(SIGNS);
        &rest[..end.map_or(rest.len(), |(end, _)| end)]
    }

    /// What a gap hides or adds of the sense.
    pub(super) fn hidden(&self) -> Option<Difference> {
        let language = self.haystack.language();
        let own = self.items.iter().filter_map(|item| match item {
            Item::Gap(own) => Some(own.as_str()),
            Item::Token(_) => None,
        });
        let own: Vec<&str> = own.flat_map(|words| weighty(words, language)).collect();
        let theirs = self.steps.iter().filter_map(|step| match step {
            Step::Hidden(token) => Some(self.haystack.text(*token)),
            Step::Same(..) | Step::Other(..) | Step::Added(_) | Step::Missing(_) => None,
        });
        let theirs: Vec<&str> = theirs.flat_map(|word| weighty(word, language)).collect();
        let lost = theirs.iter().find(|word| !own.contains(word));
        let added = own.iter().find(|word| !theirs.contains(word));
        let difference = |source: &str, quotation: String, word: &str| Difference {
            source: source.to_owned(),
            quotation,
            sense: Sense::of(word, language),
        };
        match (lost, added) {
            (Some(word), _) => Some(difference(word, "…".to_owned(), word)),
            (None, Some(word)) => Some(difference("…", format!("[{word}]"), word)),
            (None, None) => None,
        }
    }

    /// A passage that begins or ends within a number.
    pub(super) fn cut(&self, tokens: &Range<usize>) -> Option<Difference> {
        let places = self.haystack.places(tokens);
        let widened = self.haystack.widened(places.clone());
        let mut pairs = places.into_iter().zip(widened);
        let ((number, cut), (_, whole)) = pairs.find(|(cut, whole)| cut != whole)?;
        let text = &self.haystack.paragraph(number).text;
        let (source, quotation) = (&text[whole], &text[cut]);
        let missing = source.len() - quotation.len();
        let added = source.replacen(quotation, "", 1);
        let is_number = missing == 0
            || added.split('-').any(|part| {
                Sense::of(part.trim(), self.haystack.language()) == Some(Sense::Number)
            })
            || added.contains(char::is_numeric);
        Some(Difference {
            source: source.to_owned(),
            quotation: quotation.to_owned(),
            sense: Some(if is_number {
                Sense::Number
            } else {
                Sense::Negation
            }),
        })
    }

    /// The sense that a step changes.
    fn sense(&self, at: usize) -> Option<Sense> {
        let (ours, theirs) = match self.steps[at] {
            Step::Same(..) | Step::Hidden(_) => return None,
            Step::Added(item) => (self.own_word(item), None),
            Step::Missing(token) => (None, Some(self.word(token))),
            Step::Other(item, token) => (self.own_word(item), Some(self.word(token))),
        };
        exchanged(ours.as_slice(), theirs.as_slice(), self.haystack.language())
    }

    /// A word of the quotation.
    fn own_word(&self, at: usize) -> Option<Word<'_>> {
        let quoted = self.item(at)?;
        let next = at.checked_add(1).and_then(|next| self.item(next));
        let before = at.checked_sub(1).and_then(|before| self.item(before));
        let inside = before.is_some_and(|before| !before.text.ends_with(ENDS));
        Some(Word {
            text: &quoted.text,
            joined: next
                .filter(|next| !next.spaced)
                .map(|next| next.text.as_str()),
            is_name: self.haystack.is_name(&quoted.text, inside),
        })
    }

    /// A word of the source.
    fn word(&self, at: usize) -> Word<'_> {
        let tokens = &self.haystack.index.tokens;
        let here = tokens[at];
        let next = tokens.get(at + 1).filter(|next| {
            next.paragraph == here.paragraph && next.range().start == here.range().end
        });
        let text = self.haystack.text(at);
        Word {
            text,
            joined: next.map(|_| self.haystack.text(at + 1)),
            is_name: self
                .haystack
                .is_name(text, self.haystack.is_inside_sentence(at)),
        }
    }

    fn item(&self, at: usize) -> Option<&Quoted> {
        match self.items.get(at)? {
            Item::Token(quoted) => Some(quoted),
            Item::Gap(_) => None,
        }
    }

    /// A run, with a step on either side where one of the texts would have no word.
    fn with_neighbours(&self, run: Range<usize>) -> Range<usize> {
        let has_word = |text: &str| text.contains(char::is_alphanumeric);
        if has_word(&self.source(&run)) && has_word(&self.quotation(&run)) {
            return run;
        }
        let same = |at: &usize| matches!(self.steps.get(*at), Some(Step::Same(..)));
        let start = run.start.checked_sub(1).filter(same).unwrap_or(run.start);
        let end = Some(run.end).filter(same).map_or(run.end, |end| end + 1);
        start..end
    }

    /// The source's words of some steps.
    fn source(&self, run: &Range<usize>) -> String {
        let tokens = self.steps[run.clone()]
            .iter()
            .filter_map(|step| match step {
                Step::Same(_, token) | Step::Other(_, token) | Step::Missing(token) => Some(*token),
                Step::Added(_) | Step::Hidden(_) => None,
            });
        let tokens: Vec<usize> = tokens.collect();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return String::new();
        };
        let places = self.haystack.places(&(*first..*last + 1));
        let texts = places
            .into_iter()
            .map(|(number, range)| &self.haystack.paragraph(number).text[range]);
        texts.collect::<Vec<_>>().join(" ¶ ")
    }

    /// The quotation's words of some steps.
    fn quotation(&self, run: &Range<usize>) -> String {
        let mut words = String::new();
        for step in &self.steps[run.clone()] {
            let (Step::Same(item, _) | Step::Other(item, _) | Step::Added(item)) = step else {
                continue;
            };
            let Some(quoted) = self.item(*item) else {
                continue;
            };
            if quoted.spaced && !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&quoted.text);
        }
        words
    }
}
