//! Which line is the title, and which lines only repeat it.

use super::layout::Passage;
use super::text::{columns, ends_open, ends_with_stop, fold, is_prose, letters, word_count};
use super::{LeftOut, Problem, Reason};

/// The title of an article and the lines that say it.
pub(super) struct Headline {
    /// The title as the book shows it.
    pub(super) title: String,
    /// Set when the author gave another title than the page's own: that one stays, as the first
    /// heading.
    pub(super) keeps_own: bool,
}

/// Finds the title and takes its line, and every repetition, out of the passages.
///
/// The page's own title is its first line, if that reads as a title. A given title overrides it: a
/// line that says the same is its line; another first line that reads as a title stays as a
/// heading; any other stays as text.
pub(super) fn take_out(
    passages: &mut Vec<Passage>,
    left_out: &mut Vec<LeftOut>,
    given: Option<String>,
) -> Result<Headline, Problem> {
    let own = passages
        .first()
        .filter(|first| reads_as_title(first))
        .map(|first| first.text.clone());
    let short = own.as_deref().map(|own| without_site(own, passages));
    let Some(title) = given.or(short) else {
        return Err(no_title(passages));
    };
    let other = own.filter(|own| !same_words(own, &title) && !is_with_site(own, &title));
    take_out_line(passages, left_out, &title);
    take_out_repeats(passages, left_out, &title, other.as_deref());
    Ok(Headline {
        title,
        keeps_own: other.is_some(),
    })
}

/// Takes out every line above, below or within the article that says a title known beforehand.
pub(super) fn take_out_known(
    passages: &mut Vec<Passage>,
    left_out: &mut Vec<LeftOut>,
    title: &str,
) {
    take_out_line(passages, left_out, title);
    take_out_repeats(passages, left_out, title, None);
}

/// Takes out the line that the title was taken from, or that says what the author gave. It is no
/// loss, and is listed only if it words the title differently.
fn take_out_line(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>, title: &str) {
    let Some(at) = title_line(passages, title) else {
        return;
    };
    let Passage { line, text, .. } = passages.remove(at);
    if text != title {
        left_out.push(LeftOut {
            line,
            text,
            reason: Reason::RepeatsTitle,
        });
    }
}

/// A first line may say the title as a sentence; others before the article's first sentence say it
/// word for word.
fn title_line(passages: &[Passage], title: &str) -> Option<usize> {
    if passages
        .first()
        .is_some_and(|first| same_words(&first.text, title))
    {
        return Some(0);
    }
    passages[..opening(passages)]
        .iter()
        .position(|passage| says(&passage.text, title))
}

/// How many passages stand before the article's first sentence, the title among them.
pub(super) fn opening(passages: &[Passage]) -> usize {
    let title = usize::from(passages.first().is_some_and(reads_as_title));
    let others = passages.iter().skip(title);
    title
        + others
            .take_while(|passage| !is_prose(&passage.text))
            .count()
}

/// Takes out the lines that say a title once more; of the page's own title, where another was
/// given, all but the first.
fn take_out_repeats(
    passages: &mut Vec<Passage>,
    left_out: &mut Vec<LeftOut>,
    title: &str,
    own: Option<&str>,
) {
    let is_text = |passage: &Passage| is_prose(&passage.text);
    let first = passages.iter().position(is_text).unwrap_or(passages.len());
    let last = passages.iter().rposition(is_text).unwrap_or(0);
    let mut at = 0;
    super::leave_out(passages, left_out, |passage| {
        let (edge, text) = (at < first || at > last, passage.text.as_str());
        let repeats = says(text, title)
            || is_with_site(text, title)
            || (at > 0 && own.is_some_and(|own| says(text, own)));
        at += 1;
        // Inside the article a short line may be a heading of the same words.
        (repeats && passage.item().is_none() && (edge || text.len() >= 20))
            .then_some(Reason::RepeatsTitle)
    });
}

/// Whether a line says the title: the same words, and no full stop that would make it a sentence.
fn says(line: &str, title: &str) -> bool {
    same_words(line, title) && ends_with_stop(line) == ends_with_stop(title)
}

pub(super) fn same_words(line: &str, title: &str) -> bool {
    // A title need not be compared with four megabytes.
    let near = line.len() <= title.len() * 2 + 100;
    near && fold(line) == fold(title) && !fold(title).is_empty()
}

fn no_title(passages: &[Passage]) -> Problem {
    match passages.first() {
        Some(first) => Problem::NoTitle {
            first_line: first.text.clone(),
        },
        None => Problem::NoText,
    }
}

/// Short, no full stop or open mark at its end, not a bullet, not a sentence behind a dateline.
pub(super) fn reads_as_title(passage: &Passage) -> bool {
    let text = passage.text.as_str();
    let short = text.len() <= 1000 && columns(text) <= 160 && word_count(text) <= 30;
    let ends = ends_with_stop(text) || ends_open(text);
    short && !ends && passage.item().is_none() && !has_dateline(text) && !letters(text).is_empty()
}

/// `HARBOR TOWN — …`, `HARBOR TOWN (AP) — …` and a sentence's worth of words.
fn has_dateline(text: &str) -> bool {
    let Some((place, rest)) = text
        .split_once('—')
        .or_else(|| text.split_once(" -- "))
        .or_else(|| text.split_once(" – "))
    else {
        return false;
    };
    let capitals = place
        .split_whitespace()
        .next()
        .is_some_and(|word| word.chars().count() > 2 && !word.contains(char::is_lowercase));
    capitals && columns(place) <= 40 && word_count(rest) >= 12
}

/// `Ferries Return | Example Daily` above `Ferries Return`: the browser's title, of which the
/// shorter is the article's.
fn without_site(own: &str, passages: &[Passage]) -> String {
    let edge = passages
        .iter()
        .skip(1)
        .take_while(|passage| !is_prose(&passage.text))
        .take(5);
    let shorter = edge
        .map(|passage| passage.text.as_str())
        .find(|text| is_with_site(own, text));
    shorter.unwrap_or(own).to_owned()
}

/// Whether one line is the other with a site's name behind a bar or dash.
pub(super) fn is_with_site(long: &str, short: &str) -> bool {
    let Some(rest) = long.strip_prefix(short) else {
        return false;
    };
    let site = rest
        .trim_start()
        .strip_prefix(['|', '-', '–', '—', '·', '»', '｜']);
    let named = |site: &str| {
        site.starts_with([' ', '\u{3000}']) && word_count(site) <= 6 && !ends_with_stop(site)
    };
    letters(short).len() >= 8 && rest.starts_with([' ', '｜']) && site.is_some_and(named)
}
