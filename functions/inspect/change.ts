/**
 * The one model of a change, whichever engine is about to make it. Readers fill it in from change sets and previews;
 * everything that judges knows only this.
 */
import type { PropertyPath, Sight, View } from "./sight";

export type Engine = "cloudformation" | "pulumi";

/** A change as it was inspected, whole. */
export interface InspectedChange {
  readonly engine: Engine;
  /** What will be executed: the ARN of the change set, or project and stack of the preview. */
  readonly subject: string;
  /** Names this change for ever: `sha256:` over the canonical input. */
  readonly digest: string;
  readonly resources: readonly ResourceChange[];
  /** Resources that exist before the change, where the input shows them all. */
  readonly existing: number | undefined;
  /** Why the change as a whole cannot be judged or executed. */
  readonly doubts: readonly Doubt[];
  /** How the outputs of a stack change, where the input shows them. */
  readonly outputs: View | undefined;
  /** What an input of this kind never shows, for people. */
  readonly notes: readonly string[];
}

/** Something that was not understood, or cannot be known from this input. */
export interface Doubt {
  readonly what: string;
  readonly fix: string;
  /** The one doubt that a policy may put up with. */
  readonly about?: "hidden-sames";
}

/**
 * What is done to a resource. `adopt` takes over what exists already; `none` leaves it alone; `unclear` is anything that
 * the reader did not recognise, and always comes with a doubt.
 */
export type Operation = "create" | "adopt" | "update" | "replace" | "delete" | "none" | "unclear";

/** What becomes of the thing that is deleted, or of the old one of two. */
export type Remains = "nothing" | "retained" | "snapshot";

/**
 * Components and providers hold nothing themselves; an external resource is only read; a nested stack is judged by the
 * resources in it.
 */
export type Nature = "resource" | "component" | "provider" | "external" | "nested-stack";

export interface ResourceChange {
  /** Names the resource in this change: its URN, or logical ids from the root stack down, `Orders/Table`. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** `AWS::S3::Bucket` or `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly nature: Nature;
  readonly operation: Operation;
  readonly remains: Remains;
  readonly replacement?: Replacement;
  /** The properties before and after; each view is a witness, and the worst testimony counts. */
  readonly views: readonly View[];
  /** Properties that the engine names as changing, whether or not it says how. */
  readonly touched: readonly Touch[];
  readonly protections: readonly ProtectionChange[];
  /** Deleted behind the engine's back: what is made now is new and empty. */
  readonly lostOutside: boolean;
  readonly physicalId?: string;
  readonly parent?: { readonly before?: string; readonly after?: string };
  /** References of the providers that own it before and after. */
  readonly provider?: { readonly before?: string; readonly after?: string };
  /** Resources it needs. */
  readonly dependsOn: readonly string[];
  /** The resource whose deletion takes this one with it, without a step of its own. */
  readonly diesWith?: string;
  readonly doubts: readonly Doubt[];
}

export interface Replacement {
  /** False where it hangs on a value that is not known yet. */
  readonly certain: boolean;
  /** The old one goes before the new one is there. */
  readonly deletesFirst: boolean;
  readonly causes: readonly Cause[];
  /** Why it is replaced although no property says so: a taint, a trigger, a pending replacement. */
  readonly forcedBy?: string;
}

export interface Cause {
  readonly property: string;
  /** Whether the new value is seen. */
  readonly seen: boolean;
  /** What changes the property, where another resource does. */
  readonly by?: Reference;
}

export interface Touch {
  readonly path: PropertyPath;
  readonly by?: Reference;
}

export interface Reference {
  readonly id: string;
  /** `identity`: its name, id or ARN, which an update in place leaves alone; `attribute`: anything else of it. */
  readonly takes: "identity" | "attribute";
}

/** What shields a resource from being destroyed. */
export interface ProtectionChange {
  readonly name: "protect" | "retainOnDelete" | "DeletionPolicy" | "UpdateReplacePolicy";
  readonly before: Sight;
  readonly after: Sight;
}
