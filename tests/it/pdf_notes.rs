//! Where the print edition has the notes on passages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::book::TestBook;
use crate::paper::{Word, pages, words};

/// A book of one article whose paragraphs have notes, each of a word of its own: `(words, notes)` of each paragraph,
/// a note by its number of words.
fn crowded(paragraphs: &[(usize, Vec<usize>)], setting: &str) -> TestBook {
    let mut article = "---\ntitle: Crowded\n---\n".to_owned();
    let mut annotations = "notes:\n".to_owned();
    let mut count = 0;
    for (at, (length, notes)) in paragraphs.iter().enumerate() {
        let number = at + 1;
        let text = format!("text{number}x ").repeat(*length);
        write!(article, "\n{}.\n", text.trim_end()).unwrap();
        for length in notes {
            count += 1;
            let text = format!("note{count}x ").repeat(*length);
            writeln!(
                annotations,
                "  - at: crowded ¶{number}\n    kind: context\n    text: {}",
                text.trim_end()
            )
            .unwrap();
        }
    }
    let toml = format!("[book]\ntitle = \"Crowded\"\n[output.pdf]\nannex = \"all\"\n{setting}\n");
    TestBook::empty()
        .file("book.toml", &toml)
        .file("content/articles/crowded.md", &article)
        .file("content/annotations/notes.yaml", &annotations)
}

/// The box round all words that begin with `prefix`, and how many they are, by page and word.
fn boxes(words: &[Word], prefix: &str) -> BTreeMap<(usize, String), (Word, usize)> {
    let mut boxes: BTreeMap<(usize, String), (Word, usize)> = BTreeMap::new();
    for word in words.iter().filter(|word| word.word.starts_with(prefix)) {
        let name = word.word.trim_end_matches('.').to_owned();
        let (area, count) = boxes
            .entry((word.page, name))
            .or_insert_with(|| (word.clone(), 0));
        area.left = area.left.min(word.left);
        area.top = area.top.min(word.top);
        area.right = area.right.max(word.right);
        area.bottom = area.bottom.max(word.bottom);
        *count += 1;
    }
    boxes
}

/// The text's own margins in points: what is beyond stands in the margin.
const HEAD: f64 = 33.0 / 25.4 * 72.0;
const FOOT: f64 = 841.89 - 36.0 / 25.4 * 72.0;
const WIDE: f64 = 57.0 / 25.4 * 72.0;
const SHEET: f64 = 595.28;

fn is_in_the_margin(word: &Word) -> bool {
    if word.page % 2 == 1 {
        word.left > SHEET - WIDE
    } else {
        word.right < WIDE
    }
}

#[test]
fn notes_in_the_margin_neither_overlap_nor_leave_the_page() {
    // Paragraphs of all lengths, with notes of all lengths: by the paragraph's end, more than one, too long ones.
    let paragraphs: Vec<(usize, Vec<usize>)> = (0..150)
        .map(|at| {
            let notes = (0..at % 4).map(|nth| 1 + (at * 7 + nth * 13) % 45);
            (5 + (at * 31) % 160, notes.collect())
        })
        .collect();
    let book = crowded(&paragraphs, "");
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let words = words(&book.path("out.pdf"));
    let texts = boxes(&words, "text");
    let notes = boxes(&words, "note");
    let lengths: Vec<usize> = paragraphs
        .iter()
        .flat_map(|(_, notes)| notes)
        .copied()
        .collect();
    let mut aside: Vec<&Word> = Vec::new();
    for (at, length) in lengths.iter().enumerate() {
        let name = format!("note{}x", at + 1);
        let parts = notes.iter().filter(|((_, found), _)| *found == name);
        let printed: usize = parts.clone().map(|(_, (_, count))| count).sum();
        assert_eq!(printed, *length, "{name}");
        aside.extend(
            parts
                .map(|(_, (area, _))| area)
                .filter(|area| is_in_the_margin(area)),
        );
    }
    assert!(
        aside.len() > 60 && aside.len() < lengths.len(),
        "{} of {} in the margin",
        aside.len(),
        lengths.len()
    );
    for (at, one) in aside.iter().enumerate() {
        assert!(one.left > 30.0 && one.right < SHEET - 30.0, "{one:?}");
        assert!(one.top > HEAD - 2.0 && one.bottom < FOOT + 2.0, "{one:?}");
        for other in &aside[at + 1..] {
            let apart = one.page != other.page
                || one.bottom <= other.top + 0.5
                || other.bottom <= one.top + 0.5;
            assert!(apart, "{one:?} and {other:?}");
        }
        let of = paragraph_of(&one.word, &paragraphs);
        assert!(
            texts.contains_key(&(one.page, format!("text{of}x"))),
            "{one:?} is not on the page of ¶{of}"
        );
    }
}

/// The paragraph that a note is on.
fn paragraph_of(note: &str, paragraphs: &[(usize, Vec<usize>)]) -> usize {
    let number: usize = note
        .trim_start_matches("note")
        .trim_end_matches(['x', '.'])
        .parse()
        .unwrap();
    let mut before = 0;
    let found = paragraphs.iter().position(|(_, notes)| {
        before += notes.len();
        before >= number
    });
    found.unwrap() + 1
}

