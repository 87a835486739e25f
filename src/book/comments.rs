//! Comments, and the passages that they are on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Book, Home};
use crate::annotation::Comment;
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::{Article, Chapter};
use crate::reference::Citation;
use crate::verify::{Folds, Verifier};

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

/// A chapter as a text that passages are looked for in.
type Passable = ([Arc<Article>; 1], [Arc<Folds>; 1]);

/// What passages are looked for in.
pub(super) struct Texts<'b> {
    articles: Verifier<'b>,
    terms: &'b BTreeSet<&'b str>,
    chapters: BTreeMap<&'b str, (usize, OnceLock<Passable>)>,
}

impl Book {
    /// Finds the passages of comments; reports those that lead nowhere, and leaves them out.
    pub(super) fn place_comments(&mut self, comments: Vec<Arc<Comment>>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut placed: Vec<Commented> = Vec::new();
        let terms = self.forms();
        let texts = self.texts(&terms);
        let place = |comment: Arc<Comment>| {
            let (place, diagnostics) = self.place(&comment, &texts);
            (comment, place, diagnostics)
        };
        // A comment without a place is not shown, but what it is on and cites is followed and settled.
        let mut left_out = Vec::new();
        let found: Vec<_> = comments.into_par_iter().map(place).collect();
        for (comment, place, mut found) in found {
            diagnostics.append(&mut found);
            if place.is_none() {
                left_out.extend(comment.cited());
            }
            placed.extend(place.map(|(on, passages)| Commented {
                comment,
                on,
                passages,
                label: String::new(),
            }));
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

    /// All articles and chapters, beside the glossary's words.
    pub(super) fn texts<'b>(&'b self, terms: &'b BTreeSet<&'b str>) -> Texts<'b> {
        let chapters = self.chapters.iter().enumerate();
        Texts {
            articles: self.verifier_besides(terms),
            terms,
            chapters: chapters
                .map(|(index, chapter)| (chapter.key.as_str(), (index, OnceLock::new())))
                .collect(),
        }
    }

    /// Where a comment's passages are; they stand in one document.
    fn place(&self, comment: &Comment, texts: &Texts<'_>) -> (Option<Place>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut place: Option<Place> = None;
        for citation in &comment.at {
            let (found, mut problems) = self.passages(citation, texts);
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
    pub(super) fn passages(
        &self,
        citation: &Citation,
        texts: &Texts<'_>,
    ) -> (Option<Place>, Vec<Diagnostic>) {
        let key = citation.key.text.as_str();
        if key == "self" {
            let diagnostic = Diagnostic::new(
                Lint::InvalidCitation,
                citation.span,
                "what is named here is a passage of an article or chapter",
            );
            return (None, vec![diagnostic.help("write `key ¶N \"words\"`")]);
        }
        // An ID that is taken twice is the article's.
        let unknown = texts.articles.source_of(citation).is_none();
        let chapter = texts.chapters.get(key).filter(|_| unknown);
        if let Some((chapter, text)) = chapter {
            let (text, folds) = text.get_or_init(|| as_source(&self.chapters[*chapter]));
            let verifier = Verifier::new(text, folds, texts.terms);
            return found(&verifier, citation, text, &|_| Home::Chapter(*chapter));
        }
        if let Some(new) = unknown.then(|| self.renamed(key)).flatten() {
            let message = format!("the book has no text `{key}`");
            let span = citation.key.whole();
            let diagnostic = Diagnostic::new(Lint::UnresolvedSource, span, message);
            return (None, vec![diagnostic.renamed(span, key, new)]);
        }
        found(&texts.articles, citation, &self.articles, &Home::Article)
    }
}

fn found(
    verifier: &Verifier<'_>,
    citation: &Citation,
    texts: &[Arc<Article>],
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
                let text = &texts[source].document.paragraph(paragraph)?.prose.text.text;
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

/// A chapter as a text that passages are looked for in.
pub(super) fn as_source(chapter: &Chapter) -> Passable {
    let text = Article {
        key: chapter.key.clone(),
        file: chapter.file,
        front: chapter.front.clone(),
        document: chapter.document.clone(),
        sound: true,
    };
    let folds = Folds::new(&text, "");
    ([Arc::new(text)], [Arc::new(folds)])
}

fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
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
