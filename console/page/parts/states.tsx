/** What a page shows while it has nothing to show: not yet, not at all, or not any more. */
import type { ComponentChildren } from "preact";
import type { Loaded } from "../state/loaded";

export function Loading({ what, lines = 4 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div class="loading" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="bone" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 64 32" width="64" height="32" aria-hidden="true">
        <path
          d="M4 22c14 0 14-14 28-14s14 14 28 6"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="3 5"
          stroke-linecap="round"
        />
        <circle cx="32" cy="8" r="3.5" fill="currentColor" />
      </svg>
      <p class="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

export function Failure({ reason, again }: { readonly reason: string; readonly again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>This could not be read.</strong> {reason}
      </p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Draws what was asked for once it is there. */
export function When<T>({
  loaded,
  what,
  again,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly what: string;
  readonly again?: () => void;
  readonly children: (data: T) => ComponentChildren;
}) {
  switch (loaded.state) {
    case "loading":
      return <Loading what={what} />;
    case "failed":
      return again === undefined ? (
        <Failure reason={loaded.reason} />
      ) : (
        <Failure reason={loaded.reason} again={again} />
      );
    case "ready":
      return <>{children(loaded.data)}</>;
  }
}
