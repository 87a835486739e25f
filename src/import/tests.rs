//! The importer as a whole, on pages of our own invention.

mod copies;
mod titles;

use proptest::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::text::{letters, tidy};
use super::*;

/// The texts of the paragraphs, headings and list items; nothing if the Markdown holds anything
/// else.
pub(super) fn read(markdown: &str) -> Option<Vec<String>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut texts = vec![String::new()];
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => texts.last_mut()?.push_str(&text),
            Event::Start(tag) if is_expected(&tag) => {}
            Event::End(TagEnd::List(_)) => {}
            Event::End(_) => texts.push(String::new()),
            _ => return None,
        }
    }
    texts.pop();
    Some(texts)
}

fn is_expected(tag: &Tag) -> bool {
    match tag {
        Tag::Paragraph | Tag::Item | Tag::List(None) => true,
        Tag::Heading {
            level,
            id,
            classes,
            attrs,
        } => *level == HeadingLevel::H2 && id.is_none() && classes.is_empty() && attrs.is_empty(),
        _ => false,
    }
}

fn page(text: &str) -> Result<Imported, Problem> {
    import(
        &Saved {
            file_name: "saved.txt",
            text,
        },
        &Given::default(),
    )
}

fn body(imported: &Imported) -> &str {
    imported
        .markdown
        .split_once("\n---\n\n")
        .unwrap_or_default()
        .1
}

/// The body of a page's article, without the last line end.
fn check(saved: &str, expected: &str) {
    assert_eq!(body(&page(saved).unwrap()).trim_end(), expected);
}

/// The numbers of the lines that were left out, each with the reason.
fn check_left_out(saved: &str, expected: &[(usize, Reason)]) {
    let imported = page(saved).unwrap();
    let left_out: Vec<_> = imported
        .left_out
        .iter()
        .map(|line| (line.line, line.reason))
        .collect();
    assert_eq!(left_out, expected);
}

/// Puts lines into an article: a title and a sentence before, a sentence after.
fn within(lines: &str) -> String {
    format!("Ferries Return\n{PIER}\n{lines}\n{NAN}")
}

const PIER: &str = "The first ferry in nine years tied up at the old pier on Friday, to the cheers of some 2,000 people.";
const NAN: &str = "“I did not think that I would see it,” said Nan Ford, who sold tickets here until the service ended.";
const MAYOR: &str = "The mayor, who had promised the ferry at three elections, stood at the back of the crowd and waited.";
const ROAD: &str =
    "The council spent $1.7 million on the pier and nothing on the road, which will have to wait.";

#[test]
fn front_matter() {
    let given = Given {
        id: Some("ferry-31".into()),
        title: None,
        date: Some("2031-07-04".into()),
        publication: Some("The \"Coast\" Herald".into()),
    };
    let text =
        format!("Ferries \"Return\": at \\ last\n\nBy Ada Brook and Tom de la Rive\n\n{PIER}\n");
    let imported = import(
        &Saved {
            file_name: "a: b.txt",
            text: &text,
        },
        &given,
    )
    .unwrap();
    let expected = format!(
        "---\n\
         title: \"Ferries \\\"Return\\\": at \\\\ last\"\n\
         author: [\"Ada Brook\", \"Tom de la Rive\"]\n\
         publication: \"The \\\"Coast\\\" Herald\"\n\
         date: \"2031-07-04\"\n\
         imported: {{file: \"a: b.txt\", sha256: \"{}\"}}\n\
         ---\n\n{PIER}\n",
        sha256(text.as_bytes())
    );
    assert_eq!(imported.markdown, expected);
    assert_eq!(imported.id, "ferry-31");
}

#[test]
fn the_page_s_address_is_no_paragraph() {
    let check = |saved: &str, url: Option<&str>| {
        let imported = page(saved).unwrap();
        let found = imported
            .markdown
            .lines()
            .find(|line| line.starts_with("url: "));
        let wanted = url.map(|url| format!("url: \"{url}\""));
        assert_eq!(found, wanted.as_deref(), "{saved}");
        assert_eq!(
            body(&imported).contains("https://"),
            url.is_none(),
            "{saved}"
        );
    };
    let text = "The board met on Monday, and it will dredge the channel.";
    let address = "https://example.org/a?b=1";
    check(
        &format!("Harbour to be dredged\n\n{address}\n\n{text}\n"),
        Some(address),
    );
    check(
        &format!("{address}\n\nHarbour to be dredged\n\n{text}\n"),
        Some(address),
    );
    check(
        &format!("Harbour to be dredged\n\n{text}\n\nSource: <{address}>\n"),
        Some(address),
    );
    check(
        &format!("Harbour to be dredged\n\n{text}\n\n{address}\n\n{text} Twice.\n"),
        None,
    );
    check(
        &format!("Harbour to be dredged\n\n{text}\n\nSee {address}\n"),
        None,
    );
}

