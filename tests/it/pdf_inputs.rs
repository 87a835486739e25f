//! The print edition of hard books and of odd settings.

use std::fmt::Write as _;
use std::process::Command;

use crate::book::TestBook;
use crate::paper::{Word, pages, words};

const TOML: &str = "[book]\ntitle = \"Small\"\ndate = 2024-08-01\n[lints]\nundefined-acronym = \"allow\"\n[output.pdf]\nannex = \"all\"\n";

/// The pages of a book of one article.
fn printed(body: &str) -> Vec<String> {
    let article = format!("---\ntitle: Report\n---\n\n{body}\n");
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file("content/articles/report.md", &article);
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    pages(&book.path("out.pdf"))
}

#[test]
fn a_paragraph_of_a_hundred_thousand_words_is_printed() {
    let words = ["harbour", "ice", "the", "ships", "counted", "of", "winter"];
    let body: Vec<&str> = (0..100_000).map(|at| words[at * 5 % 7]).collect();
    let pages = printed(&body.join(" "));
    assert!(pages.len() > 100, "{}", pages.len());
    let found: usize = pages
        .iter()
        .map(|page| page.matches("harbour").count())
        .sum();
    assert!(found > 14_000, "{found}");
}

#[test]
fn five_thousand_notes_of_one_paragraph_are_printed() {
    let mut text = String::from("# View\n\n");
    for number in 0..5000 {
        write!(text, "Word{number} [@report, ¶1]. ").unwrap();
    }
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file(
            "content/articles/report.md",
            "---\ntitle: Report\n---\n\nOne.\n",
        )
        .file("content/chapters/01-view.md", &text);
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let text = pages(&book.path("out.pdf")).join("\n");
    let has = |line: &str| {
        text.lines()
            .any(|found| found.trim_start().starts_with(line))
    };
    for number in [1, 2500, 5000] {
        assert!(has(&format!("{number} ")), "no note {number}");
    }
}

/// A table that is too wide is cut into several, each with the first column.
#[test]
fn a_table_of_sixty_columns_can_be_read() {
    let row = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = (0..60).map(cell).collect();
        format!("|{}|\n", cells.join("|"))
    };
    let mut table = row(&|at| format!("C{at}x"));
    table += &row(&|_| "---".to_owned());
    table += &row(&|at| format!("v{at}x"));
    let text = printed(&table).join("\n");
    for at in 0..60 {
        for cell in [format!("C{at}x"), format!("v{at}x")] {
            assert!(
                text.split_whitespace().any(|word| word == cell),
                "no {cell} in {text}"
            );
        }
    }
    let repeated = text
        .split_whitespace()
        .filter(|word| *word == "v0x")
        .count();
    assert_eq!(repeated, 7, "{text}");
}

/// A PNG of noise, which no format makes small, written without compression.
fn large_png(side: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let mut rows = Vec::new();
    for _ in 0..side {
        rows.push(0);
        rows.extend((0..side * 3).map(|_| noise()));
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let mut packed = vec![0x78, 0x01];
    let mut blocks = rows.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap();
        packed.push(u8::from(blocks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    packed.extend(((b << 16) | a).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], content: &[u8]| {
        let body = [kind, content].concat();
        png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        png.extend(&body);
        png.extend(crc(&body).to_be_bytes());
    };
    let size = side.to_be_bytes();
    chunk(b"IHDR", &[&size[..], &size[..], &[8, 2, 0, 0, 0]].concat());
    chunk(b"IDAT", &packed);
    chunk(b"IEND", &[]);
    png
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    };
    !bytes.iter().fold(!0, step)
}

/// A book whose chapter shows one image.
fn with_image(name: &str, bytes: &[u8]) -> TestBook {
    let chapter = format!("# Map\n\n![The islands](../assets/{name})\n");
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file("content/chapters/01-map.md", &chapter);
    book.write(&format!("content/assets/{name}"), bytes);
    book
}

#[test]
fn an_image_of_forty_megabytes_is_printed() {
    let png = large_png(3_660);
    assert!(png.len() > 40_000_000, "{}", png.len());
    let book = with_image("noise.png", &png);
    let ran = book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    assert!(!ran.err.contains("unreadable-image"), "{}", ran.err);
    let output = Command::new("pdfimages")
        .arg("-list")
        .arg(book.path("out.pdf"))
        .output()
        .unwrap();
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(list.contains("3660  3660"), "{list}");
}

#[test]
fn an_image_that_cannot_be_shown_is_told_by_its_words() {
    let svg = |inner: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9\" height=\"9\">{inner}</svg>"
        )
    };
    let whole = large_png(20);
    for (name, bytes) in [
        ("cut.png", whole[..whole.len() / 2].to_vec()),
        ("text.jpg", b"no image".to_vec()),
        (
            "a.svg",
            svg("<image href=\"/etc/passwd\" width=\"9\" height=\"9\"/>").into(),
        ),
        (
            "b.svg",
            svg("<image xlink:href=\"photo.jpg\" width=\"9\" height=\"9\"/>").into(),
        ),
        ("c.svg", b"<svg".to_vec()),
    ] {
        let book = with_image(name, &bytes);
        book.run(&["pdf", "--out", "out.pdf"])
            .expect(0)
            .says("unreadable-image")
            .says("content/chapters/01-map.md:3");
        let text = pages(&book.path("out.pdf")).join("\n");
        assert!(text.contains("[The islands]"), "{name}: {text}");
    }
    let book = with_image(
        "sound.svg",
        svg("<rect width=\"9\" height=\"9\"/>").as_bytes(),
    );
    let ran = book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    assert!(!ran.err.contains("unreadable-image"), "{}", ran.err);
}

