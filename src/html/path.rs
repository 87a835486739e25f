//! Where things stand in the site, and what leads there.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::whole;
use crate::edition::{Address, Edition, Page};

/// The path of a page from the site's root.
pub(super) fn path(edition: &Edition<'_>, page: Page) -> Cow<'static, str> {
    match page {
        Page::Index => "index.html".into(),
        Page::Chapter(index) => {
            let key = edition.book.chapters[index].key.as_str();
            ["chapters/", key, ".html"].concat().into()
        }
        Page::Article(index) => {
            let key = edition.book.articles[index].key.as_str();
            ["articles/", key, ".html"].concat().into()
        }
        Page::Timeline => "timeline.html".into(),
        Page::Claims => "claims.html".into(),
        Page::Glossary => "glossary.html".into(),
        Page::Term(index) => format!(
            "terms/{}.html",
            file_name(&edition.book.slugs[index], index)
        )
        .into(),
        Page::Tag(index) => format!(
            "tags/{}.html",
            file_name(&edition.book.tags[index].slug, index)
        )
        .into(),
        Page::Sources => "sources.html".into(),
        Page::NotFound => "404.html".into(),
    }
}

/// A slug as a file's name; file systems take 255 bytes.
fn file_name(slug: &str, index: usize) -> String {
    const LONGEST: usize = 120;
    if slug.len() <= LONGEST {
        return slug.to_owned();
    }
    format!("{}-{index}", &slug[..slug.floor_char_boundary(LONGEST)])
}

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
        let page = path(self.edition, to.page);
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
