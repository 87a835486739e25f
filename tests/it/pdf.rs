//! The sample book's PDF, read with poppler and qpdf.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use pincite::book::Home;
use serde_json::Value;

use crate::book::{TestBook, pincite, sample};
use crate::paper::{Word, running_pages, words};
use crate::tags::Objects;

/// The sample book's print edition, made once.
static PRINTED: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let status = pincite()
        .args(["build", "-q", "--book"])
        .arg(sample())
        .arg("--out")
        .arg(&out)
        .status()
        .unwrap();
    assert!(status.success());
    (folder, out.join("the-alliance-brief.pdf"))
});

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .arg(&PRINTED.1)
        .args(if program == "pdftotext" {
            &["-"][..]
        } else {
            &[]
        })
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; `./test` installs it"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_pdf_is_sound_tagged_and_titled() {
    let info = run("pdfinfo", &[]);
    assert!(
        info.contains("Title:           The Alliance Brief"),
        "{info}"
    );
    assert!(
        info.lines()
            .any(|line| line.starts_with("Tagged:") && line.ends_with("yes")),
        "{info}"
    );
    let checked = run("qpdf", &["--check"]);
    assert!(
        checked.contains("No syntax or stream encoding errors found"),
        "{checked}"
    );
    let fonts = run("pdffonts", &[]);
    for font in fonts.lines().skip(2) {
        assert!(font.contains(" yes yes "), "not embedded: {font}");
    }
}

/// The words of a text, one blank between two.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each heading that the outline leads to stands on the page that the contents tell for it.
#[test]
fn the_contents_name_the_pages_where_headings_stand() {
    let objects = Objects::of(&PRINTED.1);
    let pages = running_pages(&PRINTED.1);
    let contents = flat(&pages[2])
        .replace(['.', '\u{a0}'], "")
        .replace(' ', "");
    let mut checked = 0;
    for (level, title, destination) in objects.outline() {
        let (page, _) = objects.place(destination).unwrap();
        let words = flat(title.trim_start_matches(|c: char| c.is_ascii_digit()));
        assert!(
            flat(&pages[page - 1]).contains(&words),
            "`{words}` is not on page {page}"
        );
        if level <= 2 && title != "Contents" {
            let line = format!("{}{page}", words.replace(['.', ' '], ""));
            assert!(contents.contains(&line), "no {line} in {contents}");
            checked += 1;
        }
    }
    assert!(checked >= 30, "{checked}");
}

/// The links inside the book: the page that they stand on, their words, the words before them, where they lead.
struct Leads {
    page: usize,
    words: String,
    before: String,
    to: (usize, f64),
}

fn leads(objects: &Objects, words: &[Word]) -> Vec<Leads> {
    let mut found = Vec::new();
    for (index, page) in objects.pages().iter().enumerate() {
        let on_page: Vec<&Word> = words.iter().filter(|word| word.page == index + 1).collect();
        for link in objects.links_of(page) {
            let Some(to) = objects.place(&link["/Dest"]) else {
                continue;
            };
            let edge = |at: usize| link["/Rect"][at].as_f64().unwrap();
            let height = objects.height(page);
            let is_inside = |word: &&&Word| {
                let (x, y) = (
                    f64::midpoint(word.left, word.right),
                    f64::midpoint(word.top, word.bottom),
                );
                edge(0) < x && x < edge(2) && height - edge(3) < y && y < height - edge(1)
            };
            let own: Vec<&str> = on_page
                .iter()
                .filter(is_inside)
                .map(|word| word.word.as_str())
                .collect();
            let first = on_page.iter().position(|word| is_inside(&word));
            let before = &on_page[first.unwrap_or(0).saturating_sub(3)..first.unwrap_or(0)];
            let before: Vec<&str> = before.iter().map(|word| word.word.as_str()).collect();
            found.push(Leads {
                page: index + 1,
                words: own.join(" "),
                before: before.join(" "),
                to,
            });
        }
    }
    found
}

