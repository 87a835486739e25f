//! Glossary terms in running text: found by longest match, at word boundaries.

mod spelling;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use unicode_segmentation::UnicodeSegmentation;

use crate::annotation::Term;
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::{Content, Inline, Paragraph};
use crate::reference::is_unspaced;
use crate::source::small;
use spelling::Spelling;

/// A term where it stands in a prose's plain text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occurrence {
    term: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Occurrence {
    /// The term, by index.
    pub fn term(self) -> usize {
        self.term as usize
    }

    /// The bytes of the plain text.
    pub fn range(self) -> Range<u32> {
        self.start..self.end
    }
}

/// Finds all terms in a text in one pass.
pub struct Matcher {
    /// Each with the index of its first pattern.
    automata: Vec<(usize, AhoCorasick)>,
    patterns: Vec<Pattern>,
}

#[derive(Clone, Copy)]
struct Pattern {
    term: usize,
    /// A lower-case form with its first letter raised, which only begins a sentence.
    opens_sentence: bool,
}

/// How many words one automaton has at most: building it takes time with the square of their number.
const MOST_WORDS: usize = 10_000;

impl Matcher {
    /// A matcher of all forms of these terms for texts of about `length` bytes; two terms that claim one form are
    /// reported.
    pub fn new(terms: &[Arc<Term>], length: usize) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut claimed: BTreeMap<&str, (usize, crate::source::Span)> = BTreeMap::new();
        let mut told = BTreeSet::new();
        let mut words: Vec<String> = Vec::new();
        let mut patterns = Vec::new();
        let mut in_files: Vec<(usize, &Arc<Term>)> = terms.iter().enumerate().collect();
        in_files.sort_by_cached_key(|(_, term)| term.key.whole());
        for (index, term) in in_files {
            for form in term.forms() {
                let word = form.text.trim();
                if word.is_empty() {
                    continue;
                }
                match claimed.get(word) {
                    Some((owner, _)) if *owner == index => {}
                    // Two entries are told apart by one of the words that they share.
                    Some((owner, _)) if !told.insert((*owner, index)) => {}
                    Some((_, first)) => diagnostics.push(
                        Diagnostic::new(
                            Lint::DuplicateTerm,
                            form.whole(),
                            format!("two glossary entries claim `{word}`"),
                        )
                        .related(*first, "first here")
                        .help("take it out of one of them"),
                    ),
                    None => {
                        claimed.insert(word, (index, form.whole()));
                        add(word, index, &mut words, &mut patterns);
                    }
                }
            }
        }
        // Overlapping search is possible with the standard match kind alone.
        let kind = automaton(&words, length);
        let automata = words.chunks(MOST_WORDS).enumerate();
        let automata = automata.filter_map(|(number, words)| {
            let mut builder = AhoCorasick::builder();
            builder.match_kind(MatchKind::Standard).kind(Some(kind));
            Some((number * MOST_WORDS, builder.build(words).ok()?))
        });
        let matcher = Matcher {
            automata: automata.collect(),
            patterns,
        };
        (matcher, diagnostics)
    }

    /// The terms of a text, leftmost and longest first, without overlaps.
    ///
    /// Code and links are passed over.
    pub fn occurrences(&self, paragraph: &Paragraph) -> Vec<Occurrence> {
        if self.automata.is_empty() {
            return Vec::new();
        }
        let spelling = Spelling::of(&paragraph.prose.text.text);
        let text = spelling.text();
        let automata = self.automata.iter();
        let mut found: Vec<Occurrence> = automata
            .flat_map(|(first, automaton)| {
                let hits = automaton.find_overlapping_iter(text);
                hits.map(move |hit| (first + hit.pattern().as_usize(), hit))
            })
            .filter_map(|(pattern, hit)| {
                let pattern = self.patterns[pattern];
                let end = ending(text, hit.start(), hit.end())?;
                let sound = is_boundary(text, hit.start())
                    && (!pattern.opens_sentence || opens_sentence(text, hit.start()));
                sound.then(|| Occurrence {
                    term: small(pattern.term),
                    start: small(spelling.original(hit.start())),
                    end: small(spelling.original(end)),
                })
            })
            .collect();
        if found.is_empty() {
            return found;
        }
        found.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        let closed = closed_ranges(paragraph);
        let mut last = 0;
        found.retain(|hit| {
            let free = hit.start >= last
                && !closed
                    .iter()
                    .any(|range| range.start < hit.end && hit.start < range.end);
            if free {
                last = hit.end;
            }
            free
        });
        found
    }
}

