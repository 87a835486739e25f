//! Articles and chapters: a file's front matter, typed, and its body.

mod keys;
mod role;

pub use keys::{check_key, is_device, key_in, without_order};
pub use role::{FOLDERS, Role, role_of};

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Edit, Lint};
use crate::markdown::{self, Block, Document, Voice};
use crate::reference::{Locator, Person, When, date_help, group, language_problem, pattern};
use crate::schema::{Field, Kind, Shape, field};
use crate::source::{FileId, LINE_OF_MERGE, Shared, Span, Text, small};
use crate::yaml::Reader;

/// What stands for a text that is yet to be written.
pub const PLACEHOLDER: &str = "…";

/// The front matter of an article.
pub const ARTICLE: Shape = Shape {
    doc: "The front matter of a Pincite article, which is a source of the book.",
    needs: &[&["title"]],
    ..CHAPTER
};

/// The front matter of a chapter.
pub const CHAPTER: Shape = Shape {
    what: "the front matter",
    doc: "The front matter of a Pincite chapter; its title may be the first `# heading` instead.",
    fields: &[FRONT],
    needs: &[],
};

const FRONT: &[Field] = &[
    field("title", Kind::Text, "The title.").such_as(&["Harbour to be dredged by spring"]),
    field(
        "author",
        Kind::Texts,
        "The authors: `Given Family` or `Family, Given`; a name in braces stays whole.",
    )
    .such_as(&["Mari Yamada", "{Example Wire}"]),
    field("publication", Kind::Text, "Where it was published.").such_as(&["Example Daily"]),
    field(
        "date",
        Kind::Like(pattern::date),
        "When it was published: EDTF level 1.",
    )
    .such_as(&["2024-07-28", "2024-07", "2027~"]),
    field(
        "url",
        Kind::Like(|| r"^\s*https?://".into()),
        "Where it can be found.",
    )
    .such_as(&["https://example.org/article"]),
    field(
        "accessed",
        Kind::Like(pattern::date),
        "When it was found there.",
    )
    .such_as(&["2024-08-01"]),
    field(
        "language",
        Kind::Like(pattern::language),
        "Its language: a BCP 47 tag.",
    )
    .such_as(&["en", "ja"]),
    field(
        "translated-from",
        Kind::Like(pattern::language),
        "The language that it was translated from; quoting it word for word is then reported.",
    )
    .such_as(&["ja"]),
    field(
        "origin",
        Kind::Text,
        "Another source that this one repeats.",
    )
    .such_as(&["wire-2024-07-28"]),
    field(
        "rating",
        Kind::Like(|| r"^\s*[A-F][1-6]\s*$".into()),
        "How far it is trusted: reliability A–F and credibility 1–6, the Admiralty code.",
    )
    .such_as(&["B2"]),
    field("tags", Kind::Texts, "Tags, each of which has a page.").such_as(&["command"]),
    field(
        "aliases",
        Kind::Texts,
        "IDs that the text had before: their addresses lead on to it.",
    )
    .such_as(&["former-id"]),
    field(
        "omit",
        Kind::Like(pattern::paragraphs),
        "Paragraphs that are not shown and cannot be cited; the numbers stay.",
    )
    .such_as(&["¶¶6-9", "¶3"]),
    field(
        "imported",
        Kind::Map(&IMPORTED),
        "Written by `pincite import`.",
    ),
    field(
        "audience",
        Kind::Texts,
        "Whom it is meant for; what is not meant for everybody is left out of what is built.",
    )
    .such_as(&["internal"]),
];

const IMPORTED: Shape = Shape {
    what: "`imported`",
    doc: "The file that the article was made from.",
    fields: &[&[
        field("file", Kind::Text, "Its name.").such_as(&["saved.txt"]),
        field(
            "sha256",
            Kind::Text,
            "Its hash, by which the same text is recognised.",
        )
        .such_as(&["6d27…"]),
    ]],
    needs: &[],
};

/// A source.
#[derive(Clone, Debug)]
pub struct Article {
    /// What messages call it: an article, or a chapter that is read as if it were one.
    pub noun: &'static str,
    /// The citation key: the file's stem.
    pub key: String,
    /// The file.
    pub file: FileId,
    /// What the front matter says of it.
    pub front: FrontMatter,
    /// Its text.
    pub document: Document,
    /// Whether its text could be read; if not, nothing is said of what it lacks.
    pub sound: bool,
}

