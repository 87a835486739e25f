//! What `diff` tells of two states of a book.

use serde_json::Value;

use crate::book::{Ran, TestBook, pincite};

/// A book whose sources and claims are about to change.
fn former() -> TestBook {
    TestBook::empty()
        .file("book.toml", "[book]\ntitle = \"B\"\n[lints]\nsingle-source = \"allow\"\n")
        .file(
            "content/articles/ships.md",
            "---\ntitle: Ships\npublication: Daily\n---\n\nThe harbour has two piers.\n\n\
             The port counted 4,200 ships in 2023.\n\nFerries use the north pier.\n\nNothing else is known of it.\n",
        )
        .file("content/articles/memo.md", "---\ntitle: Memo\n---\n\nThe memo says so.\n")
        .file("content/articles/lost.md", "---\ntitle: Lost\n---\n\nThe crane is old.\n")
        .file(
            "content/chapters/01-port.md",
            "# Port\n\nThere are piers [@ships, ¶1 \"two piers\"] and ships [@ships, ¶2 \"4,200 ships\"].\n\n\
             Ferries too [@ships, ¶3]. The crane [@lost, ¶1].\n",
        )
        .file(
            "content/annotations/a.yaml",
            "claims:\n  busy:\n    text: The port is busy.\n    confidence: low\n    supports: |\n      ships ¶2\n      memo ¶1 \"says so\"\n\
             glossary:\n  pier: A *landing* place.\n",
        )
}

fn diff(old: &TestBook, new: &TestBook, arguments: &[&str]) -> Ran {
    let mut command = pincite();
    command
        .arg("diff")
        .arg(old.path(""))
        .arg(new.path(""))
        .args(arguments);
    Ran::of(&mut command)
}

/// The report of a state against the former one.
fn report(new: &TestBook, arguments: &[&str]) -> String {
    diff(&former(), new, arguments).expect(0).out
}

#[test]
fn nothing_is_told_of_a_book_that_is_the_same() {
    let ran = diff(&former(), &former(), &[])
        .expect(0)
        .says("nothing that is compared has changed");
    assert_eq!(ran.out, "");
}

#[test]
fn paragraphs_are_told_word_by_word() {
    let new = former().file(
        "content/articles/ships.md",
        "---\ntitle: Ships\npublication: Weekly\n---\n\nThe harbour has two piers.\n\nA new pier is planned.\n\n\
         The port counted 4,300 ships in 2023.\n\nNothing else is known of it.\n\nFerries use the north pier.\n",
    );
    assert_eq!(
        report(&new, &[]),
        "Citations that hold no longer\n  \
           content/chapters/01-port.md:3: chapter `port` cites `ships` ¶2 “4,200 ships”: verified → lost-quotation\n\n\
         Citations without a quotation whose paragraph has other words now\n  \
           content/annotations/a.yaml:6: claim `busy` cites `ships` ¶2\n  \
           content/chapters/01-port.md:5: chapter `port` cites `ships` ¶3\n\n\
         Articles\n  `ships` “Ships”\n    publication: “Daily” → “Weekly”\n    \
           ¶2 new: {+A new pier is planned.+}\n    \
           ¶2 → ¶3 edited: The port counted [-4,200-]{+4,300+} ships in 2023.\n    \
           ¶3 → ¶5 moved: Ferries use the north pier.\n"
    );
}

