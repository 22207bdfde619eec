/** Condition operators: reading their names, and what they compare. Facts: IAM User Guide, "Condition operators". */
import type { KeyType } from "../catalogue/catalogue";

type Family = "String" | "Numeric" | "Date" | "Bool" | "Binary" | "Ip" | "Arn" | "Null";

export interface Operator {
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  /** Without set operator and suffix, e.g. `StringLike`. */
  readonly name: string;
  readonly ifExists: boolean;
  /** True when the test holds for values that do not compare, and for absent keys. */
  readonly negated: boolean;
  readonly family: Family;
  /** Whether `*` and `?` in its values are wildcards. */
  readonly wildcards: boolean;
}

export const OPERATORS: readonly string[] = [
  ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map((end) => `String${end}`),
  ...["Numeric", "Date"].flatMap((family) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
      (end) => family + end,
    ),
  ),
  ...[
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
  ],
];

const BY_NAME: ReadonlyMap<string, string> = new Map(OPERATORS.map((name) => [name.toLowerCase(), name]));

/** Undefined when AWS knows no such operator. */
export function readOperator(text: string): Operator | undefined {
  const [, set, base = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(text) ?? [];
  const name = BY_NAME.get(base.toLowerCase());
  if (name === undefined || (name === "Null" && suffix !== undefined)) return undefined;
  return {
    set: set === undefined ? undefined : /all/i.test(set) ? "ForAllValues" : "ForAnyValue",
    name,
    ifExists: suffix !== undefined,
    negated: name.includes("Not"),
    family: (/^(?:Not)?(String|Numeric|Date|Bool|Binary|Ip|Arn|Null)/.exec(name)?.[1] ?? "String") as Family,
    wildcards: name.endsWith("Like") || name.startsWith("Arn"),
  };
}

const FITS: Readonly<Record<Family, readonly KeyType[]>> = {
  String: ["String", "ARN"],
  Arn: ["ARN", "String"],
  Numeric: ["Numeric"],
  Date: ["Date"],
  Bool: ["Bool"],
  Binary: ["Binary", "String"],
  Ip: ["IPAddress"],
  Null: ["String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"],
};

/** Whether values of a key can be compared so. */
export function fits({ family }: Operator, { type }: { readonly type: KeyType }): boolean {
  // Many keys that hold an ARN are listed as text; and the time of a request is text that numbers compare with too.
  return FITS[family].includes(type) || (family === "Numeric" && type === "Date");
}

/** Whether a value can be read by the operator. */
export function isValue({ family }: Operator, text: string): boolean {
  if (text.includes("${")) return true;
  switch (family) {
    case "Numeric":
      return /^-?\d+(\.\d+)?$/.test(text);
    case "Date":
      return /^\d+$/.test(text) || !Number.isNaN(Date.parse(text));
    case "Bool":
    case "Null":
      return /^(true|false)$/i.test(text);
    case "Ip":
      return isRange(text);
    case "Arn":
      return text === "*" || text.split(":").length >= 6 || (/^(arn|\*)/.test(text) && text.endsWith("*"));
    case "Binary":
      return /^[A-Za-z0-9+/]*={0,2}$/.test(text);
    case "String":
      return true;
  }
}

/** An address of either family, with or without a prefix length. */
function isRange(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  const four = /^(\d{1,3}\.){3}\d{1,3}$/.test(address) && address.split(".").every((part) => Number(part) < 256);
  const six = address.includes(":") && /^[0-9a-f:.]+$/i.test(address);
  if (more.length > 0 || (!four && !six)) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (four ? 32 : 128));
}
