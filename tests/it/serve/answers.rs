//! Whom it answers, and what with.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::{Preview, wait_for};
use crate::book::TestBook;

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
