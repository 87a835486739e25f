//! YAML's traps by name: what an author meant where the parser stops.

use std::ops::Range;

use crate::diagnostic::Lint;

/// A named trap.
pub(super) struct Trap {
    pub(super) lint: Lint,
    /// Where it is.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// A text on one line that quotation marks would mend, if it is one.
    pub(super) quotable: Option<Range<usize>>,
}

const QUOTE_IT: &str = "put the text in quotation marks, or on the next lines after `|`";

/// The trap that made the parser stop at `at`, told by the line that it stands in and the one above.
pub(super) fn at(text: &str, at: usize) -> Option<Trap> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let before = text[..start].trim_end_matches(['\n', '\r']);
    let above_at = before.rfind('\n').map_or(0, |newline| newline + 1);
    let above = &before[above_at..];
    if let Some(tab) = tab_indent(&text[start..]) {
        return Some(trap(
            Lint::YamlTrap,
            start + tab,
            "YAML does not take tabs for indentation",
            "indent with spaces",
        ));
    }
    let Some(value_at) = value_start(line) else {
        return without_colon(line, above, start);
    };
    let value = &line[value_at..];
    let trap =
        first_sign(value, start + value_at).or_else(|| second_colon(value, start + value_at));
    match trap {
        Some(trap) => Some(Trap {
            quotable: quotable(line, value_at, &text[start + line.len()..])
                .map(|range| start + range.start..start + range.end),
            ..trap
        }),
        None => crooked(line, start, above, above_at),
    }
}

/// The tab that the parser stumbled over: in the line where it stopped, or in the next one.
fn tab_indent(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(2) {
        let bare = line.trim_start_matches(' ');
        if bare.starts_with('\t') && !bare.trim().is_empty() {
            return Some(at + line.len() - bare.len());
        }
        at += line.len();
    }
    None
}

/// The value of a line, if it is a whole text that nothing goes on with, and that can stand in quotation marks as it
/// is.
fn quotable(line: &str, value_at: usize, below: &str) -> Option<Range<usize>> {
    let value = line[value_at..].trim_end();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let next = below.lines().find(|line| !line.trim().is_empty());
    let goes_on = next.is_some_and(|next| indent(next) > indent(line));
    let plain = !value.contains(['"', '\\', '\t']) && !value.contains(" #");
    // Inside a list or in brackets, the text may be a larger one than this value.
    let apart = !line.trim_start().starts_with('-') && !value.ends_with([',', '}', ']']);
    let is_text = !value.starts_with(['[', '{', '*', '&', '\'', '-', '|', '>']);
    (plain && apart && is_text && !goes_on).then(|| value_at..value_at + value.len())
}

fn trap(lint: Lint, at: usize, message: impl Into<String>, help: &'static str) -> Trap {
    Trap {
        lint,
        at,
        message: message.into(),
        help,
        quotable: None,
    }
}

/// Where the value of a line `key: value` or `- value` begins.
fn value_start(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    let key = &line[indent..];
    let colon = key.find(": ").map(|colon| indent + colon + 2);
    let after = colon.or_else(|| (line[..indent].contains('-')).then_some(indent))?;
    Some(line.len() - line[after..].trim_start().len())
}

/// A first sign that makes YAML read something else than a text.
fn first_sign(value: &str, at: usize) -> Option<Trap> {
    let sign = value.chars().next()?;
    let said = |what: &str| Some(trap(Lint::YamlTrap, at, what, QUOTE_IT));
    match sign {
        '@' | '`' | '%' => said(&format!("a text cannot begin with `{sign}` here")),
        '*' => said("a text that begins with `*` is read as an alias"),
        '&' => said("a text that begins with `&` is read as an anchor"),
        '[' | '{' if !value.trim_end().ends_with([']', '}', ',']) => {
            said("a text that begins with a bracket is read as a list or a map")
        }
        '-' if value.starts_with("- ") => Some(trap(
            Lint::YamlTrap,
            at,
            "a list does not begin behind a colon",
            "begin it on the next line, or put a text that begins with a dash in quotation marks",
        )),
        '\'' if value[1..].contains('\'') && !value.trim_end().ends_with("''") => Some(trap(
            Lint::YamlTrap,
            at,
            "an apostrophe ends this text before its end",
            "put double quotation marks round the text, or it on the next lines after `|`",
        )),
        '"' if value[1..].contains('"') => {
            said("a text that begins with a quotation mark ends at the next one")
        }
        _ => None,
    }
}

fn second_colon(value: &str, at: usize) -> Option<Trap> {
    let colon = value.find(": ")?;
    Some(trap(
        Lint::YamlTrap,
        at + colon,
        "a second `: ` in one line begins a key of its own",
        QUOTE_IT,
    ))
}

/// A line that hangs between the indentation of its neighbours, or below one that is no field.
fn crooked(line: &str, start: usize, above: &str, above_at: usize) -> Option<Trap> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    if let Some(trap) = without_colon(above, "", above_at).filter(|_| value_start(above).is_none())
    {
        return Some(trap);
    }
    let crooked = indent(line) != indent(above) && !above.trim_end().ends_with([':', '|', '>']);
    crooked.then(|| {
        let at = start + indent(line);
        let message = "this line is indented otherwise than the one above it";
        trap(
            Lint::InvalidYaml,
            at,
            message,
            "give fields of one entry the same indentation",
        )
    })
}

/// A line that is no field.
fn without_colon(line: &str, above: &str, start: usize) -> Option<Trap> {
    let bare = line.trim();
    let at = start + (line.len() - line.trim_start().len());
    if bare.is_empty() || bare.starts_with(['#', '"', '\'', '[', '{']) {
        return None;
    }
    if above.trim_end().ends_with(['|', '>']) {
        let message = "the text of a block is indented more than its key";
        return Some(trap(
            Lint::InvalidYaml,
            at,
            message,
            "add two spaces before each of its lines",
        ));
    }
    (!bare.ends_with(':')).then(|| {
        let message = "this line has no colon, so it is no field";
        trap(
            Lint::InvalidYaml,
            at,
            message,
            "write `name: text`; a text that goes on needs more indentation",
        )
    })
}

/// A ` #` that cuts a plain text: one space before it and a letter or figure right behind.
pub(super) fn cut_by_comment(text: &str, end: usize) -> bool {
    let mut rest = text[end..].chars();
    rest.next() == Some(' ')
        && rest.next() == Some('#')
        && rest.next().is_some_and(char::is_alphanumeric)
}
