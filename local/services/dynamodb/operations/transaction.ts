/**
 * Transactions: all of it happens, or nothing. Every table records its part together with what happened elsewhere; after
 * a crash, a table that has a transaction passes it on to those that lost it ({@link passOn}). Because a journal loses
 * only its end, what a table lost is always what came last there.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../../../clock";
import { AwsError } from "../../service";
import { projected } from "../expression/projection";
import { groupBy } from "../grouping";
import { invalidRequest } from "../refusal";
import { forgetTokens, TOKEN_LIFETIME, type UsedToken, type Writes } from "../table/change";
import { keyOf, placeOfKey, refuseEmptyKeys } from "../table/key";
import type { Table } from "../table/table";
import type { TableSet } from "../table/table-set";
import type { Item } from "../value/attribute-value";
import { bytesOfItem } from "../value/item-size";
import type { ItemRead, ItemWrite } from "./item-request";
import { settleAll } from "./read";
import type { WriteTransaction } from "./transaction-request";
import { planWrite, refuseOutright, writesOf, type PlannedWrite } from "./write";

/** Source: DynamoDB API reference, TransactWriteItems. */
const LARGEST_TRANSACTION = 4 * 2 ** 20;

/** Why a part of a transaction could not happen; the others say `None`. */
interface Reason {
  readonly Code: "None" | "ConditionalCheckFailed" | "ValidationError";
  readonly Message?: string;
  readonly Item?: unknown;
}

type Outcome<Result> = { readonly result: Result } | { readonly reason: Reason };

export class Transactions {
  readonly #tokens: Map<string, UsedToken>;
  #last: number;

  /** Brings the tables to where a crash left off. */
  static async open(tables: TableSet, clock: Clock, say: (line: string) => void): Promise<Transactions> {
    await passOn(tables, say);
    return new Transactions(tables, clock);
  }

  private constructor(
    private readonly tables: TableSet,
    private readonly clock: Clock,
  ) {
    const used = tables.all.flatMap((table) => table.tokens).sort((left, right) => left.until - right.until);
    this.#tokens = new Map(used.map((token) => [token.token, token]));
    this.#last = Math.max(0, ...tables.all.map((table) => table.lastTransaction));
  }

  /** @throws AwsError TransactionCanceledException with a reason for each part, or what is wrong whatever the items are */
  async write({ writes, token }: WriteTransaction): Promise<Record<string, never>> {
    const located = writes.map((write) => ({ write, table: this.tables.get(write.table) }));
    const tables = [...new Set(located.map(({ table }) => table))];
    const used = token === undefined ? undefined : this.#tokenFor(token, writes);
    if (used !== undefined && this.#isKnown(used)) {
      await settleAll(tables);
      return {};
    }
    for (const { table, write } of located) refuseOutright(table.schema, write);
    refuseTwice(located.map(({ table, write }) => ({ table, subject: write.subject })));
    refuseLarge(writes);
    const outcomes = located.map(({ table, write }) => attempt(() => planWrite(table, write)));
    const planned = resultsOf(outcomes);
    // Planned and recorded in one turn: nothing comes between what conditions saw and what is written.
    if (planned.length === outcomes.length) await this.#record(planned, used);
    await settleAll(tables);
    if (planned.length < outcomes.length) throw cancelled(outcomes);
    return {};
  }

  /** @throws AwsError TransactionCanceledException when a key is none of its table's */
  async get(reads: readonly ItemRead[]): Promise<{ Responses: readonly { Item?: Item }[] }> {
    const located = reads.map((read) => ({ read, table: this.tables.get(read.table) }));
    for (const { table, read } of located) refuseEmptyKeys(read.key, table.schema);
    refuseTwice(located.map(({ table, read }) => ({ table, subject: read.key })));
    const outcomes = located.map(({ table, read }) => attempt(() => table.get(placeOfKey(read.key, table.schema.key))));
    await settleAll(located.map(({ table }) => table));
    const items = resultsOf(outcomes);
    if (items.length < outcomes.length) throw cancelled(outcomes);
    return {
      Responses: items.map((item, index) =>
        item === undefined ? {} : { Item: projected(item, reads[index]?.projection) },
      ),
    };
  }

