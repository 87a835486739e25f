//! Verification: whatever is quoted must stand in the source.
//!
//! Only this module makes a [`Cited`], its fields are private, and renderers take nothing else: nothing can
//! show the mark of a verified citation that is not.

mod align;
mod carried;
mod changes;
mod denial;
mod drift;
mod finding;
mod fold;
mod folds;
mod follow;
mod located;
mod marks;
mod matching;
mod pattern;
mod report;
mod revision;
mod running;
mod sense;
#[cfg(test)]
mod tests;
mod tokens;
mod wanted;

pub use denial::Language;
use drift::{Haystack, Passage};
pub use finding::{Finder, Form, Search, Sighting};
pub use fold::Folded;
use folds::FoldedArticle;
pub use folds::Folds;
pub use follow::{Healing, Settling};
use follow::{Lead, Revision, Trail};
use located::Located;
use pattern::Found;
use report::{
    altered, ambiguous, changed, drifted, elsewhere_before, excerpt, gone, moved, moved_over_ends,
    not_beside, renumbered, run, several, unsettled, was_there,
};
pub use revision::{Fate, fates};
pub use running::{Quoted, Uncited, ends_in_abbreviation};
use tokens::Index;
use wanted::{Beside, Wanted};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Diagnostic, Lint, Trust, nearest};
use crate::lock::Lock;
use crate::manuscript::{Article, check_key};
use crate::reference::{Citation, Locator, is_key};
use crate::source::{Span, Text};

/// What became of a citation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// Its quotation stands in the cited paragraphs.
    Verified,
    /// No quotation; it points at paragraphs that are there.
    Pinned,
    /// Neither locator nor quotation.
    WholeSource,
    /// The authors' own judgement (`@self`).
    OwnJudgement,
    /// Its quotation stands in other paragraphs of the source.
    Moved,
    /// Its quotation stands in several paragraphs, and nothing says in which.
    Ambiguous,
    /// Its quotation stands only nearly so.
    Drifted,
}

impl State {
    /// All of them.
    pub const ALL: [State; 7] = [
        State::Verified,
        State::Pinned,
        State::WholeSource,
        State::OwnJudgement,
        State::Moved,
        State::Ambiguous,
        State::Drifted,
    ];
}

/// A citation that leads somewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Cited {
    source: Option<usize>,
    paragraphs: Vec<u32>,
    of_title: bool,
    lead: String,
    quotation: Option<String>,
    /// Quotations of its sentence or block quote that stand in the source.
    carried: Vec<String>,
    prefix: String,
    suffix: String,
    state: State,
    span: Span,
    beside: Beside,
    /// What a drifted quotation nearly is: ranges of the paragraphs' plain texts.
    near: Vec<(u32, Range<usize>)>,
}

impl Cited {
    fn nowhere(span: Span) -> Self {
        Cited {
            source: None,
            paragraphs: Vec::new(),
            carried: Vec::new(),
            of_title: false,
            lead: String::new(),
            quotation: None,
            prefix: String::new(),
            suffix: String::new(),
            state: State::OwnJudgement,
            span,
            beside: Beside::default(),
            near: Vec::new(),
        }
    }

    /// The cited article, by index; none for the authors' own judgement.
    pub fn source(&self) -> Option<usize> {
        self.source
    }

    /// The cited paragraphs in order; none for a whole source.
    pub fn paragraphs(&self) -> &[u32] {
        &self.paragraphs
    }

    /// Whether the source's title is cited (`^title`).
    pub fn of_title(&self) -> bool {
        self.of_title
    }

    /// The quoted words as the author wrote them.
    pub fn quotation(&self) -> Option<&str> {
        self.quotation.as_deref()
    }

    /// All quotations that stand in the source by it: its own, and those of its sentence or block quote.
    pub fn quotations(&self) -> impl Iterator<Item = &str> {
        let own = self.quotation.iter();
        own.chain(&self.carried).map(String::as_str)
    }

