/** The overview: how the platform is, in one line, and the journey of an event through it, as it happens. */
import type { Journey } from "../../model/journey";
import { Failure, Loading } from "../parts/states";
import { useCell } from "../state/cell";
import { rate } from "../state/figures";
import { useLoaded } from "../state/loaded";
import type { Live } from "../state/live";
import type { WatchedSites } from "../state/watched";
import { JourneyMap } from "./journey-map";
import { JourneyTable } from "./journey-table";
import { StationPanel } from "./station-panel";
import type { Traffic } from "./traffic";

interface Props {
  readonly live: Live;
  readonly traffic: Traffic;
  readonly sites: WatchedSites;
  readonly selected: string | undefined;
}

export function OverviewPage({ live, traffic, sites, selected }: Props) {
  const [loaded, again] = useLoaded<Journey>("journey");
  if (loaded.state === "failed") return <Failure reason={loaded.reason} again={again} />;
  if (loaded.state === "loading") return <Loading what="the journey" lines={6} />;
  const journey = loaded.data;
  const station = journey.stations.find(({ id }) => id === selected);
  return (
    <>
      <Headline live={live} traffic={traffic} sites={sites} journey={journey} />
      <section class="card map-card" aria-label="The journey of an event">
        <JourneyMap journey={journey} live={live} traffic={traffic} selected={station?.id} />
      </section>
      {station !== undefined && <StationPanel station={station} journey={journey} live={live} traffic={traffic} />}
      <JourneyTable journey={journey} live={live} traffic={traffic} />
    </>
  );
}

function Headline({ live, traffic, sites, journey }: Omit<Props, "selected"> & { readonly journey: Journey }) {
  const snapshot = useCell(live.snapshot);
  const watched = useCell(sites.cell);
  const isLost = useCell(live.line) === "reconnecting";
  const ringing = (snapshot?.alarms ?? []).filter(({ state }) => state === "ALARM");
  const doors = journey.arrows.filter(({ from }) => from.startsWith("outside:"));
  const incoming = doors.reduce((sum, { id }) => sum + traffic.of(id).perSecond, 0);
  const data = watched.state === "ready" ? watched.data : undefined;
  const recent = data?.windows.filter(({ end }) => end > (snapshot?.at ?? data.now) - 60_000) ?? [];
  const heard = new Set(recent.map(({ site }) => site)).size;
  return (
    <div class="headline">
      <h1>{isLost ? "As it was" : titleOf(ringing.length)}</h1>
      <p class="headline-text">
        {ringing.length > 0
          ? ringing.map(({ description, name }) => description || name).join("; ")
          : isLost
            ? "The stage does not answer. Nothing is known of what has happened since."
            : sentenceOf(incoming, heard)}
      </p>
      <dl class="figures">
        <Figure name="beacons" value={snapshot === undefined ? "–" : rate(incoming)} />
        <Figure name="sites in the last minute" value={data === undefined ? "–" : String(heard)} />
        <Figure
          name="alerts kept"
          value={data === undefined ? "–" : String(data.alerts.length)}
          tone={data !== undefined && data.alerts.length > 0 ? "warm" : undefined}
        />
        <Figure
          name="alarms ringing"
          value={snapshot === undefined ? "–" : String(ringing.length)}
          tone={ringing.length > 0 ? "bad" : undefined}
        />
      </dl>
    </div>
  );
}

function titleOf(ringing: number): string {
  if (ringing === 0) return "All is well";
  return ringing === 1 ? "One alarm" : `${ringing} alarms`;
}

function sentenceOf(incoming: number, heard: number): string {
  if (incoming === 0 && heard === 0)
    return "Nothing comes in at the moment. Each dot below would be something that moves.";
  return `Events come in, and ${heard === 1 ? "one site is" : `${heard} sites are`} being watched. Each dot below is something that moves.`;
}

function Figure({
  name,
  value,
  tone,
}: {
  readonly name: string;
  readonly value: string;
  readonly tone?: "warm" | "bad" | undefined;
}) {
  return (
    <div class={`figure ${tone ?? ""}`}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
