//! What the book rests on: how much of it cites, and claims whose evidence is thinner than it looks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Book, Home, Note};
use crate::annotation::{Bearing, Claim, Confidence};
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::Article;
use crate::markdown::{Block, Content, Document, Paragraph, Prose};
use crate::reference::When;
use crate::source::Span;

/// How much of a book rests on its sources: so many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Coverage {
    /// The chapters' paragraphs that cite.
    pub paragraphs: (usize, usize),
    /// The claims that a source supports.
    pub claims: (usize, usize),
    /// The sources that nothing cites and nothing comments on.
    pub unused: (usize, usize),
}

impl Book {
    /// How much of the book rests on its sources.
    pub fn coverage(&self) -> Coverage {
        let chapters = self.chapters.iter();
        let uncited = chapters
            .clone()
            .map(|one| uncited(&one.document).len())
            .sum::<usize>();
        let citing = chapters.flat_map(|one| one.document.paragraphs.iter().filter(|p| states(p)));
        let citing = citing.count();
        let claims = 0..self.claims.len();
        let commented: BTreeSet<Home> = self.comments.iter().map(|one| one.on).collect();
        let unused = |article: &usize| {
            self.citing_sources[*article].is_empty()
                && !commented.contains(&Home::Article(*article))
        };
        Coverage {
            paragraphs: (citing - uncited, citing),
            claims: (
                claims.filter(|claim| self.is_supported(*claim)).count(),
                self.claims.len(),
            ),
            unused: (
                (0..self.articles.len()).filter(unused).count(),
                self.articles.len(),
            ),
        }
    }

    /// Whether a source says what a claim says, by its evidence or by what its text cites.
    fn is_supported(&self, claim: usize) -> bool {
        let supports = |note: &Note| matches!(note.bearing, None | Some(Bearing::Supports));
        let mut notes = self.notes_of(Home::Claim(claim)).iter();
        notes.any(|note| supports(note) && note.cited.iter().any(|cited| cited.source().is_some()))
    }

    /// Whether each citation by which sources bear on a claim leads somewhere.
    fn is_all_found(&self, claim: usize, bearing: Bearing) -> bool {
        let evidence = self.claims[claim].evidence.iter();
        let written = evidence.filter(|(own, _)| *own == bearing).count();
        let notes = self.notes_of(Home::Claim(claim)).iter();
        let found = notes.filter(|note| note.bearing == Some(bearing));
        found.map(|note| note.cited.len()).sum::<usize>() == written
    }

    /// The sources that support a claim, each with the place of its first citation, in the order of the places.
    fn supports(&self, claim: usize) -> Vec<(usize, Span)> {
        let mut sources = BTreeMap::new();
        let notes = self.notes_of(Home::Claim(claim)).iter();
        for note in notes.filter(|note| note.bearing == Some(Bearing::Supports)) {
            for cited in &note.cited {
                if let Some(source) = cited.source() {
                    sources.entry(source).or_insert(cited.span());
                }
            }
        }
        let mut sources: Vec<(usize, Span)> = sources.into_iter().collect();
        sources.sort_by_key(|(_, span)| *span);
        sources
    }
}

/// A paragraph that states something: words that do not only lead on to what follows.
fn states(paragraph: &Paragraph) -> bool {
    let text = paragraph.prose.text.text.trim();
    match paragraph.content {
        Content::Running | Content::Table(_) => {
            text.contains(char::is_alphabetic) && !text.ends_with([':', '：'])
        }
        Content::Code { .. } | Content::Image(_) => false,
    }
}

/// The paragraphs that state something and cite nothing, neither themselves nor by a footnote or the end of a block
/// quote.
fn uncited(document: &Document) -> Vec<&Paragraph> {
    let mut quoted = BTreeSet::new();
    collect_quoted(&document.blocks, false, &mut quoted);
    let paragraphs = document.paragraphs.iter().enumerate();
    let bare = paragraphs.filter(|(index, paragraph)| {
        let prose = &paragraph.prose;
        let cites = !prose.citations().is_empty() || quoted.contains(index);
        states(paragraph) && !cites && !has_citing_footnote(document, prose)
    });
    bare.map(|(_, paragraph)| paragraph).collect()
}

/// The paragraphs of block quotes that end with a citation.
fn collect_quoted(blocks: &[Block], within: bool, quoted: &mut BTreeSet<usize>) {
    let ends_with_citation = |blocks: &[Block]| match blocks.last() {
        Some(Block::Unnumbered(prose)) => !prose.citations().is_empty(),
        _ => false,
    };
    for block in blocks {
        match block {
            Block::Paragraph(index) if within => {
                quoted.insert(*index);
            }
            Block::Quote(blocks) => {
                collect_quoted(blocks, within || ends_with_citation(blocks), quoted);
            }
            Block::List { items, .. } => {
                for item in items {
                    collect_quoted(item, within, quoted);
                }
            }
            Block::Definitions(definitions) => {
                for definition in definitions {
                    collect_quoted(&definition.blocks, within, quoted);
                }
            }
            Block::Paragraph(_)
            | Block::Heading(_)
            | Block::Unnumbered(_)
            | Block::Rule
            | Block::Transclusion(_) => {}
        }
    }
}

fn has_citing_footnote(document: &Document, prose: &Prose) -> bool {
    let footnotes = prose.footnotes().iter();
    let mut footnotes = footnotes.map(|mark| &document.footnotes[mark.footnote]);
    footnotes.any(|footnote| {
        let mut proses = document.proses_in(&footnote.blocks).into_iter();
        proses.any(|(_, prose)| !prose.citations().is_empty())
    })
}

