//! What an author did where `book.toml` is not TOML, told by the line.

use std::ops::Range;

use super::table::date_as_written;
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::reference::{UNSEEN, date_help};
use crate::source::{FileId, Span};

/// The slips that the parser's errors stand for, one a line.
pub(super) fn slips(file: FileId, text: &str, errors: &[(Range<usize>, &str)]) -> Vec<Diagnostic> {
    let mut slips: Vec<Slip> = Vec::new();
    // How far a slip reaches whose other errors only follow.
    let mut told = 0;
    let mut lists = Lists::default();
    for (range, words) in errors {
        if range.start < told {
            continue;
        }
        if let Some(list) = lists.around(text, range.start) {
            let line = Line::around(text, list.start);
            if !text[list.clone()].ends_with(']') {
                // Whatever is said of the lines below follows from it.
                slips.push(line.told(
                    list.start..list.start + 1,
                    "a bracket is opened here and never closed",
                    "write a `]` where the list ends",
                ));
                break;
            }
            if let Some(slip) = line.list(list.clone(), &text[list.clone()]) {
                slips.push(slip);
                told = list.end;
                continue;
            }
        }
        let line = Line::around(text, range.start);
        if let Some(mark) = line.open_text_in_list() {
            // As does what is read as a text as far as the next mark.
            let message = "a quotation mark is opened here and never closed";
            slips.push(line.told(mark..mark + 1, message, "end the text with the same mark"));
            break;
        }
        if words.contains("duplicate") && line.text.starts_with('[') {
            // So do the keys of a table that stands there already.
            told = text[line.at + 1..]
                .find("\n[")
                .map_or(text.len(), |next| line.at + 2 + next);
        }
        if slips.last().is_none_or(|slip| slip.line != line.at) {
            slips.push(line.slip(range.clone(), words));
        }
    }
    slips.into_iter().map(|slip| slip.told(file)).collect()
}

/// The lists of a text, looked for above one place after the other.
#[derive(Default)]
struct Lists {
    /// As far as they have been looked for.
    sought: usize,
    /// Where the last of them begins.
    begun: Option<usize>,
}

impl Lists {
    /// The list that was begun above `at`, as far as its bracket or the next key.
    fn around(&mut self, text: &str, at: usize) -> Option<Range<usize>> {
        const SIGN: &str = "= [";
        let at = text.ceil_char_boundary(at.min(text.len()));
        if at < self.sought {
            *self = Lists::default();
        }
        let from = text.floor_char_boundary(self.sought.saturating_sub(SIGN.len() - 1));
        let next = text[from..at].rfind(SIGN);
        self.begun = next.map(|sign| from + sign + 2).or(self.begun);
        self.sought = at;
        let start = self.begun?;
        if text[start..at].contains(']') {
            return None;
        }
        let mut end = start;
        for (index, line) in text[start..].split_inclusive('\n').enumerate() {
            if index > 0 && (line.contains('=') || line.starts_with('[')) {
                break;
            }
            if let Some(bracket) = line.find(']') {
                return Some(start..end + bracket + 1);
            }
            end += line.len();
        }
        Some(start..start + text[start..end].trim_end().len())
    }
}

/// One mistake.
struct Slip {
    /// Where its line begins.
    line: usize,
    at: Range<usize>,
    message: String,
    help: String,
    fix: Option<(Range<usize>, String)>,
}

impl Slip {
    fn told(self, file: FileId) -> Diagnostic {
        let place = Span::new(file, self.at);
        let told = Diagnostic::new(Lint::InvalidToml, place, self.message).help(self.help);
        match self.fix {
            Some((range, new)) => told.fix(Span::new(file, range), new).trusted(Trust::Safe),
            None => told,
        }
    }
}

