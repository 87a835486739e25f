//! What is said of a citation that does not hold.

mod words;

use super::amend::amended;
use super::changes::Changes;
use super::drift::{Difference, Passage};
use super::finding::with_single_marks;
use super::follow::Lost;
use crate::diagnostic::{Diagnostic, Edit, Lint, Trust, nearest};
use crate::manuscript::Article;
use crate::reference::{Citation, Locator, QUOTATION_MARKS, TITLE, numbers};
use crate::source::{Span, Text};
use words::shortened;

pub(super) use words::{excerpt, excerpt_of, word_count, words};

/// A mistyped name is compared with so many others.
const MOST_COMPARED: usize = 500;

pub(super) fn no_name(article: &Article, name: &str, span: Span) -> Diagnostic {
    let message = format!("{} has no paragraph named `^{name}`", article.named());
    let diagnostic = Diagnostic::new(Lint::UnresolvedParagraph, span, message);
    let names = article.document.names().take(MOST_COMPARED);
    match nearest(name, names.chain([TITLE])) {
        Some(near) => diagnostic
            .help(format!("did you mean `^{near}`?"))
            .fix(span, format!("^{near}")),
        None => diagnostic.help(format!("end the paragraph with ` ^{name}` to name it")),
    }
}

pub(super) fn unattributed(quotation: &Text) -> Diagnostic {
    Diagnostic::new(
        Lint::UnattributedQuotation,
        quotation.whole(),
        "a quotation without a source in its sentence",
    )
    .help("cite the source before the sentence's full stop: `[@key, ¶N]`")
}

/// How a quotation without a source is to be cited, whose words stand in some paragraphs of one article alone.
pub(super) fn stands_in(article: &Article, paragraphs: &[u32]) -> String {
    let (key, places) = (&article.key, numbers(paragraphs));
    format!(
        "these very words stand in `{key}`: put `[@{key}, {places}]` before the sentence's full stop"
    )
}

/// `words` are a block quote's first paragraph.
pub(super) fn uncited(words: &Text) -> Diagnostic {
    Diagnostic::new(
        Lint::UnattributedQuotation,
        words.whole(),
        "a block quote without a source",
    )
    .help("end it with a line `> [@key, ¶N]`, or `> [@self]` for words of your own")
}

pub(super) fn altered(quotation: &Text, word: &str) -> Diagnostic {
    let message = format!(
        "a gap or bracket of this quotation touches `{word}`, which changes what the source says"
    );
    Diagnostic::new(Lint::AlteredSense, quotation.whole(), message)
        .help("quote that word too, or end the quotation before it")
}

/// A part of a block quote before which the source has a word that changes what it says.
pub(super) fn parted(below: &Text, word: &str) -> Diagnostic {
    let message = format!(
        "between these words and those above them the source has `{word}`, which changes what it says"
    );
    Diagnostic::new(Lint::AlteredSense, below.whole(), message)
        .help("quote that word too, or end each part with a citation of its own")
}

/// A part of a block quote that its source has before the one above it.
pub(super) fn disordered(article: &Article, below: &Text) -> Diagnostic {
    let message = format!(
        "{} does not have these words behind those that you quote above them",
        article.named()
    );
    Diagnostic::new(Lint::LostQuotation, below.whole(), message)
        .help("quote them in the source's order, or end each part with a citation of its own")
}

/// `places` are the paragraphs, each with some words round the quotation.
pub(super) fn ambiguous(
    article: &Article,
    quotation: &Text,
    places: &[(u32, String)],
    cite: &str,
) -> Diagnostic {
    let numbers: Vec<u32> = places.iter().map(|(number, _)| *number).collect();
    let message = format!(
        "these words stand in {} paragraphs of `{}`: {}",
        places.len(),
        article.key,
        list(&numbers)
    );
    let shown = places.iter().take(2);
    let shown: Vec<String> = shown
        .map(|(number, words)| format!("`¶{number}` for {words}"))
        .collect();
    Diagnostic::new(Lint::AmbiguousQuotation, quotation.whole(), message).help(format!(
        "{cite} the one that you mean ({}), or quote more words",
        shown.join(", ")
    ))
}

/// Words that should stand before or after a quotation and do not.
pub(super) fn not_beside(article: &Article, words: &Text, side: &str) -> Diagnostic {
    let message = format!(
        "these words do not stand right {side} the quotation in {}",
        article.named()
    );
    Diagnostic::new(Lint::LostQuotation, words.whole(), message).help(format!(
        "`{side}` takes the source's own words right {side} the quoted ones"
    ))
}

