//! What the fuzz targets do with a text. Each panics where the program would be wrong.

use pincite::compile::{Compilation, compile};
use pincite::diagnostic;
use pincite::edition::Edition;
use pincite::html;
use pincite::markdown::{Document, Voice};
use pincite::reference;
use pincite::site::Page;
use pincite::source::{Sources, Text};
use pincite::verify::Folded;
use pincite::yaml;

type Target = fn(&str);

/// Every target by name.
pub(crate) const ALL: [(&str, Target); 4] = [
    ("markdown", markdown),
    ("yaml", yaml),
    ("citation", citation),
    ("folding", folding),
];

const CONFIG: (&str, &str) = ("book.toml", "[book]\ntitle = \"A\"\n");
const ARTICLE: &str = "---\ntitle: A\n---\n\none two USFJ\n\nthree “four” 2+2 在日米軍\n";

/// A text as an article, a chapter and an annotation.
pub(crate) fn markdown(text: &str) {
    let article = format!("---\ntitle: B\n---\n\n{text}");
    let chapter = format!("# C\n\n{text}");
    render(&[
        CONFIG,
        ("content/articles/a.md", ARTICLE),
        ("content/articles/b.md", &article),
        ("content/chapters/c.md", &chapter),
        ("content/chapters/d.md", text),
        (
            "content/annotations/a.yaml",
            "glossary:\n  USFJ: x\n  2+2: y\n",
        ),
    ]);
    let sources = Sources::from_texts([("a.md", text)]);
    let file = sources.find("a.md").expect("just made");
    for voice in [Voice::Source, Voice::Author] {
        let (document, _) = Document::parse(&Text::verbatim(file, text, 0), voice);
        for (_, prose) in document.proses() {
            within(&prose.text, text);
        }
    }
}

/// A text as annotations, as front matter and as `book.toml`.
pub(crate) fn yaml(text: &str) {
    let article = format!("---\n{text}\n---\n\none two\n");
    render(&[
        CONFIG,
        ("content/articles/a.md", ARTICLE),
        ("content/articles/b.md", &article),
        ("content/annotations/a.yaml", text),
    ]);
    let sources = Sources::from_texts([("a.yaml", text)]);
    let file = sources.find("a.yaml").expect("just made");
    if let (Some(root), _) = yaml::parse(file, text, 0) {
        walk(&root, text);
    }
}

/// A text as citations of every form.
pub(crate) fn citation(text: &str) {
    let sources = Sources::from_texts([("a.md", text)]);
    let file = sources.find("a.md").expect("just made");
    let whole = Text::verbatim(file, text, 0);
    reference::group(&whole);
    reference::single(&whole);
    reference::block(&whole);
    reference::Link::parse(&whole);
    let chapter =
        format!("# C\n\nIt says “one two” [@a, {text}]. [{text}] [[{text}]] @a [{text}] so.\n");
    render(&[
        CONFIG,
        ("content/articles/a.md", ARTICLE),
        ("content/chapters/c.md", &chapter),
    ]);
}

/// A text's folded form, and the text as a source that is quoted.
pub(crate) fn folding(text: &str) {
    let folded = Folded::new(text);
    let dropped = ['\u{ad}', '\u{200b}', '“', '"', '–'];
    assert!(!folded.text.contains(dropped), "{:?}", folded.text);
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    let article = format!("---\ntitle: A\n---\n\n{line}\n");
    let chapter = format!("# C\n\n“{line}” [@a]. [@a \"{line}\"]\n");
    render(&[
        CONFIG,
        ("content/articles/a.md", &article),
        ("content/chapters/c.md", &chapter),
    ]);
}

/// Compiles and renders a book; every place that is named must be in its file.
fn render(files: &[(&str, &str)]) {
    let sources = Sources::from_texts(files.iter().copied());
    let compilation = compile(&sources, None);
    places(&compilation, &sources);
    let edition = Edition::new(&compilation.book);
    let (site, _) = html::site(&edition, &sources);
    for page in site.pages().values() {
        if let Page::Rendered(render) = page {
            render().expect("the theme is sound");
        }
    }
}

fn places(compilation: &Compilation, sources: &Sources) {
    for diagnostic in &compilation.diagnostics {
        diagnostic::text(diagnostic, sources, false, diagnostic::USUAL_WIDTH);
        diagnostic::json(diagnostic, sources);
        for label in diagnostic.at.iter().chain(&diagnostic.related) {
            let text = &sources.file(label.span.file).text;
            assert!(label.span.start <= label.span.end, "{diagnostic:?}");
            assert!(label.span.range().end <= text.len() + 1, "{diagnostic:?}");
        }
        for edit in &diagnostic.fix {
            let text = &sources.file(edit.span.file).text;
            assert!(
                text.get(edit.span.range()).is_some(),
                "an edit cuts a character: {diagnostic:?}"
            );
        }
    }
}

fn walk(node: &yaml::Node, file: &str) {
    match &node.value {
        yaml::Value::Scalar(scalar) => within(&scalar.text, file),
        yaml::Value::List(items, _) => items.iter().for_each(|item| walk(item, file)),
        yaml::Value::Map(entries, _) => {
            for entry in entries {
                within(&entry.key, file);
                walk(&entry.value, file);
            }
        }
    }
}

/// Every character of a text comes from whole characters of the file.
fn within(text: &Text, file: &str) {
    for (at, character) in text.text.char_indices() {
        let range = text.span(at..at + character.len_utf8()).range();
        assert!(
            file.get(range.clone()).is_some(),
            "{character:?} of {:?} comes from {range:?}",
            text.text
        );
    }
}