#[test]
fn notes_stand_where_their_kind_has_them() {
    let paragraphs = [(60, vec![9]), (60, vec![])];
    let place = |setting: &str| {
        let book = crowded(&paragraphs, setting);
        book.run(&["pdf", "--out", "out.pdf"]).expect(0);
        let words = words(&book.path("out.pdf"));
        let note = boxes(&words, "note").into_values().next().unwrap().0;
        let text = boxes(&words, "text2x").into_values().next().unwrap().0;
        let place = if is_in_the_margin(&note) {
            "margin"
        } else if note.top > text.bottom + 200.0 {
            "footnote"
        } else {
            "below"
        };
        (place, pages(&book.path("out.pdf")).join("\n"))
    };
    let (default, text) = place("");
    assert_eq!(default, "margin", "{text}");
    for expected in ["margin", "footnote", "below"] {
        let (found, text) = place(&format!("[output.pdf.notes]\ncontext = \"{expected}\""));
        assert_eq!(found, expected, "{text}");
        assert!(text.contains("context"), "{text}");
    }
    let (other, text) = place("[output.pdf.notes]\ndispute = \"footnote\"");
    assert_eq!(other, "margin", "{text}");
    // Where the margin is too narrow for notes, and beside columns, they stand below.
    assert_eq!(place("margins = { outside = \"30mm\" }").0, "below");
    assert_eq!(place("columns = 2").0, "below");
}

/// What a footnote cites stands among its words; a second passage of one note has that note's mark.
#[test]
fn a_note_at_the_foot_tells_what_it_rests_on_itself() {
    let notes = "notes:\n  - at: |\n      report ¶1 \"first\"\n      report ¶2 \"troops\"\n    text: It was counted so.\n    cites: report ¶2 \"50,000 troops\"\n";
    let toml =
        "[book]\ntitle = \"Small\"\n[output.pdf]\n[output.pdf.notes]\nother = \"footnote\"\n";
    let book = TestBook::small()
        .file("book.toml", toml)
        .file("content/annotations/notes.yaml", notes);
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let text = pages(&book.path("out.pdf")).join("\n");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let foot = "1 note It was counted so. (“Report,” n.d., ¶ 2, p. 7: “50,000 troops”)";
    assert_eq!(text.matches(foot).count(), 1, "{text}");
    assert!(text.contains("The first1 paragraph."), "{text}");
    assert!(text.contains("50,000 troops1."), "{text}");
}

#[test]
fn a_place_that_is_none_is_told() {
    let book = crowded(
        &[(9, vec![])],
        "[output.pdf.notes]\ncontext = \"foot\"\nkontext = \"below\"",
    );
    book.run(&["pdf", "--out", "out.pdf"])
        .expect(1)
        .says("`context` cannot be `foot`")
        .says("did you mean `footnote`?")
        .says("[output.pdf.notes] has no key `kontext`")
        .says("did you mean `context`?");
}

/// Typst forgets to take along what stands above a line whose footnote finds no room on its page.
#[test]
fn a_heading_and_a_number_stay_with_a_paragraph_whose_note_finds_no_room() {
    let note = "[@a, ¶1 \"The harbour is deep\"]";
    let short = format!("Movesx once {note}.");
    let long = format!(
        "Movesx with a note {note}.{}",
        " It goes on for long.".repeat(20)
    );
    let article = "---\ntitle: A title that is rather long, so that a note takes two lines at least\n---\n\nThe harbour is deep.\n";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"Pages\"\n[output.pdf]\n")
        .file("content/articles/a.md", article);
    let mut moved = 0;
    for (heading, text) in [
        ("", &short),
        ("## Headx\n\n", &short),
        ("## Headx\n\n", &long),
    ] {
        for above in 18..=24 {
            let filling = "Filling.\n\n".repeat(above);
            let chapter = format!("# C\n\n{filling}{heading}{text}\n");
            book.write("content/chapters/01-c.md", chapter.as_bytes());
            book.run(&["build", "--format", "pdf"]).expect(0);
            let words = words(&book.path("book/pages.pdf"));
            let one = |wanted: &str| words.iter().rfind(|word| word.word == wanted);
            let (begins, number) = (one("Movesx").unwrap(), (above + 1).to_string());
            let beside =
                |word: &Word| word.page == begins.page && (word.bottom - begins.bottom).abs() < 4.0;
            assert!(
                words.iter().any(|word| word.word == number && beside(word)),
                "{chapter}"
            );
            // The contents have it as well.
            let heads = one("Headx").filter(|_| !heading.is_empty());
            assert!(
                heads.is_none_or(|head| head.page == begins.page),
                "{chapter}"
            );
            let filled = one("Filling.").unwrap();
            moved += usize::from(filled.page < begins.page);
        }
    }
    assert!(moved >= 6, "{moved}");
}
