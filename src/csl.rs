//! Citation styles: hayagriva's archive by name and the book's own `.csl` files, read and checked.
//!
//! What a style gives is adapted to a book before anything is formatted: its questions after type and position are
//! answered once (`prune`), and its locators are paragraphs, which are marked `¶` whatever the language.

mod check;
mod prune;

pub use hayagriva::archive::ArchivedStyle;
pub use prune::{Kind, Position};

use hayagriva::archive::LOCALES;
use hayagriva::citationberg::taxonomy::{Locator, NumberVariable, Term, Variable};
use hayagriva::citationberg::{
    IndependentStyle, Locale, LocaleCode, LocalizedTerm, Style as AnyStyle, StyleClass, TermForm,
    TestPosition,
};

use crate::diagnostic::{Diagnostic, Lint, nearest};
use crate::source::{SitePath, Sources, Span};

/// What `[citations] style` names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// The style that is built in: author, “title”, publication, date, ¶.
    Plain,
    /// A style of the archive.
    Archived(ArchivedStyle),
    /// A `.csl` file of the book, and where `book.toml` names it.
    File(String, Span),
}

impl Choice {
    /// The style of that name, or what is wrong with the name and what may have been meant.
    ///
    /// # Errors
    ///
    /// Fails for a name that the archive does not have and for a path that leads out of the book.
    pub fn parse(name: &str, span: Span) -> Result<Self, (String, String)> {
        if name == "plain" {
            return Ok(Choice::Plain);
        }
        if name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ending == "csl")
        {
            let path = SitePath::new(name).map(|path| path.as_str().to_owned());
            return path.map(|path| Choice::File(path, span)).ok_or_else(|| {
                let message = format!("`{name}` is no path inside the book");
                (
                    message,
                    "name a file of the book: `style = \"house.csl\"`".into(),
                )
            });
        }
        ArchivedStyle::by_name(name).map(Choice::Archived).ok_or_else(|| {
            let help = match nearest(name, names()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "write `plain`, the name of a CSL style such as `chicago-notes`, `apa` or `ieee`, or the path of a `.csl` file".into(),
            };
            (format!("there is no citation style `{name}`"), help)
        })
    }

    /// The path of the book's own style, which is one of the book's files.
    pub fn file(&self) -> Option<&str> {
        match self {
            Choice::File(path, _) => Some(path),
            Choice::Plain | Choice::Archived(_) => None,
        }
    }
}

/// The names of all styles.
pub fn names() -> impl Iterator<Item = &'static str> {
    let archived = ArchivedStyle::all().iter().flat_map(|style| style.names());
    ["plain"].into_iter().chain(archived.copied())
}

/// A style, ready to format the sources of a book.
#[derive(Debug)]
pub struct Style {
    style: IndependentStyle,
    /// The words of the book's language.
    pub locale: [Locale; 1],
    /// Which questions after the position of a citation it asks.
    positions: Vec<TestPosition>,
    numeric: bool,
}

impl Style {
    /// The chosen style for a book in this language; none for `plain`, and for one that is broken.
    pub fn load(
        choice: &Choice,
        language: &str,
        sources: &Sources,
    ) -> (Option<Self>, Option<Diagnostic>) {
        let style = match choice {
            Choice::Plain => return (None, None),
            Choice::Archived(style) => independent(style.get()),
            Choice::File(path, span) => read(path, *span, sources),
        };
        match style {
            Ok(style) => (Some(Style::new(style, locale(language))), None),
            Err(diagnostic) => (None, diagnostic.map(|diagnostic| *diagnostic)),
        }
    }

    /// A style with the words of a language.
    pub fn new(mut style: IndependentStyle, mut locale: Locale) -> Self {
        style.citation.sort = None;
        if let Some(bibliography) = &mut style.bibliography {
            bibliography.subsequent_author_substitute = None;
        }
        for locale in style.locale.iter_mut().chain([&mut locale]) {
            mark_paragraphs(locale);
        }
        let mut positions = Vec::new();
        let mut numeric = false;
        check::walk(&style, &mut |element| {
            positions.extend(check::positions(element));
            numeric |= check::shows(element, Variable::Number(NumberVariable::CitationNumber));
        });
        Style {
            style,
            locale: [locale],
            positions,
            numeric,
        }
    }

    /// The style for sources of one kind, in one position or in the bibliography.
    pub fn adapted(&self, kind: Option<Kind>, position: Option<Position>) -> IndependentStyle {
        prune::adapted(&self.style, kind, position)
    }

