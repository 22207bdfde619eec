/** Who may take a role on, as data. */
import * as pulumi from "@pulumi/pulumi";
import type { Conditions } from "../core/capability";

export type Trust =
  | {
      /** An AWS service that works with the role, e.g. `lambda.amazonaws.com`. */
      readonly kind: "service";
      readonly service: string;
      readonly conditions?: Conditions;
    }
  | {
      /** Principals of another account, which must present an external id. */
      readonly kind: "account";
      /** Twelve digits. */
      readonly account: pulumi.Input<string>;
      readonly externalId: pulumi.Input<string>;
    }
  | {
      /** Signed-in users of a Cognito identity pool. */
      readonly kind: "identity-pool";
      readonly pool: pulumi.Input<string>;
    };

interface TrustStatement {
  readonly Effect: "Allow";
  readonly Principal: Readonly<Record<string, pulumi.Input<string>>>;
  readonly Action: string;
  readonly Condition?: Conditions;
}

/** The one statement of a role's trust policy. */
export function renderTrust(trust: Trust, partition: string): TrustStatement {
  switch (trust.kind) {
    case "service":
      return {
        Effect: "Allow",
        Principal: { Service: trust.service },
        Action: "sts:AssumeRole",
        ...(trust.conditions === undefined ? {} : { Condition: trust.conditions }),
      };
    case "account":
      return {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${trust.account}:root` },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": trust.externalId } },
      };
    case "identity-pool":
      return {
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "cognito-identity.amazonaws.com:aud": trust.pool },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
        },
      };
  }
}
