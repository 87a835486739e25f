use super::*;
use crate::lock::Id;

const TALE: [&str; 6] = [
    "The ministers met in the capital on Sunday. They discussed the command of the forces.",
    "No decision was taken on the bases in the south of the country.",
    "A spokesman said the talks were useful.",
    "The new regiment will have two thousand soldiers and sixty vehicles.",
    "The talks go on in March with the same ministers.",
    "A spokesman said the talks were useful.",
];

/// `=N` unchanged at ¶N, `~N` changed, `?` in doubt, `-` gone; every paragraph is cited.
fn check(present: &[&str], expected: &str) {
    let fates = fates(&TALE, present).into_iter().map(|fate| match fate {
        Fate::Same(range) if range.len() == 1 => format!("={}", range.start + 1),
        Fate::Same(range) => format!("={}-{}", range.start + 1, range.end),
        Fate::Changed(at) => format!("~{}", at + 1),
        Fate::Several(_) => "?".to_owned(),
        Fate::Gone => "-".to_owned(),
    });
    let fates: Vec<String> = fates.collect();
    assert_eq!(fates.join(" "), expected, "{present:#?}");
}

#[test]
#[expect(
    clippy::many_single_char_names,
    reason = "the paragraphs of the tale, in their order"
)]
fn paragraphs_are_followed() {
    let [a, b, c, d, e, f] = TALE;
    check(&TALE, "=1 =2 =3 =4 =5 =6");
    check(&["New words here.", a, b, c, d, e, f], "=2 =3 =4 =5 =6 =7");
    check(&[a, c, d, e, f], "=1 - =2 =3 =4 =5");
    check(&[d, e, f, a, b, c], "=4 =5 =6 =1 =2 =3");
    let changed = "The new regiment will have two thousand soldiers and seventy vehicles.";
    check(&[a, b, c, changed, e, f], "=1 =2 =3 ~4 =5 =6");
    let merged = format!("{a} {b}");
    check(&[&merged, c, d, e, f], "=1 =1 =2 =3 =4 =5");
    let (first, second) = a.split_at(44);
    check(
        &[first.trim(), second, b, c, d, e, f],
        "=1-2 =3 =4 =5 =6 =7",
    );
    // Which of the two equal paragraphs is gone is known by the neighbours.
    check(&[a, b, d, e, f], "=1 =2 - =3 =4 =5");
    check(&[c, c, c], "- - ? - - ?");
    check(&[], "- - - - - -");
}

#[test]
#[expect(
    clippy::many_single_char_names,
    reason = "the paragraphs of the tale, in their order"
)]
fn words_inside_other_words_are_no_paragraph() {
    let [a, b, c, d, e, f] = TALE;
    let denied = format!("It is not so that {}{}", b[..1].to_lowercase(), &b[1..]);
    check(&[a, &denied, c, d, e, f], "=1 ~2 =3 =4 =5 =6");
    let denied = format!("It is false that: {b} So they say, and nobody else does.");
    check(&[a, c, d, e, f, &denied], "=1 ~6 =2 =3 =4 =5");
    // What still stands by itself was not joined with it.
    let repeated = format!("{b} {c}");
    check(&[a, &repeated, c, d, e, f], "=1 ~2 =3 =4 =5 =6");
    let denied = format!("{b} He denied it.");
    check(&[a, &denied, c, d, e, f], "=1 ~2 =3 =4 =5 =6");
}

#[test]
fn few_words_that_changed_places_are_in_doubt() {
    let check = |then: &[&str], now: &[&str], expected: &[Fate]| {
        assert_eq!(fates(then, now), expected, "{now:#?}");
    };
    let same = |at: usize| Fate::Same(at..at + 1);
    let stray = |at: usize| Fate::Several(vec![at]);
    let then = ["Will it be dredged?", "Yes.", "Will the city pay?", "No."];
    let [first, yes, second, no] = then;
    let swapped = [first, no, second, yes];
    check(&then, &swapped, &[same(0), stray(3), same(2), stray(1)]);
    // With its question the answer moves on.
    let turned = [second, no, first, yes];
    check(&then, &turned, &[same(2), same(3), same(0), same(1)]);
    let inserted = ["New.", first, yes, second, no];
    check(&then, &inserted, &[same(1), same(2), same(3), same(4)]);
    // Both questions were reworded, and a third may be the one that is answered now.
    let [first, second, third] = ["Dredged at all?", "Who is to pay?", "And the city?"];
    let reworded = ["Is the quay sound?", yes, "Are tolls due?", no];
    let kept = [first, yes, second, no];
    check(
        &reworded,
        &kept,
        &[Fate::Gone, same(1), Fate::Gone, same(3)],
    );
    let asked = [first, third, yes, second, no];
    check(
        &reworded,
        &asked,
        &[Fate::Gone, stray(2), Fate::Gone, same(4)],
    );
}

#[test]
fn texts_of_any_length_cost_no_more_than_that() {
    let check = |then: &dyn Fn(u32) -> String, now: &dyn Fn(u32) -> String, same: usize| {
        let all = |words: &dyn Fn(u32) -> String| -> Vec<Hash> {
            (0..100_000).map(|n| Hash::of(&words(n))).collect()
        };
        let former = all(then).into_iter();
        let former = former.map(|hash| Former {
            hash,
            words: None,
            namesake: None,
        });
        let present = Present {
            hashes: &all(now),
            words: &vec!["so many words that they tell it apart"; 100_000],
        };
        let fates = align(&former.collect::<Vec<_>>(), present).into_iter();
        let found = fates.filter(|fate| matches!(fate, Fate::Same(_)));
        assert_eq!(found.count(), same);
    };
    let answer = |n: u32| ["Yes.", "No."][n as usize % 2].to_owned();
    // Reworded throughout.
    check(
        &|n| format!("They met {n}"),
        &|n| format!("They saw {n}"),
        0,
    );
    // Answers of two words, and one more of them.
    check(&answer, &answer, 100_000);
    check(&answer, &|n| answer(n / 3), 0);
    // Half of it turned round, and the other half reworded.
    let half = |n: u32, kept: u32, word| match n % 2 {
        0 => format!("They met {kept}"),
        _ => format!("{word} {n}"),
    };
    check(
        &|n| half(n, n, "One"),
        &|n| half(n, n.abs_diff(99_998), "Two"),
        50_000,
    );
}

#[test]
fn what_was_gone_is_back_where_its_words_are_and_three_words_are_in_doubt() {
    let check = |gone: &str, now: &[&str], expected: Fate| {
        let locked = Locked::new(
            Id::parse("000001").expect("an id"),
            Hash::of(gone),
            Some(gone.into()),
        );
        let hashes: Vec<Hash> = now.iter().map(|words| Hash::of(words)).collect();
        let present = Present {
            hashes: &hashes,
            words: now,
        };
        let known = vec![false; now.len()];
        assert_eq!(returned(&[locked], present, &known), [expected], "{gone}");
    };
    let now = ["who paid for it", "yes", "the mayor met them there"];
    check("the mayor met them there", &now, Fate::Same(2..3));
    check("yes", &now, Fate::Several(vec![1]));
    check("no", &now, Fate::Gone);
}
