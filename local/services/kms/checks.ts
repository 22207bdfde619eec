/** The permissions a caller needs on the key of an encrypted resource, as the service that holds the data asks for them. */
import type { AccountFacts } from "../model";
import type { Check } from "../service";

/**
 * @param keyArn the key the resource is encrypted with; nothing when AWS's own key serves
 * @param through the service: it shows as `kms:ViaService`
 */
export function keyChecks(
  keyArn: string | undefined,
  through: string,
  { region }: AccountFacts,
  ...actions: readonly ("kms:Decrypt" | "kms:GenerateDataKey" | "kms:Encrypt")[]
): readonly Check[] {
  if (keyArn === undefined) return [];
  const context = { "kms:ViaService": `${through}.${region}.amazonaws.com` };
  return actions.map((action) => ({ action, resource: keyArn, context }));
}