/// Every `¶ N, p. M` leads to page M, where N stands in the margin at that very height.
#[test]
fn footnotes_name_the_page_of_the_cited_paragraph() {
    let objects = Objects::of(&PRINTED.1);
    let words = words(&PRINTED.1);
    let mut checked = 0;
    for lead in leads(&objects, &words) {
        let Some(number) = lead.words.strip_prefix("p. ") else {
            continue;
        };
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let (page, height) = lead.to;
        assert_eq!(digits, page.to_string(), "on page {}", lead.page);
        let Some((_, paragraphs)) = lead.before.rsplit_once('¶') else {
            continue;
        };
        let paragraph: String = paragraphs
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let stands_there = words.iter().any(|word| {
            word.page == page
                && word.word == paragraph
                && (word.top - height).abs() < 15.0
                && (word.right < 117.0 || word.left > 434.0 || word.right < 162.0)
        });
        assert!(
            stands_there,
            "¶ {paragraph} is not on page {page} at {height}, as page {} has it",
            lead.page
        );
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}

/// The pages that stand under paragraphs and sources, in the glossary and the index: each number leads to its page.
#[test]
fn lists_of_pages_lead_to_the_pages_that_they_tell() {
    let objects = Objects::of(&PRINTED.1);
    let mut checked = 0;
    for lead in leads(&objects, &words(&PRINTED.1)) {
        let figures = lead.words.trim_end_matches([',', ';']);
        let first = figures.split('–').next().unwrap();
        let is_range = figures.chars().all(|c| c.is_ascii_digit() || c == '–');
        // A chapter's number and that of a claim lead to themselves.
        let stands_in_list = lead.before.ends_with(',') && !lead.before.ends_with(" ,")
            || lead.before.ends_with("p.")
            || lead.before.ends_with("pp.");
        if is_range && stands_in_list && !first.is_empty() {
            assert_eq!(
                first,
                lead.to.0.to_string(),
                "`{} {}` on page {}",
                lead.before,
                lead.words,
                lead.page
            );
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
}

/// Who cites a paragraph is told under it: the page of every note that cites it is among those of its page.
#[test]
fn cited_pages_name_the_pages_that_cite_them() {
    let objects = Objects::of(&PRINTED.1);
    let pages = running_pages(&PRINTED.1);
    let citing: Vec<BTreeSet<usize>> = pages.iter().map(|page| cited_by(page)).collect();
    let mut checked = 0;
    for lead in leads(&objects, &words(&PRINTED.1)) {
        let cites = lead.words.starts_with("p. ") && lead.before.contains('¶');
        if cites {
            let told = &citing[lead.to.0 - 1];
            // An entry of the glossary is told by the page where it begins.
            let is_told = told.contains(&lead.page) || told.contains(&(lead.page - 1));
            assert!(
                is_told,
                "page {} is not among {told:?} of page {}",
                lead.page, lead.to.0
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The pages that all “Cited by” lines of a page tell.
fn cited_by(page: &str) -> BTreeSet<usize> {
    let text = flat(page);
    let lines = text.split("Cited by: ").skip(1);
    lines
        .flat_map(|line| page_numbers(line.trim_start_matches(['p', '.', ' ', '\u{a0}'])))
        .collect()
}

/// The numbers at the head of a text such as `3–5, 9`.
fn page_numbers(text: &str) -> Vec<usize> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ", –\u{2060}".contains(c)));
    let list = text[..end.unwrap_or(text.len())].replace('\u{2060}', "");
    let mut numbers = Vec::new();
    for range in list.split(',').map(str::trim) {
        // What follows the last number is no more of the list.
        let (range, rest) = range.split_once(' ').unwrap_or((range, ""));
        let (first, last) = range.split_once('–').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.trim().parse::<usize>(), last.trim().parse::<usize>())
        else {
            break;
        };
        numbers.extend(first..=last);
        if !rest.is_empty() {
            break;
        }
    }
    numbers
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again.pdf");
    let status = pincite()
        .args(["pdf", "-q", "--book"])
        .arg(sample())
        .arg("--out")
        .arg(&again)
        .status();
    assert!(status.unwrap().success());
    assert!(std::fs::read(&PRINTED.1).unwrap() == std::fs::read(&again).unwrap());
}

/// The sample book's PDF in a standard.
fn in_standard(standard: &str) -> (TestBook, PathBuf) {
    let book = TestBook::empty();
    let toml = std::fs::read_to_string(sample().join("book.toml")).unwrap();
    let toml = toml.replace(
        "[output.pdf]",
        &format!("[output.pdf]\nstandard = \"{standard}\""),
    );
    book.write("book.toml", toml.as_bytes());
    let content = sample().join("content");
    for entry in walkdir::WalkDir::new(&content) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(sample()).unwrap();
            book.write(
                path.to_str().unwrap(),
                &std::fs::read(entry.path()).unwrap(),
            );
        }
    }
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let pdf = book.path("out.pdf");
    (book, pdf)
}

#[test]
fn the_sample_book_keeps_both_standards() {
    for (standard, claims) in [
        ("ua-1", &["<pdfuaid:part>1</pdfuaid:part>"][..]),
        (
            "a-2a",
            &[
                "<pdfaid:part>2</pdfaid:part>",
                "<pdfaid:conformance>A</pdfaid:conformance>",
            ],
        ),
    ] {
        let (_book, pdf) = in_standard(standard);
        let metadata = Objects::metadata(&pdf);
        for claim in claims {
            assert!(
                metadata.contains(claim),
                "{standard}: no {claim} in {metadata}"
            );
        }
        let objects = Objects::of(&pdf);
        assert_eq!(objects.root()["/Lang"], "u:en");
        assert_eq!(objects.root()["/MarkInfo"]["/Marked"], true);
        let checked = Command::new("qpdf")
            .arg("--check")
            .arg(&pdf)
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stdout)
        );
    }
}

