//! Markdown and YAML that read back as the very same text.

pub(super) use crate::yaml::quoted as yaml;

/// A paragraph or list item, on one line, as Markdown whose plain text is the given one.
///
/// Only what Markdown would interpret at this place is escaped: `U.S.`, `2+2`, `snake_case`, `a <
/// b` stay as they are.
pub(super) fn paragraph(text: &str) -> String {
    escape(text, false)
}

/// A heading, with its marks.
pub(super) fn heading(text: &str) -> String {
    match text.strip_suffix('}') {
        // Attributes are read from the raw end of the line: a backslash does not keep them from it.
        Some(text) => format!("## {}&#125;", escape(text, true)),
        None => format!("## {}", escape(text, true)),
    }
}

/// What has to be known of the whole line before its characters can be judged one by one.
struct Line {
    /// The byte that would make the line another block.
    opening: Option<usize>,
    /// The byte at which the line's end would be taken for a name or for a heading's closing marks.
    closing: Option<usize>,
    /// A tilde strikes through only between two.
    tildes: bool,
}

fn escape(text: &str, heading: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    let mut from = 0;
    for at in places(text, heading) {
        escaped.push_str(&text[from..at]);
        escaped.push('\\');
        from = at;
    }
    escaped + &text[from..]
}

/// The bytes before which a line of Markdown needs a backslash to read as this text.
pub(super) fn places(text: &str, heading: bool) -> Vec<usize> {
    let line = Line {
        opening: if heading { None } else { opening(text) },
        closing: closing(text, heading),
        tildes: text.matches('~').nth(1).is_some(),
    };
    let mut places = Vec::new();
    let mut former = None;
    let mut words = Underscores::default();
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let underscore = c == '_' && words.marks(at, former, rest);
        if underscore
            || line.opening == Some(at)
            || line.closing == Some(at)
            || line.interprets(former, rest)
        {
            places.push(at);
        }
        former = Some(c);
    }
    places
}

impl Line {
    /// Whether Markdown would read the first character as more than itself.
    fn interprets(&self, former: Option<char>, rest: &str) -> bool {
        let mut chars = rest.chars();
        let c = chars.next().unwrap_or(' ');
        let next = chars.next();
        match c {
            '`' | '[' => true,
            '*' => !is_space(former) || !is_space(next),
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            // A tag, a comment, an address: `<x@y>` may begin with nearly any sign.
            '<' => next.is_some_and(|next| next.is_ascii_graphic()),
            '&' => is_entity(rest),
            '~' => self.tildes,
            _ => false,
        }
    }
}

/// Whether a run of underscores stands for itself: inside a word, or between spaces. Judged once
/// for a run, or a line of underscores would take its length squared.
#[derive(Default)]
struct Underscores {
    end: usize,
    mark: bool,
}

impl Underscores {
    fn marks(&mut self, at: usize, former: Option<char>, rest: &str) -> bool {
        if at >= self.end {
            let after = rest.trim_start_matches('_');
            let next = after.chars().next();
            let inside = [former, next]
                .iter()
                .all(|side| side.is_some_and(char::is_alphanumeric));
            self.end = at + rest.len() - after.len();
            let apart = is_space(former) && is_space(next);
            self.mark = !inside && !apart;
        }
        self.mark
    }
}

fn is_space(side: Option<char>) -> bool {
    side.is_none_or(char::is_whitespace)
}

/// `&amp;`, `&#38;`, `&#x26;`: no name is longer than 31 characters.
fn is_entity(rest: &str) -> bool {
    let name = &rest[1..];
    let length = name
        .bytes()
        .take(40)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
        .count();
    length > 0 && name[length..].starts_with(';')
}

/// The byte whose escape keeps the line a paragraph.
fn opening(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '>' | ':' => Some(0),
        '#' => is_alone(text.trim_start_matches('#')).then_some(0),
        '-' | '+' | '*' | '_' => (is_alone(&text[1..]) || is_rule(text, first)).then_some(0),
        '=' => text.chars().all(|c| c == '=').then_some(0),
        '0'..='9' => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let marked = rest.strip_prefix(['.', ')']).is_some_and(is_alone);
            (marked && text.len() - rest.len() <= 9).then_some(text.len() - rest.len())
        }
        _ => None,
    }
}

