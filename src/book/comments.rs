//! Comments, and the passages that they are on.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Book, Home};
use crate::annotation::{Comment, LeftOut, Withheld, cited_in};
use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::manuscript::{Article, key_in};
use crate::reference::Citation;
use crate::source::{Span, small};
use crate::verify::{Cited, Verifier};

/// A comment whose passages have been found.
#[derive(Debug)]
pub struct Commented {
    /// The comment.
    pub comment: Arc<Comment>,
    /// The article or chapter that it is on.
    pub on: Home,
    /// Its passages in reading order; none where it is on the document as a whole.
    pub passages: Vec<Passage>,
    /// What it is called on its page: a, b, …, z, aa, ….
    pub label: String,
    /// Whether nothing is said of its passages.
    sound: bool,
}

/// Words of a paragraph that a comment is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage {
    /// The paragraph's number.
    pub paragraph: u32,
    /// The bytes of its plain text; empty, at its end, where it is on the paragraph as a whole.
    pub range: Range<u32>,
}

/// Where a comment's `at` or a term's `except` leads.
type Place = (Home, Vec<Passage>);

impl Book {
    /// Finds the passages of comments; reports those that lead nowhere, and leaves them out. Where nothing that decides
    /// about them has changed, they are those that `previous` has found.
    pub(super) fn place_comments(
        &mut self,
        comments: Vec<Arc<Comment>>,
        previous: Option<&Book>,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut placed: Vec<Commented> = Vec::new();
        let known = previous.filter(|book| self.is_settled_as(book));
        let known = known.map_or_else(HashMap::new, |book| self.known_places(book));
        let place = |comment: Arc<Comment>| {
            let known = known.get(&comment.span);
            let known = known.filter(|known| Arc::ptr_eq(&known.comment, &comment));
            let (place, diagnostics) = match known {
                Some(known) => (Some((known.on, known.passages.clone())), Vec::new()),
                None => self.place(&comment),
            };
            (comment, place, diagnostics)
        };
        // A comment without a place is not shown, but what it is on and cites is followed and settled.
        let mut left_out = Vec::new();
        let found: Vec<_> = comments.into_par_iter().map(place).collect();
        for (comment, place, mut found) in found {
            if place.is_none() {
                found.extend(self.look_up(&cited_in(&comment.text)));
                found.extend(self.look_up(&comment.cites));
                left_out.extend(comment.cited());
                self.lost_comments.push(Arc::clone(&comment));
            }
            placed.extend(place.map(|(on, passages)| Commented {
                comment,
                on,
                passages,
                label: String::new(),
                sound: found.is_empty(),
            }));
            diagnostics.append(&mut found);
        }
        placed.sort_by_key(|one| {
            let first = one.passages.first();
            let at = first.map(|passage| (passage.paragraph, passage.range.start));
            (one.on, at, one.comment.span)
        });
        let mut before = None;
        let mut number = 0;
        for (index, one) in placed.iter_mut().enumerate() {
            number = if before == Some(one.on) {
                number + 1
            } else {
                0
            };
            before = Some(one.on);
            one.label = label(number);
            let paragraphs: BTreeSet<Option<u32>> = match one.passages.as_slice() {
                [] => BTreeSet::from([None]),
                passages => passages.iter().map(|p| Some(p.paragraph)).collect(),
            };
            for paragraph in paragraphs {
                let place = (one.on, paragraph);
                self.comments_by_place.entry(place).or_default().push(index);
            }
        }
        self.comments = placed;
        self.withheld.citations.extend(left_out);
        diagnostics
    }

