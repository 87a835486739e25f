//! `export`: the book for other programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Common, Outcome, Terminal, build, completions};
use crate::compile::compile;
use crate::disk;
use crate::edition::Edition;
use crate::export;

/// Arguments of `export`.
#[derive(Args)]
pub(super) struct Export {
    /// What is exported, and in which form
    format: Format,
    /// The file [default: standard output]
    pub(super) file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The sources as BibTeX
    Bibtex,
    /// The sources as CSL-JSON
    CslJson,
    /// Notes and citations as W3C Web Annotations
    WebAnnotation,
    /// Every citation
    Json,
    /// Every address of the book
    Inventory,
}

impl From<Format> for export::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Bibtex => export::Format::Bibtex,
            Format::CslJson => export::Format::CslJson,
            Format::WebAnnotation => export::Format::WebAnnotation,
            Format::Json => export::Format::Citations,
            Format::Inventory => export::Format::Inventory,
        }
    }
}

impl Export {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (_, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let compilation = compile(&sources, None);
        terminal.print(&compilation.diagnostics, &sources);
        if !compilation.publishable() {
            let and_so = "; nothing was exported";
            return build::refused(&compilation.diagnostics, &sources, false, and_so, terminal);
        }
        let edition = Edition::new(&compilation.book);
        let text = export::Format::from(self.format).text(&edition, &sources);
        let Some(file) = &self.file else {
            return completions::put(&text);
        };
        match disk::write(file, &text) {
            Ok(()) => {
                terminal.say(&super::shown(file));
                Outcome::Done
            }
            Err(error) => build::machine_failed(file, &error, terminal),
        }
    }
}
