//! `init`: a new book with one example of everything.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, Terminal};
use crate::disk;

/// Arguments of `init`.
#[derive(Args)]
pub(super) struct Init {
    /// The new book's folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

macro_rules! starter {
    ($($path:literal = $file:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("starter/", $file)))),*]
    };
}

/// The files of a new book.
const STARTER: &[(&str, &str)] = starter![
    ".gitignore" = "gitignore",
    "book.toml" = "book.toml",
    "content/annotations/glossary.yaml" = "content/annotations/glossary.yaml",
    "content/annotations/notes.yaml" = "content/annotations/notes.yaml",
    "content/articles/harbour-report.md" = "content/articles/harbour-report.md",
    "content/chapters/01-harbour.md" = "content/chapters/01-harbour.md",
];

impl Init {
    pub(super) fn run(&self, terminal: &Terminal) -> Outcome {
        let present = STARTER
            .iter()
            .filter(|(path, _)| *path != ".gitignore")
            .find(|(path, _)| self.folder.join(path).exists());
        if let Some((path, _)) = present {
            let message = format!(
                "`{}` is there already; nothing was written",
                self.folder.join(path).display()
            );
            terminal.error(&message, Some("name a new folder: `pincite init NAME`"));
            return Outcome::WrongUsage;
        }
        for (path, text) in STARTER {
            let target = self.folder.join(path);
            if target.exists() {
                continue;
            }
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
        terminal.say(&format!("now: {place}pincite build"));
        Outcome::Done
    }
}
