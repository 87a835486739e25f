// Drives a live preview in Chromium while the book's files change.
//
//     node serve.mjs URL BOOK_DIR
//
// The book is the one that tests/it/browser.rs makes. Prints `ok WHAT` or `FAIL WHAT: reason`, and ends with status 1 if
// anything failed.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { launch } from "./launch.mjs";

const [url, book] = process.argv.slice(2);
const CHAPTER = "content/chapters/01-long.md";
const STYLE = "themes/brief/static/style.css";
const PAGE = "chapters/long.html";
const TABS = 9; // more than the six connections that a browser allows a server

const read = (path) => readFileSync(join(book, path), "utf8");

function write(path, text) {
  mkdirSync(dirname(join(book, path)), { recursive: true });
  writeFileSync(join(book, path), text);
}

const originals = [CHAPTER, STYLE, "book.toml"].map((path) => [path, read(path)]);

const checks = {
  async "a page keeps its place when it is loaded anew"({ open }) {
    const tab = await open(PAGE);
    const before = await tab.evaluate(() => {
      const paragraphs = [...document.querySelectorAll(".numbered")];
      const paragraph = paragraphs.find((one) => one.textContent.includes("Paragraph 40 "));
      scrollTo(0, scrollY + paragraph.getBoundingClientRect().top - 37);
      window.marked = true;
      return paragraph.getBoundingClientRect().top;
    });
    expect(before > 0 && before < 100, `paragraph 40 stands at ${before}`);
    write(CHAPTER, read(CHAPTER).replace("# Long\n", "# Long\n\nA paragraph above, which was not there.\n\nAnother.\n"));
    await tab.waitForFunction(() => document.body?.textContent.includes("A paragraph above") && !window.marked);
    await tab.waitForLoadState("load");
    await tab.waitForTimeout(200);
    const after = await tab.evaluate(() => {
      const paragraphs = [...document.querySelectorAll(".numbered")];
      return paragraphs.find((one) => one.textContent.includes("Paragraph 40 ")).getBoundingClientRect().top;
    });
    expect(Math.abs(after - before) < 2, `paragraph 40 went from ${before} to ${after}`);
  },

  async "a style sheet is changed without loading anew"({ open }) {
    const tab = await open(PAGE);
    await tab.evaluate(() => {
      scrollTo(0, 700);
      window.marked = true;
    });
    write(STYLE, `${read(STYLE)}\nbody { background: rgb(1, 2, 3) }\n`);
    await tab.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
    write(STYLE, `${read(STYLE)}\nbody { background: rgb(4, 5, 6) }\n`);
    await tab.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(4, 5, 6)");
    await tab.waitForFunction(() => document.querySelectorAll('link[href*="style.css"]').length === 1);
    const { marked, y } = await tab.evaluate(() => ({ marked: window.marked, y: scrollY }));
    expect(marked, "the page was loaded anew");
    expect(Math.abs(y - 700) < 3, `the page went to ${y}`);
  },

  async "an error stands over the last good page until it is mended"({ open }) {
    const tab = await open(PAGE);
    const good = read(CHAPTER);
    await tab.evaluate(() => (window.marked = true));
    write(CHAPTER, `${good}\nWrong [@report, ¶1 "<img src=x onerror=window.hacked=1>"].\n`);
    const panel = tab.locator("#_pincite section");
    await panel.waitFor();
    const text = await panel.innerText();
    const line = good.split("\n").length + 1;
    for (const part of ["1 error", "error[lost-quotation]", `${CHAPTER}:${line}:`, "<img src=x onerror=window.hacked=1>", "help:"]) {
      expect(text.includes(part), `the error does not say ${part}: ${text}`);
    }
    expect((await panel.locator("img").count()) === 0, "the error's text became markup");
    expect(await tab.evaluate(() => window.marked && !window.hacked), "the page beneath is not the last good one");
    expect(await panel.locator(".pincite-edit").isVisible(), "there is no way from the error to its line");
    await tab.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    write(CHAPTER, `${good}\nStill wrong [@nothing].\n`);
    await panel.waitFor();
    write(CHAPTER, `${good}\nMended.\n`);
    await panel.waitFor({ state: "detached" });
    await tab.waitForFunction(() => document.body?.textContent.includes("Mended."));
  },

  async "every tab follows, and only those that show the change"({ open }) {
    const tabs = [];
    for (let n = 0; n < TABS; n++) tabs.push(await open(PAGE));
    const other = await open("index.html");
    for (const tab of [...tabs, other]) await tab.evaluate(() => (window.marked = true));
    write(CHAPTER, `${read(CHAPTER)}\nSeen in every tab.\n`);
    for (const tab of tabs) await tab.waitForFunction(() => document.body?.textContent.includes("Seen in every tab."));
    expect(await other.evaluate(() => window.marked), "a page that did not change was loaded anew");
    await tabs[0].close();
    write(CHAPTER, `${read(CHAPTER)}\nSeen without the first.\n`);
    for (const tab of tabs.slice(1)) {
      await tab.waitForFunction(() => document.body?.textContent.includes("Seen without the first."));
    }
  },

  async "the editor opens at a paragraph's and an entry's line"({ open }) {
    const tab = await open("glossary.html");
    const button = tab.locator("#usfj > .pincite-edit");
    expect((await button.getAttribute("title")) === "content/annotations/a.yaml:2", "the entry's place is wrong");
    await button.click();
    for (let tries = 0; !existsSync(join(book, "opened")) && tries < 100; tries++) await tab.waitForTimeout(50);
    expect(read("opened").trim().endsWith("content/annotations/a.yaml:2"), `the editor got ${read("opened")}`);
    const chapter = await open(PAGE);
    await chapter.locator("#p1 > .pincite-edit").waitFor({ state: "attached" });
  },

  async "a broken book.toml is said on any page, and mended"({ open }) {
    const good = read("book.toml");
    const tab = await open("no/such/page.html");
    expect((await tab.evaluate(() => document.styleSheets.length)) >= 2, "the page that is not there has no style");
    write("book.toml", "[book\n");
    await tab.locator("#_pincite section").waitFor();
    write("book.toml", good);
    await tab.locator("#_pincite section").waitFor({ state: "detached" });
  },

  async "the preview's own style moves nothing of a page"({ open }) {
    const tab = await open("chapters/view.html");
    await tab.locator("#p1 > .pincite-edit").waitFor({ state: "attached" });
    const [before, after] = await tab.evaluate(() => {
      const boxes = () => [...document.querySelectorAll("body, body *")].map((element) => element.getBoundingClientRect());
      for (const button of document.querySelectorAll(".pincite-edit")) button.remove();
      const before = JSON.stringify(boxes());
      document.querySelector('link[href="/_pincite/client.css"]').disabled = true;
      return [before, JSON.stringify(boxes())];
    });
    expect(before === after, "something stands elsewhere without it");
  },

  async "a page can be read without scripts"({ browser }) {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(url + PAGE);
    expect((await tab.locator("#p40").innerText()).length > 0, "the text is not there");
    expect((await tab.locator(".pincite-edit, #_pincite").count()) === 0, "the preview's own things are there");
    await context.close();
  },
};

function expect(holds, reason) {
  if (!holds) throw new Error(reason);
}

async function main() {
  const browser = await launch();
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    const complaints = [];
    const open = async (page) => {
      const tab = await context.newPage();
      tab.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
      tab.on("console", (message) => {
        const expected = /status of (404|503)/.test(message.text());
        if (message.type() === "error" && !expected) complaints.push(`console: ${message.text()}`);
      });
      await tab.goto(url + page);
      return tab;
    };
    try {
      await check({ browser, open });
    } catch (error) {
      complaints.push(error.message.split("\n")[0]);
      for (const [path, text] of originals) write(path, text);
    }
    await context.close();
    console.log(complaints.length === 0 ? `ok ${name}` : complaints.map((reason) => `FAIL ${name}: ${reason}`).join("\n"));
    failed += complaints.length;
  }
  await browser.close();
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