impl Article {
    /// What messages call it, by its name.
    pub fn named(&self) -> String {
        format!("{} `{}`", self.noun, self.key)
    }

    /// Whether a paragraph is left out by `omit`.
    pub fn omits(&self, number: u32) -> bool {
        self.front.omits(number)
    }

    /// The numbers of the paragraphs that are left out.
    pub fn omitted(&self) -> Vec<u32> {
        if self.front.omit.is_empty() {
            return Vec::new();
        }
        let numbers = self.document.paragraphs.iter().map(|one| one.number);
        numbers.filter(|number| self.omits(*number)).collect()
    }

    /// Whether it is a bibliographic record without a text.
    pub fn is_record(&self) -> bool {
        self.document.blocks.is_empty()
    }
}

/// A part of the authors' own text.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The key: the file's stem without its number.
    pub key: String,
    /// The file.
    pub file: FileId,
    /// The folder below `chapters/`, which is the part it belongs to; empty for none.
    pub part: String,
    /// Whether it is its part's title and opening (`index.md`).
    pub opens_part: bool,
    /// What the front matter says of it; the title may come from a heading.
    pub front: FrontMatter,
    /// Its text.
    pub document: Document,
    /// Whether its front matter could be read to its end.
    pub sound: bool,
}

/// What a comment in an article's file calls a place of a text: `command ¶14`.
pub fn place(key: &str, paragraph: Option<u32>) -> String {
    paragraph.map_or_else(|| key.to_owned(), |number| format!("{key} ¶{number}"))
}

/// What stands above a text; CSL's fields in kebab-case.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The title.
    pub title: String,
    /// Where `title` says so.
    pub title_at: Option<Span>,
    /// The authors, given names first.
    pub author: Vec<String>,
    /// The authors, family and given names apart.
    pub names: Vec<Person>,
    /// Where it was published (CSL `container-title`).
    pub publication: Option<String>,
    /// When it was published.
    pub date: Option<When>,
    /// Where it can be found.
    pub url: Option<String>,
    /// When it was found there.
    pub accessed: Option<When>,
    /// Where `accessed` says so.
    pub accessed_at: Option<Span>,
    /// The place of its origin.
    pub origin_at: Option<Span>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// The language that it was translated from.
    pub translated_from: Option<String>,
    /// Another source that this one repeats.
    pub origin: Option<String>,
    /// Reliability and credibility, the Admiralty code.
    pub rating: Option<String>,
    /// IDs that it had before.
    pub aliases: Vec<Text>,
    /// Tags.
    pub tags: Vec<String>,
    /// The paragraphs that are not shown.
    pub omit: Vec<RangeInclusive<u32>>,
    /// Where `omit` says so.
    pub omit_at: Option<Span>,
    /// The hash of the file that it was imported from.
    pub imported: Option<String>,
    /// Whether it is meant for named audiences alone.
    pub restricted: bool,
}

impl FrontMatter {
    /// Whether `omit` leaves a paragraph out.
    pub fn omits(&self, number: u32) -> bool {
        self.omit.iter().any(|range| range.contains(&number))
    }

    /// The edit that writes an ID which it had before below the title; none where it has others already.
    pub fn with_alias(&self, old: &str) -> Option<Edit> {
        let title = self.title_at.filter(|_| self.aliases.is_empty())?;
        Some(Edit {
            span: Span::new(title.file, title.range().end..title.range().end),
            replacement: format!("\naliases: [{old}]"),
        })
    }
}

