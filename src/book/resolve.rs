//! Where links lead: `[[…]]`, links to files of the book, images.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Known, Lint};
use crate::manuscript::without_order;
use crate::markdown::{Content, Document, Inline, is_external, visit};
use crate::reference::{Citation, Link, LinkKind, Locator};
use crate::source::{FileId, Size, Sources, Span};

use super::{Book, HANDFUL, Home, anchors, shown};

/// Where a link inside the book leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Destination {
    /// A glossary entry.
    Term(usize),
    /// A chapter or an article, or a paragraph of it.
    Document(Home, Option<u32>),
    /// A heading of a chapter or an article, by its address there.
    Heading(Home, String),
    /// A file that is copied.
    Asset {
        /// Its path below the texts' folder.
        path: String,
        /// An image's size, if its file says so.
        size: Option<Size>,
    },
}

/// The links of one document: where each of them leads, and what is wrong.
#[derive(Default)]
struct Resolved {
    links: Vec<(Span, Destination)>,
    files: Vec<(Span, Destination)>,
    diagnostics: Vec<Diagnostic>,
}

/// What links are looked up in.
struct Shelf<'b> {
    book: &'b Book,
    sources: &'b Sources,
    files: OnceLock<Files<'b>>,
}

/// The book's files by their own names, for links that miss them.
struct Files<'b> {
    /// The first path of each name.
    paths: BTreeMap<&'b str, &'b str>,
    names: Known,
}

impl<'b> Shelf<'b> {
    fn files(&self) -> &Files<'b> {
        self.files.get_or_init(|| {
            let src = self.book.config.book.src.as_str();
            let texts = self.sources.files().map(|(_, file)| file.path.as_str());
            let assets = self.sources.assets().keys().map(String::as_str);
            let mut paths = BTreeMap::new();
            for path in texts.chain(assets).filter(|path| path.starts_with(src)) {
                paths.entry(own_name(path)).or_insert(path);
            }
            let names = Known::new(paths.keys().map(|name| (*name).to_owned()));
            Files { paths, names }
        })
    }
}

fn own_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Looks up every link of the book; reports those that lead nowhere.
pub(super) fn links(book: &mut Book, sources: &Sources) -> Vec<Diagnostic> {
    let homes = book.homes();
    let shelf = Shelf {
        book,
        sources,
        files: OnceLock::new(),
    };
    let resolved: Vec<Resolved> = homes
        .par_iter()
        .with_max_len(HANDFUL)
        .map(|home| links_of(*home, &shelf))
        .collect();
    let mut diagnostics = Vec::new();
    for mut document in resolved {
        book.links.extend(document.links);
        book.files.extend(document.files);
        diagnostics.append(&mut document.diagnostics);
    }
    diagnostics
}

fn links_of(home: Home, shelf: &Shelf<'_>) -> Resolved {
    let book = shelf.book;
    let document = book.document(home);
    let mut resolved = Resolved::default();
    if !document.links {
        return resolved;
    }
    for (_, prose) in document.proses() {
        if let Some(link) = prose.shown() {
            match shown::destination(book, link) {
                Ok(found) => resolved.links.extend(found.map(|found| (link.span, found))),
                Err(diagnostic) => resolved.diagnostics.push(*diagnostic),
            }
            continue;
        }
        for link in prose.links() {
            let destination = match (wiki(book, link), &link.locator) {
                (Ok(Destination::Document(home, _)), Some(locator)) => {
                    let (found, mut problems) = pinpoint(book, home, locator);
                    resolved.diagnostics.append(&mut problems);
                    found
                }
                (Ok(destination), _) => Some(destination),
                (Err(diagnostic), _) => {
                    resolved.diagnostics.push(*diagnostic);
                    None
                }
            };
            resolved.links.extend(destination.map(|to| (link.span, to)));
        }
    }
    let cited: HashMap<Span, &Citation> = document
        .proses()
        .into_iter()
        .flat_map(|(_, prose)| prose.files())
        .map(|citation| (citation.span, citation))
        .collect();
    for inlines in inlines_of(document) {
        local(inlines, &mut |url, span, image| {
            let cited = cited.get(&span);
            let followed = cited.and_then(|cited| followed(shelf, home, url, cited));
            if let Some((destination, mut problems)) = followed {
                resolved.files.push((span, destination));
                resolved.diagnostics.append(&mut problems);
                return;
            }
            match file(shelf, home, url, span, image) {
                Ok(Some(destination)) => {
                    if image {
                        resolved
                            .diagnostics
                            .extend(unsized_image(&destination, span));
                    }
                    resolved.files.push((span, destination));
                }
                Ok(None) => {}
                Err(diagnostic) => {
                    // A heading that is missed does not cost the link to its page.
                    if diagnostic.lint == Lint::MissingHeading {
                        let page = url.split('#').next().unwrap_or_default();
                        let page = file(shelf, home, page, span, image).ok().flatten();
                        resolved.files.extend(page.map(|page| (span, page)));
                    }
                    resolved.diagnostics.push(*diagnostic);
                }
            }
        });
    }
    resolved
}

