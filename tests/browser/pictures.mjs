// Compares how pages look with the pictures in pictures/.
//
//     node pictures.mjs SITE_DIR [--renew]
//
// SITE_DIR is the built site of book/. Each kind of page is photographed on a desktop and on a phone, light and dark, and made
// four times smaller: there a Chromium that draws its letters a little otherwise makes no difference, while a colour, a
// margin or a line that has moved does. Prints `FAIL NAME: …` where more than a few points differ, keeps the new picture and
// the difference in target/pictures, and ends with status 1. `--renew` puts the new pictures in the old ones' place: look at
// them before they are committed.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { launch, stop } from "./launch.mjs";
import { serve } from "./server.mjs";
import { readSite } from "./site.mjs";

const KEPT = fileURLToPath(new URL("pictures/", import.meta.url));
const FOUND = fileURLToPath(new URL("../../target/pictures/", import.meta.url));
const SIZES = { desktop: { width: 1440, height: 1200 }, phone: { width: 392, height: 1200 } };
const SCHEMES = ["light", "dark"];
const SCALE = 4;
// Interface words and code have the system's fonts, which differ from machine to machine; here all have the theme's own.
const FONTS = ':root { --sans: "Libertinus Serif"; --mono: "Libertinus Serif" }';
const MOST_DIFFERENT = 0.004; // of a picture's points

async function main() {
  const [folder, renew] = process.argv.slice(2);
  if (folder === undefined) stop(2, "usage: node pictures.mjs SITE_DIR [--renew]");
  rmSync(FOUND, { recursive: true, force: true });
  if (renew) rmSync(KEPT, { recursive: true, force: true });

  const server = await serve(folder);
  const browser = await launch();
  let failed = 0;
  for (const page of readSite(resolve(folder), server.address).pages.filter((page) => page.example)) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of SCHEMES) {
        const picture = await photograph(browser, page, viewport, colorScheme);
        const fault = hold(`${page.kind}-${size}-${colorScheme}`, picture, renew);
        if (fault) console.log(`FAIL ${fault}`);
        failed += fault ? 1 : 0;
      }
    }
  }
  await browser.close();
  server.close();
  console.log(failed === 0 ? "all pictures agree" : `${failed} pictures differ: see target/pictures, or renew them`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function photograph(browser, page, viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", bypassCSP: true });
  const tab = await context.newPage();
  await tab.goto(page.url);
  await tab.addStyleTag({ content: FONTS });
  await tab.evaluate(() => document.fonts.ready.then(() => true));
  const picture = PNG.sync.read(await tab.screenshot());
  await context.close();
  return smaller(picture);
}

// Each point is the mean of a square of points.
function smaller(picture) {
  const small = new PNG({ width: picture.width / SCALE, height: picture.height / SCALE, colorType: 2 });
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const sums = [0, 0, 0];
      for (let inner = 0; inner < SCALE * SCALE; inner++) {
        const column = x * SCALE + (inner % SCALE);
        const row = y * SCALE + Math.floor(inner / SCALE);
        const at = (row * picture.width + column) * 4;
        for (const channel of [0, 1, 2]) sums[channel] += picture.data[at + channel];
      }
      const mean = sums.map((sum) => Math.round(sum / (SCALE * SCALE)));
      small.data.set([...mean, 255], (y * small.width + x) * 4);
    }
  }
  return small;
}

// What is wrong with a picture, or null.
function hold(name, picture, renew) {
  const kept = join(KEPT, `${name}.png`);
  if (renew) {
    keep(KEPT, name, picture);
    return null;
  }
  if (!existsSync(kept)) {
    keep(FOUND, name, picture);
    return `${name}: there is no picture to compare it with`;
  }
  const before = PNG.sync.read(readFileSync(kept));
  const { width, height } = picture;
  if (before.width !== width || before.height !== height) return `${name}: the picture has another size`;
  const difference = new PNG({ width, height });
  const different = pixelmatch(before.data, picture.data, difference.data, width, height, { threshold: 0.1 });
  if (different <= MOST_DIFFERENT * width * height) return null;
  keep(FOUND, name, picture);
  keep(FOUND, `${name}-difference`, difference);
  return `${name}: ${different} of ${width * height} points differ`;
}

function keep(folder, name, picture) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), PNG.sync.write(picture, { colorType: 2, deflateLevel: 9 }));
}

await main();
