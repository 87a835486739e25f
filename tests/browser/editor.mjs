// Opens the annotations of a new book in the YAML language server, as an editor does, and looks at what it says.
//
//     node editor.mjs BOOK_DIR
//
// BOOK_DIR is what `pincite init` wrote. Prints `ok` or `FAIL` and a line for each step; ends with status 1 if one failed.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const GLOSSARY = "content/annotations/glossary.yaml";
const NEW_FILE = "content/annotations/more/new.yml";
const PATIENCE = 15_000;

async function main() {
  const book = resolve(process.argv[2]);
  const settings = JSON.parse(readFileSync(join(book, ".vscode/settings.json"), "utf8"));
  const editor = new Editor(book, { ...unfolded(settings).yaml, schemaStore: { enable: false }, completion: true, hover: true, validate: true });
  await editor.start();
  const glossary = readFileSync(join(book, GLOSSARY), "utf8");

  await step("a sound file has no problems", async () => equal(await editor.problems(GLOSSARY, glossary), []));

  await step("a wrong key is underlined", async () => {
    const [problem, ...more] = await editor.problems(GLOSSARY, glossary.replace("    kind:", "    kinds:"));
    equal([problem?.message, problem?.range.start.line, more.length], ["Property kinds is not allowed.", lineOf(glossary, "    kind:"), 0]);
  });

  await step("a wrong word, a wrong citation and a wrong date are underlined", async () => {
    const wrong = "glossary:\n  A:\n    text: x\n    kind: persons\n    cites: two words\ntimeline:\n  - date: July\n    text: x\n";
    const lines = (await editor.problems(NEW_FILE, wrong)).map((problem) => problem.range.start.line);
    equal(lines.sort(), [3, 4, 6]);
  });

  await step("an entry's keys are offered", async () => {
    const offered = await editor.completions(NEW_FILE, "glossary:\n  A:\n    text: x\n    ", [3, 4]);
    includes(offered, ["name", "aliases", "kind", "see", "cites", "except", "link", "tags", "by", "written"]);
    excludes(offered, ["confidence", "at", "date"]);
  });

  await step("the sections and a note's keys are offered", async () => {
    includes(await editor.completions(NEW_FILE, "\n", [0, 0]), ["glossary", "notes", "claims", "timeline"]);
    includes(await editor.completions(NEW_FILE, "notes:\n  - text: x\n    ", [2, 4]), ["at", "kind", "read", "cites", "id"]);
  });

  await step("a field's words are offered", async () => {
    includes(await editor.completions(NEW_FILE, "claims:\n  a:\n    text: x\n    confidence: ", [3, 16]), ["low", "moderate", "high"]);
  });

  await step("a key is explained", async () => {
    const line = lineOf(glossary, "    cites:");
    const said = await editor.hover(GLOSSARY, glossary, [line, 6]);
    includes(said, ["What it rests on", "yokota-upgrade ¶3"]);
  });

  editor.stop();
}

// `yaml.schemas` as VS Code reads it.
function unfolded(settings) {
  const whole = {};
  for (const [path, value] of Object.entries(settings)) {
    const names = path.split(".");
    const last = names.pop();
    names.reduce((part, name) => (part[name] ??= {}), whole)[last] = value;
  }
  return whole;
}

const lineOf = (text, start) => text.split("\n").findIndex((line) => line.startsWith(start));

async function step(name, work) {
  try {
    await work();
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL ${name}: ${error.message}`);
  }
}

function equal(found, expected) {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${one} in the place of ${other}`);
}

function includes(found, expected) {
  const missing = expected.filter((part) => !found.includes(part));
  if (missing.length > 0) throw new Error(`${missing.join(", ")} missing in ${found}`);
}

function excludes(found, unexpected) {
  const odd = unexpected.filter((part) => found.includes(part));
  if (odd.length > 0) throw new Error(`${odd.join(", ")} offered`);
}

// Speaks the language server's protocol over its standard streams.
class Editor {
  constructor(book, settings) {
    this.book = book;
    this.settings = settings;
    this.answers = new Map();
    this.listeners = new Map();
    this.versions = new Map();
    this.buffer = Buffer.alloc(0);
    this.last = 0;
    const program = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");
    this.server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.server.stdout.on("data", (bytes) => this.receive(bytes));
  }

  async start() {
    const rootUri = pathToFileURL(this.book).href;
    const capabilities = {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: {}, publishDiagnostics: {} },
    };
    await this.ask("initialize", { processId: process.pid, rootUri, capabilities, workspaceFolders: [{ uri: rootUri, name: "book" }] });
    this.tell("initialized", {});
    this.tell("workspace/didChangeConfiguration", { settings: { yaml: this.settings } });
  }

  stop() {
    this.server.kill();
  }

  // The problems of a text that was typed into a file.
  problems(path, text) {
    const uri = this.uri(path);
    const version = (this.versions.get(uri) ?? 0) + 1;
    const found = this.wait((done) => this.listeners.set(uri, done), `the problems of ${path}`);
    if (version === 1) this.tell("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version, text } });
    else this.tell("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
    this.versions.set(uri, version);
    return found;
  }

  async completions(path, text, place) {
    await this.problems(path, text);
    const list = await this.ask("textDocument/completion", this.at(path, place));
    return (list.items ?? list).map((item) => item.label);
  }

  async hover(path, text, place) {
    await this.problems(path, text);
    const said = await this.ask("textDocument/hover", this.at(path, place));
    return (said?.contents.value ?? "").replaceAll("\\", "").replaceAll("&nbsp;", " ");
  }

  at(path, [line, character]) {
    return { textDocument: { uri: this.uri(path) }, position: { line, character } };
  }

  uri(path) {
    return pathToFileURL(join(this.book, path)).href;
  }

  ask(method, params) {
    const id = ++this.last;
    const answer = this.wait((done) => this.answers.set(id, done), method);
    this.send({ id, method, params });
    return answer;
  }

  tell(method, params) {
    this.send({ method, params });
  }

  wait(register, what) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer: ${what}`)), PATIENCE);
      register((value) => {
        clearTimeout(timer);
        done(value);
      });
    });
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  receive(bytes) {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      const head = this.buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.subarray(0, Math.max(head, 0)))?.[1]);
      if (head < 0 || this.buffer.length < head + 4 + length) return;
      const body = this.buffer.subarray(head + 4, head + 4 + length);
      this.buffer = this.buffer.subarray(head + 4 + length);
      this.handle(JSON.parse(body));
    }
  }

  handle({ id, method, params, result, error }) {
    if (method === "workspace/configuration") {
      const settings = params.items.map(({ section }) => (section === "yaml" ? this.settings : null));
      this.send({ id, result: settings });
    } else if (method === "textDocument/publishDiagnostics") {
      this.listeners.get(params.uri)?.(params.diagnostics);
    } else if (method && id !== undefined) {
      this.send({ id, result: null });
    } else if (this.answers.has(id)) {
      this.answers.get(id)(result ?? error);
      this.answers.delete(id);
    }
  }
}

await main();
