//! Block quotes, and the citation that ends them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::carrier::place;
use crate::markdown::{Block, Content, Document, Group, Prose};
use crate::source::{Span, Text};
use crate::verify::report::word_count;

/// The paragraphs, by index, of a document's block quotes that end with a citation which counts.
pub fn block_quoted(document: &Document, counts: fn(&Group) -> bool) -> BTreeSet<usize> {
    let mut quotes = BlockQuotes {
        document,
        counts,
        quoted: BTreeSet::new(),
    };
    quotes.collect(&document.blocks, false);
    quotes.quoted
}

struct BlockQuotes<'d> {
    document: &'d Document,
    counts: fn(&Group) -> bool,
    quoted: BTreeSet<usize>,
}

impl BlockQuotes<'_> {
    fn collect(&mut self, blocks: &[Block], within: bool) {
        for block in blocks {
            match block {
                Block::Paragraph(index) if within => {
                    self.quoted.insert(*index);
                }
                Block::Quote(quote) => {
                    let ends = last_group(&quote.blocks, self.document).is_some_and(self.counts);
                    self.collect(&quote.blocks, within || ends);
                }
                Block::List(list) => {
                    for item in &list.items {
                        self.collect(item, within);
                    }
                }
                Block::Definitions(list) => {
                    for definition in &list.definitions {
                        self.collect(&definition.blocks, within);
                    }
                }
                Block::Paragraph(_)
                | Block::Heading(_)
                | Block::Unnumbered(_)
                | Block::Rule
                | Block::Transclusion(_) => {}
            }
        }
    }
}

/// The citation that a block quote ends with, or that stands before who says so; that of a table's last cell is the cell's
/// own.
pub(super) fn last_group<'d>(blocks: &'d [Block], document: &'d Document) -> Option<&'d Group> {
    let blocks = unsigned(blocks, document);
    let last = blocks.last()?;
    let is_table = |index: &usize| matches!(document.paragraphs[*index].content, Content::Table(_));
    if matches!(last, Block::Paragraph(index) if is_table(index)) {
        return None;
    }
    let prose = own_prose(last, document)?;
    let names_who = blocks.len() > 1 && prose.text.text.starts_with(DASHES);
    let within = prose.citations().last();
    closing_group(prose)
        .or(within.filter(|_| names_who && word_count(&prose.text.text) <= LONGEST_SIGNATURE))
}

/// The blocks of a quote without a last paragraph that only names who says so.
fn unsigned<'d>(blocks: &'d [Block], document: &'d Document) -> &'d [Block] {
    match blocks {
        [before @ .., last] if !before.is_empty() => {
            let names_who = own_prose(last, document).is_some_and(|prose| {
                let text = prose.text.text.as_str();
                let is_signature =
                    text.starts_with(DASHES) && word_count(text) <= LONGEST_SIGNATURE;
                is_signature && prose.citations().is_empty()
            });
            if names_who { before } else { blocks }
        }
        _ => blocks,
    }
}

/// The text that a block itself is.
pub(super) fn own_prose<'d>(block: &'d Block, document: &'d Document) -> Option<&'d Prose> {
    match block {
        Block::Paragraph(index) => Some(&document.paragraphs[*index].prose),
        Block::Unnumbered(prose) => Some(prose),
        Block::Heading(_)
        | Block::Quote(_)
        | Block::List(_)
        | Block::Definitions(_)
        | Block::Transclusion(_)
        | Block::Rule => None,
    }
}

/// What a block quote says before the group that it ends with.
pub(super) fn words_before(group: &Group, blocks: &[Block], document: &Document) -> Vec<Text> {
    let Some((last, before)) = unsigned(blocks, document).split_last() else {
        return Vec::new();
    };
    let mut words: Vec<Text> = texts(before, document).into_iter().cloned().collect();
    let Some(prose) = own_prose(last, document) else {
        return words;
    };
    let last = &prose.text;
    let said = last.text[..place(group, prose)].trim_end_matches(['(', '[', ' ']);
    if said.contains(char::is_alphanumeric) {
        words.push(last.slice(0..said.len()));
    }
    words
}

const DASHES: [char; 4] = ['—', '–', '―', '-'];

/// Names and offices of who says something have no more words.
const LONGEST_SIGNATURE: usize = 15;

