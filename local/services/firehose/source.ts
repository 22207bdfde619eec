/** Where a delivery stream's records come from: one or more parts, each in an order of its own. */

export interface SourceRecord {
  /** Grows along its part; decimal digits. */
  readonly sequence: string;
  /** Milliseconds since the epoch. */
  readonly arrival: number;
  readonly data: Buffer;
}

/** For each part, the last record that something covers. */
export type Positions = Readonly<Record<string, string>>;

export interface Source {
  /** The parts by name, in a fixed order. */
  parts(): Promise<readonly string[]>;
  /**
   * Records of a part, the next ones behind a record, or from where the delivery stream began; none at the end.
   * Rejects with AwsError when the source does not let itself be read.
   */
  read(part: string, behind: string | undefined): Promise<readonly SourceRecord[]>;
  /** @param wake called from now on whenever there are new records */
  listen(wake: () => void): void;
  /** Gives up records that have been delivered. */
  release(delivered: Positions): Promise<void>;
  close(): Promise<void>;
}

/**
 * The records of some parts up to their bounds, part by part.
 * @param positions of the records before the first ones
 * @param until the last record of each part; parts that are not named are not read
 */
export async function* recordsUntil(
  read: Source["read"],
  positions: Positions,
  until: Positions,
): AsyncGenerator<readonly [part: string, record: SourceRecord]> {
  for (const [part, last] of Object.entries(until)) {
    for (let behind = positions[part]; behind !== last;) {
      const records = await read(part, behind);
      const within = records.filter(({ sequence }) => BigInt(sequence) <= BigInt(last));
      for (const record of within) yield [part, record];
      // The bound has been passed, or the source keeps these records no longer.
      const isOver = within.length < records.length || records.length === 0;
      behind = isOver ? last : within.at(-1)?.sequence;
    }
  }
}
