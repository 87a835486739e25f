//! What an article's page tells reference managers of its source: Highwire's `citation_*` names and schema.org's terms.

use serde::Serialize;
use tera::Value;

use super::markup::Markup;
use super::view::view;
use crate::csl::Kind;
use crate::edition::source_kind;
use crate::manuscript::FrontMatter;
use crate::reference::{Ends, Person, Point};

/// schema.org's description of a source.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description<'f> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    headline: &'f str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Author<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_part_of: Option<Publication<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_language: Option<&'f str>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
enum Author<'f> {
    #[serde(rename_all = "camelCase")]
    Person {
        name: String,
        given_name: &'f str,
        family_name: &'f str,
    },
    Organization {
        name: &'f str,
    },
    /// One name, which may be a person's or an organisation's.
    #[serde(untagged)]
    Named {
        name: &'f str,
    },
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "Periodical")]
struct Publication<'f> {
    name: &'f str,
}

/// `{meta: [{name, content}], json}`
pub(super) fn about(front: &FrontMatter) -> Value {
    let mut json = Markup::new();
    json.json(&description(front));
    let tags = tags(front).into_iter();
    let tags: Vec<Value> = tags
        .map(|(name, content)| view([("name", name.into()), ("content", content.into())]))
        .collect();
    view([("meta", tags.into()), ("json", json.into())])
}

/// The names that reference managers read. Zotero takes the type from its own (`z:`), unless there is a
/// `citation_journal_title`: of that it makes a journal's article.
fn tags(front: &FrontMatter) -> Vec<(&'static str, String)> {
    let item = match source_kind(front) {
        Kind::Newspaper => "newspaperArticle",
        Kind::Webpage => "webpage",
        Kind::Document => "document",
    };
    let mut tags = vec![
        ("z:itemType", item.to_owned()),
        ("citation_title", front.title.clone()),
    ];
    let authors = front.names.iter().map(citation_author);
    tags.extend(authors.map(|author| ("citation_author", author)));
    let optional = [
        ("z:publicationTitle", front.publication.clone()),
        (
            "citation_publication_date",
            date(front).map(|date| date.replace('-', "/")),
        ),
        ("citation_public_url", front.url.clone()),
        ("citation_language", front.language.clone()),
    ];
    let known = optional.into_iter();
    tags.extend(known.filter_map(|(name, content)| Some((name, content?))));
    tags
}

/// `Family, Given Jr.`, unless there are spaces on both sides of the comma: Zotero takes that for two authors.
fn citation_author(person: &Person) -> String {
    let given = [person.given.as_deref(), person.suffix.as_deref()];
    let given = given.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if given.is_empty() || (person.family.contains(' ') && given.contains(' ')) {
        return person.in_words();
    }
    format!("{}, {given}", person.family)
}

fn description(front: &FrontMatter) -> Description<'_> {
    Description {
        context: "https://schema.org",
        kind: match source_kind(front) {
            Kind::Newspaper => "NewsArticle",
            Kind::Webpage => "WebPage",
            Kind::Document => "CreativeWork",
        },
        headline: &front.title,
        author: front.names.iter().map(author).collect(),
        is_part_of: front
            .publication
            .as_deref()
            .map(|name| Publication { name }),
        date_published: date(front),
        url: front.url.as_deref(),
        in_language: front.language.as_deref(),
    }
}

fn author(person: &Person) -> Author<'_> {
    match &person.given {
        Some(given) => Author::Person {
            name: person.in_words(),
            given_name: given,
            family_name: &person.family,
        },
        None if person.organisation => Author::Organization {
            name: &person.family,
        },
        None => Author::Named {
            name: &person.family,
        },
    }
}

/// The date, where it is one without doubt.
fn date(front: &FrontMatter) -> Option<String> {
    match front.date?.ends()? {
        Ends::At(
            Point { about: true, .. }
            | Point {
                decade: Some(_), ..
            }
            | Point {
                season: Some(_), ..
            },
        ) => None,
        // Those who read it know no year before the year 0.
        Ends::At(point) => (point.year >= 0).then(|| point.iso()),
        Ends::Between(..) | Ends::From { .. } | Ends::Until { .. } => None,
    }
}
