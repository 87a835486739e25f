//! Dates as pages write them: `March 5, 2024`, `5. März 2024`, `2024年3月5日`, `05/03/2024`.
//!
//! Nothing is guessed: `03/05/2024` is read in two ways by two readers, and `Mar. 5` has no year.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::reference::When;

/// What a text tells of a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Told {
    /// A date, as EDTF.
    Date(String),
    /// A date that can be read in several ways, in the page's own words.
    InDoubt(String),
}

/// The date that an author has written, in EDTF or as pages write it; none where that is not certain.
pub fn written(text: &str) -> Option<String> {
    match told(text) {
        _ if When::parse(text).is_some() => Some(text.to_owned()),
        Some(Told::Date(date)) => Some(date),
        Some(Told::InDoubt(_)) | None => None,
    }
}

/// The first of these dates that is certain, or else the first of all.
pub(super) fn surest(told: impl IntoIterator<Item = Told>) -> Option<Told> {
    let mut doubt = None;
    for told in told {
        match told {
            Told::Date(_) => return Some(told),
            Told::InDoubt(_) => doubt = doubt.or(Some(told)),
        }
    }
    doubt
}

/// The date that a short text tells, other than that of a change.
pub(super) fn told(text: &str) -> Option<Told> {
    if text.len() > 200 {
        return None;
    }
    let plain = with_western_years(&text.nfkc().map(western_digit).collect::<String>());
    let words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !BETWEEN.contains(&word.as_str()))
        .collect();
    let doubt = Told::InDoubt(text.trim().to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let readings = [
        named(&words, &doubt),
        year_first(&plain).map(Told::Date),
        of_numbers(&plain, &words, &doubt),
    ];
    surest(readings.into_iter().flatten())
}

/// `٢٠٢٤` as `2024`.
fn western_digit(c: char) -> char {
    let value = match c {
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// `令和6年` as `2024年`.
fn with_western_years(text: &str) -> String {
    let eras = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];
    let found = eras.iter().find_map(|(era, before)| {
        let (ahead, rest) = text.split_once(era)?;
        let (year, rest) = rest.split_once('年')?;
        let year: u32 = if year == "元" { 1 } else { year.parse().ok()? };
        (year < 100).then(|| format!("{ahead}{}年{rest}", before + year))
    });
    found.unwrap_or_else(|| text.to_owned())
}

/// The day in a time stamp, or in a date of numbers: `2024-07-28T09:00Z`, `2024/7/28`, `2024年7月28日`, `20240728`.
fn year_first(text: &str) -> Option<String> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let begins = text[..digits].trim().is_empty();
    let is_labelled = text.contains('年') && !text[..digits].contains("更新");
    if !begins && !is_labelled {
        return None;
    }
    let mut numbers = text[digits..].split(|c: char| !c.is_ascii_digit()).take(3);
    let first = numbers.next()?;
    let date = if first.len() == 8 {
        format!("{}-{}-{}", &first[..4], &first[4..6], &first[6..])
    } else {
        let parts = numbers
            .take_while(|part| matches!(part.len(), 1 | 2))
            .map(|part| format!("-{part:0>2}"));
        format!("{first}{}", parts.collect::<String>())
    };
    (first.len() >= 4 && When::parse(&date).is_some()).then_some(date)
}

/// A date with the name of its month; in doubt where it has no year.
fn named(words: &[&str], doubt: &Told) -> Option<Told> {
    let months = words.iter().enumerate();
    let dates = months.filter_map(|(at, word)| {
        let month = month(word)?;
        let mut before = words[..at].iter().rev();
        let is_change = before.clone().take(5).any(|word| CHANGED.contains(word));
        let (one, two) = (before.next(), before.next());
        let mut behind = words[at + 1..].iter();
        let (next, second) = (behind.next(), behind.next());
        let forms = [
            (one.and_then(day), next.and_then(year)),    // 5 March 2024
            (next.and_then(day), second.and_then(year)), // March 5, 2024
            (next.and_then(day), one.and_then(year)),    // 2024 March 5
            (one.and_then(day), two.and_then(year)),     // 2024, 5 March
        ];
        let whole = forms.iter().find_map(|(day, year)| (*day).zip(*year));
        let has_day = one.and_then(day).or(next.and_then(day)).is_some();
        match (whole, next.and_then(year)) {
            _ if is_change => None,
            (Some((day, year)), _) => sound(format!("{year}-{month:02}-{day:02}")),
            (None, Some(year)) => sound(format!("{year}-{month:02}")),
            (None, None) => has_day.then(|| doubt.clone()),
        }
    });
    surest(dates)
}

/// `28/07/2024` and `7/28/2024`; in doubt where day and month may be either.
fn of_numbers(text: &str, words: &[&str], doubt: &Told) -> Option<Told> {
    let [first, second, last] = words else {
        return None;
    };
    let (first, second) = (day(first)?, day(second)?);
    let (day, month) = match (first > 12, second > 12) {
        _ if !text.contains(['/', '.', '-']) => return None,
        (true, true) => return None,
        (true, false) => (first, second),
        (false, true) => (second, first),
        (false, false) if first == second => (first, second),
        (false, false) => return Some(doubt.clone()),
    };
    match year(last) {
        Some(year) => sound(format!("{year}-{month:02}-{day:02}")),
        None => self::day(last).map(|_| doubt.clone()),
    }
}

