/** Stacks as a whole: made, changed and deleted by a call of their own. */
import { z } from "zod";
import { AwsError, operation, type Call, type Check, type Operation } from "../../service";
import { actorFor } from "../actor";
import { checkCapabilities } from "../capabilities";
import type { CloudFormation } from "../cloudformation";
import { deletionOrder } from "../execution/engine";
import { forwardWork, removalWork } from "../execution/forward-work";
import { importersOf } from "../execution/outputs";
import { isAtRest } from "../execution/stage-of-operation";
import { arnOfStack, uuidOf } from "../naming";
import type { Blueprint, StackOperation, StackRecord } from "../record";
import { invalid } from "../refusal";
import { compareStack } from "../change-set/compare";
import { readStackPolicy } from "../stack-policy";
import { fillParameters, type GivenParameter } from "../template/parameters";
import { creationOrder } from "../template/references";
import { readTemplate } from "../template/read-template";
import { templateText, type GivenTemplate } from "../template-source";
import { blueprint, flag, newStackName, roleArn, stackRef, token, withoutEffect } from "./shapes";

const createShape = z.strictObject({
  ...blueprint,
  ...withoutEffect,
  StackName: newStackName,
  DisableRollback: flag.default(false),
  OnFailure: z.enum(["ROLLBACK", "DO_NOTHING", "DELETE"]).optional(),
  TimeoutInMinutes: z.coerce.number().optional(),
  StackPolicyBody: z.string().optional(),
  ClientRequestToken: token.optional(),
  EnableTerminationProtection: flag.default(false),
  RetainExceptOnCreate: flag.optional(),
});

const updateShape = z.strictObject({
  ...blueprint,
  ...withoutEffect,
  StackName: stackRef,
  UsePreviousTemplate: flag.optional(),
  DisableRollback: flag.default(false),
  StackPolicyBody: z.string().optional(),
  ClientRequestToken: token.optional(),
});

export function stackOperations(formation: CloudFormation): Record<string, Operation> {
  const { store, engine, context } = formation;
  return {
    CreateStack: operation({
      shape: createShape,
      checks: (input) => creating(formation, "CreateStack", input),
      run: async (input, call) => {
        const { StackName, ClientRequestToken, StackPolicyBody } = input;
        const known = store.find(StackName);
        if (known !== undefined && known.status !== "REVIEW_IN_PROGRESS") {
          const isRepeated = ClientRequestToken !== undefined && known.operation?.token === ClientRequestToken;
          if (isRepeated) return { StackId: known.id };
          throw new AwsError("AlreadyExistsException", `Stack [${StackName}] already exists`);
        }
        if (StackPolicyBody !== undefined) readStackPolicy(StackPolicyBody);
        const made = await readBlueprint(formation, input, undefined, call);
        const stack = newStack(formation, StackName, made, input.RoleARN);
        const begun: StackRecord = {
          ...stack,
          isProtected: input.EnableTerminationProtection,
          disableRollback: input.DisableRollback,
          ...(StackPolicyBody === undefined ? {} : { policy: StackPolicyBody }),
        };
        const onFailure = input.OnFailure ?? (input.DisableRollback ? "DO_NOTHING" : "ROLLBACK");
        const work = forwardWork(begun, made, context.facts, store);
        await engine.begin(begun, { ...operationOf(formation, "CREATE", input, call), onFailure, work });
        return { StackId: stack.id };
      },
    }),
    UpdateStack: operation({
      shape: updateShape,
      checks: (input) => creating(formation, "UpdateStack", input),
      run: async (input, call) => {
        const stack = formation.standing(input.StackName);
        if (input.ClientRequestToken !== undefined && stack.operation?.token === input.ClientRequestToken) {
          return { StackId: stack.id };
        }
        refuseUnready(stack, "UPDATE");
        const next = await readBlueprint(formation, input, stack, call);
        const facts = context.facts;
        const changes = await compareStack({ facts, store, stack, blueprint: next, imports: {}, nested: undefined });
        const isSame = changes.length === 0 && JSON.stringify(next) === JSON.stringify(stack.blueprint);
        if (isSame) throw invalid("No updates are to be performed.");
        const onFailure = input.DisableRollback ? "DO_NOTHING" : "ROLLBACK";
        const operationOfUpdate = operationOf(
          formation,
          "UPDATE",
          { ...input, RoleARN: input.RoleARN ?? stack.roleArn },
          call,
        );
        await beginUpdate(formation, stack, next, { ...operationOfUpdate, onFailure }, input.RoleARN);
        return { StackId: stack.id };
      },
    }),
    DeleteStack: operation({
      shape: z.strictObject({
        StackName: stackRef,
        RoleARN: roleArn.optional(),
        ClientRequestToken: token.optional(),
        RetainResources: z.union([z.literal(""), z.array(z.string())]).optional(),
      }),
      checks: ({ StackName, RoleARN }) => [formation.on("DeleteStack", StackName), ...formation.passing(RoleARN)],
      run: async ({ StackName, RetainResources = "", ...input }, call) => {
        const stack = store.find(StackName);
        // What is not there, or going already, needs no more.
        if (stack === undefined || stack.status === "DELETE_COMPLETE" || stack.operation?.kind === "DELETE") return {};
        if (stack.isProtected) {
          throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
        }
        if (!isAtRest(stack.status)) {
          throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
        }
        await deleteStack(formation, stack, RetainResources === "" ? [] : RetainResources, input, call);
        return {};
      },
    }),
  };
}

