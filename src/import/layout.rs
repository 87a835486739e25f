//! From the saved text to passages: one paragraph, heading or list item each.
//!
//! A file is **hard-wrapped** when its lines are 30 to 110 columns wide and, of the lines that
//! another follows without a blank line, half break off in the middle of a sentence, seven in ten
//! of these because the next line's first word would not have fitted. There the lines of a
//! paragraph are joined; a hyphen at a line's end stays, since nobody can tell whose it is. In
//! every other file a line is a paragraph, with or without blank lines between.

use super::lines::{Line, lines};
use super::text;

/// One paragraph, heading or list item of the saved page, as one line.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    /// The number of its first line in the saved file, from 1.
    pub(super) line: usize,
    /// Its text, with the bullet if it is a list item.
    pub(super) text: String,
    /// How many bytes of the text are the bullet; 0 if it is no list item.
    bullet: usize,
    /// How a web page's markup sets it; plain text has none.
    pub(super) set: Option<Set>,
}

/// How a web page's markup sets a passage.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) form: Form,
    /// The passage as Markdown, without the marks of what it stands in.
    pub(super) markdown: String,
    /// The quotations and list items that it stands in, the outermost first.
    pub(super) within: Vec<Nest>,
}

/// What kind of block a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A heading and its level.
    Heading(u8),
    Paragraph,
    /// A table, code, a picture: nothing of what is said of a page's lines is said of it.
    Figure,
}

/// A quotation or list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nest {
    /// Different for each of the page.
    pub(super) id: usize,
    pub(super) kind: NestKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NestKind {
    Quotation,
    /// An item of a list: the list's id, and the item's number if they are numbered.
    Item {
        list: usize,
        number: Option<u32>,
    },
}

impl Passage {
    /// A passage of a web page.
    pub(super) fn set(line: usize, text: String, set: Set) -> Self {
        Passage {
            line,
            text,
            bullet: 0,
            set: Some(set),
        }
    }

    /// The text without its bullet, if this is an item of a list.
    pub(super) fn item(&self) -> Option<&str> {
        let set = self.set.as_ref();
        let item = set.is_some_and(|set| {
            let inner = set.within.last().map(|nest| nest.kind);
            matches!(inner, Some(NestKind::Item { .. }))
        });
        (self.bullet > 0 || item).then(|| &self.text[self.bullet..])
    }

    /// Whether this is a table, code or a picture.
    pub(super) fn is_figure(&self) -> bool {
        self.set
            .as_ref()
            .is_some_and(|set| set.form == Form::Figure)
    }
}

/// The passages of a saved text, in its order.
pub(super) fn passages(saved: &str) -> Vec<Passage> {
    let lines = lines(saved);
    let width = wrapped_width(&lines);
    let mut passages: Vec<Passage> = Vec::new();
    let mut former: Option<&Line> = None;
    let mut in_item = false;
    for line in &lines {
        match (former, passages.last_mut()) {
            (Some(former), Some(passage)) if continues(former, line, in_item, width) => {
                join(&mut passage.text, &line.text);
            }
            _ => {
                in_item = bullet(&line.text).is_some();
                passages.push(Passage {
                    line: line.number,
                    text: line.text.clone(),
                    bullet: 0,
                    set: None,
                });
            }
        }
        former = Some(line);
    }
    mark_items(&mut passages);
    passages
}

/// The width at which the file's lines were wrapped, if they were.
fn wrapped_width(lines: &[Line]) -> Option<usize> {
    let breaks: Vec<(&Line, &Line)> = lines.windows(2).filter_map(inner_break).collect();
    let width = usual_width(&breaks)?;
    // Menus and buttons are short, and say nothing of how the text was set.
    let told: Vec<_> = breaks
        .into_iter()
        .filter(|(line, _)| line.columns() * 3 >= width)
        .collect();
    let broken = |(line, _): &&(&Line, &Line)| !text::ends_sentence(&line.text);
    let broken: Vec<_> = told.iter().filter(broken).collect();
    let filled = broken
        .iter()
        .filter(|(line, next)| is_filled(line, next, width))
        .count();
    let wrapped = filled >= 2 && broken.len() * 2 >= told.len() && filled * 10 >= broken.len() * 7;
    wrapped.then_some(width)
}