/// All running text of a document, a table's cells among it.
fn inlines_of(document: &Document) -> Vec<&[Inline]> {
    let mut all: Vec<&[Inline]> = document
        .proses()
        .into_iter()
        .map(|(_, prose)| &*prose.inlines)
        .collect();
    for paragraph in &document.paragraphs {
        if let Content::Table(table) = &paragraph.content {
            all.extend(table.cells());
        }
    }
    all
}

/// Visits links and images that name no other site.
fn local(inlines: &[Inline], see: &mut impl FnMut(&str, Span, bool)) {
    visit(inlines, &mut |inline| {
        if let Inline::Link(link) = inline
            && !is_external(&link.url)
        {
            see(&link.url, link.span, false);
        }
        if let Inline::Image(image) = inline {
            see(&image.url, image.span, true);
        }
    });
}

/// What a link names; the paragraph that it may name as well is looked up by `pinpoint`.
pub(super) fn wiki(book: &Book, link: &Link) -> Result<Destination, Box<Diagnostic>> {
    let name = link.target.text.as_str();
    let by = |kind| link.kind.is_none() || link.kind == Some(kind);
    let term = || {
        book.term(name)
            .filter(|_| by(LinkKind::Term) && link.locator.is_none())
    };
    if let Some(term) = term() {
        return Ok(Destination::Term(term));
    }
    let names = book.names();
    let bearer =
        |named: &HashMap<String, usize>, kind| named.get(name).copied().filter(|_| by(kind));
    let chapter = |named| bearer(named, LinkKind::Chapter).map(Home::Chapter);
    let article = |named| bearer(named, LinkKind::Article).map(Home::Article);
    let claim = || {
        let claim = bearer(&names.claims, LinkKind::Claim).map(Home::Claim);
        claim.filter(|_| link.locator.is_none())
    };
    let home = chapter(&names.chapters)
        .or_else(|| article(&names.articles))
        .or_else(claim)
        .or_else(|| chapter(&names.titled_chapters))
        .or_else(|| article(&names.titled_articles));
    match home {
        Some(home) => Ok(Destination::Document(home, None)),
        None => Err(Box::new(unresolved(book, link))),
    }
}

/// Where a link leads that names a chapter or an article, and a paragraph of it.
fn pinpoint(book: &Book, home: Home, locator: &Locator) -> (Option<Destination>, Vec<Diagnostic>) {
    let (found, diagnostics) = match home {
        Home::Article(index) => book.verifier.pinpoint(index, locator),
        Home::Chapter(index) => book.passable(index).pinpoint(0, locator),
        Home::Comment(_) | Home::Claim(_) | Home::Event(_) | Home::Term(_) => {
            return (Some(Destination::Document(home, None)), Vec::new());
        }
    };
    let paragraph = found.map(|cited| cited.paragraphs().first().copied());
    let destination = paragraph.map(|paragraph| Destination::Document(home, paragraph));
    (destination, diagnostics)
}

