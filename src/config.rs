//! `book.toml`: what the book is and what is built from it.

mod print;
mod slip;
mod table;

pub use print::{
    Annex, Columns, Family, Folio, Fonts, Margins, NotePlace, NotePlaces, Paper, Part, PdfConfig,
    Standard,
};

use table::Table;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use crate::csl::{ArchivedStyle, Choice};
use crate::diagnostic::{Diagnostic, Level, Lint};
use crate::reference::pattern;
use crate::schema::{Field, Kind, Shape, field, words};
use crate::source::{FileId, Span};

/// Where the settings stand, from the book's folder.
pub const PATH: &str = "book.toml";

/// `book.toml`.
pub const FILE: Shape = Shape {
    what: PATH,
    doc: "What a Pincite book is, and what is built from it.",
    fields: &[&[
        field("book", Kind::Map(&BOOK), "What the book is."),
        field(
            "build",
            Kind::Map(&BUILD),
            "Where the book is built, and in which theme.",
        ),
        field(
            "glossary",
            Kind::Map(&GLOSSARY),
            "How glossary terms are linked.",
        ),
        field(
            "citations",
            Kind::Map(&CITATIONS),
            "How citations are written.",
        ),
        field(
            "output",
            Kind::Map(&OUTPUT),
            "What is built: the presence of a table turns an output on; html alone if there is none.",
        ),
        field(
            "lints",
            Kind::Map(&LINTS),
            "How loudly each problem is reported.",
        ),
    ]],
    needs: &[&["book"]],
};

const BOOK: Shape = Shape {
    what: "[book]",
    doc: "What the book is.",
    fields: &[&[
        field("title", Kind::Text, "The title.").such_as(&["The Alliance Brief"]),
        field("subtitle", Kind::Text, "The subtitle.").such_as(&["What changed in 2024"]),
        field("authors", Kind::Texts, "The authors.").such_as(&["M. Yamada"]),
        field(
            "description",
            Kind::Text,
            "What it is about, in a sentence.",
        )
        .such_as(&["A brief on the alliance."]),
        field(
            "language",
            Kind::Like(pattern::language),
            "The language of the authors' own texts: a BCP 47 tag.",
        )
        .such_as(&["en", "ja"]),
        field(
            "date",
            Kind::Like(pattern::date),
            "The as-of date: EDTF level 1.",
        )
        .such_as(&["2024-08-01"]),
        field(
            "banner",
            Kind::Text,
            "A handling line at the head and foot of every page and sheet.",
        )
        .such_as(&["UNCLASSIFIED"]),
        field(
            "src",
            Kind::Text,
            "The folder of the texts, from the book's folder.",
        )
        .such_as(&["content"]),
    ]],
    needs: &[&["title"]],
};

const BUILD: Shape = Shape {
    what: "[build]",
    doc: "Where the book is built, and in which theme.",
    fields: &[&[
        field(
            "build-dir",
            Kind::Text,
            "Where the outputs are written; refused if it holds files that Pincite did not write.",
        )
        .such_as(&["book"]),
        field(
            "theme",
            Kind::Text,
            "The theme: the built-in `brief`, or a folder below `themes/`.",
        )
        .such_as(&["brief"]),
    ]],
    needs: &[],
};

const GLOSSARY: Shape = Shape {
    what: "[glossary]",
    doc: "How glossary terms are linked.",
    fields: &[&[field(
        "link",
        Kind::OneOf(|| words(LINK_POLICIES)),
        "Where in a text glossary terms are linked.",
    )]],
    needs: &[],
};

const CITATIONS: Shape = Shape {
    what: "[citations]",
    doc: "How citations are written.",
    fields: &[&[
        field("style", Kind::Text, "How notes and bibliography name a source: `plain`, a CSL style by its name, or a `.csl` file of the book.").such_as(&["chicago-notes", "plain", "apa", "ieee"]),
        field("stale-after", Kind::Count(0, u32::MAX), "So many days before the book's date a source may have been read (`accessed`)."),
        field("write-back", Kind::Flag, "Whether citations are kept as comments in the articles' files."),
    ]],
    needs: &[],
};

const OUTPUT: Shape = Shape {
    what: "[output]",
    doc: "What is built.",
    fields: &[&[
        field("html", Kind::Map(&HTML), "The site."),
        field("pdf", Kind::Map(&print::SHAPE), "The print edition."),
    ]],
    needs: &[],
};

const HTML: Shape = Shape {
    what: "[output.html]",
    doc: "The site.",
    fields: &[&[
        field(
            "site-url",
            Kind::Like(|| r"^https?://[^/\s]".into()),
            "Where the site will stand: canonical addresses, Open Graph, sitemap.xml, feed.xml.",
        )
        .such_as(&["https://example.org/book/"]),
        field(
            "logo",
            Kind::Text,
            "The picture at the head of every page: a file below `content/assets/`.",
        )
        .such_as(&["logo.svg"]),
        field(
            "favicon",
            Kind::Text,
            "The picture for tabs and bookmarks: a file below `content/assets/`.",
        )
        .such_as(&["favicon.svg"]),
    ]],
    needs: &[],
};

