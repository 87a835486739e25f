//! Quotations in running text, and the citation that each of them belongs to.

use std::collections::BTreeMap;
use std::ops::Range;

use super::marks::{Marks, Slip};
use super::report::{uncited, word_count};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::markdown::{Block, Content, Document, Group, Inline, Prose, Table};
use crate::reference::Citation;
use crate::source::{Span, Text};

/// What a text quotes, by the citation that has to carry it.
#[derive(Default)]
pub struct Quoted {
    /// The quotations of each group of citations, by the group's place.
    pub by_group: BTreeMap<Span, Vec<Text>>,
    /// Quotations without a citation in their sentence.
    pub unattributed: Vec<Text>,
    /// Block quotes without any citation.
    pub uncited: Vec<Uncited>,
    /// Quotation marks that are amiss.
    slips: Vec<(Slip, Text)>,
}

/// Whether a sign of a paragraph's text stands between quotation marks.
pub fn is_quoted(text: &str, at: usize) -> bool {
    let marks = Marks::of(text, |_| false);
    marks.quotations.iter().any(|range| range.contains(&at))
}

/// A block quote without any citation.
pub struct Uncited {
    /// Its paragraphs.
    pub words: Vec<Text>,
    /// What is quoted in it, which only counts where the block itself claims nothing.
    pub quotations: Vec<Text>,
}

impl Quoted {
    /// Everything that a document quotes.
    pub fn of(document: &Document) -> Self {
        let mut quoted = Quoted::default();
        quoted.blocks(&document.blocks, document);
        for footnote in &document.footnotes {
            quoted.blocks(&footnote.blocks, document);
        }
        quoted.forgive_other_customs(document);
        quoted
    }

    /// Reports marks that are amiss.
    pub fn marks(&self) -> impl Iterator<Item = Diagnostic> {
        self.slips.iter().map(|(slip, mark)| unpaired(*slip, mark))
    }

    /// Reports block quotes of three or more words that cite nothing.
    pub fn without_source(&self) -> impl Iterator<Item = Diagnostic> {
        let long = |quote: &&Uncited| {
            let counts = quote.words.iter().map(|text| word_count(&text.text));
            counts.sum::<usize>() >= 3
        };
        let quotes = self.uncited.iter().filter(long);
        quotes.filter_map(|quote| quote.words.first()).map(uncited)
    }

