//! Bad input: a clear error with place and remedy, in at most a second; never a panic, and nothing written outside
//! the output folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::book::{Ran, TestBook, pincite};
use crate::dom::{self, Node};

/// The most that a run on bad input may take of the processor.
const LONGEST: Duration = Duration::from_secs(1);

/// Whether a run ends well, and what it says.
const SOUND: i32 = 0;
const BOOKS_FAULT: i32 = 1;
const WRONG_USAGE: i32 = 2;
const MACHINES_FAULT: i32 = 3;

/// One bad book: the small book of the tests with these files put in, built.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    status: i32,
    says: &'static [&'static str],
}

fn case(
    name: &'static str,
    files: &[(&'static str, &[u8])],
    status: i32,
    says: &'static [&'static str],
) -> Case {
    let files = files.iter().map(|(path, bytes)| (*path, bytes.to_vec()));
    Case {
        name,
        files: files.collect(),
        status,
        says,
    }
}

/// A case with one long text.
fn long(
    name: &'static str,
    path: &'static str,
    text: String,
    status: i32,
    says: &'static [&'static str],
) -> Case {
    Case {
        name,
        files: vec![(path, text.into_bytes())],
        status,
        says,
    }
}

/// A book in a folder of its own, so that what is written beside it is seen.
struct Sandbox {
    outer: TestBook,
}

impl Sandbox {
    fn new() -> Self {
        let outer = TestBook::empty().file("outside.txt", "precious");
        let sandbox = Sandbox { outer };
        for path in [
            "book.toml",
            "content/articles/report.md",
            "content/chapters/01-view.md",
            "content/annotations/a.yaml",
        ] {
            let bytes = TestBook::small().read(path);
            sandbox.write(path, bytes.as_bytes());
        }
        sandbox
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        self.outer.write(&format!("inner/{path}"), bytes);
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.outer.path(&format!("inner/{path}"))
    }

    /// Runs a verb on the book; tells too whether it panics, takes too long, or writes outside the output folder.
    fn run(&self, arguments: &[&str]) -> (Ran, Vec<String>) {
        let before = contents(&self.outer.path(""));
        let (ran, time) = timed(&self.path(""), arguments);
        let mut problems = Vec::new();
        if !(0..=3).contains(&ran.status) || ran.err.contains("panicked") {
            problems.push(format!("status {}", ran.status));
        }
        if time > LONGEST {
            problems.push(format!("{time:?} of the processor"));
        }
        if ran.err.len() > 200_000 {
            problems.push(format!("{} bytes of messages", ran.err.len()));
        }
        if before != contents(&self.outer.path("")) {
            problems.push("something outside the output folder has changed".into());
        }
        (ran, problems)
    }
}

/// Runs the program; gives what it said and how much of the processor it took.
fn timed(folder: &Path, arguments: &[&str]) -> (Ran, Duration) {
    let said = tempfile::NamedTempFile::new().unwrap();
    let printed = tempfile::NamedTempFile::new().unwrap();
    let mut child = pincite()
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::from(printed.reopen().unwrap()))
        .stderr(Stdio::from(said.reopen().unwrap()))
        .spawn()
        .unwrap();
    let stat = format!("/proc/{}/stat", child.id());
    let mut waited = Duration::ZERO;
    // The times of a process that has ended can be read until it is waited for.
    let ticks = loop {
        let line = fs::read_to_string(&stat).unwrap();
        let fields: Vec<&str> = line.rsplit_once(") ").unwrap().1.split(' ').collect();
        if matches!(fields[0], "Z" | "X") || waited > 60 * LONGEST {
            break fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        }
        let pause = Duration::from_millis(2);
        std::thread::sleep(pause);
        waited += pause;
    };
    let _ = child.kill();
    let status = child.wait().unwrap().code().unwrap_or(-1);
    let text = |file: &tempfile::NamedTempFile| fs::read_to_string(file.path()).unwrap();
    let ran = Ran {
        status,
        out: text(&printed),
        err: text(&said),
    };
    // Linux counts a hundred ticks a second.
    (ran, Duration::from_millis(ticks * 10))
}

