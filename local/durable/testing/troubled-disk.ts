/**
 * A disk that works until a given call and from then on refuses everything, as when the process were gone or the disk
 * full; of the write it fails in, a part may still reach the file.
 */
import { machineDisk, withoutSync, type Disk } from "../disk";

export class TroubledDisk implements Disk {
  /** How many calls were made. */
  calls = 0;
  readonly #disk: Disk;

  constructor(
    /** The first call that fails, counted from 1. */
    readonly failsAt: number,
    /** The system's code for the failure, e.g. `"ENOSPC"`. */
    readonly code: string,
    /** Which part of a failing write still gets through, 0 to 1. */
    readonly throughput = 0,
    sync = false,
  ) {
    this.#disk = sync ? machineDisk : withoutSync(machineDisk);
  }

  async write(...[file, bytes, position]: Parameters<Disk["write"]>): Promise<number> {
    if (this.#works()) return this.#disk.write(file, bytes, position);
    const part = bytes.subarray(0, Math.floor(bytes.length * this.throughput));
    if (this.calls === this.failsAt && part.length > 0) await this.#disk.write(file, part, position);
    throw this.#trouble();
  }

  async truncate(...[file, size]: Parameters<Disk["truncate"]>): Promise<void> {
    if (!this.#works()) throw this.#trouble();
    await this.#disk.truncate(file, size);
  }

  async sync(...[file]: Parameters<Disk["sync"]>): Promise<void> {
    if (!this.#works()) throw this.#trouble();
    await this.#disk.sync(file);
  }

  async syncFolder(...[folder]: Parameters<Disk["syncFolder"]>): Promise<void> {
    if (!this.#works()) throw this.#trouble();
    await this.#disk.syncFolder(folder);
  }

  #works(): boolean {
    this.calls += 1;
    return this.calls < this.failsAt;
  }

  #trouble(): Error {
    return Object.assign(new Error(`${this.code}: injected`), { code: this.code });
  }
}
