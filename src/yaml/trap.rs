//! YAML's traps by name: what an author meant where the parser stops.

mod comment;
mod entries;
mod indentation;

use std::borrow::Cow;
use std::ops::Range;

use super::fault::Fault;
use super::line::{Line, is_block_mark, lines};
use super::{CITING, FIELDS, requote};
use crate::diagnostic::Lint;
use crate::source::LINE_OF_MERGE;

use entries::{item_among_names, joined_lines, named_item};

pub(super) use comment::{all_comment, cut_by_comment, name_cut_by_comment};
pub(super) use indentation::{ODD_SPACES, odd_indentation, tab};

pub(super) const QUOTE_IT: &str = "put the text in quotation marks, or on the next lines after `|`";

/// The trap that made the parser stop at `at`, told by the line that it stands in and the one above.
pub(super) fn at(text: &str, at: usize) -> Option<Fault> {
    let line = Line::around(text, at);
    let read = lines(text).take_while(|above| above.at < line.at);
    let above = read.last().unwrap_or(line);
    let odd = |line| odd_indentation(text, line).or_else(|| odd_head(line));
    if let Some(trap) = odd(line).or_else(|| odd(above)) {
        return Some(trap);
    }
    if let Some(trap) = name_cut_by_comment(line) {
        return Some(trap);
    }
    if let Some(trap) = joined_lines(text, line) {
        return Some(trap);
    }
    if let Some(trap) = named_item(text, line).or_else(|| item_among_names(text, line)) {
        return Some(trap);
    }
    if above.value().is_none()
        && let Some(trap) = name_alone(text, above)
    {
        return Some(trap);
    }
    let Some((value_at, value)) = line.value() else {
        return beside_its_block(text, line)
            .or_else(|| name_alone(text, line))
            .or_else(|| without_colon(line));
    };
    let cites = line
        .field_in(text)
        .is_some_and(|field| CITING.contains(&field));
    let trap = citation(value, value_at)
        .filter(|_| cites)
        .or_else(|| in_brackets(value, at.checked_sub(value_at)?, value_at))
        .or_else(|| {
            let below = &text[line.at + line.text.len()..];
            requote::ended(line, value_at, value, goes_on(line, below), cites)
        })
        .or_else(|| first_sign(value, value_at))
        .or_else(|| second_colon(value, value_at));
    match trap {
        Some(trap) if trap.fix.is_empty() && second_field(value).is_none() => Some(Fault {
            fix: quotation_marks(line, value_at, value, &text[line.at + line.text.len()..]),
            ..trap
        }),
        Some(trap) => Some(trap),
        None => crooked(text, line, above),
    }
}

/// What a line begins with that YAML takes for text: a list's mark that is no hyphen, a hyphen without a space.
fn odd_head(line: Line<'_>) -> Option<Fault> {
    let bare = line.text.trim_start_matches(' ');
    let at = line.at + line.text.len() - bare.len();
    if let Some(words) = bare.strip_prefix('-') {
        return hyphen_without_space(words, at);
    }
    let mark = bare.chars().next().filter(|c| "•–—*+·".contains(*c))?;
    let words = bare[mark.len_utf8()..].strip_prefix(' ')?;
    Some(Fault {
        fix: vec![(at..at + mark.len_utf8(), Cow::Borrowed("-"))],
        ..Fault::new(
            Lint::InvalidYaml,
            at,
            "an entry of a list begins with a hyphen",
            format!("write `- {}`", words.trim()),
        )
    })
}

/// `-at: …`; the `words` behind the hyphen, which stands `at`.
fn hyphen_without_space(words: &str, at: usize) -> Option<Fault> {
    let bare = words.trim_start_matches(ODD_SPACES);
    let odd = words.len() - bare.len();
    if !bare.starts_with(char::is_alphabetic) {
        return None;
    }
    Some(Fault {
        fix: vec![(at + 1..at + 1 + odd, Cow::Borrowed(" "))],
        ..Fault::new(
            Lint::InvalidYaml,
            at,
            "the hyphen of a list's entry has a space behind it",
            format!("write `- {}`", bare.trim_end()),
        )
    })
}

