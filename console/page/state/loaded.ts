/** What a page asks the server for, in the three states that it can be in. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { ask } from "./api";
import { useCell } from "./cell";
import { graphs } from "./live";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "ready"; readonly data: T };

/**
 * Asks at once, again when asked to or when another graph has taken over, and every so often; what was there stays until there is something newer.
 * @param every milliseconds; without it only once
 */
export function useLoaded<T>(
  name: string,
  query: Readonly<Record<string, string>> = {},
  every?: number,
): readonly [Loaded<T>, () => void] {
  const key = JSON.stringify([name, query]);
  const [found, setFound] = useState<{ readonly key: string; readonly loaded: Loaded<T> }>();
  const [round, setRound] = useState(0);
  const graph = useCell(graphs);
  useEffect(() => {
    const leaving = new AbortController();
    ask<T>(name, query, leaving.signal).then(
      (data) => setFound({ key, loaded: { state: "ready", data } }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        setFound((before) =>
          before?.key === key && before.loaded.state === "ready"
            ? before
            : { key, loaded: { state: "failed", reason } },
        );
      },
    );
    return () => leaving.abort();
  }, [key, round, graph]);
  useEffect(() => {
    if (every === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) setRound((count) => count + 1);
    }, every);
    return () => clearInterval(timer);
  }, [key, every]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  return [found?.key === key ? found.loaded : { state: "loading" }, again];
}
