//! `diff`: what changed between two states of a book.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Colour, Common, Outcome, Terminal, build};
use crate::compile::{Compilation, compile};
use crate::config;
use crate::diff::{self, Changes, Medium, Side};
use crate::disk;
use crate::edition::counted;
use crate::source::Sources;

/// Arguments of `diff`.
#[derive(Args)]
pub(super) struct Diff {
    /// The folder of the former state
    old: PathBuf,
    /// The folder of the present state
    new: PathBuf,
    /// How the changes are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// A state of a book, read.
struct State {
    sources: Sources,
    compilation: Compilation,
}

impl State {
    fn read(folder: &Path, terminal: &Terminal) -> Result<Self, Outcome> {
        if !folder.join(config::PATH).is_file() {
            let message = format!("`{}` has no `book.toml`", folder.display());
            terminal.error(&message, Some("name the folders of two states of a book; `git worktree add ../before HEAD` makes one of what was committed last"));
            return Err(Outcome::WrongUsage);
        }
        let sources =
            disk::read(folder).map_err(|error| build::machine_failed(folder, &error, terminal))?;
        let compilation = compile(&sources, None);
        if compilation.errors() > 0 {
            let errors = counted(compilation.errors(), "error");
            let path = folder.display();
            terminal.say(&format!(
                "note: the book in `{path}` has {errors}; `check` prints them"
            ));
        }
        Ok(State {
            sources,
            compilation,
        })
    }

    fn side(&self) -> Side<'_> {
        Side {
            book: &self.compilation.book,
            sources: &self.sources,
            diagnostics: &self.compilation.diagnostics,
        }
    }
}

impl Diff {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let read = |folder: &Path| State::read(folder, terminal);
        let (old, new) = match (read(&self.old), read(&self.new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(outcome), _) | (_, Err(outcome)) => return outcome,
        };
        let changes = Changes::between(old.side(), new.side());
        let coloured = match common.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal.colour && std::io::stdout().is_terminal(),
        };
        let text = match self.format {
            Format::Text if coloured => diff::text(&changes, Medium::Coloured),
            Format::Text => diff::text(&changes, Medium::Plain),
            Format::Markdown => diff::text(&changes, Medium::Markdown),
            Format::Json => serde_json::to_string_pretty(&changes).unwrap_or_default() + "\n",
        };
        // Whoever closed the pipe does not want to hear more.
        let _ = std::io::stdout().write_all(text.as_bytes());
        if changes.is_empty() {
            terminal.say("nothing that is compared has changed");
        }
        Outcome::Done
    }
}
