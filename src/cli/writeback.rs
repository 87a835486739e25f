//! `writeback`: citations written back into the article files.

use std::path::Path;

use clap::Args;

use super::build::{machine_failed, refused};
use super::{Common, Outcome, Terminal};
use crate::compile::compile;
use crate::disk::{self, Rewrite};
use crate::edition::counted;
use crate::source::Sources;
use crate::writeback::{Comments, Refused, WrittenBack, written_back};

/// Arguments of `writeback`.
#[derive(Args)]
pub(super) struct Writeback {
    /// Write nothing, and fail where a file would change
    #[arg(long)]
    check: bool,
    /// Take all comments out again
    #[arg(long)]
    remove: bool,
}

impl Writeback {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (root, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let compilation = compile(&sources, None);
        if !compilation.publishable() && !self.remove {
            terminal.print(&compilation.diagnostics, &sources);
            return refused(
                &compilation.diagnostics,
                &sources,
                false,
                "; nothing was written",
                terminal,
            );
        }
        let wanted = if self.remove {
            Comments::Removed
        } else {
            Comments::Current
        };
        let written = written_back(&compilation.book, &sources, wanted);
        tell_refused(&written.refused, &sources, terminal);
        let files = rewrites(&written, &sources);
        if self.check {
            return checked(&files, &written.refused, terminal);
        }
        if let Err((path, error)) = disk::rewrite(&root, &files) {
            return machine_failed(Path::new(&path), &error, terminal);
        }
        for file in &files {
            terminal.say(&file.path);
        }
        let done = match (files.len(), written.refused.len()) {
            (0, 0) => "nothing to write: the comments are as they should be".to_owned(),
            (count, 0) => format!("wrote {}", counted(count, "article")),
            (count, left) => format!(
                "wrote {}; {} could not be kept current",
                counted(count, "article"),
                counted(left, "comment")
            ),
        };
        terminal.say(&done);
        Outcome::Done
    }
}

fn checked(files: &[Rewrite], refused: &[Refused], terminal: &Terminal) -> Outcome {
    for file in files {
        terminal.say(&file.path);
    }
    if files.is_empty() {
        let sound = refused.is_empty();
        return if sound {
            Outcome::Done
        } else {
            Outcome::BookHasErrors
        };
    }
    terminal.error(
        &format!(
            "the comments of {} are not as they should be",
            counted(files.len(), "article")
        ),
        Some("run `pincite writeback`"),
    );
    Outcome::BookHasErrors
}

/// Tells which comments stay as they are, and why.
pub(super) fn tell_refused(refused: &[Refused], sources: &Sources, terminal: &Terminal) {
    for Refused { span, why } in refused {
        let place = sources.place(span.file, span.start as usize);
        let path = &sources.file(span.file).path;
        terminal.say(&format!("{path}:{}: {why}", place.line));
    }
}

/// The article files that change.
pub(super) fn rewrites(written: &WrittenBack, sources: &Sources) -> Vec<Rewrite> {
    let rewrite = written.files.iter().map(|(id, new)| {
        let file = sources.file(*id);
        Rewrite {
            path: file.path.clone(),
            old: Some(file.text.to_string()),
            new: new.clone(),
        }
    });
    rewrite.collect()
}
