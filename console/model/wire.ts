/** What travels between the console's server and its page. The same shapes whoever serves them. Times are milliseconds since the epoch. */
import type { Anomaly } from "../../functions/lib/anomaly";

/** What went over each arrow since the stage started: forth and, where data goes both ways, back. */
export type ArrowCounts = Readonly<Record<string, readonly [forth: number, back: number]>>;

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly state: AlarmState;
  readonly reason: string;
  readonly since: number;
  /** Ids of the stations that it watches. */
  readonly stations: readonly string[];
}

/** What changes all the time; only the latest matters. */
export interface Snapshot {
  readonly at: number;
  /** When counting began. */
  readonly since: number;
  readonly counts: ArrowCounts;
  readonly alarms: readonly Alarm[];
}

/** A site's window of ten seconds, closed. */
export interface Window {
  readonly site: string;
  readonly start: number;
  readonly end: number;
  readonly impressions: number;
  readonly clicks: number;
  /** Clicks per hundred impressions; nothing without impressions. */
  readonly rate: number | null;
  /** Nothing while the site's forest is young. */
  readonly score: number | null;
  readonly anomalous: boolean;
}

export interface Alert {
  readonly anomaly: Anomaly;
  readonly subject: string;
  readonly explanation: string;
  /** When it was raised. */
  readonly at: number;
}

export interface Letter {
  readonly id: string;
  readonly at: number;
  readonly kind: "email" | "sms";
  /** The address; of a number only the end. */
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
  /** The topic's name in the program. */
  readonly topic: string;
}

/** What happens once; each has its place in the feed. */
export type FeedEvent =
  | { readonly type: "window"; readonly data: Window }
  | { readonly type: "alert"; readonly data: Alert }
  | { readonly type: "letter"; readonly data: Letter }
  /** Another graph has taken over: what was drawn of the one before is out of date. */
  | { readonly type: "graph"; readonly data: { readonly at: number } };

export interface RealTime {
  readonly now: number;
  /** The score above which a window is an anomaly, where the program states one. */
  readonly cutoff: number | null;
  readonly windows: readonly Window[];
  readonly alerts: readonly Alert[];
  readonly letters: readonly Letter[];
}

export interface TreeNode {
  readonly urn: string;
  readonly name: string;
  /** `aws:kinesis/stream:Stream`. */
  readonly type: string;
  readonly kind: "component" | "custom" | "remote";
  readonly source: string | null;
  readonly children: readonly TreeNode[];
}

export interface ResourceDetail {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly source: string | null;
  readonly id: string;
  readonly arn: string | null;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** As JSON; secrets are only named. */
  readonly inputs: unknown;
  /** Names of the roles it acts by. */
  readonly roles: readonly { readonly name: string; readonly urn: string }[];
  /** What it was wired to, by input. */
  readonly wiring: readonly { readonly input: string; readonly name: string; readonly urn: string }[];
}

/** A record, object, message or item as it lies at a station. */
export interface Sample {
  readonly id: string;
  readonly at: number | null;
  /** Where exactly: shard and sequence number, key, id. */
  readonly place: string;
  readonly bytes: number;
  /** The beginning of it as text. */
  readonly text: string;
}

export interface StationSamples {
  readonly station: string;
  /** What lies there, in the plural; nothing for a station that keeps nothing. */
  readonly what: string | null;
  readonly samples: readonly Sample[];
}

export interface Rejection {
  /** Bucket, key and line: names it for ever. */
  readonly id: string;
  readonly at: number;
  readonly code: string;
  readonly detail: string;
  readonly component: string;
  readonly version: number;
  readonly stream: string;
  readonly place: string;
  readonly text: string;
  /** When it was put back, where it was. */
  readonly replayedAt: number | null;
}

export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly used: boolean;
}

export interface StatementAccess {
  readonly sid: string;
  /** Why the role has it. */
  readonly reason: string | null;
  /** Why a normal run does not use it. */
  readonly idle: string | null;
  readonly grants: readonly Grant[];
}

export interface RoleAccess {
  readonly urn: string;
  readonly role: string;
  /** The component that acts by it. */
  readonly component: string;
  readonly source: string | null;
  readonly granted: number;
  readonly used: number;
  /** Grants that were not used and say no reason why they should not be. */
  readonly unexplained: number;
  readonly statements: readonly StatementAccess[];
  readonly denied: readonly {
    readonly action: string;
    readonly resource: string;
    readonly message: string;
    readonly count: number;
  }[];
}

export interface PipelineAction {
  readonly name: string;
  readonly status: string | null;
  readonly summary: string | null;
  readonly at: number | null;
}

export interface Pipeline {
  readonly name: string;
  /** False where it is only declared: the stage does not run pipelines. */
  readonly runs: boolean;
  readonly stages: readonly {
    readonly name: string;
    readonly status: string | null;
    readonly actions: readonly PipelineAction[];
  }[];
  readonly history: readonly {
    readonly id: string;
    readonly status: string;
    readonly started: number | null;
    readonly updated: number | null;
    readonly revision: string | null;
  }[];
}

export interface MachineState {
  readonly name: string;
  readonly type: string;
  readonly comment: string | null;
  readonly column: number;
  readonly row: number;
}

export interface Transition {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** What takes it: a condition in words, an error, or nothing for what simply follows. */
  readonly label: string | null;
  /** Whether only an error takes it: there are many of those, and a picture of them all shows nothing. */
  readonly caught: boolean;
  readonly route: readonly { readonly column: number; readonly row: number }[];
}

export interface VerdictFinding {
  readonly id: string;
  readonly resource: string;
  readonly change: string;
  /** Empty where the verdict only names its findings. */
  readonly reason: string;
}

export interface ReleaseVerdict {
  readonly verdict: string;
  readonly engine: string | null;
  readonly digest: string | null;
  /** The verdict in a sentence. */
  readonly summary: string | null;
  readonly findings: readonly VerdictFinding[];
}

export interface Execution {
  readonly name: string;
  readonly status: string;
  readonly started: number;
  readonly stopped: number | null;
  /** States in the order in which they were entered. */
  readonly path: readonly string[];
  readonly verdict: ReleaseVerdict | null;
  readonly error: string | null;
}

export interface Machine {
  readonly name: string;
  readonly states: readonly MachineState[];
  readonly transitions: readonly Transition[];
  readonly columns: number;
  readonly rows: number;
  /** The newest first. */
  readonly executions: readonly Execution[];
}

export interface Releases {
  /** Whether a stage that releases run in is there: not at all, once somebody pushes, or now. */
  readonly state: "none" | "waiting" | "running";
  readonly pipelines: readonly Pipeline[];
  readonly machines: readonly Machine[];
}
