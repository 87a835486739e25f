use std::sync::Arc;

use super::*;
use crate::csl::{ArchivedStyle, Choice};
use crate::source::Sources;

const ARTICLES: &[(&str, &str)] = &[
    (
        "both",
        "title: A plain title\nauthor: [Mari Example, Jo van Other]\npublication: Example Daily\ndate: 2024-07-28\nurl: https://example.org/a\naccessed: 2024-08-01",
    ),
    ("bare", "title: A bare title"),
    (
        "page",
        "title: A page\nauthor: Ministry of Examples\nurl: https://example.org/b\ndate: 2024-07",
    ),
    (
        "unsigned",
        "title: An unsigned title\npublication: Example Weekly\ndate: 2023",
    ),
    (
        "record",
        "title: A record of four\nauthor: [Ann One, Bob Two, Cid Three, Dee Four]\ndate: 2020-21",
    ),
];

/// A book of the articles, in a style.
fn book(style: &str) -> Book {
    let articles = ARTICLES.iter().map(|(key, front)| {
        let front = crate::manuscript::article(
            (*key).into(),
            file(),
            &format!("---\n{front}\n---\n\nText.\n").into(),
        );
        Arc::new(front.0)
    });
    let sources = Sources::from_texts([("book.toml", "")]);
    let span = crate::source::Span::new(file(), 0..0);
    let choice = Choice::parse(style, span).expect("a style");
    let mut book = Book::default();
    book.articles = articles.collect();
    book.style = csl::Style::load(&choice, "en", &sources).0;
    book
}

fn file() -> crate::source::FileId {
    Sources::from_texts([("book.toml", "")])
        .find("book.toml")
        .expect("just made")
}

#[test]
fn an_abbreviation_ends_no_sentence_of_a_title() {
    let mut book = book("chicago-notes");
    let front = "---\ntitle: The U.S. and Gen. Smith on F-35s. A report\npublication: Daily\n---\n";
    book.articles = vec![Arc::new(
        crate::manuscript::article("a".into(), file(), &front.into()).0,
    )];
    let style = book.style.as_ref().expect("a style");
    let formatter = Formatter::new(&book, style, &[0]);
    let entry = text(formatter.runs(0, Form::Entry));
    assert!(
        entry.contains("The U.S. and Gen. Smith on F-35s. A Report"),
        "{entry}"
    );
}

#[test]
fn doubt_is_said_once() {
    let check = |style: &str, date: &str, expected: &str| {
        let mut book = book(style);
        let front = format!(
            "---\ntitle: A title\nauthor: Mari Example\npublication: Daily\ndate: {date}\n---\n"
        );
        book.articles = vec![Arc::new(
            crate::manuscript::article("a".into(), file(), &front.into()).0,
        )];
        let style = book.style.as_ref().expect("a style");
        let formatter = Formatter::new(&book, style, &[0]);
        assert_eq!(text(formatter.runs(0, Form::Entry)), expected);
    };
    check("apa", "2024~", "Example, M. (ca. 2024). A title. Daily.");
    check("apa", "2024", "Example, M. (2024). A title. Daily.");
    check("apa", "202X", "Example, M. (2020s). A title. Daily.");
    check(
        "ieee",
        "2024-05?",
        "[1] M. Example, “A title,” Daily, c. May 2024.",
    );
}