#[test]
fn hashes_are_those_of_the_bytes() {
    assert_eq!(
        sha256(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn furniture_before_and_after() {
    let saved = format!(
        "Skip to content\nHome > World\nShare\nFerries Return\nJuly 4, 2031\n{PIER}\n{NAN}\nSource link\nLeave a Comment\n\
         Your email address will not be published. Required fields are marked *\nExit mobile version"
    );
    check(&saved, &format!("{PIER}\n\n{NAN}"));
    let lines: Vec<usize> = page(&saved)
        .unwrap()
        .left_out
        .iter()
        .map(|line| line.line)
        .collect();
    assert_eq!(lines, [1, 2, 3, 5, 8, 9, 10, 11]);
}

#[test]
fn furniture_between_paragraphs() {
    for line in [
        "Related Stories",
        "ADVERTISEMENT",
        "Read more",
        "Read More: Who Lost the Ferries?",
        "Sign up for our newsletter",
        "関連記事",
    ] {
        check(&within(line), &format!("{PIER}\n\n{NAN}"));
    }
}

#[test]
fn a_sentence_with_the_words_of_furniture_stays() {
    for line in [
        "Read more books, she said.",
        "Related stories were told at the pier all night.",
        "Sign up for our newsletter, the ferry’s captain said.",
        "We use cookies to lure the gulls, the captain said.",
        "By continuing to insist on his terms, the mayor lost.",
        "Copyright lawyers, who won in 2019, were on board.",
        "The advertisement: gone.",
        "Related: the ferries had names.",
    ] {
        check(&within(line), &format!("{PIER}\n\n{line}\n\n{NAN}"));
        check(
            &format!("Ferries Return\n{PIER}\n{line}"),
            &format!("{PIER}\n\n{line}"),
        );
    }
}

#[test]
fn words_that_are_furniture_at_the_edges_are_headings_inside() {
    check(
        &within("Ferries Return"),
        &format!("{PIER}\n\n## Ferries Return\n\n{NAN}"),
    );
    check(&within("#ferry"), &format!("{PIER}\n\n## #ferry\n\n{NAN}"));
    check(
        &within("Politics"),
        &format!("{PIER}\n\n## Politics\n\n{NAN}"),
    );
}

#[test]
fn hashtags_and_lone_punctuation() {
    let saved = format!("Ferries Return\n.\n{PIER}\n* * *\n#ferry #harbor\n{NAN}\n—\n#ferry");
    check_left_out(
        &saved,
        &[
            (2, Reason::LonePunctuation),
            (4, Reason::LonePunctuation),
            (5, Reason::Hashtags),
            (7, Reason::LonePunctuation),
            (8, Reason::Hashtags),
        ],
    );
    check(
        &within("#ferry is what they called it."),
        &format!("{PIER}\n\n#ferry is what they called it.\n\n{NAN}"),
    );
}

#[test]
fn a_given_id_is_checked() {
    let given = Given {
        id: Some("a b".into()),
        ..Given::default()
    };
    let text = format!("Ferries Return\n{PIER}");
    let problem = import(
        &Saved {
            file_name: "saved.txt",
            text: &text,
        },
        &given,
    )
    .unwrap_err();
    assert_eq!(problem, Problem::BadId { id: "a b".into() });
    assert!(problem.to_string().starts_with("`a b` cannot be an id"));
}

#[test]
fn lists_are_tight() {
    let saved = within("The State of the Pier\n\n  • Gates:\u{a0} one opens.\n\n  • Bells: none.");
    check(
        &saved,
        &format!(
            "{PIER}\n\n## The State of the Pier\n\n- Gates: one opens.\n- Bells: none.\n\n{NAN}"
        ),
    );
}

#[test]
fn an_item_with_the_words_of_furniture_stays() {
    let list = "- The ferry calls.\n- Share\n- Read more";
    check(&within(list), &format!("{PIER}\n\n{list}\n\n{NAN}"));
    check(
        &format!("Ferries Return\n{PIER}\n{list}"),
        &format!("{PIER}\n\n{list}"),
    );
}

#[test]
fn headings_stand_between_sentences() {
    check(
        &within("A Long Wait"),
        &format!("{PIER}\n\n## A Long Wait\n\n{NAN}"),
    );
    for line in [
        "A long wait.",
        "a long wait",
        "A Long Wait,",
        "Photo: Ada Brook",
        "“A long wait”",
        "A Long Wait\n\nA Short Stop",
        "— Ada Brook",
        "7",
    ] {
        check(&within(line), &format!("{PIER}\n\n{line}\n\n{NAN}"));
    }
    let cut = PIER.repeat(2).replace('.', "");
    let text = format!("{cut}\n\nA Long Wait\n\n{NAN}");
    check(&format!("Ferries Return\n{text}"), &text);
    check(
        &format!("Ferries Return\n{PIER}\nA Long Wait"),
        &format!("{PIER}\n\nA Long Wait"),
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark() {
    check(
        &format!("\u{feff}Ferries Return\r\n\r\n{PIER}\r\n\r\n{NAN}\r\n"),
        &format!("{PIER}\n\n{NAN}"),
    );
}

#[test]
fn japanese() {
    let saved = "水門、九年ぶりに開く\n2031年7月4日 17時00分\n\u{3000}上流の町の水門が四日、九年ぶりに開いた。\n今後の予定\n\u{3000}次の協議は秋に行われる。議長は「急がない」と述べた。\n続きを読む";
    check(
        saved,
        "上流の町の水門が四日、九年ぶりに開いた。\n\n## 今後の予定\n\n次の協議は秋に行われる。議長は「急がない」と述べた。",
    );
}

#[test]
#[allow(clippy::disallowed_methods, reason = "time is what is measured")]
fn long_texts_take_no_long_time() {
    let size = 1 << 16;
    for text in [
        "a ",
        "_",
        "*",
        "&",
        "~",
        "[",
        "^",
        "a\n",
        "- a\n",
        ".\n",
        "a. ",
        "\n",
        "川",
        "Read more",
        "a…\n\n",
        "By A B\n",
    ] {
        let text = format!("Ferries Return\n{}", text.repeat(size / text.len()));
        let start = std::time::Instant::now();
        let _ = page(&text);
        assert!(start.elapsed().as_secs() < 10, "{}", &text[..30]);
    }
}

/// Lines of the pieces that mean something to Markdown.
pub(super) fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "[",
        "]",
        "(",
        ")",
        "<",
        "<b>",
        ">",
        "&",
        "&amp;",
        ";",
        "#",
        "##",
        "\\",
        "`",
        "```",
        "~",
        "~~",
        "|",
        "-",
        "---",
        "+",
        "1",
        ".",
        ")",
        "=",
        ":",
        "!",
        "{",
        "}",
        "{#a}",
        "^",
        "^x",
        "^[",
        "$",
        "\"",
        "'",
        "@",
        "/",
        "a",
        "b",
        "B",
        "é",
        "川",
        "。",
        "“",
        "”",
        " ",
        " ",
        " ",
        "\u{a0}",
        "\t",
        "https://x.y",
        "[^1]:",
        "[x]:",
        "[[",
        "]]",
        "=\u{200d}",
        "€",
        "…",
        "<!--",
        "-->",
        "&#35;",
        "0",
        "12.",
    ]);
    prop::collection::vec(pieces, 1..24)
        .prop_map(|pieces| tidy(&pieces.concat()))
        .prop_filter("a line holds something", |text| !text.is_empty())
}

/// Lines of pages, some of them dirt.
fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        "",
        ".",
        "___",
        "Ferries Return",
        "Ferries Return | Coast Herald",
        "By Ada Brook",
        "Read more",
        "Share",
        "#ferry #pier",
        "#ferry",
        "• one",
        "- two",
        "* three",
        "A Long Wait",
        "July 4, 2031",
        PIER,
        NAN,
        MAYOR,
        ROAD,
        "The first ferry in nine years tied up …",
        "a line that ends with-",
        "水門が開いた。",
        "水門",
        "We use cookies on this site.",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 2 => nasty(),
        1 => "\\PC{0,40}", 1 => Just([PIER, NAN, MAYOR].concat())]
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = letters(text).chars().collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #[test]
    fn every_letter_arrives_or_is_listed(
        lines in prop::collection::vec(line(), 0..24),
        ending in prop::sample::select(vec!["\n", "\r\n", "\n\n", "\u{2028}"]),
    ) {
        let saved = lines.join(ending);
        // Too many that are refused fail the test.
        let imported = page(&saved);
        prop_assume!(imported.is_ok());
        let imported = imported.expect("just seen");
        let mut arrived = vec![imported.title.clone()];
        arrived.extend(read(body(&imported)).expect("plain blocks"));
        arrived.extend(imported.left_out.iter().map(|line| line.text.clone()));
        prop_assert_eq!(sorted(&arrived.join("\n")), sorted(&saved));
    }

    #[test]
    fn no_text_makes_it_panic(text in "(?s)\\PC*|.{0,400}|[ -~\n\r]{0,400}", title in any::<Option<String>>()) {
        let given = Given { title, ..Given::default() };
        let _ = import(&Saved { file_name: &text, text: &text }, &given);
    }

    #[test]
    fn a_given_title_finds_every_text(lines in prop::collection::vec(line(), 1..12), title in "\\PC{0,20}[a-z]") {
        let saved = lines.join("\n");
        let given = Given { title: Some(title), ..Given::default() };
        let imported = import(&Saved { file_name: "saved.txt", text: &saved }, &given);
        let refused = matches!(imported, Err(Problem::NoTitle { .. } | Problem::BadId { .. }));
        prop_assert!(!refused);
    }
}
