//! The files that `heal` writes, and those that it leaves alone.

use std::fs;

use pincite::disk::{self, Rewrite};

use super::{AFTER, HEALED_YAML, YAML, edited};
use crate::book::pincite;

#[test]
fn heal_mends_the_files_and_the_lock_and_nothing_else() {
    let book = edited();
    let before = book.read("citations.lock");
    let diff = book.run(&["heal", "--dry-run"]).expect(0);
    assert!(
        diff.out
            .contains("-They met [@a, ¶1].\n+They met [@a, ¶2].\n"),
        "{}",
        diff.out
    );
    assert_eq!(book.read("citations.lock"), before);
    book.run(&["build", "--format", "html", "--strict"])
        .expect(1)
        .says("[moved-paragraph]");
    book.run(&["build", "--format", "html"]).expect(0);
    assert_eq!(
        book.read("citations.lock"),
        before,
        "a build changes no entry"
    );
    book.run(&["heal"])
        .expect(0)
        .says("content/chapters/01-x.md:3: They met [@a, ¶1]. → They met [@a, ¶2].")
        .says("healed 2 lines in 2 files, and settled `citations.lock`");
    assert_eq!(book.read("content/annotations/a.yaml"), HEALED_YAML);
    assert_eq!(book.read("content/articles/a.md"), AFTER);
    book.run(&["heal"]).expect(0).says("nothing to heal");
    book.run(&["build", "--format", "html", "--strict", "--locked"])
        .expect(0);
}

#[test]
fn a_locked_build_fails_where_the_lock_would_change() {
    let book = edited();
    book.run(&["heal"]).expect(0);
    book.write(
        "content/chapters/02-y.md",
        "# Y\n\nSo it was [@a, ¶1].\n".as_bytes(),
    );
    book.run(&["build", "--format", "html", "--locked"])
        .expect(1)
        .says("would have to change")
        .says("¶1 of `a` is cited now\n");
    assert!(!book.path("book/chapters/y.html").exists());
    book.run(&["build", "--format", "html"]).expect(0);
    book.run(&["build", "--format", "html", "--locked"])
        .expect(0);
}

#[test]
fn heal_refuses_what_it_cannot_read_or_write() {
    let book = edited().file("content/annotations/b.yaml", "claims:\n  x: [\n");
    book.run(&["heal"]).expect(1).says("nothing was healed");
    fs::remove_file(book.path("content/annotations/b.yaml")).unwrap();
    let chapter = book.path("content/chapters/01-x.md");
    let mut permissions = fs::metadata(&chapter).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&chapter, permissions).unwrap();
    book.run(&["heal"]).expect(3).says("write-protected");
    assert_eq!(book.read("content/annotations/a.yaml"), YAML);
    book.run(&["heal", "--accept-drift"])
        .expect(2)
        .says("--yes");
}

