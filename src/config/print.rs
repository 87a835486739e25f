//! `[output.pdf]`: how the print edition is set.

use std::collections::BTreeSet;

use super::Table;
use crate::diagnostic::Lint;
use crate::schema::{Field, Kind, Shape, field, words};
use crate::source::Span;

/// `[output.pdf]`
pub(super) const SHAPE: Shape = Shape {
    what: "[output.pdf]",
    doc: "The print edition.",
    fields: &[&[
        field("paper", Kind::OneOf(|| words(PAPERS)), "The sheet."),
        field(
            "standard",
            Kind::OneOf(|| words(STANDARDS)),
            "The standard that the file keeps.",
        ),
        field(
            "annex",
            Kind::OneOf(|| words(ANNEXES)),
            "Which articles are printed.",
        ),
        field(
            "parts",
            Kind::SomeOf(|| words(PARTS)),
            "What is printed behind the chapters.",
        )
        .such_as(&["claims"]),
        field(
            "margins",
            Kind::Map(&MARGINS_SHAPE),
            "The sheet's margins, where they are not the theme's.",
        ),
        field(
            "notes",
            Kind::Map(&NOTES_SHAPE),
            "Where the notes on passages stand, by kind.",
        ),
        field(
            "columns",
            Kind::Count(1, 2),
            "The columns of chapters and articles.",
        ),
        field(
            "fonts",
            Kind::Map(&FONTS_SHAPE),
            "The faces, where they are not the theme's.",
        ),
        field(
            "two-sided",
            Kind::Flag,
            "Whether numbers and folios stand on the outer side of each page.",
        ),
        field(
            "recto",
            Kind::Flag,
            "Whether chapters open on right-hand pages.",
        ),
        field(
            "folio",
            Kind::OneOf(|| words(FOLIOS)),
            "What the folio says: `3`, or `3 of 212`.",
        ),
        field(
            "system-fonts",
            Kind::Flag,
            "Whether the system's fonts help where the book's own lack a character or a face.",
        ),
    ]],
    needs: &[],
};

const MARGINS_SHAPE: Shape = Shape {
    what: "[output.pdf.margins]",
    doc: "Margins of 12 to 80 mm.",
    fields: &[&[
        margin("top", "At the head."),
        margin("bottom", "At the foot."),
        margin("inside", "At the spine."),
        margin("outside", "At the outer side."),
    ]],
    needs: &[],
};

const fn margin(name: &'static str, doc: &'static str) -> Field {
    let pattern = || r"^[0-9]+(\.[0-9]+)? ?(mm|cm|in|pt)$".into();
    field(name, Kind::Like(pattern), doc).such_as(&["25mm", "1in"])
}

const NOTES_SHAPE: Shape = Shape {
    what: "[output.pdf.notes]",
    doc: "In the margin, at the foot of the page, or below the paragraph. A note that has no room in the margin stands below.",
    fields: &[&[
        note_place("context", "Notes of the kind `context`."),
        note_place("correction", "Notes of the kind `correction`."),
        note_place("dispute", "Notes of the kind `dispute`."),
        note_place("question", "Notes of the kind `question`."),
        note_place("assessment", "Notes of the kind `assessment`."),
        note_place("other", "Notes without a kind."),
    ]],
    needs: &[],
};

const fn note_place(name: &'static str, doc: &'static str) -> Field {
    field(name, Kind::OneOf(|| words(NOTE_PLACES)), doc)
}

const FONTS_SHAPE: Shape = Shape {
    what: "[output.pdf.fonts]",
    doc: "Families, the first that has a character.",
    fields: &[&[
        field("text", Kind::Texts, "Running text.").such_as(&["Source Serif 4"]),
        field("heading", Kind::Texts, "Headings.").such_as(&["Source Serif 4"]),
        field("code", Kind::Texts, "Code.").such_as(&["Source Serif 4"]),
    ]],
    needs: &[],
};

/// The print edition.
#[derive(Clone, PartialEq, Debug)]
pub struct PdfConfig {
    /// The sheet.
    pub paper: Paper,
    /// The standard that the file keeps.
    pub standard: Standard,
    /// Which articles are printed.
    pub annex: Annex,
    /// What is printed behind the chapters.
    pub parts: BTreeSet<Part>,
    /// The sheet's margins, where the book sets them.
    pub margins: Margins,
    /// Where the notes on passages stand.
    pub notes: NotePlaces,
    /// The columns of chapters and articles.
    pub columns: Columns,
    /// The faces, where the book sets them.
    pub fonts: Fonts,
    /// Whether numbers and folios stand on the outer side of each page.
    pub two_sided: bool,
    /// Whether chapters open on right-hand pages.
    pub recto: bool,
    /// What the folio says.
    pub folio: Folio,
    /// Whether the system's fonts help where the book's own lack a character or a face.
    pub system_fonts: bool,
}

