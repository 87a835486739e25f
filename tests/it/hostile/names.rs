//! Ids, names and paths that lead elsewhere.

use super::{BOOKS_FAULT, CHAPTER, SOUND, YAML, case, check, long};

#[test]
fn ids_and_names_lead_nowhere_else() {
    let kilobytes = "x".repeat(10_000);
    let named = |name: &str| {
        format!("# Bad\n\n## A {{#{name}}}\n\nText. ^{name}\n\n[[{name}]] [@{name}]\n")
    };
    check(&[
        case("ids that differ in case", &[("content/articles/Report.md", b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[duplicate-id]", "`Report` and `report` differ only in case", "Report.md:1:1", "report.md:1:1"]),
        case("chapters that differ in case", &[("content/chapters/02-VIEW.md", b"# V\n\nText.\n")], BOOKS_FAULT, &["differ only in case"]),
        case("ids that differ in their Unicode form", &[("content/articles/caf\u{e9}.md", b"---\ntitle: R\n---\n\nText.\n"), ("content/articles/cafe\u{301}.md", b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]", "caf\u{e9}.md:1:1", "cafe\u{301}.md:1:1"]),
        case("assets that differ in case", &[("content/assets/a.png", b"a"), ("content/assets/A.png", b"b")], BOOKS_FAULT, &["error[duplicate-id]", "differ only in case"]),
        case("assets that differ in their Unicode form", &[("content/assets/caf\u{e9}.png", b"a"), ("content/assets/cafe\u{301}.png", b"b")], BOOKS_FAULT, &["error[duplicate-id]"]),
        case("an id that Windows keeps", &[("content/articles/CON.md", b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]", "CON.md:1:1", "Windows"]),
        case("an id that Windows keeps, with an ending", &[("content/chapters/02-nul.old.md", b"# R\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]"]),
        case("an empty id", &[("content/chapters/02-.md", b"# R\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]", "02-.md:1:1"]),
        case("an id of dots", &[("content/articles/a...md", b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]"]),
        case("an id of 200 bytes", &[(LONG_ID, b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]"]),
        case("an id with a line end", &[("content/articles/a\nb.md", b"---\ntitle: R\n---\n\nText.\n")], BOOKS_FAULT, &["error[invalid-id]"]),
        case("an empty citation and link", &[(CHAPTER, b"# Bad\n\n[@] [[]] [[ ]] [@, x]\n")], BOOKS_FAULT, &["error[unresolved-link]", "02-bad.md:3:13"]),
        case("an empty term", &[(YAML, b"glossary:\n  \"\": x\n  \" \": y\n")], BOOKS_FAULT, &["b.yaml:2:3", "a term has a name"]),
        long("names with ways out", CHAPTER, named("../../x"), BOOKS_FAULT, &["`../../x`"]),
        long("names of 10 kB", CHAPTER, named(&kilobytes), BOOKS_FAULT, &["02-bad.md:7:"]),
        long("a title of 10 kB", "book.toml", format!("[book]\ntitle = \"{kilobytes}\"\n[output.html]\n[output.pdf]\n"), SOUND, &[]),
        long("a title with ways out", "book.toml", "[book]\ntitle = \"../../x\"\n".into(), SOUND, &[]),
        long("a term of 10 kB", YAML, format!("glossary:\n  {kilobytes}: x\n  ../../x: y\n  CON: z\n"), BOOKS_FAULT, &["error[invalid-yaml]", "b.yaml:2:10003"]),
        long("a source folder with ways out", "book.toml", "[book]\ntitle = \"A\"\nsrc = \"../outside\"\n".into(), BOOKS_FAULT, &["book.toml:3:7"]),
        long("an output folder with ways out", "book.toml", "[book]\ntitle = \"A\"\n[build]\nbuild-dir = \"../site\"\n".into(), BOOKS_FAULT, &["book.toml:4:13"]),
        long("a theme with ways out", "book.toml", "[book]\ntitle = \"A\"\n[build]\ntheme = \"../..\"\n".into(), BOOKS_FAULT, &["book.toml:4:9"]),
        long("links with ways out", CHAPTER, "# Bad\n\n[a](../../../outside.txt) ![b](/etc/passwd) [c](file:///etc/passwd) [d](..%2f..%2foutside.txt)\n".into(), SOUND, &["missing-file", "unsafe-link"]),
    ]);
}

const LONG_ID: &str = "content/articles/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.md";
