/** The same calls to the local stage and to another endpoint: equal outcomes, or a difference that is declared. */
import assert from "node:assert/strict";
import { noteFigure } from "../harness/figures";
import { CASES } from "./cases";
import { outcomeOf, type Outcome } from "./case";
import { DIFFERENCES, type EndpointName } from "./differences";
import { openLocalWorld } from "./local";
import type { RunningServer } from "./server";
import { createWorld, World } from "./world";

/** @param account the account that the endpoint pretends to be */
export function describeSameCalls(name: EndpointName, account: string, start: () => Promise<RunningServer>): void {
  describe(`the same calls to the local stage and to ${name}`, () => {
    const ours = new Map<string, Outcome>();
    const theirs = new Map<string, Outcome>();

    before(async () => {
      const local = await openLocalWorld();
      await runAll(new World(local), ours).finally(() => local.close());
      const server = await start();
      try {
        const credentials = { accessKeyId: "test", secretAccessKey: "test" };
        const world = new World({ url: server.url, account, credentials });
        await createWorld(world);
        await runAll(world, theirs);
      } finally {
        await server.close();
      }
    });

    for (const { name: call } of CASES) {
      const declared = DIFFERENCES.find((difference) => difference.call === call && difference.of === name);
      it(declared === undefined ? call : `${call} (differs as declared: ${declared.right})`, () => {
        if (declared === undefined) return assert.deepEqual(ours.get(call), theirs.get(call));
        assert.deepEqual(
          { ours: ours.get(call), theirs: theirs.get(call) },
          { ours: declared.ours, theirs: declared.theirs },
        );
      });
    }

    after(() => {
      const differing = DIFFERENCES.filter(({ of }) => of === name).length;
      noteFigure(`calls to ${name}`, `${CASES.length}, of which ${CASES.length - differing} equal`);
    });
  });
}

async function runAll(world: World, outcomes: Map<string, Outcome>): Promise<void> {
  try {
    for (const each of CASES) outcomes.set(each.name, await outcomeOf(each, world));
  } finally {
    world.close();
  }
}
