//! Files, folders and devices that are not what they should be.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::{BOOKS_FAULT, MACHINES_FAULT, SOUND, Sandbox, WRONG_USAGE, case, check};
use crate::book::pincite;

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
                "name it `other.md`",
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
            "annotations beside the texts",
            &[("notes.yaml", b"notes:\n  - at: a \xc2\xb61\n    text: T.\n")],
            SOUND,
            &[
                "warning[stray-file]",
                "notes.yaml:1:1",
                "move it below `content/annotations/`",
            ],
        ),
        case(
            "what is passed over",
            &[
                ("mkdocs.yaml", b"notes: x\n"),
                ("articles/draft.md", b"# D\n"),
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