async function deleteStack(
  { store, engine, context }: CloudFormation,
  stack: StackRecord,
  retained: readonly string[],
  input: { readonly RoleARN?: string | undefined; readonly ClientRequestToken?: string | undefined },
  call: Call,
): Promise<void> {
  const actor = actorFor(input.RoleARN ?? stack.roleArn, call.caller, context);
  const used = stack.outputs.flatMap(({ ExportName }) => {
    const users = ExportName === undefined ? [] : importersOf(ExportName, context.facts, store);
    return users.length === 0 ? [] : [`Export ${ExportName} cannot be deleted as it is in use by ${users.join(", ")}`];
  });
  const order = stack.status === "REVIEW_IN_PROGRESS" ? [] : creationOrder(readTemplate(stack.blueprint.template));
  const work = deletionOrder(stack, order)
    .filter(({ logicalId }) => !retained.includes(logicalId))
    .map((record) => ({ do: "delete" as const, logicalId: record.logicalId, record }));
  const { ClientRequestToken } = input;
  await engine.begin(
    stack,
    {
      kind: "DELETE",
      stage: "forward",
      actor,
      onFailure: "ROLLBACK",
      work: used.length > 0 ? [] : work,
      undo: [],
      cleanup: [],
      ...(used.length > 0 ? { reason: used.join("; ") } : {}),
      ...(ClientRequestToken === undefined ? {} : { token: ClientRequestToken }),
    },
    { droppedChangeSets: store.changeSetsOf(stack.id).map(({ id }) => id) },
  );
}

