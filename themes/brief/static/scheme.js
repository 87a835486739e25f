// Dark or light: the system's choice, until the reader makes another. Without this file all works but the switch.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const key = "pincite-scheme";

  // A browser may forbid storage, as some do for pages from a disk.
  function remembered() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function remember(scheme) {
    try {
      localStorage.setItem(key, scheme);
    } catch {
      // The choice then holds for this page alone.
    }
  }

  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") root.dataset.scheme = chosen;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.scheme");
    if (!button) return;
    const isDark = () => (root.dataset.scheme ?? (dark.matches ? "dark" : "light")) === "dark";
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    show();
    dark.addEventListener("change", show);
    button.addEventListener("click", () => {
      root.dataset.scheme = isDark() ? "light" : "dark";
      remember(root.dataset.scheme);
      show();
    });
  });
})();
