//! `build` and `check`.

use std::io;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
#[cfg(feature = "pdf")]
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::fix::{self, Fixer};
use super::{Common, Outcome, Terminal, writeback};
use crate::book::Book;
use crate::compile::{Compilation, compile};
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level, Lint};
use crate::disk::{self, Published, Refusal, Rewrite};
use crate::edition::{Edition, counted};
use crate::html;
use crate::lock;
use crate::site::{Page, Site};
use crate::source::{SitePath, Sources, Span};
use crate::writeback::{Comments, written_back};

/// Arguments of `build`.
#[derive(Args)]
pub(super) struct Build {
    /// Where the outputs are written [default: `build-dir` of book.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which outputs are built [default: those that book.toml has]
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    format: Vec<Format>,
    /// Warnings fail
    #[arg(long)]
    strict: bool,
    /// Fail where `citations.lock` would have to change
    #[arg(long)]
    locked: bool,
    /// Say how long each step took
    #[arg(long)]
    timings: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Pdf,
}

/// Arguments of `check`.
#[derive(Args)]
pub(super) struct Check {
    /// Apply the fixes that are safe to the files, then check again
    #[arg(long)]
    fix: bool,
    /// Warnings fail
    #[arg(long)]
    strict: bool,
}

/// Tells how long each step took, if the user asked.
struct Stopwatch<'t> {
    terminal: &'t Terminal,
    on: bool,
    started: Instant,
    last: Instant,
}

impl<'t> Stopwatch<'t> {
    fn start(terminal: &'t Terminal, on: bool) -> Self {
        let now = Instant::now();
        Stopwatch {
            terminal,
            on,
            started: now,
            last: now,
        }
    }

    fn lap(&mut self, step: &str) {
        if self.on {
            self.terminal
                .say(&format!("{step:>10}  {}", seconds(self.last.elapsed())));
        }
        self.last = Instant::now();
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

impl Build {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let mut stopwatch = Stopwatch::start(terminal, self.timings || terminal.verbose);
        let (root, sources) = match common.read(terminal) {
            Ok(read) => read,
            Err(outcome) => return outcome,
        };
        stopwatch.lap("read");
        // The process ends with the build: nobody waits until the book is taken to pieces.
        let compilation = ManuallyDrop::new(compile(&sources, None).without_readings());
        stopwatch.lap("compile");
        terminal.print(&compilation.diagnostics, &sources);
        let refuse = |diagnostics: &[Diagnostic]| {
            let and_so = "; nothing was written";
            refused(diagnostics, &sources, self.strict, and_so, terminal)
        };
        if !compilation.publishable() || (self.strict && compilation.warnings() > 0) {
            return refuse(&compilation.diagnostics);
        }
        let config = &compilation.book.config;
        let mut edition = Edition::new(&compilation.book);
        edition.pdf = cfg!(feature = "pdf") && self.wants(Format::Pdf, config.pdf.is_some());
        let (site, mut mistakes) = self.outputs(&edition, &sources, &root, terminal);
        leave_out_mistyped(&mut mistakes, &compilation.diagnostics);
        let mistakes = diagnostic::settle(mistakes, &config.lints);
        terminal.print(&mistakes, &sources);
        if mistakes.iter().any(|mistake| mistake.level == Level::Deny)
            || (self.strict && !mistakes.is_empty())
        {
            return refuse(&[compilation.diagnostics.as_slice(), &mistakes].concat());
        }
        if self.locked && compilation.changes_lock(&sources) {
            refuse_to_settle(&compilation.book, terminal);
            return Outcome::BookHasErrors;
        }
        let target = match &self.out {
            Some(out) => out.clone(),
            None => match build_dir(&root, config, terminal) {
                Ok(folder) => folder,
                Err(outcome) => return outcome,
            },
        };
        let published = disk::publish(&site, &root, &target, &kept(config));
        stopwatch.lap("publish");
        let published = match published {
            Ok(published) => published,
            Err(refusal) => return not_published(refusal, &sources, terminal),
        };
        if let Err((path, error)) = settle(&compilation, &root, &sources, terminal) {
            return machine_failed(Path::new(&path), &error, terminal);
        }
        let warnings = compilation.warnings() + mistakes.len();
        let time = stopwatch.started.elapsed();
        say_published(&edition, &site, &target, terminal);
        terminal.say(&summary(warnings, &edition, &site, published, time));
        say_coverage(edition.coverage(), terminal);
        Outcome::Done
    }

    /// Whether an output is built: by `--format`, or else by the book's configuration.
    fn wants(&self, format: Format, configured: bool) -> bool {
        match self.format.as_slice() {
            [] => configured,
            formats => formats.contains(&format),
        }
    }

    /// Everything that is to be written.
    fn outputs<'e>(
        &self,
        edition: &'e Edition<'e>,
        sources: &'e Sources,
        root: &'e Path,
        terminal: &Terminal,
    ) -> (Site<'e>, Vec<Diagnostic>) {
        let config = &edition.book.config;
        let (mut site, mut mistakes) = if self.wants(Format::Html, config.html) {
            html::site(edition, sources)
        } else {
            (Site::default(), Vec::new())
        };
        if self.wants(Format::Pdf, config.pdf.is_some()) {
            mistakes.extend(add_pdf(&mut site, edition, sources, root, terminal));
        }
        (site, mistakes)
    }
}

