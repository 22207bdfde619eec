/** Names and ids that CloudFormation makes up. The same request makes the same: a call that is repeated finds its own. */
import { createHash } from "node:crypto";
import type { AccountFacts } from "../model";
import type { JsonObject } from "./template/json";
import { typeOf, type Named } from "./resource-type";

export function uuidOf(seed: string): string {
  const digits = createHash("sha256").update(seed).digest("hex");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5");
}

export function arnOfStack({ partition, region, account }: AccountFacts, name: string, uuid: string): string {
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${uuid}`;
}

export function arnOfChangeSet({ partition, region, account }: AccountFacts, name: string, uuid: string): string {
  return `arn:${partition}:cloudformation:${region}:${account}:changeSet/${name}/${uuid}`;
}

/** `prod-shop-Table-1A2B3C4D5E6F`: stack, logical id and twelve characters, or the name that a property gives. */
export function nameResource(
  type: string,
  properties: JsonObject,
  of: { readonly stackName: string; readonly stackId: string; readonly logicalId: string; readonly made: number },
): string {
  const { nameProperty } = typeOf(type);
  const given = nameProperty === undefined ? undefined : properties[nameProperty];
  if (typeof given === "string" && given !== "") return given;
  const digits = createHash("sha256").update(`${of.stackId}/${of.logicalId}/${of.made}`).digest("hex");
  const name = `${of.stackName}-${of.logicalId}-${digits.slice(0, 12).toUpperCase()}`;
  return type === "AWS::S3::Bucket" ? name.toLowerCase().slice(-63) : name.slice(-64).replace(/^-/, "");
}

export function identify(type: string, named: Named): string {
  return typeOf(type).physicalId(named);
}
