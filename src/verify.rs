//! Verification: whatever is quoted must stand in the source.
//!
//! Only this module makes a [`Cited`], its fields are private, and renderers take nothing else: nothing can
//! show the mark of a verified citation that is not.

mod fold;
mod folds;
mod matching;
mod pattern;
mod report;
mod running;

pub use fold::Folded;
use folds::FoldedArticle;
pub use folds::Folds;
use matching::find;
use pattern::{Found, Pattern};
use report::{altered, ambiguous, excerpt, list, moved, no_name, unattributed, words};
pub use running::{Quoted, ends_in_abbreviation};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::manuscript::Article;
use crate::reference::{Citation, Locator};
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
}

/// A citation that leads somewhere.
#[derive(Clone, Debug)]
pub struct Cited {
    source: Option<usize>,
    paragraphs: Vec<u32>,
    of_title: bool,
    lead: String,
    quotation: Option<String>,
    prefix: String,
    suffix: String,
    state: State,
    span: Span,
}

impl Cited {
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

/// Looks citations up in the articles.
pub struct Verifier<'b> {
    articles: &'b [Arc<Article>],
    folds: &'b [Arc<Folds>],
    terms: &'b BTreeSet<&'b str>,
    by_key: BTreeMap<&'b str, usize>,
}

/// Quoted words, ready to be looked for.
struct Wanted {
    folded: String,
    pattern: Option<Pattern>,
}

impl Wanted {
    fn new(quotation: &str) -> Self {
        Wanted {
            folded: Folded::new(quotation).text.trim().to_owned(),
            pattern: Pattern::parse(quotation),
        }
    }

    /// Where the words stand in a folded text: as they are, or with their gaps and brackets.
    fn find(&self, text: &str) -> Option<Found> {
        let exact = find(text, &self.folded).map(|range| Found {
            range,
            altered: None,
        });
        exact.or_else(|| self.pattern.as_ref()?.find(text))
    }
}

/// How many paragraphs are looked through for a hint at what was meant.
const LONGEST_GLANCE: u32 = 400;

/// What a locator leads to.
struct Located {
    paragraphs: Vec<u32>,
    of_title: bool,
}

impl<'b> Verifier<'b> {
    /// A verifier over these articles and their folded texts; the glossary's terms in quotation marks are not
    /// taken for quotations.
    pub fn new(
        articles: &'b [Arc<Article>],
        folds: &'b [Arc<Folds>],
        terms: &'b BTreeSet<&'b str>,
    ) -> Self {
        Verifier {
            articles,
            folds,
            terms,
            by_key: articles
                .iter()
                .enumerate()
                .map(|(index, article)| (article.key.as_str(), index))
                .collect(),
        }
    }

    /// Looks a citation up; none, with an error, where it leads nowhere.
    pub fn verify(&self, citation: &Citation) -> (Option<Cited>, Vec<Diagnostic>) {
        let mut cited = Cited {
            source: None,
            paragraphs: Vec::new(),
            of_title: false,
            quotation: citation.quotation.as_ref().map(|text| text.text.clone()),
            lead: citation.lead.clone(),
            prefix: citation.prefix.clone(),
            suffix: citation.suffix.clone(),
            state: State::OwnJudgement,
            span: citation.span,
        };
        if citation.key.text == "self" {
            return (Some(cited), Vec::new());
        }
        let Some(&index) = self.by_key.get(citation.key.text.as_str()) else {
            return (None, vec![self.unresolved(&citation.key)]);
        };
        let article = &self.articles[index];
        cited.source = Some(index);
        if !article.sound {
            // The file's own error says it all.
            return (None, Vec::new());
        }
        let located = match &citation.locator {
            None => None,
            Some(locator) => match locate(article, locator) {
                Ok(located) => Some(located),
                Err(diagnostic) => return (None, vec![*diagnostic]),
            },
        };
        if let Some(located) = &located {
            cited.paragraphs.clone_from(&located.paragraphs);
            cited.of_title = located.of_title;
        }
        let Some(quotation) = &citation.quotation else {
            cited.state = if located.is_some() {
                State::Pinned
            } else {
                State::WholeSource
            };
            return (Some(cited), Vec::new());
        };
        self.quotation(index, citation, quotation, located.as_ref(), cited)
    }

    /// The passages that a citation's quotation covers: paragraph numbers and ranges of their plain text.
    pub fn passages(&self, cited: &Cited) -> Vec<(u32, std::ops::Range<usize>)> {
        let (Some(index), Some(quotation)) = (cited.source, &cited.quotation) else {
            return Vec::new();
        };
        let wanted = Wanted::new(quotation);
        let folded = self.folded(index);
        cited
            .paragraphs
            .iter()
            .filter_map(|number| {
                let text = &folded[*number as usize - 1];
                let original = &self.articles[index]
                    .document
                    .paragraph(*number)?
                    .prose
                    .text
                    .text;
                Some((
                    *number,
                    text.original(original, wanted.find(&text.text)?.range),
                ))
            })
            .collect()
    }

