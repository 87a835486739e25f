//! Places of the book for other programs: addresses in the site, and what stands there.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use crate::book::Home;
use crate::edition::{Address, Edition};

/// What RFC 3986 keeps out of paths and fragments, and `#`, `?` and `%` as parts of a name.
const NAMES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An address from the site's root.
pub(super) fn below_root(edition: &Edition<'_>, to: &Address<'_>) -> String {
    let path = edition.path(to.page);
    let mut url = utf8_percent_encode(&path, NAMES).to_string();
    if let Some(anchor) = &to.anchor {
        url.push('#');
        url.extend(utf8_percent_encode(anchor, NAMES));
    }
    url
}

/// An address as a file of `data/` names it: absolute where it is known where the site will stand, else from there.
pub(super) fn iri(edition: &Edition<'_>, to: &Address<'_>) -> String {
    let root = edition.book.config.site.url.as_deref().unwrap_or("../");
    format!("{root}{}", below_root(edition, to))
}

/// Something of the book, and what it is called.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Named<'b> {
    /// What it is.
    pub(super) kind: &'static str,
    /// Its ID, or its term; a note or an event may have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<&'b str>,
}

impl<'b> Named<'b> {
    pub(super) fn of(edition: &Edition<'b>, home: Home) -> Self {
        let (kind, id) = edition.book.kind_and_id(home);
        Named { kind, id }
    }
}
