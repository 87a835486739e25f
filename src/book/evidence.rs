//! What the book rests on: how much of it cites, and claims whose evidence is thinner than it looks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Book, Home, Note};
use crate::annotation::{Bearing, Claim, Confidence, cited_in};
use crate::diagnostic::{Diagnostic, Lint};
use crate::manuscript::Article;
use crate::markdown::{Content, Document, Paragraph, Prose};
use crate::reference::When;
use crate::source::Span;
use crate::verify::{Cited, Folded, block_quoted};

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
        let mut cited = self.supporting(claim);
        cited.any(|cited| cited.source().is_some())
    }

    /// The citations that support a claim: those of its evidence, and of its text.
    fn supporting(&self, claim: usize) -> impl Iterator<Item = &Cited> {
        let notes = self.notes_of(Home::Claim(claim)).iter();
        let supports = |note: &&Arc<Note>| matches!(note.bearing, None | Some(Bearing::Supports));
        notes.filter(supports).flat_map(|note| &note.cited)
    }

    /// Whether each citation that supports a claim leads somewhere.
    fn is_all_found(&self, claim: usize) -> bool {
        let own = &self.claims[claim];
        let evidence = own.evidence.iter();
        let evidence = evidence.filter(|(bearing, _)| *bearing == Bearing::Supports);
        let written = evidence.count() + cited_in(&own.text).len();
        self.supporting(claim).count() == written
    }

    /// The sources that support a claim, each with the place of its first citation, in the order of the places.
    fn supports(&self, claim: usize) -> Vec<(usize, Span)> {
        let mut sources = BTreeMap::new();
        for cited in self.supporting(claim) {
            if let Some(source) = cited.source() {
                sources.entry(source).or_insert(cited.span());
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
        Content::Code(_) | Content::Image(_) => false,
    }
}

/// The paragraphs that state something and cite nothing, neither themselves nor by a footnote or the end of a block
/// quote.
fn uncited(document: &Document) -> Vec<&Paragraph> {
    let quoted = block_quoted(document, |_| true);
    let paragraphs = document.paragraphs.iter().enumerate();
    let bare = paragraphs.filter(|(index, paragraph)| {
        let prose = &paragraph.prose;
        let cites = !prose.citations().is_empty() || quoted.contains(index);
        states(paragraph) && !cites && !has_citing_footnote(document, prose)
    });
    bare.map(|(_, paragraph)| paragraph).collect()
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

/// Whether anything is said to support a claim, its author's own judgement among it.
fn has_support(claim: &Claim) -> bool {
    let mut evidence = claim.evidence.iter();
    evidence.any(|(bearing, _)| *bearing == Bearing::Supports)
}

/// Claims of high confidence that one publication alone supports, or none.
pub(super) fn single_sources(book: &Book) -> Vec<Diagnostic> {
    let sure = |claim: &Claim| claim.confidence == Some(Confidence::High);
    let claims = book.claims.iter().enumerate();
    claims
        .filter(|(index, claim)| sure(claim) && book.is_all_found(*index))
        .filter_map(|(index, claim)| {
            let sources = book.supports(index);
            let mut publications = BTreeMap::new();
            for (source, _) in sources {
                let (folded, name) = publication(&book.articles[source]);
                publications.entry(folded).or_insert(name);
            }
            let mut publications = publications.into_values();
            let (what, help) = match (publications.next(), publications.next()) {
                (Some(only), None) => (
                    format!("“{only}” alone"),
                    "cite another publication that supports it, or lower the confidence",
                ),
                (None, _) if !has_support(claim) && claim.text.citations().is_empty() => (
                    "nothing".to_owned(),
                    "say what supports it, `supports: key ¶N`, or that it is your own judgement: `supports: self`",
                ),
                _ => return None,
            };
            let message = format!(
                "the claim `{}` has high confidence and rests on {what}",
                claim.key.text
            );
            let diagnostic = Diagnostic::new(Lint::SingleSource, claim.key.whole(), message);
            Some(diagnostic.help(help))
        })
        .collect()
}

/// Where an article was published, as it is compared and as it is written: its publication, else the host of its
/// address, else itself.
fn publication(article: &Article) -> (String, &str) {
    let front = &article.front;
    let host = || {
        let (_, rest) = front.url.as_deref()?.split_once("//")?;
        rest.split(['/', '?', '#']).next()
    };
    if let Some(name) = front.publication.as_deref().map(str::trim) {
        return (folded(name), name);
    }
    let host = host().map(|host| (bare(host), host));
    host.unwrap_or_else(|| (folded(&article.key), &article.key))
}

/// A publication's name as it is compared: as quotations are, in lower case, without an article before it or a full
/// stop behind it.
fn folded(name: &str) -> String {
    let name = Folded::new(name).text.to_lowercase();
    let name = name.trim_end_matches('.').trim();
    name.strip_prefix("the ").unwrap_or(name).to_owned()
}

/// A host without `www.` and its port.
fn bare(host: &str) -> String {
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let (host, _) = host.split_once(':').unwrap_or((host, ""));
    host.to_owned()
}

/// Articles by the IDs that they have and had.
fn by_name(book: &Book) -> BTreeMap<&str, &Article> {
    let by_name = book.articles.iter().flat_map(|article| {
        let aliases = article.front.aliases.iter();
        let names = aliases.map(|alias| alias.text.as_str());
        let names = names.chain([article.key.as_str()]);
        names.map(move |name| (name, &**article))
    });
    by_name.collect()
}

/// The source that another one repeats, if the book has it.
fn origin<'b>(article: &Article, by_name: &BTreeMap<&str, &'b Article>) -> Option<&'b Article> {
    by_name.get(article.front.origin.as_deref()?).copied()
}

