//! Texts that nearly are our own syntax, and would be printed as they stand.

use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Lint, Trust, nearest};
use crate::markdown::{Content, Document, Footnote, Group, Inline, Prose, visit};
use crate::reference::{QUOTATION_MARKS, UNSEEN, is_key, key_length, locator_word};
use crate::source::{Sources, Span, small};
use crate::verify::Verifier;

/// What a document has of it.
pub(super) fn in_document(
    document: &Document,
    verifier: &Verifier,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let is_code = |number: Option<u32>| {
        let paragraph = number.and_then(|number| document.paragraph(number));
        paragraph.is_some_and(|p| matches!(p.content, Content::Code { .. }))
    };
    let mut footnotes = Vec::new();
    let proses = document.proses();
    let code: Vec<OnceCell<Vec<Range<u32>>>> = proses.iter().map(|_| OnceCell::new()).collect();
    for ((number, prose), code) in proses.into_iter().zip(&code) {
        let passage = Passage {
            prose,
            verifier,
            sources,
            code,
        };
        if is_code(number) {
            diagnostics.extend(passage.indented());
            continue;
        }
        diagnostics.extend(passage.citations());
        diagnostics.extend(passage.around_signs());
        diagnostics.extend(passage.in_parentheses());
        diagnostics.extend(passage.bare());
        diagnostics.extend(passage.wide_citations());
        diagnostics.extend(passage.names_without_sign());
        diagnostics.extend(passage.words_without_marks());
        diagnostics.extend(passage.open_links());
        diagnostics.extend(passage.unopened_links());
        diagnostics.extend(passage.further_brackets());
        diagnostics.extend(passage.bracketed_links());
        diagnostics.extend(passage.loose_locators());
        diagnostics.extend(passage.markup());
        diagnostics.extend(passage.further_items());
        footnotes.extend(passage.footnotes());
    }
    diagnostics.extend(unmatched_footnotes(document, &footnotes, sources));
    diagnostics
}

/// Running text and what it was read from.
#[derive(Clone, Copy)]
pub(super) struct Passage<'b> {
    pub(super) prose: &'b Prose,
    verifier: &'b Verifier,
    sources: &'b Sources,
    /// The ranges that are code, in order, once they are asked for.
    code: &'b OnceCell<Vec<Range<u32>>>,
}

