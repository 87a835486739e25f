//! The alignment of a quotation's words with a stretch of a source, at the least cost.

use std::ops::Range;

use super::Folded;
use super::elements::{Element, elements};
use super::matching::other_case;
use super::tokens::{Index, is_word, tokens, weight};

/// One token of a quotation, or a gap.
pub(super) enum Item {
    /// A word, number or mark.
    Token(Quoted),
    /// Left-out words, with the author's own in their place.
    Gap(String),
}

/// One token of a quotation.
pub(super) struct Quoted {
    pub(super) text: String,
    /// Whether a space stands before it.
    pub(super) spaced: bool,
    pub(super) weight: u32,
    /// What of it the source's word begins or ends with, where a letter or an ending was changed.
    open: Open,
    /// Whether its first letter's case counts.
    first: bool,
    /// Its number in the source's vocabulary.
    word: Option<u32>,
}

impl Quoted {
    /// Whether a letter or an ending of it was changed.
    pub(super) fn is_bent(&self) -> bool {
        self.open != Open::Closed
    }

    /// Its number in the source's vocabulary, if it stands there.
    pub(super) fn word(&self) -> Option<u32> {
        self.word
    }

    /// Its number in the source's vocabulary, if it is a word and stands in the source at all.
    pub(super) fn known_word(&self) -> Option<u32> {
        self.word.filter(|_| is_word(&self.text))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Closed,
    Start,
    End,
}

/// The items of a quotation, without a `,` or `.` at the end.
pub(super) fn items(quotation: &str, index: &Index) -> Vec<Item> {
    let mut items = Vec::new();
    let mut letter = false;
    for element in elements(quotation) {
        match element {
            Element::Words(words) => {
                let first = items.is_empty();
                let found = tokens(&words).map(|range| Quoted {
                    text: words[range.clone()].to_owned(),
                    spaced: words[..range.start].ends_with(' ') || (range.start == 0 && !letter),
                    weight: weight(&words[range.clone()]),
                    open: if letter && range.start == 0 {
                        Open::Start
                    } else {
                        Open::Closed
                    },
                    first: first && range.start == 0,
                    word: index.word(&words[range]),
                });
                items.extend(found.map(Item::Token));
                letter = false;
            }
            Element::Gap => items.push(Item::Gap(String::new())),
            Element::Insertion { own, .. } => items.push(Item::Gap(own)),
            Element::Letter(_) => letter = true,
            Element::Ending(_) => {
                if let Some(Item::Token(last)) = items.last_mut() {
                    last.open = Open::End;
                }
            }
        }
    }
    while let Some(Item::Token(last)) = items.last()
        && matches!(last.text.as_str(), "," | ".")
        && items.len() > 1
    {
        items.pop();
    }
    items
}

/// What became of one item or one token of the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// An item stands in the source as it is.
    Same(usize, usize),
    /// An item stands for another token.
    Other(usize, usize),
    /// An item that the source does not have.
    Added(usize),
    /// A token of the source that the quotation leaves out.
    Missing(usize),
    /// A token of the source that a gap leaves out.
    Hidden(usize),
}

impl Step {
    /// The same step, the items counted from earlier on.
    pub(super) fn behind(self, items: usize) -> Self {
        match self {
            Step::Same(item, token) => Step::Same(items + item, token),
            Step::Other(item, token) => Step::Other(items + item, token),
            Step::Added(item) => Step::Added(items + item),
            Step::Missing(_) | Step::Hidden(_) => self,
        }
    }
}

/// Whether a stretch of a source may go on beyond either end of a quotation.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) start: bool,
    pub(super) end: bool,
}

/// A quotation laid beside a stretch of a source.
pub(super) struct Alignment {
    /// The steps from left to right; their tokens are indices into the source.
    pub(super) steps: Vec<Step>,
    /// The weight of all that differs.
    pub(super) cost: u32,
}

impl Alignment {
    /// The tokens of the source from the first to the last that belong to it.
    pub(super) fn tokens(&self) -> Option<Range<usize>> {
        let token = |step: &Step| match step {
            Step::Same(_, token) | Step::Other(_, token) | Step::Missing(token) => Some(*token),
            Step::Hidden(_) | Step::Added(_) => None,
        };
        let first = self.steps.iter().find_map(token)?;
        let last = self.steps.iter().rev().find_map(token)?;
        Some(first..last + 1)
    }
}

/// How the least cost of a cell was reached.
const BOTH: u8 = 0;
const ITEM: u8 = 1;
const TOKEN: u8 = 2;

