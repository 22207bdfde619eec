/**
 * KeyConditionExpression: the partition, and where in it. It is read like any condition, then taken to its two parts.
 * Source: DynamoDB developer guide, "Key condition expressions for the Query operation".
 */
import type { AttributeValue } from "../value/attribute-value";
import { invalidRequest } from "../refusal";
import type { Comparator, Operand, Test } from "./condition";
import { readCondition } from "./condition-parser";
import type { Placeholders } from "./placeholders";

export type KeyComparator = Exclude<Comparator, "<>">;

/** What is asked of one key attribute. */
export type KeyTest =
  | { readonly kind: "compare"; readonly comparator: KeyComparator; readonly value: AttributeValue }
  | { readonly kind: "between"; readonly low: AttributeValue; readonly high: AttributeValue }
  | { readonly kind: "begins_with"; readonly start: AttributeValue };

/** By the name of the key attribute, one or two. */
export type KeyCondition = ReadonlyMap<string, KeyTest>;

const MIRRORED: Readonly<Record<KeyComparator, KeyComparator>> = {
  "=": "=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** @throws AwsError as DynamoDB refuses the expression */
export function readKeyCondition(text: string, placeholders: Placeholders): KeyCondition {
  const { test } = readCondition("KeyConditionExpression", text, placeholders);
  const tests = new Map<string, KeyTest>();
  for (const [name, keyTest] of conjuncts(test).map(readTest)) {
    if (tests.has(name)) throw refusal("KeyConditionExpressions must only contain one condition per key");
    tests.set(name, keyTest);
  }
  if (tests.size > 2) throw invalidRequest("Conditions can be of length 1 or 2 only");
  return tests;
}

function conjuncts(test: Test): Test[] {
  return test.kind === "and" ? [...conjuncts(test.left), ...conjuncts(test.right)] : [test];
}

function readTest(test: Test): [string, KeyTest] {
  switch (test.kind) {
    case "compare":
      return readComparison(test.comparator, test.left, test.right);
    case "between": {
      const name = firstOperand("BETWEEN", test.operand);
      return [name, { kind: "between", low: valueOf(test.low), high: valueOf(test.high) }];
    }
    case "begins_with": {
      const name = firstOperand("begins_with", test.whole);
      return [name, { kind: "begins_with", start: valueOf(test.part) }];
    }
    case "and":
    case "or":
    case "not":
    case "in":
      throw unfit(test.kind.toUpperCase());
    case "exists":
      throw unfit(test.expected ? "attribute_exists" : "attribute_not_exists");
    case "type":
      throw unfit("attribute_type");
    case "contains":
      throw unfit(test.kind);
  }
}

/** The attribute may stand on either side. */
function readComparison(comparator: Comparator, left: Operand, right: Operand): [string, KeyTest] {
  if (comparator === "<>") throw unfit(comparator);
  const name = attributeIn(left);
  if (name !== undefined) return [name, { kind: "compare", comparator, value: valueOf(right) }];
  const mirrored = attributeIn(right);
  if (mirrored === undefined) {
    throw refusal("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  return [mirrored, { kind: "compare", comparator: MIRRORED[comparator], value: valueOf(left) }];
}

function firstOperand(operator: string, operand: Operand): string {
  const name = attributeIn(operand);
  if (name !== undefined) return name;
  throw refusal(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  );
}

function attributeIn(operand: Operand): string | undefined {
  switch (operand.kind) {
    case "path":
      if (operand.path.length === 1) return operand.path[0];
      throw refusal("KeyConditionExpressions cannot have conditions on nested attributes");
    case "size":
      throw refusal("KeyConditionExpressions cannot contain nested operations");
    case "value":
      return undefined;
  }
}

function valueOf(operand: Operand): AttributeValue {
  if (operand.kind === "value") return operand.value;
  attributeIn(operand);
  throw refusal("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
}

function unfit(operator: string): Error {
  return refusal(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function refusal(problem: string): Error {
  return invalidRequest(`Invalid KeyConditionExpression: ${problem}`);
}