/// Whatever a field holds is shown as it is.
#[test]
fn no_field_is_read_as_markup() {
    let evil = "#read(\"/etc/passwd\") $x$ @y <z> *a* \\ // ]";
    let toml = format!(
        "[book]\ntitle = '{evil}'\nsubtitle = '{evil}'\nauthors = ['{evil}']\ndescription = '{evil}'\nbanner = '{evil}'\n[output.pdf]\nannex = \"all\"\n"
    );
    let prose = "#read(\"/etc/passwd\") $x$ \\@y \\<z> \\*a\\* \\\\ // ]";
    let front =
        format!("title: '{evil}'\nauthor: '{evil}'\npublication: '{evil}'\ndate: 2024-07-01\n");
    let article = format!(
        "---\n{front}---\n\n{prose}\n\n## {prose}\n\n```text\n{evil}\n```\n\n| {prose} |\n|---|\n| {prose} |\n\n- {prose}\n\n![{prose}](../assets/none.png)\n"
    );
    let chapter = format!("# {prose}\n\nWords {prose} [@a, ¶1].\n");
    let annotations = format!(
        "glossary:\n  \"Term#x\":\n    name: '{evil}'\n    text: '{prose}'\nclaims:\n  claim-one:\n    text: '{prose}'\ntimeline:\n  - date: 2024-01-01\n    text: '{prose}'\n"
    );
    let book = TestBook::empty()
        .file("book.toml", &toml)
        .file("content/articles/a.md", &article)
        .file("content/chapters/01-view.md", &chapter)
        .file("content/annotations/a.yaml", &annotations);
    let ran = book.run(&["pdf", "--out", "out.pdf"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let text = pages(&book.path("out.pdf")).join("\n");
    assert!(!text.contains("root:"), "{text}");
    let shown = text.matches("$x$ @y <z>").count();
    assert!(shown >= 10, "{shown} in {text}");
}

/// Every character of the Basic Multilingual Plane: what no font has is named, the rest is printed.
#[test]
fn every_character_of_the_plane_is_survived() {
    let is_text =
        |code: &u32| *code >= 0xa0 || char::from_u32(*code).is_some_and(char::is_alphanumeric);
    let characters = (0x20..=0xffff).filter(is_text).filter_map(char::from_u32);
    let mut body = String::new();
    for (at, character) in characters.enumerate() {
        if at % 64 == 0 {
            body += "\n\n";
        }
        body.push(character);
    }
    let article = format!("---\ntitle: Plane\n---\n\n{body}\n");
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file("content/articles/plane.md", &article);
    book.run(&["pdf", "--out", "out.pdf"])
        .expect(0)
        .says("Hangul")
        .says("fonts-noto-cjk")
        .says("New Tai Lue");
    let text = pages(&book.path("out.pdf")).concat();
    for character in ['Z', 'é', 'Ω', 'Я', 'א', '→'] {
        assert!(text.contains(character), "{character}");
    }
}

/// What is cited in a definition is found there as anywhere else, with its number and its notes.
#[test]
fn a_definition_is_a_place_like_others() {
    let article = "---\ntitle: Report\n---\n\nOne.\n\nHarbour\n: A place for ships.\n";
    let notes = "notes:\n  - at: report ¶2 \"ships\"\n    text: Boats as well.\n";
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file("content/articles/report.md", article)
        .file("content/annotations/a.yaml", notes)
        .file(
            "content/chapters/01-view.md",
            "# View\n\nA place [@report, ¶2].\n",
        );
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let text = pages(&book.path("out.pdf")).join("\n");
    assert!(text.contains("¶ 2, p. 7"), "{text}");
    assert!(text.contains("Boats as well"), "{text}");
    let words = words(&book.path("out.pdf"));
    let number = |word: &&Word| word.page == 7 && word.word == "2";
    assert!(words.iter().any(|word| number(&word)), "{text}");
}

/// A paragraph whose first letter is written from right to left begins at the right.
#[test]
fn scripts_from_right_to_left_begin_at_the_right() {
    let article = "---\ntitle: Mixed\n---\n\nשלום עולם\n\nshalom olam\n";
    let book = TestBook::empty()
        .file("book.toml", TOML)
        .file("content/articles/mixed.md", article);
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let places = words(&book.path("out.pdf"));
    let at = |word: &str| {
        let found = places.iter().find(|place| place.word == word);
        found
            .unwrap_or_else(|| panic!("no {word} in {places:?}"))
            .left
    };
    let (first, second) = (
        at("םולש").max(at_or(&places, "שלום")),
        at_or(&places, "םלוע").max(at_or(&places, "עולם")),
    );
    assert!(first > second, "{places:?}");
    assert!(second > at("olam") + 100.0, "{places:?}");
}

fn at_or(places: &[Word], word: &str) -> f64 {
    let found = places.iter().find(|place| place.word == word);
    found.map_or(0.0, |place| place.left)
}

/// A book in a language that is written from right to left is bound at the right: its numbers stand at the left of
/// right-hand pages, lists and notes begin at the right; what is told of a source keeps its order.
#[test]
fn a_book_from_right_to_left_is_bound_at_the_right() {
    let toml = TOML.replace(
        "title = \"Small\"",
        "title = \"ספר\"\nlanguage = \"he\"\nbanner = \"סוד\"",
    );
    let article = "---\ntitle: דוח הנמל\n---\n\nבנמל עמדו אוניות.\n\n- פריט\n\nEnglish words.\n";
    let book = TestBook::empty()
        .file("book.toml", &toml)
        .file("content/articles/report.md", article)
        .file(
            "content/chapters/01-view.md",
            "# מבט\n\nשלום [@report, ¶1].\n",
        );
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let words = words(&book.path("out.pdf"));
    let find = |page: usize, wanted: &[&str]| {
        let found = words
            .iter()
            .find(|word| word.page == page && wanted.contains(&word.word.as_str()));
        found.unwrap_or_else(|| panic!("no {wanted:?} on page {page} in {words:?}"))
    };
    // Page 7 is a right-hand page of the annex.
    let text = find(7, &["פריט", "טירפ"]);
    assert!(text.left > 300.0, "{text:?}");
    assert!(find(7, &["2"]).left < 170.0);
    assert!(find(7, &["English"]).left < 300.0);
    let banner = find(1, &["סוד", "דוס"]);
    assert!((banner.left - 297.0).abs() < 30.0, "{banner:?}");
}

/// A small book, set as `[output.pdf]` says.
fn set(setting: &str) -> TestBook {
    let toml = format!("[book]\ntitle = \"Small\"\ndate = 2024-08-01\n[output.pdf]\n{setting}\n");
    TestBook::small().file("book.toml", &toml)
}

#[test]
fn margins_and_columns_are_the_books_own() {
    let book = set("margins = { inside = \"50mm\", outside = \"30mm\" }");
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let left = |book: &TestBook, word: &str| {
        let words = words(&book.path("out.pdf"));
        let found = words
            .iter()
            .find(|found| found.page > 3 && found.word == word);
        found.unwrap().left
    };
    let millimetres = left(&book, "There") / 72.0 * 25.4;
    assert!((millimetres - 50.0).abs() < 0.5, "{millimetres}");

    let text =
        "Words enough to fill the first column of a page and to begin the second. ".repeat(90);
    let chapter = format!("# Long\n\n{}\n", text.replace("second. W", "second.\n\nW"));
    let book = set("columns = 2").file("content/chapters/03-long.md", &chapter);
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let words = words(&book.path("out.pdf"));
    let numbers = words
        .iter()
        .filter(|word| word.page > 5 && word.word == "9");
    let sides: Vec<f64> = numbers.map(|word| word.left).collect();
    assert!(
        sides.iter().any(|left| *left < 70.0 || *left > 500.0),
        "{sides:?}"
    );
    let lines = words
        .iter()
        .filter(|word| word.page > 5 && word.left > 300.0);
    assert!(lines.count() > 100);
}

#[test]
fn faces_are_the_books_own() {
    let book = set(
        "fonts = { text = \"DejaVu Sans Mono\", heading = [\"No Such Face\", \"DejaVu Sans Mono\"] }",
    );
    book.run(&["pdf", "--out", "out.pdf"])
        .expect(0)
        .says("warning[missing-font]: no font has the family `No Such Face`")
        .says("book.toml:5");
    let output = Command::new("pdffonts")
        .arg(book.path("out.pdf"))
        .output()
        .unwrap();
    let fonts = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        fonts.contains("DejaVuSansMono") && !fonts.contains("Libertinus"),
        "{fonts}"
    );
}

#[test]
fn parts_are_printed_as_chosen() {
    let book = set("parts = [\"glossary\"]");
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let text = pages(&book.path("out.pdf")).join("\n");
    assert!(text.contains("Glossary"), "{text}");
    for part in ["Annex", "Sources", "Index", "The first paragraph"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[test]
fn wrong_settings_are_told_with_their_place() {
    let book = set(
        "margins = { top = \"5mm\", side = \"30mm\" }\ncolumns = 3\nparts = [\"glossry\"]\nmargin = 3",
    );
    book.run(&["pdf", "--out", "out.pdf"])
        .expect(1)
        .says("`top` is a margin of 12 to 80 mm, such as `25mm` or `1in`, not `5mm`")
        .says("[output.pdf.margins] has no key `side`")
        .says("`columns` is 1 or 2")
        .says("`parts` cannot be `glossry`")
        .says("did you mean `glossary`?")
        .says("[output.pdf] has no key `margin`")
        .says("book.toml:5:")
        .says("book.toml:7:");
}

/// Chapters open on right-hand pages, unless the book says otherwise.
#[test]
fn chapters_open_on_the_right() {
    let opening = |book: &TestBook| {
        book.run(&["pdf", "--out", "out.pdf"]).expect(0);
        let pages = pages(&book.path("out.pdf"));
        let found = pages
            .iter()
            .rposition(|page| page.contains("There are many troops"));
        found.unwrap() + 1
    };
    assert_eq!(opening(&set("")), 5);
    assert_eq!(opening(&set("recto = false")), 3);
    assert_eq!(opening(&set("two-sided = false")), 3);
}

/// A theme of the book with one mistake, and what is said of it.
fn theme(layout: &str) -> String {
    let book = set("").file("themes/brief/print.typ", layout);
    book.run(&["pdf", "--out", "out.pdf"]).expect(1).err
}

#[test]
fn a_themes_mistake_is_told_with_its_place() {
    for (layout, message, place) in [
        ("#let x = 1\n#y\n", "unknown variable: y", ":2:2"),
        ("#read(\"/etc/passwd\")\n", "access denied", ":1:7"),
        (
            "#read(\"../book.toml\")\n",
            "would escape the project root",
            ":1:7",
        ),
        ("#import \"@preview/cetz:0.2.0\"\n", "access denied", ":1:9"),
        (
            "#set document(title: \"x\")\n#context {\n  for i in range(query(metadata).len() + 1) { [#metadata(none)] }\n}\n",
            "the layout does not come to rest: number of metadata elements did not stabilize",
            ":3:18",
        ),
    ] {
        let said = theme(layout);
        assert!(said.contains(message), "{message} in {said}");
        assert!(
            said.contains(&format!("themes/brief/print.typ{place}")),
            "{place} in {said}"
        );
    }
}

#[test]
fn the_logo_stands_on_the_cover() {
    let toml = "[book]\ntitle = \"Small\"\n[output.html]\nlogo = \"logo.png\"\n[output.pdf]\n";
    let book = TestBook::small().file("book.toml", toml);
    book.write("content/assets/logo.png", &large_png(30));
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let output = Command::new("pdfimages")
        .args(["-list", "-l", "1"])
        .arg(book.path("out.pdf"))
        .output()
        .unwrap();
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(list.contains("30    30"), "{list}");
}
