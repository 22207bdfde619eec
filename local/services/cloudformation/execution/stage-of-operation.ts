/** Which states a stack goes through, by what is done to it and how far it has come. Source: "Stack status codes". */
import type { StackOperation } from "../record";

type Kind = StackOperation["kind"];

export const BEGUN: Readonly<Record<Kind, string>> = {
  CREATE: "CREATE_IN_PROGRESS",
  UPDATE: "UPDATE_IN_PROGRESS",
  DELETE: "DELETE_IN_PROGRESS",
  IMPORT: "IMPORT_IN_PROGRESS",
};

export const CLEANING_UP: Readonly<Record<Kind, string | undefined>> = {
  CREATE: undefined,
  UPDATE: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
  DELETE: undefined,
  IMPORT: undefined,
};

export const DONE: Readonly<Record<Kind, string>> = {
  CREATE: "CREATE_COMPLETE",
  UPDATE: "UPDATE_COMPLETE",
  DELETE: "DELETE_COMPLETE",
  IMPORT: "IMPORT_COMPLETE",
};

export const FAILED: Readonly<Record<Kind, string>> = {
  CREATE: "CREATE_FAILED",
  UPDATE: "UPDATE_FAILED",
  DELETE: "DELETE_FAILED",
  IMPORT: "IMPORT_ROLLBACK_FAILED",
};

interface Undoing {
  readonly begun: string;
  readonly cleaningUp: string | undefined;
  readonly done: string;
  readonly failed: string;
}

export const ROLLING_BACK: Readonly<Record<Exclude<Kind, "DELETE">, Undoing>> = {
  CREATE: {
    begun: "ROLLBACK_IN_PROGRESS",
    cleaningUp: undefined,
    done: "ROLLBACK_COMPLETE",
    failed: "ROLLBACK_FAILED",
  },
  UPDATE: {
    begun: "UPDATE_ROLLBACK_IN_PROGRESS",
    cleaningUp: "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    done: "UPDATE_ROLLBACK_COMPLETE",
    failed: "UPDATE_ROLLBACK_FAILED",
  },
  IMPORT: {
    begun: "IMPORT_ROLLBACK_IN_PROGRESS",
    cleaningUp: undefined,
    done: "IMPORT_ROLLBACK_COMPLETE",
    failed: "IMPORT_ROLLBACK_FAILED",
  },
};

/** States in which nothing is under way. */
export function isAtRest(status: string): boolean {
  return !status.endsWith("_IN_PROGRESS") || status === "REVIEW_IN_PROGRESS";
}