#[test]
fn a_withdrawn_source_hits_its_claims() {
    let new = former();
    std::fs::remove_file(new.path("content/articles/memo.md")).unwrap();
    let text = diff(&former(), &new, &[]).expect(0).says("has 1 error").out;
    assert_eq!(
        text,
        "Claims that a withdrawn source bore on\n  `busy`: `memo`, which supports it, is gone; 1 source supports it now\n\n\
         Citations that hold no longer\n  content/annotations/a.yaml:7: claim `busy` cites `memo` ¶1 “says so”: verified → unresolved-source\n\n\
         Articles\n  `memo` “Memo”: gone\n"
    );
    let emptied = former().file("content/articles/memo.md", "---\ntitle: Memo\n---\n");
    assert!(
        report(&emptied, &[])
            .starts_with("Claims that a withdrawn source bore on\n  `busy`: `memo`")
    );
    // And back again.
    let back = diff(&new, &former(), &[]).expect(0).out;
    assert!(
        back.contains("Citations that hold again\n  content/annotations/a.yaml:7: claim `busy`"),
        "{back}"
    );
    assert!(back.contains("unresolved-source → verified\n"), "{back}");
    assert!(back.contains("`memo` “Memo”: new\n"), "{back}");
}

#[test]
fn claims_and_definitions_are_told() {
    let new = former().file(
        "content/annotations/a.yaml",
        "claims:\n  busy:\n    text: The port is rather busy.\n    confidence: moderate\n    supports: |\n      ships ¶2\n      memo ¶1 \"says so\"\n  \
           quiet:\n    text: It is quiet.\n\
         glossary:\n  pier:\n    text: A *landing* place.\n    aliases: [jetty]\n",
    );
    assert_eq!(
        report(&new, &[]),
        "Claims\n  `busy`: The port is {+rather +}busy.\n    confidence: “low” → “moderate”\n  \
           `quiet`, new: {+It is quiet.+}\n\n\
         Definitions\n  `pier`\n    aliases: nothing → “jetty”\n"
    );
}

#[test]
fn a_renamed_text_is_the_same_text() {
    let new = former()
        .file("content/articles/found.md", "---\ntitle: Lost\naliases: lost\n---\n\nThe crane is old.\n")
        .file(
            "content/chapters/01-port.md",
            "# Port\n\nThere are piers [@ships, ¶1 \"two piers\"] and ships [@ships, ¶2 \"4,200 ships\"].\n\n\
             Ferries too [@ships, ¶3]. The crane [@found, ¶1].\n",
        );
    std::fs::remove_file(new.path("content/articles/lost.md")).unwrap();
    assert_eq!(
        report(&new, &[]),
        "Articles\n  `found` “Lost”, before `lost`\n"
    );
}

#[test]
fn what_is_left_out_is_told() {
    let left_out = |omit: &str| {
        let article = format!(
            "---\ntitle: Memo\nomit: {omit}\n---\n\nThe memo says so.\n\nIt is long.\n\nIt ends.\n"
        );
        former().file("content/articles/memo.md", &article)
    };
    let (old, new) = (left_out("¶3"), left_out("p2-3"));
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Articles\n  `memo` “Memo”\n    omit: “¶3” → “¶¶2-3”\n"
    );
}

#[test]
fn markdown_and_terminals_are_not_upset_by_words() {
    let new = former().file(
        "content/articles/memo.md",
        "---\ntitle: \"Me*mo* \\e[31m\"\n---\n\nThe memo says so, `in` \\*two\\* \\<words>.\n",
    );
    let markdown = report(&new, &["--format", "markdown"]);
    assert!(
        markdown.starts_with("## Articles\n\n- `memo` “Me\\*mo\\*  \\[31m”\n"),
        "{markdown}"
    );
    assert!(
        markdown.contains("so<ins>, in \\*two\\* \\<words\\></ins>."),
        "{markdown}"
    );
    assert!(!report(&new, &[]).contains('\u{1b}'));
    let coloured = report(&new, &["--color", "always"]);
    assert!(coloured.contains("\u{1b}[32m{+, in *two*"), "{coloured}");
}

#[test]
fn programs_are_told_the_same() {
    let new = former();
    std::fs::remove_file(new.path("content/articles/memo.md")).unwrap();
    let told: Value = serde_json::from_str(&report(&new, &["--format", "json"])).unwrap();
    assert_eq!(told["withdrawn"][0]["claim"], "busy");
    assert_eq!(told["withdrawn"][0]["supports_left"], 1);
    assert_eq!(told["citations"][0]["outcome"], "broken");
    assert_eq!(told["citations"][0]["line"], 7);
    assert_eq!(told["texts"][0]["change"], "removed");
    assert_eq!(told["entries"], Value::Array(Vec::new()));
}

