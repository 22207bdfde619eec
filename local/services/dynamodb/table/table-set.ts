/** The tables of a stage, by name, and what a request calls them. */
import { AwsError } from "../../service";
import type { AccountFacts } from "../../model";
import { arnOf } from "../../model";
import type { Table } from "./table";

export class TableSet {
  readonly #byName: ReadonlyMap<string, Table>;

  constructor(
    tables: readonly Table[],
    private readonly facts: AccountFacts,
  ) {
    this.#byName = new Map(tables.map((table) => [table.schema.name, table]));
  }

  get all(): readonly Table[] {
    return [...this.#byName.values()];
  }

  /** In the order of the alphabet. */
  get names(): readonly string[] {
    return [...this.#byName.keys()].sort();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((table) => table.close()));
  }

  /** @param reference a table's name, or its ARN */
  find(reference: string): Table | undefined {
    const table = this.#byName.get(reference.slice(reference.lastIndexOf("/") + 1));
    return table !== undefined && (reference === table.schema.name || reference === table.schema.arn)
      ? table
      : undefined;
  }

  /** @throws AwsError when there is no such table */
  get(reference: string): Table {
    const table = this.find(reference);
    if (table === undefined) throw new AwsError("ResourceNotFoundException", "Requested resource not found");
    return table;
  }

  /** The ARN of a table, whether it exists or not: permission is asked first. */
  arn(reference: string): string {
    return reference.startsWith("arn:") ? reference : arnOf(this.facts, "dynamodb", `table/${reference}`);
  }
}
