//! The book for other programs: what is exported is what the forms' own descriptions ask for, and reads back.

use std::collections::BTreeSet;

use hayagriva::io::from_biblatex_str;
use hayagriva::types::PersonsWithRoles;
use serde::Deserialize;
use serde_json::Value;

use crate::book::{Ran, TestBook, sample};

/// A book with everything that an export has to write, and everything that its forms want escaped.
fn nasty() -> TestBook {
    TestBook::small()
        .file(
            "book.toml",
            "[book]\ntitle = \"R&D </script> \\\"x\\\"\"\ndate = 2024-08-01\n\
             [output.html]\nsite-url = \"https://example.org/b/\"\n\
             [lints]\nundefined-acronym = \"allow\"\n",
        )
        .file(
            "content/articles/profit.md",
            "---\ntitle: \"50% of {R&D} costs $3_000 ~ #1 ^ \\\\x </script>\"\n\
             author: [\"Example, Ann, Jr.\", \"{Smith & Sons, Ltd}\", 山田 太郎]\n\
             publication: \"The A_B & C Daily\"\ndate: 2024-07-28\naccessed: 2024-08-01\nlanguage: en\n\
             url: \"https://a.example/p?q=1&r={x}#top\"\n---\n\n\
             # Head\n\nThey said “prices — and profits – rose, by 3-4%” twice. ^rise\n\n\
             Other words, 日本語の文。\n\n\
             One two three four five six seven eight nine ten eleven twelve thirteen fourteen.\n",
        )
        .file(
            "content/articles/page.md",
            "---\ntitle: A page\nurl: https://b.example/\ndate: 2023/2024\n---\n\nText.\n",
        )
        .file("content/articles/memo.md", "---\ntitle: A memo\ndate: 2027~\n---\n")
        .file(
            "content/chapters/02-costs.md",
            "# Costs\n\nProfits [@profit, ¶1 \"profits – rose, by 3-4%\"; @memo] and words [@profit, ¶2].\n\n\
             Count [@profit, ¶3 \"two three four five six seven eight nine ten eleven twelve thirteen fourteen\"; @page].\n\n\
             Our view [@self].\n",
        )
        .file(
            "content/annotations/b.yaml",
            "notes:\n  - at: profit ¶1 \"prices — and profits\"\n    kind: correction\n    read: \"prices </script>\"\n    \
             by: A. Analyst\n    written: 2024-07-30\n    text: It is so.\n    cites: report ¶1\n  \
             - at: profit\n    text: On all of it.\n\
             claims:\n  rise:\n    text: Profits rose.\n    supports: profit ¶1 \"twice\"\n\
             timeline:\n  - id: talks\n    date: 2024-07-28\n    text: Talks.\n",
        )
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn export(book: &TestBook, format: &str) -> Ran {
    book.run(&["export", format]).expect(0)
}

/// A citation of `citations.json` in a few words.
fn line(citation: &Value) -> String {
    let text = |field: &str| citation[field].as_str().unwrap_or("–").to_owned();
    format!(
        "{}:{}:{} {} {} {} {}",
        text("file"),
        citation["line"],
        citation["column"],
        text("source"),
        citation["paragraphs"],
        text("state"),
        citation["citing"]["url"].as_str().unwrap()
    )
}

#[test]
fn every_citation_is_listed_with_its_place_and_state() {
    let book = nasty();
    let list = json(&export(&book, "json").out);
    let lines: Vec<String> = list["citations"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect();
    assert_eq!(
        lines,
        [
            "content/annotations/b.yaml:8:12 report [1] pinned articles/profit.html#_note-b",
            "content/annotations/b.yaml:14:15 profit [1] verified claims.html#rise",
            "content/chapters/01-view.md:3:24 report [2] verified chapters/view.html#c1",
            "content/chapters/02-costs.md:3:10 profit [1] verified chapters/costs.html#c1",
            "content/chapters/02-costs.md:3:49 memo [] whole-source chapters/costs.html#c1",
            "content/chapters/02-costs.md:3:67 profit [2] pinned chapters/costs.html#c2",
            "content/chapters/02-costs.md:5:8 profit [3] verified chapters/costs.html#c3",
            "content/chapters/02-costs.md:5:100 page [] whole-source chapters/costs.html#c3",
            "content/chapters/02-costs.md:7:11 – [] own-judgement chapters/costs.html#c4",
        ]
    );
    let one = &list["citations"][3];
    assert_eq!(
        one["quotations"],
        serde_json::json!(["profits – rose, by 3-4%"])
    );
    assert_eq!(one["target"], "articles/profit.html#p1");
    assert_eq!(one["citing"]["kind"], "chapter");
    assert_eq!(list["citations"][1]["bearing"], "supports");
}

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

/// An annotation, as the Web Annotation Data Model has it; `deny_unknown_fields` makes each struct a closed schema.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Annotation {
    #[serde(rename = "@context")]
    context: String,
    id: String,
    r#type: String,
    motivation: Motivation,
    #[serde(default)]
    creator: Vec<Creator>,
    created: Option<String>,
    body: Vec<Body>,
    target: Vec<Target>,
}

/// The motivations of §3.3.5.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Motivation {
    Assessing,
    Bookmarking,
    Classifying,
    Commenting,
    Describing,
    Editing,
    Highlighting,
    Identifying,
    Linking,
    Moderating,
    Questioning,
    Replying,
    Tagging,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creator {
    name: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Textual(Textual),
    External(External),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Textual {
    r#type: String,
    purpose: Motivation,
    format: String,
    language: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct External {
    id: String,
    r#type: String,
    format: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Page(External),
    Passage(Passage),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passage {
    source: String,
    selector: FragmentSelector,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FragmentSelector {
    r#type: String,
    conforms_to: String,
    value: String,
    refined_by: Option<QuoteSelector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteSelector {
    r#type: String,
    exact: String,
    prefix: String,
    suffix: String,
}

/// Reads a collection, and asserts what the model's MUSTs say of each annotation.
fn annotations(text: &str) -> Vec<Annotation> {
    let collection = json(text);
    assert_eq!(collection["@context"], "http://www.w3.org/ns/anno.jsonld");
    assert_eq!(collection["type"], "AnnotationCollection");
    let page = &collection["first"];
    assert_eq!(page["type"], "AnnotationPage");
    let annotations: Vec<Annotation> = serde_json::from_value(page["items"].clone()).unwrap();
    assert_eq!(collection["total"], annotations.len());
    let ids: BTreeSet<&str> = annotations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), annotations.len(), "an ID stands twice");
    for one in &annotations {
        assert_eq!(one.context, "http://www.w3.org/ns/anno.jsonld");
        assert_eq!(one.r#type, "Annotation");
        assert!(
            one.id.starts_with("urn:uuid:") && one.id.len() == 45,
            "{}",
            one.id
        );
        assert!(!one.body.is_empty() && !one.target.is_empty());
        for body in &one.body {
            match body {
                Body::Textual(body) => {
                    assert_eq!(
                        (body.r#type.as_str(), body.format.as_str()),
                        ("TextualBody", "text/plain")
                    );
                    assert!(!body.language.is_empty());
                }
                Body::External(body) => {
                    assert_eq!(
                        (body.r#type.as_str(), body.format.as_str()),
                        ("Text", "text/html")
                    );
                    assert!(!body.id.is_empty());
                }
            }
        }
        let passages = one.target.iter().filter_map(|target| match target {
            Target::Page(_) => None,
            Target::Passage(passage) => Some(&passage.selector),
        });
        for selector in passages {
            assert_eq!(selector.r#type, "FragmentSelector");
            assert_eq!(selector.conforms_to, "http://tools.ietf.org/rfc/rfc3236");
            if let Some(quote) = &selector.refined_by {
                assert_eq!(quote.r#type, "TextQuoteSelector");
                assert!(!quote.exact.is_empty());
                assert!(quote.prefix.chars().count() <= 32 && quote.suffix.chars().count() <= 32);
            }
        }
    }
    annotations
}

fn passage(one: &Annotation) -> &Passage {
    match &one.target[0] {
        Target::Passage(passage) => passage,
        Target::Page(page) => panic!("{} is no passage", page.id),
    }
}

#[test]
fn comments_and_citations_are_web_annotations() {
    let book = nasty();
    let all = annotations(&export(&book, "web-annotation").out);
    let whole = &all[0];
    let Target::Page(page) = &whole.target[0] else {
        panic!("the note is on the whole page")
    };
    assert_eq!(page.id, "https://example.org/b/articles/profit.html");
    let note = &all[1];
    assert_eq!(note.motivation, Motivation::Editing);
    assert_eq!(note.creator[0].name, "A. Analyst");
    assert_eq!(note.created.as_deref(), Some("2024-07-30T00:00:00Z"));
    let said: Vec<&str> = note
        .body
        .iter()
        .filter_map(|body| match body {
            Body::Textual(body) => {
                assert_eq!(body.purpose, Motivation::Editing);
                Some(body.value.as_str())
            }
            Body::External(_) => None,
        })
        .collect();
    assert_eq!(said, ["It is so.", "prices </script>"]);
    assert_eq!(
        passage(note).source,
        "https://example.org/b/articles/profit.html"
    );
    let quote = passage(note).selector.refined_by.as_ref().unwrap();
    assert_eq!(quote.exact, "prices — and profits");
    assert_eq!(quote.prefix, "They said “");
    assert_eq!(quote.suffix, " – rose, by 3-4%” twice.");
    let linking = all
        .iter()
        .filter(|one| one.motivation == Motivation::Linking);
    let cited: Vec<(&str, String)> = linking
        .map(|one| {
            let Body::External(body) = &one.body[0] else {
                panic!("a citation has its place for a body")
            };
            let place = match &one.target[0] {
                Target::Page(page) => page.id.clone(),
                Target::Passage(passage) => {
                    format!("{}#{}", passage.source, passage.selector.value)
                }
            };
            (
                body.id.trim_start_matches("https://example.org/b/"),
                place.replace("https://example.org/b/", ""),
            )
        })
        .collect();
    assert!(
        cited.contains(&("chapters/costs.html#c1", "articles/profit.html#p1".into())),
        "{cited:?}"
    );
    assert!(
        cited.contains(&("chapters/costs.html#c3", "articles/page.html".into())),
        "{cited:?}"
    );
    assert!(
        cited.contains(&("claims.html#rise", "articles/profit.html#p1".into())),
        "{cited:?}"
    );
    assert_eq!(cited.len(), 8, "{cited:?}");
}

/// The W3C's test suite wants every address to be a URI with a scheme (`format: uri` in its `id.json`).
#[test]
fn addresses_of_annotations_are_absolute_where_the_site_has_one() {
    let all = annotations(&export(&nasty(), "web-annotation").out);
    let bodies = all
        .iter()
        .flat_map(|one| &one.body)
        .filter_map(|body| match body {
            Body::External(page) => Some(&page.id),
            Body::Textual(_) => None,
        });
    let targets = all
        .iter()
        .flat_map(|one| &one.target)
        .map(|target| match target {
            Target::Page(page) => &page.id,
            Target::Passage(passage) => &passage.source,
        });
    let addresses: Vec<&String> = bodies.chain(targets).collect();
    assert!(addresses.len() > 12);
    for address in addresses {
        assert!(address.starts_with("https://example.org/b/"), "{address}");
        assert!(
            address
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"\"<>[]\\^`{|}".contains(&byte)),
            "{address}"
        );
    }
}

#[test]
fn an_annotation_keeps_its_id_while_the_book_grows() {
    let ids = |book: &TestBook| -> BTreeSet<String> {
        let all = annotations(&export(book, "web-annotation").out);
        all.into_iter().map(|one| one.id).collect()
    };
    let before = ids(&nasty());
    let grown = nasty().file(
        "content/chapters/01-first.md",
        "# First\n\nNew words [@profit, ¶2 \"Other words\"].\n",
    );
    let after = ids(&grown);
    assert!(before.is_subset(&after));
    assert_eq!(after.len(), before.len() + 1);
}

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
fn the_site_has_the_same_data() {
    let book = nasty();
    book.run(&["build"]).expect(0);
    for (format, file) in [
        ("bibtex", "sources.bib"),
        ("csl-json", "sources.csl.json"),
        ("web-annotation", "annotations.jsonld"),
        ("json", "citations.json"),
        ("inventory", "inventory.json"),
    ] {
        book.run(&["export", format, "out"]).expect(0).says("out");
        assert_eq!(book.read("out"), book.read(&format!("book/data/{file}")));
    }
}

#[test]
fn a_broken_book_is_not_exported() {
    let book = TestBook::small().file("content/chapters/02-x.md", "# X\n\nWords [@nowhere].\n");
    let ran = book
        .run(&["export", "json", "out"])
        .expect(1)
        .says("nothing was exported");
    assert_eq!(ran.out, "");
    assert!(!book.path("out").exists());
    book.run(&["export", "xml"]).expect(2);
}

#[test]
fn an_article_s_page_tells_reference_managers_of_its_source() {
    let book = nasty();
    book.run(&["build"]).expect(0);
    let page = book.read("book/articles/profit.html");
    for tag in [
        "<meta name=\"z:itemType\" content=\"newspaperArticle\">",
        "<meta name=\"citation_author\" content=\"Ann Example Jr.\">",
        "<meta name=\"citation_author\" content=\"Smith &amp; Sons, Ltd\">",
        "<meta name=\"citation_journal_title\" content=\"The A_B &amp; C Daily\">",
        "<meta name=\"citation_publication_date\" content=\"2024/07/28\">",
        "<meta name=\"citation_public_url\" content=\"https://a.example/p?q=1&amp;r={x}#top\">",
    ] {
        assert!(page.contains(tag), "no {tag} in:\n{page}");
    }
    let (_, rest) = page
        .split_once("<script type=\"application/ld+json\">")
        .unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    let data = json(data);
    assert_eq!(data["@type"], "NewsArticle");
    assert_eq!(
        data["headline"],
        "50% of {R&D} costs $3_000 ~ #1 ^ \\x </script>"
    );
    assert_eq!(data["author"][0]["familyName"], "Example");
    assert_eq!(data["author"][1]["@type"], "Organization");
    assert_eq!(data["datePublished"], "2024-07-28");
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

#[test]
fn the_sample_is_exported_without_a_fault() {
    let mut command = crate::book::pincite();
    let ran = Ran::of(
        command
            .args(["export", "web-annotation", "--book"])
            .arg(sample()),
    )
    .expect(0);
    assert!(annotations(&ran.out).len() > 200);
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
fn what_a_sentence_quotes_belongs_to_its_citation() {
    let book = TestBook::small().file(
        "content/chapters/02-x.md",
        "# X\n\nIt “has 50,000 troops” and is the “first paragraph” of all [@report, ¶¶1-2].\n",
    );
    let list = json(&export(&book, "json").out);
    let quotations = &list["citations"][1]["quotations"];
    assert_eq!(
        *quotations,
        serde_json::json!(["has 50,000 troops", "first paragraph"])
    );
    let all = annotations(&export(&book, "web-annotation").out);
    let exact = all[1].target.iter().map(|target| match target {
        Target::Passage(passage) => passage.selector.refined_by.as_ref().unwrap().exact.as_str(),
        Target::Page(page) => panic!("{} is no passage", page.id),
    });
    assert_eq!(
        exact.collect::<Vec<_>>(),
        ["has 50,000 troops", "first paragraph"]
    );
}
