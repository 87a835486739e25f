//! What became of claims, definitions, notes and events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fields::{self, Cites, Values};
use super::unread::Files;
use super::{Change, Entry, Side, words, words_of};
use crate::annotation::{Claim, Comment, Event, Status, Term};
use crate::book::Home;
use crate::source::{FileId, Text};

/// A state of a book, and what is cited in it.
type State<'b> = (Side<'b>, &'b Cites);

/// The fields and the words of an entry.
struct Said {
    file: FileId,
    fields: Vec<Values>,
    words: String,
}

/// Entries of one kind, by their keys or what stands for these.
type Entries = BTreeMap<String, Said>;

pub(super) fn changed(old: State<'_>, new: State<'_>, unread: &Files<'_>) -> Vec<Entry> {
    let of_kind = |kind, entries: fn(State<'_>) -> Entries| {
        let (mut then, mut now) = (entries(old), entries(new));
        keep_comparable((old.0, &mut then), (new.0, &mut now), unread);
        of_kind(kind, &then, &now)
    };
    let mut changed = of_kind("claim", claims);
    changed.extend(of_kind("term", terms));
    changed.extend(of_kind("note", notes));
    changed.extend(of_kind("event", events));
    changed
}

/// Takes out what only one of two states has, where it may stand in a file that the other could not read.
fn keep_comparable(
    (old, then): (Side<'_>, &mut Entries),
    (new, now): (Side<'_>, &mut Entries),
    unread: &Files<'_>,
) {
    then.retain(|key, said| now.contains_key(key) || !unread.has(old, said.file));
    now.retain(|key, said| then.contains_key(key) || !unread.has(new, said.file));
}

fn of_kind(kind: &'static str, old: &Entries, new: &Entries) -> Vec<Entry> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter_map(|key| {
        let (then, now) = (old.get(key), new.get(key));
        let words = |said: Option<&Said>| said.map_or(String::new(), |said| said.words.clone());
        let (change, fields) = match (then, now) {
            (Some(then), Some(now)) => {
                let fields = fields::changed(&then.fields, &now.fields);
                (Change::Edited, fields)
            }
            (Some(_), None) => (Change::Removed, Vec::new()),
            (None, _) => (Change::Added, Vec::new()),
        };
        let (then, now) = (words(then), words(now));
        let same = change == Change::Edited && then == now;
        (!same || !fields.is_empty()).then(|| Entry {
            kind,
            id: key.clone(),
            change,
            fields,
            words: if same {
                Vec::new()
            } else {
                words::pieces(&then, &now)
            },
        })
    });
    changed.collect()
}

fn claims((side, cited): State<'_>) -> Entries {
    let said = |(index, claim): (usize, &Arc<Claim>)| {
        let confidence = claim.confidence.map_or("", |one| one.name());
        let likelihood = claim.likelihood.unwrap_or_default();
        let mut fields = vec![
            ("confidence", vec![confidence.to_owned()]),
            ("likelihood", vec![likelihood.to_owned()]),
        ];
        fields.extend(cited.of(Home::Claim(index)));
        let words = words_of(&claim.text).join("\n");
        let file = claim.key.whole().file;
        (
            claim.key.text.to_string(),
            Said {
                file,
                fields,
                words,
            },
        )
    };
    side.book.claims.iter().enumerate().map(said).collect()
}

fn terms((side, cited): State<'_>) -> Entries {
    let said = |(index, term): (usize, &Arc<Term>)| {
        let texts = |all: &[Text]| all.iter().map(|one| one.text.to_string()).collect();
        let mut fields = vec![
            ("name", texts(term.name.as_slice())),
            ("aliases", texts(&term.aliases)),
            ("kind", vec![term.kind.unwrap_or_default().to_owned()]),
            ("see", texts(&term.see)),
        ];
        fields.extend(cited.of(Home::Term(index)));
        let words = words_of(&term.text).join("\n");
        let file = term.key.whole().file;
        (
            term.key.text.to_string(),
            Said {
                file,
                fields,
                words,
            },
        )
    };
    side.book.terms.iter().enumerate().map(said).collect()
}

fn notes((side, cited): State<'_>) -> Entries {
    let book = side.book;
    let said = |comment: &Comment, cites: Vec<Values>| {
        let read = comment.read.as_ref().map(|read| read.text.to_string());
        let kind = comment.kind.map_or("", |kind| kind.name());
        let mut fields = vec![
            cited.at(comment),
            ("kind", vec![kind.to_owned()]),
            ("read", read.clone().into_iter().collect()),
        ];
        fields.extend(cites);
        let said = words_of(&comment.text).join("\n");
        let stands_for = if said.is_empty() {
            read.unwrap_or_default()
        } else {
            said.clone()
        };
        let file = comment.span.file;
        let words = said;
        named(
            comment.id.as_ref(),
            stands_for,
            Said {
                file,
                fields,
                words,
            },
        )
    };
    let placed = book.comments.iter().enumerate().map(|(index, note)| {
        let cites = cited.of(Home::Comment(index));
        said(&note.comment, cites)
    });
    let lost = book.lost_comments.iter().enumerate();
    let lost = lost.map(|(index, comment)| said(comment, cited.of_lost_comment(index)));
    unique(placed.chain(lost))
}

fn events((side, cited): State<'_>) -> Entries {
    let said = |(index, event): (usize, &Arc<Event>)| {
        let status = match event.status {
            Status::Reported => "reported",
            Status::Planned => "planned",
        };
        let mut fields = vec![
            ("date", vec![event.date.edtf()]),
            ("status", vec![status.to_owned()]),
        ];
        fields.extend(cited.of(Home::Event(index)));
        let words = words_of(&event.text).join("\n");
        let file = event.span.file;
        named(
            event.id.as_ref(),
            words.clone(),
            Said {
                file,
                fields,
                words,
            },
        )
    };
    unique(side.book.events.iter().enumerate().map(said))
}

/// An entry under its ID; under its words, which are then told once, where it has none.
fn named(id: Option<&Text>, stands_for: String, said: Said) -> (String, Said) {
    let Some(id) = id else {
        let words = String::new();
        return (stands_for, Said { words, ..said });
    };
    (id.text.to_string(), said)
}

/// Entries of the same words are counted.
fn unique(entries: impl Iterator<Item = (String, Said)>) -> Entries {
    let mut all = Entries::new();
    for (name, said) in entries {
        let numbered = (2..).map(|number: u32| format!("{name} ({number})"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        if let Some(name) = names.find(|name| !all.contains_key(name)) {
            all.insert(name, said);
        }
    }
    all
}
