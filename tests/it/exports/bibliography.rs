//! The sources as BibLaTeX and CSL-JSON.

use hayagriva::io::from_biblatex_str;
use hayagriva::types::PersonsWithRoles;
use serde::Deserialize;

use super::{export, nasty};
use crate::book::TestBook;

#[test]
fn bibtex_is_read_back_as_it_was() {
    let book = nasty();
    let text = export(&book, "bibtex").out;
    let library = from_biblatex_str(&text).unwrap();
    let keys: Vec<&str> = library.keys().collect();
    assert_eq!(keys, ["memo", "page", "profit", "report"]);
    let profit = library.get("profit").unwrap();
    assert_eq!(
        profit.title().unwrap().to_string(),
        "50% of {R&D} costs $3_000 ~ #1 ^ \\x </script>"
    );
    let names: Vec<String> = profit
        .authors()
        .unwrap()
        .iter()
        .map(|name| name.name_first(false, false))
        .collect();
    assert_eq!(
        names,
        ["Example, Ann, Jr.", "Smith & Sons, Ltd", "山田, 太郎"]
    );
    let paper = profit
        .parents()
        .first()
        .unwrap()
        .title()
        .unwrap()
        .to_string();
    assert_eq!(paper, "The A_B & C Daily");
    let date = profit.date().unwrap();
    assert_eq!((date.year, date.month, date.day), (2024, Some(6), Some(27)));
    let url = profit.url().unwrap();
    assert_eq!(url.value.as_str(), "https://a.example/p?q=1&r=%7Bx%7D#top");
    assert!(url.visit_date.is_some());
    assert!(library.get("memo").unwrap().date().unwrap().approximate);
    assert_eq!(profit.editors().map_or(0, <[_]>::len), 0);
    let _: Option<&[PersonsWithRoles]> = profit.affiliated();
}

/// An item of CSL-JSON, as CSL's schema allows it: no other field, and none of another kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CslItem {
    id: String,
    r#type: CslType,
    title: String,
    #[serde(default)]
    author: Vec<CslName>,
    container_title: Option<String>,
    issued: Option<CslDate>,
    accessed: Option<CslDate>,
    #[serde(rename = "URL")]
    url: Option<String>,
    language: Option<String>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