/// Reads an article.
pub fn article(key: String, file: FileId, text: &Arc<str>) -> (Article, Vec<Diagnostic>) {
    let (front, document, mut sound, mut diagnostics) = read(file, text, Voice::Source);
    sound &= !diagnostics
        .iter()
        .any(|one| one.lint == Lint::UnreadableFile);
    if text.trim().is_empty() {
        // Nothing is said of what it lacks.
        sound = false;
        diagnostics.push(empty(file));
    } else if lacks_title(&front, sound, &diagnostics) {
        diagnostics.push(
            Diagnostic::new(
                Lint::MissingTitle,
                front.title_at.unwrap_or_else(|| head(file, text)),
                "the article has no title",
            )
            .help(if text.starts_with("---") {
                "write it in the front matter: `title: \"…\"`"
            } else {
                "begin the file with `---`, `title: \"…\"`, `---`"
            }),
        );
    }
    let mut article = Article {
        noun: "article",
        key,
        file,
        front,
        document,
        sound,
    };
    if let Some(diagnostic) = omits_beyond_the_end(&article).filter(|_| sound) {
        diagnostics.push(diagnostic);
        // What else it names may not have been meant either.
        article.front.omit.clear();
    }
    (article, diagnostics)
}

fn empty(file: FileId) -> Diagnostic {
    let message = "the article's file is empty";
    Diagnostic::new(Lint::MissingTitle, Span::new(file, 0..0), message)
        .help("put its text back, or take the file away")
}

fn omits_beyond_the_end(article: &Article) -> Option<Diagnostic> {
    let last = small(article.document.paragraphs.len());
    let beyond = article
        .front
        .omit
        .iter()
        .find(|range| *range.end() > last)?;
    let (count, help) = match last {
        0 => (
            "none".to_owned(),
            "put its text back, or take `omit` out".to_owned(),
        ),
        last => (
            last.to_string(),
            format!("its paragraphs are ¶1 to ¶{last}"),
        ),
    };
    let message = format!(
        "`omit` names ¶{}, and the article has {count}",
        beyond.end()
    );
    let diagnostic = Diagnostic::new(Lint::UnresolvedParagraph, article.front.omit_at?, message);
    Some(diagnostic.help(help))
}

/// Reads a chapter, whose title may stand in the front matter or as its first heading.
pub fn chapter(
    key: String,
    part: String,
    opens_part: bool,
    file: FileId,
    text: &Arc<str>,
) -> (Chapter, Vec<Diagnostic>) {
    let (mut front, mut document, sound, mut diagnostics) = read(file, text, Voice::Author);
    let heading = match document.blocks.first() {
        Some(Block::Heading(heading)) if heading.level == 1 => Some(heading.prose.text.clone()),
        _ => None,
    };
    match heading {
        Some(title) if title.text.trim().is_empty() => {
            let message = "this heading, the chapter's title, says nothing";
            diagnostics.push(
                Diagnostic::new(Lint::MissingTitle, title.whole(), message)
                    .help("write the title behind the `#`"),
            );
        }
        Some(title) if front.title.is_empty() => {
            diagnostics.extend(cites_in_title(&document.blocks[0]));
            front.title = title.text.to_string();
            document.blocks.remove(0);
        }
        None if lacks_title(&front, sound, &diagnostics) => {
            let glued = glued_title(&document);
            diagnostics.push(
                Diagnostic::new(
                    Lint::MissingTitle,
                    glued.or(front.title_at).unwrap_or_else(|| head(file, text)),
                    "the chapter has no title",
                )
                .help(match glued {
                    Some(_) => "write a space behind the `#`",
                    None => "begin its text with a line `# Title`",
                }),
            );
        }
        Some(_) | None => {}
    }
    if !front.title.is_empty() {
        diagnostics.extend(further_titles(&document, text));
    }
    let chapter = Chapter {
        key,
        file,
        part,
        opens_part,
        front,
        document,
        sound,
    };
    (chapter, diagnostics)
}

/// The first line of a text where it is a title but for the space: `#Title`.
fn glued_title(document: &Document) -> Option<Span> {
    let text = &document.paragraph(1)?.prose.text;
    let is_title = text
        .text
        .strip_prefix('#')?
        .starts_with(char::is_alphabetic);
    let is_first = matches!(document.blocks.first(), Some(Block::Paragraph(_)));
    (is_title && is_first).then(|| text.span(0..text.text.len()))
}

