//! The page's own address.
//!
//! It is a line that is nothing but an address, a word such as `Source:` before it or none. It counts above the
//! article's first sentence and as the page's last line.

use url::Url;

use super::layout::Passage;
use super::text::fold;
use super::title::opening;
use super::{LeftOut, Reason};

/// Takes the first address out of the passages and returns it.
pub(super) fn take_out(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let opening = opening(passages);
    let last = passages.len().saturating_sub(1);
    let (mut found, mut at) = (None, 0);
    super::leave_out(passages, left_out, |passage| {
        let placed = at < opening || at == last;
        at += 1;
        let is_wanted = placed && found.is_none() && passage.item().is_none();
        found = Some(address(&passage.text).filter(|_| is_wanted)?);
        Some(Reason::MovedToUrl)
    });
    found
}

/// The address that a line consists of.
fn address(line: &str) -> Option<String> {
    let (label, address) = line.rsplit_once(' ').unwrap_or(("", line));
    let is_label = label.is_empty() || LABELS.contains(&fold(label).as_str());
    let address = address.trim_matches(['<', '>']);
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let sound = is_label && is_web && Url::parse(address).is_ok();
    sound.then(|| address.to_owned())
}

/// What stands before a page's address.
const LABELS: [&str; 8] = [
    "url",
    "link",
    "source",
    "address",
    "retrieved from",
    "quelle",
    "adresse",
    "lien",
];