/// What differs counts first; of two ways at one cost, the one with more of the same words is taken.
const SCALE: i32 = 1 << 14;

/// Lays a quotation beside the best part of a stretch of a source: edit distance by weight, the source's ends free.
pub(super) fn align(
    items: &[Item],
    index: &Index,
    texts: &[&Folded],
    stretch: Range<usize>,
) -> Alignment {
    let free = Ends {
        start: true,
        end: true,
    };
    align_between(items, index, texts, stretch, free)
}

/// The same; where an end of the source is not free, all of the stretch up to it belongs to the quotation.
pub(super) fn align_between(
    items: &[Item],
    index: &Index,
    texts: &[&Folded],
    stretch: Range<usize>,
    free: Ends,
) -> Alignment {
    let source: Vec<Candidate> = stretch
        .clone()
        .map(|at| Candidate::new(index, texts, at))
        .collect();
    let width = source.len() + 1;
    let mut moves = vec![BOTH; (items.len() + 1) * width];
    let mut above = vec![0; width];
    if !free.start {
        for (column, token) in source.iter().enumerate() {
            above[column + 1] = above[column] + scaled(token.weight);
        }
    }
    let mut row = vec![0; width];
    for (line, item) in items.iter().enumerate() {
        let moves = &mut moves[(line + 1) * width..(line + 2) * width];
        let added = scaled(item_weight(item));
        row[0] = above[0] + added;
        moves[0] = ITEM;
        for (column, token) in source.iter().enumerate() {
            let (both, missing) = match item {
                Item::Token(quoted) => (exchange(quoted, token), scaled(token.weight)),
                Item::Gap(_) => (None, 0),
            };
            let mut best = (above[column + 1] + added, ITEM);
            if row[column] + missing < best.0 {
                best = (row[column] + missing, TOKEN);
            }
            let both = both.map(|cost| match cost {
                0 => above[column] - signed(item_weight(item)),
                cost => above[column] + scaled(cost),
            });
            if let Some(both) = both
                && both <= best.0
            {
                best = (both, BOTH);
            }
            (row[column + 1], moves[column + 1]) = best;
        }
        std::mem::swap(&mut above, &mut row);
    }
    let best = (0..width).min_by_key(|column| above[*column]);
    let mut end = best.filter(|_| free.end).unwrap_or(width - 1);
    // A last word stands for the source's next one, rather than for nothing.
    let last = &moves[items.len() * width..];
    while end > 0 && end + 1 < width && above[end + 1] == above[end] && last[end + 1] == BOTH {
        end += 1;
    }
    let steps = retrace(items, &source, &moves, end, (stretch.start, free));
    let shared = steps.iter().map(|step| match step {
        Step::Same(item, _) => item_weight(&items[*item]),
        Step::Other(..) | Step::Added(_) | Step::Missing(_) | Step::Hidden(_) => 0,
    });
    let cost = (above[end] + signed(shared.sum())) / SCALE;
    Alignment {
        cost: cost.unsigned_abs(),
        steps,
    }
}

fn signed(weight: u32) -> i32 {
    i32::try_from(weight).unwrap_or(i32::MAX)
}

fn scaled(weight: u32) -> i32 {
    signed(weight) * SCALE
}

/// The weight of all items.
pub(super) fn total(items: &[Item]) -> u32 {
    items.iter().map(item_weight).sum()
}

/// Whether an item stands in the source as this token.
pub(super) fn is_same(item: &Item, index: &Index, texts: &[&Folded], token: usize) -> bool {
    match item {
        Item::Token(quoted) => exchange(quoted, &Candidate::new(index, texts, token)) == Some(0),
        Item::Gap(_) => false,
    }
}

pub(super) fn item_weight(item: &Item) -> u32 {
    match item {
        Item::Token(quoted) => quoted.weight,
        Item::Gap(_) => 0,
    }
}

/// The steps that led to the last line's best column.
fn retrace(
    items: &[Item],
    source: &[Candidate],
    moves: &[u8],
    mut column: usize,
    (shift, free): (usize, Ends),
) -> Vec<Step> {
    let width = source.len() + 1;
    let mut line = items.len();
    let mut steps = Vec::new();
    while line > 0 {
        let item = &items[line - 1];
        let token = shift + column.saturating_sub(1);
        match (moves[line * width + column], item) {
            (BOTH, Item::Token(quoted)) => {
                let same = exchange(quoted, &source[column - 1]) == Some(0);
                steps.push(if same {
                    Step::Same(line - 1, token)
                } else {
                    Step::Other(line - 1, token)
                });
                (line, column) = (line - 1, column - 1);
            }
            (TOKEN, Item::Token(_)) => {
                steps.push(Step::Missing(token));
                column -= 1;
            }
            (TOKEN, Item::Gap(_)) => {
                steps.push(Step::Hidden(token));
                column -= 1;
            }
            (_, Item::Token(_)) => {
                steps.push(Step::Added(line - 1));
                line -= 1;
            }
            (_, Item::Gap(_)) => line -= 1,
        }
    }
    if !free.start {
        steps.extend(
            (0..column)
                .rev()
                .map(|column| Step::Missing(shift + column)),
        );
    }
    steps.reverse();
    steps
}

