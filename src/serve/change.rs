//! What has changed between two states of the book's files.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config;
use crate::source::{File, Sources};

/// What a change asks of the pages that are open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Change {
    /// A text or a template: pages may be others.
    pub(super) pages: bool,
    /// A style sheet.
    pub(super) styles: bool,
    /// An image, a font, any other file that pages show.
    pub(super) assets: bool,
}

impl Change {
    /// What the change of these files asks for.
    pub(super) fn of(paths: &BTreeSet<String>, before: &Sources, after: &Sources) -> Self {
        let is_style = |path: &str| {
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            ending.eq_ignore_ascii_case("css")
        };
        let is_asset = |path: &str| {
            [before, after]
                .iter()
                .any(|sources| sources.assets().contains_key(path))
                || path.contains("/static/")
        };
        let mut change = Change::default();
        for path in paths {
            change.styles |= is_style(path);
            change.assets |= !is_style(path) && is_asset(path);
            change.pages |= !is_style(path) && !is_asset(path);
        }
        change
    }

    /// The change from nothing to something.
    pub(super) fn everything() -> Self {
        Change {
            pages: true,
            styles: true,
            assets: true,
        }
    }
}

/// Whether other templates may be used than before.
pub(super) fn touches_theme(paths: &BTreeSet<String>) -> bool {
    let is_template = |path: &String| path.starts_with("themes/") && path.contains("/templates/");
    let mut paths = paths.iter();
    paths.any(|path| is_template(path) || path == config::PATH)
}

/// The paths of the files that differ, have come or are gone.
pub(super) fn changed(before: &Sources, after: &Sources) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (this, other) in [(before, after), (after, before)] {
        for (_, file) in this.files() {
            let same = other
                .find(&file.path)
                .is_some_and(|id| same(file, other.file(id)));
            if !same {
                paths.insert(file.path.clone());
            }
        }
        for (path, asset) in this.assets() {
            if other.assets().get(path) != Some(asset) {
                paths.insert(path.clone());
            }
        }
    }
    paths
}

fn same(a: &File, b: &File) -> bool {
    (Arc::ptr_eq(&a.text, &b.text) || a.text == b.text) && a.fault == b.fault
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_ask_for_what_they_need() {
        let before = Sources::from_texts([
            ("content/articles/a.md", "a"),
            ("content/articles/b.md", "b"),
            ("themes/brief/static/style.css", "body {}"),
        ]);
        let check = |texts: &[(&str, &str)], paths: &[&str], expected: (bool, bool, bool, bool)| {
            let after = Sources::from_texts(texts.iter().copied());
            let changed = changed(&before, &after);
            assert!(changed.iter().eq(paths.iter().copied()), "{changed:?}");
            let change = Change::of(&changed, &before, &after);
            let found = (
                change.pages,
                change.styles,
                change.assets,
                touches_theme(&changed),
            );
            assert_eq!(found, expected, "{paths:?}");
        };
        let style = ("themes/brief/static/style.css", "body {}");
        let (a, b) = (
            ("content/articles/a.md", "a"),
            ("content/articles/b.md", "b"),
        );
        check(&[a, b, style], &[], (false, false, false, false));
        check(&[a, style], &[b.0], (true, false, false, false));
        check(&[(a.0, "A"), b, style], &[a.0], (true, false, false, false));
        check(
            &[a, b, (style.0, "")],
            &[style.0],
            (false, true, false, false),
        );
        let template = ("themes/brief/templates/404.html", "x");
        check(
            &[a, b, style, template],
            &[template.0],
            (true, false, false, true),
        );
    }
}
