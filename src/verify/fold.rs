//! Folding: two texts that a reader would call the same words become the same bytes.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::denial::Language;
use crate::nfc;
use crate::reference::QUOTATION_MARKS;
use crate::source::small;

/// A folded text, and where each of its bytes stood before.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// NFC; white space one space; quotation marks gone; dashes one hyphen without space round it; soft hyphens
    /// and zero-width characters gone.
    pub text: String,
    /// Where each of its characters came from, and the end.
    runs: Vec<Run>,
    /// The spaces of `text` that were no-break or thin ones between digits.
    grouping: Vec<u32>,
    /// How it denies.
    pub(super) language: Language,
}

/// A part of a folded text whose characters are as long as those that they came from.
#[derive(Clone, Copy, Debug)]
struct Run {
    folded: u32,
    original: u32,
}

impl Run {
    fn origin(self, at: usize) -> usize {
        self.original as usize + at - self.folded as usize
    }
}

impl Folded {
    /// Folds a text.
    pub fn new(original: &str) -> Self {
        Self::without(original, &[])
    }

    /// The folded words of a text alone, which most texts have already; some ranges of it, in order, are left out.
    pub(super) fn words<'t>(original: &'t str, left_out: &[Range<usize>]) -> Cow<'t, str> {
        if left_out.is_empty() && plain(original).len() == original.len() {
            return original.into();
        }
        Self::without(original, left_out).text.into()
    }

    /// Folds a text; some ranges of it, in order, are left out.
    pub(super) fn without(original: &str, left_out: &[Range<usize>]) -> Self {
        let mut folder = Folder {
            folded: Folded {
                text: String::with_capacity(original.len()),
                runs: Vec::new(),
                grouping: Vec::new(),
                language: Language::default(),
            },
            space: None,
            dropped: false,
        };
        let composed = nfc::is_composed(original);
        let mut left_out = left_out.iter().peekable();
        let mut before = None;
        let mut at = 0;
        while at < original.len() {
            if let Some(range) = left_out.next_if(|range| range.start <= at) {
                at = at.max(range.end);
                continue;
            }
            let end = left_out.peek().map_or(original.len(), |range| range.start);
            let rest = &original[at..end];
            let Some(character) = rest.chars().next() else {
                break;
            };
            let plain = if composed { plain(rest) } else { "" };
            if !plain.is_empty() {
                folder.copy(at, plain);
                before = plain.chars().next_back();
                at += plain.len();
                continue;
            }
            let cluster = if composed {
                &rest[..character.len_utf8()]
            } else {
                nfc::first_cluster(rest)
            };
            let after = rest[cluster.len()..].chars().next();
            let mut push = |character| {
                folder.push(at, character, before, after);
                before = Some(character);
            };
            if composed {
                push(character);
            } else {
                cluster.nfc().for_each(push);
            }
            at += cluster.len();
        }
        folder.comes_from(original.len());
        folder.folded
    }

    /// The same in a language.
    #[must_use]
    pub(super) fn in_language(self, language: Language) -> Self {
        Folded { language, ..self }
    }

    /// The bytes of `original`, which was folded, that a range of the folded text came from.
    pub fn original(&self, original: &str, range: Range<usize>) -> Range<usize> {
        let (start, end) = (self.origin(range.start), self.origin(range.end));
        start..start + original[start..end].trim_end().len()
    }

    fn origin(&self, at: usize) -> usize {
        let after = self.runs.partition_point(|run| run.folded as usize <= at);
        let run = after.checked_sub(1).map(|index| &self.runs[index]);
        run.map_or(at, |run| run.origin(at))
    }

    /// Folded texts one after the other, a space between, and where each of them begins; its bytes have no origin.
    pub(super) fn joined<'t>(texts: impl Iterator<Item = &'t Folded>) -> (Folded, Vec<usize>) {
        let mut joined = Folded::default();
        let mut starts = Vec::new();
        for text in texts {
            if !joined.text.is_empty() && !text.text.is_empty() {
                joined.text.push(' ');
            }
            joined.language = text.language;
            let start = joined.text.len();
            let shift = small(start);
            joined.text.push_str(&text.text);
            joined
                .grouping
                .extend(text.grouping.iter().map(|at| at.saturating_add(shift)));
            starts.push(start);
        }
        (joined, starts)
    }

    /// Whether a position lies beside a space that groups a number's digits: `3 400`.
    pub(super) fn splits_number(&self, at: usize) -> bool {
        let groups = |space: usize| {
            let digits = |c: &char| c.is_ascii_digit();
            let before = self.text[..space].chars().rev().take_while(digits).count();
            let after = self.text[space + 1..].chars().take_while(digits).count();
            (1..=3).contains(&before) && after == 3
        };
        [at.checked_sub(1), Some(at)]
            .into_iter()
            .flatten()
            .filter(|space| {
                let space = small(*space);
                self.grouping.binary_search(&space).is_ok()
            })
            .any(groups)
    }
}