/// Quotation marks round the value of a line, if it is a whole text that nothing goes on with, and that can stand in
/// them as it is.
fn quotation_marks(
    line: Line<'_>,
    at: usize,
    value: &str,
    below: &str,
) -> Vec<(Range<usize>, Cow<'static, str>)> {
    let value = value.trim_end();
    let plain = !value.contains(['"', '\\', '\t']) && !value.contains(" #");
    // Inside a list or in brackets, the text may be a larger one than this value.
    let apart = !line.has_hyphen() && !value.ends_with([',', '}', ']']);
    let is_text = !value.starts_with(['[', '{', '*', '&', '\'', '-', '|', '>']);
    if !(plain && apart && is_text) || goes_on(line, below) {
        return Vec::new();
    }
    let end = at + value.len();
    // Printed marks round the whole text are the author's quotation marks.
    let begins = value.chars().next().filter(|mark| "“„«".contains(*mark));
    let ends = value
        .chars()
        .next_back()
        .filter(|mark| "”“»".contains(*mark));
    let (first, last) = match (begins, ends) {
        (Some(first), Some(last)) => (first.len_utf8(), last.len_utf8()),
        _ => (0, 0),
    };
    vec![
        (at..at + first, "\"".into()),
        (end - last..end, "\"".into()),
    ]
}

/// Whether the first line below is indented more than the words of this one.
fn goes_on(line: Line<'_>, below: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let next = below.lines().find(|line| !line.trim().is_empty());
    next.is_some_and(|next| indent(next) > indent(line.text))
}

/// What YAML does not take in a citation.
fn citation(value: &str, at: usize) -> Option<Fault> {
    let message = "in annotations a citation has neither brackets nor `@`";
    if let Some(bare) = value.strip_prefix('@') {
        let help = format!("write `{}`", bare.trim_end());
        return Some(Fault {
            fix: vec![(at..at + 1, "".into())],
            ..Fault::new(Lint::YamlTrap, at, message, help)
        });
    }
    if let Some(inner) = value.strip_prefix("[@") {
        let first = inner.split([';', ']']).next().unwrap_or(inner);
        let help = format!(
            "write `{}`, each citation on a line of its own",
            first.trim()
        );
        return Some(Fault::new(Lint::YamlTrap, at, message, help));
    }
    let colon = value.find(": ")?;
    let (key, place) = (&value[..colon], value[colon + 1..].trim());
    if key.starts_with(['[', '{']) {
        return None;
    }
    if key.contains(' ') {
        let message = "a `: ` in one line begins a key of its own";
        let help = "put the citation on the next line after `|`: nothing in it needs quoting there";
        return Some(Fault::new(Lint::YamlTrap, at + colon, message, help));
    }
    if key == "source" {
        let bare = value.trim_end();
        let end = at + bare.len();
        let closing = if bare.ends_with('}') { "" } else { "}" };
        return Some(Fault {
            fix: vec![(at..at, "{".into()), (end..end, closing.into())],
            ..Fault::new(
                Lint::YamlTrap,
                at,
                "the fields of a citation stand in braces on one line, or each on a line of its own",
                format!("write `{{{bare}{closing}`"),
            )
        });
    }
    let message = "no colon stands between a source and the place in it";
    let fault = Fault::new(
        Lint::YamlTrap,
        at + colon,
        message,
        format!("write `{key} {place}`"),
    );
    Some(Fault {
        fix: vec![(at + colon..at + colon + 1, "".into())],
        ..fault
    })
}

