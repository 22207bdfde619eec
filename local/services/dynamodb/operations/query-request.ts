/** Reads what Query and Scan ask for. */
import { z } from "zod";
import type { Condition } from "../expression/condition";
import type { KeyCondition } from "../expression/key-condition";
import type { Projection } from "../expression/projection";
import type { ExpressionName } from "../expression/reader";
import { invalidRequest, invalidValue } from "../refusal";
import { readItem, type Item } from "../value/attribute-value";
import { legacyMembers, placeholderMembers, reportMembers, RequestExpressions, tableReference } from "./request";

export const SELECTIONS = ["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] as const;
export type Selection = (typeof SELECTIONS)[number];

/** What both ask for. */
export interface PageRequest {
  readonly table: string;
  readonly index: string | undefined;
  readonly select: Selection;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  /** Most items to look at. */
  readonly limit: number;
  /** Key of the item behind which to begin. */
  readonly start: Item | undefined;
  readonly isConsistent: boolean;
  readonly attributes: ReadonlySet<string>;
}

export interface QueryRequest extends PageRequest {
  readonly condition: KeyCondition;
  readonly isForward: boolean;
}

export interface ScanRequest extends PageRequest {
  readonly segment: { readonly number: number; readonly total: number } | undefined;
}

const MOST_SEGMENTS = 1_000_000;

const pageShape = z.object({
  TableName: tableReference,
  IndexName: z.string().min(3).max(255).optional(),
  Select: z.enum(SELECTIONS).optional(),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  Limit: z.int().min(1).optional(),
  ExclusiveStartKey: z.unknown().optional(),
  ConsistentRead: z.boolean().optional(),
  ...placeholderMembers,
  ...reportMembers,
  ...legacyMembers("AttributesToGet", "ConditionalOperator"),
});
type PageInput = z.output<typeof pageShape>;

export const query = pageShape
  .extend({
    KeyConditionExpression: z.string().optional(),
    ScanIndexForward: z.boolean().optional(),
    ...legacyMembers("KeyConditions", "QueryFilter"),
  })
  .transform((input): QueryRequest => {
    const expressions = expressionsOf(input, "KeyConditionExpression");
    const condition = expressions.keyCondition();
    if (condition === undefined) {
      throw invalidRequest(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
      );
    }
    return { ...readPage(input, expressions, "Querying"), condition, isForward: input.ScanIndexForward ?? true };
  });

export const scan = pageShape
  .extend({
    Segment: z.int().min(0).optional(),
    TotalSegments: z.int().min(1).max(MOST_SEGMENTS).optional(),
    ...legacyMembers("ScanFilter"),
  })
  .transform((input): ScanRequest => {
    const page = readPage(input, expressionsOf(input), "Scanning");
    return { ...page, segment: readSegment(input.Segment, input.TotalSegments) };
  });

function expressionsOf(input: PageInput, ...more: readonly ExpressionName[]): RequestExpressions {
  return new RequestExpressions(input, ["FilterExpression", ...more, "ProjectionExpression"]);
}

function readPage(input: PageInput, expressions: RequestExpressions, doing: "Querying" | "Scanning"): PageRequest {
  const filter = expressions.condition("FilterExpression");
  const projection = expressions.projection();
  const attributes = expressions.end();
  const start = input.ExclusiveStartKey;
  return {
    table: input.TableName,
    index: input.IndexName,
    select: readSelection(input, projection, doing),
    filter,
    projection,
    limit: input.Limit ?? Infinity,
    start: start === undefined || start === null ? undefined : readItem(start),
    isConsistent: input.ConsistentRead ?? false,
    attributes,
  };
}

function readSelection(input: PageInput, projection: Projection | undefined, doing: string): Selection {
  const isIndex = input.IndexName !== undefined;
  const usual = isIndex ? "ALL_PROJECTED_ATTRIBUTES" : "ALL_ATTRIBUTES";
  const select = input.Select ?? (projection === undefined ? usual : "SPECIFIC_ATTRIBUTES");
  if (select === "SPECIFIC_ATTRIBUTES" && projection === undefined) {
    throw invalidValue(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (select !== "SPECIFIC_ATTRIBUTES" && projection !== undefined) {
    const wanted = select === "COUNT" ? "only the Count" : select;
    throw invalidValue(`Cannot specify the ProjectionExpression when choosing to get ${wanted}`);
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && !isIndex) {
    throw invalidValue(`ALL_PROJECTED_ATTRIBUTES can be used only when ${doing} using an IndexName`);
  }
  return select;
}

function readSegment(number: number | undefined, total: number | undefined): ScanRequest["segment"] {
  if (number === undefined && total === undefined) return undefined;
  if (total === undefined) {
    throw invalidRequest(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (number === undefined) {
    throw invalidRequest(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (number < total) return { number, total };
  throw invalidRequest(
    "The Segment parameter is zero-based and must be less than parameter TotalSegments: " +
      `Segment: ${number} is not less than TotalSegments: ${total}`,
  );
}