impl Default for PdfConfig {
    fn default() -> Self {
        PdfConfig {
            paper: Paper::default(),
            standard: Standard::default(),
            annex: Annex::default(),
            parts: PARTS.iter().map(|(_, part)| *part).collect(),
            margins: Margins::default(),
            notes: NotePlaces::default(),
            columns: Columns::default(),
            fonts: Fonts::default(),
            two_sided: true,
            recto: true,
            folio: Folio::default(),
            system_fonts: false,
        }
    }
}

/// The sheet's margins in points; what is none is the theme's.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Margins {
    /// At the head.
    pub top: Option<f64>,
    /// At the foot.
    pub bottom: Option<f64>,
    /// At the spine; the left one where the book is not two-sided.
    pub inside: Option<f64>,
    /// At the fore edge, where the numbers of paragraphs stand.
    pub outside: Option<f64>,
}

/// Where the notes on passages stand, by kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NotePlaces {
    /// Those of the kind `context`.
    pub context: NotePlace,
    /// Those of the kind `correction`.
    pub correction: NotePlace,
    /// Those of the kind `dispute`.
    pub dispute: NotePlace,
    /// Those of the kind `question`.
    pub question: NotePlace,
    /// Those of the kind `assessment`.
    pub assessment: NotePlace,
    /// Those without a kind.
    pub other: NotePlace,
}

/// Where a note on a passage stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NotePlace {
    /// In the margin, as far as it has room there; otherwise below.
    #[default]
    Margin,
    /// At the foot of the page.
    Footnote,
    /// Below the paragraph.
    Below,
}

/// The families of the faces, the preferred ones first; what is empty is the theme's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fonts {
    /// Of the text.
    pub text: Vec<Family>,
    /// Of headings; the text's if there is none.
    pub heading: Vec<Family>,
    /// Of code.
    pub code: Vec<Family>,
}

impl Fonts {
    /// All families that the book names.
    pub fn families(&self) -> impl Iterator<Item = &Family> {
        self.text.iter().chain(&self.heading).chain(&self.code)
    }
}

/// A family of fonts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// Where `book.toml` names it.
    pub place: Span,
}

/// What is printed behind the chapters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The articles, as `annex` chooses them.
    Articles,
    /// The claims and their matrix.
    Claims,
    /// The chronology.
    Timeline,
    /// The glossary.
    Glossary,
    /// The bibliography.
    Sources,
    /// The index.
    Index,
}

/// The columns of chapters and articles.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Columns {
    /// One.
    #[default]
    One,
    /// Two, on narrower margins.
    Two,
}

/// What the folio says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Folio {
    /// `3`
    #[default]
    Page,
    /// `3 of 212`
    PageOfPages,
}

/// A sheet's size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    UsLetter,
}

/// A PDF standard.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standard {
    /// PDF 1.7, tagged.
    #[default]
    None,
    /// PDF/UA-1.
    Ua1,
    /// PDF/A-2a.
    A2a,
}

/// Which articles are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Annex {
    /// Those that something cites.
    #[default]
    Cited,
    /// All.
    All,
    /// None.
    None,
}

const PAPERS: &[(&str, Paper)] = &[("a4", Paper::A4), ("us-letter", Paper::UsLetter)];
const STANDARDS: &[(&str, Standard)] = &[
    ("none", Standard::None),
    ("ua-1", Standard::Ua1),
    ("a-2a", Standard::A2a),
];
const NOTE_PLACES: &[(&str, NotePlace)] = &[
    ("margin", NotePlace::Margin),
    ("footnote", NotePlace::Footnote),
    ("below", NotePlace::Below),
];
const FOLIOS: &[(&str, Folio)] = &[("page", Folio::Page), ("page-of-pages", Folio::PageOfPages)];
const ANNEXES: &[(&str, Annex)] = &[
    ("cited", Annex::Cited),
    ("all", Annex::All),
    ("none", Annex::None),
];
const PARTS: &[(&str, Part)] = &[
    ("articles", Part::Articles),
    ("claims", Part::Claims),
    ("timeline", Part::Timeline),
    ("glossary", Part::Glossary),
    ("sources", Part::Sources),
    ("index", Part::Index),
];

