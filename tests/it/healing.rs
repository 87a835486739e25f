//! Citations of edited sources: a corpus of edits whose outcome is known, `heal` run on each, and what it did counted.
//!
//! Every paragraph of every article of the sample book is cited, by its number alone and with words of it. Then the
//! article is edited as editors do, several times over, and it is known where each paragraph has gone. A locator that
//! `heal` has written must lead there: one that leads elsewhere is a wrong heal, and there may be none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use pincite::compile::{Compilation, compile};
use pincite::disk::{self, Rewrite};
use pincite::heal::{Healed, heal};
use pincite::lock;
use pincite::source::{File, Sources};
use serde_json::Value;

use crate::book::{TestBook, pincite, sample};

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

/// What an edit does to a paragraph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    /// Its words stand unchanged, perhaps under another number, perhaps as two paragraphs or with another one.
    Moved,
    /// It was corrected: a word or two, a sentence more or less.
    Drifted,
    /// It was turned round: another number, a “not”.
    Reversed,
    /// It is gone.
    Gone,
}

/// A paragraph on its way through the edits.
#[derive(Clone)]
struct Paragraph {
    text: String,
    /// The former paragraphs whose words it has, and what became of them.
    from: Vec<(usize, Kind)>,
}

const EDITS: usize = 9;

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

