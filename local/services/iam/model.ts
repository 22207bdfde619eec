/** Roles, users and keys as a program sees them. Their policies are read from the graph by identities.ts. */
import { optionalText, textOf } from "../../graph/graph";
import { type Declaration, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

const LONGEST_NAME = 64;
const LONGEST_PREFIX = 38;

export const iamModels: ServiceModels = {
  resources: {
    "aws:iam/role:Role": (declaration, { partition, account }) => {
      const name = nameOf(declaration);
      const path = optionalText(declaration.inputs, "path") ?? "/";
      return {
        id: name,
        outputs: {
          name,
          path,
          arn: `arn:${partition}:iam::${account}:role${path}${name}`,
          uniqueId: `AROA${fingerprint(declaration.urn, 17).toUpperCase()}`,
        },
      };
    },
    "aws:iam/rolePolicy:RolePolicy": (declaration) => {
      const name = physicalName(declaration, { longest: 128 });
      return { id: `${textOf(declaration.inputs, "role")}:${name}`, outputs: { name } };
    },
    "aws:iam/user:User": (declaration, { partition, account }) => {
      const name = nameOf(declaration);
      const path = optionalText(declaration.inputs, "path") ?? "/";
      return { id: name, outputs: { name, path, arn: `arn:${partition}:iam::${account}:user${path}${name}` } };
    },
    "aws:iam/userPolicy:UserPolicy": (declaration) => {
      const name = physicalName(declaration, { longest: 128 });
      return { id: `${textOf(declaration.inputs, "user")}:${name}`, outputs: { name } };
    },
    "aws:iam/accessKey:AccessKey": ({ urn }) => {
      const id = `AKIA${fingerprint(urn, 16).toUpperCase()}`;
      return {
        id,
        outputs: { id, secret: fingerprint(`secret of ${urn}`, 40), status: "Active" },
        secretOutputs: ["secret"],
      };
    },
  },
  replacedBy: {
    "aws:iam/role:Role": forcesNew("iam/role.go", "name", "namePrefix", "path"),
    "aws:iam/rolePolicy:RolePolicy": forcesNew("iam/role_policy.go", "name", "namePrefix", "role"),
    "aws:iam/user:User": forcesNew("iam/user.go"),
    "aws:iam/userPolicy:UserPolicy": forcesNew("iam/user_policy.go", "name", "namePrefix", "user"),
    "aws:iam/accessKey:AccessKey": forcesNew("iam/access_key.go", "user", "pgpKey"),
  },
};

/** AWS appends a time and a count to a prefix; here the URN's fingerprint stands for both. */
function nameOf(declaration: Declaration): string {
  const prefix = optionalText(declaration.inputs, "namePrefix");
  if (prefix === undefined) return physicalName(declaration, { longest: LONGEST_NAME });
  return `${prefix.slice(0, LONGEST_PREFIX)}${fingerprint(declaration.urn, 26)}`;
}
