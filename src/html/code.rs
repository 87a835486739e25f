//! Syntax highlighting as classes; the syntaxes are loaded when the first code block asks for them.

use std::sync::LazyLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

use super::markup::Markup;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Longer code is shown without highlighting, which costs about ten seconds a megabyte.
const LONGEST: usize = 64 * 1024;

/// Code with its words in `<span class="hl-…">`; plain where the language is not known.
pub(super) fn highlight(text: &str, language: Option<&str>, out: &mut Markup) {
    let syntax = language
        .filter(|_| text.len() <= LONGEST)
        .and_then(|language| SYNTAXES.find_syntax_by_token(language));
    let Some(syntax) = syntax else {
        out.text(text);
        return;
    };
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, style);
    for line in LinesWithEndings::from(text) {
        if generator
            .parse_html_for_line_which_includes_newline(line)
            .is_err()
        {
            out.text(text);
            return;
        }
    }
    out.highlighted(&generator.finalize());
}
