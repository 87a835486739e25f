//! `heal`: mends the citations of edited sources in the authors' files.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::ops::Range;
use std::path::Path;

use clap::Args;
use similar::{DiffTag, DiffableStr as _, TextDiff};

use super::build::{machine_failed, refused};
use super::{Common, Outcome, Terminal};
use crate::diagnostic::{Diagnostic, Level};
use crate::diff::{Medium, marked};
use crate::disk::{self, Finished, Rewrite};
use crate::edition::counted;
use crate::heal::{Healed, Question, Waiting, heal};
use crate::source::{File, Place, Sources, Span};

/// Arguments of `heal`.
#[derive(Args)]
pub(super) struct Heal {
    /// Settle what has drifted as well, after asking for each case
    #[arg(long)]
    accept_drift: bool,
    /// With --accept-drift: accept all cases without asking
    #[arg(long, requires = "accept_drift")]
    yes: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl Heal {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let Some(root) = common.root(terminal) else {
            return Outcome::WrongUsage;
        };
        if self.accept_drift && !self.yes && !io::stdin().is_terminal() {
            terminal.error(
                "--accept-drift asks about each case, and there is no terminal to ask on",
                Some("add --yes to accept all of them"),
            );
            return Outcome::WrongUsage;
        }
        let finished = if self.dry_run {
            Ok(Finished::Nothing)
        } else {
            disk::finish(&root)
        };
        match finished {
            Ok(Finished::Nothing) => {}
            Ok(Finished::Done) => terminal.say("finished what was interrupted"),
            Ok(Finished::Undone) => {
                terminal.say("undid what was interrupted: somebody has written in its files since");
            }
            Err((path, error)) => return not_written(&path, &error, terminal),
        }
        let sources = match disk::read(&root) {
            Ok(sources) => sources,
            Err(error) => return machine_failed(&root, &error, terminal),
        };
        match heal(&sources, &mut |question| {
            self.accepts(question, &sources, terminal)
        }) {
            Ok(healed) => self.carry_out(&root, &sources, &healed, terminal),
            Err(unread) => {
                terminal.print(&unread, &sources);
                let and_so = "; nothing was healed, since not every citation can be read";
                refused(&unread, &sources, false, and_so, terminal)
            }
        }
    }

    fn carry_out(
        &self,
        root: &Path,
        sources: &Sources,
        healed: &Healed,
        terminal: &Terminal,
    ) -> Outcome {
        let files = rewrites(sources, &healed.sources);
        if self.dry_run {
            print_diff(&files, sources);
        } else {
            if !files.is_empty()
                && let Err((path, error)) = disk::rewrite(root, &files)
            {
                return not_written(&path, &error, terminal);
            }
            say_what_changed(&files, terminal);
        }
        terminal.print(&healed.diagnostics, &healed.sources);
        say_what_waits(&healed.waiting, terminal);
        if !self.dry_run {
            terminal.say(&summary(&files, healed));
        }
        let is_error = |problem: &Diagnostic| problem.level == Level::Deny;
        if healed.diagnostics.iter().any(is_error) || !healed.waiting.is_empty() {
            Outcome::BookHasErrors
        } else {
            Outcome::Done
        }
    }

    fn accepts(&self, question: &Question<'_>, sources: &Sources, terminal: &Terminal) -> bool {
        let told = told(question, sources, terminal);
        if self.yes {
            terminal.say(&format!("accepted: {told}"));
        }
        self.accept_drift && (self.yes || ask(&told).unwrap_or(false))
    }
}

/// Each line of the texts that has changed.
fn say_what_changed(files: &[Rewrite], terminal: &Terminal) {
    for file in texts(files) {
        for change in changed_lines(file) {
            let Change { line, old, new, .. } = change;
            terminal.say(&format!("{}:{line}: {old} → {new}", file.path));
        }
    }
    if !files.is_empty() {
        terminal.say("");
    }
}

/// The locators that their authors must rewrite, and the articles that wait for it.
fn say_what_waits(waiting: &[Waiting], terminal: &Terminal) {
    for Waiting {
        path,
        place,
        written,
        article,
    } in waiting
    {
        terminal.say(&format!(
            "{path}:{}:{}: what {written} of `{article}` becomes would be misread here: put the citation in quotation marks, \
             or on a line of its own",
            place.line, place.column
        ));
    }
    let articles: BTreeSet<&str> = waiting.iter().map(|one| one.article.as_str()).collect();
    if !articles.is_empty() {
        let articles: Vec<String> = articles.iter().map(|key| format!("`{key}`")).collect();
        terminal.say(&format!(
            "until then no citation of {} is healed",
            articles.join(", ")
        ));
    }
}

/// A case: what has happened, which words differ, where it is cited, and what is said there.
fn told(question: &Question<'_>, on_disk: &Sources, terminal: &Terminal) -> String {
    let medium = if terminal.colour {
        Medium::Coloured
    } else {
        Medium::Plain
    };
    let mut lines = vec![question.message.clone()];
    let words = marked(&question.before, &question.now, medium);
    lines.extend((!words.is_empty()).then(|| format!("  {words}")));
    for resting in question.resting() {
        let said = match resting.words.as_str() {
            "" => String::new(),
            words => format!(": {words}"),
        };
        lines.push(format!(
            "  cited at {}{said}",
            place(question.sources, resting.at, on_disk)
        ));
        lines.extend(resting.outdated.iter().map(|figure| {
            format!("    your own words have “{figure}”, which the source has no more")
        }));
    }
    lines.join("\n")
}

