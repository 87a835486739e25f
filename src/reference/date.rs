//! Dates: EDTF level 1, read by the crate `edtf`.

use std::fmt::Write as _;

use edtf::level_1::{Certainty, Date, Edtf, Precision, Season, Terminal};

/// A date, possibly uncertain, possibly an interval.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct When(Edtf);

/// A date as a bibliography needs it: as exact as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The year.
    pub year: i32,
    /// The month, from one.
    pub month: Option<u32>,
    /// The day, from one.
    pub day: Option<u32>,
    /// The season, from one for spring.
    pub season: Option<u32>,
    /// Whether it is uncertain or approximate.
    pub about: bool,
    /// What stands for the year where only its decade or century is known: `2020s`.
    pub decade: Option<String>,
}

impl Point {
    /// `2024-07-28`, `2024-07` or `2024` (ISO 8601), whatever else is said of it.
    pub fn iso(&self) -> String {
        let sign = if self.year < 0 { "-" } else { "" };
        let mut iso = format!("{sign}{:04}", self.year.unsigned_abs());
        for part in [self.month, self.day].into_iter().flatten() {
            let _ = write!(iso, "-{part:02}");
        }
        iso
    }
}

/// The ends of a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ends {
    /// One date.
    At(Point),
    /// From one date to another.
    Between(Point, Point),
    /// From a date on; to an end that nobody knows where `unknown`.
    From {
        /// The beginning.
        point: Point,
        /// Whether it ended.
        unknown: bool,
    },
    /// Until a date; from a beginning that nobody knows where `unknown`.
    Until {
        /// The end.
        point: Point,
        /// Whether it began.
        unknown: bool,
    },
}

impl When {
    /// Its ends; none where its year is out of all bounds.
    pub fn ends(self) -> Option<Ends> {
        let unknown = |terminal: Terminal| match terminal {
            Terminal::Unknown => true,
            Terminal::Open => false,
        };
        Some(match self.0 {
            Edtf::Date(date) => Ends::At(point(date)),
            Edtf::DateTime(_) => Ends::At(point(self.day()?)),
            Edtf::YYear(year) => Ends::At(year_alone(i32::try_from(year.value()).ok()?)),
            Edtf::Interval(from, to) => Ends::Between(point(from), point(to)),
            Edtf::IntervalFrom(from, end) => Ends::From {
                point: point(from),
                unknown: unknown(end),
            },
            Edtf::IntervalTo(start, to) => Ends::Until {
                point: point(to),
                unknown: unknown(start),
            },
        })
    }

    /// Reads an EDTF level 1 date.
    pub fn parse(text: &str) -> Option<Self> {
        Edtf::parse(text.trim()).ok().map(When)
    }

    /// As it is written in EDTF.
    pub fn edtf(self) -> String {
        self.0.to_string()
    }

    /// As an English reader writes it: `28 July 2024`, `July 2024`, `about 2027`.
    pub fn in_words(self) -> String {
        match self.0 {
            Edtf::Date(date) => in_words(date),
            Edtf::DateTime(_) => self.day().map_or_else(String::new, in_words),
            Edtf::YYear(year) => year.value().to_string(),
            Edtf::Interval(from, to) => between(from, to),
            Edtf::IntervalFrom(from, Terminal::Open) => format!("from {}", in_words(from)),
            Edtf::IntervalFrom(from, Terminal::Unknown) => format!("{} – unknown", in_words(from)),
            Edtf::IntervalTo(Terminal::Open, to) => format!("until {}", in_words(to)),
            Edtf::IntervalTo(Terminal::Unknown, to) => format!("unknown – {}", in_words(to)),
        }
    }

    /// Whether it is an interval that ends before it begins.
    pub fn runs_backwards(self) -> bool {
        match self.0 {
            Edtf::Interval(from, to) => first_day(to) < first_day(from),
            Edtf::Date(_)
            | Edtf::DateTime(_)
            | Edtf::YYear(_)
            | Edtf::IntervalFrom(..)
            | Edtf::IntervalTo(..) => false,
        }
    }

    /// The order of a chronology: the earliest bound, then the precision, the coarser first.
    pub fn order(self) -> (i64, u32, u32, u8) {
        let date = match self.0 {
            Edtf::Date(date) | Edtf::Interval(date, _) | Edtf::IntervalFrom(date, _) => Some(date),
            Edtf::IntervalTo(_, date) => Some(date),
            Edtf::DateTime(_) => self.day(),
            Edtf::YYear(year) => return (year.value(), 1, 1, 0),
        };
        let Some(date) = date else {
            return (0, 1, 1, 0);
        };
        let (year, month, day) = first_day(date);
        let fineness = match date.precision() {
            Precision::Century(_) => 0,
            Precision::Decade(_) => 1,
            Precision::Year(_) | Precision::MonthOfYear(_) | Precision::DayOfYear(_) => 2,
            Precision::Season(..) => 3,
            Precision::Month(..) | Precision::DayOfMonth(..) => 4,
            Precision::Day(..) => 5,
        };
        (i64::from(year), month, day, fineness)
    }

