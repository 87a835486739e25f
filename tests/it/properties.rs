//! Nothing that an author types makes the program panic, and every place that it names is in the file.

use pincite::compile::{Compilation, compile};
use pincite::diagnostic;
use pincite::edition::Edition;
use pincite::html;
use pincite::lock;
use pincite::site::Page;
use pincite::source::Sources;
use proptest::prelude::*;

/// Pieces of our own syntax, of Markdown's and YAML's, and of several scripts.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[@a, ¶1 \"one two\"]"),
        Just("[@a"),
        Just("@a [¶2]"),
        Just("[[a|b]]"),
        Just("[[2+2]]"),
        Just("![[a ¶1]]"),
        Just("["),
        Just("]"),
        Just("\""),
        Just("“"),
        Just("”"),
        Just("…"),
        Just("[…]"),
        Just("[t]he"),
        Just("¶¶1-2, 3"),
        Just("\n"),
        Just("\n\n"),
        Just("\r\n"),
        Just("> "),
        Just("- "),
        Just("1. "),
        Just("    "),
        Just("\t"),
        Just("# "),
        Just("```\n"),
        Just("~~~"),
        Just("`"),
        Just("*"),
        Just("**"),
        Just("_"),
        Just("|"),
        Just("|---|\n"),
        Just("^name"),
        Just("\\"),
        Just("<b>"),
        Just("<!--"),
        Just("-->"),
        Just("&amp;"),
        Just(": "),
        Just("[^1]"),
        Just("[^1]: "),
        Just("![x](y.png)"),
        Just("[x](javascript:y)"),
        Just("---\n"),
        Just("USFJ"),
        Just("2+2"),
        Just("在日米軍"),
        Just("é"),
        Just("e\u{301}"),
        Just("\u{200d}"),
        Just("🗾"),
        Just("a"),
        Just("one two"),
        Just(" "),
        Just("."),
        Just("{#id .c onclick=x}"),
        Just("glossary:\n"),
        Just("  USFJ: "),
        Just("  \"2+2\":\n    text: |\n      "),
        Just("cites: "),
        Just("- at: "),
        Just("'"),
        Just("{"),
        Just("}"),
        Just("&x "),
        Just("*x"),
        Just("!!"),
        Just("%"),
        Just("#"),
        Just("~"),
        Just("\u{0}"),
        Just("\u{feff}"),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_book_compiles_and_renders(article in nasty(), chapter in nasty(), yaml in nasty(), config in nasty()) {
        let article = format!("---\ntitle: A\n---\n\none two USFJ\n\n{article}");
        let sources = Sources::from_texts([
            ("book.toml", if config.len() % 2 == 0 { "[book]\ntitle = \"A\"\n" } else { config.as_str() }),
            ("content/articles/a.md", article.as_str()),
            ("content/chapters/01-b.md", chapter.as_str()),
            ("content/annotations/a.yaml", "glossary:\n  USFJ: x\n  2+2: y\n"),
            ("content/annotations/b.yaml", yaml.as_str()),
        ]);
        let compilation = compile(&sources, None);
        for diagnostic in &compilation.diagnostics {
            let text = diagnostic::text(diagnostic, &sources, false, diagnostic::USUAL_WIDTH);
            prop_assert!(text.contains(diagnostic.lint.name()));
            for label in diagnostic.at.iter().chain(&diagnostic.related) {
                prop_assert!(label.span.range().end <= sources.file(label.span.file).text.len() + 1);
                prop_assert!(label.span.start <= label.span.end);
            }
            diagnostic::json(diagnostic, &sources);
        }
        let edition = Edition::new(&compilation.book);
        let (site, _) = html::site(&edition, &sources);
        for (path, page) in site.pages() {
            let Page::Rendered(render) = page else { continue };
            let html = String::from_utf8(render().expect("a sound theme")).expect("UTF-8");
            if path.as_str().starts_with("data/") {
                let is_json = serde_json::from_str::<serde_json::Value>(&html).is_ok();
                prop_assert!(is_json || path.as_str() == "data/sources.bib", "{path}");
                continue;
            }
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                // What stands between quotation marks is text.
                let names: String = tag.split('"').step_by(2).collect();
                prop_assert!(!names.contains(" onclick") && !tag.contains("=\"javascript:") && tag != "b", "{tag}");
            }
        }
    }
}

