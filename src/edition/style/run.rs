//! What the formatter of citations gives, as runs of words, and these as running text.

use hayagriva::citationberg::{FontStyle, FontWeight};
use hayagriva::{Elem, ElemChild, ElemChildren, ElemMeta, Formatted, Formatting};

use super::super::note::capitalised;
use crate::edition::{Address, Rich};

/// Words of one look and one meaning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) role: Role,
    italic: bool,
    bold: bool,
}

/// What words say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Words,
    /// The source's title.
    Title,
    /// A date; all of it is one run.
    Date,
    /// The source's address.
    Url,
    /// The place in the source, which we write ourselves.
    Locator,
}

impl Run {
    fn new(formatted: &Formatted, role: Role) -> Self {
        let Formatting {
            font_style,
            font_weight,
            ..
        } = formatted.formatting;
        Run {
            text: formatted.text.clone(),
            role,
            italic: font_style == FontStyle::Italic,
            bold: font_weight == FontWeight::Bold,
        }
    }

    fn words(text: &str) -> Self {
        let text = text.to_owned();
        Run::new(
            &Formatted {
                text,
                formatting: Formatting::default(),
            },
            Role::Words,
        )
    }

    pub(super) fn replace(&mut self, from: &str, to: &str) {
        if self.text.contains(from) {
            self.text = self.text.replace(from, to);
        }
    }

    pub(super) fn capitalise(&mut self) {
        self.text = capitalised(&self.text);
    }

    /// *Ibid.* behind other words; a name keeps its capital.
    pub(super) fn lower_ibid(&mut self) {
        if let Some(rest) = self.text.strip_prefix("Ibid") {
            self.text = format!("ibid{rest}");
        }
    }

    /// A part of it with another meaning.
    fn part(&self, text: &str, role: Role) -> Run {
        Run {
            text: text.to_owned(),
            role,
            ..*self
        }
    }

    fn rich<'b>(&self) -> Rich<'b> {
        let mut rich = Rich::text(self.text.clone());
        if self.italic {
            rich = Rich::Emphasis(vec![rich]);
        }
        if self.bold {
            rich = Rich::Strong(vec![rich]);
        }
        rich
    }
}

/// A space between two fields.
pub(super) fn space() -> ElemChild {
    ElemChild::Text(Formatted {
        text: " ".into(),
        formatting: Formatting::default(),
    })
}

/// Marks that may stand round a title, and in it.
const MARKS: [char; 3] = ['"', '“', '”'];

/// What tells a title from other words.
struct Title {
    folded: String,
    marks: usize,
}

impl Title {
    /// Quotation marks in a title that stands in quotation marks are single ones.
    fn nested(&self, text: &str) -> String {
        let ends = text.find(MARKS).zip(text.rfind(MARKS));
        let Some((first, last)) = ends.filter(|_| self.marks > 0 && text.starts_with('“')) else {
            return text.to_owned();
        };
        if text.matches(MARKS).count() < self.marks + 2 {
            return text.to_owned();
        }
        let mut opens = true;
        let inner = text.char_indices().map(|(at, c)| match c {
            '“' | '”' | '"' if at > first && at < last => {
                let opening = c == '“' || (c == '"' && opens);
                opens = !opening;
                if opening { '‘' } else { '’' }
            }
            c => c,
        });
        inner.collect()
    }
}

/// A formatted source as runs; its title is found by its words, whatever became of its capitals.
pub(super) fn flatten(children: &ElemChildren, title: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let title = Title {
        folded: folded(title),
        marks: title.matches(MARKS).count(),
    };
    collect(children, Role::Words, &title, &mut runs);
    runs.retain(|run| !run.text.is_empty() || run.role == Role::Locator);
    tidy(&mut runs);
    runs
}

fn collect(children: &ElemChildren, role: Role, title: &Title, runs: &mut Vec<Run>) {
    for child in &children.0 {
        match child {
            ElemChild::Text(formatted) => runs.push(Run::new(formatted, role)),
            ElemChild::Markup(text) => runs.push(Run::words(text)),
            ElemChild::Link { text, .. } => runs.push(Run::new(text, Role::Url)),
            ElemChild::Transparent { .. } => runs.push(Run {
                role: Role::Locator,
                ..Run::words("")
            }),
            ElemChild::Elem(elem) => element(elem, role, title, runs),
        }
    }
}

fn element(elem: &Elem, role: Role, title: &Title, runs: &mut Vec<Run>) {
    let mut inner = Vec::new();
    let role = if elem.meta == Some(ElemMeta::Date) {
        Role::Date
    } else {
        role
    };
    collect(&elem.children, role, title, &mut inner);
    if role == Role::Date {
        let text: String = inner.iter().map(|run| run.text.as_str()).collect();
        runs.extend(inner.first().map(|first| first.part(&text, Role::Date)));
        return;
    }
    let known = runs.iter().any(|run| run.role == Role::Title);
    let words: String = inner.iter().map(|run| run.text.as_str()).collect();
    let is_title = !title.folded.is_empty() && folded(&words) == title.folded;
    if elem.meta == Some(ElemMeta::Text) && !known && is_title {
        for run in inner {
            let text = title.nested(&run.text);
            let (before, words, after) = trimmed(&text);
            runs.push(run.part(before, Role::Words));
            runs.push(run.part(words, Role::Title));
            runs.push(run.part(after, Role::Words));
        }
        return;
    }
    if elem.display.is_some() && !runs.is_empty() {
        runs.push(Run::words(" "));
    }
    runs.append(&mut inner);
}

