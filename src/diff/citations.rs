//! What became of the citations.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::unread::Files;
use super::{Citation, Outcome, Side, words, words_of};
use crate::book::Book;
use crate::edition::state_name;
use crate::reference;
use crate::source::{FileId, Place, Span};
use crate::verify::{Cited, State};

/// A citation, found again by who cites whom with which words, and the how-manieth of these it is.
type Key<'b> = (&'static str, Option<&'b str>, &'b str, &'b str, usize);

/// A citation as one state of the book has it.
struct Standing<'b> {
    /// Who cites.
    home: (&'static str, Option<&'b str>),
    citation: &'b reference::Citation,
    /// Its state; nothing where it leads nowhere.
    state: Option<State>,
    /// Where it leads; nothing of a note on a chapter.
    cited: Option<Cow<'b, Cited>>,
}

type Standings<'b> = BTreeMap<Key<'b>, Standing<'b>>;

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
    // Where its author put it is told with the note.
    let of_notes = told(places).into_iter();
    changed.extend(of_notes.filter(|one| one.outcome != Outcome::Repointed));
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
        Standing {
            home: book.kind_and_id(home),
            citation,
            state: cited.map(Cited::state),
            cited: cited.map(Cow::Borrowed),
        }
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
            let (state, cited) = book.place_of_comment(citation).unzip();
            Standing {
                home: ("note", id),
                citation,
                state,
                cited: cited.flatten().map(Cow::Owned),
            }
        })
    });
    let mut standings: Vec<Standing<'_>> = standings.collect();
    standings.sort_by_key(|standing| standing.citation.span);
    standings
}

/// Texts go by their present IDs.
fn by_key<'b>(standings: Vec<Standing<'b>>, present: &dyn Fn(&'b str) -> &'b str) -> Standings<'b> {
    let mut count: BTreeMap<Key<'b>, usize> = BTreeMap::new();
    let keyed = standings.into_iter().map(|standing| {
        let (kind, id) = standing.home;
        let source = present(&standing.citation.key.text);
        let quotation = standing.citation.quotation.as_ref();
        let words = quotation.map_or("", |text| text.text.trim());
        let mut key = (kind, id.map(present), source, words, 0);
        let next = count.entry(key).or_default();
        key.4 = *next;
        *next += 1;
        (key, standing)
    });
    keyed.collect()
}

fn compared(
    (old, then): (Side<'_>, &Standings<'_>),
    (new, now): (Side<'_>, &Standings<'_>),
) -> Vec<Citation> {
    let both = now
        .iter()
        .filter_map(|(key, now)| Some((key, then.get(key)?, now)));
    let changed = both.filter_map(|(key, then, now)| {
        let outcome = match (holds(then), holds(now)) {
            (true, false) => Outcome::Broken,
            (false, true) => Outcome::Healed,
            (true, true) => leads_elsewhere((old.book, then), (new.book, now))?,
            (false, false) => return None,
        };
        Some(report(outcome, key, (old, then), (new, now)))
    });
    changed.collect()
}

fn holds(standing: &Standing<'_>) -> bool {
    matches!(
        standing.state,
        Some(State::Verified | State::Pinned | State::WholeSource)
    )
}

/// Whether a citation without a quotation leads to other words: because these have changed, or because its author has
/// changed its place, where the former words still stand.
fn leads_elsewhere(
    (old, then): (&Book, &Standing<'_>),
    (new, now): (&Book, &Standing<'_>),
) -> Option<Outcome> {
    let (before, after) = (pinned_words(old, then), pinned_words(new, now));
    if before == after {
        return None;
    }
    let numbers = |one: &Standing<'_>| {
        let cited = one.cited.as_deref();
        cited.map(|cited| cited.paragraphs().to_vec())
    };
    let present = &new.articles[now.cited.as_deref()?.source()?].document;
    let present: BTreeSet<String> = words_of(present).into_iter().collect();
    let mut before = before.iter().flatten();
    let is_repointed = numbers(then) != numbers(now) && before.all(|one| present.contains(one));
    Some(if is_repointed {
        Outcome::Repointed
    } else {
        Outcome::Elsewhere
    })
}

/// The words of the paragraphs that a citation without a quotation points at.
fn pinned_words(book: &Book, standing: &Standing<'_>) -> Option<Vec<String>> {
    let cited = standing
        .cited
        .as_deref()
        .filter(|cited| cited.state() == State::Pinned)?;
    let document = &book.articles[cited.source()?].document;
    let paragraphs = cited
        .paragraphs()
        .iter()
        .filter_map(|number| document.paragraph(*number));
    Some(
        paragraphs
            .map(|one| words::normal(&one.prose.text.text))
            .collect(),
    )
}

fn report(
    outcome: Outcome,
    key: &Key<'_>,
    (old, then): (Side<'_>, &Standing<'_>),
    (new, now): (Side<'_>, &Standing<'_>),
) -> Citation {
    let (kind, id, _, quotation, _) = *key;
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
