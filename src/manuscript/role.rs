//! What a file is to the book, by the folder that it stands in and its ending.

use super::without_order;

/// The folders below the book's `src`.
pub const FOLDERS: [&str; 4] = ["articles", "chapters", "annotations", "assets"];

/// What is read from a file of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role<'p> {
    /// The article with this key.
    Article(&'p str),
    /// A chapter.
    Chapter {
        /// The file's stem without its number, or the folder's name for a part's opening.
        key: &'p str,
        /// The folder below `chapters/`; empty for none.
        part: &'p str,
        /// Whether it is its part's title and opening (`index.md`).
        opens_part: bool,
    },
    /// Annotations.
    Annotations,
}

/// What is read from the file at a path; none for one that is no text of the book.
pub fn role_of<'p>(path: &'p str, src: &str) -> Option<Role<'p>> {
    let below = path.strip_prefix(src)?.strip_prefix('/')?;
    let (folder, inner) = below.split_once('/')?;
    let (stem, ending) = inner.rsplit_once('.')?;
    let (part, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    match (folder, ending) {
        ("articles", "md") => Some(Role::Article(name)),
        ("chapters", "md") => Some(chapter(part, name)),
        ("annotations", "yaml" | "yml") => Some(Role::Annotations),
        _ => None,
    }
}

fn chapter<'p>(part: &'p str, name: &'p str) -> Role<'p> {
    let opens_part = name == "index" && !part.is_empty();
    let own = if opens_part {
        part.rsplit('/').next().unwrap_or_default()
    } else {
        name
    };
    Role::Chapter {
        key: without_order(own),
        part,
        opens_part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_folder_and_its_ending_say() {
        let check = |path: &str, expected| assert_eq!(role_of(path, "content"), expected, "{path}");
        let chapter = |key, part, opens_part| {
            Some(Role::Chapter {
                key,
                part,
                opens_part,
            })
        };
        check("content/articles/a.md", Some(Role::Article("a")));
        check("content/articles/wire/a.b.md", Some(Role::Article("a.b")));
        check("content/chapters/02-b.md", chapter("b", "", false));
        check("content/chapters/index.md", chapter("index", "", false));
        check("content/chapters/1-c/index.md", chapter("c", "1-c", true));
        check("content/chapters/1-c/2-d.md", chapter("d", "1-c", false));
        check("content/annotations/e.yml", Some(Role::Annotations));
        check("content/annotations/e.md", None);
        check("content/articles.md", None);
        check("contents/articles/a.md", None);
        check("book.toml", None);
    }
}
