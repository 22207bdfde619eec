/** What was raised, newest first, with what made it an anomaly. */
import type { Alert } from "../../model/wire";
import { Empty } from "../parts/states";
import { clock, moment, percent } from "../state/figures";

export function AlertList({ alerts, cutoff }: { readonly alerts: readonly Alert[]; readonly cutoff: number | null }) {
  return (
    <section class="card" aria-label="Alerts">
      <h2>
        Alerts <span class="soft">{alerts.length}</span>
      </h2>
      {alerts.length === 0 ? (
        <Empty title="Nothing unusual so far">An alert appears here the moment a window is out of the ordinary.</Empty>
      ) : (
        <ol class="alert-list" tabIndex={0} aria-label="Alerts, the newest first">
          {alerts.map((alert) => (
            <AlertItem key={alert.anomaly.id} alert={alert} cutoff={cutoff} />
          ))}
        </ol>
      )}
    </section>
  );
}

function AlertItem({
  alert: { anomaly, explanation, at },
  cutoff,
}: {
  readonly alert: Alert;
  readonly cutoff: number | null;
}) {
  const { site, windowStart, windowEnd } = anomaly;
  const isRate = anomaly.kind === "click-through-rate";
  return (
    <li class={`alert ${isRate ? "" : "silent"}`} data-window-end={windowEnd} data-raised-at={at}>
      <header>
        <strong>{site}</strong>
        <span class={`pill ${isRate ? "bad" : "warm"}`}>
          {isRate ? (anomaly.direction === "low" ? "unusually low" : "unusually high") : "no data"}
        </span>
        <span class="spacer" />
        <time dateTime={new Date(windowEnd).toISOString()}>{moment(windowEnd)}</time>
      </header>
      {isRate && (
        <div class="alert-figures">
          <span class="big">{percent(anomaly.rate)}</span>
          {anomaly.usualRate !== null && <span class="soft">usually {percent(anomaly.usualRate)}</span>}
          <ScoreBar score={anomaly.score} cutoff={cutoff} />
        </div>
      )}
      <p>{isRate ? explanation.split("\n")[0] : explanation}</p>
      <p class="soft small">
        {isRate ? `${anomaly.clicks} clicks of ${anomaly.impressions} impressions, ` : ""}
        window {clock(windowStart)} to {clock(windowEnd)}
      </p>
    </li>
  );
}

/** The score beside the cutoff, on one scale. */
function ScoreBar({ score, cutoff }: { readonly score: number; readonly cutoff: number | null }) {
  const most = Math.max(score, cutoff ?? 0) * 1.15;
  const at = (value: number): number => (100 * value) / most;
  return (
    <svg
      class="score-bar"
      viewBox="0 0 100 18"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Score ${score.toFixed(2)}${cutoff === null ? "" : `, cutoff ${cutoff}`}`}
    >
      <rect class="track" x="0" y="7" width="100" height="4" rx="2" />
      <rect class="reach" x="0" y="7" width={at(score)} height="4" rx="2" />
      {cutoff !== null && <rect class="cutoff" x={at(cutoff) - 0.4} y="2" width="0.8" height="14" />}
    </svg>
  );
}
