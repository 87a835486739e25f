//! Words looked for in all articles, and the citation that leads to where they stand.
//!
//! A citation is only given once it has been read and verified as a build does it.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use super::drift::{Haystack, Passage};
use super::matching::is_edge;
use super::report::between_marks;
use super::report::{differences, excerpt_of, run};
use super::tokens::{is_word, tokens};
use super::wanted::{Beside, Wanted};
use super::{Folded, State, Verifier};
use crate::diagnostic::nearest;
use crate::manuscript::Article;
use crate::markdown::{Document, Voice};
use crate::reference::{self, Citation, QUOTATION_MARKS};
use crate::source::Text;
use crate::yaml::{self, Value};

/// Looks for words in the articles.
pub struct Finder<'b> {
    verifier: &'b Verifier,
}

/// What looking for words has found.
pub enum Search {
    /// There are no words to look for.
    NoWords,
    /// Every place where they stand, in the order of the articles.
    Found(Vec<Sighting>),
    /// They stand nowhere; the passages that they nearly are, the nearest first.
    Near(Vec<Sighting>),
    /// Nothing near; perhaps a passage that shares some of the words.
    Nothing(Option<Sighting>),
}

/// A place where words stand, or nearly do.
pub struct Sighting {
    article: usize,
    /// The paragraphs, and ranges of their folded texts; more than one where the words run over a paragraph's end.
    places: Vec<(u32, Range<usize>)>,
    /// What differs from the words that were looked for.
    pub differences: Option<String>,
}

/// How a citation is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A line below `cites: |`.
    Yaml,
    /// In the text of a chapter.
    Markdown,
}

/// A quotation grows by at most so many words until it is the only one of its kind.
const MOST_ADDED: usize = 24;

impl<'b> Finder<'b> {
    /// A finder in the articles of a verifier.
    pub fn new(verifier: &'b Verifier) -> Self {
        Finder { verifier }
    }

    /// Looks for words: as they are; whatever their case, or parts of words; nearly so.
    pub fn search(&self, words: &str) -> Search {
        let wanted = Wanted::new(words, &Beside::default());
        if wanted.is_empty() || !words.contains(char::is_alphanumeric) {
            return Search::NoWords;
        }
        let found = self.sightings(|text| wanted.places(text));
        if !found.is_empty() {
            return Search::Found(found);
        }
        let folded = Folded::new(words).text.to_ascii_lowercase();
        let found = self.sightings(|text| roughly(text, folded.trim()));
        if !found.is_empty() {
            return Search::Found(found);
        }
        self.nearly(words)
    }

    /// Every place of the articles' paragraphs that `places` tells.
    fn sightings(&self, places: impl Fn(&Folded) -> Vec<Range<usize>> + Sync) -> Vec<Sighting> {
        let of_article = |article: usize| -> Vec<Sighting> {
            let folded = self.verifier.folded(article);
            let of_paragraph = |number: u32| {
                let found = places(&folded[number as usize - 1]).into_iter();
                found.map(move |range| Sighting {
                    article,
                    places: vec![(number, range)],
                    differences: None,
                })
            };
            let shown = self.shown(article).into_iter();
            shown.flat_map(of_paragraph).collect()
        };
        let articles = (0..self.verifier.articles.len()).into_par_iter();
        articles.flat_map_iter(of_article).collect()
    }

    /// The numbers of an article's paragraphs that may be quoted.
    fn shown(&self, article: usize) -> Vec<u32> {
        let article = &self.verifier.articles[article];
        let numbers = article.document.paragraphs.iter().map(|p| p.number);
        let shown = numbers.filter(|number| article.sound && !article.omits(*number));
        shown.collect()
    }