/** Begins the update of a stack to another blueprint: change sets that were made for what it is now are out of date. */
export async function beginUpdate(
  { store, engine, context }: CloudFormation,
  stack: StackRecord,
  next: Blueprint,
  operationOfUpdate: StackOperation,
  roleArn: string | undefined,
): Promise<void> {
  const { facts, clock } = context;
  const kind = operationOfUpdate.kind;
  const isCreation = kind === "CREATE";
  const updated: StackRecord = {
    ...stack,
    blueprint: next,
    ...(isCreation ? {} : { updated: clock.now() }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(operationOfUpdate.changeSetId === undefined ? {} : { changeSetId: operationOfUpdate.changeSetId }),
  };
  const obsolete = store
    .changeSetsOf(stack.id)
    .filter(({ id, executionStatus }) => id !== operationOfUpdate.changeSetId && executionStatus === "AVAILABLE")
    .map((each) => ({ ...each, executionStatus: "OBSOLETE" }));
  const executed =
    operationOfUpdate.changeSetId === undefined ? undefined : store.changeSet(operationOfUpdate.changeSetId);
  const executing =
    executed === undefined
      ? []
      : [{ ...executed, executionStatus: "EXECUTE_IN_PROGRESS", ...tokenOf(operationOfUpdate) }];
  await engine.begin(
    updated,
    {
      ...operationOfUpdate,
      ...(isCreation ? {} : { previous: stack.blueprint }),
      work: forwardWork(updated, next, facts, store),
      cleanup: isCreation ? [] : removalWork(updated, next, facts, store),
    },
    { changeSets: [...obsolete, ...executing] },
  );
}

function tokenOf({ token: executionToken }: StackOperation): { executionToken?: string } {
  return executionToken === undefined ? {} : { executionToken };
}

export function newStack(
  { context }: CloudFormation,
  name: string,
  made: Blueprint,
  role: string | undefined,
): StackRecord {
  const created = context.clock.now();
  return {
    id: arnOfStack(context.facts, name, uuidOf(`stack/${name}/${created}`)),
    name,
    created,
    status: "REVIEW_IN_PROGRESS",
    blueprint: made,
    ...(role === undefined ? {} : { roleArn: role }),
    disableRollback: false,
    isProtected: false,
    outputs: [],
    resources: {},
    made: 0,
  };
}

export interface BlueprintInput extends GivenTemplate {
  readonly Parameters: readonly GivenParameter[];
  readonly Capabilities: readonly string[];
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** @throws AwsError for a template that cannot be read, parameters that do not fit, or missing acknowledgements */
export async function readBlueprint(
  { context }: CloudFormation,
  input: BlueprintInput,
  stack: StackRecord | undefined,
  { caller }: Call,
): Promise<Blueprint> {
  const text = await templateText(input, stack?.blueprint.template, caller, context.dispatch);
  const template = readTemplate(text);
  creationOrder(template);
  checkCapabilities(template, input.Capabilities);
  const parameters = fillParameters(template, input.Parameters, stack?.blueprint.parameters);
  return { template: text, parameters, capabilities: input.Capabilities, tags: input.Tags };
}

function operationOf(
  { context }: CloudFormation,
  kind: StackOperation["kind"],
  input: { readonly RoleARN?: string | undefined; readonly ClientRequestToken?: string | undefined },
  { caller }: Call,
): StackOperation {
  const { RoleARN, ClientRequestToken } = input;
  return {
    kind,
    stage: "forward",
    actor: actorFor(RoleARN, caller, context),
    onFailure: "ROLLBACK",
    work: [],
    undo: [],
    cleanup: [],
    ...(ClientRequestToken === undefined ? {} : { token: ClientRequestToken }),
  };
}

/** @throws AwsError when the stack is in a state in which it cannot be changed */
export function refuseUnready({ id, status }: StackRecord, verb: "UPDATE" | "CHANGE_SET"): void {
  const ready = [
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
  ];
  if (ready.includes(status) || (verb === "CHANGE_SET" && status === "REVIEW_IN_PROGRESS")) return;
  throw invalid(`Stack:${id} is in ${status} state and can not be updated.`);
}

function creating(
  formation: CloudFormation,
  action: string,
  {
    StackName,
    RoleARN,
    TemplateURL,
  }: { StackName: string; RoleARN?: string | undefined; TemplateURL?: string | undefined },
): Check[] {
  const asked = {
    ...(TemplateURL === undefined ? {} : { "cloudformation:TemplateUrl": TemplateURL }),
    ...(RoleARN === undefined ? {} : { "cloudformation:RoleArn": RoleARN }),
  };
  return [formation.on(action, StackName, asked), ...formation.passing(RoleARN)];
}