/// Headings skip no level, tables have heads, notes their marks, links their annotations, images their words.
#[test]
fn the_tag_tree_tells_the_books_structure() {
    let objects = Objects::of(&PRINTED.1);
    let roles = objects.roles();
    let sample = Sample::read();
    let count = |role: &str| roles.get(role).copied().unwrap_or(0);
    assert_eq!(count("/Document"), 1, "{roles:?}");
    assert_eq!(count("/Note"), sample.notes(), "{roles:?}");
    for role in [
        "/P",
        "/L",
        "/LI",
        "/BlockQuote",
        "/Table",
        "/TH",
        "/TD",
        "/TOC",
        "/Reference",
    ] {
        assert!(count(role) > 0, "no {role} in {roles:?}");
    }
    let mut before = 0;
    for tag in objects.tags() {
        if let Some(level) = tag
            .role
            .strip_prefix("/H")
            .and_then(|level| level.parse().ok())
        {
            assert!(level <= before + 1, "H{level} behind H{before}");
            before = level;
        }
        if tag.role == "/Figure" {
            assert!(tag.node["/Alt"].is_string(), "{}", tag.node);
        }
        if tag.role == "/Link" {
            let annotates = |kid: &Value| objects.get(kid)["/Type"] == "/OBJR";
            let kids = objects.get(&tag.node["/K"]);
            let kids = kids
                .as_array()
                .map_or(std::slice::from_ref(kids), Vec::as_slice);
            assert!(kids.iter().any(annotates), "{}", tag.node);
        }
    }
    assert!(objects.tags().iter().all(|tag| tag.depth < 40));
}

/// The sample book, read through the library.
struct Sample {
    notes: Vec<(Home, usize)>,
}