#[cfg(unix)]
#[test]
fn heal_writes_nothing_where_one_of_the_folders_takes_no_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let book = edited();
    let folder = book.path("content/chapters");
    let lock = book.read("citations.lock");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // To the system's administrator every folder is open.
    let is_closed = fs::File::create(folder.join("probe")).is_err();
    if is_closed {
        book.run(&["heal"]).expect(3);
        assert_eq!(book.read("citations.lock"), lock);
        assert!(!book.path(".pincite-journal.json").exists());
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_journal_writes_nothing_but_the_book() {
    let book = edited();
    let outside = book.path("outside.txt");
    for (path, old) in [
        ("../outside.txt", "null"),
        ("/tmp/outside.txt", "null"),
        (".git/hooks/pre-commit", "null"),
        ("content/annotations/new.yaml", "null"),
        (".gitignore", "\"book\""),
    ] {
        let book = edited().file(".gitignore", "book");
        let journal = format!("[{{\"path\":{path:?},\"old\":{old},\"new\":\"evil\"}}]");
        book.write(".pincite-journal.json", journal.as_bytes());
        book.run(&["heal"])
            .expect(3)
            .says("none of the book's files");
        assert!(old != "null" || !book.path(path).exists(), "{path}");
        assert_eq!(book.read(".gitignore"), "book");
    }
    assert!(!outside.exists());
}

/// What is wrong with a lock is said with how it is rebuilt, and nothing is written over it.
#[test]
fn a_lock_that_cannot_be_read_is_left_as_it_is() {
    let sound = edited().read("citations.lock");
    let entry = sound.lines().find(|line| line.starts_with("  [")).unwrap();
    let article = &sound[sound.find("[articles.").unwrap()..];
    for (lock, says) in [
        (sound.replace("version = 1", "version = 2"), "of version 2"),
        (sound.replace("# end\n", ""), "cut short"),
        (sound[..sound.len() / 2].to_owned(), "damaged"),
        (
            sound.replacen(entry, &format!("{entry}\n{entry}"), 1),
            "a line stands twice, in the part of `a`",
        ),
        (
            sound.replace(
                "# end
", article,
            ),
            "`a` is in it twice",
        ),
        (
            sound.replacen(
                entry,
                &format!("<<<<<<< ours\n{entry}\n=======\n>>>>>>> theirs"),
                1,
            ),
            "merge conflict",
        ),
        (String::new(), "no version"),
    ] {
        let help = match says {
            "merge conflict" => {
                "take whole the lock of the side whose articles stand in the book now"
            }
            _ => "delete it, and the next build settles every citation",
        };
        let book = edited().file("citations.lock", &lock);
        for verb in ["build", "check", "heal"] {
            book.run(&[verb])
                .expect(1)
                .says("error[damaged-lock]")
                .says(says)
                .says(help);
            assert_eq!(book.read("citations.lock"), lock, "{verb}");
            assert_eq!(book.read("content/annotations/a.yaml"), YAML, "{verb}");
        }
        fs::remove_file(book.path("citations.lock")).unwrap();
        book.run(&["build"]).expect(0);
    }
}

#[test]
fn a_file_that_changes_while_it_is_healed_is_left_alone() {
    let book = edited();
    let rewrite = |path: &str, old: &str| Rewrite {
        path: path.to_owned(),
        old: Some(old.to_owned()),
        new: "new".to_owned(),
    };
    let chapter = book.read("content/chapters/01-x.md");
    let files = [
        rewrite("content/chapters/01-x.md", &chapter),
        rewrite("content/annotations/a.yaml", "what was read"),
    ];
    let (path, error) = disk::rewrite(&book.path(""), &files).unwrap_err();
    assert_eq!(path, "content/annotations/a.yaml");
    assert_eq!(error.to_string(), "the file has changed meanwhile");
    assert_eq!(book.read("content/chapters/01-x.md"), chapter);
    assert_eq!(book.read("content/annotations/a.yaml"), YAML);
    assert!(!book.path(".pincite-journal.json").exists());
}

#[test]
fn the_lock_is_the_same_after_a_second_heal_where_few_words_have_strayed() {
    let paragraphs = [
        "The mayor opened the new market hall on the first of May.",
        "Nobody has counted the fishermen of the bay since the year 2011.",
        "Ann Reed reported this.",
    ];
    let article = |of: [&str; 3]| format!("---\ntitle: A\n---\n\n{}\n", of.join("\n\n"));
    let [first, second, third] = paragraphs;
    let book = edited()
        .file("content/annotations/a.yaml", "glossary: {}\n")
        .file("content/articles/a.md", &article(paragraphs))
        .file(
            "content/chapters/01-x.md",
            "# X\n\nIt [@a, ¶2]. So [@a, ¶3 \"Ann Reed reported this\"].\n",
        );
    fs::remove_file(book.path("citations.lock")).unwrap();
    book.run(&["build"]).expect(0);
    let denied = second.replace("counted", "not counted");
    let book = book.file("content/articles/a.md", &article([&denied, third, first]));
    book.run(&["heal"]).expect(1);
    let lock = book.read("citations.lock");
    book.run(&["heal"]).expect(1);
    assert_eq!(book.read("citations.lock"), lock);
}

#[test]
fn an_interrupted_heal_is_undone_where_somebody_has_written_since() {
    let whole = edited();
    let paths = [
        "citations.lock",
        "content/annotations/a.yaml",
        "content/chapters/01-x.md",
    ];
    let old = paths.map(|path| whole.read(path));
    whole.run(&["heal"]).expect(0);
    let new = paths.map(|path| whole.read(path));
    let journal: Vec<Rewrite> = (0..3)
        .map(|at| Rewrite {
            path: paths[at].to_owned(),
            old: Some(old[at].clone()),
            new: new[at].clone(),
        })
        .collect();
    let journal = serde_json::to_string(&journal).unwrap();
    // The lock and one of the two are written; in either somebody writes a line.
    for (written, edited_at) in [(1, 2), (2, 1), (1, 1), (2, 2)] {
        let book = edited().file(".pincite-journal.json", &journal);
        let texts = (0..3).map(|at| {
            if at == 0 || at == written {
                &new[at]
            } else {
                &old[at]
            }
        });
        let typed = ["", "\n# Typed meanwhile\n", "\nTyped meanwhile.\n"][edited_at];
        for (at, text) in texts.enumerate() {
            let text = text.clone() + if at == edited_at { typed } else { "" };
            fs::write(book.path(paths[at]), text).unwrap();
        }
        book.run(&["heal", "--dry-run"])
            .expect(1)
            .says("interrupted");
        book.run(&["heal"]).says("undid what was interrupted");
        assert!(!book.path(".pincite-journal.json").exists());
        for at in 0..3 {
            let end = if at == edited_at { typed } else { "" };
            assert_eq!(book.read(paths[at]), new[at].clone() + end, "{}", paths[at]);
        }
    }
}

#[test]
fn an_interrupted_heal_is_finished() {
    let whole = edited();
    whole.run(&["heal"]).expect(0);
    let files = [
        "citations.lock",
        "content/annotations/a.yaml",
        "content/chapters/01-x.md",
    ];
    let mut interrupted = 0;
    for (call, nth) in ["fsync", "rename", "unlink"]
        .into_iter()
        .flat_map(|call| (1..=5).map(move |nth| (call, nth)))
    {
        let book = edited();
        let old = files.map(|file| book.read(file));
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        let ran = std::process::Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e", &fault])
            .arg(pincite().get_program())
            .arg("heal")
            .current_dir(book.path(""))
            .output()
            .expect("strace, which `./test` installs");
        for (file, old) in files.iter().zip(&old) {
            let now = book.read(file);
            assert!(
                now == *old || now == whole.read(file),
                "{file} after {call} {nth}"
            );
        }
        if ran.status.success() {
            continue;
        }
        interrupted += 1;
        let open = book.path(".pincite-journal.json").exists();
        let build = book.run(&["build", "--format", "html"]);
        assert_eq!(
            build.err.contains("interrupted"),
            open,
            "{call} {nth}: {}",
            build.err
        );
        book.run(&["heal"]).expect(0);
        for file in files {
            assert_eq!(book.read(file), whole.read(file), "{call} {nth}");
        }
    }
    assert!(interrupted > 8, "only {interrupted} calls");
}
