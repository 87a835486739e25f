//! An article's front matter as the fields of CSL.

use hayagriva::Entry;
use hayagriva::citationberg::taxonomy::Season;
use hayagriva::types::{
    ChunkKind, ChunkedString, Date, EntryType, FormatString, Person as Name, QualifiedUrl,
};

use super::run::{Role, Run};
use crate::csl::Kind;
use crate::manuscript::{Article, FrontMatter};
use crate::reference::{Ends, Person, Point, When};
use crate::verify::ends_in_abbreviation;

/// What a source is, by what is known of it.
pub fn source_kind(front: &FrontMatter) -> Kind {
    match (&front.publication, &front.url) {
        (Some(_), _) => Kind::Newspaper,
        (None, Some(_)) => Kind::Webpage,
        (None, None) => Kind::Document,
    }
}

/// The fields of an article, with this date.
pub(super) fn entry(article: &Article, date: Option<Date>) -> Entry {
    let front = &article.front;
    let mut entry = Entry::new(
        &article.key,
        match source_kind(front) {
            Kind::Newspaper => EntryType::Article,
            Kind::Webpage => EntryType::Web,
            Kind::Document => EntryType::Misc,
        },
    );
    entry.set_title(title(&front.title));
    if !front.names.is_empty() {
        entry.set_authors(front.names.iter().map(name).collect());
    }
    if let Some(date) = date {
        entry.set_date(date);
    }
    if let Some(Ok(mut url)) = front.url.as_ref().map(|url| url.parse::<QualifiedUrl>()) {
        url.visit_date = front.accessed.and_then(When::ends).map(|ends| first(&ends));
        entry.set_url(url);
    }
    if let Some(publication) = &front.publication {
        let mut paper = Entry::new("publication", EntryType::Newspaper);
        paper.set_title(title(publication));
        entry.set_parents(vec![paper]);
    }
    entry
}

/// A title, whose abbreviations keep their letters and end no sentence, whatever case a style sets it in.
fn title(words: &str) -> FormatString {
    let mut value = ChunkedString::new();
    for word in words.split_inclusive(' ') {
        let is_abbreviation =
            word.trim_end().ends_with('.') && ends_in_abbreviation(word.trim_end());
        let (bare, space) = word.split_at(word.trim_end().len());
        let kind = if is_abbreviation {
            ChunkKind::Verbatim
        } else {
            ChunkKind::Normal
        };
        value.push_str(bare, kind);
        value.push_str(space, ChunkKind::Normal);
    }
    FormatString { value, short: None }
}

fn name(person: &Person) -> Name {
    Name {
        name: person.family.clone(),
        given_name: person.given.clone(),
        prefix: None,
        suffix: person.suffix.clone(),
        comma_suffix: person
            .suffix
            .as_ref()
            .is_some_and(|suffix| suffix.starts_with(['J', 'S'])),
        alias: None,
    }
}

/// A date as CSL takes it, and what CSL's formatter cannot say of it.
pub(super) struct Dates {
    /// The date that is formatted.
    pub(super) first: Option<Date>,
    /// Another one without doubt, which shows where the date stands: the interval's end, or the year after.
    pub(super) other: Option<Date>,
    ends: Option<Ends>,
}

impl Dates {
    pub(super) fn of(front: &FrontMatter) -> Self {
        let ends = front.date.and_then(When::ends);
        let date = ends.as_ref().map(first);
        let other = match &ends {
            Some(Ends::Between(_, to)) => Some(Date {
                approximate: false,
                ..csl(to)
            }),
            Some(_) => date.map(|date| Date {
                year: date.year.saturating_add(1),
                approximate: false,
                ..date
            }),
            None => None,
        };
        Dates {
            first: date,
            other,
            ends,
        }
    }

    /// Whether the formatter says all there is to it.
    pub(super) fn is_usual(&self) -> bool {
        match &self.ends {
            None => true,
            Some(Ends::At(point)) => !point.about && point.decade.is_none(),
            Some(Ends::Between(..) | Ends::From { .. } | Ends::Until { .. }) => false,
        }
    }

    /// Says the rest of it: `2023–2024`, `2023–`, `2020s`, `ca. 2027`; `other` is formatted with the other date.
    pub(super) fn mend(&self, runs: &mut [Run], other: &[Run], circa: &str) {
        let Some(ends) = &self.ends else { return };
        let about = self.first.is_some_and(|date| date.approximate);
        // A style that knows of it says so round the date, or in it.
        let said = round_dates(runs) != round_dates(other);
        let others = other.iter().filter(|run| run.role == Role::Date);
        let dates = runs.iter_mut().filter(|run| run.role == Role::Date);
        for (date, other) in dates
            .zip(others)
            .filter(|(date, other)| date.text != other.text)
        {
            let text = mended(ends, &date.text, &other.text);
            let doubted = date.text.contains(['[', '?']) && !other.text.contains(['[', '?']);
            date.text = if about && !said && !doubted {
                format!("{circa} {text}")
            } else {
                text
            };
        }
    }
}

/// All but the dates.
fn round_dates(runs: &[Run]) -> String {
    let others = runs.iter().filter(|run| run.role != Role::Date);
    others.map(|run| run.text.as_str()).collect()
}

fn mended(ends: &Ends, date: &str, other: &str) -> String {
    let end = |unknown: bool| if unknown { "?" } else { "" };
    match ends {
        Ends::At(point) => in_decade(point, date),
        Ends::Between(from, to) => {
            format!("{}–{}", in_decade(from, date), in_decade(to, other))
        }
        Ends::From { point, unknown } => format!("{}–{}", in_decade(point, date), end(*unknown)),
        Ends::Until { point, unknown } => format!("{}–{}", end(*unknown), in_decade(point, date)),
    }
}

/// `2020s` for a year of which only the decade is known.
fn in_decade(point: &Point, date: &str) -> String {
    match &point.decade {
        Some(decade) => date.replace(&point.year.to_string(), decade),
        None => date.to_owned(),
    }
}

fn first(ends: &Ends) -> Date {
    match ends {
        Ends::At(point) | Ends::From { point, .. } | Ends::Until { point, .. } => csl(point),
        Ends::Between(from, to) => Date {
            approximate: from.about || to.about,
            ..csl(from)
        },
    }
}

/// Months and days are counted from zero there.
fn csl(point: &Point) -> Date {
    let from_zero = |number: u32| u8::try_from(number.saturating_sub(1)).ok();
    Date {
        year: point.year,
        month: point.month.and_then(from_zero),
        day: point.day.and_then(from_zero),
        approximate: point.about,
        season: point.season.and_then(|season| match season {
            1 => Some(Season::Spring),
            2 => Some(Season::Summer),
            3 => Some(Season::Autumn),
            4 => Some(Season::Winter),
            _ => None,
        }),
    }
}