    /// The year under which a chronology lists it, in words.
    pub fn year(self) -> String {
        match self.0 {
            Edtf::Date(date)
                if matches!(
                    date.precision(),
                    Precision::Century(_) | Precision::Decade(_)
                ) =>
            {
                in_words(date)
            }
            _ => self.order().0.to_string(),
        }
    }

    /// The first day that it can be, as `YYYY-MM-DD`.
    pub fn first_day(self) -> Option<String> {
        let date = match self.0 {
            Edtf::Date(date) | Edtf::Interval(date, _) | Edtf::IntervalFrom(date, _) => date,
            Edtf::DateTime(_) => self.day()?,
            Edtf::YYear(_) | Edtf::IntervalTo(..) => return None,
        };
        let (year, month, day) = first_day(date);
        Some(format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The first day that it can be, counted from 1970-01-01; days can be subtracted.
    pub fn first_day_number(self) -> Option<i64> {
        let date = match self.0 {
            Edtf::Date(date) | Edtf::Interval(date, _) | Edtf::IntervalFrom(date, _) => date,
            Edtf::DateTime(_) => self.day()?,
            Edtf::YYear(_) | Edtf::IntervalTo(..) => return None,
        };
        Some(day_number(first_day(date)))
    }

    /// The last day that it can be, counted as the first one is.
    pub fn last_day_number(self) -> Option<i64> {
        let date = match self.0 {
            Edtf::Date(date) | Edtf::Interval(_, date) | Edtf::IntervalTo(_, date) => date,
            Edtf::DateTime(_) => self.day()?,
            Edtf::YYear(_) | Edtf::IntervalFrom(..) => return None,
        };
        Some(day_number(day_after(date)) - 1)
    }

    /// The day of a point in time.
    fn day(self) -> Option<Date> {
        Date::parse(self.0.to_string().get(..10)?).ok()
    }
}

/// The first day that a date can be.
fn first_day(date: Date) -> (i32, u32, u32) {
    match date.precision() {
        Precision::Century(year)
        | Precision::Decade(year)
        | Precision::Year(year)
        | Precision::MonthOfYear(year)
        | Precision::DayOfYear(year) => (year, 1, 1),
        Precision::Season(year, season) => (year, first_month(season), 1),
        Precision::Month(year, month) | Precision::DayOfMonth(year, month) => (year, month, 1),
        Precision::Day(year, month, day) => (year, month, day),
    }
}

/// The day after all days that a date can be.
fn day_after(date: Date) -> (i32, u32, u32) {
    let (year, month, day) = first_day(date);
    let months = |count: u32| {
        let month = month - 1 + count;
        (year + (month / 12).cast_signed(), month % 12 + 1, 1)
    };
    match date.precision() {
        Precision::Century(year) => (year + 100, 1, 1),
        Precision::Decade(year) => (year + 10, 1, 1),
        Precision::Year(year) | Precision::MonthOfYear(year) | Precision::DayOfYear(year) => {
            (year + 1, 1, 1)
        }
        Precision::Season(..) => months(3),
        Precision::Month(..) | Precision::DayOfMonth(..) => months(1),
        Precision::Day(..) => (year, month, day + 1),
    }
}

/// A day counted from 1970-01-01; the day after a month's last one is the next month's first.
fn day_number((year, month, day): (i32, u32, u32)) -> i64 {
    // A year that begins in March has its leap day at its end.
    let month = i64::from(month);
    let year = i64::from(year) - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + day_of_year - 719_468
}

/// An interval; what both ends share is said once: `11–13 January 2023`.
fn between(from: Date, to: Date) -> String {
    let exact = |date: Date| date.to_string().ends_with(|c: char| c.is_ascii_digit());
    match (from.precision(), to.precision()) {
        (Precision::Day(year, month, first), Precision::Day(last_year, last_month, _))
            if year == last_year && exact(from) && exact(to) =>
        {
            if month == last_month {
                format!("{first}–{}", in_words(to))
            } else {
                format!("{first} {} – {}", month_name(month), in_words(to))
            }
        }
        (Precision::Month(year, first), Precision::Month(last_year, _))
            if year == last_year && exact(from) && exact(to) =>
        {
            format!("{} – {}", month_name(first), in_words(to))
        }
        _ => format!("{} – {}", in_words(from), in_words(to)),
    }
}

fn point(date: Date) -> Point {
    let about = date.certainty() != Certainty::Certain;
    let point = match date.precision() {
        Precision::Century(year) => Point {
            decade: Some(format!("{}00s", year / 100)),
            ..year_alone(year)
        },
        Precision::Decade(year) => Point {
            decade: Some(format!("{}0s", year / 10)),
            ..year_alone(year)
        },
        Precision::Year(year) | Precision::MonthOfYear(year) | Precision::DayOfYear(year) => {
            year_alone(year)
        }
        Precision::Season(year, season) => Point {
            season: Some(season as u32 - Season::Spring as u32 + 1),
            ..year_alone(year)
        },
        Precision::Month(year, month) | Precision::DayOfMonth(year, month) => Point {
            month: Some(month),
            ..year_alone(year)
        },
        Precision::Day(year, month, day) => Point {
            month: Some(month),
            day: Some(day),
            ..year_alone(year)
        },
    };
    Point { about, ..point }
}

fn year_alone(year: i32) -> Point {
    Point {
        year,
        month: None,
        day: None,
        season: None,
        about: false,
        decade: None,
    }
}

fn in_words(date: Date) -> String {
    let certainty = match date.to_string().chars().last() {
        Some('~') => "about ",
        Some('?') => "perhaps ",
        Some('%') => "perhaps about ",
        _ => "",
    };
    let said = match date.precision() {
        Precision::Century(year) => format!("{}00s", year / 100),
        Precision::Decade(year) => format!("{}0s", year / 10),
        Precision::Year(year) | Precision::MonthOfYear(year) | Precision::DayOfYear(year) => {
            year.to_string()
        }
        Precision::Season(year, season) => format!("{} {year}", season_name(season)),
        Precision::Month(year, month) | Precision::DayOfMonth(year, month) => {
            format!("{} {year}", month_name(month))
        }
        Precision::Day(year, month, day) => format!("{day} {} {year}", month_name(month)),
    };
    format!("{certainty}{said}")
}

fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let index = usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1;
    NAMES[index]
}

/// Seasons are counted as in the northern hemisphere.
fn first_month(season: Season) -> u32 {
    match season {
        Season::Spring => 3,
        Season::Summer => 6,
        Season::Autumn => 9,
        Season::Winter => 12,
    }
}

fn season_name(season: Season) -> &'static str {
    match season {
        Season::Spring => "spring",
        Season::Summer => "summer",
        Season::Autumn => "autumn",
        Season::Winter => "winter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words() {
        let check = |text, expected: Option<&str>| {
            let words = When::parse(text).map(When::in_words);
            assert_eq!(words.as_deref(), expected, "{text}");
        };
        check("2024-07-28", Some("28 July 2024"));
        check("2024-07", Some("July 2024"));
        check("2027~", Some("about 2027"));
        check("2023-01-11/2023-01-13", Some("11–13 January 2023"));
        check(
            "2023-01-11/2023-02-13",
            Some("11 January – 13 February 2023"),
        );
        check("2023-01/2023-03", Some("January – March 2023"));
        check(
            "2022-12-30/2023-01-02",
            Some("30 December 2022 – 2 January 2023"),
        );
        check(
            "2023-01-11~/2023-01-13",
            Some("about 11 January 2023 – 13 January 2023"),
        );
        check("2024-22", Some("summer 2024"));
        check("2024-13-01", None);
        check("July 2024", None);
    }

