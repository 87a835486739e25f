//! The pages that it names are the pages where things stand.

use std::collections::BTreeSet;

use super::{PRINTED, Sample, flat};
use crate::paper::{Word, running_pages, words};
use crate::tags::Objects;

/// Each heading that the outline leads to stands on the page that the contents tell for it.
#[test]
fn the_contents_name_the_pages_where_headings_stand() {
    let objects = Objects::of(&PRINTED.1);
    let pages = running_pages(&PRINTED.1);
    let contents = flat(&pages[2])
        .replace(['.', '\u{a0}'], "")
        .replace(' ', "");
    let mut checked = 0;
    for (level, title, destination) in objects.outline() {
        let (page, _) = objects.place(destination).unwrap();
        let words = flat(title.trim_start_matches(|c: char| c.is_ascii_digit()));
        assert!(
            flat(&pages[page - 1]).contains(&words),
            "`{words}` is not on page {page}"
        );
        if level <= 2 && title != "Contents" {
            let line = format!("{}{page}", words.replace(['.', ' '], ""));
            assert!(contents.contains(&line), "no {line} in {contents}");
            checked += 1;
        }
    }
    assert!(checked >= 30, "{checked}");
}

/// The links inside the book: the page that they stand on, their words, the words before them, where they lead.
struct Leads {
    page: usize,
    words: String,
    before: String,
    to: (usize, f64),
}

fn leads(objects: &Objects, words: &[Word]) -> Vec<Leads> {
    let mut found = Vec::new();
    for (index, page) in objects.pages().iter().enumerate() {
        let on_page: Vec<&Word> = words.iter().filter(|word| word.page == index + 1).collect();
        for link in objects.links_of(page) {
            let Some(to) = objects.place(&link["/Dest"]) else {
                continue;
            };
            let edge = |at: usize| link["/Rect"][at].as_f64().unwrap();
            let height = objects.height(page);
            let is_inside = |word: &&&Word| {
                let (x, y) = (
                    f64::midpoint(word.left, word.right),
                    f64::midpoint(word.top, word.bottom),
                );
                edge(0) < x && x < edge(2) && height - edge(3) < y && y < height - edge(1)
            };
            let own: Vec<&str> = on_page
                .iter()
                .filter(is_inside)
                .map(|word| word.word.as_str())
                .collect();
            let first = on_page.iter().position(|word| is_inside(&word));
            let before = &on_page[first.unwrap_or(0).saturating_sub(3)..first.unwrap_or(0)];
            let before: Vec<&str> = before.iter().map(|word| word.word.as_str()).collect();
            found.push(Leads {
                page: index + 1,
                words: own.join(" "),
                before: before.join(" "),
                to,
            });
        }
    }
    found
}

