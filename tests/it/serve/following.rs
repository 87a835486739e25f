//! What the preview follows, and what it shows meanwhile.

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;
use std::{fs, thread};

use serde_json::Value;

use super::{Preview, wait_for};
use crate::book::TestBook;
use crate::styles::{CONFIG, STYLE};

#[test]
fn every_kind_of_change_is_followed() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    preview.shows("/articles/report.html", "50,000 troops");

    let article = |words: &str| {
        format!(
            "---\ntitle: Report\n---\n\nThe first paragraph.\n\nUSFJ has 50,000 troops {words}.\n"
        )
    };
    book.write("content/articles/report.md", article("in place").as_bytes());
    preview.shows("/articles/report.html", "troops in place");
    write_by_rename(&book, "content/articles/report.md", &article("by rename"));
    preview.shows("/articles/report.html", "troops by rename");

    book.write(
        "content/articles/deep/new.md",
        b"---\ntitle: New\n---\n\nNew words.\n",
    );
    preview.shows("/articles/new.html", "New words.");
    fs::rename(
        book.path("content/articles/deep/new.md"),
        book.path("content/articles/other.md"),
    )
    .unwrap();
    preview.shows("/articles/other.html", "New words.");
    preview.answers("/articles/new.html", 404);
    fs::remove_file(book.path("content/articles/other.md")).unwrap();
    preview.answers("/articles/other.html", 404);

    book.write("content/chapters/02-more.md", b"# More\n\nOther words.\n");
    preview.shows("/chapters/more.html", "Other words.");
    book.write(
        "content/annotations/a.yaml",
        b"glossary:\n  USFJ: The new headquarters.\n",
    );
    preview.shows("/glossary.html", "The new headquarters.");
    book.write("book.toml", b"[book]\ntitle = \"Another\"\n");
    preview.shows("/index.html", "<h1>Another</h1>");

    book.write("content/assets/a.txt", b"one");
    preview.shows("/assets/a.txt", "one");
    book.write("content/assets/a.txt", b"two");
    preview.shows("/assets/a.txt", "two");

    book.write("themes/brief/templates/404.html", b"<h1>Gone</h1>");
    preview.shows("/nowhere.html", "<h1>Gone</h1>");
    fs::remove_dir_all(book.path("themes")).unwrap();
    preview.shows("/nowhere.html", "<title>");

    book.write("styles/house.csl", STYLE.as_bytes());
    book.write("book.toml", CONFIG.as_bytes());
    preview.shows("/chapters/view.html", "HOUSE Report");
    book.write(
        "styles/house.csl",
        STYLE.replace("HOUSE", "HOME").as_bytes(),
    );
    preview.shows("/chapters/view.html", "HOME Report");

    fs::rename(book.path("content"), book.path("texts")).unwrap();
    book.write(
        "book.toml",
        b"[book]\ntitle = \"Another\"\nsrc = \"texts\"\n",
    );
    preview.shows("/index.html", "Report");
    book.write(
        "texts/articles/late.md",
        b"---\ntitle: Late\n---\n\nLate words.\n",
    );
    preview.shows("/articles/late.html", "Late words.");

    fs::rename(book.path("texts"), book.path("away")).unwrap();
    preview.answers("/articles/late.html", 404);
    fs::rename(book.path("away"), book.path("texts")).unwrap();
    preview.answers("/articles/late.html", 200);
    book.write(
        "texts/articles/late.md",
        b"---\ntitle: Late\n---\n\nLater words.\n",
    );
    preview.shows("/articles/late.html", "Later words.");
}

