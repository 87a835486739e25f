//! Marks without a footnote, and footnotes without a mark.

use std::collections::{BTreeMap, BTreeSet};

use super::Passage;
use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::markdown::{Document, Footnote};
use crate::source::{Sources, Span};

impl<'b> Passage<'b> {
    /// What looks like a footnote's mark and is plain text: its label and its place.
    pub(super) fn footnotes(self) -> impl Iterator<Item = (&'b str, Span)> + 'b {
        self.places("[^").filter_map(move |at| {
            let label = &self.text()[at + 2..];
            let label = &label[..label.find([']', ' ', '[', '^'])?];
            let closed = self.text()[at + 2 + label.len()..].starts_with(']');
            let place = self.prose.text.span(at..at + label.len() + 3);
            (closed && !label.is_empty()).then_some((label, place))
        })
    }
}

/// A mistyped label is compared with so many others.
const MOST_COMPARED: usize = 200;

/// Marks without a footnote, and footnotes without a mark; a mistyped label is one of both, and told once.
pub(super) fn unmatched_footnotes(
    document: &Document,
    marks: &[(&str, Span)],
    sources: &Sources,
) -> Vec<Diagnostic> {
    // At a line's beginning the footnote itself was meant.
    let begins_line = |place: &Span| {
        let before = &sources.file(place.file).text[..place.start as usize];
        before.is_empty() || before.ends_with('\n')
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (label, _) in marks {
        *counts.entry(label).or_default() += 1;
    }
    let without_colon: Vec<(&str, Span)> = marks
        .iter()
        .filter(|(label, place)| begins_line(place) && counts[label] > 1)
        .copied()
        .collect();
    let proses = document.proses();
    let marked: BTreeSet<usize> = proses
        .iter()
        .flat_map(|(_, prose)| prose.footnotes())
        .map(|mark| mark.footnote)
        .collect();
    let all = document.footnotes.iter().enumerate();
    let labels = document.footnotes.iter();
    let labels: BTreeSet<&str> = labels.map(|known| known.label.as_str()).collect();
    let mut unread: BTreeMap<&str, &Footnote> = all
        .filter(|(index, _)| !marked.contains(index))
        .map(|(_, footnote)| (footnote.label.as_str(), footnote))
        .collect();
    let mut diagnostics = Vec::new();
    let heads: BTreeSet<&str> = without_colon.iter().map(|(label, _)| *label).collect();
    for (label, place) in marks {
        if heads.contains(label) {
            continue;
        }
        if labels.contains(label) {
            let message = "a footnote has no footnote of its own";
            let diagnostic = Diagnostic::new(Lint::UnmatchedFootnote, *place, message);
            diagnostics.push(diagnostic.help("say it in the footnote itself"));
            unread.remove(label);
            continue;
        }
        let message = format!("there is no footnote `[^{label}]:`");
        let diagnostic = Diagnostic::new(Lint::UnmatchedFootnote, *place, message);
        let few = unread.keys().take(MOST_COMPARED).copied();
        let near = nearest(label, few).or(unread.keys().next().copied());
        // `[^x:]` within a text
        let known = |bare: &&str| labels.contains(bare);
        diagnostics.push(match label.strip_suffix(':').filter(known).or(near) {
            Some(near) => {
                let near = near.to_owned();
                unread.remove(near.as_str());
                diagnostic
                    .help(format!("did you mean `[^{near}]`?"))
                    .fix(*place, format!("[^{near}]"))
            }
            None => diagnostic.help(format!(
                "write the footnote on a line of its own, `[^{label}]: …`; `\\[^` is the sign itself"
            )),
        });
    }
    diagnostics.extend(without_colon.into_iter().map(|(label, place)| {
        let message = "this is no footnote: it has no colon behind its mark";
        Diagnostic::new(Lint::UnmatchedFootnote, place, message)
            .help(format!("write `[^{label}]: …`"))
    }));
    diagnostics.extend(unread.into_values().map(|footnote| {
        let label = &footnote.label;
        let message =
            format!("nothing in the text has the mark `[^{label}]`, so this is not shown");
        Diagnostic::new(Lint::UnmatchedFootnote, footnote.span, message)
            .help(format!("write `[^{label}]` where the footnote belongs"))
    }));
    diagnostics
}
