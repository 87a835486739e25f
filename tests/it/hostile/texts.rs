//! Texts that cannot be read.

use super::{ARTICLE, BOOKS_FAULT, CHAPTER, SOUND, YAML, case, check};
use crate::book::TestBook;

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
