//! Brackets of links, one too many or too few.

use std::ops::Range;

use super::Passage;
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::markdown::{Inline, visit};

impl<'b> Passage<'b> {
    /// `[[` before words, which would be a link if `]]` followed, and `[[[`.
    pub(super) fn open_links(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let begins = move |at: &usize| !self.text()[..*at].ends_with('[');
        self.places("[[").filter(begins).filter_map(move |at| {
            let inner = &self.text()[at + 2..];
            let name = inner.strip_prefix('[').unwrap_or(inner);
            let extra = inner.len() - name.len();
            if !name.starts_with(char::is_alphanumeric) || self.is_web_link(at + 2 + extra) {
                return None;
            }
            let place = self.prose.text.span(at..at + 2 + extra);
            let (message, help) = if extra > 0 {
                (
                    "a link begins with two brackets, and here are more",
                    "write `[[`; one before a link is `\\[`",
                )
            } else if goes_on_behind_bracket(name) {
                (
                    "here are two brackets, and behind the word is one",
                    "take one out: `[S]uch` is a letter that you have changed",
                )
            } else {
                (
                    "the brackets of this link are not closed",
                    "end it with `]]`; `\\[[` is the brackets themselves",
                )
            };
            Some(Diagnostic::new(Lint::UnresolvedLink, place, message).help(help))
        })
    }

    /// Whether `[words](address)` begins before a place, whose own bracket is not in the text.
    fn is_web_link(self, at: usize) -> bool {
        let bracket = self.prose.text.span(at - 1..at);
        let words = self.prose.text.span(at..at + 1);
        let between = bracket.end as usize..words.start as usize;
        let between = self.sources.file(words.file).text.get(between);
        between.is_some_and(|between| between.ends_with('['))
    }

    /// `words]]` behind a single bracket.
    pub(super) fn unopened_links(self) -> impl Iterator<Item = Diagnostic> + 'b {
        self.places("]]").filter_map(move |at| {
            let open = self.brackets().before(at)?;
            let is_alone = open.opens && !self.text()[..open.at].ends_with('[');
            (is_alone && open.depth == 0).then(|| {
                if self.text()[at + 2..].starts_with('(') {
                    let place = self.prose.text.span(open.at..at + 2);
                    let message = "one of these brackets closes nothing";
                    return Diagnostic::new(Lint::UnresolvedLink, place, message)
                        .help("take one out: a link to an address is `[words](address)`")
                        .fix(self.prose.text.span(at + 1..at + 2), "");
                }
                let place = self.prose.text.span(open.at..open.at + 1);
                let message = "the brackets of this link are not opened";
                Diagnostic::new(Lint::UnresolvedLink, place, message)
                    .help("begin it with `[[`; `\\[` is the bracket itself")
            })
        })
    }

    /// A `]` right behind a citation that ends with one.
    pub(super) fn further_brackets(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations().iter().filter(|group| !group.in_text);
        groups.filter_map(move |group| {
            let at = group.at as usize;
            let behind = self.text().get(at..)?;
            if let Some(address) = link_address(behind) {
                let place = self.prose.text.span(at..at + address);
                let message = "a citation is no link: this is printed behind it";
                return Some(
                    Diagnostic::new(Lint::InvalidCitation, place, message)
                        .help("take it out: a citation leads to its source by itself"),
                );
            }
            if !behind.starts_with(']') {
                return None;
            }
            let bracket = self.brackets().at(at)?;
            (bracket.depth == 0).then(|| {
                let place = self.prose.text.span(at..at + 1);
                let message = "this bracket closes nothing";
                Diagnostic::new(Lint::LooksLikeMarkup, place, message)
                    .help("take it out: the citation ends before it")
                    .fix(place, "")
                    .trusted(Trust::Safe)
            })
        })
    }

    /// `[[[link]]` and `[[link]]]`: a bracket beside a link's own that has no other.
    pub(super) fn bracketed_links(self) -> Vec<Diagnostic> {
        let mut words = Vec::new();
        visit(&self.prose.inlines, &mut |inline| {
            if let Inline::Reference { words: range, .. } = inline {
                words.push(range.start as usize..range.end as usize);
            }
        });
        let told = |at: usize, opens: bool| {
            let place = self.prose.text.span(at..at + 1);
            let message = if opens {
                "this bracket is not closed"
            } else {
                "this bracket closes nothing"
            };
            Diagnostic::new(Lint::LooksLikeMarkup, place, message)
                .help("take it out: a link has two brackets on either side")
                .fix(place, "")
                .trusted(Trust::Safe)
        };
        let is_lone = |at: &usize| {
            let bracket = self.brackets().at(*at);
            bracket.is_some_and(|bracket| bracket.is_lone) && self.is_sign(*at)
        };
        let of_link = |words: Range<usize>| {
            let before = words.start.checked_sub(1).filter(is_lone);
            let opens = before.map(|at| told(at, true));
            opens.or_else(|| is_lone(&words.end).then(|| told(words.end, false)))
        };
        words.into_iter().filter_map(of_link).collect()
    }
}

/// The length of an address in parentheses right behind a citation.
fn link_address(behind: &str) -> Option<usize> {
    let inner = behind.strip_prefix('(')?;
    let close = inner.find(')')?;
    let address = &inner[..close];
    let is_address = !address.contains(' ') && address.contains(['/', '.', '#']);
    is_address.then_some(close + 2)
}

/// `S]uch`
fn goes_on_behind_bracket(words: &str) -> bool {
    let behind = words.split_once(']').map(|(_, behind)| behind);
    behind.is_some_and(|behind| behind.starts_with(char::is_alphanumeric))
}
