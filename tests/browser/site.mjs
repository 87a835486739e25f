// The pages of a built site, and which of them are looked at.

import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const MOST_IN_A_FOLDER = 12;

// `{ roots, pages: [{ path, url, kind, example }] }`; `example` marks one page of each kind, its richest. Pages are opened from
// their files, but 404.html as a server gives it, at `address`, to those who ask for what is not there.
export function readSite(folder, address) {
  const root = `${pathToFileURL(folder).href}/`;
  const found = readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(".html"))
    .map((path) => describe(folder, path));
  for (const page of found.filter((page) => page.path === "404.html")) page.url = `${address}no/such/page.html`;
  const examples = new Set(groups(found, (page) => page.kind).map(largest));
  for (const page of found) page.example = examples.has(page);

  const folders = groups(found.sort(byPath), (page) => dirname(page.path));
  return { roots: [root, address], pages: folders.flatMap(sample) };
}

// Pages of a folder are of one kind, named like the folder; each page at the top is a kind of its own.
function describe(folder, path) {
  const file = join(folder, path);
  const names = path.split(sep);
  const kind = names.length > 1 ? names[0] : basename(path, ".html");
  return { path: names.join("/"), url: pathToFileURL(file).href, kind, size: statSync(file).size };
}

function byPath(a, b) {
  return a.path < b.path ? -1 : 1;
}

function groups(pages, name) {
  const byName = new Map();
  for (const page of pages) byName.set(name(page), [...(byName.get(name(page)) ?? []), page]);
  return [...byName.values()];
}

function largest(pages) {
  return pages.reduce((most, page) => (page.size > most.size ? page : most));
}

// At most twelve pages, spread evenly; the example is always among them.
function sample(pages) {
  if (pages.length <= MOST_IN_A_FOLDER) return pages;
  const step = (pages.length - 1) / (MOST_IN_A_FOLDER - 1);
  const chosen = new Set(Array.from({ length: MOST_IN_A_FOLDER }, (_, n) => pages[Math.round(n * step)]));
  const example = pages.find((page) => page.example);
  if (example && !chosen.has(example)) {
    chosen.delete([...chosen].at(-1));
    chosen.add(example);
  }
  return pages.filter((page) => chosen.has(page));
}
