//! All that the site has is there, and leads where it should.

use std::collections::BTreeSet;

use pincite::book::Home;
use serde_json::Value;

use super::{PRINTED, Sample, flat};
use crate::book::TestBook;
use crate::tags::Objects;

/// Every citation that a page of the site shows has its footnote: chapter by chapter the same numbers.
#[test]
fn every_citation_of_the_site_is_printed() {
    let sample = Sample::read();
    let objects = Objects::of(&PRINTED.1);
    let chapters = sample.notes.iter();
    let chapters = chapters.filter(|(home, _)| matches!(home, Home::Chapter(_)));
    let expected: Vec<usize> = chapters.map(|(_, notes)| *notes).collect();
    assert!(expected.iter().sum::<usize>() > 50, "{expected:?}");
    // The marks of a page's notes are links that are called by their numbers; each chapter's begin at 1.
    let mut found: Vec<usize> = Vec::new();
    for page in objects.pages() {
        let words = objects
            .links_of(&page)
            .into_iter()
            .filter_map(|link| link["/Contents"].as_str());
        let numbers: BTreeSet<usize> = words
            .filter_map(|words| words.strip_prefix("u:Footnote ")?.parse().ok())
            .collect();
        for number in numbers {
            match found.last_mut() {
                Some(last) if number == *last + 1 => *last = number,
                _ if number == 1 => found.push(1),
                _ => {}
            }
        }
    }
    assert_eq!(found[..expected.len()], expected);
}

/// Links inside the book lead to places of it, links out of it to addresses, and each says where it leads.
#[test]
fn every_link_leads_somewhere() {
    let objects = Objects::of(&PRINTED.1);
    let pages = objects.pages();
    let names = objects.names();
    let links = objects.links();
    assert!(links.len() > 500, "{}", links.len());
    for link in links {
        let words = link["/Contents"]
            .as_str()
            .unwrap_or_else(|| panic!("{link}"));
        // A note's number leads back to its mark.
        let number = words.trim_start_matches("u:");
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_readable =
            is_number || words.len() > 3 && !words.starts_with("u:#") && !words.starts_with("u:,");
        assert!(is_readable, "{link}");
        let target = objects.get(&link["/Dest"]);
        if let Some(name) = target.as_str() {
            assert!(names.contains_key(name), "{link}");
        } else {
            let page = target[0].as_str().unwrap_or_else(|| panic!("{link}"));
            assert!(pages.iter().any(|known| known == page), "{link}");
        }
    }
}

/// Every address that a text or a source names is a link.
#[test]
fn every_address_is_a_link() {
    let book = TestBook::small()
        .file(
            "content/articles/other.md",
            "---\ntitle: Other\nurl: https://example.org/other\n---\n\nSee [this](https://example.org/a?b=c#d).\n",
        )
        .file("content/chapters/02-two.md", "# Two\n\nWrite to <desk@example.org> [@other, ¶1].\n")
        .file("book.toml", "[book]\ntitle = \"Small\"\n[output.pdf]\n");
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let objects = Objects::of(&book.path("out.pdf"));
    let links = objects.links();
    let found = |address: &str| {
        let address = format!("u:{address}");
        links
            .iter()
            .any(|link| objects.get(&link["/A"])["/URI"] == address.as_str())
    };
    for address in [
        "https://example.org/other",
        "https://example.org/a?b=c#d",
        "mailto:desk@example.org",
    ] {
        assert!(found(address), "{address} in {links:?}");
    }
    let is_place = |link: &&&Value| !link["/Dest"].is_null();
    let out = links.iter().filter(|link| !is_place(link));
    for link in out {
        let address = objects.get(&link["/A"])["/URI"]
            .as_str()
            .unwrap_or_default();
        assert!(!address.starts_with("u:#"), "{link}");
    }
}

/// The outline has every chapter with its sections, every printed article with its sections, every part; page labels
/// name every page.
#[test]
fn the_outline_and_the_page_labels_are_complete() {
    let objects = Objects::of(&PRINTED.1);
    let outline = objects.outline();
    let has = |title: &str| {
        outline
            .iter()
            .any(|(_, known, _)| flat(known).ends_with(&flat(title)))
    };
    let book = Sample::book();
    let chapters = book
        .chapters
        .iter()
        .map(|chapter| chapter.front.title.as_str());
    let articles = book
        .articles
        .iter()
        .map(|article| article.front.title.as_str());
    let parts = [
        "Contents",
        "Annex: the sources",
        "Claims",
        "Timeline",
        "Glossary",
        "Sources",
        "Index",
    ];
    for title in chapters.chain(articles).chain(parts) {
        assert!(has(title), "no {title} in {outline:?}");
    }
    let homes = (0..book.chapters.len()).map(Home::Chapter);
    let homes = homes.chain((0..book.articles.len()).map(Home::Article));
    let sections = homes.flat_map(|home| book.document(home).headings());
    let headings = sections.filter(|heading| heading.level > 1).count();
    assert!(
        headings > 20 && outline.len() >= headings,
        "{} of {headings}",
        outline.len()
    );
    let labels = objects.get(&objects.root()["/PageLabels"]);
    let labelled = objects.get(&labels["/Nums"]).as_array().unwrap().len() / 2;
    assert_eq!(labelled, objects.pages().len());
}
