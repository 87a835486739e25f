//! What a page says of its article: title, authors, publication, date, address, language.
//!
//! JSON-LD says most and is asked first, then Highwire's `citation_*`, Open Graph, Dublin Core, and what the page shows.

use std::collections::BTreeMap;

use dom_query::Document;
use serde_json::{Map, Value};

use super::super::byline;
use super::super::date::{self, Told};
use super::super::text::{fold, tidy};
use super::super::title::is_with_site;
use super::tokens::Tamed;
use crate::reference::language_problem;

/// What a page says of its article.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) publication: Option<String>,
    pub(super) date: Option<Told>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
}

/// Reads what a page says of its article.
pub(super) fn about(page: &Document, tamed: &Tamed) -> About {
    let linked = Linked::read(&tamed.json_ld);
    let said = Said {
        page,
        meta: metas(page),
    };
    let publication = linked.publication().or_else(|| {
        said.meta(&[
            "citation_journal_title",
            "og:site_name",
            "dc.publisher",
            "dcterms.publisher",
            "application-name",
        ])
    });
    About {
        title: said.title(linked.text("headline"), publication.as_deref()),
        authors: said.authors(linked.authors()),
        date: said.date(linked.text("datePublished")),
        url: said.url(linked.text("url"), tamed.saved_from.as_deref()),
        language: said.language(linked.text("inLanguage")),
        publication,
    }
}

/// `<meta>` elements by their lower-case name or property, in the page's order.
fn metas(page: &Document) -> BTreeMap<String, Vec<String>> {
    let mut metas: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in page.select("meta[content]").nodes() {
        let name = ["property", "name", "itemprop"]
            .iter()
            .find_map(|key| node.attr(key));
        let content = tidy(&node.attr_or("content", ""));
        if let Some(name) = name.filter(|_| !content.is_empty()) {
            metas.entry(name.to_lowercase()).or_default().push(content);
        }
    }
    metas
}

struct Said<'a> {
    page: &'a Document,
    meta: BTreeMap<String, Vec<String>>,
}

impl Said<'_> {
    fn meta(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.meta.get(*name)?.first().cloned())
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.page.select(selector);
        let texts = found.nodes().iter().take(50).map(|node| tidy(&node.text()));
        texts
            .filter(|text| !text.is_empty() && text.len() < 1000)
            .collect()
    }

    /// The heading that readers see, where the page's data say the same or nothing.
    fn title(&self, headline: Option<String>, publication: Option<&str>) -> Option<String> {
        let tab = self.texts("title").into_iter().next();
        let named = self.meta(&[
            "citation_title",
            "og:title",
            "dc.title",
            "dcterms.title",
            "twitter:title",
        ]);
        let told = headline.or(named);
        let headings = self.texts("h1");
        let agrees = |heading: &&String| {
            let others = [told.as_deref(), tab.as_deref()];
            others.iter().flatten().any(|other| {
                fold(other).contains(&fold(heading)) || fold(heading).contains(&fold(other))
            })
        };
        let shown = headings
            .iter()
            .find(agrees)
            .or(headings.first().filter(|_| told.is_none()));
        let title = shown.cloned().or(told).or(tab)?;
        Some(without_site(&title, publication).to_owned())
    }

    fn authors(&self, linked: Vec<String>) -> Vec<String> {
        let names = [
            linked,
            self.listed(&["citation_author"]),
            self.listed(&[
                "author",
                "article:author",
                "dc.creator",
                "dcterms.creator",
                "byl",
                "parsely-author",
            ]),
        ];
        let names = names.into_iter().find(|names| !names.is_empty());
        names.unwrap_or_else(|| {
            let shown = self.texts("[rel=author], [itemprop=author], .byline .author, .p-author");
            people(&shown)
        })
    }

    fn listed(&self, keys: &[&str]) -> Vec<String> {
        let found = keys.iter().find_map(|key| self.meta.get(*key));
        // Scholars' pages write `Family, Given`, which is an author's form here too.
        if keys == ["citation_author"] {
            found.cloned().unwrap_or_default()
        } else {
            people(found.map_or(&[], Vec::as_slice))
        }
    }

    fn date(&self, linked: Option<String>) -> Option<Told> {
        let meta = [
            "citation_publication_date",
            "citation_date",
            "article:published_time",
            "datepublished",
            "dc.date.issued",
            "dcterms.issued",
            "dc.date",
            "dcterms.date",
            "dcterms.created",
            "date",
            "pubdate",
            "parsely-pub-date",
        ];
        let metas = meta
            .iter()
            .filter_map(|name| self.meta.get(*name)?.first().cloned());
        let times = self
            .page
            .select("time[pubdate], time[itemprop=datePublished], article time, time");
        let times: Vec<String> = times
            .nodes()
            .iter()
            .take(20)
            .map(|node| {
                let stamp = node.attr_or("datetime", "");
                if stamp.is_empty() {
                    tidy(&node.text())
                } else {
                    stamp.to_string()
                }
            })
            .collect();
        let texts = linked.into_iter().chain(metas).chain(times);
        date::surest(texts.filter_map(|text| date::told(&text)))
    }

    fn url(&self, linked: Option<String>, saved_from: Option<&str>) -> Option<String> {
        let canonical = self
            .page
            .select("link[rel=canonical]")
            .attr("href")
            .map(|href| href.to_string());
        let told = [
            canonical,
            self.meta(&["og:url"]),
            saved_from.map(str::to_owned),
            linked,
        ];
        told.into_iter().flatten().find(|url| {
            let http = url.starts_with("https://") || url.starts_with("http://");
            http && url::Url::parse(url).is_ok() && !url.contains(char::is_whitespace)
        })
    }

    fn language(&self, linked: Option<String>) -> Option<String> {
        let lang = self
            .page
            .select("html")
            .attr("lang")
            .map(|lang| lang.to_string());
        let told = [
            lang,
            self.meta(&[
                "og:locale",
                "dc.language",
                "dcterms.language",
                "citation_language",
                "content-language",
            ]),
            linked,
        ];
        let tags = told
            .into_iter()
            .flatten()
            .map(|tag| tag.trim().replace('_', "-"));
        tags.into_iter().find(|tag| language_problem(tag).is_none())
    }
}

