/** IP addresses and ranges of both families, as `IpAddress` compares them. */

interface Address {
  readonly width: 32 | 128;
  readonly value: bigint;
}

/** Whether an address lies in a range like `203.0.113.0/24`; undefined when one of them is malformed. */
export function isInRange(text: string, range: string): boolean | undefined {
  const [start = "", length] = range.split("/");
  const [address, first] = [readAddress(text), readAddress(start)];
  if (address === undefined || first === undefined) return undefined;
  if (address.width !== first.width) return false;
  const free = BigInt(length === undefined ? 0 : first.width - Number(length));
  return address.value >> free === first.value >> free;
}

function readAddress(text: string): Address | undefined {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return { width: 32, value: bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) };
  }
  const halves = text.split("::");
  if (!text.includes(":") || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => half.split(":").filter((group) => group !== ""));
  const missing = 8 - head.length - tail.length;
  const groups = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => "0"), ...tail];
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { width: 128, value: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) };
}
