//! An article's paragraphs, folded when they are first asked for and kept for the next compilation.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Folded;
use super::denial::Language;
use super::tokens::Index;
use crate::lock::Hash;
use crate::manuscript::Article;
use crate::markdown::{Block, Content, Document, Footnote, Paragraph};

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
    /// What else is of weight in the paragraphs that have more than words, by index; most have nothing.
    besides: OnceLock<BTreeMap<usize, String>>,
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
            besides: OnceLock::new(),
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
    /// else in another column of a table, a caption below another picture, a line of code under another condition, a
    /// definition of another word, any text above another footnote.
    pub(super) fn words(self, index: usize) -> Cow<'v, str> {
        let Some(besides) = self.besides().get(&index) else {
            return self.words_alone(index);
        };
        let words = format!("{} {besides}", self.words_alone(index));
        Folded::new(words.trim_start()).text.into()
    }

    /// The hashes of the paragraphs that have more than words, as locks had them that knew nothing of it; by index.
    pub(super) fn hashes_of_words(self) -> impl Iterator<Item = (usize, Hash)> {
        let more = self.besides().keys().copied();
        more.map(move |index| (index, Hash::of(&self.words_alone(index))))
    }

    fn besides(self) -> &'v BTreeMap<usize, String> {
        let besides = || besides_words(&self.article.document);
        self.folds.besides.get_or_init(besides)
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

/// The images of each paragraph, how deep each line of code stands, where one is indented, the footnotes, and the word that
/// it defines: nothing for most.
fn besides_words(document: &Document) -> BTreeMap<usize, String> {
    let mut defined = BTreeMap::new();
    collect_defined(&document.blocks, &mut defined);
    let all = document.paragraphs.iter().enumerate();
    let besides = all.filter_map(|(index, paragraph)| {
        let mut besides = Vec::new();
        if let Content::Code(_) = paragraph.content {
            besides.push(depths(&paragraph.prose.text.text));
        } else {
            let images = paragraph.images().into_iter();
            besides.extend(images.map(|image| format!("![{}]({})", image.alt, image.url)));
        }
        for mark in paragraph.prose.footnotes() {
            besides.extend(document.footnotes.get(mark.footnote).map(words_of_footnote));
        }
        // Within words a name is known as one.
        besides.extend(defined.get(&index).map(|word| format!("(of {word})")));
        besides.retain(|words| !words.is_empty());
        (!besides.is_empty()).then(|| (index, besides.join(" ")))
    });
    besides.collect()
}

/// The defined words of definition lists, by the paragraph that says first what each is.
fn collect_defined<'d>(blocks: &'d [Block], defined: &mut BTreeMap<usize, &'d str>) {
    for block in blocks {
        match block {
            Block::Definitions(list) => {
                for definition in &list.definitions {
                    if let Some(first) = definition.blocks.iter().find_map(first_paragraph) {
                        defined.insert(first, definition.term.text.text.as_str());
                    }
                    collect_defined(&definition.blocks, defined);
                }
            }
            Block::Quote(quote) => collect_defined(&quote.blocks, defined),
            Block::List(list) => {
                for item in &list.items {
                    collect_defined(item, defined);
                }
            }
            Block::Heading(_)
            | Block::Paragraph(_)
            | Block::Unnumbered(_)
            | Block::Rule
            | Block::Transclusion(_) => {}
        }
    }
}

fn first_paragraph(block: &Block) -> Option<usize> {
    match block {
        Block::Paragraph(index) => Some(*index),
        Block::Quote(quote) => quote.blocks.iter().find_map(first_paragraph),
        Block::List(list) => list.items.iter().flatten().find_map(first_paragraph),
        Block::Definitions(_)
        | Block::Heading(_)
        | Block::Unnumbered(_)
        | Block::Rule
        | Block::Transclusion(_) => None,
    }
}

/// `(words of the note)`
fn words_of_footnote(footnote: &Footnote) -> String {
    let texts = footnote.blocks.iter().filter_map(|block| match block {
        Block::Unnumbered(prose) => Some(prose.text.text.as_str()),
        _ => None,
    });
    format!("({})", texts.collect::<Vec<_>>().join(" "))
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