    /// Words between the locator and the quotation.
    pub fn lead(&self) -> &str {
        &self.lead
    }

    /// Words before it.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Words after it.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// What became of it.
    pub fn state(&self) -> State {
        self.state
    }

    /// Where the author wrote it.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// So many runs of a locator's paragraphs are searched for a passage that is nearly quoted, before the whole article is.
const MOST_RUNS: usize = 16;

/// Looks citations up in the articles.
pub struct Verifier<'b> {
    articles: &'b [Arc<Article>],
    folds: &'b [Arc<Folds>],
    terms: &'b BTreeSet<&'b str>,
    by_key: BTreeMap<&'b str, usize>,
    lock: Option<&'b Lock>,
    revisions: Vec<OnceLock<Option<Box<Revision>>>>,
    /// The present keys of articles by those that they had before.
    renamed: BTreeMap<&'b str, &'b str>,
}

impl<'b> Verifier<'b> {
    /// A verifier over these articles and their folded texts; the glossary's terms in quotation marks are not
    /// taken for quotations.
    pub fn new(
        articles: &'b [Arc<Article>],
        folds: &'b [Arc<Folds>],
        terms: &'b BTreeSet<&'b str>,
    ) -> Self {
        let renamed = articles.iter().flat_map(|article| {
            let aliases = article.front.aliases.iter();
            aliases.map(|alias| (alias.text.as_str(), article.key.as_str()))
        });
        Verifier {
            articles,
            folds,
            terms,
            renamed: renamed.collect(),
            by_key: articles
                .iter()
                .enumerate()
                .map(|(index, article)| (article.key.as_str(), index))
                .collect(),
            lock: None,
            revisions: Vec::new(),
        }
    }

    /// The same, following locators from what the articles were when the lock was written.
    pub fn with_lock(mut self, lock: &'b Lock) -> Self {
        self.lock = Some(lock);
        self.revisions
            .resize_with(self.articles.len(), OnceLock::new);
        self
    }

    /// The article that a citation names, by index.
    pub fn source_of(&self, citation: &Citation) -> Option<usize> {
        self.by_key.get(citation.key.text.as_str()).copied()
    }

    /// Looks a citation up; none, with an error, where it leads nowhere.
    pub fn verify(&self, citation: &Citation) -> (Option<Cited>, Vec<Diagnostic>) {
        self.verify_with(citation, &[])
    }

    /// The same; the quotations of its sentence help to say where its locator leads.
    fn verify_with(
        &self,
        citation: &Citation,
        quoted: &[Wanted],
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let mut cited = Cited {
            quotation: citation
                .quotation
                .as_ref()
                .map(|text| text.text.to_string()),
            lead: citation.lead.clone(),
            prefix: citation.prefix.clone(),
            suffix: citation.suffix.clone(),
            beside: Beside::of(citation),
            ..Cited::nowhere(citation.span)
        };
        if citation.is_own_judgement() {
            return (Some(cited), Vec::new());
        }
        let Some(&index) = self.by_key.get(citation.key.text.as_str()) else {
            return (None, self.unresolved(citation).into_iter().collect());
        };
        let article = &self.articles[index];
        cited.source = Some(index);
        if !article.sound {
            // The file's own error says it all.
            return (None, Vec::new());
        }
        let Some(locator) = &citation.locator else {
            cited.state = State::WholeSource;
            return match &citation.quotation {
                None => (Some(cited), Vec::new()),
                Some(quotation) => self.quotation(index, citation, quotation, None, cited),
            };
        };
        let own = Self::own(citation);
        let lead = match self.lead(
            index,
            locator,
            own.as_ref().map_or(quoted, std::slice::from_ref),
        ) {
            Ok(lead) => lead,
            Err(diagnostic) => return (None, vec![*diagnostic]),
        };
        match &citation.quotation {
            None => self.unquoted(index, locator, lead, cited),
            Some(quotation) => {
                cited.paragraphs.clone_from(&lead.located.paragraphs);
                cited.of_title = lead.located.of_title;
                let located = Some(&lead.located);
                let (cited, mut diagnostics) =
                    self.quotation(index, citation, quotation, located, cited);
                if let Trail::Gone(number, words) = &lead.trail {
                    let lost = diagnostics
                        .iter_mut()
                        .filter(|d| d.lint == Lint::LostQuotation);
                    lost.for_each(|lost| lost.help = Some(was_there(locator, *number, words)));
                }
                let cited = cited.map(|mut cited| {
                    if let (State::Verified, Trail::Moved) = (cited.state, &lead.trail) {
                        cited.state = State::Moved;
                        diagnostics.push(renumbered(article, locator, &cited.paragraphs));
                    }
                    cited
                });
                (cited, diagnostics)
            }
        }
    }

