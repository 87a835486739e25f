//! The notes: every place that cites, verified and numbered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Book, HANDFUL, Home};
use crate::annotation::Bearing;
use crate::diagnostic::Diagnostic;
use crate::markdown::{Document, FootnoteMark, Group, Prose};
use crate::reference::Citation;
use crate::source::{Sources, Span, small};
use crate::verify::{Cited, Quoted, Verifier, ends_in_abbreviation};

/// One place that cites: a pair of brackets in a text, or a line of `cites`.
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// Where it stands.
    pub home: Home,
    /// The place of what cites.
    pub span: Span,
    /// Its number on its page; in a footnote, the footnote's.
    pub number: u32,
    /// The footnote in which it stands, by index into its document's.
    pub footnote: Option<usize>,
    /// The paragraph in which it, or its footnote's mark, stands.
    pub paragraph: Option<u32>,
    /// Of paragraphs that are shown between the authors' own, the one before them.
    pub behind: Option<u32>,
    /// What it cites.
    pub cited: Vec<Cited>,
    /// Whether it stands in running text (`@key`), whose source is named there.
    pub in_text: bool,
    /// How it bears on the claim that it is evidence for.
    pub bearing: Option<Bearing>,
    /// The words that lead up to it, in what is shown the last ones before it; of an entry's own citations, the words that the entry begins with.
    pub around: String,
}

/// A footnote that has a mark in the text.
#[derive(Clone, Debug)]
pub struct Footnoted {
    /// The footnote, by index into its document's.
    pub footnote: usize,
    /// Its number among the notes of its page.
    pub number: u32,
    /// The place of its first mark.
    pub mark: Span,
}

/// What verifying one document has given besides its notes.
#[derive(Debug, Default)]
pub(super) struct Check {
    diagnostics: Vec<Diagnostic>,
    /// Its footnotes, numbered as if it stood alone.
    footnotes: Vec<Footnoted>,
    /// How many numbers its notes have.
    numbers: u32,
    /// The articles that it cites; none where it rests on more than them: one of them is not there, its text is gone or
    /// a quotation fails in it, and any other may have been meant, or an entry is shown.
    rests_on: Option<Box<[usize]>>,
}

/// One document's notes, numbered as if they stood alone, and its check.
type Checked = (Vec<Arc<Note>>, Arc<Check>);

impl Book {
    /// Looks up all citations; those of a document that `previous` has checked against the same sources are taken
    /// from it.
    pub(super) fn verify(&mut self, sources: &Sources, previous: Option<&Book>) -> Vec<Diagnostic> {
        let known = previous.filter(|book| self.is_settled_as(book));
        let homes: Vec<Home> = self.writing().collect();
        let checked: Vec<Checked> = homes
            .par_iter()
            .with_max_len(HANDFUL)
            .map(|home| {
                let known = known.and_then(|book| self.known_check(*home, book));
                known.unwrap_or_else(|| self.check(*home, sources))
            })
            .collect();
        let mut diagnostics = Vec::new();
        let mut notes = Vec::new();
        let mut by_span = HashMap::new();
        let mut by_home = BTreeMap::new();
        let mut checks = BTreeMap::new();
        let mut numbered_before = BTreeMap::new();
        let mut footnotes = self.footnotes_of_sources();
        let mut numbers: BTreeMap<Home, u32> = BTreeMap::new();
        for (home, own) in &footnotes {
            numbers.insert(*home, own.last().map_or(0, |last| last.number));
        }
        for (home, (own, check)) in homes.into_iter().zip(checked) {
            diagnostics.extend_from_slice(&check.diagnostics);
            let numbered = numbers.entry(self.page_of(home)).or_default();
            let before = *numbered;
            numbered_before.insert(home, before);
            *numbered += check.numbers;
            let first = notes.len();
            for mut note in own {
                if before > 0 {
                    Arc::make_mut(&mut note).number += before;
                }
                by_span.insert(note.span, notes.len());
                notes.push(note);
            }
            by_home.insert(home, first..notes.len());
            if !check.footnotes.is_empty() {
                let own = check.footnotes.iter().map(|own| Footnoted {
                    number: own.number + before,
                    ..own.clone()
                });
                footnotes.insert(home, own.collect());
            }
            checks.insert(home, check);
        }
        self.notes = notes;
        self.checks = checks;
        self.notes_by_span = by_span;
        self.notes_by_home = by_home;
        self.footnotes = footnotes;
        self.numbered_before = numbered_before;
        self.turn_round();
        diagnostics
    }

