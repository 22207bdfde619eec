/**
 * Decimal arithmetic against whole numbers of any size (BigInt), which know no rounding.
 * Does not prove: that AWS rounds nowhere where this does not.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { addDecimals, bytesOfDecimal, negateDecimal, parseDecimal, renderDecimal, sortableDecimal } from "./decimal";

/** Numbers are compared as counts of 10^-170: no number has a digit below 10^-168. */
const SCALE = 170;

interface Exact {
  readonly text: string;
  /** The number times 10^SCALE. */
  readonly scaled: bigint;
}

const numbers: fc.Arbitrary<Exact> = fc
  .tuple(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.integer({ min: -130, max: 88 }))
  .map(([mantissa, power]) => ({ text: `${mantissa}E${power}`, scaled: mantissa * 10n ** BigInt(power + SCALE) }));

/** Numbers close enough to each other that sums stay within 38 digits. */
const neighbours: fc.Arbitrary<Exact> = fc
  .tuple(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: -9, max: 9 }))
  .map(([mantissa, power]) => ({ text: `${mantissa}E${power}`, scaled: mantissa * 10n ** BigInt(power + SCALE) }));

/** Reads plain digits without the code under test. */
function scaledOf(plain: string): bigint {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain) ?? assert.fail(plain);
  const magnitude = BigInt(whole + fraction) * 10n ** BigInt(SCALE - fraction.length);
  return sign === "-" ? -magnitude : magnitude;
}

const compare = <T>(left: T, right: T): number => (left === right ? 0 : left < right ? -1 : 1);

describe("Decimal", () => {
  it("writes every number out without losing a digit", () => {
    fc.assert(
      fc.property(numbers, ({ text, scaled }) => assert.equal(scaledOf(renderDecimal(parseDecimal(text))), scaled)),
    );
  });

  it("adds exactly", () => {
    fc.assert(
      fc.property(neighbours, neighbours, (left, right) => {
        const sum = addDecimals(parseDecimal(left.text), parseDecimal(right.text));
        assert.equal(scaledOf(renderDecimal(sum)), left.scaled + right.scaled);
      }),
    );
  });

  it("takes back by negation what it added", () => {
    fc.assert(
      fc.property(neighbours, neighbours, (left, right) => {
        const [one, other] = [parseDecimal(left.text), parseDecimal(right.text)];
        assert.deepEqual(addDecimals(addDecimals(one, other), negateDecimal(other)), one);
      }),
    );
  });

  it("sorts as text as it does as a number", () => {
    const either = fc.oneof(numbers, neighbours);
    fc.assert(
      fc.property(either, either, (left, right) => {
        const [one, other] = [sortableDecimal(parseDecimal(left.text)), sortableDecimal(parseDecimal(right.text))];
        assert.equal(compare(one, other), compare(left.scaled, right.scaled));
      }),
      { numRuns: 1000 },
    );
  });

  it("sorts numbers of which one begins with the other, on both sides of zero", () => {
    const growing = [
      "-13",
      "-12.9",
      "-12.34",
      "-12.3",
      "-12",
      "-1.2",
      "-0.1",
      "0",
      "0.1",
      "0.12",
      "1",
      "1.2",
      "12",
      "12.3",
      "12.34",
      "13",
    ];
    const sorted = growing.map((text) => [sortableDecimal(parseDecimal(text)), text] as const);
    sorted.sort(([left], [right]) => compare(left, right));
    assert.deepEqual(
      sorted.map(([, text]) => text),
      growing,
    );
  });

  it("keeps its sortable text below U+0100, where a beginning can be bounded", () => {
    fc.assert(
      fc.property(numbers, ({ text }) => {
        const sortable = sortableDecimal(parseDecimal(text));
        assert.ok([...sortable].every((each) => each.charCodeAt(0) < 256));
      }),
    );
  });

  const spellings: readonly (readonly [string, string])[] = [
    ["0", "0"],
    ["-0", "0"],
    ["0E999", "0"],
    ["00042", "42"],
    ["+7", "7"],
    ["1.0", "1"],
    ["3.1400", "3.14"],
    ["1.5E2", "150"],
    [".5", "0.5"],
    ["5.", "5"],
    ["1e-3", "0.001"],
    ["-12.50e1", "-125"],
    ["1E125", `1${"0".repeat(125)}`],
    ["1E-130", `0.${"0".repeat(129)}1`],
  ];
  for (const [text, plain] of spellings) {
    it(`reads ${text} as ${plain.length > 20 ? `${plain.slice(0, 8)}...` : plain}`, () => {
      assert.equal(renderDecimal(parseDecimal(text)), plain);
    });
  }

  it("holds 38 digits and no more", () => {
    assert.equal(renderDecimal(parseDecimal("9".repeat(38))), "9".repeat(38));
    assert.throws(() => parseDecimal("9".repeat(39)), {
      message: "Attempting to store more than 38 significant digits in a Number",
    });
  });

  it("holds magnitudes from 1E-130 to 9.9E+125", () => {
    const overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    const underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    for (const text of ["1E126", "-1E126", "11E125", "1E99999999999999999999"]) {
      assert.throws(() => parseDecimal(text), { message: overflow }, text);
    }
    for (const text of ["1E-131", "0.9E-130", "-1E-99999999999999999999"]) {
      assert.throws(() => parseDecimal(text), { message: underflow }, text);
    }
    assert.throws(() => addDecimals(parseDecimal("9E125"), parseDecimal("9E125")), { message: overflow });
    assert.throws(() => addDecimals(parseDecimal("1E50"), parseDecimal("1")), { message: overflow });
  });

  for (const text of ["", " ", "dog", "1_000", "0x10", "NaN", "Infinity", "1e", "e5", "--1", "1.2.3", "1 "]) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => parseDecimal(text), {
        code: "ValidationException",
        message: /cannot be converted to a numeric value/,
      });
    });
  }

  it("reads a megabyte of digits in no time, whatever they are", () => {
    const zeros = "0".repeat(1_000_000);
    assert.throws(() => parseDecimal(`1${zeros}1`), { message: /overflow/ });
    assert.equal(renderDecimal(parseDecimal(`${zeros}1`)), "1");
    assert.equal(renderDecimal(parseDecimal(`1.${zeros}`)), "1");
  });

  // Each was measured at AWS to the byte: nubo-db/dynamodb-conformance, src/item-size.ts.
  const sizes: readonly (readonly [string, number])[] = [
    ["0", 1],
    ["-0", 1],
    ["1", 2],
    ["12", 2],
    ["123", 3],
    ["1234", 3],
    ["12345678901234567890123456789012345678", 20],
    ["0042", 2],
    ["100", 2],
    ["1010", 3],
    ["0.0000001", 2],
    ["1E125", 2],
    ["1E-100", 2],
    ["1.5", 3],
    ["15", 2],
    ["1.200", 3],
    ["1.234", 4],
    ["3.14159", 5],
    ["123456", 4],
    ["100.5", 4],
    ["0.15", 2],
    ["-42", 3],
  ];
  for (const [text, bytes] of sizes) {
    it(`counts ${bytes} bytes for ${text}`, () => assert.equal(bytesOfDecimal(parseDecimal(text)), bytes));
  }
});
