//! The program as its users run it.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::book::{Ran, TestBook, pincite, sample};

#[test]
fn a_sound_book_is_built_and_summed_up() {
    let book = TestBook::small();
    book.run(&["build"])
        .expect(0)
        .says("1 article, 1 chapter, 1 citation: 1 verified · 0 warnings · 7 pages in");
    assert!(
        book.read("book/chapters/view.html")
            .contains("href=\"../articles/report.html#p2\"")
    );
    assert!(
        book.read("book/articles/report.html")
            .contains("href=\"../glossary.html#usfj\"")
    );
    assert!(
        book.read("book/articles/report.html")
            .contains("href=\"../chapters/view.html#c1\"")
    );
}

#[test]
fn a_new_book_may_have_no_examples() {
    let folder = TestBook::empty();
    folder
        .run(&["init", "--empty", "new"])
        .expect(0)
        .says("now: cd new && pincite import FILE");
    assert!(folder.path("new/book.toml").is_file());
    assert!(!folder.path("new/content").exists());
}

#[test]
fn a_new_book_builds_without_a_warning() {
    let folder = TestBook::empty();
    folder
        .run(&["init", "new"])
        .expect(0)
        .says("now: cd new && pincite build");
    folder
        .run(&["build", "--book", "new", "--strict", "--format", "html"])
        .expect(0)
        .says("6 citations: 5 verified, 1 pinned");
    folder
        .run(&["init", "new"])
        .expect(2)
        .says("is there already; nothing was written");
}

#[test]
fn a_book_with_errors_is_not_published() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    let before = book.read("book/chapters/view.html");
    book.write(
        "content/chapters/01-view.md",
        b"# View\n\nWrong [@report, \xc2\xb62 \"60,000 troops\"].\n",
    );
    let ran = book.run(&["build"]).expect(1);
    let ran = ran.says("error[lost-quotation]: these words do not stand in article `report`");
    ran.says("the book has 1 error; nothing was written");
    assert_eq!(book.read("book/chapters/view.html"), before);
}

#[test]
fn an_unchanged_book_writes_nothing() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    let inode = |path: &str| fs::metadata(book.path(path)).unwrap().ino();
    let (index, article) = (inode("book/index.html"), inode("book/articles/report.html"));
    book.run(&["build"]).expect(0).says("(nothing changed)");
    assert_eq!(inode("book/index.html"), index);
    book.write(
        "content/annotations/a.yaml",
        b"glossary:\n  USFJ: The old headquarters.\n",
    );
    book.run(&["build"]).expect(0);
    assert_eq!(
        inode("book/articles/report.html"),
        article,
        "the article does not show the definition"
    );
    assert!(
        book.read("book/glossary.html")
            .contains("The old headquarters.")
    );
}

