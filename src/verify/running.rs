//! Quotations in running text, and the citation that each of them belongs to.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::markdown::{Block, Document, Group, Prose};
use crate::source::{Span, Text};

/// What a text quotes, by the citation that has to carry it.
#[derive(Default)]
pub struct Quoted {
    /// The quotations of each group of citations, by the group's place.
    pub by_group: BTreeMap<Span, Vec<Text>>,
    /// Quotations without a citation in their sentence.
    pub unattributed: Vec<Text>,
}

impl Quoted {
    /// Everything that a document quotes.
    pub fn of(document: &Document) -> Self {
        let mut quoted = Quoted::default();
        quoted.blocks(&document.blocks, document);
        for footnote in &document.footnotes {
            quoted.blocks(&footnote.blocks, document);
        }
        quoted
    }

    fn blocks(&mut self, blocks: &[Block], document: &Document) {
        for block in blocks {
            match block {
                Block::Paragraph(index) => self.prose(&document.paragraphs[*index].prose),
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
            return self.blocks(blocks, document);
        };
        let passages = blocks.iter().filter_map(|block| match block {
            Block::Paragraph(index) => Some(&document.paragraphs[*index].prose.text),
            _ => None,
        });
        let passages = passages.filter(|text| text.text.contains(char::is_alphanumeric));
        self.by_group
            .entry(group.span)
            .or_default()
            .extend(passages.cloned());
    }

    fn prose(&mut self, prose: &Prose) {
        let text = prose.text.text.as_str();
        let quotations = quotations(text);
        if quotations.is_empty() {
            return;
        }
        let sentences = sentences(text);
        for range in quotations {
            let quotation = prose.text.slice(range.clone());
            // A quotation of several sentences stands in all that they run through.
            let first = sentences
                .iter()
                .find(|sentence| sentence.contains(&range.start));
            let last = sentences.iter().find(|sentence| sentence.end >= range.end);
            let start = first.map_or(0, |sentence| sentence.start);
            let sentence = start..last.map_or(text.len(), |sentence| sentence.end);
            match carrier(prose, &sentence, &range) {
                Some(group) => self.by_group.entry(group.span).or_default().push(quotation),
                None => self.unattributed.push(quotation),
            }
        }
    }
}

/// The citation that a prose ends with, nothing but marks behind it.
fn closing_group(prose: &Prose) -> Option<&Group> {
    let group = prose.citations.last()?;
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
        prose.citations.iter().filter(|group| {
            let at = group.at as usize;
            sentence.start < at && at <= sentence.end || (group.in_text && at == sentence.start)
        })
    };
    own()
        .find(|group| group.at as usize >= quotation.end)
        .or_else(|| own().next_back())
}

/// The ranges between double quotation marks.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, mark) in text.char_indices() {
        match (open, mark) {
            (None, '“' | '„' | '«' | '「' | '"') => open = Some((at + mark.len_utf8(), mark)),
            (Some((start, opening)), mark) if closes(opening, mark) => {
                found.push(start..at);
                open = None;
            }
            _ => {}
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

fn closes(opening: char, mark: char) -> bool {
    match opening {
        '“' => mark == '”',
        '„' => matches!(mark, '“' | '”'),
        '«' => mark == '»',
        '「' => mark == '」',
        _ => mark == '"',
    }
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
    if !text[stop..].starts_with('.') {
        return true;
    }
    let next = rest.trim_start();
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
        check(
            "It cost 1.7 billion. So it did.",
            &["It cost 1.7 billion.", "So it did."],
        );
        check("一つ。二つ。", &["一つ。", "二つ。"]);
    }
}
