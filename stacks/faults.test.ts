/**
 * The journey while things go wrong: a sample of the faults (all of them: npm run test:engines), and a disk that fills up.
 * Does not prove: what AWS itself would do; crashes (crash.test.ts); alerts whose publication lost its answer (README,
 * "Limits": nothing on AWS tells the second from the first).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BeaconClient } from "../bin/traffic/beacon-client";
import { readFaults } from "../local/faults/settings";
import { describeFaults } from "../test/faults";
import { frontDoor, idsOnStream, renderLocal } from "../test/journey";
import { withStage, type TestStage } from "../test/stage";

const FULL = /the disk is full \(ENOSPC\)/;

describeFaults({ of: "sample" });

describe("The platform on a disk that fills up", function () {
  this.timeout(120_000);

  it("keeps what it acknowledged, refuses the rest, and says why once per log", async () => {
    const graph = await renderLocal();
    const folder = await mkdtemp(join(tmpdir(), "full-disk-"));
    const acknowledged = new Set<string>();
    let refused = 0;
    const fill = async (test: TestStage): Promise<void> => {
      const browser = new BeaconClient(frontDoor(test), 8);
      for (let second = 0; second < 120; second++) {
        const ids = Array.from({ length: 10 }, (_, number) => `${second}-${number}`);
        const replies = await Promise.all(
          ids.map((id) => browser.send({ action: "Click", site: `${id}.example`, id })),
        );
        ids.forEach((id, index) => replies[index]?.status === 200 && acknowledged.add(id));
        refused += replies.filter(({ status }) => status === 500).length;
        await test.clock.advance(1_000).catch((error: unknown) => assert.match(String(error), FULL));
      }
      browser.close();
      assert.ok(acknowledged.size > 0 && refused > 0);
      assert.equal(new Set(test.said).size, test.said.length, "a line was said twice");
      assert.ok(
        test.said.every((line) => FULL.test(line) || line.includes(" gave up ")),
        test.said.join("\n"),
      );
    };
    try {
      await assert.rejects(
        withStage(graph, fill, { folder, faults: readFaults({ disk: { fullAfterBytes: 150_000 } }) }),
        FULL,
      );
      await withStage(
        graph,
        async (test) => {
          const kept = new Set(idsOnStream(test));
          assert.deepEqual(
            [...acknowledged].filter((id) => !kept.has(id)),
            [],
          );
        },
        { folder },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