/// Where a link to an article's file leads that names a paragraph, and what has become of that; none where it leads to
/// no article, and where the paragraph never was: then it is missed as a heading is.
fn followed(
    shelf: &Shelf<'_>,
    home: Home,
    url: &str,
    cited: &Citation,
) -> Option<(Destination, Vec<Diagnostic>)> {
    let page = url.split('#').next().unwrap_or_default();
    let page = file(shelf, home, page, cited.span, false).ok()??;
    let Destination::Document(article @ Home::Article(_), None) = page else {
        return None;
    };
    let (found, problems) = pinpoint(shelf.book, article, cited.locator.as_ref()?);
    let never_was = |problem: &Diagnostic| problem.lint == Lint::UnresolvedParagraph;
    let is_known = !problems.iter().any(never_was);
    is_known.then(|| (found.unwrap_or(page), problems))
}

fn unresolved(book: &Book, link: &Link) -> Diagnostic {
    let name = link.target.text.as_str();
    let place = link.target.whole();
    if name.starts_with('@') {
        let message = "a citation stands between single brackets";
        return Diagnostic::new(Lint::UnresolvedLink, link.span, message)
            .help("take one bracket away on each side");
    }
    if let Some((key, _)) = book.renamed(name) {
        let message = format!("`{name}` is no term, chapter, article or claim of the book");
        let diagnostic = Diagnostic::new(Lint::UnresolvedLink, place, message);
        return book.verifier().renamed(diagnostic, place, name, key);
    }
    let kind = link.kind.map_or("", LinkKind::prefix);
    let message = match link.kind {
        None => format!("`{name}` is no term, chapter, article or claim of the book"),
        Some(kind) => format!("`{name}` is no {} of the book", kind.name()),
    };
    let diagnostic = Diagnostic::new(Lint::UnresolvedLink, place, message);
    if name.is_empty() {
        return diagnostic
            .help("write what it leads to before the `|`, or `\\[[` for the brackets themselves");
    }
    if let Some(what) = book.without_page(name) {
        let message = format!("`{name}` is {what}, which has no page to lead to");
        return Diagnostic::new(Lint::UnresolvedLink, place, message)
            .help("link what it is on or cites, or take the brackets out");
    }
    let is_known = |name: &str| book.names().has(name, link.kind);
    if link.locator.is_some() && is_known(name) {
        let message = format!("`{name}` has no paragraphs that a link could lead to");
        return Diagnostic::new(Lint::UnresolvedLink, link.span, message)
            .help(format!("write `[[{kind}{name}]]`"));
    }
    let of_file = name.rsplit('/').next().unwrap_or(name);
    let (of_file, place_there) = of_file.split_once('#').unwrap_or((of_file, ""));
    let bare = without_order(of_file.strip_suffix(".md").unwrap_or(of_file));
    if bare != name && is_known(bare) {
        let number = place_there.strip_prefix('p').unwrap_or_default();
        let place = if number.parse::<u32>().is_ok() {
            format!(" ¶{number}")
        } else if place_there.starts_with('^') {
            format!(" {place_there}")
        } else {
            String::new()
        };
        return diagnostic.help(format!("write `[[{kind}{bare}{place}]]`"));
    }
    if let Some(words) = &link.words
        && is_known(&words.text)
    {
        return diagnostic.help(format!(
            "what is linked stands first: `[[{}|{name}]]`",
            words.text
        ));
    }
    if let Some((key, place)) = name.rsplit_once(' ')
        && let number = place.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '.')
        && number.parse::<u32>().is_ok()
        && is_known(key)
    {
        return diagnostic.help(format!("write `[[{kind}{key} ¶{number}]]`"));
    }
    if let Some((_, rest)) = name.split_once(':')
        && is_known(rest.trim())
    {
        let rest = rest.trim();
        let kinds = "the kinds are `term:`, `chapter:`, `article:` and `claim:`";
        return diagnostic.help(format!("write `[[{rest}]]`; {kinds}"));
    }
    match book.names().nearest(book, name, link.kind) {
        Some(near) => diagnostic
            .help(format!("did you mean `[[{kind}{near}]]`?"))
            .fix(place, near),
        None => diagnostic.help("write `\\[[` where the brackets themselves are meant"),
    }
}

