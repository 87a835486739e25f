//! `cite`: the words that an author remembers become a citation that holds.

use pincite::compile::{Compilation, compile};
use pincite::source::Sources;
use pincite::verify::{Cited, Finder, Form, Search, Sighting, State};
use proptest::prelude::*;

use crate::book::{TestBook, sample};

/// A book of one article, and of annotations and a chapter that cite it.
fn book(article: &str, yaml: &str, markdown: &str) -> Sources {
    let article = format!("---\ntitle: A\n---\n\n{article}\n");
    let claims = format!("claims:\n  c:\n    text: So it is.\n    supports: |\n      {yaml}\n");
    let chapter = format!("# B\n\nSo it is {markdown}.\n");
    let mut files = vec![
        ("book.toml", "[book]\ntitle = \"A\"\n"),
        ("content/articles/a.md", &article),
    ];
    if !yaml.is_empty() {
        files.push(("content/annotations/a.yaml", &claims));
    }
    if !markdown.is_empty() {
        files.push(("content/chapters/01-b.md", &chapter));
    }
    Sources::from_texts(files)
}

fn places(finder: &Finder<'_>, words: &str) -> (&'static str, Vec<Sighting>) {
    match finder.search(words) {
        Search::NoWords => ("no words", Vec::new()),
        Search::Found(places) => ("found", places),
        Search::Near(places) => ("near", places),
        Search::Nothing(hint) => ("nothing", hint.into_iter().collect()),
    }
}

fn check(article: &str, words: &str, expected: &[&str]) {
    let compilation = compile(&book(article, "", ""), None);
    let finder = compilation.book.finder();
    let (how, places) = places(&finder, words);
    let citations = places
        .iter()
        .map(|place| finder.citation(place, Form::Yaml));
    let mut found = vec![how.to_owned()];
    found.extend(citations.map(|citation| citation.expect("a citation")));
    assert_eq!(found, expected, "{words:?} in {article:?}");
}

#[test]
fn the_shortest_quotation_that_stands_once_is_given() {
    check("One two. Three four.", "two", &["found", "a ¶1 \"two\""]);
    check(
        "The aim, he said, is the aim of all.",
        "the aim",
        &["found", "a ¶1 \"The aim, he\"", "a ¶1 \"the aim of\""],
    );
    check(
        "One.\n\nOne.",
        "one",
        &["found", "a ¶1 \"One\"", "a ¶2 \"One\""],
    );
    check("米軍は米軍の司令部", "司令", &["found", "a ¶1 \"司令\""]);
}

#[test]
fn words_are_found_whatever_their_case_their_marks_and_their_ends() {
    check(
        "It has “no *commanding* authority.”",
        "no commanding author",
        &["found", "a ¶1 \"no commanding authority\""],
    );
    check(
        "The U.S. Navy",
        "u.s. navy",
        &["found", "a ¶1 \"U.S. Navy\""],
    );
    check(
        "Some 3,400 men",
        "400 men",
        &["found", "a ¶1 \"3,400 men\""],
    );
    check(
        "It ends here.\n\nAnd goes on.",
        "ends here. And goes",
        &["found", "a ¶¶1-2 \"ends here. And goes\""],
    );
}

#[test]
fn words_that_stand_nearly_so_are_said_to() {
    let article = "The new command will oversee American operations in Japan.";
    check(
        article,
        "new command will oversee the American operations",
        &[
            "near",
            "a ¶1 \"new command will oversee American operations\"",
        ],
    );
    check(article, "comand", &["near", "a ¶1 \"command\""]);
    check(article, "zebra crossing", &["nothing"]);
    check(article, "“”", &["no words"]);
    check(article, "…", &["no words"]);
}

#[test]
fn marks_inside_a_quotation_do_not_end_it() {
    check(
        "He said “no; never” [sic] #1: so.",
        "said no never",
        &["near", "a ¶1 \"said no; never\""],
    );
    check(
        "He said “no; never” [sic] #1: so.",
        "never” [sic] #1: so",
        &["found", "a ¶1 \"never [sic] #1: so\""],
    );
    check("one\u{1}two three", "one\u{1}two", &["found", "a ¶1"]);
}

#[test]
fn what_is_left_out_is_not_cited() {
    let article = "---\ntitle: A\nomit: ¶1\n---\n\nThe secret plan.\n\nAnother text.\n";
    let files = [
        ("book.toml", "[book]\ntitle = \"A\"\n"),
        ("content/articles/a.md", article),
    ];
    let compilation = compile(&Sources::from_texts(files), None);
    assert_eq!(
        places(&compilation.book.finder(), "secret plan").0,
        "nothing"
    );
}

#[test]
fn the_program_prints_what_can_be_pasted() {
    let book = TestBook::small();
    let ran = book.run(&["cite", "50,000", "troops"]).expect(0);
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str()),
        ("report ¶2 \"50,000 troops\"\n", "")
    );
    let ran = book.run(&["cite", "--markdown", "first parag"]).expect(0);
    assert_eq!(ran.out, "[@report, ¶1 \"first paragraph\"]\n");
    let ran = book.run(&["cite", "60,000 troops"]).expect(1);
    ran.says("error: “60,000 troops” stands in no article");
    book.run(&["cite", "--yaml", "--markdown", "x"]).expect(2);
    book.run(&["cite", "…"])
        .expect(2)
        .says("there are no words to look for");
    book.run(&["cite"]).expect(2);
}

