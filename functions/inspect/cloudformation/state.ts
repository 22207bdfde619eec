/** Whether a change set is whole, and can be executed as it stands. */
import type { Doubt, ResourceChange } from "../change";
import { excerptOf } from "../change-input-error";
import { type ChangeSetPage, type DescribedChange, doubtFields, doubtWord } from "./shape";
import type { ChangeSet } from "./tree";

/** Only a change set that is complete and can be executed now is fit to be judged safe. */
export function doubtState(set: ChangeSet, prefix: string): Doubt[] {
  const { head, entries } = set;
  const doubts = [
    ...doubtFields("page", head),
    ...doubtWord("OnStackFailure", head.OnStackFailure),
    ...doubtWord("DeploymentMode", head.DeploymentMode),
  ];
  if (head.OnStackFailure === "DELETE" && entries.some(({ ResourceChange }) => ResourceChange?.Action !== "Add")) {
    doubts.push({
      what: "OnStackFailure is DELETE: when the update fails, the whole stack goes",
      fix: "create the change set with --on-stack-failure ROLLBACK",
    });
  }
  if (set.incomplete !== undefined) {
    doubts.push({
      what: `CloudFormation left changes out of this description: ${set.incomplete}`,
      fix: "describe the change set again without property values, and give both descriptions",
    });
  }
  if (saysNoChanges(head)) {
    if (entries.length > 0) doubts.push({ what: "it failed for want of changes, and lists changes", fix: AGAIN });
    return doubts;
  }
  if (head.Status !== "CREATE_COMPLETE") doubts.push(doubtStatus(head));
  else if (head.StatusReason && set.incomplete === undefined) {
    doubts.push({ what: `it is complete, with a reservation: ${head.StatusReason}`, fix: AGAIN });
  }
  if (prefix !== "" || head.Status !== "CREATE_COMPLETE") return doubts;
  if (head.ExecutionStatus !== "AVAILABLE") doubts.push(doubtExecution(head));
  else if (entries.length === 0) {
    doubts.push({
      what: "it can be executed and changes no resource: what changes are outputs, which it does not show",
      fix: "compare the outputs of both templates by hand, and execute it by hand",
    });
  }
  return doubts;
}

const AGAIN = "create a new change set";

/** Both ways of saying it (aws/aws-sdk-js#2331, ansible-collections/amazon.aws#507). */
const NO_CHANGES = [/^The submitted information didn't contain changes\./, /^No updates are to be performed\.?$/];

/** Whether a change set failed only because there is nothing to change. */
export function saysNoChanges({ Status, StatusReason }: Pick<ChangeSetPage, "Status" | "StatusReason">): boolean {
  return Status === "FAILED" && NO_CHANGES.some((form) => form.test((StatusReason ?? "").trim()));
}

function doubtStatus({ Status, StatusReason }: ChangeSetPage): Doubt {
  if (Status === "FAILED" && !StatusReason) {
    return {
      what: "it failed, and the description does not say why",
      fix: "describe the change set again without property values: only that tells StatusReason",
    };
  }
  if (Status === "FAILED") return { what: `it failed: ${StatusReason}`, fix: `mend the cause and ${AGAIN}` };
  return {
    what: `its Status is ${excerptOf(Status ?? undefined)}, not CREATE_COMPLETE`,
    fix: "wait until it is complete, and describe it again",
  };
}

function doubtExecution({ ExecutionStatus }: ChangeSetPage): Doubt {
  if (ExecutionStatus === "OBSOLETE") {
    return { what: "it is OBSOLETE: another update came between", fix: AGAIN };
  }
  return { what: `its ExecutionStatus is ${excerptOf(ExecutionStatus ?? undefined)}, not AVAILABLE`, fix: AGAIN };
}

/** A nested stack that is only added, or goes as a whole, is known without its change set; one that is updated is not. */
export function doubtUnseenStack(
  { ChangeSetId, LogicalResourceId }: Pick<DescribedChange, "ChangeSetId" | "LogicalResourceId">,
  { operation }: ResourceChange,
): Doubt[] {
  if (operation === "delete" || operation === "adopt" || operation === "none") return [];
  if (ChangeSetId) {
    return [
      {
        what: "the change set of this nested stack is not among the input",
        fix: `add what this prints: aws cloudformation describe-change-set --change-set-name ${ChangeSetId}`,
      },
    ];
  }
  if (operation === "create") return [];
  return [
    {
      what: `what changes inside the nested stack ${LogicalResourceId} is not in the change set`,
      fix: "create the change set with --include-nested-stacks",
    },
  ];
}
