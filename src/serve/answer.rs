//! What is asked, and what is answered. Nothing here knows sockets.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use serde_json::json;
use tokio::sync::watch;

use super::board::Board;
use super::door;
use super::editor::Editor;
use super::generation::{Content, Generation, Lack};
use super::page::{self, Dress, Reason};
use super::places;
use super::range::{Part, part};
use crate::disk;
use crate::source::SitePath;

const SCRIPT: &str = include_str!("client.js");
const STYLE: &str = include_str!("client.css");

/// Where our own addresses begin. No file of a site stands there: an article's or chapter's folder comes first.
const OWN: &str = "/_pincite/";

/// Shown, never kept: it changes with every save.
const NO_STORE: &str = "no-store";

/// Kept, and asked for again each time: fonts and images come at once when a page is loaded anew.
const NO_CACHE: &str = "no-cache";

/// What a file that could run scripts gets: it runs them in nobody's name.
const SANDBOX: &str = "sandbox allow-scripts allow-popups";

const TOKEN: HeaderName = HeaderName::from_static("x-pincite-token");

/// An answer's content.
pub(super) enum Body {
    /// Bytes that are there.
    Bytes(Bytes),
    /// A part of a file.
    File {
        file: fs::File,
        from: u64,
        length: u64,
    },
    /// Every state of the board, as server-sent events.
    Events(watch::Receiver<Arc<str>>),
}

/// An answer, ready to be sent.
pub(super) type Answer = Response<Body>;

/// Answers requests.
pub(super) struct Server {
    pub(super) root: PathBuf,
    pub(super) port: u16,
    pub(super) board: Arc<Board>,
    pub(super) editor: Option<Editor>,
    /// What a page of this run knows and no other does.
    pub(super) token: String,
}

impl Server {
    /// Answers one request.
    pub(super) fn answer(&self, request: &Parts, body: &[u8]) -> Answer {
        if let Err(reason) = door::admit(request, self.port) {
            return plain(StatusCode::FORBIDDEN, reason);
        }
        let path = request.uri.path();
        let own = path.strip_prefix(OWN);
        if own == Some("edit") {
            return self.edit(request, body);
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return not_allowed("GET, HEAD");
        }
        match own {
            Some(name) => self.own(name, request),
            None => self.site(path, request),
        }
    }

    fn own(&self, name: &str, request: &Parts) -> Answer {
        match name {
            "client.js" => own("text/javascript; charset=utf-8", SCRIPT),
            "client.css" => own("text/css; charset=utf-8", STYLE),
            "state" => own("application/json", self.board.state().to_string()),
            "events" => events(self.board.follow()),
            "tag" => own("text/plain; charset=utf-8", self.tag(asked_page(request))),
            "places" => self.places(asked_page(request)),
            _ => plain(StatusCode::NOT_FOUND, "nothing stands here"),
        }
    }

