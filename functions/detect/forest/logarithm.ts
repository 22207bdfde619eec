/**
 * Logarithms from +, -, * and / alone. ECMAScript leaves the last bits of Math.log to the engine, and one bit decides
 * whether a sample is kept: with these a replay gives the same scores on any machine.
 */

const LN2 = 0.6931471805599453;
const ROOT_TWO = 1.4142135623730951;

/** 1, 1/3, 1/5, ... */
const ODD_INVERSES = Float64Array.from({ length: 18 }, (_, k) => 1 / (2 * k + 1));

/** 2 * atanh(z) for |z| <= 1/3 by its power series; the terms left out are below 2^-53 of the sum. */
function twiceArtanh(z: number): number {
  const square = z * z;
  let series = 0;
  for (let k = square < 1e-4 ? 4 : square < 0.03 ? 11 : 17; k >= 0; k--) series = series * square + ODD_INVERSES[k]!;
  return 2 * z * series;
}

const parts = new DataView(new ArrayBuffer(8));

/** ln of a number's mantissa, taken between sqrt(1/2) and sqrt(2); its binary exponent is left in `exponent`. */
function logOfMantissa(x: number): number {
  parts.setFloat64(0, x);
  const head = parts.getUint16(0);
  parts.setUint16(0, (head & 0xf) | 0x3ff0);
  let mantissa = parts.getFloat64(0);
  exponent = (head >>> 4) - 0x3ff;
  if (mantissa > ROOT_TWO) {
    mantissa /= 2;
    exponent++;
  }
  return twiceArtanh((mantissa - 1) / (mantissa + 1));
}
let exponent = 0;

/** ln(x) for normal positive x (2^-1022 and above). */
export function naturalLog(x: number): number {
  const rest = logOfMantissa(x);
  return exponent * LN2 + rest;
}

/** log2(x) for normal positive x; exact for powers of two. */
export function binaryLog(x: number): number {
  const rest = logOfMantissa(x);
  return exponent + rest / LN2;
}

/** -ln(1 - v) for 0 < v < 1, precise for tiny v as well: an exponential variate when v is uniform. */
export const exponentialOf = (v: number): number => (v < 0.5 ? twiceArtanh(v / (2 - v)) : -naturalLog(1 - v));
