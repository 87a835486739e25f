//! Problems that only follow from others, which alone are said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Lint};
use crate::source::{FileId, Sources, Span};

/// Takes out what only follows from another problem.
pub(super) fn drop(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    of_broken_files(diagnostics);
    of_misnamed_files(diagnostics, sources);
    of_unknown_sources(diagnostics);
    of_lost_headings(diagnostics, sources);
    of_indented_footnotes(diagnostics, sources);
    of_mistyped_links(diagnostics, sources);
    of_lists_in_one_text(diagnostics);
    of_unread_citations(diagnostics, sources);
}

fn place(diagnostic: &Diagnostic) -> Option<Span> {
    diagnostic.at.as_ref().map(|label| label.span)
}

fn words<'s>(diagnostic: &Diagnostic, sources: &'s Sources) -> &'s str {
    place(diagnostic).map_or("", |span| sources.slice(span))
}

/// Where a file could not be read as it was meant, nothing is said of what it may have held.
fn of_broken_files(diagnostics: &mut Vec<Diagnostic>) {
    let broken = |d: &Diagnostic| {
        matches!(
            d.lint,
            Lint::InvalidYaml
                | Lint::YamlTrap
                | Lint::UnreadableFile
                | Lint::InvalidId
                | Lint::UnknownKey
                | Lint::DuplicateKey
                | Lint::DuplicateTerm
                | Lint::MissingField
        )
    };
    let follows = |d: &Diagnostic| {
        matches!(
            d.lint,
            Lint::UnresolvedLink | Lint::UndefinedAcronym | Lint::UnusedTerm
        )
    };
    if diagnostics.iter().any(broken) {
        diagnostics.retain(|d| !follows(d));
    }
}

/// A file to be renamed, or one that cannot be read, may be the one that is missed.
fn of_misnamed_files(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let hidden = |d: &Diagnostic| matches!(d.lint, Lint::InvalidId | Lint::UnreadableFile);
    if diagnostics.iter().any(hidden) {
        let is_text = |d: &Diagnostic| words(d, sources).contains(".md");
        diagnostics.retain(|d| d.lint != Lint::MissingFile || !is_text(d));
    }
}

/// Words behind a key that is none, as of a source named by its title.
fn of_unknown_sources(diagnostics: &mut Vec<Diagnostic>) {
    let unknown = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UnresolvedSource);
    let end = |key: Span| (key.file, key.end);
    let ends: BTreeSet<(FileId, u32)> = unknown.filter_map(place).map(end).collect();
    let behind = |span: Span| {
        let near = (span.file, span.start.saturating_sub(2))..=(span.file, span.start);
        ends.range(near).next().is_some()
    };
    let goes_on = |d: &Diagnostic| place(d).is_some_and(behind);
    diagnostics.retain(|d| d.lint != Lint::InvalidCitation || !goes_on(d));
}

/// A line that should be a heading has no address.
fn of_lost_headings(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let lost =
        |d: &Diagnostic| d.lint == Lint::LooksLikeMarkup && words(d, sources).starts_with('#');
    if diagnostics.iter().any(lost) {
        diagnostics.retain(|d| d.lint != Lint::MissingHeading);
    }
}

/// A footnote that its indentation makes code.
fn of_indented_footnotes(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let code = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::LooksLikeMarkup);
    let label = |d: &Diagnostic| Some(words(d, sources).split_once("]:")?.0.to_owned() + "]");
    let labels: BTreeSet<String> = code.filter_map(label).collect();
    let follows = |d: &Diagnostic| labels.contains(words(d, sources));
    diagnostics.retain(|d| d.lint != Lint::UnmatchedFootnote || !follows(d));
}

/// A term that is named by a mistyped link alone is not unused.
fn of_mistyped_links(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let links = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UnresolvedLink);
    let meant = links.flat_map(|d| d.fix.iter().map(|edit| edit.replacement.clone()));
    let meant: BTreeSet<String> = meant.collect();
    diagnostics.retain(|d| d.lint != Lint::UnusedTerm || !meant.contains(words(d, sources)));
}

/// `see: a, b` is one word that no entry explains.
fn of_lists_in_one_text(diagnostics: &mut Vec<Diagnostic>) {
    let lists = diagnostics.iter().filter(|d| d.lint == Lint::ListInOneText);
    let lists: BTreeSet<_> = lists.map(place).collect();
    diagnostics.retain(|d| d.lint != Lint::UnresolvedLink || !lists.contains(&place(d)));
}

/// A citation that is not read leaves its sentence without one.
fn of_unread_citations(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let mut unread: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
    let cites = |d: &&Diagnostic| {
        matches!(
            d.lint,
            Lint::LooksLikeCitation | Lint::InvalidCitation | Lint::SwallowedCitation
        )
    };
    for span in diagnostics.iter().filter(cites).filter_map(place) {
        let known = unread.entry(span.file).or_default();
        let in_last = |last: &Range<usize>| last.contains(&(span.start as usize));
        if !known.last().is_some_and(in_last) {
            known.push(paragraph_around(&sources.file(span.file).text, span));
        }
    }
    let bereft = |span: Span| {
        let mut paragraphs = unread.get(&span.file).into_iter().flatten();
        paragraphs.any(|range| range.contains(&(span.start as usize)))
    };
    diagnostics.retain(|d| d.lint != Lint::UnattributedQuotation || !place(d).is_some_and(bereft));
}

/// The lines round a place, up to the next empty ones.
fn paragraph_around(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize);
    let ends_empty = |at: &usize| text[..*at].ends_with('\n') || text[..*at].ends_with("\n\r");
    let mut above = text[..start].rmatch_indices('\n').map(|(at, _)| at);
    let mut below = text[end..].match_indices('\n').map(|(at, _)| end + at);
    let before = above.find(ends_empty).unwrap_or(0);
    before..below.find(ends_empty).unwrap_or(text.len())
}
