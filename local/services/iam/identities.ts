/**
 * Brings the graph's roles and users, with their policies, boundaries and trust, to the authorizer, and the users' keys
 * to the endpoint.
 */
import { describeResource, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { StageError } from "../../diagnostics";
import type { CredentialStore } from "../../endpoint/credentials";
import type { AttachedDocument, Authorizer } from "../../iam/authorizer";
import { iamUser } from "../../iam/principal";

/** Ways of granting that the stage does not follow: a graph that uses one is refused rather than half understood. */
const NOT_FOLLOWED = [
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
];

/** @throws StageError naming the resource whose policy is not understood */
export function registerIdentities(graph: Graph, authorizer: Authorizer, credentials: CredentialStore): void {
  for (const type of NOT_FOLLOWED) {
    const [attachment] = graph.ofType(type);
    if (attachment !== undefined)
      throw new StageError(`${describeResource(attachment)}: the local stage follows inline policies only`);
  }
  for (const role of graph.ofType("aws:iam/role:Role")) {
    const inline = policiesOf(graph, "aws:iam/rolePolicy:RolePolicy", "role", role);
    const boundary = optionalText(role.inputs, "permissionsBoundary");
    if (boundary !== undefined) {
      throw new StageError(
        `${describeResource(role)}: the boundary ${boundary} is no resource of this graph, so the local stage cannot read it; leave it out here`,
      );
    }
    authorizer.addPrincipal(textOf(role.outputs, "arn"), {
      name: role.urn,
      identity: inline,
      trust: { source: `trust of ${describeResource(role)}`, document: role.inputs["assumeRolePolicy"] },
    });
  }
  for (const user of graph.ofType("aws:iam/user:User")) {
    const arn = textOf(user.outputs, "arn");
    authorizer.addPrincipal(arn, {
      name: user.urn,
      identity: policiesOf(graph, "aws:iam/userPolicy:UserPolicy", "user", user),
    });
    for (const key of graph
      .ofType("aws:iam/accessKey:AccessKey")
      .filter((each) => each.inputs["user"] === user.outputs["name"])) {
      credentials.keep({
        accessKeyId: key.id,
        secretAccessKey: textOf(key.outputs, "secret"),
        sessionToken: undefined,
        principal: iamUser(arn),
        expires: undefined,
      });
    }
  }
}

function policiesOf(graph: Graph, type: string, property: string, owner: Resource): AttachedDocument[] {
  return graph
    .ofType(type)
    .filter((policy) => policy.inputs[property] === owner.outputs["name"] || policy.inputs[property] === owner.id)
    .map((policy) => ({ source: describeResource(policy), document: policy.inputs["policy"] }));
}
