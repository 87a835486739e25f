//! `writeback`: comments in the article files, by the command and by the config key.

use crate::book::TestBook;

const ARTICLE: &str =
    "---\ntitle: A\n---\n\n<!-- Mine. -->\nThe ministers met.\n\n> Nothing was said.";
const WRITTEN: &str = "---\ntitle: A\n---\n\n<!-- Mine. -->\nThe ministers met.\n<!-- cited by: x ¶1 -->\n\n> Nothing was said.";

fn book() -> TestBook {
    TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", ARTICLE)
        .file("content/chapters/01-x.md", "# X\n\nThey met [@a, ¶1].\n")
}

#[test]
fn comments_are_written_checked_and_taken_out() {
    let book = book();
    book.run(&["writeback", "--check"])
        .expect(1)
        .says("content/articles/a.md");
    assert_eq!(book.read("content/articles/a.md"), ARTICLE);
    book.run(&["writeback"]).expect(0).says("wrote 1 article");
    assert_eq!(book.read("content/articles/a.md"), WRITTEN);
    book.run(&["writeback", "--check"]).expect(0);
    book.run(&["writeback"]).expect(0).says("nothing to write");
    book.run(&["writeback", "--remove"]).expect(0);
    assert_eq!(book.read("content/articles/a.md"), ARTICLE);
}

#[test]
fn comments_change_neither_site_nor_lock() {
    let book = book();
    book.run(&["build"]).expect(0);
    let (page, lock) = (
        book.read("book/articles/a.html"),
        book.read("citations.lock"),
    );
    book.run(&["writeback"]).expect(0);
    book.run(&["build", "--locked"]).expect(0);
    assert_eq!(book.read("book/articles/a.html"), page);
    assert_eq!(book.read("citations.lock"), lock);
}

#[test]
fn the_config_key_keeps_them_current() {
    let book = book().file(
        "book.toml",
        "[book]\ntitle = \"B\"\n[citations]\nwrite-back = true\n",
    );
    book.run(&["build"]).expect(0);
    assert_eq!(book.read("content/articles/a.md"), WRITTEN);
    let book = book.file("content/chapters/01-x.md", "# X\n\nSo it was [@a].\n");
    book.run(&["build"]).expect(0);
    assert_eq!(book.read("content/articles/a.md"), ARTICLE);
}

#[test]
fn a_broken_book_is_left_as_it_is() {
    let book = book().file("content/chapters/02-y.md", "# Y\n\nWords [@nowhere].\n");
    book.run(&["writeback"])
        .expect(1)
        .says("nothing was written");
    assert_eq!(book.read("content/articles/a.md"), ARTICLE);
}

#[test]
fn an_article_in_which_code_has_no_end_is_left_as_it_is() {
    let article = "---\ntitle: A\n---\n\nP1\n\n```\nto the end\n";
    let book = book().file("content/articles/a.md", article).file(
        "content/chapters/01-x.md",
        "# X\n\nThey met [@a, ¶1], and [@a, ¶2].\n",
    );
    for verb in ["writeback", "heal"] {
        let told = "this code has no end, and takes all that follows";
        book.run(&[verb]).expect(1).says(told);
        assert_eq!(book.read("content/articles/a.md"), article);
    }
    assert!(!book.path("citations.lock").exists());
}

#[test]
fn a_comment_that_holds_two_paragraphs_apart_stays() {
    let article =
        "---\ntitle: A\n---\n\nP1\n<!-- cited by: old ¶1 -->\n<!-- cited by: older ¶1 -->\nP2\n";
    let book = book()
        .file("content/articles/a.md", article)
        .file("content/chapters/01-x.md", "# X\n\nThey met [@a, ¶2].\n");
    book.run(&["writeback"])
        .expect(0)
        .says("a.md:7: without this comment two paragraphs would be one");
    assert_eq!(
        book.read("content/articles/a.md"),
        "---\ntitle: A\n---\n\nP1\n<!-- cited by: older ¶1 -->\nP2\n<!-- cited by: x ¶1 -->\n"
    );
}
