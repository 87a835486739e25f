//! The quotations of a sentence or block quote, and the citation that carries them.

use super::drift::Passage;
use super::located::Located;
use super::pattern::Found;
use super::report::{
    altered, disordered, drifted, list, moved, moved_over_ends, parted, run, translated,
    unattributed, word_count, words,
};
use super::wanted::{Beside, Wanted};
use super::whereabouts::Whereabouts;
use super::{Cited, State, Verifier};
use crate::diagnostic::{Diagnostic, Lint};
use crate::reference::Citation;
use crate::source::{Span, Text};

/// Fewer words in quotation marks that do not stand where they are cited may be the author's own.
pub(super) const LEAST_CARRIED: usize = 3;

/// What became of a quotation in running text.
enum Carried {
    /// One of the citations carries it.
    By(usize),
    /// None does, which is said or left alone.
    Nowhere(Option<Diagnostic>),
    /// One of them nearly does.
    Nearly(usize, Diagnostic),
    /// The only one did, and its sentence has gone to another paragraph: what else has become of its own is not cited.
    Gone(Diagnostic),
}

/// How some citations quote.
#[derive(Clone, Copy)]
struct Quoting {
    /// The only citation has nothing else to carry.
    sole: bool,
    /// A block quote is quoted as a whole.
    whole: bool,
}

impl Verifier {
    /// Looks up the citations of one pair of brackets, and what their sentence quotes, or their block quote as a `whole`.
    pub fn group(
        &self,
        citations: &[Citation],
        quoted: &[Text],
        whole: bool,
    ) -> (Vec<Cited>, Vec<Diagnostic>) {
        let mut group = Vec::with_capacity(citations.len());
        let claimed = self.claimed(quoted);
        let mut of_citations: Vec<Vec<Diagnostic>> = Vec::with_capacity(citations.len());
        let of_all = match (quoted, citations) {
            ([only], [_]) if whole || self.is_claimed(only) => Some(only),
            _ => None,
        };
        for citation in citations {
            let quotation = citation.quotation.as_deref().or(of_all);
            let (cited, found) = self.verify_with(citation, &claimed, quotation);
            group.extend(cited);
            of_citations.push(found);
        }
        // Where a citation leads nowhere, nothing is said of the words that it should have carried.
        if group.len() < citations.len() || citations.is_empty() {
            return (group, of_citations.concat());
        }
        let mut diagnostics = Vec::new();
        let own = |citation: &Citation| citation.quotation.as_deref().map(Text::whole);
        let mut quoting: Vec<Option<Span>> = citations.iter().map(own).collect();
        let claimed = || {
            let quoted = quoted.iter();
            quoted.filter(|quotation| whole || self.is_claimed(quotation))
        };
        let sole = citations.len() == 1 && quoting == [None] && claimed().count() == 1;
        let how = Quoting { sole, whole };
        let mut above: Option<(usize, &Text)> = None;
        for quotation in claimed() {
            let by = match self.carry(quotation, how, citations, &mut group) {
                Carried::By(by) => {
                    if let Some((_, above)) = above.filter(|above| whole && above.0 == by) {
                        diagnostics.extend(self.disorder(&group[by], above, quotation));
                    }
                    above = Some((by, quotation));
                    group[by].carried.push(quotation.text.trim().to_owned());
                    by
                }
                Carried::Nowhere(diagnostic) => {
                    if let ([of_one], [one], Some(_)) =
                        (&mut of_citations[..], citations, &diagnostic)
                    {
                        self.tell_by(quotation, one, of_one);
                    }
                    diagnostics.extend(diagnostic);
                    continue;
                }
                Carried::Gone(diagnostic) => {
                    let is_drift = |d: &Diagnostic| {
                        matches!(d.lint, Lint::DriftedParagraph | Lint::DriftedSense)
                    };
                    let of_all = of_citations.iter_mut();
                    of_all.for_each(|of_one| of_one.retain(|d| !is_drift(d)));
                    diagnostics.push(diagnostic);
                    continue;
                }
                Carried::Nearly(by, diagnostic) => {
                    self.tell_by(quotation, &citations[by], &mut of_citations[by]);
                    diagnostics.push(diagnostic);
                    by
                }
            };
            quoting[by].get_or_insert(quotation.whole());
        }
        diagnostics.extend(of_citations.into_iter().flatten());
        let translations = group.iter().zip(quoting);
        diagnostics.extend(translations.filter_map(|(cited, at)| self.translation(cited, at?)));
        (group, diagnostics)
    }

    /// Whether a quotation stands in the source of one of some citations.
    pub(super) fn has(&self, citations: &[Citation], quotation: &Text) -> bool {
        let wanted = Wanted::plain(&quotation.text);
        let mut sources = citations
            .iter()
            .filter_map(|citation| self.source_of(citation));
        sources.any(|index| self.search(index, &wanted).next().is_some())
    }

