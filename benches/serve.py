#!/usr/bin/env python3
"""How long a preview takes from the saving of a file to its page, when that is asked for without pause.

  cargo build --release
  benches/serve.py FOLDER [--runs 7] [--program PATH]

FOLDER is a book as `benches/run.py` writes it; it is changed and put back. Each figure is the median of the runs.
"""
import argparse, http.client, re, socket, statistics, subprocess, time
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def page(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.read().decode() if answer.status == 200 else ""


def until(connection, path, words, patience=60):
    """Seconds until a page holds these words."""
    start = time.monotonic()
    while words not in page(connection, path):
        time.sleep(0.002)
        if time.monotonic() - start > patience:
            raise SystemExit(f"{path} never showed `{words}`")
    return time.monotonic() - start


def saved(connection, file, change, path, runs):
    """Milliseconds from saving a change of a file to its page: the median of some runs, each a new change."""
    before = file.read_text()
    times = []
    try:
        for run in range(runs):
            words = f"unheard-of {run}"
            file.write_text(change(before, words))
            times.append(until(connection, path, words) * 1000)
            time.sleep(0.3)
    finally:
        file.write_text(before)
    time.sleep(1)
    return statistics.median(times)


def in_first_entry(text, words):
    """The first entry of a glossary, its definition with more words."""
    return re.sub(r'(text: ")', rf"\g<1>{words} ", text, count=1)


def with_new_entry(text, words):
    return text.replace("glossary:\n", f'glossary:\n  "{words}":\n    text: "{words}"\n', 1)


def main():
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--program", default=str(root / "target/release/pincite"))
    options = parser.parse_args()
    content = options.book / "content"
    article = sorted((content / "articles").glob("*.md"))[0]
    glossary = content / "annotations/glossary.yaml"
    port = free_port()
    server = subprocess.Popen([options.program, "serve", "-q", "--port", str(port), "--book", str(options.book)])
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                if page(connection, "/index.html"):
                    break
            except OSError:
                pass
            if time.monotonic() > deadline:
                raise SystemExit("the preview does not start")
            time.sleep(0.1)
        append = lambda text, words: f"{text}\nOne more paragraph, {words}.\n"
        changes = {
            "an article": (article, append, f"/articles/{article.stem}.html"),
            "a definition": (glossary, in_first_entry, "/glossary.html"),
            "a new entry": (glossary, with_new_entry, "/glossary.html"),
        }
        for name, (file, change, path) in changes.items():
            print(f"{name}: {saved(connection, file, change, path, options.runs):.0f} ms", flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
