//! `![[…]]`: what one document shows of another.

use super::resolve::wiki;
use super::{Book, Destination, Home};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Document;
use crate::reference::{Link, LinkKind, TITLE};
use crate::source::Span;

impl Book {
    /// Whether a link that is shown names an article, whose paragraphs it then cites.
    pub(super) fn names_article(&self, link: &Link) -> bool {
        let name = link.target.text.as_str();
        matches!(link.kind, None | Some(LinkKind::Article))
            && self.names().articles.contains_key(name)
    }
}

/// Where something that is shown leads, unless it is an article's and so a citation.
pub(super) fn destination(
    book: &Book,
    link: &Link,
) -> Result<Option<Destination>, Box<Diagnostic>> {
    if let Some(words) = &link.words {
        let message = "what is shown has no words of its own";
        let help =
            "take out the `|` and what stands behind it, or link it: `[[…]]` without the `!`";
        return Err(invalid(words.whole(), message, help.to_owned()));
    }
    if link.target.text.starts_with('@') {
        let target = link.target.whole();
        let sign = Span {
            end: target.start + 1,
            ..target
        };
        let message = "what is shown is named without an `@`";
        let told = Diagnostic::new(Lint::UnresolvedLink, sign, message);
        return Err(Box::new(told.help("take the `@` out").fix(sign, "")));
    }
    if book.names_article(link) {
        return match &link.locator {
            Some(locator) if locator.names().any(|name| name == TITLE) => Err(invalid(
                link.span,
                "a title is no paragraph that could be shown",
                format!("say which paragraphs: `![[{} ¶1]]`", link.target.text),
            )),
            Some(_) => Ok(None),
            None => Err(invalid(
                link.span,
                "an article is too long to be shown",
                format!("say which paragraphs: `![[{} ¶1]]`", link.target.text),
            )),
        };
    }
    let destination = wiki(book, link)?;
    let home = match &destination {
        Destination::Term(index) => Home::Term(*index),
        Destination::Document(home @ Home::Claim(_), _) => *home,
        Destination::Document(..) | Destination::Heading(..) | Destination::Asset { .. } => {
            return Err(invalid(
                link.span,
                "paragraphs of articles, claims and glossary entries can be shown, and nothing else",
                "link it: `[[…]]` without the `!`".to_owned(),
            ));
        }
    };
    match chain(book, home, link) {
        Some(diagnostic) => Err(Box::new(diagnostic)),
        None => Ok(Some(destination)),
    }
}

/// Reports that what is shown shows something in turn, with the chain.
fn chain(book: &Book, home: Home, link: &Link) -> Option<Diagnostic> {
    let mut names = vec![link.target.text.clone()];
    let mut next = first_shown(book.document(home));
    let inner = next?.span;
    while let Some(link) = next {
        let name = link.target.text.clone();
        let circular = names.contains(&name);
        names.push(name);
        let entry = || match wiki(book, link).ok()? {
            Destination::Term(index) => Some(Home::Term(index)),
            Destination::Document(home @ Home::Claim(_), _) => Some(home),
            Destination::Document(..) | Destination::Heading(..) | Destination::Asset { .. } => {
                None
            }
        };
        next = entry()
            .filter(|_| !circular)
            .and_then(|home| first_shown(book.document(home)));
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("what is shown shows something else: {}", names.join(" → "));
    Some(
        Diagnostic::new(Lint::InvalidTransclusion, link.span, message)
            .related(inner, "shown in turn")
            .help("show the last of them, or link it there"),
    )
}

fn first_shown(document: &Document) -> Option<&Link> {
    let proses = document.proses().into_iter();
    proses
        .map(|(_, prose)| prose)
        .find_map(|prose| prose.shown())
}

fn invalid(span: Span, message: &str, help: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Lint::InvalidTransclusion, span, message).help(help))
}
