//! `heal`: mends the citations of edited sources in the authors' files.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use clap::Args;
use similar::TextDiff;

use super::build::{machine_failed, refused};
use super::{Common, MessageFormat, Outcome, Terminal};
use crate::disk::{self, Rewrite};
use crate::edition::counted;
use crate::heal::{Healed, Question, Waiting, heal};
use crate::source::{Sources, Span};

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
    dry_run: bool,
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
        match disk::finish(&root) {
            Ok(false) => {}
            Ok(true) => terminal.say("finished what was interrupted"),
            Err((path, error)) => return not_written(&path, &error, terminal),
        }
        let sources = match disk::read(&root) {
            Ok(sources) => sources,
            Err(error) => return machine_failed(&root, &error, terminal),
        };
        match heal(&sources, &mut |question| self.accepts(question)) {
            Ok(healed) => self.carry_out(&root, &sources, &healed, terminal),
            Err(unread) => {
                terminal.print(&unread, &sources, MessageFormat::Text);
                let and_so = "; nothing was healed, since not every citation can be read";
                refused(&unread, false, and_so, terminal)
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
            return print_diff(&files);
        }
        if !files.is_empty()
            && let Err((path, error)) = disk::rewrite(root, &files)
        {
            return not_written(&path, &error, terminal);
        }
        for file in files.iter().filter(|file| file.path != crate::lock::PATH) {
            for (line, old, new) in changed_lines(file) {
                terminal.say(&format!(
                    "{}:{line}: {} → {}",
                    file.path,
                    old.trim(),
                    new.trim()
                ));
            }
        }
        if !files.is_empty() {
            terminal.say("");
        }
        terminal.print(&healed.diagnostics, &healed.sources, MessageFormat::Text);
        for waiting in &healed.waiting {
            terminal.say(&format!(
                "{}: {}",
                place(sources, waiting.span),
                awaited(waiting, sources.slice(waiting.span))
            ));
        }
        if !healed.waiting.is_empty() {
            let articles: BTreeSet<&str> = healed
                .waiting
                .iter()
                .map(|one| one.article.as_str())
                .collect();
            let articles: Vec<String> = articles.iter().map(|key| format!("`{key}`")).collect();
            terminal.say(&format!(
                "until then no citation of {} is healed",
                articles.join(", ")
            ));
        }
        terminal.say(&summary(&files, healed));
        Outcome::Done
    }

    fn accepts(&self, question: &Question<'_>) -> bool {
        self.accept_drift && (self.yes || ask(question).unwrap_or(false))
    }
}

/// What an author has to do about a locator.
fn awaited(Waiting { article, .. }: &Waiting, written: &str) -> String {
    format!(
        "what {written} of `{article}` becomes would be misread here: put the citation in quotation marks, or on a line of its own"
    )
}

/// Shows a case and waits for an answer; no answer is no.
fn ask(question: &Question<'_>) -> io::Result<bool> {
    let mut out = io::stderr().lock();
    writeln!(out, "{}", question.message)?;
    for span in &question.places {
        writeln!(out, "  cited at {}", place(question.sources, *span))?;
    }
    writeln!(out, "  - {}\n  + {}", question.before, question.now)?;
    write!(out, "Accept? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    writeln!(out)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// `content/chapters/01-x.md:3:15`
fn place(sources: &Sources, span: Span) -> String {
    let place = sources.place(span.file, span.start as usize);
    let path = &sources.file(span.file).path;
    format!("{path}:{}:{}", place.line, place.column)
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

/// The lines that differ: healing neither adds nor removes any.
fn changed_lines(file: &Rewrite) -> impl Iterator<Item = (usize, &str, &str)> {
    let old = file.old.as_deref().unwrap_or_default().lines();
    let numbered = (1..).zip(old.zip(file.new.lines()));
    numbered
        .filter(|(_, (old, new))| old != new)
        .map(|(line, (old, new))| (line, old, new))
}

fn print_diff(files: &[Rewrite]) -> Outcome {
    let mut out = io::stdout().lock();
    for file in files {
        let old = file.old.as_deref().unwrap_or_default();
        let diff = TextDiff::from_lines(old, &file.new);
        let (from, to) = (format!("a/{}", file.path), format!("b/{}", file.path));
        let _ = write!(out, "{}", diff.unified_diff().header(&from, &to));
    }
    Outcome::Done
}

fn not_written(path: &str, error: &io::Error, terminal: &Terminal) -> Outcome {
    terminal.error(&format!("`{path}` could not be mended: {error}"), None);
    Outcome::MachineFailed
}

/// `healed 5 lines in 2 files; 1 problem is left`
fn summary(files: &[Rewrite], healed: &Healed) -> String {
    let texts: Vec<&Rewrite> = files
        .iter()
        .filter(|file| file.path != crate::lock::PATH)
        .collect();
    let lines: usize = texts.iter().map(|file| changed_lines(file).count()).sum();
    let done = match (lines, files.len()) {
        (0, 0) if healed.waiting.is_empty() => "nothing to heal".to_owned(),
        (0, 0) => "nothing was healed".to_owned(),
        (0, _) => "settled `citations.lock`".to_owned(),
        (lines, _) => format!(
            "healed {} in {}, and settled `citations.lock`",
            counted(lines, "line"),
            counted(texts.len(), "file")
        ),
    };
    match healed.diagnostics.len() {
        0 => done,
        left => format!("{done}; {} left", counted(left, "problem")),
    }
}
