//! A book's own citation style, read from its folder.

use crate::book::TestBook;

pub(crate) const STYLE: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="note">
  <info><title>House</title><id>house</id><updated>2024-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title" prefix="HOUSE "/></layout></citation>
</style>
"#;
pub(crate) const CONFIG: &str =
    "[book]\ntitle = \"B\"\n[citations]\nstyle = \"styles/house.csl\"\n[output.html]\n";

#[test]
fn a_style_is_one_of_the_books_files() {
    let book = TestBook::small()
        .file("book.toml", CONFIG)
        .file("styles/house.csl", STYLE);
    book.run(&["build"]).expect(0);
    let page = book.read("book/chapters/view.html");
    assert!(page.contains("HOUSE Report</a>"), "{page}");
    // A style without a bibliography and without places: neither source nor place is lost.
    assert!(page.contains("report.html#p2\">¶"), "{page}");
    let sources = book.read("book/sources.html");
    assert!(sources.contains("HOUSE Report."), "{sources}");
}

#[test]
fn a_style_that_cannot_be_read_is_an_error() {
    let check = |text: &[u8], words: &str| {
        let book = TestBook::small().file("book.toml", CONFIG);
        book.write("styles/house.csl", text);
        let ran = book.run(&["check"]).expect(1);
        assert!(ran.err.contains(words), "{}", ran.err);
        assert!(ran.err.contains("styles/house.csl:"), "{}", ran.err);
    };
    let deep = format!("<style>{}", "<group>".repeat(100_000));
    check(&[0xff, 0xfe, b'a'], "error");
    check(b"", "error[invalid-style]");
    check(b"words", "error[invalid-style]");
    check(b"<style>", "error[invalid-style]: this is not XML");
    check(b"<style version=\"1.0\"/>", "error[invalid-style]");
    check(deep.as_bytes(), "nested more than 100 deep");
}

#[test]
#[cfg(unix)]
fn a_style_outside_the_book_is_not_read() {
    let outside = TestBook::empty().file("secret.csl", STYLE);
    let book = TestBook::small().file("book.toml", CONFIG);
    std::fs::create_dir(book.path("styles")).unwrap();
    std::os::unix::fs::symlink(outside.path("secret.csl"), book.path("styles/house.csl")).unwrap();
    let ran = book.run(&["check"]).expect(1);
    assert!(ran.err.contains("leads out of the book"), "{}", ran.err);
}
