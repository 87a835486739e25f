//! What became of a quotation: it stands where it is cited, elsewhere, in several places, nearly, or nowhere.

use super::drift::Passage;
use super::fold::Folded;
use super::located::Located;
use super::matching::{is_edge, squeezed};
use super::report::{
    altered, ambiguous, drifted, excerpt, list, moved, moved_over_ends, not_beside, not_there, run,
    trust_in_move, word_count,
};
use super::wanted::{Beside, Wanted};
use super::whereabouts::Whereabouts;
use super::{Cited, State, Verifier};
use crate::diagnostic::{Diagnostic, Lint, Trust};
use crate::reference::{Citation, QUOTATION_MARKS, is_marked_otherwise};
use crate::source::Text;

impl Verifier {
    pub(super) fn quotation(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        located: Option<&Located>,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        let wanted = Wanted::new(&quotation.text, &cited.beside);
        if wanted.is_empty() {
            let empty = Diagnostic::new(
                Lint::InvalidCitation,
                citation.span,
                "the quotation is empty",
            );
            return (
                None,
                vec![empty.help("quote some words, or leave the quotation marks out")],
            );
        }
        if article.is_record() {
            let message = format!(
                "`{}` is a record without a text, so nothing can be quoted from it",
                article.key
            );
            let diagnostic = Diagnostic::new(Lint::LostQuotation, quotation.whole(), message);
            return (
                None,
                vec![diagnostic.help("cite it as a whole, or add its text to the file")],
            );
        }
        if let Some(found) = located.and_then(|located| self.stands_in(index, located, &wanted)) {
            if let Some(word) = found.altered {
                return (None, vec![altered(quotation, &word)]);
            }
            cited.state = State::Verified;
            return (Some(cited), Vec::new());
        }
        let found = self.paragraphs_with(index, &wanted);
        let left = match located {
            Some(_) => None,
            None => self.left(index, &wanted, &found),
        };
        match (located.or(left.as_ref()), found.as_slice()) {
            (_, []) => self.inexact(index, citation, quotation, located, cited),
            (None, [only]) => {
                cited.paragraphs = vec![*only];
                cited.state = State::Verified;
                (Some(cited), Vec::new())
            }
            (None, several) => {
                let places = self.surroundings(index, several, &wanted);
                let cite = self.how_to_cite([(index, several)].into_iter());
                let diagnostic = ambiguous(article, quotation, &places, cite);
                cited.paragraphs = vec![several[0]];
                cited.state = State::Ambiguous;
                (Some(cited), vec![diagnostic])
            }
            (Some(located), places) => {
                self.elsewhere(index, citation, quotation, (located, places), cited)
            }
        }
    }

    /// Says of a remark that it nearly is what the cited paragraphs say: its quotation marks were forgotten.
    pub fn unmarked(&self, citation: &Citation) -> Option<Diagnostic> {
        /// Fewer words may be a remark's own.
        const LEAST_WORDS: usize = 4;
        let remark = citation.suffix.as_str();
        if citation.quotation.is_some()
            || word_count(remark) < LEAST_WORDS
            || is_marked_otherwise(remark)
            || remark.contains(QUOTATION_MARKS)
        {
            return None;
        }
        let index = self.source_of(citation)?;
        let article = &self.articles[index];
        if article.is_record() || !article.sound {
            return None;
        }
        let lead = self.lead(index, citation.locator.as_ref()?, &[]).ok()?;
        let near = self.nearest_in(index, remark, &lead.located)?.near;
        let named = article.named();
        let message = format!("`{remark}` is a remark here, and stands in {named}, or nearly so");
        let help = "put quotation marks round the source's words, so that they are verified";
        near.then(|| Diagnostic::new(Lint::LooksLikeCitation, citation.span, message).help(help))
    }

