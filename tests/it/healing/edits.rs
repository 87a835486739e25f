//! A corpus of edits of sources whose outcome is known, `heal` run on each, and what it did counted.
//!
//! Every paragraph of every article of the sample book is cited, by its number alone and with words of it. Then the
//! article is edited as editors do, several times over, and it is known where each paragraph has gone. A locator that
//! `heal` has written must lead there: one that leads elsewhere is a wrong heal, and there may be none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use pincite::heal::heal;
use pincite::source::{File, Sources};

use super::{Kind, Paragraph, settled_and_edited, told};
use crate::book::sample;

/// Random numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

const EDITS: usize = 9;

/// How often a locator was rewritten rightly, wrongly, or not at all.
#[derive(Default)]
struct Count {
    right: usize,
    left: usize,
    wrong: Vec<String>,
}

#[test]
fn no_heal_is_wrong_and_few_are_missing() {
    let mut counts: BTreeMap<(bool, Kind), Count> = BTreeMap::new();
    let mut dice = Dice(7);
    for (key, paragraphs) in articles() {
        for round in 0..60 {
            for quoting in [false, true] {
                one_book(
                    &key,
                    &paragraphs,
                    1 + round % 6,
                    quoting,
                    &mut dice,
                    &mut counts,
                );
            }
        }
    }
    let mut table = String::from(
        "| citation | its paragraph | cases | right | left alone | wrong |\n|---|---|--:|--:|--:|--:|\n",
    );
    for ((quoting, kind), count) in &counts {
        let Count { right, left, wrong } = count;
        let quoting = if *quoting {
            "with a quotation"
        } else {
            "by number"
        };
        writeln!(
            table,
            "| {quoting} | {kind:?} | {} | {right} | {left} | {} |",
            right + left + wrong.len(),
            wrong.len()
        )
        .unwrap();
    }
    println!("{table}");
    for ((quoting, kind), count) in &counts {
        assert!(
            count.wrong.is_empty(),
            "{table}\n{}",
            count.wrong.join("\n")
        );
        let all = count.right + count.left;
        let least = match kind {
            Kind::Moved => 95,
            Kind::Drifted | Kind::Reversed => 85,
            Kind::Gone => continue,
        };
        assert!(
            count.right * 100 >= all * least,
            "{quoting} {kind:?}\n{table}"
        );
    }
}

/// Every three paragraphs in a row cited together: each is cited, held by its durable id, or told to be missing.
#[test]
fn no_range_is_healed_wrongly() {
    let mut dice = Dice(11);
    let (mut whole, mut held) = (0, 0);
    for (key, former) in articles() {
        let ranges = || (1..former.len().saturating_sub(1)).map(|first| first..first + 3);
        let cited =
            ranges().map(|range| format!("\nSo [@a, ¶¶{}-{}].\n", range.start, range.end - 1));
        let chapter = format!("# X\n{}", cited.collect::<String>());
        for round in 0..40 {
            let now = edited_at_random(&former, 1 + round % 6, &mut dice);
            let outcome = heal(&settled_and_edited(&former, &chapter, &now), &mut |_| false);
            let healed = outcome.ok().unwrap();
            assert!(healed.waiting.is_empty(), "{key} {round}");
            assert!(
                round % 6 < 5 || is_at_rest(&healed.sources),
                "{key} {round}"
            );
            let file = healed.sources.find("content/chapters/01-x.md").unwrap();
            let text = &healed.sources.file(file).text;
            let told = told(&healed);
            for (index, (range, written)) in ranges().zip(locators(text)).enumerate() {
                let (numbers, names) = written.split_once('^').unwrap_or((&written, ""));
                let numbers = numbers_of(numbers);
                let places = |member: usize| -> Vec<usize> {
                    let there = (1..).zip(&now).filter(|(_, paragraph)| {
                        let from = paragraph.from.iter().any(|(from, _)| *from == member - 1);
                        from && has_words_of(&paragraph.text, &former[member - 1])
                    });
                    there.map(|(number, _)| number).collect()
                };
                let right: BTreeSet<usize> = range.clone().flat_map(places).collect();
                assert!(
                    numbers.iter().all(|number| right.contains(number)),
                    "{key} {round}: {range:?} became {written}, not {right:?}"
                );
                let told = told.contains(&(3 + 2 * index));
                for member in range.clone() {
                    let there = places(member).iter().any(|place| numbers.contains(place));
                    assert!(
                        there || told,
                        "{key} {round}: {member} of {range:?} in {written}"
                    );
                }
                assert!(names.is_empty() || told, "{key} {round}: {written}");
                *(if names.is_empty() {
                    &mut whole
                } else {
                    &mut held
                }) += 1;
            }
        }
    }
    println!("{whole} ranges are whole, {held} hold what is gone from them");
    assert!(whole > 2_000 && held > 100, "{whole} {held}");
}

