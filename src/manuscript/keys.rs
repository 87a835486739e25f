//! The keys of articles and chapters, which are their files' names.

use crate::diagnostic::{Diagnostic, Lint};
use crate::reference::is_key;
use crate::source::{FileId, Span};

/// A chapter's stem without the number and the hyphen that order it.
pub fn without_order(stem: &str) -> &str {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['-', '_']) {
        Some(slug) if rest.len() < stem.len() && !slug.is_empty() => slug,
        _ => stem,
    }
}

/// The key in a name by which a file of the book may be called: `chapters/01-cause.md`.
pub fn key_in(name: &str) -> &str {
    let own = name.rsplit('/').next().unwrap_or(name);
    without_order(own.strip_suffix(".md").unwrap_or(own))
}

/// Reports a stem that is no key.
pub fn check_key(key: &str, file: FileId) -> Option<Diagnostic> {
    let reserved = key == "self" || key.ends_with(['.', '-', '_']);
    if is_device(key) {
        let message = format!("`{key}` cannot be an ID: Windows keeps the name for a device");
        let diagnostic = Diagnostic::new(Lint::InvalidId, Span::new(file, 0..0), message);
        return Some(diagnostic.help("rename the file"));
    }
    (!is_key(key) || reserved).then(|| {
        let shown: String = key.chars().take(60).collect();
        Diagnostic::new(
            Lint::InvalidId,
            Span::new(file, 0..0),
            format!("`{shown}` cannot be an ID"),
        )
        .help("rename the file: one to a hundred letters A–Z, digits, `.`, `_` and `-`, a letter or digit first and last, and not `self`")
    })
}

/// Whether Windows takes a file's name for a device, whatever its ending.
pub fn is_device(key: &str) -> bool {
    let stem = key.split('.').next().unwrap_or_default().to_uppercase();
    let numbered = |port: &str| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| matches!(b, b'1'..=b'9')))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}
