/** Light or dark: as the system has it, until the person chooses. */
export type Theme = "light" | "dark";

const KEY = "clickstream-theme";

export function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}

/** Follows the system for as long as nothing was chosen. */
export function followSystem(listener: (theme: Theme) => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const follow = (): void => {
    if (localStorage.getItem(KEY) === null) listener(currentTheme());
  };
  query.addEventListener("change", follow);
  return () => query.removeEventListener("change", follow);
}
