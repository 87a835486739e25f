//! Where a citation is healed to, and where it is not.

use std::collections::BTreeSet;
use std::fs;

use pincite::compile::{Compilation, compile};
use pincite::disk;
use pincite::heal::heal;
use pincite::lock::{self, Hash};
use pincite::source::Sources;

use super::{BEFORE, Paragraph, article, book_of, edited, settled_and_edited, told};
use crate::book::TestBook;

/// What is cited of an edited article is in the lock from the next build on, or its author is told that it is not.
#[test]
fn what_is_cited_of_an_edited_article_is_watched() {
    let paragraphs = [
        "The ministers met on Sunday to discuss the command.",
        "The regiment will have two thousand soldiers.",
        "No decision was taken on the bases in the south.",
    ];
    let text = |more: &[&str]| article(paragraphs.iter().chain(more).copied());
    let (sign, never) = ("They will sign in May.", "They will not sign in May.");
    let built = |sources: &Sources, article: &str, chapter: &str| {
        let edited = sources
            .clone()
            .with_text("content/articles/a.md", article)
            .with_text("content/chapters/01-x.md", chapter);
        let compilation = compile(&edited, None);
        let told = compilation.diagnostics.iter().map(|one| one.lint.name());
        let lock = compilation.book.settled.text();
        (
            told.collect::<Vec<_>>(),
            edited.with_text(lock::PATH, &lock),
        )
    };
    let (one, two) = (
        "# X\n\nIt is large [@a, ¶2].\n",
        "# X\n\nIt is large [@a, ¶2]. They sign [@a, ¶4].\n",
    );
    let (told, book) = built(&book_of(&[], one), &text(&[]), one);
    assert!(told.is_empty(), "{told:?}");
    // Nothing that is cited has changed.
    let (told, harmless) = built(&book, &text(&[sign]), one);
    assert!(told.is_empty(), "{told:?}");
    let lock = |sources: &Sources| {
        let file = sources.find(lock::PATH).unwrap();
        sources.file(file).text.to_string()
    };
    assert_eq!(lock(&harmless), lock(&book), "a build changes no entry");
    let (told, cited) = built(&harmless, &text(&[sign]), two);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(built(&cited, &text(&[never]), two).0, ["drifted-sense"]);
    let inserted = text(&[sign]).replace("The min", "New.\n\nThe min");
    let (told, _) = built(&cited, &inserted, two);
    assert_eq!(told, ["moved-paragraph", "moved-paragraph"]);
    // Something waits to be healed: what stands as it stood is watched, and of the rest it is said.
    let changed = text(&[sign]).replace("two thousand", "three thousand");
    let (told, _) = built(&book, &changed, two);
    assert_eq!(told, ["drifted-sense", "unsettled-source"]);
    let three = two.replace("¶4", "¶3");
    let (told, watched) = built(&book, &changed, &three);
    assert_eq!(told, ["drifted-sense"]);
    let turned = changed.replace("No decision", "A decision");
    let (told, _) = built(&watched, &turned, &three);
    assert_eq!(told, ["drifted-sense", "drifted-sense"]);
}

/// What was accepted of a paragraph is no reason to cite another one that has its old words.
#[test]
fn no_quotation_is_healed_to_a_denial() {
    let former = ["The regiment will have two thousand soldiers, it is said.".to_owned()];
    let denial = "Nobody says that it will have two thousand soldiers.";
    for citation in [
        "[@a, ¶1 \"will have two thousand soldiers\"]",
        "“will have two thousand soldiers” [@a, ¶1]",
    ] {
        let chapter = format!("# X\n\nSo it is {citation}.\n");
        let now = [former[0].replace("will", "may"), denial.to_owned()];
        let now = now.map(|text| Paragraph {
            text,
            from: Vec::new(),
        });
        let edited = settled_and_edited(&former, &chapter, &now);
        for (accept, words, problems) in [
            (false, chapter.clone(), BTreeSet::from([3])),
            (true, chapter.replace("will", "may"), BTreeSet::new()),
        ] {
            let healed = heal(&edited, &mut |_| accept).ok().unwrap();
            let file = healed.sources.find("content/chapters/01-x.md").unwrap();
            assert_eq!(*healed.sources.file(file).text, words);
            assert_eq!(told(&healed), problems);
        }
    }
}

#[test]
fn a_link_to_a_chapter_is_not_healed_as_one_to_an_article_of_its_title() {
    let article = |first: &str| {
        format!("---\ntitle: Budget\n---\n\n{first}The port was dredged.\n\nThe ferry was sold.\n")
    };
    let chapter = "# Other\n\nSee [[Budget ¶2]] here, and it was sold [@x, ¶2].\n";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n[output.html]\n")
        .file("content/articles/x.md", &article(""))
        .file("content/chapters/01-talk.md", "# Budget\n\nOne.\n\nTwo.\n")
        .file("content/chapters/02-other.md", chapter);
    book.run(&["build"]).expect(0);
    book.write(
        "content/articles/x.md",
        article("It is new.\n\n").as_bytes(),
    );
    book.run(&["heal"]).expect(0);
    assert_eq!(
        book.read("content/chapters/02-other.md"),
        chapter.replace("[@x, ¶2]", "[@x, ¶3]")
    );
}