/// A full table of transitions takes some two thousand bytes of text to search for each byte of the words until it is
/// worth building, and much memory for many words.
fn automaton(words: &[String], length: usize) -> AhoCorasickKind {
    let total: usize = words.iter().map(String::len).sum();
    if total < 32 * 1024 && length / 2000 > total {
        AhoCorasickKind::DFA
    } else {
        AhoCorasickKind::ContiguousNFA
    }
}

fn add(word: &str, term: usize, words: &mut Vec<String>, patterns: &mut Vec<Pattern>) {
    let spelling = Spelling::of(word);
    let word = spelling.text();
    words.push(word.to_owned());
    patterns.push(Pattern {
        term,
        opens_sentence: false,
    });
    let first = word.chars().next();
    if !word.chars().any(char::is_uppercase)
        && let Some(first) = first.filter(|c| c.is_lowercase())
    {
        let raised: String = first.to_uppercase().collect();
        words.push(raised + &word[first.len_utf8()..]);
        patterns.push(Pattern {
            term,
            opens_sentence: true,
        });
    }
}

/// The words of a text that are short forms by their look: two capitals or more, code and links passed over.
pub fn acronyms(paragraph: &Paragraph) -> Vec<Range<usize>> {
    let text = paragraph.prose.text.text.as_str();
    let closed = closed_ranges(paragraph);
    let words: Vec<Range<usize>> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|word| {
            // A plural's ending is no part of the short form.
            let bare = word.trim_matches('-').trim_end_matches('s');
            let start = bare.as_ptr() as usize - text.as_ptr() as usize;
            start..start + bare.len()
        })
        .filter(|range| is_acronym(&text[range.clone()]))
        .collect();
    // Three in a row are words in capitals.
    words
        .chunk_by(|one, next| text[one.end..next.start] == *" ")
        .filter(|run| run.len() < 3)
        .flatten()
        .filter(|range| {
            let inside = |closed: &Range<u32>| {
                (closed.start as usize) < range.end && range.start < closed.end as usize
            };
            !closed.iter().any(inside)
        })
        .cloned()
        .collect()
}

/// Two capitals or more, no small letter, and no Roman numeral.
fn is_acronym(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let roman = || {
        let mut letters = word.chars();
        letters.all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'M'))
    };
    capitals >= 2 && !roman() && !word.chars().any(char::is_lowercase)
}

/// The ranges in which no term is looked for: code, links, references, the gaps between a table's cells.
fn closed_ranges(paragraph: &Paragraph) -> Vec<Range<u32>> {
    let mut closed = Vec::new();
    match &paragraph.content {
        Content::Running => collect_closed(&paragraph.prose.inlines, false, &mut closed),
        Content::Table(table) => {
            for cell in table.cells() {
                collect_closed(cell, false, &mut closed);
            }
            let gaps = paragraph.prose.text.text.match_indices(['\t', '\n']);
            closed.extend(gaps.map(|(at, _)| small(at)..small(at + 1)));
        }
        Content::Code(_) | Content::Image(_) => closed.push(0..u32::MAX),
    }
    closed
}

fn collect_closed(inlines: &[Inline], inside: bool, closed: &mut Vec<Range<u32>>) {
    for inline in inlines {
        match inline {
            Inline::Text(range) if inside => closed.push(range.clone()),
            Inline::Code(range) | Inline::Reference { words: range, .. } => {
                closed.push(range.clone());
            }
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                collect_closed(content, inside, closed);
            }
            Inline::Link(link) => collect_closed(&link.content, true, closed),
            Inline::Text(_)
            | Inline::Image(_)
            | Inline::Break
            | Inline::Citation(_)
            | Inline::Footnote(_) => {}
        }
    }
}

/// Where an occurrence ends: at a word boundary, or after a possessive or a plain plural.
fn ending(text: &str, start: usize, end: usize) -> Option<usize> {
    if is_boundary(text, end) {
        return Some(end);
    }
    let rest = &text[end..];
    // UAX #29 takes the possessive for a part of the word.
    if let Some(possessive) = rest.strip_prefix(['\'', '’'])
        && (possessive.starts_with('s') || !possessive.starts_with(char::is_alphanumeric))
    {
        return Some(end);
    }
    let plural = ["s", "es"]
        .iter()
        .find(|ending| rest.starts_with(**ending) && is_boundary(text, end + ending.len()))?;
    let last = text[start..end].chars().next_back()?;
    (last.is_alphanumeric() && !is_unspaced(last)).then_some(end + plural.len())
}

/// No word of a human language is longer, in bytes.
const LONGEST_WORD: usize = 256;

