//! Problems that only follow from others, which alone are said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::lost::{Lost, Words, is_document};
use super::{cascade, misnamed, stray};
use crate::diagnostic::{Diagnostic, Level, Lint, MOST_SHARED};
use crate::source::{FileId, Sources, Span, small};

/// Takes out what only follows from another problem.
pub(super) fn drop(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let misread = cascade::drop(diagnostics, sources);
    of_broken_entries(diagnostics, &misread, sources, levels);
    misnamed::name(diagnostics, sources, levels);
    of_unknown_sources(diagnostics);
    of_renamed_sources(diagnostics, sources, levels);
    of_texts_told_otherwise(diagnostics, sources, levels);
    of_empty_texts(diagnostics, levels);
    of_unread_front_matter(diagnostics, sources);
    of_lost_headings(diagnostics, sources);
    of_told_fields(diagnostics, sources);
    of_indented_footnotes(diagnostics, sources);
    of_mistyped_links(diagnostics, sources);
    of_lists_in_one_text(diagnostics, sources, levels);
    of_unread_citations(diagnostics, sources);
    of_words_before_unread_citations(diagnostics, sources, levels);
    of_copied_files(diagnostics);
    of_drifted_words(diagnostics);
    of_told_boxes(diagnostics, sources);
    of_pasted_keys(diagnostics);
    of_told_brackets(diagnostics, sources);
    of_told_paragraphs(diagnostics, sources);
    of_told_causes(diagnostics, levels);
    of_damaged_locks(diagnostics);
}

pub(super) fn place(diagnostic: &Diagnostic) -> Option<Span> {
    diagnostic.at.as_ref().map(|label| label.span)
}

pub(super) fn words<'s>(diagnostic: &Diagnostic, sources: &'s Sources) -> &'s str {
    place(diagnostic).map_or("", |span| sources.slice(span))
}

/// Where something could not be read as it was meant, nothing is said of what it may have named or used.
fn of_broken_entries(
    diagnostics: &mut Vec<Diagnostic>,
    misread: &[Span],
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let mut lost = Lost::default();
    for section in misread {
        lost.add_entry(sources.slice(*section));
    }
    let is_cause = |d: &&Diagnostic| stops_the_build(d, levels) || d.lint == Lint::UnwrittenText;
    for cause in diagnostics.iter().filter(is_cause) {
        if let Some(span) = place(cause) {
            lost.add(cause.lint, span, sources);
        }
    }
    diagnostics.retain(|d| match d.lint {
        Lint::UnresolvedLink => !lost.names.has(words(d, sources)),
        // A term in quotation marks is no quotation.
        Lint::UndefinedAcronym | Lint::UnattributedQuotation => {
            !lost.entries.has(words(d, sources))
        }
        Lint::UnusedTerm => !lost.uses.has(words(d, sources)),
        Lint::UnusedException => !place(d).is_some_and(|span| lost.has_entry_of(span)),
        Lint::SingleSource => !place(d).is_some_and(|span| lost.has_evidence_of(span)),
        _ => true,
    });
}

/// What is allowed, or told as a warning, does not stand for what would stop the build.
pub(super) fn stops_the_build(cause: &Diagnostic, levels: &BTreeMap<Lint, Level>) -> bool {
    *levels.get(&cause.lint).unwrap_or(&cause.level) == Level::Deny
}

/// Words behind a key that is none, as of a source named by its title.
fn of_unknown_sources(diagnostics: &mut Vec<Diagnostic>) {
    let unknown = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UnresolvedSource);
    let ends = |key: Span| ((key.file, key.start), key.end);
    let ends: BTreeMap<(FileId, u32), u32> = unknown.filter_map(place).map(ends).collect();
    let behind = |span: Span| {
        let before = ends.range(..=(span.file, span.start)).next_back();
        before.is_some_and(|((file, _), end)| *file == span.file && span.start <= end + 2)
    };
    let goes_on = |d: &Diagnostic| place(d).is_some_and(behind);
    diagnostics.retain(|d| d.lint != Lint::InvalidCitation || !goes_on(d));
}

