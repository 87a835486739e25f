//! Comments and citations as Web Annotations.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{export, json, nasty};
use crate::book::TestBook;
use crate::dom::{self, Node};

/// An annotation, as the Web Annotation Data Model has it; `deny_unknown_fields` makes each struct a closed schema.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Annotation {
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
pub(super) fn annotations(text: &str) -> Vec<Annotation> {
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

/// Every annotation of a small book by its ID, and what it is on.
fn named(chapter: &str, annotations_file: &str) -> BTreeMap<String, String> {
    let book = TestBook::small()
        .file(
            "content/articles/a.md",
            "---\ntitle: A\n---\n\nOne.\n\nTwo two.\n\nThree.\n",
        )
        .file("content/chapters/02-c.md", chapter)
        .file("content/annotations/c.yaml", annotations_file);
    let all = annotations(&export(&book, "web-annotation").out);
    let on_a = all.into_iter().filter_map(|one| match one.target.first() {
        Some(Target::Passage(passage)) if passage.source.ends_with("/a.html") => {
            Some((one.id.clone(), passage.selector.value.clone()))
        }
        _ => None,
    });
    on_a.collect()
}

#[test]
fn no_annotation_takes_the_id_of_another() {
    let check = |before: (&str, &str), after: (&str, &str)| {
        let (before, after) = (named(before.0, before.1), named(after.0, after.1));
        assert_eq!(after.len(), before.len() + 1);
        for (id, place) in &before {
            assert_eq!(after.get(id), Some(place), "{before:?} {after:?}");
        }
    };
    check(
        ("# C\n\nWe say [@a, ¶1].\n\nWe say more [@a, ¶2].\n", ""),
        (
            "# C\n\nNew [@a, ¶3].\n\nWe say [@a, ¶1].\n\nWe say more [@a, ¶2].\n",
            "",
        ),
    );
    let events = "  - date: 2024-01-02\n    text: Second.\n    cites: a ¶1\n";
    check(
        ("# C\n", &format!("timeline:\n{events}")),
        (
            "# C\n",
            &format!(
                "timeline:\n  - date: 2024-01-01\n    text: First.\n    cites: a ¶1\n{events}"
            ),
        ),
    );
    let notes = "  - at: a ¶2\n    text: Why?\n";
    check(
        ("# C\n", &format!("notes:\n{notes}")),
        (
            "# C\n",
            &format!("notes:\n  - at: a ¶1\n    text: Why?\n{notes}"),
        ),
    );
    let claims = "    disputes: a ¶1\n";
    check(
        ("# C\n", &format!("claims:\n  x:\n    text: So.\n{claims}")),
        (
            "# C\n",
            &format!("claims:\n  x:\n    text: So.\n    supports: a ¶1\n{claims}"),
        ),
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

/// The text of a page's paragraph, without the numbers and letters that the book has put in.
fn words_of(nodes: &[Node], words: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => words.push_str(text),
            Node::Element(name, attributes, content) => {
                let of_book = name == "sup"
                    || attributes
                        .iter()
                        .any(|(name, value)| name == "class" && value == "pn");
                if !of_book {
                    words_of(content, words);
                }
            }
        }
    }
}

#[test]
fn words_are_found_in_the_page_without_its_numbers_and_letters() {
    let book = TestBook::small()
        .file(
            "content/articles/a.md",
            "---\ntitle: A\n---\n\nFirst, a dash-laden, comma-ridden phrase.\n",
        )
        .file(
            "content/chapters/02-c.md",
            "# C\n\nThey wrote “a dash-laden, comma-ridden phrase” [@a, ¶1].\n",
        )
        .file(
            "content/annotations/c.yaml",
            "notes:\n  - at: a ¶1 \"dash-laden\"\n    text: How so?\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let page = dom::page(&book.read("book/articles/a.html"));
    let mut paragraph = String::new();
    dom::elements(&page, &mut |_, attributes, content| {
        if attributes.contains(&("id".to_owned(), "p1".to_owned())) {
            words_of(content, &mut paragraph);
        }
    });
    let all = annotations(&book.read("book/data/annotations.jsonld"));
    let mut found = 0;
    for target in all.iter().flat_map(|one| &one.target) {
        if let Target::Passage(passage) = target
            && passage.source.ends_with("/a.html")
        {
            let quote = passage.selector.refined_by.as_ref().unwrap();
            let words = format!("{}{}{}", quote.prefix, quote.exact, quote.suffix);
            assert!(paragraph.contains(&words), "{words:?} in {paragraph:?}");
            found += 1;
        }
    }
    assert_eq!(found, 2);
}
