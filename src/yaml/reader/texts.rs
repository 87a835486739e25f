//! Lists of texts that are written so that YAML takes them otherwise.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::schema::{Kind, Shape};
use crate::source::{Span, Text};
use crate::yaml::{Scalar, ScalarStyle, scalar};

/// `-northern stage`: the only entry of a list, whose hyphen lacks its space.
pub(super) fn lone_item(scalar: &Scalar) -> Option<Diagnostic> {
    let text = &scalar.text;
    let words = text.text.strip_prefix('-')?;
    let is_item = words.starts_with(char::is_alphabetic) && scalar.style == ScalarStyle::Plain;
    is_item.then(|| {
        let message = "the hyphen of a list's entry has a space behind it";
        let first = scalar.lines().into_iter().next();
        let words = first.as_ref().map_or(words, |first| &first.text[1..]);
        Diagnostic::new(Lint::YamlTrap, text.whole(), message).help(format!(
            "write `- {words}`, or quotation marks round a text that begins with a hyphen"
        ))
    })
}

/// What was meant for a list and is one text to YAML. Quotation marks say that one text is meant.
pub(super) fn list_in_one_text(scalar: &Scalar, field: &str) -> Option<Diagnostic> {
    if scalar.style != ScalarStyle::Plain {
        return None;
    }
    let text = &scalar.text;
    let in_parentheses =
        |words| str::strip_prefix(words, ['(', '［', '【'])?.strip_suffix([')', '］', '】']);
    let words = in_parentheses(&text.text).unwrap_or(&text.text);
    let pieces = match field {
        "author" => authors(words),
        _ => words
            .split([',', ';', '、', '，', '；'])
            .map(Cow::Borrowed)
            .collect(),
    };
    // A bracket may have lost its other.
    let bare = |piece: &Cow<'_, str>| {
        let piece = piece.trim_matches(['[', ']', ' ']);
        let piece = without_printers_marks(piece).unwrap_or(piece);
        piece.to_owned()
    };
    let pieces: Vec<String> = pieces.iter().map(bare).collect();
    if let [word] = pieces.as_slice()
        && let Some(lone) = lone_bracket(&text.text)
    {
        let message = format!("this bracket has no other, and is a part of `{field}` to YAML");
        return Some(
            Diagnostic::new(Lint::ListInOneText, text.span(lone), message)
                .help(format!(
                    "write `{field}: {word}`, or quotation marks round the text"
                ))
                .fix(text.whole(), word.clone()),
        );
    }
    // `Yamaguchi, Mari` is one author, a name of one word hardly two.
    let names = |piece: &String| field != "author" || piece.contains(' ');
    if pieces.len() < 2 || !pieces.iter().all(names) || pieces.iter().any(String::is_empty) {
        return None;
    }
    let list = format!("[{}]", pieces.join(", "));
    let message = format!("`{field}` takes a list, and this is one text to YAML");
    Some(
        Diagnostic::new(Lint::ListInOneText, text.whole(), message)
            .help(format!(
                "write `{field}: {list}`, or quotation marks round one text"
            ))
            .fix(text.whole(), list),
    )
}

/// `Mari Yamada, Ken Sato`, `Yamada, Mari; Sato, Ken`, `Yamada, M., Sato, K.`: the authors, in the last two with the
/// quotation marks that a comma in a name needs.
fn authors(words: &str) -> Vec<Cow<'_, str>> {
    let quoted = |name: &str| {
        if name.contains(',') {
            Cow::Owned(format!("\"{}\"", name.trim()))
        } else {
            Cow::Owned(name.to_owned())
        }
    };
    let apart = words.split(';').flat_map(|part| part.split(" and "));
    let apart = apart.flat_map(|part| part.split(" & "));
    let apart: Vec<&str> = apart.map(|part| part.trim_end_matches(',')).collect();
    let by_comma: Vec<&str> = apart.iter().flat_map(|part| part.split(',')).collect();
    let is_name = |part: &&str| part.trim().contains(' ');
    if by_comma.iter().all(is_name) {
        return by_comma.into_iter().map(Cow::Borrowed).collect();
    }
    if apart.len() > 1 {
        return apart.into_iter().map(quoted).collect();
    }
    let (pairs, rest) = by_comma.as_chunks::<2>();
    if pairs.len() > 1 && rest.is_empty() {
        return pairs.iter().map(|pair| quoted(&pair.join(","))).collect();
    }
    by_comma.into_iter().map(Cow::Borrowed).collect()
}

/// A bracket at the end of a text in which none begins.
fn lone_bracket(text: &str) -> Option<Range<usize>> {
    let bare = text.strip_suffix(']')?;
    (!bare.contains('[')).then_some(bare.len()..text.len())
}

