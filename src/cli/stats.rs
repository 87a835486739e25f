//! `stats`: the book in numbers.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;

use super::{Common, Outcome, Terminal, grouped};
use crate::compile::compile;
use crate::edition::{ChapterStats, Count, SourceStats, Stats, counted};

/// Arguments of `stats`.
#[derive(Args)]
pub(super) struct StatsOf {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl StatsOf {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (_, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let compilation = compile(&sources, None);
        let stats = Stats::of(&compilation.book);
        let text = if self.json {
            serde_json::to_string_pretty(&stats).expect("numbers and texts") + "\n"
        } else {
            let most = if terminal.verbose {
                usize::MAX
            } else {
                MOST_ROWS
            };
            tables(&stats, terminal.width, most)
        };
        // Whoever closed the pipe does not want to hear more.
        let _ = std::io::stdout().write_all(text.as_bytes());
        if !compilation.publishable() {
            let errors = counted(compilation.errors(), "error");
            terminal.say(&format!(
                "the book has {errors}, and what is wrong is not counted: see `pincite check`"
            ));
        }
        Outcome::Done
    }
}

/// Of longer tables so many rows are printed; `-v` and `--json` have them all.
const MOST_ROWS: usize = 40;

fn tables(stats: &Stats, width: usize, most: usize) -> String {
    let tables = [
        texts(stats),
        citations(stats),
        chapters(stats),
        sources(stats),
    ];
    let shown = tables.iter().filter(|table| !table.rows.is_empty());
    let mut text: String = shown
        .map(|table| table.written(width, most) + "\n")
        .collect();
    let annotations = &stats.annotations;
    let _ = writeln!(
        text,
        "claims: {} of {} supported, {} disputed",
        annotations.supported_claims, annotations.claims.number, annotations.disputed_claims
    );
    text.push_str(&list(
        "sources that nothing cites",
        &stats.unused_sources,
        width,
    ));
    text.push_str(&list(
        "terms that occur nowhere",
        &stats.unused_terms,
        width,
    ));
    text
}

/// A table: what its rows are, the names of its columns of figures, and the rows.
struct Table {
    of: &'static str,
    columns: &'static [&'static str],
    rows: Vec<(String, Vec<String>)>,
}

fn texts(stats: &Stats) -> Table {
    let row = |name: &str, number: usize, words: usize, paragraphs: String| {
        (
            name.to_owned(),
            vec![grouped(number), grouped(words), paragraphs],
        )
    };
    let entries = |name: &str, count: Count| row(name, count.number, count.words, String::new());
    let (chapters, sources, annotations) = (&stats.chapters, &stats.sources, &stats.annotations);
    let in_chapters = grouped(chapters.iter().map(|chapter| chapter.paragraphs).sum());
    let in_sources = grouped(sources.iter().map(|source| source.paragraphs).sum());
    Table {
        of: "texts",
        columns: &["number", "words", "paragraphs"],
        rows: vec![
            row(
                "chapters",
                chapters.len(),
                chapters.iter().map(|chapter| chapter.words).sum(),
                in_chapters,
            ),
            row(
                "sources",
                sources.len(),
                sources.iter().map(|source| source.words).sum(),
                in_sources,
            ),
            entries("glossary", annotations.terms),
            entries("notes", annotations.notes),
            entries("claims", annotations.claims),
            entries("timeline", annotations.events),
        ],
    }
}

fn citations(stats: &Stats) -> Table {
    let all = stats.citations.values().sum();
    let present = stats.citations.iter().filter(|(_, count)| **count > 0);
    let mut rows: Vec<(String, Vec<String>)> = present
        .map(|(state, count)| {
            (
                (*state).to_owned(),
                vec![grouped(*count), percent(*count, all)],
            )
        })
        .collect();
    rows.sort_by_key(|(state, _)| std::cmp::Reverse(stats.citations[state.as_str()]));
    Table {
        of: "citations",
        columns: &["number", "share"],
        rows,
    }
}

fn chapters(stats: &Stats) -> Table {
    let row = |chapter: &ChapterStats| {
        let citing = chapter.citing_paragraphs;
        let figures = vec![
            grouped(chapter.words),
            grouped(chapter.paragraphs),
            grouped(citing),
            percent(citing, chapter.paragraphs),
        ];
        (chapter.title.clone(), figures)
    };
    Table {
        of: "chapters",
        columns: &["words", "paragraphs", "citing", "share"],
        rows: stats.chapters.iter().map(row).collect(),
    }
}

fn sources(stats: &Stats) -> Table {
    let row = |source: &SourceStats| {
        let cited = source.cited_paragraphs;
        let figures = vec![
            grouped(source.citing_places),
            grouped(source.paragraphs),
            grouped(cited),
            percent(cited, source.paragraphs),
        ];
        (source.key.clone(), figures)
    };
    Table {
        of: "sources",
        columns: &["cited by", "paragraphs", "cited", "share"],
        rows: stats.sources.iter().map(row).collect(),
    }
}

/// Rounded; but only the whole is 100 %, and only nothing 0 %.
fn percent(part: usize, whole: usize) -> String {
    match (part * 200 + whole).checked_div(whole * 2) {
        Some(0) if part > 0 => "< 1 %".to_owned(),
        Some(100) if part < whole => "99 %".to_owned(),
        Some(percent) => format!("{percent} %"),
        None => "–".to_owned(),
    }
}

impl Table {
    /// The table in columns, the names cut where the line would be too long.
    fn written(&self, width: usize, most: usize) -> String {
        let columns: Vec<usize> = (0..self.columns.len())
            .map(|index| self.column_width(index))
            .collect();
        let figures: usize = columns.iter().map(|column| column + 2).sum();
        let names = self
            .rows
            .iter()
            .map(|(name, _)| length(name))
            .max()
            .unwrap_or(0)
            .max(length(self.of));
        let names = names.min(width.saturating_sub(figures).max(12));
        let line = |name: &str, cells: &[&str]| {
            let name = cut(name, names);
            let gap = " ".repeat(names - length(&name));
            let cells = cells
                .iter()
                .zip(&columns)
                .map(|(cell, column)| format!("  {}{cell}", " ".repeat(column - length(cell))));
            let line = format!("{name}{gap}{}", cells.collect::<String>());
            line.trim_end().to_owned() + "\n"
        };
        let mut text = line(self.of, self.columns);
        for (name, cells) in self.rows.iter().take(most) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            text.push_str(&line(name, &cells));
        }
        if self.rows.len() > most {
            let _ = writeln!(
                text,
                "… and {} more (`-v` prints them all)",
                grouped(self.rows.len() - most)
            );
        }
        text
    }

    fn column_width(&self, index: usize) -> usize {
        let cells = self.rows.iter().map(|(_, cells)| length(&cells[index]));
        cells
            .chain([length(self.columns[index])])
            .max()
            .unwrap_or(0)
    }
}

/// The columns that a text takes on a terminal.
fn length(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// A text of at most so many columns.
fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for character in text.chars() {
        if length(&cut) + length(character.encode_utf8(&mut [0; 4])) >= most {
            break;
        }
        cut.push(character);
    }
    cut + "…"
}

/// Names in lines of the terminal's width, below what they have in common.
fn list(what: &str, names: &[String], width: usize) -> String {
    if names.is_empty() {
        return format!("{what}: none\n");
    }
    let mut text = format!("{what}: {}\n", grouped(names.len()));
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && length(&line) + length(name) + 3 > width {
            let _ = writeln!(text, " {line}");
            line.clear();
        }
        let _ = write!(line, " {name},");
    }
    let _ = writeln!(text, " {}", line.trim_end_matches(','));
    text
}
