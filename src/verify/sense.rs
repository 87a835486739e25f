//! The words of which none may differ without changing what a source says.

use super::denial::Language;
use super::matching::{is_numeral, is_unspaced};

/// A kind of word that carries the sense.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sense {
    Negation,
    Number,
    Date,
    Modal,
    Direction,
    Name,
}

impl Sense {
    pub(super) fn named(self) -> &'static str {
        match self {
            Sense::Negation => "a negation",
            Sense::Number => "a number",
            Sense::Date => "a date",
            Sense::Modal => "a modal verb",
            Sense::Direction => "the direction",
            Sense::Name => "a name",
        }
    }

    /// The sense that a word carries wherever it stands; names are told by their place.
    pub(super) fn of(word: &str, language: Language) -> Option<Sense> {
        let lower = word.to_lowercase();
        let among = |words: &[&str]| words.contains(&lower.as_str());
        if language.denies(&lower) {
            Some(Sense::Negation)
        } else if word.contains(|c: char| c.is_numeric() || is_numeral(c))
            || is_number_word(&lower)
            || among(&ORDINALS)
            || word.contains(SIGNS)
        {
            Some(Sense::Number)
        } else if among(&MODALS) || lower.ends_with("'ll") || lower.ends_with("'d") {
            Some(Sense::Modal)
        } else if among(&DATES) {
            Some(Sense::Date)
        } else {
            None
        }
    }

    /// What a word in the place of another changes, beyond what each of them carries: `likely`, `unlikely`.
    pub(super) fn of_pair(one: &str, other: &str) -> Option<Sense> {
        let (one, other) = (one.to_lowercase(), other.to_lowercase());
        let negates = |long: &str, short: &str| {
            let mut stems = NEGATING_PREFIXES
                .iter()
                .filter_map(|it| long.strip_prefix(it));
            let negates = stems.any(|stem| stem.trim_start_matches('-') == short);
            negates && !NOT_NEGATED.contains(&long)
        };
        if negates(&one, &other)
            || negates(&other, &one)
            || is_without(&one, &other)
            || is_without(&other, &one)
        {
            return Some(Sense::Negation);
        }
        if let (Some(one), Some(other)) = (unit(&one), unit(&other)) {
            return (one != other).then_some(Sense::Number);
        }
        // `10:30 a.m.`
        if matches!(
            (&*one, &*other),
            ("a", "p") | ("p", "a") | ("am", "pm") | ("pm", "am")
        ) {
            return Some(Sense::Date);
        }
        are_opposite(&one, &other).then_some(Sense::Direction)
    }
}

/// Whether one word turns what the other says round.
fn are_opposite(one: &str, other: &str) -> bool {
    let begin = |(this, that): &(&str, &str)| {
        let ending = |word: &str, stem: &str| word.strip_prefix(stem).map(str::to_owned);
        let turned = |one: &str, other: &str| {
            let endings = (ending(one, this), ending(other, that));
            matches!(endings, (Some(one), Some(other)) if is_ending(&one) && is_ending(&other))
        };
        turned(one, other) || turned(other, one)
    };
    OPPOSITES.iter().any(begin)
}

fn is_ending(rest: &str) -> bool {
    [
        "", "s", "d", "e", "es", "ed", "er", "est", "ing", "ern", "t",
    ]
    .contains(&rest)
}

/// Words that point the other way, up to their endings.
const OPPOSITES: [(&str, &str); 34] = [
    ("before", "after"),
    ("by", "after"),
    ("more", "less"),
    ("more", "fewer"),
    ("most", "least"),
    ("above", "below"),
    ("over", "under"),
    ("up", "down"),
    ("north", "south"),
    ("east", "west"),
    ("high", "low"),
    ("larg", "small"),
    ("first", "last"),
    ("many", "few"),
    ("unless", "if"),
    ("inside", "outside"),
    ("increas", "decreas"),
    ("rise", "fall"),
    ("rising", "falling"),
    ("rose", "fell"),
    ("gain", "los"),
    ("won", "lost"),
    ("support", "oppos"),
    ("support", "reject"),
    ("accept", "reject"),
    ("accept", "refus"),
    ("approv", "reject"),
    ("agree", "refus"),
    ("admit", "deni"),
    ("confirm", "deni"),
    ("includ", "exclud"),
    ("strong", "weak"),
    ("strengthen", "weaken"),
    ("all", "some"),
];

