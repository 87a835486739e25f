//! What became of the citations.

use std::collections::BTreeMap;

use super::{Citation, Outcome, Side, words};
use crate::book::Book;
use crate::edition::state_name;
use crate::reference;
use crate::source::{Place, Span};
use crate::verify::{Cited, State};

/// A citation, found again by who cites whom with which words, and the how-manieth of these it is.
type Key<'b> = (&'static str, Option<&'b str>, &'b str, &'b str, usize);

/// A citation as one state of the book has it.
struct Standing<'b> {
    citation: &'b reference::Citation,
    /// What became of it there; nothing where it leads nowhere.
    cited: Option<&'b Cited>,
}

pub(super) fn changed(
    old: Side<'_>,
    new: Side<'_>,
    renamed: &BTreeMap<&str, &str>,
) -> Vec<Citation> {
    let (then, now) = (standings(old.book, renamed), standings(new.book, renamed));
    let both = now
        .iter()
        .filter_map(|(key, now)| Some((key, then.get(key)?, now)));
    let mut changed: Vec<Citation> = both
        .filter_map(|(key, then, now)| {
            let outcome = match (holds(then), holds(now)) {
                (true, false) => Outcome::Broken,
                (false, true) => Outcome::Healed,
                (true, true) if pinned_words(old.book, then) != pinned_words(new.book, now) => {
                    Outcome::Elsewhere
                }
                (true, true) | (false, false) => return None,
            };
            Some(report(outcome, key, (old, then), (new, now)))
        })
        .collect();
    changed.sort_by(|one, other| {
        let order = |one: &Citation| (one.outcome, one.file.clone(), one.line);
        order(one).cmp(&order(other))
    });
    changed
}

/// All citations of a book; sources go by their present IDs.
fn standings<'b>(
    book: &'b Book,
    renamed: &BTreeMap<&'b str, &'b str>,
) -> BTreeMap<Key<'b>, Standing<'b>> {
    let notes = book.notes.iter().flat_map(|note| &note.cited);
    let by_span: BTreeMap<Span, &Cited> = notes.map(|cited| (cited.span(), cited)).collect();
    let mut count: BTreeMap<Key<'b>, usize> = BTreeMap::new();
    let mut standings = BTreeMap::new();
    let present = |key: &'b str| renamed.get(key).copied().unwrap_or(key);
    for (home, citation) in book.citations() {
        if citation.is_own_judgement() {
            continue;
        }
        let (kind, id) = book.kind_and_id(home);
        let quotation = citation
            .quotation
            .as_ref()
            .map_or("", |text| text.text.trim());
        let mut key = (
            kind,
            id.map(present),
            present(&citation.key.text),
            quotation,
            0,
        );
        let next = count.entry(key).or_default();
        key.4 = *next;
        *next += 1;
        let cited = by_span.get(&citation.span).copied();
        standings.insert(key, Standing { citation, cited });
    }
    standings
}

fn holds(standing: &Standing<'_>) -> bool {
    let state = standing.cited.map(Cited::state);
    matches!(
        state,
        Some(State::Verified | State::Pinned | State::WholeSource)
    )
}

/// The words of the paragraphs that a citation without a quotation points at.
fn pinned_words(book: &Book, standing: &Standing<'_>) -> Option<Vec<String>> {
    let cited = standing
        .cited
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
    let (kind, id, source, quotation, _) = *key;
    let span = now.citation.span;
    let Place { line, .. } = new.sources.place(span.file, span.start as usize);
    let locator = now.citation.locator.as_ref();
    Citation {
        outcome,
        kind,
        id: id.map(str::to_owned),
        source: source.to_owned(),
        at: locator.map(|locator| new.sources.slice(locator.span()).to_owned()),
        quotation: (!quotation.is_empty()).then(|| quotation.to_owned()),
        old: state(old, then),
        new: state(new, now),
        file: new.sources.file(span.file).path.clone(),
        line,
    }
}

/// What a citation's state is called; of one that leads nowhere, the name of the problem.
fn state(side: Side<'_>, standing: &Standing<'_>) -> &'static str {
    if let Some(cited) = standing.cited {
        return state_name(cited.state());
    }
    let span = standing.citation.span;
    let within = |at: Span| at.file == span.file && span.start <= at.start && at.start <= span.end;
    let mut problems = side.diagnostics.iter();
    let problem = problems.find(|one| one.at.as_ref().is_some_and(|label| within(label.span)));
    problem.map_or("unread", |problem| problem.lint.name())
}
