//! Tags, and what bears them.

use std::collections::BTreeMap;

use super::{Book, Home};
use crate::reference::{Slugs, slug};

/// A tag.
#[derive(Debug)]
pub struct Tag {
    /// As it is written first.
    pub name: String,
    /// Its slug; tags of one slug are one.
    pub slug: String,
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
        self.tags.iter().position(|tag| slug(&tag.name) == wanted)
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
        let tags = tags.into_values().map(|(name, homes)| Tag {
            slug: slugs.give(&name),
            name,
            homes,
        });
        self.tags = tags.collect();
    }
}