    /// A citation's own quotation, ready to be looked for.
    fn own(citation: &Citation) -> Option<Wanted> {
        let quotation = citation.quotation.as_ref()?;
        Some(Wanted::new(&quotation.text, &Beside::of(citation)))
    }

    /// Looks up the paragraphs of an article, by index, that a locator names.
    pub fn pinpoint(&self, index: usize, locator: &Locator) -> (Option<Cited>, Vec<Diagnostic>) {
        let cited = Cited {
            source: Some(index),
            ..Cited::nowhere(locator.span())
        };
        if !self.articles[index].sound {
            return (None, Vec::new());
        }
        match self.lead(index, locator, &[]) {
            Ok(lead) => self.unquoted(index, locator, lead, cited),
            Err(diagnostic) => (None, vec![*diagnostic]),
        }
    }

    /// A locator without a quotation: what it leads to is told by the lock.
    fn unquoted(
        &self,
        index: usize,
        locator: &Locator,
        lead: Lead,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        cited.of_title = lead.located.of_title;
        cited.paragraphs = lead.located.paragraphs;
        let (state, diagnostic) = match lead.trail {
            Trail::Here => (State::Pinned, None),
            Trail::Moved => {
                let moved = renumbered(article, locator, &cited.paragraphs);
                (State::Moved, Some(moved))
            }
            Trail::Changed(number, changes) => {
                let changed = changed(article, locator, number, &changes);
                (State::Drifted, Some(changed))
            }
            Trail::Several(places) => {
                let several = several(article, locator, &places);
                cited.paragraphs = places.into_iter().take(1).collect();
                (State::Ambiguous, Some(several))
            }
            Trail::Unsettled => (State::Pinned, Some(unsettled(article, locator))),
            Trail::Gone(number, words) => {
                return (None, vec![gone(article, locator, number, &words)]);
            }
        };
        cited.state = state;
        (Some(cited), diagnostic.into_iter().collect())
    }

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
    fn unfolded(&self, index: usize, places: Vec<(u32, Range<usize>)>) -> Vec<(u32, Range<usize>)> {
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
    fn places(&self, index: usize, located: &Located, wanted: &Wanted) -> Vec<(u32, Range<usize>)> {
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
    fn places_over_ends(
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

    fn unresolved(&self, citation: &Citation) -> Option<Diagnostic> {
        let key = &citation.key;
        let diagnostic = Diagnostic::new(
            Lint::UnresolvedSource,
            key.whole(),
            format!("the book has no article `{}`", key.text),
        );
        if let Some(new) = self.renamed.get(key.text.as_str()) {
            return Some(diagnostic.renamed(key.whole(), &key.text, new));
        }
        let wanted = key.text.strip_suffix(".md").unwrap_or(&key.text);
        let name = nearest(wanted, self.by_key.keys().copied());
        let Some((name, &index)) = name.and_then(|name| self.by_key.get_key_value(name)) else {
            // A file whose name is no ID has its own error, which mends this as well.
            let misnamed = |name: &&str| !is_key(name) && name.contains(wanted);
            if self.by_key.keys().any(misnamed) {
                return None;
            }
            // A text without the source that it stands in.
            let words = citation.suffix.split_whitespace().count();
            return Some(if words >= 2 && citation.locator.is_none() {
                diagnostic
                    .help("a citation begins with the ID of an article: `ID ¶3 \"words of it\"`")
            } else {
                diagnostic.help(format!(
                    "an article is a file `articles/{}.md`; `[@self]` marks your own judgement",
                    key.text
                ))
            });
        };
        // A file whose name is no ID has its own error, which mends this as well.
        let named = check_key(name, self.articles[index].file).is_none();
        named.then(|| {
            diagnostic
                .help(format!("did you mean `{name}`?"))
                .fix(key.whole(), *name)
                .trusted(self.trust_in_source(citation, name))
        })
    }

    /// Another source is put in the place of a mistyped one unasked only where the quoted words bear it out.
    fn trust_in_source(&self, citation: &Citation, name: &str) -> Trust {
        let stands_there = |quotation: &Text| {
            let wanted = Wanted::new(&quotation.text, &Beside::default());
            let article = self.by_key.get(name).copied();
            quotation.text.split_whitespace().count() >= 3
                && article.is_some_and(|index| !self.paragraphs_with(index, &wanted).is_empty())
        };
        if citation.key.text.eq_ignore_ascii_case(name)
            || citation.quotation.as_deref().is_some_and(stands_there)
        {
            Trust::Safe
        } else {
            Trust::Suggested
        }
    }

    fn quotation(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        located: Option<&Located>,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        let wanted = Wanted::new(&quotation.text, &cited.beside);
        if wanted.is_empty() {
            let empty = Diagnostic::new(
                Lint::InvalidCitation,
                citation.span,
                "the quotation is empty",
            );
            return (
                None,
                vec![empty.help("quote some words, or leave the quotation marks out")],
            );
        }
        if article.is_record() {
            let message = format!(
                "`{}` is a record without a text, so nothing can be quoted from it",
                article.key
            );
            let diagnostic = Diagnostic::new(Lint::LostQuotation, quotation.whole(), message);
            return (
                None,
                vec![diagnostic.help("cite it as a whole, or add its text to the file")],
            );
        }
        if let Some(found) = located.and_then(|located| self.stands_in(index, located, &wanted)) {
            if let Some(word) = found.altered {
                return (None, vec![altered(quotation, &word)]);
            }
            cited.state = State::Verified;
            return (Some(cited), Vec::new());
        }
        let found = self.paragraphs_with(index, &wanted);
        match (located, found.as_slice()) {
            (_, []) => self.inexact(index, citation, quotation, located, cited),
            (None, [only]) => {
                cited.paragraphs = vec![*only];
                cited.state = State::Verified;
                (Some(cited), Vec::new())
            }
            (None, several) => {
                let places = self.surroundings(index, several, &wanted);
                let diagnostic = ambiguous(article, quotation, &places);
                cited.paragraphs = vec![several[0]];
                cited.state = State::Ambiguous;
                (Some(cited), vec![diagnostic])
            }
            (Some(located), places) => {
                let came = places
                    .iter()
                    .filter(|number| !self.stood_before(index, **number));
                let came: Vec<u32> = came.copied().collect();
                if came.is_empty() {
                    // The words stood there before, too: they are others than those that were cited.
                    let near = self.nearest(index, &quotation.text, Some(located));
                    if near.is_some_and(|(passage, elsewhere)| passage.near && !elsewhere) {
                        return self.inexact(index, citation, quotation, Some(located), cited);
                    }
                    let diagnostic = elsewhere_before(article, quotation, places);
                    cited.paragraphs = vec![places[0]];
                    cited.state = State::Ambiguous;
                    return (Some(cited), vec![diagnostic]);
                }
                let places = came.as_slice();
                let diagnostic = moved(article, citation, quotation, places);
                cited.paragraphs = vec![places[0]];
                cited.of_title = false;
                cited.state = State::Moved;
                (Some(cited), vec![diagnostic])
            }
        }
    }

    /// A quotation that stands word for word in no paragraph.
    fn inexact(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        located: Option<&Located>,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        if let Some(diagnostic) = self.wrong_neighbour(index, citation, located) {
            return (None, vec![diagnostic]);
        }
        let nearest = self.nearest(index, &quotation.text, located);
        if let Some((passage, _)) = &nearest
            && let paragraphs = passage.paragraphs()
            && self.runs_over_ends(
                index,
                &paragraphs,
                &Wanted::new(&quotation.text, &cited.beside),
            )
        {
            let moved = located.map(|_| moved_over_ends(article, citation, quotation, &paragraphs));
            cited.state = located.map_or(State::Verified, |_| State::Moved);
            cited.paragraphs = paragraphs;
            cited.of_title = false;
            return (Some(cited), moved.into_iter().collect());
        }
        match nearest {
            Some((passage, elsewhere)) if passage.near => {
                let of_title = located.is_some_and(|located| located.of_title) && !elsewhere;
                let words = self.in_source(index, &passage, of_title);
                let diagnostic = drifted(article, quotation, &passage, words, elsewhere);
                cited.state = State::Drifted;
                if !of_title {
                    if elsewhere || located.is_none() {
                        cited.paragraphs = passage.paragraphs();
                        cited.of_title = false;
                    }
                    cited.near = self.unfolded(index, passage.places);
                }
                (Some(cited), vec![diagnostic])
            }
            hint => {
                let hint = hint.map(|(passage, _)| passage);
                (None, vec![self.lost(index, quotation, located, hint)])
            }
        }
    }

    /// What a passage is called, and its words as the source writes them, on one line.
    fn in_source(&self, index: usize, passage: &Passage, of_title: bool) -> (String, String) {
        let article = &self.articles[index];
        let one_line = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        if of_title {
            let title = article.front.title.as_str();
            let folded = Folded::new(title);
            let ranges = passage.places.iter().map(|(_, range)| range.clone());
            let words = ranges.map(|range| one_line(&title[folded.original(title, range)]));
            return ("the title".to_owned(), words.collect());
        }
        let places = self.unfolded(index, passage.places.clone());
        let words = places.into_iter().filter_map(|(number, range)| {
            let paragraph = article.document.paragraph(number)?;
            Some(one_line(&paragraph.prose.text.text[range]))
        });
        let words: Vec<String> = words.collect();
        (run(&passage.paragraphs()), words.join(" "))
    }

    /// Says so where a quotation stands, but not beside the words of its `before` or `after`.
    fn wrong_neighbour(
        &self,
        index: usize,
        citation: &Citation,
        located: Option<&Located>,
    ) -> Option<Diagnostic> {
        let quotation = citation.quotation.as_ref()?;
        let stands = |before: Option<&Text>, after: Option<&Text>| {
            let words = |text: Option<&Text>| text.map(|text| text.text.to_string());
            let beside = Beside {
                before: words(before),
                after: words(after),
            };
            let wanted = Wanted::new(&quotation.text, &beside);
            let cited = located.and_then(|located| self.stands_in(index, located, &wanted));
            cited.is_some() || !self.paragraphs_with(index, &wanted).is_empty()
        };
        let (before, after) = (citation.before.as_deref(), citation.after.as_deref());
        if before.or(after).is_none() || !stands(None, None) {
            return None;
        }
        let (words, side) = match (before, after) {
            (Some(words), _) if !stands(before, None) => (words, "before"),
            (_, Some(words)) => (words, "after"),
            (Some(words), None) => (words, "before"),
            (None, None) => return None,
        };
        Some(not_beside(&self.articles[index], words, side))
    }

    /// Whether words stand in consecutive paragraphs, from one into the next.
    fn runs_over_ends(&self, index: usize, paragraphs: &[u32], wanted: &Wanted) -> bool {
        let located = Located {
            paragraphs: paragraphs.to_vec(),
            of_title: false,
        };
        let found = self.stands_in(index, &located, wanted);
        paragraphs.len() > 1 && found.is_some_and(|found| found.altered.is_none())
    }

    /// The passage that a quotation is nearest to, and whether that is in another paragraph than the cited ones.
    fn nearest(
        &self,
        index: usize,
        quotation: &str,
        located: Option<&Located>,
    ) -> Option<(Passage, bool)> {
        if located.is_some_and(|located| located.of_title)
            && let Some(passage) = self.nearest_in_title(index, quotation)
        {
            return Some((passage, false));
        }
        let texts: Vec<&Folded> = self.folded(index).iter().collect();
        let haystack = Haystack {
            texts: &texts,
            index: self.index(index),
        };
        let runs = located.into_iter().flat_map(Located::runs);
        let cited = runs
            .take(MOST_RUNS)
            .filter_map(|run| haystack.nearest(quotation, run[0]..=run[run.len() - 1]))
            .reduce(|best, next| {
                if next.is_nearer_than(&best) {
                    next
                } else {
                    best
                }
            });
        let anywhere = haystack.nearest(quotation, 1..=u32::MAX);
        match (cited, anywhere) {
            (Some(cited), Some(other)) if other.is_nearer_than(&cited) => Some((other, true)),
            (Some(cited), _) => Some((cited, false)),
            (None, Some(other)) => Some((other, located.is_some())),
            (None, None) => None,
        }
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

    /// Whether a quotation stands in the located paragraphs, or runs from one of them into the next.
    fn stands_in(&self, index: usize, located: &Located, wanted: &Wanted) -> Option<Found> {
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

    fn paragraphs_with(&self, index: usize, wanted: &Wanted) -> Vec<u32> {
        let article = &self.articles[index];
        let folded = self.folded(index);
        article
            .document
            .paragraphs
            .iter()
            .zip(folded.iter())
            .filter(|(paragraph, text)| {
                !article.omits(paragraph.number)
                    && wanted
                        .find(text)
                        .is_some_and(|found| found.altered.is_none())
            })
            .map(|(paragraph, _)| paragraph.number)
            .collect()
    }

    /// Some paragraphs that have a quotation, each with words round it.
    fn surroundings(
        &self,
        index: usize,
        paragraphs: &[u32],
        wanted: &Wanted,
    ) -> Vec<(u32, String)> {
        let folded = self.folded(index);
        let document = &self.articles[index].document;
        let round = |number: u32| {
            let text = &document.paragraph(number)?.prose.text.text;
            let found = wanted.find(&folded[number as usize - 1])?;
            let at = folded[number as usize - 1]
                .original(text, found.range)
                .start;
            Some((number, excerpt(text, at)))
        };
        paragraphs
            .iter()
            .filter_map(|number| round(*number))
            .collect()
    }

    fn folded(&self, index: usize) -> FoldedArticle<'_> {
        self.folds[index].of(&self.articles[index])
    }

    fn index(&self, index: usize) -> &Index {
        self.folded(index).index()
    }

    fn lost(
        &self,
        index: usize,
        quotation: &Text,
        located: Option<&Located>,
        hint: Option<Passage>,
    ) -> Diagnostic {
        let article = &self.articles[index];
        let place = match located {
            Some(located) if located.of_title => format!("the title of `{}`", article.key),
            _ => format!("article `{}`", article.key),
        };
        let diagnostic = Diagnostic::new(
            Lint::LostQuotation,
            quotation.whole(),
            format!("these words do not stand in {place}"),
        );
        let places = hint.map_or(Vec::new(), |passage| self.unfolded(index, passage.places));
        let nearest = places.first().and_then(|(number, range)| {
            let paragraph = article.document.paragraph(*number)?;
            Some((number, excerpt(&paragraph.prose.text.text, range.start)))
        });
        match nearest {
            Some((number, words)) => diagnostic.help(format!("the nearest is ¶{number}: {words}")),
            None => diagnostic.help("quote the source's own words, or leave the quotation out"),
        }
    }
}
