//! The sample site in a real browser; `tests/browser/run.mjs` says what is looked at.

use std::process::Command;

use crate::book::sample;
use crate::links::built_site;

#[test]
fn the_sample_site_holds_in_a_browser() {
    let folder = built_site();
    let script = sample().join("tests/browser/run.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(folder.path().join("site"))
        .output()
        .expect("node is installed");
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
}
