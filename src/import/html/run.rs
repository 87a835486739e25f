//! Running text with its links, emphasis and code, as Markdown that reads as the very same text.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::super::escape;
use super::super::text::Tidier;

/// Running text as it is read from a page.
#[derive(Default)]
pub(super) struct Run {
    tidier: Tidier,
    /// What is open, the outermost first; nothing of the last ones may have been read yet.
    open: Vec<(Option<usize>, Sign)>,
    spans: Vec<Span>,
}

/// What a stretch of the text is besides text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sign {
    Emphasis,
    Strong,
    Code,
    /// A link, and where it leads if that may be told.
    Link(Option<String>),
}

#[derive(Clone, Debug)]
struct Span {
    range: Range<usize>,
    sign: Sign,
}

/// Running text, read.
pub(super) struct Prose {
    /// Its lines; a line ends where the page breaks it.
    pub(super) text: String,
    /// How many bytes are links.
    pub(super) linked: usize,
    spans: Vec<Span>,
}

impl Run {
    /// Whether this is the first character that counts.
    pub(super) fn push(&mut self, c: char) -> bool {
        let Some(at) = self.tidier.push(c) else {
            return false;
        };
        let unread = self
            .open
            .iter_mut()
            .rev()
            .take_while(|(start, _)| start.is_none());
        for (start, _) in unread {
            *start = Some(at);
        }
        at == 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tidier.len() == 0
    }

    pub(super) fn begin(&mut self, sign: Sign) {
        self.open.push((None, sign));
    }

    pub(super) fn end(&mut self) {
        if let Some((Some(start), sign)) = self.open.pop() {
            let range = start..self.tidier.len();
            self.spans.push(Span { range, sign });
        }
    }

    /// Breaks the line; whether it was broken already, so that a paragraph ends here.
    pub(super) fn break_line(&mut self) -> bool {
        let ends = self.tidier.is_at_break();
        self.tidier.break_line();
        ends
    }

    /// The text so far. What is open stays open for the text that follows.
    pub(super) fn take(&mut self) -> Prose {
        let run = std::mem::take(self);
        let length = run.tidier.len();
        let mut spans = run.spans;
        for (start, sign) in run.open {
            spans.extend(start.map(|start| Span {
                range: start..length,
                sign: sign.clone(),
            }));
            self.open.push((None, sign));
        }
        Prose::new(run.tidier.finish(), spans)
    }
}

impl Prose {
    fn new(text: String, mut spans: Vec<Span>) -> Self {
        for span in &mut spans {
            span.range.end = span.range.end.min(text.len());
            while !text.is_char_boundary(span.range.end) {
                span.range.end -= 1;
            }
        }
        spans.retain(|span| {
            text.get(span.range.clone())
                .is_some_and(|words| !words.trim().is_empty())
        });
        let links = spans
            .iter()
            .filter(|span| matches!(span.sign, Sign::Link(_)));
        let linked = links.map(|span| span.range.len()).sum();
        spans.retain(|span| span.sign != Sign::Link(None));
        spans.sort_by_key(|span| (span.range.start, Reverse(span.range.end)));
        let spans = well_set(&text, spans);
        Self {
            text,
            linked,
            spans,
        }
    }

    /// The text on one line.
    pub(super) fn line(&self) -> String {
        self.text.replace('\n', " ")
    }

    /// Markdown whose plain text this is, a line for each of the text's.
    pub(super) fn markdown(&self) -> String {
        self.written(false)
    }

    /// Markdown on one line, with its bars escaped.
    pub(super) fn cell(&self) -> String {
        self.written(true)
    }

    fn written(&self, cell: bool) -> String {
        let mut writer = Writer {
            out: String::with_capacity(self.text.len() + self.text.len() / 8),
            escapes: self.escapes(),
            cell,
            links: 0,
            code: 0,
        };
        let mut next = 0;
        let mut open: Vec<(&Span, String)> = Vec::new();
        for (at, c) in self.text.char_indices() {
            while let Some((span, end)) = open.pop_if(|(span, _)| span.range.end <= at) {
                writer.close(span, &end);
            }
            while let Some(span) = self.spans.get(next).filter(|span| span.range.start == at) {
                let end = writer.open(span, &self.text[span.range.clone()]);
                open.push((span, end));
                next += 1;
            }
            writer.character(at, c);
        }
        while let Some((span, end)) = open.pop() {
            writer.close(span, &end);
        }
        writer.out
    }

