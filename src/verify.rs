//! Verification: whatever is quoted must stand in the source.
//!
//! Only this module makes a [`Cited`], its fields are private, and renderers take nothing else: nothing can
//! show the mark of a verified citation that is not.

mod align;
mod amend;
mod anchors;
mod baseline;
mod brackets;
mod carried;
mod changes;
mod denial;
mod displaced;
mod drift;
mod elements;
mod elsewhere;
mod exchange;
mod finding;
mod fold;
mod folds;
mod follow;
mod located;
mod marks;
mod matching;
mod meant;
mod omission;
mod pattern;
mod places;
mod quotation;
mod report;
mod revision;
mod running;
mod sense;
mod sentences;
mod settling;
mod sieve;
#[cfg(test)]
mod tests;
mod tokens;
mod wanted;
mod whereabouts;

use baseline::Baseline;
pub use denial::Language;
use displaced::{Heirs, Holders, Loss};
use elsewhere::Bearers;
pub use finding::{Finder, Form, Search, Sighting};
pub use fold::Folded;
use folds::FoldedArticle;
pub use folds::Folds;
use follow::{Lead, Trail};
use meant::Givers;
pub use omission::Omission;
use report::{changed, gone, place_of, renamed, renumbered, several, unsettled, was_there};
pub use revision::{Fate, fates};
pub use running::{Quoted, Uncited, block_quoted, cites_sources, is_quoted, quoted_ranges};
pub use sentences::ends_in_abbreviation;
pub use settling::{Rewriting, Settling};
use tokens::Index;
use wanted::{Beside, Wanted};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Diagnostic, Known, Lint, Trust};
use crate::lock::Lock;
use crate::manuscript::{Article, key_in};
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
    /// A quotation of its sentence does not stand in the source.
    Lost,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Verified,
        State::Pinned,
        State::WholeSource,
        State::OwnJudgement,
        State::Moved,
        State::Ambiguous,
        State::Drifted,
        State::Lost,
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

/// Looks citations up in the articles, and keeps what it finds out about them on the way.
#[derive(Debug, Default)]
pub struct Verifier {
    articles: Vec<Arc<Article>>,
    language: String,
    folds: Vec<Arc<Folds>>,
    terms: Arc<BTreeSet<String>>,
    by_key: HashMap<String, usize>,
    /// The present keys of articles by those that they had before.
    renamed: BTreeMap<String, String>,
    lock: Arc<Lock>,
    baselines: Vec<Arc<Baseline>>,
    /// What the articles have lost.
    losses: Vec<OnceLock<Option<Loss>>>,
    holders: OnceLock<Holders>,
    /// The articles' keys, for citations that miss them.
    keys: OnceLock<Known>,
    heirs: OnceLock<Heirs>,
    bearers: OnceLock<Bearers>,
    givers: OnceLock<Givers>,
    /// What is left out of edited articles, by index.
    omissions: BTreeMap<usize, Omission>,
    /// The edited articles whose numbers mean the text of today.
    read_today: BTreeSet<usize>,
}

impl Verifier {
    /// A verifier over these articles in a book of some language. What `previous` has found out about articles that
    /// are still the same is taken from it.
    pub fn new(articles: Vec<Arc<Article>>, language: &str, previous: Option<&Verifier>) -> Self {
        let renamed = articles.iter().flat_map(|article| {
            let aliases = article.front.aliases.iter();
            aliases.map(|alias| (alias.text.to_string(), article.key.clone()))
        });
        let keys = articles.iter().map(|article| article.key.clone());
        let previous = previous.filter(|previous| previous.language == language);
        let folds = articles.iter().map(|article| {
            let known = previous.and_then(|previous| previous.same(article));
            known.map_or_else(
                || Arc::new(Folds::new(article, language)),
                |(previous, index)| Arc::clone(&previous.folds[index]),
            )
        });
        Verifier {
            language: language.to_owned(),
            folds: folds.collect(),
            renamed: renamed.collect(),
            by_key: keys.zip(0..).collect(),
            baselines: articles.iter().map(|_| Arc::default()).collect(),
            losses: articles.iter().map(|_| OnceLock::new()).collect(),
            articles,
            ..Verifier::default()
        }
    }

    /// The same; these terms of the glossary in quotation marks are not taken for quotations.
    pub fn besides(self, terms: Arc<BTreeSet<String>>) -> Self {
        Verifier { terms, ..self }
    }

    /// The same, following locators from what the articles were when the lock was written, and what is left out of them.
    pub fn with_lock(self, lock: Arc<Lock>, previous: Option<&Verifier>) -> Self {
        let previous = previous.filter(|previous| previous.lock == lock);
        let baselines = self.articles.iter().map(|article| {
            let known = previous.and_then(|previous| previous.same(article));
            // What an article inherits hangs on which others there are.
            let known = known.filter(|(previous, index)| previous.settled_as(*index).is_some());
            known.map_or_else(Arc::default, |(previous, index)| {
                Arc::clone(&previous.baselines[index])
            })
        });
        Verifier {
            baselines: baselines.collect(),
            lock,
            ..self
        }
        .following_omissions()
    }

