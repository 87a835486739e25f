//! Where things stand in the site.

use std::borrow::Cow;

use super::{Edition, Page};

impl Edition<'_> {
    /// The path of a page from the site's root.
    pub fn path(&self, page: Page) -> Cow<'static, str> {
        match page {
            Page::Index => "index.html".into(),
            Page::Chapter(index) => {
                let key = self.book.chapters[index].key.as_str();
                ["chapters/", key, ".html"].concat().into()
            }
            Page::Article(index) => {
                let key = self.book.articles[index].key.as_str();
                ["articles/", key, ".html"].concat().into()
            }
            Page::Timeline => "timeline.html".into(),
            Page::Claims => "claims.html".into(),
            Page::Glossary => "glossary.html".into(),
            Page::Term(index) => {
                format!("terms/{}.html", file_name(&self.book.slugs[index], index)).into()
            }
            Page::Tag(index) => format!(
                "tags/{}.html",
                file_name(&self.book.tags[index].slug, index)
            )
            .into(),
            Page::Sources => "sources.html".into(),
            Page::NotFound => "404.html".into(),
        }
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
