/**
 * What requests have in common: tables, items, expressions. A request is read whole before permission is asked, so that
 * what is checked is what runs.
 */
import { z } from "zod";
import { AwsError } from "../../service";
import type { Condition } from "../expression/condition";
import { readCondition } from "../expression/condition-parser";
import { readKeyCondition, type KeyCondition } from "../expression/key-condition";
import { Placeholders } from "../expression/placeholders";
import { readProjection, type Projection } from "../expression/projection";
import type { ExpressionName } from "../expression/reader";
import type { Update } from "../expression/update";
import { readUpdate } from "../expression/update-parser";
import { invalidRequest } from "../refusal";

/** A table's name or ARN. */
export const tableReference = z.string().min(1).max(1024);

export const placeholderMembers = {
  ExpressionAttributeNames: z.unknown().optional(),
  ExpressionAttributeValues: z.unknown().optional(),
};

/** What every operation takes beside its own members; the stage meters no capacity. */
export const reportMembers = {
  ReturnConsumedCapacity: z
    .literal("NONE", "the local stage meters no capacity: leave ReturnConsumedCapacity out, or say NONE")
    .optional(),
};

/** Collections of items belong to local secondary indexes, which no table here has: there is nothing to report. */
export const collectionMembers = { ReturnItemCollectionMetrics: z.enum(["SIZE", "NONE"]).optional() };

/** Members that expressions have replaced, by what replaced them. */
const LEGACY = {
  AttributesToGet: "ProjectionExpression",
  AttributeUpdates: "UpdateExpression",
  Expected: "ConditionExpression",
  ConditionalOperator: "AND and OR in an expression",
  KeyConditions: "KeyConditionExpression",
  QueryFilter: "FilterExpression",
  ScanFilter: "FilterExpression",
} as const;

type Legacy = keyof typeof LEGACY;

/** Legacy members as a shape: they are read only to be refused. */
export function legacyMembers<Name extends Legacy>(
  ...names: readonly Name[]
): Record<Name, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()])) as Record<
    Name,
    z.ZodOptional<z.ZodUnknown>
  >;
}

type Input = Readonly<Record<string, unknown>>;

/** The expressions of one request. Ask for each that the operation takes, then {@link end}. */
export class RequestExpressions {
  readonly #placeholders: Placeholders;
  readonly #attributes = new Set<string>();

  /** @throws AwsError when the request speaks the legacy language, or defines placeholders without an expression */
  constructor(
    private readonly input: Input,
    taken: readonly ExpressionName[],
  ) {
    const given = taken.filter((name) => input[name] !== undefined);
    refuseLegacy(input, given);
    this.#placeholders = new Placeholders(input["ExpressionAttributeNames"], input["ExpressionAttributeValues"]);
    if (this.#placeholders.areNamesGiven && given.length === 0) {
      throw invalidRequest("ExpressionAttributeNames can only be specified when using expressions");
    }
    const valued = taken.filter((name) => name !== "ProjectionExpression");
    if (this.#placeholders.areValuesGiven && !valued.some((name) => given.includes(name))) {
      const lacking = valued.length === 0 ? "" : `: ${valued.join(" and ")} ${valued.length === 1 ? "is" : "are"} null`;
      throw invalidRequest(`ExpressionAttributeValues can only be specified when using expressions${lacking}`);
    }
  }

  condition(name: "ConditionExpression" | "FilterExpression" = "ConditionExpression"): Condition | undefined {
    return this.#read(name, (text) => this.#noting(readCondition(name, text, this.#placeholders)));
  }

  update(): Update | undefined {
    return this.#read("UpdateExpression", (text) => this.#noting(readUpdate(text, this.#placeholders)));
  }

  projection(): Projection | undefined {
    return this.#read("ProjectionExpression", (text) => this.#noting(readProjection(text, this.#placeholders)));
  }

  keyCondition(): KeyCondition | undefined {
    return this.#read("KeyConditionExpression", (text) => {
      const condition = readKeyCondition(text, this.#placeholders);
      for (const name of condition.keys()) this.#attributes.add(name);
      return condition;
    });
  }

  /**
   * The top-level attributes that the expressions speak of.
   * @throws AwsError when a placeholder was defined for nothing
   */
  end(): ReadonlySet<string> {
    this.#placeholders.refuseUnused();
    return this.#attributes;
  }

  #read<Result>(name: ExpressionName, read: (text: string) => Result): Result | undefined {
    const text = this.input[name];
    return typeof text === "string" ? read(text) : undefined;
  }

  #noting<Read extends { readonly attributes: ReadonlySet<string> }>(read: Read): Read {
    for (const name of read.attributes) this.#attributes.add(name);
    return read;
  }
}

function refuseLegacy(input: Input, expressions: readonly ExpressionName[]): void {
  const legacy = (Object.keys(LEGACY) as Legacy[]).filter((name) => input[name] !== undefined && input[name] !== null);
  const [first] = legacy;
  if (first === undefined) return;
  if (expressions.length > 0) {
    throw invalidRequest(
      "Can not use both expression and non-expression parameters in the same request: " +
        `Non-expression parameters: {${legacy.join(", ")}} Expression parameters: {${expressions.join(", ")}}`,
    );
  }
  throw new AwsError(
    "ValidationException",
    `the local stage does not model the legacy parameter ${first}: say it with ${LEGACY[first]}`,
  );
}