pub(super) fn translated(article: &Article, language: &str, span: Span) -> Diagnostic {
    let message = format!(
        "article `{}` was translated from `{language}`, so these are its translator's words",
        article.key
    );
    Diagnostic::new(Lint::QuotedTranslation, span, message).help(
        "quote the original, say it in your own words, or add “in translation” to the citation",
    )
}

/// A quotation that stands nearly so: `words` at `place`, and whether that is elsewhere than where it is cited.
pub(super) fn drifted(
    article: &Article,
    quotation: &Text,
    passage: &Passage,
    (place, words): (String, String),
    elsewhere: bool,
) -> Diagnostic {
    let sense = passage.sense();
    let lint = sense.map_or(Lint::DriftedQuotation, |_| Lint::DriftedSense);
    let gravity = sense.map_or(String::new(), |sense| {
        format!("{} differs: ", sense.named())
    });
    let elsewhere = if elsewhere {
        format!(" (in {place}, not in the cited paragraph)")
    } else {
        String::new()
    };
    let words = between_marks(&words);
    let message = format!(
        "{gravity}the source has {}{elsewhere}",
        differences(passage)
    );
    let letter = letter_in_parentheses(&quotation.text).map_or(String::new(), |letter| {
        format!("; a letter that you have changed stands in square brackets: `[{letter}]`")
    });
    let diagnostic = Diagnostic::new(lint, quotation.whole(), message).help(format!(
        "{place} of `{}` has: “{}”{letter}",
        article.key,
        shortened(&words, LONGEST_SHOWN)
    ));
    Diagnostic {
        fix: replacing(quotation, passage, &words),
        ..diagnostic
    }
}

/// `(F)erries`
fn letter_in_parentheses(quotation: &str) -> Option<char> {
    quotation.split('(').skip(1).find_map(|behind| {
        let mut signs = behind.chars();
        let letter = signs.next().filter(|sign| sign.is_alphabetic())?;
        let glued = signs.next() == Some(')') && signs.next().is_some_and(char::is_alphabetic);
        glued.then_some(letter)
    })
}

/// A source's words as they stand between quotation marks: its own are single ones, or none where one lacks its other.
pub(super) fn between_marks(words: &str) -> String {
    let count = |marks: &[char]| words.matches(marks).count();
    let paired =
        count(&['“', '„', '«', '「']) == count(&['”', '»', '」']) && count(&['"']) % 2 == 0;
    if paired {
        with_single_marks(words)
    } else {
        words.replace(QUOTATION_MARKS, "")
    }
}

/// So many differences are spelled out.
const MOST_SPELLED_OUT: usize = 3;

/// So many characters of a passage are shown, and of one difference.
const LONGEST_SHOWN: usize = 240;
const LONGEST_DIFFERENCE: usize = 80;

/// `“may” where you have “will”, and “so” where you have “such”`
pub(super) fn differences(passage: &Passage) -> String {
    let spell = |difference: &Difference| {
        format!(
            "“{}” where you have “{}”",
            shortened(&difference.source, LONGEST_DIFFERENCE),
            shortened(&difference.quotation, LONGEST_DIFFERENCE)
        )
    };
    let all = &passage.differences;
    let shown: Vec<String> = all.iter().take(MOST_SPELLED_OUT).map(spell).collect();
    match all.len().saturating_sub(MOST_SPELLED_OUT) {
        0 => shown.join(", and "),
        1 => format!("{}, and differs in one more place", shown.join(", ")),
        more => format!("{}, and differs in {more} more places", shown.join(", ")),
    }
}

/// The edits that give a quotation the source's words, where there is no other passage.
fn replacing(quotation: &Text, passage: &Passage, words: &str) -> Vec<Edit> {
    if passage.near && passage.unique && !passage.bent && passage.places.len() == 1 {
        amended(quotation, words)
    } else {
        Vec::new()
    }
}

pub(super) fn moved(
    article: &Article,
    citation: &Citation,
    quotation: &Text,
    places: &[u32],
) -> Diagnostic {
    let run = match places {
        [only] => Some(format!("¶{only}")),
        _ => None,
    };
    moved_to(article, citation, quotation, &list(places), run)
}

