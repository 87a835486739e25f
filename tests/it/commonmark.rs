//! CommonMark's own examples as a ratchet: `tests/commonmark-passing.txt` lists those that come out as the
//! specification has them, and an unrecorded change in either direction fails. `BLESS=1` writes the list,
//! `VERBOSE=1` prints the others.
//!
//! Each example is the body of an article, built to a page, and compared with what is expected as a browser reads
//! both. Before that, both are brought to one form, in which these differences are none:
//! - of the attributes, `href`, `src`, `alt` and `start` count: ids, classes and the titles of links do not;
//! - our paragraph numbers go; `div` and `span` are looked through; a paragraph that is one image is that image;
//! - the page's own title is the only `h1`, so that headings begin at `h2`;
//! - in a list item, running text is a paragraph, be the list tight or loose;
//! - white space counts in code alone, and there not in the end of the last line;
//! - what an example links to is a file of the book, and every address is compared decoded, without `../` or `/`
//!   before it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use pincite::compile::compile;
use pincite::edition::Edition;
use pincite::html;
use pincite::site::Page;
use pincite::source::{Asset, SitePath, Sources};

use crate::book::sample;
use crate::dom::{self, Node};

/// One example of the specification.
struct Example {
    number: usize,
    markdown: String,
    html: String,
}

#[test]
fn commonmarks_examples_come_out_as_recorded() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let pages = pages(&examples);
    let mut passing = BTreeSet::new();
    let mut failing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (example, page) in examples.iter().zip(&pages) {
        let (expected, found) = (normal(&dom::page(&example.html)), normal(&body(page)));
        if std::env::var_os("VERBOSE").is_some() && expected != found {
            let Example {
                number, markdown, ..
            } = example;
            println!("{number}\n{markdown}\nexpected {expected:?}\nfound {found:?}\n");
        }
        if expected == found {
            passing.insert(example.number);
        } else {
            failing
                .entry(reason(example))
                .or_default()
                .push(example.number);
        }
    }
    let list = sample().join("tests/commonmark-passing.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&list, listed(&passing, &failing)).unwrap();
    }
    let recorded = recorded(&fs::read_to_string(&list).unwrap_or_default());
    let lost: Vec<_> = recorded.difference(&passing).collect();
    let won: Vec<_> = passing.difference(&recorded).collect();
    assert!(lost.is_empty(), "these examples pass no more: {lost:?}");
    assert!(
        won.is_empty(),
        "these examples pass and are not recorded: {won:?} (`BLESS=1` records them)"
    );
}

fn examples() -> Vec<Example> {
    let path = sample().join("tests/browser/node_modules/commonmark-spec/spec.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|_| {
        panic!(
            "CommonMark's specification is missing, which `./test` installs: {}",
            path.display()
        )
    });
    let fence = "`".repeat(32);
    let opening = format!("\n{fence} example\n");
    let blocks = text.split(&opening).skip(1);
    blocks
        .enumerate()
        .map(|(index, block)| {
            let block = block
                .split(&format!("\n{fence}"))
                .next()
                .unwrap()
                .replace('→', "\t");
            let block = format!("\n{block}\n");
            let (markdown, html) = block.split_once("\n.\n").unwrap();
            Example {
                number: index + 1,
                markdown: markdown.trim_start_matches('\n').to_owned() + "\n",
                html: html.to_owned(),
            }
        })
        .collect()
}

/// The article page of each example.
fn pages(examples: &[Example]) -> Vec<String> {
    let mut texts = vec![("book.toml".to_owned(), "[book]\ntitle = \"A\"\n".to_owned())];
    let mut assets = BTreeMap::new();
    for example in examples {
        let path = format!("content/articles/e{}.md", example.number);
        texts.push((path, format!("---\ntitle: A\n---\n{}", example.markdown)));
        dom::elements(&dom::page(&example.html), &mut |_, attributes, _| {
            for (_, url) in attributes
                .iter()
                .filter(|(name, _)| name == "href" || name == "src")
            {
                let name = url.split(['#', '?']).next().unwrap_or_default();
                let path = format!("content/{}", address(name));
                assets.insert(
                    path,
                    Asset {
                        length: 0,
                        hash: [0; 32],
                        size: None,
                    },
                );
            }
        });
    }
    let texts = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let sources = Sources::from_texts(texts).with_assets(assets);
    let compilation = compile(&sources, None);
    let edition = Edition::new(&compilation.book);
    let (site, _) = html::site(&edition, &sources);
    let page = |example: &Example| {
        let path = SitePath::new(format!("articles/e{}.html", example.number)).unwrap();
        let Some(Page::Rendered(render)) = site.pages().get(&path) else {
            panic!("the site has no page {path}")
        };
        String::from_utf8(render().unwrap()).unwrap()
    };
    examples.iter().map(page).collect()
}

