//! A style's questions after type and position, answered once.
//!
//! A style is a program that asks of each source what it is and where it was cited before. We know: it is a newspaper
//! article, a web page or a document, and the position follows from the notes themselves. So the branches that cannot
//! be taken are cut off, which is most of a style, and formatting takes a fraction of the time. It also keeps *ibid.*
//! our own rule, not the formatter's.

use std::collections::BTreeSet;

use hayagriva::citationberg::taxonomy::{
    DateVariable, Kind as CslKind, NameVariable, NumberVariable, StandardVariable, Variable,
};
use hayagriva::citationberg::{
    Choose, ChooseBranch, ChooseMatch, ElseBranch, IndependentStyle, Layout,
    LayoutRenderingElement as Element, NamesChild, TestPosition,
};

use super::check;

/// What a source is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It appeared in a publication.
    Newspaper,
    /// It has an address alone.
    Webpage,
    /// Neither.
    Document,
}

impl Kind {
    fn csl(self) -> CslKind {
        match self {
            Kind::Newspaper => CslKind::ArticleNewspaper,
            Kind::Webpage => CslKind::Webpage,
            Kind::Document => CslKind::Document,
        }
    }
}

/// Where a citation stands among those of its source (CSL 1.0.2, “Choose”).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    /// The page has not cited the source before.
    First,
    /// It has.
    Subsequent,
    /// The citation before it was of the same source and place.
    Ibid,
    /// The citation before it was of the same source, at another place.
    IbidWithLocator,
}

impl Position {
    fn is(self, test: TestPosition) -> bool {
        match test {
            TestPosition::First => self == Position::First,
            // A page's notes are near one another.
            TestPosition::Subsequent | TestPosition::NearNote => self != Position::First,
            TestPosition::Ibid => matches!(self, Position::Ibid | Position::IbidWithLocator),
            TestPosition::IbidWithLocator => self == Position::IbidWithLocator,
        }
    }
}

/// What is known of the sources that are to be formatted.
#[derive(Clone, Copy)]
struct Known {
    kind: Option<Kind>,
    /// None in the bibliography, where every test of a position is false.
    position: Option<Position>,
}

/// The style for sources of one kind, in one position or in the bibliography.
pub(super) fn adapted(
    style: &IndependentStyle,
    kind: Option<Kind>,
    position: Option<Position>,
) -> IndependentStyle {
    let known = Known { kind, position };
    let mut style = style.clone();
    if position.is_some() {
        style.bibliography = None;
    } else if kind.is_some() {
        // Only the entry itself is wanted.
        style.citation.layout = Layout::with_elements(Vec::new());
    }
    let layout = &mut style.citation.layout;
    (layout.prefix, layout.suffix) = (None, None);
    known.prune_all(&mut layout.elements);
    if let Some(bibliography) = &mut style.bibliography {
        bibliography.sort = None;
        known.prune_all(&mut bibliography.layout.elements);
    }
    for entry in &mut style.macros {
        known.prune_all(&mut entry.children);
    }
    drop_unused(&mut style);
    style
}

impl Known {
    fn prune_all(self, elements: &mut [Element]) {
        for element in elements {
            match element {
                Element::Group(group) => self.prune_all(&mut group.children),
                Element::Choose(choose) => self.prune(choose),
                Element::Names(names) => {
                    for child in &mut names.children {
                        if let NamesChild::Substitute(substitute) = child {
                            self.prune_all(&mut substitute.children);
                        }
                    }
                }
                Element::Text(_) | Element::Date(_) | Element::Number(_) | Element::Label(_) => {}
            }
        }
    }

    /// Cuts off the branches that are never taken, and the tests that are always true.
    fn prune(self, choose: &mut Choose) {
        let first = std::mem::replace(&mut choose.if_, always(Vec::new()));
        let mut kept = Vec::new();
        let mut otherwise = choose.otherwise.take().map(|branch| branch.children);
        for mut branch in std::iter::once(first).chain(choose.else_if.drain(..)) {
            match self.decide(&mut branch) {
                Some(true) => {
                    otherwise = Some(branch.children);
                    break;
                }
                Some(false) => {}
                None => kept.push(branch),
            }
        }
        for branch in &mut kept {
            self.prune_all(&mut branch.children);
        }
        if let Some(children) = &mut otherwise {
            self.prune_all(children);
        }
        let mut kept = kept.into_iter();
        match kept.next() {
            Some(first) => {
                choose.if_ = first;
                choose.else_if = kept.collect();
                choose.otherwise = otherwise.map(|children| ElseBranch { children });
            }
            None => choose.if_ = always(otherwise.unwrap_or_default()),
        }
    }

