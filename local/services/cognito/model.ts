/** Sign-in as a program sees it: user pools and identity pools. The stage keeps them and signs nobody in. */
import { flagOf, textOf } from "../../graph/graph";
import { type AccountFacts, arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

export const cognitoModels: ServiceModels = {
  resources: {
    "aws:cognito/userPool:UserPool": (declaration, facts) => {
      const id = `${facts.region}_${fingerprint(declaration.urn, 9)}`;
      const name = physicalName(declaration, { longest: 128 });
      const endpoint = `cognito-idp.${facts.region}.${domainOf(facts)}/${id}`;
      return { id, outputs: { name, arn: arnOf(facts, "cognito-idp", `userpool/${id}`), endpoint } };
    },
    "aws:cognito/userPoolClient:UserPoolClient": (declaration) => {
      const { urn, inputs } = declaration;
      const id = fingerprint(urn, 26);
      const name = physicalName(declaration, { longest: 128 });
      if (!flagOf(inputs, "generateSecret")) return { id, outputs: { name } };
      const clientSecret = fingerprint(`secret of ${urn}`, 51);
      return { id, outputs: { name, clientSecret }, secretOutputs: ["clientSecret"] };
    },
    "aws:cognito/user:User": ({ urn, inputs }) => ({
      id: `${textOf(inputs, "userPoolId")}/${textOf(inputs, "username")}`,
      outputs: { sub: uuidOf(urn) },
      secretOutputs: ["password", "temporaryPassword"],
    }),
    "aws:cognito/identityPool:IdentityPool": ({ urn }, facts) => {
      const id = `${facts.region}:${uuidOf(urn)}`;
      return { id, outputs: { arn: arnOf(facts, "cognito-identity", `identitypool/${id}`) } };
    },
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": ({ inputs }) => ({
      id: textOf(inputs, "identityPoolId"),
      outputs: {},
    }),
  },
  replacedBy: {
    "aws:cognito/userPool:UserPool": forcesNew(
      "cognitoidp/user_pool.go",
      "name",
      "aliasAttributes",
      "usernameAttributes",
      "usernameConfiguration",
      "schemas",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": forcesNew(
      "cognitoidp/user_pool_client.go",
      "userPoolId",
      "generateSecret",
    ),
    "aws:cognito/user:User": forcesNew("cognitoidp/user.go", "userPoolId", "username"),
    "aws:cognito/identityPool:IdentityPool": forcesNew("cognitoidentity/pool.go", "developerProviderName"),
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": forcesNew(
      "cognitoidentity/pool_roles_attachment.go",
      "identityPoolId",
    ),
  },
};

/** A UUID of version 4 in form, that depends on the URN alone. */
function uuidOf(urn: string): string {
  return fingerprint(urn, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}

function domainOf({ partition }: AccountFacts): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
