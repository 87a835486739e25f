//! Whatever a page holds arrives in the article or in the report.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use super::super::tests::nasty;
use super::super::text::letters;
use super::*;

fn page(html: &str) -> Result<Imported, Problem> {
    let saved = SavedPage {
        file_name: "page.html",
        bytes: html.as_bytes(),
        holds: &|_| false,
    };
    let given = Given {
        title: Some("+".to_owned()),
        ..Given::default()
    };
    import_page(&saved, &given)
}

/// The text of Markdown as pages show it.
fn shown(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let texts = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("HTML{html}")),
        _ => None,
    });
    texts.collect()
}

fn body(markdown: &str) -> &str {
    markdown.split_once("\n---\n").map_or("", |(_, body)| body)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Running text: nasty stretches in inline elements.
fn inline() -> impl Strategy<Value = String> {
    let tags = prop::sample::select(vec![
        "",
        "",
        "b",
        "em",
        "a href='https://x.example/(y)'",
        "code",
        "span",
        "a href=z",
        "sub",
    ]);
    prop::collection::vec((tags, nasty(), prop::bool::ANY), 1..5).prop_map(|stretches| {
        let stretch = |(tag, text, space): (&str, String, bool)| {
            let (text, space) = (escaped(&text), if space { " " } else { "" });
            let name = tag.split(' ').next().unwrap_or_default();
            if tag.is_empty() {
                format!("{text}{space}")
            } else {
                format!("<{tag}>{text}</{name}>{space}")
            }
        };
        stretches.into_iter().map(stretch).collect()
    })
}

fn block() -> impl Strategy<Value = String> {
    let frames = prop::sample::select(vec![
        "<p>%</p>",
        "<p>%</p>",
        "<h2>%</h2>",
        "<ul><li>%</li><li>%<ol start=4><li>%</ol></ul>",
        "<blockquote><p>%<p>%</blockquote>",
        "<table><tr><th>a<td>%<tr><td>%<td>b</table>",
        "<div>%<br>%<br><br>%</div>",
        "<dl><dt>%<dd>%</dl>",
        "<ol><li><p>%<p>%<li>%</ol>",
        "<section><h3>%</h3><div>%</div></section>",
        "<blockquote><ul><li>%<blockquote>%</blockquote></ul></blockquote>",
        "<figure><figcaption>%</figcaption></figure>",
        "<aside>%</aside>",
    ]);
    (frames, inline()).prop_map(|(frame, text)| frame.replace('%', &text))
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = letters(text).chars().collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_letter_arrives_or_is_listed(blocks in prop::collection::vec(block(), 1..8)) {
        let html = format!("<body>{}", blocks.join("\n"));
        // Too many that are refused fail the test.
        let imported = page(&html);
        prop_assume!(imported.is_ok());
        let imported = imported.expect("just seen");
        let left: String = imported.left_out.iter().map(|line| line.text.as_str()).collect();
        let found = shown(body(&imported.markdown)) + &left;
        let expected = Document::from(html.as_str()).text();
        prop_assert_eq!(sorted(&found), sorted(&expected), "{}\n{}", html, imported.markdown);
    }

    #[test]
    fn no_page_makes_it_panic(html in "(<[a-z]{1,5}( [a-z]+=[^ ]{0,3})?>|</[a-z]{1,5}>|<!--|\\PC|[<>&\"']){0,80}") {
        let _ = page(&html);
    }
}
