//! Paths inside a site.

use std::fmt;

/// A path inside a site: relative, with `/`, no empty, `.` or `..` part, no backslash, no control character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SitePath(String);

impl SitePath {
    /// The path, if it is one.
    pub fn new(path: impl Into<String>) -> Option<Self> {
        let path = path.into();
        let sound = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.contains(|c: char| c == '\\' || c == ':' || c.is_control())
        };
        path.split('/').all(sound).then_some(SitePath(path))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What leads from a page at this path to the site's root: `""`, `"../"`, …
    pub fn to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn site_paths_stay_inside() {
        for bad in ["", "/a", "a//b", "../a", "a/..", "a\\b", "c:/x", "a\0"] {
            assert_eq!(SitePath::new(bad), None, "{bad:?}");
        }
        assert!(SitePath::new("articles/在日米軍.html").is_some());
    }
}