/// A first sign that makes YAML read something else than a text.
fn first_sign(value: &str, at: usize) -> Option<Fault> {
    let sign = value.chars().next()?;
    let said = |what: &str| Some(Fault::new(Lint::YamlTrap, at, what, QUOTE_IT));
    match sign {
        '`' => said("a text cannot begin with a backtick here"),
        '@' | '%' => said(&format!("a text cannot begin with `{sign}` here")),
        '!' => said("a text that begins with `!` is read as a tag"),
        '*' => said("a text that begins with `*` is read as an alias"),
        '&' => said("a text that begins with `&` is read as an anchor"),
        '[' | '{' if !value.trim_end().ends_with([']', '}', ',']) => {
            said("a text that begins with a bracket is read as a list or a map")
        }
        '|' | '>' if !is_block_mark(value.split(" #").next().unwrap_or_default()) => {
            let message = format!("the words of a `{sign}` text begin on the line below it");
            let help = format!(
                "put the words on the next line, indented by two spaces more, or leave the `{sign}` out"
            );
            Some(Fault::new(Lint::YamlTrap, at, message, help))
        }
        '-' if value.starts_with("- ") => Some(Fault::new(
            Lint::YamlTrap,
            at,
            "a list does not begin behind a colon",
            "begin it on the next line, or put a text that begins with a dash in quotation marks",
        )),
        '"' if value.matches('"').count() == 2
            && value.trim_end().ends_with('"')
            && value.contains('\\') =>
        {
            Some(Fault::new(
                Lint::YamlTrap,
                at,
                "in quotation marks a backslash begins the name of a sign",
                "write `\\\\` for each, or put the text on the next lines after `|`",
            ))
        }
        _ => None,
    }
}

/// What stopped the parser `at` bytes into a list in brackets or a map in braces, which stands at `start`.
fn in_brackets(value: &str, at: usize, start: usize) -> Option<Fault> {
    const QUOTE_IT: &str = "put the text in quotation marks";
    let is_closed = value.starts_with(['[', '{']) && value.trim_end().ends_with([']', '}']);
    let before = value.get(..at).filter(|_| is_closed)?.trim_end();
    let told = |at: usize, message: String, help: &'static str| {
        Some(Fault::new(Lint::YamlTrap, start + at, message, help))
    };
    let sign = value[at..].chars().next()?;
    if sign == ',' && before.ends_with([',', '[', '{']) {
        let message = "nothing stands before this comma".to_owned();
        return told(at, message, "take the comma out");
    }
    if sign == ':'
        && let Some((rest, field)) = before.rsplit_once(' ')
        && FIELDS.contains(&field)
        && !rest.trim_end().ends_with(',')
    {
        let message = format!("a comma stands before the next field, `{field}`");
        let at = before.len() - field.len();
        let help = "write a comma, and then a space, before it";
        return told(at, message, help);
    }
    if matches!(sign, '"' | '\'') && before.ends_with(sign) {
        let message = "a comma stands between the texts of a list".to_owned();
        return told(at, message, "write a comma, and then a space, before it");
    }
    if "@`%*&#".contains(sign) {
        return told(
            at,
            format!("a text cannot begin with `{sign}` here"),
            QUOTE_IT,
        );
    }
    if "[]{}:".contains(sign) {
        return told(
            at,
            format!("in brackets or braces `{sign}` ends a text"),
            if before.ends_with(sign) && "]}".contains(sign) {
                "take it out, or put the text in quotation marks"
            } else {
                QUOTE_IT
            },
        );
    }
    let ends = before.chars().next_back()?;
    let begins = match ends {
        '"' | '\'' => ends,
        ']' => '[',
        '}' => '{',
        _ => return None,
    };
    let begin = before[..before.len() - 1].rfind(begins)?;
    let message = format!("a text that begins with `{begins}` ends at the next `{ends}`");
    let right = requote::ended_in_brackets(&value[begin..]).filter(|_| begins == ends);
    let Some((item, right)) = right else {
        return told(begin, message, QUOTE_IT);
    };
    let at = start + begin;
    let help = format!("write `{right}`");
    Some(Fault {
        fix: vec![(at..at + item.len(), right.into())],
        ..Fault::new(Lint::YamlTrap, at, message, help)
    })
}

fn second_colon(value: &str, at: usize) -> Option<Fault> {
    let colon = value.find(": ")?;
    if let Some((field, start)) = second_field(value) {
        let message = format!("a second field begins in this line, `{field}`");
        let help = format!(
            "write `{field}: …` on a line of its own; a text with `: ` in it stands in quotation marks"
        );
        return Some(Fault::new(Lint::YamlTrap, at + start, message, help));
    }
    let message = "a second `: ` in one line begins a key of its own";
    Some(Fault::new(Lint::YamlTrap, at + colon, message, QUOTE_IT))
}

