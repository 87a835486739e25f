//! `import`: saved articles become articles of the book.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Outcome, Terminal};
use crate::compile::{Compilation, compile};
use crate::disk;
use crate::edition::counted;
use crate::import::{self, Given, Imported, Problem, Saved};
use crate::reference::{When, is_key};

/// Arguments of `import`.
#[derive(Args)]
pub(super) struct Import {
    /// The saved articles (plain text)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The article's ID, which is its citation key
    #[arg(long)]
    id: Option<String>,
    /// The article's title
    #[arg(long)]
    title: Option<String>,
    /// When it was published: 2024-07-28, 2024-07 or 2024
    #[arg(long)]
    date: Option<String>,
    /// Where it was published
    #[arg(long)]
    publication: Option<String>,
    /// Overwrite an article with the same ID
    #[arg(long)]
    force: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        if let Some(outcome) = self.wrong_usage(terminal) {
            return outcome;
        }
        let Some(root) = common.root(terminal) else {
            return Outcome::WrongUsage;
        };
        let sources = match disk::read(&root) {
            Ok(sources) => sources,
            Err(error) => {
                terminal.error(&format!("`{}`: {error}", root.display()), None);
                return Outcome::MachineFailed;
            }
        };
        let compilation = compile(&sources, None);
        let mut shelf = Shelf::of(&compilation, &root);
        let mut worst = Outcome::Done;
        for file in &self.files {
            match self.file(file, &mut shelf, terminal) {
                Outcome::Done => {}
                outcome => worst = outcome,
            }
        }
        worst
    }

    fn wrong_usage(&self, terminal: &Terminal) -> Option<Outcome> {
        let single = self
            .id
            .as_ref()
            .map(|_| "--id")
            .or(self.title.as_ref().map(|_| "--title"));
        if let Some(option) = single.filter(|_| self.files.len() > 1) {
            terminal.error(
                &format!(
                    "`{option}` names one article, and {} files were given",
                    self.files.len()
                ),
                Some("import the file alone"),
            );
            return Some(Outcome::WrongUsage);
        }
        if let Some(id) = self.id.as_ref().filter(|id| !is_key(id)) {
            terminal.error(&format!("`{id}` cannot be an ID"), Some("letters A–Z, digits, `.`, `_` and `-`, a letter or digit first, at most a hundred"));
            return Some(Outcome::WrongUsage);
        }
        if let Some(date) = self
            .date
            .as_ref()
            .filter(|date| When::parse(date).is_none())
        {
            terminal.error(
                &format!("`{date}` is not a date"),
                Some("write year, month and day: 2024-07-28, 2024-07 or 2024"),
            );
            return Some(Outcome::WrongUsage);
        }
        None
    }

    fn file(&self, path: &Path, shelf: &mut Shelf, terminal: &Terminal) -> Outcome {
        let shown = path.display();
        let text = match disk::read_named(path) {
            Ok(Ok(text)) => text,
            Ok(Err(fault)) => {
                terminal.error(&format!("`{shown}`: {fault}"), None);
                return Outcome::BookHasErrors;
            }
            Err(error) => {
                terminal.error(&format!("`{shown}`: {error}"), None);
                return Outcome::MachineFailed;
            }
        };
        let start = text.trim_start().to_lowercase();
        if start.starts_with("<!doctype") || start.starts_with("<html") {
            terminal.error(
                &format!("{shown}: this is an HTML page, and only plain text is imported yet"),
                Some("open it in a browser, and save or copy its text into a .txt file"),
            );
            return Outcome::BookHasErrors;
        }
        let hash = import::sha256(&text);
        if let Some((known, _)) = shelf.imported.iter().find(|(_, known)| *known == hash)
            && !self.force
        {
            terminal.say(&format!(
                "{shown}: the same text is in the book as `{known}`; nothing was written"
            ));
            return Outcome::Done;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let saved = Saved {
            file_name: &name,
            text: &text,
        };
        let given = Given {
            id: self.id.clone(),
            title: self.title.clone(),
            date: self.date.clone(),
            publication: self.publication.clone(),
        };
        match import::import(&saved, &given) {
            Ok(imported) => self.keep(path, imported, hash, shelf, terminal),
            Err(problem) => {
                say_problem(path, &problem, terminal);
                Outcome::BookHasErrors
            }
        }
    }

    fn keep(
        &self,
        path: &Path,
        imported: Imported,
        hash: String,
        shelf: &mut Shelf,
        terminal: &Terminal,
    ) -> Outcome {
        let shown = path.display();
        let id = &imported.id;
        let target = match shelf.place(id) {
            Ok(target) => target,
            Err(_) if self.force => shelf.folder.join(format!("{id}.md")),
            Err(taken) => {
                terminal.error(
                    &format!("{shown}: the ID `{id}` is taken by {taken}; nothing was written"),
                    Some("name another with `--id`, or overwrite with `--force`"),
                );
                return Outcome::BookHasErrors;
            }
        };
        for left in &imported.left_out {
            terminal.say(&format!(
                "{shown}:{}: left out ({}): {}",
                left.line,
                left.reason,
                shortened(&left.text)
            ));
        }
        if self.dry_run {
            let _ = std::io::Write::write_all(&mut std::io::stdout(), imported.markdown.as_bytes());
        } else if let Err(error) = disk::write(&target, &imported.markdown) {
            terminal.error(&format!("`{}`: {error}", target.display()), None);
            return Outcome::MachineFailed;
        }
        let verb = if self.dry_run { "would become" } else { "→" };
        let left_out = counted(imported.left_out.len(), "line");
        terminal.say(&format!(
            "{shown} {verb} {} “{}” ({left_out} left out)",
            target.display(),
            imported.title
        ));
        shelf
            .ids
            .push((id.clone(), "the article before it".to_owned()));
        shelf.imported.push((imported.id, hash));
        Outcome::Done
    }
}

