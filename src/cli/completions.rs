//! `completions` and `man`: written from the same definition as the arguments themselves.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use super::Outcome;

/// Arguments of `completions`.
#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Arguments of `man`.
#[derive(Args)]
pub(super) struct Man {}

impl Completions {
    pub(super) fn run(&self, mut command: Command) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "pincite", &mut script);
        put(&script)
    }
}

impl Man {
    /// The page of the program, and after it one section for each verb.
    #[expect(clippy::unused_self, reason = "every verb runs its own arguments")]
    pub(super) fn run(&self, mut command: Command) -> Outcome {
        command.build();
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(command.clone())
            .render(&mut page)
            .and_then(|()| {
                command
                    .get_subcommands()
                    .filter(|verb| !verb.is_hide_set())
                    .try_for_each(|verb| section(verb, "PINCITE", &mut page))
            });
        match written {
            Ok(()) => put(&page),
            Err(_) => Outcome::MachineFailed,
        }
    }
}

/// A verb's options below a heading of their own, and then those of the verbs below it.
fn section(verb: &Command, above: &str, page: &mut Vec<u8>) -> std::io::Result<()> {
    let man = clap_mangen::Man::new(verb.clone());
    let name = format!("{above} {}", verb.get_name().to_uppercase());
    writeln!(page, ".SH \"{name}\"")?;
    if let Some(about) = verb.get_about() {
        writeln!(page, "{about}.")?;
    }
    writeln!(page, ".PP")?;
    let mut options = Vec::new();
    man.render_options_section(&mut options)?;
    // The verb's options are no section of their own, but part of this one.
    let options = String::from_utf8_lossy(&options);
    for line in options.lines().filter(|line| !line.starts_with(".SH")) {
        writeln!(page, "{line}")?;
    }
    let mut below = verb.get_subcommands();
    below.try_for_each(|verb| section(verb, &name, page))
}

pub(super) fn put(bytes: &[u8]) -> Outcome {
    // Whoever closed the pipe does not want to hear more.
    let _ = std::io::stdout().write_all(bytes);
    Outcome::Done
}
