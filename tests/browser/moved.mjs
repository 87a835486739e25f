// Follows an address, with scripts and without, and from a disk as well; prints where each way ends.
//
//     node moved.mjs SITE_DIR PATH

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./launch.mjs";
import { serve } from "./server.mjs";

const [site, path] = process.argv.slice(2);
const server = await serve(site);
const folder = `${pathToFileURL(resolve(site))}/`;
const browser = await launch();
for (const javaScriptEnabled of [true, false]) {
  const context = await browser.newContext({ javaScriptEnabled });
  for (const root of [server.address, folder]) {
    const tab = await context.newPage();
    const start = root + path;
    await tab.goto(start).catch(() => undefined); // the page may be left before it is there
    await tab.waitForURL((url) => !url.href.startsWith(start.split("#")[0]));
    console.log(tab.url().slice(root.length));
  }
}
await browser.close();
server.close();
