/**
 * Writing and reading little-endian numbers one after the other, whatever the machine's own byte order.
 */

export class ByteWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  /** @param capacity bytes that will never be exceeded */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): void {
    this.#bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.#view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  f64(value: number): void {
    this.#view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Seven bits per byte, lowest first; 0..2^53 - 1. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    this.u8(rest);
  }

  /** The bytes written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.at);
  }
}

/** Reads what ByteWriter wrote; reading past the end throws a RangeError. */
export class ByteReader {
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#view.byteLength - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.#view.getUint16(this.at - 2, true);
  }

  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  f64(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}

/**
 * A 32-bit check of whole words, alternately in two lanes. A change within one word always shows; any other goes
 * unnoticed once in 2^32.
 */
export function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let even = 0x811c9dc5;
  let odd = 0x01000193;
  let at = 0;
  for (; at + 8 <= bytes.byteLength; at += 8) {
    even = Math.imul(even ^ view.getUint32(at, true), 0x9e3779b1);
    odd = Math.imul(odd ^ view.getUint32(at + 4, true), 0x85ebca6b);
    even ^= even >>> 15;
    odd ^= odd >>> 13;
  }
  if (at < bytes.byteLength) even = Math.imul(even ^ view.getUint32(at, true), 0x9e3779b1);
  return (even ^ Math.imul(odd, 0xc2b2ae35)) >>> 0;
}
