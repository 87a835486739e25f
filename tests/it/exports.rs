//! The book for other programs: what is exported is what the forms' own descriptions ask for, and reads back.

mod addresses;
mod annotations;
mod bibliography;

use serde_json::Value;

use self::annotations::annotations;
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
        "<meta name=\"citation_author\" content=\"Example, Ann Jr.\">",
        "<meta name=\"citation_author\" content=\"Smith &amp; Sons, Ltd\">",
        "<meta name=\"z:publicationTitle\" content=\"The A_B &amp; C Daily\">",
        "<meta name=\"citation_publication_date\" content=\"2024/07/28\">",
        "<meta name=\"citation_public_url\" content=\"https://a.example/p?q=1&amp;r={x}#top\">",
    ] {
        assert!(page.contains(tag), "no {tag} in:\n{page}");
    }
    // From a journal's title Zotero would make a journal's article of it.
    assert!(!page.contains("citation_journal_title"));
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

/// The page of an article with this author: what `citation_author` says, and schema.org's author.
fn author(name: &str) -> (String, Value) {
    let front = format!("---\ntitle: Work\nauthor: \"{name}\"\n---\n\nOne.\n");
    let book = TestBook::small().file("content/articles/work.md", &front);
    book.run(&["build", "--format", "html"]).expect(0);
    let page = book.read("book/articles/work.html");
    let between = |start: &str, end: &str| {
        let (_, rest) = page.split_once(start).unwrap();
        rest.split_once(end).unwrap().0.to_owned()
    };
    let data = json(&between(
        "<script type=\"application/ld+json\">",
        "</script>",
    ));
    let tag = between("<meta name=\"citation_author\" content=\"", "\"");
    (tag, data["author"][0].clone())
}

#[test]
fn family_names_are_told_apart() {
    let check = |name, expected| assert_eq!(author(name).0, expected);
    check("King, Martin Luther, Jr.", "King, Martin Luther Jr.");
    check("Ludwig van der Berg", "van der Berg, Ludwig");
    check("山田 太郎", "山田, 太郎");
    check("Plato", "Plato");
    check("{Example Wire}", "Example Wire");
    // Zotero would take it for two authors.
    check("van der Berg, Ludwig Maria", "Ludwig Maria van der Berg");
}

#[test]
fn only_organisations_are_called_so() {
    let check = |name, kind: Value| assert_eq!(author(name).1["@type"], kind, "{name}");
    check("Mari Example", "Person".into());
    check("{Example Wire}", "Organization".into());
    check("Ministry of Examples", "Organization".into());
    check("Plato", Value::Null);
    check("山田太郎", Value::Null);
    check("Anonymous", Value::Null);
    assert_eq!(author("Plato").1["name"], "Plato");
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
