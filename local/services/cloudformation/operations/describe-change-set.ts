/** Change sets as the API describes them, in pages; values of properties only where they are asked for. */
import type { ChangeDetail, ChangeSetRecord, ResourceChange } from "../record";
import { isoTime, paged } from "./shapes";

/** Changes of a page. Small on purpose: a reader that forgets the next page is found out. */
const PAGE = 25;

export function describeChangeSet(changeSet: ChangeSetRecord, withValues: boolean, token: string | undefined): object {
  const { page, NextToken } = paged(changeSet.changes, token, PAGE);
  const { blueprint, onStackFailure, includeNested } = changeSet;
  return {
    ...summariseChangeSet(changeSet),
    Parameters: Object.entries(blueprint.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: blueprint.capabilities,
    Tags: blueprint.tags,
    Changes: page.map((change) => ({ Type: "Resource", ResourceChange: withValues ? change : withoutValues(change) })),
    NextToken,
    IncludeNestedStacks: includeNested,
    OnStackFailure: onStackFailure,
  };
}

export function summariseChangeSet(changeSet: ChangeSetRecord): object {
  const { id, name, stackId, stackName, status, reason, executionStatus, created, description } = changeSet;
  return {
    StackId: stackId,
    StackName: stackName,
    ChangeSetId: id,
    ChangeSetName: name,
    ExecutionStatus: executionStatus,
    Status: status,
    StatusReason: reason,
    CreationTime: isoTime(created),
    Description: description,
    IncludeNestedStacks: changeSet.includeNested,
    ParentChangeSetId: changeSet.parentId,
    RootChangeSetId: changeSet.rootId,
  };
}

function withoutValues(change: ResourceChange): object {
  const kept = Object.entries(change).filter(([name]) => name !== "BeforeContext" && name !== "AfterContext");
  return {
    ...Object.fromEntries(kept),
    ...(change.Details === undefined ? {} : { Details: change.Details.map(withoutValue) }),
  };
}

function withoutValue(detail: ChangeDetail): ChangeDetail {
  const { Attribute, Name, RequiresRecreation } = detail.Target;
  return { ...detail, Target: { Attribute, RequiresRecreation, ...(Name === undefined ? {} : { Name }) } };
}