#[test]
fn two_books_are_asked_for() {
    let book = former();
    book.run(&["diff", "."]).expect(2);
    book.run(&["diff", ".", "nowhere"])
        .expect(2)
        .says("`nowhere` has no `book.toml`");
}

#[test]
fn a_long_paragraph_that_is_wholly_another_is_told_at_once() {
    let long = |word: &str| {
        let words: Vec<String> = (0..60_000)
            .map(|number| format!("{word}{number}"))
            .collect();
        format!(
            "---\ntitle: Memo\n---\n\nThe memo says so {}.\n",
            words.join(" ")
        )
    };
    let old = former().file("content/articles/memo.md", &long("a"));
    let new = former().file("content/articles/memo.md", &long("b"));
    let text = diff(&old, &new, &[]).expect(0).out;
    assert!(text.contains("¶1 gone: [-The memo says so a0"), "{text}");
    assert!(text.len() < 4000, "{}", text.len());
}

/// What a paragraph cites, a claim's other evidence, notes, events and headings are told, and healed numbers are not.
#[test]
fn citations_notes_events_and_headings_are_told() {
    let state = |chapter: &str, article: &str, annotations: &str| {
        TestBook::empty()
            .file("book.toml", "[book]\ntitle = \"B\"\n")
            .file(
                "content/articles/a.md",
                &format!("---\ntitle: A\n---\n\n{article}\n\nIt has sixty vehicles.\n\nThe talks were useful.\n"),
            )
            .file("content/articles/z.md", "---\ntitle: Z\n---\n\nIt is not so.\n")
            .file("content/chapters/01-c.md", &format!("# C\n\n{chapter}\n"))
            .file("content/annotations/x.yaml", annotations)
    };
    let old = state(
        "One [@a, ¶1 \"sixty vehicles\"]. Two [@a, ¶2].",
        "## North",
        "notes:\n  - at: a ¶1 \"sixty\"\n    kind: correction\n    read: seventy\n  - at: a ¶2\n    text: Both say so.\n\
         timeline:\n  - {date: 2024-01-01, text: They meet.}\n  - {date: 2024-02-01, text: They part.}\n\
         claims:\n  k:\n    text: It is.\n    supports: a ¶1\n    disputes: z ¶1\n",
    );
    let new = state(
        "One [@a, ¶2]. Two [@a, ¶2].",
        "## South",
        "notes:\n  - at: a ¶2 \"useful\"\n    kind: dispute\n    text: Not at all.\n  - at: a ¶1\n    text: Both say so.\n\
         timeline:\n  - {date: 2025-01-01, text: They meet.}\n  - {date: 2024-02-01, text: They part again.}\n\
         claims:\n  k:\n    text: It is.\n    qualifies: a ¶1\n",
    );
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Citations without a quotation that their author pointed at another place\n  \
           content/annotations/x.yaml:5: note cites `a` ¶2 → ¶1\n\n\
         Articles\n  `a` “A”\n    headings: “North” → “South”\n\n\
         Chapters\n  `c` “C”\n    cites: “a \"sixty vehicles\"” → “a”\n\n\
         Claims\n  `k`\n    supports: “a” → nothing\n    disputes: “z” → nothing\n    qualifies: nothing → “a”\n\n\
         Notes\n  `Not at all.`, new\n  `seventy`, gone\n\n\
         Events\n  `They meet.`\n    date: “2024-01-01” → “2025-01-01”\n  \
           `They part again.`, new\n  `They part.`, gone\n"
    );
    let same = |chapter| state(chapter, "## North", "");
    let edited = state("One [@a, ¶2].", "New.\n\n## North", "");
    let told = diff(&same("One [@a, ¶1]."), &edited, &[]).expect(0).out;
    assert_eq!(told, "Articles\n  `a` “A”\n    ¶1 new: {+New.+}\n");
}

