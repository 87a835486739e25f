//! Sources formatted in a citation style, each once in every form that the book needs.

mod entry;
mod run;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::OnceLock;

use hayagriva::citationberg::taxonomy::{Locator, OtherTerm};
use hayagriva::citationberg::{IndependentStyle, LocaleCode};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChildren, Entry,
    LocatorPayload, SpecificLocator, TransparentLocator,
};

use super::position::Mention;
use super::{Address, Page, Rich};
use crate::book::Book;
use crate::csl::{self, Position};
use crate::manuscript::Article;
pub use entry::source_kind;
use run::{Role, Run};

/// What formats the sources of an edition.
pub(super) enum Style<'b> {
    /// Built in.
    Plain,
    /// By rules.
    Csl(Box<Formatter<'b>>),
}

impl<'b> Style<'b> {
    /// The style of a book, given its sources in the order of names.
    pub(super) fn of(book: &'b Book, order: &[usize]) -> Self {
        match &book.style {
            None => Style::Plain,
            Some(style) => Style::Csl(Box::new(Formatter::new(book, style, order))),
        }
    }

    /// What stands between two citations of one note.
    pub(super) fn delimiter(&self) -> &str {
        match self {
            Style::Plain => "; ",
            Style::Csl(formatter) => formatter.style.delimiter(),
        }
    }
}

/// How a source is to be formatted.
#[derive(Clone, Copy)]
enum Form {
    /// In the bibliography.
    Entry,
    /// In a note, with or without a place in it.
    Note { position: Position, located: bool },
}

impl Form {
    const COUNT: usize = 9;

    fn slot(self) -> usize {
        match self {
            Form::Entry => 0,
            Form::Note { position, located } => 1 + place_of(position) * 2 + usize::from(located),
        }
    }

    fn position(self) -> Option<Position> {
        match self {
            Form::Entry => None,
            Form::Note { position, .. } => Some(position),
        }
    }
}

fn place_of(position: Position) -> usize {
    match position {
        Position::First => 0,
        Position::Subsequent => 1,
        Position::Ibid => 2,
        Position::IbidWithLocator => 3,
    }
}

/// Stands for the number of the note in which a source is cited first, which differs from page to page.
const FIRST_NOTE: u32 = 987_654_321;

/// A style that is adapted once for each kind of source, or for all, and each position, or the bibliography.
type Adapted = [[OnceLock<IndependentStyle>; 5]; 4];

/// Formats sources by a style; whatever is asked for again is kept.
pub(super) struct Formatter<'b> {
    articles: &'b [Arc<Article>],
    style: &'b csl::Style,
    language: &'b str,
    /// The number of each source, from zero.
    numbers: Vec<usize>,
    /// Sources that a style may have to tell apart are formatted together.
    groups: Vec<Vec<usize>>,
    group_of: Vec<usize>,
    adapted: Adapted,
    formatted: Vec<[OnceLock<Vec<Run>>; Form::COUNT]>,
}

impl<'b> Formatter<'b> {
    fn new(book: &'b Book, style: &'b csl::Style, order: &[usize]) -> Self {
        let articles = &book.articles;
        let groups = groups(articles, style, order);
        let mut group_of = vec![0; articles.len()];
        for (index, group) in groups.iter().enumerate() {
            for member in group {
                group_of[*member] = index;
            }
        }
        let mut numbers = vec![0; articles.len()];
        for (number, article) in order.iter().enumerate() {
            numbers[*article] = number;
        }
        Formatter {
            articles,
            style,
            language: &book.config.book.language,
            numbers,
            groups,
            group_of,
            adapted: Adapted::default(),
            formatted: articles.iter().map(|_| Default::default()).collect(),
        }
    }

