//! The words of the interface.

use std::collections::BTreeMap;

/// Interface words by name, in one language.
#[derive(Clone, Debug)]
pub struct Words {
    words: BTreeMap<&'static str, &'static str>,
}

impl Words {
    /// The words in English, whatever the book's language.
    pub fn english() -> Self {
        Words {
            words: ENGLISH.iter().copied().collect(),
        }
    }

    /// One word; its name where there is none.
    pub fn get(&self, name: &'static str) -> &'static str {
        self.words.get(name).copied().unwrap_or(name)
    }

    /// All words by name, for templates.
    pub fn all(&self) -> &BTreeMap<&'static str, &'static str> {
        &self.words
    }
}

const ENGLISH: &[(&str, &str)] = &[
    ("accessed", "Read on"),
    ("after", "after"),
    ("also", "Also called"),
    ("annex", "Annex: the sources"),
    ("apparatus", "For reference"),
    ("articles", "Sources"),
    ("as_of", "As of"),
    ("author", "Author"),
    ("back_to_text", "Back to the text, note"),
    ("book", "The book"),
    ("chapter", "Chapter"),
    ("chapters", "Chapters"),
    ("cited", "Citations"),
    ("cited_by", "Cited by"),
    ("cited_in", "cited in"),
    ("contents", "Contents"),
    (
        "empty",
        "This book is empty as yet. Its sources go into content/articles, its own prose into content/chapters.",
    ),
    ("colophon", "Colophon"),
    ("data", "For other programs:"),
    ("evidence", "The claims and what the sources say of them"),
    ("glossary", "Glossary"),
    ("handling", "Handling"),
    ("index", "Index"),
    ("index_people", "People"),
    ("index_organizations", "Organisations"),
    ("index_terms", "Terms"),
    ("of", "of"),
    ("set_with", "Made with"),
    ("in_original", "In the original"),
    ("in_this_book", "Text in this book"),
    ("key", "Key"),
    ("letters", "Letters"),
    ("neighbours", "Previous and next page"),
    ("next", "Next"),
    (
        "no_sources",
        "This book has no sources yet. Each one is a Markdown file in content/articles.",
    ),
    (
        "no_terms",
        "This book explains no terms yet. They are written under “glossary” in a file in content/annotations.",
    ),
    ("not_cited", "not cited"),
    ("not_found", "There is no such page"),
    (
        "not_found_help",
        "The address may be mistyped, or the page may have been renamed since the link was made. What the book has can be found from here:",
    ),
    ("notes", "Notes"),
    ("omitted", "Left out"),
    ("omitted_one", "is left out by the editors."),
    ("omitted_several", "are left out by the editors."),
    ("on_this_page", "On this page"),
    ("original", "Address"),
    ("own_judgement", "The authors’ own judgement"),
    ("page", "p."),
    ("page_in_full", "page"),
    ("pages", "pp."),
    ("paragraph", "Paragraph"),
    ("paragraphs", "Paragraphs"),
    ("place", "place"),
    ("places", "places"),
    ("previous", "Previous"),
    ("print_edition", "Print edition"),
    ("publication", "Publication"),
    ("published", "Published"),
    ("rating", "Rating"),
    (
        "record",
        "Only the record of this source is in the book: it can be cited as a whole, but there is no text to read or to quote.",
    ),
    ("renamed", "This page has another address now"),
    ("see", "See also"),
    ("see_entry", "see"),
    ("skip", "Skip to the text"),
    ("source", "Source"),
    ("sources", "Sources"),
    ("table", "Table"),
    ("tags", "Tags"),
    ("terms", "entries"),
    ("scheme", "Dark or light"),
    ("claim", "Claim"),
    ("claims", "Claims"),
    ("timeline", "Timeline"),
    ("comment_on", "Note on"),
    ("comment", "Note"),
    ("comments", "Notes on passages"),
    ("kind_context", "Context"),
    ("kind_correction", "Correction"),
    ("kind_dispute", "Dispute"),
    ("kind_question", "Question"),
    ("kind_assessment", "Assessment"),
    ("read_as", "Read"),
    ("supports", "Supports"),
    ("disputes", "Disputes"),
    ("qualifies", "Qualifies"),
    ("bears_supports", "supports"),
    ("bears_disputes", "disputes"),
    ("bears_qualifies", "qualifies"),
    ("confidence", "Confidence"),
    ("likelihood", "Likelihood"),
    ("planned", "Planned"),
    ("by", "By"),
    ("whole", "The whole book on one page"),
    ("crumbs", "Where this page stands"),
    ("all_places", "All places"),
    ("tagged", "Tagged"),
    ("statement", "Statement"),
    ("no_evidence", "cites nothing"),
    ("events", "events"),
    ("title", "title"),
    ("translated_from", "Translated from"),
    ("verification", "Citations"),
];

/// Where a line of a text begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// At the left.
    LeftToRight,
    /// At the right.
    RightToLeft,
}

impl Direction {
    /// As HTML and Typst name it.
    pub fn name(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }
}

/// The direction in which a language (BCP 47) is written.
pub fn direction(language: &str) -> Direction {
    match language.split('-').next().unwrap_or_default() {
        "ar" | "fa" | "he" | "ur" | "ps" | "sd" | "yi" | "dv" | "ckb" => Direction::RightToLeft,
        _ => Direction::LeftToRight,
    }
}
