/**
 * Who may use a resource by its own policy. A resource policy is bounded by its resource, so breadth of actions and `*`
 * as resource say little here (in a key policy `*` is the key itself): what counts is who is named.
 *
 * Facts: S3 User Guide, "The meaning of public"; IAM User Guide, "The confused deputy problem".
 */
import { powerOf } from "../catalogue/power";
import { heldKeys, namesCaller, namesSource } from "../condition/constraint";
import { narrowingKeys } from "../condition/narrowed";
import { idOf, type Principal, type Statement } from "../document";
import type { Finding } from "../finding";
import { nameOf, textOf } from "../leaf";
import { find, type Rule, userGuide } from "../rule";
import { actionsOf, actionText, type Check, isEverything, listed, type Scene } from "./scene";

const PUBLIC: Rule = {
  id: "resource-public",
  severity: "critical",
  catches: "a resource that anybody may use (bucket, queue, topic, key, function, repository, secret, event bus ...)",
  why: "No account, network or organisation stands between the world and it.",
  documentation: userGuide("reference_policies_elements_principal"),
};
const DEPUTY: Rule = {
  id: "resource-confused-deputy",
  severity: "high",
  catches: "a resource that a service may use for any account",
  why: "Somebody else's resource can make the service act on this one.",
  documentation: userGuide("confused-deputy"),
};
const FOREIGN: Rule = {
  id: "resource-foreign-account",
  severity: "medium",
  catches: "a resource that an account may use which is not among the known ones",
  why: "Nobody here decides who signs in there.",
  documentation: userGuide("access_policies-cross-account-resource-access"),
};
const HANDED_OVER: Rule = {
  id: "resource-handed-over",
  severity: "high",
  catches: "a foreign account that may change the policy of a resource, or do everything with it",
  why: "It can let others in, and its owner out.",
  documentation: userGuide("access_policies-cross-account-resource-access"),
};

export const EXPOSURE_RULES: readonly Rule[] = [PUBLIC, DEPUTY, FOREIGN, HANDED_OVER];

export const exposure: Check = (statement, scene) => {
  const { effect, principals } = statement;
  if (effect !== "Allow" || scene.document.kind !== "resource" || principals === undefined || principals.not) return [];
  // The policy of an endpoint grants nothing: it filters what its network may ask for.
  if (scene.subject.resourceType === "vpce") return [];
  return principals.values.flatMap((principal) => {
    const text = textOf(principal.leaf);
    if (principal.type === "everyone" || (principal.type !== "Service" && text === "*")) {
      return everybody(statement, principal, scene);
    }
    if (principal.type === "Service") return service(statement, principal, scene);
    return principal.type === "AWS" ? account(statement, principal, scene) : [];
  });
};

function everybody(statement: Statement, principal: Principal, { document }: Scene): readonly Finding[] {
  const keys = narrowingKeys(statement, document);
  const signed = statement.conditions.some(({ key }) => /^lambda:functionurlauthtype$/i.test(key));
  if (keys.size > 0 || isDeniedOutright(statement, document)) return [];
  const actions = statement.actions.not ? [] : statement.actions.values.map(actionText);
  return [
    report(
      PUBLIC,
      statement,
      principal,
      `anybody may ${actions.length === 0 ? "do nearly everything" : `call ${listed(actions)}`}${signed ? " through the function's address" : ""}`,
      'name the principals, or hold them with {"StringEquals": {"aws:PrincipalOrgID": "o-..."}} or aws:SourceAccount',
    ),
  ];
}

