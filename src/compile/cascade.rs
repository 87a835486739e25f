//! What follows, within one file of annotations or of settings, from its first problem.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::follow_on::{place, words};
use crate::diagnostic::{Diagnostic, Level, Lint};
use crate::source::{FileId, Sources, Span};
use crate::yaml;

/// Takes out what only follows from another problem of the same file; gives the sections that are read amiss.
pub(super) fn drop(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) -> Vec<Span> {
    of_broken_lines(diagnostics, sources);
    of_entries_that_stand_twice(diagnostics);
    of_indented_names(diagnostics, sources);
    of_lost_names(diagnostics, sources);
    of_cut_lines(diagnostics, sources);
    of_unread_settings(diagnostics, sources);
    of_first_entries(diagnostics, sources)
}

/// A line that has lost its end to one that is no field, and the fields that its entry therefore lacks.
fn of_broken_lines(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let mut above: BTreeSet<(FileId, usize)> = BTreeSet::new();
    let mut below: BTreeSet<(FileId, usize)> = BTreeSet::new();
    let mut entries: BTreeSet<(FileId, usize)> = BTreeSet::new();
    let starts = Starts::new(sources);
    for span in diagnostics.iter().filter_map(|d| unread_line(d, sources)) {
        let text = sources.file(span.file).text.as_ref();
        let end = text[..span.start as usize].trim_end().len();
        above.insert((span.file, line_start(text, end)));
        entries.insert((span.file, starts.of_entry(span.file, end)));
        let next = text[span.start as usize..].find('\n');
        let next = next.map(|next| span.start as usize + next + 1);
        let is_cut = |next: &usize| text[*next..].starts_with(char::is_alphanumeric);
        below.extend(next.filter(is_cut).map(|next| (span.file, next)));
    }
    for d in diagnostics.iter().filter(|d| d.lint == Lint::InvalidValue) {
        if let Some(span) = place(d).filter(|_| words(d, sources).contains('\n')) {
            let start = starts.of_entry(span.file, span.start as usize);
            entries.insert((span.file, start));
        }
    }
    let files: BTreeSet<FileId> = entries.iter().map(|(file, _)| *file).collect();
    diagnostics.retain(|d| {
        let Some(span) = place(d).filter(|span| files.contains(&span.file)) else {
            return true;
        };
        let text = sources.file(span.file).text.as_ref();
        let start = (span.start as usize).min(text.len());
        let line = (span.file, line_start(text, start));
        match d.lint {
            Lint::InvalidYaml | Lint::UnknownKey => !below.contains(&line),
            Lint::YamlTrap => true,
            Lint::MissingField => {
                !entries.contains(&(span.file, starts.of_entry(span.file, start)))
            }
            _ => !above.contains(&line),
        }
    });
}

/// The place of a line that could not be read as a field.
fn unread_line(d: &Diagnostic, sources: &Sources) -> Option<Span> {
    let span = place(d).filter(|_| d.lint == Lint::InvalidYaml)?;
    let text = sources.file(span.file).text.as_ref();
    let line = text.get(line_start(text, span.start as usize)..)?;
    let line = line.lines().next().unwrap_or_default();
    let is_field = line.contains(": ") || line.trim_end().ends_with(':');
    (!is_field && !line.starts_with("---")).then_some(span)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where entries begin; a file's are looked for once.
struct Starts<'s> {
    sources: &'s Sources,
    entries: RefCell<BTreeMap<FileId, yaml::Entries<'s>>>,
}

impl<'s> Starts<'s> {
    fn new(sources: &'s Sources) -> Self {
        Starts {
            sources,
            entries: RefCell::default(),
        }
    }

    /// The first byte of the entry that holds `at`.
    fn of_entry(&self, file: FileId, at: usize) -> usize {
        let mut entries = self.entries.borrow_mut();
        let known = entries.entry(file);
        let known = known.or_insert_with(|| yaml::Entries::of(&self.sources.file(file).text));
        known.lines_around(at).start
    }
}

