/** How strict the guard is where strictness is a matter of taste. */
import * as z from "zod";
import { ChangeInputError, excerptOf } from "./change-input-error";
import { RESOURCE_CLASSES, type ResourceClass } from "./resource-class";

export interface GuardPolicy {
  readonly massChange: MassChange;
  /**
   * What to make of a preview that does not show unchanged resources: `refuse` it, because a dropped retainOnDelete would
   * not be seen, or `accept` that.
   */
  readonly hiddenSames: "refuse" | "accept";
  /** Classes of types that the guard does not list, or lists otherwise. */
  readonly types: Readonly<Record<string, ResourceClass["kind"]>>;
}

/** A change that deletes or replaces more than either bound is a mass change. */
export interface MassChange {
  /** Resources at most. */
  readonly resources: number;
  /** Share of the stack at most, 0 to 1, where the input shows the whole stack... */
  readonly share: number;
  /** ...and at least so many are hit: half of a stack of two is no mass. */
  readonly from: number;
}

export const DEFAULT_POLICY: GuardPolicy = {
  massChange: { resources: 10, share: 0.25, from: 4 },
  hiddenSames: "refuse",
  types: {},
};

const shape = z.strictObject({
  massChange: z
    .strictObject({
      resources: z.int().min(0).optional(),
      share: z.number().min(0).max(1).optional(),
      from: z.int().min(1).optional(),
    })
    .optional(),
  hiddenSames: z.enum(["refuse", "accept"]).optional(),
  types: z.record(z.string(), z.enum(RESOURCE_CLASSES)).optional(),
});

/**
 * Reads a policy; what it leaves out is as in {@link DEFAULT_POLICY}.
 * @throws ChangeInputError
 */
export function readGuardPolicy(value: unknown): GuardPolicy {
  const read = shape.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    const where = ["policy", ...(issue?.path ?? []).map(String)].join(".");
    throw new ChangeInputError(
      where,
      excerptOf(value),
      `massChange, hiddenSames and types (${issue?.message ?? "another shape"})`,
    );
  }
  const { massChange, hiddenSames, types } = read.data;
  return {
    massChange: { ...DEFAULT_POLICY.massChange, ...definedOf(massChange ?? {}) },
    hiddenSames: hiddenSames ?? DEFAULT_POLICY.hiddenSames,
    types: types ?? DEFAULT_POLICY.types,
  };
}

function definedOf(values: Readonly<Record<string, number | undefined>>): Partial<MassChange> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
