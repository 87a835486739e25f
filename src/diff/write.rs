//! Changes for people: one report, marked up for a terminal or as Markdown.

use std::fmt::Write as _;

use super::words::{normal, pieces};
use super::{
    Change, Changes, Citation, Entry, Field, Kind, Outcome, Paragraph, Piece, Text, Unread,
    Withdrawn,
};

/// What a report is marked up for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Medium {
    /// A terminal or a pipe: `[-removed-]{+added+}`.
    Plain,
    /// A terminal with colours.
    Coloured,
    /// Markdown.
    Markdown,
}

/// The place of a citation that names none.
const WHOLE: &str = "as a whole";

/// So many characters of unchanged words stand on either side of a change.
const AROUND: usize = 40;

/// So many characters of a paragraph that is gone or new are shown.
const LONGEST: usize = 400;

/// The report; empty where nothing changed.
pub fn text(changes: &Changes, medium: Medium) -> String {
    let mut report = Report {
        medium,
        text: String::new(),
    };
    report.section(
        "Files that could not be read; nothing is told of what they lack",
        &changes.unread,
        Report::unread,
    );
    report.section(
        "Claims that a withdrawn source bore on",
        &changes.withdrawn,
        Report::withdrawn,
    );
    for (outcome, heading) in [
        (Outcome::Broken, "Citations that hold no longer"),
        (
            Outcome::Elsewhere,
            "Citations without a quotation whose paragraph has other words now",
        ),
        (
            Outcome::Repointed,
            "Citations without a quotation that their author pointed at another place",
        ),
        (Outcome::Healed, "Citations that hold again"),
    ] {
        let of = changes
            .citations
            .iter()
            .filter(|one| one.outcome == outcome);
        report.section(heading, of, Report::citation);
    }
    for (kind, heading) in [("article", "Articles"), ("chapter", "Chapters")] {
        let of = changes.texts.iter().filter(|one| one.kind == kind);
        report.section(heading, of, Report::text);
    }
    for (kind, heading) in [
        ("claim", "Claims"),
        ("term", "Definitions"),
        ("note", "Notes"),
        ("event", "Events"),
    ] {
        let of = changes.entries.iter().filter(|one| one.kind == kind);
        report.section(heading, of, Report::entry);
    }
    report.text
}

/// What became of some words: what is gone and what is new marked, what stayed shortened.
pub fn marked(old: &str, new: &str, medium: Medium) -> String {
    let report = Report {
        medium,
        text: String::new(),
    };
    report.pieces(&pieces(&normal(old), &normal(new)))
}

struct Report {
    medium: Medium,
    text: String,
}

