/** Batch requests: entries with ids of their own, each of which succeeds or fails by itself. */
import { AwsError } from "../service";

export interface BatchEntry {
  readonly Id: string;
}

const MOST_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * @param act on one entry; its answer becomes part of the entry's success
 * @param check refuses the batch as a whole
 * @throws AwsError when the batch as a whole is refused
 */
export async function runBatch<Entry extends BatchEntry>(
  batch: readonly Entry[],
  act: (entry: Entry) => Promise<object | void>,
  check: () => void = () => undefined,
): Promise<{ Successful?: object[]; Failed?: object[] }> {
  checkEntries(batch);
  check();
  const [successful, failed]: [object[], object[]] = [[], []];
  // Begun in order, so that messages keep theirs; made durable together.
  await Promise.all(
    batch.map(async (entry) => {
      try {
        successful.push({ Id: entry.Id, ...(await act(entry)) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: entry.Id, SenderFault: error.status < 500, Code: error.code, Message: error.message });
      }
    }),
  );
  return {
    ...(successful.length === 0 ? {} : { Successful: successful }),
    ...(failed.length === 0 ? {} : { Failed: failed }),
  };
}

function checkEntries(batch: readonly BatchEntry[]): void {
  if (batch.length === 0) {
    throw new AwsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  }
  if (batch.length > MOST_ENTRIES) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${batch.length}.`,
    );
  }
  const ids = batch.map(({ Id }) => Id);
  if (!ids.every((id) => ENTRY_ID.test(id))) {
    throw new AwsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
}
