//! Problems that one edit has caused, said as one.

use std::collections::BTreeMap;

use super::{Diagnostic, Label, Lint};

/// More problems of a kind with one cause than these are said as one.
pub const MOST_APART: usize = 3;

/// So many entries that two files share are told one by one; of more the one file is a copy of the other.
pub const MOST_SHARED: usize = 4;

/// How a problem is said with others that have the same cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Together {
    /// What is said of all, after their number; equal in those that belong together.
    pub of_all: String,
    /// What is said at each place.
    pub here: String,
}

/// The problems, sorted by place, with those that belong together as one at the first of their places.
pub(super) fn gathered(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<(Lint, String), usize> = BTreeMap::new();
    let cause = |one: &Diagnostic| Some((one.lint, one.together.as_ref()?.of_all.clone()));
    for cause in diagnostics.iter().filter_map(cause) {
        *counts.entry(cause).or_default() += 1;
    }
    counts.retain(|_, count| *count > MOST_APART);
    let mut gathered: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut firsts: BTreeMap<(Lint, String), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let shared = cause(&diagnostic).and_then(|cause| Some((*counts.get(&cause)?, cause)));
        let Some((count, cause)) = shared else {
            gathered.push(diagnostic);
            continue;
        };
        if let Some(first) = firsts.get(&cause) {
            gathered[*first].related.extend(here(diagnostic));
            continue;
        }
        let message = format!("{count} {}", cause.1);
        firsts.insert(cause, gathered.len());
        gathered.push(Diagnostic {
            message,
            at: here(diagnostic.clone()),
            ..diagnostic
        });
    }
    gathered
}

/// The place of one of several problems.
fn here(diagnostic: Diagnostic) -> Option<Label> {
    let text = diagnostic.together?.here;
    diagnostic.at.map(|at| Label { text, ..at })
}