/// `[A; B]`, `[A、B]`: a list whose only text was meant as several.
pub(super) fn several_in_item(scalar: &Scalar) -> Option<Diagnostic> {
    let text = &scalar.text;
    let pieces: Vec<&str> = text.text.split(LIST_SIGNS).map(str::trim).collect();
    let several = pieces.len() > 1 && pieces.iter().all(|piece| !piece.is_empty());
    (several && scalar.style == ScalarStyle::Plain).then(|| {
        let list = pieces.join(", ");
        let message = "a comma stands between the texts of a list, and this is one text to YAML";
        Diagnostic::new(Lint::ListInOneText, text.whole(), message)
            .help(format!("write `{list}`, or quotation marks round one text"))
            .fix(text.whole(), list)
    })
}

/// What is typed for the comma of a list.
const LIST_SIGNS: [char; 4] = [';', '、', '，', '；'];

/// Texts in `“…”`, which YAML takes for a part of them: one slip, however many they are.
pub(super) fn in_printers_marks(texts: &[&Text]) -> Option<Diagnostic> {
    let marked: Vec<(Span, String)> = texts
        .iter()
        .filter_map(|text| Some((text.whole(), scalar(without_printers_marks(&text.text)?))))
        .collect();
    let (first, last) = (marked.first()?, marked.last()?);
    let place = Span {
        end: last.0.end,
        ..first.0
    };
    let (message, help) = if marked.len() > 1 {
        let bare: Vec<String> = marked.iter().map(|(_, bare)| format!("`{bare}`")).collect();
        (
            "the quotation marks of these words are a part of them to YAML",
            format!("write {}, or straight marks", bare.join(", ")),
        )
    } else {
        let bare = &first.1;
        let straight = if bare.starts_with('"') {
            String::new()
        } else {
            format!(", or `\"{bare}\"`")
        };
        (
            "these quotation marks are a part of the word to YAML",
            format!("write `{bare}`{straight}"),
        )
    };
    let told = Diagnostic::new(Lint::YamlTrap, place, message).help(help);
    let told = marked
        .into_iter()
        .fold(told, |told, (span, bare)| told.fix(span, bare));
    Some(told.trusted(Trust::Suggested))
}

/// A text without the printer's marks in which it stands, of which a comma may have cut off one.
fn without_printers_marks(text: &str) -> Option<&str> {
    const OPENING: [char; 3] = ['“', '”', '„'];
    const CLOSING: [char; 2] = ['”', '“'];
    let in_single = text.strip_prefix(['‘', '‚']);
    if let Some(inner) = in_single.and_then(|inner| inner.strip_suffix(['’', '‘'])) {
        return (!inner.contains('‘')).then_some(inner);
    }
    let inner = text.strip_prefix(OPENING).unwrap_or(text);
    let inner = inner.strip_suffix(CLOSING).unwrap_or(inner);
    let is_whole = !inner.is_empty() && !inner.contains(OPENING);
    (is_whole && inner.len() < text.len()).then_some(inner)
}

/// `David":`, `“pier”:`: a key with marks that are a part of it.
pub fn marked_key(key: &Text) -> Option<Diagnostic> {
    let bare = key.text.trim_matches(['"', '“', '”', '„']);
    let (before, _) = key.text.split_once(bare).filter(|_| !bare.is_empty())?;
    // Straight marks round a key are YAML's own; one behind a number is an inch.
    let is_marked = bare.len() + before.len() < key.text.len() && before != "\"";
    let is_name = !bare.contains(['"', '“', '”', '„']) && !bare.ends_with(char::is_numeric);
    (is_marked && is_name).then(|| {
        let message = "these quotation marks are a part of the key to YAML";
        Diagnostic::new(Lint::YamlTrap, key.whole(), message)
            .help(format!("write `{bare}:`, or straight marks on both sides"))
    })
}

/// A word of a list that ends with a quotation mark and begins with none: `[numbers", ferries]`.
pub(super) fn with_lone_mark(text: &Text) -> Option<Diagnostic> {
    let bare = text.text.strip_suffix('"')?;
    let is_word = bare.ends_with(char::is_alphabetic) && !bare.contains('"');
    let message = "this quotation mark has no other, and is a part of the word to YAML";
    is_word.then(|| {
        let mark = text.span(bare.len()..bare.len() + 1);
        Diagnostic::new(Lint::YamlTrap, mark, message)
            .help(format!("write `{bare}`, or `\"{bare}\"`"))
            .fix(text.whole(), bare)
    })
}

