/**
 * A process to be killed: counts in a journal that compacts often, and prints the total once each change is durable.
 * Usage: tally-writer.ts FOLDER
 */
import { Journal } from "../journal";
import { Tally } from "./tally";

async function countUntilKilled(folder: string): Promise<never> {
  const tally = new Tally();
  const journal = await Journal.open(folder, tally, { compactAfterChanges: 500, segmentBytes: 8 * 1024 });
  for (;;) {
    const changes: Promise<unknown>[] = [];
    for (let count = 0; count < 20; count += 1) {
      const recorded = journal.record({ name: `name ${tally.total % 7}`, by: 1 });
      const { total } = tally;
      changes.push(recorded.then(() => process.stdout.write(`${total}\n`)));
    }
    await Promise.all(changes);
  }
}

if (require.main === module) void countUntilKilled(process.argv[2] ?? "");
