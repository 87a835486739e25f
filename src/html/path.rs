//! Where things stand in the site, and what leads there.

use std::fmt::Write as _;

use super::whole;
use crate::edition::{Address, Edition, Page};

/// The page that links lead away from.
#[derive(Clone, Copy)]
pub(super) struct Here<'r> {
    edition: &'r Edition<'r>,
    page: Page,
    prefix: &'r str,
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
    pub(super) fn href(&self, to: &Address) -> String {
        if !self.prefix.is_empty()
            && let Some(prefix) = whole::prefix(self.edition, to.page)
        {
            let anchor = to.anchor.as_deref().unwrap_or_default();
            return format!("#{prefix}{anchor}");
        }
        let anchor = to.anchor.as_deref();
        if let Some(anchor) = anchor.filter(|_| to.page == self.page) {
            return ["#", anchor].concat();
        }
        let page = self.edition.path(to.page);
        let sign = if anchor.is_some() { "#" } else { "" };
        [self.root(), &page, sign, anchor.unwrap_or_default()].concat()
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
