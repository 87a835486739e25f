//! Files and entries that are called otherwise than the book calls them.

use std::collections::{BTreeMap, BTreeSet};

use super::follow_on::{place, stops_the_build, words};
use super::lost::is_document;
use super::stray;
use crate::book::Book;
use crate::diagnostic::{Diagnostic, Level, Lint, MOST_APART};
use crate::manuscript::{self, Article};
use crate::reference::{is_key, slug};
use crate::source::{FileId, Sources, Span};

/// Says of a file to be renamed what it is to be called; of what misses it, an entry to be renamed or a file that cannot be
/// read, nothing.
pub(super) fn name(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let hidden = |d: &Diagnostic| {
        let is_cause = matches!(d.lint, Lint::InvalidId | Lint::UnreadableFile);
        let file = place(d)?.file;
        let path = &sources.file(file).path;
        let is_hidden = is_cause && stops_the_build(d, levels);
        let id = if is_document(path) {
            stray::meant_id(path)
        } else {
            words(d, sources)
        };
        let unnumbered = id.trim_start_matches(|c: char| c.is_ascii_digit());
        is_hidden.then(|| [letters(id), letters(unnumbered)].map(|letters| (letters, file)))
    };
    let hidden: BTreeMap<String, FileId> =
        diagnostics.iter().filter_map(hidden).flatten().collect();
    let mut cited: BTreeMap<FileId, &str> = BTreeMap::new();
    diagnostics.retain(|d| match d.lint {
        Lint::UnresolvedSource | Lint::UnresolvedLink => {
            let named = words(d, sources);
            let edit = d.fix.first().filter(|edit| place(d) == Some(edit.span));
            let meant = edit.map(|edit| edit.replacement.as_str());
            let meant = meant.filter(|name| !is_key(name) && d.lint == Lint::UnresolvedSource);
            let file = hidden.get(&letters(meant.unwrap_or(named)));
            cited.extend(file.map(|file| (*file, named)));
            file.is_none()
        }
        Lint::MissingFile => {
            let named = letters(words(d, sources));
            !hidden.keys().any(|id| named.contains(id))
        }
        _ => true,
    });
    for d in diagnostics.iter_mut().filter(|d| d.lint == Lint::InvalidId) {
        let Some(span) = place(d).filter(|span| span.start == span.end) else {
            continue;
        };
        if let Some(help) = right_name(sources, span.file, cited.get(&span.file).copied()) {
            d.help = Some(help);
        }
    }
}

