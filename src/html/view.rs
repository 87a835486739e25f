//! What templates get: documented views, built by hand so that markup stays apart from text.

mod registers;

use std::collections::BTreeMap;

use tera::{Context, Value};

use super::about::about;
use super::beacon;
use super::markup::Markup;
use super::path::Here;
use super::render::{Renderer, plain};
use super::whole;
use crate::book::Home;
use crate::edition::{Address, Citing, Edition, Endnote, Flow, Page, direction};
use crate::markdown::Document;
use crate::reference::When;

/// A map of named values.
pub(super) fn view<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::from(BTreeMap::from(fields))
}

/// `{title, href}`
fn link(title: &str, href: String) -> Value {
    view([("title", title.into()), ("href", href.into())])
}

/// What every page gets.
pub(super) fn shared(edition: &Edition<'_>) -> Context {
    let book = &edition.book.config.book;
    let mut context = Context::new();
    context.insert_value(
        "book",
        view([
            ("title", book.title.as_str().into()),
            ("subtitle", book.subtitle.clone().into()),
            ("authors", book.authors.clone().into()),
            ("description", book.description.clone().into()),
            ("language", book.language.as_str().into()),
            ("dir", direction(&book.language).name().into()),
            ("date", date(book.date.as_deref()).into()),
            ("banner", book.banner.clone().into()),
        ]),
    );
    let site = &edition.book.config.site;
    let picture = |picture: &Option<(String, _)>| {
        let name = picture.as_ref().map(|(name, _)| name);
        name.map(|name| format!("assets/{name}"))
    };
    context.insert_value(
        "site",
        view([
            ("url", site.url.clone().into()),
            ("logo", picture(&site.logo).into()),
            ("favicon", picture(&site.favicon).into()),
            ("feed", beacon::has_feed(edition).into()),
        ]),
    );
    context.insert_value("words", Value::from(edition.words.all().clone()));
    context
}

/// A date as a reader writes it.
fn date(date: Option<&str>) -> Option<String> {
    Some(When::parse(date?)?.in_words())
}

/// Makes the view of one page.
pub(super) struct Viewer<'r> {
    edition: &'r Edition<'r>,
    page: Page,
    here: Here<'r>,
}

impl<'r> Viewer<'r> {
    pub(super) fn new(edition: &'r Edition<'r>, page: Page) -> Self {
        Viewer {
            edition,
            page,
            here: Here::new(edition, page),
        }
    }

    /// The page's own view, its neighbours in reading order given.
    pub(super) fn context(&self, before: Option<Page>, after: Option<Page>) -> Context {
        let mut context = Context::new();
        let mut contents = Vec::new();
        match self.page {
            Page::Index => self.index(&mut context),
            Page::Chapter(index) => contents = self.chapter(index, &mut context),
            Page::Article(index) => contents = self.article(index, &mut context),
            Page::Timeline => self.timeline(&mut context),
            Page::Claims => self.claims(&mut context),
            Page::Glossary => self.glossary(&mut context),
            Page::Term(index) => self.term(index, &mut context),
            Page::Tag(index) => self.tag(index, &mut context),
            Page::Sources => self.sources(&mut context),
            Page::NotFound => {}
        }
        let neighbour = |page: Option<Page>| page.map(|page| self.link_to(page));
        context.insert_value(
            "page",
            view([
                ("kind", kind(self.page).into()),
                ("title", self.edition.title(self.page).into()),
                ("path", self.edition.path(self.page).into()),
                ("root", self.here.root().into()),
                ("base", beacon::base(self.edition, self.page).into()),
                ("address", beacon::address(self.edition, self.page).into()),
                ("description", self.edition.opening(self.page).into()),
                ("crumbs", self.crumbs().into()),
                ("prev", neighbour(before).into()),
                ("next", neighbour(after).into()),
                ("toc", contents.into()),
            ]),
        );
        context.insert_value("nav", view([("lists", self.lists().into())]));
        context
    }

    fn link_to(&self, page: Page) -> Value {
        link(self.edition.title(page), self.here.href(&Address::of(page)))
    }

