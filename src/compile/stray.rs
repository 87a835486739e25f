//! Files that stand among the book's texts and are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lost::{Words, head};
use crate::annotation;
use crate::book::Book;
use crate::diagnostic::{Diagnostic, Level, Lint, Together, nearest};
use crate::manuscript::{self, Article, Chapter, FOLDERS};
use crate::markdown::Block;
use crate::reference::is_key;
use crate::source::{FileId, Sources, Span};

/// The files that are not read, by their folders.
pub(super) struct Strays<'s> {
    src: &'s str,
    folders: BTreeMap<&'s str, Vec<(FileId, &'s str)>>,
}

impl<'s> Strays<'s> {
    /// Those below `src`.
    pub(super) fn new(src: &'s str, sources: &'s Sources) -> Self {
        let mut folders: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (id, file) in sources.files() {
            let path = file.path.as_str();
            let below = path
                .strip_prefix(src)
                .and_then(|path| path.strip_prefix('/'));
            if below.is_none() && is_beside(path) {
                let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
                let is_meant = !folder.is_empty() || annotation::has_section(&file.text);
                if is_meant {
                    folders.entry(folder).or_default().push((id, path));
                }
                continue;
            }
            // What cannot be read has its own error.
            let Some(below) = below.filter(|below| !is_read(below) && file.fault.is_none()) else {
                continue;
            };
            let (top, _) = below.split_once('/').unwrap_or(("", below));
            // A folder of a wrong name is one slip, whatever stands in it.
            let folder = match top {
                "articles" | "chapters" | "annotations" => {
                    path.rsplit_once('/').map_or("", |(folder, _)| folder)
                }
                top => &path[..src.len() + 1 + top.len()],
            };
            folders.entry(folder).or_default().push((id, path));
        }
        Strays { src, folders }
    }

    /// Reports them, each folder once, and takes out what only follows.
    pub(super) fn tell(&self, diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
        if self.folders.is_empty() {
            return;
        }
        let folders = self.folders.iter();
        let mut unread: Vec<Unread> = folders
            .map(|(folder, files)| {
                let is_beside = !folder.is_empty() && !folder.starts_with(self.src);
                Unread::new(folder, is_beside, files, sources)
            })
            .collect();
        diagnostics.retain(|d| {
            let words = d.at.as_ref().map_or("", |label| sources.slice(label.span));
            let misses = unread.iter_mut().find(|unread| unread.has(d.lint, words));
            misses.is_none_or(|unread| {
                unread.miss(d.lint, words);
                false
            })
        });
        // Nobody knows which terms stand in a text that is missed.
        if unread.iter().any(Unread::misses_text) {
            diagnostics.retain(|d| d.lint != Lint::UnusedTerm);
        }
        // A folder beside the book's own may hold anything; what is missed is there.
        let told = unread
            .iter()
            .filter(|unread| !unread.is_beside || unread.missed.is_some());
        diagnostics.extend(told.map(|unread| self.told(unread, sources)));
    }

    fn told(&self, unread: &Unread, sources: &Sources) -> Diagnostic {
        let (folder, files) = (unread.folder, unread.files);
        let (first, path) = files[0];
        let message = match (files.len(), unread.missed) {
            (1, None) => {
                let why = match folder.strip_prefix(self.src).unwrap_or(folder) {
                    "" if folder.is_empty() => "it stands beside the book's texts",
                    below if below.starts_with("/annotations") => "annotations end in `.yaml`",
                    below if below.starts_with("/articles") || below.starts_with("/chapters") => {
                        "the texts of this folder end in `.md`"
                    }
                    _ => "in this folder stands nothing of its kind",
                };
                format!("this file is not read: {why}")
            }
            (1, Some((_, name))) => {
                format!("`{name}` is not found, because this file is not read")
            }
            (count, _) => {
                let more = count - 1;
                let folder = match folder {
                    "" => "the book's folder".to_owned(),
                    folder => format!("`{folder}`"),
                };
                format!("this file and {more} more of {folder} are not read")
            }
        };
        let below = folder.strip_prefix(self.src).unwrap_or(folder);
        let below = below.trim_start_matches('/');
        let help = match nearest(below, FOLDERS).filter(|_| !FOLDERS.contains(&below)) {
            Some(right) => format!("rename the folder to `{}/{right}`", self.src),
            None if unread.is_beside => {
                format!("move the files of `{folder}` into `{}/{folder}`", self.src)
            }
            None if folder.is_empty() && files.len() > 1 => {
                format!("move them below `{}/annotations/`", self.src)
            }
            None => self
                .right_names(files, sources)
                .unwrap_or_else(|| self.help(path, &sources.file(first).text)),
        };
        // What is missed is an error.
        let lint = unread.missed.map_or(Lint::StrayFile, |(lint, _)| lint);
        Diagnostic::new(lint, Span::new(first, 0..0), message).help(help)
    }