    /// What another book, whose sources have the same keys, found in a document, if neither it nor a source that it
    /// cites has changed.
    fn known_check(&self, home: Home, other: &Book) -> Option<Checked> {
        let check = other.checks.get(&home)?;
        let mut rests_on = check.rests_on.as_ref()?.iter();
        let same = self.is_unchanged(home, other)
            && rests_on.all(|article| self.is_unchanged(Home::Article(*article), other));
        let before = *other.numbered_before.get(&home)?;
        let alone = |note: &Arc<Note>| {
            let mut note = Arc::clone(note);
            if before > 0 {
                Arc::make_mut(&mut note).number -= before;
            }
            note
        };
        let notes = other.notes_of(home).iter().map(alone);
        same.then(|| (notes.collect(), Arc::clone(check)))
    }

    /// The footnotes of the articles, which cite nothing.
    fn footnotes_of_sources(&self) -> BTreeMap<Home, Vec<Footnoted>> {
        let mut all = BTreeMap::new();
        for index in 0..self.articles.len() {
            let home = Home::Article(index);
            let document = self.document(home);
            if document.footnotes.is_empty() {
                continue;
            }
            let mut footnotes: Vec<Footnoted> = Vec::new();
            let shown =
                |number: &Option<u32>| number.is_none_or(|number| !self.omits(home, number));
            let proses = document.proses().into_iter();
            let marks = proses
                .filter(|(number, _)| shown(number))
                .flat_map(|(_, prose)| prose.footnotes());
            let mut seen = BTreeSet::new();
            for mark in marks.filter(|mark| seen.insert(mark.footnote)) {
                let number = small(footnotes.len() + 1);
                footnotes.push(Footnoted {
                    footnote: mark.footnote,
                    number,
                    mark: mark.span,
                });
            }
            all.insert(home, footnotes);
        }
        all
    }

    fn check(&self, home: Home, sources: &Sources) -> Checked {
        let mut drafts = Drafts {
            book: self,
            home,
            verifier: &self.verifier,
            quoted: Quoted::of(self.document(home), &self.verifier),
            notes: Vec::new(),
            check: Check::default(),
        };
        drafts.write();
        let mut check = drafts.check;
        check.diagnostics.extend(self.lints_of(home, sources));
        let may_name_any = |one: &Diagnostic| one.lint.may_name_any_source();
        let anywhere = check.diagnostics.iter().any(may_name_any);
        check.rests_on = self.rests_on(home).filter(|_| !anywhere);
        (
            drafts.notes.into_iter().map(Arc::new).collect(),
            Arc::new(check),
        )
    }

    /// The articles that a document cites, if all of them are there and nothing else decides about it.
    fn rests_on(&self, home: Home) -> Option<Box<[usize]>> {
        let verifier = &self.verifier;
        let proses = self.document(home).proses();
        // What an entry that is shown rests on is not known here.
        if proses.iter().any(|(_, prose)| prose.shown().is_some()) {
            return None;
        }
        let groups = proses.into_iter().flat_map(|(_, prose)| prose.citations());
        let own = self
            .evidence(home)
            .into_iter()
            .map(|(_, citation)| citation);
        let citations = groups.flat_map(|group| &group.citations).chain(own);
        let sources = citations.filter(|citation| !citation.is_own_judgement());
        let articles: Option<BTreeSet<usize>> = sources
            .map(|citation| {
                let source = verifier.source_of(citation);
                source.filter(|index| !verifier.is_replaced(*index))
            })
            .collect();
        articles.map(|articles| articles.into_iter().collect())
    }

