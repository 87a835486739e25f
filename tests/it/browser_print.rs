//! The site's pages on paper: what the browser's own Print makes of each kind of page.

use std::path::Path;
use std::process::Command;

use crate::browser::run;
use crate::links::built_site;
use crate::paper::running_pages;

/// The sheets that a page of the site prints on.
fn sheets(site: &Path, page: &str) -> Vec<String> {
    let pdf = site.join("printed.pdf");
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    run(Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
        ])
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", site.join(page).display())));
    running_pages(&pdf)
}

/// Every sheet bears the banner at head and foot and its number; nothing that can only be clicked is printed.
#[test]
fn every_kind_of_page_prints_with_banner_and_numbers() {
    let folder = built_site();
    let site = folder.path().join("site");
    for (page, words) in [
        ("index.html", &["The Alliance Brief"][..]),
        // The notes stand at the end, with the paragraphs that they lead to.
        ("chapters/command.html", &["Notes", "¶ 8"]),
        // Who cites a paragraph is told without a click.
        (
            "articles/tokyo-talks-2024.html",
            &["Cited by", "Command and control ¶"],
        ),
        ("claims.html", &["Statement"]),
        ("timeline.html", &["2024"]),
        ("glossary.html", &["USFJ"]),
        ("sources.html", &["What the Tokyo Talks Agreed"]),
    ] {
        let sheets = sheets(&site, page);
        for (index, sheet) in sheets.iter().enumerate() {
            assert_eq!(
                sheet.matches("SAMPLE · UNCLASSIFIED").count(),
                2,
                "{page}: {sheet}"
            );
            let number = (index + 1).to_string();
            assert!(
                sheet.lines().any(|line| line.trim() == number),
                "{page}, {number}: {sheet}"
            );
        }
        let text = sheets.concat();
        for word in words {
            assert!(text.contains(word), "{page}: no {word} in {text}");
        }
        for word in ["Skip to", "On this page", "Next chapter"] {
            assert!(!text.contains(word), "{page}: {word} in {text}");
        }
    }
}

/// The whole book on one page: each chapter and article begins on a sheet of its own.
#[test]
fn the_whole_book_prints_from_one_page() {
    let folder = built_site();
    let sheets = sheets(&folder.path().join("site"), "print.html");
    for title in [
        "Command and control",
        "Okinawa and the littoral regiment",
        "What the Tokyo Talks Agreed",
    ] {
        let opens = |sheet: &&String| {
            let mut lines = sheet.lines().filter(|line| !line.contains("UNCLASSIFIED"));
            lines.by_ref().take(3).any(|line| line.trim() == title)
        };
        assert!(
            sheets.iter().any(|sheet| opens(&sheet)),
            "no sheet opens with {title}"
        );
    }
}