    /// A quotation whose words stand in other places than where it is cited, or where it was settled.
    fn elsewhere(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        (located, places): (&Located, &[u32]),
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        let wanted = Wanted::new(&quotation.text, &cited.beside);
        let words = (quotation.text.as_str(), &wanted);
        let locator = citation.locator.as_ref();
        match self.whereabouts(index, locator, words, located, places) {
            Whereabouts::There(came) => {
                let trust = self.trust_in_move(index, citation, quotation, located);
                let moved = moved(article, citation, quotation, &came).trusted(trust);
                cited.paragraphs = vec![came[0]];
                cited.of_title = false;
                cited.state = State::Moved;
                (Some(cited), vec![moved])
            }
            Whereabouts::Nearly(passage) => {
                cited.paragraphs.clone_from(&located.paragraphs);
                self.near(index, quotation, (passage, false), Some(located), cited)
            }
            Whereabouts::Unknown => {
                cited.paragraphs = vec![places[0]];
                cited.state = State::Ambiguous;
                let unknown = self.not_there(index, Lint::AmbiguousQuotation, quotation, places);
                (Some(cited), vec![unknown])
            }
            Whereabouts::Lost => {
                let lost = self.not_there(index, Lint::LostQuotation, quotation, places);
                (None, vec![lost])
            }
        }
    }

    /// Says that words stand in some places, none of which is known for that from which they were cited.
    pub(super) fn not_there(
        &self,
        index: usize,
        lint: Lint,
        quotation: &Text,
        places: &[u32],
    ) -> Diagnostic {
        let stood = || places.iter().all(|place| self.stood_before(index, *place));
        let new = self.is_edited(index) && !stood();
        let cite = self.how_to_cite([(index, places)].into_iter());
        not_there(&self.articles[index], lint, quotation, (places, cite), new)
    }

    /// A quotation is cited from another paragraph unasked only where it does not nearly stand in its own, and where it is
    /// not known to have been wrong all along.
    pub(super) fn trust_in_move(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        located: &Located,
    ) -> Trust {
        let near = self.nearest_in(index, &quotation.text, located);
        let wanted = Wanted::new(&quotation.text, &Beside::of(citation));
        let locator = citation.locator.as_ref();
        let was_wrong =
            || locator.is_some_and(|locator| self.was_never_there(index, locator, &wanted));
        if near.is_some_and(|passage| passage.near) || was_wrong() {
            return Trust::Suggested;
        }
        trust_in_move(locator, quotation)
    }

    /// A quotation that stands word for word in no paragraph.
    fn inexact(
        &self,
        index: usize,
        citation: &Citation,
        quotation: &Text,
        located: Option<&Located>,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let article = &self.articles[index];
        if let Some(diagnostic) = self.wrong_neighbour(index, citation, located) {
            return (None, vec![diagnostic]);
        }
        let wanted = Wanted::new(&quotation.text, &cited.beside);
        if located.is_none()
            && let Some(word) = self.altered_in(index, &wanted)
        {
            return (None, vec![altered(quotation, &word)]);
        }
        let nearest = self.nearest(index, &quotation.text, located);
        if let Some((passage, _)) = &nearest
            && let paragraphs = passage.paragraphs()
            && self.runs_over_ends(index, &paragraphs, &wanted)
        {
            let moved = located.map(|_| moved_over_ends(article, citation, quotation, &paragraphs));
            cited.state = located.map_or(State::Verified, |_| State::Moved);
            cited.paragraphs = paragraphs;
            cited.of_title = false;
            return (Some(cited), moved.into_iter().collect());
        }
        let locator = citation.locator.as_ref();
        match nearest {
            Some((passage, elsewhere))
                if self.has_drifted_from(index, locator, &wanted, &passage) =>
            {
                self.near(index, quotation, (passage, elsewhere), located, cited)
            }
            hint => {
                let hint = hint.map(|(passage, _)| passage);
                (None, vec![self.lost(index, quotation, located, hint)])
            }
        }
    }

    /// A quotation that has drifted from a passage; whether that is elsewhere than where it is cited.
    fn near(
        &self,
        index: usize,
        quotation: &Text,
        (passage, elsewhere): (Passage, bool),
        located: Option<&Located>,
        mut cited: Cited,
    ) -> (Option<Cited>, Vec<Diagnostic>) {
        let of_title = located.is_some_and(|located| located.of_title) && !elsewhere;
        let words = self.in_source(index, &passage, of_title);
        let diagnostic = drifted(&self.articles[index], quotation, &passage, words, elsewhere);
        cited.state = State::Drifted;
        if !of_title {
            if elsewhere || located.is_none() {
                cited.paragraphs = passage.paragraphs();
                cited.of_title = false;
            }
            cited.near = self.unfolded(index, passage.places);
        }
        (Some(cited), vec![diagnostic])
    }

