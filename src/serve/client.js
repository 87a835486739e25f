// The live preview's script. Only `pincite serve` adds it to a page; what is built has none of it.
//
// The server says what stands at the moment: names for the pages' and the style sheets' state, and what is wrong. The
// page compares them with its own names, and does the least that is needed. Of all open tabs one listens and tells the
// others, because browsers allow a server only six connections.
"use strict";

(() => {
  const script = document.currentScript;
  const here = { tag: script.dataset.tag, pages: script.dataset.pages, styles: script.dataset.styles };
  const hasEditor = "editor" in script.dataset && window.top === window;
  const page = encodeURIComponent(location.pathname);
  const channel = new BroadcastChannel("pincite");
  let latest = { run: "", number: 0 };
  let token = "";

  // ---- what the server says ----

  function hear(text) {
    const state = JSON.parse(text);
    if (state.run === latest.run && state.number <= latest.number) return;
    latest = state;
    showProblems(state);
    if (state.styles !== here.styles) {
      here.styles = state.styles;
      swapStyles();
    }
    if (state.pages !== here.pages) {
      here.pages = state.pages;
      reloadIfChanged();
    }
  }

  // Resolves never: the lock is this tab's until it is closed.
  function listen() {
    const stream = new EventSource("/_pincite/events");
    stream.onmessage = (event) => {
      channel.postMessage(event.data);
      hear(event.data);
    };
    return new Promise(() => {});
  }

  async function ask() {
    try {
      hear(await text("/_pincite/state"));
    } catch {
      // The server is away; whoever listens hears when it is back.
    }
  }

  async function text(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  }

  // ---- the page ----

  async function reloadIfChanged() {
    const asked = here.pages;
    try {
      const tag = await text(`/_pincite/tag?page=${page}`);
      if (tag === here.tag || asked !== here.pages) return;
    } catch {
      return;
    }
    keepPlace();
    location.reload();
  }

  function swapStyles() {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = new URL(link.href);
      if (address.origin !== location.origin || address.pathname.startsWith("/_pincite/")) continue;
      address.searchParams.set("state", here.styles);
      const fresh = link.cloneNode();
      fresh.href = address.href;
      fresh.onload = () => link.remove();
      fresh.onerror = () => fresh.remove();
      link.after(fresh);
    }
  }

  // ---- the reader's place ----

  const KEY = `pincite:${location.pathname}`;
  const words = (element) => element.textContent.replace(/^[\d\s]+/, "").slice(0, 60);

  // The place is what stands at the top of the window, by its words or else its name: lines may come above it.
  function keepPlace() {
    const seen = [...document.querySelectorAll("[id]")]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => box.height > 0 && box.bottom > 0 && !element.closest("#_pincite") && words(element));
    const distance = ({ box }) => Math.abs(box.top);
    const top = seen.reduce((best, one) => (best && distance(best) <= distance(one) ? best : one), null);
    const anchor = top && { id: top.element.id, words: words(top.element), top: top.box.top };
    sessionStorage.setItem(KEY, JSON.stringify({ x: scrollX, y: scrollY, anchor }));
    history.scrollRestoration = "manual";
  }

  function findAgain({ id, words: wanted }) {
    const named = document.getElementById(id);
    if (named && words(named) === wanted) return named;
    const same = [...document.querySelectorAll("[id]")].filter((element) => words(element) === wanted);
    return same.length === 1 ? same[0] : named;
  }

  function restorePlace() {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (!kept) return;
    const { x, y, anchor } = JSON.parse(kept);
    let moved = false;
    const restore = () => {
      if (moved) return;
      scrollTo({ left: x, top: y, behavior: "instant" });
      const element = y > 0 && anchor && findAgain(anchor);
      if (element) scrollBy({ top: element.getBoundingClientRect().top - anchor.top, behavior: "instant" });
    };
    for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(gesture, () => (moved = true), { once: true, passive: true });
    }
    restore();
    document.fonts.ready.then(restore);
    addEventListener("load", () => {
      restore();
      history.scrollRestoration = "auto";
    });
  }

  // ---- what is wrong ----

  let hidden = "";

  function showProblems(state) {
    const shown = JSON.stringify(state.problems);
    if (state.errors === 0) hidden = "";
    document.getElementById("_pincite")?.remove();
    if (state.errors === 0 || shown === hidden) return;

    const host = make("div", { id: "_pincite" });
    const root = host.attachShadow({ mode: "open" });
    root.append(make("link", { rel: "stylesheet", href: "/_pincite/client.css" }));
    const panel = make("section", { className: "pincite-panel", role: "alert", ariaLabel: "Errors in the book" });
    const hide = make("button", { type: "button", textContent: "Hide" });
    hide.onclick = () => {
      hidden = shown;
      host.remove();
    };
    const count = state.errors === 1 ? "1 error" : `${state.errors} errors`;
    const beneath = here.tag === "none" ? "" : " · beneath is the last good page";
    panel.append(make("header", {}, make("p", { textContent: count + beneath }), hide));
    panel.append(...state.problems.map(describe));
    if (state.errors > state.problems.length) {
      panel.append(make("p", { textContent: `… and ${state.errors - state.problems.length} more` }));
    }
    root.append(panel);
    document.body.append(host);
  }

  // What is printed begins with the level, the name and the message, and ends with the help, which here may be wrapped.
  function describe(problem) {
    const [, ...lines] = problem.text.split("\n");
    const help = lines.findIndex((line) => /^ *= help: /.test(line));
    const snippet = lines.slice(0, help < 0 ? lines.length : help).join("\n").replace(/[\s|]+$/, "");
    const title = make("h2", {}, make("b", { textContent: `${problem.level}[${problem.code}]` }), `: ${problem.message}`);
    const parts = [title];
    if (snippet) parts.push(make("pre", { textContent: snippet, tabIndex: 0 }));
    if (problem.help) parts.push(make("p", { textContent: `help: ${problem.help}` }));
    if (hasEditor && problem.file) parts.push(editButton(problem.file, problem.line));
    return make("article", {}, ...parts);
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.getElementById("_pincite")?.shadowRoot.querySelector("header button").click();
  });

  // ---- the editor ----

  async function addEditButtons() {
    const { token: given, places } = JSON.parse(await text(`/_pincite/places?page=${page}`));
    token = given;
    for (const [id, [file, line]] of Object.entries(places)) {
      const element = document.getElementById(id);
      element?.append(editButton(file, line));
    }
  }

  function editButton(file, line) {
    const button = make("button", { type: "button", className: "pincite-edit", textContent: "edit", title: `${file}:${line}` });
    button.ariaLabel = `Edit ${file}, line ${line}`;
    button.onclick = async () => {
      const headers = { "content-type": "application/json", "x-pincite-token": token };
      const answer = await fetch("/_pincite/edit", { method: "POST", headers, body: JSON.stringify({ file, line }) });
      if (!answer.ok) button.textContent = (await answer.text()).trim();
    };
    return button;
  }

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  // ---- begin ----

  restorePlace();
  channel.onmessage = (event) => hear(event.data);
  if (navigator.locks) navigator.locks.request("pincite", listen);
  else listen();
  ask();
  addEventListener("pageshow", (event) => event.persisted && ask());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  if (hasEditor) addEditButtons();
})();