impl Sample {
    fn book() -> pincite::book::Book {
        let sources = pincite::disk::read(sample()).unwrap();
        pincite::compile::compile(&sources, None).book
    }

    fn read() -> Self {
        let book = Sample::book();
        let chapters = (0..book.chapters.len()).map(Home::Chapter);
        let events = (0..book.events.len()).map(Home::Event);
        let comments = (0..book.comments.len()).map(Home::Comment);
        let claims = (0..book.claims.len()).map(Home::Claim);
        let homes = chapters.chain(events).chain(comments).chain(claims);
        // What bears on a claim stands in its table, not at the foot of the page.
        let own = |home| {
            book.notes_of(home)
                .iter()
                .filter(|note| note.bearing.is_none())
        };
        let notes = homes.map(|home| (home, own(home).count()));
        Sample {
            notes: notes.collect(),
        }
    }

    /// How many notes are printed at the foot of a page.
    fn notes(&self) -> usize {
        self.notes.iter().map(|(_, notes)| notes).sum()
    }
}

/// Every citation that a page of the site shows has its footnote: chapter by chapter the same numbers.
#[test]
fn every_citation_of_the_site_is_printed() {
    let sample = Sample::read();
    let objects = Objects::of(&PRINTED.1);
    let chapters = sample.notes.iter();
    let chapters = chapters.filter(|(home, _)| matches!(home, Home::Chapter(_)));
    let expected: Vec<usize> = chapters.map(|(_, notes)| *notes).collect();
    assert!(expected.iter().sum::<usize>() > 50, "{expected:?}");
    // The marks of a page's notes are links that are called by their numbers; each chapter's begin at 1.
    let mut found: Vec<usize> = Vec::new();
    for page in objects.pages() {
        let words = objects
            .links_of(&page)
            .into_iter()
            .filter_map(|link| link["/Contents"].as_str());
        let numbers: BTreeSet<usize> = words
            .filter_map(|words| words.strip_prefix("u:Footnote ")?.parse().ok())
            .collect();
        for number in numbers {
            match found.last_mut() {
                Some(last) if number == *last + 1 => *last = number,
                _ if number == 1 => found.push(1),
                _ => {}
            }
        }
    }
    assert_eq!(found[..expected.len()], expected);
}

/// Links inside the book lead to places of it, links out of it to addresses, and each says where it leads.
#[test]
fn every_link_leads_somewhere() {
    let objects = Objects::of(&PRINTED.1);
    let pages = objects.pages();
    let names = objects.names();
    let links = objects.links();
    assert!(links.len() > 500, "{}", links.len());
    for link in links {
        let words = link["/Contents"]
            .as_str()
            .unwrap_or_else(|| panic!("{link}"));
        // A note's number leads back to its mark.
        let number = words.trim_start_matches("u:");
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_readable =
            is_number || words.len() > 3 && !words.starts_with("u:#") && !words.starts_with("u:,");
        assert!(is_readable, "{link}");
        let target = objects.get(&link["/Dest"]);
        if let Some(name) = target.as_str() {
            assert!(names.contains_key(name), "{link}");
        } else {
            let page = target[0].as_str().unwrap_or_else(|| panic!("{link}"));
            assert!(pages.iter().any(|known| known == page), "{link}");
        }
    }
}

