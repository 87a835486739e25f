//! Every link inside the built sample site leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::book::{pincite, sample};

/// Builds the sample book's site into a fresh folder.
///
/// One test at a time, because a second build of one book is refused.
pub(crate) fn built_site() -> tempfile::TempDir {
    // A second build of one book is refused while the first one publishes.
    static BUILDING: Mutex<()> = Mutex::new(());
    let _building = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let output = pincite()
        .args(["build", "--strict", "--format", "html", "--book"])
        .arg(sample())
        .arg("--out")
        .arg(folder.path().join("site"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    folder
}

#[test]
fn every_internal_link_leads_somewhere() {
    let folder = built_site();
    let root = folder.path().join("site");
    let pages = pages(&root);
    assert!(pages.len() > 8, "{} pages", pages.len());
    let ids: BTreeMap<&PathBuf, BTreeSet<String>> = pages
        .iter()
        .map(|(path, html)| (path, attributes(html, "id").into_iter().collect()))
        .collect();
    let mut broken = Vec::new();
    let mut checked = 0;
    for (path, html) in &pages {
        for target in ["href", "src"]
            .iter()
            .flat_map(|name| attributes(html, name))
        {
            // `/` is the base of 404.html.
            if target.contains(':') || target == "/" {
                continue;
            }
            checked += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() {
                path.clone()
            } else {
                resolved(path, file)
            };
            let known = anchor.is_empty() || ids.get(&file).is_some_and(|ids| ids.contains(anchor));
            if !file.is_file() || !known {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(checked > 500, "only {checked} links were found");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_id_stands_twice_on_a_page() {
    let folder = built_site();
    for (path, html) in pages(&folder.path().join("site")) {
        let ids = attributes(&html, "id");
        let different: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), different.len(), "{}", path.display());
    }
}

fn pages(root: &Path) -> Vec<(PathBuf, String)> {
    let files = walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path());
    let pages = files.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// The values of an attribute, in order.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let opening = format!(" {name}=\"");
    html.split(&opening)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect()
}

fn resolved(page: &Path, link: &str) -> PathBuf {
    let mut path = page.parent().unwrap().to_path_buf();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}
