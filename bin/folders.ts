/** Where the project is, and where it keeps what only this machine needs. */
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "..");

/** Git-ignored: what runs on this machine leave behind. */
export const STATE_FOLDER = join(ROOT, ".clickstream");
