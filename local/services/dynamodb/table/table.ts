/** One table: its items in memory, every change on disk before it is answered. */
import { StageError } from "../../../diagnostics";
import { Journal, type JournalOptions, type Subject } from "../../../durable/journal";
import { AwsError } from "../../service";
import type { Item } from "../value/attribute-value";
import { forgetTokens, TOKEN_LIFETIME, type TableChange, type Transaction, type UsedToken } from "./change";
import { ItemStore, type Entries, type Entry } from "./item-store";
import { placeOfKey, type Place } from "./key";
import type { IndexSchema, TableSchema } from "./schema";

interface TableState {
  readonly items: readonly Item[];
  readonly lastTransaction: number;
  readonly open: readonly Transaction[];
  readonly tokens: readonly UsedToken[];
}

export class Table {
  /** Opens the table in a folder of its own. @throws DurableError when the folder holds something else, or damage */
  static async open(
    schema: TableSchema,
    folder: string,
    options: JournalOptions<TableState, TableChange>,
  ): Promise<Table> {
    const contents = new TableContents(schema);
    return new Table(schema, contents, await Journal.open(folder, contents, options));
  }

  private constructor(
    readonly schema: TableSchema,
    private readonly contents: TableContents,
    private readonly journal: Journal<TableState, TableChange>,
  ) {}

  /** Applies the change at once; resolves when it is on disk. */
  record(change: TableChange): Promise<void> {
    return this.journal.record(change);
  }

  /** Resolves when everything that can be seen is on disk. */
  settled(): Promise<void> {
    return this.journal.settled();
  }

  get(place: Place): Item | undefined {
    return this.contents.store.get(place)?.item;
  }

  entries(index?: IndexSchema): Entries {
    return this.contents.store.entries(index);
  }

  /** Entries that expire, in the order in which they do. */
  expiring(from: (entry: Entry) => boolean): Iterable<Entry> {
    return this.contents.store.expiring.from(from);
  }

  get itemCount(): number {
    return this.contents.store.entries().size;
  }

  get bytes(): number {
    return this.contents.store.bytes;
  }

  /** Transactions that may not have reached their other tables. */
  get openTransactions(): readonly Transaction[] {
    return [...this.contents.open.values()];
  }

  get lastTransaction(): number {
    return this.contents.lastTransaction;
  }

  get tokens(): readonly UsedToken[] {
    return [...this.contents.tokens.values()];
  }

  /** Says that a transaction is on disk in all its tables. */
  settleTransaction(id: number): void {
    this.contents.open.delete(id);
  }

  /** Hears after every change from now on. */
  onChange(listener: () => void): void {
    this.contents.listener = listener;
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

/** What the journal keeps. */
class TableContents implements Subject<TableState, TableChange> {
  readonly store: ItemStore;
  readonly open = new Map<number, Transaction>();
  readonly tokens = new Map<string, UsedToken>();
  lastTransaction = 0;
  listener: () => void = () => undefined;

  constructor(private readonly schema: TableSchema) {
    this.store = new ItemStore(schema);
  }

  restore(state: TableState | undefined): void {
    for (const item of state?.items ?? []) this.#put(item);
    for (const transaction of state?.open ?? []) this.open.set(transaction.id, transaction);
    for (const token of state?.tokens ?? []) this.tokens.set(token.token, token);
    this.lastTransaction = state?.lastTransaction ?? 0;
  }

  apply(change: TableChange): void {
    for (const key of change.delete ?? []) this.store.delete(placeOfKey(key, this.schema.key));
    for (const item of change.put ?? []) this.#put(item);
    if (change.transaction !== undefined) this.#note(change.transaction);
    this.listener();
  }

  snapshot(): TableState {
    return {
      items: Array.from(this.store.entries(), ({ item }) => item),
      lastTransaction: this.lastTransaction,
      open: [...this.open.values()],
      tokens: [...this.tokens.values()],
    };
  }

  /** What is on disk fits the declaration, unless that has another key now: AWS would make another table of it. */
  #put(item: Item): void {
    try {
      this.store.put(item);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new StageError(
        `table ${this.schema.name} holds items that do not fit the key it is declared with (${error.message}): ` +
          "declare the key that it had, give the table another name, or remove its data",
        { cause: error },
      );
    }
  }

  #note(transaction: Transaction): void {
    const { id, elsewhere, token } = transaction;
    this.lastTransaction = id;
    if (Object.keys(elsewhere).length > 0) this.open.set(id, transaction);
    if (token === undefined) return;
    forgetTokens(this.tokens, token.until - TOKEN_LIFETIME);
    this.tokens.set(token.token, token);
  }
}
