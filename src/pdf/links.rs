//! Links inside the print edition, made places of the document once all is laid out.
//!
//! Typst resolves a link to a label while it lays out, and asks five times where it leads: a book with a link in every
//! second line takes twice the time for it. The theme therefore links to the address `#label`, or `#label!n` for the
//! n-th place of a label, and what stands there is looked up here.

use std::collections::HashMap;

use typst::diag::{EcoString, eco_format};
use typst::foundations::Content;
use typst::introspection::{Introspector, Location, Tag};
use typst::layout::{Frame, FrameItem};
use typst::model::{Destination, Document, LinkMarker};
use typst_layout::PagedDocument;

/// A document whose addresses `#label` are places in it; `page` is the word for one.
pub(super) fn resolved(document: &PagedDocument, page: &str) -> PagedDocument {
    let places = Places::of(document, page);
    let info = document.info().clone();
    let pages = document.pages().iter().cloned();
    let pages = pages
        .map(|mut page| {
            resolve(&mut page.frame, &places);
            page
        })
        .collect();
    PagedDocument::new(pages, info)
}

/// Where each label stands.
struct Places<'d> {
    document: &'d PagedDocument,
    page: &'d str,
    by_label: HashMap<EcoString, Vec<Location>>,
}

impl<'d> Places<'d> {
    fn of(document: &'d PagedDocument, page: &'d str) -> Self {
        let mut by_label: HashMap<EcoString, Vec<Location>> = HashMap::new();
        for element in Introspector::query_labelled(document.introspector().as_ref()) {
            if let (Some(label), Some(location)) = (element.label(), element.location()) {
                let name = EcoString::from(label.resolve().as_str());
                by_label.entry(name).or_default().push(location);
            }
        }
        Places {
            document,
            page,
            by_label,
        }
    }

    /// The place of the address `#label`, or the n-th of `#label!n`.
    fn at(&self, address: &str) -> Option<Location> {
        let name = address.strip_prefix('#')?;
        if let Some(found) = self.by_label.get(name) {
            return found.first().copied();
        }
        let (label, number) = name.rsplit_once('!')?;
        let number: usize = number.parse().ok()?;
        self.by_label.get(label)?.get(number).copied()
    }

    /// `page 31`
    fn in_words(&self, place: Location) -> Option<EcoString> {
        let page = self.document.introspector().page(place)?;
        Some(eco_format!("{} {page}", self.page))
    }
}

/// Leads a frame's links to their places.
fn resolve(frame: &mut Frame, places: &Places<'_>) {
    if !has_addresses(frame) {
        return;
    }
    frame.retain(|item| {
        match item {
            FrameItem::Group(group) => resolve(&mut group.frame, places),
            FrameItem::Link(Destination::Url(url), size) => {
                if let Some(place) = places.at(url.as_str()) {
                    *item = FrameItem::Link(Destination::Location(place), *size);
                }
            }
            FrameItem::Tag(Tag::Start(content, _)) => describe(content, places),
            FrameItem::Link(Destination::Position(_) | Destination::Location(_), _)
            | FrameItem::Text(_)
            | FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Tag(Tag::End(..)) => {}
        }
        true
    });
}

/// Says of a link where it leads, in words: screen readers speak them.
fn describe(content: &mut Content, places: &Places<'_>) {
    let place = content
        .to_packed::<LinkMarker>()
        .and_then(|link| places.at(link.alt.as_deref()?));
    let words = place.and_then(|place| places.in_words(place));
    if let (Some(words), Some(link)) = (words, content.to_packed_mut::<LinkMarker>()) {
        link.alt = Some(words);
    }
}

/// Whether a frame has links that stand for places: others are shared and stay so.
fn has_addresses(frame: &Frame) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => has_addresses(&group.frame),
        FrameItem::Link(Destination::Url(url), _) => url.as_str().starts_with('#'),
        FrameItem::Link(Destination::Position(_) | Destination::Location(_), _)
        | FrameItem::Text(_)
        | FrameItem::Shape(..)
        | FrameItem::Image(..)
        | FrameItem::Tag(Tag::End(..)) => false,
        // A line's end may part it from what it leads to.
        FrameItem::Tag(Tag::Start(content, _)) => content.is::<LinkMarker>(),
    })
}
