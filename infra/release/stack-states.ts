/**
 * What each state of a CloudFormation stack means to a release, before it and after it. Every state that the API knows
 * stands here; a new one is none of these, and stops the release.
 *
 * Source: CloudFormation user guide, "Stack status codes".
 */

/** What can be done with a stack that is found in a state. */
export const BEFORE_RELEASE = {
  CREATE_COMPLETE: "ready",
  UPDATE_COMPLETE: "ready",
  UPDATE_ROLLBACK_COMPLETE: "ready",
  IMPORT_COMPLETE: "ready",
  IMPORT_ROLLBACK_COMPLETE: "ready",

  CREATE_IN_PROGRESS: "pending",
  ROLLBACK_IN_PROGRESS: "pending",
  DELETE_IN_PROGRESS: "pending",
  UPDATE_IN_PROGRESS: "pending",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "pending",
  UPDATE_ROLLBACK_IN_PROGRESS: "pending",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "pending",
  IMPORT_IN_PROGRESS: "pending",
  IMPORT_ROLLBACK_IN_PROGRESS: "pending",

  /** A creation that was undone, and a change set that would have created: stacks in name only, if nothing is left in them. */
  ROLLBACK_COMPLETE: "hollow",
  REVIEW_IN_PROGRESS: "hollow",

  DELETE_COMPLETE: "absent",

  CREATE_FAILED: "broken",
  ROLLBACK_FAILED: "broken",
  DELETE_FAILED: "broken",
  UPDATE_FAILED: "broken",
  UPDATE_ROLLBACK_FAILED: "broken",
  IMPORT_ROLLBACK_FAILED: "broken",
} as const;

export type StackState = keyof typeof BEFORE_RELEASE;
export type Readiness = (typeof BEFORE_RELEASE)[StackState];

/** How an operation that was begun has gone, by the state that the stack is in. */
export const AFTER_CREATION: Readonly<Record<"complete" | "in_progress", readonly StackState[]>> = {
  complete: ["CREATE_COMPLETE"],
  in_progress: ["CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"],
};

/** Cleaning up is part of an update: what was replaced is deleted then. */
export const AFTER_UPDATE: Readonly<Record<"complete" | "in_progress", readonly StackState[]>> = {
  // A stack that is still in the state in which it was found has not begun; its events tell.
  complete: ["UPDATE_COMPLETE", "CREATE_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"],
  in_progress: [
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "IMPORT_IN_PROGRESS",
    "IMPORT_ROLLBACK_IN_PROGRESS",
  ],
};

export function statesOf(readiness: Readiness): StackState[] {
  return (Object.keys(BEFORE_RELEASE) as StackState[]).filter((state) => BEFORE_RELEASE[state] === readiness);
}