fn is_alone(rest: &str) -> bool {
    is_space(rest.chars().next())
}

fn is_rule(text: &str, mark: char) -> bool {
    text.chars().all(|c| c == mark || c == ' ')
}

/// Where a block's name (` ^name`) begins, or the marks that would close a heading.
fn closing(text: &str, heading: bool) -> Option<usize> {
    let word = text.rsplit(char::is_whitespace).next()?;
    let at = text.len() - word.len();
    let name = word.strip_prefix('^').is_some_and(|name| !name.is_empty());
    let closes = heading && !word.is_empty() && word.bytes().all(|b| b == b'#');
    (name || closes).then_some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{nasty, read};
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(paragraph(text), expected);
        assert_eq!(read(expected), Some(vec![text.to_owned()]));
    }

    #[test]
    fn what_needs_no_escape_has_none() {
        for text in [
            "The U.S. and Japan’s 2+2 cost $1.7 billion (5%).",
            "snake_case_name, a < b > c, R&D, 5 * 3, x | y, a] b, 12:30",
            "1234567890. is no number of a list",
            "#Japan, -5 degrees, +1, 1.5 million, 3 p.m.",
            "C:\\harbor ~ 5 {x} = y ^ z!",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn marks_inside_a_line() {
        check("a *b* and ** c", r"a \*b\* and \*\* c");
        check("_b_ and c_ d", r"\_b\_ and c\_ d");
        check("[sic] ![x](y) [^1]", r"\[sic] !\[x](y) \[^1]");
        check(
            "<b>, </b>, <!-- x -->, <https://a.b>",
            r"\<b>, \</b>, \<!-- x -->, \<https://a.b>",
        );
        check("&amp; &#38; & AT&T; R&D", r"\&amp; \&#38; & AT\&T; R&D");
        check("<&@0> and <- x", r"\<&@0> and \<- x");
        check(r"\* and `x`", r"\\\* and \`x\`");
        check("~~x~~", r"\~\~x\~\~");
        check(
            "Required fields are marked *",
            "Required fields are marked *",
        );
    }

    #[test]
    fn marks_at_the_beginning() {
        check("# x", r"\# x");
        check("####### x", r"\####### x");
        check("> x", r"\> x");
        check("- x", r"\- x");
        check("+ x", r"\+ x");
        check("* x", r"\* x");
        check("1. x", r"1\. x");
        check("12) x", r"12\) x");
        check(": x", r"\: x");
        check("- - -", r"\- - -");
        check("===", r"\===");
        check("~~~ x", r"\~\~\~ x");
    }

    #[test]
    fn marks_at_the_end() {
        check("the words ^name", r"the words \^name");
        check("^name", r"\^name");
        check("x ^ y", "x ^ y");
        assert_eq!(heading("C #"), r"## C \#");
        assert_eq!(heading("C {#x .y}"), "## C {#x .y&#125;");
    }

    #[test]
    fn yaml_scalars() {
        assert_eq!(
            yaml("say \"yes\" \\ no: # @"),
            r#""say \"yes\" \\ no: # @""#
        );
        assert_eq!(yaml("a\nb\u{2028}"), r#""a\u000Ab\u2028""#);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn a_paragraph_reads_back(text in nasty()) {
            prop_assert_eq!(read(&paragraph(&text)), Some(vec![text]));
        }

        #[test]
        fn a_heading_reads_back(text in nasty()) {
            prop_assert_eq!(read(&heading(&text)), Some(vec![text]));
        }

        #[test]
        fn items_and_paragraphs_read_back(texts in prop::collection::vec(nasty(), 3)) {
            let lines: Vec<String> = texts.iter().map(|text| paragraph(text)).collect();
            let markdown = format!("- {}\n- {}\n\n{}\n", lines[0], lines[1], lines[2]);
            prop_assert_eq!(read(&markdown), Some(texts));
        }

        #[test]
        fn yaml_reads_back(text in nasty(), any in any::<String>()) {
            for text in [text, any] {
                prop_assert_eq!(serde_yaml::from_str::<String>(&yaml(&text)).ok(), Some(text));
            }
        }
    }
}
