//! What was meant by a date that is not written as one.

use super::When;

/// What mends a text that is no date.
pub fn date_help(text: &str) -> String {
    match date_meant(text) {
        Some(date) => format!("write `{date}`"),
        None => impossible(text).unwrap_or_else(|| "write year, month and day: 2024-07-28, 2024-07, 2024, 2024-22 (summer), 2023-01-11/2023-01-13, 2027~ (about)".to_owned()),
    }
}

/// What is wrong with a date in our own form that no calendar has.
fn impossible(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    if !(1000..=9999).contains(&year) {
        return None;
    }
    let wrong = if (1..=12).contains(&month) {
        format!("that month has no day {day}")
    } else {
        format!("a year has no month {month}")
    };
    Some(format!("{wrong}: a date is year, month, day"))
}

/// The date or the two that a text has in another form, if it can be only one.
pub fn date_meant(text: &str) -> Option<String> {
    let ends = [" - ", " – ", " to ", "/"].iter().find_map(|between| {
        let (from, to) = text.split_once(between)?;
        Some(format!("{}/{}", day(from)?, day(to)?))
    });
    let is_about = || {
        Some(format!(
            "{}~",
            text.strip_prefix('~')
                .and_then(When::parse)
                .and(text.get(1..))?
        ))
    };
    ends.or_else(|| years(text))
        .or_else(|| days(text))
        .or_else(|| decade(text))
        .or_else(is_about)
        .or_else(|| about(text))
        .or_else(|| day(text))
}

/// `2025-2026`
fn years(text: &str) -> Option<String> {
    let (from, to) = text.split_once(['-', '–'])?;
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_year(from) && is_year(to) && from < to).then(|| format!("{from}/{to}"))
}

/// `2024-07-28–30`
fn days(text: &str) -> Option<String> {
    let (from, last) = text.split_once('–')?;
    let (month, first) = from.rsplit_once('-')?;
    let to = format!("{month}-{last}");
    let sound = When::parse(from).is_some() && When::parse(&to).is_some();
    (sound && first < last).then(|| format!("{from}/{to}"))
}

/// `1990s`
fn decade(text: &str) -> Option<String> {
    let year = text.strip_suffix("0s")?;
    let is_decade = year.len() == 3 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_decade.then(|| format!("{year}X"))
}

/// `ca. 2025`, `spring 2025`, `20240728`, `2024年7月28日`, `2024-07-28T10:00`
fn about(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (first, rest) = lower.split_once([' ', '.']).unwrap_or(("", ""));
    let year = rest.trim_matches([' ', '.']);
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let date = match first {
        "ca" | "c" | "circa" | "about" | "around" if is_year => format!("{year}~"),
        "spring" if is_year => format!("{year}-21"),
        "summer" if is_year => format!("{year}-22"),
        "autumn" | "fall" if is_year => format!("{year}-23"),
        "winter" if is_year => format!("{year}-24"),
        _ if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
        }
        _ if text.ends_with(['年', '月', '日']) => {
            return day(text
                .trim_end_matches(['年', '月', '日'])
                .replace(['年', '月'], "-")
                .as_str());
        }
        _ => text.split_once('T')?.0.to_owned(),
    };
    When::parse(&date).map(|_| date)
}

/// `July 28, 2024`, `28.07.2024`, `2024/7/28`, `August 2023`
fn day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &str| part.trim_end_matches(ORDINAL_ENDINGS).parse::<u32>().ok();
    let named = parts.iter().find_map(|part| month(part));
    let numbers: Vec<u32> = parts.iter().filter_map(|part| number(part)).collect();
    if numbers.len() + usize::from(named.is_some()) != parts.len() {
        return None;
    }
    let is_year = |number: u32| (1000..=9999).contains(&number);
    let (year, month, day) = match (named, numbers.as_slice()) {
        (Some(month), [year]) if is_year(*year) => (*year, month, None),
        (Some(month), [day, year] | [year, day]) if is_year(*year) && !is_year(*day) => {
            (*year, month, Some(*day))
        }
        (None, [year, month]) if is_year(*year) => (*year, *month, None),
        (None, [year, month, day]) if is_year(*year) => (*year, *month, Some(*day)),
        (None, [day, month, year]) if is_year(*year) && (*day > 12 || text.contains('.')) => {
            (*year, *month, Some(*day))
        }
        (None, [month, day, year]) if is_year(*year) && *day > 12 => (*year, *month, Some(*day)),
        _ => return None,
    };
    let date = match day {
        Some(day) => format!("{year}-{month:02}-{day:02}"),
        None => format!("{year}-{month:02}"),
    };
    When::parse(&date).map(|_| date)
}

const ORDINAL_ENDINGS: [char; 7] = ['s', 't', 'n', 'd', 'r', 'h', '.'];

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = word.to_lowercase();
    let long = lower.len() >= 3;
    let found = MONTHS.iter().position(|month| month.starts_with(&lower))?;
    u32::try_from(found + 1).ok().filter(|_| long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_of_a_date_are_told_in_ours() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(date_meant(text).as_deref(), expected, "{text}");
        };
        check("July 28, 2024", Some("2024-07-28"));
        check("28 Jul. 2024", Some("2024-07-28"));
        check("1st of August", None);
        check("August 1st, 2024", Some("2024-08-01"));
        check("28.07.2024", Some("2024-07-28"));
        check("01.07.2024", Some("2024-07-01"));
        check("7/28/2024", Some("2024-07-28"));
        check("7/8/2024", None);
        check("2024–11–05", Some("2024-11-05"));
        check("2024-11-5", Some("2024-11-05"));
        check("2024/7", Some("2024-07"));
        check("August 2023", Some("2023-08"));
        check("2023-01-11 - 2023-01-13", Some("2023-01-11/2023-01-13"));
        check("2024-11-31", None);
        check("yesterday", None);
        check("ca. 2025", Some("2025~"));
        check("Spring 2025", Some("2025-21"));
        check("20240728", Some("2024-07-28"));
        check("20241328", None);
        check("2024年7月28日", Some("2024-07-28"));
        check("2024年7月", Some("2024-07"));
        check("2024-07-28T10:00", Some("2024-07-28"));
        check("The end", None);
    }
}
