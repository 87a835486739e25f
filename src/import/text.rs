//! What the importer knows about characters, words and the ends of sentences.

/// The text of one line, with its dirt gone: invisible characters dropped, white space at both ends
/// dropped, and every run of white space inside made one space.
pub(super) fn tidy(raw: &str) -> String {
    let mut tidier = Tidier::default();
    for c in raw.chars() {
        tidier.push(c);
    }
    tidier.finish()
}

/// Text as it is tidied, character by character.
#[derive(Default)]
pub(super) struct Tidier {
    text: String,
    gap: String,
}

impl Tidier {
    /// Takes a character; the byte at which it then stands, unless it is white space or dropped.
    pub(super) fn push(&mut self, c: char) -> Option<usize> {
        // A direction mark at a line's edge has nothing to direct.
        if is_dropped(c) || (self.text.is_empty() && is_direction_mark(c)) {
            return None;
        }
        if c.is_whitespace() {
            self.gap.push(c);
            return None;
        }
        let before = self.text.chars().next_back();
        if let Some(before) = before.filter(|before| !self.gap.is_empty() && *before != '\n') {
            self.text.extend(space(before, &self.gap, c));
        }
        self.gap.clear();
        let at = self.text.len();
        self.text.push(c);
        Some(at)
    }

    /// Begins a new line of the same text, if there is text before it.
    pub(super) fn break_line(&mut self) {
        self.gap.clear();
        if !self.text.is_empty() && !self.is_at_break() {
            self.text.push('\n');
        }
    }

    /// Whether a line was broken, and nothing has followed.
    pub(super) fn is_at_break(&self) -> bool {
        self.text.ends_with('\n')
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        let is_edge = |c: char| c.is_whitespace() || is_direction_mark(c);
        let text = self.text.trim_matches(is_edge);
        if text.chars().all(is_mark) {
            return String::new();
        }
        text.to_owned()
    }
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}')
}

/// Characters that a page's layout leaves behind and no reader sees: zero-width spaces, byte order
/// marks, soft hyphens, places of pictures, control characters. Joiners and direction marks carry
/// meaning in Persian, Hindi and Hebrew: they stay.
fn is_dropped(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffc}' | '\u{10ffff}'
    );
    invisible || (c.is_control() && !c.is_whitespace())
}

/// Joiners and direction marks: alone on a line they are nothing.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The one space that stands for a run of white space between two characters; a line's end between
/// characters of scripts without spaces is none (CSS Text 3 §4.1.3).
fn space(before: char, run: &str, after: char) -> Option<char> {
    match run {
        "\u{3000}" => Some('\u{3000}'),
        "\u{a0}" if binds(before, after) => Some('\u{a0}'),
        "\u{202f}" if binds(before, after) => Some('\u{202f}'),
        _ if run.contains('\n') && is_unspaced(before) && is_unspaced(after) => None,
        _ => Some(' '),
    }
}

/// Whether typography asks for a space that does not break: in numbers, and as French sets its
/// marks.
fn binds(before: char, after: char) -> bool {
    let number = before.is_ascii_digit() && after.is_ascii_digit();
    number || before == '«' || matches!(after, '»' | ':' | ';' | '!' | '?' | '%' | '€')
}

/// Words in lower case with one space between them; punctuation is gone, apostrophes leave no gap
/// (`don’t` → `dont`).
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_apostrophe(*c)) {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Letters and digits alone, in lower case: what stays equal when a page runs its paragraphs
/// together.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// How many words stand between the spaces.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Width in the columns of a terminal: Han, kana, Hangul and full-width forms take two (UAX #11,
/// roughly).
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{ac00}'..='\u{d7a3}') || is_unspaced(c)
}

/// Characters of the scripts that set no spaces between words, and their punctuation. Hangul does
/// set spaces.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// The last character that counts for the end of a sentence: closing quotation marks and brackets
/// are passed over.
fn last_mark(text: &str) -> Option<char> {
    text.trim_end_matches(is_closing).chars().next_back()
}

fn is_closing(c: char) -> bool {
    is_mark(c)
        || matches!(
            c,
            '”' | '’' | '"' | '\'' | ')' | ']' | '»' | '“' | '›' | '‹' | '«'
        )
        || matches!(c, '」' | '』' | '）' | '】' | '〉' | '》' | '＂')
}