fn text(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// What the whole style gives, with nothing answered beforehand.
fn unpruned(book: &Book, style: &IndependentStyle, article: usize) -> (String, String) {
    let ours = book.style.as_ref().expect("a style");
    let source = &book.articles[article];
    let entry = entry::entry(source, entry::Dates::of(&source.front).first);
    let code = ours.code();
    let mut driver = BibliographyDriver::new();
    let item = CitationItem::new(&entry, None, Some(LocaleCode("en".into())), false, None);
    driver.citation(CitationRequest::new(
        vec![item],
        style,
        code.clone(),
        &ours.locale,
        Some(1),
    ));
    let rendered = driver.finish(BibliographyRequest::new(style, code, &ours.locale));
    let note = text(&run::flatten(&rendered.citations[0].citation, ""));
    let entry = rendered.bibliography.map_or_else(String::new, |list| {
        let item = &list.items[0];
        let first = item.first_field.iter().cloned().collect();
        let first = text(&run::flatten(&ElemChildren(first), ""));
        format!("{first} {}", text(&run::flatten(&item.content, "")))
    });
    (note, entry.trim().replace("  ", " "))
}

/// A source that is named by its publication for want of authors: the formatter then denies that it has one, and takes
/// its title for that of a book.
fn is_mended(key: &str, ours: &str) -> bool {
    key == "unsigned" && ours.contains("“An Unsigned Title")
}

#[test]
fn answering_beforehand_changes_nothing_else() {
    let mut differing = Vec::new();
    let mut compared = 0;
    for archived in ArchivedStyle::all() {
        let name = archived.names()[0];
        let book = book(name);
        let style = book.style.as_ref().expect("a style");
        let formatter = Formatter::new(&book, style, &[0, 1, 2, 3, 4]);
        let hayagriva::citationberg::Style::Independent(mut whole) = archived.get() else {
            continue;
        };
        (whole.citation.layout.prefix, whole.citation.layout.suffix) = (None, None);
        // Each source alone is the first of its list.
        let articles = if style.is_numeric() {
            &ARTICLES[..1]
        } else {
            ARTICLES
        };
        for (index, (key, _)) in articles.iter().enumerate() {
            let position = style.known(Position::First);
            let note = text(formatter.runs(
                index,
                Form::Note {
                    position,
                    located: false,
                },
            ));
            let entry = text(formatter.runs(index, Form::Entry)).trim().to_owned();
            let theirs = unpruned(&book, &whole, index);
            for (ours, theirs) in [(note, theirs.0), (entry, theirs.1)] {
                compared += 1;
                if ours != theirs && !is_mended(key, &ours) {
                    differing.push(format!("{name} {key}\n  {ours}\n  {theirs}"));
                }
            }
        }
    }
    assert!(compared > 400, "{compared}");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn no_source_is_lost_in_any_style() {
    for archived in ArchivedStyle::all() {
        let name = archived.names()[0];
        let book = book(name);
        let style = book.style.as_ref().expect("a style");
        let formatter = Formatter::new(&book, style, &[0, 1, 2, 3, 4]);
        for index in 0..ARTICLES.len() {
            assert!(!formatter.entry(index).is_empty(), "{name} {index}");
            let mention = Mention {
                position: Position::First,
                first: 1,
                again: false,
            };
            let place = vec![Rich::text("(HERE)")];
            let words = formatter.mention(index, mention, true, place.clone());
            assert!(words.contains(&place[0]), "{name} {index} {words:?}");
            let said = format!("{words:?}");
            assert!(
                !said.contains('¶') && !said.contains("987654321"),
                "{name} {said}"
            );
        }
    }
}

#[test]
fn dates_in_a_style() {
    let check = |date: &str, expected: &str| {
        let mut book = book("chicago-notes");
        let front = format!("---\ntitle: A title\npublication: Daily\ndate: {date}\n---\n");
        book.articles = vec![Arc::new(
            crate::manuscript::article("a".into(), file(), &front.into()).0,
        )];
        let style = book.style.as_ref().expect("a style");
        let formatter = Formatter::new(&book, style, &[0]);
        let note = text(formatter.runs(
            0,
            Form::Note {
                position: Position::First,
                located: false,
            },
        ));
        assert_eq!(
            note.strip_prefix("“A Title,” Daily, "),
            Some(expected),
            "{date}: {note}"
        );
    };
    check("2024-07-28", "July 28, 2024");
    check("2024-07", "July 2024");
    check("2024", "2024");
    check("2024-22", "Summer 2024");
    check("202X", "2020s");
    check("20XX", "2000s");
    check("2023-01-11/2023-01-13", "January 11, 2023–January 13, 2023");
    check("2023/2024", "2023–2024");
    check("2023/..", "2023–");
    check("2023/", "2023–?");
    check("../2023", "–2023");
    check("2024~", "[2024?]");
    check("2024-07-28T10:00:00Z", "July 28, 2024");
}

#[test]
fn sources_that_look_the_same_get_a_letter() {
    let mut book = book("apa");
    let article = |key: &str, title: &str| {
        let front = format!(
            "---\ntitle: {title}\nauthor: Mari Example\npublication: Daily\ndate: 2024-05\n---\n"
        );
        Arc::new(crate::manuscript::article(key.into(), file(), &front.into()).0)
    };
    book.articles = vec![
        article("b", "B second"),
        article("a", "A first"),
        article("c", "C third"),
    ];
    let style = book.style.as_ref().expect("a style");
    let formatter = Formatter::new(&book, style, &[1, 0, 2]);
    let note = Form::Note {
        position: style.known(Position::First),
        located: false,
    };
    let notes: Vec<String> = (0..3)
        .map(|index| text(formatter.runs(index, note)))
        .collect();
    assert_eq!(
        notes,
        ["Example, 2024b", "Example, 2024a", "Example, 2024c"]
    );
    let entries: Vec<String> = (0..3)
        .map(|index| text(formatter.runs(index, Form::Entry)))
        .collect();
    for (entry, letter) in entries.iter().zip(["2024b", "2024a", "2024c"]) {
        assert!(entry.contains(letter), "{entry}");
    }
}
