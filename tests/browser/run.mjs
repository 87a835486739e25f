// Opens a built site in Chromium, straight from its files (404.html from a server), and looks for what a reader would trip over.
//
//     node run.mjs SITE_DIR [--shots DIR]
//
// Prints `ok PAGE` or `FAIL PAGE: reason`, a line for each fault, and ends with status 1 if there was one, 2 on wrong
// usage, 3 where Chromium (/usr/bin/chromium, or what CHROMIUM names) does not start. `--shots` keeps pictures of the kinds of page.

import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { accessibilityFaults, citationFaults, citedByFaults, imageFaults, layoutFaults, schemeFaults, structureFaults } from "./checks.mjs";
import { launch, stop } from "./launch.mjs";
import { serve } from "./server.mjs";
import { readSite } from "./site.mjs";

const SHOT_WIDTHS = [390, 1280, 1920];
const SCHEMES = ["light", "dark"];
const TALLEST_SHOT = 8000;
const AT_ONCE = 4;

async function main() {
  const { folder, shots } = readArguments();
  const server = await serve(folder);
  const site = readSite(folder, server.address);
  if (site.pages.length === 0) stop(1, `FAIL ${folder}: there is no page in it`);

  const browser = await launch();
  const readers = { plain: await openReader(browser, site, false), scripted: await openReader(browser, site, true) };
  const found = await inspectAll(site.pages, readers);
  for (const page of shots ? site.pages.filter((page) => page.example) : []) await photograph(page, readers.scripted, shots);
  await browser.close();
  server.close();

  site.pages.forEach((page) => report(page, found.get(page)));
  const failed = site.pages.filter((page) => found.get(page).length > 0).length;
  console.log(`${site.pages.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function readArguments() {
  try {
    const options = { shots: { type: "string" } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error("name one folder");
    if (!statSync(positionals[0]).isDirectory()) throw new Error(`${positionals[0]} is not a folder`);
    return { folder: resolve(positionals[0]), shots: values.shots };
  } catch (error) {
    return stop(2, `${error.message}\nusage: node run.mjs SITE_DIR [--shots DIR]`);
  }
}

// A reader with or without scripts. Nothing that the pages ask of the network is ever sent.
async function openReader(browser, site, scripts) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  const isOutside = (url) => /^(https?|wss?):$/.test(url.protocol) && !isInside(site, url.href);
  await context.route(isOutside, (route) => route.abort());
  return { context, site, scripts };
}

function isInside(site, url) {
  return site.roots.some((root) => url.startsWith(root));
}

// The faults of every page. A few pages are open at a time, each worker taking the next one that is left.
async function inspectAll(pages, readers) {
  const found = new Map();
  const left = pages.values();
  const work = async () => {
    for (const page of left) found.set(page, await inspect(page, readers));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

// All faults of a page, each once; those of a reader without scripts are named so where a reader with scripts has them not.
async function inspect(page, { plain, scripted }) {
  const faults = await faultsFor(page, scripted);
  const without = [...(await faultsFor(page, plain))].filter((fault) => !faults.has(fault));
  return [...faults, ...without.map((fault) => `without scripts: ${fault}`)];
}

async function faultsFor(page, reader) {
  const faults = new Set();
  const note = (fault) => faults.add(fault);
  const tab = await reader.context.newPage();
  listen(tab, reader.site, note);
  for (const check of checksFor(page, reader)) {
    try {
      await tab.goto(page.url);
      for (const fault of await check(tab, reader.site)) note(fault);
    } catch (error) {
      note(error.message.split("\n")[0]);
    }
  }
  await tab.close();
  return faults;
}

function checksFor(page, reader) {
  const checks = [structureFaults, layoutFaults, imageFaults, citationFaults, citedByFaults];
  const axe = page.example && reader.scripts ? SCHEMES : [];
  if (page.example) checks.push((tab) => schemeFaults(tab, reader.scripts));
  return [...checks, ...axe.map((scheme) => (tab) => accessibilityFaults(tab, scheme))];
}

function listen(tab, site, note) {
  tab.on("pageerror", (error) => note(`script error: ${error.message}`));
  tab.on("console", (message) => {
    const loading = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !loading) note(`console: ${message.text()}`);
  });
  tab.on("request", (request) => {
    if (!isInside(site, request.url())) note(`asks for something outside the site: ${request.url()}`);
  });
  tab.on("requestfailed", (request) => {
    const left = request.failure()?.errorText === "net::ERR_ABORTED"; // the reader went on before it had come
    if (isInside(site, request.url()) && !left) note(`does not load: ${request.url()}`);
  });
}

function report(page, faults) {
  if (faults.length === 0) console.log(`ok ${page.path}`);
  for (const fault of faults) console.log(`FAIL ${page.path}: ${fault}`);
}

async function photograph(page, reader, folder) {
  mkdirSync(folder, { recursive: true });
  const tab = await reader.context.newPage();
  for (const colorScheme of SCHEMES) {
    await tab.emulateMedia({ colorScheme });
    for (const width of SHOT_WIDTHS) {
      await tab.setViewportSize({ width, height: 900 });
      await tab.goto(page.url);
      const height = await tab.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width, height: Math.min(Math.max(height, 900), TALLEST_SHOT) };
      await tab.screenshot({ path: join(folder, `${page.kind}-${width}-${colorScheme}.png`), fullPage: true, clip });
    }
  }
  await tab.close();
}

await main();