/// Of two entries or fields with one name, the first may be nothing but its name.
fn of_entries_that_stand_twice(diagnostics: &mut Vec<Diagnostic>) {
    let twice = diagnostics.iter().filter(|d| d.lint == Lint::DuplicateKey);
    let firsts = twice.flat_map(|d| d.related.iter().map(|related| related.span));
    let firsts: BTreeSet<Span> = firsts.collect();
    let is_first = |d: &Diagnostic| place(d).is_some_and(|span| firsts.contains(&span));
    diagnostics.retain(|d| d.lint != Lint::MissingField || !is_first(d));
}

/// An entry's name that is indented as the fields of the entry above are, so that its own are those for the second time.
fn of_indented_names(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let text = |span: Span| sources.file(span.file).text.as_ref();
    let starts = Starts::new(sources);
    let entry = |span: Span| (span.file, starts.of_entry(span.file, span.start as usize));
    if !diagnostics.iter().any(|d| d.lint == Lint::UnknownKey) {
        return;
    }
    let duplicates = diagnostics.iter().filter(|d| d.lint == Lint::DuplicateKey);
    let duplicates: BTreeSet<(FileId, usize)> = duplicates.filter_map(place).map(entry).collect();
    let is_bare = |span: Span| {
        let rest = text(span)[span.end as usize..].lines().next();
        rest.is_some_and(|rest| rest.trim_end() == ":")
    };
    let mut taken = BTreeSet::new();
    for d in diagnostics
        .iter_mut()
        .filter(|d| d.lint == Lint::UnknownKey)
    {
        let bare = place(d).filter(|span| is_bare(*span));
        let Some(span) = bare.filter(|span| duplicates.contains(&entry(*span))) else {
            continue;
        };
        let message = "this line begins an entry, and is indented as a field";
        *d = Diagnostic::new(Lint::InvalidYaml, span, message)
            .help("indent it as far as the first lines of the other entries");
        taken.insert(entry(span));
    }
    let is_taken = |span: Span| taken.contains(&entry(span));
    diagnostics.retain(|d| d.lint != Lint::DuplicateKey || !place(d).is_some_and(is_taken));
}

/// Where the first entry of a section is indented otherwise than the others, all of them are read amiss.
fn of_first_entries(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) -> Vec<Span> {
    let structure = |d: &Diagnostic| match d.lint {
        Lint::InvalidYaml | Lint::InvalidValue | Lint::DuplicateKey | Lint::UnknownKey => place(d),
        _ => None,
    };
    let files = diagnostics.iter().filter_map(structure);
    let files: BTreeSet<FileId> = files.map(|span| span.file).collect();
    let mut misread = Vec::new();
    for file in files {
        let text = sources.file(file).text.as_ref();
        for section in sections(text) {
            let Some(first) = odd_first(text, section.clone()) else {
                continue;
            };
            let is_in = |span: Span, range: &Range<usize>| {
                span.file == file && range.contains(&(span.start as usize))
            };
            let is_told = diagnostics
                .iter()
                .any(|d| place(d).is_some_and(|span| is_in(span, &first.place)));
            let follows = |d: &Diagnostic| {
                structure(d).is_some_and(|span| is_in(span, &section) && !is_in(span, &first.place))
            };
            if !diagnostics.iter().any(follows) {
                continue;
            }
            misread.push(Span::new(file, section.clone()));
            diagnostics.retain(|d| {
                let at = place(d).filter(|span| is_in(*span, &section));
                at.is_none_or(|span| is_in(span, &first.place))
            });
            if !is_told {
                let place = Span::new(file, first.place);
                let told = Diagnostic::new(Lint::InvalidYaml, place, first.message);
                diagnostics.push(told.help(first.help));
            }
        }
    }
    misread
}

/// The bytes below the head of each section.
fn sections(text: &str) -> Vec<Range<usize>> {
    let is_head = |line: &str| {
        !line.starts_with([' ', '-', '#', '\t', '\u{a0}']) && line.trim_end().ends_with(':')
    };
    let mut at = 0;
    let mut sections: Vec<Range<usize>> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(last) = sections.last_mut() {
            last.end = at;
        }
        at += line.len();
        if is_head(line) {
            sections.push(at..at);
        }
    }
    if let Some(last) = sections.last_mut() {
        last.end = at;
    }
    sections
}
/// The first entry of a section that is indented otherwise than the next ones.
struct OddFirst {
    /// Its line, up to its first sign.
    place: Range<usize>,
    message: &'static str,
    help: String,
}

