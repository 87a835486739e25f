//! A saved page's bytes as text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The page names its encoding in its first bytes (the standard says 1,024; pages are careless).
const HEAD: usize = 4096;

/// The text, and whether some bytes were none in the page's encoding.
///
/// A byte order mark decides, then UTF-8 that reads as such, then what the page says of itself, then
/// Windows-1252, as in browsers. Saved pages are often UTF-8 under another name, since browsers
/// write them anew and leave the name.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None if str::from_utf8(bytes).is_ok() && !is_escaped(bytes) => (UTF_8, bytes),
        None => (named(bytes).unwrap_or(WINDOWS_1252), bytes),
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), broken)
}

/// ISO-2022-JP is ASCII to look at, with escapes.
fn is_escaped(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\x1b$")
}

/// The encoding in `<meta charset=…>`, `content="…; charset=…"` or an XML declaration.
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let places = head
        .match_indices("charset")
        .chain(head.match_indices("encoding"));
    let mut labels = places.filter_map(|(at, word)| label(&head[at + word.len()..]));
    let encoding = labels.find_map(|label| Encoding::for_label(label.as_bytes()))?;
    // A page that could say so in ASCII is not in UTF-16.
    Some(if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else {
        encoding
    })
}

fn label(rest: &str) -> Option<&str> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ' ', ';', '>', '/', '?']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(decode(bytes), (expected.to_owned(), false));
    }

    #[test]
    fn encodings() {
        check(b"\xef\xbb\xbfa\xc3\xa9", "aé");
        check(b"\xff\xfea\0\xe9\0", "aé");
        check(b"<meta charset=utf-8>\xc3\xa9", "<meta charset=utf-8>é");
        check(
            b"<meta charset='iso-8859-1'>\x93\xe9\x94",
            "<meta charset='iso-8859-1'>“é”",
        );
        check(
            b"<META content='text/html; CHARSET=Shift_JIS'>\x90\x85",
            "<META content='text/html; CHARSET=Shift_JIS'>水",
        );
        check(
            b"<?xml version='1.0' encoding='EUC-JP'?>\xbf\xe5",
            "<?xml version='1.0' encoding='EUC-JP'?>水",
        );
        check(
            b"<meta charset=iso-2022-jp>\x1b$B?e\x1b(B",
            "<meta charset=iso-2022-jp>水",
        );
        check(b"no name \x93\xe9\x94", "no name “é”");
    }

    #[test]
    fn a_page_saved_anew_in_utf_8_keeps_its_old_name() {
        check(
            "<meta charset=shift_jis>水".as_bytes(),
            "<meta charset=shift_jis>水",
        );
    }

    #[test]
    fn broken_bytes_are_told() {
        assert_eq!(
            decode(b"<meta charset=utf-8>\xff"),
            ("<meta charset=utf-8>\u{fffd}".to_owned(), true)
        );
    }
}
