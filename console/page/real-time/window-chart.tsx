/** A chart of windows: one line per site, anomalies marked, the cutoff drawn. */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { clock, percent } from "../state/figures";
import { colourOf, type Series } from "../../model/window-series";

interface Props {
  readonly series: Series;
  readonly known: readonly string[];
  readonly unit: "percent" | "score";
  readonly cutoff?: number | null;
  readonly label: string;
}

const HEIGHT = 210;

export function WindowChart({ series, known, unit, cutoff = null, label }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const [pointed, setPointed] = useState<number | null>(null);
  const shape = series.sites.map(({ site }) => site).join();
  const theme = useTheme();
  const drawn = useRef(series);
  drawn.current = series;

  useEffect(() => {
    const place = frame.current;
    if (place === null) return;
    const colours = coloursOf(place);
    const plot = new uPlot(
      optionsOf(series, known, unit, cutoff, colours, place.clientWidth, () => drawn.current, setPointed),
      dataOf(series),
      place,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [shape, unit, cutoff, theme, known.join()]);

  useEffect(() => chart.current?.setData(dataOf(series)), [series]);

  const index = pointed ?? series.times.length - 1;
  const time = series.times[index];
  return (
    <figure class="chart">
      <div ref={frame} role="img" aria-label={`${label}. ${describe(series, unit, index)}`} />
      <figcaption class="readout">
        <span>{time === undefined ? "" : clock(time * 1000)}</span>
        {series.sites.map(({ site, values }) => (
          <span key={site}>
            <span class={`swatch line-${colourOf(known, site)}`} aria-hidden="true" /> {site}{" "}
            <b>{show(values[index] ?? null, unit)}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function describe({ sites, times }: Series, unit: Props["unit"], index: number): string {
  const time = times[index];
  const at = time === undefined ? "" : ` at ${clock(time * 1000)}`;
  return `Latest${at}: ${sites.map(({ site, values }) => `${site} ${show(values[index] ?? null, unit)}`).join(", ")}`;
}

function show(value: number | null, unit: Props["unit"]): string {
  if (value === null) return "–";
  return unit === "percent" ? percent(value) : value.toFixed(2);
}

function dataOf({ times, sites }: Series): uPlot.AlignedData {
  return [[...times], ...sites.map(({ values }) => [...values])];
}

interface Colours {
  readonly ink: string;
  readonly grid: string;
  readonly bad: string;
  readonly card: string;
  readonly lines: readonly string[];
}

function coloursOf(place: Element): Colours {
  const style = getComputedStyle(place);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink-2"),
    grid: read("--rule"),
    bad: read("--bad"),
    card: read("--card"),
    lines: Array.from({ length: 8 }, (_, index) => read(`--line-${index}`)),
  };
}

function optionsOf(
  series: Series,
  known: readonly string[],
  unit: Props["unit"],
  cutoff: number | null,
  colours: Colours,
  width: number,
  latest: () => Series,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colours.ink,
    font: "11px system-ui, sans-serif",
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      y: {
        range: (_, low, high) => [
          Math.min(0, low ?? 0),
          Math.max(unit === "percent" ? 20 : (cutoff ?? 2) * 1.35, (high ?? 0) * 1.15),
        ],
      },
    },
    axes: [
      {
        ...axis,
        // Minutes are enough, unless all that is there is in a few.
        values: (_, times) => times.map((time) => clock(time * 1000).slice(0, spanOf(times) < 300 ? 8 : 5)),
        size: 30,
        grid: { show: false },
        space: 70,
      },
      {
        ...axis,
        size: 44,
        space: 40,
        values: (_, values) => values.map((value) => (unit === "percent" ? `${value} %` : String(value))),
      },
    ],
    series: [
      {},
      ...series.sites.map(({ site }) => {
        const colour = colours.lines[colourOf(known, site)] ?? colours.ink;
        return {
          label: site,
          stroke: colour,
          width: 2,
          points: { show: series.times.length < 40, size: 5, fill: colour },
          spanGaps: false,
        };
      }),
    ],
    hooks: {
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
      draw: [(plot) => drawOver(plot, latest(), cutoff, colours)],
    },
  };
}

function spanOf(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

/** The cutoff, and a ring around each anomaly. */
function drawOver(plot: uPlot, { sites, times }: Series, cutoff: number | null, colours: Colours): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  if (cutoff !== null) {
    const y = plot.valToPos(cutoff, "y", true);
    ctx.strokeStyle = colours.bad;
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([5 * ratio, 5 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  for (const { values, anomalous } of sites) {
    anomalous.forEach((isAnomalous, index) => {
      const [value, time] = [values[index], times[index]];
      if (!isAnomalous || value === null || value === undefined || time === undefined) return;
      ctx.beginPath();
      ctx.arc(plot.valToPos(time, "x", true), plot.valToPos(value, "y", true), 5 * ratio, 0, 2 * Math.PI);
      ctx.fillStyle = colours.card;
      ctx.strokeStyle = colours.bad;
      ctx.lineWidth = 2.5 * ratio;
      ctx.fill();
      ctx.stroke();
    });
  }
  ctx.restore();
}

/** Charts are drawn in the colours of the theme: anew when it changes. */
function useTheme(): string {
  const [theme, setTheme] = useState(document.documentElement.dataset["theme"] ?? "");
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(document.documentElement.dataset["theme"] ?? ""));
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