fn sound(date: String) -> Option<Told> {
    When::parse(&date).map(|_| Told::Date(date))
}

fn year(word: &&str) -> Option<u16> {
    let year = word.parse().ok().filter(|_| word.len() == 4);
    year.filter(|year| (1500..2200).contains(year))
}

fn day(word: &&str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ending = &word[digits.len()..];
    let day = digits.parse().ok().filter(|day| (1..=31).contains(day));
    day.filter(|_| digits.len() <= 2 && ORDINAL.contains(&ending))
}

/// The number of a month, by its name or the three or four letters that begin it in no other.
pub(super) fn month(word: &str) -> Option<usize> {
    let word = word.strip_prefix('ב').unwrap_or(word);
    let is_short = (3..=4).contains(&word.chars().count());
    let mut months = (1..).zip(MONTHS.iter()).filter(|(_, names)| {
        names
            .iter()
            .any(|name| *name == word || (is_short && name.starts_with(word)))
    });
    let (found, _) = months.next()?;
    months.next().is_none().then_some(found)
}

const ORDINAL: &[&str] = &["", "st", "nd", "rd", "th", "er", "º", "日"];

/// What may stand between a date's parts.
const BETWEEN: &[&str] = &["of", "the", "de", "del", "den", "le", "di"];

/// What is said of a later date than that of the first printing.
const CHANGED: &[&str] = &[
    "updated",
    "modified",
    "corrected",
    "revised",
    "accessed",
    "retrieved",
    "aktualisiert",
    "actualizado",
    "jour",
    "aggiornato",
    "atualizado",
    "تحديث",
    "עודכן",
];

/// The months in the languages of the pages that are most often saved, January first.
static MONTHS: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let months = [
        "january januar januari janvier enero janeiro gennaio يناير ינואר",
        "february februar februari février febrero fevereiro febbraio فبراير פברואר",
        "march märz maart mars marzo março مارس מרץ מרס",
        "april avril abril aprile أبريل ابريل إبريل אפריל",
        "may mai mei mayo maio maggio مايو מאי",
        "june juni juin junio junho giugno يونيو יוני",
        "july juli juillet julio julho luglio يوليو יולי",
        "august augustus août agosto أغسطس اغسطس אוגוסט",
        "september septembre septiembre setembro settembre سبتمبر ספטמבר",
        "october oktober octobre octubre outubro ottobre أكتوبر اكتوبر אוקטובר",
        "november novembre noviembre novembro نوفمبر נובמבר",
        "december dezember décembre diciembre dezembro dicembre ديسمبر דצמבר",
    ];
    let months = months.iter().map(|names| names.split(' ').collect());
    months.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match told(text) {
            Some(Told::Date(date)) => date,
            Some(Told::InDoubt(_)) => "in doubt".into(),
            None => "none".into(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn years_that_stand_first() {
        check("2024-07-28T09:00:00+09:00", "2024-07-28");
        check("2024/7/28", "2024-07-28");
        check("20240728", "2024-07-28");
        check("2024-07", "2024-07");
        check("2024", "2024");
        check("2024年7月8日 17時00分", "2024-07-08");
        check("２０２４年３月５日（火）", "2024-03-05");
        check("令和6年3月5日", "2024-03-05");
        check("平成元年1月8日", "1989-01-08");
        check("公開：2024年3月5日", "2024-03-05");
        check("最終更新：2024年3月6日", "none");
        check("2024-99-99", "none");
    }

    #[test]
    fn months_by_name() {
        check("March 5, 2024", "2024-03-05");
        check("5 March 2024", "2024-03-05");
        check("Mar. 5, 2024", "2024-03-05");
        check("Tue, 05 Mar 2024 09:00:00 GMT", "2024-03-05");
        check("Published July 28th, 2024 at 5:00 p.m. ET", "2024-07-28");
        check("Sept 5 2024", "2024-09-05");
        check("2024 March 5", "2024-03-05");
        check("March 2024", "2024-03");
        check("5. März 2024", "2024-03-05");
        check("1er août 2024", "2024-08-01");
        check("5 de marzo de 2024", "2024-03-05");
        check("٥ مارس ٢٠٢٤", "2024-03-05");
        check("5 במרץ 2024", "2024-03-05");
        check(
            "Published March 5, 2024 | Updated March 6, 2024",
            "2024-03-05",
        );
    }

    #[test]
    fn what_is_not_certain_is_not_guessed() {
        check("03/05/2024", "in doubt");
        check("3.5.2024", "in doubt");
        check("05/05/2024", "2024-05-05");
        check("28/07/2024", "2024-07-28");
        check("7/28/2024", "2024-07-28");
        check("28.07.2024", "2024-07-28");
        check("03/05/24", "in doubt");
        check("Mar. 5", "in doubt");
        check("5 March", "in doubt");
        check("February 30, 2024", "none");
        check("40/40/2024", "none");
        check("Updated March 6, 2024", "none");
        check("They may meet", "none");
        check("12:30:45", "none");
        check("3 hours ago", "none");
        check("", "none");
    }
}