/// Links to a source whose file seems to have another name: they lead there again once it says so.
fn of_renamed_sources(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let is_renamed = |d: &&Diagnostic| {
        let elsewhere = |span: Span| d.fix.iter().any(|edit| edit.span.file != span.file);
        let is_cause = d.lint == Lint::UnresolvedSource && stops_the_build(d, levels);
        is_cause && place(d).is_some_and(elsewhere)
    };
    let renamed = diagnostics.iter().filter(is_renamed);
    let renamed: BTreeSet<&str> = renamed.map(|d| words(d, sources)).collect();
    if renamed.is_empty() {
        return;
    }
    let leads_there = |d: &Diagnostic| {
        let target = words(d, sources);
        let of_file = || target.rsplit_once(".md")?.0.rsplit('/').next();
        match d.lint {
            Lint::UnresolvedLink => renamed.contains(target),
            Lint::MissingFile => of_file().is_some_and(|name| renamed.contains(name)),
            _ => false,
        }
    };
    let kept: Vec<bool> = diagnostics.iter().map(|d| !leads_there(d)).collect();
    let mut kept = kept.into_iter();
    diagnostics.retain(|_| kept.next().unwrap_or(true));
}

/// Places in a chapter whose title is its first paragraph for want of a space, and in a text whose name another has too.
fn of_texts_told_otherwise(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let told = |d: &&Diagnostic| match d.lint {
        Lint::MissingTitle => words(d, sources).starts_with('#'),
        Lint::DuplicateId => place(d).is_some_and(|span| span.start == span.end),
        _ => false,
    };
    let causes = diagnostics.iter().filter(|d| stops_the_build(d, levels));
    let files = causes.filter(told).filter_map(place);
    let keys: BTreeSet<&str> = files
        .map(|span| stray::meant_id(&sources.file(span.file).path))
        .collect();
    if keys.is_empty() {
        return;
    }
    let leads_there = |span: Span| {
        let before = &sources.file(span.file).text[..span.start as usize];
        let line = before.rsplit('\n').next().unwrap_or_default();
        let mut names = line.rsplit(|c: char| c.is_whitespace() || "[]@:,;".contains(c));
        let name = names.find(|word| word.starts_with(char::is_alphanumeric));
        name.is_some_and(|name| keys.contains(name))
    };
    diagnostics.retain(|d| {
        let follows = is_of_quotation(d.lint) || d.lint == Lint::UnresolvedParagraph;
        !(follows && place(d).is_some_and(leads_there))
    });
}

/// Nobody knows which terms a text had that is empty now.
fn of_empty_texts(diagnostics: &mut Vec<Diagnostic>, levels: &BTreeMap<Lint, Level>) {
    let is_nothing = |span: Span| span.start == span.end;
    let is_empty = |d: &Diagnostic| {
        d.lint == Lint::MissingTitle
            && stops_the_build(d, levels)
            && place(d).is_some_and(is_nothing)
    };
    if diagnostics.iter().any(is_empty) {
        diagnostics.retain(|d| d.lint != Lint::UnusedTerm);
    }
}

/// The line that should end front matter, where the one that should begin it does not.
fn of_unread_front_matter(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let is_line = |d: &Diagnostic| {
        let line = words(d, sources);
        !line.is_empty() && line.chars().all(|c| matches!(c, '-' | '–' | '—'))
    };
    let begun = diagnostics.iter().filter(|d| d.lint == Lint::MissingTitle);
    let begun = begun.filter(|d| is_line(d)).filter_map(place);
    let begun: BTreeSet<FileId> = begun.map(|span| span.file).collect();
    let ends = |d: &Diagnostic| place(d).is_some_and(|span| begun.contains(&span.file));
    diagnostics.retain(|d| d.lint != Lint::LooksLikeMarkup || !(is_line(d) && ends(d)));
}

/// A line that should be a heading has no address.
fn of_lost_headings(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let lost =
        |d: &Diagnostic| d.lint == Lint::LooksLikeMarkup && words(d, sources).starts_with('#');
    if diagnostics.iter().any(lost) {
        diagnostics.retain(|d| d.lint != Lint::MissingHeading);
    }
}

