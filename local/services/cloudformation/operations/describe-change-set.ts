/** Change sets as the API describes them, in pages; values of properties only where they are asked for. */
import type { ChangeDetail, ChangeSetRecord, ResourceChange } from "../record";
import { isoTime } from "./shapes";

/** Bytes of changes on one page. Source: API reference of DescribeChangeSet, `NextToken`. */
const LARGEST_PAGE = 1_000_000;
/** Where there are more changes than these, the last one has a page of its own: who forgets the next page is found out. */
const FEW = 25;

export function describeChangeSet(changeSet: ChangeSetRecord, withValues: boolean, token: string | undefined): object {
  const described = changeSet.changes.map((change) => (withValues ? change : withoutValues(change)));
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8")) || 0;
  const to = endOfPage(described, from);
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
    Changes: described.slice(from, to).map((change) => ({ Type: "Resource", ResourceChange: change })),
    NextToken: to < described.length ? Buffer.from(String(to)).toString("base64url") : undefined,
    IncludeNestedStacks: includeNested,
    OnStackFailure: onStackFailure,
  };
}

/** @returns index after the last change of the page that begins at one */
function endOfPage(changes: readonly object[], from: number): number {
  const last = changes.length - 1;
  const most = changes.length > FEW && from < last ? last : changes.length;
  let to = from;
  for (let bytes = 0; to < most; to++) {
    bytes += Buffer.byteLength(JSON.stringify(changes[to]));
    if (bytes > LARGEST_PAGE && to > from) break;
  }
  return to;
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
