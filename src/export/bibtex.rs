//! `sources.bib`: the sources as BibTeX and biblatex both read them.
//!
//! `date` is EDTF, which biblatex takes whole; `year` and `month` say as much of it as BibTeX can.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::by_key;
use crate::csl::Kind;
use crate::edition::{Edition, source_kind};
use crate::manuscript::Article;
use crate::reference::{Ends, Person, Point, When};

/// What would end or upset the braces round an address, which TeX otherwise takes as it is.
const ADDRESS: &AsciiSet = &CONTROLS.add(b' ').add(b'\\').add(b'{').add(b'}');

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

pub(super) fn text(edition: &Edition<'_>) -> Vec<u8> {
    let entries = by_key(edition.book).into_iter().map(entry);
    entries.collect::<Vec<_>>().join("\n").into_bytes()
}

fn entry(article: &Article) -> String {
    let front = &article.front;
    let kind = match source_kind(front) {
        Kind::Newspaper => "article",
        Kind::Webpage => "online",
        Kind::Document => "misc",
    };
    let authors: Vec<String> = front.names.iter().map(name).collect();
    let date = front.date.and_then(point);
    let address = |url: &String| utf8_percent_encode(url, ADDRESS).to_string();
    // Of a decade or a century nobody knows the year.
    let known = date.as_ref().filter(|date| date.decade.is_none());
    let year = known.map(|date| date.year);
    let month = date.as_ref().and_then(|date| date.month);
    let month = month.and_then(|month| MONTHS.get(month as usize - 1));
    let fields = [
        (
            "author",
            braced((!authors.is_empty()).then(|| authors.join(" and "))),
        ),
        // The second pair of braces keeps a style from changing the title's capitals.
        (
            "title",
            braced(Some(format!("{{{}}}", escaped(&front.title)))),
        ),
        ("journal", braced(front.publication.as_deref().map(escaped))),
        ("date", braced(front.date.map(When::edtf))),
        ("year", braced(year.map(|year| year.to_string()))),
        ("month", month.map(|month| (*month).to_owned())),
        ("url", braced(front.url.as_ref().map(address))),
        ("urldate", braced(front.accessed.map(When::edtf))),
        ("language", braced(front.language.clone())),
    ];
    let mut entry = format!("@{kind}{{{},\n", article.key);
    for (field, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(entry, "  {field} = {value},");
        }
    }
    entry + "}\n"
}

fn braced(value: Option<String>) -> Option<String> {
    value.map(|value| format!("{{{value}}}"))
}

/// `Family, Jr., Given`; a name that is never taken apart in braces of its own.
fn name(person: &Person) -> String {
    let Some(given) = &person.given else {
        return format!("{{{}}}", escaped(&person.family));
    };
    let part = |words: &str| {
        let divides = words.contains(',') || words.split(' ').any(|word| word == "and");
        let words = escaped(words);
        if divides {
            format!("{{{words}}}")
        } else {
            words
        }
    };
    let parts = [Some(&person.family), person.suffix.as_ref(), Some(given)];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|words| part(words))
        .collect();
    parts.join(", ")
}

/// The year, month and day that a date has, or begins with.
fn point(date: When) -> Option<Point> {
    Some(match date.ends()? {
        Ends::At(point) | Ends::Between(point, _) => point,
        Ends::From { point, .. } | Ends::Until { point, .. } => point,
    })
}

/// Text with TeX's own characters as commands, so that braces stay balanced; on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        match character {
            '#' | '$' | '%' | '&' | '_' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tex_would_take_for_itself_is_escaped() {
        let check = |text, expected| assert_eq!(escaped(text), expected);
        check("R&D: 50% of $3_000 #1", "R\\&D: 50\\% of \\$3\\_000 \\#1");
        check("a}b{c", "a\\textbraceright{}b\\textbraceleft{}c");
        check(
            "~^\\",
            "\\textasciitilde{}\\textasciicircum{}\\textbackslash{}",
        );
        check("日本 – “x”\n y", "日本 – “x” y");
    }

    #[test]
    fn names_are_taken_apart_as_they_are() {
        let check = |text, expected| assert_eq!(name(&Person::parse(text)), expected, "{text}");
        check("Ann Example", "Example, Ann");
        check("Example, Ann, Jr.", "Example, Jr., Ann");
        check(
            "Department of Trade and Ports",
            "{Department of Trade and Ports}",
        );
        check("{Smith & Sons}", "{Smith \\& Sons}");
    }
}
