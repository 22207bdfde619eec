/**
 * A process to be killed: a stage that archives what is put into its stream, fed with numbers, which it prints once they
 * are acknowledged. Virtual time passes between the puts, so deliveries go on all the while.
 * Usage: archive-writer.ts FOLDER
 */
import { render, withStage } from "../../../../test/stage";
import { delimiter, delivering, STREAM } from "./deliveries";

export const archiving = delivering({ s3: { ...delimiter("\\n"), bufferingInterval: 1, compressionFormat: "GZIP" } });

const AT_ONCE = 40;

async function writeUntilKilled(folder: string): Promise<void> {
  await withStage(
    await render(archiving),
    async ({ stage, clock }) => {
      for (let next = 0; ; next += AT_ONCE) {
        const numbers = Array.from({ length: AT_ONCE }, (_, index) => next + index);
        const Records = numbers.map((n) => ({
          PartitionKey: `key ${n}`,
          Data: Buffer.from(String(n)).toString("base64"),
        }));
        await stage.dispatch(stage.operator.principal, "kinesis", "PutRecords", { StreamName: STREAM, Records });
        process.stdout.write(numbers.map((n) => `${n}\n`).join(""));
        await clock.advance(1500);
      }
    },
    { folder },
  );
}

if (require.main === module) void writeUntilKilled(process.argv[2] ?? "");
