// Holds every page of a built site against the HTML standard.
//
//     node validate.mjs SITE_DIR
//
// Prints `FAIL PAGE:LINE:COLUMN: what (rule)` for each fault, and ends with status 1 if there was one, 2 on wrong usage.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const folder = process.argv[2];
if (folder === undefined) {
  console.log("usage: node validate.mjs SITE_DIR");
  process.exit(2);
}

// What differs from the validator's own strict sets.
const RULES = {
  "doctype-style": ["error", { style: "lowercase" }],
  "long-title": "off", // sources and chapters have the titles that their authors gave them
  // Safari forgets that a list without markers is one, and has to be told.
  "no-redundant-role": "off",
  "prefer-native-element": ["error", { exclude: ["list"] }],
  "require-sri": "off", // style and script are the site's own, and cannot be checked on `file://`
};

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:recommended", "html-validate:document", "html-validate:standard", "html-validate:a11y"],
    rules: RULES,
  }),
);
const pages = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".html")).sort();
let faults = 0;
for (const page of pages) {
  const report = await validator.validateString(readFileSync(join(folder, page), "utf8"), page);
  for (const { line, column, message, ruleId } of report.results.flatMap((result) => result.messages)) {
    console.log(`FAIL ${page}:${line}:${column}: ${message} (${ruleId})`);
    faults += 1;
  }
}
console.log(`${pages.length} pages, ${faults} faults`);
process.exitCode = faults > 0 || pages.length === 0 ? 1 : 0;
