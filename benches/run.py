#!/usr/bin/env python3
"""Figures of speed and memory: writes books, builds them in turn with other programs, prints a table.

  cargo build --release
  benches/run.py [--sizes 100,1000,10000] [--terms 500] [--runs 3] [--work DIR] [--program PATH]
                 [--beside 'NAME=COMMAND {content} {out} {names}']...

The books are the same in every run (seeded). DIR should be on a tmpfs: elsewhere the file system is measured.
Wall time is the clock's; CPU time and peak memory are the kernel's figures for the process. Each figure is the best
of the runs, in which the programs take turns; the ratios are to the first program beside. The output folder is removed before each build, outside of the time.
"""
import argparse, os, random, shlex, shutil, subprocess, sys, time
from pathlib import Path

WORDS = """alliance airfield agreement analyst armour assembly authority base battery border briefing budget bureau
cabinet cable camp carrier charter civilian coast command commission committee concern contract convoy council crew
crisis decision defence delegation deploy depot deter dialogue doctrine domain drill drone effort embassy escort
exercise export facility fleet force forum frigate garrison general government harbour headquarters hearing host island
issue joint law leader licence limit logistics manoeuvre maritime measure meeting minister mission modern move network
noise note office official operation order partner patrol plan planning platform port posture prefecture press
procure program province public radar range readiness record region report review road runway satellite schedule
security sensor ship signal site space squadron staff statement station strait strategy supply support survey system
task territory test threat training transfer treaty tunnel unit update vessel visit warning water weapon window""".split()
LINKING = "the of and to in for on with by at from under after over its which that a".split()


class Book:
    """A made-up book: articles, chapters that cite them, notes, a glossary."""

    def __init__(self, articles, terms, seed=7):
        self.random = random.Random(seed)
        self.terms = [self.term(i) for i in range(terms)]
        self.articles = [[self.paragraph() for _ in range(12)] for _ in range(articles)]

    def term(self, index):
        letters = "".join(self.random.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
        name = f"{self.random.choice(WORDS)} {self.random.choice(WORDS)} group {index}".title()
        return f"{letters}-{index}", name

    def words(self, count):
        choose = self.random.choice
        return [choose(LINKING) if self.random.random() < 0.35 else choose(WORDS) for _ in range(count)]

    def sentence(self, count):
        words = self.words(count)
        if self.terms and self.random.random() < 0.6:
            # A few terms are frequent, most are rare.
            index = int(len(self.terms) * self.random.random() ** 3)
            words[self.random.randrange(count)] = self.random.choice(self.terms[index])
        return words[0][0].upper() + " ".join(words)[1:] + "."

    def paragraph(self):
        return " ".join(self.sentence(self.random.randint(10, 20)) for _ in range(4))

    def write(self, folder):
        for part in ("articles", "chapters", "annotations"):
            (folder / "content" / part).mkdir(parents=True)
        config = '[book]\ntitle = "Bench"\n\n[citations]\nstyle = "plain"\n\n[glossary]\nlink = "every"\n\n' \
                 '[lints]\nundefined-acronym = "allow"\nunused-term = "allow"\n\n[output.html]\n'
        (folder / "book.toml").write_text(config)
        for index, paragraphs in enumerate(self.articles):
            head = f'---\ntitle: "Report {index}"\ndate: 2024-01-{index % 28 + 1:02}\npublication: "The Courier"\n---\n\n'
            (folder / f"content/articles/a{index:05}.md").write_text(head + "\n\n".join(paragraphs) + "\n")
        for number in range(max(1, len(self.articles) // 20)):
            text = f"# Chapter {number}\n\n" + "\n\n".join(self.cited() for _ in range(25)) + "\n"
            (folder / f"content/chapters/{number:04}-c{number}.md").write_text(text)
        annotations = folder / "content/annotations"
        entries = "".join(f'  "{short}":\n    name: "{name}"\n    text: "A {WORDS[i % len(WORDS)]} of the made-up world."\n'
                          for i, (short, name) in enumerate(self.terms))
        (annotations / "glossary.yaml").write_text("glossary:\n" + entries)
        notes = "".join(f"  - at: a{i:05} ¶3\n    kind: context\n    text: A note.\n" for i in range(0, len(self.articles), 20))
        (annotations / "notes.yaml").write_text("notes:\n" + notes)

    def cited(self):
        """A paragraph that cites one of an article's, every second time with its words."""
        article = self.random.randrange(len(self.articles))
        paragraph = self.random.randrange(12)
        words = self.articles[article][paragraph].split(". ")[1]
        quotation = f' "{words}"' if self.random.random() < 0.5 else ""
        return f"{self.paragraph()[:-1]} [@a{article:05}, ¶{paragraph + 1}{quotation}]."


def timed(command):
    """Wall seconds, CPU seconds and peak megabytes of one run."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"failed: {shlex.join(command)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(book, names, programs, runs):
    """The best figures of each program, which take turns."""
    results = {}
    out = book.parent / "out"
    for _ in range(runs):
        for name, command in programs.items():
            shutil.rmtree(out, ignore_errors=True)
            words = [word.format(book=book, content=book / "content", out=out, names=names) for word in shlex.split(command)]
            results.setdefault(name, []).append(timed(words))
    return {name: tuple(min(column) for column in zip(*figures)) for name, figures in results.items()}


def written(program, book):
    """How many files a build writes: the first, one without a change, one with a changed article."""
    out = book.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    build = [program, "build", "-q", "--book", str(book), "--out", str(out)]
    inodes = lambda: {path: path.stat().st_ino for path in out.rglob("*.html")}
    counts, before = [], {}
    article = book / "content/articles/a00000.md"
    text = article.read_text()
    for change in ("", "", "\nOne more paragraph.\n"):
        article.write_text(text + change)
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        after = inodes()
        counts.append(sum(before.get(path) != inode for path, inode in after.items()))
        before = after
    article.write_text(text)
    return counts


def main():
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--terms", default="500")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=root / "target/bench-books")
    parser.add_argument("--program", default=str(root / "target/release/pincite"))
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    programs = {"pincite": f"{shlex.quote(options.program)} build -q --book {{book}} --out {{out}}"}
    programs |= dict(beside.split("=", 1) for beside in options.beside)
    against = [*programs, "pincite"][1]
    print("| articles | terms | program | wall s | CPU s | wall ratio | CPU ratio | peak MiB | files written: first, unchanged, one article |")
    print("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for size in map(int, options.sizes.split(",")):
        for terms in map(int, options.terms.split(",")):
            folder = options.work / f"{size}-{terms}"
            book, names = folder / "book", folder / "names.txt"
            if not book.exists():
                made = Book(size, terms)
                made.write(book)
                names.write_text("".join(f"{word}\n" for term in made.terms for word in term))
            figures = measure(book, names, programs, options.runs)
            beside = figures[against]
            for name, (wall, cpu, peak) in figures.items():
                files = ", ".join(map(str, written(options.program, book))) if name == "pincite" else ""
                print(f"| {size} | {terms} | {name} | {wall:.3f} | {cpu:.2f} | {wall / beside[0]:.1f} | {cpu / beside[1]:.1f} "
                      f"| {peak:.0f} | {files} |", flush=True)


if __name__ == "__main__":
    main()
