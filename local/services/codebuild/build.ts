/** A build as it is remembered; times are milliseconds since the epoch. */

export type BuildStatus = "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "FAULT" | "TIMED_OUT" | "STOPPED";

export interface PhaseRecord {
  readonly phaseType: string;
  readonly phaseStatus?: BuildStatus;
  readonly startTime: number;
  readonly endTime?: number;
  readonly contexts?: readonly { readonly statusCode: string; readonly message: string }[];
}

/** Where something stands in S3. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

export interface BuildRecord {
  /** `project:uuid`. */
  readonly id: string;
  readonly arn: string;
  readonly number: number;
  readonly project: string;
  readonly initiator: string;
  readonly started: number;
  readonly ended?: number;
  readonly status: BuildStatus;
  readonly phases: readonly PhaseRecord[];
  readonly sourceVersion?: string;
  /** Unpacked before the first phase. */
  readonly source?: ObjectPlace;
  readonly secondarySources: Readonly<Record<string, ObjectPlace>>;
  readonly artifacts?: ObjectPlace;
  readonly secondaryArtifacts: Readonly<Record<string, ObjectPlace>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly buildspec: string | undefined;
  readonly timeoutMinutes: number;
  readonly token?: string;
  readonly exported: readonly { readonly name: string; readonly value: string }[];
  readonly reports: readonly string[];
  readonly logStream: string;
}
