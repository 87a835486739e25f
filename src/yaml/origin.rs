//! Which bytes of the file each character of a scalar came from.

use serde_yaml::granit_parser::ScalarStyle;

use crate::source::Origin;

/// Aligns a scalar's `value` with the `raw` bytes that stand in the file from `offset` on.
///
/// Both are walked at once: equal stretches map byte for byte; an escape, a doubled quote, or a line end
/// with its indentation maps as a whole to the character that it stands for.
pub(super) fn trace(raw: &str, value: &str, style: ScalarStyle, offset: usize) -> Origin {
    // An empty text has a place as well.
    if raw == value || value.is_empty() {
        return Origin::verbatim(offset, value.len());
    }
    let mut walk = Walk {
        raw,
        value,
        at_raw: 0,
        at_value: 0,
        offset,
        origin: Origin::default(),
    };
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let (body, indent) = block_body(raw, value);
            walk.at_raw = body;
            walk.lines(indent);
        }
        ScalarStyle::DoubleQuoted => {
            walk.at_raw = usize::from(raw.starts_with('"'));
            walk.flow(escape_length);
        }
        ScalarStyle::SingleQuoted => {
            walk.at_raw = usize::from(raw.starts_with('\''));
            walk.flow(|rest| if rest.starts_with("''") { 2 } else { 0 });
        }
        ScalarStyle::Plain => walk.flow(|_| 0),
    }
    walk.origin
}

struct Walk<'t> {
    raw: &'t str,
    value: &'t str,
    at_raw: usize,
    at_value: usize,
    offset: usize,
    origin: Origin,
}

impl Walk<'_> {
    fn raw_rest(&self) -> &str {
        &self.raw[self.at_raw..]
    }

    fn value_rest(&self) -> &str {
        &self.value[self.at_value..]
    }

    /// Maps the next `value` bytes of the value to the next `raw` bytes of the file.
    fn take(&mut self, value: usize, raw: usize) {
        if value > 0 {
            let file = self.offset + self.at_raw;
            self.origin.push(self.at_value, value, file..file + raw);
        }
        self.at_value += value;
        self.at_raw += raw;
    }

    /// The length of the stretch, up to a line end or another `end`, that is equal on both sides.
    fn equal(&self, end: impl Fn(u8) -> bool) -> usize {
        let pairs = self.raw_rest().bytes().zip(self.value_rest().bytes());
        let length = pairs
            .take_while(|(raw, value)| raw == value && *raw != b'\n' && !end(*raw))
            .count();
        self.value_rest().floor_char_boundary(length)
    }

    /// A block scalar: each line loses `indent` columns, each line end becomes a line end, a space or nothing.
    fn lines(&mut self, indent: usize) {
        self.skip_indent(indent);
        while !self.value_rest().is_empty() && !self.raw_rest().is_empty() {
            let equal = self.equal(|_| false);
            if equal > 0 {
                self.take(equal, equal);
                continue;
            }
            let line_end = match self.raw_rest().as_bytes() {
                [b'\r', b'\n', ..] => 2,
                [b'\n', ..] => 1,
                // The parser's range leaves out a block's leading blank lines.
                _ if self.value_rest().starts_with('\n') => 0,
                _ => return self.rest(),
            };
            let value = usize::from(self.value_rest().starts_with(['\n', ' ']));
            self.take(value, line_end);
            if line_end > 0 {
                self.skip_indent(indent);
            }
        }
    }

    fn skip_indent(&mut self, indent: usize) {
        let spaces = self.raw_rest().bytes().take_while(|&b| b == b' ').count();
        self.at_raw += spaces.min(indent);
    }

    /// A plain or quoted scalar: `escape` tells how many bytes of the file stand for one character.
    fn flow(&mut self, escape: fn(&str) -> usize) {
        while !self.value_rest().is_empty() && !self.raw_rest().is_empty() {
            let equal = self.equal(|byte| matches!(byte, b'\\' | b'\''));
            if equal > 0 {
                self.take(equal, equal);
                continue;
            }
            let escaped = escape(self.raw_rest());
            if escaped > 0 {
                let continued = self.raw_rest()[1..].starts_with(['\n', '\r']);
                let value = self.value_rest().chars().next().map_or(0, char::len_utf8);
                self.take(if continued { 0 } else { value }, escaped);
                continue;
            }
            let same = self.raw_rest().chars().next();
            if same == self.value_rest().chars().next() && same != Some('\n') {
                let length = same.map_or(1, char::len_utf8);
                self.take(length, length);
                continue;
            }
            let blank = whitespace(self.raw_rest());
            if blank == 0 {
                return self.rest();
            }
            self.take(whitespace(self.value_rest()), blank);
        }
    }

    /// What cannot be aligned maps as a whole.
    fn rest(&mut self) {
        let (value, raw) = (self.value_rest().len(), self.raw_rest().len());
        self.take(value, raw);
    }
}

fn whitespace(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// The bytes of a double-quoted escape at the start of `rest` (YAML 1.2.2 §5.7), or none.
fn escape_length(rest: &str) -> usize {
    let mut characters = rest.chars();
    if characters.next() != Some('\\') {
        return 0;
    }
    match characters.next() {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some('\n' | '\r') => 1 + whitespace(&rest[1..]),
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    }
    .min(rest.len())
}

/// Where a block scalar's lines begin, and how many columns each of them loses.
fn block_body(raw: &str, value: &str) -> (usize, usize) {
    let body = if raw.starts_with(['|', '>']) {
        raw.find('\n').map_or(raw.len(), |newline| newline + 1)
    } else {
        0
    };
    let indent = |text: &str| {
        text.lines()
            .find(|line| !line.trim().is_empty())
            .map_or(0, |line| line.len() - line.trim_start_matches(' ').len())
    };
    (body, indent(&raw[body..]).saturating_sub(indent(value)))
}