fn article<'p>(paragraphs: impl Iterator<Item = &'p str>) -> String {
    let paragraphs: Vec<&str> = paragraphs.collect();
    format!("---\ntitle: A\n---\n\n{}\n", paragraphs.join("\n\n"))
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

/// A book that was settled with the former paragraphs and has the present ones.
fn settled_and_edited(former: &[String], chapter: &str, now: &[Paragraph]) -> Sources {
    let before = book_of(former, chapter);
    let settled = compile(&before, None);
    assert!(settled.publishable(), "{:#?}", settled.diagnostics);
    let now = article(now.iter().map(|p| p.text.as_str()));
    before
        .with_text("content/articles/a.md", &now)
        .with_text(lock::PATH, &settled.book.settled.text())
}

/// The lines of which something is still reported: their author is told of it.
fn told(healed: &Healed) -> BTreeSet<usize> {
    let labels = healed
        .diagnostics
        .iter()
        .flat_map(|diagnostic| diagnostic.at.iter().chain(&diagnostic.related));
    labels
        .map(|label| label.span)
        .map(|span| healed.sources.place(span.file, span.start as usize).line)
        .collect()
}

/// The locators of a chapter's citations, one a line.
fn locators(text: &str) -> Vec<String> {
    let cited = text.lines().filter_map(|line| line.split_once("[@a, "));
    cited
        .map(|(_, rest)| rest.split([']', '"']).next().unwrap().trim().to_owned())
        .collect()
}

/// A book of one article and one chapter.
fn book_of(article_of: &[String], chapter: &str) -> Sources {
    Sources::from_texts([
        (
            "book.toml",
            "[book]\ntitle = \"B\"\n[citations]\nstyle = \"plain\"\n",
        ),
        (
            "content/articles/a.md",
            &article(article_of.iter().map(String::as_str)),
        ),
        ("content/chapters/01-x.md", chapter),
    ])
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

const BEFORE: &str = "---\ntitle: A\n---\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n";
const AFTER: &str = "---\ntitle: A\n---\n\nThis was corrected.\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n";
const YAML: &str = "# Mine.\r\nclaims:\r\n  size:   { text: It is large., supports: a ¶2 }  # so";
const HEALED_YAML: &str =
    "# Mine.\r\nclaims:\r\n  size:   { text: It is large., supports: a ¶3 }  # so";

/// A book whose one article was edited after it was built.
fn edited() -> TestBook {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", BEFORE)
        .file("content/annotations/a.yaml", YAML)
        .file("content/chapters/01-x.md", "# X\n\nThey met [@a, ¶1].\n");
    book.run(&["build", "--format", "html"]).expect(0);
    book.file("content/articles/a.md", AFTER)
}

#[test]
fn heal_mends_the_files_and_the_lock_and_nothing_else() {
    let book = edited();
    let before = book.read("citations.lock");
    let diff = book.run(&["heal", "--dry-run"]).expect(0);
    assert!(
        diff.out
            .contains("-They met [@a, ¶1].\n+They met [@a, ¶2].\n"),
        "{}",
        diff.out
    );
    assert_eq!(book.read("citations.lock"), before);
    book.run(&["build", "--format", "html", "--strict"])
        .expect(1)
        .says("[moved-paragraph]");
    book.run(&["build", "--format", "html"]).expect(0);
    assert_eq!(
        book.read("citations.lock"),
        before,
        "a build changes no entry"
    );
    book.run(&["heal"])
        .expect(0)
        .says("content/chapters/01-x.md:3: They met [@a, ¶1]. → They met [@a, ¶2].")
        .says("healed 2 lines in 2 files, and settled `citations.lock`");
    assert_eq!(book.read("content/annotations/a.yaml"), HEALED_YAML);
    assert_eq!(book.read("content/articles/a.md"), AFTER);
    book.run(&["heal"]).expect(0).says("nothing to heal");
    book.run(&["build", "--format", "html", "--strict", "--locked"])
        .expect(0);
}

#[test]
fn a_locked_build_fails_where_the_lock_would_change() {
    let book = edited();
    book.run(&["heal"]).expect(0);
    book.write(
        "content/chapters/02-y.md",
        "# Y\n\nSo it was [@a, ¶1].\n".as_bytes(),
    );
    book.run(&["build", "--format", "html", "--locked"])
        .expect(1)
        .says("would have to change");
    assert!(!book.path("book/chapters/y.html").exists());
    book.run(&["build", "--format", "html"]).expect(0);
    book.run(&["build", "--format", "html", "--locked"])
        .expect(0);
}

/// What is cited of an edited article is in the lock from the next build on, or its author is told that it is not.
#[test]
fn what_is_cited_of_an_edited_article_is_watched() {
    let paragraphs = [
        "The ministers met on Sunday to discuss the command.",
        "The regiment will have two thousand soldiers.",
        "No decision was taken on the bases in the south.",
    ];
    let text = |more: &[&str]| article(paragraphs.iter().chain(more).copied());
    let (sign, never) = ("They will sign in May.", "They will not sign in May.");
    let built = |sources: &Sources, article: &str, chapter: &str| {
        let edited = sources
            .clone()
            .with_text("content/articles/a.md", article)
            .with_text("content/chapters/01-x.md", chapter);
        let compilation = compile(&edited, None);
        let told = compilation.diagnostics.iter().map(|one| one.lint.name());
        let lock = compilation.book.settled.text();
        (
            told.collect::<Vec<_>>(),
            edited.with_text(lock::PATH, &lock),
        )
    };
    let (one, two) = (
        "# X\n\nIt is large [@a, ¶2].\n",
        "# X\n\nIt is large [@a, ¶2]. They sign [@a, ¶4].\n",
    );
    let (told, book) = built(&book_of(&[], one), &text(&[]), one);
    assert!(told.is_empty(), "{told:?}");
    // Nothing that is cited has changed.
    let (told, harmless) = built(&book, &text(&[sign]), one);
    assert!(told.is_empty(), "{told:?}");
    let lock = |sources: &Sources| {
        let file = sources.find(lock::PATH).unwrap();
        sources.file(file).text.to_string()
    };
    assert_eq!(lock(&harmless), lock(&book), "a build changes no entry");
    let (told, cited) = built(&harmless, &text(&[sign]), two);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(built(&cited, &text(&[never]), two).0, ["drifted-sense"]);
    let inserted = text(&[sign]).replace("The min", "New.\n\nThe min");
    let (told, _) = built(&cited, &inserted, two);
    assert_eq!(told, ["moved-paragraph", "moved-paragraph"]);
    // Something waits to be healed: what stands as it stood is watched, and of the rest it is said.
    let changed = text(&[sign]).replace("two thousand", "three thousand");
    let (told, _) = built(&book, &changed, two);
    assert_eq!(told, ["drifted-sense", "unsettled-source"]);
    let three = two.replace("¶4", "¶3");
    let (told, watched) = built(&book, &changed, &three);
    assert_eq!(told, ["drifted-sense"]);
    let turned = changed.replace("No decision", "A decision");
    let (told, _) = built(&watched, &turned, &three);
    assert_eq!(told, ["drifted-sense", "drifted-sense"]);
}

/// What was accepted of a paragraph is no reason to cite another one that has its old words.
#[test]
fn no_quotation_is_healed_to_a_denial() {
    let former = ["The regiment will have two thousand soldiers, it is said.".to_owned()];
    let denial = "Nobody says that it will have two thousand soldiers.";
    for citation in [
        "[@a, ¶1 \"will have two thousand soldiers\"]",
        "“will have two thousand soldiers” [@a, ¶1]",
    ] {
        let chapter = format!("# X\n\nSo it is {citation}.\n");
        let now = [former[0].replace("will", "may"), denial.to_owned()];
        let now = now.map(|text| Paragraph {
            text,
            from: Vec::new(),
        });
        let edited = settled_and_edited(&former, &chapter, &now);
        for accept in [false, true] {
            let healed = heal(&edited, &mut |_| accept).ok().unwrap();
            let file = healed.sources.find("content/chapters/01-x.md").unwrap();
            assert_eq!(*healed.sources.file(file).text, chapter);
            assert_eq!(told(&healed), BTreeSet::from([3]));
        }
    }
}

#[test]
fn a_link_to_a_chapter_is_not_healed_as_one_to_an_article_of_its_title() {
    let article = |first: &str| {
        format!("---\ntitle: Budget\n---\n\n{first}The port was dredged.\n\nThe ferry was sold.\n")
    };
    let chapter = "# Other\n\nSee [[Budget ¶2]] here, and it was sold [@x, ¶2].\n";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n[output.html]\n")
        .file("content/articles/x.md", &article(""))
        .file("content/chapters/01-talk.md", "# Budget\n\nOne.\n\nTwo.\n")
        .file("content/chapters/02-other.md", chapter);
    book.run(&["build"]).expect(0);
    book.write(
        "content/articles/x.md",
        article("It is new.\n\n").as_bytes(),
    );
    book.run(&["heal"]).expect(0);
    assert_eq!(
        book.read("content/chapters/02-other.md"),
        chapter.replace("[@x, ¶2]", "[@x, ¶3]")
    );
}

#[test]
fn heal_refuses_what_it_cannot_read_or_write() {
    let book = edited().file("content/annotations/b.yaml", "claims:\n  x: [\n");
    book.run(&["heal"]).expect(1).says("nothing was healed");
    fs::remove_file(book.path("content/annotations/b.yaml")).unwrap();
    let chapter = book.path("content/chapters/01-x.md");
    let mut permissions = fs::metadata(&chapter).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&chapter, permissions).unwrap();
    book.run(&["heal"]).expect(3).says("write-protected");
    assert_eq!(book.read("content/annotations/a.yaml"), YAML);
    book.run(&["heal", "--accept-drift"])
        .expect(2)
        .says("--yes");
}

#[test]
fn a_range_that_has_lost_a_paragraph_keeps_nothing_waiting() {
    let chapter =
        |all: &str, met: &str| format!("# X\n\nThey met [@a, {met}].\n\nAll of it [@a, {all}].\n");
    let book = edited()
        .file("content/articles/a.md", BEFORE)
        .file("content/chapters/01-x.md", &chapter("paras. 1-2", "¶1"));
    book.run(&["build", "--format", "html"]).expect(0);
    let lost = "---\ntitle: A\n---\n\nThis was corrected.\n\nThe ministers met on Sunday.\n";
    let book = book.file("content/articles/a.md", lost);
    book.run(&["heal"])
        .expect(1)
        .says("`pincite heal --accept-drift` cites that alone");
    let healed = book.read("content/chapters/01-x.md");
    let held = healed
        .split(['[', ']', ' '])
        .find(|word| word.starts_with('^'));
    let held = held.expect("the durable id").to_owned();
    assert_eq!(healed, chapter(&format!("¶2, {held}"), "¶2"));
    book.run(&["heal"])
        .expect(1)
        .says("nothing to heal; 2 problems left");
    book.run(&["build"]).expect(1).says("[lost-paragraph]");
    // It is followed as ever, and its lost paragraph is found where it is put back.
    let again = BEFORE.replace("\n\nThe min", "\n\nNew.\n\nThe min");
    let returned = book.file("content/articles/a.md", &again);
    returned.run(&["heal"]).expect(0);
    let healed = returned.read("content/chapters/01-x.md");
    assert_eq!(healed, chapter(&format!("¶2, {held}"), "¶2"));
    returned.run(&["build", "--strict"]).expect(0);
    let page = returned.read("book/chapters/x.html");
    assert!(page.contains("2–3</a>"), "{page}");
    // What is left can be accepted at any time.
    let book = returned.file("content/articles/a.md", lost);
    book.run(&["heal"]).expect(1);
    book.run(&["heal", "--accept-drift", "--yes"]).expect(1);
    assert_eq!(book.read("content/chapters/01-x.md"), chapter("¶2", "¶2"));
    book.run(&["heal"])
        .expect(1)
        .says("nothing to heal; 1 problem left");
}

#[test]
fn what_one_edit_has_moved_is_one_problem_for_programs_too() {
    let book = edited().file(
        "content/chapters/02-y.md",
        "# Y\n\nOnce [@a, ¶1]. Twice [@a, ¶2].\n",
    );
    let told = book
        .run(&["check", "--message-format", "json"])
        .expect(0)
        .out;
    let told: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    let one = &told[0];
    assert_eq!(
        one["message"],
        "4 citations of `a` have old paragraph numbers since the source was edited"
    );
    assert_eq!(one["file"], "content/annotations/a.yaml");
    let related: Vec<(&str, u64, &str)> = one["related"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| {
            let text = |key: &str| place[key].as_str().unwrap();
            (
                text("file"),
                place["column"].as_u64().unwrap(),
                text("message"),
            )
        })
        .collect();
    assert_eq!(
        related,
        [
            ("content/chapters/01-x.md", 15, "now ¶2"),
            ("content/chapters/02-y.md", 11, "now ¶2"),
            ("content/chapters/02-y.md", 27, "now ¶3"),
        ]
    );
}

#[test]
fn what_other_articles_have_decides_also_where_something_is_known_already() {
    let replaced = edited().file("content/articles/b.md", "---\ntitle: B\n---\n\nNothing.\n");
    let replaced = replaced.file("content/articles/a.md", "---\ntitle: A\n---\n\nBread.\n");
    let before = disk::read(&replaced.path("")).unwrap();
    let known = compile(&before, None);
    let names = |book: &Compilation| -> Vec<&str> {
        let told = book.diagnostics.iter();
        told.map(|one| one.lint.name()).collect()
    };
    assert_eq!(names(&known), ["lost-paragraph", "lost-paragraph"]);
    let now = before.with_text("content/articles/b.md", BEFORE);
    let again = compile(&now, Some(&known));
    assert_eq!(names(&again), ["displaced-source"]);
    assert_eq!(again.diagnostics, compile(&now, None).diagnostics);
}

#[test]
fn a_journal_writes_nothing_but_the_book() {
    let book = edited();
    let outside = book.path("outside.txt");
    for (path, old) in [
        ("../outside.txt", "null"),
        ("/tmp/outside.txt", "null"),
        (".git/hooks/pre-commit", "null"),
        ("content/annotations/new.yaml", "null"),
        (".gitignore", "\"book\""),
    ] {
        let book = edited().file(".gitignore", "book");
        let journal = format!("[{{\"path\":{path:?},\"old\":{old},\"new\":\"evil\"}}]");
        book.write(".pincite-journal.json", journal.as_bytes());
        book.run(&["heal"])
            .expect(3)
            .says("none of the book's files");
        assert!(old != "null" || !book.path(path).exists(), "{path}");
        assert_eq!(book.read(".gitignore"), "book");
    }
    assert!(!outside.exists());
}

/// What is wrong with a lock is said with how it is rebuilt, and nothing is written over it.
#[test]
fn a_lock_that_cannot_be_read_is_left_as_it_is() {
    let sound = edited().read("citations.lock");
    let entry = sound.lines().find(|line| line.starts_with("  [")).unwrap();
    let article = &sound[sound.find("[articles.").unwrap()..];
    for (lock, says) in [
        (sound.replace("version = 1", "version = 2"), "of version 2"),
        (sound.replace("# end\n", ""), "cut short"),
        (sound[..sound.len() / 2].to_owned(), "damaged"),
        (
            sound.replacen(entry, &format!("{entry}\n{entry}"), 1),
            "a paragraph of `a`",
        ),
        (
            sound.replace(
                "# end
", article,
            ),
            "`a` is in it twice",
        ),
        (
            sound.replacen(
                entry,
                &format!("<<<<<<< ours\n{entry}\n=======\n>>>>>>> theirs"),
                1,
            ),
            "merge conflict",
        ),
        (String::new(), "no version"),
    ] {
        let book = edited().file("citations.lock", &lock);
        for verb in ["build", "check", "heal"] {
            book.run(&[verb])
                .expect(1)
                .says("error[damaged-lock]")
                .says(says)
                .says("delete it, and the next build settles every citation");
            assert_eq!(book.read("citations.lock"), lock, "{verb}");
            assert_eq!(book.read("content/annotations/a.yaml"), YAML, "{verb}");
        }
        fs::remove_file(book.path("citations.lock")).unwrap();
        book.run(&["build"]).expect(0);
    }
}

#[test]
fn a_large_article_that_was_emptied_loses_nothing() {
    let more = " It goes on at length.".repeat(90);
    let paragraph = |n| format!("Paragraph {n} of the long report says so.{more}\n\n");
    let body: String = (1..=2_000).map(paragraph).collect();
    let long = format!("---\ntitle: A\n---\n\n{body}");
    assert!(long.len() > 4_000_000);
    let chapter = "# X\n\nSo [@a, ¶17]. So [@a, ¶1700 \"Paragraph 1700 of the long report\"].\n";
    let full = Sources::from_texts([
        ("book.toml", "[book]\ntitle = \"B\"\n"),
        ("content/articles/a.md", &long),
        ("content/chapters/01-x.md", chapter),
    ]);
    let settled = compile(&full, None).book.settled.text();
    let full = full.with_text(lock::PATH, &settled);
    let emptied = full
        .clone()
        .with_text("content/articles/a.md", "---\ntitle: A\n---\n");
    let told = compile(&emptied, None).diagnostics;
    let told: Vec<&str> = told.iter().map(|one| one.lint.name()).collect();
    assert_eq!(told, ["lost-paragraph", "lost-quotation"]);
    let healed = heal(&emptied, &mut |_| false).ok().unwrap().sources;
    let restored = compile(&healed.with_text("content/articles/a.md", &long), None);
    assert!(
        restored.diagnostics.is_empty(),
        "{:#?}",
        restored.diagnostics
    );
    // Without a title it is no article, and nothing is healed.
    let cut = full.with_text("content/articles/a.md", "");
    assert!(heal(&cut, &mut |_| false).is_err());
}

#[test]
fn a_file_that_changes_while_it_is_healed_is_left_alone() {
    let book = edited();
    let rewrite = |path: &str, old: &str| Rewrite {
        path: path.to_owned(),
        old: Some(old.to_owned()),
        new: "new".to_owned(),
    };
    let chapter = book.read("content/chapters/01-x.md");
    let files = [
        rewrite("content/chapters/01-x.md", &chapter),
        rewrite("content/annotations/a.yaml", "what was read"),
    ];
    let (path, error) = disk::rewrite(&book.path(""), &files).unwrap_err();
    assert_eq!(path, "content/annotations/a.yaml");
    assert_eq!(error.to_string(), "the file has changed meanwhile");
    assert_eq!(book.read("content/chapters/01-x.md"), chapter);
    assert_eq!(book.read("content/annotations/a.yaml"), YAML);
    assert!(!book.path(".pincite-journal.json").exists());
}

#[test]
fn an_interrupted_heal_is_finished() {
    let whole = edited();
    whole.run(&["heal"]).expect(0);
    let files = [
        "citations.lock",
        "content/annotations/a.yaml",
        "content/chapters/01-x.md",
    ];
    let mut interrupted = 0;
    for (call, nth) in ["fsync", "rename", "unlink"]
        .into_iter()
        .flat_map(|call| (1..=5).map(move |nth| (call, nth)))
    {
        let book = edited();
        let old = files.map(|file| book.read(file));
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        let ran = std::process::Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e", &fault])
            .arg(pincite().get_program())
            .arg("heal")
            .current_dir(book.path(""))
            .output()
            .expect("strace, which `./test` installs");
        for (file, old) in files.iter().zip(&old) {
            let now = book.read(file);
            assert!(
                now == *old || now == whole.read(file),
                "{file} after {call} {nth}"
            );
        }
        if ran.status.success() {
            continue;
        }
        interrupted += 1;
        let open = book.path(".pincite-journal.json").exists();
        let build = book.run(&["build", "--format", "html"]);
        assert_eq!(
            build.err.contains("interrupted"),
            open,
            "{call} {nth}: {}",
            build.err
        );
        book.run(&["heal"]).expect(0);
        for file in files {
            assert_eq!(book.read(file), whole.read(file), "{call} {nth}");
        }
    }
    assert!(interrupted > 8, "only {interrupted} calls");
}

const SIX: &str = "---\ntitle: A\n---\n\nThe ministers met on Sunday.\n\nThe regiment will have 2,000 soldiers.\n\nThe talks were useful.\n\nNo decision was taken.\n";

/// A book of a text that was edited after it was built, and a chapter.
fn six(chapter: &str, now: &str) -> TestBook {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n")
        .file("content/articles/a.md", SIX)
        .file("content/chapters/01-x.md", chapter);
    book.run(&["build", "--format", "html"]).expect(0);
    book.file("content/articles/a.md", now)
}

#[test]
fn the_healed_lines_are_told_where_one_of_them_has_gone() {
    let lost = SIX.replace("The talks were useful.\n\n", "");
    let filler = "\nWords.\n".repeat(9);
    let chapter = format!("# X\n\nOne [@a,\n¶¶2-4,\n¶1].\n{filler}\nTwo [@a, ¶4].\n");
    let book = six(&chapter, &lost);
    let told = book.run(&["heal"]).expect(1);
    assert_eq!(told.err.matches(" → ").count(), 2, "{}", told.err);
    told.says("content/chapters/01-x.md:24: Two [@a, ¶4]. → Two [@a, ¶3].")
        .says("healed 3 lines in 1 file");
}

#[test]
fn only_what_cannot_be_written_is_named_as_waiting() {
    let now = SIX.replace("The regiment", "New.\n\nThe regiment");
    let yaml = "claims:\n  c: {text: T., supports: [a ¶¶1-2, a ¶2]}\nnotes:\n  - at: a ¶¶1-2\n    text: N.\n";
    let book = six("# X\n\nOne [@a, ¶2].\n", SIX).file("content/annotations/a.yaml", yaml);
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &now);
    let told = book.run(&["heal"]).expect(0);
    assert_eq!(
        told.err.matches("would be misread").count(),
        1,
        "{}",
        told.err
    );
    told.says("content/annotations/a.yaml:2:30: what ¶¶1-2 of `a` becomes would be misread here");
}

