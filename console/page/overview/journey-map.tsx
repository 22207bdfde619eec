/** The journey as a map: stations where data rests or is worked on, lines where it moves. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Journey, PlacedStation } from "../../model/journey";
import type { Alarm } from "../../model/wire";
import { StationMark } from "../parts/station-mark";
import { useCell } from "../state/cell";
import { count, rate } from "../state/figures";
import type { Live } from "../state/live";
import { linkTo } from "../state/route";
import { drawMap, type DrawnArrow, type Geometry } from "./map-geometry";
import { Travellers } from "./travellers";
import type { Traffic } from "./traffic";

interface Props {
  readonly journey: Journey;
  readonly live: Live;
  readonly traffic: Traffic;
  readonly selected: string | undefined;
}

export function JourneyMap({ journey, live, traffic, selected }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const snapshot = useCell(live.snapshot);
  const geometry = useMemo(() => (width === 0 ? undefined : drawMap(journey, width)), [journey, width]);
  return (
    <div class="map" ref={frame}>
      {geometry !== undefined && (
        <svg
          width={geometry.width}
          height={geometry.height}
          viewBox={`0 0 ${geometry.width} ${geometry.height}`}
          role="group"
          aria-label={`Map of ${journey.stations.length} stations; the table below says the same in words`}
        >
          <g aria-hidden="true">
            {geometry.arrows.map((drawn) => (
              <Line key={drawn.arrow.id} drawn={drawn} traffic={traffic} selected={selected} />
            ))}
          </g>
          <Travellers live={live} traffic={traffic} arrows={geometry.arrows} />
          {journey.stations.map((station) => (
            <Sign
              key={station.id}
              station={station}
              geometry={geometry}
              isSelected={station.id === selected}
              alarms={(snapshot?.alarms ?? []).filter(({ stations }) => stations.includes(station.id))}
            />
          ))}
          <g aria-hidden="true">
            {geometry.arrows.map((drawn) => (
              <Label key={drawn.arrow.id} drawn={drawn} traffic={traffic} standing={geometry.standing} />
            ))}
          </g>
        </svg>
      )}
    </div>
  );
}

function Line({
  drawn,
  traffic,
  selected,
}: {
  readonly drawn: DrawnArrow;
  readonly traffic: Traffic;
  readonly selected: string | undefined;
}) {
  const { arrow, module, path, steps } = drawn;
  const state = [
    arrow.idle === undefined ? "" : "idle",
    traffic.of(arrow.id).perSecond > 0 ? "moving" : "",
    selected === undefined ? "" : arrow.from === selected || arrow.to === selected ? "near" : "far",
  ].join(" ");
  const [before, end] = [steps.at(-3), steps.at(-1)];
  const angle =
    before === undefined || end === undefined ? 0 : (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return (
    <g class={`line module-${module} ${state}`}>
      <path class="way" d={path} fill="none" />
      {end !== undefined && (
        <path class="tip" d="M-5-4 2 0-5 4" fill="none" transform={`translate(${end.x} ${end.y}) rotate(${angle})`} />
      )}
    </g>
  );
}

/** How much goes over a line: now, where anything does, or since the start. */
function Label({
  drawn: { arrow, middle },
  traffic,
  standing,
}: {
  readonly drawn: DrawnArrow;
  readonly traffic: Traffic;
  readonly standing: boolean;
}) {
  const { total, perSecond } = traffic.of(arrow.id);
  if (total === 0) return null;
  const text = perSecond >= 0.5 ? rate(perSecond) : count(total);
  const width = 10 + text.length * (standing ? 6 : 6.6);
  return (
    <g class="label" transform={`translate(${middle.x} ${middle.y})`}>
      <rect x={-width / 2} y="-9" width={width} height="18" rx="9" />
      <text y="4" text-anchor="middle">
        {text}
      </text>
    </g>
  );
}

function Sign({
  station,
  geometry,
  isSelected,
  alarms,
}: {
  readonly station: PlacedStation;
  readonly geometry: Geometry;
  readonly isSelected: boolean;
  readonly alarms: readonly Alarm[];
}) {
  const { x, y } = geometry.at(station);
  const { half } = geometry;
  const ringing = alarms.filter(({ state }) => state === "ALARM");
  const health = ringing.length > 0 ? "ringing" : alarms.some(({ state }) => state === "OK") ? "well" : "";
  const round = station.kind === "outside" ? half : half * 0.42;
  const visible = geometry.standing ? station.name : `${station.name} ${station.noun}`;
  const state = ringing.length > 0 ? `${ringing.length} alarms ringing` : health === "well" ? "alarms are well" : "";
  return (
    <g transform={`translate(${x} ${y})`}>
      <a
        class={`sign module-${station.module} ${health} ${isSelected ? "selected" : ""}`}
        href={isSelected ? linkTo("overview") : linkTo("overview", station.id)}
        aria-label={[visible, geometry.standing ? station.noun : "", state].filter((word) => word !== "").join(", ")}
        aria-current={isSelected ? "true" : undefined}
      >
        <rect class="halo" x={-half - 5} y={-half - 5} width={2 * half + 10} height={2 * half + 10} rx={round + 5} />
        <rect class="plate" x={-half} y={-half} width={2 * half} height={2 * half} rx={round} />
        <g transform={`scale(${half / 20})`}>
          <StationMark kind={station.kind} />
        </g>
        {health !== "" && <circle class="health" cx={half - 2} cy={-half + 2} r="5" />}
        <text class="sign-name" y={half + 16} text-anchor="middle">
          {station.name}
        </text>{" "}
        <text class="sign-noun" y={half + 29} text-anchor="middle">
          {geometry.standing ? "" : station.noun}
        </text>
      </a>
    </g>
  );
}