/// Every file below a folder but the built site's, and what is in it.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    // The site, and the lock beside `book.toml`.
    let ours = ["inner/book", "inner/citations.lock"].map(|path| folder.join(path));
    let kept = entries.filter(|entry| !ours.iter().any(|path| entry.path().starts_with(path)));
    kept.map(|entry| {
        let is_file = entry.file_type().is_file();
        let bytes = is_file.then(|| fs::read(entry.path()).unwrap_or_default());
        (
            entry.path().display().to_string(),
            bytes.unwrap_or_default(),
        )
    })
    .collect()
}

fn check(cases: &[Case]) {
    let failures: Vec<String> = cases.iter().filter_map(Case::failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

impl Case {
    /// What the program does otherwise than it should.
    fn failure(&self) -> Option<String> {
        let sandbox = Sandbox::new();
        for (path, bytes) in &self.files {
            sandbox.write(path, bytes);
        }
        self.failure_in(&sandbox)
    }

    fn failure_in(&self, sandbox: &Sandbox) -> Option<String> {
        let (ran, mut problems) = sandbox.run(&["build"]);
        if ran.status != self.status {
            problems.push(format!("status {}, not {}", ran.status, self.status));
        }
        let missing = self.says.iter().filter(|words| !ran.err.contains(**words));
        problems.extend(missing.map(|words| format!("no {words:?}")));
        let said: String = ran.err.chars().take(1000).collect();
        (!problems.is_empty()).then(|| format!("── {}: {}\n{said}", self.name, problems.join(", ")))
    }
}

const CHAPTER: &str = "content/chapters/02-bad.md";
const ARTICLE: &str = "content/articles/bad.md";
const YAML: &str = "content/annotations/b.yaml";

#[test]
fn malformed_files_are_named_with_their_places() {
    check(&[
        case(
            "yaml",
            &[(YAML, b"glossary:\n  A: \"one\n  B: two\n")],
            BOOKS_FAULT,
            &["error[invalid-yaml]", "b.yaml:2:6"],
        ),
        case(
            "yaml with a tab",
            &[(YAML, b"glossary:\n\tA: one\n")],
            BOOKS_FAULT,
            &["error[yaml-trap]", "b.yaml:2:1"],
        ),
        case(
            "yaml tag",
            &[(YAML, b"glossary: !!python/object:os.system x\n")],
            BOOKS_FAULT,
            &["b.yaml:1:"],
        ),
        case(
            "two yaml documents",
            &[(YAML, b"glossary:\n  A: a\n---\nglossary:\n")],
            BOOKS_FAULT,
            &["b.yaml:3:1"],
        ),
        case(
            "toml",
            &[("book.toml", b"[book]\ntitle = \"A\nlanguage = 3\n")],
            BOOKS_FAULT,
            &["error[invalid-toml]", "book.toml:2:"],
        ),
        case(
            "toml of another kind",
            &[("book.toml", b"book = 1\n")],
            BOOKS_FAULT,
            &["book.toml:1:"],
        ),
        case(
            "front matter",
            &[(ARTICLE, b"---\ntitle: [\n---\n\nText.\n")],
            BOOKS_FAULT,
            &["articles/bad.md:2:8"],
        ),
        case(
            "front matter without end",
            &[(ARTICLE, b"---\ntitle: A\n\nText.\n")],
            BOOKS_FAULT,
            &["bad.md:1:1", "the front matter is not closed"],
        ),
        case(
            "empty files",
            &[(YAML, b""), (CHAPTER, b""), (ARTICLE, b"")],
            BOOKS_FAULT,
            &["bad.md:1:1"],
        ),
        case(
            "an empty book.toml",
            &[("book.toml", b"")],
            BOOKS_FAULT,
            &["book.toml:1:1", "the book has no title"],
        ),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_is_not_text_is_refused_with_its_first_wrong_byte() {
    check(&[
        case(
            "Latin-1",
            &[(CHAPTER, b"# Bad\n\nCaf\xe9 noir.\n")],
            BOOKS_FAULT,
            &[
                "error[unreadable-file]",
                "02-bad.md:3:4",
                "byte 0xE9",
                "save it in UTF-8",
            ],
        ),
        case(
            "Latin-1 in YAML",
            &[(YAML, b"glossary:\n  A: caf\xe9\n")],
            BOOKS_FAULT,
            &["b.yaml:2:9"],
        ),
        case(
            "Latin-1 in book.toml",
            &[("book.toml", b"[book]\ntitle = \"Caf\xe9\"\n")],
            BOOKS_FAULT,
            &["book.toml:2:13"],
        ),
        case(
            "UTF-16",
            &[(CHAPTER, b"\xff\xfe#\0 \0B\0")],
            BOOKS_FAULT,
            &["02-bad.md:1:1", "byte 0xFF"],
        ),
        case(
            "a NUL byte",
            &[(CHAPTER, b"# Bad\n\nA\0B\n")],
            BOOKS_FAULT,
            &["02-bad.md:3:2", "NUL"],
        ),
        case(
            "a NUL byte in YAML",
            &[(YAML, b"glossary:\n  A: a\0b\n")],
            BOOKS_FAULT,
            &["b.yaml:2:7"],
        ),
        case(
            "a NUL byte after a byte order mark",
            &[(CHAPTER, b"\xef\xbb\xbf# Bad\n\nA\0B\n")],
            BOOKS_FAULT,
            &["02-bad.md:3:2"],
        ),
        case(
            "an image named x.md",
            &[(CHAPTER, b"\x89PNG\r\n\x1a\n\0\0")],
            BOOKS_FAULT,
            &["02-bad.md:1:1"],
        ),
        case(
            "control characters",
            &[(CHAPTER, b"# Bad\n\nA\x01\x08\x1b[31mB\x7f\n")],
            SOUND,
            &[],
        ),
        case(
            "control characters in an error",
            &[(CHAPTER, b"# Bad\n\n\x1b[31m[@no\x1b]\n")],
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        case(
            "a byte order mark",
            &[
                (CHAPTER, b"\xef\xbb\xbf# Bad\n\n[@reprot]\n"),
                (YAML, b"\xef\xbb\xbfglossary:\n  X: x\n"),
            ],
            BOOKS_FAULT,
            &["02-bad.md:3:3"],
        ),
        case(
            "a byte order mark in book.toml",
            &[("book.toml", b"\xef\xbb\xbf[book]\ntitle = \"A\"\n")],
            SOUND,
            &[],
        ),
        case(
            "CRLF",
            &[
                (CHAPTER, b"# Bad\r\n\r\nIt says [@reprot].\r\n"),
                (ARTICLE, b"---\r\ntitle: B\r\n---\r\n\r\nText.\r\n"),
            ],
            BOOKS_FAULT,
            &["02-bad.md:3:11"],
        ),
        case(
            "CR alone",
            &[
                (CHAPTER, b"# Bad\r\rText.\r"),
                (
                    "content/chapters/03-to-it.md",
                    b"# To it\n\nSee [it](02-bad.md) and [[bad]].\n",
                ),
            ],
            BOOKS_FAULT,
            &[
                "unreadable-file",
                "chapters/02-bad.md:1:1",
                "line ends of Unix",
                "the book has 1 error;",
            ],
        ),
        case(
            "line separators",
            &[(CHAPTER, "# Bad\n\nA\u{2028}B\u{85}C\u{feff}D.\n".as_bytes())],
            SOUND,
            &[],
        ),
        case(
            "text that runs backwards",
            &[(CHAPTER, "# Bad\n\n\u{202e}[@reprot]\n".as_bytes())],
            BOOKS_FAULT,
            &["02-bad.md:3:4"],
        ),
    ]);
}

#[test]
fn a_byte_order_mark_counts_in_the_offsets_of_a_fix() {
    let book = TestBook::small();
    let text = "\u{feff}# Bad\n\n[@reprot]\n";
    book.write(CHAPTER, text.as_bytes());
    let ran = book.run(&["check", "--message-format", "json"]).expect(1);
    let line: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    let edit = &line["fix"]["edits"][0];
    let at = |end: &str| usize::try_from(edit[end].as_u64().unwrap()).unwrap();
    assert_eq!(&text[at("start")..at("end")], "reprot");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn nesting_without_end_is_survived() {
    let n = 100_000;
    let toml = |value: String| format!("[book]\ntitle = {value}\n");
    let yaml = |value: String| format!("glossary:\n  A: {value}\n");
    let mut cases = vec![
        long(
            "toml lists",
            "book.toml",
            toml("[".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "toml tables",
            "book.toml",
            toml("{a=".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "toml keys",
            "book.toml",
            format!("{}b = 1\n", "a.".repeat(n)),
            BOOKS_FAULT,
            &["book.toml:"],
        ),
        long(
            "yaml lists",
            YAML,
            yaml("[".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml closed lists",
            YAML,
            yaml("[".repeat(n) + &"]".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml maps",
            YAML,
            yaml("{a: ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml dashes",
            YAML,
            format!("glossary:\n  {}a\n", "- ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "yaml questions",
            YAML,
            format!("{}a\n", "? ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:1:"],
        ),
        long(
            "yaml indentation",
            YAML,
            (0..2_000).fold(String::new(), |text, depth| {
                text + &" ".repeat(depth) + "a:\n"
            }),
            BOOKS_FAULT,
            &["b.yaml:"],
        ),
        long(
            "yaml anchors",
            YAML,
            yaml("&a ".repeat(n)),
            BOOKS_FAULT,
            &["b.yaml:2:"],
        ),
        long(
            "front matter",
            ARTICLE,
            format!("---\ntitle: {}\n---\n\nText.\n", "[".repeat(n)),
            BOOKS_FAULT,
            &["bad.md:2:"],
        ),
        long(
            "citations in citations",
            CHAPTER,
            format!("# Bad\n\n{}\n", "[@a ".repeat(n)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "open citations",
            CHAPTER,
            format!("# Bad\n\n{}\n", "[@a\n".repeat(n)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
    ];
    for (name, text) in nested(n) {
        cases.push(long(
            name,
            ARTICLE,
            format!("---\ntitle: Bad\n---\n\n{text} end\n"),
            SOUND,
            &[],
        ));
        cases.push(long(
            name,
            CHAPTER,
            format!("# Bad\n\n{text} end\n"),
            SOUND,
            &[],
        ));
        let indented = text.replace('\n', "\n      ");
        cases.push(long(
            name,
            YAML,
            format!("glossary:\n  Bad:\n    text: |\n      {indented} end\n"),
            SOUND,
            &[],
        ));
    }
    check(&cases);
}

/// A piece over and over, its `N` counted up.
/// A book of many sources and of as many links that miss them by a letter; it has an error, so that nothing is built.
fn mistyped(name: &'static str, link: &str, says: &'static str) -> Case {
    const MANY: usize = 1_500;
    let links = numbered(MANY, &format!("{link}\n\n"));
    let chapter = format!("# Bad\n\n[@nope].\n\n{links}");
    let wrong = chapter.replace("survey", "survay");
    let article = |number| {
        let path = format!("content/articles/harbour-survey-{number}.md");
        let path: &'static str = path.leak();
        (path, b"---\ntitle: Bad\n---\n\nText.\n".to_vec())
    };
    let mut files: Vec<_> = (0..MANY).map(article).collect();
    files.push((CHAPTER, wrong.into_bytes()));
    Case {
        name,
        files,
        status: BOOKS_FAULT,
        says: vec![says].leak(),
    }
}

fn numbered(times: usize, piece: &str) -> String {
    let pieces: Vec<String> = (0..times)
        .map(|n| piece.replace('N', &n.to_string()))
        .collect();
    pieces.concat()
}

/// Markdown that nests `n` deep, or looks as if it did.
fn nested(n: usize) -> Vec<(&'static str, String)> {
    vec![
        ("quotes", ">".repeat(n)),
        ("quotes with spaces", "> ".repeat(n)),
        ("lists", "- ".repeat(n)),
        ("numbered lists", "1. ".repeat(n)),
        ("quotes and lists", "> - ".repeat(n)),
        ("stars", format!("{}word{}", "*".repeat(n), "*".repeat(n))),
        ("stars apart", "*a ".repeat(n)),
        ("stars and underscores", "*a _b ".repeat(n)),
        (
            "tildes",
            format!("{}word{}", "~~".repeat(n), "~~".repeat(n)),
        ),
        ("brackets", "[".repeat(n)),
        (
            "pairs of brackets",
            format!("{}x{}", "[ ".repeat(n), "]".repeat(n)),
        ),
        ("our brackets", "[[".repeat(n)),
        ("closing brackets", "]".repeat(n)),
        (
            "images",
            format!("{}x{}", "![".repeat(5_000), "](y)".repeat(5_000)),
        ),
        (
            "links",
            format!("{}x{}", "[".repeat(5_000), "](y)".repeat(5_000)),
        ),
        (
            "backticks",
            (1..400).map(|ticks| "`".repeat(ticks) + " ").collect(),
        ),
        ("angle brackets", "<".repeat(n)),
        ("tags", "<a ".repeat(n)),
        ("comments", "<!-- ".repeat(n)),
        ("entities", "&amp".repeat(n)),
        ("backslashes", "\\".repeat(n)),
        ("quotation marks", "\"".repeat(n)),
        ("curly quotation marks", "“".repeat(n)),
        ("gaps", "“a … b” ".repeat(n / 4)),
        (
            "table",
            format!("|{}\n|{}\n", "a|".repeat(2_000), "-|".repeat(2_000)),
        ),
        ("bars", "|".repeat(n)),
        ("names", " ^a".repeat(n)),
        ("headings", "## a\n".repeat(n / 4)),
        ("definitions", "a\n: b\n\n".repeat(n / 10)),
        ("link definitions", numbered(n / 10, "[N]: x\n")),
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn floods_are_survived() {
    let words = |bytes: usize| "some words of USFJ and more ".repeat(bytes / 28);
    let megabytes = 4 << 20;
    let bomb = "glossary:\n  a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &"bcdefghij".chars().zip("abcdefghi".chars()).fold(
            String::new(),
            |text, (own, before)| {
                text + &format!(
                    "  {own}: &{own} [{}]\n",
                    vec![format!("*{before}"); 9].join(",")
                )
            },
        );
    let long_texts = (0..30).fold(
        "glossary:\n  a:\n    text: &a ".to_owned() + &words(1 << 20) + "\n",
        |text, index| text + &format!("  b{index}: {{text: *a, aliases: [*a, *a, *a]}}\n"),
    );
    let wrong = |line: usize| format!("# Bad\n\n{}[@nope]\n", words(line));
    let broken = (0..10_000).fold("glossary:\n".to_owned(), |text, index| {
        text + &if index % 200 == 5 {
            format!("  t{index}: a: b\n")
        } else {
            format!("  t{index}:\n    text: {}\n", words(336))
        }
    });
    let terms = (0..20_000).fold("glossary:\n".to_owned(), |text, index| {
        text + &format!("  T{index}: x\n")
    });
    let traps =
        "glossary:\n".to_owned() + &numbered(20_000, "  \"Term N\": Words of it #N are here\n");
    check(&[
        Case {
            name: "a yaml bomb",
            files: vec![(YAML, bomb.into_bytes())],
            status: BOOKS_FAULT,
            says: &["repeats itself through aliases", "b.yaml:"],
        },
        Case {
            name: "a yaml bomb of long texts",
            files: vec![(YAML, long_texts.into_bytes())],
            status: BOOKS_FAULT,
            says: &["repeats itself through aliases", "b.yaml:"],
        },
        Case {
            name: "an alias of itself",
            files: vec![(YAML, b"glossary: &a\n  A: *a\n".to_vec())],
            status: BOOKS_FAULT,
            says: &["b.yaml:2:6"],
        },
        long(
            "a long line in an article",
            ARTICLE,
            format!("---\ntitle: Bad\n---\n\n{}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in a chapter",
            CHAPTER,
            format!("# Bad\n\n{}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in an annotation",
            YAML,
            format!("glossary:\n  A: {}\n", words(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "a long line in book.toml",
            "book.toml",
            format!("[book]\ntitle = \"{}\"\n", words(1 << 20)),
            SOUND,
            &[],
        ),
        long(
            "an error at the end of a long line",
            CHAPTER,
            wrong(megabytes),
            BOOKS_FAULT,
            &["the book has no article `nope`", "02-bad.md:3:"],
        ),
        long(
            "a hundred errors in long lines",
            CHAPTER,
            format!("# Bad\n\n{}", wrong(40_000).repeat(100)),
            BOOKS_FAULT,
            &["the book has no article `nope`"],
        ),
        long(
            "one long word",
            CHAPTER,
            format!("# Bad\n\n{}\n", "x".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "line ends alone",
            CHAPTER,
            format!("# Bad\n{}x\n", "\n".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "spaces alone",
            CHAPTER,
            format!("# Bad\n\n{}x\n", " ".repeat(megabytes)),
            SOUND,
            &[],
        ),
        long(
            "fifty broken entries in a long file",
            YAML,
            broken,
            BOOKS_FAULT,
            &["error[yaml-trap]", "b.yaml:12:8", "t9805: a: b"],
        ),
        long(
            "many citations in a paragraph",
            CHAPTER,
            format!(
                "# Bad\n\n{}.\n",
                "a [@report, ¶2 \"50,000 troops\"] ".repeat(20_000)
            ),
            SOUND,
            &["20001 verified"],
        ),
        long(
            "many quotations for one citation",
            CHAPTER,
            format!(
                "# Bad\n\n{} [@report].\n",
                "“50,000 troops” ".repeat(20_000)
            ),
            SOUND,
            &[],
        ),
        long(
            "many footnotes",
            CHAPTER,
            format!(
                "# Bad\n\n{}\n\n{}",
                "a[^1] ".repeat(20_000) + &numbered(5_000, "a[^N] "),
                numbered(5_000, "[^N]: x\n\n")
            ),
            SOUND,
            &[],
        ),
        long("many terms", YAML, terms, SOUND, &["more"]),
        long("many traps", YAML, traps, BOOKS_FAULT, &["yaml-trap"]),
        mistyped(
            "many mistyped sources",
            "[@harbour-survey-N]",
            "did you mean `harbour-survey-",
        ),
        mistyped(
            "many mistyped names",
            "[[harbour-survey-N]]",
            "did you mean `[[harbour-survey-",
        ),
        mistyped(
            "many mistyped files",
            "[x](../articles/harbour-survey-N.md)",
            "did you mean `../articles/harbour-survey-",
        ),
        long(
            "many locators",
            CHAPTER,
            format!("# Bad\n\n[@report, ¶¶{}1]\n", "1-2, ".repeat(50_000)),
            SOUND,
            &["1 pinned"],
        ),
        long(
            "a locator without end",
            CHAPTER,
            "# Bad\n\n[@report, ¶¶1-4294967295]\n".into(),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "a number too large",
            CHAPTER,
            format!("# Bad\n\n[@report, ¶{}]\n", "9".repeat(1_000)),
            BOOKS_FAULT,
            &["02-bad.md:3:"],
        ),
        long(
            "an omission without end",
            ARTICLE,
            "---\ntitle: Bad\nomit: ¶¶1-4294967295\n---\n\nText.\n".into(),
            BOOKS_FAULT,
            &["bad.md"],
        ),
        long(
            "a date without end",
            ARTICLE,
            format!(
                "---\ntitle: Bad\ndate: {}\n---\n\nText.\n",
                "2024-".repeat(20_000)
            ),
            BOOKS_FAULT,
            &["bad.md:3:7"],
        ),
    ]);
}

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

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn files_that_are_none_are_named() {
    let check = |name, prepare: &dyn Fn(&Sandbox), status, says| {
        let sandbox = Sandbox::new();
        prepare(&sandbox);
        let failure = case(name, &[], status, says).failure_in(&sandbox);
        assert_eq!(failure, None);
    };
    let linked = |to: &'static str, from: &'static str| {
        move |book: &Sandbox| symlink(to, book.path(from)).unwrap()
    };
    check(
        "a link out",
        &linked("../../../outside.txt", "content/articles/x.md"),
        BOOKS_FAULT,
        &[
            "content/articles/x.md:1:1",
            "leads out of the book's folder",
        ],
    );
    check(
        "a link to the machine",
        &linked("/dev/zero", "content/articles/x.md"),
        BOOKS_FAULT,
        &["leads out of the book's folder"],
    );
    check(
        "an asset's link out",
        &linked("/etc/passwd", "content/x.png"),
        BOOKS_FAULT,
        &["content/x.png", "leads out of the book's folder"],
    );
    check(
        "a link to nothing",
        &linked("gone.md", "content/articles/x.md"),
        BOOKS_FAULT,
        &["content/articles/x.md:1:1", "leads nowhere"],
    );
    check(
        "a link to itself",
        &linked("x.md", "content/articles/x.md"),
        BOOKS_FAULT,
        &["content/articles/x.md:1:1", "leads nowhere"],
    );
    check(
        "a loop",
        &linked("../articles", "content/articles/x"),
        BOOKS_FAULT,
        &["content/articles/x", "leads back to its own folder"],
    );
    check(
        "a folder named x.md",
        &|book| fs::create_dir(book.path("content/articles/x.md")).unwrap(),
        BOOKS_FAULT,
        &[
            "content/articles/x.md:1:1",
            "a folder with the name of a text file",
        ],
    );
    check(
        "a FIFO",
        &|book| fifo(&book.path("content/articles/x.md")),
        BOOKS_FAULT,
        &["content/articles/x.md:1:1", "not a regular file"],
    );
    check(
        "a FIFO among the assets",
        &|book| {
            fs::create_dir(book.path("content/assets")).unwrap();
            fifo(&book.path("content/assets/x.png"));
        },
        BOOKS_FAULT,
        &["content/assets/x.png:1:1", "not a regular file"],
    );
    check(
        "a book.toml that leads out",
        &|book| {
            fs::rename(book.path("book.toml"), book.path("../b.toml")).unwrap();
            symlink("../b.toml", book.path("book.toml")).unwrap();
        },
        BOOKS_FAULT,
        &["book.toml:1:1", "leads out of the book's folder"],
    );
    check(
        "a content folder that leads out",
        &|book| {
            fs::rename(book.path("content"), book.path("../elsewhere")).unwrap();
            symlink("../elsewhere", book.path("content")).unwrap();
        },
        BOOKS_FAULT,
        &["content:1:1", "leads out of the book's folder"],
    );
    check(
        "a book.toml that is a FIFO",
        &|book| {
            fs::remove_file(book.path("book.toml")).unwrap();
            fifo(&book.path("book.toml"));
        },
        WRONG_USAGE,
        &["book.toml"],
    );
    check(
        "a name that is not UTF-8",
        &|book| {
            use std::os::unix::ffi::OsStrExt;
            let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
            fs::write(book.path("content/articles").join(name), "x").unwrap();
        },
        BOOKS_FAULT,
        &["the file's name is not UTF-8"],
    );
}

#[test]
fn files_that_are_not_read_are_named() {
    check(&[
        case(
            "capitals in an ending",
            &[("content/articles/other.MD", b"---\ntitle: A\n---\n")],
            SOUND,
            &[
                "warning[stray-file]",
                "content/articles/other.MD:1:1",
                "`.md` in lower case",
            ],
        ),
        case(
            "annotations in the wrong folder",
            &[("content/glossary.yaml", b"glossary:\n  A: a\n")],
            SOUND,
            &[
                "warning[stray-file]",
                "content/glossary.yaml:1:1",
                "move it below `content/annotations/`",
            ],
        ),
        case(
            "annotations among articles",
            &[("content/articles/a.yml", b"\xff")],
            SOUND,
            &["stray-file", "articles/a.yml:1:1"],
        ),
        case(
            "a mistyped folder",
            &[("content/article/a.md", b"# A\n")],
            SOUND,
            &["stray-file", "content/article/a.md:1:1"],
        ),
        case(
            "what is passed over",
            &[
                ("content/.hidden.md", b"\xff"),
                ("content/articles/a.md~", b"\xff"),
                ("content/articles/#a.md#", b"\xff"),
                ("content/assets/readme.md", b"\xff"),
            ],
            SOUND,
            &["0 warnings"],
        ),
    ]);
}

#[test]
fn unreadable_files_are_the_machines_fault() {
    let sandbox = Sandbox::new();
    let article = sandbox.path("content/articles/report.md");
    fs::set_permissions(&article, fs::Permissions::from_mode(0o000)).unwrap();
    let program = pincite().get_program().to_owned();
    let ran = |verb: &[&str]| {
        // Who may read every file gives that right up.
        let mut command = std::process::Command::new("setpriv");
        command.args(["--bounding-set=-dac_override,-dac_read_search", "--"]);
        if fs::read(&article).is_err() {
            command = std::process::Command::new("env");
        }
        let command = command.arg(&program).args(verb);
        command.current_dir(sandbox.path("")).output().unwrap()
    };
    let verbs: [&[&str]; 6] = [
        &["build"],
        &["check"],
        &["export", "bibtex"],
        &["heal"],
        &["writeback"],
        if cfg!(feature = "pdf") {
            &["pdf"]
        } else {
            &["check"]
        },
    ];
    for verb in verbs {
        let output = ran(verb);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(MACHINES_FAULT),
            "{verb:?}: {said}"
        );
        assert!(said.contains("report.md:1:1"), "{verb:?}: {said}");
        assert!(said.contains("permission denied"), "{verb:?}: {said}");
    }
}

fn fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo")
        .arg(path)
        .status()
        .unwrap();
    assert!(made.success());
}

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

#[test]
fn output_folders_that_would_cost_something_are_refused() {
    let check = |folder: &str, prepare: &dyn Fn(&Sandbox)| {
        let sandbox = Sandbox::new();
        prepare(&sandbox);
        let (ran, problems) = sandbox.run(&["build", "--out", folder]);
        assert!(problems.is_empty(), "{folder}: {problems:?}");
        assert_eq!(ran.status, WRONG_USAGE, "{folder}: {}", ran.err);
        assert!(
            ran.err.contains("the output folder `"),
            "{folder}: {}",
            ran.err
        );
    };
    for folder in [
        ".",
        "..",
        "/",
        "./content/..",
        "content",
        "content/new/site",
        "book/../content",
        "../inner",
        "book.toml",
        "/proc/self/cwd",
    ] {
        check(folder, &|_| {});
    }
    check("link", &|book| {
        symlink("content", book.path("link")).unwrap();
    });
    check("link", &|book| {
        symlink("nowhere", book.path("link")).unwrap();
    });
    check("link/site", &|book| {
        symlink("content", book.path("link")).unwrap();
    });
    check("other", &|book| {
        book.write("other/foreign.txt", b"precious");
    });
    check("other", &|book| {
        book.write("other/.pincite-manifest", b"\xff\xfe garbage");
    });
    check("other", &|book| {
        book.write(
            "other/.pincite-manifest",
            b"pincite site 1\n0  ../outside.txt\n",
        );
        book.write("other/index.html", b"precious");
    });
}