/// A chapter has one title; what else stands on its level would be a second one.
fn further_titles(document: &Document, text: &str) -> impl Iterator<Item = Diagnostic> {
    let titles = document.headings().filter(|heading| heading.level == 1);
    titles.map(|heading| {
        let words = &heading.prose.text;
        let behind = &text[words.whole().range().end..];
        let line = behind.trim_start().lines().next();
        let message = "the chapter has a title already";
        let help = if line.map(str::trim_end) == Some(LINE_OF_MERGE) {
            "take out the line `=======` below it, which a merge of two versions has left; a heading is written `## Words`"
        } else {
            "make this a `##` heading, or take one of the two out"
        };
        Diagnostic::new(Lint::TwoTitles, words.whole(), message).help(help)
    })
}

/// Whether a title is to be asked for: what is wrong with one that is there is reported as such.
fn lacks_title(front: &FrontMatter, sound: bool, diagnostics: &[Diagnostic]) -> bool {
    let is_title = |edit: &Edit| edit.replacement == "title";
    let is_mistyped = |d: &Diagnostic| {
        let names_it = d.lint == Lint::UnknownKey && d.fix.iter().any(is_title);
        let place = d.at.as_ref().map(|label| label.span);
        names_it || place.is_some() && place == front.title_at
    };
    front.title.is_empty() && sound && !diagnostics.iter().any(is_mistyped)
}

/// A title stands in contents and running heads, where no note can stand.
fn cites_in_title(title: &Block) -> Option<Diagnostic> {
    let Block::Heading(heading) = title else {
        return None;
    };
    let group = heading.prose.citations().first()?;
    let diagnostic = Diagnostic::new(Lint::InvalidCitation, group.span, "a title cannot cite");
    Some(diagnostic.help("cite in the first paragraph"))
}

/// The first line, where what is missing from a file is shown.
fn head(file: FileId, text: &str) -> Span {
    Span::new(file, 0..text.lines().next().map_or(0, str::len))
}

fn read(
    file: FileId,
    text: &Arc<str>,
    voice: Voice,
) -> (FrontMatter, Document, bool, Vec<Diagnostic>) {
    let (parts, mut diagnostics) = markdown::split(file, text);
    let mut sound = diagnostics.is_empty();
    let mut front = FrontMatter::default();
    if let Some(node) = &parts.front
        && let Some(mut reader) = Reader::new(node, &CHAPTER, &mut diagnostics)
    {
        front = front_matter(&mut reader);
        reader.finish();
    } else if parts.front.is_some() {
        sound = false;
    }
    let body = Shared::from(Arc::clone(text)).slice(parts.body_at..text.len());
    let body = Text::verbatim(file, body, parts.body_at);
    let (document, mut found) = Document::parse(&body, voice);
    diagnostics.append(&mut found);
    (front, document, sound, diagnostics)
}

fn front_matter(reader: &mut Reader<'_, '_>) -> FrontMatter {
    let words = |text: Option<&Text>| text.map(|text| text.text.trim().to_owned());
    let list = |texts: Vec<&Text>| {
        texts
            .iter()
            .map(|text| text.text.trim().to_owned())
            .collect()
    };
    let names = reader.texts("author");
    let names: Vec<Person> = names.iter().map(|name| Person::parse(&name.text)).collect();
    let (omit, omit_at) = omit(reader).unzip();
    FrontMatter {
        title_at: reader.place("title"),
        title: words(reader.text("title")).unwrap_or_default(),
        author: names.iter().map(Person::in_words).collect(),
        names,
        publication: words(reader.name("publication")),
        date: date(reader, "date"),
        url: url(reader),
        accessed: date(reader, "accessed"),
        accessed_at: reader.text("accessed").map(Text::whole),
        origin_at: reader.text("origin").map(Text::whole),
        language: language(reader, "language"),
        translated_from: language(reader, "translated-from"),
        origin: words(reader.text("origin")),
        rating: rating(reader),
        aliases: reader.texts("aliases").into_iter().cloned().collect(),
        tags: list(reader.texts("tags")),
        omit: omit.unwrap_or_default(),
        omit_at,
        imported: imported(reader),
        restricted: !reader.texts("audience").is_empty(),
    }
}

fn date(reader: &mut Reader<'_, '_>, field: &'static str) -> Option<When> {
    let text = reader.text(field)?;
    let date = When::parse(&text.text);
    if date.is_none() {
        let message = format!(
            "`{field}` is a date such as 2024-07-28, not `{}`",
            text.text
        );
        reader.diagnostics().push(
            Diagnostic::new(Lint::InvalidValue, text.whole(), message).help(date_help(&text.text)),
        );
    }
    date
}

