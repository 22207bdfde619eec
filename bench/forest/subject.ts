/**
 * Scores and updates a stream with our forest on one thread and prints the processor time it took: the counterpart of
 * java/.../ForestRate.java, with the same arguments and output.
 */
import { readFileSync } from "node:fs";
import { RandomCutForest } from "../../functions/detect/forest";

const [file, ...numbers] = process.argv.slice(2);
const [dimensions, trees, samples, timeDecay, warmUp, rows] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const bytes = readFileSync(file!);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const forest = new RandomCutForest({ dimensions, trees, samples, timeDecay, seed: 1 });
let at = 0;

function run(count: number): number {
  const point = new Float64Array(dimensions);
  let sum = 0;
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < dimensions; i++, at += 8) point[i] = view.getFloat64(at, true);
    sum += forest.scoreAndUpdate(point);
  }
  return sum;
}

run(warmUp);
const start = process.threadCpuUsage();
const sum = run(rows);
const { user, system } = process.threadCpuUsage(start);
process.stdout.write(`${(user + system) * 1000} ${sum / rows}\n`);