    /// The bibliography's entry of a source.
    pub(super) fn entry(&self, article: usize) -> Vec<Rich<'b>> {
        let front = &self.articles[article].front;
        let position = self.style.known(Position::First);
        let note = Form::Note {
            position,
            located: false,
        };
        let mut runs = Vec::new();
        if self.style.has_bibliography() {
            runs = self.runs(article, Form::Entry).to_vec();
            run::without_second_stop(&mut runs);
        }
        // A style without a bibliography, or without an entry for such a source, has it in its notes.
        if !run::has_words(&runs) {
            runs = self.runs(article, note).to_vec();
            run::stop(&mut runs);
        }
        if !run::has_words(&runs) {
            return vec![Rich::text(front.title.as_str())];
        }
        run::rich(&runs, front.url.as_deref())
    }

    /// A source in a note, with the place in it; `begins` at the beginning of the note.
    pub(super) fn mention(
        &self,
        article: usize,
        mention: Mention,
        begins: bool,
        locator: Vec<Rich<'b>>,
    ) -> Vec<Rich<'b>> {
        let position = self.style.known(mention.position);
        let form = Form::Note {
            position,
            located: !locator.is_empty(),
        };
        let mut runs = self.runs(article, form).to_vec();
        for run in &mut runs {
            run.replace(&FIRST_NOTE.to_string(), &mention.first.to_string());
        }
        let ibid = matches!(position, Position::Ibid | Position::IbidWithLocator);
        match runs.first_mut() {
            Some(first) if begins && self.style.is_for_notes() => first.capitalise(),
            Some(first) if ibid && !begins => first.lower_ibid(),
            _ => {}
        }
        let (open, close) = self.style.affixes();
        let mut words = vec![Rich::text(open.to_owned())];
        let mut to = Address::of(Page::Article(article));
        let mut locator = locator;
        let silent = !runs.iter().any(|run| run.role == Role::Locator);
        if position == Position::Ibid && silent {
            // “Ibid.” says the place as well, and leads there.
            let place = locator.drain(..).find_map(|rich| match rich {
                Rich::Reference { to, .. } => Some(to),
                _ => None,
            });
            to = place.unwrap_or(to);
        }
        let url = self.articles[article].front.url.as_deref();
        words.extend(run::linked(runs, &to, url, locator));
        words.push(Rich::text(close.to_owned()));
        words.retain(|rich| *rich != Rich::text(""));
        words
    }

    /// A source in one form.
    fn runs(&self, article: usize, form: Form) -> &[Run] {
        let kept = &self.formatted[article][form.slot()];
        if kept.get().is_none() {
            let members = &self.groups[self.group_of[article]];
            for (member, runs) in members.iter().zip(self.format(members, form)) {
                // Whoever comes second has the same.
                let _ = self.formatted[*member][form.slot()].set(runs);
            }
        }
        kept.get().map_or(&[], Vec::as_slice)
    }

    /// Sources that are formatted together, in one form.
    fn format(&self, members: &[usize], form: Form) -> Vec<Vec<Run>> {
        let dates: Vec<entry::Dates> = members
            .iter()
            .map(|member| entry::Dates::of(&self.articles[*member].front))
            .collect();
        let mut formatted = self.drive(members, form, |index| dates[index].first);
        if dates.iter().all(entry::Dates::is_usual) {
            return formatted;
        }
        // What changes with the date is the date.
        let other = self.drive(members, form, |index| dates[index].other);
        let circa = self.style.term(OtherTerm::Circa).unwrap_or("ca.");
        for ((runs, other), dates) in formatted.iter_mut().zip(&other).zip(&dates) {
            dates.mend(runs, other, circa);
        }
        formatted
    }

    /// Has the formatter of citations format sources, with these dates.
    fn drive(
        &self,
        members: &[usize],
        form: Form,
        date: impl Fn(usize) -> Option<hayagriva::types::Date>,
    ) -> Vec<Vec<Run>> {
        let entries: Vec<Entry> = members
            .iter()
            .enumerate()
            .map(|(index, member)| entry::entry(&self.articles[*member], date(index)))
            .collect();
        let style = self.adapted(members, form.position());
        let code = self.style.code();
        let first = members.first().map_or(0, |member| self.numbers[*member]);
        let mut driver = BibliographyDriver::new().with_citation_number_offset(first);
        for (entry, member) in entries.iter().zip(members) {
            let located = matches!(form, Form::Note { located: true, .. });
            let locator = located.then(|| {
                let place = LocatorPayload::Transparent(TransparentLocator::new(()));
                SpecificLocator(Locator::Paragraph, place)
            });
            let language = self.articles[*member].front.language.as_deref();
            let language = LocaleCode(language.unwrap_or(self.language).to_owned());
            let item = CitationItem::new(entry, locator, Some(language), false, None);
            let files = &self.style.locale;
            let number = Some(FIRST_NOTE as usize);
            driver.citation(CitationRequest::new(
                vec![item],
                style,
                code.clone(),
                files,
                number,
            ));
        }
        let rendered = driver.finish(BibliographyRequest::new(style, code, &self.style.locale));
        let runs = |children: &ElemChildren, member: &usize| {
            run::flatten(children, &self.articles[*member].front.title)
        };
        let Some(list) = rendered
            .bibliography
            .filter(|_| matches!(form, Form::Entry))
        else {
            let citations = rendered.citations.iter().zip(members);
            return citations
                .map(|(citation, member)| runs(&citation.citation, member))
                .collect();
        };
        let mut items: BTreeMap<String, ElemChildren> = BTreeMap::new();
        for item in list.items {
            let mut children: Vec<_> = item.first_field.into_iter().collect();
            if !children.is_empty() {
                children.push(run::space());
            }
            children.extend(item.content.0);
            items.insert(item.key, ElemChildren(children));
        }
        let item = |member: &usize| items.get(&self.articles[*member].key);
        let all = members.iter();
        all.map(|member| item(member).map_or_else(Vec::new, |item| runs(item, member)))
            .collect()
    }

    fn adapted(&self, members: &[usize], position: Option<Position>) -> &IndependentStyle {
        let kind = match members {
            [only] => Some(entry::source_kind(&self.articles[*only].front)),
            _ => None,
        };
        let row = kind.map_or(3, |kind| match kind {
            csl::Kind::Newspaper => 0,
            csl::Kind::Webpage => 1,
            csl::Kind::Document => 2,
        });
        let column = position.map_or(4, place_of);
        self.adapted[row][column].get_or_init(|| self.style.adapted(kind, position))
    }
}

/// Sources that may look the same in a note: by one author in one year, or of one title. Each group is in the
/// bibliography's order, so that its letters are.
fn groups(articles: &[Arc<Article>], style: &csl::Style, order: &[usize]) -> Vec<Vec<usize>> {
    if !style.has_year_suffixes() || style.is_numeric() {
        return (0..articles.len()).map(|article| vec![article]).collect();
    }
    let mut groups: BTreeMap<(String, Option<i32>), Vec<usize>> = BTreeMap::new();
    for article in order {
        let front = &articles[*article].front;
        let name = front
            .names
            .first()
            .map_or(&front.title, |person| &person.family);
        let year = entry::Dates::of(front).first.map(|date| date.year);
        groups
            .entry((name.to_lowercase(), year))
            .or_default()
            .push(*article);
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests;
