/** One step of a stack's operation while it is worked out: the stack as it will be, and the events that tell of it. */
import type { EventRecord, ResourceRecord, StackOperation, StackRecord } from "../record";
import { uuidOf } from "../naming";
import type { JsonObject } from "../template/json";

const STACK_TYPE = "AWS::CloudFormation::Stack";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class StackDraft {
  readonly events: EventRecord[] = [];
  readonly stack: Mutable<StackRecord>;

  constructor(
    before: StackRecord,
    private readonly now: number,
    /** How many events the stack has. */
    private readonly counted: number,
  ) {
    this.stack = { ...before };
  }

  get operation(): StackOperation {
    const { operation, name } = this.stack;
    if (operation === undefined) throw new Error(`nothing is under way in stack ${name}`);
    return operation;
  }

  set operation(next: StackOperation | undefined) {
    if (next === undefined) delete this.stack.operation;
    else this.stack.operation = next;
  }

  /** Moves the stack itself to a state. */
  setStatus(status: string, reason?: string): void {
    this.stack.status = status;
    if (reason === undefined) delete this.stack.reason;
    else this.stack.reason = reason;
    this.#tell(this.stack.name, this.stack.id, STACK_TYPE, status, reason);
  }

  /** Moves a resource to a state. */
  setResource(record: ResourceRecord, status: string, reason?: string): void {
    const next: Mutable<ResourceRecord> = { ...record, status, updated: this.now };
    if (reason === undefined) delete next.reason;
    else next.reason = reason;
    this.stack.resources = { ...this.stack.resources, [record.logicalId]: next };
    this.tell(next, status, reason);
  }

  dropResource(logicalId: string): void {
    this.stack.resources = Object.fromEntries(
      Object.entries(this.stack.resources).filter(([name]) => name !== logicalId),
    );
  }

  /** Tells of a resource without keeping it: one that is going, or the old one of two. */
  tell(record: ResourceRecord, status: string, reason?: string): void {
    this.#tell(record.logicalId, record.physicalId, record.type, status, reason, record.properties);
  }

  #tell(
    logicalId: string,
    physicalId: string,
    type: string,
    status: string,
    reason: string | undefined,
    properties?: JsonObject,
  ): void {
    const { id, name, operation } = this.stack;
    this.events.push({
      EventId: uuidOf(`${id}/event/${this.counted + this.events.length}`),
      StackId: id,
      StackName: name,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Timestamp: this.now,
      ResourceStatus: status,
      ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
      ...(properties === undefined ? {} : { ResourceProperties: JSON.stringify(properties) }),
      ...(operation?.token === undefined ? {} : { ClientRequestToken: operation.token }),
    });
  }
}
