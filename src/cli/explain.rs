//! `explain`: what a lint means and how it is mended.

use std::ffi::OsStr;
use std::io::Write;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};

use super::{Outcome, Terminal};
use crate::config;
use crate::diagnostic::{Level, Lint, nearest};

/// Arguments of `explain`.
#[derive(Args)]
pub(super) struct Explain {
    /// The lint's name, as it stands in brackets in a message [default: a list of all]
    #[arg(value_parser = LintName, hide_possible_values = true)]
    lint: Option<String>,
}

/// Any word, so that a mistyped name is told with the one that is meant; completions have the names of all lints.
#[derive(Clone)]
struct LintName;

impl TypedValueParser for LintName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = Lint::ALL.iter().map(|lint| lint.name());
        Some(Box::new(names.map(PossibleValue::new)))
    }
}

impl Explain {
    pub(super) fn run(&self, terminal: &Terminal) -> Outcome {
        let Some(name) = &self.lint else {
            list();
            return Outcome::Done;
        };
        if let Some(lint) = Lint::named(name) {
            print(lint);
            return Outcome::Done;
        }
        let near = nearest(name, Lint::ALL.iter().map(|lint| lint.name()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        terminal.error(&format!("there is no lint `{name}`"), help.as_deref());
        Outcome::WrongUsage
    }
}

/// Every lint in a line.
fn list() {
    let mut out = std::io::stdout();
    for lint in Lint::ALL {
        let _ = writeln!(out, "{}\n    {}", lint.name(), lint.meaning());
    }
    let _ = writeln!(
        out,
        "\n`pincite explain NAME` shows an example and its mend"
    );
}

fn print(lint: Lint) {
    let level = match lint.usual_level() {
        Level::Allow => "silent",
        Level::Warn => "a warning",
        Level::Deny => "an error",
    };
    let mut out = std::io::stdout();
    // Whoever closed the pipe does not want to hear more.
    let _ = writeln!(
        out,
        "{} ({level})\n\n{}\n\n{}",
        lint.name(),
        lint.meaning(),
        plain(lint.explanation())
    );
}

/// Markdown as it is read on a terminal: what stands between fences is indented, below its file's name.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) if line.is_empty() => text.push('\n'),
            Some(_) => text.extend(["    ", line, "\n"]),
            None if ticks.len() >= 3 => {
                fence = Some(ticks);
                if let Some((_, path)) = line.split_once(' ') {
                    text.extend(["  ", &in_book(path), "\n\n"]);
                }
            }
            None => text.extend([line, "\n"]),
        }
    }
    text
}

/// A file of an example, from the book's folder.
fn in_book(path: &str) -> String {
    let path = path.trim_end_matches(" latin1");
    if path == config::PATH || path.starts_with("themes/") {
        path.to_owned()
    } else {
        format!("content/{path}")
    }
}
