//! `schema`: the JSON Schema of the files that authors write, for their editors.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::Outcome;
use crate::schema::{Language, Shape};
use crate::{annotation, config, manuscript};

/// Arguments of `schema`.
#[derive(Args)]
pub(super) struct Schema {
    /// Which files
    #[arg(value_name = "FILES", default_value = "annotations")]
    of: Files,
}

/// Files that have a schema.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Files {
    /// The annotation files
    Annotations,
    /// The front matter of articles
    Article,
    /// The front matter of chapters
    Chapter,
    /// book.toml
    Book,
}

impl Schema {
    pub(super) fn run(&self) -> Outcome {
        // Whoever closed the pipe does not want to hear more.
        let _ = write!(std::io::stdout(), "{}", text(self.of));
        Outcome::Done
    }
}

/// The JSON Schema (draft 7) of some files.
pub(super) fn text(of: Files) -> String {
    let (shape, title, language): (&Shape, _, _) = match of {
        Files::Annotations => (&annotation::FILE, "Pincite annotations", Language::Yaml),
        Files::Article => (&manuscript::ARTICLE, "Pincite article", Language::Yaml),
        Files::Chapter => (&manuscript::CHAPTER, "Pincite chapter", Language::Yaml),
        Files::Book => (&config::FILE, "Pincite book.toml", Language::Toml),
    };
    format!("{:#}\n", shape.json_schema(title, language))
}