enum CslType {
    ArticleNewspaper,
    Webpage,
    Document,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CslName {
    family: Option<String>,
    given: Option<String>,
    suffix: Option<String>,
    literal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CslDate {
    #[serde(default)]
    date_parts: Vec<Vec<i64>>,
    #[serde(default)]
    circa: bool,
    season: Option<u32>,
    literal: Option<String>,
}

#[test]
fn csl_json_has_what_csl_allows() {
    let book = nasty();
    let items: Vec<CslItem> = serde_json::from_str(&export(&book, "csl-json").out).unwrap();
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["memo", "page", "profit", "report"]);
    let [memo, page, profit, report] = items.as_slice() else {
        panic!("four sources");
    };
    assert_eq!(profit.r#type, CslType::ArticleNewspaper);
    assert_eq!(
        (&page.r#type, &memo.r#type),
        (&CslType::Webpage, &CslType::Document)
    );
    assert_eq!(
        profit.title,
        "50% of {R&D} costs $3_000 ~ #1 ^ \\x </script>"
    );
    assert_eq!(profit.author[0].family.as_deref(), Some("Example"));
    assert_eq!(profit.author[0].given.as_deref(), Some("Ann"));
    assert_eq!(profit.author[0].suffix.as_deref(), Some("Jr."));
    assert_eq!(
        profit.author[1].literal.as_deref(),
        Some("Smith & Sons, Ltd")
    );
    assert_eq!(profit.container_title.as_deref(), Some("The A_B & C Daily"));
    assert_eq!(
        profit.url.as_deref(),
        Some("https://a.example/p?q=1&r={x}#top")
    );
    assert_eq!(profit.language.as_deref(), Some("en"));
    assert_eq!(profit.accessed.as_ref().unwrap().date_parts, [[2024, 8, 1]]);
    assert_eq!(profit.issued.as_ref().unwrap().date_parts, [[2024, 7, 28]]);
    assert_eq!(page.issued.as_ref().unwrap().date_parts, [[2023], [2024]]);
    let about = memo.issued.as_ref().unwrap();
    assert!(about.circa && about.season.is_none() && about.literal.is_none());
    assert!(report.issued.is_none());
}

/// The bibliography and the items of a book with one source of this date.
fn dated(date: &str) -> (String, Vec<CslItem>) {
    let front = format!("---\ntitle: Dated\ndate: {date}\naccessed: {date}\n---\n");
    let book = TestBook::small().file("content/articles/dated.md", &front);
    let items = serde_json::from_str(&export(&book, "csl-json").out).unwrap();
    (export(&book, "bibtex").out, items)
}

#[test]
fn every_date_that_a_source_may_have_is_read_back() {
    let check = |date: &str, year: i32, about: bool| {
        let (text, items) = dated(date);
        let library = from_biblatex_str(&text).unwrap();
        let read = library.get("dated").unwrap().date();
        let read = read.unwrap_or_else(|| panic!("{date} is not read back:\n{text}"));
        assert_eq!((read.year, read.approximate), (year, about), "{date}");
        let issued = items[0].issued.as_ref().unwrap();
        let parts = (issued.date_parts[0][0], issued.circa);
        assert_eq!(parts, (i64::from(year), about), "{date}");
    };
    check("2024", 2024, false);
    check("2024-07", 2024, false);
    check("2027~", 2027, true);
    check("2027?", 2027, true);
    check("2027%", 2027, true);
    check("2023-01-11/2023-01-13", 2023, false);
    check("2023/..", 2023, false);
}

#[test]
fn a_season_is_said_as_each_form_has_it() {
    let (text, items) = dated("2024-22");
    // The crate that reads the others back knows no seasons; biblatex does.
    assert!(
        text.contains("  date = {2024-22},\n  year = {2024},\n  urldate"),
        "{text}"
    );
    let issued = items[0].issued.as_ref().unwrap();
    assert_eq!(
        (issued.date_parts[0].as_slice(), issued.season),
        (&[2024][..], Some(2))
    );
}

#[test]
fn seasons_at_two_ends_are_said_in_words() {
    for date in ["2024-21/2024-23", "2024-21/2025", "2024/2025-21"] {
        let (_, items) = dated(date);
        let issued = items[0].issued.as_ref().unwrap();
        assert_eq!(issued.season, None, "{date}");
        let said = issued.literal.as_deref().unwrap();
        assert!(
            said.contains("spring 2024") || said.contains("spring 2025"),
            "{said}"
        );
    }
}

#[test]
fn of_a_decade_nobody_says_the_year() {
    for (date, decade) in [("201X", 2010), ("20XX", 2000)] {
        let (text, _) = dated(date);
        assert!(text.contains(&format!("date = {{{date}}}")), "{text}");
        assert!(!text.contains(&format!("year = {{{decade}}}")), "{text}");
    }
}

#[test]
fn a_date_before_the_year_0_is_none_for_reference_managers() {
    let page = |date: &str| {
        let front = format!("---\ntitle: Dated\ndate: {date}\n---\n\nOne.\n");
        let book = TestBook::small().file("content/articles/dated.md", &front);
        book.run(&["build", "--format", "html"]).expect(0);
        book.read("book/articles/dated.html")
    };
    let known = page("0044-03-15");
    assert!(known.contains("content=\"0044/03/15\""), "{known}");
    assert!(
        known.contains("\"datePublished\":\"0044-03-15\""),
        "{known}"
    );
    let unknown = page("-0044");
    assert!(!unknown.contains("citation_publication_date"), "{unknown}");
    assert!(!unknown.contains("datePublished"), "{unknown}");
}