/// Says what of the lock would have to change.
fn refuse_to_settle(book: &Book, terminal: &Terminal) {
    const MOST_NAMED: usize = 5;
    terminal.error(
        "`citations.lock` would have to change, and --locked forbids it; nothing was written",
        Some(
            "look whether that is meant: a number that came in by a merge may be of before an edit of its article; then \
             build without --locked, and commit the lock",
        ),
    );
    let changes = book.lock.changes(&book.settled);
    for change in changes.iter().take(MOST_NAMED) {
        terminal.say(&format!("  {change}"));
    }
    if let Some(more @ 1..) = changes.len().checked_sub(MOST_NAMED) {
        terminal.say(&format!("  and {}", counted(more, "other article")));
    }
}

/// Where the book has its outputs written; says so where that is outside the book without anybody's word.
fn build_dir(root: &Path, config: &Config, terminal: &Terminal) -> Result<PathBuf, Outcome> {
    let folder = &config.build_dir;
    if disk::leads_out(root, folder) {
        let message = format!(
            "`build-dir = \"{folder}\"` leads out of the book's folder through a symbolic link"
        );
        let help = "name a folder of the book, or say where with --out";
        terminal.error(&message, Some(help));
        return Err(Outcome::WrongUsage);
    }
    Ok(root.join(folder))
}

/// The folders of the book that no site may cover.
fn kept(config: &Config) -> [&str; 3] {
    [config.book.src.as_str(), "themes", ".git"]
}

/// Says why nothing was published, or could be.
fn not_published(refusal: Refusal, sources: &Sources, terminal: &Terminal) -> Outcome {
    match refusal {
        Refusal::Theme(mistakes) => {
            terminal.print(&mistakes, sources);
            refused(&mistakes, sources, false, "; nothing was written", terminal)
        }
        Refusal::Folder(message) => {
            terminal.error(&message, None);
            Outcome::WrongUsage
        }
        Refusal::Busy => {
            let help = "wait for it, then build again";
            terminal.error("another build of this book is running", Some(help));
            Outcome::MachineFailed
        }
        Refusal::Machine(path, error) => machine_failed(&path, &error, terminal),
    }
}

/// Writes the lock, and the citations into the article files where the book wants that.
fn settle(
    compilation: &Compilation,
    root: &Path,
    sources: &Sources,
    terminal: &Terminal,
) -> Result<(), (String, io::Error)> {
    let mut files = Vec::new();
    if compilation.book.config.write_back {
        let written = written_back(&compilation.book, sources, Comments::Current);
        writeback::tell_refused(&written.refused, sources, terminal);
        files = writeback::rewrites(&written, sources);
    }
    if compilation.changes_lock(sources) {
        let old = sources.find(lock::PATH);
        files.push(Rewrite {
            path: lock::PATH.to_owned(),
            old: old.map(|id| sources.file(id).text.to_string()),
            new: compilation.book.settled.text(),
        });
    }
    disk::rewrite(root, &files)
}

#[cfg(feature = "pdf")]
fn add_pdf<'e>(
    site: &mut Site<'e>,
    edition: &'e Edition<'e>,
    sources: &'e Sources,
    root: &'e Path,
    _: &Terminal,
) -> Vec<Diagnostic> {
    let files = print_files(edition, root);
    let print = Arc::new(crate::pdf::Print::new(edition, sources, &files));
    let problems = print.problems();
    if let Some(path) = SitePath::new(edition.pdf_name()) {
        let former = Arc::clone(&print);
        site.costly_page(path, move |pdf| former.stands(pdf), move || print.make());
    }
    problems
}