/// A sentence that ends within its quotation marks ends once.
pub(super) fn without_second_stop(runs: &mut [Run]) {
    let (last, before) = match runs {
        [.., before, last] => (last, before.text.as_str()),
        [last] => (last, ""),
        [] => return,
    };
    let ends_twice = ["”.", "’.", "»."].iter().any(|end| {
        let all = format!("{before}{}", last.text);
        all.strip_suffix(end)
            .is_some_and(|rest| rest.ends_with(['.', '?', '!']))
    });
    if ends_twice {
        last.text.pop();
    }
}

/// Letters and digits alone, in lower case.
fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// A date without a month leaves the comma before the month behind: `(2024,)`; what is left out leaves its space.
fn tidy(runs: &mut [Run]) {
    for run in runs.iter_mut() {
        run.replace(",)", ")");
        run.replace("  ", " ");
    }
    for index in 1..runs.len() {
        if runs[index - 1].text.ends_with(' ') && runs[index].text.starts_with(' ') {
            runs[index].text.remove(0);
        }
        if runs[index].text.starts_with(')') {
            let before = &mut runs[index - 1].text;
            before.truncate(before.trim_end_matches([',', ' ']).len());
        }
    }
}

/// Ends a note as the bibliography's entries end.
pub(super) fn stop(runs: &mut Vec<Run>) {
    if !runs
        .last()
        .is_some_and(|run| run.text.ends_with(['.', '?', '!']))
    {
        runs.push(Run::words("."));
    }
}

/// Whether runs say anything.
pub(super) fn has_words(runs: &[Run]) -> bool {
    runs.iter()
        .any(|run| run.text.contains(char::is_alphanumeric))
}

/// The words of a text, and what stands round them.
fn trimmed(text: &str) -> (&str, &str, &str) {
    let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let words = text[start..].trim_end_matches(|c: char| !c.is_alphanumeric());
    (&text[..start], words, &text[start + words.len()..])
}

/// Runs as running text; the address is the author's own, not as the formatter has it.
pub(super) fn rich<'b>(runs: &[Run], url: Option<&'b str>) -> Vec<Rich<'b>> {
    runs.iter()
        .map(|run| match (run.role, url) {
            (Role::Url, Some(url)) => Rich::Link {
                url,
                content: vec![Rich::text(url)],
            },
            _ => run.rich(),
        })
        .collect()
}

/// A source in a note: its title is a link to it, or else all that stands before the place; and the place.
pub(super) fn linked<'b>(
    mut runs: Vec<Run>,
    to: &Address<'b>,
    url: Option<&'b str>,
    locator: Vec<Rich<'b>>,
) -> Vec<Rich<'b>> {
    let at = runs.iter().position(|run| run.role == Role::Locator);
    let mut after = runs.split_off(at.unwrap_or(runs.len()));
    if at.is_some() {
        after.remove(0);
        unlabel(&mut runs, &mut after);
    }
    let mut words = with_link(&runs, to, url);
    if at.is_none() && !locator.is_empty() {
        words.push(Rich::text(", "));
    }
    words.extend(locator);
    words.extend(rich(&after, url));
    words
}

/// Takes the style's own `¶` away, which stands before the place or after it: ours is part of the place.
fn unlabel(before: &mut [Run], after: &mut [Run]) {
    let has_words = |run: &Run| !run.text.trim().is_empty();
    let idle = |text: &str| !text.contains(char::is_alphanumeric);
    if let Some(at) = before.iter().rposition(has_words)
        && let Some(sign) = before[at].text.rfind('¶')
        && idle(&before[at].text[sign..])
    {
        before[at].text.truncate(sign);
        before[at + 1..].iter_mut().for_each(|run| run.text.clear());
        let said: String = before[..=at].iter().map(|run| run.text.as_str()).collect();
        if said.ends_with(|c: char| c.is_alphanumeric() || c == ',') {
            before[at].text.push(' ');
        }
    } else if let Some(run) = after.iter_mut().find(|run| has_words(run))
        && let Some(rest) = run.text.trim_start().strip_prefix('¶')
    {
        run.text = rest.to_owned();
    }
}

fn with_link<'b>(runs: &[Run], to: &Address<'b>, url: Option<&'b str>) -> Vec<Rich<'b>> {
    let reference = |content: Vec<Rich<'b>>| Rich::Reference {
        to: to.clone(),
        content,
    };
    if runs.iter().any(|run| run.role == Role::Title) {
        let linked = runs.iter().flat_map(|run| match run.role {
            Role::Title => vec![reference(vec![run.rich()])],
            _ => rich(std::slice::from_ref(run), url),
        });
        return linked.collect();
    }
    let has_words = |run: &Run| run.text.contains(char::is_alphanumeric);
    let (Some(first), Some(last)) = (
        runs.iter().position(has_words),
        runs.iter().rposition(has_words),
    ) else {
        return rich(runs, url);
    };
    let (before, _, _) = trimmed(&runs[first].text);
    let (_, _, after) = trimmed(&runs[last].text);
    let mut inner = runs[first..=last].to_vec();
    if let Some(run) = inner.last_mut() {
        run.text.truncate(run.text.len() - after.len());
    }
    if let Some(run) = inner.first_mut() {
        run.text.drain(..before.len());
    }
    let mut words = rich(&runs[..first], url);
    words.push(runs[first].part(before, Role::Words).rich());
    words.push(reference(inner.iter().map(Run::rich).collect()));
    words.push(runs[last].part(after, Role::Words).rich());
    words.extend(rich(&runs[last + 1..], url));
    words.retain(|rich| *rich != Rich::text(""));
    words
}
