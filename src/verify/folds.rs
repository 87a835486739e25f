//! An article's paragraphs, folded when they are first asked for and kept for the next compilation.

use std::borrow::Cow;
use std::ops;
use std::sync::OnceLock;

use super::Folded;
use super::denial::Language;
use super::tokens::Index;
use crate::lock::Hash;
use crate::manuscript::Article;
use crate::markdown::{Content, Paragraph};

/// The folded paragraphs of one article.
#[derive(Debug)]
pub struct Folds {
    /// Boxed, because most are never asked for.
    paragraphs: Box<[OnceLock<Box<Folded>>]>,
    index: OnceLock<Box<Index>>,
    hashes: OnceLock<Box<[Hash]>>,
    language: Language,
}

impl Folds {
    /// Those of an article, none of them folded yet; `language` is the book's, where the article says no other.
    pub fn new(article: &Article, language: &str) -> Self {
        let paragraphs = article.document.paragraphs.iter();
        Folds {
            language: Language::of(article.front.language.as_deref().unwrap_or(language)),
            paragraphs: paragraphs.map(|_| OnceLock::new()).collect(),
            index: OnceLock::new(),
            hashes: OnceLock::new(),
        }
    }

    /// With the article that they were made for.
    pub(super) fn of<'v>(&'v self, article: &'v Article) -> FoldedArticle<'v> {
        FoldedArticle {
            folds: self,
            article,
        }
    }
}

/// An article as a list of folded paragraphs; ¶N is at index N − 1.
#[derive(Clone, Copy)]
pub(super) struct FoldedArticle<'v> {
    folds: &'v Folds,
    article: &'v Article,
}

impl<'v> FoldedArticle<'v> {
    /// All of them in order.
    pub(super) fn iter(self) -> impl Iterator<Item = &'v Folded> {
        (0..self.folds.paragraphs.len()).map(move |index| self.get(index))
    }

    /// Where each word stands in the paragraphs that may be quoted.
    pub(super) fn index(self) -> &'v Index {
        self.folds.index.get_or_init(|| {
            let numbered = (1..).zip(self.iter());
            let shown = numbered.filter(|(number, _)| !self.article.omits(*number));
            Box::new(Index::new(shown))
        })
    }

    /// The hash of each paragraph's words as the lock keeps them; folding for it alone is not kept.
    pub(super) fn hashes(self) -> &'v [Hash] {
        self.folds.hashes.get_or_init(|| {
            let all = 0..self.folds.paragraphs.len();
            all.map(|index| Hash::of(&self.words(index))).collect()
        })
    }

    /// A paragraph's words as the lock keeps them: folded, and a table's with its cells and rows apart, for a number says
    /// something else in another column.
    pub(super) fn words(self, index: usize) -> Cow<'v, str> {
        let paragraph = &self.article.document.paragraphs[index];
        if let Content::Table(_) = paragraph.content {
            let rows = paragraph.prose.text.text.lines();
            let rows = rows.map(|row| row.replace('\t', " | "));
            return Folded::new(&rows.collect::<Vec<_>>().join(" / "))
                .text
                .into();
        }
        match self.folds.paragraphs[index].get() {
            Some(folded) => folded.text.as_str().into(),
            None => fold(paragraph).text.into(),
        }
    }

    /// Lives as long as the texts, which `[]` cannot say.
    pub(super) fn get(self, index: usize) -> &'v Folded {
        let paragraph = &self.article.document.paragraphs[index];
        self.folds.paragraphs[index]
            .get_or_init(|| Box::new(fold(paragraph).in_language(self.folds.language)))
    }
}

/// What is struck out in a source is not its words any more.
fn fold(paragraph: &Paragraph) -> Folded {
    Folded::without(&paragraph.prose.text.text, &paragraph.struck())
}

impl ops::Index<usize> for FoldedArticle<'_> {
    type Output = Folded;

    fn index(&self, index: usize) -> &Folded {
        self.get(index)
    }
}