    /// Where a file belongs, by its name and what it begins with.
    fn help(&self, path: &str, text: &str) -> String {
        let src = self.src;
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let among = |folder: &str| path.starts_with(&format!("{src}/{folder}/"));
        let has = |endings: &[&str]| endings.iter().any(|ending| name.contains(ending));
        if is_yaml(path) && !among("annotations") {
            let ending = match name.rsplit_once('.') {
                Some((_, "yaml" | "yml")) => "",
                _ => ", with an ending `.yaml` in lower case",
            };
            return format!("move it below `{src}/annotations/`{ending}");
        }
        if among("annotations") {
            return "end its name with `.yaml`, in lower case and nothing behind, or move it elsewhere".to_owned();
        }
        if has(&[".txt"]) && (text.starts_with("---") || among("chapters")) {
            return "end its name with `.md`".to_owned();
        }
        if has(&[".html", ".htm"]) || (has(&[".txt"]) && !has(&[".md"])) {
            let id = match meant_id(path) {
                id if is_key(id) => format!(" --id {id}"),
                _ => String::new(),
            };
            return format!(
                "`pincite import{id} {path}` makes an article of it; then move it out of `{src}`"
            );
        }
        if has(&[".rtf", ".doc", ".odt", ".pages", ".pdf"]) {
            return format!(
                "save it as plain text or as a web page outside `{src}`, and let `pincite import` make an article of that"
            );
        }
        if has(&[".md", ".markdown"]) || !name.contains('.') {
            return format!(
                "move it below `{src}/articles/` or `{src}/chapters/`, with an ending `.md` in lower case"
            );
        }
        format!("texts end in `.md`; put other files below `{src}/assets/`, or out of `{src}`")
    }

    /// What each of a folder's first files is to be called, if that can be told of them.
    fn right_names(&self, files: &[(FileId, &str)], sources: &Sources) -> Option<String> {
        const MOST: usize = 3;
        if let [(_, path)] = files {
            return self.right_name(path, sources);
        }
        let named = files.iter().take(MOST).map(|(_, path)| {
            let name = path.rsplit('/').next()?;
            Some(format!("`{name}`: {}", self.right_name(path, sources)?))
        });
        let named: Option<Vec<String>> = named.collect();
        Some(named?.join("; "))
    }

    /// What is said of a file with something behind its right ending, or with one that is nearly so.
    fn right_name(&self, path: &str, sources: &Sources) -> Option<String> {
        let (folder, name) = path.rsplit_once('/')?;
        let among = |top: &str| path.starts_with(&format!("{}/{top}/", self.src));
        let (endings, right) = if among("annotations") {
            ([".yaml", ".yml"], ".yaml")
        } else {
            ([".markdown", ".md"], ".md")
        };
        let lower = name.to_lowercase();
        let at = endings.iter().find_map(|ending| lower.rfind(ending));
        let stem = name.get(..at.filter(|_| FOLDERS.into_iter().any(among))?)?;
        let mut originals = endings.iter().map(|ending| format!("{stem}{ending}"));
        let original = originals.find(|name| sources.find(&format!("{folder}/{name}")).is_some());
        Some(match original.filter(|original| original != name) {
            Some(original) => format!("take it away, if it is a copy of `{original}`"),
            None => format!("name it `{stem}{right}`"),
        })
    }
}

/// What a folder's files would have been found for, had they been read.
struct Unread<'s> {
    folder: &'s str,
    /// Whether that is a folder beside the book's own.
    is_beside: bool,
    files: &'s [(FileId, &'s str)],
    ids: BTreeSet<&'s str>,
    words: Words,
    /// Those that links may name: of entries, and of texts' titles.
    names: Words,
    /// What is cited or linked and stands in them, and how that was told.
    missed: Option<(Lint, &'s str)>,
}

