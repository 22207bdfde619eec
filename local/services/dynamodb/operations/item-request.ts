/** Reads what a request wants of one item: GetItem, PutItem, UpdateItem, DeleteItem and the parts of a transaction. */
import { z } from "zod";
import type { Condition } from "../expression/condition";
import type { Projection } from "../expression/projection";
import type { Update } from "../expression/update";
import { invalidRequest } from "../refusal";
import { readItem, type Item } from "../value/attribute-value";
import {
  collectionMembers,
  legacyMembers,
  placeholderMembers,
  reportMembers,
  RequestExpressions,
  tableReference,
} from "./request";

export interface ItemRead {
  readonly table: string;
  readonly key: Item;
  readonly projection: Projection | undefined;
  /** Top-level attributes that the request speaks of. */
  readonly attributes: ReadonlySet<string>;
}

export interface ItemWrite {
  readonly action: "Put" | "Update" | "Delete" | "ConditionCheck";
  readonly table: string;
  /** The item to put, or the key of the item. */
  readonly subject: Item;
  readonly update: Update | undefined;
  readonly condition: Condition | undefined;
  /** Whether a refusal by the condition shows the item. */
  readonly showsItem: boolean;
  readonly attributes: ReadonlySet<string>;
  /** The request as it came, to tell it from another one. */
  readonly text: () => string;
}

export const RETURN_VALUES = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] as const;
export type ReturnValues = (typeof RETURN_VALUES)[number];

/** A write of its own, which may answer with the item. */
export interface AnsweredWrite extends ItemWrite {
  readonly returns: ReturnValues;
}

const text = z.string().optional();
const keyed = { TableName: tableReference, Key: z.unknown().optional(), ...placeholderMembers };
const conditional = {
  ConditionExpression: text,
  ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).optional(),
};
const answered = {
  ReturnValues: z.enum(RETURN_VALUES).optional(),
  ...reportMembers,
  ...collectionMembers,
  ...legacyMembers("Expected", "ConditionalOperator"),
};

const getShape = z.object({ ...keyed, ProjectionExpression: text, ...legacyMembers("AttributesToGet") });
const putShape = z.object({
  TableName: tableReference,
  Item: z.unknown().optional(),
  ...placeholderMembers,
  ...conditional,
});
const updateShape = z.object({ ...keyed, ...conditional, UpdateExpression: text });
const deleteShape = z.object({ ...keyed, ...conditional });

/** The parts of a transaction. */
export const getPart = getShape.transform(readGet);
export const putPart = putShape.transform(readPut);
export const updatePart = updateShape.transform((input) => {
  if (input.UpdateExpression !== undefined) return readUpdateOf(input);
  throw missing("updateExpression");
});
export const deletePart = deleteShape.transform((input) => readDelete("Delete", input));
export const checkPart = deleteShape.transform((input) => {
  if (input.ConditionExpression !== undefined) return readDelete("ConditionCheck", input);
  throw missing("conditionExpression");
});

/** The operations of their own. */
export const getItem = getShape.extend({ ConsistentRead: z.boolean().optional(), ...reportMembers }).transform(readGet);
export const putItem = putShape
  .extend(answered)
  .transform((input) => ({ ...readPut(input), returns: onlyOldOf(input.ReturnValues) }));
export const updateItem = updateShape
  .extend({ ...answered, ...legacyMembers("AttributeUpdates") })
  .transform((input) => ({ ...readUpdateOf(input), returns: input.ReturnValues ?? "NONE" }));
export const deleteItem = deleteShape
  .extend(answered)
  .transform((input) => ({ ...readDelete("Delete", input), returns: onlyOldOf(input.ReturnValues) }));

/** @throws AwsError when a member that must be there is not */
export function required(input: Readonly<Record<string, unknown>>, member: string): unknown {
  const value = input[member];
  if (value !== undefined && value !== null) return value;
  throw missing(member.charAt(0).toLowerCase() + member.slice(1));
}

function readGet(input: z.output<typeof getShape>): ItemRead {
  const expressions = new RequestExpressions(input, ["ProjectionExpression"]);
  const projection = expressions.projection();
  const key = readItem(required(input, "Key"));
  return { table: input.TableName, key, projection, attributes: withNames(expressions.end(), key) };
}

function readPut(input: z.output<typeof putShape>): ItemWrite {
  return readWrite("Put", input, readItem(required(input, "Item")));
}

function readUpdateOf(input: z.output<typeof updateShape>): ItemWrite {
  return readWrite("Update", input, readItem(required(input, "Key")));
}

function readDelete(action: "Delete" | "ConditionCheck", input: z.output<typeof deleteShape>): ItemWrite {
  return readWrite(action, input, readItem(required(input, "Key")));
}

function readWrite(
  action: ItemWrite["action"],
  input: z.output<typeof putShape> | z.output<typeof updateShape> | z.output<typeof deleteShape>,
  subject: Item,
): ItemWrite {
  const taken =
    action === "Update" ? (["UpdateExpression", "ConditionExpression"] as const) : (["ConditionExpression"] as const);
  const expressions = new RequestExpressions(input, taken);
  const [update, condition] = [action === "Update" ? expressions.update() : undefined, expressions.condition()];
  return {
    action,
    table: input.TableName,
    subject,
    update,
    condition,
    showsItem: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
    attributes: withNames(expressions.end(), subject),
    text: () => JSON.stringify([action, input]),
  };
}

/** What has not been updated has no new values to return. */
function onlyOldOf(returns: ReturnValues = "NONE"): ReturnValues {
  if (returns === "NONE" || returns === "ALL_OLD") return returns;
  throw invalidRequest("Return values set to invalid value");
}

/** The attributes that a request speaks of, those of its item or key included. */
export function withNames(attributes: ReadonlySet<string>, item: Item): ReadonlySet<string> {
  return new Set([...attributes, ...Object.keys(item)]);
}

function missing(member: string): Error {
  return invalidRequest(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
