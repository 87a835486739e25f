//! Quotation marks in running text: what stands between them, and which of them have no other.

use std::collections::BTreeMap;
use std::ops::Range;

/// A mark that does not do what its form says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slip {
    /// It begins a quotation that does not end.
    Unclosed,
    /// It ends a quotation that does not begin.
    Unopened,
    /// It begins a quotation, and is the mark for the end, or the other way round.
    Turned,
    /// It stands within a word, and has no other: `computer“s`.
    InWord,
}

/// The quotations of a text, and the marks that are amiss.
#[derive(Default)]
pub(super) struct Marks {
    /// The ranges between two marks; what is quoted inside a quotation belongs to it.
    pub(super) quotations: Vec<Range<usize>>,
    pub(super) slips: Vec<(Slip, Range<usize>)>,
}

impl Marks {
    /// The marks of `text`, but for those that `is_code` says are code.
    pub(super) fn of(text: &str, is_code: impl Fn(usize) -> bool) -> Self {
        let mut scan = Scan::default();
        let marks = text.match_indices(MARKS).filter(|(at, _)| !is_code(*at));
        let mut marks = marks
            .map(|(at, mark)| Mark::at(text, at, mark))
            .collect::<Vec<_>>()
            .into_iter();
        while let Some(mark) = marks.next() {
            let mut further = marks.as_slice().iter().take_while(|mark| mark.sign != '‘');
            // The last mark that can end a quotation does.
            let owns = mark.owns && further.any(|other| other.sign == mark.sign && other.ends());
            scan.mark(Mark { owns, ..mark });
        }
        scan.finish()
    }

    /// The mark of a quotation that begins behind all others and does not end.
    pub(super) fn open(&self) -> Option<Range<usize>> {
        let (slip, mark) = self.slips.last()?;
        let behind = self
            .quotations
            .last()
            .is_none_or(|range| range.end <= mark.start);
        (*slip == Slip::Unclosed && behind).then(|| mark.clone())
    }
}

const MARKS: [char; 26] = [
    '“', '”', '„', '‟', '"', '＂', '″', '«', '»', '「', '」', '｢', '｣', '『', '』', '❝', '❞', '〝',
    '〟', '〞', '‘', '’', '‚', '‹', '›', '\'',
];

/// The sign that a mark is another form of.
fn plain(mark: char) -> char {
    match mark {
        '‟' | '❝' | '〝' => '“',
        '❞' | '〟' | '〞' => '”',
        '｢' => '「',
        '｣' => '」',
        // The full-width mark and the double prime, which is also the sign for inches.
        '＂' | '″' => '"',
        other => other,
    }
}

/// What a mark can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Begin a quotation alone.
    Begins,
    /// End one alone.
    Ends,
    Either,
}

/// A mark and its neighbours.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    length: usize,
    sign: char,
    /// What it can do by its neighbours.
    side: Side,
    /// Whether it can be the apostrophe of a plural: `the allies’ plan`.
    owns: bool,
    /// Whether letters stand on both sides, as round a mistyped apostrophe.
    inside_word: bool,
    /// Whether it stands behind a figure that may be of inches.
    measures: bool,
}

impl Mark {
    fn at(text: &str, at: usize, mark: &str) -> Self {
        let before = text[..at].chars().next_back();
        let rest = &text[at + mark.len()..];
        let after = rest.chars().next();
        let apart = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let behind_gap =
            apart(before) || before.is_some_and(|c| "([{—–-/“„«「‘『‚‹❝〝‟*".contains(c));
        let before_gap =
            apart(after) || after.is_some_and(|c| ".,;:!?)]}—–-…”»」’』›❞〟〞".contains(c));
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let side = match (behind_gap, before_gap) {
            // For what is left out: `‘90s`, `'tis`.
            (true, false) if mark == "‘" || mark == "'" => {
                let stands_for = after.is_some_and(char::is_numeric) || is_elided(rest);
                if stands_for {
                    Side::Either
                } else {
                    Side::Begins
                }
            }
            (true, false) => Side::Begins,
            (false, true) => Side::Ends,
            (true, true) | (false, false) => Side::Either,
        };
        Mark {
            at,
            length: mark.len(),
            sign: mark.chars().next().map_or('"', plain),
            side,
            owns: before == Some('s')
                && rest.starts_with(' ')
                && rest[1..].starts_with(char::is_lowercase),
            inside_word: letter(before) && letter(after),
            measures: is_measure(&text[..at]),
        }
    }

