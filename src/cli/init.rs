//! `init`: a new book, with one example of everything or empty.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, Terminal, schema};
use crate::disk;

/// Arguments of `init`.
#[derive(Args)]
pub(super) struct Init {
    /// The new book's folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Without the examples: settings alone
    #[arg(long)]
    empty: bool,
}

macro_rules! starter {
    ($($path:literal = $file:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("starter/", $file)))),*]
    };
}

/// The files of a new book.
const BOOK: &[(&str, &str)] = starter![
    "book.toml" = "book.toml",
    "content/annotations/glossary.yaml" = "content/annotations/glossary.yaml",
    "content/annotations/notes.yaml" = "content/annotations/notes.yaml",
    "content/articles/harbour-report.md" = "content/articles/harbour-report.md",
    "content/chapters/01-harbour.md" = "content/chapters/01-harbour.md",
];

/// What makes it pleasant to write in; one that is there already is kept.
const SETTINGS: &[(&str, &str)] = starter![
    ".gitignore" = "gitignore",
    ".helix/languages.toml" = "helix/languages.toml",
    ".nvim.lua" = "nvim.lua",
    ".vscode/extensions.json" = "vscode/extensions.json",
    ".vscode/settings.json" = "vscode/settings.json",
];

/// The schemas that the settings and the files' first lines name.
pub(super) const ANNOTATIONS_SCHEMA: &str = ".pincite/annotations.json";
const BOOK_SCHEMA: &str = ".pincite/book.json";

impl Init {
    pub(super) fn run(&self, terminal: &Terminal) -> Outcome {
        let there = |path: &str| self.folder.join(path).exists();
        if let Some((path, _)) = BOOK.iter().find(|(path, _)| there(path)) {
            let message = format!(
                "`{}` is there already; nothing was written",
                self.folder.join(path).display()
            );
            terminal.error(&message, Some("name a new folder: `pincite init NAME`"));
            return Outcome::WrongUsage;
        }
        let schemas = [
            (ANNOTATIONS_SCHEMA, schema::text(schema::Files::Annotations)),
            (BOOK_SCHEMA, schema::text(schema::Files::Book)),
        ];
        let schemas = schemas.iter().map(|(path, text)| (*path, text.as_str()));
        // The first file is `book.toml`.
        let book = if self.empty { &BOOK[..1] } else { BOOK };
        let files = book.iter().chain(SETTINGS).copied().chain(schemas);
        for (path, text) in files.filter(|(path, _)| !there(path)) {
            let target = self.folder.join(path);
            if let Err(error) = disk::write(&target, text) {
                terminal.error(&format!("`{}`: {error}", target.display()), None);
                return Outcome::MachineFailed;
            }
            terminal.say(&format!("wrote {}", target.display()));
        }
        let place = if self.folder.as_os_str() == "." {
            String::new()
        } else {
            format!("cd {} && ", self.folder.display())
        };
        let next = if self.empty { "import FILE" } else { "build" };
        terminal.say(&format!("now: {place}pincite {next}"));
        Outcome::Done
    }
}
