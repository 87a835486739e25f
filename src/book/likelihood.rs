//! How likely and how sure: the words of ICD 203 (Analytic Standards, §D.6.e.2), in books in English.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_segmentation::UnicodeSegmentation as _;

use super::Book;

use crate::annotation::{Claim, LIKELIHOODS};
use crate::diagnostic::{Diagnostic, Lint};
use crate::markdown::Document;
use crate::source::{Span, Text};
use crate::verify::{Folded, block_quoted, cites_sources, quoted_ranges};

/// Degrees of likelihood that are none of the seven bands, and the term of the nearest band.
const UNLISTED: [(&str, &str); 18] = [
    ("highly likely", "very likely"),
    ("extremely likely", "very likely"),
    ("quite likely", "likely"),
    ("fairly likely", "likely"),
    ("somewhat likely", "likely"),
    ("highly unlikely", "very unlikely"),
    ("extremely unlikely", "very unlikely"),
    ("quite unlikely", "unlikely"),
    ("somewhat unlikely", "unlikely"),
    ("very probable", "highly probable"),
    ("extremely probable", "highly probable"),
    ("very improbable", "highly improbable"),
    ("extremely improbable", "highly improbable"),
    ("virtually certain", "almost certain"),
    ("all but certain", "almost certain"),
    ("near certain", "almost certain"),
    ("extremely remote", "remote"),
    ("fifty-fifty", "roughly even chance"),
];

/// The terms of the bands as adverbs.
const ADVERBS: [&str; 4] = [
    "almost certainly",
    "nearly certainly",
    "probably",
    "improbably",
];

/// Words that say how sure the authors are.
const CONFIDENCE: [&str; 6] = [
    "high confidence",
    "moderate confidence",
    "low confidence",
    "highly confident",
    "moderately confident",
    "are confident that",
];

/// Words that begin as a term does and are none.
const OTHERS: [&str; 2] = ["probable cause", "probable causes"];

/// What is remote as a term: without one of them it is far away.
const CHANCES: [&str; 6] = [
    "chance",
    "possibility",
    "probability",
    "likelihood",
    "prospect",
    "odds",
];

/// A text without any of them has no phrase.
const STEMS: [&str; 8] = [
    "likely", "probab", "certain", "confiden", "chance", "odds", "fifty", "remote",
];

/// The terms of each row: `likely` and `probable` are of one band, and a product keeps to one row.
const ROW: usize = LIKELIHOODS.len() / 2;

/// What a document in English says of it.
pub(super) fn in_document(document: &Document) -> impl Iterator<Item = Diagnostic> {
    let quoted = block_quoted(document, cites_sources);
    let paragraphs = document.paragraphs.iter().enumerate();
    let own = paragraphs.filter(move |(index, _)| !quoted.contains(index));
    own.flat_map(|(_, paragraph)| in_text(&paragraph.prose.text))
}

/// Whether the terms are those of a book's language.
pub(super) fn is_in_english(book: &Book) -> bool {
    book.config.book.language.starts_with("en")
}

/// What a phrase is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phrase {
    /// None of the terms; the second is the nearest.
    Unlisted(&'static str, &'static str),
    /// A term of a band.
    Likelihood,
    /// How sure the authors are.
    Confidence,
    /// None of these.
    Other,
}

fn phrases() -> impl Iterator<Item = (&'static str, Phrase)> {
    let unlisted = UNLISTED
        .iter()
        .map(|(words, term)| (*words, Phrase::Unlisted(words, term)));
    let terms = LIKELIHOODS.iter().map(|(term, _)| *term).chain(ADVERBS);
    let terms = terms.map(|term| (term, Phrase::Likelihood));
    let confidence = CONFIDENCE.iter().map(|words| (*words, Phrase::Confidence));
    let others = OTHERS.iter().map(|words| (*words, Phrase::Other));
    unlisted.chain(terms).chain(confidence).chain(others)
}

/// Finds every phrase at once, of two that begin together the longer one.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true);
    builder
        .build(phrases().map(|(words, _)| words.replace('-', " ")))
        .ok()
});

/// Finds what any phrase has.
static STEM_FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(STEMS).ok()
});