    fn begins(self) -> bool {
        self.side == Side::Begins
    }

    fn ends(self) -> bool {
        self.side == Side::Ends
    }

    fn range(self) -> Range<usize> {
        self.at..self.at + self.length
    }
}

/// Whether a text ends with a figure that may count inches: no year.
fn is_measure(text: &str) -> bool {
    let figures = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (1..=3).contains(&figures)
}

/// Whether a text begins with a word that has lost its beginning.
fn is_elided(text: &str) -> bool {
    const ELIDED: [&str; 8] = ["tis", "twas", "til", "em", "cause", "bout", "round", "n"];
    let end = text.find(|c: char| !c.is_alphabetic());
    let word = text[..end.unwrap_or(text.len())].to_lowercase();
    ELIDED.contains(&word.as_str())
}

#[derive(Default)]
struct Scan {
    open: Vec<Mark>,
    marks: Marks,
}

impl Scan {
    fn mark(&mut self, mark: Mark) {
        let top = self.open.last().map(|open| open.sign);
        let inside = matches!(top, Some('“' | '"' | '”'));
        match mark.sign {
            '“' if top == Some('„') => self.close(mark),
            '“' if inside && mark.ends() => {
                self.slip(Slip::Turned, mark);
                self.close(mark);
            }
            // The low mark begins a quotation, whatever began this one.
            '„' if inside && mark.ends() => {
                self.slip(Slip::Turned, mark);
                self.close(mark);
            }
            '”' if inside || matches!(top, Some('„' | '「')) => self.close(mark),
            '”' if mark.begins() => {
                self.slip(Slip::Turned, mark);
                self.open.push(mark);
            }
            '"' if inside && !mark.begins() => self.close(mark),
            '”' | '"' if mark.measures && !mark.begins() => {}
            '”' => self.slip(Slip::Unopened, mark),
            '"' if mark.ends() => self.slip(Slip::Unopened, mark),
            '"' if mark.inside_word => {}
            '»' if top == Some('«') => self.close(mark),
            // German books turn them round.
            '«' if top == Some('»') => self.close(mark),
            '»' if !mark.begins() => {}
            // British books have single marks, which apostrophes look like.
            '‘' | '\'' | '‚' | '›' if mark.begins() && self.open.is_empty() => {
                self.open.push(mark);
            }
            '‘' | '’' if top == Some('‚') && mark.ends() && !mark.owns => self.close(mark),
            '’' if top == Some('‘') && mark.ends() && !mark.owns => self.close(mark),
            '\'' if top == Some('\'') && mark.ends() && !mark.owns => self.close(mark),
            '‘' | '’' | '\'' | '‚' => {}
            '‹' if self.open.is_empty() => self.open.push(mark),
            '›' if top == Some('‹') => self.close(mark),
            '‹' if top == Some('›') => self.close(mark),
            '‹' | '›' => {}
            '』' if top == Some('『') => self.close(mark),
            '』' => {}
            '」' if top == Some('「') => self.close(mark),
            '」' => self.slip(Slip::Unopened, mark),
            _ => self.open.push(mark),
        }
    }

    fn close(&mut self, end: Mark) {
        if let Some(begin) = self.open.pop() {
            self.marks.quotations.push(begin.range().end..end.at);
        }
    }

    fn slip(&mut self, slip: Slip, mark: Mark) {
        let slip = match slip {
            Slip::Unclosed | Slip::Unopened if mark.inside_word => Slip::InWord,
            slip => slip,
        };
        self.marks.slips.push((slip, mark.range()));
    }

