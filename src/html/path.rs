//! Where things stand in the site, and what leads there.

use std::fmt::Write as _;

use super::markup::Markup;
use super::whole;
use crate::edition::{Address, ENDING, Edition, Page};

/// The page that links lead away from.
#[derive(Clone, Copy)]
pub(super) struct Here<'r> {
    edition: &'r Edition<'r>,
    page: Page,
    prefix: &'r str,
}

/// A part of a link.
enum Part<'p> {
    /// One of ours.
    Fixed(&'static str),
    /// A name of the book's.
    Named(&'p str),
}

impl<'r> Here<'r> {
    pub(super) fn new(edition: &'r Edition<'r>, page: Page) -> Self {
        Here {
            edition,
            page,
            prefix: "",
        }
    }

    /// The same page as a part of the page that has the whole book; `prefix` is its own.
    pub(super) fn in_whole(edition: &'r Edition<'r>, page: Page, prefix: &'r str) -> Self {
        Here {
            edition,
            page,
            prefix,
        }
    }

    /// What stands before every id: nothing, but where one page has many texts.
    pub(super) fn prefix(&self) -> &'r str {
        self.prefix
    }

    /// What leads from here to the site's root.
    pub(super) fn root(&self) -> &'static str {
        if !self.prefix.is_empty() {
            return "";
        }
        match self.page {
            Page::Chapter(_) | Page::Article(_) | Page::Term(_) | Page::Tag(_) => "../",
            Page::Index
            | Page::Timeline
            | Page::Claims
            | Page::Glossary
            | Page::Sources
            | Page::NotFound => "",
        }
    }

    /// What leads from here to an address.
    pub(super) fn href(&self, to: &Address<'_>) -> String {
        let mut href = String::new();
        self.lead(to, |part| match part {
            Part::Fixed(text) => href.push_str(text),
            Part::Named(text) => href.push_str(text),
        });
        href
    }

    /// Writes what leads from here to an address into an attribute.
    pub(super) fn write_href(&self, to: &Address<'_>, out: &mut Markup) {
        self.lead(to, |part| {
            match part {
                Part::Fixed(text) => out.raw(text),
                Part::Named(text) => out.text(text),
            };
        });
    }

    /// Gives what leads from here to an address part by part.
    fn lead(&self, to: &Address<'_>, mut part: impl FnMut(Part<'_>)) {
        let anchor = to.anchor.as_deref();
        if !self.prefix.is_empty()
            && let Some(prefix) = whole::prefix(self.edition, to.page)
        {
            part(Part::Fixed("#"));
            part(Part::Named(&prefix));
        } else {
            if anchor.is_none() || to.page != self.page {
                let (folder, name) = self.edition.folder_and_name(to.page);
                part(Part::Fixed(self.root()));
                part(Part::Fixed(folder));
                part(Part::Named(&name));
                part(Part::Fixed(ENDING));
            }
            if anchor.is_some() {
                part(Part::Fixed("#"));
            }
        }
        if let Some(anchor) = anchor {
            part(Part::Named(anchor));
        }
    }

    /// What leads from here to a copied file.
    pub(super) fn file(&self, path: &str) -> String {
        let mut href = self.root().to_owned();
        for byte in path.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'~') {
                href.push(char::from(byte));
            } else {
                let _ = write!(href, "%{byte:02X}");
            }
        }
        href
    }
}
