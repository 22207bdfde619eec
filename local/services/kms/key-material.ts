/**
 * The secret that all keys of a stage come from: 32 random bytes in a file that only its owner may read. It is made once
 * and on disk before the first byte is encrypted under it; without it nothing can be decrypted again.
 */
import { hkdfSync, randomBytes } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, machineDisk, readIfPresent, withoutSync, writeFully } from "../../durable/disk";
import { DurableError } from "../../durable/durable-error";

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

export class KeyMaterial {
  readonly #secret: Buffer;

  private constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /**
   * Reads the folder's secret, or makes one where there is none.
   * @throws DurableError when the file is not what was written
   */
  static async open(folder: string, { sync }: { readonly sync: boolean }): Promise<KeyMaterial> {
    const path = join(folder, "secret");
    const secret = await readIfPresent(path);
    if (secret === undefined) return new KeyMaterial(await createSecret(folder, path, sync));
    if (secret.length === SECRET_BYTES) return new KeyMaterial(secret);
    throw new DurableError(
      `${path}: damaged: ${secret.length} bytes where ${SECRET_BYTES} were written; put the file back from a copy, without it nothing encrypted here can be read`,
    );
  }

  /** The 32 bytes that encrypt under one key of the stage. */
  keyFor(keyArn: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#secret, Buffer.alloc(0), keyArn, 32));
  }
}

async function createSecret(folder: string, path: string, sync: boolean): Promise<Buffer> {
  const disk = sync ? machineDisk : withoutSync(machineDisk);
  const secret = randomBytes(SECRET_BYTES);
  await createFolder(disk, folder);
  const file = await open(`${path}.tmp`, "w", OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY); // a draft that a crash left behind keeps its mode
    await writeFully(disk, file, secret, 0);
    await disk.sync(file);
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  await disk.syncFolder(folder);
  return secret;
}