    /// Reads all numbers that lead into some edited articles in their text of today.
    pub fn read_in_text_of_today(&mut self, articles: BTreeSet<usize>) {
        self.read_today = articles;
    }

    /// Whether it reads the numbers of the same articles in their text of today as another one.
    pub fn reads_as(&self, other: &Verifier) -> bool {
        self.read_today == other.read_today
    }

    /// Where an article of a later book stood in this one, if it is still the same.
    fn same(&self, article: &Arc<Article>) -> Option<(&Self, usize)> {
        let found = self
            .articles
            .binary_search_by_key(&article.file, |own| own.file);
        let index = found.ok()?;
        Arc::ptr_eq(&self.articles[index], article).then_some((self, index))
    }

    /// The articles that it looks them up in.
    pub fn articles(&self) -> &[Arc<Article>] {
        &self.articles
    }

    /// The article of a key.
    pub fn article(&self, key: &str) -> Option<&Arc<Article>> {
        self.by_key.get(key).map(|index| &self.articles[*index])
    }

    /// The article that a citation names, by index.
    pub fn source_of(&self, citation: &Citation) -> Option<usize> {
        self.by_key.get(citation.key.text.as_str()).copied()
    }

    /// Looks a citation up; none, with an error, where it leads nowhere.
    pub fn verify(&self, citation: &Citation) -> (Option<Cited>, Vec<Diagnostic>) {
        self.verify_with(citation, &[], citation.quotation.as_deref())
    }

    /// The same; the quotations of its sentence help to say where its locator leads, and the one that is surely its own
    /// what was meant where it leads nowhere.
    fn verify_with(
        &self,
        citation: &Citation,
        quoted: &[Wanted],
        quotation: Option<&Text>,
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
            return (None, vec![self.unresolved(citation, quotation)]);
        };
        let article = &self.articles[index];
        cited.source = Some(index);
        if !article.sound {
            // The file's own error says it all.
            return (None, Vec::new());
        }
        // One problem of the book says of all its citations that its text has gone.
        let displaced = self.displaced(index).is_some();
        let Some(locator) = &citation.locator else {
            cited.state = State::WholeSource;
            return match &citation.quotation {
                None => (Some(cited), Vec::new()),
                Some(quotation) => {
                    let (cited, found) = self.quotation(index, citation, quotation, None, cited);
                    if displaced && !found.is_empty() {
                        return (None, Vec::new());
                    }
                    let named = |one| self.name_elsewhere(index, quotation, one);
                    (cited, found.into_iter().map(named).collect())
                }
            };
        };
        if displaced {
            return (None, Vec::new());
        }
        let own = Self::own(citation);
        let lead = match self.lead(
            index,
            locator,
            own.as_ref().map_or(quoted, std::slice::from_ref),
        ) {
            Ok(lead) => lead,
            Err(diagnostic) => {
                let named = self.name_what_is_meant(index, locator, quotation, *diagnostic);
                return (None, vec![named]);
            }
        };
        match &citation.quotation {
            None => self.unquoted(index, locator, lead, quoted, cited),
            Some(quotation) => self.quoted(index, citation, quotation, locator, lead, cited),
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
        if !self.articles[index].sound || self.displaced(index).is_some() {
            return (None, Vec::new());
        }
        match self.lead(index, locator, &[]) {
            Ok(lead) => self.unquoted(index, locator, lead, &[], cited),
            Err(diagnostic) => (None, vec![self.name_giver(index, locator, *diagnostic)]),
        }
    }

    /// A quotation where its locator leads.
    fn quoted(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        locator: &Locator,
        lead: Lead,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        if matches!(lead.trail, Trail::Renamed(..)) {
            // Its words stand with those that bore the name.
            return self.unquoted(index, locator, lead, &[], cited);
        }
        let article = &self.articles[index];
        cited.paragraphs.clone_from(&lead.located.paragraphs);
        cited.of_title = lead.located.of_title;
        let located = Some(&lead.located);
        let (cited, mut diagnostics) = self.quotation(index, citation, quotation, located, cited);
        if let Trail::Gone(gone) = &lead.trail {
            let lost = diagnostics
                .iter_mut()
                .filter(|d| d.lint == Lint::LostQuotation);
            lost.for_each(|lost| lost.help = Some(was_there(gone)));
        }
        let named = |one| self.name_elsewhere(index, quotation, one);
        diagnostics = diagnostics.into_iter().map(named).collect();
        if let Trail::Changed(number, changes) = &lead.trail
            && cited.as_ref().map(Cited::state) == Some(State::Ambiguous)
        {
            diagnostics.push(changed(article, locator, *number, changes));
        }
        let Some(cited) = cited else {
            return (None, diagnostics);
        };
        let is_told_all_the_same = matches!(lead.trail, Trail::Moved) || lead.trail.is_lost();
        if cited.state == State::Verified && is_told_all_the_same {
            return self.unquoted(index, locator, lead, &[], cited);
        }
        (Some(cited), diagnostics)
    }

