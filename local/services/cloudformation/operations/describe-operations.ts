/** Looking at stacks. */
import { z } from "zod";
import { operation, type Operation } from "../../service";
import type { CloudFormation } from "../cloudformation";
import type { ResourceRecord, StackRecord } from "../record";
import { invalid } from "../refusal";
import { readTemplate } from "../template/read-template";
import { templateText } from "../template-source";
import { isoTime, listOf, page, paged, stackRef } from "./shapes";

/** Items of a page. */
const PAGE = 100;

export function describeOperations(formation: CloudFormation): Record<string, Operation> {
  const { store, context } = formation;
  const named = { StackName: stackRef };
  return {
    DescribeStacks: operation({
      shape: z.strictObject({ StackName: stackRef.optional(), ...page }),
      checks: ({ StackName }) => [formation.on("DescribeStacks", StackName ?? "*")],
      run: async ({ StackName, NextToken }) => {
        await store.settled();
        const live = store.stacks.filter(({ status }) => status !== "DELETE_COMPLETE");
        const found = StackName === undefined ? live : [formation.known(StackName)];
        const { page: stacks, ...rest } = paged(found, NextToken, PAGE);
        return { Stacks: stacks.map(describeStack), ...rest };
      },
    }),
    ListStacks: operation({
      shape: z.strictObject({ StackStatusFilter: listOf(z.string()), ...page }),
      checks: () => [{ action: "cloudformation:ListStacks", resource: "*" }],
      run: async ({ StackStatusFilter, NextToken }) => {
        await store.settled();
        const found = store.stacks.filter(
          ({ status }) => StackStatusFilter.length === 0 || StackStatusFilter.includes(status),
        );
        const { page: stacks, ...rest } = paged(found, NextToken, PAGE);
        return { StackSummaries: stacks.map(summariseStack), ...rest };
      },
    }),
    DescribeStackEvents: operation({
      shape: z.strictObject({ ...named, ...page }),
      checks: ({ StackName }) => [formation.on("DescribeStackEvents", StackName)],
      run: async ({ StackName, NextToken }) => {
        await store.settled();
        const events = store.eventsOf(formation.known(StackName).id);
        const { page: shown, ...rest } = paged(events, NextToken, PAGE);
        return { StackEvents: shown.map((event) => ({ ...event, Timestamp: isoTime(event.Timestamp) })), ...rest };
      },
    }),
    DescribeStackResources: operation({
      shape: z.strictObject({ StackName: stackRef, LogicalResourceId: z.string().optional() }),
      checks: ({ StackName }) => [formation.on("DescribeStackResources", StackName)],
      run: async ({ StackName, LogicalResourceId }) => {
        await store.settled();
        const stack = formation.known(StackName);
        const found = Object.values(stack.resources).filter(
          ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
        );
        if (found.length === 0 && LogicalResourceId !== undefined) throw noSuchResource(LogicalResourceId, stack);
        return { StackResources: found.map((each) => describeResource(each, stack, "Timestamp")) };
      },
    }),
    DescribeStackResource: operation({
      shape: z.strictObject({ ...named, LogicalResourceId: z.string() }),
      checks: ({ StackName }) => [formation.on("DescribeStackResource", StackName)],
      run: async ({ StackName, LogicalResourceId }) => {
        await store.settled();
        const stack = formation.known(StackName);
        const found = stack.resources[LogicalResourceId];
        if (found === undefined) throw noSuchResource(LogicalResourceId, stack);
        return { StackResourceDetail: describeResource(found, stack, "LastUpdatedTimestamp") };
      },
    }),
    ListStackResources: operation({
      shape: z.strictObject({ ...named, ...page }),
      checks: ({ StackName }) => [formation.on("ListStackResources", StackName)],
      run: async ({ StackName, NextToken }) => {
        await store.settled();
        const stack = formation.known(StackName);
        const { page: shown, ...rest } = paged(Object.values(stack.resources), NextToken, PAGE);
        const summaries = shown.map((each) => describeResource(each, stack, "LastUpdatedTimestamp"));
        return { StackResourceSummaries: summaries, ...rest };
      },
    }),
    GetTemplate: operation({
      shape: z.strictObject({
        StackName: stackRef.optional(),
        ChangeSetName: z.string().optional(),
        TemplateStage: z.string().optional(),
      }),
      checks: ({ StackName, ChangeSetName }) => [
        formation.on(
          "GetTemplate",
          StackName ?? formation.findChangeSet({ ChangeSetName: ChangeSetName ?? "" })?.stackId ?? "*",
        ),
      ],
      run: async ({ StackName, ChangeSetName }) => {
        await store.settled();
        const { blueprint } =
          ChangeSetName === undefined
            ? formation.known(StackName ?? "")
            : formation.changeSet({ ChangeSetName, StackName });
        return { TemplateBody: blueprint.template, StagesAvailable: ["Original", "Processed"] };
      },
    }),
    ValidateTemplate: operation({
      shape: z.strictObject({ TemplateBody: z.string().optional(), TemplateURL: z.string().optional() }),
      checks: () => [{ action: "cloudformation:ValidateTemplate", resource: "*" }],
      run: async (input, { caller }) => {
        const template = readTemplate(await templateText(input, undefined, caller, context.dispatch));
        const Parameters = Object.entries(template.Parameters).map(([ParameterKey, { Default, NoEcho = false }]) => ({
          ParameterKey,
          DefaultValue: Default === undefined ? undefined : String(Default),
          NoEcho,
        }));
        return { Parameters, Description: template.Description };
      },
    }),
    ListExports: operation({
      shape: z.strictObject(page),
      checks: () => [{ action: "cloudformation:ListExports", resource: "*" }],
      run: async () => {
        await store.settled();
        const live = store.stacks.filter(({ status }) => status !== "DELETE_COMPLETE");
        const Exports = live.flatMap(({ id, outputs }) =>
          outputs.flatMap(({ ExportName, OutputValue }) =>
            ExportName === undefined ? [] : [{ ExportingStackId: id, Name: ExportName, Value: OutputValue }],
          ),
        );
        return { Exports };
      },
    }),
  };
}

function noSuchResource(logicalId: string, { name }: StackRecord): Error {
  return invalid(`Resource ${logicalId} does not exist for stack ${name}`);
}

function describeStack(stack: StackRecord): object {
  const { blueprint, updated, deleted, parentId, rootId } = stack;
  const declared = readTemplate(blueprint.template).Parameters;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: readTemplate(blueprint.template).Description,
    Parameters: Object.entries(blueprint.parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: declared[ParameterKey]?.NoEcho === true ? "****" : value,
    })),
    CreationTime: isoTime(stack.created),
    LastUpdatedTime: updated === undefined ? undefined : isoTime(updated),
    DeletionTime: deleted === undefined ? undefined : isoTime(deleted),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [],
    Capabilities: blueprint.capabilities,
    Outputs: stack.outputs,
    RoleARN: stack.roleArn,
    Tags: blueprint.tags,
    EnableTerminationProtection: stack.isProtected,
    ParentId: parentId,
    RootId: rootId,
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  };
}

function summariseStack(stack: StackRecord): object {
  const { updated, deleted } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: isoTime(stack.created),
    LastUpdatedTime: updated === undefined ? undefined : isoTime(updated),
    DeletionTime: deleted === undefined ? undefined : isoTime(deleted),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    ParentId: stack.parentId,
    RootId: stack.rootId,
  };
}

function describeResource(record: ResourceRecord, stack: StackRecord, time: string): object {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    [time]: isoTime(record.updated),
    ResourceStatus: record.status,
    ResourceStatusReason: record.reason,
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
  };
}