impl<'b> Passage<'b> {
    pub(super) fn text(self) -> &'b str {
        &self.prose.text.text
    }

    /// The text as it stands in its file.
    pub(super) fn written(self) -> &'b str {
        self.sources.slice(self.prose.text.whole())
    }

    /// Where `signs` stand, neither behind a backslash nor in code.
    pub(super) fn places(self, signs: &'b str) -> impl Iterator<Item = usize> + 'b {
        let places = self.text().match_indices(signs).map(|(at, _)| at);
        places.filter(move |at| self.is_sign(*at))
    }

    /// Whether a sign stands neither behind a backslash, which `\\[[` has for both brackets, nor in code.
    pub(super) fn is_sign(self, at: usize) -> bool {
        let start = self.prose.text.span(at..at + 1);
        let before = &self.sources.file(start.file).text[..start.start as usize];
        let is_second = self.text()[at..].starts_with('[') && before.ends_with("\\[");
        !before.ends_with('\\') && !is_second && !self.in_code(small(at))
    }

    fn in_code(self, at: u32) -> bool {
        let code = self.code.get_or_init(|| {
            let mut code = Vec::new();
            visit(&self.prose.inlines, &mut |inline| {
                if let Inline::Code(range) = inline {
                    code.push(range.clone());
                }
            });
            code
        });
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    }

    /// Brackets that begin with an article's key and lack the `@`, or have a space behind it.
    fn citations(self) -> impl Iterator<Item = Diagnostic> + 'b {
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
    fn around_signs(self) -> Vec<Diagnostic> {
        let text = self.text();
        if !text.contains('@') {
            return Vec::new();
        }
        let mut open = None;
        let mut found = Vec::new();
        for (at, bracket) in text.match_indices(['[', ']']) {
            let before = open.replace(at + 1).filter(|_| bracket == "]");
            let inner = before.map_or(at..at, |start| start..at);
            let groups = self.prose.citations();
            let first = groups.partition_point(|group| (group.at as usize) < inner.start);
            let cites = |group: &Group| group.at as usize <= inner.end;
            if self.means_citation(&text[inner.clone()])
                && self.is_sign(inner.start - 1)
                && !groups.get(first).is_some_and(cites)
            {
                found.push(self.unread(inner));
            }
        }
        found
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
    fn in_parentheses(self) -> impl Iterator<Item = Diagnostic> + 'b {
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
    fn bare(self) -> Option<Diagnostic> {
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
    fn wide_citations(self) -> impl Iterator<Item = Diagnostic> + 'b {
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
    fn names_without_sign(self) -> impl Iterator<Item = Diagnostic> + 'b {
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
    fn words_without_marks(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations().iter();
        let citations = groups.flat_map(|group| &group.citations);
        citations.filter_map(move |citation| self.verifier.unmarked(citation))
    }

    /// Citations, links or quotations in what the first spaces of its lines make code.
    fn indented(self) -> Option<Diagnostic> {
        let span = self.prose.text.whole();
        let file = &self.sources.file(span.file).text;
        let line = file[..span.start as usize]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let before = &file[line..span.start as usize];
        let is_indented = before.ends_with('\t') || before.ends_with("    ");
        let above = file[..line].lines().next_back().unwrap_or_default();
        let is_fenced = above.contains("```") || above.contains("~~~");
        let ours = ["[@", "[[", "“", "”"];
        let speaks = ours.iter().any(|sign| self.text().contains(sign));
        (is_indented && !is_fenced && speaks).then(|| {
            let first = self.text().lines().next().map_or(0, str::len);
            let message = "four spaces or a tab before a line make code of it";
            Diagnostic::new(
                Lint::LooksLikeMarkup,
                self.prose.text.span(0..first),
                message,
            )
            .help("take them out; code with such signs stands between two lines of three backticks")
        })
    }

    /// `[[` before words, which would be a link if `]]` followed, and `[[[`.
    fn open_links(self) -> impl Iterator<Item = Diagnostic> + 'b {
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
    fn unopened_links(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let brackets = LazyCell::new(move || brackets(self.text()));
        self.places("]]").filter_map(move |at| {
            let before = brackets.partition_point(|(bracket, _)| *bracket < at);
            let (open, depth) = brackets[before.checked_sub(1)?];
            let (before, behind) = self.text().split_at(open);
            let is_alone = behind.starts_with('[') && !before.ends_with('[');
            (is_alone && depth == 0).then(|| {
                let message = "the brackets of this link are not opened";
                Diagnostic::new(
                    Lint::UnresolvedLink,
                    self.prose.text.span(open..open + 1),
                    message,
                )
                .help("begin it with `[[`; `\\[` is the bracket itself")
            })
        })
    }

    /// A `]` right behind a citation that ends with one.
    fn further_brackets(self) -> impl Iterator<Item = Diagnostic> + 'b {
        let groups = self.prose.citations().iter().filter(|group| !group.in_text);
        let brackets = LazyCell::new(move || brackets(self.text()));
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
            let before = brackets.partition_point(|(bracket, _)| *bracket < at);
            let (_, opened) = brackets[before];
            (opened == 0).then(|| {
                let place = self.prose.text.span(at..at + 1);
                let message = "this bracket closes nothing";
                Diagnostic::new(Lint::LooksLikeMarkup, place, message)
                    .help("take it out: the citation ends before it")
                    .fix(place, "")
                    .trusted(Trust::Safe)
            })
        })
    }

    /// A place behind `@key` that is not read: `(@key, ¶9)`.
    fn loose_locators(self) -> impl Iterator<Item = Diagnostic> + 'b {
        /// How many bytes behind a bracket are looked at.
        const NEAR: usize = 60;
        let groups = self.prose.citations().iter();
        let mut told = 0;
        groups.filter_map(move |group| {
            let [citation] = group.citations.as_slice() else {
                return None;
            };
            let start = group.at as usize;
            let behind = self.text().get(start..).filter(|_| start >= told)?;
            let place = behind.trim_start_matches([',', ' ', '\u{a0}']);
            if !(group.in_text || place.starts_with('¶')) {
                return None;
            }
            if behind.starts_with(']')
                && let Some((bracket, closed)) = self.half_open(group, behind)
            {
                told = start + closed;
                return Some(bracket);
            }
            if let Some(other) = self.other_place(group, behind) {
                return Some(other);
            }
            // `@key (¶9)`, `@key [see ¶9]`, `@key [¶9`
            let place = match place.strip_prefix(['(', '[']) {
                Some(inner) => {
                    let near = &inner[..inner.floor_char_boundary(NEAR)];
                    let near = &near[..near.find([')', ']', '.']).unwrap_or(near.len())];
                    &inner[near.find('¶')?..]
                }
                None => place,
            };
            if citation.locator.is_some() || !place.starts_with('¶') {
                return None;
            }
            if let Some((bracket, closed)) = self.half_open(group, behind) {
                told = start + closed;
                return Some(bracket);
            }
            let length = locator_length(place);
            let at = group.at as usize + behind.len() - place.len();
            let (key, locator) = (&citation.key.text, &place[..length]);
            let message = "this place does not belong to the citation before it";
            let span = self.prose.text.span(at..at + length);
            Some(
                Diagnostic::new(Lint::LooksLikeCitation, span, message).help(format!(
                    "write `[@{key}, {locator}]`, or in a sentence `@{key} [{locator}]`"
                )),
            )
        })
    }

    /// `@key [§3]`, `@key [p. 3]`: a place in brackets behind a citation in the text that is written otherwise.
    fn other_place(self, group: &Group, behind: &str) -> Option<Diagnostic> {
        let inner = behind.strip_prefix(" [").filter(|_| group.in_text)?;
        let inner = &inner[..inner.find(']')?];
        let numbers = inner.trim_start_matches(|c: char| c.is_alphabetic() || "§#. ".contains(c));
        let sign = inner[..inner.len() - numbers.len()].trim();
        let is_place = ["§", "#", "p", "p.", "pp.", "para", "para.", "paragraph"].contains(&sign);
        let is_number = numbers.starts_with(|c: char| c.is_ascii_digit());
        (is_place && is_number).then(|| {
            let start = group.at as usize + 2;
            let span = self.prose.text.span(start..start + inner.len());
            let message = "this is no place in a source, but text";
            Diagnostic::new(Lint::LooksLikeCitation, span, message)
                .help(format!("write `¶{numbers}` if that paragraph is meant"))
                .fix(span, format!("¶{numbers}"))
        })
    }

    /// `[[[link]]` and `[[link]]]`: a bracket beside a link's own that has no other.
    fn bracketed_links(self) -> Vec<Diagnostic> {
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
        let lone = lone_brackets(self.text());
        let is_lone = |at: &usize| lone.binary_search(at).is_ok() && self.is_sign(*at);
        let of_link = |words: Range<usize>| {
            let before = words.start.checked_sub(1).filter(is_lone);
            let opens = before.map(|at| told(at, true));
            opens.or_else(|| is_lone(&words.end).then(|| told(words.end, false)))
        };
        words.into_iter().filter_map(of_link).collect()
    }

    /// `@key, ¶1; @other, ¶2]` and `[[@key, ¶1]`: where a bracket ends that does not begin, or begins twice, and how far
    /// behind the citation.
    fn half_open(self, group: &Group, behind: &str) -> Option<(Diagnostic, usize)> {
        let closed = behind.find(['[', ']']).filter(|_| group.in_text)?;
        if !behind[closed..].starts_with(']') || behind[..closed].contains('\n') {
            return None;
        }
        let span = group.span;
        let before = &self.sources.file(span.file).text[..span.start as usize];
        let signs = |from: u32, to: u32| Span {
            start: from,
            end: to,
            ..span
        };
        let diagnostic = if before.ends_with("[[") {
            let brackets = signs(span.start - 2, span.start);
            let message = "two brackets begin a link, and this is a citation";
            Diagnostic::new(Lint::LooksLikeCitation, brackets, message)
                .help("write one bracket, `[@`")
                .fix(brackets, "[")
        } else if before[before.rfind(['[', ']', '\n'])?..].starts_with('[') {
            return None;
        } else {
            let message = "the bracket behind this citation closes nothing";
            Diagnostic::new(Lint::LooksLikeCitation, span, message)
                .help("write the bracket before it as well, `[@`")
                .fix(signs(span.start, span.start), "[")
        };
        Some((diagnostic, closed))
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

    /// What looks like a footnote's mark and is plain text: its label and its place.
    fn footnotes(self) -> impl Iterator<Item = (&'b str, Span)> + 'b {
        self.places("[^").filter_map(move |at| {
            let label = &self.text()[at + 2..];
            let label = &label[..label.find([']', ' ', '[', '^'])?];
            let closed = self.text()[at + 2 + label.len()..].starts_with(']');
            let place = self.prose.text.span(at..at + label.len() + 3);
            (closed && !label.is_empty()).then_some((label, place))
        })
    }
}

/// Of a longer citation with full-width signs no right one is offered.
const LONGEST_CITATION: usize = 200;

/// How the names of annotation files end.
const ENTRIES: [&str; 2] = [".yaml", ".yml"];

/// The brackets of a text, each with how many are open before it.
fn brackets(text: &str) -> Vec<(usize, u32)> {
    let mut depth = 0_u32;
    let all = text.match_indices(['[', ']']).map(|(at, sign)| {
        let before = depth;
        depth = match sign {
            "[" => depth + 1,
            _ => depth.saturating_sub(1),
        };
        (at, before)
    });
    all.collect()
}

/// The brackets of a text that have no other, in order.
fn lone_brackets(text: &str) -> Vec<usize> {
    let mut lone = Vec::new();
    let mut open = Vec::new();
    for (at, sign) in text.match_indices(['[', ']']) {
        match sign {
            "[" => open.push(at),
            _ if open.pop().is_none() => lone.push(at),
            _ => {}
        }
    }
    lone.append(&mut open);
    lone.sort_unstable();
    lone
}

/// The length of `¶¶1, 4-6, ^name` at the beginning of a text.
fn locator_length(text: &str) -> usize {
    let in_part = |c: char| c.is_alphanumeric() || "¶^-–_".contains(c);
    let mut rest = text;
    loop {
        rest = rest
            .trim_start_matches('¶')
            .trim_start_matches([' ', '\u{a0}']);
        rest = rest.trim_start_matches(in_part);
        let next = rest.strip_prefix(',').map(str::trim_start);
        let goes_on =
            |next: &&str| next.starts_with(|c: char| c.is_ascii_digit() || c == '¶' || c == '^');
        match next.filter(goes_on) {
            Some(next) => rest = next,
            None => return text.len() - rest.len(),
        }
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

/// A mistyped label is compared with so many others.
const MOST_COMPARED: usize = 200;

/// Marks without a footnote, and footnotes without a mark; a mistyped label is one of both, and told once.
fn unmatched_footnotes(
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