/// A quotation that runs over the ends of paragraphs which are not the cited ones.
pub(super) fn moved_over_ends(
    article: &Article,
    citation: &Citation,
    quotation: &Text,
    places: &[u32],
) -> Diagnostic {
    let run = self::run(places);
    moved_to(article, citation, quotation, &run, Some(run.clone())).trusted(Trust::Suggested)
}

/// `¶¶3-4`
pub(super) fn run(places: &[u32]) -> String {
    match places {
        [first, .., last] => format!("¶¶{first}-{last}"),
        places => list(places),
    }
}

fn moved_to(
    article: &Article,
    citation: &Citation,
    quotation: &Text,
    places: &str,
    locator: Option<String>,
) -> Diagnostic {
    let message = format!(
        "these words stand in {places} of `{}`, not in the cited paragraph",
        article.key
    );
    let diagnostic = Diagnostic::new(Lint::MovedQuotation, quotation.whole(), message);
    let span = citation
        .locator
        .as_ref()
        .map_or(citation.span, Locator::span);
    let own = citation.locator.as_ref();
    let or_add = if own.is_none_or(is_single) {
        ""
    } else {
        ", or cite it as well"
    };
    match locator {
        Some(locator) => diagnostic
            .help(format!("write `{locator}`{or_add}"))
            .fix(span, locator)
            .trusted(trust_in_move(citation.locator.as_ref(), quotation)),
        None => diagnostic.help("say which paragraph is meant"),
    }
}

/// A locator whose paragraphs stand, unchanged, under other numbers since the source was edited.
pub(super) fn renumbered(article: &Article, locator: &Locator, paragraphs: &[u32]) -> Diagnostic {
    let is = if written(locator).len() + locator.names().count() == 1 {
        "is"
    } else {
        "are"
    };
    let mut sorted = paragraphs.to_vec();
    sorted.sort_unstable();
    let message = format!(
        "{} of `{}` {is} {} since the source was edited",
        shown(locator),
        article.key,
        numbers(&sorted)
    );
    let key = &article.key;
    let (of_all, new) = match locator {
        Locator::Name(name, _) if article.document.named(name).is_some() => (
            format!("citations of `{key}` name `^{name}`, whose paragraph was split"),
            "numbers of its pieces",
        ),
        Locator::Name(name, _) => (
            format!("citations of `{key}` name `^{name}`, as no paragraph is called now"),
            "new name or number",
        ),
        Locator::Paragraphs(..) | Locator::Several(..) => (
            format!("citations of `{key}` have old paragraph numbers since the source was edited"),
            "new number",
        ),
    };
    Diagnostic::new(Lint::MovedParagraph, locator.span(), message)
        .help(format!(
            "run `pincite heal`, which writes the {new} and settles the source"
        ))
        .together(of_all, format!("now {}", numbers(&sorted)))
}

/// A locator of which one paragraph has changed; its number is the present one.
pub(super) fn changed(
    article: &Article,
    locator: &Locator,
    number: u32,
    changes: &Changes,
) -> Diagnostic {
    let lint = changes
        .sense
        .map_or(Lint::DriftedParagraph, |_| Lint::DriftedSense);
    let gravity = changes.sense.map_or(String::new(), |sense| {
        format!("{} differs: ", sense.named())
    });
    let now = if written(locator) == [number] {
        String::new()
    } else {
        format!(" (now ¶{number})")
    };
    let message = format!(
        "{gravity}{} of `{}`{now} has changed since this was settled: {}",
        one_of(locator),
        article.key,
        told(changes)
    );
    Diagnostic::new(lint, locator.span(), message).help(
        "read it again; if it still bears out what you wrote, `pincite heal --accept-drift` settles it",
    )
}

/// `“may” has become “will”, “not” has come in, and 3 more changes`
fn told(changes: &Changes) -> String {
    let spell = |(before, now): &(String, String)| {
        let (before, now) = (
            shortened(before, LONGEST_DIFFERENCE),
            shortened(now, LONGEST_DIFFERENCE),
        );
        match (before.is_empty(), now.is_empty()) {
            (true, _) => format!("“{now}” has come in"),
            (false, true) => format!("“{before}” is gone"),
            (false, false) => format!("“{before}” has become “{now}”"),
        }
    };
    if changes.only_spaces {
        return "a space has come or gone".to_owned();
    }
    if changes.words.is_empty() {
        return "it is too long to be laid beside what it was".to_owned();
    }
    let (cells, words): (Vec<_>, Vec<_>) = changes.words.iter().partition(|one| parts_cells(one));
    if words.is_empty() && !cells.is_empty() {
        return "what it has stands in other cells".to_owned();
    }
    let told = words.iter().take(MOST_SPELLED_OUT).copied();
    let told: Vec<String> = told.map(spell).collect();
    match words.len().saturating_sub(MOST_SPELLED_OUT) {
        0 => told.join(", "),
        more => format!("{}, and {more} more changes", told.join(", ")),
    }
}