    /// The position as far as the style tells it from others.
    pub fn known(&self, position: Position) -> Position {
        let asks = |test| self.positions.contains(&test);
        let ibid = asks(TestPosition::Ibid) || asks(TestPosition::IbidWithLocator);
        match position {
            _ if self.positions.is_empty() => Position::Subsequent,
            Position::Ibid | Position::IbidWithLocator if !ibid => Position::Subsequent,
            position => position,
        }
    }

    /// Whether sources are named by a number.
    pub fn is_numeric(&self) -> bool {
        self.numeric
    }

    /// Whether the bibliography is in the order of the citations.
    pub fn is_in_order_of_citation(&self) -> bool {
        self.numeric && !matches!(&self.style.bibliography, Some(list) if list.sort.is_some())
    }

    /// Whether sources of one author and year are told apart by a letter.
    pub fn has_year_suffixes(&self) -> bool {
        self.style.citation.disambiguate_add_year_suffix
    }

    /// Whether its citations are sentences of their own.
    pub fn is_for_notes(&self) -> bool {
        self.style.settings.class == StyleClass::Note
    }

    /// Whether it has a bibliography.
    pub fn has_bibliography(&self) -> bool {
        self.style.bibliography.is_some()
    }

    /// What stands between two citations of one note.
    pub fn delimiter(&self) -> &str {
        self.style
            .citation
            .layout
            .delimiter
            .as_deref()
            .unwrap_or("; ")
    }

    /// What stands round a citation; the parentheses that set it off from running text do not stand in a note.
    pub fn affixes(&self) -> (&str, &str) {
        let layout = &self.style.citation.layout;
        let affix = |affix: &'_ Option<String>| affix.as_deref().unwrap_or_default().to_owned();
        match (&*affix(&layout.prefix), &*affix(&layout.suffix)) {
            ("[", "]") => ("[", "]"),
            _ => ("", ""),
        }
    }

    /// The code of its words' language.
    pub fn code(&self) -> Option<LocaleCode> {
        self.locale[0].lang.clone()
    }

    /// One of its words.
    pub fn term(&self, term: impl Into<Term>) -> Option<&str> {
        let term = term.into();
        let [locale] = &self.locale;
        let short = locale.term(term, TermForm::Short);
        short
            .or_else(|| locale.term(term, TermForm::Long))?
            .single()
    }
}

/// A style that stands for itself, or the one of the archive on which it depends.
fn independent(style: AnyStyle) -> Result<IndependentStyle, Option<Box<Diagnostic>>> {
    match style {
        AnyStyle::Independent(style) => Ok(style),
        AnyStyle::Dependent(style) => {
            let parent = ArchivedStyle::by_id(&style.parent_link.href);
            match parent.map(ArchivedStyle::get) {
                Some(AnyStyle::Independent(parent)) => Ok(parent),
                Some(AnyStyle::Dependent(_)) | None => Err(None),
            }
        }
    }
}

/// The style in a file of the book.
fn read(
    path: &str,
    named: Span,
    sources: &Sources,
) -> Result<IndependentStyle, Option<Box<Diagnostic>>> {
    let broken = |span, message| Some(Box::new(Diagnostic::new(Lint::InvalidStyle, span, message)));
    let Some(id) = sources.find(path) else {
        let missing = Diagnostic::new(
            Lint::MissingFile,
            named,
            format!("the book has no file `{path}`"),
        );
        return Err(Some(Box::new(Diagnostic {
            level: crate::diagnostic::Level::Deny,
            ..missing.help("the path begins at the book's folder, where book.toml stands")
        })));
    };
    let file = sources.file(id);
    if file.fault.is_some() {
        // Said by whoever reads the files.
        return Err(None);
    }
    let whole = Span::new(id, 0..file.text.lines().next().map_or(0, str::len));
    if let Err((range, message)) = check::well_formed(&file.text) {
        return Err(broken(Span::new(id, range), message));
    }
    let style = AnyStyle::from_xml(&file.text).map_err(|error| {
        let said = error.source.to_string();
        let range = check::named_in(&said, &file.text).unwrap_or(whole.range());
        broken(
            Span::new(id, range),
            format!("this is not a CSL style: {said}"),
        )
    })?;
    let parent = match &style {
        AnyStyle::Dependent(style) => style.parent_link.href.clone(),
        AnyStyle::Independent(_) => String::new(),
    };
    let style = independent(style).map_err(|_| {
        broken(
            whole,
            format!("this style depends on `{parent}`, which is not in the archive"),
        )
    })?;
    match check::endless(&style) {
        Some(name) => {
            let range = check::named_in(&format!("`{name}`"), &file.text).unwrap_or(whole.range());
            Err(broken(
                Span::new(id, range),
                format!("the macro `{name}` calls itself"),
            ))
        }
        None => Ok(style),
    }
}

