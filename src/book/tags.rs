//! Tags, and what bears them.

use std::collections::BTreeMap;

use super::{Book, Home};
use crate::reference::{Slugs, slug};

/// A tag.
#[derive(Debug)]
pub struct Tag {
    /// As it is written first.
    pub name: String,
    /// The address of its page.
    pub slug: String,
    /// What all its spellings have in common: their own slug.
    key: String,
    /// What bears it, in reading order.
    pub homes: Vec<Home>,
}

impl Book {
    /// The tags of a document, as they are written there.
    pub fn tags_of(&self, home: Home) -> &[String] {
        match (self.front(home), self.provenance(home)) {
            (Some(front), _) => &front.tags,
            (None, Some(provenance)) => &provenance.tags,
            (None, None) => &[],
        }
    }

    /// The tag of a name, by index.
    pub fn tag(&self, name: &str) -> Option<usize> {
        let wanted = slug(name);
        let found = self.tags.binary_search_by(|tag| tag.key.cmp(&wanted));
        found.ok()
    }

    pub(super) fn collect_tags(&mut self) {
        let mut tags: BTreeMap<String, (String, Vec<Home>)> = BTreeMap::new();
        for home in self.homes() {
            for name in self.tags_of(home) {
                let (_, homes) = tags
                    .entry(slug(name))
                    .or_insert_with(|| (name.clone(), Vec::new()));
                if homes.last() != Some(&home) {
                    homes.push(home);
                }
            }
        }
        let mut slugs = Slugs::default();
        let tags = tags.into_iter().map(|(key, (name, homes))| Tag {
            slug: slugs.give(&name),
            key,
            name,
            homes,
        });
        self.tags = tags.collect();
    }
}