fn in_text(text: &Text) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let stems = STEM_FINDER.as_ref();
    if !stems.is_some_and(|stems| stems.is_match(text.text.as_str())) {
        return diagnostics;
    }
    let own = without_quotations(&text.text);
    let folded = Folded::new(&own);
    // A hyphen joins words as a space does.
    let words = folded.text.replace('-', " ");
    for (at, sentence) in words.split_sentence_bound_indices() {
        let span = |range: &Range<usize>| {
            text.span(folded.original(&own, at + range.start..at + range.end))
        };
        let (mut likely, mut sure) = (None, stated_confidence(sentence).as_ref().map(span));
        let near = |range: &Range<usize>| !is_far_away(&sentence[range.clone()], sentence);
        for (phrase, range) in found(sentence).filter(|(_, range)| near(range)) {
            match phrase {
                Phrase::Unlisted(words, term) => {
                    diagnostics.push(unlisted(words, term, span(&range)));
                }
                Phrase::Likelihood => likely = likely.or(Some(span(&range))),
                Phrase::Confidence => sure = sure.or(Some(span(&range))),
                Phrase::Other => {}
            }
        }
        if let (Some(sure), Some(likely)) = (sure, likely) {
            let message = "one sentence says both how likely it is and how sure you are";
            diagnostics.push(
                Diagnostic::new(Lint::LikelihoodLanguage, likely, message)
                    .related(sure, "how sure")
                    .help("say them in two sentences: readers take one for the other"),
            );
        }
    }
    diagnostics
}

/// Whether `remote` speaks of a place.
fn is_far_away(phrase: &str, sentence: &str) -> bool {
    let sentence = sentence.to_ascii_lowercase();
    let speaks_of_chance = CHANCES.iter().any(|word| sentence.contains(word));
    phrase.to_ascii_lowercase().ends_with("remote") && !speaks_of_chance
}

/// `Our confidence in this is moderate`: the authors', as what is said of nobody's confidence is; the public's is its
/// own.
fn stated_confidence(sentence: &str) -> Option<Range<usize>> {
    const CONFIDENCE: &str = "confidence";
    let lower = sentence.to_ascii_lowercase();
    let start = lower.find(CONFIDENCE)?;
    let owner = lower[..start].trim();
    let end = start + CONFIDENCE.len();
    let degrees = ["high", "moderate", "low"].map(|degree| format!(" is {degree}"));
    let said = degrees.iter().any(|degree| {
        let places = lower[end..].match_indices(degree.as_str());
        let mut behind = places.map(|(at, _)| lower[end + at + degree.len()..].chars().next());
        behind.any(|next| !next.is_some_and(char::is_alphanumeric))
    });
    let is_own = matches!(owner, "" | "our" | "my");
    (said && is_own).then_some(start..end)
}

fn unlisted(words: &str, term: &str, span: Span) -> Diagnostic {
    let message = format!("“{words}” is none of ICD 203's terms for likelihood");
    let diagnostic = Diagnostic::new(Lint::LikelihoodLanguage, span, message);
    diagnostic
        .help(format!("the nearest is “{term}”"))
        .fix(span, term)
}

/// The phrases of a text that stand there as whole words.
fn found(text: &str) -> impl Iterator<Item = (Phrase, Range<usize>)> {
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let places = FINDER.iter().flat_map(move |finder| finder.find_iter(text));
    let whole = places.filter(move |place| {
        let (before, after) = (&text[..place.start()], &text[place.end()..]);
        !is_word(before.chars().next_back()) && !is_word(after.chars().next())
    });
    whole.filter_map(|place| {
        let (_, phrase) = phrases().nth(place.pattern().as_usize())?;
        Some((phrase, place.range()))
    })
}

/// The text with quoted words blanked: they are somebody else's.
fn without_quotations(text: &str) -> String {
    let mut own = text.to_owned();
    for range in quoted_ranges(text) {
        own.replace_range(range.clone(), &" ".repeat(range.len()));
    }
    own
}

/// Claims whose term is of the other row than most claims' are.
pub(super) fn mixed_rows(book: &Book) -> Vec<Diagnostic> {
    if !is_in_english(book) {
        return Vec::new();
    }
    let claims = &book.claims;
    let row = |claim: &&Arc<Claim>| {
        let term = claim.likelihood?;
        let index = LIKELIHOODS.iter().position(|(name, _)| *name == term)?;
        Some(index / ROW)
    };
    let of_row = |wanted| {
        claims
            .iter()
            .filter(move |claim| row(claim) == Some(wanted))
    };
    let rarer = usize::from(of_row(0).count() >= of_row(1).count());
    let Some(other) = of_row(1 - rarer).next() else {
        return Vec::new();
    };
    let term = |claim: &Arc<Claim>| claim.likelihood.unwrap_or_default();
    of_row(rarer)
        .map(|claim| {
            let message = format!(
                "`{}` and `{}` are of ICD 203's two different sets of terms",
                term(claim),
                term(other)
            );
            Diagnostic::new(Lint::LikelihoodLanguage, claim.key.whole(), message)
                .related(other.key.whole(), "the other set")
                .help("keep to one set in all claims")
        })
        .collect()
}