/// A token of the source, at hand.
struct Candidate<'t> {
    text: &'t str,
    word: u32,
    weight: u32,
}

impl<'t> Candidate<'t> {
    fn new(index: &Index, texts: &[&'t Folded], at: usize) -> Self {
        let token = index.tokens[at];
        let text = &texts[token.paragraph as usize - 1].text[token.range()];
        Candidate {
            text,
            word: token.word,
            weight: weight(text),
        }
    }
}

/// What it costs to read one token for another; none where a mark stands against a word.
fn exchange(quoted: &Quoted, token: &Candidate<'_>) -> Option<u32> {
    if quoted.word == Some(token.word) {
        let same = quoted.text == token.text
            || (quoted.first && other_case(&quoted.text).as_deref() == Some(token.text));
        return Some(u32::from(!same));
    }
    match quoted.open {
        Open::End if token.text.starts_with(quoted.text.as_str()) => return Some(0),
        Open::Start if token.text.ends_with(quoted.text.as_str()) => return Some(0),
        Open::End | Open::Start | Open::Closed => {}
    }
    if is_word(&quoted.text) != is_word(token.text) {
        return None;
    }
    Some(if is_alike(&quoted.text, token.text) {
        quoted.weight.div_ceil(2)
    } else {
        quoted.weight
    })
}

/// Whether two words are one with a slip or another ending; numbers never are.
fn is_alike(one: &str, other: &str) -> bool {
    let near = one.len().abs_diff(other.len()) <= 3 && one.len().min(other.len()) >= 4;
    if !near || one.contains(char::is_numeric) || other.contains(char::is_numeric) {
        return false;
    }
    let begins = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b);
    let begins = begins.count();
    let ends = one
        .bytes()
        .rev()
        .zip(other.bytes().rev())
        .take_while(|(a, b)| a == b);
    // All but a third is the same at both ends together.
    (begins + ends.count()) * 3 >= one.len().max(other.len()) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Same words as they are, `quotation|source` where they differ, `~` before what a gap hides.
    fn check(text: &str, quotation: &str, expected: &str, cost: u32) {
        let texts = [Folded::new(text)];
        let index = Index::new(std::iter::once((1, &texts[0])));
        let texts = [&texts[0]];
        let items = items(quotation, &index);
        let alignment = align(&items, &index, &texts, 0..index.tokens.len());
        let of_item = |item: usize| match &items[item] {
            Item::Token(quoted) => quoted.text.as_str(),
            Item::Gap(_) => "…",
        };
        let of_token = |token: usize| &texts[0].text[index.tokens[token].range()];
        let shown: Vec<String> = alignment
            .steps
            .iter()
            .map(|step| match step {
                Step::Same(item, _) => of_item(*item).to_owned(),
                Step::Other(item, token) => format!("{}|{}", of_item(*item), of_token(*token)),
                Step::Added(item) => format!("{}|", of_item(*item)),
                Step::Missing(token) => format!("|{}", of_token(*token)),
                Step::Hidden(token) => format!("~{}", of_token(*token)),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
        assert_eq!(alignment.cost, cost, "{expected}");
    }

    #[test]
    fn a_quotation_is_laid_beside_its_source() {
        let text = "They said that the plan will, in time, give the command more capability.";
        check(text, "The plan will, in time", "The plan will , in time", 0);
        check(text, "the plan may", "the plan may|will", 2);
        check(text, "plan will in time", "plan will |, in time", 1);
        check(text, "that plan will", "that |the plan will", 2);
        check(text, "The new plan", "The new| plan", 2);
        check(text, "the Plan", "the Plan|plan", 1);
        check(text, "teh comand", "teh|the comand|command", 4);
        check(
            text,
            "give … capability",
            "give ~the ~command ~more capability",
            0,
        );
        check(
            text,
            "plan [shall] giv[es] the comand",
            "plan ~will ~, ~in ~time ~, giv the comand|command",
            2,
        );
        check("", "plan", "plan|", 4);
    }
}