    /// Looks up the citations of one pair of brackets, and what their sentence or block quote quotes.
    pub fn group(&self, citations: &[Citation], quoted: &[Text]) -> (Vec<Cited>, Vec<Diagnostic>) {
        let mut group = Vec::new();
        let mut diagnostics = Vec::new();
        for citation in citations {
            let (cited, mut found) = self.verify(citation);
            group.extend(cited);
            diagnostics.append(&mut found);
        }
        // Where a citation leads nowhere, nothing is said of the words that it should have carried.
        if group.len() == citations.len() {
            for quotation in quoted.iter().filter(|quotation| self.is_claimed(quotation)) {
                diagnostics.extend(self.carry(quotation, citations, &mut group));
            }
        }
        (group, diagnostics)
    }

    /// Reports quotations that no citation carries.
    pub fn unattributed(&self, quoted: &[Text]) -> Vec<Diagnostic> {
        quoted
            .iter()
            .filter(|quotation| self.is_claimed(quotation) && words(&quotation.text).len() >= 3)
            .map(unattributed)
            .collect()
    }

    /// Whether quotation marks claim that somebody said so: not round a glossary term.
    fn is_claimed(&self, quotation: &Text) -> bool {
        let word = quotation
            .text
            .trim()
            .trim_end_matches([',', '.', ';', ':', '!', '?']);
        !word.is_empty() && !self.terms.contains(word)
    }

    /// Finds the source that carries a quotation of running text, and says in its citation that it does.
    fn carry(
        &self,
        quotation: &Text,
        citations: &[Citation],
        group: &mut [Cited],
    ) -> Option<Diagnostic> {
        let wanted = Wanted::new(&quotation.text);
        let mut bent = None;
        for (citation, cited) in citations.iter().zip(group.iter_mut()) {
            let Some(index) = cited.source else { continue };
            if citation.locator.is_none() {
                // Without a locator the quotation finds its own paragraph.
                let places = self.paragraphs_with(index, &wanted);
                if places.is_empty() {
                    continue;
                }
                if let [only] = places.as_slice()
                    && !cited.paragraphs.contains(only)
                {
                    cited.paragraphs.push(*only);
                    cited.paragraphs.sort_unstable();
                }
                cited.state = State::Verified;
                return None;
            }
            let located = Located {
                paragraphs: cited.paragraphs.clone(),
                of_title: cited.of_title,
            };
            match self.stands_in(index, &located, &wanted) {
                Some(Found { altered: None, .. }) => {
                    if cited.state == State::Pinned {
                        cited.state = State::Verified;
                    }
                    return None;
                }
                Some(Found {
                    altered: Some(word),
                    ..
                }) => bent = Some(altered(quotation, &word)),
                None => {}
            }
        }
        bent.or_else(|| self.stray(quotation, &wanted, group))
    }

    /// A quotation that stands in none of the cited paragraphs. One or two words may be the author's own.
    fn stray(&self, quotation: &Text, wanted: &Wanted, group: &[Cited]) -> Option<Diagnostic> {
        if words(&quotation.text).len() < 3 {
            return None;
        }
        let sources: Vec<usize> = group.iter().filter_map(|cited| cited.source).collect();
        let Some(&first) = sources.first() else {
            return Some(unattributed(quotation));
        };
        let elsewhere = sources.iter().find_map(|index| {
            let places = self.paragraphs_with(*index, wanted);
            (!places.is_empty()).then_some((*index, places))
        });
        Some(match elsewhere {
            Some((index, places)) => {
                let key = &self.articles[index].key;
                let message = format!(
                    "these words stand in {} of `{key}`, not in the cited paragraph",
                    list(&places)
                );
                Diagnostic::new(Lint::MovedQuotation, quotation.whole(), message)
                    .help(format!("cite `¶{}` as well", places[0]))
            }
            None => self.lost(first, quotation, None),
        })
    }

