//! Signs that would end the text in which they are written.

use std::collections::BTreeMap;

use serde_yaml::granit_parser::ScalarStyle;

use super::{Form, Node, Scalar, Value, parse};
use crate::source::{FileId, Sources, Span};

/// Where a sign ends a text: an apostrophe one in apostrophes, a comma a bare one in brackets.
type Endings = Vec<(Span, char)>;

/// Tells which words would be read otherwise than they are meant where they are to be written.
pub struct Misread<'s> {
    sources: &'s Sources,
    endings: BTreeMap<FileId, Endings>,
}

impl<'s> Misread<'s> {
    /// Reads those of these files that it is asked about.
    pub fn new(sources: &'s Sources) -> Self {
        Misread {
            sources,
            endings: BTreeMap::new(),
        }
    }

    /// Whether words that take the place of others would end the text that they stand in. Only YAML has such texts.
    pub fn would_be(&mut self, span: Span, words: &str) -> bool {
        if !words.contains(['\'', ',']) {
            return false;
        }
        let file = self.sources.file(span.file);
        let ending = file.path.rsplit_once('.').map(|(_, ending)| ending);
        if !matches!(ending, Some("yaml" | "yml")) {
            return false;
        }
        let endings = self.endings.entry(span.file).or_insert_with(|| {
            let (root, _) = parse(span.file, &file.text, 0);
            let mut endings = Vec::new();
            if let Some(root) = root {
                gather(&root, Form::Block, &mut endings);
            }
            endings
        });
        let around = |(text, _): &&(Span, char)| text.start <= span.start && span.end <= text.end;
        let mut around = endings.iter().filter(around);
        around.any(|(_, sign)| words.contains(*sign))
    }
}

/// The texts of a tree in which a sign would end them; `form` is that of the list or map that it stands in.
fn gather(node: &Node, form: Form, endings: &mut Endings) {
    match &node.value {
        Value::Scalar(scalar) => endings.extend(ending(scalar, form).map(|sign| (node.span, sign))),
        Value::List(items, form) => {
            for item in items {
                gather(item, *form, endings);
            }
        }
        Value::Map(entries, form) => {
            for entry in entries {
                gather(&entry.value, *form, endings);
            }
        }
    }
}

fn ending(scalar: &Scalar, form: Form) -> Option<char> {
    match (scalar.style, form) {
        (ScalarStyle::SingleQuoted, _) => Some('\''),
        (ScalarStyle::Plain, Form::Flow) => Some(','),
        (ScalarStyle::Plain, Form::Block)
        | (ScalarStyle::DoubleQuoted | ScalarStyle::Literal | ScalarStyle::Folded, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &str, expected: bool) {
        let sources = Sources::from_texts([("a.md", text), ("a.yaml", text)]);
        let at = text.find("here").expect("the place");
        let misread = |path| {
            let file = sources.find(path).expect("just made");
            Misread::new(&sources).would_be(Span::new(file, at..at + 4), words)
        };
        assert_eq!(misread("a.yaml"), expected, "{text} {words}");
        assert!(!misread("a.md"));
    }

    #[test]
    fn a_sign_ends_a_text_by_how_that_is_written() {
        check("a: it is here so", "there, so", false);
        check("- it is here so", "there, so", false);
        check("a: [one, it is here so]", "there, so", true);
        check("a: [one, it is here so]", "everybody's", false);
        check("a: {b: it is here so}", "there, so", true);
        check("a: {b: \"it is here so\"}", "there, everybody's", false);
        check("a: {b: 'it is here so'}", "there, so", false);
        check("a: 'it is here so'", "everybody's", true);
        check("a: |\n  it is here\n", "there, everybody's", false);
        check("a: >\n  it is here\n", "there, everybody's", false);
    }
}
