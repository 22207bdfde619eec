/** As whom CloudFormation works: the stack's role where it has one, else whoever asked. */
import { iamUser, roleSession, type Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { invalid } from "./refusal";
import type { Actor } from "./record";
import { typeOf, type Named } from "./resource-type";

export type ActingContext = Pick<ServiceContext, "authorizer" | "assume" | "facts">;

const SERVICE = "cloudformation.amazonaws.com";
const SESSION = "AWSCloudFormation";

/** @throws AwsError `ValidationError` when the role does not trust CloudFormation */
export function actorFor(roleArn: string | undefined, caller: Principal, context: ActingContext): Actor {
  if (roleArn !== undefined) {
    try {
      context.assume(roleArn, SERVICE, SESSION);
    } catch {
      throw invalid(`Role ${roleArn} is invalid or cannot be assumed`);
    }
    return { kind: "role", roleArn, session: SESSION };
  }
  switch (caller.kind) {
    case "operator":
      return { kind: "operator" };
    case "user":
      return { kind: "user", arn: caller.arn };
    case "role":
      return { kind: "role", roleArn: caller.roleArn, session: caller.arn.split("/").at(-1) ?? SESSION };
    default:
      throw invalid(`${caller.arn} cannot own a stack: call as a user or a role`);
  }
}

export function principalOf(actor: Actor, { authorizer }: Pick<ActingContext, "authorizer">): Principal {
  if (actor.kind === "operator") return authorizer.operator;
  return actor.kind === "user" ? iamUser(actor.arn) : roleSession(actor.roleArn, actor.session);
}

/** Why the actor may not do it, as a resource's failure says it; nothing where it may. */
export function refusalOf(
  actor: Actor,
  verb: "create" | "update" | "delete",
  type: string,
  named: Named,
  context: ActingContext,
): string | undefined {
  const { actions, arn } = typeOf(type);
  const action = actions[verb];
  // Handles and metadata are CloudFormation's own.
  if (action.startsWith(":")) return undefined;
  const principal = principalOf(actor, context);
  const { region } = context.facts;
  const asked = { "aws:RequestedRegion": region, "aws:SecureTransport": "true", "aws:CalledVia": SERVICE };
  if (context.authorizer.authorize({ principal, action, resource: arn(named), context: asked }).allowed)
    return undefined;
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${arn(named)} because no identity-based policy allows the ${action} action (Service: ${action.split(":")[0]}, Status Code: 403)`;
}
