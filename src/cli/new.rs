//! `new`: a well-formed entry in an annotation file, or a chapter.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::build::machine_failed;
use super::init::ANNOTATIONS_SCHEMA;
use super::{Common, Outcome, Terminal};
use crate::annotation::{self, Draft, Refusal};
use crate::compile::{Compilation, compile};
use crate::diagnostic::{Diagnostic, Level, Lint, nearest};
use crate::manuscript::{PLACEHOLDER, Role, role_of, without_order};
use crate::schema::{Field, Kind, Shape};
use crate::source::{Sources, Span};
use crate::{config, disk, import, reference, yaml};

/// Arguments of `new`.
#[derive(Args)]
pub(super) struct New {
    #[command(subcommand)]
    what: What,
}

/// What is made.
enum What {
    /// An entry of a section of the annotations.
    Entry {
        draft: Draft,
        /// Its file, where the user names one.
        file: Option<String>,
    },
    Chapter(NewChapter),
}

/// A chapter that is to be begun.
struct NewChapter {
    title: String,
    /// The name of its file, where the user gives one.
    slug: Option<String>,
    /// The part that it stands in.
    part: Option<String>,
}

/// A kind of entry.
struct EntryKind {
    name: &'static str,
    about: &'static str,
    section: &'static str,
    /// The field that names it on the command line; none where its key does.
    subject: Option<&'static str>,
    called: &'static str,
    /// The file that is made where no file has the section yet.
    file: &'static str,
}

const ENTRIES: [EntryKind; 4] = [
    EntryKind {
        name: "term",
        about: "Add a term to the glossary",
        section: "glossary",
        subject: None,
        called: "TERM",
        file: "glossary.yaml",
    },
    EntryKind {
        name: "note",
        about: "Add a note on a passage of an article or chapter",
        section: "notes",
        subject: Some("at"),
        called: "PASSAGE",
        file: "notes.yaml",
    },
    EntryKind {
        name: "claim",
        about: "Add a claim",
        section: "claims",
        subject: None,
        called: "KEY",
        file: "claims.yaml",
    },
    EntryKind {
        name: "event",
        about: "Add an event to the timeline",
        section: "timeline",
        subject: Some("date"),
        called: "DATE",
        file: "timeline.yaml",
    },
];

impl Subcommand for What {
    fn augment_subcommands(command: Command) -> Command {
        let command = ENTRIES
            .iter()
            .fold(command, |command, kind| command.subcommand(kind.command()));
        command
            .subcommand(chapter_command())
            .subcommand_required(true)
            .arg_required_else_help(true)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        name == "chapter" || ENTRIES.iter().any(|kind| kind.name == name)
    }
}

impl FromArgMatches for What {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Some((name, given)) = matches.subcommand() else {
            return Err(clap::Error::new(ErrorKind::MissingSubcommand));
        };
        Ok(match ENTRIES.iter().find(|kind| kind.name == name) {
            Some(kind) => What::Entry {
                draft: kind.draft(given),
                file: given.get_one("file").cloned(),
            },
            None => What::Chapter(NewChapter {
                title: given.get_one("title").cloned().unwrap_or_default(),
                slug: given.get_one("slug").cloned(),
                part: given.get_one("part").cloned(),
            }),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn chapter_command() -> Command {
    let title = Arg::new("title").required(true).help("The chapter's title");
    let slug = Arg::new("slug").long("slug").help(
        "The name of its file, without the number that orders it [default: made of the title]",
    );
    let part = Arg::new("part").long("part").help(
        "The part that it stands in, by its folder below the chapters, with or without its number",
    );
    Command::new("chapter")
        .about("Begin a chapter, the last one in the order")
        .args([title, slug, part])
}

impl EntryKind {
    fn shape(&self) -> &'static Shape {
        annotation::entry_shape(self.section).expect("every kind of entry has a section")
    }

    /// The entry's fields as arguments: what they are called and what they take is said once, in the shape.
    fn command(&self) -> Command {
        let subject = Arg::new("subject").value_name(self.called).required(true);
        let subject = subject.help(
            match self.subject.and_then(|name| self.shape().field(name)) {
                Some(field) => field.doc,
                None => "What it is called",
            },
        );
        let fields = self
            .shape()
            .fields()
            .filter(|field| Some(field.name) != self.subject);
        let file = Arg::new("file").long("file").help("The annotation file, from the book's folder [default: the one with the most of its kind]");
        Command::new(self.name)
            .about(self.about)
            .arg(subject)
            .args(fields.map(argument))
            .arg(file)
    }

    fn draft(&self, given: &ArgMatches) -> Draft {
        let subject: &String = given.get_one("subject").expect("it is required");
        let subject = subject.trim().to_owned();
        let shape = self.shape();
        let given_for = |field: &Field| -> Option<Vec<String>> {
            if Some(field.name) == self.subject {
                return Some(vec![subject.clone()]);
            }
            let values = given.get_many::<String>(field.name)?;
            Some(values.map(|value| value.trim().to_owned()).collect())
        };
        let is_missing = |field: &&'static Field| {
            let need = shape.needs.iter().find(|need| need[0] == field.name);
            let has = |name: &str| {
                shape
                    .field(name)
                    .is_some_and(|field| given_for(field).is_some())
            };
            need.is_some_and(|need| !need.iter().any(|name| has(name)))
        };
        let value = |field: &'static Field| {
            let placeholder = || is_missing(&field).then(|| vec![PLACEHOLDER.to_owned()]);
            Some((field, given_for(field).or_else(placeholder)?))
        };
        let values = shape.fields().filter_map(value).collect();
        let key = self.subject.is_none().then_some(subject);
        Draft {
            section: self.section,
            key,
            values,
        }
    }
}

