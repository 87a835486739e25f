//! Which of some indexed texts may have a quotation, by its rarest word: the others need not be read.

use super::matching::other_case;
use super::tokens::{Index, tokens};

/// The numbers, in order, of the texts that may have folded words from one edge to another; none where any may.
pub(super) fn with_words(words: &str, index: &Index) -> Option<Vec<u32>> {
    let ranges: Vec<_> = tokens(words).collect();
    let forms = ranges.iter().enumerate().filter_map(|(at, range)| {
        let token = &words[range.clone()];
        if at == 0 && !is_known_in_either_case(token) {
            return None;
        }
        let mut forms: Vec<u32> = index.word(token).into_iter().collect();
        // Every edge is one of a token, but that before a possessive `'s`.
        if at + 1 == ranges.len() {
            forms.extend(index.possessives(token));
        }
        Some(forms)
    });
    with_rarest(forms, index)
}

/// The same of the words between the gaps and brackets of a quotation; whatever is next to these may be a part of a word.
pub(super) fn with_parts<'w>(
    parts: impl Iterator<Item = &'w str>,
    index: &Index,
) -> Option<Vec<u32>> {
    let whole = parts.flat_map(|part| {
        let between = part.find(' ').zip(part.rfind(' '));
        let words = between.map_or("", |(first, last)| &part[first..last]);
        tokens(words).map(|range| &words[range])
    });
    with_rarest(
        whole.map(|token| index.word(token).into_iter().collect()),
        index,
    )
}

/// The numbers of the texts that have any form of the rarest of some words.
fn with_rarest(words: impl Iterator<Item = Vec<u32>>, index: &Index) -> Option<Vec<u32>> {
    let places = |form: &u32| index.places(*form);
    let count = |forms: &Vec<u32>| forms.iter().map(|form| places(form).len()).sum::<usize>();
    let rarest = words.min_by_key(count)?;
    let places = rarest.iter().flat_map(places);
    let mut numbers: Vec<u32> = places
        .map(|place| index.tokens[*place as usize].paragraph)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Some(numbers)
}

/// Whether a word with its first letter in the other case is the same word of an index.
fn is_known_in_either_case(word: &str) -> bool {
    let lower = |word: &str| {
        word.chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    other_case(word).is_none_or(|other| lower(&other) == lower(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::verify::Folded;
    use crate::verify::tokens::Index;
    use crate::verify::wanted::Wanted;

    /// The texts that have a quotation, by looking into all and into those that may have it.
    fn both_ways(texts: &[String], quotation: &str) -> [Vec<u32>; 2] {
        let folded: Vec<Folded> = texts.iter().map(|text| Folded::new(text)).collect();
        let index = Index::new((1..).zip(&folded));
        let wanted = Wanted::plain(quotation);
        let has = |number: &u32| wanted.find(&folded[*number as usize - 1]).is_some();
        let all: Vec<u32> = (1..).take(texts.len()).collect();
        let some = wanted.may_stand_in(&index).unwrap_or_else(|| all.clone());
        [all, some].map(|numbers| numbers.into_iter().filter(has).collect())
    }

    #[test]
    fn no_text_that_has_a_quotation_is_passed_over() {
        let texts = [
            "The alliance's aim, in the U.S. alone.",
            "an alliance of 3,400 men: alliance's's",
            "在日US軍 and ﬁve non-nuclear ﬀorts",
            "ßtrasse, Straße; İ and ı",
        ];
        let texts = texts.map(str::to_owned);
        let check = |quotation: &str, expected: &[u32]| {
            let [all, some] = both_ways(&texts, quotation);
            assert_eq!(
                (all.as_slice(), some.as_slice()),
                (expected, expected),
                "{quotation}"
            );
        };
        check("alliance", &[1, 2]);
        check("the alliance", &[1]);
        check("alliance's", &[1, 2]);
        check("In the U.S.", &[1]);
        check("3,400 men", &[2]);
        check("400 men", &[]);
        check("日US", &[3]);
        check("nuclear", &[]);
        check("The … in the … alone", &[1]);
        check("[t]he alliance[s] aim, in the", &[]);
        check("an … of 3,400", &[2]);
    }

    proptest! {
        #[test]
        fn an_index_finds_what_a_search_finds(
            texts in prop::collection::vec(text(), 1..4),
            other in text(),
            (from, length) in (0_usize..40, 1_usize..20),
        ) {
            let cut: String = texts[0].chars().skip(from).take(length).collect();
            let bent = cut.replacen(' ', " … ", 1);
            for quotation in [&cut, &other, &bent] {
                let [all, some] = both_ways(&texts, quotation);
                prop_assert_eq!(all, some, "{}", quotation);
            }
        }
    }

    #[rustfmt::skip]
    const SIGNS: [&str; 26] = [
        "a", "b", "s", "A", "B", "S", "'", "’", "-", ".", ",", "1", "23", " ", " ", " ", "\u{a0}", "米", "三",
        "ß", "İ", "ǆ", "e\u{301}", "[a]", "…", "U.S.",
    ];

    fn text() -> impl Strategy<Value = String> {
        let signs = prop::collection::vec(prop::sample::select(&SIGNS[..]), 0..40);
        signs.prop_map(|signs| signs.concat())
    }
}