/// An entry of each kind, which cites and has terms and a short form that none explains.
const ANNOTATIONS: &str = "\
glossary:
  USFJ:
    text: x 2+2 and JSDF [@a0, ¶1 “one two”]
    except: a0 ¶2
  2+2: y
claims:
  c:
    text: USFJ and JSDF
    supports: a1 ¶1 \"one two\"
timeline:
  - date: 2024-05
    text: USFJ and JSDF [@a2, ¶1]
notes:
  - at: a1 ¶1 \"one two\"
    text: z, USFJ and JSDF [@a2, ¶1 “one two”]
    cites: a0 ¶1
  - at: a2 ¶2
    text: z
  - at: b ¶1 “USFJ”
    text: it is highly likely, [a0, ¶1]
";

/// The texts of a small book; `USFJ`, `2+2` and some words stand in most of them.
fn book_of(articles: &[String], chapter: &str, yaml: &str) -> Vec<(String, String)> {
    let mut files = vec![
        ("book.toml".to_owned(), "[book]\ntitle = \"A\"\n".to_owned()),
        (
            "content/chapters/01-b.md".to_owned(),
            format!("# B\n\nUSFJ “one two” [@a1, ¶1].\n\n{chapter}"),
        ),
        (
            "content/annotations/a.yaml".to_owned(),
            format!("{ANNOTATIONS}{yaml}"),
        ),
    ];
    for (index, text) in articles.iter().enumerate() {
        let text = format!("---\ntitle: A\n---\n\none two USFJ\n\nUSFJ and 2+2\n\n{text}");
        files.push((format!("content/articles/a{index}.md"), text));
    }
    files
}

/// Everything that a user can see of a compilation.
fn shown(compilation: &Compilation, sources: &Sources) -> Vec<String> {
    let diagnostics = compilation.diagnostics.iter();
    let mut shown: Vec<String> = diagnostics
        .map(|one| diagnostic::text(one, sources, false, diagnostic::USUAL_WIDTH))
        .collect();
    let edition = Edition::new(&compilation.book);
    let (site, _) = html::site(&edition, sources);
    for (path, page) in site.pages() {
        if let Page::Rendered(render) = page {
            let html = String::from_utf8(render().expect("a sound theme")).expect("UTF-8");
            shown.push(format!("{path}\n{html}"));
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_compiled_before_changes_nothing(
        articles in proptest::collection::vec(nasty(), 3),
        chapter in nasty(),
        yaml in nasty(),
        edited in 0_usize..6,
        edit in nasty(),
        way in 0_u8..9,
        locked in any::<bool>(),
    ) {
        let mut files = book_of(&articles, &chapter, &yaml);
        let sources = |files: &[(String, String)]| {
            Sources::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
        };
        let mut previous = compile(&sources(&files), None);
        if locked {
            files.push((lock::PATH.to_owned(), previous.book.settled.text()));
            previous = compile(&sources(&files), None);
        }
        match way {
            0 => files[edited].1.push_str(&edit),
            1 => files[edited].1.insert_str(0, &edit),
            2 => files[edited].1 = files[edited].1.replace("USFJ", "JTCT"),
            3 => files[edited].1 = files[edited].1.replacen("one two", "one three", 1),
            4 => files[2].1 = files[2].1.replacen("notes:", "notes:\n  - at: a0 ¶1\n    text: JSDF", 1),
            5 => files[0].1.push_str("language = \"de\"\n"),
            6 => {
                let text = files[3].1.clone();
                files[3].1 = std::mem::replace(&mut files[4].1, text);
            }
            7 => files[1].1 = files[1].1.replacen("USFJ", "The USFJ", 1),
            _ => drop(files.remove(edited)),
        }
        let after = sources(&files);
        let with = compile(&after, Some(&previous));
        let without = compile(&after, None);
        prop_assert_eq!(shown(&with, &after), shown(&without, &after));
    }
}