fn one_book(
    key: &str,
    former: &[String],
    edits: usize,
    quoting: bool,
    dice: &mut Dice,
    counts: &mut BTreeMap<(bool, Kind), Count>,
) {
    let now = edited_at_random(former, edits, dice);
    let chapter = chapter(former, quoting);
    let edited = settled_and_edited(former, &chapter, &now);
    let Ok(outcome) = heal(&edited, &mut |_| false) else {
        panic!("{key}: the book cannot be read");
    };
    let healed = &outcome.sources;
    if edits == 6 {
        assert!(is_at_rest(healed), "{key}");
    }
    let file = healed.find("content/chapters/01-x.md").unwrap();
    let text = &healed.file(file).text;
    let told = told(&outcome);
    // No byte besides the locators has changed.
    let bare = |text: &str| {
        let lines = text.lines().map(|line| match line.split_once("[@a, ") {
            Some((head, rest)) => format!("{head}{}", &rest[rest.find([']', ' ']).unwrap()..]),
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(bare(text), bare(&chapter), "{key}");
    for (index, written) in locators(text).into_iter().enumerate() {
        let goes: Vec<(usize, Kind)> = (1..)
            .zip(&now)
            .flat_map(|(number, p)| {
                p.from
                    .iter()
                    .filter(|(from, _)| *from == index)
                    .map(move |(_, kind)| (number, *kind))
            })
            .collect();
        let kind = goes
            .iter()
            .map(|(_, kind)| *kind)
            .max()
            .unwrap_or(Kind::Gone);
        let count = counts.entry((quoting, kind)).or_default();
        let mut numbers: Vec<usize> = goes.iter().map(|(number, _)| *number).collect();
        // A merged paragraph that was cut has what it had on one side or on both.
        numbers.retain(|number| has_words_of(&now[number - 1].text, &former[index]));
        numbers.dedup();
        let there = numbers_of(&written);
        let told = told.contains(&(3 + 2 * index));
        // A quotation is in one of the pieces that a paragraph was cut into, and so is what is reported as changed.
        let in_piece = (quoting || told) && there.iter().all(|number| numbers.contains(number));
        // What was changed and is not quoted may not pass in silence.
        let silent = !quoting && !told && matches!(kind, Kind::Drifted | Kind::Reversed);
        if !silent && !there.is_empty() && (there == numbers || in_piece) {
            count.right += 1;
        } else if written.starts_with('^')
            || !outcome.waiting.is_empty()
            || told && there == [index + 1]
        {
            count.left += 1;
        } else {
            let case = format!(
                "{key}: ¶{} became {written}, not {numbers:?}\n{:#?}",
                index + 1,
                former[index]
            );
            count.wrong.push(case);
        }
    }
}

/// Paragraphs after so many edits.
fn edited_at_random(former: &[String], edits: usize, dice: &mut Dice) -> Vec<Paragraph> {
    let mut now: Vec<Paragraph> = (0..)
        .zip(former)
        .map(|(index, text)| Paragraph {
            text: text.clone(),
            from: vec![(index, Kind::Moved)],
        })
        .collect();
    let kinds: Vec<usize> = (0..edits).map(|_| dice.roll(EDITS)).collect();
    for kind in kinds {
        edit(&mut now, kind, dice);
    }
    now
}

/// One edit of an article.
fn edit(paragraphs: &mut Vec<Paragraph>, kind: usize, dice: &mut Dice) {
    let at = dice.roll(paragraphs.len());
    let worst = |from: &mut Vec<(usize, Kind)>, kind: Kind| {
        for (_, known) in from {
            *known = (*known).max(kind);
        }
    };
    match kind {
        0 => {
            let text = format!(
                "Paragraph {} was added by the editors of {}, who do not say why.",
                dice.roll(1000),
                ["Lima", "Oslo", "Accra"][dice.roll(3)]
            );
            paragraphs.insert(
                at,
                Paragraph {
                    text,
                    from: Vec::new(),
                },
            );
        }
        1 => {
            paragraphs.remove(at);
        }
        2 => {
            let moved = paragraphs.remove(at);
            let to = dice.roll(paragraphs.len() + 1);
            paragraphs.insert(to, moved);
        }
        3 if at + 1 < paragraphs.len() => {
            let next = paragraphs.remove(at + 1);
            let one = &mut paragraphs[at];
            one.text = format!("{} {}", one.text, next.text);
            one.from.extend(next.from);
        }
        4 => {
            let Some(cut) = paragraphs[at].text.find(". ") else {
                return;
            };
            let rest = paragraphs[at].text.split_off(cut + 1);
            let from = paragraphs[at].from.clone();
            paragraphs.insert(
                at + 1,
                Paragraph {
                    text: rest.trim().to_owned(),
                    from,
                },
            );
        }
        5 => {
            replace_word(&mut paragraphs[at].text, dice, |_| "otherwise".to_owned());
            worst(&mut paragraphs[at].from, Kind::Drifted);
        }
        6 => {
            paragraphs[at].text.push_str(" Nobody has confirmed this.");
            worst(&mut paragraphs[at].from, Kind::Reversed);
        }
        7 => {
            replace_word(&mut paragraphs[at].text, dice, |word| format!("not {word}"));
            worst(&mut paragraphs[at].from, Kind::Reversed);
        }
        _ => {
            replace_word(&mut paragraphs[at].text, dice, |_| "4711".to_owned());
            worst(&mut paragraphs[at].from, Kind::Reversed);
        }
    }
}

fn replace_word(text: &mut String, dice: &mut Dice, with: impl Fn(&str) -> String) {
    let words: Vec<&str> = text.split(' ').collect();
    let at = dice.roll(words.len());
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    words[at] = with(&words[at]);
    *text = words.join(" ");
}

/// The sample's articles: their paragraphs as plain text, one line each.
fn articles() -> Vec<(String, Vec<String>)> {
    let mut articles = Vec::new();
    let mut files: Vec<_> = fs::read_dir(sample().join("content/articles"))
        .unwrap()
        .collect();
    files.sort_by_key(|file| file.as_ref().unwrap().path());
    for file in files {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (_, body) = text[4..].split_once("\n---\n").unwrap();
        let plain = |c: &char| !matches!(c, '*' | '_' | '[' | ']' | '^' | '|' | '`' | '#');
        let paragraphs = body.split("\n\n").map(str::trim).filter(|text| {
            text.starts_with(char::is_alphabetic) && text.len() > 60 && !text.contains(" ^")
        });
        let paragraphs: Vec<String> = paragraphs
            .map(|text| text.replace('\n', " ").chars().filter(plain).collect())
            .collect();
        articles.push((
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            paragraphs,
        ));
    }
    articles
}

/// Every paragraph cited, by its number alone or with words of it; one citation a line.
fn chapter(paragraphs: &[String], quoting: bool) -> String {
    let mut chapter = String::from("# X\n");
    for (number, text) in (1..).zip(paragraphs) {
        let words: Vec<&str> = text.split(' ').skip(1).take(7).collect();
        let words = words.join(" ");
        let words = words.trim_end_matches([',', '.', ';', ':']);
        let quotation = if quoting {
            format!(" \"{words}\"")
        } else {
            String::new()
        };
        write!(chapter, "\nThis is said [@a, ¶{number}{quotation}].\n").unwrap();
    }
    chapter
}

/// The locators of a chapter's citations, one a line.
fn locators(text: &str) -> Vec<String> {
    let cited = text.lines().filter_map(|line| line.split_once("[@a, "));
    cited
        .map(|(_, rest)| rest.split([']', '"']).next().unwrap().trim().to_owned())
        .collect()
}

/// Whether healing again changes nothing.
fn is_at_rest(healed: &Sources) -> bool {
    let again = heal(healed, &mut |_| false).ok().unwrap().sources;
    let same = |(id, file): (_, &File)| again.file(id).text == file.text;
    healed.files().all(same)
}

/// Whether a text has three words in a row of another, or is a part of it.
fn has_words_of(text: &str, other: &str) -> bool {
    let words: Vec<&str> = other.split(' ').collect();
    words
        .windows(3)
        .any(|words| text.contains(&words.join(" ")))
        || other.contains(text)
}

/// The paragraphs of `¶3` and `¶¶3-4, 7`.
fn numbers_of(locator: &str) -> Vec<usize> {
    let runs = locator.trim_start_matches('¶').split(", ");
    let run = |run: &str| -> Vec<usize> {
        let ends = run.split('-').filter_map(|number| number.parse().ok());
        match ends.collect::<Vec<usize>>().as_slice() {
            [only] => vec![*only],
            [first, last] => (*first..=*last).collect(),
            _ => Vec::new(),
        }
    };
    runs.flat_map(run).collect()
}