/// A field that has nothing because of what is told on its line.
fn of_told_fields(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let is_empty = |d: &Diagnostic| d.lint == Lint::UnwrittenText;
    if !diagnostics.iter().any(is_empty) {
        return;
    }
    let others = diagnostics.iter().filter(|d| !is_empty(d));
    let others = others.filter_map(place).map(|span| (span.file, span.start));
    let others: BTreeSet<(FileId, u32)> = others.collect();
    let is_told = |field: Span| {
        let rest = &sources.file(field.file).text[field.range().start..];
        let line = small(rest.lines().next().map_or(0, str::len));
        let on_line = (field.file, field.start)..=(field.file, field.start + line);
        others.range(on_line).next().is_some()
    };
    diagnostics.retain(|d| !(is_empty(d) && place(d).is_some_and(is_told)));
}

/// A footnote that its indentation makes code.
fn of_indented_footnotes(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let code = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::LooksLikeMarkup);
    let label = |d: &Diagnostic| Some(words(d, sources).split_once("]:")?.0.to_owned() + "]");
    let labels: BTreeSet<String> = code.filter_map(label).collect();
    let follows = |d: &Diagnostic| labels.contains(words(d, sources));
    diagnostics.retain(|d| d.lint != Lint::UnmatchedFootnote || !follows(d));
}

/// Signs within brackets of which it is told what they lack, and the quotation that such brackets stand in.
fn of_told_brackets(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let within = |one: Span, spans: &BTreeMap<(FileId, u32), u32>| {
        let before = spans.range(..=(one.file, one.start)).next_back();
        before.is_some_and(|((file, _), end)| *file == one.file && one.start < *end)
    };
    let spans = |lint: Lint, diagnostics: &[Diagnostic]| {
        let of_lint = diagnostics.iter().filter(|d| d.lint == lint);
        let spans = of_lint.filter_map(place).map(|span| {
            // The brackets of a link that lacks one are told where they begin.
            let text = &sources.file(span.file).text[span.start as usize..];
            let is_bracket = lint == Lint::UnresolvedLink && text.starts_with(['[', ']']);
            (
                (span.file, span.start),
                if is_bracket { span.end + 1 } else { span.end },
            )
        });
        spans.collect::<BTreeMap<_, _>>()
    };
    let links = spans(Lint::UnresolvedLink, diagnostics);
    let citations = spans(Lint::LooksLikeCitation, diagnostics);
    diagnostics.retain(|d| {
        let told = |span: Span| match d.lint {
            Lint::LooksLikeMarkup => within(span, &links) || within(span, &citations),
            Lint::LooksLikeCitation => within(span, &links),
            lint if is_of_quotation(lint) => {
                let first = (span.file, span.start)..(span.file, span.end);
                links.range(first).any(|((_, at), _)| {
                    sources.file(span.file).text[*at as usize..].starts_with("[[")
                })
            }
            _ => false,
        };
        !place(d).is_some_and(told)
    });
}

/// A paragraph that cites nothing because something in it was not read as it was meant.
fn of_told_paragraphs(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let mut uncited: BTreeMap<(FileId, u32), usize> = BTreeMap::new();
    for span in diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UncitedParagraph)
        .filter_map(place)
    {
        let lines = paragraph_around(&sources.file(span.file).text, span);
        uncited.insert((span.file, span.start), lines.end);
    }
    let misread = diagnostics.iter().filter(|d| {
        is_unread_citation(d, sources)
            || matches!(
                d.lint,
                Lint::LooksLikeMarkup
                    | Lint::UnresolvedLink
                    | Lint::UnattributedQuotation
                    | Lint::UnpairedMark
                    | Lint::UnmatchedFootnote
                    | Lint::MissingTitle
            )
    });
    let mut told = BTreeSet::new();
    for span in misread.filter_map(place) {
        let before = uncited.range(..=(span.file, span.start)).next_back();
        if let Some((key, end)) = before
            && key.0 == span.file
            && (span.start as usize) < *end
        {
            told.insert(*key);
        }
    }
    diagnostics.retain(|d| {
        let is_told = |span: Span| told.contains(&(span.file, span.start));
        d.lint != Lint::UncitedParagraph || !place(d).is_some_and(is_told)
    });
}

