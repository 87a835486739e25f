//! Places inside a page that a link names: `#heading`, `#p3`, `#^name`.

use super::{Book, Destination, Home};
use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::markdown::{Block, Document};
use crate::reference::{Slugs, slug};
use crate::source::Span;

/// Where a link's fragment leads on the page of a document; nowhere in particular for one that the page makes itself.
pub(super) fn anchor(
    book: &Book,
    home: Home,
    fragment: &str,
    span: Span,
) -> Result<Option<Destination>, Box<Diagnostic>> {
    if let Home::Comment(index) = home {
        return anchor(book, book.comments[index].on, fragment, span);
    }
    if let Home::Claim(_) | Home::Event(_) = home {
        return Err(missing_heading(fragment, span, &[]));
    }
    if let Home::Term(_) = home {
        let term = book.slugs.iter().position(|slug| slug == fragment);
        return match term {
            Some(term) => Ok(Some(Destination::Term(term))),
            None => Err(missing_heading(fragment, span, &book.slugs)),
        };
    }
    let document = book.document(home);
    let paragraph = match fragment.strip_prefix('^') {
        Some(name) => document.named(name),
        None => number(fragment, 'p').and_then(|number| document.paragraph(number)),
    };
    if let Some(paragraph) = paragraph.filter(|p| !book.omits(home, p.number)) {
        return Ok(Some(Destination::Document(home, Some(paragraph.number))));
    }
    let slugs = heading_slugs(document);
    if slugs.iter().any(|slug| slug == fragment) {
        return Ok(Some(Destination::Heading(home, fragment.to_owned())));
    }
    // The title is the page's own beginning.
    if book
        .front(home)
        .is_some_and(|front| slug(&front.title) == fragment)
    {
        return Ok(Some(Destination::Document(home, None)));
    }
    // Citations and notes are numbered when the page is made.
    let is_made = fragment.is_empty()
        || ['c', 'n', 's']
            .iter()
            .any(|c| number(fragment, *c).is_some());
    if is_made {
        return Ok(None);
    }
    if let Some(number) = number(fragment, '¶') {
        let message = format!("no heading there has the address `#{fragment}`");
        let diagnostic = Diagnostic::new(Lint::MissingHeading, span, message);
        return Err(Box::new(
            diagnostic.help(format!("the address of ¶{number} is `#p{number}`")),
        ));
    }
    Err(match number(fragment, 'p') {
        Some(_) => missing_paragraph(fragment, span, document.paragraphs.len()),
        None => missing_heading(fragment, span, &slugs),
    })
}

fn missing_paragraph(fragment: &str, span: Span, count: usize) -> Box<Diagnostic> {
    let message = format!("no paragraph there has the address `#{fragment}`");
    let diagnostic = Diagnostic::new(Lint::MissingHeading, span, message);
    Box::new(diagnostic.help(format!("its paragraphs are `#p1` to `#p{count}`")))
}

fn missing_heading(fragment: &str, span: Span, slugs: &[String]) -> Box<Diagnostic> {
    let message = format!("no heading there has the address `#{fragment}`");
    let diagnostic = Diagnostic::new(Lint::MissingHeading, span, message);
    Box::new(match nearest(fragment, slugs.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `#{near}`?")),
        None if slugs.is_empty() => diagnostic.help("it has no headings: leave `#…` out"),
        None => {
            let known: Vec<String> = slugs
                .iter()
                .take(8)
                .map(|slug| format!("`#{slug}`"))
                .collect();
            diagnostic.help(format!("its headings are {}", known.join(", ")))
        }
    })
}

fn number(fragment: &str, sign: char) -> Option<u32> {
    fragment.strip_prefix(sign)?.parse().ok()
}

/// The headings' addresses in the order of the page.
fn heading_slugs(document: &Document) -> Vec<String> {
    let headings = headings(document).into_iter();
    headings.map(|(slug, _)| slug).collect()
}

/// The headings in the order of the page, each with its address and its words.
pub(super) fn headings(document: &Document) -> Vec<(String, &str)> {
    let mut slugs = Slugs::default();
    let mut given = Vec::new();
    collect(&document.blocks, &mut slugs, &mut given);
    given
}

fn collect<'d>(blocks: &'d [Block], slugs: &mut Slugs, given: &mut Vec<(String, &'d str)>) {
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                let text = &heading.prose.text.text;
                given.push((slugs.give(heading.id.as_deref().unwrap_or(text)), text));
            }
            Block::Quote(quote) => collect(&quote.blocks, slugs, given),
            Block::List(list) => {
                for item in &list.items {
                    collect(item, slugs, given);
                }
            }
            Block::Definitions(list) => {
                for definition in &list.definitions {
                    collect(&definition.blocks, slugs, given);
                }
            }
            Block::Paragraph(_) | Block::Unnumbered(_) | Block::Transclusion(_) | Block::Rule => {}
        }
    }
}
