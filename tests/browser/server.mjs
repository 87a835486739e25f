// Serves a built site as web servers do: what is there, and 404.html for all else, whatever the address's depth.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const KINDS = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2" };

// `{ address, close }`; the address is that of the site's root.
export async function serve(folder) {
  const server = createServer((request, response) => answer(folder, new URL(request.url, "http://x/").pathname, response));
  await new Promise((started) => server.listen(0, "127.0.0.1", started));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function answer(folder, path, response) {
  const found = await readFile(join(folder, path)).catch(() => undefined);
  const body = found ?? (await readFile(join(folder, "404.html")));
  const kind = found ? KINDS[extname(path)] : KINDS[".html"];
  response.writeHead(found ? 200 : 404, { "content-type": kind ?? "application/octet-stream" }).end(body);
}
