/**
 * How one record stands in a segment file: a header of 12 bytes (little endian), then the payload as it came.
 *
 *    0  u32  length of the payload in bytes
 *    4  u32  CRC-32 of the payload
 *    8  u32  check over the record's index, length and CRC
 *
 * The check lets a header prove itself and its place in the log before its payload is looked at. That is what tells an
 * unfinished write (a true header, but the file ends too soon) from damage (a header or payload that contradicts itself).
 */
import { crc32 } from "node:zlib";

export const FRAME_HEADER_BYTES = 12;

/** The largest record the log takes: a wide margin over the largest request any modelled service accepts. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const CRC_AT = 4;
const CHECK_AT = 8;

/** Multiplying by an odd number maps 32 bits one to one, so no change of a single field goes unnoticed. */
function headerCheck(index: number, length: number, crc: number): number {
  return (Math.imul(index ^ 0x2545f491, 0x9e3779b1) ^ Math.imul(length ^ 0x6c8e9cf5, 0x85ebca6b) ^ crc) >>> 0;
}

/** Writes the frame of record `index` into `target` at `offset`, which must have room; answers the offset behind it. */
export function writeFrame(target: Buffer, offset: number, index: number, payload: Uint8Array): number {
  const crc = crc32(payload);
  target.writeUInt32LE(payload.length, offset);
  target.writeUInt32LE(crc, offset + CRC_AT);
  target.writeUInt32LE(headerCheck(index, payload.length, crc), offset + CHECK_AT);
  target.set(payload, offset + FRAME_HEADER_BYTES);
  return offset + FRAME_HEADER_BYTES + payload.length;
}

/** Walks the frames in a stretch of a segment's bytes, without allocating unless a payload is asked for. */
export class FrameCursor {
  #length = 0;

  constructor(
    readonly bytes: Buffer,
    /** Where the frame under the cursor begins, in bytes. */
    public offset: number,
    /** The index of the record under the cursor. */
    public index: number,
  ) {}

  /** Is the frame under the cursor all here, cut short by the end of the bytes, or not a frame at all? */
  look(): "whole" | "short" | "damaged" {
    const { bytes, offset } = this;
    this.#length = 0;
    if (bytes.length - offset < FRAME_HEADER_BYTES) return "short";
    const length = bytes.readUInt32LE(offset);
    const check = headerCheck(this.index, length, bytes.readUInt32LE(offset + CRC_AT));
    if (check !== bytes.readUInt32LE(offset + CHECK_AT)) return "damaged";
    this.#length = length;
    return bytes.length - offset - FRAME_HEADER_BYTES < length ? "short" : "whole";
  }

  /** Bytes of the frame as far as its header is known: the header alone until it proved itself. */
  get frameBytes(): number {
    return FRAME_HEADER_BYTES + this.#length;
  }

  /** A view of the payload, not a copy. */
  get payload(): Buffer {
    return this.bytes.subarray(this.offset + FRAME_HEADER_BYTES, this.offset + this.frameBytes);
  }

  /** Whether the payload is what was written. */
  get intact(): boolean {
    return crc32(this.payload) === this.bytes.readUInt32LE(this.offset + CRC_AT);
  }

  /** Steps over a whole frame. */
  advance(): void {
    this.offset += this.frameBytes;
    this.index += 1;
  }
}
