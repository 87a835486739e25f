//! What became of the citations.

use std::collections::{BTreeMap, BTreeSet};

use super::unread::Files;
use super::{Citation, Outcome, Side, words, words_of};
use crate::book::{Book, Home};
use crate::edition::state_name;
use crate::markdown::Document;
use crate::reference;
use crate::source::{FileId, Place, Span};
use crate::verify::{Cited, State};

/// By which a citation is found again: who cites whom with which words.
type Key<'b> = (&'static str, Option<&'b str>, &'b str, &'b str);

/// A citation as one state of the book has it.
struct Standing<'b> {
    /// Who cites.
    home: (&'static str, Option<&'b str>),
    citation: &'b reference::Citation,
    /// Its state; nothing where it leads nowhere.
    state: Option<State>,
    /// The text that it leads to, and its paragraphs there.
    leads_to: Option<(&'b Document, Vec<u32>)>,
}

/// The citations of each key, in the order of the files.
type Standings<'b> = BTreeMap<Key<'b>, Vec<Standing<'b>>>;

/// What became of the citations and of the places of notes; where a text could not be read, nothing is told of what
/// cites it.
pub(super) fn changed<'b>(
    old: Side<'b>,
    new: Side<'b>,
    renamed: &BTreeMap<&'b str, &'b str>,
    unread: &Files<'_>,
) -> Vec<Citation> {
    let present = |key: &'b str| renamed.get(key).copied().unwrap_or(key);
    let unread_in = |side: Side<'b>| {
        let unread = texts(side.book).filter(move |(_, file)| unread.has(side, *file));
        unread.map(|(key, _)| present(key))
    };
    let unread: BTreeSet<&str> = unread_in(old).chain(unread_in(new)).collect();
    let told = |list: fn(&'b Book) -> Vec<Standing<'b>>| {
        let by_key = |side: Side<'b>| by_key(list(side.book), &present);
        let (then, mut now) = (by_key(old), by_key(new));
        now.retain(|key, _| !unread.contains(key.2));
        compared((old, &then), (new, &now))
    };
    let mut changed = told(citations);
    changed.extend(told(places));
    changed.sort_by(|one, other| {
        let order = |one: &Citation| (one.outcome, one.file.clone(), one.line);
        order(one).cmp(&order(other))
    });
    changed
}

/// What can be cited or noted, by ID, and the files.
fn texts(book: &Book) -> impl Iterator<Item = (&str, FileId)> {
    let articles = book.articles.iter().map(|one| (one.key.as_str(), one.file));
    let chapters = book.chapters.iter().map(|one| (one.key.as_str(), one.file));
    articles.chain(chapters)
}

/// All citations of a book.
fn citations(book: &Book) -> Vec<Standing<'_>> {
    let notes = book.notes.iter().flat_map(|note| &note.cited);
    let by_span: BTreeMap<Span, &Cited> = notes.map(|cited| (cited.span(), cited)).collect();
    let citations = book.citations().filter(|(_, one)| !one.is_own_judgement());
    let standings = citations.map(|(home, citation)| {
        let cited = by_span.get(&citation.span).copied();
        let text = cited.and_then(Cited::source).map(Home::Article);
        let home = book.kind_and_id(home);
        Standing::new(book, home, citation, cited.map(|cited| (text, cited)))
    });
    standings.collect()
}

/// The places of a book's notes, in the order of the files.
fn places(book: &Book) -> Vec<Standing<'_>> {
    let placed = book.comments.iter().map(|note| &note.comment);
    let comments = placed.chain(&book.lost_comments);
    let standings = comments.flat_map(|comment| {
        let id = comment.id.as_ref().map(|id| id.text.as_str());
        comment.at.iter().map(move |citation| {
            let place = book.cited_as_place(citation);
            let place = place.as_ref().map(|(text, cited)| (*text, cited));
            Standing::new(book, ("note", id), citation, place)
        })
    });
    let mut standings: Vec<Standing<'_>> = standings.collect();
    standings.sort_by_key(|standing| standing.citation.span);
    standings
}

impl<'b> Standing<'b> {
    fn new(
        book: &'b Book,
        home: (&'static str, Option<&'b str>),
        citation: &'b reference::Citation,
        cited: Option<(Option<Home>, &Cited)>,
    ) -> Self {
        Standing {
            home,
            citation,
            state: cited.map(|(_, cited)| cited.state()),
            leads_to: cited.and_then(|(text, cited)| {
                Some((book.document(text?), cited.paragraphs().to_vec()))
            }),
        }
    }

    fn holds(&self) -> bool {
        matches!(
            self.state,
            Some(State::Verified | State::Pinned | State::WholeSource)
        )
    }

