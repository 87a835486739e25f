//! What keys, locators, citations, dates and language tags look like: regular expressions (ECMA 262) for editors.
//!
//! They let through whatever the readers take, and stop what is plainly wrong.

/// A key.
pub fn key() -> String {
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$".into()
}

/// The paragraphs of a locator: `¶3`, `pp3-5, 9`.
pub fn paragraphs() -> String {
    format!(r"^\s*{NUMBERS}\s*$")
}

/// Citations, one a line: `key ¶3 "words of the source"`.
pub fn citations() -> String {
    let key = "[A-Za-z0-9][A-Za-z0-9._-]*";
    let locator = format!(r"[\s,:]*\{{?(\^{key}|{NUMBERS})\}}?");
    let quotation = format!(r"[^\n@¶{MARKS}]*[{MARKS}][^\n]*[{MARKS}]");
    let citation = format!(r"\[?@?{key}({locator})?({quotation})?[\s,.:]*\]?");
    format!(r"^\s*({citation})?(\s*\n\s*({citation})?)*\s*$")
}

/// A date, or an interval that may be open (EDTF level 1).
pub fn date() -> String {
    let year = r"-?\d{2}(\d{2}|\dX|XX)";
    let day = r"(\d{2}|XX)(T[0-9:.Z+-]+)?";
    let date = format!(r"(Y-?\d+|{year}(-(\d{{2}}|XX)(-{day})?)?)[~?%]?");
    format!(r"^\s*({date}|({date}|\.\.)?/({date}|\.\.)?)\s*$")
}

/// A language tag (BCP 47).
pub fn language() -> String {
    r"^\s*([IiXx]|[A-Za-z]{2,3})(-[A-Za-z0-9]{1,8})*\s*$".into()
}

/// `¶3`, `¶¶3-5, 9`, `para. 3`
const NUMBERS: &str =
    r"(¶+|[Pp]([Pp]|[Aa][Rr]([Aa]([Gg][Rr][Aa][Pp][Hh])?)?[Ss]?)?\.?)\s*\d[\d\s,.¶p‑–—−－〜～-]*";

/// The signs of `QUOTATION_MARKS`.
const MARKS: &str = r"\x22“”„‟«»「」";