/// Sources that repeat themselves, or each other in a ring.
pub(super) fn own_origins(book: &Book) -> Vec<Diagnostic> {
    let rings = rings(book, &by_name(book));
    rings.iter().filter_map(|ring| own_origin(ring)).collect()
}

/// The rings of sources that repeat each other, each once.
fn rings<'b>(book: &'b Book, by_name: &BTreeMap<&str, &'b Article>) -> Vec<Vec<&'b Article>> {
    let mut seen = BTreeSet::new();
    let mut rings = Vec::new();
    for article in &book.articles {
        let mut walk: Vec<&Article> = Vec::new();
        let mut next = Some(&**article);
        while let Some(article) = next.filter(|article| seen.insert(article.key.as_str())) {
            walk.push(article);
            next = origin(article, by_name);
        }
        let came_back = |back: &Article| walk.iter().position(|one| one.key == back.key);
        rings.extend(next.and_then(came_back).map(|from| walk.split_off(from)));
    }
    rings
}

fn own_origin(ring: &[&Article]) -> Option<Diagnostic> {
    let (first, others) = ring.split_first()?;
    let key = &first.key;
    let chain: Vec<String> = others.iter().map(|one| format!("`{}`", one.key)).collect();
    let message = if chain.is_empty() {
        format!("`{key}` repeats itself")
    } else {
        let chain = chain.join(", which repeats ");
        format!("`{key}` repeats {chain}, which repeats `{key}`")
    };
    let diagnostic = Diagnostic::maybe_at(Lint::InvalidValue, first.front.origin_at, message);
    Some(
        diagnostic.help(
            "`origin` is what a source was taken from: the one that was there first has none",
        ),
    )
}

/// Claims that are supported by sources of one origin, as if they were several.
pub(super) fn circular_sources(book: &Book) -> Vec<Diagnostic> {
    let by_name = by_name(book);
    let rings = rings(book, &by_name).into_iter().flatten();
    // Nobody knows which of them was there first.
    let ringed: BTreeSet<&str> = rings.map(|article| article.key.as_str()).collect();
    let mut diagnostics = Vec::new();
    for (index, claim) in book.claims.iter().enumerate() {
        let mut seen: BTreeMap<&str, (&Article, Span)> = BTreeMap::new();
        for (source, span) in book.supports(index) {
            let article = &*book.articles[source];
            let mut chain = origins(article, &by_name);
            if ringed.contains(chain[0]) {
                chain.truncate(1);
            }
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

/// Sources that were read longer before the book's date than it allows; of dates that are not exact the days that are
/// nearest to each other count.
pub(super) fn stale_sources(book: &Book) -> Vec<Diagnostic> {
    let config = &book.config;
    let today = config.book.date.as_deref().and_then(When::parse);
    let (Some(limit), Some(today)) = (config.stale_after, today) else {
        return Vec::new();
    };
    let articles = book.articles.iter();
    articles
        .filter_map(|article| {
            let read = article.front.accessed?;
            let age = today.first_day_number()? - read.last_day_number()?;
            let ends = today.last_day_number().zip(read.first_day_number());
            let is_exact = ends.is_some_and(|(last, first)| last - first == age);
            let least = if is_exact { "" } else { "at least " };
            let message = format!(
                "`{}` was read {least}{age} days before the book's date, and the book allows {limit}",
                article.key
            );
            let diagnostic =
                Diagnostic::maybe_at(Lint::StaleSource, article.front.accessed_at, message);
            let help = "read it again, correct what has changed, and write the new `accessed`";
            (age > i64::from(limit)).then(|| diagnostic.help(help))
        })
        .collect()
}