fn url(reader: &mut Reader<'_, '_>) -> Option<String> {
    let text = reader.text("url")?;
    let url = text.text.trim();
    if url.starts_with("https://") || url.starts_with("http://") {
        if url.contains(' ') {
            let message = "`url` has no spaces: this is no address, or more than one";
            reader.diagnostics().push(
                Diagnostic::new(Lint::InvalidValue, text.whole(), message)
                    .help("copy the address again; a space in it is written `%20`"),
            );
        }
        return Some(url.to_owned());
    }
    let message = "`url` begins with https:// or http://";
    reader
        .diagnostics()
        .push(Diagnostic::new(Lint::InvalidValue, text.whole(), message).help(url_help(url)));
    None
}

/// How an address is written that is none of the web.
fn url_help(url: &str) -> String {
    let bare = url.trim_matches(['<', '>', ' ']);
    let after_slashes = bare.rsplit("//").next().unwrap_or(bare);
    let host = after_slashes.split(['/', '.']).next().unwrap_or_default();
    if bare.starts_with("https://") || bare.starts_with("http://") {
        format!("write `{bare}`")
    } else if host.contains(':') || host.is_empty() {
        "give the address at which it was published, `https://…`, or take the line out".to_owned()
    } else {
        format!("write `https://{after_slashes}`")
    }
}

fn language(reader: &mut Reader<'_, '_>, field: &'static str) -> Option<String> {
    let text = reader.text(field)?;
    let tag = text.text.trim();
    let Some(help) = language_problem(tag) else {
        return Some(tag.to_owned());
    };
    reader.diagnostics().push(
        Diagnostic::new(
            Lint::InvalidValue,
            text.whole(),
            format!("`{tag}` is not a language tag"),
        )
        .help(help),
    );
    None
}

/// Reliability A–F, credibility 1–6 (the Admiralty code).
fn rating(reader: &mut Reader<'_, '_>) -> Option<String> {
    let text = reader.text("rating")?;
    let rating = text.text.trim();
    if let [b'A'..=b'F', b'1'..=b'6'] = rating.as_bytes() {
        return Some(rating.to_owned());
    }
    let message = format!("`{rating}` is not a rating");
    let diagnostic = Diagnostic::new(Lint::InvalidValue, text.whole(), message);
    let capital = rating.to_ascii_uppercase();
    reader.diagnostics().push(match capital.as_bytes() {
        [b'A'..=b'F', b'1'..=b'6'] => diagnostic.help(format!("write `{capital}`")),
        _ => diagnostic
            .help("a letter A–F for reliability and a digit 1–6 for credibility, such as B2"),
    });
    None
}

/// The paragraphs that are left out, and where their numbers stand.
fn omit(reader: &mut Reader<'_, '_>) -> Option<(Vec<RangeInclusive<u32>>, Span)> {
    let text = reader.text("omit")?;
    // A locator alone is read as one of a citation whose key does not matter.
    let mut citation = Text::verbatim(text.file, "x", 0);
    citation.append(" ", text);
    let (citations, mut diagnostics) = group(&citation);
    if let [citation] = citations.as_slice()
        && citation.suffix.is_empty()
        && citation.quotation.is_none()
        && let Some(Locator::Paragraphs(ranges, span)) = &citation.locator
    {
        return Some((ranges.clone(), *span));
    }
    if diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Lint::InvalidLocator,
                text.whole(),
                "`omit` names paragraphs by number",
            )
            .help("write `omit: ¶3`, `omit: ¶¶6-9` or `omit: ¶¶3, 6-9`"),
        );
    }
    reader.diagnostics().append(&mut diagnostics);
    None
}

fn imported(reader: &mut Reader<'_, '_>) -> Option<String> {
    let node = reader.node("imported")?;
    let mut inner = Reader::new(node, &IMPORTED, reader.diagnostics())?;
    inner.text("file");
    let hash = inner.text("sha256").map(|text| text.text.to_string());
    inner.finish();
    hash
}
