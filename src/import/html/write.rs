//! Passages with their quotations and lists as Markdown.

use std::fmt::Write as _;

use super::super::layout::{Form, Nest, NestKind, Passage, Set};

/// The body of the article.
pub(super) fn body(passages: &[Passage]) -> String {
    let mut writer = Writer {
        out: String::new(),
        open: &[],
        form: Form::Figure,
        level: 1,
    };
    for set in passages.iter().filter_map(|passage| passage.set.as_ref()) {
        writer.passage(set);
    }
    writer.out
}

struct Writer<'a> {
    out: String,
    /// What the passage before stands in, and its form.
    open: &'a [Nest],
    form: Form,
    level: u8,
}

impl<'a> Writer<'a> {
    fn passage(&mut self, set: &'a Set) {
        let pairs = self.open.iter().zip(&set.within);
        let shared = pairs.take_while(|(open, nest)| open.id == nest.id).count();
        let inside: String = set.within[..shared]
            .iter()
            .map(|nest| later(*nest))
            .collect();
        if !self.is_tight(set, shared) {
            self.line(&inside);
        }
        let opening = set.within[shared..].iter().map(|nest| first(*nest));
        let first = inside.clone() + &opening.collect::<String>();
        let rest = set.within[shared..].iter().map(|nest| later(*nest));
        let rest = inside + &rest.collect::<String>();
        self.content(set, &first, &rest);
        (self.open, self.form) = (&set.within, set.form);
    }

    fn content(&mut self, set: &Set, first: &str, rest: &str) {
        if let Form::Heading(level) = set.form {
            // A level may not be passed over.
            self.level = level.min(self.level + 1);
            let marks = "#".repeat(usize::from(self.level));
            return self.line(&format!("{first}{marks} {}", set.markdown));
        }
        for (at, line) in set.markdown.split('\n').enumerate() {
            self.line(&format!("{}{line}", if at == 0 { first } else { rest }));
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Whether no empty line stands before the passage: an item after an item, or the first of a list below its item's text.
    fn is_tight(&self, set: &Set, shared: usize) -> bool {
        let list = |nest: &Nest| match nest.kind {
            NestKind::Quotation => None,
            NestKind::Item { list, number } => Some((list, number)),
        };
        let Some((own, number)) = set.within.get(shared).and_then(list) else {
            return false;
        };
        let sibling = self
            .open
            .get(shared)
            .and_then(list)
            .is_some_and(|(list, _)| list == own);
        let parent = shared
            .checked_sub(1)
            .and_then(|at| self.open.get(at))
            .and_then(list)
            .is_some();
        // Only a list that begins with 1 may follow a text without an empty line.
        let nested = parent && self.open.len() == shared && number.is_none_or(|number| number == 1);
        self.form == Form::Paragraph && (sibling || nested)
    }
}

fn first(nest: Nest) -> String {
    match nest.kind {
        NestKind::Quotation => "> ".to_owned(),
        NestKind::Item { number: None, .. } => "- ".to_owned(),
        NestKind::Item {
            number: Some(number),
            ..
        } => {
            let mut marker = String::new();
            let _ = write!(marker, "{number}. ");
            marker
        }
    }
}

fn later(nest: Nest) -> String {
    match nest.kind {
        NestKind::Quotation => "> ".to_owned(),
        NestKind::Item { .. } => " ".repeat(first(nest).len()),
    }
}