/// Articles, chapters, annotations, assets, theme: created, written by rename, renamed, deleted.
#[test]
fn each_kind_comes_moves_and_goes() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    // A file, another place where the same page comes of it, the page that shows it, and what the page then says.
    let kinds = [
        (
            "content/articles/n.md",
            "content/articles/deep/n.md",
            "/articles/n.html",
            "---\ntitle: N\n---\n\nWORDS\n",
        ),
        (
            "content/chapters/05-n.md",
            "content/chapters/06-n.md",
            "/chapters/n.html",
            "# N\n\nWORDS\n",
        ),
        (
            "content/annotations/n.yaml",
            "content/annotations/deep/n.yml",
            "/glossary.html",
            "glossary:\n  N: WORDS\n",
        ),
        (
            "content/assets/n.txt",
            "content/assets/n.txt",
            "/assets/n.txt",
            "WORDS",
        ),
        (
            "themes/brief/templates/timeline.html",
            "themes/brief/templates/timeline.html",
            "/timeline.html",
            "WORDS",
        ),
    ];
    book.write(
        "content/annotations/t.yaml",
        b"timeline:\n  - {date: 2031, text: x}\n",
    );
    for (path, other, page, text) in kinds {
        let says = |words: &str| text.replace("WORDS", words);
        book.write(path, says("created").as_bytes());
        preview.shows(page, "created");
        book.write(path, says("written").as_bytes());
        preview.shows(page, "written");
        write_by_rename(&book, path, &says("replaced"));
        preview.shows(page, "replaced");
        fs::create_dir_all(book.path(other).parent().unwrap()).unwrap();
        fs::rename(book.path(path), book.path(other)).unwrap();
        book.write(other, says("moved").as_bytes());
        preview.shows(page, "moved");
        fs::remove_file(book.path(other)).unwrap();
        wait_for(&format!("nothing of {path}"), || {
            (!preview.get(page).text().contains("moved")).then_some(())
        });
    }
    assert_eq!(preview.state()["errors"], 0);

    fs::remove_file(book.path("book.toml")).unwrap();
    preview.has_errors(1);
    preview.shows("/index.html", "<h1>Small</h1>");
    write_by_rename(&book, "book.toml", "[book]\ntitle = \"Back\"\n");
    preview.shows("/index.html", "<h1>Back</h1>");
}

#[test]
fn many_files_at_once_are_one_build() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let builds = || preview.said().matches(" ms").count();
    assert_eq!(builds(), 1);
    for number in 0..1000 {
        let text = format!("---\ntitle: Article {number}\n---\n\nIts words.\n");
        book.write(&format!("content/articles/a{number}.md"), text.as_bytes());
    }
    wait_for("the last of the articles", || {
        preview.said().contains("1001 articles").then_some(())
    });
    // A pause of a busy machine may divide them.
    assert!(builds() <= 4, "{}", preview.said());
    let before = builds();
    for number in 0..1000 {
        fs::remove_file(book.path(&format!("content/articles/a{number}.md"))).unwrap();
    }
    preview.answers("/articles/a999.html", 404);
    assert!(builds() <= before + 3, "{}", preview.said());
}

#[test]
fn what_changes_nothing_builds_nothing() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    book.write("content/articles/.report.md.swp", b"an editor's own");
    book.write("content/articles/report.md~", b"a backup");
    book.write("target/debris.md", b"elsewhere");
    let same = book.read("content/articles/report.md");
    book.write("content/articles/report.md", same.as_bytes());
    thread::sleep(Duration::from_millis(300));
    book.write("content/chapters/02-more.md", b"# More\n\nWords.\n");
    preview.answers("/chapters/more.html", 200);
    // The page answers a moment before the build says so.
    let builds = || preview.said().matches(" ms").count();
    wait_for("the build to be told", || (builds() > 1).then_some(()));
    assert_eq!(builds(), 2, "{}", preview.said());
    let mut left: Vec<_> = fs::read_dir(book.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        ["book.toml", "content", "target"],
        "nothing is written"
    );
}

#[test]
fn an_error_is_shown_and_the_last_good_page_stays() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let good = preview.get("/chapters/view.html").text();
    let bad = "# View\n\nWrong [@report, ¶2 \"<script>alert(1)</script>\"].\n";
    book.write("content/chapters/01-view.md", bad.as_bytes());
    let state = preview.has_errors(1);
    let problem = &state["problems"][0];
    assert_eq!(problem["code"], "lost-quotation");
    assert_eq!(problem["file"], "content/chapters/01-view.md");
    assert_eq!(problem["line"], 3);
    let text = problem["text"].as_str().unwrap();
    assert!(
        text.contains("--> content/chapters/01-view.md:3:"),
        "{text}"
    );
    assert!(text.contains("= help: "), "{text}");
    assert!(text.contains("<script>alert(1)</script>"), "{text}");
    assert_eq!(
        preview.get("/_pincite/state").header("content-type"),
        "application/json"
    );
    assert_eq!(preview.get("/chapters/view.html").text(), good);

    // Said once, however often the book is built.
    book.write(
        "content/articles/report.md",
        b"---\ntitle: Report\n---\n\nOne.\n\nUSFJ, [x](ftp://x).\n",
    );
    wait_for("a second failed build", || {
        (preview.said().matches("the last good pages stay").count() == 2).then_some(())
    });
    let said = preview.said();
    assert_eq!(said.matches("error[lost-quotation]").count(), 1, "{said}");
    assert_eq!(said.matches("warning[unsafe-link]").count(), 1, "{said}");

    book.write(
        "content/chapters/01-view.md",
        b"# View\n\nRight [@report, \xc2\xb62].\n",
    );
    assert_eq!(preview.has_errors(0)["problems"], Value::Array(Vec::new()));
    preview.shows("/chapters/view.html", "Right");
}