/// Two lines with nothing between them, of which the second is neither a bullet's nor indented.
fn inner_break(pair: &[Line]) -> Option<(&Line, &Line)> {
    let [line, next] = pair else { return None };
    let apart = next.gap || next.soft || next.indent > line.indent + 1;
    (!apart && bullet(&next.text).is_none()).then_some((line, next))
}

/// The width that nine lines in ten keep to; a wide title must not hide that the rest is wrapped.
fn usual_width(breaks: &[(&Line, &Line)]) -> Option<usize> {
    let mut widths: Vec<usize> = breaks.iter().map(|(line, _)| line.columns()).collect();
    widths.sort_unstable();
    let width = *widths.get(widths.len() * 9 / 10)?;
    (30..=110).contains(&width).then_some(width)
}

/// Whether the next line's first word would not have fitted.
fn is_filled(line: &Line, next: &Line, width: usize) -> bool {
    line.columns() + 1 + first_word(&next.text) > width
}

/// The columns of the first stretch that a filler of lines keeps together: a word, or two
/// characters without spaces (the second stands for a closing mark that may not begin a line).
fn first_word(text: &str) -> usize {
    if text.starts_with(text::is_unspaced) {
        return 4;
    }
    text::columns(text.split([' ', '\u{3000}']).next().unwrap_or_default())
}

fn continues(former: &Line, line: &Line, in_item: bool, width: Option<usize>) -> bool {
    if line.gap || begins_item(former, line, in_item, width) {
        return false;
    }
    if line.soft {
        return true;
    }
    let Some(width) = width else { return false };
    if line.indent > former.indent + 1 {
        return in_item;
    }
    is_filled(former, line, width) || runs_on(former, line, width)
}

/// In a wrapped paragraph a dash may come to stand at a line's beginning: there it is a bullet only
/// where a list can begin.
fn begins_item(former: &Line, line: &Line, in_item: bool, width: Option<usize>) -> bool {
    let room = in_item || line.indent > former.indent || ends_block(&former.text);
    bullet(&line.text).is_some_and(|bullet| bullet.sure || width.is_none() || room)
}

fn ends_block(text: &str) -> bool {
    text::ends_sentence(text) || text.ends_with([':', '：'])
}

/// Whether the sentence plainly goes on in the next line, though that line's first word would have
/// fitted.
fn runs_on(former: &Line, line: &Line, width: usize) -> bool {
    let small = line.text.starts_with(char::is_lowercase);
    let caseless = line.text.starts_with(text::is_unspaced) && former.columns() * 10 >= width * 8;
    !text::ends_sentence(&former.text) && (small || caseless)
}

