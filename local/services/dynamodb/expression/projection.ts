/** Reads ProjectionExpression: the places of an item that shall be answered. */
import type { Item } from "../value/attribute-value";
import { PathClash, PathTree, projectItem } from "../value/path-tree";
import type { DocumentPath } from "../value/document-path";
import type { Placeholders } from "./placeholders";
import { ExpressionReader } from "./reader";

export interface Projection {
  readonly tree: PathTree<true>;
  /** Top-level attributes that the projection speaks of. */
  readonly attributes: ReadonlySet<string>;
}

/** @throws AwsError as DynamoDB refuses the expression */
export function readProjection(text: string, placeholders: Placeholders): Projection {
  const reader = new ExpressionReader("ProjectionExpression", text, placeholders);
  const places: [DocumentPath, true][] = [];
  do {
    const operand = reader.acceptPath();
    if (operand === undefined) throw reader.syntaxError();
    places.push([operand.path, true]);
  } while (reader.accept(","));
  reader.end();
  return { tree: treeOf(reader, places), attributes: reader.attributes };
}

/** The parts of the item that the projection names; all of it without one. */
export function projected(item: Item, projection: Projection | undefined): Item {
  return projection === undefined ? item : projectItem(item, projection.tree);
}

/** @throws AwsError when the places cannot all be meant */
export function treeOf<Leaf>(
  reader: ExpressionReader,
  places: readonly (readonly [DocumentPath, Leaf])[],
): PathTree<Leaf> {
  try {
    return new PathTree(places);
  } catch (error) {
    if (error instanceof PathClash) throw reader.refusal(error.message);
    throw error;
  }
}
