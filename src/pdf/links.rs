//! Links inside the print edition, made places of the document once all is laid out.
//!
//! Typst resolves a link to a label while it lays out, and asks five times where it leads: a book with a link in every
//! second line takes twice the time for it. The theme therefore links to the address `#label`, or `#label!n` for the
//! n-th place of a label, and what stands there is looked up here.

use std::collections::HashMap;

use typst::introspection::{Introspector, Location};
use typst::layout::{Frame, FrameItem};
use typst::model::{Destination, Document};
use typst_layout::PagedDocument;

/// A document whose addresses `#label` are places in it.
pub(super) fn resolved(document: &PagedDocument) -> PagedDocument {
    let places = places(document);
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
fn places(document: &PagedDocument) -> HashMap<String, Vec<Location>> {
    let mut places: HashMap<String, Vec<Location>> = HashMap::new();
    for element in Introspector::query_labelled(document.introspector().as_ref()) {
        if let (Some(label), Some(location)) = (element.label(), element.location()) {
            let name = label.resolve().as_str().to_owned();
            places.entry(name).or_default().push(location);
        }
    }
    places
}

/// Leads a frame's links to their places.
fn resolve(frame: &mut Frame, places: &HashMap<String, Vec<Location>>) {
    if !has_addresses(frame) {
        return;
    }
    frame.retain(|item| {
        match item {
            FrameItem::Group(group) => resolve(&mut group.frame, places),
            FrameItem::Link(Destination::Url(url), size) => {
                let place = url
                    .as_str()
                    .strip_prefix('#')
                    .and_then(|name| place(name, places));
                if let Some(place) = place {
                    *item = FrameItem::Link(Destination::Location(place), *size);
                }
            }
            FrameItem::Link(Destination::Position(_) | Destination::Location(_), _)
            | FrameItem::Text(_)
            | FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Tag(_) => {}
        }
        true
    });
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
        | FrameItem::Tag(_) => false,
    })
}

/// The place of `label`, or the n-th of `label!n`.
fn place(name: &str, places: &HashMap<String, Vec<Location>>) -> Option<Location> {
    if let Some(found) = places.get(name) {
        return found.first().copied();
    }
    let (label, number) = name.rsplit_once('!')?;
    places
        .get(label)?
        .get(number.parse::<usize>().ok()?)
        .copied()
}
