/**
 * The state of a bucket that its journal keeps: which versions each key has, newest first, and which uploads are under
 * way. Bytes are elsewhere (blob-store.ts); a change names the files that hold them.
 */
import type { Subject } from "../../../durable/journal";
import { KeyList } from "./key-order";
import { NULL_VERSION, type Blob, type Part, type StoredObject, type Upload, type Version } from "./version";

export type BucketChange =
  /** A new current version; `null` takes the place of the `null` before it. */
  | { readonly kind: "put"; readonly key: string; readonly version: Version }
  | { readonly kind: "remove"; readonly key: string; readonly id: string }
  | { readonly kind: "tag"; readonly key: string; readonly id: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: "begin"; readonly upload: Upload }
  | { readonly kind: "part"; readonly upload: string; readonly part: Part }
  | { readonly kind: "abort"; readonly upload: string }
  | { readonly kind: "complete"; readonly upload: string; readonly key: string; readonly version: StoredObject };

export interface BucketSnapshot {
  readonly objects: readonly (readonly [key: string, versions: readonly Version[]])[];
  readonly uploads: readonly (readonly [upload: Upload, parts: readonly Part[]])[];
}

export interface OpenUpload {
  readonly upload: Upload;
  readonly parts: ReadonlyMap<number, Part>;
}

export class BucketIndex implements Subject<BucketSnapshot, BucketChange> {
  /** Every key that has a version, markers among them. */
  readonly keys = new KeyList();
  readonly #versions = new Map<string, readonly Version[]>();
  readonly #uploads = new Map<string, { upload: Upload; parts: Map<number, Part> }>();

  /** Newest first; none for a key that the bucket does not have. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  /** The current version, unless it is a marker. */
  current(key: string): StoredObject | undefined {
    const newest = this.#versions.get(key)?.[0];
    return newest?.kind === "object" ? newest : undefined;
  }

  upload(id: string): OpenUpload | undefined {
    return this.#uploads.get(id);
  }

  get uploads(): readonly OpenUpload[] {
    return [...this.#uploads.values()];
  }

  /** Every file that a version or a part needs, with the key it belongs to. */
  *files(): Iterable<readonly [file: string, key: string]> {
    for (const [key, versions] of this.#versions) {
      for (const version of versions) for (const { file } of blobsOf(version)) yield [file, key];
    }
    for (const { upload, parts } of this.#uploads.values()) {
      for (const { blob } of parts.values()) yield [blob.file, upload.key];
    }
  }

  /** The files that nothing will need once the change is made. */
  releasedBy(change: BucketChange): readonly Blob[] {
    switch (change.kind) {
      case "put":
        return this.#replacedBy(change.key, change.version);
      case "remove":
        return this.versionsOf(change.key)
          .filter(({ id }) => id === change.id)
          .flatMap(blobsOf);
      case "part": {
        const before = this.#uploads.get(change.upload)?.parts.get(change.part.number);
        return before === undefined ? [] : [before.blob];
      }
      case "abort":
        return this.#partBlobs(change.upload);
      case "complete": {
        const kept = new Set(change.version.blobs.map(({ file }) => file));
        const unused = this.#partBlobs(change.upload).filter(({ file }) => !kept.has(file));
        return [...unused, ...this.#replacedBy(change.key, change.version)];
      }
      case "tag":
      case "begin":
        return [];
    }
  }

  restore(snapshot: BucketSnapshot | undefined): void {
    for (const [key, versions] of snapshot?.objects ?? []) this.#set(key, versions);
    for (const [upload, parts] of snapshot?.uploads ?? []) {
      this.#uploads.set(upload.id, { upload, parts: new Map(parts.map((part) => [part.number, part])) });
    }
  }

  apply(change: BucketChange): void {
    switch (change.kind) {
      case "put":
        return this.#put(change.key, change.version);
      case "remove":
        return this.#set(
          change.key,
          this.versionsOf(change.key).filter(({ id }) => id !== change.id),
        );
      case "tag":
        return this.#set(
          change.key,
          this.versionsOf(change.key).map((version) =>
            version.kind === "object" && version.id === change.id ? { ...version, tags: change.tags } : version,
          ),
        );
      case "begin":
        return void this.#uploads.set(change.upload.id, { upload: change.upload, parts: new Map() });
      case "part":
        return void this.#uploads.get(change.upload)?.parts.set(change.part.number, change.part);
      case "abort":
        return void this.#uploads.delete(change.upload);
      case "complete":
        this.#uploads.delete(change.upload);
        return this.#put(change.key, change.version);
    }
  }

  snapshot(): BucketSnapshot {
    const objects = Array.from({ length: this.keys.length }, (_, index) => {
      const key = this.keys.at(index) ?? "";
      return [key, this.versionsOf(key)] as const;
    });
    return { objects, uploads: this.uploads.map(({ upload, parts }) => [upload, [...parts.values()]] as const) };
  }

  #put(key: string, version: Version): void {
    const older = this.versionsOf(key).filter(({ id }) => id !== version.id);
    this.#set(key, [version, ...older]);
  }

  #set(key: string, versions: readonly Version[]): void {
    if (versions.length === 0) {
      this.#versions.delete(key);
      this.keys.delete(key);
      return;
    }
    if (!this.#versions.has(key)) this.keys.add(key);
    this.#versions.set(key, versions);
  }

  #replacedBy(key: string, version: Version): readonly Blob[] {
    if (version.id !== NULL_VERSION) return [];
    return this.versionsOf(key)
      .filter(({ id }) => id === NULL_VERSION)
      .flatMap(blobsOf);
  }

  #partBlobs(upload: string): readonly Blob[] {
    return [...(this.#uploads.get(upload)?.parts.values() ?? [])].map(({ blob }) => blob);
  }
}

function blobsOf(version: Version): readonly Blob[] {
  return version.kind === "object" ? version.blobs : [];
}