/// Whether the text ends as a sentence ends, in any script that the table knows.
pub(super) fn ends_sentence(text: &str) -> bool {
    last_mark(text).is_some_and(|c| matches!(c, '.' | '!' | '?' | '…') || is_foreign_stop(c))
}

fn is_foreign_stop(c: char) -> bool {
    matches!(
        c,
        '。' | '！' | '？' | '｡' | '．' | '؟' | '۔' | '।' | '॥' | '։' | '።' | '។'
    )
}

/// Whether the text ends in a full stop, not counting the stop of an abbreviation (`in the U.S.`).
pub(super) fn ends_with_stop(text: &str) -> bool {
    let stop = last_mark(text).is_some_and(|c| matches!(c, '.' | '…') || is_plain_stop(c));
    stop && !ends_with_abbreviation(text)
}

fn is_plain_stop(c: char) -> bool {
    is_foreign_stop(c) && !matches!(c, '！' | '？' | '؟')
}

fn ends_with_abbreviation(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default();
    let Some(stem) = word
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .strip_suffix('.')
    else {
        return false;
    };
    let dotted = stem
        .split('.')
        .all(|part| (1..=2).contains(&part.chars().count()));
    let known = matches!(stem, "Inc" | "Jr" | "Sr" | "Co" | "Corp" | "Ltd" | "Bros");
    known || (dotted && stem.contains('.'))
}

/// Whether the text ends in a mark after which more must come.
pub(super) fn ends_open(text: &str) -> bool {
    text.ends_with([',', ';', ':', '、', '，', '：', '；', '،', '-', '–', '—'])
}

/// A line of the article's running text: a sentence of some length, or a line too long to be
/// anything else.
pub(super) fn is_prose(text: &str) -> bool {
    let sentence = ends_sentence(text) && (word_count(text) >= 5 || unspaced_count(text) >= 8);
    sentence || columns(text) > 160
}

/// A sentence, however short.
pub(super) fn is_sentence(text: &str) -> bool {
    is_prose(text) || (ends_sentence(text) && (word_count(text) >= 3 || unspaced_count(text) >= 5))
}

fn unspaced_count(text: &str) -> usize {
    text.chars().filter(|c| is_unspaced(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(tidy(raw), expected);
    }

    #[test]
    fn white_space_becomes_one_space() {
        check(
            "\u{feff}\tThe  river\u{a0}rose. \u{200b}",
            "The river rose.",
        );
        check("two\u{2003}\u{a0}words", "two words");
    }

    #[test]
    fn spaces_that_bind_stay() {
        check(
            "10\u{a0}000 «\u{a0}oui\u{a0}»\u{202f}!",
            "10\u{a0}000 «\u{a0}oui\u{a0}»\u{202f}!",
        );
        check(
            "\u{3000}川が増水した！\u{3000}村は無事だ。",
            "川が増水した！\u{3000}村は無事だ。",
        );
    }

    #[test]
    fn invisible_characters_go_and_joiners_stay() {
        check("flood\u{ad}gates\u{fffc} open\u{0}ed", "floodgates opened");
        check("می\u{200c}رود", "می\u{200c}رود");
        check("\u{200f}ferry\u{200f} ", "ferry");
        check("\u{200e}\u{200f}", "");
        check("\u{200d}", "");
    }

    #[test]
    fn sentences_end_in_many_scripts() {
        for text in [
            "It rose.",
            "“It rose.”",
            "Did it?",
            "川が増水した。",
            "「増水した。」",
            "क्या बढ़ा।",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["The River Rises", "The river rose,", "川の増水", "said:"] {
            assert!(!ends_sentence(text), "{text}");
        }
    }

    #[test]
    fn an_abbreviation_is_no_full_stop() {
        assert!(!ends_with_stop("Ferries Return to the U.S."));
        assert!(!ends_with_stop("A Quarrel at Millworks Inc."));
        assert!(ends_with_stop("The ferries returned."));
        assert!(ends_with_stop("“The ferries returned.”"));
    }

    #[test]
    fn folding_keeps_words_and_letters() {
        assert_eq!(fold("— Don’t  MISS: the “Ferry”!"), "dont miss the ferry");
        assert_eq!(letters("The U.S.–Ferry Ö 2"), "theusferryö2");
    }
}
