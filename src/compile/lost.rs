//! What could not be read as it was meant: the words that it may have named or used, and the entries that it is in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::stray;
use crate::diagnostic::Lint;
use crate::source::{FileId, Sources, Span};
use crate::yaml;

/// The words of what could not be read.
#[derive(Default)]
pub(super) struct Lost<'s> {
    files: BTreeMap<FileId, yaml::Entries<'s>>,
    /// The entries whose words are known, by their first bytes.
    seen: BTreeSet<(FileId, usize)>,
    /// The entries that have citations which are none.
    unread: BTreeSet<(FileId, usize)>,
    /// Those of entries, which may explain a short form.
    pub(super) entries: Words,
    /// Those that links may name: of entries, and of texts' names and titles.
    pub(super) names: Words,
    /// Those among which terms may stand.
    pub(super) uses: Words,
}

impl<'s> Lost<'s> {
    pub(super) fn add(&mut self, cause: Lint, span: Span, sources: &'s Sources) {
        let file = sources.file(span.file);
        let text = file.text.as_ref();
        let is_document = is_document(&file.path);
        match cause {
            Lint::UnreadableFile | Lint::InvalidId if is_document => {
                self.names.add(stray::meant_id(&file.path));
                self.names.add(head(text));
                self.uses.add(text);
            }
            Lint::InvalidCitation | Lint::UnwrittenText if !is_document => {
                let start = self.entry_around(span, text).start;
                self.unread.insert((span.file, start));
            }
            Lint::MissingTitle if is_document => self.names.add(head(text)),
            // Front matter without an end.
            Lint::InvalidYaml if is_document && span.start == 0 => self.names.add(head(text)),
            Lint::UnreadableFile => self.add_entry(text),
            Lint::InvalidYaml
            | Lint::YamlTrap
            | Lint::InvalidId
            | Lint::UnknownKey
            | Lint::DuplicateKey
            | Lint::DuplicateTerm
            | Lint::MissingField => {
                let lines = self.entry_around(span, text);
                if cause == Lint::InvalidYaml {
                    // A line that is indented otherwise may belong to the entry above it.
                    let above = self.entries_of(span.file, text);
                    let above = above.lines_around(text[..lines.start].trim_end().len());
                    self.unread.insert((span.file, above.start));
                    self.names.add(&text[above]);
                    // So may a name that is cut in two.
                    for line in text[span.start as usize..].lines().take(2) {
                        self.names.add(line);
                        self.entries.add(line);
                    }
                }
                if cause == Lint::InvalidId {
                    self.names.add(&sources.slice(span).replace(' ', "-"));
                }
                if self.seen.insert((span.file, lines.start)) {
                    self.add_entry(&text[lines]);
                }
            }
            _ => {}
        }
    }

    /// Whether a place is in one of the entries.
    pub(super) fn has_entry_of(&self, span: Span) -> bool {
        self.known_entry(span)
            .is_some_and(|entry| self.seen.contains(&entry))
    }

    /// Whether a place is in an entry of which not all that it rests on is known.
    pub(super) fn has_evidence_of(&self, span: Span) -> bool {
        let is_one = |entry| self.seen.contains(&entry) || self.unread.contains(&entry);
        self.known_entry(span).is_some_and(is_one)
    }

    fn known_entry(&self, span: Span) -> Option<(FileId, usize)> {
        let entries = self.files.get(&span.file)?;
        Some((span.file, entries.lines_around(span.start as usize).start))
    }

    fn entry_around(&mut self, span: Span, text: &'s str) -> Range<usize> {
        let entries = self.entries_of(span.file, text);
        entries.lines_around(span.start as usize)
    }

    fn entries_of(&mut self, file: FileId, text: &'s str) -> &yaml::Entries<'s> {
        let entries = self.files.entry(file);
        entries.or_insert_with(|| yaml::Entries::of(text))
    }

    pub(super) fn add_entry(&mut self, entry: &str) {
        self.entries.add(entry);
        self.names.add(entry);
        self.uses.add(entry);
    }
}

/// The words of some texts, as keys and terms have them.
#[derive(Default)]
pub(super) struct Words(BTreeSet<String>);

impl Words {
    pub(super) fn add(&mut self, text: &str) {
        // A text in UTF-16 has one after each letter.
        let text = text.replace('\0', "");
        self.0.extend(Words::of(&text));
    }

    /// Whether every word of a name is among them.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut words = Words::of(name).peekable();
        words.peek().is_some() && words.all(|word| self.0.contains(&word))
    }

    fn of(text: &str) -> impl Iterator<Item = String> {
        let in_key = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        let words = text.split(move |c| !in_key(c));
        let words = words.map(|word| word.trim_matches(['.', '_', '-']));
        words.filter(|word| !word.is_empty()).map(str::to_lowercase)
    }
}

pub(super) fn is_document(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "md")
}

/// What a document begins with: front matter, and a title.
pub(super) fn head(text: &str) -> &str {
    let begins = text.find("\n# ").map_or(0, |at| at + 1);
    let end = text[begins..]
        .find("\n\n")
        .or(text[begins..].find("\r\n\r\n"));
    &text[..end.map_or(text.len(), |end| begins + end)]
}
