//! Which part of a thing a request asks for (RFC 9110 §14).

use hyper::HeaderMap;
use hyper::header::{IF_RANGE, RANGE};

use super::door::only;

/// A part of a thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The bytes from one to before another.
    Of { from: u64, to: u64 },
    /// A part that it does not have.
    None,
}

/// The part that a request asks for. What is not one sound range is passed over, as the standard allows.
pub(super) fn part(headers: &HeaderMap, etag: &str, length: u64) -> Part {
    let range = only(headers, &RANGE).and_then(|range| range.strip_prefix("bytes="));
    let outdated = headers.contains_key(IF_RANGE) && only(headers, &IF_RANGE) != Some(etag);
    match range {
        Some(range) if !outdated => of(range, length).unwrap_or(Part::Whole),
        Some(_) | None => Part::Whole,
    }
}

fn of(range: &str, length: u64) -> Option<Part> {
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| -> Option<u64> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (from, to) = match (number(first), number(last)) {
        (Some(from), Some(last)) if from <= last => (from, last.saturating_add(1).min(length)),
        (Some(from), None) if last.is_empty() => (from, length),
        (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), length),
        _ => return None,
    };
    Some(if from < to {
        Part::Of { from, to }
    } else {
        Part::None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_cut() {
        let part = |from, to| Part::Of { from, to };
        let check = |range: &str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, range.parse().unwrap());
            assert_eq!(super::part(&headers, "\"x\"", 10), expected, "{range}");
        };
        check("bytes=0-0", part(0, 1));
        check("bytes=2-5", part(2, 6));
        check("bytes=2-99", part(2, 10));
        check("bytes=2-", part(2, 10));
        check("bytes=-3", part(7, 10));
        check("bytes=-30", part(0, 10));
        check("bytes=10-", Part::None);
        check("bytes=-0", Part::None);
        check("bytes=99999999999999999999-", Part::None);
        check("bytes=5-2", Part::Whole);
        check("bytes=0-1,3-4", Part::Whole);
        check("bytes=a-b", Part::Whole);
        check("bytes=--1", Part::Whole);
        check("lines=0-1", Part::Whole);
    }

    #[test]
    fn a_range_of_what_is_no_more_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, "bytes=0-0".parse().unwrap());
        headers.insert(IF_RANGE, "\"old\"".parse().unwrap());
        assert_eq!(part(&headers, "\"new\"", 10), Part::Whole);
    }
}
