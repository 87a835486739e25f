// What is checked on an open page. Each check takes a Playwright page and gives its faults as sentences.
// The functions named `find…`, at the end, run inside the page and therefore use nothing else of this file.

import axe from "axe-core";

const WIDTHS = [320, 390, 768, 1200, 1440, 1920];
const MARGIN_WIDTHS = [1200, 1440, 1920];
const READING_WIDTHS = [390, 1280];
const STANDARDS = ["wcag2a", "wcag2aa"];

export async function structureFaults(tab) {
  return tab.evaluate(findStructureFaults);
}

// Nothing scrolls sideways, and notes in the margin cover neither each other nor the text.
export async function layoutFaults(tab) {
  await settleFonts(tab);
  const faults = [];
  for (const width of WIDTHS) {
    await resize(tab, width);
    const found = await tab.evaluate(findSidewaysScroll);
    if (MARGIN_WIDTHS.includes(width)) found.push(...(await tab.evaluate(findOverlaps)));
    faults.push(...found.map((fault) => `at ${width} px ${fault}`));
  }
  return faults;
}

// An image has the room that it needs before it is loaded.
export async function imageFaults(tab) {
  return tab.evaluate(findWrongRoom);
}

// The first citation mark leads to its note; the first note with a paragraph leads on to that paragraph of an article.
export async function citationFaults(tab, site) {
  const start = tab.url();
  const marks = await tab.evaluate(findCitations);
  if (marks.length === 0) return [];

  const faults = [];
  const followed = new Set([marks[0], marks.find((mark) => mark.leadsOn) ?? marks[0]]);
  for (const width of READING_WIDTHS) {
    for (const mark of followed) {
      await resize(tab, width);
      await tab.goto(start);
      const fault = await followCitation(tab, site, mark);
      if (fault) faults.push(`at ${width} px ${fault}`);
    }
  }
  return faults;
}

async function followCitation(tab, site, mark) {
  await follow(tab, tab.locator(`.cite a[href="${mark.href}"]`).first(), `the citation mark ${mark.href}`);
  const note = await tab.evaluate(findNote, mark.href);
  if (!note) return `the citation mark ${mark.href} leads to no visible note`;
  if (!mark.leadsOn) return null;

  const link = tab.locator(`[id="${note}"] a[href*="#p"]`).first();
  const href = await link.getAttribute("href");
  await follow(tab, link, `${href} in note ${note}`);
  const at = tab.url();
  if (!at.startsWith(`${site.roots[0]}articles/`)) return `${href} in note ${note} leads to no article, but to ${at}`;
  const fault = await tab.evaluate(findArrivalFault);
  return fault && `${href} in note ${note} ${fault}`;
}

// "Cited by" under a paragraph leads back to the place that cites it.
export async function citedByFaults(tab) {
  const link = tab.locator(".cited-by a").filter({ visible: true }).first();
  if ((await link.count()) === 0) return [];

  const href = await link.getAttribute("href");
  await follow(tab, link, `“cited by” ${href}`);
  const fault = await tab.evaluate(findArrivalFault);
  return fault ? [`“cited by” ${href} ${fault}`] : [];
}

// With scripts a switch turns the colours round, and the next page remembers; without them no switch is shown.
// A context of its own keeps the choice from the other pages that are open.
export async function schemeFaults(tab, scripts) {
  if (!scripts) return (await tab.locator("button.scheme").isVisible()) ? ["shows a switch that does nothing"] : [];
  const context = await tab.context().browser().newContext();
  try {
    const own = await context.newPage();
    await own.goto(tab.url());
    const before = await own.evaluate(findGround);
    await own.locator("button.scheme").click();
    const after = await own.evaluate(findGround);
    await own.reload();
    if (before === after) return ["the switch does not change the colours"];
    return (await own.evaluate(findGround)) === after ? [] : ["the switch is forgotten on the next page"];
  } finally {
    await context.close();
  }
}

export async function accessibilityFaults(tab, scheme) {
  await tab.emulateMedia({ colorScheme: scheme });
  await tab.reload();
  await settleFonts(tab);
  const faults = [];
  for (const width of READING_WIDTHS) {
    await resize(tab, width);
    const violations = await runAxe(tab);
    faults.push(...violations.map((violation) => `${scheme} at ${width} px ${violation}`));
  }
  return faults;
}

// The source goes in through the debugger, which the page's content security policy does not govern.
async function runAxe(tab) {
  await tab.evaluate(axe.source);
  const options = { runOnly: STANDARDS, preload: false, resultTypes: ["violations"] };
  const { violations } = await tab.evaluate((options) => window.axe.run(document, options), options);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map((node) => node.target.join(" "));
    return `${id}: ${help} (${nodes.length}: ${places.join(", ")})`;
  });
}

async function resize(tab, width) {
  await tab.setViewportSize({ width, height: 900 });
}

async function settleFonts(tab) {
  await tab.evaluate(() => document.fonts.ready.then(() => true));
}

async function follow(tab, link, name) {
  await link.click().catch(() => {
    throw new Error(`${name} cannot be clicked: it is hidden, or something lies over it`);
  });
  await tab.waitForLoadState();
}

// From here on, inside the page.

function findStructureFaults() {
  const faults = [];
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`has ${headings} h1 instead of one`);
  if (document.title.trim() === "") faults.push("has no title");
  if (!document.documentElement.lang) faults.push("does not say its language");
  return faults;
}