/// Capitals within words that are not the source's.
fn of_drifted_words(diagnostics: &mut Vec<Diagnostic>) {
    let quotations = diagnostics.iter().filter(|d| is_of_quotation(d.lint));
    let quotations: BTreeSet<(FileId, u32, u32)> = quotations
        .filter_map(place)
        .map(|span| (span.file, span.start, span.end))
        .collect();
    let within = |word: Span| {
        let upto = (word.file, word.start, u32::MAX);
        let last = quotations.range(..=upto).next_back();
        last.is_some_and(|(file, _, end)| *file == word.file && word.end <= *end)
    };
    diagnostics.retain(|d| d.lint != Lint::UndefinedAcronym || !place(d).is_some_and(within));
}

/// A key without anything that stands again below it, with what belongs to it.
fn of_pasted_keys(diagnostics: &mut Vec<Diagnostic>) {
    let twice = diagnostics.iter().filter(|d| d.lint == Lint::DuplicateKey);
    let firsts = twice.flat_map(|d| d.related.iter().map(|label| label.span));
    let firsts: BTreeSet<Span> = firsts.collect();
    let is_empty = |lint| matches!(lint, Lint::UnwrittenText | Lint::MissingField);
    let is_told = |span: Span| firsts.contains(&span);
    diagnostics.retain(|d| !is_empty(d.lint) || !place(d).is_some_and(is_told));
}

/// A block quote that is a box to another program is no quotation.
fn of_told_boxes(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let is_box =
        |d: &&Diagnostic| d.lint == Lint::LooksLikeMarkup && words(d, sources).starts_with("[!");
    let starts = diagnostics.iter().filter(is_box).filter_map(place);
    let boxes: BTreeSet<(FileId, u32)> = starts.map(|span| (span.file, span.start)).collect();
    let is_told = |span: Span| boxes.contains(&(span.file, span.start));
    diagnostics.retain(|d| !is_of_quotation(d.lint) || !place(d).is_some_and(is_told));
}

/// What the quotation at another place says as well, or the empty file, unless that is told less loudly.
fn of_told_causes(diagnostics: &mut Vec<Diagnostic>, levels: &BTreeMap<Lint, Level>) {
    let level = |d: &Diagnostic| *levels.get(&d.lint).unwrap_or(&d.level);
    let tells = |d: &&Diagnostic| is_of_quotation(d.lint) || d.lint == Lint::MissingTitle;
    let mut told: BTreeMap<Span, Level> = BTreeMap::new();
    for cause in diagnostics.iter().filter(tells) {
        if let Some(span) = place(cause) {
            let loudest = told.entry(span).or_insert(Level::Allow);
            *loudest = level(cause).max(*loudest);
        }
    }
    diagnostics.retain(|d| {
        let cause = d.cause.and_then(|cause| told.get(&cause));
        cause.is_none_or(|cause| *cause < level(d))
    });
}

/// Where words were cited from is not known without the lock: nobody is to cite another paragraph unasked.
fn of_damaged_locks(diagnostics: &mut Vec<Diagnostic>) {
    if diagnostics.iter().any(|d| d.lint == Lint::DamagedLock) {
        diagnostics.retain(|d| d.lint != Lint::MovedQuotation);
    }
}

/// A term that is named by a mistyped link alone is not unused.
fn of_mistyped_links(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let links = diagnostics
        .iter()
        .filter(|d| d.lint == Lint::UnresolvedLink);
    let meant = links.flat_map(|d| d.fix.iter().map(|edit| edit.replacement.clone()));
    let meant: BTreeSet<String> = meant.collect();
    diagnostics.retain(|d| d.lint != Lint::UnusedTerm || !meant.contains(words(d, sources)));
}