impl Report {
    fn section<'c, T: 'c>(
        &mut self,
        heading: &str,
        items: impl IntoIterator<Item = &'c T>,
        write: fn(&mut Self, &T),
    ) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        let gap = if self.text.is_empty() { "" } else { "\n" };
        let (before, after) = match self.medium {
            Medium::Plain => ("", ""),
            Medium::Coloured => ("\x1b[1m", "\x1b[0m"),
            Medium::Markdown => ("## ", "\n"),
        };
        let _ = writeln!(self.text, "{gap}{before}{heading}{after}");
        items.for_each(|item| write(self, item));
    }

    /// A line of a list, at one of two depths.
    fn line(&mut self, depth: usize, words: &str) {
        let lead = match (self.medium, depth) {
            (Medium::Markdown, 0) => "- ",
            (Medium::Markdown, _) => "  - ",
            (Medium::Plain | Medium::Coloured, 0) => "  ",
            (Medium::Plain | Medium::Coloured, _) => "    ",
        };
        let _ = writeln!(self.text, "{lead}{words}");
    }

    fn unread(&mut self, file: &Unread) {
        let words = format!("{}: {}", file.state.to_uppercase(), self.words(&file.file));
        self.line(0, &words);
    }

    fn withdrawn(&mut self, hit: &Withdrawn) {
        let left = match hit.supports_left {
            0 => "nothing supports it now".to_owned(),
            1 => "1 source supports it now".to_owned(),
            many => format!("{many} sources support it now"),
        };
        let (claim, source) = (self.name(&hit.claim), self.name(&hit.source));
        self.line(
            0,
            &format!(
                "{claim}: {source}, which {} it, is gone; {left}",
                hit.bearing
            ),
        );
    }

    fn citation(&mut self, citation: &Citation) {
        let cites = match &citation.id {
            Some(id) => format!("{} {}", citation.kind, self.name(id)),
            None => citation.kind.to_owned(),
        };
        let mut words = format!(
            "{}:{}: {cites} cites {}",
            self.words(&citation.file),
            citation.line,
            self.name(&citation.source)
        );
        if citation.outcome == Outcome::Repointed {
            let before = citation.formerly_at.as_deref().unwrap_or(WHOLE);
            let now = citation.at.as_deref().unwrap_or(WHOLE);
            let _ = write!(words, " {} → {}", self.words(before), self.words(now));
        } else if let Some(at) = &citation.at {
            let _ = write!(words, " {}", self.words(at));
        }
        if let Some(quotation) = &citation.quotation {
            let _ = write!(words, " “{}”", self.words(&shortened(quotation, LONGEST)));
        }
        if matches!(citation.outcome, Outcome::Broken | Outcome::Healed) {
            let _ = write!(words, ": {} → {}", citation.old, citation.new);
        }
        self.line(0, &words);
    }

    fn text(&mut self, text: &Text) {
        let name = self.name(&text.id);
        let title = self.words(&text.title);
        let fate = match (text.change, &text.renamed_from) {
            (Change::Added, _) => ": new".to_owned(),
            (Change::Removed, _) => ": gone".to_owned(),
            (Change::Edited | Change::Moved, Some(old)) => format!(", before {}", self.name(old)),
            (Change::Edited | Change::Moved, None) => String::new(),
        };
        self.line(0, &format!("{name} “{title}”{fate}"));
        self.fields(&text.fields);
        for paragraph in &text.paragraphs {
            self.paragraph(paragraph);
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let number =
            |number: Option<u32>| number.map_or("?".to_owned(), |number| format!("¶{number}"));
        let (old, new) = (number(paragraph.old), number(paragraph.new));
        let place = match paragraph.change {
            Change::Removed => format!("{old} gone"),
            Change::Added => format!("{new} new"),
            Change::Moved => format!("{old} → {new} moved"),
            Change::Edited if old == new => format!("{new} edited"),
            Change::Edited => format!("{old} → {new} edited"),
        };
        let words = self.pieces(&paragraph.words);
        self.line(1, &format!("{place}: {words}"));
    }

    fn entry(&mut self, entry: &Entry) {
        let fate = match entry.change {
            Change::Added => ", new",
            Change::Removed => ", gone",
            Change::Edited | Change::Moved => "",
        };
        let words = self.pieces(&entry.words);
        let colon = if words.is_empty() { "" } else { ": " };
        let name = self.name(&self.words(&shortened(&entry.id, AROUND)));
        self.line(0, &format!("{name}{fate}{colon}{words}"));
        self.fields(&entry.fields);
    }

    fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            let value = |words: &str| match words {
                "" => "nothing".to_owned(),
                words => format!("“{}”", self.words(words)),
            };
            let line = format!(
                "{}: {} → {}",
                field.name,
                value(&field.old),
                value(&field.new)
            );
            self.line(1, &line);
        }
    }

    /// Words, what is gone and what is new marked, what stayed shortened.
    fn pieces(&self, pieces: &[Piece]) -> String {
        let mut words = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            let (before, after) = self.marks(piece.kind);
            let text = match piece.kind {
                Kind::Same if pieces.len() > 1 => {
                    around(&piece.text, index == 0, index + 1 == pieces.len())
                }
                Kind::Same | Kind::Removed | Kind::Added => shortened(&piece.text, LONGEST),
            };
            let _ = write!(words, "{before}{}{after}", self.words(&text));
        }
        words
    }

    fn marks(&self, kind: Kind) -> (&'static str, &'static str) {
        match (self.medium, kind) {
            (_, Kind::Same) => ("", ""),
            (Medium::Plain, Kind::Removed) => ("[-", "-]"),
            (Medium::Plain, Kind::Added) => ("{+", "+}"),
            (Medium::Coloured, Kind::Removed) => ("\x1b[31m[-", "-]\x1b[0m"),
            (Medium::Coloured, Kind::Added) => ("\x1b[32m{+", "+}\x1b[0m"),
            (Medium::Markdown, Kind::Removed) => ("<del>", "</del>"),
            (Medium::Markdown, Kind::Added) => ("<ins>", "</ins>"),
        }
    }

    /// What something is called by.
    fn name(&self, name: &str) -> String {
        match self.medium {
            Medium::Plain | Medium::Coloured => format!("`{name}`"),
            Medium::Markdown => format!("`{}`", name.replace('`', "'")),
        }
    }

    /// Words of the book, which may look like marks; of no control character, which a terminal would obey.
    fn words(&self, words: &str) -> String {
        let mut text = String::with_capacity(words.len());
        for character in words.chars() {
            let is_mark = matches!(
                character,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' | '|' | '&'
            );
            if is_mark && self.medium == Medium::Markdown {
                text.push('\\');
            }
            text.push(if character.is_control() {
                ' '
            } else {
                character
            });
        }
        text
    }
}

/// Unchanged words: the ends that stand beside changes.
fn around(words: &str, first: bool, last: bool) -> String {
    let count = words.chars().count();
    let kept = if first || last { AROUND } else { 2 * AROUND };
    if count <= kept + 2 {
        return words.to_owned();
    }
    let head: String = words.chars().take(AROUND).collect();
    let tail: String = words.chars().skip(count - AROUND).collect();
    // Where words have spaces between them, none is cut.
    let head = head
        .rsplit_once(' ')
        .map_or(head.as_str(), |(words, _)| words);
    let tail = tail
        .split_once(' ')
        .map_or(tail.as_str(), |(_, words)| words);
    match (first, last) {
        (true, _) => format!("… {tail}"),
        (_, true) => format!("{head} …"),
        (false, false) => format!("{head} … {tail}"),
    }
}

fn shortened(words: &str, longest: usize) -> String {
    match words.char_indices().nth(longest) {
        None => words.to_owned(),
        Some((cut, _)) => format!("{} …", words[..cut].trim_end()),
    }
}
