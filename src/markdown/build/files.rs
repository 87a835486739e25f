//! Links to paragraphs of articles by the articles' files: `[ships](../articles/ships.md#p3)`.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::RefDefs;

use super::Builder;
use crate::markdown::{Voice, is_external};
use crate::reference::{Citation, Locator};
use crate::source::Span;

/// Where the labels are defined that lead to a place in a file of a text, by the labels in lower case.
pub(super) fn definitions(all: &RefDefs<'_>) -> HashMap<String, Range<usize>> {
    let to_places = all.iter().filter(|(_, one)| one.dest.contains(".md#"));
    let ranges = to_places.map(|(label, one)| (label.to_lowercase(), one.span.clone()));
    ranges.collect()
}

impl Builder<'_, '_> {
    /// Where the definition of a link's label stands, for a link that has one.
    pub(super) fn definition(&self, label: &str) -> Option<Range<usize>> {
        let definition = self.definitions.get(&label.to_lowercase())?.clone();
        let destination = self.text.text[definition.clone()].find("]:")?;
        Some(definition.start + destination..definition.end)
    }

    /// What a link cites whose destination stands somewhere in `place`; none where it leads to no paragraph of an
    /// article, or is a source's own.
    pub(super) fn cited_by_file(
        &self,
        url: &str,
        place: Range<usize>,
        span: Span,
    ) -> Option<Citation> {
        let (path, fragment) = url.split_once('#')?;
        let (folders, file) = path.rsplit_once('/')?;
        let is_article = folders.split('/').any(|folder| folder == "articles");
        let key = file.strip_suffix(".md").filter(|_| is_article)?;
        if self.voice == Voice::Source || is_external(url) {
            return None;
        }
        let hash = self.text.text[place.clone()].find(&format!("#{fragment}"))?;
        let at = place.start + hash + 1;
        let anchor = self.text.slice(at..at + fragment.len());
        let mut named = anchor.clone();
        named.text = key.to_owned().into();
        Some(Citation::of_paragraph(
            named,
            Locator::of_anchor(&anchor)?,
            span,
        ))
    }
}
