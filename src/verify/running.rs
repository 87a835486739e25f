//! Quotations in running text, and the citation that each of them belongs to.

mod block;
mod carrier;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Verifier;
use super::marks::{Marks, Slip};
use super::report::{uncited, word_count};
use super::sentences::{around, sentences};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::markdown::{Block, Content, Document, Group, Prose, Table};
use crate::reference::Citation;
use crate::source::{Span, Text};

pub use block::block_quoted;
use block::{cited_within, cites, last_group, signature, texts, words_before};
use carrier::{carrier, follows_at_once, group_behind, introducing, is_cited, named, place};

/// What a text quotes, by the citation that has to carry it.
#[derive(Default)]
pub struct Quoted {
    /// The quotations of each group of citations, by the group's place.
    pub by_group: BTreeMap<Span, Vec<Text>>,
    /// The groups that end a block quote, whose words are quoted as a whole.
    pub wholes: BTreeSet<Span>,
    /// Quotations without a citation in their sentence.
    pub unattributed: Vec<Text>,
    /// Block quotes without any citation.
    pub uncited: Vec<Uncited>,
    /// The citations of block quotes that quote nothing.
    wordless: Vec<Span>,
    /// The last citations of block quotes that go on behind them.
    unended: Vec<Span>,
    /// Words at the end of a block quote that may name who says so, by its group, and what stands before them.
    signed: Vec<(Span, Text, Vec<Text>)>,
    /// Words within a quotation that are struck out.
    struck: Vec<Text>,
    /// Quotation marks that are amiss.
    slips: Vec<(Slip, Text)>,
    /// The paragraphs before, of a quotation that goes on in the next one.
    begun: Begun,
    /// Quotations that either of two groups may carry, the likelier one first: an abbreviation hides where their sentence
    /// ends, or a source is named before them.
    doubtful: Vec<(Text, [Span; 2])>,
}

/// The first paragraphs of a quotation of several: each begins with a mark, and the last alone ends with one.
#[derive(Default)]
struct Begun {
    words: Vec<Text>,
    /// The group of citations of the sentence that they stand in.
    group: Option<Span>,
}

/// Whether a sign of a paragraph's text stands between quotation marks.
pub fn is_quoted(text: &str, at: usize) -> bool {
    let marks = Marks::of(text, |_| false);
    marks.quotations.iter().any(|range| range.contains(&at))
}

/// What stands between quotation marks in a paragraph's text, or behind one that has no other.
pub fn quoted_ranges(text: &str) -> Vec<Range<usize>> {
    let marks = Marks::of(text, |_| false);
    // An apostrophe ends nothing.
    let open = marks.open();
    let open = open.filter(|mark| !text[mark.clone()].starts_with(['‘', '\'']));
    let mut ranges = marks.quotations;
    ranges.extend(open.map(|mark| mark.end..text.len()));
    ranges
}

/// Whether a group cites sources; with `[@self]` the words are the authors' own.
pub fn cites_sources(group: &Group) -> bool {
    !group.citations.iter().all(Citation::is_own_judgement)
}

/// A block quote without any citation.
pub struct Uncited {
    /// Its paragraphs.
    pub words: Vec<Text>,
    /// What is quoted in it, which only counts where the block itself claims nothing.
    pub quotations: Vec<Text>,
}

impl Quoted {
    /// Everything that a document quotes; where two citations may be meant, the sources decide.
    pub fn of(document: &Document, verifier: &Verifier) -> Self {
        let mut quoted = Quoted::default();
        quoted.blocks(&document.blocks, document);
        for footnote in &document.footnotes {
            quoted.blocks(&footnote.blocks, document);
        }
        quoted.forgive_other_customs(document);
        quoted.decide(document, verifier);
        quoted
    }

    /// Reports marks that are amiss.
    pub fn marks(&self) -> impl Iterator<Item = Diagnostic> {
        self.slips.iter().map(|(slip, mark)| unpaired(*slip, mark))
    }