#[test]
fn a_range_that_has_lost_a_paragraph_keeps_nothing_waiting() {
    let chapter =
        |all: &str, met: &str| format!("# X\n\nThey met [@a, {met}].\n\nAll of it [@a, {all}].\n");
    let met = "The ministers met on Sunday to discuss the command.";
    let before = BEFORE.replace("The ministers met on Sunday.", met);
    let book = edited()
        .file("content/articles/a.md", &before)
        .file("content/chapters/01-x.md", &chapter("paras. 1-2", "¶1"));
    fs::remove_file(book.path("citations.lock")).unwrap();
    book.run(&["build", "--format", "html"]).expect(0);
    let lost = format!("---\ntitle: A\n---\n\nThis was corrected.\n\n{met}\n");
    let book = book.file("content/articles/a.md", &lost);
    book.run(&["heal"])
        .expect(1)
        .says("`pincite heal --accept-drift` cites that alone");
    let healed = book.read("content/chapters/01-x.md");
    let held = healed
        .split(['[', ']', ' '])
        .find(|word| word.starts_with('^'));
    let held = held.expect("the durable id").to_owned();
    assert_eq!(healed, chapter(&format!("¶2, {held}"), "¶2"));
    book.run(&["heal"])
        .expect(1)
        .says("nothing to heal; 2 problems left");
    book.run(&["build"]).expect(1).says("[lost-paragraph]");
    // It is followed as ever, and its lost paragraph is found where it is put back.
    let again = before.replace("\n\nThe min", "\n\nNew.\n\nThe min");
    let returned = book.file("content/articles/a.md", &again);
    returned.run(&["heal"]).expect(0);
    let healed = returned.read("content/chapters/01-x.md");
    assert_eq!(healed, chapter(&format!("¶2, {held}"), "¶2"));
    returned.run(&["build", "--strict"]).expect(0);
    let page = returned.read("book/chapters/x.html");
    assert!(page.contains("2–3</a>"), "{page}");
    // What is left can be accepted at any time.
    let book = returned.file("content/articles/a.md", &lost);
    book.run(&["heal"]).expect(1);
    book.run(&["heal", "--accept-drift", "--yes"]).expect(1);
    assert_eq!(book.read("content/chapters/01-x.md"), chapter("¶2", "¶2"));
    book.run(&["heal"])
        .expect(1)
        .says("nothing to heal; 1 problem left");
}

#[test]
fn what_other_articles_have_decides_also_where_something_is_known_already() {
    let replaced = edited().file("content/articles/b.md", "---\ntitle: B\n---\n\nNothing.\n");
    let replaced = replaced.file("content/articles/a.md", "---\ntitle: A\n---\n\nBread.\n");
    let before = disk::read(&replaced.path("")).unwrap();
    let known = compile(&before, None);
    let names = |book: &Compilation| -> Vec<&str> {
        let told = book.diagnostics.iter();
        told.map(|one| one.lint.name()).collect()
    };
    assert_eq!(names(&known), ["lost-paragraph", "lost-paragraph"]);
    let now = before.with_text("content/articles/b.md", BEFORE);
    let again = compile(&now, Some(&known));
    assert_eq!(names(&again), ["displaced-source"]);
    assert_eq!(again.diagnostics, compile(&now, None).diagnostics);
}

#[test]
fn an_article_that_has_got_failing_words_is_named_also_where_something_is_known_already() {
    let quoting =
        "# X\n\nThey “bake the bread daily” [@a]. It was “made of bread alone”, they say.\n";
    let book = edited()
        .file(
            "content/articles/a.md",
            "---\ntitle: A\n---\n\nThey bake bread daily.\n",
        )
        .file("content/chapters/01-x.md", quoting);
    let before = disk::read(&book.path("")).unwrap();
    let known = compile(&before, None);
    let bread = "---\ntitle: B\n---\n\nWe bake the bread daily. It is made of bread alone.\n";
    let now = before.with_text("content/articles/b.md", bread);
    let again = compile(&now, Some(&known));
    let naming = |book: &Compilation| {
        let helps = book
            .diagnostics
            .iter()
            .filter_map(|one| one.help.as_deref());
        helps.filter(|help| help.contains("stand in `b")).count()
    };
    assert_eq!((naming(&known), naming(&again)), (0, 2));
    assert_eq!(again.diagnostics, compile(&now, None).diagnostics);
}