#[test]
fn many_places_are_counted_and_shown_with_all() {
    let text = (1..=12).fold(String::new(), |text, n| {
        text + &format!("Number {n} of the aims.\n\n")
    });
    let book = TestBook::small().file(
        "content/articles/a.md",
        &format!("---\ntitle: A\n---\n\n{text}"),
    );
    let ran = book.run(&["cite", "aims"]).expect(0);
    assert_eq!(ran.out.lines().count(), 10);
    let ran = ran.says("these words stand in 12 places");
    let ran = ran.says("    “Number 3 of the aims.”");
    ran.says("… and 2 places more; `--all` prints them");
    assert_eq!(book.run(&["cite", "--all", "aims"]).out.lines().count(), 12);
}

#[test]
fn every_long_passage_of_the_sample_is_found() {
    let sources = pincite::disk::read(sample()).unwrap();
    let compilation = compile(&sources, None);
    let finder = compilation.book.finder();
    for article in &compilation.book.articles {
        for paragraph in &article.document.paragraphs {
            let words: Vec<&str> = paragraph.prose.text.text.split_whitespace().collect();
            let middle = words.len() / 3;
            let passage = words[middle..(middle + 6).min(words.len())].join(" ");
            let (how, found) = places(&finder, &passage);
            assert_eq!((how, found.len()), ("found", 1), "{passage}");
            let citation = finder.citation(&found[0], Form::Yaml).unwrap();
            let lead = format!("{} ¶{} \"", article.key, paragraph.number);
            assert!(citation.starts_with(&lead), "{citation}");
        }
    }
}

#[test]
fn a_passage_runs_over_a_paragraph_without_words() {
    check(
        "it was signed in Tokyo\n\n\"\n\nlate",
        "signed in Tokyo \" late",
        &["near", "a ¶¶1-3 \"signed in Tokyo late\""],
    );
}

#[test]
fn struck_words_are_not_found() {
    let article = "five ~~hundred~~ soldiers";
    check(article, "hundred", &["nothing"]);
    check(
        article,
        "five soldiers",
        &["found", "a ¶1 \"five soldiers\""],
    );
}

/// A text of one to three paragraphs, with everything that means something to our syntax, YAML or Markdown.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-d]{1,3}",
        1 => "[0-9]{1,4}",
        8 => Just(" ".to_owned()),
        4 => prop::sample::select(vec![
            "\"", "“", "”", "„", "«", "»", "「", "」", "‘", "’", "'", "[", "]", "[…]", "[a]", "…", "...", ";", "; @b", "#", " #",
            ": ", ":", "—", "-", " – ", ",", ".", "`", "*", "\\", "|", "¶", "@", "{", "}", "&", "!", "%", "<", ">", "\n\n", "\n",
            "日本", "é", "e\u{301}", "\u{ad}", "\u{200b}", "\u{a0}", "U.S.", "can't", "3,400", "3\u{a0}400", "~", "^a", "(", ")",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 3..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_printed_holds(article in text(), start in 0_usize..30, length in 1_usize..8) {
        let article = format!("x {article}");
        let compilation = compile(&book(&article, "", ""), None);
        let finder = compilation.book.finder();
        let paragraphs = &compilation.book.articles[0].document.paragraphs;
        let standing: Vec<String> = paragraphs.iter().map(|p| p.unstruck(0..p.prose.text.text.len())).collect();
        let texts: Vec<Vec<&str>> = standing.iter().map(|text| text.split_whitespace().collect()).collect();
        let words = texts.concat();
        // A text that is a definition list has no numbered paragraph.
        prop_assume!(!words.is_empty());
        let start = start % words.len();
        let words = words[start..(start + length).min(words.len())].join(" ");
        let (how, found) = places(&finder, &words);
        let in_one = texts.iter().any(|text| text.join(" ").contains(&words));
        let is_found = how == "found" || !words.contains(char::is_alphanumeric);
        prop_assert!(is_found || !in_one, "{how}: {words:?}");
        for place in &found {
            let yaml = finder.citation(place, Form::Yaml).expect("a citation");
            let markdown = finder.citation(place, Form::Markdown).expect("a citation");
            let pasted = book(&article, &yaml, &markdown);
            let (states, problems) = outcome(&compile(&pasted, None), &pasted);
            let quoted = |citation: &str| if citation.contains('"') { State::Verified } else { State::Pinned };
            prop_assert_eq!(&states, &[quoted(&markdown), quoted(&yaml)], "{} {}", &yaml, &markdown);
            prop_assert_eq!(problems, Vec::<String>::new(), "{} {}", yaml, markdown);
        }
    }
}

/// How the citations ended, and what is said of the files that hold them.
fn outcome(compilation: &Compilation, sources: &Sources) -> (Vec<State>, Vec<String>) {
    let cited = compilation.book.notes.iter().flat_map(|note| &note.cited);
    let article = sources.find("content/articles/a.md");
    let own = compilation
        .diagnostics
        .iter()
        .filter(|problem| problem.at.as_ref().map(|label| label.span.file) != article);
    (
        cited.map(Cited::state).collect(),
        own.map(|problem| problem.message.clone()).collect(),
    )
}
