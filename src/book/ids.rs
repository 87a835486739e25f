//! IDs: articles, chapters, claims, and notes and events that have one share one namespace.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Book;
use crate::diagnostic::{Diagnostic, Lint, MOST_SHARED};
use crate::manuscript::{FrontMatter, is_device};
use crate::markdown::Document;
use crate::reference::{Citation, Locator, is_key};
use crate::source::{FileId, Span, Text};

impl Book {
    /// What a chapter or article is called now that had this ID before, and its file.
    pub fn renamed(&self, old: &str) -> Option<(&str, FileId)> {
        let chapters = self.chapters.iter();
        let chapters = chapters.map(|one| (&one.front, &one.key, one.file));
        let articles = self.articles.iter();
        let articles = articles.map(|one| (&one.front, &one.key, one.file));
        let mut texts = chapters.chain(articles);
        let had = |front: &FrontMatter| front.aliases.iter().any(|alias| alias.text == old);
        let (_, key, file) = texts.find(|(front, ..)| had(front))?;
        Some((key, file))
    }

    /// What has this ID and cannot be linked.
    pub(super) fn without_page(&self, id: &str) -> Option<&'static str> {
        let is = |own: &Option<Text>| own.as_ref().is_some_and(|own| own.text == id);
        let is_event = self.events.iter().any(|event| is(&event.id));
        let is_note = || self.comments.iter().any(|one| is(&one.comment.id));
        is_event
            .then_some("an event")
            .or_else(|| is_note().then_some("a note"))
    }

    /// Reports IDs that are none, and those that are taken twice.
    pub(super) fn check_ids(&self) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> = self.written_ids().filter_map(no_id).collect();
        diagnostics.extend(self.aliases().filter_map(no_file));
        let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
        for (id, span) in self.ids() {
            let Some((first, place)) = seen.insert(id.to_lowercase(), (id, span)) else {
                continue;
            };
            let message = if first == id {
                format!("the ID `{id}` is taken twice")
            } else {
                format!("the IDs `{first}` and `{id}` differ only in case")
            };
            diagnostics.push(
                Diagnostic::new(Lint::DuplicateId, span, message)
                    .related(place, "the other one")
                    .help("rename one of them"),
            );
        }
        diagnostics
    }

    /// Reports notes and events that stand in the book already.
    pub(super) fn check_copies(&self) -> Vec<Diagnostic> {
        let comments = self.comments.iter().map(|one| {
            let comment = &one.comment;
            let mut said = Said::of("note", &comment.text);
            said.add(comment.read.as_ref().map(|read| &*read.text));
            comment.at.iter().for_each(|at| said.add_place(at));
            (said, comment.id.as_ref(), comment.span)
        });
        let events = self.events.iter().map(|event| {
            let mut said = Said::of("event", &event.text);
            said.add(event.date);
            (said, event.id.as_ref(), event.span)
        });
        let mut seen: HashMap<u64, (Option<&Text>, Span)> = HashMap::new();
        let copies = comments.chain(events).filter_map(|(said, id, span)| {
            let (other, first) = seen.insert(said.hash.finish(), (id, span))?;
            // Equal IDs are told.
            let told = id
                .zip(other)
                .is_some_and(|(one, other)| one.text == other.text);
            (!told).then_some((said.what, span, first))
        });
        let copies: Vec<(&str, Span, Span)> = copies.collect();
        let mut shared: BTreeMap<(FileId, FileId), usize> = BTreeMap::new();
        for (_, span, first) in &copies {
            *shared.entry((span.file, first.file)).or_default() += 1;
        }
        // Files that have little in common may say the same once.
        let is_copy = |span: &Span, first: &Span| {
            span.file == first.file || shared[&(span.file, first.file)] > MOST_SHARED
        };
        let copies = copies
            .iter()
            .filter(|(_, span, first)| is_copy(span, first));
        let told = copies.map(|(what, span, first)| {
            let message = format!("this {what} stands in the book already");
            Diagnostic::new(Lint::DuplicateId, *span, message)
                .related(*first, "the other one")
                .help("take one of the two out")
        });
        told.collect()
    }

    fn ids(&self) -> impl Iterator<Item = (&str, Span)> {
        let articles = self.articles.iter().map(|a| (a.key.as_str(), a.file));
        let chapters = self.chapters.iter().map(|c| (c.key.as_str(), c.file));
        let files = articles.chain(chapters);
        let claims = self.claims.iter().map(|claim| &claim.key);
        files.map(|(key, file)| (key, Span::new(file, 0..0))).chain(
            claims
                .chain(self.written_ids())
                .map(|id| (id.text.as_str(), id.whole())),
        )
    }

    /// The values of `id:` and `aliases:`.
    fn written_ids(&self) -> impl Iterator<Item = &Text> {
        let comments = self.comments.iter().filter_map(|c| c.comment.id.as_ref());
        let events = self.events.iter().filter_map(|event| event.id.as_ref());
        comments.chain(events).chain(self.aliases())
    }

    fn aliases(&self) -> impl Iterator<Item = &Text> {
        let chapters = self.chapters.iter().map(|chapter| &chapter.front);
        let articles = self.articles.iter().map(|article| &article.front);
        chapters.chain(articles).flat_map(|front| &front.aliases)
    }
}

fn no_id(id: &Text) -> Option<Diagnostic> {
    let message = format!("`{}` cannot be an ID", id.text);
    (!is_key(&id.text)).then(|| {
        Diagnostic::new(Lint::InvalidId, id.whole(), message).help(
            "an ID is one to a hundred letters A–Z, digits, `.`, `_` and `-`, a letter or digit first",
        )
    })
}

/// An alias has a page, which leads to the text's own.
fn no_file(alias: &Text) -> Option<Diagnostic> {
    is_device(&alias.text).then(|| {
        let message = format!(
            "`{}` cannot be an alias: Windows keeps the name for a device",
            alias.text
        );
        Diagnostic::new(Lint::InvalidId, alias.whole(), message)
            .help("take it out: no text of the book can have had this ID")
    })
}

/// What an entry says, wherever in the files it stands.
struct Said {
    what: &'static str,
    hash: DefaultHasher,
}

impl Said {
    fn of(what: &'static str, text: &Document) -> Self {
        let mut said = Said {
            what,
            hash: DefaultHasher::new(),
        };
        said.add(what);
        for (_, prose) in text.proses() {
            said.add(prose.text.text.as_str());
        }
        said
    }

    fn add(&mut self, part: impl Hash) {
        part.hash(&mut self.hash);
    }

    /// Where a citation leads.
    fn add_place(&mut self, citation: &Citation) {
        self.add(&*citation.key.text);
        for part in citation.locator.iter().flat_map(Locator::parts) {
            match part {
                Locator::Paragraphs(ranges, _) => ranges.iter().for_each(|range| self.add(range)),
                Locator::Name(name, _) => self.add(name),
                Locator::Several(..) => {}
            }
        }
        self.add(citation.quotation.as_deref().map(|quoted| &*quoted.text));
    }
}
