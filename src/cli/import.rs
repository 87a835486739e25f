//! `import`: saved articles become articles of the book.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Outcome, Terminal};
use crate::compile::{Compilation, compile};
use crate::disk;
use crate::edition::counted;
use crate::import::{self, Given, Imported, PictureSource, Problem, Saved, SavedPage};
use crate::reference::is_key;
use crate::source::{Blame, Fault};

/// Arguments of `import`.
#[derive(Args)]
pub(super) struct Import {
    /// The saved articles: web pages (HTML), plain text, Markdown
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The article's ID, which is its citation key
    #[arg(long)]
    id: Option<String>,
    /// The article's title
    #[arg(long)]
    title: Option<String>,
    /// When it was published: 2024-07-28, “28 July 2024”, 2024-07 or 2024
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
        let (root, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
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
            .filter(|date| import::written_date(date).is_none())
        {
            terminal.error(
                &format!("`{date}` is not a date"),
                Some("write year, month and day, 2024-07-28, or less of them: 2024-07, 2024"),
            );
            return Some(Outcome::WrongUsage);
        }
        None
    }

    fn file(&self, path: &Path, shelf: &mut Shelf, terminal: &Terminal) -> Outcome {
        let shown = path.display();
        let bytes = match disk::read_named(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                terminal.error(&format!("`{shown}`: {error}"), None);
                return Outcome::MachineFailed;
            }
        };
        let hash = import::sha256(&bytes);
        if let Some((known, _)) = shelf.imported.iter().find(|(_, known)| *known == hash)
            && !self.force
        {
            terminal.say(&format!(
                "{shown}: the same file is in the book as `{known}`; nothing was written"
            ));
            return Outcome::Done;
        }
        match self.read(path, bytes) {
            Ok(Ok(imported)) => self.keep(path, imported, hash, shelf, terminal),
            Ok(Err(problem)) => {
                say_problem(path, &problem, terminal);
                Outcome::BookHasErrors
            }
            Err(fault) => {
                let message = format!("`{shown}`: {}", fault.message);
                terminal.error(&message, Some(&fault.help));
                Outcome::BookHasErrors
            }
        }
    }

    /// Reads a file as what it is, or says why it is nothing that could be read.
    fn read(&self, path: &Path, bytes: Vec<u8>) -> Result<Result<Imported, Problem>, Fault> {
        let file_name = &*path.file_name().unwrap_or_default().to_string_lossy();
        let given = Given {
            id: self.id.clone(),
            title: self.title.clone(),
            date: self.date.as_deref().and_then(import::written_date),
            publication: self.publication.clone(),
        };
        if import::is_page(file_name, &bytes) {
            let folder = folder_of(path);
            let page = SavedPage {
                file_name,
                bytes: &bytes,
                holds: &|below| disk::holds(&folder, below),
            };
            return Ok(import::import_page(&page, &given));
        }
        if is_web_archive(&bytes) {
            return Err(Fault {
                message: "this is a web archive (MHTML), and no text".to_owned(),
                help: "save the page as “Web page, complete” instead".to_owned(),
                at: 0..0,
                blame: Blame::Book,
            });
        }
        let text = &disk::text_of(path, bytes)?;
        let saved = Saved { file_name, text };
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        Ok(if ending == "md" || ending == "markdown" {
            import::import_markdown(&saved, &given)
        } else {
            import::import(&saved, &given)
        })
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
        } else if let Err((place, error)) = write(path, &imported, &target, &shelf.content) {
            terminal.error(&format!("`{}`: {error}", place.display()), None);
            return Outcome::MachineFailed;
        }
        if imported.broken {
            terminal.say(&format!(
                "{shown}: some of its bytes are no text in the encoding that it names; `�` stands for them"
            ));
        }
        if let Some(words) = &imported.date_in_doubt {
            terminal.say(&format!(
                "{shown}: the date “{}” can be read in several ways, so none was taken; say it with `--date YYYY-MM-DD`",
                shortened(words)
            ));
        }
        let verb = if self.dry_run { "would become" } else { "→" };
        let left_out = counted(imported.left_out.len(), "line");
        let pictures = match imported.pictures.len() {
            0 => String::new(),
            several => format!(", {}", counted(several, "picture")),
        };
        terminal.say(&format!(
            "{shown} {verb} {} “{}” ({left_out} left out{pictures})",
            super::shown(&target),
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
    /// The folder of the book's texts, and in it that of its articles.
    content: PathBuf,
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
        let content = root.join(&book.config.book.src);
        Shelf {
            folder: content.join("articles"),
            content,
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

/// Writes the article and its pictures, or says which file could not be written and why.
fn write(
    page: &Path,
    imported: &Imported,
    target: &Path,
    content: &Path,
) -> Result<(), (PathBuf, std::io::Error)> {
    for picture in &imported.pictures {
        let place = content.join(&picture.path);
        let bytes = match &picture.source {
            PictureSource::Bytes(bytes) => Ok(bytes.clone()),
            PictureSource::Beside(below) => disk::read_named(&folder_of(page).join(below)),
        };
        bytes
            .and_then(|bytes| disk::write(&place, bytes))
            .map_err(|error| (place, error))?;
    }
    disk::write(target, &imported.markdown).map_err(|error| (target.to_owned(), error))
}

fn folder_of(page: &Path) -> PathBuf {
    match page.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// Whether a file is a page with its pictures in one file, as some browsers save it.
fn is_web_archive(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).to_lowercase();
    head.contains("mime-version:") && head.contains("multipart/related")
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