/// The words of a language: its own, those of its main variety, or American English.
fn locale(language: &str) -> Locale {
    let wanted = LocaleCode(language.to_owned());
    let base = language.split('-').next().unwrap_or_default();
    let bytes = locale_bytes(language)
        .or_else(|| locale_bytes(&wanted.fallback()?.0))
        .or_else(|| locale_bytes(base))
        .or_else(|| {
            let same = |bytes: &&&[u8]| {
                locale_code(bytes).is_some_and(|code| code.starts_with(&format!("{base}-")))
            };
            LOCALES.iter().find(same).copied()
        })
        .or_else(|| locale_bytes("en-US"));
    let locale = bytes.and_then(|bytes| ciborium::de::from_reader(bytes).ok());
    locale.unwrap_or(Locale {
        lang: Some(LocaleCode::en_us()),
        info: None,
        terms: None,
        date: Vec::new(),
        style_options: None,
    })
}

fn locale_bytes(code: &str) -> Option<&'static [u8]> {
    let is_it =
        |bytes: &&&[u8]| locale_code(bytes).is_some_and(|known| known.eq_ignore_ascii_case(code));
    LOCALES.iter().find(is_it).copied()
}

/// The code of an archived locale, without reading the rest: it is the first field of a CBOR map.
fn locale_code(bytes: &[u8]) -> Option<&str> {
    let rest = bytes.get(1..)?.strip_prefix(b"i@xml:lang")?;
    let (length, rest) = rest.split_first()?;
    std::str::from_utf8(rest.get(..usize::from(length & 0x1f))?).ok()
}

/// A locator's label is the sign that stands beside the paragraphs themselves.
fn mark_paragraphs(locale: &mut Locale) {
    let Some(terms) = &mut locale.terms else {
        return;
    };
    for term in &mut terms.terms {
        if term.name == Term::Locator(Locator::Paragraph)
            && let Some(marked) = paragraph_term(term.form)
        {
            *term = marked;
        }
    }
}

fn paragraph_term(form: TermForm) -> Option<LocalizedTerm> {
    let sign = "¶";
    let term =
        serde_json::json!({"@name": "paragraph", "@form": form, "single": sign, "multiple": sign});
    serde_json::from_value(term).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_archived_locale_has_its_code() {
        for bytes in LOCALES {
            let code = locale_code(bytes).expect("a code");
            assert_eq!(locale(code).lang.expect("a language").0, code);
        }
    }

    #[test]
    fn the_nearest_language_is_taken() {
        let check = |language: &str, expected: &str| {
            let found = locale(language).lang.expect("a language").0;
            assert_eq!(found, expected, "{language}");
        };
        check("en", "en-US");
        check("en-GB", "en-GB");
        check("EN-gb", "en-GB");
        check("de", "de-DE");
        check("de-LI", "de-DE");
        check("ar-EG", "ar");
        check("zh", "zh-CN");
        check("tlh", "en-US");
        check("", "en-US");
    }

    #[test]
    fn styles_by_name() {
        let check = |name: &str, expected: Result<Option<&str>, &str>| {
            let span = Span::new(
                crate::source::Sources::from_texts([("a", "")])
                    .find("a")
                    .expect("a file"),
                0..0,
            );
            let found = Choice::parse(name, span);
            let found = match &found {
                Ok(choice) => Ok(choice.file()),
                Err((_, help)) => Err(help.as_str()),
            };
            assert_eq!(found, expected, "{name}");
        };
        check("plain", Ok(None));
        check("chicago-notes", Ok(None));
        check("apa", Ok(None));
        check("ieee", Ok(None));
        check("styles/house.csl", Ok(Some("styles/house.csl")));
        check("chicago-note", Err("did you mean `chicago-notes`?"));
        check("plian", Err("did you mean `plain`?"));
        check(
            "../house.csl",
            Err("name a file of the book: `style = \"house.csl\"`"),
        );
    }

    #[test]
    fn every_archived_style_can_be_used() {
        for style in ArchivedStyle::all() {
            let independent = independent(style.get()).expect("an independent style");
            assert_eq!(check::endless(&independent), None, "{style:?}");
        }
    }
}
