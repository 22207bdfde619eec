/**
 * A forest as bytes and back. Only what cannot be derived is written: the rows remembered and, per tree, its cuts, its
 * points and which point each sample is. Masses, boxes and ranks follow from these exactly.
 *
 * Little-endian; x is a LEB128 variable-length integer.
 *   header    "RCFS", version u16, mode u8, 0 u8, length u32, trees u32, samples u32, timeDecay u32, dimensions u32,
 *             shingle u32, seed f64, rows pushed f64, points learned f64
 *   history   values f64, row by row, oldest first; then a mark u8 for each: 1 if guessed
 *   per tree  samples held u16, leaves u16; cuts in preorder: coordinate u16 (only where points have several), value
 *             f64; leaves from left to right: coordinates f64; samples, highest rank first: leaf x, age x
 *   end       zeros to a multiple of 4, checksum u32 of all before it
 * Size: 64 + 9 * min(rows, 60) * dimensions + per tree at most 4 + (n - 1) * (8 or 10) + n * (8 * coordinates + 5) bytes
 * for n samples up to 2^21 points old and n <= 128; 100 trees x 12 samples x 1 column: at most 24.6 KB.
 */
import { LARGEST_VALUE } from "./arena";
import { ByteReader, ByteWriter, checksum } from "./bytes";
import { MODES, planParameters, type ForestParameters } from "./parameters";
import { ForestError, quote } from "./problems";
import { ForestState } from "./state";
import { TreeReader, TreeWriter } from "./tree-record";

export const SNAPSHOT_VERSION = 1;

const MAGIC = 0x53464352; // "RCFS"
const LENGTH_AT = 8;
const HEADER = 56;

export function writeSnapshot(state: ForestState): Uint8Array {
  const { parameters, history, arena } = state;
  const { trees, samples, timeDecay, dimensions, shingle, mode, seed } = parameters;
  const writer = new ByteWriter(HEADER + 9 * history.values.length + trees * (8 + samples * (8 * arena.size + 20)));
  writer.u32(MAGIC);
  writer.u16(SNAPSHOT_VERSION);
  writer.u8(MODES.indexOf(mode));
  writer.u8(0);
  writer.u32(0); // the length, once known
  for (const value of [trees, samples, timeDecay, dimensions, shingle]) writer.u32(value);
  for (const value of [seed, history.pushed, state.learned]) writer.f64(value);

  for (let age = history.held - 1; age >= 0; age--)
    for (let column = 0; column < dimensions; column++) writer.f64(history.values[history.offsetOf(age) + column]!);
  for (let age = history.held - 1; age >= 0; age--)
    for (let column = 0; column < dimensions; column++) writer.u8(history.guessed[history.offsetOf(age) + column]!);

  const trunk = new TreeWriter(state, writer);
  for (let tree = 0; tree < trees; tree++) trunk.write(tree);

  while (writer.at % 4 !== 0) writer.u8(0);
  writer.u32(0); // the checksum, once known
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  view.setUint32(LENGTH_AT, bytes.byteLength, true);
  view.setUint32(bytes.byteLength - 4, checksum(bytes.subarray(0, -4)), true);
  return bytes;
}

/** @throws ForestError when the bytes are not an undamaged snapshot of this version */
export function readSnapshot(bytes: Uint8Array): ForestState {
  checkEnvelope(bytes);
  try {
    return readBody(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw damaged("content beyond its end");
    throw error;
  }
}

/** @throws ForestError naming each parameter that differs from the expected */
export function requireParameters(actual: ForestParameters, expected: Partial<ForestParameters>): void {
  const names = (Object.keys(expected) as (keyof ForestParameters)[]).filter((name) => actual[name] !== expected[name]);
  if (names.length === 0) return;
  throw new ForestError(
    names.map((name) => ({
      field: `snapshot.${name}`,
      got: quote(actual[name]),
      allowed: quote(expected[name]),
      fix: "restore with the parameters it was written with, or start a new forest",
    })),
  );
}

function checkEnvelope(bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw damaged(quote(bytes));
  if (bytes.byteLength < HEADER) throw damaged(`${bytes.byteLength} bytes`);
  const reader = new ByteReader(bytes);
  if (reader.u32() !== MAGIC) throw damaged("bytes of another kind");
  const version = reader.u16();
  if (version > SNAPSHOT_VERSION)
    throw new ForestError([
      {
        field: "snapshot.version",
        got: String(version),
        allowed: `1..${SNAPSHOT_VERSION}`,
        fix: "it was written by a newer release: restore it with that release, or start a new forest",
      },
    ]);
  reader.at = LENGTH_AT;
  const length = reader.u32();
  if (length !== bytes.byteLength) throw damaged(`${bytes.byteLength} bytes of ${length}`);
  reader.at = length - 4;
  if (length % 4 !== 0 || reader.u32() !== checksum(bytes.subarray(0, -4)))
    throw damaged("bytes that fail its checksum");
}

function readBody(bytes: Uint8Array): ForestState {
  const reader = new ByteReader(bytes);
  reader.at = 6;
  const mode = MODES[reader.u8()];
  if (mode === undefined) throw damaged("an unknown mode");
  reader.at = LENGTH_AT + 4;
  const [trees, samples, timeDecay, dimensions, shingle] = [0, 0, 0, 0, 0].map(() => reader.u32()) as Five;
  const seed = reader.f64();
  const state = new ForestState(planParameters({ trees, samples, timeDecay, dimensions, shingle, mode, seed }));

  const { history } = state;
  history.pushed = reader.f64();
  state.learned = reader.f64();
  if (!isCount(history.pushed) || !isCount(state.learned) || state.learned > history.pushed)
    throw damaged("impossible counts of rows");
  for (let age = history.held - 1; age >= 0; age--)
    for (let column = 0; column < dimensions; column++) history.values[history.offsetOf(age) + column] = reader.f64();
  for (let age = history.held - 1; age >= 0; age--)
    for (let column = 0; column < dimensions; column++) history.guessed[history.offsetOf(age) + column] = reader.u8();
  if (!history.values.every((value) => Math.abs(value) <= LARGEST_VALUE) || !history.guessed.every((mark) => mark <= 1))
    throw damaged("impossible rows");

  const trunk = new TreeReader(state, reader);
  for (let tree = 0; tree < trees; tree++) if (!trunk.read(tree)) throw damaged(`an impossible tree ${tree}`);
  if (reader.left >= 8) throw damaged("bytes beyond its last tree");
  return state;
}

type Five = [number, number, number, number, number];

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const damaged = (got: string): ForestError =>
  new ForestError([
    {
      field: "snapshot",
      got,
      allowed: "what RandomCutForest.snapshot() returned, unchanged",
      fix: "restore an undamaged copy, or start a new forest",
    },
  ]);
