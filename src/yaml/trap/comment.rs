//! Signs that YAML takes for the beginning of a comment, and were meant as text.

use super::QUOTE_IT;
use crate::diagnostic::Lint;
use crate::yaml::fault::Fault;
use crate::yaml::line::Line;
use crate::yaml::{CITING, SPEAKING};

/// What a ` #` behind a plain text cuts off, if it was meant as text: one space before it, and a letter or figure right
/// behind, or in a field of words a space.
pub(in crate::yaml) fn cut_by_comment(text: &str, end: usize) -> Option<Fault> {
    let cut = text[end..].strip_prefix(" #")?;
    let line = Line::around(text, end);
    let in_words = || line.key().is_some_and(|key| SPEAKING.contains(&key));
    let goes_on = cut.starts_with(char::is_alphanumeric) || (cut.starts_with(' ') && in_words());
    if !goes_on {
        return None;
    }
    if let Some(paragraph) = paragraph(cut.lines().next().unwrap_or_default())
        && !text[line.at..end].contains('¶')
        && line
            .field_in(text)
            .is_some_and(|field| CITING.contains(&field))
    {
        let message = "YAML takes what follows ` #` for a comment; a paragraph's sign is ¶";
        return Some(Fault {
            fix: vec![(end + 1..end + 1 + paragraph.cut, paragraph.sign.into())],
            ..Fault::new(
                Lint::InvalidLocator,
                end + 1,
                message,
                format!("write `{}{}`", paragraph.sign, paragraph.numbers),
            )
        });
    }
    Some(Fault::new(
        Lint::YamlTrap,
        end + 1,
        "YAML takes what follows ` #` for a comment and cuts the text",
        format!("{QUOTE_IT}; a comment has two spaces before its `#` and one behind"),
    ))
}

/// `tags: #missiles`: all of a value is a comment to YAML.
pub(in crate::yaml) fn all_comment(text: &str, key_end: usize) -> Option<Fault> {
    let line = text[key_end..].lines().next()?;
    let value = line.strip_prefix(':')?;
    let word = value.trim_start().strip_prefix('#')?;
    word.starts_with(char::is_alphanumeric).then(|| {
        let at = key_end + line.len() - word.len() - 1;
        let message = "YAML takes what follows ` #` for a comment, so this field is empty";
        let words: Vec<&str> = word.split_whitespace().map(|one| one.trim_start_matches('#')).collect();
        let are_tags = word.matches(" #").count() + 1 == words.len() && words.len() > 1;
        let meant = if are_tags {
            format!("[{}]", words.join(", "))
        } else {
            word.trim_end().to_owned()
        };
        let help = format!(
            "write `{meant}`, or quotation marks round a text that begins with `#`; a comment has a space behind its `#`"
        );
        Fault::new(Lint::YamlTrap, at, message, help)
    })
}

/// `C #: …`: a name that ends, to YAML, before its colon.
pub(in crate::yaml) fn name_cut_by_comment(line: Line<'_>) -> Option<Fault> {
    let name = line.key().filter(|_| !line.has_hyphen())?;
    let (before, behind) = name.split_once(" #")?;
    let at = line.at + line.column();
    let is_bare = line.text[line.column()..].starts_with(name) && !before.is_empty();
    let joined = format!("{before}#{behind}");
    is_bare.then(|| {
        let end = at + name.trim_end().len();
        Fault {
            fix: vec![(at..at, "\"".into()), (end..end, "\"".into())],
            ..Fault::new(
                Lint::YamlTrap,
                at + before.len() + 1,
                "YAML takes what follows ` #` for a comment, so this name has no colon",
                format!("write `\"{}\":`, or `{}:`", name.trim(), joined.trim_end()),
            )
        }
    })
}

/// Paragraph numbers behind a `#` or `#p`.
struct Numbered<'t> {
    /// The bytes that the right sign takes the place of.
    cut: usize,
    sign: &'static str,
    numbers: &'t str,
}

fn paragraph(cut: &str) -> Option<Numbered<'_>> {
    let numbers = cut.trim_start_matches(['p', '.']);
    let length = numbers
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '–')))
        .unwrap_or(numbers.len());
    let sign = if numbers[..length].contains(['-', '–']) {
        "¶¶"
    } else {
        "¶"
    };
    (length > 0).then(|| Numbered {
        cut: 1 + cut.len() - numbers.len(),
        sign,
        numbers: &numbers[..length],
    })
}
