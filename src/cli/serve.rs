//! `serve`.

use std::time::Duration;

use clap::Args;

use super::{Common, Outcome, Terminal};
use crate::diagnostic::Level;
use crate::edition::counted;
use crate::serve::{self, Built, Editor, News, Options};

/// Arguments of `serve`.
#[derive(Args)]
pub(super) struct Serve {
    /// The port; where it is in use, the next one is taken
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    port: u16,
    /// Open the book in the browser
    #[arg(long)]
    open: bool,
    /// Lead from each paragraph and entry to the line that it is written on, in this editor
    /// (such as `code -g {file}:{line}`) [default: the environment's `PINCITE_EDITOR`]
    #[arg(long, value_name = "COMMAND")]
    editor: Option<String>,
}

impl Serve {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let Some(root) = common.root(terminal) else {
            return Outcome::WrongUsage;
        };
        let editor = match self.editor().map(|line| Editor::parse(&line)).transpose() {
            Ok(editor) => editor,
            Err(message) => {
                let help = "such as --editor 'code -g {file}:{line}'; no shell is asked, so name a program";
                terminal.error(&message, Some(help));
                return Outcome::WrongUsage;
            }
        };
        let options = Options {
            root: root.clone(),
            port: self.port,
            editor,
        };
        match serve::serve(options, &mut |news| self.tell(news, terminal)) {
            Ok(()) => Outcome::Done,
            Err(error) => {
                terminal.error(&format!("`{}`: {error}", root.display()), None);
                Outcome::MachineFailed
            }
        }
    }

    /// A book does not name programs to run, so only its reader's own settings do.
    fn editor(&self) -> Option<String> {
        let own = || {
            std::env::var("PINCITE_EDITOR")
                .ok()
                .filter(|line| !line.trim().is_empty())
        };
        self.editor.clone().or_else(own)
    }

    fn tell(&self, news: &News<'_>, terminal: &Terminal) {
        match news {
            News::Listening { address, taken } => {
                if let Some(port) = taken {
                    terminal.say(&format!("port {port} is in use, so this is the next one:"));
                }
                terminal.say(&format!("{address} (Ctrl-C stops)"));
                if self.open && open::that_detached(address).is_err() {
                    terminal.say("no browser could be opened");
                }
            }
            News::Built(built) => tell_build(built, terminal),
            News::Polling => terminal.say(
                "note: the system does not tell of all changes, so the folders are looked at twice a second",
            ),
            News::Unreadable(error) => terminal.error(&format!("the book's folder: {error}"), None),
        }
    }
}

fn tell_build(built: &Built<'_>, terminal: &Terminal) {
    terminal.diagnostics(built.news, built.sources);
    terminal.say(&status(built));
}

/// `content/chapters/01-view.md · 1 article, 1 chapter, 1 citation: 1 verified · 0 warnings · 12 ms`
fn status(built: &Built<'_>) -> String {
    let is_error = |level: Level| level == Level::Deny;
    let errors = built
        .diagnostics
        .iter()
        .filter(|d| is_error(d.level))
        .count();
    let warnings = counted(built.diagnostics.len() - errors, "warning");
    let mut parts = Vec::new();
    match built.changed.len() {
        0 => {}
        1 => parts.extend(built.changed.first().cloned()),
        many => parts.push(format!("{many} files")),
    }
    if errors == 0 {
        parts.extend([built.summary.clone(), warnings]);
    } else {
        parts.push(format!("{}, {warnings}", counted(errors, "error")));
    }
    parts.push(milliseconds(built.time));
    if errors > 0 {
        let shown = if built.shown {
            "the last good pages stay"
        } else {
            "no pages yet"
        };
        parts.push(shown.to_owned());
    }
    parts.join(" · ")
}

fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}
