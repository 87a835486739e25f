//! Where cited words stand in the page that a source was taken from (WICG, URL Fragment Text Directives).

use std::ops::Range;

use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Edition;
use crate::markdown::{Content, Document, Inline};
use crate::reference::QUOTATION_MARKS;
use crate::verify::Cited;

/// What may stand in a text directive as it is; `-`, `,` and `&` have a meaning there.
const DIRECTIVE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// A passage of more words is named by as many at its beginning and at its end as make half of them.
const MOST_WORDS: usize = 12;

/// So many words before and behind a passage tell it from others.
const AROUND: usize = 4;

/// Browsers cut longer addresses.
const MOST_BYTES: usize = 600;

/// Browsers find whole words alone, and where there are no spaces only marks say for sure where a word ends.
const ENDS_OF_CLAUSES: &[char] = &['、', '。', '，', '．', '！', '？', '；', '：'];

impl Edition<'_> {
    /// The original page of what is cited, opened at the cited words: the quotation's, or else the first paragraph's;
    /// the page alone where there is nothing that a browser could find.
    pub(super) fn original(&self, cited: &Cited) -> Option<String> {
        let source = cited.source()?;
        let article = &self.book.articles[source];
        let url = article.front.url.as_deref()?;
        let quoted = self.verifier.passages(cited).into_iter().next();
        let (number, range) = match quoted {
            Some((number, range)) => (number, Some(range)),
            None => (*cited.paragraphs().first()?, None),
        };
        let paragraph = article.document.paragraph(number)?;
        let text = paragraph.prose.text.text.as_str();
        let range = match (range, &paragraph.content) {
            (Some(range), _) => range,
            (None, Content::Running) => 0..text.len(),
            // Words are found within one block, and a table's cells are many.
            (None, Content::Table(_) | Content::Code(_) | Content::Image(_)) => {
                return Some(url.to_owned());
            }
        };
        let passage = Passage::of(text, &paragraph.prose.inlines, range);
        let page = self.searched[source].get_or_init(|| Searched::of(&article.document));
        let directive = passage.directive(|words| page.stands_before(number, text, words));
        Some(directive.map_or_else(
            || url.to_owned(),
            |directive| with_directive(url, &directive),
        ))
    }
}

/// An article's text as a browser compares it.
#[derive(Debug)]
pub(super) struct Searched {
    text: String,
    /// Where each paragraph begins.
    starts: Vec<usize>,
}

impl Searched {
    fn of(document: &Document) -> Self {
        let mut searched = Searched {
            text: String::new(),
            starts: Vec::new(),
        };
        for paragraph in &document.paragraphs {
            searched.starts.push(searched.text.len());
            searched.text.push_str(&folded(&paragraph.prose.text.text));
            searched.text.push('\n');
        }
        searched
    }

    /// Whether words of a paragraph stand before it, or earlier in it, too.
    fn stands_before(&self, paragraph: u32, text: &str, words: Range<usize>) -> bool {
        let sought = folded(&text[words.clone()]);
        let before = &self.text[..self.starts[paragraph as usize - 1]];
        let own = folded(&text[..words.end]);
        memmem::find(before.as_bytes(), sought.as_bytes()).is_some()
            || own.find(&sought) != own.rfind(&sought)
    }
}

fn folded(text: &str) -> String {
    joined(text).to_lowercase()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of a paragraph, which a browser finds within one line. All ranges are of the paragraph's text.
struct Passage<'t> {
    text: &'t str,
    /// What stands before it in its first line.
    before: Range<usize>,
    /// Its part of each line.
    lines: Vec<Range<usize>>,
    /// What stands behind it in its last line.
    after: Range<usize>,
}

/// What a directive may say: `before-,start,end,-after`.
struct Sought {
    before: Option<Range<usize>>,
    start: Range<usize>,
    end: Option<Range<usize>>,
    after: Option<Range<usize>>,
}

impl<'t> Passage<'t> {
    fn of(text: &'t str, inlines: &[Inline], range: Range<usize>) -> Self {
        let mut breaks = Vec::new();
        find_breaks(inlines, &mut 0, &mut breaks);
        // Between a table's cells and in code.
        breaks.extend(text.match_indices(['\t', '\n']).map(|(at, _)| at));
        breaks.sort_unstable();
        // Which marks the original has round the words is not known: they differ in typography.
        let is_around = |c: char| c.is_whitespace() || QUOTATION_MARKS.contains(&c);
        let words = text[range.clone()].trim_end_matches(is_around);
        let end = range.start + words.len();
        let start = end - words.trim_start_matches(is_around).len();
        let first = breaks.partition_point(|at| *at < start);
        let last = breaks.partition_point(|at| *at < end);
        let mut ends = vec![start];
        ends.extend_from_slice(&breaks[first..last.max(first)]);
        ends.push(end);
        Passage {
            text,
            before: first.checked_sub(1).map_or(0, |index| breaks[index])..start,
            lines: ends.windows(2).map(|ends| ends[0]..ends[1]).collect(),
            after: end..breaks.get(last).copied().unwrap_or(text.len()),
        }
    }

    /// The first directive of a bearable length whose words do not stand earlier, or else the first one.
    fn directive(&self, stands_earlier: impl Fn(Range<usize>) -> bool) -> Option<String> {
        let mut all = self.sought();
        all.retain(|sought| sought.directive(self.text).len() <= MOST_BYTES);
        let only = all
            .iter()
            .find(|sought| !stands_earlier(sought.first_words()));
        only.or(all.first())
            .map(|sought| sought.directive(self.text))
    }