/** An unconditional Deny to everybody on the same actions and resources takes the grant away. */
function isDeniedOutright({ actions, resources }: Statement, { statements }: Scene["document"]): boolean {
  const texts = (element: Statement["resources"]): readonly string[] =>
    element?.values.map(({ leaf }) => textOf(leaf) ?? "") ?? [];
  return statements.some((other) => {
    if (other.effect !== "Deny" || other.conditions.length > 0 || other.actions.not || other.resources?.not === true) {
      return false;
    }
    const everyone = other.principals?.not === false && other.principals.values.some(({ leaf }) => leaf === "*");
    const denied = other.actions.values.map(actionText);
    const covers = actions.values
      .map(actionText)
      .every((action) => denied.some((one) => isEverything(one) || one === action));
    const there = texts(other.resources);
    return everyone && covers && (there.includes("*") || texts(resources).every((one) => there.includes(one)));
  });
}

/** Keys with which a key or queue is bound to what the service does for this account. */
const BOUND =
  /^(kms:(encryptioncontext:.+|viaservice|grantisforawsresource|grantconstrainttype|calleraccount)|s3:dataaccesspointarn|sns:endpoint)$/;

/** Services that are the account's own doing, or that cannot name their source in a resource policy. */
const PLAIN =
  /^(delivery\.logs|logs|logdelivery\.elasticloadbalancing|logdelivery\.elb|elasticloadbalancing|dynamodb|autoscaling|ec2|ecs|ecs-tasks|codedeploy|edgelambda|lambda|billingreports|replication\.dynamodb|vpce|backup|guardduty|ses|cloudwatch)(\.[a-z0-9-]+)?$/;

function service(statement: Statement, principal: Principal, { document }: Scene): readonly Finding[] {
  const name = textOf(principal.leaf);
  if (name === undefined) return [];
  const short = name.replace(/\.amazonaws\.com(\.cn)?$/, "");
  const keys = narrowingKeys(statement, document, (key) => namesCaller(key) || BOUND.test(key));
  const sourced = [...keys].some((key) => namesSource(key) || BOUND.test(key) || key === "aws:principalorgid");
  if (sourced || PLAIN.test(short) || onlyLooks(statement)) return [];
  return [
    report(
      DEPUTY,
      statement,
      principal,
      `${name} may call ${listed(statement.actions.values.map(actionText))} for any account`,
      'add {"StringEquals": {"aws:SourceAccount": "..."}}, or the ARN in aws:SourceArn',
    ),
  ];
}

/** Reading who may read gives nothing away. */
function onlyLooks({ actions }: Statement): boolean {
  return (
    !actions.not &&
    actions.values.every((placed) =>
      /^(s3:GetBucketAcl|s3:GetBucketLocation|s3:ListBucket|kms:DescribeKey)$/i.test(actionText(placed)),
    )
  );
}

function account(statement: Statement, principal: Principal, scene: Scene): readonly Finding[] {
  const text = textOf(principal.leaf) ?? "";
  const id = /^\d{12}$/.exec(text)?.[0] ?? /::(\d{12}):/.exec(text)?.[1];
  const { account: own, knownAccounts = [] } = scene.subject;
  if (id === undefined || own === undefined || id === own) return [];
  if (!knownAccounts.includes(id)) {
    return [
      report(
        FOREIGN,
        statement,
        principal,
        `account ${id} is not known and may call ${listed(statement.actions.values.map(actionText))}`,
        "take it out, or add it to the known accounts",
      ),
    ];
  }
  const all =
    statement.actions.not || statement.actions.values.some((placed) => /^(\*|[^:]+:\*)$/.test(actionText(placed)));
  const rules = actionsOf(statement).some((action) => powerOf(action) === "permissions");
  if (!all && (!rules || heldKeys(statement).size > 0)) return [];
  return [
    report(
      HANDED_OVER,
      statement,
      principal,
      `account ${id} may ${all ? "do everything with" : "decide who else may use"} the resource`,
      "name the actions it needs",
    ),
  ];
}

function report(rule: Rule, statement: Statement, { place, leaf }: Principal, what: string, fix: string): Finding {
  const actions = statement.actions.not ? [] : statement.actions.values.map(actionText);
  return find(rule, {
    place,
    statement: idOf(statement),
    resource: nameOf(leaf),
    ...(actions.length === 0 ? {} : { actions }),
    what,
    fix,
  });
}
