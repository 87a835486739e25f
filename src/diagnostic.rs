//! What is wrong with a book, said so that its author can mend it: lints by name, places, help, fixes.

mod gather;
mod mend;
mod near;
mod render;

pub use gather::{MOST_APART, MOST_SHARED, Together};
pub use mend::{Mended, mend};
pub use near::{Known, nearest, trust_in};
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

/// Declares every lint once: its variant, its name, its usual level, and what it means in a sentence.
///
/// `explanations/NAME.md` says the rest, with an example that is run as a test; the manual's `docs/lints.md` is
/// written from both.
macro_rules! lints {
    ($($variant:ident = $name:literal, $level:ident, $meaning:literal;)*) => {
        /// Every kind of problem, by name.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Lint {
            $(#[doc = $meaning] $variant,)*
        }

        impl Lint {
            /// All lints.
            pub const ALL: &'static [Lint] = &[$(Lint::$variant),*];

            /// The name that stands in messages and in `[lints]`.
            pub const fn name(self) -> &'static str {
                match self { $(Lint::$variant => $name,)* }
            }

            /// The level where the book does not say otherwise.
            pub fn usual_level(self) -> Level {
                match self { $(Lint::$variant => Level::$level,)* }
            }

            /// What it means, in a sentence or two.
            pub const fn meaning(self) -> &'static str {
                match self { $(Lint::$variant => $meaning,)* }
            }

            /// Why it matters and how it is mended, with an example; Markdown.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Lint::$variant => include_str!(concat!("diagnostic/explanations/", $name, ".md")),)*
                }
            }
        }
    };
}

