//! The live preview over real sockets: what it serves, what it follows, whom it lets in.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::book::{TestBook, pincite};
use crate::styles::{CONFIG, STYLE};

/// Longer than any build here takes, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// `pincite serve` on a book.
pub(crate) struct Preview {
    process: Child,
    pub(crate) port: u16,
    said: Arc<Mutex<String>>,
}

impl Preview {
    pub(crate) fn of(book: &TestBook) -> Self {
        Preview::with(book, &["--port", "0"])
    }

    pub(crate) fn with(book: &TestBook, arguments: &[&str]) -> Self {
        let mut process = pincite()
            .arg("serve")
            .args(arguments)
            .current_dir(book.path(""))
            .env_remove("PINCITE_EDITOR")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines() {
                *heard.lock().unwrap() += &(line.unwrap() + "\n");
            }
        });
        let mut preview = Preview {
            process,
            port: 0,
            said,
        };
        preview.port = wait_for("an address", || {
            let said = preview.said();
            let (_, address) = said.split_once("http://127.0.0.1:")?;
            address.split_once('/')?.0.parse().ok()
        });
        preview
    }

    /// What it has said on standard error so far.
    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Sends bytes as they are and reads until the connection ends.
    fn send(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        Reply::new(&reply)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.port,
            body.len()
        );
        self.send(request.as_bytes())
    }

    fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "", "")
    }

    /// The state that the client script sees.
    fn state(&self) -> Value {
        serde_json::from_str(&self.get("/_pincite/state").text()).unwrap()
    }

    /// Waits until a page says something.
    #[track_caller]
    fn shows(&self, path: &str, words: &str) {
        wait_for(&format!("{words:?} on {path}"), || {
            self.get(path).text().contains(words).then_some(())
        });
    }

    /// Waits until a page is there, or is not.
    #[track_caller]
    fn answers(&self, path: &str, status: u16) {
        wait_for(&format!("{status} at {path}"), || {
            (self.get(path).status == status).then_some(())
        });
    }

    /// Waits until there are so many errors.
    #[track_caller]
    fn has_errors(&self, count: u64) -> Value {
        wait_for(&format!("{count} errors"), || {
            let state = self.state();
            (state["errors"] == count).then_some(state)
        })
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks again and again until there is an answer.
#[track_caller]
fn wait_for<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "there never was {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[derive(Debug)]
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn new(reply: &[u8]) -> Self {
        let end = reply.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            panic!("no HTTP: {}", String::from_utf8_lossy(reply));
        };
        let head = String::from_utf8(reply[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Reply {
            status: status.parse().unwrap(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: reply[end + 4..].to_vec(),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Writes as editors do that put a new file in the old one's place.
fn write_by_rename(book: &TestBook, path: &str, text: &str) {
    book.write(".draft~", text.as_bytes());
    fs::rename(book.path(".draft~"), book.path(path)).unwrap();
}

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
    assert_eq!(
        preview.said().matches(" ms").count(),
        2,
        "{}",
        preview.said()
    );
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

#[test]
fn nobody_else_gets_in() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let port = preview.port;
    let check = |request: &str, expected: u16| {
        let request = request.replace("PORT", &port.to_string());
        let reply = preview.send(request.as_bytes());
        assert_eq!(reply.status, expected, "{request:?}: {}", reply.text());
        let cors = reply
            .headers
            .keys()
            .find(|name| name.starts_with("access-control"));
        assert_eq!(cors, None, "{request}");
        assert!(!reply.text().contains("[book]"), "{request}");
    };
    let get = |line: &str, headers: &str| {
        format!("GET {line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n")
    };
    let host = "Host: 127.0.0.1:PORT\r\n";
    check(&get("/", host), 200);
    check(&get("/", "Host: LOCALHOST:PORT\r\n"), 200);
    check(&get("/", ""), 403);
    check(&get("/", "Host: rebound.example:PORT\r\n"), 403);
    check(&get("/", "Host: 127.0.0.1\r\n"), 403);
    check(
        &get("/", "Host: 127.0.0.1:PORT\r\nHost: evil.example\r\n"),
        403,
    );
    check(&get("http://127.0.0.1:PORT/", host), 200);
    check(&get("http://evil.example/", host), 403);
    for path in ["/", "/_pincite/events", "/_pincite/state"] {
        check(
            &get(path, &format!("{host}Origin: http://evil.example\r\n")),
            403,
        );
        check(&get(path, &format!("{host}Origin: null\r\n")), 403);
    }
    check(
        &get("/", &format!("{host}Origin: http://localhost:PORT\r\n")),
        200,
    );
    for path in [
        "/../book.toml",
        "/%2e%2e/book.toml",
        "/..%2fbook.toml",
        "/assets/..%5c..%5cbook.toml",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/book.toml",
        "/content/articles/report.md",
        "/index.html%00",
        "/_pincite/nothing",
        "/%ff",
    ] {
        check(&get(path, host), 404);
    }
    check(&get("/\0", host), 400);
    check(&get(&format!("/{}", "a".repeat(100_000)), host), 414);
    check(
        &format!("POST / HTTP/1.1\r\n{host}Connection: close\r\n\r\n"),
        405,
    );
    check(
        &format!(
            "OPTIONS / HTTP/1.1\r\n{host}Origin: http://evil.example\r\nConnection: close\r\n\r\n"
        ),
        403,
    );
    check("nonsense\r\n\r\n", 400);
}

#[test]
fn things_are_sent_whole_or_in_part() {
    let book = TestBook::small()
        .file("content/assets/a b.txt", "0123456789")
        .file("content/assets/x.svg", "<svg/>");
    let preview = Preview::of(&book);
    let path = "/assets/a%20b.txt";
    let whole = preview.get(path);
    assert_eq!(whole.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.text(), "0123456789");
    let part = preview.ask("GET", path, "Range: bytes=2-4\r\n", "");
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    let end = preview.ask("GET", "/chapters/view.html", "Range: bytes=-8\r\n", "");
    assert_eq!((end.status, end.text().as_str()), (206, "</html>\n"));
    let none = preview.ask("GET", path, "Range: bytes=10-\r\n", "");
    assert_eq!(
        (none.status, none.header("content-range")),
        (416, "bytes */10")
    );
    let head = preview.ask("HEAD", path, "", "");
    assert_eq!(
        (head.status, head.header("content-length"), head.body.len()),
        (200, "10", 0)
    );
    let known = format!("If-None-Match: {}\r\n", whole.header("etag"));
    assert_eq!(preview.ask("GET", path, &known, "").status, 304);
    book.write("content/assets/a b.txt", b"9876543210");
    wait_for("the new text", || {
        (preview.ask("GET", path, &known, "").status == 200).then_some(())
    });

    let page = preview.get("/");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        preview.get("/static/style.css").header("content-type"),
        "text/css; charset=utf-8"
    );
    assert_eq!(
        preview
            .get("/static/fonts/libertinus-serif-regular.woff2")
            .header("content-type"),
        "font/woff2"
    );
    assert!(
        preview
            .get("/assets/x.svg")
            .header("content-security-policy")
            .starts_with("sandbox")
    );
    let deep = preview.get("/no/such/page");
    assert_eq!(deep.status, 404);
    assert!(deep.text().contains("<base href=\"/\">"), "{}", deep.text());
}

#[test]
fn a_link_that_turns_outward_is_not_followed() {
    let outside = TestBook::empty().file("secret.txt", "secret");
    let book = TestBook::small().file("content/assets/a.txt", "mine");
    let preview = Preview::of(&book);
    fs::remove_file(book.path("content/assets/a.txt")).unwrap();
    std::os::unix::fs::symlink(
        outside.path("secret.txt"),
        book.path("content/assets/a.txt"),
    )
    .unwrap();
    for _ in 0..20 {
        assert!(!preview.get("/assets/a.txt").text().contains("secret"));
    }
    preview.has_errors(1);
    assert!(!preview.get("/assets/a.txt").text().contains("secret"));
}

#[test]
fn the_next_port_is_taken_and_said() {
    let book = TestBook::small();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let preview = Preview::with(&book, &["--port", &port.to_string()]);
    assert!(preview.port > port);
    assert!(
        preview.said().contains(&format!("port {port} is in use")),
        "{}",
        preview.said()
    );
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn the_editor_is_opened_by_our_pages_alone() {
    let book = TestBook::small().file(
        "editor",
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > opened.part && mv opened.part opened\n",
    );
    fs::set_permissions(book.path("editor"), fs::Permissions::from_mode(0o755)).unwrap();
    let without = Preview::of(&book);
    assert_eq!(
        without
            .get("/_pincite/places?page=/chapters/view.html")
            .status,
        404
    );
    assert!(!without.get("/").text().contains("data-editor"));
    drop(without);

    let preview = Preview::with(
        &book,
        &["--port", "0", "--editor", "./editor -g '{file}:{line}'"],
    );
    assert!(preview.get("/").text().contains("data-editor"));
    let places = |page: &str| -> Value {
        serde_json::from_str(&preview.get(&format!("/_pincite/places?page={page}")).text()).unwrap()
    };
    let article = places("/articles/report.html");
    assert_eq!(
        article["places"]["p2"],
        serde_json::json!(["content/articles/report.md", 7])
    );
    assert_eq!(places("/chapters/view.html")["places"]["p1"][1], 3);
    assert_eq!(
        places("/glossary.html")["places"]["usfj"],
        serde_json::json!(["content/annotations/a.yaml", 2])
    );

    let token = article["token"].as_str().unwrap();
    let origin = format!("Origin: http://127.0.0.1:{}\r\n", preview.port);
    let with_token = format!("X-Pincite-Token: {token}\r\n{origin}");
    let place = r#"{"file":"content/articles/report.md","line":7}"#;
    let edit =
        |headers: &str, body: &str| preview.ask("POST", "/_pincite/edit", headers, body).status;
    assert_eq!(edit(&origin, place), 403);
    assert_eq!(edit(&format!("X-Pincite-Token: {token}\r\n"), place), 403);
    assert_eq!(
        edit(
            &format!("X-Pincite-Token: {}\r\n{origin}", "0".repeat(32)),
            place
        ),
        403
    );
    assert_eq!(
        edit(
            &format!("X-Pincite-Token: {token}\r\nOrigin: http://evil.example\r\n"),
            place
        ),
        403
    );
    assert_eq!(
        preview.ask("GET", "/_pincite/edit", &with_token, "").status,
        405
    );
    assert_eq!(
        edit(&with_token, r#"{"file":"../../etc/passwd","line":1}"#),
        404
    );
    assert_eq!(edit(&with_token, r#"{"file":"editor","line":1}"#), 404);
    assert_eq!(edit(&with_token, "{"), 400);
    assert!(!book.path("opened").exists());
    assert_eq!(edit(&with_token, place), 204);
    let opened = wait_for("an opened editor", || {
        fs::read_to_string(book.path("opened")).ok()
    });
    let file = book
        .path("content/articles/report.md")
        .canonicalize()
        .unwrap();
    assert_eq!(opened, format!("-g\n{}:7\n", file.display()));
}

#[test]
fn an_editor_that_is_not_told_the_file_is_wrong_usage() {
    let book = TestBook::small();
    let ran = book.run(&["serve", "--editor", "vi"]).expect(2);
    ran.says("write `{file}` where it goes");
}

#[test]
fn idle_clients_keep_nobody_waiting() {
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let mut idle = Vec::new();
    for number in 0..400 {
        let mut stream = preview.connect();
        let request = match number % 3 {
            0 => String::new(),
            1 => "GET / HTT".to_owned(),
            _ => format!(
                "GET /_pincite/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
                preview.port
            ),
        };
        stream.write_all(request.as_bytes()).unwrap();
        idle.push(stream);
    }
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    book.write("content/chapters/02-more.md", b"# More\n\nWords.\n");
    preview.answers("/chapters/more.html", 200);
}

/// They come from a process of their own, which has files enough for them.
#[test]
fn a_thousand_connections_keep_nobody_waiting() {
    let script = "import socket, sys\n\
        open = [socket.create_connection(('127.0.0.1', int(sys.argv[1]))) for _ in range(1000)]\n\
        print('open', flush=True)\n\
        sys.stdin.read()\n";
    let book = TestBook::small();
    let preview = Preview::of(&book);
    let mut crowd = Command::new("python3")
        .args(["-c", script, &preview.port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(crowd.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "open\n");
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    book.write("content/chapters/02-more.md", b"# More\n\nWords.\n");
    preview.answers("/chapters/more.html", 200);
    drop(crowd.stdin.take());
    crowd.wait().unwrap();
    assert_eq!(preview.get("/").status, 200);
}

/// One that asks for something large and does not read it.
#[test]
fn a_client_that_does_not_read_keeps_nobody_waiting() {
    let book = TestBook::small();
    book.write("content/assets/large.bin", &vec![b'x'; 64 << 20]);
    let preview = Preview::of(&book);
    let request = format!(
        "GET /assets/large.bin HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
        preview.port
    );
    let mut idle = Vec::new();
    for _ in 0..20 {
        let mut stream = preview.connect();
        stream.write_all(request.as_bytes()).unwrap();
        idle.push(stream);
    }
    let started = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let status = fs::read_to_string(format!("/proc/{}/status", preview.process.id())).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: u64 = resident
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    assert!(kilobytes < 256 * 1024, "{kilobytes} kB");
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let book = TestBook::small();
    let mut preview = Preview::of(&book);
    let _tab = preview.connect();
    let started = Instant::now();
    let id = preview.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    preview.process.wait().unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}