impl<'s> Unread<'s> {
    fn new(
        folder: &'s str,
        is_beside: bool,
        files: &'s [(FileId, &'s str)],
        sources: &Sources,
    ) -> Self {
        let (mut words, mut names) = (Words::default(), Words::default());
        for (file, path) in files {
            let text = &sources.file(*file).text;
            words.add(text);
            names.add(if is_yaml(path) { text } else { head(text) });
        }
        let ids = files.iter().map(|(_, path)| meant_id(path));
        Unread {
            folder,
            is_beside,
            files,
            ids: ids.filter(|id| !id.is_empty()).collect(),
            words,
            names,
            missed: None,
        }
    }

    /// Whether what a problem names stands in these files.
    fn has(&self, lint: Lint, named: &str) -> bool {
        let is_missed = matches!(lint, Lint::UnresolvedSource | Lint::UnresolvedLink);
        match lint {
            // A folder that may hold anything hides nothing else.
            _ if self.is_beside && !is_missed => false,
            Lint::UnresolvedSource => self.ids.contains(named),
            Lint::UnresolvedLink => self.ids.contains(named) || self.names.has(named),
            Lint::MissingFile => ids_in(named).any(|id| self.ids.contains(id)),
            Lint::UnusedTerm | Lint::UndefinedAcronym | Lint::UnattributedQuotation => {
                self.words.has(named)
            }
            _ => false,
        }
    }

    fn misses_text(&self) -> bool {
        self.missed.is_some() && self.files.iter().any(|(_, path)| !is_yaml(path))
    }

    fn miss(&mut self, lint: Lint, named: &'s str) {
        if matches!(lint, Lint::UnresolvedSource | Lint::UnresolvedLink) {
            let first = self.missed.unwrap_or((lint, named));
            self.missed = Some(first.min((lint, first.1)));
        }
    }
}

/// Whether a file has the ending of annotations, with whatever behind it.
fn is_yaml(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    name.contains(".yaml") || name.contains(".yml")
}

/// Whether a file stands beside the folder of texts, and may have been meant for it.
fn is_beside(path: &str) -> bool {
    let (top, name) = path.split_once('/').unwrap_or(("", path));
    match top {
        "" => is_yaml(name),
        top => manuscript::FOLDERS.contains(&top),
    }
}

/// Whether a file stands among the book's texts and is none of them.
pub(super) fn is_stray(path: &str, src: &str) -> bool {
    let below = path
        .strip_prefix(src)
        .and_then(|path| path.strip_prefix('/'));
    below.is_some_and(|below| !is_read(below))
}

/// Whether a file below the texts' folder is one of the book's texts.
fn is_read(below: &str) -> bool {
    let has = |folder: &str, endings: &[&str]| {
        below.starts_with(folder) && endings.iter().any(|ending| below.ends_with(ending))
    };
    has("articles/", &[".md"])
        || has("chapters/", &[".md"])
        || has("annotations/", &[".yaml", ".yml"])
}

/// The ID that a file would have if it were read.
pub(super) fn meant_id(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    manuscript::without_order(stem)
}

/// The IDs that the files of a link's address would have.
pub(super) fn ids_in(words: &str) -> impl Iterator<Item = &str> {
    let names = words.split(['/', '(', ')', '[', ']', '<', '>', '#', ' ']);
    names.filter(|name| name.contains('.')).map(meant_id)
}

/// Says of an article that is a chapter by its name and its title where it belongs, and nothing of what misses it.
pub(super) fn name_chapters(diagnostics: &mut Vec<Diagnostic>, book: &Book, sources: &Sources) {
    let is_chapter = |article: &&Arc<Article>| {
        let numbered = manuscript::without_order(&article.key) != article.key;
        let titled =
            matches!(article.document.blocks.first(), Some(Block::Heading(h)) if h.level == 1);
        article.front.title.is_empty() && numbered && titled
    };
    let misplaced = book.articles.iter().filter(is_chapter);
    let misplaced: BTreeMap<FileId, &str> = misplaced
        .map(|article| (article.file, article.key.as_str()))
        .collect();
    if misplaced.is_empty() {
        return;
    }
    let ids: BTreeSet<&str> = misplaced
        .values()
        .map(|key| manuscript::without_order(key))
        .collect();
    diagnostics.retain(|d| {
        let words = d.at.as_ref().map_or("", |label| sources.slice(label.span));
        match d.lint {
            Lint::UnresolvedLink => !ids.contains(manuscript::without_order(words)),
            Lint::MissingFile => !ids_in(words).any(|id| ids.contains(id)),
            _ => true,
        }
    });
    for diagnostic in diagnostics.iter_mut() {
        let file = diagnostic.at.as_ref().map(|label| label.span.file);
        let key = file.and_then(|file| misplaced.get(&file));
        if let Some(key) = key.filter(|_| diagnostic.lint == Lint::MissingTitle) {
            diagnostic.message =
                format!("`{key}` has a chapter's name and title, and stands among the articles");
            diagnostic.help = Some(
                "move it below `chapters/`, or begin it with `---`, `title: \"…\"`, `---`"
                    .to_owned(),
            );
        }
    }
}