/// Whether nothing has changed but the signs that part a table's cells in the lock.
fn parts_cells((before, now): &(String, String)) -> bool {
    let signs = |words: &str| words.chars().all(|sign| matches!(sign, ' ' | '|' | '/'));
    signs(before) && signs(now) && (before.contains('|') || now.contains('|'))
}

/// A name that another paragraph bears, while what bore it stands unchanged; `cite` is how that is to be cited.
pub(super) fn renamed(
    article: &Article,
    locator: &Locator,
    (name, bearer, stands): (&str, u32, &[u32]),
    cite: &str,
) -> Diagnostic {
    let stands = numbers(stands);
    let message = format!(
        "`^{name}` of `{}` is ¶{bearer} now, and the words that bore it when this was settled stand unchanged in {stands}",
        article.key,
    );
    Diagnostic::new(Lint::DriftedSense, locator.span(), message).help(format!(
        "{cite} {stands} if that is meant; if ¶{bearer} is, quote words of it, or where nothing is quoted run `pincite heal --accept-drift`"
    ))
}

/// A locator of which one paragraph's words stand in several; `cite` is how a present number is to be cited.
pub(super) fn several(
    article: &Article,
    locator: &Locator,
    places: &[u32],
    cite: &str,
) -> Diagnostic {
    if let [place] = places {
        let now = if written(locator) == [*place] {
            String::new()
        } else {
            format!("are ¶{place} now, and ")
        };
        let message = format!(
            "the words of {} of `{}` {now}stand beside others since the source was edited",
            one_of(locator),
            article.key,
        );
        return Diagnostic::new(Lint::AmbiguousParagraph, locator.span(), message).help(format!(
            "{cite} ¶{place} if it bears this out there, or what now stands where it stood"
        ));
    }
    let message = format!(
        "the words of {} of `{}` stand in {} since the source was edited",
        one_of(locator),
        article.key,
        list(places)
    );
    Diagnostic::new(Lint::AmbiguousParagraph, locator.span(), message)
        .help(format!("{cite} the one of them that you mean"))
}

/// What is said of lost words whose paragraphs are gone.
pub(super) fn was_there(lost: &[Lost]) -> String {
    format!(
        "{}: quote what bears it out now, or take the citation out",
        are_gone(lost, "")
    )
}

/// A locator of which some paragraphs are gone, and others left; `cite` is how a present number is to be cited.
pub(super) fn gone(
    article: &Article,
    locator: &Locator,
    lost: &[Lost],
    left: &[u32],
    cite: &str,
) -> Diagnostic {
    let message = are_gone(lost, &format!(" of `{}`", article.key));
    let diagnostic = Diagnostic::new(Lint::LostParagraph, locator.span(), message);
    if let ([one], []) = (lost, left)
        && let [only] = one.stands.as_slice()
    {
        return diagnostic.help(format!(
            "{cite} ¶{only} if it bears this out there, or take the citation out"
        ));
    }
    if left.is_empty() {
        return diagnostic
            .help("cite what bears it out now, quoting some words, or take the citation out");
    }
    diagnostic.help(format!(
        "if what is left of it, now {}, bears out what you wrote, `pincite heal --accept-drift` cites that alone",
        numbers(left)
    ))
}

/// `the words of ¶3 stand in `b ¶2` now: cite that`; `others` says what to do about what stands nowhere.
pub(super) fn stands_elsewhere(
    went: &[(&str, String)],
    cite: &str,
    others: Option<String>,
) -> String {
    let told = went
        .iter()
        .map(|(name, place)| format!("the words of {name} stand in {place} now"));
    let told: Vec<String> = told.collect();
    let that = if went.len() == 1 { "that" } else { "those" };
    let others = others.map_or(String::new(), |others| format!("; {others}"));
    format!("{}: {cite} {that}{others}", told.join(", "))
}