    /// What stands for the page on which a document's notes are numbered.
    fn page_of(&self, home: Home) -> Home {
        match home {
            Home::Chapter(_) | Home::Article(_) => home,
            Home::Comment(index) => self.comments[index].on,
            Home::Claim(_) => Home::Claim(0),
            Home::Event(_) => Home::Event(0),
            Home::Term(_) => Home::Term(0),
        }
    }

    /// Every citation as it is written, also those that lead nowhere, in reading order.
    pub fn citations(&self) -> impl Iterator<Item = (Home, &Citation)> {
        self.writing().flat_map(|home| {
            let proses = self.document(home).proses().into_iter();
            let groups = proses.flat_map(|(_, prose)| prose.citations());
            let own = self.evidence(home).into_iter();
            let all = groups.flat_map(|group| &group.citations);
            all.chain(own.map(|(_, citation)| citation))
                .map(move |citation| (home, citation))
        })
    }

    /// The citations of an entry's own fields.
    pub(super) fn evidence(&self, home: Home) -> Vec<(Option<Bearing>, &Citation)> {
        match home {
            Home::Chapter(_) | Home::Article(_) => Vec::new(),
            Home::Comment(index) => unbearing(&self.comments[index].comment.cites),
            Home::Event(index) => unbearing(&self.events[index].cites),
            Home::Term(index) => unbearing(&self.terms[index].cites),
            Home::Claim(index) => {
                let evidence = self.claims[index].evidence.iter();
                evidence
                    .map(|(bearing, citation)| (Some(*bearing), citation))
                    .collect()
            }
        }
    }

    /// From the citing places to the cited ones.
    fn turn_round(&mut self) {
        for (index, note) in self.notes.iter().enumerate() {
            for cited in &note.cited {
                let Some(source) = cited.source() else {
                    continue;
                };
                if self.citing_sources[source].last() != Some(&index) {
                    self.citing_sources[source].push(index);
                }
                for paragraph in cited.paragraphs() {
                    let citing = self.cited_by.entry((source, *paragraph)).or_default();
                    if citing.last() != Some(&index) {
                        citing.push(index);
                    }
                }
            }
        }
    }
}

/// Writes the notes of one document.
struct Drafts<'d> {
    book: &'d Book,
    home: Home,
    verifier: &'d Verifier,
    quoted: Quoted,
    notes: Vec<Note>,
    check: Check,
}