/// Which unit a word is.
fn unit(lower: &str) -> Option<usize> {
    UNITS.iter().position(|names| names.contains(&lower))
}

/// Units of measure and money, each with its names: in the place of one another they change the number before them.
const UNITS: [&[&str]; 29] = [
    &["km", "kilometer", "kilometers", "kilometre", "kilometres"],
    &["m", "meter", "meters", "metre", "metres"],
    &["mile", "miles", "mi"],
    &["foot", "feet", "ft"],
    &["yard", "yards"],
    &["inch", "inches"],
    &["hectare", "hectares", "ha"],
    &["acre", "acres"],
    &["kg", "kilogram", "kilograms", "kilo", "kilos"],
    &["gram", "grams", "g"],
    &["pound", "pounds"],
    &["ton", "tons"],
    &["tonne", "tonnes"],
    &["liter", "liters", "litre", "litres"],
    &["gallon", "gallons"],
    &["barrel", "barrels"],
    &["minute", "minutes"],
    &["hour", "hours"],
    &["day", "days"],
    &["week", "weeks"],
    &["month", "months"],
    &["year", "years"],
    &["decade", "decades"],
    &["century", "centuries"],
    &["dollar", "dollars"],
    &["euro", "euros"],
    &["yen"],
    &["yuan", "renminbi"],
    &["ruble", "rubles", "rouble", "roubles"],
];

const NEGATING_PREFIXES: [&str; 11] = [
    "un", "in", "im", "il", "ir", "non", "dis", "mis", "de", "anti", "counter",
];

/// Words that only begin so.
const NOT_NEGATED: [&str; 3] = ["into", "until", "unto"];

/// Whether a word denies by its ending what another one says: `harmless`, `harmful`.
fn is_without(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 3;
    let rest = one
        .split_once("less")
        .filter(|(stem, _)| stem.len() >= SHORTEST)
        .filter(|(_, ending)| ["", "ly", "ness"].contains(ending))
        .and_then(|(stem, _)| other.strip_prefix(stem));
    rest.is_some_and(|rest| !rest.starts_with("less"))
}

/// `one` is more often a pronoun.
const NUMBERS: [&str; 39] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "dozen",
    "dozens",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "half",
    "twice",
];

/// Numbers where a word differs, but too common beside a gap to be held against it.
const ORDINALS: [&str; 16] = [
    "one", "once", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "quarter", "double", "triple", "percent",
];

/// Signs that are part of a number, or stand for one.
pub(super) const SIGNS: [char; 17] = [
    '$', '€', '£', '¥', '%', '‰', '°', '#', '№', '+', '±', '×', '÷', '<', '>', '=', '≈',
];

const MODALS: [&str; 10] = [
    "may", "might", "can", "could", "shall", "should", "will", "would", "must", "ought",
];

/// The modal verb that a word is, in the present: a report may put it in the past, `will` and `[would]`.
pub(super) fn modal(word: &str) -> Option<&str> {
    MODALS.contains(&word).then_some(match word {
        "might" => "may",
        "could" => "can",
        "would" => "will",
        other => other,
    })
}

/// Verbs that make one with another verb.
pub(super) const AUXILIARIES: [&str; 16] = [
    "am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had", "having", "do",
    "does", "did", "to",
];

/// Whether a word makes one verb with those behind it, or denies that: `may have been`, `did not`.
pub(super) fn is_auxiliary(word: &str, language: Language) -> bool {
    let lower = word.to_lowercase();
    AUXILIARIES.contains(&lower.as_str())
        || matches!(
            Sense::of(word, language),
            Some(Sense::Modal | Sense::Negation)
        )
}

const DATES: [&str; 23] = [
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "yesterday",
    "today",
    "tomorrow",
    "tonight",
    "midnight",
];

pub(super) fn is_number_word(lower: &str) -> bool {
    NUMBERS.contains(&lower)
}

