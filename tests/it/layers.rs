//! The house stands: a module uses only the floors below its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each module and its floor, as `docs/architecture.md` has them.
const FLOORS: &[(&str, u8)] = &[
    ("nfc", 0),
    ("source", 0),
    ("diagnostic", 1),
    ("schema", 1),
    ("site", 2),
    ("yaml", 2),
    ("reference", 2),
    ("csl", 2),
    ("lock", 3),
    ("config", 3),
    ("markdown", 3),
    ("manuscript", 4),
    ("annotation", 4),
    ("verify", 5),
    ("glossary", 5),
    ("book", 6),
    ("edition", 7),
    ("diff", 8),
    ("export", 8),
    ("pdf", 8),
    ("import", 8),
    ("writeback", 8),
    ("html", 9),
    ("compile", 9),
    ("disk", 9),
    ("heal", 10),
    ("serve", 10),
    ("cli", 11),
];

#[test]
fn modules_use_only_the_floors_below() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen = Vec::new();
    let mut count = 0;
    for entry in walkdir::WalkDir::new(&source).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry
            .path()
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let module = path
            .split('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if entry.path().extension().is_none_or(|ending| ending != "rs")
            || matches!(module.as_str(), "lib" | "main")
        {
            continue;
        }
        let Some(floor) = floors.get(module.as_str()) else {
            wrong.push(format!("{path}: `{module}` has no floor"));
            continue;
        };
        seen.push(module.clone());
        let text = fs::read_to_string(entry.path()).unwrap();
        let code = without_tests(&text);
        let depth = path.split('/').count() - usize::from(path.ends_with("/mod.rs"));
        let behind = &text[code.len()..];
        assert!(
            behind.matches("\n}\n").count() <= 1,
            "{path}: code stands behind the tests, where nobody looks for uses"
        );
        let used = uses(code, depth);
        count += used.len();
        for used in used {
            let below = floors.get(used).is_some_and(|other| other < floor);
            if used != module && !below {
                wrong.push(format!("{path}: `{module}` (floor {floor}) uses `{used}`"));
            }
        }
        if code.contains("rustix::") && module != "disk" {
            wrong.push(format!("{path}: only `disk` calls the system"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 500, "only {count} uses were read");
    for (module, _) in FLOORS {
        assert!(
            seen.iter().any(|known| known == module),
            "`{module}` is on a floor but not in src/"
        );
    }
}

/// A file's code before its block of tests.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {")
        .map_or(text, |at| &text[..at])
}

/// The modules that a file names by `crate::`, or by as many `super::` as lead to the crate from its depth.
fn uses(code: &str, depth: usize) -> Vec<&str> {
    let upwards = "super::".repeat(depth);
    let mut found: Vec<&str> = code.split("crate::").skip(1).flat_map(names).collect();
    let outward = code.match_indices(&upwards);
    let outward = outward.filter(|(at, _)| !code[..*at].ends_with("super::"));
    found.extend(outward.flat_map(|(at, _)| names(&code[at + upwards.len()..])));
    found
}

/// The modules that stand behind `crate::`, one or a group in braces.
fn names(path: &str) -> Vec<&str> {
    let first = |text: &'_ str| -> usize {
        text.find(|c: char| !(c.is_ascii_lowercase() || c == '_'))
            .unwrap_or(text.len())
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![&path[..first(path)]];
    };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            sign if begins && !sign.is_whitespace() => {
                names.push(&group[at..at + first(&group[at..])]);
                begins = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn every_way_to_name_a_module_is_read() {
    let check = |code: &str, expected: &[&str]| assert_eq!(uses(code, 2), expected, "{code}");
    check("use crate::source::Span;", &["source"]);
    check(
        "use crate::{yaml::{Node, reader::{Reader}}, disk,\n    html::page};",
        &["yaml", "disk", "html"],
    );
    check("use super::super::disk::read; use super::fold;", &["disk"]);
    check(
        "pub(in crate::verify) fn x() { crate::nfc::of() }",
        &["verify", "nfc"],
    );
    let text = "#[cfg(test)]\nmod tests;\nuse crate::disk;\n#[cfg(test)]\nmod tests {\n    use crate::html;\n";
    assert_eq!(uses(without_tests(text), 1), ["disk"]);
}
