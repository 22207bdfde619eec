/**
 * What the roles of the real programs use and are denied while tests run: each stage that a test opens over one leaves a
 * file, in the folder that LEDGERS_FOLDER names, whichever process it runs in. Without that folder nothing is gathered.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { declaredGrants, grantKey } from "../../bin/permissions/matrix";
import { recordOf, type RecordedRun } from "../../bin/permissions/recorded";
import type { Graph } from "../../local/graph/graph";
import type { LocalStage } from "../../local/stage";
import { stageNames } from "../../stacks/stage-files";

export const FOLDER = "LEDGERS_FOLDER";

const ROOT = join(__dirname, "../..");
const STAGES = stageNames(ROOT);

/** What one graph leaves behind when it ends. */
export interface GatheredLedger {
  /** Where the stage was opened: `stacks/journey.test.ts:98`. */
  readonly opener: string;
  readonly granted: readonly GatheredGrant[];
  /** Keys of the grants that were used. */
  readonly used: readonly string[];
  readonly denied: RecordedRun["denied"];
  /** Why calls were denied on purpose. Such a ledger is no evidence of anything. */
  readonly deniedCallsExpected?: string;
}

export interface GatheredGrant {
  /** Role, sid, action and pattern of the resource: the same in every stage. */
  readonly key: string;
  /** Why a normal run does not use it, where that is so. */
  readonly idle?: string;
}

export interface GatherOptions {
  /** Why calls will be denied: the test takes a permission away, or calls as a stranger. @default - no call may be */
  readonly deniedCallsExpected?: string | undefined;
}

/** Programs that are made up for a test are not gathered: they say nothing of the real ones. */
export function gatherLedgers(stage: LocalStage, { deniedCallsExpected }: GatherOptions = {}): void {
  const folder = process.env[FOLDER];
  if (folder === undefined) return;
  const opener = openerIn(new Error().stack ?? "");
  stage.onLedger((graph, ledger) => {
    if (!STAGES.includes(graph.stack)) return;
    const { used, denied } = recordOf(graph, ledger);
    const gathered: GatheredLedger = {
      opener,
      granted: grantsOf(graph),
      used,
      denied,
      ...(deniedCallsExpected === undefined ? {} : { deniedCallsExpected }),
    };
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(gathered));
  });
}

export function grantsOf(graph: Graph): GatheredGrant[] {
  return declaredGrants(graph).map((grant) => ({
    key: grantKey(grant),
    ...(grant.idle === undefined ? {} : { idle: grant.idle }),
  }));
}

/** The nearest line of a test among the frames that led here. */
function openerIn(stack: string): string {
  const frames = [...stack.matchAll(/\(?(\/[^():]+\.ts):(\d+):\d+\)?$/gm)];
  const places = frames.map(([, file = "", line = ""]) => `${relative(ROOT, file)}:${line}`);
  return places.find((place) => /\.test\.ts:/.test(place)) ?? places.at(-1) ?? "an unknown place";
}
