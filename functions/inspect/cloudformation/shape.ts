/**
 * What DescribeChangeSet answers: shapes by zod, words by list. A wrong shape is an input error; an unknown word or field
 * is a doubt about the resource that carries it, because a word that is new may mean anything.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
 */
import * as z from "zod";
import { ChangeInputError, excerptOf, listOf } from "../change-input-error";
import type { Doubt } from "../change";

const text = z.string().nullish();
const flag = z.boolean().nullish();

const target = z.looseObject({
  Attribute: text,
  Name: text,
  Path: text,
  RequiresRecreation: text,
  BeforeValue: text,
  AfterValue: text,
  BeforeValueFrom: text,
  AfterValueFrom: text,
  AttributeChangeType: text,
  Drift: z.looseObject({ PreviousValue: text, ActualValue: text }).nullish(),
});

const detail = z.looseObject({
  Target: target.nullish(),
  Evaluation: text,
  ChangeSource: text,
  CausingEntity: text,
});

const resource = z.looseObject({
  Action: text,
  PolicyAction: text,
  LogicalResourceId: z.string().min(1),
  PhysicalResourceId: text,
  ResourceType: z.string().min(1),
  Replacement: text,
  Scope: z.array(z.string()).nullish(),
  Details: z.array(detail).nullish(),
  ChangeSetId: text,
  BeforeContext: z.union([z.string(), z.looseObject({})]).nullish(),
  AfterContext: z.union([z.string(), z.looseObject({})]).nullish(),
  ResourceDriftStatus: text,
  ResourceDriftIgnoredAttributes: z.array(z.looseObject({ Path: text, Reason: text })).nullish(),
});

const page = z.looseObject({
  ChangeSetName: text,
  ChangeSetId: text,
  StackId: text,
  StackName: text,
  Status: text,
  StatusReason: text,
  ExecutionStatus: text,
  NextToken: text,
  IncludeNestedStacks: flag,
  ParentChangeSetId: text,
  RootChangeSetId: text,
  OnStackFailure: text,
  DeploymentMode: text,
  Changes: z.array(z.looseObject({ Type: text, ResourceChange: resource.nullish() })).nullish(),
});

export type ChangeSetPage = z.infer<typeof page>;
export type DescribedChange = z.infer<typeof resource>;
export type DescribedDetail = z.infer<typeof detail>;
export type DescribedEntry = NonNullable<ChangeSetPage["Changes"]>[number];

/** Fields that carry meaning or are known to carry none; anything else is a doubt. */
const FIELDS = {
  page: [
    ...Object.keys(page.shape),
    ...["Description", "Parameters", "CreationTime", "StackDriftStatus", "NotificationARNs", "RollbackConfiguration"],
    ...["Capabilities", "Tags", "ImportExistingResources", "DeploymentConfig", "$metadata", "ResponseMetadata"],
  ],
  change: ["Type", "HookInvocationCount", "ResourceChange"],
  resource: [...Object.keys(resource.shape), "ModuleInfo", "PreviousDeploymentContext"],
  detail: Object.keys(detail.shape),
  target: Object.keys(target.shape),
} as const;

/** Every value the API documents, by field. */
export const WORDS = {
  Action: ["Add", "Modify", "Remove", "Import", "Dynamic", "SyncWithActual"],
  PolicyAction: ["Delete", "Retain", "Snapshot", "ReplaceAndDelete", "ReplaceAndRetain", "ReplaceAndSnapshot"],
  Replacement: ["True", "False", "Conditional"],
  Attribute: [
    "Properties",
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Tags",
  ],
  RequiresRecreation: ["Never", "Conditionally", "Always"],
  Evaluation: ["Static", "Dynamic"],
  ChangeSource: [
    "ResourceReference",
    "ParameterReference",
    "ResourceAttribute",
    "DirectModification",
    "Automatic",
    "NoModification",
  ],
  AttributeChangeType: ["Add", "Remove", "Modify", "SyncWithActual"],
  BeforeValueFrom: ["PREVIOUS_DEPLOYMENT_STATE", "ACTUAL_STATE"],
  AfterValueFrom: ["TEMPLATE"],
  ResourceDriftStatus: ["IN_SYNC", "MODIFIED", "DELETED", "NOT_CHECKED", "UNKNOWN", "UNSUPPORTED"],
  Reason: ["MANAGED_BY_AWS", "SENSITIVE_PROPERTY", "WRITE_ONLY_PROPERTY"],
  OnStackFailure: ["DO_NOTHING", "ROLLBACK", "DELETE"],
  DeploymentMode: ["REVERT_DRIFT"],
} as const;

/** @throws ChangeInputError when it is no page of DescribeChangeSet */
export function readPage(value: unknown, where: string): ChangeSetPage {
  const read = page.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const at = issue?.path.map(String).join(".");
  throw new ChangeInputError(
    at === undefined || at === "" ? where : `${where}: ${at}`,
    excerptOf((issue?.path ?? []).reduce<unknown>(valueAt, value)),
    `what DescribeChangeSet answers (${issue?.message ?? "another shape"})`,
    "record it with: aws cloudformation describe-change-set --include-property-values",
  );
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

/** Doubts about fields that the API did not have when this was written. */
export function doubtFields(kind: keyof typeof FIELDS, value: object | null | undefined): Doubt[] {
  const unknown = Object.entries(value ?? {}).filter(
    ([field, content]) => content !== null && content !== undefined && !FIELDS[kind].includes(field as never),
  );
  if (unknown.length === 0) return [];
  return [
    {
      what: `the ${kind} carries fields the guard does not know: ${listOf(unknown.map(([field]) => field))}`,
      fix: "look at the change set by hand, and teach the guard what the fields mean",
    },
  ];
}

/** Doubts about a word that is not among the documented ones; a word that is left out is none. */
export function doubtWord(field: keyof typeof WORDS, word: string | null | undefined): Doubt[] {
  if (word === null || word === undefined || WORDS[field].includes(word as never)) return [];
  return [
    {
      what: `${field} is ${excerptOf(word)}, which is none of ${WORDS[field].join(", ")}`,
      fix: "look at the change set by hand, and teach the guard what the word means",
    },
  ];
}
