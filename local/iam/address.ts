/**
 * IP addresses and CIDR ranges of both families, as the condition operators `IpAddress` and `NotIpAddress` compare
 * them. An IPv4 address that arrives mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
 */

export interface Address {
  /** 32 or 128 bits: families never match each other. */
  readonly width: 32 | 128;
  readonly value: bigint;
}

export interface AddressRange extends Address {
  /** How many low bits are free. */
  readonly free: bigint;
}

/** Undefined when the text is no address. */
export function readAddress(text: string): Address | undefined {
  const value = readIpv4(text);
  if (value !== undefined) return { width: 32, value };
  const wide = readIpv6(text);
  if (wide === undefined) return undefined;
  return wide >> 32n === 0xffffn ? { width: 32, value: wide & 0xffffffffn } : { width: 128, value: wide };
}

/** Reads `203.0.113.0/24` or `2001:db8::/32`; without a prefix length the one address. Undefined when it is neither. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [, plain = "", prefix] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = readAddress(plain);
  if (address === undefined) return undefined;
  const mapped = address.width === 32 && plain.includes(":");
  const length = prefix === undefined ? address.width : Number(prefix);
  if (length > address.width || (mapped && prefix !== undefined)) return undefined;
  return { ...address, free: BigInt(address.width - length) };
}

export function isInRange(address: Address, range: AddressRange): boolean {
  return address.width === range.width && address.value >> range.free === range.value >> range.free;
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  const wellFormed = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  if (!wellFormed) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readIpv6(text: string): bigint | undefined {
  const halves = withHexTail(text)?.split("::");
  if (halves === undefined || halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** Writes a dotted IPv4 tail (`::ffff:192.0.2.1`) as two groups; undefined when the tail is malformed. */
function withHexTail(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":") + 1;
  const tail = cut > 0 ? readIpv4(text.slice(cut)) : undefined;
  if (tail === undefined) return undefined;
  return `${text.slice(0, cut)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
}