#[test]
fn heal_ends_as_a_book_with_errors_does() {
    let lost = SIX.replace("The talks were useful.\n\n", "");
    let book = six("# X\n\nOne [@a, ¶3].\n", &lost);
    book.run(&["heal"]).expect(1).says("[lost-paragraph]");
    book.run(&["check"]).expect(1);
    let told = book.run(&["heal", "--message-format", "json"]).expect(1);
    let line: Value = serde_json::from_str(told.out.lines().next().unwrap()).unwrap();
    assert_eq!(line["code"], "lost-paragraph");
    book.run(&["heal", "--dry-run"]).expect(1);
}

#[test]
fn every_verb_that_compiles_prints_for_programs() {
    let book = TestBook::small().file("content/chapters/09-y.md", "# Y\n\nSo [@nobody, ¶1].\n");
    for verb in [&["export", "json"][..], &["writeback"], &["heal"]] {
        let told = book.run(&[verb, &["--message-format", "github"]].concat());
        let both = format!("{}{}", told.out, told.err);
        assert_eq!(told.status, 1, "{verb:?} {both}");
        assert!(both.contains("::error "), "{verb:?} {both}");
    }
    // What a program reads from standard output has no problems in it.
    let book = book.file(
        "content/chapters/09-y.md",
        "# Y\n\nSaid “by nobody at all” so.\n",
    );
    let told = book
        .run(&["export", "json", "--message-format", "json"])
        .expect(0);
    assert!(
        serde_json::from_str::<Value>(&told.out).is_ok(),
        "{}",
        told.out
    );
    told.says("unattributed-quotation");
}