  /** Resolves when every table has its part on disk. */
  async #record(planned: readonly PlannedWrite[], token: UsedToken | undefined): Promise<void> {
    const parts = partsOf(planned);
    if (parts.length === 0) return;
    const id = ++this.#last;
    if (token !== undefined) this.#tokens.set(token.token, token);
    await Promise.all(
      parts.map(({ table, writes }) => {
        const others = parts.filter((part) => part.table !== table);
        const elsewhere = Object.fromEntries(others.map((part) => [part.table.schema.name, part.writes]));
        return table.record({ ...writes, transaction: { id, elsewhere, ...(token && { token }) } });
      }),
    );
    for (const { table } of parts) table.settleTransaction(id);
  }

  #tokenFor(token: string, writes: readonly ItemWrite[]): UsedToken {
    const hash = createHash("sha256");
    for (const write of writes) hash.update(write.text());
    return { token, digest: hash.digest("base64"), until: this.clock.now() + TOKEN_LIFETIME };
  }

  /** @throws AwsError when the token was used for another request */
  #isKnown({ token, digest }: UsedToken): boolean {
    forgetTokens(this.#tokens, this.clock.now());
    const known = this.#tokens.get(token);
    if (known === undefined || known.digest === digest) return known !== undefined;
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "The request uses the same client token as a previous, but non-identical request.",
    );
  }
}

/** Gives every table the transactions that it lost and another kept. */
async function passOn(tables: TableSet, say: (line: string) => void): Promise<void> {
  const open = tables.all.flatMap((table) => table.openTransactions).sort((left, right) => left.id - right.id);
  const gone = new Set<string>();
  for (const { id, elsewhere, token } of open) {
    for (const [name, writes] of Object.entries(elsewhere)) {
      const table = tables.find(name);
      if (table === undefined) gone.add(name);
      else if (table.lastTransaction < id) {
        await table.record({ ...writes, transaction: { id, elsewhere: {}, ...(token && { token }) } });
      }
    }
  }
  for (const name of gone)
    say(`dynamodb: there is no table ${name} any more; its part of transactions is gone with it`);
  await settleAll(tables.all);
  for (const { id } of open) for (const table of tables.all) table.settleTransaction(id);
}

function partsOf(planned: readonly PlannedWrite[]): { readonly table: Table; readonly writes: Writes }[] {
  const byTable = groupBy(planned, ({ table }) => table);
  return [...byTable].flatMap(([table, all]) => {
    const writes = writesOf(all);
    return writes === undefined ? [] : [{ table, writes }];
  });
}

function attempt<Result>(plan: () => Result): Outcome<Result> {
  try {
    return { result: plan() };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, members } = error;
    if (code === "ConditionalCheckFailedException") {
      return { reason: { Code: "ConditionalCheckFailed", Message: message, ...members } };
    }
    if (code === "ValidationException") return { reason: { Code: "ValidationError", Message: message } };
    throw error;
  }
}

function resultsOf<Result>(outcomes: readonly Outcome<Result>[]): Result[] {
  return outcomes.flatMap((outcome) => ("result" in outcome ? [outcome.result] : []));
}

function cancelled(outcomes: readonly Outcome<unknown>[]): AwsError {
  const reasons = outcomes.map((outcome): Reason => ("reason" in outcome ? outcome.reason : { Code: "None" }));
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

/** @throws AwsError when one item has two parts */
function refuseTwice(parts: readonly { readonly table: Table; readonly subject: Item }[]): void {
  const names = parts.map(({ table: { schema }, subject }) => schema.name + JSON.stringify(keyOf(subject, schema.key)));
  if (new Set(names).size < names.length) {
    throw invalidRequest("Transaction request cannot include multiple operations on one item");
  }
}

function refuseLarge(writes: readonly ItemWrite[]): void {
  const bytes = writes.reduce((total, { subject }) => total + bytesOfItem(subject), 0);
  if (bytes > LARGEST_TRANSACTION) throw invalidRequest("Collection size cannot exceed 4 MB in a transaction");
}
