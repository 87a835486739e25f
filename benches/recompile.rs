//! How long a book takes to compile, and to compile again when one article has changed.
//!
//! `cargo bench --bench recompile -- FOLDER`; `benches/run.py` writes books to measure.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it measures time and prints figures"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use pincite::compile::{Compilation, compile};
use pincite::source::{File, Sources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 5;

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with("--"));
    let Some(folder) = folder else {
        println!("usage: cargo bench --bench recompile -- FOLDER");
        return;
    };
    let sources = pincite::disk::read(Path::new(&folder)).expect("the folder of a book");
    let edited = with_one_article_changed(&sources);
    let (cold, before) = fastest(|| compile(&sources, None));
    let (unchanged, _) = fastest(|| compile(&sources, Some(&before)));
    let (again, _) = fastest(|| compile(&edited, Some(&before)));
    let ratio = cold.as_secs_f64() / again.as_secs_f64();
    println!(
        "compile {} ms, nothing changed {} ms, one article changed {} ms: {ratio:.1} times quicker",
        cold.as_millis(),
        unchanged.as_millis(),
        again.as_millis(),
    );
}

/// The fastest of some runs, and what the last of them gave.
fn fastest(run: impl Fn() -> Compilation) -> (Duration, Compilation) {
    let timed = || {
        let start = Instant::now();
        let compilation = run();
        (start.elapsed(), compilation)
    };
    let (mut best, mut last) = timed();
    for _ in 1..RUNS {
        let (time, compilation) = timed();
        best = best.min(time);
        last = compilation;
    }
    (best, last)
}

fn with_one_article_changed(sources: &Sources) -> Sources {
    let mut files: Vec<File> = sources.files().map(|(_, file)| file.clone()).collect();
    let article = files
        .iter_mut()
        .find(|file| file.path.contains("/articles/"));
    let article = article.expect("a book with an article");
    article.text = format!("{}\nOne more paragraph.\n", article.text).into();
    Sources::new(files).with_assets(sources.assets().clone())
}
