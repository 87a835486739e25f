// Starts Chromium: /usr/bin/chromium, or what CHROMIUM names.

import { chromium } from "playwright-core";

export async function launch() {
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  try {
    return await chromium.launch({ executablePath, args });
  } catch (error) {
    return stop(3, `${executablePath} does not start; set CHROMIUM to another one\n${error.message.split("\n")[0]}`);
  }
}

export function stop(status, message) {
  console.error(message);
  process.exit(status);
}