    /// Whether a quotation of three words or more stands in any source.
    pub fn has_words(&self, quotation: &Text) -> bool {
        let wanted = Wanted::plain(&quotation.text);
        let stands = |index| self.search(index, &wanted).next().is_some();
        word_count(&quotation.text) >= 3 && (0..self.articles.len()).any(stands)
    }

    /// Whether a quotation stands in the paragraphs to which one of some citations leads.
    pub(super) fn has_at(&self, citations: &[Citation], quotation: &Text) -> bool {
        let wanted = Wanted::plain(&quotation.text);
        citations.iter().any(|citation| {
            let index = self.source_of(citation);
            let lead = index
                .zip(citation.locator.as_ref())
                .and_then(|(index, locator)| Some((index, self.lead(index, locator, &[]).ok()?)));
            lead.is_some_and(|(index, lead)| {
                self.stands_in(index, &lead.located, &wanted).is_some()
            })
        })
    }

    /// What is amiss where one part of a block quote follows another: the source has them the other way round, or has
    /// words between them that change what it says.
    fn disorder(&self, cited: &Cited, above: &Text, below: &Text) -> Option<Diagnostic> {
        let index = cited.source?;
        let located = cited.located();
        let folded = self.folded(index);
        let with = |part: &Text| -> Vec<usize> {
            let wanted = Wanted::plain(&part.text);
            let stands = |number: &u32| wanted.find(&folded[*number as usize - 1]).is_some();
            let all = located.paragraphs.iter().enumerate();
            all.filter(|(_, number)| stands(number))
                .map(|(at, _)| at)
                .collect()
        };
        let (first, last) = (*with(above).first()?, *with(below).last()?);
        if located.of_title || first < last {
            return None;
        }
        let gap = ['…', '.', ' '];
        let [over, under] = [
            above.text.trim_end_matches(gap),
            below.text.trim_start_matches(gap),
        ];
        let mut word = None;
        for between in [" ", " … "] {
            let wanted = Wanted::plain(&format!("{over}{between}{under}"));
            match self.stands_in(index, &located, &wanted) {
                Some(Found { altered: None, .. }) => return None,
                Some(Found { altered, .. }) => word = altered,
                None => {}
            }
        }
        Some(match word {
            Some(word) => parted(below, &word),
            None => disordered(&self.articles[index], below),
        })
    }

    /// Reports quotations that no citation carries.
    pub fn unattributed(&self, quoted: &[Text]) -> Vec<Diagnostic> {
        quoted
            .iter()
            .filter(|quotation| self.is_claimed(quotation) && word_count(&quotation.text) >= 3)
            .map(|quotation| self.name_source(quotation, unattributed(quotation)))
            .collect()
    }

    /// Reports that a translation is quoted word for word, unless the citation says so itself.
    fn translation(&self, cited: &Cited, quotation: Span) -> Option<Diagnostic> {
        let article = &self.articles[cited.source?];
        let language = article.front.translated_from.as_deref()?;
        let said = [&cited.prefix, &cited.lead, &cited.suffix];
        let said = said
            .iter()
            .any(|words| words.to_lowercase().contains("translat"));
        (!said).then(|| translated(article, language, quotation))
    }

    /// Whether quotation marks claim that somebody said so: not round a glossary term.
    pub(super) fn is_claimed(&self, quotation: &Text) -> bool {
        let word = quotation
            .text
            .trim()
            .trim_end_matches([',', '.', ';', ':', '!', '?']);
        !word.is_empty() && !self.terms.contains(word)
    }

    /// The quotations among some words in quotation marks, ready to be looked for.
    pub(super) fn claimed(&self, quoted: &[Text]) -> Vec<Wanted> {
        let claimed = quoted.iter().filter(|quotation| self.is_claimed(quotation));
        claimed
            .map(|quotation| Wanted::plain(&quotation.text))
            .collect()
    }

