//! White space before a line that YAML does not take for such.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Lint;
use crate::yaml::fault::Fault;
use crate::yaml::line::{Line, lines};
use crate::yaml::recover::Entries;

/// The tab that the parser stumbled over: in the line where it stopped, or in the next one.
pub(in crate::yaml) fn tab(text: &str, at: usize) -> Option<Fault> {
    let mut at = Line::around(text, at).at;
    for line in text[at..].split_inclusive('\n').take(2) {
        let bare = line.trim_start_matches(' ');
        if bare.starts_with('\t') && !bare.trim().is_empty() {
            let tab = at + line.len() - bare.len();
            let message = "YAML does not take tabs for indentation";
            return Some(Fault::new(
                Lint::YamlTrap,
                tab,
                message,
                "indent with spaces",
            ));
        }
        at += line.len();
    }
    None
}

/// The lines from this one on that odd spaces stand before.
pub(in crate::yaml) fn odd_indentation(text: &str, line: Line<'_>) -> Option<Fault> {
    let indentation = |line: Line<'_>| {
        let bare = line.text.trim_start_matches(' ');
        let start = line.at + line.text.len() - bare.len();
        let end = line.at + line.text.len() - bare.trim_start().len();
        bare.starts_with(ODD_SPACES).then_some(start..end)
    };
    let found: Vec<Range<usize>> = lines(&text[line.at..])
        .map_while(|below| {
            let range = indentation(below)?;
            Some(line.at + range.start..line.at + range.end)
        })
        .collect();
    let columns = |range: &Range<usize>| text[range.clone()].chars().count();
    let spaces = |range: &Range<usize>| (range.clone(), Cow::Owned(" ".repeat(columns(range))));
    let (first, last) = (found.first()?, found.last()?);
    // What stands below them goes with them as far as it is indented more.
    let indent = last.start - Line::around(text, last.start).at + columns(last);
    let mut below = lines(&text[last.start..]).skip(1);
    let end = below.find(|below| below.indent() <= indent);
    let end = end.map_or(text.len(), |below| last.start + below.at);
    let entry = Entries::of(text).around(line.at);
    let broken = entry.start.min(line.at)..entry.end.max(end);
    Some(Fault {
        fix: found.iter().map(spaces).collect(),
        broken: Some(broken),
        ..Fault::new(
            Lint::YamlTrap,
            first.start,
            "YAML does not take no-break spaces for indentation",
            "indent with plain spaces",
        )
    })
}

/// Spaces that YAML does not take for such: no-break, narrow, ideographic.
pub(in crate::yaml) const ODD_SPACES: [char; 3] = ['\u{a0}', '\u{202f}', '\u{3000}'];