#[test]
fn an_article_that_has_got_what_a_citation_misses_is_named_also_where_something_is_known_already() {
    let former = "---\ntitle: A\n---\n\nThey bake the bread daily here.\n\nThe mill is old and slow.\n\nIts wheel turns.\n";
    let book = TestBook::small()
        .file("content/articles/a.md", former)
        .file(
            "content/articles/b.md",
            "---\ntitle: B\n---\n\nNothing of it.\n",
        )
        .file("content/chapters/01-x.md", "# X\n\nIt is old [@a, ¶2].\n");
    book.run(&["build", "--format", "html"]).expect(0);
    let chapter = "# X\n\nIt is old [@a, ¶2]. It is new [@a, ^new].\n";
    let book = book
        .file(
            "content/articles/a.md",
            &former.replace("The mill is old and slow.\n\n", ""),
        )
        .file("content/chapters/01-x.md", chapter);
    let before = disk::read(&book.path("")).unwrap();
    let known = compile(&before, None);
    let mill = "---\ntitle: B\n---\n\nThe mill is old and slow.\n\nThis is new. ^new\n";
    let now = before.with_text("content/articles/b.md", mill);
    let again = compile(&now, Some(&known));
    assert_eq!(again.diagnostics, compile(&now, None).diagnostics);
    assert_ne!(again.diagnostics, known.diagnostics);
}

#[test]
fn a_large_article_that_was_emptied_loses_nothing() {
    let more = " It goes on at length.".repeat(90);
    let paragraph = |n| format!("Paragraph {n} of the long report says so.{more}\n\n");
    let body: String = (1..=2_000).map(paragraph).collect();
    let long = format!("---\ntitle: A\n---\n\n{body}");
    assert!(long.len() > 4_000_000);
    let chapter = "# X\n\nSo [@a, ¶17]. So [@a, ¶1700 \"Paragraph 1700 of the long report\"].\n";
    let full = Sources::from_texts([
        ("book.toml", "[book]\ntitle = \"B\"\n"),
        ("content/articles/a.md", &long),
        ("content/chapters/01-x.md", chapter),
    ]);
    let settled = compile(&full, None).book.settled.text();
    let full = full.with_text(lock::PATH, &settled);
    let emptied = full
        .clone()
        .with_text("content/articles/a.md", "---\ntitle: A\n---\n");
    let told = compile(&emptied, None).diagnostics;
    let told: Vec<&str> = told.iter().map(|one| one.lint.name()).collect();
    assert_eq!(told, ["displaced-source"]);
    let healed = heal(&emptied, &mut |_| false).ok().unwrap().sources;
    let restored = compile(&healed.with_text("content/articles/a.md", &long), None);
    assert!(
        restored.diagnostics.is_empty(),
        "{:#?}",
        restored.diagnostics
    );
    // Without a title it is no article, and nothing is healed.
    let cut = full.with_text("content/articles/a.md", "");
    assert!(heal(&cut, &mut |_| false).is_err());
}

/// Locks once had nothing of images and of the depth of code: they are not disturbed, and the next heal knows more.
#[test]
fn an_older_lock_of_images_and_code_tells_nothing_new() {
    let text = "---\ntitle: A\n---\n\n![One](https://example.org/1.png)\n\n![Two](https://example.org/2.png)\n\n    if open:\n        count()\n";
    let book = |text: &str, lock: &str| {
        Sources::from_texts([
            ("book.toml", "[book]\ntitle = \"B\"\n"),
            ("content/articles/a.md", text),
            (
                "content/chapters/01-x.md",
                "# X\n\nSo [@a, ¶1], [@a, ¶2], [@a, ¶3].\n",
            ),
            (lock::PATH, lock),
        ])
    };
    let told = |sources: &Sources| {
        let found = compile(sources, None).diagnostics.into_iter();
        let found = found.filter(|one| one.message.contains("changed since"));
        found.count()
    };
    let settled = compile(&book(text, "version = 1\n# end\n"), None)
        .book
        .settled
        .text();
    let lines = settled.lines();
    let lines = lines.filter(|line| !line.starts_with("checksum"));
    let older = lines.map(|line| {
        let words = [("https", ""), ("if open", "if open: count()")];
        let Some((_, words)) = words.iter().find(|(part, _)| line.contains(part)) else {
            return format!("{line}\n");
        };
        let id = &line[..line.find(',').unwrap()];
        format!("{id}, \"{}\", \"{words}\"],\n", Hash::of(words))
    });
    let older: String = older.collect();
    assert_ne!(older, settled);
    assert_eq!(told(&book(text, &older)), 0);
    let moved = text.replace("![One]", "New.\n\n![One]");
    let healed = heal(&book(&moved, &older), &mut |_| false)
        .ok()
        .unwrap()
        .sources;
    let chapter = &healed
        .file(healed.find("content/chapters/01-x.md").unwrap())
        .text;
    assert!(
        chapter.contains("[@a, ¶2], [@a, ¶3], [@a, ¶4]"),
        "{chapter}"
    );
    assert_eq!(told(&healed), 0);
    let swapped = healed.with_text("content/articles/a.md", &moved.replace("/1.png", "/x.png"));
    assert_eq!(told(&swapped), 1);
}