#[test]
fn pages_that_are_gone_leave_the_site() {
    let book = TestBook::small().file(
        "content/articles/other.md",
        "---\ntitle: Other\n---\n\nText.\n",
    );
    book.run(&["build"]).expect(0);
    fs::remove_file(book.path("content/articles/other.md")).unwrap();
    book.run(&["build"]).expect(0);
    assert!(!book.path("book/articles/other.html").exists());
    let left: Vec<_> = fs::read_dir(book.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    // The two sources, the site and the lock.
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn dangerous_output_folders_are_refused() {
    let book = TestBook::small().file("foreign/mine.txt", "precious");
    for folder in [
        ".",
        "..",
        "/",
        "content",
        "content/articles",
        "content/articles/x",
        "themes",
        "foreign",
        "book.toml",
    ] {
        let ran = book.run(&["build", "--out", folder]).expect(2);
        assert!(
            ran.err.contains("error: the output folder"),
            "{folder}: {}",
            ran.err
        );
    }
    std::os::unix::fs::symlink(book.path("foreign"), book.path("link")).unwrap();
    book.run(&["build", "--out", "link"])
        .expect(2)
        .says("is a symbolic link");
    assert_eq!(book.read("foreign/mine.txt"), "precious");
    assert!(book.path("content/articles/report.md").is_file());
}

#[test]
fn check_refuses_the_folders_that_build_refuses() {
    let book = TestBook::small().file("foreign/mine.txt", "precious");
    std::os::unix::fs::symlink(book.path("foreign"), book.path("link")).unwrap();
    let config = book.read("book.toml");
    for folder in ["content", "content/new", "foreign", "link", "book.toml"] {
        let build = format!("{config}\n[build]\nbuild-dir = \"{folder}\"\n");
        book.write("book.toml", build.as_bytes());
        let refused = |ran: &Ran| {
            let line = |line: &&str| line.starts_with("error: the output folder");
            ran.err.lines().find(line).map(str::to_owned)
        };
        let checked = refused(&book.run(&["check"]).expect(2));
        assert!(checked.is_some(), "{folder}");
        assert_eq!(checked, refused(&book.run(&["build"]).expect(2)));
    }
    book.write("book.toml", config.as_bytes());
    book.run(&["check"]).expect(0);
    assert!(!book.path("book").exists());
}

#[test]
fn foreign_files_in_the_site_are_not_lost() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    book.write("book/notes.txt", b"mine");
    book.run(&["build"])
        .expect(2)
        .says("holds `notes.txt`, which Pincite did not write");
    assert_eq!(book.read("book/notes.txt"), "mine");
}

#[test]
fn a_lost_file_of_the_site_is_written_again() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    fs::remove_file(book.path("book/articles/report.html")).unwrap();
    book.run(&["build"]).expect(0);
    assert!(book.path("book/articles/report.html").is_file());
    fs::remove_file(book.path("book/articles/report.html")).unwrap();
    book.write(
        "content/annotations/a.yaml",
        b"glossary:\n  USFJ: Other words.\n",
    );
    book.run(&["build"]).expect(0);
    assert!(book.path("book/articles/report.html").is_file());
}

#[test]
fn links_out_of_the_book_are_refused_by_name() {
    let outside = TestBook::empty().file("secret/a.md", "---\ntitle: Secret\n---\n\nSecret.\n");
    let book = TestBook::small();
    std::os::unix::fs::symlink(outside.path("secret"), book.path("content/articles/x")).unwrap();
    let ran = book.run(&["build"]).expect(1);
    ran.says("a symbolic link leads out of the book's folder")
        .says("content/articles/x");
    fs::remove_file(book.path("content/articles/x")).unwrap();
    std::os::unix::fs::symlink(outside.path("secret"), book.path("out")).unwrap();
    book.write(
        "book.toml",
        b"[book]\ntitle = \"A\"\n[build]\nbuild-dir = \"out/site\"\n",
    );
    book.run(&["build"])
        .expect(2)
        .says("leads out of the book's folder");
    assert!(!outside.path("secret/site").exists());
}

#[test]
fn a_theme_that_is_not_there_is_counted_with_the_other_errors() {
    let book = TestBook::small().file("content/chapters/02-bad.md", "# Bad\n\nNo [@nope].\n");
    book.write(
        "book.toml",
        b"[book]\ntitle = \"A\"\n[build]\ntheme = \"breif\"\n",
    );
    book.run(&["check"])
        .expect(1)
        .says("the book has no theme `breif`")
        .says("the book has 2 errors");
}

#[test]
fn citations_in_footnotes_and_definitions_have_their_marks() {
    let book = TestBook::small()
        .file(
            "content/chapters/02-note.md",
            "# Note\n\nText[^1].\n\n[^1]: It says so [@report, \u{b6}2].\n",
        )
        .file(
            "content/annotations/b.yaml",
            "glossary:\n  troops:\n    text: Soldiers [@report, \u{b6}2].\n",
        );
    book.run(&["build"]).expect(0);
    assert!(book.read("book/chapters/note.html").contains("id=\"c1\""));
    let glossary = book.read("book/glossary.html");
    assert!(
        glossary.contains("href=\"#n1\"") && glossary.contains("id=\"n1\""),
        "{glossary}"
    );
}

#[test]
fn a_flood_of_warnings_hides_no_error() {
    let html = "<b>x</b>\n\n".repeat(300);
    let book = TestBook::small().file(
        "content/articles/a.md",
        &format!("---\ntitle: A\n---\n\ntext {html}"),
    );
    book.write("content/chapters/02-bad.md", b"# Bad\n\nNo [@nope].\n");
    book.run(&["build"])
        .expect(1)
        .says("the book has no article `nope`")
        .says("… and 250 more `raw-html`\n  = help: `-v` prints them all\n");
    let all = |arguments: &[&str]| {
        let ran = book.run(arguments).expect(1);
        (ran.out + &ran.err).matches("raw-html").count()
    };
    assert_eq!(all(&["check", "-v"]), 300);
    assert_eq!(all(&["check", "-q"]), 0);
    assert_eq!(all(&["check", "--message-format", "json"]), 300);
    assert_eq!(all(&["build", "--message-format", "github"]), 300);
}

