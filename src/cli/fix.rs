//! `check --fix`: makes the safe fixes in the authors' files.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Outcome, Terminal, grouped};
use crate::diagnostic::{Diagnostic, Edit, Mended, Trust, mend};
use crate::disk;
use crate::edition::counted;
use crate::source::Sources;

/// A mend may bring the next problem to light; a book that is never at rest is left alone after this many rounds.
const MOST_ROUNDS: usize = 20;

/// Mends a book round by round.
#[derive(Default)]
pub(super) struct Fixer {
    rounds: usize,
    problems: usize,
    files: BTreeSet<String>,
    /// Files that could not be written; they are not tried again.
    refused: BTreeSet<String>,
}

impl Fixer {
    /// Makes the fixes that can be made now; tells whether any file has changed.
    pub(super) fn round(
        &mut self,
        root: &Path,
        diagnostics: &[Diagnostic],
        sources: &Sources,
        terminal: &Terminal,
    ) -> bool {
        self.rounds += 1;
        if self.rounds > MOST_ROUNDS {
            return false;
        }
        let mut changed = false;
        for (id, mended) in mend(diagnostics, sources) {
            let file = sources.file(id);
            if self.refused.contains(&file.path) {
                continue;
            }
            match disk::amend(root, &file.path, &file.text, &mended.text) {
                Ok(()) => {
                    changed = true;
                    self.problems += mended.problems.len();
                    self.files.insert(file.path.clone());
                    report(&mended, sources, terminal);
                }
                Err(error) => {
                    let message = format!("`{}` could not be mended: {error}", file.path);
                    terminal.error(&message, None);
                    self.refused.insert(file.path.clone());
                }
            }
        }
        changed
    }

    /// Sums up what was done.
    pub(super) fn finish(&self, terminal: &Terminal) -> Outcome {
        if self.problems > 0 {
            terminal.say(&format!(
                "fixed {} in {}\n",
                counted(self.problems, "problem"),
                counted(self.files.len(), "file")
            ));
        }
        if self.refused.is_empty() {
            Outcome::Done
        } else {
            Outcome::MachineFailed
        }
    }
}

/// How many of some problems `check --fix` mends, if any.
pub(super) fn mends(problems: &[Diagnostic]) -> Option<String> {
    let is_safe = |one: &&Diagnostic| one.trust == Trust::Safe && !one.fix.is_empty();
    let safe = problems.iter().filter(is_safe).count();
    let which = match (safe, problems.len()) {
        (0, _) => return None,
        (1, 1) => "it".to_owned(),
        (safe, all) if safe == all => "them all".to_owned(),
        (safe, _) => format!("{} of them", grouped(safe)),
    };
    Some(format!("`pincite check --fix` mends {which}"))
}

/// One line for each problem that was mended.
fn report(mended: &Mended<'_>, sources: &Sources, terminal: &Terminal) {
    for problem in &mended.problems {
        for edit in &problem.fix {
            let place = sources.place(edit.span.file, edit.span.start as usize);
            let path = &sources.file(edit.span.file).path;
            terminal.say(&format!(
                "fixed[{}] {path}:{}:{}: {}",
                problem.lint.name(),
                place.line,
                place.column,
                said(edit, sources)
            ));
        }
    }
}

fn said(edit: &Edit, sources: &Sources) -> String {
    let (old, new) = (sources.slice(edit.span), edit.replacement.as_str());
    match (old, new) {
        ("", new) => format!("`{new}` put in"),
        (old, "") => format!("`{old}` taken out"),
        (old, new) => format!("`{old}` → `{new}`"),
    }
}