fn argument(field: &'static Field) -> Arg {
    let doc = field.doc.trim_end_matches('.');
    let argument = Arg::new(field.name).long(field.name).help(doc);
    match field.kind {
        Kind::OneOf(words) => argument
            .value_parser(PossibleValuesParser::new(words()))
            .value_name("WORD"),
        Kind::Texts => argument
            .action(ArgAction::Append)
            .value_delimiter(',')
            .value_name("TEXTS")
            .help(format!("{doc} [parted by commas]")),
        Kind::Citations(..) => argument
            .action(ArgAction::Append)
            .value_name("CITATION")
            .help(format!("{doc} [may be given several times]")),
        Kind::Text
        | Kind::Like(_)
        | Kind::SomeOf(_)
        | Kind::Count(..)
        | Kind::Flag
        | Kind::Map(_)
        | Kind::List(_)
        | Kind::Entries(..) => argument.value_name("TEXT"),
    }
}

/// What is to be written: a file of the book as it will be, and where the new part stands in it.
struct Change {
    path: String,
    /// Its text before; none for a new file.
    before: Option<String>,
    after: String,
    new: Range<usize>,
}

impl New {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let (root, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        let book = compile(&sources, None);
        let change = match &self.what {
            What::Entry { draft, file } => {
                entry(draft, file.as_deref(), &book, &sources, &root, terminal)
            }
            What::Chapter(new) => new.change(&book, &sources, terminal),
        };
        match change {
            Ok(change) => change.make(&root, &sources, terminal),
            Err(outcome) => outcome,
        }
    }
}

fn entry(
    draft: &Draft,
    file: Option<&str>,
    book: &Compilation,
    sources: &Sources,
    root: &Path,
    terminal: &Terminal,
) -> Result<Change, Outcome> {
    let src = book.book.config.book.src.as_str();
    let usual = || format!("{src}/annotations/{}", usual_file(draft.section));
    let path = match file {
        Some(file) => named(file, src, terminal)?,
        None => fullest(draft.section, src, sources).unwrap_or_else(usual),
    };
    let known = sources.files().find(|(_, file)| file.path == path);
    if let Some(fault) = known.and_then(|(_, file)| file.fault.as_ref()) {
        terminal.error(&format!("`{path}`: {}", fault.message), Some(&fault.help));
        return Err(Outcome::BookHasErrors);
    }
    let text = match known {
        Some((_, file)) => file.text.to_string(),
        None => opening(root, &path),
    };
    // A file that is not there yet has no id: the one that is lent to it names no place.
    let id = known
        .map(|(id, _)| id)
        .or_else(|| sources.find(config::PATH))
        .ok_or(Outcome::MachineFailed)?;
    match annotation::append(id, &text, draft) {
        Ok(appended) => Ok(Change {
            path,
            before: known.map(|_| text),
            after: appended.text,
            new: appended.entry,
        }),
        Err(Refusal::Broken(problems)) => {
            terminal.print(&problems, sources);
            terminal.error(
                &format!("`{path}` has errors; nothing was written"),
                Some("mend it first"),
            );
            Err(Outcome::BookHasErrors)
        }
        Err(Refusal::Taken(span)) => {
            let line = sources.place(span.file, span.range().start).line;
            let key = draft.key.as_deref().unwrap_or_default();
            terminal.error(
                &format!("`{key}` is there already, at {path}:{line}; nothing was written"),
                None,
            );
            Err(Outcome::BookHasErrors)
        }
        Err(Refusal::Unreadable) => {
            let message = format!(
                "`{path}` is written so that nothing can be added to it; nothing was written"
            );
            let help = "write its sections on indented lines, not in brackets, or name another file with `--file`";
            terminal.error(&message, Some(help));
            Err(Outcome::BookHasErrors)
        }
    }
}