    fn site(&self, address: &str, request: &Parts) -> Answer {
        // The names first: what is older than its page is asked for once more, what is newer never again.
        let (pages, styles) = self.board.names();
        let Some(good) = self.board.good() else {
            let page = page::stand_in(Reason::NoBook, &self.board.problems());
            let dress = self.dress("none".into(), pages, styles);
            return html(
                StatusCode::SERVICE_UNAVAILABLE,
                page::dressed(&page, &dress),
            );
        };
        let path = door::site_path(address);
        let content = path
            .as_ref()
            .map_or(Err(Lack::NoSuchPage), |path| good.content(path));
        match (content, path) {
            (Ok(Content::Page(page)), _) => {
                let dress = self.dress(self.board.tag(&page), pages, styles);
                let page = page::dressed(&String::from_utf8_lossy(&page), &dress);
                let etag = self.board.tag(page.as_bytes());
                let length = page.len() as u64;
                deliver(
                    request,
                    Thing {
                        mime: HTML.into(),
                        cache: NO_STORE,
                        sandbox: false,
                        etag,
                        length,
                        body: Body::Bytes(page.into()),
                    },
                )
            }
            (Ok(Content::Bytes(bytes)), Some(path)) => {
                let etag = blake3::hash(&bytes).to_hex()[..20].to_owned();
                let (length, bytes) = (bytes.len() as u64, Bytes::from_owner(bytes));
                deliver(request, thing(&path, etag, length, Body::Bytes(bytes)))
            }
            (Ok(Content::Asset(file)), Some(path)) => self.asset(request, &path, &file),
            (Err(Lack::Mistake(text)), _) => {
                let dress = self.dress("none".into(), pages, styles);
                let page = page::dressed(&page::stand_in(Reason::Theme, &text), &dress);
                html(StatusCode::INTERNAL_SERVER_ERROR, page)
            }
            (Err(Lack::Unanswered), _) => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the page could not be made",
            ),
            (Err(Lack::NoSuchPage) | Ok(_), _) => self.not_found(&good),
        }
    }

    fn asset(&self, request: &Parts, path: &SitePath, file: &str) -> Answer {
        let Ok((opened, length)) = disk::open_asset(&self.root, file) else {
            return plain(StatusCode::NOT_FOUND, "the file cannot be read");
        };
        let newest = self.board.newest();
        let etag = newest.assets().get(file).map_or_else(String::new, |asset| {
            blake3::Hash::from(asset.hash).to_hex()[..20].to_owned()
        });
        let body = Body::File {
            file: opened,
            from: 0,
            length,
        };
        deliver(request, thing(path, etag, length, body))
    }

    /// The theme's page for an address that leads nowhere.
    fn not_found(&self, good: &Generation) -> Answer {
        let (pages, styles) = self.board.names();
        let Some(page) = missing_page(good) else {
            return plain(StatusCode::NOT_FOUND, "nothing stands here");
        };
        let dress = self.dress(self.board.tag(&page), pages, styles);
        let page = page::dressed(&String::from_utf8_lossy(&page), &dress);
        html(StatusCode::NOT_FOUND, page::based(&page))
    }

    /// Tells the present page at a path from earlier ones.
    fn tag(&self, path: Option<SitePath>) -> String {
        let Some(good) = self.board.good() else {
            return "none".into();
        };
        let content = path.map_or(Err(Lack::NoSuchPage), |path| good.content(&path));
        let page = match content {
            Ok(Content::Page(page)) => Some(page),
            Err(Lack::NoSuchPage) => missing_page(&good),
            Ok(Content::Bytes(_) | Content::Asset(_))
            | Err(Lack::Mistake(_) | Lack::Unanswered) => None,
        };
        page.map_or("none".into(), |page| self.board.tag(&page))
    }

    /// Where a page's paragraphs and entries stand, for those who have an editor to open.
    fn places(&self, path: Option<SitePath>) -> Answer {
        let (Some(path), true) = (path, self.editor.is_some()) else {
            return plain(StatusCode::NOT_FOUND, "nothing stands here");
        };
        let good = self.board.good();
        let places = good.and_then(|good| good.ask(move |view| places::places(view, &path)));
        let places = json!({"token": self.token, "places": places.unwrap_or_default()});
        own("application/json", places.to_string())
    }

    /// Opens the editor at a line of a file of the book, for a page of this run alone.
    fn edit(&self, request: &Parts, body: &[u8]) -> Answer {
        if request.method != Method::POST {
            return not_allowed("POST");
        }
        let Some(editor) = &self.editor else {
            return plain(StatusCode::NOT_FOUND, "no editor is configured");
        };
        let token = door::only(&request.headers, &TOKEN).unwrap_or_default();
        let same = blake3::hash(token.as_bytes()) == blake3::hash(self.token.as_bytes());
        if !same || !door::is_from_here(&request.headers) {
            return plain(StatusCode::FORBIDDEN, "this comes from elsewhere");
        }
        let place: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let (Some(file), Some(line)) = (place["file"].as_str(), place["line"].as_u64()) else {
            return plain(StatusCode::BAD_REQUEST, "a place is a file and a line");
        };
        if self.board.newest().find(file).is_none() {
            return plain(StatusCode::NOT_FOUND, "this is no text of the book");
        }
        let line = usize::try_from(line).unwrap_or(1).max(1);
        match editor.open(&self.root.join(file), line) {
            Ok(()) => answer(StatusCode::NO_CONTENT, Body::Bytes(Bytes::new()), &[]),
            Err(error) => {
                let words = format!("the editor does not start: {error}");
                plain(StatusCode::INTERNAL_SERVER_ERROR, words)
            }
        }
    }

    fn dress(&self, tag: String, pages: String, styles: String) -> Dress {
        let editor = self.editor.is_some();
        Dress {
            tag,
            pages,
            styles,
            editor,
        }
    }
}

