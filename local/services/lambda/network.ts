/** What Lambda does on a role's behalf to place its function in a network: asked of the role when the stage opens. */
import { StageError } from "../../diagnostics";
import { describeResource, type Resource } from "../../graph/graph";
import { isRecord } from "../../graph/value";
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";

/** @throws StageError naming the permission that the role lacks */
export function attachToNetwork(
  resource: Resource,
  principal: RoleSession,
  { authorizer, facts }: ServiceContext,
): void {
  const network = resource.inputs["vpcConfig"];
  if (!isRecord(network)) return;
  const ec2 = (kind: string, id: string): string =>
    `arn:${facts.partition}:ec2:${facts.region}:${facts.account}:${kind}/${id}`;
  const ids = (property: string): string[] => {
    const listed = network[property];
    return Array.isArray(listed) ? listed.map(String) : [];
  };
  const needed: readonly (readonly [string, string])[] = [
    ["ec2:DescribeSubnets", "*"],
    ["ec2:DescribeNetworkInterfaces", "*"],
    ["ec2:CreateNetworkInterface", ec2("network-interface", "*")],
    ...ids("subnetIds").map((id) => ["ec2:CreateNetworkInterface", ec2("subnet", id)] as const),
    ...ids("securityGroupIds").map((id) => ["ec2:CreateNetworkInterface", ec2("security-group", id)] as const),
  ];
  for (const [action, target] of needed) {
    if (authorizer.authorize({ principal, action, resource: target }).allowed) continue;
    throw new StageError(
      `${describeResource(resource)}: its role may not ${action} on ${target}, so Lambda cannot place it in the network`,
    );
  }
}
