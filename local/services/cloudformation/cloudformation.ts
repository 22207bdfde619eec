/** What CloudFormation's operations work with: what is stored, what carries it out, and how stacks are found. */
import type { Check } from "../service";
import { ChangeSetMaker } from "./change-set/maker";
import { StackEngine, type EngineContext } from "./execution/engine";
import type { Faults } from "./faults";
import { arnOfStack } from "./naming";
import type { ChangeSetRecord, StackRecord } from "./record";
import { noSuchChangeSet, noSuchStack } from "./refusal";
import type { StackStore } from "./stack-store";

interface ChangeSetRef {
  readonly ChangeSetName: string;
  readonly StackName?: string | undefined;
}

export class CloudFormation {
  readonly engine: StackEngine;
  readonly maker: ChangeSetMaker;

  constructor(
    readonly context: EngineContext,
    readonly store: StackStore,
    faults: Faults,
  ) {
    this.engine = new StackEngine(context, store, faults);
    this.maker = new ChangeSetMaker(context, store);
  }

  /** Also a stack that is deleted, by its id. @throws AwsError `ValidationError` */
  known(nameOrId: string): StackRecord {
    const stack = this.store.find(nameOrId);
    if (stack === undefined) throw noSuchStack(nameOrId);
    return stack;
  }

  /** @throws AwsError `ValidationError` also for a stack that is deleted */
  standing(nameOrId: string): StackRecord {
    const stack = this.known(nameOrId);
    if (stack.status === "DELETE_COMPLETE") throw noSuchStack(nameOrId);
    return stack;
  }

  findChangeSet({ ChangeSetName, StackName }: ChangeSetRef): ChangeSetRecord | undefined {
    const byId = this.store.changeSet(ChangeSetName);
    if (byId !== undefined || StackName === undefined) return byId;
    const stack = this.store.find(StackName);
    return stack && this.store.changeSetsOf(stack.id).find(({ name }) => name === ChangeSetName);
  }

  /** @throws AwsError `ChangeSetNotFound` */
  changeSet(ref: ChangeSetRef): ChangeSetRecord {
    const found = this.findChangeSet(ref);
    if (found !== undefined) return found;
    if (ref.StackName !== undefined) this.known(ref.StackName);
    throw noSuchChangeSet(ref.ChangeSetName);
  }

  /** The permission that an operation on a stack takes; of one that is yet to be made, only the name is known. */
  on(action: string, nameOrId: string, context: Readonly<Record<string, string>> = {}): Check {
    const isArn = nameOrId.startsWith("arn:");
    const unknown = isArn ? nameOrId : arnOfStack(this.context.facts, nameOrId, "*");
    const resource = nameOrId === "*" ? "*" : (this.store.find(nameOrId)?.id ?? unknown);
    return { action: `cloudformation:${action}`, resource, context };
  }

  passing(roleArn: string | undefined): Check[] {
    if (roleArn === undefined) return [];
    const context = { "iam:PassedToService": "cloudformation.amazonaws.com" };
    return [{ action: "iam:PassRole", resource: roleArn, context }];
  }
}