/// `see: a, b` is one word that no entry explains, and `see: a]` as well; the list is told as what that would be.
fn of_lists_in_one_text(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let all = diagnostics.iter().enumerate();
    let lists = all.filter(|(_, d)| d.lint == Lint::ListInOneText);
    let mut lists: Vec<(Span, usize)> = lists
        .filter_map(|(index, d)| Some((place(d)?, index)))
        .collect();
    lists.sort_unstable();
    let list_in = |text: Span| {
        let before = |(list, _): &(Span, usize)| (list.file, list.start) < (text.file, text.start);
        let next = lists.get(lists.partition_point(before))?;
        (next.0.file == text.file && next.0.end <= text.end).then_some(next.1)
    };
    let mut named = Words::default();
    for (list, _) in &lists {
        named.add(sources.slice(*list));
    }
    let list_of = |d: &Diagnostic| list_in(place(d).filter(|_| d.lint == Lint::UnresolvedLink)?);
    let of_links: Vec<Option<usize>> = diagnostics.iter().map(list_of).collect();
    for (link, list) in of_links.iter().enumerate() {
        let Some(list) = *list else { continue };
        if stops_the_build(&diagnostics[link], levels) {
            diagnostics[list].lint = diagnostics[link].lint;
            diagnostics[list].level = diagnostics[link].level;
        }
    }
    let mut of_links = of_links.iter();
    diagnostics.retain(|d| {
        let is_link = of_links.next().is_some_and(Option::is_some);
        let is_named = d.lint == Lint::UnusedTerm && named.has(words(d, sources));
        !is_link && !is_named
    });
}

/// A citation that is not read leaves its sentence without one.
fn of_unread_citations(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let mut unread: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
    let unread_citations = diagnostics
        .iter()
        .filter(|d| is_unread_citation(d, sources));
    for span in unread_citations.filter_map(place) {
        let known = unread.entry(span.file).or_default();
        let in_last = |last: &Range<usize>| last.contains(&(span.start as usize));
        if !known.last().is_some_and(in_last) {
            known.push(paragraph_around(&sources.file(span.file).text, span));
        }
    }
    let bereft = |span: Span| {
        let mut paragraphs = unread.get(&span.file).into_iter().flatten();
        paragraphs.any(|range| range.contains(&(span.start as usize)))
    };
    diagnostics.retain(|d| d.lint != Lint::UnattributedQuotation || !place(d).is_some_and(bereft));
}

/// Words right before a citation that is not read belong to it, and not to the one before, which lacks them. What that
/// would be told as, its cause is told as, where the cause alone would let a quotation pass that stands nowhere.
fn of_words_before_unread_citations(
    diagnostics: &mut Vec<Diagnostic>,
    sources: &Sources,
    levels: &BTreeMap<Lint, Level>,
) {
    let all = diagnostics.iter().enumerate();
    // Inside the brackets of one that is read stands a slip of its own; in annotations the citations of several lines
    // have no brackets, and nothing to do with each other.
    let brackets = ['[', '(', '［', '【', '（', '〔', '＠'];
    let unread = all
        .filter(|(_, d)| is_unread_citation(d, sources) && words(d, sources).starts_with(brackets));
    let start = |(index, d): (usize, &Diagnostic)| {
        let span = place(d)?;
        Some(((span.file, span.start), index))
    };
    let mut unread: BTreeMap<(FileId, u32), usize> = unread.filter_map(start).collect();
    let glued = add_misread_brackets(diagnostics, sources, &mut unread);
    let begun: BTreeMap<(FileId, u32), usize> = diagnostics
        .iter()
        .enumerate()
        .filter(|(_, d)| is_unread_citation(d, sources))
        .filter_map(start)
        .collect();
    let cited_within = |quotation: Span| {
        let mut before = begun.range(..(quotation.file, quotation.start)).rev();
        let (&(file, start), cause) = before.next()?;
        let of_file = sources.file(quotation.file);
        let between = of_file.text.get(start as usize..quotation.start as usize)?;
        // In annotations the next line has another citation.
        let end = if is_document(&of_file.path) {
            "\n\n"
        } else {
            "\n"
        };
        let is_open = file == quotation.file && !between.contains(']') && !between.contains(end);
        let is_behind = glued.contains(&(file, start)) && !between.contains('\n');
        (is_open && (between.contains('¶') || is_behind)).then_some(*cause)
    };
    let cause_of = |d: &Diagnostic| {
        let quotation = place(d).filter(|_| is_of_quotation(d.lint))?;
        if let Some(cause) = cited_within(quotation) {
            return Some(cause);
        }
        let from = (quotation.file, quotation.end);
        let (&(file, start), cause) = unread.range(from..).next()?;
        let text = &sources.file(quotation.file).text;
        let between = text.get(quotation.end as usize..start as usize)?;
        let is_next = file == quotation.file && !between.contains('@') && !between.contains("\n\n");
        is_next.then_some(*cause)
    };
    let causes: Vec<Option<usize>> = diagnostics.iter().map(cause_of).collect();
    for (follows, cause) in causes.iter().enumerate() {
        let Some(cause) = *cause else { continue };
        let (lint, level) = (diagnostics[follows].lint, diagnostics[follows].level);
        if stops_the_build(&diagnostics[follows], levels)
            && !stops_the_build(&diagnostics[cause], levels)
        {
            diagnostics[cause].lint = lint;
            diagnostics[cause].level = level;
        }
    }
    let mut causes = causes.iter();
    diagnostics.retain(|_| causes.next().is_none_or(Option::is_none));
}