    fn finish(mut self) -> Marks {
        let open = std::mem::take(&mut self.open).into_iter();
        let open: BTreeMap<usize, Mark> = open
            .filter(|mark| !"«»‘'‚‹›『".contains(mark.sign))
            .map(|mark| (mark.at, mark))
            .collect();
        // A mark that is turned and alone is no other slip.
        let slips = &mut self.marks.slips;
        slips.retain(|(_, range)| !open.contains_key(&range.start));
        for mark in open.into_values() {
            self.slip(Slip::Unclosed, mark);
        }
        let quotations = &mut self.marks.quotations;
        quotations.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        quotations.retain(|range| {
            let outer = range.end > end && !range.is_empty();
            end = end.max(range.end);
            outer
        });
        self.marks.slips.sort_by_key(|(_, range)| range.start);
        self.marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, quotations: &[&str], slips: &[(Slip, usize)]) {
        let marks = Marks::of(text, |_| false);
        let found: Vec<&str> = marks.quotations.into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, quotations, "{text}");
        let found: Vec<_> = marks
            .slips
            .iter()
            .map(|(slip, range)| (*slip, text[..range.start].chars().count()))
            .collect();
        assert_eq!(found, slips, "{text}");
    }

    #[test]
    fn marks_stand_in_pairs() {
        check("a “b c” d „e“ f «g» h 「i」", &["b c", "e", "g", "i"], &[]);
        check("“He said “no” twice”", &["He said “no” twice"], &[]);
        check(
            "“a \"b\" c” and \"d “e” f\"",
            &["a \"b\" c", "d “e” f"],
            &[],
        );
        check("“mixed\" and \"mixed”.", &["mixed", "mixed"], &[]);
        check("彼は「はい」と", &["はい"], &[]);
        check("»so« and »so«", &["so", "so"], &[]);
        check("彼は\"はい\"と it\"s", &["はい"], &[]);
        check("‘it’s so’ and the allies’ plan", &["it’s so"], &[]);
        check(
            "‘the allies’ plan’, “two”",
            &["the allies’ plan", "two"],
            &[],
        );
        check("‘the allies’ plan", &["the allies"], &[]);
        check("the ‘90s, ’tis, ‘Abd “two” x", &["two"], &[]);
        check("a 5\" gun, 6’ 2” tall", &[], &[]);
        check("＂a b＂ and ″c d″, a 5″ gun", &["a b", "c d"], &[]);
        check("「a b” c", &["a b"], &[]);
        check(
            "‚it’s so‘ ‹f g› ›h i‹ ❝j❞ 〝k〟 ‟l” ｢m｣ 『n』",
            &["it’s so", "f g", "h i", "j", "k", "l", "m", "n"],
            &[],
        );
        check("«a ‹b› c» and „d ‚e‘ f“", &["a ‹b› c", "d ‚e‘ f"], &[]);
        check("「a『b』c」、『d", &["a『b』c"], &[]);
        check("File › Save › As, 1‚ 2 and ‚three “four”", &["four"], &[]);
        check("'it's so', the allies' 'n' two", &["it's so"], &[]);
        check(
            "'the allies' plan', “two”",
            &["the allies' plan", "two"],
            &[],
        );
        check("the '90s, 'tis the allies' plan, “don't”", &["don't"], &[]);
    }

    #[test]
    fn a_mark_alone_is_found() {
        use Slip::{InWord, Turned, Unclosed, Unopened};
        check("a “b c d. “E f” g", &["E f"], &[(Unclosed, 2)]);
        check("a \"b c d. \"E f\" g", &["E f"], &[(Unclosed, 2)]);
        check("a b c” d. “E f” g", &["E f"], &[(Unopened, 5)]);
        check("a b c\" d.", &[], &[(Unopened, 5)]);
        check("a ”b c” d", &["b c"], &[(Turned, 2)]);
        check("a “b c“ d", &["b c"], &[(Turned, 6)]);
        check("a “b c„ d", &["b c"], &[(Turned, 6)]);
        check("a “b „c“ d” e", &["b „c“ d"], &[]);
        check("a ”b c", &[], &[(Unclosed, 2)]);
        check("a computer“s way", &[], &[(InWord, 10)]);
        check("a computer”s way", &[], &[(InWord, 10)]);
        check("「a", &[], &[(Unclosed, 0)]);
    }
}