/// What the print edition is made with, on this machine.
#[cfg(feature = "pdf")]
pub(super) fn print_files<'r>(edition: &Edition<'_>, root: &'r Path) -> crate::pdf::Files<'r> {
    let config = &edition.book.config.pdf;
    crate::pdf::Files {
        read: Box::new(move |file| disk::read_asset(root, file)),
        system_fonts: if config.as_ref().is_some_and(|pdf| pdf.system_fonts) {
            disk::system_fonts()
        } else {
            Vec::new()
        },
    }
}

#[cfg(not(feature = "pdf"))]
fn add_pdf<'e>(
    _: &mut Site<'e>,
    _: &'e Edition<'e>,
    _: &'e Sources,
    _: &Path,
    terminal: &Terminal,
) -> Vec<Diagnostic> {
    terminal.say("note: this program was compiled without the feature `pdf`, so no PDF is made");
    Vec::new()
}

impl Check {
    pub(super) fn run(&self, common: &Common, terminal: &Terminal) -> Outcome {
        let Some(root) = common.root(terminal) else {
            return Outcome::WrongUsage;
        };
        let (outcome, checked) = match self.checked(&root, terminal) {
            Ok(checked) => checked,
            Err(error) => return machine_failed(&root, &error, terminal),
        };
        terminal.print(&checked.diagnostics, &checked.sources);
        let folder = checked.folder(&root, terminal);
        let errors = checked.diagnostics.iter().any(|d| d.level == Level::Deny);
        if errors || (self.strict && !checked.diagnostics.is_empty()) {
            return refused(
                &checked.diagnostics,
                &checked.sources,
                self.strict,
                "",
                terminal,
            );
        }
        if let Err(outcome) = folder {
            return outcome;
        }
        terminal.say(&format!(
            "{} · {}",
            checked.summary,
            counted(checked.diagnostics.len(), "warning")
        ));
        if let Some(mends) = fix::mends(&checked.diagnostics) {
            terminal.say(&mends);
        }
        say_coverage(checked.coverage, terminal);
        outcome
    }

    /// The book as it is, or as it is when all that can be mended is.
    fn checked(&self, root: &Path, terminal: &Terminal) -> io::Result<(Outcome, Checked)> {
        let mut fixer = Fixer::default();
        loop {
            let checked = Checked::read(root)?;
            let goes_on =
                self.fix && fixer.round(root, &checked.diagnostics, &checked.sources, terminal);
            if !goes_on {
                return Ok((fixer.finish(terminal), checked));
            }
        }
    }
}

/// Everything that is wrong with a book, whichever output would show it.
struct Checked {
    sources: Sources,
    config: Config,
    diagnostics: Vec<Diagnostic>,
    summary: String,
    coverage: Option<String>,
}

impl Checked {
    fn read(root: &Path) -> io::Result<Self> {
        let sources = disk::read(root)?;
        let Compilation {
            book, diagnostics, ..
        } = compile(&sources, None);
        let edition = Edition::new(&book);
        let (site, mut mistakes) = html::site(&edition, &sources);
        mistakes.extend(rendered(&site));
        if book.config.pdf.is_some() {
            mistakes.extend(print_mistakes(&edition, &sources, root));
        }
        leave_out_mistyped(&mut mistakes, &diagnostics);
        mistakes.extend(diagnostics);
        let diagnostics = diagnostic::settle(mistakes, &book.config.lints);
        let summary = edition.summary();
        let coverage = edition.coverage();
        let config = book.config.clone();
        drop(site);
        Ok(Checked {
            sources,
            config,
            diagnostics,
            summary,
            coverage,
        })
    }

    /// Says so where a build would refuse the folder that it is to write.
    fn folder(&self, root: &Path, terminal: &Terminal) -> Result<(), Outcome> {
        let folder = build_dir(root, &self.config, terminal)?;
        disk::may_publish(root, &folder, &kept(&self.config))
            .map_err(|refusal| not_published(refusal, &self.sources, terminal))
    }
}