/// Of the last words of a block quote those before a dash that leads to who says so, if there may be one: a paragraph
/// of its own, which leaves nothing, or a line behind the end of a sentence.
pub(super) fn signature(last: &Text, before: &[Text]) -> Option<Vec<Text>> {
    let is_short = |text: &str| word_count(text) <= LONGEST_SIGNATURE;
    let dashed = |text: &Text| text.text.starts_with(DASHES);
    if dashed(last) && is_short(&last.text) {
        return (!before.is_empty() && !before.iter().any(dashed)).then(Vec::new);
    }
    let text = last.text.as_str();
    let (at, _) = text.rmatch_indices(DASHES).find(|(at, _)| {
        let said = text[..*at].trim_end();
        let ends = said.ends_with(['.', '!', '?', '…', '”', '"', '’', '»', '。', '」']);
        (ends || is_name(&text[*at..])) && begins_line(last, said.len()..*at)
    })?;
    let said = text[..at].trim_end().len();
    is_short(&text[at..]).then(|| vec![last.slice(0..said)])
}

/// Whether words behind a dash are no more than a name, which needs no sentence to end before it.
fn is_name(dashed: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let mut words = dashed.trim_start_matches(DASHES).split_whitespace();
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    word_count(dashed) <= MOST_WORDS && words.clone().next().is_some() && words.all(is_capital)
}

/// Whether what stands between two words of a block quote is the end of a line and the `> ` of the next one.
fn begins_line(text: &Text, between: Range<usize>) -> bool {
    let (before, behind) = (
        text.span(0..between.start),
        text.span(between.end..text.text.len()),
    );
    behind.start.saturating_sub(before.end) as usize >= "\n> ".len()
}

/// The words of a block quote's paragraphs, those in its lists among them, but for what ends with a citation of its own.
pub(super) fn texts<'d>(blocks: &'d [Block], document: &'d Document) -> Vec<&'d Text> {
    let mut words = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(_) | Block::Unnumbered(_) => {
                let text = own_prose(block, document).map(|prose| &prose.text);
                words.extend(text.filter(|text| text.text.contains(char::is_alphanumeric)));
            }
            Block::Quote(quote) if last_group(&quote.blocks, document).is_none() => {
                words.extend(texts(&quote.blocks, document));
            }
            Block::List(list) => {
                words.extend(list.items.iter().flat_map(|item| texts(item, document)));
            }
            Block::Quote(_)
            | Block::Heading(_)
            | Block::Definitions(_)
            | Block::Transclusion(_)
            | Block::Rule => {}
        }
    }
    words
}

pub(super) fn cites(blocks: &[Block], document: &Document) -> bool {
    let proses = document.proses_in(blocks);
    proses
        .iter()
        .any(|(_, prose)| !prose.citations().is_empty())
}

/// The citation that a prose ends with, nothing but marks or a remark behind it.
fn closing_group(prose: &Prose) -> Option<&Group> {
    let group = prose.citations().last()?;
    let rest = prose.text.text.get(group.at as usize..)?;
    is_remark(rest).then_some(group)
}

/// Whether what stands behind a citation is no more than marks, `(emphasis added)`, `, p. 4` or `— The mayor`.
fn is_remark(rest: &str) -> bool {
    const ON_QUOTING: [&str; 7] = [
        "emphas", "italic", "translat", "original", "added", "ours", "mine",
    ];
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ']'));
    let own = rest.trim_start_matches([')', ' ']);
    let is_bracketed = own.starts_with('(') && own.ends_with(')');
    let is_place = own.contains(|c: char| c.is_ascii_digit());
    let on_quoting = is_place
        || ON_QUOTING
            .iter()
            .any(|word| own.to_lowercase().contains(word));
    let opens = own.starts_with(DASHES) || is_bracketed;
    let goes_on = own.starts_with([',', ';']) && on_quoting && word_count(own) <= LONGEST_PLACE;
    word_count(own) == 0 || goes_on || opens && word_count(own) <= LONGEST_SIGNATURE
}

/// `p. 4 of the report, emphasis added` has no more words.
const LONGEST_PLACE: usize = 8;

/// The citations in a block quote's own paragraphs.
pub(super) fn cited_within(blocks: &[Block], document: &Document) -> Vec<Span> {
    let is_text = |index: &usize| matches!(document.paragraphs[*index].content, Content::Running);
    let own = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(index) if is_text(index) => own_prose(block, document),
        _ => None,
    });
    let groups = own.flat_map(Prose::citations);
    groups.map(|group| group.span).collect()
}
