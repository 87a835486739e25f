//! Files that one of two states could not read.

use std::collections::BTreeSet;

use super::{Side, Unread};
use crate::diagnostic::{Diagnostic, Level, Lint};
use crate::source::FileId;

/// The files that one of two states could not read, or not whole: what is missing in that state may stand in them.
pub(super) struct Files<'b>(BTreeSet<(&'b str, &'static str)>);

impl<'b> Files<'b> {
    pub(super) fn unread(old: Side<'b>, new: Side<'b>) -> Self {
        let of = |side: Side<'b>, state| unread_by(side).map(move |path| (path, state));
        Files(of(old, "old").chain(of(new, "new")).collect())
    }

    /// Whether a file of one state is among them.
    pub(super) fn has(&self, side: Side<'_>, file: FileId) -> bool {
        let path = side.sources.file(file).path.as_str();
        self.0.iter().any(|(unread, _)| *unread == path)
    }

    pub(super) fn told(self) -> Vec<Unread> {
        let told = self.0.into_iter().map(|(path, state)| Unread {
            state,
            file: path.to_owned(),
        });
        told.collect()
    }
}

fn unread_by(side: Side<'_>) -> impl Iterator<Item = &str> {
    let articles = side.book.articles.iter().filter(|one| !one.sound);
    let articles = articles.map(|one| one.file);
    let losses = side.diagnostics.iter().filter_map(loses);
    let path = move |file| side.sources.file(file).path.as_str();
    articles.chain(losses).map(path)
}

/// The file of which a problem keeps something from being read.
fn loses(problem: &Diagnostic) -> Option<FileId> {
    let loses = matches!(
        problem.lint,
        Lint::UnreadableFile
            | Lint::InvalidYaml
            | Lint::YamlTrap
            | Lint::UnknownKey
            | Lint::MissingField
    );
    let place = problem.at.as_ref().filter(|_| loses)?;
    (problem.level == Level::Deny).then_some(place.span.file)
}
