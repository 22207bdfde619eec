/** The trust that a role's component shows, as the document it becomes: judged while that is not known yet. */
import { Unknown } from "../../iam";
import { toEngine } from "../../core/engine-document";
import { isRecord, type Properties, type Value } from "../../core/value";

/** Whatever pool it will be, it is one, and compared letter by letter. */
const ONE_POOL = "the-pool-that-is-made-with-it";

export function shownTrust(trust: Value | undefined): unknown {
  if (!isRecord(trust)) return new Unknown();
  const statement = statementOf(trust);
  return statement === undefined ? new Unknown() : { Version: "2012-10-17", Statement: [statement] };
}

function statementOf({ kind, service, conditions, account, externalId, pool }: Properties): object | undefined {
  const allow = { Effect: "Allow" };
  switch (kind) {
    case "service":
      return {
        ...allow,
        Principal: { Service: toEngine(service) },
        Action: "sts:AssumeRole",
        ...(conditions === undefined ? {} : { Condition: toEngine(conditions) }),
      };
    case "account":
      return {
        ...allow,
        Principal: {
          AWS: typeof account === "string" ? `arn:aws:iam::${account}:root` : new Unknown("arn:aws:iam::*:root"),
        },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": toEngine(externalId) } },
      };
    case "identity-pool":
      return {
        ...allow,
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "cognito-identity.amazonaws.com:aud": typeof pool === "string" ? pool : ONE_POOL,
          },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
        },
      };
    default:
      return undefined;
  }
}