    fn blocks(&mut self, blocks: &[Block], document: &Document) {
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Paragraph(paragraph) => {
                    let paragraph = &document.paragraphs[*paragraph];
                    let known = self.slips.len();
                    match &paragraph.content {
                        Content::Running => self.prose(&paragraph.prose),
                        Content::Table(table) => self.table(&paragraph.prose, table),
                        Content::Code { .. } | Content::Image(_) => {}
                    }
                    if self.slips.len() > known && goes_on(blocks.get(index + 1), document) {
                        self.slips.pop_if(|(slip, _)| *slip == Slip::Unclosed);
                    }
                }
                Block::Unnumbered(prose) => self.prose(prose),
                Block::Quote(blocks) => self.quote(blocks, document),
                Block::List { items, .. } => {
                    for item in items {
                        self.blocks(item, document);
                    }
                }
                Block::Definitions(definitions) => {
                    for definition in definitions {
                        self.blocks(&definition.blocks, document);
                    }
                }
                Block::Heading(_) | Block::Transclusion(_) | Block::Rule => {}
            }
        }
    }

    /// A block quote that ends with a citation is quoted as a whole.
    fn quote(&mut self, blocks: &[Block], document: &Document) {
        let last = match blocks.last() {
            Some(Block::Paragraph(index)) => Some(&document.paragraphs[*index].prose),
            Some(Block::Unnumbered(prose)) => Some(prose.as_ref()),
            _ => None,
        };
        let Some(group) = last.and_then(closing_group) else {
            if cites(blocks, document) {
                self.blocks(blocks, document);
            } else {
                let mut inner = Quoted::default();
                inner.blocks(blocks, document);
                self.slips.append(&mut inner.slips);
                self.uncited.push(Uncited {
                    words: texts(blocks, document).cloned().collect(),
                    quotations: inner.unattributed,
                });
            }
            return;
        };
        // With `[@self]` it is the authors' own.
        if !group.citations.iter().all(Citation::is_own_judgement) {
            self.by_group
                .entry(group.span)
                .or_default()
                .extend(texts(blocks, document).cloned());
        }
    }

    fn prose(&mut self, prose: &Prose) {
        let code = code_in([prose.inlines.as_slice()]);
        let is_code = |at: usize| covers(&code, at);
        self.marks_in(prose, Marks::of(&prose.text.text, is_code));
    }

    /// In a table no quotation leaves its cell.
    fn table(&mut self, prose: &Prose, table: &Table) {
        let cells = table.head.iter().chain(table.rows.iter().flatten());
        let code = code_in(cells.map(Vec::as_slice));
        let mut all = Marks::default();
        let mut at = 0;
        for cell in prose.text.text.split(['\t', '\n']) {
            let marks = Marks::of(cell, |place| covers(&code, at + place));
            let there = |range: Range<usize>| at + range.start..at + range.end;
            all.quotations
                .extend(marks.quotations.into_iter().map(there));
            let slips = marks.slips.into_iter();
            all.slips
                .extend(slips.map(|(slip, range)| (slip, there(range))));
            at += cell.len() + 1;
        }
        self.marks_in(prose, all);
    }

    fn marks_in(&mut self, prose: &Prose, marks: Marks) {
        let slips = marks.slips.into_iter().take(MOST_SLIPS);
        self.slips
            .extend(slips.map(|(slip, range)| (slip, prose.text.slice(range))));
        if marks.quotations.is_empty() {
            return;
        }
        let text = prose.text.text.as_str();
        let sentences = sentences(text);
        for range in marks.quotations {
            let quotation = prose.text.slice(range.clone());
            // A quotation of several sentences stands in all that they run through.
            let first = sentences.partition_point(|sentence| sentence.end <= range.start);
            let last = sentences.partition_point(|sentence| sentence.end < range.end);
            let start = sentences.get(first).map_or(0, |sentence| sentence.start);
            let end = sentences
                .get(last)
                .map_or(text.len(), |sentence| sentence.end);
            match carrier(prose, &(start..end), &range) {
                Some(group) => self.by_group.entry(group.span).or_default().push(quotation),
                None => self.unattributed.push(quotation),
            }
        }
    }

    /// Swedish and Finnish books have `”` on both sides; in others both forms stand.
    fn forgive_other_customs(&mut self, document: &Document) {
        let turned = |slip: &(Slip, Text)| slip.0 == Slip::Turned;
        if !self.slips.iter().any(turned) {
            return;
        }
        let proses = document.proses();
        let has = |mark: char| {
            proses
                .iter()
                .any(|(_, prose)| prose.text.text.contains(mark))
        };
        if !(has('“') && has('”')) {
            self.slips.retain(|slip| !turned(slip));
        }
    }
}

/// Of a paragraph with more marks that stand alone, the others are not told.
const MOST_SLIPS: usize = 50;

/// Whether the next paragraph goes on with a quotation: it begins with a mark of its own.
fn goes_on(next: Option<&Block>, document: &Document) -> bool {
    let Some(Block::Paragraph(index)) = next else {
        return false;
    };
    let text = document.paragraphs[*index].prose.text.text.trim_start();
    text.starts_with(['“', '„', '"', '「'])
}

/// The words of a block quote's own paragraphs.
fn texts<'d>(blocks: &'d [Block], document: &'d Document) -> impl Iterator<Item = &'d Text> {
    let texts = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(index) => Some(&document.paragraphs[*index].prose.text),
        _ => None,
    });
    texts.filter(|text| text.text.contains(char::is_alphanumeric))
}

fn cites(blocks: &[Block], document: &Document) -> bool {
    let proses = document.proses_in(blocks);
    proses
        .iter()
        .any(|(_, prose)| !prose.citations().is_empty())
}

/// Where code stands in running text, in order.
fn code_in<'d>(texts: impl IntoIterator<Item = &'d [Inline]>) -> Vec<Range<usize>> {
    let mut code = Vec::new();
    for inlines in texts {
        collect_code(inlines, &mut code);
    }
    code
}

fn collect_code(inlines: &[Inline], found: &mut Vec<Range<usize>>) {
    for inline in inlines {
        match inline {
            Inline::Code(range) => found.push(range.start as usize..range.end as usize),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => collect_code(content, found),
            Inline::Text(_)
            | Inline::Image(_)
            | Inline::Break
            | Inline::Citation(_)
            | Inline::Reference { .. }
            | Inline::Footnote(_) => {}
        }
    }
}

/// Whether one of the ranges, which are in order, contains a place.
fn covers(ranges: &[Range<usize>], at: usize) -> bool {
    let next = ranges.partition_point(|range| range.end <= at);
    ranges.get(next).is_some_and(|range| range.contains(&at))
}

