/** Asks the console's server. Its address stands in the document, so that the same page may be served anywhere. */
const base = document.querySelector<HTMLMetaElement>('meta[name="console-api"]')?.content ?? "console/api/";

export function apiUrl(name: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${base}${name}${search === "" ? "" : `?${search}`}`;
}

/** @throws Error whose message says what the server said */
export async function ask<T>(name: string, query?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<T> {
  return read<T>(await fetch(apiUrl(name, query), signal === undefined ? {} : { signal }));
}

/** Changes something: needs the token. */
export async function tell<T>(name: string, body: unknown, token: string): Promise<T> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  return read<T>(await fetch(apiUrl(name), { method: "POST", headers, body: JSON.stringify(body) }));
}

async function read<T>(response: Response): Promise<T> {
  const answer = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the server answered ${response.status}`);
  return answer;
}
