/** Access keys of the stage: who a signed request comes from. */
import { randomBytes } from "node:crypto";
import type { Principal } from "../iam/principal";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Only temporary credentials have one. */
  readonly sessionToken: string | undefined;
  readonly principal: Principal;
  /** Milliseconds since the epoch; only temporary credentials end. */
  readonly expires: number | undefined;
}

export class CredentialStore {
  readonly #byKey = new Map<string, Credentials>();

  /** Keys of sessions that somebody opened for a time. */
  get temporary(): readonly Credentials[] {
    return [...this.#byKey.values()].filter(({ expires }) => expires !== undefined);
  }

  find(accessKeyId: string): Credentials | undefined {
    return this.#byKey.get(accessKeyId);
  }

  /** Makes a key for a principal that has none yet: temporary ones begin with ASIA and carry a token. */
  issue(
    principal: Principal,
    { temporary = false, expires }: { temporary?: boolean; expires?: number } = {},
  ): Credentials {
    return this.keep({
      accessKeyId: `${temporary ? "ASIA" : "AKIA"}${randomBytes(10).toString("hex").slice(0, 16).toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64url"),
      sessionToken: temporary ? randomBytes(48).toString("base64url") : undefined,
      principal,
      expires,
    });
  }

  /** Keeps a key that the graph has made already. */
  keep(credentials: Credentials): Credentials {
    this.#byKey.set(credentials.accessKeyId, credentials);
    return credentials;
  }
}