    /// What a passage is called, and its words as the source writes them, on one line.
    pub(super) fn in_source(
        &self,
        index: usize,
        passage: &Passage,
        of_title: bool,
    ) -> (String, String) {
        let article = &self.articles[index];
        let one_line = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        if of_title {
            let title = article.front.title.as_str();
            let folded = Folded::new(title);
            let ranges = passage.places.iter().map(|(_, range)| range.clone());
            let words = ranges.map(|range| one_line(&title[folded.original(title, range)]));
            return ("the title".to_owned(), words.collect());
        }
        let places = self.unfolded(index, passage.places.clone());
        let words = places.into_iter().filter_map(|(number, range)| {
            let paragraph = article.document.paragraph(number)?;
            Some(one_line(&paragraph.unstruck(range)))
        });
        let words: Vec<String> = words.collect();
        (run(&passage.paragraphs()), words.join(" "))
    }

    /// Says so where a quotation stands, but not beside the words of its `before` or `after`.
    fn wrong_neighbour(
        &self,
        index: usize,
        citation: &Citation,
        located: Option<&Located>,
    ) -> Option<Diagnostic> {
        let quotation = citation.quotation.as_ref()?;
        let stands = |before: Option<&Text>, after: Option<&Text>| {
            let words = |text: Option<&Text>| text.map(|text| text.text.to_string());
            let beside = Beside {
                before: words(before),
                after: words(after),
            };
            let wanted = Wanted::new(&quotation.text, &beside);
            let cited = located.and_then(|located| self.stands_in(index, located, &wanted));
            cited.is_some() || !self.paragraphs_with(index, &wanted).is_empty()
        };
        let (before, after) = (citation.before.as_deref(), citation.after.as_deref());
        if before.or(after).is_none() || !stands(None, None) {
            return None;
        }
        let (words, side) = match (before, after) {
            (Some(words), _) if !stands(before, None) => (words, "before"),
            (_, Some(words)) => (words, "after"),
            (Some(words), None) => (words, "before"),
            (None, None) => return None,
        };
        Some(not_beside(&self.articles[index], words, side))
    }

    /// Whether words stand in consecutive paragraphs, from one into the next.
    pub(super) fn runs_over_ends(&self, index: usize, paragraphs: &[u32], wanted: &Wanted) -> bool {
        let located = Located {
            paragraphs: paragraphs.to_vec(),
            of_title: false,
        };
        let found = self.stands_in(index, &located, wanted);
        paragraphs.len() > 1 && found.is_some_and(|found| found.altered.is_none())
    }

    /// Some paragraphs that have a quotation, each with words round it.
    fn surroundings(
        &self,
        index: usize,
        paragraphs: &[u32],
        wanted: &Wanted,
    ) -> Vec<(u32, String)> {
        let folded = self.folded(index);
        let document = &self.articles[index].document;
        let round = |number: u32| {
            let text = &document.paragraph(number)?.prose.text.text;
            let found = wanted.find(&folded[number as usize - 1])?;
            let at = folded[number as usize - 1]
                .original(text, found.range)
                .start;
            Some((number, excerpt(text, at)))
        };
        paragraphs
            .iter()
            .filter_map(|number| round(*number))
            .collect()
    }

