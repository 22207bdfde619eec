/** What the last full run used of its grants and was denied, kept between two commands. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Graph } from "../../local/graph/graph";
import type { Ledger } from "../../local/iam/ledger";
import { InputError } from "../exit";
import { STATE_FOLDER } from "../folders";
import { declaredGrants, grantKey, holderNames } from "./matrix";

const Recorded = z.object({
  version: z.literal(2),
  /** What ran: `npx clickstream demo`, or `npm test` with every stage that a test opens. */
  by: z.string(),
  /** Names of the roles and users that it had. */
  roles: z.array(z.string()),
  /** Keys of the grants that were used. */
  used: z.array(z.string()),
  denied: z.array(
    z.object({ role: z.string(), action: z.string(), resource: z.string(), message: z.string(), count: z.number() }),
  ),
});

export type RecordedRun = z.infer<typeof Recorded>;

const FILE = join(STATE_FOLDER, "permissions.json");

/** Keeps a run in the place of the one before. */
export async function keepRun(recorded: RecordedRun): Promise<void> {
  const run = JSON.stringify(recorded);
  await mkdir(STATE_FOLDER, { recursive: true });
  const draft = `${FILE}.${process.pid}`;
  await writeFile(draft, run);
  await rename(draft, FILE);
}

/** @throws InputError when no run was kept */
export async function readRun(): Promise<RecordedRun> {
  let text: string;
  try {
    text = await readFile(FILE, "utf8");
  } catch {
    throw new InputError("no run has been recorded yet: run npx clickstream demo first");
  }
  const read = Recorded.safeParse(JSON.parse(text));
  if (!read.success) throw new InputError("the recorded run is of another version: run npx clickstream demo again");
  return read.data;
}

/** What a graph's roles did by a ledger. */
export function recordOf(graph: Graph, ledger: Ledger): Omit<RecordedRun, "by"> {
  const names = holderNames(graph);
  const byPlace = new Map(
    declaredGrants(graph).map((grant) => [[grant.role, grant.sid, grant.action, grant.resource].join(" "), grant]),
  );
  const used: string[] = [];
  const denied: RecordedRun["denied"] = [];
  for (const { name, granted, denied: refusals } of ledger.toJSON().roles) {
    const role = names.get(name) ?? name;
    for (const { statement, action, resource, used: isUsed } of granted) {
      const grant = byPlace.get([role, statement, action, resource].join(" "));
      if (isUsed && grant !== undefined) used.push(grantKey(grant));
    }
    for (const { action, resource, message, count } of refusals)
      denied.push({ role, action, resource, message, count });
  }
  return { version: 2, roles: [...new Set(names.values())].sort(), used: used.sort(), denied };
}
