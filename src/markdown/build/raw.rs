//! Raw HTML, which is left out.

use std::ops::Range;

use super::Builder;
use crate::diagnostic::{Diagnostic, Lint};

impl Builder<'_, '_> {
    /// HTML is left out; comments silently, all else with a warning.
    pub(super) fn html(&mut self, html: &str, range: Range<usize>) {
        if let Some(start) = html.rfind("<!--").filter(|at| !html[*at..].contains("-->")) {
            let at = (range.start + start).min(range.end);
            let place = self.span(at..(at + "<!--".len()).min(range.end));
            let message = "this comment has no end, and all that follows is left out";
            let lint = self.of_endless(Lint::RawHtml);
            self.diagnostics
                .push(Diagnostic::new(lint, place, message).help("end it with `-->`"));
        }
        let rest = without_comments(html);
        if rest.trim().is_empty() || self.only_ends(&rest) {
            return;
        }
        let first_line = html.trim_end().lines().next().map_or(0, str::len);
        let span = self.span(range.start..(range.start + first_line).min(range.end));
        let message = if rest.trim().starts_with('<') {
            "HTML is left out"
        } else {
            "a line that begins with HTML is left out, and its text with it"
        };
        self.diagnostics.push(
            Diagnostic::new(Lint::RawHtml, span, message).help(
                "write Markdown, or put a backslash before `<` where the sign itself is meant",
            ),
        );
    }

    /// Whether this is nothing but ends of elements whose beginnings were told.
    fn only_ends(&mut self, html: &str) -> bool {
        let mut pieces = html.split('<');
        let mut only_ends = pieces.next().is_none_or(|before| before.trim().is_empty());
        for piece in pieces {
            let (tag, behind) = piece.split_once('>').unwrap_or((piece, ""));
            let end = tag.strip_prefix('/');
            let name = end.unwrap_or(tag);
            let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
            let name = name.unwrap_or_default().to_ascii_lowercase();
            let opened = self.opened.entry(name).or_default();
            only_ends &= end.is_some() && *opened > 0 && behind.trim().is_empty();
            *opened = match end {
                Some(_) => opened.saturating_sub(1),
                None => *opened + 1,
            };
        }
        only_ends
    }
}

fn without_comments(html: &str) -> String {
    let mut rest = String::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<!--") {
        let start = at + start;
        rest.push_str(&html[at..start]);
        let end = html[start..].find("-->");
        at = end.map_or(html.len(), |end| start + end + "-->".len());
    }
    rest + &html[at..]
}
