/** Which key an encrypted resource means when it names one. */
import { StageError } from "../../diagnostics";
import { describeResource, textOf, type Graph, type Resource } from "../../graph/graph";

/**
 * @param reference the key's id, its ARN, or an alias by name or ARN
 * @param resource who names the key
 * @returns the key's ARN; nothing for a key of AWS's own (`alias/aws/sns`), which asks nobody for permission
 * @throws StageError when the graph has no such key
 */
export function keyArnOf(reference: string | undefined, graph: Graph, resource: Resource): string | undefined {
  if (reference === undefined || /(^|:)alias\/aws\/[a-z0-9/_-]+$/.test(reference)) return undefined;
  const alias = graph
    .ofType("aws:kms/alias:Alias")
    .find(({ outputs }) => outputs["name"] === reference || outputs["arn"] === reference);
  const meant = alias === undefined ? reference : textOf(alias.outputs, "targetKeyArn");
  const key = graph.ofType("aws:kms/key:Key").find(({ id, outputs }) => id === meant || outputs["arn"] === meant);
  if (key !== undefined) return textOf(key.outputs, "arn");
  throw new StageError(
    `${describeResource(resource)}: its key ${reference} is not in the graph; name a key or an alias of this program`,
  );
}
