/** Series that both forests score: values that all differ, values that repeat, several columns. */
import { normalStream, rateStream, uniformStream } from "../../functions/detect/forest/test-streams";

export interface Series {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  readonly trees: number;
  readonly samples: number;
}

const ROWS = 4000;

/** A day has 288 five-minute values: a wave with noise, and a few days that jump. */
function dailyWave(): number[][] {
  const normal = normalStream(7);
  return rowsOf((row) => {
    const jump = row % 1000 > 960 ? 4 : 0;
    return [10 * Math.sin((2 * Math.PI * row) / 288) + normal() + jump * Math.abs(normal())];
  });
}

/** Click-through rates of windows with few impressions: the same percentages come again and again. */
function clickThroughRates(): number[][] {
  const [quiet, burst] = [rateStream(3, 50), rateStream(4, 50, 0.5)];
  return rowsOf((row) => [row % 400 === 399 ? burst() : quiet()]);
}

/** Four columns of noise; one row in a hundred is far out in one of them. */
function fourColumns(): number[][] {
  const [normal, uniform] = [normalStream(11), uniformStream(12)];
  return rowsOf((row) => {
    const far = Math.floor(4 * uniform());
    return [0, 1, 2, 3].map((column) => normal() + (row % 100 === 99 && column === far ? 6 : 0));
  });
}

export const SERIES: readonly Series[] = [
  { name: "daily wave with jumps", rows: dailyWave(), trees: 100, samples: 256 },
  { name: "click-through rates, 12 samples", rows: clickThroughRates(), trees: 100, samples: 12 },
  { name: "click-through rates, 256 samples", rows: clickThroughRates(), trees: 100, samples: 256 },
  { name: "four columns", rows: fourColumns(), trees: 100, samples: 256 },
];

function rowsOf(row: (index: number) => number[]): number[][] {
  return Array.from({ length: ROWS }, (_, index) => row(index));
}
