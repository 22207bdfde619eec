/** Light or dark. */
import { useEffect, useState } from "preact/hooks";
import { applyTheme, chooseTheme, currentTheme, followSystem } from "../state/theme";

export function ThemeSwitch() {
  const [theme, setTheme] = useState(currentTheme());
  useEffect(
    () =>
      followSystem((next) => {
        applyTheme(next);
        setTheme(next);
      }),
    [],
  );
  const other = theme === "dark" ? "light" : "dark";
  const choose = (): void => {
    chooseTheme(other);
    setTheme(other);
  };
  return (
    <button
      type="button"
      class="icon-button"
      onClick={choose}
      aria-label={`Use ${other} colours`}
      title={`Use ${other} colours`}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        {theme === "dark" ? (
          <g fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round">
            <circle cx="10" cy="10" r="3.4" />
            <path d="M10 2v1.800M10 16.200V18M2 10h1.800M16.200 10H18M4.300 4.300l1.300 1.300M14.400 14.400l1.300 1.300M4.300 15.700l1.300-1.300M14.400 5.600l1.300-1.300" />
          </g>
        ) : (
          <path
            d="M16.500 11.800A6.900 6.900 0 0 1 8.200 3.500a6.900 6.900 0 1 0 8.300 8.300Z"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linejoin="round"
          />
        )}
      </svg>
    </button>
  );
}