/// What only follows from a file that cannot be read is not told as if somebody had taken it out.
#[test]
fn what_could_not_be_read_is_not_gone() {
    let broken = [
        ("content/annotations/a.yaml", "claims: [\n"),
        (
            "content/annotations/a.yaml",
            "clams:\n  busy: The port is busy.\nglossary:\n  pier: A *landing* place.\n",
        ),
        (
            "content/articles/ships.md",
            "---\ntitle: [\n---\n\nThe harbour has two piers.\n",
        ),
        ("content/articles/ships.md", ""),
        (
            "content/chapters/01-port.md",
            "---\ntitle: [\n---\n\nThere are piers.\n",
        ),
    ];
    for (path, text) in broken {
        let new = former().file(path, text);
        let heading = "Files that could not be read; nothing is told of what they lack\n";
        assert_eq!(report(&new, &[]), format!("{heading}  NEW: {path}\n"));
        let back = diff(&new, &former(), &[]).expect(0).out;
        assert_eq!(back, format!("{heading}  OLD: {path}\n"));
    }
    let new = former();
    new.write(
        "content/articles/memo.md",
        b"---\ntitle: Memo\n---\n\nThe \xff says so.\n",
    );
    let told: Value = serde_json::from_str(&report(&new, &["--format", "json"])).unwrap();
    assert_eq!(told["unread"][0]["state"], "new");
    assert_eq!(told["unread"][0]["file"], "content/articles/memo.md");
    assert_eq!(told["texts"], Value::Array(Vec::new()));
    assert_eq!(told["citations"], Value::Array(Vec::new()));
}

/// A note whose place is lost is there still, and the citation that is its place holds no longer.
#[test]
fn a_note_that_has_lost_its_place_is_not_gone() {
    let note = "notes:\n  - at: memo ¶2\n    text: It is long.\n    cites: ships ¶1\n";
    let article =
        |omit: &str| format!("---\ntitle: Memo\n{omit}---\n\nThe memo says so.\n\nIt is.\n");
    let state = |omit| {
        former()
            .file("content/articles/memo.md", &article(omit))
            .file("content/annotations/b.yaml", note)
    };
    let (old, new) = (state(""), state("omit: ¶2\n"));
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Citations that hold no longer\n  \
           content/annotations/b.yaml:2: note cites `memo` ¶2: pinned → unresolved-paragraph\n\n\
         Articles\n  `memo` “Memo”\n    omit: nothing → “¶2”\n"
    );
}

/// Another number is the author's doing; the paragraph is as it was.
#[test]
fn a_citation_that_was_pointed_elsewhere_is_told_as_such() {
    let state = |chapter: &str, supports: &str| {
        former()
            .file(
                "content/chapters/02-extra.md",
                &format!("# More\n\n{chapter}\n"),
            )
            .file(
                "content/annotations/b.yaml",
                &format!("claims:\n  more:\n    text: More.\n    supports: {supports}\n"),
            )
    };
    let old = state("One [@ships, ¶3]. Two [@memo, ¶1].", "ships ¶¶1-2");
    let new = state("One [@ships, ¶2]. Two [@memo].", "ships ¶2");
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Citations without a quotation that their author pointed at another place\n  \
           content/annotations/b.yaml:4: claim `more` cites `ships` ¶¶1-2 → ¶2\n  \
           content/chapters/02-extra.md:3: chapter `extra` cites `memo` ¶1 → as a whole\n  \
           content/chapters/02-extra.md:3: chapter `extra` cites `ships` ¶3 → ¶2\n"
    );
}