const LINTS: Shape = Shape {
    what: "[lints]",
    doc: "How loudly each problem is reported.",
    fields: &[&LINT_FIELDS],
    needs: &[],
};

const LINT_FIELDS: [Field; Lint::ALL.len()] = {
    let mut fields = [field("", Kind::OneOf(|| words(LEVELS)), ""); Lint::ALL.len()];
    let mut index = 0;
    while index < fields.len() {
        fields[index].name = Lint::ALL[index].name();
        fields[index].doc = Lint::ALL[index].meaning();
        if loses_words(Lint::ALL[index]) {
            fields[index].kind = Kind::OneOf(|| words(&LEVELS[1..]));
        }
        index += 1;
    }
    fields
};

/// The book's configuration; what `book.toml` leaves out has its default.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[book]`
    pub book: BookConfig,
    /// Where the site is written, from the book's folder.
    pub build_dir: String,
    /// The theme's name.
    pub theme: String,
    /// Where the book names its theme and its texts' folder, if it does.
    pub places: Places,
    /// Where in a text glossary terms are linked.
    pub link: LinkPolicy,
    /// The citation style.
    pub style: Choice,
    /// Whether who cites each paragraph is written into the article files.
    pub write_back: bool,
    /// So many days before the book's date a source may have been read.
    pub stale_after: Option<u32>,
    /// Whether a site is built.
    pub html: bool,
    /// What the site has besides its pages.
    pub site: SiteConfig,
    /// The print edition, if one is built.
    pub pdf: Option<PdfConfig>,
    /// The levels of the lints that the book sets.
    pub lints: BTreeMap<Lint, Level>,
}

/// Where `book.toml` says what only the rest of the book can prove wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    /// `src`
    pub src: Option<Span>,
    /// `theme`
    pub theme: Option<Span>,
}

/// What the book is.
#[derive(Clone, Debug)]
pub struct BookConfig {
    /// The title.
    pub title: String,
    /// The subtitle.
    pub subtitle: Option<String>,
    /// The authors.
    pub authors: Vec<String>,
    /// What it is about.
    pub description: Option<String>,
    /// BCP 47.
    pub language: String,
    /// The as-of date, EDTF.
    pub date: Option<String>,
    /// A handling line at the head and foot of every page.
    pub banner: Option<String>,
    /// The folder of the texts, from the book's folder.
    pub src: String,
}

/// What the site has besides its pages.
#[derive(Clone, Debug, Default)]
pub struct SiteConfig {
    /// Where it will stand, with a slash at its end.
    pub url: Option<String>,
    /// The picture at the head of every page: a path below `assets/`.
    pub logo: Option<(String, Span)>,
    /// The picture for tabs and bookmarks: a path below `assets/`.
    pub favicon: Option<(String, Span)>,
}

/// Where in a text glossary terms are linked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkPolicy {
    /// The first time in each section.
    FirstInSection,
    /// The first time on each page.
    FirstInPage,
    /// Every time.
    Every,
    /// Never.
    None,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            book: BookConfig {
                title: String::new(),
                subtitle: None,
                authors: Vec::new(),
                description: None,
                language: "en".into(),
                date: None,
                banner: None,
                src: "content".into(),
            },
            build_dir: "book".into(),
            theme: "brief".into(),
            places: Places::default(),
            link: LinkPolicy::FirstInSection,
            style: Choice::Archived(ArchivedStyle::ChicagoNotes),
            write_back: false,
            stale_after: None,
            html: true,
            site: SiteConfig::default(),
            pdf: None,
            lints: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads `book.toml`. Whatever cannot be read has its default, and a diagnostic.
    pub fn parse(file: FileId, text: &str) -> (Self, Vec<Diagnostic>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut places: Vec<(Range<usize>, &str)> = errors
            .iter()
            .map(|error| (error.span().unwrap_or(0..0), error.message()))
            .collect();
        places.sort_by_key(|(range, _)| range.start);
        let mut diagnostics = slip::slips(file, text, &places);
        let mut config = Config::default();
        let mut tables = Table::new(file, &FILE, root.get_ref(), &mut diagnostics);
        tables.table("book", |table| {
            read_book(table, &mut config.book);
            config.places.src = table.place("src");
        });
        if config.book.title.is_empty() && errors.is_empty() {
            tables.missing_title();
        }
        tables.table("build", |table| {
            table.path("build-dir", &mut config.build_dir);
            table.path("theme", &mut config.theme);
            config.places.theme = table.place("theme");
        });
        tables.table("glossary", |table| {
            table.choice("link", LINK_POLICIES, &mut config.link);
        });
        tables.table("citations", |table| {
            table.style("style", &mut config.style);
            table.flag("write-back", &mut config.write_back);
            config.stale_after = table.count("stale-after");
        });
        let mut outputs = None;
        tables.table("output", |table| {
            outputs = Some(read_outputs(table, &mut config.site));
        });
        if let Some((html, pdf)) = outputs {
            (config.html, config.pdf) = (html || pdf.is_none(), pdf);
        }
        if config.stale_after.is_some() && config.book.date.is_none() {
            tables.missing_date("`stale-after` counts back from the book's date");
        }
        let archived = matches!(&config.pdf, Some(pdf) if pdf.standard == Standard::A2a);
        if archived && config.book.date.is_none() {
            tables.missing_date("a PDF/A-2a needs the book's date");
        }
        tables.table("lints", |table| config.lints = read_lints(table));
        tables.finish();
        if !errors.is_empty() {
            // What stands behind a broken line may have come under another table's head.
            diagnostics.retain(|d| matches!(d.lint, Lint::InvalidToml));
        }
        (config, diagnostics)
    }
}

