//! `sources.csl.json`: the sources as the Citation Style Language's input (CSL 1.0.2, appendix V).

use serde::Serialize;

use super::by_key;
use super::lines::array;
use crate::csl::Kind;
use crate::edition::{Edition, source_kind};
use crate::manuscript::Article;
use crate::reference::{Ends, Person, Point, When};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Item<'b> {
    id: &'b str,
    r#type: &'static str,
    title: &'b str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Name<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container_title: Option<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "URL")]
    url: Option<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accessed: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'b str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Name<'b> {
    Person {
        family: &'b str,
        given: &'b str,
        #[serde(skip_serializing_if = "Option::is_none")]
        suffix: Option<&'b str>,
    },
    Whole {
        literal: &'b str,
    },
}

#[derive(Serialize, Default)]
#[serde(rename_all = "kebab-case")]
struct Date {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    date_parts: Vec<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    season: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    circa: bool,
    /// What CSL has no form for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<String>,
}

pub(super) fn text(edition: &Edition<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    array(&mut text, by_key(edition.book).into_iter().map(item));
    text.push(b'\n');
    text
}

fn item(article: &Article) -> Item<'_> {
    let front = &article.front;
    Item {
        id: &article.key,
        r#type: match source_kind(front) {
            Kind::Newspaper => "article-newspaper",
            Kind::Webpage => "webpage",
            Kind::Document => "document",
        },
        title: &front.title,
        author: front.names.iter().map(name).collect(),
        container_title: front.publication.as_deref(),
        issued: front.date.and_then(date),
        url: front.url.as_deref(),
        accessed: front.accessed.and_then(date),
        language: front.language.as_deref(),
    }
}

fn name(person: &Person) -> Name<'_> {
    match &person.given {
        Some(given) => Name::Person {
            family: &person.family,
            given,
            suffix: person.suffix.as_deref(),
        },
        None => Name::Whole {
            literal: &person.family,
        },
    }
}

fn date(when: When) -> Option<Date> {
    let ends = when.ends()?;
    let points = match &ends {
        Ends::Between(from, to) => vec![from, to],
        Ends::At(point) | Ends::From { point, .. } | Ends::Until { point, .. } => vec![point],
    };
    let open = matches!(ends, Ends::From { .. } | Ends::Until { .. });
    let vague = points.iter().any(|point| point.decade.is_some());
    // CSL has one season for a whole date.
    let seasons = points.len() > 1 && points.iter().any(|point| point.season.is_some());
    Some(Date {
        date_parts: points.iter().map(|point| parts(point)).collect(),
        season: points[0].season.filter(|_| !seasons),
        circa: points.iter().any(|point| point.about),
        literal: (open || vague || seasons).then(|| when.in_words()),
    })
}

fn parts(point: &Point) -> Vec<i64> {
    let month = point.month.map(i64::from);
    let day = point.day.map(i64::from);
    [Some(i64::from(point.year)), month, day]
        .into_iter()
        .flatten()
        .collect()
}
