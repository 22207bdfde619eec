/**
 * CloudFormation: stacks and change sets from templates. The resources of a stack are records with ids and attributes;
 * nothing that a template describes is run, and nothing of it drifts. Making one takes a second of the clock's time, and
 * the permissions that it takes are checked for the stack's role, or for whoever asked. Statuses, messages and texts
 * follow the CloudFormation API reference and user guide.
 */
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import { cloudformationBinding } from "./binding";
import { CloudFormation } from "./cloudformation";
import { Faults } from "./faults";
import { changeSetOperations } from "./operations/change-set-operations";
import { describeOperations } from "./operations/describe-operations";
import { protectionOperations } from "./operations/protection-operations";
import { stackOperations } from "./operations/stack-operations";
import { StackStore } from "./stack-store";

export class CloudFormationService implements Service {
  readonly signingName = "cloudformation";
  readonly binding = cloudformationBinding;
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>>;
  /** Makes resources fail, to try what happens then. */
  readonly faults = new Faults();
  readonly #formation: CloudFormation;

  static async open(context: ServiceContext): Promise<CloudFormationService> {
    const store = await StackStore.open(context.folder("cloudformation"), context.durable);
    return new CloudFormationService(context, store);
  }

  private constructor(context: ServiceContext, store: StackStore) {
    this.#formation = new CloudFormation(context, store, this.faults);
    this.operations = {
      ...stackOperations(this.#formation),
      ...changeSetOperations(this.#formation),
      ...describeOperations(this.#formation),
      ...protectionOperations(this.#formation),
    };
  }

  start(): void {
    this.#formation.maker.resume();
    this.#formation.engine.resume();
  }

  async close(): Promise<void> {
    await this.#formation.maker.close();
    await this.#formation.engine.close();
    await this.#formation.store.close();
  }
}