/// What stands on a page as the article's text.
fn body(page: &str) -> Vec<Node> {
    let nodes = dom::page(page);
    let mut body = Vec::new();
    dom::elements(&nodes, &mut |name, attributes, content| {
        let is_text = attributes
            .iter()
            .any(|(name, value)| name == "class" && value == "text source");
        if name == "div" && is_text {
            body = content.to_vec();
        }
    });
    body
}

/// Nodes in the form in which they are compared.
fn normal(nodes: &[Node]) -> Vec<Node> {
    trimmed(&flat(nodes, false))
}

fn flat(nodes: &[Node], verbatim: bool) -> Vec<Node> {
    let mut flat_nodes = Vec::new();
    for node in nodes {
        match node {
            Node::Text(text) => push_text(&mut flat_nodes, text, verbatim),
            Node::Element(name, attributes, content) => match name.as_str() {
                "html" | "body" | "div" | "span" => {
                    for node in flat(content, verbatim) {
                        push(&mut flat_nodes, node, verbatim);
                    }
                }
                "head" => {}
                "a" if is_ours(attributes) => {}
                _ => flat_nodes.extend(element(name, attributes, content, verbatim)),
            },
        }
    }
    flat_nodes
}

fn is_ours(attributes: &[(String, String)]) -> bool {
    let has = |name: &str, value: &str| {
        attributes
            .iter()
            .any(|a| a.0 == name && a.1.starts_with(value))
    };
    has("class", "pn") || has("id", "^")
}

fn element(
    name: &str,
    attributes: &[(String, String)],
    content: &[Node],
    verbatim: bool,
) -> Option<Node> {
    let content = flat(content, verbatim || name == "pre");
    let content = match name {
        "li" => paragraphs(content),
        "pre" => without_last_line_end(content),
        "code" | "em" | "strong" | "a" => content,
        _ => trimmed(&content),
    };
    if name == "p" && matches!(content.as_slice(), [Node::Element(only, ..)] if only == "img") {
        return content.into_iter().next();
    }
    let name = if name == "h1" { "h2" } else { name };
    let counted = attributes
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "href" | "src" | "alt" | "start"));
    let counted = counted.map(|(name, value)| {
        let value = if name == "href" || name == "src" {
            address(value)
        } else {
            value.clone()
        };
        (name.clone(), value)
    });
    Some(Node::Element(name.to_owned(), counted.collect(), content))
}

/// A code block whose last line has no end.
fn without_last_line_end(mut content: Vec<Node>) -> Vec<Node> {
    match content.last_mut() {
        Some(Node::Element(_, _, inner)) => *inner = without_last_line_end(std::mem::take(inner)),
        Some(Node::Text(text)) => text.truncate(text.trim_end_matches('\n').len()),
        None => {}
    }
    content.retain(|node| *node != Node::Text(String::new()));
    content
}

/// Running text of a list item as paragraphs.
fn paragraphs(content: Vec<Node>) -> Vec<Node> {
    let mut blocks = Vec::new();
    let mut running = Vec::new();
    let finish = |running: &mut Vec<Node>, blocks: &mut Vec<Node>| {
        let text = trimmed(&std::mem::take(running));
        if matches!(text.as_slice(), [Node::Element(only, ..)] if only == "img") {
            blocks.extend(text);
        } else if !text.is_empty() {
            blocks.push(Node::Element("p".into(), Vec::new(), text));
        }
    };
    for node in content {
        match &node {
            Node::Element(name, ..)
                if !matches!(
                    name.as_str(),
                    "em" | "strong" | "code" | "a" | "img" | "br" | "s"
                ) =>
            {
                finish(&mut running, &mut blocks);
                blocks.push(node);
            }
            _ => running.push(node),
        }
    }
    finish(&mut running, &mut blocks);
    blocks
}

fn push(nodes: &mut Vec<Node>, node: Node, verbatim: bool) {
    match node {
        Node::Text(text) => push_text(nodes, &text, verbatim),
        element @ Node::Element(..) => nodes.push(element),
    }
}

fn push_text(nodes: &mut Vec<Node>, text: &str, verbatim: bool) {
    if !matches!(nodes.last(), Some(Node::Text(_))) {
        nodes.push(Node::Text(String::new()));
    }
    let Some(Node::Text(last)) = nodes.last_mut() else {
        return;
    };
    for character in text.chars() {
        let is_space = character.is_ascii_whitespace() && !verbatim;
        if !is_space {
            last.push(character);
        } else if !last.ends_with(' ') {
            last.push(' ');
        }
    }
}