    pub(super) fn lost(
        &self,
        index: usize,
        quotation: &Text,
        located: Option<&Located>,
        hint: Option<Passage>,
    ) -> Diagnostic {
        let article = &self.articles[index];
        if let Some(number) = self.omitted_with(index, quotation) {
            let message = format!(
                "these words stand in ¶{number} of `{}`, which `omit` leaves out",
                article.key
            );
            return Diagnostic::new(Lint::LostQuotation, quotation.whole(), message)
                .help("quote what is shown, or take the number out of the article's `omit`");
        }
        let place = match located {
            Some(located) if located.of_title => format!("the title of `{}`", article.key),
            _ => article.named(),
        };
        let mut diagnostic = Diagnostic::new(
            Lint::LostQuotation,
            quotation.whole(),
            format!("these words do not stand in {place}"),
        );
        if let Some(parts) = located.and_then(|located| self.parts_of(index, located, quotation)) {
            diagnostic.message = format!(
                "these words stand in {} of `{}`, with other paragraphs between them",
                list(&parts),
                article.key
            );
            return diagnostic.help("quote each part by itself");
        }
        if located.is_none_or(|located| !located.of_title) && self.title_has(index, &quotation.text)
        {
            return diagnostic.help("they stand in its title: cite that, `^title`");
        }
        if let Some((number, words)) = self.parted_otherwise(index, &quotation.text) {
            return diagnostic
                .help(format!("¶{number} has “{words}”: words that are joined are parted there, or the other way round"))
                .fix(quotation.whole(), words);
        }
        let places = hint.map_or(Vec::new(), |passage| self.unfolded(index, passage.places));
        let nearest = places.first().and_then(|(number, range)| {
            let paragraph = article.document.paragraph(*number)?;
            Some((number, excerpt(&paragraph.prose.text.text, range.start)))
        });
        match nearest {
            Some((number, words)) => diagnostic.help(format!("the nearest is ¶{number}: {words}")),
            None => diagnostic.help("quote the source's own words, or leave the quotation out"),
        }
    }

    /// The located paragraphs in which a quotation's words stand one behind the other, but for others between them.
    fn parts_of(&self, index: usize, located: &Located, quotation: &Text) -> Option<Vec<u32>> {
        /// A quotation over more paragraphs than these is not taken apart.
        const MOST_PARTS: usize = 12;
        if located.paragraphs.len() > MOST_PARTS {
            return None;
        }
        let folded = self.folded(index);
        let wanted = Wanted::plain(&quotation.text);
        let texts = |numbers: &[u32]| {
            let texts = numbers.iter().map(|number| &folded[*number as usize - 1]);
            Folded::joined(texts).0
        };
        let stands = |numbers: &[u32]| {
            let found = wanted.find(&texts(numbers));
            found.is_some_and(|found| found.altered.is_none())
        };
        let mut parts = located.paragraphs.as_slice();
        if !stands(parts) {
            return None;
        }
        while let [_, rest @ ..] = parts
            && stands(rest)
        {
            parts = rest;
        }
        while let [rest @ .., _] = parts
            && stands(rest)
        {
            parts = rest;
        }
        Some(parts.to_vec())
    }

    /// Words of an article that are the quoted ones but for spaces and hyphens, and their paragraph.
    fn parted_otherwise(&self, index: usize, quotation: &str) -> Option<(u32, String)> {
        let (sought, _) = squeezed(&Folded::new(quotation).text);
        if sought.is_empty() {
            return None;
        }
        let article = &self.articles[index];
        let shown = article.document.paragraphs.iter();
        let mut shown = shown.filter(|paragraph| !article.omits(paragraph.number));
        shown.find_map(|paragraph| {
            let folded = &self.folded(index)[paragraph.number as usize - 1];
            let (text, places) = squeezed(&folded.text);
            let mut found = text.match_indices(&sought).map(|(at, _)| {
                let last = at + sought.len() - 1;
                places[at]..places[last] + 1
            });
            let whole =
                found.find(|range| is_edge(folded, range.start) && is_edge(folded, range.end))?;
            let (number, range) = self
                .unfolded(index, vec![(paragraph.number, whole)])
                .pop()?;
            let words = paragraph.unstruck(range);
            let words: Vec<&str> = words.split_whitespace().collect();
            let words = words.join(" ");
            (!words.contains(QUOTATION_MARKS)).then_some((number, words))
        })
    }

    fn title_has(&self, index: usize, quotation: &str) -> bool {
        let title = Folded::new(&self.articles[index].front.title);
        Wanted::plain(quotation).find(&title).is_some()
    }

    /// The paragraph with the quoted words that is not shown.
    fn omitted_with(&self, index: usize, quotation: &Text) -> Option<u32> {
        let article = &self.articles[index];
        let wanted = Wanted::new(&quotation.text, &Beside::default());
        let numbers = article.document.paragraphs.iter().map(|p| p.number);
        numbers
            .filter(|number| article.omits(*number))
            .find(|number| {
                wanted
                    .find(&self.folded(index)[*number as usize - 1])
                    .is_some()
            })
    }
}