/// A program that other people's machines may lack.
fn has(program: &str) -> bool {
    std::process::Command::new(program)
        .arg("--version")
        .output()
        .is_ok()
}

#[test]
fn the_printed_diff_can_be_applied() {
    let now = SIX.replace("The ministers", "New.\n\nThe ministers");
    let book = six("# X\n", &now)
        .file("content/articles/a.md", SIX)
        .file(
            "content/annotations/two words.yaml",
            "notes:\n  - {at: a ¶1, text: N.}\n",
        )
        .file(
            "content/annotations/a.yaml",
            "\u{feff}claims:\n  c: {text: T., supports: a ¶2}\n",
        );
    book.run(&["build", "--format", "html"]).expect(0);
    let book = book.file("content/articles/a.md", &now);
    let diff = book.run(&["heal", "--dry-run"]).expect(0).out;
    assert!(diff.contains("\n \u{feff}claims:\n"), "{diff}");
    assert!(
        diff.contains("--- a/content/annotations/two words.yaml\t\n"),
        "{diff}"
    );
    book.write("heal.patch", diff.as_bytes());
    for patch in [
        &["git", "apply", "--check"][..],
        &["patch", "-p1", "--dry-run", "-i"],
    ] {
        if !has(patch[0]) {
            continue;
        }
        let applied = std::process::Command::new(patch[0])
            .args(&patch[1..])
            .arg("heal.patch")
            .current_dir(book.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&applied.stderr);
        assert!(applied.status.success(), "{patch:?} {said}");
    }
}
