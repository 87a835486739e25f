//! A table of `book.toml`, its keys taken one by one.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::FILE;
use crate::csl::Choice;
use crate::diagnostic::{Diagnostic, Lint, Trust, nearest, trust_in};
use crate::reference::{When, date_help, date_meant};
use crate::schema::{Field, Kind, Shape};
use crate::source::{FileId, Span};

/// Takes the keys of one table; what its shape does not know is reported in the end.
pub(super) struct Table<'t, 'd> {
    file: FileId,
    shape: &'static Shape,
    entries: &'t DeTable<'t>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'t, 'd> Table<'t, 'd> {
    pub(super) fn new(
        file: FileId,
        shape: &'static Shape,
        entries: &'t DeTable<'t>,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Self {
        Table {
            file,
            shape,
            entries,
            diagnostics,
        }
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        debug_assert!(self.shape.field(key).is_some(), "`{key}` is in the shape");
        self.entries.get(key)
    }

    pub(super) fn report(
        &mut self,
        lint: Lint,
        range: Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        let mut diagnostic = Diagnostic::new(lint, Span::new(self.file, range), message);
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let message = format!(
            "`{key}` is {expected}, not {}",
            match value.get_ref() {
                DeValue::String(_) => "a text",
                DeValue::Integer(_) | DeValue::Float(_) => "a number",
                DeValue::Boolean(_) => "true or false",
                DeValue::Datetime(_) => "a date",
                DeValue::Array(_) => "a list",
                DeValue::Table(_) => "a table",
            }
        );
        let help = match expected {
            "a text" => format!("write `{key} = \"…\"`"),
            "a list of texts" => format!("write `{key} = [\"…\", \"…\"]`"),
            "true or false" => format!("write `{key} = true` or `{key} = false`"),
            "a table" => {
                let name = self.shape.field(key).and_then(|field| match field.kind {
                    Kind::Map(shape) => Some(shape.what),
                    _ => None,
                });
                let name = name.unwrap_or_default();
                format!("write `{name}` on a line of its own, its keys below it")
            }
            "a number of days such as 365" => format!("write `{key} = 365`"),
            _ => format!("write `{key} = 2024-08-01`"),
        };
        self.report(Lint::InvalidValue, value.span(), message, Some(help));
    }

    pub(super) fn table(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'_, '_>)) {
        let Some(value) = self.get(key) else { return };
        let DeValue::Table(inner) = value.get_ref() else {
            return self.wrong(key, value, "a table");
        };
        let Some(Kind::Map(shape)) = self.shape.field(key).map(|field| field.kind) else {
            return;
        };
        let mut table = Table::new(self.file, shape, inner, self.diagnostics);
        read(&mut table);
        table.finish();
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.to_string());
        }
        self.wrong(key, value, "a text");
        None
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let texts = self.spanned_texts(key).unwrap_or_default();
        texts.into_iter().map(|(text, _)| text).collect()
    }

    /// One text or a list of texts, each with its place; none where the key is not there.
    pub(super) fn spanned_texts(&mut self, key: &'static str) -> Option<Vec<(String, Span)>> {
        let value = self.get(key)?;
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let texts = items.into_iter().filter_map(|item| {
            if let DeValue::String(text) = item.get_ref() {
                return Some((text.to_string(), Span::new(self.file, item.span())));
            }
            self.wrong(key, item, "a list of texts");
            None
        });
        Some(texts.collect())
    }

    pub(super) fn date(&mut self, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(date) => date.date.map(|date| date.to_string()),
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        };
        let sound = date.filter(|date| When::parse(date).is_some());
        if sound.is_none() {
            self.no_date(key, value);
        }
        sound
    }

    fn no_date(&mut self, key: &str, value: &Spanned<DeValue<'_>>) {
        let Some(text) = word(value.get_ref()) else {
            return self.wrong(key, value, "a date such as 2024-08-01");
        };
        let message = format!("`{key}` is a date such as 2024-08-01, not `{text}`");
        let place = Span::new(self.file, value.span());
        let told = Diagnostic::new(Lint::InvalidValue, place, message);
        self.diagnostics.push(match date_as_written(&text) {
            Some(date) => told
                .help(format!("write `{key} = {date}`"))
                .fix(place, date)
                .trusted(Trust::Safe),
            None => told.help(date_help(&text)),
        });
    }

    /// Where a key's value stands.
    pub(super) fn place(&self, key: &str) -> Option<Span> {
        let value = self.entries.get(key)?;
        Some(Span::new(self.file, value.span()))
    }

    /// A language tag.
    pub(super) fn language(&mut self, key: &'static str, language: &mut String) {
        let Some(text) = self.text(key) else { return };
        let Some(help) = crate::reference::language_problem(&text) else {
            *language = text;
            return;
        };
        let range = self.entries.get(key).map_or(0..0, Spanned::span);
        let message = format!("`{text}` is not a language tag");
        self.report(Lint::InvalidValue, range, message, Some(help));
    }

    /// A path inside the book's folder.
    pub(super) fn path(&mut self, key: &'static str, path: &mut String) {
        let Some(text) = self.text(key) else { return };
        if crate::source::SitePath::new(text.trim_end_matches('/')).is_some() {
            text.trim_end_matches('/').clone_into(path);
            return;
        }
        let range = self.entries.get(key).map_or(0..0, Spanned::span);
        let message = format!("`{key}` is a folder inside the book, such as `{path}`");
        let help = format!("write `{key} = \"{path}\"`; folders in it are parted by `/`");
        self.report(Lint::InvalidValue, range, message, Some(help));
    }

    /// The address of a site, with a slash at its end.
    pub(super) fn url(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key)?;
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let unsound = |c: char| c.is_whitespace() || c.is_control() || "\"<>?#\\".contains(c);
        if rest.is_some_and(|rest| {
            !rest.starts_with('/') && !rest.is_empty() && !rest.contains(unsound)
        }) {
            return Some(format!("{}/", text.trim_end_matches('/')));
        }
        let range = self.entries.get(key).map_or(0..0, Spanned::span);
        let message = format!("`{key}` is the site's address, such as `https://example.org/book/`");
        let help = "write the whole address, with `https://`".to_owned();
        self.report(Lint::InvalidValue, range, message, Some(help));
        None
    }

    /// A file below the folder `assets/` of the texts.
    pub(super) fn asset(&mut self, key: &'static str) -> Option<(String, Span)> {
        let text = self.text(key)?;
        let place = self.place(key)?;
        if crate::source::SitePath::new(text.as_str()).is_some() {
            return Some((text, place));
        }
        let message = format!("`{key}` is a file below `assets/`, such as `{key}.svg`");
        self.report(Lint::InvalidValue, place.range(), message, None);
        None
    }

    /// A citation style by its name or its file.
    pub(super) fn style(&mut self, key: &'static str, style: &mut Choice) {
        let Some(name) = self.text(key) else { return };
        let range = self.entries.get(key).map_or(0..0, Spanned::span);
        match Choice::parse(&name, Span::new(self.file, range.clone())) {
            Ok(choice) => *style = choice,
            Err((message, help)) => {
                self.report(Lint::InvalidValue, range, message, Some(help));
            }
        }
    }

    pub(super) fn flag(&mut self, key: &'static str, flag: &mut bool) {
        let Some(value) = self.get(key) else { return };
        match value.get_ref() {
            DeValue::Boolean(value) => *flag = *value,
            _ => self.wrong(key, value, "true or false"),
        }
    }

    /// A whole number from zero.
    pub(super) fn count(&mut self, key: &'static str) -> Option<u32> {
        let value = self.get(key)?;
        let count = match value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        match value.get_ref() {
            DeValue::Integer(number) if count.is_none() => {
                let message = format!(
                    "`{key}` is a number of days from 0, not {}",
                    number.as_str()
                );
                let help = Some(format!("write `{key} = 365`"));
                self.report(Lint::InvalidValue, value.span(), message, help);
            }
            _ if count.is_none() => self.wrong(key, value, "a number of days such as 365"),
            _ => {}
        }
        count
    }

    /// One of a few words; tells whether a sound one was there.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        choice: &mut T,
    ) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        let Some(text) = word(value.get_ref()) else {
            self.wrong(key, value, "a text");
            return false;
        };
        let chosen = self.chosen(key, &text, value.span(), choices);
        *choice = chosen.unwrap_or(*choice);
        chosen.is_some()
    }

    /// A key's value if it is a single word, whatever TOML takes it for.
    pub(super) fn word(&mut self, key: &'static str) -> Option<String> {
        word(self.get(key)?.get_ref())
    }

    /// Says which of a few words is meant by another.
    pub(super) fn other_word(&mut self, key: &'static str, other: &str, right: &str) {
        let range = self.get(key).map_or(0..0, Spanned::span);
        let place = Span::new(self.file, range);
        let message = format!("`{key}` cannot be `{other}`");
        self.diagnostics.push(
            Diagnostic::new(Lint::InvalidValue, place, message)
                .help(format!("write `{key} = \"{right}\"`"))
                .fix(place, format!("\"{right}\""))
                .trusted(Trust::Safe),
        );
    }

    /// The value that a word stands for.
    pub(super) fn chosen<T: Copy>(
        &mut self,
        key: &str,
        text: &str,
        range: Range<usize>,
        choices: &[(&str, T)],
    ) -> Option<T> {
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let message = format!("`{key}` cannot be `{text}`");
        let help = match nearest(text, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("it is one of: {}", names.join(", ")),
        };
        self.report(Lint::InvalidValue, range, message, Some(help));
        None
    }

    /// A lint of what cannot be read, which would be left out without a word.
    pub(super) fn cannot_be_allowed(&mut self, key: &'static str) {
        let range = self.get(key).map_or(0..0, Spanned::span);
        let message =
            format!("`{key}` cannot be allowed: what cannot be read would be lost unsaid");
        let help = Some("write `warn` or `deny`, or take the line out".to_owned());
        self.report(Lint::InvalidValue, range, message, help);
    }

    pub(super) fn missing_title(&mut self) {
        // A mistyped key, or one below no table, is reported as such, and mends this as well.
        let mut outside = self.entries.iter();
        if outside.any(|(key, _)| nearest(key.get_ref(), ["title"]).is_some()) {
            return;
        }
        let keys = self
            .entries
            .get("book")
            .and_then(|book| book.get_ref().as_table());
        let is_blank = |value: &Spanned<DeValue<'_>>| {
            let text = value.get_ref().as_str();
            text.is_some_and(|text| text.trim().is_empty())
        };
        let empty = keys.and_then(|keys| keys.get("title"));
        let empty = empty.map(Spanned::span);
        let mut keys = keys.into_iter().flatten();
        if keys.any(|(key, value)| nearest(key.get_ref(), ["title"]).is_some() && !is_blank(value))
        {
            return;
        }
        let book = || self.entries.get("book").map_or(0..0, Spanned::span);
        let help = match empty {
            Some(_) => "write it between the quotation marks",
            None => "add `title = \"…\"` below `[book]`",
        };
        let help = Some(help.to_owned());
        let range = empty.unwrap_or_else(book);
        self.report(
            Lint::MissingTitle,
            range,
            "the book has no title".to_owned(),
            help,
        );
    }

    pub(super) fn missing_date(&mut self, message: &str) {
        let range = self.entries.get("book").map_or(0..0, Spanned::span);
        let help = Some("add `date = 2024-08-01` below `[book]`".to_owned());
        self.report(Lint::MissingField, range, message.to_owned(), help);
    }

    pub(super) fn finish(self) {
        let known = || self.shape.fields().map(|field| field.name);
        let mut homes = BTreeSet::new();
        for (key, _) in self.entries {
            let name = key.get_ref().as_ref();
            if self.shape.field(name).is_some() {
                continue;
            }
            let span = Span::new(self.file, key.span());
            if let Some((home, field)) = home(&FILE, name) {
                // One line mends all that belong below it.
                if homes.insert(home) || !self.is_whole_file() {
                    self.diagnostics
                        .push(self.astray(name, span, home, field.kind));
                }
                continue;
            }
            let message = format!("{} has no key `{name}`", self.shape.what);
            let diagnostic = Diagnostic::new(Lint::UnknownKey, span, message);
            self.diagnostics.push(match nearest(name, known()) {
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .fix(span, near)
                    .trusted(if self.entries.contains_key(near) {
                        Trust::Suggested
                    } else {
                        trust_in(name, near, known())
                    }),
                None if known().count() > 12 => diagnostic,
                None => {
                    let keys: Vec<&str> = known().collect();
                    diagnostic.help(format!("its keys are {}", keys.join(", ")))
                }
            });
        }
    }

    fn is_whole_file(&self) -> bool {
        self.shape.what == FILE.what
    }

    /// What is said of a key that belongs to another table, its `home`.
    fn astray(&self, name: &str, span: Span, home: &str, kind: Kind) -> Diagnostic {
        if let Kind::Map(table) = kind {
            let message = format!("this table is called `{}`", table.what);
            let help = format!(
                "write `{}` on a line of its own, its keys below it",
                table.what
            );
            return Diagnostic::new(Lint::UnknownKey, span, message).help(help);
        }
        let message = format!("`{name}` belongs below a line `{home}`");
        let is_there = self.entries.contains_key(home.trim_matches(['[', ']']));
        let help = if self.is_whole_file() && !is_there {
            format!("write `{home}` on a line above it")
        } else {
            format!("move it below a line `{home}`")
        };
        Diagnostic::new(Lint::UnknownKey, span, message).help(help)
    }
}

/// The table in which a key stands, if it is only one, and the key.
fn home(shape: &'static Shape, name: &str) -> Option<(&'static str, &'static Field)> {
    let inner = shape.fields().filter_map(|field| match field.kind {
        Kind::Map(inner) => Some(inner),
        _ => None,
    });
    let mut homes = inner.filter_map(|inner| match inner.field(name) {
        Some(field) => Some((inner.what, field)),
        None => home(inner, name),
    });
    homes.next().filter(|_| homes.next().is_none())
}

/// A value of one word, as it is written.
fn word(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(is_so) => Some(is_so.to_string()),
        DeValue::Datetime(date) => Some(date.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// The date that is meant by a text, as TOML has it: a day as it is, another date as a text.
pub(super) fn date_as_written(text: &str) -> Option<String> {
    let sound = When::parse(text).map(|_| text.to_owned());
    let date = sound.or_else(|| date_meant(text))?;
    let is_day = date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    Some(if is_day { date } else { format!("\"{date}\"") })
}
