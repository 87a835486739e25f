//! Signs of emphasis, headings, lists and links that Markdown does not take for such, and would be printed.

use std::ops::Range;

use super::lookalikes::Passage;
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Inline;
use crate::reference::{QUOTATION_MARKS, is_key};
use crate::source::{LINE_OF_MERGE, Span};

const NO_ITEM: &str = "this is no entry of a list, but text";

/// Spaces that Markdown does not take for such.
const ODD_SPACES: [char; 3] = ['\u{a0}', '\u{202f}', '\u{3000}'];

impl Passage<'_> {
    /// What of a text was meant as markup.
    pub(super) fn markup(self) -> Vec<Diagnostic> {
        let text = self.text();
        let signs = ['*', '#', '[', ']', '^', '<', '`', 'â', '~'];
        let heads = |c: char| c.is_numeric() || "-–•·・|＃＞!=".contains(c);
        let marks = text.contains(",,") || text.contains('´');
        if !text.contains(signs) && !text.starts_with(heads) && !marks {
            return Vec::new();
        }
        let found = [
            self.heading(),
            self.item(),
            self.bullet(),
            self.wide_sign(),
            self.table(),
            self.name(),
            self.link(),
            self.showing(),
            self.emphasis(),
            self.lone_sign(),
            self.comment(),
            self.typed_marks(),
            self.garbled(),
            self.left_of_merge(),
        ];
        found.into_iter().flatten().collect()
    }

    fn told(self, range: Range<usize>, message: &str, help: String) -> Diagnostic {
        Diagnostic::new(Lint::LooksLikeMarkup, self.prose.text.span(range), message).help(help)
    }

    /// `##Heading`
    fn heading(self) -> Option<Diagnostic> {
        let text = self.text();
        let marks = text.len() - text.trim_start_matches(['#', '＃']).len();
        let count = text[..marks].chars().count();
        let words = text[marks..].trim_start_matches(ODD_SPACES);
        let is_odd = words.len() < text.len() - marks || text[..marks].contains('＃');
        let too_many = count > 6 && text[marks..].starts_with(' ');
        let begins = words.trim_start().starts_with(char::is_alphabetic);
        let is_heading = (2..=6).contains(&count) && words.starts_with(char::is_alphabetic);
        let signs = if text.starts_with('＃') { "＃" } else { "#" };
        if !(is_heading || too_many || (is_odd && count > 0)) || !begins || !self.is_first(signs) {
            return None;
        }
        let plain = "#".repeat(count.min(6));
        let help = if too_many {
            format!("a heading has up to six signs: write `{plain} `")
        } else if is_odd {
            format!("write `{plain}` and a plain space")
        } else {
            format!("write a space behind the `{plain}`")
        };
        Some(self.told(0..marks, "this is no heading, but text", help))
    }

    /// Whether a text begins with a sign, with no backslash before it.
    fn is_first(self, sign: &'static str) -> bool {
        self.text().starts_with(sign) && self.is_sign(0)
    }

    /// `• Item`, `・Item`, `– Item` above another, `-` with a no-break space.
    fn bullet(self) -> Option<Diagnostic> {
        let text = self.text();
        let mark = text.chars().next()?;
        let words = &text[mark.len_utf8()..];
        let is_item = match mark {
            '•' | '·' => words.starts_with([' ', ODD_SPACES[0], ODD_SPACES[2]]),
            '・' => words.starts_with(|c: char| c.is_alphanumeric() || c.is_whitespace()),
            '-' => words.starts_with(ODD_SPACES),
            // One alone may begin what somebody says.
            '–' => words.starts_with(' ') && self.written().contains("\n– "),
            _ => false,
        };
        (is_item && self.is_sign(0)).then(|| {
            let help = "an entry of a list begins with a hyphen and a plain space: write `- `";
            self.told(0..mark.len_utf8(), NO_ITEM, help.to_owned())
        })
    }

    /// `１．Item`, `＞ quoted words`
    fn wide_sign(self) -> Option<Diagnostic> {
        let text = self.text();
        if text.starts_with("＞") {
            let help = "each line of a block quote begins with `>`, half as wide".to_owned();
            return Some(self.told(0..'＞'.len_utf8(), "this is no block quote, but text", help));
        }
        let is_wide = |c: char| ('０'..='９').contains(&c);
        let words = text.trim_start_matches(is_wide);
        let figures = text[..text.len() - words.len()].chars().count();
        let words_behind = words.strip_prefix(['．', '.'])?;
        let is_item = (1..=2).contains(&figures) && !words_behind.starts_with(char::is_numeric);
        is_item.then(|| {
            let help = "write plain figures, a full stop and a space: `1. `".to_owned();
            self.told(0..text.len() - words_behind.len(), NO_ITEM, help)
        })
    }

    /// `=======`, between two empty lines
    fn left_of_merge(self) -> Option<Diagnostic> {
        let line = 0..LINE_OF_MERGE.len();
        let behind = self.text().strip_prefix(LINE_OF_MERGE);
        let is_it = behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        is_it.then(|| {
            let help = "take it out, after a look at what stands round it".to_owned();
            self.told(
                line,
                "this line of a merge of two versions is left over",
                help,
            )
        })
    }

    /// `1.Item`, `-Item`
    fn item(self) -> Option<Diagnostic> {
        let mark = glued_mark(self.text()).filter(|_| self.is_sign(0))?;
        Some(self.told(0..mark.len(), NO_ITEM, space_behind(mark)))
    }

    /// The same at the beginning of a later line, which would run on in the entry or paragraph above.
    pub(super) fn further_items(self) -> impl Iterator<Item = Diagnostic> {
        let (written, span) = (self.written(), self.prose.text.whole());
        written.match_indices('\n').filter_map(move |(at, _)| {
            let line = written[at + 1..].trim_start_matches([' ', '\t', '>']);
            let mark = glued_mark(line)?;
            let start = span.start as usize + written.len() - line.len();
            let place = Span::new(span.file, start..start + mark.len());
            let diagnostic = Diagnostic::new(Lint::LooksLikeMarkup, place, NO_ITEM);
            Some(diagnostic.help(space_behind(mark)))
        })
    }

    /// `! [[key ¶2]]`, `! [words](ships.png)`
    fn showing(self) -> Option<Diagnostic> {
        let [Inline::Text(sign), shown] = &*self.prose.inlines else {
            return None;
        };
        let is_shown = match shown {
            Inline::Reference { .. } => true,
            Inline::Link(link) => is_image(&link.url),
            Inline::Text(_)
            | Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Code(_)
            | Inline::Image(_)
            | Inline::Break
            | Inline::Citation(_)
            | Inline::Footnote(_) => false,
        };
        let sign = &self.text()[sign.start as usize..sign.end as usize];
        (is_shown && sign.trim_end() == "!" && sign != "!" && self.is_sign(0)).then(|| {
            let message = "this shows nothing: a space parts the `!` from what it would show";
            self.told(0..1, message, "take the space out".to_owned())
        })
    }

    /// `| A | B |` without the line that makes a table's head of it.
    fn table(self) -> Option<Diagnostic> {
        let rest = self.text().strip_prefix('|')?;
        let bars = rest.matches('|').count();
        (bars >= 2).then(|| {
            let help =
                "below the first line of a table stands `| --- | --- |`, with as many columns";
            self.told(0..1, "this is no table, but text", help.to_owned())
        })
    }

    /// `Words. ^ name`, `Words.^name`
    fn name(self) -> Option<Diagnostic> {
        if let Some((before, name)) = self.text().rsplit_once('^')
            && before.ends_with(['.', '!', '?', '”', '"', ')'])
            && is_key(name)
            && self.places("^").last() == Some(before.len())
        {
            let help = format!("write a space before `^{name}`");
            let range = before.len()..self.text().len();
            return Some(self.told(range, "this names no paragraph", help));
        }
        if let Some(several) = self.name_of_several_words() {
            return Some(several);
        }
        let (before, name) = self.text().rsplit_once(" ^ ")?;
        let is_name = is_key(name) && !before.is_empty();
        is_name.then(|| {
            let at = before.len() + 1;
            let help = format!("write `^{name}`");
            self.told(at..self.text().len(), "this names no paragraph", help)
        })
    }

    /// `Words. ^two words`
    fn name_of_several_words(self) -> Option<Diagnostic> {
        let (before, name) = self.text().rsplit_once(" ^")?;
        let words: Vec<&str> = name.split(' ').collect();
        let is_name = (2..=3).contains(&words.len()) && words.iter().all(|word| is_key(word));
        let is_last = before.ends_with(['.', '!', '?', '”', '"', ')', '。']);
        (is_name && is_last && self.is_sign(before.len() + 1)).then(|| {
            let help = format!("a name is one word: write `^{}`", words.join("-"));
            let range = before.len() + 1..self.text().len();
            self.told(range, "this names no paragraph", help)
        })
    }

    /// `[words] (file.md)`, `(words)[file.md]`, `[words](two words.md)`, `[words](file.md`
    fn link(self) -> Option<Diagnostic> {
        let text = self.text();
        if let Some(broken) = self.broken_link() {
            return Some(broken);
        }
        let half = self.places("[").find_map(|at| {
            let words = text[at + 1..].split(['[', ']', '(']).next()?;
            let open = at + 1 + words.len();
            let address = text[open..].strip_prefix('(')?.split(')').next()?;
            let end = open + address.len() + 2;
            let is_half = is_address(address) && end <= text.len();
            is_half.then_some((at..end, words, address))
        });
        let apart = self.places("] (").find_map(|at| {
            let open = text[..at].rfind('[')?;
            let close = at + text[at..].find(')')?;
            let address = &text[at + 3..close];
            is_address(address).then(|| (open..close + 1, &text[open + 1..at], address))
        });
        let turned = self.places(")[").find_map(|at| {
            let open = text[..at].rfind('(')?;
            let close = at + text[at..].find(']')?;
            let address = &text[at + 2..close];
            is_address(address).then(|| (open..close + 1, &text[open + 1..at], address))
        });
        let (range, words, address) = apart.or(turned).or(half)?;
        let help = format!("write `[{words}]({address})`");
        Some(self.told(range, "this is no link, but text", help))
    }

    /// What has a link's form, and an address that Markdown does not take.
    fn broken_link(self) -> Option<Diagnostic> {
        let text = self.text();
        let at = self.places("](").next()?;
        let Some(open) = text[..at].rfind('[') else {
            let help = "write a `[` before the words that are linked".to_owned();
            return Some(self.told(at..at + 2, "this is no link, but text", help));
        };
        let address = &text[at + 2..];
        let (end, help) = match address.find(')') {
            Some(close) => (
                at + 3 + close,
                "an address has no spaces: take them out, or put it in `<…>`",
            ),
            None => (
                at + 2 + address.find(' ').unwrap_or(address.len()),
                "end the address with `)`",
            ),
        };
        Some(self.told(open..end, "this is no link, but text", help.to_owned()))
    }

    /// `<!- words ->`, and `<!--` without an end
    fn comment(self) -> Option<Diagnostic> {
        let at = ["<!-", "<!–", "<!—"]
            .iter()
            .find_map(|sign| self.places(sign).next())?;
        let help = "a comment stands between `<!--` and `-->`".to_owned();
        Some(self.told(at..at + 2, "this is no comment, but text", help))
    }

    /// ``` ``words'' ```, `,,words''` and `´words´`
    fn typed_marks(self) -> Option<Diagnostic> {
        let kinds = [
            ("``", "two backticks are"),
            (",,", "two commas are"),
            ("´", "an accent is"),
        ];
        let text = self.text();
        let found = kinds.into_iter().find_map(|(sign, what)| {
            let begins = |at: &usize| {
                let (before, behind) = (&text[..*at], &text[at + sign.len()..]);
                let alone = sign != "´" || behind.contains('´');
                let apart = sign == "``" || !before.ends_with(|c: char| c.is_alphanumeric());
                alone && apart && behind.starts_with(char::is_alphanumeric)
            };
            let at = self.places(sign).find(begins)?;
            Some((at..at + sign.len(), what))
        });
        let (place, what) = found?;
        let message = format!("{what} no quotation mark: what follows is not verified");
        let help = "put the words between `\"` and `\"`, or `“` and `”`".to_owned();
        Some(self.told(place, &message, help))
    }

    /// `â€œ`: a mark whose bytes were read in another encoding.
    fn garbled(self) -> Option<Diagnostic> {
        let at = self.places("â€").next()?;
        let sign: String = self.text()[at..].chars().take(3).collect();
        let meant = match sign.chars().last() {
            Some('œ') => "“",
            Some('\u{9d}') => "”",
            Some('˜') => "‘",
            Some('™') => "’",
            Some('“') => "–",
            Some('”') => "—",
            Some('¦') => "…",
            _ => return None,
        };
        let help = format!("write `{meant}`, here and wherever such signs stand");
        let message = "a sign that was saved in one encoding and opened in another";
        Some(self.told(at..at + sign.len(), message, help))
    }

    /// `~~words` without an end, and a backtick without another.
    fn lone_sign(self) -> Option<Diagnostic> {
        let text = self.text();
        let begins = |at: usize, length: usize| {
            let before = text[..at].chars().next_back();
            let behind = text[at + length..].chars().next();
            before.is_none_or(char::is_whitespace) && behind.is_some_and(char::is_alphanumeric)
        };
        let lone = |sign: &'static str| {
            let mut places = self.places(sign);
            let at = places.next()?;
            (places.next().is_none() && begins(at, sign.len())).then_some((at, sign))
        };
        let (at, sign) = lone("~~").or_else(|| lone("`"))?;
        let is_doubled = text[at + sign.len()..].starts_with(sign) || text[..at].ends_with(sign);
        let help = "write it behind the last word as well, or a backslash before it".to_owned();
        let message = "this sign has no other, and is printed";
        (!is_doubled).then(|| self.told(at..at + sign.len(), message, help))
    }

    /// `*word` without an end, and `** word **`
    fn emphasis(self) -> Option<Diagnostic> {
        let text = self.text();
        let at = self.places("*").find(|at| {
            let gap = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c == '(');
            let marks = text[*at..].len() - text[*at..].trim_start_matches('*').len();
            let (before, behind) = (
                text[..*at].chars().next_back(),
                text[*at + marks..].chars().next(),
            );
            let begins = |c: char| c.is_alphabetic() || QUOTATION_MARKS.contains(&c);
            let opens = gap(before) && behind.is_some_and(begins);
            let closes = before.is_some_and(char::is_alphabetic) && gap(behind) && marks == 2;
            opens || closes || (marks == 2 && gap(before) && behind == Some(' '))
        })?;
        let is_double = text[at..].starts_with("**");
        let sign = if is_double { "**" } else { "*" };
        let help = format!(
            "put one `{sign}` right before the first and one right behind the last word, or write `\\*`"
        );
        Some(self.told(at..at + 1, "this sign emphasises nothing", help))
    }
}

/// The hyphen, or the number with its full stop, that a line begins with, right before a capital: `-Item`, `1.Item`.
fn glued_mark(line: &str) -> Option<&str> {
    let figures = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = match figures {
        0 => line.get(..1).filter(|sign| *sign == "-")?,
        1 | 2 => line.get(..=figures).filter(|mark| mark.ends_with('.'))?,
        _ => return None,
    };
    let words = &line[mark.len()..];
    let is_item = match figures {
        0 => words.starts_with(char::is_uppercase),
        _ => words.starts_with(|c: char| c.is_ascii_uppercase()),
    };
    is_item.then_some(mark)
}

fn space_behind(mark: &str) -> String {
    format!("write a space behind `{mark}`")
}

fn is_image(address: &str) -> bool {
    let endings = [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp"];
    endings.iter().any(|ending| address.ends_with(ending))
}

/// A file of the book or another site.
fn is_address(text: &str) -> bool {
    let file = [".md", ".html", ".pdf", ".png", ".jpg", ".svg"];
    !text.contains(' ') && (text.contains("://") || file.iter().any(|ending| text.contains(ending)))
}