#[test]
fn nesting_without_end_is_survived() {
    for (name, text) in [
        ("quotes", ">".repeat(50_000)),
        ("lists", "- ".repeat(50_000)),
        (
            "stars",
            format!("{}word{}", "*".repeat(50_000), "*".repeat(50_000)),
        ),
        ("brackets", "[".repeat(50_000)),
        (
            "images",
            format!("{}x{}", "![".repeat(5_000), "](y)".repeat(5_000)),
        ),
        ("citations", "[@a\n".repeat(20_000)),
    ] {
        let book = TestBook::small().file(
            "content/chapters/02-deep.md",
            &format!("# Deep\n\n{text} end\n"),
        );
        let ran = book.run(&["check"]);
        assert!(
            matches!(ran.status, 0 | 1),
            "{name}: {} {}",
            ran.status,
            ran.err
        );
    }
}

#[test]
fn import_overwrites_nothing() {
    let secret = "---\ntitle: Secret\naudience: [internal]\n---\n\nText.\n";
    let book = TestBook::small()
        .file("content/articles/secret.md", secret)
        .file("x.txt", "Title\n\nA sentence stands here.\n");
    book.run(&["import", "x.txt", "--id", "secret"])
        .expect(1)
        .says("is taken by a file of the book");
    assert_eq!(book.read("content/articles/secret.md"), secret);
    book.run(&["import", "x.txt", "--id", "secret", "--force"])
        .expect(0);
}

#[test]
fn parts_open_before_their_chapters_and_numbers_count() {
    let book = TestBook::small()
        .file(
            "content/chapters/02-part/index.md",
            "# The Part\n\nOpening.\n",
        )
        .file("content/chapters/02-part/10-late.md", "# Late\n\nText.\n")
        .file("content/chapters/02-part/02-early.md", "# Early\n\nText.\n");
    book.run(&["build"]).expect(0);
    let index = book.read("book/index.html");
    let at = |title: &str| index.find(&format!(">{title}</a>")).unwrap();
    assert!(
        at("View") < at("The Part") && at("The Part") < at("Early") && at("Early") < at("Late"),
        "{index}"
    );
}

#[test]
fn two_builds_at_once_do_not_meet() {
    let book = TestBook::small();
    let runs: Vec<_> = (0..6)
        .map(|_| {
            pincite()
                .arg("build")
                .current_dir(book.path(""))
                .spawn()
                .unwrap()
        })
        .collect();
    for mut run in runs {
        let status = run.wait().unwrap().code();
        assert!(matches!(status, Some(0 | 3)), "{status:?}");
    }
    book.run(&["build"]).expect(0).says("(nothing changed)");
}

#[test]
fn every_lint_is_explained() {
    let folder = TestBook::empty();
    let ran = folder.run(&["explain", "lost-quotation"]).expect(0);
    assert!(
        ran.out.starts_with("lost-quotation (an error)\n"),
        "{}",
        ran.out
    );
    let all = folder.run(&["explain"]).expect(0).out;
    assert!(
        pincite::diagnostic::Lint::ALL
            .iter()
            .all(|lint| all.contains(lint.name()))
    );
    folder
        .run(&["explain", "lost-quotatoin"])
        .expect(2)
        .says("did you mean `lost-quotation`?");
}

#[test]
fn wrong_usage_says_what_to_do() {
    let folder = TestBook::empty();
    folder
        .run(&["build"])
        .expect(2)
        .says("`pincite init NAME` makes a new book");
    folder
        .run(&["biuld"])
        .expect(2)
        .says("a similar subcommand exists: 'build'");
    folder
        .run(&["build", "--book", "nowhere"])
        .expect(2)
        .says("`nowhere` has no `book.toml`");
}