    /// Finds the source that carries a quotation of running text, and says in its citation that it does.
    fn carry(
        &self,
        quotation: &Text,
        quoting: Quoting,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Carried {
        let wanted = Wanted::new(&quotation.text, &Beside::default());
        let mut bent: Option<(usize, String)> = None;
        for (by, (citation, cited)) in citations.iter().zip(group.iter_mut()).enumerate() {
            let Some(index) = cited.source else { continue };
            if citation.locator.is_none() {
                // Without a locator the quotation finds its own paragraph.
                let places: Vec<u32> = self.search(index, &wanted).take(2).collect();
                if places.is_empty() {
                    let word = self.altered_in(index, &wanted);
                    bent = bent.or_else(|| Some((by, word?)));
                    continue;
                }
                if self.left(index, &wanted, &places).is_some() {
                    continue;
                }
                if let [only] = places.as_slice() {
                    cited.add_paragraphs(&[*only]);
                }
                cited.carries(State::Verified);
                return Carried::By(by);
            }
            match self.stands_in(index, &cited.located(), &wanted) {
                Some(Found { altered: None, .. }) => {
                    cited.carries(State::Verified);
                    return Carried::By(by);
                }
                Some(Found {
                    altered: Some(word),
                    ..
                }) => bent = Some((by, word)),
                None => {}
            }
        }
        match bent {
            Some((by, word)) => {
                group[by].carries(State::Lost);
                Carried::Nowhere(Some(altered(quotation, &word)))
            }
            None => self.stray(quotation, &wanted, quoting, citations, group),
        }
    }

    /// That a citation's paragraph was edited is told by the failing words that it carries, unless more than these words has
    /// come to say something else.
    fn tell_by(&self, quotation: &Text, citation: &Citation, of_citation: &mut [Diagnostic]) {
        let Some(is_all) = self.is_all_that_changed(citation, quotation) else {
            return;
        };
        let told = |d: &&mut Diagnostic| is_all || d.lint == Lint::DriftedParagraph;
        for diagnostic in of_citation.iter_mut().filter(told) {
            diagnostic.cause = Some(quotation.whole());
        }
    }

    /// Whether nothing but a quotation has changed in the only paragraph of its citation that has; none where the
    /// quotation did not stand in it, or the citation has one of its own.
    fn is_all_that_changed(&self, citation: &Citation, quotation: &Text) -> Option<bool> {
        if citation.quotation.is_some() {
            return None;
        }
        let (index, locator) = (self.source_of(citation)?, citation.locator.as_ref()?);
        self.is_all_of_change(index, locator, &Wanted::plain(&quotation.text))
    }

    /// Whether a quotation is the title of one of some sources, as it names them.
    fn is_title(&self, quotation: &Text, sources: &[(usize, usize)]) -> bool {
        let own = words(&quotation.text);
        sources
            .iter()
            .any(|(_, index)| words(&self.articles[*index].front.title) == own)
    }

    /// A quotation that stands in none of the cited paragraphs. One or two words may be the author's own, and a whole
    /// title names its source.
    fn stray(
        &self,
        quotation: &Text,
        wanted: &Wanted,
        Quoting { sole, whole }: Quoting,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Carried {
        if !whole && word_count(&quotation.text) < LEAST_CARRIED {
            return Carried::Nowhere(None);
        }
        let sources = group.iter().enumerate();
        let sources = sources.filter_map(|(by, cited)| Some((by, cited.source?)));
        let sources: Vec<(usize, usize)> = sources.collect();
        let Some(&first) = sources.first() else {
            return Carried::Nowhere(Some(unattributed(quotation)));
        };
        let is_away = |(_, index): &(usize, usize)| self.displaced(*index).is_some();
        if sources.iter().any(is_away) || self.is_title(quotation, &sources) {
            return Carried::Nowhere(None);
        }
        let elsewhere = sources.iter().find_map(|(by, index)| {
            let places = self.paragraphs_with(*index, wanted);
            (!places.is_empty()).then_some((*by, *index, places))
        });
        if let Some((by, index, places)) = elsewhere {
            return self.elsewhere_carried(
                quotation,
                wanted,
                (by, index, &places),
                sole,
                citations,
                group,
            );
        }
        let has_drifted = |near: &Near| {
            let locator = citations[near.by].locator.as_ref();
            self.has_drifted_from(near.index, locator, wanted, &near.passage)
        };
        match self.nearest_of(quotation, citations, group) {
            Some(near) if self.runs_over_ends(near.index, &near.passage.paragraphs(), wanted) => {
                self.over_ends(quotation, &near, sole, citations, group)
            }
            Some(near) if has_drifted(&near) => self.nearly(quotation, &near, citations, group),
            hint => {
                let (by, index) = hint.as_ref().map_or(first, |hint| (hint.by, hint.index));
                group[by].carries(State::Lost);
                let passage = hint.map(|hint| hint.passage);
                let locator = citations[by].locator.as_ref();
                let located = locator.map(|_| group[by].located());
                let lost = self.lost(index, quotation, located.as_ref(), passage);
                Carried::Nowhere(Some(self.name_elsewhere(index, quotation, lost)))
            }
        }
    }

    /// A quotation that stands in some places of a citation's source, none of which is cited.
    fn elsewhere_carried(
        &self,
        quotation: &Text,
        wanted: &Wanted,
        (by, index, places): (usize, usize, &[u32]),
        sole: bool,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Carried {
        let (citation, article) = (&citations[by], &self.articles[index]);
        let locator = citation.locator.as_ref();
        let left = || self.left(index, wanted, places).unwrap_or_default();
        let located = locator.map_or_else(left, |_| group[by].located());
        let words = (quotation.text.as_str(), wanted);
        let lint = match self.whereabouts(index, locator, words, &located, places) {
            Whereabouts::There(came) if sole => {
                group[by].state = State::Moved;
                let trust = self.trust_in_move(index, citation, quotation, &located);
                return Carried::Gone(moved(article, citation, quotation, &came).trusted(trust));
            }
            Whereabouts::There(came) => {
                group[by].carries(State::Moved);
                let first = format!("¶{}", came[0]);
                let strayed = self.strayed(index, quotation, &list(&came), &first);
                return Carried::Nowhere(Some(strayed));
            }
            Whereabouts::Nearly(passage) => {
                let near = Near {
                    by,
                    index,
                    passage,
                    elsewhere: false,
                };
                return self.nearly(quotation, &near, citations, group);
            }
            Whereabouts::Unknown => {
                group[by].carries(State::Ambiguous);
                Lint::AmbiguousQuotation
            }
            Whereabouts::Lost => {
                group[by].carries(State::Lost);
                Lint::LostQuotation
            }
        };
        Carried::Nowhere(Some(self.not_there(index, lint, quotation, places)))
    }

    fn strayed(&self, index: usize, quotation: &Text, places: &str, first: &str) -> Diagnostic {
        let key = &self.articles[index].key;
        let message =
            format!("these words stand in {places} of `{key}`, not in the cited paragraph");
        Diagnostic::new(Lint::MovedQuotation, quotation.whole(), message)
            .help(format!("cite `{first}` as well"))
    }

    /// A quotation that runs from one paragraph into the next: without a locator it has found its own.
    fn over_ends(
        &self,
        quotation: &Text,
        near: &Near,
        sole: bool,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Carried {
        let paragraphs = near.passage.paragraphs();
        let citation = &citations[near.by];
        if citation.locator.is_some() && sole {
            let article = &self.articles[near.index];
            group[near.by].state = State::Moved;
            return Carried::Gone(moved_over_ends(article, citation, quotation, &paragraphs));
        }
        if citation.locator.is_some() {
            let run = run(&paragraphs);
            group[near.by].carries(State::Moved);
            return Carried::Nowhere(Some(self.strayed(near.index, quotation, &run, &run)));
        }
        group[near.by].add_paragraphs(&paragraphs);
        group[near.by].carries(State::Verified);
        Carried::By(near.by)
    }

    /// The nearest passage of all cited sources.
    fn nearest_of(
        &self,
        quotation: &Text,
        citations: &[Citation],
        group: &[Cited],
    ) -> Option<Near> {
        let cited = citations.iter().zip(group).enumerate();
        let near = cited.filter_map(|(by, (citation, cited))| {
            let index = cited.source?;
            let located = citation.locator.as_ref().map(|_| cited.located());
            let (passage, elsewhere) = self.nearest(index, &quotation.text, located.as_ref())?;
            Some(Near {
                by,
                index,
                passage,
                elsewhere,
            })
        });
        near.reduce(|best, next| {
            if next.passage.is_nearer_than(&best.passage) {
                next
            } else {
                best
            }
        })
    }

    fn nearly(
        &self,
        quotation: &Text,
        near: &Near,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Carried {
        let cited = &mut group[near.by];
        let of_title = cited.of_title && !near.elsewhere;
        let article = &self.articles[near.index];
        let words = self.in_source(near.index, &near.passage, of_title);
        let drifted = drifted(article, quotation, &near.passage, words, near.elsewhere);
        let diagnostic = self.name_elsewhere(near.index, quotation, drifted);
        if citations[near.by].locator.is_none() {
            cited.add_paragraphs(&near.passage.paragraphs());
        }
        cited.carries(State::Drifted);
        Carried::Nearly(near.by, diagnostic)
    }
}

/// The nearest passage to a quotation, and the citation of the group that leads to it.
struct Near {
    by: usize,
    index: usize,
    passage: Passage,
    elsewhere: bool,
}

impl Cited {
    fn located(&self) -> Located {
        Located {
            paragraphs: self.paragraphs.clone(),
            of_title: self.of_title,
        }
    }

    fn add_paragraphs(&mut self, paragraphs: &[u32]) {
        self.paragraphs.extend(paragraphs);
        self.paragraphs.sort_unstable();
        self.paragraphs.dedup();
    }

    /// Takes on the state of a quotation that it carries; what was worse stays.
    fn carries(&mut self, state: State) {
        let bare = matches!(self.state, State::Pinned | State::WholeSource);
        if bare || state > self.state {
            self.state = state;
        }
    }
}
