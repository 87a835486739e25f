//! The command line: arguments, messages, exit codes.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the floor that meets the user's machine"
)]

mod build;
mod explain;
mod import;
mod init;
#[cfg(feature = "pdf")]
mod pdf;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Builds annotated briefing books, in which every statement leads to the source paragraph that carries it.
#[derive(Parser)]
#[command(name = "pincite", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    common: Common,
}

/// What every verb takes.
#[derive(Args)]
struct Common {
    /// The book's folder [default: the nearest one upward with a book.toml]
    #[arg(long, global = true, value_name = "DIR")]
    book: Option<PathBuf>,
    /// Print errors alone
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print more
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Colour the messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a new book
    Init(init::Init),
    /// Turn saved articles into articles of the book
    Import(import::Import),
    /// Build all configured outputs
    Build(build::Build),
    /// Make the print edition alone
    #[cfg(feature = "pdf")]
    Pdf(pdf::Pdf),
    /// Check everything and write nothing
    Check(build::Check),
    /// Say what a lint means and how it is mended
    Explain(explain::Explain),
}

/// How a run ended; the program's exit status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Done,
    BookHasErrors,
    WrongUsage,
    MachineFailed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::BookHasErrors => 1,
            Outcome::WrongUsage => 2,
            Outcome::MachineFailed => 3,
        })
    }
}

/// Runs the program with the arguments that it was given.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.common);
    let outcome = match &arguments.verb {
        Verb::Init(init) => init.run(&terminal),
        Verb::Import(import) => import.run(&arguments.common, &terminal),
        Verb::Build(build) => build.run(&arguments.common, &terminal),
        #[cfg(feature = "pdf")]
        Verb::Pdf(pdf) => pdf.run(&arguments.common, &terminal),
        Verb::Check(check) => check.run(&arguments.common, &terminal),
        Verb::Explain(explain) => explain.run(&terminal),
    };
    outcome.into()
}

impl Common {
    /// The book's folder; says so where there is none.
    fn root(&self, terminal: &Terminal) -> Option<PathBuf> {
        let start = self.book.clone().unwrap_or_else(|| PathBuf::from("."));
        let root = match &self.book {
            Some(folder) => folder.join("book.toml").is_file().then(|| folder.clone()),
            None => crate::disk::find_book(&start),
        };
        if root.is_none() {
            let place = match &self.book {
                Some(folder) => format!("`{}` has no `book.toml`", folder.display()),
                None => "neither this folder nor one above it has a `book.toml`".to_owned(),
            };
            terminal.error(
                &place,
                Some("`pincite init NAME` makes a new book; `--book DIR` names another folder"),
            );
        }
        root
    }
}

/// Where messages go: standard error, coloured where it is a terminal.
struct Terminal {
    colour: bool,
    /// Columns.
    width: usize,
    quiet: bool,
    verbose: bool,
}

/// More diagnostics than this are counted, not printed.
const MOST_DIAGNOSTICS: usize = 100;

impl Terminal {
    fn new(common: &Common) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Terminal {
            colour: match common.color {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => !no_colour && std::io::stderr().is_terminal(),
            },
            width: terminal_size::terminal_size_of(std::io::stderr())
                .map_or(diagnostic::USUAL_WIDTH, |(width, _)| {
                    usize::from(width.0).max(60)
                }),
            quiet: common.quiet,
            verbose: common.verbose,
        }
    }

    /// Prints a line of news, unless the user wants errors alone.
    fn say(&self, line: &str) {
        if !self.quiet {
            // Whoever closed the pipe does not want to hear more.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    fn error(&self, message: &str, help: Option<&str>) {
        let (bold, plain) = if self.colour {
            ("\x1b[1m\x1b[91m", "\x1b[0m")
        } else {
            ("", "")
        };
        let mut out = std::io::stderr();
        let _ = writeln!(out, "{bold}error{plain}: {message}");
        if let Some(help) = help {
            let _ = writeln!(out, "  = help: {help}");
        }
    }

    fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let mut out = std::io::stderr();
        let is_error = |diagnostic: &&Diagnostic| diagnostic.level == diagnostic::Level::Deny;
        let mut printed: Vec<&Diagnostic> = diagnostics
            .iter()
            .filter(|d| !self.quiet || is_error(d))
            .collect();
        let all = printed.len();
        if all > MOST_DIAGNOSTICS {
            // Errors first, so that no flood of warnings hides one.
            printed.sort_by_key(|diagnostic| !is_error(diagnostic));
            printed.truncate(MOST_DIAGNOSTICS);
        }
        for diagnostic in &printed {
            let text = diagnostic::text(diagnostic, sources, self.colour, self.width);
            let _ = writeln!(out, "{text}\n");
        }
        if all > printed.len() {
            let _ = writeln!(out, "… and {} more\n", all - printed.len());
        }
    }
}

/// A path as the user would type it from where they are.
fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir()
        .ok()
        .and_then(|folder| folder.canonicalize().ok());
    let below = here.as_ref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}