/// Every `¶ N, p. M` leads to page M, where N stands in the margin at that very height.
#[test]
fn footnotes_name_the_page_of_the_cited_paragraph() {
    let objects = Objects::of(&PRINTED.1);
    let words = words(&PRINTED.1);
    let mut checked = 0;
    for lead in leads(&objects, &words) {
        let Some(number) = lead.words.strip_prefix("p. ") else {
            continue;
        };
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let (page, height) = lead.to;
        assert_eq!(digits, page.to_string(), "on page {}", lead.page);
        let Some((_, paragraphs)) = lead.before.rsplit_once('¶') else {
            continue;
        };
        let paragraph: String = paragraphs
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let stands_there = words.iter().any(|word| {
            word.page == page
                && word.word == paragraph
                && (word.top - height).abs() < 15.0
                && (word.right < 117.0 || word.left > 434.0 || word.right < 162.0)
        });
        assert!(
            stands_there,
            "¶ {paragraph} is not on page {page} at {height}, as page {} has it",
            lead.page
        );
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}

/// The pages that stand under paragraphs and sources, in the glossary and the index: each number leads to its page.
#[test]
fn lists_of_pages_lead_to_the_pages_that_they_tell() {
    let objects = Objects::of(&PRINTED.1);
    let mut checked = 0;
    for lead in leads(&objects, &words(&PRINTED.1)) {
        let figures = lead.words.trim_end_matches([',', ';']);
        let first = figures.split('–').next().unwrap();
        let is_range = figures.chars().all(|c| c.is_ascii_digit() || c == '–');
        // A chapter's number and that of a claim lead to themselves.
        let stands_in_list = lead.before.ends_with(',') && !lead.before.ends_with(" ,")
            || lead.before.ends_with("p.")
            || lead.before.ends_with("pp.");
        if is_range && stands_in_list && !first.is_empty() {
            assert_eq!(
                first,
                lead.to.0.to_string(),
                "`{} {}` on page {}",
                lead.before,
                lead.words,
                lead.page
            );
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
}

/// Who cites a paragraph is told under it: the page of every note that cites it is among those of its page.
#[test]
fn cited_pages_name_the_pages_that_cite_them() {
    let objects = Objects::of(&PRINTED.1);
    let pages = running_pages(&PRINTED.1);
    let citing: Vec<BTreeSet<usize>> = pages.iter().map(|page| cited_by(page)).collect();
    let mut checked = 0;
    for lead in leads(&objects, &words(&PRINTED.1)) {
        let cites = lead.words.starts_with("p. ") && lead.before.contains('¶');
        if cites {
            let told = &citing[lead.to.0 - 1];
            // An entry of the glossary is told by the page where it begins.
            let is_told = told.contains(&lead.page) || told.contains(&(lead.page - 1));
            assert!(
                is_told,
                "page {} is not among {told:?} of page {}",
                lead.page, lead.to.0
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The pages that all “Cited by” lines of a page tell.
fn cited_by(page: &str) -> BTreeSet<usize> {
    let text = flat(page);
    let lines = text.split("Cited by: ").skip(1);
    lines
        .flat_map(|line| page_numbers(line.trim_start_matches(['p', '.', ' ', '\u{a0}'])))
        .collect()
}

/// The numbers at the head of a text such as `3–5, 9`.
fn page_numbers(text: &str) -> Vec<usize> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ", –\u{2060}".contains(c)));
    let list = text[..end.unwrap_or(text.len())].replace('\u{2060}', "");
    let mut numbers = Vec::new();
    for range in list.split(',').map(str::trim) {
        // What follows the last number is no more of the list.
        let (range, rest) = range.split_once(' ').unwrap_or((range, ""));
        let (first, last) = range.split_once('–').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.trim().parse::<usize>(), last.trim().parse::<usize>())
        else {
            break;
        };
        numbers.extend(first..=last);
        if !rest.is_empty() {
            break;
        }
    }
    numbers
}

/// Every page that the index names after an entry has one of that entry's words on it.
#[test]
fn the_index_names_true_pages() {
    let pages = running_pages(&PRINTED.1);
    let pages: Vec<String> = pages
        .iter()
        .map(|page| flat(&page.replace("\u{ad}\n", "")))
        .collect();
    let folded = |text: &str| text.to_lowercase().replace(['’', '-', '\u{2010}', ' '], "");
    let opening = pages
        .iter()
        .rposition(|page| page.contains("Index People"))
        .unwrap();
    let index = pages[opening..].join(" ");
    let book = Sample::book();
    let (mut entries, mut checked) = (0, 0);
    for term in &book.terms {
        let head = if term.kind == Some("person") {
            term.order()
        } else {
            &term.key.text
        };
        let Some((_, after)) = index.split_once(&format!(" {head}, ")) else {
            continue;
        };
        let numbers = page_numbers(after);
        entries += usize::from(!numbers.is_empty());
        for page in numbers {
            let text = folded(&pages[page - 1]);
            assert!(
                term.forms().any(|form| text.contains(&folded(&form.text))),
                "{head} is not on page {page}: {}",
                pages[page - 1]
            );
            checked += 1;
        }
    }
    assert!(
        entries > 40 && checked > 150,
        "{entries} entries, {checked} pages"
    );
}