/// What the book has already.
struct Shelf {
    folder: PathBuf,
    ids: Vec<(String, String)>,
    imported: Vec<(String, String)>,
}

impl Shelf {
    fn of(compilation: &Compilation, root: &Path) -> Self {
        let book = &compilation.book;
        let articles = book
            .articles
            .iter()
            .map(|article| (article.key.clone(), "an article of the book".to_owned()));
        let chapters = book
            .chapters
            .iter()
            .map(|chapter| (chapter.key.clone(), "a chapter of the book".to_owned()));
        let imported = book
            .articles
            .iter()
            .filter_map(|article| Some((article.key.clone(), article.front.imported.clone()?)));
        Shelf {
            folder: root.join(&book.config.book.src).join("articles"),
            ids: articles.chain(chapters).collect(),
            imported: imported.collect(),
        }
    }

    /// Where an article of this ID is written, or what has the ID already.
    fn place(&self, id: &str) -> Result<PathBuf, String> {
        let taken = self
            .ids
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(id));
        let target = self.folder.join(format!("{id}.md"));
        match taken {
            Some((_, owner)) => Err(owner.clone()),
            // Also a file that this build leaves out.
            None if disk::exists(&target) => Err("a file of the book".to_owned()),
            None => Ok(target),
        }
    }
}

fn say_problem(path: &Path, problem: &Problem, terminal: &Terminal) {
    let shown = path.display();
    match problem {
        Problem::NoTitle { first_line } => terminal.error(
            &format!(
                "{shown}: the article has no title; it begins with “{}”",
                shortened(first_line)
            ),
            Some(&format!("say it: pincite import --title \"…\" {shown}")),
        ),
        Problem::Empty | Problem::NoText => {
            terminal.error(&format!("{shown}: there is no article in this file"), None);
        }
        Problem::BadId { id } => terminal.error(&format!("{shown}: `{id}` cannot be an ID"), None),
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(70).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
