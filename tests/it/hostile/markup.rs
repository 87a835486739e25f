//! Text that would be markup, or a script.

use std::fs;

use super::{CHAPTER, SOUND, Sandbox, YAML};
use crate::dom::{self, Node};

/// What an attacker would have a reader's browser run, as text in every place of a book.
const ATTACKS: [&str; 9] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><b onmouseover=alert(1)>",
    "'><img src=x onerror=alert(1)>",
    "</title></head><body onload=alert(1)>",
    "</textarea></style><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include x %}",
    "<!--<script>",
    "&lt;script&gt;&#x3c;b onclick=x&#x3e;",
];

/// Links that run a script, in disguise.
const LINKS: [&str; 12] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&#115;cript:alert(1)",
    "java&Tab;script:alert(1)",
    "<java\tscript:alert(1)>",
    "&#1;javascript:alert(1)",
    "javascript&colon;alert(1)",
    "vbscript:x",
    "data:text/html;base64,PHNjcmlwdD4=",
    "//evil.example/x",
    "\\\\evil.example/x",
    "/\\evil.example/x",
];

#[test]
fn no_text_becomes_markup() {
    for attack in ATTACKS {
        let sandbox = Sandbox::new();
        let other = serde_json::to_string(&format!("{attack} 2")).unwrap();
        let alias = serde_json::to_string(&format!("x{attack}")).unwrap();
        let quoted = serde_json::to_string(attack).unwrap();
        sandbox.write("book.toml", format!("[book]\ntitle = {quoted}\nsubtitle = {quoted}\nauthors = [{quoted}]\ndescription = {quoted}\nbanner = {quoted}\n[output.html]\n[lints]\nlost-quotation = \"allow\"\ndrifted-sense = \"allow\"\n").as_bytes());
        sandbox.write("content/articles/evil.md", format!("---\ntitle: {quoted}\nauthor: {quoted}\npublication: {quoted}\ntags: [{quoted}]\n---\n\n## {attack} {{#a onclick=x .c}}\n\nThe words.\n\n```{attack}\n{attack}\n```\n\n`{attack}` ![{attack}](x.png) [{attack}](#a)\n").as_bytes());
        sandbox.write(CHAPTER, format!("# Bad {{onclick=x}}\n\n“{attack}” [@evil, ¶1 \"the words\", {attack}]. [[t|{attack}]]\n\n|{attack}|\n|-|\n|{attack}|\n\na\n: {attack}\n").as_bytes());
        sandbox.write(YAML, format!("glossary:\n  t:\n    name: {quoted}\n    aliases: [{alias}]\n    text: {quoted}\n    tags: [{quoted}]\n  ? {other}\n  : x\n").as_bytes());
        harmless(&sandbox, attack);
    }
}

#[test]
fn no_link_runs_a_script() {
    for link in LINKS {
        let sandbox = Sandbox::new();
        let text = format!("[a]({link}) ![b]({link}) <{link}> [c][d] [[{link}]]\n\n[d]: {link}\n");
        sandbox.write(
            "content/articles/evil.md",
            format!("---\ntitle: A\n---\n\n{text}").as_bytes(),
        );
        sandbox.write(
            CHAPTER,
            format!("# Bad\n\n{} [@evil]\n", text.replace("[[", "[ [")).as_bytes(),
        );
        harmless(&sandbox, link);
    }
}

/// Builds a book and looks for what should not be on its pages.
fn harmless(sandbox: &Sandbox, attack: &str) {
    let (ran, problems) = sandbox.run(&["build"]);
    assert_eq!(problems, Vec::<String>::new(), "{attack}");
    if ran.status != SOUND {
        // The book is refused; its pages are looked at all the same, as a book with lesser lints would have them.
        let errors = ran.err.lines().filter(|line| line.starts_with("error"));
        panic!("{attack}: {}", errors.collect::<Vec<_>>().join("\n"));
    }
    let own = scripts(&dom::page(&clean_page()));
    let pages = walkdir::WalkDir::new(sandbox.path("book"))
        .into_iter()
        .map(Result::unwrap);
    for page in pages.filter(|page| {
        page.path()
            .extension()
            .is_some_and(|ending| ending == "html")
    }) {
        let html = fs::read_to_string(page.path()).unwrap();
        let nodes = dom::page(&html);
        let found = suspects(&nodes);
        assert!(
            found.is_empty(),
            "{attack}: {}: {found:?}",
            page.path().display()
        );
        assert_eq!(scripts(&nodes), own, "{attack}: {}", page.path().display());
    }
}

fn clean_page() -> String {
    let sandbox = Sandbox::new();
    sandbox.run(&["build"]);
    fs::read_to_string(sandbox.path("book/index.html")).unwrap()
}

/// The scripts that a page loads or holds; what describes an article's source is data, and must be whole.
fn scripts(nodes: &[Node]) -> usize {
    let mut count = 0;
    dom::elements(nodes, &mut |name, attributes, content| {
        let is_data = attributes == [("type".to_owned(), "application/ld+json".to_owned())];
        if let ([Node::Text(data)], true) = (content, name == "script" && is_data) {
            let described: serde_json::Value = serde_json::from_str(data).unwrap();
            assert_eq!(described["@context"], "https://schema.org");
        } else {
            count += usize::from(name == "script");
        }
    });
    count
}

/// Elements and attributes that no text may make.
fn suspects(nodes: &[Node]) -> Vec<String> {
    let mut found = Vec::new();
    dom::elements(nodes, &mut |name, attributes, _| {
        // 404.html begins at the site's root.
        let own_base = |(name, value): &(String, String)| name == "href" && value == "/";
        let is_own = name == "base" && attributes.iter().all(own_base);
        let suspect = ["b", "svg", "iframe", "object", "embed", "base", "textarea"];
        if suspect.contains(&name) && !is_own {
            found.push(name.to_owned());
        }
        for (attribute, value) in attributes {
            let visible: String = value
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect();
            let visible = visible.to_lowercase().replace('\\', "/");
            let leads = matches!(
                attribute.as_str(),
                "href" | "src" | "action" | "formaction" | "srcset"
            );
            let is_icon = name == "link" && value == "data:,";
            let bad = ["javascript:", "vbscript:", "data:", "//"];
            if attribute.starts_with("on")
                || !is_icon && leads && bad.iter().any(|bad| visible.starts_with(bad))
            {
                found.push(format!("{name} {attribute}={value}"));
            }
        }
    });
    found
}
