/**
 * A bucket on disk. An upload's bytes are written to a file first; the journal's record that names the file is what makes
 * it an object, so an object is there whole or not at all. Files go only once the record that releases them is on disk.
 */
import { randomBytes } from "node:crypto";
import { Journal } from "../../../durable/journal";
import type { SegmentLogOptions } from "../../../durable/segment-log";
import { BlobStore } from "./blob-store";
import { BucketIndex, type BucketChange, type BucketSnapshot } from "./bucket-index";
import { NULL_VERSION, type Blob, type StoredObject, type Version } from "./version";

export interface BucketOptions extends Pick<SegmentLogOptions, "sync" | "onNotice" | "disk"> {
  readonly versioning: "Off" | "Enabled" | "Suspended";
}

export class Bucket {
  readonly #blobs: BlobStore;
  readonly #journal: Journal<BucketSnapshot, BucketChange>;
  readonly #versioning: BucketOptions["versioning"];

  /** @param folder of a part of the bucket's state */
  static async open(folder: (part: "index" | "objects") => string, options: BucketOptions): Promise<Bucket> {
    const { versioning, ...durable } = options;
    const blobs = await BlobStore.open(folder("objects"), durable);
    const index = new BucketIndex();
    const journal = await Journal.open(folder("index"), index, durable);
    try {
      await blobs.sweep(index.files());
      return new Bucket(index, blobs, journal, versioning);
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  private constructor(
    readonly index: BucketIndex,
    blobs: BlobStore,
    journal: Journal<BucketSnapshot, BucketChange>,
    versioning: BucketOptions["versioning"],
  ) {
    this.#blobs = blobs;
    this.#journal = journal;
    this.#versioning = versioning;
  }

  /** Writes bytes that are nobody's yet. */
  write(key: string, content: Uint8Array): Promise<Blob> {
    return this.#blobs.write(key, content);
  }

  /** Copies an object's bytes into this bucket, nobody's yet; nothing when they have gone meanwhile. */
  copyFrom(source: Bucket, { blobs }: StoredObject, key: string): Promise<Blob | undefined> {
    return this.#blobs.copyFrom(source.#blobs, key, blobs);
  }

  /** Gives up bytes that became nobody's. */
  discard(blobs: readonly Blob[]): Promise<void> {
    return this.#blobs.remove(blobs);
  }

  /** Bytes `from` up to, not including, `to`; nothing when the object has gone meanwhile. */
  read(object: Pick<StoredObject, "blobs">, from: number, to: number): Promise<Buffer | undefined> {
    return this.#blobs.read(object.blobs, from, to);
  }

  /** The id of a new version. */
  newVersionId(): string {
    return this.#versioning === "Enabled" ? randomBytes(24).toString("base64url") : NULL_VERSION;
  }

  /** Whether answers speak of versions. */
  get showsVersions(): boolean {
    return this.#versioning !== "Off";
  }

  /**
   * Deletes the current version as versioning has it: behind a marker, or for good where it never was on.
   * @returns the marker, if one was made
   */
  async hide(key: string, now: number): Promise<Version | undefined> {
    if (this.#versioning === "Off") {
      await this.change({ kind: "remove", key, id: NULL_VERSION });
      return undefined;
    }
    const marker: Version = { kind: "marker", id: this.newVersionId(), modified: now };
    await this.change({ kind: "put", key, version: marker });
    return marker;
  }

  /** Makes a change; resolves when it is on disk and what it released is gone. */
  async change(change: BucketChange): Promise<void> {
    const released = this.index.releasedBy(change);
    await this.#journal.record(change);
    await this.#blobs.remove(released);
  }

  /** Resolves when what the index shows now is on disk. */
  settled(): Promise<void> {
    return this.#journal.settled();
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