fn letters(words: &str) -> String {
    let letters = words.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What a file is to be called whose name is no ID, if that can be told.
fn right_name(sources: &Sources, file: FileId, cited: Option<&str>) -> Option<String> {
    let (folder, name) = sources.file(file).path.rsplit_once('/')?;
    let stem = name.strip_suffix(".md")?;
    let find = |stem: &str| sources.find(&format!("{folder}/{stem}.md"));
    let as_cited = cited.filter(|id| is_key(id)).map(|id| numbered(stem, id));
    let why = as_cited.as_ref().map_or("", |_| ", as it is cited");
    let right = as_cited.unwrap_or_else(|| slug(stem));
    let is_free = is_key(&right) && right != stem && find(&right).is_none();
    let rename = is_free.then(|| format!("rename the file to `{right}.md`{why}"));
    let text = |file| &sources.file(file).text;
    let is_copy = |original: &&str| {
        let is_same = |one| text(one) == text(file) || only_counts(&stem[original.len()..]);
        find(original).is_some_and(is_same)
    };
    let mut beginnings = stem.match_indices(' ').map(|(at, _)| &stem[..at]);
    let Some(original) = beginnings.rfind(is_copy) else {
        return rename;
    };
    let take_away = format!("take the file away, if it is a copy of `{original}.md`");
    Some(match rename {
        Some(rename) => format!("{take_away}; otherwise {rename}"),
        None => take_away,
    })
}

/// An ID with the number that orders a chapter, where its file's stem has one.
fn numbered(stem: &str, id: &str) -> String {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let order = &stem[..stem.len() - rest.len()];
    if order.is_empty() || letters(rest) != letters(id) {
        return id.to_owned();
    }
    format!("{order}-{id}")
}

/// Whether the end of a name is what computers give to a copy: ` copy`, ` - Copy 2`, ` (1)`.
fn only_counts(end: &str) -> bool {
    let letters = letters(end);
    let count = letters.trim_start_matches("copy");
    count.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says once, at the file, that nothing cites an article, while much cites one of nearly its name or of its former one:
/// then the file was renamed, rather than all citations mistyped. A chapter's name is no article's.
pub(super) fn name_renamed(diagnostics: &mut Vec<Diagnostic>, book: &Book, sources: &Sources) {
    let chapters = book.chapters.iter().map(|chapter| chapter.key.as_str());
    let chapters: BTreeSet<&str> = chapters.collect();
    let renaming = |d: &Diagnostic| {
        let [edit] = d.fix.as_slice() else {
            return None;
        };
        let old = words(d, sources);
        let is_name = is_key(old) && is_key(&edit.replacement) && place(d) == Some(edit.span);
        let article = book.verifier().article(&edit.replacement)?;
        let says_so = article.front.aliases.iter().any(|alias| alias.text == old);
        let may_be = is_name && !says_so && !chapters.contains(manuscript::key_in(old));
        (d.lint == Lint::UnresolvedSource && may_be).then_some((old, article))
    };
    let mut places: BTreeMap<&str, (FileId, Vec<Span>)> = BTreeMap::new();
    for d in diagnostics.iter() {
        if let Some((old, article)) = renaming(d) {
            let (_, places) = places.entry(old).or_insert((article.file, Vec::new()));
            places.extend(place(d));
        }
    }
    places.retain(|_, (_, places)| places.len() > MOST_APART);
    if places.is_empty() {
        return;
    }
    let cited: BTreeSet<&str> = book
        .citations()
        .map(|(_, one)| one.key.text.as_str())
        .collect();
    let articles = book.articles.iter();
    let articles = articles.filter(|article| !cited.contains(article.key.as_str()));
    let uncited: BTreeMap<FileId, _> = articles.map(|article| (article.file, article)).collect();
    places.retain(|_, (file, _)| uncited.contains_key(file));
    diagnostics.retain(|d| {
        let named = words(d, sources);
        match d.lint {
            Lint::UnresolvedSource | Lint::UnresolvedLink => !places.contains_key(named),
            Lint::MissingFile => !stray::ids_in(named).any(|id| places.contains_key(id)),
            _ => true,
        }
    });
    diagnostics.extend(places.into_iter().map(|(old, (file, mut places))| {
        places.sort_unstable();
        let told = renamed(old, uncited[&file], places.len());
        places
            .into_iter()
            .fold(told, |told, place| told.related(place, ""))
    }));
}

fn renamed(old: &str, article: &Article, count: usize) -> Diagnostic {
    let new = &article.key;
    let message = format!(
        "nothing cites `{new}`, and `{old}`, which the book does not have, is cited in {count} places"
    );
    let diagnostic = Diagnostic::new(
        Lint::UnresolvedSource,
        Span::new(article.file, 0..0),
        message,
    );
    if old.eq_ignore_ascii_case(new) {
        return diagnostic.help(format!("name the file `{old}.md`, or cite it as `{new}`"));
    }
    let diagnostic = diagnostic.help(format!(
        "name the file `{old}.md`; or write `aliases: [{old}]` in its front matter, and `pincite check --fix` cites it as `{new}`"
    ));
    Diagnostic {
        fix: article.front.with_alias(old).into_iter().collect(),
        ..diagnostic
    }
}

/// Says once, at the entry, that nothing in the book names a claim or a term, while several places name one of nearly its
/// name: then its key is mistyped.
pub(super) fn name_mistyped(diagnostics: &mut Vec<Diagnostic>, book: &Book, sources: &Sources) {
    let keys = book.claims.iter().map(|claim| &claim.key);
    let keys = keys.chain(book.terms.iter().map(|term| &term.key));
    let keys: BTreeMap<&str, Span> = keys.map(|key| (key.text.as_ref(), key.whole())).collect();
    let mut meant: BTreeMap<&str, (Span, Vec<Span>)> = BTreeMap::new();
    for d in diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UnresolvedLink)
    {
        if let [edit] = d.fix.as_slice()
            && let Some(key) = keys.get(edit.replacement.as_str())
            && place(d) == Some(edit.span)
        {
            let (_, places) = meant.entry(words(d, sources)).or_insert((*key, Vec::new()));
            places.push(edit.span);
        }
    }
    meant.retain(|_, (key, places)| places.len() > 1 && stands_once(sources.slice(*key), sources));
    let keys: BTreeSet<Span> = meant.values().map(|(key, _)| *key).collect();
    diagnostics.retain(|d| match d.lint {
        Lint::UnresolvedLink | Lint::UndefinedAcronym => !meant.contains_key(words(d, sources)),
        Lint::UnusedTerm => !place(d).is_some_and(|key| keys.contains(&key)),
        _ => true,
    });
    diagnostics.extend(meant.into_iter().map(|(name, (key, mut places))| {
        places.sort_unstable();
        let (count, written) = (places.len(), sources.slice(key));
        let message = format!(
            "nothing names `{written}`, and `{name}`, which the book does not have, is named in {count} places"
        );
        let told = Diagnostic::new(Lint::UnresolvedLink, key, message)
            .help(format!("call it `{name}`"))
            .fix(key, name);
        places.into_iter().fold(told, |told, place| told.related(place, ""))
    }));
}

/// Whether a key stands in one place alone of all files, not as a part of a longer one.
fn stands_once(key: &str, sources: &Sources) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let places = sources.files().flat_map(|(_, file)| {
        file.text.match_indices(key).filter(|(at, _)| {
            let (before, behind) = (&file.text[..*at], &file.text[at + key.len()..]);
            !before.ends_with(goes_on) && !behind.starts_with(goes_on)
        })
    });
    places.take(2).count() == 1
}
