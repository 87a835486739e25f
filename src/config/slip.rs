//! What an author did where `book.toml` is not TOML, told by the line.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::source::{FileId, Span};

/// The slips that the parser's errors stand for, one a line.
pub(super) fn slips(file: FileId, text: &str, errors: &[(Range<usize>, &str)]) -> Vec<Diagnostic> {
    let mut slips: Vec<Slip> = Vec::new();
    for (range, words) in errors {
        if let Some(bracket) = open_list(text, range.start) {
            // Whatever is said of the lines below follows from it.
            slips.push(Line::around(text, bracket).told(
                bracket..bracket + 1,
                "a bracket is opened here and never closed",
                "write a `]` where the list ends",
            ));
            break;
        }
        let line = Line::around(text, range.start);
        if let Some(mark) = line.open_text_in_list() {
            // As does what is read as a text as far as the next mark.
            let message = "a quotation mark is opened here and never closed";
            slips.push(line.told(mark..mark + 1, message, "end the text with the same mark"));
            break;
        }
        if slips.iter().all(|slip| slip.line != line.at) {
            slips.push(line.slip(range.clone(), words));
        }
    }
    slips.into_iter().map(|slip| slip.told(file)).collect()
}

/// The bracket of a list above `at` that no other bracket closes.
fn open_list(text: &str, at: usize) -> Option<usize> {
    let above = &text[..text.ceil_char_boundary(at.min(text.len()))];
    let list = above.rfind("= [").map(|sign| sign + 2)?;
    (!above[list..].contains(']')).then_some(list)
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

    fn slip(self, range: Range<usize>, words: &str) -> Slip {
        if words.contains("duplicate") {
            let key = self.text.split('=').next().unwrap_or_default().trim();
            let message = format!("`{key}` stands here for the second time");
            return self.told(self.of(key), &message, "keep one of the two");
        }
        match self.text.split_once('=') {
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
            let help = format!("write `{bare}]`");
            let open = !bare.ends_with(']');
            return open.then(|| self.told(whole, "the table's name is not closed", &help));
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
            _ if key.ends_with("date") => Some(self.told(
                place,
                "a date is year, month and day",
                "write it as `2024-07-28`",
            )),
            _ if ["true", "false", "yes", "no", "on", "off"]
                .contains(&value.to_lowercase().as_str()) =>
            {
                let help = format!("write `{key} = true` or `{key} = false`");
                Some(self.told(place, "yes and no are `true` and `false` here", &help))
            }
            _ if first.is_alphabetic() => {
                let message = "a text stands in quotation marks";
                let help = format!("write `{key} = \"{value}\"`");
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

#[cfg(test)]
mod tests {
    use super::super::Config;
    use crate::source::Sources;

    #[test]
    fn a_slip_is_told_by_its_line_once() {
        let check = |line: &str, at: &str, message: &str, help: &str| {
            let text = format!("[book]\n{line}\n\n[lints]\nunused-term = \"warn\"\n");
            let sources = Sources::from_texts([("book.toml", text.as_str())]);
            let file = sources.find("book.toml").expect("just made");
            let (_, found) = Config::parse(file, &text);
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            let place = found[0].at.as_ref().expect("a place").span;
            assert_eq!(sources.slice(place), at, "{line}");
            assert_eq!(found[0].message, message, "{line}");
            assert_eq!(found[0].help.as_deref(), Some(help), "{line}");
        };
        let quoted = "a text stands in quotation marks";
        check(
            "title = The Port",
            "The Port",
            quoted,
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
            "title: \"x\"",
            "title: \"x\"",
            "a key and its value have `=` between them",
            "write `title = \"x\"`",
        );
        check(
            "authors = [\"A\", \"B\"",
            "[",
            "a bracket is opened here and never closed",
            "write a `]` where the list ends",
        );
        check(
            "date = July 28, 2024",
            "July 28, 2024",
            "a date is year, month and day",
            "write it as `2024-07-28`",
        );
        check(
            "title = \"The Port\",",
            ",",
            "a line ends with its value, without a comma",
            "write `title = \"The Port\"`",
        );
        check(
            "title ＝ “The Port”",
            "title ＝ “The Port”",
            "a key and its value have `=` between them",
            "write `title = \"The Port\"`",
        );
        check(
            "two-sided = True",
            "True",
            "yes and no are `true` and `false` here",
            "write `two-sided = true` or `two-sided = false`",
        );
        check(
            "// The port",
            "// The port",
            "a comment begins with `#` here",
            "write `#` for the `//`",
        );
        check(
            "title = \"A\"\ntitle = \"B\"",
            "title",
            "`title` stands here for the second time",
            "keep one of the two",
        );
        check(
            "[output.html",
            "[output.html",
            "the table's name is not closed",
            "write `[output.html]`",
        );
    }
}
