//! What was meant to cite, and is text.

use std::ops::Range;

use super::Passage;
use super::places::locator_length;
use crate::diagnostic::{Diagnostic, Lint, Trust, nearest};
use crate::reference::{QUOTATION_MARKS, UNSEEN, is_key, key_length, locator_word};

impl<'b> Passage<'b> {
    /// Brackets that begin with an article's key and lack the `@`, or have a space behind it.
    pub(super) fn citations(self) -> impl Iterator<Item = Diagnostic> + 'b {
        self.places("[").filter_map(move |at| {
            let inner = &self.text()[at + 1..];
            let bare = inner.strip_prefix('@').unwrap_or(inner).trim_start();
            let (key, trust) = self.citation_at(bare)?;
            let close = at + self.text()[at..].find(']')?;
            let is_link =
                self.text()[close..].starts_with("]]") || self.text()[..at].ends_with('[');
            if is_link && inner[..close - at - 1].contains('|') {
                return None;
            }
            let message = format!("this looks like a citation of `{key}`, and is plain text");
            let sign = at + 1..at + 1 + inner.len() - bare.len();
            let place = self.prose.text.span(at..close + 1);
            let meant = &self.text()[sign.end..close];
            if self.text()[..at].ends_with('!') {
                let help = format!(
                    "write `![[{}]]` on a line of its own to show it",
                    meant.trim()
                );
                return Some(Diagnostic::new(Lint::LooksLikeCitation, place, message).help(help));
            }
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, place, message)
                    .help(format!("write `[@{meant}]`; `\\[` is the bracket itself"))
                    .fix(self.prose.text.span(sign), "@")
                    .trusted(trust),
            )
        })
    }

    /// `[@{key}, ¶3]`, `[see@key]`: an `@` in brackets that cites nothing.
    pub(super) fn around_signs(self) -> Vec<Diagnostic> {
        let text = self.text();
        if !text.contains('@') {
            return Vec::new();
        }
        let groups = self.prose.citations();
        // What stands before the first citation that is read.
        let unread = |inner: &Range<usize>| {
            let first = groups.partition_point(|group| (group.at as usize) < inner.start);
            let read = groups.get(first).map(|group| group.at as usize);
            inner.start..read.filter(|at| *at <= inner.end).unwrap_or(inner.end)
        };
        let pairs = self.brackets().closing();
        let inner = pairs.map(|(before, bracket)| before.at + 1..bracket.at);
        let is_meant = |inner: &Range<usize>| {
            self.means_citation(&text[unread(inner)]) && self.is_sign(inner.start - 1)
        };
        let meant: Vec<Range<usize>> = inner.filter(is_meant).collect();
        // `@@key [¶3]`
        let doubled = self.places("@@").filter(|at| {
            let behind = &text[at + 2..];
            let is_known = self
                .verifier
                .article(&behind[..key_length(behind)])
                .is_some();
            is_known && !meant.iter().any(|inner| inner.contains(at))
        });
        let doubled: Vec<Diagnostic> = doubled.map(|at| self.doubled(at)).collect();
        let brackets = meant.into_iter().map(|inner| self.unread(inner));
        brackets.chain(doubled).collect()
    }

    fn doubled(self, at: usize) -> Diagnostic {
        let place = self.prose.text.span(at..at + 2);
        let message = "this looks like a citation, and is plain text";
        Diagnostic::new(Lint::LooksLikeCitation, place, message)
            .help("write one `@`")
            .fix(place, "@")
    }

    /// Whether what stands in brackets and holds an `@` was meant to cite: by a place in a source, or a key.
    fn means_citation(self, inner: &str) -> bool {
        let seen = inner.replace(UNSEEN, "");
        let Some((before, behind)) = seen.split_once('@') else {
            return false;
        };
        let bare = inner.strip_prefix('@').unwrap_or(inner).trim_start();
        if self.citation_at(bare).is_some() {
            // It lacks the sign, or has a space behind it.
            return false;
        }
        let places = behind
            .match_indices('¶')
            .map(|(at, sign)| &behind[at + sign.len()..]);
        let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        if places.map(str::trim_start).any(is_number) {
            return true;
        }
        let bare = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
        let key = bare[..key_length(bare)].trim_end_matches(['.', '-', '_']);
        let keys = || {
            self.verifier
                .articles()
                .iter()
                .map(|article| article.key.as_str())
        };
        let is_near = || key.len() > 3 && nearest(key, keys()).is_some();
        let begins = !before.contains(char::is_alphanumeric);
        let other_letter = key.is_empty() && bare.starts_with(char::is_alphabetic);
        key == "self"
            || self.verifier.article(key).is_some()
            || (begins && (other_letter || is_near()))
    }

    fn unread(self, inner: Range<usize>) -> Diagnostic {
        let place = self.prose.text.span(inner.start - 1..inner.end + 1);
        let message = "this looks like a citation, and is plain text";
        let told = Diagnostic::new(Lint::LooksLikeCitation, place, message);
        let mut signs = self.text()[inner.clone()].char_indices();
        let first = signs.find(|(_, sign)| UNSEEN.contains(sign));
        let Some((at, sign)) = first else {
            if self.text()[inner.clone()].contains("@@") {
                return told.help("write one `@`");
            }
            return told.help(
                "write `[@key, ¶N]`: a space or the bracket before the `@`, the key right behind it; `\\[` is the bracket itself",
            );
        };
        let at = inner.start + at;
        let sign = self.prose.text.span(at..at + sign.len_utf8());
        told.help("take out the sign beside its `@`, which cannot be seen")
            .related(sign, "here")
    }

    /// `(key, ¶3)`
    pub(super) fn in_parentheses(self) -> impl Iterator<Item = Diagnostic> + 'b {
        self.places("(").filter_map(move |at| {
            let inner = &self.text()[at + 1..];
            let inner = &inner[..inner.find(')')?];
            let (key, trust) = self.citation_at(inner)?;
            if trust != Trust::Safe {
                return None;
            }
            let place = self.prose.text.span(at..at + inner.len() + 2);
            let message = format!("this looks like a citation of `{key}`, and is plain text");
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, place, message)
                    .help(format!("write `[@{inner}]`")),
            )
        })
    }

    /// `key ¶3`, without brackets; of several in a text the first.
    pub(super) fn bare(self) -> Option<Diagnostic> {
        self.places("¶").find_map(|at| {
            let before = self.text()[..at].trim_end_matches([',', ' ', '\u{a0}', '[', '(']);
            let in_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            let start = before.trim_end_matches(in_key).len();
            let key = &before[start..];
            let locator = &self.text()[at..at + locator_length(&self.text()[at..])];
            let is_place = locator.contains(|c: char| c.is_ascii_digit());
            if !is_place || self.verifier.article(key).is_none() {
                return None;
            }
            let span = self.prose.text.span(start..at + locator.len());
            let before = &self.sources.file(span.file).text[..span.start as usize];
            let sign = |c: char| matches!(c, '@' | '＠' | ' ' | '\n') || UNSEEN.contains(&c);
            let inner = before.trim_end_matches(sign);
            if before.ends_with(['@', '＠']) || inner.ends_with(['[', '(', '（', '［', '【', '〔']) {
                return None;
            }
            let message = format!("this looks like a citation of `{key}`, and is plain text");
            let begins_line = before.trim_end_matches(' ').ends_with('\n');
            let of_entry = ENTRIES.iter().any(|ending| self.sources.file(span.file).path.ends_with(ending));
            let help = if of_entry && begins_line {
                "put `cites: |` or another field's name on the line above it, as far in as `text`; in the text itself write `[@key, ¶N]`".to_owned()
            } else {
                format!("write `[@{key}, {locator}]`")
            };
            Some(Diagnostic::new(Lint::LooksLikeCitation, span, message).help(help))
        })
    }

    /// `［＠key、¶3］`, `【@key】`: full-width signs round a key.
    pub(super) fn wide_citations(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let signs = ["＠", "［@", "【@", "（@", "〔@"];
        let places = signs
            .into_iter()
            .flat_map(move |sign| self.places(sign).map(move |at| (at, at + sign.len())));
        places.filter_map(move |(at, inner)| {
            let rest = &self.text()[inner..];
            let rest = &rest[..rest.floor_char_boundary(LONGEST_CITATION)];
            let key = &rest[..key_length(rest)];
            self.verifier.article(key).map(|_| {
                let message = format!("full-width signs make no citation of `{key}`");
                let place = self.prose.text.span(at..inner + key.len());
                let meant = match rest.find(['［', '【', '（', '〔', '＠', '\n']) {
                    Some(end) => &rest[..end],
                    None => rest,
                };
                let meant = match meant.find([']', '］', '】', '）', '〕']) {
                    Some(end) => meant[..end].replace('、', ", "),
                    None => format!("{key}, ¶N"),
                };
                Diagnostic::new(Lint::LooksLikeCitation, place, message)
                    .help(format!("write `[@{meant}]`, with `[`, `@` and `]`"))
            })
        })
    }

    /// `[@key, name]`, where the source has a paragraph `^name`.
    pub(super) fn names_without_sign(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations().iter();
        let citations = groups.flat_map(|group| &group.citations);
        let bare = citations.filter(|c| c.locator.is_none() && is_key(&c.suffix));
        bare.filter_map(|citation| {
            let article = self.verifier.article(&citation.key.text)?;
            article.document.named(&citation.suffix)?;
            let (key, name) = (&citation.key.text, &citation.suffix);
            let message = format!("`{name}` is a name in `{key}`, and here a remark");
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, citation.span, message)
                    .help(format!("write `{key}, ^{name}` if that paragraph is meant")),
            )
        })
    }

    /// `[@key, ¶3 words of the source]`
    pub(super) fn words_without_marks(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations().iter();
        let citations = groups.flat_map(|group| &group.citations);
        citations.filter_map(move |citation| self.verifier.unmarked(citation))
    }

    /// The key that a bracket begins with, if what follows it makes a citation of it. A key that is a plain word may be a
    /// remark of the author's.
    fn citation_at(self, inner: &str) -> Option<(&str, Trust)> {
        let key = &inner[..key_length(inner)];
        let is_self = key == "self";
        if !(is_self || self.verifier.article(key).is_some()) {
            return None;
        }
        let rest = inner[key.len()..].trim_start_matches([',', ' ', '\u{a0}']);
        if rest.starts_with('¶') {
            return Some((key, Trust::Safe));
        }
        let numbered = locator_word(rest).is_some();
        let cites = numbered || rest.starts_with('^') || rest.starts_with(QUOTATION_MARKS);
        let is_word = !is_self && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        (cites || (rest.starts_with(']') && !is_word)).then_some((key, Trust::Suggested))
    }
}

/// Of a longer citation with full-width signs no right one is offered.
const LONGEST_CITATION: usize = 200;

/// How the names of annotation files end.
const ENTRIES: [&str; 2] = [".yaml", ".yml"];
