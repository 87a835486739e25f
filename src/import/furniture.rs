//! Page furniture: the lines that a web page sets around an article.
//!
//! A line is furniture only as a whole. What may stand between two paragraphs of an article
//! (`Politics`, `Next`) is furniture only at the page's edges: before its first sentence and after
//! its last.

use super::date;
use super::layout::Passage;
use super::phrases::{
    ANYWHERE, COOKIE_NOTICES, COUNTED, DATE_WORDS, EDGES, END_LABELS, HOMES, LABELS, OFFERS,
    PROMPTS, Phrases, SITE,
};
use super::text::{columns, ends_sentence, ends_with_stop, fold, is_prose, word_count};
use super::title::reads_as_title;
use super::{LeftOut, Reason};

/// Where in the page a line stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Before the first sentence of the article: its title may be here.
    Before,
    /// Anywhere.
    Within,
    /// After the last sentence of the article.
    After,
}

/// Takes out what is furniture, hashtags or lone punctuation wherever it stands.
pub(super) fn take_out_within(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>) {
    super::leave_out(passages, left_out, |passage| {
        verdict(passage, Place::Within)
    });
}

/// Takes out what is furniture only at the page's edges.
pub(super) fn take_out_at_edges(passages: &mut Vec<Passage>, left_out: &mut Vec<LeftOut>) {
    let mut verdicts = edges(passages).into_iter();
    super::leave_out(passages, left_out, |_| verdicts.next().flatten());
}

/// What is to be left out at the two edges, for each passage.
fn edges(passages: &[Passage]) -> Vec<Option<Reason>> {
    let mut verdicts = vec![None; passages.len()];
    judge_edge(passages, &mut verdicts, 0..passages.len(), Place::Before);
    judge_edge(
        passages,
        &mut verdicts,
        (0..passages.len()).rev(),
        Place::After,
    );
    spare_lists(passages, &mut verdicts);
    verdicts
}

/// Goes inward from an edge up to the first passage that is the article's text. A title may read as
/// a sentence (`Will the Ferries Return to the Harbor?`) and does not end the way.
fn judge_edge(
    passages: &[Passage],
    verdicts: &mut [Option<Reason>],
    order: impl Iterator<Item = usize>,
    place: Place,
) {
    let mut may_be_title = place == Place::Before;
    for at in order {
        verdicts[at] = verdicts[at].or_else(|| verdict(&passages[at], place));
        if verdicts[at].is_some() {
            continue;
        }
        let title = may_be_title && reads_as_title(&passages[at]);
        if (is_prose(&passages[at].text) || passages[at].is_figure()) && !title {
            return;
        }
        may_be_title = false;
    }
}

/// An item of a list is furniture only if its whole list is.
fn spare_lists(passages: &[Passage], verdicts: &mut [Option<Reason>]) {
    let mut start = 0;
    for run in passages.chunk_by(|a, b| a.item().is_some() == b.item().is_some()) {
        let verdicts = &mut verdicts[start..start + run.len()];
        start += run.len();
        if run[0].item().is_some() && verdicts.iter().any(Option::is_none) {
            verdicts.fill(None);
        }
    }
}

fn verdict(passage: &Passage, place: Place) -> Option<Reason> {
    let text = passage.text.as_str();
    if passage.is_figure() {
        return None;
    }
    if is_lone_punctuation(text) {
        return Some(Reason::LonePunctuation);
    }
    if passage.item().is_some() && place == Place::Within {
        return None;
    }
    if is_hashtags(text, place) {
        return Some(Reason::Hashtags);
    }
    if place != Place::Within && is_page_date(text) {
        return Some(Reason::PageDate);
    }
    is_furniture(text, place).then_some(Reason::PageFurniture)
}

/// Marks and signs alone: neither a letter nor a digit, nor a picture that a reader would miss.
fn is_lone_punctuation(text: &str) -> bool {
    text.chars()
        .all(|c| !c.is_alphanumeric() && is_punctuation(c))
}

fn is_punctuation(c: char) -> bool {
    let latin = matches!(c, '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{bf}' | '\u{2010}'..='\u{206f}');
    let shapes = matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}' | '★' | '☆');
    let cjk = matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{301f}' | '・');
    let wide = matches!(c, '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}');
    latin || shapes || cjk || wide
}

/// Hashtags and nothing else; a single one may be a title or a heading, unless it stands at the
/// end.
fn is_hashtags(text: &str, place: Place) -> bool {
    let enough = place == Place::After || text.contains(' ');
    let is_tag = |word: &str| word.starts_with(['#', '＃']) && word.contains(char::is_alphabetic);
    enough && text.split_whitespace().all(is_tag)
}

/// Whether the line as a whole is a page's furniture.
fn is_furniture(text: &str, place: Place) -> bool {
    // No line of furniture is as long as this; a four-megabyte line need not be folded to know it.
    if text.len() > 1000 {
        return false;
    }
    let folded = fold(text);
    let known = ANYWHERE.contains(folded.as_str())
        || is_labelled(text, &LABELS)
        || is_prompt(text, &folded, place);
    known || (place != Place::Within && is_edge_furniture(text, &folded, place))
}