/// `Ferries Return | Example Daily` without the site's own name.
fn without_site<'a>(title: &'a str, site: Option<&str>) -> &'a str {
    let named = site
        .and_then(|site| title.strip_suffix(site))
        .map(str::trim_end);
    let bare = named
        .map(|title| title.trim_end_matches(['|', '-', '–', '—', '·', '»', '｜', ':']))
        .map(str::trim_end);
    bare.filter(|bare| is_with_site(title, bare))
        .unwrap_or(title)
}

/// The names in bylines: `By Ada Brook and Tom Reed`.
fn people(bylines: &[String]) -> Vec<String> {
    let texts = bylines
        .iter()
        .filter(|text| !text.contains("://") && text.len() < 300);
    let names = texts.flat_map(
        |text| match byline::signed(&format!("By {}", without_by(text))) {
            Some((names, _)) => names,
            None => vec![whole(without_by(text))],
        },
    );
    byline::once_each(names.filter(|name| !name.is_empty()).take(30).collect())
}

fn without_by(text: &str) -> &str {
    let by = ["By ", "by ", "BY ", "Von ", "Par ", "Por "];
    by.iter()
        .find_map(|by| text.strip_prefix(by))
        .unwrap_or(text)
}

/// A name that stays as it is, also with a comma.
fn whole(name: &str) -> String {
    if name.contains(',') {
        format!("{{{}}}", name.replace(['{', '}'], ""))
    } else {
        name.to_owned()
    }
}

/// The objects of the page's JSON-LD.
struct Linked {
    objects: Vec<Map<String, Value>>,
    article: Option<usize>,
}

impl Linked {
    fn read(texts: &[String]) -> Self {
        let mut objects = Vec::new();
        for text in texts {
            let text = text
                .trim()
                .trim_start_matches("<!--")
                .trim_end_matches("-->");
            if let Ok(value) = serde_json::from_str(text) {
                gather(value, &mut objects);
            }
        }
        let kinds = [is_article, is_page];
        let article = kinds.iter().find_map(|kind| objects.iter().position(kind));
        Self { objects, article }
    }

    fn article(&self) -> Option<&Map<String, Value>> {
        self.objects.get(self.article?)
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.article()?.get(key)? {
            Value::String(text) => Some(plain(text)).filter(|text| !text.is_empty()),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }

    /// An object, or the one elsewhere that it names by `@id`.
    fn resolved<'a>(&'a self, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
        let id = object.get("@id").filter(|_| !object.contains_key("name"));
        let other = id.and_then(|id| {
            self.objects
                .iter()
                .find(|other| other.get("@id") == Some(id) && other.contains_key("name"))
        });
        other.unwrap_or(object)
    }

    fn publication(&self) -> Option<String> {
        let article = self.article()?;
        let mut makers = ["publisher", "isPartOf", "sourceOrganization"]
            .iter()
            .filter_map(|key| article.get(*key));
        makers.find_map(|maker| self.name(maker))
    }

    fn name(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(name) => Some(plain(name)).filter(|name| !name.contains("://")),
            Value::Object(object) => {
                let name = self.resolved(object).get("name")?.as_str()?;
                Some(plain(name)).filter(|name| !name.is_empty())
            }
            Value::Array(several) => several.iter().find_map(|one| self.name(one)),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    fn authors(&self) -> Vec<String> {
        let Some(authors) = self
            .article()
            .and_then(|article| article.get("author").or(article.get("creator")))
        else {
            return Vec::new();
        };
        let several = match authors {
            Value::Array(several) => several.as_slice(),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => std::slice::from_ref(authors),
        };
        let names = several.iter().filter_map(|author| {
            let name = self.name(author)?;
            let body = author
                .as_object()
                .is_some_and(|author| is_body(self.resolved(author)));
            Some(if body && name.contains(' ') {
                vec![format!("{{{name}}}")]
            } else {
                people(&[name])
            })
        });
        byline::once_each(names.flatten().take(30).collect())
    }
}

fn gather(value: Value, objects: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(several) => several.into_iter().for_each(|one| gather(one, objects)),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                gather(graph, objects);
            }
            objects.push(object);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn has_kind(object: &Map<String, Value>, is: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => is(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    has_kind(object, |kind| {
        kind.ends_with("Article")
            || kind.ends_with("Posting")
            || kind == "Report"
            || kind.ends_with("Release")
    })
}

fn is_page(object: &Map<String, Value>) -> bool {
    has_kind(object, |kind| kind == "WebPage")
}

fn is_body(object: &Map<String, Value>) -> bool {
    has_kind(object, |kind| kind.contains("Organization"))
}

/// A text without the entities and tags that pages leave in their data.
fn plain(text: &str) -> String {
    if text.contains(['&', '<']) && text.len() < 10_000 {
        tidy(&Document::fragment(text).text())
    } else {
        tidy(text)
    }
}
