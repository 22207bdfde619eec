/** What CloudFormation remembers: stacks with their resources, change sets, and events. Everything is plain data. */
import type { JsonObject } from "./template/json";
import type { ParameterValues } from "./template/parameters";
import type { TemplateResource } from "./template/read-template";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** As whom CloudFormation works on a stack. */
export type Actor =
  | { readonly kind: "operator" }
  | { readonly kind: "user"; readonly arn: string }
  | { readonly kind: "role"; readonly roleArn: string; readonly session: string };

/** What a stack is made of. */
export interface Blueprint {
  /** The template as it was given. */
  readonly template: string;
  readonly parameters: ParameterValues;
  readonly capabilities: readonly string[];
  readonly tags: readonly Tag[];
}

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** The name given by a property, or made up. */
  readonly name: string;
  /** Resolved. */
  readonly properties: JsonObject;
  /** As the template has it. */
  readonly definition: TemplateResource;
  readonly status: string;
  readonly reason?: string;
  /** Milliseconds since the epoch. */
  readonly updated: number;
}

export interface OutputRecord {
  readonly OutputKey: string;
  readonly OutputValue: string;
  readonly Description?: string;
  readonly ExportName?: string;
}

export interface StackRecord {
  /** Its ARN. */
  readonly id: string;
  readonly name: string;
  readonly created: number;
  readonly updated?: number;
  readonly deleted?: number;
  readonly status: string;
  readonly reason?: string;
  readonly blueprint: Blueprint;
  readonly roleArn?: string;
  readonly disableRollback: boolean;
  readonly isProtected: boolean;
  readonly policy?: string;
  readonly outputs: readonly OutputRecord[];
  readonly resources: Readonly<Record<string, ResourceRecord>>;
  readonly parentId?: string;
  readonly rootId?: string;
  readonly changeSetId?: string;
  /** Counts resources that were made, so that no two are called the same. */
  readonly made: number;
  readonly operation?: StackOperation;
}

/** One thing to do to one resource. */
export interface WorkItem {
  readonly do: "create" | "update" | "delete" | "restore" | "import";
  readonly logicalId: string;
  /** What is deleted, or what it was before. */
  readonly record?: ResourceRecord;
  readonly isBegun?: boolean;
  /** Resolved, once begun. */
  readonly properties?: JsonObject;
  readonly isReplacement?: boolean;
}

/** What is under way in a stack; it goes on when the stage opens again. */
export interface StackOperation {
  readonly kind: "CREATE" | "UPDATE" | "DELETE" | "IMPORT";
  readonly stage: "forward" | "cleanup" | "rollback" | "rollback-cleanup";
  readonly token?: string;
  readonly actor: Actor;
  readonly onFailure: "ROLLBACK" | "DO_NOTHING" | "DELETE";
  /** What the stack was made of before. */
  readonly previous?: Blueprint;
  readonly work: readonly WorkItem[];
  /** What was done, the last first: what a rollback undoes. */
  readonly undo: readonly WorkItem[];
  readonly cleanup: readonly WorkItem[];
  readonly changeSetId?: string;
  readonly imports?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: "CREATE" | "UPDATE" | "IMPORT";
  readonly created: number;
  readonly description?: string;
  readonly blueprint: Blueprint;
  readonly roleArn?: string;
  readonly actor: Actor;
  readonly includeNested: boolean;
  readonly onStackFailure?: "ROLLBACK" | "DO_NOTHING" | "DELETE";
  readonly clientToken?: string;
  readonly parentId?: string;
  readonly rootId?: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly status: string;
  readonly reason?: string;
  readonly executionStatus: string;
  readonly executionToken?: string;
  readonly changes: readonly ResourceChange[];
}

/** As the API describes it; values stand in it, and are left out unless they are asked for. */
export interface ResourceChange {
  readonly PolicyAction?: string;
  readonly Action: "Add" | "Modify" | "Remove" | "Import" | "Dynamic";
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: "True" | "False" | "Conditional";
  readonly Scope?: readonly string[];
  readonly Details?: readonly ChangeDetail[];
  readonly ChangeSetId?: string;
  readonly BeforeContext?: string;
  readonly AfterContext?: string;
}

export interface ChangeDetail {
  readonly Target: {
    readonly Attribute: string;
    readonly Name?: string;
    readonly RequiresRecreation: "Never" | "Conditionally" | "Always";
    readonly Path?: string;
    readonly BeforeValue?: string;
    readonly AfterValue?: string;
    readonly AttributeChangeType?: "Add" | "Remove" | "Modify";
  };
  readonly Evaluation: "Static" | "Dynamic";
  readonly ChangeSource:
    "ResourceReference" | "ParameterReference" | "ResourceAttribute" | "DirectModification" | "Automatic";
  readonly CausingEntity?: string;
}

export interface EventRecord {
  readonly EventId: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly Timestamp: number;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly ResourceProperties?: string;
  readonly ClientRequestToken?: string;
}
