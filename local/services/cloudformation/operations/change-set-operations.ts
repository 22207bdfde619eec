/** Change sets: what an update would do, to be looked at before it is done. */
import { z } from "zod";
import { AwsError, operation, type Call, type Check, type Operation } from "../../service";
import { actorFor } from "../actor";
import type { CloudFormation } from "../cloudformation";
import { arnOfChangeSet, uuidOf } from "../naming";
import type { ChangeSetRecord, StackOperation, StackRecord } from "../record";
import { invalid, noSuchChangeSet } from "../refusal";
import { readTemplate } from "../template/read-template";
import { describeChangeSet, summariseChangeSet } from "./describe-change-set";
import { blueprint, changeSetName, flag, listOf, page, paged, stackRef, token, withoutEffect } from "./shapes";
import { beginUpdate, newStack, readBlueprint, refuseUnready } from "./stack-operations";

const createShape = z.strictObject({
  ...blueprint,
  ...withoutEffect,
  StackName: stackRef,
  ChangeSetName: changeSetName,
  UsePreviousTemplate: flag.optional(),
  ClientToken: token.optional(),
  Description: z.string().max(1024).optional(),
  ChangeSetType: z.enum(["CREATE", "UPDATE", "IMPORT"]).default("UPDATE"),
  ResourcesToImport: listOf(
    z.object({
      ResourceType: z.string(),
      LogicalResourceId: z.string(),
      // A map travels as entries.
      ResourceIdentifier: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  ),
  IncludeNestedStacks: flag.default(false),
  OnStackFailure: z.enum(["ROLLBACK", "DO_NOTHING", "DELETE"]).optional(),
  ImportExistingResources: z
    .literal("false", { error: "is not modelled by the local stage: name them in ResourcesToImport" })
    .optional(),
  DeploymentMode: z.never("is not modelled by the local stage: resources do not drift here").optional(),
});

type CreateInput = z.output<typeof createShape>;

const ref = { ChangeSetName: z.string().min(1), StackName: stackRef.optional() };

export function changeSetOperations(formation: CloudFormation): Record<string, Operation> {
  const { store, maker } = formation;
  const on = (action: string, input: { ChangeSetName: string; StackName?: string | undefined }): Check => {
    const known = formation.findChangeSet(input);
    const name = known?.name ?? input.ChangeSetName.split("/").at(-2) ?? input.ChangeSetName;
    return formation.on(action, known?.stackId ?? input.StackName ?? "*", { "cloudformation:ChangeSetName": name });
  };
  return {
    CreateChangeSet: operation({
      shape: createShape,
      checks: ({ StackName, ChangeSetName, RoleARN, TemplateURL }) => [
        formation.on("CreateChangeSet", StackName, {
          "cloudformation:ChangeSetName": ChangeSetName,
          ...(RoleARN === undefined ? {} : { "cloudformation:RoleArn": RoleARN }),
          ...(TemplateURL === undefined ? {} : { "cloudformation:TemplateUrl": TemplateURL }),
        }),
        ...formation.passing(RoleARN),
      ],
      run: async (input, call) => {
        const repeated = findRepeated(formation, input);
        if (repeated !== undefined) return { Id: repeated.id, StackId: repeated.stackId };
        const { stack, isNew } = await stackFor(formation, input, call);
        const changeSet = await newChangeSet(formation, stack, input, call);
        await store.put({ changeSets: [changeSet], ...(isNew ? { stacks: [stack] } : {}) });
        maker.begin(changeSet.id);
        return { Id: changeSet.id, StackId: stack.id };
      },
    }),
    DescribeChangeSet: operation({
      shape: z.strictObject({ ...ref, ...page, IncludePropertyValues: flag.default(false) }),
      checks: (input) => [on("DescribeChangeSet", input)],
      run: async (input) => {
        await store.settled();
        return describeChangeSet(formation.changeSet(input), input.IncludePropertyValues, input.NextToken);
      },
    }),
    ExecuteChangeSet: operation({
      shape: z.strictObject({
        ...ref,
        ClientRequestToken: token.optional(),
        DisableRollback: flag.optional(),
        RetainExceptOnCreate: flag.optional(),
      }),
      checks: (input) => [on("ExecuteChangeSet", input)],
      run: async (input) => {
        const changeSet = formation.changeSet(input);
        const { ClientRequestToken } = input;
        const isRepeated = ClientRequestToken !== undefined && changeSet.executionToken === ClientRequestToken;
        if (!isRepeated) await execute(formation, changeSet, input);
        return {};
      },
    }),
    DeleteChangeSet: operation({
      shape: z.strictObject(ref),
      checks: (input) => [on("DeleteChangeSet", input)],
      run: async (input) => {
        const changeSet = formation.findChangeSet(input);
        // Deleting by ARN what is gone succeeds, as the change set is gone.
        if (changeSet === undefined) {
          if (input.ChangeSetName.startsWith("arn:")) return {};
          throw noSuchChangeSet(input.ChangeSetName);
        }
        if (changeSet.executionStatus === "EXECUTE_IN_PROGRESS") {
          throw refuseStatus(changeSet, "deleted");
        }
        const family = store.changeSets.filter(({ rootId }) => rootId === changeSet.id).map(({ id }) => id);
        await store.put({ droppedChangeSets: [changeSet.id, ...family] });
        return {};
      },
    }),
    ListChangeSets: operation({
      shape: z.strictObject({ StackName: stackRef, ...page }),
      checks: ({ StackName }) => [formation.on("ListChangeSets", StackName)],
      run: async ({ StackName, NextToken }) => {
        await store.settled();
        const all = store.changeSetsOf(formation.standing(StackName).id);
        const { page: summaries, ...rest } = paged(all, NextToken, 100);
        return { Summaries: summaries.map(summariseChangeSet), ...rest };
      },
    }),
  };
}

function findRepeated(
  { store }: CloudFormation,
  { StackName, ChangeSetName, ClientToken }: CreateInput,
): ChangeSetRecord | undefined {
  const stack = store.find(StackName);
  const known = stack && store.changeSetsOf(stack.id).find(({ name }) => name === ChangeSetName);
  if (known === undefined) return undefined;
  if (ClientToken !== undefined && known.clientToken === ClientToken) return known;
  throw new AwsError("AlreadyExistsException", `ChangeSet ${ChangeSetName} already exists`);
}

async function stackFor(
  formation: CloudFormation,
  input: CreateInput,
  call: Call,
): Promise<{ stack: StackRecord; isNew: boolean }> {
  const { StackName, ChangeSetType, ChangeSetName } = input;
  if (ChangeSetType === "UPDATE") {
    const stack = formation.standing(StackName);
    refuseUnready(stack, "UPDATE");
    return { stack, isNew: false };
  }
  const known = formation.store.find(StackName);
  if (known === undefined) {
    const made = await readBlueprint(formation, input, undefined, call);
    const empty = {
      ...made,
      template: JSON.stringify({ Resources: { None: { Type: "AWS::CloudFormation::WaitConditionHandle" } } }),
      parameters: {},
    };
    return { stack: newStack(formation, StackName, empty, input.RoleARN), isNew: true };
  }
  if (ChangeSetType === "IMPORT" || known.status === "REVIEW_IN_PROGRESS") {
    refuseUnready(known, "CHANGE_SET");
    return { stack: known, isNew: false };
  }
  throw invalid(
    `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
  );
}

async function newChangeSet(
  formation: CloudFormation,
  stack: StackRecord,
  input: CreateInput,
  call: Call,
): Promise<ChangeSetRecord> {
  const { context } = formation;
  const isFresh = stack.status === "REVIEW_IN_PROGRESS";
  const made = await readBlueprint(formation, input, isFresh ? undefined : stack, call);
  const created = context.clock.now();
  const role = input.RoleARN ?? stack.roleArn;
  const { ChangeSetName, Description, OnStackFailure, ClientToken } = input;
  return {
    id: arnOfChangeSet(context.facts, ChangeSetName, uuidOf(`${stack.id}/${ChangeSetName}/${created}`)),
    name: ChangeSetName,
    stackId: stack.id,
    stackName: stack.name,
    type: input.ChangeSetType,
    created,
    ...(Description === undefined ? {} : { description: Description }),
    blueprint: made,
    ...(role === undefined ? {} : { roleArn: role }),
    actor: actorFor(role, call.caller, context),
    includeNested: input.IncludeNestedStacks,
    ...(OnStackFailure === undefined ? {} : { onStackFailure: OnStackFailure }),
    ...(ClientToken === undefined ? {} : { clientToken: ClientToken }),
    imports: readImports(input, made.template),
    status: "CREATE_PENDING",
    executionStatus: "UNAVAILABLE",
    changes: [],
  };
}

function readImports({ ChangeSetType, ResourcesToImport }: CreateInput, template: string): Record<string, string> {
  if (ChangeSetType === "IMPORT" && ResourcesToImport.length === 0) {
    throw invalid("ResourcesToImport must be specified for a change set of type IMPORT");
  }
  const { Resources } = readTemplate(template);
  return Object.fromEntries(
    ResourcesToImport.map(({ LogicalResourceId, ResourceType, ResourceIdentifier }) => {
      if (Resources[LogicalResourceId]?.Type !== ResourceType) {
        throw invalid(`Resource ${LogicalResourceId} of type ${ResourceType} is not in the template`);
      }
      if (Resources[LogicalResourceId].DeletionPolicy === undefined) {
        throw invalid(
          `The following resources to import [${LogicalResourceId}] must have DeletionPolicy attribute specified in the template.`,
        );
      }
      return [LogicalResourceId, ResourceIdentifier[0]?.value ?? ""];
    }),
  );
}

async function execute(
  formation: CloudFormation,
  changeSet: ChangeSetRecord,
  {
    ClientRequestToken,
    DisableRollback = false,
  }: { ClientRequestToken?: string | undefined; DisableRollback?: boolean | undefined },
): Promise<void> {
  if (changeSet.executionStatus !== "AVAILABLE") throw refuseStatus(changeSet, "executed");
  if (changeSet.parentId !== undefined) throw invalid("A nested change set is executed with its root change set");
  const stack = formation.standing(changeSet.stackId);
  const isCreation = stack.status === "REVIEW_IN_PROGRESS";
  if (!isCreation) refuseUnready(stack, "UPDATE");
  const onFailure = DisableRollback ? "DO_NOTHING" : (changeSet.onStackFailure ?? "ROLLBACK");
  const begun: StackOperation = {
    kind: changeSet.type === "IMPORT" ? "IMPORT" : isCreation ? "CREATE" : "UPDATE",
    stage: "forward",
    actor: changeSet.actor,
    onFailure,
    work: [],
    undo: [],
    cleanup: [],
    changeSetId: changeSet.id,
    imports: changeSet.imports,
    ...(ClientRequestToken === undefined ? {} : { token: ClientRequestToken }),
  };
  await beginUpdate(formation, stack, changeSet.blueprint, begun, changeSet.roleArn);
}

function refuseStatus({ id, status, executionStatus }: ChangeSetRecord, verb: string): AwsError {
  const state = status === "CREATE_COMPLETE" ? `execution status of [${executionStatus}]` : `status of [${status}]`;
  return new AwsError("InvalidChangeSetStatus", `ChangeSet [${id}] cannot be ${verb} in its current ${state}`);
}
