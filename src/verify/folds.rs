//! An article's paragraphs, folded when they are first asked for and kept for the next compilation.

use std::borrow::Cow;
use std::ops;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Folded;
use super::denial::Language;
use super::tokens::Index;
use crate::lock::Hash;
use crate::manuscript::Article;
use crate::markdown::{Content, Paragraph};

/// An article is read through for so many searches before its words are indexed, which costs about as much.
const MOST_READINGS: u32 = 64;

/// The folded paragraphs of one article.
#[derive(Debug)]
pub struct Folds {
    /// Boxed, because most are never asked for.
    paragraphs: Box<[OnceLock<Box<Folded>>]>,
    index: OnceLock<Box<Index>>,
    /// How many searches have gone without it.
    readings: AtomicU32,
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
            readings: AtomicU32::new(0),
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

    /// The same for a search; none while reading the paragraphs costs less.
    pub(super) fn index_for_search(self) -> Option<&'v Index> {
        let is_there = self.folds.index.get().is_some();
        let pays = || self.folds.readings.fetch_add(1, Ordering::Relaxed) >= MOST_READINGS;
        (is_there || pays()).then(|| self.index())
    }

    /// The hash of each paragraph's words as the lock keeps them; folding for it alone is not kept.
    pub(super) fn hashes(self) -> &'v [Hash] {
        self.folds.hashes.get_or_init(|| {
            let all = 0..self.folds.paragraphs.len();
            all.map(|index| Hash::of(&self.words(index))).collect()
        })
    }

    /// A paragraph's words as the lock keeps them: folded, and with what else is of weight in it. A number says something
    /// else in another column of a table, a caption below another picture, a line of code under another condition.
    pub(super) fn words(self, index: usize) -> Cow<'v, str> {
        let paragraph = &self.article.document.paragraphs[index];
        let besides = besides_words(paragraph);
        if besides.is_empty() {
            return self.words_alone(index);
        }
        let words = format!("{} {besides}", self.words_alone(index));
        Folded::new(words.trim_start()).text.into()
    }

    /// The hashes of the paragraphs that have more than words, as locks had them that knew nothing of it; by index.
    pub(super) fn hashes_of_words(self) -> impl Iterator<Item = (usize, Hash)> {
        let all = self.article.document.paragraphs.iter().enumerate();
        let more = all.filter(|(_, paragraph)| !besides_words(paragraph).is_empty());
        more.map(move |(index, _)| (index, Hash::of(&self.words_alone(index))))
    }

    fn words_alone(self, index: usize) -> Cow<'v, str> {
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
            None => Folded::words(&paragraph.prose.text.text, &paragraph.struck()),
        }
    }

    /// Lives as long as the texts, which `[]` cannot say.
    pub(super) fn get(self, index: usize) -> &'v Folded {
        let paragraph = &self.article.document.paragraphs[index];
        self.folds.paragraphs[index]
            .get_or_init(|| Box::new(fold(paragraph).in_language(self.folds.language)))
    }
}

/// The images of a paragraph, and how deep each line of code stands, where one is indented: nothing for most.
fn besides_words(paragraph: &Paragraph) -> String {
    if let Content::Code(_) = paragraph.content {
        return depths(&paragraph.prose.text.text);
    }
    let images = paragraph.images().into_iter();
    let images = images.map(|image| format!("![{}]({})", image.alt, image.url));
    images.collect::<Vec<_>>().join(" ")
}

/// `(0 4 8 4)`; nothing where no line is indented.
fn depths(code: &str) -> String {
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let depths: Vec<usize> = lines
        .map(|line| line.len() - line.trim_start().len())
        .collect();
    if depths.iter().all(|depth| *depth == 0) {
        return String::new();
    }
    let depths: Vec<String> = depths.iter().map(usize::to_string).collect();
    format!("({})", depths.join(" "))
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