    /// What can be looked for, the simplest first.
    fn sought(&self) -> Vec<Sought> {
        let (first, last) = (&self.lines[0], &self.lines[self.lines.len() - 1]);
        let (opening, closing) = (self.words(first), self.words(last));
        if opening.is_empty() || closing.is_empty() {
            return Vec::new();
        }
        let one_line = self.lines.len() == 1;
        let half = MOST_WORDS / 2;
        let whole = || Sought::words(first.clone());
        let between = |length: usize| {
            let room = opening.len() - if one_line { half } else { 0 };
            let end = &closing[closing.len().saturating_sub(half)..];
            Sought::between(span(&opening[..length.min(room)]), span(end))
        };
        let mut all = Vec::new();
        if one_line && opening.len() <= MOST_WORDS {
            all.push(whole());
            all.push(self.with_words_round(whole()));
        } else {
            all.extend([half, 2 * half, 4 * half].map(between));
            all.extend(one_line.then(whole));
            all.push(self.with_words_round(between(half)));
        }
        let (opening, closing) = (self.clause(first, true), self.clause(last, false));
        if opening.end <= closing.start {
            all.push(Sought::between(opening, closing));
        }
        all
    }

    fn with_words_round(&self, sought: Sought) -> Sought {
        let (before, after) = (self.words(&self.before), self.words(&self.after));
        let before = &before[before.len().saturating_sub(AROUND)..];
        let after = &after[..after.len().min(AROUND)];
        let told = |words: &[Range<usize>]| {
            let range = (!words.is_empty()).then(|| span(words));
            range.filter(|range| self.text[range.clone()].contains(char::is_alphanumeric))
        };
        Sought {
            before: told(before),
            after: told(after),
            ..sought
        }
    }

    fn words(&self, line: &Range<usize>) -> Vec<Range<usize>> {
        let mut at = line.start;
        let mut words = Vec::new();
        for piece in self.text[line.clone()].split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                words.push(at..at + word.len());
            }
            at += piece.len();
        }
        words
    }

    /// The first or the last clause of a line.
    fn clause(&self, line: &Range<usize>, first: bool) -> Range<usize> {
        let mut clauses = self.text[line.clone()].split_inclusive(ENDS_OF_CLAUSES);
        if first {
            line.start..line.start + clauses.next().map_or(0, str::len)
        } else {
            line.end - clauses.next_back().map_or(0, str::len)..line.end
        }
    }
}

impl Sought {
    fn words(start: Range<usize>) -> Self {
        Sought {
            before: None,
            start,
            end: None,
            after: None,
        }
    }

    fn between(start: Range<usize>, end: Range<usize>) -> Self {
        Sought {
            end: Some(end),
            ..Sought::words(start)
        }
    }

    /// The words by which the browser finds the place; those at the passage's end only say how far it goes.
    fn first_words(&self) -> Range<usize> {
        let before = self.before.as_ref().unwrap_or(&self.start);
        let after = self.after.as_ref().filter(|_| self.end.is_none());
        before.start..after.unwrap_or(&self.start).end
    }

    fn directive(&self, text: &str) -> String {
        let encoded = |range: &Range<usize>| {
            utf8_percent_encode(&joined(&text[range.clone()]), DIRECTIVE).to_string()
        };
        let before = self.before.as_ref();
        let after = self.after.as_ref();
        let parts = [
            before.map(|words| format!("{}-", encoded(words))),
            Some(encoded(&self.start)),
            self.end.as_ref().map(encoded),
            after.map(|words| format!("-{}", encoded(words))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}

/// From the first of some words to the last.
fn span(words: &[Range<usize>]) -> Range<usize> {
    words[0].start..words[words.len() - 1].end
}

/// The places of the line breaks in a text, each a space there.
fn find_breaks(inlines: &[Inline], at: &mut usize, breaks: &mut Vec<usize>) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) | Inline::Reference { words, .. } => {
                *at = words.end as usize;
            }
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                find_breaks(content, at, breaks);
            }
            Inline::Link(link) => find_breaks(&link.content, at, breaks),
            Inline::Break => {
                breaks.push(*at);
                *at += 1;
            }
            Inline::Image(_) | Inline::Citation(_) | Inline::Footnote(_) => {}
        }
    }
}

/// The address with the directive behind the element that it may name; in the place of another directive, whose words
/// the browser would show first.
fn with_directive(url: &str, directive: &str) -> String {
    let page = url.split_once(":~:").map_or(url, |(page, _)| page);
    let sign = if page.contains('#') { "" } else { "#" };
    format!("{page}{sign}:~:text={directive}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_name_the_words() {
        let check = |text: &str, expected: Option<&str>| {
            let passage = Passage::of(text, &[], 0..text.len());
            assert_eq!(passage.directive(|_| false).as_deref(), expected);
        };
        check("two piers", Some("two%20piers"));
        check("a-b, c & d", Some("a%2Db%2C%20c%20%26%20d"));
        check(
            "“港は 二つ”",
            Some("%E6%B8%AF%E3%81%AF%20%E4%BA%8C%E3%81%A4"),
        );
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
        let ends =
            "one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen";
        check(long, Some(ends));
        check(" ", None);
        check("", None);
        check("“”", None);
        check(&"港".repeat(200), None);
    }

    #[test]
    fn the_element_of_an_address_stays_and_its_directive_does_not() {
        let check = |url, expected| assert_eq!(with_directive(url, "x"), expected);
        check("https://a.example/b?c", "https://a.example/b?c#:~:text=x");
        check("https://a.example/#s", "https://a.example/#s:~:text=x");
        check("https://a.example/#", "https://a.example/#:~:text=x");
        check(
            "https://a.example/#s:~:text=y",
            "https://a.example/#s:~:text=x",
        );
        check(
            "https://a.example/#:~:text=y&text=z",
            "https://a.example/#:~:text=x",
        );
    }
}