fn is_edge_furniture(text: &str, folded: &str, place: Place) -> bool {
    // `Source: Ferries to Return` may be a title.
    let labelled = place == Place::After && is_labelled(text, &END_LABELS);
    let notice = is_copyright(text, folded) || is_cookie_notice(folded);
    EDGES.contains(folded) || labelled || notice || is_count(folded) || is_breadcrumb(text)
}

/// `Read more: …`: a label, its mark, and no sentence after it.
fn is_labelled(text: &str, labels: &Phrases) -> bool {
    let label = text
        .split([':', '|', '：', '»', '>'])
        .next()
        .unwrap_or_default();
    let labelled = label.len() < text.len() && labels.contains(fold(label).as_str());
    labelled && !ends_with_stop(text) && word_count(text) <= 25
}

/// `Sign up for our newsletter`: the page asks its reader for something. With a full stop it may be
/// a sentence of the article; then it must speak to the reader, at the page's edge, and in one
/// clause.
fn is_prompt(text: &str, folded: &str, place: Place) -> bool {
    if behind(folded, &PROMPTS).is_none() {
        return false;
    }
    let words: Vec<&str> = folded.split(' ').collect();
    let offers = words.iter().any(|word| OFFERS.contains(word));
    let to_reader = words
        .iter()
        .any(|word| ["our", "us", "your"].contains(word));
    let one_clause = place != Place::Within && to_reader && !text.contains([',', '“', '"']);
    offers && (!ends_sentence(text) || one_clause) && words.len() <= 14
}

/// What follows the phrase that the folded text begins with, if it begins with one of a few words.
fn behind<'a>(folded: &'a str, phrases: &Phrases) -> Option<&'a str> {
    let ends = folded.match_indices(' ').take(5);
    let mut openings = ends.map(|(end, _)| folded.split_at(end));
    openings.find_map(|(opening, rest)| phrases.contains(opening).then_some(rest))
}

/// `12 comments`, `1.2k views`, `4 min read`.
fn is_count(folded: &str) -> bool {
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let numbers = folded.split(' ').take_while(is_number).count();
    let unit: Vec<&str> = folded.split(' ').skip(numbers).collect();
    (1..=3).contains(&numbers) && COUNTED.contains(unit.join(" ").as_str())
}

/// `Home > World > Asia`.
fn is_breadcrumb(text: &str) -> bool {
    let steps: Vec<&str> = text
        .split(['>', '›', '»', '/', '＞'])
        .map(str::trim)
        .collect();
    let short = steps
        .iter()
        .all(|step| !step.is_empty() && columns(step) <= 30);
    let home = steps
        .first()
        .is_some_and(|step| HOMES.contains(fold(step).as_str()));
    steps.len() > 1 && home && short
}

/// `© 2031 Coast Herald`, `Copyright 2031 Coast Herald. All rights reserved.`
fn is_copyright(text: &str, folded: &str) -> bool {
    let mut words = folded.split(' ').filter(|word| *word != "c");
    let named = words.next() == Some("copyright")
        && (words.next().is_some_and(is_year) || text.contains('©'));
    let signed = text.starts_with(['©', 'Ⓒ']) || named;
    let reserved =
        folded.ends_with("all rights reserved") && (signed || folded.split(' ').any(is_year));
    word_count(text) <= 40 && (signed || reserved)
}

fn is_cookie_notice(folded: &str) -> bool {
    behind(folded, &COOKIE_NOTICES)
        .is_some_and(|rest| rest.split(' ').any(|word| SITE.contains(word)))
}

/// A line of nothing but a date with its year: `Published July 4, 2031 at 5:00 p.m.`, `2031年7月4日
/// 17時00分`.
pub(super) fn is_page_date(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let dated = words.len() > 2 && words.iter().any(|word| is_year(word));
    (dated && words.iter().all(|word| is_date_word(word))) || is_cjk_date(text)
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse()
            .is_ok_and(|year: u16| (1500..2200).contains(&year))
}

fn is_date_word(word: &str) -> bool {
    let ending = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = ending.len() < word.len()
        && ["", "st", "nd", "rd", "th", "am", "pm", "z"].contains(&ending);
    number || DATE_WORDS.contains(word) || date::month(word).is_some() || is_iso_time(word)
}

/// `04t17` of `2031-07-04T17:00`.
fn is_iso_time(word: &str) -> bool {
    word.split_once('t').is_some_and(|(day, hour)| {
        [day, hour]
            .iter()
            .all(|part| part.len() == 2 && part.parse::<u8>().is_ok())
    })
}

fn is_cjk_date(text: &str) -> bool {
    let dated = text.contains('年') && text.contains('日');
    dated
        && text
            .chars()
            .all(|c| c.is_numeric() || CJK_DATE_CHARACTERS.contains(c))
}

const CJK_DATE_CHARACTERS: &str = "令和平成昭和元年月日時分秒时点（）()土火水木金星期上下午前後更新公開配信掲載発发發布于: ：/\u{3000}";
