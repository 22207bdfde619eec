/** What speaks against a change. */
import type { InspectedChange, ResourceChange } from "../change";
import type { GuardPolicy } from "../guard-policy";
import { classOfType, type ResourceClass } from "../resource-class";

/** The taxonomy, worst and most common first; `explain` tells what each means. */
export const FINDING_KINDS = [
  "delete",
  "replace",
  "conditional-replace",
  "orphan",
  "rename-without-alias",
  "dependents-cascade",
  "lossy-update",
  "protection-dropped",
  "policy-weakened",
  "provider-or-region-change",
  "mass-change",
  "unknown",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  /** Names the finding in its change: what approvals refer to. */
  readonly id: string;
  /** The resource, or the change as a whole. */
  readonly resource: string;
  /** What people call the resource. */
  readonly name: string;
  readonly type: string;
  readonly change: FindingKind;
  /** The property it is about, where it is about one. */
  readonly property?: string;
  readonly reason: string;
  readonly fix: string;
}

export type Draft = Omit<Finding, "id">;

/** What findings are made from: the change, the policy, and quick ways to both. */
export class Scene {
  readonly #byId: ReadonlyMap<string, ResourceChange>;

  constructor(
    readonly change: InspectedChange,
    readonly policy: GuardPolicy,
  ) {
    // Of a resource that occurs twice, the part that does something to it counts.
    const ordered = [...change.resources].sort(
      (a, b) => Number(a.operation !== "none") - Number(b.operation !== "none"),
    );
    this.#byId = new Map(ordered.map((resource) => [resource.id, resource]));
  }

  find(id: string): ResourceChange | undefined {
    return this.#byId.get(id);
  }

  classOf(resource: ResourceChange): ResourceClass {
    const { kind, holds } = classOfType(resource.type);
    return { kind: this.policy.types[resource.type] ?? kind, holds };
  }

  draft(resource: ResourceChange, change: FindingKind, reason: string, fix: string, property?: string): Draft {
    const { id, name, type } = resource;
    return { resource: id, name, type, change, reason, fix, ...(property === undefined ? {} : { property }) };
  }

  /** A finding about the change as a whole. */
  draftOfAll(change: FindingKind, reason: string, fix: string): Draft {
    const type = this.change.engine === "pulumi" ? "preview" : "change set";
    return { resource: this.change.subject, name: type, type, change, reason, fix };
  }
}