fn odd_first(text: &str, section: Range<usize>) -> Option<OddFirst> {
    let mut at = section.start;
    let lines = text[section].split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line.trim_end())
    });
    let is_entry = |line: &str| !line.is_empty() && !line.trim_start().starts_with('#');
    let mut lines = lines.filter(|(_, line)| is_entry(line));
    let (start, first) = lines.next()?;
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let fields = spaces(lines.next()?.1);
    let has_hyphen = |line: &str| line.trim_start().starts_with("- ");
    let below = lines.filter(|(_, line)| has_hyphen(line) == has_hyphen(first));
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for entry in below
        .map(|(_, line)| spaces(line))
        .filter(|entry| (1..fields).contains(entry))
    {
        *counts.entry(entry).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let (entries, _) = most.filter(|(_, count)| *count > 1)?;
    let plain = spaces(first);
    let indent = first.len() - first.trim_start().len();
    let (message, help) = if indent > plain {
        let message = "what stands before this line is no space to YAML";
        (message, format!("write {entries} plain spaces before it"))
    } else if plain != entries {
        let message = "this line is indented otherwise than the entries below it";
        (
            message,
            format!("write {entries} spaces before it, not {plain}"),
        )
    } else {
        return None;
    };
    Some(OddFirst {
        place: start..start + indent + 1,
        message,
        help,
    })
}

/// A field that stands twice may belong to an entry whose name is lost, and which is missed elsewhere.
fn of_lost_names(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let column = |span: Span| {
        let text = &sources.file(span.file).text;
        span.start as usize - line_start(text, span.start as usize)
    };
    let twice = diagnostics.iter().filter(|d| d.lint == Lint::DuplicateKey);
    if twice
        .filter_map(place)
        .map(column)
        .any(|column| column > FARTHEST_NAME)
    {
        diagnostics.retain(|d| d.lint != Lint::UnresolvedLink);
    }
}

/// Names of entries are not indented farther; fields are.
const FARTHEST_NAME: usize = 2;

/// What is wrong with a line and with the next one is one line that was cut.
fn of_cut_lines(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let line = |d: &Diagnostic| {
        let span = place(d).filter(|_| d.lint == Lint::InvalidToml)?;
        Some(sources.place(span.file, span.start as usize).line)
    };
    let lines: BTreeSet<usize> = diagnostics.iter().filter_map(line).collect();
    let is_second = |line: usize| line > 0 && lines.contains(&(line - 1));
    diagnostics.retain(|d| !line(d).is_some_and(is_second));
}

/// Settings that are not read may have allowed what is warned of, and given what is missed.
fn of_unread_settings(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let Some(settings) = sources.find("book.toml") else {
        return;
    };
    let is_there = |d: &&Diagnostic| place(d).is_some_and(|span| span.file == settings);
    let unread = |d: &&Diagnostic| {
        let lints = [Lint::InvalidToml, Lint::UnknownKey, Lint::UnreadableFile];
        lints.contains(&d.lint)
    };
    let letters = |text: &str| text.replace(|c: char| !c.is_alphabetic(), "");
    let causes = diagnostics.iter().filter(is_there).filter(unread);
    let causes: Vec<&Diagnostic> = causes.collect();
    if causes.is_empty() {
        return;
    }
    let meant = causes.iter().flat_map(|d| &d.fix);
    let meant: BTreeSet<String> = meant.map(|edit| edit.replacement.clone()).collect();
    let written = letters(&sources.file(settings).text);
    diagnostics.retain(|d| {
        let name = d.lint.name();
        let is_set =
            d.level == Level::Warn && (written.contains(&letters(name)) || meant.contains(name));
        let is_missed = d.lint == Lint::MissingTitle && meant.contains("book");
        !(is_set || (is_missed && is_there(&d)))
    });
}
