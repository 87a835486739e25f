//! Where things stand in the site.

use std::borrow::Cow;

use super::{Edition, Page};

/// What the name of a page ends with.
pub const ENDING: &str = ".html";

impl<'b> Edition<'b> {
    /// The path of a page from the site's root.
    pub fn path(&self, page: Page) -> String {
        let (folder, name) = self.folder_and_name(page);
        [folder, &name, ENDING].concat()
    }

    /// The folder of a page, with its slash, and its name there without the ending.
    pub fn folder_and_name(&self, page: Page) -> (&'static str, Cow<'b, str>) {
        let book = self.book;
        match page {
            Page::Chapter(index) => ("chapters/", book.chapters[index].key.as_str().into()),
            Page::Article(index) => ("articles/", book.articles[index].key.as_str().into()),
            Page::Term(index) => ("terms/", file_name(&book.slugs[index], index)),
            Page::Tag(index) => ("tags/", file_name(&book.tags[index].slug, index)),
            Page::Index => ("", "index".into()),
            Page::Timeline => ("", "timeline".into()),
            Page::Claims => ("", "claims".into()),
            Page::Glossary => ("", "glossary".into()),
            Page::Sources => ("", "sources".into()),
            Page::NotFound => ("", "404".into()),
        }
    }
}

/// A slug as a file's name; file systems take 255 bytes.
fn file_name(slug: &str, index: usize) -> Cow<'_, str> {
    const LONGEST: usize = 120;
    if slug.len() <= LONGEST {
        return slug.into();
    }
    format!("{}-{index}", &slug[..slug.floor_char_boundary(LONGEST)]).into()
}