fn missing_page(good: &Generation) -> Option<Arc<[u8]>> {
    match good.content(&SitePath::new("404.html")?) {
        Ok(Content::Page(page)) => Some(page),
        Ok(Content::Bytes(_) | Content::Asset(_)) | Err(_) => None,
    }
}

/// The page that `?page=` names by its address.
fn asked_page(request: &Parts) -> Option<SitePath> {
    let query = request.uri.query()?;
    let address = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("page="))?;
    let address = percent_encoding::percent_decode_str(address)
        .decode_utf8()
        .ok()?;
    door::site_path(&address)
}

/// Something that can be delivered whole or in part.
struct Thing {
    mime: String,
    cache: &'static str,
    sandbox: bool,
    etag: String,
    /// In bytes.
    length: u64,
    body: Body,
}

fn thing(path: &SitePath, etag: String, length: u64, body: Body) -> Thing {
    let mime = mime_guess::from_path(path.as_str()).first_or_octet_stream();
    let text = mime.type_() == "text"
        || mime.essence_str().ends_with("javascript")
        || mime.essence_str().ends_with("json");
    Thing {
        mime: if text {
            format!("{mime}; charset=utf-8")
        } else {
            mime.to_string()
        },
        cache: NO_CACHE,
        sandbox: page::is_active(path),
        etag,
        length,
        body,
    }
}

fn deliver(request: &Parts, thing: Thing) -> Answer {
    let Thing {
        mime,
        cache,
        sandbox,
        etag,
        length,
        body,
    } = thing;
    let etag = format!("\"{etag}\"");
    let mut headers = vec![
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::ETAG, etag.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    if sandbox {
        headers.push((header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()));
    }
    let known = door::only(&request.headers, &header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.split(',').any(|known| known.trim() == etag)) {
        return answer(
            StatusCode::NOT_MODIFIED,
            Body::Bytes(Bytes::new()),
            &headers,
        );
    }
    match part(&request.headers, &etag, length) {
        Part::Whole => {
            headers.push((header::CONTENT_LENGTH, length.to_string()));
            answer(StatusCode::OK, body, &headers)
        }
        Part::Of { from, to } => {
            let range = format!("bytes {from}-{}/{length}", to - 1);
            headers.push((header::CONTENT_RANGE, range));
            headers.push((header::CONTENT_LENGTH, (to - from).to_string()));
            answer(StatusCode::PARTIAL_CONTENT, cut(body, from, to), &headers)
        }
        Part::None => {
            headers.push((header::CONTENT_RANGE, format!("bytes */{length}")));
            answer(
                StatusCode::RANGE_NOT_SATISFIABLE,
                Body::Bytes(Bytes::new()),
                &headers,
            )
        }
    }
}

fn cut(body: Body, from: u64, to: u64) -> Body {
    let offset = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    match body {
        Body::Bytes(bytes) => Body::Bytes(bytes.slice(offset(from)..offset(to).min(bytes.len()))),
        Body::File { file, .. } => Body::File {
            file,
            from,
            length: to - from,
        },
        Body::Events(_) => body,
    }
}

const HTML: &str = "text/html; charset=utf-8";

fn html(status: StatusCode, page: String) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, HTML.into()),
        (header::CACHE_CONTROL, NO_STORE.into()),
    ];
    answer(status, Body::Bytes(page.into()), &headers)
}

fn own(mime: &str, text: impl Into<Bytes>) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, mime.into()),
        (header::CACHE_CONTROL, NO_STORE.into()),
    ];
    answer(StatusCode::OK, Body::Bytes(text.into()), &headers)
}

fn events(states: watch::Receiver<Arc<str>>) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream".into()),
        (header::CACHE_CONTROL, NO_STORE.into()),
    ];
    answer(StatusCode::OK, Body::Events(states), &headers)
}

fn plain(status: StatusCode, words: impl Into<String>) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".into()),
        (header::CACHE_CONTROL, NO_STORE.into()),
    ];
    answer(status, Body::Bytes((words.into() + "\n").into()), &headers)
}

fn not_allowed(methods: &'static str) -> Answer {
    let mut answer = plain(
        StatusCode::METHOD_NOT_ALLOWED,
        "this method is not known here",
    );
    answer
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(methods));
    answer
}

fn answer(status: StatusCode, body: Body, headers: &[(HeaderName, String)]) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let map = answer.headers_mut();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            map.insert(name.clone(), value);
        }
    }
    map.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    map.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    map.insert(policy, HeaderValue::from_static("same-origin"));
    answer
}