    /// The words of the paragraphs that it points at without quoting them.
    fn pinned_words(&self) -> Option<Vec<String>> {
        let is_pinned = self.state == Some(State::Pinned);
        let (document, paragraphs) = self.leads_to.as_ref().filter(|_| is_pinned)?;
        let paragraphs = paragraphs
            .iter()
            .filter_map(|number| document.paragraph(*number));
        Some(
            paragraphs
                .map(|one| words::normal(&one.prose.text.text))
                .collect(),
        )
    }
}

/// Texts go by their present IDs.
fn by_key<'b>(standings: Vec<Standing<'b>>, present: &dyn Fn(&'b str) -> &'b str) -> Standings<'b> {
    let mut keyed = Standings::new();
    for standing in standings {
        let (kind, id) = standing.home;
        let source = present(&standing.citation.key.text);
        let quotation = standing.citation.quotation.as_ref();
        let words = quotation.map_or("", |text| text.text.trim());
        let key = (kind, id.map(present), source, words);
        keyed.entry(key).or_default().push(standing);
    }
    keyed
}

fn compared(
    (old, then): (Side<'_>, &Standings<'_>),
    (new, now): (Side<'_>, &Standings<'_>),
) -> Vec<Citation> {
    let both = now
        .iter()
        .filter_map(|(key, now)| Some((key, pairs(then.get(key)?, now))));
    let both = both.flat_map(|(key, pairs)| pairs.into_iter().map(move |pair| (key, pair)));
    let changed = both.filter_map(|(key, (then, now))| {
        let outcome = match (then.holds(), now.holds()) {
            (true, false) => Outcome::Broken,
            (false, true) => Outcome::Healed,
            (true, true) => leads_elsewhere(then, now)?,
            (false, false) => return None,
        };
        Some(report(outcome, key, (old, then), (new, now)))
    });
    changed.collect()
}

/// Citations of one key in both states: those that lead to the same words, then the others in their order.
fn pairs<'s, 'b>(
    old: &'s [Standing<'b>],
    new: &'s [Standing<'b>],
) -> Vec<(&'s Standing<'b>, &'s Standing<'b>)> {
    let mut former: Vec<_> = old.iter().map(|one| (one, one.pinned_words())).collect();
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for one in new {
        let words = one.pinned_words();
        let is_same =
            |(other, former): &(&Standing<'_>, _)| other.state == one.state && *former == words;
        match former.iter().position(is_same) {
            Some(index) => pairs.push((former.remove(index).0, one)),
            None => left.push(one),
        }
    }
    pairs.extend(former.into_iter().map(|(one, _)| one).zip(left));
    pairs
}

/// Whether a citation without a quotation leads to other words: because these have changed, or because its author has
/// changed its place, where the former words still stand.
fn leads_elsewhere(then: &Standing<'_>, now: &Standing<'_>) -> Option<Outcome> {
    let (before, after) = (then.pinned_words(), now.pinned_words());
    if before == after {
        return None;
    }
    let numbers = |one: &Standing<'_>| one.leads_to.as_ref().map(|(_, numbers)| numbers.clone());
    let (present, _) = now.leads_to.as_ref()?;
    let present: BTreeSet<String> = words_of(present).into_iter().collect();
    let mut before = before.iter().flatten();
    let is_repointed = numbers(then) != numbers(now) && before.all(|one| present.contains(one));
    Some(if is_repointed {
        Outcome::Repointed
    } else {
        Outcome::Elsewhere
    })
}

fn report(
    outcome: Outcome,
    key: &Key<'_>,
    (old, then): (Side<'_>, &Standing<'_>),
    (new, now): (Side<'_>, &Standing<'_>),
) -> Citation {
    let (kind, id, _, quotation) = *key;
    let span = now.citation.span;
    let Place { line, .. } = new.sources.place(span.file, span.start as usize);
    let place_in = |side: Side<'_>, standing: &Standing<'_>| {
        let locator = standing.citation.locator.as_ref();
        locator.map(|locator| side.sources.slice(locator.span()).to_owned())
    };
    Citation {
        outcome,
        kind,
        id: id.map(str::to_owned),
        source: now.citation.key.text.to_string(),
        at: place_in(new, now),
        formerly_at: place_in(old, then),
        quotation: (!quotation.is_empty()).then(|| quotation.to_owned()),
        old: state(old, then),
        new: state(new, now),
        file: new.sources.file(span.file).path.clone(),
        line,
    }
}

/// What a citation's state is called; of one that leads nowhere, the name of the problem.
fn state(side: Side<'_>, standing: &Standing<'_>) -> &'static str {
    if let Some(state) = standing.state {
        return state_name(state);
    }
    let span = standing.citation.span;
    let within = |at: Span| at.file == span.file && span.start <= at.start && at.start <= span.end;
    let mut problems = side.diagnostics.iter();
    let problem = problems.find(|one| one.at.as_ref().is_some_and(|label| within(label.span)));
    problem.map_or("unread", |problem| problem.lint.name())
}
