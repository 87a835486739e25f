//! The fuzz targets on their corpus and on mutations of it, for a few seconds: `fuzz/` has them for cargo-fuzz too.
//!
//! `FUZZ_SECONDS=600 cargo test --release fuzz` goes on for longer; a text that panics is printed.

use std::fs;
use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use crate::book::sample;

#[path = "../../fuzz/targets.rs"]
mod targets;

/// Pieces that mean something to some parser.
const PIECES: [&str; 56] = [
    "[@a, ¶1 \"one two\"]",
    "[@a",
    "@a [¶2]",
    "[[a|b]]",
    "[[2+2]]",
    "![[a ¶1]]",
    "[",
    "]",
    "\"",
    "“",
    "”",
    "…",
    "[…]",
    "[t]he",
    "¶¶1-2, 3",
    "\n",
    "\n\n",
    "\r\n",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "# ",
    "```\n",
    "`",
    "*",
    "**",
    "|",
    "|---|\n",
    " ^name",
    "\\",
    "<b>",
    "<!--",
    "-->",
    "&amp;",
    ": ",
    "[^1]",
    "[^1]: ",
    "![x](y.png)",
    "---\n",
    "2+2",
    "在日米軍",
    "e\u{301}",
    "\u{200d}",
    "🗾",
    "glossary:\n",
    "  \"2+2\":\n    text: |\n      ",
    "cites: ",
    "'",
    "{",
    "&x ",
    "*x",
    "\u{feff}",
    "\u{ad}",
    "not 3,400",
];

/// xorshift64: the same seed, the same texts, on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// A text with a few pieces put in, taken out, or doubled.
    fn mutated(&mut self, corpus: &[String]) -> String {
        let mut text = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(4) {
            let (from, to) = (self.boundary(&text), self.boundary(&text));
            let (from, to) = (from.min(to), from.max(to));
            match self.below(4) {
                0 => text.replace_range(from..to, ""),
                1 => text.insert_str(from, PIECES[self.below(PIECES.len())]),
                2 => {
                    let other = &corpus[self.below(corpus.len())];
                    let end = self.boundary(other);
                    text.insert_str(from, &other[..end]);
                }
                _ => {
                    let piece = text[from..to].to_owned();
                    text.insert_str(to, &piece);
                }
            }
            text.truncate(text.floor_char_boundary(4096));
        }
        text
    }

    fn boundary(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }
}

#[test]
fn no_mutation_of_the_corpus_panics() {
    let seconds = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let budget = Duration::from_secs(seconds.unwrap_or(8)) / 4;
    for (name, target) in targets::ALL {
        let folder = sample().join("fuzz/corpus").join(name);
        let mut paths: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let corpus: Vec<String> = paths
            .iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        assert!(corpus.len() >= 5, "{}", folder.display());
        let run = |text: &str| {
            let well = catch_unwind(|| target(text)).is_ok();
            assert!(well, "the target `{name}` panics on {text:?}");
        };
        for text in &corpus {
            run(text);
        }
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        let started = Instant::now();
        let mut count = 0;
        while started.elapsed() < budget {
            run(&chance.mutated(&corpus));
            count += 1;
        }
        println!("{name}: {count} texts");
    }
}
