//! What a locator that leads nowhere may mean: the paragraph of its quotation, or one of another source.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Verifier;
use super::report::{list, place_of, trust_in_move};
use super::wanted::Wanted;
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::Article;
use crate::reference::Locator;
use crate::source::Text;

/// The article, by index, that alone gives one of its paragraphs a name; none for names in several.
pub(super) type Givers = BTreeMap<String, Option<usize>>;

impl Verifier {
    /// Says of a locator that leads nowhere in an article, by index, what it may mean, by what is quoted there.
    pub(super) fn name_what_is_meant(
        &self,
        index: usize,
        locator: &Locator,
        quotation: Option<&Text>,
        diagnostic: Diagnostic,
    ) -> Diagnostic {
        if diagnostic.lint != Lint::UnresolvedParagraph {
            return diagnostic;
        }
        let Some(quotation) = quotation else {
            return self.name_giver(index, locator, diagnostic);
        };
        let places = self.paragraphs_with(index, &Wanted::plain(&quotation.text));
        match places.as_slice() {
            [] => match self.sole_quoted(Some(index), quotation) {
                Some((article, places)) => {
                    let place = place_of(article, &places);
                    diagnostic.help(format!(
                        "its quotation stands in {place}: cite that, if it is meant"
                    ))
                }
                None => diagnostic,
            },
            [only] if locator.parts().len() == 1 => {
                let meant = written_as(locator, &self.articles[index], *only);
                let diagnostic = Diagnostic {
                    fix: Vec::new(),
                    ..diagnostic
                };
                diagnostic
                    .help(format!("its quotation stands in ¶{only}: write `{meant}`"))
                    .fix(locator.span(), meant)
                    .trusted(trust_in_move(Some(locator), quotation))
            }
            several => diagnostic.help(format!("its quotation stands in {}", list(several))),
        }
    }

    /// Says of a name that no paragraph of an article has in which other article one has it, where that is the only one.
    pub(super) fn name_giver(
        &self,
        index: usize,
        locator: &Locator,
        diagnostic: Diagnostic,
    ) -> Diagnostic {
        let missed = locator
            .names()
            .find(|name| self.articles[index].document.named(name).is_none());
        let givers = self.givers.get_or_init(|| givers(&self.articles));
        let giver = missed.and_then(|name| Some((name, (*givers.get(name)?)?)));
        match giver {
            Some((name, giver)) if diagnostic.fix.is_empty() => {
                let key = &self.articles[giver].key;
                diagnostic.help(format!(
                    "`{key}` has one: cite `{key} ^{name}`, if it is meant"
                ))
            }
            _ => diagnostic,
        }
    }
}

/// A paragraph by its name, where a name was written and it has one, or by its number.
fn written_as(locator: &Locator, article: &Article, number: u32) -> String {
    let name = article
        .document
        .paragraph(number)
        .and_then(|paragraph| paragraph.name.as_deref());
    match (locator, name) {
        (Locator::Name(..), Some((name, _))) => format!("^{name}"),
        _ => format!("¶{number}"),
    }
}

fn givers(articles: &[Arc<Article>]) -> Givers {
    let mut givers = Givers::new();
    for (index, article) in articles.iter().enumerate() {
        let paragraphs = article.document.paragraphs.iter();
        let names = paragraphs.filter_map(|paragraph| paragraph.name.as_deref());
        for (name, _) in names {
            let giver = givers.entry(name.clone()).or_insert(Some(index));
            *giver = giver.filter(|giver| *giver == index);
        }
    }
    givers
}