/// A file that the user named, if annotations are read there.
fn named(file: &str, src: &str, terminal: &Terminal) -> Result<String, Outcome> {
    let are_read = role_of(file, src) == Some(Role::Annotations);
    if are_read && crate::source::SitePath::new(file).is_some() {
        return Ok(file.to_owned());
    }
    let help = format!("name a file such as `{src}/annotations/more.yaml`, from the book's folder");
    terminal.error(
        &format!("no annotations are read from `{file}`"),
        Some(&help),
    );
    Err(Outcome::WrongUsage)
}

/// The annotation file with the most entries of a section.
fn fullest(section: &str, src: &str, sources: &Sources) -> Option<String> {
    let files = sources.files().filter(|(_, file)| {
        role_of(&file.path, src) == Some(Role::Annotations) && file.fault.is_none()
    });
    let counted = files.filter_map(|(id, file)| {
        Some((annotation::entries_in(id, &file.text, section)?, &file.path))
    });
    // Of equally full ones the first.
    let fullest = counted.max_by_key(|(count, path)| (*count, std::cmp::Reverse(*path)));
    fullest.map(|(_, path)| path.clone())
}

fn usual_file(section: &str) -> &'static str {
    let kind = ENTRIES.iter().find(|kind| kind.section == section);
    kind.map_or("annotations.yaml", |kind| kind.file)
}

/// What a new annotation file begins with: the line that names the schema to editors, in a book that has one.
fn opening(root: &Path, path: &str) -> String {
    if !disk::exists(&root.join(ANNOTATIONS_SCHEMA)) {
        return String::new();
    }
    let up = "../".repeat(path.matches('/').count());
    format!("# yaml-language-server: $schema={up}{ANNOTATIONS_SCHEMA}\n")
}

impl NewChapter {
    fn change(
        &self,
        book: &Compilation,
        sources: &Sources,
        terminal: &Terminal,
    ) -> Result<Change, Outcome> {
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let slug = self.slug(&title, terminal)?;
        let chapters = format!("{}/chapters/", book.book.config.book.src);
        let paths = book
            .book
            .chapters
            .iter()
            .map(|one| &sources.file(one.file).path);
        let below: Vec<&str> = paths
            .filter_map(|path| path.strip_prefix(&chapters))
            .collect();
        let folder = match &self.part {
            Some(part) => part_named(part, &below, &chapters, terminal)?,
            None => String::new(),
        };
        let number = next_number(below.iter().filter_map(|path| path.strip_prefix(&folder)));
        let text = if is_plain(&title) {
            format!("# {title}\n\n{PLACEHOLDER}\n")
        } else {
            format!(
                "---\ntitle: {}\n---\n\n{PLACEHOLDER}\n",
                yaml::quoted(&title)
            )
        };
        Ok(Change {
            path: format!("{chapters}{folder}{number:02}-{slug}.md"),
            before: None,
            new: 0..text.len(),
            after: text,
        })
    }