/// The field before the first `: ` of a value, which the line above it may have been joined with, and where it begins.
fn second_field(value: &str) -> Option<(&'static str, usize)> {
    /// Shorter names end many words.
    const SHORTEST: usize = 4;
    let before = &value[..value.find(": ")?];
    let word = before.rsplit(char::is_whitespace).next()?;
    let is_it =
        |field: &&&str| word == **field || (field.len() >= SHORTEST && word.ends_with(**field));
    let field = FIELDS
        .iter()
        .filter(is_it)
        .max_by_key(|field| field.len())?;
    Some((field, before.len() - field.len()))
}

/// A line that hangs between the indentation of its neighbours, or below one that is no field.
fn crooked(text: &str, line: Line<'_>, above: Line<'_>) -> Option<Fault> {
    if above.value().is_none()
        && let Some(trap) = without_colon(above)
    {
        return Some(trap);
    }
    if let Some(trap) = glued_first_field(above).or_else(|| lone_in_column(text, line, above)) {
        return Some(trap);
    }
    let opened = line.indent() > above.indent() && above.text.trim_end().ends_with([':', '|', '>']);
    let crooked = line.indent() != above.indent() && !opened;
    crooked.then(|| {
        Fault::new(
            Lint::InvalidYaml,
            line.at + line.indent(),
            "this line is indented otherwise than the one above it",
            "give fields of one entry the same indentation",
        )
    })
}

/// A field that stands further right than the one above it and the one below.
fn lone_in_column(text: &str, line: Line<'_>, above: Line<'_>) -> Option<Fault> {
    let higher = above.above(text);
    let is_first = higher.at == above.at;
    let is_alone = is_first && line.indent() == 0
        || higher.indent() == line.indent()
            && higher.value().is_some_and(|(_, value)| !value.is_empty());
    let is_field = above.key().is_some_and(|key| FIELDS.contains(&key)) && !above.has_hyphen();
    (above.indent() > line.indent() && is_field && is_alone && !higher.opens_block()).then(|| {
        let spaces = line.indent();
        Fault {
            broken: Some(above.at..above.at + above.text.len()),
            ..Fault::new(
                Lint::InvalidYaml,
                above.at + above.indent(),
                "this line is indented otherwise than those that it stands among",
                match spaces {
                    0 => "take the spaces before it out".to_owned(),
                    _ => format!("write {spaces} spaces before it, not {}", above.indent()),
                },
            )
        }
    })
}

/// `- date:2024-07`: the first field of an entry of a list, without the space behind its colon.
fn glued_first_field(line: Line<'_>) -> Option<Fault> {
    let bare = line.text[line.column()..].trim_end();
    let (key, value) = bare.split_once(':')?;
    let is_first = line.has_hyphen() && line.key().is_none() && FIELDS.contains(&key);
    (is_first && !value.is_empty())
        .then(|| colon_without_space(key, value, line.at + line.column()))
}

/// A line of a `|` text that is indented less than the text's first one.
fn beside_its_block(text: &str, line: Line<'_>) -> Option<Fault> {
    let mut first = line;
    let mut above = line.above(text);
    while above.at < first.at && above.indent() >= line.indent() {
        (first, above) = (above, above.above(text));
    }
    let missing = first.indent().checked_sub(line.indent())?;
    (above.opens_block() && above.at < first.at && missing > 0).then(|| {
        let message = "the lines of a text stand in one column, and this one does not";
        let spaces = if missing == 1 { "space" } else { "spaces" };
        let help = format!("add {missing} {spaces} before it");
        Fault::new(Lint::InvalidYaml, line.at + line.indent(), message, help)
    })
}

