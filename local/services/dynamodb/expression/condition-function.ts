/** The functions that conditions know. Source: DynamoDB developer guide, "Condition and filter expressions", functions. */
import type { Operand, Test } from "./condition";
import { VALUE_TYPES, typeOf, type ValueType } from "../value/attribute-value";
import { areSamePaths, renderPath } from "../value/document-path";
import type { ExpressionReader } from "./reader";

/**
 * Reads a call whose name and opening bracket have been read.
 * @throws AwsError when there is no such function, or it does not take these operands
 */
export function readFunction(reader: ExpressionReader, name: string, readOperands: () => Operand[]): Test | Operand {
  switch (name) {
    case "attribute_exists":
    case "attribute_not_exists":
      return exists(reader, name, readOperands());
    case "attribute_type":
      return hasType(reader, name, readOperands());
    case "begins_with":
    case "contains":
      return holdsPart(reader, name, readOperands());
    case "size":
      return size(reader, name, readOperands());
    case "if_not_exists":
    case "list_append":
      throw reader.refusal(`The function is not allowed in a condition expression; function: ${name}`);
    default:
      throw reader.refusal(`Invalid function name; function: ${name}`);
  }
}

/** @throws AwsError when both operands are the same place of the item */
export function refuseSamePaths(reader: ExpressionReader, operator: string, left: Operand, right: Operand): void {
  if (left.kind !== "path" || right.kind !== "path" || !areSamePaths(left.path, right.path)) return;
  throw reader.refusal(
    "The first operand must be distinct from the remaining operands for this operator or function; " +
      `operator: ${operator}, first operand: ${renderPath(left.path)}`,
  );
}

function exists(reader: ExpressionReader, name: string, operands: readonly Operand[]): Test {
  reader.expectOperands(name, operands, 1);
  const [operand] = operands;
  if (operand?.kind !== "path") {
    throw reader.refusal(`Operator or function requires a document path; operator or function: ${name}`);
  }
  return { kind: "exists", path: operand.path, expected: name === "attribute_exists" };
}

function hasType(reader: ExpressionReader, name: string, operands: readonly Operand[]): Test {
  reader.expectOperands(name, operands, 2);
  const [operand, type] = operands as [Operand, Operand];
  refuseSamePaths(reader, name, operand, type);
  if (type.kind !== "value" || !("S" in type.value)) {
    const given = type.kind === "value" ? typeOf(type.value) : `{${VALUE_TYPES.join(",")}}`;
    throw reader.typeError("operator or function", name, given);
  }
  const asked = type.value.S;
  if (!isValueType(asked)) {
    throw reader.refusal(`Invalid attribute type name found; type: ${asked}, valid types: {${VALUE_TYPES.join(",")}}`);
  }
  return { kind: "type", operand, type: asked };
}

function holdsPart(reader: ExpressionReader, name: "begins_with" | "contains", operands: readonly Operand[]): Test {
  reader.expectOperands(name, operands, 2);
  const [whole, part] = operands as [Operand, Operand];
  refuseSamePaths(reader, name, whole, part);
  if (name === "begins_with") {
    for (const operand of operands) {
      const type = typeKnown(operand);
      if (type !== undefined && type !== "S" && type !== "B") {
        throw reader.typeError("operator or function", name, type);
      }
    }
  }
  return { kind: name, whole, part };
}

function size(reader: ExpressionReader, name: string, operands: readonly Operand[]): Operand {
  reader.expectOperands(name, operands, 1);
  const [operand] = operands as [Operand];
  if (operand.kind === "size") {
    throw reader.refusal(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }
  const type = typeKnown(operand);
  if (type === "N" || type === "BOOL" || type === "NULL") throw reader.typeError("operator or function", name, type);
  return { kind: "size", of: operand };
}

/** The type of an operand that does not depend on the item. */
function typeKnown(operand: Operand): ValueType | undefined {
  if (operand.kind === "path") return undefined;
  return operand.kind === "size" ? "N" : typeOf(operand.value);
}

function isValueType(text: string): text is ValueType {
  return (VALUE_TYPES as readonly string[]).includes(text);
}
