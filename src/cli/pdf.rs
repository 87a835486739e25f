//! `pdf`: the print edition alone, beside whatever site there is.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Outcome, Terminal, build, shown};
use crate::compile::compile;
use crate::diagnostic::{self, Level};
use crate::disk;
use crate::edition::Edition;

/// Arguments of `pdf`.
#[derive(Args)]
pub(super) struct Pdf {
    /// The file [default: the book's title, in the book's folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Warnings fail
    #[arg(long)]
    strict: bool,
}

impl Pdf {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (root, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let compilation = compile(&sources, None);
        let edition = Edition::new(&compilation.book);
        let files = build::print_files(&edition, &root);
        let mut problems = compilation.diagnostics.clone();
        let lints = &compilation.book.config.lints;
        let print = crate::pdf::Print::new(&edition, &sources, &files);
        problems.extend(diagnostic::settle(print.problems(), lints));
        terminal.print(&problems, &sources);
        let fails = problems.iter().any(|problem| problem.level == Level::Deny);
        if fails || (self.strict && !problems.is_empty()) {
            return build::refused(
                &problems,
                &sources,
                self.strict,
                "; nothing was written",
                terminal,
            );
        }
        let own = || root.join(edition.pdf_name());
        let out = self.out.clone().unwrap_or_else(own);
        if disk::read_file(&out).is_some_and(|former| print.stands(&former)) {
            terminal.say(&format!("{} (unchanged)", shown(&out)));
            return Outcome::Done;
        }
        let bytes = match print.make() {
            Ok(bytes) => bytes,
            Err(problem) => {
                terminal.print(&[*problem], &sources);
                return Outcome::BookHasErrors;
            }
        };
        match disk::write(&out, &bytes) {
            Ok(()) => {
                terminal.say(&shown(&out));
                Outcome::Done
            }
            Err(error) => build::machine_failed(&out, &error, terminal),
        }
    }
}