    /// Reports block quotes that have a citation and no words.
    pub fn without_words(&self) -> impl Iterator<Item = Diagnostic> {
        self.wordless.iter().map(|citation| {
            let message = "this block quote has no words, so nothing is verified";
            Diagnostic::new(Lint::LooksLikeMarkup, *citation, message).help(
                "begin the quoted lines above it with `>` too, an empty one as well, or take this `>` out",
            )
        })
    }

    /// Reports words that are struck out where the source says them.
    pub fn struck(&self) -> impl Iterator<Item = Diagnostic> {
        self.struck.iter().map(|words| {
            let message =
                "words of this quotation are struck out, which changes what the source says";
            Diagnostic::new(Lint::AlteredSense, words.whole(), message)
                .help("quote them as they stand, or end the quotation before them")
        })
    }

    /// Reports block quotes that do not end with what they cite.
    pub fn unended(&self) -> impl Iterator<Item = Diagnostic> {
        self.unended.iter().map(|citation| {
            let message =
                "this block quote goes on behind its citation, so its words are not verified";
            Diagnostic::new(Lint::UnattributedQuotation, *citation, message).help(
                "end it with the citation; where the words are your own, end it with `[@self]`",
            )
        })
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
                    match &paragraph.content {
                        Content::Running => {
                            let goes_on = goes_on(blocks.get(index + 1), document);
                            self.running(&paragraph.prose, goes_on);
                        }
                        Content::Table(table) => self.table(&paragraph.prose, table),
                        Content::Code(_) | Content::Image(_) => {}
                    }
                }
                Block::Unnumbered(prose) => self.prose(prose),
                Block::Quote(quote) => {
                    let wordless = self.wordless.len();
                    self.quote(&quote.blocks, document);
                    let before = index.checked_sub(1).map(|before| &blocks[before]);
                    if let Some(Block::Quote(before)) = before
                        && self.wordless.len() > wordless
                        && !cites(&before.blocks, document)
                    {
                        // One citation, cut off by an empty line, is one cause.
                        self.uncited.pop();
                    }
                }
                Block::List(list) => {
                    for item in &list.items {
                        self.blocks(item, document);
                    }
                }
                Block::Definitions(list) => {
                    for definition in &list.definitions {
                        self.title(&definition.term);
                        self.blocks(&definition.blocks, document);
                    }
                }
                Block::Heading(heading) => self.title(&heading.prose),
                Block::Transclusion(_) | Block::Rule => {}
            }
        }
    }

    /// A heading or a defined word quotes only what it cites.
    fn title(&mut self, prose: &Prose) {
        if !prose.citations().is_empty() {
            self.prose(prose);
        }
    }

    /// A block quote that ends with a citation is quoted as a whole.
    fn quote(&mut self, blocks: &[Block], document: &Document) {
        let Some(group) = last_group(blocks, document) else {
            if cites(blocks, document) {
                self.blocks(blocks, document);
                // Words in quotation marks are verified by themselves.
                let carried = |group: &Span| self.by_group.contains_key(group);
                let own = cited_within(blocks, document);
                self.unended
                    .extend(own.last().filter(|_| !own.iter().any(carried)));
            } else {
                let mut inner = Quoted::default();
                inner.blocks(blocks, document);
                self.slips.append(&mut inner.slips);
                self.uncited.push(Uncited {
                    words: texts(blocks, document).into_iter().cloned().collect(),
                    quotations: inner.unattributed,
                });
            }
            return;
        };
        if cites_sources(group) {
            let words = words_before(group, blocks, document);
            if words.is_empty() && blocks.len() == 1 {
                self.wordless.push(group.span);
            }
            if let [before @ .., last] = words.as_slice() {
                let signed = signature(last, before);
                self.signed
                    .extend(signed.map(|own| (group.span, last.clone(), own)));
            }
            let proses = document.proses_in(blocks).into_iter();
            for (_, prose) in proses {
                let struck = prose.struck().into_iter();
                self.struck
                    .extend(struck.map(|range| prose.text.slice(range)));
            }
            self.wholes.insert(group.span);
            self.by_group.entry(group.span).or_default().extend(words);
        } else {
            self.blocks(blocks, document);
            return;
        }
        for block in blocks {
            if let Block::Quote(quote) = block
                && last_group(&quote.blocks, document).is_some()
            {
                self.quote(&quote.blocks, document);
            }
        }
    }

    fn prose(&mut self, prose: &Prose) {
        self.running(prose, false);
    }

    /// A paragraph; `goes_on` where the next one begins with a mark, as each of a quotation of several does.
    fn running(&mut self, prose: &Prose, goes_on: bool) {
        let code = prose.code();
        let mut marks = Marks::of(&prose.text.text, |at| code.covers(at));
        let open = if goes_on { marks.open() } else { None };
        let open = open.map(|open| open.end..prose.text.text.len());
        let own = open
            .as_ref()
            .and_then(|open| group_behind(prose, open.start));
        let continued = open.clone().filter(|_| own.is_none());
        if continued.is_some() {
            marks.slips.pop();
        }
        self.marks_in(prose, marks, prose.struck());
        if let (Some(open), Some(own)) = (open, own) {
            let words = prose.text.slice(open.start..place(own, prose));
            self.by_group.entry(own.span).or_default().push(words);
        }
        match continued {
            Some(words) => self.begin(prose, words),
            None => {
                self.end(None);
            }
        }
    }

    /// Keeps the words of a paragraph whose quotation goes on in the next one.
    fn begin(&mut self, prose: &Prose, words: Range<usize>) {
        let sentences = sentences(&prose.text.text, false, &named(prose));
        let sentence = around(&sentences, &words, prose.text.text.len());
        let group = carrier(prose, &sentence, &words).map(|group| group.span);
        self.begun.group = self.begun.group.or(group);
        self.begun.words.push(prose.text.slice(words));
    }

    /// Gives the paragraphs before to the group of the one that ends their quotation, if they have none of their own.
    fn end(&mut self, group: Option<Span>) -> Option<Span> {
        let begun = std::mem::take(&mut self.begun);
        let own = begun.group.or(group)?;
        if !begun.words.is_empty() {
            self.by_group.entry(own).or_default().extend(begun.words);
        }
        begun.group
    }

    /// In a table no quotation leaves its cell.
    fn table(&mut self, prose: &Prose, table: &Table) {
        let code = table.code();
        let mut all = Marks::default();
        let mut at = 0;
        for cell in prose.text.text.split(['\t', '\n']) {
            let marks = Marks::of(cell, |place| code.covers(at + place));
            let there = |range: Range<usize>| at + range.start..at + range.end;
            all.quotations
                .extend(marks.quotations.into_iter().map(there));
            let slips = marks.slips.into_iter();
            all.slips
                .extend(slips.map(|(slip, range)| (slip, there(range))));
            at += cell.len() + 1;
        }
        self.marks_in(prose, all, table.struck());
    }

    fn marks_in(&mut self, prose: &Prose, marks: Marks, struck: Vec<Range<usize>>) {
        let slips = marks.slips.into_iter().take(MOST_SLIPS);
        self.slips
            .extend(slips.map(|(slip, range)| (slip, prose.text.slice(range))));
        if marks.quotations.is_empty() {
            return;
        }
        let is_quoted = |words: &Range<usize>| {
            let quotations = &marks.quotations;
            let next = quotations.partition_point(|range| range.end <= words.start);
            quotations
                .get(next)
                .is_some_and(|range| range.start < words.end)
        };
        let struck = struck.into_iter().filter(is_quoted);
        self.struck
            .extend(struck.map(|range| prose.text.slice(range)));
        let text = prose.text.text.as_str();
        let named = named(prose);
        let [long, short] = [false, true].map(|cut| sentences(text, cut, &named));
        for range in marks.quotations {
            let quotation = prose.text.slice(range.clone());
            let group_in = |sentences: &[Range<usize>]| {
                let sentence = around(sentences, &range, text.len());
                carrier(prose, &sentence, &range).map(|group| group.span)
            };
            // They stand round titles too, which no citation follows.
            let quoted = !text[..range.start].ends_with('『') || is_cited(prose, range.end);
            let group = group_in(&long).filter(|_| quoted);
            let begun = self.end(group);
            let introducing = introducing(prose, &around(&long, &range, text.len()), &range);
            match (group_in(&short), group.or(begun)) {
                (Some(earlier), Some(later)) if earlier != later => {
                    self.doubtful.push((quotation, [later, earlier]));
                }
                (_, Some(group)) if let Some(one) = introducing.filter(|one| one.span != group) => {
                    let pair = [one.span, group];
                    let follows = follows_at_once(prose, range.end, group);
                    let pair = if follows { [group, one.span] } else { pair };
                    self.doubtful.push((quotation, pair));
                }
                (_, Some(group)) => self.by_group.entry(group).or_default().push(quotation),
                (_, None) if quoted => self.unattributed.push(quotation),
                (_, None) => {}
            }
        }
    }

    /// A quotation in doubt belongs to the citation behind it, unless only the one before has its words; who says so is
    /// quoted only where the source has it.
    fn decide(&mut self, document: &Document, verifier: &Verifier) {
        if self.doubtful.is_empty() && self.signed.is_empty() {
            return;
        }
        let proses = document.proses();
        let groups = proses.iter().flat_map(|(_, prose)| prose.citations());
        let groups: BTreeMap<Span, &Group> = groups.map(|group| (group.span, group)).collect();
        let has = |span: &Span, quotation: &Text| {
            let group = groups.get(span);
            group.is_some_and(|group| verifier.has(&group.citations, quotation))
        };
        for (group, signed, own) in std::mem::take(&mut self.signed) {
            if let Some(words) = self.by_group.get_mut(&group)
                && !has(&group, &signed)
            {
                words.pop();
                words.extend(own);
            }
        }
        for (quotation, [likelier, other]) in std::mem::take(&mut self.doubtful) {
            let at = |span| {
                let group = groups.get(span);
                group.is_some_and(|group| verifier.has_at(&group.citations, &quotation))
            };
            let by_place = [at(&likelier), at(&other)];
            let by_source = || [has(&likelier, &quotation), has(&other, &quotation)];
            let group = match by_place {
                [false, true] => other,
                [false, false] if by_source() == [false, true] => other,
                _ => likelier,
            };
            self.by_group.entry(group).or_default().push(quotation);
        }
    }

    /// Swedish and Finnish books have `”` on both sides; in others both forms stand.
    fn forgive_other_customs(&mut self, document: &Document) {
        // No custom ends a quotation with the low mark.
        let turned = |(slip, mark): &(Slip, Text)| *slip == Slip::Turned && mark.text != "„";
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
    let paragraph = &document.paragraphs[*index];
    let text = paragraph.prose.text.text.trim_start();
    matches!(paragraph.content, Content::Running)
        && text.starts_with(['“', '„', '"', '「', '『', '«', '‟', '❝'])
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
        Slip::InWord => (
            "this quotation mark stands within a word",
            "write `’` for an apostrophe, or the space that parts the mark from the word",
        ),
    };
    let diagnostic = Diagnostic::new(Lint::UnpairedMark, mark.whole(), message).help(help);
    match (slip, mark.text.as_str()) {
        (Slip::Turned, "”" | "❞" | "〞" | "〟") => {
            diagnostic.fix(mark.whole(), "“").trusted(Trust::Safe)
        }
        (Slip::Turned, _) => diagnostic.fix(mark.whole(), "”").trusted(Trust::Safe),
        (Slip::Unclosed | Slip::Unopened | Slip::InWord, _) => diagnostic,
    }
}
