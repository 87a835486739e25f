//! Signs of emphasis, headings, lists and links that Markdown does not take for such, and would be printed.

use std::ops::Range;

use super::lookalikes::Passage;
use crate::diagnostic::{Diagnostic, Lint};

impl Passage<'_> {
    /// What of a text was meant as markup.
    pub(super) fn markup(self) -> Vec<Diagnostic> {
        let text = self.text();
        if !text.contains(['*', '#', ']', '^']) && !text.starts_with(|c: char| c.is_ascii_digit()) {
            return Vec::new();
        }
        let found = [
            self.heading(),
            self.item(),
            self.name(),
            self.link(),
            self.emphasis(),
        ];
        found.into_iter().flatten().collect()
    }

    fn told(self, range: Range<usize>, message: &str, help: String) -> Diagnostic {
        Diagnostic::new(Lint::LooksLikeMarkup, self.prose.text.span(range), message).help(help)
    }

    /// `##Heading`
    fn heading(self) -> Option<Diagnostic> {
        let marks = self.text().len() - self.text().trim_start_matches('#').len();
        let words = &self.text()[marks..];
        let is_heading = (2..=6).contains(&marks)
            && words.starts_with(char::is_alphabetic)
            && self.places("#").next() == Some(0);
        is_heading.then(|| {
            let help = format!("write a space behind the `{}`", &self.text()[..marks]);
            self.told(0..marks, "this is no heading, but text", help)
        })
    }

    /// `1.Item`
    fn item(self) -> Option<Diagnostic> {
        let (number, words) = self.text().split_once('.')?;
        let is_item = !number.is_empty()
            && number.len() <= 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && words.starts_with(|c: char| c.is_ascii_uppercase());
        is_item.then(|| {
            let help = format!("write a space behind `{number}.`");
            self.told(
                0..number.len() + 1,
                "this is no entry of a list, but text",
                help,
            )
        })
    }

    /// `Words. ^ name`
    fn name(self) -> Option<Diagnostic> {
        let (before, name) = self.text().rsplit_once(" ^ ")?;
        let is_name = crate::reference::is_key(name) && !before.is_empty();
        is_name.then(|| {
            let at = before.len() + 1;
            let help = format!("write `^{name}`");
            self.told(at..self.text().len(), "this names no paragraph", help)
        })
    }

    /// `[words] (file.md)` and `(words)[file.md]`
    fn link(self) -> Option<Diagnostic> {
        let text = self.text();
        let apart = self.places("] (").find_map(|at| {
            let open = text[..at].rfind('[')?;
            let close = at + text[at..].find(')')?;
            let address = &text[at + 3..close];
            is_address(address).then(|| (open..close + 1, &text[open + 1..at], address))
        });
        let turned = self.places(")[").find_map(|at| {
            let open = text[..at].rfind('(')?;
            let close = at + text[at..].find(']')?;
            let address = &text[at + 2..close];
            is_address(address).then(|| (open..close + 1, &text[open + 1..at], address))
        });
        let (range, words, address) = apart.or(turned)?;
        let help = format!("write `[{words}]({address})`");
        Some(self.told(range, "this is no link, but text", help))
    }

    /// `*word` without an end, and `** word **`
    fn emphasis(self) -> Option<Diagnostic> {
        let text = self.text();
        let at = self.places("*").find(|at| {
            let gap = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c == '(');
            let marks = text[*at..].len() - text[*at..].trim_start_matches('*').len();
            let (before, behind) = (
                text[..*at].chars().next_back(),
                text[*at + marks..].chars().next(),
            );
            let opens = gap(before) && behind.is_some_and(char::is_alphabetic);
            let closes = before.is_some_and(char::is_alphabetic) && gap(behind) && marks == 2;
            opens || closes || (marks == 2 && gap(before) && behind == Some(' '))
        })?;
        let help =
            "put one `*` right before the first and one right behind the last word, or write `\\*`";
        Some(self.told(at..at + 1, "this sign emphasises nothing", help.to_owned()))
    }
}

/// A file of the book or another site.
fn is_address(text: &str) -> bool {
    let file = [".md", ".html", ".pdf", ".png", ".jpg", ".svg"];
    !text.contains(' ') && (text.contains("://") || file.iter().any(|ending| text.contains(ending)))
}
