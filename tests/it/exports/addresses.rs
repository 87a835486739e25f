//! The addresses inside the book, and in the pages that its sources were taken from.

use serde_json::Value;

use super::{export, json, nasty};
use crate::book::TestBook;

#[test]
fn the_inventory_has_every_address_and_each_is_there() {
    let book = nasty();
    let inventory = json(&export(&book, "inventory").out);
    let profit = &inventory["articles"][2];
    assert_eq!(profit["id"], "profit");
    assert_eq!(profit["paragraphs"], 3);
    assert_eq!(profit["names"]["rise"], 1);
    assert_eq!(profit["headings"][0]["url"], "articles/profit.html#head");
    assert_eq!(inventory["events"][0]["date"], "2024-07-28");
    book.run(&["build"]).expect(0);
    let mut addresses = 0;
    for kind in ["chapters", "articles", "terms", "claims", "notes", "events"] {
        for entry in inventory[kind].as_array().unwrap() {
            let headings = entry["headings"].as_array().into_iter().flatten();
            for address in headings.chain([entry]) {
                let url = address["url"].as_str().unwrap();
                let (file, anchor) = url.split_once('#').unwrap_or((url, ""));
                let page = book.read(&format!("book/{file}"));
                assert!(
                    anchor.is_empty() || page.contains(&format!("id=\"{anchor}\"")),
                    "{url}"
                );
                addresses += 1;
            }
        }
    }
    assert_eq!(addresses, 12);
}

#[test]
fn the_inventory_has_the_durable_addresses() {
    let book = TestBook::small()
        .file(
            "content/articles/report.md",
            "---\ntitle: Report\nomit: ¶1\n---\n\nThe first paragraph.\n\nUSFJ has 50,000 troops.\n\nThat is all. ^end\n",
        )
        .file("content/articles/other.md", "---\ntitle: Other\n---\n\nNobody cites this.\n");
    book.run(&["build"]).expect(0);
    let inventory = json(&export(&book, "inventory").out);
    let [other, report] = [0, 1].map(|at| &inventory["articles"][at]);
    assert_eq!(other["ids"], Value::Null);
    let ids = report["ids"].as_array().unwrap();
    assert_eq!(ids[0], Value::Null);
    let page = book.read("book/articles/report.html");
    for (id, number) in ids[1..].iter().zip([2, 3]) {
        let anchor = format!("id=\"^{}\"", id.as_str().unwrap());
        let at = page.find(&anchor).expect(&anchor);
        assert!(page[..at].contains(&format!("id=\"p{number}\"")));
        assert!(!page[..at].contains(&format!("id=\"p{}\"", number + 1)));
    }
    assert_eq!(ids.len(), 3);
}

#[test]
fn citations_lead_to_the_words_in_the_original_page() {
    let book = nasty();
    book.run(&["build"]).expect(0);
    let page = book.read("book/chapters/costs.html");
    let links: Vec<&str> = page
        .split("<a class=\"original\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let start = "https://a.example/p?q=1&amp;r={x}#top:~:text=";
    let expected = [
        format!("{start}profits%20%E2%80%93%20rose%2C%20by%203%2D4%25"),
        format!("{start}Other%20words%2C%20%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E6%96%87%E3%80%82"),
        format!(
            "{start}two%20three%20four%20five%20six%20seven,nine%20ten%20eleven%20twelve%20thirteen%20fourteen"
        ),
    ];
    for link in &expected {
        // Beside the text and at the page's end.
        assert_eq!(
            links.iter().filter(|known| *known == link).count(),
            2,
            "{link} {links:?}"
        );
    }
    assert_eq!(links.len(), 6, "{links:?}");
}

/// The links to the original page that a chapter's notes end with, without the beginning that all of them share.
fn originals(article: &str, chapter: &str) -> Vec<String> {
    let book = TestBook::small()
        .file(
            "content/articles/a.md",
            &format!("---\ntitle: A\nurl: https://a.example/\n---\n\n{article}\n"),
        )
        .file("content/chapters/02-c.md", &format!("# C\n\n{chapter}\n"));
    book.run(&["build", "--format", "html"]).expect(0);
    let page = book.read("book/chapters/c.html");
    let links = page
        .split("<a class=\"original\" href=\"https://a.example/")
        .skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().replace("%20", " "));
    let all: Vec<String> = links.collect();
    // Beside the text and at the page's end.
    let (beside, at_end) = all.split_at(all.len() / 2);
    assert_eq!(beside, at_end);
    at_end.to_vec()
}

