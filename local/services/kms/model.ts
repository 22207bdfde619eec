/** Keys and their aliases as a program sees them. */
import { StageError } from "../../diagnostics";
import { optionalText, textOf } from "../../graph/graph";
import { arnOf, type Declaration, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";
import { uuidOf } from "./declaration";

/** Source: KMS API reference, CreateAlias. */
const ALIAS_NAME = /^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/;

export const kmsModels: ServiceModels = {
  resources: {
    "aws:kms/key:Key": ({ urn }, facts) => {
      const keyId = uuidOf(urn);
      return { id: keyId, outputs: { keyId, arn: arnOf(facts, "kms", `key/${keyId}`) } };
    },
    "aws:kms/alias:Alias": (declaration, facts) => {
      const name = aliasName(declaration);
      const target = textOf(declaration.inputs, "targetKeyId");
      const targetKeyArn = target.startsWith("arn:") ? target : arnOf(facts, "kms", `key/${target}`);
      return { id: name, outputs: { name, arn: arnOf(facts, "kms", name), targetKeyArn } };
    },
  },
  replacedBy: {
    "aws:kms/key:Key": forcesNew(
      "kms/key.go",
      "customerMasterKeySpec",
      "keyUsage",
      "multiRegion",
      "customKeyStoreId",
      "xksKeyId",
    ),
    "aws:kms/alias:Alias": forcesNew("kms/alias.go", "name", "namePrefix"),
  },
};

/** @throws StageError when AWS would not take the name */
function aliasName(declaration: Declaration): string {
  const prefix = optionalText(declaration.inputs, "namePrefix");
  const given =
    prefix === undefined ? physicalName(declaration, { longest: 256 }) : prefix + fingerprint(declaration.urn, 26);
  const named = declaration.inputs["name"] !== undefined || prefix !== undefined;
  const name = named ? given : `alias/${given}`;
  if (ALIAS_NAME.test(name)) return name;
  throw new StageError(
    `name ${name}: allowed are "alias/" and 1 to 250 of A-Z a-z 0-9 / _ -, not beginning with "alias/aws/"; choose another name`,
  );
}