    fn nearly(&self, words: &str) -> Search {
        let articles = (0..self.verifier.articles.len()).into_par_iter();
        let nearest = |article: usize| {
            let texts: Vec<&Folded> = self.verifier.folded(article).iter().collect();
            let index = self.verifier.index(article);
            let haystack = Haystack {
                texts: &texts,
                index,
            };
            let sound = self.verifier.articles[article].sound;
            let passage = haystack.nearest(words, 1..=u32::MAX).filter(|_| sound)?;
            Some((article, passage))
        };
        let mut passages: Vec<(usize, Passage)> = articles.filter_map(nearest).collect();
        passages.sort_by_key(|(_, passage)| passage.cost());
        let wanted = Wanted::new(words, &Beside::default());
        let over_ends = |(article, passage): &(usize, Passage)| {
            let paragraphs = passage.paragraphs();
            self.verifier.runs_over_ends(*article, &paragraphs, &wanted)
        };
        let (exact, others): (Vec<_>, Vec<_>) = passages.into_iter().partition(over_ends);
        let (near, hints): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, p)| p.near);
        if !exact.is_empty() {
            return Search::Found(exact.into_iter().map(sighting_of).collect());
        }
        if !near.is_empty() {
            return Search::Near(near.into_iter().map(sighting_of).collect());
        }
        let respelled = self.respelled(words);
        respelled.unwrap_or_else(|| Search::Nothing(hints.into_iter().next().map(sighting_of)))
    }

    /// Looks for words in which each that stands in no article is the nearest that does.
    fn respelled(&self, words: &str) -> Option<Search> {
        let vocabulary = self.vocabulary();
        let folded = Folded::new(words).text;
        let mut meant = String::new();
        let mut at = 0;
        for word in tokens(&folded).filter(|token| is_word(&folded[token.clone()])) {
            let lower = folded[word.clone()].to_lowercase();
            meant.push_str(&folded[at..word.start]);
            meant.push_str(match vocabulary.get(&lower) {
                Some(known) => known,
                // Another number is never the same one mistyped.
                None if lower.contains(char::is_numeric) => return None,
                None => nearest(&lower, vocabulary.iter().map(String::as_str))?,
            });
            at = word.end;
        }
        meant.push_str(&folded[at..]);
        let meant = meant.to_ascii_lowercase();
        let mut found = self.sightings(|text| roughly(text, &meant));
        for sighting in &mut found {
            sighting.differences = Some(format!("“{meant}” where you have “{words}”"));
        }
        (!found.is_empty()).then_some(Search::Near(found))
    }

    /// Every word of the articles, in lower case.
    fn vocabulary(&self) -> BTreeSet<String> {
        let articles = 0..self.verifier.articles.len();
        let texts = articles.flat_map(|article| self.verifier.folded(article).iter());
        let words = texts.flat_map(|text| tokens(&text.text).map(|token| &text.text[token]));
        let words = words.filter(|word| is_word(word));
        words.map(str::to_lowercase).collect()
    }

    /// The citation that leads to a place: with the shortest quotation round the words that stands nowhere else in
    /// the article, or, where no quotation can be written, with the paragraph alone.
    pub fn citation(&self, sighting: &Sighting, form: Form) -> Option<String> {
        let article = &self.verifier.articles[sighting.article];
        let numbers: Vec<u32> = sighting.places.iter().map(|(number, _)| *number).collect();
        let (key, at) = (article.key.as_str(), run(&numbers));
        let quoted = self.unlike_others(sighting);
        let quotations = [&quoted, &sighting.places]
            .into_iter()
            .flat_map(|places| self.quotations(sighting.article, places))
            .map(|quotation| format!(" \"{quotation}\""));
        let mut citations = quotations
            .chain([String::new()])
            .map(|quotation| match form {
                Form::Yaml => format!("{key} {at}{quotation}"),
                Form::Markdown => format!("[@{key}, {at}{quotation}]"),
            });
        citations.find(|citation| self.holds(citation, form, article, &numbers))
    }

    /// The words round a sighting that stand in the article once, as few as will do.
    fn unlike_others(&self, sighting: &Sighting) -> Vec<(u32, Range<usize>)> {
        let [(number, range)] = sighting.places.as_slice() else {
            return sighting.places.clone();
        };
        let text = &self.verifier.folded(sighting.article)[*number as usize - 1];
        let (starts, ends) = (
            starts_before(text, range.start),
            ends_after(text, range.end),
        );
        let grown = (0..=MOST_ADDED).flat_map(|added| {
            let both = (0..=added).map(|left| (starts.get(left), ends.get(added - left)));
            let ranges = both.filter_map(|(start, end)| Some(*start?..*end?));
            let mut ranges: Vec<Range<usize>> = ranges.collect();
            // What goes over no mark reads best.
            ranges.sort_by_key(|range| marks_in(&text.text[range.clone()]));
            ranges
        });
        let mut grown = grown.into_iter();
        let alone =
            grown.find(|range| self.stands_once(sighting.article, &text.text[range.clone()]));
        vec![(*number, alone.unwrap_or_else(|| range.clone()))]
    }

    fn stands_once(&self, article: usize, words: &str) -> bool {
        let wanted = Wanted::new(words, &Beside::default());
        let folded = self.verifier.folded(article);
        let shown = self.shown(article).into_iter();
        let mut places = shown.flat_map(|number| wanted.places(&folded[number as usize - 1]));
        places.next().is_some() && places.next().is_none()
    }

    /// The words of a place, as they may stand between quotation marks: those inside made single ones, or as they are.
    fn quotations(&self, article: usize, places: &[(u32, Range<usize>)]) -> Vec<String> {
        let document = &self.verifier.articles[article].document;
        let words = self.verifier.unfolded(article, places.to_vec());
        let words: Vec<String> = words
            .into_iter()
            .filter_map(|(number, range)| Some(document.paragraph(number)?.unstruck(range)))
            .collect();
        let words: Vec<&str> = words.iter().flat_map(|s| s.split_whitespace()).collect();
        let words = words.join(" ");
        let words =
            words.trim_matches(|c| QUOTATION_MARKS.contains(&c) || SINGLE_MARKS.contains(&c));
        vec![between_marks(words), words.to_owned()]
    }

    /// Whether a citation, pasted into the book, is verified in these paragraphs, or without a quotation is pinned.
    fn holds(&self, citation: &str, form: Form, article: &Article, numbers: &[u32]) -> bool {
        let read = match form {
            Form::Yaml => read_yaml(citation, article),
            Form::Markdown => read_markdown(citation, article),
        };
        let Some(citation) = read else { return false };
        let state = match citation.quotation {
            Some(_) => State::Verified,
            None => State::Pinned,
        };
        let (cited, problems) = self.verifier.verify(&citation);
        // A paragraph without words, between two others, may be among the cited ones or not.
        let ends = |numbers: &[u32]| (numbers.first().copied(), numbers.last().copied());
        let right = cited
            .is_some_and(|cited| cited.state == state && ends(&cited.paragraphs) == ends(numbers));
        right && problems.is_empty()
    }

    /// The words round a place, about `width` characters of them.
    pub fn around(&self, sighting: &Sighting, width: usize) -> String {
        let places = self
            .verifier
            .unfolded(sighting.article, sighting.places.clone());
        let document = &self.verifier.articles[sighting.article].document;
        let words = places.first().and_then(|(number, range)| {
            let text = &document.paragraph(*number)?.prose.text.text;
            Some(excerpt_of(text, range.start, width))
        });
        words.unwrap_or_default()
    }
}

