//! Citations whose sources were edited, mended in the authors' files and settled in the lock: a pure function.
//!
//! What is to be written is tried first: the healed book is compiled, and every locator must lead where it led.

mod question;

use std::collections::{BTreeMap, BTreeSet};

use crate::book::{Book, Drifted, Located};
use crate::compile::{Compilation, compile};
use crate::diagnostic::{Diagnostic, Level, Lint, Trust, mend};
use crate::lock::{self, Lock, Settled};
use crate::reference::relocated;
use crate::source::{File, FileId, Place, Sources, Span};
use crate::verify::Rewriting;
use crate::yaml::Misread;

pub use question::{Question, Resting};

/// Who answers questions.
pub type Accept<'a> = &'a mut dyn FnMut(&Question<'_>) -> bool;

/// A book with its citations mended.
pub struct Healed {
    /// The book as it is then, its lock included.
    pub sources: Sources,
    /// The locators that could not be rewritten; the other citations of their articles wait for them.
    pub waiting: Vec<Waiting>,
    /// What is still wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A locator that its author must rewrite: what would have to be written would be read as something else there.
pub struct Waiting {
    /// The path of its file.
    pub path: String,
    /// Its place there.
    pub place: Place,
    /// The locator.
    pub written: String,
    /// The key of its article.
    pub article: String,
}

/// Errors of a citation that say no more than what has become of it. With any other, something of the book has not
/// been read, and what that cites would be settled unseen.
const BEARABLE: [Lint; 8] = [
    Lint::LostQuotation,
    Lint::LostParagraph,
    Lint::DriftedSense,
    Lint::AlteredSense,
    Lint::UnresolvedParagraph,
    Lint::DisplacedSource,
    Lint::ThemeError,
    Lint::PrintError,
];

/// What is said of a citation that could be healed, were it not for one that waits.
const WAITS: &str = "`heal` writes it as soon as every citation of its source can be rewritten; it has named those that cannot";

/// A mend may bring the next problem to light; a book that is never at rest is left alone after this many rounds.
const MOST_ROUNDS: usize = 20;

/// Mends what can be mended; `accept` is asked about what has drifted.
///
/// # Errors
///
/// Fails with what keeps the book from being read whole.
pub fn heal(sources: &Sources, accept: Accept<'_>) -> Result<Healed, Vec<Diagnostic>> {
    let mut healed = once(sources, accept)?;
    // What is settled decides what is found: so often that running it again would change nothing.
    let mut changed = !is_same(sources, &healed.sources);
    for _ in 0..MOST_ROUNDS {
        let again = changed.then(|| once(&healed.sources, &mut |_| false));
        let Some(Ok(again)) = again else {
            break;
        };
        changed = !is_same(&healed.sources, &again.sources);
        // Where locators wait is told of the book as it was.
        healed = Healed {
            waiting: healed.waiting,
            ..again
        };
    }
    if !healed.waiting.is_empty() {
        for problem in &mut healed.diagnostics {
            if problem.lint == Lint::MovedParagraph {
                problem.help = Some(WAITS.into());
            }
        }
    }
    Ok(healed)
}

/// Whether a book is the same, file by file.
fn is_same(one: &Sources, other: &Sources) -> bool {
    let texts = |sources: &Sources| -> Vec<File> {
        sources.files().map(|(_, file)| file.clone()).collect()
    };
    texts(one) == texts(other)
}

/// The same, without asking whether what was settled has brought more to light.
fn once(sources: &Sources, accept: Accept<'_>) -> Result<Healed, Vec<Diagnostic>> {
    let compilation = compile(sources, None);
    let unread = unread(&compilation.diagnostics);
    if !unread.is_empty() {
        return Err(unread);
    }
    let draft = Draft {
        sources: sources.clone(),
        compilation,
    };
    // While the lock knows which words they were.
    let Draft {
        sources,
        compilation,
    } = drifted_quotations(draft, accept);
    let books = compilation.book.with_withheld();
    let mut plans: Vec<Plan<'_>> = books.map(|book| Plan::new(book, &sources)).collect();
    for plan in &mut plans {
        plan.ask(accept);
        plan.leave_what_would_be_misread();
    }
    let settled = settled(&compilation);
    let rewritten = |plans: &[Plan<'_>]| carried_out(plans, &settled, &sources);
    let mut healed = Draft::new(rewritten(&plans), &compilation);
    while leave_what_fails(&mut plans, &healed.compilation) {
        healed = healed.with(rewritten(&plans));
    }
    let healed = moved_quotations(healed).settled();
    Ok(Healed {
        waiting: plans.iter().flat_map(Plan::waiting).collect(),
        diagnostics: healed.compilation.diagnostics,
        sources: healed.sources,
    })
}

/// A book on its way, and what it compiles to.
struct Draft {
    sources: Sources,
    compilation: Compilation,
}

impl Draft {
    /// What a book that was compiled has become.
    fn new(sources: Sources, previous: &Compilation) -> Self {
        Draft {
            compilation: compile(&sources, Some(previous)),
            sources,
        }
    }

    /// The same, changed once more.
    fn with(&self, sources: Sources) -> Self {
        Draft::new(sources, &self.compilation)
    }

    /// The same with the lock that a build of it would leave.
    fn settled(self) -> Self {
        let lock = settled(&self.compilation).text();
        self.with(self.sources.clone().with_text(lock::PATH, &lock))
    }
}

/// The lock that a build of a book would leave; what a citation rests on that fails cannot be seen, so that nothing is
/// dropped as long as one does.
fn settled(compilation: &Compilation) -> Lock {
    let settled = Lock::clone(&compilation.book.settled);
    if compilation.publishable() {
        settled
    } else {
        settled.keeping(&compilation.book.lock)
    }
}

/// The book with its locators rewritten and their articles settled.
fn carried_out(plans: &[Plan<'_>], settled: &Lock, sources: &Sources) -> Sources {
    let mut edits: BTreeMap<Span, String> = BTreeMap::new();
    let mut lock = settled.clone();
    for plan in plans {
        for one in &plan.located {
            edits.extend(plan.rewritten(one).map(|text| (one.span, text)));
        }
        for (article, settled) in plan.resettled() {
            lock.settle(&plan.book.articles[article].key, settled);
        }
    }
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    // From the end, so that the places before an edit stay.
    for (span, replacement) in edits.iter().rev() {
        let file = sources.file(span.file);
        let text = texts
            .entry(&file.path)
            .or_insert_with(|| file.text.to_string());
        text.replace_range(span.range(), replacement);
    }
    let texts = texts.into_iter().chain([(lock::PATH, lock.text())]);
    texts.fold(sources.clone(), |all, (path, text)| {
        all.with_text(path, &text)
    })
}

/// Leaves the articles whose locators would not lead where they led, were the plans carried out; tells whether there
/// are any.
fn leave_what_fails(plans: &mut [Plan<'_>], healed: &Compilation) -> bool {
    let broken = unread(&healed.diagnostics);
    let books = healed.book.with_withheld();
    let pairs = plans.iter_mut().zip(books);
    pairs.fold(false, |more, (plan, book)| {
        plan.leaves_what_fails(book, &broken) || more
    })
}

/// What keeps a book from being read whole.
fn unread(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let unread = |d: &&Diagnostic| d.level == Level::Deny && !BEARABLE.contains(&d.lint);
    diagnostics.iter().filter(unread).cloned().collect()
}

/// Cites the paragraphs that quotations stand in, where that is beyond doubt.
fn moved_quotations(mut draft: Draft) -> Draft {
    for _ in 0..MOST_ROUNDS {
        let diagnostics = draft.compilation.diagnostics.iter();
        let moved = diagnostics.filter(|diagnostic| diagnostic.lint == Lint::MovedQuotation);
        let moved: Vec<Diagnostic> = moved.cloned().collect();
        let Some(mended) = mended(&draft.sources, &moved) else {
            break;
        };
        draft = draft.with(mended);
    }
    draft
}

/// Takes the source's words for quotations that have drifted from them, where that is accepted.
fn drifted_quotations(draft: Draft, accept: Accept<'_>) -> Draft {
    let drifted = |d: &&Diagnostic| matches!(d.lint, Lint::DriftedQuotation | Lint::DriftedSense);
    let mut accepted = Vec::new();
    for diagnostic in draft.compilation.diagnostics.iter().filter(drifted) {
        let safe = diagnostic.clone().trusted(Trust::Safe);
        let question = amendment(&safe, &draft);
        if question.is_some_and(|question| accept(&question)) {
            accepted.push(safe);
        }
    }
    let mended = mended(&draft.sources, &accepted).map(|sources| draft.with(sources));
    let read = mended.filter(|mended| unread(&mended.compilation.diagnostics).is_empty());
    read.unwrap_or(draft)
}

/// What is asked before a quotation takes its source's words; none where it cannot take them.
fn amendment<'d>(drifted: &Diagnostic, draft: &'d Draft) -> Option<Question<'d>> {
    let sources = &draft.sources;
    let quotation = drifted.at.as_ref()?.span;
    let file = sources.file(quotation.file);
    let mended = mend(std::slice::from_ref(drifted), sources).remove(&quotation.file)?;
    let behind = file.text.len() - quotation.range().end;
    let also = changes_beside(quotation, draft).map(|change| format!("; {change}"));
    Some(Question {
        sources,
        books: draft.compilation.book.with_withheld().collect(),
        message: format!("{}{}", drifted.message, also.collect::<String>()),
        places: vec![quotation],
        before: sources.slice(quotation).to_owned(),
        now: mended.text[quotation.range().start..mended.text.len() - behind].to_owned(),
    })
}

/// What has changed of the paragraphs that are cited beside a quotation: once it is verified, it vouches for them.
fn changes_beside(quotation: Span, draft: &Draft) -> impl Iterator<Item = &str> {
    let text = &draft.sources.file(quotation.file).text;
    let is_beside = move |locator: Span| {
        let between = text.get(quotation.range().end..locator.range().start);
        let is_behind = locator.file == quotation.file;
        is_behind && between.is_some_and(|between| !between.contains("\n\n"))
    };
    let diagnostics = draft.compilation.diagnostics.iter();
    let is_of_paragraph = |d: &&Diagnostic| {
        matches!(d.lint, Lint::DriftedParagraph | Lint::DriftedSense) && d.fix.is_empty()
    };
    let changes = diagnostics.filter(is_of_paragraph);
    changes.filter_map(move |d| is_beside(d.at.as_ref()?.span).then_some(d.message.as_str()))
}

/// A book with the safe fixes made; none where there are none.
fn mended(sources: &Sources, diagnostics: &[Diagnostic]) -> Option<Sources> {
    let mended = mend(diagnostics, sources);
    let changed = !mended.is_empty();
    let texts = mended
        .into_iter()
        .map(|(file, mended)| (sources.file(file).path.as_str(), mended.text));
    let mended = texts.fold(sources.clone(), |all, (path, text)| {
        all.with_text(path, &text)
    });
    changed.then_some(mended)
}

/// What becomes of the locators of edited articles.
struct Plan<'b> {
    book: &'b Book,
    sources: &'b Sources,
    /// All locators of the book that lead into articles.
    located: Vec<Located>,
    /// The edited articles: the changed paragraphs that are accepted.
    accepted: BTreeMap<usize, BTreeSet<u32>>,
    /// Those of them that are left as they are, and the locators for which they are.
    left: BTreeMap<usize, BTreeSet<Span>>,
}

impl<'b> Plan<'b> {
    fn new(book: &'b Book, sources: &'b Sources) -> Self {
        let located = book.located();
        let edited = book.edited(&located).into_iter();
        Plan {
            book,
            sources,
            accepted: edited.map(|article| (article, BTreeSet::new())).collect(),
            located,
            left: BTreeMap::new(),
        }
    }

    /// Asks about paragraphs that have changed, and about those that are gone from the midst of others.
    fn ask(&mut self, accept: Accept<'_>) {
        for drifted in self.book.drifted(&self.located) {
            if accept(&self.changed(&drifted)) {
                self.accepted
                    .entry(drifted.article)
                    .or_default()
                    .insert(drifted.paragraph);
            }
        }
        for index in 0..self.located.len() {
            let one = &self.located[index];
            let Some(remaining) = one.settling.remaining.clone() else {
                continue;
            };
            if accept(&self.diminished(one, &remaining)) {
                self.accepted.entry(one.article).or_default();
                self.located[index].settling.rewriting = Some(remaining);
            }
        }
    }

    fn changed(&self, drifted: &Drifted) -> Question<'b> {
        let key = &self.book.articles[drifted.article].key;
        let rests = |one: &&Located| {
            one.article == drifted.article && one.settling.is_accepted_with(drifted.paragraph)
        };
        let resting = self.located.iter().filter(rests);
        Question {
            sources: self.sources,
            books: vec![self.book],
            message: format!("¶{} of `{key}` has changed", drifted.paragraph),
            places: resting.map(|one| one.span).collect(),
            before: drifted.before.clone(),
            now: drifted.now.clone(),
        }
    }

    fn diminished(&self, one: &Located, remaining: &Rewriting) -> Question<'b> {
        let key = &self.book.articles[one.article].key;
        let written = self.sources.slice(one.span);
        let remaining = relocated(written, &remaining.paragraphs, &remaining.names);
        Question {
            sources: self.sources,
            books: vec![self.book],
            message: format!("of {written} of `{key}` only {remaining} is left"),
            places: vec![one.span],
            before: String::new(),
            now: String::new(),
        }
    }

    /// What a locator becomes; none where it stays as it is.
    fn rewritten(&self, one: &Located) -> Option<String> {
        let written = self.sources.slice(one.span);
        let Rewriting { paragraphs, names } = one.settling.rewriting.as_ref()?;
        let mut rewritten = relocated(written, paragraphs, names);
        let file = &self.sources.file(one.span.file).text;
        if file[..one.span.range().start].ends_with('#') {
            // The address of a paragraph has no `¶`.
            rewritten = rewritten.replace('¶', "p");
        }
        let edited =
            self.accepted.contains_key(&one.article) && !self.left.contains_key(&one.article);
        (edited && rewritten != written).then_some(rewritten)
    }

    /// The edited articles that are not left as they are, settled as they are now.
    fn resettled(&self) -> Vec<(usize, Settled)> {
        let healed = self.accepted.iter();
        let healed = healed.filter(|(article, _)| !self.left.contains_key(article));
        let healed: Vec<(usize, &BTreeSet<u32>)> =
            healed.map(|(article, all)| (*article, all)).collect();
        self.book.resettled(&healed, &self.located)
    }

    /// Leaves the articles of which a locator would be read as something else where it stands: a list of numbers in a
    /// YAML flow list.
    fn leave_what_would_be_misread(&mut self) {
        let mut misread = Misread::new(self.sources);
        let mut would_be = |one: &&Located| {
            let rewritten = self.rewritten(one);
            rewritten.is_some_and(|words| misread.would_be(one.span, &words))
        };
        let astray: Vec<&Located> = self.located.iter().filter(&mut would_be).collect();
        for one in astray {
            self.left.entry(one.article).or_default().insert(one.span);
        }
    }

    /// Leaves the articles whose locators do not lead where they led in the healed book, which has what is `broken`;
    /// tells whether there are any.
    fn leaves_what_fails(&mut self, healed: &Book, broken: &[Diagnostic]) -> bool {
        let places = broken.iter().filter_map(|d| Some(d.at.as_ref()?.span.file));
        let broken_files: BTreeSet<FileId> = places.collect();
        let now = healed.located();
        let read_whole = broken.is_empty() && now.len() == self.located.len();
        let goes_astray = |index: usize, then: &Located| {
            if read_whole {
                let now = &now[index];
                then.article != now.article || then.paragraphs() != now.paragraphs()
            } else {
                let blamed = broken_files.is_empty() || broken_files.contains(&then.span.file);
                blamed && self.rewritten(then).is_some()
            }
        };
        let located = self.located.iter().enumerate();
        let astray = located.filter(|(index, then)| goes_astray(*index, then));
        let astray: Vec<(usize, Span)> = astray.map(|(_, one)| (one.article, one.span)).collect();
        let mut more = false;
        for (article, span) in astray {
            more |= self.left.entry(article).or_default().insert(span);
        }
        more
    }

    /// The locators for which articles are left as they are.
    fn waiting(&self) -> Vec<Waiting> {
        let waiting = self.left.iter().flat_map(|(article, left)| {
            let key = &self.book.articles[*article].key;
            left.iter().map(|span| Waiting {
                path: self.sources.file(span.file).path.clone(),
                place: self.sources.place(span.file, span.start as usize),
                written: self.sources.slice(*span).to_owned(),
                article: key.clone(),
            })
        });
        waiting.collect()
    }
}