#[derive(Clone, Copy)]
struct Line<'t> {
    at: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn around(text: &'t str, at: usize) -> Self {
        let at = text.floor_char_boundary(at.min(text.len()));
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Line {
            at: start,
            text: line.trim_end(),
        }
    }

    /// The mark of a text that a list's line opens and does not close.
    fn open_text_in_list(self) -> Option<usize> {
        let (_, list) = self.text.split_once('=')?;
        let is_open = list.trim_start().starts_with('[') && list.matches('"').count() % 2 == 1;
        is_open.then(|| self.text.rfind('"').map(|mark| self.at + mark))?
    }

    /// What is wrong with a list that ends: `["A" "B"]`, `[A, B]`, `[“A”, “B”]`.
    fn list(self, range: Range<usize>, list: &str) -> Option<Slip> {
        const PRINTED: [char; 5] = ['“', '”', '„', '‘', '’'];
        let inner = list.trim_matches(['[', ']']);
        let (message, items): (_, Vec<&str>) = if inner.contains(PRINTED) {
            (
                "TOML takes straight quotation marks alone",
                inner.split(',').collect(),
            )
        } else if !inner.contains('"') {
            ("texts stand in quotation marks", inner.split(',').collect())
        } else {
            let texts = inner.split('"').skip(1).step_by(2);
            (
                "a comma stands between the texts of a list",
                texts.collect(),
            )
        };
        let bare = |item: &&str| {
            let item = item.trim().trim_matches(PRINTED).trim_matches('"');
            format!("\"{item}\"")
        };
        let items: Vec<String> = items
            .iter()
            .filter(|item| !item.trim().is_empty())
            .map(bare)
            .collect();
        if list.matches('"').count() % 2 == 1 {
            let message = "one of the quotation marks in this list has no other";
            let help = "each text stands between two, with a comma behind it";
            return Some(self.told(range, message, help));
        }
        let right = format!("[{}]", items.join(", "));
        let is_wrong = right != list.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = self.text.split('=').next().unwrap_or_default().trim();
        is_wrong.then(|| self.told(range, message, &format!("write `{key} = {right}`")))
    }

    /// A sign that looks like a space, or like nothing, before the value.
    fn odd_sign(self) -> Option<Slip> {
        let is_space = |c: char| c.is_whitespace() && !matches!(c, ' ' | '\t');
        let before = self.text.split(['"', '\'']).next().unwrap_or_default();
        let is_odd = |c: char| is_space(c) || UNSEEN.contains(&c);
        let (at, sign) = before.char_indices().find(|(_, sign)| is_odd(*sign))?;
        let place = self.at + at..self.at + at + sign.len_utf8();
        let (message, help, right) = if is_space(sign) {
            ("this is not a plain space", "write a space", " ")
        } else {
            ("a sign that cannot be seen stands here", "take it out", "")
        };
        Some(Slip {
            fix: Some((place.clone(), right.to_owned())),
            ..self.told(place, message, help)
        })
    }

    fn slip(self, range: Range<usize>, words: &str) -> Slip {
        if words.contains("duplicate") {
            let key = self.text.split('=').next().unwrap_or_default().trim();
            let message = format!("`{key}` stands here for the second time");
            return self.told(self.of(key), &message, "keep one of the two");
        }
        if let Some(slip) = self.odd_sign() {
            return slip;
        }
        if let Some(slip) = self.table_in_words() {
            return slip;
        }
        match self.text.split_once('=') {
            Some((key, value)) if value.trim().is_empty() => {
                let key = key.trim();
                let help = format!("write `{key} = \"…\"`, or take the line out");
                Some(self.told(self.of(key), "a key has a value behind its `=`", &help))
            }
            Some((key, value)) if value.starts_with('=') => {
                let help = format!(
                    "write `{} = {}`",
                    key.trim(),
                    value.trim_matches(['=', ' '])
                );
                Some(self.told(
                    range.clone(),
                    "one `=` stands between a key and its value",
                    &help,
                ))
            }
            Some((_, value))
                if value.trim_start().starts_with('[') && second_key(value).is_some() =>
            {
                let second = second_key(value).unwrap_or_default();
                let message = "a second key begins in this line";
                let help = format!("write `{second}` on a line of its own");
                Some(self.told(self.of(second), message, &help))
            }
            Some((key, value)) => {
                let value = value.trim_start();
                let start = self.at + self.text.len() - value.len();
                self.value(key.trim(), value, start..start + value.len())
            }
            None => self.without_equals(),
        }
        .unwrap_or_else(|| {
            let message = format!("this is not TOML: {words}");
            self.told(range, &message, "write each line as `key = \"text\"`")
        })
    }

    /// `[output html]`
    fn table_in_words(self) -> Option<Slip> {
        let name = self.text.trim().strip_prefix('[')?.strip_suffix(']')?;
        let is_word = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let words: Vec<&str> = name.split_whitespace().collect();
        (words.len() > 1 && words.iter().all(|word| is_word(word))).then(|| {
            let message = "full stops stand between the parts of a table's name";
            let help = format!("write `[{}]`", words.join("."));
            self.told(self.of(name), message, &help)
        })
    }

    fn told(self, at: Range<usize>, message: &str, help: &str) -> Slip {
        Slip {
            line: self.at,
            at,
            message: message.to_owned(),
            help: help.to_owned(),
            fix: None,
        }
    }

    /// The place of some words of the line.
    fn of(self, words: &str) -> Range<usize> {
        let start = self.at + self.text.find(words).unwrap_or(0);
        start..start + words.len()
    }

    fn without_equals(self) -> Option<Slip> {
        let whole = self.at..self.at + self.text.len();
        let bare = self.text.trim();
        if bare.starts_with('[') {
            let name = bare.trim_matches(['[', ']', ' ']);
            let right = format!("[{name}]");
            let message = if bare.ends_with(']') {
                "one bracket stands on either side of a table's name"
            } else {
                "the table's name is not closed"
            };
            let help = match name {
                "" => "write the name and both brackets on one line, as in `[book]`".to_owned(),
                _ => format!("write `{right}`"),
            };
            return (bare != right).then(|| self.told(whole, message, &help));
        }
        if let Some(name) = bare.strip_suffix(']')
            && !name.contains(['[', '"', ',', ' '])
        {
            let help = format!("write `[{name}]`");
            return Some(self.told(whole, "the table's name is not opened", &help));
        }
        if bare.starts_with("//") {
            let message = "a comment begins with `#` here";
            return Some(self.told(whole, message, "write `#` for the `//`"));
        }
        let signs = [':', ' ', '"', '＝', '：', '“', '”'];
        let cut = bare.find(signs)?;
        let (key, value) = (&bare[..cut], bare[cut..].trim_matches(signs));
        let help = format!("write `{key} = \"{value}\"`");
        Some(self.told(whole, "a key and its value have `=` between them", &help))
    }

    /// A value that is none.
    fn value(self, key: &str, value: &str, place: Range<usize>) -> Option<Slip> {
        let first = value.chars().next()?;
        let in_key =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\'');
        if key.contains(|c| !in_key(c)) {
            let meant: String = key
                .chars()
                .map(|c| if in_key(c) { c } else { '-' })
                .collect();
            let at = self.of(key);
            let help = format!("write `{meant} = {value}`");
            return Some(Slip {
                fix: Some((at.clone(), meant)),
                ..self.told(at, "a key has no spaces or dashes, but hyphens", &help)
            });
        }
        let alone = |mark| value.matches(mark).count() == 1;
        match first {
            '“' | '”' | '„' | '‘' | '’' => {
                let inner = value.trim_matches(|c| "“”„‘’\"'".contains(c));
                let help = format!("write `{key} = \"{inner}\"`");
                let message = "TOML takes straight quotation marks alone";
                let sound = !inner.contains(['"', '\\', '#']);
                Some(Slip {
                    fix: sound.then(|| (place.clone(), format!("\"{inner}\""))),
                    ..self.told(place, message, &help)
                })
            }
            '"' if value.ends_with([',', ';']) && value.matches('"').count() == 2 => {
                let inner = value.trim_end_matches([',', ';']);
                let end = place.start + inner.len()..place.end;
                let help = format!("write `{key} = {inner}`");
                Some(Slip {
                    fix: Some((end.clone(), String::new())),
                    ..self.told(end, "a line ends with its value, without a comma", &help)
                })
            }
            '"' | '\'' if alone(first) => Some(self.told(
                place,
                "a quotation mark is opened here and never closed",
                "end the text with the same mark",
            )),
            '"' if value.matches('"').count() == 2 => Some(self.behind_text(key, value, place)),
            '"' => Some(self.told(
                place,
                "a quotation mark ends this text before its end",
                "write `\\\"` for a mark inside a text, and `[\"…\", \"…\"]` for several texts",
            )),
            '\'' => Some(self.told(
                place,
                "an apostrophe ends this text before its end",
                "put double quotation marks round the text",
            )),
            _ if key.ends_with("date") => {
                let message = format!("`{value}` is no date");
                let date = date_as_written(value);
                let help = match &date {
                    Some(date) => format!("write `{key} = {date}`"),
                    None => date_help(value),
                };
                Some(Slip {
                    fix: date.map(|date| (place.clone(), date)),
                    ..self.told(place, &message, &help)
                })
            }
            _ if ["true", "false", "yes", "no", "on", "off"]
                .contains(&value.to_lowercase().as_str()) =>
            {
                let help = format!("write `{key} = true` or `{key} = false`");
                Some(self.told(place, "yes and no are `true` and `false` here", &help))
            }
            _ if first.is_alphabetic() => {
                let message = "a text stands in quotation marks";
                let help = format!("write `{key} = \"{}\"`", value.trim_end_matches('"'));
                let sound = !value.contains(['"', '\\', '#']);
                Some(Slip {
                    fix: sound.then(|| (place.clone(), format!("\"{value}\""))),
                    ..self.told(place, message, &help)
                })
            }
            _ => None,
        }
    }
}