    fn escapes(&self) -> BTreeSet<usize> {
        let mut escapes = BTreeSet::new();
        let mut from = 0;
        for line in self.text.split('\n') {
            escapes.extend(escape::places(line, false).into_iter().map(|at| from + at));
            from += line.len() + 1;
        }
        escapes.extend(self.beside_marks());
        escapes
    }

    /// The signs right before and after a mark, which with it could say something else.
    fn beside_marks(&self) -> impl Iterator<Item = usize> {
        let edges = self
            .spans
            .iter()
            .flat_map(|span| [span.range.start, span.range.end]);
        let beside = edges.flat_map(|edge| [edge.checked_sub(1), Some(edge)]);
        beside.flatten().filter(|at| {
            self.text
                .as_bytes()
                .get(*at)
                .is_some_and(|sign| b"\\`*_[]<&!^~".contains(sign))
        })
    }
}

struct Writer {
    out: String,
    escapes: BTreeSet<usize>,
    cell: bool,
    links: usize,
    code: usize,
}

impl Writer {
    /// Writes a span's beginning; gives its end.
    fn open(&mut self, span: &Span, words: &str) -> String {
        match &span.sign {
            Sign::Emphasis => self.mark("*"),
            Sign::Strong => self.mark("**"),
            Sign::Link(address) => {
                self.out.push('[');
                self.links += 1;
                format!("]({})", address.as_deref().unwrap_or_default())
            }
            Sign::Code => {
                self.code += 1;
                let fence = fence(words, 1);
                let space = if words.starts_with('`') || words.ends_with('`') {
                    " "
                } else {
                    ""
                };
                self.out.push_str(&fence);
                self.out.push_str(space);
                format!("{space}{fence}")
            }
        }
    }

    fn mark(&mut self, mark: &str) -> String {
        self.out.push_str(mark);
        mark.to_owned()
    }

    fn close(&mut self, span: &Span, end: &str) {
        self.out.push_str(end);
        match span.sign {
            Sign::Emphasis | Sign::Strong => {}
            Sign::Link(_) => self.links -= 1,
            Sign::Code => self.code -= 1,
        }
    }

    fn character(&mut self, at: usize, c: char) {
        if c == '\n' {
            let is_one_line = self.cell || self.code > 0;
            self.out.push_str(if is_one_line { " " } else { "\\\n" });
            return;
        }
        let ends_link = self.links > 0 && c == ']';
        let text = self.code == 0 && (ends_link || self.escapes.contains(&at));
        if text || (self.cell && c == '|') {
            self.out.push('\\');
        }
        self.out.push(c);
    }
}

/// A row of backticks longer than any in the text.
pub(super) fn fence(text: &str, shortest: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(shortest.max(longest + 1))
}

/// Of nested spans those that Markdown can say: emphasis begins and ends within its letters (or its marks would be
/// read as text), touches no other mark and holds no other emphasis; no link holds a link; nothing is
/// marked inside code, and code that touches code is one.
fn well_set(text: &str, spans: Vec<Span>) -> Vec<Span> {
    let is_emphasis = |span: &Span| matches!(span.sign, Sign::Emphasis | Sign::Strong);
    let others = spans.iter().filter(|span| !is_emphasis(span));
    let edges: BTreeSet<usize> = others
        .flat_map(|span| [span.range.start, span.range.end])
        .collect();
    let (mut emphasis, mut link, mut code) = (None, 0, None);
    let mut set = spans;
    set.retain(|span| {
        let Range { start, end } = span.range;
        let fits = code.is_none_or(|end| start >= end)
            && match span.sign {
                Sign::Code => code != Some(start),
                Sign::Link(_) => start >= link,
                Sign::Emphasis | Sign::Strong => {
                    emphasis.is_none_or(|last| start > last)
                        && !edges.contains(&start)
                        && !edges.contains(&end)
                        && is_word(&text[start..end])
                }
            };
        match span.sign {
            _ if !fits => {}
            Sign::Code => code = Some(end),
            Sign::Link(_) => link = end,
            Sign::Emphasis | Sign::Strong => emphasis = Some(end),
        }
        fits
    });
    set
}

/// Whether a text on one line begins and ends with a letter or digit.
fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && text.ends_with(char::is_alphanumeric)
        && !text.contains('\n')
}