/// Says of a chapter, claim or term that is cited that it is one; of an article that stands among the chapters, once.
pub(super) fn name_others(diagnostics: &mut Vec<Diagnostic>, book: &Book, sources: &Sources) {
    let chapters: BTreeMap<&str, &Arc<Chapter>> = {
        let chapters = book.chapters.iter();
        chapters
            .map(|chapter| (chapter.key.as_str(), chapter))
            .collect()
    };
    let claims: BTreeSet<&str> = book
        .claims
        .iter()
        .map(|claim| claim.key.text.as_str())
        .collect();
    // The key that is missed, and whether it stands in a text; there it may be a chapter's file.
    let missed = |d: &Diagnostic| {
        let place = d.at.as_ref().filter(|_| d.lint == Lint::UnresolvedSource)?;
        let written = sources.slice(place.span);
        let before = &sources.file(place.span.file).text[..place.span.start as usize];
        let in_text = before.ends_with('@');
        let key = manuscript::key_in(written);
        let of_file = in_text && chapters.contains_key(key);
        Some((if of_file { key } else { written }, in_text))
    };
    let cited = |d: &Diagnostic| chapters.get(missed(d)?.0).copied();
    let of_source = |chapter: &Chapter| {
        let front = &chapter.front;
        front.url.is_some() || front.publication.is_some()
    };
    let misplaced: BTreeMap<FileId, &Chapter> = diagnostics
        .iter()
        .filter_map(|d| cited(d).filter(|chapter| of_source(chapter)))
        .map(|chapter| (chapter.file, chapter.as_ref()))
        .collect();
    let follows = |d: &Diagnostic| {
        let file = d.at.as_ref().map(|label| label.span.file);
        let in_source = file.is_some_and(|file| misplaced.contains_key(&file));
        (in_source && d.level == Level::Warn) || cited(d).is_some_and(|chapter| of_source(chapter))
    };
    diagnostics.retain(|d| !follows(d));
    for diagnostic in diagnostics.iter_mut() {
        let Some((key, in_text)) = missed(diagnostic) else {
            continue;
        };
        let quotes = |help: &String| help.starts_with("its quotation stands");
        if book.renamed(key).is_some() || diagnostic.help.as_ref().is_some_and(quotes) {
            // It is known which article is meant.
            continue;
        }
        let what = if cited(diagnostic).is_some() {
            "chapter"
        } else if claims.contains(key) {
            "claim"
        } else if book.term(key).is_some() {
            "glossary entry"
        } else {
            continue;
        };
        let (place, help) = if in_text {
            ("in texts", format!("link it: `[[{key}]]`"))
        } else {
            let help = "name an article, or take it out";
            ("in fields of annotations", help.to_owned())
        };
        diagnostic.message = format!("`{key}` is a {what}, and only articles are cited");
        diagnostic.together = Some(Together {
            of_all: format!(
                "citations {place} of `{key}`, which is a {what}, and only articles are cited"
            ),
            here: String::new(),
        });
        diagnostic.help = Some(help);
        diagnostic.fix.clear();
    }
    diagnostics.extend(misplaced.into_iter().map(|(file, chapter)| {
        let message = format!(
            "`{}` is cited as an article, and stands among the chapters",
            chapter.key
        );
        Diagnostic::new(Lint::UnresolvedSource, Span::new(file, 0..0), message).help(
            "move it below `articles/`, or take `url` and `publication` out if it is your own text",
        )
    }));
}
