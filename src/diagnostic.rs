//! What is wrong with a book, said so that its author can mend it: lints by name, places, help, fixes.

mod render;

pub use render::{USUAL_WIDTH, github, json, text};

use std::collections::BTreeMap;

use crate::source::Span;

/// How loudly a lint speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Not at all.
    Allow,
    /// The book is built, the problem is printed.
    Warn,
    /// The book is not built.
    Deny,
}

/// Declares every lint once: its variant, its name, its usual level, and what `explain` says of it.
macro_rules! lints {
    ($($variant:ident = $name:literal, $level:ident, $explanation:literal;)*) => {
        /// Every kind of problem, by name.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Lint {
            $(#[doc = $explanation] $variant,)*
        }

        impl Lint {
            /// All lints.
            pub const ALL: &'static [Lint] = &[$(Lint::$variant),*];

            /// The name that stands in messages and in `[lints]`.
            pub fn name(self) -> &'static str {
                match self { $(Lint::$variant => $name,)* }
            }

            /// The level where the book does not say otherwise.
            pub fn usual_level(self) -> Level {
                match self { $(Lint::$variant => Level::$level,)* }
            }

            /// What it means and how it is mended.
            pub fn explanation(self) -> &'static str {
                match self { $(Lint::$variant => $explanation,)* }
            }
        }
    };
}

lints! {
    UnreadableFile = "unreadable-file", Deny,
        "A file could not be read as text: it is not UTF-8, holds a NUL byte, is too large, or the system refused it.";
    InvalidToml = "invalid-toml", Deny,
        "`book.toml` is not TOML at this place.";
    InvalidYaml = "invalid-yaml", Deny,
        "The file is not YAML at this place. The other entries of the file are still checked.";
    YamlTrap = "yaml-trap", Deny,
        "YAML reads this text otherwise than it looks. A text that begins with `[`, `*`, `@`, a quotation mark or a backtick, or that holds `: ` or ` #`, needs quotes round it or a `|` block.";
    SplitQuotation = "split-quotation", Deny,
        "A flow list `[…]` cut a quotation at its comma. Write the citations in a `|` block, one a line: nothing in it needs quoting.";
    UnknownKey = "unknown-key", Deny,
        "A key that the format does not know.";
    DuplicateKey = "duplicate-key", Deny,
        "The same key stands twice in one map.";
    MissingField = "missing-field", Deny,
        "A field that must be there is not.";
    InvalidValue = "invalid-value", Deny,
        "A value is not of the kind that its field takes.";
    InvalidId = "invalid-id", Deny,
        "An ID is one to a hundred ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit.";
    DuplicateId = "duplicate-id", Deny,
        "Two things of the book have the same ID, or IDs that differ only in case.";
    DuplicateTerm = "duplicate-term", Deny,
        "Two glossary entries claim the same word.";
    DuplicateName = "duplicate-name", Deny,
        "Two blocks of one document have the same `^name`.";
    MissingTitle = "missing-title", Deny,
        "A document has no title.";
    TwoTitles = "two-titles", Deny,
        "A chapter has a title in its front matter and a `# heading` as well.";
    InvalidCitation = "invalid-citation", Deny,
        "A citation is `key ¶N \"words of the source\"`; locator and quotation may be left out.";
    InvalidLocator = "invalid-locator", Deny,
        "A locator is `¶N`, `¶¶N-M`, `¶¶N-M, K` or `^name`.";
    UnresolvedSource = "unresolved-source", Deny,
        "A citation names a source that the book does not have.";
    UnresolvedParagraph = "unresolved-paragraph", Deny,
        "A locator names a paragraph that the source does not have, or that is left out of it.";
    UnresolvedLink = "unresolved-link", Deny,
        "A `[[link]]` names nothing that the book has.";
    LostQuotation = "lost-quotation", Deny,
        "The quoted words do not stand in the source.";
    MovedQuotation = "moved-quotation", Warn,
        "The quoted words stand in the source, but not in the cited paragraph.";
    AmbiguousQuotation = "ambiguous-quotation", Warn,
        "The quoted words stand in several paragraphs of the source, and no locator says which.";
    AlteredSense = "altered-sense", Deny,
        "A gap `…` or bracket `[…]` of a quotation hides, adds or replaces a negation or a number.";
    UnattributedQuotation = "unattributed-quotation", Warn,
        "Three or more words stand in quotation marks, and their sentence cites nothing.";
    UndefinedAcronym = "undefined-acronym", Warn,
        "A word in capitals stands in a chapter, and no glossary entry explains it.";
    UnusedTerm = "unused-term", Warn,
        "A glossary entry's words occur nowhere in the book.";
    RawHtml = "raw-html", Warn,
        "HTML in a text is left out: a book's content is text and its annotations.";
    UnsafeLink = "unsafe-link", Warn,
        "A link with a scheme other than http, https or mailto is left out.";
    SwallowedCitation = "swallowed-citation", Deny,
        "A line `[@key]: …` is a link definition in Markdown and would vanish. Put a word before it, or leave out the colon.";
    MissingFile = "missing-file", Warn,
        "An image or a link names a file that the book does not have.";
    UnreadableImage = "unreadable-image", Warn,
        "An image cannot be printed: its file is broken, or not of the kind that its name says. Its text is printed in its place.";
    NotYet = "not-yet", Warn,
        "The format knows this, but this version of the program does not carry it out.";
    MissingGlyph = "missing-glyph", Warn,
        "The print edition's fonts lack a character of the book.";
    ThemeError = "theme-error", Deny,
        "A theme's template is wrong.";
    PrintError = "print-error", Deny,
        "The print edition could not be made.";
}