fn unpaired(slip: Slip, mark: &Text) -> Diagnostic {
    let (message, help) = match slip {
        Slip::Unclosed => (
            "a quotation begins here and does not end",
            "write the mark that ends it behind the last quoted word",
        ),
        Slip::Unopened => (
            "a quotation ends here that does not begin",
            "write the mark that begins it before the first quoted word, or take this one out",
        ),
        Slip::Turned => (
            "this quotation mark is the one for the other end of a quotation",
            "a quotation stands between `“` and `”`",
        ),
    };
    let diagnostic = Diagnostic::new(Lint::UnpairedMark, mark.whole(), message).help(help);
    match (slip, mark.text.as_str()) {
        (Slip::Turned, "“") => diagnostic.fix(mark.whole(), "”").trusted(Trust::Safe),
        (Slip::Turned, _) => diagnostic.fix(mark.whole(), "“").trusted(Trust::Safe),
        (Slip::Unclosed | Slip::Unopened, _) => diagnostic,
    }
}

/// The citation that a prose ends with, nothing but marks behind it.
fn closing_group(prose: &Prose) -> Option<&Group> {
    let group = prose.citations().last()?;
    let rest = prose.text.text.get(group.at as usize..)?;
    rest.trim_matches(|c: char| !c.is_alphanumeric())
        .is_empty()
        .then_some(group)
}

/// The sentence's next citation, or else its last one before the quotation.
fn carrier<'p>(
    prose: &'p Prose,
    sentence: &Range<usize>,
    quotation: &Range<usize>,
) -> Option<&'p Group> {
    let own = || {
        prose.citations().iter().filter(|group| {
            let at = group.at as usize;
            sentence.start < at && at <= sentence.end || (group.in_text && at == sentence.start)
        })
    };
    own()
        .find(|group| group.at as usize >= quotation.end)
        .or_else(|| own().next_back())
}

/// The sentences of a text: each ends with its stop and the marks that close behind it.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['.', '!', '?', '。', '！', '？', '\n']) {
        let stop = at + found;
        let sign = text[stop..].chars().next().map_or(1, char::len_utf8);
        let rest = &text[stop + sign..];
        let closing = rest.len()
            - rest
                .trim_start_matches(['"', '”', '’', ')', ']', '»', '」', '.', '!', '?'])
                .len();
        let end = stop + sign + closing;
        at = end;
        if ends_sentence(text, stop, end) {
            sentences.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

/// Whether a stop ends a sentence, rather than an abbreviation or a number.
fn ends_sentence(text: &str, stop: usize, end: usize) -> bool {
    let rest = &text[end..];
    let next = rest.trim_start();
    if !text[stop..].starts_with('.') {
        // “Shall we go?” he asked. 「行く。」と言った。
        let asks = text[stop..].starts_with(['!', '?']);
        let is_said = text[stop..end].ends_with('」') && !next.starts_with('「');
        let goes_on = asks && next.starts_with(char::is_lowercase) || is_said && !next.is_empty();
        return text[stop..].starts_with('\n') || !goes_on;
    }
    let apart = rest.is_empty() || rest.len() > next.len();
    let begins = next.is_empty()
        || next.starts_with(|c: char| {
            !c.is_lowercase() && (c.is_alphanumeric() || "“„«「\"(‘".contains(c))
        });
    apart && begins && (next.is_empty() || !ends_in_abbreviation(&text[..=stop]))
}

/// Whether a full stop ends an abbreviation (`U.S.`, `Mr.`) rather than a sentence.
pub fn ends_in_abbreviation(text: &str) -> bool {
    const TITLES: [&str; 14] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Gen", "Adm", "Lt", "Col", "Sen", "Rep", "Gov", "No",
    ];
    let word = text
        .rsplit([' ', '\u{a0}', '\n', '(', '“', '"'])
        .next()
        .unwrap_or_default();
    let word = word.trim_end_matches('.');
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let initials = word.contains('.') && letters <= 4;
    initials || (letters == 1 && word.starts_with(char::is_uppercase)) || TITLES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = sentences(text)
                .into_iter()
                .map(|range| text[range].trim())
                .collect();
            assert_eq!(found, expected);
        };
        check("One. Two! Three?", &["One.", "Two!", "Three?"]);
        check(
            "The U.S. Navy and Mr. Austin met. They spoke.",
            &["The U.S. Navy and Mr. Austin met.", "They spoke."],
        );
        check("He said “no.” She left.", &["He said “no.”", "She left."]);
        check("“Go?” he said. “Go!”", &["“Go?” he said.", "“Go!”"]);
        check(
            "It cost 1.7 billion. So it did.",
            &["It cost 1.7 billion.", "So it did."],
        );
        check("一つ。二つ。", &["一つ。", "二つ。"]);
        check(
            "「行く。」と言った。「行く。」",
            &["「行く。」と言った。", "「行く。」"],
        );
    }
}