/// Takes out that no font has a sign where it is told already that another was meant.
fn leave_out_mistyped(mistakes: &mut Vec<Diagnostic>, told: &[Diagnostic]) {
    let place = |d: &Diagnostic| d.at.as_ref().map(|label| label.span);
    let of_signs =
        |d: &&Diagnostic| matches!(d.lint, Lint::LooksLikeCitation | Lint::LooksLikeMarkup);
    let mistyped: Vec<Span> = told.iter().filter(of_signs).filter_map(place).collect();
    let is_mistyped = |glyph: Span| {
        let covers = |span: &Span| {
            span.file == glyph.file && span.start <= glyph.start && glyph.end <= span.end
        };
        mistyped.iter().any(covers)
    };
    mistakes.retain(|d| d.lint != Lint::MissingGlyph || !place(d).is_some_and(is_mistyped));
}

#[cfg(feature = "pdf")]
fn print_mistakes(edition: &Edition<'_>, sources: &Sources, root: &Path) -> Vec<Diagnostic> {
    crate::pdf::Print::new(edition, sources, &print_files(edition, root)).problems()
}

#[cfg(not(feature = "pdf"))]
fn print_mistakes(_: &Edition<'_>, _: &Sources, _: &Path) -> Vec<Diagnostic> {
    Vec::new()
}

/// The mistakes of templates that only show when pages are rendered, each once.
fn rendered(site: &Site<'_>) -> Vec<Diagnostic> {
    let pages: Vec<&Page<'_>> = site.pages().values().collect();
    let mut mistakes: Vec<Diagnostic> = pages
        .par_iter()
        .filter_map(|page| match page {
            Page::Rendered(render) => render().err().map(|mistake| *mistake),
            Page::Bytes(_) | Page::Costly(..) | Page::Written(_) | Page::Asset(_) => None,
        })
        .collect();
    mistakes.dedup();
    mistakes
}

pub(super) fn machine_failed(path: &Path, error: &std::io::Error, terminal: &Terminal) -> Outcome {
    terminal.error(&format!("`{}`: {error}", path.display()), None);
    Outcome::MachineFailed
}

/// `41 of 50 paragraphs cited, 6 of 7 claims supported, 2 of 12 sources unused`
fn say_coverage(coverage: Option<String>, terminal: &Terminal) {
    if let Some(coverage) = coverage {
        terminal.say(&coverage);
    }
}

/// Says why nothing is published. What the machine kept from being read is no error of the book.
pub(super) fn refused(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    strict: bool,
    and_so: &str,
    terminal: &Terminal,
) -> Outcome {
    let errors = diagnostics
        .iter()
        .filter(|d| d.level == Level::Deny)
        .count();
    let warnings = diagnostics.len() - errors;
    let mut counts = Vec::new();
    if errors > 0 {
        counts.push(counted(errors, "error"));
    }
    if warnings > 0 {
        let strictly = if strict {
            " (which fail with --strict)"
        } else {
            ""
        };
        counts.push(format!("{}{strictly}", counted(warnings, "warning")));
    }
    if !counts.is_empty() {
        let message = format!("the book has {}{and_so}", counts.join(" and "));
        terminal.error(&message, fix::mends(diagnostics).as_deref());
    }
    if sources.machine_failed() {
        Outcome::MachineFailed
    } else {
        Outcome::BookHasErrors
    }
}

/// Names the files that people open.
fn say_published(edition: &Edition<'_>, site: &Site<'_>, target: &Path, terminal: &Terminal) {
    for page in ["index.html", edition.pdf_name().as_str()] {
        if SitePath::new(page).is_some_and(|path| site.pages().contains_key(&path)) {
            terminal.say(&super::shown(&target.join(page)));
        }
    }
}

/// `5 articles, 4 chapters, 214 citations: 209 verified, 5 pinned · 0 warnings · 63 pages and the PDF in 0.9 s`
fn summary(
    warnings: usize,
    edition: &Edition<'_>,
    site: &Site<'_>,
    published: Published,
    time: Duration,
) -> String {
    let ending = |ending: &str| {
        site.pages()
            .keys()
            .filter(|path| path.as_str().ends_with(ending))
            .count()
    };
    let mut made = Vec::new();
    if ending(".html") > 0 {
        made.push(counted(ending(".html"), "page"));
    }
    if ending(".pdf") > 0 {
        let unchanged = if published.spared > 0 {
            " (unchanged)"
        } else {
            ""
        };
        made.push(format!("the PDF{unchanged}"));
    }
    let unchanged = if published.written + published.removed == 0 {
        " (nothing changed)"
    } else {
        ""
    };
    format!(
        "{} · {} · {} in {:.1} s{unchanged}",
        edition.summary(),
        counted(warnings, "warning"),
        made.join(" and "),
        time.as_secs_f64()
    )
}