/// Every address that a text or a source names is a link.
#[test]
fn every_address_is_a_link() {
    let book = TestBook::small()
        .file(
            "content/articles/other.md",
            "---\ntitle: Other\nurl: https://example.org/other\n---\n\nSee [this](https://example.org/a?b=c#d).\n",
        )
        .file("content/chapters/02-two.md", "# Two\n\nWrite to <desk@example.org> [@other, ¶1].\n")
        .file("book.toml", "[book]\ntitle = \"Small\"\n[output.pdf]\n");
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let objects = Objects::of(&book.path("out.pdf"));
    let links = objects.links();
    let found = |address: &str| {
        let address = format!("u:{address}");
        links
            .iter()
            .any(|link| objects.get(&link["/A"])["/URI"] == address.as_str())
    };
    for address in [
        "https://example.org/other",
        "https://example.org/a?b=c#d",
        "mailto:desk@example.org",
    ] {
        assert!(found(address), "{address} in {links:?}");
    }
    let is_place = |link: &&&Value| !link["/Dest"].is_null();
    let out = links.iter().filter(|link| !is_place(link));
    for link in out {
        let address = objects.get(&link["/A"])["/URI"]
            .as_str()
            .unwrap_or_default();
        assert!(!address.starts_with("u:#"), "{link}");
    }
}

/// The outline has every chapter with its sections, every printed article with its sections, every part; page labels
/// name every page.
#[test]
fn the_outline_and_the_page_labels_are_complete() {
    let objects = Objects::of(&PRINTED.1);
    let outline = objects.outline();
    let has = |title: &str| {
        outline
            .iter()
            .any(|(_, known, _)| flat(known).ends_with(&flat(title)))
    };
    let book = Sample::book();
    let chapters = book
        .chapters
        .iter()
        .map(|chapter| chapter.front.title.as_str());
    let articles = book
        .articles
        .iter()
        .map(|article| article.front.title.as_str());
    let parts = [
        "Contents",
        "Annex: the sources",
        "Claims",
        "Timeline",
        "Glossary",
        "Sources",
        "Index",
    ];
    for title in chapters.chain(articles).chain(parts) {
        assert!(has(title), "no {title} in {outline:?}");
    }
    let homes = (0..book.chapters.len()).map(Home::Chapter);
    let homes = homes.chain((0..book.articles.len()).map(Home::Article));
    let sections = homes.flat_map(|home| book.document(home).headings());
    let headings = sections.filter(|heading| heading.level > 1).count();
    assert!(
        headings > 20 && outline.len() >= headings,
        "{} of {headings}",
        outline.len()
    );
    let labels = objects.get(&objects.root()["/PageLabels"]);
    let labelled = objects.get(&labels["/Nums"]).as_array().unwrap().len() / 2;
    assert_eq!(labelled, objects.pages().len());
}

/// A PDF that would be made of the same is left as it is; one that someone changed is not.
#[test]
fn an_unchanged_pdf_is_not_made_again() {
    let book = TestBook::small();
    book.write(
        "book.toml",
        b"[book]\ntitle = \"Small\"\n[output.html]\n[output.pdf]\n",
    );
    let unchanged = "the PDF (unchanged)";
    let first = book.run(&["build"]).expect(0);
    assert!(!first.err.contains(unchanged), "{}", first.err);
    book.run(&["build"]).expect(0).says(unchanged);
    let pdf = book.path("book/small.pdf");
    let sound = std::fs::read(&pdf).unwrap();
    std::fs::write(
        &pdf,
        [sound.as_slice(), b"% changed by hand\n%%EOF\n"].concat(),
    )
    .unwrap();
    let mended = book.run(&["build"]).expect(0);
    assert!(!mended.err.contains(unchanged), "{}", mended.err);
    assert!(std::fs::read(&pdf).unwrap() == sound);
    book.write("content/chapters/02-more.md", b"# More\n\nMore words.\n");
    let changed = book.run(&["build"]).expect(0);
    assert!(!changed.err.contains(unchanged), "{}", changed.err);

    book.run(&["pdf"]).expect(0);
    book.run(&["pdf"]).expect(0).says("small.pdf (unchanged)");
    std::fs::write(book.path("small.pdf"), &sound[..sound.len() / 2]).unwrap();
    let made = book.run(&["pdf"]).expect(0);
    assert!(!made.err.contains("unchanged"), "{}", made.err);
}