/// Chapters' paragraphs that cite nothing.
pub(super) fn uncited_paragraphs(book: &Book) -> Vec<Diagnostic> {
    let chapters = book.chapters.iter();
    let bare = chapters.flat_map(|chapter| uncited(&chapter.document));
    bare.map(|paragraph| {
        let message = format!("¶{} cites nothing", paragraph.number);
        Diagnostic::new(
            Lint::UncitedParagraph,
            paragraph.prose.text.whole(),
            message,
        )
        .help("cite a source, `[@key, ¶N]`, or mark your own judgement, `[@self]`")
    })
    .collect()
}

/// Claims of high confidence that one publication alone supports.
pub(super) fn single_sources(book: &Book) -> Vec<Diagnostic> {
    let sure = |claim: &Claim| claim.confidence == Some(Confidence::High);
    let claims = book.claims.iter().enumerate();
    claims
        .filter(|(index, claim)| sure(claim) && book.is_all_found(*index, Bearing::Supports))
        .filter_map(|(index, claim)| {
            let sources = book.supports(index);
            let mut publications = BTreeMap::new();
            for (source, _) in sources {
                let name = publication(&book.articles[source]);
                publications.entry(folded(name)).or_insert(name);
            }
            let (_, only) = publications
                .first_key_value()
                .filter(|_| publications.len() == 1)?;
            let message = format!(
                "the claim `{}` has high confidence and rests on “{only}” alone",
                claim.key.text
            );
            let help = "cite another publication that supports it, or lower the confidence";
            let diagnostic = Diagnostic::new(Lint::SingleSource, claim.key.whole(), message);
            Some(diagnostic.help(help))
        })
        .collect()
}

/// Where an article was published: its publication, else the host of its address, else itself.
fn publication(article: &Article) -> &str {
    let front = &article.front;
    let host = || {
        let (_, rest) = front.url.as_deref()?.split_once("//")?;
        rest.split(['/', '?', '#']).next()
    };
    let named = front.publication.as_deref().map(str::trim);
    named.or_else(host).unwrap_or(&article.key)
}

/// A publication's name as it is compared: in lower case, its words one space apart; of a host no `www.` and no port.
fn folded(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ").to_lowercase();
    let host = name.strip_prefix("www.").unwrap_or(&name);
    let port = |(_, port): &(&str, &str)| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = host
        .rsplit_once(':')
        .filter(port)
        .map_or(host, |(host, _)| host);
    host.to_owned()
}

/// Claims that are supported by sources of one origin, as if they were several.
pub(super) fn circular_sources(book: &Book) -> Vec<Diagnostic> {
    let by_name = book.articles.iter().flat_map(|article| {
        let aliases = article.front.aliases.iter();
        let names = aliases.map(|alias| alias.text.as_str());
        let names = names.chain([article.key.as_str()]);
        names.map(move |name| (name, &**article))
    });
    let by_name: BTreeMap<&str, &Article> = by_name.collect();
    let mut diagnostics = Vec::new();
    for (index, claim) in book.claims.iter().enumerate() {
        let mut seen: BTreeMap<&str, (&Article, Span)> = BTreeMap::new();
        for (source, span) in book.supports(index) {
            let article = &*book.articles[source];
            let chain = origins(article, &by_name);
            let known = chain
                .iter()
                .find_map(|origin| Some((*origin, *seen.get(origin)?)));
            if let Some((origin, (other, place))) = known {
                diagnostics.push(circular(claim, article, other, origin, span, place));
            }
            for origin in chain {
                seen.entry(origin).or_insert((article, span));
            }
        }
    }
    diagnostics
}

/// An article's key, that of the source that it repeats, and so on.
fn origins<'b>(article: &'b Article, by_name: &BTreeMap<&str, &'b Article>) -> Vec<&'b str> {
    let mut chain = vec![article.key.as_str()];
    let mut next = article.front.origin.as_deref();
    while let Some(origin) = next {
        let known = by_name.get(origin);
        let origin = known.map_or(origin, |article| article.key.as_str());
        if chain.contains(&origin) {
            break;
        }
        chain.push(origin);
        next = known.and_then(|article| article.front.origin.as_deref());
    }
    chain
}

fn circular(
    claim: &Claim,
    article: &Article,
    other: &Article,
    origin: &str,
    span: Span,
    place: Span,
) -> Diagnostic {
    let (one, two) = (&article.key, &other.key);
    let how = if origin == one {
        format!("`{two}` repeats `{one}`")
    } else if origin == two {
        format!("`{one}` repeats `{two}`")
    } else {
        format!("`{one}` and `{two}` both repeat `{origin}`")
    };
    let message = format!(
        "the claim `{}` counts one source twice: {how}",
        claim.key.text
    );
    Diagnostic::new(Lint::CircularSource, span, message)
        .related(place, "the same source")
        .help("cite the origin alone, or an independent source")
}

/// Sources that were read longer before the book's date than it allows.
pub(super) fn stale_sources(book: &Book) -> Vec<Diagnostic> {
    let config = &book.config;
    let today = config
        .book
        .date
        .as_deref()
        .and_then(When::parse)
        .and_then(When::day_number);
    let (Some(limit), Some(today)) = (config.stale_after, today) else {
        return Vec::new();
    };
    let articles = book.articles.iter();
    articles
        .filter_map(|article| {
            let read = article.front.accessed?.day_number()?;
            let age = today - read;
            let message = format!(
                "`{}` was read {age} days before the book's date, and the book allows {limit}",
                article.key
            );
            let diagnostic =
                Diagnostic::maybe_at(Lint::StaleSource, article.front.accessed_at, message);
            let help = "read it again, correct what has changed, and write the new `accessed`";
            (age > i64::from(limit)).then(|| diagnostic.help(help))
        })
        .collect()
}
