//! A new book in an editor: its settings, and the YAML language server that they set up.

use std::process::Command;

use serde_json::Value;

use crate::book::{TestBook, sample};
use crate::browser::run;

#[test]
fn an_editor_completes_explains_and_checks_a_new_book() {
    let book = TestBook::empty();
    book.run(&["init"]).expect(0);
    run(Command::new("node")
        .arg(sample().join("tests/browser/editor.mjs"))
        .arg(book.path("")));
}

#[test]
fn every_editor_has_the_same_settings() {
    let book = TestBook::empty();
    book.run(&["init"]).expect(0);
    let code: Value = serde_json::from_str(&book.read(".vscode/settings.json")).unwrap();
    let helix: Value = toml::from_str(&book.read(".helix/languages.toml")).unwrap();
    let schemas = &code["yaml.schemas"];
    let of_helix = &helix["language-server"]["yaml-language-server"]["config"]["yaml"]["schemas"];
    assert_eq!(schemas, of_helix);
    let neovim = book.read(".nvim.lua");
    // Without it a book that is no repository has no root there, and the schema's path leads nowhere.
    assert!(
        neovim.contains("root_markers = { \"book.toml\""),
        "{neovim}"
    );
    for (path, globs) in schemas.as_object().unwrap() {
        assert!(neovim.contains(&format!("[\"{path}\"]")), "{neovim}");
        for glob in globs.as_array().unwrap() {
            assert!(neovim.contains(&glob.to_string()), "{neovim}");
        }
        assert!(book.path(path).is_file());
    }
    assert!(
        book.read("book.toml")
            .starts_with("#:schema .pincite/book.json\n")
    );
    assert!(book.path(".pincite/book.json").is_file());
}

#[test]
fn settings_that_are_there_are_kept() {
    let book = TestBook::empty().file(".vscode/settings.json", "{}\n");
    book.run(&["init"]).expect(0);
    assert_eq!(book.read(".vscode/settings.json"), "{}\n");
}
