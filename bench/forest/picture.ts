/**
 * Draws the demo for docs/detector.md: the rate of each window above, its score and the cutoff below.
 * `node -r ts-node/register/transpile-only bench/forest/picture.ts > docs/detector.svg`
 */
import { RandomCutForest } from "../../functions/detect/forest";
import { SETTLED } from "../../functions/detect/rate-forest";
import { demoRates, VIEWS } from "./demo-series";

const SAMPLES = 12;
const CUTOFF = 2;
/** One of many: docs/detector.md tells how often a quiet window alerts. */
export const SEED = 2;
const [WIDTH, HEIGHT] = [760, 360];
const [LEFT, RIGHT] = [56, 744];

interface Panel {
  readonly title: string;
  readonly top: number;
  readonly bottom: number;
  readonly most: number;
  readonly ticks: readonly number[];
}

const RATES: Panel = { title: "click-through rate, %", top: 40, bottom: 150, most: 60, ticks: [0, 20, 40, 60] };
const SCORES: Panel = { title: "anomaly score", top: 206, bottom: 316, most: 4, ticks: [0, 1, 2, 3, 4] };

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600; fill: #24292f }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .rate { fill: #54aeff } .score { fill: #8c959f } .alert { fill: #d1242f }
  .cutoff { stroke: #d1242f; stroke-width: 1.5; stroke-dasharray: 5 4 }
  .young { fill: #afb8c1; opacity: 0.25 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .title { fill: #f0f6fc } .grid { stroke: #3d444d } .score { fill: #656c76 }
  }`;

/** The demo of one seed, in windows of 50 views, as an SVG document. */
export function drawDemo(seed: number): string {
  const rates = demoRates({ seed, views: VIEWS, viewsPerWindow: 50, bursts: true });
  const forest = new RandomCutForest({ samples: SAMPLES, seed });
  const scores = rates.map((rate) => forest.scoreAndUpdate(rate));
  const settled = SETTLED * SAMPLES;
  const isAlert = (window: number): boolean => window >= settled && (scores[window] ?? 0) > CUTOFF;
  const step = (RIGHT - LEFT) / rates.length;
  const at = (window: number): number => LEFT + window * step;

  const bars = (panel: Panel, values: readonly number[], kind: string): string[] =>
    values.map((value, window) => {
      const height = ((panel.bottom - panel.top) * value) / panel.most;
      return `<rect class="${isAlert(window) ? "alert" : kind}" x="${round(at(window) + 1)}" y="${round(panel.bottom - height)}" width="${round(step - 2)}" height="${round(height)}"/>`;
    });
  const young = [RATES, SCORES].map(
    ({ top, bottom }) =>
      `<rect class="young" x="${LEFT}" y="${top}" width="${round(at(settled) - LEFT)}" height="${bottom - top}"/>`,
  );
  const alerts = scores.flatMap((score, window) =>
    isAlert(window)
      ? [
          `<text x="${round(at(window) - 6)}" y="${heightOf(SCORES, score) + 10}" text-anchor="end">alert: ${score.toFixed(2)}</text>`,
        ]
      : [],
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Click-through rate and anomaly score of ${rates.length} windows; the burst scores above the cutoff">`,
    `<style>${STYLE}</style>`,
    ...young,
    ...[RATES, SCORES].flatMap(drawAxes),
    ...bars(RATES, rates, "rate"),
    ...bars(SCORES, scores, "score"),
    `<line class="cutoff" x1="${LEFT}" x2="${RIGHT}" y1="${heightOf(SCORES, CUTOFF)}" y2="${heightOf(SCORES, CUTOFF)}"/>`,
    `<text x="${RIGHT}" y="${heightOf(SCORES, CUTOFF) - 5}" text-anchor="end">cutoff ${CUTOFF}</text>`,
    ...alerts,
    `<text x="${LEFT}" y="${HEIGHT - 22}">windows of 50 impressions; grey ground: the forest is young and raises nothing</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function drawAxes(panel: Panel): string[] {
  return [
    `<text class="title" x="${LEFT}" y="${panel.top - 12}">${panel.title}</text>`,
    ...panel.ticks.flatMap((tick) => [
      `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${heightOf(panel, tick)}" y2="${heightOf(panel, tick)}"/>`,
      `<text x="${LEFT - 8}" y="${heightOf(panel, tick) + 4}" text-anchor="end">${tick}</text>`,
    ]),
  ];
}

const heightOf = ({ top, bottom, most }: Panel, value: number): number =>
  round(bottom - ((bottom - top) * value) / most);

const round = (value: number): number => Math.round(value * 10) / 10;

if (require.main === module) process.stdout.write(drawDemo(SEED));