/// Shows a case and waits for an answer; no answer is no.
fn ask(question: &str) -> io::Result<bool> {
    let mut out = io::stderr().lock();
    writeln!(out, "{question}")?;
    loop {
        write!(out, "Accept? [y/N] ")?;
        out.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => break,
            "" | "n" | "no" => {
                writeln!(out)?;
                return Ok(false);
            }
            _ => writeln!(out, "{ANSWERS}")?,
        }
    }
    writeln!(out)?;
    Ok(true)
}

/// What the answers mean.
const ANSWERS: &str = "  y  what the source says now still bears out what is written there: a quotation takes its words\n  \
    n  leave it; it is told at every check until you change what is written there, or accept it";

/// `content/chapters/01-x.md:3:15`, as the file is on the disk: words that were accepted before it may be longer there.
fn place(sources: &Sources, span: Span, on_disk: &Sources) -> String {
    let Place { line, mut column } = sources.place(span.file, span.start as usize);
    let File { path, text, .. } = sources.file(span.file);
    let rest = text[span.range().start..]
        .lines()
        .next()
        .unwrap_or_default();
    let own = on_disk.find(path).map(|file| &on_disk.file(file).text);
    let own = own.and_then(|text| text.lines().nth(line - 1));
    if let Some(before) = own.and_then(|own| own.strip_suffix(rest)) {
        column = before.chars().count() + 1;
    }
    format!("{path}:{line}:{column}")
}

/// The files whose texts differ.
fn rewrites(before: &Sources, after: &Sources) -> Vec<Rewrite> {
    let changed = after.files().filter_map(|(_, file)| {
        let old = before
            .find(&file.path)
            .map(|id| before.file(id).text.to_string());
        let same = old.as_deref() == Some(&*file.text);
        (!same).then(|| Rewrite {
            path: file.path.clone(),
            old,
            new: file.text.to_string(),
        })
    });
    changed.collect()
}

/// The files but the lock.
fn texts(files: &[Rewrite]) -> impl Iterator<Item = &Rewrite> {
    files.iter().filter(|file| file.path != crate::lock::PATH)
}

/// Lines that differ, each told on one.
struct Change {
    /// The first of them, as it is numbered now.
    line: usize,
    /// How many they were.
    lines: usize,
    old: String,
    new: String,
}

/// The lines that differ, one by one; together where there are more or fewer than before.
fn changed_lines(file: &Rewrite) -> Vec<Change> {
    let old = file.old.as_deref().unwrap_or_default();
    let (old, new) = (old.tokenize_lines(), file.new.tokenize_lines());
    let told = |lines: &[&str]| {
        let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
        lines.join(" ")
    };
    let change = |old_lines: Range<usize>, new_lines: Range<usize>| Change {
        line: new_lines.start + 1,
        lines: old_lines.len(),
        old: told(&old[old_lines]),
        new: told(&new[new_lines]),
    };
    // A line that has become what its neighbour was is told with its own former words.
    if old.len() == new.len() {
        let differing = (0..new.len()).filter(|line| old[*line] != new[*line]);
        return differing
            .map(|line| change(line..line + 1, line..line + 1))
            .collect();
    }
    let diff = TextDiff::from_slices(&old, &new);
    let differing = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    differing
        .map(|op| change(op.old_range(), op.new_range()))
        .collect()
}

/// Prints what would be written, for `git apply` and `patch`.
fn print_diff(files: &[Rewrite], sources: &Sources) {
    let mut out = io::stdout().lock();
    for file in files {
        let known = sources.find(&file.path).map(|id| sources.file(id));
        let mark = if known.is_some_and(|known| known.marked) {
            "\u{feff}"
        } else {
            ""
        };
        let old = file.old.as_ref().map(|old| format!("{mark}{old}"));
        let new = format!("{mark}{}", file.new);
        let diff = TextDiff::from_lines(old.as_deref().unwrap_or_default(), &new);
        // A tab ends a name that has a space.
        let tab = if file.path.contains(' ') { "\t" } else { "" };
        let from = match &file.old {
            Some(_) => format!("a/{}{tab}", file.path),
            None => "/dev/null".to_owned(),
        };
        let to = format!("b/{}{tab}", file.path);
        let _ = write!(out, "{}", diff.unified_diff().header(&from, &to));
    }
}

fn not_written(path: &str, error: &io::Error, terminal: &Terminal) -> Outcome {
    terminal.error(&format!("`{path}` could not be mended: {error}"), None);
    Outcome::MachineFailed
}

/// `healed 5 lines in 2 files; 1 problem is left`
fn summary(files: &[Rewrite], healed: &Healed) -> String {
    let changes = texts(files).flat_map(changed_lines);
    let lines: usize = changes.map(|change| change.lines).sum();
    let done = match (lines, files.len()) {
        (0, 0) if healed.waiting.is_empty() => "nothing to heal".to_owned(),
        (0, 0) => "nothing was healed".to_owned(),
        (0, _) => "settled `citations.lock`".to_owned(),
        (lines, _) => format!(
            "healed {} in {}, and settled `citations.lock`",
            counted(lines, "line"),
            counted(texts(files).count(), "file")
        ),
    };
    match healed.diagnostics.len() {
        0 => done,
        left => format!("{done}; {} left", counted(left, "problem")),
    }
}
