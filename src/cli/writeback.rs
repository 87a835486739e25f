//! `writeback`: citations written back into the article files.

use std::path::Path;

use clap::Args;

use super::build::{machine_failed, refused};
use super::{Common, MessageFormat, Outcome, Terminal};
use crate::book::Book;
use crate::compile::compile;
use crate::disk::{self, Rewrite};
use crate::edition::counted;
use crate::source::Sources;
use crate::writeback::{Comments, written_back};

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
        let Some(root) = common.root(terminal) else {
            return Outcome::WrongUsage;
        };
        let sources = match disk::read(&root) {
            Ok(sources) => sources,
            Err(error) => return machine_failed(&root, &error, terminal),
        };
        let compilation = compile(&sources, None);
        if !compilation.publishable() && !self.remove {
            terminal.print(&compilation.diagnostics, &sources, MessageFormat::Text);
            return refused(
                &compilation.diagnostics,
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
        let files = rewrites(&compilation.book, &sources, wanted);
        if self.check {
            return checked(&files, terminal);
        }
        if let Err((path, error)) = disk::rewrite(&root, &files) {
            return machine_failed(Path::new(&path), &error, terminal);
        }
        for file in &files {
            terminal.say(&file.path);
        }
        let done = match files.len() {
            0 => "nothing to write: the comments are as they should be".to_owned(),
            count => format!("wrote {}", counted(count, "article")),
        };
        terminal.say(&done);
        Outcome::Done
    }
}

fn checked(files: &[Rewrite], terminal: &Terminal) -> Outcome {
    if files.is_empty() {
        return Outcome::Done;
    }
    for file in files {
        terminal.say(&file.path);
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

/// The article files that change.
pub(super) fn rewrites(book: &Book, sources: &Sources, wanted: Comments) -> Vec<Rewrite> {
    let written = written_back(book, sources, wanted).into_iter();
    let rewrite = written.map(|(id, new)| {
        let file = sources.file(id);
        Rewrite {
            path: file.path.clone(),
            old: Some(file.text.to_string()),
            new,
        }
    });
    rewrite.collect()
}
