/**
 * The bytes of one part on their way into an object, compressed as they come: done when a batch of 128 MiB is full,
 * that would take a processor for most of a second. What waits for the compressor is bounded by the batch.
 */
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import type { DeliverySettings } from "./settings";

/** Goes to the compressor, in another thread, at once. */
const BLOCK_BYTES = 64 * 1024;

const STREAMS = { UNCOMPRESSED: () => new PassThrough(), GZIP: () => createGzip() };

export class Content {
  readonly #stream: PassThrough | ReturnType<typeof createGzip>;
  readonly #whole: Promise<Buffer>;
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;

  constructor(compression: DeliverySettings["compression"]) {
    this.#stream = STREAMS[compression]();
    this.#whole = buffer(this.#stream);
  }

  append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === BLOCK_BYTES) {
        this.#stream.write(this.#block);
        this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        this.#used = 0;
      }
      const copied = bytes.copy(this.#block, this.#used, at);
      this.#used += copied;
      at += copied;
    }
  }

  /** All that was appended, however often it is asked for; nothing is taken after it. */
  end(): Promise<Buffer> {
    if (!this.#stream.writableEnded) this.#stream.end(this.#block.subarray(0, this.#used));
    return this.#whole;
  }
}
