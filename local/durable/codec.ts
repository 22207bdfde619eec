/**
 * How values become bytes on disk and values again.
 */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/** JSON as UTF-8: for values that JSON carries faithfully (no bytes, no dates, no `undefined` that matters). */
export function jsonCodec<T>(): Codec<T> {
  const decoder = new TextDecoder();
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(decoder.decode(bytes)) as T,
  };
}
