/**
 * A statement compiled to matchers, and a document compiled to statements: the form in which policies are asked.
 *
 * AWS writes that a `*` at the end of an ARN part "can expand" beyond the colon. Nobody should win by that: what opens
 * access is read with wildcards held inside their part, what closes it is read with wildcards across parts.
 */
import { compileConditions, type ConditionTest } from "./condition";
import type { RequestContext } from "./context";
import type { DocumentKind, Effect, Listed, PolicyDocument, Statement } from "./document";
import { compileArn, compileText, type Lookup, type Pattern, readPattern } from "./pattern";
import type { Principal } from "./principal";
import { type Closeness, closenessOf, type PrincipalName, sparesCaller } from "./principal-element";

/** A document and where it comes from, e.g. `role writer / inline`; make a new one for each attachment. */
export interface SourcedDocument {
  readonly source: string;
  readonly kind: DocumentKind;
  readonly statements: readonly CompiledStatement[];
}

export function compileDocument(source: string, { kind, version, statements }: PolicyDocument): SourcedDocument {
  const variables = version === "2012-10-17";
  return {
    source,
    kind,
    statements: statements.map((statement, index) => new CompiledStatement(statement, index, variables)),
  };
}

/** The call that a statement is asked about. */
export interface Call {
  readonly principal: Principal;
  /** In lower case. */
  readonly action: string;
  /** An ARN, or `*` where AWS knows no resource. */
  readonly resource: string;
  /** The account that owns the resource; undefined where neither the ARN nor the caller has one. */
  readonly resourceAccount: string | undefined;
  readonly context: RequestContext;
  /** Whether the caller has a permissions boundary: no `NotPrincipal` spares such a caller. */
  readonly bounded: boolean;
}

/** What one statement grants with one action and one resource pattern, as the document spells them. */
export interface GrantPattern {
  readonly action: string;
  readonly resource: string;
}

/** How a grant calls the resource of a statement that names none. */
const ITSELF = "(the resource itself)";

export class CompiledStatement {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Actions times resources, resources varying fastest; a `Not` list counts as one. */
  readonly grants: readonly GrantPattern[];
  readonly #actions: PatternList;
  readonly #resources: PatternList | undefined;
  readonly #principals: Listed<PrincipalName> | undefined;
  readonly #conditions: ConditionTest | undefined;

  constructor(
    { sid, effect, actions, resources, principals, conditions }: Statement,
    index: number,
    variables: boolean,
  ) {
    this.index = index;
    this.sid = sid;
    this.effect = effect;
    const compileResource = (effect === "Allow") === (resources?.not !== true) ? compileArn : compileText;
    this.#actions = new PatternList("Action", actions, effect, (action) =>
      compileText(readPattern(action.toLowerCase(), { wildcards: true, variables: false }, "Action")),
    );
    this.#resources =
      resources &&
      new PatternList("Resource", resources, effect, (resource) =>
        compileResource(readPattern(resource, { wildcards: true, variables }, "Resource")),
      );
    this.#principals = principals && widenDeny(principals, effect);
    this.#conditions =
      conditions.length === 0
        ? undefined
        : compileConditions(conditions, { variables, whenUnclear: effect === "Deny", place: "Condition" });
    const resourceLabels = this.#resources?.labels ?? [ITSELF];
    this.grants = this.#actions.labels.flatMap((action) => resourceLabels.map((resource) => ({ action, resource })));
  }

  /** Whether the statement, principals aside, is about this call. */
  covers(call: Call): boolean {
    return (
      this.#actions.cover(call.action, call.context.lookup) &&
      this.#resources?.cover(call.resource, call.context.lookup) !== false &&
      this.#conditions?.(call.context) !== false
    );
  }

  /** How closely the statement names the caller; a Deny names everyone whom its `NotPrincipal` does not spare. */
  names({ principal, bounded }: Call): Closeness {
    if (this.#principals === undefined) return "itself";
    const { not, values } = this.#principals;
    if (not) return !bounded && sparesCaller(values, principal) ? "none" : "itself";
    return closenessOf(values, principal);
  }

  /** Which of {@link grants} cover this call, by index. */
  grantsFor(call: Call): readonly number[] {
    const resources = this.#resources?.matching(call.resource, call.context.lookup) ?? FIRST;
    const actions = this.#actions.matching(call.action, call.context.lookup);
    const width = this.#resources?.labels.length ?? 1;
    return actions.flatMap((action) => resources.map((resource) => action * width + resource));
  }
}

const FIRST: readonly number[] = [0];

/** The patterns of an `Action` or `Resource` element, or of its `Not` form. */
class PatternList {
  readonly labels: readonly string[];
  readonly #not: boolean;
  readonly #patterns: readonly Pattern[];
  readonly #whenUnclear: boolean;

  constructor(name: string, { not, values }: Listed<string>, effect: Effect, compile: (value: string) => Pattern) {
    this.labels = not ? [`Not${name}: ${values.join(", ")}`] : values;
    this.#not = not;
    this.#patterns = values.map(compile);
    this.#whenUnclear = effect === "Deny";
  }

  /** A variable without a value fails to match; a `Not` list that holds one never opens access. */
  cover(text: string, lookup: Lookup): boolean {
    for (const pattern of this.#patterns) {
      const matches = pattern.matches(text, lookup);
      if (matches === true) return !this.#not;
      if (matches === undefined && this.#not && !this.#whenUnclear) return false;
    }
    return this.#not;
  }

  /** The indexes into {@link labels} of what covers a text that is known to be covered. */
  matching(text: string, lookup: Lookup): readonly number[] {
    if (this.#patterns.length === 1 || this.#not) return FIRST;
    const found: number[] = [];
    this.#patterns.forEach((pattern, index) => {
      if (pattern.matches(text, lookup) === true) found.push(index);
    });
    return found;
  }
}

/** AWS does not say whether a Deny to `{"AWS": "*"}` reaches services; here it reaches everyone. */
function widenDeny(principals: Listed<PrincipalName>, effect: Effect): Listed<PrincipalName> {
  if (effect === "Allow") return principals;
  const values = principals.values.map((name): PrincipalName =>
    name.type === "every-aws" ? { type: "everyone" } : name,
  );
  return { ...principals, values };
}
