/** The token that lets the page change something: it comes in the link that start printed, and stays in this tab. */
const KEY = "clickstream-token";

/** Takes the token out of the address, where others could read it over a shoulder. */
export function takeToken(): void {
  const found = /^#token=([\w-]+)/.exec(location.hash);
  if (found?.[1] === undefined) return;
  sessionStorage.setItem(KEY, found[1]);
  history.replaceState(null, "", `${location.pathname}${location.search}#/overview`);
}

export function token(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}
