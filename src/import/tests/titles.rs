//! Titles and bylines.

use super::*;

#[test]
fn a_repeated_title() {
    let saved = format!(
        "Ferries Return to Harbor\n\nFerries return to harbor\n\n{PIER}\n\n{NAN}\n\nFerries Return to Harbor | Coast Herald"
    );
    check(&saved, &format!("{PIER}\n\n{NAN}"));
    check_left_out(
        &saved,
        &[(3, Reason::RepeatsTitle), (9, Reason::RepeatsTitle)],
    );
}

#[test]
fn the_title_of_the_browser_above_the_title() {
    let imported = page(&format!(
        "Ferries Return – Coast Herald\nFerries Return\n{PIER}"
    ))
    .unwrap();
    assert_eq!(imported.title, "Ferries Return");
    assert_eq!(imported.left_out.len(), 1);
}

#[test]
fn a_sentence_that_says_the_title_stays() {
    check(
        &format!("The Ferries Return at Last\nThe ferries return at last.\n{PIER}"),
        &format!("The ferries return at last.\n\n{PIER}"),
    );
}

#[test]
fn no_title() {
    let missing = |first_line: &str| {
        Err(Problem::NoTitle {
            first_line: first_line.into(),
        })
    };
    assert_eq!(page(&format!("{PIER}\n{NAN}")), missing(PIER));
    let dateline = "OLD HARBOR (CN) — Nine years after the last one left, the first ferry tied up at the old pier on Friday";
    assert_eq!(page(&format!("{dateline}\n{NAN}")), missing(dateline));
    assert_eq!(page("• Gates\n• Bells"), missing("• Gates"));
    assert_eq!(page("The ferries:\nMabel"), missing("The ferries:"));
    assert_eq!(page("\u{feff} \r\n\t\r\n"), Err(Problem::Empty));
    assert_eq!(page("Ferries Return\nSource link"), Err(Problem::NoText));
    assert_eq!(page("Source link\n."), Err(Problem::NoText));
}

#[test]
fn a_title_may_end_in_an_abbreviation_or_a_question() {
    for title in [
        "Ferries Return to the U.S.",
        "Will the Ferries Return?",
        "水門、九年ぶりに開く",
    ] {
        assert_eq!(page(&format!("{title}\n{PIER}")).unwrap().title, title);
    }
}

fn check_given(title: &str, saved: &str, expected: &str) {
    let given = Given {
        title: Some(title.into()),
        ..Given::default()
    };
    let imported = import(
        &Saved {
            file_name: "saved.txt",
            text: saved,
        },
        &given,
    )
    .unwrap();
    assert_eq!(imported.title, title.trim());
    assert_eq!(body(&imported).trim_end(), expected);
}

#[test]
fn a_given_title() {
    check_given(
        "Ferry",
        &format!("{PIER}\n{NAN}"),
        &format!("{PIER}\n\n{NAN}"),
    );
    check_given("Ferries return", &format!("Ferries Return\n{PIER}"), PIER);
    check_given("Ferries return", &format!("Ferries Return.\n{PIER}"), PIER);
    check_given("Ferries Return.", &format!("Ferries Return\n{PIER}"), PIER);
    check_given(
        "Ferry ",
        &format!("Ferries Return\nFerries Return\n{PIER}"),
        &format!("## Ferries Return\n\n{PIER}"),
    );
}

#[test]
fn a_title_that_asks_is_no_sentence_of_the_article() {
    let saved =
        format!("Home\nWill the Ferries Return to the Harbor?\nBy Ada Brook\nShare\n{PIER}");
    let imported = page(&saved).unwrap();
    assert_eq!(imported.title, "Will the Ferries Return to the Harbor?");
    assert_eq!(body(&imported).trim_end(), PIER);
}

fn check_authors(byline: &str, expected: Option<&str>) {
    for saved in [
        format!("Ferries Return\n\n{byline}\n\n{PIER}"),
        format!("Ferries Return\n\n{PIER}\n\n{byline}\n\n."),
    ] {
        let markdown = page(&saved).unwrap().markdown;
        let found = markdown
            .lines()
            .find_map(|line| line.strip_prefix("author: "));
        assert_eq!(found, expected, "{saved}");
        assert_eq!(markdown.contains(byline), expected.is_none(), "{saved}");
    }
}

#[test]
fn bylines() {
    check_authors("By Ada Brook", Some(r#"["Ada Brook"]"#));
    check_authors("BY ADA BROOK", Some(r#"["ADA BROOK"]"#));
    check_authors(
        "By Ada Brook, Tom van der Rive and Jo O’Hara-Lee",
        Some(r#"["Ada Brook", "Tom van der Rive", "Jo O’Hara-Lee"]"#),
    );
    check_authors(
        "By Ada B. Brook, Associated Press",
        Some(r#"["Ada B. Brook"]"#),
    );
    check_authors("By Ada Brook | Staff Writer", Some(r#"["Ada Brook"]"#));
    check_authors(
        "By The Associated Press",
        Some(r#"["The Associated Press"]"#),
    );
    check_authors(
        "Von Ada Brook und Jo Bach",
        Some(r#"["Ada Brook", "Jo Bach"]"#),
    );
}

#[test]
fn lines_that_are_no_bylines() {
    for line in [
        "By Any Means",
        "By the Numbers",
        "By Land and Sea",
        "By Ada Brook in Old Harbor",
        "By noon",
        "Ada Brook contributed reporting.",
        "By Ada Brook, 42",
    ] {
        check_authors(line, None);
    }
    check(
        &within("By Ada Brook"),
        &format!("{PIER}\n\nBy Ada Brook\n\n{NAN}"),
    );
}