    fn unresolved(&self, key: &Text) -> Diagnostic {
        let diagnostic = Diagnostic::new(
            Lint::UnresolvedSource,
            key.whole(),
            format!("the book has no article `{}`", key.text),
        );
        match nearest(&key.text, self.by_key.keys().copied()) {
            Some(name) => diagnostic
                .help(format!("did you mean `{name}`?"))
                .fix(key.whole(), name),
            None => diagnostic.help(format!(
                "an article is a file `articles/{}.md`; `[@self]` marks your own judgement",
                key.text
            )),
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
        let wanted = Wanted::new(&quotation.text);
        if wanted.folded.is_empty() {
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
            (_, []) => (None, vec![self.lost(index, quotation, located)]),
            (None, [only]) => {
                cited.paragraphs = vec![*only];
                cited.state = State::Verified;
                (Some(cited), Vec::new())
            }
            (None, several) => {
                let diagnostic = ambiguous(article, quotation, several);
                cited.paragraphs = vec![several[0]];
                cited.state = State::Ambiguous;
                (Some(cited), vec![diagnostic])
            }
            (Some(_), places) => {
                let diagnostic = moved(article, citation, quotation, places);
                cited.paragraphs = vec![places[0]];
                cited.of_title = false;
                cited.state = State::Moved;
                (Some(cited), vec![diagnostic])
            }
        }
    }

    /// Whether a folded quotation stands in the located paragraphs, or runs from one of them into the next.
    fn stands_in(&self, index: usize, located: &Located, wanted: &Wanted) -> Option<Found> {
        if located.of_title {
            let title = Folded::new(&self.articles[index].front.title);
            return wanted.find(&title.text);
        }
        let folded = self.folded(index);
        let texts = || {
            located
                .paragraphs
                .iter()
                .map(|number| &folded[*number as usize - 1])
        };
        let mut altered = None;
        for found in texts().filter_map(|text| wanted.find(&text.text)) {
            if found.altered.is_none() {
                return Some(found);
            }
            altered.get_or_insert(found);
        }
        let consecutive = located
            .paragraphs
            .windows(2)
            .all(|pair| pair[0] + 1 == pair[1]);
        if altered.is_some() || located.paragraphs.len() < 2 || !consecutive {
            return altered;
        }
        let mut joined = Folded::new("");
        for text in texts() {
            joined.join(text, 0);
        }
        wanted.find(&joined.text)
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
                        .find(&text.text)
                        .is_some_and(|found| found.altered.is_none())
            })
            .map(|(paragraph, _)| paragraph.number)
            .collect()
    }

    fn folded(&self, index: usize) -> FoldedArticle<'_> {
        self.folds[index].of(&self.articles[index])
    }

    fn lost(&self, index: usize, quotation: &Text, located: Option<&Located>) -> Diagnostic {
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
        match self.most_alike(index, quotation, located) {
            Some((number, sentence)) => {
                diagnostic.help(format!("the nearest is ¶{number}: {sentence}"))
            }
            None => diagnostic.help("quote the source's own words, or leave the quotation out"),
        }
    }

    /// The paragraph that shares the most of a quotation's words, and its words around them.
    fn most_alike(
        &self,
        index: usize,
        quotation: &Text,
        located: Option<&Located>,
    ) -> Option<(u32, String)> {
        let article = &self.articles[index];
        let wanted: Vec<String> = words(&quotation.text);
        let score = |number: u32| {
            let text = &article.document.paragraph(number)?.prose.text.text;
            let have = words(text);
            let shared = wanted.iter().filter(|word| have.contains(word)).count();
            let cited = located.is_some_and(|located| located.paragraphs.contains(&number));
            (shared * 2 > wanted.len()).then_some((shared * 2 + usize::from(cited), number))
        };
        let last = u32::try_from(article.document.paragraphs.len()).unwrap_or(u32::MAX);
        // A hint is not worth more than a glance at a very long article.
        let (_, number) = (1..=last.min(LONGEST_GLANCE))
            .filter(|number| !article.omits(*number))
            .filter_map(score)
            .max_by_key(|(score, number)| (*score, std::cmp::Reverse(*number)))?;
        let text = &article.document.paragraph(number)?.prose.text.text;
        Some((number, excerpt(text, &wanted)))
    }
}

/// Where a locator leads in an article.
fn locate(article: &Article, locator: &Locator) -> Result<Located, Box<Diagnostic>> {
    match locator {
        Locator::Name(name, _) if name == "title" => Ok(Located {
            paragraphs: Vec::new(),
            of_title: true,
        }),
        Locator::Name(name, span) => match article.document.named(name) {
            Some(paragraph) => present(article, paragraph.number, *span).map(|number| Located {
                paragraphs: vec![number],
                of_title: false,
            }),
            None => Err(Box::new(no_name(article, name, *span))),
        },
        Locator::Paragraphs(ranges, span) => {
            let mut paragraphs = Vec::new();
            for range in ranges {
                present(article, *range.end(), *span)?;
                for number in range.clone() {
                    paragraphs.push(present(article, number, *span)?);
                }
            }
            Ok(Located {
                paragraphs,
                of_title: false,
            })
        }
    }
}

/// The number, if the article has such a paragraph and shows it.
fn present(article: &Article, number: u32, span: Span) -> Result<u32, Box<Diagnostic>> {
    let count = article.document.paragraphs.len();
    let lint = Lint::UnresolvedParagraph;
    if article.document.paragraph(number).is_none() {
        let message = format!(
            "article `{}` has no paragraph {number} (it has {count})",
            article.key
        );
        let diagnostic = Diagnostic::new(lint, span, message);
        return Err(Box::new(if count == 0 {
            diagnostic.help("it is a record without a text: cite it as a whole")
        } else {
            diagnostic.help(format!("its paragraphs are ¶1 to ¶{count}"))
        }));
    }
    if article.omits(number) {
        let message = format!(
            "¶{number} of `{}` is left out by `omit` and cannot be cited",
            article.key
        );
        return Err(Box::new(Diagnostic::new(lint, span, message)));
    }
    Ok(number)
}