    fn slug(&self, title: &str, terminal: &Terminal) -> Result<String, Outcome> {
        let Some(slug) = self.slug.clone().or_else(|| import::key_of_title(title)) else {
            terminal.error(
                "no name for the chapter's file can be made of its title",
                Some("name one with `--slug`: letters A–Z, digits and hyphens"),
            );
            return Err(Outcome::WrongUsage);
        };
        if !reference::is_key(&slug) {
            let help =
                "letters A–Z, digits, `.`, `_` and `-`, a letter or digit first, at most a hundred";
            terminal.error(&format!("`{slug}` cannot be a chapter's name"), Some(help));
            return Err(Outcome::WrongUsage);
        }
        Ok(slug)
    }
}

/// The folder of a part, with its `/`: the one of this path below the chapters, or of this name without its number.
fn part_named(
    name: &str,
    below: &[&str],
    chapters: &str,
    terminal: &Terminal,
) -> Result<String, Outcome> {
    let wanted = name
        .strip_prefix(chapters)
        .unwrap_or(name)
        .trim_end_matches('/');
    let ends = below
        .iter()
        .flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]));
    let folders: BTreeSet<&str> = ends.collect();
    let mut found = folders
        .iter()
        .filter(|folder| **folder == wanted || bare(folder) == wanted);
    match (found.next(), found.next()) {
        (Some(folder), None) => return Ok(format!("{folder}/")),
        (Some(one), Some(other)) => {
            let message = format!("`{name}` may be the part `{one}` or `{other}`");
            terminal.error(&message, Some("name it by its whole folder"));
        }
        (None, _) => {
            let message = format!("the book has no part `{name}`");
            let help = match nearest(
                wanted,
                folders.iter().flat_map(|folder| [*folder, bare(folder)]),
            ) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "a part is a folder such as `{chapters}02-ships/`, with its title in `index.md`"
                ),
            };
            terminal.error(&message, Some(&help));
        }
    }
    Err(Outcome::WrongUsage)
}

/// Whether a title stands for itself in Markdown.
fn is_plain(title: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || " .,;:'’“”()?!/–—-".contains(c);
    title.starts_with(char::is_alphanumeric) && title.chars().all(safe)
}

/// A part's own name, without its number.
fn bare(folder: &str) -> &str {
    without_order(folder.rsplit('/').next().unwrap_or(folder))
}

/// The number behind the last one of the chapters of a folder, and of the parts in it.
fn next_number<'n>(names: impl Iterator<Item = &'n str>) -> u64 {
    let numbers = names.filter_map(|name| {
        let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        name[..digits].parse::<u64>().ok()
    });
    numbers.max().unwrap_or(0).saturating_add(1)
}

impl Change {
    /// Writes the file, unless the book would have an error in what is new.
    fn make(&self, root: &Path, sources: &Sources, terminal: &Terminal) -> Outcome {
        if self.before.is_none() && disk::exists(&root.join(&self.path)) {
            terminal.error(
                &format!("`{}` is there already; nothing was written", self.path),
                None,
            );
            return Outcome::BookHasErrors;
        }
        let after = sources.clone().with_text(&self.path, &self.after);
        let problems: Vec<Diagnostic> = compile(&after, None)
            .diagnostics
            .into_iter()
            .filter(|problem| self.touches(problem, &after))
            // What is new is yet to be written.
            .filter(|problem| problem.lint != Lint::UnwrittenText)
            .collect();
        terminal.print(&problems, &after);
        if problems.iter().any(|problem| problem.level == Level::Deny) {
            terminal.error("nothing was written", None);
            return Outcome::BookHasErrors;
        }
        let path = root.join(&self.path);
        let written = match &self.before {
            Some(before) => disk::amend(root, &self.path, before, &self.after),
            None => disk::write(&path, &self.after),
        };
        if let Err(error) = written {
            return machine_failed(&path, &error, terminal);
        }
        let line = self.after[..self.new.start].matches('\n').count() + 1;
        // Whoever closed the pipe does not want to hear more.
        let _ = writeln!(std::io::stdout(), "{}:{line}", self.path);
        Outcome::Done
    }

    /// Whether a problem is one of the new part, or has to do with it.
    fn touches(&self, problem: &Diagnostic, sources: &Sources) -> bool {
        let is_new = |span: Span| {
            let at = span.start as usize;
            sources.file(span.file).path == self.path
                && (self.new.contains(&at) || self.new.start == at)
        };
        problem
            .at
            .iter()
            .chain(&problem.related)
            .any(|label| is_new(label.span))
    }
}