fn sighting_of((article, passage): (usize, Passage)) -> Sighting {
    let differ = !passage.differences.is_empty();
    Sighting {
        article,
        differences: differ.then(|| differences(&passage)),
        places: passage.places,
    }
}

/// Where lower-case words stand whatever the case there, or inside longer words, out to the words' edges.
fn roughly(text: &Folded, words: &str) -> Vec<Range<usize>> {
    let lower = text.text.to_ascii_lowercase();
    let edge = |at: &usize| text.text.is_char_boundary(*at) && is_edge(text, *at);
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(found) = lower[from..].find(words) {
        let at = from + found;
        let start = (from..=at).rev().find(edge).unwrap_or(from);
        let end = (at + words.len()..=lower.len()).find(edge);
        from = end.unwrap_or(lower.len());
        places.push(start..from);
    }
    places
}

/// A position, and the beginnings of the words before it, the nearest first.
fn starts_before(text: &Folded, at: usize) -> Vec<usize> {
    let words = words_of(text).into_iter().rev();
    let before = words.map(|word| word.start).filter(|start| *start < at);
    [at].into_iter().chain(before.take(MOST_ADDED)).collect()
}

/// A position, and the ends of the words after it, the nearest first.
fn ends_after(text: &Folded, at: usize) -> Vec<usize> {
    let words = words_of(text).into_iter();
    let after = words.map(|word| word.end).filter(|end| *end > at);
    [at].into_iter().chain(after.take(MOST_ADDED)).collect()
}

/// How many of a text's tokens are neither words nor numbers.
fn marks_in(text: &str) -> usize {
    tokens(text)
        .filter(|token| !is_word(&text[token.clone()]))
        .count()
}

/// The words of a text that a quotation may begin and end with.
fn words_of(text: &Folded) -> Vec<Range<usize>> {
    let whole = |word: &Range<usize>| {
        is_word(&text.text[word.clone()]) && is_edge(text, word.start) && is_edge(text, word.end)
    };
    tokens(&text.text).filter(whole).collect()
}

/// Marks that stand inside a quotation without ending it.
const SINGLE_MARKS: [char; 5] = ['‘', '’', '\'', '`', '´'];

/// A text in which quotation marks are single ones.
pub(super) fn with_single_marks(words: &str) -> String {
    let mut before = None;
    let single = words.chars().map(|character| {
        let opens = before.is_none_or(|c: char| c.is_whitespace() || "([—–-".contains(c));
        before = Some(character);
        match character {
            '“' | '„' | '‟' | '«' | '「' => '‘',
            '”' | '»' | '」' => '’',
            '"' | '`' if opens => '‘',
            '"' | '`' => '’',
            other => other,
        }
    });
    single.collect()
}

fn read_yaml(citation: &str, article: &Article) -> Option<Citation> {
    let text = format!("cites: |\n  {citation}\n");
    let (root, problems) = yaml::parse(article.file, &text, 0);
    let root = root.filter(|_| problems.is_empty())?;
    let Value::Scalar(cites) = &root.entries()?.first()?.value.value else {
        return None;
    };
    let (citations, problems) = reference::block(&cites.text);
    only(citations).filter(|_| problems.is_empty())
}

fn read_markdown(citation: &str, article: &Article) -> Option<Citation> {
    let text = format!("So it is {citation}.");
    let text = Text::verbatim(article.file, text, 0);
    let (document, problems) = Document::parse(&text, Voice::Author);
    let [paragraph] = document.paragraphs.as_slice() else {
        return None;
    };
    let is_plain = paragraph.prose.text.text == "So it is.";
    let [group] = paragraph.prose.citations() else {
        return None;
    };
    only(group.citations.clone()).filter(|_| problems.is_empty() && is_plain)
}

fn only(citations: Vec<Citation>) -> Option<Citation> {
    <[Citation; 1]>::try_from(citations)
        .ok()
        .map(|[citation]| citation)
}
