//! Where a page's links and pictures lead.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::percent_decode_str;
use url::Url;

/// Addresses as seen from the page.
pub(super) struct Addresses {
    base: Option<Url>,
}

/// Where the picture of an `<img>` is.
pub(super) enum Picture {
    /// Beside the page: a path below the page's folder.
    Beside(String),
    /// In the page itself: the ending of its kind, and its bytes.
    Within(&'static str, Vec<u8>),
    /// On another site.
    Elsewhere(String),
    /// Nowhere that could be told.
    Nowhere,
}

impl Addresses {
    /// Of a page with this address, if it is known.
    pub(super) fn of(page: Option<&str>) -> Self {
        Self {
            base: page.and_then(|page| Url::parse(page).ok()),
        }
    }

    /// Where a link leads, written so that Markdown takes it as it is; nothing for scripts, places in the page and addresses
    /// that cannot be told without the page's own.
    pub(super) fn link(&self, href: &str) -> Option<String> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') || href.len() > LONGEST {
            return None;
        }
        let url = match Url::parse(href) {
            Ok(url) => url,
            Err(_) => self.base.as_ref()?.join(href).ok()?,
        };
        let leads = matches!(url.scheme(), "http" | "https" | "mailto");
        leads.then(|| in_markdown(url.as_str()))
    }

    /// Where a picture is; one that does not lie beside the page is where the page came from.
    pub(super) fn picture(&self, src: &str, holds: &dyn Fn(&str) -> bool) -> Picture {
        let src = src.trim();
        if let Some(data) = src.strip_prefix("data:") {
            return within(data).unwrap_or(Picture::Nowhere);
        }
        if let Some(path) = beside(src).filter(|path| is_picture(path) && holds(path)) {
            return Picture::Beside(path);
        }
        let url = self.link(src).filter(|url| url.starts_with("http"));
        url.map_or(Picture::Nowhere, Picture::Elsewhere)
    }
}

const LONGEST: usize = 8000;

/// Parentheses would end a destination, and an entity would be read as its character.
fn in_markdown(url: &str) -> String {
    let url = url
        .replace('(', "%28")
        .replace(')', "%29")
        .replace('\\', "%5C");
    url.replace('&', if url.contains(';') { "&amp;" } else { "&" })
}

/// The path of a file below the page's folder: no step up, nothing absolute, nothing hidden in an escape.
fn beside(src: &str) -> Option<String> {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let steps: Vec<&str> = path.split('/').filter(|step| *step != ".").collect();
    let below = steps
        .iter()
        .all(|step| !step.is_empty() && *step != ".." && !step.contains(['\\', ':', '\0']));
    (below && !steps.is_empty()).then(|| steps.join("/"))
}

/// Whether a file's name says that browsers show it as a picture.
fn is_picture(path: &str) -> bool {
    let ending = path
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    matches!(
        ending.as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "avif"
    )
}

/// `image/png;base64,…`. Vector pictures may hold scripts, and as data they are mostly placeholders.
fn within(data: &str) -> Option<Picture> {
    let (kind, code) = data.split_once(',')?;
    let kind = kind.strip_suffix(";base64")?;
    let ending = match kind.split(';').next()? {
        "image/png" => "png",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => return None,
    };
    let code: String = percent_decode_str(code)
        .decode_utf8()
        .ok()?
        .split_whitespace()
        .collect();
    let bytes = BASE64.decode(code).ok()?;
    // One pixel is a counter or holds a place.
    (bytes.len() > 200).then_some(Picture::Within(ending, bytes))
}