impl Lint {
    /// The lint of this name.
    pub fn named(name: &str) -> Option<Lint> {
        Lint::ALL.iter().copied().find(|lint| lint.name() == name)
    }
}

/// One place and what is to be said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words, or none.
    pub text: String,
}

/// One replacement of bytes in an author's file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What takes its place.
    pub replacement: String,
}

/// One problem: place, fact and remedy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The kind of problem.
    pub lint: Lint,
    /// How loudly it is said; set from the book's configuration before it is printed.
    pub level: Level,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// Where, unless it concerns the whole book.
    pub at: Option<Label>,
    /// Related places (`first defined here`).
    pub related: Vec<Label>,
    /// What can be done, to be followed as it stands.
    pub help: Option<String>,
    /// Edits that mend it.
    pub fix: Vec<Edit>,
}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(lint: Lint, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            at: Some(Label {
                span,
                text: String::new(),
            }),
            ..Diagnostic::of_book(lint, message)
        }
    }

    /// A problem of the book as a whole.
    pub fn of_book(lint: Lint, message: impl Into<String>) -> Self {
        Diagnostic {
            lint,
            level: lint.usual_level(),
            message: message.into(),
            at: None,
            related: Vec::new(),
            help: None,
            fix: Vec::new(),
        }
    }

    /// Says a few words at the underlined place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(at) = &mut self.at {
            at.text = text.into();
        }
        self
    }

    /// Shows another place as well.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what can be done.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Offers a replacement that mends it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix.push(Edit {
            span,
            replacement: replacement.into(),
        });
        self
    }

    fn order(&self) -> (Option<Span>, Lint, &str) {
        (
            self.at.as_ref().map(|label| label.span),
            self.lint,
            &self.message,
        )
    }
}

/// The problems of one run: levelled by the book's `[lints]`, without the allowed ones, sorted by place,
/// each once.
pub fn settle(mut diagnostics: Vec<Diagnostic>, levels: &BTreeMap<Lint, Level>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if let Some(level) = levels.get(&diagnostic.lint) {
            diagnostic.level = *level;
        }
    }
    diagnostics.retain(|diagnostic| diagnostic.level != Level::Allow);
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    diagnostics.dedup();
    diagnostics
}

/// The known name nearest to a mistyped one, if any is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong_folded = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            let folded = name.to_lowercase();
            let distance = strsim::osa_distance(&wrong_folded, &folded);
            let tolerance = (folded.chars().count().max(wrong_folded.chars().count()) / 3).max(1);
            let begins = wrong_folded.len() >= 4 && folded.starts_with(&wrong_folded);
            (name, if begins { 0 } else { distance }, tolerance)
        })
        .filter(|(_, distance, tolerance)| distance <= tolerance)
        .min_by_key(|(name, distance, _)| (*distance, *name))
        .map(|(name, _, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["yokota-upgrade", "marines-okinawa", "space"];
        let check = |wrong, expected| assert_eq!(nearest(wrong, known), expected, "{wrong}");
        check("yokota-upgarde", Some("yokota-upgrade"));
        check("Yokota-Upgrade", Some("yokota-upgrade"));
        check("yokota", Some("yokota-upgrade"));
        check("entirely-other", None);
        check("", None);
    }
}