/// `` `b ¶2` ``: a citation of paragraphs.
pub(super) fn place_of(article: &Article, paragraphs: &[u32]) -> String {
    format!("`{} {}`", article.key, numbers(paragraphs))
}

/// `¶2 is gone since the source was edited; it began “…”`
fn are_gone(lost: &[Lost], of: &str) -> String {
    let names: Vec<&str> = lost.iter().map(|one| one.name.as_str()).collect();
    let began = excerpt(lost.first().map_or("", |one| &one.words), 0);
    let names = names.join(", ");
    match lost {
        [one] if !one.stands.is_empty() => format!(
            "{names}{of} is gone from its place since the source was edited; the same words, {began}, stand in {}",
            list(&one.stands)
        ),
        [_] => format!("{names}{of} is gone since the source was edited; it began {began}"),
        _ => format!("{names}{of} are gone since the source was edited; the first began {began}"),
    }
}

/// A locator that the lock does not know, while its source has changed.
pub(super) fn unsettled(article: &Article, locator: &Locator, renumbered: bool) -> Diagnostic {
    let (key, shown) = (&article.key, shown(locator));
    let edited = format!("`{key}` was edited since its citations were settled");
    let message = if renumbered {
        format!("{edited}, and they were renumbered by hand: {shown} is read in the text of today")
    } else {
        format!("{edited}, and {shown} is not among them: it is read in the text of today")
    };
    Diagnostic::new(Lint::UnsettledSource, locator.span(), message)
        .help("look whether that is the paragraph that you mean, then run `pincite heal`")
}

/// Words that stand in some places alone, while the paragraph that was cited for them has changed or gone; whether they are
/// known to be `new` there.
pub(super) fn not_there(
    article: &Article,
    lint: Lint,
    quotation: &Text,
    (places, cite): (&[u32], &str),
    new: bool,
) -> Diagnostic {
    let how = if new { ", where they are new" } else { "" };
    let message = format!(
        "these words of `{}` no longer stand where they were cited since the source was edited, only in {}{how}",
        article.key,
        list(places)
    );
    Diagnostic::new(lint, quotation.whole(), message).help(format!(
        "{cite} that paragraph if it bears this out too, or quote the new words"
    ))
}

/// The numbers that a locator names; none for a name.
pub(super) fn written(locator: &Locator) -> Vec<u32> {
    const MOST: usize = 100;
    let ranges = locator.parts().iter().flat_map(|part| match part {
        Locator::Paragraphs(ranges, _) => ranges.as_slice(),
        Locator::Name(..) | Locator::Several(..) => &[],
    });
    ranges.flat_map(Clone::clone).take(MOST).collect()
}

/// `¶3`, or `one of ¶¶3-5`
fn one_of(locator: &Locator) -> String {
    let several = written(locator).len() + locator.names().count() > 1;
    let one = if several { "one of " } else { "" };
    format!("{one}{}", shown(locator))
}

/// `¶3`, `¶¶3-5` or `^name`
pub(super) fn shown(locator: &Locator) -> String {
    let written = written(locator);
    let numbers = (!written.is_empty()).then(|| numbers(&written));
    let names = locator.names().map(|name| format!("`^{name}`"));
    let parts: Vec<String> = numbers.into_iter().chain(names).collect();
    parts.join(", ")
}

/// Whether a locator is one number or name.
pub(super) fn is_single(locator: &Locator) -> bool {
    match locator {
        Locator::Paragraphs(ranges, _) => {
            matches!(ranges.as_slice(), [range] if range.start() == range.end())
        }
        Locator::Name(..) => true,
        Locator::Several(..) => false,
    }
}

/// Words long enough not to stand elsewhere by chance take a single number with them; a range or a name was meant.
pub(super) fn trust_in_move(locator: Option<&Locator>, quotation: &Text) -> Trust {
    let is_number = |locator: &Locator| is_single(locator) && locator.names().next().is_none();
    if locator.is_some_and(is_number) && quotation.text.split_whitespace().count() >= 3 {
        Trust::Safe
    } else {
        Trust::Suggested
    }
}

pub(super) fn list(places: &[u32]) -> String {
    let shown: Vec<String> = places
        .iter()
        .take(8)
        .map(|number| format!("¶{number}"))
        .collect();
    let more = if places.len() > 8 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
