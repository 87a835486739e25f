//! Which citation of a sentence a quotation belongs to.

use std::ops::Range;

use crate::markdown::{Group, Prose};
use crate::source::Span;

/// Where in its text a group stands.
pub(super) fn place(group: &Group, prose: &Prose) -> usize {
    prose.text.text.floor_char_boundary(group.at as usize)
}

/// The citations that stand in a part of a text.
fn groups_in(prose: &Prose, part: Range<usize>) -> &[Group] {
    let groups = prose.citations();
    let before = |at: usize| groups.partition_point(|group| (group.at as usize) < at);
    &groups[before(part.start)..before(part.end).max(before(part.start))]
}

/// The next citation behind a position.
pub(super) fn group_behind(prose: &Prose, at: usize) -> Option<&Group> {
    let groups = prose.citations();
    groups.get(groups.partition_point(|group| place(group, prose) <= at))
}

/// Whether a citation follows the mark at a position.
pub(super) fn is_cited(prose: &Prose, mark: usize) -> bool {
    let between = |group: &Group| prose.text.text[mark..place(group, prose)].trim();
    group_behind(prose, mark).is_some_and(|group| matches!(between(group), "』" | "』(" | "』（"))
}

/// Where sources are named in running text.
pub(super) fn named(prose: &Prose) -> Vec<usize> {
    let named = prose.citations().iter().filter(|group| group.in_text);
    named.map(|group| group.at as usize).collect()
}

/// The last source that a sentence names before a quotation: `@key says “…”`.
pub(super) fn introducing<'p>(
    prose: &'p Prose,
    sentence: &Range<usize>,
    quotation: &Range<usize>,
) -> Option<&'p Group> {
    let before = quotation.start + 1;
    let groups = groups_in(prose, sentence.start..before);
    groups.iter().rev().find(|group| group.in_text)
}

/// Whether a group in brackets stands behind the end of a quotation, and no word before it.
pub(super) fn follows_at_once(prose: &Prose, end: usize, group: Span) -> bool {
    let groups = prose.citations();
    let next = groups.get(groups.partition_point(|one| place(one, prose) < end));
    next.filter(|one| one.span == group).is_some_and(|one| {
        let between = prose.text.text.get(end..place(one, prose));
        let is_close = between.is_some_and(|words| !words.contains(char::is_alphanumeric));
        !one.in_text && is_close
    })
}

/// The sentence's next citation, or else its last one before the quotation.
pub(super) fn carrier<'p>(
    prose: &'p Prose,
    sentence: &Range<usize>,
    quotation: &Range<usize>,
) -> Option<&'p Group> {
    let own = || {
        let within = groups_in(prose, sentence.start..sentence.end + 1).iter();
        within.filter(|group| group.in_text || group.at as usize > sentence.start)
    };
    own()
        .find(|group| group.at as usize >= quotation.end)
        .or_else(|| own().next_back())
}
