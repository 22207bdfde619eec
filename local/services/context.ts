/** What every service of a running stage works with. */
import type { Clock } from "../clock";
import type { Disk } from "../durable/disk";
import type { FaultPlan } from "../faults/fault-plan";
import type { Graph } from "../graph/graph";
import type { Authorizer } from "../iam/authorizer";
import type { RoleSession } from "../iam/principal";
import type { CredentialStore } from "../endpoint/credentials";
import type { Reply, Request } from "../endpoint/http";
import type { AccountFacts } from "./model";
import type { Dispatch } from "./service";

export interface ServiceContext {
  readonly graph: Graph;
  readonly facts: AccountFacts;
  readonly clock: Clock;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
  /** Calls an operation of any service as anybody. */
  readonly dispatch: Dispatch;
  /** The folder in which a service keeps a resource's state; each service its own. */
  readonly folder: (service: string, ...names: string[]) => string;
  /** How state is written: synced, unless the stage is only for a test; to the machine's disk, unless that is to fail. */
  readonly durable: { readonly sync: boolean; readonly onNotice: (line: string) => void; readonly disk?: Disk };
  /** What befalls calls that are made without {@link dispatch}. */
  readonly faults: FaultPlan;
  readonly notices: NoticeBoard;
  /**
   * Takes a role on as an AWS service does, by the role's trust policy.
   * @param service e.g. `lambda.amazonaws.com`
   * @throws AwsError when the role does not trust the service
   */
  readonly assume: (
    roleArn: string,
    service: string,
    session: string,
    context?: Readonly<Record<string, string>>,
  ) => RoleSession;
  /** Publishes a metric of AWS's own, as CloudWatch would show it. */
  readonly measure: (metric: Measurement) => void;
  /** Receives every metric from now on. */
  readonly onMeasure: (listener: (metric: Measurement) => void) => void;
  /** Tells EventBridge what happened in a service, as AWS's services do; whether anybody hears of it is the rules' matter. */
  readonly tellEvent: (event: ServiceEvent) => void;
  /** Receives every such event from now on. */
  readonly onServiceEvent: (listener: (event: ServiceEvent) => void) => void;
  /** Answers web requests that no AWS client has signed; the handler answers nothing to what is not its own. */
  readonly serveWeb: (handler: (request: Request) => Promise<Reply | undefined>) => void;
  /** Where the stage listens, once it does. */
  readonly url: () => string;
  /** Folder whose commands come first for builds; nothing where they get the system's alone. */
  readonly buildTools: string | undefined;
  /** Says something to the person in front of the machine. */
  readonly say: (line: string) => void;
  /** Shows a line of a function's log to whoever runs the stage. */
  readonly onLog: (logGroup: string, line: string) => void;
}

/** Something that happened in a service of AWS's own. */
export interface ServiceEvent {
  /** `aws.codepipeline`. */
  readonly source: string;
  /** `CodePipeline Pipeline Execution State Change`. */
  readonly detailType: string;
  /** ARNs of what it happened to. */
  readonly resources: readonly string[];
  readonly detail: object;
}

/** One value of a metric. */
export interface Measurement {
  /** `AWS/Kinesis`. */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch. @default now */
  readonly time?: number;
}

/** What services let each other know without a call: that a stream has new records, that a queue has a message. */
export class NoticeBoard {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** @param subject usually an ARN, or an ARN and a shard */
  post(subject: string): void {
    this.#listeners.get(subject)?.forEach((listener) => listener());
  }

  /** @returns how to stop listening */
  listen(subject: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