    /// A locator without a quotation: what it leads to is told by the lock; `quoted` are the quotations of its sentence.
    fn unquoted(
        &self,
        index: usize,
        locator: &Locator,
        lead: Lead,
        quoted: &[Wanted],
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
            Trail::Renamed(name, bearer, stands) => {
                let cite = self.how_to_cite([(index, stands.as_slice())].into_iter());
                let diagnostic = renamed(article, locator, (&name, bearer, &stands), cite);
                if !quoted.is_empty() {
                    // What is quoted stands with the former bearer, which is said already.
                    return (None, vec![diagnostic]);
                }
                (State::Drifted, Some(diagnostic))
            }
            Trail::Several(places) => {
                let cite = self.how_to_cite([(index, places.as_slice())].into_iter());
                let several = several(article, locator, &places, cite);
                if cited.paragraphs.is_empty() {
                    cited.paragraphs = places.into_iter().take(1).collect();
                }
                (State::Ambiguous, Some(several))
            }
            Trail::Unsettled => {
                let renumbered = self.read_today.contains(&index);
                let unsettled = unsettled(article, locator, renumbered);
                (State::Pinned, Some(unsettled))
            }
            Trail::Gone(lost) => {
                let words = lost.iter().map(|one| Folded::new(&one.words));
                let words: Vec<Folded> = words.collect();
                let has = |wanted: &Wanted| words.iter().any(|one| wanted.find(one).is_some());
                // What is left does not bear out words of what is gone.
                let is_quoted = quoted.iter().any(has);
                let left: &[u32] = if is_quoted { &[] } else { &cited.paragraphs };
                let cite = self.how_to_cite(lost.iter().map(|one| (index, one.stands.as_slice())));
                let diagnostic = gone(article, locator, &lost, left, cite);
                let named = self.name_where_they_went(index, &lost, left, diagnostic);
                return (None, vec![named]);
            }
        };
        cited.state = state;
        (Some(cited), diagnostic.into_iter().collect())
    }

    /// `quotation` are words of the source that is missed.
    fn unresolved(&self, citation: &Citation, quotation: Option<&Text>) -> Diagnostic {
        let key = &citation.key;
        let (written, whole) = citation.path();
        let message = format!("the book has no article `{written}`");
        let diagnostic = Diagnostic::new(Lint::UnresolvedSource, whole, message);
        if let Some(new) = self.renamed.get(key.text.as_str()) {
            return self.renamed(diagnostic, key.whole(), &key.text, new);
        }
        if let Some(vanished) = self.vanished(key, diagnostic.clone()) {
            return vanished;
        }
        let wanted = key_in(&written);
        let keys = || self.articles.iter().map(|article| &article.key);
        let known = self.keys.get_or_init(|| Known::new(keys().cloned()));
        let misnamed = |name: &&String| !is_key(name) && name.contains(wanted);
        let name = self
            .by_key
            .get_key_value(wanted)
            .map(|(name, _)| name.as_str());
        let name = name.or_else(|| known.nearest(wanted).map(|(_, name)| name));
        let name = name.or_else(|| keys().find(misnamed).map(String::as_str));
        let quoted = quotation.and_then(|quotation| self.sole_quoted(None, quotation));
        if let Some((article, places)) = quoted.filter(|(article, _)| name != Some(&article.key)) {
            let (name, place) = (&article.key, place_of(article, &places));
            let help = format!("its quotation stands in {place}: did you mean `{name}`?");
            return diagnostic.help(help).fix(whole, name);
        }
        let Some(name) = name else {
            // A text without the source that it stands in.
            let words = citation.suffix.split_whitespace().count();
            let help = if words >= 2 && citation.locator.is_none() && whole == key.whole() {
                "a citation begins with the ID of an article: `ID ¶3 \"words of it\"`".to_owned()
            } else {
                format!(
                    "an article is a file `articles/{wanted}.md`; `[@self]` marks your own judgement"
                )
            };
            return diagnostic.help(help);
        };
        let place = spaced(citation, name).unwrap_or(whole);
        let diagnostic = Diagnostic::new(Lint::UnresolvedSource, place, diagnostic.message)
            .help(format!("did you mean `{name}`?"))
            .fix(place, name);
        diagnostic.trusted(self.trust_in_source(citation, name))
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

    fn folded(&self, index: usize) -> FoldedArticle<'_> {
        self.folds[index].of(&self.articles[index])
    }

    fn index(&self, index: usize) -> &Index {
        self.folded(index).index()
    }
}

/// The place of a name that a citation has with spaces in it: `first steps` for `first-steps`.
fn spaced(citation: &Citation, name: &str) -> Option<Span> {
    let key = citation.key.whole();
    let written = format!("{} {}", citation.key.text, citation.suffix);
    let behind = written.get(name.len()..)?;
    let is_name = written[..name.len()].replace(' ', "-") == name;
    let ends = !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    let length = u32::try_from(name.len()).ok()?;
    (is_name && ends && name.len() > citation.key.text.len()).then(|| Span {
        end: key.start + length,
        ..key
    })
}