/// Nodes without white space at the ends, round blocks and round line breaks.
fn trimmed(nodes: &[Node]) -> Vec<Node> {
    let breaks = |node: Option<&Node>| match node {
        None => true,
        Some(Node::Element(name, ..)) => {
            !matches!(name.as_str(), "em" | "strong" | "code" | "a" | "img" | "s")
        }
        Some(Node::Text(_)) => false,
    };
    let mut kept = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Node::Text(text) = node else {
            kept.push(node.clone());
            continue;
        };
        let before = index.checked_sub(1).and_then(|before| nodes.get(before));
        let text = if breaks(before) {
            text.trim_start_matches(' ')
        } else {
            text
        };
        let text = if breaks(nodes.get(index + 1)) {
            text.trim_end_matches(' ')
        } else {
            text
        };
        if !text.is_empty() {
            kept.push(Node::Text(text.to_owned()));
        }
    }
    kept
}

/// An address decoded, without what leads to the book's folder.
fn address(url: &str) -> String {
    let bare = url.trim_start_matches("../").trim_start_matches('/');
    let mut bytes = Vec::new();
    let mut rest = bare.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = byte.filter(|_| *first == b'%');
        rest = if byte.is_some() { &tail[2..] } else { tail };
        bytes.push(byte.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why an example does not come out as CommonMark has it.
fn reason(example: &Example) -> &'static str {
    const ELEMENTS: [&str; 21] = [
        "html",
        "head",
        "body",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "em",
        "strong",
        "code",
        "pre",
        "a",
        "img",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
    ];
    let mut raw = example.html.contains("<!")
        || example.html.contains("<?")
        || example.html.contains("</ins>");
    let (mut scheme, mut fragment, mut remote, mut empty) = (false, false, false, false);
    dom::elements(
        &dom::page(&example.html),
        &mut |name, attributes, content| {
            raw |= !ELEMENTS.contains(&name) && name != "br";
            empty |= content.is_empty()
                && matches!(
                    name,
                    "p" | "a" | "li" | "blockquote" | "h2" | "h1" | "h3" | "code"
                );
            for (attribute, value) in attributes {
                raw |= !matches!(
                    attribute.as_str(),
                    "href" | "src" | "alt" | "title" | "start" | "class"
                );
                let led = attribute == "href" || attribute == "src";
                let external = led
                    && value
                        .split(['/', '?', '#'])
                        .next()
                        .is_some_and(|scheme| scheme.contains(':'));
                scheme |= external
                    && !["http:", "https:", "mailto:"]
                        .iter()
                        .any(|known| value.to_lowercase().starts_with(known));
                remote |= external && attribute == "src";
                fragment |=
                    led && !external && value.contains(['#', '?']) || led && value.is_empty();
            }
        },
    );
    let markdown = &example.markdown;
    match () {
        () if raw || markdown.contains("<a ") => "HTML in a text is left out",
        () if scheme => "a link's scheme is none of http, https, mailto",
        () if remote => "an image on another site is left out",
        () if fragment => "a link inside the book leads to a page, and an empty one nowhere",
        () if markdown.contains("[^") || markdown.contains('~') || markdown.contains("\n:") => {
            "footnotes, strikethrough or definition lists of ours"
        }
        () if markdown.contains('{') => "heading attributes of ours",
        () if empty => "what is empty is left out",
        () => "other",
    }
}

fn recorded(list: &str) -> BTreeSet<usize> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines
        .flat_map(str::split_whitespace)
        .map(|number| number.parse().unwrap())
        .collect()
}

fn listed(passing: &BTreeSet<usize>, failing: &BTreeMap<&str, Vec<usize>>) -> String {
    let mut list = format!(
        "# The examples of CommonMark 0.31.2 that come out as its specification has them: {} of 652.\n\
         # tests/it/commonmark.rs compares, and says in what form; BLESS=1 writes this list.\n\
         #\n# The others, by reason:\n",
        passing.len()
    );
    for (reason, numbers) in failing {
        writeln!(list, "# - {reason} ({}):", numbers.len()).unwrap();
        wrap(&mut list, "#     ", numbers);
    }
    let passing: Vec<usize> = passing.iter().copied().collect();
    wrap(&mut list, "", &passing);
    list
}

fn wrap(list: &mut String, indent: &str, numbers: &[usize]) {
    for line in numbers.chunks(20) {
        let line: Vec<String> = line.iter().map(usize::to_string).collect();
        writeln!(list, "{indent}{}", line.join(" ")).unwrap();
    }
}
