//! The command line: arguments, messages, exit codes.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the floor that meets the user's machine"
)]

mod build;
mod cite;
mod completions;
mod diff;
mod explain;
mod export;
mod fix;
mod heal;
mod import;
mod init;
mod new;
#[cfg(feature = "pdf")]
mod pdf;
mod schema;
mod serve;
mod stats;
mod writeback;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config;
use crate::diagnostic;
use crate::diagnostic::{Diagnostic, Lint};
use crate::source::Sources;

/// Builds annotated briefing books, in which every statement leads to the source paragraph that carries it.
#[derive(Parser)]
#[command(name = "pincite", version)]
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
    /// How problems are printed; `json` and `github` go to standard output, unless the verb's own output does
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    message_format: MessageFormat,
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
    /// Mend the citations of edited sources in the book's files
    Heal(heal::Heal),
    /// Write into the article files who cites each paragraph
    Writeback(writeback::Writeback),
    /// Show the book in the browser while it is written
    Serve(serve::Serve),
    /// Write the book's sources, citations or addresses for other programs
    Export(export::Export),
    /// Say what changed between two states of a book
    Diff(diff::Diff),
    /// Find words in the articles and print the citation that leads to them
    Cite(cite::Cite),
    /// Add an entry to the annotations, or begin a chapter
    New(new::New),
    /// Count words, citations and what rests on what
    Stats(stats::StatsOf),
    /// Write the JSON Schema of a kind of file to standard output
    Schema(schema::Schema),
    /// Say what a lint means and how it is mended
    Explain(explain::Explain),
    /// Write the completions for a shell to standard output
    Completions(completions::Completions),
    /// Write the manual page to standard output
    Man(completions::Man),
}

impl Verb {
    /// Where programs find a book's problems.
    fn channel(&self) -> Channel {
        match self {
            Verb::Export(export) if export.file.is_none() => Channel::Error,
            Verb::Heal(heal) if heal.dry_run => Channel::Error,
            #[cfg(feature = "pdf")]
            Verb::Pdf(_) => Channel::Output,
            Verb::Init(_)
            | Verb::Build(_)
            | Verb::Check(_)
            | Verb::Export(_)
            | Verb::Heal(_)
            | Verb::Writeback(_)
            | Verb::Serve(_) => Channel::Output,
            Verb::Import(_)
            | Verb::Diff(_)
            | Verb::Cite(_)
            | Verb::New(_)
            | Verb::Stats(_)
            | Verb::Schema(_)
            | Verb::Explain(_)
            | Verb::Completions(_)
            | Verb::Man(_) => Channel::Error,
        }
    }
}

/// Standard output, or standard error where that has what the verb itself makes.
#[derive(Clone, Copy)]
enum Channel {
    Output,
    Error,
}

/// How a book's problems are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    Text,
    Json,
    Github,
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
    let terminal = Terminal {
        channel: arguments.verb.channel(),
        ..Terminal::new(&arguments.common)
    };
    let outcome = match &arguments.verb {
        Verb::Init(init) => init.run(&terminal),
        Verb::Import(import) => import.run(&arguments.common, &terminal),
        Verb::Build(build) => build.run(&arguments.common, &terminal),
        #[cfg(feature = "pdf")]
        Verb::Pdf(pdf) => pdf.run(&arguments.common, &terminal),
        Verb::Check(check) => check.run(&arguments.common, &terminal),
        Verb::Heal(heal) => heal.run(&arguments.common, &terminal),
        Verb::Writeback(writeback) => writeback.run(&arguments.common, &terminal),
        Verb::Serve(serve) => serve.run(&arguments.common, &terminal),
        Verb::Export(export) => export.run(&arguments.common, &terminal),
        Verb::Diff(diff) => diff.run(&arguments.common, &terminal),
        Verb::Cite(cite) => cite.run(&arguments.common, &terminal),
        Verb::New(new) => new.run(&arguments.common, &terminal),
        Verb::Stats(stats) => stats.run(&arguments.common, &terminal),
        Verb::Schema(schema) => schema.run(),
        Verb::Explain(explain) => explain.run(&terminal),
        Verb::Completions(completions) => completions.run(Arguments::command()),
        Verb::Man(man) => man.run(Arguments::command()),
    };
    outcome.into()
}

