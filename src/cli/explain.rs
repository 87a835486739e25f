//! `explain`: what a lint means and how it is mended.

use std::io::Write;

use clap::Args;

use super::{Outcome, Terminal};
use crate::diagnostic::{Level, Lint, nearest};

/// Arguments of `explain`.
#[derive(Args)]
pub(super) struct Explain {
    /// The lint's name, as it stands in brackets in a message [default: all of them]
    lint: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, terminal: &Terminal) -> Outcome {
        let Some(name) = &self.lint else {
            for lint in Lint::ALL {
                print(*lint);
            }
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

fn print(lint: Lint) {
    let level = match lint.usual_level() {
        Level::Allow => "allowed",
        Level::Warn => "a warning",
        Level::Deny => "an error",
    };
    let mut out = std::io::stdout();
    // Whoever closed the pipe does not want to hear more.
    let _ = writeln!(
        out,
        "{} ({level})\n    {}\n",
        lint.name(),
        lint.explanation()
    );
}