/// Units of length, in points.
const UNITS: &[(&str, f64)] = &[
    ("mm", 72.0 / 25.4),
    ("cm", 72.0 / 2.54),
    ("in", 72.0),
    ("pt", 1.0),
];

/// The narrowest and the widest margin, in millimetres.
const MARGINS: (f64, f64) = (12.0, 80.0);

impl PdfConfig {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Self {
        let mut config = PdfConfig::default();
        table.choice("paper", PAPERS, &mut config.paper);
        table.choice("standard", STANDARDS, &mut config.standard);
        table.choice("annex", ANNEXES, &mut config.annex);
        if let Some(parts) = table.choices("parts", PARTS) {
            config.parts = parts;
        }
        table.table("margins", |table| config.margins = Margins::read(table));
        table.table("notes", |table| config.notes = NotePlaces::read(table));
        table.columns("columns", &mut config.columns);
        table.table("fonts", |table| config.fonts = Fonts::read(table));
        table.flag("two-sided", &mut config.two_sided);
        table.flag("recto", &mut config.recto);
        table.choice("folio", FOLIOS, &mut config.folio);
        table.flag("system-fonts", &mut config.system_fonts);
        config
    }
}

impl Margins {
    fn read(table: &mut Table<'_, '_>) -> Self {
        Margins {
            top: table.margin("top"),
            bottom: table.margin("bottom"),
            inside: table.margin("inside"),
            outside: table.margin("outside"),
        }
    }
}

impl NotePlaces {
    fn read(table: &mut Table<'_, '_>) -> Self {
        let mut places = NotePlaces::default();
        table.choice("context", NOTE_PLACES, &mut places.context);
        table.choice("correction", NOTE_PLACES, &mut places.correction);
        table.choice("dispute", NOTE_PLACES, &mut places.dispute);
        table.choice("question", NOTE_PLACES, &mut places.question);
        table.choice("assessment", NOTE_PLACES, &mut places.assessment);
        table.choice("other", NOTE_PLACES, &mut places.other);
        places
    }
}

impl Fonts {
    fn read(table: &mut Table<'_, '_>) -> Self {
        Fonts {
            text: table.families("text"),
            heading: table.families("heading"),
            code: table.families("code"),
        }
    }
}

impl Table<'_, '_> {
    /// Some of a few words; none where the key is not there.
    fn choices<T: Copy + Ord>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<BTreeSet<T>> {
        let texts = self.spanned_texts(key)?;
        let chosen = texts
            .iter()
            .filter_map(|(text, place)| self.chosen(key, text, place.range(), choices));
        Some(chosen.collect())
    }

    fn columns(&mut self, key: &'static str, columns: &mut Columns) {
        let Some(value) = self.get(key) else { return };
        match value
            .get_ref()
            .as_integer()
            .map(ToString::to_string)
            .as_deref()
        {
            Some("1") => *columns = Columns::One,
            Some("2") => *columns = Columns::Two,
            _ => {
                let message = format!("`{key}` is 1 or 2");
                let help = format!("write `{key} = 1` or `{key} = 2`");
                self.report(Lint::InvalidValue, value.span(), message, Some(help));
            }
        }
    }

    /// A margin in points.
    fn margin(&mut self, key: &'static str) -> Option<f64> {
        let text = self.text(key)?;
        let (narrowest, widest) = MARGINS;
        let length = points(&text).filter(|length| {
            let millimetres = length / UNITS[0].1;
            (narrowest..=widest).contains(&millimetres)
        });
        if length.is_none() {
            let place = self.place(key)?;
            let message = format!(
                "`{key}` is a margin of {narrowest} to {widest} mm, such as `25mm` or `1in`, not `{text}`"
            );
            let help = format!("write a number and mm, cm, in or pt: `{key} = \"30mm\"`");
            self.report(Lint::InvalidValue, place.range(), message, Some(help));
        }
        length
    }

    fn families(&mut self, key: &'static str) -> Vec<Family> {
        let texts = self.spanned_texts(key).unwrap_or_default();
        let families = texts.into_iter();
        families
            .map(|(name, place)| Family { name, place })
            .collect()
    }
}

/// A length such as `25mm` in points.
fn points(text: &str) -> Option<f64> {
    let (unit, factor) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
    Some(number * factor)
}
