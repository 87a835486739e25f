//! Citations of edited sources: what `heal` makes of them, what it writes, what it says.

mod edits;
mod places;
mod telling;
mod writing;

use std::collections::BTreeSet;

use pincite::compile::compile;
use pincite::heal::Healed;
use pincite::lock;
use pincite::source::Sources;

use crate::book::TestBook;

/// What an edit does to a paragraph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    /// Its words stand unchanged, perhaps under another number, perhaps as two paragraphs or with another one.
    Moved,
    /// It was corrected: a word or two, a sentence more or less.
    Drifted,
    /// It was turned round: another number, a “not”.
    Reversed,
    /// It is gone.
    Gone,
}

/// A paragraph on its way through the edits.
#[derive(Clone)]
struct Paragraph {
    text: String,
    /// The former paragraphs whose words it has, and what became of them.
    from: Vec<(usize, Kind)>,
}

fn article<'p>(paragraphs: impl Iterator<Item = &'p str>) -> String {
    let paragraphs: Vec<&str> = paragraphs.collect();
    format!("---\ntitle: A\n---\n\n{}\n", paragraphs.join("\n\n"))
}

/// A book that was settled with the former paragraphs and has the present ones.
fn settled_and_edited(former: &[String], chapter: &str, now: &[Paragraph]) -> Sources {
    let before = book_of(former, chapter);
    let settled = compile(&before, None);
    assert!(settled.publishable(), "{:#?}", settled.diagnostics);
    let now = article(now.iter().map(|p| p.text.as_str()));
    before
        .with_text("content/articles/a.md", &now)
        .with_text(lock::PATH, &settled.book.settled.text())
}

/// The lines of which something is still reported: their author is told of it.
fn told(healed: &Healed) -> BTreeSet<usize> {
    let labels = healed
        .diagnostics
        .iter()
        .flat_map(|diagnostic| diagnostic.at.iter().chain(&diagnostic.related));
    labels
        .map(|label| label.span)
        .map(|span| healed.sources.place(span.file, span.start as usize).line)
        .collect()
}

/// A book of one article and one chapter.
fn book_of(article_of: &[String], chapter: &str) -> Sources {
    Sources::from_texts([
        (
            "book.toml",
            "[book]\ntitle = \"B\"\n[citations]\nstyle = \"plain\"\n",
        ),
        (
            "content/articles/a.md",
            &article(article_of.iter().map(String::as_str)),
        ),
        ("content/chapters/01-x.md", chapter),
    ])
}

const BEFORE: &str = "---\ntitle: A\n---\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n";
const AFTER: &str = "---\ntitle: A\n---\n\nThis was corrected.\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n";
const YAML: &str = "# Mine.\r\nclaims:\r\n  size:   { text: It is large., supports: a ¶2 }  # so";
const HEALED_YAML: &str =
    "# Mine.\r\nclaims:\r\n  size:   { text: It is large., supports: a ¶3 }  # so";

/// A book whose one article was edited after it was built.
fn edited() -> TestBook {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", BEFORE)
        .file("content/annotations/a.yaml", YAML)
        .file("content/chapters/01-x.md", "# X\n\nThey met [@a, ¶1].\n");
    book.run(&["build", "--format", "html"]).expect(0);
    book.file("content/articles/a.md", AFTER)
}