/// The characters from the start on that are folded to themselves: letters, digits and signs of ASCII, and single
/// spaces between them.
fn plain(text: &str) -> &str {
    const CHUNK: usize = 16;
    let bytes = text.as_bytes();
    if bytes.first().is_none_or(|first| *first == b' ') {
        return "";
    }
    // Sixteen pairs of neighbours at once, without a branch for each.
    let any_ends = |ones: &[u8; CHUNK], nexts: &[u8; CHUNK]| {
        let pairs = ones.iter().zip(nexts);
        pairs.fold(0, |any, (one, next)| any | u8::from(ends(*one, *next))) != 0
    };
    let mut end = 0;
    while let (Some(ones), Some(nexts)) =
        (bytes[end..].first_chunk(), bytes[end + 1..].first_chunk())
        && !any_ends(ones, nexts)
    {
        end += CHUNK;
    }
    let rest = &bytes[end..];
    let more = rest.windows(2).position(|pair| ends(pair[0], pair[1]));
    let more = more.unwrap_or_else(|| {
        let at_last = rest.last().is_some_and(|last| ends(*last, 0));
        rest.len() - usize::from(at_last)
    });
    text[..end + more].trim_end_matches(' ')
}

/// Whether the first of two bytes is, or begins, something that is not folded to itself, as two spaces are.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches the compiler looks at many bytes at once"
)]
fn ends(one: u8, next: u8) -> bool {
    let mark = (one == b'"') | (one == b'\'') | (one == b'`') | (one == b'-');
    !matches!(one, b' '..=b'~') | mark | ((one == b' ') & (next == b' '))
}

/// Writes a folded text; a space waits until it is known that no dash follows.
struct Folder {
    folded: Folded,
    space: Option<Space>,
    /// Whether something was left out behind the last character.
    dropped: bool,
}

/// White space of the original.
#[derive(Clone, Copy)]
struct Space {
    at: usize,
    groups_digits: bool,
}

impl Folder {
    fn push(&mut self, at: usize, character: char, before: Option<char>, after: Option<char>) {
        if character.is_whitespace() {
            if !self.folded.text.is_empty() && !self.folded.text.ends_with('-') {
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                let narrow = matches!(character, '\u{a0}' | '\u{2007}'..='\u{2009}' | '\u{202f}');
                self.space.get_or_insert(Space {
                    at,
                    groups_digits: narrow && digit(before) && digit(after),
                });
            }
            return;
        }
        match character {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => self.dropped = true,
            mark if QUOTATION_MARKS.contains(&mark) => self.dropped = true,
            '\'' | '‘' | '’' | '‚' | '‛' | '`' | '´' | '‹' | '›' => {
                let letters = before.is_some_and(char::is_alphanumeric)
                    && after.is_some_and(char::is_alphanumeric);
                if letters {
                    self.write(at, '\'');
                } else {
                    self.dropped = true;
                }
            }
            '-' | '‐'..='―' | '−' | '﹘' | '﹣' | '－' => {
                self.space = None;
                if !self.folded.text.ends_with('-') {
                    self.write(at, '-');
                }
            }
            other => self.write(at, other),
        }
    }

    /// Writes what is folded to itself.
    fn copy(&mut self, at: usize, plain: &str) {
        let mut characters = plain.chars();
        if let Some(first) = characters.next() {
            self.write(at, first);
            self.folded.text.push_str(characters.as_str());
        }
    }

