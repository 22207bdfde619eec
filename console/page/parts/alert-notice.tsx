/** Says that something was raised, wherever the reader is; read out once, gone after a while. */
import { useEffect, useState } from "preact/hooks";
import { useCell } from "../state/cell";
import { linkTo } from "../state/route";
import type { WatchedSites } from "../state/watched";

const SHOWN_MS = 12_000;

export function AlertNotice({ sites, quiet }: { readonly sites: WatchedSites; readonly quiet: boolean }) {
  const alert = useCell(sites.latestAlert);
  const [gone, setGone] = useState<string>();
  useEffect(() => {
    if (alert === undefined) return;
    const timer = setTimeout(() => setGone(alert.anomaly.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [alert]);
  const shown = alert !== undefined && alert.anomaly.id !== gone && !quiet ? alert : undefined;
  return (
    <div class="notice-place" role="status" aria-live="polite">
      {shown !== undefined && (
        <div class="notice">
          <a href={linkTo("real-time")}>
            <strong>{shown.subject}</strong>
            <span>{shown.explanation.split("\n")[0]}</span>
          </a>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => setGone(shown.anomaly.id)}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}
