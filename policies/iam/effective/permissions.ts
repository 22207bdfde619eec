/**
 * What the policies of one identity allow together: Allow joined, Deny subtracted, the boundary intersected.
 *
 * Two questions: what of an action is granted, for rules that judge without a request, and whether one request is
 * allowed, which is decided exactly under a known context and three-valued without.
 */
import { type Action, catalogue } from "../catalogue/catalogue";
import { type Context, evaluate, every, fill, literal, some, type Verdict } from "../condition/evaluate";
import type { Document, Placed, Statement } from "../document";
import { textOf } from "../leaf";
import { type Breadth, breadthOf, matchesArn, resourceHolds } from "../pattern/arn";
import { matchesGlob } from "../pattern/glob";

/** A document and what findings call it; an unnamed one when only one is examined. */
export interface Sourced {
  readonly source?: string | undefined;
  readonly document: Document;
}

/** One way in which an action is granted. */
export interface Grant extends Sourced {
  readonly action: Action;
  readonly statement: Statement;
  /** The element that names the action. */
  readonly by: Placed;
  /** The resource it is granted on; `*` for what a `NotResource` leaves. */
  readonly resource: string;
  readonly breadth: Breadth;
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Without it conditions and variables stay open. */
  readonly context?: Context;
}

export class Permissions {
  readonly #identity: readonly Sourced[];
  readonly #boundary: readonly Sourced[] | undefined;
  readonly #denies: readonly Statement[];

  constructor(identity: readonly Sourced[], boundary?: Sourced) {
    this.#identity = identity;
    this.#boundary = boundary && [boundary];
    this.#denies = [...identity, ...(boundary === undefined ? [] : [boundary])]
      .flatMap(({ document }) => document.statements)
      .filter(({ effect, conditions }) => effect === "Deny" && conditions.length === 0);
  }

  /** Every grant of an action that no unconditional Deny takes away and that the boundary leaves. */
  grantsOf(id: string): readonly Grant[] {
    const action = catalogue().action(id);
    if (action === undefined) return [];
    return this.#identity.flatMap((sourced) =>
      sourced.document.statements
        .filter(({ effect }) => effect === "Allow")
        .flatMap((statement) => this.#grantsIn(statement, action, sourced)),
    );
  }

  /** Whether an unconditional Deny, or the boundary's silence, takes an action on a whole resource pattern away. */
  isTakenAway(action: string, resource: string): boolean {
    const denied = this.#denies.some((statement) => namesAction(statement, action) && coversWhole(statement, resource));
    return denied || !this.#isWithinBoundary(action);
  }

  /** True: allowed in every context; false: in none; undefined: it depends. */
  decide(request: Request): Verdict {
    const says = (sourced: readonly Sourced[], effect: "Allow" | "Deny"): Verdict =>
      some(
        sourced.flatMap(({ document }) =>
          document.statements
            .filter((statement) => statement.effect === effect)
            .map((statement) => covers(statement, request, document.variables)),
        ),
      );
    const denied = says([...this.#identity, ...(this.#boundary ?? [])], "Deny");
    const allowed = says(this.#identity, "Allow");
    const within = this.#boundary === undefined ? true : says(this.#boundary, "Allow");
    return every([allowed, within, denied === undefined ? undefined : !denied]);
  }

  #grantsIn(statement: Statement, action: Action, sourced: Sourced): readonly Grant[] {
    const by = elementNaming(statement, action.id);
    if (by === undefined) return [];
    return resourcesOf(statement)
      .filter((resource) => !this.isTakenAway(action.id, resource))
      .map((resource) => ({ ...sourced, action, statement, by, resource, breadth: breadthOf(resource, action) }));
  }

  #isWithinBoundary(action: string): boolean {
    return this.#boundary?.some(({ document }) => mayAllow(document, action)) !== false;
  }
}

function mayAllow({ statements }: Document, action: string): boolean {
  return statements.some(
    (statement) => statement.effect === "Allow" && (namesAction(statement, action) || statement.actions.open === true),
  );
}

/** The element of a statement that takes an action in for certain; for `NotAction` the element as a whole. */
export function elementNaming({ actions }: Statement, action: string): Placed | undefined {
  if (!actions.not) return actions.values.find((placed) => matchesAction(placed, action));
  const left = actions.open !== true && takesAction(actions, action);
  return left ? { leaf: "*", place: actions.place } : undefined;
}

export function namesAction(statement: Statement, action: string): boolean {
  return elementNaming(statement, action) !== undefined;
}

function takesAction({ not, values }: Statement["actions"], action: string): boolean {
  return values.some((placed) => matchesAction(placed, action)) !== not;
}

function matchesAction({ leaf }: Placed, action: string): boolean {
  return matchesGlob((textOf(leaf) ?? "").toLowerCase(), action.toLowerCase());
}

export function resourcesOf({ resources }: Statement): readonly string[] {
  if (resources === undefined || resources.not) return ["*"];
  return resources.values.map(({ leaf }) => textOf(leaf) ?? "");
}

function coversWhole({ resources }: Statement, resource: string): boolean {
  if (resources === undefined) return true;
  if (resources.not) return false;
  return resources.values.some(({ leaf }) => resourceHolds(textOf(leaf) ?? "", resource));
}

function covers(statement: Statement, { action, resource, context }: Request, variables: boolean): Verdict {
  const named = openly(statement.actions, takesAction(statement.actions, action));
  const inside = openly(statement.resources, coversResource(statement, resource, context, variables));
  if (named === false || inside === false) return false;
  if (statement.conditions.length === 0) return every([named, inside]);
  if (context === undefined) return undefined;
  const held = evaluate(statement.conditions, context, variables) ?? statement.effect === "Deny";
  return every([named, inside, held]);
}

/** What an element says, where one of its values is unknown: that value may yet match, or be left out. */
function openly(element: Statement["resources"], said: Verdict): Verdict {
  if (element?.open !== true) return said;
  return said === !element.not ? said : undefined;
}

/**
 * A variable without a value matches nothing, and a `NotResource` that holds one never opens an Allow. Wildcards of
 * what opens stay within their part of the ARN; of what closes they reach as far as they can.
 */
function coversResource(
  { effect, resources }: Statement,
  resource: string,
  context: Context | undefined,
  variables: boolean,
): Verdict {
  if (resources === undefined) return true;
  const opens = effect === "Allow";
  const across = opens === resources.not;
  const patterns = resources.values.map(({ leaf }) => textOf(leaf) ?? "");
  if (context === undefined && variables && patterns.some((pattern) => pattern.includes("${"))) {
    const possible = patterns.some((pattern) => matchesArn(pattern.replaceAll(/\$\{[^}]*\}/g, "*"), resource, true));
    return possible || (opens && resources.not) ? undefined : resources.not;
  }
  const filled = patterns.map((pattern) => (variables ? fill(pattern, context ?? new Map(), true) : pattern));
  if (filled.some((pattern) => pattern !== undefined && matchesArn(pattern, literal(resource), across))) {
    return !resources.not;
  }
  return resources.not && !(opens && filled.includes(undefined));
}