/// The negations and numbers of a text, which no gap or bracket may touch.
pub(super) fn weighty(text: &str, language: Language) -> Vec<&str> {
    let words = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | ',' | '.' | '%')))
        .map(|word| word.trim_matches([',', '.', '\'']));
    let mut weighty = Vec::new();
    for word in words {
        let lower = word.to_lowercase();
        let number = word.contains(|c: char| c.is_ascii_digit()) || is_number_word(&lower);
        if !number && word.contains(is_unspaced) {
            weighty.extend(language.denials_in(word));
        } else if number || language.denies(&lower) {
            weighty.push(word);
        }
    }
    weighty
}

/// Whether a word may be a name for its letters: it has a capital, or its script has none. Hiragana writes endings.
pub(super) fn may_be_name(word: &str) -> bool {
    word.chars().next().is_some_and(|first| {
        let cased = first.is_lowercase() || first.is_uppercase();
        first.is_uppercase() || (first.is_alphabetic() && !cased && !is_hiragana(first))
    })
}

/// Whether a character is of the script in which Japanese writes the endings of verbs.
pub(super) fn is_hiragana(character: char) -> bool {
    ('\u{3040}'..='\u{309f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_the_place_of_another_carries_the_sense() {
        let check = |one, other, expected| {
            assert_eq!(Sense::of_pair(one, other), expected, "{one}, {other}");
            assert_eq!(Sense::of_pair(other, one), expected, "{other}, {one}");
        };
        check("likely", "Unlikely", Some(Sense::Negation));
        check("km", "miles", Some(Sense::Number));
        check("days", "weeks", Some(Sense::Number));
        check("yen", "yuan", Some(Sense::Number));
        check("kilometers", "kilometres", None);
        check("mile", "miles", None);
        check("miles", "ships", None);
        check("a", "p", Some(Sense::Date));
        check("Before", "after", Some(Sense::Direction));
        check("increased", "decreases", Some(Sense::Direction));
        check("supported", "opposed", Some(Sense::Direction));
        check("northern", "southern", Some(Sense::Direction));
        check("denied", "confirmed", Some(Sense::Direction));
        check("harmless", "harmful", Some(Sense::Negation));
        check("carelessly", "carefully", Some(Sense::Negation));
        check("hopeless", "hope", Some(Sense::Negation));
        check("harmless", "harmlessly", None);
        check("unless", "until", None);
        check("to", "into", None);
        check("lethal", "non-lethal", Some(Sense::Negation));
        check("stabilize", "destabilize", Some(Sense::Negation));
        check("more", "most", None);
        check("lower", "low", None);
        check("upper", "downtown", None);
        check("iffy", "unless", None);
    }

    #[test]
    fn words_carry_the_sense() {
        let check = |word, expected| {
            assert_eq!(Sense::of(word, Language::default()), expected, "{word}");
        };
        check("not", Some(Sense::Negation));
        check("Don't", Some(Sense::Negation));
        check("3,400", Some(Sense::Number));
        check("三", Some(Sense::Number));
        check("%", Some(Sense::Number));
        check("second", Some(Sense::Number));
        check("May", Some(Sense::Modal));
        check("they'll", Some(Sense::Modal));
        check("Monday", Some(Sense::Date));
        check("officials", None);
        check("Japan's", None);
    }

    #[test]
    fn a_prefix_turns_a_word_round() {
        let check =
            |one, other, expected| assert_eq!(Sense::of_pair(one, other).is_some(), expected);
        check("likely", "unlikely", true);
        check("Impossible", "possible", true);
        check("armed", "unarmed", true);
        check("likely", "lively", false);
        check("side", "inside", true);
    }

    #[test]
    fn gaps_mind_negations_and_numbers() {
        let text = "It can't, he said, not in 2,024 or by 3.5%, the first of two.";
        let found = weighty(text, Language::default());
        assert_eq!(found, ["can't", "not", "2,024", "3.5%", "two"]);
        let found = weighty("Das kostet nicht 3 Euro, kein Wort.", Language::of("de"));
        assert_eq!(found, ["nicht", "3", "kein"]);
    }

    #[test]
    fn names_have_a_capital_or_no_case_at_all() {
        let check = |word, expected| assert_eq!(may_be_name(word), expected, "{word}");
        check("Harbor", true);
        check("harbor", false);
        check("木", true);
        check("の", false);
        check("3,400", false);
    }
}