    /// `[{title, href|null}]`: what leads down to this page, from the book on.
    fn crumbs(&self) -> Vec<Value> {
        let edition = self.edition;
        let index = Address::of(Page::Index);
        let below_index = |title: &str, anchor: &str| {
            link(title, self.here.href(&Address::at(Page::Index, anchor)))
        };
        let above = match self.page {
            Page::Index | Page::NotFound => return Vec::new(),
            Page::Timeline | Page::Claims | Page::Glossary | Page::Sources => None,
            Page::Chapter(chapter) => {
                let part = edition.part_of(chapter);
                let title = edition.parts()[part].title;
                let title = title.unwrap_or(edition.words.get("chapters"));
                Some(below_index(title, &format!("_part-{}", part + 1)))
            }
            Page::Article(_) => Some(below_index(edition.words.get("articles"), "_sources")),
            Page::Term(term) => Some(link(
                edition.title(Page::Glossary),
                self.here.href(&edition.term_address(term)),
            )),
            Page::Tag(_) => Some(below_index(edition.words.get("tags"), "_tags")),
        };
        let book = link(edition.title(Page::Index), self.here.href(&index));
        let here = view([
            ("title", edition.title(self.page).into()),
            ("href", Value::none()),
        ]);
        [Some(book), above, Some(here)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// How many entries a list has.
    fn entries(&self, list: Page) -> usize {
        let book = self.edition.book;
        match list {
            Page::Timeline => book.events.len(),
            Page::Claims => book.claims.len(),
            Page::Glossary => book.terms.len(),
            Page::Sources => book.articles.len(),
            Page::Index
            | Page::Chapter(_)
            | Page::Article(_)
            | Page::Term(_)
            | Page::Tag(_)
            | Page::NotFound => 0,
        }
    }

    pub(super) fn lists(&self) -> Vec<Value> {
        let lists = self.edition.lists().into_iter().flatten();
        lists
            .map(|page| {
                view([
                    ("title", self.edition.title(page).into()),
                    ("href", self.here.href(&Address::of(page)).into()),
                    ("current", (page == self.page).into()),
                    ("count", self.entries(page).into()),
                ])
            })
            .collect()
    }

    fn index(&self, context: &mut Context) {
        let edition = self.edition;
        let parts: Vec<Value> = edition
            .parts()
            .iter()
            .map(|part| {
                let chapters = part.chapters.clone().map(|index| {
                    view([
                        (
                            "number",
                            edition.chapter_number(index).map(|n| n.to_string()).into(),
                        ),
                        ("title", edition.title(Page::Chapter(index)).into()),
                        (
                            "href",
                            self.here.href(&Address::of(Page::Chapter(index))).into(),
                        ),
                        (
                            "summary",
                            sections(&edition.book.chapters[index].document).into(),
                        ),
                    ])
                });
                view([
                    ("title", part.title.into()),
                    ("chapters", chapters.collect::<Vec<_>>().into()),
                ])
            })
            .collect();
        let articles: Vec<Value> = edition
            .sources()
            .into_iter()
            .map(|index| {
                let article = &edition.book.articles[index];
                view([
                    ("title", article.front.title.as_str().into()),
                    (
                        "href",
                        self.here.href(&Address::of(Page::Article(index))).into(),
                    ),
                    ("publication", article.front.publication.clone().into()),
                    ("date", article.front.date.map(When::in_words).into()),
                    ("paragraphs", article.document.paragraphs.len().into()),
                    ("cited", edition.book.citing(index).count().into()),
                ])
            })
            .collect();
        context.insert_value("parts", parts.into());
        context.insert_value("articles", articles.into());
        context.insert_value("verified", edition.summary().into());
        let tags = edition.book.tags.iter().enumerate();
        let tags: Vec<Value> = tags
            .map(|(tag, named)| {
                view([
                    ("title", named.name.as_str().into()),
                    ("href", self.here.href(&Address::of(Page::Tag(tag))).into()),
                    ("count", named.homes.len().into()),
                ])
            })
            .collect();
        context.insert_value("tags", tags.into());
        context.insert_value("whole", whole::is_made(edition).into());
        context.insert_value("pdf", edition.pdf.then(|| edition.pdf_name()).into());
    }

    fn chapter(&self, index: usize, context: &mut Context) -> Vec<Value> {
        let renderer = Renderer::new(self.edition, self.here);
        let front = &self.edition.book.chapters[index].front;
        let flow = self.edition.flow(Home::Chapter(index));
        let html = renderer.flow(&flow);
        let notes = self.edition.notes(Home::Chapter(index));
        let number = self
            .edition
            .chapter_number(index)
            .map(|number| number.to_string());
        context.insert_value(
            "chapter",
            view([
                ("number", number.into()),
                ("title", self.edition.title(self.page).into()),
                (
                    "author",
                    (!front.author.is_empty())
                        .then(|| front.author.join(", "))
                        .into(),
                ),
                ("date", front.date.map(When::in_words).into()),
                ("highlighted", html.is_highlighted().into()),
                ("html", html.into()),
                ("remarks", self.remarks(Home::Chapter(index)).into()),
                ("tags", self.tags(Home::Chapter(index)).into()),
            ]),
        );
        let notes: Vec<Value> = notes.iter().map(|own| note(own, &renderer)).collect();
        context.insert_value("notes", notes.into());
        contents(&flow)
    }

    fn article(&self, index: usize, context: &mut Context) -> Vec<Value> {
        let article = &self.edition.book.articles[index];
        let front = &article.front;
        let flow = self.edition.flow(Home::Article(index));
        let language = foreign(self.edition, Home::Article(index));
        let mut renderer = Renderer::new(self.edition, self.here);
        renderer.foreign = language.is_some();
        let html = renderer.flow(&flow);
        let notes = self.edition.notes(Home::Article(index));
        let notes: Vec<Value> = notes.iter().map(|own| note(own, &renderer)).collect();
        context.insert_value("notes", notes.into());
        let omitted: Vec<String> = front.omit.iter().map(Edition::numbers_of).collect();
        let author = (!front.author.is_empty()).then(|| front.author.join(", "));
        context.insert_value(
            "article",
            view([
                ("id", article.key.as_str().into()),
                ("title", front.title.as_str().into()),
                ("lang", language.into()),
                (
                    "dir",
                    language.map(|language| direction(language).name()).into(),
                ),
                ("author", author.into()),
                ("publication", front.publication.clone().into()),
                ("date", front.date.map(When::in_words).into()),
                ("url", front.url.clone().into()),
                ("accessed", front.accessed.map(When::in_words).into()),
                ("translated_from", front.translated_from.clone().into()),
                ("rating", front.rating.clone().into()),
                (
                    "omitted",
                    (!omitted.is_empty()).then(|| omitted.join(", ")).into(),
                ),
                ("tags", self.tags(Home::Article(index)).into()),
                ("remarks", self.remarks(Home::Article(index)).into()),
                ("highlighted", html.is_highlighted().into()),
                ("html", html.into()),
                ("paragraphs", article.document.paragraphs.len().into()),
                ("record", article.is_record().into()),
                ("about", about(front)),
            ]),
        );
        contents(&flow)
    }

    fn sources(&self, context: &mut Context) {
        let edition = self.edition;
        let renderer = Renderer::new(edition, self.here);
        let sources: Vec<Value> = edition
            .sources()
            .into_iter()
            .map(|index| {
                let citing = edition.citing_article(index);
                view([
                    ("id", edition.book.articles[index].key.as_str().into()),
                    ("html", renderer.inline(&edition.entry(index)).into()),
                    (
                        "href",
                        self.here.href(&Address::of(Page::Article(index))).into(),
                    ),
                    ("count", citing.len().into()),
                    ("places", self.in_line(&citing).into()),
                ])
            })
            .collect();
        context.insert_value("sources", sources.into());
    }

    /// The comments on a document as a whole.
    fn remarks(&self, home: Home) -> Markup {
        let mut out = Markup::new();
        let remarks = self.edition.remarks(home, None);
        Renderer::new(self.edition, self.here).remarks(&remarks, &mut out);
        out
    }

    /// `[{title, href}]`
    fn tags(&self, home: Home) -> Vec<Value> {
        let book = self.edition.book;
        let tags = book.tags_of(home).iter();
        tags.filter_map(|name| book.tag(name))
            .map(|tag| self.link_to(Page::Tag(tag)))
            .collect()
    }

    /// Links in one line; a large book has too many of them for a template.
    fn in_line(&self, citing: &[Citing<'_>]) -> Markup {
        let mut out = Markup::new();
        for (index, place) in citing.iter().enumerate() {
            out.raw(if index > 0 {
                " · <a href=\""
            } else {
                "<a href=\""
            });
            self.here.write_href(&place.to, &mut out);
            out.raw("\">").text(&place.title).raw("</a>");
        }
        out
    }
}

fn kind(page: Page) -> &'static str {
    match page {
        Page::Index => "index",
        Page::Chapter(_) => "chapter",
        Page::Article(_) => "article",
        Page::Timeline => "timeline",
        Page::Claims => "claims",
        Page::Glossary => "glossary",
        Page::Term(_) => "term",
        Page::Tag(_) => "tag",
        Page::Sources => "sources",
        Page::NotFound => "not-found",
    }
}

/// The language of a source that is not in the book's own.
pub(super) fn foreign<'e>(edition: &'e Edition<'_>, home: Home) -> Option<&'e str> {
    let language = edition.book.front(home)?.language.as_deref()?;
    (language != edition.book.config.book.language).then_some(language)
}

/// `{number, id, back, html}`
pub(super) fn note(note: &Endnote<'_>, renderer: &Renderer<'_>) -> Value {
    let number = note.number;
    view([
        ("number", number.into()),
        ("id", format!("{}n{number}", renderer.prefix()).into()),
        ("back", format!("#{}c{number}", renderer.prefix()).into()),
        ("html", renderer.inline(&note.content).into()),
    ])
}

/// What the sections of a chapter are about, in one line; none where it has none.
fn sections(document: &Document) -> Option<String> {
    let sections = document.headings().filter(|heading| heading.level == 2);
    let titles: Vec<&str> = sections
        .map(|heading| heading.prose.text.text.as_str())
        .take(MOST_SECTIONS + 1)
        .collect();
    let shown = titles.iter().take(MOST_SECTIONS).copied();
    let rest = (titles.len() > MOST_SECTIONS).then_some("…");
    let line = shown.chain(rest).collect::<Vec<_>>().join(" · ");
    (!line.is_empty()).then_some(line)
}

/// The contents of the book name so many sections of a chapter.
const MOST_SECTIONS: usize = 8;

/// The page's headings: `{title, href, level}`.
fn contents(flow: &[Flow<'_>]) -> Vec<Value> {
    flow.iter()
        .filter_map(|block| match block {
            Flow::Heading {
                level,
                slug,
                content,
            } if *level <= 3 => Some(view([
                ("title", plain(content).into()),
                ("href", format!("#{slug}").into()),
                ("level", u32::from(*level).into()),
            ])),
            _ => None,
        })
        .collect()
}