#[test]
fn a_broken_book_is_served_as_soon_as_it_is_mended() {
    let book = TestBook::small();
    book.write("book.toml", b"[book]\ntitle = \"<b>\n");
    let preview = Preview::of(&book);
    let page = preview.get("/chapters/view.html");
    assert_eq!(page.status, 503);
    assert!(
        page.text().contains("error[invalid-toml]"),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("&lt;b&gt;") && !page.text().contains("<b>"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("/_pincite/client.js"));
    book.write("book.toml", b"[book]\ntitle = \"Mended\"\n");
    preview.shows("/", "<h1>Mended</h1>");
}

#[test]
fn a_template_that_fails_leaves_the_last_good_page() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let good = preview.get("/chapters/view.html").text();
    book.write(
        "themes/brief/templates/chapter.html",
        b"<p>{{ chapter.nothing }}</p>\n",
    );
    let state = preview.has_errors(1);
    assert_eq!(state["problems"][0]["code"], "theme-error");
    assert_eq!(
        state["problems"][0]["file"],
        "themes/brief/templates/chapter.html"
    );
    assert_eq!(preview.get("/chapters/view.html").text(), good);
    fs::remove_dir_all(book.path("themes")).unwrap();
    preview.has_errors(0);
}

#[test]
fn tabs_learn_what_has_changed() {
    let book = TestBook::small().file("themes/brief/static/style.css", "body { color: red }");
    let preview = Preview::of(&book);
    let mut stream = preview.connect();
    let request = format!(
        "GET /_pincite/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
        preview.port
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = || -> Value {
        let mut data = lines
            .by_ref()
            .map(Result::unwrap)
            .filter_map(|line| Some(line.strip_prefix("data: ")?.to_owned()));
        serde_json::from_str(&data.next().unwrap()).unwrap()
    };
    let tag = |page: &str| preview.get(&format!("/_pincite/tag?page=%2F{page}")).text();
    let first = next();
    let (chapter, article) = (tag("chapters%2Fview.html"), tag("articles%2Freport.html"));
    assert!(preview.get("/chapters/view.html").text().contains(&chapter));

    book.write("themes/brief/static/style.css", b"body { color: blue }");
    let second = next();
    assert_eq!(first["pages"], second["pages"], "pages stay");
    assert_ne!(first["styles"], second["styles"]);
    assert_eq!(tag("chapters%2Fview.html"), chapter);

    book.write(
        "content/chapters/01-view.md",
        b"# View\n\nOther words.\n\nMore [@report, \xc2\xb62 \"50,000 troops\"].\n",
    );
    let third = next();
    assert_ne!(second["pages"], third["pages"]);
    assert_eq!(second["styles"], third["styles"]);
    assert_ne!(tag("chapters%2Fview.html"), chapter);
    assert_ne!(
        tag("articles%2Freport.html"),
        article,
        "its cited-by has other words"
    );

    let missing = tag("nowhere.html");
    book.write("content/assets/a.png", b"not a picture");
    assert_ne!(next()["pages"], third["pages"]);
    assert_ne!(
        tag("nowhere.html"),
        missing,
        "any page may show the picture"
    );
}

/// Writes as editors do that put a new file in the old one's place.
fn write_by_rename(book: &TestBook, path: &str, text: &str) {
    book.write(".draft~", text.as_bytes());
    fs::rename(book.path(".draft~"), book.path(path)).unwrap();
}