/// Claims whose text says in a term of another band how likely it is than their `likelihood`.
pub(super) fn contradicted(book: &Book) -> Vec<Diagnostic> {
    if !is_in_english(book) {
        return Vec::new();
    }
    let contradicted = book.claims.iter().filter_map(|claim| {
        let term = claim.likelihood?;
        let paragraphs = claim.text.paragraphs.iter();
        let mut said = paragraphs.flat_map(|paragraph| terms_said(&paragraph.prose.text));
        let (words, place) = said.next()?;
        if said.next().is_some() || band(&words)? == band(term)? {
            return None;
        }
        let message = format!("the text says “{words}”, and the claim's `likelihood` is `{term}`");
        let told = Diagnostic::new(Lint::LikelihoodLanguage, place, message);
        Some(told.help("let the two say the same"))
    });
    contradicted.collect()
}

/// The band of a term, from the least likely on.
fn band(term: &str) -> Option<usize> {
    let adjective = match term.to_ascii_lowercase().as_str() {
        "probably" => "probable".to_owned(),
        "improbably" => "improbable".to_owned(),
        other => other
            .strip_suffix("ly")
            .filter(|stem| stem.ends_with("certain"))
            .unwrap_or(other)
            .to_owned(),
    };
    let index = LIKELIHOODS
        .iter()
        .position(|(name, _)| *name == adjective)?;
    Some(index % ROW)
}

/// The terms of a text in the authors' own words; none where one is denied or compared.
fn terms_said(text: &Text) -> Vec<(String, Span)> {
    const COMPARING: [&str; 6] = ["more", "less", "as", "most", "least", "how"];
    const DENYING: [&str; 6] = ["not", "no", "never", "nor", "nobody", "none"];
    let own = without_quotations(&text.text);
    let folded = Folded::new(&own);
    let words = folded.text.replace('-', " ");
    let is_term = |(phrase, _): &(Phrase, Range<usize>)| *phrase == Phrase::Likelihood;
    let terms: Vec<Range<usize>> = found(&words)
        .filter(is_term)
        .map(|(_, range)| range)
        .filter(|range| !is_far_away(&words[range.clone()], &words))
        .collect();
    let is_one = |word: &str, of: &[&str]| of.contains(&word.to_ascii_lowercase().as_str());
    let is_compared = |range: &Range<usize>| {
        let before = words[..range.start].split_whitespace().next_back();
        before.is_some_and(|before| is_one(before, &COMPARING))
    };
    let denies = |word: &str| is_one(word, &DENYING) || word.ends_with("n't");
    if terms.iter().any(is_compared) || words.split_whitespace().any(denies) {
        return Vec::new();
    }
    let said = terms.into_iter().map(|range| {
        let place = text.span(folded.original(&own, range.clone()));
        (words[range].to_owned(), place)
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn sentences_are_read_for_the_words_of_likelihood() {
        let check = |text: &str, expected: &[&str]| {
            let sources = Sources::from_texts([("a.md", text)]);
            let (file, _) = sources.files().next().unwrap();
            let found = in_text(&Text::verbatim(file, text, 0));
            let words: Vec<&str> = found
                .iter()
                .map(|d| sources.slice(d.at.as_ref().unwrap().span))
                .collect();
            assert_eq!(words, expected, "{text}");
        };
        check("It is highly likely.", &["highly likely"]);
        check("Highly unlikely, they said.", &["Highly unlikely"]);
        check("It is very likely; it is unlikely.", &[]);
        check(
            "We have high confidence that it is very likely.",
            &["very likely"],
        );
        check(
            "We are highly confident that it is probably so.",
            &["probably"],
        );
        check(
            "It will almost certainly happen, with high confidence.",
            &["almost certainly"],
        );
        check("It will probably happen. We are highly confident.", &[]);
        check("It is likely. We have high confidence in that.", &[]);
        check("They called it “highly likely”.", &[]);
        check(
            "“Yes,” they said; that is highly likely “now”.",
            &["highly likely"],
        );
        check("The highly likeliest way.", &[]);
        check("They called it ‘highly likely’ and «highly likely».", &[]);
        check(
            "Spelt so: highly  likely, highly\u{a0}likely.",
            &["highly  likely", "highly\u{a0}likely"],
        );
        check("It is fifty-fifty.", &["fifty-fifty"]);
        check(
            "We judge with high-confidence that it is very likely.",
            &["very likely"],
        );
        check("Our confidence is high that this is likely.", &["likely"]);
        check(
            "Confidence in this likely outcome is moderate.",
            &["likely"],
        );
        check("The public’s confidence is low and likely to fall.", &[]);
        check("Our confidence is highlighted by the likely outcome.", &[]);
        check(
            "We have high confidence that the remote islands were garrisoned.",
            &[],
        );
        check(
            "We have high confidence that probable cause was found.",
            &[],
        );
        check(
            "We have high confidence that the chance is remote.",
            &["remote"],
        );
        check("An extremely remote island.", &[]);
        check("An extremely remote possibility.", &["extremely remote"]);
    }
}