/// What a note is on and what is left out are the same, whatever their numbers and their words have become.
#[test]
fn what_nobody_changed_is_not_told() {
    let state = |article: &str, omit: &str, places: [&str; 2]| {
        let [one, other] = places;
        former()
            .file(
                "content/articles/memo.md",
                &format!("---\ntitle: Memo\nomit: {omit}\n---\n\n{article}\n\nIt is long.\n\nBuy a boat here.\n"),
            )
            .file(
                "content/annotations/b.yaml",
                &format!("notes:\n  - at: {one}\n    text: Counted.\n  - at: {other}\n    text: So it is.\n"),
            )
    };
    let old = state(
        "The memo says so in 20 words.",
        "¶3",
        ["memo ¶2", "memo ¶1"],
    );
    let new = state(
        "New.\n\nThe memo says so in 30 words.",
        "¶4",
        ["memo ¶3", "memo ¶2"],
    );
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Citations that hold no longer\n  \
           content/annotations/a.yaml:7: claim `busy` cites `memo` ¶1 “says so”: verified → moved\n\n\
         Citations without a quotation whose paragraph has other words now\n  \
           content/annotations/b.yaml:4: note cites `memo` ¶2\n\n\
         Articles\n  `memo` “Memo”\n    ¶1 new: {+New.+}\n    \
           ¶1 → ¶2 edited: The memo says so in [-20-]{+30+} words.\n"
    );
    let left_out = state(
        "The memo says so in 20 words.",
        "¶2",
        ["memo ¶3", "memo ¶1"],
    );
    let told = diff(&old, &left_out, &[]).expect(0).out;
    assert!(told.contains("omit: “¶3” → “¶2”"), "{told}");
}

/// A citation that is put in before another of the same source is not that other one.
#[test]
fn a_citation_is_found_again_by_where_it_leads() {
    let state = |chapter: &str| {
        former().file(
            "content/chapters/02-extra.md",
            &format!("# More\n\n{chapter}\n"),
        )
    };
    let old = state("Two [@ships, ¶2]. One [@ships].");
    let new = state("Three [@ships, ¶3]. Two [@ships, ¶2]. One [@ships].");
    assert_eq!(
        diff(&old, &new, &[]).expect(0).out,
        "Chapters\n  `extra` “More”\n    cites: nothing → “ships”\n    ¶1 edited: {+Three. +}Two. One.\n"
    );
}

/// A source is named as the author names it.
#[test]
fn what_a_note_is_on_is_its_author_s_word() {
    let notes = "notes:\n  - at: ships ¶3\n    text: By ferry.\n  - at: ships ¶2 \"4,200 ships\"\n    text: So many.\n";
    let old = former().file("content/annotations/n.yaml", notes);
    old.run(&["build", "--format", "html"]).expect(0);
    let new = former()
        .file("content/annotations/n.yaml", notes)
        .file("citations.lock", &old.read("citations.lock"))
        .file(
            "content/articles/ships.md",
            "---\ntitle: Ships\npublication: Daily\n---\n\nThe harbour has two piers of grey stone.\n\n\
             A new pier is planned for the spring.\n\nThe port counted 4,300 ships in 2023.\n\n\
             Ferries use the northern pier.\n\nNothing else is known of it.\n",
        );
    new.run(&["heal"]);
    let told = diff(&old, &new, &[]).expect(0).out;
    assert!(!told.contains("Notes"), "{told}");
    assert!(
        told.contains("n.yaml:2: note cites `ships` ¶4: pinned → drifted"),
        "{told}"
    );
    assert!(
        told.contains("n.yaml:4: note cites `ships` ¶3 “4,200 ships”: verified → drifted"),
        "{told}"
    );
}

#[test]
fn a_source_goes_by_the_name_that_stands_in_the_file() {
    let new = former().file(
        "content/articles/found.md",
        "---\ntitle: Lost\naliases: lost\n---\n\nA new crane stands.\n",
    );
    std::fs::remove_file(new.path("content/articles/lost.md")).unwrap();
    let text = diff(&former(), &new, &[]).expect(0).out;
    assert!(
        text.contains("chapter `port` cites `lost` ¶1: pinned → "),
        "{text}"
    );
}