impl Drafts<'_> {
    fn write(&mut self) {
        let document = self.book.document(self.home);
        self.look_at_quotations();
        let (mut behind, mut last_words) = (None, "");
        for (paragraph, prose) in document.proses_in(&document.blocks) {
            let first = self.notes.len();
            let mut marks = prose.footnotes().iter().peekable();
            // An entry of the book's own is shown without a citation.
            let shows_own = |link| !self.book.names_article(link);
            let own = prose.shown().is_some_and(shows_own);
            let groups = prose.citations().iter().filter(|_| !own);
            for (index, group) in groups.enumerate() {
                while let Some(mark) = marks.next_if(|mark| mark.citations <= index) {
                    self.footnote(mark, paragraph);
                }
                let number = self.check.numbers + 1;
                if self.group(group, prose, paragraph, number) {
                    self.check.numbers = number;
                }
            }
            for mark in marks {
                self.footnote(mark, paragraph);
            }
            if prose.shown().is_some() {
                for note in &mut self.notes[first..] {
                    note.behind = behind;
                    note.around = leading_words(last_words, last_words.len());
                }
            } else {
                behind = paragraph.or(behind);
                last_words = &prose.text.text;
            }
        }
        for (bearing, citation) in self.book.evidence(self.home) {
            let number = self.check.numbers + 1;
            let note = Note {
                bearing,
                around: opening_words(document),
                ..self.blank(citation.span, number)
            };
            if self.cite(std::slice::from_ref(citation), note) {
                self.check.numbers = number;
            }
        }
    }

    fn look_at_quotations(&mut self) {
        let Quoted {
            unattributed,
            uncited,
            ..
        } = &self.quoted;
        let found = &mut self.check.diagnostics;
        found.extend(self.quoted.marks());
        found.extend(self.quoted.without_words());
        found.extend(self.quoted.unended());
        found.extend(self.quoted.struck());
        found.extend(self.verifier.unattributed(unattributed));
        if matches!(self.home, Home::Chapter(_)) {
            found.extend(self.quoted.without_source());
        } else {
            // An entry's own citations may cover its block quotes.
            let quotations = uncited.iter().map(|quote| &quote.quotations[..]);
            found.extend(quotations.flat_map(|quoted| self.verifier.unattributed(quoted)));
        }
    }

    /// Numbers a footnote at its first mark; what it cites belongs to its number.
    fn footnote(&mut self, mark: &FootnoteMark, paragraph: Option<u32>) {
        let known = &self.check.footnotes;
        if known.iter().any(|known| known.footnote == mark.footnote) {
            return;
        }
        self.check.numbers += 1;
        let number = self.check.numbers;
        self.check.footnotes.push(Footnoted {
            footnote: mark.footnote,
            number,
            mark: mark.span,
        });
        let document = self.book.document(self.home);
        for (_, prose) in document.proses_in(&document.footnotes[mark.footnote].blocks) {
            for group in prose.citations() {
                let first = self.notes.len();
                if self.group(group, prose, paragraph, number) {
                    self.notes[first].footnote = Some(mark.footnote);
                }
            }
        }
    }

    fn group(&mut self, group: &Group, prose: &Prose, paragraph: Option<u32>, number: u32) -> bool {
        let note = Note {
            paragraph,
            in_text: group.in_text,
            around: leading_words(&prose.text.text, group.at as usize),
            ..self.blank(group.span, number)
        };
        self.cite(&group.citations, note)
    }

    /// Verifies what a note cites, and keeps the note if any of it leads somewhere.
    fn cite(&mut self, citations: &[Citation], note: Note) -> bool {
        let carried = self.quoted.by_group.get(&note.span);
        let carried = carried.map_or(&[][..], Vec::as_slice);
        let whole = self.quoted.wholes.contains(&note.span);
        let (cited, mut problems) = self.verifier.group(citations, carried, whole);
        self.check.diagnostics.append(&mut problems);
        let leads = !cited.is_empty();
        if leads {
            self.notes.push(Note { cited, ..note });
        }
        leads
    }

    fn blank(&self, span: Span, number: u32) -> Note {
        Note {
            home: self.home,
            span,
            number,
            footnote: None,
            paragraph: None,
            behind: None,
            cited: Vec::new(),
            in_text: false,
            bearing: None,
            around: String::new(),
        }
    }
}

fn unbearing(cites: &[Citation]) -> Vec<(Option<Bearing>, &Citation)> {
    cites.iter().map(|citation| (None, citation)).collect()
}

/// The longest words round a citing place, in characters.
const LONGEST: usize = 140;

/// No sentence of a text is looked for farther back, in bytes: what is shown of it is shorter.
const FARTHEST: usize = 16 * LONGEST;

/// The words that a text begins with.
fn opening_words(document: &Document) -> String {
    let first = document.paragraphs.first();
    first.map_or_else(String::new, |paragraph| paragraph.prose.opening(LONGEST))
}

/// The sentence that leads up to a position, shortened from its front.
fn leading_words(text: &str, at: usize) -> String {
    // Citations leave spaces in the text, and a flood of them many: so many are passed over.
    let near = text.ceil_char_boundary(at.saturating_sub(2 * FARTHEST));
    let before = text[near..text.floor_char_boundary(at).max(near)].trim_end();
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(FARTHEST))..];
    let before = before.rsplit('\n').next().unwrap_or(before);
    let body = before.trim_end_matches(['.', '?', '!', '。', ',', ';']);
    let sentence = body
        .rmatch_indices(['.', '?', '!', '。'])
        .map(|(at, stop)| at + stop.len())
        .find(|at| {
            body[*at..].starts_with(char::is_whitespace) && !ends_in_abbreviation(&body[..*at])
        })
        .unwrap_or(0);
    let words = before[sentence..].trim();
    let Some((cut, _)) = words.char_indices().rev().nth(LONGEST) else {
        return words.to_owned();
    };
    let cut = words[cut..].find(' ').map_or(cut, |space| cut + space + 1);
    words[cut..].to_owned()
}
