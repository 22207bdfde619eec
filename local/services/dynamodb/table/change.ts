/** What a table's journal records. */
import type { Item } from "../value/attribute-value";

/** Milliseconds for which a token is remembered. Source: DynamoDB API reference, TransactWriteItems. */
export const TOKEN_LIFETIME = 10 * 60_000;

/** Items put and keys of items deleted, no item among both. */
export interface Writes {
  readonly put?: readonly Item[];
  readonly delete?: readonly Item[];
}

export interface TableChange extends Writes {
  readonly transaction?: Transaction;
}

/** A transaction as each of its tables records it. */
export interface Transaction {
  /** Grows from transaction to transaction, whatever their tables. */
  readonly id: number;
  /** What it did to its other tables, so that any of them can pass it on after a crash. */
  readonly elsewhere: Readonly<Record<string, Writes>>;
  readonly token?: UsedToken | undefined;
}

/** A client's name for a request that must not be carried out twice. */
export interface UsedToken {
  readonly token: string;
  /** Tells the same request from another one. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Drops the tokens that have run out: they stand in front, because each is used later than the one before it. */
export function forgetTokens(tokens: Map<string, UsedToken>, now: number): void {
  for (const [name, { until }] of tokens) {
    if (until > now) return;
    tokens.delete(name);
  }
}