#[test]
fn check_speaks_to_programs() {
    let book = TestBook::small().file("content/chapters/02-bad.md", "# Bad\n\nNo [@reprot].\n");
    let ran = book.run(&["check", "--message-format", "json"]).expect(1);
    let line: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(line["code"], "unresolved-source");
    assert_eq!((&line["line"], &line["column"]), (&3.into(), &6.into()));
    assert_eq!(line["fix"]["edits"][0]["replacement"], "report");
    let ran = book.run(&["check", "--message-format", "github"]).expect(1);
    assert!(
        ran.out
            .starts_with("::error file=content/chapters/02-bad.md,line=3,col=6,"),
        "{}",
        ran.out
    );
    assert!(!book.path("book").exists());
}

#[test]
fn saved_text_is_imported_once() {
    let book = TestBook::small().file(
        "saved.txt",
        "Harbour opens\nHarbour opens\n\nThe harbour opened on Monday.\n\n.\n\nShips came at once.\n\nBack to top button",
    );
    let ran = book.run(&["import", "saved.txt"]).expect(0);
    let ran = ran.says("saved.txt:10: left out");
    ran.says("saved.txt:2: left out");
    let article = book.read("content/articles/harbour-opens.md");
    assert!(article.contains("title: \"Harbour opens\""), "{article}");
    assert!(
        article.ends_with("The harbour opened on Monday.\n\nShips came at once.\n"),
        "{article}"
    );
    book.run(&["import", "saved.txt"])
        .expect(0)
        .says("the same file is in the book as `harbour-opens`; nothing was written");
    book.run(&["check", "--strict"]).expect(0);
    book.write(
        "untitled.txt",
        b"This is a sentence, and no title at all.\n\nThis is another sentence.\n",
    );
    book.run(&["import", "untitled.txt"])
        .expect(1)
        .says("pincite import --title");
    book.run(&["import", "--title", "A Title", "untitled.txt"])
        .expect(0);
    assert!(
        book.read("content/articles/a-title.md")
            .contains("This is a sentence, and no title at all.")
    );
}

#[test]
fn a_theme_is_overridden_file_by_file() {
    let book = TestBook::small().file(
        "themes/brief/templates/404.html",
        "<h1>{{ book.title }}: gone</h1>\n",
    );
    book.run(&["build"]).expect(0);
    assert_eq!(book.read("book/404.html"), "<h1>Small: gone</h1>\n");
    book.write(
        "themes/brief/templates/404.html",
        b"<h1>{{ book.titel }}</h1>\n",
    );
    let ran = book.run(&["build"]).expect(1).says("error[theme-error]");
    ran.says("themes/brief/templates/404.html:1:");
}

/// A chapter with a term in more places than its entry shows.
fn often() -> String {
    format!("# Often\n\n{}", "The USFJ again.\n\n".repeat(6))
}

#[test]
fn a_second_theme_takes_two_files() {
    let theme = sample().join("tests/themes/plain");
    let read = |path: &str| fs::read_to_string(theme.join(path)).unwrap();
    let (base, style) = (read("templates/base.html"), read("static/style.css"));
    assert!(base.lines().count() + style.lines().count() <= 110);
    let book = TestBook::small()
        .file(
            "book.toml",
            "[book]\ntitle = \"Small\"\nbanner = \"SECRET\"\n[build]\ntheme = \"plain\"\n",
        )
        .file("themes/plain/templates/base.html", &base)
        .file("themes/plain/static/style.css", &style)
        .file("content/chapters/02-often.md", &often());
    book.run(&["build"]).expect(0);
    assert_eq!(book.read("book/static/style.css"), style);
    for page in [
        "index.html",
        "404.html",
        "glossary.html",
        "sources.html",
        "terms/usfj.html",
        "chapters/view.html",
        "articles/report.html",
    ] {
        let html = book.read(&format!("book/{page}"));
        assert!(html.contains("<p class=\"banner\">SECRET</p>"), "{page}");
    }
    let chapter = book.read("book/chapters/view.html");
    assert!(
        chapter.contains("href=\"../articles/report.html#p2\""),
        "{chapter}"
    );

    let at = base
        .lines()
        .position(|line| line.contains("book.banner"))
        .unwrap()
        + 1;
    let mistaken = base.replacen("book.banner", "book.baner.colour", 1);
    book.write("themes/plain/templates/base.html", mistaken.as_bytes());
    let ran = book.run(&["build"]).expect(1).says("error[theme-error]");
    ran.says(&format!("themes/plain/templates/base.html:{at}:"));
}