async function findWrongRoom() {
  const faults = [];
  for (const image of document.images) {
    image.loading = "eager";
    await image.decode().catch(() => faults.push(`${image.src} cannot be shown`));
    const [width, height] = ["width", "height"].map((name) => Number(image.getAttribute(name)));
    // An SVG with nothing but a view box has a shape and no size.
    const grown = image.src.endsWith(".svg") ? width / image.naturalWidth : 1;
    const wrong = Math.abs(width - image.naturalWidth * grown) > 1 || Math.abs(height - image.naturalHeight * grown) > 1;
    if (wrong && !image.matches(".logo")) {
      faults.push(`${image.src} has room for ${width} × ${height}, and is ${image.naturalWidth} × ${image.naturalHeight}`);
    }
  }
  return faults;
}

function findGround() {
  return getComputedStyle(document.documentElement).backgroundColor;
}

function findSidewaysScroll() {
  const excess = document.documentElement.scrollWidth - window.innerWidth;
  if (excess <= 0) return [];
  const right = (element) => element.getBoundingClientRect().right;
  const widest = [...document.body.querySelectorAll("*")].reduce((a, b) => (right(b) >= right(a) ? b : a));
  const name = [widest.localName, ...widest.classList].join(".");
  return [`the page scrolls sideways by ${excess} px (${name}: “${widest.textContent.trim().slice(0, 40)}”)`];
}

function findOverlaps() {
  const NOTES = ".sidenote, .cited-by, .comment";
  const notes = [...document.querySelectorAll(NOTES)]
    .map((element) => ({ element, box: element.getBoundingClientRect(), name: describe(element) }))
    .filter(({ element, box }) => element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1);
  return [...beyondTheEdge(), ...betweenNotes(), ...overText()];

  function beyondTheEdge() {
    return notes
      .filter(({ box }) => box.left < 0 || box.right > window.innerWidth)
      .map(({ name }) => `${name} reaches beyond the edge of the window`);
  }

  function betweenNotes() {
    return notes.flatMap((a, index) =>
      notes
        .slice(index + 1)
        .filter((b) => !a.element.contains(b.element) && meet(a.box, b.box))
        .map((b) => `${a.name} and ${b.name} overlap`),
    );
  }

  // A numbered paragraph is kept free as a whole, short last line included; of other texts, each line.
  function overText() {
    const boxes = new Map();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text && notes.length > 0; text = texts.nextNode()) {
      const place = text.parentElement;
      if (text.data.trim() === "" || place.closest(NOTES) || !place.checkVisibility() || floats(place)) continue;
      const owner = place.closest(".numbered") ?? text;
      boxes.set(owner, [...(boxes.get(owner) ?? []), ...linesOf(text)]);
    }
    return [...boxes].flatMap(([owner, lines]) => {
      const kept = owner.nodeType === Node.TEXT_NODE ? lines : [hull(lines)];
      return notes
        .filter(({ box }) => kept.some((line) => meet(line, box)))
        .map(({ name }) => `${name} overlaps the text “${owner.textContent.trim().slice(0, 40)}”`);
    });
  }

  // The boxes of a text's lines, as far as no scrolling box around them hides them.
  function linesOf(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    let lines = [...range.getClientRects()];
    for (let box = text.parentElement; box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const frame = box.getBoundingClientRect();
      lines = lines.map((line) => common(line, frame));
    }
    return lines.filter((line) => line.left < line.right && line.top < line.bottom);
  }

  function hull(lines) {
    return {
      left: Math.min(...lines.map((line) => line.left)),
      right: Math.max(...lines.map((line) => line.right)),
      top: Math.min(...lines.map((line) => line.top)),
      bottom: Math.max(...lines.map((line) => line.bottom)),
    };
  }

  function common(a, b) {
    return {
      left: Math.max(a.left, b.left),
      right: Math.min(a.right, b.right),
      top: Math.max(a.top, b.top),
      bottom: Math.min(a.bottom, b.bottom),
    };
  }

  // A line's box is a little taller than its letters, so boxes may touch by a few pixels.
  function meet(a, b) {
    const both = common(a, b);
    return both.right - both.left > 1 && both.bottom - both.top > 3;
  }

  // What stays in the window while the page scrolls lies over different text at every moment.
  function floats(element) {
    for (let box = element; box; box = box.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(box).position)) return true;
    }
    return false;
  }

  function describe(element) {
    const name = element.id || `“${element.textContent.trim().slice(0, 40)}”`;
    return `${element.classList[0]} ${name}`;
  }
}

// The citation marks in order, and whether each one's note names a paragraph.
function findCitations() {
  return [...document.querySelectorAll('.cite a[href^="#"]')].map((mark) => {
    const href = mark.getAttribute("href");
    const note = document.getElementById(decodeURIComponent(href.slice(1)));
    return { href, leadsOn: note?.querySelector('a[href*="#p"]') != null };
  });
}

// The id of what a reader sees of a note after a click on its mark: the note itself, or the side note next to the mark.
function findNote(href) {
  const target = document.querySelector(":target");
  const arrived = location.hash === href && target?.checkVisibility({ visibilityProperty: true });
  if (arrived) return target.id;
  const marks = [...document.querySelectorAll(".cite a")];
  const beside = marks.find((mark) => mark.getAttribute("href") === href)?.closest(".cite").nextElementSibling;
  return beside?.matches(".sidenote") && beside.checkVisibility({ visibilityProperty: true }) ? beside.id : null;
}

// What is wrong with the place that a link led to, or null.
function findArrivalFault() {
  const target = document.querySelector(":target");
  if (!target) return `leads to no place: ${location.href}`;
  if (!target.checkVisibility({ visibilityProperty: true })) return `leads to a hidden place: ${location.hash}`;
  const { top, bottom } = target.getBoundingClientRect();
  return bottom < 0 || top > window.innerHeight ? `leads to a place out of sight: ${location.hash}` : null;
}