    fn write(&mut self, at: usize, character: char) {
        if let Some(space) = self.space.take() {
            if space.groups_digits {
                let at = small(self.folded.text.len());
                self.folded.grouping.push(at);
            }
            self.append(space.at, ' ');
        }
        self.append(at, character);
    }

    fn append(&mut self, at: usize, character: char) {
        if self.dropped && nfc::is_combining(character) {
            return self.combine(at, character);
        }
        self.dropped = false;
        self.comes_from(at);
        self.folded.text.push(character);
    }

    /// Composes a mark with the character that only something left out parted it from.
    fn combine(&mut self, at: usize, mark: char) {
        let text = &self.folded.text;
        let start = text.rfind(|c| !nfc::is_combining(c)).unwrap_or(0);
        let mut cluster = text[start..].to_owned();
        let origin = if cluster.is_empty() {
            at
        } else {
            self.folded.origin(start)
        };
        cluster.push(mark);
        self.folded.text.truncate(start);
        let kept = |run: &Run| (run.folded as usize) < start;
        let kept = self.folded.runs.partition_point(kept);
        self.folded.runs.truncate(kept);
        for composed in cluster.nfc() {
            self.comes_from(origin);
            self.folded.text.push(composed);
        }
    }

    /// Says where in the original the text goes on.
    fn comes_from(&mut self, at: usize) {
        let folded = self.folded.text.len();
        if self
            .folded
            .runs
            .last()
            .is_none_or(|run| run.origin(folded) != at)
        {
            self.folded.runs.push(Run {
                folded: small(folded),
                original: small(at),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_a_reader_would_not_tell_apart() {
        let check = |a: &str, b: &str| assert_eq!(Folded::new(a).text, Folded::new(b).text);
        check("“no  commanding\nauthority”", "no commanding authority");
        check("U.S.–Japan — talks", "U.S.-Japan-talks");
        check("the alliance’s ‘aim’", "the alliance's aim");
        check("co\u{ad}operation", "cooperation");
        check("Cafe\u{301}", "Café");
        check("\u{1112}\u{1161}\u{11ab}", "한");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(
            text in "[ae가 \u{a0}\n\"“’'‑—\u{ad}\u{200b}\u{301}\u{323}\u{11ab}\u{1161}\u{1100}3が\u{3099}か-]{0,12}",
        ) {
            let folded = Folded::new(&text);
            proptest::prop_assert_eq!(&Folded::new(&folded.text).text, &folded.text);
            for (at, character) in folded.text.char_indices() {
                let range = folded.original(&text, at..at + character.len_utf8());
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }

    #[test]
    fn what_is_left_out_leaves_the_places_of_the_rest() {
        let text = "It will — not — have “two” piers";
        let folded = Folded::without(text, &[12..15, 28..31]);
        assert_eq!(folded.text, "It will-have piers");
        let at = folded.text.find("piers").unwrap_or_default();
        assert_eq!(&text[folded.original(text, at..at + 5)], "piers");
    }

    #[test]
    fn a_mark_between_a_letter_and_its_accent_parts_them_not() {
        let check = |text: &str, expected: &str| assert_eq!(Folded::new(text).text, expected);
        check("e\"\u{301}", "é");
        check("e’\u{301}\u{ad}\u{323}", "ẹ\u{301}");
        check("\"\u{301}", "\u{301}");
        check("e \"\u{301}", "e \u{301}");
    }

    #[test]
    fn knows_where_each_byte_stood() {
        let original = "a “b” — c";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "a b-c");
        assert_eq!(&original[folded.original(original, 2..3)], "b”");
        assert_eq!(&original[folded.original(original, 4..5)], "c");
        let original = " e\u{301}te\u{301}\n日  本 ";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "été 日 本");
        let parts = folded.text.char_indices().map(|(at, character)| {
            let end = at + character.len_utf8();
            &original[folded.original(original, at..end)]
        });
        let parts: Vec<&str> = parts.collect();
        assert_eq!(parts, ["e\u{301}", "t", "e\u{301}", "", "日", "", "本"]);
    }
}