/// Content is data: nothing in it becomes markup or code.
#[test]
fn content_cannot_run_code() {
    let evil = "#read(\"/etc/passwd\") $x$ @y <z> *a* \\ // ]";
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = '#read(\"/etc/passwd\")'\nbanner = '$x$ *b*'\n[output.pdf]\nannex = \"all\"\n")
        .file("content/articles/a.md", &format!("---\ntitle: '{evil}'\nauthor: '{evil}'\n---\n\n{}\n", evil.replace('<', "\\<").replace('*', "\\*")));
    book.run(&["build"]).expect(0);
    let pdf = std::fs::read_dir(book.path("book"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let pdf = pdf.filter(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    let pdf = pdf.last().unwrap();
    let output = Command::new("pdftotext")
        .arg(pdf)
        .arg("-")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("#read(\"/etc/passwd\") $x$ @y <z> *a*"),
        "{text}"
    );
    assert!(!text.contains("root:"), "{text}");
}

/// The text of a book's PDF.
fn printed(book: &TestBook, name: &str) -> String {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(book.path("book").join(name))
        .arg("-")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every page that the index names after an entry has one of that entry's words on it.
#[test]
fn the_index_names_true_pages() {
    let pages = running_pages(&PRINTED.1);
    let pages: Vec<String> = pages
        .iter()
        .map(|page| flat(&page.replace("\u{ad}\n", "")))
        .collect();
    let folded = |text: &str| text.to_lowercase().replace(['’', '-', '\u{2010}', ' '], "");
    let opening = pages
        .iter()
        .rposition(|page| page.contains("Index People"))
        .unwrap();
    let index = pages[opening..].join(" ");
    let book = Sample::book();
    let (mut entries, mut checked) = (0, 0);
    for term in &book.terms {
        let head = if term.kind == Some("person") {
            term.order()
        } else {
            &term.key.text
        };
        let Some((_, after)) = index.split_once(&format!(" {head}, ")) else {
            continue;
        };
        let numbers = page_numbers(after);
        entries += usize::from(!numbers.is_empty());
        for page in numbers {
            let text = folded(&pages[page - 1]);
            assert!(
                term.forms().any(|form| text.contains(&folded(&form.text))),
                "{head} is not on page {page}: {}",
                pages[page - 1]
            );
            checked += 1;
        }
    }
    assert!(
        entries > 40 && checked > 150,
        "{entries} entries, {checked} pages"
    );
}

/// People stand in the index under their family names where the author says so.
#[test]
fn people_stand_under_their_family_names() {
    let book = TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"Small\"\n[output.pdf]\nannex = \"all\"\n")
        .file("content/articles/report.md", "---\ntitle: Report\n---\n\nJohn Adams met Mary Zeller and Bert Miller.\n")
        .file(
            "content/annotations/a.yaml",
            "glossary:\n  John Adams:\n    kind: person\n    text: One.\n  Mary Zeller:\n    kind: person\n    sort: Zeller, Mary\n    aliases: [Zeller]\n    text: Two.\n  Bert Miller:\n    kind: person\n    sort: Miller, Bert\n    text: Three.\n",
        );
    book.run(&["pdf", "--out", "out.pdf"]).expect(0);
    let pages = running_pages(&book.path("out.pdf"));
    let index = flat(pages.iter().rfind(|page| page.contains("People")).unwrap());
    let at = |words: &str| {
        index
            .find(words)
            .unwrap_or_else(|| panic!("no {words} in {index}"))
    };
    assert!(at("John Adams, ") < at("Miller, Bert, "), "{index}");
    assert!(at("Miller, Bert, ") < at("Zeller, Mary, "), "{index}");
    assert!(!index.contains("Zeller, see"), "{index}");
}

#[test]
fn comments_claims_timeline_and_colophon_are_printed() {
    let all = flat(&running_pages(&PRINTED.1).concat().replace("\u{ad}\n", ""));
    for words in [
        "The headquarters at Yokota directs no operations today",
        "The claims and what the sources say of them",
        "Five Chinese missiles fall",
        "Set against the total given in 2024",
        "209 verified",
    ] {
        assert!(all.contains(words), "no {words:?}");
    }
    let sideways = run("pdfinfo", &["-f", "1", "-l", "999"]);
    assert!(sideways.contains("841.89 x 595.276"), "{sideways}");
}

#[test]
fn folios_tell_the_number_of_pages_where_configured() {
    let book = TestBook::small();
    let config =
        "[book]\ntitle = \"Small\"\n[output.pdf]\nfolio = \"page-of-pages\"\ntwo-sided = false\n";
    book.write("book.toml", config.as_bytes());
    book.run(&["build"]).expect(0);
    let text = printed(&book, "small.pdf");
    let pages = text.trim_end_matches('\u{c}').split('\u{c}').count();
    assert!(text.contains(&format!("3 of {pages}")), "{text}");
}

/// The sample book's Japanese names are set in a Japanese face, in the glossary and in the index.
#[test]
fn the_sample_books_japanese_is_printed() {
    let pages = running_pages(&PRINTED.1).concat();
    for name in [
        "岸田文雄",
        "木原稔",
        "上川陽子",
        "林芳正",
        "浜田靖一",
        "読売新聞",
    ] {
        assert_eq!(
            pages.matches(name).count(),
            2,
            "{name}; `./test` installs fonts-noto-cjk"
        );
    }
    let fonts = run("pdffonts", &[]);
    assert!(fonts.contains("NotoSerifCJKjp"), "{fonts}");
}

/// A character without a font is named with its place and package; the system's fonts print it.
#[test]
fn japanese_prints_with_the_systems_fonts() {
    let book = TestBook::small();
    book.write(
        "content/chapters/02-name.md",
        "# Name\n\nHis name is written 岸田文雄.\n".as_bytes(),
    );
    let config = "[book]\ntitle = \"Small\"\n[output.pdf]\n";
    book.write("book.toml", config.as_bytes());
    book.run(&["build"])
        .expect(0)
        .says("the PDF's fonts lack `岸` (U+5CB8, Chinese or Japanese) and 3 others")
        .says("content/chapters/02-name.md:3:21")
        .says("fonts-noto-cjk");
    let font = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";
    assert!(
        std::path::Path::new(font).exists(),
        "fonts-noto-cjk is missing; `./test` installs it"
    );
    book.write(
        "book.toml",
        format!("{config}system-fonts = true\n").as_bytes(),
    );
    let ran = book.run(&["build"]).expect(0);
    assert!(!ran.err.contains("missing-glyph"), "{}", ran.err);
    assert!(printed(&book, "small.pdf").contains("岸田文雄"));
}

#[test]
fn a_broken_image_is_told_where_it_is_named() {
    let book = TestBook::small();
    book.write("content/assets/map.png", b"no image");
    book.write(
        "content/chapters/02-map.md",
        b"# Map\n\n![The islands](../assets/map.png)\n",
    );
    book.write("book.toml", b"[book]\ntitle = \"Small\"\n[output.pdf]\n");
    book.run(&["build"])
        .expect(0)
        .says("unreadable-image")
        .says("content/chapters/02-map.md:3");
    assert!(printed(&book, "small.pdf").contains("The islands"));
}

/// `pdf` writes its file and leaves a site as it is.
#[test]
fn the_pdf_alone_leaves_the_site() {
    let book = TestBook::small();
    book.run(&["build"]).expect(0);
    book.run(&["pdf"]).expect(0).says("small.pdf");
    assert!(book.path("book/index.html").exists());
    assert!(
        std::fs::read(book.path("small.pdf"))
            .unwrap()
            .starts_with(b"%PDF")
    );
    book.run(&["pdf", "--out", "out/other.pdf"]).expect(0);
    assert!(book.path("out/other.pdf").exists());
}