/// Where a link to a file leads: a page of the book, or a file that is copied.
fn file(
    shelf: &Shelf<'_>,
    home: Home,
    url: &str,
    span: Span,
    image: bool,
) -> Result<Option<Destination>, Box<Diagnostic>> {
    let Shelf { book, sources, .. } = *shelf;
    if is_external(url) {
        return if image {
            Err(Box::new(remote(span)))
        } else {
            Ok(None)
        };
    }
    let src = book.config.book.src.as_str();
    let (name, fragment) = url.split_once('#').unwrap_or((url, ""));
    let fragment = percent_decoded(fragment);
    if name.is_empty() {
        return anchors::anchor(book, home, &fragment, span);
    }
    let name = percent_decoded(name.split('?').next().unwrap_or_default());
    let own = &sources.file(span.file).path;
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let candidates = [joined(folder, &name), joined(src, &name)];
    for path in candidates.into_iter().flatten() {
        if let Some(asset) = sources.assets().get(&path) {
            let below = path
                .strip_prefix(src)
                .unwrap_or(&path)
                .trim_start_matches('/');
            return Ok(Some(Destination::Asset {
                path: below.to_owned(),
                size: asset.size,
            }));
        }
        let file = sources.find(&path);
        if let Some(home) = file.and_then(|file| book.names().files.get(&file).copied()) {
            if image {
                let message = format!("`{url}` is a text of the book, and no image");
                let diagnostic = Diagnostic::new(Lint::MissingFile, span, message);
                return Err(Box::new(diagnostic.help(
                    "take the `!` out, which makes an image of a link; `![[id ¶3]]` shows a text's paragraph",
                )));
            }
            let place = anchors::anchor(book, home, &fragment, span)?;
            return Ok(Some(place.unwrap_or(Destination::Document(home, None))));
        }
        // What cannot be read has its own error.
        if file.is_some_and(|file| sources.file(file).fault.is_some()) {
            return Ok(None);
        }
    }
    Err(Box::new(missing_file(shelf, url, &name, span)))
}

fn missing_file(shelf: &Shelf<'_>, url: &str, name: &str, span: Span) -> Diagnostic {
    let src = shelf.book.config.book.src.as_str();
    let message = format!("the book has no file `{url}`");
    let diagnostic = Diagnostic::new(Lint::MissingFile, span, message);
    let files = shelf.files();
    let own = shelf.sources.file(span.file).path.as_str();
    let fragment = url.find('#').map_or("", |at| &url[at..]);
    if let Some((old, file)) = own_name(name)
        .strip_suffix(".md")
        .and_then(|old| Some((old, shelf.book.renamed(without_order(old))?.1)))
    {
        return renamed_file(shelf, diagnostic, span, old, file);
    }
    if url.contains('\\') {
        return diagnostic.help(format!("write `{}`", url.replace('\\', "/")));
    }
    if let Some(link) = as_link(shelf, url, span) {
        return diagnostic.help(format!("write `{link}`")).fix(span, link);
    }
    if let Some(path) = files.paths.get(own_name(name)) {
        return diagnostic.help(format!("write `{}{fragment}`", path_from(own, path)));
    }
    let near = files.names.nearest(own_name(name));
    let near = near.and_then(|(_, near)| files.paths.get(near));
    match near {
        Some(path) => {
            let path = path_from(own, path);
            diagnostic.help(format!("did you mean `{path}{fragment}`?"))
        }
        None if name.rsplit('.').next() == Some("md") => {
            diagnostic.help("write the file's name as it is, from this text's own folder")
        }
        None if name.rsplit('.').next() == Some("html") => {
            diagnostic.help("a page is linked by the file of its text, which ends in `.md`")
        }
        None if name.starts_with("www.") => diagnostic.help(format!(
            "an address begins with its scheme: write `https://{url}`"
        )),
        None => diagnostic.help(format!("put it below `{src}/assets/` and write `assets/…`")),
    }
}

