//! Where a locator leads.

use std::collections::BTreeSet;

use super::report::no_name;
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::Article;
use crate::reference::{Locator, TITLE};
use crate::source::Span;

/// What a locator leads to.
#[derive(Clone, Default)]
pub(super) struct Located {
    /// The paragraphs in the order in which they are named, each once; none for the title.
    pub(super) paragraphs: Vec<u32>,
    /// Whether it is the title.
    pub(super) of_title: bool,
}

impl Located {
    /// The runs of consecutive paragraphs.
    pub(super) fn runs(&self) -> impl Iterator<Item = &[u32]> {
        self.paragraphs.chunk_by(|one, next| one + 1 == *next)
    }

    /// The paragraphs, whatever their order.
    pub(super) fn numbers(&self) -> BTreeSet<u32> {
        self.paragraphs.iter().copied().collect()
    }

    /// This and another, each paragraph once.
    pub(super) fn with(mut self, other: Located) -> Self {
        let known = self.numbers();
        let more = other.paragraphs.into_iter();
        self.paragraphs
            .extend(more.filter(|number| !known.contains(number)));
        self.of_title |= other.of_title;
        self
    }
}

/// Where a locator leads in an article.
pub(super) fn locate(article: &Article, locator: &Locator) -> Result<Located, Box<Diagnostic>> {
    match locator {
        Locator::Several(parts, _) => {
            let parts = parts.iter().map(|part| locate(article, part));
            parts
                .reduce(|all, part| Ok(all?.with(part?)))
                .unwrap_or_else(|| Ok(Located::default()))
        }
        Locator::Name(name, _) if name == TITLE => Ok(Located {
            paragraphs: Vec::new(),
            of_title: true,
        }),
        Locator::Name(name, span) => match article.document.named(name) {
            Some(paragraph) => present(article, paragraph.number, *span).map(|number| Located {
                paragraphs: vec![number],
                of_title: false,
            }),
            None => Err(Box::new(no_name(article, name, *span))),
        },
        Locator::Paragraphs(ranges, span) => {
            let mut paragraphs = Vec::new();
            let mut known = BTreeSet::new();
            for range in ranges {
                present(article, *range.end(), *span)?;
                for number in range.clone() {
                    if known.insert(present(article, number, *span)?) {
                        paragraphs.push(number);
                    }
                }
            }
            Ok(Located {
                paragraphs,
                of_title: false,
            })
        }
    }
}

/// The number, if the article has such a paragraph and shows it.
pub(super) fn present(article: &Article, number: u32, span: Span) -> Result<u32, Box<Diagnostic>> {
    let count = article.document.paragraphs.len();
    let lint = Lint::UnresolvedParagraph;
    if article.document.paragraph(number).is_none() {
        let message = format!(
            "{} has no paragraph {number} (it has {count})",
            article.named()
        );
        let diagnostic = Diagnostic::new(lint, span, message);
        return Err(Box::new(if count == 0 {
            diagnostic.help("it is a record without a text: cite it as a whole")
        } else {
            diagnostic.help(format!("its paragraphs are ¶1 to ¶{count}"))
        }));
    }
    if article.omits(number) {
        let message = format!(
            "¶{number} of `{}` is left out by `omit` and cannot be cited",
            article.key
        );
        let diagnostic = Diagnostic::new(lint, span, message);
        return Err(Box::new(diagnostic.help(
            "cite another paragraph, or take the number out of the article's `omit`",
        )));
    }
    Ok(number)
}