/// Adds the brackets in which a number has a letter behind it, or a key is none: nothing is said of the words before
/// them. Gives the places of such numbers.
fn add_misread_brackets(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    unread: &mut BTreeMap<(FileId, u32), usize>,
) -> BTreeSet<(FileId, u32)> {
    let is_figure = |c: char| c.is_ascii_digit();
    let mut glued = BTreeSet::new();
    for (index, d) in diagnostics.iter().enumerate() {
        let Some(span) = place(d) else { continue };
        let before = &sources.file(span.file).text[..span.start as usize];
        match d.lint {
            Lint::InvalidCitation
                if before.ends_with(is_figure) || words(d, sources).starts_with(is_figure) =>
            {
                glued.insert((span.file, span.start));
            }
            Lint::UnresolvedSource => {}
            _ => continue,
        }
        let bracket = before.rfind(['[', ']', '\n']);
        if let Some(bracket) = bracket.filter(|at| before[*at..].starts_with('[')) {
            unread.insert((span.file, small(bracket)), index);
        }
    }
    glued
}

fn is_unread_citation(d: &Diagnostic, sources: &Sources) -> bool {
    match d.lint {
        Lint::LooksLikeCitation | Lint::InvalidCitation | Lint::SwallowedCitation => true,
        // `[[@key]]`
        Lint::UnresolvedLink => words(d, sources).contains('@'),
        _ => false,
    }
}

fn is_of_quotation(lint: Lint) -> bool {
    matches!(
        lint,
        Lint::LostQuotation
            | Lint::MovedQuotation
            | Lint::AmbiguousQuotation
            | Lint::DriftedQuotation
            | Lint::DriftedSense
            | Lint::AlteredSense
    )
}

/// The entries of a file that stands there twice.
fn of_copied_files(diagnostics: &mut Vec<Diagnostic>) {
    let files = |d: &Diagnostic| {
        let twice = matches!(d.lint, Lint::DuplicateTerm | Lint::DuplicateId);
        let other = d.related.first().filter(|_| twice)?.span.file;
        let pair = (place(d)?.file, other);
        (pair.0 != pair.1).then_some(pair)
    };
    let mut shared: BTreeMap<(FileId, FileId), usize> = BTreeMap::new();
    for pair in diagnostics.iter().filter_map(files) {
        *shared.entry(pair).or_default() += 1;
    }
    shared.retain(|_, count| *count > MOST_SHARED);
    let mut told = BTreeSet::new();
    diagnostics.retain_mut(|d| {
        let Some((pair, count)) = files(d).and_then(|pair| Some((pair, shared.get(&pair)?))) else {
            return true;
        };
        d.message = format!(
            "{}, and so it is with {} more of these two files",
            d.message,
            count - 1
        );
        d.help = Some("take one of the two files away, if it is a copy".to_owned());
        told.insert(pair)
    });
}

/// The lines round a place, up to the next empty ones.
fn paragraph_around(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize);
    let ends_empty = |at: &usize| text[..*at].ends_with('\n') || text[..*at].ends_with("\n\r");
    let mut above = text[..start].rmatch_indices('\n').map(|(at, _)| at);
    let mut below = text[end..].match_indices('\n').map(|(at, _)| end + at);
    let before = above.find(ends_empty).unwrap_or(0);
    before..below.find(ends_empty).unwrap_or(text.len())
}
