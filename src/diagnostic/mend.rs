//! Applies the fixes that can be trusted to the texts that they mend.

use std::collections::BTreeMap;

use super::{Diagnostic, Edit, Trust};
use crate::source::{FileId, Sources};

/// A file's mended text, and what was mended in it.
#[derive(Debug)]
pub struct Mended<'d> {
    /// The text with the edits made; every other byte is as it was.
    pub text: String,
    /// The problems that the edits mend, in the order of the file.
    pub problems: Vec<&'d Diagnostic>,
}

/// Every safe fix that can be made at once, by file. Of fixes that touch each other the first is made; the others
/// wait for the next round, when the book has been read again.
pub fn mend<'d>(diagnostics: &'d [Diagnostic], sources: &Sources) -> BTreeMap<FileId, Mended<'d>> {
    let mut edits: BTreeMap<FileId, Edits<'_>> = BTreeMap::new();
    let mut problems: BTreeMap<FileId, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|d| d.trust == Trust::Safe) {
        let free = |edit: &Edit| {
            let taken = edits.get(&edit.span.file);
            is_sound(edit, sources) && taken.is_none_or(|taken| is_apart(edit, taken))
        };
        let Some(first) = diagnostic.fix.first() else {
            continue;
        };
        // A fix is made whole or not at all, and in one file.
        let one_file = |edit: &Edit| edit.span.file == first.span.file;
        if !diagnostic
            .fix
            .iter()
            .all(|edit| one_file(edit) && free(edit))
        {
            continue;
        }
        let file = first.span.file;
        let placed = diagnostic.fix.iter().map(|edit| (place(edit), edit));
        edits.entry(file).or_default().extend(placed);
        problems.entry(file).or_default().push(diagnostic);
    }
    let mended = |(file, edits): (FileId, Edits<'_>)| {
        let text = edited(&sources.file(file).text, &edits);
        let problems = problems.remove(&file).unwrap_or_default();
        (file, Mended { text, problems })
    };
    edits.into_iter().map(mended).collect()
}

/// Whether an edit stands in its file and changes something.
fn is_sound(edit: &Edit, sources: &Sources) -> bool {
    let file = sources.file(edit.span.file);
    let old = file.text.get(edit.span.range());
    file.fault.is_none() && old.is_some_and(|old| old != edit.replacement)
}

/// The edits of a file, by where they begin and end; those of two fixes do not touch each other.
type Edits<'d> = BTreeMap<(u32, u32), &'d Edit>;

fn place(edit: &Edit) -> (u32, u32) {
    (edit.span.start, edit.span.end)
}

/// Whether an edit neither overlaps nor meets in one point with one of those that are taken.
fn is_apart(edit: &Edit, taken: &Edits<'_>) -> bool {
    let last = taken.range(..=(edit.span.end, u32::MAX)).next_back();
    last.is_none_or(|(_, last)| last.span.end < edit.span.start)
}

fn edited(text: &str, edits: &Edits<'_>) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits.values() {
        let range = edit.span.range();
        edited.push_str(&text[at..range.start]);
        edited.push_str(&edit.replacement);
        at = range.end;
    }
    edited.push_str(&text[at..]);
    edited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lint;
    use crate::source::Span;

    /// Where, to where, and what takes its place.
    type Made<'t> = (usize, usize, &'t str);

    fn check(text: &str, fixes: &[(Trust, &[Made<'_>])], expected: Option<(&str, usize)>) {
        let sources = Sources::from_texts([("a.md", text)]);
        let file = sources.find("a.md").expect("just made");
        let diagnostics: Vec<Diagnostic> = fixes
            .iter()
            .map(|(trust, edits)| {
                let problem = Diagnostic::new(Lint::UnknownKey, Span::new(file, 0..0), "wrong");
                edits
                    .iter()
                    .fold(problem.trusted(*trust), |problem, (start, end, new)| {
                        problem.fix(Span::new(file, *start..*end), *new)
                    })
            })
            .collect();
        let mended = mend(&diagnostics, &sources);
        let found = mended
            .get(&file)
            .map(|m| (m.text.as_str(), m.problems.len()));
        assert_eq!(found, expected);
    }

    #[test]
    fn edits_that_touch_wait() {
        use Trust::{Safe, Suggested};
        check(
            "a b c",
            &[(Safe, &[(4, 5, "C")]), (Safe, &[(0, 1, "日本")])],
            Some(("日本 b C", 2)),
        );
        check("a b c", &[(Suggested, &[(0, 1, "A")])], None);
        check(
            "a b c",
            &[(Safe, &[(0, 3, "A")]), (Safe, &[(2, 5, "B")])],
            Some(("A c", 1)),
        );
        check(
            "a b c",
            &[(Safe, &[(1, 1, "x")]), (Safe, &[(1, 2, "y")])],
            Some(("ax b c", 1)),
        );
    }

    #[test]
    fn a_fix_is_made_whole_or_not_at_all() {
        let whole: &[Made<'_>] = &[(0, 1, "["), (4, 5, "]")];
        check("a b c", &[(Trust::Safe, whole)], Some(("[ b ]", 1)));
        check(
            "a b c",
            &[(Trust::Safe, &[(2, 5, "B")]), (Trust::Safe, whole)],
            Some(("a B", 1)),
        );
        check("日本", &[(Trust::Safe, &[(1, 3, "x")])], None);
        check("a", &[(Trust::Safe, &[(0, 1, "a")])], None);
    }
}
