//! The text once more.

use super::*;

#[test]
fn the_text_once_more_run_together() {
    let copy = format!("{PIER}{NAN}Related Stories{MAYOR}{}", &ROAD[..40]);
    let text = format!("{PIER}\n\n{NAN}\n\n{MAYOR}\n\n{ROAD}");
    check(
        &format!("Ferries Return\n\n{copy}\n\nFerries Return\n\n.\n\n{text}"),
        &text,
    );
    check(&format!("Ferries Return\n\n{text}\n\n{copy}"), &text);
    check(
        &format!(
            "Ferries Return\n\nFerries Return By Ada Brook {copy} … Read more\n\nBy Ada Brook\n\n{text}"
        ),
        &text,
    );
    check_left_out(
        &format!("{copy}\nFerries Return\n{text}"),
        &[(1, Reason::RunTogetherCopy)],
    );
}

#[test]
fn a_long_line_with_words_of_its_own_stays() {
    let text = format!("{PIER}\n\n{NAN}\n\n{MAYOR}\n\n{ROAD}");
    for long in [
        format!("{PIER} {NAN} It rained. {MAYOR} {ROAD}"),
        format!("{PIER} {NAN} {MAYOR} {ROAD} It rained."),
        format!("{PIER} {NAN} {MAYOR} {ROAD} and it rained"),
        format!("It rained. {PIER} {NAN} {MAYOR} {ROAD}"),
        format!(
            "{PIER} {NAN} {} not {} {ROAD}",
            &MAYOR[..40],
            MAYOR[40..].trim()
        ),
        format!("{PIER} {NAN} {MAYOR} The council."),
        format!("{PIER} {NAN} {MAYOR} The first"),
        format!("{MAYOR} {NAN} {PIER}"),
        format!("{ROAD} {ROAD} {ROAD}"),
    ] {
        let kept = super::escape::paragraph(&long);
        check(
            &format!("Ferries Return\n\n{long}\n\n{text}"),
            &format!("{kept}\n\n{text}"),
        );
    }
}

#[test]
fn a_paragraph_that_repeats_one_other_stays() {
    let long = format!("{PIER} {NAN} {MAYOR}");
    let text = format!(
        "It rained.\n\n{long}\n\nIt snowed too.\n\n{long} It rained. It snowed too. It rained."
    );
    check(&format!("Ferries Return\n\n{text}"), &text);
}

#[test]
fn what_an_article_says_twice_stays_twice() {
    for text in [
        format!("{PIER}\n\n{NAN}\n\n{PIER}\n\nIt rained. {MAYOR}\n\nIt rained. {NAN}"),
        format!("{PIER} {ROAD}\n\n{NAN} {MAYOR}\n\n{PIER} {ROAD}\n\n{NAN} {MAYOR}"),
        format!("{PIER}\n\n{NAN}\n\n{MAYOR}\n\n{PIER}\n\n{MAYOR}\n\n{NAN}"),
    ] {
        check(&format!("Ferries Return\n\n{text}"), &text);
    }
}

#[test]
fn a_second_printing() {
    let text = format!("{PIER}\n\n{NAN}\n\n## A Long Wait\n\n{MAYOR}\n\nIt rained.");
    let printed = text.replace("## ", "");
    check(
        &format!("Ferries Return\n\n{printed}\n\nFerries Return\n\n{printed}\n\nSource link"),
        &text,
    );
}

#[test]
fn a_quotation_of_a_later_sentence_is_no_teaser() {
    let text = format!("who had promised the ferry at three elections …\n\n{MAYOR}");
    check(&format!("Ferries Return\n\n{text}"), &text);
}

#[test]
fn a_teaser() {
    let saved = format!(
        "Ferries Return\n\nThe first ferry in nine years tied up at the old …\n\nOLD HARBOR — {PIER}"
    );
    check(&saved, &format!("OLD HARBOR — {PIER}"));
    check_left_out(&saved, &[(3, Reason::Teaser)]);
}