impl Common {
    /// The book's folder; says so where there is none.
    fn root(&self, terminal: &Terminal) -> Option<PathBuf> {
        let start = self.book.clone().unwrap_or_else(|| PathBuf::from("."));
        let root = match &self.book {
            Some(folder) => folder.join(config::PATH).is_file().then(|| folder.clone()),
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

    /// The book's folder and what is in it; says so where there is none, or where it cannot be read.
    fn read(&self, terminal: &Terminal) -> Result<(PathBuf, Sources), Outcome> {
        let root = self.root(terminal).ok_or(Outcome::WrongUsage)?;
        match crate::disk::read(&root) {
            Ok(sources) => Ok((root, sources)),
            Err(error) => Err(build::machine_failed(&root, &error, terminal)),
        }
    }
}

/// Where messages go: standard error, coloured where it is a terminal.
struct Terminal {
    colour: bool,
    /// Columns.
    width: usize,
    /// Of problems of one name, more than this are counted, not printed.
    most: usize,
    quiet: bool,
    verbose: bool,
    format: MessageFormat,
    /// Where problems are printed for programs.
    channel: Channel,
}

/// What a person is shown of problems of one name; programs are told of all.
const MOST_OF_A_LINT: usize = 50;

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
            most: if common.verbose {
                usize::MAX
            } else {
                MOST_OF_A_LINT
            },
            quiet: common.quiet,
            verbose: common.verbose,
            format: common.message_format,
            channel: Channel::Output,
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
        let (red, bold, plain) = if self.colour {
            ("\x1b[1m\x1b[91m", "\x1b[1m", "\x1b[0m")
        } else {
            ("", "", "")
        };
        let mut out = std::io::stderr();
        let _ = writeln!(out, "{red}error{plain}{bold}: {message}{plain}");
        if let Some(help) = help {
            let _ = writeln!(out, "  = {bold}help{plain}: {help}");
        }
    }

    /// Prints problems: for people here, for programs to their channel.
    fn print(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let write = match self.format {
            MessageFormat::Text => return self.diagnostics(diagnostics, sources),
            MessageFormat::Json => diagnostic::json,
            MessageFormat::Github => diagnostic::github,
        };
        let mut out: Box<dyn Write> = match self.channel {
            Channel::Output => Box::new(std::io::stdout().lock()),
            Channel::Error => Box::new(std::io::stderr().lock()),
        };
        for diagnostic in diagnostics {
            let _ = writeln!(out, "{}", write(diagnostic, sources));
        }
    }

    fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let mut out = std::io::stderr().lock();
        let wanted = diagnostics
            .iter()
            .filter(|d| !self.quiet || d.level == diagnostic::Level::Deny);
        let (printed, more) = capped(wanted, self.most);
        for diagnostic in printed {
            let text = diagnostic::text(diagnostic, sources, self.colour, self.width);
            let _ = writeln!(out, "{text}\n");
        }
        for (lint, count) in &more {
            let _ = writeln!(out, "… and {} more `{}`", grouped(*count), lint.name());
        }
        if !more.is_empty() {
            let _ = writeln!(out, "  = help: `-v` prints them all\n");
        }
    }
}

/// The first `most` problems of each name, in their order, and how many more there are.
fn capped<'d>(
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
    most: usize,
) -> (Vec<&'d Diagnostic>, BTreeMap<Lint, usize>) {
    let mut seen: BTreeMap<Lint, usize> = BTreeMap::new();
    let mut printed = Vec::new();
    for diagnostic in diagnostics {
        let count = seen.entry(diagnostic.lint).or_default();
        *count += 1;
        if *count <= most {
            printed.push(diagnostic);
        }
    }
    seen.retain(|_, count| *count > most);
    for count in seen.values_mut() {
        *count -= most;
    }
    (printed, seen)
}

/// `1,234`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A path as the user would type it from where they are.
fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir()
        .ok()
        .and_then(|folder| folder.canonicalize().ok());
    let below = here.as_ref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_capped_by_itself() {
        let problem = |lint, number: usize| Diagnostic::of_book(lint, number.to_string());
        let mut problems: Vec<Diagnostic> =
            (0..1240).map(|n| problem(Lint::LostQuotation, n)).collect();
        problems.push(problem(Lint::UnusedTerm, 0));
        let (printed, more) = capped(problems.iter(), 6);
        assert_eq!(printed.len(), 7);
        assert_eq!(printed[6].lint, Lint::UnusedTerm);
        let more: Vec<(Lint, String)> = more.into_iter().map(|(l, n)| (l, grouped(n))).collect();
        assert_eq!(more, [(Lint::LostQuotation, "1,234".to_owned())]);
        assert_eq!(capped(problems.iter(), usize::MAX).0.len(), 1241);
    }

    #[test]
    fn numbers_are_grouped() {
        let check = |number, expected: &str| assert_eq!(grouped(number), expected);
        check(7, "7");
        check(123, "123");
        check(1234, "1,234");
        check(1_234_567, "1,234,567");
    }

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }
}
