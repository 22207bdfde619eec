/**
 * How far the creation of a change set has come. A page of it may hold more than a state of the deploy machine can: only
 * what the machine goes by is handed on.
 */
import { readPage, type ChangeSetPage } from "./shape";
import { saysNoChanges } from "./state";

export interface Creation {
  readonly changeSetName: string;
  /** `empty`: it failed because there is nothing to change. */
  readonly changeSetCreationStatus: "complete" | "in_progress" | "empty" | "failed";
  /** For people, where it failed. */
  readonly changeSetReason: string;
}

const LONGEST_REASON = 1500;

/** @param described any page of it, described without values: only that tells why one failed */
export function readCreation(described: object): Creation {
  const page = readPage(described, "change set");
  const progress = progressOf(page);
  const unsaid = progress === "failed" ? `its status is ${page.Status}, and CloudFormation does not say why` : "";
  return {
    changeSetName: page.ChangeSetName ?? "",
    changeSetCreationStatus: progress,
    changeSetReason: (page.StatusReason || unsaid).slice(0, LONGEST_REASON),
  };
}

function progressOf(page: ChangeSetPage): Creation["changeSetCreationStatus"] {
  if (page.Status === "CREATE_COMPLETE") return "complete";
  if (page.Status === "CREATE_PENDING" || page.Status === "CREATE_IN_PROGRESS") return "in_progress";
  return saysNoChanges(page) ? "empty" : "failed";
}
