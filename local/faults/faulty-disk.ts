/** A disk that is slow, or full after a while. */
import { setTimeout as pause } from "node:timers/promises";
import { machineDisk, type Disk } from "../durable/disk";
import type { DiskFault } from "./settings";

export function faultyDisk({ slowMilliseconds = 0, fullAfterBytes = Infinity }: DiskFault, disk = machineDisk): Disk {
  let written = 0;
  const checkSpace = (bytes: number): void => {
    written += bytes;
    if (written > fullAfterBytes) {
      throw Object.assign(new Error("ENOSPC: no space left on device (injected)"), { code: "ENOSPC" });
    }
  };
  return {
    async write(file, bytes, position) {
      checkSpace(bytes.length);
      return disk.write(file, bytes, position);
    },
    truncate: (file, size) => disk.truncate(file, size),
    async sync(file) {
      await pause(slowMilliseconds);
      await disk.sync(file);
    },
    async syncFolder(folder) {
      await pause(slowMilliseconds);
      await disk.syncFolder(folder);
    },
  };
}
