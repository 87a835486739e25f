// Weighs the pages of a built site as they are sent: compressed, with their styles and scripts; fonts apart.
//
//     node weight.mjs SITE_DIR
//
// Prints `FAIL …` for each page and for the fonts where they are too heavy, and ends with status 1 if one was.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const HEAVIEST_PAGE = 60_000;
const HEAVIEST_FONTS = 150_000;

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true });
const compressed = (path) => gzipSync(readFileSync(path), { level: 6 }).length;
const total = (sizes) => sizes.reduce((sum, size) => sum + size, 0);
let failed = 0;

function hold(name, size, most) {
  if (size <= most) return;
  console.log(`FAIL ${name}: ${size} bytes instead of ${most}`);
  failed += 1;
}

for (const page of files.filter((path) => path.endsWith(".html") && path !== "404.html")) {
  const path = join(folder, page);
  const parts = readFileSync(path, "utf8").matchAll(/<(?:link rel="stylesheet"|script)[^>]* (?:href|src)="([^"]+)"/g);
  const beside = [...parts].map(([, address]) => compressed(join(dirname(path), address)));
  if (beside.length === 0) hold(`${page} has neither style nor script`, 1, 0);
  hold(page, compressed(path) + total(beside), HEAVIEST_PAGE);
}
const fonts = files.filter((path) => path.endsWith(".woff2"));
if (fonts.length === 0) hold("the fonts are not there", 1, 0);
hold("the fonts", total(fonts.map((path) => readFileSync(join(folder, path)).length)), HEAVIEST_FONTS);
console.log(`${files.length} files weighed`);
process.exitCode = failed > 0 ? 1 : 0;
