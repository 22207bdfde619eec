/**
 * Numbers as DynamoDB keeps them: decimal, exact, up to 38 significant digits, of a magnitude from 1E-130 to
 * 9.99...E+125. Source: DynamoDB developer guide, "Naming rules and data types", Number.
 */
import { excerpt, invalidRequest } from "../refusal";

/** A number without rounding: 12.5 has the digits 125 and the exponent 1. */
export interface Decimal {
  readonly negative: boolean;
  /** Significant digits without leading and trailing zeros; none for zero. */
  readonly digits: string;
  /** Power of ten of the first digit; 0 for zero. */
  readonly exponent: number;
}

const MOST_DIGITS = 38;
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;
const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range";
const UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range";

/** @throws AwsError when the text is no number, or one that DynamoDB does not hold */
export function parseDecimal(text: string): Decimal {
  const decimal = withinRange(readNumeral(text));
  if (decimal.digits.length <= MOST_DIGITS) return decimal;
  throw invalidRequest(`Attempting to store more than ${MOST_DIGITS} significant digits in a Number`);
}

/** The number written out, without an exponent: how DynamoDB answers `1.50E3` as `1500`. */
export function renderDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const beforePoint = exponent + 1;
  const magnitude =
    beforePoint <= 0
      ? `0.${"0".repeat(-beforePoint)}${digits}`
      : beforePoint >= digits.length
        ? digits + "0".repeat(beforePoint - digits.length)
        : `${digits.slice(0, beforePoint)}.${digits.slice(beforePoint)}`;
  return negative ? `-${magnitude}` : magnitude;
}

export function negateDecimal(decimal: Decimal): Decimal {
  return decimal.digits === "" ? decimal : { ...decimal, negative: !decimal.negative };
}

/**
 * The exact sum.
 * @throws AwsError when it has no place: DynamoDB calls a sum of more than 38 digits an overflow too
 */
export function addDecimals(left: Decimal, right: Decimal): Decimal {
  if (left.digits === "") return right;
  if (right.digits === "") return left;
  const scale = Math.min(lastPower(left), lastPower(right));
  const sum = withinRange(readNumeral(`${scaleTo(left, scale) + scaleTo(right, scale)}E${scale}`));
  if (sum.digits.length > MOST_DIGITS) throw invalidRequest(OVERFLOW);
  return sum;
}

/**
 * A text of characters below U+0100 that sorts, by character, as the numbers do. A negative number has its exponent and
 * digits turned round, and a mark behind them that no digit exceeds: of two with a common beginning the longer is smaller.
 */
export function sortableDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === "") return "1";
  const power = exponent - SMALLEST_EXPONENT;
  if (!negative) return `2${String.fromCharCode(power)}${digits}`;
  const mirrored = digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
  return `0${String.fromCharCode(255 - power)}${mirrored}~`;
}

/**
 * Bytes that the number counts for in an item: a byte, one for every two digits before and after the point each, and
 * one for a minus sign. Source: measured at AWS by nubo-db/dynamodb-conformance, src/item-size.ts.
 */
export function bytesOfDecimal({ negative, digits, exponent }: Decimal): number {
  if (digits === "") return 1;
  const whole = Math.max(0, Math.min(digits.length, exponent + 1));
  // 100.5 has three digits before the point, but 100 only one that counts.
  const fraction = digits.length - whole;
  return 1 + Math.ceil(whole / 2) + Math.ceil(fraction / 2) + (negative ? 1 : 0);
}

function readNumeral(text: string): Decimal {
  const [, sign, whole = "", fraction = "", power = "0"] = NUMERAL.exec(text) ?? [];
  const all = whole + fraction;
  if (all === "") {
    const shown = text === "" ? "" : `: ${excerpt(text)}`;
    throw invalidRequest(`The parameter cannot be converted to a numeric value${shown}`);
  }
  let first = 0;
  while (all[first] === "0") first++;
  if (first === all.length) return { negative: false, digits: "", exponent: 0 };
  let end = all.length;
  while (all[end - 1] === "0") end--;
  return {
    negative: sign === "-",
    digits: all.slice(first, end),
    exponent: whole.length - 1 - first + Number(power),
  };
}

function withinRange(decimal: Decimal): Decimal {
  if (decimal.exponent > LARGEST_EXPONENT) throw invalidRequest(OVERFLOW);
  if (decimal.exponent < SMALLEST_EXPONENT) throw invalidRequest(UNDERFLOW);
  return decimal;
}

/** Power of ten of the last digit. */
function lastPower({ digits, exponent }: Decimal): number {
  return exponent - digits.length + 1;
}

/** The number as a whole count of `10 ** scale`. */
function scaleTo(decimal: Decimal, scale: number): bigint {
  const magnitude = BigInt(decimal.digits) * 10n ** BigInt(lastPower(decimal) - scale);
  return decimal.negative ? -magnitude : magnitude;
}