    #[test]
    fn days_can_be_counted() {
        let check = |text, first, last| {
            let when = When::parse(text).unwrap();
            let days = (when.first_day_number(), when.last_day_number());
            assert_eq!(days, (first, last), "{text}");
        };
        check("1970-01-01", Some(0), Some(0));
        check("1970", Some(0), Some(364));
        check("197X", Some(0), Some(3651));
        check("1970-01-XX", Some(0), Some(30));
        check("1999-12", Some(10_926), Some(10_956));
        check("2000-02", Some(10_988), Some(11_016));
        check("2000-02-29", Some(11_016), Some(11_016));
        check("2000-21", Some(11_017), Some(11_108));
        check("1969-12-31", Some(-1), Some(-1));
        check("1970-01-01/1970-01-03", Some(0), Some(2));
        check("1970-01-01/..", Some(0), None);
        check("../1970-01-01", None, Some(0));
    }

    #[test]
    fn a_chronology_goes_by_the_earliest_bound_and_then_from_coarse_to_fine() {
        let dates = [
            "2021~",
            "2022",
            "2022-21",
            "2022-03",
            "2022-03-01/2022-04",
            "2022-03-02",
            "../2023-01-01",
            "2023-01-11/2023-01-13",
            "2023-01-12",
        ];
        let mut sorted: Vec<When> = dates
            .iter()
            .rev()
            .filter_map(|text| When::parse(text))
            .collect();
        sorted.sort_by_key(|when| when.order());
        let sorted: Vec<String> = sorted.iter().map(|when| when.0.to_string()).collect();
        assert_eq!(sorted, dates);
    }
}