#[test]
fn a_site_that_knows_its_address_tells_it() {
    let book = TestBook::small()
        .file(
            "book.toml",
            "[book]\ntitle = \"Small & fine\"\ndate = 2024-08-01\n[output.html]\n\
             site-url = \"https://example.org/small\"\nlogo = \"mark.svg\"\nfavicon = \"icon.png\"\n",
        )
        .file("content/assets/mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file(
            "content/chapters/02-later.md",
            "---\nauthor: Ann Author\ndate: 2024-09-03\n---\n# Later\n\nA word & another.\n",
        )
        .file("content/chapters/03-often.md", &often());
    let ran = book.run(&["build"]).expect(0).says("warning[missing-file]");
    ran.says("there is no file `content/assets/icon.png`");

    let chapter = book.read("book/chapters/later.html");
    for tag in [
        "<link rel=\"canonical\" href=\"https://example.org/small/chapters/later.html\">",
        "<meta property=\"og:title\" content=\"Later\">",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"og:description\" content=\"A word &amp; another.\">",
        "<img class=\"logo\" src=\"../assets/mark.svg\" alt=\"\">",
        "<span>Ann Author</span> <span>3 September 2024</span>",
    ] {
        assert!(chapter.contains(tag), "no {tag} in {chapter}");
    }
    let missing = book.read("book/404.html");
    assert!(!missing.contains("canonical"), "{missing}");
    assert!(missing.contains("<base href=\"/small/\">"), "{missing}");
    assert!(!chapter.contains("<base "), "{chapter}");

    let map = book.read("book/sitemap.xml");
    assert!(
        map.contains("<loc>https://example.org/small/</loc>"),
        "{map}"
    );
    assert!(
        map.contains("<loc>https://example.org/small/terms/usfj.html</loc>"),
        "{map}"
    );
    assert!(!map.contains("404"), "{map}");

    let feed = book.read("book/feed.xml");
    assert!(feed.contains("<title>Small &amp; fine</title>"), "{feed}");
    assert!(
        feed.contains("<updated>2024-09-03T00:00:00Z</updated>"),
        "{feed}"
    );
    let (own, of_book) = (feed.find("Later"), feed.find("2024-08-01T00:00:00Z"));
    assert!(own.is_some() && own < of_book, "{feed}");
}

#[test]
fn the_whole_book_stands_on_one_page() {
    let book = TestBook::small().file(
        "content/articles/uncited.md",
        "---\ntitle: Uncited\n---\n\nNobody cites this.\n",
    );
    book.run(&["build"]).expect(0);
    let whole = book.read("book/print.html");
    for piece in [
        "id=\"_chapter.view.p1\"",
        "id=\"_chapter.view.c1\"><a href=\"#_chapter.view.n1\"",
        "<li id=\"_chapter.view.n1\"><a class=\"back\" href=\"#_chapter.view.c1\"",
        "href=\"#_article.report.p2\"",
        "id=\"_article.report.p2\"",
        "href=\"glossary.html#usfj\"",
    ] {
        assert!(whole.contains(piece), "no {piece} in {whole}");
    }
    assert!(!whole.contains("Nobody cites this."), "{whole}");
    assert!(book.read("book/index.html").contains("href=\"print.html\""));
}

#[test]
fn a_site_without_an_address_has_no_feed() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    assert!(!book.path("book/feed.xml").exists() && !book.path("book/sitemap.xml").exists());
    assert!(!book.read("book/index.html").contains("canonical"));
}

#[test]
fn completions_and_the_manual_page_name_every_verb() {
    let book = TestBook::empty();
    for arguments in [
        ["completions", "bash"].as_slice(),
        &["completions", "fish"],
        &["man"],
    ] {
        let ran = book.run(arguments).expect(0);
        for verb in ["init", "import", "build", "check", "explain", "completions"] {
            assert!(
                ran.out.to_lowercase().contains(verb),
                "{arguments:?}: {verb}"
            );
        }
    }
    let page = book.run(&["man"]).expect(0).out;
    assert!(
        page.contains("PINCITE CHECK") && page.contains("\\-\\-fix"),
        "{page}"
    );
    book.run(&["completions", "tcsh"]).expect(2);
}