/// A Markdown link whose address is a name of the book, as the link that leads there: `[[harbour ¶1|words]]`.
fn as_link(shelf: &Shelf<'_>, url: &str, span: Span) -> Option<String> {
    let (name, fragment) = url.split_once('#').unwrap_or((url, ""));
    let number = fragment
        .strip_prefix('p')
        .and_then(|number| number.parse::<u32>().ok());
    let place = number.map_or(String::new(), |number| format!(" ¶{number}"));
    let (words, _) = shelf
        .sources
        .slice(span)
        .strip_prefix('[')?
        .split_once("](")?;
    let is_plain = !words.contains(['[', ']', '|', '!', '*', '`', '\n']);
    let leads_there =
        is_plain && shelf.book.names().has(name, None) && place.is_empty() == fragment.is_empty();
    leads_there.then(|| {
        if words == name && place.is_empty() {
            format!("[[{name}]]")
        } else {
            format!("[[{name}{place}|{words}]]")
        }
    })
}

/// Says what the file of a text is called now, of a link that has its former name.
fn renamed_file(
    shelf: &Shelf<'_>,
    diagnostic: Diagnostic,
    link: Span,
    old: &str,
    file: FileId,
) -> Diagnostic {
    let new = own_name(&shelf.sources.file(file).path).trim_end_matches(".md");
    match shelf.sources.slice(link).rfind(&format!("{old}.md")) {
        Some(at) => {
            let start = link.range().start + at;
            let place = Span::new(link.file, start..start + old.len());
            shelf.book.verifier().renamed(diagnostic, place, old, new)
        }
        None => diagnostic.help(format!("`{old}` is now called `{new}`")),
    }
}

/// The address of a file in a text of another folder.
fn path_from(own: &str, path: &str) -> String {
    let pairs = own.bytes().zip(path.bytes()).enumerate();
    let common = pairs.take_while(|(_, (one, other))| one == other);
    let slashes = common.filter(|(_, (byte, _))| *byte == b'/');
    let shared = slashes.last().map_or(0, |(at, _)| at + 1);
    let up = own[shared..].matches('/').count();
    "../".repeat(up) + &path[shared..]
}

/// An image whose size nobody knows before it is loaded.
fn unsized_image(shown: &Destination, span: Span) -> Option<Diagnostic> {
    let Destination::Asset { path, size: None } = shown else {
        return None;
    };
    let help = if path.to_ascii_lowercase().ends_with(".svg") {
        "give its `<svg>` a `viewBox`, or `width` and `height` in pixels"
    } else {
        "save it anew as PNG, JPEG, GIF, WebP or SVG, with the ending that belongs to it"
    };
    let message = format!("the size of the image `{path}` cannot be read");
    Some(Diagnostic::new(Lint::UnreadableImage, span, message).help(help))
}

fn remote(span: Span) -> Diagnostic {
    Diagnostic::new(
        Lint::MissingFile,
        span,
        "an image on another site is left out: a book stands on its own",
    )
    .help("save the image below `assets/` and link it there")
}

/// A relative path resolved against a folder; none where it leads out of the book.
fn joined(folder: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The text itself where its escapes are no UTF-8.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_between_folders() {
        let check = |own, path, expected| assert_eq!(path_from(own, path), expected, "{own}");
        check("c/a/one.md", "c/a/two.md", "two.md");
        check("c/a/one.md", "c/ab/two.md", "../ab/two.md");
        check("c/one.md", "d/two.md", "../d/two.md");
        // 地 and 図 begin with the same byte.
        check("c/地図/a.md", "c/図表/zwei.md", "../図表/zwei.md");
    }

    #[test]
    fn an_escape_is_two_hex_digits() {
        let check = |text, expected| assert_eq!(percent_decoded(text), expected);
        check("a%20b%2", "a b%2");
        check("%E5%9C%B0", "地");
        check("%+f%0", "%+f%0");
    }
}