    /// Whether the sources have a variable. The formatter would deny it for one that has stood in for the authors.
    fn has(self, variable: Variable) -> Option<bool> {
        match variable {
            Variable::Standard(StandardVariable::Title) => Some(true),
            Variable::Standard(
                StandardVariable::ContainerTitle | StandardVariable::ContainerTitleShort,
            ) => self.kind.map(|kind| kind == Kind::Newspaper),
            Variable::Standard(StandardVariable::URL) => match self.kind {
                Some(Kind::Webpage) => Some(true),
                Some(Kind::Document) => Some(false),
                Some(Kind::Newspaper) | None => None,
            },
            variable => absent(variable),
        }
    }

    /// Whether a branch is taken, as far as that is known; the tests whose answers are known are taken out.
    fn decide(self, branch: &mut ChooseBranch) -> Option<bool> {
        let mut answers = Vec::new();
        let mut open = usize::from(branch.disambiguate.is_some());
        open += sift(&mut branch.type_, &mut answers, |kind| {
            self.kind.map(|known| known.csl() == kind)
        });
        open += sift(&mut branch.position, &mut answers, |test| {
            Some(self.position.is_some_and(|position| position.is(test)))
        });
        open += sift(&mut branch.variable, &mut answers, |variable| {
            self.has(variable)
        });
        open += sift(&mut branch.is_numeric, &mut answers, absent);
        open += sift(&mut branch.is_uncertain_date, &mut answers, |date| {
            absent(Variable::Date(date))
        });
        open += branch.locator.as_ref().map_or(0, Vec::len);
        let decisive = match branch.match_ {
            ChooseMatch::All => answers.contains(&false).then_some(false),
            ChooseMatch::Any => answers.contains(&true).then_some(true),
            ChooseMatch::None => answers.contains(&true).then_some(false),
        };
        // Without any test left, `all` and `none` hold and `any` does not.
        decisive.or_else(|| (open == 0).then_some(branch.match_ != ChooseMatch::Any))
    }
}

/// Takes the tests out whose answer is known; gives how many are left.
fn sift<T: Copy>(
    tests: &mut Option<Vec<T>>,
    answers: &mut Vec<bool>,
    answer: impl Fn(T) -> Option<bool>,
) -> usize {
    let Some(list) = tests else { return 0 };
    list.retain(|test| match answer(*test) {
        Some(known) => {
            answers.push(known);
            false
        }
        None => true,
    });
    let open = list.len();
    if open == 0 {
        *tests = None;
    }
    open
}

/// No source of ours has this variable.
fn absent(variable: Variable) -> Option<bool> {
    let may_be = match variable {
        Variable::Standard(variable) => matches!(
            variable,
            StandardVariable::Title
                | StandardVariable::TitleShort
                | StandardVariable::ContainerTitle
                | StandardVariable::ContainerTitleShort
                | StandardVariable::URL
                | StandardVariable::CitationKey
                | StandardVariable::CitationLabel
                | StandardVariable::YearSuffix
        ),
        Variable::Number(variable) => matches!(
            variable,
            NumberVariable::CitationNumber
                | NumberVariable::FirstReferenceNoteNumber
                | NumberVariable::Locator
        ),
        Variable::Date(variable) => {
            matches!(variable, DateVariable::Issued | DateVariable::Accessed)
        }
        Variable::Name(variable) => variable == NameVariable::Author,
        Variable::Page(_) => false,
    };
    (!may_be).then_some(false)
}

/// A branch without a test, which is always taken.
fn always(children: Vec<Element>) -> ChooseBranch {
    ChooseBranch {
        disambiguate: None,
        is_numeric: None,
        is_uncertain_date: None,
        locator: None,
        position: None,
        type_: None,
        variable: None,
        match_: ChooseMatch::All,
        children,
    }
}

/// Takes the macros out that nothing calls any more.
fn drop_unused(style: &mut IndependentStyle) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = Vec::new();
    let bibliography = style.bibliography.iter().map(|list| &list.layout);
    for layout in bibliography.chain([&style.citation.layout]) {
        check::elements(&layout.elements, &mut |element| {
            waiting.extend(check::calls(element));
        });
    }
    while let Some(name) = waiting.pop() {
        if used.insert(name)
            && let Some(entry) = style.macros.iter().find(|entry| entry.name == name)
        {
            check::elements(&entry.children, &mut |element| {
                waiting.extend(check::calls(element));
            });
        }
    }
    let used: BTreeSet<String> = used.into_iter().map(str::to_owned).collect();
    style.macros.retain(|entry| used.contains(&entry.name));
}