#[test]
fn words_that_stand_earlier_too_are_told_by_those_round_them() {
    let check = |article: &str, chapter: &str, expected: &str| {
        let links = originals(article, chapter);
        assert_eq!(links, [format!("#:~:text={expected}")]);
    };
    let fleets = "One.\n\nThe fleet has ninety ships in the north.\n\n\
                  The fleet has ninety ships in the south. ^s\n\n\
                  In autumn *the fleet has ninety* ships, they say.";
    check(
        fleets,
        "So [@a, ¶2 \"The fleet has ninety ships\"].",
        "The fleet has ninety ships",
    );
    check(
        fleets,
        "So [@a, ¶3 \"The fleet has ninety ships\"].",
        "The fleet has ninety ships,-in the south.",
    );
    check(
        fleets,
        "So [@a, ¶4 \"the fleet has ninety\"].",
        "In autumn-,the fleet has ninety,-ships%2C they say.",
    );
    check(
        "The worships pass and ships pass.",
        "So [@a, ¶1 \"ships pass\"].",
        "The worships pass and-,ships pass",
    );
    let long = "One two three four five six seven eight nine ten eleven twelve thirteen";
    check(
        &format!("{long} north.\n\n{long} south."),
        "So [@a, ¶2].",
        "One two three four five six seven eight nine ten eleven twelve thirteen south.",
    );
    let longer = "more words than twelve are there behind those of one to six";
    check(
        &format!(
            "One two three four five six north {longer}.\n\nOne two three four five six south {longer}."
        ),
        "So [@a, ¶2].",
        "One two three four five six south more words than twelve are,behind those of one to six.",
    );
}

#[test]
fn every_place_of_a_source_with_an_address_has_a_link() {
    let check = |article: &str, expected: &str| {
        let links = originals(article, "So [@a, ¶1].");
        assert_eq!(links.len(), 1, "{links:?}");
        assert_eq!(links[0], expected);
    };
    check("| A | B |\n|---|---|\n| c | d |", "");
    check("```\nlet code;\n```", "");
    let clause = |length: usize| "港".repeat(length);
    let encoded = |length: usize| "%E6%B8%AF".repeat(length);
    check(
        &format!("{}、{}、{}。", clause(30), clause(31), clause(32)),
        &format!("#:~:text={}%E3%80%81,{}%E3%80%82", encoded(30), encoded(32)),
    );
    // Words that are cut are not found.
    check(&clause(200), "");
}

#[test]
fn words_on_two_lines_are_looked_for_by_both() {
    let check = |article: &str, expected: &str| {
        assert_eq!(
            originals(article, "So [@a, ¶1]."),
            [format!("#:~:text={expected}")]
        );
    };
    check(
        "Line one\\\nline two broken here.",
        "Line one,line two broken here.",
    );
    check(
        "*Line one*\\\nand\\\nline **three**.",
        "Line one,line three.",
    );
    let table = "| A | B |\n|---|---|\n| four ships | two ships, or more |";
    let links = originals(table, "So [@a, ¶1 \"four ships two ships\"].");
    assert_eq!(links, ["#:~:text=four ships,two ships"]);
    let links = originals(
        &format!("They have two ships.\n\n{table}"),
        "So [@a, ¶2 \"two ships\"].",
    );
    assert_eq!(links, ["#:~:text=two ships,-%2C or more"]);
}