const LINK_POLICIES: &[(&str, LinkPolicy)] = &[
    ("first-in-section", LinkPolicy::FirstInSection),
    ("first-in-page", LinkPolicy::FirstInPage),
    ("every", LinkPolicy::Every),
    ("none", LinkPolicy::None),
];
/// Whether allowing a lint would leave out what cannot be read without a word.
const fn loses_words(lint: Lint) -> bool {
    matches!(
        lint,
        Lint::InvalidYaml | Lint::YamlTrap | Lint::UnreadableFile
    )
}

/// The levels, the one that cannot always be set before the others.
const LEVELS: &[(&str, Level)] = &[
    ("allow", Level::Allow),
    ("warn", Level::Warn),
    ("deny", Level::Deny),
];

fn read_book(table: &mut Table<'_, '_>, book: &mut BookConfig) {
    book.title = table.text("title").unwrap_or_default();
    book.subtitle = table.text("subtitle");
    book.authors = table.texts("authors");
    book.description = table.text("description");
    table.language("language", &mut book.language);
    book.date = table.date("date");
    book.banner = table.text("banner");
    table.path("src", &mut book.src);
}

fn read_outputs(table: &mut Table<'_, '_>, site: &mut SiteConfig) -> (bool, Option<PdfConfig>) {
    let (mut html, mut pdf) = (false, None);
    table.table("html", |table| {
        html = true;
        site.url = table.url("site-url");
        site.logo = table.asset("logo");
        site.favicon = table.asset("favicon");
    });
    table.table("pdf", |table| {
        pdf = Some(PdfConfig::read(table));
    });
    (html, pdf)
}

/// The levels that the book sets. A warning whose level cannot be read is held back: its author meant to say
/// something of it, and the mistake in the level is reported already.
fn read_lints(table: &mut Table<'_, '_>) -> BTreeMap<Lint, Level> {
    let mut levels = BTreeMap::new();
    for lint in Lint::ALL {
        let name = lint.name();
        let mut level = lint.usual_level();
        let word = table.word(name).unwrap_or_default();
        let is_sound = match level_meant(&word) {
            Some("allow") if loses_words(*lint) => {
                table.cannot_be_allowed(name);
                false
            }
            Some(right) => {
                table.other_word(name, &word, right);
                false
            }
            None => table.choice(name, LEVELS, &mut level),
        };
        if is_sound && loses_words(*lint) && level == Level::Allow {
            table.cannot_be_allowed(name);
        } else if is_sound {
            levels.insert(*lint, level);
        } else if table.get(name).is_some() && level == Level::Warn {
            levels.insert(*lint, Level::Allow);
        }
    }
    levels
}

/// The level that another program calls so.
fn level_meant(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let level = match lower.as_str() {
        "allow" | "allowed" | "false" | "off" | "no" | "none" | "ignore" | "ignored" | "silent"
        | "0" => "allow",
        "warn" | "warning" | "warnings" => "warn",
        "deny" | "denied" | "error" | "errors" | "forbid" | "fail" => "deny",
        _ => return None,
    };
    (level != word).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn check(text: &str, expected: &[&str]) {
        let sources = Sources::from_texts([(PATH, text)]);
        let file = sources.find(PATH).expect("just made");
        let (_, diagnostics) = Config::parse(file, text);
        let found: Vec<&str> = diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_mistake_is_reported() {
        check("[book]\ntitle = \"A\"\n", &[]);
        check("[book]\n", &["the book has no title"]);
        check(
            "[book]\ntitle = \"A\"\ntitel = \"B\"\n[bild]\n",
            &["[book] has no key `titel`", "book.toml has no key `bild`"],
        );
        check(
            "[book]\ntitle = \"A\"\n[output.html]\nsite-url = \"example.org\"\nlogo = \"../logo.svg\"\n",
            &[
                "`site-url` is the site's address, such as `https://example.org/book/`",
                "`logo` is a file below `assets/`, such as `logo.svg`",
            ],
        );
        check(
            "[book]\ntitle = \"A\"\n[output.html]\nsite-url = \"https://example.org\"\n",
            &[],
        );
        check("[book]\ntitle = 3\n", &["`title` is a text, not a number"]);
        check(
            "[book]\ntitle = \"A\"\nsrc = \"../x\"\n",
            &["`src` is a folder inside the book, such as `content`"],
        );
        check(
            "[book]\ntitle = \"A\"\ndate = 2024-08-01\n[output.pdf]\npaper = \"a5\"\n",
            &["`paper` cannot be `a5`"],
        );
    }
}