/// Whether a word begins or ends at a position: UAX #29's word boundaries, tightened so that `PAC-3`, `2+2`
/// and `U.S.` are whole words; scripts without spaces have a boundary everywhere.
fn is_boundary(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    let (Some(before), Some(after)) = (before, after) else {
        return true;
    };
    if is_unspaced(before) || is_unspaced(after) {
        return true;
    }
    if !before.is_alphanumeric() && !after.is_alphanumeric() {
        return true;
    }
    // The word segmentation of a window is enough: words do not run over white space, nor are they longer.
    let near = |at: usize| text.floor_char_boundary(at.min(text.len()));
    let (from, to) = (
        near(at.saturating_sub(LONGEST_WORD)),
        near(at + LONGEST_WORD),
    );
    let start = text[from..at]
        .rfind(char::is_whitespace)
        .map_or(from, |space| from + space + 1);
    let start = text.ceil_char_boundary(start);
    let end = text[at..to]
        .find(char::is_whitespace)
        .map_or(to, |space| at + space);
    at == start
        || at == end
        || text[start..end]
            .split_word_bound_indices()
            .any(|(index, _)| start + index == at)
}

/// Whether a sentence begins at a position.
fn opens_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    let before = before
        .trim_end_matches(['"', '“', '‘', '(', '«', '„', '「'])
        .trim_end();
    before.is_empty() || before.ends_with(['.', '!', '?', '…', ':', '。', '”', '"', ')', '—'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Document, Voice};
    use crate::source::{Sources, Text};

    /// The terms found in a text, in brackets.
    fn check(terms: &str, text: &str, expected: &str) {
        let entries: Vec<String> = terms
            .split(", ")
            .map(|term| format!("  \"{term}\": x"))
            .collect();
        let yaml = format!(
            "glossary:
{}
",
            entries.join(
                "
"
            )
        );
        let sources = Sources::from_texts([("a.yaml", yaml.as_str()), ("b.md", text)]);
        let file = |path| sources.find(path).expect("just made");
        let (root, _) = crate::yaml::parse(file("a.yaml"), &yaml, 0);
        let (annotations, _) = crate::annotation::Annotations::read(&root.expect("a map"));
        let (matcher, _) = Matcher::new(&annotations.terms, 0);
        let (document, _) = Document::parse(&Text::verbatim(file("b.md"), text, 0), Voice::Source);
        let paragraph = &document.paragraphs[0];
        let mut shown = paragraph.prose.text.text.to_string();
        for hit in matcher.occurrences(paragraph).iter().rev() {
            shown.insert(hit.end as usize, ']');
            shown.insert(hit.start as usize, '[');
        }
        assert_eq!(shown, expected, "{terms} in {text}");
    }

    #[test]
    fn terms_are_found_at_word_boundaries() {
        check(
            "2+2",
            "the 2+2 talks, 12+2, 2+21, (2+2).",
            "the [2+2] talks, 12+2, 2+21, ([2+2]).",
        );
        check(
            "PAC-3, PAC",
            "PAC-3s, PAC-30, PAC, SPAC",
            "[PAC-3s], [PAC]-30, [PAC], SPAC",
        );
        check(
            "U.S.",
            "the U.S. Navy, U.S.-made",
            "the [U.S.] Navy, [U.S.]-made",
        );
        check(
            "USFJ",
            "USFJ's, USFJ’s, USFJs, USFJX",
            "[USFJ]'s, [USFJ]’s, [USFJs], USFJX",
        );
        check(
            "F-35, F-35B, F-35 Lightning II",
            "F-35B, F-35 Lightning II, F-35.",
            "[F-35B], [F-35 Lightning II], [F-35].",
        );
        check("在日米軍", "在日米軍の司令部", "[在日米軍]の司令部");
        check(
            "littoral",
            "Littoral. littoral; a Littoral one",
            "[Littoral]. [littoral]; a Littoral one",
        );
        check("joint force", "a *joint* force", "a [joint force]");
        check(
            "joint force, 2-2, Café",
            "joint\u{a0}force, joint  force, 2\u{2011}2, Cafe\u{301}s; joint\u{ad} force",
            "[joint\u{a0}force], [joint  force], [2\u{2011}2], [Cafe\u{301}s]; [joint\u{ad} force]",
        );
        check("Kishida’s plan", "Kishida's plan", "[Kishida's plan]");
        let many: Vec<String> = (0..=MOST_WORDS).map(|index| format!("T{index}")).collect();
        check(
            &many.join(", "),
            "T10000s, T9999, T10001",
            "[T10000s], [T9999], T10001",
        );
        check(
            "USFJ",
            "`USFJ` and [USFJ](https://x.org) USFJ",
            "USFJ and USFJ [USFJ]",
        );
    }
}
