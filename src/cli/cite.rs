//! `cite`: the citation of words that stand in an article, ready to paste.

use std::io::Write;

use clap::Args;

use super::{Common, Outcome, Terminal, grouped};
use crate::compile::compile;
use crate::edition::counted;
use crate::verify::{Finder, Form, Search, Sighting};

/// Arguments of `cite`.
#[derive(Args)]
pub(super) struct Cite {
    /// Words of the passage; quotation marks, case and the ends of words do not matter
    #[arg(required = true, allow_negative_numbers = true)]
    words: Vec<String>,
    /// Print a line for `cites: |` in the annotations (the default)
    #[arg(long)]
    yaml: bool,
    /// Print the citation for a chapter's text: `[@key, ¶3 "words"]`
    #[arg(long, conflicts_with = "yaml")]
    markdown: bool,
    /// Print every passage found
    #[arg(long)]
    all: bool,
}

/// Without `--all`, so many of the places where words stand are printed.
const MOST_PLACES: usize = 10;

impl Cite {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (_, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let compilation = compile(&sources, None);
        let finder = compilation.book.finder();
        let words = self.words.join(" ");
        match finder.search(&words) {
            Search::NoWords => {
                let help =
                    Some("name some words of the passage: `pincite cite no commanding authority`");
                terminal.error("there are no words to look for", help);
                Outcome::WrongUsage
            }
            Search::Found(places) => self.found(&finder, &places, terminal),
            Search::Near(places) => self.near(&finder, &places, terminal),
            Search::Nothing(hint) => {
                let near = hint.and_then(|place| finder.citation(&place, self.form()));
                let help = match near {
                    Some(citation) => format!("the nearest is {citation}"),
                    None => "nor does anything like it: try fewer words, or rarer ones".to_owned(),
                };
                terminal.error(&format!("“{words}” stands in no article"), Some(&help));
                Outcome::BookHasErrors
            }
        }
    }

    fn form(&self) -> Form {
        if self.markdown {
            Form::Markdown
        } else {
            Form::Yaml
        }
    }

    fn found(&self, finder: &Finder<'_>, places: &[Sighting], terminal: &Terminal) -> Outcome {
        let most = if self.all { usize::MAX } else { MOST_PLACES };
        if places.len() > 1 {
            terminal.say(&format!(
                "these words stand in {} places",
                grouped(places.len())
            ));
        }
        for place in places.iter().take(most) {
            self.print(finder, place);
            if places.len() > 1 {
                let around = finder.around(place, terminal.width.saturating_sub(8));
                terminal.say(&format!("    {around}"));
            }
        }
        if places.len() > most {
            let more = counted(places.len() - most, "place");
            terminal.say(&format!(
                "… and {more} more; `--all` prints them, more words leave fewer"
            ));
        }
        Outcome::Done
    }

    fn near(&self, finder: &Finder<'_>, places: &[Sighting], terminal: &Terminal) -> Outcome {
        let most = if self.all { usize::MAX } else { 1 };
        terminal.say("these words stand nowhere quite so; the quotation has the source's own");
        for place in places.iter().take(most) {
            self.print(finder, place);
            if let Some(differences) = &place.differences {
                terminal.say(&format!("    the source has {differences}"));
            }
        }
        Outcome::Done
    }

    fn print(&self, finder: &Finder<'_>, place: &Sighting) {
        if let Some(citation) = finder.citation(place, self.form()) {
            // Whoever closed the pipe does not want to hear more.
            let _ = writeln!(std::io::stdout(), "{citation}");
        }
    }
}
