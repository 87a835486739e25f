//! Whole pages, compared with `snapshots/`.

use pincite::compile::compile;
use pincite::edition::Edition;
use pincite::html;
use pincite::site::Page;
use pincite::source::{SitePath, Sources};

const ARTICLE: &str = "---
title: A Report
author: Jane Reporter
publication: Gazette
date: 2024-03-04
url: https://example.org/report
omit: ¶3
---

The port has **two** channels, *said* the PAC-3 crew. ^opening

| Year | Depth |
|------|------:|
| 2023 | 12 m  |

Left out.

> A quotation <b>with</b> a tag.

- one
- two
";

const CHAPTER: &str = "# The View

A claim [@report, ¶1 \"two channels\"; @report, ¶2]. See [[report]] and PAC-3.

@report [¶4] says more.
";

fn page(path: &str) -> String {
    let sources = Sources::from_texts([
        (
            "book.toml",
            "[book]\ntitle = \"Snapshot\"\nbanner = \"DRAFT\"\n[citations]\nstyle = \"plain\"\n[lints]\nraw-html = \"allow\"\n",
        ),
        ("content/articles/report.md", ARTICLE),
        ("content/chapters/01-view.md", CHAPTER),
        (
            "content/annotations/a.yaml",
            "glossary:\n  PAC-3:\n    name: Patriot\n    text: A missile.\n    cites: report ¶1 \"PAC-3 crew\"\n",
        ),
    ]);
    let compilation = compile(&sources, None);
    assert_eq!(compilation.diagnostics, []);
    let edition = Edition::new(&compilation.book);
    let (site, _) = html::site(&edition, &sources);
    let Some(Page::Rendered(render)) = site.pages().get(&SitePath::new(path).unwrap()) else {
        panic!("no page {path}");
    };
    String::from_utf8(render().unwrap()).unwrap()
}

#[test]
fn an_article_shows_its_paragraphs_and_who_cites_them() {
    insta::assert_snapshot!(page("articles/report.html"));
}

#[test]
fn a_chapter_shows_its_citations_and_their_notes() {
    insta::assert_snapshot!(page("chapters/view.html"));
}

#[test]
fn the_glossary_shows_where_terms_occur() {
    insta::assert_snapshot!(page("glossary.html"));
}