/// Joins a line to its paragraph: with a space, but not between characters of scripts without
/// spaces, nor after a hyphen or dash that a word stands at.
fn join(paragraph: &mut String, line: &str) {
    if wants_space(paragraph, line) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

fn wants_space(paragraph: &str, line: &str) -> bool {
    if paragraph.ends_with(text::is_unspaced) || line.starts_with(text::is_unspaced) {
        return false;
    }
    let Some(word) = paragraph.strip_suffix(['-', '\u{2010}', '–', '—']) else {
        return true;
    };
    // "short- and long-range" was cut at its space.
    let suspended = ["and ", "or ", "to ", "und ", "oder "]
        .iter()
        .any(|small| line.starts_with(small));
    suspended || word.ends_with(' ') || word.is_empty()
}

struct Bullet {
    width: usize,
    /// A character that is nothing but a bullet; a hyphen, a dash or an asterisk may be one.
    sure: bool,
}

fn bullet(text: &str) -> Option<Bullet> {
    let mark = text.chars().next()?;
    let rest = &text[mark.len_utf8()..];
    let width = text.len() - rest.trim_start().len();
    let spaced = width > mark.len_utf8();
    match mark {
        _ if rest.is_empty() => None,
        '•' | '‣' | '◦' | '▪' | '▸' | '►' | '⁃' => Some(Bullet { width, sure: true }),
        '-' | '*' | '–' | '+' | '·' | '○' | '□' | '−' if spaced => {
            Some(Bullet { width, sure: false })
        }
        '・' | '●' | '■' => Some(Bullet { width, sure: false }),
        _ => None,
    }
}

/// Marks the items. One dash alone may be speech or a signature: it takes two of a kind to make a
/// list.
fn mark_items(passages: &mut [Passage]) {
    let mut former = None;
    for at in 0..passages.len() {
        let (mark, found) = (mark(&passages[at]), bullet(&passages[at].text));
        let next = passages.get(at + 1).and_then(self::mark);
        passages[at].bullet = match found {
            Some(bullet) if bullet.sure || mark == former || mark == next => bullet.width,
            _ => 0,
        };
        former = mark;
    }
}

/// The bullet's character, if the passage begins with one.
fn mark(passage: &Passage) -> Option<char> {
    bullet(&passage.text).and_then(|_| passage.text.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(saved: &str, expected: &[&str]) {
        let texts: Vec<String> = passages(saved).iter().map(shown).collect();
        assert_eq!(texts, expected);
    }

    fn shown(passage: &Passage) -> String {
        passage
            .item()
            .map_or_else(|| passage.text.clone(), |item| format!("[item] {item}"))
    }

    const WRAPPED: &str = "\
The millers of the upper valley met on Tuesday and agreed to open the
floodgates before the autumn rains, which have come early in three of
the last four years.

The council had asked for a delay. “We were not heard,” its chairwoman
said after the meeting, and left the hall.
";

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        check(
            WRAPPED,
            &[
                "The millers of the upper valley met on Tuesday and agreed to open the floodgates before the autumn rains, which have come early in three of the last four years.",
                "The council had asked for a delay. “We were not heard,” its chairwoman said after the meeting, and left the hall.",
            ],
        );
    }

    #[test]
    fn wrapped_paragraphs_may_be_told_by_their_indent() {
        let saved = "   The millers of the valley met on Tuesday and they agreed\n\
                     to open the floodgates before the rains of the autumn begin.\n\
                     \x20  The council had asked for a delay of several weeks, but\n\
                     it was not heard, its chairwoman said.\n";
        check(
            saved,
            &[
                "The millers of the valley met on Tuesday and they agreed to open the floodgates before the rains of the autumn begin.",
                "The council had asked for a delay of several weeks, but it was not heard, its chairwoman said.",
            ],
        );
    }

    #[test]
    fn a_page_break_ends_a_wrapped_paragraph() {
        let saved = WRAPPED.replacen("open the\n", "open the\u{c}", 1);
        assert_eq!(passages(&saved).len(), 3);
    }

    #[test]
    fn a_wrapped_line_may_be_short_where_its_sentence_goes_on() {
        let ragged = WRAPPED.replace(
            "heard,” its chairwoman\nsaid",
            "heard,”\nits chairwoman said",
        );
        assert_eq!(passages(&format!("{WRAPPED}\n{ragged}")).len(), 4);
    }

    #[test]
    fn lines_that_break_off_are_not_wrapped_for_that() {
        let saved = "Mabel, the oldest of all the ferries that went to the pier\n\
                     Nine Sisters, which sank in the harbor\n\
                     Old Harbor Queen, sold to the town across the bay in June\n\
                     The Gull, of which little is known\n\
                     The Herring, the largest of the ferries that are mentioned\n\
                     The Unforgettable, which was\n";
        assert_eq!(passages(saved).len(), 6);
    }

    #[test]
    fn a_few_lines_that_break_off_do_not_make_a_file_wrapped() {
        let saved = "The first gate was opened at dawn by the keeper of the mill,\n\
                     said a letter that was found a year later in the mill.\n\
                     The second gate was opened at noon by his son, or so it\n\
                     Thereafter the third was never opened by either of them.\n\
                     The fourth gate is not so much as mentioned in it at all.\n\
                     The fifth gate is the one that everybody knows of today.\n\
                     The sixth gate was built after the letter was written.\n";
        assert_eq!(passages(saved).len(), 7);
    }

    #[test]
    fn a_wrapped_file_keeps_its_short_lines_apart() {
        let saved = format!("Millers Open the Gates\nBy Ada Brook\n\n{WRAPPED}");
        let texts: Vec<String> = passages(&saved).iter().map(shown).collect();
        assert_eq!(&texts[..2], ["Millers Open the Gates", "By Ada Brook"]);
        assert_eq!(texts.len(), 4);
    }

    #[test]
    fn wrapped_paragraphs_without_blank_lines() {
        let saved = "Millers Agree\nBy Ada Brook\n\n\
                     The millers of the upper valley met on Tuesday and agreed to open the\n\
                     floodgates before the autumn rains, which have come early in three of\n\
                     the last four years. The council had asked for a delay.\n\
                     What the Millers Want\n\
                     They want gates that open at dawn, whatever the council’s clerk may\n\
                     have to say about it.\n";
        let texts: Vec<String> = passages(saved).iter().map(shown).collect();
        assert_eq!(texts.len(), 5);
        assert_eq!(texts[3], "What the Millers Want");
    }

    #[test]
    fn a_wrapped_list_item_keeps_its_lines() {
        let saved = format!(
            "{WRAPPED}\n- The first gate opens at dawn, when the keeper has been\n  told by the miller of the village.\n- The second stays shut.\n"
        );
        let texts: Vec<String> = passages(&saved).iter().map(shown).collect();
        assert_eq!(
            &texts[2..],
            [
                "[item] The first gate opens at dawn, when the keeper has been told by the miller of the village.",
                "[item] The second stays shut.",
            ]
        );
    }

    #[test]
    fn a_dash_in_a_wrapped_paragraph_is_no_bullet() {
        let saved = "The millers of the upper valley met on Tuesday and agreed, all nine\n\
                     – the tenth was ill – to open the floodgates before the rains, which\n\
                     have come early in three of the last four years, or so the miller of\n\
                     the upper village says.\n";
        assert_eq!(passages(saved).len(), 1);
    }

    #[test]
    fn a_line_is_a_paragraph_in_every_other_file() {
        check(
            "The gates opened.\nNobody was there to see it happen.\nThe river fell.",
            &[
                "The gates opened.",
                "Nobody was there to see it happen.",
                "The river fell.",
            ],
        );
    }

    #[test]
    fn short_sentences_of_one_length_are_not_wrapped() {
        let saved = "The first gate was opened at dawn by the keeper.\nThe second gate was opened at noon by his son.\nThe third gate was never opened by either man.\n";
        assert_eq!(passages(saved).len(), 3);
    }

    #[test]
    fn wrapped_japanese_joins_without_spaces() {
        let saved = "水門の番人たちは火曜日に集まり、秋の雨が来る前に水門を開け\nることで合意した。雨は過去四年のうち三年で早く降り始めてい\nる。\n\n町の議会は延期を求めていたが、聞き入れられなかったと議長が\n話した。\n";
        check(
            saved,
            &[
                "水門の番人たちは火曜日に集まり、秋の雨が来る前に水門を開けることで合意した。雨は過去四年のうち三年で早く降り始めている。",
                "町の議会は延期を求めていたが、聞き入れられなかったと議長が話した。",
            ],
        );
    }

    #[test]
    fn hyphens_at_a_wrapped_end() {
        for (former, line, expected) in [
            ("a long-", "range plan", "a long-range plan"),
            ("short-", "and long-range", "short- and long-range"),
            ("the men —", "nine of them", "the men — nine of them"),
            ("the men—", "nine of them", "the men—nine of them"),
        ] {
            let mut joined = former.to_string();
            join(&mut joined, line);
            assert_eq!(joined, expected);
        }
    }

    #[test]
    fn line_separators_stay_inside_a_paragraph() {
        check(
            "The gates opened\u{2028}at dawn.\u{2028}\nThe river fell.\u{2029}Nobody saw it.",
            &[
                "The gates opened at dawn.",
                "The river fell.",
                "Nobody saw it.",
            ],
        );
    }

    #[test]
    fn line_numbers_are_the_editors() {
        let numbers = |saved| {
            passages(saved)
                .iter()
                .map(|passage| passage.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            numbers("\u{feff}One\r\n\r\nTwo\rThree\n\nFour"),
            [1, 3, 4, 6]
        );
        assert_eq!(numbers("One\u{2029}Two\nThree"), [1, 1, 2]);
    }

    #[test]
    fn bullets_of_many_kinds() {
        check(
            "  •\u{a0}one\n\n•two\n* three\n* four\n– five\n– six",
            &[
                "[item] one",
                "[item] two",
                "[item] three",
                "[item] four",
                "[item] five",
                "[item] six",
            ],
        );
    }

    #[test]
    fn one_dash_or_asterisk_is_text() {
        check(
            "The gates opened.\n- Ada Brook\nThe river fell.\n* An earlier version was wrong.",
            &[
                "The gates opened.",
                "- Ada Brook",
                "The river fell.",
                "* An earlier version was wrong.",
            ],
        );
    }
}
