/** What is remembered of alarms: their states, what led to them, and who was told. The state of a journal. */
import type { AlarmState } from "./evaluation";

export interface HistoryItem {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

export interface AlarmRecord {
  readonly state: AlarmState;
  readonly reason: string;
  /** Since when it is in this state; milliseconds since the epoch. */
  readonly since: number;
  /** State before this one. */
  readonly before: AlarmState;
  /** When the alarm was first declared. */
  readonly configured: number;
  /** Whether its actions for this state have been taken. */
  readonly told: boolean;
  /** Newest first. */
  readonly history: readonly HistoryItem[];
}

export interface ActionOutcome {
  /** ARN of the topic. */
  readonly action: string;
  /** Why the topic was not told. */
  readonly error?: string;
}

export type AlarmChange =
  | { readonly kind: "declared"; readonly alarm: string; readonly at: number }
  /** The program declares it no more. */
  | { readonly kind: "removed"; readonly alarm: string }
  | {
      readonly kind: "moved";
      readonly alarm: string;
      readonly at: number;
      readonly state: AlarmState;
      readonly reason: string;
    }
  | {
      readonly kind: "told";
      readonly alarm: string;
      readonly at: number;
      readonly outcomes: readonly ActionOutcome[];
    };

export type AlarmRecords = Readonly<Record<string, AlarmRecord>>;

const LONGEST_HISTORY = 100;
const INITIAL = { state: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation" } as const;

export class AlarmHistory {
  #records = new Map<string, AlarmRecord>();

  get alarms(): string[] {
    return [...this.#records.keys()];
  }

  of(alarm: string): AlarmRecord | undefined {
    return this.#records.get(alarm);
  }

  restore(snapshot: AlarmRecords | undefined): void {
    this.#records = new Map(Object.entries(snapshot ?? {}));
  }

  apply(change: AlarmChange): void {
    const { alarm } = change;
    if (change.kind === "removed") this.#records.delete(alarm);
    else if (change.kind === "declared") this.#records.set(alarm, declare(alarm, change.at));
    else this.#records.set(alarm, step(this.#records.get(alarm) ?? declare(alarm, change.at), change));
  }

  snapshot(): AlarmRecords {
    return Object.fromEntries(this.#records);
  }
}

function declare(alarm: string, at: number): AlarmRecord {
  const created: HistoryItem = { at, type: "ConfigurationUpdate", summary: `Alarm "${alarm}" created`, data: "{}" };
  return { ...INITIAL, before: INITIAL.state, since: at, configured: at, told: true, history: [created] };
}

function step(record: AlarmRecord, change: Exclude<AlarmChange, { kind: "declared" | "removed" }>): AlarmRecord {
  const { at } = change;
  switch (change.kind) {
    case "moved": {
      const { state, reason } = change;
      const data = JSON.stringify({
        version: "1.0",
        oldState: { stateValue: record.state, stateReason: record.reason },
        newState: { stateValue: state, stateReason: reason },
      });
      const summary = `Alarm updated from ${record.state} to ${state}`;
      const moved = { ...record, state, reason, since: at, before: record.state, told: false };
      return remember(moved, { at, type: "StateUpdate", summary, data });
    }
    case "told":
      return remember({ ...record, told: true }, ...change.outcomes.map((outcome) => describeOutcome(outcome, at)));
  }
}

function remember(record: AlarmRecord, ...items: readonly HistoryItem[]): AlarmRecord {
  return { ...record, history: [...items, ...record.history].slice(0, LONGEST_HISTORY) };
}

function describeOutcome({ action, error }: ActionOutcome, at: number): HistoryItem {
  const summary =
    error === undefined
      ? `Successfully executed action ${action}`
      : `Failed to execute action ${action}. Received error: "${error}"`;
  const data = JSON.stringify({
    actionState: error === undefined ? "Succeeded" : "Failed",
    notificationResource: action,
  });
  return { at, type: "Action", summary, data };
}