    /// The comments of another book, which has the same sources, whose passages are where they were.
    fn known_places<'o>(&self, other: &'o Book) -> HashMap<Span, &'o Commented> {
        let stays = |one: &&Commented| {
            let is_replaced =
                matches!(one.on, Home::Article(index) if self.verifier.is_replaced(index));
            one.sound && !is_replaced && self.is_unchanged(one.on, other)
        };
        let known = other.comments.iter().filter(stays);
        known.map(|one| (one.comment.span, one)).collect()
    }

    /// A chapter as a text that passages are looked for in.
    pub(super) fn passable(&self, chapter: usize) -> &Verifier {
        self.passable[chapter].get_or_init(|| {
            let chapter = &self.chapters[chapter];
            let text = Article {
                noun: "chapter",
                key: chapter.key.clone(),
                file: chapter.file,
                front: chapter.front.clone(),
                document: chapter.document.clone(),
                sound: chapter.sound,
            };
            let verifier = Verifier::new(vec![Arc::new(text)], "", None);
            Box::new(verifier.besides(Arc::clone(&self.forms)))
        })
    }

    /// Where a comment's passages are; they stand in one document.
    fn place(&self, comment: &Comment) -> (Option<Place>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut place: Option<Place> = None;
        for citation in &comment.at {
            let (found, mut problems) = self.passages(citation);
            diagnostics.append(&mut problems);
            let Some((home, mut passages)) = found else {
                continue;
            };
            match &mut place {
                None => place = Some((home, passages)),
                Some((on, known)) if *on == home => known.append(&mut passages),
                Some(_) => diagnostics.push(
                    Diagnostic::new(
                        Lint::InvalidValue,
                        citation.span,
                        "a note is on passages of one article or chapter",
                    )
                    .help("write a note for each of them"),
                ),
            }
        }
        if let Some((_, passages)) = &mut place {
            passages.sort_by_key(|passage| (passage.paragraph, passage.range.start));
            passages.dedup();
        }
        (place, diagnostics)
    }

    /// The passages that a citation names; none for the text as a whole.
    pub(super) fn passages(&self, citation: &Citation) -> (Option<Place>, Vec<Diagnostic>) {
        let key = citation.key.text.as_str();
        if key == "self" {
            let diagnostic = Diagnostic::new(
                Lint::InvalidCitation,
                citation.span,
                "what is named here is a passage of an article or chapter",
            );
            return (None, vec![diagnostic.help("write `key ¶N \"words\"`")]);
        }
        if let Some(chapter) = self.chapter_of(citation) {
            let on = |_| Home::Chapter(chapter);
            return found(self.passable(chapter), citation, &on);
        }
        let unknown = self.verifier.source_of(citation).is_none();
        if let Some((new, _)) = unknown.then(|| self.renamed(key)).flatten() {
            let message = format!("the book has no text `{key}`");
            let span = citation.key.whole();
            let diagnostic = Diagnostic::new(Lint::UnresolvedSource, span, message);
            return (
                None,
                vec![self.verifier.renamed(diagnostic, span, key, new)],
            );
        }
        let (written, span) = citation.path();
        let near = || {
            self.chapter_with(citation)
                .or_else(|| self.near_chapter(&written))
        };
        if let Some(near) = unknown.then(near).flatten() {
            let message = format!("the book has no article or chapter `{written}`");
            let diagnostic = Diagnostic::new(Lint::UnresolvedSource, span, message)
                .help(format!("did you mean `{near}`?"))
                .fix(span, near);
            return (None, vec![diagnostic]);
        }
        found(&self.verifier, citation, &Home::Article)
    }

    /// The one chapter in which the words of a place stand.
    fn chapter_with(&self, place: &Citation) -> Option<&str> {
        let words = place.quotation.as_deref()?;
        let quotes = |chapter: &usize| self.passable(*chapter).has_words(words);
        let mut chapters = (0..self.chapters.len()).filter(quotes);
        let only = chapters.next().filter(|_| chapters.next().is_none())?;
        Some(&self.chapters[only].key)
    }

    /// The chapter that a place is in; an ID that is taken twice is the article's.
    fn chapter_of(&self, place: &Citation) -> Option<usize> {
        let unknown = self.verifier.source_of(place).is_none();
        let chapters = &unknown.then(|| self.names())?.chapters;
        chapters.get(place.key.text.as_str()).copied()
    }

    /// What has become of a citation that says where a comment is, and in which text that is; nothing where it leads
    /// nowhere.
    pub fn cited_as_place(&self, place: &Citation) -> Option<(Option<Home>, Cited)> {
        let chapter = self.chapter_of(place);
        let verifier = chapter.map_or(&self.verifier, |index| self.passable(index));
        let cited = verifier.verify(place).0?;
        let article = || cited.source().map(Home::Article);
        Some((chapter.map(Home::Chapter).or_else(article), cited))
    }

    /// What is wrong with the citations of what is left out, whose sources may be left out as well.
    pub fn mistakes_in(&self, left_out: &Withheld) -> Vec<Diagnostic> {
        let chapters = self.chapters.iter().map(|chapter| &chapter.key);
        let is_source = |key: &str| {
            let other = || left_out.names.iter().chain(chapters.clone());
            !other().any(|name| name == key)
        };
        let of_withheld = |one: &Citation| {
            let book = self.withheld();
            book.filter(|book| book.verifier.source_of(one).is_some())
        };
        let look_up = |one: &LeftOut| match of_withheld(&one.citation) {
            Some(book) => book.look_up(std::slice::from_ref(&one.citation)),
            // A note may stand on a chapter.
            None if is_source(&one.citation.key.text) => {
                self.look_up(std::slice::from_ref(&one.citation))
            }
            None => Vec::new(),
        };
        left_out.citations.iter().flat_map(look_up).collect()
    }

    /// What is wrong with citations that are not shown.
    pub(super) fn look_up(&self, citations: &[Citation]) -> Vec<Diagnostic> {
        let sought = citations.iter().filter(|one| !one.is_own_judgement());
        sought.flat_map(|one| self.verifier.verify(one).1).collect()
    }

    /// The chapter that a mistyped key or a file's name means, if no article is nearer.
    fn near_chapter(&self, written: &str) -> Option<&str> {
        let key = key_in(written);
        let chapters = self.chapters.iter().map(|chapter| chapter.key.as_str());
        let near = nearest(key, chapters)?;
        let articles = self.articles.iter().map(|article| article.key.as_str());
        (nearest(key, articles.chain([near]))? == near).then_some(near)
    }
}

fn found(
    verifier: &Verifier,
    citation: &Citation,
    home: &dyn Fn(usize) -> Home,
) -> (Option<Place>, Vec<Diagnostic>) {
    let (cited, diagnostics) = verifier.verify(citation);
    let place = cited.and_then(|cited| {
        let source = cited.source()?;
        let mut passages: Vec<Passage> = verifier
            .passages(&cited)
            .into_iter()
            .map(|(paragraph, range)| Passage {
                paragraph,
                range: small(range.start)..small(range.end),
            })
            .collect();
        if passages.is_empty() {
            let whole = |paragraph: u32| {
                let text = &verifier.articles()[source]
                    .document
                    .paragraph(paragraph)?
                    .prose
                    .text
                    .text;
                let end = small(text.trim_end().len());
                Some(Passage {
                    paragraph,
                    range: end..end,
                })
            };
            passages = cited
                .paragraphs()
                .iter()
                .copied()
                .filter_map(whole)
                .collect();
        }
        Some((home(source), passages))
    });
    (place, diagnostics)
}

/// `a`, `b`, …, `z`, `aa`, ….
fn label(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
    match number / 26 {
        0 => letter.to_string(),
        before => label(before - 1) + &letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_on_after_z() {
        let labels = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(label);
        assert_eq!(labels, ["a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa"]);
    }
}
