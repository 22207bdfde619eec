/** The statements of a policy document, as far as they can be compared. */
import { canonicalJson } from "../canonical";
import { isCutOff, readText } from "../sight";

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `*`, `AWS:arn:...`, `Service:lambda.amazonaws.com`; in an identity's policy, which has none, one empty name. */
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
  /** The whole statement, where it can only be compared as a whole. */
  readonly whole?: string;
  /** How people find it. */
  readonly label: string;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Elements that say what is excepted: they turn every comparison round. */
const EXCEPTIONS = ["NotAction", "NotResource", "NotPrincipal"];
const ELEMENTS = ["Sid", "Effect", "Action", "Resource", "Principal", "Condition", ...EXCEPTIONS];

/** @returns nothing where it is no policy document */
export function readStatements(document: unknown): readonly Statement[] | undefined {
  const inner = typeof document === "string" ? readText(document) : document;
  if (inner === undefined || inner === null || inner === "") return [];
  if (isCutOff(inner) || typeof inner !== "object" || Array.isArray(inner)) return undefined;
  const listed = (inner as Fields)["Statement"];
  const statements = (Array.isArray(listed) ? listed : [listed]).map(readStatement);
  return statements.every((each) => each !== undefined) ? statements : undefined;
}

function readStatement(value: unknown): Statement | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Fields;
  const effect = fields["Effect"];
  if (effect !== "Allow" && effect !== "Deny") return undefined;
  const [actions, resources] = [textsOf(fields["Action"]), textsOf(fields["Resource"])];
  const [principals, conditions] = [principalsOf(fields["Principal"]), conditionsOf(fields["Condition"])];
  const whole =
    Object.keys(fields).some((name) => EXCEPTIONS.includes(name) || !ELEMENTS.includes(name)) ||
    [actions, resources, principals, conditions].includes(undefined);
  const { Sid: sid, ...meaning } = fields;
  return {
    effect,
    actions: (actions ?? []).map((action) => action.toLowerCase()),
    resources: resources ?? [],
    principals: principals ?? [],
    conditions: conditions ?? [],
    ...(whole ? { whole: canonicalJson(meaning) } : {}),
    label: typeof sid === "string" && sid !== "" ? sid : `${effect} ${labelOf(fields["Action"], actions)}`,
  };
}

function labelOf(written: unknown, actions: readonly string[] | undefined): string {
  return written === undefined || actions === undefined ? "an exception" : actions.slice(0, 3).join(", ");
}

function textsOf(value: unknown): string[] | undefined {
  if (value === undefined) return [""];
  const listed: unknown[] = Array.isArray(value) ? value : [value];
  return listed.every((each) => typeof each === "string") ? listed : undefined;
}

function principalsOf(value: unknown): string[] | undefined {
  if (value === undefined) return [""];
  if (value === "*") return ["*"];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const named: string[] = [];
  for (const [kind, written] of Object.entries(value)) {
    const texts = textsOf(written);
    if (texts === undefined) return undefined;
    named.push(...texts.map((text) => (text === "*" && kind === "AWS" ? "*" : `${kind}:${accountRoot(text)}`)));
  }
  return named;
}

/** Twelve digits stand for the root of the account. */
function accountRoot(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
}

function conditionsOf(value: unknown): Condition[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(value)) {
    if (typeof keys !== "object" || keys === null || Array.isArray(keys)) return undefined;
    for (const [key, written] of Object.entries(keys as Fields)) {
      const listed: unknown[] = Array.isArray(written) ? written : [written];
      conditions.push({ operator, key: key.toLowerCase(), values: listed.map((each) => String(each)) });
    }
  }
  return conditions;
}
