// Light or dark: the system's wish unless the user chose otherwise here. Main entries: applyTheme, toggleTheme.
// Called by app.ts. The choice is kept in the browser; where it cannot be kept it lasts until the page closes.

export type Theme = "light" | "dark";

const KEY = "heapatlas.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    // Storage is forbidden to this page: there is no choice to read.
    return undefined;
  }
}

export function currentTheme(): Theme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

function show(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

export function applyTheme(): void {
  show(stored() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", () => {
    if (stored() === undefined) show(system.matches ? "dark" : "light");
  });
}

export function toggleTheme(): void {
  const theme = currentTheme() === "dark" ? "light" : "dark";
  show(theme);
  try {
    // Back at the system's wish, the page follows it again.
    if (theme === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is forbidden to this page: the choice lasts until it closes.
  }
}
