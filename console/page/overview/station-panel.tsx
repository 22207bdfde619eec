/** One station in words: what it is, where it is declared, what it is wired to and why, and its alarms. */
import type { Journey, RoutedArrow } from "../../model/journey";
import type { Station } from "../../model/stations";
import type { Alarm } from "../../model/wire";
import { SourceLine } from "../parts/source-line";
import { useCell } from "../state/cell";
import { moment, plural } from "../state/figures";
import type { Live } from "../state/live";
import { linkTo } from "../state/route";
import type { Traffic } from "./traffic";

interface Props {
  readonly station: Station;
  readonly journey: Journey;
  readonly live: Live;
  readonly traffic: Traffic;
}

export function StationPanel({ station, journey, live, traffic }: Props) {
  const snapshot = useCell(live.snapshot);
  const alarms = (snapshot?.alarms ?? []).filter(({ stations }) => stations.includes(station.id));
  const arrows = journey.arrows.filter(({ from, to }) => from === station.id || to === station.id);
  const isOutside = station.kind === "outside";
  return (
    <section class="card station-panel" aria-label={`Station ${station.name}`}>
      <header>
        <h2>
          {station.name} <span class="soft">{isOutside ? station.noun : station.component}</span>
        </h2>
        <SourceLine source={station.source} />
        <span class="spacer" />
        {!isOutside && (
          <>
            <a class="button" href={linkTo("events", station.id)}>
              Last records
            </a>
            <a class="button" href={linkTo("resources", station.id)}>
              Resources
            </a>
          </>
        )}
        <a class="button quiet" href={linkTo("overview")}>
          Close
        </a>
      </header>
      <div class="halves">
        <div>
          <h3>Moves</h3>
          <ul class="moves">
            {arrows.map((arrow) => (
              <MoveLine key={arrow.id} arrow={arrow} station={station} journey={journey} traffic={traffic} />
            ))}
          </ul>
        </div>
        <div>
          <h3>Alarms</h3>
          {alarms.length === 0 ? (
            <p class="soft">No alarm watches this station.</p>
          ) : (
            <ul class="alarms">
              {alarms.map((alarm) => (
                <AlarmLine key={alarm.name} alarm={alarm} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </section>
  );
}

function MoveLine({
  arrow,
  station,
  journey,
  traffic,
}: {
  readonly arrow: RoutedArrow;
  readonly station: Station;
  readonly journey: Journey;
  readonly traffic: Traffic;
}) {
  const isOut = arrow.from === station.id;
  const other = journey.stations.find(({ id }) => id === (isOut ? arrow.to : arrow.from));
  const { total } = traffic.of(arrow.id);
  return (
    <li>
      <span class="move-way" aria-label={arrow.bothWays ? "to and from" : isOut ? "to" : "from"}>
        {arrow.bothWays ? "⇄" : isOut ? "→" : "←"}
      </span>
      <a href={linkTo("overview", other?.id)}>{other?.name}</a>
      <span class="figure-text">{plural(total, arrow.unit)}</span>
      {(arrow.idle ?? arrow.reasons.join("; ")) !== "" && <p class="soft">{arrow.idle ?? arrow.reasons.join("; ")}</p>}
    </li>
  );
}

const WORDS: Readonly<Record<Alarm["state"], string>> = {
  OK: "well",
  ALARM: "ringing",
  INSUFFICIENT_DATA: "no data yet",
};

function AlarmLine({ alarm: { name, description, state, reason, since } }: { readonly alarm: Alarm }) {
  return (
    <li>
      <span class={`pill ${state === "ALARM" ? "bad" : state === "OK" ? "good" : ""}`}>{WORDS[state]}</span>{" "}
      {description || name}
      <p class="soft">{state === "ALARM" ? `${reason}, since ${moment(since)}` : name}</p>
    </li>
  );
}