lints! {
    UnreadableFile = "unreadable-file", Deny,
        "A file could not be read as text: it is not UTF-8, holds a NUL byte or an undecided merge, is too large, or the system refused it; or code or a comment in an article has no end, so that nobody knows what its paragraphs are; or so many entries are broken that the rest of them is not read.";
    StrayFile = "stray-file", Warn,
        "A file has the ending of a text of the book and stands where none is read: articles and chapters are `.md` below `articles/` and `chapters/`, annotations `.yaml` or `.yml` below `annotations/`. Or it stands there, and has no entries.";
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
        "Two things of the book have the same ID, or IDs that differ only in case; or a note or an event stands there twice.";
    DuplicateTerm = "duplicate-term", Deny,
        "Two glossary entries claim the same word.";
    DuplicateName = "duplicate-name", Deny,
        "Two blocks of one document have the same `^name`.";
    MissingTitle = "missing-title", Deny,
        "A document has no title.";
    TwoTitles = "two-titles", Deny,
        "A chapter has a title and a second one: in its front matter and as a `# heading`, or two such headings.";
    InvalidCitation = "invalid-citation", Deny,
        "A citation is `key ¶N \"words of the source\"`; locator and quotation may be left out.";
    InvalidLocator = "invalid-locator", Deny,
        "A locator is `¶N`, `¶¶N-M`, `¶¶N-M, K` or `^name`.";
    UnresolvedSource = "unresolved-source", Deny,
        "A citation names a source that the book does not have.";
    UnresolvedParagraph = "unresolved-paragraph", Deny,
        "A locator names a paragraph that the source does not have, or that is left out of it.";
    UnresolvedLink = "unresolved-link", Deny,
        "A `[[link]]` names nothing that the book has, or is not closed.";
    LostQuotation = "lost-quotation", Deny,
        "The quoted words do not stand in the source.";
    MovedQuotation = "moved-quotation", Warn,
        "The quoted words stand in the source, but not in the cited paragraph.";
    AmbiguousQuotation = "ambiguous-quotation", Warn,
        "The quoted words stand in several paragraphs of the source, and no locator says which.";
    DriftedQuotation = "drifted-quotation", Warn,
        "The quoted words stand nearly so in the source. The message has the words that differ, the help the whole passage: quote that. A drifted quotation never counts as verified, and is shown with the word “drifted”.";
    DriftedSense = "drifted-sense", Deny,
        "The quoted words stand nearly so in the source, but what differs is a number, a date, a negation, a modal verb or a name. Quote the source's own words.";
    MovedParagraph = "moved-paragraph", Warn,
        "The source has changed since the citation was settled, and the cited paragraph has another number now. `pincite heal` writes it.";
    DriftedParagraph = "drifted-paragraph", Warn,
        "The source has changed since the citation was settled, and the cited paragraph with it. Read it again; `pincite heal --accept-drift` settles it as it is now. A changed number, date, negation, modal verb or name is a `drifted-sense`.";
    AmbiguousParagraph = "ambiguous-paragraph", Warn,
        "The source has changed since the citation was settled, and the words of the cited paragraph stand in several now.";
    LostParagraph = "lost-paragraph", Deny,
        "The source has changed since the citation was settled, and the cited paragraph is gone.";
    UnsettledSource = "unsettled-source", Warn,
        "The source has changed since its citations were settled, and this one is not among them: its number may be meant in the old text or in the new.";
    DisplacedSource = "displaced-source", Deny,
        "The text that an article's citations were settled against stands in another article now, or is gone: two files were swapped, one was put in another's place, or one was emptied.";
    DamagedLock = "damaged-lock", Deny,
        "`citations.lock` cannot be read, so that nothing is known of what the citations were settled against. Nothing is guessed.";
    QuotedTranslation = "quoted-translation", Warn,
        "The source is a translation (`translated-from` in its front matter), and its words are quoted as if they were the author's. Quote the original, or say so in the citation: one with “translation”, “translated” or the like beside the quotation is left alone.";
    AlteredSense = "altered-sense", Deny,
        "A gap `…` or bracket `[…]` of a quotation hides, adds or replaces a negation or a number, or a bracket replaces a modal verb.";
    UnattributedQuotation = "unattributed-quotation", Warn,
        "Three or more words stand in quotation marks, and their sentence cites nothing; or a chapter's block quote cites nothing.";
    UnpairedMark = "unpaired-mark", Warn,
        "A quotation mark begins a quotation that does not end, or ends one that does not begin, so nothing can be looked up.";
    UnwrittenText = "unwritten-text", Warn,
        "A text has nothing but the `…` that `pincite new` leaves for its author, or a field or an entry of a list has nothing at all.";
    UndefinedAcronym = "undefined-acronym", Warn,
        "A word in capitals stands in a chapter, and no glossary entry explains it.";
    UnusedTerm = "unused-term", Warn,
        "A glossary entry's words occur nowhere in the book.";
    UncitedParagraph = "uncited-paragraph", Allow,
        "A chapter's paragraph cites nothing. Said only where `book.toml` asks for it; how many there are is told after every build and check.";
    SingleSource = "single-source", Warn,
        "A claim of high confidence is supported by one publication alone.";
    CircularSource = "circular-source", Warn,
        "Two sources that support a claim are one: the one repeats the other, or both repeat a third (`origin` in the front matter).";
    LikelihoodLanguage = "likelihood-language", Warn,
        "Words of likelihood that are none of ICD 203's seven bands, likelihood and confidence in one sentence, or claims that mix ICD 203's two sets of terms. Texts in English alone are read for it.";
    StaleSource = "stale-source", Warn,
        "A source was read (`accessed`) longer before the book's date than `stale-after` in `book.toml` allows.";
    UnusedException = "unused-exception", Warn,
        "An `except` of a glossary entry names a place where none of the entry's words stands.";
    RawHtml = "raw-html", Warn,
        "HTML in a text is left out: a book's content is text and its annotations.";
    UnsafeLink = "unsafe-link", Warn,
        "A link with a scheme other than http, https or mailto is left out.";
    SwallowedCitation = "swallowed-citation", Deny,
        "A line `[@key]: …` is a link definition in Markdown and would vanish. Put a word before it, or leave out the colon.";
    InvalidStyle = "invalid-style", Deny,
        "The book's own citation style is not CSL 1.0: it is not XML at this place, or an element or attribute is unknown.";
    MissingFile = "missing-file", Warn,
        "An image or a link names a file that the book does not have.";
    MissingAlt = "missing-alt", Warn,
        "An image has no text that says what it shows, for those who do not see it.";
    UnreadableImage = "unreadable-image", Warn,
        "An image's size cannot be read, or it cannot be printed: its file is broken, not of the kind that its name says, or an SVG without a size or one that shows another file.";
    MissingHeading = "missing-heading", Warn,
        "A link `#…` names a heading or a paragraph that the page does not have.";
    ListInOneText = "list-in-one-text", Warn,
        "A field that takes a list has several items in one text.";
    LooksLikeCitation = "looks-like-citation", Warn,
        "Brackets begin with the ID of an article, but without an `@`, or hold an `@` that has no key right behind it, or a place stands behind `@key` without brackets, or a remark behind a place has the source's words without quotation marks, so nothing is checked.";
    LooksLikeMarkup = "looks-like-markup", Warn,
        "A sign of emphasis, a heading, a list or a link stands where Markdown does not take it for one, and is printed; or Markdown takes something for what it is not: a line `---` makes a heading of the paragraph above it, a table has no column for a cell.";
    UnmatchedFootnote = "unmatched-footnote", Deny,
        "A mark `[^x]` has no footnote, or a footnote has no mark in the text and would not be shown.";
    InvalidTransclusion = "invalid-transclusion", Deny,
        "`![[…]]` shows paragraphs of an article, a claim or a glossary entry, on a line of its own.";
    MissingGlyph = "missing-glyph", Warn,
        "The print edition's fonts lack a character of the book.";
    MissingFont = "missing-font", Warn,
        "`[output.pdf]` names a family of fonts that is not there. The theme's own face stands in for it.";
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

    /// Whether a quotation's words do not stand in its source, and may stand in any other.
    pub fn is_of_missing_words(self) -> bool {
        matches!(
            self,
            Lint::LostQuotation
                | Lint::DriftedQuotation
                | Lint::DriftedSense
                | Lint::UnattributedQuotation
        )
    }

    /// Whether what is said of it may name any other source, and so hangs on all of them.
    pub fn may_name_any_source(self) -> bool {
        let of_paragraph = matches!(self, Lint::LostParagraph | Lint::UnresolvedParagraph);
        of_paragraph || self.is_of_missing_words()
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

/// How far an offered fix can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trust {
    /// It says what the author meant, beyond doubt: `check --fix` applies it.
    Safe,
    /// It is the likeliest mend, for the author to decide.
    Suggested,
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
    /// Edits that mend it, all of them together.
    pub fix: Vec<Edit>,
    /// Whether they may be made unasked.
    pub trust: Trust,
    /// How it is said where many have the same cause.
    pub together: Option<Together>,
    /// The place whose own problem says this as well.
    pub cause: Option<Span>,
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
            message: shortened(message.into()),
            at: None,
            related: Vec::new(),
            help: None,
            fix: Vec::new(),
            trust: Trust::Suggested,
            together: None,
            cause: None,
        }
    }

    /// A problem at a place, or of the book as a whole where it has none.
    pub fn maybe_at(lint: Lint, span: Option<Span>, message: impl Into<String>) -> Self {
        match span {
            Some(span) => Diagnostic::new(lint, span, message),
            None => Diagnostic::of_book(lint, message),
        }
    }

    /// Says a few words at the underlined place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(at) = &mut self.at {
            at.text = shortened(text.into());
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
        self.help = Some(shortened(text.into()));
        self
    }

    /// Offers a replacement that mends it if it guesses right.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix.push(Edit {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// Says what the thing is called now that has had another name before.
    #[must_use]
    pub fn renamed(self, span: Span, old: &str, new: &str) -> Self {
        self.help(format!("`{old}` is now called `{new}`"))
            .fix(span, new)
            .trusted(Trust::Safe)
    }

    /// Says how far the offered replacements can be trusted.
    #[must_use]
    pub fn trusted(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Says how it is told with others of the same cause: `of_all` after their number, `here` at its own place.
    #[must_use]
    pub fn together(mut self, of_all: String, here: String) -> Self {
        self.together = Some(Together { of_all, here });
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

/// A message that an author's endless words have made endless, cut.
fn shortened(mut text: String) -> String {
    const LONGEST: usize = 1000;
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// The problems of one run: levelled by the book's `[lints]`, without the allowed ones, sorted by place,
/// each once, and those of one cause as one where they are many.
pub fn settle(mut diagnostics: Vec<Diagnostic>, levels: &BTreeMap<Lint, Level>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if let Some(level) = levels.get(&diagnostic.lint) {
            diagnostic.level = *level;
        }
    }
    diagnostics.retain(|diagnostic| diagnostic.level != Level::Allow);
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    diagnostics.dedup();
    gather::gathered(diagnostics)
}
