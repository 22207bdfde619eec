/** A beacon as the front door and outside producers put it on the input stream: one JSON object per record. */
import { accepted, ignored, rejected, type Outcome } from "./outcome";

export type BeaconAction = "Click" | "Impression";

export interface Beacon {
  readonly action: BeaconAction;
  readonly site: string;
  /** What the sender gave so that a beacon sent twice counts once; its own choice, unique per site and action. */
  readonly id: string | undefined;
}

export type BeaconRejection = "not-json" | "not-an-object" | "unknown-action" | "no-site" | "bad-id";

/** Records that only show a schema to a tool; the pre-lab of the original pipeline sends them. */
export type BeaconIgnored = "schema-discovery";

const DISCOVERY_ACTION = "DiscoveryKinesisTest";

/** A domain name has at most 253 characters; outside producers may name sites as they like, within reason. */
const LONGEST_SITE = 256;
const LONGEST_ID = 1024;

/** Reads one record of the input stream. */
export function readBeacon(data: string): Outcome<Beacon, BeaconRejection, BeaconIgnored> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (error) {
    return rejected("not-json", error instanceof Error ? error.message : String(error));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return rejected(
      "not-an-object",
      `a beacon is a JSON object, got ${Array.isArray(parsed) ? "a list" : JSON.stringify(parsed)}`,
    );
  }
  const { browseraction, site, id } = parsed as Record<string, unknown>;
  if (browseraction === DISCOVERY_ACTION) return ignored("schema-discovery");
  if (browseraction !== "Click" && browseraction !== "Impression") {
    return rejected("unknown-action", `browseraction must be Click or Impression, got ${excerpt(browseraction)}`);
  }
  if (typeof site !== "string" || site === "" || site.length > LONGEST_SITE) {
    return rejected("no-site", `site must be text of 1..${LONGEST_SITE} characters, got ${excerpt(site)}`);
  }
  if (id !== undefined && (typeof id !== "string" || id === "" || id.length > LONGEST_ID)) {
    return rejected("bad-id", `id must be text of 1..${LONGEST_ID} characters, got ${excerpt(id)}`);
  }
  return accepted({ action: browseraction, site, id });
}

function excerpt(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
