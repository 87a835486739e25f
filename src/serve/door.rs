//! Who may come in, and to where: the checks that every request passes before anything else is done with it.
//!
//! A page of another site can send requests to this machine. It does not get in: its `Origin` is another, and where it
//! has made its own name point here (DNS rebinding), the `Host` is another.

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use percent_encoding::percent_decode_str;

use crate::source::SitePath;

/// The names of this machine for itself.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Whether a request is meant for this server and comes from nowhere else than its pages; if not, why.
pub(super) fn admit(request: &Parts, port: u16) -> Result<(), &'static str> {
    let host = only(&request.headers, &HOST).ok_or("a request names one host")?;
    let authority = request.uri.authority().map(Authority::as_str);
    if ![Some(host), authority]
        .into_iter()
        .flatten()
        .all(|host| is_ours(host, port))
    {
        return Err("this host is not served here");
    }
    let origins = request.headers.get_all(ORIGIN).iter();
    let all_ours = origins.map(|origin| origin.to_str()).all(|origin| {
        let host = origin
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"));
        host.is_some_and(|host| is_ours(host, port))
    });
    all_ours.then_some(()).ok_or("this comes from another site")
}

/// Whether a request says that it comes from one of our pages, as every one does that changes something.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    only(headers, &ORIGIN).is_some()
}

/// The value of a header that stands there once.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_ours(host: &str, port: u16) -> bool {
    let (name, said) = match host.rsplit_once(':') {
        Some((name, said)) if !said.ends_with(']') => (name, said.parse().ok()),
        _ => (host, Some(80)),
    };
    said == Some(port) && NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The path in the site that an address asks for. Parts such as `..`, however they are written, lead nowhere.
pub(super) fn site_path(address: &str) -> Option<SitePath> {
    let below = address.strip_prefix('/')?;
    let below = percent_decode_str(below).decode_utf8().ok()?;
    if below.is_empty() || below.ends_with('/') {
        return SitePath::new(format!("{below}index.html"));
    }
    SitePath::new(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_served() {
        let check = |host, expected| assert_eq!(is_ours(host, 4000), expected, "{host}");
        check("127.0.0.1:4000", true);
        check("LocalHost:4000", true);
        check("[::1]:4000", true);
        check("localhost", false);
        check("localhost:4001", false);
        check("localhost:", false);
        check("[::1]", false);
        check("rebound.example:4000", false);
        check("127.0.0.1.example:4000", false);
        check("127.0.0.1:4000:4000", false);
        assert!(is_ours("localhost", 80));
    }

    #[test]
    fn addresses_lead_into_the_site_alone() {
        let check = |address, expected: Option<&str>| {
            let path = site_path(address);
            assert_eq!(path.as_ref().map(SitePath::as_str), expected, "{address}");
        };
        check("/", Some("index.html"));
        check("/chapters/", Some("chapters/index.html"));
        check("/assets/a%20b.png", Some("assets/a b.png"));
        check("/assets/%E5%9B%B3.png", Some("assets/図.png"));
        for bad in [
            "",
            "index.html",
            "/../book.toml",
            "/%2e%2e/book.toml",
            "/a/%2E./b",
            "/..%2fbook.toml",
            "/..%5cbook.toml",
            "/a\\b",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/./index.html",
            "/a%00.html",
            "/%ff",
            "/c:/x",
        ] {
            check(bad, None);
        }
    }
}
