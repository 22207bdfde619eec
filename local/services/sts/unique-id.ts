/** The ids by which AWS tells users, roles and sessions apart, whatever they are called. */
import { optionalText, type Graph } from "../../graph/graph";
import type { Principal } from "../../iam/principal";
import { fingerprint } from "../model";

/**
 * The id of a user (`AIDA...`), or of a role and its session (`AROA...:session`); a service, which has none, goes by its
 * name. Source: IAM user guide, "Unique identifiers".
 */
export function uniqueIdOf(principal: Principal, graph: Graph): string {
  switch (principal.kind) {
    case "role":
      return `${uniqueIdOfRole(principal.roleArn, graph)}:${principal.arn.split("/").at(-1) ?? ""}`;
    case "user":
    case "operator":
      return uniqueIdOfUser(principal.arn);
    case "service":
    case "federated":
    case "anonymous":
      return principal.arn;
  }
}

export function uniqueIdOfRole(roleArn: string, graph: Graph): string {
  const role = graph.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === roleArn);
  const known = role && optionalText(role.outputs, "uniqueId");
  return known ?? `AROA${fingerprint(roleArn, 17).toUpperCase()}`;
}

export function uniqueIdOfUser(arn: string): string {
  return `AIDA${fingerprint(arn, 17).toUpperCase()}`;
}