/// The name of an entry, with its fields below it and no colon behind it.
fn name_alone(text: &str, line: Line<'_>) -> Option<Fault> {
    const MOST_WORDS: usize = 5;
    let name = line.text.trim();
    let below = text[line.at + line.text.len()..].trim_start_matches(['\r', '\n']);
    let below = Line::around(text, text.len() - below.len());
    let is_field =
        below.indent() > line.indent() && below.key().is_some_and(|key| FIELDS.contains(&key));
    let is_name = name.split(' ').count() <= MOST_WORDS
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '’' | '\''));
    (is_field && is_name && !FIELDS.contains(&name)).then(|| {
        let message = "the name of an entry has a colon behind it";
        let help = format!("write `{name}:`");
        Fault::new(Lint::InvalidYaml, line.at + line.indent(), message, help)
    })
}

/// A line that is no field.
fn without_colon(line: Line<'_>) -> Option<Fault> {
    let bare = line.text.trim();
    let at = line.at + line.indent();
    if bare.is_empty() || bare.starts_with(['#', '"', '\'', '[', '{']) {
        return None;
    }
    if bare.ends_with(':') {
        return None;
    }
    if bare == LINE_OF_MERGE {
        let message = "this line of a merge of two versions is left over";
        let help = "take it out, after a look at what stands round it";
        return Some(Fault::new(Lint::InvalidYaml, at, message, help));
    }
    if let Some((key, value)) = bare.split_once(['=', '：'])
        && !key.trim().contains(' ')
    {
        let message = "a field has a colon behind its name";
        let help = format!("write `{}: {}`", key.trim(), value.trim());
        return Some(Fault::new(Lint::InvalidYaml, at, message, help));
    }
    if let Some((key, value)) = bare.split_once([' ', ';'])
        && FIELDS.contains(&key)
    {
        let message = "a field has a colon behind its name";
        let help = format!("write `{key}: {}`", value.trim());
        return Some(Fault::new(Lint::InvalidYaml, at, message, help));
    }
    if let Some((key, value)) = bare.split_once(':')
        && !value.starts_with("//")
    {
        return Some(colon_without_space(key, value, at));
    }
    let message = "this line has no colon, so it is no field";
    let help = if !bare.contains(char::is_alphanumeric) {
        "take it out".to_owned()
    } else if bare.starts_with("//") {
        "a comment begins with `#`".to_owned()
    } else if bare.contains(' ') {
        "write `name: text`; a text that goes on needs more indentation".to_owned()
    } else {
        let name = bare.trim_end_matches([';', ',', '.', '=']);
        format!("write `{name}:` if its fields follow, or `{name}: text`")
    };
    Some(Fault::new(Lint::InvalidYaml, at, message, help))
}

/// `text:One`; of a word that is no field's name nobody knows whether the text above goes on with it, as in `at 12:30`.
fn colon_without_space(key: &str, value: &str, at: usize) -> Fault {
    let message = "a colon without a space behind it makes no field";
    let field = format!("write `{key}: {}`", value.trim());
    if !FIELDS.contains(&key) {
        let help = format!(
            "where the text above goes on, indent this line more than its field, or put all of it on the lines after `|`; else {field}"
        );
        return Fault::new(Lint::InvalidYaml, at, message, help);
    }
    let behind = at + key.len() + 1;
    let blank = value.len() - value.trim_start().len();
    Fault {
        fix: vec![(behind..behind + blank, Cow::Borrowed(" "))],
        ..Fault::new(Lint::InvalidYaml, at, message, field)
    }
}

/// A tag or an anchor before a text, which is not shown: `text: !Important news`.
pub(super) fn hidden_word(text: &str, start: usize, sign: char) -> Option<Fault> {
    let what = if sign == '!' { "a tag" } else { "an anchor" };
    let before = text[..start].trim_end_matches([' ', '\n', '\r']);
    let at = before.rfind([' ', '\n', '[', ',']).map_or(0, |at| at + 1);
    before[at..].starts_with(sign).then(|| {
        let word = &before[at..];
        let message = format!("YAML takes `{word}` for {what}, and leaves it out of the text");
        Fault::new(Lint::YamlTrap, at, message, QUOTE_IT)
    })
}