/// `title: US and Japan"`: a text of one line that a quotation mark ends and none begins.
pub(super) fn ended_by_mark(scalar: &Scalar, field: &str) -> Option<Diagnostic> {
    let text = &scalar.text;
    let bare = text.text.strip_suffix(['"', '”'])?;
    let is_marked_up = matches!(field, "text" | "quote" | "before" | "after");
    let is_plain = scalar.style == ScalarStyle::Plain && !is_marked_up;
    let is_lone = !bare.contains(['"', '“', '”', '„', '«']) && !bare.ends_with(char::is_numeric);
    (is_plain && is_lone).then(|| {
        let mark = text.span(bare.len()..text.text.len());
        let message = "a quotation mark ends this text, and none begins it";
        Diagnostic::new(Lint::UnpairedMark, mark, message)
            .help("take it out, or write one before the first word")
    })
}

/// Lines of a text that were meant for fields of the entry: citations whose field's name is lost, or a field that is
/// indented as far as the text.
pub(super) fn swallowed(scalar: &Scalar, field: &str, shape: &Shape) -> Option<Diagnostic> {
    let lines = match scalar.style {
        ScalarStyle::Plain => scalar.lines(),
        _ => lines_of_block(&scalar.text),
    };
    let name_it = |name: &str| {
        format!("write `{name}` or another field's name on a line above it, as far in as `{field}`")
    };
    let further = lines.get(1..).unwrap_or_default();
    let meant = further.iter().enumerate().find_map(|(at, line)| {
        let goes_on = further
            .get(at + 1)
            .is_some_and(|below| below.text.starts_with("at: "));
        // In Markdown a citation without brackets is told as such.
        let is_citation = field != "text" && begins_with_citation(&line.text);
        if is_citation {
            return Some((line, name_it("cites: |")));
        }
        if goes_on && line.text.starts_with("source: ") {
            return Some((line, name_it("cites:")));
        }
        let help = || format!("write as many spaces before it as before `{field}`");
        is_field(&line.text, shape).then(|| (line, help()))
    });
    let joined = || {
        let joined = lines.iter().find_map(|line| joined_field(line, shape))?;
        let help = format!("write it on a line of its own, as far in as `{field}`");
        Some((joined, help))
    };
    let meant = meant.map(|(line, help)| (line.clone(), help));
    let (line, help) = meant.or_else(joined)?;
    let message = format!("to YAML this is a part of `{field}`");
    Some(Diagnostic::new(Lint::YamlTrap, line.whole(), message).help(help))
}

/// The lines of a text that stands below its field.
fn lines_of_block(text: &Text) -> Vec<Text> {
    let mut at = 0;
    let lines = text.text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        text.slice(start..start + line.trim_end().len())
    });
    lines.collect()
}

/// `harbour ¶3 …`
fn begins_with_citation(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "._-".contains(c));
    let place = rest.strip_prefix([',', ' ']).map(str::trim_start);
    rest.len() < line.len() && place.is_some_and(|place| place.starts_with('¶'))
}

/// `Words of the text. confidence: high`, where two lines have become one.
fn joined_field(line: &Text, shape: &Shape) -> Option<Text> {
    let (before, _) = line.text.rsplit_once(": ")?;
    let (words, name) = before.rsplit_once(' ')?;
    let start = before.len() - name.len();
    let ends_sentence = words.ends_with(['.', '!', '?', '”', '"', ']']);
    let is_one = ends_sentence && is_field(&line.text[start..], shape);
    is_one.then(|| line.slice(start..line.text.len()))
}

/// Whether a line is one of the entry's fields with a value that only the field has.
fn is_field(line: &str, shape: &Shape) -> bool {
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    let value = value.trim();
    match shape.field(name).map(|field| field.kind) {
        Some(Kind::OneOf(words)) => words().contains(&value),
        Some(Kind::Citations(..)) => value == "|" || value.contains('¶'),
        _ => false,
    }
}

/// Entries of a list of which one begins in another column, or has another sign than the hyphen, so that YAML joins it
/// to the one before; or the only one, with such a sign.
pub(super) fn joined_items(scalar: &Scalar) -> Option<Diagnostic> {
    if scalar.style != ScalarStyle::Plain {
        return None;
    }
    let lines = scalar.lines();
    let item = |line: &Text| {
        let item = line.text.strip_prefix(['-', '–', '•', '*', '·'])?;
        let words = item.strip_prefix([' ', '\u{a0}', '\u{3000}'])?.trim();
        (!words.is_empty()).then(|| words.to_owned())
    };
    let place = lines.iter().find(|line| item(line).is_some())?.whole();
    let items = lines
        .iter()
        .map(|line| item(line).unwrap_or_else(|| line.text.trim().to_owned()));
    let items: Vec<String> = items.map(|words| format!("`- {words}`")).collect();
    let (message, help) = if let [only] = items.as_slice() {
        (
            "the entry of a list begins with a hyphen and a space",
            format!("write {only}"),
        )
    } else {
        (
            "YAML joins these lines to one text",
            format!("write {}, below each other in one column", items.join(", ")),
        )
    };
    Some(Diagnostic::new(Lint::YamlTrap, place, message).help(help))
}