/// What stands behind a list in its line, where that is a key with its value.
fn second_key(value: &str) -> Option<&str> {
    let (_, behind) = value.rsplit_once(']')?;
    let behind = behind.trim();
    (behind.starts_with(char::is_alphabetic) && behind.contains('=')).then_some(behind)
}

impl Line<'_> {
    /// A text in two quotation marks, and what is wrong in it or behind it.
    fn behind_text(self, key: &str, value: &str, place: Range<usize>) -> Slip {
        let end = value.rfind('"').map_or(value.len(), |mark| mark + 1);
        let (text, rest) = value.split_at(end);
        if rest.trim().is_empty() {
            let message = "in quotation marks a backslash begins the name of a sign";
            let help = format!(
                "write `{key} = {}`, or `\\\\` for each",
                text.replace('\\', "/")
            );
            return self.told(place, message, &help);
        }
        if rest.contains('=') {
            let message = "a second key begins in this line";
            let help = format!("write `{}` on a line of its own", rest.trim());
            return self.told(place.start + end..place.end, message, &help);
        }
        let message = format!("`{}` stands behind the end of the text", rest.trim());
        let help = format!(
            "write `{key} = \"{}{rest}\"`, or `#` before a remark",
            text.trim_matches('"')
        );
        self.told(place.start + end..place.end, &message, &help)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use crate::source::Sources;

    fn check(line: &str, at: &str, message: &str, help: &str) {
        let text = format!("[book]\n{line}\n\n[lints]\nunused-term = \"warn\"\n");
        let sources = Sources::from_texts([("book.toml", text.as_str())]);
        let file = sources.find("book.toml").expect("just made");
        let (_, found) = Config::parse(file, &text);
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        let place = found[0].at.as_ref().expect("a place").span;
        assert_eq!(sources.slice(place), at, "{line}");
        assert_eq!(found[0].message, message, "{line}");
        assert_eq!(found[0].help.as_deref(), Some(help), "{line}");
    }

    #[test]
    fn a_text_without_its_marks_or_with_others() {
        check(
            "title = The Port",
            "The Port",
            "a text stands in quotation marks",
            "write `title = \"The Port\"`",
        );
        check(
            "title = “The Port”",
            "“The Port”",
            "TOML takes straight quotation marks alone",
            "write `title = \"The Port\"`",
        );
        check(
            "title = \"open",
            "\"open",
            "a quotation mark is opened here and never closed",
            "end the text with the same mark",
        );
        check(
            "title = 'It's so'",
            "'It's so'",
            "an apostrophe ends this text before its end",
            "put double quotation marks round the text",
        );
        check(
            "title = \"The Port\",",
            ",",
            "a line ends with its value, without a comma",
            "write `title = \"The Port\"`",
        );
        check(
            "two-sided = True",
            "True",
            "yes and no are `true` and `false` here",
            "write `two-sided = true` or `two-sided = false`",
        );
    }

    #[test]
    fn a_date_is_told_as_it_is_meant() {
        check(
            "date = March 2025",
            "March 2025",
            "`March 2025` is no date",
            "write `date = \"2025-03\"`",
        );
        check(
            "date = July 28, 2024",
            "July 28, 2024",
            "`July 28, 2024` is no date",
            "write `date = 2024-07-28`",
        );
        check(
            "date = 2024-8-1",
            "2024-8-1",
            "`2024-8-1` is no date",
            "write `date = 2024-08-01`",
        );
        check(
            "date = 2024-02-31",
            "2024-02-31",
            "`2024-02-31` is no date",
            "that month has no day 31: a date is year, month, day",
        );
    }

    #[test]
    fn a_key_and_its_equals_sign() {
        check(
            "title: \"x\"",
            "title: \"x\"",
            "a key and its value have `=` between them",
            "write `title = \"x\"`",
        );
        check(
            "title ＝ “The Port”",
            "title ＝ “The Port”",
            "a key and its value have `=` between them",
            "write `title = \"The Port\"`",
        );
        check(
            "title = \"A\"\ntitle = \"B\"",
            "title",
            "`title` stands here for the second time",
            "keep one of the two",
        );
    }

    #[test]
    fn brackets_and_comments() {
        check(
            "authors = [\"A\", \"B\"",
            "[",
            "a bracket is opened here and never closed",
            "write a `]` where the list ends",
        );
        check(
            "glossary]",
            "glossary]",
            "the table's name is not opened",
            "write `[glossary]`",
        );
        check(
            "[output.html]]",
            "[output.html]]",
            "one bracket stands on either side of a table's name",
            "write `[output.html]`",
        );
        check(
            "[output.html",
            "[output.html",
            "the table's name is not closed",
            "write `[output.html]`",
        );
        check(
            "// The port",
            "// The port",
            "a comment begins with `#` here",
            "write `#` for the `//`",
        );
    }

    #[test]
    fn lists_signs_and_ends_of_texts_are_told() {
        let comma = "a comma stands between the texts of a list";
        let right = "write `authors = [\"A\", \"B\"]`";
        check("authors = [\"A\" \"B\"]", "[\"A\" \"B\"]", comma, right);
        check(
            "authors = [\n  \"A\"\n  \"B\"\n]",
            "[\n  \"A\"\n  \"B\"\n]",
            comma,
            right,
        );
        check(
            "authors = [A, B]",
            "[A, B]",
            "texts stand in quotation marks",
            right,
        );
        check(
            "authors = [“A”, “B”]",
            "[“A”, “B”]",
            "TOML takes straight quotation marks alone",
            right,
        );
        check(
            "title\u{a0}= \"T\"",
            "\u{a0}",
            "this is not a plain space",
            "write a space",
        );
        check(
            "single source = \"allow\"",
            "single source",
            "a key has no spaces or dashes, but hyphens",
            "write `single-source = \"allow\"`",
        );
        check(
            "\u{200b}title = \"T\"",
            "\u{200b}",
            "a sign that cannot be seen stands here",
            "take it out",
        );
        check(
            "\u{a0}[citations]",
            "\u{a0}",
            "this is not a plain space",
            "write a space",
        );
        check(
            "title = \"C:\\Users\"",
            "\"C:\\Users\"",
            "in quotation marks a backslash begins the name of a sign",
            "write `title = \"C:/Users\"`, or `\\\\` for each",
        );
        check(
            "title = \"T\" and more",
            " and more",
            "`and more` stands behind the end of the text",
            "write `title = \"T and more\"`, or `#` before a remark",
        );
        check(
            "title == \"T\"",
            "=",
            "one `=` stands between a key and its value",
            "write `title = \"T\"`",
        );
        check(
            "title =",
            "title",
            "a key has a value behind its `=`",
            "write `title = \"…\"`, or take the line out",
        );
        check(
            "title = \"T\"\n[citations]\nstyle = \"plain\"\n[citations]\nstyle = \"plain\"",
            "[citations]",
            "`[citations]` stands here for the second time",
            "keep one of the two",
        );
    }
}
